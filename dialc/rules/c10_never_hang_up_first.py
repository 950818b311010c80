"""Never hang up first.

The plan may hang up only

* after a menu in which the caller pressed no key at all since the call began, where the policy allows it (a);
* after a call-back was booked and then announced (b);
* after a message was left (c);
* after a person answered (d), which ends a path by itself;
* after an apology, where the mailbox that should have ended the call has taken no message, or the call-back was not
  booked (e).

All of (a) to (c) follow a prompt that says goodbye; the one that announces a call-back follows the booking. A key that
means nothing is a key: where a menu has several tries, a caller may have pressed one before falling silent, and
``silence`` takes both. ``undecided`` sends those elsewhere who have pressed a key in the menu, which leaves to
``silence`` those who have not. Inside a last resort (behind the ``unanswered`` of an operator) the rule does not apply,
nor to the callers of a line that is for a ``machine`` or ``announcement-only``. Callers whom a line ``refuses`` are not
hung up on, since their calls are never taken; the verdict lists them.

Comes from: a PBX engineer's ten ways to anger those who call, the tenth: do not hang up first; the two exceptions; a
farewell.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      tries 2
      silence -> farewell
    }
    route farewell { play goodbye  hang-up }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt goodbye { file office/goodbye  en "Thank you for calling. Goodbye."  lasts 3s  goodbye }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[C10]: the plan hangs up on a caller
      --> plan.dial:11:32
       |
    11 | route farewell { play goodbye  hang-up }
       |                                ^^^^^^^
       = caller: is cut off before anybody has answered
       = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
               +0:09  main: wrong keys, then nothing pressed -> farewell
               +0:12  farewell: heard
               +0:12  farewell: hangs up
       = help: write `undecided -> reception` in `main`, for callers who have pressed a key

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      tries 2
      silence   -> farewell
      undecided -> reception
    }
    route farewell { play goodbye  hang-up }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt goodbye { file office/goodbye  en "Thank you for calling. Goodbye."  lasts 3s  goodbye }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator, Set

import attrs

from dialc.calendar import Instants
from dialc.plan import Callback, Collect, Exit, HangUp, Mailbox, Menu, Operator, Outcome, Play, Step
from dialc.reach import Memory, Situation, State, Survey
from dialc.rules import Breach, breach
from dialc.witness import Witness


@attrs.frozen(cache_hash=True)
class Call:
    """What matters of a call: a key was pressed, a menu was left in silence, a call-back was booked, a message left, or
    neither could be, an apology was heard since, the last thing heard was a goodbye, an operator failed."""

    pressed: bool = False
    silent: bool = False
    booked: bool = False
    message: bool = False
    no_message: bool = False
    apology: bool = False
    goodbye: bool = False
    last_resort: bool = False


@attrs.frozen
class Manners(Memory):
    """What matters of calls for whether they may be hung up on, on the way to some steps."""

    towards: Set[str] | None = None

    def begin(self) -> State:
        return Call()

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        match step:
            case Play():
                apology = state.apology or (state.no_message and step.prompt.apology)
                return attrs.evolve(state, goodbye=step.prompt.goodbye, apology=apology)
            case Menu():
                silent = state.silent or exit.outcome is Outcome.SILENCE
                return attrs.evolve(state, pressed=state.pressed or exit.pressed, silent=silent, goodbye=False)
            case Collect():
                return attrs.evolve(state, pressed=state.pressed or exit.pressed, goodbye=False)
            case Mailbox():
                left = exit.outcome is Outcome.LEFT
                return attrs.evolve(
                    state, message=state.message or left, no_message=not left, apology=False, goodbye=False
                )
            case Callback():
                booked = exit.outcome is Outcome.BOOKED
                return attrs.evolve(
                    state, booked=state.booked or booked, no_message=not booked, apology=False, goodbye=False
                )
            case Operator() if exit.outcome is Outcome.UNANSWERED:
                return attrs.evolve(state, last_resort=True, goodbye=False)
            case _:
                return attrs.evolve(state, pressed=state.pressed or exit.pressed)


def ground(survey: Survey, state: Call) -> bool:
    """Whether a call has come to something after which it may be ended with a goodbye."""
    allowed = survey.plan.policy.silent_caller_may_be_hung_up_on
    return state.booked or state.message or (allowed and state.silent and not state.pressed)


def lawful(survey: Survey, state: Call) -> bool:
    """Whether the plan may hang up on a call."""
    excused = state.last_resort or (state.no_message and state.apology)
    return excused or (ground(survey, state) and state.goodbye)


def check(survey: Survey) -> Iterator[Breach]:
    """Every hang-up that a caller can meet without one of the grounds above, or without a goodbye."""
    ends = [step for step in survey.plan.steps.values() if isinstance(step, HangUp)]
    memory = Manners({step.name for step in ends})
    for step in ends:
        rude: tuple[dict[Situation, Instants], ...] = ({}, {})
        for situation, instants in survey.at(step.name, memory).items():
            if situation.party.exempt:
                continue
            state: Call = situation.state
            if not lawful(survey, state):
                rude[ground(survey, state)][situation] = instants
        shortest = (survey.witness(memory, goal, step.exits()[0]) if goal else None for goal in rude)
        shown = [(witness, bool(grounds)) for grounds, witness in enumerate(shortest) if witness]
        if shown:
            witness, grounds = min(shown, key=lambda pair: (len(pair[0].turns), pair[0].seconds, pair[0].at))
            yield breach(
                survey,
                "C10",
                step.name,
                "the plan hangs up without a goodbye" if grounds else "the plan hangs up on a caller",
                step.place,
                caller="is cut off without a word" if grounds else "is cut off before anybody has answered",
                witness=witness,
                help="play a prompt that says `goodbye` first" if grounds else _cure(survey, witness),
            )


def _cure(survey: Survey, witness: Witness) -> str:
    """What to write where the plan hangs up without grounds: menus can tell who was silent from who pressed keys."""
    pressed = [turn for turn in witness.turns if turn.exit.pressed]
    allowed = survey.plan.policy.silent_caller_may_be_hung_up_on
    one = pressed[0] if len(pressed) == 1 and isinstance(survey.plan.steps[pressed[0].step], Menu) else None
    if allowed and one and one.exit.outcome is Outcome.SILENCE:
        menu = one.step
        return f"write `undecided -> {survey.plan.operator}` in `{menu}`, for callers who have pressed a key"
    return "send the caller to the operator instead"
