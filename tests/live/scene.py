"""An example on a private Asterisk: compiled, loaded, its telephones plugged in, and calls placed through it.

In: a plan and site of `examples/` as a `Scene`, and `Case`s. Out: `Judged` calls: what the walker says, and what the
PBX did.
"""

import asyncio
import contextlib
import csv
import datetime
import functools
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeVar
from zoneinfo import ZoneInfo

import attrs

import dialc
from dialc import call
from dialc.call import Happens, Turned
from dialc.cli.reading import beside
from dialc.findings import Severity
from dialc.live import observe
from dialc.live.asterisk import Asterisk, Install
from dialc.live.caller import Do, Driver
from dialc.live.judging import RECORD, compared
from dialc.live.phones import SETTINGS, Behaviour, Phones
from dialc.live.trace import Trace
from dialc.numbers import written_as
from dialc.plan import Bot, Extension, Extensions, Operator, Outcome, Plan, Queue, Ring
from dialc.site import Site
from dialc.source import Source

EXAMPLES = Path(__file__).parents[2] / "examples"
WARSAW = ZoneInfo("Europe/Warsaw")


@attrs.frozen(slots=False)
class Scene:
    """A plan and a site, and the telephones there: extension to the names of its devices.

    Files that are not in `texts` are those of `examples/`. An `unproved` plan is written although it breaks a rule,
    and files that are `unread` are not read back.
    """

    plan_file: str
    site_file: str
    telephones: Mapping[str, Sequence[str]]
    trunk: str
    texts: Mapping[str, str] = attrs.field(factory=dict)
    unproved: bool = False
    unread: bool = False

    @functools.cached_property
    def plan(self) -> Plan:
        """The plan, proved unless it need not be."""
        assert self.compiled.verdict
        assert self.unproved or isinstance(self.compiled.verdict, dialc.Verified)
        return self.compiled.verdict.plan

    @functools.cached_property
    def site(self) -> Site:
        """The site."""
        found, findings = dialc.read_site(self._source(self.site_file))
        assert found is not None
        assert not findings
        return found

    @functools.cached_property
    def compiled(self) -> dialc.Compiled:
        """What the compiler makes of both."""
        there = beside(str(EXAMPLES / self.plan_file))
        return dialc.compile(
            self._source(self.plan_file), self.site, beside=there, unproved=self.unproved, unread=self.unread
        )

    @functools.cached_property
    def files(self) -> Mapping[str, str]:
        """The emitted files."""
        assert self.compiled.files
        assert self.unproved or all(finding.severity is Severity.WARNING for finding in self.compiled.findings)
        return self.compiled.files

    @functools.cached_property
    def lengths(self) -> Mapping[str, float]:
        """The sound files and their seconds: in English, or where nobody hears that, in the plan's language, by their
        names; in other languages in a folder of each.
        """
        own = "en" if "en" in self.plan.languages else self.plan.language
        found = {f"{self.site.sounds}/dialc-confirm": 1.0}
        for language in self.plan.languages:
            folder = "" if language == own else f"{language}/"
            for prompt in self.plan.spoken(language).prompts.values():
                found[f"{folder}{self.site.sounds}/{prompt.file}"] = float(prompt.seconds)
        return found

    def _source(self, name: str) -> Source:
        return Source(name, self.texts[name] if name in self.texts else (EXAMPLES / name).read_text("utf-8"))

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the plan's clock is read."""
        return ZoneInfo(self.plan.zone)

    @property
    def number(self) -> str:
        """The number of the first line."""
        return self.plan.lines[0].number

    def delivered(self, number: str) -> str:
        """A number as the trunk delivers it."""
        return written_as(number, self.site.trunks[0].delivers[0])[0] if number.startswith("+") else number

    @classmethod
    def of(cls, plan_file: str, site_file: str, trunk: str) -> Self:
        """A scene in which each phone of the plan has one device, named after it."""
        bare = cls(plan_file, site_file, {}, trunk)
        return attrs.evolve(bare, telephones={number: [number] for number in inside(bare.plan)})


