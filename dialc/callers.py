"""Sets of callers: lists that a plan asks for, and the classes into which they divide all who can call.

In: nothing; `resolve` builds the lists. Out: `Callers`, and `classes`. A caller is a number in E.164, or `withheld`
where there is none that anybody could read. A number never changes while a call lasts, so all that a plan can learn of
a caller is on which of its lists they are: callers on the same lists meet the same, and one stands for all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

WITHHELD = "withheld"
"""The caller of whom no number is known."""

LONGEST = 15
"""Digits of the longest number in E.164."""


@attrs.frozen
class Callers:
    """Callers by `numbers` (E.164), by how their numbers begin (`prefixes`, E.164), and those who withhold theirs."""

    name: str
    numbers: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    withheld: bool = False

    def holds(self, caller: str) -> bool:
        """Whether a caller is one of them."""
        if caller == WITHHELD:
            return self.withheld
        return caller in self.numbers or caller.startswith(self.prefixes)


def classes(lists: Sequence[Callers], favoured: Sequence[Sequence[str]] = ()) -> Mapping[frozenset[str], str]:
    """The lists, by name, that one caller can be on together, each with such a caller: all there are, and no others.

    A caller is on the lists that have their number, and on those that have a prefix of it. Of the latter nothing but
    the longest prefix matters, so one caller for each number, for each prefix and for neither is all there are.

    `favoured` are patterns of numbers, the digits that can stand at each place behind the `+`: the caller is one who
    matches one of them wherever there is such a caller.
    """
    numbers = {number for each in lists for number in each.numbers}
    prefixes = {prefix for each in lists for prefix in each.prefixes}
    found: dict[frozenset[str], str] = {}
    chosen: set[frozenset[str]] = set()
    others = [_beginning(prefix, prefixes, numbers) for prefix in sorted({"+", *prefixes})]
    better = [_beginning(prefix, prefixes, numbers, favoured) for prefix in sorted({"+", *prefixes}) if favoured]
    for caller in (*filter(None, better), *filter(None, others), *sorted(numbers), WITHHELD):
        on = frozenset(each.name for each in lists if each.holds(caller))
        if on not in chosen and matches(caller, favoured):
            chosen.add(on)
            found[on] = caller
        found.setdefault(on, caller)
    return found


def matches(caller: str, patterns: Sequence[Sequence[str]]) -> bool:
    """Whether a caller has a number of one of the patterns; a withheld one never has."""
    digits = caller.removeprefix("+")
    return caller != WITHHELD and any(
        len(pattern) == len(digits) and all(digit in place for digit, place in zip(digits, pattern, strict=True))
        for pattern in patterns
    )


def _beginning(
    prefix: str, prefixes: Iterable[str], numbers: Iterable[str], patterns: Sequence[Sequence[str]] = ()
) -> str:
    """A number that begins so, with no longer prefix, and that is none of the numbers; empty where there is none.

    With patterns it is one that matches one of them.
    """
    longer = {other for other in prefixes if other != prefix and other.startswith(prefix)}
    taken = set(numbers)
    found = _matching(prefix, longer, patterns) if patterns else _numbers(prefix, longer)
    return next((number for number in found if number not in taken), "")


def _numbers(prefix: str, without: Iterable[str]) -> Iterator[str]:
    """The numbers that begin so and with none of the others; those of eleven digits first, where there are any."""
    barred = set(without)
    for length in (11, 12, 13, 14, LONGEST, *range(10, 0, -1)):
        ahead = [prefix]
        while ahead:
            at = ahead.pop()
            if len(at) == length + 1:
                yield at
            elif len(at) <= length:
                digits = "987654321" if at == "+" else "9876543210"
                ahead.extend(longer for digit in digits if (longer := at + digit) not in barred)


def _matching(prefix: str, without: Iterable[str], patterns: Iterable[Sequence[str]]) -> Iterator[str]:
    """The numbers of some patterns that begin so and with none of the others."""
    barred = set(without)
    for pattern in patterns:
        begun = prefix[1:]
        if len(begun) > len(pattern) or any(digit not in place for digit, place in zip(begun, pattern, strict=False)):
            continue
        ahead = [prefix]
        while ahead:
            at = ahead.pop()
            if len(at) == len(pattern) + 1:
                yield at
            else:
                ahead.extend(longer for digit in reversed(pattern[len(at) - 1]) if (longer := at + digit) not in barred)
