"""C06: too long, by too many keys or prompts, to people, or too long in rings and queues to the operator.

Written over the events of one call. Callers who press wrong keys, or none, before a right one, and those who press some
before they fall silent, are left out of the way to people, not out of what rings and queues take.
"""

from collections.abc import Iterator, Sequence

from dialc.call import Arrived, Asked, Event, Heard, Left, Pressed, Queued, Rang, Spoken
from dialc.plan import (
    Answer,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Callback,
    Extension,
    Extensions,
    Label,
    Mailbox,
    Menu,
    Operator,
    Plan,
    Play,
    Queue,
    Record,
    Ring,
)
from tests.oracle import Made


def broken(plan: Plan, made: Made) -> Iterator[tuple[str, int]]:
    """The step at which people, or the operator, are reached too late, and how many exits were taken by then."""
    yield from _to_people(plan, made)
    yield from _to_operator(plan, made)


def _to_people(plan: Plan, made: Made) -> Iterator[tuple[str, int]]:
    policy = plan.policy
    keys = prompts = exits = tries = in_step = 0
    pressed = any_key = False
    here = ""
    for index, event in enumerate(made.events):
        match event:
            case Arrived():
                here, tries, in_step, pressed, any_key = event.step, 0, 0, False, False
            case Asked():
                in_step, pressed = in_step + pressed, False
                tries += 1
            case Pressed():
                pressed = any_key = True
            case Heard():
                prompts += 1
            case Spoken():
                keys -= 1
            case Left():
                exits += 1
                in_vain = tries > 1 and event.outcome.split()[0] in ("key", "accept", "extension")
                mailbox = isinstance(plan.steps[here], Mailbox)
                if in_vain or mailbox or (event.outcome == "silence" and any_key):
                    return
                keys += in_step + pressed
            case _ if people(plan, made.events, index):
                if event.at > policy.to_person or keys > policy.keys or prompts > policy.prompts:
                    yield here, exits
                return
            case _:
                pass


def people(plan: Plan, events: Sequence[Event], index: int) -> bool:
    """Whether an event is that phones of people ring, or that the caller is in line."""
    event = events[index]
    if isinstance(event, Queued):
        return next(e for e in events[index:] if isinstance(e, Left)).outcome != "full"
    if not isinstance(event, Rang):
        return False
    step = plan.steps[event.step]
    if isinstance(step, Ring | Operator):
        return any(isinstance(phone, Extension) or phone.confirm for phone in step.stages[event.stage - 1].phones)
    return isinstance(step, Extensions)


def _to_operator(plan: Plan, made: Made) -> Iterator[tuple[str, int]]:
    waited = longest = exits = 0
    since: int | None = None
    offered = False
    here = ""
    for index, event in enumerate(made.events):
        step = plan.steps[here] if here else None
        if people(plan, made.events, index):
            if isinstance(step, Operator):
                limit = max(plan.policy.with_callback, plan.policy.to_operator) if offered else plan.policy.to_operator
                if waited > limit:
                    yield here, exits
                return
            since = event.at if since is None else since
        elif isinstance(event, Rang) and since is not None:
            waited, since = waited + event.at - since, None
        if isinstance(event, Left):
            if isinstance(step, Mailbox):
                return
            exits += 1
            if since is not None:
                waited, since = waited + event.at - since, None
            at_once = event.outcome == "closing" and isinstance(made.events[index - 1], Arrived)
            if isinstance(step, Menu | Queue) and longest <= 60 and not at_once:
                offered = offered or any(_books(plan, choice.to) for choice in step.choices)
            if isinstance(step, Queue):
                longest += step.patience
            if isinstance(step, Extensions):
                longest += step.seconds
            if isinstance(step, Ring):
                longest += sum(
                    stage.seconds for n, stage in enumerate(step.stages) if people(plan, [Rang(0, here, n + 1, ())], 0)
                )
        if isinstance(event, Arrived):
            here = event.step


def _books(plan: Plan, step: str) -> bool:
    """Whether a way leads to a call-back, whatever the hours."""
    at = plan.steps[step]
    if isinstance(at, Callback):
        return True
    if isinstance(at, Answer | Play | Label | Record | Branch | ByException | BySwitch | ByCaller | ByLine):
        return all(isinstance(exit.to, str) and _books(plan, exit.to) for exit in at.exits())
    return False
