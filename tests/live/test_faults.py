"""Faults on a real Asterisk: telephones that are gone, missing sounds, a full mailbox, callers who leave at every step.
No call is lost to silence, each leaves its journey, and each is what the walker says of that outcome.
"""

import asyncio
from collections.abc import Mapping, Sequence

import attrs
import pytest

from dialc.call import Happens, presses
from dialc.live.asterisk import Install
from dialc.live.caller import Do
from dialc.live.phones import Answer, Behaviour, Dead, Phones, Refuse, Ring
from dialc.plan import Outcome
from tests.live.scene import Case, Judged, Running, Scene, running, settled, steadily, warsaw
from tests.live.test_clinic import answers, leaves, speaks
from tests.live.test_lookup import Service, Web

SPEED = 4
"""Seconds of the PBX in a real one."""

START = warsaw("2026-11-24 11:00:00")

PLAN = """
plan works "Works"
timezone Europe/Warsaw
language en
policy charter { longest-ringing 30s  longest-silence 30s }
callback to PL mobile

line "+48 22 765 43 20" -> start
line "+48 22 765 43 21" -> main
line "+48 22 765 43 22" -> account
line "+48 22 765 43 23" -> desk
line "+48 22 765 43 24" -> courier
line "+48 22 765 43 25" -> team
line "+48 22 765 43 26" -> office
line "+48 22 765 43 27" -> customer
line "+48 22 765 43 28" -> assistant
line "+48 22 765 43 29" -> ring_me
line "+48 22 765 43 31" -> old_desk
line "+48 22 765 44 10" to "+48 22 765 44 11" -> rooms

hours nights { mon-sun 20:00-21:00 }

route start { answer  play welcome  -> main }

menu main {
  play choices
  key 1 "desk"   -> desk
  key 2 "team"   -> team
  key 0 "office" -> office
  wait 4s  tries 2
}

digits customers { 1001, 1002 }

collect account {
  play enter_number
  digits 4 to 4  wait 3s  tries 2
  accept customers -> desk
}

ring desk     { ring 20 for 8s  no-answer -> away  busy -> away  unavailable -> gone }
ring old_desk { ring 21 for 8s  no-answer -> away  busy -> away  unavailable -> gone }
transfer courier { to "+48 601 000 200" confirm for 12s  no-answer -> away  busy -> away  unavailable -> gone }
extensions rooms { 40-41  ring for 8s  no-answer -> away  busy -> away  unavailable -> gone }

queue team { play in_line  members 51  ring 4s  patience 12s  timeout -> away  key 0 -> office }

lookup customer { ask crm for 2s  answer vip -> desk  failed -> office }

bot assistant { phone 90  limit 20s  key 0 "a person" -> office  over -> desk  failed -> office }

callback ring_me { then call_you  from team  within nights  at most 5 a day }

operator office default {
  play connecting
  ring 10 for 6s
  then play still_trying
  ring 11 for 4s
  unanswered -> message
}

mailbox message {
  box 100
  greeting speak
  then thanks
  read by office within 1 working day
  nothing-left -> sorry
  failed       -> pity
}

route away  { play is_away -> office }
route gone  { play is_gone -> office }
route sorry { play pardon  hang-up }
route pity  { play is_full  hang-up }

prompt welcome      { file works/welcome   en "Good morning."  lasts 3s }
prompt choices      { file works/choices   en "Desk: one. Team: two. Office: zero."  lasts 3s  offers 1, 2, 0 }
prompt enter_number { file works/enter     en "Enter your number."  lasts 3s }
prompt in_line      { file works/in-line   en "Please wait. The office: zero."  lasts 3s  offers 0 }
prompt connecting   { file works/connect   en "We are putting you through."  lasts 3s }
prompt still_trying { file works/still     en "We are still trying."  lasts 3s }
prompt call_you     { file works/call-you  en "We shall call you."  lasts 3s  goodbye }
prompt speak        { file works/speak     en "Please leave a message."  lasts 3s  apology }
prompt thanks       { file works/thanks    en "Thank you. Goodbye."  lasts 3s  goodbye }
prompt is_away      { file works/away      en "Nobody answers. The office will."  lasts 2s }
prompt is_gone      { file works/gone      en "Nobody can be reached. The office will answer."  lasts 2s }
prompt is_full      { file works/full      en "We are sorry, try again. Goodbye."  lasts 2s  apology  goodbye }
prompt pardon       { file works/pardon    en "We are sorry. Goodbye."  lasts 3s  apology  goodbye }
"""

