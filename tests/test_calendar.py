"""Sets of instants: the algebra against Python's sets, the hours against a clock on the wall."""

import datetime
import functools
import operator

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from dialc import call
from dialc.calendar import Calendar, Instants, calendar, named_dates, open_instants, union
from dialc.plan import Condition, DatedException, Hours, Period, Plan, Span
from tests import strategies

edges = st.integers(0, 60)
stretches = st.lists(st.tuples(edges, edges).map(lambda e: (min(e), max(e))), max_size=5)
sets = stretches.map(union)


def seconds(instants: Instants) -> set[int]:
    return {second for start, end in instants.stretches for second in range(start, end)}


@given(sets, sets)
def test_the_algebra_is_that_of_sets(one: Instants, other: Instants) -> None:
    assert seconds(one | other) == seconds(one) | seconds(other)
    assert seconds(one & other) == seconds(one) & seconds(other)
    assert seconds(one - other) == seconds(one) - seconds(other)
    assert seconds(one.outside(5, 50)) == set(range(5, 50)) - seconds(one)
    assert all((second in one) is (second in seconds(one)) for second in range(-1, 62))
    for result in (one | other, one & other, one - other):
        assert result == union(result.stretches), "not in the one form that equal sets share"


@given(sets, st.integers(0, 5), st.integers(0, 5))
def test_later_is_every_instant_within_reach(one: Instants, shortest: int, more: int) -> None:
    expected = {second + delay for second in seconds(one) for delay in range(shortest, shortest + more + 1)}
    assert seconds(one.later(shortest, shortest + more)) == expected


@given(sets, st.integers(1, 9), st.integers(0, 9))
def test_a_set_and_what_lies_later_make_one_set(one: Instants, shortest: int, more: int) -> None:
    later = one.later(shortest, shortest + more)
    assert seconds(one | later) == seconds(one) | seconds(later)


delays = st.tuples(st.integers(0, 40), st.integers(0, 2))


@given(sets, st.lists(st.lists(delays, min_size=1, max_size=12), max_size=3), sets)
def test_what_lies_later_is_worked_out_late_and_comes_to_the_same(
    one: Instants, ways: list[list[tuple[int, int]]], other: Instants
) -> None:
    late, at_once = one, seconds(one)
    for parts in ways:  # ways that part and meet again
        late = functools.reduce(operator.or_, (late.later(first, first + more) for first, more in parts))
        at_once = {
            each + delay for each in at_once for first, more in parts for delay in range(first, first + more + 1)
        }
    assert seconds(late) == at_once
    assert bool(late) is bool(at_once)
    same = union((second, second + 1) for second in at_once)
    assert late == same
    assert hash(late) == hash(same)
    assert seconds(late | other) == at_once | seconds(other)
    assert seconds(late & other) == at_once & seconds(other)
    assert seconds(late - other) == at_once - seconds(other)


@given(strategies.hours(), st.sampled_from(strategies.ZONES), st.integers(0, 90), st.data())
@settings(deadline=None)
def test_hours_are_what_a_clock_on_the_wall_says(hours: Hours, zone: str, plus: int, data: st.DataObject) -> None:
    hours = attrs.evolve(hours, zone=zone)
    days = Calendar(zone, strategies.DAY, strategies.DAY + datetime.timedelta(days=1))
    period = Period(hours, plus)
    opened, closed = (days.when(Condition(period, open=way)) for way in (True, False))
    edges = [edge for stretch in opened.stretches for edge in stretch]
    anywhere = st.integers(days.start, days.end)
    near = st.sampled_from(edges).flatmap(lambda edge: st.integers(edge - 2, edge + 2)) if edges else anywhere
    for instant in data.draw(st.lists(st.one_of(near, anywhere), min_size=5, max_size=20)):
        if instant >= days.start and instant in days.everything:
            assert (instant in opened) is call.is_open(period, instant)
            assert (instant in closed) is not (instant in opened)


def test_a_repeated_hour_counts_twice_and_a_skipped_one_not_at_all() -> None:
    night = Hours("night", "Europe/Warsaw", ((Span(2 * 3600, 3 * 3600),),) * 7)
    lengths = {}
    for date in (datetime.date(2026, 3, 29), datetime.date(2026, 10, 25), datetime.date(2026, 6, 1)):
        day = Calendar("Europe/Warsaw", date, date)
        opened = open_instants(night, day.start, day.end)
        lengths[date.month] = sum(end - start for start, end in opened.stretches)
    assert lengths == {3: 0, 10: 7200, 6: 3600}


def test_a_date_beats_a_range_of_dates_which_beats_the_week() -> None:
    def exception(first: int, last: int, opens: bool, *spans: tuple[int, int]) -> DatedException:
        hours = tuple(Span(start * 3600, end * 3600) for start, end in spans)
        return DatedException(datetime.date(2026, 5, first), datetime.date(2026, 5, last), opens, hours, "")

    office = Hours(
        "office",
        "UTC",
        ((Span(8 * 3600, 16 * 3600),),) * 7,
        (
            exception(4, 8, False),
            exception(6, 6, True, (10, 12), (14, 15)),
            exception(7, 7, False, (8, 9)),
            exception(11, 11, False, (12, 13)),
        ),
    )
    calendar_ = Calendar("UTC", datetime.date(2026, 5, 3), datetime.date(2026, 5, 11))
    found = {
        day: [
            ((start - calendar_.start) // 3600 % 24, (end - calendar_.start) // 3600 % 24)
            for start, end in open_instants(
                office, calendar_.start + (day - 3) * 86400, calendar_.start + (day - 2) * 86400
            ).stretches
        ]
        for day in (3, 5, 6, 7, 9, 11)
    }
    assert found == {
        3: [(8, 16)],
        5: [],
        6: [(10, 12), (14, 15)],
        7: [],
        9: [(8, 16)],
        11: [(8, 12), (13, 16)],
    }


def test_a_plan_without_validity_sees_every_kind_of_year() -> None:
    import calendar as months

    first, last = 2026, 2053
    kinds = {(datetime.date(year, 1, 1).weekday(), months.isleap(year)) for year in range(first, last + 1)}
    assert len(kinds) == 14


@given(strategies.plans())
@settings(max_examples=5, deadline=None)
def test_a_call_begins_within_the_validity(plan: Plan) -> None:
    days = calendar(plan)
    assert days.moment(days.start).isoformat() == "2026-03-28T00:00:00+01:00"
    assert days.moment(days.end).isoformat() == "2026-03-29T00:00:00+01:00"


def test_an_exception_of_several_days_has_a_say_on_each_that_no_higher_rank_takes() -> None:
    first, last = datetime.date(2026, 12, 24), datetime.date(2026, 12, 27)
    hours = Hours("office", "Europe/Warsaw", ((),) * 7, (DatedException(first, last, False, (), "Christmas"),))
    assert named_dates(hours, "Christmas") == tuple(first + datetime.timedelta(days=n) for n in range(4))
    assert named_dates(hours, "Easter") == ()


def test_a_set_of_instants_shows_its_stretches() -> None:
    assert repr(Instants(((1, 5), (7, 8)))) == "Instants(((1, 5), (7, 8)))"
