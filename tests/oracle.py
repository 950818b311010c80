"""Every call that a small plan allows, and what each rule says of it, both written without the verifier.

In: a small plan. Out: all its calls by brute force over the walker (whole seconds, each key, each outcome), and for
each code the calls that break it, judged from the caller's experience alone.
"""

import datetime
import functools
import itertools
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs

from dialc import call
from dialc.call import (
    AnsweredBy,
    Arrived,
    Asked,
    Booked,
    Event,
    Happens,
    Heard,
    HungUp,
    Left,
    LeftMessage,
    Point,
    Pressed,
    Queued,
    Reading,
    Spoken,
)
from dialc.callers import Callers
from dialc.classes import admitted
from dialc.plan import (
    Again,
    Bot,
    Branch,
    ByCaller,
    ByException,
    Callback,
    Collect,
    Extensions,
    HangUp,
    Lookup,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Outside,
    Period,
    Plan,
    Position,
    Queue,
    Ring,
    Schedule,
    Switch,
)
from tests.attendance import can_be_open, operator_hours, reads


class TooMany(Exception):
    """A plan allows more calls than anybody wants to make."""


@attrs.frozen
class Made:
    """One call: when it began (seconds since 1970), what the caller experienced, and whether it came to an end."""

    at: int
    events: tuple[Event, ...]
    ended: bool
    number: str = ""
    caller: str = ""

    @functools.cached_property
    def exits(self) -> int:
        return sum(isinstance(event, Left) for event in self.events)


def options(point: Point, start: int = 0, *, books: bool = True) -> list[Happens]:
    """Everything that can happen at a point of a call that began at an instant; `books` if the caller can be rung."""
    step = point.step
    match step:
        case Menu():
            mean = [*(choice.key for choice in step.choices), *(repeat.key for repeat in step.repeats)]
            dialled = {digit for direct in step.direct for number in direct.numbers for digit in number}
            keys = sorted({*mean, *dialled, *step.wrong()[:1]}) if not point.keys else sorted({*dialled, "*"})
            limit = step.wait if point.keys else step.seconds
            pressed = [call.presses(key, after) for key in keys for after in range(limit + 1)]
            return [*pressed, Happens(Outcome.SILENCE)]
        case Collect():
            entries = [entry for samples in step.samples() for entry in samples.values()]
            limit = step.wait if point.keys else step.seconds
            keys = sorted({*"".join(entries), "*", "#"})
            return [
                *(call.presses(key, after) for key in keys for after in range(limit + 1)),
                Happens(Outcome.SILENCE),
            ]
        case Ring() | Operator():
            stage = step.stages[point.turn - 1]
            outcomes = [Outcome.NO_ANSWER]
            if isinstance(step, Ring):
                outcomes += [Outcome.BUSY, Outcome.UNAVAILABLE]
                if any(isinstance(phone, Outside) and phone.confirm for phone in stage.phones):
                    outcomes.append(Outcome.DECLINED)
            if any(phone.human for phone in stage.phones):
                outcomes.append(Outcome.ANSWERED)
            if not all(phone.human for phone in stage.phones):
                outcomes.append(Outcome.UNCONFIRMED)
            return [Happens(outcome, after) for outcome in outcomes for after in range(stage.seconds + 1)]
        case Extensions():
            outcomes = [Outcome.NO_ANSWER, Outcome.BUSY, Outcome.UNAVAILABLE, Outcome.ANSWERED]
            return [Happens(outcome, after) for outcome in outcomes for after in range(step.seconds + 1)]
        case Queue():
            found = {
                Happens(exit.outcome, after, key=exit.key): None
                for exit in step.exits()
                for after in range(exit.shortest, exit.longest + 1)
            }
            return [happens for happens in found if _before_closing(step, happens, start + point.at)]
        case Mailbox():
            outcomes = [Outcome.LEFT, Outcome.NOTHING_LEFT, Outcome.FAILED]
            return [Happens(outcome, after) for outcome in outcomes for after in range(step.longest + 1)]
        case Lookup():
            return [
                Happens(exit.outcome, after, word=exit.what)
                for exit in step.exits()
                for after in range(exit.shortest, exit.longest + 1)
            ]
        case Bot() if point.turn == 1:
            rung = [Happens(outcome, after) for outcome in (Outcome.ANSWERED, Outcome.FAILED) for after in (0, 1)]
            return [*rung, *(call.presses(step.escape.key, after) for after in range(step.ring + 1))]
        case Bot():
            talked = [call.presses(step.escape.key, after) for after in range(step.limit + 1)]
            return [*talked, *(Happens(Outcome.OVER, after) for after in range(step.limit + 1)), Happens(Outcome.LIMIT)]
        case Callback():
            booked = [Happens(Outcome.BOOKED)] if books else []
            return [*booked, Happens(Outcome.NO_NUMBER), Happens(Outcome.FAILED)]
        case _:
            raise AssertionError(step)


