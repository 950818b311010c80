"""A queue as a caller lives through it: its prompts, then waiting until somebody answers or patience runs out.

In: the queue, when the caller comes, what happens in the wait. Out: events, the exit and the seconds it took.
"""

from dialc.call.events import AnsweredBy, Course, Pressed, Queued
from dialc.call.happenings import CannotHappen, Decide, Happens, Point
from dialc.call.hearing import heard
from dialc.plan import Outcome, Queue


def lived(queue: Queue, now: int, decide: Decide) -> Course:
    """What a queue is to the caller who comes `now` seconds into the call."""
    happens = decide(Point(queue, now)) or Happens(Outcome.TIMEOUT)
    first, last = queue.seconds, queue.seconds + queue.patience
    at_once = last if happens.outcome is Outcome.TIMEOUT else first
    after = at_once if happens.after is None else happens.after
    label = f"key {happens.key}" if happens.outcome is Outcome.KEY else happens.outcome.value
    waited = after - first
    able = [member.number for member in queue.everybody if queue.joins(member.number) <= waited]
    member = next((number for number in able if happens.who in ("", number)), None)
    fits = any(exit.label == label and exit.shortest <= after <= exit.longest for exit in queue.exits())
    if not fits or (happens.outcome is Outcome.ANSWERED and member is None):
        raise CannotHappen(f"`{label} {happens.who}` after {after} s cannot happen in the queue `{queue.name}`")
    if happens.outcome is Outcome.KEY and after < first:
        yield from heard(queue.prompts, now, after)
    else:
        yield from heard(queue.prompts, now, None)
        yield Queued(now + first, queue.name)
    if happens.outcome is Outcome.KEY:
        yield Pressed(now + after, happens.key)
    if happens.outcome is Outcome.ANSWERED and member is not None:
        yield AnsweredBy(now + after, queue.name, member)
    return label, after
