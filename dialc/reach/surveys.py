"""Surveys: every situation that some call gets into, and when.

In: a plan whose loops are found, and its calendar. Out: `Survey`, which every rule asks.

For each situation the exact set of instants is worked out at which it can be reached: cut down to the hours at an exit
that asks for them, spread by the seconds that the exit takes. Union distributes over both, so nothing is approximated
and no path is enumerated. A caller can go back only by an `again`, which counts, so situations are visited in an order
in which each is settled before it is left.
"""

import datetime
import functools
import heapq
import itertools
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import attrs

from dialc.calendar import Calendar, Instants, union
from dialc.called import Numbers
from dialc.plan import Condition, End, Exit, Line, Party, Plan, Step
from dialc.reach import shortest
from dialc.reach.circles import behind, components
from dialc.reach.situations import FORGETFUL, Beginning, Goal, Loop, Memory, Move, Reached, Situation
from dialc.reach.ways import Region, Ways
from dialc.witness import Turn, Witness


class _Sets:
    """One object for sets of instants that are the same, where that is soon seen: so each is worked with once."""

    def __init__(self) -> None:
        self._joined: dict[frozenset[int], tuple[Sequence[Instants], Instants]] = {}
        self._equal: dict[Instants, Instants] = {}

    def joined(self, sets: Sequence[Instants]) -> Instants:
        """All of some sets together."""
        parts = {id(part): part for part in sets}
        if len(parts) == 1:
            return sets[0]
        key = frozenset(parts)
        known = self._joined.get(key)
        if known is None:
            kept = tuple(parts.values())  # so that no others get their ids
            known = self._joined[key] = kept, _union(kept)
        return known[1]

    def same(self, instants: Instants) -> Instants:
        """The first set seen that is equal."""
        return self._equal.setdefault(instants, instants)


def _union(sets: Iterable[Instants]) -> Instants:
    """The union of sets; of those that lie later than the same one, nothing is worked out."""
    alike: dict[int, Instants] = {}
    for part in sets:
        known = alike.get(id(part.since))
        alike[id(part.since)] = part if known is None else known | part
    if len(alike) == 1:
        return next(iter(alike.values()))
    return union(stretch for part in alike.values() for stretch in part.stretches)


class _Trail:
    """What a rule has followed of all calls, and in which region of the plan, None for all of it.

    `beginnings` are those of calls. The `chart` of it all is made when somebody looks for the shortest call.
    """

    def __init__(self, reached: Reached, region: Region | None, beginnings: Sequence[Beginning]) -> None:
        self.reached = reached
        self.region = region
        self.beginnings = beginnings
        self.chart: shortest.Chart | None = None

    @functools.cached_property
    def by_step(self) -> Mapping[str, Reached]:
        """The situations at each step."""
        found: dict[str, dict[Situation, Instants]] = {}
        for situation, instants in self.reached.items():
            found.setdefault(situation.step, {})[situation] = instants
        return found


