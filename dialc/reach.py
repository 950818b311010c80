"""Where callers can be, and when: the one engine that every rule asks.

In: a plan and its calendar. Out: `Survey`. A caller is in a `Situation`: at a step, with so many returns left, spoken
to in a language, and with what a rule remembers of the call so far. The engine keeps, for each situation, the exact set
of instants at which it can be reached: cut down to the hours at an exit that asks for them, spread by the seconds that
the exit takes. Union distributes over both, so nothing is approximated and no path is enumerated. A caller can go back
only by an `again`, which counts, so situations are visited in an order in which each is settled before it is left;
exits by which a caller can come round without an `again` are found first (`loops`) and are not followed.
"""

import bisect
import heapq
import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import attrs

from dialc.calendar import Calendar, Instants, calendar, union
from dialc.called import Numbers
from dialc.plan import Condition, End, Exit, Line, Outcome, Party, Plan, Schedule, Stay, Step
from dialc.witness import Turn, Witness

T = TypeVar("T", bound=Hashable)

State = Any
"""What a rule remembers: whatever it likes that can be compared and hashed."""


class Memory:
    """What a rule remembers of a call: a small automaton. This one remembers nothing.

    INVARIANT: `arrive` splits instants one by one: each instant goes to one state, whatever the others are.
    """

    def begin(self) -> State:
        """The state as a call comes in."""
        return None

    def called(self, party: Party) -> State:
        """The state as a call comes in, for a rule to which it matters who calls whom."""
        return self.begin()

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        """The states in which a caller arrives at a step, and at which of the instants in which."""
        return ((state, instants),)

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        """The state after a step was left by an exit."""
        return state

    def over(self, state: State) -> bool:
        """Whether nothing more is to be learnt from here on."""
        return False


FORGETFUL = Memory()


@attrs.frozen
class LastReading(Memory):
    """What a call has read last of hours that a switch overrides: open (True), closed, or nothing (None).

    An `open` with more than `plus` seconds added to the hours says nothing about them.
    """

    hours: Schedule
    plus: int = 0

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        read = exit.when
        if read is None or read.period.hours != self.hours or not read.holds:
            return state
        return read.open if not read.open or read.period.plus <= self.plus else state


class Situation(NamedTuple):
    """A caller at a step, the returns left (by target, in order of name), and a rule's memory of the call.

    `language` is the one that the caller is spoken to in; the plan's first wherever it has no other. `party` is who
    calls whom.

    INVARIANT: the party of a call is the same in all its situations.
    """

    step: str
    left: tuple[int, ...]
    state: State
    language: str
    party: Party


@attrs.frozen
class Loop:
    """A way by which a caller comes round to `step` without an `again`: the exit `index` of step `source` closes it.

    `endless` tells whether the caller can come round a third time.
    """

    step: str
    source: str
    index: int
    endless: bool
    witness: Witness


Reached = Mapping[Situation, Instants]
Goal = Mapping[Situation, Instants]


