"""A mailbox as a caller lives through it: the greeting, and a message that is left or not.

In: the mailbox, when the caller comes, what happens. Out: events, the exit and the seconds it took.
"""

from dialc.call.events import Course, Heard, LeftMessage
from dialc.call.happenings import CannotHappen, Decide, Happens, Point
from dialc.plan import Mailbox, Outcome


def lived(mailbox: Mailbox, now: int, decide: Decide) -> Course:
    """What a mailbox is to the caller who comes `now` seconds into the call."""
    happens = decide(Point(mailbox, now)) or Happens(Outcome.LEFT, min(10, mailbox.longest))
    after = happens.after or 0
    if happens.outcome not in (Outcome.LEFT, Outcome.NOTHING_LEFT, Outcome.FAILED) or after > mailbox.longest:
        raise CannotHappen(f"`{happens.outcome.value}` after {after} s cannot happen in the mailbox `{mailbox.name}`")
    greeting = 0
    if mailbox.greeting is not None:
        greeting = mailbox.greeting.seconds
        yield Heard(now, mailbox.greeting.name, greeting, whole=True)
    if happens.outcome is Outcome.LEFT:
        yield LeftMessage(now + greeting + after, mailbox.box)
    return happens.outcome.value, greeting + after
