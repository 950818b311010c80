"""The harness itself, on a dialplan written by hand: what it says happened is what was arranged to happen."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from dialc.live import observe
from dialc.live.ami import Refused
from dialc.live.asterisk import Asterisk, Install, NotStarted
from dialc.live.caller import INPUT, PROMPT, Do, Driver, presses
from dialc.live.phones import Answer, Behaviour, Dead, Phones, Redirect, Refuse, Ring
from dialc.live.trace import Said, Trace
from tests.live.sipp import Sipp

ROOT = Path(__file__).parent.parent.parent

PLAN = """
[menu]
exten => s,1,Answer()
 same => n,BackGround(desk/choices)
 same => n,WaitExten(3)
 same => n,Hangup()
exten => 1,1,Goto(ring,101,1)
exten => i,1,Playback(desk/wrong)
 same => n,Hangup()
exten => h,1,Set(CDR(journey)=menu)

[ring]
exten => _X.,1,Answer()
 same => n,Dial(PJSIP/${EXTEN},10,gi)
 same => n,Hangup()
exten => h,1,Set(CDR(journey)=ring ${DIALSTATUS})

[contacts]
exten => _X.,1,Answer()
 same => n,Dial(${PJSIP_DIAL_CONTACTS(${EXTEN})},10,gi)
 same => n,Hangup()

[outside]
exten => _X.,1,Answer()
 same => n,Dial(PJSIP/${EXTEN}@orange,10,gU(ask))
 same => n,Hangup()

[ask]
exten => s,1,Read(PRESSED,desk/wrong,1,,1,4)
 same => n,UserEvent(Pressed,Key: ${PRESSED})
 same => n,Set(GOSUB_RESULT=${IF($["${PRESSED}"="1"]?:CONTINUE)})
 same => n,Return()

[queue]
exten => s,1,Answer()
 same => n,Queue(desk,,,,7)
 same => n,Hangup()

[empty]
exten => s,1,Answer()
 same => n,Queue(nobody,,,,7)
 same => n,Hangup()

[left]
exten => 0,1,Hangup()

[members]
exten => _X.,1,Dial(PJSIP/${EXTEN},30,i)

[mailbox]
exten => s,1,Answer()
 same => n,Set(VM_MESSAGEFILE=)
 same => n,VoiceMail(100@desk,s)
 same => n,Hangup()

[early]
exten => s,1,Playback(desk/wrong,noanswer)
 same => n,Hangup(21)

[when]
exten => s,1,Answer()
 same => n,GotoIfTime(08:00-15:59,mon-fri,*,*,Europe/Warsaw?open)
 same => n,Hangup(1)
 same => n(open),Hangup(16)

[pause]
exten => s,1,Answer()
 same => n,Wait(30)
"""

QUEUES = """
[desk]
strategy = rrmemory
timeout = 3
retry = 1
context = left
joinempty = paused,unavailable,invalid,unknown
member => Local/201@members/n,0,201,PJSIP/201
[nobody]
joinempty = paused,unavailable,invalid,unknown
member => Local/301@members/n,0,301,PJSIP/301
"""

VOICEMAIL = "[general]\nformat = sln\nminsecs = 2\nmaxsecs = 8\nmaxsilence = 1\n[desk]\n100 => 0000,Desk\n"

SOUNDS = {"desk/choices": 2.0, "desk/wrong": 1.0}

SPEED = 5.0
WITHIN = 0.75
"""Seconds of the PBX's clock that what is seen may be off: at that speed, 150 ms of a busy machine."""


@attrs.frozen
class Desk:
    """A server with telephones and callers."""

    pbx: Asterisk
    phones: Phones
    driver: Driver


@pytest.fixture(scope="module")
def desk(runner: asyncio.Runner, install: Install) -> Iterator[Desk]:
    """The plan above on a running server."""
    stack = contextlib.AsyncExitStack()

    async def start() -> Desk:
        phones = await stack.enter_async_context(Phones(speed=SPEED))
        telephones = {"101": ["101"], "102": ["102a", "102b"], "201": ["201"], "301": []}
        pbx = Asterisk(
            install,
            extensions=PLAN,
            queues=QUEUES,
            voicemail=VOICEMAIL,
            pjsip=phones.pjsip(telephones, trunks=["orange"]),
            sounds=SOUNDS,
            record={"journey": "${CDR(journey)}"},
            speed=SPEED,
        )
        await stack.enter_async_context(pbx)
        phones.clock = pbx.clock
        return Desk(pbx, phones, await stack.enter_async_context(Driver(pbx)))

    try:
        yield runner.run(start())
    finally:
        runner.run(stack.aclose())


