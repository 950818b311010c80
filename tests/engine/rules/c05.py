"""C05: notices are heard for too long before people can be had."""

from collections.abc import Iterator

import z3

from dialc.plan import Announcement, Mailbox, Operator, Outcome, Play, Prompt, Queue, Stage, Step, heard_at
from tests.engine.calls import Calls, Position, Term, Way, hearing
from tests.engine.memories import people_at, people_in, reaches_people
from tests.engine.offers import Offers


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    if not any(prompt.notice for step in calls.plan.steps.values() for prompt in heard_at(step)):
        return
    most, offers = calls.plan.policy.notices, Offers(calls)
    offered: dict[tuple[int, Position], Term] = {}
    for turn, position, step, _ in calls.arrivals():
        offered[turn, position] = offers.at(turn, position, step)

    def done_after(way: Way, before: Term) -> Term | None:
        if reaches_people(way) or (isinstance(way.step, Queue) and hearing(way.exit)):
            return z3.BoolVal(True)
        return z3.Or(before, offered[way.turn, way.position])

    def heard_after(way: Way, before: Term) -> Term | None:
        seconds = _seconds(_heard(way))
        return before + seconds if seconds else None

    done = calls.memory("can have people", z3.BoolVal(False), done_after)
    heard = calls.memory("notices", z3.IntVal(0), heard_after)
    for turn, position, step, here in calls.arrivals():
        first = z3.And(here, z3.Not(done[turn]))
        yield turn, z3.And(first, offered[turn, position], heard[turn] > most)
        for _, there in people_in(calls, turn, step):
            before = heard[turn] + _seconds(_before_people(step))
            yield turn, z3.And(first, z3.Not(offered[turn, position]), there, before > most)


def _seconds(prompts: tuple[Prompt, ...]) -> int:
    return sum(prompt.seconds for prompt in prompts if prompt.notice)


def _heard(way: Way) -> tuple[Prompt, ...]:
    """The prompts of a step that callers have to sit through."""
    match way.step:
        case Play():
            return (way.step.prompt,)
        case Mailbox() if way.step.greeting:
            return (way.step.greeting,)
        case Operator() if way.exit.outcome is not Outcome.UNSTAFFED:
            return tuple(item.prompt for item in way.step.items if isinstance(item, Announcement))
        case _:
            return ()


def _before_people(step: Step) -> tuple[Prompt, ...]:
    """The prompts of a step that callers have to sit through before people are reached in it."""
    if isinstance(step, Queue):
        return step.prompts
    if not isinstance(step, Operator):
        return ()
    found: list[Prompt] = []
    stages, first = 0, people_at(step)
    for item in step.items:
        if isinstance(item, Stage):
            if stages == first:
                break
            stages += 1
        else:
            found.append(item.prompt)
    return tuple(found)
