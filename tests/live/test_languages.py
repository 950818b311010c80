"""Two languages of different prompt lengths on a real Asterisk: what callers hear, when, and for how long."""

import asyncio

import pytest

from dialc.call import Happens, presses
from dialc.live.asterisk import Install
from dialc.live.caller import Do
from dialc.live.phones import Answer, Ring
from dialc.plan import Outcome
from tests.live.scene import Case, Judged, Scene, made, warsaw

PLAN = """\
plan town "Town hall"
timezone Europe/Warsaw
language pl
languages pl, en

operator reception {
  play connecting
  ring 100 for 6s
  unanswered -> night
}

prompt tongues    { file town/tongues     pl "Polski: jeden. English: two."  lasts 4s  offers 1, 2 }
prompt choices    { file town/choices     pl "Meldunek: jeden. In English: dziewięć."
                    en "Registration: one. Po polsku: nine."  lasts 3s  lasts en 6s  offers 1, 9 }
prompt connecting { file town/connecting  pl "Łączę."  en "Please hold the line."  lasts 1s  lasts en 3s }
prompt pardon     { file town/pardon      pl "Przepraszamy."  en "We are sorry."  lasts 4s  lasts en 2s
                    apology  goodbye }

waive C15 at speak by "A. Kowalska" because "keys that mean nothing are pressed here"
waive C15 at main by "A. Kowalska" because "keys that mean nothing are pressed here"
line "+48 22 123 45 67" -> speak

menu speak {
  play tongues
  key 1 "polski"  speaks pl -> main
  key 2 "English" speaks en -> main
  wait 3s  tries 1
  silence -> main
}
menu main {
  play choices
  key 1 "registration" -> reception
  key 9 "po polsku" speaks pl -> reception
  wait 3s  tries 2
}
route night { play pardon  hang-up }
"""

SITE = """\
site town for asterisk 22 {
  trunk orange { delivers plus  dial "PJSIP/{number}@orange" }
  phones 100-199 dial contacts
  sounds "hall"
  enter from-orange
}
"""


TOWN = Scene("town.dial", "town.site", {"100": ["100"]}, "orange", texts={"town.dial": PLAN, "town.site": SITE})

MENU = r"^WaitExten\("
TONGUES = r"^BackGround\(hall/town/tongues\)"
CHOICES = r"^BackGround\(hall/town/choices\)"
SILENCE = Happens(Outcome.SILENCE)
NOBODY = Happens(Outcome.NO_ANSWER)
ANSWERED = Happens(Outcome.ANSWERED, 2, who="100")
PICKS_UP = {"100": (Answer(after=2, hang_up=2),)}
NOT = {"100": (Ring(),)}

CASES = [
    Case(
        "English, to a person",
        (Do("2", when=MENU), Do("1", when=MENU)),
        PICKS_UP,
        (presses("2"), presses("1"), ANSWERED),
    ),
    Case(
        "Polish, to a person",
        (Do("1", when=MENU), Do("1", when=MENU)),
        PICKS_UP,
        (presses("1"), presses("1"), ANSWERED),
    ),
    Case(
        "a key in what only the English prompt still says",
        (Do("2", when=TONGUES, after=2), Do("1", when=CHOICES, after=5)),
        PICKS_UP,
        (presses("2", 2), presses("1", 5), ANSWERED),
    ),
    Case(
        "silent in both, so spoken to in the first",
        (Do("", when=MENU), Do("", when=MENU), Do("", when=MENU)),
        PICKS_UP,
        (SILENCE, SILENCE, SILENCE, ANSWERED),
    ),
    Case(
        "English, silent twice",
        (Do("2", when=MENU), Do("", when=MENU), Do("", when=MENU)),
        PICKS_UP,
        (presses("2"), SILENCE, SILENCE, ANSWERED),
    ),
    Case(
        "English to the end of the call",
        (Do("2", when=MENU), Do("1", when=MENU)),
        NOT,
        (presses("2"), presses("1"), NOBODY),
    ),
    Case(
        "Polish to the end of the call",
        (Do("1", when=MENU), Do("1", when=MENU)),
        NOT,
        (presses("1"), presses("1"), NOBODY),
    ),
    Case(
        "English, and then Polish",
        (Do("2", when=MENU), Do("9", when=MENU)),
        NOT,
        (presses("2"), presses("9"), NOBODY),
    ),
]


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Judged]:
    """Every call, made once, all at the same time."""
    return asyncio.run(made(install, TOWN, CASES, start=warsaw("2026-11-24 11:00:00"), speed=3))


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_the_pbx_speaks_the_language_that_was_chosen(calls: dict[str, Judged], name: str) -> None:
    assert calls[name].differences == (), str(calls[name])
