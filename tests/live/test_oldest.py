"""The oldest Asterisk that dialc writes for: a share of the live tests, as much as a run of the suite has time for.

In: Asterisk 16. What differs from newer ones, which all other live tests run on, is what it does with calls over SIP
and how its applications end; so calls from a trunk are all made here, and plans drawn by chance do the rest.
"""

import asyncio

from dialc.live.asterisk import Install
from tests.live.campaign import conducted
from tests.live.test_campaign import SEED, in_europe_at_christmas
from tests.live.test_trunk import CALLS, made


def test_it_is_the_oldest(oldest: Install) -> None:
    assert oldest.version.startswith("16.")


def test_calls_from_a_trunk_do_what_the_plan_says(oldest: Install) -> None:
    found = made(oldest, tuple(CALLS.values()))
    assert found.keys() == CALLS.keys()
    wrong = [str(judged) for judged in found.values() if judged.differences]
    assert not wrong, "\n\n".join(wrong[:3])


def test_plans_drawn_by_chance_do_what_they_say(oldest: Install) -> None:
    found = asyncio.run(conducted(oldest, plans=6, calls=30, seed=SEED + 1, which=in_europe_at_christmas))
    assert not found.divergences, str(found)
    assert found.plans == 6
    assert found.calls >= 30