def _before_closing(queue: Queue, happens: Happens, instant: int) -> bool:
    """Whether something can happen in a queue, to a caller who came at an instant at which it was open."""
    if not queue.closing or queue.staffed is None:
        return True
    assert happens.after is not None
    if happens.after < queue.seconds:
        return happens.outcome is Outcome.KEY
    wait = range(queue.seconds, happens.after + 1)
    *before, now = [call.is_open(queue.staffed, instant + second) for second in wait]
    return all(before) and now is not (happens.outcome is Outcome.CLOSING)


def every_call(plan: Plan, starts: Sequence[int], steps: int, most: int, rounds: int = 0) -> Iterator[Made]:
    """Every call that begins at one of the instants, followed for at most so many steps, and no longer than to the
    `rounds`-th arrival at a step without an `again` in between, if any; `TooMany` past `most`, and where a look at some
    of them tells that there are many more.
    """
    made = 0
    numbers = {number for line in plan.lines for number in line.numbers}
    begun = list(itertools.product(starts, sorted(numbers), callers(plan)))
    rng, probed = random.Random(0), 0
    for start, number, caller in rng.choices(begun, k=PROBES):
        course = _Course(start, books=_can_be_rung(plan, caller), rng=rng)
        _followed(plan, number, caller, start, course, steps, rounds)
        probed += course.ways
    if probed * len(begun) > 3 * PROBES * most:
        raise TooMany
    for start, number, caller in begun:
        course = _Course(start, books=_can_be_rung(plan, caller))
        while True:
            events, ended = _followed(plan, number, caller, start, course, steps, rounds)
            made += 1
            if made > most:
                raise TooMany
            yield Made(start, events, ended, number, caller)
            if not course.next():
                break


PROBES = 12
"""Calls at random by which it is told whether a plan has too many: each way is as likely as its branches are few."""


class _Course:
    """The options at each point of a call, the last of each being the one taken; with an `rng`, in any order."""

    def __init__(self, start: int, *, books: bool, rng: random.Random | None = None) -> None:
        self._start = start
        self._books = books
        self._rng = rng
        self._chosen: list[list[Happens | Position]] = []
        self._depth = 0

    def decide(self, point: Point) -> Happens:
        happens = self._choice(lambda: options(point, self._start, books=self._books))
        assert isinstance(happens, Happens)
        return happens

    def read(self, switch: Switch, _: Reading) -> Position:
        position = self._choice(lambda: switch.positions)
        assert isinstance(position, Position)
        return position

    def _choice(self, among: Callable[[], Iterable[Happens | Position]]) -> Happens | Position:
        if self._depth == len(self._chosen):
            self._chosen.append(list(among()))
            if self._rng:
                self._rng.shuffle(self._chosen[-1])
        self._depth += 1
        return self._chosen[self._depth - 1][-1]

    @property
    def ways(self) -> int:
        """How many calls there would be if all had as many options as this one, whatever they choose."""
        return math.prod(map(len, self._chosen))

    def next(self) -> bool:
        """Go on to the next call; False when there is none."""
        self._depth = 0
        while self._chosen and len(self._chosen[-1]) == 1:
            self._chosen.pop()
        if self._chosen:
            self._chosen[-1].pop()
        return bool(self._chosen)


