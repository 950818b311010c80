"""A transfer to somebody elsewhere, on a real Asterisk: handed on, taken back, and never to a machine."""

import asyncio

import pytest

from dialc.call import Happens, presses
from dialc.live.asterisk import Install
from dialc.live.phones import Answer, Refuse, Ring
from dialc.plan import Outcome
from tests.live.scene import Case, Judged, Scene, made, warsaw
from tests.live.test_clinic import answers, key, leaves

SPEED = 4
"""Seconds of the PBX in a real one."""

LAWYER = "+48601000200"

PLAN = """
plan chambers "Chambers"
timezone Europe/Warsaw
language en
policy charter { longest-ringing 30s }

line "+48 22 765 43 21" -> main

menu main {
  play choices
  key 1 "lawyer" -> lawyer
  key 0 "office" -> office
  wait 4s  tries 2
}

transfer lawyer {
  to "+48 601 000 200" confirm for 12s
  busy     -> is_busy
  declined -> office
}

route is_busy { play busy_now -> office }

operator office { ring 10 for 10s  unanswered -> sorry }

route sorry { play pardon  hang-up }

prompt choices  { file chambers/choices  en "Lawyer: one. Office: zero."  lasts 3s  offers 1, 0 }
prompt busy_now { file chambers/busy     en "She is talking. The office will answer."  lasts 2s }
prompt pardon   { file chambers/pardon   en "We are sorry. Goodbye."  lasts 2s  apology  goodbye }
"""

SITE = """
site yard for asterisk 22 {
  trunk trunk { delivers plus  dial "PJSIP/{number}@trunk"  send plus }
  phones 10-99  dial contacts
  sounds "chambers-en"
  enter from-trunk
}
"""

CHAMBERS = Scene("chambers.dial", "yard.site", {"10": ["10"]}, "trunk", {"chambers.dial": PLAN, "yard.site": SITE})

OFFICE = {"10": (Answer(after=1, hang_up=1),)}
AT_OFFICE = answers("10", 1)

CASES = [
    Case(
        "the lawyer takes it",
        (key("1"),),
        {LAWYER: (Answer(after=2, keys="1", pause=2, hang_up=2),)},
        (presses("1"), answers(LAWYER, 4)),
    ),
    Case(
        "the lawyer declines",
        (key("1"),),
        {**OFFICE, LAWYER: (Answer(after=1, keys="2", pause=2),)},
        (presses("1"), Happens(Outcome.DECLINED, 3), AT_OFFICE),
    ),
    Case(
        "the lawyer is busy",
        (key("1"),),
        {**OFFICE, LAWYER: (Refuse(486, after=1),)},
        (presses("1"), Happens(Outcome.BUSY, 1), AT_OFFICE),
    ),
    Case(
        "the lawyer does not answer",
        (key("1"),),
        {**OFFICE, LAWYER: (Ring(),)},
        (presses("1"), Happens(Outcome.NO_ANSWER), AT_OFFICE),
    ),
    Case(
        "the lawyer cannot be reached",
        (key("1"),),
        {**OFFICE, LAWYER: (Refuse(503, ring=False),)},
        (presses("1"), Happens(Outcome.UNAVAILABLE), AT_OFFICE),
    ),
    Case("the caller leaves meanwhile", (key("1"), leaves(r"^Dial\(", 3.5)), {}, (presses("1"),), hangs_up=True),
]


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Judged]:
    """Every call, made once, all at the same time."""
    return asyncio.run(made(install, CHAMBERS, CASES, start=warsaw("2026-11-24 11:00:00"), speed=SPEED))


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_the_pbx_does_what_the_plan_says(calls: dict[str, Judged], name: str) -> None:
    assert calls[name].differences == (), str(calls[name])
