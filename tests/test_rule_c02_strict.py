"""With the policy `strict`, no path ends without a person while the operator is there."""

import attrs
import pytest

from dialc.policies import STRICT
from tests.test_rules import STAFFED, breaches, findings

STAFF = "policy strict\n"
GOODBYE = """
    route start { answer -> main }
    menu main { play choices  key 1 -> sales  key 0 -> reception  tries 1  silence -> farewell }
"""
NIGHT = f"""
    route start {{ answer  when office open -> reception  otherwise -> night }}
    {STAFFED}
"""
BACK = """
    callback to PL fixed, PL mobile
    route start { answer -> line }
    queue line { members 201  patience 1m  key 0 -> reception  timeout -> ring_me }
    callback ring_me { then bye  from line  within office  no-number -> reception  failed -> reception }
"""


@pytest.mark.parametrize("body", [GOODBYE, NIGHT, BACK])
def test_the_charter_allows_what_strict_does_not(body: str) -> None:
    assert findings(body, "C02") == []


@pytest.mark.parametrize(("body", "block"), [(GOODBYE, "farewell"), (BACK, "ring_me")])
def test_nobody_is_let_go_while_somebody_is_there(body: str, block: str) -> None:
    assert findings(STAFF + body, "C02") == [f"C02: `{block}` ends a call although `reception` is there"]


def test_who_calls_at_night_leaves_a_message() -> None:
    assert findings(STAFF + NIGHT, "C02") == []


def test_who_calls_as_it_closes_is_let_go() -> None:
    late = GOODBYE.replace("answer -> main", "answer  when office open -> main  otherwise -> night")
    assert findings(STAFF + late + STAFFED, "C02") == ["C02: `farewell` ends a call although `reception` is there"]
    (breach,) = [one for one in breaches(STAFF + late + STAFFED) if one.finding.code == "C02"]
    assert breach.witness
    assert f"{breach.witness.at:%a %H:%M:%S}" == "Thu 09:00:00"


def test_a_hang_up_without_grounds_is_told_once() -> None:
    rude = STAFF + "route start { answer  hang-up }\n"
    assert [one[:3] for one in findings(rude) if one[:3] in ("C02", "C10")] == ["C10"]


def test_a_last_resort_and_lines_that_are_not_for_people_end_as_ever() -> None:
    body = (
        STAFF
        + """
        line "+48 22 123 45 68" announcement-only "the way to us" -> way
        route start { answer -> reception }
        route way { play address  hang-up }
    """
    )
    assert findings(body, "C02") == []


def test_strict_is_the_preset_that_says_so() -> None:
    assert attrs.asdict(STRICT)["operator_only"]


def test_a_goodbye_behind_which_the_call_goes_on_ends_nothing() -> None:
    body = f"{STAFF}{GOODBYE.replace('silence -> farewell', 'silence -> still')}route still {{ play bye -> reception }}"
    assert findings(body, "C02") == []


def test_lines_that_are_not_for_people_may_let_silent_callers_go() -> None:
    body = f'{STAFF}line "+48 22 123 45 68" announcement-only "the way to us" -> main\n{GOODBYE}'
    assert findings(body.replace("answer -> main", "answer -> reception"), "C02") == []


def test_of_lines_with_operators_of_their_own_the_shortest_call_is_shown() -> None:
    body = f"""{STAFF}
        line "+48 22 123 45 68" operator doctor -> second
        operator doctor {{ ring 120 for 20s  staffed evenings  supervisor 110
                           unstaffed -> night  unanswered -> sorry }}
        {STAFFED.replace("reception", "reception default", 1)}
        {GOODBYE.replace("answer -> main", "play welcome  play address -> main")}
        route second {{ answer -> main }}
    """
    (breach,) = [one for one in breaches(body) if "`farewell` ends" in one.finding.message]
    assert breach.witness
    assert breach.witness.number == "+48221234568"
