"""Whether files do what a plan says: both are walked side by side, for every call that can be made.

In: a plan, a site, and the files that were written for it, by name. Out: findings; the first tells the shortest call of
which the files make something else than the plan does.

A walk goes from act to act (`read.asterisk.flow`). What a plan remembers of a call and the state that the files have it
in are one pair; from there everything that can come of the world, the caller and the clock is tried on both sides, and
what both do next has to be the same. Where the next act takes time, or the clock has not been asked, there is a new
pair. Two states are one if they differ in nothing that anything looks at later on; what that is, is learned as the walk
goes on, and a state that was taken for another too early is walked after all. So the cost is the steps of the plan
times what can come of each, and not the number of ways.
"""

import datetime
import functools
import re
import zoneinfo
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs

from dialc import numbers
from dialc.calendar import DAY, Instants, calendar
from dialc.called import Numbers, Rest, Short
from dialc.callers import WITHHELD
from dialc.findings import Finding
from dialc.plan import (
    Callback,
    Mailbox,
    Plan,
    Queue,
)
from dialc.read import d461_files_do_as_the_plan_says as d461
from dialc.read import d462_files_can_be_read as d462
from dialc.read.asterisk import codes as staff
from dialc.read.asterisk import configuration, dialplan
from dialc.read.asterisk.flow import (
    TIMED,
    Changes,
    Ends,
    HangsUp,
    Notes,
    Returns,
    Unreadable,
)
from dialc.read.asterisk.intended import (
    NO,
    YES,
    Course,
    Does,
    Intended,
    Known,
    When,
)
from dialc.read.asterisk.machine import Answer, Location, Machine, State, Stop
from dialc.read.asterisk.marks import Devices
from dialc.read.asterisk.memory import GONE, Memory
from dialc.read.asterisk.moments import Span
from dialc.read.asterisk.phones import LEG, Phones
from dialc.read.asterisk.switches import Kept, switches
from dialc.site import Site
from dialc.source import NOWHERE, Place

_MOST = 20_000
"""Acts that a call is followed through without coming to a pair, before it is given up."""

_PLAIN_PHONES = 4
"""Phones of which each can be there or not, whatever the others are; of more, all are or none but for one."""


@attrs.frozen(eq=False)
class Difference:
    """What the files do that a plan does not: where, with what the plan says instead."""

    intended: str
    found: str
    place: Place
    instants: Instants
    readable: bool = True


@attrs.define(eq=False)
class _Pair:
    """A call as the plan and the files have it; how it got there, and what is looked at from here on."""

    memory: Memory
    state: State
    before: "_Pair | None"
    told: tuple[str, ...]
    looked: set[str] = attrs.field(factory=set)
    after: "list[tuple[frozenset[str], _Pair]]" = attrs.field(factory=list)
    into: "list[tuple[frozenset[str], _Pair]]" = attrs.field(factory=list)
    same: "list[tuple[_Pair, State, tuple[str, ...], frozenset[str]]]" = attrs.field(factory=list)
    """Arrivals that were taken for this one."""


@attrs.frozen(eq=False)
class _Script:
    """One side of a walk: what a plan does, made anew each time that it is looked at."""

    make: Callable[[], Course]
    answers: tuple[str, ...] = ()

    def next(self) -> "Does | When | Known | _Over":
        """What comes next, after what was answered."""
        course = self.make()
        try:
            expected = next(course)
            for answer in self.answers:
                expected = course.send(answer)
        except StopIteration as over:
            return _Over(over.value)
        return expected

    def with_(self, answer: str) -> "_Script":
        """The same after one more answer."""
        return attrs.evolve(self, answers=(*self.answers, answer))


@attrs.frozen(eq=False)
class _Over:
    """A script is over: with what a call goes on."""

    memory: Memory | None


@attrs.frozen(eq=False)
class _Ahead:
    """A part of a walk that is to be done."""

    script: _Script
    states: tuple[tuple[State, Instants], ...]
    told: tuple[str, ...]


