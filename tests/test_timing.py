"""What taking an exit does to instants, second by second: hours that it needs, and hours for which it waits."""

import datetime
from collections.abc import Iterator

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from dialc.calendar import Calendar, Instants, union
from dialc.pieces import Piece, within
from dialc.plan import Condition, Hours, Period, Span, Stay
from dialc.reach.timing import Timing
from tests.test_verify import SLOW

DAY = datetime.date(2026, 5, 4)
CALENDAR = Calendar("UTC", DAY, DAY)
MIDNIGHT = CALENDAR.start
SECONDS = range(-10, 60)
"""The seconds that are looked at, since midnight; before it, everything is closed."""


def instants(stretches: list[tuple[int, int]]) -> Instants:
    return union((MIDNIGHT + start, MIDNIGHT + start + lasts) for start, lasts in stretches)


def stretches(most: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    return st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=most)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    spans = [(s - MIDNIGHT, e - MIDNIGHT) for s, e in instants(draw(stretches(3))).stretches]
    return Hours("office", "UTC", (tuple(Span(start, end) for start, end in spans),) * 7)


@attrs.frozen
class Case:
    """An exit, and by brute force: when the hours that it needs are open, and those for which it waits."""

    timing: Timing
    asked: frozenset[int]
    opened: frozenset[int]

    def lands(self, second: int) -> Iterator[int]:
        """When somebody has taken the exit who began to at a second."""
        stay = self.timing.stay
        for lasts in range(self.timing.shortest, self.timing.longest + 1):
            waits = range(second + stay.since, second + lasts) if stay else range(0)
            at_last = stay is None or (second + lasts in self.opened) is not stay.ends
            if at_last and all(each in self.opened for each in waits):
                yield second + lasts


@st.composite
def cases(draw: st.DrawFn) -> Case:
    needs, waits = draw(st.none() | hours()), draw(st.none() | hours())
    opens, plus = draw(st.booleans()), draw(st.integers(0, 3))
    since, more = draw(st.integers(0, 4)), draw(st.integers(0, 5))
    shortest = draw(st.sampled_from((0, 0, 0, 1, 2, 4)))  # often nobody need wait at all
    stay = Stay(Period(waits, plus), since, draw(st.booleans())) if waits else None
    when = Condition(Period(needs), open=opens) if needs else None
    first = since + shortest if stay else shortest

    def seconds(of: Hours, longer: int = 0) -> frozenset[int]:
        return frozenset(each for span in of.weekly[0] for each in range(span.start, span.end + longer))

    asked = frozenset(each for each in SECONDS if needs is None or (each in seconds(needs)) is opens)
    return Case(
        Timing(CALENDAR, when, stay, first, first + more), asked, seconds(waits, plus) if waits else frozenset()
    )


def told(found: Instants) -> set[int]:
    return {each for each in SECONDS if MIDNIGHT + each in found}


@given(cases(), stretches(3), stretches(3))
@settings(SLOW, max_examples=150)
def test_instants_before_and_after_an_exit(case: Case, at: list[tuple[int, int]], to: list[tuple[int, int]]) -> None:
    there, goal = instants(at), instants(to)
    begun = {each for each in told(there) if each in case.asked}
    assert told(case.timing.arrival(there)) == {landed for each in begun for landed in case.lands(each)}
    assert told(case.timing.taken(there)) == {each for each in begun if [*case.lands(each)]}
    assert told(case.timing.taken_by(there, goal)) == {
        each for each in begun if not told(goal).isdisjoint(case.lands(each))
    }
    for each in SECONDS[:20]:
        assert told(case.timing.landing(MIDNIGHT + each)) == set(case.lands(each))


@given(cases(), stretches(3), st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=3, max_size=3))
@settings(SLOW, max_examples=150)
def test_seconds_to_a_goal_seen_from_before_an_exit(
    case: Case, to: list[tuple[int, int]], ahead: list[tuple[int, bool]]
) -> None:
    pieces = [
        Piece(start, end, seconds + 20 * falls, falls)
        for (start, end), (seconds, falls) in zip(instants(to).stretches, ahead, strict=False)
    ]
    anywhere = attrs.evolve(case.timing, when=None)
    pieces = list(within(pieces, anywhere.arrival(CALENDAR.everything)))
    known = {each: piece.at(MIDNIGHT + each) for piece in pieces for each in SECONDS if covers(piece, each)}
    found = list(case.timing.before(pieces))
    for each in SECONDS[:50]:
        expected = [landed - each + known[landed] for landed in case.lands(each) if landed in known]
        seen = [piece.at(MIDNIGHT + each) for piece in found if covers(piece, each)]
        assert min(seen, default=None) == min(expected, default=None), each


def test_hours_that_close_for_a_second_only_end_a_wait() -> None:
    brief = Hours("brief", "UTC", ((Span(0, 5), Span(6, 12)),) * 7)
    timing = Timing(CALENDAR, None, Stay(Period(brief), 0, ends=True), 0, 20)
    found = list(timing.before((Piece(MIDNIGHT + 5, MIDNIGHT + 6, 0, falls=False),)))
    ahead = {each: [piece.at(MIDNIGHT + each) for piece in found if covers(piece, each)] for each in range(8)}
    assert {each: min(seconds) for each, seconds in ahead.items() if seconds} == {n: 5 - n for n in range(6)}


def covers(piece: Piece, second: int) -> bool:
    return piece.start <= MIDNIGHT + second < piece.end
