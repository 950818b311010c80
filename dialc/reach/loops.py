"""Loops: ways by which callers could come round to a step, other than by an `again`.

In: a plan. Out: its `Survey`, in which each of them is found and cut, and the ranks of its steps. A circle that the
hours never let anybody come round is no loop, and stays as it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Set

import attrs

from dialc.calendar import Instants, calendar
from dialc.plan import Exit, Outcome, Plan, Step
from dialc.reach import shortest
from dialc.reach.circles import behind, circular, components
from dialc.reach.situations import Beginning, Goal, Loop, Memory, Reached, Situation, State
from dialc.reach.surveys import Survey
from dialc.reach.ways import Ways


def survey(plan: Plan) -> Survey:
    """A plan made ready to be asked about: its loops found, its steps in order."""
    known = calendar(plan)
    ways = Ways(plan, known)
    asked = Survey(plan, known, ways)
    loops = tuple(_loops(asked))
    order = components(ways.onward())
    positions = {step: len(order) - index for index, circle in enumerate(order) for step in circle}
    return Survey(plan, known, ways, loops, positions)


def at_rest(asked: Survey) -> Survey:
    """The same plan, asked about as it is while no switch overrides hours."""
    if not any(hours.switches for hours in asked.plan.hours.values()):
        return asked
    calm = attrs.evolve(asked.calendar, resting=True)
    ways = Ways(asked.plan, calm)
    for loop in asked.loops:
        ways.close(loop.source, loop.index)
    return Survey(asked.plan, calm, ways, asked.loops, asked.order)


def ranks(asked: Survey) -> Mapping[str, int]:
    """A number for each step that falls along every exit that is neither an `again` nor cut.

    Steps on a circle that no call can come round share a number: the hours see to it that each is passed at most once.
    """
    found: dict[str, int] = {}
    graph = asked.ways_out.onward()
    for component in components(graph):
        beyond = max((found[to] for step in component for to in graph[step] if to in found), default=0)
        for step in component:
            found[step] = beyond + len(component)
    return found


def _loops(asked: Survey) -> Iterator[Loop]:
    """Every loop, those first that callers come to first; each is cut before the next is looked for."""
    ways = asked.ways_out
    graph = ways.onward()
    harmless: set[frozenset[str]] = set()
    while True:
        circles = [c for c in components(graph) if circular(graph, c) and frozenset(c) not in harmless]
        loop = None
        while circles:
            circle = circles[-1]
            loop = next(
                (found for step in sorted(circle, key=asked.plan.stands) if (found := _loop(asked, step))), None
            )
            if loop is not None:
                break
            harmless.add(frozenset(circles.pop()))
        if loop is None:
            return
        yield loop
        ways.close(loop.source, loop.index)
        # A cut makes no new circles: what leads to none is done with.
        leading = _leading_to(graph, (step for circle in circles for step in circle))
        graph = {step: ways.onward_from(step) for step in graph if step in leading}


def _leading_to(graph: Mapping[str, Iterable[str]], steps: Iterable[str]) -> Set[str]:
    """The steps from which some steps can be reached, these among them."""
    before: dict[str, list[str]] = {}
    for step, onward in graph.items():
        for to in onward:
            before.setdefault(to, []).append(step)
    return behind(steps, lambda step: before.get(step, ()))


@attrs.frozen
class _Visits(Memory):
    """Counts the arrivals at one step, up to `most`, since the last `again`: what that brings back is declared."""

    step: str
    most: int

    @property
    def towards(self) -> Set[str]:
        return {self.step}

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
    """The shortest way in which a call comes round to a step, or None where the hours forbid it."""
    most, memory = _most(asked), _Visits(step, 2)
    beginnings = tuple(asked.begun(memory, asked.region(memory)))
    followed = _followed(asked, memory, _instants(beginnings), most)
    if followed is None:
        return None
    chart = asked.chart(memory, followed.reached, asked.region(memory), beginnings)
    witness = shortest.call(chart, followed.goal, followed.exits)
    assert witness, "a call was followed there"
    closing = witness.turns[-1]
    began = max(index for index, turn in enumerate(witness.turns) if turn.step == step)
    timeless = all(turn.exit.when is None and turn.exit.stay is None for turn in witness.turns[began:])
    endless = timeless or any(
        _thrice(asked, each, most) for each in dict.fromkeys(t.step for t in witness.turns[began:])
    )
    alike = (asked.exits(closing.step, language) for language in asked.plan.languages)
    index = next(exits.index(closing.exit) for exits in alike if closing.exit in exits)
    return Loop(step, closing.step, index, endless, witness)


def _thrice(asked: Survey, step: str, most: int) -> bool:
    """Whether some call comes to a step three times without an `again`. Of a loop that the hours close, the step at
    which they are asked can be one more often than the others.
    """
    memory = _Visits(step, 3)
    begun = asked.begun(memory, asked.region(memory))
    return _followed(asked, memory, _instants(begun), 2 * most) is not None


def _instants(beginnings: Iterable[Beginning]) -> list[tuple[Situation, Instants]]:
    return [(beginning.situation, beginning.instants) for beginning in beginnings]


def round_later(asked: Survey, entry: str) -> str | None:
    """A step to which callers come round without an `again` who are at the step `entry` at any instant whatever.

    That is for callers who come there otherwise than by the exits of the plan, so later than it foresees: a circle that
    no call comes round in time may be open to them. The first such step as they stand in the plan, or None.
    """
    onward = asked.ways_out.onward_from
    graph = {step: onward(step) for step in behind((entry,), onward)}
    on_circles = [step for circle in components(graph) if circular(graph, circle) for step in circle]
    parties = dict.fromkeys(beginning.situation.party for beginning in asked.beginnings())
    for step in sorted(on_circles, key=asked.plan.stands):
        memory = _Visits(step, 2)
        begun = [
            (Situation(entry, (), state, language, party), instants)
            for state, instants in memory.arrive(memory.begin(), asked.plan.steps[entry], asked.calendar.validity)
            for language in dict.fromkeys((asked.plan.language, *asked.plan.languages))
            for party in parties
        ]
        if _followed(asked, memory, begun, _most(asked)):
            return step
    return None


def _most(asked: Survey) -> int:
    """The most exits of a call that comes round to no step, but by an `again`."""
    return len(asked.plan.steps) * (1 + sum(asked.plan.limits.values()))


@attrs.frozen
class _Followed:
    """Calls that were followed until, after so many `exits`, one came to the end of what was asked."""

    exits: int
    reached: Reached
    goal: Goal


def _followed(
    asked: Survey, memory: Memory, begun: Iterable[tuple[Situation, Instants]], most: int
) -> _Followed | None:
    """Callers who are somewhere, for at most so many exits, up to the first who ends a memory, if any does. They might
    go round for ever.
    """
    reached: dict[Situation, Instants] = {}
    layer: dict[Situation, list[Instants]] = {}
    region = asked.region(memory)
    for situation, instants in begun:
        layer.setdefault(situation, []).append(instants)
    for exits in range(most + 1):
        fresh: dict[Situation, Instants] = {}
        for situation, sets in layer.items():
            known, instants = reached.get(situation), asked.joined(sets)
            if known is None:
                fresh[situation] = reached[situation] = instants
            elif new := instants - known:
                fresh[situation] = new
                reached[situation] = known | new
        goal = {situation: instants for situation, instants in fresh.items() if memory.over(situation.state)}
        if goal:
            return _Followed(exits, reached, goal)
        layer = {}
        for situation, instants in fresh.items():
            for _, following, later in asked.moves(memory, situation, instants, region):
                layer.setdefault(following, []).append(later)
        if not layer:
            break
    return None
