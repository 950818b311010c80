"""C14: nobody answers, and no operator's phone rings, in the time that a prompt promises.

Of promises to call back the solver knows nothing; plans are held against it without them.
"""

from collections.abc import Iterator

import z3

from dialc.plan import Announcement, End, HangUp, Operator, Outcome, Queue, heard_at
from tests.engine.calls import Calls, Term, Way
from tests.engine.events import heard


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    if not any(prompt.promises_wait for step in calls.plan.steps.values() for prompt in heard_at(step)):
        return
    owed: Term = z3.BoolVal(False)
    until: Term = z3.IntVal(0)
    for turn, ways in enumerate(calls.ways):
        owes, limits = owed, until
        for way in ways:
            late, mine, by = _goes(calls, way, owed, until)
            yield turn, z3.And(way.taken, late)
            owes, limits = z3.If(way.taken, mine, owes), z3.If(way.taken, by, limits)
        owed, until = calls.fresh("owed"), calls.fresh("until", z3.Int)
        calls.solver.add(owed == owes, until == limits)


def _goes(calls: Calls, way: Way, owed: Term, until: Term) -> tuple[Term, Term, Term]:
    """Whether a promise is broken on a way, and what is owed behind it, until when."""
    now, onward = calls.turns[way.turn], calls.turns[way.turn + 1]
    late: Term = z3.BoolVal(False)
    step = way.step
    stage = 0
    ahead = heard(calls, way)
    items = step.items if isinstance(step, Operator) and way.exit.outcome is not Outcome.UNSTAFFED else ()
    for said in ahead:
        if isinstance(step, Operator):
            break
        owed, until = _promised(said.promise, z3.And(said.so, said.whole), said.ends, owed, until)
    since = now.at
    for item in items:
        if isinstance(item, Announcement):
            since = since + item.prompt.seconds
            seconds = item.prompt.promises_wait.seconds if item.prompt.promises_wait else None
            so = z3.BoolVal(True) if way.exit.outcome is Outcome.UNANSWERED else now.counted > stage
            owed, until = _promised(seconds, so, since, owed, until)
            continue
        here = now.counted > stage
        if any(phone.human for phone in item.phones):
            late = z3.Or(late, z3.And(here, owed, since > until))
            owed = z3.And(owed, z3.Not(here))
        since = since + now.lasts[stage]
        stage += 1
    if way.exit.outcome is Outcome.ANSWERED:
        late = z3.Or(late, z3.And(owed, onward.at > until))
    if way.exit.to is End.UNCONFIRMED or isinstance(step, HangUp):
        late = z3.Or(late, owed)
    released = isinstance(step, Queue) and way.exit.outcome is Outcome.KEY and way.exit.key != "0"
    if released or way.exit.outcome is Outcome.BOOKED:
        owed = z3.BoolVal(False)
    return late, owed, until


def _promised(seconds: int | None, so: Term, ends: Term, owed: Term, until: Term) -> tuple[Term, Term]:
    """What is owed once a prompt has ended that promises something; the earliest of several times counts."""
    if seconds is None:
        return owed, until
    by = ends + seconds
    sooner = z3.If(z3.And(owed, until < by), until, by)
    return z3.Or(owed, so), z3.If(so, sooner, until)
