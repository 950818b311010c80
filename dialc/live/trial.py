"""Scenarios at a real PBX: which calls share a server, which are made again, and what comes of each.

In: a `Laboratory`, an installed Asterisk, scenarios as the walker has played them. Out: of each a `Tried`: it went as
the walker says, or it did something else, or it cannot be tried, and why.

Calls that come in at one instant, at a PBX in one state, share a server, except where they would notice each other: in
a queue, at the phones of its members. Whatever differs is made again by itself, twice, since a machine that is busy
with something else makes telephones late; what the files do wrong, they do each time.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence

import attrs

from dialc.call import Happens, Point, Rang, as_turned, experience, until
from dialc.callers import WITHHELD
from dialc.live.asterisk import Install
from dialc.live.laboratory import Laboratory
from dialc.live.parts import Impossible, Part, part
from dialc.live.server import Made, Planned, together
from dialc.plan import Callback, Extension, Operator, Queue, Ring, Scenario
from dialc.scenarios import Played

SPEED = 6.0
"""Seconds of the PBX in a real one."""

AT_ONCE = 12
"""Calls under way at once: with more, a machine of two cores cannot keep up at this speed."""

SERVERS = 6
"""Servers that are up at once."""

AGAIN = 2
"""How often a call that differs, or comes in late, is made again by itself."""

BUSY = "this machine is too busy: each time the call came in so late that it was another one"


@attrs.frozen
class Tried:
    """What came of a scenario: what was made of it, or why nothing could be."""

    scenario: Scenario
    made: Made | None
    reason: str = ""


async def tried(install: Install, lab: Laboratory, played: Sequence[tuple[Scenario, Played]]) -> list[Tried]:
    """What comes of scenarios, in their order."""
    planned: dict[int, Planned] = {}
    reasons: dict[int, str] = {}
    for number, (scenario, one) in enumerate(played):
        try:
            planned[number] = _planned(lab, scenario, one)
        except Impossible as impossible:
            reasons[number] = str(impossible)
    slots = _Slots()
    made: dict[int, Made] = {}

    async def group(numbers: Sequence[int]) -> None:
        calls = [planned[number] for number in numbers]
        async with slots.taken(len(calls)):
            found = await together(install, lab, calls, alone=_alone(calls), speed=SPEED)
        made.update(zip(numbers, found, strict=True))

    async def all_of(groups: Sequence[Sequence[int]]) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                for numbers in groups:
                    tasks.create_task(group(numbers))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None

    await all_of(_groups(planned))
    for number in planned:
        for _ in range(AGAIN):
            if not made[number].differs:
                break
            await group([number])
    return [Tried(scenario, made.get(number), reasons.get(number, "")) for number, (scenario, _) in enumerate(played)]


def _planned(lab: Laboratory, scenario: Scenario, played: Played) -> Planned:
    """A scenario as a call that can be made. Raises `Impossible`."""
    caller = lab.caller(scenario)
    found = part(lab.plan, played, lab.file, caller)
    if found.turned and not _turned_before(lab, scenario, played, found, caller):
        raise Impossible("a switch is turned while the call goes on")
    return Planned(scenario, found, caller, played.events[-1].at if played.events else 0, *_phones(lab, played))


def _turned_before(lab: Laboratory, scenario: Scenario, played: Played, found: Part, caller: str) -> bool:
    """Whether a call goes as it does if switches are turned before it comes in, too."""
    ahead = iter(played.moments)
    left = len(played.moments)

    def decide(_: Point) -> Happens | None:
        nonlocal left
        left -= 1
        moment = next(ahead, None)
        return moment.happens if moment is not None else None

    course = experience(lab.plan, lab.number(scenario), scenario.at, decide, as_turned(found.turned), caller)
    # The caller makes up their mind to hang up at the last point, as in the scenario.
    return tuple(until(course, lambda: None if left > 0 else played.hangs_up)) == played.events


def _phones(lab: Laboratory, played: Played) -> tuple[frozenset[str], frozenset[str]]:
    """The phones of the members of queues in which a call waits, or that are to call back, and others that it rings."""
    members: set[str] = set()
    others: set[str] = set()
    for moment in played.moments:
        match moment.point.step:
            case Queue() as queue:
                members.update(member.number for member in queue.everybody)
            case Callback() as callback:
                members.update(member.number for member in lab.queues[callback.queue].everybody)
            case Ring() | Operator() as step:
                phones = step.stages[moment.point.turn - 1].phones
                others.update(phone.number for phone in phones if isinstance(phone, Extension))
            case _:
                pass
    for event in played.events:
        if isinstance(event, Rang):
            others.update(event.phones)
    return frozenset(members), frozenset(others)


def _alone(calls: Sequence[Planned]) -> bool:
    """Whether a call is the only one at its server, so that whatever rings there rings for it."""
    return len(calls) == 1


def _groups(planned: Mapping[int, Planned]) -> list[list[int]]:
    """Calls that can be made together, the largest groups first, which take longest."""
    found: dict[tuple[object, ...], list[list[int]]] = {}
    for number, call in planned.items():
        if call.part.alone or call.caller == WITHHELD:
            found[number,] = [[number]]
            continue
        groups = found.setdefault((call.scenario.at, call.part.world), [])
        free = (
            group
            for group in groups
            if len(group) < AT_ONCE and not any(_notice(call, planned[other]) for other in group)
        )
        group = next(free, None)
        if group is None:
            groups.append([number])
        else:
            group.append(number)
    return sorted((group for groups in found.values() for group in groups), key=len, reverse=True)


def _notice(one: Planned, other: Planned) -> bool:
    """Whether two calls would notice each other: by a member of a queue who is busy with one of them."""
    return bool(one.members & (other.members | other.phones) or other.members & one.phones)


class _Slots:
    """Room for some calls and servers at once."""

    def __init__(self) -> None:
        self._calls = AT_ONCE
        self._servers = SERVERS
        self._changed = asyncio.Condition()

    @contextlib.asynccontextmanager
    async def taken(self, calls: int) -> AsyncIterator[None]:
        """Wait until there is room for a server with so many calls, and take it."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._calls >= calls and self._servers > 0)
            self._calls -= calls
            self._servers -= 1
        try:
            yield
        finally:
            async with self._changed:
                self._calls += calls
                self._servers += 1
                self._changed.notify_all()