def inside(plan: Plan) -> tuple[str, ...]:
    """The numbers of the phones of the PBX that a plan rings, each once."""
    steps = plan.steps.values()
    rung = [p for step in steps if isinstance(step, Ring | Operator) for s in step.stages for p in s.phones]
    members = [member for step in steps if isinstance(step, Queue) for member in step.everybody]
    dialled = [phone for step in steps if isinstance(step, Extensions) for phone in step.phones]
    machines = [step.phone for step in steps if isinstance(step, Bot)]
    found = (*rung, *members, *dialled, *machines)
    return tuple(dict.fromkeys(phone.number for phone in found if isinstance(phone, Extension)))


CLINIC = Scene(
    "clinic.dial",
    "warsaw.site",
    {
        **{number: [number] for number in ("100", "101", "110", "201", "202", "203", "211", "212")},
        "102": ["102desk", "102soft"],
    },
    "orange",
)

WORKSHOP = Scene("workshop.dial", "backyard.site", {number: [number] for number in ("10", "11", "20")}, "trunk")


CALLING_BACK = ("pbx_spool", "app_originate", "func_lock", "func_module")
"""The modules that plans with call-backs need beside the usual ones."""

PULSE = 0.02
"""Real seconds between two looks at whether this process keeps up."""

LATE = 0.3
"""Seconds of the PBX by which a telephone may act late before a call has to be made again."""

STALL = 0.05
"""Real seconds by which this process may be behind: `LATE` at a speed of six."""

Found = TypeVar("Found")


@attrs.frozen
class Case:
    """One scripted call: what the caller does, how each telephone behaves, and what should come of it.

    `happens` is the same call for the walker. A queue's agent is not chosen by the caller: for `Outcome.ANSWERED` in a
    queue, who and when are taken from the trace. `hangs_up` says that the script ends with the caller hanging up.
    `number` is what is called, where that is not the number of the first line, and `exten` how the trunk delivers it;
    `caller` is who calls as the trunk shows it, and `who` that in E.164, where it is otherwise. `shown` is set in
    CALLERID as the call comes in, by field. `turned` is how staff have turned switches.
    """

    name: str
    script: tuple[Do, ...] = ()
    phones: Mapping[str, tuple[Behaviour, ...]] = attrs.field(factory=dict)
    happens: tuple[Happens, ...] = ()
    hangs_up: bool = False
    absent: tuple[str, ...] = ()
    exten: str = ""
    number: str = ""
    caller: str = "+48600111222"
    who: str = ""
    shown: Mapping[str, str] = attrs.field(factory=dict)
    turned: tuple[Turned, ...] = ()


@attrs.frozen
class Judged:
    """A call that was made: the PBX's account, the walker's, the record's, and where they differ."""

    case: Case
    events: tuple[call.Event, ...]
    """The walker's."""
    trace: Trace
    want: tuple[observe.Row, ...]
    got: tuple[observe.Row, ...]
    journey: str
    differences: tuple[str, ...]
    late: bool
    """Whether what differs may be the machine's doing: only times do, or this process could not keep up."""

    def __str__(self) -> str:
        rows = itertools.zip_longest(self.want, self.got, fillvalue="")
        told = [f"{self.case.name}", *(f"  {want!s:50} | {got}" for want, got in rows), f"  {self.journey}"]
        return "\n".join([*told, *self.differences, *self.trace.apps])


