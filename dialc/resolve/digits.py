"""Sets of numbers that callers can enter, written out or listed in files beside the plan.

In: `syntax.Digits`. Out: `digits.Digits`. A file has a number in the first column of each row, other columns aside;
columns are parted by commas, semicolons or tabs. A first row without a number is its heading, rows that are blank or
begin with `#` are skipped, and any other row without a number is a finding of its own, at its place in the file.
"""

import re

from dialc import syntax
from dialc.beside import Missing, named
from dialc.digits import Digits
from dialc.resolve import values
from dialc.resolve.names import Scope
from dialc.source import Place, Source

MOST = 32
"""The most digits of one entry: the longest account numbers in use have thirty."""

MANY = 100_000
"""The most numbers of one set: as many extensions does a PBX still look through at once."""

ENOUGH = 20
"""The most rows of one file that are told of one by one."""

_NOBODY = "a caller who enters it would be told that it is wrong"
_NOT_TAKEN = "callers who enter one of them would be told that it is wrong"


def resolve(scope: Scope, written: syntax.Digits) -> Digits:
    """The set of a block."""
    listed: dict[str, syntax.Word] = {}
    found: set[str] = set()
    for item in written.items:
        if isinstance(item, syntax.Setting):
            found |= _read(scope, item.value)
            continue
        for word in item.numbers:
            first = listed.setdefault(word.text, word)
            if first is not word:
                scope.findings.twice(word.text, word, first)
            elif _fits(scope, word.text, word.place):
                found.add(word.text)
    name = values.shortened(written.name.text)
    if not written.items:
        help = 'write them, as in `100100, 200200`, or name a file, as in `from "customers.csv"`'
        scope.lacks(f"the digits `{name}` have no number", written.name.place, help, "nothing a caller enters is taken")
    if len(found) > MANY:
        message = f"the digits `{name}` are {len(found):,} numbers, and {MANY:,} are the most"
        scope.findings.add("D257", message, written.name.place, caller=_NOT_TAKEN)
    return Digits(written.name.text, frozenset(found), place=written.place)


def _fits(scope: Scope, number: str, place: Place) -> bool:
    """Whether a number is short enough; a finding where it is not."""
    if len(number) <= MOST:
        return True
    message = f"`{values.shortened(number)}` has {len(number)} digits, and {MOST} are the most"
    scope.findings.add("D257", message, place, caller=_NOBODY)
    return False


def _read(scope: Scope, file: syntax.Word) -> set[str]:
    """The numbers of a file; one that is there twice counts once."""
    name = named(file.text, file.place.source.beside)
    data = name if isinstance(name, Missing) else scope.beside(name)
    shown = values.shortened(file.text)
    if isinstance(data, Missing):
        scope.findings.add("D257", f"`{shown}` {data.reason}", file.place, caller=_NOT_TAKEN)
        return set()
    try:
        source = Source(file.text, data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        scope.findings.add("D257", f"`{shown}` is not text in UTF-8", file.place, caller=_NOT_TAKEN)
        return set()
    found: set[str] = set()
    wrong, heading = 0, True
    for row in _ROW.finditer(source.text):
        number = row["cell"].strip()
        if not number or row.group().lstrip().startswith("#"):
            continue
        place = Place(source, row.start("cell"), row.end("cell"))
        if _NUMBER.fullmatch(number):
            if _fits(scope, number, place):
                found.add(number)
            else:
                wrong += 1
        elif not heading:
            wrong += 1
            message = f"`{values.shortened(number)}` is no number that can be entered"
            scope.findings.add("D257", message, place, caller=_NOBODY, help="write the digits 0 to 9 and nothing else")
        heading = False
        if wrong == ENOUGH:
            message = f"`{shown}` has more rows than these that cannot be read"
            scope.findings.add("D257", message, file.place, caller=_NOT_TAKEN)
            return found
    if not found and not wrong:
        scope.findings.add("D257", f"`{shown}` has no number in its first column", file.place, caller=_NOT_TAKEN)
    return found


_NUMBER = re.compile(r"[0-9]+")
_ROW = re.compile(r'^[ \t]*"?(?P<cell>[^",;\t\r\n]*)[^\n]*$', re.MULTILINE)
