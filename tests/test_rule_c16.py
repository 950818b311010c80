"""C16 on both sides of each line that it draws: who presses nothing while the operator is staffed."""

import pytest

from dialc import judge, reach
from dialc.findings import Severity
from dialc.plan import Verified
from dialc.rules import Breach, checks
from dialc.source import Source
from dialc.verify import Refused
from tests.test_rules import STAFFED, findings, plan

LATE = "C16 (warning): a caller who presses nothing can wait for more than 90 s until anybody's phone rings"


def said(body: str) -> list[str]:
    """The findings of C16 alone; the small plans may break what other rules ask."""
    return findings(body, "C16")


def menu(wait: int, ways: str = "") -> str:
    """A menu of 4 seconds, asked twice."""
    return (
        "route start { -> main }\n"
        f"menu main {{ play choices  key 1 -> sales  key 0 -> reception  wait {wait}s  tries 2  {ways} }}\n"
        "ring sales { ring 201 for 20s }\n"
    )


def test_ninety_seconds_of_silence_are_allowed() -> None:
    assert said(menu(41)) == []
    assert said(menu(42)) == [LATE]


def test_a_ring_on_the_way_to_the_operator_will_do() -> None:
    assert said(menu(41, "silence -> sales")) == []
    assert said(menu(42, "silence -> sales")) == [LATE]


def test_exits_that_need_a_key_are_not_taken() -> None:
    slow = 'route slow { play long -> reception }\nprompt long { file long  en "…"  lasts 100s }\n'
    assert said(f"{menu(5, 'invalid -> slow  undecided -> slow')}{slow}") == []
    assert said(f"{menu(5, 'silence -> slow')}{slow}") == [LATE]


def test_voicemail_while_closed_is_no_matter_of_keys() -> None:
    assert said("route start { when office open -> reception  otherwise -> night }") == []


def test_minutes_that_an_operator_stays_longer_do_not_count() -> None:
    later = STAFFED.replace("staffed office", "staffed office plus 2h")
    assert said(f"route start {{ when office open -> reception  otherwise -> night }}\n{later}") == []


def test_hours_that_close_meanwhile_are_not_open() -> None:
    night = "hours early { mon-fri 09:00-09:01 }\n"
    early = STAFFED.replace("office", "early")
    assert said(f"{night}{menu(60)}{early}") == []


def test_a_switch_that_says_closed_is_believed() -> None:
    body = (
        "switch shut { code *28  starts auto  back to auto at 06:00 }\n"
        "hours office { mon-fri 09:00-17:00  switch shut }\n"
        "route start { when office open -> reception  otherwise -> slow }\n"
        'route slow { play long -> duty }\nprompt long { file long  en "…"  lasts 100s }\n'
        "ring duty { ring 210 for 20s }\n"
    )
    assert said(f"{body}{STAFFED.replace('unstaffed -> night', 'unstaffed -> slow')}") == []
    slow = body.replace("otherwise -> slow", "otherwise -> duty").replace("open -> reception", "open -> slow")
    assert said(f"{slow}{STAFFED}") == [LATE]


def test_who_is_let_go_is_not_kept_waiting() -> None:
    assert said(menu(5, "silence -> farewell  undecided -> reception")) == []


def test_lines_that_are_not_for_people_are_left_alone() -> None:
    body = 'line "+48 22 123 45 68" announcement-only "news" -> news\n' + menu(5)
    news = 'route news { play long -> reception }\nprompt long { file long  en "…"  lasts 100s }\n'
    assert said(f"{body}{news}") == []
    people = body.replace(' announcement-only "news"', "")
    assert said(f"{people}{news}") == [LATE]


def breach(body: str) -> Breach:
    verdict = judge(Source("plan.dial", plan(body))).verdict
    assert isinstance(verdict, Verified | Refused)
    (found,) = checks()["C16"](reach.survey(verdict.plan))
    return found


@pytest.mark.parametrize("seconds", [90, 60])
def test_the_call_that_is_shown_is_silent(seconds: int) -> None:
    found = breach(f"policy charter {{ doing-nothing {seconds}s }}\n{menu(46)}")
    assert found.witness
    assert [turn.exit.pressed for turn in found.witness.turns] == [False]
    assert found.finding.call[1:] == ("+1:40  main: nothing pressed -> reception", "+1:40  reception: people at last")
    assert found.finding.severity is Severity.WARNING


def test_a_switch_is_believed_whichever_of_its_hours_say_so() -> None:
    body = (
        "switch shut { code *28  starts auto  back to auto at 06:00 }\n"
        "hours office { mon-fri 09:00-17:00  switch shut }\n"
        "hours shop { mon-sat 08:00-18:00  SWITCH }\n"
        "route start { when shop open -> reception  otherwise -> slow }\n"
        'route slow { play long -> duty }\nprompt long { file long  en "…"  lasts 100s }\n'
        "ring duty { ring 210 for 20s }\n"
        f"{STAFFED.replace('unstaffed -> night', 'unstaffed -> slow')}"
    )
    assert said(body.replace("SWITCH", "switch shut")) == []
    assert said(body.replace("mon-sat 08:00-18:00  SWITCH", "mon-fri 10:00-17:00")) == [LATE]


def test_an_operator_who_is_there_for_less_time_than_is_allowed_keeps_nobody_waiting() -> None:
    seldom = "hours early { mon-fri 09:00-09:01  mon-fri 09:02-09:03 }\n"
    slow = 'route night { play long -> duty }\nprompt long { file long  en "…"  lasts 100s }\n'
    slow += "ring duty { ring 210 for 20s }"
    assert said(f"{seldom}{menu(42)}{STAFFED.replace('office', 'early')}\n{slow}") == []
