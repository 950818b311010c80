"""No bot without a way out: plans on both sides of each line that the rule draws."""

import pytest

from tests.test_rules import findings

STRICT = """
    policy strict { longest-silence 1h  longest-ringing 1h }
"""

KEPT = {
    "a minute": "route start { answer -> robot }  bot robot { phone 900  limit 60s }",
    "a menu when the time is over": """
        route start { answer -> robot }
        bot robot { phone 900  limit 60s  limit -> main  over -> main  failed -> main }
        menu main { play only_zero  key 0 -> reception }
    """,
    "key 0 at night": """
        operator reception { ring 100 for 10s  staffed office  unstaffed -> night  unanswered -> sorry }
        route start { answer -> robot }
        bot robot { phone 900  limit 60s }
    """,
    "another bot once phones have rung": """
        operator reception { ring 100 for 10s  unanswered -> last }
        route start { answer -> robot }
        bot robot { phone 900  limit 60s }
        bot last { phone 901  limit 60s  key 0 -> sorry  limit -> sorry  over -> sorry  failed -> sorry }
    """,
    "strict, and a menu first": STRICT
    + """
        route start { answer -> main }
        menu main { play choices  key 1 -> robot  key 0 -> reception }
        bot robot { phone 900  limit 60s }
    """,
    "strict, and phones of people first": STRICT
    + """
        route start { answer -> sales }
        ring sales { ring 201 for 10s  busy -> robot  no-answer -> robot  unavailable -> robot }
        bot robot { phone 900  limit 60s }
    """,
}

BROKEN = {
    "a minute and a second": (
        "route start { answer -> robot }  bot robot { phone 900  limit 61s }",
        "C08: the bot `robot` can keep a caller for 61 s, and 60 s are allowed",
    ),
    "a bot behind a bot": (
        """
        route start { answer -> robot }
        bot robot { phone 900  limit 60s  limit -> other }
        bot other { phone 901  limit 60s }
        """,
        "C08: callers come from the bot `robot` to another, `other`, before people",
    ),
    "a question for who has pressed 0": (
        """
        route start { answer -> robot }
        bot robot { phone 900  limit 60s  key 0 -> main }
        menu main { play only_zero  key 0 -> reception }
        """,
        "C08: callers come from the bot `robot` to a question, `main`, before people",
    ),
    "strict": (
        STRICT + "route start { answer -> robot }  bot robot { phone 900  limit 60s }",
        "C08: callers come to the bot `robot` before a person was offered",
    ),
}


@pytest.mark.parametrize("case", KEPT)
def test_kept(case: str) -> None:
    assert findings(KEPT[case], "C08") == []


@pytest.mark.parametrize("case", BROKEN)
def test_broken(case: str) -> None:
    body, said = BROKEN[case]
    assert findings(body, "C08") == [said]
