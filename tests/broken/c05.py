"""Notices do not stand in the way, for one call."""

from collections.abc import Iterator

import attrs

from dialc.calendar import every_position
from dialc.call import Arrived, Heard, Left, Queued, Rang, Spoken, is_open
from dialc.call.clock import Positions, has_a_say
from dialc.call.switches import read_by
from dialc.plan import (
    Answer,
    Bot,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Collect,
    Extensions,
    Label,
    Lookup,
    Menu,
    Operator,
    Outcome,
    Period,
    Plan,
    Play,
    Queue,
    Record,
    Ring,
    Stage,
    Step,
)
from tests.oracle import Made


def broken(plan: Plan, made: Made) -> Iterator[tuple[str, int]]:
    """The first moment at which people can be had, if more notices were heard by then than are allowed."""
    spoken, here, heard, exits, since = plan, "", 0, 0, 0
    for event in made.events:
        step = spoken.steps[here] if here else None
        had = False
        match event:
            case Arrived():
                here, since = event.step, event.at
                had = soon_offered(spoken, spoken.steps[here], made, made.at + event.at)
            case Heard() if event.whole and not isinstance(step, Menu | Collect):
                heard += event.seconds if plan.prompts[event.prompt].notice else 0
            case Rang():
                had = isinstance(step, Ring | Operator | Extensions) and human(step, event.stage)
            case Queued():
                had = True
            case Spoken():
                spoken = plan.spoken(event.language)
            case Left():
                exits += 1
                if isinstance(step, Queue) and (event.outcome != Outcome.CLOSING.value or event.at > since):
                    return  # was in line, if only for the prompts
            case _:
                pass
        if had:
            if heard > plan.policy.notices:
                yield here, exits
            return


def human(step: Ring | Operator | Extensions, stage: int) -> bool:
    """Whether the phone of a person rings at a stage."""
    return isinstance(step, Extensions) or any(phone.human for phone in step.stages[stage - 1].phones)


@attrs.frozen
class _Looked:
    """What was found out about a plan: most of its calls come to the same."""

    plan: Plan
    offered: dict[tuple[str, str, str, int], bool] = attrs.field(factory=dict)


_LAST: list[_Looked] = []
"""The plan that was looked at last."""


def soon_offered(plan: Plan, step: Step, made: Made, now: int) -> bool:
    """Whether a caller who comes to a step has a key there that leads to people, then or soon enough after."""
    if not _LAST or _LAST[0].plan is not plan:
        _LAST[:] = [_Looked(plan)]
    known, key = _LAST[0].offered, (step.name, made.number, made.caller, now)
    if key not in known:
        soon = range(now, now + plan.policy.to_person + 1)
        known[key] = any(offered(plan, step, made, instant) for instant in soon)
    return known[key]


def offered(plan: Plan, step: Step, made: Made, instant: int) -> bool:
    """Whether a caller who comes to a step has a key there that leads to people."""
    match step:
        case Menu():
            choices = step.choices
        case Queue():
            choices = step.choices if not _shut(step, instant) else ()
        case Bot():
            choices = (step.escape,)
        case _:
            choices = ()
    return any(
        leads(plan.spoken(choice.speaks) if choice.speaks else plan, choice.to, made, instant) for choice in choices
    )


def _shut(queue: Queue, instant: int) -> bool:
    return bool(queue.closing) and queue.staffed is not None and not is_open(queue.staffed, instant)


def leads(plan: Plan, name: str, made: Made, instant: int) -> bool:
    """Whether a caller who comes to a step is bound to get to people, without a question, a notice or a way back."""
    step = plan.steps[name]

    def onward(to: str, seconds: int = 0) -> bool:
        return leads(plan, to, made, instant + seconds)

    match step:
        case Play():
            return not step.prompt.notice and onward(step.then, step.prompt.seconds)
        case Answer() | Label() | Record():
            return onward(step.then)
        case Branch():
            period = Period(step.hours)
            return all(onward(step.opened if is_open(period, instant, p) else step.closed) for p in read(step))
        case ByException():
            period, says = Period(step.hours), has_a_say(step.hours, step.exception, instant)
            holds = (says and is_open(period, instant, p) is step.open for p in read(step))
            return all(onward(step.then if held else step.otherwise) for held in holds)
        case BySwitch():
            return onward(step.on) and onward(step.off)
        case ByCaller():
            return onward(step.listed if step.callers.holds(made.caller) else step.others)
        case ByLine():
            line = plan.line(made.number)
            assert line is not None
            return onward(line.operator or plan.operator)
        case Lookup():
            answers = {*(reply.to for reply in step.replies), step.failed}
            early = all(onward(to, seconds) for to in answers for seconds in range(step.seconds + 1))
            return early and onward(step.timeout, step.seconds)
        case Operator():
            staffed = (step.staffed is None or is_open(step.staffed, instant, p) for p in read(step))
            return all(_rings(step) if there else onward(step.unstaffed) for there in staffed)
        case Ring():
            return human(step, 1)
        case Extensions():
            return True
        case Queue() if _shut(step, instant):
            return onward(step.closing)
        case Queue():
            return not any(prompt.notice for prompt in step.prompts)
        case _:
            return False


def _rings(operator: Operator) -> bool:
    """Whether the first that a caller comes to is the phone of a person, prompts aside that are no notice."""
    for item in operator.items:
        if isinstance(item, Stage):
            return any(phone.human for phone in item.phones)
        if item.prompt.notice:
            return False
    return False


def read(step: Step) -> list[Positions]:
    """Where the switches can stand that a step reads."""
    return list(every_position(read_by(step)))
