"""All the calls of a plan as one formula, turn after turn.

In: a plan. Out: `Calls`, whose models are the calls of at most so many turns: the second in which one begins, who calls
which line, at each turn the step and the exit taken, the seconds that it took, try by try and stage by stage. Nothing
here enumerates a call, and nothing is taken from the verifier: which exits a step has comes from the plan's types, and
how long each takes from the tries of a menu and the stages of a ring, as the model in the documentation has them.
"""

import datetime
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import z3

from dialc.callers import WITHHELD, Callers
from dialc.classes import admitted
from dialc.plan import (
    Again,
    Announcement,
    ByCaller,
    Callback,
    Collect,
    End,
    Exit,
    Line,
    Listed,
    Menu,
    Operator,
    Outcome,
    Plan,
    Ring,
    RungBack,
    Served,
    Stage,
    Step,
)
from tests.engine.hours import DAY, Clocks, Stretches

Term = Any
"""A term of the solver, which has no types."""

UNANSWERED = (Outcome.BUSY, Outcome.NO_ANSWER, Outcome.UNAVAILABLE, Outcome.DECLINED, Outcome.UNANSWERED)


EFFORT = 2_000_000
"""What the solver may spend on one question, in its own units: some seconds, and the same on every machine."""


class TooLong(Exception):
    """A plan has calls of more turns, or ways through it, than are looked at."""


@attrs.frozen
class Position:
    """Where a caller is: the step, the returns used up of each target, the language."""

    step: str
    used: tuple[int, ...]
    language: str


@attrs.frozen(eq=False)
class Way:
    """An exit that can be taken from a position at a turn, and where it leads; `taken` is its variable."""

    turn: int
    position: Position
    step: Step
    exit: Exit
    to: Position | None
    taken: Term


@attrs.frozen
class Party:
    """Who calls which line, by number."""

    line: Line
    number: str
    caller: str
    rung_back: bool


@attrs.frozen
class Turn:
    """The variables of one turn.

    `at` is the instant of arrival, `counted` how many tries or stages there are, `lasts` how long each, `hit` whether a
    key was pressed in a try, and `cut` how many seconds into it.
    """

    at: Term
    counted: Term
    lasts: tuple[Term, ...]
    hit: tuple[Term, ...]
    cut: tuple[Term, ...]


