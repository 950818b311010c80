"""What a plan means: lines, steps with their exits, hours, prompts; and what a verdict on it is.

In: nothing; `resolve` builds a `Plan`, `verify` judges it. Out: the data that everything later looks at. A step has a
closed set of exits, each with the seconds it can take and the hours it needs; the verifier looks at nothing else, so
a new kind of step changes neither it nor the rules. Times are whole seconds, dates are calendar dates in the plan's
zone, numbers are E.164 (`+48221234567`) or extensions (`100`). Places never count in comparisons.
"""

import datetime
import enum
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import attrs

from dialc.called import Called, Numbers, Rest, Short, ruled, ruler
from dialc.callers import WITHHELD, Callers, classes, matches
from dialc.classes import NumberClass, Pattern, in_full
from dialc.digits import Accepted, named, taken_first, takes
from dialc.findings import Finding
from dialc.policies import Policy
from dialc.source import NOWHERE, Place


def _place() -> Place:
    """A field that says where something was written; two plans that mean the same are equal wherever they stand."""
    place: Place = attrs.field(default=NOWHERE, kw_only=True, eq=False, repr=False)
    return place


# Hours


@attrs.frozen
class Span:
    """A stretch of one day, in seconds of the wall clock: from `start` up to, not including, `end` (at most 86400)."""

    start: int
    end: int


@attrs.frozen
class DatedException:
    """Dates on which the weekly hours do not hold.

    `spans` empty and `opens` false closes whole days; spans that close take those hours from the day; spans that open
    are all the hours of the day. `reason` is its name, empty for none, and `also` are further ones. A `holiday` comes
    from a table of holidays or from a calendar.
    """

    first: datetime.date
    last: datetime.date
    opens: bool
    spans: tuple[Span, ...]
    reason: str
    also: tuple[str, ...] = ()
    holiday: bool = attrs.field(default=False, kw_only=True)
    place: Place = _place()

    @property
    def rank(self) -> int:
        """Of exceptions about one day the higher rules: a single date, a range of dates, a holiday."""
        return 0 if self.holiday else 1 if self.first != self.last else 2

    @property
    def names(self) -> tuple[str, ...]:
        """All its names."""
        return tuple(name for name in (self.reason, *self.also) if name)


class Position(enum.Enum):
    """Where a switch can stand."""

    AUTO = "auto"
    OPEN = "open"
    CLOSED = "closed"
    ON = "on"
    OFF = "off"


@attrs.frozen
class Switch:
    """What staff turn by dialling `code`; it may be turned at any second.

    A night switch overrides hours unless it stands on AUTO, and goes there by itself `back` seconds into the day by the
    wall clock in `zone`, if that is not None. Any other switch is on or off.
    """

    name: str
    code: str
    starts: Position
    zone: str = "UTC"
    back: int | None = None
    place: Place = _place()

    @property
    def positions(self) -> tuple[Position, ...]:
        """Its positions, in the order in which the code goes round."""
        if self.starts in (Position.ON, Position.OFF):
            return Position.OFF, Position.ON
        return Position.AUTO, Position.CLOSED, Position.OPEN


@attrs.frozen(cache_hash=True)
class Hours:
    """When something is open: weekly spans (Monday first) and dated exceptions, read off a wall clock in `zone`.

    `switch` is the night switch that overrides them. `taken` says where exceptions were taken from that the plan does
    not spell out, one sentence each.
    """

    name: str
    zone: str
    weekly: tuple[tuple[Span, ...], ...]
    exceptions: tuple[DatedException, ...] = ()
    switch: Switch | None = None
    taken: tuple[str, ...] = attrs.field(default=(), kw_only=True, eq=False)
    place: Place = _place()

    @property
    def switches(self) -> tuple[Switch, ...]:
        """The switches that decide whether they are open."""
        return (self.switch,) if self.switch else ()


class Join(enum.Enum):
    """How hours are combined with those before them."""

    OR = "or"
    AND = "and"
    BUT_NOT = "but not"


@attrs.frozen(cache_hash=True)
class Combination:
    """Hours made of others.

    `parts` are hours, and after each two things to combine, how; read from left to right, each `Join` combines the two
    things before it to one.
    """

    name: str
    parts: tuple[Hours | Join, ...]
    place: Place = _place()

    @property
    def hours(self) -> tuple[Hours, ...]:
        """The hours that it is made of, each once."""
        return tuple(dict.fromkeys(part for part in self.parts if isinstance(part, Hours)))

    @property
    def switches(self) -> tuple[Switch, ...]:
        """The switches that decide whether it is open, each once."""
        return tuple(dict.fromkeys(switch for hours in self.hours for switch in hours.switches))


Schedule = Hours | Combination
"""Whatever is open or closed."""

_S = TypeVar("_S")


def combined(schedule: Schedule, of: Callable[[Hours], _S], join: Callable[[Join, _S, _S], _S]) -> _S:
    """What hours make together, of what `of` says of each and `join` of two."""
    if isinstance(schedule, Hours):
        return of(schedule)
    stack: list[_S] = []
    for part in schedule.parts:
        if isinstance(part, Hours):
            stack.append(of(part))
        else:
            last = stack.pop()
            stack.append(join(part, stack.pop(), last))
    return stack[0]


@attrs.frozen
class Period:
    """Hours, each opening kept `plus` seconds longer; what switches say holds as it is now."""

    hours: Schedule
    plus: int = 0


@attrs.frozen
class Condition:
    """An exit that can be taken only while a period is open, or only while it is closed.

    With an `exception`, only on days that the exception of this name has a say about as well; that goes with hours, not
    with combinations. If it does not hold (`holds`), the exit can be taken only while all this is not so.
    """

    period: Period
    open: bool
    exception: str = ""
    holds: bool = True


