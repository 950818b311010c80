"""A call that was made at a PBX, held against the walker: whether the two tell the same of it.

In: a trace, the walker's events for the same call, and what the plan and its sound files are at the PBX. Out:
`Compared`, with the rows of both and every difference, in what the caller met and in the journey on record.
"""

import itertools
import math
from collections.abc import Collection, Mapping, Sequence

import attrs

from dialc import call
from dialc.live import observe
from dialc.live.trace import Trace
from dialc.plan import Plan
from dialc.site import Site


@attrs.frozen
class Compared:
    """Two accounts of a call, and where they differ."""

    want: tuple[observe.Row, ...]
    got: tuple[observe.Row, ...]
    journey: str
    differences: tuple[str, ...]
    late: bool
    """Whether nothing but times differ, which may be the machine's doing."""

    @property
    def first(self) -> tuple[observe.Row | None, observe.Row | None] | None:
        """The first row in which they differ in more than time, the walker's and the PBX's; else None."""
        rows = itertools.zip_longest(self.want, self.got)
        return next(((w, g) for w, g in rows if w is None or g is None or w.what != g.what), None)


def compared(
    plan: Plan,
    site: Site,
    lengths: Mapping[str, float],
    number: str,
    events: Sequence[call.Event],
    trace: Trace,
    *,
    speed: float,
    absent: Collection[str] = (),
) -> Compared:
    """What was observed of a call to a number, held against the walker's events; `absent` phones have no device."""
    want = observe.expected(plan, events, site, absent)
    got = observe.observed(trace, plan, lengths)
    slack = observe.SECONDS + trace.lag + 0.05 * speed
    journey = next((row["journey"] for row in reversed(trace.records) if row["journey"]), "")
    told = call.journey(plan, number, events)
    found = (*observe.differences(want, got, slack), *observe.journeys(told, journey, slack))
    late = bool(found) and observe.only_late(want, got, slack) and not observe.journeys(told, journey, math.inf)
    return Compared(tuple(want), tuple(got), journey, found, late)
