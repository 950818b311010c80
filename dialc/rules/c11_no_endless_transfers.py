"""No endless transfers.

Before the operator's phone rings, a call is handed on at most three times (the number of ``charter``). A ring, a row
of extensions, a ``transfer``, a bot and a queue are a hand-off each time that a caller gets there: a ring once, however
many stages it has, a queue once, however many members. An operator who is not staffed hands nobody on; once an
operator's phones ring, nothing is counted any more.

Comes from: a Telugu guide to not becoming a customer-service robot, which counts keys and transfers to a human, and
cuts them; and a PBX engineer's ten ways to anger those who call, the fifth: do not transfer without end.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    policy charter { longest-ringing 90s }
    line "+48 22 123 45 67" -> start
    route start   { answer  play welcome -> sales }
    ring sales    { ring 201 for 15s  no-answer -> orders }
    ring orders   { ring 202 for 15s  no-answer -> accounts }
    ring accounts { ring 203 for 15s  no-answer -> service }
    ring service  { ring 204 for 15s }
    operator reception { ring 100, 101 for 20s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt welcome { file office/welcome  en "Good morning, this is Example Limited."  lasts 3s }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[C11]: at `service` a call is handed on for the 4th time, and 3 are allowed
     --> plan.dial:8:48
      |
    8 | ring accounts { ring 203 for 15s  no-answer -> service }
      |                                                ^^^^^^^
      = caller: is passed from one telephone to the next, and nobody feels responsible
      = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
              +0:03  start: heard -> sales
              +0:03  sales: nobody answers -> orders
              +0:03  orders: nobody answers -> accounts
              +0:03  accounts: nobody answers -> service
              +0:03  service: handed on once more
      = help: send the caller to `reception` instead

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    policy charter { longest-ringing 90s }
    line "+48 22 123 45 67" -> start
    route start   { answer  play welcome -> sales }
    ring sales    { ring 201 for 15s  no-answer -> orders }
    ring orders   { ring 202 for 15s  no-answer -> accounts }
    ring accounts { ring 203 for 15s  then ring 204 for 15s }
    operator reception { ring 100, 101 for 20s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt welcome { file office/welcome  en "Good morning, this is Example Limited."  lasts 3s }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterable, Iterator

import attrs

from dialc.approach import HAND_OFFS
from dialc.calendar import Instants
from dialc.plan import Exit, Operator, Outcome, Step
from dialc.reach import Memory, Situation, State, Survey
from dialc.rules import Breach, breach


@attrs.frozen
class HandedOn(Memory):
    """How often a call was handed on, up to just over `most`; -1 once an operator's phones have rung."""

    most: int

    def begin(self) -> State:
        return 0

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        return ((int(state) + isinstance(step, HAND_OFFS), instants),)

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return -1 if isinstance(step, Operator) and exit.outcome is not Outcome.UNSTAFFED else state

    def over(self, state: State) -> bool:
        return not 0 <= int(state) <= self.most


def check(survey: Survey) -> Iterator[Breach]:
    """Every step at which a call can be handed on once too often."""
    most = survey.plan.policy.hand_offs
    memory = HandedOn(most)
    goals: dict[str, dict[Situation, Instants]] = {}
    for situation, instants in survey.reach(memory).items():
        if situation.state > most:
            goals.setdefault(situation.step, {})[situation] = instants
    for name, goal in goals.items():
        witness = survey.witness(memory, goal)
        last = witness.turns[-1] if witness and witness.turns else None
        yield breach(
            survey,
            "C11",
            name,
            f"at `{name}` a call is handed on for the {_ordinal(most + 1)} time, and {most} are allowed",
            survey.plan.arrow(last.step, last.exit) if last else survey.plan.steps[name].place,
            caller="is passed from one telephone to the next, and nobody feels responsible",
            witness=witness,
            last=f"{name}: handed on once more",
            help="" if survey.plan.by_line else f"send the caller to `{survey.plan.operator}` instead",
        )


def _ordinal(number: int) -> str:
    """A number in a row: `1st`, `2nd`, `3rd`, `4th`."""
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
