"""Scenarios: calls that are made in the walker, and held against how they are expected to go.

In: a plan and a `Scenario`. Out: `Played`: what the caller experienced, and a finding at the first line of the scenario
that went otherwise, if any. What happens in a scenario comes to pass one after the other, each at the first point of
the call at which it can; until then, and once all has happened, nobody does anything. A switch is turned at once when
all before it has happened, but not a second time before the call has asked for it.
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
    Reading,
    Refused,
    Turned,
    as_turned,
    experience,
    until,
)
from dialc.findings import Finding
from dialc.plan import (
    Bot,
    Callback,
    CallerHangsUp,
    Collect,
    Extensions,
    Hears,
    Lookup,
    Mailbox,
    Menu,
    Occurs,
    Operator,
    Outcome,
    Outside,
    Plan,
    Position,
    Queue,
    Reaches,
    Ring,
    Scenario,
    Switch,
    Turns,
)
from dialc.source import Place
from dialc.witness import written

STEPS = 1000
"""Steps of a call that nobody waits for any longer: a plan that was not proved may go on for ever."""


@attrs.frozen
class Moment:
    """A point of a call, and what came of it; None where nobody did anything."""

    point: Point
    happens: Happens | None


@attrs.frozen
class Played:
    """A scenario that was played: the events of the call, and what went otherwise; None where all went as expected.

    `moments` are the points that the call came to, `turned` how staff turned switches, `hangs_up` when the caller did,
    in seconds.
    """

    events: tuple[Event, ...]
    failed: Finding | None
    moments: tuple[Moment, ...] = ()
    turned: tuple[Turned, ...] = ()
    hangs_up: int | None = None


def play(plan: Plan, scenario: Scenario) -> Played:
    """Make the call of a scenario."""
    script = _Script(tuple(line for line in scenario.lines if isinstance(line, Occurs | Turns | CallerHangsUp)))
    course = experience(plan, scenario.number, scenario.at, script.decide, script.reads, scenario.caller)
    try:
        for event in until(course, lambda: script.hangs_up):
            script.events.append(event)
            if isinstance(event, Arrived) and sum(isinstance(e, Left) for e in script.events) >= STEPS:
                break
    except CannotHappen as impossible:
        place = script.last.place if script.last else scenario.place
        finding = Finding("D302", str(impossible), place, caller="cannot make this call")
        return Played(tuple(script.events), finding)
    return Played(
        tuple(script.events),
        _failed(scenario, script),
        tuple(script.moments),
        tuple(script.turned),
        script.hangs_up,
    )


class _Script:
    """What happens, as the walker asks for it; `came` are the numbers of events before each line that came to pass."""

    def __init__(self, lines: Sequence[Occurs | Turns | CallerHangsUp]) -> None:
        self.events: list[Event] = []
        self.came: dict[int, int] = {}
        self.hangs_up: int | None = None
        self.moments: list[Moment] = []
        self.turned: list[Turned] = []
        self.last: Occurs | Turns | CallerHangsUp | None = None
        self._ahead = list(lines)
        self._everywhere: Happens | None = None  # what comes of every stage of the step that the caller is at
        self._unread: set[str] = set()
        self._turn(0)

    def decide(self, point: Point) -> Happens | None:
        """What happens at a point of the call."""
        happens = self._happens(point)
        self.moments.append(Moment(point, happens))
        return happens

    def _happens(self, point: Point) -> Happens | None:
        self._turn(point.at)
        if point.turn == 1:
            self._everywhere = None
        line = self._ahead[0] if self._ahead else None
        match line:
            case CallerHangsUp():
                self._take()
                self.hangs_up = point.at
                return None
            case Occurs() if (comes := _comes_of(line, point)) is not None:
                self._take()
                self._turn(point.at)
                if line.outcome in (Outcome.BUSY, Outcome.UNAVAILABLE, Outcome.NO_ANSWER) and line.after is None:
                    self._everywhere = comes.happens
                return comes.happens
            case _:
                return self._everywhere

    def reads(self, switch: Switch, reading: Reading) -> Position:
        """Where a switch stands as the call asks for it."""
        self._turn(reading.at)
        self._unread.discard(switch.name)
        return as_turned(self.turned)(switch, reading)

    def _turn(self, at: int) -> None:
        """Turn the switches that are next to be turned."""
        while self._ahead and isinstance(line := self._ahead[0], Turns) and line.switch not in self._unread:
            self._take()
            self.turned.append(Turned(line.switch, line.position, at))
            self._unread.add(line.switch)

    def _take(self) -> None:
        self.last = self._ahead.pop(0)
        self.came[id(self.last)] = len(self.events)


@attrs.frozen
class _Comes:
    """What a line is at a point; None for what happens if nobody does anything, which was said."""

    happens: Happens | None


def _comes_of(line: Occurs, point: Point) -> _Comes | None:
    """A line, as it comes to pass at a point; None where it cannot."""
    step = point.step
    if line.block and line.block != block(step.name):
        return None
    outcome, after = line.outcome, line.after
    match step, outcome:
        case ((Menu() | Collect()), Outcome.KEY | Outcome.SILENCE):
            return _Comes(Happens(outcome, after, key=line.key))
        case Queue(), Outcome.KEY if any(choice.key == line.key for choice in step.choices):
            return _Comes(Happens(outcome, after, key=line.key))
        case Queue(), Outcome.EMPTY | Outcome.FULL | Outcome.FAILURE:
            return _Comes(Happens(outcome, None if after is None else step.seconds + after))
        case Queue(), Outcome.NO_ANSWER:
            return _Comes(None)
        case Queue(), Outcome.ANSWERED if any(member.number == line.who for member in step.everybody):
            waited = step.joins(line.who) if after is None else after
            return _Comes(Happens(outcome, step.seconds + waited, who=line.who))
        case ((Ring() | Operator()), Outcome.BUSY | Outcome.UNAVAILABLE | Outcome.NO_ANSWER):
            return _Comes(Happens(outcome, after))
        case ((Ring() | Operator()), Outcome.ANSWERED | Outcome.DECLINED):
            phones = [phone for phone in step.stages[point.turn - 1].phones if phone.number == line.who]
            if not phones:
                return None
            if outcome is Outcome.DECLINED:
                declines = isinstance(phones[0], Outside) and phones[0].confirm
                return _Comes(Happens(outcome, after, who=line.who)) if declines else None
            answered = Outcome.ANSWERED if phones[0].human else Outcome.UNCONFIRMED
            return _Comes(Happens(answered, after, who=line.who))
        case Extensions(), Outcome.BUSY | Outcome.UNAVAILABLE | Outcome.NO_ANSWER | Outcome.ANSWERED:
            return _Comes(Happens(outcome, after, who=line.who))
        case Mailbox(), Outcome.LEFT | Outcome.NOTHING_LEFT:
            return _Comes(Happens(outcome, after))
        case ((Mailbox() | Lookup()), Outcome.FAILURE):
            return _Comes(Happens(Outcome.FAILED, after))
        case Lookup(), Outcome.TIMEOUT:
            return _Comes(Happens(outcome, after))
        case Lookup(), Outcome.REPLY if any(reply.word == line.word for reply in step.replies):
            return _Comes(Happens(outcome, after, word=line.word))
        case Callback(), Outcome.FAILURE:
            return _Comes(Happens(Outcome.FAILED, after))
        case Callback(), Outcome.FULL:
            return _Comes(Happens(Outcome.NO_NUMBER, after))
        case Bot(), Outcome.KEY if line.key == step.escape.key:
            return _Comes(Happens(outcome, after, key=line.key))
        case Bot(), Outcome.ANSWERED if point.turn == 1 and line.who == step.phone.number:
            return _Comes(Happens(outcome, after))
        case Bot(), Outcome.FAILURE if point.turn == 1:
            return _Comes(Happens(Outcome.FAILED, after))
        case Bot(), Outcome.OVER if point.turn == 2:
            return _Comes(Happens(outcome, after))
        case Bot(), Outcome.SILENCE if point.turn == 2:
            return _Comes(Happens(Outcome.LIMIT))
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
            case Occurs() | Turns() | CallerHangsUp():
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


def _comes(script: _Script, at: int, line: Occurs | Turns | CallerHangsUp) -> int | Finding:
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
        case Refused():
            return "the line refuses this caller"
        case HungUp(by=by, at=at):
            return f"the {by} hangs up after {at} s"
        case Left(step=step, outcome=outcome):
            return f"the call ends at `{block(step)}`, {outcome}"
        case _:
            return "the call goes on and on"