SITE = """
site yard for asterisk 22 {
  trunk trunk { delivers plus  country PL  dial "PJSIP/{number}@trunk"  send plus  show "+48 22 765 43 20" }
  phones 10-99  dial contacts  state "PJSIP/{number}"
  mailboxes context works emitted { box 100 pin 4711 "Works" }
  sounds "works-en"
  enter from-trunk
  service crm "http://127.0.0.1:PORT/who"
}
"""

(START_LINE, MAIN, ACCOUNT, DESK, COURIER, TEAM, OFFICE, CUSTOMER, ASSISTANT, RING_ME) = (
    f"+482276543{n}" for n in range(20, 30)
)
OLD_DESK, ROOM, DEAD_ROOM = "+48227654331", "+48227654410", "+48227654411"
MOBILE = "+48601000200"

WORKS = Scene(
    "works.dial",
    "yard.site",
    {**{number: [number] for number in ("10", "11", "20", "40", "41", "51", "90")}, "21": []},
    "trunk",
    {"works.dial": PLAN, "yard.site": SITE},
)

SILENCE, NOBODY, TIMEOUT = Happens(Outcome.SILENCE), Happens(Outcome.NO_ANSWER), Happens(Outcome.TIMEOUT)
BUSY, OFF = Happens(Outcome.BUSY, 0), Happens(Outcome.UNAVAILABLE, 0)
AGENT = Happens(Outcome.ANSWERED, who="agent")
STAYS, TALKS = Answer(after=1), Answer(after=1, hang_up=1)
HELPS: Mapping[str, tuple[Behaviour, ...]] = {"10": (TALKS,)}
HELPED = answers("10", 1)
NOBODY_IN: Mapping[str, tuple[Behaviour, ...]] = {who: (Refuse(486, ring=False),) for who in ("10", "11")}
RECORDS = speaks(Do("#", when=None, after=4))
SAID = Happens(Outcome.LEFT, 4)


def prompt(name: str) -> str:
    """When a prompt begins."""
    return rf"^(Playback|BackGround|Read)\(.*works-en/works/{name}"


def gone(
    name: str, number: str, *script: Do, phones: Mapping[str, tuple[Behaviour, ...]], happens: Sequence[Happens]
) -> Case:
    """A caller who hangs up at the end of a script."""
    return Case(f"hangs up {name}", script, phones, tuple(happens), number=number, hangs_up=True)


def leaves_in(
    name: str, number: str, file: str, *happens: Happens, phones: Mapping[str, tuple[Behaviour, ...]] = {}
) -> Case:
    """A caller who hangs up in a prompt."""
    return gone(name, number, leaves(prompt(file), 1.5), phones=phones, happens=happens)


