"""What the texts of a dialplan come to while a call is under way.

In: a text as it stands in a file, the variables of the call, the instants at which it can be there. Out: the text that
Asterisk makes of it. Three things can be in the way, and each is told by an exception: `Asks`, something outside of the
call has to be known first; `Cases`, it is not the same at all these instants; `CannotTell`.
"""

import datetime
import re
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import attrs

from dialc.calendar import Instants
from dialc.read.asterisk import expressions, functions, moments, posix, times
from dialc.read.asterisk.expressions import Call, Number, Operand, Operator, Text, Value, applied, written
from dialc.read.asterisk.marks import MILLISECONDS, Devices, Elapsed, Gathered, Marks, Meaning, Opaque, Past, Positive
from dialc.read.asterisk.moments import Moment, Shown, Span, Split
from dialc.read.asterisk.sets import Sets
from dialc.read.asterisk.substitution import arguments, replaced


class Asks(Exception):
    """Something outside of the call has to be known first: a function with its argument, as `DB(night/mode)`."""

    def __init__(self, question: str) -> None:
        super().__init__(question)
        self.question = question


class Cases(Exception):
    """It is not the same at all instants: sets of them at each of which it is."""

    def __init__(self, sets: tuple[Instants, ...]) -> None:
        super().__init__()
        self.sets = sets


class CannotTell(Exception):
    """It cannot be told, and why."""


Orders = list[tuple[str, str]]
"""Functions that do something as they are asked, each with its argument."""

LASTING = ("CALLERID", "CALLER")
"""Functions whose answer is the same as long as a call lasts, if it does not change it itself."""

ORDERS = frozenset({"UNLOCK", "DB_DELETE", "LOCK", "CURL"})
"""Functions that do something."""

_OUTSIDE = frozenset(
    {
        *("DB", "DB_EXISTS", "DB_KEYS", "DEVICE_STATE", "EXTENSION_STATE", "IFMODULE", "STAT", "CHANNEL_EXISTS"),
        *("VM_INFO", "PJSIP_DIAL_CONTACTS", "CONNECTEDLINE", "CALLERID", "IMPORT", "GLOBAL", "DIALGROUP", "FILE"),
        *("LOCK", "UNLOCK", "DB_DELETE", "CURL", "CHANNEL", "QUEUE_MEMBER", "HINT", "MAILBOX_EXISTS", "ODBC", "RAND"),
    }
)
"""Functions whose answer comes from outside of the call."""

_SETTINGS = ("CHANNEL", "TIMEOUT", "SHARED", "CURLOPT", "FEATUREMAP", "CDR", "GLOBAL", "CALLERID", "CONNECTEDLINE")
"""Functions that show what they were set to."""

_OWN = {"UNIQUEID": "UNIQUEID", "CHANNEL": "CHANNEL(name)"}


@attrs.define
class View:
    """A call at one place of a dialplan: `variables` by name, settings and answers as the function that tells them.

    What was looked at is put into `read`, except what was `written` before.
    """

    context: str
    extension: str
    priority: int
    variables: Mapping[str, str]
    written: frozenset[str] = frozenset()
    instants: Instants = Instants()
    read: set[str] = attrs.field(factory=set)
    orders: Orders = attrs.field(factory=list)

    def get(self, name: str) -> str | None:
        """A variable."""
        if name not in self.written:
            self.read.add(name)
        return self.variables.get(name)


