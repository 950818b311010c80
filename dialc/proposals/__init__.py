"""Proposals: scenarios for the exits of a plan that no scenario takes.

In: a plan, and the exits that its scenarios take. Out: `Proposals`: scenarios that take the others, and the exits for
which there is none, since what would have to happen cannot be said in a scenario, or comes to pass between two seconds.

For the exit farthest from where calls begin comes the shortest call that takes it, at an ordinary hour and as somebody
would make it who takes their time, if it can be made so. From there on it goes wherever exits are still wanted, so that
few calls take them all; and so on until none is left.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence, Set

import attrs

from dialc import numbers, reach
from dialc.calendar import DAY, Instants, union
from dialc.call import replay
from dialc.callers import WITHHELD
from dialc.coverage import Key, Open, open_exits
from dialc.parse import parse
from dialc.plan import End, Exit, Plan, Scenario, Step
from dialc.proposals import doing
from dialc.proposals.making import Meant, Wanted, made
from dialc.proposals.words import spelt
from dialc.reach import FORGETFUL, Situation, Survey
from dialc.source import Source
from dialc.witness import Witness

__all__ = ["Proposals", "proposals", "spelt"]

QUARTER = 900
"""Seconds between the moments at which calls are made where any will do."""

MARGIN = 1800
"""Seconds for which such a call could be made before and after, too."""

STRETCHES = 400
"""Stretches of instants among which such a moment is looked for."""


@attrs.frozen
class Proposals:
    """Scenarios, and the exits that none could be found for."""

    scenarios: tuple[Scenario, ...]
    untold: tuple[Open, ...]


def proposals(plan: Plan, taken: Set[Key]) -> Proposals:
    """Scenarios for all exits that are not `taken`."""
    survey = reach.survey(plan)
    there = open_exits(survey)
    said = survey.calendar.validity - _shown_twice(survey)
    asked = _Asked(attrs.evolve(survey, samples={line.entry: said for line in plan.lines}), taken)
    found = tuple(asked.found())
    untold = (open for key, (open, _) in there.items() if key not in asked.known - asked.wanted and key not in taken)
    return Proposals(found, tuple(untold))


class _Asked:
    """What is `wanted` of a plan, of all exits that are `known`, until it has been found."""

    def __init__(self, survey: Survey, taken: Set[Key]) -> None:
        self._plan = plan = survey.plan
        self._survey = survey
        self._exits = open_exits(survey)
        self.known = set(self._exits)
        self.wanted = {key for key in self._exits if key not in taken}
        self._titles = {scenario.title for scenario in plan.scenarios}
        self._before = _before(plan)

    def found(self) -> Iterator[Scenario]:
        """The scenarios, one after the other."""
        for key in sorted(filter(self.wanted.__contains__, self._exits), key=self._distance, reverse=True):
            scenario = self._taking(key) if key in self.wanted else None
            if scenario is not None:
                yield scenario

    def _distance(self, key: Key) -> tuple[int, int]:
        """How far an exit is from where calls begin, in exits and seconds."""
        _, labelled = self._exits[key]
        return min(self._survey.distance(situation) for situations in labelled.values() for situation in situations)

    def _taking(self, key: Key) -> Scenario | None:
        """A scenario that takes an exit; None where its shortest call cannot be told. Others may take it later."""
        open, labelled = self._exits[key]
        title = self._title(open)
        for exit, situations in labelled.items():
            witness = _shortest(self._survey, exit, situations)
            if witness is None:
                continue
            ahead = self._ahead()
            for meant in _meant(self._survey, witness):
                for wanted in (ahead, None):
                    found = made(self._plan, title, meant, wanted)
                    if found is not None and key in found[1] and not parse(Source("", spelt(self._plan, found[0])))[1]:
                        self.wanted -= found[1]
                        self._titles.add(title)
                        return found[0]
        return None

    def _title(self, open: Open) -> str:
        """What a scenario is called that was made for an exit: what nothing else is called."""
        title = f"{open.block}: {open.exit.label}".replace('"', "")
        number = 2
        found = title
        while found in self._titles:
            found = f"{title} ({number})"
            number += 1
        return found

    def _ahead(self) -> Wanted:
        """Which exits are wanted of a step: those that nobody takes yet, then those that lead to some, the nearest
        first; where none is to be had any more, that somebody answers.
        """
        steps = {step for step, _ in self.wanted}
        away = dict.fromkeys(steps, 0)
        nowhere = len(self._plan.steps)
        ahead = sorted(steps)
        for at in ahead:
            for before in self._before.get(at, ()):
                if before not in away:
                    away[before] = away[at] + 1
                    ahead.append(before)

        def wanted(step: Step, taken: frozenset[Key]) -> Sequence[Exit]:
            def rank(exit: Exit) -> tuple[int, int]:
                key = step.name, exit.label
                onward = nowhere if isinstance(exit.to, End) else away.get(exit.to, nowhere)
                if key in taken:  # which leads round, or to nothing that was still wanted
                    return 2, 1
                if key in self.wanted:
                    return 0, onward
                return (1, onward) if onward < nowhere else (2, int(exit.to is not End.PERSON))

            return sorted((exit for exit in step.exits() if rank(exit) < (2, 1)), key=rank)

        return wanted


def _before(plan: Plan) -> Mapping[str, Sequence[str]]:
    """The steps that lead to each step."""
    found: dict[str, list[str]] = {}
    for name, step in plan.steps.items():
        for exit in step.exits():
            if not isinstance(exit.to, End):
                found.setdefault(exit.to, []).append(name)
    return found


def _shortest(survey: Survey, exit: Exit, situations: Sequence[Situation]) -> Witness | None:
    """The shortest call that takes an exit, which is told in the plan's first language."""
    reached = survey.reach()
    goal: dict[Situation, Instants] = {}
    for situation in situations:
        index = survey.exits(situation.step).index(exit)
        spoken = survey.exits(situation.step, situation.language)[index]
        goal[situation] = survey.taken(spoken, reached[situation])
    return survey.witness(FORGETFUL, goal, exit)


