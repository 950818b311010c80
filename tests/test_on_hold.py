"""How long callers wait for people who do not come, and where something else is offered to them meanwhile."""

import pytest

from dialc import on_hold, reach
from tests.test_approach import planned

LINE = """
    callback to PL mobile
    route start { answer -> line }
    queue line { members 201  staffed office  patience 5m  KEY  closing -> sales }
    ring sales { ring 201 for 20s  busy -> reception  no-answer -> reception  unavailable -> reception }
    callback ring_me { then bye  from line  within office  no-number -> reception  failed -> reception }
"""
SALES_AND_OPERATOR = 20 + 20 + 2
"""Seconds of two rings and of the apology behind them."""


@pytest.mark.parametrize(
    ("key", "longest"),
    [
        ("", 300 + SALES_AND_OPERATOR),
        ("key 1 -> sales", 300 + SALES_AND_OPERATOR),
        ("key 1 -> ring_me", SALES_AND_OPERATOR),
    ],
)
def test_who_can_choose_to_be_called_back_is_not_on_hold_in_line(key: str, longest: int) -> None:
    survey = reach.survey(planned(LINE.replace("KEY", key)))
    assert on_hold.longest(on_hold.waits(survey)) == longest


def longest(body: str) -> int:
    return on_hold.longest(on_hold.waits(reach.survey(planned(body))))


RING = """
    route start { answer -> desk }
    ring desk { ring 201 for 90s  busy -> TO  no-answer -> TO  unavailable -> TO }
"""


def test_a_wait_ends_where_something_is_asked() -> None:
    menu = """
        route pause { play bye -> main }
        menu main { play choices  key 1 -> reception  key 0 -> reception }
    """
    assert longest(f"{RING.replace('TO', 'pause')}{menu}") == 90 + 1


def test_a_wait_goes_on_where_nobody_is_there() -> None:
    asleep = "operator reception { ring 100 for 20s  staffed office  unstaffed -> farewell  unanswered -> sorry }"
    assert longest(f"{RING.replace('TO', 'reception')}{asleep}") == 90 + 20 + 2
    nobody = asleep.replace("staffed office", "staffed never")
    assert longest(f"{RING.replace('TO', 'reception')}{nobody}") == 90 + 1
    closed = """
        queue line { members 201  staffed office  patience 30s  closing -> farewell }
        route farewell { play bye -> main }
        menu main { play choices  key 1 -> reception  key 0 -> reception }
    """
    assert longest(f"{RING.replace('TO', 'line')}{closed}") == 90 + 30 + 20 + 2
    assert longest(f"{RING.replace('TO', 'line')}{closed}".replace("staffed office", "staffed never")) == 90 + 1
