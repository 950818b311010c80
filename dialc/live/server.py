"""Calls for a plan on one private Asterisk: what has to be so is brought about, calls are placed, all are judged.

In: a `Laboratory`, an instant, a `World`, and calls that can share them. Out: of each call what the PBX did, held
against the walker.
"""

import asyncio
import contextlib
import datetime
import itertools
import re
from collections.abc import AsyncIterator, Iterable, Sequence

import attrs

from dialc.call import CannotHappen, Event, Happens, as_turned, experience, until
from dialc.callers import WITHHELD
from dialc.emit.asterisk.callbacks import family
from dialc.emit.asterisk.spelling import spelled_switch
from dialc.live.ami import Message
from dialc.live.asterisk import Asterisk, Install
from dialc.live.caller import Driver
from dialc.live.guide import Guide
from dialc.live.judging import RECORD, Compared, compared
from dialc.live.laboratory import SERVICE, TRUNK, Laboratory
from dialc.live.parts import Part, World
from dialc.live.phones import Behaviour, Phones, Ring
from dialc.live.service import Services
from dialc.live.trace import Trace
from dialc.plan import Callback, Queue, Scenario

BOOTING = 2.5
"""Real seconds that a server has until the instant of its calls, of which it takes less than one."""

SIGNING = 3.0
"""Seconds of the PBX that somebody who signs in is given beside that, and somebody who fills a queue."""

INTO = 0.05
"""Seconds of the second at which calls come in that are over as they do."""

PATIENCE = 20.0
"""Real seconds that a call may take longer than the walker says."""

ENTRANCE = "laboratory"
FILLING = "laboratory-filling"
"""Contexts: where calls come in, and where those come in who fill a queue."""

FILLER = "filler"
"""The name that those show who fill a queue."""


@attrs.frozen
class Planned:
    """A call that is to be made: a scenario, its part, who calls, and how long it lasts in the walker, in seconds.

    `members` are the phones of queues that it waits in, `phones` those that it rings otherwise.
    """

    scenario: Scenario
    part: Part
    caller: str
    seconds: int
    members: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()


@attrs.frozen
class Made:
    """A call that was made: the two accounts of it, whether it came in so late that the walker tells another one, how
    much the caller never came to do, and whether it did not come to an end.
    """

    compared: Compared
    late: bool = False
    undone: int = 0
    timed_out: bool = False

    @property
    def differs(self) -> bool:
        """Whether the PBX did something else than the walker says."""
        return bool(self.compared.differences) or self.timed_out or self.undone > 0


@attrs.frozen
class Stage:
    """A server that is up, with its telephones and callers; `alone` says that there is one call, which all ring for."""

    lab: Laboratory
    pbx: Asterisk
    phones: Phones
    driver: Driver
    alone: bool
    speed: float


@contextlib.asynccontextmanager
async def running(
    install: Install, lab: Laboratory, calls: Sequence[Planned], *, alone: bool, speed: float
) -> AsyncIterator[Stage]:
    """A server at which all is as calls need it, and whose clock has come to the instant of theirs.

    It is waited for, not set: a clock that could be set would cost the server half of its time.
    """
    at, world = calls[0].scenario.at, calls[0].part.world
    names = {name.split(".")[1]: name for name in lab.files}
    rules = {"queuerules.conf": f'#include "{names["queuerules"]}"\n'} if "queuerules" in names else {}
    booking = ("app_originate", "func_lock", "func_module", *(("pbx_spool",) if world.spool else ()))
    modules = (*(booking if lab.calls_back else ()), *(("res_curl", "func_curl") if lab.looks_up else ()))
    sent = [each for call in calls for each in call.part.sent]
    staff = sum(len(numbers) for _, numbers in _signing(lab)) + sum(lab.queues[name].room for name in world.full)
    ahead = BOOTING * speed + SIGNING * staff
    music = dict.fromkeys(["default", *lab.site.music.values()])
    async with Services(sent, speed) as services, Phones(speed=speed) as phones:
        address = f"http://127.0.0.1:{services.port}/"
        pbx = Asterisk(
            install,
            extensions=f'[general]\nstatic = yes\n\n#include "{names["extensions"]}"\n{_entrance(lab)}',
            queues=f'[general]\npersistentmembers = yes\n\n#include "{names["queues"]}"\n',
            voicemail=_voicemail(lab, names["voicemail"]) if world.boxes else "",
            musiconhold="".join(f"[{each}]\nmode = files\ndirectory = moh\n" for each in music),
            pjsip=phones.pjsip(
                {number: [number] for number in lab.extensions}, trunks=[TRUNK], context=f"{lab.entry}-codes"
            ),
            files={
                **{name: text.replace(SERVICE, address) for name, text in lab.files.items()},
                names["queues"]: _without(lab.files[names["queues"]], [f"{lab.entry}-{name}" for name in world.broken]),
                **rules,
                "cdr.conf": "[general]\nunanswered = yes\n",
            },
            sounds=lab.lengths,
            record=RECORD,
            modules=modules,
            start=at - datetime.timedelta(seconds=ahead),
            speed=speed,
        )
        async with pbx, Driver(pbx) as driver:
            phones.clock = pbx.clock
            await _bring_about(lab, pbx, phones, world, at, calls)
            await asyncio.sleep(max(0.0, at.timestamp() + INTO - await pbx.now()) / speed)
            yield Stage(lab, pbx, phones, driver, alone, speed)


