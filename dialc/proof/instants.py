"""When: sets of instants, and the hours of a plan as such sets, worked out anew.

In: a plan. Out: `Clock`, which knows when a condition can hold. Instants are whole seconds since 1970 (UTC), sets of
them stretches in order, each from its start up to, not including, its end. Time zones are those of `zoneinfo`. Nothing
here is shared with the calendar that the verifier uses.
"""

import bisect
import datetime
import itertools
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping

from dialc.plan import Condition, DatedException, Hours, Join, Plan, Position, Schedule, Switch

DAY = 86400
KINDS_OF_YEARS = datetime.date(2026, 1, 1), datetime.date(2053, 12, 31)
"""For a plan without a validity: 28 years, in which each kind of year comes beside each that can be its neighbour."""
AFTER = 8 * DAY
"""For so long after the validity hours are known; no call may go on for longer."""

Times = tuple[tuple[int, int], ...]
"""A set of instants."""


def joined(stretches: Iterable[tuple[int, int]]) -> Times:
    """The set that stretches in any order make together."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        elif start < end:
            found.append((start, end))
    return tuple(found)


def touching(times: Times, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a set between two instants, in order."""
    for index in range(max(0, bisect.bisect_right(times, (start, end)) - 1), len(times)):
        first, last = times[index]
        if first >= end:
            return
        if max(first, start) < min(last, end):
            yield max(first, start), min(last, end)


def meet(one: Times, other: Times) -> Times:
    """The instants in both of two sets."""
    few, many = (one, other) if len(one) < len(other) else (other, one)
    return tuple(part for start, end in few for part in touching(many, start, end))


def without(one: Times, other: Times) -> Times:
    """The instants in one set and not in another."""
    found = []
    for start, end in one:
        at = start
        for first, last in touching(other, start, end):
            if at < first:
                found.append((at, first))
            at = last
        if at < end:
            found.append((at, end))
    return tuple(found)


def spread(times: Times, shortest: int, longest: int) -> Times:
    """Every instant that lies between so many and so many seconds after one of a set."""
    return joined((start + shortest, end + longest) for start, end in times)


def inside(one: Times, other: Times) -> bool:
    """Whether all instants of one set are in another."""
    return all(next(touching(other, start, end), None) == (start, end) for start, end in one)


