"""Blocks with parameters: the words of such a block that are parameters, and the same text with those words marked.

In: the text of a block. Out: `Form`, or nothing for a block without parameters.

What a parameter stands for is not known where its block is read. So its words are marked, by a character that no text
holds, and become a terminal of their own, `PARAMETER`, to which the parser then gives the type of whatever may stand
there. The rest of the block is read as if there were no parameters.
"""

import re
from collections.abc import Set

import attrs

from dialc.parse.slips import BLOCKS

MARK = "\x01"
"""What takes the place of the first character of a parameter; no text has control characters."""

_BLANK = r"(?:\s|\#[^\n]*\n)*"
_HEAD = re.compile(rf"(?:{'|'.join(BLOCKS)})\b{_BLANK}[a-z]\w*{_BLANK}\((?P<names>(?:[^(){{}}\"#]|\#[^\n]*\n)*)\)")
_NAME = re.compile(r"(?:\#[^\n]*)|([a-z][a-z0-9_]*)(?![\w-])")
_WORD = re.compile(r'"[^"]*"?|->|[\w.:/+]+(?:-[\w.:/+]+)*|\S')


@attrs.frozen
class Form:
    """The names of the parameters of a block, each with the offset at which it stands, and the marked text."""

    parameters: tuple[tuple[str, int], ...]
    text: str


def form(text: str, keywords: Set[str]) -> Form | None:
    """The parameters of a block; None for one that has none, or whose head cannot be read.

    `keywords` are the words of the language: some consist of several, of which none is a parameter.
    """
    head = _HEAD.match(text)
    if head is None:
        return None
    found = _NAME.finditer(text, head.start("names"), head.end("names"))
    parameters = tuple((name[1], name.start()) for name in found if name[1])
    names = {name for name, _ in parameters}
    return Form(parameters, text[: head.end()] + _marked(text, head.end(), names, keywords))


def _marked(text: str, start: int, names: Set[str], keywords: Set[str]) -> str:
    parts = []
    at, before, keys = start, "", False  # `keys` tells that a row of keys goes on
    while word := _WORD.search(text, at):
        parts.append(text[at : word.start()])
        written, at = word.group(), word.end()
        keys = written == "offers" or (keys and (written == "," or before in (",", "offers")))
        if written == "#" and before != "key" and not (keys and before in (",", "offers")):
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
            parts.append(text[word.start() : at])
            continue
        pieces = written.split("-")
        if not ("-" in written and written in keywords) and all(
            piece in names or piece[:1].isdigit() for piece in pieces
        ):
            written = "-".join(MARK + piece[1:] if piece in names else piece for piece in pieces)
        parts.append(written)
        before = word.group()
    return "".join((*parts, text[at:]))
