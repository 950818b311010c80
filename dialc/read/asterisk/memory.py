"""What a plan remembers of a call, and what of that it will ever ask for again.

In: a plan. Out: `Memory`, the plan's side of a call; and `Lasting`, which forgets what nothing asks for from a step on.
Calls that differ in nothing else are one call from there: those on all numbers that lead to the same menu, if no
service is to be told the number. Without that, a walk would cost a multiple for each thing that was ever learned.
"""

from collections import deque
from typing import assert_never

import attrs

from dialc.plan import (
    Again,
    Answer,
    Bot,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Callback,
    Collect,
    Extensions,
    HangUp,
    Label,
    Lookup,
    Mailbox,
    Menu,
    Operator,
    Plan,
    Play,
    Queue,
    Record,
    Ring,
    Step,
)

GONE = ""
"""The step of a call whose caller is gone."""


@attrs.frozen(cache_hash=True)
class Memory:
    """What a plan remembers of a call: the step, and where in it; what survives steps; and the `ending`, once over."""

    step: str
    part: tuple[int, ...] = ()
    uses: tuple[int, ...] = ()
    operator: str = ""
    language: str = ""
    taken: bool = False
    recorded: bool = False
    handed: bool = False
    label: str = ""
    phone: str = ""
    called: str = ""
    ending: str = ""


class Lasting:
    """What is asked for from each step of a plan on."""

    def __init__(self, plan: Plan) -> None:
        self._targets = plan.targets()
        self._asked = {name: set(_asked(step)) for name, step in plan.steps.items()}
        before: dict[str, list[str]] = {}
        for name, step in plan.steps.items():
            for way in step.exits():
                if isinstance(way.to, str):
                    before.setdefault(way.to, []).append(name)
        ahead = deque(plan.steps)
        while ahead:
            name = ahead.popleft()
            for earlier in before.get(name, ()):
                if not self._asked[name] <= self._asked[earlier]:
                    self._asked[earlier] |= self._asked[name]
                    ahead.append(earlier)

    def kept(self, memory: Memory) -> Memory:
        """The memory without what nothing asks for any more."""
        asked = self._asked.get(memory.step)
        if asked is None:
            return memory
        uses = tuple(
            left if f"again {target}" in asked else 0 for target, left in zip(self._targets, memory.uses, strict=True)
        )
        return attrs.evolve(
            memory,
            uses=uses,
            operator=memory.operator if "operator" in asked else "",
            recorded=memory.recorded and "recorded" in asked,
            handed=memory.handed and "handed" in asked,
            label=memory.label if "label" in asked else "",
            called=memory.called if "called" in asked else "",
        )


def _asked(step: Step) -> tuple[str, ...]:
    """What a step itself asks for, of that which need not be asked for everywhere."""
    match step:
        case Again():
            return (f"again {step.target}",)
        case ByLine():
            return ("operator",)
        case Record():
            return ("recorded",)
        case Operator():
            return ("label", "handed")
        case Ring() | Extensions() | Queue() | Bot():
            return ("label",)
        case Lookup():
            return ("called",)
        case (
            Answer()
            | Branch()
            | ByCaller()
            | ByException()
            | BySwitch()
            | Callback()
            | Collect()
            | HangUp()
            | Label()
            | Mailbox()
            | Menu()
            | Play()
        ):
            return ()
        case _:
            assert_never(step)
