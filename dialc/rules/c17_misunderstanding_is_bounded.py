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
    policy charter { keys-to-person 5 }
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
     --> plan.dial:9:9
      |
    9 |   tries 5
      |         ^
      = caller: is asked the same again and again instead of being helped
      = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
              +0:00  main: only keys that mean nothing here -> reception
      = help: write `tries 3`

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    policy charter { keys-to-person 5 }
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

from collections.abc import Iterator, Mapping, Set

import attrs

from dialc.plan import Again, Collect, Exit, Menu, Outcome, Step
from dialc.reach import FORGETFUL, Memory, State, Survey, components
from dialc.rules import Breach, breach
from dialc.witness import Witness

_LEADS = (Outcome.KEY, Outcome.ACCEPT)
"""The ways out of a menu or a collect that the caller has chosen."""


@attrs.frozen
class _Missed(Memory):
    """The tries used up at one menu."""

    menu: str

    @property
    def since(self) -> Set[str]:
        return {self.menu}

    @property
    def towards(self) -> Set[str]:
        return {self.menu}

    def begin(self) -> State:
        return 0

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return int(state) + exit.missed if step.name == self.menu else state


def check(survey: Survey) -> Iterator[Breach]:
    """Every menu that can misunderstand one caller more often than the policy allows."""
    allowed, earlier = survey.plan.policy.tries, _earlier(survey)
    for step in survey.plan.steps.values():
        if not isinstance(step, Menu | Collect):
            continue
        fails = next(e for e in reversed(survey.exits(step.name)) if e.outcome not in _LEADS)
        before = earlier.get(step.name, 0)
        if before + fails.missed <= allowed:
            continue
        memory = _Missed(step.name) if before else FORGETFUL
        goal = {s: i for s, i in survey.at(step.name, memory).items() if (s.state or 0) + fails.missed > allowed}
        if not goal:
            continue
        witness = survey.witness(memory, goal, fails)
        worst = max(situation.state or 0 for situation in goal) + fails.missed
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


def _earlier(survey: Survey) -> Mapping[str, int]:
    """For steps to which some way leads back, the most tries that a caller who comes back can have used up there.

    They come back by an `again` each time, one on the way round, and have left by an exit that leads that way.
    """
    onward = {name: [str(exit.to) for exit in survey.exits(name)] for name in survey.plan.steps}
    found: dict[str, int] = {}
    for circle in map(set, components(onward)):
        targets = {step.target for name in circle if isinstance(step := survey.plan.steps[name], Again)}
        returns = sum(survey.plan.limits[target] for target in targets)
        for name in circle if returns else ():
            found[name] = returns * max((exit.missed for exit in survey.exits(name) if exit.to in circle), default=0)
    return found


def _missing(menu: str, witness: Witness) -> Witness:
    """The witness, with wrong keys before every key that leaves the menu."""
    return attrs.evolve(
        witness,
        turns=tuple(
            attrs.evolve(turn, missed=turn.exit.missed) if turn.step == menu and turn.exit.outcome in _LEADS else turn
            for turn in witness.turns
        ),
    )
