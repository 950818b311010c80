"""What callers hear on their way out of a step, stretch by stretch.

In: a step and one of its exits. Out: its `timeline`, a sequence of `Stretch`es of whole seconds, whose bounds together
are those of the exit. Rules about time look at nothing else: for them a step is what is heard in it and for how long,
so that a new kind of step is one case more here and changes no rule.
"""

import enum
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

import attrs

from dialc.digits import named
from dialc.plan import (
    Again,
    Announcement,
    Answer,
    Bot,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Callback,
    Collect,
    Condition,
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
    Play,
    Prompt,
    Queue,
    Record,
    Ring,
    Stage,
    Step,
)

RETRY = 1
"""Seconds for which a queue rings nobody after a member has not answered (`retry` in the files emitted)."""


PLACING = 90
"""Seconds that it may take to place a call-back while its hours are open: whoever booked has half a minute to hang up,
and bookings are looked at once a minute.
"""


class Hears(enum.Enum):
    """What a caller hears in a stretch of time."""

    PROMPT = "a prompt"
    SILENCE = "nothing"
    RINGING = "ringing"
    MUSIC = "music"
    TOLD = "music, and again and again where they stand"
    MACHINE = "a machine that talks to them"
    TONE = "a tone, behind which they talk"


@attrs.frozen
class Stretch:
    """Seconds in which a caller hears one thing: at least `shortest`, at most `longest`.

    `prompt` is the one that is played. `people` says that the phones of people ring, or that the caller waits in line
    for them. A stretch that is `spared` belongs to a try that the caller need not have made. A `key` of the caller's
    ends it.
    """

    hears: Hears
    shortest: int
    longest: int
    prompt: Prompt | None = None
    people: bool = False
    spared: bool = False
    key: bool = False


Timeline = tuple[Stretch, ...]


def timeline(step: Step, exit: Exit) -> Timeline:
    """What the caller hears who leaves the step by this exit; `exit` is one of `step.exits()`."""
    return endings(step, exit)[0]


def endings(step: Step, exit: Exit) -> tuple[Timeline, ...]:
    """The same, told apart by what a caller did last: first of all who pressed a key, then who let a wait pass.

    The first has the bounds of the exit.
    """
    match step:
        case Menu():
            return tuple(_menu(step, exit))
        case Collect():
            return tuple(_collect(step, exit))
        case _:
            return (_single(step, exit),)


def _single(step: Step, exit: Exit) -> Timeline:
    match step:
        case Play():
            return tuple(_whole([step.prompt]))
        case Ring():
            return tuple(_rung(step.stages, exit))
        case Extensions():
            return (Stretch(Hears.RINGING, 0, step.seconds, people=True),)
        case Operator() if exit.outcome is Outcome.UNSTAFFED:
            return ()
        case Operator():
            return tuple(_rung(step.items, exit))
        case Queue():
            return tuple(_queue(step, exit))
        case Mailbox():
            greeting = _whole([step.greeting] if step.greeting else [])
            return (*greeting, Stretch(Hears.TONE, 0, step.longest))
        case Bot() if exit.outcome is Outcome.FAILED:
            return (Stretch(Hears.RINGING, 0, step.ring),)
        case Bot():
            talks = step.limit if exit.outcome is Outcome.LIMIT else 0
            return (Stretch(Hears.RINGING, 0, step.ring), Stretch(Hears.MACHINE, talks, step.limit))
        case Lookup():
            return (Stretch(Hears.SILENCE, exit.shortest, exit.longest),)
        case Answer() | Label() | Record() | Branch() | ByException() | BySwitch() | ByCaller() | ByLine():
            return ()
        case Callback() | Again() | HangUp():
            return ()
        case Menu() | Collect():
            raise AssertionError("a menu is left in several ways")
        case _:
            assert_never(step)


