"""C15: key 0 does nothing, or leads to no operator at once, while the operator of the line is there."""

from collections.abc import Iterator

import z3

from dialc.plan import (
    Again,
    Answer,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Label,
    Menu,
    Operator,
    Queue,
    Record,
)
from tests.engine.calls import Calls, Term, Way, within
from tests.engine.hours import spread
from tests.engine.memories import closes, last_resort, may_be_there, operators, sent_away, staffed

AT_ONCE = Answer | Label | Record | Branch | ByException | BySwitch | ByCaller | ByLine | Again


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    def zero_after(way: Way, _: Term) -> Term | None:
        if isinstance(way.step, AT_ONCE):
            return None
        return z3.BoolVal(isinstance(way.step, Menu | Queue) and way.exit.key == "0")

    zero, resort = calls.memory("zero", z3.BoolVal(False), zero_after), last_resort(calls)
    for operator, parties in operators(calls).items():
        period = staffed(calls, operator)
        able, away = may_be_there(calls, period), sent_away(calls, period)
        ours = calls.among(parties)
        came = z3.And(ours, within(calls.turns[0].at, able))
        for turn, _, step, here in calls.arrivals():
            asked = z3.And(here, came, z3.Not(away[turn]), z3.Not(resort[turn]))
            now = calls.turns[turn].at
            if not isinstance(step, Operator | AT_ONCE):
                yield turn, z3.And(asked, zero[turn], within(now, able))
            if not isinstance(step, Menu | Queue) or any(choice.key == "0" for choice in step.choices):
                continue
            if isinstance(step, Menu):
                heard = (step.tries - 1) * step.longest + step.seconds
                yield turn, z3.And(asked, within(now, spread(able, 0, heard)))
            else:
                since = calls.fresh("since", z3.Int)
                last = step.seconds + step.patience
                pressed = z3.And(since >= 0, since <= last, within(now + since, able))
                if closes(step) and step.staffed:
                    opened = calls.clocks.opened(step.staffed, {})
                    first = now + step.seconds
                    waits = (z3.And(start <= first, first < end, now + since < end) for start, end in opened)
                    pressed = z3.And(pressed, within(now, opened), z3.Or(since < step.seconds, *waits))
                yield turn, z3.And(asked, pressed)