class Clock:
    """The hours of a plan. Calls begin in `valid`; of other instants than the `known` ones nothing is said."""

    def __init__(self, plan: Plan) -> None:
        first, last = plan.valid or KINDS_OF_YEARS
        zone = zoneinfo.ZoneInfo(plan.zone)
        start, end = midnight(first, zone), midnight(last + datetime.timedelta(days=1), zone)
        self.valid: Times = ((start, end),)
        self.known: Times = ((start - DAY, end + AFTER),)
        self._held: dict[tuple[Condition, bool], Times] = {}
        self._opened: dict[Hours, Times] = {}
        self._ahead: dict[str, list[tuple[int, int, int]]] = {}

    def when(self, condition: Condition | None, *, rest: bool = False) -> Times:
        """The instants at which a condition can hold, however switches stand; with `rest`, while all are on auto."""
        if condition is None:
            return self.known
        if (condition, rest) not in self._held:
            switches = () if rest else condition.period.hours.switches
            stands = itertools.product(*(switch.positions for switch in switches))
            ways = (self._holds(condition, dict(zip(switches, stand, strict=True))) for stand in stands)
            self._held[condition, rest] = joined(itertools.chain.from_iterable(ways))
        return self._held[condition, rest]

    def _holds(self, condition: Condition, stand: Mapping[Switch, Position]) -> Times:
        hours = condition.period.hours
        opened = meet(spread(self._open(hours, stand), 0, condition.period.plus), self.known)
        held = opened if condition.open else without(self.known, opened)
        if condition.exception and isinstance(hours, Hours):
            said = (date for date in _touched(hours) if condition.exception in _names(hours, date))
            held = meet(held, self._shown(hours.zone, ((_midnight(date), _midnight(date) + DAY) for date in said)))
        return held if condition.holds else without(self.known, held)

    def _open(self, schedule: Schedule, stand: Mapping[Switch, Position]) -> Times:
        stack: list[Times] = []
        for part in (schedule,) if isinstance(schedule, Hours) else schedule.parts:
            if isinstance(part, Hours):
                position = stand.get(part.switch, Position.AUTO) if part.switch else Position.AUTO
                forced = {Position.OPEN: self.known, Position.CLOSED: ()}
                stack.append(forced[position] if position in forced else self._by_the_week(part))
                continue
            last, before = stack.pop(), stack.pop()
            both = {
                Join.OR: joined((*before, *last)),
                Join.AND: meet(before, last),
                Join.BUT_NOT: without(before, last),
            }
            stack.append(both[part])
        return stack[0]

    def _by_the_week(self, hours: Hours) -> Times:
        if hours not in self._opened:
            special = {date: _spans(hours, date) for date in _touched(hours)}
            date, spans = datetime.date(1970, 1, 1) + datetime.timedelta(days=self.known[0][0] // DAY - 1), []
            while _midnight(date) < self.known[0][1] + DAY:
                on = special[date] if date in special else [(s.start, s.end) for s in hours.weekly[date.weekday()]]
                spans += [(_midnight(date) + start, _midnight(date) + end) for start, end in on]
                date += datetime.timedelta(days=1)
            self._opened[hours] = self._shown(hours.zone, spans)
        return self._opened[hours]

    def _shown(self, zone: str, wall: Iterable[tuple[int, int]]) -> Times:
        """The instants at which a clock on a wall of a zone shows one of some seconds, counted as if never changed."""
        if zone not in self._ahead:
            self._ahead[zone] = list(_changes(zoneinfo.ZoneInfo(zone), *self.known[0]))
        shown, found = joined(wall), list[tuple[int, int]]()
        for start, end, ahead in self._ahead[zone]:
            found += [(first - ahead, last - ahead) for first, last in touching(shown, start + ahead, end + ahead)]
        return joined(found)


def midnight(date: datetime.date, zone: datetime.tzinfo) -> int:
    """The instant at which a date begins somewhere."""
    return int(datetime.datetime(date.year, date.month, date.day, tzinfo=zone).timestamp())


def _midnight(date: datetime.date) -> int:
    return midnight(date, datetime.UTC)


def _changes(zone: zoneinfo.ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The stretches between two instants in which a zone keeps its distance from UTC, and that distance in seconds.

    It is asked once a day: no zone has ever changed twice within one.
    """
    since, ahead = start, _distance(zone, start)
    for day in range(start, end, DAY):
        if _distance(zone, day + DAY) != ahead:
            before = ahead
            change = day + bisect.bisect_left(range(day, day + DAY), True, key=lambda at: _distance(zone, at) != before)
            yield since, change, ahead
            since, ahead = change, _distance(zone, change)
    yield since, end, ahead


def _distance(zone: zoneinfo.ZoneInfo, instant: int) -> int:
    here = datetime.datetime.fromtimestamp(instant, zone)
    return _midnight(here.date()) + here.hour * 3600 + here.minute * 60 + here.second - instant


def _touched(hours: Hours) -> Iterator[datetime.date]:
    """The dates about which exceptions speak."""
    spoken = {n for e in hours.exceptions for n in range(e.first.toordinal(), e.last.toordinal() + 1)}
    return map(datetime.date.fromordinal, sorted(spoken))


def _about(hours: Hours, date: datetime.date, rank: int) -> list[DatedException]:
    return [e for e in hours.exceptions if e.first <= date <= e.last and e.rank == rank]


def _spans(hours: Hours, date: datetime.date) -> Times:
    """When hours are open on a date: the week, then what holidays say of it, ranges of dates, and single dates."""
    open_ = joined((span.start, span.end) for span in hours.weekly[date.weekday()])
    for rank in range(3):
        opening = [(span.start, span.end) for e in _about(hours, date, rank) if e.opens for span in e.spans]
        closing = [(span.start, span.end) for e in _about(hours, date, rank) if not e.opens for span in e.spans]
        if any(not e.opens and not e.spans for e in _about(hours, date, rank)) and not opening:
            open_ = ()
        open_ = without(joined(opening) if opening else open_, joined(closing))
    return open_


def _names(hours: Hours, date: datetime.date) -> set[str]:
    """The names of the exceptions that have a say on a date; one that decides all silences those of lower rank."""
    found = set[str]()
    for rank in reversed(range(3)):
        found |= {name for e in _about(hours, date, rank) for name in e.names}
        if any(e.opens or not e.spans for e in _about(hours, date, rank)):
            break
    return found