class Texts:
    """Works texts out; `exists` tells whether a place is in the dialplan, `globals` are its variables."""

    def __init__(self, span: Span, globals: Mapping[str, str | None], exists: Callable[[str, str, str], bool]) -> None:
        self.span = span
        self.marks = Marks()
        self.sets = Sets()
        self._shows: dict[Shown, tuple[tuple[str, Instants], ...]] = {}
        self._timed: dict[str, moments.Result | None] = {}
        self._globals = globals
        self._exists = exists
        self._now = self.marks.of(Moment())

    def replaced(self, text: str, view: View) -> str:
        """The text with everything in it replaced. Raises `Asks`, `Cases`, `CannotTell`."""
        if "$" not in text:
            return text

        def variable(name: str) -> str:
            return self._variable(name, view)

        def function(name: str, written: str) -> str:
            return self._function(name, written, view)

        def computed(expression: str) -> str:
            return self._computed(expression, view)

        found = replaced(text, variable, function, computed, self.marks.part)
        if found is None:
            raise CannotTell(f"what {text} comes to")
        return found

    def _variable(self, name: str, view: View) -> str:
        if name == "EPOCH":
            return self._now
        if name == "EXTEN":
            return view.extension
        if name == "CONTEXT":
            return view.context
        if name == "PRIORITY":
            return str(view.priority)
        value = view.get(name)
        if value is not None:
            return value
        if name in _OWN:
            return self.marks.of(Opaque(_OWN[name], filled=True))
        if name in self._globals:
            known = self._globals[name]
            return self.marks.of(Opaque(name)) if known is None else known
        if name.startswith("AST") and name.endswith("DIR"):
            return self.marks.of(Opaque(name, filled=True))
        if name == "DIALEDPEERNUMBER":
            raise Asks(name)
        return ""

    # Functions

    def _function(self, name: str, written: str, view: View) -> str:
        asked = f"{name}({written})"
        if name in _SETTINGS:
            known = view.get(asked)
            if known is not None:
                return known
            if name == "SHARED":
                return ""
        if name == "STRFTIME":
            return self._shown(written, view)
        if name == "DIALPLAN_EXISTS":
            context, extension, priority, *_ = (*arguments(written), "", "", "")
            return "1" if self._exists(context, extension, priority or "1") else "0"
        if name in _OUTSIDE:
            return self._outside(name, written, asked, view)
        if name == "REGEX":
            return self._regex(written)
        if name in ("URIENCODE", "URIDECODE", "QUOTE"):
            return self._encoded(name, written)
        return self._pure(name, written, view)

    def _outside(self, name: str, written: str, asked: str, view: View) -> str:
        if name == "CALLERID":
            asked = f"CALLERID({written.partition(',')[0]})"
        if name == "CHANNEL" and written in ("name", "uniqueid"):
            known = view.get(f"?{asked}")
            return known if known is not None else self.marks.of(Opaque(f"CHANNEL({written})", filled=True))
        if name == "DB_DELETE":
            asked = f"DB({written})"
        known = view.get(f"?{asked}")
        if known is None:
            raise Asks(asked)
        if name in ORDERS:
            view.orders.append((name, written))
        return known

    def _shown(self, written: str, view: View) -> str:
        at, zone, format_ = (*arguments(written, most=3), "", "", "")[:3]
        if not at or at == self._now:
            meaning: Meaning | None = Moment()
        else:
            found = self.marks.found(at)
            meaning = found[0] if len(found) == 1 and len(at) == 1 else None
            if found and meaning is None:
                raise CannotTell(f"the date of {self.marks.told(at)}")
        match meaning:
            case Moment():
                return self.marks.of(Shown(meaning, zone, format_))
            case None if re.fullmatch(r"[0-9]{1,12}", at):
                return _clock(int(at), zone, format_)
            case None:
                raise CannotTell(f"the date of {at}")
            case _:
                return self.marks.of(Opaque(f"STRFTIME({self.marks.told(at)},{zone},{format_})", filled=True))

    def _regex(self, written: str) -> str:
        parted = re.match(r'"((?:[^"\\]|\\.)*)" ?(.*)', written, re.DOTALL)
        compiled = None if parted is None else posix.compiled(parted[1].replace('\\"', '"'))
        if parted is None or compiled is None or self.marks.found(written):
            raise CannotTell(f"what REGEX({self.marks.told(written)}) is")
        return "1" if compiled.search(parted[2]) else "0"

    def _encoded(self, name: str, written: str) -> str:
        found = self.marks.found(written)
        if found:
            return self.marks.of(Opaque(f"{name}({self.marks.told(written)})"))
        raw = written.encode("utf-8", "surrogateescape")
        if name == "URIDECODE":
            decoded = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), raw)
            return decoded.decode("utf-8", "surrogateescape")
        if name == "QUOTE":
            return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return "".join(chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in raw)

    def _pure(self, name: str, written: str, view: View) -> str:
        """Functions that depend on nothing but texts and variables."""
        marks = self.marks
        if name == "LEN" and marks.found(written):
            if marks.filled(written):
                return marks.of(Positive())
            raise CannotTell(f"how long {marks.told(written)} is")
        if name == "FILTER" and marks.found(written):
            return self._filtered(written)
        if name == "IF" and marks.found(written.partition("?")[0]):
            raise CannotTell(f"whether {marks.told(written)} holds")
        if name in ("CUT", "FIELDQTY"):
            of = self.replaced(f"${{{arguments(written, most=2)[0]}}}", view)
            if any(not isinstance(each, Gathered) for each in marks.found(of)):
                return marks.of(Opaque(f"{name}({marks.told(of)},{written})"))
        elif name != "IF" and marks.found(written):
            return marks.of(Opaque(f"{name}({marks.told(written)})"))
        found = functions.result(
            name, written, lambda each: self._variable(each, view), lambda n, w: self._function(n, w, view)
        )
        if found is None:
            raise CannotTell(f"what {name}({marks.told(written)}) is")
        return found

    def _filtered(self, written: str) -> str:
        """FILTER of what is not known: devices stay so, without some characters."""
        allowed, text = (*arguments(written, most=2, raw=True), "")[:2]
        every = bytes(range(1, 128)).decode()
        kept = functions.result("FILTER", f"{allowed},{every}", lambda _: None, lambda *_: None)
        found = self.marks.found(text)
        if kept is None or self.marks.found(allowed):
            raise CannotTell(f"what FILTER({allowed}) leaves")
        if len(text) == 1 and isinstance(found[0], Devices) and found[0].kept is None:
            return self.marks.of(attrs.evolve(found[0], kept=frozenset(kept.encode())))
        return self.marks.of(Opaque(f"FILTER({self.marks.told(written)})"))

    # Expressions

    def _computed(self, text: str, view: View) -> str:
        found = self.marks.found(text)
        if not found:
            result = expressions.result(text, lambda n, w: self._function(n, w, view))
            if result is None:
                raise CannotTell(f"what $[{text}] comes to")
            return result
        if all(isinstance(each, Moment | Shown) for each in found):
            if text not in self._timed:
                self._timed[text] = moments.worked_out(text, self._of_time(), self.span)
            timed = self._timed[text]
            match timed:
                case str():
                    return timed
                case Moment():
                    return self.marks.of(timed)
                case Split(instants):
                    return self._split(instants, view)
                case None:
                    shown = self._as_shown(text, view)
                    if shown is not None:
                        return self._computed(shown, view)
        return self._joined(text)

    def _of_time(self) -> Mapping[str, Moment | Shown]:
        return _OfTime(self.marks.meanings)

    def _split(self, instants: Instants, view: View) -> str:
        """1 or 0, if it is the same at all instants at which the call can be here."""
        holds = self.sets.both(view.instants, instants)
        if not holds:
            return "0"
        fails = self.sets.without(view.instants, instants)
        if not fails:
            return "1"
        raise Cases((holds, fails))

    def _as_shown(self, text: str, view: View) -> str | None:
        """The text with what the clock shows in place of a mark: of two digits, so that these are few cases."""
        for mark in text:
            meaning = self.marks.meanings.get(mark)
            if isinstance(meaning, Shown) and meaning.format in _FEW:
                sets: list[Instants] = []
                last = ""
                for value, at in self._showing(meaning):
                    here = self.sets.both(view.instants, at)
                    if here:
                        sets.append(here)
                        last = value
                if len(sets) > 1:
                    raise Cases(tuple(sets))
                return text.replace(mark, last) if sets else None
        return None

    def _showing(self, shown: Shown) -> tuple[tuple[str, Instants], ...]:
        """When each text is shown, of a format that shows few."""
        found = self._shows.get(shown)
        if found is None:
            shift = shown.moment.shift
            start, end = self.span.start + shift, self.span.end + shift
            rows: list[tuple[str, Instants]] = []
            for value in _FEW[shown.format]:
                at = times.formatted(shown.zone, shown.format, value.__eq__, start, end)
                if at is not None:
                    rows.append((value, Instants(tuple((a - shift, b - shift) for a, b in at.stretches))))
            found = self._shows[shown] = tuple(rows)
        return found

    def _joined(self, text: str) -> str:
        """An expression in which something is not known."""
        stack: list[Value | Meaning | _Word] = []
        try:
            for item in expressions.read(text).items:
                match item:
                    case Operand():
                        found = self.marks.found(item.text)
                        if not found:
                            stack.append(Text(item.text, item.numeric))
                        else:
                            stack.append(found[0] if len(item.text) == 1 else _Word(item.text))
                    case Operator():
                        taken = stack[-item.operands :]
                        del stack[-item.operands :]
                        known = [each for each in taken if isinstance(each, Number | Text)]
                        stack.append(applied(item, known) if len(known) == len(taken) else self._unknown(item, taken))
                    case Call():
                        raise expressions.NotKnown
        except expressions.NotKnown:
            raise CannotTell(f"what $[{self.marks.told(text)}] comes to") from None
        match stack[-1]:
            case Number() | Text() as value:
                return written(value)
            case _Word():
                raise CannotTell(f"what $[{self.marks.told(text)}] comes to")
            case meaning:
                return self.marks.of(meaning)

    def _unknown(self, operator: Operator, taken: "list[Value | Meaning | _Word]") -> Value | Meaning:
        one, other = (*taken, Text(""))[:2]
        if operator is Operator.MINUS:
            match one, other:
                case Moment(0), Past(fine=False, shift=0):
                    return Elapsed(other)
                case Shown(Moment(0), _, format_), Past(fine=True, shift=0, ago=int(ago)) if format_ == MILLISECONDS:
                    return Number(Fraction(ago))
                case Moment(), Moment():
                    return Number(Fraction(one.shift - other.shift))
                case _:
                    raise expressions.NotKnown
        if isinstance(one, _Word | Text) and isinstance(other, _Word | Text):
            same = self.marks.can_be(one.text, other.text)
            if same is not None and operator in (Operator.EQUAL, Operator.UNEQUAL):
                return Number(Fraction(same is (operator is Operator.EQUAL)))
        if operator in _ORDERS and isinstance(one, Positive) and isinstance(other, Text) and other.numeric:
            least = applied(operator, [Text("1", numeric=True), other])
            most = applied(operator, [Text("999999999", numeric=True), other])
            if least == most:
                return least
        if operator in (Operator.AND, Operator.OR):
            for each in taken:
                if isinstance(each, Number | Text) and written(applied(Operator.OR, [each, Text("0", numeric=True)])):
                    truth = written(applied(Operator.AND, [each, Text("1", numeric=True)])) != "0"
                    if truth is (operator is Operator.OR) and each is one:
                        return each
                    if not truth and operator is Operator.AND:
                        return Number(Fraction(0))
        raise expressions.NotKnown


