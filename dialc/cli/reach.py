"""`dialc reach`: the shortest way to a person from each line, as a caller would want to know it.

In: the file of a plan, and where wanted a line and an instant. Out: for each line how a caller comes to people soonest,
and the hours in which that holds; for callers on lists as well, where it is another way.
"""

import datetime
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence

import attrs

from dialc.cli.arguments import Parser
from dialc.cli.reading import read, sounds
from dialc.cli.script import called, moment, outside
from dialc.cli.terminal import Misuse, say
from dialc.cli.verdicts import count, judged, show
from dialc.directions import Direction, Who, at, throughout
from dialc.findings import visible
from dialc.plan import (
    Bot,
    BySwitch,
    Collect,
    Condition,
    Lookup,
    Menu,
    Outcome,
    Plan,
    Queue,
    Step,
    Verified,
)
from dialc.reach import Survey, survey
from dialc.witness import Turn, spelt, written


def parser() -> Parser:
    """The arguments of the command."""
    found = Parser("reach", "The shortest way to a person from each line, as a caller would want to know it.")
    found.add_argument("plan", metavar="PLAN", help="the file of a plan (.dial)")
    found.add_argument("--line", metavar="NUMBER", help="the number that is called; all lines if it is left out")
    found.add_argument("--at", metavar="TIME", help='when the call comes in, as in "2026-11-23 09:15"')
    found.add_sounds()
    return found


def run(arguments: Namespace) -> int:
    """Tell the ways; 0, or 1 for a plan that cannot be understood. Raises `Misuse`."""
    found = judged(arguments.plan, read(arguments.plan), sounds(arguments.sounds))
    if found.verdict is None:
        show(found.findings)
        say(f"{visible(arguments.plan)}: {count(found.findings)}; no call can be made")
        return 1
    plan = found.verdict.plan
    numbers = {each.first: str(each) for each in plan.called() if each}
    if arguments.line is not None:
        line = plan.line(called(plan, arguments.line, "--line"))
        numbers = {
            each.first: str(each) for each, other in zip(plan.called(), plan.lines, strict=True) if other is line
        }
    instant = None
    if arguments.at is not None:
        when = moment(arguments.at, plan.zone)
        if remark := outside(plan, when.instant):
            raise Misuse(remark)
        if when.remark:
            say(f"note: {when.remark}")
        instant = int(when.instant.timestamp())
    if not isinstance(found.verdict, Verified):
        say(f"note: this plan is not proved ({count(found.findings)})")
    asked = survey(plan)
    ways = throughout(asked)
    now = None if instant is None else at(asked, instant)
    for number, name in numbers.items():
        say(_number(name))
        of_line = {who: directions for who, directions in ways.items() if who[0] == number}
        for row in _line(asked, of_line, now, instant):
            say(f"  {visible(row)}")
    return 0


def _number(name: str) -> str:
    return "any other number" if name == "default" else name


def _line(
    asked: Survey, ways: Mapping[Who, Sequence[Direction]], now: Mapping[Who, Direction] | None, instant: int | None
) -> Iterator[str]:
    """The ways of a line, each in a row; of callers on lists only where theirs are others."""
    told: list[list[str]] = []
    for who, directions in ways.items():
        if now is None or instant is None:
            rows = list(_at_all_times(asked, directions))
        else:
            rows = list(_at_one(asked, directions, now.get(who), instant))
        if rows not in told:
            told.append(rows)
            lists = ", ".join(f"`{name}`" for name in sorted(who[1].lists))
            yield from (f"callers in {lists}: {row}" if lists and len(told) > 1 else row for row in rows)
    if not ways:
        yield "nobody can call it"


def _at_one(asked: Survey, ways: Sequence[Direction], now: Direction | None, instant: int) -> Iterator[str]:
    if now is not None:
        yield _told(asked.plan, now)
        return
    later = [start for way in ways if (start := _first(way, instant)) is not None]
    since = f"; next from {_moment(asked, min(later))} on" if later else ""
    yield f"nobody's phone rings then{since}"


