"""Scenarios: calls that are made in the walker, and held against how they are expected to go.

In: a plan and a `Scenario`. Out: `Played`: what the caller experienced, and a finding at the first line of the scenario
that went otherwise, if any. What happens in a scenario comes to pass one after the other, each at the first point of
the call at which it can; until then, and once all has happened, nobody does anything.
"""

from collections.abc import Sequence
from typing import assert_never

import attrs

from dialc.call import (
    Arrived,
    CannotHappen,
    Event,
    Happens,
    Heard,
    HungUp,
    Left,
    Point,
    Pressed,
    experience,
    until,
)
from dialc.findings import Finding
from dialc.plan import (
    Callback,
    CallerHangsUp,
    Collect,
    Extensions,
    Hears,
    Mailbox,
    Menu,
    Occurs,
    Operator,
    Outcome,
    Plan,
    Queue,
    Reaches,
    Ring,
    Scenario,
)
from dialc.source import Place
from dialc.witness import written

STEPS = 1000
"""Steps of a call that nobody waits for any longer: a plan that was not proved may go on for ever."""


@attrs.frozen
class Played:
    """A scenario that was played: the events of the call, and what went otherwise; None where all went as expected."""

    events: tuple[Event, ...]
    failed: Finding | None


def play(plan: Plan, scenario: Scenario) -> Played:
    """Make the call of a scenario."""
    script = _Script(tuple(line for line in scenario.lines if isinstance(line, Occurs | CallerHangsUp)))
    course = experience(plan, scenario.number, scenario.at, script.decide, caller=scenario.caller)
    try:
        for event in until(course, lambda: script.hangs_up):
            script.events.append(event)
            if isinstance(event, Arrived) and sum(isinstance(e, Left) for e in script.events) >= STEPS:
                break
    except CannotHappen as impossible:
        place = script.last.place if script.last else scenario.place
        finding = Finding("D302", str(impossible), place, caller="cannot make this call")
        return Played(tuple(script.events), finding)
    return Played(tuple(script.events), _failed(scenario, script))


class _Script:
    """What happens, as the walker asks for it; `came` are the numbers of events before each line that came to pass."""

    def __init__(self, lines: Sequence[Occurs | CallerHangsUp]) -> None:
        self.events: list[Event] = []
        self.came: dict[int, int] = {}
        self.hangs_up: int | None = None
        self.last: Occurs | CallerHangsUp | None = None
        self._ahead = list(lines)
        self._everywhere: Happens | None = None  # what comes of every stage of the step that the caller is at

    def decide(self, point: Point) -> Happens | None:
        if point.turn == 1:
            self._everywhere = None
        if not self._ahead:
            return self._everywhere
        line = self._ahead[0]
        if isinstance(line, CallerHangsUp):
            self._take()
            self.hangs_up = point.at
            return None
        happens = _happens(line, point)
        if happens is None:
            return self._everywhere
        self._take()
        if happens.outcome in (Outcome.BUSY, Outcome.UNAVAILABLE, Outcome.NO_ANSWER):
            self._everywhere = happens
        return happens

    def _take(self) -> None:
        self.last = self._ahead.pop(0)
        self.came[id(self.last)] = len(self.events)


