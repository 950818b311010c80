"""Slips with days, dates and times of day.

In: a slip. Out: a finding with the value as it is written here, if it is one of these.
"""

import re

import attrs

from dialc.findings import Finding
from dialc.parse.slips.stop import Slip

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_FULL_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_CLOCK = r"(\d{1,2})(?:[.:h]?(\d{2}))?\s?(am|pm|a\.m\.|p\.m\.)?"

_CLOCKS = re.compile(rf"{_CLOCK}\s*(?:-|–|—|to|until|till)\s*{_CLOCK}(?!\w)", re.IGNORECASE)


def wrong_date(slip: Slip) -> Finding | None:
    """`24.12.2026`, `2026/12/24`."""
    if "DATE" not in slip.accepts or slip.missing:
        return None
    message, found = "a date is written year, month, day", None
    parts: re.Match[str] | None
    if parts := re.match(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)", slip.rest):
        found = (parts[1], parts[2], parts[3])
    elif parts := re.match(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)", slip.rest):
        found = (parts[3], parts[2], parts[1])
    elif parts := re.match(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?!\d)", slip.rest):
        day, month = (parts[1], parts[2]) if int(parts[1]) > 12 else (parts[2], parts[1])
        found = (parts[3], month, day) if int(day) > 12 else None
    help = ""
    if parts and found:
        help = slip.write("-".join((found[0], found[1].zfill(2), found[2].zfill(2))), instead=parts.end())
    return slip.finding("D108", message, help=help or "write it as in `2026-12-24`")


def to_a_date(slip: Slip) -> Finding | None:
    """`2026-12-24 - 2026-12-26`."""
    if "to" not in slip.accepts or slip.missing or not re.fullmatch(r"\d{4}-\d\d-\d\d", slip.back()):
        return None
    sign = re.match(r"(?:-|–|—|until|till|through|and|\.\.+)\s*(\d{4}-\d\d-\d\d)", slip.rest)
    if sign is None:
        return None
    return slip.finding("D101", f"expected `to` after {slip.after}", help=slip.write("to", instead=sign.start(1)))


def time_of_day(slip: Slip) -> Finding | None:
    """`8-16`, `8am to 4pm`."""
    if "TIME" not in slip.accepts or slip.missing or not re.match(r"\d", slip.rest):
        return None
    if (slip.may_begin and "DATE" in slip.accepts) or re.match(r"\d{4}-", slip.rest):
        return None
    help = "write them as in `08:00-16:00`"
    clocks, place = _CLOCKS.match(slip.rest), slip.place
    if clocks:
        place = attrs.evolve(place, end=place.start + clocks.end())
        written = [_clock(*clocks.group(1, 2, 3)), _clock(*clocks.group(4, 5, 6))]
        help = (slip.write("-".join(written), instead=clocks.end()) if all(written) else "") or help
    return slip.finding("D108", "hours are written from a time of day to another", help=help, place=place)


def _clock(hours: str, minutes: str | None, half: str | None) -> str:
    """A time of day as the language writes it; empty where there is no such time."""
    hour = int(hours)
    if half:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if half.lower().startswith("p") else 0)
    return f"{hour:02}:{minutes or '00'}" if hour <= 24 else ""


def to_a_day(slip: Slip) -> Finding | None:
    """`mon to fri`."""
    if "-" not in slip.accepts or slip.missing or not re.fullmatch("|".join(_DAYS), slip.back()):
        return None
    sign = re.match(rf"(?:–|—|to|until|till|through)\s*(?={'|'.join(_DAYS)})", slip.rest)
    if sign is None:
        return None
    return slip.finding("D101", f"expected `-` after {slip.after}", help=slip.write("-", instead=sign.end()))


def to_a_time(slip: Slip) -> Finding | None:
    """`08:00 to 16:00`."""
    if "-" not in slip.accepts or slip.missing or not re.fullmatch(r"\d{1,2}:\d\d", slip.back()):
        return None
    sign = re.match(r"(?:–|—|to|until|till|and)\s*(\d{1,2}:\d\d)", slip.rest)
    help = "write them as in `08:00-16:00`"
    if sign:
        help = slip.write("-", instead=sign.start(1)) or help
    return slip.finding("D101", f"expected `-` after {slip.after}", help=help)


def wrong_day(slip: Slip) -> Finding | None:
    """`Monday`, `weekdays`."""
    if "DAY" not in slip.accepts or slip.missing:
        return None
    several = {"weekdays": "mon-fri", "daily": "mon-sun", "everyday": "mon-sun", "weekend": "sat-sun"}
    first = re.match(r"[^\W\d_]+", slip.rest)
    name = first.group().lower() if first else ""
    if name in several:
        help = slip.write(several[name], instead=len(slip.word))
    elif name and (sum(day.startswith(name) for day in _FULL_DAYS) == 1 or name == "weds"):
        help = slip.write(re.sub(r"[^\W\d_]+", lambda day: day.group().lower()[:3], slip.word), instead=len(slip.word))
    else:
        return None
    return slip.finding("D108", "days are mon, tue, wed, thu, fri, sat and sun", help=help)
