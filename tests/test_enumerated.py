"""A share of the campaign that holds the verifier against every call of small plans, and whether it would tell."""

import functools
from collections import Counter
from collections.abc import Mapping

import attrs
import pytest

from dialc.plan import Plan, Verified
from dialc.rules import Breach
from dialc.verify import Refused, breaches, verify
from tests import enumerated, oracle

SHARE = range(420)
"""Seeds of some three hundred plans; the others have too many calls."""


@functools.cache
def held() -> Mapping[int, enumerated.Held]:
    """What came of the plans of the share, by their seeds."""
    found = {}
    for seed in SHARE:
        try:
            found[seed] = enumerated.hold(enumerated.made(seed))
        except oracle.TooMany:
            continue
    return found


def test_a_share_of_plans_is_held_against_all_their_calls() -> None:
    assert {seed: each.wrong for seed, each in held().items() if each.wrong} == {}
    assert len(held()) > 250


def test_the_share_breaks_each_rule_and_keeps_it_where_it_matters() -> None:
    broken = Counter(code for each in held().values() for code in each.broken)
    kept = Counter(code for each in held().values() for code in each.about - each.broken)
    assert {code for code in enumerated.CODES if min(broken[code], kept[code]) < 2} == set()


@pytest.mark.parametrize("code", enumerated.CODES)
def test_a_rule_that_were_not_told_or_told_for_nothing_would_be_noticed(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks = next(seed for seed, each in held().items() if code in each.broken)
    keeps = next(seed for seed, each in held().items() if code in each.about - each.broken and "C01" not in each.broken)
    told = next(each for each in breaches(enumerated.made(breaks)) if each.finding.code == code)

    def silent(plan: Plan) -> Verified | Refused:
        verdict = verify(plan)
        return attrs.evolve(verdict, breaches=others(plan)) if isinstance(verdict, Refused) else verdict

    def others(plan: Plan) -> tuple[Breach, ...]:
        return tuple(each for each in breaches(plan) if each.finding.code != code)

    monkeypatch.setattr(enumerated, "breaches_of", others)
    monkeypatch.setattr(enumerated, "verify", silent)
    assert any(code in wrong for wrong in enumerated.hold(enumerated.made(breaks)).wrong)
    plan = enumerated.made(keeps)
    more = (*breaches(plan), attrs.evolve(told, step=plan.operator))
    monkeypatch.setattr(enumerated, "verify", lambda _: Refused(plan, more))
    monkeypatch.setattr(enumerated, "is_walked", lambda *_: True)
    assert any(code in wrong for wrong in enumerated.hold(plan).wrong)


def test_a_tally_counts_what_was_held() -> None:
    first = range(SHARE.start, SHARE.start + 20)
    tally = enumerated.tally(first)
    assert tally.wrong == []
    assert tally.counts["plans"] == sum(seed in held() for seed in first)
    assert tally.counts["calls"] == sum(held()[seed].calls for seed in first if seed in held())
    assert tally.broken == Counter(code for seed in first if seed in held() for code in held()[seed].broken)
