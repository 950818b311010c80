"""The verifier against every call that small plans allow, and against the walker."""

import attrs
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dialc import call, reach
from dialc.calendar import calendar
from dialc.plan import Condition, End, Hours, Operator, Period, Plan, Queue, Verified
from dialc.rules import checks
from dialc.verify import breaches, verify
from tests import enumerated, oracle, strategies


def starts(plan: Plan, longest: int) -> list[int]:
    """Instants of the day that between them show all that hours can do to calls of at most so many seconds."""
    days = calendar(plan)
    periods = {Period(hours) for hours in plan.hours.values()}
    periods |= {step.staffed for step in plan.steps.values() if isinstance(step, Operator | Queue) and step.staffed}
    periods |= {attrs.evolve(period, hours=strategies.by_itself(period.hours)) for period in periods}
    weeks = [hours for period in periods for hours in [period.hours] if isinstance(hours, Hours) and not hours.switch]
    periods |= {Period(attrs.evolve(hours, exceptions=())) for hours in weeks}
    edges = {
        edge
        for period in periods
        for stretch in days.when(Condition(period, open=True)).stretches
        for edge in (*stretch, stretch[0] + 60)
        if days.start <= edge < days.end
    }
    found = {days.start, *range(days.end - longest, days.end)}
    for edge in edges:
        found |= set(range(edge - longest, edge + 1))
    return sorted(start for start in found if days.start <= start < days.end)


def all_calls(plan: Plan, steps: int, longest: int, most: int = 2500) -> list[oracle.Made]:
    try:
        return list(oracle.every_call(plan, starts(plan, longest), steps, most))
    except oracle.TooMany:
        assume(False)
        raise


SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


@given(strategies.plans(steps=4, acyclic=True))
@settings(SLOW, max_examples=60)
def test_the_verdict_is_that_of_every_call(plan: Plan) -> None:
    hold_against_every_call(plan)


@given(strategies.plans(steps=3))
@settings(SLOW, max_examples=40)
def test_a_loop_is_found_just_where_some_call_comes_round(plan: Plan) -> None:
    hold_against_every_call(plan)


def hold_against_every_call(plan: Plan) -> None:
    """What is said of a plan is what all its calls say, as `tests/enumerated` has it."""
    try:
        held = enumerated.hold(plan, 2500)
    except oracle.TooMany:
        assume(False)
        raise
    assert held.wrong == ()


@given(strategies.plans(steps=8))
@settings(SLOW, max_examples=150)
def test_every_witness_is_a_call_that_the_walker_makes(plan: Plan) -> None:
    for breach in breaches(plan):
        assert breach.witness is None or enumerated.is_walked(plan, breach.witness)


@given(strategies.plans(steps=8, acyclic=True), st.data())
@settings(SLOW, max_examples=150)
def test_no_call_goes_past_its_bound_and_ranks_fall(plan: Plan, data: st.DataObject) -> None:
    survey = reach.survey(plan)
    assume(not survey.loops)
    ranks = reach.ranks(survey)
    for name, step in plan.steps.items():
        for exit in step.exits():
            if not isinstance(exit.to, End) and exit.outcome.value != "again":
                assert ranks[exit.to] < ranks[name]
    seconds = max(survey.longest(lambda _step, exit: exit.longest).values())
    steps = max(survey.longest(lambda _step, _exit: 1).values())
    days = calendar(plan)
    at = days.moment(data.draw(st.sampled_from(starts(plan, 5))))
    begun = int(at.timestamp())

    def decide(point: call.Point) -> call.Happens:
        return data.draw(st.sampled_from(oracle.options(point, begun)))

    events = list(call.experience(plan, plan.lines[0].number, at, decide))
    assert events[-1].at <= seconds
    assert sum(isinstance(event, call.Left) for event in events) <= steps


@given(strategies.plans(steps=8), st.integers())
@settings(SLOW, max_examples=60)
def test_the_order_of_declaration_changes_no_verdict(plan: Plan, seed: int) -> None:
    def said(plan: Plan) -> list[str]:
        return sorted({breach.finding.code for breach in breaches(plan)})

    assert said(plan) == said(strategies.shuffled(plan, seed))


def test_a_verified_plan_has_what_a_verdict_prints() -> None:
    from tests.plans import clinic

    verdict = verify(clinic())
    assert isinstance(verdict, Verified)
    assert verdict.proved == tuple(checks())
    assert verdict.bound.steps > 5
    assert any("reception" in assumption for assumption in verdict.assumptions)
