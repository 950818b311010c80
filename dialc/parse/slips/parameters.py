"""Slips with parameters and arguments, in the brackets behind the name of a block.

In: a slip. Out: a finding.
"""

import re

import attrs

from dialc.findings import Finding
from dialc.parse.slips.stop import NAME, Slip

_VALUE = re.compile(r'"[^"]*"|[\w:-]+')

_OF_A_SITE = ("what a site has named takes no arguments", "write its name alone, for which a parameter can stand, too")

_WITHOUT = {
    ("", "line"): ("a line takes no parameters", 'give arguments to what it leads to, as in `-> shop("Kraków")`'),
    ("", "plan"): ("a plan takes no parameters", "give them to its blocks, as in `route shop(city, desk) {`"),
    ("", "policy"): ("a policy takes no parameters", "write its numbers in braces, as in `policy charter { tries 2 }`"),
    ("", "scenario"): ("a scenario takes no parameters", "write a scenario for each call that is to be tried"),
    ("", "site"): ("a site takes no parameters", "write a site file for each PBX: several can run one plan"),
    ("", "use"): ("a file takes no parameters", "give them to the blocks in it, as in `route shop(city, desk) {`"),
    ("site", "trunk"): ("a trunk takes no parameters", "write each trunk of the PBX by itself"),
    ("lookup", "ask"): _OF_A_SITE,
    ("queue", "music"): _OF_A_SITE,
    ("site", "service"): _OF_A_SITE,
}
"""What is said to who gives parameters or arguments to what takes none, by its block and the word before its name."""


def without(slip: Slip) -> Finding | None:
    """`plan office(city) "Office"`, `scenario "a call"(desk) {`."""
    word = slip.before[0].text if not slip.block else slip.back(2)
    said = _WITHOUT.get((slip.block, word))
    if said is None or slip.word != "(" or ")" in slip.accepts or slip.missing:
        return None
    end = slip.rest.find(")") + 1
    place = attrs.evolve(slip.place, end=slip.place.start + max(1, end))
    return slip.finding("D115", said[0], help=said[1], place=place)


def between_arguments(slip: Slip) -> Finding | None:
    """What cannot stand in brackets: nothing at all, two words without a comma, something that is no value."""
    if ")" not in slip.accepts and not (slip.back() in ("(", ",") and _is_in_brackets(slip)):
        return None
    of_use = "STRING" in slip.accepts or slip.back().startswith('"') or slip.block != ""
    thing = "an argument" if of_use else "a parameter"
    if slip.word == ")":
        help = "leave out brackets with nothing between them" if slip.back() == "(" else "remove the comma"
        return slip.finding("D101", f"expected {thing} after `{slip.back()}`", help=help)
    if slip.word.startswith("+") and not slip.missing:
        return None  # a telephone number, of which others know more
    if ")" in slip.accepts and slip.word in ("=", ":"):
        help = slip.write(instead=1, before=1)
        return slip.finding("D101", "arguments are given in order, without names", help=help)
    if ")" in slip.accepts and (ending := re.match(r"\.\w+", slip.rest)):
        help = slip.write(f'"{slip.back()}{ending.group()}"', instead=ending.end(), before=1)
        return slip.finding("D107", "a file is named in quotes", help=help)
    if ")" in slip.accepts and slip.word == "-" and slip.back()[:1].isdigit():
        help = "give two, and write the `-` in the block"
        return slip.finding("D101", "an argument is one value", help=help)
    if ")" in slip.accepts and slip.word == "(":
        used = f"{slip.back()[:20]}(…)"
        help = f"give a name to it, as in `route x {{ -> {used} }}` or `hours x = {used}`"
        return slip.finding("D101", "an argument is one value", help=help)
    if ")" in slip.accepts:
        follows = _VALUE.fullmatch(slip.word) and slip.word not in slip.keywords and not slip.missing
        help = slip.write(",") if follows else "close the brackets with `)`"
        return slip.finding("D101", f"expected `,` or `)` after {slip.after}", help=help)
    if slip.missing:
        return slip.finding("D101", f"expected {thing} after `{slip.back()}`")
    if not of_use:
        return slip.finding("D101", "a parameter is a name")
    return slip.finding("D101", "an argument is a name, a text, a number, a code, a date or a time")


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