@attrs.frozen(slots=False, eq=False)
class Survey:
    """A plan, ready to be asked about. `cut` are the exits, by step and index, that are not followed.

    Exits are kept by language and step: callers who are spoken to in another language hear longer or shorter prompts.
    The exits of a step are the same in each but for their seconds, and stand in the same order.
    """

    plan: Plan
    calendar: Calendar
    loops: tuple[Loop, ...] = ()
    _exits: Mapping[str, Mapping[str, tuple[Exit, ...]]] = attrs.field(factory=dict, repr=False)
    _order: Mapping[str, int] = attrs.field(factory=dict, repr=False)
    _reached: dict[int, tuple[Memory, Reached]] = attrs.field(factory=dict, repr=False)
    _known: dict[tuple[Instants, Condition | None, Stay | None, int, int], Instants] = attrs.field(
        factory=dict, repr=False
    )

    def exits(self, step: str, language: str = "") -> tuple[Exit, ...]:
        """The exits of a step to callers who are spoken to in a language; in the plan's first where none is named."""
        return self._exits[language or self.plan.language][step]

    def cut(self, step: str, index: int) -> bool:
        """Whether an exit closes a loop, or is like one that does but for its seconds; such exits are not followed."""
        exit = self.exits(step)[index]
        closing = [self.exits(step)[loop.index] for loop in self.loops if loop.source == step]
        return any((other.label, other.to) == (exit.label, exit.to) for other in closing)

    def reach(self, memory: Memory = FORGETFUL) -> Reached:
        """Every situation that some call gets into, with all the instants at which a call can arrive in it."""
        known = self._reached.get(id(memory))
        if known is None:
            known = (memory, self._settle(memory))
            self._reached[id(memory)] = known
        return known[1]

    def _settle(self, memory: Memory) -> Reached:
        reached: dict[Situation, Instants] = {}
        waiting: dict[Situation, Instants] = {}
        agenda: list[tuple[int, int, int, Situation]] = []
        ticket = itertools.count()

        def arrive(situation: Situation, instants: Instants) -> None:
            if situation in waiting:
                waiting[situation] |= instants
                return
            waiting[situation] = instants
            used = -sum(situation.left)
            heapq.heappush(agenda, (used, self._order[situation.step], next(ticket), situation))

        for situation, instants in self.beginnings(memory):
            arrive(situation, instants)
        while agenda:
            situation = heapq.heappop(agenda)[3]
            fresh = waiting.pop(situation)
            known = reached.get(situation)
            if known is not None:
                fresh = fresh - known
                if not fresh:
                    continue
            reached[situation] = fresh if known is None else known | fresh
            for _, following, instants in self.moves(memory, situation, fresh):
                arrive(following, instants)
        return reached

    def reach_within(
        self, memory: Memory, exits: int, begun: Iterable[tuple[Situation, Instants]] | None = None
    ) -> Reached:
        """The same, for calls of at most so many exits; this one ends even where callers can go round for ever.

        With `begun`, for callers who are in these situations at these instants, in place of calls that come in.
        """
        reached: dict[Situation, Instants] = {}
        fresh: dict[Situation, Instants] = {}
        for situation, instants in self.beginnings(memory) if begun is None else begun:
            fresh[situation] = fresh.get(situation, Instants()) | instants
        for _ in range(exits + 1):
            following: dict[Situation, Instants] = {}
            for situation, instants in fresh.items():
                new = instants - reached.get(situation, Instants())
                if not new:
                    continue
                reached[situation] = reached.get(situation, Instants()) | new
                for _, onward, later in self.moves(memory, situation, new):
                    following[onward] = following.get(onward, Instants()) | later
            if not following:
                break
            fresh = following
        return reached

    def beginnings(self, memory: Memory) -> Iterator[tuple[Situation, Instants]]:
        """Where calls to each line begin, and when."""
        left = tuple(self.plan.limit(target) for target in self.plan.targets())
        for line, _, party, _ in _parties(self.plan):
            entry = self.plan.steps[line.entry]
            for state, instants in memory.arrive(memory.called(party), entry, self.calendar.validity):
                if instants:
                    yield Situation(line.entry, left, state, self.plan.language, party), instants

    def called(self, memory: Memory) -> Iterator[tuple[str, str]]:
        """The number called and the caller for each of `beginnings`, in the same order."""
        return _called(self, memory)

    def ways(self, situation: Situation) -> Iterator[tuple[Exit, Situation | None]]:
        """The exits that are followed from a situation, each with the situation behind it, as if the rule remembered
        the same there; None where the call ends.
        """
        targets = self.plan.targets()
        exits = self.exits(situation.step, situation.language)
        for index, exit in enumerate(exits):
            left = situation.left
            if exit.outcome is Outcome.AGAIN or exit.outcome is Outcome.USED_UP:
                target = next(e.to for e in exits if e.outcome is Outcome.AGAIN)
                at = targets.index(str(target))
                if (left[at] > 0) is not (exit.outcome is Outcome.AGAIN):
                    continue
                if exit.outcome is Outcome.AGAIN:
                    left = (*left[:at], left[at] - 1, *left[at + 1 :])
            if not self.cut(situation.step, index) and (exit.who is None or exit.who.admits(situation.party)):
                language, party = exit.speaks or situation.language, situation.party
                ended = isinstance(exit.to, End)
                yield exit, None if ended else Situation(str(exit.to), left, situation.state, language, party)

    def moves(
        self, memory: Memory, situation: Situation, instants: Instants
    ) -> Iterator[tuple[Exit, Situation, Instants]]:
        """Each step onward from a situation, and when a caller who was there at some of the instants arrives."""
        if memory.over(situation.state):
            return
        step = self.plan.steps[situation.step]
        for exit, onward in self.ways(situation):
            if onward is None:
                continue
            arrival = self.arrival(exit, instants)
            if not arrival:
                continue
            state = memory.leave(situation.state, step, exit)
            for split, when in memory.arrive(state, self.plan.steps[onward.step], arrival):
                if when:
                    yield exit, onward._replace(state=split), when

    def taken(self, exit: Exit, instants: Instants) -> Instants:
        """The instants out of `instants` at which a caller can begin to take the exit."""
        if exit.stay is None:
            return self._worked_out(instants, exit.when, None, 0, 0)
        landed = [_Piece(start, end, 0, False) for start, end in self.arrival(exit, instants).stretches]
        begun = union((piece.start, piece.end) for piece in self.before(landed, exit))
        return begun & self._worked_out(instants, exit.when, None, 0, 0)

    def taken_by(self, exit: Exit, instants: Instants, landing: Instants) -> Instants:
        """The instants out of `instants` at which a caller can come to the step, and have taken the exit at one of
        `landing`.
        """
        landed = [_Piece(start, end, 0, False) for start, end in (self.arrival(exit, instants) & landing).stretches]
        begun = union((piece.start, piece.end) for piece in self.before(landed, exit))
        return begun & self._worked_out(instants, exit.when, None, 0, 0)

    def arrival(self, exit: Exit, instants: Instants) -> Instants:
        """The instants at which a caller can have taken the exit who was at the step at one of `instants`."""
        return self._worked_out(instants, exit.when, exit.stay, exit.shortest, exit.longest)

    def _worked_out(
        self, instants: Instants, when: Condition | None, stay: Stay | None, shortest: int, longest: int
    ) -> Instants:
        """Sets are shared: rules differ in what they remember, and callers are at the same steps at the same times."""
        question = (instants, when, stay, shortest, longest)
        known = self._known.get(question)
        if known is None:
            taken = instants if when is None else instants & self.calendar.when(when)
            landed = taken.later(shortest, longest) if stay is None else self._stayed(taken, stay, shortest, longest)
            known = self._known[question] = landed
        return known

    def _stayed(self, taken: Instants, stay: Stay, shortest: int, longest: int) -> Instants:
        """When callers leave a step, who came at one of `taken` and stay for as long as a period is open."""
        staying = taken.later(stay.since, stay.since)
        opened = self.calendar.when(Condition(stay.period, open=True))
        shortest, longest = shortest - stay.since, longest - stay.since
        if not stay.ends:
            return staying.within(opened, shortest, longest)
        ended = staying.within(opened, shortest, longest, past=True)
        if shortest == 0:
            ended |= staying
        return ended & self.calendar.when(Condition(stay.period, open=False))

    def landing(self, exit: Exit, instant: int) -> Instants:
        """The instants at which a caller can have taken the exit who was at the step at one instant."""
        begun = Instants(((instant, instant + 1),))
        if exit.stay is None:
            return begun.later(exit.shortest, exit.longest)
        return self._stayed(begun, exit.stay, exit.shortest, exit.longest)

    def before(self, pieces: Sequence["_Piece"], exit: Exit) -> Iterator["_Piece"]:
        """The seconds to the goal seen from before an exit, of pieces that lie among its arrivals."""
        stay = exit.stay
        if stay is None:
            yield from _before(pieces, exit)
            return
        opened = self.calendar.when(Condition(stay.period, open=True)).stretches
        for piece in pieces:
            if stay.ends and exit.shortest == stay.since:
                shift = exit.shortest
                yield _Piece(piece.start - shift, piece.end - shift, piece.seconds + shift, piece.falls)
            at = max(0, bisect.bisect_right(opened, (piece.start - stay.ends, 1 << 62)) - 1)
            while at < len(opened) and opened[at][0] < piece.end:
                start, end = opened[at]
                stretch = Instants(((start, end + stay.ends),))
                staying = Instants(((start - stay.since, end - stay.since),))
                yield from _within(sorted(_before(_within((piece,), stretch), exit)), staying)
                at += 1

    def longest(self, weight: Callable[[Step, Exit], int]) -> Mapping[Situation, int]:
        """For each situation, the most that exits can weigh together from there to the end of a call.

        Where steps lie on a circle that no call can come round (the hours forbid it), each is counted once.
        """
        reached = self.reach()
        best: dict[Situation, int] = {}
        follows: dict[Situation, list[tuple[int, Situation | None]]] = {}
        for situation, instants in reached.items():
            step = self.plan.steps[situation.step]
            rows: list[tuple[int, Situation | None]] = []
            for exit, onward in self.ways(situation):
                if self.taken(exit, instants):
                    rows.append((weight(step, exit), onward))
            follows[situation] = rows
        for component in components({s: [o for _, o in rows if o is not None] for s, rows in follows.items()}):
            if len(component) == 1:
                (only,) = component
                best[only] = max((w + (best.get(o, 0) if o is not None else 0) for w, o in follows[only]), default=0)
                continue
            inside = set(component)
            within = sum(max((w for w, _ in follows[s]), default=0) for s in component)
            beyond = max(
                (best[o] for s in component for _, o in follows[s] if o is not None and o not in inside), default=0
            )
            for situation in component:
                best[situation] = within + beyond
        return best

    def witness(
        self,
        memory: Memory,
        goal: Goal,
        last: Exit | None = None,
        among: Reached | None = None,
    ) -> Witness | None:
        """The shortest call that arrives at a goal: fewest exits, then least time, then earliest, then by key.

        With `last`, an exit in the plan's first language, the call then leaves by it the step at which the goal is
        reached.
        """
        found = _shortest(self, memory, goal, self.reach(memory) if among is None else among)
        if found is None or last is None:
            return found
        step = "" if isinstance(last.to, End) else last.to
        spoken = [turn.exit.speaks for turn in found.turns if turn.exit.speaks]
        index = self.exits(found.step).index(last)
        last = self.exits(found.step, spoken[-1] if spoken else "")[index]
        return attrs.evolve(found, turns=(*found.turns, Turn(found.step, last, last.shortest)), step=step)


