"""C14 of one call: whoever is promised an answer gets one in time, and a promised call back can be made in time."""

import datetime
import functools
import zoneinfo
from collections.abc import Iterator

from dialc.calendar import day
from dialc.call import AnsweredBy, Arrived, Booked, Heard, HungUp, Left, Rang
from dialc.plan import (
    Callback,
    Hours,
    Join,
    Operator,
    Period,
    Plan,
    PromisesCallBy,
    PromisesCallWithin,
    Queue,
    Schedule,
    combined,
)
from tests.oracle import Made
from tests.strategies import DAY

PLACING = 90
"""Seconds that it may take to place a call-back."""


def broken(plan: Plan, made: Made) -> Iterator[tuple[str, int]]:
    here, exits, booked = "", 0, ""
    owed: list[tuple[str, int]] = []
    """Who was promised an answer: where, and until when."""
    for index, event in enumerate(made.events):
        late = [step for step, until in owed if event.at > until]
        match event:
            case Arrived():
                here = event.step
            case Heard():
                prompt = plan.prompts[event.prompt]
                promise = prompt.promises_call if event.seconds else None
                if promise and not (booked and _made_in_time(plan, booked, promise, made, event)):
                    yield here, exits
                if event.whole and event.seconds and prompt.promises_wait:
                    owed.append((here, event.at + event.seconds + prompt.promises_wait.seconds))
            case AnsweredBy():
                left = made.events[index + 1]
                assert isinstance(left, Left)
                for each in late if left.outcome == "answered" else [step for step, _ in owed]:
                    yield each, exits
                owed = []
            case Rang():
                step = plan.steps[here]
                people = isinstance(step, Operator) and any(
                    phone.human for phone in step.stages[event.stage - 1].phones
                )
                if people:
                    for each in late:
                        yield each, exits
                    owed = []
            case Booked():
                booked, owed = event.callback, []
            case Left():
                step = plan.steps[event.step]
                if isinstance(step, Queue) and event.outcome.startswith("key") and event.outcome != "key 0":
                    owed = []
                exits += 1
            case HungUp():
                for each, _ in owed:
                    yield each, exits - 1
            case _:
                pass


def _made_in_time(
    plan: Plan, name: str, promise: PromisesCallBy | PromisesCallWithin, made: Made, heard: Heard
) -> bool:
    """Whether the call-back that was booked can be made by the time that a prompt promises."""
    instant = made.at + heard.at + heard.seconds
    callback = plan.steps[name]
    assert isinstance(callback, Callback)
    queue = plan.steps[callback.queue]
    assert isinstance(queue, Queue)
    assert plan.valid
    known = _midnight(plan.valid[1] + datetime.timedelta(days=1), plan.zone) + 8 * 86400
    needs = PLACING + queue.patience
    over = next((at + needs for at in _placed(callback.hours, queue.staffed, needs) if at >= instant), None)
    match promise:
        case PromisesCallBy():
            zone = promise.hours.zone if isinstance(promise.hours, Hours) else plan.zone
            clock = zoneinfo.ZoneInfo(zone)
            today = datetime.datetime.fromtimestamp(instant, clock).date()
            open_on = {datetime.datetime.fromtimestamp(at, clock).date() for at in _seconds(promise.hours)}
            following = min((date for date in open_on if date > today), default=None)
            deadline = _midnight(following + datetime.timedelta(days=1), zone) if following else known + 1
            return deadline > known or (over is not None and over <= deadline)
        case PromisesCallWithin():
            counts = _seconds(promise.hours) if promise.hours else None
            until = known if over is None else over
            passed = until - instant if counts is None else sum(instant <= at < until for at in counts)
            return passed < promise.seconds if over is None else passed <= promise.seconds


def _midnight(date: datetime.date, zone: str) -> int:
    return int(datetime.datetime(date.year, date.month, date.day, tzinfo=zoneinfo.ZoneInfo(zone)).timestamp())


@functools.lru_cache(maxsize=64)
def _placed(hours: Schedule, staffed: Period | None, needs: int) -> tuple[int, ...]:
    """The seconds in which a call-back can be placed that takes so long, in order."""
    opened = _seconds(hours)
    if staffed:
        opened &= {at + more for at in _seconds(staffed.hours) for more in range(staffed.plus + 1)}
    found, lasts = [], 0
    for at in sorted(opened, reverse=True):
        lasts = lasts + 1 if at + 1 in opened else 1
        if lasts >= needs:
            found.append(at)
    return tuple(reversed(found))


@functools.lru_cache(maxsize=64)
def _seconds(schedule: Schedule) -> frozenset[int]:
    """The seconds at which hours are open on the day of random plans and those after, whatever switches say."""
    return combined(schedule, _of_block, _joined)


def _of_block(hours: Hours) -> frozenset[int]:
    found: set[int] = set()
    for ahead in range(-1, 10):
        date = DAY + datetime.timedelta(days=ahead)
        for span in day(hours, date):
            begin = datetime.time(span.start // 3600, span.start // 60 % 60, span.start % 60)
            start = datetime.datetime.combine(date, begin, zoneinfo.ZoneInfo(hours.zone)).timestamp()
            found |= set(range(int(start), int(start) + span.end - span.start))
    return frozenset(
        at for at in found if at < _midnight(DAY + datetime.timedelta(days=1), "Europe/Warsaw") + 8 * 86400
    )


def _joined(join: Join, one: frozenset[int], other: frozenset[int]) -> frozenset[int]:
    return {Join.OR: one | other, Join.AND: one & other, Join.BUT_NOT: one - other}[join]