@attrs.frozen
class Running:
    """A scene that is up."""

    scene: Scene
    pbx: Asterisk
    phones: Phones
    driver: Driver
    counter: "itertools.count[int]" = attrs.field(factory=lambda: itertools.count(1))

    async def paced(self, case: Case) -> Judged:
        """Judge a call, and see whether this process kept up meanwhile."""
        judged, behind = await paced(self.judge(case))
        late = bool(judged.differences) and behind * self.pbx.speed > LATE
        return attrs.evolve(judged, late=judged.late or late)

    async def judge(self, case: Case) -> Judged:
        """Place a call, and hold what was observed against the walker and the record."""
        return self.held(case, await self.place(case))

    async def place(self, case: Case, patience: float = 120) -> Trace:
        """Place a call, and observe it; after so many real seconds the caller gives up."""
        name = f"caller{next(self.counter):03}"
        for phone, behaviours in case.phones.items():
            self.phones.script(phone, *behaviours, caller=name)
        return await self.driver.call(
            f"{'shown' if case.shown else 'from'}-{self.scene.trunk}",
            case.exten or self.scene.delivered(case.number or self.scene.number),
            case.script,
            caller=case.caller,
            variables={f"SHOWN_{field}": text for field, text in case.shown.items()},
            name=name,
            patience=patience,
        )

    def held(self, case: Case, trace: Trace, slack: float | None = None) -> Judged:
        """What was observed of a call, held against the walker and the record.

        Times may be off by `slack` seconds; None for what a machine of two cores keeps to at the speed of the clock.
        """
        made, number = self.scene.plan, case.number or self.scene.number
        began = datetime.datetime.fromtimestamp(int(trace.began), self.scene.zone)
        hangs_up = round(trace.hung_up - trace.began) if trace.hung_up is not None else None
        hangs_up = hangs_up if case.hangs_up else None
        happens = tuple(_filled(case.happens, trace))
        asked = call.Call(number, began, happens, hangs_up, turned=case.turned, caller=case.who or case.caller)
        events = call.walk(made, asked)
        told = compared(
            *(made, self.scene.site, self.scene.lengths, number, events, trace),
            speed=self.pbx.speed,
            absent=case.absent,
            slack=slack,
        )
        found = told.differences
        if trace.undone or trace.timed_out or (trace.hung_up is not None) is not case.hangs_up:
            found += (f"{trace.undone} actions of the caller left undone, timed out: {trace.timed_out}",)
        return Judged(case, events, trace, told.want, told.got, told.journey, found, bool(found) and told.alike)

    def journeys(self) -> list[str]:
        """Those in the records of all calls so far, of calls that the PBX has made by itself as well."""
        rows = (self.pbx.folder / "log" / "cdr-custom" / "calls.csv").read_text(encoding="utf-8")
        return ["".join(row[-len(RECORD) :]) for row in csv.reader(rows.splitlines())]

    async def judge_all(self, cases: Sequence[Case], at_once: int) -> dict[str, Judged]:
        """Place many calls, some at once."""
        gate = asyncio.Semaphore(at_once)

        async def one(case: Case) -> Judged:
            async with gate:
                return await self.paced(case)

        return {judged.case.name: judged for judged in await asyncio.gather(*map(one, cases))}


def _filled(happens: Sequence[Happens], trace: Trace) -> list[Happens]:
    """What happens, with the queue's agent and the moments that only the PBX could choose taken from the trace."""
    joined = next((e for e in trace.queued if e.what == "QueueCallerJoin"), None)
    connected = next((e for e in trace.queued if e.what == "AgentConnect"), None)
    found = []
    for one in happens:
        if one.outcome is Outcome.ANSWERED and one.who == "agent":
            if joined is None or connected is None:
                break  # no agent ever came: the walker runs out of patience, and the difference shows
            asked = next(s for s in reversed(trace.steps) if s.app == "BackGround" and s.at <= joined.at)
            found.append(attrs.evolve(one, who=connected.member, after=round(connected.at - asked.at)))
        else:
            found.append(one)
    return found


def _shown(trunk: str) -> str:
    """A context in which calls come in from a trunk that shows of callers what a test says."""
    return (
        f"[shown-{trunk}]\n"
        "exten => _[0-9+]!,1,ExecIf($[${LEN(${SHOWN_num})} > 0]?Set(CALLERID(num)=${SHOWN_num}))\n"
        " same => n,ExecIf($[${LEN(${SHOWN_pres})} > 0]?Set(CALLERID(num-pres)=${SHOWN_pres}))\n"
        f" same => n,Goto(from-{trunk},${{EXTEN}},1)\n"
    )


_OUTSIDE = {"endpoint_identifier_order": "ip,username", "ignore_uri_user_options": "yes"}
"""How a PBX with real trunks is set up: whoever shows the number of a phone is not that phone, and what stands behind a
number, as `;npdi`, is no part of it.
"""


