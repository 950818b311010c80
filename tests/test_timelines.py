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
from dialc.timelines import Hears, Stretch, Timeline, beginnings, endings, timeline
from tests import oracle, strategies
from tests.test_examples import EXAMPLES, SITES, source
from tests.test_rules import plan as small
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
    """Whether the prompts of a timeline can be what was heard: in order, but for those that need not be."""
    ahead = [(stretch.prompt.name, stretch) for stretch in stretches if stretch.prompt]
    reached = _passing(ahead, 0)
    for prompt, seconds in heard:
        reached = {
            further
            for at in reached
            if at < len(ahead) and ahead[at][0] == prompt and ahead[at][1].shortest <= seconds <= ahead[at][1].longest
            for further in _passing(ahead, at + 1)
        }
    return len(ahead) in reached


def _passing(ahead: list[tuple[str, Stretch]], at: int) -> set[int]:
    """How far a caller can be who has heard so many prompts of a timeline, or passed them over."""
    most = next((index for index in range(at, len(ahead)) if ahead[index][1].shortest), len(ahead))
    return set(range(at, most + 1))


def test_prompts_come_again_at_once_where_a_wrong_key_cuts_them() -> None:
    body = """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 0 -> reception  tries 2 }
    """
    verdict = judge(Source("plan.dial", small(body))).verdict
    assert verdict
    menu = verdict.plan.steps["main"]
    assert isinstance(menu, Menu)
    at_once = attrs.evolve(menu, wait=0)
    assert [(each.shortest, each.longest) for each in beginnings(at_once)] == [(0, 0), (0, 4)]
    every = (*"23456789*#",)
    deaf = attrs.evolve(at_once, choices=(*menu.choices, *(Choice(key, "", "sales") for key in every)))
    assert [(each.shortest, each.longest) for each in beginnings(deaf)] == [(0, 0), (4, 4)]


def test_a_short_entry_takes_as_long_as_its_own_digits() -> None:
    body = """
        digits rooms { 21, 22 }
        digits guests { 123456 }
        route start { answer -> number }
        collect number { play bye  digits 2 to 6  wait 5s  tries 1  accept guests -> reception  accept rooms -> sales }
    """
    made, findings = understand(Source("plan.dial", small(body)))
    assert made is not None, findings
    heard_as_long_as_exits(made)
    step = made.steps["number"]
    keys = {exit.what: sum(each.key for each in timeline(step, exit)) for exit in step.exits() if exit.what}
    assert keys == {"rooms": 3, "guests": 6}
