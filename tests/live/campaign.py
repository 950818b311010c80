"""Conformance at scale: plans drawn by chance, many on one server, and callers by chance, held against the walker.

    python -m tests.live.campaign --plans 500 --calls 10000 --seed 1 --asterisk FOLDER --report FILE

In: how many plans and calls, a seed, a provisioned Asterisk. Out: a report, as JSON and as text: how many calls, which
exits they took and how often, and each call in which walker, PBX and record did not tell the same. Everything that is
drawn comes from the seed; what a seed cannot fix is when exactly a call begins, and so which calls are made. Each
divergence is therefore told with its plan, its caller and its instant, which make it again.

Plans that are valid at the same time in the same zone share a server, which is started at one instant after another:
by day, in the evening, at night, on a holiday, just before something closes. Each plan has one caller at a time, all
plans together as many as the machine can serve. A call that differs is made again by itself at the same instant, since
a busy machine is late now and then; only what differs there, too, is a divergence.
"""

import argparse
import asyncio
import contextlib
import datetime
import gc
import itertools
import json
import os
import random
import re
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import attrs

from dialc.live import observe
from dialc.live.ami import Refused
from dialc.live.asterisk import Install
from dialc.plan import Outcome
from tests.live.designs import SHIFTS, Design, Exit, again, design, exits_of, positions
from tests.live.hosting import MOST, Service, Stage, hosted, plan_text, proved, scene_of
from tests.live.phases import LAME, Phase, for_the_rare, phases, queues_of
from tests.live.reports import EACH, Report
from tests.live.scene import Judged, Scene
from tests.live.shrinking import leaner, shorter

SPEED = 8.0
"""Seconds of the PBX in a real one."""

AT_ONCE = 20
"""Calls under way at once, on all servers, at `SPEED`: what two cores can serve."""

ALONE = 3
"""How often a call that differs is made again by itself before it counts."""

ALONE_SPEED = 4.0
"""Seconds of the PBX in a real one, then."""

ROUNDS = 8
"""How often plans are called anew for exits that too few calls have taken."""

SHRUNK = 2
"""How many of the calls that differ are made smaller: where there are more, most have one cause."""

STALLS = 0.5
"""Real seconds for which a busy machine may stand still."""

AGAIN = 4
"""How many of these are made at once, each on a server of its own."""

MOST_AGAIN = 20
"""After so many divergences calls that differ are not made again: it is no accident."""

ONCE_MORE = 2
"""How often a call that differs is made again at once, among the others."""

SETTLES = 14
"""Seconds of the PBX within which a server starts, alone."""

SERVERS = 3
"""Servers that are up at once: as the last calls of one go on, the next one has begun."""

ATTEMPTS = 4
"""How often a call is made up anew where what was made up would not go the same way some seconds later."""

PATIENCE = 1500
"""Seconds of the PBX after which a call has to be over."""


@attrs.frozen
class Call:
    """A call that was made, by which plan, and what came of it; `error` where it could not even be compared."""

    scene: Scene
    design: Design
    phase: Phase
    judged: Judged | None
    error: str = ""

    @property
    def differs(self) -> bool:
        """Whether walker, PBX and record did not tell the same."""
        return self.judged is None or bool(self.judged.differences)

    def __str__(self) -> str:
        if self.judged is None:
            return f"{self.design.case.name}\n{self.error}"
        rows = itertools.zip_longest(self.judged.want, self.judged.got, fillvalue="")
        told = [self.design.case.name, *(f"  {want!s:50} | {got}" for want, got in rows), f"  {self.judged.journey}"]
        return "\n".join([*told, *self.judged.differences])


# Running it


def _silent(_: str) -> None:
    """Nobody asked how far it is."""


Hosted = contextlib.AbstractAsyncContextManager[dict[str, Stage]]
"""A server, and by the name of a plan what it takes to call it."""


