"""One call walked through a plan: the reference meaning of the language.

In: a plan, and a call (who calls which line when, and what happens at each point where something can happen). Out: the
caller's experience as events, each with the seconds since the call came in. This module is the meaning that the
verifier, every backend and every reader are measured against; it is small, obvious and slow where need be, and shares
nothing with the verifier: hours are read off a wall clock here, second by second.
"""

import datetime
import zoneinfo
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import assert_never

import attrs

from dialc.calendar import day
from dialc.plan import (
    KEYS,
    Again,
    Announcement,
    Answer,
    Branch,
    End,
    Exit,
    HangUp,
    Hours,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Outside,
    Period,
    Phone,
    Plan,
    Play,
    Prompt,
    Queue,
    Ring,
    Stage,
    Step,
)
from dialc.witness import Turn, Witness

# What happens


@attrs.frozen
class Happens:
    """What comes of one point in a call: a try of a menu, a stage of phones, a wait in a queue, a mailbox.

    `after` is in seconds since that point began; None is the usual: a key as the prompts end, a stage to its end, and
    otherwise at once. `key` goes with KEY; `who` (an extension or E.164 number) with ANSWERED and UNCONFIRMED, empty
    for the first that can.
    """

    outcome: Outcome
    after: int | None = None
    key: str = ""
    who: str = ""


def presses(key: str, after: int | None = None) -> Happens:
    """The caller presses a key."""
    return Happens(Outcome.KEY, after, key=key)


@attrs.frozen
class Point:
    """A point at which something can happen: at a step, `at` seconds into the call, in its `turn`-th try or stage."""

    step: Step
    at: int
    turn: int = 1


Decide = Callable[[Point], Happens | None]
"""Says what happens at a point; None for what happens if nobody does anything."""


@attrs.frozen
class Call:
    """A call to the line `number` (E.164) at an instant with zone.

    `hangs_up` is when the caller does, in seconds; after `steps` steps nobody looks any more, which ends a walk through
    a plan in which callers go round for ever.
    """

    number: str
    at: datetime.datetime
    happenings: tuple[Happens, ...] = ()
    hangs_up: int | None = None
    steps: int | None = None


class CannotHappen(ValueError):
    """A call was asked for that no caller can make: an unknown line, or a happening that its step does not have."""


# What the caller experiences


@attrs.frozen
class Arrived:
    """The call came to a step."""

    at: int
    step: str


@attrs.frozen
class Answered:
    """The PBX took the call."""

    at: int


@attrs.frozen
class Heard:
    """A prompt was played for so many seconds; not `whole` if a key or the caller's hanging up cut it."""

    at: int
    prompt: str
    seconds: int
    whole: bool


@attrs.frozen
class Asked:
    """A menu began a try, counted from 1."""

    at: int
    menu: str
    turn: int


@attrs.frozen
class Pressed:
    """A key was heard."""

    at: int
    key: str


@attrs.frozen
class Rang:
    """Phones began to ring: the `stage`-th of a step, counted from 1."""

    at: int
    step: str
    stage: int
    phones: tuple[str, ...]


@attrs.frozen
class Queued:
    """The caller joined a queue."""

    at: int
    queue: str


@attrs.frozen
class AnsweredBy:
    """A phone was answered and joined to the caller."""

    at: int
    step: str
    who: str


@attrs.frozen
class LeftMessage:
    """A message was left in a mailbox."""

    at: int
    box: str


@attrs.frozen
class Left:
    """A step was left; `outcome` as its exit is labelled."""

    at: int
    step: str
    outcome: str


@attrs.frozen
class HungUp:
    """The call was ended, by the `caller` or by the `plan`."""

    at: int
    by: str


Event = Arrived | Answered | Heard | Asked | Pressed | Rang | Queued | AnsweredBy | LeftMessage | Left | HungUp


def walk(plan: Plan, call: Call) -> tuple[Event, ...]:
    """The caller's experience of a call.

    Happenings are taken one at each point where something can happen; when they run out, nobody does anything: menus
    hear silence, phones ring to the end, queues run out of patience, a message is left. Raises `CannotHappen`.
    """
    happenings = iter(call.happenings)
    course = experience(plan, call.number, call.at, lambda _point: next(happenings, None))
    events: list[Event] = []
    left = 0
    for event in until(course, lambda: call.hangs_up):
        events.append(event)
        left += isinstance(event, Left)
        if left == call.steps and isinstance(event, Arrived):
            break
    return tuple(events)