@attrs.frozen
class Beginning:
    """A prompt of a step, and how many seconds after arrival at the step it can begin, at the least and at the most.

    `after` are the prompts that are surely played to their ends before it, in the step; `when` has to hold on arrival.
    """

    prompt: Prompt
    shortest: int
    longest: int
    after: tuple[Prompt, ...] = ()
    when: Condition | None = None


def beginnings(step: Step) -> Iterator[Beginning]:
    """When the prompts of a step begin, each once for each time that it can be played."""
    match step:
        case Play():
            yield Beginning(step.prompt, 0, 0)
        case Menu():
            missed = bool(step.wrong() or step.repeats) or step.longest > step.seconds
            for tries in range(step.tries):
                yield from _in_order(step.prompts, 0 if missed else tries * step.seconds, tries * step.longest)
        case Collect():
            for tries in range(step.tries):
                yield from _in_order(step.prompts, 0, tries * step.longest)
        case Queue():
            opened = Condition(step.staffed, open=True) if step.closing and step.staffed else None
            yield from _in_order(step.prompts, 0, 0, opened)
        case Operator():
            staffed = Condition(step.staffed, open=True) if step.staffed else None
            rung, said = 0, list[Prompt]()
            for item in step.items:
                match item:
                    case Announcement(prompt=prompt):
                        before = sum(each.seconds for each in said)
                        yield Beginning(prompt, before, before + rung, tuple(said), staffed)
                        said.append(prompt)
                    case Stage():
                        rung += item.seconds
                    case _:
                        assert_never(item)
        case Mailbox():
            yield from _in_order((step.greeting,) if step.greeting else (), 0, 0)
        case Answer() | Label() | Record() | Branch() | ByException() | BySwitch() | ByCaller() | ByLine():
            return
        case Ring() | Extensions() | Bot() | Lookup() | Callback() | Again() | HangUp():
            return
        case _:
            assert_never(step)


def _in_order(
    prompts: Sequence[Prompt], shortest: int, longest: int, when: Condition | None = None
) -> Iterator[Beginning]:
    """Prompts of which each follows the one before; whoever cuts one hears none of the others."""
    for index, prompt in enumerate(prompts):
        before = sum(each.seconds for each in prompts[:index])
        yield Beginning(prompt, shortest + before, longest + before, tuple(prompts[:index]), when)


def gap(queue: Queue) -> int:
    """The most seconds of music between two announcements of a queue that has some.

    An announcement is due `every` so many seconds, and waits until no member is being rung: one who began to ring a
    second before it was due rings to the end, and then the queue pauses.
    """
    assert queue.announce is not None
    return queue.announce.every - 1 + queue.ring + RETRY


def _whole(prompts: Iterable[Prompt]) -> Iterator[Stretch]:
    return (Stretch(Hears.PROMPT, p.seconds, p.seconds, p) for p in prompts)


def _cut(prompts: Iterable[Prompt], *, spared: bool = False) -> Iterator[Stretch]:
    """Prompts that a key can cut at any second."""
    return (Stretch(Hears.PROMPT, 0, p.seconds, p, spared=spared) for p in prompts)


def _pressed(wait: int, keys: int, *, spared: bool = False) -> Iterator[Stretch]:
    """Keys, each of which the caller can think about for so many seconds."""
    return (Stretch(Hears.SILENCE, 0, wait, spared=spared, key=True) for _ in range(keys))


def _missed(asks: Menu | Collect, keys: int) -> Timeline:
    """All tries but the last, of so many keys at most each."""
    thinks = Stretch(Hears.SILENCE, 0, asks.wait, spared=True)
    once = (*_cut(asks.prompts, spared=True), *_pressed(asks.wait, keys - 1, spared=True), thinks)
    return once * (asks.tries - 1)


