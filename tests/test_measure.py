"""Sums over the way of a call, held against every call that small plans allow, and against the walker."""

import datetime
import itertools
import random
from collections.abc import Callable, Iterable, Sequence, Set

import attrs
import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st

from dialc import Source, approach, call, reach, understand
from dialc.measure import Lapse, Measure, Measured, Passage, Shown, lapses
from dialc.plan import Exit, Plan, Step
from tests import oracle, strategies
from tests.test_rules import plan as small
from tests.test_verify import SLOW, all_calls


@st.composite
def _measures(draw: st.DrawFn, plan: Plan) -> tuple[str, Callable[[str], bool], Measure]:
    """A step at which a measure ends, the steps whose seconds it counts, and the measure."""
    names = list(plan.steps)
    goal = draw(st.sampled_from(names))
    counted = draw(st.sets(st.sampled_from(names)))

    def measure(step: Step, exit: Exit) -> Iterable[Passage]:
        if step.name == goal:
            return (Passage(ends=True),)
        return (Passage(lapses(exit, counted=step.name in counted)),)

    return goal, lambda step: step in counted, measure


def _sums(made: Iterable[oracle.Made], goal: str, counts: Callable[[str], bool]) -> list[tuple[int, int]]:
    """For each call that comes to the goal: exits taken by then, and the seconds that count."""
    found = []
    for one in made:
        exits = seconds = since = 0
        for event in one.events:
            if isinstance(event, call.Arrived):
                if event.step == goal:
                    found.append((exits, seconds))
                    break
                since = event.at
            if isinstance(event, call.Left):
                exits += 1
                seconds += (event.at - since) if counts(event.step) else 0
    return found


@given(strategies.plans(steps=4, acyclic=True), st.data(), st.booleans())
@SLOW
def test_a_measure_is_that_of_every_call(plan: Plan, data: st.DataObject, most: bool) -> None:
    survey = reach.survey(plan)
    assume(not survey.loops)
    goal, counts, measure = data.draw(_measures(plan))
    longest = max(survey.longest(lambda _step, exit: exit.longest).values())
    sums = _sums(all_calls(plan, steps=40, longest=longest), goal, counts)
    measured = Measured(survey, measure, most)
    expected = (max if most else min)((seconds for _, seconds in sums), default=None)
    assert measured.extreme() == expected
    ceiling = measured.ceiling()
    assert not most or expected is None or ceiling is None or ceiling >= expected
    if expected is None:
        assert measured.example() is None
        return
    _holds(plan, measured.example(), goal, counts, expected)
    need = data.draw(st.integers(0, expected + 1))
    note(f"need {need}, goal {goal}")
    enough = [exits for exits, seconds in sums if (seconds >= need if most else seconds <= need)]
    shown = measured.shortest(need)
    assert (shown is None) is (not enough)
    if shown is not None:
        assert len(shown.witness.turns) == min(enough)
        _holds(plan, shown, goal, counts, None, lambda seconds: seconds >= need if most else seconds <= need)


@given(strategies.plans(steps=6), st.data(), st.booleans())
@SLOW
def test_who_measures_towards_a_step_finds_what_they_would_find_in_the_whole_plan(
    plan: Plan, data: st.DataObject, most: bool
) -> None:
    survey = reach.survey(plan)
    goal, _, measure = data.draw(_measures(plan))
    whole, part = Measured(survey, measure, most), Measured(survey, measure, most, towards={goal})
    assert part.extreme() == whole.extreme()
    assert part.example() == whole.example()
    need = data.draw(st.integers(0, 60))
    assert part.shortest(need) == whole.shortest(need)


@given(strategies.plans(steps=8), st.data())
@SLOW
def test_what_is_found_one_by_one_is_what_is_found_anew_each_time(plan: Plan, data: st.DataObject) -> None:
    survey = reach.survey(plan)
    passing = data.draw(st.sets(st.sampled_from(list(plan.steps))))

    def waits(mended: Set[str]) -> Measure:
        """The seconds since the caller came to a step, and in others passed on the way; none in what is mended."""

        def measure(step: Step, exit: Exit) -> Iterable[Passage]:
            if step.name in mended:
                return
            rest = (Lapse(exit.shortest, exit.longest),)
            yield Passage(rest, ends=True)
            yield Passage(rest, ends=True, phase=1)
            if step.name in passing:
                yield Passage(rest, leads=1)
                yield Passage(rest, phase=1, leads=1)

        return measure

    need = data.draw(st.integers(1, 30))
    mended: set[str] = set()
    for shown in Measured(survey, waits(mended), most=True).one_by_one(need):
        assert shown == Measured(survey, waits(frozenset(mended)), most=True).anywhere(need)
        assert shown.witness.step not in mended
        mended.add(shown.witness.step)
    assert Measured(survey, waits(mended), most=True).anywhere(need) is None


