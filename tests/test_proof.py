"""Certificates: the checker takes those of the verifier, and no others."""

import copy
import itertools
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dialc import judge, reach
from dialc.calendar import calendar
from dialc.certificate import certificate
from dialc.cli.reading import beside
from dialc.plan import Bound, Combination, Condition, Hours, Join, Menu, Period, Plan, Verified
from dialc.policies import CHARTER
from dialc.proof import CHECKED, Refused, check, digest
from dialc.proof.instants import Clock, inside, joined, meet, spread, without
from dialc.rules import checks
from dialc.source import Source
from tests import strategies, tampering
from tests.plans import EXAMPLES, clinic, warsaw
from tests.test_rules import BROKEN, KEPT, plan

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def written(plan: Plan, *codes: str) -> Any:
    """The certificate of a plan for some rules, whether it keeps them or not, read back from JSON."""
    survey = reach.survey(plan)
    verdict = Verified(plan, reach.ranks(survey), Bound(0, 0), codes, ())
    return json.loads(json.dumps(certificate(verdict, tables="tzdata")))


def proves(plan: Plan, *codes: str) -> bool:
    """Whether the best certificate that there is proves that a plan keeps some rules."""
    try:
        return check(written(plan, *codes), plan).checked == codes
    except Refused:
        return False


def refusal(made: object, plan: Plan) -> str:
    with pytest.raises(Refused) as refused:
        check(made, plan)
    return str(refused.value)


# The hours once more

TIMES = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9))).map(lambda each: joined((a, a + b) for a, b in each))


def seconds(times: tuple[tuple[int, int], ...]) -> set[int]:
    return {second for start, end in times for second in range(start, end)}


@given(TIMES, TIMES, st.integers(-3, 5), st.integers(0, 5))
def test_sets_of_instants(one: Any, other: Any, shortest: int, more: int) -> None:
    assert seconds(meet(one, other)) == seconds(one) & seconds(other)
    assert seconds(without(one, other)) == seconds(one) - seconds(other)
    assert inside(one, other) is (seconds(one) <= seconds(other))
    later = {second + add for second in seconds(one) for add in range(shortest, shortest + more + 1)}
    assert seconds(spread(one, shortest, shortest + more)) == later
    for made in (meet(one, other), without(one, other), spread(one, shortest, shortest + more)):
        assert all(start < end for start, end in made)
        assert all(before[1] < after[0] for before, after in itertools.pairwise(made))


@given(
    strategies.hours(),
    strategies.hours("other", "America/New_York"),
    st.sampled_from(strategies.ZONES),
    st.sampled_from(Join),
    st.integers(0, 5000),
    st.booleans(),
    st.booleans(),
)
@settings(SLOW, max_examples=60)
def test_both_calendars_say_the_same(
    one: Hours, other: Hours, zone: str, join: Join, plus: int, opened: bool, holds: bool
) -> None:
    """Neither shares a line with the other."""
    named = (
        attrs.evolve(each, reason="xy"[index % 2], holiday=index == 2) for index, each in enumerate(one.exceptions)
    )
    one = attrs.evolve(one, zone=zone, exceptions=tuple(named), switch=strategies.NIGHT if plus % 2 else None)
    valid = strategies.DAY, strategies.DAY
    small = Plan("small", "", "Europe/Warsaw", "en", valid, CHARTER, (), {}, {}, {}, "")
    clock, known = Clock(small), calendar(small)
    assert (clock.valid, clock.known) == (known.validity.stretches, known.everything.stretches)
    both = Combination("both", (one, other, join))
    for condition in (
        Condition(Period(one, plus), opened),
        Condition(Period(both, plus), opened),
        Condition(Period(one), opened, "x", holds),
    ):
        assert clock.when(condition) == known.when(condition).stretches
        assert clock.when(condition, rest=True) == attrs.evolve(known, resting=True).when(condition).stretches


