"""When conditions on the time hold: sets of instants for what Asterisk asks of its clock.

In: the times of GotoIfTime, IFTIME and `include`, or a format of STRFTIME and what its result is held against; a time
zone, and the instants between which all is asked. Out: `Instants`, exact to the second.

Asterisk takes a zone that it does not know for UTC and says nothing.
"""

import bisect
import datetime
import functools
import itertools
import re
import zoneinfo
from collections.abc import Callable, Iterable, Sequence

import attrs

from dialc.calendar import DAY, Instants, read_off, union
from dialc.read.asterisk.configuration import folded

_MINUTE = 60
_MINUTES = DAY // _MINUTE

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = 31
_FIELDS = 4
"""Time, weekday, day and month; a zone comes behind all of them or not at all."""


@attrs.frozen
class Times:
    """Times as GotoIfTime takes them: what a clock in a zone has to show, all of it.

    Minutes count from midnight, weekdays from Sunday, days and months from zero. `zone` is None where the clock of the
    machine counts. A part that Asterisk skips is told in `mistakes`; where every part of a field is skipped, it never
    holds.
    """

    minutes: frozenset[int]
    weekdays: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    zone: str | None = None
    mistakes: tuple[str, ...] = ()


def read(written: str) -> Times | None:
    """Times as they are written, with commas or bars between fields. None for nothing, which never holds."""
    if not written:
        return None
    fields = re.split(r"[|,]", written)
    time, weekday, day, month = (*fields, "", "", "")[:_FIELDS]
    mistakes: list[str] = []
    return Times(
        _minutes(time, mistakes),
        _range(weekday, len(_WEEKDAYS), _WEEKDAYS, mistakes),
        _range(day, _DAYS, (), mistakes),
        _range(month, len(_MONTHS), _MONTHS, mistakes),
        (fields[_FIELDS] or None) if len(fields) == _FIELDS + 1 else None,
        tuple(mistakes),
    )


def _minutes(field: str, mistakes: list[str]) -> frozenset[int]:
    if field in ("", "*"):
        return frozenset(range(_MINUTES))
    found: set[int] = set()
    for part in field.split("&"):
        first, hyphen, last = part.partition("-")
        begin = _minute(first)
        end = _minute(re.sub(r"^[^0-9]*", "", last)) if hyphen else begin
        if begin is None or end is None:
            mistakes.append(f"{part} is no time")
        else:
            found.update((begin + after) % _MINUTES for after in range((end - begin) % _MINUTES + 1))
    return frozenset(found)


def _minute(text: str) -> int | None:
    found = re.match(r"\s*([+-]?\d{1,2}):\s*([+-]?\d{1,2})", text, re.ASCII)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2])
    return hour * 60 + minute if 0 <= hour < 24 and 0 <= minute < 60 else None


def _range(field: str, count: int, names: Sequence[str], mistakes: list[str]) -> frozenset[int]:
    """The numbers from zero that a field names. Ranges go round the end."""
    if field in ("", "*"):
        return frozenset(range(count))
    found: set[int] = set()
    for part in field.split("&"):
        first, hyphen, last = part.partition("-")
        begin = _number(first, count, names)
        end = _number(last, count, names) if hyphen else begin
        if begin is None or end is None:
            mistakes.append(f"{part} is none of {count}")
        else:
            found.update((begin + after) % count for after in range((end - begin) % count + 1))
    return frozenset(found)


def _number(text: str, count: int, names: Sequence[str]) -> int | None:
    if folded(text) in names:
        return names.index(folded(text))
    found = re.match(r"\s*([+-]?\d{1,2})", text, re.ASCII)
    number = int(found[1]) if found else 0
    return number - 1 if 1 <= number <= count else None


def instants(times: Times, zone: str, start: int, end: int) -> Instants:
    """When times hold between two instants; `zone` is the clock of the machine."""

    def holds(date: datetime.date) -> bool:
        return date.isoweekday() % 7 in times.weekdays and date.day - 1 in times.days and date.month - 1 in times.months

    spans = _stretched(times.minutes, _MINUTE)
    return _shown(zone if times.zone is None else times.zone, start, end, holds, spans)


def formatted(zone: str, format_: str, test: Callable[[str], bool], start: int, end: int) -> Instants | None:
    """When the text that STRFTIME makes of an instant between two passes a test, asked once for every text.

    None for a format that shows both the date and the time of day, or something that is none of the two.
    """
    kinds = _kinds(format_)
    if not kinds <= {_DATE} and not kinds <= {_TIME}:
        return None
    if kinds == {_TIME}:
        texts = _day(format_)
        passing = {text for text in set(texts) if test(text)}
        spans = _stretched((second for second, text in enumerate(texts) if text in passing), 1)
        return _shown(zone, start, end, lambda _: True, spans)
    first, last = _dates(start, end)
    texts = _of_dates(format_, first, last)
    passing = {text for text in dict.fromkeys(texts) if test(text)}
    return _shown(zone, start, end, lambda date: texts[date.toordinal() - first] in passing, ((0, DAY),))