def _entrance(lab: Laboratory) -> str:
    """Where calls come in as a trunk delivers them, with a caller who may withhold the number; and those of others."""
    return (
        f"\n[{ENTRANCE}]\n"
        "exten => _[0-9+]!,1,ExecIf($[${LEN(${LABORATORY_PRES})} > 0]?Set(CALLERID(pres)=${LABORATORY_PRES}))\n"
        f" same => n,Goto({lab.entry},${{EXTEN}},1)\n"
        f"\n[{FILLING}]\n"
        "exten => _[a-z]!,1,Answer()\n"
        f" same => n,Queue({lab.entry}-${{EXTEN}})\n"
    )


def _without(text: str, sections: Iterable[str]) -> str:
    """A configuration file without some of its sections."""
    for section in sections:
        text = re.sub(rf"^\[{re.escape(section)}\]\n([^\[\n].*\n|\n)*", "", text, flags=re.MULTILINE)
    return text


def _voicemail(lab: Laboratory, emitted: str) -> str:
    """A voicemail.conf with the mailboxes that are there: those that were written, or at another site all."""
    if lab.site.mailboxes.emitted:
        return f'[general]\nformat = sln\n\n#include "{emitted}"\n'
    rows = "".join(f"{box} => 4711,{box}\n" for box in lab.boxes)
    return f"[general]\nformat = sln\nminsecs = 2\n\n[{lab.site.mailboxes.context}]\n{rows}"


async def _bring_about(
    lab: Laboratory, pbx: Asterisk, phones: Phones, world: World, at: datetime.datetime, calls: Sequence[Planned]
) -> None:
    """Have staff sign in and turn switches, queues empty or full, call-backs used up."""
    for code, numbers in _signing(lab):
        for number in numbers:
            await phones.dial(number, code)
    for name, position in sorted(world.switches, key=str):
        switch = lab.plan.switches[name]
        family_, _, key = spelled_switch(lab.plan, switch).key.partition("/")
        value = f"{position.value}-{int(at.timestamp())}"
        await pbx.manager.action("DBPut", Family=family_, Key=key, Val=value)
    for name in world.empty:
        for member in lab.queues[name].everybody:
            await pbx.manager.action(
                "QueuePause",
                Queue=f"{lab.entry}-{name}",
                Interface=f"Local/{member.number}@{lab.entry}-members/n",
                Paused="true",
            )
    for name in world.booked:
        step = lab.plan.steps[name]
        assert isinstance(step, Callback)
        kept = family(lab.entry, name)
        await pbx.manager.action("DBPut", Family=kept, Key="day", Val=f"{at.astimezone(lab.zone):%Y%m%d}")
        for caller in {call.caller for call in calls}:
            await pbx.manager.action("DBPut", Family=f"{kept}/count", Key=caller.lstrip("+"), Val=str(step.daily))
    for name in world.full:
        phones.guide(_rings, FILLER)
        await _fill(lab, pbx, lab.queues[name])


async def _rings(_: str) -> Behaviour:
    """What phones do that are rung for those who only wait."""
    return Ring()


