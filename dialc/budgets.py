"""The budget of a plan: what it takes callers of each line to come to people, at best and at worst.

In: a survey. Out: a `Budget`. For each line, and on the way to the first person as well as to the operator's phone, it
has seconds, waits without a word, keys, prompts, levels of menus and hand-offs, each as its rule measures it, with the
call that comes to it; and until when people have to stay at each of their phones.

Each figure is exact, over all calls that come so far at any instant. Lines that are alike (the same callers, and where
they come in) are measured once.
"""

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import attrs

from dialc import approach
from dialc.approach import Whom
from dialc.calendar import Instants
from dialc.called import Called
from dialc.levels import Depth, Levels, levels
from dialc.measure import Beginning, Lapse, Measure, Measured, Passage, Shown
from dialc.plan import Exemption, Exit, Plan, Step
from dialc.reach import Memory, Situation, State, Survey
from dialc.staying import Presence, presences
from dialc.timelines import Hears, endings
from dialc.waits import RINGING, SILENCE, Run, runs_between
from dialc.witness import narrate, written


class What(enum.Enum):
    """What is measured on the way to people; the rules that bound it are C06, C04, C09 and C11."""

    SECONDS = "seconds"
    SILENCE = "silence"
    RINGING = "ringing"
    KEYS = "keys"
    PROMPTS = "prompts"
    LEVELS = "levels"
    HAND_OFFS = "hand_offs"


@attrs.frozen
class Figure:
    """How much it is, in seconds or counted, and a call for which it is: up to where people ring, or are queued for."""

    number: int
    call: Shown

    def told(self, plan: Plan) -> tuple[str, ...]:
        """The call as lines of text."""
        witness = self.call.witness
        last = approach.reached(plan.steps[witness.step])
        return narrate(plan, witness, f"{written(witness.step)}: {last}", self.call.seconds)


@attrs.frozen
class Range:
    """The least that it can be, and the most."""

    best: Figure
    worst: Figure


Effort = Mapping[What, Range]
"""What the way to people takes; empty where no call comes to any."""


@attrs.frozen
class LineBudget:
    """What it takes to come to people from a line; `numbers` are those that are its own."""

    numbers: Called
    exempt: Exemption | None
    efforts: Mapping[Whom, Effort]


@attrs.frozen
class Budget:
    """A budget for each line, in the order of the plan, and who has to stay until when, by step."""

    lines: tuple[LineBudget, ...]
    presences: Mapping[str, Presence]


def budget(survey: Survey) -> Budget:
    """What the lines of a plan take callers. Exits that close a loop are not followed, so a plan should have none."""
    alike = _alike(survey)

    def kind(begun: Beginning) -> str | None:
        return begun.number if alike[begun.number] == begun.number else None

    found = {whom: dict(_ranges(survey, whom, kind)) for whom in Whom}
    lines = []
    for line, numbers in zip(survey.plan.lines, survey.plan.called(), strict=True):
        number = numbers.first
        if number in alike:
            efforts = {whom: _effort(ranges, alike[number], number) for whom, ranges in found.items()}
            lines.append(LineBudget(numbers, line.exempt, efforts))
    return Budget(tuple(lines), presences(survey))


Kind = Callable[[Beginning], str | None]
"""The number by which calls are measured; None for those that are alike to others."""


def _alike(survey: Survey) -> Mapping[str, str]:
    """For each number that begins a line, the first whose calls begin in the same situations."""
    begun: dict[str, list[tuple[str, Situation]]] = {}
    for beginning in survey.beginnings():
        begun.setdefault(beginning.number, []).append((beginning.caller, beginning.situation))
    first: dict[tuple[tuple[str, Situation], ...], str] = {}
    return {number: first.setdefault(tuple(situations), number) for number, situations in begun.items()}


def _effort(ranges: Mapping[What, Mapping[str, Range]], measured: str, number: str) -> Effort:
    """What was measured of one number, told as calls to another."""

    def to(figure: Figure) -> Figure:
        call = figure.call
        return attrs.evolve(figure, call=attrs.evolve(call, witness=attrs.evolve(call.witness, number=number)))

    return {
        what: Range(to(found[measured].best), to(found[measured].worst))
        for what, found in ranges.items()
        if measured in found
    }


def _ranges(survey: Survey, whom: Whom, kind: Kind) -> Iterator[tuple[What, Mapping[str, Range]]]:
    """Each figure, for each number whose calls come so far."""
    tries = survey.plan.policy.tries
    depth = _Deepest(levels(survey, len(survey.plan.steps)))
    plain: Mapping[What, tuple[Measure, Measure]] = {
        What.SECONDS: (approach.seconds(sure=True, whom=whom),) * 2,
        What.KEYS: (approach.keys(tries, sure=True, whom=whom),) * 2,
        What.PROMPTS: (
            approach.prompts(sure=True, most=False, whom=whom),
            approach.prompts(sure=True, most=True, whom=whom),
        ),
        What.HAND_OFFS: (approach.hand_offs(whom=whom),) * 2,
    }
    for what in What:
        match what:
            case What.SILENCE:
                yield what, _waits(survey, whom, kind, SILENCE)
            case What.RINGING:
                yield what, _waits(survey, whom, kind, RINGING)
            case What.LEVELS:
                comes = _coming(whom)
                yield (
                    what,
                    _both(
                        Measured(survey, comes, most=False, memory=depth, ending=_deepest),
                        Measured(survey, comes, most=True, memory=depth, ending=_deepest),
                        kind,
                    ),
                )
            case _:
                least, most = plain[what]
                yield what, _both(Measured(survey, least, most=False), Measured(survey, most, most=True), kind)