def survey(plan: Plan) -> Survey:
    """A plan made ready to be asked about: its loops found, its steps in order."""
    exits = {
        language: {name: step.exits() for name, step in plan.spoken(language).steps.items()}
        for language in dict.fromkeys((plan.language, *plan.languages))
    }
    asked = Survey(plan, calendar(plan), (), exits, dict.fromkeys(plan.steps, 0))
    harmless: set[frozenset[str]] = set()
    while True:
        order = components(_graph(asked))
        circles = [c for c in order if _circular(asked, c) and frozenset(c) not in harmless]
        if not circles:
            break
        loop = next((found for step in sorted(circles[-1], key=_written(plan)) if (found := _loop(asked, step))), None)
        if loop is None:
            harmless.add(frozenset(circles[-1]))
            continue
        asked = attrs.evolve(asked, loops=(*asked.loops, loop), reached={})
    positions = {step: len(order) - index for index, component in enumerate(order) for step in component}
    return attrs.evolve(asked, order=positions, reached={})


def ranks(asked: Survey) -> Mapping[str, int]:
    """A number for each step that falls along every exit that is neither an `again` nor cut.

    Steps on a circle that no call can come round share a number: the hours see to it that each is passed at most once.
    """
    found: dict[str, int] = {}
    graph = _graph(asked)
    for component in components(graph):
        beyond = max((found[to] for step in component for to in graph[step] if to in found), default=0)
        for step in component:
            found[step] = beyond + len(component)
    return found


