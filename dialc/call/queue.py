"""A queue as a caller lives through it: prompts, then waiting until somebody answers, it closes or patience runs out.

In: the queue, when the caller comes, the instant, what happens in the wait. Out: events, the exit and the seconds it
took.
"""

from dialc.call.clock import is_open
from dialc.call.events import AnsweredBy, Course, Pressed, Queued
from dialc.call.happenings import CannotHappen, Decide, Happens, Point
from dialc.call.hearing import heard
from dialc.plan import Outcome, Queue


def lived(queue: Queue, now: int, instant: int, decide: Decide) -> Course:
    """What a queue is to the caller who comes `now` seconds into the call, at an instant in seconds since 1970."""
    closes = closes_after(queue, instant)
    if closes == 0:
        return Outcome.CLOSING.value, 0
    usual = Happens(Outcome.TIMEOUT if closes is None else Outcome.CLOSING)
    happens = decide(Point(queue, now)) or usual
    first, last = queue.seconds, queue.seconds + queue.patience
    at_once = last if happens.outcome is Outcome.TIMEOUT else first
    after = (closes or 0) if happens.outcome is Outcome.CLOSING else at_once if happens.after is None else happens.after
    label = f"key {happens.key}" if happens.outcome is Outcome.KEY else happens.outcome.value
    able = [member.number for member in queue.everybody if queue.joins(member.number) <= after - first]
    member = next((number for number in able if happens.who in ("", number)), None)
    fits = any(exit.label == label and exit.shortest <= after <= exit.longest for exit in queue.exits())
    in_prompts = happens.outcome is Outcome.KEY and after < first
    over = closes is not None and after >= closes and not in_prompts
    if over is not (happens.outcome is Outcome.CLOSING) or happens.after not in (None, after):
        fits = False
    if not fits or (happens.outcome is Outcome.ANSWERED and member is None):
        raise CannotHappen(f"`{label} {happens.who}` after {after} s cannot happen in the queue `{queue.name}`")
    if in_prompts:
        yield from heard(queue.prompts, now, after)
    else:
        yield from heard(queue.prompts, now, None)
        if closes is None or closes > first:
            yield Queued(now + first, queue.name)
    if happens.outcome is Outcome.KEY:
        yield Pressed(now + after, happens.key)
    if happens.outcome is Outcome.ANSWERED and member is not None:
        yield AnsweredBy(now + after, queue.name, member)
    return label, after


def closes_after(queue: Queue, instant: int) -> int | None:
    """After how many seconds a caller who comes at an instant has to leave because the queue is closed; 0 on arrival,
    or from the end of the prompts on; None if patience runs out before.
    """
    if not queue.closing or queue.staffed is None:
        return None
    first, last = queue.seconds, queue.seconds + queue.patience
    moments = (0, *range(first, last + 1))
    return next((after for after in moments if not is_open(queue.staffed, instant + after)), None)
