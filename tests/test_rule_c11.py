"""C11 on both sides of each line that it draws: how often a call is handed on before the operator's phone rings."""

import pytest

from dialc.rules.c11_no_endless_transfers import _ordinal
from tests.test_rules import breaches, findings

FIFTH = "C11: at `{}` a call is handed on for the 4th time, and 3 are allowed"


def said(body: str) -> list[str]:
    """The findings of C11 alone; the small plans may break what other rules ask."""
    return findings(body, "C11")


def rings(count: int, last: str = "reception") -> str:
    """Rings one behind the other, and then something else."""
    names = [f"ring{index}" for index in range(count)]
    return "route start { -> ring0 }\n" + "\n".join(
        f"ring {name} {{ ring 201 for 5s  busy -> {to}  no-answer -> {to}  unavailable -> {to} }}"
        for name, to in zip(names, (*names[1:], last), strict=True)
    )


def test_a_call_is_handed_on_three_times() -> None:
    assert said(rings(3)) == []
    assert said(rings(4)) == [FIFTH.format("ring3")]
    assert said(rings(6)) == [FIFTH.format("ring3")]


@pytest.mark.parametrize(
    ("block", "counts"),
    [
        ("queue last { play welcome  members 205, 206  ring 10s  patience 1m }", True),
        ('transfer last { to "+48 601 000 200" confirm for 20s }', True),
        ("bot last { phone 900  limit 30s }", True),
        ("ring last { ring 205 for 5s  then ring 206 for 5s }", True),
        ("route last { play welcome -> reception }", False),
    ],
)
def test_what_is_a_hand_off(block: str, *, counts: bool) -> None:
    assert said(f"{rings(3, 'last')}\n{block}") == [FIFTH.format("last")] * counts
    assert said(f"{rings(2, 'last')}\n{block}") == []


def test_an_operator_counts_as_none_whatever_its_stages() -> None:
    operator = "operator reception { ring 100 for 5s  then ring 101 for 5s  then ring 102 for 5s  unanswered -> more }"
    more = rings(3).removeprefix("route start { -> ring0 }\n").replace("ring0", "more").replace("reception", "sorry")
    assert said(f"route start {{ -> reception }}\n{operator}\n{more}") == []


def test_an_operator_who_is_not_there_ends_nothing() -> None:
    operator = (
        "operator reception { ring 100 for 5s  staffed office  unstaffed -> duty  unanswered -> sorry }\n"
        "ring duty { ring 210 for 5s  busy -> shut  no-answer -> shut  unavailable -> shut }\n"
        "route shut { play closed_now -> message }"
    )
    assert said(f"{rings(2)}\n{operator}") == []
    assert said(f"{rings(3)}\n{operator}") == [FIFTH.format("duty")]


def test_each_coming_back_counts() -> None:
    body = (
        "route start { -> desk }\n"
        "ring desk { ring 201 for 5s  busy -> back  no-answer -> back  unavailable -> back }\n"
        "route back { again desk at most {} then reception }"
    )
    assert said(body.replace("{}", "2")) == []
    assert said(body.replace("{}", "3")) == [FIFTH.format("desk")]


def test_the_policy_says_how_often() -> None:
    assert said(f"policy charter {{ hand-offs 4 }}\n{rings(4)}") == []
    (found,) = (f for f in findings(f"policy charter {{ hand-offs 1 }}\n{rings(2)}") if f.startswith("C11"))
    assert found == "C11: at `ring1` a call is handed on for the 2nd time, and 1 are allowed"


def test_the_arrow_that_hands_on_once_too_often_is_shown() -> None:
    (found,) = breaches(rings(4), "C11")
    place = found.finding.place
    assert place.source.text[place.start : place.end] == "ring3"
    assert found.step == "ring3"


@pytest.mark.parametrize("numbers", [range(1, 24), range(98, 115)])
def test_ordinals_are_as_people_say_them(numbers: range) -> None:
    endings = {1: "st", 2: "nd", 3: "rd"}
    for number in numbers:
        teen = 10 < number % 100 < 14
        assert _ordinal(number) == f"{number}{'th' if teen else endings.get(number % 10, 'th')}"
