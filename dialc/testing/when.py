"""Instants at which a plan is called, as a strategy.

In: a plan. Out: instants with zone, within its validity: any, and more often those at which something changes, such as
the seconds around an opening, a change of the clocks, a day that an exception is about, the first and the last day.
"""

import datetime
import functools
import zoneinfo
from collections.abc import Iterator

from hypothesis import strategies as st

from dialc.calendar import DAY, Calendar, calendar, open_instants
from dialc.plan import Combination, Condition, Hours, Period, Plan

AROUND = (0, -1, 1, -60, 60)
"""Seconds around a change that are looked at."""


def instants(plan: Plan) -> st.SearchStrategy[datetime.datetime]:
    """Instants within the validity of a plan, in its zone.

    Half of them lie on days that are special: the first and the last, those of exceptions, of changes of the clocks,
    and the days around them. On any day there are full hours, other seconds, some while something is open, and some
    within a minute of a moment at which hours open or close or clocks change. They shrink towards the first midnight
    of the validity, as far as the failure lets them.
    """
    known = calendar(plan)
    days = (known.last - known.first).days
    # By weeks and days, since what fails on one Monday does so on most.
    weeks = st.builds(lambda week, day: min(7 * week + day, days), st.integers(0, days // 7), st.integers(0, 6))
    ordinary = weeks.map(lambda day: known.first + datetime.timedelta(day))
    dates = st.one_of(ordinary, st.sampled_from(_days(known, _hours(plan))))
    on = functools.cache(functools.partial(_on, known, _periods(plan)))
    return dates.flatmap(on)


def _on(known: Calendar, periods: tuple[Period, ...], date: datetime.date) -> st.SearchStrategy[datetime.datetime]:
    """The instants of a date."""
    midnight = int(datetime.datetime(date.year, date.month, date.day, tzinfo=known.tz).timestamp())
    opened, edges = set[tuple[int, int]](), {midnight, midnight + DAY}
    edges.update(instant for instant in _clocks(known) if midnight <= instant < midnight + DAY)
    for period in periods:
        for start, end in _opened(period, midnight):
            opened.add((start, end))
            edges |= {start, end, end + period.plus}
        edges |= {midnight + switch.back for switch in period.hours.switches if switch.back is not None}
    hours = st.integers(0, 23).map(lambda hour: midnight + 3600 * hour)
    while_open = st.sampled_from(sorted(opened)).flatmap(lambda s: st.integers(s[0], s[1] - 1)) if opened else hours
    near = st.builds(int.__add__, st.sampled_from(sorted(edges)), st.sampled_from(AROUND))
    instant = st.one_of(hours, st.integers(midnight, midnight + DAY - 1), while_open, near)
    return instant.map(lambda instant: known.moment(min(max(instant, known.start), known.end - 1)))


def _opened(period: Period, midnight: int) -> Iterator[tuple[int, int]]:
    """When the hours of a period are open on a day, each by itself."""
    for hours in period.hours.hours if isinstance(period.hours, Combination) else (period.hours,):
        yield from open_instants(hours, midnight, midnight + DAY).stretches


def _periods(plan: Plan) -> tuple[Period, ...]:
    """The periods that a plan asks for or declares, each once."""
    found: dict[Period, None] = {}
    for step in plan.steps.values():
        for exit in step.exits():
            if isinstance(exit.when, Condition):
                found[exit.when.period] = None
            if exit.stay:
                found[exit.stay.period] = None
    return tuple(found | dict.fromkeys(Period(hours) for hours in plan.hours.values()))


def _hours(plan: Plan) -> tuple[Hours, ...]:
    """The hours of a plan that are no combination, each once."""
    found: dict[Hours, None] = {}
    for period in _periods(plan):
        schedule = period.hours
        found |= dict.fromkeys(schedule.hours if isinstance(schedule, Combination) else (schedule,))
    return tuple(found)


def _days(known: Calendar, blocks: tuple[Hours, ...]) -> tuple[datetime.date, ...]:
    """The days on which something is different, within the validity, and their neighbours."""
    one = datetime.timedelta(days=1)
    found = {known.first, known.last}
    for hours in blocks:
        for exception in hours.exceptions:
            for date in (exception.first, exception.last):
                found |= {date - one, date, date + one}
    found |= {known.moment(instant).date() for instant in _clocks(known)}
    return tuple(sorted(date for date in found if known.first <= date <= known.last))


def _clocks(known: Calendar) -> tuple[int, ...]:
    return _clock_changes(known.zone, known.start, known.end)


@functools.lru_cache(maxsize=64)
def _clock_changes(zone: str, start: int, end: int) -> tuple[int, ...]:
    """The instants between two at which clocks in a zone change, a day at a time, then to the second."""
    return tuple(_changing(zoneinfo.ZoneInfo(zone), start, end))


def _changing(zone: zoneinfo.ZoneInfo, start: int, end: int) -> Iterator[int]:
    def ahead(instant: int) -> datetime.timedelta | None:
        return datetime.datetime.fromtimestamp(instant, zone).utcoffset()

    for day in range(start, end, DAY):
        before, after = day, min(day + DAY, end)
        if ahead(before) == ahead(after):
            continue
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (middle, after) if ahead(middle) == ahead(before) else (before, middle)
        yield after
