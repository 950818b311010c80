"""On hold: how long callers wait for people, with nothing else offered to them.

In: a survey. Out: a `Measured` of it, wherever callers are. A wait begins as somebody is on the way to people, with no
more questions before, and goes on over prompts, rings and queues. It ends as somebody answers, as the caller presses a
key, as they are asked something, come to a mailbox or to a call-back; or to a queue of which a key leads to one of
these, since that is heard from the first second on.
"""

import functools
from collections.abc import Iterator

from dialc.measure import Measured, Passage, lapses
from dialc.plan import (
    Answer,
    Bot,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Callback,
    Collect,
    End,
    Exit,
    Extensions,
    Label,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Party,
    Plan,
    Queue,
    Record,
    Ring,
    Step,
)
from dialc.reach import Memory, State, Survey

_AT_ONCE = Answer | Label | Record | Branch | ByException | BySwitch | ByCaller | ByLine


class _Served(Memory):
    """Does not follow calls to lines that are not for people."""

    def begin(self) -> State:
        return False

    def called(self, party: Party) -> State:
        return party.exempt

    def over(self, state: State) -> bool:
        return bool(state)


_SERVED = _Served()


def waits(survey: Survey) -> Measured:
    """How long callers can wait for people without being offered anything else."""
    return Measured(survey, functools.partial(_measure, survey.plan), most=True, memory=_SERVED)


def longest(waits: Measured) -> int:
    """The longest of all waits, in seconds."""
    return max((piece.seconds for pieces in waits.pieces().values() for piece in pieces), default=0)


def _measure(plan: Plan, step: Step, exit: Exit) -> Iterator[Passage]:
    """Phase 0 is on the way to people, phase 1 behind the first of them who did not answer."""
    match step:
        case Menu() | Collect() | Bot() | Mailbox() | Callback():
            yield Passage(ends=True, phase=1, leads=1)
        case Operator() if exit.outcome is Outcome.UNSTAFFED:
            yield from _passing(exit)
        case Queue() if exit.outcome is Outcome.CLOSING and exit.stay is None:
            yield from _passing(exit)
        case Operator() | Ring() | Extensions() | Queue():
            leaves = isinstance(step, Queue) and offers(plan, step)
            waited = () if leaves else lapses(exit)
            ends = leaves or exit.outcome is Outcome.KEY or isinstance(exit.to, End)
            yield from (Passage(waited, ends=ends, phase=phase, leads=1) for phase in (0, 1))
        case _:
            yield from _passing(exit)


def _passing(exit: Exit) -> Iterator[Passage]:
    """A step on the way."""
    yield Passage(lapses(exit))
    yield Passage(lapses(exit), ends=isinstance(exit.to, End), phase=1, leads=1)


def offers(plan: Plan, queue: Queue) -> bool:
    """Whether a key of a queue leads to a call-back or a mailbox, with nothing before that takes any time."""
    ahead = [choice.to for choice in queue.choices]
    for name in ahead:
        step = plan.steps[name]
        if isinstance(step, Callback | Mailbox):
            return True
        if isinstance(step, _AT_ONCE):
            ahead.extend(str(exit.to) for exit in step.exits() if exit.to not in ahead)
    return False
