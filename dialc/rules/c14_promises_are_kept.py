"""Promises are kept.

A prompt that ``promises wait`` is followed, within so long of its end and by whatever way, by a person who answers or
by the operator's phone. Everything on the way counts. Whoever leaves a queue by a key has chosen otherwise and is owed
nothing more, save by key 0, which asks for what was promised; keys of menus choose between people, and release nothing.
A call that ends otherwise breaks the promise, unless a call-back was booked.

A prompt that ``promises callback`` is played only after the call-back was booked. Between its end and what it promises
(``by next office day``: the end of the next day on which these hours are open, today aside; ``within 2h``; ``within 2h
office``, which counts while these hours are open), the call-back's own hours are open, and its queue staffed, for the
queue's patience and a minute and a half on end, which is what it may take to place the call. Switches are taken to
stand on ``auto``.

Comes from: a PBX engineer's ten ways to anger those who call, the sixth and the tenth: if you promise to call back,
call back; and a guide for those who answer: promise less, deliver more.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    route start { answer -> sales }
    queue sales {
      play in_line  members 201, 202  announce position every 30s
      patience 3m  key 0 -> reception
    }
    operator reception { ring 100, 101 for 20s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt in_line { file office/in-line  en "We answer within two minutes. Reception: zero."
                     lasts 4s  promises wait 2m  offers 0 }
    prompt apology { file office/apology  en "We are sorry. Please call us again. Goodbye."  lasts 4s  apology }

Says::

    error[C14]: `in_line` promises an answer within 2 min that comes after 3 min
      --> plan.dial:12:42
       |
    12 |                  lasts 4s  promises wait 2m  offers 0 }
       |                                          ^^
       = caller: waits for longer than was said
       = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
               +2:05  sales: still nobody

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    route start { answer -> sales }
    queue sales {
      play in_line  members 201, 202  announce position every 30s
      patience 2m  key 0 -> reception
    }
    operator reception { ring 100, 101 for 20s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt in_line { file office/in-line  en "We answer within two minutes. Reception: zero."
                     lasts 4s  promises wait 2m  offers 0 }
    prompt apology { file office/apology  en "We are sorry. Please call us again. Goodbye."  lasts 4s  apology }
"""

import bisect
import datetime
import functools
import itertools
import zoneinfo
from collections.abc import Iterator, Set

import attrs

from dialc.calendar import Calendar, Instants, union
from dialc.measure import Lapse, Measured, Passage, lapses
from dialc.plan import (
    Announcement,
    Callback,
    Collect,
    Condition,
    End,
    Exit,
    Hours,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Period,
    Play,
    PromisesCallBy,
    PromisesCallWithin,
    Prompt,
    Queue,
    Stage,
    Step,
)
from dialc.reach import Memory, Situation, State, Survey
from dialc.rules import Breach, breach
from dialc.timelines import PLACING, beginnings
from dialc.witness import Witness, spelt, written

NEVER = 1 << 40
"""Seconds that stand for an answer that never comes."""


def check(survey: Survey) -> Iterator[Breach]:
    """Every promise that some call sees broken."""
    promising: dict[str, set[str]] = {p.name: set() for p in survey.plan.prompts.values() if p.promises_wait}
    for step in survey.plan.steps.values() if promising else ():
        for begins in beginnings(step):
            if begins.prompt.name in promising:
                promising[begins.prompt.name].add(step.name)
    for name, steps in promising.items():
        yield from _wait(survey, survey.plan.prompts[name], steps)
    if any(prompt.promises_call for prompt in survey.plan.prompts.values()):
        yield from _calls(survey)


# Somebody answers within so long


