"""How much something adds up to on the way of a call: the most and the least, exactly, and the call that shows it.

In: a survey, and what is measured: for each exit of each step a `Passage`, the stretches of time that it takes (which
count or pass by), what it adds besides, and whether the measure ends in it. Out: for each situation, as a function of
the instant, the most (or least) that lies between the caller's arrival there and the end of the measure. Calls that
never come to the end of a measure do not count.

Time is followed as in `reach`: the same hours are open for what is measured as for the caller, so that a sum over steps
which no one call can take together is never told.
"""

import bisect
import functools
import heapq
import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple, TypeVar

import attrs

from dialc.calendar import Instants, union
from dialc.pieces import Piece, Pieces, before, best, flat, more, within
from dialc.plan import Condition, Exit, Step
from dialc.reach import FORGETFUL, Memory, Situation, State, Survey, components
from dialc.witness import Turn, Witness

K = TypeVar("K", bound=Hashable)


class Lapse(NamedTuple):
    """Seconds that pass, at least `shortest` and at most `longest`; they are measured if they are `counted`.

    `stays` if the caller waits only while the hours that the exit asks for are open (`Exit.stay`).

    One with `allows` takes no time: there the measure begins anew, and calls count only if what is then measured, up to
    the next such lapse or the end, is at most so much (or, for the most, at least).
    """

    shortest: int
    longest: int
    counted: bool = True
    stays: bool = False
    allows: int | None = None


@attrs.frozen
class Passage:
    """A way through a step, as far as a measure is concerned: lapses of time, and what it adds to them.

    Where the measure `ends`, the caller is still in the step; the exit is taken later. A measure can have phases, of
    which calls begin in the first, 0: a passage is for calls in its `phase`, and `leads` to another or the same.
    """

    lapses: tuple[Lapse, ...] = ()
    adds: int = 0
    ends: bool = False
    phase: int = 0
    leads: int = 0


def lapses(exit: Exit, *, counted: bool = True, passed: int = 0) -> tuple[Lapse, ...]:
    """The seconds that an exit takes, of which the first `passed` are not counted."""
    found = [Lapse(passed, passed, False)] if passed else []
    since = exit.stay.since if exit.stay else passed
    if since > passed:
        found.append(Lapse(since - passed, since - passed, counted))
    shortest, longest = max(0, exit.shortest - since), exit.longest - since
    if longest or exit.stay:  # a queue that is full as its prompts are over is open then
        found.append(Lapse(shortest, longest, counted, stays=exit.stay is not None))
    return tuple(found)


Measure = Callable[[Step, Exit], Iterable[Passage]]
"""What is measured: the ways through a step by an exit (of the step as it is spoken to the caller).

None of them for an exit that the measured call does not take. Where an exit ends the call, a passage that does not end
the measure does not count.
"""


class Spot(NamedTuple):
    """A situation in a phase of the measure."""

    situation: Situation
    phase: int = 0


_Onward = tuple[Exit, Passage, Spot | None]
"""A way on from a spot: an exit, how it is measured, and where it leads."""


