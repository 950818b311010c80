"""Slips with whole blocks and braces: not closed, one in another, something outside of them.

In: a source and an offset, or a slip. Out: a finding.
"""

import re

import attrs

from dialc.findings import Finding, Note
from dialc.parse.slips.constructs import BLOCKS, HEAD, THE
from dialc.parse.slips.keywords import meant
from dialc.parse.slips.places import at_word, in_one_line, is_word, lost, with_article
from dialc.parse.slips.stop import NAME, Slip
from dialc.parse.slips.text import COMMENT_SIGN
from dialc.source import Place, Source


def not_closed(source: Source, block: int, start: int, opened: int, end: int) -> Finding:
    """In a block, a line that begins at `start`, whose `{` at `opened` has no `}` before `end`."""
    head = Place(source, start, opened + 1)
    notes = () if end >= len(source.text) else (Note(at_word(source, end), "the next block begins here"),)
    return Finding(
        "D104",
        f"`{' '.join(source.text[start : opened + 1].split())[:50]}` is not closed",
        in_one_line(head),
        lost(source, block),
        notes=notes,
        help="close it with `}`",
    )


def outside(source: Source, at: int) -> Finding:
    """Something that stands outside of blocks and opens none."""
    place = at_word(source, at)
    word = source.text[place.start : place.end]
    if word == "}":
        caller = "which block a caller would meet it in is not said"
        return Finding("D105", "this `}` closes nothing", place, caller, help="remove it")
    caller = "no caller would ever meet it"
    if sign := COMMENT_SIGN.match(source.text, place.start):
        help = f"write `#` in place of `{sign.group()}`"
        return Finding("D109", "a comment begins with `#`", attrs.evolve(place, end=sign.end()), caller, help=help)
    message = f"nothing begins with `{word[:30]}`" if is_word(word) else "this belongs to no block"
    return Finding("D103", message, place, caller, help=meant("", word, (*BLOCKS, *HEAD)))


def block_in_block(slip: Slip) -> Finding | None:
    """A block that begins where the one before is still open."""
    if not slip.may_begin or slip.word not in BLOCKS or not re.match(r"\w+\s+[a-z]\w*[^{\n]*\{", slip.rest):
        return None
    inner, outer = with_article(slip.word), THE.get(slip.block, f"a {slip.block}")
    return slip.finding("D101", f"{inner} stands by itself, not in {outer}", help="close this block first, with `}`")


def brace(slip: Slip) -> Finding | None:
    """A `{` that is missing, often behind a name of two words."""
    if "{" not in slip.accepts or slip.may_begin:
        return None
    help = slip.write("{") if slip.missing else ""
    joined = f"{slip.back()}_{slip.word}"
    if not slip.missing and NAME.fullmatch(slip.back()) and NAME.fullmatch(joined):
        help = f"write one name, as in `{joined}`"
    return slip.finding("D101", f"expected `{{` after {slip.after}", help=help)


def punctuation(slip: Slip) -> Finding | None:
    """`;` and the like between lines."""
    if not slip.may_begin or not slip.found or slip.word not in (";", ",", ".", ":"):
        return None
    return slip.finding("D101", f"no `{slip.word}` stands here", help="remove it")
