"""C12 by plans on both sides of each line that it draws."""

import contextlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialc.calendar import Instants
from dialc.call import Arrived, Heard, Left
from dialc.plan import End, Plan, Prompt
from dialc.rules.c12_the_plan_tells_the_truth_about_hours import _from_before, _heard
from dialc.timelines import Beginning
from tests import enumerated, oracle, strategies, together
from tests.test_calendar import sets
from tests.test_rules import begins, breaches, findings
from tests.test_verify import SLOW, hold_against_every_call

DAY_NIGHT = """
    switch day_night { code *28  starts auto }
    hours shop { mon-fri 09:00-17:00  switch day_night }
    prompt shop_shut { file shut  en "The shop is closed."  lasts 2s  says closed shop }
    prompt shop_open { file open  en "The shop is open."  lasts 2s  says open shop }
"""
FAIR = """
    hours fair { mon-fri 09:00-17:00  closed 2026-05-01 "Labour Day"  closed 2026-05-04 12:00-13:00 }
    prompt fair_times { file times  en "Monday to Friday, nine to five."  lasts 4s
                        states usual fair { mon-fri 09:00-17:00 } }
    prompt fair_shut  { file shut  en "The fair is closed."  lasts 2s  says closed fair }
"""

KEPT = {
    "closed, in the second in which it was asked": """
        route start { answer  when office open -> reception  otherwise -> night }
    """,
    "open, in the last second": """
        route start { answer  when office closed -> reception  play open_now -> reception }
    """,
    "closed, behind other prompts that cannot bring a call past the opening": """
        route start { answer  when office open -> reception  when early open -> reception  play address  play closed_now
                      -> reception }
        hours early { mon-fri 08:59-09:00 }
    """,
    "a menu that says so once": """
        route start { answer  when office open -> reception  otherwise -> evening }
        menu evening { play closed_now  play only_zero  key 0 -> reception  tries 1 }
    """,
    "a switch that was read": f"""
        {DAY_NIGHT}
        route start {{ answer  when shop open -> doors  play address  play shop_shut -> reception }}
        route doors {{ play address  play shop_open -> reception }}
    """,
    "an operator who was not there has read the switch, too": f"""
        {DAY_NIGHT}
        operator reception {{ ring 100 for 20s  staffed shop plus 5m  unstaffed -> shut  unanswered -> sorry }}
        route start {{ answer -> reception }}
        route shut {{ play shop_shut -> message }}
        mailbox message {{ box 100  while closed shop  greeting leave_message  then thanks
                           read by reception within 1 working day  nothing-left -> sorry  failed -> sorry }}
    """,
    "the week as it is": """
        route start { answer  play times -> reception }
        prompt times { file times  en "Nine to five."  lasts 4s  states usual office { mon-fri 09:00-17:00 } }
    """,
    "the week in other words": """
        hours odd { mon-fri 09:00-12:00, 12:00-17:00  sat 22:00-02:00 }
        route start { answer  play times -> reception }
        prompt times { file times  en "Nine to five."  lasts 4s
                       states usual odd { mon-fri 09:00-17:00  sat 22:00-24:00  sun 00:00-02:00 } }
    """,
    "usual hours by a prompt that says closed itself": """
        route start { answer  when fair open -> reception  play shut_times -> reception }
        hours fair { mon-fri 09:00-17:00  closed 2026-05-01 }
        prompt shut_times { file times  en "We are closed. Monday to Friday."  lasts 4s  says closed fair
                            states usual fair { mon-fri 09:00-17:00 } }
    """,
    "usual hours behind a prompt that says closed": f"""
        {FAIR}
        route start {{ answer  when fair open -> reception  play fair_shut  play fair_times -> reception }}
    """,
    "usual hours behind a prompt that says closed of more": f"""
        {FAIR}
        hours any = fair or office
        prompt all_shut {{ file shut  en "All is closed."  lasts 2s  says closed any }}
        route start {{ answer  when any open -> reception  play all_shut  play fair_times -> reception }}
    """,
    "usual hours behind the first prompt of a menu, which says closed": f"""
        {FAIR}
        route start {{ answer  when fair open -> reception  otherwise -> evening }}
        menu evening {{ play fair_shut  play fair_times  play only_zero  key 0 -> reception  tries 1 }}
    """,
    "usual hours behind a menu that was waited out, and says closed in the end": f"""
        {FAIR}
        hours doors {{ mon-fri 08:50-17:00  closed 2026-05-01 }}
        route start {{ answer  when doors open -> reception  otherwise -> evening }}
        menu evening {{ play only_zero  play fair_shut  key 0 -> reception  silence -> more  invalid -> reception
                        tries 1 }}
        route more {{ play fair_times -> reception }}
    """,
    "usual hours, at an hour that the week calls closed as well": f"""
        {FAIR}
        hours lunch_hour {{ mon-fri 09:00-17:00 }}
        route start {{ answer  when lunch_hour open -> reception  play fair_times -> reception }}
    """,
}