def _signing(lab: Laboratory) -> list[tuple[str, list[str]]]:
    """The codes by which members sign in, each with the phones that do."""
    found: dict[str, dict[str, None]] = {}
    for queue in lab.queues.values():
        if queue.signing:
            found.setdefault(queue.signing.into, {}).update(dict.fromkeys(m.number for m in queue.signing.among))
    return [(code, list(numbers)) for code, numbers in found.items()]


async def _fill(lab: Laboratory, pbx: Asterisk, queue: Queue) -> None:
    """Have as many callers wait in a queue as may."""
    joined = asyncio.Event()
    waiting = itertools.count(1)

    def listener(event: str, message: Message) -> None:
        ours = event == "QueueCallerJoin" and message.get("Queue") == f"{lab.entry}-{queue.name}"
        if ours and next(waiting) >= queue.room:
            joined.set()

    pbx.manager.listen(listener)
    try:
        for _ in range(queue.room):
            await pbx.manager.action(
                "Originate",
                Channel=f"Local/{queue.name}@{FILLING}/n",
                CallerID=f'"{FILLER}" <5550100>',
                Application="Wait",
                Data="86400",
                Codecs="slin",
                Async="true",
            )
        await asyncio.wait_for(joined.wait(), 30)
    finally:
        pbx.manager.ignore(listener)


async def together(
    install: Install, lab: Laboratory, calls: Sequence[Planned], *, alone: bool, speed: float
) -> list[Made]:
    """Calls of one instant and one world, all at once; `alone` says that there is one."""
    async with running(install, lab, calls, alone=alone, speed=speed) as stage:
        return list(await asyncio.gather(*(_one(stage, each, f"caller{n:03}") for n, each in enumerate(calls))))


async def _one(stage: Stage, planned: Planned, name: str) -> Made:
    """Place one call by somebody of that name, and hold it against the walker."""
    lab, speed = stage.lab, stage.speed
    guide = Guide([{lab.sent(who): does for who, does in step.items()} for step in planned.part.rings])
    stage.phones.guide(guide, None if stage.alone else name)
    number = lab.number(planned.scenario)
    withheld = planned.caller == WITHHELD
    trace = await stage.driver.call(
        ENTRANCE,
        lab.delivered(number),
        planned.part.script,
        caller="" if withheld else planned.caller,
        name=name,
        variables={"LABORATORY_PRES": "prohib_passed_screen"} if withheld else None,
        patience=planned.seconds / speed + PATIENCE,
        notice=guide.notice,
    )
    began = datetime.datetime.fromtimestamp(int(trace.began), lab.zone)
    hangs_up = round(trace.hung_up - trace.began) if trace.hung_up is not None and planned.part.hangs_up else None
    happens = _filled(planned.part, trace)
    events = _walked(lab, planned, number, began, happens, hangs_up)
    found = compared(lab.plan, lab.site, lab.lengths, number, events, trace, speed=speed)
    wanted = _walked(lab, planned, number, planned.scenario.at, happens, hangs_up)
    late = wanted != events
    return Made(found, late, trace.undone, trace.timed_out)


def _walked(
    lab: Laboratory,
    planned: Planned,
    number: str,
    began: datetime.datetime,
    happens: Sequence[Happens | None],
    hangs_up: int | None,
) -> list[Event]:
    """The walker's events for the call as it was made, as far as it can be made so."""
    ahead = iter(happens)
    course = experience(
        lab.plan, number, began, lambda _: next(ahead, None), as_turned(planned.part.turned), planned.caller
    )
    events: list[Event] = []
    with contextlib.suppress(CannotHappen):  # the PBX gave a caller to somebody at a moment when nobody could be given
        events.extend(until(course, lambda: hangs_up))
    return events


def _filled(part: Part, trace: Trace) -> Sequence[Happens | None]:
    """What happens, with the moment at which the PBX gave a caller in a queue to a member."""
    connected = next((e for e in trace.queued if e.what == "AgentConnect"), None)
    if part.answers is None or connected is None or not part.happens or (last := part.happens[-1]) is None:
        return part.happens
    waits = next((step for step in reversed(trace.steps) if step.app == "Queue" and step.at <= connected.at), None)
    if waits is None:
        return part.happens
    after = part.answers.seconds + round(connected.at - waits.at)
    return (*part.happens[:-1], attrs.evolve(last, after=after))