@attrs.frozen(slots=False, eq=False)
class Survey:
    """A plan, ready to be asked about; exits that close `loops` are not followed. Of calls that come in at a step of
    `samples`, only those that begin at certain instants are looked at.
    """

    plan: Plan
    calendar: Calendar
    ways_out: Ways = attrs.field(repr=False)
    loops: tuple[Loop, ...] = ()
    order: Mapping[str, int] = attrs.field(factory=dict, repr=False)
    samples: Mapping[str, Instants] = attrs.field(factory=dict, repr=False)
    _known: dict[int, tuple[weakref.ref[Memory], _Trail]] = attrs.field(factory=dict, init=False, repr=False)
    _sets: _Sets = attrs.field(factory=_Sets, init=False, repr=False)

    # What rules ask

    def step(self, name: str, language: str = "") -> Step:
        """A step as it is to callers who are spoken to in a language, with prompts as long as they are in it; in the
        plan's first where none is named.
        """
        return self.ways_out.step(name, language or self.plan.language)

    def exits(self, step: str, language: str = "") -> tuple[Exit, ...]:
        """The exits of a step to callers who are spoken to in a language; in the plan's first where none is named.

        Callers who are spoken to in another language hear longer or shorter prompts. The exits of a step are the same
        in each but for their seconds, and stand in the same order.
        """
        return self.ways_out.exits(step, language or self.plan.language)

    def cut(self, step: str, index: int) -> bool:
        """Whether an exit closes a loop, or is like one that does but for its seconds; such exits are not followed."""
        return self.ways_out.cut(step, index)

    def reach(self, memory: Memory = FORGETFUL) -> Reached:
        """Every situation that some call gets into, with all the instants at which a call can arrive in it; of a memory
        `towards` some steps, those from which one of these can still be reached.
        """
        return self._trail(memory).reached

    def beginnings(self, memory: Memory = FORGETFUL) -> Sequence[Beginning]:
        """Every way in which a call begins: who calls whom, in which situation that is, and when it can be."""
        return self._trail(memory).beginnings

    def at(self, step: str, memory: Memory = FORGETFUL) -> Reached:
        """Those situations that are at one step; none where no call gets there."""
        return self._trail(memory).by_step.get(step, {})

    def ways(self, situation: Situation) -> Iterator[tuple[Exit, Situation | None]]:
        """The exits that are followed from a situation, each with the situation behind it, as if the rule remembered
        the same there; None where the call ends.
        """
        step, used, state, language, party = situation
        for way, count in self.ways_out.open(step, language, used, party):
            onward = Situation(way.to, count, state, way.exit.speaks or language, party) if way.to else None
            yield way.exit, onward

    def taken(self, exit: Exit, instants: Instants) -> Instants:
        """The instants out of `instants` at which a caller can begin to take the exit."""
        return self.ways_out.timings.of(exit).taken(instants)

    def taken_by(self, exit: Exit, instants: Instants, landing: Instants) -> Instants:
        """The instants out of `instants` at which a caller can come to the step, and have taken the exit at one of
        `landing`.
        """
        return self.ways_out.timings.of(exit).taken_by(instants, landing)

    def arrival(self, exit: Exit, instants: Instants) -> Instants:
        """The instants at which a caller can have taken the exit who was at the step at one of `instants`."""
        return self.ways_out.timings.of(exit).arrival(instants)

    def during(self, condition: Condition, instants: Instants) -> Instants:
        """The instants out of `instants` at which a condition can hold, worked out once for all who ask."""
        return self.ways_out.timings.while_(condition).arrival(instants)

    def can_take(self, exit: Exit, instants: Instants) -> bool:
        """Whether there is such an instant, which is sooner known than when."""
        return bool(self.ways_out.timings.of(exit).arrival(instants))

    def witness(self, memory: Memory, goal: Goal, last: Exit | None = None) -> Witness | None:
        """The shortest call that arrives at a goal: fewest exits, then least time, then earliest, then by key.

        With `last`, an exit in the plan's first language, the call then leaves by it the step at which the goal is
        reached.
        """
        chart = self._charted(memory)
        if last is None or len({situation.language for situation in goal}) < 2:
            found = shortest.call(chart, goal)
            return found if found is None or last is None else self._left(found, last)
        # In some languages the last exit takes longer than in others, so the quickest to the step may not be the one.
        calls: dict[tuple[int, int, datetime.datetime], Goal] = {}
        for language in {situation.language: None for situation in goal}:
            part = {situation: instants for situation, instants in goal.items() if situation.language == language}
            if (found := shortest.call(chart, part)) is not None:
                left = self._left(found, last)
                key = len(left.turns), left.seconds, left.at
                calls[key] = {**calls.get(key, {}), **part}
        found = shortest.call(chart, calls[min(calls)]) if calls else None
        return found and self._left(found, last)

    def _left(self, found: Witness, last: Exit) -> Witness:
        """A call that leaves by one more exit the step at which it has arrived."""
        step = "" if isinstance(last.to, End) else last.to
        index = self.exits(found.step).index(last)
        last = self.exits(found.step, found.language)[index]
        return attrs.evolve(found, turns=(*found.turns, Turn(found.step, last, last.shortest)), step=step)

    def distance(self, situation: Situation, memory: Memory = FORGETFUL) -> tuple[int, int]:
        """The fewest exits by which a call could come to a situation, and the least seconds which so many must take."""
        return self._charted(memory).distance(situation)

    def longest(
        self, weight: Callable[[Step, Exit], int], starting: Iterable[Situation] | None = None
    ) -> Mapping[Situation, int]:
        """For each situation, the most that exits can weigh together from there to the end of a call. Of calls that are
        `starting` in some situations, only what they get into is looked at.

        Where steps lie on a circle that no call can come round (the hours forbid it), each is counted once.
        """
        best: dict[Situation, int] = {}
        for circle in self._circles if starting is None else self._circles_from(starting):
            weighed = [
                [(weight(self.plan.steps[situation.step], exit), onward) for exit, onward in self._passable[situation]]
                for situation in circle
            ]
            if len(circle) == 1:
                best[circle[0]] = max((w + (best.get(to, 0) if to else 0) for w, to in weighed[0]), default=0)
                continue
            inside = sum(max((w for w, _ in exits), default=0) for exits in weighed)
            beyond = max((best.get(to, 0) for exits in weighed for _, to in exits if to), default=0)
            best.update(dict.fromkeys(circle, inside + beyond))
        return best

    def leading(
        self, ends: Callable[[Step, Exit], bool], onward: Callable[[Step], bool] = lambda _: True
    ) -> Mapping[Situation, Instants]:
        """For each situation, the instants out of those at which calls come there from which they can take an exit that
        `ends` tells: there, or later, if the steps in between lead `onward`. Who could come round in a loop is taken to
        get there.
        """
        reached, found = self.reach(), dict[Situation, Instants]()
        looping = {loop.source for loop in self.loops}
        for circle in self._circles:
            changed = True
            while changed:
                changed = False
                for situation in circle:
                    step = self.step(situation.step, situation.language)
                    behind = found if onward(step) else {}
                    coming = reached[situation]
                    instants = coming if step.name in looping else Instants()
                    for exit, following in self._passable[situation]:
                        # Who gets there from wherever they can come to next get there from all of it, which is known.
                        if ends(step, exit) or (following in behind and behind[following] is reached[following]):
                            instants |= self.taken(exit, coming)
                        elif following in behind:
                            instants |= self.taken_by(exit, coming, behind[following])
                        if instants == coming:
                            instants = coming
                            break
                    changed |= len(circle) > 1 and instants != found.get(situation, Instants())
                    found[situation] = instants
        return found

    # How it is worked out

    def _trail(self, memory: Memory) -> _Trail:
        """What is known of a memory: it is worked out once, and kept for as long as the rule keeps the memory."""
        key, known = id(memory), self._known
        if key not in known:
            region = self.region(memory)
            beginnings = tuple(self.begun(memory, region)) if memory.since is None else ()
            forgotten = weakref.ref(memory, lambda _: known.pop(key, None))
            known[key] = forgotten, _Trail(self._settle(memory, region, beginnings), region, beginnings)
        return known[key][1]

    def region(self, memory: Memory) -> Region | None:
        """Where a rule has to follow calls, None for everywhere."""
        return None if memory.towards is None else Region(self.ways_out, memory.since, memory.towards)

    def _settle(self, memory: Memory, region: Region | None, beginnings: Iterable[Beginning]) -> Reached:
        reached: dict[Situation, Instants] = {}
        waiting: dict[Situation, list[Instants]] = {}
        agenda: list[tuple[int, int, int, Situation]] = []
        ticket = itertools.count()

        def arrive(situation: Situation, instants: Instants) -> None:
            if situation in waiting:
                waiting[situation].append(instants)
                return
            waiting[situation] = [instants]
            used = sum(times for _, times in situation.used)
            heapq.heappush(agenda, (used, self.order[situation.step], next(ticket), situation))

        for beginning in beginnings:
            arrive(beginning.situation, beginning.instants)
        if memory.since is not None:
            for _, situation, instants in self._entries(memory, region):
                arrive(situation, instants)
        while agenda:
            situation = heapq.heappop(agenda)[3]
            fresh = self.joined(waiting.pop(situation))
            known = reached.get(situation)
            if known is not None:
                fresh = fresh - known
                if not fresh:
                    continue
            reached[situation] = fresh if known is None else known | fresh
            for _, following, instants in self.moves(memory, situation, fresh, region):
                arrive(following, instants)
        return reached

    def joined(self, sets: Sequence[Instants]) -> Instants:
        """All of some sets together."""
        return self._sets.joined(sets)

    def begun(self, memory: Memory, region: Region | None) -> Iterator[Beginning]:
        """Where calls to each line begin, within a region, and when."""
        steps = None if region is None else region.steps()
        for line, number, party, caller in self._parties:
            if steps is None or line.entry in steps:
                entry = self.plan.steps[line.entry]
                begun = self.samples.get(line.entry, self.calendar.validity)
                for state, instants in memory.arrive(memory.called(party), entry, begun):
                    if instants:
                        situation = Situation(line.entry, (), state, self.plan.language, party)
                        yield Beginning(number, caller, situation, self._sets.same(instants))

    def _entries(
        self, memory: Memory, region: Region | None, instants: Instants | None = None
    ) -> Iterator[tuple[Situation, Situation, Instants]]:
        """Where a rule begins to remember in the midst of calls, and when: at any time at which callers are there, or
        at some instants. The situation is told as it is without what the rule remembers, and with it.
        """
        assert memory.begin() is not None, "what remembers nothing begins nowhere"
        for name in sorted(memory.since or ()):
            for before, reached in self.at(name).items():
                if region is None or name in region.steps(before.used):
                    arriving = memory.arrive(memory.begin(), self.plan.steps[name], instants or reached)
                    for state, when in arriving:
                        if when:
                            yield before, before._replace(state=state), self._sets.same(when)

    @functools.cached_property
    def _parties(self) -> Sequence[tuple[Line, str, Party, str]]:
        """Each line that can be called, a number of it, and who can call it: as a party and a caller."""
        return [
            (line, numbers.first, party, caller)
            for line, numbers in zip(self.plan.lines, self.plan.called(), strict=True)
            if not isinstance(numbers, Numbers) or numbers
            for party, caller in self.plan.parties(line)
        ]

    def moves(self, memory: Memory, situation: Situation, instants: Instants, region: Region | None) -> Iterator[Move]:
        """Each step onward from a situation, within a region, and when a caller who was there at some of the instants
        arrives.
        """
        at, used, remembered, language, party = situation
        if memory.over(remembered):
            return
        step = self.step(at, language)
        steps = region.steps(used) if region else frozenset()
        for way, count in self.ways_out.open(at, language, used, party):
            if not way.to or (region and way.to not in (steps if count is used else region.steps(count))):
                continue
            arrival = way.timing.arrival(instants)
            if not arrival:
                continue
            exit = way.exit
            spoken = exit.speaks or language
            following = self.step(way.to, spoken)
            for state, when in memory.arrive(memory.leave(remembered, step, exit), following, arrival):
                if when:
                    same = when if when is arrival else self._sets.same(when)
                    yield exit, Situation(way.to, count, state, spoken, party), same

    def _charted(self, memory: Memory) -> shortest.Chart:
        known = self._trail(memory)
        if known.chart is None:
            known.chart = self.chart(memory, known.reached, known.region, known.beginnings)
        return known.chart

    def chart(
        self, memory: Memory, reached: Reached, region: Region | None, beginnings: Sequence[Beginning]
    ) -> shortest.Chart:
        """Situations that were reached, for who looks for the shortest call."""
        everything = self.calendar.everything
        moves = {
            situation: [move for move in self.moves(memory, situation, everything, region) if move[1] in reached]
            for situation in reached
        }
        if memory.since is None:
            return shortest.Chart(self.calendar, self.ways_out.timings, moves, beginnings)
        entries = tuple(self._entries(memory, region, everything))
        before = self._charted(FORGETFUL)
        return shortest.Chart(self.calendar, self.ways_out.timings, moves, before.beginnings, before, entries)

    @functools.cached_property
    def _passable(self) -> Mapping[Situation, Sequence[tuple[Exit, Situation | None]]]:
        """The exits that can be taken from each situation, and where they lead."""
        return {
            situation: [way for way in self.ways(situation) if self.can_take(way[0], instants)]
            for situation, instants in self.reach().items()
        }

    @functools.cached_property
    def _circles(self) -> Sequence[Sequence[Situation]]:
        """The situations, each after those that it leads to; together those on a circle."""
        return components({s: [to for _, to in ways if to] for s, ways in self._passable.items()})

    def _circles_from(self, starting: Iterable[Situation]) -> Iterator[Sequence[Situation]]:
        """Those that calls get into from some situations."""
        reached = (situation for situation in starting if situation in self._passable)
        found = behind(reached, lambda situation: [onward for _, onward in self._passable[situation] if onward])
        return (self._circles[index] for index in sorted({self._circle[situation] for situation in found}))

    @functools.cached_property
    def _circle(self) -> Mapping[Situation, int]:
        """Which of them each situation is in."""
        return {situation: index for index, circle in enumerate(self._circles) for situation in circle}
