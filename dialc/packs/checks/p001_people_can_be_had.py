"""People can be had.

From every line that is for people, whoever calls while the operator of the line is staffed can come to people by some
keys: a phone rings, or a queue is joined. Calls that are told that it is closed are left out, and so are those that are
under way as it closes. A line from which nobody is ever to be had, whatever a caller presses and
whatever comes of it, leaves callers with a machine alone. Whether somebody answers is for people to see to.

Asked by: :doc:`br-11034-2022 </policies/br-11034-2022>` (article 5, I), :doc:`es-10-2025 </policies/es-10-2025>`
(article 8(1)), :doc:`pt-134-2009 </policies/pt-134-2009>` (article 4(4)).

Bad::

    plan office "Example Ltd"
    timezone Europe/Madrid  language en
    policy es-10-2025
    line "+34 91 123 45 67" -> main
    line "+34 91 123 45 68" -> address
    waive C10 at address by "A. Director" because "nobody has time for this line"
    route address { answer  play where  hang-up }
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      tries 2
    }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt where   { file office/where    en "You find us at 1 Main Street."  lasts 4s  goodbye }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[P001]: callers of +34911234568 cannot get to people, whatever they press (es-10-2025, art. 8(1))
     --> plan.dial:5:1
      |
    5 | line "+34 91 123 45 68" -> address
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = caller: is left alone with a machine
      = call: Thu 2026-01-01 00:00:00 CET, calling +34911234568
              +0:04  address: heard
              +0:04  the call ends, and nobody could be had

Good::

    plan office "Example Ltd"
    timezone Europe/Madrid  language en
    policy es-10-2025
    line "+34 91 123 45 67" -> main
    line "+34 91 123 45 68" -> address
    route address { answer  play where -> reception }
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      tries 2
    }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt where   { file office/where    en "You find us at 1 Main Street."  lasts 4s }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
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
        memory = _Lost(period, inquiry.there(period), lost)
        goals: dict[Party, dict[Situation, Instants]] = {}
        for situation, instants in staffing.attended(survey, memory):
            now = instants & memory.there
            if isinstance(inquiry.plan.steps[situation.step], HangUp) and now:
                goals.setdefault(situation.party, {})[situation] = now
        for goal in goals.values():
            witness = survey.witness(memory, goal)
            if witness and witness.number not in told:
                told.add(witness.number)
                yield asks.breach(
                    survey,
                    "P001",
                    witness.step,
                    f"callers of {witness.number} cannot get to people, whatever they press",
                    _place(inquiry.plan, witness.number),
                    caller="is left alone with a machine",
                    witness=witness,
                    last="the call ends, and nobody could be had",
                )


def _place(plan: Plan, number: str) -> Place:
    """Where the line stands that has a number."""
    return next(line.place for line, has in zip(plan.lines, plan.called(), strict=True) if has.first == number)
