""" "Sorry, I did not understand" is bounded.

The tries that a caller can use up at one menu, by silence or by keys that mean nothing there, are at most the policy's
(3 in ``charter``), counted over the whole call where an ``again`` brings the caller back to the menu.

Comes from: "'sorry, I did not understand' fifteen times".
"""

from collections.abc import Iterator

import attrs

from dialc.plan import Exit, Menu, Outcome, Step
from dialc.reach import Memory, State, Survey
from dialc.rules import Breach, breach
from dialc.witness import Witness


@attrs.frozen
class _Missed(Memory):
    """The tries used up at one menu, up to one more than are allowed."""

    menu: str
    most: int

    def begin(self) -> State:
        return 0

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return min(self.most, int(state) + exit.missed) if step.name == self.menu else state


def check(survey: Survey) -> Iterator[Breach]:
    """Every menu that can misunderstand one caller more often than the policy allows."""
    allowed = survey.plan.policy.tries
    for step in survey.plan.steps.values():
        if not isinstance(step, Menu):
            continue
        memory = _Missed(step.name, allowed + 1)
        reached = survey.reach(memory)
        fails = next(e for e in reversed(survey.exits(step.name)) if e.outcome in (Outcome.INVALID, Outcome.SILENCE))
        goal = {s: i for s, i in reached.items() if s.step == step.name and s.state + fails.missed > allowed}
        if not goal:
            continue
        witness = survey.witness(memory, goal, fails)
        worst = max(situation.state for situation in goal) + fails.missed
        yield breach(
            survey,
            "C17",
            f"`{step.name}` can fail to understand a caller {worst} times in a call, and may {allowed}",
            step.tries_place if step.tries > allowed else step.place,
            caller="is asked the same again and again instead of being helped",
            witness=_missing(step.name, witness) if witness else None,
            help=f"write `tries {allowed}`" if step.tries > allowed else "",
        )


def _missing(menu: str, witness: Witness) -> Witness:
    """The witness, with wrong keys before every key that leaves the menu."""
    return attrs.evolve(
        witness,
        turns=tuple(
            attrs.evolve(turn, missed=turn.exit.missed)
            if turn.step == menu and turn.exit.outcome is Outcome.KEY
            else turn
            for turn in witness.turns
        ),
    )
