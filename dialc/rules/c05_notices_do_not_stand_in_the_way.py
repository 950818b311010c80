"""Notices do not stand in the way.

Prompts that are a ``notice`` (data protection, recording) may take at most the policy's seconds in all (5 in
``charter``) before callers can have a person: before phones of people ring, a queue is joined, or a menu, a queue or a
bot is come to in which some key leads to people. A key leads to people if it does so at that moment or within the time
of ``to-person`` from then, for that caller, whatever comes of the steps between, without another question and without a
notice. From then on no notice counts: who listens to it has chosen to. Nor does one in a menu, where a key cuts it:
nobody has to hear it out. A notice on a way that comes to nobody, as to voicemail at night, stands in no way.

Comes from: a PBX engineer's ten ways to anger those who call, the second: notices about data protection are a choice.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    route start { answer  play welcome  play privacy -> main }
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
    }
    ring sales { ring 201 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt welcome { file office/welcome  en "Good morning, this is Example Limited."  lasts 3s }
    prompt privacy { file office/privacy  en "We are the controller of your data."  lasts 12s  notice }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[C05]: there are 12 s of notices before callers can choose a person, and 5 s are allowed
     --> plan.dial:4:37
      |
    4 | route start { answer  play welcome  play privacy -> main }
      |                                     ^^^^^^^^^^^^
      = caller: has to listen to what they did not ask for, and cannot cut it
      = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
              +0:03  start: heard
              +0:15  start: heard -> main
              +0:15  main: only now, a person can be chosen
      = help: give notices a key of the menu, for those who want to hear them

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    route start { answer  play welcome -> main }
    menu main {
      play choices
      key 1 "sales"           -> sales
      key 9 "data protection" -> law
      key 0 "reception"       -> reception
    }
    route law { play privacy -> reception }
    ring sales { ring 201 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt welcome { file office/welcome  en "Good morning, this is Example Limited."  lasts 3s }
    prompt privacy { file office/privacy  en "We are the controller of your data."  lasts 12s  notice }
    prompt choices { file office/choices  en "Sales: one. Privacy: nine. Reception: zero."  lasts 5s  offers 1, 9, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterable, Iterator

import attrs

from dialc.calendar import Instants
from dialc.people import People, Spot, to_people
from dialc.plan import Exit, Menu, Party, Step
from dialc.reach import Memory, Situation, State, Survey
from dialc.rules import Breach, breach
from dialc.witness import Witness


@attrs.frozen
class Call:
    """What matters of a call: seconds of notices heard so far, where there were too many first (empty if nowhere), and
    whether people could be chosen.
    """

    language: str
    party: Party
    seconds: int = 0
    exceeded: str = ""
    served: bool = False


@attrs.frozen(eq=False)
class _Patience(Memory):
    """Counts notices up to one second more than is allowed."""

    people: People
    allowed: int

    def called(self, party: Party) -> State:
        return Call(self.people.survey.plan.language, party)

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        offered = self.people.offered(Spot(step.name, state.language, state.party))
        return (attrs.evolve(state, served=True), instants & offered), (state, instants - offered)

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        reached, heard = to_people(step, exit)
        if reached:
            return attrs.evolve(state, served=True)
        seconds = min(state.seconds + heard, self.allowed + 1)
        exceeded = state.exceeded or (step.name if seconds > self.allowed else "")
        return attrs.evolve(state, language=exit.speaks or state.language, seconds=seconds, exceeded=exceeded)

    def over(self, state: State) -> bool:
        return bool(state.served)


def check(survey: Survey) -> Iterator[Breach]:
    """Every notice by which too many have been heard, so that people are come to later than they could be."""
    plan = survey.plan
    if not any(prompt.notice for prompt in plan.prompts.values()):
        return
    memory = _Patience(People(survey), plan.policy.notices)
    found: dict[str, dict[Situation, Instants]] = {}
    for situation, instants in survey.reach(memory).items():
        state: Call = situation.state
        if state.served:
            if state.exceeded:
                found.setdefault(state.exceeded, {})[situation] = instants
            continue
        for exit, _ in survey.ways(situation):
            reached, heard = to_people(survey.step(situation.step, situation.language), exit)
            if reached and state.seconds + heard > memory.allowed and (when := survey.taken(exit, instants)):
                goal = found.setdefault(state.exceeded or situation.step, {})
                goal[situation] = goal.get(situation, Instants()) | when
    for name, goal in found.items():
        witness = survey.witness(memory, goal)
        assert witness is not None
        seconds = _seconds(survey, witness, goal)
        offered = isinstance(plan.steps[witness.step], Menu)
        yield breach(
            survey,
            "C05",
            name,
            f"there are {seconds} s of notices before callers can choose a person, and {memory.allowed} s are allowed",
            plan.steps[name].place,
            caller="has to listen to what they did not ask for, and cannot cut it",
            witness=witness,
            last=f"{witness.step}: only now, a person can be {'chosen' if offered else 'reached'}",
            help="give notices a key of the menu, for those who want to hear them",
        )


def _seconds(survey: Survey, witness: Witness, goal: Iterable[Situation]) -> int:
    """The seconds of notices in a call that is shown."""
    language, total = "", 0
    for turn in witness.turns:
        total += to_people(survey.step(turn.step, language), turn.exit)[1]
        language = turn.exit.speaks or language
    step = survey.step(witness.step, language)
    ahead = (heard for reached, heard in (to_people(step, exit) for exit in step.exits()) if reached)
    return total + (0 if any(s.step == witness.step and s.state.served for s in goal) else max(ahead, default=0))
