"""Ways: which exits callers can take from a step, wherever the clock stands.

In: a plan and its calendar. Out: `Ways`, the exits of each step in each language, and which of them are followed. All
that is asked of the plan at every step of every call is looked up here, so that it costs nothing to ask again.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Set

import attrs

from dialc.calendar import Calendar
from dialc.plan import End, Exit, Outcome, Party, Plan, Step
from dialc.reach.circles import behind, components
from dialc.reach.timing import Timing, Timings

Used = tuple[tuple[str, int], ...]
"""Returns used up: how many, by target, in order of name; none that nobody has used."""


@attrs.frozen(eq=False)
class Way:
    """An exit that is followed: the step that it leads to, empty where the call ends, and what it does to the time.

    `target` is the step that returns to are counted, where it matters how many are left: at an `again`.
    """

    exit: Exit
    to: str
    timing: Timing
    target: str = ""


class Ways:
    """The exits of a plan. Those that close a loop are `cut` as soon as it is found."""

    def __init__(self, plan: Plan, calendar: Calendar) -> None:
        self.timings = Timings(calendar)
        self._limits = plan.limits
        self._steps = {
            language: plan.spoken(language).steps for language in dict.fromkeys((plan.language, *plan.languages))
        }
        self._exits = {
            language: {name: step.exits() for name, step in steps.items()} for language, steps in self._steps.items()
        }
        self._first = self._exits[plan.language]
        self._cut: set[tuple[str, int]] = set()
        self._ways = {
            language: {name: self._followed(name, found) for name, found in exits.items()}
            for language, exits in self._exits.items()
        }

    def step(self, name: str, language: str) -> Step:
        """A step as it is to callers who are spoken to in a language."""
        return self._steps[language][name]

    def exits(self, step: str, language: str) -> tuple[Exit, ...]:
        """All exits of a step to callers who are spoken to in a language."""
        return self._exits[language][step]

    def cut(self, step: str, index: int) -> bool:
        """Whether an exit closes a loop, or is like one that does but for its seconds."""
        return (step, index) in self._cut

    def close(self, step: str, index: int) -> None:
        """Cut an exit that closes a loop, and those like it."""
        closing = self._first[step][index]
        for other, exit in enumerate(self._first[step]):
            if (exit.label, exit.to) == (closing.label, closing.to):
                self._cut.add((step, other))
        for language, exits in self._exits.items():
            self._ways[language][step] = self._followed(step, exits[step])

    def _followed(self, step: str, exits: tuple[Exit, ...]) -> tuple[Way, ...]:
        target = next((str(exit.to) for exit in exits if exit.outcome is Outcome.AGAIN), "")
        return tuple(
            Way(
                exit,
                "" if isinstance(exit.to, End) else exit.to,
                self.timings.of(exit),
                target if exit.outcome in (Outcome.AGAIN, Outcome.USED_UP) else "",
            )
            for index, exit in enumerate(exits)
            if (step, index) not in self._cut
        )

    def open(self, step: str, language: str, used: Used, party: Party) -> Iterator[tuple[Way, Used]]:
        """The ways that are open to a caller, each with the returns that are used up behind it."""
        for way in self._ways[language][step]:
            exit = way.exit
            if exit.who is not None and not exit.who.admits(party):
                continue
            if not way.target:
                yield way, used
                continue
            times = dict(used).get(way.target, 0)
            if times >= self._limits[way.target]:
                if exit.outcome is Outcome.USED_UP:
                    yield way, used
            elif exit.outcome is Outcome.AGAIN:
                yield way, tuple(sorted({**dict(used), way.target: times + 1}.items()))

    def onward(self) -> Mapping[str, list[str]]:
        """The steps that each step can lead to, returns by `again` and cut exits aside."""
        return {step: self.onward_from(step) for step in self._first}

    def onward_from(self, step: str) -> list[str]:
        """The steps that one step can lead to, returns by `again` and cut exits aside."""
        return [
            exit.to
            for index, exit in enumerate(self._first[step])
            if not isinstance(exit.to, End) and exit.outcome is not Outcome.AGAIN and (step, index) not in self._cut
        ]

    def spent(self, used: Used) -> frozenset[str]:
        """The targets to which no caller can return any more who has used up so many returns."""
        return frozenset(target for target, times in used if times >= self._limits[target])

    def leading_to(
        self, steps: Iterable[str], among: Set[str] | None = None, spent: Set[str] = frozenset()
    ) -> Set[str]:
        """The steps from which a call could come to one of some steps, if nothing were cut; these among them.

        No call comes there by way of others than those `among` which it looks, or by a return that is `spent`.
        """

        def before(step: str) -> Iterator[str]:
            for other, returns in self._before.get(step, ()):
                if not (returns and step in spent) and (among is None or other in among):
                    yield other

        return behind(steps, before)

    @functools.cached_property
    def _before(self) -> Mapping[str, list[tuple[str, bool]]]:
        """The steps that lead to each step, and whether they do so by an `again`."""
        found: dict[str, list[tuple[str, bool]]] = {}
        for step, exits in self._first.items():
            for exit in exits:
                if not isinstance(exit.to, End):
                    found.setdefault(exit.to, []).append((step, exit.outcome is Outcome.AGAIN))
        return found

    def around(self, step: str) -> Set[str]:
        """The steps that lie on a way from a step back to it, if nothing were cut; the step itself among them."""
        return self._around[step]

    @functools.cached_property
    def _around(self) -> Mapping[str, Set[str]]:
        onward = {step: [str(exit.to) for exit in exits] for step, exits in self._first.items()}
        return {step: around for around in map(frozenset, components(onward)) for step in around}


class Region:
    """The part of a plan in which a rule has to follow calls: from where it begins to remember, for as long as they
    can still come to where it looks.

    Where a rule looks at those who come back to where it began, that is the way round, and only for those who have a
    return left. Else it is all that leads to where it looks, whatever is left.
    """

    def __init__(self, ways: Ways, since: Set[str] | None, towards: Set[str]) -> None:
        self._ways = ways
        self._towards = towards
        around = ways.around(next(iter(towards))) if towards else frozenset()
        self._comes_back = since is not None and since | towards <= around
        self._steps = around if self._comes_back else ways.leading_to(towards)
        self._left: dict[frozenset[str], Set[str]] = {}

    def steps(self, used: Used = ()) -> Set[str]:
        """The steps of the region, for a caller who has used up so many returns."""
        if not (self._comes_back and used):
            return self._steps
        spent = self._ways.spent(used)
        if spent not in self._left:
            self._left[spent] = self._ways.leading_to(self._towards, self._steps, spent) if spent else self._steps
        return self._left[spent]
