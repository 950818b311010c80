"""The two kinds of proof, and how each is checked by one look at every label.

In: a `Reading` of a plan, and what a certificate says of it. Out: nothing, or a `Refused`.

* What never happens: an `Automaton` is what a rule remembers of a call, and the certificate labels each place and state
  with instants. If all beginnings of calls are in the labels, if every exit leads from a label into one, and no label
  is bad, then no call ever comes to anything bad, by induction over its exits.
* What is never too much: an `Amount` says what an exit costs, and the certificate how much each label has still ahead,
  as a function of the instant. If that falls along every exit by at least what the exit costs, then no call costs more
  than what it has ahead as it begins.
"""

import bisect
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, NamedTuple

from dialc.plan import Exit, Line, Step
from dialc.proof.instants import Times, inside, meet, touching
from dialc.proof.reading import EVER, Gate, Place, Reading

State = tuple[Any, ...]


class Refused(Exception):
    """Why a certificate proves nothing; a plain sentence, without a full stop."""


class Label(NamedTuple):
    """A place, and what is remembered there."""

    place: Place
    state: State


Labels = Mapping[Label, Times]


class Automaton:
    """What a rule remembers of a call, which is `first` as it begins. This one remembers nothing.

    `towards` are the steps at which the rule looks, None for all; `since` those at which it begins to remember, each
    time that a caller comes there, None for where calls begin. Some look at lines `for_machines`, some do not.
    """

    first: State = ()
    for_machines = True
    since: Set[str] | None = None

    def __init__(self, reading: Reading, code: str, about: str = "", towards: Iterable[str] | None = None) -> None:
        self.reading, self.code, self.about = reading, code, about
        self.towards: Set[str] | None = None if towards is None else frozenset(towards)

    def entries(self) -> Iterator[Place]:
        """The places at which calls begin."""
        yield from (place for _, place in self.reading.entries())

    def begin(self, place: Place) -> Iterable[tuple[State, Times]]:
        """The states in which a call begins at a place, each with the instants at which."""
        return ((self.first, EVER),) if self.for_machines or not place.party.exempt else ()

    def follow(self, state: State, step: Step, exit: Exit, to: Step) -> State | None:
        """The state behind an exit; None where nothing can be said against the call any more."""
        return state

    def bad(self, label: Label, step: Step, times: Times) -> str:
        """What is wrong with a label, empty for nothing."""
        return ""

    def bad_exit(self, label: Label, step: Step, exit: Exit) -> str:
        """What is wrong with an exit that can be taken, empty for nothing."""
        return ""


class Invariant:
    """The labels of one automaton, as a certificate has them."""

    def __init__(self, automaton: Automaton, labels: Labels, base: Labels) -> None:
        self.automaton, self.labels, self._base = automaton, labels, base
        self._reading = automaton.reading
        self._regions: dict[frozenset[str], Set[str]] = {}
        self._behind: dict[tuple[int, int], Times] = {}
        self._inside: set[tuple[int, int]] = set()
        self._kept: list[Times] = []

    def check(self) -> None:
        """Hold the labels against the plan."""
        automaton, reading = self.automaton, self._reading
        for label, times in self._begun():
            self._needs(label, times)
        for label, times in self.labels.items():
            if not self._matters(label.place):
                continue
            if times and times[-1][1] > reading.clock.known[0][1]:
                self._refuse(label.place.step, "calls go on for longer than the hours are known")
            step, looks = reading.step(label.place), automaton.towards is None or label.place.step in automaton.towards
            self._refuse(label.place.step, automaton.bad(label, step, times) if looks else "")
            for exit, onward in reading.ways(label.place):
                landed = self._landed(exit, times)
                if landed:
                    self._refuse(label.place.step, automaton.bad_exit(label, step, exit) if looks else "")
                    state = automaton.follow(label.state, step, exit, reading.step(onward)) if onward else None
                    if onward and state is not None:
                        self._needs(Label(onward, state), landed)

    def _begun(self) -> Iterator[tuple[Label, Times]]:
        if self.automaton.since is not None:
            for (place, _), times in self._base.items():
                if place.step in self.automaton.since:
                    yield from ((Label(place, s), meet(times, when)) for s, when in self.automaton.begin(place))
            return
        for place in self.automaton.entries():
            for state, when in self.automaton.begin(place):
                yield Label(place, state), meet(self._reading.clock.valid, when)

    def _needs(self, label: Label, times: Times) -> None:
        if not times or not self._matters(label.place):
            return
        known = self.labels.get(label, ())
        if (id(times), id(known)) in self._inside:
            return
        if not inside(times, known):
            self._refuse(label.place.step, "calls can come there at instants that the certificate leaves out")
        self._kept.append(times)  # so that no others get its id
        self._inside.add((id(times), id(known)))

    def _landed(self, exit: Exit, times: Times) -> Times:
        key = id(times), self._reading.timing(exit)
        if key not in self._behind:
            self._behind[key] = self._reading.behind(exit, times)
        return self._behind[key]

    def _matters(self, place: Place) -> bool:
        """Whether a call can still come from a place to where the rule looks."""
        if self.automaton.towards is None:
            return True
        spent = frozenset(target for target, times in place.used if times >= self._reading.plan.limit(target))
        if spent not in self._regions:
            self._regions[spent] = self._reading.leading_to(self.automaton.towards, spent)
        return place.step in self._regions[spent]

    def _refuse(self, step: str, why: str) -> None:
        if why:
            about = f" ({self.automaton.about})" if self.automaton.about else ""
            raise Refused(f"{self.automaton.code}{about}, at `{step}`: {why}")


