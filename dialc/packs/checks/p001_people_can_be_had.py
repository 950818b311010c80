"""People can be had.

From every line that is for people, whoever calls while the operator of the line is staffed can come to people by some
keys: a phone rings, or a queue is joined. A line from which nobody is ever to be had, whatever a caller presses and
whatever comes of it, leaves callers with a machine alone. Whether somebody answers is for people to see to.

Asked by: :doc:`/policies/es-10-2025` (article 8(1)), :doc:`/policies/pt-134-2009` (article 4(4)).

Bad::

BAD

Says::

SAYS

Good::

GOOD
"""

from collections.abc import Iterator, Mapping

import attrs

from dialc import staffing
from dialc.calendar import Instants
from dialc.packs.checks import Asks, Inquiry
from dialc.plan import HangUp, Party, Plan, Step
from dialc.reach import Situation, State
from dialc.rules import Breach
from dialc.source import Place
from dialc.staffing import Attendance, Attended

Lost = Mapping[tuple[str, Party], Instants]
"""When calls begin that can come to nobody, by the step where they begin and who calls whom."""


@attrs.frozen
class Calls(Attendance):
    """Of a call: who calls whom."""

    party: Party = Party()


@attrs.frozen
class _Lost(Attended):
    """Follows calls that come in while somebody is there and can come to nobody."""

    lost: Lost

    def called(self, party: Party) -> State:
        return Calls(party=party)

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterator[tuple[State, Instants]]:
        if state.came is None:
            instants = instants & self.lost.get((step.name, state.party), Instants())
        yield from super().arrive(state, step, instants)


def check(inquiry: Inquiry, asks: Asks) -> Iterator[Breach]:
    """Every line from which, while somebody is there, no call can come to people."""
    survey, told = inquiry.calm, set[str]()
    lost = {(b.situation.step, b.situation.party): instants for b, instants in inquiry.nobody if instants}
    for period in staffing.periods(inquiry.plan) if lost else ():
        memory = _Lost(period, staffing.there(survey, period), lost)
        goals: dict[Party, dict[Situation, Instants]] = {}
        for situation, instants in staffing.attended(survey, memory):
            if isinstance(inquiry.plan.steps[situation.step], HangUp):
                goals.setdefault(situation.party, {})[situation] = instants
        for goal in goals.values():
            witness = survey.witness(memory, goal)
            if witness and witness.number not in told:
                told.add(witness.number)
                yield asks.breach(
                    survey,
                    "P001",
                    witness.step,
                    f"no call to {witness.number} comes to people",
                    _place(inquiry.plan, witness.number),
                    caller="cannot have a person, whatever they press",
                    witness=witness,
                    last="the call ends, and nobody could be had",
                )


def _place(plan: Plan, number: str) -> Place:
    """Where the line stands that has a number."""
    return next(line.place for line, has in zip(plan.lines, plan.called(), strict=True) if has.first == number)
