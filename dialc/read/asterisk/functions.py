"""Functions whose result is told by their arguments and variables alone, and what Asterisk takes for true.

In: the name of a function and its arguments as one text, everything in them replaced. Out: `result`, the text that
stands in its place, or None where it depends on anything else: the clock, the channel, a database. What Asterisk
refuses to work out is nothing at all, an empty text.
"""

import re
from collections.abc import Callable

from dialc.read.asterisk import expressions
from dialc.read.asterisk.configuration import BLANKS
from dialc.read.asterisk.substitution import arguments, replaced

Variable = Callable[[str], str | None]
"""The value of a variable; None where it is not known."""


def holds(condition: str) -> bool:
    """Whether GotoIf, ExecIf and IF take a text for true: a number unless it is zero, and any other text but none."""
    found = re.match(r"[ \t-\r]*([+-]?[0-9]{1,30})", condition)
    if found is None:
        return condition != ""
    return max(-(2**63), min(int(found[1]), 2**63 - 1)) % 2**32 != 0


def result(name: str, written: str, variable: Variable, function: expressions.Function) -> str | None:
    """What a function returns; `variable` and `function` tell what the variables are that it names."""
    pure = _PURE.get(name)
    if pure is not None:
        return pure(written)
    of_variable = _OF_VARIABLE.get(name)
    if of_variable is None:
        return None
    given = arguments(written, most=of_variable[0])
    if not given or not given[0]:
        return None
    value = replaced(f"${{{given[0]}}}", variable, function)
    return None if value is None else of_variable[1](_raw(value), *given[1:])


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _length(written: str) -> str:
    return str(len(_raw(written)))


def _is_null(written: str) -> str:
    return "0" if written else "1"


def _exists(written: str) -> str:
    return "1" if written else "0"


def _upper(written: str) -> str:
    return _text(_raw(written).upper())


def _lower(written: str) -> str:
    return _text(_raw(written).lower())


def _if(written: str) -> str:
    condition, *rest = (*arguments(written, separator="?", most=2), "")
    if not condition:
        return ""
    chosen = (*arguments(rest[0], separator=":", most=2), "", "")[not holds(condition.strip(BLANKS))]
    return chosen.strip(BLANKS)


def _filter(written: str) -> str | None:
    given = arguments(written, most=2, raw=True)
    if len(given) < len(("allowed", "text")):
        return ""
    try:
        allowed = _allowed(_raw(given[0]))
    except _Illegal:
        return ""
    return None if allowed is None else _text(bytes(each for each in _raw(given[1]) if each in allowed))


class _Illegal(Exception):
    """A backslash that nothing is told by."""


def _allowed(written: bytes) -> frozenset[int] | None:
    """The bytes of a set in which a hyphen between two makes a range; None where Asterisk reads past its end."""
    found: set[int] = set()
    at = 0
    while at < len(written):
        if written[at:] == b"\\":
            return None
        first, at = _decoded(written, at)
        last = first
        if written[at : at + 1] == b"-":
            if written[at + 1 :] == b"\\":
                return None
            at += 1
            try:
                last, at = _decoded(written, at) if at < len(written) else (first, at)
            except _Illegal:
                at += 2  # the range is one byte, and the backslash and what follows it are lost
        found.update((first + after) % 256 for after in range((last - first) % 256 + 1))
    return frozenset(found - {0})


_NAMED = {ord("n"): 10, ord("r"): 13, ord("t"): 9}


def _decoded(written: bytes, at: int) -> tuple[int, int]:
    """The byte that is written at a place, and where the next begins. Raises `_Illegal`."""
    if written[at] != ord("\\"):
        return written[at], at + 1
    letter = written[at + 1]
    if letter == ord("x"):
        digits = re.match(rb"[0-9A-Fa-f]{1,2}", written[at + 2 :])
        if digits is None:
            raise _Illegal
        return int(digits[0], 16), at + 2 + len(digits[0])
    if letter == ord("0"):
        octal = re.match(rb"[0-7]*", written[at + 2 :])
        digits_ = octal[0] if octal else b""
        return int(digits_ or b"0", 8) % 256, at + 2 + len(digits_)
    return _NAMED.get(letter, letter), at + 2


def _cut(value: bytes, delimiter: str = "", wanted: str | None = None, *_: str) -> str | None:
    """Fields of a text, counted from 1, of which `wanted` names some in their order: `2`, `2-3`, `-3`, `2-` and `&`."""
    if wanted is None:
        return ""
    separator = _separator(delimiter) or b"-"
    fields = value.split(separator) if value else []
    found: list[bytes] = []
    at = 1
    for part in wanted.split("&"):
        if at > len(fields):
            break
        bounds = _bounds(part)
        if bounds is None:
            return ""
        at = max(at, bounds[0])
        over = min(bounds[1], len(fields))
        found += fields[at - 1 : over]
        at = max(at, over + 1)
    return _text(separator.join(found))


_INTEGER = "[ \\t-\\r]*([+-]?[0-9]{1,30})"


def _bounds(part: str) -> tuple[int, int] | None:
    """The first and last of the fields that a part of a list names."""
    both = re.match(f"{_INTEGER}-{_INTEGER}", part)
    if both:
        return int(both[1]), int(both[2])
    upto = re.match(f"-{_INTEGER}", part)
    if upto:
        return 1, int(upto[1])
    one = re.match(_INTEGER, part)
    if one is None:
        return None
    return int(one[1]), 2**31 - 1 if part[one.end() :].startswith("-") else int(one[1])


def _separator(written: str) -> bytes:
    """One byte, as it is or after a backslash; none where there is none."""
    raw = _raw(written)
    if not raw or raw == b"\\":
        return b""
    try:
        return bytes((_decoded(raw, 0)[0],)).strip(b"\0")
    except _Illegal:
        return b""


def _fields(value: bytes, delimiter: str | None = None, *_: str) -> str:
    if delimiter is None:
        return "1"
    separator = _separator(delimiter)
    return str(len(value.split(separator)) if value and separator else int(bool(value)))


_PURE: dict[str, Callable[[str], str | None]] = {
    "EXISTS": _exists,
    "FILTER": _filter,
    "IF": _if,
    "ISNULL": _is_null,
    "LEN": _length,
    "TOLOWER": _lower,
    "TOUPPER": _upper,
}
_OF_VARIABLE: dict[str, tuple[int, Callable[..., str | None]]] = {"CUT": (3, _cut), "FIELDQTY": (2, _fields)}
"""Functions whose first argument is the name of a variable, and how many arguments they take."""