class Calls:
    """The calls of a plan, followed for at most so many turns; `hours` says whether hours are looked at.

    Raises `TooLong` if there are more ways than `most`.
    """

    def __init__(self, plan: Plan, turns: int, most: int = 2500, longest: int = 2 * DAY, *, hours: bool = True) -> None:
        assert plan.valid
        clock = zoneinfo.ZoneInfo(plan.zone)
        first, last = (datetime.datetime.combine(date, datetime.time(), clock) for date in plan.valid)
        self.plan, self.hours = plan, hours
        self.first = int(first.timestamp())
        self.end = int(
            datetime.datetime.combine(last.date() + datetime.timedelta(days=1), last.time(), clock).timestamp()
        )
        self.clocks = Clocks(self.first - 2 * DAY, self.end + longest)
        self.targets = plan.targets()
        self.spoken = {language: plan.spoken(language) for language in plan.languages}
        self.parties = tuple(_parties(plan))
        self.calls_as = tuple(z3.Bool(f"calls {index}") for index in range(len(self.parties)))
        self.solver = z3.SolverFor("QF_LIA")
        self.solver.set("rlimit", EFFORT)
        self.turns: list[Turn] = []
        self.ways: list[tuple[Way, ...]] = []
        self.arrived: list[Mapping[Position, Term]] = []
        self._made = 0
        self._build(turns, most)

    # What a call can be

    def _build(self, turns: int, most: int) -> None:
        self.solver.add(z3.AtMost(*self.calls_as, 1), z3.Or(*self.calls_as))
        self.arrived.append(self._beginnings())
        self.turns.append(self._turn(0))
        self.solver.add(self.turns[0].at >= self.first, self.turns[0].at < self.end)
        for number in range(turns):
            self.turns.append(self._turn(number + 1))
            ways = tuple(self._ways(number))
            self.ways.append(ways)
            if sum(map(len, self.ways)) > most:
                raise TooLong
            self.solver.add(z3.AtMost(*(way.taken for way in ways), 1))
            for position in self.arrived[number]:
                mine = [way.taken for way in ways if way.position == position]
                if len(mine) > 1:
                    self.solver.add(z3.AtMost(*mine, 1))
            for way in ways:
                self.solver.add(z3.Implies(way.taken, z3.And(*self._possible(way))))
            into: dict[Position, list[Term]] = {}
            for way in ways:
                if way.to is not None:
                    into.setdefault(way.to, []).append(way.taken)
            self.arrived.append({position: z3.Or(*takens) for position, takens in into.items()})
            if not into:
                break

    def _turn(self, number: int) -> Turn:
        def several(name: str, sort: Callable[[str], Term]) -> tuple[Term, ...]:
            return tuple(sort(f"{name} {number} {index}") for index in range(4))

        return Turn(
            z3.Int(f"at {number}"),
            z3.Int(f"counted {number}"),
            several("lasts", z3.Int),
            several("hit", z3.Bool),
            several("cut", z3.Int),
        )

    def _beginnings(self) -> Mapping[Position, Term]:
        found: dict[Position, list[Term]] = {}
        for party, calls in zip(self.parties, self.calls_as, strict=True):
            position = Position(party.line.entry, (0,) * len(self.targets), self.plan.language)
            found.setdefault(position, []).append(calls)
        return {position: z3.Or(*calls) for position, calls in found.items()}

    def _ways(self, number: int) -> Iterator[Way]:
        for position in self.arrived[number]:
            step = self.spoken[position.language].steps[position.step]
            for index, (exit, to) in enumerate(self._exits(position)):
                yield Way(number, position, step, exit, to, z3.Bool(f"takes {number} {position} {index}"))

    def onward(self, position: Position) -> list[Position]:
        """Where the exits of a position lead."""
        return [to for _, to in self._exits(position) if to is not None]

    def _exits(self, position: Position) -> Iterator[tuple[Exit, Position | None]]:
        step = self.spoken[position.language].steps[position.step]
        for exit in step.exits():
            used = list(position.used)
            if isinstance(step, Again):
                target = self.targets.index(step.target)
                left = used[target] < self.plan.limit(step.target)
                if left is not (exit.outcome is Outcome.AGAIN):
                    continue
                used[target] += left
            to = None if isinstance(exit.to, End) else Position(exit.to, tuple(used), exit.speaks or position.language)
            yield exit, to

    def _possible(self, way: Way) -> Iterator[Term]:
        """What has to hold for a way to be taken."""
        now, onward = self.turns[way.turn], self.turns[way.turn + 1]
        yield self.arrived[way.turn][way.position]
        if way.exit.when and self.hours:
            yield within(now.at, self.clocks.admits(way.exit.when))
        if way.exit.stay and self.hours:
            yield self._stays(way)
        if way.exit.who:
            yield self.who(lambda party: _admits(way.exit, party))
        lasts = onward.at - now.at
        match way.step:
            case Menu() | Collect():
                yield from _tries(way.step, way.exit, now)
                yield lasts == sum_of(now.lasts, way.step.tries)
            case Ring() | Operator() if way.exit.outcome is not Outcome.UNSTAFFED:
                yield from _stages(way.step, way.exit, now, lasts)
            case _:
                yield lasts >= way.exit.shortest
                yield lasts <= way.exit.longest

    def _stays(self, way: Way) -> Term:
        """That a period is open from some time after the arrival until the way out, and closed then if that ends it."""
        stay, now, then = way.exit.stay, self.turns[way.turn].at, self.turns[way.turn + 1].at
        assert stay
        opened = self.clocks.opened(stay.period, {})
        since = now + stay.since
        inside = [
            z3.And(start <= since, since < end, then == end if stay.ends else then < end) for start, end in opened
        ]
        at_once = z3.And(then == since, z3.Not(within(since, opened)))
        return z3.Or(*inside, *([at_once] if stay.ends else []))

    # What formulas are made of

    def who(self, what: Callable[[Party], bool]) -> Term:
        """That something is so of who calls which line."""
        return self.among([party for party in self.parties if what(party)])

    def among(self, parties: Sequence[Party]) -> Term:
        """That the caller is one of some."""
        return z3.Or(*(calls for party, calls in zip(self.parties, self.calls_as, strict=True) if party in parties))

    def at(self, number: int, step: str) -> Term:
        """That the caller arrives at a step at a turn."""
        return z3.Or(*(here for position, here in self.arrived[number].items() if position.step == step))

    def arrivals(self) -> Iterator[tuple[int, Position, Step, Term]]:
        """Everywhere that callers can arrive: at which turn, where, and the term that says so."""
        for number, arrived in enumerate(self.arrived):
            for position, here in arrived.items():
                yield number, position, self.spoken[position.language].steps[position.step], here

    def fresh(self, name: str, sort: Callable[[str], Term] = z3.Bool) -> Term:
        """A variable of its own."""
        self._made += 1
        return sort(f"{name} #{self._made}")

    def memory(self, name: str, begins: Term, change: Callable[[Way, Term], Term | None]) -> list[Term]:
        """What is remembered at the arrival of each turn; `change` is what becomes of it on a way, None for nothing."""
        found = [begins]
        for ways in self.ways:
            before = found[-1]
            changed = [(way.taken, value) for way in ways if (value := change(way, before)) is not None]
            if not changed:
                found.append(before)
                continue
            same: dict[Any, tuple[Term, list[Term]]] = {}
            for taken, value in changed:
                key = value.get_id() if z3.is_expr(value) else ("constant", value)
                same.setdefault(key, (value, []))[1].append(taken)
            now = before
            for value, takens in same.values():
                now = z3.If(z3.Or(*takens), value, now)
            sort = z3.Bool if z3.is_bool(now) else z3.Int
            kept = self.fresh(name, sort)
            self.solver.add(kept == now)
            found.append(kept)
        return found


