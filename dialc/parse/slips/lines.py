"""Slips with ranges: of numbers that are called, and of phones.

In: a slip. Out: a finding with the range as it is written here, if it is one of these.
"""

import re

import attrs

from dialc.findings import Finding
from dialc.parse.slips.stop import Slip


def to_a_number(slip: Slip) -> Finding | None:
    """`"+48 22 123 45 00" - "+48 22 123 45 49"`."""
    if "to" not in slip.accepts or slip.missing or not slip.back().startswith('"'):
        return None
    if slip.word == ",":
        help = "write a `line` for each number, or a range with `to`"
        return slip.finding("D101", "each line stands by itself", help=help)
    sign = re.match(r'(?:-+|–|—|until|till|through|and|\.\.+|:)\s*(?=")', slip.rest)
    if sign is None:
        return None
    return slip.finding("D101", "expected `to` between two numbers", help=slip.write("to", instead=sign.end()))


def end_of_a_range(slip: Slip) -> Finding | None:
    """`"+48 22 123 45 00" to 49`."""
    end = re.fullmatch(r'"?(\d{1,9})"?', slip.word)
    if slip.back() != "to" or not slip.back(2).startswith('"') or "STRING" not in slip.accepts or end is None:
        return None
    digits, first = end[1], slip.back(2)
    if len(digits) >= sum(character.isdigit() for character in first):
        return None
    whole = list(first)
    at = [place for place, character in enumerate(first) if character.isdigit()]
    for place, digit in zip(at[-len(digits) :], digits, strict=True):
        whole[place] = digit
    help = slip.write("".join(whole), instead=len(slip.word))
    return slip.finding("D101", "both ends of a range are written in full", help=help)


def range_of_phones(slip: Slip) -> Finding | None:
    """`100 to 149`, `100..149`."""
    if slip.block not in ("extensions", "site") or slip.missing or slip.found is None:
        return None
    message = "expected `-` between two extensions"
    if re.fullmatch(r"\d+", slip.back()) and (sign := re.match(r"(?:to|until|till|–|—|\.\.+)\s*(?=\d)", slip.rest)):
        return slip.finding("D101", message, help=slip.write("-", instead=sign.end()).replace(" - ", "-"))
    both = re.match(r"(\d+)(?:\.\.+|–|—)(\d+)(?!\w)", slip.rest)
    if both is None or "EXTENSION" not in slip.accepts:
        return None
    place = attrs.evolve(slip.place, end=slip.place.start + both.end())
    help = slip.write(f"{both[1]}-{both[2]}", instead=both.end())
    return slip.finding("D101", message, help=help, place=place)


def short_number(slip: Slip) -> Finding | None:
    """`line 19123 -> start`."""
    if slip.back() != "line" or slip.missing or not re.fullmatch(r"\d{2,6}", slip.word):
        return None
    if re.match(r"\d+[ ()./-]+\d", slip.rest):
        return None
    help = slip.write("short", slip.word, instead=len(slip.word))
    return slip.finding("D108", "a short number stands behind `short`", help=help)


def what_for(slip: Slip) -> Finding | None:
    """`line "+48 22 123 45 99" fax -> start`."""
    if "announcement-only" not in slip.accepts or slip.missing or not re.fullmatch(r"[a-z][a-z-]*", slip.word):
        return None
    if not re.match(r"[a-z-]+\s*->", slip.rest):
        return None
    help = slip.write(f'machine "{slip.word}"', instead=len(slip.word)) if slip.word in ("fax", "modem") else ""
    return slip.finding("D102", f"a line has no `{slip.word[:24]}`", help=help)


def which_caller(slip: Slip) -> Finding | None:
    """`when caller vip -> main`, `when caller is "+48 600 111 222" -> main`."""
    if (slip.back(2), slip.back()) != ("when", "caller") or slip.missing:
        return None
    word = re.match(r"(?:is|=+|from|was)\s+(?=\S)", slip.rest)
    if word:
        help = slip.write(instead=word.end())
        return slip.finding("D101", f"no `{slip.word}` stands here", help=help)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", slip.word):
        return None
    return slip.finding("D101", "expected `in` before the name of a list", help=slip.write("in"))
