"""What stands between `$[` and `]`: Asterisk's operators, and the text that comes of them.

In: a text in which all `${...}` has been replaced. Out: an `Expression`, its operands and operators in the order in
which they are worked out, and `result`, what Asterisk makes of it.

A text with a mistake has a result as well. Asterisk's parser has by then come to a value or not: what follows a whole
expression is lost ("1 2" is 1), and where one breaks off in the middle ("1 +") the result is 0. Numbers are binary with
64 bits of precision, as x86 has them, and text is whatever does not look like a number: a quote belongs to its text.
"""

import enum
import functools
import math
import re
from collections.abc import Callable, Sequence
from fractions import Fraction

import attrs

from dialc.read.asterisk import posix


class Operator(enum.Enum):
    """An operator with as many operands as it takes, as Asterisk writes it."""

    OR = "|"
    AND = "&"
    EQUAL = "="
    GREATER = ">"
    LESS = "<"
    AT_LEAST = ">="
    AT_MOST = "<="
    UNEQUAL = "!="
    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    OVER = "/"
    MODULO = "%"
    MATCH = ":"
    SEARCH = "=~"
    JOIN = "~~"
    NEGATE = "- "
    NOT = "!"
    CHOOSE = "? ::"

    @property
    def operands(self) -> int:
        """How many values it takes."""
        return _OPERANDS.get(self, 2)


_OPERANDS = {Operator.NEGATE: 1, Operator.NOT: 1, Operator.CHOOSE: 3}


@attrs.frozen
class Operand:
    """A text as it stands there; `numeric` where Asterisk takes it for a number."""

    text: str
    numeric: bool


@attrs.frozen
class Call:
    """A function called by its name with the last `arguments` values."""

    name: str
    arguments: int


@attrs.frozen
class Expression:
    """Operands before their operators. `mistake` says what Asterisk would warn of, if anything."""

    items: tuple[Operand | Operator | Call, ...]
    mistake: str = ""


@attrs.frozen
class Number:
    """A number; `minus` tells apart the two zeros that binary numbers have."""

    value: Fraction
    minus: bool = False


@attrs.frozen
class Text:
    """A text, and whether it looks like a number."""

    text: str
    numeric: bool = False


Value = Number | Text

Function = Callable[[str, str], str | None]
"""A function by name, and its arguments as they are written between parentheses; None where its result is not known."""


class NotKnown(Exception):
    """What Asterisk makes of it depends on more than is known here."""


