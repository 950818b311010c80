""" "Sorry, I did not understand" is bounded.

The tries that a caller can use up at one menu or collect, by silence, by keys that mean nothing there or by asking to
hear it again, are at most the policy's (3 in ``charter``). They are counted over the whole call: where an ``again``
brings callers back to a menu, its tries add up. A caller who uses up all but the last of them and then presses a key
that works has used up these, so ``again main at most 1`` leaves room for ``tries 2``.

Comes from: a Lithuanian guide to getting past telephone menus, which counts "sorry, I did not understand" fifteen
times.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      tries 5
    }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[C17]: `main` can ask a caller 5 times in vain, and 3 are allowed
     --> plan.dial:8:9
      |
    8 |   tries 5
      |         ^
      = caller: is asked the same again and again instead of being helped
      = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
              +0:00  main: only keys that mean nothing here -> reception
      = help: write `tries 3`

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      tries 3
    }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator

import attrs

from dialc.plan import Collect, Exit, Menu, Outcome, Step
from dialc.reach import Memory, State, Survey, components
from dialc.rules import Breach, breach
from dialc.witness import Witness

_LEADS = (Outcome.KEY, Outcome.ACCEPT)
"""The ways out of a menu or a collect that the caller has chosen."""


@attrs.frozen
class _Missed(Memory):
    """The tries used up at one menu."""

    menu: str

    def begin(self) -> State:
        return 0

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return int(state) + exit.missed if step.name == self.menu else state


def check(survey: Survey) -> Iterator[Breach]:
    """Every menu that can misunderstand one caller more often than the policy allows."""
    allowed, returned = survey.plan.policy.tries, _returned_to(survey)
    for step in survey.plan.steps.values():
        if not isinstance(step, Menu | Collect):
            continue
        fails = next(e for e in reversed(survey.exits(step.name)) if e.outcome not in _LEADS)
        if fails.missed <= allowed and step.name not in returned:
            continue
        memory = _Missed(step.name)
        reached = survey.reach(memory)
        goal = {s: i for s, i in reached.items() if s.step == step.name and s.state + fails.missed > allowed}
        if not goal:
            continue
        witness = survey.witness(memory, goal, fails)
        worst = max(situation.state for situation in goal) + fails.missed
        yield breach(
            survey,
            "C17",
            step.name,
            f"`{step.name}` can ask a caller {worst} times in vain, and {allowed} are allowed",
            step.tries_place,
            caller="is asked the same again and again instead of being helped",
            witness=_missing(step.name, witness) if witness else None,
            help=f"write `tries {allowed}`"
            if step.tries > allowed
            else f"write fewer `tries`, or return to `{step.name}` less often",
        )


def _returned_to(survey: Survey) -> set[str]:
    """The steps to which some way leads back; at others, nobody is twice, and what is used up there is soon counted."""
    onward = {name: [str(exit.to) for exit in survey.exits(name)] for name in survey.plan.steps}
    circles = [set(found) for found in components(onward)]
    return {name for circle in circles if len(circle) > 1 for name in circle} | {
        name for name, to in onward.items() if name in to
    }


def _missing(menu: str, witness: Witness) -> Witness:
    """The witness, with wrong keys before every key that leaves the menu."""
    return attrs.evolve(
        witness,
        turns=tuple(
            attrs.evolve(turn, missed=turn.exit.missed) if turn.step == menu and turn.exit.outcome in _LEADS else turn
            for turn in witness.turns
        ),
    )