def _first(way: Direction, since: int) -> int | None:
    """The first instant from some on at which a way can be taken."""
    return next((max(start, since) for start, end in way.instants.stretches if end > since), None)


def _moment(asked: Survey, instant: int) -> str:
    found: datetime.datetime = asked.calendar.moment(instant)
    return f"{found:%a %Y-%m-%d %H:%M:%S %Z}"


def _at_all_times(asked: Survey, ways: Sequence[Direction]) -> Iterator[str]:
    found: dict[str, None] = {}
    left = asked.calendar.validity
    for way in ways:
        needs = _conditions(asked.plan, way)
        found[f"{needs}: {_told(asked.plan, way)}"] = None
        left -= way.instants
    yield from found
    if not ways:
        yield "nobody's phone rings, whenever somebody calls"
    elif left:
        yield "otherwise nobody's phone rings"


def _conditions(plan: Plan, way: Direction) -> str:
    """The hours that a way needs, and how switches stand."""
    words = [_condition(each) for each in way.conditions if not any(_says(other, each) for other in way.conditions)]
    for turn in way.call.witness.turns:
        step = plan.steps[turn.step]
        if isinstance(step, BySwitch):
            words.append(f"`{step.switch.name}` is {turn.exit.outcome.value}")
    return f"while {' and '.join(dict.fromkeys(words))}" if words else "at any hour"


def _says(one: Condition, other: Condition) -> bool:
    """Whether hours that are open say that they are with so many seconds more, too."""
    longer = attrs.evolve(one, period=attrs.evolve(one.period, plus=other.period.plus))
    return one.open and one.holds and longer == other and one.period.plus < other.period.plus


def _condition(condition: Condition) -> str:
    state, plus = "open" if condition.open else "closed", spelt(condition.period.plus)
    by = f' by "{condition.exception}"' if condition.exception else ""
    found = f"`{condition.period.hours.name}` is {'' if condition.holds else 'not '}{state}{by}"
    if condition.period.plus:
        found += f", or has been closed for less than {plus}" if condition.open else f", and has been for {plus}"
    return found


def _told(plan: Plan, way: Direction) -> str:
    """What a caller does, and who rings after how long."""
    words: list[str] = []
    passed = 0
    for turn in way.call.witness.turns:
        step = plan.steps[turn.step]
        does = _does(step, turn)
        if does and passed:
            words.append(f"wait {spelt(passed)}{' for the menu' if isinstance(step, Menu | Collect) else ''}")
            passed = 0
        passed += turn.seconds
        if does:
            words.append(does)
            passed = 0 if turn.exit.pressed else passed
    last = plan.steps[way.call.witness.step]
    name = written(last.name)
    after = f"after {spelt(way.seconds)}" if way.seconds else "at once"
    comes = f"you are in line at `{name}` {after}" if isinstance(last, Queue) else f"`{name}` rings {after}"
    return f"{', '.join(words) or 'just wait'}: {comes}"


def _does(step: Step, turn: Turn) -> str:
    """What a caller does at a step, or what has to be so; empty where they only listen."""
    exit = turn.exit
    if exit.outcome is Outcome.KEY:
        choices = (step.escape,) if isinstance(step, Bot) else step.choices if isinstance(step, Menu | Queue) else ()
        label = next((choice.label for choice in choices if choice.key == exit.key), "")
        return f"press {exit.key}{f' ({exit.speaks})' if exit.speaks else f' ({label})' if label else ''}"
    match step:
        case Menu() | Collect() if exit.outcome is Outcome.SILENCE:
            return "press nothing"
        case Menu() | Collect():
            return "press only keys that mean nothing"
        case Lookup():
            said = f"answers {exit.what}" if exit.what else "gives no answer"
            return f"if `{step.service}` {said}"
        case _:
            return ""