def _wait(survey: Survey, prompt: Prompt, steps: Set[str]) -> Iterator[Breach]:
    """A prompt that promises too much, which is played in some steps."""
    assert prompt.promises_wait is not None
    promised = prompt.promises_wait.seconds
    measured = Measured(survey, functools.partial(_measure, prompt.name), most=True, towards=steps)
    most = measured.extreme()
    if most is None or most <= promised:
        return
    shown = measured.shortest(promised + 1)
    assert shown is not None
    comes = "never comes" if most >= NEVER else f"comes after {spelt(most)}"
    met = [*(turn.step for turn in shown.witness.turns), shown.witness.step]
    step = next(name for name in met if any(_says(each.prompt, prompt) for each in beginnings(survey.plan.steps[name])))
    yield breach(
        survey,
        "C14",
        step,
        f"`{prompt.name}` promises an answer within {spelt(promised)} that {comes}",
        prompt.promises_wait.place,
        caller="waits for longer than was said" if most < NEVER else "was told that somebody answers, and nobody does",
        witness=shown.witness,
        last=f"{written(shown.witness.step)}: {_ending(survey.plan.steps[shown.witness.step])}",
        after=shown.seconds,
    )


def _ending(step: Step) -> str:
    return "rings only now" if isinstance(step, Operator) else "the call ends" if _ends(step) else "still nobody"


def _ends(step: Step) -> bool:
    return any(exit.to is End.HUNG_UP for exit in step.exits())


def _says(one: Prompt, other: Prompt) -> bool:
    return one.name == other.name


def _measure(name: str, step: Step, exit: Exit) -> Iterator[Passage]:
    """Calls before the promise, which pass by; the step in which it is made; and, in a phase of its own, the rest."""
    yield Passage(lapses(exit, counted=False))
    yield from (attrs.evolve(passage, leads=1) for passage in _promised(name, step, exit))
    yield from (attrs.evolve(passage, phase=1, leads=1) for passage in _goes_on(step, exit))


def _goes_on(step: Step, exit: Exit) -> Iterator[Passage]:
    """A step on the way of a caller who was promised an answer."""
    if isinstance(step, Operator) and exit.outcome is not Outcome.UNSTAFFED:
        yield from _rings(step, exit, -1)
    else:
        yield from _through(step, exit, 0)


def _promised(name: str, step: Step, exit: Exit) -> Iterator[Passage]:
    """The step in which an answer is promised, from the end of the prompt on."""
    match step:
        case Operator() if exit.outcome is not Outcome.UNSTAFFED:
            for index, item in enumerate(step.items):
                if isinstance(item, Announcement) and item.prompt.name == name:
                    yield from _rings(step, exit, index)
                    return
        case Play() | Mailbox() | Menu() | Collect() | Queue():
            if isinstance(step, Queue) and exit.outcome is Outcome.CLOSING and not exit.stay:
                return
            for begins in beginnings(step):
                passed = begins.shortest + begins.prompt.seconds
                if begins.prompt.name == name and passed <= exit.longest:
                    yield from _through(step, exit, passed)
                    return
        case _:
            return


def _through(step: Step, exit: Exit, passed: int) -> Iterator[Passage]:
    """A way through a step, of which the first seconds do not count."""
    if (isinstance(step, Callback) and exit.outcome is Outcome.BOOKED) or (
        isinstance(step, Queue) and exit.outcome is Outcome.KEY and exit.key != "0"
    ):
        return
    match exit.to:
        case End.PERSON:
            yield Passage(lapses(exit, passed=passed), ends=True)
        case End.UNCONFIRMED | End.HUNG_UP:
            yield Passage(lapses(exit, passed=passed), NEVER, ends=True)
        case _:
            yield Passage(lapses(exit, passed=passed))


def _rings(operator: Operator, exit: Exit, since: int) -> Iterator[Passage]:
    """The way through an operator, counted behind one of its items: up to the next stage that rings people."""
    spans: list[tuple[int, int]] = [(0, 0), (0, 0)]
    for index, item in enumerate(operator.items):
        counts = index > since
        shortest, longest = spans[counts]
        match item:
            case Stage() if counts and any(phone.human for phone in item.phones):
                yield Passage((Lapse(*spans[False], False), Lapse(*spans[True])), ends=True)
                return
            case Stage():
                spans[counts] = (shortest, longest + item.seconds)
            case Announcement():
                spans[counts] = (shortest + item.prompt.seconds, longest + item.prompt.seconds)
    passed = (Lapse(*spans[False], False), Lapse(*spans[True]))
    if exit.to is End.UNCONFIRMED:
        yield Passage(passed, NEVER, ends=True)
    elif exit.outcome is Outcome.UNANSWERED:
        yield Passage(passed)