@attrs.frozen(slots=False, eq=False)
class Measured:
    """The most (or the least) from each situation on, for as many of the instants at which callers are there as have
    any. With `at`, calls are measured that begin at one of these instants; with `ending`, what the memory has of a call
    is added where its measure ends.

    With `towards`, calls in the first phase are followed only while they can still come to one of these steps: for a
    measure that ends, or goes on to another phase, nowhere else. It costs the part of the plan that leads there, and
    what of the plan is behind it for the other phases.

    INVARIANT: the memory, if any, does not split instants: `arrive` gives one state, whenever the caller arrives.
    """

    survey: Survey
    measure: Measure
    most: bool
    memory: Memory = FORGETFUL
    at: Instants | None = None
    ending: Callable[[State], int] | None = None
    towards: Set[str] | None = None
    _known: dict[object, Pieces] = attrs.field(factory=dict, repr=False)
    _bests: dict[frozenset[int], Pieces] = attrs.field(factory=dict, repr=False)
    _alike: dict[Pieces, Pieces] = attrs.field(factory=dict, repr=False)
    _rows: dict[tuple[str, str], tuple[tuple[Passage, ...], ...]] = attrs.field(factory=dict, repr=False)
    _pieces: dict[Spot, Pieces] = attrs.field(factory=dict, repr=False)
    _found: dict[Spot, Sequence[_Onward]] = attrs.field(factory=dict, repr=False)

    def pieces(self) -> Mapping[Situation, Pieces]:
        """For each situation, how much is ahead of those who are in the first phase there."""
        return self._begun_with

    @functools.cached_property
    def _begun_with(self) -> Mapping[Situation, Pieces]:
        self._settle()
        return _first_phase(self._pieces)

    def _settle(self) -> None:
        reached = self.survey.reach(self.memory)
        graph = self._graph()
        for component in components(graph):
            circular = len(component) > 1 or component[0] in graph[component[0]]
            changed = True
            while changed:
                changed = False
                for spot in component:
                    found = self._ahead(spot, reached[spot.situation], self._pieces)
                    changed |= circular and found != self._pieces.get(spot, ())
                    self._pieces[spot] = found

    def ceiling(self) -> int | None:
        """No call is measured to be more, whatever the hours; None where that cannot be told without them, or no call
        is measured. It costs much less than the exact most.
        """
        graph = self._graph()
        ahead: dict[Spot, int] = {}
        for component in components(graph):
            spot = component[0]
            if len(component) > 1 or spot in graph[spot]:
                return None
            found = [
                passage.adds
                + sum(lapse.longest for lapse in passage.lapses if lapse.counted)
                + (0 if passage.ends or onward is None else ahead[onward])
                for _, passage, onward in self.ways(spot)
                if passage.ends or onward in ahead
            ]
            if found:
                ahead[spot] = max(found)
        begun = (Spot(beginning.situation) for beginning in self.survey.beginnings(self.memory))
        return max((ahead[spot] for spot in begun if spot in ahead), default=None)

    def _graph(self) -> Mapping[Spot, Sequence[Spot]]:
        """Where each spot leads that calls can come to."""
        survey, reached = self.survey, self.survey.reach(self.memory)
        graph: dict[Spot, list[Spot]] = {}
        leading = None if self.towards is None else survey.ways_out.leading_to(self.towards)
        begun = reached if leading is None else (s for step in leading for s in survey.at(step, self.memory))
        agenda = [Spot(situation) for situation in begun]
        while agenda:
            spot = agenda.pop()
            if spot not in graph:
                graph[spot] = [
                    to
                    for _, _, to in self.ways(spot)
                    if to and to.situation in reached and (to.phase or leading is None or to.situation.step in leading)
                ]
                agenda.extend(graph[spot])
        return graph

    def ways(self, spot: Spot) -> Sequence[_Onward]:
        """The ways on from a spot, looked for once."""
        if spot not in self._found:
            self._found[spot] = tuple(self._looked_for(spot))
        return self._found[spot]

    def _looked_for(self, spot: Spot) -> Iterator[_Onward]:
        survey, situation = self.survey, spot.situation
        if self.memory.over(situation.state):
            return
        key = (situation.step, situation.language)
        rows = self._rows.get(key)
        exits = survey.exits(*key)
        if rows is None:
            step = survey.step(*key)
            rows = self._rows[key] = tuple(tuple(self.measure(step, exit)) for exit in exits)
        by_exit = {id(exit): row for exit, row in zip(exits, rows, strict=True)}
        for exit, onward in survey.ways(situation):
            passages = [passage for passage in by_exit[id(exit)] if passage.phase == spot.phase]
            if self.ending is not None:
                more = self.ending(situation.state)
                passages = [attrs.evolve(p, adds=p.adds + more) if p.ends else p for p in passages]
            behind = self.remembered(situation, exit, onward) if onward and passages else None
            yield from ((exit, passage, Spot(behind, passage.leads) if behind else None) for passage in passages)

    def remembered(self, situation: Situation, exit: Exit, onward: Situation) -> Situation:
        """A situation behind an exit, with what the memory has of the call by then."""
        survey = self.survey
        state = self.memory.leave(situation.state, survey.step(situation.step, situation.language), exit)
        ((state, _),) = self.memory.arrive(state, survey.step(onward.step, onward.language), Instants())
        return onward._replace(state=state)

    def _ahead(self, spot: Spot, instants: Instants, behind: Mapping[Spot, Pieces]) -> Pieces:
        found: list[Pieces] = []
        for exit, passage, onward in self.ways(spot):
            if passage.ends:
                found.append(self._through(exit, passage, (), instants))
            elif onward is not None and (pieces := behind.get(onward)):
                found.append(self._through(exit, passage, pieces, instants))
        return self._best(found)

    def _best(self, parts: Iterable[Pieces]) -> Pieces:
        """The best of what comes of `_through`, worked out once of the same: much of a plan is alike."""
        different = {id(part): part for part in parts}
        known = self._bests.get(frozenset(different))
        if known is None:
            pieces = best(itertools.chain.from_iterable(different.values()), most=self.most)
            known = self._bests[frozenset(different)] = self._alike.setdefault(pieces, pieces)
        return known

    def _through(self, exit: Exit, passage: Passage, behind: Pieces, instants: Instants) -> Pieces:
        """How much is ahead before a passage, of what is behind it; at instants at which its exit can be taken."""
        question = (passage, exit.when, exit.stay, id(behind), instants)
        known = self._known.get(question)
        if known is None:
            begun = instants & self.survey.calendar.when(exit.when) if exit.when else instants
            stages = self._stages(exit, passage, behind, begun)
            known = self._known[question] = tuple(within(stages[0], begun))
        return known

    def _stages(self, exit: Exit, passage: Passage, behind: Pieces, begun: Instants) -> list[Pieces]:
        """How much is ahead before each lapse of a passage that is begun at some instants, and behind the last."""
        if passage.ends:
            ended = begun.later(0, sum(lapse.longest for lapse in passage.lapses))
            behind = flat(ended & self.survey.calendar.everything)
        pieces = more(behind, passage.adds)
        found = [pieces]
        for lapse in reversed(passage.lapses):
            pieces = self._before(pieces, lapse, exit)
            found.append(pieces)
        return found[::-1]

    def _before(self, pieces: Pieces, lapse: Lapse, exit: Exit) -> Pieces:
        if lapse.allows is not None:
            return flat(self.plenty(pieces, lapse.allows))
        if not (lapse.longest or lapse.stays):
            return pieces
        low, high, counted = lapse.shortest, lapse.longest, lapse.counted
        if not (lapse.stays and exit.stay):
            return best(before(pieces, low, high, counted=counted, most=self.most), most=self.most)
        found: list[Piece] = []
        opened = self.survey.calendar.when(Condition(exit.stay.period, open=True))
        ends = exit.stay.ends
        if ends and not low and pieces:  # it is over already
            window = Instants(((pieces[0].start, pieces[-1].end),))
            found.extend(within(pieces, window & self.survey.calendar.everything - (opened & window)))
        for start, end in _around(opened, pieces, high):
            left = Instants(((end, end + 1),)) if ends else Instants(((start, end),))
            seen = before(within(pieces, left), low, high, counted=counted, most=self.most)
            found.extend(within(sorted(seen), Instants(((start, end),))))
        return best(found, most=self.most)

    @functools.cached_property
    def beginnings(self) -> Sequence["Beginning"]:
        """Every way in which measured calls begin, and how much is ahead then."""
        return tuple(self._begun(self.pieces()))

    def _begun(self, pieces: Mapping[Situation, Pieces]) -> Iterator["Beginning"]:
        """Every way in which calls begin that have something ahead."""
        for begun in self.survey.beginnings(self.memory):
            ahead = pieces.get(begun.situation)
            if ahead:
                cut = tuple(within(ahead, begun.instants if self.at is None else begun.instants & self.at))
                yield Beginning(begun.number, begun.caller, begun.situation, cut)

    def extreme(self, begins: Callable[["Beginning"], bool] = lambda _: True) -> int | None:
        """The most (or the least) of all calls, of those that begin so; None where no call is measured."""
        return _extreme(filter(begins, self.beginnings), most=self.most)

    def example(self, begins: Callable[["Beginning"], bool] = lambda _: True) -> "Shown | None":
        """A call that comes to the extreme: the earliest such."""
        extreme = self.extreme(begins)
        if extreme is None:
            return None
        return self._call(extreme, lambda _: self._pieces, None, filter(begins, self.beginnings))

    def examples(
        self, kind: Callable[["Beginning"], K | None], need: int | None = None
    ) -> Mapping[K, tuple[int, "Shown"]]:
        """For each kind of calls of which any is measured, the extreme, and the earliest call that comes to it; or one
        that is measured to be at least (or at most) so much, of those kinds of which there is one.

        Calls of no kind (None) are not looked at.
        """
        begun: dict[K, list[Beginning]] = {}
        for each in self.beginnings:
            its = kind(each)
            if its is not None:
                begun.setdefault(its, []).append(each)
        found: dict[K, tuple[int, Shown]] = {}
        for its, beginnings in begun.items():
            wanted = _extreme(beginnings, most=self.most) if need is None else need
            shown = None if wanted is None else self._call(wanted, lambda _: self._pieces, None, beginnings)
            if wanted is not None and shown is not None:
                found[its] = wanted, shown
        return found

    def shortest(self, need: int) -> "Shown | None":
        """A call of the fewest exits that is measured to be at least (or at most) so much, each step as short as it can
        be then; None where there is none.
        """
        return self.shortest_of_each(need, lambda _: True).get(True)

    def shortest_of_each(self, need: int, kind: Callable[["Beginning"], K]) -> Mapping[K, "Shown"]:
        """The same for each kind of calls of which there is one."""
        wanted = {kind(begun) for begun in self.beginnings if self._reaches(begun, need)}
        found: dict[K, Shown] = {}
        layers: list[Mapping[Spot, Pieces]] = []
        for ahead in self._layers() if wanted else ():
            layers.append(ahead)
            begun: dict[K, list[Beginning]] = {}
            for each in self._begun(_first_phase(ahead)):
                if self._reaches(each, need) and (its := kind(each)) not in found:
                    begun.setdefault(its, []).append(each)
            for its, beginnings in begun.items():
                shown = self._call(need, lambda left: layers[left], len(layers) - 1, beginnings)
                if shown is not None:
                    found[its] = shown
            if not wanted - found.keys():
                break
        return found

    def _reaches(self, begun: "Beginning", need: int) -> bool:
        return any(self._first(piece, need) is not None for piece in begun.pieces)

    def anywhere(self, need: int) -> "Shown | None":
        """The same for a measure that begins wherever a caller arrives, not as the call comes in; what was before is
        not in it.
        """
        return next(self.one_by_one(need), None)

    def one_by_one(self, need: int) -> Iterator["Shown"]:
        """The same again and again: before the next is asked for, what is measured has to change in the step in which
        the measure of the last ended, and in no other. What this costs is what leads there within the measure.
        """
        search = _OneByOne(self, need)
        while (shown := search.shortest()) is not None:
            yield shown
            search.look_again(shown.witness.step)

    def forget(self, spot: Spot) -> None:
        """Look for the ways on from a spot anew, since what is measured in its step has changed."""
        self._found.pop(spot, None)
        self._rows.pop((spot.situation.step, spot.situation.language), None)

    def plenty(self, pieces: Pieces, need: int) -> Instants:
        """The instants at which enough is ahead."""
        found = []
        for piece in pieces:
            if not piece.falls:
                start, end = piece.start, piece.end if self._enough(piece.seconds, need) else piece.start
            elif self.most:
                start, end = piece.start, min(piece.end, piece.start + piece.seconds - need + 1)
            else:
                start, end = max(piece.start, piece.start + piece.seconds - need), piece.end
            found.append((start, end))
        return union(found)

    def _layers(self) -> Iterator[Mapping[Spot, Pieces]]:
        """How much is ahead of calls that come to the end of the measure after no exit, after one, and so on."""
        reached = self.survey.reach(self.memory)
        graph = self._graph()
        before: dict[Spot, list[Spot]] = {}
        ending: list[Spot] = []
        for spot, onward in graph.items():
            if any(passage.ends for _, passage, _ in self.ways(spot)):
                ending.append(spot)
            for to in dict.fromkeys(onward):
                before.setdefault(to, []).append(spot)
        ahead = {spot: pieces for spot in ending if (pieces := self._ahead(spot, reached[spot.situation], {}))}
        for _ in range(len(graph) + 1):
            if not ahead:
                return
            yield ahead
            sources = dict.fromkeys(source for spot in ahead for source in before.get(spot, ()))
            ahead = {s: pieces for s in sources if (pieces := self.after_exit(s, reached[s.situation], ahead))}

    def in_step(self, spot: Spot, instants: Instants) -> Pieces:
        """As `_ahead`, of calls whose measure ends in the step."""
        return self._ahead(spot, instants, {})

    def after_exit(self, spot: Spot, instants: Instants, behind: Mapping[Spot, Pieces]) -> Pieces:
        """As `_ahead`, of calls that leave the step."""
        found: list[Pieces] = []
        for exit, passage, onward in self.ways(spot):
            if not passage.ends and onward and (pieces := behind.get(onward)):
                found.append(self._through(exit, passage, pieces, instants))
        return self._best(found)

    def _enough(self, measured: int, need: int) -> bool:
        return measured >= need if self.most else measured <= need

    def _call(
        self,
        need: int,
        behind: Callable[[int], Mapping[Spot, Pieces]],
        exits: int | None,
        beginnings: Iterable["Beginning"],
    ) -> "Shown | None":
        """The earliest call that is measured to be so much; of exactly so many exits, if they are given."""
        ahead = [
            (start, index, begun)
            for index, begun in enumerate(beginnings)
            for piece in begun.pieces
            if (start := self._first(piece, need)) is not None
        ]
        if not ahead:
            return None
        instant, _, begun = min(ahead, key=lambda each: each[:2])
        nothing = Witness(begun.number, self.survey.calendar.moment(instant), (), begun.situation.step, begun.caller)
        return self.told(nothing, Spot(begun.situation), instant, need, behind, exits)

    def told(
        self,
        before: Witness,
        spot: Spot,
        instant: int,
        need: int,
        behind: Callable[[int], Mapping[Spot, Pieces]],
        exits: int | None,
    ) -> "Shown":
        """The rest of a call that has come to a spot by an instant, measured to be so much from there."""
        turns = list(before.turns)
        left = exits if exits is not None else 0
        while True:
            for exit, passage, onward in self._choices(spot, exits is None or left == 0, exits is None or left > 0):
                pieces = behind(left - 1 if exits is not None else 0).get(onward, ()) if onward else ()
                passed = self._pass(exit, passage, pieces, instant, need)
                if passed is not None:
                    break
            else:
                raise AssertionError("what was measured is not to be had")
            step = spot.situation.step
            if onward is None:
                witness = attrs.evolve(before, turns=tuple(turns), step=step)
                return Shown(witness, passed[0] - instant, passage)
            turns.append(Turn(step, exit, passed[0] - instant))
            spot, (instant, need), left = onward, passed, left - 1

    def _choices(self, spot: Spot, ending: bool, leaving: bool) -> Iterator[_Onward]:
        """The passages that end the measure, without what is behind, then those that lead on."""
        ways = self.ways(spot)
        if ending:
            yield from ((exit, passage, None) for exit, passage, _ in ways if passage.ends)
        if leaving:
            yield from (way for way in ways if way[2] is not None and not way[1].ends)

    def _first(self, piece: Piece, need: int) -> int | None:
        """The first instant of a piece at which enough is ahead."""
        if self._enough(piece.seconds, need):
            return piece.start
        if not self.most and piece.falls:
            instant = piece.start + piece.seconds - need
            return instant if instant < piece.end else None
        return None

    def _pass(self, exit: Exit, passage: Passage, behind: Pieces, instant: int, need: int) -> tuple[int, int] | None:
        """When a caller comes out of a passage at the earliest, of whom enough is measured, and what is then needed."""
        if instant not in self.survey.calendar.when(exit.when):
            return None
        near = _near(behind, instant, instant + sum(lapse.longest for lapse in passage.lapses))
        stages = self._stages(exit, passage, near, Instants(((instant, instant + 1),)))
        if not any(piece.start <= instant < piece.end and self._enough(piece.at(instant), need) for piece in stages[0]):
            return None
        for lapse, ahead in zip(passage.lapses, stages[1:], strict=True):
            if lapse.allows is not None:
                need = lapse.allows
                continue
            following = self._lapse(lapse, exit, ahead, instant, need)
            need -= (following - instant) if lapse.counted else 0
            instant = following
        return instant, need - passage.adds

    def _lapse(self, lapse: Lapse, exit: Exit, ahead: Pieces, instant: int, need: int) -> int:
        """The earliest instant at which a lapse can be over so that enough is measured."""
        window = Instants(((instant + lapse.shortest, instant + lapse.longest + 1),))
        if lapse.stays and exit.stay:
            opened = self.survey.calendar.when(Condition(exit.stay.period, open=True))
            close = next((end for start, end in opened.stretches if start <= instant < end), instant)
            window &= Instants(((close, close + 1),) if exit.stay.ends else ((instant, close),))
        for start, end, seconds, falls in within(ahead, window):
            here = seconds + (start - instant if lapse.counted else 0)
            slope = lapse.counted - falls
            wanted = (need - here) * (1 if self.most else -1)
            rise = slope if self.most else -slope
            if wanted <= 0:
                return start
            if rise > 0 and wanted < end - start:
                return start + wanted
        raise AssertionError("what was measured is not to be had")


