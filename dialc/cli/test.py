"""`dialc test`: make the calls of a plan's scenarios, and see whether they go as expected.

In: the files of plans. Out: for each scenario whether it went as expected, and where not, a finding with the call as it
went; where wanted, which exits of a plan no scenario takes; or all of that in a form that other programs read. Or
scenarios for those exits, as they are written in a plan. The calls are made in the walker, and where wanted at a real
PBX, too, which has to do the same.
"""

import json
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator, Sequence

from dialc.cli.arguments import Parser
from dialc.cli.reading import read, sounds
from dialc.cli.terminal import Misuse, did_you_mean, say
from dialc.cli.testing import Tested, results
from dialc.cli.verdicts import count, judged, show
from dialc.coverage import Coverage, Open
from dialc.findings import Finding, text, visible

FORMATS = ("text", "json", "junit")

PBXES = ("asterisk",)
"""Where calls can be made besides the walker."""


def parser() -> Parser:
    """The arguments of the command."""
    found = Parser("test", "Make the calls of a plan's scenarios, and see whether they go as expected.")
    found.add_argument("plans", metavar="PLAN", nargs="+", help="the file of a plan (.dial)")
    found.add_argument("--format", type=_format, default="text", help=f"how to show results: {', '.join(FORMATS)}")
    found.add_argument("--coverage", action="store_true", help="tell which exits of a plan no scenario takes")
    found.add_argument(
        "--generate", action="store_true", help="propose scenarios for the exits that none takes, instead of results"
    )
    found.add_argument("--on", metavar="PBX", type=_pbx, help="make the calls on a real PBX, too: asterisk")
    found.add_argument("--site", metavar="SITE", help="with --on, the file of the site (.site) that the plan is for")
    found.add_sounds()
    return found


def _pbx(word: str) -> str:
    if word not in PBXES:
        raise ArgumentTypeError(f"there is no PBX `{word}` to make calls on; there is {', '.join(PBXES)}")
    return word


def _format(word: str) -> str:
    if word not in FORMATS:
        hint = did_you_mean(word, FORMATS) or f"; there are {', '.join(FORMATS)}"
        raise ArgumentTypeError(f"there is no format `{word}`{hint}")
    return word


def run(arguments: Namespace) -> int:
    """Test every plan; 0 if all scenarios of all went as expected, else 1. Raises `Misuse`."""
    if arguments.generate and (len(arguments.plans) > 1 or arguments.coverage or arguments.format != "text"):
        raise Misuse("--generate proposes scenarios for one plan, and tells nothing else")
    if arguments.generate and arguments.on:
        raise Misuse("--generate proposes scenarios, and makes no calls of them")
    if arguments.site and not arguments.on:
        raise Misuse("--site says what a plan is written for, which matters --on a PBX only")
    recordings = sounds(arguments.sounds)
    sources = [(path, read(path)) for path in arguments.plans]
    if arguments.generate:
        from dialc.cli import proposing  # which others need not wait for

        ((path, source),) = sources
        return proposing.propose(path, judged(path, source, recordings))
    if arguments.on:
        from dialc.cli import on  # which others need not wait for

        found = on.tried(sources, arguments.site, arguments.sounds, covered=arguments.coverage)
    else:
        found = results(sources, arguments.sounds, covered=arguments.coverage)
    match arguments.format:
        case "json":
            say(_json(found))
        case "junit":
            say(_junit(found))
        case _:
            _tell(found)
    return int(any(result.findings or result.failed or result.untried for result in found))


def _tell(results: Sequence[Tested]) -> None:
    """Results as text, a line for each scenario."""
    for result in results:
        if result.findings:
            show(result.findings)
            say(f"{visible(result.path)}: {count(result.findings)}; no call can be made")
            continue
        show([finding for _, finding in result.played if finding])
        for title, finding in result.played:
            say(f"{'FAILED' if finding else 'ok':6} {visible(title)}")
        for title, reason in result.untried:
            say(f"NOT MADE {visible(title)}: {visible(reason)}")
        say(f"{visible(result.path)}: {_summary(result)}")
        for line in _covered(result.coverage) if result.coverage else ():
            say(line)


