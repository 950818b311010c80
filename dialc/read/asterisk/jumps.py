"""Where the applications that steer a call send it, and how applications take options and lengths of time.

In: the argument of Goto, GotoIf, GotoIfTime, Gosub, GosubIf, ExecIf, or an option or a time among arguments, everything
in it replaced. Out: targets, branches, options, milliseconds. Each application parts its argument in its own way:
GotoIf at the first question mark and colon whatever encloses them, GosubIf at the first that nothing encloses.
"""

import functools
import re
from fractions import Fraction

import attrs

from dialc.read.asterisk.substitution import arguments


@attrs.frozen
class Target:
    """A place in a dialplan. A context or extension that is not named, or empty, is the one the call is in.

    The priority is a `label`, or a `number`, which counts from the present priority where `relative`.
    """

    context: str | None
    extension: str | None
    number: int = 0
    label: str | None = None
    relative: bool = False


@functools.lru_cache(maxsize=4096)
def target(written: str) -> Target | None:
    """The place that Goto goes to; None for nothing, which ends a call."""
    if not written:
        return None
    *place, priority = written.split(",")[:3]
    context, extension = (None, None, *place)[-2:]
    sign = priority[:1] if priority[:1] in ("+", "-") else ""
    rest = priority.removeprefix(sign)
    found = re.match(r"[ \t-\r]*([+-]?[0-9]{1,30})[ \t-\r]*", rest)
    if found is None or found.end() < len(rest):
        return Target(context, extension, label=rest)
    number = int(found[1])
    return Target(context, extension, -number if sign == "-" else number, relative=bool(sign))


@attrs.frozen
class Subroutine:
    """A place that Gosub goes to, and what it sets as ARG1, ARG2 and so on, with quotes and backslashes left in."""

    target: Target | None
    arguments: tuple[str, ...]


_MOST_ARGUMENTS = 100


@functools.lru_cache(maxsize=4096)
def subroutine(written: str) -> Subroutine:
    """What Gosub is told."""
    place, _, rest = written.partition("(")
    end = rest.rfind(")")
    return Subroutine(target(place), arguments(rest if end < 0 else rest[:end], raw=True, most=_MOST_ARGUMENTS))


@attrs.frozen
class Branches:
    """A condition, and what comes if it holds and if it does not; an empty text is nothing at all."""

    condition: str
    holds: str
    fails: str


@functools.lru_cache(maxsize=4096)
def gotos(written: str) -> Branches:
    """What GotoIf and GotoIfTime are told."""
    condition, _, rest = written.partition("?")
    one, _, other = rest.partition(":")
    return Branches(condition, one, other)


def gosubs(written: str) -> Branches | None:
    """What GosubIf is told; None where it says nothing, and does nothing."""
    parts = arguments(written, separator="?", most=2, raw=True)
    if len(parts) < len(("condition", "labels")):
        return None
    one, other, *_ = (*arguments(parts[1], separator=":", most=2, raw=True), "", "")
    return Branches(parts[0], one, other)


@attrs.frozen
class Application:
    """An application within the argument of another, with its own argument."""

    name: str
    argument: str


@functools.lru_cache(maxsize=4096)
def executions(written: str) -> tuple[str, Application | None, Application | None] | None:
    """What ExecIf is told: a condition, and what is executed if it holds and if not. None ends a call."""
    comma, question = written.find(","), written.find("?")
    if question < 0 or 0 <= comma < question:
        condition, name, argument = (*arguments(written, most=3), "", "", "")[:3]
        return condition, Application(name, argument) if name else None, None
    parts = arguments(written, separator="?", most=2, raw=True)
    if len(parts) < len(("condition", "applications")) or not parts[1]:
        return None
    one, other, *_ = (*arguments(parts[1], separator=":", most=2, raw=True), "", "")
    return parts[0], _application(one), _application(other)


def _application(written: str) -> Application | None:
    name, _, rest = written.partition("(")
    end = rest.rfind(")")
    return Application(name, rest if end < 0 else rest[:end]) if written else None


def options(written: str) -> dict[str, str | None] | None:
    """Options by their letters, each with what stands in parentheses behind it, if anything does.

    Of a letter that comes twice the last counts. None where a parenthesis is not closed: the rest is lost, and most
    applications do nothing then.
    """
    found: dict[str, str | None] = {}
    at = 0
    while at < len(written):
        letter = written[at]
        at += 1
        found[letter] = None
        if written[at : at + 1] == "(":
            taken = _enclosed(written, at + 1)
            if taken is None:
                return None
            found[letter], at = taken
    return found


def _enclosed(written: str, start: int) -> tuple[str, int] | None:
    """What stands in parentheses that open before `start`, and where what follows begins."""
    quotes = written[start : start + 1] == '"'
    argument: list[str] = []
    depth, quoted, at = 1, False, start
    while at < len(written):
        character = written[at]
        at += 1
        if character == '"' and quotes:
            quoted = not quoted
            continue
        if character == "\\":
            if quoted and written[at : at + 1] != '"':
                argument.append(character)
            argument.append(written[at : at + 1])
            at += 1
            continue
        if not quoted and character in "()":
            depth += 1 if character == "(" else -1
            if depth == 0:
                return "".join(argument), at
        argument.append(character)
    return None


_UNITS = {"h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}


def milliseconds(written: str) -> int | None:
    """A length of time, in seconds unless a unit follows; None for what is none, which is as if it were not there."""
    found = re.match(r"[ \t-\r]*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))[ \t-\r]*([^ \t-\r]*)", written)
    if found is None:
        return None
    unit = _UNITS.get(found[2].lower()) if found[2] else _UNITS["s"]
    return None if unit is None else int(Fraction(found[1].rstrip(".")) * unit)