def _both(least: Measured, most: Measured, kind: Kind) -> Mapping[str, Range]:
    best, worst = least.examples(kind), most.examples(kind)
    return {number: Range(Figure(*best[number]), Figure(*worst[number])) for number in worst}


def _coming(whom: Whom) -> Measure:
    """Nothing but that people are come to."""

    def measure(step: Step, exit: Exit) -> Iterator[Passage]:
        for way in approach.ways(step, exit, sure=True, whom=whom):
            yield approach.passage(way, counted=False)

    return measure


# Levels


@attrs.frozen
class _Deepest(Memory):
    """The levels of a call, and the most that it had."""

    levels: Levels

    def begin(self) -> State:
        return self.levels.begin(), 0

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        depth, deepest = state
        ((arrived, when),) = self.levels.arrive(depth, step, instants)
        assert isinstance(arrived, Depth)
        return (((arrived, max(deepest, arrived.levels)), when),)

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        depth, deepest = state
        return self.levels.leave(depth, step, exit), deepest


def _deepest(state: State) -> int:
    return int(state[1])


# Waits without a word


def _waits(survey: Survey, whom: Whom, kind: Kind, counted: tuple[Hears, ...]) -> Mapping[str, Range]:
    """The longest wait of a call: for the most of it, and for the least that a call can do with."""
    worst = Measured(survey, _longest(whom, counted), most=True).examples(kind)
    allowing: dict[int, Mapping[str, tuple[int, Shown]]] = {}

    def does(number: str, seconds: int) -> Shown | None:
        """A call of which no wait is longer."""
        if seconds not in allowing:
            measured = Measured(survey, _allowing(whom, counted, seconds), most=False)
            allowing[seconds] = measured.examples(kind, seconds)
        found = allowing[seconds].get(number)
        return found[1] if found else None

    found: dict[str, Range] = {}
    for number, figure in worst.items():
        low, high = -1, 0  # most calls need not wait at all
        while does(number, high) is None:
            low, high = high, figure[0] if high else min(1, figure[0])
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if does(number, middle) else (middle, high)
        shown = does(number, high)
        assert shown is not None
        found[number] = Range(Figure(high, shown), Figure(*figure))
    return found


_BEFORE, _WAITING, _AFTER = 0, 1, 2
"""The phases of the longest wait: before it, in it where it goes on from step to step, and behind it."""


def _longest(whom: Whom, counted: tuple[Hears, ...]) -> Measure:
    """Any one wait of a call, so that the most is the longest."""

    def measure(step: Step, exit: Exit) -> Iterator[Passage]:
        for runs, tail, comes in _runs(step, exit, whom, counted):
            for phase in (_BEFORE, _AFTER):
                yield Passage(_counting(runs, tail, None), ends=comes, phase=phase, leads=phase)
            for index in range(len(runs)):
                yield Passage(_counting(runs, tail, index), ends=comes, phase=_BEFORE, leads=_AFTER)
            yield Passage(_counting(runs, tail, len(runs) - 1), ends=comes, phase=_BEFORE, leads=_WAITING)
            leads = _AFTER if len(runs) > 1 else _WAITING
            yield Passage(_counting(runs, tail, 0), ends=comes, phase=_WAITING, leads=leads)

    return measure


def _counting(runs: Sequence[Run], tail: Run, counted: int | None) -> Run:
    """All lapses one behind the other, of which those of one run count."""
    return (
        *(
            lapse if index == counted else lapse._replace(counted=False)
            for index, run in enumerate(runs)
            for lapse in run
        ),
        *tail,
    )


def _allowing(whom: Whom, counted: tuple[Hears, ...], seconds: int) -> Measure:
    """The wait up to the first word, of calls in which no wait behind it is longer."""

    def measure(step: Step, exit: Exit) -> Iterator[Passage]:
        for (first, *others), tail, comes in _runs(step, exit, whom, counted):
            anew = (lapse for run in others for lapse in (Lapse(0, 0, allows=seconds), *run))
            yield Passage((*first, *anew, *tail), ends=comes)

    return measure


def _runs(
    step: Step, exit: Exit, whom: Whom, counted: tuple[Hears, ...]
) -> Iterator[tuple[tuple[Run, ...], Run, bool]]:
    """The runs of each way through a step, what is left to wait for of its hours, and whether it comes to people."""
    for way in approach.ways(step, exit, sure=False, whom=whom, heards=endings(step, exit)):
        staying = way.stays and not any(stretch.people for stretch in way.heard)
        tail = (Lapse(0, 0, counted=False, stays=True),) if staying else ()
        for runs in runs_between(step, [way.heard], counted):
            yield runs, tail, way.comes
