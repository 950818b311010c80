"""C22: a call-back is booked where none may be rung, or too often."""

from collections.abc import Iterator

import z3

from dialc.plan import Callback, Outcome
from tests.engine.calls import Calls, Term


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    plan = calls.plan
    for turn, ways in enumerate(calls.ways):
        for way in ways:
            if isinstance(way.step, Callback) and way.exit.outcome is Outcome.BOOKED:
                wrong = not plan.callback_to or way.step.daily > plan.policy.callbacks_a_day
                yield turn + 1, z3.And(way.taken, z3.BoolVal(wrong))
