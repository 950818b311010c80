"""What caller, telephones and services do so that a scenario comes to pass at a real PBX.

In: a plan, and a scenario that was played in the walker. Out: a `Part`: the keys of the caller and when they are
pressed, how the telephones behave at each of the PBX's own steps that ring any, what services send, and what has to be
so before the call comes in; or `Impossible`, with the reason. Some things cannot happen at a PBX in no time: there they
take a second or a few, and `Part.happens` tells the walker so.
"""

import re
from collections.abc import Callable, Iterable, Mapping

import attrs

from dialc.call import Happens, Point, Queued, Rang, Turned
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
    Position,
    Queue,
    Ring,
    Strategy,
)
from dialc.scenarios import Moment, Played

ASKS = r"^WaitExten\("
ENTERS = r"^Read\("
SPEAKS = r"^BackGround\("
RINGS = r"^Dial\("
WAITS = r"^Queue\("
RECORDS = r"^VoiceMail\("
LOOKS_UP = r"^Set\(DIALC_ASKED="
TALKS = r"^BridgeEnter plan"

SOON = 1
"""Seconds that people and machines take for what the walker says takes none."""

MESSAGE = 3
"""Seconds of the shortest message that is surely kept."""

CONFIRMING = 2
"""Seconds for which somebody who answers outside listens before the key."""

TALK = 2
"""Seconds for which two people talk."""

EDGE = 0.5
"""Seconds before the end of a wait at which a key still comes in time."""


class Impossible(Exception):
    """What a scenario says that no live call can do; part of a sentence."""


@attrs.frozen
class Sent:
    """What a service sends, so many seconds after it was asked: a word, an error (None), or nothing ever."""

    after: int = 0
    word: str | None = None
    silent: bool = False


@attrs.frozen
class World:
    """What has to be so at a PBX before a call comes in; the same for all calls that share it.

    `switches` are turned, `empty` are queues in which all members have a pause, `full` those in which as many wait as
    may; `broken` queues are not there. `booked` are call-backs that the caller has used up. Without `boxes` there is no
    mailbox, and without `spool` nothing that keeps a booking.
    """

    switches: frozenset[tuple[str, Position]] = frozenset()
    empty: frozenset[str] = frozenset()
    full: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    booked: frozenset[str] = frozenset()
    boxes: bool = True
    spool: bool = True


@attrs.frozen
class Part:
    """What is done in one call. `rings` is for each of the PBX's steps that ring, in order: by phone (extension or
    E.164), what it does at each time that it is rung there, the last for ever.

    `happens` is the same call for the walker, one for each of its points; None where it is the usual. `answers` is the
    queue in which the call is answered, if it is in one; `turned` are the switches, turned before the call.
    """

    script: tuple[Do, ...]
    rings: tuple[Mapping[str, tuple[Behaviour, ...]], ...]
    sent: tuple[Sent, ...]
    happens: tuple[Happens | None, ...]
    world: World
    hangs_up: bool
    answers: Queue | None = None
    turned: tuple[Turned, ...] = ()

    @property
    def alone(self) -> bool:
        """Whether no other call may be under way: what it needs cannot be told from what another one needs."""
        return bool(self.sent or self.world.full or self.world.booked)


def part(plan: Plan, played: Played, file: Callable[[str], str], caller: str) -> Part:
    """The part of a scenario; `file` is the sound file of a prompt at the PBX, `caller` who calls.

    Raises `Impossible`.
    """
    making = _Making(plan, played, file, caller)
    for moment in played.moments:
        making.act(moment)
    script = tuple(making.script)
    if played.hangs_up is not None:
        last = played.moments[-1].point
        script = (*script[: making.begun], Do(hang_up=True, when=making.beginning(last), after=SOON))
    if len({turned.switch for turned in played.turned}) < len(played.turned):
        raise Impossible("a switch is turned twice")
    switches = frozenset((turned.switch, turned.position) for turned in played.turned)
    world = attrs.evolve(making.world, switches=switches)
    for name, states in making.states.items():
        if len(states) > 1:
            raise Impossible(f"the queue `{name}` is {' and '.join(sorted(states))} in one call")
    if not world.boxes and making.left:
        raise Impossible("one mailbox is broken and another is not")
    return Part(
        script,
        tuple(making.rings),
        tuple(making.sent),
        tuple(making.happens),
        world,
        played.hangs_up is not None,
        making.answers,
        tuple(attrs.evolve(turned, at=0, steps=0) for turned in played.turned),
    )


