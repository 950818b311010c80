"""C07: a caller comes to a mailbox that they should not have come to."""

from collections.abc import Iterator

import z3

from dialc.plan import Mailbox, Outcome, Period, Queue, Schedule
from tests.engine.calls import Calls, Term, within
from tests.engine.hours import both, spread
from tests.engine.memories import heard_closed, last_resort, read


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    resort = last_resort(calls)
    queued = calls.memory(
        "queued",
        z3.BoolVal(False),
        lambda way, _: (
            z3.BoolVal(True) if isinstance(way.step, Queue) and way.exit.outcome is not Outcome.CLOSING else None
        ),
    )
    for step in calls.plan.steps.values():
        if not isinstance(step, Mailbox):
            continue
        lacks = step.closed is None or not step.greeting or not step.reader
        told, shut = _told(calls, step.closed), _read_closed(calls, step.closed)
        for turn in range(len(calls.arrived)):
            wrong: Term = z3.BoolVal(lacks)
            if step.closed is not None:
                wrong = z3.Or(wrong, queued[turn], z3.Not(told[turn]))
                if shut is not None:
                    wrong = z3.Or(wrong, z3.Not(shut[turn]))
                else:
                    opened = calls.clocks.opened(Period(step.closed), {})
                    closed = calls.clocks.closed(opened)
                    just = both(opened, spread(closed, calls.plan.policy.mailbox_after_opening, 0))
                    now = calls.turns[turn].at
                    began_closed = z3.Not(within(calls.turns[0].at, opened))
                    excused = z3.And(within(now, just), began_closed)
                    wrong = z3.Or(wrong, z3.And(within(now, opened), z3.Not(excused)))
            yield turn, z3.And(calls.at(turn, step.name), z3.Not(resort[turn]), wrong)


def _told(calls: Calls, hours: Schedule | None) -> list[Term]:
    """Whether the call was told that hours are closed."""
    name = hours.name if hours else ""
    return calls.memory("told", z3.BoolVal(False), lambda way, _: z3.BoolVal(True) if heard_closed(way, name) else None)


def _read_closed(calls: Calls, hours: Schedule | None) -> list[Term] | None:
    """Whether the call has read last that hours are closed, where a switch overrides them."""
    return read(calls, hours)[1] if hours and hours.switches else None
