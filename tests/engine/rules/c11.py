"""C11: handed on too often before the phones of an operator ring."""

from collections.abc import Iterator

import z3

from dialc.plan import Bot, Extensions, Operator, Outcome, Queue, Ring
from tests.engine.calls import Calls, Term


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    rung = calls.memory(
        "rung",
        z3.BoolVal(False),
        lambda way, _: (
            z3.BoolVal(True) if isinstance(way.step, Operator) and way.exit.outcome is not Outcome.UNSTAFFED else None
        ),
    )
    handed = calls.memory(
        "handed on",
        z3.IntVal(0),
        lambda way, before: before + 1 if isinstance(way.step, Ring | Extensions | Queue | Bot) else None,
    )
    for turn, _, step, here in calls.arrivals():
        if isinstance(step, Ring | Extensions | Queue | Bot):
            yield turn, z3.And(here, z3.Not(rung[turn]), handed[turn] + 1 > calls.plan.policy.hand_offs)
