"""Slips with numbers: of telephones, keys and seconds.

In: a slip. Out: a finding with the value as it is written here, if it is one of these.
"""

import re

import attrs

from dialc.findings import Finding
from dialc.parse.slips.stop import Slip

_UNITS = {
    1: ("s", "sec", "secs", "second", "seconds"),
    60: ("m", "min", "mins", "minute", "minutes"),
    3600: ("h", "hr", "hrs", "hour", "hours"),
}


def number_without_quotes(slip: Slip) -> Finding | None:
    """`+48 22 123 45 67` as it is."""
    if slip.missing or not {"STRING", "EXTENSION"} & slip.accepts:
        return None
    if slip.back() not in ("line", "call", "from") and not slip.word.startswith("+"):
        return None
    number = re.match(r"\+?\d[\d ()./-]*\d", slip.rest)
    if number is None:
        return None
    place = attrs.evolve(slip.place, end=slip.place.start + number.end())
    help = slip.write(f'"{number.group()}"', instead=number.end()) if "STRING" in slip.accepts else ""
    return slip.finding("D108", "a telephone number in full stands in quotes", help=help, place=place)


def between_phones(slip: Slip) -> Finding | None:
    """`201 and 202`."""
    if "," not in slip.accepts or slip.missing or not re.fullmatch(r"\d+", slip.back()):
        return None
    rest = re.match(r"(?:and\b|or\b|[&+;/|])?\s*(\d+)(?![\w:])", slip.rest)
    if rest is None:
        return None
    return slip.finding("D101", f"expected `,` after {slip.after}", help=slip.write(",", instead=rest.start(1)))


def wrong_key(slip: Slip) -> Finding | None:
    """`star`, `"1"`."""
    if "KEY" not in slip.accepts or slip.missing:
        return None
    named = {"star": "*", "asterisk": "*", "hash": "#", "pound": "#", "zero": "0", "one": "1", "two": "2"}
    key = named.get(slip.word.strip("\"'").lower(), slip.word.strip("\"'"))
    help = slip.write(key, instead=len(slip.word)) if re.fullmatch(r"[0-9*#]", key) else ""
    return slip.finding("D108", "a key is one of 0 to 9, `*` and `#`", help=help)


def duration(slip: Slip) -> Finding | None:
    """`15 seconds`, `15`."""
    if "DURATION" not in slip.accepts or slip.missing:
        return None
    parts = re.match(r"(?:\d+(?!\d*[.,:]\d)\s*[a-z]*\s*)+", slip.rest, re.IGNORECASE)
    if parts is None:
        return None
    seconds, unit = 0, ""
    read = re.findall(r"(\d{1,6})\s*([a-z]*)", parts.group().lower())
    for number, unit in read:
        known = next((s for s, names in _UNITS.items() if unit in names), None)
        if known is None:
            help = "write the unit too, as in `15s` or `4m`" if not unit else ""
            message = "a time has a unit" if not unit else "a time is written as in `15s`, `4m` or `1h`"
            return slip.finding("D108", message, help=help)
        seconds += int(number) * known
    if len(read) == 1:
        cure = f"{int(read[0][0])}{next(names[0] for names in _UNITS.values() if unit in names)}"
    else:
        cure = f"{seconds}s"
    length = len(parts.group().rstrip())
    place = attrs.evolve(slip.place, end=slip.place.start + length)
    help = slip.write(cure, instead=length)
    return slip.finding("D108", "a time is written as in `15s`, `4m` or `1h`", help=help, place=place)


def for_how_long(slip: Slip) -> Finding | None:
    """`ring 100 15s`."""
    if "for" not in slip.accepts or slip.missing:
        return None
    if re.fullmatch(r"\d+[smh]", slip.word):
        return slip.finding("D101", f"expected `for` after {slip.after}", help=slip.write("for"))
    return None