def compared(zone: str, format_: str, orders: frozenset[int], number: int, start: int, end: int) -> Instants | None:
    """When a number that STRFTIME makes of an instant lies to another as one of `orders` says: -1, 0 or 1.

    Found by halving, since most such numbers grow as time goes by. None where that is not so, or it is no number.
    """
    first, last = _dates(start, end)
    of_day = _numbers_of_day(format_)
    numbers = of_day if of_day is not None else _numbers_of_dates(format_, first, last)
    if numbers is None:
        return None
    below, above = bisect.bisect_left(numbers, number), bisect.bisect_right(numbers, number)
    pieces = {-1: (0, below), 0: (below, above), 1: (above, len(numbers))}
    ranges = union(pieces[order] for order in orders if pieces[order][0] < pieces[order][1]).stretches
    if of_day is not None:
        return _shown(zone, start, end, lambda _: True, ranges)
    midnight = (first - _EPOCH) * DAY
    clock = union((midnight + begin * DAY, midnight + over * DAY) for begin, over in ranges)
    return read_off(clock, _known(zone), start, end)


_EPOCH = datetime.date(1970, 1, 1).toordinal()


def _dates(start: int, end: int) -> tuple[int, int]:
    """The first and the last date that a clock somewhere can show between two instants, as ordinals."""
    first = datetime.datetime.fromtimestamp(start, datetime.UTC).date() - datetime.timedelta(days=1)
    last = datetime.datetime.fromtimestamp(end, datetime.UTC).date() + datetime.timedelta(days=1)
    return first.toordinal(), last.toordinal()


def _growing(texts: Iterable[str]) -> tuple[int, ...] | None:
    """Texts as numbers, if they all are and never become less."""
    found = tuple(int(text) if text.isascii() and text.isdecimal() else -1 for text in texts)
    return found if all(0 <= one <= other for one, other in itertools.pairwise(found)) else None


@functools.lru_cache(maxsize=16)
def _numbers_of_day(format_: str) -> tuple[int, ...] | None:
    """What is shown in each second of a day, if that grows."""
    return _growing(_day(format_)) if _kinds(format_) == {_TIME} else None


@functools.lru_cache(maxsize=16)
def _numbers_of_dates(format_: str, first: int, last: int) -> tuple[int, ...] | None:
    """What is shown on each date, if that grows."""
    if _kinds(format_) != {_DATE}:
        return None
    return _growing(_of_dates(format_, first, last))


@functools.lru_cache(maxsize=32)
def _of_dates(format_: str, first: int, last: int) -> tuple[str, ...]:
    """What is shown on each date between two ordinals, both of them too."""
    return tuple(datetime.date.fromordinal(ordinal).strftime(format_) for ordinal in range(first, last + 1))


def _kinds(format_: str) -> set[str | None]:
    """What a format shows, beside what is always the same."""
    return {_KINDS.get(found[1]) for found in re.finditer(r"%(.?)", format_, re.DOTALL)} - {_FIXED}


@functools.lru_cache(maxsize=8)
def _day(format_: str) -> tuple[str, ...]:
    """What is shown in each second of a day."""
    if re.fullmatch(r"(%[HMS]|[^%])*", format_):  # as most are, and quicker so
        pattern = format_.replace("{", "{{").replace("}", "}}")
        for letter, field in ("%H", "{0:02}"), ("%M", "{1:02}"), ("%S", "{2:02}"):
            pattern = pattern.replace(letter, field)
        return tuple(pattern.format(s // 3600, s // 60 % 60, s % 60) for s in range(DAY))
    midnight = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    return tuple((midnight + datetime.timedelta(seconds=second)).strftime(format_) for second in range(DAY))


_DATE, _TIME, _FIXED = "date", "time", "fixed"
_KINDS = (
    dict.fromkeys("aAbBCdDeFgGhjmuUVwWxyY", _DATE) | dict.fromkeys("HIklMpPrRSTX", _TIME) | dict.fromkeys("nt%", _FIXED)
)
"""What a letter behind a percent sign shows, of those that mean the same everywhere."""


def _stretched(numbers: Iterable[int], each: int) -> tuple[tuple[int, int], ...]:
    """Stretches of seconds: of each number so many."""
    return union((number * each, (number + 1) * each) for number in numbers).stretches


def _shown(
    zone: str, start: int, end: int, holds: Callable[[datetime.date], bool], spans: Sequence[tuple[int, int]]
) -> Instants:
    """When a clock in a zone shows a date that holds and a second of the day that is in some spans."""
    known = _known(zone)
    first, last = _dates(start, end)
    clock: list[tuple[int, int]] = []
    for ordinal in range(first, last + 1):
        if holds(datetime.date.fromordinal(ordinal)):
            midnight = (ordinal - _EPOCH) * DAY
            clock += [(midnight + begin, midnight + over) for begin, over in spans]
    return read_off(union(clock), known, start, end)


@functools.cache
def _known(zone: str) -> str:
    """The zone, or UTC where Asterisk knows none of that name."""
    try:
        return zoneinfo.ZoneInfo(zone).key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
