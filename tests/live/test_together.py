"""Callers together on a real Asterisk: many in one queue and on one phone. Each lives through what the walker says,
given what the world that they share did to them; and all of them together keep what a queue promises.
"""

import asyncio
import datetime
import re
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, Self

import attrs
import pytest

from dialc.call import Happens, presses
from dialc.live.asterisk import Install
from dialc.live.caller import Do
from dialc.live.phones import Answer, Behaviour, Refuse, Ring, Seen
from dialc.live.trace import Trace
from dialc.plan import Outcome
from tests.live.scene import Case, Judged, Running, Scene, running, steadily, warsaw
from tests.live.test_clinic import answers

SPEED = 4
"""Seconds of the PBX in a real one."""

START = warsaw("2026-11-24 11:00:00")

ROOM, WRAP_UP = 5, 4

PLAN = f"""
plan desk "Help desk"
timezone Europe/Warsaw
language en
policy charter {{ longest-ringing 30s }}

line "+48 22 765 43 21" -> help
line "+48 22 765 43 22" -> billing
line "+48 22 765 43 23" -> agents
line "+48 22 765 43 24" -> phone
line "+48 22 765 43 25" -> direct
line "+48 22 765 43 26" -> repairs

queue help {{
  play in_line
  members 51, 52
  ring 5s  wrap-up {WRAP_UP}s
  callers at most {ROOM}
  announce position every 15s
  patience 90s
  full    -> crowded
  timeout -> away
  key 0   -> office
}}

queue billing {{
  play in_line
  members 53, 54
  ring 5s
  announce position every 15s
  patience 90s
  timeout -> away
  key 0   -> office
}}
queue repairs {{
  play in_line
  members 53, 54
  ring 5s
  announce position every 15s
  patience 90s
  timeout -> away
  key 0   -> office
}}

queue agents {{
  play in_line
  members sign in with *31 out with *32 among 55, 56
  ring 5s
  patience 40s
  announce position every 15s
  empty   -> left_alone
  timeout -> away
  key 0   -> office
}}

ring phone  {{ ring 20 for 8s  busy -> crowded  no-answer -> away }}
ring direct {{ ring 53 for 8s  busy -> crowded  no-answer -> away }}

operator office default {{ ring 10 for 10s  unanswered -> sorry }}

route crowded    {{ play all_busy   -> office }}
route away       {{ play is_away    -> office }}
route left_alone {{ play is_alone   -> office }}
route sorry      {{ play pardon  hang-up }}

prompt in_line  {{ file desk/in-line  en "Please hold. The office: zero."  lasts 1s  offers 0 }}
prompt all_busy {{ file desk/busy     en "All lines are busy. The office will answer."  lasts 1s }}
prompt is_away  {{ file desk/away     en "Nobody answers. The office will answer."  lasts 1s }}
prompt is_alone {{ file desk/alone    en "Everybody has gone. The office will answer."  lasts 1s }}
prompt pardon   {{ file desk/pardon   en "We are sorry. Goodbye."  lasts 2s  apology  goodbye }}
"""

SITE = """
site yard for asterisk 22 {
  trunk trunk { delivers plus  dial "PJSIP/{number}@trunk"  send plus }
  phones 10-99  dial contacts  state "PJSIP/{number}"
  sounds "desk-en"
  enter from-trunk
  codes internal tests-phones
}
"""

DESK = Scene(
    "desk.dial",
    "yard.site",
    {number: [number] for number in ("10", "20", "51", "52", "53", "54", "55", "56")},
    "trunk",
    {"desk.dial": PLAN, "yard.site": SITE},
)

HELP, BILLING, AGENTS, PHONE, DIRECT, REPAIRS = (f"+4822765432{n}" for n in range(1, 7))

AT_OFFICE = answers("10", 1)
OFFICE = Answer(after=1, hang_up=1)


@attrs.frozen
class Caller:
    """Somebody who calls a number `after` seconds, and what they do."""

    number: str
    after: float
    script: tuple[Do, ...] = ()
    hangs_up: bool = False


