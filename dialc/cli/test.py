"""`dialc test`: make the calls of a plan's scenarios, and see whether they go as expected.

In: the files of plans. Out: for each scenario whether it went as expected, and where not, a finding with the call as it
went; or all of that in a form that other programs read.
"""

import json
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence

import attrs

from dialc.cli.arguments import Parser
from dialc.cli.reading import read, sounds
from dialc.cli.terminal import did_you_mean, say
from dialc.cli.verdicts import count, judged, show
from dialc.findings import Finding, text, visible
from dialc.plan import Plan, Scenario
from dialc.scenarios import play
from dialc.telling import begin, told

FORMATS = ("text", "json", "junit")


def parser() -> Parser:
    """The arguments of the command."""
    found = Parser("test", "Make the calls of a plan's scenarios, and see whether they go as expected.")
    found.add_argument("plans", metavar="PLAN", nargs="+", help="the file of a plan (.dial)")
    found.add_argument("--format", type=_format, default="text", help=f"how to show results: {', '.join(FORMATS)}")
    found.add_sounds()
    return found


def _format(word: str) -> str:
    if word not in FORMATS:
        hint = did_you_mean(word, FORMATS) or f"; there are {', '.join(FORMATS)}"
        raise ArgumentTypeError(f"there is no format `{word}`{hint}")
    return word


@attrs.frozen
class _Tested:
    """What came of one plan: findings where it cannot be understood, else each scenario with what went otherwise."""

    path: str
    findings: tuple[Finding, ...]
    played: tuple[tuple[Scenario, Finding | None], ...] = ()

    @property
    def failed(self) -> int:
        """How many scenarios went otherwise."""
        return sum(finding is not None for _, finding in self.played)


def run(arguments: Namespace) -> int:
    """Test every plan; 0 if all scenarios of all went as expected, else 1. Raises `Misuse`."""
    recordings = sounds(arguments.sounds)
    sources = [(path, read(path)) for path in arguments.plans]
    results: list[_Tested] = []
    for path, source in sources:
        found = judged(path, source, recordings)
        if found.verdict is None:
            results.append(_Tested(path, found.findings))
        else:
            plan = found.verdict.plan
            results.append(_Tested(path, (), tuple((each, _played(plan, each)) for each in plan.scenarios)))
    match arguments.format:
        case "json":
            say(_json(results))
        case "junit":
            say(_junit(results))
        case _:
            _tell(results)
    return int(any(result.findings or result.failed for result in results))


def _played(plan: Plan, scenario: Scenario) -> Finding | None:
    """What went otherwise, told with the whole call."""
    played = play(plan, scenario)
    if played.failed is None or not played.events:
        return played.failed
    call = (begin(plan, scenario.number, scenario.at, scenario.caller), *told(plan, played.events))
    return attrs.evolve(played.failed, call=call)


def _tell(results: Sequence[_Tested]) -> None:
    """Results as text, a line for each scenario."""
    for result in results:
        if result.findings:
            show(result.findings)
            say(f"{visible(result.path)}: {count(result.findings)}; no call can be made")
            continue
        show([finding for _, finding in result.played if finding])
        for scenario, finding in result.played:
            say(f"{'FAILED' if finding else 'ok':6} {visible(scenario.title)}")
        say(f"{visible(result.path)}: {_summary(result)}")


def _summary(result: _Tested) -> str:
    number = len(result.played)
    if not number:
        return "no scenarios"
    return f"{number} scenario{'s' * (number > 1)}, {result.failed or 'none'} failed"


def _json(results: Sequence[_Tested]) -> str:
    """Results as one JSON object, in ASCII."""
    files = [
        {
            "file": visible(result.path),
            "findings": [_finding(finding) for finding in result.findings],
            "scenarios": [
                {"title": visible(scenario.title), "passed": finding is None, "finding": finding and _finding(finding)}
                for scenario, finding in result.played
            ],
        }
        for result in results
    ]
    return json.dumps({"files": files}, indent=2)


def _finding(finding: Finding) -> dict[str, object]:
    place = finding.place
    return {
        "code": finding.code,
        "message": visible(finding.message),
        "file": visible(place.source.name),
        "line": place.line,
        "column": place.column,
        "call": [visible(line) for line in finding.call],
    }


def _junit(results: Sequence[_Tested]) -> str:
    """Results as JUnit has it, which continuous integration reads: a suite for each plan, a case for each scenario."""
    from xml.sax.saxutils import escape, quoteattr  # who reads text waits for none of this

    rows = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for result in results:
        path = quoteattr(visible(result.path))
        errors, number = int(bool(result.findings)), len(result.played)
        rows.append(f'  <testsuite name={path} tests="{number + errors}" failures="{result.failed}" errors="{errors}">')
        if result.findings:
            said = escape("\n\n".join(map(text, result.findings)))
            rows.append(f'    <testcase classname={path} name="the plan can be understood">')
            rows += [f"      <error message={quoteattr(visible(result.findings[0].message))}>{said}</error>"]
            rows.append("    </testcase>")
        for scenario, finding in result.played:
            case = f"<testcase classname={path} name={quoteattr(visible(scenario.title))}"
            if finding is None:
                rows.append(f"    {case}/>")
                continue
            rows.append(f"    {case}>")
            message = quoteattr(visible(finding.message))
            rows.append(
                f"      <failure type={quoteattr(finding.code)} message={message}>{escape(text(finding))}</failure>"
            )
            rows.append("    </testcase>")
        rows.append("  </testsuite>")
    return "\n".join((*rows, "</testsuites>"))
