"""The example plans on a real Asterisk: callers decide by chance, mostly for what nobody has met yet.

The clinic and the workshop have tests of their own, call by call.
"""

import asyncio
import datetime

import attrs
import pytest

from dialc.live.asterisk import Install
from dialc.plan import Line, Purpose
from tests.live.chance import CALLER, cases
from tests.live.scene import Case, Judged, Scene, running

SPEED = 4
"""Seconds of the PBX in a real one."""

ALONE = 3
"""How often a call that differs is made again by itself: with many at once a machine can be late in ways that change
what comes of a call; what the files do wrong, they do each time.
"""

AT_ONCE = 10
"""Calls under way at once: with more, a machine of two cores cannot keep up at this speed."""


@attrs.frozen
class Visit:
    """An example, its site, the trunk that calls come in by, and when (on the plan's clock)."""

    plan: str
    site: str
    trunk: str
    instants: tuple[str, ...]
    caller: str = CALLER
    most: int = 100
    """Calls to each line: of shops that are made alike, some show it."""

    def __str__(self) -> str:
        return self.plan.partition(".")[0]


VISITS = (
    Visit("law.dial", "jerusalem.site", "bezeq", ("2026-11-23 10:00", "2026-11-21 10:00")),
    Visit("law.dial", "jerusalem.site", "bezeq", ("2026-11-23 12:00",), "+972525550101"),
    Visit("pizzeria.dial", "athens.site", "cosmote", ("2026-11-24 19:00",), "+306901234567"),
    Visit("pizzeria.dial", "athens.site", "cosmote", ("2026-11-24 12:00", "2026-08-12 19:00")),
    Visit("town_hall.dial", "vilnius.site", "telia", ("2026-11-23 10:00", "2026-11-24 20:00")),
    Visit("utility.dial", "kyiv.site", "ukrtelecom", ("2026-11-23 10:00", "2026-11-22 03:00")),
    Visit("hotel.dial", "milan.site", "tim", ("2026-11-23 12:00", "2026-11-23 23:00")),
    Visit("hotel.dial", "milan.site", "tim", ("2026-11-23 15:00",), "+393475550177"),
    Visit("retailer.dial", "amman.site", "zain", ("2026-11-24 11:00",), most=2),
    Visit("school.dial", "hyderabad.site", "bsnl", ("2026-11-23 10:00", "2026-11-23 20:00", "2027-05-03 10:00")),
)


def _of_machines(line: Line) -> bool:
    """Whether a line is for machines, which decide nothing by chance."""
    return line.exempt is not None and line.exempt.purpose is Purpose.MACHINE


async def visited(install: Install, visit: Visit) -> dict[str, Judged]:
    """Every call of a visit, by its name."""
    scene = Scene.of(visit.plan, visit.site, visit.trunk)
    found: dict[str, Judged] = {}
    for seed, instant in enumerate(visit.instants):
        at = datetime.datetime.fromisoformat(instant).replace(tzinfo=scene.zone)

        async def together(calls: list[Case], at: datetime.datetime = at) -> dict[str, Judged]:
            async with running(install, scene, start=at, speed=SPEED) as stage:
                assert stage.pbx.warnings() == []
                return await stage.judge_all(calls, AT_ONCE)

        made = [
            case
            for line in dict.fromkeys(line.number for line in scene.plan.lines if not _of_machines(line))
            for case in cases(scene.plan, scene.telephones, line, at, seed, visit.caller)[: visit.most]
        ]
        found |= await together(made)
        for case in made:
            for _ in range(ALONE):
                if not found[case.name].differences:
                    break
                found |= await together([case])
    return found


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_callers_meet_what_the_plan_says(install: Install, visit: Visit) -> None:
    found = asyncio.run(visited(install, visit))
    assert len(found) >= 2 * len(visit.instants)
    wrong = [str(judged) for judged in found.values() if judged.differences]
    assert not wrong, f"{len(wrong)} of {len(found)} calls\n" + "\n\n".join(wrong[:3])