# Somebody calls back


@attrs.frozen
class _Booked(Memory):
    """The call-back that a call has booked last, empty for none."""

    def begin(self) -> State:
        return ""

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return step.name if isinstance(step, Callback) and exit.outcome is Outcome.BOOKED else state


_BOOKED = _Booked()


def _calls(survey: Survey) -> Iterator[Breach]:
    late: dict[tuple[object, ...], Instants] = {}
    calm = attrs.evolve(survey.calendar, resting=True)
    goals: dict[tuple[str, str, bool], dict[Situation, Instants]] = {}
    witnesses: dict[str, list[tuple[Witness, Prompt, bool]]] = {}
    for situation, instants in survey.reach(_BOOKED).items():
        for begins in beginnings(survey.step(situation.step, situation.language)):
            if begins.prompt.promises_call is None:
                continue
            if situation.state:
                callback = survey.plan.steps[situation.state]
                assert isinstance(callback, Callback)
                queue = survey.plan.steps[callback.queue]
                assert isinstance(queue, Queue)
                alike = (begins.prompt.promises_call, callback.hours, queue.staffed, queue.patience)
                if alike not in late:
                    late[alike] = _too_late(calm, begins.prompt.promises_call, callback, queue)
                wrong = late[alike].later(-begins.prompt.seconds, -begins.prompt.seconds)
            else:
                wrong = survey.calendar.everything
            early = wrong.later(0, begins.longest - begins.shortest)
            early = early.later(-begins.longest, -begins.longest) if begins.longest else early
            broken = instants & survey.calendar.when(begins.when) & early
            if broken:
                goal = goals.setdefault((situation.step, begins.prompt.name, bool(situation.state)), {})
                goal[situation] = goal.get(situation, Instants()) | broken
    for (step, name, booked), goal in goals.items():
        witness = survey.witness(_BOOKED, goal)
        if witness:
            witnesses.setdefault(step, []).append((witness, survey.plan.prompts[name], booked))
    for step, shown in witnesses.items():
        witness, prompt, booked = min(shown, key=lambda each: (len(each[0].turns), each[0].seconds, each[0].at))
        yield breach(
            survey,
            "C14",
            step,
            f"`{prompt.name}` can promise a call back that nobody {'makes in time' if booked else 'has booked'}",
            survey.plan.steps[step].place,
            caller="waits for a call that comes too late" if booked else "waits for a call that never comes",
            witness=witness,
            last=f"{written(step)}: hears `{prompt.name}`",
            help="" if booked else "play it after `then` in a `callback`, which books first",
        )


def _too_late(
    calm: Calendar, promise: PromisesCallBy | PromisesCallWithin, callback: Callback, queue: Queue
) -> Instants:
    """The instants at which a promise that ends then is not kept by a call-back, from a queue."""
    opened = calm.when(Condition(Period(callback.hours), open=True))
    if queue.staffed:
        opened &= calm.when(Condition(queue.staffed, open=True))
    needs = PLACING + queue.patience
    opened = Instants(tuple((start, end) for start, end in opened.stretches if end - start >= needs))
    match promise:
        case PromisesCallBy():
            return _after_the_day(calm, promise, opened, needs)
        case PromisesCallWithin():
            counts = calm.when(Condition(Period(promise.hours), open=True)) if promise.hours else calm.everything
            return _after_a_while(calm, promise.seconds, counts, opened, needs)