# Who calls whom


@attrs.frozen(cache_hash=True)
class Party:
    """What of a call never changes while it lasts, as far as the plan asks.

    It is the lists that the caller is on, by name, the operator of the line, whether that line is not for people, and
    whether the caller has a number at which a call-back is allowed to ring.
    """

    lists: frozenset[str] = frozenset()
    operator: str = ""
    exempt: bool = False
    rung_back: bool = True


@attrs.frozen
class Listed:
    """An exit that only callers on a list can take, or only the others."""

    callers: Callers
    inside: bool

    def admits(self, party: Party) -> bool:
        """Whether somebody can take the exit."""
        return (self.callers.name in party.lists) is self.inside


@attrs.frozen
class Served:
    """An exit that only calls to a line with a certain operator can take."""

    operator: str

    def admits(self, party: Party) -> bool:
        """Whether somebody can take the exit."""
        return party.operator == self.operator


@attrs.frozen
class RungBack:
    """An exit that only callers can take who have a number at which a call-back is allowed to ring."""

    def admits(self, party: Party) -> bool:
        """Whether somebody can take the exit."""
        return party.rung_back


# Prompts


@attrs.frozen
class Says:
    """A prompt says that these hours are open (or closed) now."""

    hours: Schedule
    open: bool
    place: Place = _place()


@attrs.frozen
class StatesUsual:
    """A prompt names the weekly hours it was recorded for."""

    hours: Hours
    weekly: tuple[tuple[Span, ...], ...]
    place: Place = _place()


@attrs.frozen
class PromisesWait:
    """A prompt promises that somebody answers within so many seconds of its end."""

    seconds: int
    place: Place = _place()


@attrs.frozen
class PromisesCallBy:
    """A prompt promises a call back before the end of the next day on which these hours are open, today aside."""

    hours: Schedule
    place: Place = _place()


@attrs.frozen
class PromisesCallWithin:
    """A prompt promises a call back within so many seconds; with `hours`, only those count in which they are open."""

    seconds: int
    hours: Schedule | None = None
    place: Place = _place()


@attrs.frozen
class Offers:
    """The keys that a prompt names, and whether it says that `extensions` can be dialled."""

    keys: tuple[str, ...]
    extensions: bool = False
    place: Place = _place()


@attrs.frozen
class Prompt:
    """An announcement: its audio file, its text by language, its length in seconds and what it claims.

    `seconds` is the length in the language that callers hear first, `lengths` in those in which it is another. A
    `notice` tells callers that they are recorded.
    """

    name: str
    file: str
    texts: tuple[tuple[str, str], ...]
    seconds: int
    lengths: tuple[tuple[str, int], ...] = attrs.field(default=(), kw_only=True)
    offers: Offers | None = None
    says: Says | None = None
    states_usual: StatesUsual | None = None
    promises_wait: PromisesWait | None = None
    promises_call: PromisesCallBy | PromisesCallWithin | None = None
    notice: bool = False
    goodbye: bool = False
    apology: bool = False
    place: Place = _place()

    def spoken(self, language: str) -> "Prompt":
        """The prompt as it is to callers who are spoken to in a language."""
        return attrs.evolve(self, seconds=dict(self.lengths).get(language, self.seconds), lengths=())


# Phones


@attrs.frozen
class Extension:
    """A phone of the PBX."""

    number: str
    place: Place = _place()

    @property
    def human(self) -> bool:
        """Inside phones are rung so that neither forwarding nor voicemail is followed: who answers is a person."""
        return True


@attrs.frozen
class Outside:
    """A telephone elsewhere, E.164.

    With `confirm`, whoever answers presses a key before being joined, which a mailbox cannot; without, a reason
    stands in `unconfirmed`.
    """

    number: str
    confirm: bool
    unconfirmed: str = ""
    place: Place = _place()

    @property
    def human(self) -> bool:
        """Whether only a person can be joined to the caller by this leg."""
        return self.confirm


Phone = Extension | Outside


@attrs.frozen
class Stage:
    """Phones rung together for so many seconds."""

    phones: tuple[Phone, ...]
    seconds: int
    place: Place = _place()


# Exits


class End(enum.Enum):
    """How a call ends where no step follows."""

    PERSON = "a person answered"
    UNCONFIRMED = "somebody or a machine answered"
    HUNG_UP = "the plan hung up"


class Outcome(enum.Enum):
    """Everything that can come of a step."""

    DONE = "done"
    OPEN = "open"
    CLOSED = "closed"
    ON = "on"
    OFF = "off"
    OTHERWISE = "otherwise"
    KEY = "key"
    ACCEPT = "accept"
    INVALID = "invalid"
    SILENCE = "silence"
    UNDECIDED = "undecided"
    EXTENSION = "extension"
    ANSWERED = "answered"
    UNCONFIRMED = "answered-unconfirmed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    UNAVAILABLE = "unavailable"
    DECLINED = "declined"
    TIMEOUT = "timeout"
    EMPTY = "empty"
    FULL = "full"
    FAILURE = "failure"
    CLOSING = "closing"
    LEFT = "left"
    NOTHING_LEFT = "nothing-left"
    FAILED = "failed"
    BOOKED = "booked"
    NO_NUMBER = "no-number"
    AGAIN = "again"
    USED_UP = "used-up"
    LISTED = "listed"
    NOT_LISTED = "not-listed"
    OWN = "own"
    UNSTAFFED = "unstaffed"
    UNANSWERED = "unanswered"
    HUNG_UP = "hung-up"
    OVER = "over"
    LIMIT = "limit"
    REPLY = "answer"


