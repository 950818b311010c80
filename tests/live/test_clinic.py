"""The compiled clinic on a real Asterisk, call by call: the PBX, the walker and the call record tell the same story."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import attrs
import pytest

from dialc.call import Happens, presses
from dialc.live.asterisk import Asterisk, Install
from dialc.live.caller import Do
from dialc.live.phones import Answer, Behaviour, Dead, Redirect, Refuse, Ring, Seen
from dialc.plan import Outcome
from tests.live.scene import CLINIC, Case, Judged, Running, running, settled, steadily, warsaw
from tests.live.sipp import Sipp

MENU = r"^WaitExten\("
PROMPT = r"^BackGround\(clinic-pl/clinic/choices\)"
LINE = r"^BackGround\(clinic-pl/clinic/in-line"
QUEUE = r"^Queue\("
MOBILE = "+48601000200"

SILENCE = Happens(Outcome.SILENCE)
AGENT = Happens(Outcome.ANSWERED, who="agent")
NOBODY = Happens(Outcome.NO_ANSWER)
BUSY = Happens(Outcome.BUSY)
OFF = Happens(Outcome.UNAVAILABLE)


SPEED = 3
"""Seconds of the PBX in a real one, where many calls are under way at once."""


def key(digit: str, when: str = MENU, after: float = 0) -> Do:
    return Do(digit, when=when, after=after)


def listens() -> Do:
    """The caller lets the menu wait in vain."""
    return Do("", when=MENU)


def leaves(when: str, after: float = 0) -> Do:
    return Do(hang_up=True, when=when, after=after)


def speaks(*then: Do) -> tuple[Do, ...]:
    """The caller speaks as the recording begins."""
    return (Do(voice="speech", when=r"^VoiceMail\("), *then)


def answers(who: str, after: int = 0) -> Happens:
    return Happens(Outcome.ANSWERED, after, who=who)


def all_(behaviour: Behaviour, *phones: str) -> dict[str, tuple[Behaviour, ...]]:
    return dict.fromkeys(phones, (behaviour,))


PICKS_UP = Answer(after=2, hang_up=3)
DESK: dict[str, tuple[Behaviour, ...]] = {"100": (PICKS_UP,), "101": (Ring(),)}
AGENTS = all_(PICKS_UP, "201", "202", "203")
NOBODY_HOME = all_(Ring(), "100", "101", "102desk", "102soft", MOBILE)
RECORDS = speaks(Do("#", when=None, after=4))
SAID = Happens(Outcome.LEFT, 4)

OPEN = [
    # The menu
    Case("key 1", (key("1"),), AGENTS, (presses("1"), AGENT)),
    Case("key 2", (key("2"),), {"211": (Ring(),), "212": (PICKS_UP,)}, (presses("2"), AGENT)),
    Case("key 0", (key("0"),), DESK, (presses("0"), answers("100", 2))),
    Case("key 9", (key("9"),), DESK, (presses("9"), answers("100", 2))),
    Case(
        "a key during the notice is lost",
        (key("9"), key("0", r"^Playback\(clinic-pl/clinic/privacy", 20)),
        DESK,
        (presses("9"), answers("100", 2)),
    ),
    Case("barge-in", (key("1", PROMPT, 4),), AGENTS, (presses("1", 4), AGENT)),
    Case(
        "barge-in in the second try",
        (listens(), key("0", PROMPT, 3)),
        DESK,
        (SILENCE, presses("0", 3), answers("100", 2)),
    ),
    Case(
        "an invalid key to the end of the tries",
        (key("7"), key("8"), key("6")),
        DESK,
        (*map(presses, "786"), answers("100", 2)),
    ),
    Case("silence to the end of the tries", (), DESK, (SILENCE, SILENCE, SILENCE, answers("100", 2))),
    Case(
        "invalid, silence, then a key",
        (key("5"), listens(), key("0")),
        DESK,
        (presses("5"), SILENCE, presses("0"), answers("100", 2)),
    ),
    Case(
        "silence, then invalid twice",
        (listens(), key("*"), key("#")),
        DESK,
        (SILENCE, presses("*"), presses("#"), answers("100", 2)),
    ),
    Case(
        "an invalid key cuts the prompt",
        (key("6", PROMPT, 2), key("0")),
        DESK,
        (presses("6", 2), presses("0"), answers("100", 2)),
    ),
    Case("a late key", (key("0", MENU, 3),), DESK, (presses("0", 12), answers("100", 2))),
    Case(
        "a key during the welcome is lost",
        (key("1", r"^Playback\(clinic-pl/clinic/welcome", 1), key("0")),
        DESK,
        (presses("0"), answers("100", 2)),
    ),
    # Queues
    Case(
        "key 0 in the queue's prompt",
        (key("1"), key("0", LINE, 2)),
        DESK,
        (presses("1"), presses("0", 2), answers("100", 2)),
    ),
    Case(
        "key 0 while an agent is rung",
        (key("1"), key("0", QUEUE, 4)),
        {**DESK, **all_(Ring(), "201", "202", "203")},
        (presses("1"), presses("0", 9), answers("100", 2)),
    ),
    Case(
        "a key that means nothing in the queue",
        (key("2"), key("5", QUEUE, 3)),
        {"211": (Answer(after=8, hang_up=2),), "212": (Ring(),)},
        (presses("2"), AGENT),
    ),
    Case(
        "agents refuse, one answers",
        (key("2"),),
        {"211": (Refuse(486),), "212": (Refuse(603), Answer(after=1, hang_up=2))},
        (presses("2"), AGENT),
    ),
    Case(
        "nobody is called back abroad",
        (key("1"), key("2", LINE, 3)),
        {**DESK, **all_(Ring(), "201", "202", "203")},
        (presses("1"), presses("2", 3), Happens(Outcome.NO_NUMBER), answers("100", 2)),
        caller="+491701234567",
    ),
    Case(
        "nobody is called back whose number is withheld",
        (key("1"), key("2", QUEUE, 3), *RECORDS),
        {},  # nor would telephones know for whom they are to do something
        (presses("1"), presses("2", 8), Happens(Outcome.NO_NUMBER), NOBODY, NOBODY, SAID),
        shown={"pres": "prohib_passed_screen"},
    ),
    # The operator's stages
    Case(
        "busy, then the second stage",
        (key("0"),),
        {**all_(Refuse(486), "100", "101"), "102desk": (PICKS_UP,), "102soft": (Ring(),), MOBILE: (Ring(),)},
        (presses("0"), BUSY, answers("102", 2)),
    ),
    Case(
        "no answer, then the mobile confirms",
        (key("0"),),
        {**NOBODY_HOME, MOBILE: (Answer(after=3, keys="1", pause=3, hang_up=4),)},
        (presses("0"), NOBODY, answers(MOBILE, 6)),
    ),
    Case(
        "the mobile's mailbox answers and presses nothing, the desk answers later",
        (key("0"),),
        {**NOBODY_HOME, MOBILE: (Answer(after=1),), "102desk": (Answer(after=13, hang_up=2),)},
        (presses("0"), NOBODY, answers("102", 13)),
    ),
    Case(
        "a machine answers and presses nothing, nobody else does",
        (key("0"), *RECORDS),
        {**NOBODY_HOME, MOBILE: (Answer(after=1),)},
        (presses("0"), NOBODY, NOBODY, SAID),
    ),
    Case(
        "a machine answers, the desk is busy",
        (key("0"), *RECORDS),
        {**all_(Refuse(486), "100", "101", "102desk", "102soft"), MOBILE: (Answer(after=0, keys="5", pause=2),)},
        (presses("0"), BUSY, Happens(Outcome.DECLINED, 2), SAID),
    ),
    Case(
        "the mobile hangs up when it is asked",
        (key("0"), *RECORDS),
        {**NOBODY_HOME, MOBILE: (Answer(after=1, hang_up=2),)},
        (presses("0"), NOBODY, NOBODY, SAID),
    ),
    Case(
        "everybody rejects at once",
        (key("0"), *RECORDS),
        all_(Refuse(603, ring=False), "100", "101", "102desk", "102soft", MOBILE),
        (presses("0"), OFF, OFF, SAID),
    ),
    Case(
        "do not disturb at the desk, faults beyond",
        (key("0"), *RECORDS),
        {
            **all_(Refuse(480, ring=False), "100", "101"),
            **all_(Refuse(503, ring=False), "102desk", "102soft"),
            MOBILE: (Refuse(404, ring=False),),
        },
        (presses("0"), Happens(Outcome.NO_ANSWER, 0), OFF, SAID),
    ),
    Case(
        "a phone redirects (302), another answers",
        (key("0"),),
        {"100": (Redirect("110"),), "101": (Answer(after=4, hang_up=2),), "110": (PICKS_UP,)},
        (presses("0"), answers("101", 4)),
    ),
    Case(
        "both phones redirect (302)",
        (key("0"),),
        {
            **all_(Redirect("110"), "100", "101"),
            "110": (PICKS_UP,),
            "102soft": (PICKS_UP,),
            "102desk": (Ring(),),
            MOBILE: (Ring(),),
        },
        (presses("0"), BUSY, answers("102", 2)),
    ),
    Case(
        "the second device of one extension answers",
        (key("0"),),
        {**NOBODY_HOME, "102soft": (Answer(after=5, hang_up=2),)},
        (presses("0"), NOBODY, answers("102", 5)),
    ),
    Case(
        "phones that are unplugged",
        (key("0"),),
        {**all_(Dead(), "100", "101"), "102desk": (PICKS_UP,), "102soft": (Dead(),), MOBILE: (Dead(),)},
        (presses("0"), NOBODY, answers("102", 2)),
    ),
    Case(
        "a phone vanishes while it rings",
        (key("0"),),
        {"100": (Ring(vanish_after=3),), "101": (Answer(after=8, hang_up=2),)},
        (presses("0"), answers("101", 8)),
    ),
    # The last resort
    Case(
        "nobody answers, a message is left",
        (key("0"), *RECORDS),
        NOBODY_HOME,
        (presses("0"), NOBODY, NOBODY, SAID),
    ),
    Case(
        "nobody answers, nothing is said",
        (key("0"), *speaks(Do("#", when=None, after=1))),
        all_(Refuse(486, ring=False), "100", "101", "102desk", "102soft", MOBILE),
        (presses("0"), BUSY, BUSY, Happens(Outcome.NOTHING_LEFT, 1)),
    ),
    # The caller hangs up
    Case("hangs up in the welcome", (leaves(r"^Playback\(clinic-pl/clinic/welcome", 1.5),), hangs_up=True),
    Case("hangs up in the menu's prompt", (leaves(PROMPT, 4.5),), {}, (SILENCE,), hangs_up=True),
    Case("hangs up as the menu waits", (leaves(MENU, 2.5),), {}, (SILENCE,), hangs_up=True),
    Case("hangs up in the queue's prompt", (key("1"), leaves(LINE, 2.5)), {}, (presses("1"),), hangs_up=True),
    Case(
        "hangs up in the queue",
        (key("1"), leaves(QUEUE, 6.5)),
        all_(Ring(), "201", "202", "203"),
        (presses("1"),),
        hangs_up=True,
    ),
    Case(
        "hangs up as the desk rings",
        (key("0"), leaves(r"^Dial\(", 5.5)),
        NOBODY_HOME,
        (presses("0"), NOBODY),
        hangs_up=True,
    ),
    Case(
        "hangs up as the second stage rings",
        (key("0"), Do(when=r"^Dial\("), leaves(r"^Dial\(", 5.5)),
        {**NOBODY_HOME, MOBILE: (Answer(after=2),)},
        (presses("0"), NOBODY, NOBODY),
        hangs_up=True,
    ),
    Case(
        "hangs up as the message is recorded",
        (key("0"), *speaks(Do(hang_up=True, when=None, after=5))),
        all_(Refuse(486, ring=False), "100", "101", "102desk", "102soft", MOBILE),
        (presses("0"), BUSY, BUSY, Happens(Outcome.LEFT, 60)),
        hangs_up=True,
    ),
    Case(
        "hangs up in the goodbye",
        (key("0"), *RECORDS, leaves(r"^Playback\(clinic-pl/clinic/thanks", 1.5)),
        all_(Refuse(486, ring=False), "100", "101", "102desk", "102soft", MOBILE),
        (presses("0"), BUSY, BUSY, SAID),
        hangs_up=True,
    ),
]

# Its agents are rung all the time, and would keep every other caller of their queue waiting: it has a PBX of its own.
PATIENT = [
    Case(
        "patience runs out",
        (key("2"),),
        {**DESK, **all_(Ring(), "211", "212")},
        (presses("2"), Happens(Outcome.TIMEOUT), answers("100", 2)),
    ),
]

CLOSED = [
    Case("a message at night", RECORDS, {}, (SAID,)),
    Case("nothing said at night", speaks(Do("#", when=None, after=1)), {}, (Happens(Outcome.NOTHING_LEFT, 1),)),
    Case(
        "0 and * leave no recording",
        speaks(Do("0", when=None, after=2), Do("*", when=None, after=1), Do("#", when=None, after=2)),
        {},
        (Happens(Outcome.LEFT, 5),),
    ),
    Case(
        "a key during the closed prompt is lost",
        (key("0", r"^Playback\(clinic-pl/clinic/closed", 2), *RECORDS),
        {},
        (SAID,),
    ),
    Case("hangs up in the closed prompt", (leaves(r"^Playback\(clinic-pl/clinic/closed", 3.5),), hangs_up=True),
    Case("hangs up in the greeting", (leaves(r"^Playback\(clinic-pl/clinic/leave-message", 2.5),), hangs_up=True),
    *(
        Case(f"delivered as {form}", RECORDS, {}, (SAID,), exten=form)
        for form in ("48221234567", "0048221234567", "221234567")
    ),
]

OFF_PHONES = ("100", "101", "102", "211", "212")

SWITCHED_OFF = [
    Case(
        "nobody serves the queue",
        (key("2"),),
        {MOBILE: (Answer(after=1, keys="1", pause=2, hang_up=2),)},
        (presses("2"), Happens(Outcome.EMPTY), OFF, answers(MOBILE, 3)),
        absent=OFF_PHONES,
    ),
    Case(
        "no phone, and no mailbox",
        (key("0"),),
        {MOBILE: (Refuse(404, ring=False),)},
        (presses("0"), OFF, OFF, Happens(Outcome.FAILED)),
        absent=OFF_PHONES,
    ),
]

NIGHT = (leaves(r"^Playback\(clinic-pl/clinic/closed", 2.5),)
DAY = (leaves(PROMPT, 2.5),)

# The branch on the hours comes 3 s after the call, so these calls reach it in the middle of a second. A server's clock
# goes forward only: the two sides of one instant need two servers.
BEFORE = [
    ("2026-11-23 07:59:56.5", Case("the second before opening", NIGHT, hangs_up=True)),
    (
        "2026-11-23 15:59:40.5",
        Case("closing time comes in the menu", (listens(), key("0")), DESK, (SILENCE, presses("0"), answers("100", 2))),
    ),
    ("2026-11-24 15:59:56.5", Case("the second before closing", DAY, {}, (SILENCE,), hangs_up=True)),
    (
        "2026-11-27 15:59:45.5",
        Case(
            "closing time comes in the queue",
            (key("1"), key("0", QUEUE, 15)),
            {**DESK, **all_(Ring(), "201", "202", "203")},
            (presses("1"), presses("0", 20), answers("100", 2)),
        ),
    ),
    ("2026-11-28 12:59:56.5", Case("the second before closing on Saturday", DAY, {}, (SILENCE,), hangs_up=True)),
    ("2026-11-29 10:00:00.5", Case("Sunday", NIGHT, hangs_up=True)),
    ("2026-12-24 10:00:00.5", Case("a public holiday", NIGHT, hangs_up=True)),
    ("2026-12-26 12:59:56.5", Case("a public holiday on a Saturday", NIGHT, hangs_up=True)),
    ("2026-12-27 09:59:56.5", Case("the second before an exception opens a Sunday", NIGHT, hangs_up=True)),
    ("2026-12-27 13:59:56.5", Case("the second before it closes", DAY, {}, (SILENCE,), hangs_up=True)),
    ("2026-12-31 10:00:00.5", Case("a single day closed", NIGHT, hangs_up=True)),
    ("2027-05-26 10:00:00.5", Case("the day before Corpus Christi", DAY, {}, (SILENCE,), hangs_up=True)),
    ("2027-05-27 10:00:00.5", Case("Corpus Christi, which goes by Easter", NIGHT, hangs_up=True)),
    ("2027-12-31 10:00:00.5", Case("the single day in another year", DAY, {}, (SILENCE,), hangs_up=True)),
]
AFTER = [
    ("2026-11-23 07:59:57.5", Case("the second of opening", DAY, {}, (SILENCE,), hangs_up=True)),
    ("2026-11-24 15:59:57.5", Case("the second of closing", NIGHT, hangs_up=True)),
    ("2026-11-28 12:59:57.5", Case("the second of closing on Saturday", NIGHT, hangs_up=True)),
    ("2026-12-24 07:59:57.5", Case("no opening on a public holiday", NIGHT, hangs_up=True)),
    ("2026-12-27 09:59:57.5", Case("an exception opens a Sunday", DAY, {}, (SILENCE,), hangs_up=True)),
    ("2026-12-27 13:59:57.5", Case("and closes it again", NIGHT, hangs_up=True)),
    ("2027-03-29 07:59:57.5", Case("no opening on Easter Monday", NIGHT, hangs_up=True)),
    ("2027-11-02 07:59:57.5", Case("opening after the clocks went back", DAY, {}, (SILENCE,), hangs_up=True)),
    ("2028-03-27 07:59:57.5", Case("opening after the clocks went forward", DAY, {}, (SILENCE,), hangs_up=True)),
]


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Judged]:
    """Every call, made once; many at the same time, where they do not share the clock."""

    async def by_the_clock(moments: list[tuple[str, Case]]) -> dict[str, Judged]:
        found = {}
        async with running(install, CLINIC, start=warsaw("2026-11-23 07:00:00"), speed=2, movable=True) as scene:
            for moment, case in moments:
                await scene.pbx.set_clock(warsaw(moment))
                found[case.name] = await scene.paced(case)
        return found

    async def once(case: Case) -> dict[str, Judged]:
        return await by_the_clock([(moment, one) for moment, one in (*BEFORE, *AFTER) if one is case])

    async def at(
        moment: str, cases: list[Case], without: tuple[str, ...] = (), boxes: bool = True
    ) -> dict[str, Judged]:
        async def together(cases: list[Case]) -> dict[str, Judged]:
            start = warsaw(moment)
            async with running(install, CLINIC, start=start, speed=SPEED, without=without, boxes=boxes) as scene:
                assert scene.pbx.warnings() == []
                return await scene.judge_all(cases, at_once=len(cases))

        return await settled(await together(cases), lambda case: together([case]))

    async def everything() -> dict[str, Judged]:
        clocks = asyncio.gather(by_the_clock(BEFORE), by_the_clock(AFTER))
        patient = asyncio.create_task(at("2026-11-23 10:00:00", PATIENT))
        found = await at("2026-11-23 10:00:00", OPEN)
        found |= await at("2026-11-23 20:00:00", CLOSED)
        found |= await at("2026-11-23 10:00:00", SWITCHED_OFF, OFF_PHONES, boxes=False)
        before, after = await clocks
        found |= await patient
        return found | await settled(before | after, once)

    return asyncio.run(everything())


CASES = [*OPEN, *PATIENT, *CLOSED, *SWITCHED_OFF, *(case for _, case in (*BEFORE, *AFTER))]
NAMES = [case.name for case in CASES]


@pytest.mark.parametrize("name", NAMES)
def test_the_pbx_does_what_the_plan_says(calls: dict[str, Judged], name: str) -> None:
    assert calls[name].differences == (), str(calls[name])


def test_every_call_has_a_name_of_its_own() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 30


def test_a_real_caller_presses_a_key_and_reaches_a_registered_phone(install: Install) -> None:
    """sipp dials in over SIP with sound, and the phone that answers is sipp as well."""

    async def over_sip() -> Judged:
        async with running(install, CLINIC, start=warsaw("2026-11-23 10:00:00"), without=("101",)) as scene:
            scene.phones.script("100", Ring())
            phone, caller = (Sipp(install, scene.phones.pbx_port) for _ in range(2))
            await phone.register("101")
            watched = asyncio.create_task(scene.driver.incoming("48600111222"))
            answered = asyncio.create_task(phone.answer(talk=2))
            await asyncio.sleep(0.1)
            await caller.dial(CLINIC.number, caller="48600111222", key="0", after=13)
            await answered
            case = Case("sipp", happens=(presses("0", 10), answers("101")))
            return scene.held(case, await watched)

    def check(judged: Judged) -> None:
        assert judged.differences == (), str(judged)

    check(steadily(over_sip, check))


PATIENT_NUMBER = "+48600111222"
ASKS = Case(
    "asks to be called back",
    (key("1"), key("2", QUEUE, 4)),
    {agent: (Ring(),) for agent in AGENTS},
    (presses("1"), presses("2", 9), Happens(Outcome.BOOKED)),
    caller=PATIENT_NUMBER,
)


@attrs.frozen
class Kept:
    """A call-back: what differed as it was booked, what was seen before its time and of it, its journey."""

    booking: tuple[str, ...]
    early: Sequence[Seen]
    rung: Seen
    agent: str
    journey: str
    warnings: Sequence[str]


async def kept(install: Install, start: str, wait: Callable[[Running], Awaitable[None]]) -> Kept:
    """A patient asks to be called back; after `wait`, which sees that nobody is called early, that comes to pass."""
    async with running(install, CLINIC, start=warsaw(start), speed=6, movable=True) as scene:
        for agent in AGENTS:
            scene.phones.script(agent, Answer(after=1, hang_up=9), caller="ring_me")
        scene.phones.script(PATIENT_NUMBER, Answer(after=2))
        booking = await scene.judge(ASKS)
        await wait(scene)
        early = [seen for seen in scene.phones.seen if seen.name == "ring_me" or seen.phone == PATIENT_NUMBER]
        await scene.pbx.later(60)
        rung = await scene.phones.until(PATIENT_NUMBER, "INVITE")
        await scene.phones.until(PATIENT_NUMBER, "BYE")
        await asyncio.sleep(5 / scene.pbx.speed)
        (agent,) = (seen.phone for seen in scene.phones.seen if seen.name == "ring_me" and seen.what == "answered")
        (journey,) = {journey for journey in scene.journeys() if "ring_me=placed" in journey}
        return Kept(booking.differences, early, rung, agent, journey, scene.pbx.warnings())


async def a_minute(scene: Running) -> None:
    """The time that a caller needs to put down the receiver."""
    await asyncio.sleep(20 / scene.pbx.speed)


async def over_christmas(scene: Running) -> None:
    """From three minutes before closing on the last day before three holidays, to the opening of an exception."""
    await scene.pbx.later(60)
    for moment in ("2026-12-24 10:00:00", "2026-12-26 10:00:00", "2026-12-27 09:57:30"):
        await scene.pbx.set_clock(warsaw(moment))
        await scene.pbx.later(60)


@pytest.mark.parametrize(
    ("start", "wait", "not_before"),
    [
        ("2026-11-23 10:00:00", a_minute, "2026-11-23 10:00:45"),
        ("2026-12-23 15:57:00", over_christmas, "2026-12-27 10:00:00"),
    ],
)
def test_who_asks_is_called_back_by_an_agent(
    install: Install, start: str, wait: Callable[[Running], Awaitable[None]], not_before: str
) -> None:
    def check(found: Kept) -> None:
        answered = f"registration=answered/{found.agent}"
        assert found.booking == ()
        assert found.early == []
        assert found.rung.caller == CLINIC.number
        assert 0 <= found.rung.at - warsaw(not_before).timestamp() < 240
        told = [point.partition(":")[2] for point in found.journey.split()[1:]]
        assert told == ["ring_me=placed", "registration", answered, "ring_me=reached", "over"]
        assert found.warnings == []

    check(steadily(lambda: kept(install, start, wait), check))


BESIDE = """[general]
static = yes

