"""C13: a caller comes to a queue, or waits there, while nobody is there."""

from collections.abc import Iterator

import z3

from dialc.plan import Queue
from tests.engine.calls import Calls, Term, within
from tests.engine.hours import spread
from tests.engine.memories import read


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    grace = calls.plan.policy.grace
    for turn, _, step, here in calls.arrivals():
        if not isinstance(step, Queue) or step.staffed is None or step.closing:
            continue
        if step.staffed.hours.switches:
            opened = read(calls, step.staffed.hours, plus=step.staffed.plus)[0]
            long = z3.BoolVal(step.seconds + step.patience >= grace)
            yield turn, z3.And(here, z3.Or(z3.Not(opened[turn]), long))
            continue
        there = calls.clocks.opened(step.staffed, {})
        came = within(calls.turns[0].at, there)
        since = calls.fresh("since", z3.Int)
        instant = calls.turns[turn].at + since
        served = z3.Or(within(instant, there), z3.And(came, within(instant, spread(there, grace, 0))))
        waits = z3.Or(since == 0, z3.And(step.seconds <= since, since <= step.seconds + step.patience))
        yield turn, z3.And(here, waits, z3.Not(served))
