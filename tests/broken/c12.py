"""C12 of one call: what a prompt says of hours is so as it begins. A wrong week takes no call to see."""

from collections.abc import Iterator

import attrs

from dialc.call import Arrived, Heard, Left, is_open
from dialc.plan import Branch, ByException, Combination, Operator, Period, Plan, Prompt, Queue, Schedule
from tests.oracle import Made


def broken(plan: Plan, made: Made) -> Iterator[tuple[str, int]]:
    here, exits = "", 0
    told: set[str] = set()
    read: dict[Schedule, bool] = {}
    for event in made.events:
        match event:
            case Arrived():
                here = event.step
            case Heard():
                prompt = plan.prompts[event.prompt]
                if event.seconds and _untrue(prompt, made.at + event.at, read, told):
                    yield here, exits
                if prompt.says and not prompt.says.open:
                    hours = prompt.says.hours
                    told |= {part.name for part in hours.hours} if isinstance(hours, Combination) else {hours.name}
            case Left():
                step = plan.steps[event.step]
                if isinstance(step, Branch) or (isinstance(step, ByException) and event.outcome != "otherwise"):
                    read[step.hours] = event.outcome == "open"
                if isinstance(step, Operator) and step.staffed:
                    if event.outcome == "unstaffed":
                        read[step.staffed.hours] = False
                    elif not step.staffed.plus:
                        read[step.staffed.hours] = True
                if isinstance(step, Queue) and step.closing and step.staffed and not step.staffed.plus:
                    read[step.staffed.hours] = event.outcome != "closing"
                exits += 1
            case _:
                pass


def _untrue(prompt: Prompt, instant: int, read: dict[Schedule, bool], told: set[str]) -> bool:
    """Whether a prompt that begins at an instant says what is not so."""
    says, states = prompt.says, prompt.states_usual
    if says and says.hours.switches and read.get(says.hours) is not says.open:
        return True
    if says and not says.hours.switches and is_open(Period(says.hours), instant) is not says.open:
        return True
    if states is None or states.hours.name in told:
        return False
    own = says.hours if says and not says.open else None
    if own and states.hours.name in {own.name, *(part.name for part in getattr(own, "hours", ()))}:
        return False
    clock = attrs.evolve(states.hours, switch=None)
    usual = attrs.evolve(clock, exceptions=())
    return is_open(Period(usual), instant) and not is_open(Period(clock), instant)
