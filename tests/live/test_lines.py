"""Lines of many numbers on a real Asterisk: where a call enters by the number called, however the trunk writes it."""

import asyncio
from collections.abc import Sequence

import pytest

from dialc.call import Happens
from dialc.plan import Outcome
from tests.live.asterisk import Install
from tests.live.phones import Answer, Behaviour, Refuse, Ring
from tests.live.scene import Case, Judged, Scene, running, settled, warsaw
from tests.live.test_clinic import SPEED, answers

PLAN = """\
plan office "Kancelaria"
timezone Europe/Warsaw
language pl

line "+48 22 123 45 67" -> start
line "+48 22 123 41 00" to "+48 22 123 41 11" -> staff
line "+48 22 123 41 05" -> start
line "+48 22 123 45 00" to "+48 22 123 46 49" -> desk

extensions staff {
  100-109, 120, 121  ring for 6s
  busy -> engaged
}

route start   { play welcome -> desk }
route engaged { play busy    -> desk }

operator desk { ring 130 for 5s  unanswered -> sorry }
route sorry   { play apology  hang-up }

prompt welcome { file office/welcome  pl "Dzień dobry."              lasts 2s }
prompt busy    { file office/busy     pl "Teraz trwa rozmowa."       lasts 2s }
prompt apology { file office/apology  pl "Przepraszamy. Do widzenia."  lasts 2s  apology  goodbye }
"""

SITE = """\
site town for asterisk 22 {
  trunk trunk { delivers plus, e164, international, national  country PL }
  phones 100-199 dial contacts
  sounds "town"
  enter from-trunk
}
"""

TOWN = Scene(
    "office.dial",
    "town.site",
    {number: [number] for number in ("100", "105", "106", "109", "120", "121", "130")},
    "trunk",
    {"office.dial": PLAN, "town.site": SITE},
)
DESK: dict[str, tuple[Behaviour, ...]] = {"130": (Answer(after=1, hang_up=2),)}
AT_DESK = answers("130", 1)


def forms(number: str) -> Sequence[str]:
    """The number as a Polish trunk can deliver it."""
    return number, number[1:], f"00{number[1:]}", number[3:]


CASES = [
    *(
        Case(f"{name} by {exten}", (), DESK, (AT_DESK,), exten=exten, number=number)
        for name, number in (
            ("a line of its own", "+48221234567"),
            ("a line of its own in a row", "+48221234105"),
            ("the first of a range", "+48221234500"),
            ("beside a line of its own", "+48221234568"),
            ("the last of a range", "+48221234649"),
        )
        for exten in forms(number)
    ),
    *(
        Case(
            f"the phone {phone} by {exten}",
            (),
            {phone: (Answer(after=2, hang_up=2),)},
            (answers(phone, 2),),
            exten=exten,
            number=number,
        )
        for number, phone in (
            ("+48221234100", "100"),
            ("+48221234106", "106"),
            ("+48221234109", "109"),
            ("+48221234110", "120"),
            ("+48221234111", "121"),
        )
        for exten in forms(number)
    ),
    Case(
        "busy",
        (),
        {**DESK, "100": (Refuse(486, after=1),)},
        (Happens(Outcome.BUSY, 1), AT_DESK),
        exten="221234100",
        number="+48221234100",
    ),
    Case(
        "rings to the end",
        (),
        {**DESK, "106": (Ring(),)},
        (Happens(Outcome.NO_ANSWER), AT_DESK),
        exten="48221234106",
        number="+48221234106",
    ),
    Case(
        "no device",
        (),
        DESK,
        (Happens(Outcome.UNAVAILABLE, 0), AT_DESK),
        absent=("107",),
        exten="0048221234107",
        number="+48221234107",
    ),
]


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Judged]:
    """Every call, made once, all at the same time."""

    async def together(cases: list[Case]) -> dict[str, Judged]:
        async with running(install, TOWN, start=warsaw("2026-11-24 11:00:00"), speed=SPEED) as scene:
            assert scene.pbx.warnings() == []
            return await scene.judge_all(cases, at_once=8)

    async def everything() -> dict[str, Judged]:
        return await settled(await together(CASES), lambda case: together([case]))

    return asyncio.run(everything())


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_the_pbx_does_what_the_plan_says(calls: dict[str, Judged], name: str) -> None:
    assert calls[name].differences == (), str(calls[name])
