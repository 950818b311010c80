"""Texts of which a part is not known: a character stands for it, and what it stands for is told by `Marks`.

In: what is known of a text that only a running call could tell. Out: `Marks`, which gives each of these a character of
its own, and what can be said of texts that have such characters in them: whether two can be the same, whether anything
is left of one, and what becomes of one as time goes by.
"""

import re

import attrs

from dialc.read.asterisk.moments import FIRST_MARK, LAST_MARK, Moment, Shown
from dialc.read.asterisk.substitution import sliced


@attrs.frozen
class Opaque:
    """A text of which nothing is known but how it came to be; `filled` if it is never empty."""

    told: str
    filled: bool = False


@attrs.frozen
class Devices:
    """The addresses of all devices that an endpoint has registered, one at least, with ampersands between them.

    `kept` are the characters that a filter has left in them, None for all.
    """

    endpoint: str
    kept: frozenset[int] | None = None


@attrs.frozen
class Past:
    """The seconds since 1970 at an earlier instant of the call, or with `fine` the milliseconds, and so many more.

    `ago` is how long ago that is, None where nobody knows; `first` if no time had passed since the call began.
    """

    first: bool
    shift: int = 0
    fine: bool = False
    ago: int | None = None


@attrs.frozen
class Elapsed:
    """The seconds that have passed since an earlier instant."""

    since: Past


@attrs.frozen
class Positive:
    """A whole number of at least 1."""


@attrs.frozen
class Gathered:
    """What a variable holds to which texts are added as the call goes on."""

    name: str


Meaning = Moment | Shown | Opaque | Devices | Past | Elapsed | Positive | Gathered

MILLISECONDS = "%s%3q"
"""How STRFTIME shows the milliseconds since 1970."""

_MARK = re.compile(f"[{FIRST_MARK}-{LAST_MARK}]")


class Marks:
    """A character for each thing that is not known."""

    def __init__(self) -> None:
        self._of: dict[Meaning, str] = {}
        self.meanings: dict[str, Meaning] = {}
        self._aged: dict[tuple[str, bool, int | None], str] = {}

    def of(self, meaning: Meaning) -> str:
        """The character of a thing."""
        mark = self._of.get(meaning)
        if mark is None:
            mark = self._of[meaning] = chr(ord(FIRST_MARK) + len(self._of))
            self.meanings[mark] = meaning
        return mark

    def found(self, text: str) -> tuple[Meaning, ...]:
        """What the characters in a text stand for."""
        return tuple(self.meanings[mark] for mark in _MARK.findall(text)) if not text.isascii() else ()

    def told(self, text: str) -> str:
        """The text for people."""
        if text.isascii():
            return text
        return _MARK.sub(lambda found: f"<{_told(self.meanings[found[0]])}>", text)

    def filled(self, text: str) -> bool:
        """Whether a text is certainly not empty."""
        return any(
            not _MARK.fullmatch(each)
            or not isinstance(meaning := self.meanings[each], Opaque | Gathered)
            or isinstance(meaning, Gathered)
            or meaning.filled
            for each in text
        )

    def can_be(self, text: str, other: str) -> bool | None:
        """Whether two texts are the same; None where nobody can tell."""
        if text == other:
            return True
        if self.found(text) and self.found(other):
            return None
        if self.found(other):
            text, other = other, text
        if not self.found(text):
            return False
        pattern = "".join(self._pattern(each) for each in text)
        return None if re.fullmatch(pattern, other, re.DOTALL) else False

    def _pattern(self, character: str) -> str:
        if not _MARK.fullmatch(character):
            return re.escape(character)
        match self.meanings[character]:
            case Opaque(_, filled):
                return ".+" if filled else ".*"
            case Moment() | Past() | Elapsed() | Positive():
                return "-?[0-9]+"
            case Shown():
                return "[0-9A-Za-z .]+"
            case Devices() | Gathered():
                return ".+"

    def part(self, text: str, offset: int, length: int | None) -> str:
        """A part of a text: something new where it is not told by what is known."""
        if text.isascii() or not self.found(text):
            return sliced(text, offset, length)
        known = _MARK.split(text)[0]
        if offset >= 0 and length is None and known.isascii() and len(known) >= offset:
            return text[offset:]
        return self.of(Opaque(f"{self.told(text)}:{offset}:{'' if length is None else length}"))

    def aged(self, text: str, *, first: bool, ago: int | None) -> str:
        """The text after time has passed: what showed the clock shows an earlier instant now."""
        if text.isascii():
            return text
        return _MARK.sub(lambda found: self._older(found[0], first, ago), text)

    def _older(self, mark: str, first: bool, ago: int | None) -> str:
        key = (mark, first, ago)
        older = self._aged.get(key)
        if older is None:
            match meaning := self.meanings[mark]:
                case Moment(shift):
                    older = self.of(Past(first, shift))
                case Shown(moment, _, format_) if format_ == MILLISECONDS:
                    older = self.of(Past(first, moment.shift, fine=True, ago=ago))
                case Shown():
                    older = self.of(Opaque(f"then {_told(meaning)}", filled=True))
                case Past(ago=int()):
                    older = self.of(attrs.evolve(meaning, ago=None))
                case Elapsed():
                    older = self.of(Opaque("seconds then", filled=True))
                case _:
                    older = mark
            self._aged[key] = older
        return older


def _told(meaning: Meaning) -> str:
    match meaning:
        case Moment(shift):
            return f"now{shift:+}" if shift else "now"
        case Shown(moment, zone, format_):
            return f"{format_} of {_told(moment)} in {zone}"
        case Opaque(told):
            return told
        case Devices(endpoint):
            return f"devices of {endpoint}"
        case Past():
            return "an earlier time"
        case Elapsed():
            return "seconds since then"
        case Positive():
            return "a number"
        case Gathered(name):
            return f"what {name} has"
