"""Scenarios as they are written in a plan.

In: a plan and a `Scenario` of it. Out: its text, which read again is the same scenario; `dialc.format` lays it out.
"""

from collections.abc import Iterator
from typing import assert_never

from dialc import numbers
from dialc.callers import WITHHELD
from dialc.plan import CallerHangsUp, Hears, Occurs, Outcome, Plan, Reaches, Scenario, Turns
from dialc.resolve.scenarios import STATES
from dialc.source import Use

_STATES = {outcome: word for word, outcome in STATES.items()}


def spelt(plan: Plan, scenario: Scenario) -> str:
    """The text of a scenario, a line for each thing that is said."""
    at = scenario.at.replace(tzinfo=None)
    rows = [f"at {at:%Y-%m-%d} {at:{'%H:%M:%S' if at.second else '%H:%M'}}", _called(scenario), *_lines(plan, scenario)]
    return "\n".join((f'scenario "{scenario.title}" {{', *(f"  {row}" for row in rows), "}", ""))


def _called(scenario: Scenario) -> str:
    number, caller = scenario.number, scenario.caller
    line = _written(number) if number.startswith("+") else number if number == "default" else f"short {number}"
    by = caller if caller in ("", WITHHELD) else _written(caller)
    return f"call {line}{' from ' if by else ''}{by}"


def _written(number: str) -> str:
    """A number in quotes, as people write it."""
    return f'"{numbers.written(number)}"'


def _phone(number: str) -> str:
    return number if number.isdigit() else _written(number)


def _lines(plan: Plan, scenario: Scenario) -> Iterator[str]:
    heard: list[str] = []
    pressed: list[str] = []
    for line in (*scenario.lines, None):
        if heard and not isinstance(line, Hears):
            yield f"hear {', '.join(heard)}"
            heard = []
        goes_on = isinstance(line, Occurs) and line.key and line.after is None
        if pressed and not goes_on:
            yield f"press {', '.join(pressed)}"
            pressed = []
        match line:
            case None:
                return
            case Hears():
                heard.append(_named(plan.prompts[line.prompt].place.source.use, line.prompt))
            case Reaches():
                yield f"reach {_block(plan, line.block)}" + ("" if line.within is None else f" within {line.within}s")
            case Turns():
                use = plan.switches[line.switch].place.source.use
                yield f"{_named(use, line.switch)} is {line.position.value}"
            case CallerHangsUp():
                yield "hang-up"
            case Occurs() if goes_on:
                pressed.append(line.key)
            case Occurs():
                yield _occurs(plan, line) + ("" if line.after is None else f" after {line.after}s")
            case _:
                assert_never(line)


def _occurs(plan: Plan, line: Occurs) -> str:
    match line.outcome:
        case Outcome.KEY:
            return f"press {line.key}"
        case Outcome.SILENCE:
            return "stay silent"
        case Outcome.NO_ANSWER:
            return "nobody answers"
        case Outcome.ANSWERED:
            return f"{_phone(line.who)} answers"
        case Outcome.DECLINED:
            return f"{_phone(line.who)} declines"
        case Outcome.LEFT:
            return "leave a message"
        case Outcome.NOTHING_LEFT:
            return "leave no message"
        case Outcome.REPLY:
            return f"{_block(plan, line.block)} answers {line.word}"
        case _:
            return f"{_block(plan, line.block)} is {_STATES[line.outcome]}"


def _block(plan: Plan, name: str) -> str:
    return _named(plan.steps[name].place.source.use, name)


def _named(use: Use | None, name: str) -> str:
    """What a block is called: its name, or as it is used, if it has parameters."""
    return use.whole if use else name
