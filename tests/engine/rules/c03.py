"""C03: the prompt of one menu is heard again from another. Steps that come round are asked for by `comes_round`."""

from collections.abc import Iterator

import z3

from dialc.plan import Collect, Menu
from tests.engine.calls import Calls, Term


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    asks = [step for step in calls.plan.steps.values() if isinstance(step, Menu | Collect)]
    prompts = {step.name: {prompt.name for prompt in step.prompts} for step in asks}
    for one in prompts:
        for other in prompts:
            if one != other and prompts[one] & prompts[other]:
                before: list[Term] = []
                for turn in range(len(calls.arrived)):
                    if before:
                        yield turn, z3.And(calls.at(turn, other), z3.Or(*before))
                    before.append(calls.at(turn, one))


def comes_round(calls: Calls) -> Iterator[tuple[int, Term]]:
    """That a caller comes to a step again, with no return used in between."""
    for later, arrived in enumerate(calls.arrived):
        for position, here in arrived.items():
            same = [
                there
                for earlier in calls.arrived[:later]
                for before, there in earlier.items()
                if (before.step, before.used) == (position.step, position.used)
            ]
            if same:
                yield later, z3.And(here, z3.Or(*same))