def sum_of(terms: Iterable[Term], most: int) -> Term:
    """The sum of the first of some terms."""
    return z3.Sum([term for _, term in zip(range(most), terms, strict=False)])


def within(instant: Term, stretches: Stretches) -> Term:
    """That an instant lies in one of some stretches."""
    return z3.Or(*(z3.And(start <= instant, instant < end) for start, end in stretches))


def _admits(exit: Exit, party: Party) -> bool:
    match exit.who:
        case Listed(callers, inside):
            return callers.holds(party.caller) is inside
        case Served(operator):
            return operator == party.line.operator
        case RungBack():
            return party.rung_back
        case None:
            return True


def _parties(plan: Plan) -> Iterator[Party]:
    """Who can call which line and differs in something that the plan asks for, or in whether they can be rung back."""
    seen = set()
    for line in plan.lines:
        numbers = (number for number in line.numbers if plan.line(number) is line)
        number = next(iter(numbers), None)
        if number is None:
            continue
        served = attrs.evolve(line, operator=line.operator or plan.operator)
        for caller in _callers(plan):
            if any(refused.holds(caller) for refused in line.refuses):
                continue
            books = not caller or (caller != WITHHELD and admitted(caller, plan.callback_to))
            on = frozenset(each.name for each in _lists(plan) if each.holds(caller))
            if (number, on, books) not in seen:
                seen.add((number, on, books))
                yield Party(served, number, caller, books)


def _lists(plan: Plan) -> list[Callers]:
    asked = [step.callers for step in plan.steps.values() if isinstance(step, ByCaller)]
    return asked + [callers for line in plan.lines for callers in line.refuses]


def _callers(plan: Plan) -> list[str]:
    """Callers among whom is one of each kind: on a list by number or by prefix, a little beside it, elsewhere, hidden;
    where the plan calls back, of numbers that are as long as numbers are, too.
    """
    lists = _lists(plan)
    if not lists:
        return [""]
    known = {one for each in lists for one in (*each.numbers, *each.prefixes)}
    beside = {f"{one}{digit}" for one in known for digit in "0579"}
    books = any(isinstance(step, Callback) for step in plan.steps.values())
    full = {one[:12].ljust(12, digit) for one in known for digit in "0579"} if books else set()
    return sorted({*known, *beside, *full, "+48500000000", "+99", WITHHELD})