HANGS_UP = [
    leaves_in("in a prompt", START_LINE, "welcome"),
    leaves_in("in a menu's prompt", MAIN, "choices"),
    gone("as a menu waits", MAIN, leaves(r"^WaitExten\(", 2.5), phones={}, happens=()),
    gone(
        "in a menu's second try",
        MAIN,
        Do(when=r"^WaitExten\("),
        leaves(prompt("choices"), 1.5),
        phones={},
        happens=(SILENCE,),
    ),
    leaves_in("as a number is asked for", ACCOUNT, "enter"),
    gone(
        "in the middle of a number",
        ACCOUNT,
        Do("10", when=r"^Read\(", after=3.5),
        leaves("^Key 0", 1.5),
        phones={},
        happens=(presses("1", 3), presses("0", 1)),
    ),
    gone("as a phone rings", DESK, leaves(r"^Dial\(", 3.5), phones={"20": (Ring(),)}, happens=()),
    gone("as a dead phone rings", DESK, leaves(r"^Dial\(", 3.5), phones={"20": (Dead(),)}, happens=()),
    gone("as a room rings", ROOM, leaves(r"^Dial\(", 3.5), phones={"40": (Ring(),)}, happens=()),
    gone("as a mobile rings", COURIER, leaves(r"^Dial\(", 3.5), phones={MOBILE: (Ring(),)}, happens=()),
    gone("as a mobile is asked", COURIER, leaves(r"^Dial\(", 4.5), phones={MOBILE: (STAYS,)}, happens=()),
    leaves_in("in a queue's prompt", TEAM, "in-line"),
    gone("as an agent's phone rings", TEAM, leaves(r"^Queue\(", 2.5), phones={"51": (Ring(),)}, happens=()),
    gone(
        "between two rings of an agent",
        TEAM,
        leaves(r"^AgentRingNoAnswer", 0.4),
        phones={"51": (Ring(),)},
        happens=(),
    ),
    gone("in a talk with an agent", TEAM, leaves("^BridgeEnter plan", 2.5), phones={"51": (STAYS,)}, happens=(AGENT,)),
    gone(
        "in a talk at the desk",
        DESK,
        leaves("^BridgeEnter plan", 2.5),
        phones={"20": (STAYS,)},
        happens=(answers("20", 1),),
    ),
    gone("as a service is asked", CUSTOMER, leaves(r"^Set\(DIALC_ASKED", 1), phones={}, happens=()),
    gone(
        "as a bot rings",
        ASSISTANT,
        leaves("DialBegin PJSIP/90", 2.5),
        phones={"90": (Ring(),)},
        happens=(Happens(Outcome.FAILED, 5),),
    ),
    gone(
        "in a talk with a bot",
        ASSISTANT,
        leaves("^BridgeEnter plan", 2.5),
        phones={"90": (STAYS,)},
        happens=(Happens(Outcome.ANSWERED, 1),),
    ),
    leaves_in("after a call-back was booked", RING_ME, "call-you", Happens(Outcome.BOOKED)),
    leaves_in("as an operator is announced", OFFICE, "connect"),
    gone("as an operator's phone rings", OFFICE, leaves(r"^Dial\(", 3.5), phones={"10": (Ring(),)}, happens=()),
    leaves_in("between an operator's stages", OFFICE, "still", BUSY, phones=NOBODY_IN),
    leaves_in("in a greeting", OFFICE, "speak", BUSY, BUSY, phones=NOBODY_IN),
    gone(
        "in a recording",
        OFFICE,
        *speaks(Do(hang_up=True, when=None, after=4)),
        phones=NOBODY_IN,
        happens=(BUSY, BUSY, Happens(Outcome.LEFT, 60)),
    ),
    gone(
        "in silence after the tone",
        OFFICE,
        Do(hang_up=True, when=r"^VoiceMail\(", after=2.5),
        phones=NOBODY_IN,
        happens=(BUSY, BUSY, Happens(Outcome.LEFT, 60)),
    ),
    gone(
        "in the thanks",
        OFFICE,
        *RECORDS,
        leaves(prompt("thanks"), 1.5),
        phones=NOBODY_IN,
        happens=(BUSY, BUSY, SAID),
    ),
    gone(
        "in the apology",
        OFFICE,
        *speaks(Do("#", when=None, after=1)),
        leaves(prompt("pardon"), 1.5),
        phones=NOBODY_IN,
        happens=(BUSY, BUSY, Happens(Outcome.NOTHING_LEFT, 1)),
    ),
]

TELEPHONES = [
    Case("a dead phone", (), {**HELPS, "20": (Dead(),)}, (NOBODY, HELPED), number=DESK),
    Case("a dead room", (), {**HELPS, "41": (Dead(),)}, (NOBODY, HELPED), number=DEAD_ROOM),
    Case("a dead mobile", (), {**HELPS, MOBILE: (Dead(),)}, (NOBODY, HELPED), number=COURIER),
    Case("a dead bot", (), {**HELPS, "90": (Dead(),)}, (Happens(Outcome.FAILED, 5), HELPED), number=ASSISTANT),
    Case("a phone vanishes as it rings", (), {**HELPS, "20": (Ring(vanish_after=2),)}, (NOBODY, HELPED), number=DESK),
    Case(
        "a mobile vanishes as it rings",
        (),
        {**HELPS, MOBILE: (Ring(vanish_after=2),)},
        (NOBODY, HELPED),
        number=COURIER,
    ),
    Case(
        "the operator's first phone vanishes",
        (),
        {"10": (Ring(vanish_after=2),), "11": (TALKS,)},
        (NOBODY, answers("11", 1)),
        number=OFFICE,
    ),
    Case(
        "all of the operator's phones are dead",
        RECORDS,
        {"10": (Dead(),), "11": (Ring(vanish_after=1),)},
        (NOBODY, NOBODY, SAID),
        number=OFFICE,
    ),
]

