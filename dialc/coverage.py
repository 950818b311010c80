"""Coverage: which exits of a plan the calls of its scenarios take, and which they leave out.

In: a plan, and the events of calls that were made. Out: `Coverage`. What is asked for is every exit of every step that
some call can take, whenever it comes in and however switches stand, as `reach` knows it; one that no call can ever take
is not asked for. Exits of a step that are labelled alike lead to the same and count as one. Of a plan in which callers
can go round for ever, calls are looked at until they come round.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from dialc import reach
from dialc.call import Event, Left
from dialc.plan import End, Exit, Plan
from dialc.reach import Situation, Survey
from dialc.source import Place
from dialc.witness import written

Key = tuple[str, str]
"""A step, and the label of an exit of it."""


@attrs.frozen
class Open:
    """An exit that calls can take: of which step, of which block as people write it (`main`, `branch("Kraków", desk)`),
    and where the plan says where it leads.
    """

    step: str
    block: str
    exit: Exit
    place: Place

    @property
    def key(self) -> Key:
        """What it is counted by."""
        return self.step, self.exit.label

    @property
    def to(self) -> str:
        """The block that it leads to; empty where the call ends, and where it goes on in the same."""
        to = self.exit.to
        return "" if isinstance(to, End) or to != written(to) else to

    def __str__(self) -> str:
        return f"{self.block}: {self.exit.label}{f' -> {self.to}' if self.to else ''}"


@attrs.frozen
class Coverage:
    """The exits that calls can take, in the order of the plan, and which of them were `taken`."""

    exits: tuple[Open, ...]
    taken: frozenset[Key]

    @property
    def missing(self) -> tuple[Open, ...]:
        """The exits that were not taken."""
        return tuple(each for each in self.exits if each.key not in self.taken)


def passed(events: Iterable[Event]) -> frozenset[Key]:
    """The exits that a call has taken."""
    return frozenset((event.step, event.outcome) for event in events if isinstance(event, Left))


def coverage(plan: Plan, calls: Iterable[Iterable[Event]]) -> Coverage:
    """What some calls cover of a plan."""
    exits = tuple(each for each, _ in open_exits(reach.survey(plan)).values())
    taken = frozenset[Key]().union(*map(passed, calls))
    return Coverage(exits, taken & {each.key for each in exits})


def open_exits(survey: Survey) -> Mapping[Key, tuple[Open, Mapping[Exit, Sequence[Situation]]]]:
    """Every exit that a call can take, in the order of the plan; with it the exits that are labelled so, as they are in
    the plan's first language, each with where callers are who can take it.
    """
    plan = survey.plan
    found: dict[Key, dict[Exit, list[Situation]]] = {}
    for situation, instants in survey.reach().items():
        first = survey.exits(situation.step)
        spoken = survey.exits(situation.step, situation.language)
        followed = {exit for exit, _ in survey.ways(situation)}
        for index, exit in enumerate(spoken):
            closes = survey.cut(situation.step, index) and (exit.who is None or exit.who.admits(situation.party))
            if (exit in followed or closes) and survey.can_take(exit, instants):
                labelled = found.setdefault((situation.step, exit.label), {})
                labelled.setdefault(first[index], []).append(situation)
    order = {(step, exit.label): index for step, each in plan.steps.items() for index, exit in enumerate(each.exits())}
    keys = sorted(found, key=lambda key: (*plan.stands(key[0]), order[key]))
    return {key: (_open(plan, key[0], next(iter(found[key]))), found[key]) for key in keys}


def _open(plan: Plan, step: str, exit: Exit) -> Open:
    use = plan.steps[step].place.source.use
    return Open(step, use.written if use else written(step), exit, plan.arrow(step, exit))
