"""Where reading stopped, as slips look at it: the words before, the one found, what could have stood there.

In: a stretch of text. Out: a `Slip`, which also writes the cure: the line as it should have been.
"""

import re
from collections.abc import Iterator, Set

import attrs

from dialc.findings import Finding
from dialc.parse.slips.constructs import BLOCKS, NAMING, OPENERS
from dialc.parse.slips.places import BLANK, in_one_line, lost
from dialc.source import Place, Source

END = "$END"
"""Among what could have stood there: the end of the block."""


@attrs.frozen
class Word:
    """A word, number, sign or text in quotes, and where it begins and ends."""

    text: str
    start: int
    end: int


OTHER_QUOTES = "“”„‟«»\u2018\u2019\u201a'"

_WORD = re.compile(
    rf"""
      "[^"]*"?                          # a text
    | [{OTHER_QUOTES}] [^\n"{OTHER_QUOTES}]* [{OTHER_QUOTES}]
    | -+> | =+> | →                     # an arrow, and what is meant for one
    | \+? \w (?: [\w.:/@–-]* \w )?      # a word, number, time or date
    | \S
    """,
    re.VERBOSE,
)

_SPACE = re.compile(r"(?:\s++|\#[^\n]*+)*+")

NAME = re.compile(r"[a-z][a-z0-9_]*")


@attrs.frozen
class Slip:
    """Where reading stopped in a block that begins at `start`.

    `before` are the words of the block up to there; `found` is the one that could not stand there, None at the end;
    `accepts` is what could have: words and signs as they are written, other things by their names in the grammar;
    `keywords` are all words of the language.
    """

    source: Source
    start: int
    before: tuple[Word, ...]
    found: Word | None
    accepts: Set[str]
    keywords: Set[str]

    @property
    def word(self) -> str:
        """The word found; empty at the end."""
        return self.found.text if self.found else ""

    def back(self, number: int = 1) -> str:
        """The word so many before the one found; empty where there is none."""
        return self.before[-number].text if number <= len(self.before) else ""

    @property
    def missing(self) -> bool:
        """Whether a line ended where something should have stood."""
        return self.found is None or (self.is_first and not self.may_begin)

    @property
    def is_first(self) -> bool:
        """Whether the word found is the first of its line."""
        return self.found is not None and "\n" in self.source.text[self.before[-1].end : self.found.start]

    @property
    def place(self) -> Place:
        """The word found; the one before it where the line ended."""
        word = self.before[-1] if self.found is None or self.missing else self.found
        return in_one_line(Place(self.source, word.start, word.end))

    @property
    def rest(self) -> str:
        """The line from the word found on, without a comment; empty where the line ended."""
        if self.found is None or self.missing:
            return ""
        text, start = self.source.text, self.found.start
        end = text.find("\n", start)
        return text[start : end if end >= 0 else len(text)].partition("#")[0].strip()

    def write(self, *words: str, instead: int = 0, before: int = 0) -> str:
        """The cure of writing the line with these words in it; none where it would be long.

        `instead` is how many characters they replace, of the line from the word found on, and `before` how many words.
        """
        text = self.source.text
        end = self.place.start if self.rest else self.before[-1].end
        if before:
            end = self.before[-before].start
        start = max(self.start, *(1 + text.rfind(sign, self.start, end) for sign in "\n{}"))
        after = self.rest[instead:].partition("}")[0]
        line = (
            " ".join((*text[start:end].split(), *words, *after.split()))
            .replace(" ,", ",")
            .replace("( ", "(")
            .replace(" )", ")")
        )
        line = re.sub(r"(?<=\d\d) ?- ?(?=\d\d:)|(?<=[a-z]{3}) ?- ?(?=[a-z]{3}\b)", "-", line)
        return f"write `{line}`" if len(line) <= 76 else ""

    @property
    def may_begin(self) -> bool:
        """Whether a line of a block, or its end, could have stood here."""
        return "}" in self.accepts

    @property
    def block(self) -> str:
        """The word that opened the innermost open block; empty outside of blocks."""
        opened, opener = [""], ""
        for word in self.before:
            if word.text in OPENERS:
                opener = word.text
            elif word.text == "{":
                opened.append(opener)
            elif word.text == "}":
                opened.pop()
        return opened[-1]

    @property
    def after(self) -> str:
        """The word before, as an administrator would call it here."""
        last, one = self.back(1), self.back(2)
        if one == "key":
            return "the key"
        if last.startswith('"'):
            return "the label" if self.back(3) == "key" else "the number" if one == "line" else "the text"
        if one in (*BLOCKS, "plan", "trunk") and NAME.fullmatch(last) and (len(self.before) == 2 or one == "trunk"):
            return "the name"
        return f"`{last[:20]}`"

    def finding(self, code: str, message: str, *, help: str = "", place: Place | None = None) -> Finding:
        """A finding about this slip."""
        return Finding(code, message, place or self.place, lost(self.source, self.start), help=help)


def words(text: str, start: int, end: int) -> Iterator[Word]:
    """The words of a stretch of text, without comments."""
    at, last, before = start, "", ""
    while at < end:
        # Where a key must stand, `#` is that key and begins no comment.
        keyed = (last in ("key", "offers", "press") and before not in NAMING) or (before, last) == ("ends", "with")
        space = (BLANK if keyed else _SPACE).match(text, at, end)
        word = _WORD.match(text, space.end() if space else at, end)
        if word is None:
            return
        at, last, before = word.end(), word.group(), "" if before in NAMING else last
        yield Word(last, word.start(), at)