class _Making:
    """A part that is being made, point after point."""

    def __init__(self, plan: Plan, played: Played, file: Callable[[str], str], caller: str) -> None:
        self.plan, self.played, self.file, self.caller = plan, played, file, caller
        self.script: list[Do] = []
        self.begun = 0
        """How many actions there are before the point that came last."""
        self.rings: list[Mapping[str, tuple[Behaviour, ...]]] = []
        self.sent: list[Sent] = []
        self.happens: list[Happens | None] = []
        self.world = World()
        self.left = False
        self.states: dict[str, set[str]] = {}
        """How each queue is found by the caller, each time."""
        self.answers: Queue | None = None

    def act(self, moment: Moment) -> None:
        """Add what is done at a point."""
        self.begun = len(self.script)
        point, happens = moment.point, moment.happens
        match point.step:
            case Menu() | Collect() as step:
                self.happens.append(self._keys(step, point, happens))
            case Ring() | Operator() as step:
                stage = step.stages[point.turn - 1]
                self.happens.append(self._stage(stage.phones, stage.seconds, happens))
            case Extensions() as row:
                rang = next(e for e in self.played.events if isinstance(e, Rang) and (e.at, e.step) == _at(point))
                phones = [phone for phone in row.phones if phone.number in rang.phones]
                self.happens.append(self._stage(phones, row.seconds, happens))
            case Queue() as queue:
                self.happens.append(self._queue(queue, point, happens))
            case Mailbox() as mailbox:
                self.happens.append(self._mailbox(mailbox, happens))
            case Bot() as bot:
                self.happens.append(self._bot(bot, point, happens))
            case Lookup() as lookup:
                self.happens.append(self._lookup(lookup, happens))
            case Callback() as callback:
                self.happens.append(self._callback(callback, happens))
            case step:
                raise AssertionError(f"nothing can happen at `{step.name}`")

    def _keys(self, step: Menu | Collect, point: Point, happens: Happens | None) -> Happens | None:
        waits = ASKS if isinstance(step, Menu) else ENTERS
        if happens is None or happens.outcome is not Outcome.KEY:
            if not point.keys:
                self.script.append(Do("", when=waits))
            return happens
        if point.keys:  # people are slower than the walker, which presses the keys of an entry all at once
            after = _before(SOON, step.wait) if happens.after is None else _before(happens.after, step.wait)
            self.script.append(Do(happens.key, when=None, after=after))
            return attrs.evolve(happens, after=round(after))
        spoken = sum(prompt.seconds for prompt in step.prompts)
        after = spoken if happens.after is None else happens.after
        if isinstance(step, Menu) and after >= spoken:
            do = Do(happens.key, when=ASKS, after=_before(after - spoken, step.wait))
        else:
            when = SPEAKS if isinstance(step, Menu) else ENTERS
            do = Do(happens.key, when=when, after=_before(after, step.seconds))
        self.script.append(do)
        return happens

    def _stage(self, phones: Iterable[Phone], seconds: int, happens: Happens | None) -> Happens | None:
        """Phones that ring together."""
        self.script.append(Do("", when=RINGS))
        made, everywhere = happens, _everywhere(happens)
        behaves = {phone.number: everywhere for phone in phones}
        if happens is not None and happens.outcome in (Outcome.ANSWERED, Outcome.UNCONFIRMED, Outcome.DECLINED):
            who = next(phone for phone in phones if happens.who in ("", phone.number))
            after = happens.after or min(SOON, seconds)
            answer = Answer(after, hang_up=TALK)
            if isinstance(who, Outside) and who.confirm:
                after = happens.after if happens.after is not None else min(SOON + CONFIRMING, seconds)
                pause = min(CONFIRMING, after)
                key = "3" if happens.outcome is Outcome.DECLINED else "1"
                answer = Answer(after - pause, keys=key, pause=pause, hang_up=None if key == "3" else TALK)
            behaves[who.number] = answer
            made = attrs.evolve(happens, after=after, who="" if happens.outcome is Outcome.DECLINED else who.number)
        self.rings.append({number: (behaviour,) for number, behaviour in behaves.items()})
        return made

    def _queue(self, queue: Queue, point: Point, happens: Happens | None) -> Happens | None:
        first = queue.seconds
        joined = [(event.at, event.queue) for event in self.played.events if isinstance(event, Queued)]
        if happens is not None and happens.outcome is Outcome.KEY:
            after = first + min(SOON, queue.patience) if happens.after is None else happens.after
            if after < first:
                self.script.append(Do(happens.key, when=SPEAKS, after=after))
                return happens
            self.states.setdefault(queue.name, set()).add("open")
            self._rung({m.number: (Rings(),) for m in queue.everybody})
            self.script.append(Do(happens.key, when=WAITS, after=_before(after - first, queue.patience)))
            return attrs.evolve(happens, after=after)
        if (point.at + first, queue.name) not in joined:
            return happens
        self.script.append(Do("", when=WAITS))
        behaves: dict[str, tuple[Behaviour, ...]] = {member.number: (Rings(),) for member in queue.everybody}
        outcome = happens.outcome if happens is not None else None
        states = self.states.setdefault(queue.name, set())
        states.add(outcome.value if outcome in (Outcome.EMPTY, Outcome.FULL, Outcome.FAILURE) else "open")
        match outcome:
            case Outcome.EMPTY if happens is not None and happens.after in (None, first):
                self.world = attrs.evolve(self.world, empty=self.world.empty | {queue.name})
            case Outcome.FULL:
                self.world = attrs.evolve(self.world, full=self.world.full | {queue.name})
            case Outcome.FAILURE if happens is not None and happens.after in (None, first):
                self.world = attrs.evolve(self.world, broken=self.world.broken | {queue.name})
            case Outcome.EMPTY | Outcome.FAILURE:
                raise Impossible(f"the queue `{queue.name}` becomes empty or breaks while the caller waits in it")
            case Outcome.ANSWERED:
                assert happens is not None
                waited = (happens.after if happens.after is not None else first) - first
                self.answers = queue
                behaves[happens.who] = _answering(queue, waited - queue.joins(happens.who))
            case _:
                pass
        self._rung(behaves)
        return happens

    def _rung(self, behaves: Mapping[str, tuple[Behaviour, ...]]) -> None:
        self.rings.append(behaves)

    def _mailbox(self, mailbox: Mailbox, happens: Happens | None) -> Happens:
        outcome = Outcome.LEFT if happens is None else happens.outcome
        if outcome is Outcome.FAILED:
            self.world = attrs.evolve(self.world, boxes=False)
            return Happens(outcome)
        self.left = True
        after = SOON
        if outcome is Outcome.LEFT:
            usual = min(10, mailbox.longest) if happens is None else happens.after or 0
            after = max(MESSAGE, min(usual, mailbox.longest - 1))
        self.script += [Do(voice="speech", when=RECORDS), Do("#", when=None, after=after)]
        return Happens(outcome, after)

    def _bot(self, bot: Bot, point: Point, happens: Happens | None) -> Happens | None:
        outcome, after = (happens.outcome, happens.after) if happens else (None, None)
        if point.turn == 1:
            self.script.append(Do("", when=RINGS))
            match outcome:
                case Outcome.KEY:
                    after = SOON if after is None else after
                    self._rung({bot.phone.number: (Rings(),)})
                    self.script.append(Do(bot.escape.key, when=r"^DialBegin PJSIP/", after=_before(after, bot.ring)))
                case Outcome.FAILED:
                    after = after or 0
                    self._rung({bot.phone.number: (Refuse(486, after=after, ring=after > 0),)})
                case _:
                    after = after or 0
                    self._rung({bot.phone.number: (Answer(after),)})
        else:
            match outcome:
                case Outcome.KEY:
                    after = SOON if after is None else after
                    self.script.append(Do(bot.escape.key, when=TALKS, after=_before(after, bot.limit)))
                case Outcome.OVER:
                    after = after or SOON
                    (picks_up,) = self.rings[-1][bot.phone.number]
                    assert isinstance(picks_up, Answer)
                    self.rings[-1] = {bot.phone.number: (attrs.evolve(picks_up, hang_up=after),)}
                case _:
                    return happens
        return happens and attrs.evolve(happens, after=after)

    def _lookup(self, lookup: Lookup, happens: Happens | None) -> Happens | None:
        match happens.outcome if happens is not None else Outcome.TIMEOUT:
            case Outcome.TIMEOUT:
                self.sent.append(Sent(silent=True))
            case Outcome.REPLY:
                assert happens is not None
                self.sent.append(Sent(happens.after or 0, happens.word))
            case _:
                self.sent.append(Sent((happens.after if happens else 0) or 0))
        return happens

    def _callback(self, callback: Callback, happens: Happens | None) -> Happens | None:
        if happens is not None and happens.outcome is Outcome.FAILED:
            self.world = attrs.evolve(self.world, spool=False)
        if happens is not None and happens.outcome is Outcome.NO_NUMBER and self.plan.rings_back(self.caller):
            self.world = attrs.evolve(self.world, booked=self.world.booked | {callback.name})
        return happens

    def beginning(self, point: Point) -> str:
        """What the PBX does as a point begins. Raises `Impossible` for one that takes no time."""
        step = point.step
        match step:
            case Menu() | Queue() if step.prompts:
                app = "BackGround" if step.choices or isinstance(step, Menu) else "Playback"
                return rf"^{app}\({re.escape(self.file(step.prompts[0].name))}"
            case Menu():
                return ASKS
            case Queue():
                return WAITS
            case Collect():
                return ENTERS
            case Ring() | Operator() | Extensions():
                return RINGS
            case Bot():
                return RINGS if point.turn == 1 else TALKS
            case Mailbox() if step.greeting is not None:
                return rf"^Playback\({re.escape(self.file(step.greeting.name))}"
            case Mailbox():
                return RECORDS
            case Lookup():
                return LOOKS_UP
            case _:
                raise Impossible(f"the caller hangs up at `{step.name}`, which takes no time")