BROKEN = {
    "closed, and nobody asked": (
        "route start { answer  play closed_now -> reception }",
        "`closed_now` can say that `office` is closed while it is open",
        "Thu 09:00:00",
    ),
    "open, and nobody asked": (
        "route start { answer  play open_now -> reception }",
        "`open_now` can say that `office` is open while it is closed",
        "Thu 00:00:00",
    ),
    "closed, behind another prompt": (
        "route start { answer  when office open -> reception  play address  play closed_now -> reception }",
        "`closed_now` can say that `office` is closed while it is open",
        "Thu 08:59:57",
    ),
    "closed, as the second prompt of a menu": (
        """
        route start { answer  when office open -> reception  otherwise -> evening }
        menu evening { play address  play closed_now  play only_zero  key 0 -> reception  tries 1 }
        """,
        "`closed_now` can say that `office` is closed while it is open",
        "Thu 08:59:57",
    ),
    "closed, as a menu asks again": (
        """
        route start { answer  when office open -> reception  otherwise -> evening }
        menu evening { play closed_now  play only_zero  key 0 -> reception  wait 5s  tries 2 }
        """,
        "`closed_now` can say that `office` is closed while it is open",
        "Thu 08:59:51",
    ),
    "closed, between the stages of an operator": (
        """
        operator reception { ring 100 for 20s  play closed_now  ring 101 for 10s  unanswered -> sorry }
        route start { answer  when office open -> sales  otherwise -> reception }
        ring sales { ring 201 for 20s  busy -> sorry  no-answer -> sorry  unavailable -> sorry }
        """,
        "`closed_now` can say that `office` is closed while it is open",
        "Thu 08:59:40",
    ),
    "a switch that nobody has read": (
        f"""
        {DAY_NIGHT}
        route start {{ answer  when office open -> reception  play shop_shut -> reception }}
        """,
        "`shop_shut` can say that `shop` is closed while a switch keeps it open",
        "Thu 00:00:00",
    ),
    "a switch that was read to say the contrary": (
        f"""
        {DAY_NIGHT}
        route start {{ answer  when shop closed -> reception  play shop_shut -> reception }}
        """,
        "`shop_shut` can say that `shop` is closed while a switch keeps it open",
        "Thu 00:00:00",
    ),
    "usual hours on a day on which an exception closes": (
        f"""
        {FAIR}
        route start {{ answer  play fair_times -> reception }}
        """,
        "`fair_times` can state the usual hours of `fair` while an exception closes it",
        "Fri 09:00:00",
    ),
    "usual hours while an exception closes for an hour": (
        f"""
        {FAIR}
        route start {{ answer  when fair closed "Labour Day" -> reception  play fair_times -> reception }}
        """,
        "`fair_times` can state the usual hours of `fair` while an exception closes it",
        "Mon 12:00:00",
    ),
    "usual hours behind a menu that was asked for once more, which cut what says closed": (
        f"""
        {FAIR}
        hours doors {{ mon-fri 08:50-17:00  closed 2026-05-01 }}
        route start {{ answer  when doors open -> reception  otherwise -> evening }}
        menu evening {{ play only_zero  play fair_shut  key 0 -> reception  key * "again" repeat
                        silence -> more  invalid -> reception  tries 1 }}
        route more {{ play fair_times -> reception }}
        """,
        "`fair_times` can state the usual hours of `fair` while an exception closes it",
        "Fri 09:00:00",
    ),
    "usual hours in a menu of which a key cuts what says closed": (
        f"""
        {FAIR}
        hours doors {{ mon-fri 08:50-17:00  closed 2026-05-01 }}
        route start {{ answer  when doors open -> reception  otherwise -> evening }}
        menu evening {{ play welcome  play fair_shut  play only_one  key 1 -> more  tries 1 }}
        route more {{ play fair_times -> reception }}
        """,
        "`fair_times` can state the usual hours of `fair` while an exception closes it",
        "Fri 09:00:00",
    ),
}


