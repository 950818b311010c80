"""The verifier against a solver, which is told what calls are and what the charter forbids, and nothing else."""

import datetime
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialc import call, rules
from dialc.call.clock import has_a_say
from dialc.plan import Hours, Period
from dialc.reach import Survey
from dialc.rules import Breach
from tests import strategies
from tests.engine import against
from tests.engine.hours import Clocks
from tests.engine.plans import drawn
from tests.engine.rules import rules as known


def test_verifier_and_solver_say_the_same_of_every_plan() -> None:
    counts: Counter[str] = Counter()
    for index, plan in drawn(30, 1):
        answer = against.compare(plan)
        assert answer.wrong == [], f"plan {index}"
        counts += answer.counts
    assert counts["plan"] > 20
    assert counts["calls made by the walker"] > 80


@pytest.mark.parametrize("code", ["C04", "C06", "C10", "C12"])
def test_a_verifier_that_misses_something_is_found_out(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_: Survey) -> Iterator[Breach]:
        return iter(())

    real = rules.checks()
    monkeypatch.setattr(rules, "checks", lambda: {**real, code: nothing})
    said = next(wrong for _, plan in drawn(60, 3) if (wrong := against.compare(plan).wrong))
    assert all(wrong.startswith(f"{code}: kept, says the verifier; a call at ") for wrong in said)


def test_a_verifier_that_finds_too_much_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """One rule's finding is no call that breaks another."""
    real = rules.checks()
    monkeypatch.setattr(rules, "checks", lambda: {**real, "C22": real["C10"]})
    said = next(wrong for _, plan in drawn(60, 3) if (wrong := against.compare(plan).wrong))
    assert all(wrong.startswith("C22: ") and "by no such call" in wrong for wrong in said)


def test_what_the_solver_knows_of() -> None:
    assert set(known()) == {f"C{n:02}" for n in (*range(2, 18), 22)}


# Hours


@given(st.data())
@settings(deadline=None)
def test_hours_are_open_just_when_a_clock_on_the_wall_says_so(data: st.DataObject) -> None:
    hours = data.draw(strategies.hours(zone=data.draw(st.sampled_from(strategies.ZONES))))
    period = Period(hours, data.draw(st.sampled_from((0, 5))))
    noon = datetime.datetime.combine(strategies.DAY, datetime.time(12), datetime.UTC)
    since = int(noon.timestamp()) - 86400
    until = since + 3 * 86400
    stretches = Clocks(since, until).opened(period, {})
    edges = {edge + near for stretch in stretches for edge in stretch for near in (-1, 0)}
    for at in sorted({*edges, *data.draw(st.lists(st.integers(since, until - 1), max_size=20))}):
        if since <= at < until:
            assert any(start <= at < end for start, end in stretches) is call.is_open(period, at), at


def test_an_exception_has_a_say_just_when_the_walker_says_so() -> None:
    some = 0
    for _, plan in drawn(25, 5):
        hours, valid = plan.hours["office"], plan.valid
        assert isinstance(hours, Hours)
        assert valid
        since = int(datetime.datetime.combine(valid[0], datetime.time(), datetime.UTC).timestamp()) - 86400
        stretches = Clocks(since, since + 4 * 86400).has_a_say(hours, "fair")
        some += bool(stretches)
        for at in range(since, since + 4 * 86400, 1800):
            said = has_a_say(hours, "fair", at)
            assert any(start <= at < end for start, end in stretches) is said
    assert some > 5
