"""Callers who are handed up to a supervisor, on a real Asterisk: nowhere else, by an operator's phones, never lost."""

import asyncio
import re
from collections.abc import Mapping

import attrs
import pytest

from dialc.live.asterisk import Install
from dialc.live.caller import Do
from dialc.live.phones import Answer, Behaviour, Phones, Refuse, Ring, Seen
from dialc.live.trace import Trace
from dialc.plan import SUPERVISOR_RINGS
from tests.live.scene import Running, Scene, running, steadily, warsaw
from tests.live.test_clinic import leaves

SPEED = 4
"""Seconds of the PBX in a real one."""

START = warsaw("2026-11-24 11:00:00")

MOBILE = "+48601000200"

PLAN = """
plan front "Front desk"
timezone Europe/Warsaw
language en
policy charter { longest-ringing 40s  longest-silence 30s }

line "+48 22 765 43 21" -> start
line "+48 22 765 43 22" -> helpers
line "+48 22 765 43 23" -> workshop
line "+48 22 765 43 24" -> annex
line "+48 22 765 43 25" -> courier

route start { answer -> office }

operator office default {
  ring 10 for 10s
  then ring 11 for 5s
  supervisor 12
  unanswered -> sorry
}

operator annex   { ring 60 for 10s  supervisor 61  unanswered -> sorry }
operator courier { ring "+48 601 000 200" confirm for 20s  supervisor 12  unanswered -> sorry }

queue helpers { members 20  ring 10s  patience 20s  timeout -> office  key 0 -> office }
ring workshop { ring 30 for 10s }

route sorry { play pardon  hang-up }

prompt pardon { file front/pardon  en "We are sorry. Goodbye."  lasts 2s  apology  goodbye }
"""

SITE = """
site yard for asterisk 22 {
  trunk trunk { delivers plus  dial "PJSIP/{number}@trunk"  send plus }
  phones 10-39  dial contacts
  phones 60-69  dial "Local/{number}@yard-phones/n"
  sounds "front-en"
  enter from-trunk
}
"""

YARD = """
[globals]
TRANSFER_CONTEXT = tests-phones

[yard-phones]
exten => _XX,1,Dial(PJSIP/${EXTEN},30)
 same => n,Hangup(${HANGUPCAUSE})

[tests-phones]
exten => _X.,1,Dial(PJSIP/99,30)
"""
"""How the site rings some phones itself, and where its phones dial: any number rings 99, as if it were outside. Whoever
asks for a transfer gets there as well, callers included, if nothing else is said: FreePBX has such a variable.
"""

FRONT = Scene(
    "front.dial",
    "yard.site",
    {number: [number] for number in ("10", "11", "12", "20", "30", "60", "61", "99")},
    "trunk",
    {"front.dial": PLAN, "yard.site": SITE},
)

ELSEWHERE = ("0048900123456", "+48900123456", "10", "11", "s", "i", "t", "h", "external_replaces", "sip:127.0.0.1")
"""What else a phone may want: numbers outside and inside, and what extensions of a dialplan are called."""

OUTSIDE = "99"


@attrs.frozen
class Call:
    """A scripted call, and the journey that it should leave, without its seconds."""

    name: str
    phones: Mapping[str, tuple[Behaviour, ...]]
    journey: str
    number: str = "+48227654321"
    script: tuple[Do, ...] = ()


@attrs.frozen
class Made:
    """A call that was made: its trace, and what its phones saw of it."""

    trace: Trace
    seen: tuple[Seen, ...]

    @property
    def journey(self) -> str:
        """The journey in the call record."""
        return next((row["journey"] for row in reversed(self.trace.records) if row["journey"]), "")

    @property
    def points(self) -> str:
        """The journey without its seconds."""
        return " ".join(point.partition(":")[2] or point for point in self.journey.split())

    def saw(self, phone: str) -> list[str]:
        """What a phone saw and did."""
        return [seen.what for seen in self.seen if seen.phone == phone]

    def at(self, phone: str, what: str) -> float:
        """Seconds into the call at which a phone saw something first."""
        return next(seen.at for seen in self.seen if (seen.phone, seen.what) == (phone, what)) - self.trace.began


UP = Answer(after=1, refers=("12",))
TALKS = Answer(after=2, hang_up=3)
BEGIN = "+48227654321 start office office=answered/10"