def callers(plan: Plan) -> list[str]:
    """Somebody for each number and prefix that the plan knows, for each of them with one digit more and, where the plan
    calls back, with as many as a number has; somebody else, and one who withholds their number. Of those who are on the
    same lists, and can be called back or not, one. Nobody in particular where the plan does not ask.
    """
    known = {one for step in plan.steps.values() if isinstance(step, ByCaller) for one in _known(step.callers)}
    known |= {one for line in plan.lines for refused in line.refuses for one in _known(refused)}
    if not known:
        return [""]
    numbers = known - {"withheld"}
    full = {f"{one}{digit}".ljust(12, "0") for one in numbers for digit in "05"} | {"+48500000000"}
    books = any(isinstance(step, Callback) for step in plan.steps.values())
    everybody = sorted({*known, *(f"{one}7" for one in numbers), *(full if books else ()), "+99", "withheld"})
    lists = [step.callers for step in plan.steps.values() if isinstance(step, ByCaller)]
    lists += [refused for line in plan.lines for refused in line.refuses]
    alike = {(*(each.holds(one) for each in lists), books and _can_be_rung(plan, one)): one for one in everybody}
    return sorted(alike.values())


def _can_be_rung(plan: Plan, caller: str) -> bool:
    """Whether a call-back can ring a caller; whoever shows a number can be, where the plan names no classes."""
    return not caller or (admitted(caller, plan.callback_to) if plan.callback_to else caller != "withheld")


def _known(callers: Callers) -> set[str]:
    return {*callers.numbers, *callers.prefixes, "withheld"}


def _followed(
    plan: Plan, number: str, caller: str, start: int, course: _Course, steps: int, rounds: int
) -> tuple[tuple[Event, ...], bool]:
    """The events of one call, and whether it came to an end within so many steps and rounds."""
    events: list[Event] = []
    visits = Counter[str]()
    left = 0
    at = datetime.datetime.fromtimestamp(start, datetime.UTC)
    for event in call.experience(plan, number, at, course.decide, course.read, caller):
        events.append(event)
        if isinstance(event, Left):
            left += 1
            if event.outcome == Outcome.AGAIN.value:
                visits.clear()
        elif isinstance(event, Arrived):
            visits[event.step] += 1
            if visits[event.step] == rounds:
                return tuple(events), False
        if left > steps:
            return tuple(events), False
    return tuple(events), True


