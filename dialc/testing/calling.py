"""Calls of a plan, as strategies.

In: a plan. Out: callers, worlds, and calls made of both and an instant. Whatever is drawn, the walker makes the call:
a world is drawn along the way that its call takes, so that nothing is ever thrown away, and nothing is in it that the
call does not come to. Examples shrink towards the call with the fewest happenings, and of these to the shortest.
"""

import datetime
import string
from collections.abc import Sequence

import attrs
import hypothesis
from hypothesis import strategies as st

from dialc.call import (
    Arrived,
    Call,
    Event,
    Happens,
    Heard,
    Joined,
    Left,
    Point,
    Queued,
    Reading,
    Turned,
    as_turned,
    experience,
    until,
    walk,
)
from dialc.called import Called, Numbers
from dialc.callers import LONGEST, WITHHELD
from dialc.plan import Collect, Mailbox, Menu, Outcome, Plan, Position, Queue, Switch
from dialc.telling import begin, end, told
from dialc.testing.happenings import happenings, keys
from dialc.testing.when import instants

STEPS = 200
"""Steps after which nobody looks any more at a call through a plan that was not proved."""

HANGS_UP = 600
"""The seconds within which callers hang up who do."""

_DIGITS = st.builds(str.__add__, st.sampled_from("123456789"), st.text(string.digits, min_size=5, max_size=LONGEST - 1))
"""Digits of a number in E.164, whether there is such a number or not."""


@attrs.frozen
class Caller:
    """Who calls: the number that they call (E.164, short, or `default`), their own (E.164, `withheld`, or empty for
    somebody of whom nothing is known), and after how many seconds they hang up; None for those who do not.
    """

    number: str
    caller: str = ""
    hangs_up: int | None = None


@attrs.frozen
class World:
    """How things turn out in one call, in the order in which it comes to them: what the caller presses, who answers,
    what queues, mailboxes and services do, and how staff turn switches. `steps` ends the walk of a call that goes on.
    """

    happenings: tuple[Happens, ...] = ()
    turned: tuple[Turned, ...] = ()
    steps: int | None = None


def callers(plan: Plan, *, patient: bool = True) -> st.SearchStrategy[Caller]:
    """Who can call a plan: each of its lines, from numbers on each of its lists, on none, and withheld.

    Those whom a line refuses are among them. With `patient` false, half hang up within ten minutes. They shrink
    towards somebody of whom nothing is known, who calls the first number of the first line and stays.
    """
    number = st.sampled_from([called for called in plan.called() if called]).flatmap(_number)
    known = [caller for _, caller in plan.classes if caller]
    known += sorted(number for each in plan.asked for number in each.numbers)
    prefixes = ["", *dict.fromkeys(prefix.removeprefix("+") for each in plan.asked for prefix in each.prefixes)]
    digits = st.builds(str.__add__, st.sampled_from(prefixes), _DIGITS).map(lambda digits: f"+{digits[:LONGEST]}")
    who = st.one_of(st.sampled_from(["", WITHHELD, *dict.fromkeys(known)]), digits)
    hangs_up = st.none() if patient else st.one_of(st.none(), st.integers(0, HANGS_UP))
    return st.builds(Caller, number, who, hangs_up)


def _number(called: Called) -> st.SearchStrategy[str]:
    """One of the numbers of a line."""
    if not isinstance(called, Numbers):
        return st.just(called.first)
    return st.sampled_from(called.stretches).flatmap(lambda s: st.integers(*s)).map(lambda digits: f"+{digits}")