@attrs.frozen
class Stay:
    """A caller stays in a step only while a period is open: from `since` seconds after arrival on, without a break.

    An exit that `ends` it is taken in the first second in which the period is closed; any other one before.
    """

    period: Period
    since: int
    ends: bool = False


@attrs.frozen
class Exit:
    """One way out of a step: what came of it, where the caller goes, and the closed interval of seconds it takes.

    `when` has to hold on arrival at the step, and `stay` for as long as the caller is there. `speaks` is the language
    in which callers are spoken to from then on, empty for the one they are spoken to in.

    `key` is the one that was pressed, `what` names what was accepted or answered. `missed` bounds the failed tries
    (silence or an invalid key) that a caller can have used up in the step by then; `pressed` says that the caller has
    pressed a key on the way, one that means something or not.
    """

    outcome: Outcome
    to: str | End
    shortest: int = 0
    longest: int = 0
    key: str = ""
    when: Condition | None = None
    stay: Stay | None = None
    speaks: str = ""
    who: Listed | Served | RungBack | None = None
    missed: int = 0
    pressed: bool = False
    what: str = ""

    @property
    def label(self) -> str:
        """The outcome as people write it: `key 1`, `no-answer`, `accept customers`, `answer vip`, `own desk`."""
        of = self.key or self.what
        return f"{self.outcome.value} {of}" if of else self.outcome.value


# Steps

KEYS = "1234567890*#"
"""The keys of a telephone, in the order of its pad."""


@attrs.frozen
class Answer:
    """Take the call."""

    name: str
    then: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        return (Exit(Outcome.DONE, self.then),)


@attrs.frozen
class Play:
    """Play one prompt to its end; keys pressed meanwhile are lost."""

    name: str
    prompt: Prompt
    then: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        return (Exit(Outcome.DONE, self.then, self.prompt.seconds, self.prompt.seconds),)


@attrs.frozen
class Label:
    """Have phones that ring from here on show a text before the caller's name, until another label."""

    name: str
    text: str
    then: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        return (Exit(Outcome.DONE, self.then),)


@attrs.frozen
class Record:
    """Record the call from here to its end; a call that is being recorded goes on as it is."""

    name: str
    then: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        return (Exit(Outcome.DONE, self.then),)


@attrs.frozen
class Branch:
    """Go one way while the hours are open and another while they are closed."""

    name: str
    hours: Schedule
    opened: str
    closed: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        period = Period(self.hours)
        return (
            Exit(Outcome.OPEN, self.opened, when=Condition(period, open=True)),
            Exit(Outcome.CLOSED, self.closed, when=Condition(period, open=False)),
        )


@attrs.frozen
class ByException:
    """Go one way while the hours are open, or closed, on a day that the exception of a name has a say about."""

    name: str
    hours: Hours
    open: bool
    exception: str
    then: str
    otherwise: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        condition = Condition(Period(self.hours), self.open, self.exception)
        return (
            Exit(Outcome.OPEN if self.open else Outcome.CLOSED, self.then, when=condition),
            Exit(Outcome.OTHERWISE, self.otherwise, when=attrs.evolve(condition, holds=False)),
        )


@attrs.frozen
class ByCaller:
    """Go one way for callers on a list and another for the rest."""

    name: str
    callers: Callers
    listed: str
    others: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        return (
            Exit(Outcome.LISTED, self.listed, who=Listed(self.callers, inside=True)),
            Exit(Outcome.NOT_LISTED, self.others, who=Listed(self.callers, inside=False)),
        )


@attrs.frozen
class BySwitch:
    """Go one way while a switch is on and another while it is off."""

    name: str
    switch: Switch
    on: str
    off: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        return Exit(Outcome.ON, self.on), Exit(Outcome.OFF, self.off)


@attrs.frozen
class ByLine:
    """Go to the operator of the line that was called: what is left unsaid in a plan whose lines have their own."""

    name: str
    operators: tuple[str, ...]
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        return tuple(Exit(Outcome.OWN, name, what=name, who=Served(name)) for name in self.operators)


@attrs.frozen
class Choice:
    """A key of a menu or queue and what it is for; `label` is empty where the plan names none.

    `speaks` is the language that a caller chooses by it, empty where it chooses none.
    """

    key: str
    label: str
    to: str
    speaks: str = attrs.field(default="", kw_only=True)
    place: Place = _place()


@attrs.frozen
class Repeat:
    """A key by which callers ask to hear a menu again; `label` is empty where the plan calls it nothing."""

    key: str
    label: str = ""
    place: Place = _place()


@attrs.frozen
class Direct:
    """The numbers of a row of extensions that callers can dial in a menu."""

    row: str
    numbers: frozenset[str]
    place: Place = _place()

    @property
    def longest(self) -> str:
        """The longest of the numbers, and the least of these."""
        return min(self.numbers, key=lambda number: (-len(number), number))


