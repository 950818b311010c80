"""What several rules remember of a call.

In: the calls of a plan. Out: terms, one for each turn.
"""

from collections.abc import Iterator

import z3

from dialc.plan import (
    Branch,
    ByException,
    Collect,
    Extensions,
    Menu,
    Operator,
    Outcome,
    Period,
    Play,
    Prompt,
    Queue,
    Ring,
    Schedule,
    Step,
)
from tests.engine.calls import Calls, Party, Term, Way, said_before, within
from tests.engine.hours import Stretches


def last_resort(calls: Calls) -> list[Term]:
    """Whether an operator has been left because nobody answered."""
    return calls.memory("last resort", z3.BoolVal(False), lambda way, _: _true(unanswered(way)))


def unanswered(way: Way) -> bool:
    """Whether a way leads into a last resort."""
    return isinstance(way.step, Operator) and way.exit.outcome is Outcome.UNANSWERED


def _true(so: bool) -> Term | None:
    return z3.BoolVal(True) if so else None


def exempt(calls: Calls) -> Term:
    """Whether the line is not for people."""
    return calls.who(lambda party: party.line.exempt is not None)


def operators(calls: Calls) -> dict[str, list[Party]]:
    """Who is served by which operator; all by the one of the plan where lines have none of their own."""
    found: dict[str, list[Party]] = {}
    for party in calls.parties:
        own = party.line.operator if calls.plan.by_line else calls.plan.operator
        found.setdefault(own, []).append(party)
    return found


def staffed(calls: Calls, operator: str) -> Period | None:
    """When an operator is there; None for always."""
    step = calls.plan.steps[operator]
    assert isinstance(step, Operator)
    return step.staffed


def may_be_there(calls: Calls, period: Period | None) -> Stretches:
    """When an operator may be there, however switches stand."""
    return calls.clocks.all if period is None else calls.clocks.may_be_open(period)


def sent_away(calls: Calls, period: Period | None) -> list[Term]:
    """Whether the call was told last that hours are closed, as it left a step that asks for them."""

    def change(way: Way, _: Term) -> Term | None:
        if period is None:
            return None
        step, outcome = way.step, way.exit.outcome
        match step:
            case Branch() if step.hours == period.hours:
                return z3.BoolVal(outcome is Outcome.CLOSED)
            case ByException() if step.hours == period.hours and outcome is not Outcome.OTHERWISE:
                return z3.BoolVal(outcome is Outcome.CLOSED)
            case Operator() if step.staffed and step.staffed.hours == period.hours:
                return z3.BoolVal(outcome is Outcome.UNSTAFFED)
            case Queue() if step.closing and step.staffed and step.staffed.hours == period.hours:
                return z3.BoolVal(outcome is Outcome.CLOSING)
            case _:
                return None

    return calls.memory("sent away", z3.BoolVal(False), change)


def read(calls: Calls, hours: Schedule, *, by_queues: bool = False, plus: int = 0) -> tuple[list[Term], list[Term]]:
    """Whether the call has read that hours are open, and that they are closed, at its last reading of them.

    A reading of hours that are kept longer says that they are open only if it is no longer than `plus`.
    """

    def reading(way: Way) -> bool | None:
        step, outcome = way.step, way.exit.outcome
        match step:
            case Branch() if step.hours == hours:
                return outcome is Outcome.OPEN
            case ByException() if step.hours == hours and outcome is not Outcome.OTHERWISE:
                return outcome is Outcome.OPEN
            case Operator() if step.staffed and step.staffed.hours == hours:
                if outcome is Outcome.UNSTAFFED:
                    return False
                return True if step.staffed.plus <= plus else None
            case Queue() if by_queues and step.closing and step.staffed and step.staffed.hours == hours:
                return None if step.staffed.plus else outcome is not Outcome.CLOSING
            case _:
                return None

    def change(wanted: bool) -> list[Term]:
        def to(way: Way, _: Term) -> Term | None:
            said = reading(way)
            return None if said is None else z3.BoolVal(said is wanted)

        return calls.memory("read", z3.BoolVal(False), to)

    return change(True), change(False)


def heard_closed(way: Way, name: str) -> bool:
    """Whether a prompt of a route, menu or collect has said on the way that hours of a name are closed.

    Of prompts that a key may have cut, only the first counts.
    """
    step = way.step
    match step:
        case Play():
            prompts: tuple[Prompt, ...] = (step.prompt,)
        case Menu() | Collect():
            prompts = step.prompts[:1] if way.exit.pressed else step.prompts
        case _:
            return False
    return any(prompt.says and not prompt.says.open and prompt.says.hours.name == name for prompt in prompts)


def people_at(step: Step) -> int | None:
    """The stage, from 0, at which the first phone of a person rings; None if none ever does."""
    if not isinstance(step, Ring | Operator):
        return None
    return next((i for i, stage in enumerate(step.stages) if any(phone.human for phone in stage.phones)), None)


def closes(queue: Queue) -> bool:
    """Whether a queue sends those away who come or wait as it closes."""
    return bool(queue.closing) and queue.staffed is not None


def reaches_people(way: Way) -> bool:
    """Whether people were reached at a step however long it took: their phone rang, or the caller was in line."""
    match way.step:
        case Ring() | Operator():
            return people_at(way.step) is not None and way.exit.outcome is not Outcome.UNSTAFFED
        case Extensions():
            return True
        case Queue():
            return way.exit.outcome not in (Outcome.FULL, Outcome.CLOSING, Outcome.KEY)
        case _:
            return False


def was_in_line(calls: Calls, way: Way, before: Term) -> Term | None:
    """Whether something was so, or else the caller was in a queue before a key was pressed in it, or it closed: nobody
    is as long as its prompts last, nor who has to go as they are over. None where a way has nothing to do with it.
    """
    if not isinstance(way.step, Queue):
        return None
    lasted = calls.turns[way.turn + 1].at - calls.turns[way.turn].at
    match way.exit.outcome:
        case Outcome.KEY:
            return z3.Or(before, lasted >= way.step.seconds)
        case Outcome.CLOSING:
            return z3.Or(before, lasted > way.step.seconds)
        case _:
            return None


def people_in(calls: Calls, turn: int, step: object) -> Iterator[tuple[int, Term]]:
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
                opened = calls.clocks.opened(step.staffed, {})
                there = z3.And(within(now, opened), within(now + step.seconds, opened))
            yield step.seconds, there
        case _:
            pass
