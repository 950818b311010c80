"""Hours as sets of instants.

In: the hours of a plan and its validity. Out: `Instants`, exact sets of whole seconds since 1970 (UTC), and `Calendar`,
which knows when each period of a plan is open. An instant is open when the wall clock in the zone, read at that
instant, says so: in the hour that a clock repeats both passes count, and an hour that it skips does not exist.
"""

import bisect
import datetime
import functools
import itertools
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

import attrs

from dialc.plan import Condition, DatedException, Hours, Join, Plan, Position, Span, Switch, combined

DAY = 86400

EVERY_KIND_OF_YEAR = (datetime.date(2026, 1, 1), datetime.date(2053, 12, 31))
"""What is looked at for a plan without a validity: in 28 years each of the 14 kinds of year (by weekday of 1 January
and leap day) comes with every neighbour, and the rules for daylight saving go by weekday and month."""

AFTERWARDS = 8 * DAY
"""Seconds past the end of the validity for which hours are still known: calls that began within it go on."""


Positions = Mapping[Switch, Position]
"""Where switches stand."""


Stretches = tuple[tuple[int, int], ...]
"""Stretches of whole seconds: sorted, disjoint, not touching, each from its start up to, not including, its end."""

NOW: Stretches = ((0, 1),)


@attrs.frozen(eq=False, repr=False)
class Instants:
    """A set of whole seconds: every one that comes `after` (seconds) one `since`.

    A call goes from step to step, and few steps ask what time it is. So what lies later than a set is kept as that set
    and the seconds since, and worked out when its `stretches` are looked at, as every operation does but `later`, and
    the union of sets that lie later than the same one.
    """

    since: Stretches = ()
    after: Stretches = NOW

    @functools.cached_property
    def stretches(self) -> Stretches:
        """The set itself."""
        if self.after == NOW:
            return self.since
        if len(self.after) == 1:
            ((first, last),) = self.after
            return _spread(self.since, first, last - 1)
        return union(stretch for first, last in self.after for stretch in _spread(self.since, first, last - 1)).since

    def __repr__(self) -> str:
        return f"Instants({self.stretches})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instants) and (self is other or self.stretches == other.stretches)

    def __hash__(self) -> int:
        return self._hash

    @functools.cached_property
    def _hash(self) -> int:
        return hash(self.stretches)

    def __bool__(self) -> bool:
        return bool(self.since)

    def __contains__(self, instant: int) -> bool:
        index = bisect.bisect_right(self.stretches, (instant, 1 << 62)) - 1
        return index >= 0 and instant < self.stretches[index][1]

    def __or__(self, other: "Instants") -> "Instants":
        if not self.since or self is other:
            return other
        if self.since is other.since:
            return _after(self.since, union((*self.after, *other.after)).since)
        return union((*self.stretches, *other.stretches)) if other.since else self

    def __and__(self, other: "Instants") -> "Instants":
        mine, others = self.stretches, other.stretches
        if len(mine) == 1:
            return other._between(*mine[0])
        if len(others) == 1:
            return self._between(*others[0])
        found: list[tuple[int, int]] = []
        i = j = 0
        if mine and others:
            i = max(0, bisect.bisect_right(mine, (others[0][0], 1 << 62)) - 1)
            j = max(0, bisect.bisect_right(others, (mine[0][0], 1 << 62)) - 1)
        while i < len(mine) and j < len(others):
            stretch, other_stretch = mine[i], others[j]
            start, end = stretch
            first, last = other_stretch
            if end < last:
                i += 1
                both = stretch
            else:
                j += 1
                both = other_stretch
                end = last
            if first > start:
                start = first
            if start < end:
                found.append(both if both[0] == start else (start, end))  # most are whole, and shared, which saves room
        return Instants(tuple(found))

    def _between(self, start: int, end: int) -> "Instants":
        """The instants of the set from `start` up to `end`: the set itself where these are all."""
        mine = self.stretches
        if not mine or (start <= mine[0][0] and mine[-1][1] <= end):
            return self
        first = bisect.bisect_right(mine, (start, 1 << 62))
        last = bisect.bisect_left(mine, (end, 0))
        found = mine[first:last]
        if first and mine[first - 1][1] > start:
            found = ((start, mine[first - 1][1]), *found)
        if found and found[-1][1] > end:
            found = (*found[:-1], (found[-1][0], end))
        return Instants(found)

    def __sub__(self, other: "Instants") -> "Instants":
        if not self.since or not other.since:
            return self
        return self & other.outside(self.stretches[0][0], self.stretches[-1][1])

    def outside(self, start: int, end: int) -> "Instants":
        """The instants from `start` up to `end` that are not in the set."""
        found = []
        at = start
        for first, last in self.stretches:
            if first > at:
                found.append((at, min(first, end)))
            at = max(at, last)
            if at >= end:
                break
        if at < end:
            found.append((at, end))
        return Instants(tuple(stretch for stretch in found if stretch[0] < stretch[1]))

    def later(self, shortest: int, longest: int) -> "Instants":
        """Every instant that lies `shortest` to `longest` seconds after one of the set."""
        if longest == 0 or not self.since:
            return self
        return _after(self.since, _spread(self.after, shortest, longest))

    def within(self, opened: "Instants", shortest: int, longest: int, *, past: bool = False) -> "Instants":
        """Every instant `shortest` to `longest` seconds after one of the set, so long as `opened` goes on from that one
        without a break; with `past`, up to the second after its end as well.
        """
        found = []
        for start, end in (self & opened).stretches:
            over = opened.stretches[bisect.bisect_right(opened.stretches, (start, 1 << 62)) - 1][1] + past
            found.append((start + shortest, min(end + longest, over)))
        return union(stretch for stretch in found if stretch[0] < stretch[1])


