"""C13 of one call: nobody comes to a queue, or waits there, while nobody is there."""

import functools
from collections.abc import Iterator

from dialc.call import Arrived, Left, Queued, Spoken, is_open
from dialc.plan import Branch, ByException, Operator, Period, Plan, Queue
from tests.oracle import Made


def broken(plan: Plan, made: Made) -> Iterator[tuple[str, int]]:
    spoken, exits, since = plan, 0, 0
    read: list[tuple[Period, bool]] = []
    for event in made.events:
        match event:
            case Arrived():
                step = spoken.steps[event.step]
                if isinstance(step, Queue) and step.staffed and not step.closing:
                    if step.staffed.hours.switches:
                        shut = not _read_open(read, step.staffed)
                        if shut or step.seconds + step.patience >= plan.policy.grace:
                            yield event.step, exits
                    elif not _served(plan, step.staffed, made.at, made.at + event.at):
                        yield event.step, exits
            case Queued():
                since = event.at
            case Left():
                step = spoken.steps[event.step]
                if isinstance(step, Queue) and step.staffed and not step.closing and not step.staffed.hours.switches:
                    for second in range(since, event.at + 1) if since else ():
                        if not _served(plan, step.staffed, made.at, made.at + second):
                            yield event.step, exits
                if isinstance(step, Branch):
                    read.append((Period(step.hours), event.outcome == "open"))
                if isinstance(step, ByException) and event.outcome != "otherwise":
                    read.append((Period(step.hours), event.outcome == "open"))
                if isinstance(step, Operator) and step.staffed:
                    read.append((step.staffed, event.outcome != "unstaffed"))
                exits, since = exits + 1, 0
            case Spoken():
                spoken = plan.spoken(event.language)
            case _:
                pass


def _served(plan: Plan, staffed: Period, began: int, instant: int) -> bool:
    """Whether somebody is there, or serves a caller who came in while somebody was."""
    ago = range(plan.policy.grace + 1) if _open(staffed, began) else range(1)
    return any(_open(staffed, instant - seconds) for seconds in ago)


_open = functools.lru_cache(maxsize=1 << 16)(is_open)


def _read_open(read: list[tuple[Period, bool]], staffed: Period) -> bool:
    """Whether hours that a switch overrides were open when they were read last, for no longer than people stay."""
    said = False
    for period, opened in read:
        if period.hours.name == staffed.hours.name:
            said = opened and (said or period.plus <= staffed.plus)
    return said
