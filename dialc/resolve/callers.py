"""Callers: lists of numbers, in a plan or in a file beside it, and whom a step or a line asks for.

In: `syntax.Callers`, and what stands behind `when caller`. Out: `callers.Callers`, and a finding for each number that
is none, in a file with its row.
"""

import csv
import re
from collections.abc import Iterator

from dialc import numbers, syntax
from dialc.beside import Missing, named
from dialc.callers import Callers
from dialc.resolve import values
from dialc.resolve.names import Scope
from dialc.source import Place, Source

MOST = 100_000
"""The most numbers of one list."""

_WHO = "who these callers are is not said"


def resolve(scope: Scope, written: syntax.Callers) -> Callers:
    """The list of a block."""
    those = [one for item in written.items if isinstance(item, syntax.Those) for one in item.callers]
    alone = [item for item in written.items if isinstance(item, syntax.Setting)]
    first: dict[str, syntax.Setting] = {}
    for one in those:
        if one.kind == "caller_is":
            number = values.e164(one.value, scope.findings, caller=_WHO, country=scope.country)
            other = first.setdefault(number, one)
            if number and other is not one:
                scope.findings.twice(one.value.text, one, other)
    found = {number for number in first if number}
    prefixes = [_prefix(scope, one.value) for one in those if one.kind == "caller_prefix"]
    for item in alone:
        if item.kind == "callers_from":
            found.update(_listed(scope, item.value))
    withheld = [item for item in alone if item.kind == "caller_withheld"]
    if not written.items:
        help = 'write numbers, as in `"+48 600 111 222"`, `prefix "+48 22"`, `withheld` or `from "vip.csv"`'
        scope.lacks(f"`{values.shortened(written.name.text)}` are no callers", written.name.place, help, _WHO)
    return Callers(written.name.text, frozenset(found), tuple(sorted(filter(None, set(prefixes)))), bool(withheld))


def asked(scope: Scope, whom: syntax.Setting) -> Callers:
    """Whom a route asks for."""
    match whom.kind:
        case "caller_in":
            return scope.callers_named(whom.value)
        case "caller_withheld":
            return Callers("a withheld number", withheld=True)
        case "caller_prefix":
            prefix = _prefix(scope, whom.value)
            return Callers(f"a number that begins {prefix}", prefixes=(prefix,) if prefix else ())
        case _:
            number = values.e164(whom.value, scope.findings, caller=_WHO, country=scope.country)
            return Callers(f"the number {number}", frozenset({number} if number else ()))


_PREFIX = re.compile(r"\+[0-9 ()./-]{1,40}")


def _prefix(scope: Scope, word: syntax.Word) -> str:
    """The beginning of numbers, with `+` and a country code; empty, with a finding, for any other text."""
    digits = re.sub(r"[^0-9]", "", word.text)
    if _PREFIX.fullmatch(word.text) and 1 <= len(digits) <= 14 and digits[0] != "0":
        return f"+{digits}"
    message = f"no number begins with `{values.shortened(word.text)}`"
    help = "" if word.text.startswith("+") else "write it with `+` and the country code"
    scope.findings.add("D236", message, word.place, caller=_WHO, help=help)
    return ""


def _listed(scope: Scope, word: syntax.Word) -> Iterator[str]:
    """The numbers in the first column of a file."""
    name = named(word.text, word.place.source.beside)
    data = name if isinstance(name, Missing) else scope.beside(name)
    if isinstance(data, Missing):
        message = f"`{values.shortened(word.text)}` {data.reason}"
        scope.findings.add("D237", message, word.place, caller=_WHO)
        return
    try:
        source = Source(word.text, data.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
    except UnicodeDecodeError:
        message = f"`{values.shortened(word.text)}` is not UTF-8"
        scope.findings.add("D237", message, word.place, caller=_WHO, help="save the file as UTF-8")
        return
    yield from _rows(scope, source, word)


def _rows(scope: Scope, source: Source, word: syntax.Word) -> Iterator[str]:
    """The numbers of a file row by row; a finding for each row that has none, but for a heading."""
    start, count = 0, 0
    for row, line in enumerate(source.text.splitlines(keepends=True)):
        text = line.strip()
        at, start = start + len(line) - len(line.lstrip()), start + len(line)
        if not text or text.startswith("#"):
            continue
        cell = next(csv.reader([text], delimiter=";" if ";" in text.partition('"')[0] else ","))[0].strip()
        number = numbers.e164(cell, scope.country) if _CELL.fullmatch(cell) else None
        count += 1
        if number is None and count == 1 and not re.search(r"[0-9]", cell):
            continue
        if number is None:
            place = Place(source, at, at + max(1, len(text)))
            message = f"row {row + 1} of `{values.shortened(word.text)}` has no telephone number"
            scope.findings.add("D238", message, place, caller=_WHO, help=_HELP)
        elif count > MOST:
            message = f"`{values.shortened(word.text)}` has more than {MOST:,} numbers"
            scope.findings.add("D237", message, word.place, caller=_WHO)
            return
        else:
            yield number


_CELL = re.compile(r"\+?[0-9 ()./-]{1,40}")
_HELP = "write the number in full, with `+` and the country code, in the first column"
