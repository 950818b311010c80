"""Digits that callers enter: declared sets of numbers, check digits, and what an entry is taken for.

In: nothing. Out: `Digits` and `Check`, by which a collect accepts an entry, and `taken_first`, which knows whether one
of several gets any entry of some length at all. Pure arithmetic on texts of the digits 0 to 9: an entry is never a
number to compute with, and `007` is not `7`.
"""

import enum
import itertools
from collections.abc import Sequence

import attrs

from dialc.source import NOWHERE, Place


class Check(enum.Enum):
    """A rule that digits keep if nobody has mistyped them."""

    LUHN = "luhn"
    """Every second digit from the last but one is doubled, less 9 if that makes two digits; the sum ends in 0 (payment
    cards, ISO/IEC 7812-1)."""

    MOD11 = "mod11"
    """The digits times 1, 2, 3 and so on from the last one add up to a multiple of 11 (ISBN-10, NHS numbers, Dutch
    account numbers)."""

    MOD97 = "mod97"
    """The number leaves 1 when divided by 97 (ISO/IEC 7064, MOD 97-10)."""

    def passes(self, entry: str) -> bool:
        """Whether digits keep the rule."""
        digits = [int(digit) for digit in reversed(entry)]
        match self:
            case Check.LUHN:
                doubled = (2 * digit - 9 * (digit > 4) for digit in digits[1::2])
                return (sum(digits[::2]) + sum(doubled)) % 10 == 0
            case Check.MOD11:
                return sum(weight * digit for weight, digit in enumerate(digits, 1)) % 11 == 0
            case Check.MOD97:
                return int(entry) % 97 == 1


@attrs.frozen
class Digits:
    """A declared set of numbers that callers can enter."""

    name: str
    members: frozenset[str]
    place: Place = attrs.field(default=NOWHERE, kw_only=True, eq=False, repr=False)


Accepted = Digits | Check | None
"""What an entry has to be: in a set, with a check digit that is right, or None for any."""


def takes(accepted: Accepted, entry: str) -> bool:
    """Whether digits are what is accepted."""
    match accepted:
        case Digits():
            return entry in accepted.members
        case Check():
            return accepted.passes(entry)
        case None:
            return True


def named(accepted: Accepted) -> str:
    """What is accepted, in the word of the language."""
    match accepted:
        case Digits():
            return accepted.name
        case Check():
            return accepted.value
        case None:
            return "any"


def taken_first(accepted: Accepted, before: Sequence[Accepted], length: int) -> str | None:
    """The least entry of so many digits that is accepted and none of those before takes; None if there is none."""
    if None in before or accepted in before:
        return None
    if isinstance(accepted, Digits):
        fitting = (member for member in accepted.members if len(member) == length)
        return min((entry for entry in fitting if not any(takes(other, entry) for other in before)), default=None)
    # Few are left out by sets, which are finite, and by other checks: the first that is not is soon there.
    for entry in map("".join, itertools.product("0123456789", repeat=length)):
        if takes(accepted, entry) and not any(takes(other, entry) for other in before):
            return entry
    return None
