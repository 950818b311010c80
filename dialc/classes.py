"""Classes of telephone numbers, such as `PL mobile`: whether a number is of one, and all of one as patterns of digits.

In: a country and a kind. Out: the verdict of the phonenumbers library on a number in E.164, and patterns, a set of
digits for each place of a number, that between them match what the library says is of the class and nothing else.

The library describes each kind of number of a country by a regular expression over digits, of alternatives and counted
repetitions only, so that the numbers of a class are finitely many. All expressions of the country are walked together,
digit by digit, and what can follow is drawn together from the last digit to the first.
"""

import enum
import functools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from phonenumbers import PhoneMetadata


class Kind(enum.Enum):
    """A kind of number that costs what an ordinary call costs."""

    FIXED = "fixed"
    MOBILE = "mobile"
    VOIP = "voip"


COSTLY = {
    "corporate": "a number of one company for many places can cost more than others",
    "freephone": "nobody calls from a number that is free to call",
    "pager": "nobody answers a pager",
    "personal": "a personal number can cost whatever its owner likes",
    "premium": "a premium number bills whoever calls it",
    "shared": "a shared-cost number bills whoever calls it",
    "shared-cost": "a shared-cost number bills whoever calls it",
    "shared_cost": "a shared-cost number bills whoever calls it",
    "toll-free": "nobody calls from a number that is free to call",
    "uan": "a number of one company for many places can cost more than others",
    "voicemail": "nobody answers a mailbox",
}
"""Kinds of number that nobody is called back at, as they are written, and why."""


@attrs.frozen
class NumberClass:
    """The numbers of a kind in a country (ISO 3166, two letters).

    Where a country does not tell mobile numbers from fixed ones, its numbers are of both kinds.
    """

    country: str
    kind: Kind

    def __str__(self) -> str:
        return f"{self.country} {self.kind.value}"


Pattern = tuple[str, ...]
"""For each place of a national number, the digits that can stand there, in order."""


def admitted(number: str, classes: Iterable[NumberClass]) -> bool:
    """Whether a number, E.164, is of one of the classes, by the verdict of the library."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return False
    if phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) != number:
        return False  # the library overlooks what people write before a number, and no PBX may
    country, kind = phonenumbers.region_code_for_number(parsed), phonenumbers.number_type(parsed)
    either = phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE
    types = {
        Kind.FIXED: (phonenumbers.PhoneNumberType.FIXED_LINE, either),
        Kind.MOBILE: (phonenumbers.PhoneNumberType.MOBILE, either),
        Kind.VOIP: (phonenumbers.PhoneNumberType.VOIP,),
    }
    return any(each.country == country and kind in types[each.kind] for each in classes)


def code(country: str) -> str:
    """The country code of a country, such as `48`."""
    import phonenumbers

    return str(phonenumbers.country_code_for_region(country))


def in_full(classes: Iterable[NumberClass]) -> tuple[Pattern, ...]:
    """Patterns of all numbers of some classes, of the digits behind the `+`."""
    return tuple((*code(each.country), *pattern) for each in classes for pattern in patterns(each))


# Expressions as machines. A state is a number; a machine is in several at once.

_DIGITS = "0123456789"

_LONGEST = 17
"""Digits of a national number at most."""


@attrs.frozen
class _Machine:
    """Where a digit leads from a state, and where one can go on without any."""

    by_digit: dict[int, list[tuple[str, int]]] = attrs.field(factory=dict)
    at_once: dict[int, list[int]] = attrs.field(factory=dict)

    def state(self) -> int:
        """A new state."""
        number = len(self.by_digit)
        self.by_digit[number] = []
        self.at_once[number] = []
        return number

    def read(self, expression: str, start: int) -> int:
        """Make the states of an expression, from `start`; the one in which all of it has been seen."""
        return self._alternatives(expression, 0, start)[0]

    def _alternatives(self, text: str, at: int, start: int) -> tuple[int, int]:
        """Alternatives up to the end, or to the parenthesis that closes them: their last state and where they stop."""
        end = self.state()
        while True:
            state = start
            while at < len(text) and text[at] not in "|)":
                state, at = self._repeated(text, at, state)
            self.at_once[state].append(end)
            if text[at : at + 1] != "|":
                return end, at
            at += 1

    def _repeated(self, text: str, at: int, state: int) -> tuple[int, int]:
        """A digit, a set or a group, as often as is written behind it."""
        following, after = self._one(text, at, state)
        least, most = 1, 1
        if text.startswith("?", after):
            least, after = 0, after + 1
        elif text.startswith("{", after):
            closing = text.index("}", after)
            least, *upper = map(int, text[after + 1 : closing].split(","))
            most, after = (upper or [least])[0], closing + 1
        passed = [state, following]
        while len(passed) <= most:
            passed.append(self._one(text, at, passed[-1])[0])
        for early in passed[least:-1]:
            self.at_once[early].append(passed[-1])
        return passed[-1], after

    def _one(self, text: str, at: int, state: int) -> tuple[int, int]:
        """A digit, a set of digits or a group."""
        if text.startswith("(?:", at):
            end, closing = self._alternatives(text, at + 3, state)
            return end, closing + 1
        if text.startswith("[", at):
            closing = text.index("]", at)
            digits, after = _set(text[at + 1 : closing]), closing + 1
        elif text.startswith("\\d", at):
            digits, after = _DIGITS, at + 2
        else:
            digits, after = text[at], at + 1
        if not digits or not set(digits) <= set(_DIGITS):
            raise ValueError(f"an expression over more than digits: {text}")
        end = self.state()
        self.by_digit[state].append((digits, end))
        return end, after

    def among(self, states: Iterable[int]) -> frozenset[int]:
        """States, and those that one gets to from them without a digit."""
        found: set[int] = set()
        ahead = list(states)
        while ahead:
            state = ahead.pop()
            if state not in found:
                found.add(state)
                ahead += self.at_once[state]
        return frozenset(found)

    def after(self, states: frozenset[int], digit: str) -> frozenset[int]:
        """The states behind a digit."""
        return self.among(end for state in states for digits, end in self.by_digit[state] if digit in digits)


def _set(written: str) -> str:
    """The digits of a set, such as `02-5`."""
    found, at = "", 0
    while at < len(written):
        if written.startswith("\\d", at):
            return _DIGITS
        last = written[at + 2] if written[at + 1 : at + 2] == "-" else written[at]
        found += _DIGITS[_DIGITS.index(written[at]) : _DIGITS.index(last) + 1]
        at += 3 if written[at + 1 : at + 2] == "-" else 1
    return found


# What a country's expressions say of a number

_BEFORE = (
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)
"""The kinds that the library asks for first, in its order: a number that could be of several is of the first."""


@attrs.frozen
class _Region:
    """A country among those that share a country code: the states in which its expressions have been seen.

    `leading` is the state for countries that are told by the first digits alone; `described` are the others by name,
    with the lengths that a number of that kind can have, none for any.
    """

    name: str
    leading: int | None
    described: Mapping[str, tuple[int, frozenset[int]]]
    mobile_is_fixed: bool

    def kinds(self, states: frozenset[int], length: int) -> tuple[Kind, ...] | None:
        """The kinds of a number of so many digits that leads to `states`; None if it is no number here."""

        def is_a(name: str) -> bool:
            end, lengths = self.described.get(name, (-1, frozenset()))
            return end in states and (not lengths or length in lengths)

        if not is_a("general_desc"):
            return None
        first = next((name for name in _BEFORE if is_a(name)), "")
        if first:
            return (Kind.VOIP,) if first == "voip" else ()
        if is_a("fixed_line"):
            return (Kind.FIXED, Kind.MOBILE) if self.mobile_is_fixed or is_a("mobile") else (Kind.FIXED,)
        return (Kind.MOBILE,) if not self.mobile_is_fixed and is_a("mobile") else None


def _regions(country: str, machine: _Machine, starts: list[int]) -> tuple[_Region, ...]:
    """The countries that the library asks for a number of this country's code, up to this one."""
    import phonenumbers

    found = []
    sharing = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[phonenumbers.country_code_for_region(country)]
    for name in sharing[: sharing.index(country) + 1]:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(name, None)
        if metadata is not None:
            found.append(_region(name, metadata, machine, starts, described=name == country))
    return tuple(found)


