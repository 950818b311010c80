"""C16: who presses nothing while the operator of the line is staffed comes to people too late."""

from collections.abc import Iterator

from dialc.call import Arrived, Left, Pressed, is_open
from dialc.plan import Branch, ByException, Mailbox, Operator, Period, Plan, Queue, Schedule, Step
from tests.broken.c06 import people
from tests.oracle import Made
from tests.strategies import by_itself


def broken(plan: Plan, made: Made, most: int | None = None) -> Iterator[tuple[str, int]]:
    """The step at which silent callers come to people too late, or later than `most`, and how many exits were taken."""
    line = plan.line(made.number or plan.lines[0].number)
    assert line is not None
    operator = plan.steps[line.operator or plan.operator]
    assert isinstance(operator, Operator)
    limit = plan.policy.doing_nothing
    hours = operator.staffed.hours if operator.staffed else None
    if line.exempt or (hours and not _stays_open(hours, made.at, limit)):
        return
    exits, here = 0, ""
    for index, event in enumerate(made.events):
        if isinstance(event, Pressed):
            return
        if people(plan, made.events, index):
            if event.at > (limit if most is None else most):
                yield here, exits
            return
        if isinstance(event, Left):
            exits += 1
            at_once = isinstance(made.events[index - 1], Arrived)
            asked = _asked(plan.steps[here], event.outcome, at_once=at_once)
            if isinstance(plan.steps[here], Mailbox):
                return
            if asked and hours and (asked == hours or {*asked.switches} & {*hours.switches}):
                return
        if isinstance(event, Arrived):
            here = event.step


def _stays_open(hours: Schedule, at: int, seconds: int) -> bool:
    return all(is_open(Period(by_itself(hours)), at + second) for second in range(seconds + 1))


def _asked(step: Step, outcome: str, *, at_once: bool) -> Schedule | None:
    """The hours that were said to be closed as a step was left."""
    if isinstance(step, Branch | ByException) and outcome == "closed":
        return step.hours
    if isinstance(step, Operator) and outcome == "unstaffed" and step.staffed:
        return step.staffed.hours
    if isinstance(step, Queue) and outcome == "closing" and at_once and step.staffed:
        return step.staffed.hours
    return None