@attrs.frozen
class Together:
    """Calls that were made together, in the order given; what phones saw of them, and the positions told: the PBX's
    time, the caller's channel, the queue, the position.
    """

    calls: Sequence[Judged]
    seen: Sequence[Seen]
    told: Sequence[tuple[float, str, str, int]]

    def __str__(self) -> str:
        return "\n".join(str(call) for call in self.calls if call.differences)

    @property
    def faults(self) -> list[str]:
        """Where calls differ from the walker's."""
        return [f"{call.case.name}: {line}" for call in self.calls for line in call.differences]


def _happened(trace: Trace, seen: Iterable[Seen]) -> tuple[Happens, ...]:
    """What the shared world did to a caller: in the queue, or at the phone, and at the office."""
    found: list[Happens] = []
    joined = next((step for step in trace.steps if step.app == "Queue"), None)
    if joined is not None:
        asked = next(step for step in reversed(trace.steps) if step.app == "BackGround" and step.at <= joined.at)
        ended = {event.what: event for event in trace.queued}
        status = next((s for s in trace.statuses if s.startswith("QUEUESTATUS=")), "").removeprefix("QUEUESTATUS=")
        if "AgentConnect" in ended:
            return (Happens(Outcome.ANSWERED, who="agent"),)
        if trace.keys:
            found.append(presses(trace.keys, round(ended["QueueCallerLeave"].at - asked.at)))
        else:
            left = ended["QueueCallerLeave"].at if "QueueCallerLeave" in ended else joined.at
            found.append(
                Happens(_QUEUED[status], None if status == "TIMEOUT" else round(left - asked.at))
                if status
                else Happens(Outcome.TIMEOUT)
            )
    else:
        mine = [one for one in seen if one.phone != "10"]
        came = next(one.at for one in mine if one.what == "INVITE")
        last = mine[-1]
        if any(one.what == "answered" for one in mine):
            at = next(one.at for one in mine if one.what == "answered")
            return (answers(last.phone, round(at - came)),)
        found.append(Happens(Outcome.BUSY if last.what == "486" else Outcome.NO_ANSWER, round(last.at - came)))
    return (*found, AT_OFFICE)


_QUEUED = {
    "FULL": Outcome.FULL,
    "TIMEOUT": Outcome.TIMEOUT,
    "JOINEMPTY": Outcome.EMPTY,
    "LEAVEEMPTY": Outcome.EMPTY,
}


Meanwhile = Callable[[Running], Coroutine[Any, Any, None]]
"""Something that is done beside the calls."""


async def lived(
    install: Install,
    callers: Sequence[Caller],
    phones: dict[str, Sequence[Behaviour]],
    meanwhile: Meanwhile | None = None,
    before: Meanwhile | None = None,
) -> Together:
    """Callers who come one after the other, or at once, to phones that do one thing after another."""
    async with running(install, DESK, start=START, speed=SPEED) as scene:
        assert scene.pbx.warnings() == []
        await scene.pbx.cli("logger add channel told verbose(3)")
        await scene.pbx.cli("core set verbose 3")
        for phone, behaviours in {"10": (OFFICE,), **phones}.items():
            scene.phones.script(phone, *behaviours)
        if before is not None:
            await before(scene)

        async def one(n: int, caller: Caller) -> Judged:
            name = f"caller{n:02}"
            await asyncio.sleep(caller.after / SPEED)
            trace = await scene.driver.call(
                "from-trunk", DESK.delivered(caller.number), caller.script, name=name, patience=120
            )
            happened = _happened(trace, [seen for seen in scene.phones.seen if seen.name == name])
            return scene.held(Case(name, (), {}, happened, caller.hangs_up, number=caller.number), trace)

        waiting = asyncio.create_task(meanwhile(scene)) if meanwhile is not None else None
        calls = await asyncio.gather(*(one(n, caller) for n, caller in enumerate(callers)))
        if waiting is not None:
            await waiting
        told = [
            (datetime.datetime.fromisoformat(at).replace(tzinfo=datetime.UTC).timestamp(), channel, queue, int(place))
            for at, channel, queue, place in re.findall(
                r"^\[([^]]*)\].*Told (\S+) in (\S+) their queue position \(which was (\d+)\)",
                (scene.pbx.folder / "log" / "told").read_text("utf-8"),
                re.MULTILINE,
            )
        ]
        return Together(calls, scene.phones.seen, told)


