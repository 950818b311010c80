"""Where switches stand while a call goes on.

In: how they were turned. Out: their positions, read at a second of the call. Whoever turns a switch may do so between
two steps of one second, which is why a turn knows how many steps the call has left.
"""

import datetime
import zoneinfo
from collections.abc import Callable, Sequence

import attrs

from dialc.plan import Branch, ByException, BySwitch, Operator, Position, Step, Switch


@attrs.frozen
class Turned:
    """Staff turned a switch: `at` seconds into the call (0: before it), once `steps` steps of it were left."""

    switch: str
    position: Position
    at: int = 0
    steps: int = 0


@attrs.frozen
class Reading:
    """A moment at which a call reads a switch: an instant in seconds since 1970, so many seconds and steps into it."""

    instant: int
    at: int
    steps: int


Reads = Callable[[Switch, Reading], Position]
"""Says where a switch stands when a call reads it."""


def as_it_starts(switch: Switch, _: Reading) -> Position:
    """A switch that nobody has ever turned."""
    return switch.starts


def as_turned(turned: Sequence[Turned]) -> Reads:
    """Switches that staff turn; of several turns of one switch, the last that has happened counts."""

    def reads(switch: Switch, reading: Reading) -> Position:
        done = [t for t in turned if t.switch == switch.name and t.at <= reading.at and t.steps <= reading.steps]
        if not done:
            return switch.starts
        begun = reading.instant - reading.at
        if switch.back is not None and _day(switch, begun + done[-1].at) != _day(switch, reading.instant):
            return Position.AUTO
        return done[-1].position

    return reads


def _day(switch: Switch, instant: int) -> datetime.date:
    """The day that an instant belongs to, where days begin when the switch goes back to `auto`."""
    clock = datetime.datetime.fromtimestamp(instant, zoneinfo.ZoneInfo(switch.zone))
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    return clock.date() if seconds >= (switch.back or 0) else clock.date() - datetime.timedelta(days=1)


def read_by(step: Step) -> tuple[Switch, ...]:
    """The switches that a call reads as it comes to a step."""
    match step:
        case Branch() | ByException():
            return step.hours.switches
        case Operator():
            return step.staffed.hours.switches if step.staffed else ()
        case BySwitch():
            return (step.switch,)
        case _:
            return ()