_ORDERS = (
    *(Operator.EQUAL, Operator.UNEQUAL, Operator.LESS, Operator.AT_MOST),
    *(Operator.GREATER, Operator.AT_LEAST),
)
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
_FEW = {
    "%H": tuple(f"{hour:02}" for hour in range(24)),
    "%M": tuple(f"{minute:02}" for minute in range(60)),
    "%S": tuple(f"{second:02}" for second in range(60)),
    "%u": tuple("1234567"),
    "%w": tuple("0123456"),
    "%d": tuple(f"{day:02}" for day in range(1, 32)),
    "%m": tuple(f"{month:02}" for month in range(1, 13)),
}
"""What these formats can show."""


@attrs.frozen
class _Word:
    """A text in which something is not known."""

    text: str


class _OfTime(Mapping[str, Moment | Shown]):
    """Those of the marks that stand for the time."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self._meanings = meanings

    def __getitem__(self, mark: str) -> Moment | Shown:
        meaning = self._meanings[mark]
        if isinstance(meaning, Moment | Shown):
            return meaning
        raise KeyError(mark)

    def __iter__(self) -> Iterator[str]:
        return iter(self._meanings)

    def __len__(self) -> int:
        return len(self._meanings)


def _clock(at: int, zone: str, format_: str) -> str:
    """What STRFTIME shows of an instant."""
    try:
        known: datetime.tzinfo = zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = datetime.UTC
    if format_ == MILLISECONDS:
        return f"{at}000"
    return datetime.datetime.fromtimestamp(at, known).strftime(format_)
