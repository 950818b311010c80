"""Notices do not stand in the way: plans on both sides of each line that the rule draws."""

import pytest

from dialc import judge
from dialc.source import Source
from tests.test_rules import breaches, findings, plan

SHORT = 'prompt recorded { file recorded  en "This call is recorded."  lasts 5s  notice }'
LONG = 'prompt privacy { file privacy  en "We are the controller of your data."  lasts 6s  notice }'
OPEN = "operator reception { ring 100 for 10s  staffed office  unstaffed -> night  unanswered -> sorry }"

KEPT = {
    "five seconds": f"{SHORT} route start {{ play recorded -> reception }}",
    "five seconds, and a key for the rest": f"""{SHORT} {LONG}
        route start {{ play recorded -> main }}
        menu main {{ play choices  key 1 -> law  key 0 -> reception }}
        route law {{ play privacy -> reception }}
    """,
    "in a menu, where a key cuts it": f"""{LONG}
        route start {{ answer -> main }}
        menu main {{ play privacy  play choices  key 1 -> sales  key 0 -> reception }}
        ring sales {{ ring 201 for 10s  busy -> reception  no-answer -> reception  unavailable -> reception }}
    """,
    "at night, on the way to a machine": f"""{LONG}
        route start {{ when office open -> reception  otherwise -> dark }}
        route dark {{ play privacy -> night }}
    """,
    "in line, where the caller has a key to the operator": f"""{LONG}
        route start {{ answer -> line }}
        queue line {{ play privacy  play only_zero  members 201  announce position every 20s  patience 1m
                     ring 10s  key 0 -> reception }}
    """,
    "after the phones have rung": f"""{LONG}
        route start {{ answer -> first }}
        ring first {{ ring 201 for 10s  no-answer -> law  busy -> law  unavailable -> law }}
        route law {{ play privacy -> reception }}
    """,
    "behind a key, in a menu whose operator says something first": f"""{LONG}
        operator reception {{ play welcome  ring 100 for 10s  unanswered -> sorry }}
        route start {{ answer -> main }}
        menu main {{ play choices  key 1 -> law  key 0 -> reception }}
        route law {{ play privacy -> reception }}
    """,
}

BROKEN = {
    "six seconds": (f"{LONG} route start {{ play privacy -> reception }}", 6),
    "two notices, each short enough": (
        f"{SHORT} route start {{ play recorded  play welcome  play recorded -> reception }}",
        10,
    ),
    "a menu in which only a language can be chosen": (
        f"""{LONG}
        route start {{ answer -> tongue }}
        menu tongue {{ play only_one  key 1 -> law  silence -> law  invalid -> law }}
        route law {{ play privacy -> reception }}
        """,
        6,
    ),
    "a menu whose every key leads to a notice first": (
        f"""{LONG}
        route start {{ answer -> main }}
        menu main {{ play choices  key 1 -> law  key 0 -> law  silence -> law  invalid -> law }}
        route law {{ play privacy -> reception }}
        """,
        6,
    ),
    "before the operator's phone": (
        f"""{LONG}
        operator reception {{ play privacy  ring 100 for 10s  unanswered -> sorry }}
        route start {{ answer -> reception }}
        """,
        6,
    ),
    "in line, where the only key leads to another notice": (
        f"""{LONG}
        route start {{ answer -> line }}
        queue line {{ play privacy  play only_one  members 201  announce position every 20s  patience 1m
                     ring 10s  key 1 -> law }}
        route law {{ play privacy -> reception }}
        """,
        6,
    ),
}


@pytest.mark.parametrize("case", KEPT)
def test_kept(case: str) -> None:
    assert findings(KEPT[case], "C05") == []


@pytest.mark.parametrize("case", BROKEN)
def test_broken(case: str) -> None:
    body, seconds = BROKEN[case]
    said = f"C05: there are {seconds} s of notices before callers can choose a person, and 5 s are allowed"
    assert findings(body, "C05") == [said]


def test_people_who_are_not_there_cannot_be_chosen() -> None:
    body = f"""{LONG}  {OPEN}
        hours late {{ mon-fri 18:00-20:00 }}
        route start {{ answer -> main }}
        menu main {{ play choices  key 1 -> law  key 0 -> reception }}
        route law {{ play privacy  when late open -> hot_line  otherwise -> reception }}
        ring hot_line {{ ring 201 for 10s  no-answer -> sorry  busy -> sorry  unavailable -> sorry }}
    """
    (breach,) = breaches(body, "C05")
    assert breach.witness
    assert f"{breach.witness.at:%a %H:%M:%S}" == "Thu 17:59:54"
    assert breach.finding.call[-1] == "+0:06  hot_line: only now, a person can be reached"


def test_a_key_that_nobody_can_ever_press_leads_nowhere() -> None:
    body = """
        prompt recorded { file recorded  en "This call is recorded."  lasts 2s  notice }
        route start { play recorded -> line }
        queue line { members 201  staffed never  patience 30s  key 0 -> desk  closing -> message }
        ring desk { ring 202 for 10s }
        operator reception { ring 100 for 10s  supervisor 110  unanswered -> sorry }
    """
    assert findings(body, "C05") == []


def test_one_notice_is_told_once_wherever_it_leads() -> None:
    body = f"""{LONG}
        route start {{ play privacy  when office open -> main  otherwise -> evening }}
        menu main {{ play choices  key 1 -> reception  key 0 -> reception }}
        menu evening {{ play only_zero  key 0 -> reception }}
    """
    assert len(findings(body, "C05")) == 1


def test_notices_are_as_long_as_they_are_in_the_language_that_was_chosen() -> None:
    body = """
        prompt tongues { file tongues  en "Polish: two."  pl "Po polsku: dwa."  lasts 2s  offers 2, 0 }
        prompt privacy { file privacy  en "We record calls."  pl "Nagrywamy rozmowy."  lasts 2s  lasts pl 4s  notice }
        prompt recorded { file recorded  en "We record calls."  pl "Nagrywamy rozmowy."  lasts 1s  lasts pl 3s  notice }
        route start { answer -> tongue }
        menu tongue { play tongues  key 1 speaks en -> polish  key 2 speaks pl -> polish
                      silence -> polish  invalid -> polish }
        route polish { play privacy  play recorded -> main }
        menu main { play tongues  key 2 -> sales  key 0 -> reception }
    """
    text = plan(body).replace("language en", "language en  languages en, pl")
    said = [one.message for one in judge(Source("plan.dial", text)).findings if one.code == "C05"]
    assert said == ["there are 7 s of notices before callers can choose a person, and 5 s are allowed"]