def span(trace: Trace, first: str, second: str) -> float:
    """Seconds from the first event whose text begins with `first` to the next one that begins with `second`."""
    found = [(event.at, str(event)) for event in trace.events]
    begin = next(n for n, (_, text) in enumerate(found) if text.startswith(first))
    end = next(n for n, (_, text) in enumerate(found) if n > begin and text.startswith(second))
    return found[end][0] - found[begin][0]


# Menus


def test_a_key_in_the_wait(runner: asyncio.Runner, desk: Desk) -> None:
    desk.phones.script("101", Refuse(486))
    trace = runner.run(desk.driver.call("menu", script=presses("1")))
    assert trace.apps == [
        "Answer()",
        "BackGround(desk/choices)",
        "WaitExten(3)",
        "Goto(ring,101,1)",
        "Answer()",
        "Dial(PJSIP/101,10,gi)",
        "Hangup()",
        "Set(CDR(journey)=ring BUSY)",
    ]
    assert trace.keys == "1"
    assert trace.statuses == ["BACKGROUNDSTATUS=SUCCESS", "DIALSTATUS=BUSY"]
    assert (trace.steps[-1].context, trace.steps[-1].exten, trace.steps[-1].priority) == ("ring", "h", 1)
    assert span(trace, "BackGround", "WaitExten") == pytest.approx(2, abs=WITHIN)
    assert trace.answered == pytest.approx(trace.began, abs=WITHIN)
    assert not trace.undone
    assert trace.lag < WITHIN


def test_a_key_cuts_the_prompt(runner: asyncio.Runner, desk: Desk) -> None:
    desk.phones.script("101", Refuse(486))
    trace = runner.run(desk.driver.call("menu", script=[Do("1", when=PROMPT, after=1)]))
    assert "WaitExten(3)" not in trace.apps
    assert span(trace, "BackGround", "BACKGROUNDSTATUS") == pytest.approx(1, abs=WITHIN)


def test_a_wrong_key_and_silence(runner: asyncio.Runner, desk: Desk) -> None:
    wrong = runner.run(desk.driver.call("menu", script=presses("9")))
    assert "INVALID_EXTEN=9" in wrong.statuses
    assert "Playback(desk/wrong)" in wrong.apps
    silent = runner.run(desk.driver.call("menu", script=presses("")))
    assert span(silent, "WaitExten", "Hangup") == pytest.approx(3, abs=WITHIN)
    assert silent.keys == ""


def test_several_keys_arrive_in_order(runner: asyncio.Runner, desk: Desk) -> None:
    trace = runner.run(desk.driver.call("pause", script=[Do("1234#", when="Wait"), Do(hang_up=True, when="Key #")]))
    assert trace.keys == "1234#"


def test_what_the_script_did_not_come_to_is_told(runner: asyncio.Runner, desk: Desk) -> None:
    trace = runner.run(desk.driver.call("early", script=presses("1", "2")))
    assert trace.undone == 2
    assert trace.keys == ""


# Who ends a call


def test_the_caller_hangs_up(runner: asyncio.Runner, desk: Desk) -> None:
    trace = runner.run(desk.driver.call("menu", script=[Do(hang_up=True, when=INPUT, after=1)]))
    assert trace.ended_by == "caller"
    assert trace.hung_up == pytest.approx(trace.began + 3, abs=WITHIN)
    assert trace.apps[-2:] == ["WaitExten(3)", "Set(CDR(journey)=menu)"]
    assert not trace.timed_out


def test_the_plan_hangs_up(runner: asyncio.Runner, desk: Desk) -> None:
    trace = runner.run(desk.driver.call("early"))
    assert (trace.ended_by, trace.cause, trace.answered, trace.hung_up) == ("plan", 21, None, None)


