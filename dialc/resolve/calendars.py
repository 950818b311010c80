"""Calendars that other programs keep (iCalendar, `.ics`), from the libraries `icalendar` and `recurring-ical-events`.

In: the bytes of a file, a time zone and the dates of a plan. Out: the events between them as a wall clock in the zone
shows them, events that recur once for each time; or what is wrong with the file.
"""

import datetime
import zoneinfo
from collections.abc import Iterator
from typing import Any

import attrs

from dialc.plan import Span

LARGEST = 1_000_000
"""The most bytes of a calendar."""

MOST = 1000
"""The most events of a calendar, each time of those that recur counted."""

MOST_RECURRING = 200
"""The most events of a calendar that recur; each is worked out by itself."""

_DAY = 86400


@attrs.frozen
class Event:
    """An event on the dates from `first` to `last`; `spans` is empty where it lasts whole days."""

    first: datetime.date
    last: datetime.date
    spans: tuple[Span, ...]
    name: str


class BadCalendar(ValueError):
    """The bytes are no calendar, or one that means nothing; the message says why."""


class NotInstalled(RuntimeError):
    """The libraries that read calendars are not there."""


def events(data: bytes, zone: str, first: datetime.date, last: datetime.date) -> tuple[Event, ...]:
    """The events from one date to another, both included, in order. Raises `BadCalendar` and `NotInstalled`."""
    try:
        import icalendar
        import recurring_ical_events
    except ImportError:
        raise NotInstalled from None
    if len(data) > LARGEST:
        raise BadCalendar(f"a calendar of more than {LARGEST} bytes")
    try:
        calendar = icalendar.Calendar.from_ical(data)
        _check(calendar)
        query = recurring_ical_events.of(calendar)
        met: dict[Event, None] = {}
        for start, end in _windows(first, last):
            for event in query.between(start, end + datetime.timedelta(days=1)):
                met.update(dict.fromkeys(_days(event, zoneinfo.ZoneInfo(zone), first, last)))
            if len(met) > MOST:
                raise BadCalendar(f"more than {MOST} events of this calendar fall into the validity")
    except BadCalendar:
        raise
    except _LIBRARY_ERRORS as error:
        raise BadCalendar("this is no calendar: " + _reason(error)) from None
    return tuple(sorted(met, key=lambda event: (event.first, event.last, event.spans, event.name)))


_LIBRARY_ERRORS = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RecursionError)
"""What the libraries raise over files that mean nothing; they name no class of their own for it."""


def _reason(said: object) -> str:
    """What a library said, short enough for the first line of a finding."""
    told = " ".join("".join(c if c.isprintable() else " " for c in str(said)).split())
    return told if len(told) <= 40 else f"{told[:38]}…"


def _check(calendar: Any) -> None:
    """Raises `BadCalendar` for what the libraries would let pass, or take for ever over."""
    written = calendar.walk("VEVENT")
    if sum("RRULE" in event for event in written) > MOST_RECURRING:
        raise BadCalendar(f"more than {MOST_RECURRING} events of this calendar recur")
    if len(written) > MOST:
        raise BadCalendar(f"a calendar of more than {MOST} events")
    for event in written:
        name = _reason(event.get("SUMMARY", "without a name"))[:20]
        for _, reason in event.errors:
            raise BadCalendar(f"the event `{name}` cannot be read: {_reason(reason)[:28]}")
        if "DTSTART" not in event:
            raise BadCalendar(f"the event `{name}` of this calendar has no beginning")
        for field in ("DTSTART", "DTEND"):
            if field in event:
                when = event[field]
                zone = when.params.get("TZID", "")
                if zone and isinstance(when.dt, datetime.datetime) and when.dt.tzinfo is None:
                    raise BadCalendar(f"this calendar names a time zone `{_reason(zone)[:20]}`, which there is not")
        for rule in _rules(event.get("RRULE", [])):
            if {"BYHOUR", "BYMINUTE", "BYSECOND"} & set(rule) or rule.get("FREQ", [""])[0] not in _FREQUENCIES:
                raise BadCalendar(f"the event `{name}` of this calendar recurs more than once a day")


_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


def _rules(written: Any) -> list[Any]:
    return written if isinstance(written, list) else [written]


def _windows(first: datetime.date, last: datetime.date) -> Iterator[tuple[datetime.date, datetime.date]]:
    """The time from one date to another in pieces, each twice as long as the one before: too many events show early."""
    days = 1
    while first <= last:
        end = min(last, first + datetime.timedelta(days=days))
        yield first, end
        first, days = end + datetime.timedelta(days=1), 2 * days


def _days(event: Any, zone: zoneinfo.ZoneInfo, first: datetime.date, last: datetime.date) -> Iterator[Event]:
    """What an event is on the days from one date to another; nothing if it was called off, or takes no time."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    name = " ".join(str(event.get("SUMMARY", "")).split())
    if not isinstance(event.start, datetime.datetime):
        # The end is the day after; without one, some releases of the library name the day itself.
        begins, ends = max(event.start, first), min(max(event.end - datetime.timedelta(days=1), event.start), last)
        if begins <= ends:
            yield Event(begins, ends, (), name)
        return
    start, end = (_clock(moment, zone) for moment in (event.start, event.end))
    if end < start:  # a clock that goes back in the middle of it
        start, end = end, start
    date = max(start.date(), first)
    while date <= min(end.date(), last):
        begins_at = _seconds(start) if date == start.date() else 0
        ends_at = _seconds(end) if date == end.date() else _DAY
        if (begins_at, ends_at) == (0, _DAY):
            yield Event(date, date, (), name)
        elif begins_at < ends_at:
            yield Event(date, date, (Span(begins_at, ends_at),), name)
        date += datetime.timedelta(days=1)


def _clock(moment: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """What a clock in a zone shows then; times without a zone are those of any clock."""
    return (moment.astimezone(zone) if moment.tzinfo else moment).replace(tzinfo=None)


def _seconds(clock: datetime.datetime) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
