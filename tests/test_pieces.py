"""Seconds as functions of the instant, held against every single instant."""

import itertools
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from dialc.calendar import union
from dialc.pieces import Piece, before, best, flat, more, within

INSTANTS = range(-40, 60)


@st.composite
def _pieces(draw: st.DrawFn) -> list[Piece]:
    found, at = [], 0
    for _ in range(draw(st.integers(0, 4))):
        start = at + draw(st.integers(0, 3))
        at = start + draw(st.integers(1, 6))
        found.append(Piece(start, at, draw(st.integers(0, 12)), draw(st.booleans())))
    return found


def _values(pieces: list[Piece] | tuple[Piece, ...], *, most: bool) -> Mapping[int, int]:
    """The seconds at each instant, the most or the least where pieces overlap."""
    choose = max if most else min
    all_of_them = {t: [piece.at(t) for piece in pieces if piece.start <= t < piece.end] for t in INSTANTS}
    return {t: choose(seconds) for t, seconds in all_of_them.items() if seconds}


@given(_pieces(), st.integers(0, 5), st.integers(0, 8), st.booleans(), st.booleans())
def test_what_is_seen_from_before_a_stretch_of_time(
    pieces: list[Piece], low: int, more_: int, counted: bool, most: bool
) -> None:
    choose = max if most else min
    now = _values(pieces, most=most)
    expected = {}
    for t in INSTANTS:
        seen = [(d if counted else 0) + now[t + d] for d in range(low, low + more_ + 1) if t + d in now]
        if seen:
            expected[t] = choose(seen)
    found = list(before(pieces, low, low + more_, counted=counted, most=most))
    assert all(piece.start < piece.end for piece in found)
    assert _values(found, most=most) == expected
    assert _values(best(found, most=most), most=most) == expected


@given(_pieces(), _pieces(), st.booleans())
def test_the_best_of_overlapping_pieces_is_in_order_and_disjoint(
    one: list[Piece], other: list[Piece], most: bool
) -> None:
    found = best([*one, *other], most=most)
    assert _values(found, most=most) == _values([*one, *other], most=most)
    for piece, following in itertools.pairwise(found):
        assert piece.end <= following.start
        assert (
            piece.end < following.start
            or piece.falls != following.falls
            or piece.at(following.start) != following.seconds
        )


STRETCHES = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=4)


@given(_pieces(), STRETCHES)
def test_pieces_within_a_set_of_instants(pieces: list[Piece], stretches: list[tuple[int, int]]) -> None:
    instants = union((start, start + length) for start, length in stretches)
    now = _values(pieces, most=True)
    assert _values(list(within(pieces, instants)), most=True) == {t: v for t, v in now.items() if t in instants}
    assert _values(flat(instants, 3), most=True) == {t: 3 for t in INSTANTS if t in instants}
    assert _values(more(pieces, 2), most=True) == {t: v + 2 for t, v in now.items()}
