"""The way to people: what callers go through at a step before phones of people ring or a queue is joined.

In: a step and one of its exits. Out: `Way`s, of which each comes to people in the step or leaves by it without;
and the measures that are made of them: seconds, keys, prompts, hand-offs. A queue is joined as its prompts end, unless
it is full or closes in that very second; phones ring as their stage begins, whether or not they can be reached.

Two kinds of callers are measured. Whoever is *sure* uses up no tries that change nothing: they press the right key at
once, only wrong ones, or none, but not some wrong ones before a right one, or before a silence that would have led them
to the same. All others press what they like.

The way can be followed further, until the phone of an operator rings (`Whom`); then rings and queues lie on it, too.
"""

import enum
from collections.abc import Iterable, Iterator, Mapping

import attrs

from dialc.measure import Lapse, Measure, Passage
from dialc.plan import Bot, Collect, Exit, Extensions, Mailbox, Menu, Operator, Outcome, Queue, Ring, Step
from dialc.timelines import Stretch, Timeline, timeline

CHOSEN = (Outcome.KEY, Outcome.EXTENSION, Outcome.ACCEPT)
"""The ways out of a menu or a collect that callers choose."""


HAND_OFFS = (Ring, Extensions, Queue, Bot)
"""The steps at which a call is handed on."""


class Whom(enum.Enum):
    """Who is at the end of a way."""

    ANYBODY = "a person"
    OPERATOR = "the operator"


@attrs.frozen
class Way:
    """A way through a step: what is heard, and whether it `comes` to people then, or leaves by the exit without.

    `stays` if the hours that the exit asks for count as soon as the prompts are over (`Exit.stay`).
    """

    heard: Timeline
    comes: bool
    stays: bool = False


def ways(
    step: Step, exit: Exit, *, sure: bool, whom: Whom = Whom.ANYBODY, heards: Iterable[Timeline] = ()
) -> Iterator[Way]:
    """The ways through a step by an exit, up to its people; none through a mailbox, since whoever is given to one is
    not on the way to them any more. What is heard on them can be given where it has to be told apart (`endings`).
    """
    if isinstance(step, Mailbox):
        return
    for whole in heards or (timeline(step, exit),):
        heard = whole
        if isinstance(step, Menu | Collect):
            if sure and exit.outcome is Outcome.SILENCE and exit.pressed:
                continue
            if exit.outcome not in CHOSEN:  # it takes all tries
                heard = tuple(attrs.evolve(stretch, spared=False) for stretch in whole)
            elif sure:
                heard = tuple(stretch for stretch in whole if not stretch.spared)
        if whom is Whom.OPERATOR and not isinstance(step, Operator):
            yield Way(heard, comes=False, stays=exit.stay is not None)
        else:
            yield from _up_to_people(step, exit, heard)


def _up_to_people(step: Step, exit: Exit, heard: Timeline) -> Iterator[Way]:
    first = next((index for index, stretch in enumerate(heard) if stretch.people), None)
    stays = exit.stay is not None
    if first is None:
        yield Way(heard, comes=False, stays=stays)
        return
    before = heard[:first]
    if not isinstance(step, Queue):
        yield Way(before, comes=True)
    elif exit.stay and exit.stay.ends:  # whoever waits before it closes could have been answered, too
        yield Way(before, comes=False, stays=True)
    elif exit.outcome is Outcome.KEY and not exit.stay:
        yield Way(tuple(attrs.evolve(stretch, shortest=stretch.longest) for stretch in before), comes=True)
        if before:
            *cut, last = before
            yield Way((*cut, attrs.evolve(last, longest=last.longest - 1)), comes=False)
    else:
        yield Way(before, comes=True, stays=stays)


def seconds(*, sure: bool, whom: Whom = Whom.ANYBODY) -> Measure:
    """The seconds until people."""

    def measure(step: Step, exit: Exit) -> Iterator[Passage]:
        for way in ways(step, exit, sure=sure, whom=whom):
            yield passage(way, counted=True)

    return measure


def keys(*, sure: bool, whom: Whom = Whom.ANYBODY) -> Measure:
    """The keys until people: for each try one, if anything is pressed in it, since all digits of an entry are one
    answer. For whoever is `sure`, the choice of a language is none.
    """

    def measure(step: Step, exit: Exit) -> Iterator[Passage]:
        for way in ways(step, exit, sure=sure, whom=whom):
            pressed = 0 if way.comes else answers(step, exit, sure=sure)
            yield attrs.evolve(passage(way, counted=False), adds=pressed)

    return measure


