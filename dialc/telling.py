"""What a caller goes through, told line by line.

In: a plan and the events of a call. Out: lines of text, each with the minutes and seconds since the call came in.
What a caller cannot notice, such as a step that only leads on, has no line; what comes of a step is told as in the
calls of findings.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from dialc.call import (
    Answered,
    AnsweredBy,
    Arrived,
    Asked,
    Booked,
    Event,
    Heard,
    HungUp,
    Joined,
    Labelled,
    Left,
    LeftMessage,
    LookedUp,
    Pressed,
    Queued,
    Rang,
    Recorded,
    Refused,
    Spoken,
)
from dialc.findings import visible
from dialc.plan import Bot, Collect, End, Exit, Lookup, Menu, Outcome, Plan, Prompt, Queue
from dialc.witness import Turn, Witness, clock, narrate

_TOLD_BEFORE = {Outcome.DONE, Outcome.ANSWERED, Outcome.LEFT, Outcome.BOOKED, Outcome.HUNG_UP}
"""What comes of a step and is told by the event before it, or by none."""

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def begin(plan: Plan, number: str, at: datetime.datetime, caller: str) -> str:
    """Who calls what, and when."""
    return narrate(plan, Witness(number, at, (), caller=caller))[0]


def told(plan: Plan, events: Iterable[Event]) -> Iterator[str]:
    """The lines, each as soon as its event is there."""
    step, spoken = "", plan
    for event in events:
        if isinstance(event, Arrived):
            step = event.step
        if isinstance(event, Spoken):
            spoken = plan.spoken(event.language)
        if isinstance(event, Left):
            exit = _exit(plan, event)
            if exit.outcome not in _TOLD_BEFORE:
                yield narrate(plan, Witness("", _EPOCH, (Turn(event.step, exit, event.at),)))[1]
        elif said := _said(spoken, step, event):
            yield f"{clock(event.at)}  {said}"


def end(plan: Plan, events: Sequence[Event]) -> str:
    """How a call ended, and after how long."""
    last = events[-1]
    who = "".join(f" ({event.who})" for event in events if isinstance(event, AnsweredBy))
    if isinstance(last, Left):
        how = "".join(exit.to.value for exit in (_exit(plan, last),) if isinstance(exit.to, End))
    else:
        how = f"the {last.by} hung up" if isinstance(last, HungUp) else "the line refuses this caller"
    return f"ended after {clock(last.at)[1:]}: {how}{who}"


def words(plan: Plan, prompt: Prompt) -> str:
    """The text of a prompt in the plan's language, in quotes; empty where it has none."""
    text = dict(prompt.texts).get(plan.language, next((text for _, text in prompt.texts), ""))
    return f'"{visible(text)}"' if text else ""


def _exit(plan: Plan, left: Left) -> Exit:
    """The exit by which a step was left."""
    return next(exit for exit in plan.steps[left.step].exits() if exit.label == left.outcome)


def _said(plan: Plan, step: str, event: Event) -> str:
    """What is told of an event at a step."""
    match event:
        case Arrived() | Left() | Spoken():
            return ""
        case Answered():
            return "the call is answered"
        case Refused():
            return "the call is refused, and not answered"
        case Heard():
            prompt = plan.prompts[event.prompt]
            length = f"{event.seconds} s" if event.whole else f"{event.seconds} of {prompt.seconds} s"
            return ": ".join(filter(None, (f"hears {event.prompt}", words(plan, prompt)))) + f" ({length})"
        case Recorded():
            return "the call is recorded from here on"
        case Asked():
            menu = plan.steps[event.menu]
            return f"{event.menu} asks, try {event.turn} of {menu.tries}" if isinstance(menu, Menu | Collect) else ""
        case Pressed():
            at = plan.steps[step]
            if isinstance(at, Collect):
                return f"presses {event.key}"
            if isinstance(at, Menu) and any(repeat.key == event.key for repeat in at.repeats):
                return f"presses {event.key}, to hear it again"
            choices = [at.escape] if isinstance(at, Bot) else at.choices if isinstance(at, Menu | Queue) else ()
            means = any(choice.key == event.key for choice in choices)
            if isinstance(at, Menu) and at.direct and all(choice.key != event.key for choice in at.choices):
                return f"presses {event.key}"
            means = isinstance(at, Menu | Queue) and any(choice.key == event.key for choice in at.choices)
            return "" if means else f"presses {event.key}, which means nothing here"
        case Labelled():
            return f'phones will show "{visible(event.text)}" before the name'
        case Rang():
            return f"{event.step} rings {', '.join(event.phones)}"
        case Queued():
            return f"waits in {event.queue}"
        case AnsweredBy():
            return f"{event.who} answers"
        case Joined():
            return f"{event.who}, a machine, picks up"
        case LookedUp():
            asked = plan.steps[event.step]
            return f"{asked.service} is asked about the caller" if isinstance(asked, Lookup) else ""
        case LeftMessage():
            return f"leaves a message in mailbox {event.box}"
        case Booked():
            return f"a call-back is booked at {event.callback}"
        case HungUp():
            return f"the {event.by} hangs up"
        case _:
            assert_never(event)