def test_the_telephone_hangs_up(runner: asyncio.Runner, desk: Desk) -> None:
    desk.phones.script("101", Answer(2, hang_up=3))
    trace = runner.run(desk.driver.call("ring", "101"))
    assert trace.ended_by.startswith("PJSIP/101-")
    assert span(trace, "DialBegin PJSIP", "BridgeEnter") == pytest.approx(2, abs=WITHIN)
    assert span(trace, "BridgeEnter plan", "BridgeLeave") == pytest.approx(3, abs=WITHIN)


def test_patience_ends_a_call_that_does_not(runner: asyncio.Runner, desk: Desk) -> None:
    trace = runner.run(desk.driver.call("pause", patience=0.3))
    assert trace.timed_out
    assert trace.ended_by == "caller"


def test_a_call_to_nowhere_is_refused(runner: asyncio.Runner, desk: Desk) -> None:
    with pytest.raises(Refused, match="5@nowhere"):
        runner.run(desk.driver.call("nowhere", "5"))


# Telephones

CASES: dict[str, tuple[Behaviour, str, float, list[str]]] = {
    "rings": (Ring(), "NOANSWER", 10, ["INVITE", "CANCEL"]),
    "vanishes": (Ring(vanish_after=1), "NOANSWER", 10, ["INVITE"]),
    "dead": (Dead(), "NOANSWER", 10, ["INVITE"]),
    "answers": (Answer(4, hang_up=2), "ANSWER", 6, ["INVITE", "answered", "hung up"]),
    "busy": (Refuse(486, after=2), "BUSY", 2, ["INVITE", "486"]),
    "declined": (Refuse(603), "CHANUNAVAIL", 0, ["INVITE", "603"]),
    "unavailable": (Refuse(480), "NOANSWER", 0, ["INVITE", "480"]),
    "overloaded": (Refuse(503), "CONGESTION", 0, ["INVITE", "503"]),
    "unknown": (Refuse(404), "CHANUNAVAIL", 0, ["INVITE", "404"]),
    "forwards": (Redirect("102a", after=1), "BUSY", 1, ["INVITE", "302"]),
}


def test_each_caller_meets_the_telephone_that_was_arranged(runner: asyncio.Runner, desk: Desk) -> None:
    async def all_at_once() -> list[Trace]:
        for name, (behaviour, *_) in CASES.items():
            desk.phones.script("101", behaviour, caller=name)
        return await asyncio.gather(*(desk.driver.call("ring", "101", name=name) for name in CASES for _ in range(4)))

    traces = runner.run(all_at_once())
    for trace, name in zip(traces, [name for name in CASES for _ in range(4)], strict=True):
        _, status, seconds, saw = CASES[name]
        assert trace.statuses[-1] == f"DIALSTATUS={status}", name
        assert span(trace, "Dial(", "Hangup()") == pytest.approx(seconds, abs=2), name
        assert sorted(desk.phones.saw("101", caller=name)) == sorted(saw * 4), name
    assert not desk.phones.saw("102a")


def test_a_telephone_does_one_thing_after_another(runner: asyncio.Runner, desk: Desk) -> None:
    desk.phones.script("101", Refuse(486), Refuse(503))
    traces = [runner.run(desk.driver.call("ring", "101")) for _ in range(3)]
    assert [trace.statuses for trace in traces] == [
        ["DIALSTATUS=BUSY"],
        ["DIALSTATUS=CONGESTION"],
        ["DIALSTATUS=CONGESTION"],
    ]


def test_both_contacts_of_an_extension_ring(runner: asyncio.Runner, desk: Desk) -> None:
    desk.phones.script("102a", Ring())
    desk.phones.script("102b", Answer(2, hang_up=1))
    trace = runner.run(desk.driver.call("contacts", "102", caller="+48600000001"))
    assert sorted(dial.status or "" for dial in trace.dials) == ["ANSWER", "CANCEL"]
    assert desk.phones.saw("102a", caller="+48600000001") == ["INVITE", "CANCEL"]
    assert desk.phones.saw("102b", caller="+48600000001") == ["INVITE", "answered", "hung up"]