[globals]
GREETING = hello

[from-orange]
exten => 100,1,Dial(PJSIP/100,30)
 same => n,VoiceMail(100@clinic,u)

[internal]
include => features
exten => _1XX,1,Dial(PJSIP/${EXTEN},20)
exten => h,1,NoOp(${GREETING})

[features]
exten => *98,1,VoiceMailMain()
exten => i,1,Playback(pbx-invalid)
"""


def test_beside_an_installation_nothing_else_changes(install: Install) -> None:
    """Loaded beside contexts that are there, the files change no line of the dialplan outside their own."""

    async def shown(extensions: str, without_entry: bool) -> dict[str, list[str]]:
        emitted = dict(CLINIC.files)
        async with Asterisk(install, extensions=extensions, files=emitted) as pbx:
            assert without_entry or pbx.warnings() == []
            return _contexts(await pbx.cli("dialplan show"))

    async def both() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        included = f'{BESIDE}\n#include "dialc-clinic.extensions.conf"\n'
        return await shown(BESIDE, without_entry=True), await shown(included, without_entry=False)

    before, after = asyncio.run(both())
    assert {name: rows for name, rows in after.items() if not name.startswith("dialc-clinic")} == {
        **before,
        "from-orange": [*before["from-orange"], "Include => 'dialc-clinic'"],
    }
    assert sum(name.startswith("dialc-clinic") for name in after) > 20


def _contexts(shown: str) -> dict[str, list[str]]:
    """The lines of `dialplan show` by context, without the place in a file that each ends with."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in shown.splitlines():
        if line.startswith("[ Context '"):
            name = line.split("'")[1]
            found[name] = []
        elif name and line.strip() and not line.startswith("-="):
            found[name].append(" ".join(line.rpartition("[")[0].split()) if "[" in line else line.strip())
    return found
