"""Slips with switches, holidays and calendars.

In: a slip. Out: a finding with the line as it is written here, if it is one of these.
"""

import re

from dialc.findings import Finding
from dialc.parse.slips.stop import NAME, Slip

_OTHER_STATES = {
    "active": "on",
    "automatic": "auto",
    "day": "auto",
    "disabled": "off",
    "enabled": "on",
    "false": "off",
    "inactive": "off",
    "night": "closed",
    "true": "on",
}


def holidays(slip: Slip) -> Finding | None:
    """`closed holiday PL`, `closed Christmas`, `closed "days.ics"`."""
    if not {"DATE", "holidays"} <= slip.accepts or slip.missing or re.match(r"\d", slip.rest):
        return None
    after, help = slip.back(), ""
    calendar = re.match(r'"?([\w./-]+\.ics)"?', slip.rest)
    if calendar and "from" in slip.accepts:
        help = slip.write("from", f'"{calendar[1]}"', instead=calendar.end())
    elif region := re.match(r"(?:(?:public|bank|national) )?holidays? +(?:of +|in +)?([A-Z]{2}(?:-\w+)?)\b", slip.rest):
        help = slip.write("holidays", region[1], instead=region.end())
    elif re.match(r"(?:(?:public|bank|national) )?holidays?\b", slip.rest):
        help = f"name the country, as in `{after} holidays PL`"
    message = "a date is written year, month, day" if slip.rest.startswith('"') else "this is no date"
    return slip.finding("D108", message, help=help or f"write it as in `{after} 2026-12-24` or `{after} holidays PL`")


def region(slip: Slip) -> Finding | None:
    """`closed holidays Poland`, `closed holidays pl`."""
    if "REGION" not in slip.accepts:
        return None
    code = re.fullmatch(r"([A-Za-z]{2})(?:[-_/](\w+))?", slip.word) if not slip.missing else None
    help = "write the code of a country, as in `PL`, or of a part of it, as in `DE-BY`"
    if code:
        meant = "-".join(filter(None, code.groups())).upper()
        help = slip.write(meant, instead=len(slip.word)) or help
    return slip.finding("D108", "a country is written as its code", help=help)


def calendar(slip: Slip) -> Finding | None:
    """`closed from days.ics`, `open from "days.ics"`."""
    if slip.back() != "from" or "STRING" not in slip.accepts or slip.missing:
        return None
    name = re.match(r"[\w./-]+", slip.rest)
    help = slip.write(f'"{name.group()}"', instead=name.end()) if name else ""
    return slip.finding("D107", "the name of a file stands in quotes", help=help)


def code(slip: Slip) -> Finding | None:
    """`code 28`, `code "*28"`."""
    if "CODE" not in slip.accepts:
        return None
    digits = re.match(r'"?\*?([0-9]{1,6})#?"?(?=\s|$)', slip.rest)
    help = slip.write(f"*{digits[1]}", instead=digits.end()) if digits else "write it as in `code *28`"
    return slip.finding("D108", "a code is written as `*` and digits", help=help)


def position(slip: Slip) -> Finding | None:
    """`starts night`, `when switch outage = on`, `when outage on`."""
    on_off = {"on", "off"} <= slip.accepts
    if slip.missing or slip.may_begin:
        return None
    if {"open", "closed"} <= slip.accepts and not on_off and slip.back(2) == "when" and slip.word in ("on", "off"):
        help = slip.write("switch", slip.back(), before=1)
        return slip.finding("D101", f"expected `open` or `closed` after {slip.after}", help=help)
    if not on_off:
        return None
    starts = "auto" in slip.accepts
    expected = "`auto`, `off` or another position" if starts else "`on` or `off`"
    sign = re.match(r"(?:is|are|=|==)\s+(?=\w)", slip.rest)
    meant = _OTHER_STATES.get(slip.word, "")
    help = slip.write(instead=sign.end()) if sign else ""
    if meant in slip.accepts:
        help = slip.write(meant, instead=len(slip.word))
    elif not starts and slip.word == "->":
        help = slip.write("on")
    return slip.finding("D101", f"expected {expected} after {slip.after}", help=help)


def exception(slip: Slip) -> Finding | None:
    """`when office closed Christmas -> eve`."""
    named = re.match(r"(\w[\w ]*?)\s*->", slip.rest)
    if slip.back(3) != "when" or not {"STRING", "->"} <= slip.accepts or named is None:
        return None
    help = slip.write(f'"{named[1]}"', instead=len(named[1]))
    return slip.finding("D107", "the name of an exception stands in quotes", help=help)


def back(slip: Slip) -> Finding | None:
    """`back at 06:00`, `back to auto 06:00`."""
    if slip.missing or "back" not in {slip.back(number) for number in range(1, 4)} or "NAME" in slip.accepts:
        return None
    accepts = slip.accepts & {"to", "auto", "at"}
    time = re.search(r"\d{1,2}:\d\d", slip.rest)
    if not accepts or time is None:
        return None
    help = f"write `back to auto at {time.group()}`"
    return slip.finding("D101", f"expected `{min(accepts)}` after {slip.after}", help=help)


_OTHER_JOINS = {
    "&": "and",
    "&&": "and",
    "except": "but not",
    "minus": "but not",
    "not": "but not",
    "unless": "but not",
    "without": "but not",
    "|": "or",
    "||": "or",
}


def joined(slip: Slip) -> Finding | None:
    """`hours service = office, hotline`, `hours service = office except meeting`."""
    sign = re.match(r"[,|&+]+|[a-z]\w*(?![\w-])", slip.rest)
    if sign is None or slip.before[0].text != "hours" or slip.is_first or "=" not in (w.text for w in slip.before):
        return None
    join = _OTHER_JOINS.get(sign.group(), "")
    help = slip.write(join, instead=sign.end()) if join else ""
    return slip.finding("D101", f"expected `or`, `and` or `but not` after {slip.after}", help=help)


def combined(slip: Slip) -> Finding | None:
    """`hours service office or hotline`, `hours service { office or hotline }`, `= (office or hotline)`."""
    if slip.before[0].text != "hours" or slip.missing:
        return None
    if "=" in slip.accepts and re.match(r"(?::|==|is|are)?\s*[a-z]\w* (?:or|and|but)\b", slip.rest):
        sign = re.match(r"(?:(?::|==|is|are)\s*)?", slip.rest)
        help = slip.write("=", instead=sign.end() if sign else 0)
        return slip.finding("D101", f"expected `=` after {slip.after}", help=help)
    if slip.may_begin and NAME.fullmatch(slip.word) and re.match(r"\w+ (?:or|and|but not) [a-z]", slip.rest):
        made = slip.rest.partition("}")[0].strip()
        help = f"write `hours {slip.before[1].text} = {made}`"
        return slip.finding("D102", "hours that are made of others have no block", help=help)
    if slip.word == "(" and "NAME" in slip.accepts:
        help = "give what is in brackets a name, as in `hours service = office or hotline`"
        return slip.finding("D101", "there are no brackets in hours that are made of others", help=help)
    return None
