"""C14, promises: what a certificate has to prove of them.

In: a `Reading` of a plan. Out: an `Amount` for each prompt that promises an answer within so long, and an `Automaton`
that remembers which call-back was booked, where some prompt promises a call back.
"""

import bisect
import datetime
import itertools
import zoneinfo
from collections.abc import Callable, Iterable, Iterator

from dialc.plan import (
    Announcement,
    Callback,
    Condition,
    End,
    Exit,
    Hours,
    Operator,
    Outcome,
    Period,
    PromisesCallBy,
    PromisesCallWithin,
    Queue,
    Schedule,
    Stage,
    Step,
)
from dialc.proof.heard import begins, rings, shut
from dialc.proof.instants import Times, meet, midnight, spread, touching
from dialc.proof.invariants import Amount, Automaton, Label, Passage, State
from dialc.proof.reading import EVER, Reading

NEVER = 1 << 40
"""Seconds that stand for an answer that never comes."""
PLACING = 90
"""Seconds that it may take to place a call-back while its hours are open."""


class Promise(Amount):
    """The seconds from the end of a prompt, which promises so many, until somebody answers or the operator rings."""

    def __init__(self, base: Automaton, prompt: str, waived: Callable[[str], bool]) -> None:
        super().__init__(base, "C14", prompt)
        self._waived = waived

    def begins(self, line: object) -> Times:
        return ()

    def first(self, step: Step, exit: Exit) -> Iterable[Passage]:
        if self._waived(step.name):
            return
        if isinstance(step, Operator) and exit.outcome is not Outcome.UNSTAFFED:
            items = enumerate(step.items)
            said = (i for i, item in items if isinstance(item, Announcement) and item.prompt.name == self.about)
            yield from (passage for since in itertools.islice(said, 1) for passage in _rings(step, exit, since))
            return
        for begun in begins(step) if not shut(exit) else ():
            passed = begun.shortest + begun.prompt.seconds
            if begun.prompt.name == self.about and passed <= exit.longest:
                yield from _through(step, exit, passed)
                return

    def passages(self, step: Step, exit: Exit) -> Iterable[Passage]:
        if isinstance(step, Operator) and exit.outcome is not Outcome.UNSTAFFED:
            return _rings(step, exit, -1)
        return _through(step, exit, 0)


def _through(step: Step, exit: Exit, passed: int) -> Iterator[Passage]:
    """A step and its exit; whoever has booked a call-back, or left a queue by another key than 0, is owed nothing."""
    if exit.outcome is Outcome.BOOKED or (isinstance(step, Queue) and exit.key and exit.key != "0"):
        return
    never = NEVER * (exit.to in (End.HUNG_UP, End.UNCONFIRMED))
    ends = isinstance(exit.to, End)
    yield Passage(max(passed, exit.shortest), exit.longest, passed, exit.longest - passed, never, ends)


def _rings(operator: Operator, exit: Exit, since: int) -> Iterator[Passage]:
    """The way through an operator to the next stage of people behind an item, or out of it."""
    ahead = itertools.takewhile(lambda at: at[0] <= since or not rings(at[1]), enumerate(operator.items))
    spans = [(index > since, _span(item)) for index, item in ahead]
    least = [sum(span[0] for counts, span in spans if counts is which) for which in (False, True)]
    most = [sum(span[1] for counts, span in spans if counts is which) for which in (False, True)]
    comes = len(spans) < len(operator.items)
    if comes or exit.to is End.UNCONFIRMED or exit.outcome is Outcome.UNANSWERED:
        never = NEVER * (not comes and exit.to is End.UNCONFIRMED)
        yield Passage(sum(least), sum(most), least[0], most[1], never, comes or bool(never))


def _span(item: Announcement | Stage) -> tuple[int, int]:
    return (0, item.seconds) if isinstance(item, Stage) else (item.prompt.seconds, item.prompt.seconds)


class Booked(Automaton):
    """The call-back that a call has booked last."""

    first = ("",)

    def follow(self, state: State, step: Step, exit: Exit, to: Step) -> State | None:
        return (step.name,) if exit.outcome is Outcome.BOOKED else state

    def bad(self, label: Label, step: Step, times: Times) -> str:
        for begun in begins(step):
            promise = begun.prompt.promises_call
            came = meet(times, self.reading.clock.when(begun.when)) if promise else ()
            if promise and came:
                after = begun.prompt.seconds
                said = spread(came, begun.shortest + after, begun.longest + after)
                if not (label.state[0] and self._kept(promise, label.state[0], said)):
                    return f"`{begun.prompt.name}` promises a call back that nobody has booked, or that comes too late"
        return ""

    def _kept(self, promise: PromisesCallBy | PromisesCallWithin, name: str, said: Times) -> bool:
        """Whether the call-back can be made in time, wherever in `said` the promise ends."""
        clock, steps = self.reading.clock, self.reading.plan.steps
        callback = steps[name]
        queue = steps[callback.queue] if isinstance(callback, Callback) else None
        if not (isinstance(callback, Callback) and isinstance(queue, Queue)):
            return False
        needs, end = PLACING + queue.patience, clock.known[0][1]
        opened = clock.when(Condition(Period(callback.hours), True), rest=True)
        if queue.staffed:
            opened = meet(opened, clock.when(Condition(queue.staffed, True), rest=True))
        placed = tuple((start, stop - needs + 1) for start, stop in opened if stop - start >= needs)

        def made(instant: int) -> int:
            """When a call-back has surely been made that was booked by then."""
            return next((start + needs for start, _ in touching(placed, instant, end)), end + needs)

        if isinstance(promise, PromisesCallBy):
            days = list(_days(self.reading, promise.hours))
            # It is due at the end of the next of these days; those who book last before its beginning are the worst.
            edges = [day - 1 for day, _ in days]
            for at in _among(said, edges):
                due = next((due for _, due in days[bisect.bisect_left(edges, at) :]), end)
                if made(at) > due <= end:
                    return False
            return True
        counts = clock.when(Condition(Period(promise.hours), True), rest=True) if promise.hours else EVER
        edges = [edge for stretch in placed for edge in (stretch[0], stretch[1] - 1, stretch[1])]
        edges += [edge - ago for stretch in counts for edge in stretch for ago in (0, needs)]
        for at in _among(said, sorted(edges)):
            until = made(at)
            passed = sum(stop - start for start, stop in touching(counts, at, min(until, end)))
            if passed + (until > end) > promise.seconds:
                return False
        return True


def _among(said: Times, edges: list[int]) -> Iterator[int]:
    """The ends of stretches, and those of some instants that lie in them."""
    for start, stop in said:
        yield from (start, *edges[bisect.bisect_left(edges, start) : bisect.bisect_left(edges, stop)], stop - 1)


def _days(reading: Reading, hours: Schedule) -> Iterator[tuple[int, int]]:
    """When the days begin and end on which hours are open."""
    zone = zoneinfo.ZoneInfo(hours.zone if isinstance(hours, Hours) else reading.plan.zone)
    dates = set[datetime.date]()
    for start, stop in reading.clock.when(Condition(Period(hours), True), rest=True):
        first, last = (datetime.datetime.fromtimestamp(at, zone).date() for at in (start, stop - 1))
        dates |= {first + datetime.timedelta(days=n) for n in range((last - first).days + 1)}
    yield from ((midnight(date, zone), midnight(date + datetime.timedelta(days=1), zone)) for date in sorted(dates))
