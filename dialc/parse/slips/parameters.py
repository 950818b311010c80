"""Slips with parameters and arguments, in the brackets behind the name of a block.

In: a slip. Out: a finding.
"""

import re

from dialc.findings import Finding
from dialc.parse.slips.stop import NAME, Slip

_VALUE = re.compile(r'"[^"]*"|[\w:-]+')


def between_arguments(slip: Slip) -> Finding | None:
    """What cannot stand in brackets: nothing at all, two words without a comma, something that is no value."""
    if ")" not in slip.accepts and not (slip.back() in ("(", ",") and _is_in_brackets(slip)):
        return None
    of_use = "STRING" in slip.accepts or slip.back().startswith('"') or slip.block != ""
    thing = "an argument" if of_use else "a parameter"
    if slip.word == ")":
        help = "leave out brackets with nothing between them" if slip.back() == "(" else "remove the comma"
        return slip.finding("D101", f"expected {thing} after `{slip.back()}`", help=help)
    if ")" in slip.accepts and slip.word == "-" and slip.back()[:1].isdigit():
        help = "give two, and write the `-` in the block"
        return slip.finding("D101", "an argument is one value", help=help)
    if ")" in slip.accepts and slip.word == "(":
        help = f"name a route that leads to `{slip.back()[:40]}(…)`"
        return slip.finding("D101", "an argument is one value", help=help)
    if ")" in slip.accepts:
        follows = _VALUE.fullmatch(slip.word) and not slip.missing
        help = slip.write(",") if follows else "close the brackets with `)`"
        return slip.finding("D101", f"expected `,` or `)` after {slip.after}", help=help)
    if slip.missing:
        return slip.finding("D101", f"expected {thing} after `{slip.back()}`")
    if not of_use:
        return slip.finding("D101", "a parameter is a name")
    return slip.finding("D101", "an argument is a name, a text, a number, a date or a time")


def used_file(slip: Slip) -> Finding | None:
    """`use prompts.dial`."""
    if slip.back() != "use" or slip.missing:
        return None
    return slip.finding("D107", "a file is named in quotes", help=slip.write(f'"{slip.word}"', instead=len(slip.word)))


def _is_in_brackets(slip: Slip) -> bool:
    """Whether the brackets behind a name are open."""
    for number, word in enumerate(reversed(slip.before), 1):
        if word.text == "(":
            return NAME.fullmatch(slip.back(number + 1)) is not None
        if word.text in ("{", "}", ")", "->"):
            break
    return False