def _region(name: str, metadata: "PhoneMetadata", machine: _Machine, starts: list[int], *, described: bool) -> _Region:
    def read(expression: str) -> int:
        starts.append(machine.state())
        return machine.read(expression, starts[-1])

    leading = None
    if metadata.leading_digits is not None:
        leading = read(metadata.leading_digits)
        machine.by_digit[leading].append((_DIGITS, leading))
    names = ("general_desc", *_BEFORE, "fixed_line", "mobile") if described or leading is None else ()
    descriptions = ((kind, getattr(metadata, kind)) for kind in names)
    return _Region(
        name,
        leading,
        {
            kind: (read(description.national_number_pattern), frozenset(description.possible_length))
            for kind, description in descriptions
            if description is not None and description.national_number_pattern is not None
        },
        metadata.same_mobile_and_fixed_line_pattern,
    )


def _kinds(regions: tuple[_Region, ...], states: frozenset[int], length: int) -> tuple[Kind, ...]:
    """The kinds of a number in the last of the regions; none for one of a region before it."""
    for region in regions[:-1]:
        taken = region.kinds(states, length) is not None if region.leading is None else region.leading in states
        if taken:
            return ()
    if regions[-1].leading is not None and regions[-1].leading not in states:
        return ()
    return regions[-1].kinds(states, length) or ()


# Numbers to patterns


@functools.cache
def patterns(each: NumberClass) -> tuple[Pattern, ...]:
    """Patterns of national numbers, no two of which match the same, that between them match all numbers of a class."""
    machine, starts = _Machine(), list[int]()
    regions = _regions(each.country, machine, starts)
    begin = machine.among(starts)
    layers: list[dict[frozenset[int], list[frozenset[int]]]] = [{begin: []}]
    for _ in range(_LONGEST):
        following: dict[frozenset[int], list[frozenset[int]]] = {}
        for states, ways in layers[-1].items():
            ways.extend(machine.after(states, digit) for digit in _DIGITS)
            following |= {way: [] for way in ways if way}
        layers.append(following)
    # What can follow, from the last digit to the first: the same for many, so that each is kept once and has a number.
    known: dict[tuple[bool, tuple[tuple[int, str], ...]], int] = {}
    behind: dict[frozenset[int], int] = {}
    for length, layer in reversed(list(enumerate(layers))):
        numbered: dict[frozenset[int], int] = {}
        for states, ways in layer.items():
            digits: dict[int, str] = {}
            for digit, way in zip(_DIGITS, ways, strict=False):  # the last layer has no ways
                if way in behind:
                    digits[behind[way]] = digits.get(behind[way], "") + digit
            ends = each.kind in _kinds(regions, states, length)
            if ends or digits:
                numbered[states] = known.setdefault((ends, tuple(digits.items())), len(known))
        behind = numbered
    if begin not in behind:
        return ()
    rows = list(known)
    found: list[Pattern] = []
    ahead: list[tuple[Pattern, int]] = [((), behind[begin])]
    while ahead:
        pattern, number = ahead.pop()
        ends, onward = rows[number]
        if ends:
            found.append(pattern)
        ahead += [((*pattern, digits), to) for to, digits in reversed(onward)]
    return tuple(found)
