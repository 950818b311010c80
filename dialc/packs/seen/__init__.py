"""What can be seen in a plan of duties that depend on people: facts for whoever has to judge them, never a verdict.

In: an `Inquiry`. Out: sentences. How long people take to answer no plan can tell; how long it lets callers wait, and
what it offers them, it can.
"""

from collections.abc import Iterator

from dialc.on_hold import longest, offers
from dialc.packs.checks import Inquiry
from dialc.plan import Menu, Operator, Period
from dialc.witness import spelt


def quickest(inquiry: Inquiry) -> Iterator[str]:
    """How soon, after a call has come in, somebody can answer at all."""
    if inquiry.soonest is None:
        yield "no call comes to people"
    else:
        soonest = spelt(inquiry.soonest)
        yield f"phones of people ring, or a queue is joined, {soonest} after a call comes in at the earliest"


def patience(inquiry: Inquiry) -> Iterator[str]:
    """How long callers wait in queues, and for how long nothing else is offered to them."""
    for queue in inquiry.queues:
        other = ", and can leave a message or book a call-back meanwhile" if offers(inquiry.plan, queue) else ""
        yield f"in `{queue.name}` callers wait for up to {spelt(queue.patience)} behind its prompts{other}"
    yield f"the longest that a caller can wait, and be offered nothing else, is {spelt(longest(inquiry.waits))}"


def choices(inquiry: Inquiry) -> Iterator[str]:
    """What can be chosen in the first menus that calls come to while somebody is there."""
    found = {first.step.name: first.step for first in inquiry.first}
    for step in found.values():
        if isinstance(step, Menu):
            keys = ", ".join(f"{c.key} {c.label or f'(to `{c.to}`)'}" for c in step.choices)
            yield f"the first menu `{step.name}` has these keys: {keys}"
    if not found:
        yield "no menu asks callers anything while somebody is there"


def staffed(inquiry: Inquiry) -> Iterator[str]:
    """While which hours operators are staffed."""
    for step in inquiry.plan.steps.values():
        match step:
            case Operator(staffed=Period(hours=hours)):
                yield f"`{step.name}` is staffed while `{hours.name}` is open"
            case Operator():
                yield f"`{step.name}` is staffed at any hour"
            case _:
                pass


def languages(inquiry: Inquiry) -> Iterator[str]:
    """The languages in which callers can be spoken to."""
    yield f"callers can be spoken to in: {', '.join(inquiry.plan.languages)}"
