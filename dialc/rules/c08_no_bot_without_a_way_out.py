"""No bot without a way out.

A machine that talks to callers may do so for at most the policy's seconds (60 in ``charter``). Key 0 leads from it to
people: before phones of people ring or a queue is joined, or a message is taken or a call-back booked where the charter
allows that, there is no other question and no other machine. When its time is over, when it hangs up and when it does
not answer, no other machine comes before people, or before a menu in which the caller can choose; two bots in a row
would only double the time. With the policy ``strict`` no bot comes before people were offered: before phones of people
have rung, a queue was joined, or a menu or queue was come to in which some key leads to people, as :ref:`C05` has it.
That every bot has a limit and a key 0, the language sees to.

Comes from: a PBX engineer's ten ways to anger those who call, the eighth: no bots.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    route start { answer  play welcome -> assistant }
    bot assistant { phone 900  limit 75s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt welcome {
      file office/welcome  en "Good morning, this is Example Limited."
      lasts 3s
    }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[C08]: the bot `assistant` can keep a caller for 75 s, and 60 s are allowed
     --> plan.dial:5:1
      |
    5 | bot assistant { phone 900  limit 75s }
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = caller: talks to a machine for longer than anybody should have to
      = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
              +0:03  start: heard -> assistant
              +0:03  assistant: a machine
      = help: write `limit 60s`

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    route start { answer  play welcome -> assistant }
    bot assistant { phone 900  limit 60s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt welcome {
      file office/welcome  en "Good morning, this is Example Limited."
      lasts 3s
    }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterable, Iterator

import attrs

from dialc.calendar import Instants
from dialc.people import People, Spot, to_people
from dialc.plan import Bot, Callback, Collect, Exit, Mailbox, Menu, Outcome, Party, Step
from dialc.reach import FORGETFUL, Memory, Situation, State, Survey
from dialc.rules import Breach, breach


@attrs.frozen
class Left:
    """The bot that a caller has left and not come to people from, and whether by key 0; empty for none."""

    bot: str = ""
    asked: bool = False


class _After(Memory):
    def begin(self) -> State:
        return Left()

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        if isinstance(step, Bot):
            return Left(step.name, exit.outcome is Outcome.KEY)
        served = isinstance(step, Menu | Collect | Mailbox | Callback) or to_people(step, exit)[0]
        return Left() if served else state


_MEMORY = _After()


@attrs.frozen
class Offer:
    """Whether people were offered by now, to whom and in which language."""

    language: str
    party: Party
    made: bool = False


@attrs.frozen(eq=False)
class _Offered(Memory):
    people: People

    def called(self, party: Party) -> State:
        return Offer(self.people.survey.plan.language, party)

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        if isinstance(step, Bot):
            return ((state, instants),)
        offered = self.people.offered(Spot(step.name, state.language, state.party))
        return (attrs.evolve(state, made=True), instants & offered), (state, instants - offered)

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        made = state.made or to_people(step, exit)[0]
        return attrs.evolve(state, made=made, language=exit.speaks or state.language)

    def over(self, state: State) -> bool:
        return bool(state.made)


def check(survey: Survey) -> Iterator[Breach]:
    """Every bot that talks for too long, is come to too soon, or from which callers do not get to people."""
    policy = survey.plan.policy
    bots = [step for step in survey.plan.steps.values() if isinstance(step, Bot)]
    if not bots:
        return
    for bot in bots:
        goal = survey.at(bot.name)
        if bot.limit > policy.bot and goal:
            yield breach(
                survey,
                "C08",
                bot.name,
                f"the bot `{bot.name}` can keep a caller for {bot.limit} s, and {policy.bot} s are allowed",
                bot.place,
                caller="talks to a machine for longer than anybody should have to",
                witness=survey.witness(FORGETFUL, goal),
                last=f"{bot.name}: a machine",
                help=f"write `limit {policy.bot}s`",
            )
    yield from _left(survey)
    if not policy.bot_first:
        yield from _first(survey, bots)


def _left(survey: Survey) -> Iterator[Breach]:
    """Where those who have left a bot come to a question or another machine, and not to people."""
    found: dict[tuple[str, str], dict[Situation, Instants]] = {}
    for situation, instants in survey.reach(_MEMORY).items():
        state: Left = situation.state
        step = survey.plan.steps[situation.step]
        if state.bot and isinstance(step, (Bot | Menu | Collect) if state.asked else Bot):
            found.setdefault((state.bot, step.name), {})[situation] = instants
    for (bot, name), goal in found.items():
        witness = survey.witness(_MEMORY, goal)
        assert witness is not None
        machine = isinstance(survey.plan.steps[name], Bot)
        exit = next(turn.exit for turn in reversed(witness.turns) if turn.step == bot)
        yield breach(
            survey,
            "C08",
            bot,
            f"callers come from the bot `{bot}` to {'another' if machine else 'a question'}, `{name}`, before people",
            survey.plan.arrow(bot, exit),
            caller="gets away from a machine, and comes to the next"
            if machine
            else "presses 0 for a person, and is asked",
            witness=witness,
            last=f"{name}: {'a machine' if machine else 'a question'}, and nobody yet",
            help="send callers to the operator instead",
        )


def _first(survey: Survey, bots: Iterable[Bot]) -> Iterator[Breach]:
    """Bots that callers come to before they could have a person."""
    memory = _Offered(People(survey))
    for bot in bots:
        goal = {s: instants for s, instants in survey.at(bot.name, memory).items() if not s.state.made}
        if goal:
            yield breach(
                survey,
                "C08",
                bot.name,
                f"callers come to the bot `{bot.name}` before a person was offered",
                bot.place,
                caller="talks to a machine, and could not choose a person first",
                witness=survey.witness(memory, goal),
                last=f"{bot.name}: a machine",
            )
