"""Where callers can be, and when: what is looked at less for speed, held against the same looked at in full."""

import weakref
from collections.abc import Iterable, Set

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dialc import Source, reach, understand
from dialc.calendar import Instants
from dialc.plan import Condition, Exit, Outcome, Period, Plan, Play, Step, Verified
from dialc.reach import Memory, State, Survey, shortest
from dialc.verify import Refused, verify
from tests import strategies
from tests.plans import clinic
from tests.test_rules import plan as small
from tests.test_verify import SLOW


@attrs.frozen
class Pressing(Memory):
    """Up to two exits with a key in them, and whether hours were open as the call began."""

    opened: Instants
    towards: Set[str] | None = None

    def begin(self) -> State:
        return (0, None)

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        if state[1] is not None:
            return ((state, instants),)
        return (((state[0], True), instants & self.opened), ((state[0], False), instants - self.opened))

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return (min(2, state[0] + exit.pressed), state[1])


@attrs.frozen
class Visits(Memory):
    """Up to three visits of one step."""

    step: str
    since: Set[str] | None = None
    towards: Set[str] | None = None

    def begin(self) -> State:
        return 0

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        return ((min(3, state + (step.name == self.step)), instants),)


def opened(survey: Survey) -> Instants:
    return survey.calendar.when(Condition(Period(survey.plan.hours["office"]), open=True))


@given(strategies.plans(steps=6), st.data())
@SLOW
def test_who_looks_at_some_steps_sees_there_what_they_would_see_in_the_whole_plan(
    plan: Plan, data: st.DataObject
) -> None:
    survey = reach.survey(plan)
    looked_at = data.draw(st.sets(st.sampled_from(list(plan.steps)), min_size=1, max_size=3))
    whole, part = Pressing(opened(survey)), Pressing(opened(survey), looked_at)
    assert survey.reach(part).keys() <= survey.reach(whole).keys()
    for step in looked_at:
        assert survey.at(step, part) == survey.at(step, whole)
        for situation, instants in survey.at(step, part).items():
            goal = {situation: instants}
            assert survey.witness(part, goal) == survey.witness(whole, goal)


@given(strategies.plans(steps=6), st.data())
@SLOW
def test_who_begins_to_remember_at_a_step_shows_the_calls_of_who_does_from_the_first_second(
    plan: Plan, data: st.DataObject
) -> None:
    survey = reach.survey(plan)
    step = data.draw(st.sampled_from(list(plan.steps)))
    whole, part = Visits(step), Visits(step, {step}, {step})
    for least in (1, 2, 3):
        goals = [
            {situation: instants for situation, instants in survey.at(step, memory).items() if situation.state >= least}
            for memory in (whole, part)
        ]
        assert bool(goals[0]) is bool(goals[1])
        if goals[0]:
            assert survey.witness(part, goals[1]) == survey.witness(whole, goals[0])


@given(strategies.plans(steps=6), st.data())
@SLOW
def test_the_longest_way_from_some_situations_is_that_of_all(plan: Plan, data: st.DataObject) -> None:
    survey = reach.survey(plan)
    every = survey.longest(lambda _, exit: exit.longest)
    assert every.keys() == survey.reach().keys()
    starting = data.draw(st.sets(st.sampled_from(list(every)), max_size=2))
    some = survey.longest(lambda _, exit: exit.longest, starting)
    assert some.keys() >= starting
    assert some == {situation: every[situation] for situation in some}
    assert survey.longest(lambda _, exit: exit.longest, (b.situation for b in survey.beginnings())) == every


@given(strategies.plans(steps=6))
@SLOW
def test_the_shortest_call_is_the_same_however_soon_it_is_looked_for(plan: Plan) -> None:
    assume(isinstance(refused := verify(plan), Refused))
    for horizons in ((), (1, 60), (40000,)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(shortest, "HORIZONS", horizons)
            assert verify(plan) == refused


@pytest.mark.parametrize("ends", [("first", Outcome.CLOSED), ("second", Outcome.OPEN)])
def test_who_leads_on_is_found_on_a_circle_that_the_hours_let_nobody_come_round(ends: tuple[str, Outcome]) -> None:
    body = """
        line "+48 22 123 45 68" -> second
        route start { -> first }
        route first { when office open -> second  otherwise -> reception }
        route second { when office open -> reception  otherwise -> first }
    """
    plan, findings = understand(Source("plan.dial", small(body)))
    assert plan is not None, findings
    survey = reach.survey(plan)
    assert not survey.loops
    leading = survey.leading(lambda step, exit: (step.name, exit.outcome) == ends)
    at = opened(survey) if ends[1] is Outcome.OPEN else survey.calendar.everything - opened(survey)
    for situation, coming in survey.reach().items():
        if situation.step in ("first", "second"):
            assert coming & at
            assert leading[situation] == coming & at


@attrs.frozen
class Begun(Memory):
    """The step at which it began to remember."""

    since: Set[str] | None
    towards: Set[str] | None

    def begin(self) -> State:
        return ""

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        return ((state or step.name, instants),)


def test_who_begins_to_remember_at_several_steps_shows_a_call_for_each() -> None:
    body = "route start { -> first }  route first { play bye -> second }  route second { play bye -> reception }"
    plan, findings = understand(Source("plan.dial", small(body)))
    assert plan is not None, findings
    survey = reach.survey(plan)
    memory = Begun({"first", "second"}, {"reception"})
    steps = {situation.state: situation for situation in survey.at("reception", memory)}
    assert steps.keys() == memory.since
    shown = [survey.witness(memory, {steps[name]: survey.calendar.everything}) for name in ("first", "second")]
    assert shown[0] is not None
    assert shown[0] == shown[1]


@attrs.frozen
class Noted:
    """A state that can be looked for after everybody has let go of it."""

    step: str


class Noting(Memory):
    """The last step."""

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return Noted(step.name)


def test_what_was_followed_for_a_rule_goes_with_its_memory() -> None:
    survey = reach.survey(clinic())
    memory = Noting()
    held = [weakref.ref(situation.state) for situation in survey.at("reception", memory)]
    assert held
    assert all(state() is not None for state in held)
    del memory
    assert all(state() is None for state in held)


def test_a_plan_can_be_longer_than_any_recursion() -> None:
    plan = clinic()
    names = [f"welcome-{number}" for number in range(2, 3002)]
    prompt = plan.prompts["welcome"]
    rows = [Play(name, prompt, to) for name, to in zip(names, (*names[1:], plan.operator), strict=True)]
    verdict = verify(
        attrs.evolve(
            plan,
            policy=attrs.evolve(plan.policy, prompts=9999, same_prompt=9999, to_person=99999, doing_nothing=99999),
            lines=(attrs.evolve(plan.lines[0], entry=names[0]), attrs.evolve(plan.lines[0], numbers="+48221234599")),
            steps={**plan.steps, **{row.name: row for row in rows}},
        )
    )
    assert isinstance(verdict, Verified)
    assert verdict.bound.seconds > 3000 * prompt.seconds
    assert verdict.ranks[names[0]] > 3000