@pytest.mark.parametrize("case", KEPT)
def test_kept(case: str) -> None:
    assert findings(KEPT[case], "C12") == []


@pytest.mark.parametrize("case", BROKEN)
def test_broken(case: str) -> None:
    body, message, began = BROKEN[case]
    shown = breaches(body, "C12")
    assert [breach.finding.message for breach in shown] == [message]
    assert [begins(breach) for breach in shown] == [began]


@pytest.mark.parametrize(
    "week",
    ["mon-fri 08:00-17:00", "mon-thu 09:00-17:00", "mon-sat 09:00-17:00", "mon-fri 09:00-16:59", "mon-fri 09:00-12:00"],
)
def test_another_week_is_refused_until_the_prompt_says_so(week: str) -> None:
    body = """
        route start { answer  play times -> reception }
        prompt times { file times  en "Nine to five."  lasts 4s  states usual office { WEEK } }
    """
    assert findings(body.replace("WEEK", week), "C12") == ["C12: `times` states a week that `office` does not have"]
    changed = f"hours office {{ {week} }}\n{body.replace('WEEK', week)}"
    assert findings(changed, "C12") == []


def test_a_week_that_is_wrong_is_told_once() -> None:
    body = """
        hours fair { mon-fri 09:00-17:00  closed 2026-05-01 "Labour Day" }
        route start { answer  play times -> more }
        ring more { ring 201 for 20s  busy -> again_times }
        route again_times { play times -> reception }
        prompt times { file times  en "Nine to five."  lasts 4s  states usual fair { mon-thu 09:00-17:00 } }
    """
    (finding,) = findings(body, "C12")
    assert finding == "C12: `times` states a week that `fair` does not have"


@given(strategies.plans(steps=3, acyclic=True, kinds=("play", "play", "branch", "menu", "queue")))
@settings(SLOW, max_examples=60)
def test_the_verdict_on_prompts_is_that_of_every_call(plan: Plan) -> None:
    hold_against_every_call(plan)


# What a caller has surely heard, held against every call


@pytest.mark.parametrize("code", ["C04", "C07", "C12", "C17"])
def test_what_is_surely_heard_is_what_every_call_hears(code: str) -> None:
    turn = enumerated.TURNS.index(code)
    for number in range(50):
        plan = enumerated.made(turn + number * len(enumerated.TURNS))
        with contextlib.suppress(oracle.TooMany):
            _hold_what_is_heard(plan, list(oracle.every_call(plan, together.starts(plan), 40, 150)))


def _hold_what_is_heard(plan: Plan, calls: Sequence[oracle.Made]) -> None:
    met: dict[tuple[str, str], set[str]] = {}
    for made in calls:
        heard: set[str] = set()
        for event in made.events:
            match event:
                case Arrived():
                    heard = set()
                case Heard():
                    heard.add(event.prompt)
                case Left():
                    met[event.step, event.outcome] = heard & met.get((event.step, event.outcome), heard)
                case _:
                    pass
    for (name, label), everybody in met.items():
        exits = [exit for exit in plan.steps[name].exits() if exit.label == label and not isinstance(exit.to, End)]
        said = [{prompt.name for prompt in _heard(plan.steps[name], exit)} for exit in exits]
        assert not said or everybody in said, (name, label)  # a queue closes before callers hear it, or while they wait


@given(sets, st.integers(0, 9), st.integers(0, 9))
def test_a_prompt_is_untrue_where_it_can_begin_at_a_wrong_instant(wrong: Instants, shortest: int, more: int) -> None:
    begins = Beginning(Prompt("open", "open", (("en", "…"),), 2), shortest, shortest + more)
    found = _from_before(begins, wrong)
    for instant in range(-20, 70):
        meets = any(instant + after in wrong for after in range(shortest, shortest + more + 1))
        assert (instant in found) is meets