@attrs.define
class Campaign:
    """A campaign under way: what was taken so far, and the calls that differ."""

    install: Install
    service: Service
    seed: int
    speed: float
    exact: bool
    counts: Counter[Exit] = attrs.field(factory=Counter)
    calls: int = 0
    late: list[str] = attrs.field(factory=list)
    suspects: list[Call] = attrs.field(factory=list)
    wrong: list[Call] = attrs.field(factory=list)
    warnings: Counter[str] = attrs.field(factory=Counter)
    off: list[float] = attrs.field(factory=list)
    """By how many seconds each call was off at worst."""
    numbers: Iterator[int] = attrs.field(factory=lambda: itertools.count(1))
    gate: asyncio.Semaphore = attrs.field(kw_only=True)
    progress: Callable[[str], None] = _silent
    spoiled: Callable[[str], str] = str
    """What is done to each file before it is loaded: nothing, but where the campaign itself is tested."""
    servers: asyncio.Semaphore = attrs.field(kw_only=True)
    enough: asyncio.Event = attrs.field(kw_only=True)
    """Set once no more calls are to begin."""

    @property
    def slack(self) -> float:
        """Seconds by which times may be off. Where time goes fast, it is what happens in which order that counts."""
        return observe.SECONDS if self.exact else observe.SECONDS + STALLS * self.speed

    async def run(self, found: Sequence[Phase]) -> None:
        """Every phase, a few at a time; then the calls that differ again, each by itself."""
        held: dict[int, asyncio.Lock] = {}

        async def one(phase: Phase) -> None:
            # A plan is up on one server at a time, since its service is one.
            lock = held.setdefault(phase.group, asyncio.Lock())
            async with lock, self.servers:
                if not self.enough.is_set():
                    await self._phase(phase)

        await asyncio.gather(*map(one, found))
        suspects, self.suspects = self.suspects, []
        few = asyncio.Semaphore(AGAIN)

        async def alone(call: Call) -> None:
            async with few:
                await self._again(call)

        before = len(self.wrong)
        await asyncio.gather(*map(alone, suspects))
        for index in range(before, min(SHRUNK, len(self.wrong))):
            self.wrong[index] = await self._shrunk(self.wrong[index])

    def _hosted(self, phase: Phase, scenes: Sequence[Scene], start: datetime.datetime, speed: float) -> Hosted:
        lacking = [s.plan.name for s in scenes if phase.name == LAME and not s.plan.callback_to]
        return hosted(
            self.install,
            scenes,
            self.service,
            start=start,
            speed=speed,
            without_queues=lacking,
            spool=phase.name != LAME,
            spoiled=self.spoiled,
        )

    async def _phase(self, phase: Phase) -> None:
        self.progress(f"{self.calls} calls, {len(self.suspects)} differ; {len(phase.scenes)} plans {phase.name}")
        async with self._hosted(phase, phase.scenes, phase.at, self.speed) as stages:
            await asyncio.gather(*(self._visits(phase, stage, phase.calls[name]) for name, stage in stages.items()))
            pbx = next(iter(stages.values())).pbx
            self.warnings.update(_kinds(pbx.warnings()))

    async def _visits(self, phase: Phase, stage: Stage, calls: int) -> None:
        """The calls to one plan, one after another."""
        chance = random.Random(f"{self.seed} {phase.name} {phase.at} {stage.scene.plan.name}")
        for _ in range(calls):
            async with self.gate:
                if self.enough.is_set():
                    return
                for _ in range(ATTEMPTS):
                    found = await design(stage, chance, self.counts, next(self.numbers))
                    call = await self._placed(phase, stage, found) if found else None
                    if call is not None:
                        break
                    await asyncio.sleep(2 / stage.pbx.speed)
                if call is None:
                    return  # nothing can be made here that would go the same way some seconds later
                call = await self._settled(phase, stage, call)
            if call.differs:
                self.suspects.append(call)
            else:
                self._agreed(call)
            await asyncio.sleep(_rest(call) / stage.pbx.speed)

    async def _settled(self, phase: Phase, stage: Stage, call: Call) -> Call:
        """A call, made once more where it differs, as far as it would still go the same way."""
        first = call
        for _ in range(ONCE_MORE):
            if not call.differs:
                break
            await asyncio.sleep(_rest(call) / stage.pbx.speed)
            moved = await again(stage, first.design)
            call = (await self._placed(phase, stage, moved) if moved else None) or call
        if call is not first and not call.differs:
            self.late.append(str(first))
        return call

    def _agreed(self, call: Call) -> None:
        self.calls += 1
        self.counts.update(call.design.exits)
        if call.judged is not None:
            rows = zip(call.judged.want, call.judged.got, strict=True)
            self.off.append(max((abs(one.at - other.at) for one, other in rows), default=0.0))

    async def _placed(self, phase: Phase, stage: Stage, found: Design) -> Call | None:
        """Make a call; None where so much was to be arranged that it would begin too late."""
        for switch, position in found.turns:
            await stage.turn(switch, position)
        async with stage.arranged(found.world):
            if int(stage.pbx.clock()) - found.at > SHIFTS[-1] - 2:
                return None
            try:
                trace = await stage.running.place(found.case, patience=PATIENCE / stage.pbx.speed)
                case = attrs.evolve(found.case, turned=stage.turned(int(trace.began)))
                judged = stage.running.held(case, trace, self.slack)
            except (AssertionError, LookupError, StopIteration, ValueError, TimeoutError, Refused) as error:
                return Call(stage.scene, found, phase, None, f"{type(error).__name__}: {error}")
        if ("Callback", Outcome.BOOKED.value) in found.exits:
            await stage.forget_bookings()
        return Call(stage.scene, attrs.evolve(found, case=judged.case), phase, judged)

    async def _again(self, call: Call) -> None:
        """Make a call again by itself, at the same instant; if it differs each time, it does."""
        for _ in range(ALONE if len(self.wrong) < MOST_AGAIN else 0):
            found = await self._alone(call.phase, call.scene, call.design)
            if found is not None and not found.differs:
                self._agreed(found)
                self.late.append(str(call))
                return
            call = found or call
        self.wrong.append(call)

    async def _alone(self, phase: Phase, scene: Scene, design: Design) -> Call | None:
        """A call on a server of its own, at the instant that it was made up for."""
        start = datetime.datetime.fromtimestamp(design.at - SETTLES, datetime.UTC)
        turns = positions(scene.plan, design)
        async with self._hosted(phase, [scene], start, min(ALONE_SPEED, self.speed)) as stages:
            stage = next(iter(stages.values()))
            await asyncio.sleep(max(0.0, design.at - 1 - stage.pbx.clock()) / stage.pbx.speed)
            return await self._placed(phase, stage, attrs.evolve(design, turns=turns))

    async def _shrunk(self, call: Call) -> Call:
        """The shortest call through the smallest plan that differs, too."""
        version = int(self.install.version.split(".")[0])
        for scene, found in shorter(call.scene, call.design, version, self.service.port):
            made = await self._alone(call.phase, scene, found)
            if made is not None and made.differs:
                call = made
                break
        scene = leaner(call.scene, call.design, version, self.service.port)
        made = await self._alone(call.phase, scene, call.design)
        return made if made is not None and made.differs else call