@attrs.frozen
class Waited:
    """A caller's time in a queue: when they joined and left, and whether a member answered, and when that was over."""

    channel: str
    joined: float
    left: float
    answered: float | None
    member: str
    over: float

    @classmethod
    def of(cls, trace: Trace) -> Self | None:
        """None for somebody who did not get into it."""
        at = {event.what: event for event in trace.queued}
        if "QueueCallerJoin" not in at:
            return None
        connected, over = at.get("AgentConnect"), at.get("AgentComplete")
        return cls(
            trace.records[-1]["channel"],
            at["QueueCallerJoin"].at,
            at["QueueCallerLeave"].at,
            connected.at if connected else None,
            connected.member if connected else "",
            over.at if over else trace.began + trace.lasted,
        )


def most(spans: Iterable[tuple[float, float]]) -> int:
    """How many there are at once, at most; one that begins as another ends comes after it."""
    moments = sorted([moment for begin, end in spans for moment in ((begin, 1), (end, -1))])
    here, found = 0, 0
    for _, change in moments:
        here += change
        found = max(found, here)
    return found


SLACK = 1.5
"""Seconds of the PBX by which what it says of one caller may be behind what it did to another."""


@pytest.fixture(scope="module")
def crowd(install: Install) -> Together:
    """Twenty callers within half a minute, two agents who talk for a while each, room for five who wait."""
    callers = [Caller(HELP, after=1.5 * n) for n in range(20)]
    talks = (Answer(after=1, hang_up=7),)

    def check(found: Together) -> None:
        assert found.faults == [], str(found)

    return steadily(lambda: lived(install, callers, {"51": talks, "52": talks}), check)


def test_nobody_in_a_crowd_is_lost(crowd: Together) -> None:
    assert crowd.faults == [], str(crowd)
    came = [next(iter(call.case.happens)).outcome for call in crowd.calls]
    assert set(came) == {Outcome.ANSWERED, Outcome.FULL}
    assert came.count(Outcome.FULL) >= 5
    assert came.count(Outcome.ANSWERED) >= 7


def _waited(found: Together) -> list[Waited]:
    return sorted(filter(None, (Waited.of(call.trace) for call in found.calls)), key=lambda each: each.joined)


def test_who_came_first_is_answered_first(crowd: Together) -> None:
    answered = [each.answered for each in _waited(crowd) if each.answered is not None]
    assert answered == sorted(answered)


def test_no_more_wait_than_there_is_room_for(crowd: Together) -> None:
    waited = _waited(crowd)
    assert most((each.joined, each.left) for each in waited) == ROOM
    for call in crowd.calls:
        if Waited.of(call.trace) is None:
            turned_away = next(step.at for step in call.trace.steps if step.app == "Queue")
            assert sum(each.joined < turned_away < each.left for each in waited) == ROOM


def test_no_more_talk_than_there_are_members(crowd: Together) -> None:
    waited = [each for each in _waited(crowd) if each.answered is not None]
    assert most((each.answered or 0, each.over) for each in waited) == 2
    for member in ("51", "52"):
        assert most((each.answered or 0, each.over) for each in waited if each.member == member) == 1


def test_members_have_time_for_wrapping_up(crowd: Together) -> None:
    for phone in ("51", "52"):
        mine = [seen for seen in crowd.seen if seen.phone == phone]
        ends = [seen.at for seen in mine if seen.what == "hung up"]
        rings = [seen.at for seen in mine if seen.what == "INVITE"]
        assert len(ends) >= 3
        for end in ends:
            later = [at for at in rings if at > end]
            # It is counted from one full second to another: up to a second less than written.
            assert not later or later[0] - end >= WRAP_UP - 1


