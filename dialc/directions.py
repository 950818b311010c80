"""Directions: the shortest way to a person, as a caller would want to know it.

In: a survey. Out: for each line, and for callers on each list as far as that matters, a `Direction`: a call by which
people are come to as soon as can be, and when it can be made. Each key costs a second, so that of ways as long the one
with fewer keys is told; of those with as many, the one to the operator. No numbers are dialled or entered, which few
callers know, and nothing has to fail. Switches stand as they do in the beginning. What a lookup answers is as good for
the caller as can be.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence

import attrs

from dialc import approach, reach
from dialc.approach import Whom
from dialc.calendar import Instants
from dialc.measure import Beginning, Measure, Measured, Passage, Shown
from dialc.plan import Bot, BySwitch, Callback, Collect, Condition, Exit, Menu, Operator, Outcome, Party, Queue, Step
from dialc.reach import Survey, at_rest, sampled

Who = tuple[str, Party]
"""Calls to a number from callers who are alike to the plan."""


@attrs.frozen
class Direction:
    """A way to people, the hours that it needs, and the instants at which a call that takes it can begin."""

    call: Shown
    conditions: tuple[Condition, ...]
    instants: Instants

    @property
    def seconds(self) -> int:
        """Seconds until people ring, or are queued for."""
        return self.call.witness.seconds + self.call.seconds


def at(survey: Survey, instant: int) -> Mapping[Who, Direction]:
    """The shortest way at one instant; nothing for callers who can come to nobody then."""
    survey = at_rest(survey)
    ways = _shortest(survey, {line.entry: instant for line in survey.plan.lines})
    return {who: _direction(survey, shown) for who, shown in ways.items()}


def throughout(survey: Survey) -> Mapping[Who, Sequence[Direction]]:
    """The shortest ways, shortest first: whoever calls takes the first whose hours are as it needs them.

    They are those of callers for whom no hours begin or end while they are on their way.
    """
    survey = at_rest(survey)
    calm = sampled(survey, calm=True).samples
    found: dict[Who, list[Direction]] = {_who(each): [] for each in survey.beginnings()}
    for moments in itertools.zip_longest(*(instants.stretches for instants in calm.values())):
        begins = {entry: moment[0] for entry, moment in zip(calm, moments, strict=True) if moment}
        for who, shown in _shortest(survey, begins).items():
            begun = int(shown.witness.at.timestamp())
            if not any(begun in known.instants and _alike(known.call, shown) for known in found[who]):
                found[who].append(_direction(survey, shown))
    return {who: sorted(ways, key=lambda way: way.seconds) for who, ways in found.items()}


def _alike(one: Shown, other: Shown) -> bool:
    return attrs.evolve(one.witness, at=other.witness.at) == other.witness and one.seconds == other.seconds


def _seconds_and_keys(whom: Whom) -> Measure:
    def measure(step: Step, exit: Exit) -> Iterator[Passage]:
        for way in approach.ways(step, exit, sure=True, whom=whom) if _up_to_callers(step, exit) else ():
            pressed = exit.pressed and not way.comes
            yield attrs.evolve(approach.passage(way, counted=True), adds=int(pressed))

    return measure


def _up_to_callers(step: Step, exit: Exit) -> bool:
    """Whether anybody who calls can take an exit, as far as it is up to them."""
    match step:
        case BySwitch():
            return exit.outcome.value == step.switch.starts.value
        case Menu() | Collect():
            return exit.outcome not in (Outcome.EXTENSION, Outcome.ACCEPT)
        case Bot():
            return exit.outcome is Outcome.KEY
        case Callback():
            return False
        case _:
            return True


def _shortest(survey: Survey, begins: Mapping[str, int]) -> Mapping[Who, Shown]:
    """The shortest ways of calls that come in at some steps, each at an instant."""
    moments = {line.entry: Instants() for line in survey.plan.lines}
    moments |= {entry: Instants(((instant, instant + 1),)) for entry, instant in begins.items()}
    then = attrs.evolve(survey, samples=moments)
    found: dict[Who, tuple[int, Shown]] = {}
    for whom in (Whom.OPERATOR, Whom.ANYBODY):  # of ways as long, that to the operator
        for who, way in Measured(then, _seconds_and_keys(whom), most=False).examples(_who).items():
            if who not in found or way[0] < found[who][0]:
                found[who] = way
    return {who: shown for who, (_, shown) in found.items()}


def _who(begun: Beginning | reach.Beginning) -> Who:
    return begun.number, begun.situation.party


def _direction(survey: Survey, shown: Shown) -> Direction:
    witness = shown.witness
    conditions = [turn.exit.when for turn in witness.turns if turn.exit.when]
    last = survey.plan.steps[witness.step]
    landing = survey.calendar.everything
    if isinstance(last, Operator | Queue) and last.staffed and (isinstance(last, Operator) or last.closing):
        conditions.append(Condition(last.staffed, open=True))
        landing = survey.calendar.when(conditions[-1])
    for turn in reversed(witness.turns):
        took = attrs.evolve(turn.exit, shortest=turn.seconds, longest=turn.seconds)
        landing = survey.taken_by(took, survey.calendar.everything, landing)
    return Direction(shown, tuple(dict.fromkeys(conditions)), landing & survey.calendar.validity)
