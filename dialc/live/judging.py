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

_PARTS = ("journey", "journey2", "journey3", "journey4")
"""The variables of a call record among which a long journey is divided."""

RECORD = {name: f"${{CDR({name})}}" for name in _PARTS}
"""What a server has to write of each call beside the ordinary fields of a call record: name to expression."""


@attrs.frozen
class Compared:
    """Two accounts of a call, and where they differ."""

    want: tuple[observe.Row, ...]
    got: tuple[observe.Row, ...]
    journey: str
    differences: tuple[str, ...]
    alike: bool
    """Whether both tell the same in the same order, at whatever times: what differs may be the machine's doing."""

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
    slack: float | None = None,
) -> Compared:
    """What was observed of a call to a number, held against the walker's events; `absent` phones have no device.

    Times may be off by `slack` seconds; None for what a machine of two cores keeps to at a `speed` of the clock.
    """
    want = observe.expected(plan, events, site, absent)
    got = observe.observed(trace, plan, lengths)
    slack = observe.SECONDS + trace.lag + 0.05 * speed if slack is None else slack
    journey, told = recorded(trace.records), call.journey(plan, number, events)
    found = (*observe.differences(want, got, slack), *observe.journeys(told, journey, slack))
    alike = observe.only_late(want, got, slack) and not observe.journeys(told, journey, math.inf)
    return Compared(tuple(want), tuple(got), journey, found, alike)


def recorded(records: Sequence[Mapping[str, str]]) -> str:
    """The journey in the records of a call, which have what `RECORD` names; empty if there is none."""
    return next(("".join(row[part] for part in _PARTS) for row in reversed(records) if row["journey"]), "")
