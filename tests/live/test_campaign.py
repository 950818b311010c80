"""Conformance at scale, in small: a share of the campaign that fits in CI, and the campaign itself held to its word."""

import asyncio

from dialc.live.asterisk import Install
from tests.live.campaign import conducted
from tests.live.hosting import plan_text

SEED = 1


def in_europe_at_christmas(plan: str) -> bool:
    """Plans that can share servers."""
    zone = plan.partition("timezone ")[2].splitlines()[0]
    return zone in ("Europe/Warsaw", "UTC", "Africa/Casablanca") and "valid 2026-12-21" in plan


def soon_made_small(plan: str) -> bool:
    """Those of them that are not so large that making them smaller takes minutes."""
    return in_europe_at_christmas(plan) and len(plan.splitlines()) < 125


def test_plans_drawn_by_chance_do_what_they_say(install: Install) -> None:
    found = asyncio.run(conducted(install, plans=12, calls=60, seed=SEED, which=in_europe_at_christmas))
    assert not found.divergences, str(found)
    assert found.plans == 12
    assert found.calls >= 60
    assert found.steps >= 12


def test_a_file_that_says_something_else_is_found_and_made_small(install: Install) -> None:
    def says_nothing(text: str) -> str:
        return text.replace("Playback(drawn/apology)", "NoOp(drawn/apology)")

    found = asyncio.run(conducted(install, plans=1, calls=6, seed=SEED, which=soon_made_small, spoiled=says_nothing))
    assert found.divergences, str(found)
    assert all("drawn/apology" in each["call"] for each in found.divergences)
    small = found.divergences[0]["plan"]
    drawn = plan_text(SEED, int(small.split()[1].removeprefix("p")))
    assert len(small.splitlines()) < 0.8 * len(drawn.splitlines()), small
