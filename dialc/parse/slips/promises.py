"""Slips with what a prompt promises: a call back in so many days, or the next day of nobody's hours.

In: a slip. Out: a finding with how it is written here, if it is one of these.
"""

import re

from dialc.findings import Finding
from dialc.parse.slips.stop import Slip

_CURE = "write it as in `promises callback by next office day`"


def callback_in_days(slip: Slip) -> Finding | None:
    """`promises callback within 1 working day`."""
    if slip.back(2) != "callback" or not re.match(r"\d+\s+(?:working\s+|business\s+|work)?days?\b", slip.rest):
        return None
    return slip.finding("D108", "a call back is promised for the next day, or within hours", help=_CURE)


def next_day(slip: Slip) -> Finding | None:
    """`promises callback by next day`, `promises callback tomorrow`."""
    if slip.back(2) == "next" and slip.back() == "day":
        return slip.finding("D101", "whose next day it is, is not said", help=_CURE)
    if slip.back() != "callback" or "within" not in slip.accepts:
        return None
    return slip.finding("D101", "expected `by next` or `within` after `callback`", help=_CURE)
