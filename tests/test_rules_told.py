"""C07 in what a caller has surely been told before a mailbox: what a key cuts was not heard."""

import pytest

from tests.test_rules import findings

NIGHT = """
    route start { answer  when evenings open -> enter  otherwise -> reception }
    collect enter { PROMPTS  digits 4  accept any -> ACCEPTED  silence -> SILENT  invalid -> reception }
"""
UNTOLD = ["C07: a caller can come to `message` without being told that `office` is closed"]


def collected(prompts: str, accepted: str = "reception", silent: str = "reception") -> list[str]:
    """The findings of C07 where digits are asked for in the evening."""
    body = NIGHT.replace("PROMPTS", prompts).replace("ACCEPTED", accepted).replace("SILENT", silent)
    return findings(body, "C07")


@pytest.mark.parametrize(
    ("prompts", "digits", "silence"),
    [
        ("play closed_now", True, True),
        ("play closed_now  play welcome", True, True),
        ("play welcome  play closed_now", False, True),
        ("play welcome", False, False),
    ],
)
def test_digits_cut_all_prompts_but_the_first_and_silence_none(prompts: str, *, digits: bool, silence: bool) -> None:
    assert (collected(prompts, accepted="message") == []) is digits
    assert (collected(prompts, silent="message") == []) is silence


SWITCHED = """
    switch day_night { code *28  starts auto }
    hours office { mon-fri 09:00-17:00  closed 2026-05-04 "fair"  switch day_night }
    route start { answer  READ }
"""


@pytest.mark.parametrize(
    ("read", "kept"),
    [
        ("when office open -> reception  otherwise -> night", True),
        ("when office closed -> night  otherwise -> reception", True),
        ('when office closed "fair" -> night  otherwise -> reception', True),
        ('when office closed "fair" -> reception  otherwise -> night', False),
        ("play welcome -> night", False),
    ],
)
def test_hours_with_a_switch_are_closed_where_the_call_has_read_so(read: str, *, kept: bool) -> None:
    assert (findings(SWITCHED.replace("READ", read), "C07") == []) is kept
