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
from dialc.approach import Way, Whom
from dialc.calendar import Instants
from dialc.called import Called
from dialc.levels import Depth, Levels, levels
from dialc.measure import Beginning, Lapse, Measure, Measured, Passage, Shown
from dialc.plan import Exemption, Exit, Plan, Step
from dialc.reach import Memory, Situation, State, Survey, sampled
from dialc.staying import Presence, presences
from dialc.timelines import Hears, endings
from dialc.waits import RINGING, SILENCE, Run, heard_out, runs_between
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
        """The call as lines of text, as findings tell it."""
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

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All that is told of the line."""
        ranges = (each for effort in self.efforts.values() for each in effort.values())
        return tuple(figure for each in ranges for figure in (each.best, each.worst))

    @property
    def unnumbered(self) -> tuple[object, ...]:
        """The same, as it is of all lines that are alike, with why they are not for people if they are not."""
        return self.exempt, *(_called(figure, "") for figure in self.figures)


@attrs.frozen
class Budget:
    """A budget for each line, in the order of the plan, and who has to stay until when, by step."""

    lines: tuple[LineBudget, ...]
    presences: Mapping[str, Presence]


def budget(survey: Survey) -> Budget:
    """What the lines of a plan take callers. Exits that close a loop are not followed, so a plan should have none."""
    sample = sampled(survey)
    alike = _alike(sample)

    def kind(begun: Beginning) -> str | None:
        return begun.number if alike[begun.number] == begun.number else None

    found = {whom: dict(_ranges(sample, whom, kind)) for whom in Whom}
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
    return {
        what: Range(_called(found[measured].best, number), _called(found[measured].worst, number))
        for what, found in ranges.items()
        if measured in found
    }


def _called(figure: Figure, number: str) -> Figure:
    """A figure, told as a call to another number."""
    call = figure.call
    return attrs.evolve(figure, call=attrs.evolve(call, witness=attrs.evolve(call.witness, number=number)))


def _ranges(survey: Survey, whom: Whom, kind: Kind) -> Iterator[tuple[What, Mapping[str, Range]]]:
    """Each figure, for each number whose calls come so far."""
    depth = _Deepest(levels(survey, len(survey.plan.steps)))
    plain: Mapping[What, tuple[Measure, Measure]] = {
        What.SECONDS: (approach.seconds(sure=True, whom=whom),) * 2,
        What.KEYS: (approach.keys(sure=True, whom=whom),) * 2,
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

    def passages(step: Step, exit: Exit) -> Iterator[Passage]:
        for way in _ways(step, exit, whom):
            behind_prompts = dict(heard_out(way.heard, counted))
            for runs in _runs(step, way, counted):
                for phase in (_BEFORE, _AFTER):
                    yield Passage(_counting(runs, None), ends=way.comes, phase=phase, leads=phase)
                leads = _AFTER if len(runs) > 1 else _WAITING
                yield Passage(_counting(runs, 0), ends=way.comes, phase=_WAITING, leads=leads)
                for index in range(len(runs)):
                    if index not in behind_prompts:
                        yield _begins(runs, index, way)
            for index, heard in behind_prompts.items():
                for runs in _runs(step, attrs.evolve(way, heard=heard), counted):
                    yield _begins(runs, index, way)

    def measure(step: Step, exit: Exit) -> Iterable[Passage]:
        return dict.fromkeys(passages(step, exit))

    return measure


def _begins(runs: Sequence[Run], index: int, way: Way) -> Passage:
    """The passage of a wait that begins in a step, with one of its runs."""
    leads = _WAITING if index == len(runs) - 1 else _AFTER
    return Passage(_counting(runs, index), ends=way.comes, phase=_BEFORE, leads=leads)


def _counting(runs: Sequence[Run], counting: int | None) -> Run:
    """All lapses one behind the other, of which those of one run count."""
    return _joined(
        lapse if index == counting else lapse._replace(counted=False) for index, run in enumerate(runs) for lapse in run
    )


def _allowing(whom: Whom, counted: tuple[Hears, ...], seconds: int) -> Measure:
    """The wait up to the first word, of calls in which no wait behind it is longer."""

    def passages(step: Step, exit: Exit) -> Iterator[Passage]:
        for way in _ways(step, exit, whom):
            for first, *others in _runs(step, way, counted):
                anew = (lapse for run in others for lapse in (Lapse(0, 0, allows=seconds), *run))
                yield Passage(_joined((*first, *anew)), ends=way.comes)

    def measure(step: Step, exit: Exit) -> Iterable[Passage]:
        return dict.fromkeys(passages(step, exit))

    return measure


def _joined(lapses: Iterable[Lapse]) -> Run:
    """Lapses, with those made one that follow each other and are alike but for their seconds."""
    found: list[Lapse] = []
    for lapse in lapses:
        before = found[-1] if found else None
        plain = lapse.allows is None and not lapse.stays
        if plain and not lapse.longest:
            continue
        if plain and before and before[2:] == lapse[2:]:
            seconds = (before.shortest + lapse.shortest, before.longest + lapse.longest)
            found[-1] = Lapse(*seconds, lapse.counted)
        else:
            found.append(lapse)
    return tuple(found)


def _ways(step: Step, exit: Exit, whom: Whom) -> Iterator[Way]:
    """The ways through a step, of all callers."""
    return approach.ways(step, exit, sure=False, whom=whom, heards=endings(step, exit))


def _runs(step: Step, way: Way, counted: tuple[Hears, ...]) -> Iterator[tuple[Run, ...]]:
    """The runs of a way through a step, with what is left to wait for of its hours."""
    for found in runs_between(step, [way.heard], counted):
        runs = [tuple(lapse._replace(stays=lapse.stays and way.stays) for lapse in run) for run in found]
        if way.stays and not any(stretch.people for stretch in way.heard):
            runs[-1] = (*runs[-1], Lapse(0, 0, counted=False, stays=True))
        yield tuple(runs)
