"""Menus whose keys repeat them, on a real Asterisk: what uses up a try, and what the last try comes to."""

import asyncio

import pytest

from dialc.call import Happens, presses
from dialc.plan import Outcome
from tests.live.asterisk import Install
from tests.live.phones import Answer, Behaviour
from tests.live.scene import Case, Judged, Scene, running, settled, warsaw
from tests.live.test_clinic import SPEED, answers, key, listens

PLAN = """\
plan school "School"
timezone Europe/Warsaw  language en
line "+48 22 123 45 67" -> main

menu main {
  play choices
  key 1 "office" -> more
  key * "again" repeat
  wait 3s  tries 3
  silence   -> farewell
  undecided -> reception
  invalid   -> caretaker
}
menu more {
  play other
  key 0 -> reception
  key # repeat
  wait 2s  tries 2
  silence -> caretaker
}

route farewell { play bye  hang-up }
ring caretaker { ring 101 for 10s }
operator reception { ring 100 for 10s  unanswered -> sorry }
route sorry { play pardon  hang-up }

prompt choices { file school/choices  en "Office: one. To hear this again: star."  lasts 4s  offers 1, * }
prompt other { file school/other  en "Reception: zero. To hear this again: hash."  lasts 3s  offers 0, # }
prompt bye { file school/bye  en "Goodbye."  lasts 2s  goodbye }
prompt pardon { file school/pardon  en "We are sorry. Goodbye."  lasts 2s  apology  goodbye }
"""

SITE = """\
site school for asterisk 22 {
  trunk trunk { delivers plus  dial "PJSIP/{number}@trunk" }
  phones 100-149 dial contacts
  outside via trunk
  sounds "school-en"
  enter from-trunk
}
"""


SCHOOL = Scene(
    *("school.dial", "school.site"),
    {"100": ["100"], "101": ["101"]},
    "trunk",
    texts={"school.dial": PLAN, "school.site": SITE},
)

PROMPT = r"^BackGround\(school-en/school/choices\)"
OTHER = r"^BackGround\(school-en/school/other\)"
SILENCE = Happens(Outcome.SILENCE)
PICKS_UP: dict[str, tuple[Behaviour, ...]] = dict.fromkeys(("100", "101"), (Answer(after=1, hang_up=2),))
RECEPTION, CARETAKER = answers("100", 1), answers("101", 1)

CASES = [
    Case("repeat in the prompt, then a key", (key("*", PROMPT, 2), key("1"), key("0")), PICKS_UP,
         (presses("*", 2), presses("1"), presses("0"), RECEPTION)),
    Case("repeat in the wait, then a key in the prompt", (key("*", after=1), key("1", PROMPT, 1), key("0")), PICKS_UP,
         (presses("*", 5), presses("1", 1), presses("0"), RECEPTION)),
    Case("three repeats", (key("*"), key("*"), key("*")), PICKS_UP, (*(presses("*"),) * 3, RECEPTION)),
    Case("two repeats, then silence", (key("*"), key("*"), listens()), PICKS_UP,
         (presses("*"), presses("*"), SILENCE, RECEPTION)),
    Case("a wrong key, then silence", (key("7"), listens(), listens()), PICKS_UP,
         (presses("7"), SILENCE, SILENCE, RECEPTION)),
    Case("silence, a repeat, a wrong key", (listens(), key("*"), key("9")), PICKS_UP,
         (SILENCE, presses("*"), presses("9"), CARETAKER)),
    Case("silence throughout", (), PICKS_UP, (SILENCE,) * 3),
    Case("two repeats in a menu of two tries", (key("1"), key("#", OTHER, 1), key("#")), PICKS_UP,
         (presses("1"), presses("#", 1), presses("#"), CARETAKER)),
    Case("a repeat, then silence, where nothing else is written", (key("1"), key("#"), listens()), PICKS_UP,
         (presses("1"), presses("#"), SILENCE, CARETAKER)),
]  # fmt: skip


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Judged]:
    """Every call, made once, all at the same time."""

    async def together(cases: list[Case]) -> dict[str, Judged]:
        async with running(install, SCHOOL, start=warsaw("2026-11-24 11:00:00"), speed=SPEED) as scene:
            assert scene.pbx.warnings() == []
            return await scene.judge_all(cases, at_once=len(cases))

    async def everything() -> dict[str, Judged]:
        return await settled(await together(CASES), lambda case: together([case]))

    return asyncio.run(everything())


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_the_pbx_does_what_the_plan_says(calls: dict[str, Judged], name: str) -> None:
    assert calls[name].differences == (), str(calls[name])
