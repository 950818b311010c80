"""`dialc verify-certificate`: hold the certificate of a proof against a plan, without the verifier.

In: the file of a certificate, that of a plan, perhaps that of a site. Out: which rules the certificate proves of the
plan, and what that takes on trust; or the one reason for which it is refused.
"""

from argparse import Namespace

from dialc.beside import Beside
from dialc.cli import certificates, laws
from dialc.cli.arguments import Parser
from dialc.cli.reading import beside, read, sounds
from dialc.cli.terminal import say
from dialc.cli.verdicts import count, show
from dialc.findings import Finding, Severity, gathered, visible
from dialc.plan import Plan
from dialc.proof import Proved, Refused, check, digest
from dialc.site import Site
from dialc.source import Source
from dialc.version import VERSION


def parser() -> Parser:
    """The arguments of the command."""
    found = Parser("verify-certificate", "Hold the certificate of a proof against a plan, without the verifier.")
    found.add_argument(
        "certificate", metavar="FILE", help="the certificate that `dialc check --certificate` has written"
    )
    found.add_argument("plan", metavar="PLAN", help="the file of the plan (.dial)")
    found.add_argument("--site", metavar="SITE", help="the file of the site (.site) that the certificate names")
    found.add_argument("--policy", metavar="ID", help="the law or the standard that `dialc check` was given")
    found.add_sounds()
    return found


def run(arguments: Namespace) -> int:
    """Check a certificate; 0 if it holds, else 1. Raises `Misuse`."""
    pack = laws.pack(arguments.policy)
    recordings, site = sounds(arguments.sounds), certificates.site(arguments.site)
    content, source = certificates.content(arguments.certificate), read(arguments.plan)
    plan, findings = (None, (source,)) if isinstance(source, Finding) else _understood(source, arguments, recordings)
    if plan is None:
        show(findings)
        say(f"{visible(arguments.plan)}: {count(findings)}; the certificate was not checked")
        return 1
    plan = laws.bound(plan, pack)
    try:
        proved = check(content, plan)
        _of_the_site(content, site)
    except Refused as refused:
        say(f"{plan.name}: the certificate is refused: {visible(str(refused))}")
        return 1
    say(f"{plan.name}: the certificate holds ({' '.join(proved.checked)})")
    for line in _trusted(proved, plan, content):
        say(f"  - {visible(line)}")
    return 0


def _understood(
    source: Source, arguments: Namespace, recordings: Beside | None
) -> tuple[Plan | None, tuple[Finding, ...]]:
    """The plan that a text means, and what is found of it; none of the rules is held against it."""
    from dialc.parse import parse
    from dialc.resolve import resolve

    file, findings = parse(source)
    if any(finding.severity is Severity.ERROR for finding in findings):
        return None, gathered(findings)
    plan, more = resolve(file, beside(arguments.plan), recordings)
    return plan, gathered((*findings, *more))


def _of_the_site(content: dict[str, object], site: Site | None) -> None:
    if site is not None and content.get("site") != digest(site):
        raise Refused("it is about another site")


def _trusted(proved: Proved, plan: Plan, content: dict[str, object]) -> list[str]:
    """What the certificate does not prove."""
    found = [f"claimed, and not checked: {' '.join(proved.unchecked)}"] if proved.unchecked else []
    found += [f"waived by {w.by}: {w.rule} at `{w.block}` ({w.because})" for w in plan.waivers]
    made = content.get("tables")
    zones = certificates.tables()
    found.append(
        f"trusted: the parser and the resolver of dialc {VERSION}, the checker, and the time zones of {zones}"
        + ("" if made == zones else f" (the certificate was made with {made})")
    )
    return [*found, "assumed: what `dialc check` lists of people and of the PBX"]