@attrs.frozen
class Menu:
    """Ask for one key. A try is the prompts, cut by a key, and `wait` seconds; the last try decides the exit.

    A key of `repeats` uses up a try, and as the last one it counts as silence. `undecided` is where silence leads whose
    caller has pressed keys in the menu before; where it is empty, this is no exit of its own. The numbers of `direct`
    are dialled key by key, each further key within `wait` seconds; a number left unfinished is like a wrong key. None
    begins with a key of the menu or with another number, so that no key and no number ever waits for more.
    """

    name: str
    prompts: tuple[Prompt, ...]
    choices: tuple[Choice, ...]
    wait: int
    tries: int
    silence: str
    invalid: str
    repeats: tuple[Repeat, ...] = ()
    undecided: str = ""
    direct: tuple[Direct, ...] = ()
    place: Place = _place()
    tries_place: Place = _place()

    @property
    def seconds(self) -> int:
        """Length of one try in which nothing is pressed."""
        return sum(prompt.seconds for prompt in self.prompts) + self.wait

    @property
    def longest(self) -> int:
        """The most seconds that one try can take."""
        return max((self.latest(len(direct.longest)) for direct in self.direct), default=self.seconds)

    def latest(self, length: int) -> int:
        """The most seconds until a number of so many digits is dialled."""
        return self.seconds + (length - 1) * self.wait

    def dialled(self, keys: str) -> Direct | None:
        """The row that has a number; None if there is none."""
        return next((direct for direct in self.direct if keys in direct.numbers), None)

    def begins(self, keys: str) -> bool:
        """Whether some number goes on after these keys."""
        return any(number.startswith(keys) for direct in self.direct for number in direct.numbers)

    def wrong(self) -> tuple[str, ...]:
        """The keys that mean nothing and begin nothing, in the order of the pad."""
        means = {choice.key for choice in self.choices} | {repeat.key for repeat in self.repeats}
        return tuple(key for key in KEYS if key not in means and not self.begins(key))

    def exits(self) -> tuple[Exit, ...]:
        missed = (self.tries - 1) * self.longest
        chosen = Exit(Outcome.KEY, "", 0, missed + self.seconds, missed=self.tries - 1, pressed=True)
        exits = [attrs.evolve(chosen, to=c.to, key=c.key, speaks=c.speaks) for c in self.choices]
        for direct in self.direct:
            latest = missed + self.latest(len(direct.longest))
            exits.append(
                attrs.evolve(chosen, outcome=Outcome.EXTENSION, to=direct.row, longest=latest, what=direct.row)
            )
        silent = self.tries * self.seconds
        exits.append(Exit(Outcome.SILENCE, self.silence, silent, silent, missed=self.tries))
        can_miss = bool(self.wrong()) or self.longest > self.seconds
        if self.repeats or (can_miss and self.tries > 1):
            label, to = (Outcome.UNDECIDED, self.undecided) if self.undecided else (Outcome.SILENCE, self.silence)
            shortest = 0 if self.repeats else self.seconds
            exits.append(Exit(label, to, shortest, missed + self.seconds, missed=self.tries, pressed=True))
        if can_miss:
            longest = missed + self.longest
            exits.append(Exit(Outcome.INVALID, self.invalid, 0, longest, missed=self.tries, pressed=True))
        return tuple(exits)


@attrs.frozen
class Accept:
    """What a collect takes an entry for, and where its callers go."""

    what: Accepted
    to: str
    place: Place = _place()


@attrs.frozen
class Collect:
    """Ask for digits, from `fewest` to `most`. The first of `accepts` that takes them decides, or else the last try.

    A try begins like that of a menu. Each further key may take `wait` seconds; without one, or with `#`, the entry is
    over. So it is with the last digit, unless it `ends` with `#`: then one key more is waited for. A `*`, and more or
    fewer digits than asked for, make the entry invalid.
    """

    name: str
    prompts: tuple[Prompt, ...]
    fewest: int
    most: int
    ends: bool
    wait: int
    tries: int
    accepts: tuple[Accept, ...]
    silence: str
    invalid: str
    place: Place = _place()
    tries_place: Place = _place()

    @property
    def seconds(self) -> int:
        """Length of one try in which nothing is pressed."""
        return sum(prompt.seconds for prompt in self.prompts) + self.wait

    @property
    def keys(self) -> int:
        """The most keys that are heard in one try."""
        return self.most + self.ends

    @property
    def longest(self) -> int:
        """The most seconds that one try can take."""
        return self.seconds + (self.keys - 1) * self.wait

    def latest(self, length: int) -> int:
        """The most seconds until an entry of so many digits is over."""
        return self.seconds + (length - 1 if length == self.keys else length) * self.wait

    def accepted(self, entry: str) -> Accept | None:
        """What takes the keys that were pressed, `#` aside; None if they are invalid."""
        if not (entry.isascii() and entry.isdecimal() and self.fewest <= len(entry) <= self.most):
            return None
        return next((accept for accept in self.accepts if takes(accept.what, entry)), None)

    def samples(self) -> tuple[Mapping[int, str], ...]:
        """For each of `accepts`, the least entry of each length that it takes; empty for one that gets none."""
        known = tuple(accept.what for accept in self.accepts)
        return tuple(
            {
                length: entry
                for length in range(self.fewest, self.most + 1)
                if (entry := taken_first(what, known[:index], length)) is not None
            }
            for index, what in enumerate(known)
        )

    def exits(self) -> tuple[Exit, ...]:
        missed = (self.tries - 1) * self.longest
        found = [
            Exit(
                *(Outcome.ACCEPT, accept.to, 0, missed + max(map(self.latest, samples))),
                what=named(accept.what),
                missed=self.tries - 1,
                pressed=True,
            )
            for accept, samples in zip(self.accepts, self.samples(), strict=True)
            if samples
        ]
        silent = self.tries * self.seconds
        found.append(Exit(Outcome.SILENCE, self.silence, silent, silent, missed=self.tries))
        if self.tries > 1:
            mixed = (self.seconds, missed + self.seconds)
            found.append(Exit(Outcome.SILENCE, self.silence, *mixed, missed=self.tries, pressed=True))
        found.append(Exit(Outcome.INVALID, self.invalid, 0, missed + self.longest, missed=self.tries, pressed=True))
        return tuple(found)


