"""The shortest ways to people against every call that small plans allow, and as the command tells them."""

import attrs
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from dialc import call, reach
from dialc.directions import Direction, at, throughout
from dialc.plan import BySwitch, Plan
from tests import efforts, oracle, strategies
from tests.broken.c06 import people
from tests.test_verify import SLOW, all_calls


def costs(plan: Plan, made: oracle.Made) -> int | None:
    """Seconds until people, and one for each step at which keys were pressed; None for a call that no direction takes:
    one in which tries were used up in vain, numbers dialled or entered, or something failed that should not.
    """
    found = efforts.effort(plan, made, operator=False)
    if found is None or not found.sure:
        return None
    keys, any_key, here = 0, False, ""
    for index, event in enumerate(made.events):
        match event:
            case call.Arrived():
                here, any_key = event.step, False
            case call.Pressed():
                any_key = True
            case call.Left():
                kind = type(plan.steps[here]).__name__
                if kind == "Callback" or (kind == "Bot" and not any_key):
                    return None
                if event.outcome.split()[0] in ("extension", "accept"):
                    return None
                keys += any_key
            case _ if people(plan, made.events, index):
                return found.seconds + keys
            case _:
                pass
    raise AssertionError("people were come to")


def cost(way: Direction) -> int:
    return way.seconds + sum(turn.exit.pressed for turn in way.call.witness.turns)


def calm(survey: reach.Survey, instant: int, longest: int) -> bool:
    """Whether no hours begin or end while a call lasts that begins at an instant."""
    conditions = {exit.when for step in survey.plan.steps for exit in survey.exits(step) if exit.when}
    opened = [survey.calendar.when(attrs.evolve(each, open=True)) for each in conditions]
    return all(len({second in each for second in range(instant, instant + longest + 1)}) == 1 for each in opened)


@given(strategies.plans(steps=3, acyclic=True), st.data())
@settings(SLOW, max_examples=30)
def test_a_direction_is_the_shortest_of_all_calls(plan: Plan, data: st.DataObject) -> None:
    survey = reach.survey(plan)
    assume(not survey.loops)
    assume(len(plan.classes) == 1)
    assume(not any(isinstance(step, BySwitch) for step in plan.steps.values()))
    assume(not any(hours.switches for hours in plan.hours.values()))
    longest = max(survey.longest(lambda _step, exit: exit.longest).values())
    made = all_calls(plan, steps=40, longest=longest)
    always = throughout(survey)
    instants = sorted({one.at for one in made})
    for instant in data.draw(st.lists(st.sampled_from(instants), min_size=3, max_size=3)):
        found = {who[0]: cost(way) for who, way in at(survey, instant).items()}
        expected: dict[str, int] = {}
        for one in made:
            number = plan.called()[plan.lines.index(plan.line(one.number))].first
            if one.at == instant and (value := costs(plan, one)) is not None:
                expected[number] = min(expected.get(number, value), value)
        note(f"at {instant}")
        assert found == expected
        for (number, _), ways in always.items():
            there = [cost(way) for way in ways if instant in way.instants]
            assert not there or min(there) >= expected[number]
            if calm(survey, instant, longest):
                assert (min(there) if there else None) == expected.get(number)
