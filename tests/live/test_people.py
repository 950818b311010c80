"""The people's side on a real Asterisk: telephones that forward, are not to be disturbed, share an extension, or are a
mailbox, and people who hang up first. What the walker says of each outcome is what the caller lives through.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence

import attrs
import pytest

from dialc.call import Happens
from dialc.live.asterisk import Install
from dialc.live.phones import Answer, Dead, Redirect, Refuse, Ring
from dialc.plan import Outcome
from tests.live.scene import Case, Judged, Scene, running, settled, warsaw
from tests.live.test_clinic import answers, leaves

SPEED = 4
"""Seconds of the PBX in a real one."""

TOGETHER = 24
"""Callers at a time, few enough for a busy machine: who is late is called once more alone."""

START = warsaw("2026-11-24 11:00:00")

TEAMS = range(1, 9)
"""One for each case: callers of one team would keep each other's agents busy."""

WAYS = "busy -> engaged  no-answer -> away  unavailable -> gone"

TEAM_LINES = "\n".join(f'line "+48 22 765 44 0{n}" -> team{n}' for n in TEAMS)
TEAM_QUEUES = "\n".join(
    f"queue team{n} {{ play in_line  members 5{n}, 6{n}  in-order  ring 4s  patience 14s\n"
    "  timeout -> away  key 0 -> office }"
    for n in TEAMS
)

PLAN = f"""
plan people "People"
timezone Europe/Warsaw
language en
policy charter {{ longest-ringing 30s  longest-silence 30s }}

line "+48 22 765 43 21" -> desk
line "+48 22 765 43 22" -> pair
line "+48 22 765 43 23" -> tandem
line "+48 22 765 43 24" -> courier
line "+48 22 765 43 25" -> mixed
line "+48 22 765 43 26" -> office
line "+48 22 765 43 30" to "+48 22 765 43 31" -> rooms
{TEAM_LINES}

ring desk   {{ ring 20 for 8s      {WAYS} }}
ring pair   {{ ring 20, 21 for 8s  {WAYS} }}
ring tandem {{ ring 30 for 8s      {WAYS} }}
ring mixed  {{ ring 20, "+48 601 000 200" confirm for 12s  declined -> refused  {WAYS} }}

transfer courier {{ to "+48 601 000 200" confirm for 12s  declined -> refused  {WAYS} }}

extensions rooms {{ 40-41  ring for 8s  {WAYS} }}

{TEAM_QUEUES}

operator office default {{ ring 10 for 6s  then ring 11 for 4s  unanswered -> sorry }}

route engaged {{ play is_busy    -> office }}
route away    {{ play is_away    -> office }}
route gone    {{ play is_gone    -> office }}
route refused {{ play is_refused -> office }}
route sorry   {{ play pardon  hang-up }}

prompt in_line    {{ file people/in-line  en "Please wait. The office: zero."  lasts 1s  offers 0 }}
prompt is_busy    {{ file people/busy     en "The line is busy. The office will answer."  lasts 1s }}
prompt is_away    {{ file people/away     en "Nobody answers. The office will answer."  lasts 1s }}
prompt is_gone    {{ file people/gone     en "Nobody can be reached. The office will answer."  lasts 1s }}
prompt is_refused {{ file people/refused  en "Nobody has time. The office will answer."  lasts 1s }}
prompt pardon     {{ file people/pardon   en "We are sorry. Goodbye."  lasts 2s  apology  goodbye }}
"""

SITE = """
site yard for asterisk 22 {
  trunk trunk { delivers plus  dial "PJSIP/{number}@trunk"  send plus }
  phones 10-99  dial contacts  state "PJSIP/{number}"
  sounds "people-en"
  enter from-trunk
}
"""

OUTWARD = """
[tests-phones]
exten => _X.,1,Dial(PJSIP/99,30)
"""
"""Where the site's phones dial, and where a forwarding would lead that is followed: any number rings 99."""

ONE_EACH = ("10", "11", "20", "21", "40", "99", *(f"{tens}{n}" for n in TEAMS for tens in (5, 6)))