@attrs.frozen
class Ring:
    """Ring phones, stage after stage; the last stage decides the exit."""

    name: str
    stages: tuple[Stage, ...]
    busy: str
    no_answer: str
    unavailable: str
    declined: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        longest = sum(stage.seconds for stage in self.stages)
        outside = any(isinstance(phone, Outside) and phone.confirm for phone in self.stages[-1].phones)
        return (
            *_answered(self.stages),
            Exit(Outcome.BUSY, self.busy, 0, longest),
            Exit(Outcome.NO_ANSWER, self.no_answer, 0, longest),
            Exit(Outcome.UNAVAILABLE, self.unavailable, 0, longest),
            *((Exit(Outcome.DECLINED, self.declined, 0, longest),) if outside else ()),
        )


@attrs.frozen
class Extensions:
    """Ring the one phone of a declared row that was dialled: by the number called, phone for number in order."""

    name: str
    phones: tuple[Extension, ...]
    seconds: int
    busy: str
    no_answer: str
    unavailable: str
    place: Place = _place()

    def phone(self, number: str) -> Extension | None:
        """The phone of that number."""
        return next((phone for phone in self.phones if phone.number == number), None)

    def exits(self) -> tuple[Exit, ...]:
        return (
            Exit(Outcome.ANSWERED, End.PERSON, 0, self.seconds),
            Exit(Outcome.BUSY, self.busy, 0, self.seconds),
            Exit(Outcome.NO_ANSWER, self.no_answer, 0, self.seconds),
            Exit(Outcome.UNAVAILABLE, self.unavailable, 0, self.seconds),
        )


class Strategy(enum.Enum):
    """In which order a queue rings its members."""

    RING_ALL = "ring-all"
    LONGEST_IDLE = "longest-idle"
    ROUND_ROBIN = "round-robin"
    FEWEST_CALLS = "fewest-calls"
    RANDOM = "random"
    IN_ORDER = "in-order"


@attrs.frozen
class Telling:
    """What those who wait in a queue are told every so many seconds: their position, the wait to be expected."""

    every: int
    position: bool
    wait: bool


@attrs.frozen
class Tier:
    """Members of a queue who take part only once a caller has waited for so many seconds."""

    members: tuple[Extension, ...]
    after: int


@attrs.frozen
class SigningIn:
    """Members who take part from when they dial the code `into` on their own phones until they dial `out`."""

    into: str
    out: str
    among: tuple[Extension, ...]


@attrs.frozen
class Queue:
    """Wait in line for a member. Keys are heard from the first second of the prompts; `patience` counts from their end.

    `ring` is how many seconds a member is rung at a time, `wrap_up` how many each has after a call; `announce` is what
    those who wait are told, None for nothing; `room` how many callers may wait, 0 for no limit. `members` take part
    from the first second on, as do those of `signing` while they are signed in, and `tiers` beside them, each later
    than the one before. `closing` is where those go who come, or still wait, as `staffed` is over; where it is empty
    they wait on.
    """

    name: str
    prompts: tuple[Prompt, ...]
    members: tuple[Extension, ...]
    strategy: Strategy
    ring: int
    staffed: Period | None
    announce: Telling | None
    music: str
    patience: int
    room: int
    choices: tuple[Choice, ...]
    timeout: str
    empty: str
    full: str
    failure: str
    wrap_up: int = 0
    tiers: tuple[Tier, ...] = ()
    closing: str = ""
    signing: SigningIn | None = None
    place: Place = _place()

    @property
    def everybody(self) -> tuple[Extension, ...]:
        """All members, in the order in which they take part."""
        signing = self.signing.among if self.signing else ()
        return (*self.members, *signing, *(member for tier in self.tiers for member in tier.members))

    def joins(self, member: str) -> int:
        """How many seconds a caller has waited when a member begins to take part."""
        return next((t.after for t in self.tiers if any(m.number == member for m in t.members)), 0)

    @property
    def seconds(self) -> int:
        """Length of the prompts."""
        return sum(prompt.seconds for prompt in self.prompts)

    def exits(self) -> tuple[Exit, ...]:
        first, last = self.seconds, self.seconds + self.patience
        waiting = (
            Exit(Outcome.ANSWERED, End.PERSON, first, last),
            *(Exit(Outcome.KEY, c.to, 0, last, c.key, speaks=c.speaks, pressed=True) for c in self.choices),
            Exit(Outcome.TIMEOUT, self.timeout, last, last),
            Exit(Outcome.EMPTY, self.empty, first, last),
            *((Exit(Outcome.FULL, self.full, first, first),) if self.room else ()),
            Exit(Outcome.FAILURE, self.failure, first, last),
        )
        if not self.closing or self.staffed is None:
            return waiting
        opened, closed = Condition(self.staffed, open=True), Condition(self.staffed, open=False)
        stay = Stay(self.staffed, first)
        hearing = (Exit(Outcome.KEY, c.to, 0, first - 1, c.key, opened, pressed=True) for c in self.choices if first)
        return (
            *hearing,
            *(attrs.evolve(e, shortest=max(first, e.shortest), when=opened, stay=stay) for e in waiting),
            Exit(Outcome.CLOSING, self.closing, when=closed),
            Exit(Outcome.CLOSING, self.closing, first, last, when=opened, stay=attrs.evolve(stay, ends=True)),
        )


@attrs.frozen
class Mailbox:
    """Take a message of at most `longest` seconds after a greeting of its own.

    `closed` names the hours outside which alone it may be reached; `reader` is who listens to it, `within` how soon.
    """

    name: str
    box: str
    greeting: Prompt | None
    closed: Schedule | None
    reader: str
    within: str
    longest: int
    left: str
    nothing_left: str
    failed: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        first = self.greeting.seconds if self.greeting else 0
        return (
            Exit(Outcome.LEFT, self.left, first, first + self.longest),
            Exit(Outcome.NOTHING_LEFT, self.nothing_left, first, first + self.longest),
            Exit(Outcome.FAILED, self.failed, first, first + self.longest),
        )


