"""Extensions and patterns: what of that which was dialled they match, and which of several is looked at first.

In: extensions as they stand in a dialplan, patterns after `_`; texts that were dialled. Out: `matches`, in the three
ways in which Asterisk asks, and `order`, what to sort by. A hyphen outside of brackets is decoration and nothing else.
"""

import enum
import functools

HYPHEN = ord("-")


class Ask(enum.Enum):
    """What Asterisk wants to know of a text that is being dialled."""

    WHOLE = "it matches as it is"
    MORE = "it matches once more is dialled"
    EITHER = "one or the other"


class Match(enum.Enum):
    """An answer; `FINAL` is yes by a `!`, which is the end of all looking for more."""

    NO = 0
    YES = 1
    FINAL = 2


def plain(extension: str) -> str:
    """An extension without the blanks in it."""
    return _without(extension, " ")


def bare(extension: str) -> str:
    """An extension without blanks and hyphens, as it is looked for."""
    return _without(extension, " -")


def _without(extension: str, decoration: str) -> str:
    found: list[str] = []
    bracketed = False
    for character in extension:
        if character == "[":
            bracketed = bracketed or extension.startswith("_")
        elif character == "]":
            bracketed = False
        elif character in decoration and not bracketed:
            continue
        found.append(character)
    return "".join(found)


@functools.lru_cache(maxsize=16384)
def matches(extension: str, dialled: str, ask: Ask = Ask.WHOLE) -> Match:
    """Whether an extension or a pattern matches what was dialled."""
    pattern, text = _bytes(extension), _bytes(dialled)
    if not extension.startswith("_"):
        wanted, given = ([byte for byte in each if byte != HYPHEN] for each in (pattern, text))
        match ask:
            case Ask.WHOLE:
                matched = wanted == given
            case Ask.MORE:
                matched = len(wanted) > len(given) and wanted[: len(given)] == given
            case Ask.EITHER:
                matched = wanted[: len(given)] == given
        return Match(int(matched))
    if ask is Ask.WHOLE and dialled.startswith("_") and order(extension) == order(dialled):
        return Match.YES
    return _pattern(pattern, text, ask)


def _bytes(text: str) -> list[int]:
    """The bytes of a text as C compares them: signed."""
    return [byte - 256 if byte > 127 else byte for byte in text.encode("utf-8", "surrogateescape")]


_DIGITS = {
    **dict.fromkeys(b"xX", (ord("0"), ord("9"))),
    **dict.fromkeys(b"zZ", (ord("1"), ord("9"))),
    **dict.fromkeys(b"nN", (ord("2"), ord("9"))),
}
_END = ord("/")
"""Ends a pattern: what follows would be a caller's number."""


def _pattern(pattern: list[int], text: list[int], ask: Ask) -> Match:
    at, given = 1, 0
    while True:
        while given < len(text) and text[given] == HYPHEN:
            given += 1
        while at < len(pattern) and pattern[at] == HYPHEN:
            at += 1
        if given == len(text) or at == len(pattern) or pattern[at] == _END:
            break
        wanted, byte = pattern[at], text[given]
        if wanted == ord("["):
            if ord("]") not in pattern[at:]:
                return Match.NO
            end = pattern.index(ord("]"), at)
            if end > at + 1 and not _among(pattern[at + 1 : end], byte):
                return Match.NO
            given += end > at + 1  # an empty set is nothing
            at = end + 1
            continue
        if wanted in _DIGITS:
            least, greatest = _DIGITS[wanted]
            if not least <= byte <= greatest:
                return Match.NO
        elif wanted == ord("."):
            return Match.YES
        elif wanted == ord("!"):
            return Match.FINAL
        elif wanted != byte:
            return Match.NO
        at += 1
        given += 1
    if given < len(text):
        return Match.NO
    if at == len(pattern) or pattern[at] == _END:
        return Match(int(ask is not Ask.MORE))
    if pattern[at] == ord("!"):
        return Match.FINAL
    return Match(int(ask is not Ask.WHOLE))


def _among(members: list[int], byte: int) -> bool:
    """Whether a byte is among those between brackets, of which three with a hyphen in the middle are a range."""
    at = 0
    while at < len(members):
        if at + 2 < len(members) and members[at + 1] == HYPHEN:
            if members[at] <= byte <= members[at + 2]:
                return True
            at += 3
        else:
            if members[at] == byte:
                return True
            at += 1
    return False


Order = tuple[object, ...]

_MANY = 0x100
_ANY, _REST, _OVER, _BROKEN = 0x18000, 0x28000, 0x30000, 0x40000
"""What comes behind every set: `.`, `!`, the end of a pattern, and a bracket that is not closed."""


def order(extension: str) -> Order:
    """What to sort by: plain extensions first, then patterns, position by position the ones that leave less open.

    Two with the same are one and the same extension to Asterisk.
    """
    if not extension.startswith("_"):
        return (0, *(byte for byte in _bytes(extension) if byte != HYPHEN), 0)
    pattern = extension.encode("utf-8", "surrogateescape")
    found: list[tuple[int, bytes]] = []
    at = 1
    while at < len(pattern):
        byte = pattern[at]
        at += 1
        if byte == HYPHEN:
            continue
        if byte in _DIGITS:
            least, greatest = _DIGITS[byte]
            found.append(((greatest - least + 1) * _MANY | least, _mask(range(least, greatest + 1))))
        elif byte == ord("."):
            found.append((_ANY, _mask(())))
        elif byte == ord("!"):
            found.append((_REST, _mask(())))
        elif byte == ord("["):
            end = pattern.find(b"]", at)
            if end < 0:
                found.append((_BROKEN, _mask(())))
                continue
            members = _members(pattern[at:end])
            if members:
                found.append((len(members) * _MANY | min(members), _mask(members)))
            at = end + 1
        else:
            found.append((_MANY | byte, _mask((byte,))))
    return (1, *found, (_OVER, _mask(())))


def _members(members: bytes) -> frozenset[int]:
    found: set[int] = set()
    at = 0
    while at < len(members):
        if at + 2 < len(members) and members[at + 1] == HYPHEN:
            found.update(range(members[at], members[at + 2] + 1))
            at += 3
        else:
            found.add(members[at])
            at += 1
    return frozenset(found)


def _mask(members: "range | frozenset[int] | tuple[int, ...]") -> bytes:
    """256 bits, inverted, the lowest byte first: of two sets of a size that with the lower members comes first."""
    found = bytearray(b"\xff" * 32)
    for byte in members:
        found[byte // 8] &= ~(0x80 >> byte % 8) & 0xFF
    return bytes(found)
