"""The shortest call: fewest exits, then least time, then earliest, then by key.

In: what a rule has followed of all calls (`Chart`), and a goal, situations and instants. Out: the shortest call that
arrives there, as a `Witness`.

It is looked for backwards from the goal, exit by exit: for each situation the least seconds to the goal are worked out
as a function of the instant (`Piece`), by way of just so many exits. How many exits a situation is away from where
calls begin is known beforehand, so only what can lie on a call of that length is looked at, and hardly any plan is
looked at as a whole. Most goals are reached without waiting for anything, in the week in which they first can be: a
call that takes no more exits, and no more seconds, than any call to the goal must is not beaten by a later one.
"""

import functools
from collections.abc import Mapping, Sequence

import attrs

from dialc.calendar import DAY, Calendar, Instants
from dialc.pieces import Piece, Pieces, best, flat, within
from dialc.plan import Exit
from dialc.reach.situations import Beginning, Goal, Move, Situation
from dialc.reach.timing import Timing, Timings
from dialc.witness import Turn, Witness

HORIZONS = (8 * DAY, 64 * DAY)
"""Seconds since a goal can first be reached within which the shortest call is looked for, before all is looked at."""

Layer = Mapping[Situation, Pieces]
"""The least seconds to the goal by way of just so many exits."""


@attrs.frozen(eq=False)
class Chart:
    """Situations and the moves between them, each with all the instants at which anybody can arrive by it.

    A rule that begins to remember in the midst of calls has a chart of what is `before`, and `entries` from there: a
    situation as it is there, and as the rule remembers it from then on, and when.
    """

    calendar: Calendar
    timings: Timings
    own: Mapping[Situation, Sequence[Move]]
    beginnings: Sequence[Beginning]
    before: "Chart | None" = None
    entries: Sequence[tuple[Situation, Situation, Instants]] = ()

    def moves(self, situation: Situation) -> Sequence[Move]:
        """The moves from a situation."""
        return self.before.moves(situation) if self.before and situation not in self.own else self.own[situation]

    def leading_to(self, situation: Situation) -> Sequence[Situation]:
        """The situations from which one move leads to another."""
        return self._backward.get(situation) or (self.before.leading_to(situation) if self.before else ())

    @functools.cached_property
    def _backward(self) -> Mapping[Situation, Sequence[Situation]]:
        found: dict[Situation, dict[Situation, None]] = {}
        for situation, moves in self.own.items():
            for _, following, _ in moves:
                found.setdefault(following, {})[situation] = None
        return {situation: tuple(before) for situation, before in found.items()}

    def distance(self, situation: Situation) -> tuple[int, int]:
        """The fewest exits by which a situation could be reached, and the least seconds which so many must take."""
        return (
            self.before.distance(situation) if self.before and situation not in self.own else self._distances[situation]
        )

    @functools.cached_property
    def _distances(self) -> Mapping[Situation, tuple[int, int]]:
        found: dict[Situation, tuple[int, int]] = {}
        ahead: dict[int, dict[Situation, int]] = {}

        def come(situation: Situation, exits: int, seconds: int) -> None:
            if situation not in found:
                layer = ahead.setdefault(exits, {})
                layer[situation] = min(seconds, layer.get(situation, seconds))

        if self.before is None:
            for beginning in self.beginnings:
                come(beginning.situation, 0, 0)
        else:
            for earlier, situation, _ in self.entries:
                come(situation, *self.before.distance(earlier))
        while ahead:
            exits = min(ahead)
            layer = ahead.pop(exits)
            found.update((situation, (exits, seconds)) for situation, seconds in layer.items())
            for situation, seconds in layer.items():
                for exit, following, _ in self.own[situation]:
                    come(following, exits + 1, seconds + exit.shortest)
        return found

    @functools.cached_property
    def begun(self) -> Mapping[Situation, Sequence[tuple[int, Instants]]]:
        """Which calls begin in a situation, and when."""
        if self.before is not None:
            return self.before.begun
        found: dict[Situation, list[tuple[int, Instants]]] = {}
        for index, beginning in enumerate(self.beginnings):
            found.setdefault(beginning.situation, []).append((index, beginning.instants))
        return found

    @functools.cached_property
    def size(self) -> int:
        """How many situations there are."""
        return len(self.own) + (self.before.size if self.before else 0)

    @functools.cached_property
    def entered(self) -> Mapping[Situation, Sequence[tuple[Situation, Instants]]]:
        """What situations become where a rule begins to remember, and when."""
        found: dict[Situation, list[tuple[Situation, Instants]]] = {}
        for earlier, situation, instants in self.entries:
            found.setdefault(earlier, []).append((situation, instants))
        return found

    @functools.cached_property
    def left(self) -> Mapping[Situation, Sequence[tuple[Situation, Instants]]]:
        """The same, seen from behind: what they were."""
        found: dict[Situation, list[tuple[Situation, Instants]]] = {}
        for earlier, situation, instants in self.entries:
            found.setdefault(situation, []).append((earlier, instants))
        return found