def worlds(plan: Plan, caller: Caller, at: datetime.datetime, *, steps: int = STEPS) -> st.SearchStrategy[World]:
    """How things turn out in the call of somebody at an instant with zone; of as many `steps` at most.

    Every outcome that the plan allows for can come, after any second that it can. They shrink towards the fewest
    happenings: whoever is rung answers, the first key is pressed at once, no switch is turned.
    """

    # Inside, so that no strategy has a whole plan among its arguments, which hypothesis would print.
    @st.composite
    def world(draw: st.DrawFn) -> World:
        found: list[Happens] = []
        ahead: list[Happens] = []
        turned: list[Turned] = []
        begun = int(at.timestamp())

        def decide(point: Point) -> Happens:
            if isinstance(point.step, Menu | Collect):
                if not point.keys:
                    ahead[:] = draw(keys(point.step))
                happens = ahead.pop(0) if ahead else Happens(Outcome.SILENCE)
            else:
                happens = draw(happenings(point, begun, plan.rings_back(caller.caller)))
            found.append(happens)
            return happens

        def read(switch: Switch, reading: Reading) -> Position:
            stands = as_turned(turned)(switch, reading)
            position = draw(st.sampled_from((stands, *(each for each in switch.positions if each is not stands))))
            if position is not stands:
                turned.append(Turned(switch.name, position, reading.at, reading.steps))
            return position

        left = 0
        course = experience(plan, caller.number, at, decide, read, caller.caller)
        for event in until(course, lambda: caller.hangs_up):
            left += isinstance(event, Left)
            if left == steps and isinstance(event, Arrived):
                return World(tuple(found), tuple(turned), steps)
        return World(tuple(found), tuple(turned))

    return world()


def calls(plan: Plan, *, patient: bool = True, steps: int = STEPS) -> st.SearchStrategy[Call]:
    """Calls of a plan: somebody calls it at an instant of its validity, and the world turns out somehow.

    With `patient` false, some callers hang up by themselves. The walker takes each of them. After as many `steps`
    nobody looks any more, which ends calls that would go on for ever through a plan that was not proved.
    """
    who, when = callers(plan, patient=patient), instants(plan)

    @st.composite
    def call(draw: st.DrawFn) -> Call:
        caller, at = draw(who), draw(when)
        return call_of(caller, at, draw(worlds(plan, caller, at, steps=steps)))

    return call()


def call_of(caller: Caller, at: datetime.datetime, world: World) -> Call:
    """The call of somebody at an instant with zone, as a world has it turn out."""
    return Call(
        caller.number, at, world.happenings, caller.hangs_up, world.steps, turned=world.turned, caller=caller.caller
    )


def narrated(plan: Plan, call: Call) -> str:
    """A call, line by line, as findings and `dialc simulate` tell calls. Raises `CannotHappen`."""
    events = walk(plan, call)
    over = not call.steps or not isinstance(events[-1], Arrived)
    last = [end(plan, events)] if over else [f"and so on, after {call.steps} steps"]
    return "\n".join((begin(plan, call.number, call.at, call.caller), *told(plan, events), *last))


def make(plan: Plan, call: Call) -> tuple[Event, ...]:
    """What the caller of a call experiences; if the test fails that makes it, hypothesis shows the call line by line.

    Raises `CannotHappen`.
    """
    if hypothesis.currently_in_test_context():
        hypothesis.note(narrated(plan, call))
    return walk(plan, call)


def silences(plan: Plan, events: Sequence[Event]) -> tuple[tuple[int, int], ...]:
    """The stretches of a call, in seconds since it came in, in which its caller hears nobody: no prompt, no person or
    machine on the line, no announcement of a queue. Ringing and music are silence; a message that is left is not.

    A queue is taken to announce at full intervals from when the caller joined it.
    """
    spoken = [(0, 0)]
    for index, event in enumerate(events):
        match event:
            case Heard():
                spoken.append((event.at, event.at + event.seconds))
            case Queued() if isinstance(queue := plan.steps[event.queue], Queue) and queue.announce:
                over = _left(events, index)
                spoken += [(told, told) for told in range(event.at, over, queue.announce.every)]
            case Joined():
                spoken.append((event.at, _left(events, index)))
            case Arrived() if isinstance(plan.steps[event.step], Mailbox):
                spoken.append((event.at, _left(events, index)))
            case _:
                pass
    spoken.append((events[-1].at, events[-1].at))
    found: list[tuple[int, int]] = []
    since = 0
    for begins, over in spoken:
        if begins > since:
            found.append((since, begins))
        since = max(since, over)
    return tuple(found)


def _left(events: Sequence[Event], index: int) -> int:
    """When the step is left that an event is about; where the caller hangs up before, the end of the call."""
    return next((event.at for event in events[index:] if isinstance(event, Left)), events[-1].at)
