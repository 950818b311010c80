"""What Asterisk puts in the place of `${...}` and `$[...]` in a text, and how it parts arguments.

In: a text as it stands in a file. Out: a `Template`, its parts; `name`, what the inside of `${...}` asks for once it
has been replaced itself; and `arguments`, the arguments of an application or function.

The inside of `${...}` is text in which more is replaced first, and only then a name, a function or a part of a text:
what a variable holds can so become any of them. Lengths count bytes.
"""

import functools
import re
from collections.abc import Callable

import attrs

from dialc.read.asterisk import expressions

_DEEPEST = 15
"""How deep texts can stand in one another."""


@attrs.frozen
class Variable:
    """`${...}`: the template of what stands inside; `closed` unless the closing brace is missing."""

    inside: "Template"
    closed: bool = True


@attrs.frozen
class Computed:
    """`$[...]`: the template of the expression inside; `closed` unless the closing bracket is missing."""

    inside: "Template"
    closed: bool = True


@attrs.frozen
class TooDeep:
    """What stands deeper in other texts than Asterisk goes: nothing."""


Template = tuple[str | Variable | Computed | TooDeep, ...]


@functools.lru_cache(maxsize=4096)
def template(text: str, depth: int = 1) -> Template:
    """The parts of a text. Calls itself for what stands inside, at most `_DEEPEST` times."""
    if depth > _DEEPEST:
        return (TooDeep(),)
    found: list[str | Variable | Computed | TooDeep] = []
    at = 0
    while at < len(text):
        dollar = text.find("$", at)
        opening = text[dollar + 1 : dollar + 2] if dollar >= 0 else ""
        end = len(text) if dollar < 0 else dollar if opening in ("{", "[") and opening else dollar + 1
        if end > at:
            if found and isinstance(found[-1], str):
                found[-1] += text[at:end]
            else:
                found.append(text[at:end])
        at = end
        if end == dollar:
            at, inside, closed = _inside(text, dollar + 2, opening)
            parts = template(inside, depth + 1) if "${" in inside or "$[" in inside else (inside,) if inside else ()
            found.append(Variable(parts, closed) if opening == "{" else Computed(parts, closed))
    return tuple(found)


def _inside(text: str, start: int, opening: str) -> tuple[int, str, bool]:
    """What stands in braces or brackets that open before `start`: where it is over, the text, and whether it is closed.

    Of the other kind nothing is counted, so that a bracket inside of braces need not be closed.
    """
    closing = {"{": "}", "[": "]"}[opening]
    depth = 1
    for found in re.compile(r"\$[{\[]|[\[\]{}]").finditer(text, start):
        sign = found.group()[-1]
        if sign == opening:
            depth += 1
        elif sign == closing:
            depth -= 1
        if depth == 0:
            return found.end(), text[start : found.start()], True
    return len(text), text[start:], False


@attrs.frozen
class Name:
    """What the inside of `${...}` asks for: a variable, or a function with its arguments; and which part of the text.

    `offset` counts from the end if negative, `length` leaves so many off if negative; None is all.
    """

    name: str
    arguments: str | None = None
    offset: int = 0
    length: int | None = None


_WHOLE = re.compile(r"[ \t-\r]*([+-]?[0-9]{1,30})(?::[ \t-\r]*([+-]?[0-9]{1,30}))?")


@functools.lru_cache(maxsize=4096)
def name(text: str) -> Name:
    """The name that the inside of `${...}` is, once everything in it is replaced."""
    parentheses = 0
    function = False
    offset, length = 0, None
    for at, character in enumerate(text):
        if character == "(":
            parentheses += 1
            function = True
        elif character == ")":
            parentheses -= 1
        elif character == ":" and not parentheses:
            found = _WHOLE.match(text, at + 1)
            text = text[:at]
            if found is not None:
                offset = _clamped(found[1])
                length = _clamped(found[2]) if found[2] else None
            break
    if not function:
        return Name(text, None, offset, length)
    called, _, rest = text.partition("(")
    end = rest.rfind(")")
    return Name(called, rest if end < 0 else rest[:end], offset, length)


def _clamped(digits: str) -> int:
    return max(-(2**31), min(int(digits), 2**31 - 1))


def sliced(text: str, offset: int, length: int | None) -> str:
    """The part of a text that `${name:offset:length}` takes, in bytes."""
    if offset == 0 and length is None:
        return text
    raw = text.encode("utf-8", "surrogateescape")
    if offset < 0:
        offset = max(0, len(raw) + offset)
    rest = raw[offset:]
    taken = rest if length is None else rest[:length] if length >= 0 else rest[: max(0, len(rest) + length)]
    return taken.decode("utf-8", "surrogateescape")


def replaced(
    text: str,
    variable: Callable[[str], str | None],
    function: expressions.Function,
    computed: Callable[[str], str | None] | None = None,
    part: Callable[[str, int, int | None], str | None] = sliced,
) -> str | None:
    """The text with everything replaced by what `variable` and `function` say; None where that is not known.

    With `computed`, expressions are worked out by that, and with `part`, parts of texts taken.
    """
    compute = computed or functools.partial(expressions.result, function=function)
    return _replaced(template(text), variable, function, compute, part)


def _replaced(
    parts: Template,
    variable: Callable[[str], str | None],
    function: expressions.Function,
    computed: Callable[[str], str | None],
    taken: Callable[[str, int, int | None], str | None],
) -> str | None:
    """The same for the parts of a text. Calls itself as deep as texts stand in one another."""
    found: list[str] = []
    for part in parts:
        if isinstance(part, TooDeep):
            continue
        if isinstance(part, str):
            found.append(part)
            continue
        inside = _replaced(part.inside, variable, function, computed, taken)
        if inside is None:
            return None
        if isinstance(part, Computed):
            value = computed(inside)
        else:
            asked = name(inside)
            value = variable(asked.name) if asked.arguments is None else function(asked.name, asked.arguments)
            if value is not None and (asked.offset or asked.length is not None):
                value = taken(value, asked.offset, asked.length)
        if value is None:
            return None
        found.append(value)
    return "".join(found)


@functools.lru_cache(maxsize=8192)
def arguments(text: str, *, separator: str = ",", most: int = 1000, raw: bool = False) -> tuple[str, ...]:
    """The arguments in a text: parted by a separator that stands in no parentheses, brackets or quotes.

    Quotes and backslashes are taken out, and what follows a backslash is taken as it is, except where `raw`. The last
    of `most` arguments is all the rest of the text, quotes and all.
    """
    found: list[str] = []
    at = 0
    parentheses = brackets = 0
    quoted = parted = False
    while at < len(text) and len(found) < most - 1:
        argument: list[str] = []
        parted = False
        while at < len(text):
            character = text[at]
            at += 1
            if character == separator and not (parentheses or brackets or quoted):
                parted = True
                break
            if character == '"' and separator != '"':
                quoted = not quoted
                if raw:
                    argument.append(character)
            elif character == "\\":
                argument.append(text[at - (1 if raw else 0) : at + 1])
                at += 1
            else:
                argument.append(character)
                if character == "(":
                    parentheses += 1
                elif character == ")":
                    parentheses = max(0, parentheses - 1)
                elif character == "[":
                    brackets += 1
                elif character == "]":
                    brackets = max(0, brackets - 1)
        found.append("".join(argument))
    if at < len(text) or parted:
        found.append(text[at:])
    return tuple(found)
