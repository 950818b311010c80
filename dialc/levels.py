"""Levels: how many menus lie between a caller and the beginning of the call.

In: a survey. Out: `Levels`, a memory that counts them as calls go on. A menu that only asks for a language is none, and
whoever is brought back by an `again` is as deep as when they first came there.
"""

from collections.abc import Iterable, Mapping, Set

import attrs

from dialc.calendar import Instants
from dialc.plan import Again, Choice, End, Exit, Menu, Outcome, Step
from dialc.reach import Memory, State, Survey, behind, components


def options(menu: Menu) -> list[Choice]:
    """The keys of a menu that are options: neither 0 nor a language."""
    return [choice for choice in menu.choices if choice.key != "0" and not choice.speaks]


def is_level(menu: Menu) -> bool:
    """Whether a menu asks for more than a language."""
    speak = any(choice.speaks for choice in menu.choices)
    return not speak or bool(options(menu) or menu.direct)


@attrs.frozen
class Depth:
    """The levels that a call has passed, and had passed when it first came to steps that it can be brought back to."""

    levels: int = 0
    before: tuple[tuple[str, int], ...] = ()


@attrs.frozen
class Levels(Memory):
    """Counts levels up to the first that is too many; `circles` tells which steps lead back to one another."""

    allowed: int
    targets: frozenset[str]
    circles: Mapping[str, int]

    def begin(self) -> State:
        return Depth()

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        circle = self.circles[step.name]
        before = {name: levels for name, levels in state.before if self.circles[name] == circle}
        if step.name in self.targets:
            before.setdefault(step.name, state.levels)
        levels = state.levels + (isinstance(step, Menu) and is_level(step))
        return ((Depth(levels, tuple(sorted(before.items()))), instants),)

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        if exit.outcome is Outcome.AGAIN:
            return attrs.evolve(state, levels=dict(state.before).get(str(exit.to), state.levels))
        return state

    def over(self, state: State) -> bool:
        return bool(state.levels > self.allowed)


def levels(survey: Survey, allowed: int) -> Levels:
    """A memory of the levels of a plan, up to just over so many."""
    circles = {name: index for index, circle in enumerate(components(_onward(survey))) for name in circle}
    return Levels(allowed, frozenset(survey.plan.targets()), circles)


def chain(survey: Survey) -> int:
    """The most levels that any path has, whatever the hours; all menus of a circle are taken to be on it, once, or once
    for each return where an `again` can be the first to bring callers to a step: there they get no less deep.
    """
    graph = _onward(survey)
    order = components(graph)
    circles = {name: index for index, component in enumerate(order) for name in component}
    entered: list[set[str]] = [set() for _ in order]
    for name in (line.entry for line in survey.plan.lines):
        entered[circles[name]].add(name)
    for name, onward in graph.items():
        for to in onward:
            if circles[to] != circles[name]:
                entered[circles[to]].add(to)
    longest: list[int] = []
    for index, component in enumerate(order):
        beyond = max(
            (longest[circles[to]] for name in component for to in graph[name] if circles[to] != index), default=0
        )
        menus = sum(is_level(step) for name in component if isinstance(step := survey.plan.steps[name], Menu))
        longest.append(beyond + menus * _rounds(survey, graph, component, entered[index]))
    return max(longest)


def _rounds(survey: Survey, graph: Mapping[str, list[str]], component: Iterable[str], entered: Set[str]) -> int:
    """How many times the menus of a circle can lie one behind the other: more than once only if an `again` leads to a
    step that the call need not have come to before.
    """
    inside, steps = frozenset(component), survey.plan.steps
    returns: dict[str, list[str]] = {}
    for name in inside:
        step = steps[name]
        if isinstance(step, Again) and step.target in inside:
            returns.setdefault(step.target, []).append(name)
    for target, agains in returns.items():
        others = {name: [to for to in graph[name] if to in inside and to != target] for name in inside}
        if not behind(entered - {target}, others.__getitem__).isdisjoint(agains):
            return 1 + sum(map(survey.plan.limit, returns))
    return 1


def _onward(survey: Survey) -> Mapping[str, list[str]]:
    """The steps that each step can lead to."""
    return {
        name: [str(exit.to) for exit in survey.exits(name) if not isinstance(exit.to, End)]
        for name in survey.plan.steps
    }
