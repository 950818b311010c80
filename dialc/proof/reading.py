"""How a checker reads a plan: where callers can go from a step, and when they come there.

In: a plan. Out: `Reading`. A place is a step, the returns that were used up, the language that a caller is spoken to in
and the party of the call; an exit leads from one to another, or ends the call. Of an exit nothing is known but what
`dialc.plan` says of it: the hours it needs, for as long as the caller stays, the seconds it takes, and who can take it.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dialc.called import Numbers
from dialc.plan import Condition, End, Exit, Line, Listed, Outcome, Party, Plan, RungBack, Served, Step
from dialc.proof.instants import Clock, Times, joined, meet, spread, without


class Place(NamedTuple):
    """Where a caller is, and what of the call decides where they can go."""

    step: str
    used: tuple[tuple[str, int], ...]
    language: str
    party: Party


class Gate(NamedTuple):
    """Who arrives at a step in `opens` leaves it in `lands`, after the seconds of the exit, but at `most` so many."""

    opens: Times
    lands: Times
    most: int


EVER: Times = ((-1 << 62, 1 << 62),)
"""Every instant, whether anything is known of it or not."""


class Reading:
    """A plan, read once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.clock = Clock(plan)
        self.languages = tuple(dict.fromkeys((plan.language, *plan.languages)))
        self._steps = {language: dict(plan.spoken(language).steps) for language in self.languages}
        self._exits = {
            (language, name): step.exits() for language, steps in self._steps.items() for name, step in steps.items()
        }
        self._gates: list[tuple[Gate, ...]] = []
        self._alike: dict[object, int] = {}
        self._timing: dict[int, tuple[int, Exit]] = {}
        self._before: dict[str, list[tuple[str, bool]]] = {}
        for name in plan.steps:
            for exit in self._exits[plan.language, name]:
                if not isinstance(exit.to, End):
                    self._before.setdefault(exit.to, []).append((name, exit.outcome is Outcome.AGAIN))

    def step(self, place: Place) -> Step:
        """The step at a place, as it is in the language there."""
        return self._steps[place.language][place.step]

    def exits(self, name: str) -> tuple[Exit, ...]:
        """The exits of a step in the plan's first language."""
        return self._exits[self.plan.language, name]

    def entries(self) -> Iterator[tuple[Line, Place]]:
        """Where calls come in: every line that has a number, and everybody who can call it."""
        for line, numbers in zip(self.plan.lines, self.plan.called(), strict=True):
            if not isinstance(numbers, Numbers) or numbers:
                for party, _ in self.plan.parties(line):
                    yield line, Place(line.entry, (), self.plan.language, party)

    def ways(self, place: Place) -> Iterator[tuple[Exit, Place | None]]:
        """The exits that can be taken at a place, whatever the hours, and where they lead; None where the call ends."""
        for exit in self._exits[place.language, place.step]:
            if not _admitted(exit, place.party):
                continue
            used = dict(place.used)
            if exit.outcome in (Outcome.AGAIN, Outcome.USED_UP):
                target = next(str(e.to) for e in self.exits(place.step) if e.outcome is Outcome.AGAIN)
                left = self.plan.limit(target) - used.get(target, 0)
                if (left > 0) is not (exit.outcome is Outcome.AGAIN):
                    continue
                if exit.outcome is Outcome.AGAIN:
                    used[target] = used.get(target, 0) + 1
            if isinstance(exit.to, End):
                yield exit, None
            else:
                language = exit.speaks or place.language
                yield exit, Place(exit.to, tuple(sorted(used.items())), language, place.party)

    def gates(self, exit: Exit) -> tuple[Gate, ...]:
        """When an exit can be taken."""
        return self._gates[self.timing(exit)]

    def timing(self, exit: Exit) -> int:
        """A number that is the same for all exits that are alike in when they can be taken, and how long they take."""
        if id(exit) not in self._timing:
            alike = exit.when, exit.stay, exit.shortest, exit.longest
            if alike not in self._alike:
                self._alike[alike] = len(self._gates)
                self._gates.append(tuple(self._opened(exit)))
            self._timing[id(exit)] = self._alike[alike], exit  # which is kept, so that no other gets its id
        return self._timing[id(exit)][0]

    def _opened(self, exit: Exit) -> Iterator[Gate]:
        stay, most = exit.stay, exit.longest
        asked = self.clock.when(exit.when) if exit.when else EVER
        if stay is None:
            yield Gate(asked, EVER, most)
            return
        open_ = self.clock.when(Condition(stay.period, open=True))
        closed = self.clock.when(Condition(stay.period, open=False))
        for start, end in open_:
            arrives = meet(asked, ((start - stay.since, end - stay.since),))
            yield Gate(arrives, meet(((start, end + 1),), closed) if stay.ends else ((start, end),), most)
        if stay.ends and exit.shortest == stay.since:  # it is closed already as the caller begins to stay
            over = without(closed, open_)
            yield Gate(meet(asked, spread(over, -stay.since, -stay.since)), over, stay.since)

    def behind(self, exit: Exit, times: Times) -> Times:
        """When callers have taken an exit who come to the step at some instants."""
        found: list[tuple[int, int]] = []
        for gate in self.gates(exit):
            begun = times if gate.opens is EVER else meet(times, gate.opens)
            left = spread(begun, exit.shortest, min(exit.longest, gate.most))
            found += left if gate.lands is EVER else meet(left, gate.lands)
        return joined(found)

    def leading_to(self, steps: Iterable[str], spent: frozenset[str] = frozenset()) -> set[str]:
        """The steps from which a call can come to some steps, these among them; no more returns to what is `spent`."""
        found = set(steps)
        ahead = list(found)
        while ahead:
            to = ahead.pop()
            for name, returns in self._before.get(to, ()):
                if name not in found and not (returns and to in spent):
                    found.add(name)
                    ahead.append(name)
        return found


def _admitted(exit: Exit, party: Party) -> bool:
    match exit.who:
        case None:
            return True
        case Listed():
            return (exit.who.callers.name in party.lists) is exit.who.inside
        case Served():
            return exit.who.operator == party.operator
        case RungBack():
            return party.rung_back
