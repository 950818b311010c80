"""Text and places in it.

In: the name and the text of one file. Out: `Source`, and `Place`, a stretch of a source that findings point at.
A place keeps offsets only; line and column are worked out when a finding is shown, since most places never are.
"""

import bisect
import functools

import attrs


@attrs.frozen(slots=False)
class Source:
    """One file as it was read: its name as findings print it, and its text.

    `beside` is its name relative to the folder of the plan that uses it, and empty for the plan. `use` tells that it
    was read once more, for a block of it that is used with arguments.
    """

    name: str
    text: str
    beside: str = ""
    use: "Use | None" = attrs.field(default=None, eq=False, repr=False)

    @functools.cached_property
    def starts(self) -> tuple[int, ...]:
        """Offsets at which lines begin."""
        found = [0]
        at = self.text.find("\n")
        while at >= 0:
            found.append(at + 1)
            at = self.text.find("\n", at + 1)
        return tuple(found)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1, columns in characters."""
        line = bisect.bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its end."""
        start = self.starts[number - 1]
        stop = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[start:stop].rstrip("\r\n")


@attrs.frozen
class Place:
    """Characters `start` up to, not including, `end` of a source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """Line of the first character, counted from 1."""
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        """Column of the first character, counted from 1."""
        return self.source.position(self.start)[1]

    def __str__(self) -> str:
        line, column = self.source.position(self.start)
        return f"{self.source.name}:{line}:{column}"


@attrs.frozen
class Use:
    """What uses a block of a source: as it is written, cut short where it is long, and where; `whole` is not cut."""

    written: str
    place: Place
    whole: str = ""


NOWHERE = Place(Source("", ""), 0, 0)
"""The place of what nobody wrote down, such as a plan built in Python; findings show no source line for it."""