_Finish = Callable[[Memory | None, State, Instants, tuple[str, ...]], bool]
"""Told where a script is over; whether the walk is not to go on from there."""


class Agreement:
    """The walk of one plan and its files. `records` says whether what is recorded of calls is compared, too."""

    def __init__(
        self,
        plan: Plan,
        site: Site,
        files: Mapping[str, str],
        *,
        entry: str = "",
        codes: str = "",
        records: bool = True,
    ) -> None:
        self.plan = plan
        self.site = site
        self.records = records
        self.entry = entry or f"dialc-{plan.name}"
        self.codes = codes or f"{self.entry}-codes"
        self.calendar = calendar(plan)
        (stretch,) = self.calendar.everything.stretches
        self.span = Span(*stretch)
        self.everything = Instants(((stretch[0] + DAY, stretch[1] - DAY),))
        """The instants at which calls are looked at; what is open a day before and afterwards is known as well."""
        self.files = files
        self.read: dict[str, configuration.Configuration] = {}
        self.dialplan = dialplan.load(self._configuration("extensions.conf"))
        self.machine = Machine(self.dialplan, self.span, self._answers, zone=plan.zone)
        self.marks = self.machine.marks
        self.switches: dict[str, Kept] = {}
        self._saying: tuple[str, str] | None = None
        """What the database says while it is learned what it can say."""
        self.kept: dict[str, tuple[str, ...]] = {}
        """By question, the values that a switch can have in the database."""
        self.phones = Phones(
            plan, site, self.machine, lambda: self.intended, self._aside, self._configuration, records=records
        )
        self.intended = Intended(
            *(
                plan,
                site,
                self.calendar,
                self.marks,
                self.phones.rings,
                self.switches,
                self.span,
                self._look,
                self.phones.waits,
            )
        )
        self.signings: tuple[staff.Signing, ...] = ()
        self._closing: dict[str, Instants] = {}
        self.pairs: dict[tuple[object, ...], list[_Pair]] = {}
        self.ahead: deque[_Pair] = deque()

    def _configuration(self, kind: str) -> configuration.Configuration:
        found = self.read.get(kind)
        if found is None:
            name = next((name for name in self.files if name.endswith(kind)), "")
            found = self.read[kind] = configuration.read(self.files, name)
        return found

    def _look(self, stop: Stop, name: str) -> str:
        return self.machine.look(stop.state, name)

    # The walk

    def difference(self) -> "tuple[Difference, tuple[str, ...]] | None":
        """The first difference, and the call that shows it."""
        for wrong in self._codes():
            if wrong is not None:
                return wrong
        for says, instead in self._beside():
            return Difference(says, instead, NOWHERE, self.everything), ()
        for called, delivered in self._calls():
            found = self._begins(called, delivered)
            if found is not None:
                return found
        while self.ahead:
            pair = self.ahead.popleft()
            found_ = self._walked(pair)
            if found_ is not None:
                return found_
        return None

    def _begins(self, called: str, delivered: str) -> "tuple[Difference, tuple[str, ...]] | None":
        """Walk from where a call comes in to its first step."""
        number = called
        line = self.plan.line(called)
        if isinstance(line.numbers if line else None, Rest):
            number = "unknown" if delivered[0].isalpha() else "".join(c for c in delivered if c in "0123456789+")[:24]
        script = _Script(lambda: self.intended.enters(called, number))
        state = State(Location(self.entry, delivered, 1), {})
        root = _Pair(Memory(GONE), state, None, ())
        told = (f"dial {called}" if called == delivered else f"dial {called}, delivered as {delivered}",)
        return self._explored(root, _Ahead(script, ((state, self.everything),), told))

    def _walked(self, pair: _Pair) -> "tuple[Difference, tuple[str, ...]] | None":
        """Walk on from a pair, as far as to others."""
        script = _Script(lambda: self.intended.course(pair.memory))
        return self._explored(pair, _Ahead(script, ((pair.state, self._instants(pair.memory)),), ()))

    def _instants(self, memory: Memory) -> Instants:
        """The instants at which a pair is looked at: all, but for queues that close, where some closings do.

        What a queue does if it closes in 17 seconds it does by the same lines if it closes in 18.
        """
        step = self.plan.steps.get(memory.step)
        if not isinstance(step, Queue) or not step.closing or (step.prompts and not memory.part):
            return self.everything
        found = self._closing.get(step.name)
        if found is None:
            found = self._closing[step.name] = self.everything & self.intended.closings(step)
        return found

    def _explored(self, pair: _Pair, first: _Ahead) -> "tuple[Difference, tuple[str, ...]] | None":
        self.machine.read = set()
        arrivals: list[tuple[Memory, State, tuple[str, ...]]] = []

        def finish(memory: Memory | None, state: State, instants: Instants, told: tuple[str, ...]) -> bool:
            if memory is None or instants is not self.everything:
                return False
            arrivals.append((memory, state, told))
            return True

        found = self._explore(first, finish)
        if found is not None:
            difference, told = found
            return difference, (*_path(pair), *told)
        self._looked(pair, self.machine.read)
        for memory, state, told in arrivals:
            self._arrives(pair, memory, state, told)
        return None

    def _arrives(self, before: _Pair, memory: Memory, state: State, told: tuple[str, ...]) -> None:
        """A call comes to a pair: one that is known, if nothing that is looked at is different there."""
        key = (memory, state.at, state.stack)
        written = state.written
        for pair in self.pairs.get(key, ()):
            if all(pair.state.variables.get(name) == state.variables.get(name) for name in pair.looked):
                pair.same.append((before, state, told, written))
                self._leads(before, pair, written)
                return
        pair = _Pair(memory, attrs.evolve(state, written=frozenset()), before, told)
        self.pairs.setdefault(key, []).append(pair)
        self.ahead.append(pair)
        self._leads(before, pair, written)

    def _leads(self, before: _Pair, pair: _Pair, written: frozenset[str]) -> None:
        before.after.append((written, pair))
        pair.into.append((written, before))
        self._looked(before, pair.looked - written)

    def _looked(self, pair: _Pair, names: set[str]) -> None:
        """Learn what is looked at from a pair on; what was taken for it although it is different there is no more."""
        ahead = [(pair, names)]
        while ahead:
            pair, names = ahead.pop()
            new = names - pair.looked
            if not new:
                continue
            pair.looked |= new
            same, pair.same = pair.same, []
            for before, state, told, written in same:
                if all(pair.state.variables.get(name) == state.variables.get(name) for name in new):
                    pair.same.append((before, state, told, written))
                else:
                    self._arrives(before, pair.memory, state, told)
            ahead += [(before, new - written) for written, before in pair.into]

    def _explore(self, first: _Ahead, finish: _Finish) -> "tuple[Difference, tuple[str, ...]] | None":
        """Both sides from a place on, until scripts are over."""
        ahead = [first]
        parts = 0
        while ahead:
            part = ahead.pop()
            parts += 1
            if parts > _MOST:
                _, instants = part.states[0]
                return Difference("", "where a call that goes round ends", NOWHERE, instants, readable=False), part.told
            for first_stop in self.machine.run(part.states):
                pending = [(part.script, first_stop)]
                while pending:
                    script, stop = pending.pop()
                    found = self._met(script, stop, part.told, pending, ahead, finish)
                    if found is not None:
                        return found, part.told
        return None

    def _met(
        self,
        script: _Script,
        stop: Stop,
        told: tuple[str, ...],
        pending: list[tuple[_Script, Stop]],
        ahead: list[_Ahead],
        finish: _Finish,
    ) -> Difference | None:
        """What the files do next against what the plan says."""
        expected = script.next()
        match expected:
            case When(instants):
                sets = self.machine.texts.sets
                parts = ((YES, sets.both(stop.instants, instants)), (NO, sets.without(stop.instants, instants)))
                for answer, part in parts:
                    if part:
                        pending.append((script.with_(answer), attrs.evolve(stop, instants=part)))
                return None
            case Known(question, asked):
                known = self._known(question, stop.state)
                if known is None and not asked:
                    known = ""
                if known is not None:
                    pending.append((script.with_(known), stop))
                    return None
                answers = self._answers(question, stop.state)
                if answers is None:
                    return Difference("", f"what {question} is", stop.place, stop.instants, readable=False)
                pending += [(script, _told(stop, answer_)) for answer_ in answers]
                return None
            case _:
                pass
        act, state, then = stop.act, stop.state, stop.then or stop.state
        if isinstance(act, Unreadable):
            return Difference("", act.why, stop.place, stop.instants, readable=False)
        if isinstance(act, Returns) and "!gone" in state.variables:
            after = self.machine.gone(state)
            if not self.machine.over(after):
                ahead.append(_Ahead(script, ((after, stop.instants),), told))
                return None
            match expected:
                case Does(note=True) if not self.records:
                    pending.append((script.with_(""), stop))
                    return None
                case _Over():
                    return None
                case Does(says):
                    return Difference(says, "nothing more is done", stop.place, stop.instants)
        if not self.records and (isinstance(act, Notes) or (isinstance(act, Changes) and act.function in _RECORDS)):
            self._push(script, "", ((then, stop.instants),), told, ahead, finish, same=True)
            return None
        match expected:
            case _Over(Memory() as memory):
                pending.append((_Script(lambda: self.intended.course(memory)), stop))
                return None
            case _Over():
                if isinstance(act, Changes) and act.function == "CDR" and self._part(act):
                    ahead.append(_Ahead(script, ((then, stop.instants),), told))
                    return None
                if isinstance(act, Returns) or (isinstance(act, Ends) and LEG in state.variables):
                    finish(None, state, stop.instants, told)
                    return None
                return Difference("nothing more is done", self.intended.told(act), stop.place, stop.instants)
            case Does():
                if expected.note and not self.records:
                    pending.append((script.with_(""), stop))
                    return None
                differs = expected.differs(stop)
                if differs:
                    return Difference(expected.says, differs, stop.place, stop.instants)
                if expected.ways is None and isinstance(act, Ends):
                    finish(None, state, stop.instants, told)
                    return None
                if expected.ways is None:
                    self._push(script, "", ((then, stop.instants),), told, ahead, finish)
                    return None
                done: set[object] = set()
                for name, way, words in expected.ways(stop):
                    after = self.machine.after(stop, way)
                    if (name, after.key) in done:
                        continue
                    done.add((name, after.key))
                    self._push(script, name, ((after, self.everything),), (*told, words), ahead, finish)
                if isinstance(act, TIMED) and LEG not in state.variables:
                    gone = self.machine.after(stop, HangsUp())
                    finish(Memory(GONE), gone, self.everything, (*told, "hang up"))
                return None
            case _:
                raise AssertionError(expected)

    def _push(
        self,
        script: _Script,
        answer: str,
        states: tuple[tuple[State, Instants], ...],
        told: tuple[str, ...],
        ahead: list[_Ahead],
        finish: _Finish,
        *,
        same: bool = False,
    ) -> None:
        """Go on after an act; at once to a pair where the plan is at a new place, and nothing of the time is known."""
        script = script if same else script.with_(answer)
        after = script.next()
        if isinstance(after, _Over) and after.memory is not None:
            (state, instants), *_ = states
            if instants == self.everything:
                instants = self.everything
            if finish(after.memory, state, instants, told):
                return
            memory = after.memory
            script = _Script(lambda: self.intended.course(memory))
        ahead.append(_Ahead(script, states, told))

    def _part(self, act: Changes) -> bool:
        """Whether something more of a journey is written into the call record."""
        number = re.fullmatch(r"journey([0-9]+)", act.argument)
        part = re.fullmatch(r"<<what [^>]* has>:([0-9]+):([0-9]+)>", self.marks.told(act.value))
        return bool(number and part and int(part[1]) == (int(number[1]) - 1) * int(part[2]) and int(part[2]) <= 511)

    # The world

    def _known(self, question: str, state: State) -> str | None:
        if question == "caller":
            value = state.variables.get("?caller")
            if "?caller" not in state.written:
                self.machine.read.add("?caller")
            return value
        name = f"?{question}"
        if name not in state.written:
            self.machine.read.add(name)
        return state.variables.get(name)

    def _answers(self, question: str, state: State) -> Sequence[Answer] | None:
        """What can be the answer to a question."""
        function, _, rest = question.partition("(")
        argument = rest.removesuffix(")")
        name = f"?{question}"
        match function:
            case "caller" | "CALLERID":
                return self._callers()
            case "PJSIP_DIAL_CONTACTS":
                there, away = ({name: self.marks.of(Devices(argument))}, {name: ""})
                known = [value for key, value in state.variables.items() if key.startswith("?PJSIP_DIAL_CONTACTS(")]
                present, missing = sum(map(bool, known)), sum(not value for value in known)
                if len(known) < _PLAIN_PHONES:
                    return there, away
                return (
                    *((there,) if min(present + 1, missing) <= 1 else ()),
                    *((away,) if min(present, missing + 1) <= 1 else ()),
                ) or (there,)
            case "VM_INFO":
                what = argument.partition(",")[2]
                if what == "exists":
                    return {name: "1"}, {name: "0"}
                return tuple({name: count} for count in ("0", "99", "100", "101")) if what.startswith("count") else None
            case "DB" if self._saying is not None:
                key, said = self._saying
                return ({name: said if key in ("", argument) else ""},)
            case "CHANNEL" if argument == "channeltype":
                return {name: "PJSIP"}, {name: "Local"}
            case "CHANNEL" if argument == "endpoint":
                found = {each for signing in self.signings for _, each, _ in signing.members}
                return tuple({name: each} for each in (*sorted(found), "other"))
            case "IFMODULE" | "LOCK" | "STAT":
                return {name: "1"}, {name: "0"}
            case "UNLOCK":
                return ({name: "1"},)
            case "DB" if question not in self.kept:
                return self._booking(name, argument)
            case "DB":
                values = self.kept.get(question)
                return None if values is None else tuple({name: value} for value in values)
            case "DEVICE_STATE":
                return {name: "UNKNOWN"}, {name: "NOT_INUSE"}
            case "CONNECTEDLINE":
                return (
                    {"?CONNECTEDLINE(num-pres)": "allowed_not_screened", "?CONNECTEDLINE(name)": "Ann & Co"},
                    {"?CONNECTEDLINE(num-pres)": "prohib_not_screened", "?CONNECTEDLINE(name)": "Ann & Co"},
                )
            case _:
                return None

    def _booking(self, name: str, key: str) -> Sequence[Answer] | None:
        """What can stand in the database of bookings."""
        for step in self.plan.steps.values():
            if isinstance(step, Callback) and key.startswith(f"{self.intended.family(step)}/"):
                kind = key.removeprefix(f"{self.intended.family(step)}/").partition("/")[0]
                middle = (self.span.start + self.span.end) // 2
                date = datetime.datetime.fromtimestamp(middle, zoneinfo.ZoneInfo(self.plan.zone))
                values = {
                    "number": ("", f"{middle}48600111222"),
                    "day": ("", f"{date:%Y%m%d}"),
                    "count": ("", str(step.daily - 1), str(step.daily)),
                    "file": ("", "7"),
                    "waiting": ("0",),
                    "due": (str(middle),),
                }.get(kind)
                return None if values is None else tuple({name: value} for value in dict.fromkeys(values))
        return None

    def _callers(self) -> Sequence[Answer]:
        """Who calls: one of each class of callers, in each form in which a trunk can show the number."""
        found: list[Answer] = []
        for _, caller in self.plan.classes:
            for shown, presentation in self._shown(caller or "+48600111222"):
                found.append(
                    {
                        "?caller": caller or "+48600111222",
                        "?CALLERID(num)": shown,
                        "?CALLERID(num-pres)": presentation,
                        "?CALLERID(name)": "Ann",
                        "?CALLERID(name-pres)": presentation,
                    }
                )
        return found

    def _shown(self, caller: str) -> Iterator[tuple[str, str]]:
        if caller == WITHHELD:
            yield "anonymous", "prohib_not_screened"
            yield "", "unavailable"
            yield "+48600111222", "prohib"
            return
        yield caller, "allowed_not_screened"

    # Calls in

    def _calls(self) -> Iterator[tuple[str, str]]:
        """The calls that can come in, as they are dialled and as they are delivered: one of each kind."""
        for called in self.plan.called():
            match called:
                case Numbers():
                    for first, last in called.stretches:
                        for digits in dict.fromkeys((first, last)) if last - first > 200 else range(first, last + 1):
                            number = f"+{digits}"
                            for written in self._delivered(number):
                                yield number, written
                case Short(first):
                    yield first, first
                case Rest():
                    for other in ("+19995550100", "0999555010", "s", "account-7", "12"):
                        line = None if other[0].isalpha() else self.plan.line(other)
                        if line is None or isinstance(line.numbers, Rest):
                            yield "default", other

    def _delivered(self, number: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for trunk in self.site.trunks:
            for form in trunk.delivers:
                if form is numbers.Form.NATIONAL and trunk.country and not numbers.is_of(number, trunk.country):
                    continue
                found |= dict.fromkeys(numbers.written_as(number, form))
        return tuple(found)

    def _aside(self, start: State, make: Callable[[], Course]) -> tuple[str, list[State]]:
        """Walk what happens on another channel."""
        read, self.machine.read = self.machine.read, set()
        ends: list[State] = []

        def finish(memory: Memory | None, state: State, *_: object) -> bool:
            if memory is None:
                ends.append(state)
            return False

        found = self._explore(_Ahead(_Script(make), ((start, self.everything),), ()), finish)
        self.machine.read = read
        return ("" if found is None else found[0].found), ends

    # Beside the dialplan

    def _beside(self) -> Iterator[tuple[str, str]]:
        """What is wrong about mailboxes that are written, and about the file of all journeys."""
        boxes = self.site.mailboxes.boxes if self.site.mailboxes.emitted else ()
        context = self.site.mailboxes.context
        sections = [each for each in self._configuration("voicemail.conf").sections if each.name == context]
        settings = [each for section in sections for each in section.settings]
        if [setting.name for setting in settings] != [box.number for box in boxes]:
            yield "there are mailboxes", f"{', '.join(setting.name for setting in settings) or 'none'} are there"
        for setting, box in zip(settings, boxes, strict=False):
            pin, title, mail, pager, options = (*setting.value.split(","), "", "", "", "")[:5]
            longest = {s.longest for s in self.plan.steps.values() if isinstance(s, Mailbox) and s.box == box.number}
            wanted = {*(f"maxsecs={seconds}" for seconds in longest), *_OPTIONS}
            plain = re.sub(r"\W", "", title) == re.sub(r"\W", "", box.title)
            if pin != box.pin or not plain or mail or pager or set(options.split("|")) != wanted:
                yield f"there is a mailbox {box.number}", f"it is {setting.value}"
        if not self.records:
            return
        name = next((name for name in self.files if name.endswith("cdr_custom.conf")), "")
        journeys = configuration.read({name: f"[mappings]\n{self.files.get(name, '')}"}, name)
        rows = [(each.name, each.value) for section in journeys.sections for each in section.settings]
        journey = re.fullmatch(_JOURNEYS, rows[0][1]) if len(rows) == 1 else None
        if journey is None or rows[0][0] != f"dialc-{self.plan.name}.csv":
            yield "all journeys are written into a file", "; ".join(map(" ".join, rows)) or "nothing is written"

    # Codes

    def _codes(self) -> "Iterator[tuple[Difference, tuple[str, ...]] | None]":
        """Walk what staff dial."""
        for switch in switches(self.plan):
            kept, wrong = staff.learned(self.machine, self.marks, self.codes, switch, self.span, self._said)
            self._saying = None
            if kept is None:
                yield Difference(f"{switch.code} turns {switch.name}", wrong, NOWHERE, self.everything), ()
                return
            self.switches[switch.name] = kept
            self.kept[kept.question] = tuple(kept.values)
            wrong = staff.hints(self.machine, self.codes, switch, kept)
            if wrong:
                yield Difference(f"a lamp shows {switch.name}", wrong, NOWHERE, self.everything), ()
        for switch in switches(self.plan):
            kept_ = self.switches[switch.name]
            yield self._dialled(switch.code, functools.partial(staff.turns, self.intended, switch, kept_))
        self.signings = tuple(staff.signings(self.plan, self.site))
        for signing in self.signings:

            def joined(queue: str, number: str, target: str, signing: staff.Signing = signing) -> None:
                row = self.phones.joined.setdefault((signing.code, signing.into, queue), {})
                row[number] = target

            yield self._dialled(signing.code, functools.partial(staff.signs, self.intended, signing, joined))

    def _said(self, key: str, value: str) -> None:
        self._saying = (key, value)

    def _dialled(self, code: str, make: Callable[[], Course]) -> "tuple[Difference, tuple[str, ...]] | None":
        """Walk what a code does, in each context in which staff dial it."""
        for context in (self.codes, *self.site.codes):
            state = State(Location(context, code, 1), {LEG: "1"})
            found = self._explore(
                _Ahead(_Script(make), ((state, self.everything),), (f"a phone of the staff dials {code}",)), _never
            )
            if found is not None:
                return found
        return None


def _never(*_: object) -> bool:
    """Where nothing is to be known of where a walk is over."""
    return False


_OPTIONS = ("minsecs=2", "maxmsg=100", "review=no", "operator=no")
"""What every mailbox is set to that is written."""

_FIELDS = ("start", "answer", "end", "src", "dstchannel", "disposition", "uniqueid", "linkedid", "journey")
_JOURNEYS = ",".join(rf"\$\{{CSV_QUOTE\(\$\{{CDR\({field}\)\}}\)\}}" for field in _FIELDS) + (
    r"(,\$\{CSV_QUOTE\(\$\{CDR\(journey[2-9]\)\}\)\})*"
)
"""A line of the file of all journeys."""


def _told(stop: Stop, answer: Answer) -> Stop:
    """An act before and after which something is known that nobody had asked for."""
    then = stop.then
    if then is not None:
        then = then.with_(*((name, value) for name, value in answer.items() if name not in then.variables))
    return attrs.evolve(stop, state=stop.state.with_(*answer.items()), then=then)


_RECORDS = ("CDR",)


def _path(pair: _Pair) -> tuple[str, ...]:
    """What happened on the way to a pair."""
    told: list[str] = []
    at: _Pair | None = pair
    while at is not None:
        told[:0] = at.told
        at = at.before
    return tuple(told)


def differences(
    plan: Plan, site: Site, files: Mapping[str, str], *, entry: str = "", codes: str = "", records: bool = True
) -> tuple[Finding, ...]:
    """The finding of the first difference between a plan and its files, if there is one.

    `entry` is the context at which calls come in, and `codes` the one in which staff dial, if they are not called as
    dialc calls them; `records` says whether what is recorded of calls is compared, too.
    """
    agreement = Agreement(plan, site, files, entry=entry, codes=codes, records=records)
    found = agreement.difference()
    if found is None:
        return ()
    difference, told = found
    call = told
    if difference.instants.stretches and difference.instants.stretches != agreement.everything.stretches:
        moment = datetime.datetime.fromtimestamp(difference.instants.stretches[0][0], zoneinfo.ZoneInfo(plan.zone))
        call = (*told, f"and then it is {moment:%Y-%m-%d %H:%M:%S}")
    if difference.readable:
        return (d461.finding(difference.intended, difference.found, call, difference.place),)
    return (d462.finding(difference.found, call, difference.place),)
