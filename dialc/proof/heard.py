"""What callers go through at a step, as far as the rules ask: prompts, keys, and the way to people.

In: a step, as it is in a language, and one of its exits. Out: which prompts were surely heard, when prompts begin, and
the `Way`s to people.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dialc.plan import (
    Announcement,
    Collect,
    Condition,
    Exit,
    Extensions,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Play,
    Prompt,
    Queue,
    Ring,
    Stage,
    Step,
)

CHOSEN = (Outcome.KEY, Outcome.EXTENSION, Outcome.ACCEPT)
"""The exits of a menu or collect that callers choose; all others take every try."""


def surely(step: Step, exit: Exit) -> Sequence[Prompt]:
    """The prompts that whoever took an exit has surely met. A key cuts those of a menu: then it is the first alone."""
    match step:
        case Play():
            return (step.prompt,)
        case Menu() | Collect():
            silent = exit.outcome in (Outcome.SILENCE, Outcome.UNDECIDED)
            return step.prompts if silent and not (exit.pressed and _repeats(step)) else step.prompts[:1]
        case Queue() if shut(exit):
            return ()
        case Queue():
            return step.prompts if exit.shortest >= step.seconds else step.prompts[:1]
        case Operator() if exit.outcome is not Outcome.UNSTAFFED:
            return tuple(item.prompt for item in step.items if isinstance(item, Announcement))
        case Mailbox(greeting=Prompt() as greeting):
            return (greeting,)
        case _:
            return ()


def shut(exit: Exit) -> bool:
    """Whether a queue was closed as the caller came."""
    return exit.outcome is Outcome.CLOSING and exit.stay is None


class Begins(NamedTuple):
    """A prompt, how many seconds after arrival at its step it begins, what is surely heard there before, and what
    has to hold on arrival.
    """

    prompt: Prompt
    shortest: int
    longest: int
    after: Sequence[Prompt] = ()
    when: Condition | None = None


def begins(step: Step) -> Iterator[Begins]:
    """When each prompt of a step begins, once for each try."""
    match step:
        case Play():
            yield Begins(step.prompt, 0, 0)
        case Mailbox(greeting=Prompt() as greeting):
            yield Begins(greeting, 0, 0)
        case Menu() | Collect():
            errs = isinstance(step, Collect) or step.wrong() or step.repeats or step.longest > step.seconds
            each = 0 if errs else step.seconds
            for tries in range(step.tries):
                yield from _row(step.prompts, tries * each, tries * step.longest)
        case Queue():
            yield from _row(
                step.prompts, 0, 0, Condition(step.staffed, True) if step.closing and step.staffed else None
            )
        case Operator():
            said, rung = list[Prompt](), 0
            for item in step.items:
                if isinstance(item, Announcement):
                    before = sum(prompt.seconds for prompt in said)
                    staffed = Condition(step.staffed, True) if step.staffed else None
                    yield Begins(item.prompt, before, before + rung, tuple(said), staffed)
                    said.append(item.prompt)
                else:
                    rung += item.seconds
        case _:
            pass


def _row(prompts: Sequence[Prompt], first: int, last: int, when: Condition | None = None) -> Iterator[Begins]:
    for index, prompt in enumerate(prompts):
        before = sum(each.seconds for each in prompts[:index])
        yield Begins(prompt, first + before, last + before, prompts[:index], when)


class Way(NamedTuple):
    """A way through a step: `shortest` to `longest` seconds, keys and prompts; it `comes` to people, or leaves."""

    shortest: int
    longest: int
    keys: int = 0
    prompts: int = 0
    comes: bool = False


def ways(step: Step, exit: Exit) -> Iterator[Way]:
    """The ways of callers who use up no tries that change nothing; none through a mailbox. Phones ring as their stage
    begins, and a queue is joined as its prompts are over.
    """
    keys = int(exit.pressed and not exit.speaks)
    match step:
        case Mailbox():
            return
        case Menu() | Collect():
            if exit.outcome is Outcome.SILENCE and exit.pressed:
                return
            chosen = exit.outcome in CHOSEN
            if keys and not chosen:
                silent = exit.outcome is not Outcome.INVALID and not _repeats(step)
                keys = exit.missed - silent
            longest = exit.longest - (step.tries - 1) * step.longest if chosen else exit.longest
            for number, least in _heard(step, exit, 1 if chosen else step.tries):
                yield Way(max(exit.shortest, least), longest, keys, number)
        case Extensions():
            yield Way(0, 0, comes=True)
        case Ring() | Operator() if exit.outcome is not Outcome.UNSTAFFED:
            yield until_rung(step, exit)
        case Queue() if not shut(exit):
            first, number = step.seconds, len(step.prompts)
            joined = exit.longest > first and not (exit.stay and exit.stay.ends)
            if joined or exit.longest >= first:
                yield Way(first, first, keys, number, joined)
            if exit.outcome is Outcome.KEY and exit.stay is None:
                yield from (Way(least, first - 1, keys, n) for n, least in _cut(step.prompts))
        case _:
            yield Way(exit.shortest, exit.longest, keys, int(isinstance(step, Play)))


def until_rung(step: Ring | Operator, exit: Exit) -> Way:
    """The way until people's phones ring; or all of it, where no stage has any."""
    items = step.items if isinstance(step, Operator) else step.stages
    before = tuple(itertools.takewhile(lambda item: not rings(item), items))
    said = [item.prompt.seconds for item in before if isinstance(item, Announcement)]
    if len(before) == len(items):
        return Way(exit.shortest, exit.longest, 0, len(said))
    stages = sum(item.seconds for item in before if isinstance(item, Stage))
    return Way(sum(said), sum(said) + stages, 0, len(said), comes=True)


def rings(item: Announcement | Stage) -> bool:
    """Whether the phones of people ring."""
    return isinstance(item, Stage) and any(phone.human for phone in item.phones)


def _repeats(step: Menu | Collect) -> bool:
    return isinstance(step, Menu) and bool(step.repeats)


def _cut(prompts: Sequence[Prompt]) -> list[tuple[int, int]]:
    """How many prompts are heard of which a key cuts the last, and in how few seconds."""
    return [(number + 1, sum(each.seconds for each in prompts[:number])) for number in range(len(prompts))]


def _heard(step: Menu | Collect, exit: Exit, tries: int) -> Iterator[tuple[int, int]]:
    """How many prompts may be heard in so many tries, and in how few seconds."""
    if not exit.pressed:
        yield len(step.prompts) * tries, exit.shortest
        return
    whole = exit.outcome is Outcome.UNDECIDED and not _repeats(step)
    found = {len(step.prompts): step.seconds} if whole else {0: 0}
    for _ in range(tries - whole):
        following: dict[int, int] = {}
        for (one, before), (more, least) in itertools.product(found.items(), _cut(step.prompts) or [(0, 0)]):
            following[one + more] = min(following.get(one + more, before + least), before + least)
        found = following
    yield from found.items()