_MANY = 8
"""Stretches of seconds after a set from which on it is no longer shorter to keep them than to work it out."""


def _after(since: Stretches, after: Stretches) -> Instants:
    found = Instants(since, after)
    return found if len(after) < _MANY else Instants(found.stretches)


def _spread(stretches: Stretches, shortest: int, longest: int) -> Stretches:
    """Every second that lies `shortest` to `longest` seconds after one of some stretches."""
    if shortest == longest:
        return tuple((start + shortest, end + shortest) for start, end in stretches)
    # Already in order, unlike what `union` has to expect.
    found: list[tuple[int, int]] = []
    first, last = stretches[0][0] + shortest, stretches[0][1] + longest
    for start, end in stretches:
        if start + shortest > last:
            found.append((first, last))
            first = start + shortest
        last = end + longest
    return (*found, (first, last))


def union(stretches: Iterable[tuple[int, int]]) -> Instants:
    """The set that any stretches, overlapping or not, make together."""
    found: list[tuple[int, int]] = []
    ordered = sorted(stretches)
    first, last = ordered[0] if ordered else (0, 0)
    for start, end in ordered:
        if start > last:
            if first < last:
                found.append((first, last))
            first, last = start, end
        elif end > last:
            last = end
    if first < last:
        found.append((first, last))
    return Instants(tuple(found))


@attrs.frozen
class _Offset:
    """A stretch of instants during which a zone is `ahead` seconds ahead of UTC."""

    start: int
    end: int
    ahead: int