def _graph(asked: Survey) -> Mapping[str, list[str]]:
    """The steps that each step can lead to, returns by `again` and cut exits aside."""
    return {
        name: [
            exit.to
            for index, exit in enumerate(asked.exits(name))
            if not isinstance(exit.to, End) and exit.outcome is not Outcome.AGAIN and not asked.cut(name, index)
        ]
        for name in asked.plan.steps
    }


def _circular(asked: Survey, component: Sequence[str]) -> bool:
    return len(component) > 1 or component[0] in _graph(asked)[component[0]]


def _written(plan: Plan) -> Callable[[str], tuple[int, str]]:
    """A key that sorts steps as they stand in the plan."""
    return lambda step: (plan.steps[step].place.start, step)


@attrs.frozen
class _Visits(Memory):
    """Counts the arrivals at one step, up to `most`, since the last `again`: what that brings back is declared."""

    step: str
    most: int

    def begin(self) -> State:
        return 0

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        assert isinstance(state, int)
        return ((state + (step.name == self.step), instants),)

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return 0 if exit.outcome is Outcome.AGAIN else state

    def over(self, state: State) -> bool:
        return bool(state == self.most)


def _loop(asked: Survey, step: str) -> Loop | None:
    """The shortest way in which a call comes round to a step, or None where the hours forbid it.

    A call that comes round to no other step first has at most as many exits as there are steps.
    """
    most = _most(asked)
    memory = _Visits(step, 2)
    reached = asked.reach_within(memory, most)
    goal = {s: instants for s, instants in reached.items() if s.state == 2}
    witness = asked.witness(memory, goal, among=reached) if goal else None
    if witness is None:
        return None
    closing = witness.turns[-1]
    third = _Visits(step, 3)
    endless = any(s.state == 3 for s in asked.reach_within(third, 2 * most))
    alike = (asked.exits(closing.step, language) for language in asked.plan.languages)
    index = next(exits.index(closing.exit) for exits in alike if closing.exit in exits)
    return Loop(step, closing.step, index, endless, witness)


