"""No going back.

A caller never arrives twice at the same step, save by a menu's own tries and by a declared, bounded ``again``; and
never hears the prompt of one menu again from another, which would be a loop unrolled. A loop without end is
:ref:`C01`'s; here it is one that the hours let a caller go round just once more, and the same question asked again.

Comes from: a PBX engineer's ten ways to anger those who call, the third: do not loop the plan; it runs from top to
bottom.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      tries 2
    }
    ring sales { ring 201, 202 for 10s  no-answer -> instead }
    menu instead {
      play choices
      key 1 "sales"     -> manager
      key 0 "reception" -> reception
    }
    ring manager { ring 210 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[C03]: a caller can hear `choices` a second time, in `instead`
      --> plan.dial:11:1
       |
    11 | menu instead {
       | ^^^^^^^^^^^^^^
       = caller: is asked the same question again, as if nothing had been said
       = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
               +0:00  main: presses 1 -> sales
               +0:00  sales: nobody answers -> instead
               +0:00  instead plays choices again
       = help: return by a route with `again … at most …`, which is counted, or ask something else

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      tries 2
    }
    ring sales { ring 201, 202 for 10s  no-answer -> instead }
    route instead { again main at most 1 then reception }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterable, Iterator, Set

import attrs

from dialc.calendar import Instants
from dialc.plan import Collect, Menu, Step
from dialc.reach import Memory, State, Survey
from dialc.rules import Breach, breach
from dialc.witness import written


@attrs.frozen
class _HeardIn(Memory):
    """The menu of some in which a prompt was first heard, and whether another has asked the same since."""

    towards: Set[str]

    def begin(self) -> State:
        return ("", False)

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        if step.name not in self.towards:
            return ((state, instants),)
        return (((state[0] or step.name, state[0] not in ("", step.name)), instants),)

    def over(self, state: State) -> bool:
        return bool(state[1])


def check(survey: Survey) -> Iterator[Breach]:
    """Every loop that can be gone round once, and every menu prompt that a second menu plays on one path."""
    for loop in survey.loops:
        if not loop.endless:
            again = written(loop.step)
            yield breach(
                survey,
                "C03",
                loop.source,
                f"a caller can come to `{again}` a second time",
                survey.plan.arrow(loop.source, survey.exits(loop.source)[loop.index]),
                caller="hears what they have heard before",
                witness=loop.witness,
                last=f"{again}, for the second time",
                help=f"write `again {again} at most 1 then …` in a route if this is meant",
            )
    menus: dict[str, dict[str, Menu | Collect]] = {}
    for step in survey.plan.steps.values():
        if isinstance(step, Menu | Collect):
            for played in step.prompts:
                menus.setdefault(played.name, {})[step.name] = step
    for prompt in survey.plan.prompts:
        asking = menus.get(prompt, {})
        if len(asking) < 2:
            continue
        memory = _HeardIn(asking.keys())
        for menu in asking.values():
            goal = {s: i for s, i in survey.at(menu.name, memory).items() if s.state[1]}
            if goal:
                yield breach(
                    survey,
                    "C03",
                    menu.name,
                    f"a caller can hear `{prompt}` a second time, in `{menu.name}`",
                    menu.place,
                    caller="is asked the same question again, as if nothing had been said",
                    witness=survey.witness(memory, goal),
                    last=f"{menu.name} plays {prompt} again",
                    help="return by a route with `again … at most …`, which is counted, or ask something else",
                )
