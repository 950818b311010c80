"""Slips of the text, whatever it says: files that are none, control characters, torn texts, quotes, comments.

In: a file, a place or a slip. Out: a finding.
"""

import re

from dialc.findings import Finding
from dialc.parse.slips.places import in_one_line, lost
from dialc.parse.slips.stop import OTHER_QUOTES, Slip
from dialc.source import Place, Source


def too_large(source: Source, limit: int) -> Finding:
    """A file of more bytes than `limit`."""
    return Finding(
        "D112",
        f"the file has more than {limit:,} bytes",
        Place(source, 0, 0),
        "no caller is served by it",
    )


def not_utf8(place: Place, data: bytes) -> Finding:
    """A byte that is not UTF-8 in a file."""
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return Finding(
        "D110",
        "the file is UTF-16, not UTF-8" if utf16 else "this is not UTF-8",
        place,
        "no caller is served by a file that cannot be read",
        help="save the file as UTF-8",
    )


def control_character(place: Place) -> Finding:
    """A character that does something and shows nothing."""
    return Finding(
        "D111",
        f"a control character, U+{ord(place.source.text[place.start]):04X}, stands here",
        place,
        "no caller is served by a file that holds what nobody sees",
        help="remove it",
    )


def nothing(source: Source) -> Finding:
    """A file of nothing but white space and comments."""
    return Finding("D113", "nothing is declared here", Place(source, 0, 0), "a caller would hear nothing")


def too_many(place: Place, number: int) -> Finding:
    """So many findings that the rest is not read."""
    return Finding(
        "D114",
        f"{number} blocks cannot be read, and the rest is left unread",
        place,
        "what callers would meet in the rest is not known",
        help="mend those first",
    )


def text_not_closed(source: Source, block: int, start: int) -> Finding:
    """A text in quotes that begins at `start`, in a block that begins at `block`, and has no end."""
    place = in_one_line(Place(source, start, len(source.text)))
    return Finding("D106", "this text has no end", place, lost(source, block), help='close it with `"`')


def is_torn(text: str, start: int, end: int) -> bool:
    """Whether a text in quotes, from `start` to `end`, looks as if its end were the beginning of another one."""
    return "\n" in text[start:end] and text[end : end + 1].isalnum()


COMMENT_SIGN = re.compile(r"//+|/\*+|--+(?!>)|;+|%+")


def other_comment(slip: Slip) -> Finding | None:
    """A comment that begins as in another language."""
    sign = COMMENT_SIGN.match(slip.source.text, slip.found.start) if slip.found else None
    if sign is None or (sign.group().startswith(";") and not slip.is_first):
        return None
    place = Place(slip.source, sign.start(), sign.end())
    help = f"write `#` in place of `{sign.group()}`"
    return slip.finding("D109", "a comment begins with `#`", help=help, place=place)


def other_quotes(slip: Slip) -> Finding | None:
    """A text in quotes that are not straight."""
    if len(slip.word) < 2 or slip.word[0] not in OTHER_QUOTES:
        return None
    straight = slip.write(f'"{slip.word[1:-1]}"', instead=len(slip.word))
    return slip.finding("D108", 'a text stands in straight quotes, `"`', help=straight)


def torn_text(slip: Slip) -> Finding | None:
    """A text whose end is the beginning of another one."""
    last = slip.before[-1]
    if slip.found and last.text.startswith('"') and is_torn(slip.source.text, last.start, last.end):
        return text_not_closed(slip.source, slip.start, last.start)
    return None
