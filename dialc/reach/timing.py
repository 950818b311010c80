"""Timing: what taking an exit does to the times at which callers are somewhere.

In: exits and the calendar. Out: `Timing`, shared by all exits that need the same hours and take the same seconds. Of a
set of instants at which callers are at a step it gives those at which they begin to take the exit, and have taken it;
and seen from behind, of how many seconds are left to a goal, how many were left before the exit. What has been worked
out of a set is kept, since rules differ in what they remember, and callers are at the same steps at the same times.
"""

import bisect
import functools
from collections.abc import Iterable, Iterator, Sequence

import attrs

from dialc.calendar import Calendar, Instants, union
from dialc.pieces import Piece, before, flat, within
from dialc.plan import Condition, Exit, Stay


@attrs.frozen(eq=False)
class Timing:
    """The hours that an exit needs, and the closed interval of seconds that it takes."""

    calendar: Calendar
    when: Condition | None
    stay: Stay | None
    shortest: int
    longest: int
    _landed: dict[int, tuple[Instants, Instants]] = attrs.field(factory=dict, init=False, repr=False)

    @functools.cached_property
    def asked(self) -> Instants:
        """The instants at which the hours are as the exit needs them."""
        return self.calendar.when(self.when)

    def arrival(self, instants: Instants) -> Instants:
        """The instants at which a caller can have taken the exit who was at the step at one of `instants`."""
        known = self._landed.get(id(instants))  # which are kept beside the answer, so that no others get their id
        if known is None:
            known = self._landed[id(instants)] = instants, self._behind(instants)
        return known[1]

    def _behind(self, instants: Instants) -> Instants:
        begun = instants if self.when is None else instants & self.asked
        return self._stayed(begun, self.stay) if self.stay else begun.later(self.shortest, self.longest)

    def taken(self, instants: Instants) -> Instants:
        """The instants out of `instants` at which a caller can begin to take the exit."""
        begun = instants if self.when is None else instants & self.asked
        if self.stay is None:
            return begun
        return self._begun(begun, self.arrival(instants))

    def taken_by(self, instants: Instants, landing: Instants) -> Instants:
        """The instants out of `instants` at which a caller can come to the step, and have taken the exit at one of
        `landing`.
        """
        begun = instants if self.when is None else instants & self.asked
        return self._begun(begun, self.arrival(instants) & landing)

    def _begun(self, among: Instants, landed: Instants) -> Instants:
        return union((piece.start, piece.end) for piece in self.before(flat(landed))) & among

    def landing(self, instant: int) -> Instants:
        """The instants at which a caller can have taken the exit who began to at one instant."""
        begun = Instants(((instant, instant + 1),))
        return self._stayed(begun, self.stay) if self.stay else begun.later(self.shortest, self.longest)

    def _stayed(self, begun: Instants, stay: Stay) -> Instants:
        """When callers leave a step, who came at one of `begun` and stay for as long as a period is open."""
        staying = begun.later(stay.since, stay.since)
        opened = self.calendar.when(Condition(stay.period, open=True))
        shortest, longest = self.shortest - stay.since, self.longest - stay.since
        if not stay.ends:
            return staying.within(opened, shortest, longest)
        ended = staying.within(opened, shortest, longest, past=True)
        if shortest == 0:
            ended |= staying
        return ended & self.calendar.when(Condition(stay.period, open=False))

    def before(self, pieces: Sequence[Piece]) -> Iterator[Piece]:
        """The seconds to the goal seen from before the exit, of pieces that lie among its arrivals."""
        stay = self.stay
        if stay is None:
            yield from self._sooner(pieces)
            return
        opened = self.calendar.when(Condition(stay.period, open=True)).stretches
        for piece in pieces:
            if stay.ends and self.shortest == stay.since:
                shift = self.shortest
                yield Piece(piece.start - shift, piece.end - shift, piece.seconds + shift, piece.falls)
            at = max(0, bisect.bisect_right(opened, (piece.start - stay.ends, 1 << 62)) - 1)
            while at < len(opened) and opened[at][0] < piece.end:
                start, end = opened[at]
                stretch = Instants(((start, end + stay.ends),))
                staying = Instants(((start - stay.since, end - stay.since),))
                yield from within(sorted(self._sooner(tuple(within((piece,), stretch)))), staying)
                at += 1

    def _sooner(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        return before(pieces, self.shortest, self.longest, counted=True, most=False)


class Timings:
    """The timings of a plan: one for all exits that are alike in when they can be taken and how long they take."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._known: dict[tuple[Condition | None, Stay | None, int, int], Timing] = {}

    def of(self, exit: Exit) -> Timing:
        """The timing of an exit."""
        return self._timing(exit.when, exit.stay, exit.shortest, exit.longest)

    def while_(self, condition: Condition) -> Timing:
        """The timing of what takes no time and needs nothing but a condition."""
        return self._timing(condition, None, 0, 0)

    def _timing(self, *alike: *tuple[Condition | None, Stay | None, int, int]) -> Timing:
        found = self._known.get(alike)
        if found is None:
            found = self._known[alike] = Timing(self._calendar, *alike)
        return found