@attrs.frozen
class Bot:
    """Join a machine that talks to the caller, who leaves it by a key.

    It picks up within `ring` seconds and talks for `limit` seconds at most; `escape` is heard while it rings, too.
    `over` is where callers go when the machine hangs up, `limited` when its time is over.
    """

    name: str
    phone: Extension
    ring: int
    limit: int
    escape: Choice
    over: str
    limited: str
    failed: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        longest = self.ring + self.limit
        return (
            Exit(Outcome.KEY, self.escape.to, 0, longest, self.escape.key, pressed=True),
            Exit(Outcome.OVER, self.over, 0, longest),
            Exit(Outcome.LIMIT, self.limited, self.limit, longest),
            Exit(Outcome.FAILED, self.failed, 0, self.ring),
        )


@attrs.frozen
class Reply:
    """A word that a service may answer, and where it leads."""

    word: str
    to: str
    place: Place = _place()


@attrs.frozen
class Lookup:
    """Ask a service of the site about the caller, for `seconds` at most; it answers one of a few words."""

    name: str
    service: str
    seconds: int
    replies: tuple[Reply, ...]
    failed: str
    timeout: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        return (
            *(Exit(Outcome.REPLY, reply.to, 0, self.seconds, what=reply.word) for reply in self.replies),
            Exit(Outcome.FAILED, self.failed, 0, self.seconds),
            Exit(Outcome.TIMEOUT, self.timeout, self.seconds, self.seconds),
        )


@attrs.frozen
class Callback:
    """Book a call to the caller: at most `daily` a day for each number, those of the plan's `callback_to` alone.

    It is placed while `hours` are open, through the queue of that name: a member answers first, then the caller is
    rung. `no_number` is for callers who withhold their number, cannot be called back there, or have booked enough.
    """

    name: str
    queue: str
    hours: Schedule
    daily: int
    booked: str
    no_number: str
    failed: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        return (
            Exit(Outcome.BOOKED, self.booked, who=RungBack()),
            Exit(Outcome.NO_NUMBER, self.no_number),
            Exit(Outcome.FAILED, self.failed),
        )


@attrs.frozen
class Again:
    """Go back to a step, at most `limit` times a call; every `again` to one step shares one counter."""

    name: str
    target: str
    limit: int
    used_up: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        return (Exit(Outcome.AGAIN, self.target), Exit(Outcome.USED_UP, self.used_up))


@attrs.frozen
class HangUp:
    """End the call."""

    name: str
    place: Place = _place()

    def exits(self) -> tuple[Exit, ...]:
        return (Exit(Outcome.HUNG_UP, End.HUNG_UP),)


@attrs.frozen
class Announcement:
    """A prompt between the stages of an operator."""

    prompt: Prompt
    place: Place = _place()


SUPERVISOR_RINGS = 20
"""Seconds for which a supervisor rings to whom a caller is handed up; about four rings, in which nothing is said."""


