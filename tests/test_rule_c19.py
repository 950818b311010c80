"""C19 on both sides of each line that it draws: the slowest option of a menu against its quickest."""

import pytest

from dialc import judge, reach
from dialc.calendar import Instants
from dialc.pieces import Piece
from dialc.plan import Verified
from dialc.rules import Breach, checks
from dialc.rules.c19_fair_choices import _beyond
from dialc.source import Source
from dialc.verify import Refused
from tests.test_rules import findings, plan

SLOW = "C19 (warning): key {} of `main` takes {} s to anybody's phone, and key {} takes {} s"


def said(body: str) -> list[str]:
    """The findings of C19 alone; the small plans may break what other rules ask."""
    return [finding for finding in findings(body) if finding.startswith("C19")]


def long(name: str, seconds: int, says: str = "") -> str:
    return f'prompt {name} {{ file {name}  en "…"  lasts {seconds}s {says} }}\n'


def menu(ways: str) -> str:
    return (
        f"route start {{ answer -> main }}\nmenu main {{ play choices  {ways}  key 0 -> reception  tries 1 }}\n"
        "ring sales { ring 201 for 20s }\nring service { ring 202 for 20s }\n"
    )


def two(quick: int, slow: int) -> str:
    """A menu of two options that take so many seconds."""
    return (
        menu("key 1 -> one  key 2 -> two")
        + f"route one {{ play first -> sales }}\nroute two {{ play second -> service }}\n{long('first', quick)}"
        + long("second", slow)
    )


@pytest.mark.parametrize(("quick", "slow", "fair"), [(1, 34, True), (1, 35, False), (10, 70, True), (10, 71, False)])
def test_the_slowest_takes_four_times_as_long_and_half_a_minute(quick: int, slow: int, *, fair: bool) -> None:
    assert said(two(quick, slow)) == [SLOW.format(2, slow, 1, quick)] * (not fair)


def test_the_policy_says_how_much() -> None:
    assert said(f"policy charter {{ times-slower 1  seconds-slower 1s }}\n{two(5, 6)}") == []
    assert said(f"policy charter {{ times-slower 1  seconds-slower 1s }}\n{two(5, 7)}") == [SLOW.format(2, 7, 1, 5)]


def test_key_0_may_be_slow_or_quick() -> None:
    slow = "operator reception { play first  ring 100 for 20s  unanswered -> sorry }\n"
    assert said(menu("key 1 -> sales") + slow + long("first", 60)) == []


def test_a_notice_may_be_long() -> None:
    body = menu("key 1 -> sales  key 2 -> rights") + "route rights { play law -> service }\n"
    assert said(body + long("law", 60, "notice")) == []
    assert said(body + long("law", 60)) == [SLOW.format(2, 60, 1, 0)]


def test_what_never_comes_to_people_is_left_out() -> None:
    body = menu("key 1 -> sales  key 2 -> news") + "route news { play first  play bye  hang-up }\n"
    assert said(body + long("first", 60)) == []


def test_information_that_leads_back_is_left_out() -> None:
    body = menu("key 1 -> sales  key 2 -> news") + "route news { play first  again main at most 1 then reception }\n"
    assert said(body.replace("again main at most 1 then", "->") + long("first", 60)) == [SLOW.format(2, 60, 1, 0)]
    assert said(body + long("first", 20)) == []


def test_what_callers_take_for_themselves_is_not_counted() -> None:
    more = "menu more { play only_one  key 1 -> service  wait 9s  tries 3 }\n"
    assert said(menu("key 1 -> sales  key 2 -> more") + more) == []
    entry = "collect number { play only_one  digits 8  wait 9s  accept check luhn -> service }\n"
    assert said(menu("key 1 -> sales  key 2 -> number") + entry) == []


def test_of_menus_one_behind_the_other_the_inner_is_told() -> None:
    body = menu("key 1 -> sales  key 2 -> inner") + (
        "menu inner { play only_one  key 1 -> service  key 2 -> slow  tries 1 }\nroute slow { play first -> sales }\n"
    )
    (found,) = said(body + long("first", 60))
    assert found.startswith("C19 (warning): key 2 of `inner` takes 60 s")


def test_options_are_compared_at_the_same_instant() -> None:
    body = menu("key 1 -> one  key 2 -> two") + (
        "route one { when office open -> sales  play first -> sales }\n"
        "route two { when office open -> service  play second -> service }\n"
    )
    assert said(body + long("first", 60) + long("second", 60)) == []
    crossed = body.replace("route two { when office open -> service  play second", "route two { play second")
    assert said(crossed + long("first", 60) + long("second", 60)) == [SLOW.format(2, 60, 1, 0)]


def test_the_call_that_is_shown_chooses_while_it_is_unfair() -> None:
    body = menu("key 1 -> sales  key 2 -> two") + (
        "route two { when office closed -> service  play first -> service }\n" + long("first", 60)
    )
    verdict = judge(Source("plan.dial", plan(body))).verdict
    assert isinstance(verdict, Verified | Refused)
    found: Breach
    (found,) = checks()["C19"](reach.survey(verdict.plan))
    assert found.witness
    assert f"{found.witness.at:%a %H:%M:%S}" == "Thu 09:00:00"
    assert found.finding.call[-2:] == (
        "+0:00  main: presses 2 -> two",
        "+0:00  two: 60 s more until anybody's phone rings",
    )


@pytest.mark.parametrize("slow_falls", [False, True])
@pytest.mark.parametrize("quick_falls", [False, True])
@pytest.mark.parametrize("excess", range(-12, 13))
@pytest.mark.parametrize("times", [1, 3])
def test_instants_that_are_too_slow_are_found_without_looking_at_each(
    slow_falls: bool, quick_falls: bool, excess: int, times: int
) -> None:
    slow, quick = Piece(0, 10, 30, slow_falls), Piece(0, 10, 10, quick_falls)
    more = 30 - times * 10 - excess
    first, last = _beyond(slow, quick, 0, 10, times, more)
    too_slow = [at for at in range(10) if slow.at(at) > times * quick.at(at) + more]
    assert too_slow == [at for at in range(10) if at in Instants(((first, last),))]


def test_who_waits_in_silence_at_a_second_menu_does_so_themselves() -> None:
    more = "menu more { play first  play only_one  key 1 -> service  wait 9s  tries 3  silence -> service }\n"
    assert said(menu("key 1 -> sales  key 2 -> more") + more + long("first", 20)) == []


def test_key_0_of_a_second_menu_is_nobodys_option() -> None:
    more = "menu more { play only_one  key 1 -> service  key 0 -> slow  tries 1 }\n"
    more += "route slow { play first -> reception }\n"
    assert said(menu("key 1 -> sales  key 2 -> more") + more + long("first", 60)) == []


def test_of_two_options_that_are_too_slow_the_one_is_told_that_is_so_by_more() -> None:
    body = menu("key 1 -> one  key 2 -> two  key 3 -> three") + (
        "route one { when office open -> ten  otherwise -> sales }\n"
        "route two { when office open -> hundred  otherwise -> service }\n"
        "route three { when office open -> ten  otherwise -> ninety }\n"
        "route ten { play first -> sales }\nroute ninety { play second -> service }\n"
        "route hundred { play third -> service }\n"
    )
    assert said(body + long("first", 10) + long("second", 90) + long("third", 100)) == [SLOW.format(3, 90, 1, 0)]
