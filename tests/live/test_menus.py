"""Menus whose keys repeat them and in which extensions are dialled, on a real Asterisk: what uses up a try, what the
last try comes to, and how long it listens for the next key of a number.
"""

import asyncio

import pytest

from dialc.call import Happens, presses
from dialc.live.asterisk import Install
from dialc.live.caller import Do
from dialc.live.phones import Answer, Behaviour, Ring
from dialc.plan import Outcome
from tests.live.scene import Case, Judged, Scene, made, warsaw
from tests.live.test_clinic import SPEED, answers, key, listens

PLAN = """\
plan school "School"
timezone Europe/Warsaw  language en
policy charter { longest-ringing 30s }
waive C15 at main by "A. Kowalska" because "numbers begin with other digits"
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
  direct staff  direct doctors
  wait 2s  tries 2
  silence -> caretaker
}
extensions staff   { 110-112, 1301  ring for 5s  no-answer -> caretaker }
extensions doctors { 2  ring for 5s }

route farewell { play bye  hang-up }
ring caretaker { ring 101 for 10s }
operator reception { ring 100 for 10s  unanswered -> sorry }
route sorry { play pardon  hang-up }

prompt choices { file school/choices  en "Office: one. To hear this again: star."  lasts 4s  offers 1, * }
prompt other { file school/other  en "Reception: zero. To hear this again: hash."  lasts 3s  offers 0, #, extensions }
prompt bye { file school/bye  en "Goodbye."  lasts 2s  goodbye }
prompt pardon { file school/pardon  en "We are sorry. Goodbye."  lasts 2s  apology  goodbye }
"""

SITE = """\
site school for asterisk 22 {
  trunk trunk { delivers plus  dial "PJSIP/{number}@trunk" }
  phones 100-149 dial contacts
  phones 1301 dial contacts
  phones 2 dial "PJSIP/{number}"
  outside via trunk
  sounds "school-en"
  enter from-trunk
}
"""


SCHOOL = Scene(
    *("school.dial", "school.site"),
    {number: [number] for number in ("100", "101", "110", "111", "112", "1301", "2")},
    "trunk",
    texts={"school.dial": PLAN, "school.site": SITE},
)

PROMPT = r"^BackGround\(school-en/school/choices\)"
OTHER = r"^BackGround\(school-en/school/other\)"
SILENCE = Happens(Outcome.SILENCE)
PICKS_UP: dict[str, tuple[Behaviour, ...]] = dict.fromkeys(SCHOOL.telephones, (Answer(after=1, hang_up=2),))
RECEPTION, CARETAKER = answers("100", 1), answers("101", 1)


def dials(number: str, first: float, *gaps: int) -> tuple[Do, ...]:
    """The caller presses the keys of a number, the first so many seconds into the prompt."""
    keys = zip(number[1:], (*gaps, *(0,) * len(number)), strict=False)
    return (key(number[0], OTHER, first), *(Do(digit, when=None, after=gap) for digit, gap in keys))


def dialled(number: str, first: int, *gaps: int) -> tuple[Happens, ...]:
    """The same for the walker."""
    keys = zip(number[1:], (*gaps, *(0,) * len(number)), strict=False)
    return (presses(number[0], first), *(presses(digit, gap) for digit, gap in keys))


ONE, TO_MORE = key("1"), presses("1")

CASES = [
    Case("an extension in the prompt", (ONE, *dials("111", 1)), PICKS_UP,
         (TO_MORE, *dialled("111", 1), answers("111", 1))),
    Case("an extension in the wait, slowly", (ONE, *dials("112", 4, 1, 1)), PICKS_UP,
         (TO_MORE, *dialled("112", 4, 1, 1), answers("112", 1))),
    Case("a longer one", (ONE, *dials("1301", 2, 1, 0, 1)), PICKS_UP,
         (TO_MORE, *dialled("1301", 2, 1, 0, 1), answers("1301", 1))),
    Case("one of a single digit", (ONE, *dials("2", 1)), PICKS_UP, (TO_MORE, *dialled("2", 1), answers("2", 1))),
    Case("nobody answers an extension", (ONE, *dials("110", 1)), {**PICKS_UP, "110": (Ring(),)},
         (TO_MORE, *dialled("110", 1), Happens(Outcome.NO_ANSWER), CARETAKER)),
    Case("a number left unfinished, then another", (ONE, *dials("13", 1, 1), *dials("110", 1)), PICKS_UP,
         (TO_MORE, *dialled("13", 1, 1), SILENCE, *dialled("110", 1), answers("110", 1))),
    Case("a first digit alone in the wait, twice", (ONE, *dials("1", 4), *dials("1", 4)), PICKS_UP,
         (TO_MORE, *dialled("1", 4), SILENCE, *dialled("1", 4), SILENCE, RECEPTION)),
    Case("a number that is none, at once", (ONE, *dials("115", 1), *dials("19", 1, 1)), PICKS_UP,
         (TO_MORE, *dialled("115", 1), *dialled("19", 1, 1), RECEPTION)),
    Case("a star within a number, then key 0 in the prompt", (ONE, *dials("1*", 1), key("0", OTHER, 1)), PICKS_UP,
         (TO_MORE, *dialled("1*", 1), presses("0", 1), RECEPTION)),
    Case("key 0 does not wait", (ONE, key("0", OTHER, 1)), PICKS_UP, (TO_MORE, presses("0", 1), RECEPTION)),
    Case("a repeat, then an extension", (ONE, key("#", OTHER, 1), *dials("110", 4)), PICKS_UP,
         (TO_MORE, presses("#", 1), *dialled("110", 4), answers("110", 1))),
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
    return asyncio.run(made(install, SCHOOL, CASES, start=warsaw("2026-11-24 11:00:00"), speed=SPEED))


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_the_pbx_does_what_the_plan_says(calls: dict[str, Judged], name: str) -> None:
    assert calls[name].differences == (), str(calls[name])
