"""What the telephones of one call do, by how far the PBX has come with it.

In: what happens at each step that rings, and the events of the call as they come. Out: for each phone that is rung now,
how it behaves. One phone may ring at many steps of one call, in a queue any number of times, so that the number of the
ring does not tell; what the PBX's own events say of the step does.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence

from dialc.live.phones import Behaviour, Ring
from dialc.live.trace import PLAN, Dialled, Event, Step

PATIENCE = 1.0
"""Real seconds that a telephone waits for the event that tells of its own ringing."""


class Guide:
    """The telephones of one call; `rings` is for each step that rings, in order: by phone as it is called, what it does
    at each time that it is rung there, the last for ever.
    """

    def __init__(self, rings: Sequence[Mapping[str, Sequence[Behaviour]]]) -> None:
        self._rings = rings
        self._step = -1
        self._last: Step | None = None
        self._told = asyncio.Event()
        self._begun: Counter[str] = Counter()
        """How often each phone was rung, as the PBX tells."""
        self._rung: Counter[str] = Counter()
        """The same, as the phone tells."""
        self._here: Counter[tuple[int, str]] = Counter()

    def notice(self, event: Event) -> None:
        """The PBX tells of an event."""
        match event:
            case Step(leg=leg, app=app, args=args) if leg == PLAN:
                again = self._last is not None and (self._last.app, self._last.args) == (app, args)
                self._last = event
                if app in ("Dial", "Queue") and not again:  # told again as a leg of it ended
                    self._step += 1
            case Dialled(leg=leg, target=target, status=None) if leg.startswith("PJSIP/"):
                self._begun[target.partition("@")[0].partition("/")[0]] += 1
                self._told.set()
            case _:
                pass

    async def __call__(self, phone: str) -> Behaviour:
        """What a phone does that is rung now."""
        self._rung[phone] += 1
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self._begun[phone] < self._rung[phone]:
                    self._told.clear()
                    await self._told.wait()
        step = self._step
        behaves = self._rings[step].get(phone) if 0 <= step < len(self._rings) else None
        if behaves is None:
            return Ring()
        turn = self._here[step, phone]
        self._here[step, phone] += 1
        return behaves[min(turn, len(behaves) - 1)]
