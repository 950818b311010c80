"""The verifier against every call that small plans allow, and against the walker."""

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from dialc import call, reach
from dialc.calendar import calendar
from dialc.findings import Severity
from dialc.plan import Condition, End, Hours, Operator, Period, Plan, Queue, Verified
from dialc.rules import Breach, checks
from dialc.verify import Refused, verify
from tests import broken, oracle, strategies


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


def breaches(plan: Plan) -> list[Breach]:
    verdict = verify(plan)
    return list(verdict.breaches) if isinstance(verdict, Refused) else []


def errors(plan: Plan) -> dict[str, list[Breach]]:
    found: dict[str, list[Breach]] = {}
    for breach in breaches(plan):
        if breach.finding.severity is Severity.ERROR:
            found.setdefault(breach.finding.code, []).append(breach)
    return found


def all_calls(plan: Plan, steps: int, longest: int, most: int = 2500) -> list[oracle.Made]:
    try:
        return list(oracle.every_call(plan, starts(plan, longest), steps, most))
    except oracle.TooMany:
        assume(False)
        raise


SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
CALLS = ("C02", "C03", "C07", "C10", "C17", "D252")


@given(strategies.plans(steps=4, acyclic=True))
@settings(SLOW, max_examples=60)
def test_the_verdict_is_that_of_every_call(plan: Plan) -> None:
    hold_against_every_call(plan)


def hold_against_every_call(plan: Plan) -> None:
    """What is found of a plan is what breaks a rule in some call, and shown by as short a call as there is."""
    survey = reach.survey(plan)
    assume(not survey.loops)
    longest = max(survey.longest(lambda _step, exit: exit.longest).values())
    made = all_calls(plan, steps=40, longest=longest)
    assert all(call_.ended for call_ in made)
    expected: dict[str, tuple[int, int]] = {}
    least: dict[str, int] = {}
    for one in made:
        for code, step, exits in oracle.broken(plan, one):
            seconds = _seconds(one, exits)
            note(f"{code} at {step} after {exits} exits and {seconds} s, begun at {one.at}")
            expected[code] = min(expected.get(code, (999, 0)), (exits, seconds))
        for code, breaks in broken.rules().items():
            for step, exits in breaks(plan, one):
                note(f"{code} at {step} after {exits} exits, begun at {one.at}")
                least[code] = min(least.get(code, exits), exits)
    found = errors(plan)
    assert {code for code in found if code in CALLS} == set(expected)
    for code in broken.rules():  # warnings, too, which no verdict of a proved plan shows as breaches
        if by_itself := [breach for breach in checks()[code](survey) if breach.witness]:
            found[code] = by_itself
    assert {code for code in found if code in broken.rules()} == set(least)
    for code, exits in least.items():
        assert min(len(b.witness.turns) for b in found[code] if b.witness) == exits, code
    for code, (exits, seconds) in expected.items():
        witnesses = [b.witness for b in found[code] if b.witness]
        shortest = min((len(w.turns), w.seconds) for w in witnesses)
        assert shortest == (exits, seconds), code
    arrived = {event.step for one in made for event in one.events if isinstance(event, call.Arrived)}
    assert {situation.step for situation in survey.reach()} == arrived


ABOUT = {
    "C04": ("ring", "queue", "lookup", "collect", "menu"),
    "C05": ("play", "menu", "queue", "branch"),
    "C08": ("bot", "menu", "play", "branch"),
}
"""Steps that make plans break a rule, and keep it, more often than others."""


@pytest.mark.parametrize("code", ABOUT)
@given(st.data())
@settings(SLOW, max_examples=40)
def test_a_rule_among_the_steps_that_it_is_about(code: str, data: st.DataObject) -> None:
    plan = data.draw(strategies.plans(steps=3, acyclic=True, kinds=ABOUT[code]))
    survey = reach.survey(plan)
    assume(not survey.loops)
    longest = max(survey.longest(lambda _step, exit: exit.longest).values())
    made = all_calls(plan, steps=40, longest=longest)
    least = min((exits for one in made for _, exits in broken.rules()[code](plan, one)), default=None)
    found = [breach.witness for breach in errors(plan).get(code, ())]
    assert min((len(witness.turns) for witness in found if witness), default=None) == least


def _seconds(made: oracle.Made, exits: int) -> int:
    """The seconds that a call has taken when so many steps have been left."""
    left = [event.at for event in made.events if isinstance(event, call.Left)]
    return left[exits - 1] if exits else 0


@given(strategies.plans(steps=3))
@settings(SLOW, max_examples=40)
def test_a_loop_is_found_just_where_some_call_comes_round(plan: Plan) -> None:
    # A call that comes round to no step has at most as many steps as the plan has, between any two of its returns.
    steps = len(plan.steps) * (1 + sum(map(plan.limit, plan.targets()))) + 1
    made = all_calls(plan, steps=steps, longest=20)
    comes_round = any(code == "loop" for one in made for code, _, _ in oracle.broken(plan, one))
    assert bool(reach.survey(plan).loops) is comes_round


@given(strategies.plans(steps=8))
@settings(SLOW, max_examples=150)
def test_every_witness_is_a_call_that_the_walker_makes(plan: Plan) -> None:
    for breach in breaches(plan):
        witness = breach.witness
        if witness is None:
            continue
        events = call.walk(plan, call.replay(plan, witness))
        left = [(e.step, e.outcome, e.at) for e in events if isinstance(e, call.Left)]
        since, told = 0, []
        for turn in witness.turns:
            since += turn.seconds
            told.append((turn.step, turn.exit.label, since))
        assert left[: len(told)] == told
        arrivals = [e.step for e in events if isinstance(e, call.Arrived)]
        assert arrivals[len(told)] == witness.step if witness.step else len(arrivals) == len(told)


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
