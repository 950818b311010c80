"""Whether hours are open, read off a clock on the wall.

In: a period, an instant, where switches stand. Out: open or not. Second by second and from nothing but the calendar,
since the verifier, which cuts a plan's years into spans, is measured against it.
"""

import datetime
import zoneinfo
from collections.abc import Mapping
from typing import assert_never

from dialc.calendar import day, ruling
from dialc.plan import Hours, Join, Period, Position, Switch, combined

Positions = Mapping[Switch, Position]
"""Where switches stand; one that is not there stands as it starts."""


def is_open(period: Period, instant: int, positions: Positions | None = None) -> bool:
    """Whether a period is open at an instant (seconds since 1970), as a clock on the wall would have it."""
    return any(_open_at(period, instant - ago, positions or {}) for ago in range(period.plus + 1))


def has_a_say(hours: Hours, exception: str, instant: int) -> bool:
    """Whether the day of an instant is one that an exception of this name has a say about."""
    date = datetime.datetime.fromtimestamp(instant, zoneinfo.ZoneInfo(hours.zone)).date()
    return any(exception in e.names for e in ruling(hours, date))


def _open_at(period: Period, instant: int, positions: Positions) -> bool:
    return combined(period.hours, lambda hours: _hours_open(hours, instant, positions), _joined)


def _joined(join: Join, one: bool, other: bool) -> bool:
    match join:
        case Join.OR:
            return one or other
        case Join.AND:
            return one and other
        case Join.BUT_NOT:
            return one and not other
        case _:
            assert_never(join)


def _hours_open(hours: Hours, instant: int, positions: Positions) -> bool:
    if hours.switch:
        position = positions.get(hours.switch, hours.switch.starts)
        if position is not Position.AUTO:
            return position is Position.OPEN
    clock = datetime.datetime.fromtimestamp(instant, zoneinfo.ZoneInfo(hours.zone))
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    return any(span.start <= seconds < span.end for span in day(hours, clock.date()))
