"""Words and places of a text that cannot be read, and what is lost with it.

In: a source and an offset. Out: the place to point at, and what it means for callers.
"""

import re

import attrs

from dialc.parse.slips.constructs import BLOCKS, LOST, THE
from dialc.source import Place, Source

_PLAIN_WORD = re.compile(r"[\w-]+|.", re.DOTALL)

BLANK = re.compile(r"\s*")


def word(text: str, at: int) -> str:
    """The word at an offset; a sign where there is none."""
    found = _PLAIN_WORD.match(text, at)
    return found.group() if found else ""


def at_word(source: Source, at: int) -> Place:
    """The place of the word at an offset, after any white space."""
    blank = BLANK.match(source.text, at)
    start = blank.end() if blank else at
    return Place(source, start, start + len(word(source.text, start)))


def in_one_line(place: Place) -> Place:
    """A place up to the end of its first line."""
    text = place.source.text[place.start : place.end].partition("\n")[0].rstrip()
    return attrs.evolve(place, end=place.start + len(text))


def is_word(text: str) -> bool:
    """Whether a text begins as words and numbers do."""
    return text[:1].isalnum()


def with_article(noun: str) -> str:
    """A kind of block with its article."""
    return THE.get(noun, f"a {noun}")


def lost(source: Source, start: int) -> str:
    """What it means for callers that a block cannot be read."""
    found = re.compile(r"(\w+)\s+(\w[\w-]*)").match(source.text, start)
    kind = word(source.text, start)
    if kind not in BLOCKS and kind not in LOST:
        return "no caller would meet this plan"
    named, nameless = LOST.get(kind, ("no caller would get to `{}`", "no caller would get to it"))
    return named.format(found[2]) if found else nameless