def _meant(survey: Survey, witness: Witness) -> Iterator[Meant]:
    """Ways to make the call of a witness: as somebody does who takes their time, then to the second as it is shown."""
    plan = survey.plan
    caller = _caller(plan, witness)
    if caller is None:
        return
    moment = _moment(survey, witness)
    if moment is not None:
        yield Meant(witness.number, caller, moment, witness.turns)
    yield Meant(witness.number, caller, witness.at, witness.turns, replay(plan, witness).happenings)


def _caller(plan: Plan, witness: Witness) -> str | None:
    """A caller who is as good as that of a witness, and has a number that can be written; None where there is none."""
    caller, line = witness.caller, plan.line(witness.number)
    if caller in ("", WITHHELD) or line is None:
        return caller
    lists = (*plan.asked, *line.refuses)
    on = [each.holds(caller) for each in lists]
    for more in ("", *(f"{digit}{'0' * zeros}" for zeros in range(14) for digit in "5123467890")):
        other = caller + more
        alike = [each.holds(other) for each in lists] == on and plan.rings_back(other) == plan.rings_back(caller)
        if alike and numbers.e164(other) == other:
            return other
    return None


def _moment(survey: Survey, witness: Witness) -> datetime.datetime | None:
    """An ordinary moment at which the call of a witness can be made by somebody who takes their time."""
    plan = survey.plan
    landing, spoken = survey.calendar.everything, plan
    lasting: list[Exit] = []
    for turn in witness.turns:
        seconds = doing.lasts(spoken.steps[turn.step], turn.exit)
        if seconds is None:
            return None
        lasting.append(attrs.evolve(turn.exit, shortest=seconds[0], longest=seconds[1]))
        spoken = plan.spoken(turn.exit.speaks) if turn.exit.speaks else spoken
    for exit in reversed(lasting):
        landing = survey.taken_by(exit, survey.calendar.everything, landing)
    entry = witness.turns[0].step
    stretches = (landing & survey.samples[entry]).stretches[:STRETCHES]
    at = next(_ordinary(stretches, MARGIN, QUARTER), None)
    at = at if at is not None else next(_ordinary(stretches, 0, 60), None)
    at = at if at is not None else next((start for start, _ in stretches), None)
    if at is None:
        return None
    return survey.calendar.moment(at)


def _shown_twice(survey: Survey) -> Instants:
    """The instants that clocks show for the second time: a scenario means the first."""
    calendar = survey.calendar

    def offset(instant: int) -> int:
        return int((calendar.moment(instant).utcoffset() or datetime.timedelta()).total_seconds())

    found: list[tuple[int, int]] = []
    for start in range(calendar.start, calendar.end, DAY):
        first, last = start, min(start + DAY, calendar.end - 1)
        back = offset(first) - offset(last)
        if back <= 0:
            continue
        while last - first > 1:
            middle = (first + last) // 2
            first, last = (middle, last) if offset(middle) == offset(first) else (first, middle)
        found.append((last, last + back))
    return union(found)


def _ordinary(stretches: Sequence[tuple[int, int]], margin: int, unit: int) -> Iterator[int]:
    """Instants with so many seconds around them, at full units of time."""
    for start, end in stretches:
        at = -(-(start + margin) // unit) * unit
        if at + margin < end:
            yield at