CALLS = [
    Call(
        "the supervisor answers",
        {"10": (UP,), "12": (TALKS,)},
        f"{BEGIN} office=handed-up office=answered/12 over",
    ),
    Call(
        "the supervisor does not answer, the desk takes the caller back",
        {"10": (UP, TALKS), "12": (Ring(),)},
        f"{BEGIN} office=handed-up office=handed-back office=answered/10 over",
    ),
    Call(
        "the supervisor is busy, the second phone takes the caller",
        {"10": (UP, Ring()), "11": (TALKS,), "12": (Refuse(486),)},
        f"{BEGIN} office=handed-up office=handed-back office=answered/11 over",
    ),
    Call(
        "the supervisor declines, and nobody answers any more",
        {"10": (UP, Ring()), "11": (Ring(),), "12": (Refuse(603, after=1),)},
        f"{BEGIN} office=handed-up office=handed-back office=unanswered sorry sorry-2 sorry-2=hung-up",
    ),
    Call(
        "a caller is handed up once",
        {"10": (UP, Answer(after=1, refers=("12",), hang_up=2)), "12": (Refuse(486),)},
        f"{BEGIN} office=handed-up office=handed-back office=answered/10 over",
    ),
    Call(
        "the second stage hands up",
        {"10": (Refuse(486),), "11": (UP,), "12": (TALKS,)},
        "+48227654321 start office office=answered/11 office=handed-up office=answered/12 over",
    ),
    Call(
        "to nobody else, and the talk goes on",
        {"10": (Answer(after=1, refers=ELSEWHERE, hang_up=2),)},
        f"{BEGIN} over",
    ),
    Call(
        "after a wrong number, the supervisor",
        {"10": (Answer(after=1, refers=("55", "12")),), "12": (TALKS,)},
        f"{BEGIN} office=handed-up office=answered/12 over",
    ),
    Call(
        "the caller leaves as the supervisor rings",
        {"10": (UP,), "12": (Ring(),)},
        f"{BEGIN} office=handed-up caller-hung-up",
        script=(leaves("DialBegin PJSIP/12", 3),),
    ),
    Call(
        "a phone that the site rings hands up",
        {"60": (Answer(after=1, refers=("0048900123456", "12", "61")),), "61": (TALKS,)},
        "+48227654324 annex annex=answered/60 annex=handed-up annex=answered/61 over",
        "+48227654324",
    ),
    Call(
        "a phone that the site rings takes the caller back",
        {"60": (Answer(after=1, refers=("61",)), Answer(after=1, refers=("61",), hang_up=1)), "61": (Refuse(486),)},
        "+48227654324 annex annex=answered/60 annex=handed-up annex=handed-back annex=answered/60 over",
        "+48227654324",
    ),
    Call(
        "a telephone outside hands up to nobody else",
        {MOBILE: (Answer(after=1, keys="1", pause=3, refers=("0048900123456", "10", "12")),), "12": (TALKS,)},
        f"+48227654325 courier courier=answered/{MOBILE} courier=handed-up courier=answered/12 over",
        "+48227654325",
    ),
    Call(
        "a member of a queue transfers as the site lets it",
        {"20": (Answer(after=1, refers=("12",)),), OUTSIDE: (TALKS,)},
        "+48227654322 helpers helpers=answered/20 over",
        "+48227654322",
    ),
    Call(
        "a phone of a plain ring transfers as the site lets it",
        {"30": (Answer(after=1, refers=("12",)),), OUTSIDE: (TALKS,)},
        "+48227654323 workshop workshop=answered/30 over",
        "+48227654323",
    ),
]


async def made_by(scene: Running, call: Call) -> Made:
    """Make a call, and collect what was seen of it."""
    name = f"caller{next(scene.counter):03}"
    for phone, behaviours in call.phones.items():
        scene.phones.script(phone, *behaviours, caller=name)
    trace = await scene.driver.call("from-trunk", call.number, call.script, name=name, patience=40)
    return Made(trace, tuple(seen for seen in scene.phones.seen if seen.name == name))


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Made]:
    """Every call, made once, all at the same time."""

    async def together() -> list[Made]:
        async with running(install, FRONT, start=START, speed=SPEED, dialplan=YARD) as scene:
            assert scene.pbx.warnings() == []
            made = await asyncio.gather(*(made_by(scene, call) for call in CALLS))
            assert not [line for line in scene.pbx.warnings() if re.search(r"(pbx|app_\w+|func_\w+)\.c:", line)]
            return made

    def check(made: list[Made]) -> None:
        assert [each.points for each in made] == [call.journey for call in CALLS]

    made = steadily(together, check)
    return dict(zip([call.name for call in CALLS], made, strict=True))


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_a_call_goes_where_its_operator_hands_it(calls: dict[str, Made], call: Call) -> None:
    made = calls[call.name]
    assert made.points == call.journey, (made.journey, made.seen)
    assert not made.trace.timed_out


