"""What changes of a plan do to its verdict: other names and another order nothing, a stricter policy takes no finding
away, and who is led to the operator instead of elsewhere is not lost for it.

These hold for any verifier that is right, whatever the plan; no oracle has to know what the verdict itself should be.
"""

import random
from collections.abc import Mapping
from typing import Any, TypeVar, cast

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dialc.plan import Again, Extension, Operator, Plan, Ring, Stage, Step, Verified
from dialc.policies import NUMBERS, Policy
from dialc.source import Place, Source
from dialc.verify import Refused, verify
from tests import strategies

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])

SOURCE = Source("random.dial", "")
T = TypeVar("T")
Seen = tuple[object, ...]


def seen(plan: Plan, names: Mapping[str, str] | None = None) -> set[Seen]:
    """What is found of a plan: code, step and shown call of each, under other names if any are given."""
    mine = names or {}

    def called(text: str) -> str:
        return " ".join(mine.get(word, word) for word in text.split())

    verdict = verify(plan)
    found: set[Seen] = set()
    for breach in verdict.breaches if isinstance(verdict, Refused) else ():
        shown: Seen = ()
        if (call := breach.witness) is not None:
            turns = tuple((called(t.step), called(t.exit.label), t.seconds, t.missed) for t in call.turns)
            shown = (call.number, call.caller, call.at, turns, called(call.step))
        found.add((breach.finding.code, called(breach.step), shown))
    if isinstance(verdict, Verified):
        found |= {(finding.code,) for finding in verdict.warnings}
        found |= {("bound", verdict.bound.steps, verdict.bound.seconds)}
    return found


def broken(plan: Plan) -> set[str]:
    """The rules that a plan breaks, those that only warn among them."""
    verdict = verify(plan)
    if isinstance(verdict, Verified):
        return {finding.code for finding in verdict.warnings}
    return {breach.finding.code for breach in verdict.breaches}


def renamed(part: T, names: Mapping[str, str]) -> T:
    """A part of a plan in which everything is called otherwise."""
    return cast(T, _renamed(part, names))


def _renamed(part: Any, names: Mapping[str, str]) -> Any:
    """The same of any part; it is as deep as its type, no deeper."""
    match part:
        case str():
            return names.get(part, part)
        case tuple() | frozenset():
            return type(part)(_renamed(item, names) for item in part)
        case Mapping():
            return {_renamed(key, names): _renamed(value, names) for key, value in part.items()}
        case _ if attrs.has(type(part)):
            fields = [field.name for field in attrs.fields(type(part)) if field.init]
            return attrs.evolve(part, **{name: _renamed(getattr(part, name), names) for name in fields})
        case _:
            return part


def placed(plan: Plan) -> Plan:
    """A plan whose steps stand somewhere: the first step of a circle is the one that is written first."""
    steps = {step.name: attrs.evolve(step, place=Place(SOURCE, at, at)) for at, step in enumerate(plan.steps.values())}
    return attrs.evolve(plan, steps=steps)


@given(strategies.plans(steps=8).map(placed), st.randoms(use_true_random=False))
@settings(SLOW, max_examples=100)
def test_other_names_change_nothing(plan: Plan, chance: random.Random) -> None:
    called = [*plan.steps, *plan.prompts, *plan.hours, *plan.switches]
    others = [f"{letter}{index}" for index, letter in enumerate("zyxwvutsrqponmlkjihgfedcba" * 2)][: len(called)]
    chance.shuffle(others)
    names = dict(zip(called, others, strict=True))
    assert seen(renamed(plan, names)) == seen(plan, names)


@given(strategies.plans(steps=8).map(placed), st.integers())
@settings(SLOW, max_examples=100)
def test_another_order_of_declaration_changes_nothing(plan: Plan, seed: int) -> None:
    assert seen(strategies.shuffled(plan, seed)) == seen(plan)


FLAGS = {"silent_caller_may_be_hung_up_on": False, "bot_first": False, "operator_only": True}
"""What of a policy is no number, each as it is strict."""


@pytest.mark.parametrize("field", [*(number.field for number in NUMBERS), *FLAGS])
@given(st.data())
@settings(SLOW, max_examples=25)
def test_a_stricter_policy_takes_no_finding_away(field: str, data: st.DataObject) -> None:
    plan = data.draw(strategies.plans(steps=6))
    number = st.integers(0, getattr(plan.policy, field))
    change: dict[str, Any] = {field: FLAGS[field] if field in FLAGS else data.draw(number)}
    strict = attrs.evolve(plan.policy, **change)
    assert broken(plan) <= broken(attrs.evolve(plan, policy=strict))


def test_every_number_of_a_policy_is_made_stricter() -> None:
    fields = {field.name for field in attrs.fields(Policy)} - {"name", "packs"}
    assert fields == {*(number.field for number in NUMBERS), *FLAGS}


def _led(step: Step, target: str, to: str) -> Step:
    """A step of which every exit to a target leads elsewhere."""
    return renamed(attrs.evolve(step, name=""), {target: to}) if step.name != target else step


@given(st.data())
@settings(SLOW, max_examples=150)
def test_who_is_led_to_the_operator_instead_is_not_lost(data: st.DataObject) -> None:
    plan = data.draw(strategies.plans(steps=6, acyclic=True))
    at_once = tuple(attrs.evolve(line, entry=plan.operator) for line in plan.lines)
    assume("C02" not in broken(plan))
    assume("C02" not in broken(attrs.evolve(plan, lines=at_once)))  # else the operator is lost on them
    ways = [
        (step, exit.to)
        for step in plan.steps.values()
        if not isinstance(step, Operator | Again)
        for exit in step.exits()
        if isinstance(exit.to, str) and exit.to != plan.operator
    ]
    assume(ways)
    step, target = data.draw(st.sampled_from(ways))
    led = attrs.evolve(_led(step, target, plan.operator), name=step.name)
    changed = attrs.evolve(plan, steps={**plan.steps, step.name: led})
    assert "C02" not in broken(changed)


@given(st.data())
@settings(SLOW, max_examples=100)
def test_more_phones_that_ring_lose_nobody(data: st.DataObject) -> None:
    plan = data.draw(strategies.plans(steps=6, acyclic=True, kinds=("ring", "ring", "play", "menu", "branch")))
    assume("C02" not in broken(plan))
    rings = [step for step in plan.steps.values() if isinstance(step, Ring)]
    assume(rings)
    ring = data.draw(st.sampled_from(rings))
    more = attrs.evolve(ring, stages=(*ring.stages, Stage((Extension("103"),), 2)))
    assert "C02" not in broken(attrs.evolve(plan, steps={**plan.steps, ring.name: more}))
