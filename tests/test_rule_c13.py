"""C13 by plans on both sides of each line that it draws, and until when people have to stay."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings

from dialc import Source, judge
from dialc.plan import Plan, Verified
from tests import strategies
from tests.test_rules import begins, breaches, findings, plan
from tests.test_verify import SLOW, hold_against_every_call

NIGHT_SWITCH = """
    switch day_night { code *28  starts auto }
    hours shop { mon-fri 09:00-17:00  switch day_night }
"""

KEPT = {
    "from the first second of opening to the last": """
        route start { answer  when office open -> line  otherwise -> reception }
        queue line { members 201  staffed office  patience 1s }
    """,
    "who came in while it was open waits up to the last second of the grace": """
        route start { answer  when office open -> line  otherwise -> reception }
        queue line { members 201  staffed office  patience 600s }
    """,
    "the prompts of the queue are part of the wait": """
        route start { answer  when office open -> line  otherwise -> reception }
        queue line { play welcome  members 201  staffed office  patience 598s }
    """,
    "the grace comes after `plus`": """
        route start { answer  when office open -> line  otherwise -> reception }
        queue line { members 201  staffed office plus 5m  patience 900s }
    """,
    "who came in while it was open may come to the queue after closing": """
        route start { answer  when office closed -> reception  play welcome -> line }
        queue line { members 201  staffed office  patience 5m }
    """,
    "a queue that closes": """
        route start { answer -> line }
        queue line { members 201  staffed office  patience 30m  closing -> reception }
    """,
    "an operator who has gone home": """
        operator reception { ring 100 for 20s  staffed office  unstaffed -> night  unanswered -> sorry }
        route start { answer -> reception }
    """,
    "where nothing is said of staff, nothing is asked": """
        route start { answer -> line }
        queue line { members 201  patience 10m }
    """,
    "a switch that the call has read": f"""
        {NIGHT_SWITCH}
        route start {{ answer  when shop open -> line  otherwise -> reception }}
        queue line {{ members 201  staffed shop plus 5m  patience 599s }}
    """,
    "a lunch break that is shorter than the grace": """
        hours counter { mon-fri 09:00-12:00, 12:05-17:00 }
        route start { answer  when counter open -> line  otherwise -> reception }
        queue line { members 201  staffed counter  patience 9m }
    """,
}

BROKEN = {
    "a lunch break in the midst of the wait": (
        """
        hours counter { mon-fri 09:00-12:00, 12:30-17:00 }
        hours morning { mon-fri 11:30-12:00 }
        route start { answer  when morning open -> line  otherwise -> reception }
        queue line { members 201  staffed counter  patience 60m }
        """,
        "a caller can wait in `line` for longer than it is staffed",
        "Thu 11:30:00",
    ),
    "a queue without a look at the hours": (
        """
        route start { answer -> line }
        queue line { members 201  staffed office  patience 5m }
        """,
        "a caller can come to `line` outside `office`",
        "Thu 00:00:00",
    ),
    "a second too long": (
        """
        route start { answer  when office open -> line  otherwise -> reception }
        queue line { members 201  staffed office  patience 601s }
        """,
        "a caller can wait in `line` for longer than it is staffed",
        "Thu 16:59:59",
    ),
    "a second too long, by the prompts": (
        """
        route start { answer  when office open -> line  otherwise -> reception }
        queue line { play welcome  members 201  staffed office  patience 599s }
        """,
        "a caller can wait in `line` for longer than it is staffed",
        "Thu 16:59:59",
    ),
    "people come a minute after the doors are opened": (
        """
        hours door { mon-fri 09:00-17:00 }
        hours phones { mon-fri 09:01-17:00 }
        route start { answer  when door open -> line  otherwise -> reception }
        queue line { members 201  staffed phones  patience 5m }
        """,
        "a caller can come to `line` outside `phones`",
        "Thu 09:00:00",
    ),
    "who came in before the opening has no grace": (
        """
        hours early { mon-fri 16:59-18:00 }
        route start { answer  when early closed -> reception  when office open -> line  play welcome -> line }
        queue line { members 201  staffed office  patience 1s }
        """,
        "a caller can come to `line` outside `office`",
        "Thu 17:00:00",
    ),
    "hours that a switch overrides, and nobody has read": (
        f"""
        {NIGHT_SWITCH}
        route start {{ answer  when office open -> line  otherwise -> reception }}
        queue line {{ members 201  staffed shop  patience 5m }}
        """,
        "a caller can come to `line` while a switch keeps `shop` closed",
        "Thu 09:00:00",
    ),
    "hours that a switch overrides, which were read as closed last": (
        f"""
        {NIGHT_SWITCH}
        route start {{ answer  when shop closed -> shut  otherwise -> reception }}
        route shut {{ play address -> line }}
        queue line {{ members 201  staffed shop  patience 5m }}
        """,
        "a caller can come to `line` while a switch keeps `shop` closed",
        "Thu 00:00:00",
    ),
    "a wait behind a switch that is longer than the grace": (
        f"""
        {NIGHT_SWITCH}
        route start {{ answer  when shop open -> line  otherwise -> reception }}
        queue line {{ members 201  staffed shop  patience 600s }}
        """,
        "a caller can wait in `line` for longer than it is staffed",
        "Thu 00:00:00",
    ),
}


@pytest.mark.parametrize("case", KEPT)
def test_kept(case: str) -> None:
    assert findings(KEPT[case], "C13") == []


@pytest.mark.parametrize("case", BROKEN)
def test_broken(case: str) -> None:
    body, message, began = BROKEN[case]
    assert findings(body, "C13") == [f"C13: {message}"]
    (breach,) = breaches(body, "C13")
    assert begins(breach) == began


def assumed(body: str) -> Mapping[str, str]:
    """What a verdict takes for granted of the people at each step."""
    judged = judge(Source("plan.dial", plan(body)))
    assert isinstance(judged.verdict, Verified)
    lines = [line.partition(";")[0] for line in judged.verdict.assumptions]
    said = [line for line in lines if line.startswith(("somebody is at `", "somebody answers at", "the members of"))]
    return {line.split("`")[1]: line.split("` ", 1)[1] for line in said}


def test_a_verdict_tells_until_when_people_have_to_stay() -> None:
    assert assumed(
        """
        operator reception { ring 100 for 20s  staffed office plus 15m  unstaffed -> night  unanswered -> sorry }
        route start { answer  when office open -> main  otherwise -> reception }
        menu main { play choices  wait 5s  tries 1  key 1 -> line  key 2 -> sales  key 0 -> reception }
        queue line { members 201  staffed office plus 10m  patience 4m  key 0 -> reception }
        ring sales { ring 202 for 20s  then ring 203 for 10s }
        prompt choices { file choices  en "Line: one. Sales: two."  lasts 4s  offers 1, 2 }
        """
    ) == {
        # who comes in the last of the 15 minutes is rung for 20 s more
        "reception": "while `office` is open, and until 15 min 20 s after it closes",
        # 9 s in the menu, and all patience
        "line": "answer while `office` is open, and until 4 min 9 s after it closes",
        "sales": "while `office` is open, and until 39 s after it closes",
    }


def test_where_callers_come_at_any_hour_a_verdict_says_so() -> None:
    said = assumed("route start { answer -> sales }")
    assert said == {"sales": "at any hour", "reception": "at any hour"}


def test_the_hours_of_a_ring_are_the_shortest_that_its_callers_come_in() -> None:
    said = assumed(
        """
        hours house { mon-fri 08:00-20:00 }
        route start { answer  when house open -> open_house  otherwise -> reception }
        route open_house { when office open -> sales  otherwise -> reception }
        """
    )
    assert said["sales"] == "while `office` is open, and until 20 s after it closes"
    assert said["reception"] == "at any hour"


def test_a_switch_is_taken_to_rest() -> None:
    said = assumed(
        f"""
        {NIGHT_SWITCH}
        route start {{ answer  when shop open -> sales  otherwise -> reception }}
        """
    )
    assert said["sales"] == "while `shop` is open, and until 20 s after it closes"


def test_a_queue_that_closes_keeps_nobody() -> None:
    said = assumed(
        """
        policy charter { longest-silence 1h  to-operator 1h }
        route start { answer -> line }
        queue line { members 201  staffed office plus 5m  patience 30m  key 0 -> reception  closing -> reception }
        """
    )
    assert said["line"] == "answer while `office` is open, and until 5 min after it closes"


@given(strategies.plans(steps=3, acyclic=True, kinds=("queue", "queue", "branch", "play")))
@settings(SLOW, max_examples=60)
def test_the_verdict_on_queues_is_that_of_every_call(plan: Plan) -> None:
    hold_against_every_call(plan)
