"""A bot that callers can leave, and a call that is recorded, on a real Asterisk."""

import asyncio
import re

import pytest

from dialc.call import Happens, presses
from dialc.live.asterisk import Install
from dialc.live.caller import Do
from dialc.live.phones import Answer, Refuse, Ring
from dialc.plan import Outcome
from tests.live.scene import Case, Judged, Scene, made, warsaw
from tests.live.test_clinic import answers, leaves

SPEED = 4
"""Seconds of the PBX in a real one."""

PLAN = """
plan lab "Lab"
timezone Europe/Warsaw
language en

line "+48 22 765 43 21" -> start

route start { answer  play privacy  record -> assistant }

bot assistant {
  phone 90  limit 20s
  key 0 "a person" -> again_recorded
  over   -> desk
  failed -> office
}

route again_recorded { play privacy  record -> office }

ring desk { ring 11 for 6s }

operator office { ring 10 for 8s  unanswered -> sorry }

route sorry { play pardon  hang-up }

prompt privacy { file lab/privacy  en "This call is recorded."  lasts 2s  notice }
prompt pardon  { file lab/pardon   en "We are sorry. Goodbye."  lasts 2s  apology  goodbye }
"""

SITE = """
site yard for asterisk 22 {
  trunk trunk { delivers plus  dial "PJSIP/{number}@trunk"  send plus }
  phones 10-99  dial contacts
  sounds "lab-en"
  enter from-trunk
}
"""

LAB = Scene(
    "lab.dial", "yard.site", {n: [n] for n in ("10", "11", "90")}, "trunk", {"lab.dial": PLAN, "yard.site": SITE}
)

STAYS = Answer()
PICKS_UP = Happens(Outcome.ANSWERED)
OFFICE = {"10": (Answer(after=1, hang_up=1),)}
DESK = {"11": (Answer(after=1, hang_up=1),)}
AT_OFFICE, AT_DESK = answers("10", 1), answers("11", 1)
TALKS = "^BridgeEnter plan"

CASES = [
    Case(
        "the bot is done",
        (),
        {**DESK, "90": (Answer(hang_up=5),)},
        (PICKS_UP, Happens(Outcome.OVER, 5), AT_DESK),
    ),
    Case(
        "the bot picks up late and is done",
        (),
        {**DESK, "90": (Answer(after=3, hang_up=4),)},
        (Happens(Outcome.ANSWERED, 3), Happens(Outcome.OVER, 4), AT_DESK),
    ),
    Case(
        "key 0 while the bot talks",
        (Do("0", when=TALKS, after=4),),
        {**OFFICE, "90": (STAYS,)},
        (PICKS_UP, presses("0", 4), AT_OFFICE),
    ),
    Case(
        "key 0 while the bot rings",
        (Do("0", when="DialBegin PJSIP/90", after=2),),
        {**OFFICE, "90": (Answer(after=4),)},
        (presses("0", 2), AT_OFFICE),
    ),
    Case(
        "other keys are the bot's",
        (Do("5", when=TALKS, after=3), Do("*1#", when=None, after=2), Do("0", when=None, after=3)),
        {**OFFICE, "90": (STAYS,)},
        (PICKS_UP, presses("0", 8), AT_OFFICE),
    ),
    Case(
        "keys that the bot presses lead nowhere",
        (),
        {**DESK, "90": (Answer(keys="0*", pause=3, hang_up=3),)},
        (PICKS_UP, Happens(Outcome.OVER, 6), AT_DESK),
    ),
    Case("the time of the bot is over", (), {**OFFICE, "90": (STAYS,)}, (PICKS_UP, Happens(Outcome.LIMIT), AT_OFFICE)),
    Case("the bot does not answer", (), {**OFFICE, "90": (Ring(),)}, (Happens(Outcome.FAILED, 5), AT_OFFICE)),
    Case("the bot is busy", (), {**OFFICE, "90": (Refuse(486, after=1),)}, (Happens(Outcome.FAILED, 1), AT_OFFICE)),
    Case(
        "nobody at the office after the bot",
        (Do("0", when=TALKS, after=3),),
        {"10": (Ring(),), "90": (STAYS,)},
        (PICKS_UP, presses("0", 3), Happens(Outcome.NO_ANSWER)),
    ),
    Case("the caller leaves the bot by hanging up", (leaves(TALKS, 3),), {"90": (STAYS,)}, (PICKS_UP,), hangs_up=True),
    Case(
        "the caller leaves as the bot rings",
        (leaves("DialBegin PJSIP/90", 2),),
        {"90": (Ring(),)},
        (Happens(Outcome.FAILED, 5),),
        hangs_up=True,
    ),
]


ODD = Scene(
    "lab.dial",
    "yard.site",
    {f"desk{n}": [n] for n in ("10", "11", "90")},
    "trunk",
    {"lab.dial": PLAN, "yard.site": SITE.replace("dial contacts", 'dial "PJSIP/desk{number}"')},
)
"""The same where endpoints have other names than phones: these ring by way of a Local channel, machines must not."""


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Judged]:
    """Every call, made once, all at the same time."""
    return asyncio.run(made(install, LAB, CASES, start=warsaw("2026-11-24 11:00:00"), speed=SPEED))


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_the_pbx_does_what_the_plan_says(calls: dict[str, Judged], name: str) -> None:
    assert calls[name].differences == (), str(calls[name])


def test_a_recording_has_a_name_of_its_own_of_digits_and_letters(calls: dict[str, Judged]) -> None:
    names = [step.args for judged in calls.values() for step in judged.trace.steps if step.app == "MixMonitor"]
    assert len(set(names)) == len(names) == len(CASES)
    assert all(re.fullmatch(r"20261124T11\d{4}U[0-9A-Za-z]+\.wav", name) for name in names)


def test_it_is_the_same_where_dial_strings_do_not_begin_with_the_number(install: Install) -> None:
    found = asyncio.run(made(install, ODD, CASES[:3], start=warsaw("2026-11-24 11:00:00"), speed=SPEED))
    for judged in found.values():
        assert judged.differences == (), str(judged)
