"""A call-back as a caller lives through it: booked, or not.

In: the call-back, when the caller comes, whether they can be rung back, what happens. Out: events, the exit and the
seconds it took. That the caller is rung later is another call.
"""

from dialc.call.events import Booked, Course
from dialc.call.happenings import CannotHappen, Decide, Happens, Point
from dialc.plan import Callback, Outcome


def lived(callback: Callback, now: int, rings_back: bool, decide: Decide) -> Course:
    """What a call-back is to the caller who comes `now` seconds into the call."""
    happens = decide(Point(callback, now)) or Happens(Outcome.BOOKED if rings_back else Outcome.NO_NUMBER)
    if happens.outcome not in (Outcome.BOOKED, Outcome.NO_NUMBER, Outcome.FAILED) or happens.after:
        what = happens.outcome.value if not happens.after else f"{happens.outcome.value} after {happens.after} s"
        raise CannotHappen(f"`{what}` cannot happen in the call-back `{callback.name}`")
    if happens.outcome is Outcome.BOOKED:
        if not rings_back:
            raise CannotHappen(
                f"`booked` cannot happen in the call-back `{callback.name}`: it may not ring this caller"
            )
        yield Booked(now, callback.name)
    return happens.outcome.value, 0
