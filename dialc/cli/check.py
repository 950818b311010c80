"""`dialc check`: prove plans, or show the calls that go wrong.

In: the files of plans. Out: for each its findings in order of place and a line that sums up, with what a proof takes
on trust; or all of that in a form that other programs read; and the certificate of a proof, where one is asked for.
Nothing is shown before all files have been read. What a plan shows of a law or a standard ends it as a report, on the
terminal or in a file of its own.
"""

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from dialc import Judged
from dialc.cli import certificates
from dialc.cli.arguments import Parser
from dialc.cli.reading import read, sounds
from dialc.cli.terminal import Misuse, did_you_mean, reason, say
from dialc.cli.verdicts import count, judged, proved, render, show
from dialc.findings import visible
from dialc.plan import Verified

if TYPE_CHECKING:
    from dialc.renderings import Report


def parser() -> Parser:
    """The arguments of the command."""
    found = Parser("check", "Prove plans, or show the calls that go wrong.")
    found.add_argument("plans", metavar="PLAN", nargs="+", help="the file of a plan (.dial)")
    found.add_format()
    found.add_sounds()
    found.add_argument("--certificate", metavar="FILE", help="write the certificate of the proof, of one plan")
    found.add_argument("--site", metavar="SITE", help="the file of a site (.site), for the certificate to name")
    found.add_argument("--warnings-as-errors", action="store_true", help="a warning, too, makes the exit status 1")
    found.add_argument("--policy", metavar="ID", help="a law or a standard that the plans are held against besides")
    found.add_argument("--evidence", metavar="FILE", help="where to write the report on it, as .md or .json")
    return found


def run(arguments: Namespace) -> int:
    """Check every plan; 0 if all were proved, else 1. Raises `Misuse`."""
    pack, file = _pack(arguments.policy), _file(arguments.evidence, arguments.plans)
    if arguments.certificate and len(arguments.plans) > 1:
        raise Misuse("a certificate is of one plan, and there are several")
    if arguments.site and not arguments.certificate:
        raise Misuse("a site is of no use here but for a certificate (dialc check --help shows how)")
    site = certificates.site(arguments.site)
    recordings = sounds(arguments.sounds)
    sources = [(path, read(path)) for path in arguments.plans]
    reports: list[Report] = []
    statuses: list[int] = []
    for path, source in sources:
        found = judged(path, source, recordings, pack)
        if file is not None and found.verdict is not None:
            _write(file, path, found)
        if arguments.certificate and isinstance(found.verdict, Verified):
            certificates.write(arguments.certificate, found.verdict, site)
        if arguments.format == "text":
            show(found.findings)
            say(_summary(path, found))
            if arguments.certificate:
                say(_certified(arguments.certificate, found))
            _report_on_laws(found, arguments.evidence)
        else:
            reports.append(_report(path, found))
        strict = arguments.warnings_as_errors and bool(found.findings)
        statuses.append(int(strict or not found.proved))
    if arguments.format != "text":
        render(arguments.format, reports)
    return max(statuses)


def _summary(path: str, found: Judged) -> str:
    """What was proved, or how much was found."""
    if isinstance(found.verdict, Verified):
        return proved(found.verdict, found.findings)
    return f"{visible(path)}: {count(found.findings)}"


def _certified(path: str, found: Judged) -> str:
    return f"certificate: {visible(path)}" if found.proved else "certificate: none, since the plan was not proved"


def _report(path: str, found: Judged) -> "Report":
    from dialc.renderings import Report

    verdict = found.verdict if isinstance(found.verdict, Verified) else None
    return Report(path, found.findings, verdict, _summary(path, found).partition("\n")[0], evidence=found.evidence)


# Laws and standards


def _pack(id: str | None) -> str:
    """The id of a law or a standard, empty if none is named. Raises `Misuse` for one that is not there."""
    if id is None:
        return ""
    from dialc.packs import packs  # who names none waits for none

    if id not in packs():
        hint = did_you_mean(id, packs()) or f"; there are {', '.join(packs())}"
        raise Misuse(f"there is no law or standard `{visible(id)}`{hint}")
    return id


def _file(path: str | None, plans: list[str]) -> Path | None:
    """The file that a report goes to. Raises `Misuse` where it cannot be meant so."""
    if path is None:
        return None
    if len(plans) > 1:
        raise Misuse("--evidence is about one plan at a time")
    if Path(path).suffix not in (".md", ".json"):
        raise Misuse(f"`{visible(path)}` should end in .md or .json: these are the forms of a report")
    return Path(path)


def _write(file: Path, path: str, found: Judged) -> None:
    """Write the reports on a plan to a file. Raises `Misuse` where there are none, or it cannot be written."""
    from dialc import evidence
    from dialc.packs import packs

    if not found.evidence:
        known = ", ".join(packs())
        raise Misuse(f"`{visible(path)}` names no law or standard: name one with --policy ({known})")
    form = evidence.as_json if file.suffix == ".json" else evidence.as_document
    try:
        file.write_text(form(found.evidence), encoding="utf-8", newline="\n")
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise Misuse(f"`{visible(str(file))}` cannot be written: {why}") from None


def _report_on_laws(found: Judged, file: str | None) -> None:
    """The reports on a plan, or where they are."""
    if found.evidence and file is not None:
        say(f"evidence written to {visible(file)}")
    elif found.evidence:
        from dialc.evidence import as_document

        say(f"\n{as_document(found.evidence)}".rstrip("\n"))