@contextlib.asynccontextmanager
async def running(
    install: Install,
    scene: Scene,
    *,
    start: datetime.datetime,
    speed: float = 1.0,
    movable: bool = False,
    without: Collection[str] = (),
    boxes: bool = True,
    modules: Sequence[str] = (),
    dialplan: str = "",
    endpoints: str = "",
) -> AsyncIterator[Running]:
    """A scene whose clock shows `start`; telephones `without` are unplugged; without `boxes` there is no voicemail.

    `modules` are loaded beside the usual ones, `dialplan` is what the site's own extensions.conf holds, and `endpoints`
    are further ones of its pjsip.conf, each known by its address.
    """
    telephones = {number: [] if number in without else devices for number, devices in scene.telephones.items()}
    names = {name.split(".")[1]: name for name in scene.files}
    rules = {"queuerules.conf": f'#include "{names["queuerules"]}"\n'} if "queuerules" in names else {}
    async with Phones(speed=speed) as phones:
        pbx = Asterisk(
            install,
            extensions=f'[general]\nstatic = yes\n\n#include "{names["extensions"]}"\n{_shown(scene.trunk)}{dialplan}',
            queues=f'[general]\npersistentmembers = yes\n\n#include "{names["queues"]}"\n',
            voicemail=f'[general]\nformat = sln\n\n#include "{names["voicemail"]}"\n' if boxes else "",
            pjsip=phones.pjsip(
                telephones,
                trunks=[scene.trunk],
                incoming=f"from-{scene.trunk}",
                settings=_OUTSIDE if endpoints else SETTINGS,
            )
            + endpoints,
            files={**scene.files, **rules, "cdr.conf": "[general]\nunanswered = yes\n"},
            sounds=scene.lengths,
            record=RECORD,
            modules=(*modules, *(CALLING_BACK if scene.plan.callback_to else ())),
            start=start,
            speed=speed,
            movable=movable,
        )
        async with pbx, Driver(pbx) as driver:
            phones.clock = pbx.clock
            yield Running(scene, pbx, phones, driver)


def warsaw(text: str) -> datetime.datetime:
    """`2026-11-23 10:00:00.5` on a wall in Warsaw."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=WARSAW)


async def paced(work: Awaitable[Found]) -> tuple[Found, float]:
    """What comes of some work, and by how many real seconds at most this process was behind meanwhile: it should have
    done something every 20 ms.
    """
    behind = 0.0

    async def pulse() -> None:
        nonlocal behind
        while True:
            due = time.monotonic() + PULSE
            await asyncio.sleep(PULSE)
            behind = max(behind, time.monotonic() - due)

    beating = asyncio.create_task(pulse())
    try:
        return await work, behind
    finally:
        beating.cancel()


def steadily(work: Callable[[], Awaitable[Found]], check: Callable[[Found], None], attempts: int = 3) -> Found:
    """What comes of a scripted stretch of time, which `check` asserts to be right. Where it is not and this machine
    stalled meanwhile, it is done again: a stall makes telephones answer too late, and calls turn out otherwise.
    """

    async def attempt() -> tuple[Found, float]:
        return await paced(work())

    found, behind = asyncio.run(attempt())
    for _ in range(1, attempts):
        try:
            check(found)
        except AssertionError:
            if behind <= STALL:
                break
            found, behind = asyncio.run(attempt())
    return found


async def settled(
    found: dict[str, Judged], again: Callable[[Case], Awaitable[dict[str, Judged]]], attempts: int = 3
) -> dict[str, Judged]:
    """The calls, those that were late made again by themselves: a busy machine is late now and then, a PBX always."""
    for name in found:
        for _ in range(attempts):
            if not found[name].late:
                break
            found = found | await again(found[name].case)
    return found


async def made(
    install: Install,
    scene: Scene,
    cases: Sequence[Case],
    *,
    start: datetime.datetime,
    speed: float,
    at_once: int | None = None,
) -> dict[str, Judged]:
    """Every call, made once, all at the same time or some at once; by its name."""

    async def together(cases: Sequence[Case]) -> dict[str, Judged]:
        async with running(install, scene, start=start, speed=speed) as stage:
            assert stage.pbx.warnings() == []
            return await stage.judge_all(cases, at_once or len(cases))

    return await settled(await together(cases), lambda case: together([case]))
