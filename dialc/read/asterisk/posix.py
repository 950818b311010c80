"""Extended regular expressions of POSIX, which Asterisk hands to `regcomp`, as Python's.

Both are searched for from the left. They differ where branches (`a|ab`) match at the same place: POSIX takes the
longest, Python the first, so of such a pattern the length found may be less here.
"""

import functools
import re

_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}

_GNU = {"w": "\\w", "W": "\\W", "s": "\\s", "S": "\\S", "b": "\\b", "B": "\\B", "<": "\\b(?=\\w)", ">": "\\b(?<=\\w)"}
"""What a letter after a backslash means to the C library of GNU, beyond POSIX."""


@functools.cache
def compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern, or None where the C library refuses it."""
    found: list[str] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "\\":
            if at == len(pattern):
                return None  # a trailing backslash
            escaped = pattern[at]
            found.append(_GNU.get(escaped) or (f"\\{escaped}" if escaped.isdigit() else re.escape(escaped)))
            at += 1
        elif character == "[":
            bracket = _bracket(pattern, at)
            if bracket is None:
                return None
            at, text = bracket
            found.append(text)
        elif character == "$":
            found.append("\\Z")
        elif character == "{" and not re.match(r"\d*(,\d*)?\}", pattern[at:]):
            return None
        else:
            found.append(character)
    try:
        return re.compile("".join(found), re.DOTALL | re.ASCII)
    except (re.error, OverflowError):
        return None


def _bracket(pattern: str, at: int) -> tuple[int, str] | None:
    """What follows an opening bracket: where it ends, and how Python writes it. None if it is not closed."""
    found = ["["]
    if pattern.startswith("^", at):
        found.append("^")
        at += 1
    first = at
    while at < len(pattern):
        if pattern[at] == "]" and at > first:
            return at + 1, "".join((*found, "]"))
        if pattern.startswith("[:", at):
            end = pattern.find(":]", at)
            name = pattern[at + 2 : end] if end > 0 else ""
            if name not in _CLASSES:
                return None
            found.append(_CLASSES[name])
            at = end + 2
        else:
            found.append("-" if pattern[at] == "-" and first < at else re.escape(pattern[at]))
            at += 1
    return None
