"""Texts in which the time of the call stands, and expressions that hold at some instants and not at others.

In: texts with the seconds of the clock (`Moment`) or what STRFTIME shows of them (`Shown`) in the place of a character
each. Out: `worked_out`, what an expression comes to: a text, the clock again, or `Split`, 1 at a set of instants and
else 0. A condition with comparisons of the time, joined by `&`, `|` and `!`, so costs a few operations on sets, however
many moments it tells apart.
"""

import functools
import re
from collections.abc import Mapping
from fractions import Fraction

import attrs

from dialc.calendar import Instants
from dialc.read.asterisk import expressions, times
from dialc.read.asterisk.expressions import Call, Number, Operand, Operator, Text, Value, applied, written


@attrs.frozen
class Moment:
    """The seconds since 1970 at the instant that is asked about, and so many more."""

    shift: int = 0


@attrs.frozen
class Shown:
    """What STRFTIME shows of a moment in a zone."""

    moment: Moment
    zone: str
    format: str


@attrs.frozen
class Split:
    """1 at some instants, and 0 at all others."""

    instants: Instants


@attrs.frozen
class Span:
    """The instants that are asked about, from `start` up to, not including, `end`."""

    start: int
    end: int

    @property
    def all(self) -> Instants:
        """Every one of them."""
        return Instants(((self.start, self.end),))


FIRST_MARK, LAST_MARK = "\U000f0000", "\U000ffffd"
"""Characters that stand for what is not the same at all instants; no text of a configuration may hold them."""

Marks = Mapping[str, Moment | Shown]
"""What each of these characters stands for."""

_MARKED = re.compile(f"[{FIRST_MARK}-{LAST_MARK}]")

Result = str | Moment | Split


@attrs.frozen
class _Word:
    """A text in which one mark stands."""

    text: str
    mark: str


_Operand = Value | Moment | Split | _Word


def marked(text: str) -> bool:
    """Whether something stands in a text that is not the same at all instants."""
    return _MARKED.search(text) is not None


def worked_out(text: str, marks: Marks, span: Span) -> Result | None:
    """What an expression comes to; None where that cannot be told.

    What a mark stands for has no signs in it that could be taken for operators: it is digits, letters and blanks, of
    which the latter count within quotes only.
    """
    stack: list[_Operand] = []
    try:
        for item in expressions.read(text).items:
            match item:
                case Operand():
                    stack.append(_operand(item, marks))
                case Operator():
                    taken = stack[-item.operands :]
                    del stack[-item.operands :]
                    stack.append(_applied(item, taken, marks, span))
                case Call():
                    return None
    except expressions.NotKnown:
        return None
    match stack[-1]:
        case Moment() | Split() as found:
            return found
        case _Word():
            return None
        case known:
            return written(known)


def _operand(operand: Operand, marks: Marks) -> _Operand:
    found = _MARKED.findall(operand.text)
    if not found:
        return Text(operand.text, operand.numeric)
    if len(found) > 1:
        raise expressions.NotKnown
    meant = marks[found[0]]
    if isinstance(meant, Moment) and operand.text == found[0]:
        return meant
    if not operand.text.startswith('"') and operand.text != found[0]:
        raise expressions.NotKnown
    return _Word(operand.text, found[0])


_JOINS = (Operator.AND, Operator.OR)


def _applied(operator: Operator, operands: list[_Operand], marks: Marks, span: Span) -> _Operand:
    known = [each for each in operands if isinstance(each, Number | Text)]
    if len(known) == len(operands):
        return applied(operator, known)
    if operator is Operator.NOT:
        return Split(span.all - _when(operands[0]))
    if operator in _JOINS:
        return _joined(operator, operands, span)
    if operator is Operator.CHOOSE:
        chooses, *rest = operands
        ones = [each for each in rest if isinstance(each, Number | Text)]
        if [written(each) for each in ones] == ["1", "0"]:
            return Split(_when(chooses))
        if [written(each) for each in ones] == ["0", "1"]:
            return Split(span.all - _when(chooses))
        raise expressions.NotKnown
    if len(known) != 1 or len(operands) != len(("one", "other")):
        raise expressions.NotKnown
    first = isinstance(operands[0], Number | Text)
    return _compared(operator, operands[first], known[0], marks, span, first=first)


