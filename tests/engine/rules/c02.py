"""C02: a path ends at a telephone that a machine may have answered; with `strict`, anywhere but at a person."""

from collections.abc import Iterator

import z3

from dialc.plan import HangUp, Outcome
from tests.engine.calls import Calls, Term, within
from tests.engine.memories import exempt, last_resort, may_be_there, operators, sent_away, staffed
from tests.engine.rules.c10 import unlawful


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    resort, spared = last_resort(calls), exempt(calls)
    for turn, ways in enumerate(calls.ways):
        machine = [way.taken for way in ways if way.exit.outcome is Outcome.UNCONFIRMED]
        if machine:
            yield turn + 1, z3.And(z3.Or(*machine), z3.Not(spared), z3.Not(resort[turn]))
    if not calls.plan.policy.operator_only:
        return
    wrong = unlawful(calls)
    for operator, parties in operators(calls).items():
        period = staffed(calls, operator)
        able, away = may_be_there(calls, period), sent_away(calls, period)
        ours = calls.among(parties)
        came = within(calls.turns[0].at, able)
        for turn, ways in enumerate(calls.ways):
            for way in ways:
                if isinstance(way.step, HangUp):
                    asked = z3.And(ours, came, z3.Not(spared), z3.Not(resort[turn]), z3.Not(away[turn]))
                    ends = within(calls.turns[turn].at, able)
                    yield turn + 1, z3.And(way.taken, asked, ends, z3.Not(wrong[turn]))