def _summary(result: Tested) -> str:
    number = len(result.played) + len(result.untried)
    if not number:
        return "no scenarios"
    untried = f", {len(result.untried)} not made" if result.untried else ""
    return f"{number} scenario{'s' * (number > 1)}, {result.failed or 'none'} failed{untried}"


def _covered(coverage: Coverage) -> Iterator[str]:
    """What scenarios cover, and each exit that none of them takes with its place."""
    missing = coverage.missing
    number = len(coverage.exits)
    yield f"{number - len(missing)} of {number} exits taken{'; no scenario takes' if missing else ''}"
    shown = [(visible(str(each.place)), visible(str(each))) for each in missing]
    width = max((len(place) for place, _ in shown), default=0)
    yield from (f"  {place:{width}}  {exit}" for place, exit in shown)


def _json(results: Sequence[Tested]) -> str:
    """Results as one JSON object, in ASCII."""
    files = [
        {
            "file": visible(result.path),
            "findings": [_finding(finding) for finding in result.findings],
            "scenarios": [
                {"title": visible(title), "passed": finding is None, "finding": finding and _finding(finding)}
                for title, finding in result.played
            ]
            + [
                {"title": visible(title), "passed": None, "finding": None, "reason": visible(reason)}
                for title, reason in result.untried
            ],
            "coverage": result.coverage and _coverage(result.coverage),
        }
        for result in results
    ]
    return json.dumps({"files": files}, indent=2)


def _coverage(coverage: Coverage) -> dict[str, object]:
    missing = coverage.missing
    return {
        "exits": len(coverage.exits),
        "taken": len(coverage.exits) - len(missing),
        "missing": [_exit(each) for each in missing],
    }


def _exit(open: Open) -> dict[str, object]:
    place = open.place
    return {
        "block": visible(open.block),
        "exit": visible(open.exit.label),
        "to": open.to or None,
        "file": visible(place.source.name),
        "line": place.line,
        "column": place.column,
    }


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


def _junit(results: Sequence[Tested]) -> str:
    """Results as JUnit has it, which continuous integration reads: a suite for each plan, a case for each scenario."""
    from xml.sax.saxutils import escape, quoteattr  # who reads text waits for none of this

    rows = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for result in results:
        path = quoteattr(visible(result.path))
        errors, number = int(bool(result.findings)), len(result.played) + len(result.untried)
        skipped = f' skipped="{len(result.untried)}"' if result.untried else ""
        counts = f'tests="{number + errors}" failures="{result.failed}" errors="{errors}"{skipped}'
        rows.append(f"  <testsuite name={path} {counts}>")
        if result.coverage:
            rows.append("    <properties>")
            for name, value in _properties(result.coverage):
                rows.append(f"      <property name={quoteattr(name)} value={quoteattr(visible(value))}/>")
            rows.append("    </properties>")
        if result.findings:
            said = escape("\n\n".join(map(text, result.findings)))
            rows.append(f'    <testcase classname={path} name="the plan can be understood">')
            rows += [f"      <error message={quoteattr(visible(result.findings[0].message))}>{said}</error>"]
            rows.append("    </testcase>")
        for title, finding in result.played:
            case = f"<testcase classname={path} name={quoteattr(visible(title))}"
            if finding is None:
                rows.append(f"    {case}/>")
                continue
            rows.append(f"    {case}>")
            message = quoteattr(visible(finding.message))
            rows.append(
                f"      <failure type={quoteattr(finding.code)} message={message}>{escape(text(finding))}</failure>"
            )
            rows.append("    </testcase>")
        for title, reason in result.untried:
            rows.append(f"    <testcase classname={path} name={quoteattr(visible(title))}>")
            rows += [f"      <skipped message={quoteattr(visible(reason))}/>", "    </testcase>"]
        rows.append("  </testsuite>")
    return "\n".join((*rows, "</testsuites>"))


def _properties(coverage: Coverage) -> Iterator[tuple[str, str]]:
    """What scenarios cover, as names and values."""
    missing = coverage.missing
    yield "exits", str(len(coverage.exits))
    yield "exits taken", str(len(coverage.exits) - len(missing))
    yield from (("exit not taken", f"{each.place}: {each}") for each in missing)
