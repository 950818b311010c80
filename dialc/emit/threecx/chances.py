"""What can come of a step in the midst of a call: which ways out some call takes there, and which none ever does.

In: a plan. Out: `Chances`, which knows it to the second, as the verifier does. A 3CX looks at its clock as a call comes
in and not again; so hours that are asked for later can be left out only where the answer is always the same.
"""

import attrs

from dialc.emit.c20_every_call_is_documented import ANSWERED
from dialc.emit.threecx.objects import Point, Used
from dialc.plan import (
    Again,
    Answer,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    End,
    Exit,
    HangUp,
    Label,
    Outcome,
    Plan,
    Record,
    Step,
)
from dialc.reach import FORGETFUL, Memory, State, survey

AT_ONCE = (Answer, Label, Record, Branch, ByException, BySwitch, ByCaller, ByLine, Again, HangUp)
"""The steps that take no time: what stands behind them is asked in the second in which the call came in."""


@attrs.frozen
class _Later(Memory):
    """Whether a call has come to something that takes time."""

    def begin(self) -> State:
        return False

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return state or not isinstance(step, AT_ONCE)


class Chances:
    """What calls can take of a plan."""

    def __init__(self, plan: Plan) -> None:
        self._survey = survey(plan)
        self._later = _Later()

    def outcomes(self, step: str, used: Used, operator: str) -> frozenset[Outcome]:
        """What can come of a step for callers who have not just come in, who have used up these returns, whatever else
        they have, and whose line has this operator, if one is named.
        """
        return frozenset(
            exit.outcome
            for situation, instants in self._survey.at(step, self._later).items()
            if situation.state and set(used) <= set(situation.used) and operator in ("", situation.party.operator)
            for exit, _ in self._survey.ways(situation)
            if self._survey.can_take(exit, instants)
        )

    def passed(self) -> frozenset[Point]:
        """Every point that some call passes: arrivals at steps, and ways out of them."""
        found: set[Point] = set()
        for situation, instants in self._survey.reach(FORGETFUL).items():
            found.add((situation.step, ""))
            for exit, _ in self._survey.ways(situation):
                if self._survey.can_take(exit, instants):
                    answered = exit.to in (End.PERSON, End.UNCONFIRMED)
                    found.add((situation.step, ANSWERED if answered else exit.label))
        return frozenset(found)
