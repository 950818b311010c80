"""No going back.

A caller never arrives twice at the same step, save by a menu's own tries and by a declared, bounded ``again``; and
never hears the prompt of one menu again from another (an unrolled loop). A loop without end is C01's; here it is one
that the hours let a caller go round just once more, and the same question asked again.

Comes from: "do not loop the plan; it runs from top to bottom".
"""

from collections.abc import Iterable, Iterator

import attrs

from dialc.calendar import Instants
from dialc.plan import Menu, Step
from dialc.reach import Memory, State, Survey
from dialc.rules import Breach, breach


@attrs.frozen
class _HeardIn(Memory):
    """The menu in which a prompt was first heard, and whether another has asked the same since."""

    prompt: str

    def begin(self) -> State:
        return ("", False)

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        if not isinstance(step, Menu) or all(prompt.name != self.prompt for prompt in step.prompts):
            return ((state, instants),)
        return (((state[0] or step.name, state[0] not in ("", step.name)), instants),)

    def over(self, state: State) -> bool:
        return bool(state[1])


def check(survey: Survey) -> Iterator[Breach]:
    """Every loop that can be gone round once, and every menu prompt that a second menu plays on one path."""
    for loop in survey.loops:
        if not loop.endless:
            step = loop.step.partition("-")[0]
            yield breach(
                survey,
                "C03",
                f"a caller can come to `{step}` a second time",
                survey.plan.arrow(loop.source, survey.exits(loop.source)[loop.index]),
                caller="hears what they have heard before",
                witness=loop.witness,
                last=f"{step}, for the second time",
                help=f"write `again {step} at most 1 then …` in a route if this is meant",
            )
    menus = [step for step in survey.plan.steps.values() if isinstance(step, Menu)]
    for prompt in survey.plan.prompts:
        asking = [menu for menu in menus if any(p.name == prompt for p in menu.prompts)]
        if len(asking) < 2:
            continue
        memory = _HeardIn(prompt)
        reached = survey.reach(memory)
        for menu in asking:
            goal = {s: i for s, i in reached.items() if s.step == menu.name and s.state[1]}
            if goal:
                yield breach(
                    survey,
                    "C03",
                    f"a caller can hear `{prompt}` a second time, in `{menu.name}`",
                    menu.place,
                    caller="is asked the same question again, as if nothing had been said",
                    witness=survey.witness(memory, goal),
                    last=f"{menu.name} plays {prompt} again",
                    help="return by a route with `again … at most …`, which is counted, or ask something else",
                )