def _happens(line: Occurs, point: Point) -> Happens | None:
    """A line, as it happens at a point; None where it cannot."""
    step = point.step
    if line.block and line.block != block(step.name):
        return None
    outcome = line.outcome
    match step, outcome:
        case ((Menu() | Collect()), Outcome.KEY | Outcome.SILENCE):
            return Happens(outcome, line.after, key=line.key)
        case Queue(), Outcome.KEY | Outcome.EMPTY | Outcome.FULL | Outcome.FAILURE:
            return Happens(outcome, line.after, key=line.key)
        case Queue(), Outcome.NO_ANSWER:
            return Happens(Outcome.TIMEOUT)
        case Queue(), Outcome.ANSWERED if any(member.number == line.who for member in step.members):
            return Happens(outcome, step.seconds + (line.after or 0), who=line.who)
        case ((Ring() | Operator()), Outcome.BUSY | Outcome.UNAVAILABLE | Outcome.NO_ANSWER):
            return Happens(outcome)
        case ((Ring() | Operator()), Outcome.ANSWERED):
            phones = [phone for phone in step.stages[point.turn - 1].phones if phone.number == line.who]
            if not phones:
                return None
            answered = Outcome.ANSWERED if phones[0].human else Outcome.UNCONFIRMED
            return Happens(answered, line.after, who=line.who)
        case Extensions(), Outcome.BUSY | Outcome.UNAVAILABLE | Outcome.NO_ANSWER | Outcome.ANSWERED:
            return Happens(outcome, line.after, who=line.who)
        case Mailbox(), Outcome.LEFT | Outcome.NOTHING_LEFT:
            return Happens(outcome, line.after)
        case ((Mailbox() | Callback()), Outcome.FAILURE):
            return Happens(Outcome.FAILED)
        case _:
            return None


def block(step: str) -> str:
    """The name of the block that a step comes from: `start-2` was written in `start`."""
    return written(step)


def _failed(scenario: Scenario, script: _Script) -> Finding | None:
    """The first line that went otherwise. Lines are looked for in the events one behind the other."""
    events = script.events
    at = since = 0
    for line in scenario.lines:
        match line:
            case Hears():
                found = _hears(events, at, line)
            case Reaches():
                found = _reaches(events, at, since, line)
            case Occurs() | CallerHangsUp():
                found = _comes(script, at, line)
            case _:
                assert_never(line)
        if isinstance(found, Finding):
            return found
        at, since = found + 1, events[found].at if found >= 0 else 0
    return None


def _hears(events: Sequence[Event], at: int, line: Hears) -> int | Finding:
    """The number of the event that a line expects, from a number on; a finding where another comes first."""
    for number, event in enumerate(events):
        if number >= at and isinstance(event, Heard):
            if event.prompt == line.prompt:
                return number
            return _otherwise(line.place, f"hears `{event.prompt}`, not `{line.prompt}`")
    return _otherwise(line.place, f"hears no more prompt, and not `{line.prompt}`: {_end(events)}")


def _reaches(events: Sequence[Event], at: int, since: int, line: Reaches) -> int | Finding:
    """The same for a block; `since` is when what came before it in the scenario was, in seconds."""
    passed: dict[str, None] = {}
    for number, event in enumerate(events):
        if number >= at and isinstance(event, Arrived):
            if block(event.step) != line.block:
                passed[block(event.step)] = None
            elif line.within is not None and event.at - since > line.within:
                return _otherwise(line.place, f"gets to `{line.block}` after {event.at - since} s, not {line.within} s")
            else:
                return number
    instead = f"gets to {', '.join(f'`{name}`' for name in passed)}" if passed else _end(events)
    return _otherwise(line.place, f"never gets to `{line.block}`: {instead}")


def _comes(script: _Script, at: int, line: Occurs | CallerHangsUp) -> int | Finding:
    """The number of the event before which something came to pass; a finding where it never did."""
    came = script.came.get(id(line))
    if came is None:
        return Finding(
            "D302",
            f"the call never comes to this: {_end(script.events)}",
            line.place,
            caller="does something else in this call, or nothing",
        )
    if isinstance(line, Occurs) and line.key:
        return next(n for n, event in enumerate(script.events) if n >= came and isinstance(event, Pressed))
    return max(at, came) - 1


def _otherwise(place: Place, message: str) -> Finding:
    return Finding("D301", f"the caller {message}", place, caller="does not get what the scenario says")


def _end(events: Sequence[Event]) -> str:
    """How a call ended."""
    match events[-1] if events else None:
        case HungUp(by=by, at=at):
            return f"the {by} hangs up after {at} s"
        case Left(step=step, outcome=outcome):
            return f"the call ends at `{block(step)}`, {outcome}"
        case _:
            return "the call goes on and on"
