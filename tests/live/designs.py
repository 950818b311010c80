"""Calls made up by chance for a plan that is up, steered towards exits that few calls have taken.

In: a stage, an instant, how often each exit was taken. Out: a `Design`: a call for the walker, and what caller,
telephones and the world around the plan have to do so that it comes about. The walker makes it up as it goes on, so
nothing is drawn that the plan cannot come to; a design holds for some seconds, since nobody knows when exactly a call
begins.
"""

import asyncio
import datetime
import random
from collections.abc import Callable, Mapping, Sequence

import attrs

from dialc.call import (
    Arrived,
    Call,
    CannotHappen,
    Event,
    Happens,
    Left,
    Point,
    Queued,
    Refused,
    Turned,
    as_turned,
    experience,
    until,
    walk,
)
from dialc.called import Rest, Short
from dialc.callers import WITHHELD
from dialc.live.phones import Behaviour
from dialc.plan import Collect, Line, Menu, Operator, Outcome, Plan, Position, Step, Switch
from tests.live.acts import Act, Arranged, everything
from tests.live.hosting import Stage, delivered
from tests.live.scene import Case, Scene

Exit = tuple[str, str]
"""A kind of step, and an outcome."""

Further = Mapping[str, Mapping[Exit, int]]
"""By step, every exit that a caller can come to who is there, and how many steps on from there at least."""

LEFT = "caller hung up"
"""The outcome of a step at which a caller hangs up."""

SHIFTS = (-2, 2, 5, 10, 16)
"""Seconds by which a call may begin earlier or later than it was designed for, and has to go the same way."""

DRAWS = 40
"""How many designs are drawn before nothing is found for an instant."""

FADES = 0.8
"""By how much less an exit is wanted that is one step further on: on the way there something else may happen."""

LONGEST = 400
"""Seconds of the longest call that is made."""


@attrs.frozen
class Design:
    """A call: the acts it is made of, each with the step that it is for; how switches are turned before; the exits that
    it takes.
    """

    case: Case
    who: "Who"
    acts: tuple[tuple[str, Act], ...]
    turns: tuple[tuple[Switch, Position], ...]
    exits: tuple[Exit, ...]
    at: int
    """The instant for which it was drawn."""

    @property
    def world(self) -> tuple[Arranged, ...]:
        """What is arranged around it."""
        return tuple(each for _, act in self.acts for each in act.world)


def exits_of(plan: Plan) -> set[Exit]:
    """Every exit that some step of a plan has."""
    return {(type(step).__name__, exit.outcome.value) for step in plan.steps.values() for exit in step.exits()}


def taken(plan: Plan, events: Sequence[Event]) -> tuple[Exit, ...]:
    """The exits that a call took, in order; the last step may be one at which the caller hung up."""
    found = [
        (type(plan.steps[event.step]).__name__, event.outcome.partition(" ")[0])
        for event in events
        if isinstance(event, Left)
    ]
    return tuple(found)


async def design(
    stage: Stage, chance: random.Random, counts: Mapping[Exit, int], number: int, draws: int = 4
) -> Design | None:
    """The most telling of some calls that can be made now; None where none is that would go the same way if it began
    some seconds later. Other calls go on meanwhile: a draw takes some thousandths of a second, and so does a walk.
    """
    at = int(stage.pbx.clock())
    found: list[Design] = []
    further = further_exits(stage.scene.plan)
    for _ in range(DRAWS):
        drawn = _drawn(stage, chance, counts, further, at, number)
        await asyncio.sleep(0)
        if drawn is not None:
            found.append(drawn)
            if len(found) == draws:
                break
    found.sort(key=lambda design: -sum(_worth(counts, exit) for exit in set(design.exits)))
    for each in found:
        if await _holds(stage.scene.plan, each):
            stage.pressed.update((step, act.happens.key) for step, act in each.acts)
            return each
    return None


def _worth(counts: Mapping[Exit, int], exit: Exit) -> float:
    """How much another call by an exit is wanted."""
    return 1.0 / (1 + counts.get(exit, 0)) ** 2


def caller_of(plan: Plan, chance: random.Random, number: int) -> str:
    """Who calls: on one of the plan's lists or on none, from home or abroad, or withheld; no two of most numbers."""
    home = f"+48600{number:06}"
    known = [number for each in plan.asked for number in sorted(each.numbers)]
    beginning = [f"{prefix}{number:09}"[:12] for each in plan.asked for prefix in each.prefixes]
    return chance.choice([home, home, home, f"+4822{number:07}", f"+4917{number:08}", WITHHELD, *known, *beginning])


