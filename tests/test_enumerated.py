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
from tests.test_rules import findings

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


# What the campaign found

LAW = 'prompt law { file law  en "This call is recorded."  lasts 9s  notice }\n'
LONG = 'prompt report { file report  en "…"  lasts 5h }\n'


def test_a_loop_that_hours_close_is_one_for_ever_if_any_step_of_it_is_come_to_three_times() -> None:
    body = "route news { play report -> start }\nroute start { when office open -> news  otherwise -> reception }\n"
    (found,) = findings(body + LONG, "C01")
    assert found == "C01: a caller can go round for ever"
    (found,) = findings(body + LONG.replace("5h", "8h"), "C03")
    assert findings(body + LONG.replace("5h", "8h"), "C01") == []


def test_nobody_goes_round_behind_an_operator_whom_no_call_reaches() -> None:
    circle = "route circle { play welcome -> circle }\n"
    first = "operator reception default { ring 100 for 9s  supervisor 110  unanswered -> sorry }\n"
    second = "operator second { ring 101 for 10s  supervisor 110  unanswered -> circle }\n"
    body = "route start { answer -> reception }\n" + first + circle + second
    assert findings(body) == ["C18: no call ever reaches `second`"]


def test_people_may_be_asked_for_at_a_step_that_hours_keep_everybody_from() -> None:
    body = """\
route start { play law  when office open -> day  otherwise -> reception }
route day { when office closed -> late  otherwise -> reception }
queue late { members 201  patience 1m  key 0 -> reception }
"""
    assert [found[:3] for found in findings(body + LAW, "C05")] == ["C05"]


def test_a_call_back_that_may_ring_nobody_who_comes_is_no_toll_fraud() -> None:
    body = """\
callback to PL mobile
callers nobody { withheld }
route start { when caller in nobody -> %s  otherwise -> %s }
queue sales { members 201  patience 1m }
callback ring_me { then thanks  from sales  within office  at most 12 a day }
"""
    assert findings(body % ("ring_me", "reception"), "C22") == []
    assert len(findings(body % ("reception", "ring_me"), "C22")) == 1