def _when(operand: _Operand) -> Instants:
    """When an operand that is not always the same is true: the seconds of the clock always are, and are no Split."""
    if isinstance(operand, Split):
        return operand.instants
    raise expressions.NotKnown


def _joined(operator: Operator, operands: list[_Operand], span: Span) -> _Operand:
    """`&` and `|`, of which the first true operand is the value: it has to be 1."""
    sets: list[Instants] = []
    for each in operands:
        if isinstance(each, Number | Text):
            value = written(applied(Operator.OR, [each, Text("0", numeric=True)]))
            if value not in ("0", "1"):
                raise expressions.NotKnown
            sets.append(span.all if value == "1" else Instants())
        else:
            sets.append(_when(each))
    one, other = sets
    return Split(one & other if operator is Operator.AND else one | other)


_ORDERS = {
    Operator.EQUAL: (0,),
    Operator.UNEQUAL: (-1, 1),
    Operator.LESS: (-1,),
    Operator.AT_MOST: (-1, 0),
    Operator.GREATER: (1,),
    Operator.AT_LEAST: (0, 1),
}
"""How the first operand can lie to the second: before it, the same, or behind it."""


def _compared(
    operator: Operator, varying: _Operand, known: Value, marks: Marks, span: Span, *, first: bool
) -> _Operand:
    """The clock, or what is shown of it, with a value that stays; `first` tells that the value comes first."""
    match varying:
        case Moment(shift):
            number = applied(Operator.PLUS, [known, Number(Fraction(0))]) if _numeric(known) else None
            if not isinstance(number, Number) or number.value.denominator != 1:
                raise expressions.NotKnown
            whole = int(number.value)
            if operator is Operator.PLUS:
                return Moment(shift + whole)
            if operator is Operator.MINUS and not first:
                return Moment(shift - whole)
            if operator not in _ORDERS:
                raise expressions.NotKnown
            bound = min(max(whole - shift, span.start - 1), span.end)
            pieces = {-1: (span.start, bound), 0: (bound, bound + 1), 1: (bound + 1, span.end)}
            found = Instants()
            for order in _ORDERS[operator]:
                start, end = pieces[-order if first else order]
                found |= Instants(((start, end),)) if start < end else Instants()
            return Split(found & span.all)
        case _Word(text, mark):
            shown = marks[mark]
            if operator not in _ORDERS or not isinstance(shown, Shown):
                raise expressions.NotKnown
            return Split(_passing(operator, text, mark, known, shown, span, first))
        case _:
            raise expressions.NotKnown


def _numeric(value: Value) -> bool:
    return isinstance(value, Number) or value.numeric


@functools.lru_cache(maxsize=4096)
def _passing(
    operator: Operator,
    text: str,
    mark: str,
    known: Value,
    shown: Shown,
    span: Span,
    first: bool,
) -> Instants:
    """When a text passes in which a part is what is shown of the clock."""

    number = applied(Operator.PLUS, [known, Number(Fraction(0))]) if _numeric(known) else None
    alone: int | None = None
    if isinstance(number, Number) and number.value.denominator == 1 and text == mark:
        alone = int(number.value)
    wanted = {-order if first else order for order in _ORDERS[operator]}

    def passes(part: str) -> bool:
        if alone is not None and part.isdecimal():  # as most are: digits against a whole number
            shows = int(part)
            return (shows > alone) - (shows < alone) in wanted
        if any(character in part for character in '"${}[]'):
            raise expressions.NotKnown
        if text == mark and not re.fullmatch(r"[0-9A-Za-z.]+", part):
            raise expressions.NotKnown
        value = _token(part) if text == mark else Text(text.replace(mark, part))
        return written(applied(operator, [known, value] if first else [value, known])) == "1"

    shift = shown.moment.shift
    found = None
    if alone is not None:
        found = times.compared(
            *(shown.zone, shown.format, frozenset(wanted), alone, span.start + shift, span.end + shift)
        )
    if found is not None:
        return Instants(tuple((start - shift, end - shift) for start, end in found.stretches))
    found = times.formatted(shown.zone, shown.format, passes, span.start + shift, span.end + shift)
    if found is None:
        raise expressions.NotKnown
    return Instants(tuple((start - shift, end - shift) for start, end in found.stretches))


def _token(word: str) -> Text:
    """A word as an expression takes it."""
    return Text(word, re.fullmatch(r"[0-9]+(\.[0-9]+)?", word) is not None)