def _menu(menu: Menu, exit: Exit) -> Iterator[Timeline]:
    keys = max((len(direct.longest) for direct in menu.direct), default=1)
    missed, cut = _missed(menu, keys), tuple(_cut(menu.prompts))
    waits = Stretch(Hears.SILENCE, menu.wait, menu.wait)
    match exit.outcome:
        case Outcome.KEY:
            yield (*missed, *cut, *_pressed(menu.wait, 1))
        case Outcome.EXTENSION:
            row = next(direct for direct in menu.direct if direct.row == exit.what)
            yield (*missed, *cut, *_pressed(menu.wait, len(row.longest)))
        case Outcome.INVALID:
            yield (*missed, *cut, *_pressed(menu.wait, keys))
            if keys > 1:  # a number was left unfinished
                yield (*missed, *cut, *_pressed(menu.wait, keys - 1), waits)
        case _ if not exit.pressed:
            yield (*_whole(menu.prompts), waits) * menu.tries
        case _:
            if menu.repeats:
                yield (*missed, *cut, *_pressed(menu.wait, 1))
            if missed:
                yield (*missed, *_whole(menu.prompts), waits)


def _collect(collect: Collect, exit: Exit) -> Iterator[Timeline]:
    missed, cut = _missed(collect, collect.keys), tuple(_cut(collect.prompts))
    waits = Stretch(Hears.SILENCE, collect.wait, collect.wait)
    if exit.outcome is Outcome.SILENCE:
        whole = (*_whole(collect.prompts), waits)
        yield (*missed, *whole) if exit.pressed else whole * collect.tries
        return
    keys = waited = collect.keys
    if exit.outcome is Outcome.ACCEPT:
        taken = zip(collect.accepts, collect.samples(), strict=True)
        lengths = next(samples for accept, samples in taken if samples and named(accept.what) == exit.what)
        keys = max(min(length + 1, collect.keys) for length in lengths)  # `#` ends an entry
        waited = max((length + 1 for length in lengths if length < collect.keys), default=1)
    yield (*missed, *cut, *_pressed(collect.wait, keys))
    if waited > 1:
        yield (*missed, *cut, *_pressed(collect.wait, waited - 1), waits)


def _rung(items: Iterable[Announcement | Stage], exit: Exit) -> Iterator[Stretch]:
    """Prompts and stages up to the one at which the exit is taken at the latest; each stage can be over at once."""
    human = exit.to is not End.UNCONFIRMED
    answered = exit.outcome in (Outcome.ANSWERED, Outcome.UNCONFIRMED)
    found = list(items)
    if answered:
        takes = [
            index
            for index, item in enumerate(found)
            if isinstance(item, Stage) and any(phone.human is human for phone in item.phones)
        ]
        first, last = takes[0], takes[-1]
        found = found[: last + 1]
    else:
        first = len(found)
    for index, item in enumerate(found):
        match item:
            case Announcement(prompt=prompt):
                passed = answered and index > first
                yield Stretch(Hears.PROMPT, 0 if passed else prompt.seconds, prompt.seconds, prompt, spared=passed)
            case Stage():
                people = any(phone.human for phone in item.phones)
                passed = answered and index > first
                yield Stretch(Hears.RINGING, 0, item.seconds, people=people, spared=passed)
            case _:
                assert_never(item)


def _queue(queue: Queue, exit: Exit) -> Iterator[Stretch]:
    first = queue.seconds
    hears = Hears.TOLD if queue.announce else Hears.MUSIC
    if exit.outcome is Outcome.CLOSING and not exit.stay:
        return
    if exit.longest < first:  # a key in the prompts, before their last second is over
        *cut, last = _cut(queue.prompts)
        yield from (*cut, attrs.evolve(last, longest=last.longest - 1))
        return
    keys = exit.shortest < first
    yield from _cut(queue.prompts) if keys else _whole(queue.prompts)
    waits = exit.longest - first
    if waits:
        shortest = 0 if keys else exit.shortest - first
        yield Stretch(hears, shortest, waits, people=True, key=exit.outcome is Outcome.KEY)
