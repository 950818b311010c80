"""Each step of a plan as states of a call.

In: a step, and the plan and the site that it belongs to. Out: its states. Callers arrive at the state that has the name
of the step; whatever else a step needs has a dot behind that name. What FreeSWITCH cannot do as the plan means it, is
refused before (`refusals`), so that there is no case for it here.
"""

from collections.abc import Iterable, Iterator

import attrs

from dialc import numbers
from dialc.digits import Accepted, Check, Digits, named
from dialc.emit.freeswitch import hours
from dialc.emit.freeswitch.states import Action, State, Test, Ways, among, computes, holds, literal, sets
from dialc.plan import (
    SUPERVISOR_RINGS,
    Again,
    Announcement,
    Answer,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Collect,
    Extension,
    Extensions,
    HangUp,
    Label,
    Mailbox,
    Menu,
    Operator,
    Outside,
    Period,
    Phone,
    Plan,
    Play,
    Prompt,
    Record,
    Ring,
    Stage,
    Step,
)
from dialc.site import Site

CONFIRMS = 5000
"""Milliseconds in which whoever answers a telephone outside can press 1, each of the two times that they are asked."""

SHORTEST_MESSAGE = 2
"""Seconds below which nothing is put into a mailbox: the beep and somebody hanging up are no message."""

CHUNK = 400
"""Numbers in one regular expression; what PCRE compiles has an end, and so has what a person reads."""

NOBODY = "NO_ANSWER|NO_USER_RESPONSE|ALLOTTED_TIMEOUT|PROGRESS_TIMEOUT"
"""What FreeSWITCH says of a phone that rang to the end, or said at once that nobody is there."""


