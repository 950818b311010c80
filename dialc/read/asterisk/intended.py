"""What a plan does on Asterisk, act by act: the other side of what files are held against.

In: a plan, a site, and the marks of the machine that reads the files. Out: `Intended.course`, for what a call has in
memory the acts that come next and where each of their ways leads, as a generator: it yields what it expects, or what it
has to know, and returns the memory with which the call goes on. It names no context, no variable and no label: what the
files call things is their own matter.
"""

import datetime
import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import assert_never

import attrs

from dialc import numbers
from dialc.calendar import DAY, Calendar, Instants, read_off, union
from dialc.digits import named
from dialc.plan import (
    SUPERVISOR_RINGS,
    Accept,
    Again,
    Announcement,
    Answer,
    Bot,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Callback,
    Choice,
    Collect,
    Condition,
    Extension,
    Extensions,
    HangUp,
    Label,
    Lookup,
    Mailbox,
    Menu,
    Operator,
    Outside,
    Period,
    Phone,
    Plan,
    Play,
    Position,
    Prompt,
    Queue,
    Record,
    Ring,
    Stage,
    Step,
    Strategy,
    Switch,
)
from dialc.read.asterisk.flow import (
    Act,
    Changes,
    Dials,
    Ends,
    Fetches,
    Goes,
    HangsUp,
    Hears,
    Leaves,
    Monitors,
    Notes,
    Performs,
    Plays,
    Queues,
    Reads,
    Rings,
    Silent,
    Takes,
    Waits,
    Way,
)
from dialc.read.asterisk.machine import Stop
from dialc.read.asterisk.marks import Elapsed, Gathered, Marks, Opaque, Past
from dialc.read.asterisk.memory import GONE, Lasting, Memory
from dialc.read.asterisk.moments import Moment, Shown, Span
from dialc.read.asterisk.sets import Sets
from dialc.read.asterisk.switches import LAMPS, Kept, since
from dialc.site import Site

Ways = tuple[tuple[str, Way, str], ...]
"""A name, the way itself, and what it is for people."""


@attrs.frozen(eq=False)
class Does:
    """An act comes next. `differs` tells how another one is not it, empty if it is; `ways` are made once it is there.

    With `silent`, it may be missing where nothing is compared of what is recorded of calls.
    """

    says: str
    differs: Callable[[Stop], str]
    ways: Callable[[Stop], Ways] | None = None
    note: bool = False


@attrs.frozen(eq=False)
class When:
    """It has to be known whether it is one of these instants."""

    instants: Instants


@attrs.frozen
class Known:
    """An answer has to be known, as the machine asks for it; empty if it is not `asked` for and nobody has."""

    question: str
    asked: bool = True


Course = Generator[Does | When | Known, str, Memory | None]
YES, NO = "yes", "no"

STRATEGIES = {
    Strategy.RING_ALL: "ringall",
    Strategy.LONGEST_IDLE: "leastrecent",
    Strategy.ROUND_ROBIN: "rrmemory",
    Strategy.FEWEST_CALLS: "fewestcalls",
    Strategy.RANDOM: "random",
    Strategy.IN_ORDER: "linear",
}

STATUSES = ("BUSY", "NOANSWER", "CONGESTION", "CHANUNAVAIL", "DONTCALL", "TORTURE", "INVALIDARGS")
"""What Dial leaves in DIALSTATUS where nobody was joined, and the caller is still there."""

_FAREWELL = 30
"""Seconds from a booking to its first placing at least: whoever booked is still on the telephone."""

_RECORDING = r"<STRFTIME\(<an earlier time>,[^,]+,%Y%m%dT%H%M%S\)>U<FILTER\(0-9A-Za-z,<UNIQUEID>\)>\.wav"
"""How a recording is called: by when the call began, and by what no other call is called."""

QUEUE_STATUSES = {
    "TIMEOUT": "timeout",
    "FULL": "full",
    "JOINEMPTY": "empty",
    "LEAVEEMPTY": "empty",
    "JOINUNAVAIL": "empty",
    "LEAVEUNAVAIL": "empty",
    "UNKNOWN": "failure",
    "CONTINUE": "failure",
    "WITHDRAW": "failure",
    "": "failure",
}
"""What Queue leaves in QUEUESTATUS, and what that is to a plan."""

MESSAGES = 100
"""Messages that a mailbox holds that is written with a plan."""

LONGEST_REPLY = 3900
"""Characters that are looked at of what a service sends."""


