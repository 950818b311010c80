"""An operator as a caller lives through it: nobody there, or announcements and stages of phones in order.

In: the operator, when the caller comes, the instant, where switches stand, what happens in each stage. Out: events, the
exit and the seconds it took.
"""

from typing import assert_never

from dialc.call.clock import Positions, is_open
from dialc.call.events import Course, Heard
from dialc.call.happenings import Decide
from dialc.call.ring import stage_lived
from dialc.plan import Announcement, Operator, Outcome, Stage


def lived(operator: Operator, now: int, instant: int, decide: Decide, positions: Positions) -> Course:
    """What an operator is to the caller who comes `now` seconds into the call, at an instant in seconds since 1970."""
    if operator.staffed is not None and not is_open(operator.staffed, instant, positions):
        return Outcome.UNSTAFFED.value, 0
    begun, number = now, 0
    for item in operator.items:
        match item:
            case Announcement():
                yield Heard(now, item.prompt.name, item.prompt.seconds, whole=True)
                now += item.prompt.seconds
            case Stage():
                number += 1
                label, seconds = yield from stage_lived(operator, number, item, now, decide)
                now += seconds
                if label in (Outcome.ANSWERED.value, Outcome.UNCONFIRMED.value):
                    return label, now - begun
            case _:
                assert_never(item)
    return Outcome.UNANSWERED.value, now - begun
