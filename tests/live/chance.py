"""Callers who decide by chance, until between them they have taken every exit that they can take at an instant.

In: a plan, a line, an instant, a seed. Out: `Case`s, each the same call twice: as the walker is told of it, and as keys
and telephones that behave. They are made with the walker alone; what a verifier or a backend makes of the plan has no
say in it.
"""

import datetime
import random
from collections.abc import Mapping, Sequence

import attrs

from dialc.call import Call, Decide, Event, Happens, Left, Point, experience, walk
from dialc.live.phones import Behaviour, Ring
from dialc.plan import Outcome, Plan, Queue
from tests.live.acts import Act, options
from tests.live.scene import Case

CALLER = "+48600111222"
"""Who calls, where nobody else is named."""


def cases(
    plan: Plan,
    telephones: Mapping[str, Sequence[str]],
    number: str,
    at: datetime.datetime,
    seed: int,
    caller: str = CALLER,
    walks: int = 400,
) -> list[Case]:
    """Calls to a line at an instant, few, that take every exit which so many callers found between them."""
    chance = random.Random(seed)
    made: list[tuple[set[tuple[str, str]], Case]] = []
    seen: set[tuple[str, str]] = set()
    for index in range(walks):
        acts: list[Act] = []
        events: list[Event] = []
        decide = _decider(plan, caller, telephones, chance, seen, acts, events)
        course = experience(plan, number, at, decide, caller=caller)
        while event := next(course, None):
            events.append(event)
        taken = {(event.step, event.outcome) for event in events if isinstance(event, Left)}
        if taken <= seen or _nobody_knows_when(acts):
            continue
        seen |= taken
        name = f"{plan.name} {at:%a %H:%M} {number} {index}"
        made.append((taken, _case(name, plan, Call(number, at, caller=caller), acts, events)))
    return _needed(made)


def _nobody_knows_when(acts: Sequence[Act]) -> bool:
    """Whether a telephone that rings again and again in a queue is to do something else later: at which ring?"""
    ringing: set[str] = set()
    for act in acts:
        if any(phone in ringing and not isinstance(behaviour, Ring) for phone, behaviour in act.phones.items()):
            return True
        if act.happens.outcome in (Outcome.TIMEOUT, Outcome.CLOSING):
            ringing.update(act.phones)
    return False


def _needed(made: Sequence[tuple[set[tuple[str, str]], Case]]) -> list[Case]:
    """Calls that between them take what all of them take, the most telling first."""
    left = set[tuple[str, str]]().union(*(taken for taken, _ in made))
    found: list[Case] = []
    while left:
        taken, case = max(made, key=lambda pair: len(pair[0] & left))
        left -= taken
        found.append(case)
    return found


def _decider(
    plan: Plan,
    caller: str,
    telephones: Mapping[str, Sequence[str]],
    chance: random.Random,
    seen: set[tuple[str, str]],
    acts: list[Act],
    events: Sequence[Event],
) -> Decide:
    """Decides by chance, mostly for what nobody has met yet; adds each act to `acts`. `events` are those so far."""

    ahead: list[Act] = []

    def decide(point: Point) -> Happens:
        if ahead:
            acts.append(ahead.pop(0))
            return acts[-1].happens
        able = list(options(point, plan, caller, telephones, events))
        new = [act for act in able if (point.step.name, _label(act.happens)) not in seen]
        act = chance.choice(new if new and chance.random() < 0.7 else able)
        acts.append(act)
        ahead.extend(act.then)
        return _known(point, act.happens)

    return decide


def _label(happens: Happens) -> str:
    return f"key {happens.key}" if happens.outcome is Outcome.KEY else happens.outcome.value


def _known(point: Point, happens: Happens) -> Happens:
    """What happens, for the walker that makes the call up: which agent answers, only the PBX will know."""
    if isinstance(point.step, Queue) and happens.who == "agent":
        return attrs.evolve(happens, who="")
    return happens


def _case(name: str, plan: Plan, made: Call, acts: Sequence[Act], events: Sequence[Event]) -> Case:
    phones: dict[str, list[Behaviour]] = {}
    for act in acts:
        for phone, behaviour in act.phones.items():
            phones.setdefault(phone, []).append(behaviour)
    happens = tuple(act.happens for act in acts)
    told = tuple(attrs.evolve(one, who="") if one.who == "agent" else one for one in happens)
    assert walk(plan, attrs.evolve(made, happenings=told)) == tuple(events)
    return Case(
        name,
        tuple(do for act in acts for do in act.script),
        {phone: tuple(behaviours) for phone, behaviours in phones.items()},
        happens,
        number=made.number,
        caller=made.caller,
    )