def _tries(step: Menu | Collect, exit: Exit, now: Turn) -> Iterator[Term]:
    """The tries of a menu or a collect that is left by an exit."""
    prompts = sum(prompt.seconds for prompt in step.prompts)
    silent = prompts + step.wait
    if isinstance(step, Menu):
        digits = max((len(number) for direct in step.direct for number in direct.numbers), default=1)
        can_miss = digits > 1 or bool(step.wrong())
        repeats = bool(step.repeats)
    else:
        digits, can_miss, repeats = step.most + step.ends, True, False
    longest = silent + (digits - 1) * step.wait
    tries = step.tries
    assert tries <= len(now.lasts)

    def hit(index: int, most: int) -> Term:
        """A try in which the last key comes after at most so many seconds."""
        key, lasts = now.cut[index], now.lasts[index]
        return z3.And(now.hit[index], key >= 0, key <= silent, lasts >= key, lasts <= key + most - silent)

    def vain(index: int) -> Term:
        nothing = z3.And(z3.Not(now.hit[index]), now.lasts[index] == silent, now.cut[index] == silent)
        return z3.Or(nothing, hit(index, longest)) if can_miss or repeats else nothing

    def after(counted: int) -> list[Term]:
        return [z3.And(now.lasts[i] == 0, z3.Not(now.hit[i])) for i in range(counted, tries)]

    last = tries - 1
    match exit.outcome:
        case Outcome.KEY | Outcome.EXTENSION | Outcome.ACCEPT:
            if exit.outcome is Outcome.KEY:
                most = silent
            elif exit.outcome is Outcome.EXTENSION:
                assert isinstance(step, Menu)
                direct = next(each for each in step.direct if each.row == exit.what)
                most = silent + (max(map(len, direct.numbers)) - 1) * step.wait
            else:
                assert isinstance(step, Collect)
                most = exit.longest - (tries - 1) * longest
            yield z3.Or(
                *(
                    z3.And(now.counted == count, *map(vain, range(count - 1)), hit(count - 1, most), *after(count))
                    for count in range(1, tries + 1)
                )
            )
        case Outcome.SILENCE if not exit.pressed:
            yield now.counted == tries
            yield from (z3.And(vain(i), z3.Not(now.hit[i])) for i in range(tries))
        case Outcome.SILENCE | Outcome.UNDECIDED:
            yield now.counted == tries
            yield from (vain(i) for i in range(last))
            waited = z3.And(now.lasts[last] == silent, z3.Not(now.hit[last]), now.cut[last] == silent)
            asked = z3.And(hit(last, silent)) if repeats else z3.BoolVal(False)
            yield z3.Or(asked, z3.And(waited, z3.Or(*now.hit[:last])))
        case _:
            assert exit.outcome is Outcome.INVALID
            yield now.counted == tries
            yield from (vain(i) for i in range(last))
            yield hit(last, longest)


def _stages(step: Ring | Operator, exit: Exit, now: Turn, lasts: Term) -> Iterator[Term]:
    """The stages of a ring or an operator that is left by an exit, and how long it all takes."""
    stages = step.stages
    said = [said_before(step, index) for index in range(len(stages))]
    said.append(sum(item.prompt.seconds for item in items_of(step) if isinstance(item, Announcement)))
    rung = [z3.And(now.lasts[i] >= 0, now.lasts[i] <= stage.seconds) for i, stage in enumerate(stages)]
    if exit.outcome in UNANSWERED:
        yield from (now.counted == len(stages), *rung, lasts == said[-1] + sum_of(now.lasts, len(stages)))
        return
    human = exit.outcome is Outcome.ANSWERED
    yield z3.Or(
        *(
            z3.And(now.counted == i + 1, *rung[: i + 1], lasts == said[i] + sum_of(now.lasts, i + 1))
            for i, stage in enumerate(stages)
            if any(phone.human is human for phone in stage.phones)
        )
    )


def items_of(step: Ring | Operator) -> Sequence[Announcement | Stage]:
    """Prompts and stages in order."""
    return step.items if isinstance(step, Operator) else step.stages


def said_before(step: Ring | Operator, stage: int) -> int:
    """The seconds of the prompts before a stage, counted from 0."""
    seconds = count = 0
    for item in items_of(step):
        if isinstance(item, Announcement):
            seconds += item.prompt.seconds
        elif count == stage:
            break
        else:
            count += 1
    return seconds


def hearing(exit: Exit) -> bool:
    """Whether those who leave a queue by an exit heard its prompts begin: it was not closed on arrival."""
    return not (exit.outcome is Outcome.CLOSING and exit.when is not None and not exit.when.open)