class Piece(NamedTuple):
    """For the instants from `start` up to, not including, `end`: so much, falling by one a second if it `falls`."""

    start: int
    end: int
    most: int
    falls: bool

    def at(self, instant: int) -> int:
        """How much it is at an instant."""
        return self.most - self.falls * (instant - self.start)

    def cut(self, start: int, end: int, more: int) -> "Piece":
        """A part of it, with so much more."""
        return Piece(start, end, self.at(start) + more, self.falls)


Pieces = tuple[Piece, ...]
"""How much is ahead, at most; in order, and at instants in no piece there is nothing to be measured."""


class Passage(NamedTuple):
    """A way through a step: `shortest` to `longest` seconds. After so many, those but the first `free` count, up to
    `counts`, and `adds` besides. Where it `ends`, nothing more is measured.
    """

    shortest: int
    longest: int
    free: int = 0
    counts: int = 0
    adds: int = 0
    ends: bool = False


def counted(shortest: int, longest: int, adds: int = 0, *, ends: bool = False) -> Passage:
    """A passage all of whose seconds count."""
    return Passage(shortest, longest, 0, longest, adds, ends)


def passed(shortest: int, longest: int, adds: int = 0, *, ends: bool = False) -> Passage:
    """A passage of whose seconds none counts."""
    return Passage(shortest, longest, shortest, 0, adds, ends)


class Amount:
    """What is measured along calls, and the most that there may be; `automaton` remembers what matters for it."""

    limit: int

    def __init__(self, automaton: Automaton, code: str, about: str) -> None:
        self.automaton, self.code, self.about = automaton, code, about

    def begins(self, line: Line) -> Times:
        """The instants at which a call to a line begins that is measured from its beginning."""
        return EVER

    def first(self, step: Step, exit: Exit) -> Iterable[Passage]:
        """The ways through a step in which the measure begins in the midst of a call."""
        return ()

    def passages(self, step: Step, exit: Exit) -> Iterable[Passage]:
        """The ways through a step by an exit; none for calls that are not measured."""
        return ()

    def check(self, labels: Labels, ahead: Mapping[Label, Pieces]) -> None:
        """Hold what is ahead of each label against the plan."""
        reading, most = self.automaton.reading, (Piece(*EVER[0], self.limit, falls=False),)
        seen: set[tuple[object, ...]] = set()
        for line, place in reading.entries():
            for state, when in self.automaton.begin(place):
                times = meet(meet(reading.clock.valid, when), self.begins(line))
                if not _falls(most, times, Gate(EVER, EVER, 0), Passage(0, 0), ahead.get(Label(place, state), ())):
                    self._refuse(place.step, f"a call can begin there that has more than {self.limit} ahead")
        for label, times in labels.items():
            step = reading.step(label.place)
            for exit, onward in reading.ways(label.place):
                following = self.automaton.follow(label.state, step, exit, reading.step(onward)) if onward else None
                behind = ahead.get(Label(onward, following), ()) if onward and following is not None else ()
                for own, passages in ((ahead.get(label, ()), self.passages), (most, self.first)):
                    for passage in passages(step, exit):
                        rest = _NOTHING if passage.ends else behind
                        alike = id(own), id(times), reading.timing(exit), passage, id(rest)
                        if alike in seen:
                            continue
                        seen.add(alike)
                        if not all(_falls(own, times, gate, passage, rest) for gate in reading.gates(exit)):
                            self._refuse(step.name, f"`{exit.label}` costs more than the certificate says")

    def _refuse(self, step: str, why: str) -> None:
        raise Refused(f"{self.code} ({self.about}), at `{step}`: {why}")


_NOTHING: Pieces = (Piece(*EVER[0], 0, False),)


def _falls(own: Pieces, times: Times, gate: Gate, passage: Passage, behind: Pieces) -> bool:
    """Whether as much is ahead of a passage, at each of some instants, as is behind it and what it costs."""
    begun = times if gate.opens is EVER else meet(times, gate.opens)
    shortest, longest = passage.shortest, min(passage.longest, gate.most)
    if not (begun and behind and shortest <= longest):
        return True
    if len(own) == len(behind) == 1:
        begun = ((begun[0][0], begun[-1][1]),)
    # Up to the knee each second counts, from then on none does.
    knee = passage.free + passage.counts
    lapses = [(shortest, min(knee, longest), 1, passage.adds - passage.free)] if shortest <= knee else []
    lapses += [(max(knee, shortest), longest, 0, passage.adds + passage.counts)] if longest > knee else []
    return all(
        _enough(own, first, last, (low, high, counts), piece.cut(start, end, more))
        for low, high, counts, more in lapses
        for piece in behind
        for start, end in touching(gate.lands, piece.start, piece.end)
        for first, last in touching(begun, start - high, end - low)
    )


def _enough(own: Pieces, at: int, last: int, lapse: tuple[int, int, int], behind: Piece) -> bool:
    """The same from one instant up to another, of a lapse that leads to one piece.

    Both sides are straight but for where the shortest, or the longest, lapse begins to lead there: so it is enough to
    look at these instants and at the ends.
    """
    low, high, counts = lapse
    index = bisect.bisect_right(own, at, key=lambda piece: piece.start) - 1
    while at < last:
        if not (0 <= index < len(own) and own[index].start <= at < own[index].end):
            return False
        end = min(own[index].end, last)
        for instant in {at, end - 1, behind.end - 1 - high, behind.start - low}:
            if at <= instant < end:
                ends = max(low, behind.start - instant), min(high, behind.end - 1 - instant)
                if own[index].at(instant) < max(counts * lapse + behind.at(instant + lapse) for lapse in ends):
                    return False
        at, index = end, index + 1
    return True
