"""Slips with call-backs: classes of numbers, and how often a day.

In: a slip. Out: a finding, if it is one of these.
"""

import re

import attrs

from dialc.findings import Finding
from dialc.parse.slips.stop import Slip


def number_class(slip: Slip) -> Finding | None:
    """`callback to pl mobile`, `callback to PL`, `callback PL mobile`."""
    if slip.before[0].text != "callback" or slip.block:
        return None
    word = slip.word.strip('"')
    if len(slip.before) == 1 and re.fullmatch(r"[A-Z]{2}|\"[A-Z]{2}\"", slip.word):
        return _told(slip, "expected `to`, or a name, after `callback`", slip.write("to", word, instead=len(slip.word)))
    if "COUNTRY" in slip.accepts and re.fullmatch(r"[A-Za-z]{2}", word):
        help = slip.write(word.upper(), instead=len(slip.word))
        return _told(slip, "a country is two capital letters, without quotes", help)
    if "COUNTRY" in slip.accepts and not slip.missing:
        return _told(
            slip, f"expected a country after `{slip.back()}`", "write two letters, as in `callback to PL mobile`"
        )
    if slip.accepts == {"WORD"}:
        return _told(slip, f"expected a kind of number after `{slip.back()}`", "write `fixed`, `mobile` or `voip`")
    return None


def _told(slip: Slip, message: str, help: str) -> Finding:
    caller = "at which numbers callers are called back is not said"
    return attrs.evolve(slip.finding("D101", message, help=help), caller=caller)


def how_often(slip: Slip) -> Finding | None:
    """`at most twice a day`, `at most 2`, `at most 2 per day`."""
    if slip.block != "callback":
        return None
    number = {"once": "1", "one": "1", "two": "2", "twice": "2", "three": "3"}.get(slip.word, "")
    if slip.back() == "most" and number and not slip.missing:
        return slip.finding("D108", "how often is written as a number", help=slip.write(number, instead=len(slip.word)))
    if "a" in slip.accepts and slip.back(2) == "most":
        per = re.match(r"(?:per|each|/)\s*day\b|daily\b|times\s+a\s+day\b", slip.rest)
        help = slip.write("a", "day", instead=per.end()) if per else f"write `at most {slip.back()} a day`"
        return slip.finding("D101", f"expected `a day` after {slip.after}", help=help)
    return None
