"""What a plan becomes on a 3CX: its objects, each with a number, and what leads from one to the next.

In: nothing; `unrolling` finds out what there has to be, `spelling` numbers it. Out: data, that the templates write
down. Names are those of 3CX: an IVR is a digital receptionist, a RingGroup and a Queue are what they are called, a rule
is an inbound rule. Times are whole seconds, dates and clock times those of the one zone of the plan's hours.
"""

import datetime
import enum

import attrs

Used = tuple[tuple[str, int], ...]
"""Returns used up: how many, by the step that is returned to, in order of name."""


class Kind(enum.Enum):
    """What a call can be sent to; the values are 3CX's own words."""

    IVR = "IVR"
    RING_GROUP = "RingGroup"
    QUEUE = "Queue"
    VOICEMAIL = "VoiceMail"
    END = "EndCall"


@attrs.frozen(cache_hash=True)
class Spot:
    """A step as it is to callers who come to it in one way: an object that has to be there.

    `used` and `operator` are what of a call still matters from here on: returns used up, and the operator of the line.
    `turn` counts the tries of a menu and the stages of phones, from 1 on; 0 is the group of an operator's supervisor.
    `pressed` tells whether the caller has pressed a key in the menu before, `phone` which of a row was dialled.
    """

    step: str
    kind: Kind
    used: Used = ()
    operator: str = ""
    turn: int = 1
    pressed: bool = False
    phone: str = ""


@attrs.frozen(cache_hash=True)
class Box:
    """The voicemail of an extension; behind it the call ends."""

    step: str
    number: str


@attrs.frozen(cache_hash=True)
class Over:
    """The end of a call."""


Destination = Spot | Box | Over

Point = tuple[str, str]
"""Something that has to be noted of a call: a step and empty for the arrival there, a step and how it was left."""


@attrs.frozen
class Link:
    """A way from one object to the next: what 3CX calls it, where it leads, and what a call passes on it."""

    way: str
    to: Destination
    points: tuple[Point, ...]


@attrs.frozen
class Target:
    """Where a call is sent: a kind, and the number of the object or of the extension; none at the end of a call."""

    kind: Kind
    number: str = ""

    @property
    def destination(self) -> str:
        """The kind as a rule, a group or a queue says it, which end a call at `None`."""
        return "None" if self.kind is Kind.END else self.kind.value

    @property
    def peer(self) -> str:
        """The kind of the number: a mailbox has that of its extension."""
        return "Extension" if self.kind is Kind.VOICEMAIL else self.destination


@attrs.frozen
class Receptionist:
    """One try of a menu: a prompt, which a key cuts, and where keys, silence and any other key lead."""

    number: str
    name: str
    prompt: str
    timeout: int
    keys: tuple[tuple[str, Target], ...]
    silence: Target
    invalid: Target


@attrs.frozen
class RingGroup:
    """Phones that ring together for so many seconds, and where callers go whom nobody answers."""

    number: str
    name: str
    members: tuple[str, ...]
    seconds: int
    unanswered: Target


@attrs.frozen
class Queue:
    """A line of callers; `room` is how many may wait, 0 for no limit, `every` how often they are told something."""

    number: str
    name: str
    members: tuple[str, ...]
    polling: str
    ring: int
    wrap_up: int
    patience: int
    room: int
    intro: str
    music: str
    every: int
    position: bool
    wait: bool
    unanswered: Target


@attrs.frozen
class Period:
    """Hours of one day of the week, in seconds of the wall clock: from `start` up to, not including, `end`."""

    day: str
    start: int
    end: int


@attrs.frozen
class Holiday:
    """A time that is closed although the week says otherwise: from a second of one date up to one of another."""

    name: str
    first: datetime.date
    last: datetime.date
    start: int
    end: int


@attrs.frozen
class Rule:
    """An inbound rule of a trunk: what is delivered as the called number, empty for any other, and where calls go.

    `periods` are None where the hours do not matter; then all three targets are one. `holidays` tells whether those of
    the PBX count.
    """

    name: str
    trunk: str
    did: str
    periods: tuple[Period, ...] | None
    holidays: bool
    office: Target
    closed: Target
    holiday: Target


@attrs.frozen
class Audio:
    """A sound file that 3CX has to be given, and the recordings of the plan that it is made of, one after another."""

    file: str
    parts: tuple[str, ...]


@attrs.frozen
class Greeting:
    """What the mailbox of an extension says."""

    extension: str
    file: str


@attrs.frozen
class Passage:
    """How the record of a call shows that it has passed a point: it goes from one number to another.

    `origin` is a number, or the name of a rule; `to` a number, `end`, `a person`, or `never` where no call can pass it.
    """

    step: str
    way: str
    origin: str
    to: str


@attrs.frozen
class Tenant:
    """All of it. `objects` stand in such an order that none leads to a later one."""

    rules: tuple[Rule, ...]
    objects: tuple[Receptionist | RingGroup | Queue, ...]
    holidays: tuple[Holiday, ...]
    audio: tuple[Audio, ...]
    greetings: tuple[Greeting, ...]
    passages: tuple[Passage, ...]
    supervisors: tuple[tuple[str, str, str], ...]
    zone: str
