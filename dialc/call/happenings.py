"""What can happen in a call: the call itself, and what comes of each point of it.

In: nothing. Out: the types in which callers, witnesses and scripts say what happens, whatever the kind of step.
"""

import datetime
from collections.abc import Callable

import attrs

from dialc.call.switches import Turned
from dialc.plan import Outcome, Step


@attrs.frozen
class Happens:
    """What comes of one point in a call: a try of a menu, a key of an entry, a stage of phones, a wait in a queue, a
    mailbox, a booking, a bot that rings and a bot that talks, a service that was asked.

    `after` is in seconds since that point began; None is the usual: a key as the prompts end, a stage to its end, and
    otherwise at once. `key` goes with KEY; `who` (an extension or E.164 number) with ANSWERED and UNCONFIRMED, empty
    for the first that can; `word` goes with REPLY.
    """

    outcome: Outcome
    after: int | None = None
    key: str = ""
    who: str = ""
    word: str = ""


def presses(key: str, after: int | None = None) -> Happens:
    """The caller presses a key."""
    return Happens(Outcome.KEY, after, key=key)


@attrs.frozen
class Point:
    """A point at which something can happen: at a step, `at` seconds into the call, in its `turn`-th try or stage.

    `keys` are those that were pressed in this try already, where more than one can be.
    """

    step: Step
    at: int
    turn: int = 1
    keys: str = ""


Decide = Callable[[Point], Happens | None]
"""Says what happens at a point; None for what happens if nobody does anything."""


@attrs.frozen
class Call:
    """A call to the line `number` (E.164) at an instant with zone.

    `hangs_up` is when the caller does, in seconds; after `steps` steps nobody looks any more, which ends a walk through
    a plan in which callers go round for ever. `turned` is how staff turned switches before, or do meanwhile.
    """

    number: str
    at: datetime.datetime
    happenings: tuple[Happens, ...] = ()
    hangs_up: int | None = None
    steps: int | None = None
    turned: tuple[Turned, ...] = ()


class CannotHappen(ValueError):
    """A call was asked for that no caller can make: an unknown line, or a happening that its step does not have."""
