"""What a wall clock in a zone shows, as arithmetic that FreeSWITCH does on the seconds since 1970.

In: a zone and the calendar of a plan. Out: a `Clock`, whose expressions are in the language of `mod_expr`; None for a
zone that cannot be told so. FreeSWITCH has a table of zones of its own, one POSIX rule for each, which may be missing
or old on the machine; a zone that is missing there is compared with whatever stands in memory. So nothing is asked of
it: how far the zone is ahead of UTC is worked out here, from the same zone data as the proof, and so are dates.
"""

import datetime
import itertools
from collections.abc import Iterator

import attrs

from dialc.calendar import Calendar, clock_changes

SHORT = 8
"""Changes of a clock that are listed one by one, rather than by the rule that they follow."""

MOST = 120
"""Changes that are listed where they follow no rule: those of sixty years."""

_DAY = 86400
_EPOCH = 719468
"""Days from 1 March of the year 0 to 1 January 1970."""


@attrs.frozen
class Change:
    """The day of a year on which a clock is changed, and when on that day.

    `week` is 1 to 4, or 5 for the last; `weekday` is 0 for Sunday; `at` is in seconds since midnight by the clock of
    winter.
    """

    month: int
    week: int
    weekday: int
    at: int

    def day(self, year: int) -> int:
        """The day of a year, in days since 1970."""
        first = _first(year, self.month)
        if self.week < 5:
            return first + (self.weekday + 3 - first) % 7 + 7 * (self.week - 1)
        last = _first(year + self.month // 12, self.month % 12 + 1) - 1
        return last - (last + 4 - self.weekday) % 7

    def expression(self, year: str) -> str:
        """The same moment in seconds since 1970 by the clock of winter, of a year that a variable names."""
        first = _first_expression(year, self.month)
        if self.week < 5:
            day = f"{first}+mod({self.weekday + 3 + 7 * 10**6}-({first}),7)+{7 * (self.week - 1)}"
        else:
            following = year if self.month < 12 else f"({year}+1)"
            last = f"{_first_expression(following, self.month % 12 + 1)}-1"
            day = f"{last}-mod({last}+{4 - self.weekday + 7},7)"
        return f"({day})*{_DAY}+{self.at}"


@attrs.frozen
class Clock:
    """A clock: `ahead` seconds ahead of UTC in winter, and `summer` more from one change to the other of each year.

    Where it follows no such rule, or only a few changes matter, `listed` are instants and how far it is ahead from
    each on, the first since ever.
    """

    zone: str
    ahead: int
    summer: int = 0
    begins: Change | None = None
    ends: Change | None = None
    listed: tuple[tuple[int, int], ...] = ()

    def at_once(self) -> str:
        """How far it is ahead of UTC at `dialc_at`, as an expression; of one that follows a rule, in winter."""
        found = str(self.ahead)
        for (_, before), (since, _) in reversed(tuple(itertools.pairwise(self.listed))):
            found = f"if(below(${{dialc_at}},{since}),{before},{found})"
        return found

    def in_summer(self, local: str, year: str) -> str:
        """How much is to be added in summer, as an expression of the clock of winter and the year that it shows."""
        if self.begins is None or self.ends is None:
            return "0"
        after, before = (f"below({local},{change.expression(year)})" for change in (self.begins, self.ends))
        spring = self.begins.month < self.ends.month
        share = f"(1-{after})*{before}" if spring else f"(1-{after}*(1-{before}))"
        return f"{self.summer}*{share}"

    def shows(self, instant: int) -> int:
        """How far it is ahead of UTC at an instant."""
        if self.listed:
            return next((ahead for since, ahead in reversed(self.listed) if since <= instant), self.listed[0][1])
        if self.begins is None or self.ends is None:
            return self.ahead
        local = instant + self.ahead
        year = datetime.date.fromordinal(datetime.date(1970, 1, 1).toordinal() + local // _DAY).year
        first, last = (change.day(year) * _DAY + change.at for change in (self.begins, self.ends))
        summer = first <= local < last if first < last else not last <= local < first
        return self.ahead + self.summer * summer


def clock(zone: str, known: Calendar, *, lasting: bool) -> Clock | None:
    """The clock of a zone; None where its changes follow no rule and are too many to be listed.

    `lasting` says that nothing ends the validity of the plan: what is listed ends some day, and a rule does not.
    """
    changes = clock_changes(zone, *known.everything.stretches[0])
    if len(changes) == 1:
        return Clock(zone, changes[0][1])
    listed = Clock(zone, changes[-1][1], listed=changes)
    if len(changes) <= SHORT and not lasting:
        return listed
    return _ruled(zone, changes) or (listed if len(changes) <= MOST and not lasting else None)


def _ruled(zone: str, changes: tuple[tuple[int, int], ...]) -> Clock | None:
    """The clock that makes exactly these changes by a rule; the rule is guessed from two of them and tried on all."""
    ahead, most = min(a for _, a in changes), max(a for _, a in changes)
    forward = [since for since, a in changes[1:] if a == most]
    back = [since for since, a in changes[1:] if a == ahead]
    if len(forward) + len(back) < len(changes) - 1 or not forward or not back:
        return None
    for begins in _guessed([since + ahead for since in forward]):
        for ends in _guessed([since + ahead for since in back]):
            found = Clock(zone, ahead, most - ahead, begins, ends)
            ends_at = (*(since - 1 for since, _ in changes[1:]), changes[-1][0])
            if all(
                found.shows(since) == a == found.shows(last) for (since, a), last in zip(changes, ends_at, strict=True)
            ):
                return found
    return None


def _guessed(moments: list[int]) -> Iterator[Change]:
    """The changes that the first of some moments, by the clock of winter, can be, and all others are."""
    days = {moment // _DAY for moment in moments}
    at = moments[0] % _DAY
    # A change at 24:00 or later is one of the day before; one that comes before midnight in winter, of the day after.
    for shift in (0, 1, -1):
        first = datetime.date.fromordinal(datetime.date(1970, 1, 1).toordinal() + moments[0] // _DAY - shift)
        for week in ((first.day - 1) // 7 + 1, 5):
            change = Change(first.month, week, first.isoweekday() % 7, at + shift * _DAY)
            years = {
                datetime.date.fromordinal(datetime.date(1970, 1, 1).toordinal() + day - shift).year for day in days
            }
            if all(change.day(year) + shift in days for year in years):
                yield change


def _first(year: int, month: int) -> int:
    """The first day of a month, in days since 1970."""
    return (datetime.date(year, month, 1) - datetime.date(1970, 1, 1)).days


def _first_expression(year: str, month: int) -> str:
    """The same of a year that a variable names: years begin in March, so that the leap day is the last."""
    years = year if month > 2 else f"({year}-1)"
    days = (153 * ((month + 9) % 12) + 2) // 5 - _EPOCH
    return f"(365*{years}+ipart({years}/4)-ipart({years}/100)+ipart({years}/400)+{days})".replace("+-", "-")


CIVIL = (
    ("dialc_days", f"ipart(${{dialc_local}}/{_DAY})+{_EPOCH}"),
    ("dialc_era", "ipart(${dialc_days}/146097)"),
    ("dialc_doe", "${dialc_days}-${dialc_era}*146097"),
    (
        "dialc_yoe",
        "ipart((${dialc_doe}-ipart(${dialc_doe}/1460)+ipart(${dialc_doe}/36524)-ipart(${dialc_doe}/146096))/365)",
    ),
    ("dialc_doy", "${dialc_doe}-(365*${dialc_yoe}+ipart(${dialc_yoe}/4)-ipart(${dialc_yoe}/100))"),
    ("dialc_month", "ipart((5*${dialc_doy}+2)/153)"),
    ("dialc_dom", "${dialc_doy}-ipart((153*${dialc_month}+2)/5)+1"),
    ("dialc_month", "if(below(${dialc_month},10),${dialc_month}+3,${dialc_month}-9)"),
    ("dialc_year", "${dialc_yoe}+${dialc_era}*400+below(${dialc_month},3)"),
    ("dialc_date", "${dialc_year}*10000+${dialc_month}*100+${dialc_dom}"),
    ("dialc_day", "mod(${dialc_days}+2,7)+1"),
    ("dialc_time", f"${{dialc_local}}-(${{dialc_days}}-{_EPOCH})*{_DAY}"),
)
"""Variables, in order, and the expressions that they are given: from `dialc_local`, seconds since 1970 by some clock,
to the date (YYYYMMDD), the day of the week (Monday is 1) and the seconds since midnight. The calendar is counted in
eras of 400 years that begin in March (H. Hinnant, chrono-compatible low-level date algorithms)."""