def _called(line: Line, plan: Plan, chance: random.Random) -> str:
    """One of the numbers of a line."""
    numbers = next(called for called, each in zip(plan.called(), plan.lines, strict=True) if each is line)
    if isinstance(numbers, Rest):
        return f"49{chance.randint(0, 999):03}"
    if isinstance(numbers, Short):
        return numbers.first
    first, last = chance.choice(numbers.stretches)
    return f"+{chance.randint(first, last)}"


Choose = Callable[[Point, Sequence[Event]], Act | None]
"""Says what comes of a point, given the events so far; None for what happens if nobody does anything."""


def _drawn(
    stage: Stage, chance: random.Random, counts: Mapping[Exit, int], further: Further, at: int, number: int
) -> Design | None:
    scene, plan = stage.scene, stage.scene.plan
    line = chance.choice([line for line, called in zip(plan.lines, plan.called(), strict=True) if called])
    called, caller = _called(line, plan, chance), caller_of(plan, chance, number)
    turns = tuple(
        (switch, chance.choice(switch.positions)) for switch in plan.switches.values() if chance.random() < 0.5
    )
    turned = (*stage.turned(at), *(Turned(switch.name, position) for switch, position in turns))
    ahead: list[Act] = []

    def choose(point: Point, events: Sequence[Event]) -> Act:
        if ahead:
            return ahead.pop(0)
        able = list(
            everything(point, plan, caller, scene.telephones, events, at, queues=stage.queues, spool=stage.spool)
        )
        act = chance.choices(able, [_wanted(stage, counts, further, point.step, act) for act in able])[0]
        ahead.extend(act.then)
        return act

    return put_together(scene, Who(called, caller, number), at, turns, turned, choose)


@attrs.frozen
class Who:
    """The number called and the caller's, as the walker knows them; `index` tells calls apart."""

    called: str
    caller: str
    index: int


def put_together(
    scene: Scene,
    who: Who,
    at: int,
    turns: tuple[tuple[Switch, Position], ...],
    turned: tuple[Turned, ...],
    choose: Choose,
) -> Design | None:
    """A call at an instant, as it is chosen point by point; None for one that cannot be, that lasts too long, or that
    comes to more than one queue: members ring again and again, and nobody could say which time it is.
    """
    plan, instant = scene.plan, datetime.datetime.fromtimestamp(at, scene.zone)
    acts: list[tuple[str, Act]] = []
    events: list[Event] = []
    over: list[int] = []

    def decide(point: Point) -> Happens | None:
        act = None if over else choose(point, events)
        if act is None:
            return None
        acts.append((point.step.name, act))
        if act.hangs_up is not None:
            over.append(point.at + act.hangs_up)
        return known(act.happens)

    course = experience(plan, who.called, instant, decide, as_turned(turned), who.caller)
    heard = until(course, lambda: over[0] if over else None)
    try:
        while event := next(heard, None):
            events.append(event)
    except CannotHappen:
        return None
    if events[-1].at > LONGEST or sum(isinstance(event, Queued) for event in events) > 1:
        return None
    exits = [*taken(plan, events)]
    if over:
        exits.append((_where(plan, events), LEFT))
    if isinstance(events[-1], Refused):
        exits.append(("Line", "refused"))
    phones: dict[str, list[Behaviour]] = {}
    for _, act in acts:
        for phone, behaviour in act.phones.items():
            phones.setdefault(phone, []).append(behaviour)
    case = Case(
        f"{plan.name} {instant:%F %T} {who.called} {who.index}",
        tuple(do for _, act in acts for do in act.script),
        {phone: tuple(behaviours) for phone, behaviours in phones.items()},
        tuple(act.happens for _, act in acts),
        hangs_up=bool(over),
        exten=delivered(scene, who.called),
        number=who.called,
        caller="anonymous" if who.caller == WITHHELD else delivered(scene, who.caller),
        who=who.caller,
        turned=turned,
    )
    return Design(case, who, tuple(acts), turns, tuple(exits), at)


def known(happens: Happens) -> Happens:
    """What happens, for the walker that makes a call up: which agent answers, only the PBX will know."""
    return attrs.evolve(happens, who="") if happens.who == "agent" else happens


