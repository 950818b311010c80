"""Every path ends at an operator.

Every path on which the caller does not hang up ends with a person, or at an end that :ref:`C07` or :ref:`C10` allows.
Whatever nothing else handles (busy, no answer, unavailable, an empty, full or failing queue, an unknown key, silence,
an error of the PBX) goes to the operator, so no path ends in nothing. A path that ends at a telephone which a machine
may have answered does not end with a person: an outside number counts only with ``confirm``, which is the default.
Inside a last resort (behind the ``unanswered`` of an operator) the rule does not apply, nor to the callers of a line
that is for a ``machine`` or ``announcement-only``.

Comes from: a PBX engineer's ten ways to anger those who call, the ninth: no black hole at the end; an operator takes
whatever nothing else handled, errors included.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    route start { answer  play welcome -> reception }
    operator reception {
      ring 100, 101 for 10s
      then ring "+48 601 000 200" without confirm because "it is always switched on" for 10s
      unanswered -> sorry
    }
    route sorry { play apology  hang-up }
    prompt welcome { file office/welcome  en "Good morning, this is Example Limited."  lasts 3s }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[C02]: a machine can take the call at `reception`
     --> plan.dial:7:13
      |
    7 |   then ring "+48 601 000 200" without confirm because "it is always switched on" for 10s
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = caller: is joined to the mailbox of +48601000200, and no person is ever reached
      = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
              +0:03  start: heard -> reception
              +0:03  reception: picked up, perhaps by a machine
              +0:03  the call ends at a machine
      = help: write `confirm` instead of `without confirm …`: whoever answers presses a key first

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    route start { answer  play welcome -> reception }
    operator reception {
      ring 100, 101 for 10s
      then ring "+48 601 000 200" confirm for 10s
      unanswered -> sorry
    }
    route sorry { play apology  hang-up }
    prompt welcome { file office/welcome  en "Good morning, this is Example Limited."  lasts 3s }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator

from dialc.plan import End, Exit, Operator, Outcome, Outside, Plan, Ring, Step
from dialc.reach import Memory, State, Survey
from dialc.rules import Breach, breach
from dialc.source import Place


class LastResort(Memory):
    """Whether an operator has failed to answer in this call."""

    def begin(self) -> State:
        return False

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return bool(state) or (isinstance(step, Operator) and exit.outcome is Outcome.UNANSWERED)


_MEMORY = LastResort()


def check(survey: Survey) -> Iterator[Breach]:
    """Every step at which a path can end with what may be a machine."""
    told: set[str] = set()
    for situation, instants in survey.reach(_MEMORY).items():
        if situation.state or situation.party.exempt or situation.step in told:
            continue
        for exit, _ in survey.ways(situation):
            if exit.to is not End.UNCONFIRMED or not survey.taken(exit, instants):
                continue
            told.add(situation.step)
            goal = {
                s: survey.taken(exit, i)
                for s, i in survey.reach(_MEMORY).items()
                if s.step == situation.step and not s.state and not s.party.exempt
            }
            number, place = _unconfirmed(survey.plan, situation.step)
            yield breach(
                survey,
                "C02",
                situation.step,
                f"a machine can take the call at `{situation.step}`",
                place,
                caller=f"is joined to the mailbox of {number}, and no person is ever reached",
                witness=survey.witness(_MEMORY, goal, exit),
                last="the call ends at a machine",
                help="write `confirm` instead of `without confirm …`: whoever answers presses a key first",
            )


def _unconfirmed(plan: Plan, name: str) -> tuple[str, Place]:
    """The first outside leg of a step that nobody has to confirm."""
    step = plan.steps[name]
    if isinstance(step, Ring | Operator):
        for stage in step.stages:
            for phone in stage.phones:
                if isinstance(phone, Outside) and not phone.confirm:
                    return phone.number, phone.place
    return name, step.place