def test_who_hands_a_caller_up_is_done_and_the_supervisor_rings(calls: dict[str, Made]) -> None:
    made = calls["the supervisor answers"]
    assert made.saw("10") == ["INVITE", "answered", "refer 12: 180", "hung up"]
    assert made.saw("12") == ["INVITE", "answered", "hung up"]
    assert [seen.caller for seen in made.seen if seen.phone == "12"] == ["+48600111222"] * 3


def test_a_supervisor_rings_for_so_long(calls: dict[str, Made]) -> None:
    made = calls["the supervisor does not answer, the desk takes the caller back"]
    assert made.at("12", "CANCEL") - made.at("12", "INVITE") == pytest.approx(SUPERVISOR_RINGS, abs=2)
    assert made.saw("10") == ["INVITE", "answered", "refer 12: 180", "hung up", "INVITE", "answered", "hung up"]


def test_nobody_else_is_rung_by_a_transfer(calls: dict[str, Made]) -> None:
    made = calls["to nobody else, and the talk goes on"]
    refused = [what for what in made.saw("10") if what.startswith("refer ")]
    assert refused == [f"refer {number}: 404" for number in ELSEWHERE]
    assert made.saw("10")[-1] == "hung up"
    assert {seen.phone for seen in made.seen} == {"10"}
    again = calls["a caller is handed up once"]
    assert again.saw("10")[-2:] == ["refer 12: 404", "hung up"]
    outside = calls["a telephone outside hands up to nobody else"]
    assert outside.saw(MOBILE)[-4:] == ["refer 0048900123456: 404", "refer 10: 404", "refer 12: 200", "hung up"]


def test_a_phone_rung_by_the_site_knows_that_it_is_done(calls: dict[str, Made]) -> None:
    assert calls["a phone that the site rings hands up"].saw("60")[-2:] == ["refer 61: 200", "hung up"]


def test_other_phones_transfer_by_the_plan_of_the_site(calls: dict[str, Made]) -> None:
    for name in (
        "a member of a queue transfers as the site lets it",
        "a phone of a plain ring transfers as the site lets it",
    ):
        assert calls[name].saw(OUTSIDE) == ["INVITE", "answered", "hung up"]
        assert calls[name].saw("12") == []


def test_a_caller_transfers_nobody_and_hears_ringing_meanwhile(install: Install) -> None:
    """From a telephone: it is the caller's PBX or telephone that asks for transfers and hears what is sent to it."""
    caller = "48600111222"
    wanted = ("12", "10", "+48227654322", "0048900123456", "s")

    async def call() -> tuple[Trace, Phones]:
        async with running(install, FRONT, start=START, dialplan=YARD) as scene:
            scene.phones.script("10", Answer(after=1, pause=7, refers=("12",)))
            scene.phones.script("12", Answer(after=3, hang_up=2))
            traced = asyncio.create_task(scene.driver.incoming(caller))
            assert await scene.phones.dial(caller, "+48227654321", refers=wanted, seconds=30) == 200
            return await traced, scene.phones

    def check(found: tuple[Trace, Phones]) -> None:
        trace, phones = found
        assert phones.saw(caller) == [f"refer {number}: 404" for number in wanted]
        assert [phone for phone in ("10", "11", "12", "20", "99") if phones.saw(phone)] == ["10", "12"]
        journey = trace.records[-1]["journey"].split()
        assert [point.partition(":")[2] for point in journey[-4:]] == [
            *("office=answered/10", "office=handed-up", "office=answered/12", "over")
        ]
        talk, up, answered = (
            next(seen.at for seen in phones.seen if (seen.phone, seen.what) == moment)
            for moment in (("10", "answered"), ("12", "INVITE"), ("12", "answered"))
        )
        sounds = phones.heard[caller]
        assert not [at for at in sounds if talk + 0.5 < at < up - 0.5]
        assert min(at for at in sounds if at > up - 0.5) < up + 0.5
        assert not [at for at in sounds if at > answered + 0.5]

    check(steadily(call, check))
