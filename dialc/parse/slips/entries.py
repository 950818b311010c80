"""Slips with digits that callers enter: lengths, checks, and the numbers of a set.

In: a slip. Out: a finding with the line as it is written here, if it is one of these.
"""

import re

from dialc.findings import Finding
from dialc.parse.slips.stop import Slip


def length(slip: Slip) -> Finding | None:
    """`digits 4-8`, in a collect."""
    if slip.back(2) != "digits" or "to" not in slip.accepts or slip.missing:
        return None
    sign = re.match(r"(?:-|–|—|\.\.+|until|or|and)\s*(?=\d)", slip.rest)
    if sign is None:
        return None
    return slip.finding("D101", f"expected `to` after {slip.after}", help=slip.write("to", instead=sign.end()))


def check(slip: Slip) -> Finding | None:
    """`accept luhn check`."""
    if slip.back(2) != "accept" or slip.word != "check":
        return None
    rest = slip.rest.removeprefix("check").strip().partition("}")[0].strip()
    help = f"write `accept check {slip.back()} {rest}`" if len(rest) < 50 else ""
    return slip.finding("D101", f"expected `check` before {slip.after}", help=help)


def number_of_a_set(slip: Slip) -> Finding | None:
    """`100-199` or `"100"`, in a set."""
    if slip.block != "digits" or slip.missing or "from" not in slip.accepts:
        return None
    if slip.word.startswith('"'):
        number = slip.word.strip('"')
        help = slip.write(number, instead=len(slip.word)) if number.isdecimal() else ""
        return slip.finding("D101", "numbers that are entered stand without quotes", help=help)
    if slip.back().isdecimal() and re.match(r"(?:-|–|—|to|\.\.+)\s*\d", slip.rest):
        help = 'write them all, or name a file that has them, as in `from "customers.csv"`'
        return slip.finding("D101", "a set has no ranges", help=help)
    return None
