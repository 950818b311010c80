"""Many plans on one private Asterisk, each drawn by chance, and calls to all of them at the same time.

In: a seed and an index for each plan. Out: a `Scene` for each, made so that any number of them can share a server: the
name of a plan, which all its contexts, queues and keys in AstDB begin with, has its index, and so have the numbers of
its phones, its mailboxes' context and the address of its service. `hosted` is the server with all of them, and with it
what is arranged around a call: members who sign in or take breaks, queues and mailboxes that are full, switches that
are turned, a service that answers or does not.
"""

import asyncio
import contextlib
import datetime
import itertools
import random
import re
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from typing import TypeVar, assert_never, cast

import attrs
from hypothesis import strategies as st

import dialc
from dialc.call import Reading, Turned, as_turned
from dialc.live.ami import Message
from dialc.live.asterisk import Asterisk, Install, free_port
from dialc.live.caller import Driver
from dialc.live.judging import RECORD
from dialc.live.phones import Phones
from dialc.numbers import Form, is_of, written_as
from dialc.plan import Callback, Position, Queue, Switch
from dialc.testing.drafts import Draft
from dialc.testing.writing import LARGER, text
from tests.live.acts import Arranged, Filled, FullBox, Paused, Sends, SignedIn
from tests.live.scene import Running, Scene, inside

MOST = 1000
"""Plans that can stand beside one another: their indices have three digits."""

FULL = 100
"""Messages that a mailbox holds, Asterisk's default."""

_DELIVERS = ("plus", "e164", "national, international", "plus, e164, international, national")
"""The forms in which calls come in; the first is used."""

_PHONES = ("dial contacts", "dial contacts", 'dial "PJSIP/{number}"', 'dial "PJSIP/desk{number}"')
"""How a site rings a phone: by whatever has registered, by its endpoint, or by an endpoint of another name."""

_SITE = """site {name} for asterisk {version} {{
  trunk trunk {{
    delivers {delivers}
    country PL
    withheld anonymous
    dial "PJSIP/{{number}}@trunk"
    send plus
    show "+48 22 123 45 67"
  }}
  phones 100000-999999 {phones}
  outside via trunk
  mailboxes context {name} emitted {{
    box 100 pin 4711 "Reception"
  }}
  sounds "drawn"
  enter from-{name}
  service crm "http://127.0.0.1:{port}/{name}"
}}
"""

_MODULES = ("res_curl", "func_curl", "app_originate", "func_lock", "func_module")
"""What plans with lookups and call-backs need beside the usual modules; call-backs are made by the spool as well."""

_WAITS = "tests-waiting"
"""The context of those who fill a queue."""

_T = TypeVar("_T")


# Plans


@attrs.define
class _ByChance(Draft):
    """A plan that is drawn by a generator of random numbers, which costs less than by hypothesis."""

    chance: random.Random = attrs.field(factory=random.Random, kw_only=True)

    def has(self) -> bool:
        return self.chance.random() < 0.5

    def one(self, among: Sequence[_T]) -> _T:
        return self.chance.choice(among)


def _draws(_: st.SearchStrategy[_T], __: object = None) -> _T:
    raise AssertionError("a plan that is drawn by chance asks hypothesis for nothing")


def plan_text(seed: int, index: int) -> str:
    """The plan of a seed and an index (0 to 999): always the same, proved or not."""
    chance = random.Random(f"{seed}/{index}")
    written = text(_ByChance(cast(st.DrawFn, _draws), LARGER, waives=True, chance=chance), "", True)
    parts = re.split(r'("[^"]*")', written.replace('plan drawn "Drawn"', f'plan p{index:03} "Drawn"', 1))
    # A phone 201 of the plan 17 is 201701, so that ranges stay ranges.
    parts[::2] = [re.sub(r"(?<!box )\b([1-9])(\d\d)\b", rf"\g<1>{index:03}\2", part) for part in parts[::2]]
    return "".join(parts)


