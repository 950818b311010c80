"""C16: who presses nothing while the operator is there comes to people too late."""

from collections.abc import Iterator

import z3

from dialc.plan import Branch, ByException, Extensions, Mailbox, Operator, Outcome, Queue, Ring, Schedule
from tests.engine.calls import Calls, Term, Way, hearing, said_before, within
from tests.engine.hours import Stretches
from tests.engine.memories import closes, people_at


def breaks(calls: Calls, most: int | None = None) -> Iterator[tuple[int, Term]]:
    """That callers come to people later than `most` seconds after the call began, None for those of the policy."""
    limit = calls.plan.policy.doing_nothing
    over = limit if most is None else most
    for operator in {party.line.operator: None for party in calls.parties}:
        step = calls.plan.steps[operator]
        assert isinstance(step, Operator)
        hours = step.staffed.hours if step.staffed else None
        mine = calls.who(lambda party, own=operator: party.line.operator == own and party.line.exempt is None)
        begun = calls.turns[0].at
        if hours is not None:
            opened = calls.clocks.without_switches(hours)
            mine = z3.And(mine, z3.Or(*(z3.And(start <= begun, begun + limit < end) for start, end in opened)))

        def change(way: Way, before: Term, hours: Schedule | None = hours) -> Term | None:
            if _ends(way, hours):
                return z3.BoolVal(True)
            if isinstance(way.step, Queue) and way.exit.outcome is Outcome.CLOSING:
                # Nobody was in line who had to go as the prompts were over.
                lasted = calls.turns[way.turn + 1].at - calls.turns[way.turn].at
                return z3.Or(before, lasted > way.step.seconds)
            return None

        done = calls.memory("done", z3.BoolVal(False), change)
        for turn, _, at, here in calls.arrivals():
            for first, there in _people(calls, turn, at):
                late = calls.turns[turn].at + first - begun > over
                yield turn, z3.And(mine, here, z3.Not(done[turn]), there, late)


def _ends(way: Way, hours: Schedule | None) -> bool:
    """Whether nothing is asked of a caller any more who has gone a way."""
    step = way.step
    if way.exit.pressed or isinstance(step, Mailbox) or _reaches(way):
        return True
    told: Schedule | None = None
    match step:
        case Branch() | ByException() if way.exit.outcome is Outcome.CLOSED:
            told = step.hours
        case Operator() if way.exit.outcome is Outcome.UNSTAFFED and step.staffed:
            told = step.staffed.hours
        case Queue() if not hearing(step, way.exit) and step.staffed:
            told = step.staffed.hours
        case _:
            pass
    return bool(told and hours and (told == hours or {*told.switches} & {*hours.switches}))


def _reaches(way: Way) -> bool:
    """Whether people were reached at a step: their phone rang, or the caller was in line."""
    match way.step:
        case Ring() | Operator():
            return people_at(way.step) is not None and way.exit.outcome is not Outcome.UNSTAFFED
        case Extensions():
            return True
        case Queue():
            return way.exit.outcome not in (Outcome.FULL, Outcome.CLOSING)
        case _:
            return False


def _people(calls: Calls, turn: int, step: object) -> Iterator[tuple[int, Term]]:
    """The latest second in a step at which people are reached, and when that can be."""
    now = calls.turns[turn].at
    match step:
        case Ring() | Operator():
            stage = people_at(step)
            if stage is None:
                return
            there: Term = z3.BoolVal(True)
            if isinstance(step, Operator) and step.staffed:
                there = within(now, calls.clocks.may_be_open(step.staffed))
            yield said_before(step, stage) + sum(each.seconds for each in step.stages[:stage]), there
        case Extensions():
            yield 0, z3.BoolVal(True)
        case Queue():
            there = z3.BoolVal(True)
            if closes(step) and step.staffed:
                opened: Stretches = calls.clocks.opened(step.staffed, {})
                there = z3.And(within(now, opened), within(now + step.seconds, opened))
            yield step.seconds, there
        case _:
            pass