@attrs.frozen
class Operator:
    """The end of a path by contract: stages of phones with prompts between them, and two ways out.

    `unstaffed` is taken on arrival while `staffed` is closed, `unanswered`, the last resort, when every stage failed.
    `supervisor` is who a person that has answered can hand a caller up to, once a call; if nobody answers there within
    `SUPERVISOR_RINGS` seconds, the operator rings again, whether it is staffed by then or not.
    """

    name: str
    items: tuple[Announcement | Stage, ...]
    staffed: Period | None
    supervisor: Extension | None
    unstaffed: str
    unanswered: str
    place: Place = _place()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages alone, in order."""
        return tuple(item for item in self.items if isinstance(item, Stage))

    def exits(self) -> tuple[Exit, ...]:
        shortest = sum(item.prompt.seconds for item in self.items if isinstance(item, Announcement))
        longest = shortest + sum(stage.seconds for stage in self.stages)
        staffed = Condition(self.staffed, open=True) if self.staffed else None
        return (
            *(attrs.evolve(leg, when=staffed) for leg in _answered(self.items)),
            *(
                (Exit(Outcome.UNSTAFFED, self.unstaffed, when=Condition(self.staffed, open=False)),)
                if self.staffed
                else ()
            ),
            Exit(Outcome.UNANSWERED, self.unanswered, shortest, longest, when=staffed),
        )


def _answered(items: Sequence[Announcement | Stage]) -> tuple[Exit, ...]:
    """The exits of phones that were answered: by people, and by what may be a machine. Every stage can fail at once."""
    shortest = longest = 0
    first: dict[bool, int] = {}
    last: dict[bool, int] = {}
    for item in items:
        match item:
            case Announcement():
                shortest += item.prompt.seconds
                longest += item.prompt.seconds
            case Stage():
                longest += item.seconds
                for human in {phone.human for phone in item.phones}:
                    first.setdefault(human, shortest)
                    last[human] = longest
    return (
        *((Exit(Outcome.ANSWERED, End.PERSON, first[True], last[True]),) if True in first else ()),
        *((Exit(Outcome.UNCONFIRMED, End.UNCONFIRMED, first[False], last[False]),) if False in first else ()),
    )


def _spoken(part: Any, language: str) -> Any:
    """A part of a plan, with the prompts in it as they are in a language; it is as deep as its type, no deeper."""
    match part:
        case Prompt():
            return part.spoken(language)
        case tuple():
            return tuple(_spoken(item, language) for item in part)
        case Hours() | Combination() | Period() | Switch():
            return part
        case _ if attrs.has(type(part)):
            fields = [field.name for field in attrs.fields(type(part)) if field.eq]
            return attrs.evolve(part, **{name: _spoken(getattr(part, name), language) for name in fields})
        case _:
            return part


def heard_at(step: "Step") -> tuple[Prompt, ...]:
    """The prompts that callers can hear at a step, in the order written."""
    found: list[Prompt] = []
    ahead: list[Any] = [step]
    while ahead:
        match part := ahead.pop():
            case Prompt():
                found.append(part)
            case tuple():
                ahead.extend(reversed(part))
            case Hours() | Combination() | Period() | Switch():
                pass
            case _ if attrs.has(type(part)):
                ahead.extend(getattr(part, field.name) for field in reversed(attrs.fields(type(part))) if field.eq)
            case _:
                pass
    return tuple(found)


Step = (
    Answer
    | Play
    | Record
    | Label
    | Branch
    | ByException
    | BySwitch
    | ByCaller
    | ByLine
    | Menu
    | Collect
    | Ring
    | Extensions
    | Queue
    | Mailbox
    | Bot
    | Lookup
    | Again
    | HangUp
    | Callback
    | Operator
)


# Scenarios


@attrs.frozen
class Hears:
    """The next prompt that the caller hears is this one."""

    prompt: str
    place: Place = _place()


@attrs.frozen
class Reaches:
    """The caller gets to a block; `within` so many seconds of what comes before in the scenario, or at any time."""

    block: str
    within: int | None = None
    place: Place = _place()


@attrs.frozen
class Occurs:
    """Something happens: a key is pressed, a phone is answered or not, a message is left.

    `block` is where, empty for the next place at which it can; `after` is in seconds since that began (keys aside, in a
    queue or a mailbox since its prompts were over), None for the usual; `key` goes with KEY, `who` with ANSWERED and
    DECLINED, `word` with REPLY.
    """

    outcome: Outcome
    block: str = ""
    after: int | None = None
    key: str = ""
    who: str = ""
    word: str = ""
    place: Place = _place()


@attrs.frozen
class Turns:
    """Staff turn a switch, once all that stands before it has happened."""

    switch: str
    position: Position
    place: Place = _place()


@attrs.frozen
class CallerHangsUp:
    """The caller hangs up at the next place at which something can happen."""

    place: Place = _place()


@attrs.frozen
class Scenario:
    """A call to `number` at an instant with zone, and how it is expected to go.

    The number is E.164, short, or `default`; `caller` is E.164 or `withheld`, empty where it is not said.
    """

    title: str
    number: str
    caller: str
    at: datetime.datetime
    lines: tuple[Hears | Reaches | Occurs | Turns | CallerHangsUp, ...]
    place: Place = _place()


# The plan


def _numbers(written: Called | str) -> Called:
    """A set of numbers; a single one may be given as E.164."""
    return Numbers.one(written) if isinstance(written, str) else written


class Purpose(enum.Enum):
    """What a line is for that is not for people."""

    MACHINE = "machine"
    ANNOUNCEMENT = "announcement-only"


@attrs.frozen
class Exemption:
    """A line that is not for people, and why: its callers need not come to a person (C02, C10, C18)."""

    purpose: Purpose
    reason: str


@attrs.frozen
class Line:
    """Inbound numbers, and the step at which those enter who call one of them.

    Numbers that a line of fewer numbers has, too, are that line's; `Plan.line` knows. `operator` takes what the plan
    leaves unsaid, empty for the default one; `refuses` are callers whose calls are not taken. Where `entry` is a row of
    extensions, each number rings the phone that stands at its place in the row.
    """

    numbers: Called = attrs.field(converter=_numbers)
    entry: str
    exempt: Exemption | None = None
    operator: str = ""
    refuses: tuple[Callers, ...] = ()
    place: Place = _place()

    @property
    def number(self) -> str:
        """The first of its numbers; of the default line, the word `default`."""
        return self.numbers.first

    def phone(self, row: Extensions, number: str) -> str:
        """The phone of a row of extensions that a number of this line dials."""
        index = self.numbers.index(number)
        if index is None or index >= len(row.phones):
            raise ValueError(f"{number} dials no phone of `{row.name}`")
        return row.phones[index].number


@attrs.frozen
class Waiver:
    """A rule that is not held against the steps of one block, by whose decision and why."""

    rule: str
    block: str
    by: str
    because: str
    place: Place = _place()


@attrs.frozen
class Plan:
    """A whole plan, its names resolved. `steps`, `hours`, `prompts` and `switches` are by name, in the order written;
    `operator` is the default one; `language` is what callers hear first, and `languages` all that they can be spoken to
    in; `waivers` are the rules that its author does without, and where; `callback_to` the classes of the only numbers
    that are ever called back; `digest` the SHA-256 of what it was resolved from, in hex, empty for a plan built in
    Python; `arrows` the places of the targets that were written out, by step and exit label.
    """

    name: str
    title: str
    zone: str
    language: str
    valid: tuple[datetime.date, datetime.date] | None
    policy: Policy
    lines: tuple[Line, ...]
    hours: Mapping[str, Schedule]
    prompts: Mapping[str, Prompt]
    steps: Mapping[str, Step]
    operator: str
    waivers: tuple[Waiver, ...] = ()
    languages: tuple[str, ...] = attrs.field(
        default=attrs.Factory(lambda plan: (plan.language,), takes_self=True), kw_only=True
    )
    switches: Mapping[str, Switch] = attrs.field(factory=dict, kw_only=True)
    callback_to: tuple[NumberClass, ...] = attrs.field(default=(), kw_only=True)
    scenarios: tuple[Scenario, ...] = attrs.field(default=(), kw_only=True)
    digest: str = attrs.field(default="", kw_only=True, eq=False)
    arrows: Mapping[tuple[str, str], Place] = attrs.field(factory=dict, kw_only=True, eq=False, repr=False)
    place: Place = _place()

    @functools.cached_property
    def ruling(self) -> tuple[tuple[int, int, int], ...]:
        """Which line has which numbers: stretches of integers (first, last), in order, and the index of their line."""
        return ruled([line.numbers if isinstance(line.numbers, Numbers) else Numbers() for line in self.lines])

    def called(self) -> tuple[Called, ...]:
        """The numbers of each line, as the lines stand, without those that belong to a line of fewer numbers."""
        found: list[list[tuple[int, int]]] = [[] for _ in self.lines]
        for first, last, index in self.ruling:
            found[index].append((first, last))
        return tuple(
            Numbers(tuple(stretches)) if isinstance(line.numbers, Numbers) else line.numbers
            for line, stretches in zip(self.lines, found, strict=True)
        )

    def line(self, number: str) -> Line | None:
        """The line that is reached by calling a number, E.164 or as a trunk delivers it: the one of the fewest numbers
        that has it, else the default line.
        """
        index = ruler(self.ruling, number)
        if index is not None:
            return self.lines[index]
        others = [line for line in self.lines if line.numbers == Short(number)]
        others += [line for line in self.lines if isinstance(line.numbers, Rest)]
        return others[0] if others else None

    @functools.cached_property
    def by_line(self) -> bool:
        """Whether it matters which operator a line has."""
        return any(isinstance(step, ByLine) for step in self.steps.values())

    @functools.cached_property
    def asked(self) -> tuple[Callers, ...]:
        """The lists of callers that a step or a line asks for, each once."""
        steps = (step.callers for step in self.steps.values() if isinstance(step, ByCaller))
        return tuple({each.name: each for each in (*steps, *(c for line in self.lines for c in line.refuses))}.values())

    @functools.cached_property
    def classes(self) -> tuple[tuple[frozenset[str], str], ...]:
        """The lists of callers that one caller can be on together, each with such a caller, empty if nobody asks: one
        who can be called back, if there is one. Who cannot meets no more than who can.
        """
        return tuple(classes(self.asked, self._rung_back).items()) if self.asked else ((frozenset(), ""),)

    @functools.cached_property
    def _rung_back(self) -> tuple[Pattern, ...]:
        """Patterns of the numbers at which a call-back is allowed to ring; none where the plan names no classes."""
        books = any(isinstance(step, Callback) for step in self.steps.values())
        return in_full(self.callback_to) if books else ()

    def rings_back(self, caller: str) -> bool:
        """Whether a caller, E.164 or `withheld`, has a number at which a call-back is allowed to ring; where nothing is
        known of the caller (empty), that is taken for granted.
        """
        if not caller or not self._rung_back:
            return caller != WITHHELD
        return matches(caller, self._rung_back)

    def parties(self, line: Line) -> tuple[tuple[Party, str], ...]:
        """Who can call a line and is not refused, as far as that matters, each with such a caller."""
        refused = {callers.name for callers in line.refuses}
        operator = (line.operator or self.operator) if self.by_line else ""
        exempt = line.exempt is not None
        return tuple(
            (Party(on, operator, exempt, self.rings_back(caller)), caller)
            for on, caller in self.classes
            if not on & refused
        )

    def arrow(self, step: str, exit: Exit) -> Place:
        """Where the plan says that this exit leads where it leads; the step's own place where it says nothing."""
        return self.arrows.get((step, exit.label), self.steps[step].place)

    def stands(self, step: str) -> tuple[int, str]:
        """A key that sorts steps as they stand in the plan, and instances of one block by their names."""
        return self.steps[step].place.start, step

    def spoken(self, language: str) -> "Plan":
        """The plan as it is to callers who are spoken to in a language: prompts last as long as they do in it."""
        if language == self.language:
            return self
        return attrs.evolve(
            self,
            language=language,
            prompts={name: prompt.spoken(language) for name, prompt in self.prompts.items()},
            steps={name: _spoken(step, language) for name, step in self.steps.items()},
        )

    def targets(self) -> tuple[str, ...]:
        """The steps that an `again` returns to, in order of name."""
        return tuple(self.limits)

    def limit(self, target: str) -> int:
        """How many times a call a target may be returned to; `resolve` sees to it that every `again` to it agrees."""
        return self.limits[target]

    @functools.cached_property
    def limits(self) -> Mapping[str, int]:
        """How many times a call each target may be returned to, in order of name."""
        found: dict[str, int] = {}
        for step in self.steps.values():
            if isinstance(step, Again):
                found[step.target] = max(step.limit, found.get(step.target, 0))
        return dict(sorted(found.items()))


# Verdicts


@attrs.frozen
class Bound:
    """The most that a call can take, callers who hang up aside: steps and seconds before it ends or is answered."""

    steps: int
    seconds: int


@attrs.frozen
class Waived:
    """What a waiver lets pass."""

    waiver: Waiver
    finding: Finding


@attrs.frozen
class Verified:
    """A plan that was proved. Only `verify.verify` makes one.

    `ranks` falls along every exit that is not an `again`; `proved` are codes of rules, without those that `warnings`
    are about, and those among `waived` proved everywhere else; `assumptions` are what the proof takes on trust of
    people and PBX, one sentence each; `warnings` do not refuse a plan.
    """

    plan: Plan
    ranks: Mapping[str, int]
    bound: Bound
    proved: tuple[str, ...]
    assumptions: tuple[str, ...]
    warnings: tuple[Finding, ...] = ()
    waived: tuple[Waived, ...] = ()


@attrs.frozen
class Unproved:
    """A plan that its author wants emitted although it was not proved; emitted files say so in their first line."""

    plan: Plan
    findings: tuple[Finding, ...]