PEOPLE = Scene(
    "people.dial",
    "yard.site",
    {**{number: [number] for number in ONE_EACH}, "30": ["30desk", "30soft"], "41": []},
    "trunk",
    {"people.dial": PLAN, "yard.site": SITE},
)

DESK, PAIR, TANDEM, COURIER, MIXED, OFFICE = (f"+4822765432{n}" for n in range(1, 7))
ROOM, UNPLUGGED = "+48227654330", "+48227654331"
MOBILE, ELSEWHERE = "+48601000200", "0048900123456"

BUSY, NOBODY, OFF = Happens(Outcome.BUSY, 0), Happens(Outcome.NO_ANSWER), Happens(Outcome.UNAVAILABLE, 0)
AT_ONCE = Happens(Outcome.NO_ANSWER, 0)
DECLINED = Happens(Outcome.DECLINED)
AGENT = Happens(Outcome.ANSWERED, who="agent")
TIMEOUT = Happens(Outcome.TIMEOUT)

TALKS = Answer(after=1, hang_up=2)
HELPS = {"10": (TALKS,)}
"""The office, where everybody gets who did not get through."""
HELPED = answers("10", 1)
FORWARDS = Redirect(ELSEWHERE)


def team(n: int) -> str:
    """The number of a team."""
    return f"+482276544{n:02}"