def test_a_telephone_registers(runner: asyncio.Runner, desk: Desk) -> None:
    async def off_on_off() -> list[Trace]:
        desk.phones.script("301", Refuse(486))
        before = await desk.driver.call("contacts", "301")
        await desk.phones.register("301")
        during = await desk.driver.call("contacts", "301")
        await desk.phones.register("301", seconds=0)
        return [before, during, await desk.driver.call("contacts", "301")]

    statuses = [trace.statuses[-1] for trace in runner.run(off_on_off())]
    assert statuses == ["DIALSTATUS=CHANUNAVAIL", "DIALSTATUS=BUSY", "DIALSTATUS=CHANUNAVAIL"]


@pytest.mark.parametrize(
    ("behaviour", "pressed"),
    [
        (Answer(1, keys="1", pause=2, by="rtp"), "1"),
        (Answer(1, keys="1", pause=2, by="info"), "1"),
        (Answer(1, keys="7", pause=0.5, by="rtp"), "7"),
        (Answer(1), ""),
    ],
    ids=["rtp", "info", "wrong", "machine"],
)
def test_the_called_party_presses_a_key(runner: asyncio.Runner, desk: Desk, behaviour: Answer, pressed: str) -> None:
    desk.phones.script("48601000200", behaviour)
    taken = Do(hang_up=True, when="BridgeEnter plan", after=1)
    trace = runner.run(desk.driver.call("outside", "48601000200", [taken]))
    assert [event.fields["Key"] for event in trace.events if isinstance(event, Said)] == [pressed]
    assert trace.ended_by == ("caller" if pressed == "1" else "plan")


def test_a_telephone_answers_whatever_else_it_is_asked(runner: asyncio.Runner) -> None:
    async def ask(phones: Phones, *questions: str) -> list[str]:
        """The first line and body of each answer, provisional ones left out."""
        loop, heard = asyncio.get_running_loop(), asyncio.Queue[str]()

        class Line(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, _: object) -> None:
                if not data.startswith(b"SIP/2.0 1"):
                    heard.put_nowait(data.decode())

        line, _ = await loop.create_datagram_endpoint(Line, remote_addr=("127.0.0.1", phones.port))
        try:
            answers = []
            for question in questions:
                line.sendto(question.encode())
                answers.append(await asyncio.wait_for(heard.get(), 5))
            return answers
        finally:
            line.close()

    def question(method: str, number: int) -> str:
        return (
            f"{method} sip:101@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK{number}\r\n"
            f'From: "Ala" <sip:48600@127.0.0.1>;tag=a\r\nTo: <sip:101@127.0.0.1>\r\nCall-ID: c\r\n'
            f"CSeq: {number} {method}\r\nContact: <sip:48600@127.0.0.1:9>\r\n\r\n"
        )

    async def talk() -> tuple[list[str], list[str]]:
        async with Phones() as phones:
            phones.script("101", Answer(), caller="Ala")
            invite = question("INVITE", 1)
            answers = await ask(
                phones,
                question("OPTIONS", 7),
                *(invite, invite),  # the same once more: the answer was lost
                question("INVITE", 2),  # the call is moved to other media
                *(question("BYE", 3), question("BYE", 4).replace("Call-ID: c", "Call-ID: d")),
            )
            return answers, phones.saw("101")

    answers, saw = runner.run(talk())
    assert [answer.partition(" -")[0] for answer in answers] == ["SIP/2.0 200"] * 5 + ["SIP/2.0 481"]
    assert answers[1] == answers[2]
    assert ["m=audio" in answer for answer in answers] == [False, True, True, True, False, False]
    assert saw == ["INVITE", "answered", "BYE"]


# Queues, mailboxes


def test_a_queue_answers(runner: asyncio.Runner, desk: Desk) -> None:
    desk.phones.script("201", Answer(2, hang_up=1))
    trace = runner.run(desk.driver.call("queue"))
    assert [event.what for event in trace.queued if event.what != "AgentComplete"] == [
        "QueueCallerJoin",
        "AgentCalled",
        "QueueCallerLeave",
        "AgentConnect",
    ]
    assert {event.queue for event in trace.queued} == {"desk"}
    assert {event.member for event in trace.queued if event.what.startswith("Agent")} == {"201"}


