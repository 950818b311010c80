"""What has to happen for a step to be left by an exit, as somebody would do it who takes their time.

In: an exit of a step, and a point of it. Out: what happens there; and how long the step then takes. A key is pressed as
the prompts end, phones ring to the end, whoever waits in a queue waits to its end.
"""

from typing import assert_never

import attrs

from dialc.call import CannotHappen, Course, Decide, Happens, Point
from dialc.call import bot as bots
from dialc.call import callback as callbacks
from dialc.call import collect as collects
from dialc.call import extensions as rows
from dialc.call import lookup as lookups
from dialc.call import mailbox as mailboxes
from dialc.call import menu as menus
from dialc.call import operator as operators
from dialc.call import queue as queues
from dialc.call import ring as rings
from dialc.digits import named
from dialc.plan import (
    Again,
    Answer,
    Bot,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Callback,
    Collect,
    Exit,
    Extensions,
    HangUp,
    Label,
    Lookup,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Outside,
    Phone,
    Play,
    Queue,
    Record,
    Ring,
    Step,
)

_KEPT = (Outcome.BUSY, Outcome.UNAVAILABLE, Outcome.NO_ANSWER)


def done(point: Point, exit: Exit) -> Happens | None:
    """What happens at a point for its step to be left by an exit; None for what happens if nobody does anything."""
    step, outcome = point.step, exit.outcome
    match step:
        case Menu():
            return _pressed(point, _keys(step, exit, point.turn))
        case Collect():
            return _pressed(point, _entry(step, exit))
        case Ring() | Operator():
            return _rung(step, point.turn, exit)
        case Extensions():
            return Happens(outcome)
        case Queue():
            return _waited(step, exit)
        case Mailbox() | Lookup():
            return Happens(outcome, word=exit.what)
        case Bot() if point.turn == 1 and outcome is not Outcome.FAILED:
            return Happens(Outcome.ANSWERED)
        case Bot():
            return Happens(outcome, key=exit.key)
        case Callback():
            return Happens(outcome)
        case Answer() | Play() | Record() | Label() | Branch() | ByException() | BySwitch() | ByCaller() | ByLine():
            return None
        case Again() | HangUp():
            return None
        case _:
            assert_never(step)


def _pressed(point: Point, keys: str) -> Happens:
    """The next of some keys; silence once they are used up."""
    rest = keys[len(point.keys) :]
    return Happens(Outcome.KEY, key=rest[0]) if rest else Happens(Outcome.SILENCE)


def _keys(menu: Menu, exit: Exit, turn: int) -> str:
    """What is pressed in a try."""
    longest = max((direct.longest for direct in menu.direct), key=len, default="")
    wrong = "".join(menu.wrong()[:1]) or (f"{longest[:-1]}*" if len(longest) > 1 else "")
    match exit.outcome:
        case Outcome.KEY:
            return exit.key
        case Outcome.EXTENSION:
            return next(min(direct.numbers) for direct in menu.direct if direct.row == exit.what)
        case Outcome.INVALID:
            return wrong
        case Outcome.UNDECIDED if turn == 1:
            return menu.repeats[0].key if menu.repeats else wrong
        case _:
            return ""


def _entry(collect: Collect, exit: Exit) -> str:
    """What is entered in a try."""
    match exit.outcome:
        case Outcome.ACCEPT:
            taken = (i for i, accept in enumerate(collect.accepts) if named(accept.what) == exit.what)
            length, entry = min(collect.samples()[next(taken)].items())
            return f"{entry}#" if length < collect.keys else entry
        case Outcome.INVALID:
            return "*#" if collect.keys > 1 else "*"
        case _:
            return ""


def _rung(step: Ring | Operator, turn: int, exit: Exit) -> Happens:
    """What comes of a stage of phones."""

    def able(phone: Phone) -> bool:
        if exit.outcome is Outcome.DECLINED:
            return isinstance(phone, Outside) and phone.confirm
        return phone.human is (exit.outcome is Outcome.ANSWERED)

    if exit.outcome in _KEPT:
        return Happens(exit.outcome)
    last = len(step.stages)
    stages = range(last, last + 1) if exit.outcome is Outcome.DECLINED else range(1, last + 1)
    among = [(number, phone.number) for number in stages for phone in step.stages[number - 1].phones if able(phone)]
    if exit.outcome is not Outcome.UNANSWERED and among and among[0][0] == turn:
        return Happens(exit.outcome, who=among[0][1])
    return Happens(Outcome.NO_ANSWER)


def _waited(queue: Queue, exit: Exit) -> Happens | None:
    """What comes of a wait."""
    match exit.outcome:
        case Outcome.TIMEOUT | Outcome.CLOSING:
            return None
        case Outcome.ANSWERED:
            first = min(queue.everybody, key=lambda member: queue.joins(member.number))
            return Happens(exit.outcome, queue.seconds + queue.joins(first.number), who=first.number)
        case _:
            return Happens(exit.outcome, key=exit.key)


def lasts(step: Step, exit: Exit) -> tuple[int, int] | None:
    """The seconds that a step takes at least and at most, if it is left by an exit so; None where it cannot be."""
    if exit.outcome in (Outcome.CLOSING, Outcome.UNSTAFFED):
        return exit.shortest, exit.longest
    course = _course(step, exit, lambda point: done(point, exit))
    if course is None:
        return exit.shortest, exit.longest
    try:
        while True:
            next(course)
    except StopIteration as over:
        label, seconds = over.value
        fits = label == exit.label and exit.shortest <= seconds <= exit.longest
        return (seconds, seconds) if fits else None
    except CannotHappen:
        return None


def _course(step: Step, exit: Exit, decide: Decide) -> Course | None:
    """The step by itself, as it is to somebody who comes while its people are there; None where nothing can happen."""
    match step:
        case Menu():
            return menus.lived(step, 0, decide)
        case Collect():
            return collects.lived(step, 0, decide)
        case Ring():
            return rings.lived(step, 0, decide)
        case Operator():
            return operators.lived(attrs.evolve(step, staffed=None), 0, 0, decide, {})
        case Extensions():
            return rows.lived(step, step.phones[0].number, 0, decide)
        case Queue():
            return queues.lived(attrs.evolve(step, closing=""), 0, 0, decide)
        case Mailbox():
            return mailboxes.lived(step, 0, decide)
        case Bot():
            return bots.lived(step, 0, decide)
        case Lookup():
            return lookups.lived(step, 0, decide)
        case Callback():
            return callbacks.lived(step, 0, exit.outcome is not Outcome.NO_NUMBER, decide)
        case Answer() | Play() | Record() | Label() | Branch() | ByException() | BySwitch() | ByCaller() | ByLine():
            return None
        case Again() | HangUp():
            return None
        case _:
            assert_never(step)
