"""The plans of the kit: proved by the way they are made, or broken by one piece; of every construct; small at last."""

import doctest
import statistics
from typing import get_args

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from dialc import Source
from dialc.call import Left, walk
from dialc.findings import Severity
from dialc.format import formatted
from dialc.parse import parse
from dialc.plan import Outcome, Plan, Step
from dialc.resolve import resolve
from dialc.rules import checks
from dialc.testing import Written, broken_plans, calls, plans, writing, written
from dialc.testing.drafts import Draft
from dialc.testing.faults import FAULTS
from dialc.testing.writing import LARGER, text

DRAWN = settings(
    database=None, derandomize=True, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
)
FOUND = settings(DRAWN, phases=(Phase.generate, Phase.shrink))


def drawn(number: int, *, larger: bool) -> list[str]:
    """The texts of so many plans, of all that are made."""
    found: list[str] = []

    @settings(DRAWN, max_examples=number)
    @given(st.composite(lambda draw: text(Draft(draw, LARGER if larger else LARGER // 3), "", larger))())
    def keeps(made: str) -> None:
        found.append(made)

    keeps()
    return found


def meant(text: str) -> Plan:
    """What a text means, whether it is proved or not."""
    plan, findings = resolve(parse(Source("drawn.dial", text))[0])
    assert plan is not None, findings
    return plan


# Plans that are proved


@pytest.mark.parametrize("larger", [False, True])
def test_nearly_all_are_proved_by_the_way_they_are_made(larger: bool) -> None:
    made = [written(text) for text in drawn(40, larger=larger)]
    assert sum(each.judged.proved for each in made) >= 0.9 * len(made)


def test_larger_ones_have_twenty_steps_and_all_kinds_and_exits_are_in_some() -> None:
    made = [meant(text) for text in drawn(200, larger=True)]
    assert statistics.median(len(plan.steps) for plan in made) >= 15
    steps = [step for plan in made for step in plan.steps.values()]
    assert {type(step) for step in steps} == set(get_args(Step))
    assert {exit.outcome for step in steps for exit in step.exits()} == set(Outcome)


def test_a_plan_shrinks_to_a_line_and_a_phone() -> None:
    assert (
        find(plans(), lambda _: True, settings=FOUND).text
        == """\
plan drawn "Drawn"
timezone Europe/Warsaw
language en
country PL
valid 2026-12-21 to 2027-01-03
policy charter
line "+48 22 123 45 67" -> reception

route sorry {
  play apology
  hang-up
}
operator reception {
  ring 100 for 10s
  supervisor 110
  unanswered -> sorry
}

prompt apology { file apology  en "We are sorry, nobody can answer. Goodbye."  lasts 3s  apology  goodbye }
"""
    )


def test_what_is_printed_of_a_plan_makes_it_again() -> None:
    plan = find(plans(), lambda _: True, settings=FOUND)
    assert eval(repr(plan), {"written": written}) == plan


@given(plans(), st.data())
@settings(DRAWN, max_examples=20)
def test_a_call_of_a_plan_takes_no_longer_than_its_proof_says(plan: Written, data: st.DataObject) -> None:
    events = walk(plan.plan, data.draw(calls(plan.plan)))
    assert sum(isinstance(event, Left) for event in events) <= plan.verified.bound.steps
    assert events[-1].at <= plan.verified.bound.seconds


@given(plans(larger=True))
@settings(DRAWN, max_examples=10)
def test_a_plan_written_in_canonical_form_means_the_same(plan: Written) -> None:
    assert meant(formatted(parse(plan.verified.plan.place.source)[0])) == plan.plan


# Plans that break a rule


def test_every_rule_of_plans_can_be_broken() -> None:
    assert tuple(FAULTS) == tuple(checks())
    with pytest.raises(KeyError):
        broken_plans("C20")


BESIDE = {"C03": {"C09"}, "C06": {"C16"}, "C17": {"C06"}}
"""Rules that go with another: who asks four times lets callers press four keys."""


@pytest.mark.parametrize("rule", FAULTS)
def test_a_broken_plan_breaks_its_rule_and_no_other(rule: str) -> None:
    @settings(DRAWN, max_examples=4)
    @given(broken_plans(rule))
    def breaks(plan: Written) -> None:
        assert rule in plan.codes
        errors = {finding.code for finding in plan.judged.findings if finding.severity is Severity.ERROR}
        assert errors <= {rule} | BESIDE.get(rule, set())

    breaks()


def test_a_broken_plan_shrinks_to_what_is_wrong_with_it() -> None:
    plan = find(broken_plans("C10"), lambda _: True, settings=FOUND)
    assert plan.codes == ("C10",)
    assert 'line "+48 22 123 45 99" -> lost' in plan.text
    assert "route lost {\n  answer\n  play farewell\n  hang-up\n}" in plan.text
    assert len(plan.text.splitlines()) <= 30


# The words on them


def test_the_examples_in_the_words_on_a_strategy_are_true() -> None:
    done = doctest.testmod(writing)
    assert done.attempted > 0
    assert done.failed == 0