# One agent serves the team: these come one after the other.
AGENTS = [
    Case("a dead agent", (), {**HELPS, "51": (Dead(),)}, (TIMEOUT, HELPED), number=TEAM),
    Case("an agent who vanishes", (), {**HELPS, "51": (Ring(vanish_after=1),)}, (TIMEOUT, HELPED), number=TEAM),
    Case("an agent who declines", (), {**HELPS, "51": (Refuse(603, after=1),)}, (TIMEOUT, HELPED), number=TEAM),
    Case("an agent who declines once", (), {"51": (Refuse(603, after=1), TALKS)}, (AGENT,), number=TEAM),
]


def scene_with(port: int) -> Scene:
    """The plan with a service at that port."""
    return attrs.evolve(WORKS, texts={**WORKS.texts, "yard.site": SITE.replace("PORT", str(port))})


@attrs.frozen
class Left:
    """What calls left behind."""

    channels: str
    warnings: Sequence[str]


async def after(up: Running) -> Left:
    """What is left once calls are over."""
    await asyncio.sleep(0.2)
    shown = await up.pbx.cli("core show channels count")
    warnings = [line for line in up.pbx.warnings() if " pbx.c: " in line or " app_" in line]
    return Left(shown.splitlines()[0], warnings)


@attrs.frozen
class Made:
    """The calls that were made, and what each server had left afterwards."""

    calls: dict[str, Judged]
    left: Sequence[Left]


@pytest.fixture(scope="module")
def made(install: Install) -> Made:
    """Every call with faults of callers and telephones; a service that never answers is there meanwhile."""
    left: list[Left] = []

    async def everything() -> Made:
        web = Web()
        web.service = Service(b"", waits=30)
        async with web.up():
            scene = scene_with(web.port)

            async def together(cases: Sequence[Case], at_once: int) -> dict[str, Judged]:
                modules = ["res_curl", "func_curl"]
                async with running(install, scene, start=START, speed=SPEED, modules=modules) as up:
                    assert up.pbx.warnings() == []
                    found = await up.judge_all(cases, at_once)
                    left.append(await after(up))
                    return found

            async def settling(cases: Sequence[Case], at_once: int) -> dict[str, Judged]:
                return await settled(await together(cases, at_once), lambda case: together([case], 1))

            shared = [case for case in (*HANGS_UP, *TELEPHONES) if case.number != TEAM]
            alone = [case for case in (*HANGS_UP, *AGENTS) if case.number == TEAM]
            first, second = await asyncio.gather(settling(shared, len(shared)), settling(alone, 1))
            return Made(first | second, left)

    return asyncio.run(everything())


FAULTS = [case.name for case in (*HANGS_UP, *TELEPHONES, *AGENTS)]


@pytest.mark.parametrize("name", FAULTS)
def test_the_pbx_does_what_the_plan_says(made: Made, name: str) -> None:
    assert made.calls[name].differences == (), str(made.calls[name])


def test_each_caller_left_a_journey(made: Made) -> None:
    assert set(made.calls) == set(FAULTS)
    for call in made.calls.values():
        plan_or_caller = ":caller-hung-up" if call.case.hangs_up else "=hung-up"
        assert call.journey.endswith(":over" if "=answered/" in call.journey else plan_or_caller), call.journey


def test_nothing_is_left_behind(made: Made) -> None:
    assert {left.channels for left in made.left} == {"0 active channels"}
    assert [line for left in made.left for line in left.warnings] == []


# Telephones whose process is gone, or that sign off


def test_a_telephone_that_registered_and_is_gone(install: Install) -> None:
    """It rings nobody, as long as its registration lasts; once it has signed off, it cannot be reached."""
    rings = Case("there", (), {**HELPS, "21": (TALKS,)}, (answers("21", 1),), number=OLD_DESK)
    signs_off = Case("signs off as it rings", (), {**HELPS, "21": (Ring(),)}, (NOBODY, HELPED), number=OLD_DESK)
    signed_off = Case("signed off", (), HELPS, (OFF, HELPED), number=OLD_DESK, absent=("21",))
    gone = Case("its process is gone", (), HELPS, (NOBODY, HELPED), number=OLD_DESK)

    async def calls() -> list[Judged]:
        async with running(install, scene_with(9), start=START, speed=SPEED, modules=["res_curl", "func_curl"]) as up:
            await up.phones.register("21")
            found = [await up.judge(rings)]
            ringing = asyncio.create_task(up.judge(signs_off))
            await up.phones.until("21", "INVITE", 2)
            await up.phones.register("21", seconds=0)
            found.append(await ringing)
            found.append(await up.judge(signed_off))
            async with Phones(speed=SPEED) as other:
                other.pbx_port = up.phones.pbx_port
                await other.register("21")
            found.append(await up.judge(gone))
            return found

    def check(found: list[Judged]) -> None:
        assert [call.differences for call in found] == [()] * 4, "\n".join(map(str, found))

    check(steadily(calls, check))


