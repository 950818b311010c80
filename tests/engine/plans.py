"""Random plans of a size, and with durations, at which nobody could make every call.

In: a seed. Out: plans: those of `tests/strategies.py`, with more steps, prompts and rings and queues of real lengths,
hours of real weeks, some days of validity around a change of the clocks, and numbers of the policy to go with them.
"""

import datetime
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from dialc.plan import (
    Bot,
    Callback,
    Collect,
    DatedException,
    Extensions,
    Hours,
    Lookup,
    Mailbox,
    Menu,
    Period,
    Plan,
    PromisesWait,
    Prompt,
    Queue,
    Span,
    Stage,
    StatesUsual,
    Telling,
    Tier,
)
from dialc.policies import CHARTER, LENIENT, STRICT, Policy
from tests import strategies

DAYS = (
    datetime.date(2026, 3, 28),
    datetime.date(2026, 3, 29),
    datetime.date(2026, 10, 24),
    datetime.date(2026, 10, 25),
)
"""Days around the changes of the clocks in Europe."""


ALWAYS = Hours("always", "UTC", ((Span(0, 86400),),) * 7)


def drawn(number: int, at: int) -> Iterator[tuple[int, Plan]]:
    """So many plans of a seed, each with its index."""
    for index in range(number):
        rng = random.Random(f"{at} {index}")
        steps, near = rng.choice((5, 7, 9, 11)), rng.choice((None, 2, 3))
        plan = strategies.plan(rng, steps, acyclic=rng.random() < 0.9, near=near)
        yield index, scaled(plan, rng)


def scaled(plan: Plan, rng: random.Random) -> Plan:
    """A plan with durations, hours and numbers as they are in real life."""
    first = rng.choice(DAYS)
    valid = first, first + datetime.timedelta(days=rng.choice((0, 0, 1, 2)))
    weeks = {name: _week(rng) for name in ("office", "shop")}
    dated = {
        name: _exceptions(rng, valid[0]) if name != "office" or not _named(plan) else _fair(rng, valid[0])
        for name in weeks
    }
    made = _rebuilt(plan, _Scaling(rng, weeks, dated).larger, {})
    assert isinstance(made, Plan)
    return attrs.evolve(made, hours={**made.hours, "always": ALWAYS}, valid=valid, policy=_policy(rng, plan.policy))


def _named(plan: Plan) -> bool:
    """Whether the exceptions of a plan have names that steps ask for."""
    return any(e.reason for hours in plan.hours.values() if isinstance(hours, Hours) for e in hours.exceptions)


def _spans(rng: random.Random) -> tuple[Span, ...]:
    """Up to two stretches of a day, at full minutes, now and then around the hours at which clocks change."""
    if rng.random() < 0.15:
        return (Span(0, 86400),) if rng.random() < 0.5 else ()
    edges = sorted(rng.sample(range(0, 1441, rng.choice((1, 15, 60))), rng.choice((2, 2, 4))))
    if rng.random() < 0.3:
        edges = sorted(rng.sample(range(60, 240), 2))
    return tuple(Span(60 * a, 60 * b) for a, b in zip(edges[::2], edges[1::2], strict=True))


def _week(rng: random.Random) -> tuple[tuple[Span, ...], ...]:
    if rng.random() < 0.2:
        return ((Span(0, 86400),),) * 7
    usual = _spans(rng)
    return tuple(usual if rng.random() < 0.7 else _spans(rng) for _ in range(7))


def _exceptions(rng: random.Random, day: datetime.date) -> tuple[DatedException, ...]:
    """At most one of each rank."""
    found = []
    for length, holiday in rng.sample(((0, False), (2, False), (0, True)), rng.choice((0, 0, 1, 2, 3))):
        first = day + datetime.timedelta(days=rng.choice((-1, 0, 0, 1)))
        spans = _spans(rng)
        opens = bool(spans) and rng.random() < 0.5
        last = first + datetime.timedelta(days=length)
        found.append(DatedException(first, last, opens, spans, rng.choice(("fair", "")), holiday=holiday))
    return tuple(found)


def _fair(rng: random.Random, day: datetime.date) -> tuple[DatedException, ...]:
    """Exceptions among which is one of the name that steps ask for."""
    fair = DatedException(day, day, rng.random() < 0.3, (Span(36000, 43200),), "fair", holiday=True)
    return (*(each for each in _exceptions(rng, day) if not each.holiday), fair)


