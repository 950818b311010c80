"""The compiled workshop on a real Asterisk: a way out for each outcome of a ring, and the counted way back."""

import asyncio

import pytest

from dialc.call import Happens, presses
from dialc.live.asterisk import Install
from dialc.live.caller import Do
from dialc.live.phones import Answer, Behaviour, Refuse, Ring
from dialc.plan import Outcome
from tests.live.scene import WORKSHOP, Case, Judged, made, warsaw
from tests.live.test_clinic import SPEED, all_, answers, key, leaves, listens

MOBILE = "+48601222333"
COUNTER: dict[str, tuple[Behaviour, ...]] = {"10": (Answer(after=1, hang_up=2),), "11": (Ring(),)}
AT_COUNTER = answers("10", 1)

CASES = [
    Case("the mechanic answers", (key("1"),), {"20": (Answer(after=2, hang_up=2),)}, (presses("1"), answers("20", 2))),
    Case(
        "the mechanic's mobile confirms",
        (key("1"),),
        {"20": (Ring(),), MOBILE: (Answer(after=2, keys="1", pause=2, hang_up=3),)},
        (presses("1"), answers(MOBILE, 4)),
    ),
    Case(
        "busy",
        (key("1"),),
        {**COUNTER, **all_(Refuse(486, after=1), "20", MOBILE)},
        (presses("1"), Happens(Outcome.BUSY, 1), AT_COUNTER),
    ),
    Case(
        "one busy, one rings to the end",
        (key("1"),),
        {**COUNTER, "20": (Refuse(486),), MOBILE: (Ring(),)},
        (presses("1"), Happens(Outcome.NO_ANSWER), AT_COUNTER),
    ),
    Case(
        "unavailable",
        (key("1"),),
        {**COUNTER, **all_(Refuse(503, ring=False), "20", MOBILE)},
        (presses("1"), Happens(Outcome.UNAVAILABLE), AT_COUNTER),
    ),
    Case(
        "declined",
        (key("1"),),
        {**COUNTER, "20": (Refuse(603, ring=False),), MOBILE: (Answer(after=1, keys="3", pause=2),)},
        (presses("1"), Happens(Outcome.DECLINED, 3), AT_COUNTER),
    ),
    Case("back once, then on", (key("2"), key("2")), COUNTER, (presses("2"), presses("2"), AT_COUNTER)),
    Case(
        "back once, silent, then the mechanic",
        (key("2"), listens(), key("1")),
        {"20": (Answer(after=1, hang_up=1),), MOBILE: (Ring(),)},
        (presses("2"), Happens(Outcome.SILENCE), presses("1"), answers("20", 1)),
    ),
    Case(
        "a key in the first of two prompts",
        (Do("0", when=r"^BackGround\(workshop-en/workshop/welcome&", after=1),),
        COUNTER,
        (presses("0", 1), AT_COUNTER),
    ),
    Case(
        "a key in the second of two prompts",
        (Do("0", when=r"^BackGround\(workshop-en/workshop/welcome&", after=4),),
        COUNTER,
        (presses("0", 4), AT_COUNTER),
    ),
    Case("hangs up as the mechanic rings", (key("1"), leaves(r"^Dial\(", 3.5)), {}, (presses("1"),), hangs_up=True),
]


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Judged]:
    """Every call, made once, all at the same time."""
    return asyncio.run(made(install, WORKSHOP, CASES, start=warsaw("2026-11-24 11:00:00"), speed=SPEED))


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_the_pbx_does_what_the_plan_says(calls: dict[str, Judged], name: str) -> None:
    assert calls[name].differences == (), str(calls[name])
