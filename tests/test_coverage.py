"""Coverage: the exits that calls can take, and which of them scenarios take."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import dialc
from dialc import coverage, reach, scenarios
from dialc.call import Left
from dialc.cli import main
from dialc.plan import Plan
from dialc.source import Source
from tests import enumerated, oracle, together
from tests.test_mutants import RULES
from tests.test_scenarios import CLINIC, DAY, NIGHT

CALL = 'call "+48 22 123 45 67"'


def plan_of(text: str) -> Plan:
    """The plan of a text that can be understood."""
    verdict = dialc.judge(Source("clinic.dial", text)).verdict
    assert verdict is not None
    return verdict.plan


def taken_by(text: str) -> coverage.Coverage:
    """What the scenarios of a plan cover."""
    plan = plan_of(text)
    return coverage.coverage(plan, (scenarios.play(plan, each).events for each in plan.scenarios))


def missing(text: str) -> set[str]:
    """The exits that no scenario of a plan takes, as they are told."""
    return {str(each) for each in taken_by(text).missing}


def test_what_one_call_takes_is_not_missing() -> None:
    found = taken_by(CLINIC + f'scenario "a" {{ {DAY} {CALL} press 1 press 2 }}')
    told = {str(each) for each in found.exits} - {str(each) for each in found.missing}
    assert told == {
        "start: done",
        "start: open -> main",
        "main: key 1 -> registration",
        "registration: key 2 -> ring_me",
        "ring_me: booked",
        "ring_me: done",
        "ring_me: hung-up",
    }


def test_two_calls_take_what_each_takes() -> None:
    one, other = (f'scenario "{at}" {{ {at} {CALL} }}' for at in (DAY, NIGHT))
    assert missing(CLINIC + one + other) == missing(CLINIC + one) & missing(CLINIC + other)


def test_what_no_call_can_take_is_not_asked_for() -> None:
    """Nobody is sent to reception before it is staffed, nor comes there so late that it no longer is."""
    assert "reception: unstaffed -> night" not in missing(CLINIC)
    assert "reception: unstaffed -> night" in missing(CLINIC.replace("otherwise        -> night", "otherwise -> main"))


def test_where_an_exit_leads_is_what_is_shown_of_it() -> None:
    found = {str(each): each.place for each in taken_by(CLINIC).missing}
    place = found["main: key 9 -> privacy_info"]
    assert place.source.text[place.start : place.end] == "privacy_info"


def test_a_block_with_parameters_is_told_as_it_is_used() -> None:
    text = CLINIC.replace("route privacy_info {", "route info(what) {").replace("play privacy ", "play what ")
    told = missing(text.replace("-> privacy_info", "-> info(privacy)"))
    assert "main: key 9 -> info-a" in told
    assert "info(privacy): done -> reception" in told


def test_callers_who_can_go_round_for_ever_take_the_exit_that_leads_back() -> None:
    round = RULES["C01"].plan.partition("\nscenario ")[0]
    told = missing(round)
    assert "main: invalid -> main" in told
    assert "main: invalid -> main" not in missing(round + f'scenario "a" {{ {DAY} {CALL} press 7 press 7 press 7 }}')


@pytest.mark.parametrize("seed", range(0, 4000, 50))
def test_what_is_asked_for_is_what_some_call_takes(seed: int) -> None:
    """Small random plans, and every call that can be made through them."""
    plan = enumerated.made(seed)
    survey = reach.survey(plan)
    if survey.loops:
        return
    try:
        calls = list(oracle.every_call(plan, together.starts(plan), 1 + len(survey.reach()), 300))
    except oracle.TooMany:
        return
    taken = {(event.step, event.outcome) for call in calls for event in call.events if isinstance(event, Left)}
    assert set(coverage.open_exits(survey)) == taken


# The command


@pytest.fixture
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    scenario = f'\nscenario "to the desk" {{ {DAY} {CALL} press 0 101 answers }}\n'
    (tmp_path / "clinic.dial").write_text(CLINIC + scenario, encoding="utf-8")
    (tmp_path / "broken.dial").write_text("plan x", encoding="utf-8")


@pytest.mark.usefixtures("_folder")
def test_each_exit_that_is_missing_is_told_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "clinic.dial", "--coverage"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:3] == [
        "ok     to the desk",
        "clinic.dial: 1 scenario, none failed",
        "5 of 42 exits taken; no scenario takes",
    ]
    assert len(told) == 3 + 37
    assert "  clinic.dial:69:30   main: key 1 -> registration" in told


@pytest.mark.usefixtures("_folder")
def test_coverage_for_other_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "clinic.dial", "broken.dial", "--coverage", "--format", "json"]) == 1
    clinic, broken = json.loads(capsys.readouterr().out)["files"]
    assert broken["coverage"] is None
    assert (clinic["coverage"]["exits"], clinic["coverage"]["taken"]) == (42, 5)
    assert {
        "block": "main",
        "exit": "key 1",
        "to": "registration",
        "file": "clinic.dial",
        "line": 69,
        "column": 30,
    } in clinic["coverage"]["missing"]
    main(["test", "clinic.dial", "--coverage", "--format", "junit"])
    (suite,) = ElementTree.fromstring(capsys.readouterr().out.encode())
    properties = [(each.get("name"), each.get("value")) for each in suite[0]]
    assert properties[:2] == [("exits", "42"), ("exits taken", "5")]
    assert ("exit not taken", "clinic.dial:69:30: main: key 1 -> registration") in properties
    assert [case.tag for case in suite] == ["properties", "testcase"]


@pytest.mark.usefixtures("_folder")
def test_nobody_who_does_not_ask_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "clinic.dial", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["coverage"] is None