def _after_the_day(calm: Calendar, promise: PromisesCallBy, opened: Instants, needs: int) -> Instants:
    """When the rest of today and the next day of the hours have no opening that is long enough."""
    hours = promise.hours
    zone = zoneinfo.ZoneInfo(hours.zone if isinstance(hours, Hours) else calm.zone)
    dates: dict[datetime.date, None] = {}
    for start, end in calm.when(Condition(Period(hours), open=True)).stretches:
        first = datetime.datetime.fromtimestamp(start, zone).date()
        last = datetime.datetime.fromtimestamp(end - 1, zone).date()
        dates.update(dict.fromkeys(first + datetime.timedelta(days=n) for n in range((last - first).days + 1)))
    ((since, known),) = calm.everything.stretches
    found = []
    for date in dates:
        midnight, deadline = _midnight(date, zone), _midnight(date + datetime.timedelta(days=1), zone)
        if deadline > known:
            break
        index = bisect.bisect_right(opened.stretches, (deadline - needs, 1 << 62)) - 1
        latest = min(opened.stretches[index][1], deadline) - needs if index >= 0 else since - 1
        found.append((max(since, latest + 1), midnight))
        since = midnight
    return union(stretch for stretch in found if stretch[0] < stretch[1])


def _midnight(date: datetime.date, zone: zoneinfo.ZoneInfo) -> int:
    return int(datetime.datetime(date.year, date.month, date.day, tzinfo=zone).timestamp())


def _after_a_while(calm: Calendar, promised: int, counts: Instants, opened: Instants, needs: int) -> Instants:
    """When more than so many of the seconds that count pass before an opening has been long enough."""
    clock = _Clock(counts.stretches)
    ((since, known),) = calm.everything.stretches
    found: list[tuple[int, int]] = []
    for start, end in opened.stretches:
        found.append((since, min(start, clock.first(clock.shows(start + needs) - promised))))
        if needs > promised:
            found.extend(clock.longer(start, end - needs + 1, needs, promised))
        since = max(since, end - needs + 1)
    found.append((since, clock.first(clock.shows(known) - promised + 1)))
    return union(stretch for stretch in found if stretch[0] < stretch[1])


class _Clock:
    """A clock that goes only in some stretches of time."""

    def __init__(self, stretches: tuple[tuple[int, int], ...]) -> None:
        self._stretches = stretches
        self._shown = [0, *itertools.accumulate(end - start for start, end in stretches)]

    def shows(self, instant: int) -> int:
        """What the clock shows at an instant."""
        index = bisect.bisect_right(self._stretches, (instant, 1 << 62)) - 1
        if index < 0:
            return 0
        start, end = self._stretches[index]
        return self._shown[index] + min(instant, end) - start

    def first(self, shown: int) -> int:
        """The first instant at which the clock shows so much; one before all others where it always has."""
        if shown <= 0:
            return -1 << 62
        index = bisect.bisect_left(self._shown, shown) - 1
        return self._stretches[index][0] + shown - self._shown[index] if index < len(self._stretches) else 1 << 62

    def longer(self, start: int, end: int, needs: int, promised: int) -> Iterator[tuple[int, int]]:
        """From which instants the clock goes on by more than was promised within what is needed."""
        since = max(0, bisect.bisect_right(self._stretches, (start, 1 << 62)) - 1)
        until = bisect.bisect_right(self._stretches, (end + needs, 1 << 62))
        edges = {edge - ago for stretch in self._stretches[since:until] for edge in stretch for ago in (0, needs)}
        cuts = sorted({start, end, *(edge for edge in edges if start < edge < end)})
        for first, last in itertools.pairwise(cuts):
            goes_on = self.shows(first + needs) - self.shows(first)
            rises = self.shows(first + needs + 1) - self.shows(first + 1) - goes_on
            if rises > 0:
                yield max(first, first + promised - goes_on + 1), last
            elif rises < 0:
                yield first, min(last, first + goes_on - promised)
            elif goes_on > promised:
                yield first, last
