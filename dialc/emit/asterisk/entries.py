"""Called numbers as a trunk delivers them: the extensions and patterns by which a call enters a plan.

In: a set of numbers and a site. Out: `Entry`s, which between them match what the trunks of the site can deliver for
these numbers and nothing else, so that Asterisk's order of patterns never matters. A trunk's forms are asked for every
single number and only then drawn together, since a country may write some numbers of a range otherwise than the rest.
"""

from collections.abc import Callable, Iterable, Iterator

import attrs

from dialc import numbers
from dialc.called import Numbers
from dialc.site import Site


@attrs.frozen
class Entry:
    """An extension of the entry context.

    It matches all texts from `first` to `last`, which are of one length; `pattern` is how Asterisk writes that;
    `number` is the number that was called then, which for a range takes its last digits from those that came.
    """

    first: str
    last: str
    pattern: str
    number: str


def forms(number: str, site: Site) -> tuple[str, ...]:
    """The digits in which a trunk of the site can deliver a called number, each once, in the order of the trunks.

    A trunk delivers national digits for numbers of its own country only; others come in its other forms.
    """
    delivered = dict.fromkeys(
        form
        for trunk in site.trunks
        for form in trunk.delivers
        if form is not numbers.Form.NATIONAL or not trunk.country or numbers.is_of(number, trunk.country)
    )
    return tuple(dict.fromkeys(written for form in delivered for written in numbers.written_as(number, form)))


def entries(called: Numbers, site: Site) -> tuple[Entry, ...]:
    """The extensions by which calls to these numbers come in, in every form in which a trunk delivers them."""
    return tuple(_entries(called, lambda number: forms(number, site)))


def patterns(called: Numbers) -> tuple[Entry, ...]:
    """The extensions that match these numbers in E.164."""
    return tuple(_entries(called, lambda number: (number,)))


def _entries(called: Numbers, written: Callable[[str], tuple[str, ...]]) -> Iterator[Entry]:
    ahead = list(reversed([block for first, last in called.stretches for block in _blocks(first, last)]))
    while ahead:
        block = ahead.pop()
        first, last = block
        ways = [written(f"+{number}") for number in range(first, last + 1)]
        if first == last:
            yield from (Entry(way, way, way, f"+{first}") for way in ways[0])
        elif len({_heads(way, number, block) for number, way in enumerate(ways, first)}) == 1:
            yield from (_drawn(one, other, block) for one, other in zip(ways[0], ways[-1], strict=True))
        else:
            ahead += reversed(list(_divided(first, last)))


def _blocks(first: int, last: int) -> Iterator[tuple[int, int]]:
    """A range in parts of which each is one pattern: one digit from a to b, and behind it any digits."""
    while first <= last:
        one = 1
        while first % (10 * one) == 0 and first + 10 * one - 1 <= last:
            one *= 10
        more = min(9 - first // one % 10, (last - first + 1) // one - 1)
        yield first, first + (more + 1) * one - 1
        first += (more + 1) * one


def _divided(first: int, last: int) -> Iterator[tuple[int, int]]:
    """A part of a range in parts of which each is one pattern of fewer numbers."""
    one = _unit(first, last)
    if last - first + 1 == one:
        one //= 10
    return ((start, start + one - 1) for start in range(first, last + 1, one))


def _unit(first: int, last: int) -> int:
    """How many numbers of a part have the same digits up to and including the last one that is not any."""
    one = 1
    while last - first + 1 >= 10 * one and first % (10 * one) == 0:
        one *= 10
    return one


def _open(block: tuple[int, int]) -> int:
    """How many digits at the end of the numbers of a part differ."""
    first, last = map(str, block)
    return next((len(first) - at for at in range(len(first)) if first[at] != last[at]), 0)


def _heads(written: tuple[str, ...], number: int, block: tuple[int, int]) -> tuple[str, ...]:
    """What stands in each form before the digits that differ; the whole of one that does not end with them."""
    end = str(number)[-_open(block) :]
    return tuple(each.removesuffix(end) for each in written)


def _drawn(first: str, last: str, block: tuple[int, int]) -> Entry:
    """The texts from one to another as one pattern."""
    digits = _open(block)
    head, one, other = first[:-digits], first[-digits], last[-digits]
    choice = "X" if (one, other) == ("0", "9") else f"[{one}-{other}]"
    came = f"${{FILTER(0-9,${{EXTEN}}):{len(head.removeprefix('+'))}}}"  # without dashes, which Asterisk overlooks
    number = f"+{str(block[0])[:-digits]}{came}"
    return Entry(first, last, f"_{head}{choice}{'X' * (digits - 1)}", number)


def clashes(found: Iterable[tuple[int, Entry]]) -> Iterator[tuple[int, int, str]]:
    """The first text for each two owners of entries that an entry of either matches, unless it is one number for both.

    In: entries, each with its owner.
    """
    by_shape: dict[tuple[bool, int], list[tuple[int, int, int, Entry]]] = {}
    for owner, entry in found:
        bare = entry.first.removeprefix("+")
        shape = (bare != entry.first, len(bare))
        row = (int(bare), int(entry.last.removeprefix("+")), owner, entry)
        by_shape.setdefault(shape, []).append(row)
    told: set[tuple[int, int]] = set()
    for (plus, length), rows in by_shape.items():
        active: list[tuple[int, int, Entry]] = []
        for first, last, owner, entry in sorted(rows, key=lambda row: row[:3]):
            active = [row for row in active if row[0] >= first]
            for _, other, before in active:
                pair = (min(owner, other), max(owner, other))
                if pair not in told and (owner != other or entry.number != before.number):
                    told.add(pair)
                    yield (*pair, f"{'+' if plus else ''}{first:0{length}}")
            active.append((last, owner, entry))
