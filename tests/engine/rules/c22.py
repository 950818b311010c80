"""C22: a call-back is booked where none may be rung, or too often."""

from collections.abc import Iterator

import z3

from dialc.plan import Callback, Outcome
from tests.engine.calls import Calls, Term


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    plan = calls.plan
    for turn, ways in enumerate(calls.ways):
        booked = [
            way.taken
            for way in ways
            if isinstance(way.step, Callback)
            and way.exit.outcome is Outcome.BOOKED
            and (not plan.callback_to or way.step.daily > plan.policy.callbacks_a_day)
        ]
        if booked:
            yield turn + 1, z3.Or(*booked)
