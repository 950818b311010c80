"""C11: handed on too often before an operator's phones ring."""

from collections.abc import Iterator

from dialc.call import Arrived, Left
from dialc.plan import Bot, Extensions, Operator, Plan, Queue, Ring
from tests.oracle import Made


def broken(plan: Plan, made: Made) -> Iterator[tuple[str, int]]:
    """The step at which a call is handed on once too often, and how many exits were taken by then."""
    times = exits = 0
    for event in made.events:
        if isinstance(event, Arrived) and isinstance(plan.steps[event.step], Ring | Extensions | Queue | Bot):
            times += 1
            if times > plan.policy.hand_offs:
                yield event.step, exits
                return
        if isinstance(event, Left):
            exits += 1
            if isinstance(plan.steps[event.step], Operator) and event.outcome != "unstaffed":
                return
