"""Phones in order and everything that a queue can be told, on a real Asterisk: call by call, and member by member."""

import asyncio
from collections.abc import Mapping, Sequence

import attrs
import pytest

from dialc.call import Happens, presses
from dialc.live.asterisk import Install
from dialc.live.caller import Driver
from dialc.live.observe import SECONDS
from dialc.live.phones import Answer, Refuse, Ring
from dialc.plan import Outcome
from tests.live.scene import Case, Judged, Scene, made, running, steadily, warsaw
from tests.live.test_clinic import answers, key, leaves, listens

SPEED = 4
"""Seconds of the PBX in a real one."""

PLAN = """
plan garage "Garage"
timezone Europe/Warsaw
language en
policy charter { longest-ringing 30s  longest-silence 30s }

hours shop { mon-fri 10:00-18:00 }

line "+48 22 765 43 21" -> start

route start { when shop open -> main  otherwise -> closed }

menu main {
  play choices
  key 1 "mechanic" -> mechanic
  key 2 "tyres"    -> tyres
  key 3 "bodywork" -> named
  key 4 "painting" -> painting
  key 0 "counter"  -> counter
  wait 4s  tries 2
}

ring mechanic {
  ring 20, 21 in order for 6s each
  then ring 22, 23 for 8s
}

queue tyres {
  play in_line
  staffed shop plus 10s
  closing -> closed
  members 31
  ring 5s  wrap-up 12s
  announce position, wait every 20s
  patience 40s
  key 0 -> counter
}

route named { label "Łódź 1"  label "Body shop" -> bodywork }

queue bodywork {
  play in_line
  members 41, 42
  then members 43 after 7s
  then members 44 after 13s
  ring 4s
  patience 25s
  key 0 -> counter
}

queue painting {
  play in_line
  members sign in with *31 out with *32 among 51-53
  ring 4s
  patience 10s
  key 0 -> counter
}

operator counter {
  ring 10 for 10s
  staffed shop plus 10m
  unstaffed  -> closed
  unanswered -> sorry
}

route closed { play closed_now  -> message }
route sorry  { play pardon  hang-up }

mailbox message {
  box 100  while closed shop  greeting speak  then thanks
  read by counter within 1 working day
  nothing-left -> sorry
  failed       -> sorry
}

prompt choices    { file garage/choices  en "Mechanic: one. Tyres: two. Bodywork: three. Painting: four. Counter: zero."
                    lasts 3s  offers 1, 2, 3, 4, 0 }
prompt in_line    { file garage/in-line  en "Please hold. Counter: zero."  lasts 2s  offers 0 }
prompt closed_now { file garage/closed   en "We are closed now."  lasts 8s  says closed shop }
prompt speak      { file garage/speak    en "Please leave a message."  lasts 2s }
prompt thanks     { file garage/thanks   en "Thank you. Goodbye."  lasts 2s  goodbye }
prompt pardon     { file garage/pardon   en "We are sorry. Goodbye."  lasts 2s  apology  goodbye }
"""

SITE = """
site yard for asterisk 22 {
  trunk trunk { delivers plus  dial "PJSIP/{number}@trunk"  send plus }
  phones 10-99  dial contacts  state "PJSIP/{number}"
  mailboxes context garage emitted { box 100 pin 4711 "Garage" }
  sounds "garage-en"
  enter from-trunk
  codes internal tests-phones
}
"""

GARAGE = Scene(
    "garage.dial",
    "yard.site",
    {number: [number] for number in ("10", "20", "21", "22", "23", "31", "41", "42", "43", "44", "51", "52")},
    "trunk",
    {"garage.dial": PLAN, "yard.site": SITE},
)

AGENT = Happens(Outcome.ANSWERED, who="agent")
NOBODY = Happens(Outcome.NO_ANSWER)
BUSY = Happens(Outcome.BUSY)
EMPTY = Happens(Outcome.EMPTY)

CASES = [
    Case(
        "the second in order answers",
        (key("1"),),
        {"21": (Answer(after=2, hang_up=1),)},
        (presses("1"), NOBODY, answers("21", 2)),
    ),
    Case(
        "the first is busy, the others ring together",
        (key("1"),),
        {"20": (Refuse(486),), "21": (Refuse(486),), "22": (Ring(),), "23": (Answer(after=3, hang_up=1),)},
        (presses("1"), BUSY, BUSY, answers("23", 3)),
    ),
    Case(
        "nobody in any stage",
        (key("1"),),
        {"10": (Answer(after=1, hang_up=1),)},
        (presses("1"), NOBODY, NOBODY, NOBODY, answers("10", 1)),
    ),
    Case(
        "the caller leaves while the second rings",
        (key("1"), leaves(r"^Dial\(PJSIP/21", 2.5)),
        {},
        (presses("1"), NOBODY),
        hangs_up=True,
    ),
]


