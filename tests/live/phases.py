"""When plans are called in a campaign, and which of them share a server then.

In: scenes, and how many calls each plan is to have. Out: `Phase`s: plans that are up together, and the instant at which
they are called: by day, in the evening, at night as clocks change, on a holiday, just before queues close, and once
with a PBX that lacks what plans take for granted.
"""

import datetime
import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import attrs

from dialc.call import is_open
from dialc.plan import ByException, Queue
from tests.live.designs import Exit, exits_of
from tests.live.scene import Scene

TOGETHER = 30
"""The most plans of one server."""

CLOSES = 50
"""Seconds before the end of opening hours at which plans are called whose queues close then."""

MORE = 6
"""How many calls of a phase a plan is given for the sake of exits that are rare and are taken then."""

BY_DAY, BY_NIGHT, CLOSING, HOLIDAY, REOPENED = "by day", "at night", "closing", "on a holiday", "reopened"
"""Phases in which exits are taken that are rare in others."""

LAME = "without queues"
"""The phase in which the PBX lacks what plans take for granted."""


@attrs.frozen
class Phase:
    """Plans that share a server, and the instant at which it is started; how many calls each plan is given.

    A `LAME` server has no queues, but for plans that call back, and calls nobody.
    """

    name: str
    group: int
    at: datetime.datetime
    calls: Mapping[str, int]
    scenes: tuple[Scene, ...]


WHEN: Mapping[Exit, str] = {
    ("Queue", "closing"): CLOSING,
    ("Queue", "failure"): LAME,
    ("Callback", "failed"): LAME,
    ("ByException", "closed"): HOLIDAY,
    ("ByException", "open"): REOPENED,
    ("ByException", "otherwise"): BY_NIGHT,
    ("Branch", "closed"): BY_NIGHT,
    ("Operator", "unstaffed"): BY_NIGHT,
}
"""In which phase an exit is taken; by day where it does not say."""

DAYS = {
    "2026-12-21": ("2026-12-22", "2026-12-25", "2026-12-27"),
    "2026-03-28": ("2026-03-30", "2026-03-29", "2026-03-29"),
    "2026-10-24": ("2026-10-26", "2026-10-25", "2026-10-25"),
    "": ("2026-11-24", "2026-11-28", "2026-11-29"),
}
"""By the first day of a plan's validity: an ordinary day, and days that are a holiday, a reopening, or have 23 or 25
hours."""


DAYTIME = dict.fromkeys(("Europe/Warsaw", "UTC", "Africa/Casablanca"), "Europe")
"""Zones in which it is day at the same time, or nearly so."""


def phases(scenes: Sequence[Scene], each: int) -> Iterator[Phase]:
    """What has to be run so that each plan has so many calls, in a good order: neighbours have no plan in common."""
    found = [list(_group(index, group, each)) for index, group in enumerate(_groups(scenes))]
    for row in itertools.zip_longest(*found):
        yield from (phase for phase in row if phase is not None)


def _groups(scenes: Sequence[Scene]) -> Iterator[tuple[Scene, ...]]:
    """Scenes that have day at the same time and are valid then, as many as one server has."""
    found: dict[tuple[str, str], list[Scene]] = {}
    for scene in scenes:
        found.setdefault((DAYTIME.get(scene.plan.zone, scene.plan.zone), _valid(scene)), []).append(scene)
    for group in found.values():
        yield from (tuple(group[n : n + TOGETHER]) for n in range(0, len(group), TOGETHER))


def _valid(scene: Scene) -> str:
    """The first day on which a plan is valid, if it says so."""
    return scene.plan.valid[0].isoformat() if scene.plan.valid else ""


def _group(group: int, scenes: Sequence[Scene], each: int) -> Iterator[Phase]:
    """The instants at which plans that share servers are called, and for how many calls each."""
    day, other, third = DAYS[_valid(scenes[0])]
    zone = next((scene.zone for scene in scenes if scene.plan.zone == "Europe/Warsaw"), scenes[0].zone)

    def at(text: str) -> datetime.datetime:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=zone)

    def those(which: Callable[[Scene], object]) -> tuple[Scene, ...]:
        return tuple(scene for scene in scenes if which(scene))

    dated = those(lambda scene: any(isinstance(step, ByException) for step in scene.plan.steps.values()))
    timed = those(lambda scene: scene.plan.hours)
    rows = [
        (BY_DAY, at(f"{day} 10:30"), tuple(scenes), 0.5),
        ("in the evening", at(f"{day} 18:30"), timed, 0.1),
        (BY_NIGHT, at(f"{other} 01:58"), timed, 0.1),
        (HOLIDAY, at(f"{other} 11:00"), dated, 0.2),
        (REOPENED, at(f"{third} 11:00"), dated, 0.05),
        (LAME, at(f"{day} 11:30"), those(queues_of), 0.15),
        *((CLOSING, instant, closing, 0.15) for instant, closing in _closings(scenes, at(f"{day} 00:00"))),
    ]
    shares = Counter[str]()
    for _, _, among, share in rows:
        shares.update({scene.plan.name: share for scene in among})
    for name, instant, among, share in rows:
        calls = {s.plan.name: max(1, round(each * share / shares[s.plan.name])) for s in among}
        if calls:
            yield Phase(name, group, instant, calls, among)


def queues_of(scene: Scene) -> list[Queue]:
    return [step for step in scene.plan.steps.values() if isinstance(step, Queue)]


def _closings(scenes: Sequence[Scene], day: datetime.datetime) -> list[tuple[datetime.datetime, tuple[Scene, ...]]]:
    """Instants a while before queues close on a day, each with the plans whose queues do."""
    found: dict[int, dict[str, Scene]] = {}
    for scene in scenes:
        for queue in queues_of(scene):
            if queue.closing and queue.staffed is not None:
                begun = int(day.timestamp())
                opened = [is_open(queue.staffed, begun + second) for second in range(0, 86400 + 3600, 60)]
                moments = [60 * n for n in range(len(opened) - 1) if opened[n] and not opened[n + 1]]
                for moment in moments[-1:]:
                    found.setdefault(begun + moment, {})[scene.plan.name] = scene
    return [
        (datetime.datetime.fromtimestamp(moment + 60 - CLOSES, day.tzinfo), tuple(closing.values()))
        for moment, closing in sorted(found.items())
    ]


def for_the_rare(scenes: Sequence[Scene], rare: Collection[Exit]) -> Iterator[Phase]:
    """Phases for exits that too few calls have taken, of plans that have them, at instants at which they are taken."""
    wanted: dict[str, set[Exit]] = {}
    for exit in rare:
        wanted.setdefault(WHEN.get(exit, BY_DAY), set()).add(exit)
    able = [scene for scene in scenes if exits_of(scene.plan) & set(rare)]
    for phase in phases(able, MORE):
        there = tuple(scene for scene in phase.scenes if exits_of(scene.plan) & wanted.get(phase.name, set()))
        if there:
            yield attrs.evolve(phase, calls=dict.fromkeys((scene.plan.name for scene in there), MORE), scenes=there)
