"""Slips with names and with the arrow that leads to one.

In: a slip. Out: a finding, if it is one of these.
"""

import re
import unicodedata

from dialc.findings import Finding
from dialc.parse.slips.constructs import DOINGS
from dialc.parse.slips.places import in_one_line, is_word
from dialc.parse.slips.stop import NAME, Slip
from dialc.source import Place

_STROKES = str.maketrans("łøđı", "lodi")


def way_to_more_than_a_name(slip: Slip) -> Finding | None:
    """`-> play welcome`."""
    if slip.back(2) != "->" or slip.back() not in DOINGS or slip.missing or not slip.found:
        return None
    did = f"{slip.back()} {slip.rest.partition('}')[0].strip()}"
    help = f"lead to a route that says `{did}`" if slip.back() != "ring" and len(did) < 50 else ""
    place = in_one_line(Place(slip.source, slip.before[-1].start, slip.found.end))
    return slip.finding(
        "D101", f"one name stands after `->`, not `{slip.back()} {slip.word[:20]}`", help=help, place=place
    )


def way_to_no_name(slip: Slip) -> Finding | None:
    """`-> hang-up`, `-> 100`."""
    if slip.back() != "->" or "NAME" not in slip.accepts or slip.missing:
        return None
    if slip.word == "hang-up":
        return slip.finding("D101", "only a route hangs up", help="lead to a route that says `hang-up`")
    if re.fullmatch(r"\d+", slip.word):
        help = f"lead to a `ring` block that rings {slip.word}"
        return slip.finding("D101", f"callers are sent to a step, not to `{slip.word[:20]}`", help=help)
    return None


def repeat(slip: Slip) -> Finding | None:
    """`key * again`, `key *: repeat`, `repeat *`."""
    message = f"expected `->` or `repeat` after {slip.after}"
    if "repeat" in slip.accepts and not slip.missing:
        if slip.word in ("again", "listen", "replay"):
            return slip.finding("D101", message, help=slip.write("repeat", instead=len(slip.word)))
        if sign := re.match(r"\W+(?=repeat\b)", slip.rest):
            return slip.finding("D101", message, help=slip.write(instead=sign.end()))
    if slip.block == "menu" and slip.may_begin and (key := re.match(r"repeat\s+(?:key\s+(?=\d)|(?=\*))(.)", slip.rest)):
        return slip.finding("D102", "a menu has no `repeat`", help=f"write `key {key[1]} repeat`")
    return None


def arrow(slip: Slip) -> Finding | None:
    """An arrow that is missing, or written in another way."""
    if "->" not in slip.accepts or slip.may_begin or not slip.found:
        return None
    message = f"expected `->` after {slip.after}"
    if slip.missing:
        return slip.finding("D101", message)
    if slip.word == "," and slip.back(2) == "key":
        return slip.finding("D101", "each key has a line of its own", help="write a line for each key")
    sign = re.match(r"=+>|-{2,}>|→|[=:>–—-]+|(?:to|goto|go)\b(?=\s+[a-z])", slip.rest)
    help = slip.write("->", instead=sign.end() if sign else 0)
    return slip.finding("D101", message, help=help if sign or NAME.match(slip.word) else "")


def not_a_name(slip: Slip) -> Finding | None:
    """A name of other letters, or in quotes."""
    if "NAME" not in slip.accepts or slip.missing or not slip.found:
        return None
    word = slip.word
    if word.startswith('"'):
        inner = word.strip('"')
        help = slip.write(inner, instead=len(word)) if NAME.fullmatch(inner) else ""
        if slip.back() == "plan":
            help = slip.write("office")
            help = help.replace("write", "write a short name before the title, as in") if help else ""
        return slip.finding("D107", f"expected a name after {slip.after}, not a text", help=help)
    if not is_word(word) or word in slip.keywords:
        return None
    plain = unicodedata.normalize("NFKD", word.lower().translate(_STROKES)).encode("ascii", "ignore").decode()
    plain = re.sub(r"\W+", "_", plain).strip("_")
    help = f"write `{plain}`" if NAME.fullmatch(plain) else ""
    return slip.finding("D107", f"`{word[:30]}` cannot be a name", help=help)
