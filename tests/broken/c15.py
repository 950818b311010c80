"""C15: a caller presses 0 while the operator is there, and it does nothing or does not lead to an operator at once."""

from collections.abc import Iterator

from dialc import call
from dialc.call import Arrived, Left
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
    Plan,
    Queue,
    Record,
)
from tests.attendance import can_be_open, operator_hours, reads
from tests.oracle import Made

AT_ONCE = Answer | Label | Record | Branch | ByException | BySwitch | ByCaller | ByLine | Again


def broken(plan: Plan, made: Made) -> Iterator[tuple[str, int]]:
    period = operator_hours(plan, made.number)
    if not can_be_open(period, made.at):
        return
    exits, language = 0, plan.language
    sent_away = False
    zero = False
    for event in made.events:
        match event:
            case Arrived():
                step = plan.spoken(language).steps[event.step]
                instant = made.at + event.at
                if zero and isinstance(step, Operator):
                    zero = False
                elif zero and not isinstance(step, AT_ONCE):
                    zero = False
                    if not sent_away and can_be_open(period, instant):
                        yield step.name, exits
                if isinstance(step, Menu | Queue) and not any(choice.key == "0" for choice in step.choices):
                    heard = (instant + after for after in keys_are_heard(step, instant))
                    if not sent_away and any(can_be_open(period, second) for second in heard):
                        yield step.name, exits
            case call.Spoken():
                language = event.language
            case Left():
                exits += 1
                step = plan.steps[event.step]
                if isinstance(step, Menu | Queue):
                    zero = event.outcome == "key 0"
                if isinstance(step, Operator) and event.outcome == "unanswered":
                    return
                sent_away = reads(plan, event, period, sent_away)
            case _:
                pass


def keys_are_heard(step: Menu | Queue, instant: int) -> Iterator[int]:
    """The seconds after the caller's arrival at which a key that means something can be heard."""
    if isinstance(step, Menu):
        yield from range((step.tries - 1) * step.longest + step.seconds + 1)
        return
    closes = step.staffed if step.closing else None
    if closes and not call.is_open(closes, instant):
        return
    yield from range(step.seconds)
    for after in range(step.seconds, step.seconds + step.patience + 1):
        if closes and not call.is_open(closes, instant + after):
            return
        yield after