def call(chart: Chart, goal: Goal, most: int | None = None) -> Witness | None:
    """The shortest call that arrives at a goal, of at most so many exits; no call comes twice into one situation,
    except where loops are looked for.
    """
    goal = {situation: instants for situation, instants in goal.items() if instants}
    if not goal:
        return None
    exits, seconds = min(map(chart.distance, goal))
    first = min(instants.stretches[0][0] for instants in goal.values())
    for horizon in HORIZONS:
        soon = Instants(((first, first + horizon),))
        found = _Search(chart, {situation: instants & soon for situation, instants in goal.items()}).shortest(exits)
        if found is not None and found.seconds == seconds:
            return found
    return _Search(chart, goal).shortest(most if most is not None else chart.size)


class _Search:
    """The layers behind a goal, as far as they have been looked at.

    A situation is looked at in the layer of so many exits once calls are asked for of so many exits as it is away from
    where calls begin and from the goal together; then all that it can lead to has been.
    """

    def __init__(self, chart: Chart, goal: Goal) -> None:
        self._chart = chart
        self._layers: list[dict[Situation, Pieces]] = [{}]
        self._ahead: dict[tuple[int, int], dict[Situation, None]] = {}
        self._fewest, self._longest = min(map(chart.distance, goal))[0], 0
        for situation, instants in goal.items():
            self._put(0, situation, flat(instants))

    def _put(self, depth: int, situation: Situation, pieces: Pieces) -> None:
        """What is known of a situation so many exits before the goal, and of what it is without what a rule remembers:
        whoever is there comes to the goal as soon, if the rule begins to remember now.
        """
        if not pieces:
            return
        if depth == len(self._layers):
            self._layers.append({})
        known = self._layers[depth].get(situation)
        self._layers[depth][situation] = best((*known, *pieces), most=False) if known else pieces
        self._longest = max(self._longest, self._chart.distance(situation)[0] + depth)
        for before in self._chart.leading_to(situation):
            exits = self._chart.distance(before)[0] + depth + 1
            self._ahead.setdefault((exits, depth + 1), {})[before] = None
            self._longest = max(self._longest, exits)
        for earlier, instants in self._chart.left.get(situation, ()):
            self._put(depth, earlier, tuple(within(pieces, instants)))

    def shortest(self, most: int) -> Witness | None:
        """The shortest call of at most so many exits."""
        exits = self._fewest
        while exits <= min(most, self._longest):
            for depth in range(1, exits + 1):
                for situation in self._ahead.pop((exits, depth), ()):
                    self._put(depth, situation, self._look_back(depth, situation))
            found = self._begun(exits)
            if found is not None:
                return found
            exits += 1
        return None

    def _look_back(self, depth: int, situation: Situation) -> Pieces:
        """The least seconds from a situation to the goal, by way of just so many exits."""
        alike: set[tuple[Situation, Timing, int]] = set()
        pieces: list[Piece] = []
        for exit, following, arrival in self._chart.moves(situation):
            ahead, timing = self._layers[depth - 1].get(following), self._chart.timings.of(exit)
            if ahead and (following, timing, id(arrival)) not in alike:
                alike.add((following, timing, id(arrival)))
                seen = sorted(timing.before(tuple(within(ahead, arrival))))
                pieces.extend(within(seen, timing.asked))
        return best(pieces, most=False)

    def _begun(self, exits: int) -> Witness | None:
        """The best call that begins just so many exits before the goal."""
        if exits >= len(self._layers):
            return None
        best: tuple[int, int, int] | None = None
        for situation, pieces in self._layers[exits].items():
            for index, instants in self._chart.begun.get(situation, ()):
                for piece in within(pieces, instants):
                    shortest = piece.at(piece.end - 1) if piece.falls else piece.seconds
                    chosen = (shortest, piece.end - 1 if piece.falls else piece.start, index)
                    best = chosen if best is None or chosen < best else best
        return None if best is None else self._told(self._chart.beginnings[best[2]], best[1], exits)

    def _told(self, beginning: Beginning, instant: int, exits: int) -> Witness:
        """The call that the layers promise, from its first instant on."""
        at = self._chart.calendar.moment(instant)
        situation = beginning.situation
        turns: list[Turn] = []
        for depth in range(exits, 0, -1):
            promised = self._promised(depth, situation, instant)
            assert promised is not None
            for entered, instants in self._chart.entered.get(situation, ()):
                if instant in instants and self._promised(depth, entered, instant) == promised:
                    situation = entered
                    break
            exit, following, arrival = self._kept(promised, instant, depth - 1, situation)
            turns.append(Turn(situation.step, exit, arrival - instant))
            situation, instant = following, arrival
        return Witness(beginning.number, at, tuple(turns), situation.step, beginning.caller)

    def _promised(self, depth: int, situation: Situation, instant: int) -> int | None:
        """The least seconds to the goal at one instant, by way of just so many exits."""
        pieces = self._layers[depth].get(situation, ())
        return next((piece.at(instant) for piece in pieces if piece.start <= instant < piece.end), None)

    def _kept(self, promised: int, instant: int, depth: int, situation: Situation) -> tuple[Exit, Situation, int]:
        """The first exit that keeps a promise of so many seconds, where it leads, and when it arrives there."""
        for exit, following, arrival in self._chart.moves(situation):
            timing = self._chart.timings.of(exit)
            if instant not in timing.asked:
                continue
            window = timing.landing(instant) & arrival
            for piece in within(self._layers[depth].get(following, ()), window):
                if piece.start - instant + piece.seconds == promised:
                    return exit, following, piece.start
        raise AssertionError("a piece of the least seconds has no exit behind it")
