"""Lines of many numbers on a real Asterisk: where a call enters by the number called, however the trunk writes it."""

import asyncio
import re
from collections.abc import Sequence

import pytest

from dialc.call import Happens
from dialc.live.asterisk import Install
from dialc.live.phones import Answer, Behaviour, Refuse, Ring
from dialc.plan import Outcome
from tests.live.scene import Case, Judged, Scene, made, warsaw
from tests.live.test_clinic import SPEED, answers

PLAN = """\
plan office "Kancelaria"
timezone Europe/Warsaw
country PL
language pl

callers vip { "600 111 222", prefix "+44 20" }

line "+48 22 123 45 67" -> start
line "+48 22 123 41 00" to "+48 22 123 41 11" -> staff
line "+48 22 123 41 05" -> start
line "+48 22 123 45 00" to "+48 22 123 46 49" -> desk
line "22 123 47 xx" operator second -> asked
line short 19123 -> asked
line "+48 22 123 48 00" machine "fax" -> fax
line "+48 22 123 48 01" refuses vip -> start
line default -> lost

extensions staff {
  100-109, 120, 121  ring for 6s
  busy -> engaged
}

route start   { play welcome -> desk }
route asked {
  play welcome
  when caller in vip       -> desk
  when caller withheld     -> start
  when caller prefix "+49" -> desk
}
route lost    { play busy -> desk }
ring  fax     { ring 140 for 5s }
route engaged { play busy    -> desk }

operator desk default { ring 130 for 5s  unanswered -> sorry }
operator second       { ring 131 for 5s  unanswered -> sorry }
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
    {number: [number] for number in ("100", "105", "106", "109", "120", "121", "130", "131", "140")},
    "trunk",
    {"office.dial": PLAN, "town.site": SITE},
)
DESK: dict[str, tuple[Behaviour, ...]] = {"130": (Answer(after=1, hang_up=2),)}
AT_DESK = answers("130", 1)
SECOND: dict[str, tuple[Behaviour, ...]] = {"131": (Answer(after=1, hang_up=2),)}
BOTH = {**DESK, **SECOND}
AT_SECOND = answers("131", 1)


FAX = "+48221234800"

HOSTILE = (
    '600111222" | "1" = "1',
    "600111222)",
    "600111222&PJSIP/140",
    "${SHELL(touch /tmp/hostile)}",
    "$[1/0]",
    "600111222;x",
    "600-111-222",
    "++48600111222",
    "48600111222+",
    "6" * 16,
    "+",
    "vip",
    "withheld",
    "s",
)
"""Callers' numbers that are none: none of them is anybody on a list."""


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
    *(
        Case(
            f"{exten} on a line with a wildcard",
            (),
            BOTH,
            (AT_SECOND,),
            exten=exten,
            number="+48221234755",
            caller="+1",
        )
        for exten in forms("+48221234755")
    ),
    Case("a short number", (), BOTH, (AT_DESK,), exten="19123", number="19123", caller="+48600111223"),
    *(
        Case(f"{exten} has no line", (), DESK, (AT_DESK,), exten=exten, number=number)
        for exten, number in (
            *((exten, exten) for exten in ("2", "990011", "+999123456", "4822123", "48221234567890", "191234")),
            ("s", "unknown"),
            ("990011,evil,1", "9900111"),
            ("4${SHELL(id)}2", "42"),
        )
    ),
    Case("a machine", (), {"140": (Answer(after=1, hang_up=1),)}, (answers("140", 1),), exten="221234800", number=FAX),
    *(
        Case(f"{caller} is refused", exten="221234801", number="+48221234801", caller=caller, who="+48600111222")
        for caller in forms("+48600111222")
    ),
    Case("another is not refused", (), DESK, (AT_DESK,), exten="221234801", number="+48221234801", caller="600111223"),
    *(
        Case(f"{shown or 'nothing'} is {who}", (), BOTH, (there,), exten="19123", number="19123", caller=shown, who=who)
        for who, there, presented in (
            ("+48600111222", AT_DESK, forms("+48600111222")),
            ("+442071234567", AT_DESK, ("+442071234567", "442071234567", "00442071234567")),
            ("+493012345678", AT_DESK, ("+493012345678", "493012345678", "00493012345678")),
            ("+33123456789", AT_DESK, ("+33123456789", "33123456789", "0033123456789")),
            ("withheld", AT_DESK, ("", "anonymous", "Anonymous", "unknown")),
        )
        for shown in presented
    ),
    *(
        Case(
            f"{shown} is no number",
            (),
            DESK,
            (AT_DESK,),
            exten="19123",
            number="19123",
            who="withheld",
            shown={"num": shown},
        )
        for shown in HOSTILE
    ),
    Case(
        "a number that may not be shown",  # nor is the name, by which telephones know what to do
        (),
        {},
        (Happens(Outcome.NO_ANSWER),),
        exten="19123",
        number="19123",
        who="withheld",
        shown={"pres": "prohib_passed_screen"},
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
    return asyncio.run(made(install, TOWN, CASES, start=warsaw("2026-11-24 11:00:00"), speed=SPEED, at_once=8))


@pytest.mark.parametrize("name", [case.name for case in CASES if not case.name.endswith("is refused")])
def test_the_pbx_does_what_the_plan_says(calls: dict[str, Judged], name: str) -> None:
    assert calls[name].differences == (), str(calls[name])


@pytest.mark.parametrize("name", [case.name for case in CASES if case.name.endswith("is refused")])
def test_a_call_that_is_refused_is_never_taken(calls: dict[str, Judged], name: str) -> None:
    """Asterisk's records leave out calls that were never taken, unless it is told otherwise."""
    judged = calls[name]
    assert [row.what for row in judged.got] == [row.what for row in judged.want] == ["hung up by plan"]
    assert judged.differences == (), str(judged)
    assert any(re.fullmatch(r"Set\(CDR\(journey\)=\+48221234801 \d+:refused\)", app) for app in judged.trace.apps)
    assert "Hangup(21)" in judged.trace.apps
