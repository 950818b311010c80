"""What a caller experiences, and what the walk of a step is made of.

In: nothing. Out: one class for each thing that a caller can go through, each with the seconds since the call came in.
"""

from collections.abc import Generator

import attrs


@attrs.frozen
class Arrived:
    """The call came to a step."""

    at: int
    step: str


@attrs.frozen
class Answered:
    """The PBX took the call."""

    at: int


@attrs.frozen
class Heard:
    """A prompt was played for so many seconds; not `whole` if a key or the caller's hanging up cut it."""

    at: int
    prompt: str
    seconds: int
    whole: bool


@attrs.frozen
class Recorded:
    """The PBX began to record the call."""

    at: int


@attrs.frozen
class Asked:
    """A menu began a try, counted from 1."""

    at: int
    menu: str
    turn: int


@attrs.frozen
class Pressed:
    """A key was heard."""

    at: int
    key: str


@attrs.frozen
class Labelled:
    """Phones that ring from now on show a text before the caller's name."""

    at: int
    text: str


@attrs.frozen
class Spoken:
    """The caller chose a language, and is spoken to in it from now on."""

    at: int
    language: str


@attrs.frozen
class Rang:
    """Phones began to ring: the `stage`-th of a step, counted from 1."""

    at: int
    step: str
    stage: int
    phones: tuple[str, ...]


@attrs.frozen
class Queued:
    """The caller joined a queue."""

    at: int
    queue: str


@attrs.frozen
class AnsweredBy:
    """A phone was answered and joined to the caller."""

    at: int
    step: str
    who: str


@attrs.frozen
class Joined:
    """A machine picked up and was joined to the caller, who goes on from it."""

    at: int
    step: str
    who: str


@attrs.frozen
class LookedUp:
    """A service was asked about the caller, who hears nothing of it."""

    at: int
    step: str


@attrs.frozen
class LeftMessage:
    """A message was left in a mailbox."""

    at: int
    box: str


@attrs.frozen
class Booked:
    """A call back was booked."""

    at: int
    callback: str


@attrs.frozen
class Left:
    """A step was left; `outcome` as its exit is labelled."""

    at: int
    step: str
    outcome: str


@attrs.frozen
class HungUp:
    """The call was ended, by the `caller` or by the `plan`."""

    at: int
    by: str


Event = (
    Arrived
    | Answered
    | Heard
    | Recorded
    | Asked
    | Pressed
    | Spoken
    | Labelled
    | Rang
    | Queued
    | AnsweredBy
    | Joined
    | LookedUp
    | LeftMessage
    | Booked
    | Left
    | HungUp
)

Course = Generator[Event, None, tuple[str, int]]
"""Events, and in the end the label of the exit and the seconds that the step took."""
