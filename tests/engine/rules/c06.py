"""C06: too long, by too many keys or prompts, to people, or too long in rings and queues to the operator."""

from collections.abc import Iterator

import z3

from dialc.plan import (
    Announcement,
    Answer,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Callback,
    Collect,
    Extensions,
    Label,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Plan,
    Play,
    Queue,
    Record,
    Ring,
    Stage,
    Step,
)
from tests.engine.calls import Calls, Term, Way, hearing, sum_of
from tests.engine.memories import people_at, people_in, reaches_people, was_in_line

OFFERED_WITHIN = 60
"""Seconds in rings and queues until which a call-back is offered from the beginning."""


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    yield from _to_people(calls)
    yield from _to_operator(calls)


def _to_people(calls: Calls) -> Iterator[tuple[int, Term]]:
    policy = calls.plan.policy

    def over(way: Way, before: Term) -> Term | None:
        outcome, turn = way.exit.outcome, calls.turns[way.turn]
        asks = isinstance(way.step, Menu | Collect)
        if reaches_people(way) or isinstance(way.step, Mailbox):
            return z3.BoolVal(True)
        if asks and outcome in (Outcome.KEY, Outcome.ACCEPT, Outcome.EXTENSION):
            return z3.Or(before, turn.counted > 1)
        if asks and outcome is Outcome.SILENCE and way.exit.pressed:
            return z3.BoolVal(True)
        return was_in_line(calls, way, before)

    def keys_after(way: Way, before: Term) -> Term | None:
        free = 1 if way.exit.speaks else 0
        if isinstance(way.step, Menu | Collect):
            hits = z3.Sum([z3.If(hit, 1, 0) for hit in calls.turns[way.turn].hit[: way.step.tries]])
            return before + hits - free
        return before + 1 - free if way.exit.pressed else None

    done = calls.memory("measured", z3.BoolVal(False), over)
    keys = calls.memory("keys", z3.IntVal(0), keys_after)
    prompts = calls.memory("prompts", z3.IntVal(0), lambda way, before: _heard(calls, way, before))
    for turn, _, step, here in calls.arrivals():
        for latest, there in people_in(calls, turn, step):
            long = calls.turns[turn].at + latest - calls.turns[0].at > policy.to_person
            many = prompts[turn] + _before_people(step) > policy.prompts
            yield turn, z3.And(here, there, z3.Not(done[turn]), z3.Or(long, many, keys[turn] > policy.keys))


def _heard(calls: Calls, way: Way, before: Term) -> Term | None:
    """How many prompts have been heard when a step has been left; a queue's as far as a key lets them begin."""
    now, onward = calls.turns[way.turn], calls.turns[way.turn + 1]
    step = way.step
    match step:
        case Play():
            return before + 1
        case Menu() | Collect():
            begun = [
                z3.If(z3.And(now.counted > index, now.cut[index] >= since), 1, 0)
                for index in range(step.tries)
                for since in _begins(step)
            ]
            return before + z3.Sum(begun)
        case Queue() if hearing(way.exit):
            return before + z3.Sum([z3.If(onward.at - now.at >= since, 1, 0) for since in _begins(step)])
        case Operator() if way.exit.outcome is not Outcome.UNSTAFFED:
            return before + sum(isinstance(item, Announcement) for item in step.items)
        case _:
            return None


def _begins(step: Menu | Collect | Queue) -> list[int]:
    """When the prompts of a step begin, if no key cuts them."""
    return [sum(prompt.seconds for prompt in step.prompts[:index]) for index in range(len(step.prompts))]


def _before_people(step: Step) -> int:
    """How many prompts of a step are heard before people are reached in it."""
    if isinstance(step, Queue):
        return len(step.prompts)
    if not isinstance(step, Operator):
        return 0
    first = people_at(step)
    prompts = stages = 0
    for item in step.items:
        if isinstance(item, Stage):
            if stages == first:
                break
            stages += 1
        else:
            prompts += 1
    return prompts


def _to_operator(calls: Calls) -> Iterator[tuple[int, Term]]:
    policy = calls.plan.policy

    def over(way: Way, _: Term) -> Term | None:
        if isinstance(way.step, Mailbox) or (isinstance(way.step, Operator) and reaches_people(way)):
            return z3.BoolVal(True)
        return None

    def waited_after(way: Way, before: Term) -> Term | None:
        now = calls.turns[way.turn]
        lasted = calls.turns[way.turn + 1].at - now.at
        step = way.step
        match step:
            case Ring():
                mine = [
                    z3.If(now.counted > index, lasts, 0)
                    for index, (lasts, stage) in enumerate(zip(now.lasts, step.stages, strict=False))
                    if any(phone.human for phone in stage.phones)
                ]
                return before + sum_of(mine, len(mine)) if mine else None
            case Queue() if way.exit.outcome is not Outcome.FULL and hearing(way.exit):
                return before + z3.If(lasted > step.seconds, lasted - step.seconds, 0)
            case Extensions():
                return before + lasted
            case _:
                return None

    longest = calls.memory(
        "longest", z3.IntVal(0), lambda way, before: before + most if (most := _most(way.step)) else None
    )

    def offered_after(way: Way, before: Term) -> Term | None:
        step = way.step
        if not isinstance(step, Menu | Queue) or (isinstance(step, Queue) and not hearing(way.exit)):
            return None
        if not any(_books(calls.plan, choice.to) for choice in step.choices):
            return None
        return z3.Or(before, longest[way.turn] <= OFFERED_WITHIN)

    done = calls.memory("at the operator", z3.BoolVal(False), over)
    waited = calls.memory("waited", z3.IntVal(0), waited_after)
    offered = calls.memory("offered", z3.BoolVal(False), offered_after)
    for turn, _, step, here in calls.arrivals():
        if isinstance(step, Operator):
            for _, there in people_in(calls, turn, step):
                limit = z3.If(offered[turn], max(policy.with_callback, policy.to_operator), policy.to_operator)
                yield turn, z3.And(here, there, z3.Not(done[turn]), waited[turn] > limit)


def _most(step: Step) -> int:
    """The most that a ring or queue can take."""
    match step:
        case Queue():
            return step.patience
        case Extensions():
            return step.seconds
        case Ring():
            return sum(stage.seconds for stage in step.stages if any(phone.human for phone in stage.phones))
        case _:
            return 0


def _books(plan: Plan, name: str) -> bool:
    """Whether every way from a step leads to a call-back without a question or a wait."""
    ahead, seen = [name], set()
    while ahead:
        at = ahead.pop()
        step = plan.steps[at]
        if isinstance(step, Callback) or at in seen:
            continue
        if not isinstance(step, Answer | Play | Label | Record | Branch | ByException | BySwitch | ByCaller | ByLine):
            return False
        seen.add(at)
        ahead.extend(exit.to for exit in step.exits() if isinstance(exit.to, str))
    return True
