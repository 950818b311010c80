"""Sets of called numbers, held against sets of texts."""

from hypothesis import given
from hypothesis import strategies as st

from dialc.called import Numbers, overlapping, ruled, ruler


@st.composite
def _sets(draw: st.DrawFn) -> Numbers:
    """Some of the numbers +480 to +499."""
    edges = sorted(draw(st.lists(st.integers(480, 500), max_size=6, unique=True)))
    return Numbers(tuple((first, last - 1) for first, last in zip(edges[::2], edges[1::2], strict=False)))


@given(_sets(), _sets())
def test_a_set_is_its_numbers(one: Numbers, other: Numbers) -> None:
    assert list(one) == sorted(one)
    assert one.size == len(set(one))
    assert bool(one) is bool(set(one))
    assert one.first == next(iter(one), "")
    assert set(one & other) == set(one) & set(other)
    assert [one.index(number) for number in one] == list(range(one.size))
    assert all((f"+{n}" in one) is (f"+{n}" in set(one)) for n in range(470, 510))


@given(st.lists(_sets(), max_size=5))
def test_a_number_belongs_to_the_smallest_set_that_has_it(sets: list[Numbers]) -> None:
    ruling = ruled(sets)
    assert [row[0] for row in ruling] == sorted(row[0] for row in ruling)
    for number in (f"+{n}" for n in range(470, 510)):
        smallest = (
            min((s.size, index) for index, s in enumerate(sets) if number in s)
            if any(number in s for s in sets)
            else (0, None)
        )
        assert ruler(ruling, number) == smallest[1]
    shared = {(i, j) for j in range(len(sets)) for i in range(j) if set(sets[i]) & set(sets[j])}
    assert set(overlapping(sets)) == shared


def test_texts_that_are_no_numbers_belong_to_no_set() -> None:
    numbers = Numbers.between("+480", "+489")
    for text in ("", "+", "480", "+48O", "+48 0", "+480\n", "+٤٨٠", "+" + "4" * 5000, "-480"):
        assert text not in numbers
        assert ruler(ruled([numbers]), text) is None


def test_numbers_are_told_as_people_write_them() -> None:
    assert str(Numbers.one("+48221234567")) == "+48221234567"
    assert str(Numbers.between("+48221234500", "+48221234549")) == "+48221234500 to +48221234549"