SILENCE = Happens(Outcome.SILENCE)
GONE = leaves(r"^Playback\(garage-en/garage/closed", 4)
CLOSING = [
    (
        "2026-11-24 17:59:30",
        Case("waits until the queue closes", (key("2"), GONE), {}, (presses("2"),), hangs_up=True),
    ),
    (
        "2026-11-25 17:59:58.5",
        Case("it closes during the prompt", (listens(), key("2"), GONE), {}, (SILENCE, presses("2")), hangs_up=True),
    ),
    (
        "2026-11-26 17:59:58.5",
        Case("it is closed", (listens(), key("2", after=3), GONE), {}, (SILENCE, presses("2", 6)), hangs_up=True),
    ),
    (
        "2026-11-27 17:59:40",
        Case("a member answers in time", (key("2"),), {"31": (Answer(after=2, hang_up=1),)}, (presses("2"), AGENT)),
    ),
]


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Judged]:
    """Every call, made once, all at the same time."""
    return asyncio.run(made(install, GARAGE, CASES, start=warsaw("2026-11-24 11:00:00"), speed=SPEED))


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_the_pbx_does_what_the_plan_says(calls: dict[str, Judged], name: str) -> None:
    assert calls[name].differences == (), str(calls[name])


def test_a_member_is_left_alone_after_a_call(install: Install) -> None:
    """The phone that hung up rings for the next caller only after the time that its member has for wrapping up."""

    async def two_calls() -> tuple[list[Judged], list[float], list[float]]:
        async with running(install, GARAGE, start=warsaw("2026-11-24 11:00:00"), speed=SPEED) as scene:
            first = Case("first", (key("2"),), {"31": (Answer(after=1, hang_up=2),)}, (presses("2"), AGENT))
            second = attrs.evolve(first, name="second")
            judged = [await scene.judge(first), await scene.judge(second)]
            seen = [s for s in scene.phones.seen if s.phone == "31"]
            rang = [s.at for s in seen if s.what == "INVITE"]
            return judged, rang, [s.at for s in seen if s.what == "hung up"]

    def check(found: tuple[list[Judged], list[float], list[float]]) -> None:
        judged, rang, hung_up = found
        assert [call.differences for call in judged] == [(), ()], "\n".join(map(str, judged))
        assert len(rang) == len(hung_up) == 2
        # Wrap-up is counted from one full second to another: up to a second less than written.
        assert 12 - SECONDS <= rang[1] - hung_up[0] <= 12 + 2.5

    check(steadily(two_calls, check))


def test_members_take_part_once_a_caller_has_waited(install: Install) -> None:
    """Whose phones ring when, and who answers: two tiers that are late, then a first one that is not there."""

    async def calls() -> tuple[list[Judged], list[list[tuple[float, str]]]]:
        judged: list[Judged] = []
        rang: list[list[tuple[float, str]]] = []
        for without in ((), ("41", "42")):
            async with running(
                install, GARAGE, start=warsaw("2026-11-24 11:00:00"), speed=SPEED, without=without
            ) as scene:
                assert scene.pbx.warnings() == []
                last = {"44": (Answer(after=1, hang_up=1),)}
                judged.append(
                    await scene.judge(Case("waits for the last tier", (key("3"),), last, (presses("3"), AGENT)))
                )
                trace = judged[-1].trace
                joined = next(e.at for e in trace.queued if e.what == "QueueCallerJoin")
                rang.append([(s.at - joined, s.phone) for s in scene.phones.seen if s.what == "INVITE"])
        return judged, rang

    def check(found: tuple[list[Judged], list[list[tuple[float, str]]]]) -> None:
        judged, rang = found
        assert [call.differences for call in judged] == [(), ()], "\n".join(map(str, judged))
        late = 4 + 1 + 1  # a member rings, the queue pauses, and it all happens at a speed
        for times in rang:
            for phone, after in (("43", 7), ("44", 13)):
                first = next(at for at, who in times if who == phone)
                assert after - 0.5 <= first <= after + late, times
        assert {who for at, who in rang[0] if at < 6} == {"41", "42"}
        last_at = max(at for at, _ in rang[0])
        assert {who for at, who in rang[0] if at > last_at - 0.5} == {"41", "42", "43", "44"}
        assert {who for _, who in rang[1]} == {"43", "44"}

    check(steadily(calls, check))