def prompts(*, sure: bool, most: bool, whom: Whom = Whom.ANYBODY) -> Measure:
    """The prompts until people, each as often as it is heard; for their most, or for their least."""

    def measure(step: Step, exit: Exit) -> Iterator[Passage]:
        for way in ways(step, exit, sure=sure, whom=whom):
            shortest, longest = _bounds(way)
            for number, (first, last) in hearings(way.heard).items():
                bounds = (first, longest) if most else (shortest, last)
                yield attrs.evolve(_lasting(way, *bounds, counted=False), adds=number)

    return measure


def hand_offs(*, whom: Whom = Whom.ANYBODY) -> Measure:
    """How often a call is handed on until people, they themselves among it; nothing counts once the phones of an
    operator have rung, were they answered by machines alone.
    """

    def measure(step: Step, exit: Exit) -> Iterator[Passage]:
        rung = isinstance(step, Operator) and exit.outcome is not Outcome.UNSTAFFED
        for way in ways(step, exit, sure=True, whom=whom):
            through = passage(way, counted=False)
            yield attrs.evolve(through, adds=int(isinstance(step, HAND_OFFS)), leads=int(rung))
            yield attrs.evolve(through, phase=1, leads=1)

    return measure


def passage(way: Way, *, counted: bool) -> Passage:
    """A way as a measure has it."""
    return _lasting(way, *_bounds(way), counted=counted)


def _bounds(way: Way) -> tuple[int, int]:
    return sum(stretch.shortest for stretch in way.heard), sum(stretch.longest for stretch in way.heard)


def _lasting(way: Way, shortest: int, longest: int, *, counted: bool) -> Passage:
    if not way.stays:
        return Passage((Lapse(shortest, longest, counted),) if longest else (), ends=way.comes)
    since = sum(stretch.longest for stretch in way.heard if not stretch.people)
    lapses = (Lapse(since, since, counted),) if since else ()
    return Passage((*lapses, Lapse(shortest - since, longest - since, counted, stays=True)), ends=way.comes)


def answers(step: Step, exit: Exit, *, sure: bool) -> int:
    """The most tries in which something is pressed on the way to an exit."""
    if not exit.pressed:
        return 0
    if sure and exit.speaks:
        return 0
    if not isinstance(step, Menu | Collect):
        return 1
    if exit.outcome in CHOSEN:
        return 1 + (0 if sure or not _can_miss(step) else exit.missed)
    silent_at_last = exit.outcome is not Outcome.INVALID and not (isinstance(step, Menu) and step.repeats)
    return exit.missed - silent_at_last


def _can_miss(step: Menu | Collect) -> bool:
    """Whether a try can be used up by pressing something."""
    if isinstance(step, Menu) and step.repeats:
        return True
    return any(exit.outcome is Outcome.INVALID for exit in step.exits())


def hearings(heard: Timeline) -> Mapping[int, tuple[int, int]]:
    """How many prompts may be heard, and in how few and how many seconds just so many can be.

    Whoever cuts a prompt hears no other before they are asked again, and one that is cut as it begins is heard.
    """
    found = {0: (0, 0)}
    for group in _tries(heard):
        within = _hearings_of_try(group)
        following: dict[int, tuple[int, int]] = {}
        for before, (fewest, most) in found.items():
            for number, (first, last) in within.items():
                low, high = following.get(before + number, (fewest + first, most + last))
                following[before + number] = min(low, fewest + first), max(high, most + last)
        found = following
    return found


def _tries(heard: Timeline) -> Iterator[Timeline]:
    """The stretches, parted behind each one that is no prompt."""
    begun: list[Stretch] = []
    for stretch in heard:
        begun.append(stretch)
        if stretch.prompt is None:
            yield tuple(begun)
            begun = []
    if begun:
        yield tuple(begun)


def _hearings_of_try(group: Timeline) -> Mapping[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {0: (0, 0)} if any(stretch.spared for stretch in group) else {}
    number = begins = 0
    for stretch in group:
        if stretch.prompt is None:
            first, last = found[number] if number else (0, 0)
            found[number] = (begins + stretch.shortest if stretch.shortest else first, last + stretch.longest)
            continue
        if number:  # it alone was heard only by whoever cut it
            first, _ = found.pop(number)
            if first < begins:
                found[number] = (first, begins - 1)
        number += 1
        found[number] = (begins + stretch.shortest, begins + stretch.longest)
        begins += stretch.longest
    return found


def reached(step: Step, seconds: int = 0) -> str:
    """What happens as a caller comes to people at a step, so many seconds after they came there."""
    later = f" after {seconds} s more" if seconds else ""
    return f"{'is in line' if isinstance(step, Queue) else 'rings'}{later}"