def _policy(rng: random.Random, policy: Policy) -> Policy:
    """A preset, or one of small plans with the times of large ones."""
    if rng.random() < 0.5:
        preset = rng.choice((CHARTER, CHARTER, STRICT, LENIENT))
        silent = policy.silent_caller_may_be_hung_up_on
        return attrs.evolve(preset, silent_caller_may_be_hung_up_on=silent, tries=rng.choice((2, 3)))
    to_operator = rng.randint(20, 300)
    seconds: dict[str, Any] = {
        name: rng.randint(5, 60) for name in ("silence", "ringing", "announcements", "notices", "bot")
    }
    return attrs.evolve(
        policy,
        to_person=rng.randint(5, 200),
        to_operator=to_operator,
        with_callback=to_operator + rng.randint(0, 120),
        doing_nothing=rng.randint(5, 200),
        grace=rng.choice((0, 30, 300, 600)),
        mailbox_after_opening=rng.choice((0, 60, 60)),
        menu_prompt=rng.randint(5, 40),
        tries=rng.randint(1, 4),
        **seconds,
    )


def promising_no_call(plan: Plan) -> Plan:
    """A plan whose prompts promise no call back."""
    made = _rebuilt(plan, lambda part: attrs.evolve(part, promises_call=None) if isinstance(part, Prompt) else part, {})
    assert isinstance(made, Plan)
    return made


def _rebuilt(part: Any, change: Callable[[Any], Any], made: dict[Any, Any]) -> Any:
    """A part of a plan with all its parts changed, those within first; what is equal stays so."""
    if isinstance(part, tuple):
        return tuple(_rebuilt(each, change, made) for each in part)
    if isinstance(part, dict):
        return {name: _rebuilt(each, change, made) for name, each in part.items()}
    if isinstance(part, Policy) or not attrs.has(type(part)):
        return part
    again = isinstance(part, Prompt | Hours | Period)
    if again and part in made:
        return made[part]
    fields = [field for field in attrs.fields(type(part)) if field.init and field.eq]
    inside = {field.name: _rebuilt(getattr(part, field.name), change, made) for field in fields}
    changed = change(attrs.evolve(part, **inside))
    if again:
        made[part] = changed
    return changed


@attrs.frozen
class _Scaling:
    """One way to make the parts of plans larger."""

    rng: random.Random
    weeks: Mapping[str, tuple[tuple[Span, ...], ...]]
    dated: Mapping[str, tuple[DatedException, ...]]

    def larger(self, part: Any) -> Any:
        """A part of a plan, the parts of which are larger already."""
        rng = self.rng
        match part:
            case Prompt():
                lengths = tuple((language, rng.randint(1, 25)) for language, _ in part.lengths)
                return attrs.evolve(part, seconds=rng.randint(1, 25), lengths=lengths)
            case PromisesWait():
                return attrs.evolve(part, seconds=rng.randint(10, 300))
            case Hours():
                return attrs.evolve(part, weekly=self.weeks[part.name], exceptions=self.dated[part.name])
            case StatesUsual():
                return attrs.evolve(part, weekly=part.hours.weekly)
            case Period() if part.plus:
                return attrs.evolve(part, plus=rng.choice((60, 300, 900)))
            case Menu() | Collect():
                return attrs.evolve(part, wait=rng.randint(2, 10))
            case Stage():
                return attrs.evolve(part, seconds=rng.randint(5, 40))
            case Extensions():
                return attrs.evolve(part, seconds=rng.randint(5, 40))
            case Queue() if rng.random() < 0.3 and not part.closing:
                staffed = rng.choice((None, Period(ALWAYS)))
                return attrs.evolve(part, patience=rng.choice((15, 60, 240)), ring=rng.randint(5, 20), staffed=staffed)
            case Queue():
                return attrs.evolve(part, patience=rng.choice((15, 60, 240, 600)), ring=rng.randint(5, 20))
            case Telling():
                return attrs.evolve(part, every=rng.randint(15, 60))
            case Tier():
                return attrs.evolve(part, after=rng.randint(1, 14))
            case Mailbox():
                return attrs.evolve(part, longest=rng.randint(20, 180))
            case Bot():
                return attrs.evolve(part, ring=5, limit=rng.randint(20, 120))
            case Callback():
                return attrs.evolve(part, daily=rng.choice((1, 3, 5, 6)))
            case Lookup():
                return attrs.evolve(part, seconds=rng.randint(2, 10))
            case _:
                return part