def test_a_queue_ends_unanswered(runner: asyncio.Runner, desk: Desk) -> None:
    desk.phones.script("201", Ring())

    async def three() -> list[Trace]:
        patient = await desk.driver.call("queue")
        key = await desk.driver.call("queue", script=[Do("0", when="AgentCalled", after=1)])
        return [patient, key, await desk.driver.call("empty")]

    patient, key, empty = runner.run(three())
    assert patient.statuses == ["QUEUESTATUS=TIMEOUT"]
    assert span(patient, "QueueCallerJoin", "QueueCallerLeave") == pytest.approx(7, abs=1)
    assert (key.steps[-1].context, key.statuses) == ("left", [])
    assert span(key, "QueueCallerJoin", "QueueCallerLeave") == pytest.approx(1.1, abs=WITHIN)
    assert empty.statuses == ["QUEUESTATUS=JOINEMPTY"]


def test_a_mailbox_hears_whether_somebody_speaks(runner: asyncio.Runner, desk: Desk) -> None:
    speaks = [Do(voice="speech", when="^VoiceMail"), Do(voice="silence", when=None, after=4)]
    spoken = runner.run(desk.driver.call("mailbox", script=speaks))
    assert [status.partition("=")[0] for status in spoken.statuses] == ["VM_MESSAGEFILE", "VMSTATUS"]
    assert spoken.statuses[1] == "VMSTATUS=SUCCESS"
    assert span(spoken, "VoiceMail", "VMSTATUS") == pytest.approx(5, abs=2 * WITHIN)
    silent = runner.run(desk.driver.call("mailbox", script=[Do(voice="silence", when="^VoiceMail")]))
    assert silent.statuses == ["VMSTATUS=FAILED"]
    ended = runner.run(desk.driver.call("mailbox", script=[*speaks[:1], Do("#", when=None, after=3)]))
    assert ended.statuses[1] == "VMSTATUS=SUCCESS"


# Call records


def test_the_last_record_of_a_call_carries_what_h_wrote(runner: asyncio.Runner, desk: Desk) -> None:
    desk.phones.script("101", Answer(1, hang_up=1))
    trace = runner.run(desk.driver.call("menu", script=presses("1"), caller="+48600000002"))
    assert [record["journey"] for record in trace.records] == ["", "ring ANSWER"]
    assert {record["uniqueid"] for record in trace.records} == {trace.call}
    assert {record["src"] for record in trace.records} == {"+48600000002"}
    assert trace.records[0]["dstchannel"].startswith("PJSIP/101-")
    begun = datetime.datetime.fromisoformat(trace.records[0]["start"]).replace(tzinfo=datetime.UTC)
    assert begun.timestamp() == pytest.approx(trace.began, abs=1)


def test_a_call_that_nobody_answered_has_no_record_unless_asked_for(runner: asyncio.Runner, desk: Desk) -> None:
    assert not runner.run(desk.driver.call("early")).records


# The server


def test_the_log_is_clean_after_all_this(desk: Desk) -> None:
    known = ("Unable to join queue", "Could not create dialog")
    assert not [line for line in desk.pbx.warnings() if not any(text in line for text in known)]


def test_a_bad_line_is_a_warning_and_a_broken_file_is_refused(runner: asyncio.Runner, install: Install) -> None:
    async def load() -> tuple[list[str], str]:
        async with Asterisk(install, extensions="[a]\nexten => s,1,NoOp()\nexten => s,1,NoOp()\n") as pbx:
            pbx.write("extensions.conf", "[general]\n[b]\nexten => s,1,NoOp(new)\n")
            await pbx.reload("pbx_config")
            pbx.write("extensions.conf", "[general\n")
            with pytest.raises(Refused):
                await pbx.reload("pbx_config")
            return pbx.warnings(), await pbx.cli("dialplan show b")

    warnings, shown = runner.run(load())
    assert "Unable to register extension" in warnings[0]
    assert "NoOp(new)" in shown