class _Goal(NamedTuple):
    """A situation at some instants, from which enough is ahead by way of just so many exits; and the shortest call that
    arrives there, once it was looked for.
    """

    exits: int
    situation: Situation
    instants: Instants
    before: Witness | None = None


class _OneByOne:
    """The shortest calls to come to so much, for a measure that begins wherever a caller arrives.

    How much is ahead is worked out layer by layer, as in `Measured`, as soon as a call could be so long; what changes
    in a step is passed on to what leads there. The shortest call to a goal is looked for once no other can be nearer.
    Calls are told apart by what `reach` goes by for those to one goal: exits, time, when it is, and then which exit is
    first.
    """

    def __init__(self, measured: Measured, need: int) -> None:
        self._measured, self._need, self._survey = measured, need, measured.survey
        self._reached = self._survey.reach(measured.memory)
        self._layers: list[dict[Spot, Pieces]] = []
        self._onward: dict[Spot, Sequence[Spot]] = {}
        self._before: dict[Spot, dict[Spot, None]] = {}
        self._at: dict[str, list[Spot]] = {}
        self._ending: dict[Spot, None] = {}
        self._goals: dict[tuple[int, Situation], Instants] = {}
        self._agenda: list[tuple[tuple[int, ...], int, _Goal]] = []
        self._tickets = itertools.count()
        begun = self._survey.beginnings(measured.memory)
        self._begun = {(each.number, each.caller): (index, each.situation) for index, each in enumerate(begun)}
        self._learn([Spot(situation) for situation in self._reached])

    def shortest(self) -> "Shown | None":
        """The shortest of all calls that come to so much."""
        while True:
            if not self._agenda:
                if not self._deeper():
                    return None
                continue
            key, _, goal = self._agenda[0]
            if self._goals.get((goal.exits, goal.situation)) is not goal.instants:
                heapq.heappop(self._agenda)
            elif len(self._layers) < key[0] and self._deeper():
                continue
            elif goal.before is None:
                heapq.heappop(self._agenda)
                before = self._survey.witness(self._measured.memory, {goal.situation: goal.instants})
                if before is not None:
                    self._put(self._key(goal.exits, before), goal._replace(before=before))
            else:
                instant = int(goal.before.at.timestamp()) + goal.before.seconds
                return self._measured.told(
                    goal.before, Spot(goal.situation), instant, self._need, self._layers.__getitem__, goal.exits
                )

    def look_again(self, step: str) -> None:
        """Work out anew what leads to a step in which what is measured has changed."""
        for spot in self._at[step]:
            self._measured.forget(spot)
        touched = dict.fromkeys((*self._at[step], *self._learn(self._at[step])))
        changed: list[Spot] = []
        for exits in range(len(self._layers)):
            leading = (before for spot in changed for before in self._before.get(spot, ()))
            changed = [spot for spot in dict.fromkeys((*touched, *leading)) if self._look(exits, spot)]

    def _learn(self, spots: Sequence[Spot]) -> list[Spot]:
        """Take note of where spots lead, and of where those lead that were not known; these come out."""
        found: list[Spot] = []
        agenda = list(spots)
        noted: set[Spot] = set()
        while agenda:
            spot = agenda.pop()
            if spot in noted:
                continue
            noted.add(spot)
            if spot not in self._onward:
                found.append(spot)
                self._at.setdefault(spot.situation.step, []).append(spot)
            ways = self._measured.ways(spot)
            self._onward[spot] = [to for _, _, to in ways if to and to.situation in self._reached]
            if any(passage.ends for _, passage, _ in ways):
                self._ending[spot] = None
            for to in self._onward[spot]:
                self._before.setdefault(to, {})[spot] = None
                if to not in self._onward:
                    agenda.append(to)
        return found

    def _deeper(self) -> bool:
        """Work out the next layer; whether there was one to be."""
        exits = len(self._layers)
        if exits and (not self._layers[-1] or exits > len(self._onward)):
            return False
        leading = (
            (before for spot in self._layers[-1] for before in self._before.get(spot, ())) if exits else self._ending
        )
        self._layers.append({})
        for spot in dict.fromkeys(leading):
            self._look(exits, spot)
        return True

    def _look(self, exits: int, spot: Spot) -> bool:
        """Work out what is ahead of a spot in a layer; whether that is something else than it was."""
        layer, instants = self._layers[exits], self._reached[spot.situation]
        measured = self._measured
        pieces = (
            measured.after_exit(spot, instants, self._layers[exits - 1]) if exits else measured.in_step(spot, instants)
        )
        if pieces == layer.get(spot, ()):
            return False
        if pieces:
            layer[spot] = pieces
        else:
            del layer[spot]
        if spot.phase == 0:
            self._aim(exits, spot.situation, instants & self._measured.plenty(pieces, self._need))
        return True

    def _aim(self, exits: int, situation: Situation, instants: Instants) -> None:
        known = self._goals.get((exits, situation), Instants())
        if instants == known:
            return
        self._goals[exits, situation] = instants
        if instants:
            fewest, seconds = self._survey.distance(situation, self._measured.memory)
            self._put((fewest + exits, exits, seconds), _Goal(exits, situation, instants))

    def _put(self, key: tuple[int, ...], goal: _Goal) -> None:
        heapq.heappush(self._agenda, (key, next(self._tickets), goal))

    def _key(self, exits: int, before: Witness) -> tuple[int, ...]:
        """What is least for the shortest of all calls, each with what is behind it."""
        index, situation = self._begun[before.number, before.caller]
        key = [len(before.turns) + exits, exits, before.seconds, int(before.at.timestamp()), index]
        for turn in before.turns:
            for place, (exit, onward) in enumerate(self._survey.ways(situation)):
                if onward and exit == turn.exit:
                    key += (place, turn.seconds)
                    situation = self._measured.remembered(situation, exit, onward)
                    break
        return tuple(key)