def _at(point: Point) -> tuple[int, str]:
    return point.at, point.step.name


def _before(after: float, limit: float) -> float:
    """Some seconds, or as many as are surely in time."""
    return max(0.0, min(after, limit - EDGE))


def _everywhere(happens: Happens | None) -> Behaviour:
    """What phones do of which nothing else is said."""
    if happens is None:
        return Rings()
    after = happens.after or 0
    match happens.outcome:
        case Outcome.BUSY:
            return Refuse(486, after=after, ring=after > 0)
        case Outcome.UNAVAILABLE:
            return Refuse(503, after=after, ring=after > 0)
        case Outcome.DECLINED:
            return Refuse(603, ring=False)
        case Outcome.NO_ANSWER if happens.after is not None:
            return Refuse(480, after=after, ring=after > 0)
        case _:
            return Rings()


def _answering(queue: Queue, waited: int) -> tuple[Behaviour, ...]:
    """A member who answers when a caller has waited so many seconds: one who is rung time after time rings until then.

    Where members are rung one after another, it is the PBX that says when.
    """
    turn = queue.ring + SOON
    if queue.strategy is not Strategy.RING_ALL or waited < queue.ring:
        return (Answer(min(max(waited, SOON), queue.ring - SOON), hang_up=TALK),)
    return (*[Rings()] * (waited // turn), Answer(min(max(waited % turn, SOON), queue.ring - SOON), hang_up=TALK))