def test_a_server_that_cannot_start_says_why_and_leaves_nothing(
    runner: asyncio.Runner, install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    async def start(pbx: Asterisk) -> None:
        async with pbx:
            pass

    with pytest.raises(NotStarted, match="no_such_module"):
        runner.run(start(Asterisk(install, extensions="", modules=["no_such_module"])))
    with pytest.raises(NotStarted, match="status"):
        runner.run(start(Asterisk(install, extensions="", files={"asterisk.conf": "[directories]\n[options\n"})))
    assert not list(tmp_path.iterdir())


def test_a_stopped_server_leaves_no_process_and_no_folder(runner: asyncio.Runner, install: Install) -> None:
    async def start() -> tuple[Path, str]:
        async with Asterisk(install, extensions="[a]\nexten => s,1,NoOp()\n") as pbx:
            return pbx.folder, str(pbx.folder / "etc" / "asterisk.conf")

    folder, configuration = runner.run(start())
    assert not folder.exists()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # other people's processes, and those that have just ended
            assert configuration.encode() not in path.read_bytes()


# The clock


def warsaw(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime.datetime:
    """An instant of November 2026 in Warsaw, where it is winter time; the 20th is a Friday."""
    zone = datetime.timezone(datetime.timedelta(hours=1))
    return datetime.datetime(2026, 11, day, hour, minute, second, tzinfo=zone)


def test_the_clock_is_moved_across_closing_time(runner: asyncio.Runner, install: Install) -> None:
    async def calls() -> list[int]:
        start = warsaw(20, 15, 0)
        async with Asterisk(install, extensions=PLAN, start=start, movable=True) as pbx, Driver(pbx) as driver:
            assert await pbx.now() == pytest.approx(start.timestamp(), abs=2)
            causes = [(await driver.call("when")).cause]
            await pbx.set_clock(warsaw(20, 15, 59, 59))
            trace = await driver.call("when")
            assert trace.began == pytest.approx(warsaw(20, 15, 59, 59).timestamp(), abs=0.5)
            causes.append(trace.cause)
            await pbx.set_clock(warsaw(20, 16, 0))
            causes.append((await driver.call("when")).cause)
            await pbx.set_clock(warsaw(23, 8, 0))
            causes.append((await driver.call("when")).cause)
            with pytest.raises(ValueError, match="past"):
                await pbx.set_clock(warsaw(23, 7, 0))
            return causes

    assert runner.run(calls()) == [16, 16, 1, 16]


def test_a_call_goes_on_while_the_clock_moves(runner: asyncio.Runner, install: Install) -> None:
    async def move_during_call() -> Trace:
        start = warsaw(20, 15)
        async with Asterisk(install, extensions=PLAN, start=start, movable=True) as pbx, Driver(pbx) as driver:
            call = asyncio.create_task(driver.call("pause", patience=1))
            await asyncio.sleep(0.2)
            await pbx.set_clock(warsaw(20, 17))
            return await call

    trace = runner.run(move_during_call())
    assert trace.apps[-1] == "Wait(30)"
    assert trace.lasted == pytest.approx(2 * 3600, abs=2)


def test_the_clock_runs_faster(runner: asyncio.Runner, install: Install) -> None:
    async def call() -> tuple[Trace, float]:
        async with Asterisk(install, extensions=PLAN, speed=20) as pbx, Driver(pbx) as driver:
            loop = asyncio.get_running_loop()
            began = loop.time()
            return await driver.call("pause"), loop.time() - began

    trace, real = runner.run(call())
    assert span(trace, "Wait(30)", "Ending") == pytest.approx(30, abs=1)
    assert real < 5


def test_an_instant_needs_a_zone(install: Install) -> None:
    with pytest.raises(ValueError, match="zone"):
        Asterisk(install, extensions="", start=warsaw(20, 15).replace(tzinfo=None))


# Real SIP


def test_sipp_dials_in_presses_a_key_and_reaches_sipp(runner: asyncio.Runner, install: Install) -> None:
    plan = """
[from-trunk]
exten => 48221234567,1,Answer()
 same => n,Goto(choice,s,1)
[choice]
exten => s,1,BackGround(desk/choices)
 same => n,WaitExten(3)
 same => n,Hangup()
exten => 1,1,Dial(${PJSIP_DIAL_CONTACTS(301)},10,gi)
 same => n,Hangup()
"""

    async def call() -> tuple[Trace, list[str]]:
        async with Phones() as phones:
            pjsip = phones.pjsip({"301": []}, trunks=["orange"], incoming="from-trunk")
            async with Asterisk(install, extensions=plan, pjsip=pjsip, sounds=SOUNDS) as pbx, Driver(pbx) as driver:
                telephone, somebody = Sipp(install, phones.pbx_port), Sipp(install, phones.pbx_port)
                await telephone.register("301")
                trace, _, _ = await asyncio.gather(
                    driver.incoming("48600111222"),
                    telephone.answer(talk=1),
                    somebody.dial("48221234567", caller="48600111222", key="1", after=1),
                )
                return trace, pbx.warnings()

    trace, warnings = runner.run(call())
    assert trace.keys == "1"
    assert trace.statuses[-1] == "DIALSTATUS=ANSWER"
    assert trace.ended_by.startswith("PJSIP/301-")
    assert span(trace, "BridgeEnter plan", "BridgeLeave") == pytest.approx(1, abs=0.3)
    assert trace.records[0]["src"] == "48600111222"
    assert not warnings


# Without a server


def run_live_tests(tmp_path: Path, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A test run of this folder on a machine where nothing was provisioned."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("CI", "DIALC_LIVE", "DIALC_ASTERISK", "DIALC_ASTERISK_16")
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "tests/live"],
        cwd=ROOT,
        env=environment | {"XDG_CACHE_HOME": str(tmp_path)} | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_server_one_line_says_what_was_left_out(tmp_path: Path) -> None:
    run = run_live_tests(tmp_path)
    assert run.returncode == pytest.ExitCode.NO_TESTS_COLLECTED
    assert [line for line in run.stdout.splitlines() if "provision.sh" in line] == [
        "left out: tests/live, the calls through a real Asterisk; `sh tests/live/provision.sh` makes them run"
    ]


@pytest.mark.parametrize("settings", [{"CI": "true"}, {"DIALC_LIVE": "required"}, {"DIALC_ASTERISK": "nowhere"}])
def test_a_run_that_needs_a_server_fails_without_one(tmp_path: Path, settings: dict[str, str]) -> None:
    run = run_live_tests(tmp_path, **settings)
    assert run.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    assert "sh tests/live/provision.sh" in run.stdout + run.stderr


def test_without_the_oldest_release_one_line_says_what_was_left_out(tmp_path: Path, install: Install) -> None:
    (tmp_path / "sid").symlink_to(install.folder)
    there = {"DIALC_ASTERISK": str(tmp_path / "sid")}
    run = run_live_tests(tmp_path, "--collect-only", **there)
    assert run.returncode == pytest.ExitCode.OK, run.stdout + run.stderr
    assert "test_trunk.py" in run.stdout
    assert "test_oldest.py::" not in run.stdout
    (line,) = (line for line in run.stdout.splitlines() if "provision.sh" in line)
    assert line == (
        "left out: tests/live/test_oldest.py, calls through Asterisk 16; "
        "`sh tests/live/provision.sh bullseye` makes them run"
    )


@pytest.mark.parametrize("settings", [{"CI": "true"}, {"DIALC_LIVE": "required"}, {"DIALC_ASTERISK_16": "nowhere"}])
def test_a_run_that_needs_the_oldest_release_fails_without_it(
    tmp_path: Path, install: Install, settings: dict[str, str]
) -> None:
    (tmp_path / "sid").symlink_to(install.folder)
    run = run_live_tests(tmp_path, "--collect-only", DIALC_ASTERISK=str(tmp_path / "sid"), **settings)
    assert run.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    assert "sh tests/live/provision.sh bullseye" in run.stdout + run.stderr


def test_a_prompt_that_began_late_is_a_stall_and_one_that_was_cut_is_not() -> None:
    want = (observe.Row(11, "heard message"), observe.Row(16, "heard sorry"), observe.Row(20, "hung up by plan"))
    stalled = (
        observe.Row(11, "heard message"),
        observe.Row(17.4, "heard sorry, cut"),
        observe.Row(20.2, "hung up by plan"),
    )
    cut = (observe.Row(11, "heard message"), observe.Row(16, "heard sorry, cut"), observe.Row(18.8, "hung up by plan"))
    assert observe.differences(want, stalled, 1.2)
    assert observe.only_late(want, stalled, 1.2)
    assert observe.differences(want, cut, 1.2)
    assert not observe.only_late(want, cut, 1.2)
    assert not observe.only_late(want, stalled[:2], 1.2)
