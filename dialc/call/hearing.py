"""Prompts as a caller hears them, one after another.

In: prompts and when they are cut. Out: events.
"""

from collections.abc import Iterable, Iterator

from dialc.call.events import Event, Heard
from dialc.plan import Prompt


def heard(prompts: Iterable[Prompt], now: int, cut: int | None) -> Iterator[Event]:
    """Prompts one after another, cut `cut` seconds after the first began."""
    left = cut
    for prompt in prompts:
        if left is not None and left < prompt.seconds:
            yield Heard(now, prompt.name, left, whole=False)
            return
        yield Heard(now, prompt.name, prompt.seconds, whole=True)
        now += prompt.seconds
        left = None if left is None else left - prompt.seconds