# A mailbox that is full

FULL = 100
"""Messages that a mailbox takes."""


def fill(up: Running, messages: int) -> None:
    """Leave so many messages in the mailbox."""
    inbox = up.pbx.folder / "spool" / "voicemail" / "works" / "100" / "INBOX"
    inbox.mkdir(parents=True, exist_ok=True)
    for n in range(messages):
        (inbox / f"msg{n:04}.txt").write_text("[message]\norigmailbox=100\nduration=5\n", encoding="ascii")
        (inbox / f"msg{n:04}.sln").write_bytes(bytes(16000))


def test_a_mailbox_that_is_full(install: Install) -> None:
    """Nobody speaks in vain: who comes to a full mailbox hears so, or just before it is full."""
    last = Case("the last that it takes", RECORDS, NOBODY_IN, (BUSY, BUSY, SAID), number=OFFICE)
    second = Case("just too late", (), NOBODY_IN, (BUSY, BUSY, Happens(Outcome.NOTHING_LEFT)), number=OFFICE)
    full = Case("full", (), NOBODY_IN, (BUSY, BUSY, Happens(Outcome.FAILED)), number=OFFICE)

    async def calls() -> list[Judged]:
        async with running(install, scene_with(9), start=START, speed=SPEED, modules=["res_curl", "func_curl"]) as up:
            fill(up, FULL - 1)
            first = asyncio.create_task(up.judge(last))
            await asyncio.sleep(1.5 / SPEED)
            return [await up.judge(second), await first, await up.judge(full)]

    def check(found: list[Judged]) -> None:
        assert [call.differences for call in found] == [()] * 3, "\n".join(map(str, found))

    check(steadily(calls, check))


# Sounds that are missing

SILENT = [
    Case("a prompt and a menu", (Do("1", when=r"^WaitExten\(", after=1),), {"20": (TALKS,)}, number=START_LINE),
    Case("a menu to its end", (), HELPS, number=MAIN),
    Case("a number", (), HELPS, number=ACCOUNT),
    Case("a queue", (), {"51": (TALKS,)}, number=TEAM),
    Case("a mailbox", RECORDS, NOBODY_IN, number=OFFICE),
    Case("a mobile that confirms", (), {MOBILE: (Answer(after=1, keys="1", pause=2, hang_up=1),)}, number=COURIER),
    Case("a call-back", (), {}, number=RING_ME),
]
JOURNEYS = {
    "a prompt and a menu": "start start-2 main main=key-1 desk desk=answered/20 over",
    "a menu to its end": "main main=silence office office=answered/10 over",
    "a number": "account account=pbx-error office office=answered/10 over",
    "a queue": "team team=answered/51 over",
    "a mailbox": "office office=unanswered message message=left message-2 message-3 message-3=hung-up",
    "a mobile that confirms": f"courier courier=answered/{MOBILE} over",
    "a call-back": "ring_me ring_me=booked ring_me-2 ring_me-3 ring_me-3=hung-up",
}


def test_sounds_that_are_missing(install: Install) -> None:
    """Each call goes where it would have gone, without the prompt. Whoever should have been asked for a number comes to
    the operator at once: Asterisk does not listen after a prompt that is not there.
    """

    async def calls() -> list[Judged]:
        async with running(install, scene_with(9), start=START, speed=SPEED, modules=["res_curl", "func_curl"]) as up:
            for file in up.pbx.folder.glob("data/sounds/en/works-en/**/*.sln"):
                file.unlink()
            return list((await up.judge_all(SILENT, len(SILENT))).values())

    def check(found: list[Judged]) -> None:
        told = {
            call.case.name: " ".join(at.partition(":")[2] or at for at in call.journey.split()[1:]) for call in found
        }
        assert told == JOURNEYS, "\n".join(map(str, found))
        assert [call.case.name for call in found if call.trace.undone or call.trace.timed_out] == []

    check(steadily(calls, check))
