"""How many prompts a caller can have heard in how many seconds, against each way in which prompts can be cut."""

import functools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialc import judge
from dialc.approach import answers, hearings
from dialc.measure import Lapse
from dialc.plan import Collect, Menu, Plan, Prompt, Queue
from dialc.source import Source
from dialc.timelines import Hears, Stretch, Timeline, gap
from dialc.waits import SILENCE, runs_between
from tests.test_rules import plan

PROMPT = Prompt("prompt", "prompt", (("en", "…"),), 1)


@st.composite
def tries(draw: st.DrawFn) -> Timeline:
    """A try: prompts, each of which is heard to its end or can be cut, and perhaps a pause behind them."""
    prompts = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    cut = draw(st.booleans())
    spared = draw(st.booleans())
    heard = [Stretch(Hears.PROMPT, 0 if cut else lasts, lasts, PROMPT, spared=spared) for lasts in prompts]
    waits = draw(st.none() | st.integers(1, 4))
    if waits is None:
        return (*heard,)
    return (*heard, Stretch(Hears.SILENCE, 0 if cut else waits, waits, spared=spared))


def heard(group: Timeline) -> Iterator[tuple[int, int]]:
    """Every number of prompts, and of seconds, that somebody can come to in a try."""
    if any(stretch.spared for stretch in group):
        yield 0, 0
    *prompts, last = group
    pause = None if last.prompt else last
    prompts = [*group] if pause is None else prompts
    begins = 0
    for number, prompt in enumerate(prompts, start=1):
        final = number == len(prompts)
        for second in range(prompt.shortest, prompt.longest):
            if pause is None or not final or pause.shortest == 0:
                yield number, begins + second
        begins += prompt.longest
        if final:
            for second in range(pause.shortest, pause.longest + 1) if pause else (0,):
                yield number, begins + second


@given(st.lists(tries(), min_size=1, max_size=3))
def test_what_can_be_heard_is_heard_in_so_many_seconds(groups: list[Timeline]) -> None:
    whole: list[Stretch] = []
    ways = {(0, 0)}
    for index, group in enumerate(groups):
        whole += group
        ways = {(n + more, s + longer) for n, s in ways for more, longer in heard(group)}
        if group[-1].prompt and index + 1 < len(groups):  # no pause parts this try from the next
            whole.append(Stretch(Hears.SILENCE, 0, 0))
    expected: dict[int, tuple[int, int]] = {}
    for number, seconds in ways:
        low, high = expected.get(number, (seconds, seconds))
        expected[number] = min(low, seconds), max(high, seconds)
    assert hearings((*whole,)) == expected


# Tries, and waits


@functools.cache
def planned(body: str) -> Plan:
    verdict = judge(Source("plan.dial", plan(body))).verdict
    assert verdict
    return verdict.plan


def test_tries_cost_a_key_each_in_which_something_is_pressed() -> None:
    made = planned("""
        route start { answer -> number }
        collect number { play only_zero  digits 2  tries 3  accept check luhn -> main
                         silence -> reception  invalid -> reception }
        menu main { play choices  key 1 -> sales  key 0 -> reception  tries 3  invalid -> sales }
    """)
    number, main = made.steps["number"], made.steps["main"]
    assert isinstance(number, Collect)
    assert isinstance(main, Menu)
    tries = [("silence", 0, 0), ("silence", 2, 2), ("invalid", 3, 3)]  # in silence at last, whether before or not
    for asks, chosen in ((number, ["accept luhn"]), (main, ["key 1", "key 0"])):
        assert [
            (exit.label, answers(asks, exit, sure=False), answers(asks, exit, sure=True)) for exit in asks.exits()
        ] == [*((label, 3, 1) for label in chosen), *tries]


LINE = """
    route start { answer -> line }
    queue line { play welcome  members 201  ring 10s  announce position every 30s  patience 4m }
"""


@given(st.integers(0, 120), st.integers(0, 120))
def test_a_wait_is_parted_by_what_may_be_announced(shortest: int, more: int) -> None:
    _is_parted(shortest, shortest + more)


@pytest.mark.parametrize("near", [-1, 0, 1])
def test_a_wait_is_parted_at_the_second_at_which_something_is_announced_at_last(near: int) -> None:
    step = planned(LINE).steps["line"]
    assert isinstance(step, Queue)
    _is_parted(gap(step) + near, gap(step) + 5)
    _is_parted(0, gap(step) + near)


def _is_parted(shortest: int, longest: int) -> None:
    step = planned(LINE).steps["line"]
    assert isinstance(step, Queue)
    heard = (Stretch(Hears.PROMPT, 2, 2, PROMPT), Stretch(Hears.TOLD, shortest, longest))
    told = gap(step)
    before = Lapse(2, 2, counted=False)
    runs = list(runs_between(step, (heard,), (*SILENCE, Hears.TOLD)))
    silent = [((), (before, Lapse(shortest, min(longest, told - 1), stays=True)))] if shortest < told else []
    spoken = [((), (before,), (Lapse(max(shortest, told), longest, stays=True),))] if longest >= told else []
    assert runs == [*silent, *spoken]