@attrs.frozen
class Steps:
    """The steps of one plan at one site."""

    plan: Plan
    site: Site
    ways: Ways

    def states(self, step: Step) -> Iterator[State]:
        """The states of a step, the one at which callers arrive first."""
        match step:
            case Answer():
                yield self._arrival(step, Action("answer"), self.ways.go(step.then))
            case Play():
                yield self._arrival(step, Action("answer"), self._played(step.prompt), self.ways.go(step.then))
            case Label():
                yield self._arrival(
                    step, sets("dialc_label", step.text), self.ways.run(".label"), self.ways.go(step.then)
                )
            case Record():
                yield from self._record(step)
            case Branch():
                yield from self._branch(step)
            case ByException():
                yield from self._by_exception(step)
            case BySwitch():
                yield from self._by_switch(step)
            case ByCaller():
                yield from self._by_caller(step)
            case ByLine():
                yield from self._by_line(step)
            case Menu():
                yield from self._menu(step)
            case Collect():
                yield from self._collect(step)
            case Ring():
                yield from self._ring(step)
            case Extensions():
                yield from self._extensions(step)
            case Operator():
                yield from self._operator(step)
            case Mailbox():
                yield from self._mailbox(step)
            case Again():
                yield from self._again(step)
            case HangUp():
                ends = (self.ways.note(f"{step.name}=hung-up"), sets("dialc_ends"), Action("hangup"))
                yield self._arrival(step, *ends)
            case _:
                raise ValueError(f"`{step.name}` should have been refused")

    def _arrival(self, step: Step, *actions: Action) -> State:
        return State(step.name, (), (*self.ways.arrive(step.name), *actions))

    def _leaves(self, step: Step, state: str, label: str, to: str, *tests: Test) -> State:
        """A state that is left for another step where some tests hold."""
        return State(f"{step.name}.{state}", tests, self.ways.leave(step.name, label, to))

    def sound(self, prompt: Prompt) -> str:
        """The sound file of a prompt; where a plan has several languages, they lie in folders of their own."""
        language = ("${dialc_language}",) if len(self.plan.languages) > 1 else ()
        return "/".join((*((self.site.sounds,) if self.site.sounds else ()), *language, f"{prompt.file}.wav"))

    def _played(self, prompt: Prompt) -> Action:
        return Action("playback", self.sound(prompt))

    def _asked(self, prompts: Iterable[Prompt]) -> str:
        """Prompts as one that never misses as a whole: FreeSWITCH does not listen behind a file that is not there."""
        return "file_string://" + "!".join((*map(self.sound, prompts), "silence_stream://20"))

    # Branches

    def _open(self, period: Period) -> tuple[Action, ...]:
        """Whether hours are open now, into `dialc_open`."""
        return (sets("dialc_at", "${strepoch()}"), self.ways.run(f".hours-{period.hours.name}"))

    def _branch(self, step: Branch) -> Iterator[State]:
        yield self._arrival(step, *self._open(Period(step.hours)), self.ways.go(f"{step.name}.looked"))
        yield self._leaves(step, "looked", "open", step.opened, Test("${dialc_open}", "^1$"))
        yield self._leaves(step, "looked", "closed", step.closed)

    def _by_exception(self, step: ByException) -> Iterator[State]:
        zone = hours.at(self.plan, step.hours.zone)
        look = (*self._open(Period(step.hours)), self.ways.run(zone))
        yield self._arrival(step, *look, self.ways.go(f"{step.name}.looked"))
        opened = Test("${dialc_open}", "^1$" if step.open else "^0$")
        for test in hours.named(step.hours, step.exception):
            yield self._leaves(step, "looked", "open" if step.open else "closed", step.then, opened, test)
        yield self._leaves(step, "looked", "otherwise", step.otherwise)

    def _by_switch(self, step: BySwitch) -> Iterator[State]:
        read = (sets("dialc_at", "${strepoch()}"), self.ways.run(f".switch-{step.switch.name}"))
        yield self._arrival(step, *read, self.ways.go(f"{step.name}.looked"))
        yield self._leaves(step, "looked", "on", step.on, Test("${dialc_switch}", "^on$"))
        yield self._leaves(step, "looked", "off", step.off)

    def _by_caller(self, step: ByCaller) -> Iterator[State]:
        number = [callers.name for callers in self.plan.asked].index(step.callers.name) + 1
        yield self._arrival(step, self.ways.run(f".callers-{number}"), self.ways.go(f"{step.name}.looked"))
        yield self._leaves(step, "looked", "listed", step.listed, Test("${dialc_listed}", "^1$"))
        yield self._leaves(step, "looked", "not-listed", step.others)

    def _by_line(self, step: ByLine) -> Iterator[State]:
        yield self._arrival(step, self.ways.go(f"{step.name}.looked"))
        for operator in step.operators:
            of = Test("${dialc_operator}", f"^{literal(operator)}$")
            if len(step.operators) > 1:
                yield self._leaves(step, "looked", f"own-{operator}", operator, of)
            else:
                yield State(f"{step.name}.looked", (of,), (self.ways.go(operator),))

    def _again(self, step: Again) -> Iterator[State]:
        count = f"dialc_returns_{step.target}"
        yield self._arrival(step, self.ways.go(f"{step.name}.counted"))
        left = holds(f"below(${{{count}}},{step.limit})")
        counted = computes(count, f"${{{count}}}+1")
        yield State(f"{step.name}.counted", (left,), (counted, *self.ways.leave(step.name, "again", step.target)))
        yield self._leaves(step, "counted", "used-up", step.used_up)

    # Keys

    def _menu(self, step: Menu) -> Iterator[State]:
        """A state for each try and another for what came of it. The first key of what was heard is the one that counts:
        a second one can come in the same moment.
        """
        fresh = (sets("dialc_pressed", "no"),) if step.undecided else ()
        yield self._arrival(step, Action("answer"), *fresh, self.ways.go(f"{step.name}.1"))
        if step.direct:
            yield from self._more(step)
        for number in range(1, step.tries + 1):
            last = number == step.tries
            onward = self.ways.go(f"{step.name}.{number + 1}")
            heard = f"{number}.heard"
            read = Action("read", f"1 1 {self._asked(step.prompts)} dialc_key {step.wait * 1000} none")
            more = (self.ways.run(f"{step.name}.more"),) if step.direct else ()
            asks = (*self.ways.anew(), sets("dialc_key"), read, *more, self.ways.go(f"{step.name}.{heard}"))
            yield State(f"{step.name}.{number}", (), asks)
            for direct in step.direct:
                left = self.ways.note(f"{step.name}=extension-{direct.row}")
                numbered = Test("${dialc_key}", f"^({'|'.join(sorted(direct.numbers))})")
                dialled = (left, sets("dialc_dialled", "$1"), self.ways.go(direct.row))
                yield State(f"{step.name}.{heard}", (numbered,), dialled)
            for choice in step.choices:
                speaks = (sets("dialc_language", choice.speaks),) if choice.speaks else ()
                left = self.ways.note(f"{step.name}=key-{choice.key}")
                pressed = Test("${dialc_key}", f"^{literal(choice.key)}")
                yield State(f"{step.name}.{heard}", (pressed,), (left, *speaks, self.ways.go(choice.to)))
            silent = Test("${dialc_key}", "^$")
            if last and step.undecided:
                yield self._leaves(step, heard, "undecided", step.undecided, silent, Test("${dialc_pressed}", "^yes$"))
            if last:
                yield self._leaves(step, heard, "silence", step.silence, silent)
            else:
                yield State(f"{step.name}.{heard}", (silent,), (onward,))
            noted = (sets("dialc_pressed", "yes"),) if step.undecided else ()
            for repeat in step.repeats if last else ():
                label, to = ("undecided", step.undecided) if step.undecided else ("silence", step.silence)
                yield self._leaves(step, heard, label, to, Test("${dialc_key}", f"^{literal(repeat.key)}"))
            if last:
                yield self._leaves(step, heard, "invalid", step.invalid)
            else:
                yield State(f"{step.name}.{heard}", (), (*noted, onward))

    def _more(self, step: Menu) -> Iterator[State]:
        """The further keys of a number, one by one, without a `transfer`, which would lose those that come quickly.

        A number that is left unfinished is made one that there is not.
        """
        numbers = {number for direct in step.direct for number in direct.numbers}
        begun = sorted({number[:length] for number in numbers for length in range(1, len(number))})
        again = self.ways.run(f"{step.name}.more")
        unfinished = Test("${dialc_key}", among(begun)) if begun else Test("${dialc_key}", "^(?!)")
        read = Action("read", f"1 1 silence dialc_next {step.wait * 1000} none")
        yield State(f"{step.name}.more", (unfinished,), (read, self.ways.run(f"{step.name}.next"), again))
        yield State(f"{step.name}.more", (), (sets("dialc_next"),))
        pressed = Test("${dialc_next}", "^.")
        yield State(f"{step.name}.next", (pressed,), (sets("dialc_key", "${dialc_key}${dialc_next}"),))
        yield State(f"{step.name}.next", (), (sets("dialc_key", "unfinished"),))

    def _collect(self, step: Collect) -> Iterator[State]:
        """A state for each try and another for what was entered. What FreeSWITCH took in one breath is cut after the
        last key that is asked for, and at `#`, since both end an entry.
        """
        yield self._arrival(step, Action("answer"), self.ways.go(f"{step.name}.1"))
        forget = (sets("dialc_entered"), sets("read_terminator_used"))
        for number in range(1, step.tries + 1):
            heard = f"{step.name}.{number}.heard"
            ask = f"1 {step.keys} {self._asked(step.prompts)} dialc_entered {step.wait * 1000} # {step.wait * 1000}"
            yield State(
                f"{step.name}.{number}", (), (*self.ways.anew(), *forget, Action("read", ask), self.ways.go(heard))
            )
            for cut, ended in (
                (f"^([0-9*#A-D]{{{step.keys}}}).+$", ()),
                ("^([0-9*A-D]*)#", (sets("read_terminator_used", "#"),)),
            ):
                yield State(
                    heard, (Test("${dialc_entered}", cut),), (sets("dialc_entered", "$1"), *ended, self.ways.go(heard))
                )
            for accept in step.accepts:
                for tests in _accepted(accept.what, step.fewest, step.most):
                    left = self.ways.leave(step.name, f"accept-{named(accept.what)}", accept.to)
                    yield State(heard, tests, (*forget, *left))
            silent = (Test("${dialc_entered}", "^$"), Test("${read_terminator_used}", "^$"))
            if number < step.tries:
                yield State(heard, (), (self.ways.go(f"{step.name}.{number + 1}"),))
            else:
                yield State(heard, silent, (*forget, *self.ways.leave(step.name, "silence", step.silence)))
                yield State(heard, (), (*forget, *self.ways.leave(step.name, "invalid", step.invalid)))

    # Phones

    def _leg(self, phone: Phone, up: str) -> str:
        """A phone in the list of those that ring together."""
        settings = [f"dialc_who={phone.number}", *up.split()]
        match phone:
            case Extension():
                reached = self.site.phone(phone.number)
                dial = (reached.dial if reached and reached.dial else "user/{number}").replace("{number}", phone.number)
            case Outside():
                trunk = self.site.trunk(self.site.outside)
                if trunk is None:
                    raise ValueError(f"the site has no trunk for {phone.number}")
                dial = trunk.dial.replace("{number}", numbers.written_as(phone.number, trunk.send)[0])
                if trunk.show:
                    settings.append(f"origination_caller_id_number={trunk.show}")
                if phone.confirm:
                    file = f"execute_extension .confirm XML {self.ways.context}"
                    settings += ["group_confirm_key=exec", f"group_confirm_file={file}"]
        return f"[{','.join(settings)}]{dial}"

    def _rung(self, stage: Stage, up: str = "deny_refer_requests=true") -> tuple[Action, ...]:
        """Ring phones together. If nobody answers, what comes next is done; otherwise the call ends with the talk."""
        legs = ",".join(self._leg(phone, up) for phone in stage.phones)
        everywhere = "{ignore_early_media=true,outbound_redirect_fatal=true}"
        return (sets("call_timeout", str(stage.seconds)), Action("bridge", f"{everywhere}{legs}"))

    def _extensions(self, step: Extensions) -> Iterator[State]:
        yield self._arrival(step, self.ways.go(f"{step.name}.rings"))
        for phone in step.phones:
            dialled = Test("${dialc_dialled}", f"^{phone.number}$")
            rung = self._rung(Stage((phone,), step.seconds))
            yield State(f"{step.name}.rings", (dialled,), (*rung, self.ways.go(f"{step.name}.rung")))
        yield from self._came(step)

    def _ring(self, step: Ring) -> Iterator[State]:
        rung = [action for stage in step.stages for action in self._rung(stage)]
        yield self._arrival(step, *rung, self.ways.go(f"{step.name}.rung"))
        yield from self._came(step)

    def _came(self, step: Ring | Extensions) -> Iterator[State]:
        """What came of the phones that rang last."""
        phones = step.stages[-1].phones if isinstance(step, Ring) else ()
        came = "${originate_disposition} ${originate_causes}"
        yield self._leaves(step, "rung", "no-answer", step.no_answer, Test(came, NOBODY))
        if isinstance(step, Ring) and any(isinstance(phone, Outside) and phone.confirm for phone in phones):
            yield self._leaves(step, "rung", "declined", step.declined, Test(came, "NORMAL_CLEARING"))
        yield self._leaves(step, "rung", "busy", step.busy, Test(came, "USER_BUSY"))
        yield self._leaves(step, "rung", "unavailable", step.unavailable)

    def _operator(self, step: Operator) -> Iterator[State]:
        if step.staffed is None:
            yield self._arrival(step, self.ways.go(f"{step.name}.rings"))
        else:
            yield self._arrival(step, *self._open(step.staffed), self.ways.go(f"{step.name}.looked"))
            staffed = Test("${dialc_open}", "^1$")
            yield State(f"{step.name}.looked", (staffed,), (self.ways.go(f"{step.name}.rings"),))
            if step.staffed.plus:
                before = computes("dialc_at", f"${{dialc_at}}-{step.staffed.plus}")
                again = self.ways.run(f".hours-{step.staffed.hours.name}")
                yield State(f"{step.name}.looked", (), (before, again, self.ways.go(f"{step.name}.late")))
                yield State(f"{step.name}.late", (staffed,), (self.ways.go(f"{step.name}.rings"),))
            state = "late" if step.staffed.plus else "looked"
            yield self._leaves(step, state, "unstaffed", step.unstaffed)
        yield from self._rings(step)

    def _rings(self, step: Operator) -> Iterator[State]:
        """The stages of an operator; who answers can hand the caller up to the supervisor, once a call."""
        unanswered = self.ways.leave(step.name, "unanswered", step.unanswered)
        nowhere = "deny_refer_requests=true"
        if step.supervisor is None:
            yield State(f"{step.name}.rings", (), (*self._items(step, nowhere), *unanswered))
            return
        up = f"force_transfer_dialplan=XML force_transfer_context={self.ways.context}.up-{step.name}"
        handed = Test("${dialc_handed}", "^yes$")
        yield State(f"{step.name}.rings", (handed,), (*self._items(step, nowhere), *unanswered))
        yield State(f"{step.name}.rings", (), (*self._items(step, up), *unanswered))
        yield State(
            f"{step.name}.up",
            (),
            (
                *self.ways.anew(),
                sets("dialc_handed", "yes"),
                sets("dialc_ends", "caller-hung-up"),
                self.ways.note(f"{step.name}=handed-up"),
                *self._rung(Stage((step.supervisor,), SUPERVISOR_RINGS)),
                self.ways.note(f"{step.name}=handed-back"),
                self.ways.go(f"{step.name}.rings"),
            ),
        )

    def _items(self, step: Operator, up: str) -> Iterator[Action]:
        for item in step.items:
            match item:
                case Announcement():
                    yield from (Action("answer"), self._played(item.prompt))
                case Stage():
                    yield from self._rung(item, up)

    # What is recorded

    def _record(self, step: Record) -> Iterator[State]:
        file = f"$${{recordings_dir}}/dialc-{self.plan.name}-${{dialc_begun}}-${{uuid}}.wav"
        yield self._arrival(step, Action("answer"), self.ways.go(f"{step.name}.begins"))
        onward = self.ways.go(step.then)
        yield State(f"{step.name}.begins", (Test("${dialc_recorded}", "^yes$"),), (onward,))
        begins = (sets("dialc_recorded", "yes"), Action("record_session", file))
        yield State(f"{step.name}.begins", (), (*begins, onward))

    def _mailbox(self, step: Mailbox) -> Iterator[State]:
        """The message is recorded here and then handed to the mailbox, whose own menus nobody comes to. Who hangs up
        while it is recorded has left it all the same.
        """
        domain = self.site.mailboxes.context
        box = f"{step.box}@{'$${domain}' if domain == 'default' else domain}"
        exists = f"${{user_exists(id {box.replace('@', ' ')})}}"
        greeting = (self._played(step.greeting),) if step.greeting else ()
        file = "$${temp_dir}/${uuid}-${dialc_begun}.wav"
        deliver = f"{box} {file} ${{dialc_shown}} ${{dialc_shown}}"
        looked = (sets("dialc_box", exists), self.ways.go(f"{step.name}.looked"))
        yield self._arrival(step, Action("answer"), *greeting, *looked)
        recorded = (
            Action("playback", "tone_stream://%(300,0,640)"),
            sets("record_seconds"),
            sets("playback_terminators", "#"),
            sets("api_hangup_hook", f"voicemail_inject {deliver}"),
            Action("record", f"{file} {step.longest}"),
            sets("api_hangup_hook"),
            sets("playback_terminators", "none"),
            self.ways.go(f"{step.name}.recorded"),
        )
        yield State(f"{step.name}.looked", (Test("${dialc_box}", "^true$"),), recorded)
        yield self._leaves(step, "looked", "failed", step.failed)
        short = Test("${record_seconds}", f"^[0-{SHORTEST_MESSAGE - 1}]?$")
        yield self._leaves(step, "recorded", "nothing-left", step.nothing_left, short)
        kept = (sets("dialc_kept", f"${{voicemail_inject({deliver})}}"), self.ways.go(f"{step.name}.kept"))
        yield State(f"{step.name}.recorded", (), kept)
        yield self._leaves(step, "kept", "left", step.left, Test("${dialc_kept}", "^[+]OK"))
        yield self._leaves(step, "kept", "failed", step.failed)