@attrs.frozen(slots=False)
class Calendar:
    """The validity of a plan as instants, and when its periods are open within it and `AFTERWARDS`.

    With `resting`, no switch is ever turned away from `auto`.
    """

    zone: str
    first: datetime.date
    last: datetime.date
    resting: bool = False

    @functools.cached_property
    def tz(self) -> zoneinfo.ZoneInfo:
        """The plan's time zone."""
        return zoneinfo.ZoneInfo(self.zone)

    @functools.cached_property
    def start(self) -> int:
        """The first second of the validity."""
        return _midnight(self.first, self.tz)

    @functools.cached_property
    def end(self) -> int:
        """The second after the last of the validity."""
        return _midnight(self.last + datetime.timedelta(days=1), self.tz)

    @functools.cached_property
    def validity(self) -> Instants:
        """The instants at which a call can begin."""
        return Instants(((self.start, self.end),))

    @functools.cached_property
    def everything(self) -> Instants:
        """The instants at which anything about hours is known; of hours that are kept open longer, which they are for a
        day at most, all is known from the start of the validity on.
        """
        return Instants(((self.start - DAY, self.end + AFTERWARDS),))

    @functools.cached_property
    def _known(self) -> dict[Condition, Instants]:
        return {}

    @functools.cached_property
    def _openings(self) -> dict[Hours, Instants]:
        return {}

    def when(self, condition: Condition | None) -> Instants:
        """The instants at which a condition can hold, however switches stand; all for none."""
        if condition is None:
            return self.everything
        found = self._known.get(condition)
        if found is None:
            found = Instants()
            switches = condition.period.hours.switches
            rest = [dict.fromkeys(switches, Position.AUTO)]
            for positions in rest if self.resting else every_position(switches):
                found |= self.holding(condition, positions)
            self._known[condition] = found
        return found

    def holding(self, condition: Condition, positions: Positions) -> Instants:
        """The instants at which a condition holds while switches stand so."""
        period, named = condition.period, self.everything
        opened = combined(period.hours, lambda hours: self._open(hours, positions), _joined)
        opened = opened.later(0, period.plus) & self.everything
        if condition.exception and isinstance(period.hours, Hours):
            dates = named_dates(period.hours, condition.exception)
            clock = union((_clock(date), _clock(date) + DAY) for date in dates)
            named = read_off(clock, period.hours.zone, *self.everything.stretches[0])
        held = (opened if condition.open else self.everything - opened) & named
        return held if condition.holds else self.everything - held

    def _open(self, hours: Hours, positions: Positions) -> Instants:
        match positions[hours.switch] if hours.switch else Position.AUTO:
            case Position.OPEN:
                return self.everything
            case Position.CLOSED:
                return Instants()
            case _:
                return self._opening(hours)

    def _opening(self, hours: Hours) -> Instants:
        """The instants at which hours are open by the calendar, whatever a switch says."""
        found = self._openings.get(hours)
        if found is None:
            found = self._openings[hours] = open_instants(hours, *self.everything.stretches[0])
        return found

    def moment(self, instant: int) -> datetime.datetime:
        """An instant as date and time in the plan's zone."""
        return datetime.datetime.fromtimestamp(instant, self.tz)


def calendar(plan: Plan) -> Calendar:
    """The calendar of a plan, from the first to the last day of its validity."""
    first, last = plan.valid or EVERY_KIND_OF_YEAR
    return Calendar(plan.zone, first, last)


def every_position(switches: Sequence[Switch]) -> Iterator[Positions]:
    """Every way in which switches can stand."""
    for positions in itertools.product(*(switch.positions for switch in switches)):
        yield dict(zip(switches, positions, strict=True))


def _joined(join: Join, one: Instants, other: Instants) -> Instants:
    match join:
        case Join.OR:
            return one | other
        case Join.AND:
            return one & other
        case Join.BUT_NOT:
            return one - other
        case _:
            assert_never(join)


RANKS = range(3)
"""The ranks of exceptions, the weakest first."""


def day(hours: Hours, date: datetime.date) -> tuple[Span, ...]:
    """When the hours are open on one date, whatever a switch says.

    A dated exception beats a range of dates, which beats a holiday, which beats the week.
    """
    spans = hours.weekly[date.weekday()]
    about = [e for e in hours.exceptions if e.first <= date <= e.last]
    for rank in RANKS if about else ():
        spans = _ruled(spans, [e for e in about if e.rank == rank])
    return spans


def ruling(hours: Hours, date: datetime.date) -> tuple[DatedException, ...]:
    """The exceptions that have a say on a date: those of the highest rank, and of a lower one while hours are left to
    it.
    """
    about = [e for e in hours.exceptions if e.first <= date <= e.last]
    found: list[DatedException] = []
    for rank in reversed(RANKS):
        ranked = [e for e in about if e.rank == rank]
        found.extend(ranked)
        if any(e.opens or not e.spans for e in ranked):
            break
    return tuple(found)


def named_dates(hours: Hours, exception: str) -> tuple[datetime.date, ...]:
    """The dates on which an exception of this name has a say, in order."""
    dates = {
        datetime.date.fromordinal(ordinal)
        for e in hours.exceptions
        if exception in e.names
        for ordinal in range(e.first.toordinal(), e.last.toordinal() + 1)
    }
    return tuple(sorted(date for date in dates if any(exception in e.names for e in ruling(hours, date))))


