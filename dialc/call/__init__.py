"""One call walked through a plan: the reference meaning of the language.

In: a plan, and a call (who calls which line when, and what happens at each point where something can happen). Out: the
caller's experience as events, each with the seconds since the call came in. This package is the meaning that the
verifier, every backend and every reader are measured against; it is small, obvious and slow where need be, and shares
nothing with the verifier: hours are read off a wall clock here, second by second.

What can happen stands in `happenings`, what is experienced in `events`, and how a step is lived in a module for each
kind of step; a new kind is a module and a case in the match below. The other way round, `replays` makes the call that a
witness tells of, and `journeys` what a PBX writes into its record.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

import attrs

from dialc.call import bot, callback, collect, extensions, lookup, mailbox, menu, operator, queue, ring
from dialc.call.clock import Positions, has_a_say, is_open
from dialc.call.events import (
    Answered,
    AnsweredBy,
    Arrived,
    Asked,
    Booked,
    Course,
    Event,
    Heard,
    HungUp,
    Joined,
    Labelled,
    Left,
    LeftMessage,
    LookedUp,
    Pressed,
    Queued,
    Rang,
    Recorded,
    Refused,
    Spoken,
)
from dialc.call.happenings import Call, CannotHappen, Decide, Happens, Point, presses
from dialc.call.journeys import journey
from dialc.call.replays import leaves, replay
from dialc.call.switches import Reading, Reads, Turned, as_it_starts, as_turned, read_by
from dialc.plan import (
    Again,
    Answer,
    Bot,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Callback,
    Collect,
    End,
    Exit,
    Extensions,
    HangUp,
    Label,
    Lookup,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Period,
    Plan,
    Play,
    Position,
    Queue,
    Record,
    Ring,
    Step,
)

__all__ = [
    "Answered",
    "AnsweredBy",
    "Arrived",
    "Asked",
    "Booked",
    "Call",
    "CannotHappen",
    "Course",
    "Decide",
    "Event",
    "Happens",
    "Heard",
    "HungUp",
    "Joined",
    "Labelled",
    "Left",
    "LeftMessage",
    "LookedUp",
    "Point",
    "Pressed",
    "Queued",
    "Rang",
    "Reading",
    "Reads",
    "Recorded",
    "Refused",
    "Spoken",
    "Turned",
    "as_it_starts",
    "as_turned",
    "experience",
    "is_open",
    "journey",
    "leaves",
    "presses",
    "replay",
    "until",
    "walk",
]


def walk(plan: Plan, call: Call) -> tuple[Event, ...]:
    """The caller's experience of a call.

    Happenings are taken one at each point where something can happen; when they run out, nobody does anything: menus
    hear silence, phones ring to the end, queues run out of patience, a message is left, a call-back is booked by
    whoever can be rung. Raises `CannotHappen`.
    """
    happenings = iter(call.happenings)
    reads = as_turned(call.turned)
    course = experience(plan, call.number, call.at, lambda _point: next(happenings, None), reads, call.caller)
    events: list[Event] = []
    left = 0
    for event in until(course, lambda: call.hangs_up):
        events.append(event)
        left += isinstance(event, Left)
        if left == call.steps and isinstance(event, Arrived):
            break
    return tuple(events)


def experience(
    plan: Plan,
    number: str,
    at: datetime.datetime,
    decide: Decide,
    reads: Reads = as_it_starts,
    caller: str = "",
) -> Iterator[Event]:
    """The same, event by event, asking `decide` at each point and `reads` where switches stand; for calls that are made
    up as they go on.
    """
    line = plan.line(number)
    if line is None:
        raise CannotHappen(f"no line {number} in plan `{plan.name}`")
    if any(refused.holds(caller) for refused in line.refuses):
        yield Refused(0)
        return
    spoken = plan
    now, name, taken, recorded, steps = 0, line.entry, False, False, 0
    row, keys = plan.steps[name], ""
    kept = _Kept(
        caller,
        line.operator or plan.operator,
        int(at.timestamp()),
        line.phone(row, number) if isinstance(row, Extensions) else "",
        {target: plan.limit(target) for target in plan.targets()},
        plan.rings_back(caller),
    )
    while True:
        step = spoken.steps[name]
        yield Arrived(now, name)
        if not taken and _takes(step):
            yield Answered(now)
            taken = True
        positions = {switch: reads(switch, Reading(kept.begun + now, now, steps)) for switch in read_by(step)}
        course = _lived(step, now, kept, decide, positions)
        try:
            while True:
                event = next(course)
                if isinstance(event, Asked):
                    keys = ""
                elif isinstance(event, Pressed):
                    keys += event.key
                if not taken and isinstance(event, Heard):
                    yield Answered(event.at)
                    taken = True
                if isinstance(event, Recorded):
                    if recorded:
                        continue
                    recorded = True
                yield event
        except StopIteration as over:
            label, seconds = over.value
        exit = _exit(step, label, seconds)
        now, steps = now + seconds, steps + 1
        if exit.outcome is Outcome.EXTENSION:
            kept.dialled = keys
        yield Left(now, name, label)
        if exit.speaks:
            spoken = plan.spoken(exit.speaks)
            yield Spoken(now, exit.speaks)
        match exit.to:
            case End.HUNG_UP:
                yield HungUp(now, "plan")
                return
            case End.PERSON | End.UNCONFIRMED:
                return
            case str():
                name = exit.to
            case _:
                assert_never(exit.to)


def _takes(step: Step) -> bool:
    """Whether the PBX takes the call on arrival at a step, if it has not yet: it must, to play, record or hear keys.

    An operator takes it with its first prompt, which may come after phones have rung.
    """
    match step:
        case Answer() | Play() | Record() | Menu() | Collect() | Queue() | Mailbox() | Bot():
            return True
        case Label() | Branch() | ByException() | BySwitch() | ByCaller() | ByLine():
            return False
        case Ring() | Extensions() | Lookup() | Again() | HangUp() | Callback() | Operator():
            return False
        case _:
            assert_never(step)


def _exit(step: Step, label: str, seconds: int) -> Exit:
    """The exit that a step was left by; what is lived always lies within what the exit declares."""
    for exit in step.exits():
        if exit.label == label and exit.shortest <= seconds <= exit.longest:
            return exit
    raise AssertionError(f"{step.name}: no exit {label} after {seconds} s")


@attrs.define
class _Kept:
    """What survives a step: who calls, the operator of the line, the clock, the phone dialled, the returns left, and
    whether the caller can be rung back.
    """

    caller: str
    operator: str
    begun: int
    dialled: str
    returns: dict[str, int]
    rings_back: bool


def _lived(step: Step, now: int, kept: _Kept, decide: Decide, positions: Positions) -> Course:
    """What a step is to the caller who arrives `now` seconds into the call; `positions` are where switches stand."""
    instant = kept.begun + now
    match step:
        case Answer():
            return Outcome.DONE.value, 0
        case Play():
            yield Heard(now, step.prompt.name, step.prompt.seconds, whole=True)
            return Outcome.DONE.value, step.prompt.seconds
        case Label():
            yield Labelled(now, step.text)
            return Outcome.DONE.value, 0
        case Record():
            yield Recorded(now)
            return Outcome.DONE.value, 0
        case Branch():
            opened = is_open(Period(step.hours), instant, positions)
            return (Outcome.OPEN if opened else Outcome.CLOSED).value, 0
        case ByException():
            opened = is_open(Period(step.hours), instant, positions)
            if opened is step.open and has_a_say(step.hours, step.exception, instant):
                return (Outcome.OPEN if opened else Outcome.CLOSED).value, 0
            return Outcome.OTHERWISE.value, 0
        case BySwitch():
            return (Outcome.ON if positions[step.switch] is Position.ON else Outcome.OFF).value, 0
        case ByCaller():
            return (Outcome.LISTED if step.callers.holds(kept.caller) else Outcome.NOT_LISTED).value, 0
        case ByLine():
            return f"{Outcome.OWN.value} {kept.operator}", 0
        case Menu():
            return (yield from menu.lived(step, now, decide))
        case Collect():
            return (yield from collect.lived(step, now, decide))
        case Ring():
            return (yield from ring.lived(step, now, decide))
        case Extensions():
            return (yield from extensions.lived(step, kept.dialled, now, decide))
        case Queue():
            return (yield from queue.lived(step, now, kept.begun + now, decide))
        case Mailbox():
            return (yield from mailbox.lived(step, now, decide))
        case Bot():
            return (yield from bot.lived(step, now, decide))
        case Lookup():
            return (yield from lookup.lived(step, now, decide))
        case Callback():
            return (yield from callback.lived(step, now, kept.rings_back, decide))
        case Again():
            if kept.returns[step.target]:
                kept.returns[step.target] -= 1
                return Outcome.AGAIN.value, 0
            return Outcome.USED_UP.value, 0
        case HangUp():
            return Outcome.HUNG_UP.value, 0
        case Operator():
            return (yield from operator.lived(step, now, instant, decide, positions))
        case _:
            assert_never(step)


def until(events: Iterable[Event], hangs_up: Callable[[], int | None]) -> Iterator[Event]:
    """The events up to the second in which the caller hangs up, if the call lasts longer than that.

    `hangs_up` is asked anew at each event, for callers who make up their minds as they go on.
    """
    last: list[Event] = []
    for event in events:
        at = hangs_up()
        if at is None:
            yield event
        elif event.at > at:
            yield HungUp(at, "caller")
            return
        elif event.at == at > 0:
            last.append(event)
        elif isinstance(event, Heard) and event.at + event.seconds > at:
            yield Heard(event.at, event.prompt, at - event.at, whole=False)
        else:
            yield event
    yield from last