def experience(plan: Plan, number: str, at: datetime.datetime, decide: Decide) -> Iterator[Event]:
    """The same, event by event, asking `decide` at each point; for calls that are made up as they go on."""
    line = next((line for line in plan.lines if line.number == number), None)
    if line is None:
        raise CannotHappen(f"no line {number} in plan `{plan.name}`")
    begun = int(at.timestamp())
    returns = {target: plan.limit(target) for target in plan.targets()}
    now, name, taken = 0, line.entry, False
    while True:
        step = plan.steps[name]
        yield Arrived(now, name)
        if not taken and _takes(step):
            yield Answered(now)
            taken = True
        course = _lived(step, now, begun + now, returns, decide)
        try:
            while True:
                event = next(course)
                if not taken and isinstance(event, Heard):
                    yield Answered(event.at)
                    taken = True
                yield event
        except StopIteration as over:
            label, seconds = over.value
        exit = _exit(step, label, seconds)
        now += seconds
        yield Left(now, name, label)
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
    """Whether the PBX takes the call on arrival at a step, if it has not yet: it must, to play or to record.

    An operator takes it with its first prompt, which may come after phones have rung.
    """
    match step:
        case Answer() | Play() | Menu() | Queue() | Mailbox():
            return True
        case Branch() | Ring() | Again() | HangUp() | Operator():
            return False
        case _:
            assert_never(step)


def _exit(step: Step, label: str, seconds: int) -> Exit:
    """The exit that a step was left by; what is lived always lies within what the exit declares."""
    for exit in step.exits():
        if exit.label == label and exit.shortest <= seconds <= exit.longest:
            return exit
    raise AssertionError(f"{step.name}: no exit {label} after {seconds} s")


_Course = Generator[Event, None, tuple[str, int]]
"""Events, and in the end the label of the exit and the seconds that the step took."""


def _lived(step: Step, now: int, instant: int, returns: dict[str, int], decide: Decide) -> _Course:
    """What a step is to the caller who arrives `now` seconds into the call, at an instant in seconds since 1970."""
    match step:
        case Answer():
            return Outcome.DONE.value, 0
        case Play():
            yield Heard(now, step.prompt.name, step.prompt.seconds, whole=True)
            return Outcome.DONE.value, step.prompt.seconds
        case Branch():
            opened = is_open(Period(step.hours), instant)
            return (Outcome.OPEN if opened else Outcome.CLOSED).value, 0
        case Menu():
            return (yield from _menu(step, now, decide))
        case Ring():
            return (yield from _ring(step, now, decide))
        case Queue():
            return (yield from _queue(step, now, decide))
        case Mailbox():
            return (yield from _mailbox(step, now, decide))
        case Again():
            if returns[step.target]:
                returns[step.target] -= 1
                return Outcome.AGAIN.value, 0
            return Outcome.USED_UP.value, 0
        case HangUp():
            return Outcome.HUNG_UP.value, 0
        case Operator():
            return (yield from _operator(step, now, instant, decide))
        case _:
            assert_never(step)


def _menu(menu: Menu, now: int, decide: Decide) -> _Course:
    begun = now
    label = Outcome.SILENCE.value
    for turn in range(1, menu.tries + 1):
        yield Asked(now, menu.name, turn)
        happens = decide(Point(menu, now, turn)) or Happens(Outcome.SILENCE)
        if happens.outcome is Outcome.SILENCE:
            yield from _heard(menu.prompts, now, None)
            now += menu.seconds
            label = Outcome.SILENCE.value
            continue
        if happens.outcome is not Outcome.KEY or happens.key not in KEYS or len(happens.key) != 1:
            raise CannotHappen(f"`{happens.outcome.value}` cannot happen in the menu `{menu.name}`")
        after = sum(prompt.seconds for prompt in menu.prompts) if happens.after is None else happens.after
        if not 0 <= after <= menu.seconds:
            raise CannotHappen(f"a key after {after} s comes too late for a try of `{menu.name}`")
        yield from _heard(menu.prompts, now, after)
        now += after
        yield Pressed(now, happens.key)
        if any(choice.key == happens.key for choice in menu.choices):
            return f"key {happens.key}", now - begun
        label = Outcome.INVALID.value
    return label, now - begun


def _heard(prompts: Iterable[Prompt], now: int, cut: int | None) -> Iterator[Event]:
    """Prompts one after another, cut `cut` seconds after the first began."""
    left = cut
    for prompt in prompts:
        if left is not None and left < prompt.seconds:
            yield Heard(now, prompt.name, left, whole=False)
            return
        yield Heard(now, prompt.name, prompt.seconds, whole=True)
        now += prompt.seconds
        left = None if left is None else left - prompt.seconds


