"""A lookup as a caller lives through it: a service is asked, and in a while there is an answer or none.

In: the lookup, when the caller comes, what the service does. Out: events, the exit and the seconds it took.
"""

from dialc.call.events import Course, LookedUp
from dialc.call.happenings import CannotHappen, Decide, Happens, Point
from dialc.plan import Lookup, Outcome


def lived(lookup: Lookup, now: int, decide: Decide) -> Course:
    """What a lookup is to the caller who comes `now` seconds into the call."""
    yield LookedUp(now, lookup.name)
    happens = decide(Point(lookup, now)) or Happens(Outcome.TIMEOUT)
    at_once = lookup.seconds if happens.outcome is Outcome.TIMEOUT else 0
    after = at_once if happens.after is None else happens.after
    for exit in lookup.exits():
        if (exit.outcome, exit.what) == (happens.outcome, happens.word) and exit.shortest <= after <= exit.longest:
            return exit.label, after
    what = f"{happens.outcome.value} {happens.word}".strip()
    raise CannotHappen(f"`{what}` after {after} s cannot happen in the lookup `{lookup.name}`")
