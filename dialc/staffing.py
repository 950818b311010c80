"""Calls that come in while somebody is there, as rules ask that must hold then.

In: the hours for which the operator of a line is staffed. Out: `Attended`, a memory of the calls for which the operator
is there: they come in while it is staffed, the last that they read of its hours was not that these are closed, and it
has not failed to answer. Nobody can ask more of a plan. A call that came in a moment before the opening was told so,
and one that finds the hours closed is sent home, though staff stay a while for those who came before; and of hours that
a switch overrides, which can be turned at any second, only a reading says anything.
"""

from collections.abc import Iterable, Iterator, Mapping

import attrs

from dialc.calendar import Instants
from dialc.plan import Condition, Exit, Operator, Outcome, Party, Period, Plan, Step
from dialc.reach import Memory, Situation, State, Survey


@attrs.frozen
class Attendance:
    """Of a call: whether it came in while the operator was staffed (None before), was last told that the hours are
    closed, and found nobody at an operator.
    """

    came: bool | None = None
    sent_away: bool = False
    last_resort: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing can be asked any more on behalf of the call."""
        return self.last_resort or self.came is False


@attrs.frozen
class Attended(Memory):
    """The attendance of calls to an operator that is staffed during `period` (None: always), which is `there`.

    Calls of which nothing can be asked are not followed.
    """

    period: Period | None
    there: Instants

    def begin(self) -> State:
        return Attendance()

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        if state.came is not None:
            return ((state, instants),)
        return (
            (attrs.evolve(state, came=True), instants & self.there),
            (attrs.evolve(state, came=False), instants - self.there),
        )

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        if isinstance(step, Operator) and exit.outcome is Outcome.UNANSWERED:
            return attrs.evolve(state, last_resort=True)
        read = _read(exit)
        if self.period and read and read[0] == self.period.hours:
            return attrs.evolve(state, sent_away=not read[1])
        return state

    def over(self, state: State) -> bool:
        return bool(state.over)


def _read(exit: Exit) -> tuple[object, bool] | None:
    """The hours of which a call has learnt that they are open, or closed, when it takes an exit."""
    if exit.stay:
        return exit.stay.period.hours, not exit.stay.ends
    if exit.when and exit.when.holds:
        return exit.when.period.hours, exit.when.open
    return None


def operator(plan: Plan, party: Party) -> Operator:
    """The operator of the line that somebody calls."""
    found = plan.steps[party.operator or plan.operator]
    assert isinstance(found, Operator)
    return found


def periods(plan: Plan) -> tuple[Period | None, ...]:
    """When the operators of lines are staffed, each once; None stands for always."""
    parties = (party for line in plan.lines for party, _ in plan.parties(line))
    return tuple(dict.fromkeys(operator(plan, party).staffed for party in parties))


def there(survey: Survey, period: Period | None) -> Instants:
    """The instants at which an operator can be there that is staffed during a period."""
    return survey.calendar.when(Condition(period, open=True)) if period else survey.calendar.everything


def attended(survey: Survey, memory: Attended) -> Iterator[tuple[Situation, Instants]]:
    """The situations of calls to an operator of which something can be asked, and when callers are in them."""
    plan = survey.plan
    reached: Mapping[Situation, Instants] = survey.reach(memory)
    for situation, instants in reached.items():
        state = situation.state
        if not (state.over or state.sent_away) and operator(plan, situation.party).staffed == memory.period:
            yield situation, instants
