"""What the calls of a small plan show together: the rules that no single call breaks, and what bounds them all.

In: a plan and every call of it, made by the walker. Out: what breaks C01, C18, C19 and C21, each as the page of the
rule has it and without the verifier; how callers come round to steps; and when calls have to begin for all to be seen.
"""

import datetime
import functools
import itertools
import zoneinfo
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import attrs

from dialc.calendar import day
from dialc.call import Arrived, Booked, Event, Left, LeftMessage, Spoken, is_open
from dialc.plan import (
    Again,
    Callback,
    Choice,
    Collect,
    Combination,
    End,
    Extension,
    Extensions,
    Hours,
    Mailbox,
    Menu,
    Operator,
    Period,
    Plan,
    PromisesCallBy,
    PromisesCallWithin,
    Queue,
    Ring,
    Schedule,
    StatesUsual,
    Step,
    heard_at,
)
from tests.broken.c06 import people
from tests.oracle import Made

# When calls begin


def starts(plan: Plan) -> list[int]:
    """Instants of the validity that between them show all that hours can do to calls: the first, and those from which
    a call can be somewhere as hours turn, or a minute after; of those from which it sees the same, the first.
    """
    assert plan.valid
    begin = _instant(plan.valid[0], 0, plan.zone)
    end = _instant(plan.valid[1] + datetime.timedelta(days=1), 0, plan.zone)
    before, periods = longest(plan), _periods(plan)
    edges = {edge for hours, plus in periods for edge in _edges(hours, plus, plan.valid)}
    near = {start for edge in edges for start in range(edge - before, edge + 1) if begin <= start < end}
    promised = _promised(plan)
    since = -61 if any(isinstance(step, Mailbox) for step in plan.steps.values()) else 0
    opened = {
        (hours, plus, at): _open(hours, plus, at)
        for hours, plus in periods
        for at in {start + after for start in near | {begin} for after in range(since, before + 1)}
    }
    seen: dict[Hashable, int] = {}
    for start in sorted({begin} | near, reverse=True):
        sees = (opened[hours, plus, start + after] for hours, plus in periods for after in range(since, before + 1))
        seen[start if promised else tuple(sees)] = start
    return sorted(seen.values())


_open = functools.lru_cache(maxsize=1 << 16)(lambda hours, plus, at: is_open(Period(hours, plus), at))


def longest(plan: Plan) -> int:
    """Seconds within which every call of a plan ends that comes round to no step but by an `again`."""
    returns = sum(plan.limit(target) for target in plan.targets())
    spoken = [plan.spoken(language) for language in plan.languages]
    takes = {name: max(exit.longest for each in spoken for exit in each.steps[name].exits()) for name in plan.steps}
    onward = {
        name: {exit.to for exit in step.exits() if not isinstance(exit.to, End)} for name, step in plan.steps.items()
    }
    known: dict[str, int] = {}

    def ahead(name: str, passed: tuple[str, ...]) -> int:
        if name in passed:
            return sum(takes.values())
        if name not in known:
            known[name] = takes[name] + max((ahead(to, (*passed, name)) for to in onward[name]), default=0)
        return known[name]

    if returns:
        return (1 + returns) * sum(takes.values())
    return max(ahead(line.entry, ()) for line in plan.lines)


def _periods(plan: Plan) -> set[tuple[Schedule, int]]:
    """The hours that matter to anything in the steps of a plan, and for how many seconds longer something is open.

    Those that are made of others matter by themselves, too: some close as another opens, and may be kept open longer.
    """
    found: set[tuple[Schedule, int]] = set()
    promised = _promised(plan)
    ahead: list[Any] = list(plan.steps.values())
    while ahead:
        match part := ahead.pop():
            case Period(Combination() as both, plus):
                found |= {(both, plus), *((hours, plus) for hours in both.hours)}
                ahead.append(both)
            case Period(Hours() as hours, plus):
                found.add((hours, plus))
                ahead.append(hours)
            case StatesUsual():
                found |= {(part.hours, 0), (attrs.evolve(part.hours, exceptions=()), 0)}
            case PromisesCallBy() | PromisesCallWithin() if not promised:
                pass
            case Callback() if not promised:
                pass
            case Hours():
                found.add((part, 0))
            case Combination():
                ahead.extend(part.hours)
            case tuple():
                ahead.extend(part)
            case _ if attrs.has(type(part)):
                ahead.extend(getattr(part, field.name) for field in attrs.fields(type(part)) if field.eq)
            case _:
                pass
    return found


