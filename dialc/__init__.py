"""dialc: a compiler for telephone call plans that proves what happens to a caller.

In: the text of a plan (`.dial`) and, where wanted, of a site. Out: findings, a verdict, and the files of a PBX.
`compile` is the whole compiler; every phase can be called by itself, from the module of its name. What is slow to
import is imported where it is needed, since not everybody who asks dialc something has a plan to read.
"""

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, cast

import attrs

from dialc import emit
from dialc.beside import Beside, alone
from dialc.findings import Finding, Severity, gathered
from dialc.plan import Plan, Unproved, Verified
from dialc.site import Site, default
from dialc.source import Source
from dialc.verify import Refused, documented, verify
from dialc.version import VERSION

if TYPE_CHECKING:
    from dialc.evidence import Evidence

__all__ = [
    "Compiled",
    "Finding",
    "Judged",
    "Plan",
    "Site",
    "Source",
    "Verified",
    "compile",
    "judge",
    "read_site",
    "understand",
]

__version__ = VERSION


class Backend(Protocol):
    """What a module must offer to be a target; `dialc.emit.asterisk` is one, others register as `dialc.backends`."""

    def refusals(self, plan: Plan, site: Site) -> tuple[Finding, ...]:
        """What the target or the site cannot say; nothing is ever approximated."""

    def emit(self, verdict: Verified | Unproved, site: Site) -> dict[str, str]:
        """The files of the target: name to text."""

    def documented(self, plan: Plan, files: Mapping[str, str]) -> tuple[Finding, ...]:
        """Where files that were emitted do not record what a call passes (C20)."""

    def paste(self, plan: Plan, site: Site) -> str:
        """The lines by which an administrator includes the files beside what is there."""


@attrs.frozen
class Judged:
    """What is known of a plan: its findings, its verdict where it could be understood, and what it shows of each pack
    that it is held against.
    """

    findings: tuple[Finding, ...]
    verdict: Verified | Refused | None
    evidence: "tuple[Evidence, ...]" = ()

    @property
    def proved(self) -> bool:
        """Whether the plan was proved."""
        return isinstance(self.verdict, Verified)


@attrs.frozen
class Compiled:
    """A compiled plan: `files` (name to text) are empty where findings refuse it; `paste` is what to do with them."""

    findings: tuple[Finding, ...]
    verdict: Verified | Unproved | None = None
    files: Mapping[str, str] = attrs.field(factory=dict)
    paste: str = ""


def judge(source: Source, beside: Beside = alone, sounds: Beside | None = None, pack: str = "") -> Judged:
    """Parse, resolve and verify a plan. All findings of a phase come at once; a later phase needs the earlier clean.

    `beside` gives the files that the plan names; `sounds` the recordings of its prompts, by names such as
    `pl/clinic/welcome.wav`, which are then measured. `pack` is the id of a law or a standard that the plan is held
    against besides what it names itself; raises `KeyError` where there is none.
    """
    plan, findings = understand(source, beside, sounds)
    if plan is None:
        return Judged(gathered(findings), None)
    if not (pack or plan.policy.packs):
        verdict = verify(plan)
        return Judged(gathered((*findings, *_found(verdict))), verdict)
    return _weighed(plan, pack, findings)


def understand(
    source: Source, beside: Beside = alone, sounds: Beside | None = None
) -> tuple[Plan | None, tuple[Finding, ...]]:
    """Parse and resolve a plan, and hold no rule against it; None where a finding is an error."""
    from dialc.parse import files, parse
    from dialc.resolve import resolve

    file, findings = parse(source)
    if _refused(findings):
        return None, (*findings, *files.gathered(file, beside)[1])
    plan, more = resolve(file, beside, sounds)
    return plan, (*findings, *more)


def _weighed(plan: Plan, pack: str, findings: tuple[Finding, ...]) -> Judged:
    """What is known of a plan that is held against laws and standards, too: who breaks one is not proved."""
    from dialc.evidence import weigh
    from dialc.packs import packs, tightened

    known = packs()
    if pack:
        plan = attrs.evolve(plan, policy=tightened(plan.policy, known[pack]))
    verdict = verify(plan)
    evidence = weigh(plan, *(known[name] for name in plan.policy.packs))
    broken = tuple(breach for each in evidence for breach in each.found)
    found = gathered((*findings, *_found(verdict), *(breach.finding for breach in broken)))
    if any(breach.finding.severity is Severity.ERROR for breach in broken):
        refused = verdict.breaches if isinstance(verdict, Refused) else ()
        verdict = Refused(plan, (*refused, *broken))
    return Judged(found, verdict, evidence)


def _found(verdict: Verified | Refused) -> tuple[Finding, ...]:
    return verdict.warnings if isinstance(verdict, Verified) else tuple(b.finding for b in verdict.breaches)


def read_site(source: Source) -> tuple[Site | None, tuple[Finding, ...]]:
    """Parse and resolve a site; None where a finding is an error."""
    from dialc.parse import parse
    from dialc.resolve import resolve_site

    file, findings = parse(source)
    if _refused(findings):
        return None, findings
    site, more = resolve_site(file)
    return site, (*findings, *more)


def compile(
    source: Source,
    site: Site | None = None,
    *,
    target: str = "asterisk",
    unproved: bool = False,
    beside: Beside = alone,
    sounds: Beside | None = None,
    unread: bool = False,
) -> Compiled:
    """The whole compiler: text in, the files of a PBX out, which are read once more and held against the plan.

    `beside` gives the files that the plan names, `sounds` the recordings of its prompts; `unproved` emits a plan
    although rules are broken; its files say so in their first line; `unread` leaves out reading the files. Raises
    `LookupError` for a target that nobody offers.
    """
    backend = find_backend(target)
    judged = judge(source, beside, sounds)
    match judged.verdict:
        case Verified() as verdict:
            emitted: Verified | Unproved = documented(verdict)
        case Refused(plan) if unproved:
            emitted = Unproved(plan, judged.findings)
        case _:
            return Compiled(judged.findings)
    site = site or default(target)
    refusals = backend.refusals(emitted.plan, site)
    findings = gathered((*judged.findings, *refusals))
    if _refused(refusals):
        return Compiled(findings)
    files = backend.emit(emitted, site)
    lost = backend.documented(emitted.plan, files)
    if lost:
        return Compiled(gathered((*findings, *lost)))
    differing = () if unread else _differing(target, emitted.plan, site, files)
    if differing:
        return Compiled(gathered((*findings, *differing)))
    return Compiled(findings, emitted, files, backend.paste(emitted.plan, site))


def _differing(target: str, plan: Plan, site: Site, files: Mapping[str, str]) -> tuple[Finding, ...]:
    """Where files do not do what a plan says, if somebody reads those of the target."""
    from dialc.read import TARGETS, agreement

    return agreement.differences(plan, site, files) if target in TARGETS else ()


def find_backend(target: str) -> Backend:
    """The backend of a target: one of our own, or one that is registered and says how its files document a call (C20).

    Raises `LookupError`.
    """
    if target in emit.targets():
        return cast(Backend, importlib.import_module(f"{emit.__name__}.{emit.targets()[target]}"))
    from importlib.metadata import entry_points

    for entry in entry_points(group="dialc.backends", name=target):
        backend = entry.load()
        if not hasattr(backend, "documented"):
            raise LookupError(f"{target} records no calls")
        return cast(Backend, backend)
    raise LookupError(target)


def _refused(findings: tuple[Finding, ...]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)
