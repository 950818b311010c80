"""Samples: a few stretches of instants at which calls begin that stand for all others.

In: a survey. Out: the same survey, of calls that begin in these stretches only. A call sees of the hours what changes
while it lasts, and no more: of two instants, after which the same hours begin and end so many seconds later, for as
long as the longest call lasts, every call that begins at the one can begin at the other. In 28 years of ordinary hours
there are some dozens of such, for most of which the first week is enough.

Of those that are alike the first are taken, so whatever is the extreme of all calls is found, and so is the earliest
call that comes to it. How often, or until when, something can be is not to be asked of a sample.
"""

import itertools
from collections.abc import Iterator

import attrs

from dialc.calendar import Calendar, Instants, union
from dialc.plan import Condition, End
from dialc.reach.circles import behind
from dialc.reach.surveys import Survey


def sampled(survey: Survey, *, calm: bool = False) -> Survey:
    """A survey of calls that stand for all; if `calm`, for all during which no hours begin or end."""
    lasts: dict[str, int] = {}
    longest = survey.longest(lambda _step, exit: exit.longest)
    for beginning in survey.beginnings():
        entry = beginning.situation.step
        lasts[entry] = max(lasts.get(entry, 0), longest[beginning.situation])
    known: dict[tuple[frozenset[Instants], int], Instants] = {}
    samples: dict[str, Instants] = {}
    for entry, most in lasts.items():
        question = frozenset(_asked(survey, entry)), most
        if question not in known:
            stretches = _samples(survey.calendar, *question)
            ends = max(1, most) if calm else 0  # a gap at least, so that none become one
            known[question] = union((start, end - ends) for start, end in stretches)
        samples[entry] = known[question]
    return attrs.evolve(survey, samples=samples)


def _asked(survey: Survey, entry: str) -> Iterator[Instants]:
    """All hours that calls ask for which come in at a step, as the instants at which they are so."""
    conditions: dict[Condition, None] = {}
    steps = behind([entry], lambda step: [exit.to for exit in survey.exits(step) if not isinstance(exit.to, End)])
    for exit in itertools.chain.from_iterable(map(survey.exits, steps)):
        if exit.when is not None:
            conditions[exit.when] = None
        if exit.stay is not None:
            conditions.update((Condition(exit.stay.period, open=opened), None) for opened in (True, False))
    return map(survey.calendar.when, conditions)


def _samples(calendar: Calendar, asked: frozenset[Instants], most: int) -> Iterator[tuple[int, int]]:
    """Stretches that stand for all instants of the validity, for calls that last so many seconds at most."""
    changes: dict[int, int] = {calendar.start: 0, calendar.end: 0}
    for index, instants in enumerate(asked):
        for edge in itertools.chain.from_iterable(instants.stretches):
            changes[edge] = changes.get(edge, 0) ^ 1 << index
    edges = sorted(changes)
    states = list(itertools.accumulate((changes[edge] for edge in edges), int.__xor__))
    longest: dict[tuple[object, ...], int] = {}
    for index, (start, end) in enumerate(itertools.pairwise(edges)):
        if not calendar.start <= start < calendar.end:
            continue
        ahead: list[tuple[int, int]] = []
        for later in range(index + 1, len(edges)):
            if edges[later] - end >= most:
                break
            ahead.append((edges[later] - end, states[later]))
        alike = (states[index], *ahead)
        length = min(end - start, most + 1)
        if length > longest.get(alike, 0):
            longest[alike] = length
            yield start, end
