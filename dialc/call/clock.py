"""Whether hours are open, read off a clock on the wall.

In: a period and an instant. Out: open or not. Second by second and from nothing but the calendar, since the verifier,
which cuts a plan's years into spans, is measured against it.
"""

import datetime
import zoneinfo

from dialc.calendar import day
from dialc.plan import Hours, Period


def is_open(period: Period, instant: int) -> bool:
    """Whether a period is open at an instant (seconds since 1970), as a clock on the wall would have it."""
    zone = zoneinfo.ZoneInfo(period.hours.zone)
    return any(_open_at(period.hours, zone, instant - ago) for ago in range(period.plus + 1))


def _open_at(hours: Hours, zone: zoneinfo.ZoneInfo, instant: int) -> bool:
    clock = datetime.datetime.fromtimestamp(instant, zone)
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    return any(span.start <= seconds < span.end for span in day(hours, clock.date()))