CASES = [
    # A phone that forwards: it is not followed, and counts as busy
    Case("a phone forwards", (), {**HELPS, "20": (FORWARDS,)}, (BUSY, HELPED), number=DESK),
    Case(
        "a phone forwards as it rings",
        (),
        {**HELPS, "20": (Redirect(ELSEWHERE, after=3),)},
        (Happens(Outcome.BUSY, 3), HELPED),
        number=DESK,
    ),
    Case(
        "a phone forwards, its neighbour answers",
        (),
        {"20": (FORWARDS,), "21": (Answer(after=4, hang_up=1),)},
        (answers("21", 4),),
        number=PAIR,
    ),
    Case(
        "a phone forwards, its neighbour does not answer",
        (),
        {**HELPS, "20": (FORWARDS,), "21": (Ring(),)},
        (NOBODY, HELPED),
        number=PAIR,
    ),
    Case("a mobile forwards", (), {**HELPS, MOBILE: (FORWARDS,)}, (BUSY, HELPED), number=COURIER),
    Case("a room forwards", (), {**HELPS, "40": (FORWARDS,)}, (BUSY, HELPED), number=ROOM),
    Case(
        "an operator's phone forwards",
        (),
        {"10": (FORWARDS,), "11": (TALKS,)},
        (BUSY, answers("11", 1)),
        number=OFFICE,
    ),
    # Not to be disturbed: 486 is busy, 480 nobody, 603 unavailable; of several, 480 counts first and then 486
    *(
        Case(f"{where}: {status}", (), {**HELPS, who: (Refuse(status, ring=False),)}, (said, HELPED), number=line)
        for where, who, line in (("desk", "20", DESK), ("mobile", MOBILE, COURIER), ("room", "40", ROOM))
        for status, said in ((486, BUSY), (480, AT_ONCE), (603, OFF))
    ),
    *(
        Case(
            f"declined as it rings: {status}",
            (),
            {**HELPS, "20": (Refuse(status, after=3),)},
            (Happens(said.outcome, 3), HELPED),
            number=DESK,
        )
        for status, said in ((486, BUSY), (480, AT_ONCE), (603, OFF))
    ),
    *(
        Case(
            f"one is not to be disturbed ({status}), the other answers",
            (),
            {"20": (Refuse(status, ring=False),), "21": (Answer(after=4, hang_up=1),)},
            (answers("21", 4),),
            number=PAIR,
        )
        for status in (486, 480, 603)
    ),
    *(
        Case(
            f"one says {one}, the other {other}",
            (),
            {**HELPS, "20": (Refuse(one, ring=False),), "21": (Refuse(other, after=2),)},
            (Happens(said.outcome, 2), HELPED),
            number=PAIR,
        )
        for one, other, said in (
            (486, 603, BUSY),
            (603, 486, BUSY),
            (603, 480, AT_ONCE),
            (480, 603, AT_ONCE),
            (480, 486, AT_ONCE),
        )
    ),
    Case(
        "nobody in the office is to be disturbed",
        (),
        {"10": (Refuse(480, ring=False),), "11": (Refuse(603, ring=False),)},
        (AT_ONCE, OFF),
        number=OFFICE,
    ),
    Case("a room without a telephone", (), HELPS, (OFF, HELPED), number=UNPLUGGED, absent=("41",)),
    # Two contacts of one extension
    Case(
        "one contact answers, the other stops",
        (),
        {"30desk": (Answer(after=3, hang_up=1),), "30soft": (Ring(),)},
        (answers("30", 3),),
        number=TANDEM,
    ),
    Case(
        "one contact is busy, the other answers",
        (),
        {"30desk": (Refuse(486),), "30soft": (Answer(after=3, hang_up=1),)},
        (answers("30", 3),),
        number=TANDEM,
    ),
    Case(
        "one contact declines as both ring, the other rings on",
        (),
        {**HELPS, "30desk": (Refuse(603, after=2),), "30soft": (Ring(),)},
        (NOBODY, HELPED),
        number=TANDEM,
    ),
    Case(
        "one contact is dead, the other forwards",
        (),
        {**HELPS, "30desk": (Dead(),), "30soft": (FORWARDS,)},
        (NOBODY, HELPED),
        number=TANDEM,
    ),
    Case(
        "both contacts are busy",
        (),
        {**HELPS, "30desk": (Refuse(486),), "30soft": (Refuse(486),)},
        (BUSY, HELPED),
        number=TANDEM,
    ),
    # A mobile's mailbox picks up, and there is nobody who could confirm
    Case("a mailbox picks up", (), {**HELPS, MOBILE: (Answer(after=2),)}, (NOBODY, HELPED), number=COURIER),
    Case(
        "a mailbox picks up and hangs up",
        (),
        {**HELPS, MOBILE: (Answer(after=2, hang_up=3),)},
        (attrs.evolve(DECLINED, after=5), HELPED),
        number=COURIER,
    ),
    Case(
        "a mailbox picks up, the desk answers later",
        (),
        {"20": (Answer(after=6, hang_up=1),), MOBILE: (Answer(after=1),)},
        (answers("20", 6),),
        number=MIXED,
    ),
    Case(
        "a mailbox picks up, the desk is busy",
        (),
        {**HELPS, "20": (Refuse(486),), MOBILE: (Answer(after=1),)},
        (NOBODY, HELPED),
        number=MIXED,
    ),
    Case(
        "the mobile declines, the desk is busy",
        (),
        {**HELPS, "20": (Refuse(486),), MOBILE: (Answer(after=1, keys="2", pause=2),)},
        (attrs.evolve(DECLINED, after=3), HELPED),
        number=MIXED,
    ),
    Case(
        "the caller leaves as a mailbox talks",
        (leaves(r"^Dial\(", 5.5),),
        {MOBILE: (Answer(after=1),)},
        number=COURIER,
        hangs_up=True,
    ),
    # Agents
    Case("an agent hangs up first", (), {"51": (TALKS,)}, (AGENT,), number=team(1)),
    Case(
        "an agent declines and is asked again",
        (),
        {"52": (Refuse(603), Answer(after=1, hang_up=1)), "62": (Refuse(486),)},
        (AGENT,),
        number=team(2),
    ),
    Case(
        "agents who are not to be disturbed",
        (),
        {**HELPS, "53": (Refuse(480, ring=False),), "63": (Refuse(603, ring=False),)},
        (TIMEOUT, HELPED),
        number=team(3),
    ),
    Case("agents forward", (), {**HELPS, "54": (FORWARDS,), "64": (FORWARDS,)}, (TIMEOUT, HELPED), number=team(4)),
    Case(
        "an agent forwards, another answers",
        (),
        {"55": (FORWARDS,), "65": (Answer(after=1, hang_up=1),)},
        (AGENT,),
        number=team(5),
    ),
    Case(
        "the caller hangs up first",
        (leaves("^BridgeEnter plan", 2.5),),
        {"56": (Answer(after=1),)},
        (AGENT,),
        number=team(6),
        hangs_up=True,
    ),
    Case(
        "an agent does not answer, the next does",
        (),
        {"57": (Ring(),), "67": (Answer(after=1, hang_up=1),)},
        (AGENT,),
        number=team(7),
    ),
    Case(
        "an agent vanishes as the telephone rings",
        (),
        {"58": (Ring(vanish_after=2),), "68": (Answer(after=1, hang_up=1),)},
        (AGENT,),
        number=team(8),
    ),
]

