"""`dialc check`: prove plans, or show the calls that go wrong.

In: the files of plans. Out: for each its findings in order of place and a line that sums up, with what a proof takes
on trust; or all of that in a form that other programs read; and the certificate of a proof, where one is asked for.
Nothing is shown before all files have been read. What a plan shows of a law or a standard ends it as a report, on the
terminal or in a file of its own.
"""

from argparse import Namespace
from typing import TYPE_CHECKING

from dialc import Judged
from dialc.cli import certificates, laws
from dialc.cli.arguments import Parser
from dialc.cli.reading import read, sounds
from dialc.cli.terminal import Misuse, say
from dialc.cli.verdicts import count, judged, proved, render, show
from dialc.findings import visible
from dialc.plan import Plan, Verified

if TYPE_CHECKING:
    from dialc.budgets import Budget
    from dialc.renderings import Report


def parser() -> Parser:
    """The arguments of the command."""
    found = Parser("check", "Prove plans, or show the calls that go wrong.")
    found.add_argument("plans", metavar="PLAN", nargs="+", help="the file of a plan (.dial)")
    found.add_format()
    found.add_sounds()
    found.add_argument("--certificate", metavar="FILE", help="write the certificate of the proof, of one plan")
    found.add_argument("--site", metavar="SITE", help="the file of a site (.site), for the certificate to name")
    found.add_argument(
        "--budget", action="store_true", help="tell what it takes callers of each line to come to people"
    )
    found.add_argument("--warnings-as-errors", action="store_true", help="a warning, too, makes the exit status 1")
    found.add_argument("--policy", metavar="ID", help="a law or a standard that the plans are held against besides")
    found.add_argument("--evidence", metavar="FILE", help="where to write the report on it, as .md or .json")
    return found


def run(arguments: Namespace) -> int:
    """Check every plan; 0 if all were proved, else 1. Raises `Misuse`."""
    pack, file = laws.pack(arguments.policy), laws.file(arguments.evidence, arguments.plans)
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
            laws.write(file, path, found)
        if arguments.certificate and isinstance(found.verdict, Verified):
            certificates.write(arguments.certificate, found.verdict, site)
        if arguments.format == "text":
            show(found.findings)
            say(_summary(path, found))
            if arguments.budget:
                _tell_budget(found)
            if arguments.certificate:
                say(_certified(arguments.certificate, found))
            laws.report(found, arguments.evidence)
        else:
            reports.append(_report(path, found, budget=arguments.budget))
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


def _report(path: str, found: Judged, *, budget: bool) -> "Report":
    from dialc.renderings import Report

    verdict = found.verdict if isinstance(found.verdict, Verified) else None
    summary = _summary(path, found).partition("\n")[0]
    told = None
    if budget and found.verdict and (known := _budget(found.verdict.plan)):
        told = found.verdict.plan, known
    return Report(path, found.findings, verdict, summary, evidence=found.evidence, budget=told)


def _tell_budget(found: Judged) -> None:
    """The budget of a plan that could be understood."""
    from dialc.cli.budget import table

    if found.verdict is None:
        return
    budget = _budget(found.verdict.plan)
    if budget is None:
        say("no budget: callers can go round for ever, and nothing has a worst case")
        return
    for line in table(found.verdict.plan, budget):
        say(line)


def _budget(plan: Plan) -> "Budget | None":
    """What it takes callers to come to people; None where they can go round."""
    from dialc import budgets, reach  # who asks for no budget waits for none of this

    survey = reach.survey(plan)
    return None if survey.loops else budgets.budget(survey)
