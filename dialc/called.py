"""Sets of called numbers: what a line stands for, and which of several lines a call comes in on.

In: nothing; `resolve` builds them. Out: `Numbers`, a set of numbers in full that can be compared, cut and counted;
`Short` and `Rest`, numbers as trunks deliver them; and `ruled`, which gives each number to the most specific set. An
E.164 number begins with no 0, so that without its `+` it is an integer, and a range of numbers is a range of integers;
a set of a million costs no more than one.
"""

import bisect
import heapq
from collections.abc import Iterator, Sequence

import attrs


def number(digits: int) -> str:
    """The integer of a number, in E.164."""
    return f"+{digits}"


def digits(number: str) -> int:
    """A number in E.164, as an integer; -1 for any other text."""
    bare = number.removeprefix("+")
    return int(bare) if bare != number and bare.isascii() and bare.isdigit() and len(bare) <= 15 else -1


@attrs.frozen
class Numbers:
    """Numbers in full. `stretches` are pairs of integers, both ends included, in order, with gaps between them."""

    stretches: tuple[tuple[int, int], ...] = ()

    @classmethod
    def one(cls, number: str) -> "Numbers":
        """A single number, E.164."""
        return cls.between(number, number)

    @classmethod
    def between(cls, first: str, last: str) -> "Numbers":
        """All numbers from one to another of as many digits, both E.164 and included."""
        return cls(((digits(first), digits(last)),))

    @property
    def first(self) -> str:
        """The first of them, E.164; empty where there is none."""
        return number(self.stretches[0][0]) if self.stretches else ""

    @property
    def size(self) -> int:
        """How many there are."""
        return sum(last - first + 1 for first, last in self.stretches)

    def __str__(self) -> str:
        """As people write them: `+48221234500 to +48221234549`."""
        if self.size < 2:
            return self.first
        both = f"{self.first} to {number(self.stretches[-1][1])}"
        return both if len(self.stretches) == 1 else f"{self.size} numbers from {both}"

    def __bool__(self) -> bool:
        return bool(self.stretches)

    def __iter__(self) -> Iterator[str]:
        return (number(each) for first, last in self.stretches for each in range(first, last + 1))

    def __contains__(self, number: str) -> bool:
        return self.index(number) is not None

    def index(self, number: str) -> int | None:
        """How many of them come before a number that is one of them; None for any other text."""
        at, before = digits(number), 0
        for first, last in self.stretches:
            if first <= at <= last:
                return before + at - first
            before += last - first + 1
        return None

    def __and__(self, other: "Numbers") -> "Numbers":
        found = []
        mine, others = iter(self.stretches), iter(other.stretches)
        one, two = next(mine, None), next(others, None)
        while one and two:
            first, last = max(one[0], two[0]), min(one[1], two[1])
            if first <= last:
                found.append((first, last))
            if one[1] < two[1]:
                one = next(mine, None)
            else:
                two = next(others, None)
        return Numbers(tuple(found))


@attrs.frozen
class Short:
    """A short number, in the digits in which every trunk delivers it."""

    first: str

    @property
    def size(self) -> int:
        """How many numbers it is."""
        return 1

    def __str__(self) -> str:
        return self.first

    def __iter__(self) -> Iterator[str]:
        return iter((self.first,))

    def index(self, number: str) -> int | None:
        """0 for this number; None for any other text."""
        return 0 if number == self.first else None


@attrs.frozen
class Rest:
    """Whatever else a trunk delivers; `default` stands for any of it."""

    @property
    def first(self) -> str:
        """A word that is no number and reaches this line as any number would that no other line has."""
        return "default"

    @property
    def size(self) -> int:
        """Nobody knows how many numbers it is; 0."""
        return 0

    def __str__(self) -> str:
        return "default"

    def __iter__(self) -> Iterator[str]:
        return iter((self.first,))

    def index(self, _: str) -> int | None:
        """None: its numbers stand in no order."""
        return None


Called = Numbers | Short | Rest


def ruled(sets: Sequence[Numbers]) -> tuple[tuple[int, int, int], ...]:
    """Who has which number: stretches of integers (first, last) and the index of the set that they belong to.

    A number belongs to the smallest set that has it; of two of one size, to the first.
    """
    begin = sorted((first, s.size, index, last) for index, s in enumerate(sets) for first, last in s.stretches)
    edges = sorted({edge for first, _, _, last in begin for edge in (first, last + 1)})
    found: list[tuple[int, int, int]] = []
    active: list[tuple[int, int, int]] = []
    at = 0
    for position, edge in enumerate(edges):
        while at < len(begin) and begin[at][0] == edge:
            _, size, index, last = begin[at]
            heapq.heappush(active, (size, index, last))
            at += 1
        while active and active[0][2] < edge:
            heapq.heappop(active)
        if not active:
            continue
        index, last = active[0][1], edges[position + 1] - 1
        if found and found[-1][2] == index and found[-1][1] == edge - 1:
            found[-1] = (found[-1][0], last, index)
        else:
            found.append((edge, last, index))
    return tuple(found)


def ruler(ruling: Sequence[tuple[int, int, int]], number: str) -> int | None:
    """The index of the set that a number belongs to, of those that `ruled` was given; None if it belongs to none."""
    at = digits(number)
    place = bisect.bisect_right(ruling, at, key=lambda row: row[0]) - 1
    return ruling[place][2] if place >= 0 and at <= ruling[place][1] else None


def overlapping(sets: Sequence[Numbers]) -> Iterator[tuple[int, int]]:
    """The pairs of sets, by index and the earlier first, that have a number in common."""
    begin = sorted((first, last, index) for index, s in enumerate(sets) for first, last in s.stretches)
    told: set[tuple[int, int]] = set()
    active: list[tuple[int, int]] = []
    for first, last, index in begin:
        active = [(end, other) for end, other in active if end >= first]
        for _, other in active:
            pair = (min(index, other), max(index, other))
            if pair not in told:
                told.add(pair)
                yield pair
        active.append((last, index))