def _ruled(spans: tuple[Span, ...], exceptions: list[DatedException]) -> tuple[Span, ...]:
    """The spans of a day after the exceptions of one rank have spoken."""
    opening = [span for e in exceptions if e.opens for span in e.spans]
    if opening:
        spans = tuple(opening)
    elif any(not e.opens and not e.spans for e in exceptions):
        return ()
    closing = union((span.start, span.end) for e in exceptions if not e.opens for span in e.spans)
    left = union((span.start, span.end) for span in spans) - closing
    return tuple(Span(start, end) for start, end in left.stretches)


def open_instants(hours: Hours, start: int, end: int) -> Instants:
    """When the hours are open between two instants."""
    zone = zoneinfo.ZoneInfo(hours.zone)
    first = datetime.datetime.fromtimestamp(start, zone).date() - datetime.timedelta(days=1)
    last = datetime.datetime.fromtimestamp(end, zone).date() + datetime.timedelta(days=1)
    special = _special(hours, first, last)
    clock: list[tuple[int, int]] = []
    midnight = _clock(first)
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        spans = special.get(ordinal)
        if spans is None:
            spans = hours.weekly[(ordinal + 6) % 7]
        clock.extend((midnight + span.start, midnight + span.end) for span in spans)
        midnight += DAY
    return read_off(union(clock), hours.zone, start, end)


def _clock(date: datetime.date) -> int:
    """The midnight with which a date begins, in seconds of a clock that has never been changed."""
    return (date.toordinal() - datetime.date(1970, 1, 1).toordinal()) * DAY


def read_off(clock: Instants, zone: str, start: int, end: int) -> Instants:
    """The instants between two at which a clock in a zone shows one of the seconds of `clock`."""
    found: list[tuple[int, int]] = []
    for offset in _offsets(zoneinfo.ZoneInfo(zone), start, end):
        passing = clock & Instants(((offset.start + offset.ahead, offset.end + offset.ahead),))
        found.extend((a - offset.ahead, b - offset.ahead) for a, b in passing.stretches)
    return union(found)


def _special(hours: Hours, first: datetime.date, last: datetime.date) -> Mapping[int, tuple[Span, ...]]:
    """The spans of the dates that exceptions speak about, by ordinal."""
    found: dict[int, tuple[Span, ...]] = {}
    for exception in hours.exceptions:
        for ordinal in range(max(first, exception.first).toordinal(), min(last, exception.last).toordinal() + 1):
            if ordinal not in found:
                found[ordinal] = day(hours, datetime.date.fromordinal(ordinal))
    return found


def _midnight(date: datetime.date, zone: zoneinfo.ZoneInfo) -> int:
    return int(datetime.datetime(date.year, date.month, date.day, tzinfo=zone).timestamp())


def _ahead(instant: int, zone: zoneinfo.ZoneInfo) -> int:
    offset = datetime.datetime.fromtimestamp(instant, zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def clock_changes(zone: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """How far a zone is ahead of UTC between two instants: since when, the first since `start`, and how many."""
    return tuple((offset.start, offset.ahead) for offset in _offsets(zoneinfo.ZoneInfo(zone), start, end))


@functools.lru_cache(maxsize=16)
def _offsets(zone: zoneinfo.ZoneInfo, start: int, end: int) -> tuple[_Offset, ...]:
    """The stretches between two instants in which a zone keeps its distance from UTC.

    A zone is asked once a day and the change searched for by halving; no zone has ever changed twice within one day.
    """
    found: list[_Offset] = []
    since, ahead = start, _ahead(start, zone)
    at = start
    while at < end:
        following = min(at + DAY, end)
        new = _ahead(following, zone)
        if new != ahead:
            low, high = at, following
            while high - low > 1:
                middle = (low + high) // 2
                if _ahead(middle, zone) == ahead:
                    low = middle
                else:
                    high = middle
            found.append(_Offset(since, high, ahead))
            since, ahead = high, new
        at = following
    found.append(_Offset(since, end, ahead))
    return tuple(found)