def _rest(call: Call) -> int:
    """Seconds until the plan of a call can have another one: members who talked have their wrap-up."""
    talked = ("Queue", Outcome.ANSWERED.value) in call.design.exits
    return 1 + max((queue.wrap_up for queue in queues_of(call.scene)), default=0) * talked


def _kinds(warnings: Sequence[str]) -> Iterator[str]:
    """Warnings without what differs from one to the next of a kind."""
    for row in warnings:
        yield re.sub(r"[0-9a-f]{8,}|\d+", "#", row.partition("] ")[2])


# What is reported


def report(campaign: Campaign, scenes: Sequence[Scene], seconds: float, wanted: Collection[Exit]) -> Report:
    """What came of a campaign that took so long; `wanted` are the exits that the plans have."""
    counts = {" ".join(exit): campaign.counts[exit] for exit in sorted({*wanted, *campaign.counts})}
    return Report(
        asterisk=campaign.install.version,
        seed=campaign.seed,
        speed=campaign.speed,
        plans=len(scenes),
        steps=statistics.median(len(scene.plan.steps) for scene in scenes),
        calls=campaign.calls + len(campaign.wrong),
        seconds=seconds,
        rate=campaign.calls / seconds,
        off=(statistics.median(campaign.off or [0.0]), max(campaign.off, default=0.0)),
        exits=counts,
        rare=tuple(name for name, count in counts.items() if count < EACH),
        late=tuple(campaign.late),
        divergences=tuple(
            {
                "plan": call.scene.texts[call.scene.plan_file],
                "phase": call.phase.name,
                "call": str(call),
                "applications": "\n".join(call.judged.trace.apps) if call.judged else "",
            }
            for call in campaign.wrong
        ),
        warnings=dict(campaign.warnings.most_common(20)),
    )