def _accepted(what: Accepted, fewest: int, most: int) -> Iterator[tuple[Test, ...]]:
    """Tests that hold where an entry of a length that is asked for is accepted: those of one row together."""
    length = Test("${dialc_entered}", f"^[0-9]{{{fewest},{most}}}$")
    match what:
        case None:
            yield (length,)
        case Digits():
            members = sorted(member for member in what.members if fewest <= len(member) <= most)
            for first in range(0, len(members), CHUNK):
                yield (Test("${dialc_entered}", among(members[first : first + CHUNK])),)
        case Check():
            for digits in range(fewest, most + 1):
                yield (Test("${dialc_entered}", f"^[0-9]{{{digits}}}$"), _checked(what, digits))


def _checked(check: Check, digits: int) -> Test:
    """The sum of so many digits, counted from the last one."""
    each = [f"${{dialc_entered:{at}:1}}" for at in reversed(range(digits))]
    match check:
        case Check.LUHN:
            terms = [f"2*{d}-9*above({d},4)" if at % 2 else d for at, d in enumerate(each)]
            total, modulus, rest = "+".join(terms), 10, 0
        case Check.MOD11:
            total, modulus, rest = "+".join(f"{at}*{d}" for at, d in enumerate(each, 1)), 11, 0
        case Check.MOD97:
            total, modulus, rest = "+".join(f"{pow(10, at, 97)}*{d}" for at, d in enumerate(each)), 97, 1
    return Test(f"${{expr(mod({total},{modulus}))}}", f"^{rest}$")
