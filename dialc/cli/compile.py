"""`dialc compile`: prove a plan and write it for a PBX.

In: the file of a plan, perhaps that of a site, a target. Out: a folder of files, written whole or not at all; on the
terminal what was found or proved, what was written, for which site, and the lines that make the PBX read it; or that
in a form that other programs read.
"""

from argparse import Namespace
from collections.abc import Mapping, Sequence

from dialc import Compiled, compile, find_backend, judge, read_site
from dialc.cli import folder
from dialc.cli.arguments import Parser
from dialc.cli.reading import beside, read, sounds
from dialc.cli.terminal import Misuse, say
from dialc.cli.verdicts import count, proved, render, show
from dialc.findings import Finding, visible
from dialc.plan import Unproved, Verified
from dialc.site import Site, default
from dialc.source import Source


def parser() -> Parser:
    """The arguments of the command."""
    found = Parser("compile", "Prove a plan and write it for a PBX: all files or none.")
    found.add_argument("plan", metavar="PLAN", help="the file of a plan (.dial)")
    found.add_argument("--target", default="asterisk", help="the PBX; asterisk if nothing is said")
    found.add_argument("--out", metavar="DIR", required=True, help="the folder to write")
    found.add_format()
    found.add_argument("--site", metavar="SITE", help="the file of a site (.site): how numbers and phones exist there")
    found.add_sounds()
    found.add_argument("--unproved", action="store_true", help="write the plan even if it breaks rules")
    found.add_argument("--unread", action="store_true", help="do not read the files once more to hold them to the plan")
    return found


def run(arguments: Namespace) -> int:
    """Compile a plan; 0 if it was proved and written, else 1. Raises `Misuse`."""
    target, path = arguments.target, arguments.site
    try:
        find_backend(target)
    except LookupError:
        raise Misuse(f"there is no target `{visible(target)}`; `asterisk` is one") from None
    source, recordings = read(arguments.plan), sounds(arguments.sounds)
    site, found = (None, ()) if path is None else _site(read(path))
    match source:
        case Finding():
            compiled = Compiled((source,))
        case Source() if site is None and path is not None:
            compiled = Compiled(judge(source, beside(arguments.plan), recordings).findings)
        case Source():
            compiled = compile(
                source,
                site,
                target=target,
                unproved=arguments.unproved,
                beside=beside(arguments.plan),
                sounds=recordings,
                unread=arguments.unread,
            )
    findings = (*found, *compiled.findings)
    if arguments.format != "text":
        return _rendered(arguments, compiled, findings)
    show(findings)
    verdict = compiled.verdict
    if verdict is None:
        say(_nothing(arguments.plan, findings))
        return 1
    folder.write(arguments.out, compiled.files, verdict.plan.name)
    say(_told(verdict, findings))
    say(_taken_for_granted(default(target)) if site is None else f"site: {site.name} ({visible(path)})")
    say(_written(arguments.out, compiled.files))
    say(_INCLUDE if target == "asterisk" else "what to do with them:")
    say(_indented(compiled.paste))
    return 0 if isinstance(verdict, Verified) else 1


_INCLUDE = "to include them beside what the PBX has, copy them to where its own files are, and write there:"


def _site(source: Source | Finding) -> tuple[Site | None, tuple[Finding, ...]]:
    """The site that a file tells of, and what is wrong with it."""
    return (None, (source,)) if isinstance(source, Finding) else read_site(source)


def _rendered(arguments: Namespace, compiled: Compiled, findings: tuple[Finding, ...]) -> int:
    """Write what there is to write, and tell other programs of it; the exit status. Raises `Misuse`."""
    from dialc.renderings import Report, Written

    verdict, summary, written = compiled.verdict, _nothing(arguments.plan, findings), None
    if verdict is not None:
        folder.write(arguments.out, compiled.files, verdict.plan.name)
        summary = _told(verdict, findings).partition("\n")[0]
        written = Written(arguments.out, tuple(compiled.files), compiled.paste)
    report = Report(arguments.plan, findings, verdict, summary, arguments.site, written)
    render(arguments.format, (report,))
    return 0 if isinstance(verdict, Verified) else 1


def _nothing(path: str, findings: Sequence[Finding]) -> str:
    return f"{visible(path)}: {count(findings)}; nothing was written"


def _told(verdict: Verified | Unproved, findings: Sequence[Finding]) -> str:
    if isinstance(verdict, Verified):
        return proved(verdict, findings)
    return f"{verdict.plan.name}: NOT PROVED ({count(findings)}), and written because of --unproved"


def _taken_for_granted(site: Site) -> str:
    """What a site that nobody described is like."""
    (trunk,) = site.trunks
    return "\n".join(
        (
            f"site: none was named, so this is taken for granted of the {site.target.capitalize()}:",
            f"  - the phone 100 is {site.phones[-1].state.format(number=100)}, with all devices registered there",
            f"  - {trunk.dial.format(number='NUMBER')} calls outside; it delivers numbers as "
            + ", ".join(form.value for form in trunk.delivers),
            f"  - the mailboxes are there already, in the voicemail context {site.mailboxes.context}",
            "  - whatever music a queue names, the class default is played",
        )
    )


def _written(path: str, files: Mapping[str, str]) -> str:
    return "\n".join((f"written to {visible(path)}:", *(f"  {name}" for name in sorted(files))))


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())