def _holds(
    plan: Plan,
    shown: Shown | None,
    goal: str,
    counts: Callable[[str], bool],
    expected: int | None,
    enough: Callable[[int], bool] = lambda _: True,
) -> None:
    """A call that is shown is one that the walker makes, and is measured so."""
    assert shown is not None
    assert shown.seconds == 0
    witness = shown.witness
    assert witness.step == goal
    made = call.replay(plan, witness)
    events = call.walk(plan, made)
    ((exits, seconds),) = _sums([oracle.Made(0, events, ended=True)], goal, counts)
    assert exits == len(witness.turns)
    assert expected is None or seconds == expected
    assert enough(seconds)


MONTH = (datetime.date(2026, 3, 16), datetime.date(2026, 4, 15))


@pytest.mark.parametrize("number", range(24))
def test_a_sample_stands_for_all_instants(number: int) -> None:
    plan = strategies.plan(random.Random(f"sample {number}"), 4, acyclic=True)
    survey = reach.survey(attrs.evolve(plan, valid=MONTH))
    sample = reach.sampled(survey)
    for most in (False, True):
        of_all = Measured(survey, approach.seconds(sure=True), most=most)
        of_some = Measured(sample, approach.seconds(sure=True), most=most)
        assert of_some.extreme() == of_all.extreme()
        assert of_some.example() == of_all.example()


def understood(body: str) -> Plan:
    plan, findings = understand(Source("plan.dial", small(body)))
    assert plan is not None, findings
    return plan


def test_a_sample_looks_ahead_for_as_long_as_the_longest_call() -> None:
    """On Mondays the lesson begins again after five minutes, on Tuesdays after one: while somebody can still wait."""
    rings = "busy -> {0}  no-answer -> {0}  unavailable -> {0}"
    survey = reach.survey(
        understood(
            f"""
            hours lessons {{ mon 10:00-11:00  mon 11:05-12:00  tue 10:00-11:00  tue 11:01-12:00 }}
            route start {{ when lessons open -> before  otherwise -> reception }}
            ring before {{ ring 201 for 90s  {rings.format("during")} }}
            route during {{ when lessons open -> reception  otherwise -> pause }}
            ring pause {{ ring 201 for 90s  {rings.format("after")} }}
            route after {{ when lessons open -> again  otherwise -> reception }}
            ring again {{ ring 201 for 20s  {rings.format("reception")} }}
            """
        )
    )
    assert survey.at("again")
    assert reach.sampled(survey).at("again")


def test_a_sample_has_the_longest_of_openings_that_end_alike() -> None:
    survey = reach.survey(
        understood(
            """
            hours lessons { mon 10:00-10:01  tue 10:00-11:00 }
            route start { when lessons open -> explain  otherwise -> reception }
            route explain { play long -> still }
            route still { when lessons open -> again  otherwise -> reception }
            ring again { ring 201 for 20s  busy -> reception  no-answer -> reception  unavailable -> reception }
            prompt long { file long  en "..."  lasts 90s }
            """
        )
    )
    assert survey.at("again")
    assert reach.sampled(survey).at("again")


def test_who_waits_for_the_most_does_not_stop_where_less_is_ahead() -> None:
    """The call begins as the one minute does; after two minutes less is ahead, and only the whole ring is the most."""
    plan = understood(
        """
        hours begins { mon 09:00-09:01 }
        hours lasts { mon 09:00-09:02 }
        route start { when begins open -> desk  otherwise -> reception }
        ring desk { ring 201 for 123s  busy -> still  no-answer -> still  unavailable -> still }
        route still { when lasts open -> more  otherwise -> reception }
        route more { play three -> reception }
        prompt three { file three  en "Three."  lasts 3s }
        """
    )
    survey = reach.survey(plan)

    def measure(step: Step, exit: Exit) -> Iterable[Passage]:
        return (Passage(ends=True),) if step.name == "reception" else (Passage(lapses(exit)),)

    measured = Measured(survey, measure, most=True)
    shown = measured.example()
    _holds(plan, shown, "reception", lambda _: True, 123)


@pytest.mark.parametrize("order", ["abc", "cba"])
@pytest.mark.parametrize("keys", [*itertools.permutations("abc")])
def test_of_calls_that_are_alike_that_of_the_first_key_comes_first(order: Sequence[str], keys: Sequence[str]) -> None:
    choices = "  ".join(f"key {number} -> first_{name}" for number, name in enumerate(keys, 1))
    plays = "\n".join(f"route first_{name} {{ play bye -> {name} }}" for name in order)
    rings = "\n".join(
        f"ring {name} {{ ring 201 for 90s  busy -> reception  no-answer -> reception  unavailable -> reception }}"
        for name in reversed(order)
    )
    plan = understood(
        f"route start {{ -> main }}\nmenu main {{ play choices  {choices}  key 0 -> reception }}\n{rings}\n{plays}"
    )

    mended: tuple[str, ...] = ()

    def measure(step: Step, exit: Exit) -> Iterable[Passage]:
        if step.name not in mended:
            yield Passage(lapses(exit), ends=True)

    for shown in Measured(reach.survey(plan), measure, most=True).one_by_one(90):
        mended = (*mended, shown.witness.step)
    assert mended == tuple(keys)