def test_both_calendars_say_the_same_of_28_years() -> None:
    office = Hours("office", "Europe/Warsaw", strategies.SHOP.weekly)
    always = attrs.evolve(clinic(), valid=None)
    condition = Condition(Period(office), open=True)
    assert Clock(always).when(condition) == calendar(always).when(condition).stretches


# What is proved


@given(strategies.plans(steps=5, acyclic=True))
@settings(SLOW, max_examples=60)
def test_a_rule_is_proved_of_the_plans_that_keep_it(plan: Plan) -> None:
    """The rules of the checker, and those of the verifier, are two readings of one charter."""
    survey = reach.survey(plan)
    assume(not survey.loops)
    for code in CHECKED:
        assert proves(plan, code) is not any(checks()[code](survey)), code


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.dial")), ids=lambda path: path.stem)
def test_examples_have_certificates(path: Path) -> None:
    verdict = judge(Source(path.name, path.read_text(encoding="utf-8")), beside(str(path))).verdict
    if isinstance(verdict, Verified):
        made = json.loads(json.dumps(certificate(verdict, tables="tzdata")))
        proved = check(made, verdict.plan)
        assert proved.checked == CHECKED
        assert {*proved.checked, *proved.unchecked} == set(verdict.proved)
        assert made["bounds"]["C01"] == attrs.asdict(verdict.bound)
    else:
        assert path.stem == "retailer-prompts", "which is no plan by itself"


def resolved(text: str) -> Plan:
    verdict = judge(Source("plan.dial", text)).verdict
    assert verdict is not None
    return verdict.plan


@pytest.mark.parametrize("case", KEPT)
def test_plans_that_keep_a_rule(case: str) -> None:
    office = resolved(plan(KEPT[case]))
    assert all(proves(office, code) for code in CHECKED)


@pytest.mark.parametrize("case", [case for case in BROKEN if case[:3] in CHECKED])
def test_plans_that_break_a_rule(case: str) -> None:
    office, said = resolved(plan(BROKEN[case][0])), BROKEN[case][1]
    broken = {line[:3] for line in said if "(warning)" not in line or line.startswith("C16")}
    if not reach.survey(office).loops:
        assert all(proves(office, code) is not (code in broken) for code in CHECKED)
    else:
        assert not proves(office, "C01")


def docstring(code: str) -> str:
    found = sys.modules[checks()[code].__module__].__doc__
    assert found
    return found


@pytest.mark.parametrize("code", CHECKED)
def test_the_plans_of_its_page(code: str) -> None:
    """The page of a rule shows a plan that breaks it and one that keeps it."""
    page = docstring(code)
    bad, good = (dedent(page.split(f"{part}::")[1].split(end)[0]) for part, end in (("Bad", "Says::"), ("Good", "\0")))
    assert proves(resolved(good), code)
    assert not proves(resolved(bad), code)


def test_a_circle_that_the_hours_forbid() -> None:
    """No ranks can fall along it; so it is proved for each step of it that nobody comes there twice."""
    office = resolved(
        plan(
            """
            route start { when office open -> opened  otherwise -> reception }
            route opened { label "open"  when office closed -> start  otherwise -> reception }
            """
        )
    )
    made = written(office, *CHECKED)
    assert check(made, office).checked == CHECKED
    circles = {each["about"] for each in made["labels"] if each["code"] == "C03"}
    assert {"start", "opened"} <= circles
    fewer = {**made, "labels": [each for each in made["labels"] if each["about"] != "opened"]}
    assert refusal(fewer, office).startswith("it is no certificate of this plan")


def test_what_is_waived_is_not_held_against_a_certificate() -> None:
    waiver = 'waive C10 at sorry by "Jan Kowalski" because "the apology is being recorded"'
    text = plan("route start { answer  play bye -> sorry }")
    rude, excused = resolved(text), resolved(f"{text}\n{waiver}")
    assert not proves(rude, "C10")
    assert proves(excused, "C10")
    assert refusal({**written(excused, "C10"), "waived": []}, excused) == "it waives something else than the plan does"


# What is refused