def _promised(plan: Plan) -> bool:
    """Whether somebody can be promised a call back and have it booked, by when it matters at which instant it is."""
    books = any(isinstance(step, Callback) for step in plan.steps.values())
    return books and any(prompt.promises_call for step in plan.steps.values() for prompt in heard_at(step))


def _edges(hours: Schedule, plus: int, valid: tuple[datetime.date, datetime.date]) -> Iterator[int]:
    """The instants at which hours can turn, or somebody stays until, and a minute after."""
    if isinstance(hours, Combination):
        for part in hours.hours:
            yield from _edges(part, plus, valid)
        return
    date = valid[0] - datetime.timedelta(days=1)
    while date <= valid[1] + datetime.timedelta(days=1):
        for span in day(hours, date):
            for clock, later in itertools.product((span.start, span.end), {0, plus, 60}):
                yield _instant(date, clock, hours.zone) + later
        date += datetime.timedelta(days=1)


def _instant(date: datetime.date, clock: int, zone: str) -> int:
    """The instant at which a clock on the wall shows so many seconds of a day."""
    date, clock = date + datetime.timedelta(days=clock // 86400), clock % 86400
    time = datetime.time(clock // 3600, clock // 60 % 60, clock % 60)
    return int(datetime.datetime.combine(date, time, zoneinfo.ZoneInfo(zone)).timestamp())


# Coming round (C01)


def rounds(made: Made) -> Iterator[tuple[str, int, int]]:
    """The steps that a call comes to more than once without an `again`: which, how often, and after how many exits."""
    visits = Counter[str]()
    exits = 0
    for event in made.events:
        match event:
            case Arrived():
                visits[event.step] += 1
                if visits[event.step] > 1:
                    yield event.step, visits[event.step], exits
            case Left():
                exits += 1
                if event.outcome == "again":
                    visits.clear()
            case _:
                pass


def handed_back(plan: Plan, operator: Operator) -> Iterator[Plan]:
    """The plan as it is to callers who leave an operator late, since a supervisor did not answer: they begin there."""
    for language in plan.languages:
        spoken = plan.spoken(language)
        lines = tuple(attrs.evolve(line, entry=operator.unanswered) for line in plan.lines)
        yield attrs.evolve(spoken, lines=lines)


# Departments and keys (C18)


def unreached(plan: Plan, calls: Sequence[Made]) -> set[str]:
    """The steps that no call comes to; a queue through which call-backs are placed need not be called into."""
    arrived = {event.step for made in calls for event in made.events if isinstance(event, Arrived)}
    placed = {step.queue for step in plan.steps.values() if isinstance(step, Callback) and step.name in arrived}
    return {*plan.steps} - arrived - placed


def for_machines(plan: Plan, calls: Sequence[Made]) -> set[str]:
    """The steps to which only callers of lines come that are not for people."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for made in calls:
        line = plan.line(made.number)
        assert line is not None
        found[line.exempt is not None] |= {event.step for event in made.events if isinstance(event, Arrived)}
    return found[True] - found[False]


def untold(step: Menu | Queue) -> Counter[bool]:
    """How many keys are offered and do nothing, or do something and are not offered: grave ones, and slight ones.

    One in all where prompts say of no key whether they offer it.
    """
    offers = [prompt.offers for prompt in step.prompts if prompt.offers]
    repeating = {repeat.key for repeat in step.repeats} if isinstance(step, Menu) else set()
    works = {choice.key for choice in step.choices} | repeating
    grave = works - repeating - {"0"}
    if not offers:
        return Counter([True] if grave else [])
    said = {key for claim in offers for key in claim.keys}
    found = Counter[bool]()
    for key in said ^ works:
        found[key != "0" and not (key in works and key in repeating)] += 1
    rows = isinstance(step, Menu) and bool(step.direct)
    found[True] += sum(claim.extensions and not rows for claim in offers)
    return found


def unhelped(plan: Plan, calls: Sequence[Made]) -> set[tuple[str, str]]:
    """The menus that somebody comes to, and their keys behind which nobody ever answers, nor takes a message."""
    helped: set[tuple[str, str]] = set()
    asked: set[str] = set()
    for made in calls:
        chosen: list[tuple[str, str]] = []
        for event in made.events:
            if isinstance(event, Arrived):
                asked.add(event.step)
            elif isinstance(event, Left) and isinstance(plan.steps[event.step], Menu):
                chosen.append((event.step, event.outcome.removeprefix("key ")))
            elif isinstance(event, LeftMessage | Booked) or (isinstance(event, Left) and event.outcome == "answered"):
                helped.update(chosen)
    keys = {
        (step.name, choice.key)
        for step in plan.steps.values()
        if isinstance(step, Menu) and step.name in asked
        for choice in step.choices
    }
    return keys - helped


# Fair choices (C19)


@attrs.frozen
class _Chosen:
    """Who chose at a menu, when, and in which condition."""

    menu: str
    number: str
    caller: str
    language: str
    returns: tuple[tuple[str, int], ...]
    at: int


def unfair(plan: Plan, calls: Sequence[Made]) -> bool:
    """Whether some option of a menu takes too long against another that could be chosen at the same instant."""
    menus = [step for step in plan.steps.values() if isinstance(step, Menu)]
    fair = {(menu.name, f"key {c.key}") for menu in menus for c in menu.choices if _compared(plan, c)}
    if len(fair) < 2:
        return False
    taken: dict[_Chosen, dict[str, int]] = {}
    for made in calls:
        for chosen, key, seconds in _options(plan, made, fair):
            rows = taken.setdefault(chosen, {})
            rows[key] = max(rows.get(key, 0), seconds)
    policy = plan.policy
    return any(
        slow > policy.times_slower * quick + policy.seconds_slower
        for rows in taken.values()
        for slow, quick in itertools.permutations(rows.values(), 2)
    )


def _compared(plan: Plan, choice: Choice) -> bool:
    """Whether an option is compared with others: not key 0, and none with a notice on the way to people."""
    if choice.key == "0":
        return False
    ahead, seen = [choice.to], {choice.to}
    while ahead:
        step = plan.steps[ahead.pop()]
        if any(prompt.notice for prompt in heard_at(step)):
            return False
        if _has_people(step):
            continue
        for exit in step.exits():
            if not isinstance(exit.to, End) and exit.outcome.value != "again" and exit.to not in seen:
                seen.add(exit.to)
                ahead.append(exit.to)
    return True


def _has_people(step: Step) -> bool:
    if isinstance(step, Ring | Operator):
        return any(phone.human for stage in step.stages for phone in stage.phones)
    return isinstance(step, Extensions | Queue)


def _options(plan: Plan, made: Made, fair: set[tuple[str, str]]) -> Iterator[tuple[_Chosen, str, int]]:
    """What each option that a call takes costs it until people, if it wastes no time of its own behind it."""
    language = plan.language
    returns = Counter[str]()
    for index, event in enumerate(made.events):
        match event:
            case Spoken():
                language = event.language
            case Left():
                step = plan.steps[event.step]
                if isinstance(step, Again) and event.outcome == "again":
                    returns[step.target] += 1
                if (event.step, event.outcome) in fair:
                    seconds = _until_people(plan, made.events, index)
                    if seconds is not None:
                        used = tuple(sorted(returns.items()))
                        at = made.at + event.at
                        yield _Chosen(event.step, made.number, made.caller, language, used, at), event.outcome, seconds
            case _:
                pass


def _until_people(plan: Plan, events: Sequence[Event], index: int) -> int | None:
    """The seconds from an exit to the first people; None for callers who do not come to any, or waste time of their
    own: who do not press what leads on, first and just as a question ends, or who press a key while they wait.
    """
    chosen, arrived = events[index].at, 0
    for at in range(index + 1, len(events)):
        event = events[at]
        if people(plan, events, at):
            return event.at - chosen
        if isinstance(event, Arrived):
            arrived = event.at
        if not isinstance(event, Left):
            continue
        step, came = plan.steps[event.step], event.outcome.split()[0]
        if isinstance(step, Menu | Collect):
            answers = came in ("key", "accept", "extension") and event.outcome != "key 0"
            if not answers or event.at - arrived != _asked(plan, events, at):
                return None
        elif came in ("key", "again") or isinstance(step, Mailbox):
            return None
    return None


def _asked(plan: Plan, events: Sequence[Event], at: int) -> int:
    """How long the prompts of a question are that a caller leaves, in the language in which they are spoken to."""
    left = events[at]
    assert isinstance(left, Left)
    language = next((e.language for e in reversed(events[:at]) if isinstance(e, Spoken)), plan.language)
    step = plan.spoken(language).steps[left.step]
    assert isinstance(step, Menu | Collect)
    return sum(prompt.seconds for prompt in step.prompts)


# Complaints (C21)


def nobody_above(operator: Operator) -> bool:
    """Whether those who answer at an operator can hand nobody up."""
    inside = {phone.number for stage in operator.stages for phone in stage.phones if isinstance(phone, Extension)}
    above = {operator.supervisor.number} if operator.supervisor else set()
    return not above or not inside or inside == above
