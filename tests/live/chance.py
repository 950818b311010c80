"""Callers who decide by chance, until between them they have taken every exit that they can take at an instant.

In: a plan, a line, an instant, a seed. Out: `Case`s, each the same call twice: as the walker is told of it, and as keys
and telephones that behave. They are made with the walker alone; what a verifier or a backend makes of the plan has no
say in it.
"""

import datetime
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from dialc.call import Call, Decide, Event, Happens, Left, Point, Rang, experience, presses, walk
from dialc.classes import admitted
from dialc.live.caller import Do
from dialc.live.phones import Answer, Behaviour, Refuse
from dialc.live.phones import Ring as Rings
from dialc.plan import (
    Callback,
    Collect,
    Extensions,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Outside,
    Phone,
    Plan,
    Queue,
    Ring,
)
from tests.live.scene import Case

MENU = r"^WaitExten\("
ENTRY = r"^Read\("
QUEUE = r"^Queue\("
RECORDING = r"^VoiceMail\("

CALLER = "+48600111222"
"""Who calls, where nobody else is named."""

TAKES = 1
"""Seconds after which a phone that is answered is."""


@attrs.frozen
class Act:
    """What comes of one point: for the walker, and what caller and telephones do about it; `then` comes of the next."""

    happens: Happens
    script: tuple[Do, ...] = ()
    phones: Mapping[str, Behaviour] = attrs.field(factory=dict)
    then: "tuple[Act, ...]" = ()


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
        if taken <= seen:
            continue
        seen |= taken
        name = f"{plan.name} {at:%a %H:%M} {number} {index}"
        made.append((taken, _case(name, plan, Call(number, at, caller=caller), acts, events)))
    return _needed(made)


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
        options = list(_options(point, plan, caller, telephones, events))
        new = [act for act in options if (point.step.name, _label(act.happens)) not in seen]
        act = chance.choice(new if new and chance.random() < 0.7 else options)
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


def _options(
    point: Point, plan: Plan, caller: str, telephones: Mapping[str, Sequence[str]], events: Sequence[Event]
) -> Iterator[Act]:
    """Everything that can come of a point, as far as keys and telephones can bring it about."""
    match point.step:
        case Menu() as menu:
            yield Act(Happens(Outcome.SILENCE), (Do("", when=MENU),))
            for key in _telling_keys(menu):
                yield Act(presses(key), (Do(key, when=MENU),))
            for direct in menu.direct:
                first, *more = _presses(min(direct.numbers), MENU, 0)
                yield attrs.evolve(first, happens=presses(first.happens.key), then=tuple(more))
        case Collect() as collect:
            yield Act(Happens(Outcome.SILENCE), (Do("", when=ENTRY),))
            for entry in _entries(collect):
                first, *more = _presses(f"{entry}#" if collect.ends else entry, ENTRY, 1)
                yield attrs.evolve(first, then=tuple(more))
        case Callback():
            books = admitted(caller, plan.callback_to)
            yield Act(Happens(Outcome.BOOKED if books else Outcome.NO_NUMBER))
        case Queue(members=()):
            yield Act(Happens(Outcome.EMPTY))
        case Ring() | Operator() as step:
            yield from _staged(step.stages[point.turn - 1].phones, telephones)
        case Extensions() as row:
            (dialled,) = events[-1].phones if isinstance(events[-1], Rang) else ()
            yield from _staged([phone for phone in row.phones if phone.number == dialled], telephones)
        case Queue() as queue:
            picked = {device: Answer(TAKES, hang_up=2) for m in queue.everybody for device in telephones[m.number]}
            ringing = dict[str, Behaviour].fromkeys(picked, Rings())
            yield Act(Happens(Outcome.ANSWERED, who="agent"), (), picked)
            yield Act(Happens(Outcome.TIMEOUT), (), ringing)
            for choice in queue.choices:
                after = min(3, queue.patience - 1)
                yield Act(
                    presses(choice.key, queue.seconds + after), (Do(choice.key, when=QUEUE, after=after),), ringing
                )
        case Mailbox():
            speaks = Do(voice="speech", when=RECORDING)
            yield Act(Happens(Outcome.LEFT, 4), (speaks, Do("#", when=None, after=4)))
            yield Act(Happens(Outcome.NOTHING_LEFT, 1), (speaks, Do("#", when=None, after=1)))
        case _:
            raise AssertionError(f"nobody knows what a caller can do at `{point.step.name}`")


def _telling_keys(menu: Menu) -> Iterator[str]:
    """The keys that mean something, and one that means nothing."""
    known = [*(choice.key for choice in menu.choices), *(repeat.key for repeat in menu.repeats)]
    yield from known
    yield from menu.wrong()[:1]


def _presses(keys: str, when: str, after: int) -> list[Act]:
    """Keys one after another, the first so many seconds after the PBX began to listen, the others a second apart."""
    first = Act(presses(keys[0], after), (Do(keys[0], when=when, after=after),))
    return [first, *(Act(presses(key, 1), (Do(key, when=None, after=1),)) for key in keys[1:])]


def _entries(collect: Collect) -> Iterator[str]:
    """For each thing that a collect accepts, an entry that it takes first; and one that it does not take."""
    found: dict[object, str] = {}
    for number in range(min(10**collect.most, 2000)):
        entry = f"{number:0{collect.most}}"
        accept = collect.accepted(entry)
        found.setdefault(accept and accept.what, entry)
    yield from found.values()


def _staged(phones: Sequence[Phone], telephones: Mapping[str, Sequence[str]]) -> Iterator[Act]:
    """Everything that can come of phones that ring together."""

    def all_(behaviour: Behaviour, among: Iterable[Phone] = phones) -> dict[str, Behaviour]:
        return {device: behaviour for phone in among for device in _devices(phone, telephones)}

    yield Act(Happens(Outcome.NO_ANSWER), (), all_(Rings()))
    yield Act(Happens(Outcome.BUSY, 1), (), all_(Refuse(486, after=1)))
    yield Act(Happens(Outcome.UNAVAILABLE), (), all_(Refuse(503, ring=False)))
    for phone in phones:
        device = _devices(phone, telephones)[0]
        if isinstance(phone, Outside) and phone.confirm:
            others = [other for other in phones if other is not phone]
            pressing = Answer(TAKES, keys="1", pause=2, hang_up=3)
            yield Act(Happens(Outcome.ANSWERED, TAKES + 2, who=phone.number), (), all_(Rings()) | {device: pressing})
            refusing = Answer(TAKES, keys="3", pause=2)
            declined = all_(Refuse(603, ring=False), others) | {device: refusing}
            if all(not isinstance(other, Outside) for other in others):
                yield Act(Happens(Outcome.DECLINED, TAKES + 2), (), declined)
        else:
            outcome = Outcome.ANSWERED if phone.human else Outcome.UNCONFIRMED
            yield Act(Happens(outcome, TAKES, who=phone.number), (), all_(Rings()) | {device: Answer(TAKES, hang_up=2)})


def _devices(phone: Phone, telephones: Mapping[str, Sequence[str]]) -> Sequence[str]:
    return (phone.number,) if isinstance(phone, Outside) else telephones[phone.number]
