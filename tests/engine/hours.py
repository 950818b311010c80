"""Hours as stretches of instants, expanded from the plan's types and the zones' clocks alone.

In: hours, and the instants to look at. Out: sorted, disjoint stretches of instants (seconds since 1970, the end not
included). A zone is a list of stretches with one offset each; what a date is open from and to by the clock becomes
instants by taking the offset off, in each such stretch. The calendar of the verifier has no part in it.
"""

import datetime
import functools
import itertools
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence

from dialc.plan import Condition, Hours, Join, Period, Position, Schedule, Span

Stretches = tuple[tuple[int, int], ...]
"""Sorted, disjoint, none empty, none touching another."""

Positions = Mapping[str, Position]
"""Where switches stand, by name."""

DAY = 86400


def joined(stretches: Iterable[tuple[int, int]]) -> Stretches:
    """Stretches in any order as sorted, disjoint ones."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(each for each in stretches if each[0] < each[1]):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


def without(these: Stretches, others: Stretches) -> Stretches:
    """The instants of these that are none of the others."""
    found = list(these)
    for start, end in others:
        found = [part for s, e in found for part in ((s, min(e, start)), (max(s, end), e)) if part[0] < part[1]]
    return joined(found)


def both(these: Stretches, others: Stretches) -> Stretches:
    """The instants of these that are also among the others."""
    return joined((max(s, start), min(e, end)) for s, e in these for start, end in others)


def spread(these: Stretches, before: int, after: int) -> Stretches:
    """The instants that have one of these at most so many seconds behind, or before, them."""
    return joined((start - after, end + before) for start, end in these)


class Clocks:
    """The hours of a plan between two instants."""

    def __init__(self, since: int, until: int) -> None:
        self.since, self.until = since, until
        self._offsets = functools.cache(self._changes)
        self.all: Stretches = ((since, until),)

    def closed(self, opened: Stretches) -> Stretches:
        """All other instants."""
        return without(self.all, opened)

    def opened(self, period: Period, positions: Positions) -> Stretches:
        """When a period is open while switches stand so."""
        hours = self._of(period.hours, positions)
        return both(joined((start, end + period.plus) for start, end in hours), self.all)

    def positions(self, schedule: Schedule) -> list[Positions]:
        """All ways in which the switches of hours can stand."""
        names = [switch.name for switch in schedule.switches]
        return [
            dict(zip(names, each, strict=True))
            for each in itertools.product(*(switch.positions for switch in schedule.switches))
        ]

    def may_be_open(self, period: Period) -> Stretches:
        """When a period is open for some position of each switch."""
        return joined(s for where in self.positions(period.hours) for s in self.opened(period, where))

    def admits(self, condition: Condition) -> Stretches:
        """When an exit with a condition can be taken, for some position of each switch."""
        found: list[tuple[int, int]] = []
        for where in self.positions(condition.period.hours):
            opened = self.opened(condition.period, where)
            held = opened if condition.open else self.closed(opened)
            if condition.exception:
                assert isinstance(condition.period.hours, Hours)
                held = both(held, self.has_a_say(condition.period.hours, condition.exception))
            found += held if condition.holds else self.closed(held)
        return joined(found)

    def has_a_say(self, hours: Hours, name: str) -> Stretches:
        """The days about which an exception of a name has a say."""
        found: list[tuple[int, int]] = []
        for date in self._dates():
            about = [e for e in hours.exceptions if e.first <= date <= e.last]
            decisive = max((e.rank for e in about if e.opens or not e.spans), default=-1)
            if any(name in e.names and e.rank >= decisive for e in about):
                found += self._instants(hours.zone, date, (Span(0, DAY),))
        return joined(found)

    def usual(self, hours: Hours) -> Stretches:
        """What the week alone says of hours."""
        return self._expanded(hours, dated=False)

    def by_the_calendar(self, hours: Hours) -> Stretches:
        """What week and exceptions say of hours, and no switch."""
        return self._expanded(hours, dated=True)

    def without_switches(self, schedule: Schedule) -> Stretches:
        """When hours are open by the calendar alone."""
        auto = {switch.name: Position.AUTO for switch in schedule.switches}
        return self._of(schedule, auto)

    def _of(self, schedule: Schedule, positions: Positions) -> Stretches:
        if isinstance(schedule, Hours):
            return self._of_hours(schedule, positions)
        stack: list[Stretches] = []
        for part in schedule.parts:
            if isinstance(part, Hours):
                stack.append(self._of_hours(part, positions))
                continue
            last, first = stack.pop(), stack.pop()
            match part:
                case Join.OR:
                    stack.append(joined((*first, *last)))
                case Join.AND:
                    stack.append(both(first, last))
                case Join.BUT_NOT:
                    stack.append(without(first, last))
        return stack[0]

    def _of_hours(self, hours: Hours, positions: Positions) -> Stretches:
        if hours.switch and (position := positions[hours.switch.name]) is not Position.AUTO:
            return ((self.since - DAY, self.until),) if position is Position.OPEN else ()
        return self._expanded(hours, dated=True)

    def _expanded(self, hours: Hours, *, dated: bool) -> Stretches:
        return joined(
            stretch
            for date in self._dates()
            for stretch in self._instants(hours.zone, date, _spans(hours, date, dated=dated))
        )

    def _dates(self) -> list[datetime.date]:
        first = datetime.datetime.fromtimestamp(self.since, datetime.UTC).date() - datetime.timedelta(days=2)
        return [first + datetime.timedelta(days=n) for n in range((self.until - self.since) // DAY + 5)]

    def _instants(self, zone: str, date: datetime.date, spans: Iterable[Span]) -> list[tuple[int, int]]:
        """When a wall clock shows a date, and a time within spans."""
        midnight = (date.toordinal() - datetime.date(1970, 1, 1).toordinal()) * DAY
        return [
            (max(start, midnight + span.start - offset), min(end, midnight + span.end - offset))
            for span in spans
            for start, end, offset in self._offsets(zone)
            if max(start, midnight + span.start - offset) < min(end, midnight + span.end - offset)
        ]

    def _changes(self, zone: str) -> Sequence[tuple[int, int, int]]:
        """The stretches in which a zone keeps one offset from UTC, in seconds."""
        clock = zoneinfo.ZoneInfo(zone)

        def offset(at: int) -> int:
            away = datetime.datetime.fromtimestamp(at, clock).utcoffset()
            assert away is not None
            return int(away.total_seconds())

        first, last = self.since - 4 * DAY, self.until + 4 * DAY
        found: list[tuple[int, int, int]] = []
        begun = first
        for at in range(first, last, 900):
            if offset(at) != offset(at + 900):
                change = next(second for second in range(at + 1, at + 901) if offset(second) != offset(begun))
                found.append((begun, change, offset(begun)))
                begun = change
        return (*found, (begun, last, offset(begun)))


def _spans(hours: Hours, date: datetime.date, *, dated: bool) -> Sequence[Span]:
    """When hours are open on a date, by the clock: the week, and over it exceptions from the lowest rank up; of a rank
    first those that open, or close the whole day, and then those that take hours from it.
    """
    seconds = joined((span.start, span.end) for span in hours.weekly[date.weekday()])
    told = [e for e in hours.exceptions if dated and e.first <= date <= e.last]
    for rank in sorted({e.rank for e in told}):
        ranked = [e for e in told if e.rank == rank]
        if any(e.opens for e in ranked):
            seconds = joined((span.start, span.end) for e in ranked if e.opens for span in e.spans)
        elif any(not e.spans for e in ranked):
            seconds = ()
        taken = joined((span.start, span.end) for e in ranked if not e.opens for span in e.spans)
        seconds = without(seconds, taken)
    return [Span(start, end) for start, end in seconds]