def _stage(step: Ring | Operator, number: int, stage: Stage, now: int, decide: Decide) -> _Course:
    """One stage of phones: its outcome, and the seconds it took."""
    yield Rang(now, step.name, number, tuple(phone.number for phone in stage.phones))
    happens = decide(Point(step, now, number)) or Happens(Outcome.NO_ANSWER)
    to_the_end = happens.outcome is Outcome.NO_ANSWER and happens.after is None
    after = stage.seconds if to_the_end else happens.after or 0
    able: dict[Outcome, Sequence[Phone]] = {
        Outcome.ANSWERED: [phone for phone in stage.phones if phone.human],
        Outcome.UNCONFIRMED: [phone for phone in stage.phones if not phone.human],
        Outcome.DECLINED: [phone for phone in stage.phones if isinstance(phone, Outside) and phone.confirm],
        Outcome.BUSY: stage.phones,
        Outcome.NO_ANSWER: stage.phones,
        Outcome.UNAVAILABLE: stage.phones,
    }
    who = next((phone.number for phone in able.get(happens.outcome, ()) if happens.who in ("", phone.number)), None)
    if who is None or not 0 <= after <= stage.seconds:
        what = f"{happens.outcome.value} {happens.who}".strip()
        raise CannotHappen(f"`{what}` after {after} s cannot happen in stage {number} of `{step.name}`")
    if happens.outcome in (Outcome.ANSWERED, Outcome.UNCONFIRMED):
        yield AnsweredBy(now + after, step.name, who)
    return happens.outcome.value, after


def _ring(ring: Ring, now: int, decide: Decide) -> _Course:
    begun = now
    label = Outcome.NO_ANSWER.value
    for number, stage in enumerate(ring.stages, 1):
        label, seconds = yield from _stage(ring, number, stage, now, decide)
        now += seconds
        if label in (Outcome.ANSWERED.value, Outcome.UNCONFIRMED.value):
            break
    return label, now - begun


def _operator(operator: Operator, now: int, instant: int, decide: Decide) -> _Course:
    if operator.staffed is not None and not is_open(operator.staffed, instant):
        return Outcome.UNSTAFFED.value, 0
    begun, number = now, 0
    for item in operator.items:
        match item:
            case Announcement():
                yield Heard(now, item.prompt.name, item.prompt.seconds, whole=True)
                now += item.prompt.seconds
            case Stage():
                number += 1
                label, seconds = yield from _stage(operator, number, item, now, decide)
                now += seconds
                if label in (Outcome.ANSWERED.value, Outcome.UNCONFIRMED.value):
                    return label, now - begun
            case _:
                assert_never(item)
    return Outcome.UNANSWERED.value, now - begun


def _queue(queue: Queue, now: int, decide: Decide) -> _Course:
    happens = decide(Point(queue, now)) or Happens(Outcome.TIMEOUT)
    first, last = queue.seconds, queue.seconds + queue.patience
    at_once = last if happens.outcome is Outcome.TIMEOUT else first
    after = at_once if happens.after is None else happens.after
    label = f"key {happens.key}" if happens.outcome is Outcome.KEY else happens.outcome.value
    member = next((m.number for m in queue.members if happens.who in ("", m.number)), None)
    fits = any(exit.label == label and exit.shortest <= after <= exit.longest for exit in queue.exits())
    if not fits or (happens.outcome is Outcome.ANSWERED and member is None):
        raise CannotHappen(f"`{label} {happens.who}` after {after} s cannot happen in the queue `{queue.name}`")
    if happens.outcome is Outcome.KEY and after < first:
        yield from _heard(queue.prompts, now, after)
    else:
        yield from _heard(queue.prompts, now, None)
        yield Queued(now + first, queue.name)
    if happens.outcome is Outcome.KEY:
        yield Pressed(now + after, happens.key)
    if happens.outcome is Outcome.ANSWERED and member is not None:
        yield AnsweredBy(now + after, queue.name, member)
    return label, after


def _mailbox(mailbox: Mailbox, now: int, decide: Decide) -> _Course:
    happens = decide(Point(mailbox, now)) or Happens(Outcome.LEFT, min(10, mailbox.longest))
    after = happens.after or 0
    if happens.outcome not in (Outcome.LEFT, Outcome.NOTHING_LEFT, Outcome.FAILED) or after > mailbox.longest:
        raise CannotHappen(f"`{happens.outcome.value}` after {after} s cannot happen in the mailbox `{mailbox.name}`")
    greeting = 0
    if mailbox.greeting is not None:
        greeting = mailbox.greeting.seconds
        yield Heard(now, mailbox.greeting.name, greeting, whole=True)
    if happens.outcome is Outcome.LEFT:
        yield LeftMessage(now + greeting + after, mailbox.box)
    return happens.outcome.value, greeting + after


def is_open(period: Period, instant: int) -> bool:
    """Whether a period is open at an instant (seconds since 1970), as a clock on the wall would have it."""
    zone = zoneinfo.ZoneInfo(period.hours.zone)
    return any(_open_at(period.hours, zone, instant - ago) for ago in range(period.plus + 1))


