"""Waits: what lies between one word and the next on the way out of a step.

In: what is heard in a step, and what of it counts as waiting. Out: `Run`s, the lapses of time between two words. A wait
goes on from step to step, so the first run of a step goes on from the step before, and the last in the step behind.
"""

from collections.abc import Iterable, Iterator

import attrs

from dialc.measure import Lapse
from dialc.plan import Queue, Step
from dialc.timelines import Hears, Stretch, Timeline, gap

SILENCE = (Hears.SILENCE, Hears.MUSIC)
"""What counts as silence."""

RINGING = (Hears.RINGING,)
"""What counts as ringing."""

_WORDS = (Hears.PROMPT, Hears.MACHINE, Hears.TONE)
"""What tells callers something as it begins."""

Run = tuple[Lapse, ...]
"""Lapses between two words."""


def runs_between(step: Step, heards: Iterable[Timeline], counted: tuple[Hears, ...]) -> Iterator[tuple[Run, ...]]:
    """What lies between the words of timelines of a step, of which what is `counted` counts: what goes on from the step
    before first, what goes on in the next step last; for each way in which it can come to pass.
    """
    for heard in heards:
        last = heard[-1] if heard else None
        if last is None or last.hears is not Hears.TOLD:
            yield _split(heard, counted)
            continue
        assert isinstance(step, Queue)
        told = gap(step)
        if last.shortest < told:  # nothing was announced yet, perhaps
            short = attrs.evolve(last, longest=min(last.longest, told - 1))
            yield _split((*heard[:-1], short), counted)
        if last.longest >= told:
            long = attrs.evolve(last, shortest=max(last.shortest, told))
            yield _split((*heard[:-1], long), counted, anew=True)


def _split(heard: Timeline, counted: tuple[Hears, ...], *, anew: bool = False) -> tuple[Run, ...]:
    """A timeline, cut before each word and behind each key; with `anew`, something is announced in its last stretch."""
    runs: list[list[Lapse]] = [[]]
    for index, stretch in enumerate(heard):
        if stretch.hears in _WORDS or (anew and index == len(heard) - 1):
            runs.append([])
        runs[-1].append(_lapse(stretch, counted))
        if stretch.key:
            runs.append([])
    return tuple(map(tuple, runs))


def _lapse(stretch: Stretch, counted: tuple[Hears, ...]) -> Lapse:
    in_line = stretch.hears in (Hears.MUSIC, Hears.TOLD)
    return Lapse(stretch.shortest, stretch.longest, counted=stretch.hears in counted, stays=in_line)


def counted_in(run: Run) -> int:
    """The most seconds of a run that count."""
    return sum(lapse.longest for lapse in run if lapse.counted)


def heard_out(heard: Timeline, counted: tuple[Hears, ...]) -> Iterator[tuple[int, Timeline]]:
    """For each stretch that counts behind prompts that keys can cut: which run it is in, and what is heard if it lasts
    for any time at all, since then nothing has cut them.
    """
    run = 0
    for index, stretch in enumerate(heard):
        run += stretch.hears in _WORDS
        first = index
        while first and heard[first - 1].prompt:
            first -= 1
        prompts = [attrs.evolve(each, shortest=each.longest) for each in heard[first:index]]
        if stretch.hears in counted and stretch.longest and heard[first:index] != tuple(prompts):
            yield run, (*heard[:first], *prompts, *heard[index:])
        run += stretch.key
