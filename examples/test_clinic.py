"""What has to hold of every call of the clinic, whoever calls when, and whatever becomes of it."""

import itertools
from pathlib import Path

from hypothesis import given

from dialc import Source, Verified, judge
from dialc.call import Arrived, Booked, Call, Heard, Left, Pressed, Queued
from dialc.testing import calls, make, silences

TEXT = (Path(__file__).parent / "clinic.dial").read_text(encoding="utf-8")
CLINIC = judge(Source("clinic.dial", TEXT)).verdict
assert isinstance(CLINIC, Verified)
PLAN = CLINIC.plan


@given(calls(PLAN))
def test_nobody_waits_for_two_minutes_in_silence(call: Call) -> None:
    events = make(PLAN, call)
    assert max((end - start for start, end in silences(PLAN, events)), default=0) < 120


@given(calls(PLAN))
def test_whoever_asks_for_the_reception_comes_to_the_reception(call: Call) -> None:
    events = make(PLAN, call)
    for event, following in itertools.pairwise(events):
        if isinstance(event, Left) and event.outcome == "key 0":
            assert isinstance(following, Arrived)
            assert following.step == "reception"


@given(calls(PLAN, patient=False))
def test_a_call_back_is_promised_once_it_is_booked(call: Call) -> None:
    booked = False
    for event in make(PLAN, call):
        booked = booked or isinstance(event, Booked)
        assert booked or not (isinstance(event, Heard) and event.prompt == "call_you")


@given(calls(PLAN))
def test_nobody_has_to_press_more_than_one_key_to_be_in_a_queue(call: Call) -> None:
    pressed = 0
    for event in make(PLAN, call):
        pressed += isinstance(event, Pressed) and event.key in "12"
        assert pressed <= 1 or not isinstance(event, Queued)
