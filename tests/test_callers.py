"""The classes of callers, held against callers one by one."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from dialc.callers import WITHHELD, Callers, classes, matches

DIGITS = "123"
NUMBERS = [f"+{''.join(digits)}" for length in (1, 2, 3) for digits in itertools.product(DIGITS, repeat=length)]


@st.composite
def _lists(draw: st.DrawFn) -> list[Callers]:
    return [
        Callers(
            f"list{index}",
            frozenset(draw(st.lists(st.sampled_from(NUMBERS), max_size=3))),
            tuple(draw(st.lists(st.sampled_from(NUMBERS), max_size=3, unique=True))),
            draw(st.booleans()),
        )
        for index in range(draw(st.integers(0, 3)))
    ]


@given(_lists())
def test_callers_are_on_one_of_the_sets_of_lists_that_somebody_is_on(lists: list[Callers]) -> None:
    found = classes(lists)
    everybody = [*NUMBERS, *(f"{number}{digit}" for number in NUMBERS for digit in "1239"), "+9", WITHHELD]
    assert set(found) == {frozenset(each.name for each in lists if each.holds(caller)) for caller in everybody}
    for names, caller in found.items():
        assert names == {each.name for each in lists if each.holds(caller)}
        assert caller == WITHHELD or (caller[1:].isdecimal() and caller[1] != "0" and len(caller) <= 16)


PATTERNS = st.lists(st.lists(st.sampled_from(("1", "12", "3", "123")), min_size=1, max_size=3), max_size=3)


@given(_lists(), PATTERNS)
def test_a_caller_of_a_favoured_pattern_stands_for_a_class_that_has_one(
    lists: list[Callers], patterns: list[list[str]]
) -> None:
    found = classes(lists, patterns)
    assert set(found) == set(classes(lists))
    for names, caller in found.items():
        assert names == {each.name for each in lists if each.holds(caller)}
    for number in NUMBERS:
        on = frozenset(each.name for each in lists if each.holds(number))
        assert matches(found[on], patterns) or not matches(number, patterns)


def test_whoever_withholds_a_number_has_one_of_no_pattern() -> None:
    assert matches("+12", [("1", "23")])
    assert not matches("+14", [("1", "23")])
    assert not matches("+123", [("1", "23")])
    assert not matches(WITHHELD, ["abcdefgh"])


def test_no_class_is_left_out_or_empty_where_prefixes_cover_everything() -> None:
    every = Callers("every", prefixes=tuple(f"+{digit}" for digit in range(1, 10)))
    assert set(classes([every])) == {frozenset({"every"}), frozenset()}
    deep = Callers("deep", prefixes=("+4", *(f"+4{digit}" for digit in range(10))))
    other = Callers("other", prefixes=("+4",))
    assert frozenset({"deep", "other"}) in classes([deep, other])
