"""Every path ends at an operator.

Every path on which the caller does not hang up ends with a person, or at an end that :ref:`C07` or :ref:`C10` allows.
Whatever nothing else handles (busy, no answer, unavailable, an empty, full or failing queue, an unknown key, silence,
an error of the PBX) goes to the operator, so no path ends in nothing. A path that ends at a telephone which a machine
may have answered does not end with a person: an outside number counts only with ``confirm``, which is the default.
Inside a last resort (behind the ``unanswered`` of an operator) the rule does not apply, nor to the callers of a line
that is for a ``machine`` or ``announcement-only``.

The policy ``strict`` asks for more: while the operator of the line is there, no path ends without a person, be it with
a goodbye to whoever pressed nothing, after a call-back was booked, or after a message. That is for calls that came in
while it was staffed, end while it is, and have not been told last that these hours are closed.

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
      supervisor 110
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
      supervisor 110
      unanswered -> sorry
    }
    route sorry { play apology  hang-up }
    prompt welcome { file office/welcome  en "Good morning, this is Example Limited."  lasts 3s }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator, Set

import attrs

from dialc.calendar import Instants
from dialc.plan import End, Exit, HangUp, Operator, Outcome, Outside, Plan, Ring, Step
from dialc.reach import Memory, Situation, State, Survey
from dialc.rules import Breach, breach
from dialc.rules.c10_never_hang_up_first import Call, Manners, lawful
from dialc.source import Place
from dialc.staffing import Attendance, Attended, attended, operator, periods, there
from dialc.witness import Witness, written


@attrs.frozen
class _Open(Attended):
    """Calls while the operator is there, and whether they may be hung up on."""

    manners: Manners = attrs.field(factory=Manners, eq=False)

    def begin(self) -> State:
        return _Call(manners=self.manners.begin())

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return attrs.evolve(super().leave(state, step, exit), manners=self.manners.leave(state.manners, step, exit))


@attrs.frozen
class _Call(Attendance):
    """An attendance, and what matters of the call for whether it may be hung up on."""

    manners: Call = attrs.field(factory=Call)


@attrs.frozen
class LastResort(Memory):
    """Whether an operator has failed to answer in a call that comes to one of some steps."""

    towards: Set[str]

    def begin(self) -> State:
        return False

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return bool(state) or (isinstance(step, Operator) and exit.outcome is Outcome.UNANSWERED)


def check(survey: Survey) -> Iterator[Breach]:
    """Every step at which a path can end with what may be a machine, or too early for the policy."""
    yield from _machines(survey)
    if survey.plan.policy.operator_only:
        yield from _without_a_person(survey)


def _machines(survey: Survey) -> Iterator[Breach]:
    memory = LastResort(
        {name for name in survey.plan.steps if any(exit.to is End.UNCONFIRMED for exit in survey.exits(name))}
    )
    machines: dict[str, dict[Situation, Instants]] = {}
    for situation, instants in survey.reach(memory).items():
        if situation.state or situation.party.exempt:
            continue
        for exit, _ in survey.ways(situation):
            if exit.to is End.UNCONFIRMED and (taken := survey.taken(exit, instants)):
                machines.setdefault(situation.step, {})[situation] = taken
    for step, goal in machines.items():
        number, place = _unconfirmed(survey.plan, step)
        last = next(exit for exit in survey.exits(step) if exit.to is End.UNCONFIRMED)
        yield breach(
            survey,
            "C02",
            step,
            f"a machine can take the call at `{step}`",
            place,
            caller=f"is joined to the mailbox of {number}, and no person is ever reached",
            witness=survey.witness(memory, goal, last),
            last="the call ends at a machine",
            help="write `confirm` instead of `without confirm …`: whoever answers presses a key first",
        )


def _without_a_person(survey: Survey) -> Iterator[Breach]:
    """Every lawful hang-up on a caller while the operator is there; one that is not lawful is told by C10."""
    shown: dict[str, list[tuple[Witness, str]]] = {}
    for period in periods(survey.plan):
        memory = _Open(period, there(survey, period))
        ended: dict[str, dict[Situation, Instants]] = {}
        for situation, instants in attended(survey, memory):
            step, state = survey.plan.steps[situation.step], situation.state
            open_still = instants & memory.there
            if isinstance(step, HangUp) and open_still and not situation.party.exempt and lawful(survey, state.manners):
                ended.setdefault(step.name, {})[situation] = open_still
        for name, goal in ended.items():
            witness = survey.witness(memory, goal, survey.exits(name)[0])
            if witness:
                who = operator(survey.plan, next(iter(goal)).party).name
                shown.setdefault(name, []).append((witness, who))
    for name, found in shown.items():
        witness, who = min(found, key=lambda pair: (len(pair[0].turns), pair[0].seconds, pair[0].at))
        yield breach(
            survey,
            "C02",
            name,
            f"`{written(name)}` ends a call although `{who}` is there",
            survey.plan.steps[name].place,
            caller="is let go without a person, while somebody could have answered",
            witness=witness,
            help=f"send the caller to `{who}` instead",
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
