"""What a PBX was observed to do with one call: events in the order the PBX sent them, and the call record.

Plain data; `caller.py` makes it. Times are seconds since the epoch in the PBX's clock. `leg` says whose event it is:
`plan` is the channel that executes the plan, `caller` the caller's own half of it (absent in a call over real SIP), and
any other leg goes by its channel's name. Each event has a text, which is what scripts wait for.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

PLAN = "plan"
CALLER = "caller"


def _of(leg: str, text: str) -> str:
    return text if leg == PLAN else f"{leg} {text}"


@attrs.frozen
class Step:
    """An application began: `Dial(PJSIP/101,15)`."""

    at: float
    leg: str
    app: str
    args: str
    context: str
    exten: str
    priority: int

    def __str__(self) -> str:
        return _of(self.leg, f"{self.app}({self.args})")


@attrs.frozen
class Status:
    """A variable that tells how something ended was set: `DIALSTATUS=BUSY`. Applications first clear theirs."""

    at: float
    leg: str
    name: str
    value: str

    def __str__(self) -> str:
        return _of(self.leg, f"{self.name}={self.value}")


@attrs.frozen
class Dialled:
    """`by` began to dial `leg` (`DialBegin PJSIP/101-00000001`), or its dialling ended (`DialEnd ... BUSY`)."""

    at: float
    leg: str
    by: str
    target: str
    status: str | None

    def __str__(self) -> str:
        return f"DialBegin {self.leg}" if self.status is None else f"DialEnd {self.leg} {self.status}"


@attrs.frozen
class Queued:
    """Something happened in a queue: `AgentCalled registration 201`; `what` is the manager event's name."""

    at: float
    what: str
    queue: str
    member: str
    position: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.queue, self.member) if part)


@attrs.frozen
class Bridged:
    """A leg entered a bridge (`BridgeEnter plan`) or left it: who is in one bridge hears each other."""

    at: float
    leg: str
    bridge: str
    entered: bool

    def __str__(self) -> str:
        return f"{'BridgeEnter' if self.entered else 'BridgeLeave'} {self.leg}"


@attrs.frozen
class Key:
    """A leg's key arrived: `Key 1`."""

    at: float
    leg: str
    key: str

    def __str__(self) -> str:
        return _of(self.leg, f"Key {self.key}")


@attrs.frozen
class Said:
    """A user event was sent: `UserEvent Journey`."""

    at: float
    leg: str
    name: str
    fields: Mapping[str, str]

    def __str__(self) -> str:
        return _of(self.leg, f"UserEvent {self.name}")


@attrs.frozen
class Ending:
    """A leg's far end hung up, or the leg was told to: `Ending PJSIP/101-00000001`."""

    at: float
    leg: str

    def __str__(self) -> str:
        return f"Ending {self.leg}"


@attrs.frozen
class Ended:
    """A leg is gone, with its cause (Q.850): `Ended plan 16`."""

    at: float
    leg: str
    cause: int

    def __str__(self) -> str:
        return f"Ended {self.leg} {self.cause}"


Event = Step | Status | Dialled | Queued | Bridged | Key | Said | Ending | Ended


@attrs.frozen
class Trace:
    """One call, from the first event of any of its channels to the last."""

    call: str
    """The unique id of the plan's channel."""
    events: tuple[Event, ...]
    records: tuple[Mapping[str, str], ...]
    """The call records of the plan's channel, in the order they were written."""
    hung_up: float | None
    """When the caller hung up; None if the caller stayed to the end."""
    undone: int
    """How many actions of the caller's script did not come to pass."""
    lag: float
    """Seconds of the PBX's clock that a key needed, at worst, from its trigger until it arrived."""
    timed_out: bool
    """The caller hung up only because the driver's patience was over."""

    @property
    def began(self) -> float:
        """When the call came in."""
        return self.events[0].at

    @property
    def lasted(self) -> float:
        """Seconds from the call's arrival to the end of the plan's channel."""
        return next(e.at for e in reversed(self.events) if isinstance(e, Ended) and e.leg == PLAN) - self.began

    @property
    def answered(self) -> float | None:
        """When the caller's call was answered; None if it never was (or came in over real SIP)."""
        ends = (e.at for e in self.events if isinstance(e, Dialled) and e.leg == CALLER and e.status == "ANSWER")
        return next(ends, None)

    @property
    def steps(self) -> list[Step]:
        """The applications that the plan's channel executed."""
        return [event for event in self.events if isinstance(event, Step) and event.leg == PLAN]

    @property
    def apps(self) -> list[str]:
        """The same as texts."""
        return [str(step) for step in self.steps]

    @property
    def statuses(self) -> list[str]:
        """The statuses set on the plan's channel, as texts, without those that were only cleared."""
        return [str(e) for e in self.events if isinstance(e, Status) and e.leg == PLAN and e.value]

    @property
    def dials(self) -> list[Dialled]:
        """The legs that were dialled, in the order their dialling ended."""
        return [e for e in self.events if isinstance(e, Dialled) and e.leg != CALLER and e.status is not None]

    @property
    def queued(self) -> list[Queued]:
        """What happened in queues."""
        return [event for event in self.events if isinstance(event, Queued)]

    @property
    def keys(self) -> str:
        """The keys that the plan's channel received."""
        return "".join(event.key for event in self.events if isinstance(event, Key) and event.leg == PLAN)

    @property
    def cause(self) -> int:
        """The cause (Q.850) that the plan's channel ended with."""
        return next(e.cause for e in self.events if isinstance(e, Ended) and e.leg == PLAN)

    @property
    def ended_by(self) -> str:
        """Who ended it: `caller`, `plan`, or the name of the first leg in a bridge that hung up."""
        if self.hung_up is not None:
            return CALLER
        talking: set[str] = set()
        for event in self.events:
            match event:
                case Bridged(leg=leg, entered=True) if leg != PLAN:
                    talking.add(leg)
                case Bridged(leg=leg, entered=False):
                    talking.discard(leg)
                case Ending(leg=leg) if leg in talking:
                    return leg
                case _:
                    pass
        return PLAN