async def conducted(
    install: Install,
    *,
    plans: int,
    calls: int,
    seed: int,
    speed: float = SPEED,
    exact: bool = False,
    which: Callable[[str], bool] = bool,
    spoiled: Callable[[str], str] = str,
    exits: int = 0,
    at_once: int = AT_ONCE,
    servers: int = SERVERS,
    enough: asyncio.Event | None = None,
    progress: Callable[[str], None] = _silent,
) -> Report:
    """A whole campaign, and its report: so many plans at most `which` are to be called, and that many calls at least,
    unless a plan can be called at no instant at which the call would go the same way some seconds later. With `exits`,
    plans are called on, for some rounds, until each of their exits was taken so often. `progress` hears how far it is.
    Once there was `enough`, calls that have begun are made to their ends, and the report tells what came of all.
    """
    service = Service()
    version = int(install.version.split(".")[0])
    texts = filter(which, (plan_text(seed, index) for index in range(MOST)))
    drawn = (scene_of(text, version, service.port) for text in texts)
    scenes = list(itertools.islice(filter(proved, drawn), plans))
    wanted = {exit for scene in scenes for exit in exits_of(scene.plan)}
    gc.collect()
    gc.freeze()  # what was compiled stays, and looking through it takes time that calls need
    campaign = Campaign(
        *(install, service, seed, speed, exact),
        gate=asyncio.Semaphore(at_once),
        servers=asyncio.Semaphore(servers),
        enough=enough or asyncio.Event(),
        progress=progress,
        spoiled=spoiled,
    )
    begun = time.monotonic()
    async with service.up():
        await campaign.run(list(phases(scenes, -(-calls // len(scenes)))))
        for _ in range(ROUNDS):
            rare = {exit for exit in wanted if campaign.counts[exit] < exits}
            if not rare or campaign.enough.is_set():
                break
            progress(f"too rare so far: {sorted(rare)}")
            await campaign.run(list(for_the_rare(scenes, rare)))
    return report(campaign, scenes, time.monotonic() - begun, wanted)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 0 where nothing diverges."""
    parser = argparse.ArgumentParser(prog="python -m tests.live.campaign", description="Conformance at scale.")
    parser.add_argument("--plans", type=int, default=10)
    parser.add_argument("--calls", type=int, default=100, help="at least so many, shared evenly among the plans")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--exits", type=int, default=0, help="call on until each exit was taken so often")
    parser.add_argument("--exact", action="store_true", help="in real time; no time may be off by more than a second")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="how many calls are under way at once")
    parser.add_argument("--servers", type=int, default=SERVERS, help="how many servers are up at once")
    parser.add_argument("--speed", type=float, default=SPEED, help="seconds of the PBX in a real one")
    parser.add_argument(
        "--asterisk",
        type=Path,
        default=os.environ.get("DIALC_ASTERISK"),
        required="DIALC_ASTERISK" not in os.environ,
        help="a provisioned folder",
    )
    parser.add_argument("--report", type=Path, help="where the report goes as JSON")
    chosen = parser.parse_args(arguments)

    async def until_interrupted() -> Report:
        enough = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, enough.set)
        return await conducted(
            Install.at(Path(chosen.asterisk)),
            plans=chosen.plans,
            calls=chosen.calls,
            seed=chosen.seed,
            speed=1.0 if chosen.exact else chosen.speed,
            exact=chosen.exact,
            exits=chosen.exits,
            at_once=chosen.at_once,
            servers=chosen.servers,
            enough=enough,
            progress=lambda text: print(text, file=sys.stderr, flush=True),
        )

    found = asyncio.run(until_interrupted())
    if chosen.report:
        chosen.report.write_text(json.dumps(attrs.asdict(found), indent=2) + "\n", encoding="utf-8")
    print(found)
    return 1 if found.divergences else 0


if __name__ == "__main__":
    sys.exit(main())
