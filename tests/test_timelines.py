"""What is heard on the way out of a step: as long as the exit takes, and what the walker hears."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialc import call, judge, understand
from dialc.calendar import calendar
from dialc.cli.reading import beside
from dialc.plan import Choice, Menu, Plan
from dialc.source import Source
from dialc.timelines import Hears, Timeline, beginnings, endings, timeline
from tests import oracle, strategies
from tests.test_examples import EXAMPLES, SITES, source
from tests.test_rules import plan
from tests.test_verify import SLOW


def heard_as_long_as_exits(plan: Plan) -> None:
    for step in plan.steps.values():
        for exit in step.exits():
            heard = timeline(step, exit)
            assert all(0 <= stretch.shortest <= stretch.longest for stretch in heard)
            assert not any(stretch.shortest for stretch in heard if stretch.spared)
            assert sum(stretch.longest for stretch in heard) == exit.longest, exit
            assert sum(stretch.shortest for stretch in heard) == exit.shortest, exit
            assert all((stretch.hears is Hears.PROMPT) is (stretch.prompt is not None) for stretch in heard)


@given(strategies.plans(steps=8))
@SLOW
def test_what_is_heard_takes_as_long_as_the_exit(plan: Plan) -> None:
    heard_as_long_as_exits(plan)


@pytest.mark.parametrize("name", SITES)
def test_what_is_heard_in_an_example_takes_as_long_as_the_exit(name: str) -> None:
    plan, _ = understand(source(f"{name}.dial"), beside(str(EXAMPLES / f"{name}.dial")))
    assert plan is not None
    heard_as_long_as_exits(plan)


@given(strategies.plans(steps=8))
@SLOW
def test_every_ending_is_a_way_to_take_the_exit(plan: Plan) -> None:
    for step in plan.steps.values():
        for exit in step.exits():
            first, *others = endings(step, exit)
            assert first == timeline(step, exit)
            for heard in others:
                assert sum(stretch.longest for stretch in heard) <= exit.longest
                assert sum(stretch.shortest for stretch in heard) >= exit.shortest
                assert heard[-1].shortest == heard[-1].longest  # a wait that was over
                assert first[-1].key
                assert not heard[-1].key


@given(strategies.plans(steps=8, acyclic=True), st.data())
@SLOW
def test_callers_hear_what_the_timelines_say(plan: Plan, data: st.DataObject) -> None:
    days = calendar(plan)
    at = days.moment(data.draw(st.integers(days.start, days.end - 1)))
    begun = int(at.timestamp())

    def decide(point: call.Point) -> call.Happens:
        return data.draw(st.sampled_from(oracle.options(point, begun)))

    heard: list[tuple[str, int]] = []
    since = 0
    spoken = plan
    for event in call.experience(plan, plan.lines[0].number, at, decide):
        match event:
            case call.Heard():
                heard.append((event.prompt, event.seconds))
            case call.Arrived():
                heard, since = [], event.at
            case call.Left():
                step = spoken.steps[event.step]
                takes = event.at - since
                exits = [e for e in step.exits() if e.label == event.outcome and e.shortest <= takes <= e.longest]
                assert any(_agrees(heard, timeline(step, exit)) for exit in exits)
            case call.Spoken():
                spoken = plan.spoken(event.language)
            case _:
                pass


def _agrees(heard: list[tuple[str, int]], stretches: Timeline) -> bool:
    """Whether the prompts of a timeline can be what was heard: in order, but for tries not made and cut ones."""
    ahead = [stretch for stretch in stretches if stretch.prompt]
    for prompt, seconds in heard:
        while ahead and not (ahead[0].prompt and ahead[0].prompt.name == prompt and seconds <= ahead[0].longest):
            if ahead.pop(0).shortest:
                return False
        if not ahead:
            return False
        if ahead.pop(0).shortest > seconds:
            return False
    return not any(stretch.shortest and not stretch.spared for stretch in ahead)


def test_prompts_come_again_at_once_where_a_wrong_key_cuts_them() -> None:
    body = """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 0 -> reception  tries 2 }
    """
    verdict = judge(Source("plan.dial", plan(body))).verdict
    assert verdict
    menu = verdict.plan.steps["main"]
    assert isinstance(menu, Menu)
    at_once = attrs.evolve(menu, wait=0)
    assert [(each.shortest, each.longest) for each in beginnings(at_once)] == [(0, 0), (0, 4)]
    every = (*"23456789*#",)
    deaf = attrs.evolve(at_once, choices=(*menu.choices, *(Choice(key, "", "sales") for key in every)))
    assert [(each.shortest, each.longest) for each in beginnings(deaf)] == [(0, 0), (4, 4)]