def _wanted(stage: Stage, counts: Mapping[Exit, int], further: Further, step: Step, act: Act) -> float:
    """How much an act is wanted: for its exit, for those that it leads to, and where keys lead that few callers of this
    plan have pressed.
    """
    outcome = _outcome(step, act)
    exit = (type(step).__name__, LEFT if act.hangs_up is not None else outcome.value)
    worth = _worth(counts, exit)
    if act.hangs_up is None:
        keys = ("", act.happens.key)
        leads = [e.to for e in step.exits() if e.outcome is outcome and e.key in keys and isinstance(e.to, str)]
        ahead = (FADES**hops * _worth(counts, far) for to in leads for far, hops in further[to].items())
        worth = max([worth, *ahead])
    return (worth + 0.001) / (1 + stage.pressed[step.name, act.happens.key])


def _outcome(step: Step, act: Act) -> Outcome:
    """What an act comes to if nothing else happens at the step."""
    last = act.then[-1].happens.outcome if act.then else act.happens.outcome
    keys = "".join(each.happens.key for each in (act, *act.then))
    match step:
        case Operator() if last not in (Outcome.ANSWERED, Outcome.UNCONFIRMED):
            return Outcome.UNANSWERED
        case Menu() if last is Outcome.KEY and len(keys) > 1:
            return Outcome.EXTENSION
        case Menu() if last is Outcome.KEY and keys in step.wrong():
            return Outcome.INVALID
        case Collect() if last is Outcome.KEY:
            return Outcome.ACCEPT if step.accepted(keys.removesuffix("#")) else Outcome.INVALID
        case _:
            return last


def further_exits(plan: Plan) -> Further:
    """Where a plan leads from each step."""
    leads = {name: {exit.to for exit in step.exits() if isinstance(exit.to, str)} for name, step in plan.steps.items()}
    found: dict[str, dict[Exit, int]] = {}
    for name in plan.steps:
        hops, edge = {name: 0}, [name]
        for there in edge:
            for to in sorted(leads[there] - hops.keys()):
                hops[to] = hops[there] + 1
                edge.append(to)
        exits = found[name] = {}
        for there in edge:
            for exit in plan.steps[there].exits():
                exits.setdefault((type(plan.steps[there]).__name__, exit.outcome.value), hops[there])
    return found


def _where(plan: Plan, events: Sequence[Event]) -> str:
    """The kind of step at which a caller is at the end."""
    last = next(event for event in reversed(events) if isinstance(event, Arrived))
    return type(plan.steps[last.step]).__name__


async def again(stage: Stage, design: Design) -> Design | None:
    """The same call now; None if it would go another way now, or some seconds later."""
    at = int(stage.pbx.clock())
    turns = positions(stage.scene.plan, design)
    turned = (*stage.turned(at), *(Turned(switch.name, position) for switch, position in turns))
    moved = attrs.evolve(design, at=at, turns=turns, case=attrs.evolve(design.case, turned=turned))
    same = _way(stage.scene.plan, moved, at) == _way(stage.scene.plan, design, design.at)
    return moved if same and await _holds(stage.scene.plan, moved) else None


def positions(plan: Plan, design: Design) -> tuple[tuple[Switch, Position], ...]:
    """Where the switches stand in a call that somebody has ever turned."""
    last = {turn.switch: turn.position for turn in design.case.turned}
    return tuple((switch, last[switch.name]) for switch in plan.switches.values() if switch.name in last)


async def _holds(plan: Plan, design: Design) -> bool:
    """Whether a design goes the same way, wherever within some seconds the call begins."""
    goes = _way(plan, design, design.at)
    for shift in SHIFTS:
        await asyncio.sleep(0)
        if goes is None or _way(plan, design, design.at + shift) != goes:
            return False
    return True


def _way(plan: Plan, design: Design, at: int) -> tuple[str, ...] | None:
    """The exits of a design that begins at an instant, with their steps; None where it cannot be."""
    case = design.case
    happens = tuple(map(known, case.happens))
    instant = datetime.datetime.fromtimestamp(at, tz=datetime.UTC)
    try:
        events = walk(plan, Call(case.number, instant, happens, turned=case.turned, caller=case.who))
    except CannotHappen:
        return None
    return tuple(f"{event.step} {event.outcome}" for event in events if isinstance(event, Left))
