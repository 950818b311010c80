"""C17: a menu or collect is tried in vain too often."""

from collections.abc import Iterator

import z3

from dialc.plan import Collect, Menu, Outcome
from tests.engine.calls import Calls, Term, Way

TAKEN = (Outcome.KEY, Outcome.EXTENSION, Outcome.ACCEPT)


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    for step in calls.plan.steps.values():
        if not isinstance(step, Menu | Collect):
            continue

        def change(way: Way, before: Term, name: str = step.name) -> Term | None:
            if way.step.name != name:
                return None
            counted = calls.turns[way.turn].counted
            return before + (counted - 1 if way.exit.outcome in TAKEN else counted)

        missed = calls.memory("missed", z3.IntVal(0), change)
        for turn, ways in enumerate(calls.ways):
            left = [way.taken for way in ways if way.step.name == step.name]
            if left:
                yield turn + 1, z3.And(z3.Or(*left), missed[turn + 1] > calls.plan.policy.tries)