def test_phones_show_the_label_before_the_name(install: Install) -> None:
    """The queue's phones and the operator's; a name that is hostile, and a caller who is withheld."""

    async def shown() -> list[set[tuple[str, str]]]:
        found = []
        async with running(install, GARAGE, start=warsaw("2026-11-24 11:00:00"), speed=SPEED) as scene:
            at_once = {"41": (Answer(after=1, hang_up=1),), "10": (Answer(after=1, hang_up=1),)}
            for name, caller in (("Zoë ${EXTEN}; x", "+48600111222"), ("", "+48600111222"), ("Anonymous", "anonymous")):
                for script in ((key("3"),), (key("3"), key("0", when=r"^BackGround\(.*in-line"))):
                    scene.phones.seen.clear()
                    for phone, behaviour in at_once.items():
                        scene.phones.script(phone, *behaviour)
                    number = GARAGE.delivered(GARAGE.number)
                    await scene.driver.call("from-trunk", number, script, caller=caller, name=name)
                    found.append({(s.caller, s.name) for s in scene.phones.seen if s.what == "INVITE"})
        return found

    def check(found: list[set[tuple[str, str]]]) -> None:
        assert found == [
            *([{("+48600111222", "Body shop Zoë EXTEN x")}] * 2),
            *([{("+48600111222", "Body shop")}] * 2),
            *([{("anonymous", "Body shop Anonymous")}] * 2),
        ]

    check(steadily(shown, check))


def test_who_still_waits_leaves_as_the_queue_closes(install: Install) -> None:
    """To the second, by a clock that is moved to shortly before closing."""

    async def calls(cases: Sequence[tuple[str, Case]]) -> list[Judged]:
        async with running(install, GARAGE, start=warsaw("2026-11-24 11:00:00"), speed=3, movable=True) as scene:
            judged = []
            for moment, case in cases:
                await scene.pbx.set_clock(warsaw(moment))
                judged.append(await scene.paced(case))
            return judged

    async def everything() -> list[Judged]:
        judged = await calls(CLOSING)
        again = [case for case, call in zip(CLOSING, judged, strict=True) if call.late]
        return [call for call in judged if not call.late] + (await calls(again) if again else [])

    for call in asyncio.run(everything()):
        assert call.differences == (), str(call)
        assert ("tyres=closing" in call.journey) is call.case.hangs_up


def test_members_sign_in_from_their_own_phones(install: Install) -> None:
    """Who has signed in rings, also after a restart; a phone that is no member cannot; nobody signed in is `empty`."""
    empty = Case("nobody", (key("4"),), {"10": (Answer(after=1, hang_up=1),)}, (presses("4"), EMPTY, answers("10", 1)))
    served = Case("served", (key("4"),), {"51": (Answer(after=1, hang_up=1),)}, (presses("4"), AGENT))

    async def everything() -> tuple[list[Judged], list[str], list[str]]:
        sounds: list[str] = []
        async with running(install, GARAGE, start=warsaw("2026-11-24 11:00:00"), speed=SPEED) as scene:
            assert scene.pbx.warnings() == []

            def heard(event: str, message: Mapping[str, str]) -> None:
                if event == "Newexten" and message["Application"] == "Playback" and "PJSIP" in message["Channel"]:
                    sounds.append(message["AppData"])

            async def calls(*cases: Case) -> list[Judged]:
                async with Driver(scene.pbx) as driver:
                    return [await attrs.evolve(scene, driver=driver).judge(case) for case in cases]

            scene.pbx.manager.listen(heard)
            judged = await calls(empty)
            for phone, code in (("10", "*31"), ("51", "*31"), ("51", "*31")):
                assert await scene.phones.dial(phone, code) == 200
            judged += await calls(served)
            before = scene.phones.saw("51")
            await scene.pbx.restart()
            scene.pbx.manager.listen(heard)
            judged += await calls(served)
            assert await scene.phones.dial("51", "*32") == 200
            judged += await calls(empty)
            return judged, sounds, before

    def check(found: tuple[list[Judged], list[str], list[str]]) -> None:
        judged, sounds, before = found
        assert [call.differences for call in judged] == [()] * 4, "\n".join(map(str, judged))
        assert sounds == ["beeperr", "agent-loginok", "agent-loginok", "agent-loggedoff"]
        assert before == ["INVITE", "answered", "hung up"]

    check(steadily(everything, check))
