"""What a dialplan does that a caller, or somebody who watches the PBX, can notice: acts, and the ways they can go.

In: nothing; `machine` makes acts of applications and their arguments. Out: the acts. Two dialplans of which a call gets
the same acts, whatever way each of them goes, are the same to everybody who calls. Texts in an act are replaced, and
times are in milliseconds. An act that takes no time has one way.
"""

import attrs

Options = tuple[tuple[str, str | None], ...]
"""Options of an application by letter, in order, each with what stands in parentheses behind it."""


@attrs.frozen
class Takes:
    """The call is answered."""


@attrs.frozen
class Plays:
    """Sounds, to their end; keys are lost."""

    files: tuple[str, ...]
    options: str = ""


@attrs.frozen
class Hears:
    """Sounds that a key cuts, and then what is dialled in a context counts; with `only`, keys that mean nothing do not.

    `texts` are what callers can dial until nothing more is waited for; the others are cut short by a pause of
    `between`.
    """

    files: tuple[str, ...]
    only: bool
    options: str
    texts: tuple[str, ...]
    cut_short: tuple[str, ...]
    between: int


@attrs.frozen
class Waits:
    """Silence in which keys are heard, as long as it says."""

    milliseconds: int
    options: str
    texts: tuple[str, ...]
    cut_short: tuple[str, ...]
    between: int


@attrs.frozen
class Reads:
    """Sounds that a key cuts, and then digits up to so many, into a variable; `#` ends them."""

    variable: str = attrs.field(eq=False)
    files: tuple[str, ...]
    digits: int
    options: str
    attempts: int
    milliseconds: int
    between: int


@attrs.frozen
class Rings:
    """Phones rung together, for ever where `milliseconds` is None."""

    phones: tuple[str, ...]
    milliseconds: int | None
    options: Options


@attrs.frozen
class Queues:
    """Waiting in line."""

    queue: str
    options: str
    others: tuple[str, ...]
    seconds: int | None
    penalties: tuple[str, str, str]


@attrs.frozen
class Leaves:
    """A message is taken."""

    boxes: str
    options: str


@attrs.frozen
class Monitors:
    """What is said is recorded from here on."""

    file: str
    options: str
    command: str


@attrs.frozen
class Fetches:
    """An address is asked, with the options that count for it."""

    address: str
    options: tuple[tuple[str, str], ...]


@attrs.frozen
class Notes:
    """Something is added to what the call record will say, or with `anew`, that begins."""

    text: str
    anew: bool = False


@attrs.frozen
class Changes:
    """Something outside of the call's own variables is set: by what function, of what, to what."""

    function: str
    argument: str
    value: str


@attrs.frozen
class Performs:
    """Any other application."""

    application: str
    arguments: tuple[str, ...]


@attrs.frozen
class Ends:
    """The plan hangs up: with a cause, or because of a fault, which is told."""

    cause: str = ""
    fault: str = ""


@attrs.frozen
class Returns:
    """A subroutine is over that was not called from here."""

    value: str


@attrs.frozen
class Unreadable:
    """What happens now cannot be told from the files."""

    why: str


Act = (
    Takes
    | Plays
    | Hears
    | Waits
    | Reads
    | Rings
    | Queues
    | Leaves
    | Monitors
    | Fetches
    | Notes
    | Changes
    | Performs
    | Ends
    | Returns
    | Unreadable
)

TIMED = (Plays, Hears, Waits, Reads, Rings, Queues, Leaves, Fetches)
"""Acts that take time."""


# Ways


@attrs.frozen
class Goes:
    """An act is over, and the call goes on; `sets` are variables that it leaves behind, `for_` how long it took."""

    sets: tuple[tuple[str, str], ...] = ()
    milliseconds: int | None = None


@attrs.frozen
class Dials:
    """A caller dials a text, or is sent to it; `context` is where it counts, if not where the call is."""

    text: str
    context: str = ""
    sets: tuple[tuple[str, str], ...] = ()


@attrs.frozen
class Silent:
    """Nothing is dialled, however long one waits."""


@attrs.frozen
class HangsUp:
    """The caller's channel is gone: the caller has hung up, or was joined to somebody and it is over."""

    sets: tuple[tuple[str, str], ...] = ()


Way = Goes | Dials | Silent | HangsUp
