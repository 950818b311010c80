"""Until when people have to be there: while which hours callers can reach them, and how long after these have closed.

In: a survey. Out: a `Presence` for each step at which people answer. What counts is the last second at which a phone of
the step can still be answered, in some call; callers who came while it was open are among them. A night switch is taken
to stand on `auto`: staff who turn it know what they do.
"""

import bisect
from collections.abc import Mapping

import attrs

from dialc.calendar import Instants
from dialc.plan import (
    Condition,
    Extensions,
    Operator,
    Outcome,
    Period,
    Queue,
    Ring,
    Schedule,
    Step,
)
from dialc.reach import Survey, at_rest
from dialc.witness import spelt

_People = Operator | Queue | Ring | Extensions


@attrs.frozen
class Presence:
    """When somebody is needed at a step: while the hours are open, and up to `after` seconds after they have closed.

    `hours` is None where callers come at any hour.
    """

    step: str
    hours: Schedule | None
    after: int = 0

    @property
    def told(self) -> str:
        """When that is, in words."""
        if self.hours is None:
            return "at any hour"
        longer = f", and until {spelt(self.after)} after it closes" if self.after else ""
        return f"while `{self.hours.name}` is open{longer}"


def presences(survey: Survey) -> Mapping[str, Presence]:
    """For each step at which people answer: the hours of its `staffed`; where it has none, the shortest hours of the
    plan that all its callers come in, and go on to be served by the grace of the policy.
    """
    survey = at_rest(survey)
    opened = {hours: _open(survey, Period(hours)) for hours in survey.plan.hours.values()}
    hours_by_length = sorted(opened, key=lambda hours: sum(end - start for start, end in opened[hours].stretches))
    found = {}
    seen: dict[tuple[Instants, Schedule | None, int], tuple[Schedule | None, int]] = {}
    needed = _needed(survey)
    for step in survey.plan.steps.values():
        if not isinstance(step, _People):
            continue
        staffed = step.staffed if isinstance(step, Operator | Queue) else None
        instants = needed.get(step.name, Instants())
        most = survey.plan.policy.grace + _last(survey, step, "") + (staffed.plus if staffed else 0)
        question = (instants, staffed.hours if staffed else None, most)
        if question not in seen:
            among = hours_by_length
            if staffed:
                among = [staffed.hours]
                opened.setdefault(staffed.hours, _open(survey, Period(staffed.hours)))
            fits = ((hours, _after(instants, opened[hours], most)) for hours in among)
            seen[question] = next(((hours, after) for hours, after in fits if after is not None), (None, 0))
        found[step.name] = Presence(step.name, *seen[question])
    return found


def _open(survey: Survey, period: Period) -> Instants:
    return survey.calendar.when(Condition(period, open=True))


def _last(survey: Survey, step: Step, language: str) -> int:
    """How many seconds after a caller has come a phone of the step can still be answered."""
    exits = survey.exits(step.name, language)
    return max((e.longest for e in exits if e.outcome in (Outcome.ANSWERED, Outcome.UNCONFIRMED)), default=0)


def _needed(survey: Survey) -> Mapping[str, Instants]:
    """The instants at which a caller can be there, by step."""
    found: dict[str, Instants] = {}
    for situation, instants in survey.reach().items():
        step = survey.plan.steps[situation.step]
        if not isinstance(step, _People):
            continue
        last = _last(survey, step, situation.language)
        match step:
            case Operator(staffed=Period() as staffed):
                there = (instants & _open(survey, staffed)).later(0, last)
            case Queue(staffed=Period() as staffed, closing=closing) if closing:
                there = instants.within(_open(survey, staffed), 0, last)
            case _:
                there = instants.later(0, last)
        found[step.name] = found.get(step.name, Instants()) | there
    return found


def _after(instants: Instants, opened: Instants, most: int) -> int | None:
    """How long after closing the last of the instants comes; None if one comes later than `most`, or before opening."""
    stretches = instants.stretches
    some = stretches[:: max(1, len(stretches) // 4)]  # most hours are ruled out by a look at a few instants
    if any((late := _late(opened, start)) is None or late > most for start, _ in some):
        return None
    lates = [_late(opened, end - 1) for _, end in (instants - opened).stretches]
    if any(late is None or late > most for late in lates):
        return None
    return max((late for late in lates if late is not None), default=0)


def _late(opened: Instants, instant: int) -> int | None:
    """How many seconds it has been closed at the end of a second; None if it has not been open before."""
    index = bisect.bisect_right(opened.stretches, (instant, 1 << 62)) - 1
    return max(0, instant + 1 - opened.stretches[index][1]) if index >= 0 else None
