"""Seconds as a function of the instant, exactly: how long something takes from each instant on.

In: stretches of instants with the seconds that hold in them. Out: `Piece`s, and what they become seen from before a
stretch of time that takes between so many and so many seconds. Whoever waits for the clock (for hours to begin or end)
waits a second less for each second they come later, so that a piece either stays the same or falls by one a second;
both operations keep it so, which makes them exact without a look at single instants.
"""

import bisect
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from dialc.calendar import Instants


class Piece(NamedTuple):
    """For the instants from `start` up to, not including, `end`: seconds, which fall by one a second if it `falls`."""

    start: int
    end: int
    seconds: int
    falls: bool

    def at(self, instant: int) -> int:
        """The seconds at an instant of the piece."""
        return self.seconds - (instant - self.start) if self.falls else self.seconds


Pieces = tuple[Piece, ...]
"""Disjoint pieces in order; at instants between them there is nothing."""


def flat(instants: Instants, seconds: int = 0) -> Pieces:
    """The same seconds at each instant of a set."""
    return tuple(Piece(start, end, seconds, False) for start, end in instants.stretches)


def more(pieces: Iterable[Piece], seconds: int) -> Pieces:
    """The pieces with so many seconds more."""
    return tuple(piece._replace(seconds=piece.seconds + seconds) for piece in pieces) if seconds else tuple(pieces)


def within(pieces: Sequence[Piece], instants: Instants) -> Iterator[Piece]:
    """The pieces, cut down to a set of instants. Both are in order; so is what comes out."""
    stretches = instants.stretches
    i = max(0, bisect.bisect_right(stretches, (pieces[0].start, 1 << 62)) - 1) if pieces else 0
    for piece in pieces:
        while i < len(stretches) and stretches[i][1] <= piece.start:
            i += 1
        j = i
        while j < len(stretches) and stretches[j][0] < piece.end:
            start, end = max(piece.start, stretches[j][0]), min(piece.end, stretches[j][1])
            yield Piece(start, end, piece.at(start), piece.falls)
            j += 1


def before(pieces: Iterable[Piece], low: int, high: int, *, counted: bool, most: bool) -> Iterator[Piece]:
    """The most seconds (or the least) seen from before a stretch of time of `low` to `high` seconds, which count
    themselves if `counted`. What comes out can overlap.
    """
    for start, end, seconds, falls in pieces:
        if falls is counted:  # whenever the stretch is left, it comes to the same
            yield Piece(start - high, end - low, seconds + high if counted else seconds, falls)
        elif counted and most:  # as late as possible; then waiting for its last instant
            yield Piece(start - high, end - high, seconds + high, False)
            yield from _if_any(end - high, end - low, seconds + high - 1, True)
        elif counted:  # waiting for its first instant; then as early as possible
            yield from _if_any(start - high, start - low, seconds + high, True)
            yield Piece(start - low, end - low, seconds + low, False)
        elif most:
            yield from _if_any(start - high, start - low, seconds, False)
            yield Piece(start - low, end - low, seconds, True)
        else:
            yield Piece(start - high, end - high, seconds, True)
            yield from _if_any(end - high, end - low, seconds - (end - 1 - start), False)


def _if_any(start: int, end: int, seconds: int, falls: bool) -> Iterator[Piece]:
    if start < end:
        yield Piece(start, end, seconds, falls)


def best(pieces: Iterable[Piece], *, most: bool) -> Pieces:
    """The most (or the least) of all pieces at each instant, as disjoint pieces in order."""
    begun = sorted(pieces)
    found: list[Piece] = []
    if all(piece.end <= following.start for piece, following in itertools.pairwise(begun)):
        for piece in begun:
            _put(found, piece)
        return tuple(found)
    edges = sorted({edge for piece in begun for edge in (piece.start, piece.end)})
    choose: Callable[[Iterable[int]], int] = max if most else min
    active: list[Piece] = []
    at = 0
    for start, end in itertools.pairwise(edges):
        while at < len(begun) and begun[at].start <= start:
            active.append(begun[at])
            at += 1
        active = [piece for piece in active if piece.end > start]
        if len(active) == 1:
            (only,) = active
            _put(found, Piece(start, end, only.at(start), only.falls))
            continue
        level = [piece.seconds for piece in active if not piece.falls]
        falling = [piece.at(start) for piece in active if piece.falls]
        if not (level and falling):
            if active:
                _put(found, Piece(start, end, choose(level or falling), not level))
            continue
        # The falling one is above the other until they cross.
        flat, falls = choose(level), choose(falling)
        crossing = min(end, max(start, start + falls - flat))
        for first, last, above in ((start, crossing, True), (crossing, end, False)):
            if first < last:
                taken = above is most
                _put(found, Piece(first, last, falls - (first - start) if taken else flat, taken))
    return tuple(found)


def _put(found: list[Piece], piece: Piece) -> None:
    """Append a piece, as a continuation of the last where it is one."""
    if found:
        last = found[-1]
        if last.end == piece.start and last.falls == piece.falls and last.at(piece.start) == piece.seconds:
            found[-1] = last._replace(end=piece.end)
            return
    found.append(piece)