def test_each_is_told_the_position_that_they_have(crowd: Together) -> None:
    waited = {each.channel: each for each in _waited(crowd)}
    assert len(crowd.told) >= len(waited)
    for at, channel, queue, place in crowd.told:
        me = waited[channel]
        assert queue == "dialc-desk-help"
        ahead = [each for each in waited.values() if each.joined < me.joined]
        first, last = (sum(each.left > moment for each in ahead) + 1 for moment in (at, at - SLACK))
        assert first <= place <= last, (at, channel, place)
    assert {place for *_, place in crowd.told} >= {1, 2, 3, 4, ROOM}


def test_agents_of_two_queues_serve_one_caller_at_a_time(install: Install) -> None:
    """Who rings, or talks, is rung for nobody else, and a caller whom they answer directly is before all who wait."""
    callers = [
        Caller(DIRECT, 0),
        *(Caller((BILLING, REPAIRS)[n % 2], after=2 + n // 2) for n in range(10)),
    ]

    def check(found: Together) -> None:
        assert found.faults == [], str(found)
        for phone in ("53", "54"):
            mine = [seen for seen in found.seen if seen.phone == phone]
            spans = []
            for leg in dict.fromkeys(seen.call for seen in mine):
                at = [seen.at for seen in mine if seen.call == leg]
                spans.append((at[0], at[-1]))
            assert most(spans) == 1, spans
        waited = _waited(found)
        assert {each.member for each in waited} == {"53", "54"}
        by_queue: dict[str, list[float]] = {BILLING: [], REPAIRS: []}
        for call in sorted(found.calls, key=lambda each: each.trace.began):
            one = Waited.of(call.trace)
            if one is not None and one.answered is not None:
                by_queue[call.case.number].append(one.answered)
        for answered in by_queue.values():
            assert len(answered) == 5
            assert answered == sorted(answered)

    talks = (Answer(after=1, hang_up=5),)
    check(steadily(lambda: lived(install, callers, {"53": talks, "54": talks}), check))


def test_who_waits_leaves_as_the_last_agent_does(install: Install) -> None:
    """Three wait while the only agent's phone rings; the agent signs out, and a fourth finds nobody."""
    callers = [*(Caller(AGENTS, after=n) for n in range(3)), Caller(AGENTS, after=20)]

    async def signs_in(scene: Running) -> None:
        assert await scene.phones.dial("55", "*31") == 200

    async def signs_out(scene: Running) -> None:
        await asyncio.sleep(12 / SPEED)
        assert await scene.phones.dial("55", "*32") == 200

    def check(found: Together) -> None:
        assert found.faults == [], str(found)
        assert [call.case.happens[0].outcome for call in found.calls] == [Outcome.EMPTY] * 4
        waits = [call.case.happens[0].after or 0 for call in found.calls]
        assert min(waits[:3]) >= 8
        assert waits[3] == 1

    check(steadily(lambda: lived(install, callers, {"55": (Ring(),)}, signs_out, signs_in), check))


def test_one_phone_and_many_callers(install: Install) -> None:
    """A phone that takes one caller at a time: it rings for each, and tells all but one that it is busy."""
    callers = [Caller(PHONE, after=n / 2) for n in range(12)]
    script = (
        Answer(after=1, hang_up=3),
        *(Refuse(486, ring=False),) * 6,
        Answer(after=1, hang_up=1),
        Refuse(486, after=1),
    )

    def check(found: Together) -> None:
        assert found.faults == [], str(found)
        came = [call.case.happens[0].outcome for call in sorted(found.calls, key=lambda each: each.trace.began)]
        assert came == [Outcome.ANSWERED, *[Outcome.BUSY] * 6, Outcome.ANSWERED, *[Outcome.BUSY] * 4]

    check(steadily(lambda: lived(install, callers, {"20": script}), check))