Change = Callable[[dict[str, Any]], object]
CHANGES: Mapping[str, tuple[Change, str]] = {
    "another format": (lambda made: made.update(certificate=2), "its format is 2, and 1 is known"),
    "another plan": (lambda made: made.update(plan="0" * 64), "it is about another plan"),
    "another policy": (lambda made: made["policy"].update(tries=9), "it is about another policy"),
    "no such rule": (lambda made: made["claims"].append("perfect"), "it claims something that is no rule"),
    "a rank that does not fall": (
        lambda made: made["ranks"].update(start=0),
        "C01, at `start`: the rank does not fall along `done`",
    ),
    "a bound that is too small": (
        lambda made: made["bounds"]["C01"].update(seconds=20),
        "C01 (seconds), at `start`: a call can begin there that has more than 20 ahead",
    ),
    "a bound that is not allowed": (
        lambda made: made["bounds"]["C06"].update(keys=4),
        "C06 (keys): 4 is claimed, and 3 are allowed",
    ),
    "a bound on something else": (
        lambda made: made["bounds"].update(C04={"silence": 1}),
        "it bounds something that is not measured",
    ),
    "less ahead than it costs": (
        lambda made: max(made["amounts"][1]["ahead"], key=lambda row: row[1]).__setitem__(1, 99),
        "costs more than the certificate says",
    ),
    "instants left out": (
        lambda made: made["times"][0][0].__setitem__(2, 3600),
        "calls can come there at instants that the certificate leaves out",
    ),
    "labels left out": (
        lambda made: made["labels"][0]["labels"].pop(),
        "calls can come there at instants that the certificate leaves out",
    ),
    "labels of a rule left out": (lambda made: made["labels"].pop(), "it is no certificate of this plan"),
    "steps that there are not": (lambda made: made["steps"].append("nowhere"), "it speaks of steps or languages"),
    "numbers that are none": (
        lambda made: made["times"][0][0].__setitem__(1, 0.5),
        "it is no certificate of this plan",
    ),
    "more than can be read": (lambda made: made["times"][0][0].__setitem__(0, 1 << 40), "something else than whole"),
    "nothing": (lambda made: made.clear(), "it is no certificate of this plan: KeyError"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_why_a_certificate_is_refused(change: str) -> None:
    made = copy.deepcopy(CLINIC)
    spoil, why = CHANGES[change]
    spoil(made)
    assert why in refusal(made, clinic())


@pytest.mark.parametrize("made", [None, [], "certificate", 1, {"certificate": {}}, {"certificate": 1, "plan": []}])
def test_what_is_no_certificate(made: object) -> None:
    refusal(made, clinic())


CLINIC = written(clinic(), *CHECKED)


def test_what_does_not_matter_may_change() -> None:
    """A label more, a larger bound: what is claimed still holds."""
    made = copy.deepcopy(CLINIC)
    made["name"] = "hospital"
    made["bounds"]["C01"]["seconds"] += 100
    for each in made["amounts"]:
        if (each["code"], each["about"]) == ("C01", "steps"):
            each["ahead"] = [[label, most + 1, pieces] for label, most, pieces in each["ahead"]]
    made["bounds"]["C01"]["steps"] += 1
    assert check(made, clinic()).checked == CHECKED


def test_nothing_that_was_tampered_with_is_believed() -> None:
    tally = tampering.tamper(80, 7)
    assert tally.wrong == []
    assert tally.counts["refused"] > 20


# Hashes


def test_the_hash_of_a_plan_is_that_of_what_it_means() -> None:
    text = (EXAMPLES / "clinic.dial").read_text(encoding="utf-8")
    moved = judge(Source("elsewhere.dial", f"# a comment\n\n{text}")).verdict
    assert moved is not None
    assert digest(moved.plan) == digest(clinic())
    menu = next(step for step in clinic().steps.values() if isinstance(step, Menu))
    more = {**clinic().steps, menu.name: attrs.evolve(menu, tries=menu.tries + 1)}
    assert digest(attrs.evolve(clinic(), steps=more)) != digest(clinic())
    assert digest(warsaw()) != digest(clinic())