def round_later(asked: Survey, entry: str) -> str | None:
    """A step to which callers come round without an `again` who are at the step `entry` at any instant whatever.

    That is for callers who come there otherwise than by the exits of the plan, so later than it foresees: a circle that
    no call comes round in time may be open to them. The first such step as they stand in the plan, or None.
    """
    graph = _graph(asked)
    behind = {entry}
    ahead = [entry]
    while ahead:
        onward = set(graph[ahead.pop()]) - behind
        behind |= onward
        ahead.extend(onward)
    left = tuple(asked.plan.limit(target) for target in asked.plan.targets())
    parties = dict.fromkeys(party for _, _, party, _ in _parties(asked.plan))
    languages = dict.fromkeys((asked.plan.language, *asked.plan.languages))
    found = []
    for component in components({step: graph[step] for step in asked.plan.steps if step in behind}):
        for step in component if len(component) > 1 or component[0] in graph[component[0]] else ():
            memory = _Visits(step, 2)
            begun = [
                (Situation(entry, left, state, language, party), instants)
                for state, instants in memory.arrive(memory.begin(), asked.plan.steps[entry], asked.calendar.validity)
                for language in languages
                for party in parties
            ]
            if any(s.state == 2 for s in asked.reach_within(memory, _most(asked), begun)):
                found.append(step)
    return min(found, key=_written(asked.plan), default=None)


def _most(asked: Survey) -> int:
    """The most exits of a call that comes round to no step, but by an `again`."""
    return len(asked.plan.steps) * (1 + sum(map(asked.plan.limit, asked.plan.targets())))