class Intended:
    """What a plan does at a site. `rings` looks at how phones are rung, `turned` reads where a switch stands."""

    def __init__(
        self,
        plan: Plan,
        site: Site,
        calendar: Calendar,
        marks: Marks,
        rings: "Callable[[Stop, Sequence[Phone], Memory, str], tuple[str, Ways]]",
        switches: Mapping[str, Kept],
        span: Span,
        look: Callable[[Stop, str], str],
        lines: "Callable[[Stop, Queue, Memory], tuple[str, Ways]]",
    ) -> None:
        self.plan = plan
        self.site = site
        self.calendar = calendar
        self.marks = marks
        self.sets = Sets()
        self.rings = rings
        self.switches = switches
        self.span = span
        self.look = look
        self.lines = lines
        self.everything = calendar.everything
        self._targets = plan.targets()
        self._lasting = Lasting(plan)
        self._shifted: dict[tuple[Period, int], Instants] = {}
        self._tried: set[str] = set()
        self._several: dict[str, bool] = {}
        """By step, whether its exit is noted as it is left."""
        self._dates: dict[str, Instants] = {}
        self._conditions: dict[tuple[Condition, tuple[tuple[Switch, Position], ...]], Instants] = {}

    def _begins(self, called: str, delivered: str) -> Memory:
        """The memory of a call as it comes in, on a number that was delivered so."""
        line = self.plan.line(called)
        assert line is not None
        entry = self.plan.steps[line.entry]
        phone = line.phone(entry, called) if isinstance(entry, Extensions) else ""
        memory = Memory(
            *(line.entry, (), tuple(self.plan.limit(target) for target in self._targets)),
            *(line.operator or self.plan.operator, self.plan.language),
            phone=phone,
            called=delivered,
        )
        return self._lasting.kept(memory)

    def enters(self, called: str, delivered: str) -> Course:
        """What happens before the first step of a call."""
        line = self.plan.line(called)
        assert line is not None
        yield Does("the number called is noted", self._note(delivered, anew=True), note=True)
        for callers in line.refuses:
            if callers.holds((yield Known("caller"))):
                yield from self._ends("the call is refused", "21")
                return Memory(GONE, ending="refused")
        return self._begins(called, delivered)

    def course(self, memory: Memory) -> Course:
        """What happens next to a call."""
        if memory.step == GONE:
            return self._gone(memory)
        return self._lived(memory, self.plan.steps[memory.step])

    def _first(self, step: str) -> bool:
        """Whether it is the first time that something is tried at a step: there all that can come of it is."""
        first = step not in self._tried
        self._tried.add(step)
        return first

    # Pieces

    def _note(self, point: str, *, anew: bool = False) -> Callable[[Stop], str]:
        """That something is noted for the record of the call."""

        def differs(stop: Stop) -> str:
            act = stop.act
            if not isinstance(act, Notes) or act.anew is not anew:
                return self.told(act)
            if anew:
                return "" if act.text == point else self.told(act)
            head, colon, rest = act.text.partition(":")
            time = head.removeprefix(" ")
            since = self.marks.found(time)
            fits = time == "0" or (len(time) == 1 and since and since[0] == Elapsed(Past(first=True)))
            return "" if colon and head != time and fits and rest == point else self.told(act)

        return differs

    def _noted(self, point: str) -> Does:
        return Does(f"`{point}` is noted", self._note(point), note=True)

    def _arrives(self, memory: Memory) -> "Generator[Does | When | Known, str, None]":
        if not memory.part:
            yield self._noted(memory.step)

    def _leaves(self, memory: Memory, label: str, to: str) -> Course:
        """A step is left."""
        several = self._several.get(memory.step)
        if several is None:
            step = self.plan.steps[memory.step]
            several = self._several[memory.step] = len(step.exits()) > 1 or isinstance(step, HangUp)
        if several:
            yield self._noted(f"{memory.step}={label.replace(' ', '-')}")
        return self._onward(memory, to)

    def _onward(self, memory: Memory, to: str) -> Memory:
        return self._lasting.kept(attrs.evolve(memory, step=to, part=(), phone=""))

    def _takes(self, memory: Memory) -> "Generator[Does | When | Known, str, Memory]":
        """The call is answered, unless it was."""
        if not memory.taken:
            yield Does("the call is answered", self._is(Takes()))
        return attrs.evolve(memory, taken=True)

    def _is(self, act: Act) -> Callable[[Stop], str]:
        return lambda stop: "" if stop.act == act else self.told(stop.act)

    def _settings(self, stop: Stop, memory: Memory) -> str:
        """What is wrong about how a call is set up while it is somewhere for a time."""
        if self.look(stop, "TIMEOUT(absolute)") not in ("", "0"):
            return "the call is cut off after some time"
        spoken = self.look(stop, "CHANNEL(language)")
        if memory.language and spoken != memory.language.replace("-", "_"):
            return f"the caller is spoken to in {spoken or 'some language'}"
        return ""

    def sound(self, file: str) -> str:
        """A sound file as the site keeps it."""
        return f"{self.site.sounds}/{file}" if self.site.sounds else file

    def _files(self, prompts: Sequence[Prompt]) -> tuple[str, ...]:
        return tuple(self.sound(prompt.file) for prompt in prompts)

    def _plays(self, prompts: Sequence[Prompt], memory: Memory) -> Does:
        act = Plays(self._files(prompts))
        words = f"hear {', '.join(prompt.name for prompt in prompts)}"
        return Does(
            words,
            lambda stop: self.told(stop.act) if stop.act != act else self._settings(stop, memory),
            lambda _: (("", Goes(), words),),
        )

    def _ends(self, says: str, cause: str) -> "Generator[Does | When | Known, str, None]":
        yield Does(says, self._is(Ends(cause)), lambda _: (("", HangsUp(), says),))

    def told(self, act: Act) -> str:
        """An act for people."""
        match act:
            case Takes():
                return "the call is answered"
            case Plays(files) | Hears(files):
                return f"callers hear {', '.join(files)}"
            case Waits(milliseconds):
                return f"keys are waited for, {milliseconds / 1000:g} s"
            case Reads(files, digits):
                return f"up to {digits} digits are read after {', '.join(files)}"
            case Rings(phones, milliseconds):
                ringing = ", ".join(map(self.marks.told, phones))
                return f"{ringing} ring" + (f" for {milliseconds / 1000:g} s" if milliseconds else " without an end")
            case Queues(queue, _, _, seconds):
                return f"callers wait in the queue {queue}, {seconds or 'any number of'} s"
            case Leaves(boxes):
                return f"a message is taken for {boxes}"
            case Monitors():
                return "the call is recorded"
            case Fetches(address):
                return f"{self.marks.told(address)} is asked"
            case Notes(text):
                return f"the record says `{self.marks.told(text).strip()}`"
            case Changes(function, argument, value):
                return f"{self.marks.told(f'{function}({argument}) becomes {value}')}"
            case Ends(_, fault) if fault:
                return f"the call breaks off: {fault}"
            case Ends(cause):
                return f"the call ends, with cause {cause or 'none'}"
            case _:
                return self.marks.told(str(act))

    # Time and switches

    def _open(self, period: Period, *, exception: str = "") -> "Generator[Does | When | Known, str, bool]":
        """Whether hours are open now; with an `exception`, on one of its days at all."""
        positions: dict[Switch, Position] = {}
        for switch in period.hours.switches:
            positions[switch] = yield from self.position(switch)
        condition = Condition(period, open=True, exception=exception)
        return (yield When(self._when(condition, positions))) == YES

    def _when(self, condition: Condition, positions: Mapping[Switch, Position]) -> Instants:
        key = (condition, tuple(positions.items()))
        found = self._conditions.get(key)
        if found is None:
            found = self._conditions[key] = self.calendar.holding(condition, positions)
        return found

    def position(self, switch: Switch) -> "Generator[Does | When | Known, str, Position]":
        """Where a switch stands. As it is read, its lamp is set right if it has to be."""
        kept = self.switches[switch.name]
        turned = kept.values[(yield Known(kept.question))]
        position, lamp = turned.position, ""
        if turned.at is None:
            lamp = LAMPS[position] if (yield Known(f"DEVICE_STATE({kept.device})")) == "UNKNOWN" else ""
        elif switch.back is not None and (yield When(since(switch, turned.at, self.span))) == NO:
            position = Position.AUTO
            lamp = LAMPS[position]
        if lamp and (yield Known(f"DEVICE_STATE({kept.device})", asked=False)) != lamp:
            act = Changes("DEVICE_STATE", kept.device, lamp)
            yield Does("the lamp of a switch is set right", self._is(act))
        return position

    # Steps

    def _lived(self, memory: Memory, step: Step) -> Course:
        yield from self._arrives(memory)
        match step:
            case Answer():
                memory = yield from self._takes(memory)
                return self._onward(memory, step.then)
            case Play():
                memory = yield from self._takes(memory)
                yield self._plays((step.prompt,), memory)
                return self._onward(memory, step.then)
            case Label():
                return self._onward(attrs.evolve(memory, label=step.text), step.then)
            case Record():
                memory = yield from self._takes(memory)
                if not memory.recorded:
                    yield Does("the call is recorded", self._monitors)
                return self._onward(attrs.evolve(memory, recorded=True), step.then)
            case Branch():
                opened = yield from self._open(Period(step.hours))
                label, to = ("open", step.opened) if opened else ("closed", step.closed)
                return (yield from self._leaves(memory, label, to))
            case ByException():
                return (yield from self._by_exception(memory, step))
            case BySwitch():
                on = (yield from self.position(step.switch)) is Position.ON
                label, to = ("on", step.on) if on else ("off", step.off)
                return (yield from self._leaves(memory, label, to))
            case ByCaller():
                listed = step.callers.holds((yield Known("caller")))
                label, to = ("listed", step.listed) if listed else ("not-listed", step.others)
                return (yield from self._leaves(memory, label, to))
            case ByLine():
                if len(step.operators) > 1:
                    return (yield from self._leaves(memory, f"own {memory.operator}", memory.operator))
                return self._onward(memory, memory.operator)
            case Menu():
                return (yield from self._menu(memory, step))
            case Collect():
                return (yield from self._collect(memory, step))
            case Ring():
                return (yield from self._ring(memory, step))
            case Extensions():
                return (yield from self._extensions(memory, step))
            case Queue():
                return (yield from self._queue(memory, step))
            case Mailbox():
                return (yield from self._mailbox(memory, step))
            case Bot():
                return (yield from self._bot(memory, step))
            case Lookup():
                return (yield from self._lookup(memory, step))
            case Callback():
                return (yield from self._callback(memory, step))
            case Again():
                index = self._targets.index(step.target)
                if memory.uses[index]:
                    uses = (*memory.uses[:index], memory.uses[index] - 1, *memory.uses[index + 1 :])
                    return (yield from self._leaves(attrs.evolve(memory, uses=uses), "again", step.target))
                return (yield from self._leaves(memory, "used-up", step.used_up))
            case HangUp():
                yield self._noted(f"{step.name}=hung-up")
                yield from self._ends("the plan hangs up", "")
                return Memory(GONE, ending="hung-up")
            case Operator():
                return (yield from self._operator(memory, step))
            case _:
                assert_never(step)

    def _monitors(self, stop: Stop) -> str:
        if not isinstance(stop.act, Monitors) or stop.act.options or stop.act.command:
            return self.told(stop.act)
        named = re.fullmatch(_RECORDING, self.marks.told(stop.act.file))
        return "" if named else f"the call is recorded as {self.marks.told(stop.act.file)}"

    def _by_exception(self, memory: Memory, step: ByException) -> Course:
        opened = yield from self._open(Period(step.hours))
        label, to = "otherwise", step.otherwise
        if opened is step.open:
            named = Condition(Period(step.hours), open=True, exception=step.exception)
            shut = Condition(Period(step.hours), open=False, exception=step.exception)
            rest = dict.fromkeys(step.hours.switches, Position.AUTO)
            if (yield When(self.sets.either(self._when(named, rest), self._when(shut, rest)))) == YES:
                label, to = ("open" if step.open else "closed"), step.then
        return (yield from self._leaves(memory, label, to))

    # Keys

    def _menu(self, memory: Memory, step: Menu) -> Course:
        """A menu; `part` is how many tries are over, and whether keys were pressed in them."""
        memory = yield from self._takes(memory)
        tried, pressed = memory.part or (0, 0)
        dialled = ""
        if step.prompts:
            dialled = yield self._hears(memory, step)
        if not dialled:
            dialled = yield self._waits(memory, step)
        tried += 1
        last = tried == step.tries
        choice = next((each for each in step.choices if each.key == dialled), None)
        if choice is not None:
            return (yield from self._leaves(_spoken(memory, choice), f"key {choice.key}", choice.to))
        direct = step.dialled(dialled)
        if direct is not None:
            after = yield from self._leaves(memory, f"extension {direct.row}", direct.row)
            return attrs.evolve(after, phone=dialled) if after else None
        repeats = any(each.key == dialled for each in step.repeats)
        if not last:
            pressed |= bool(dialled) if step.undecided else 0
            return attrs.evolve(memory, part=(tried, pressed))
        if dialled and not repeats:
            return (yield from self._leaves(memory, "invalid", step.invalid))
        if step.undecided and (pressed or repeats):
            return (yield from self._leaves(memory, "undecided", step.undecided))
        return (yield from self._leaves(memory, "silence", step.silence))

    def _hears(self, memory: Memory, step: Menu) -> Does:
        files = self._files(step.prompts)
        words = f"hear {', '.join(prompt.name for prompt in step.prompts)}"

        def differs(stop: Stop) -> str:
            act = stop.act
            if not isinstance(act, Hears) or act.files != files or act.only or act.options:
                return self.told(act)
            return self._settings(stop, memory) or self._heard(step, act)

        return Does(words, differs, lambda stop: (("", Silent(), words), *self._dialling(step, stop)))

    def _waits(self, memory: Memory, step: Menu) -> Does:
        def differs(stop: Stop) -> str:
            act = stop.act
            if not isinstance(act, Waits) or act.milliseconds != step.wait * 1000 or act.options:
                return self.told(act)
            return self._settings(stop, memory) or self._heard(step, act)

        words = f"press nothing for {step.wait} s"
        return Does(
            f"keys are waited for, {step.wait} s",
            differs,
            lambda stop: (("", Silent(), words), *self._dialling(step, stop)),
        )

    def _heard(self, step: Menu, act: Hears | Waits) -> str:
        """What is wrong about the keys that are heard: each is decided at once, but for the numbers of phones."""
        more = {number[:length] for d in step.direct for number in d.numbers for length in range(1, len(number))}
        for text in act.cut_short:
            if text not in more:
                return f"after {text} another key is waited for"
        for text in more:
            if text not in act.cut_short:
                return f"after {text} no other key is waited for"
        if act.cut_short and act.between != step.wait * 1000:
            return f"the next key is waited for for {act.between / 1000:g} s"
        return ""

    def _dialling(self, step: Menu, stop: Stop) -> Ways:
        """What can be dialled; all that means nothing to the plan has one name."""
        act = stop.act
        assert isinstance(act, Hears | Waits)
        means = {choice.key for choice in step.choices} | {repeat.key for repeat in step.repeats}
        means = means.union(*(direct.numbers for direct in step.direct))
        return tuple(
            (text if text in means else _WRONG, Dials(text), f"press {text}") for text in (*act.texts, *act.cut_short)
        )

    def _collect(self, memory: Memory, step: Collect) -> Course:
        """Digits; `part` is how many tries are over."""
        memory = yield from self._takes(memory)
        (tried,) = memory.part or (0,)
        files, wait = self._files(step.prompts), step.wait * 1000
        wanted = Reads("", files, step.keys, "", 1, wait, wait)

        def ways(stop: Stop) -> Ways:
            return tuple(
                (
                    f"{status} {entry}",
                    Goes((("READSTATUS", status), (self._entered(stop), entry))),
                    f"enter {entry}" if entry else "enter nothing",
                )
                for status, entry in entries(step, all_=self._first(step.name))
            )

        answer = yield Does(
            f"up to {step.keys} keys are read",
            lambda stop: self.told(stop.act) if stop.act != wanted else self._settings(stop, memory),
            ways,
        )
        status, _, entry = answer.partition(" ")
        last = tried + 1 == step.tries
        accept: Accept | None = None
        if entry:
            accept = step.accepted(entry)
        if accept is not None:
            return (yield from self._leaves(memory, f"accept {named(accept.what)}", accept.to))
        if not last:
            return attrs.evolve(memory, part=(tried + 1,))
        if entry or status == "OK":
            return (yield from self._leaves(memory, "invalid", step.invalid))
        return (yield from self._leaves(memory, "silence", step.silence))

    def _entered(self, stop: Stop) -> str:
        """The variable into which digits are read."""
        assert isinstance(stop.act, Reads)
        return stop.act.variable

    # Phones

    def _reached(self, phones: Sequence[Phone]) -> "Generator[Does | When | Known, str, tuple[Phone, ...]]":
        """The phones that are there to be rung."""
        found: list[Phone] = []
        for phone in phones:
            asked = isinstance(phone, Extension) and not self.dial(phone)
            if not asked or (yield Known(f"PJSIP_DIAL_CONTACTS({phone.number})")):
                found.append(phone)
        return tuple(found)

    def dial(self, phone: Phone) -> str:
        """The dial string of a phone; empty where its registered devices are rung."""
        match phone:
            case Extension():
                reached = self.site.phone(phone.number)
                return reached.dial.replace("{number}", phone.number) if reached else ""
            case Outside():
                trunk = self.site.trunk(self.site.outside)
                if trunk is None:
                    return ""
                return trunk.dial.replace("{number}", numbers.written_as(phone.number, trunk.send)[0])
            case _:
                assert_never(phone)

    def _stage(self, memory: Memory, stage: Stage, *, up: str = "") -> "Generator[Does | When | Known, str, str]":
        """Phones rung together: what comes of them, or nothing where somebody answers."""
        there = yield from self._reached(stage.phones)
        if not there:
            return "unavailable"
        words = f"{', '.join(phone.number for phone in stage.phones)} ring for {stage.seconds} s"

        def differs(stop: Stop) -> str:
            act = stop.act
            if not isinstance(act, Rings) or act.milliseconds != stage.seconds * 1000:
                return self.told(act)
            return self._settings(stop, memory) or self.rings(stop, there, memory, up)[0]

        outcome = yield Does(words, differs, lambda stop: self.rings(stop, there, memory, up)[1])
        return outcome

    def _ring(self, memory: Memory, step: Ring) -> Course:
        """Phones, stage after stage; `part` is how many are over."""
        (index,) = memory.part or (0,)
        outcome = yield from self._stage(memory, step.stages[index])
        if outcome.startswith("answered"):
            return Memory(GONE, ending=outcome)
        if index + 1 < len(step.stages):
            return attrs.evolve(memory, part=(index + 1,))
        to = {"busy": step.busy, "no-answer": step.no_answer, "declined": step.declined}.get(outcome, step.unavailable)
        return (yield from self._leaves(memory, outcome, to))

    def _extensions(self, memory: Memory, step: Extensions) -> Course:
        outcome = yield from self._stage(memory, Stage((Extension(memory.phone),), step.seconds))
        if outcome.startswith("answered"):
            return Memory(GONE, ending=outcome)
        to = {"busy": step.busy, "no-answer": step.no_answer}.get(outcome, step.unavailable)
        return (yield from self._leaves(memory, outcome, to))

    def _operator(self, memory: Memory, step: Operator) -> Course:
        """An operator; `part` is how many items are over, and 1 while a caller is handed up."""
        index, up = memory.part or (0, 0)
        if up:
            return (yield from self._supervisor(memory, step))
        if not memory.part and step.staffed and not (yield from self._open(step.staffed)):
            return (yield from self._leaves(memory, "unstaffed", step.unstaffed))
        item = step.items[index]
        match item:
            case Announcement():
                memory = yield from self._takes(memory)
                yield self._plays((item.prompt,), memory)
            case Stage():
                supervisor = step.supervisor.number if step.supervisor and not memory.handed else ""
                outcome = yield from self._stage(memory, item, up=supervisor or ("nobody" if step.supervisor else ""))
                if outcome == "handed-up":
                    return attrs.evolve(memory, part=(index, 1), handed=True)
                if outcome.startswith("answered"):
                    return Memory(GONE, ending=outcome)
        if index + 1 < len(step.items):
            return attrs.evolve(memory, part=(index + 1, 0))
        return (yield from self._leaves(memory, "unanswered", step.unanswered))

    def _supervisor(self, memory: Memory, step: Operator) -> Course:
        """A caller is handed up; if nobody answers, the operator rings again."""
        assert step.supervisor is not None
        yield Does("who answered is noted", self._any_note, note=True)
        yield self._noted(f"{step.name}=handed-up")
        outcome = yield from self._stage(memory, Stage((step.supervisor,), SUPERVISOR_RINGS))
        if outcome.startswith("answered"):
            return Memory(GONE, ending=outcome)
        yield self._noted(f"{step.name}=handed-back")
        return attrs.evolve(memory, part=(0, 0))

    def _any_note(self, stop: Stop) -> str:
        return "" if isinstance(stop.act, Notes) and "=answered/" in stop.act.text else self.told(stop.act)

    # Queues

    def _queue(self, memory: Memory, step: Queue) -> Course:
        """A queue; `part` is 1 once its prompts are over."""
        if not memory.part:
            memory = yield from self._takes(memory)
            if step.closing and step.staffed and not (yield from self._open(step.staffed)):
                return (yield from self._leaves(memory, "closing", step.closing))
            if step.prompts:
                key = yield self._queue_prompts(memory, step)
                if key:
                    return (yield from self._key(memory, step, key))
                return attrs.evolve(memory, part=(1,))
        closes = yield from self._closes(step)
        if closes == 0:
            return (yield from self._leaves(memory, "closing", step.closing))
        seconds = step.patience if closes is None else min(closes, step.patience)

        def differs(stop: Stop) -> str:
            act = stop.act
            if not isinstance(act, Queues) or act.seconds != seconds or act.options != "i" or any(act.others):
                return self.told(act)
            raised = ("", "0", "0") if step.tiers else ("", "", "")
            if act.penalties != raised:
                return f"members with penalties {', '.join(act.penalties)} take part"
            return self._settings(stop, memory) or self.lines(stop, step, memory)[0]

        answer = yield Does(
            f"wait in {step.name}, {seconds} s", differs, lambda stop: self.lines(stop, step, memory)[1]
        )
        kind, _, value = answer.partition(" ")
        if kind == "answered":
            return Memory(GONE, ending=answer)
        if kind == "key":
            return (yield from self._key(memory, step, value))
        outcome = QUEUE_STATUSES[value]
        if value == "TIMEOUT" and closes is not None and closes <= step.patience:
            outcome = "closing"
        if outcome == "full" and not step.room:
            outcome = "failure"
        to = {
            "timeout": step.timeout,
            "empty": step.empty,
            "full": step.full,
            "failure": step.failure,
            "closing": step.closing,
        }[outcome]
        return (yield from self._leaves(memory, outcome, to))

    def _key(self, memory: Memory, step: Queue, key: str) -> Course:
        choice = next(each for each in step.choices if each.key == key)
        return (yield from self._leaves(_spoken(memory, choice), f"key {key}", choice.to))

    def _closes(self, step: Queue) -> "Generator[Does | When | Known, str, int | None]":
        """After how many seconds a queue closes, up to one more than its patience; None where it does not."""
        if not step.closing or step.staffed is None:
            return None
        opened = self._when(Condition(step.staffed, open=True), {})
        low, high = 0, step.patience + 1
        while low < high:  # by halving, so that no more is asked than has to be
            middle = (low + high) // 2
            key = (step.staffed, middle)
            if key not in self._shifted:
                shifted = Instants(tuple((a - middle, b - middle) for a, b in opened.stretches))
                self._shifted[key] = shifted
            if (yield When(self._shifted[key])) == YES:
                low = middle + 1
            else:
                high = middle
        return low

    def closings(self, step: Queue) -> Instants:
        """The instants at which a queue is closed, closes after some numbers of seconds, or does not for long."""
        if step.staffed is None:
            return self.everything
        opened = self._when(Condition(step.staffed, open=True), {})
        some = sorted({1, 2, step.patience // 2, step.patience - 1, step.patience} - {0})
        near = [(end - s, end - s + 1) for start, end in opened.stretches for s in some if end - s >= start]
        far = [(start, end - step.patience) for start, end in opened.stretches if end - step.patience > start]
        return (self.everything - opened) | union((*near, *far))

    def _queue_prompts(self, memory: Memory, step: Queue) -> Does:
        files = self._files(step.prompts)
        keys = {choice.key for choice in step.choices}
        words = f"hear {', '.join(prompt.name for prompt in step.prompts)}"

        def differs(stop: Stop) -> str:
            act = stop.act
            if keys:
                if not isinstance(act, Hears) or act.files != files or act.options:
                    return self.told(act)
                if not act.only or {*act.texts, *act.cut_short} != keys:
                    return f"the keys {', '.join(sorted({*act.texts, *act.cut_short})) or 'none'} are heard"
            elif act != Plays(files):
                return self.told(act)
            return self._settings(stop, memory)

        def ways(_: Stop) -> Ways:
            return (("", Silent() if keys else Goes(), words), *((k, Dials(k), f"press {k}") for k in sorted(keys)))

        return Does(words, differs, ways)

    # Others

    def _mailbox(self, memory: Memory, step: Mailbox) -> Course:
        """A mailbox; `part` is 1 once its greeting is over."""
        if not memory.part:
            memory = yield from self._takes(memory)
            if step.greeting:
                yield self._plays((step.greeting,), memory)
                return attrs.evolve(memory, part=(1,))
        box = f"{step.box}@{self.site.mailboxes.context}"
        full = False
        if (yield Known(f"VM_INFO({box},exists)")) != "1":
            return (yield from self._leaves(memory, "failed", step.failed))
        if self.site.mailboxes.emitted:
            full = int((yield Known(f"VM_INFO({box},count,INBOX)")) or "0") >= MESSAGES
        if full:
            return (yield from self._leaves(memory, "failed", step.failed))
        wanted = Leaves(box, "s")
        outcome = yield Does(
            f"a message is taken for {box}",
            lambda stop: self.told(stop.act) if stop.act != wanted else self._settings(stop, memory),
            lambda _: (
                (
                    "left",
                    Goes((("VM_MESSAGEFILE", self.marks.of(Opaque("a message", filled=True))),)),
                    "leave a message",
                ),
                ("nothing-left", Goes((("VM_MESSAGEFILE", ""),)), "leave no message"),
                *(("nothing-left", Goes((("VMSTATUS", s),)), "leave no message") for s in ("FAILED", "USEREXIT")),
            ),
        )
        return (yield from self._leaves(memory, outcome, step.left if outcome == "left" else step.nothing_left))

    def _bot(self, memory: Memory, step: Bot) -> Course:
        memory = yield from self._takes(memory)
        there = yield from self._reached((step.phone,))
        if not there:
            return (yield from self._leaves(memory, "failed", step.failed))
        words = f"{step.phone.number} rings for {step.ring} s"

        def differs(stop: Stop) -> str:
            act = stop.act
            if not isinstance(act, Rings) or act.milliseconds != step.ring * 1000:
                return self.told(act)
            return self._settings(stop, memory) or self.rings(stop, there, memory, "bot")[0]

        outcome = yield Does(words, differs, lambda stop: self.rings(stop, there, memory, "bot")[1])
        if outcome == "key":
            return (yield from self._leaves(memory, f"key {step.escape.key}", step.escape.to))
        to = {"over": step.over, "limit": step.limited}.get(outcome, step.failed)
        return (yield from self._leaves(memory, outcome, to))

    def _lookup(self, memory: Memory, step: Lookup) -> Course:
        url = self.site.services[step.service]
        joint = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
        number = yield Known("CALLERID(num)")
        kept = "".join(c for c in number[:32] if c in "0123456789+").replace("+", "%2B")
        called = memory.called.replace("+", "%2B")
        wanted = f"{url}{joint}caller={kept}&called={called}"
        limit = str(step.seconds)
        options = {**_CURL, "CURLOPT(conntimeout)": limit, "CURLOPT(httptimeout)": limit}

        def differs(stop: Stop) -> str:
            act = stop.act
            if not isinstance(act, Fetches) or act.address != wanted:
                return self.told(act)
            if dict(act.options) != options:
                return f"{self.told(act)}, with {', '.join(f'{n} {v}' for n, v in act.options)}"
            return self._settings(stop, memory)

        outcome = yield Does(
            f"{step.service} is asked, for {step.seconds} s at most", differs, lambda _: self._replies(step)
        )
        if outcome.startswith("answer "):
            word = outcome.removeprefix("answer ")
            to = next(reply.to for reply in step.replies if reply.word == word)
            return (yield from self._leaves(memory, outcome, to))
        return (yield from self._leaves(memory, outcome, step.timeout if outcome == "timeout" else step.failed))

    def _replies(self, step: Lookup) -> Ways:
        late = step.seconds * 1000

        def way(outcome: str, reply: str, milliseconds: int) -> tuple[str, Way, str]:
            return outcome, Goes((("", reply),), milliseconds), f"the service answers `{reply.strip()[:40]}`"

        ok = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
        short = (
            way("timeout", "", late),
            way("failed", "", 0),
            *(way(f"answer {reply.word}", ok + reply.word, 0) for reply in step.replies),
        )
        if not self._first(step.name):
            return short
        found = [
            way("timeout", "", late),
            way("timeout", "", late + 1),
            way("failed", "", 0),
            way("failed", "", late - 1),
        ]
        for reply in step.replies:
            word = reply.word
            for head in (ok, "HTTP/2 200\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n" + ok):
                good = not head.startswith("HTTP/1.1 100")
                found.append(way(f"answer {word}" if good else "failed", head + word, 0))
            twice = "HTTP/1.1 200 Connection established\r\n\r\n" + ok
            found.append(way(f"answer {word}", twice + word, late - 1))
            found.append(way("timeout", ok + word, late))
            for head, text in (
                *((ok, text) for text in (f"{word}x", f"x{word}", f"{word}\n", f" {word}", word.upper(), word[:-1])),
                *((head, word) for head in _BROKEN),
                (ok, f"x\r\n\r\n{word}"),
            ):
                taken = text in {each.word for each in step.replies} and head == ok
                found.append(way(f"answer {text}" if taken else "failed", head + text, 0))
            padding = f"HTTP/1.1 200 OK\r\nX: {'a' * LONGEST_REPLY}\r\n\r\n"
            found.append(way("failed", padding + word, 0))
        return tuple(found)

    # Call-backs

    def _callback(self, memory: Memory, step: Callback) -> Course:
        """A call-back is booked: what is put into the database, and a file that has it placed."""
        outcome = yield from self._booked(step)
        to = {"booked": step.booked, "no-number": step.no_number, "failed": step.failed}[outcome]
        return (yield from self._leaves(memory, outcome, to))

    def family(self, step: Callback) -> str:
        """The family of a call-back in the database."""
        return f"dialc-{self.plan.name}.{step.name}".replace("_", ".")

    def _booked(self, step: Callback) -> "Generator[Does | When | Known, str, str]":
        caller = yield Known("caller")
        # Where a plan breaks C22 and does not say who can be called back, files book nobody: the safe side.
        if not self.plan.callback_to or not self.plan.rings_back(caller):
            return "no-number"
        family, number = self.family(step), caller.removeprefix("+")
        now = self.marks.of(Moment())
        if (yield Known("IFMODULE(pbx_spool.so)")) != "1" or (yield Known(f"LOCK({family})")) != "1":
            return "failed"
        key = yield Known(f"DB({family}/number/{number})")
        if not key:
            today = self.marks.of(Shown(Moment(), self.plan.zone, "%Y%m%d"))
            day = yield Known(f"DB({family}/day)")
            if not day or (yield When(self._on(day))) == NO:
                yield self._performs("dbdeltree", (f"{family}/count",))
                yield self._keeps(f"{family}/day", today)
            counted = yield Known(f"DB({family}/count/{number})")
            count = int(f"0{counted}") + 1
            if count > step.daily:
                yield self._unlocks(family)
                return "no-number"
            key = f"{now}{number}"
            for name, value in (
                (f"waiting/{key}", "0"),
                (f"due/{key}", self.marks.of(Moment(_FAREWELL))),
                (f"number/{number}", key),
                (f"count/{number}", str(count)),
            ):
                yield self._keeps(f"{family}/{name}", value)
        turn = str(int(f"0{(yield Known(f'DB({family}/file)'))}"))
        path = f"{self.marks.of(Opaque('ASTSPOOLDIR', filled=True))}/outgoing/dialc-{self.plan.name}.{step.name}.{turn}"
        yield Does("a call file is written", lambda stop: self._spools(stop, path, step, turn))
        if (yield Known(f"STAT(e,{path})")) != "1":
            yield self._orders("DB_DELETE", f"{family}/number/{number}")
            for name in ("waiting", "due"):
                yield self._orders("DB_DELETE", f"{family}/{name}/{key}")
            yield self._unlocks(family)
            return "failed"
        yield self._unlocks(family)
        return "booked"

    def _on(self, day: str) -> Instants:
        """The instants of a date in the plan's zone, as it is written in the database."""
        if len(day) != len("20260101") or not day.isdecimal():
            return Instants()
        date = datetime.date(int(day[:4]), int(day[4:6]), int(day[6:]))
        midnight = (date.toordinal() - datetime.date(1970, 1, 1).toordinal()) * DAY
        if day not in self._dates:
            clock = Instants(((midnight, midnight + DAY),))
            self._dates[day] = read_off(clock, self.plan.zone, self.span.start, self.span.end)
        return self._dates[day]

    def _performs(self, application: str, arguments: tuple[str, ...]) -> Does:
        act = Performs(application, arguments)
        return Does(self.told(act), self._is(act))

    def _keeps(self, key: str, value: str) -> Does:
        act = Changes("DB", key, value)
        return Does(self.told(act), self._is(act))

    def _orders(self, function: str, argument: str) -> Does:
        act = Changes("", f"{function}({argument})", "")
        return Does(self.told(act), self._is(act))

    def _unlocks(self, family: str) -> Does:
        return self._orders("UNLOCK", family)

    def _spools(self, stop: Stop, path: str, step: Callback, turn: str) -> str:
        """What is wrong about a call file, which rings once a minute until it is answered."""
        act = stop.act
        if not isinstance(act, Changes) or act.function != "FILE" or act.argument != path:
            return self.told(act)
        lines = act.value.split("\n")
        wanted = (
            rf"Channel: Local/{re.escape(step.name)}@[^/]+/n",
            "Application: NoOp",
            "RetryTime: 60",
            "MaxRetries: 1000000",
            rf"Setvar: [A-Za-z0-9_]+={turn}",
            r"Setvar: CDR_PROP\(disable\)=1",
            "",
        )
        fits = len(lines) == len(wanted) and all(map(re.fullmatch, wanted, lines))
        return "" if fits else self.told(act)

    # The end

    def _gone(self, memory: Memory) -> Course:
        """The caller's channel is gone: what the call record is to say."""
        if memory.ending.startswith("answered "):
            yield Does("who answered is noted", self._answered_note(memory.ending), note=True)
        if memory.ending != "hung-up":
            yield self._noted(_ENDINGS.get(memory.ending, "over"))
        yield Does("the journey is written into the call record", self._recorded, note=True)
        return None

    def _answered_note(self, ending: str) -> Callable[[Stop], str]:
        def differs(stop: Stop) -> str:
            act = stop.act
            told = self.marks.told(act.text) if isinstance(act, Notes) else ""
            return "" if told.endswith(f":{ending.removeprefix('answered ')}") else self.told(act)

        return differs

    def _recorded(self, stop: Stop) -> str:
        act = stop.act
        if not isinstance(act, Changes) or act.function != "CDR" or not act.argument.startswith("journey"):
            return self.told(act)
        whole = self.marks.found(act.value)
        if len(act.value) != 1 or not isinstance(whole[0], Gathered | Opaque):
            return self.told(act)
        return ""


def _spoken(memory: Memory, choice: Choice) -> Memory:
    """The memory after a key that may choose a language."""
    return attrs.evolve(memory, language=choice.speaks) if choice.speaks else memory


_WRONG = "?"
"""Something that is dialled and means nothing to a plan."""

_ENDINGS = {"": "caller-hung-up", "refused": "refused"}
_CURL = {"CURLOPT(header)": "1", "CURLOPT(followlocation)": "0", "CURLOPT(ssl_verifypeer)": "1"}
_BROKEN = (
    "HTTP/1.1 500 Internal Server Error\r\n\r\n",
    "HTTP/1.1 2000 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\n",
    "",
    "200 OK\r\n\r\n",
    "HTTP/1.1 204 No Content\r\n\r\n",
)
"""Heads that no answer counts behind."""


_SHORT = 3
"""Digits from which on not every entry of that many is made."""


def entries(step: Collect, *, all_: bool = True) -> Iterator[tuple[str, str]]:
    """What callers can enter, and what Read says of it: enough of it to tell apart what files could do; if not `all_`,
    one that each acceptance takes, and one that none does.
    """
    yield "TIMEOUT", ""
    yield "OK", ""
    if not all_:
        some = [next(iter(samples.values())) for samples in step.samples() if samples]
        for entry in ("*", *some):
            yield "OK" if len(entry) == step.keys else "TIMEOUT", entry
        return
    found: dict[str, None] = {}
    for index, samples in enumerate(step.samples()):
        what = step.accepts[index].what
        for entry in samples.values():
            found[entry] = None
        members = getattr(what, "members", None)
        for entry in sorted(members or ())[:400]:
            found[entry] = None
    for entry in list(found)[:8]:
        for at in range(len(entry)):
            others = "0123456789*" if len(entry) < _SHORT else (str((int(entry[at]) + 1) % 10), "*")
            for digit in others:
                found[entry[:at] + digit + entry[at + 1 :]] = None
        found[entry[:-1]] = None
        found[entry + "0"] = None
    for length in range(1, step.keys + 1):
        for digit in "0123456789*" if length < _SHORT else "059*":
            found[digit * length] = None
        found["1234567890123456789012345"[:length]] = None
    for entry in found:
        if 0 < len(entry) <= step.keys:
            yield "OK" if len(entry) == step.keys else "TIMEOUT", entry
            if len(entry) < step.keys:
                yield "OK", entry