def scene_of(plan: str, version: int, service: int) -> Scene:
    """A plan of a text whose name ends with three digits, at a site of its own, proved or not.

    The site is for a release of Asterisk, and its service is to answer at a port of 127.0.0.1.
    """
    name = plan.split('"', 1)[0].split()[-1]
    index = int(name[-3:])
    site = _SITE.format(
        name=name,
        version=version,
        delivers=_DELIVERS[index % len(_DELIVERS)],
        phones=_PHONES[index // len(_DELIVERS) % len(_PHONES)],
        port=service,
    )
    texts = {f"{name}.dial": plan, f"{name}.site": site}
    found = Scene(f"{name}.dial", f"{name}.site", {}, name, texts, unread=True)  # thousands of plans are, elsewhere
    verdict = found.compiled.verdict
    if verdict is None:
        return found
    compiled, found = found.compiled, attrs.evolve(found, telephones={n: [n] for n in inside(verdict.plan)})
    found.__dict__["compiled"] = compiled  # what was compiled does not depend on the telephones
    return found


def proved(scene: Scene) -> bool:
    """Whether the plan of a scene was proved, and its site can have it."""
    return isinstance(scene.compiled.verdict, dialc.Verified) and bool(scene.compiled.files)


def delivered(scene: Scene, number: str) -> str:
    """A number in E.164 as the trunk of a scene delivers it; any other text as it is."""
    if not number.startswith("+"):
        return number
    forms = (form for form in scene.site.trunks[0].delivers if form is not Form.NATIONAL or is_of(number, "PL"))
    return written_as(number, next(forms))[0]


# The service


class Service:
    """A web server that is asked about callers, by the plans of many scenes: `sends` has by plan what it answers."""

    def __init__(self) -> None:
        self.port = free_port()
        self.sends: dict[str, list[str | None]] = {}

    @contextlib.asynccontextmanager
    async def up(self) -> AsyncIterator[None]:
        """While it listens."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        try:
            yield
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            asked = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
            plan = asked.split()[1].strip("/").partition("?")[0]
            waiting = self.sends.get(plan, [])
            word = waiting.pop(0) if waiting else None
            if word is None:
                await reader.read()  # until whoever asked has gone
            else:
                writer.write(f"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{word}".encode())
                await writer.drain()
        writer.close()


# The server


@attrs.frozen
class Stage:
    """One of the scenes that a server has."""

    running: Running
    service: Service
    queues: bool
    spool: bool
    positions: dict[str, tuple[Position, int]] = attrs.field(factory=dict)
    """How switches were turned last, by name, and at which instant; nothing for those that nobody has turned."""

    pressed: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    """How often each key was chosen at each step by those who call the plan, and none."""

    @property
    def scene(self) -> Scene:
        """The plan, its site and its phones."""
        return self.running.scene

    @property
    def pbx(self) -> Asterisk:
        """The server."""
        return self.running.pbx

    def stands(self, switch: Switch, at: int) -> Position:
        """Where a switch stands at an instant."""
        return as_turned(self.turned(at))(switch, Reading(at, 0, 0))

    def turned(self, at: int) -> tuple[Turned, ...]:
        """How switches were turned last, as seen from a call that begins at an instant."""
        return tuple(Turned(name, position, then - at) for name, (position, then) in self.positions.items())

    async def turn(self, switch: Switch, position: Position) -> None:
        """Turn a switch, as staff do: by its code, once for each position on the way."""
        places = switch.positions
        while (stands := self.stands(switch, int(self.pbx.clock()))) is not position:
            await self._dial(f"{switch.code}@dialc-{self.scene.plan.name}-codes")
            self.positions[switch.name] = places[(places.index(stands) + 1) % len(places)], int(self.pbx.clock())

    async def _dial(self, to: str) -> None:
        """Call an extension, and wait until the PBX hangs up."""
        number = secrets.token_hex(8)
        async with self._heard("Hangup", "Uniqueid", f"{number}a"):
            await self.pbx.manager.action(
                "Originate",
                Channel=f"Local/{to}/n",
                Application="Wait",
                Data=60,
                Codecs="slin",
                ChannelId=f"{number}a",
                OtherChannelId=f"{number}b",
                Async="true",
            )

    @contextlib.asynccontextmanager
    async def _heard(self, kind: str, name: str, value: str, times: int = 1) -> AsyncIterator[None]:
        """What is done within is over once an event with such a header has come so often."""
        came = asyncio.Semaphore(0)

        def listener(event: str, message: Message) -> None:
            if event == kind and message.get(name) == value:
                came.release()

        self.pbx.manager.listen(listener)
        try:
            yield
            for _ in range(times):
                await asyncio.wait_for(came.acquire(), 30)
        finally:
            self.pbx.manager.ignore(listener)

    @contextlib.asynccontextmanager
    async def arranged(self, world: Iterable[Arranged]) -> AsyncIterator[None]:
        """While the world around the plan is like this; what the service sends, it sends in this order."""
        async with contextlib.AsyncExitStack() as stack:
            for each in dict.fromkeys(each for each in world if not isinstance(each, Sends)):
                await stack.enter_async_context(self._arranged(each))
            self.service.sends[self.scene.plan.name] = [each.word for each in world if isinstance(each, Sends)]
            yield

    @contextlib.asynccontextmanager
    async def _arranged(self, each: Paused | SignedIn | Filled | FullBox) -> AsyncIterator[None]:
        plan, manager = self.scene.plan, self.pbx.manager
        match each:
            case Paused(name):
                step = self._queue(name)
                always = (*step.members, *(member for tier in step.tiers for member in tier.members))
                members = [self._member(member.number) for member in always]
                queue = f"dialc-{plan.name}-{name}"
                for member in members:
                    await manager.action("QueuePause", Queue=queue, Interface=member, Paused="true")
                yield
                for member in members:
                    await manager.action("QueuePause", Queue=queue, Interface=member, Paused="false")
            case SignedIn(name):
                number = self._queue(name).everybody[0].number
                queue, member = f"dialc-{plan.name}-{name}", self._member(number)
                await manager.action("QueueAdd", Queue=queue, Interface=member, MemberName=number)
                yield
                await manager.action("QueueRemove", Queue=queue, Interface=member)
            case Filled(name):
                queue = f"dialc-{plan.name}-{name}"
                async with self._heard("QueueCallerJoin", "Queue", queue, self._queue(name).room):
                    for _ in range(self._queue(name).room):
                        await manager.action(
                            "Originate",
                            Channel=f"Local/{plan.name}@{_WAITS}/n",
                            Application="Queue",
                            Data=queue,
                            Codecs="slin",
                            Async="true",
                        )
                yield
                await manager.action("Hangup", Channel=rf"/^Local\/{plan.name}@{_WAITS}-.*;1$/", Cause=16)
            case FullBox(box):
                folder = self.pbx.folder / "spool" / "voicemail" / plan.name / box / "INBOX"
                folder.mkdir(parents=True, exist_ok=True)
                made = [folder / f"msg{number:04}.txt" for number in range(FULL)]
                made = [path for path in made if not path.exists()]
                for path in made:
                    path.write_text("[message]\n", encoding="ascii")
                yield
                for path in made:
                    path.unlink()
            case _:
                assert_never(each)

    def _queue(self, name: str) -> Queue:
        step = self.scene.plan.steps[name]
        assert isinstance(step, Queue)
        return step

    def _member(self, number: str) -> str:
        return f"Local/{number}@dialc-{self.scene.plan.name}-members/n"

    async def forget_bookings(self) -> None:
        """Nobody is called back: that would be another call, to members who have to answer this one."""
        for step in self.scene.plan.steps.values():
            if isinstance(step, Callback):
                await self.pbx.cli(f"database deltree dialc-{self.scene.plan.name}.{step.name}")


@contextlib.asynccontextmanager
async def hosted(
    install: Install,
    scenes: Sequence[Scene],
    service: Service,
    *,
    start: datetime.datetime,
    speed: float,
    without_queues: Collection[str] = (),
    spool: bool = True,
    spoiled: Callable[[str], str] = str,
) -> AsyncIterator[dict[str, Stage]]:
    """A server that has many plans, and whose clock shows `start`; by the name of the plan, what it takes to call one.

    The queues of the plans `without_queues` are missing, as where an administrator forgot to include them; without
    `spool` the PBX calls nobody by itself. `spoiled` is done to each emitted file before it is loaded.
    """
    lengths: dict[str, float] = {}
    for scene in scenes:
        for name, seconds in scene.lengths.items():
            assert lengths.setdefault(name, seconds) == seconds, f"{name} has two lengths"
    files = {name: spoiled(text) for scene in scenes for name, text in scene.files.items()}

    def included(kind: str, leaving_out: Collection[str] = ()) -> str:
        names = (f"dialc-{scene.plan.name}.{kind}" for scene in scenes if scene.plan.name not in leaving_out)
        return "".join(f'#include "{name}"\n' for name in names if name in files)

    async with Phones(speed=speed) as phones:
        endpoints = {
            (row.dial or "PJSIP/{number}").removeprefix("PJSIP/").replace("{number}", number): devices
            for scene in scenes
            for number, devices in scene.telephones.items()
            if (row := scene.site.phone(number))
        }
        pbx = Asterisk(
            install,
            extensions=f"[general]\nstatic = yes\n\n{included('extensions.conf')}{_WAITING}",
            queues=f"[general]\npersistentmembers = no\n\n{included('queues.conf', without_queues)}",
            voicemail=f"[general]\nformat = sln\n\n{included('voicemail.conf')}",
            pjsip=phones.pjsip(endpoints, trunks=["trunk"]),
            files={
                **files,
                "queuerules.conf": included("queuerules.conf", without_queues),
                "cdr.conf": "[general]\nunanswered = yes\n",
            },
            sounds=lengths,
            record=RECORD,
            modules=(*_MODULES, *(("pbx_spool",) if spool else ())),
            start=start,
            speed=speed,
        )
        async with pbx, Driver(pbx) as driver:
            phones.clock = pbx.clock
            count = itertools.count(1)
            yield {
                scene.plan.name: Stage(
                    Running(scene, pbx, phones, driver, count), service, scene.plan.name not in without_queues, spool
                )
                for scene in scenes
            }


_WAITING = f"""
[{_WAITS}]
exten => _p.,1,Playback(tests/frame)
 same => n,Wait(86400)
"""
