"""What was found of a plan, as the terminal shows it.

In: findings and verdicts. Out: text, and findings on the terminal; or all of them in a form that other programs read.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dialc import Judged, judge
from dialc.beside import Beside
from dialc.cli import terminal
from dialc.cli.certificates import tables
from dialc.cli.reading import beside
from dialc.cli.terminal import say
from dialc.findings import Finding, Severity, in_order, text, visible
from dialc.plan import Verified, Waived
from dialc.source import Source
from dialc.version import VERSION
from dialc.witness import spelt

if TYPE_CHECKING:
    from dialc.renderings import Report


def judged(path: str, source: Source | Finding, sounds: Beside | None = None, pack: str = "") -> Judged:
    """What is known of a plan that was read from a path, or of a file that could not be; see `dialc.judge`."""
    return Judged((source,), None) if isinstance(source, Finding) else judge(source, beside(path), sounds, pack)


def show(findings: Sequence[Finding]) -> None:
    """The findings in order of place, each followed by an empty line, and what a PBX calls the things they name."""
    colour = terminal.colour()
    for finding in in_order(findings):
        say(text(finding, colour=colour))
        say()
    said = " ".join(f"{finding.message} {finding.caller}" for finding in findings)
    named = [ours for ours in _ELSEWHERE if re.search(rf"(?<!\w){ours}(?!\w)", said)]
    if named:
        say(f"in the words of a PBX: {', '.join(f'{ours} is {_ELSEWHERE[ours]}' for ours in named)}\n")


def render(format: str, reports: "Sequence[Report]") -> None:
    """All that was found, as `json`, `sarif` or `github` has it."""
    from dialc import renderings  # who reads text waits for none of this

    match format:
        case "json":
            say(renderings.as_json(reports))
        case "sarif":
            say(renderings.as_sarif(reports, _explained(reports)))
        case _:
            say(renderings.as_github(reports, _explained(reports)))


def _explained(reports: "Sequence[Report]") -> dict[str, tuple[str, str]]:
    """The pages of the codes that were found, as `dialc explain` shows them."""
    from dialc import pages
    from dialc.cli import explain

    found = {finding.code for report in reports for finding in report.findings}
    parts = {code: explain.parts(code, page) for code, page in pages.all_pages().items() if code in found}
    return {code: (title, explain.plain(body)) for code, (title, body) in parts.items()}


_ELSEWHERE = {
    "`line`": "DID",
    "mailbox": "voicemail",
    "patience": "max wait",
    "silence": "timeout",
}
"""Words of plans, as findings say them, and what administrators know the same by."""


def count(findings: Sequence[Finding]) -> str:
    """How many findings there are of each kind: `2 errors, 1 warning`."""
    counted = [(sum(finding.severity is kind for finding in findings), kind.value) for kind in Severity]
    return ", ".join(_many(number, kind) for number, kind in counted if number) or "no findings"


def proved(verdict: Verified, findings: Sequence[Finding]) -> str:
    """What was proved of a plan although something was found, and below it what that takes on trust, a line each."""
    steps, seconds = _many(verdict.bound.steps, "step"), spelt(verdict.bound.seconds)
    waived = [f"{len(verdict.waived)} waived"] if verdict.waived else []
    besides = [_many(len(verdict.assumptions), "assumption"), *waived, *([count(findings)] if findings else [])]
    head = (
        f"{verdict.plan.name}: proved ({' '.join(verdict.proved)}): every call ends or is answered within {steps} "
        f"and {seconds}; {', '.join(besides)}"
    )
    trusted = f"trusted: the parser, the resolver and the verifier of dialc {VERSION}, and the time zones of {tables()}"
    passed = (f"waived by {p.waiver.by}: {_passed(p)} ({p.waiver.because})" for p in verdict.waived)
    return "\n".join((head, *(f"  - {visible(line)}" for line in (*passed, *verdict.assumptions, trusted))))


def _passed(waived: Waived) -> str:
    return f"{waived.waiver.rule} at `{waived.waiver.block}`: {waived.finding.message}"


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
