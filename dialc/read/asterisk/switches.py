"""Switches as files keep them: where in the database a position stands, and how it is written there.

In: a plan. Out: `Kept`, what is known of a switch once somebody has learned it, and how long a position holds.
"""

import datetime
import functools
import zoneinfo
from collections.abc import Mapping

import attrs

from dialc.calendar import DAY, Instants, read_off, union
from dialc.plan import Branch, ByException, BySwitch, Callback, Operator, Plan, Position, Queue, Schedule, Switch
from dialc.read.asterisk.moments import Span

LAMPS = {
    Position.AUTO: "NOT_INUSE",
    Position.OFF: "NOT_INUSE",
    Position.CLOSED: "INUSE",
    Position.ON: "INUSE",
    Position.OPEN: "RINGING",
}
"""What the lamp of a switch shows: dark, lit, flashing."""


@attrs.frozen
class Turned:
    """A position that stands in the database, and the instant at which the switch was turned there, if ever."""

    position: Position
    at: int | None


@attrs.frozen
class Kept:
    """Where the position of a switch stands in the database, the device of its lamp, and what can stand there."""

    question: str
    device: str
    values: Mapping[str, Turned] = attrs.field(hash=False)


def switches(plan: Plan) -> tuple[Switch, ...]:
    """The switches that a plan looks at."""
    found: dict[str, Switch] = {}
    for step in plan.steps.values():
        schedules: list[Schedule] = []
        match step:
            case Branch() | ByException() | Callback():
                schedules.append(step.hours)
            case Operator() | Queue() if step.staffed and (isinstance(step, Operator) or step.closing):
                schedules.append(step.staffed.hours)
            case BySwitch():
                found[step.switch.name] = step.switch
            case _:
                pass
        found |= {switch.name: switch for schedule in schedules for switch in schedule.switches}
    return tuple(switch for switch in plan.switches.values() if switch.name in found)


@functools.lru_cache(maxsize=256)
def since(switch: Switch, at: int, span: Span) -> Instants:
    """The day that an instant belongs to, where days begin when a switch goes back."""
    assert switch.back is not None
    clock = datetime.datetime.fromtimestamp(at, zoneinfo.ZoneInfo(switch.zone))
    date = clock.date()
    if clock.hour * 3600 + clock.minute * 60 + clock.second < switch.back:
        date -= datetime.timedelta(days=1)
    midnight = (date.toordinal() - datetime.date(1970, 1, 1).toordinal()) * DAY
    shown = union(((midnight + switch.back, midnight + DAY), (midnight + DAY, midnight + DAY + switch.back)))
    return read_off(shown, switch.zone, span.start, span.end)