def broken(plan: Plan, made: Made) -> Iterator[tuple[str, str, int]]:
    """The rules that a call breaks: code, step, and how many exits were taken by then."""
    line = plan.line(made.number) if made.number else None
    exempt = line is not None and line.exempt is not None
    visits: dict[str, int] = {}
    told: set[str] = set()
    read_closed: dict[Schedule, bool] = {}
    missed: dict[str, int] = {}
    asking: dict[str, str] = {}
    exits = 0
    here = ""
    period, sent_away = operator_hours(plan, made.number), False
    came = can_be_open(period, made.at)
    last_resort = queued = pressed = silent = booked = message = no_message = apology = goodbye = False
    open_try = ""
    language = plan.language
    for event in made.events:
        instant = made.at + event.at
        match event:
            case Arrived():
                here = event.step
                visits[here] = visits.get(here, 0) + 1
                if visits[here] > 1:
                    yield "loop", here, exits
                    return
                step = plan.steps[here]
                if isinstance(step, Menu | Collect):
                    for prompt in step.prompts:
                        if asking.setdefault(prompt.name, here) != here:
                            yield "C03", here, exits
                if isinstance(step, Mailbox) and not last_resort:
                    hours = step.closed
                    switched = hours is not None and bool(hours.switches)
                    bad = hours is None or queued or hours.name not in told or not step.greeting or not step.reader
                    if hours is not None and switched:
                        bad = bad or not read_closed.get(hours, False)
                    elif hours is not None and call.is_open(Period(hours), instant):
                        lately = range(plan.policy.mailbox_after_opening + 1)
                        just = any(not call.is_open(Period(hours), instant - since) for since in lately)
                        bad = bad or not just or call.is_open(Period(hours), made.at)
                    if bad:
                        yield "C07", here, exits
                if isinstance(step, HangUp):
                    allowed = plan.policy.silent_caller_may_be_hung_up_on
                    asked = came and not (exempt or last_resort or sent_away)
                    ground = (allowed and silent and not pressed) or booked or message
                    if not (exempt or last_resort or (no_message and apology) or (ground and goodbye)):
                        yield "C10", here, exits + 1
                    elif plan.policy.operator_only and asked and can_be_open(period, instant):
                        yield "C02", here, exits + 1
            case Asked():
                if open_try:
                    missed[open_try] = missed.get(open_try, 0) + 1
                open_try = event.menu
            case Pressed():
                pressed = True
            case Spoken():
                language = event.language
            case Heard():
                prompt = plan.prompts[event.prompt]
                if len(plan.languages) > 1 and language not in dict(prompt.texts):
                    yield "D252", here, exits
                step = plan.steps[here]
                if prompt.says and not prompt.says.open and not isinstance(step, Queue | Operator | Mailbox):
                    told.add(prompt.says.hours.name)
                if not isinstance(step, Queue | Operator | Mailbox | Menu | Collect):
                    goodbye = prompt.goodbye
                    apology = apology or (no_message and prompt.apology)
            case LeftMessage():
                message = True
            case Booked():
                booked = True
                step = plan.steps[event.callback]
                if isinstance(step, Callback) and (not plan.callback_to or step.daily > plan.policy.callbacks_a_day):
                    yield "C22", event.callback, exits + 1
            case Left():
                exits += 1
                step = plan.steps[event.step]
                sent_away = reads(plan, event, period, sent_away)
                if isinstance(step, Menu | Collect):
                    if event.outcome in ("silence", "undecided", "invalid") and open_try:
                        missed[open_try] = missed.get(open_try, 0) + 1
                    open_try = ""
                    silent = silent or (event.outcome == "silence" and isinstance(step, Menu))
                    goodbye = False
                    if missed.get(event.step, 0) > plan.policy.tries:
                        yield "C17", event.step, exits
                if isinstance(step, Branch) or (isinstance(step, ByException) and event.outcome != "otherwise"):
                    read_closed[step.hours] = event.outcome == "closed"
                if isinstance(step, Operator) and step.staffed and event.outcome == "unstaffed":
                    read_closed[step.staffed.hours] = True
                if (
                    isinstance(step, Operator)
                    and step.staffed
                    and event.outcome != "unstaffed"
                    and not step.staffed.plus
                ):
                    read_closed[step.staffed.hours] = False
                if isinstance(step, Queue) and event.outcome != Outcome.CLOSING.value:
                    queued = True
                if isinstance(step, Mailbox):
                    goodbye = apology = False
                    no_message = event.outcome != "left"
                if isinstance(step, Callback):
                    goodbye = apology = False
                    no_message = event.outcome != "booked"
                if isinstance(step, Operator) and event.outcome == "unanswered":
                    last_resort, goodbye = True, False
                if isinstance(step, Again) and event.outcome == "again":
                    visits = {}
                if event.outcome == Outcome.UNCONFIRMED.value and not (exempt or last_resort):
                    yield "C02", event.step, exits
            case AnsweredBy() | HungUp() | Queued():
                pass
            case _:
                pass