ENDED_BY = {
    "an agent hangs up first": "PJSIP/51-",
    "a phone forwards, its neighbour answers": "PJSIP/21-",
    "one contact answers, the other stops": "PJSIP/30-",
    "the caller hangs up first": "caller",
    "both contacts are busy": "PJSIP/10-",
    "nobody in the office is to be disturbed": "plan",
}
"""How the name of the channel begins that ended some calls: the first to hang up."""

SAW: Mapping[str, Mapping[str, Sequence[str]]] = {
    "a phone forwards": {"20": ["INVITE", "302"]},
    "one contact answers, the other stops": {
        "30desk": ["INVITE", "answered", "hung up"],
        "30soft": ["INVITE", "CANCEL"],
    },
    "one contact is busy, the other answers": {
        "30desk": ["INVITE", "486"],
        "30soft": ["INVITE", "answered", "hung up"],
    },
    "a mailbox picks up": {MOBILE: ["INVITE", "answered", "BYE"]},
    "a mailbox picks up, the desk answers later": {MOBILE: ["INVITE", "answered", "BYE"]},
    "the caller leaves as a mailbox talks": {MOBILE: ["INVITE", "answered", "BYE"]},
    "an agent declines and is asked again": {"52": ["INVITE", "603", "INVITE", "answered", "hung up"]},
    "the caller hangs up first": {"56": ["INVITE", "answered", "BYE"]},
}
"""What telephones saw and did in some calls."""


@attrs.frozen
class Made:
    """A call that was made, and what each telephone saw of it."""

    judged: Judged
    saw: Mapping[str, Sequence[str]]


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Made]:
    """Every call, made once, all at the same time."""
    saw: dict[str, dict[str, list[str]]] = {}

    async def together(cases: Sequence[Case]) -> dict[str, Judged]:
        async with running(install, PEOPLE, start=START, speed=SPEED, dialplan=OUTWARD) as scene:
            assert scene.pbx.warnings() == []
            found = await scene.judge_all(cases, TOGETHER)
            for name, judged in found.items():
                shown = re.search(r'"(caller\d+)"', judged.trace.records[-1]["clid"])
                assert shown, judged.trace.records
                saw[name] = {}
                for seen in scene.phones.seen:
                    if seen.name == shown[1]:
                        saw[name].setdefault(seen.phone, []).append(seen.what)
            return found

    async def everything() -> dict[str, Judged]:
        return await settled(await together(CASES), lambda case: together([case]))

    return {name: Made(judged, saw[name]) for name, judged in asyncio.run(everything()).items()}


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_the_pbx_does_what_the_plan_says(calls: dict[str, Made], name: str) -> None:
    assert calls[name].judged.differences == (), str(calls[name].judged)


def test_nobody_is_rung_elsewhere(calls: dict[str, Made]) -> None:
    assert [name for name, made in calls.items() if "99" in made.saw] == []


@pytest.mark.parametrize("name", SAW)
def test_what_telephones_saw(calls: dict[str, Made], name: str) -> None:
    saw = calls[name].saw
    assert {phone: saw.get(phone) for phone in SAW[name]} == SAW[name]


@pytest.mark.parametrize("name", ENDED_BY)
def test_who_ended_the_call(calls: dict[str, Made], name: str) -> None:
    assert calls[name].judged.trace.ended_by.startswith(ENDED_BY[name])
