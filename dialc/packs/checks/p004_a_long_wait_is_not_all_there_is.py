"""A long wait is not all there is.

Nobody waits for longer than the law says without a way to leave their number or a message: a call-back or a mailbox.
The wait begins as somebody is on the way to people, with no more questions before: as the call comes in where the plan
asks nothing, else behind the last menu. It goes on over prompts, rings and queues. It ends as somebody answers, as the
caller presses a key, as a menu asks something new, or in a queue of which a key leads to a call-back or a mailbox at
once.

How long callers really wait depends on the people who answer. What is decided here is what becomes of those for whom
nobody is free in time.

Asked by: :doc:`/policies/pt-134-2009` (articles 6(2) to 6(4): 60 seconds).

Bad::

BAD

Says::

SAYS

Good::

GOOD
"""

from collections.abc import Iterator

from dialc.packs.checks import Asks, Inquiry
from dialc.plan import Queue
from dialc.rules import Breach
from dialc.waiting import longest
from dialc.witness import spelt, written


def check(inquiry: Inquiry, asks: Asks, *, most: int) -> Iterator[Breach]:
    """The shortest call that waits for longer than `most` seconds and is offered nothing else."""
    if longest(inquiry.waits) <= most:
        return
    shown = inquiry.waits.anywhere(most + 1)
    assert shown is not None
    step = inquiry.plan.steps[shown.witness.step]
    yield asks.breach(
        inquiry.survey,
        "P004",
        step.name,
        f"callers can wait for more than {spelt(most)} and leave nothing",
        step.place,
        caller="waits on, and can neither leave a message nor be called back",
        witness=shown.witness,
        last=f"{written(step.name)}: still waits, and is offered nothing else",
        after=shown.seconds,
        help=f"write a key that leads to a `callback`, or `patience {most}s` and a mailbox behind it"
        if isinstance(step, Queue)
        else "",
    )