# Reading

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+)
    |(?P<variable>\$\{)
    |(?P<quoted>"[^"]*")
    |(?P<word>(?:[a-zA-Z0-9.';\\_^\#@\u0080-\U0010ffff]|\$[^{])+)
    |(?P<sign>\|\||&&|==|=~|~~|>=|<=|!=|::|[|&=><+,\-*/%?!:()])
    |(?P<lost>.)""",
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")

_BINARY = {
    "||": Operator.OR,
    "&&": Operator.AND,
    "==": Operator.EQUAL,
    **{
        operator.value: operator
        for operator in Operator
        if operator not in (Operator.NEGATE, Operator.NOT, Operator.CHOOSE)
    },
}
_PREFIX = {"-": Operator.NEGATE, "!": Operator.NOT}

_RANKS = (
    (Operator.CHOOSE,),
    (Operator.OR,),
    (Operator.AND,),
    (
        *(Operator.EQUAL, Operator.GREATER, Operator.LESS),
        *(Operator.AT_LEAST, Operator.AT_MOST, Operator.UNEQUAL),
    ),
    (Operator.PLUS, Operator.MINUS),
    (Operator.TIMES, Operator.OVER, Operator.MODULO),
    (Operator.NEGATE, Operator.NOT),
    (Operator.MATCH, Operator.SEARCH, Operator.JOIN),
)
_RANK = {operator: rank for rank, operators in enumerate(_RANKS) for operator in operators}
"""How strongly an operator binds: a prefix more than arithmetic, and a match more than a prefix."""


class _Open(enum.Enum):
    """What waits on the stack for something else than an operand."""

    PARENTHESIS = "("
    CHOICE = "?"


@attrs.define
class _Arguments:
    """A function whose arguments are being read."""

    name: str
    arguments: int = 0


def tokens(text: str) -> tuple[tuple[str, str], ...]:
    """The words, quoted texts and signs of a text, each with its kind; what is none of them is lost."""
    kept = (found for found in _TOKEN.finditer(text) if found.lastgroup not in ("blank", "lost"))
    return tuple((found.lastgroup or "", found.group()) for found in kept)


@functools.lru_cache(maxsize=4096)
def read(text: str) -> Expression:
    """The expression that a text is."""
    return _Reading().expression(tokens(text))


class _Reading:
    """A parser that puts operators after their operands, and ends at the first mistake as Asterisk's does."""

    def __init__(self) -> None:
        self._items: list[Operand | Operator | Call] = []
        self._stack: list[Operator | _Open | _Arguments] = []
        self._operand = True
        """Whether an operand is to come next."""
        self._comma = False
        """Whether what came last was the comma behind an argument."""

    def expression(self, found: Sequence[tuple[str, str]]) -> Expression:
        at = 0
        while at < len(found):
            kind, text = found[at]
            at += 1
            if kind == "variable":
                return self._broken("a variable that is not replaced")
            if self._operand:
                called = kind in ("word", "quoted") and at < len(found) and found[at][1] == "("
                if not self._begin(kind, text, called=called):
                    return self._broken(f"no operand before {text}")
                at += called
            elif not self._go_on(kind, text):
                return self._broken(f"{text} where the expression could end")
        if not found:
            return Expression((Operand("", False),))
        if self._operand:
            return self._broken("nothing after the last operator")
        if not self._whole():
            return self._broken("something open is never closed")
        return Expression(tuple(self._items))

    def _broken(self, mistake: str) -> Expression:
        """What Asterisk has got when it stops."""
        if self._operand:
            nothing = not self._items and not self._stack
            return Expression((Operand("" if nothing else "0", not nothing),), mistake)
        if not self._whole():
            return Expression((Operand("0", True),), mistake)
        return Expression(tuple(self._items), mistake)

    def _whole(self) -> bool:
        """Work out all that is left. False where something is still open."""
        self._reduce(-1)
        return not self._stack

    def _reduce(self, rank: int) -> None:
        """Put down the operators on top that bind at least so strongly."""
        while self._stack and isinstance(top := self._stack[-1], Operator) and _RANK[top] >= rank:
            self._items.append(top)
            self._stack.pop()

    def _begin(self, kind: str, text: str, *, called: bool) -> bool:
        """Take what an operand can begin with."""
        comma, self._comma = self._comma, False
        if called:
            self._stack.append(_Arguments(text))
        elif kind in ("word", "quoted"):
            self._items.append(Operand(text, kind == "word" and _NUMBER.fullmatch(text) is not None))
            self._operand = False
        elif text in _PREFIX:
            self._stack.append(_PREFIX[text])
        elif text == "(":
            self._stack.append(_Open.PARENTHESIS)
        elif comma and text in (",", ")"):
            self._items.append(Operand("", False))
            self._operand = False
            return self._go_on(kind, text)
        else:
            return False
        return True

    def _go_on(self, kind: str, text: str) -> bool:
        """Take what can come after an operand."""
        if kind != "sign" or text in ("!", "("):
            return False
        if text in (")", ","):
            self._reduce(0)
            top = self._stack[-1] if self._stack else None
            if isinstance(top, _Arguments):
                top.arguments += 1
                if text == ")":
                    self._stack.pop()
                    self._items.append(Call(top.name, top.arguments))
                else:
                    self._operand = self._comma = True
                return True
            if top is _Open.PARENTHESIS and text == ")":
                self._stack.pop()
                return True
            return False
        if text == "::":
            self._reduce(_RANK[Operator.CHOOSE])
            if not self._stack or self._stack[-1] is not _Open.CHOICE:
                return False
            self._stack[-1] = Operator.CHOOSE
        elif text == "?":
            self._reduce(_RANK[Operator.CHOOSE])
            self._stack.append(_Open.CHOICE)
        else:
            self._reduce(_RANK[_BINARY[text]])
            self._stack.append(_BINARY[text])
        self._operand = True
        return True


# Working out


def result(text: str, function: Function) -> str | None:
    """What Asterisk puts in the place of `$[text]`; None where that cannot be told."""
    return _result(text, function) if any(isinstance(item, Call) for item in read(text).items) else _plain(text)


@functools.lru_cache(maxsize=8192)
def _plain(text: str) -> str | None:
    """The result of what no function stands in."""
    return _result(text, lambda *_: None)


def _result(text: str, function: Function) -> str | None:
    stack: list[Value] = []
    try:
        for item in read(text).items:
            match item:
                case Operand():
                    stack.append(Text(item.text, item.numeric))
                case Operator():
                    taken = stack[-item.operands :]
                    del stack[-item.operands :]
                    stack.append(applied(item, taken))
                case Call():
                    taken = stack[-item.arguments :]
                    del stack[-item.arguments :]
                    stack.append(called(item.name, taken, function))
    except NotKnown:
        return None
    return written(stack[-1])


def applied(operator: Operator, operands: Sequence[Value]) -> Value:
    """What an operator makes of its operands. Raises `NotKnown` for numbers beyond what binary ones hold."""
    if operator is Operator.CHOOSE:
        chooses, one, other = operands
        return one if _holds(chooses) else other
    if operator is Operator.NOT:
        return Number(Fraction(not _counts(operands[0])))
    if operator is Operator.NEGATE:
        number = _number(operands[0])
        return _ZERO if number is None else _negative(number)
    return _BOTH[operator](*operands)


def called(name: str, arguments: Sequence[Value], function: Function) -> Value:
    """What a function returns within an expression. Raises `NotKnown`."""
    if not re.fullmatch(r"[A-Z0-9_]*", name):
        return _ZERO
    if name in _EXACT and len(arguments) == 1:
        number = _number(arguments[0])
        if number is None:
            raise NotKnown
        found = _EXACT[name](number.value)
        return Number(found, not found and (number.minus or number.value < 0))
    if name in _INEXACT.split() or name in _EXACT:
        raise NotKnown
    returned = function(name, ",".join(written(argument) for argument in arguments))
    if returned is None:
        raise NotKnown
    if all(character in "-0123456789. \t" for character in returned):
        return _converted(returned)
    return looked_at(returned)


def looked_at(made: str) -> Text:
    """A text that came of an operator or a function: a number where all of it is digits and points."""
    return Text(made, re.fullmatch(r"[0-9.]+", made) is not None)


def written(value: Value) -> str:
    """A value as the text that it becomes: of a number the first 18 digits, and of a text all of it, quotes too."""
    match value:
        case Text():
            return value.text
        case Number():
            return _digits(value)


_DIGITS = 18


def _digits(number: Number) -> str:
    """As C prints with `%.18Lg`."""
    sign = "-" if number.value < 0 or number.minus else ""
    value = abs(number.value)
    if not value:
        return f"{sign}0"
    exponent = len(str(value.numerator)) - len(str(value.denominator))
    if value < Fraction(10) ** exponent:
        exponent -= 1
    scaled = round(value * Fraction(10) ** (_DIGITS - 1 - exponent))
    if scaled == 10**_DIGITS:
        exponent += 1
        scaled //= 10
    digits = str(scaled).rstrip("0")
    if exponent < -4 or exponent >= _DIGITS:
        point = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{point}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    rest = digits[exponent + 1 :]
    return f"{sign}{whole}{f'.{rest}' if rest else ''}"


_PRECISION = 64
_GREATEST = Fraction(2) ** 16384
_SMALLEST = Fraction(1, 2**16382)


def rounded(value: Fraction, *, minus: bool = False) -> Number:
    """The binary number nearest to a value; of two, the even one. Raises `NotKnown` for what is too large or small."""
    if not value:
        return Number(value, minus)
    size = abs(value)
    if not _SMALLEST <= size < _GREATEST:
        raise NotKnown
    exponent = size.numerator.bit_length() - size.denominator.bit_length() - _PRECISION
    if size >= Fraction(2) ** (exponent + _PRECISION):
        exponent += 1
    return Number(Fraction(round(value / Fraction(2) ** exponent)) * Fraction(2) ** exponent)


_ZERO = Number(Fraction(0))
_LARGE = Number(Fraction(2**31 - 1))
"""What a division by nothing gives."""


def _negative(number: Number) -> Number:
    return Number(-number.value, not number.value and not number.minus)


def _converted(numeric: str) -> Number:
    """The number with which a text begins, as C takes it."""
    found = re.match(r"[ \t]*(-?)([0-9]+\.?[0-9]*|\.[0-9]+)", numeric)
    if found is None:
        return _ZERO
    return rounded(Fraction(f"{found[1]}{found[2].rstrip('.')}"), minus=bool(found[1]))


def _number(value: Value) -> Number | None:
    """A value as a number, if it is one or looks like one."""
    match value:
        case Number():
            return value
        case Text():
            return _converted(value.text) if value.numeric else None


def _empty(value: Value) -> bool:
    """Whether a value is nothing, or a number that is zero."""
    number = _number(value)
    return number.value == 0 if number is not None else written(value) == ""


def _holds(value: Value) -> bool:
    """Whether a value chooses the first of two."""
    number = _number(value)
    return number.value != 0 if number is not None else written(value) not in ("", '""', "0")


def _counts(value: Value) -> bool:
    """Whether a value counts as true before `!`: a text by the number that begins it, in 32 bits."""
    if isinstance(value, Number):
        return value.value != 0
    found = re.match(r"[ \t-\r]*([+-]?[0-9]+)", value.text)
    return found is not None and max(-(2**63), min(int(found[1]), 2**63 - 1)) % 2**32 != 0


def _or(one: Value, other: Value) -> Value:
    return other if _empty(one) else _number(one) or one


def _and(one: Value, other: Value) -> Value:
    return _ZERO if _empty(one) or _empty(other) else _number(one) or one


def _comparing(holds: Callable[[int], bool]) -> Callable[[Value, Value], Value]:
    """A comparison, of numbers by size, of texts by their bytes: whether it `holds` if the order is -1, 0 or 1."""

    def truth(order: int) -> Number:
        return Number(Fraction(holds(order)))

    def compared(one: Value, other: Value) -> Value:
        first, second = _number(one), _number(other)
        if first is not None and second is not None:
            return truth((first.value > second.value) - (first.value < second.value))
        left, right = (written(value).encode("utf-8", "surrogateescape") for value in (one, other))
        return truth((left > right) - (left < right))

    return compared


def _plus(one: Value, other: Value) -> Value:
    first, second = _number(one), _number(other)
    if first is None or second is None:
        return second or first or _ZERO
    return rounded(first.value + second.value, minus=first.minus and second.minus)


def _minus(one: Value, other: Value) -> Value:
    first, second = _number(one), _number(other)
    if first is None:
        return _ZERO if second is None else _plus(_ZERO, _negative(second))
    return first if second is None else _plus(first, _negative(second))


def _times(one: Value, other: Value) -> Value:
    first, second = _number(one), _number(other)
    if first is None or second is None:
        return _ZERO
    return rounded(first.value * second.value, minus=_below(first) is not _below(second))


def _over(one: Value, other: Value) -> Value:
    first, second = _number(one), _number(other)
    if first is None:
        return _ZERO
    if second is None or not second.value:
        return _LARGE
    return rounded(first.value / second.value, minus=_below(first) is not _below(second))


def _modulo(one: Value, other: Value) -> Value:
    first, second = _number(one), _number(other)
    if first is None or second is None:
        return _ZERO
    if not second.value:
        return second
    rest = abs(first.value) % abs(second.value)
    return Number(-rest if first.value < 0 else rest, not rest and _below(first))


def _below(number: Number) -> bool:
    return number.value < 0 or number.minus


def _unquoted(value: Value) -> str:
    """A text without its quotes, where it begins and ends with one."""
    whole = written(value)
    return whole.replace('"', "") if whole[:1] == whole[-1:] == '"' else whole


def _matching(*, anchored: bool) -> Callable[[Value, Value], Value]:
    def matched(one: Value, other: Value) -> Value:
        pattern = posix.compiled(_unquoted(other))
        if pattern is None:
            return Text("")
        found = pattern.search(_unquoted(one))
        if found is None or (anchored and found.start()):
            return looked_at("") if pattern.groups else _ZERO
        if pattern.groups and found[1] is not None:
            return looked_at(found[1])
        return Number(Fraction(len(found.group().encode("utf-8", "surrogateescape"))))

    return matched


def _join(one: Value, other: Value) -> Value:
    return looked_at(_unquoted(one) + _unquoted(other))


_EXACT: dict[str, Callable[[Fraction], Fraction]] = {
    "ABS": abs,
    "CEIL": lambda value: Fraction(math.ceil(value)),
    "FLOOR": lambda value: Fraction(math.floor(value)),
    "RINT": lambda value: Fraction(round(value)),
    "ROUND": lambda value: Fraction(math.floor(abs(value) + Fraction(1, 2)) * (-1 if value < 0 else 1)),
    "TRUNC": lambda value: Fraction(math.trunc(value)),
}
_INEXACT = "ACOS ASIN ATAN ATAN2 COS EXP EXP10 EXP2 LOG LOG10 LOG2 POW REMAINDER SIN SQRT TAN"
"""Functions of expressions that are not worked out here."""

_BOTH: dict[Operator, Callable[[Value, Value], Value]] = {
    Operator.OR: _or,
    Operator.AND: _and,
    Operator.EQUAL: _comparing(lambda order: order == 0),
    Operator.GREATER: _comparing(lambda order: order > 0),
    Operator.LESS: _comparing(lambda order: order < 0),
    Operator.AT_LEAST: _comparing(lambda order: order >= 0),
    Operator.AT_MOST: _comparing(lambda order: order <= 0),
    Operator.UNEQUAL: _comparing(lambda order: order != 0),
    Operator.PLUS: _plus,
    Operator.MINUS: _minus,
    Operator.TIMES: _times,
    Operator.OVER: _over,
    Operator.MODULO: _modulo,
    Operator.MATCH: _matching(anchored=True),
    Operator.SEARCH: _matching(anchored=False),
    Operator.JOIN: _join,
}
