"""Never hang up first.

The plan may hang up only (a) after a menu in which the caller pressed no key at all since the call began, where the
policy allows it; (c) after a message was left; (d) after a person answered, which ends a path by itself; (e) after an
apology, where the mailbox that should have ended the call has taken no message. (a) and (c) follow a prompt that says
goodbye. Inside a last resort (behind the ``unanswered`` of an operator) the rule does not apply. (b), a call-back that
was booked, comes with call-backs.

Comes from: "do not hang up first; the two exceptions; a farewell".
"""

from collections.abc import Iterator

import attrs

from dialc.calendar import Instants
from dialc.plan import Exit, HangUp, Mailbox, Menu, Operator, Outcome, Play, Step
from dialc.reach import Memory, Situation, State, Survey
from dialc.rules import Breach, breach
from dialc.witness import Witness


@attrs.frozen
class Call:
    """What matters of a call: a key was pressed, a menu was left in silence, a message was left or could not be, an
    apology was heard since, the last thing heard was a goodbye, an operator failed."""

    pressed: bool = False
    silent: bool = False
    message: bool = False
    no_message: bool = False
    apology: bool = False
    goodbye: bool = False
    last_resort: bool = False


class _Manners(Memory):
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
            case Mailbox():
                left = exit.outcome is Outcome.LEFT
                return attrs.evolve(
                    state, message=state.message or left, no_message=not left, apology=False, goodbye=False
                )
            case Operator() if exit.outcome is Outcome.UNANSWERED:
                return attrs.evolve(state, last_resort=True, goodbye=False)
            case _:
                return attrs.evolve(state, pressed=state.pressed or exit.pressed)


_MEMORY = _Manners()


def check(survey: Survey) -> Iterator[Breach]:
    """Every hang-up that a caller can meet without one of the grounds above, or without a goodbye."""
    allowed = survey.plan.policy.silent_caller_may_be_hung_up_on
    reached = survey.reach(_MEMORY)
    for step in survey.plan.steps.values():
        if not isinstance(step, HangUp):
            continue
        rude: tuple[dict[Situation, Instants], ...] = ({}, {})
        for situation, instants in reached.items():
            if situation.step != step.name:
                continue
            state: Call = situation.state
            ground = state.message or (allowed and state.silent and not state.pressed)
            excused = state.last_resort or (state.no_message and state.apology) or (ground and state.goodbye)
            if not excused:
                rude[bool(ground)][situation] = instants
        shown = [(w, bool(ground)) for ground, goal in enumerate(rude) if (w := _shortest(survey, goal, step))]
        if shown:
            witness, ground = min(shown, key=lambda pair: (len(pair[0].turns), pair[0].seconds, pair[0].at))
            yield breach(
                survey,
                "C10",
                "the plan hangs up without a goodbye" if ground else "the plan hangs up on a caller",
                step.place,
                caller="is cut off without a word" if ground else "is cut off before anybody has answered",
                witness=witness,
                help="play a prompt that says `goodbye` first" if ground else "send the caller to the operator instead",
            )


def _shortest(survey: Survey, goal: dict[Situation, Instants], step: HangUp) -> Witness | None:
    return survey.witness(_MEMORY, goal, step.exits()[0]) if goal else None
