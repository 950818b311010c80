"""C08: a bot talks for too long or is come to too soon, and what comes before people once a bot was left."""

from collections.abc import Iterator

import z3

from dialc.plan import Bot, Callback, Collect, Mailbox, Menu, Outcome, Queue
from tests.engine.calls import Calls, Position, Term, Way, hearing
from tests.engine.memories import reaches_people
from tests.engine.offers import Offers


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    if not any(isinstance(step, Bot) for step in calls.plan.steps.values()):
        return
    policy, offers = calls.plan.policy, Offers(calls)
    yes, no = z3.BoolVal(True), z3.BoolVal(False)
    by_keys: dict[tuple[int, Position], Term] = {}
    for turn, position, step, _ in calls.arrivals():
        by_keys[turn, position] = no if isinstance(step, Bot) else offers.at(turn, position, step)

    def had(way: Way) -> bool:
        """Whether people were had, or nearly."""
        return reaches_people(way) or (isinstance(way.step, Queue) and hearing(way.exit))

    def offered_after(way: Way, before: Term) -> Term | None:
        return yes if had(way) else z3.Or(before, by_keys[way.turn, way.position])

    def left_after(way: Way, _: Term) -> Term | None:
        if isinstance(way.step, Bot):
            return yes
        return no if had(way) or isinstance(way.step, Menu | Collect | Mailbox | Callback) else None

    def asked_after(way: Way, before: Term) -> Term | None:
        if isinstance(way.step, Bot):
            return z3.BoolVal(way.exit.outcome is Outcome.KEY)
        return left_after(way, before)

    offered = calls.memory("offered", no, offered_after)
    left, asked = calls.memory("left a bot", no, left_after), calls.memory("asked for people", no, asked_after)
    for turn, _, step, here in calls.arrivals():
        if isinstance(step, Bot):
            too_soon = z3.And(z3.BoolVal(not policy.bot_first), z3.Not(offered[turn]))
            yield turn, z3.And(here, z3.Or(z3.BoolVal(step.limit > policy.bot), left[turn], too_soon))
        elif isinstance(step, Menu | Collect):
            yield turn, z3.And(here, asked[turn])
