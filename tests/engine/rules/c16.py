"""C16: who presses nothing while the operator is there comes to people too late."""

from collections.abc import Iterator

import z3

from dialc.plan import Branch, ByException, Mailbox, Operator, Outcome, Queue, Schedule
from tests.engine.calls import Calls, Term, Way, hearing
from tests.engine.memories import people_in, reaches_people, was_in_line


def breaks(calls: Calls, most: int | None = None) -> Iterator[tuple[int, Term]]:
    """That callers come to people later than `most` seconds after the call began, None for those of the policy."""
    limit = calls.plan.policy.doing_nothing
    over = limit if most is None else most
    for operator in {party.line.operator: None for party in calls.parties}:
        step = calls.plan.steps[operator]
        assert isinstance(step, Operator)
        hours = step.staffed.hours if step.staffed else None
        mine = calls.among([p for p in calls.parties if p.line.operator == operator and p.line.exempt is None])
        begun = calls.turns[0].at
        if hours is not None:
            opened = calls.clocks.without_switches(hours)
            mine = z3.And(mine, z3.Or(*(z3.And(start <= begun, begun + limit < end) for start, end in opened)))

        def change(way: Way, before: Term, hours: Schedule | None = hours) -> Term | None:
            return z3.BoolVal(True) if _ends(way, hours) else was_in_line(calls, way, before)

        done = calls.memory("done", z3.BoolVal(False), change)
        for turn, _, at, here in calls.arrivals():
            for first, there in people_in(calls, turn, at):
                late = calls.turns[turn].at + first - begun > over
                yield turn, z3.And(mine, here, z3.Not(done[turn]), there, late)


def _ends(way: Way, hours: Schedule | None) -> bool:
    """Whether nothing is asked of a caller any more who has gone a way."""
    step = way.step
    if way.exit.pressed or isinstance(step, Mailbox) or reaches_people(way):
        return True
    told: Schedule | None = None
    match step:
        case Branch() | ByException() if way.exit.outcome is Outcome.CLOSED:
            told = step.hours
        case Operator() if way.exit.outcome is Outcome.UNSTAFFED and step.staffed:
            told = step.staffed.hours
        case Queue() if not hearing(way.exit) and step.staffed:
            told = step.staffed.hours
        case _:
            pass
    return bool(told and hours and (told == hours or {*told.switches} & {*hours.switches}))
