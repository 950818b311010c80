"""No data before a person.

Nobody has to enter digits before they could have had a person. A call comes to a ``collect`` only after a menu, a queue
or a bot in which a key leads to people, or after people were called: whoever enters something then has chosen to. It is
asked of calls that come in while the operator of the line is staffed and have not been told that it is closed, with
night switches on ``auto``. What a person asks is for people to see to; what a lookup knows of a caller's number, nobody
has to enter.

Asked by: :doc:`br-11034-2022 </policies/br-11034-2022>` (article 4, paragraph 4).

Bad::

    plan office "Example Ltd"
    timezone America/Sao_Paulo  language en
    policy br-11034-2022
    line "+55 11 3333 4444" -> customer
    collect customer {
      play number
      digits 6
      tries 2
      accept check luhn -> sales
    }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt number  { file office/number   en "Please enter your customer number."  lasts 3s }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[P005]: `customer` asks callers for digits before they could have a person (br-11034-2022, art. 4, § 4)
     --> plan.dial:5:1
      |
    5 | collect customer {
      | ^^^^^^^^^^^^^^^^^^
      = caller: gets to nobody without a number that they may not have
      = call: Thu 2026-01-01 00:00:00 -03, calling +551133334444
              +0:00  customer: asks for digits
      = help: send callers to a menu first, in which key 0 is the operator, and from there to `customer`

Good::

    plan office "Example Ltd"
    timezone America/Sao_Paulo  language en
    policy br-11034-2022
    line "+55 11 3333 4444" -> main
    menu main { play choices  key 1 "sales" -> customer  key 0 "reception" -> reception  tries 2 }
    collect customer {
      play number
      digits 6
      tries 2
      accept check luhn -> sales
    }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt number  { file office/number   en "Please enter your customer number."  lasts 3s }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterable, Iterator

import attrs

from dialc import staffing
from dialc.calendar import Instants
from dialc.packs.checks import Asks, Inquiry
from dialc.people import People, Spot, to_people
from dialc.plan import Collect, Exit, Party, Step
from dialc.reach import Situation, State
from dialc.rules import Breach
from dialc.staffing import Attendance, Attended
from dialc.witness import written


@attrs.frozen
class Offer(Attendance):
    """Of a call: the language it is spoken to in, who calls whom, and whether they could have had people by now."""

    language: str = ""
    party: Party = Party()
    made: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing can be asked any more on behalf of the call."""
        return self.made or self.last_resort or self.came is False


@attrs.frozen
class _Offered(Attended):
    people: People

    def called(self, party: Party) -> State:
        return Offer(language=self.people.survey.plan.language, party=party)

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        for came, when in super().arrive(state, step, instants):
            offered = self.people.offered(Spot(step.name, came.language, came.party))
            yield attrs.evolve(came, made=True), when & offered
            yield came, when - offered

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        made = state.made or to_people(step, exit)[0]
        return attrs.evolve(super().leave(state, step, exit), made=made, language=exit.speaks or state.language)


def check(inquiry: Inquiry, asks: Asks) -> Iterator[Breach]:
    """Every question for digits that callers come to who could not have had a person."""
    survey, found = inquiry.calm, dict[str, list[Breach]]()
    for period in staffing.periods(inquiry.plan):
        memory = _Offered(period, inquiry.there(period), inquiry.people)
        goals: dict[str, dict[Situation, Instants]] = {}
        for situation, instants in staffing.attended(survey, memory):
            step, now = inquiry.plan.steps[situation.step], instants & memory.there
            if isinstance(step, Collect) and not situation.party.exempt and now:
                goals.setdefault(step.name, {})[situation] = now
        for name, goal in goals.items():
            found.setdefault(name, []).append(
                asks.breach(
                    survey,
                    "P005",
                    name,
                    f"`{name}` asks callers for digits before they could have a person",
                    inquiry.plan.steps[name].place,
                    caller="gets to nobody without a number that they may not have",
                    witness=survey.witness(memory, goal),
                    last=f"{written(name)}: asks for digits",
                    help=f"send callers to a menu first, in which key 0 is the operator, and from there to `{name}`",
                )
            )
    for breaches in found.values():
        yield breaches[0]