def components(graph: Mapping[T, Iterable[T]]) -> list[list[T]]:
    """The strong components of a graph, each after those it leads to (Tarjan's algorithm, without recursion)."""
    index: dict[T, int] = {}
    low: dict[T, int] = {}
    held: set[T] = set()
    stack: list[T] = []
    found: list[list[T]] = []
    for root in graph:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        held.add(root)
        work = [(root, iter(graph[root]))]
        while work:
            at, onward = work[-1]
            for to in onward:
                if to not in graph:
                    continue
                if to not in index:
                    index[to] = low[to] = len(index)
                    stack.append(to)
                    held.add(to)
                    work.append((to, iter(graph[to])))
                    break
                if to in held:
                    low[at] = min(low[at], index[to])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[at])
                if low[at] == index[at]:
                    component = []
                    while True:
                        member = stack.pop()
                        held.discard(member)
                        component.append(member)
                        if member == at:
                            break
                    found.append(component)
    return found


# The shortest call. `_Piece`: for the instants from `start` up to `end`, the least seconds to the goal; they fall by
# one a second where the caller only has to wait for the clock (`falls`).


class _Piece(NamedTuple):
    start: int
    end: int
    seconds: int
    falls: bool

    def at(self, instant: int) -> int:
        return self.seconds - (instant - self.start) if self.falls else self.seconds


def _within(pieces: Sequence[_Piece], instants: Instants) -> list[_Piece]:
    """The pieces, cut down to a set of instants."""
    found = []
    i = 0
    stretches = instants.stretches
    for piece in pieces:
        while i < len(stretches) and stretches[i][1] <= piece.start:
            i += 1
        j = i
        while j < len(stretches) and stretches[j][0] < piece.end:
            start, end = max(piece.start, stretches[j][0]), min(piece.end, stretches[j][1])
            found.append(_Piece(start, end, piece.at(start), piece.falls))
            j += 1
    return found


def _before(pieces: Sequence[_Piece], exit: Exit) -> Iterator[_Piece]:
    """The seconds to the goal seen from before an exit: as late as possible, or waiting for the next piece to begin."""
    low, high = exit.shortest, exit.longest
    for piece in pieces:
        yield _Piece(piece.start - low, piece.end - low, piece.seconds + low, piece.falls)
        if high > low:
            yield _Piece(piece.start - high, piece.start - low, piece.seconds + high, True)


def _least(pieces: Iterable[_Piece]) -> list[_Piece]:
    """The least of all pieces at each instant, as disjoint pieces in order."""
    begin = sorted(pieces)
    edges = sorted({edge for piece in begin for edge in (piece.start, piece.end)})
    found: list[_Piece] = []
    active: list[_Piece] = []
    at = 0
    for start, end in itertools.pairwise(edges):
        while at < len(begin) and begin[at].start <= start:
            active.append(begin[at])
            at += 1
        active = [piece for piece in active if piece.end > start]
        flat = min((p.seconds for p in active if not p.falls), default=None)
        falling = min((p.at(start) for p in active if p.falls), default=None)
        if falling is not None and (flat is None or falling <= flat):
            _put(found, _Piece(start, end, falling, True))
        elif flat is not None:
            crossing = end if falling is None else min(end, start + falling - flat)
            _put(found, _Piece(start, crossing, flat, False))
            if falling is not None and crossing < end:
                _put(found, _Piece(crossing, end, falling - (crossing - start), True))
    return found


def _put(found: list[_Piece], piece: _Piece) -> None:
    """Append a piece, as a continuation of the last where it is one."""
    if found:
        last = found[-1]
        if last.end == piece.start and last.falls == piece.falls and last.at(piece.start) == piece.seconds:
            found[-1] = last._replace(end=piece.end)
            return
    found.append(piece)