def _open_at(hours: Hours, zone: zoneinfo.ZoneInfo, instant: int) -> bool:
    clock = datetime.datetime.fromtimestamp(instant, zone)
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    return any(span.start <= seconds < span.end for span in day(hours, clock.date()))


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


# The journey: what a PBX writes into its call record


def journey(plan: Plan, number: str, events: Sequence[Event]) -> str:
    """The call as the record of a PBX tells it: the number called, then each point passed, with the seconds so far.

    `12:main` is an arrival, `19:main=key-1` how a step with several ways out was left, `80:desk=answered/100` who
    answered; `STEP=hung-up` is the plan hanging up, `caller-hung-up` the caller.
    """
    points = [number]
    who = ""
    for event in events:
        match event:
            case Arrived():
                points.append(f"{event.at}:{event.step}")
            case AnsweredBy():
                who = f"/{event.who}"
            case Left() if len(plan.steps[event.step].exits()) > 1 or event.outcome == Outcome.HUNG_UP.value:
                points.append(f"{event.at}:{event.step}={event.outcome.replace(' ', '-')}{who}")
            case HungUp() if event.by == "caller":
                points.append(f"{event.at}:caller-hung-up")
            case _:
                pass
    return " ".join(points)


# A witness, walked


def replay(plan: Plan, witness: Witness) -> Call:
    """The call that a witness tells of, as one that `walk` can take."""
    happenings = [h for turn in witness.turns for h in _happenings(plan.steps[turn.step], turn)]
    return Call(witness.number, witness.at, tuple(happenings), steps=len(witness.turns))


def _happenings(step: Step, turn: Turn) -> Iterator[Happens]:
    exit, seconds = turn.exit, turn.seconds
    match step:
        case Menu():
            yield from _tries(step, turn)
        case Ring() | Operator():
            if exit.outcome is not Outcome.UNSTAFFED:
                yield from _stages(step, exit, seconds)
        case Queue():
            yield Happens(exit.outcome, seconds, key=exit.key)
        case Mailbox():
            yield Happens(exit.outcome, seconds - (step.greeting.seconds if step.greeting else 0))
        case Answer() | Play() | Branch() | Again() | HangUp():
            return
        case _:
            assert_never(step)


def _tries(menu: Menu, turn: Turn) -> Iterator[Happens]:
    """Tries that leave a menu as a witness tells."""
    exit, seconds = turn.exit, turn.seconds
    wrong = next((key for key in KEYS if all(choice.key != key for choice in menu.choices)), "")
    if turn.missed:
        for _ in range(turn.missed):
            after = min(menu.seconds, seconds)
            seconds -= after
            yield presses(wrong, after)
        yield presses(exit.key, seconds)
        return
    if exit.outcome is Outcome.KEY:
        silent = min(seconds // menu.seconds, menu.tries - 1)
        yield from [Happens(Outcome.SILENCE)] * silent
        yield presses(exit.key, seconds - silent * menu.seconds)
        return
    left = seconds - (menu.seconds if exit.outcome is Outcome.SILENCE else 0)
    for _ in range(menu.tries - (exit.outcome is Outcome.SILENCE)):
        after = min(menu.seconds, left)
        left -= after
        yield presses(wrong, after) if exit.pressed else Happens(Outcome.SILENCE)
    if exit.outcome is Outcome.SILENCE:
        yield Happens(Outcome.SILENCE)


def _stages(step: Ring | Operator, exit: Exit, seconds: int) -> Iterator[Happens]:
    """Stages that leave a ring or an operator by an exit after so many seconds."""
    stages = step.stages
    items: Sequence[Announcement | Stage] = step.items if isinstance(step, Operator) else stages
    answered = exit.outcome in (Outcome.ANSWERED, Outcome.UNCONFIRMED)
    able = [i for i, s in enumerate(stages) if any(_can(phone, exit) for phone in s.phones)] if answered else []
    said = [0]
    for item in items:
        if isinstance(item, Announcement):
            said[-1] += item.prompt.seconds
        else:
            said.append(0)
    for final in able or [len(stages) - 1]:
        left = seconds - sum(said[: final + 1] if answered else said)
        if 0 <= left <= sum(stage.seconds for stage in stages[: final + 1]):
            break
    for stage in stages[:final]:
        after = min(stage.seconds, left)
        left -= after
        yield Happens(Outcome.NO_ANSWER, after)
    if answered:
        who = next(phone.number for phone in stages[final].phones if _can(phone, exit))
        yield Happens(exit.outcome, left, who=who)
    else:
        yield Happens(Outcome.NO_ANSWER if isinstance(step, Operator) else exit.outcome, left)


def _can(phone: Phone, exit: Exit) -> bool:
    """Whether a phone can be the one that an exit tells of."""
    return phone.human is (exit.outcome is Outcome.ANSWERED)
