"""When the operator of a line can be there, second by second, and what a call learns of it.

In: a plan, and what a caller experienced. Out: plain answers, written without the verifier.
"""

from dialc import call
from dialc.calendar import every_position
from dialc.call import Left
from dialc.plan import Branch, ByException, Operator, Period, Plan, Queue


def operator_hours(plan: Plan, number: str) -> Period | None:
    """When the operator of the line with a number (of the first, where it is empty) is staffed; None for always."""
    line = plan.line(number) if number else plan.lines[0]
    assert line is not None
    step = plan.steps[(line.operator or plan.operator) if plan.by_line else plan.operator]
    assert isinstance(step, Operator)
    return step.staffed


def can_be_open(period: Period | None, instant: int) -> bool:
    """Whether a period can be open at an instant, however switches stand."""
    if period is None:
        return True
    return any(call.is_open(period, instant, where) for where in every_position(period.hours.switches))


def reads(plan: Plan, event: Left, period: Period | None, before: bool) -> bool:
    """Whether the call was told last that hours are closed, after it has left a step."""
    step = plan.steps[event.step]
    if period is None:
        return before
    match step:
        case Branch() if step.hours == period.hours:
            return event.outcome == "closed"
        case ByException() if step.hours == period.hours and event.outcome != "otherwise":
            return event.outcome == "closed"
        case Operator() if step.staffed and step.staffed.hours == period.hours:
            return event.outcome == "unstaffed"
        case Queue() if step.closing and step.staffed and step.staffed.hours == period.hours:
            return event.outcome == "closing"
        case _:
            return before