def _shortest(asked: Survey, memory: Memory, goal: Goal, reached: Reached) -> Witness | None:
    onward: dict[Situation, list[tuple[Exit, Situation, Instants]]] = {}
    backward: dict[Situation, list[Situation]] = {}
    everything = asked.calendar.everything
    for situation in reached:
        rows = [row for row in asked.moves(memory, situation, everything) if row[1] in reached]
        onward[situation] = rows
        for _, following, _ in rows:
            backward.setdefault(following, []).append(situation)
    begin = [(line, s, i) for line, (s, i) in zip(_called(asked, memory), asked.beginnings(memory), strict=True)]
    layer = {s: [_Piece(a, b, 0, False) for a, b in i.stretches] for s, i in goal.items() if i}
    layers = [layer]
    for _ in range(len(reached) + 1):
        best: tuple[int, int, int] | None = None
        for index, (_, situation, instants) in enumerate(begin):
            for piece in _within(layer.get(situation, ()), instants):
                least = piece.at(piece.end - 1) if piece.falls else piece.seconds
                chosen = (least, piece.end - 1 if piece.falls else piece.start, index)
                best = chosen if best is None or chosen < best else best
        if best is not None:
            called, situation, _ = begin[best[2]]
            return _told(asked, called, situation, best[1], layers, onward)
        sources = dict.fromkeys(source for situation in layer for source in backward.get(situation, ()))
        layer = {}
        for source in sources:
            pieces: list[_Piece] = []
            for exit, following, arrival in onward[source]:
                ahead = layers[-1].get(following)
                if ahead:
                    seen = sorted(asked.before(_within(ahead, arrival), exit))
                    pieces.extend(_within(seen, asked.calendar.when(exit.when)))
            if pieces:
                layer[source] = _least(pieces)
        if not layer:
            return None
        layers.append(layer)
    return None


def _parties(plan: Plan) -> Iterator[tuple[Line, str, Party, str]]:
    """Each line that can be called, a number of it, and who can call it: as a party and a caller."""
    for line, numbers in zip(plan.lines, plan.called(), strict=True):
        if not isinstance(numbers, Numbers) or numbers:
            yield from ((line, numbers.first, party, caller) for party, caller in plan.parties(line))


def _called(asked: Survey, memory: Memory) -> Iterator[tuple[str, str]]:
    """The number called and the caller for each beginning."""
    for line, number, party, caller in _parties(asked.plan):
        entry = asked.plan.steps[line.entry]
        for _, instants in memory.arrive(memory.called(party), entry, asked.calendar.validity):
            if instants:
                yield number, caller


def _told(
    asked: Survey,
    called: tuple[str, str],
    situation: Situation,
    instant: int,
    layers: Sequence[Mapping[Situation, Sequence[_Piece]]],
    onward: Mapping[Situation, Sequence[tuple[Exit, Situation, Instants]]],
) -> Witness:
    """The call that the layers promise, from its first instant on."""
    at = asked.calendar.moment(instant)
    turns: list[Turn] = []
    for depth in range(len(layers) - 1, 0, -1):
        promised = next(p.at(instant) for p in layers[depth][situation] if p.start <= instant < p.end)
        exit, following, arrival = _kept(asked, promised, instant, layers[depth - 1], onward[situation])
        turns.append(Turn(situation.step, exit, arrival - instant))
        situation, instant = following, arrival
    return Witness(called[0], at, tuple(turns), situation.step, called[1])


def _kept(
    asked: Survey,
    promised: int,
    instant: int,
    layer: Mapping[Situation, Sequence[_Piece]],
    rows: Sequence[tuple[Exit, Situation, Instants]],
) -> tuple[Exit, Situation, int]:
    """The first exit that keeps a promise of so many seconds, where it leads, and when it arrives there."""
    for exit, following, arrival in rows:
        if instant not in asked.calendar.when(exit.when):
            continue
        window = asked.landing(exit, instant) & arrival
        for piece in _within(layer.get(following, ()), window):
            if piece.start - instant + piece.seconds == promised:
                return exit, following, piece.start
    raise AssertionError("a piece of the least seconds has no exit behind it")
