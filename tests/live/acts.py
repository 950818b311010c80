"""What caller, telephones and the world can do at each point of a call, so that a given thing comes of it.

In: a point at which something can happen, and who calls. Out: `Act`s: what comes of the point, for the walker, and what
has to be done on a real PBX for it: keys, telephones that behave, and what is arranged before the call. What a verifier
or a backend makes of the plan has no say in it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from dialc.call import Event, Happens, Point, Rang, presses
from dialc.call.queue import closes_after
from dialc.classes import admitted
from dialc.live.caller import Do
from dialc.live.phones import Answer, Behaviour, Refuse
from dialc.live.phones import Ring as Rings
from dialc.plan import (
    Bot,
    Callback,
    Collect,
    Extensions,
    Lookup,
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

MENU = r"^WaitExten\("
CHOICES = r"^BackGround\([^,]*\)$"
ENTRY = r"^Read\("
QUEUE = r"^Queue\("
LINE = r"^BackGround\([^)]*,m\)$"
RECORDING = r"^VoiceMail\("
TALKS = r"^BridgeEnter plan$"

TAKES = 1
"""Seconds after which a phone that is answered is."""

PATIENT = 8
"""Seconds that a ring lasts at least in which a caller loses patience."""


# What is arranged before a call, and undone behind it


@attrs.frozen
class Paused:
    """All members of a queue who need not sign in take a break."""

    queue: str


@attrs.frozen
class SignedIn:
    """One of those who can sign in to a queue has."""

    queue: str


@attrs.frozen
class Filled:
    """As many callers wait in a queue already as it has room for."""

    queue: str


@attrs.frozen
class FullBox:
    """A mailbox has as many messages as it holds."""

    box: str


@attrs.frozen
class Sends:
    """What the service sends that is asked about callers, each time it is asked; None: nothing, and stays connected."""

    word: str | None


Arranged = Paused | SignedIn | Filled | FullBox | Sends


@attrs.frozen
class Act:
    """What comes of one point: for the walker, and what caller and telephones do about it; `then` comes of the next.

    `world` is arranged before the call. `hangs_up` is after how many seconds from the point the caller hangs up.
    """

    happens: Happens
    script: tuple[Do, ...] = ()
    phones: Mapping[str, Behaviour] = attrs.field(factory=dict)
    then: "tuple[Act, ...]" = ()
    world: tuple[Arranged, ...] = ()
    hangs_up: int | None = None


def options(
    point: Point, plan: Plan, caller: str, telephones: Mapping[str, Sequence[str]], events: Sequence[Event]
) -> Iterator[Act]:
    """Everything that can come of a point, as far as keys and telephones can bring it about.

    `events` are those of the call so far; a queue is taken to stay open.
    """
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
        case Queue(members=(), tiers=()):
            yield Act(Happens(Outcome.EMPTY))
        case Ring() | Operator() as step:
            yield from _staged(step.stages[point.turn - 1].phones, telephones)
        case Extensions() as row:
            (dialled,) = events[-1].phones if isinstance(events[-1], Rang) else ()
            yield from _staged([phone for phone in row.phones if phone.number == dialled], telephones)
        case Queue() as queue:
            yield from _waits(queue, telephones, None)
        case Mailbox():
            yield from _messages()
        case _:
            raise AssertionError(f"nobody knows what a caller can do at `{point.step.name}`")


def everything(
    point: Point,
    plan: Plan,
    caller: str,
    telephones: Mapping[str, Sequence[str]],
    events: Sequence[Event],
    begun: int,
    *,
    queues: bool,
    spool: bool,
) -> Iterator[Act]:
    """The same, with what the world around the plan can do, and callers who lose patience.

    `begun` is the instant at which the call began; `queues` says whether the PBX has the queues of the plan, and
    `spool` whether it makes calls by itself, without which nobody can be called back.
    """
    match point.step:
        case Queue() as queue if not queues:
            yield Act(Happens(Outcome.FAILURE))
        case Queue() as queue:
            closes = closes_after(queue, begun + point.at)
            yield from _waited(queue, telephones, closes)
        case Callback():
            if not spool and admitted(caller, plan.callback_to):
                yield Act(Happens(Outcome.FAILED))
            else:
                yield from options(point, plan, caller, telephones, events)
        case Bot() as bot:
            yield from _talks(bot, telephones)
        case Lookup() as lookup:
            for reply in lookup.replies:
                yield Act(Happens(Outcome.REPLY, word=reply.word), world=(Sends(reply.word),))
            yield Act(Happens(Outcome.FAILED), world=(Sends("nobody"),))
            yield Act(Happens(Outcome.TIMEOUT), world=(Sends(None),))
        case Mailbox() as mailbox:
            greeting = mailbox.greeting.seconds if mailbox.greeting else 0
            yield from options(point, plan, caller, telephones, events)
            yield Act(Happens(Outcome.FAILED), world=(FullBox(mailbox.box),))
            speaks = Do(voice="speech", when=RECORDING)
            leaves = (speaks, Do(hang_up=True, when=None, after=4))
            yield Act(Happens(Outcome.LEFT, 10), leaves, hangs_up=greeting + 4)
        case Menu() as menu:
            yield from options(point, plan, caller, telephones, events)
            prompts = sum(prompt.seconds for prompt in menu.prompts)
            if prompts > 1:
                for key in _telling_keys(menu):
                    yield Act(presses(key, 1), (Do(key, when=CHOICES, after=1),))
            if menu.wait > 2:
                yield Act(Happens(Outcome.SILENCE), (Do(hang_up=True, when=MENU, after=1.5),), hangs_up=prompts + 2)
        case Collect() as collect:
            yield from options(point, plan, caller, telephones, events)
            first, *more = _presses("*" * collect.keys, ENTRY, 1)
            yield attrs.evolve(first, then=tuple(more))
            if collect.fewest < collect.most:
                entry = next(entry for entry in _entries(collect))[: collect.fewest]
                first, *more = _presses(entry, ENTRY, 1)
                yield attrs.evolve(first, then=(*more, Act(Happens(Outcome.SILENCE))))
        case Ring() | Operator() | Extensions() as step:
            yield from options(point, plan, caller, telephones, events)
            seconds = step.seconds if isinstance(step, Extensions) else step.stages[point.turn - 1].seconds
            phones = events[-1].phones if isinstance(events[-1], Rang) else ()
            if seconds >= PATIENT and phones:
                ringing = {device: Rings() for number in phones for device in telephones.get(number, (number,))}
                leaves_off = Do(hang_up=True, when=_rings(phones[0]), after=4)
                yield Act(Happens(Outcome.NO_ANSWER), (leaves_off,), ringing, hangs_up=4)
        case _:
            yield from options(point, plan, caller, telephones, events)


def _rings(number: str) -> str:
    """A trigger: a phone begins to ring."""
    return rf"^DialBegin (PJSIP|Local)/[a-z]*{number.replace('+', '[+]')}[-@]"


def _messages() -> Iterator[Act]:
    speaks = Do(voice="speech", when=RECORDING)
    yield Act(Happens(Outcome.LEFT, 4), (speaks, Do("#", when=None, after=4)))
    yield Act(Happens(Outcome.NOTHING_LEFT, 1), (speaks, Do("#", when=None, after=1)))


def _waits(queue: Queue, telephones: Mapping[str, Sequence[str]], closes: int | None) -> Iterator[Act]:
    """What can come of a wait in a queue whose members are there; it closes after so many seconds, or not."""
    picked = {device: Answer(TAKES, hang_up=2) for m in queue.everybody for device in telephones[m.number]}
    ringing = dict[str, Behaviour].fromkeys(picked, Rings())
    after = min(3, queue.patience - 1)
    if closes is None or closes > queue.seconds + 2 * after:
        yield Act(Happens(Outcome.ANSWERED, who="agent"), (), picked)
        for choice in queue.choices:
            yield Act(presses(choice.key, queue.seconds + after), (Do(choice.key, when=QUEUE, after=after),), ringing)
    yield Act(Happens(Outcome.TIMEOUT if closes is None else Outcome.CLOSING), (), ringing)


def _waited(queue: Queue, telephones: Mapping[str, Sequence[str]], closes: int | None) -> Iterator[Act]:
    """The same, where members sign in and take breaks, others wait, and keys are pressed as the prompts are heard."""
    signs = not queue.members
    there = (SignedIn(queue.name),) if signs else ()
    late = closes is not None and closes <= queue.seconds
    for act in _waits(queue, telephones, closes):
        yield attrs.evolve(act, world=there)
    if queue.seconds > 1 and (closes is None or closes > queue.seconds):
        for choice in queue.choices:
            yield Act(presses(choice.key, 1), (Do(choice.key, when=LINE, after=1),))
    if late:
        return
    yield Act(Happens(Outcome.EMPTY), world=(Paused(queue.name),))
    if queue.room:
        yield Act(Happens(Outcome.FULL), world=(*there, Filled(queue.name)))
    if closes is None and queue.patience > PATIENT:
        ringing = dict[str, Behaviour].fromkeys((d for m in queue.everybody for d in telephones[m.number]), Rings())
        leaves = (Do(hang_up=True, when=QUEUE, after=5),)
        yield Act(Happens(Outcome.TIMEOUT), leaves, ringing, world=there, hangs_up=queue.seconds + 5)


def _talks(bot: Bot, telephones: Mapping[str, Sequence[str]]) -> Iterator[Act]:
    """What can come of a machine that is rung, and talks."""
    device, key = telephones[bot.phone.number][0], bot.escape.key
    picks_up = Happens(Outcome.ANSWERED, TAKES)
    stays = {device: Answer(TAKES)}
    yield Act(picks_up, (), {device: Answer(TAKES, hang_up=4)}, then=(Act(Happens(Outcome.OVER, 4)),))
    yield Act(picks_up, (), stays, then=(Act(Happens(Outcome.LIMIT)),))
    yield Act(picks_up, (Do(key, when=TALKS, after=3),), stays, then=(Act(presses(key, 3)),))
    yield Act(presses(key, 2), (Do(key, when=_rings(bot.phone.number), after=2),), {device: Answer(after=6)})
    yield Act(Happens(Outcome.FAILED, bot.ring), (), {device: Rings()})
    yield Act(Happens(Outcome.FAILED, 1), (), {device: Refuse(486, after=1)})


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
