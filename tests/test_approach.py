"""How many prompts a caller can have heard in how many seconds, against each way in which prompts can be cut."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from dialc.approach import hearings
from dialc.plan import Prompt
from dialc.timelines import Hears, Stretch, Timeline

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