@attrs.frozen
class Beginning:
    """Calls to a number from a caller (either empty where it does not matter), where they begin, and what is ahead."""

    number: str
    caller: str
    situation: Situation
    pieces: Pieces


@attrs.frozen
class Shown:
    """A call up to the step in which its measure ends, in a passage, so many seconds after the caller came there."""

    witness: Witness
    seconds: int
    passage: Passage


def _first_phase(pieces: Mapping[Spot, Pieces]) -> Mapping[Situation, Pieces]:
    return {spot.situation: ahead for spot, ahead in pieces.items() if spot.phase == 0}


def _extreme(beginnings: Iterable[Beginning], *, most: bool) -> int | None:
    """The most (or the least) that is ahead."""
    ahead = (piece for each in beginnings for piece in each.pieces)
    if most:
        return max((piece.seconds for piece in ahead), default=None)
    return min((piece.at(piece.end - 1) for piece in ahead), default=None)


def _around(opened: Instants, pieces: Pieces, seconds: int) -> Iterator[tuple[int, int]]:
    """The stretches out of which some piece can be come to in so many seconds."""
    stretches, at = opened.stretches, 0
    for piece in pieces:
        at = max(at, bisect.bisect_right(stretches, (piece.start - seconds, 0)) - 1)
        while at < len(stretches) and stretches[at][0] < piece.end:
            yield stretches[at]
            at += 1


def _near(pieces: Pieces, first: int, last: int) -> Pieces:
    """The pieces that hold at any instant from the first to the last: nothing else is looked at there."""
    begin = max(0, bisect.bisect_right(pieces, (first, 1 << 62)) - 1)
    return pieces[begin : bisect.bisect_left(pieces, (last + 1,))]
