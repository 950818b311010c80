"""`dialc check`: prove plans, or show the calls that go wrong.

In: the files of plans. Out: for each its findings in order of place and a line that sums up, with what a proof takes
on trust. Nothing is shown before all files have been read.
"""

from argparse import Namespace

from dialc.cli.arguments import Parser
from dialc.cli.reading import read
from dialc.cli.terminal import say
from dialc.cli.verdicts import count, judged, proved, show
from dialc.findings import Finding, visible
from dialc.plan import Verified
from dialc.source import Source


def parser() -> Parser:
    """The arguments of the command."""
    found = Parser("check", "Prove plans, or show the calls that go wrong.")
    found.add_argument("plans", metavar="PLAN", nargs="+", help="the file of a plan (.dial)")
    found.add_argument("--warnings-as-errors", action="store_true", help="a warning, too, makes the exit status 1")
    return found


def run(arguments: Namespace) -> int:
    """Check every plan; 0 if all were proved, else 1."""
    sources = [(path, read(path)) for path in arguments.plans]
    return max([_checked(path, source, arguments.warnings_as_errors) for path, source in sources])


def _checked(path: str, source: Source | Finding, strict: bool) -> int:
    found = judged(source)
    show(found.findings)
    if isinstance(found.verdict, Verified):
        say(proved(found.verdict, found.findings))
        return int(strict and bool(found.findings))
    say(f"{visible(path)}: {count(found.findings)}")
    return 1
