"""The rules that a certificate can prove, written down once more: from the Caller's Charter, not from the verifier.

In: a `Reading` of a plan. Out: for each rule the `Automaton`s and `Amount`s whose proofs a certificate has to contain.
What a rule is about, and where it comes from, is told on its page; here stands only what would break it.
"""

import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import attrs

from dialc.plan import (
    Again,
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
    Combination,
    Condition,
    End,
    Exit,
    Extensions,
    HangUp,
    Hours,
    Line,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Party,
    Period,
    Play,
    Prompt,
    Queue,
    Record,
    Ring,
    Schedule,
    Span,
    Step,
)
from dialc.plan import (
    Label as Shown,
)
from dialc.proof.heard import begins, rings, shut, surely, until_rung, ways
from dialc.proof.instants import Times, joined, meet, spread, without
from dialc.proof.invariants import Amount, Automaton, Label, Passage, Refused, State, counted, passed
from dialc.proof.promises import Booked, Promise
from dialc.proof.reading import EVER, Place, Reading

CHECKED = ("C01", "C02", "C03", "C06", "C07", "C10", "C11", "C12", "C14", "C15", "C16", "C17")
"""The rules that are proved by certificates."""

AT_ONCE = Answer | Shown | Record | Branch | ByException | BySwitch | ByCaller | ByLine | Again
"""Steps that take no time and ask nothing."""
ONWARD = Answer | Play | Shown | Record | Branch | ByException | BySwitch | ByCaller | ByLine
"""Steps that only lead on."""
MINUTE = 60


def block(step: str) -> str:
    """The block that a step was written in."""
    return re.sub(r"-[0-9]+$", "", step)


class Charter:
    """What a certificate has to prove of a plan for some rules, save in the blocks in which they are waived."""

    def __init__(self, reading: Reading, codes: Collection[str]) -> None:
        self.reading, self.plan, self.codes = reading, reading.plan, codes
        self._waived = {(waiver.rule, waiver.block) for waiver in self.plan.waivers}
        self.base = _Anybody(reading, tuple(self._anywhere()))

    def waived(self, code: str, step: str) -> bool:
        """Whether a rule is waived at a step."""
        return (code, block(step)) in self._waived

    def _anywhere(self) -> Iterator["Watch"]:
        if "C12" in self.codes:
            yield functools.partial(_untrue, self)
        if "C17" in self.codes:
            yield functools.partial(_too_many_tries, self)

    def automata(self) -> Iterator[Automaton]:
        """The automata whose labels have to be there, beside the base."""
        for code in self.codes:
            if code in _AUTOMATA:
                yield from _AUTOMATA[code](self)

    def amounts(self) -> Iterator[tuple[Amount, int | None]]:
        """The amounts that have to be bounded, each with the most that is allowed, None for any."""
        for code in self.codes:
            if code in _AMOUNTS:
                yield from _AMOUNTS[code](self)


Watch = Callable[[Step, Times], str]


class _Anybody(Automaton):
    """Where callers can be, and when, whatever any rule remembers."""

    def __init__(self, reading: Reading, watches: tuple[Watch, ...]) -> None:
        super().__init__(reading, "every call")
        self._watches = watches

    def bad(self, label: Label, step: Step, times: Times) -> str:
        return next(filter(None, (watch(step, times) for watch in self._watches)), "")


# C01 and C03


def ranks_fall(reading: Reading, ranks: Mapping[str, int]) -> set[str]:
    """Hold the ranks against every exit but `again`, of which there are so many. The steps of circles, which share one.

    Between two returns a call passes each step that is in no circle at most once, if ranks fall along every exit.
    """
    circles = set[str]()
    for name in reading.plan.steps:
        for exit in reading.exits(name):
            if isinstance(exit.to, End) or exit.outcome is Outcome.AGAIN or ranks[name] > ranks[exit.to]:
                continue
            if ranks[name] < ranks[exit.to]:
                raise Refused(f"C01, at `{name}`: the rank does not fall along `{exit.label}`")
            circles |= {name, exit.to}
    return circles


class Visits(Automaton):
    """Whether a call has been at a step since its last return; those come there, too, who were handed up in vain."""

    def __init__(self, reading: Reading, step: str) -> None:
        super().__init__(reading, "C03", step, (step,))

    def begin(self, place: Place) -> Iterable[tuple[State, Times]]:
        return (((place.step == self.about,), EVER),)

    def follow(self, state: State, step: Step, exit: Exit, to: Step) -> State | None:
        before = 0 if exit.outcome is Outcome.AGAIN else state[0]
        return (before + (to.name == self.about),)

    def bad(self, label: Label, step: Step, times: Times) -> str:
        return "a caller can come there twice" if label.state[0] > 1 else ""

    def entries(self) -> Iterator[Place]:
        yield from super().entries()
        parties = dict.fromkeys(place.party for _, place in self.reading.entries())
        for operator in self.reading.plan.steps.values():
            if isinstance(operator, Operator) and operator.supervisor:
                yield from (Place(operator.unanswered, (), at, p) for at in self.reading.languages for p in parties)


class _Asked(Automaton):
    """The first of the menus that play one prompt in which a call has heard it."""

    def begin(self, place: Place) -> Iterable[tuple[State, Times]]:
        return (((place.step if self._asks(place.step) else "",), EVER),)

    def follow(self, state: State, step: Step, exit: Exit, to: Step) -> State | None:
        return (state[0] or (to.name if self._asks(to.name) else ""),)

    def bad(self, label: Label, step: Step, times: Times) -> str:
        again = self._asks(step.name) and label.state[0] != step.name
        return f"it plays what `{label.state[0]}` has played" if again else ""

    def _asks(self, name: str) -> bool:
        return self.towards is not None and name in self.towards


def _asked_twice(charter: Charter) -> Iterator[Automaton]:
    menus: dict[str, set[str]] = {}
    for step in charter.plan.steps.values():
        for prompt in step.prompts if isinstance(step, Menu | Collect) else ():
            menus.setdefault(prompt.name, set()).add(step.name)
    yield from (_Asked(charter.reading, "C03", name, asks) for name, asks in menus.items() if len(asks) > 1)


class _Whole(Amount):
    """The steps, or seconds, of a call from its beginning to its end."""

    def passages(self, step: Step, exit: Exit) -> Iterable[Passage]:
        ends = isinstance(exit.to, End)
        if self.about == "steps":
            return (passed(exit.shortest, exit.longest, 1, ends=ends),)
        return (counted(exit.shortest, exit.longest, ends=ends),)


# C02 and C10


class _Machine(Automaton):
    """Calls that no operator has failed to answer, nor is their line for machines."""

    for_machines = False

    def follow(self, state: State, step: Step, exit: Exit, to: Step) -> State | None:
        return None if _last_resort(step, exit) else state

    def bad_exit(self, label: Label, step: Step, exit: Exit) -> str:
        return "a machine can take the call" if exit.to is End.UNCONFIRMED else ""


def _last_resort(step: Step, exit: Exit) -> bool:
    return isinstance(step, Operator) and exit.outcome is Outcome.UNANSWERED


class _Manners(Automaton):
    """Of a call: whether keys were pressed (2) or a menu was left in silence (1), something was done (booked, a message
    left), something has failed that should have ended it, an apology was heard since, and a goodbye was heard last.
    """

    for_machines = False
    first = (0, False, False, False, False)

    def follow(self, state: State, step: Step, exit: Exit, to: Step) -> State | None:
        quiet, done, failed, sorry, bye = state
        quiet = 2 if exit.pressed else quiet
        match step:
            case Play():
                return quiet, done, failed, sorry or (failed and step.prompt.apology), step.prompt.goodbye
            case Menu():
                return quiet or int(exit.outcome is Outcome.SILENCE), done, failed, sorry, False
            case Collect():
                return quiet, done, failed, sorry, False
            case Mailbox() | Callback():
                well = exit.outcome in (Outcome.LEFT, Outcome.BOOKED)
                return quiet, done or well, not well, False, False
            case _:
                return None if _last_resort(step, exit) else (quiet, done, failed, sorry, bye)

    def lawful(self, state: State) -> bool:
        """Whether the plan may hang up."""
        quiet, done, failed, sorry, bye = state
        silent = quiet == 1 and self.reading.plan.policy.silent_caller_may_be_hung_up_on
        return (failed and sorry) or (bye and (done or silent))

    def bad(self, label: Label, step: Step, times: Times) -> str:
        return "it hangs up first" if isinstance(step, HangUp) and not self.lawful(label.state) else ""


def _hang_ups(charter: Charter, code: str) -> set[str]:
    steps = charter.plan.steps.values()
    return {step.name for step in steps if isinstance(step, HangUp) and not charter.waived(code, step.name)}


def _ends(charter: Charter) -> Iterator[Automaton]:
    yield _Manners(charter.reading, "C10", "", _hang_ups(charter, "C10"))


# Calls that come in while the operator is there: C02 of a strict policy, and C15


def _learned(exit: Exit) -> tuple[Schedule, bool] | None:
    """The hours that a call has read when it takes an exit, and whether they were open."""
    if exit.stay:
        return exit.stay.period.hours, not exit.stay.ends
    return (exit.when.period.hours, exit.when.open) if exit.when and exit.when.holds else None


def _switched(exit: Exit, hours: Schedule | None) -> bool | None:
    """Whether a call has read just so that hours are open; nothing of them, if only that they were, a while ago."""
    when = exit.when
    if when is None or when.period.hours != hours or not when.holds or (when.open and when.period.plus):
        return None
    return when.open


def _operator(charter: Charter, party: Party) -> Operator:
    found = charter.plan.steps[party.operator or charter.plan.operator]
    assert isinstance(found, Operator)
    return found


def _staffed(charter: Charter) -> dict[Period | None, str]:
    """When operators are there to whom lines lead, and one of these each."""
    operators = [_operator(charter, place.party) for _, place in charter.reading.entries()]
    return {operator.staffed: operator.name for operator in reversed(operators)}


class _Attended(Automaton):
    """Calls that come in while their operator is there, and whether they were told last that it is closed."""

    def __init__(self, charter: Charter, code: str, period: Period | None, name: str, towards: Iterable[str]) -> None:
        super().__init__(charter.reading, code, name, towards)
        self.charter, self.period = charter, period
        self.there = charter.reading.clock.when(Condition(period, True)) if period else EVER

    def begin(self, place: Place) -> Iterable[tuple[State, Times]]:
        theirs = _operator(self.charter, place.party).staffed == self.period
        return ((state, self.there) for state, _ in super().begin(place) if theirs)

    def sent_away(self, before: bool, exit: Exit) -> bool:
        """Whether it was told so last."""
        read = _learned(exit)
        return not read[1] if read and self.period and read[0] == self.period.hours else before


class _Dismissed(_Attended):
    """Such calls that come to a hang-up while the operator is there, however lawful that is."""

    for_machines = False
    first = False, _Manners.first

    def __init__(self, charter: Charter, period: Period | None, name: str) -> None:
        super().__init__(charter, "C02", period, name, _hang_ups(charter, "C02"))
        self.manners = _Manners(charter.reading, "C10")

    def follow(self, state: State, step: Step, exit: Exit, to: Step) -> State | None:
        manners = self.manners.follow(state[1], step, exit, to)
        return None if manners is None else (self.sent_away(state[0], exit), manners)

    def bad(self, label: Label, step: Step, times: Times) -> str:
        sent_away, manners = label.state
        ended = isinstance(step, HangUp) and not sent_away and self.manners.lawful(manners)
        return "it ends a call although the operator is there" if ended and meet(times, self.there) else ""


def _without_a_person(charter: Charter) -> Iterator[Automaton]:
    unconfirmed = {
        name
        for name in charter.plan.steps
        if any(exit.to is End.UNCONFIRMED for exit in charter.reading.exits(name)) and not charter.waived("C02", name)
    }
    yield _Machine(charter.reading, "C02", "machines", unconfirmed)
    if charter.plan.policy.operator_only:
        yield from (_Dismissed(charter, period, name) for period, name in _staffed(charter).items())


class _Zero(_Attended):
    """Such calls, the step that was left last on the way from a key 0, and whether that led to no operator."""

    first = (False, "", False)

    def follow(self, state: State, step: Step, exit: Exit, to: Step) -> State | None:
        sent_away, left, lost = state
        if _last_resort(step, exit):
            return None
        zero = isinstance(step, Menu | Queue) and (exit.outcome, exit.key) == (Outcome.KEY, "0")
        goes_on = (zero or (left and not lost)) and not isinstance(to, Operator)
        return self.sent_away(sent_away, exit), step.name if goes_on else "", goes_on and not isinstance(to, AT_ONCE)

    def bad(self, label: Label, step: Step, times: Times) -> str:
        sent_away, left, lost = label.state
        if sent_away:
            return ""
        if lost and meet(times, self.there) and not self.charter.waived("C15", left):
            return f"key 0 leads here, by `{left}`, and it is no operator"
        if not isinstance(step, Menu | Queue) or _zero(step):
            return ""
        heard = attrs.evolve(step, choices=(*step.choices, Choice("0", "", step.name))).exits()
        pressed = (self.reading.behind(exit, times) for exit in heard if exit.key == "0")
        return "key 0 does nothing" if any(meet(each, self.there) for each in pressed) else ""


def _zero(step: Menu | Queue) -> Choice | None:
    return next((choice for choice in step.choices if choice.key == "0"), None)


def _zeros(charter: Charter) -> Iterator[Automaton]:
    """Nothing is asked of calls where each key 0 leads to an operator, whatever the hours."""
    looks = set[str]()
    for step in charter.plan.steps.values():
        if isinstance(step, Menu | Queue):
            ahead = [zero.to] if (zero := _zero(step)) else []
            looks |= set() if ahead or charter.waived("C15", step.name) else {step.name}
            for name in ahead:
                if isinstance(charter.plan.steps[name], AT_ONCE):
                    ahead += [str(exit.to) for exit in charter.reading.exits(name) if exit.to not in ahead]
                elif not isinstance(charter.plan.steps[name], Operator):
                    looks.add(name)
    for period, name in _staffed(charter).items() if looks else ():
        yield _Zero(charter, "C15", period, name, looks)


# C07


class _Voicemail(Automaton):
    """Of a call, for mailboxes of some hours: whether it was told that these are closed, was in a queue, came in while
    they were closed, and has read last that they are.
    """

    def __init__(self, charter: Charter, hours: Schedule | None, mailboxes: Iterable[str]) -> None:
        super().__init__(charter.reading, "C07", hours.name if hours else "", mailboxes)
        clock = charter.reading.clock
        self.hours, self.switched = hours, bool(hours and hours.switches)
        self.closed = clock.when(Condition(Period(hours), False)) if hours and not self.switched else ()
        self.opened = clock.when(Condition(Period(hours), True)) if hours else EVER
        grace = charter.plan.policy.mailbox_after_opening
        self.late = without(self.opened, joined((end, end + grace) for _, end in self.closed))

    def begin(self, place: Place) -> Iterable[tuple[State, Times]]:
        before = (False, False, True, False), (False, False, False, False)
        return (before[0], self.closed), (before[1], without(EVER, self.closed))

    def follow(self, state: State, step: Step, exit: Exit, to: Step) -> State | None:
        told, queued, began_closed, read_closed = state
        read = _switched(exit, self.hours)
        read_closed = read_closed if read is None or not self.switched else not read
        if isinstance(step, Play | Menu | Collect):
            told = told or any(_says(prompt, self.hours, opened=False) for prompt in surely(step, exit))
        queued = queued or (isinstance(step, Queue) and exit.outcome is not Outcome.CLOSING)
        return None if _last_resort(step, exit) else (told, queued, began_closed, read_closed)

    def bad(self, label: Label, step: Step, times: Times) -> str:
        if not isinstance(step, Mailbox) or step.closed != self.hours:
            return ""
        told, queued, began_closed, read_closed = label.state
        if step.closed is None or not step.greeting or not step.reader:
            return "it has no hours, greeting or reader"
        if queued or not told:
            return "callers were not told that it is closed, or come from a queue"
        late = meet(times, self.late if began_closed else self.opened)
        return "its hours can be open" if (not read_closed if self.switched else late) else ""


def _says(prompt: Prompt, hours: Schedule | None, *, opened: bool) -> bool:
    return prompt.says is not None and prompt.says.hours == hours and prompt.says.open is opened


def _voicemail(charter: Charter) -> Iterator[Automaton]:
    boxes: dict[Schedule | None, set[str]] = {}
    for step in charter.plan.steps.values():
        if isinstance(step, Mailbox) and not charter.waived("C07", step.name):
            boxes.setdefault(step.closed, set()).add(step.name)
    yield from (_Voicemail(charter, hours, names) for hours, names in boxes.items())


# C11 and C17

HAND_OFFS = Ring | Extensions | Queue | Bot


class _HandedOn(Automaton):
    """How often a call was handed on, until an operator's phones ring."""

    def begin(self, place: Place) -> Iterable[tuple[State, Times]]:
        return (((int(isinstance(self.reading.step(place), HAND_OFFS)),), EVER),)

    def follow(self, state: State, step: Step, exit: Exit, to: Step) -> State | None:
        if isinstance(step, Operator) and exit.outcome is not Outcome.UNSTAFFED:
            return None
        return (state[0] + isinstance(to, HAND_OFFS),)

    def bad(self, label: Label, step: Step, times: Times) -> str:
        return "a call is handed on once too often" if label.state[0] > self.reading.plan.policy.hand_offs else ""


def _handed_on(charter: Charter) -> Iterator[Automaton]:
    steps = charter.plan.steps.values()
    towards = {s.name for s in steps if isinstance(s, HAND_OFFS) and not charter.waived("C11", s.name)}
    yield _HandedOn(charter.reading, "C11", "", towards)


def _too_many_tries(charter: Charter, step: Step, _times: Times) -> str:
    """Of a menu to which no call returns."""
    if not isinstance(step, Menu | Collect) or charter.waived("C17", step.name):
        return ""
    return "C17: it asks too often" if step.tries > charter.plan.policy.tries else ""


class _Tries(Automaton):
    """The tries that a call has used up at one menu."""

    def __init__(self, reading: Reading, menu: str) -> None:
        super().__init__(reading, "C17", menu, (menu,))
        self.since, self.first = frozenset((menu,)), (0,)

    def follow(self, state: State, step: Step, exit: Exit, to: Step) -> State | None:
        return (state[0] + exit.missed * (step.name == self.about),)

    def bad_exit(self, label: Label, step: Step, exit: Exit) -> str:
        many = step.name == self.about and label.state[0] + exit.missed > self.reading.plan.policy.tries
        return "with all returns it asks too often" if many else ""


def _tries(charter: Charter) -> Iterator[Automaton]:
    for step in charter.plan.steps.values():
        if isinstance(step, Menu | Collect) and not charter.waived("C17", step.name):
            back = charter.reading.leading_to((step.name,))
            if any(exit.to in back for exit in charter.reading.exits(step.name)):
                yield _Tries(charter.reading, step.name)


# C12


class _Reading(Automaton):
    """What a call has read last of hours that a switch overrides: open, closed, or nothing."""

    def __init__(self, charter: Charter, hours: Schedule, towards: Iterable[str]) -> None:
        super().__init__(charter.reading, "C12", f"read {hours.name}", towards)
        self.hours = hours

    first = (None,)

    def follow(self, state: State, step: Step, exit: Exit, to: Step) -> State | None:
        read = _switched(exit, self.hours)
        return state if read is None else (read,)

    def bad(self, label: Label, step: Step, times: Times) -> str:
        for prompt in (each.prompt for each in begins(step) if meet(times, self.reading.clock.when(each.when))):
            if prompt.says and prompt.says.hours == self.hours and prompt.says.open is not label.state[0]:
                return f"`{prompt.name}` says what the call has not read"
        return ""


class _Told(Automaton):
    """Calls that have not been told that hours are closed."""

    def __init__(self, charter: Charter, hours: Hours, towards: Iterable[str]) -> None:
        super().__init__(charter.reading, "C12", f"told {hours.name}", towards)
        self.hours, clock = hours, charter.reading.clock
        week, real = (Condition(Period(each), True) for each in (_week(hours), hours))
        self.unusual = without(clock.when(week, rest=True), clock.when(real, rest=True))

    def follow(self, state: State, step: Step, exit: Exit, to: Step) -> State | None:
        return None if any(_says_closed(prompt, self.hours) for prompt in surely(step, exit)) else state

    def bad(self, label: Label, step: Step, times: Times) -> str:
        for each in begins(step):
            states = each.prompt.states_usual
            told = any(_says_closed(prompt, self.hours) for prompt in (each.prompt, *each.after))
            if states and states.hours == self.hours and not told:
                came = meet(times, self.reading.clock.when(each.when))
                if meet(spread(came, each.shortest, each.longest), self.unusual):
                    return f"`{each.prompt.name}` states hours that an exception closes"
        return ""


def _week(hours: Hours) -> Hours:
    return Hours(hours.name, hours.zone, hours.weekly)


def _says_closed(prompt: Prompt, hours: Hours) -> bool:
    said = prompt.says
    parts = said.hours.parts if said and isinstance(said.hours, Combination) else (said.hours,) if said else ()
    return said is not None and not said.open and hours in parts


def _untrue(charter: Charter, step: Step, times: Times) -> str:
    """Of prompts about hours that no switch overrides, and of the weeks that prompts state."""
    if charter.waived("C12", step.name):
        return ""
    clock = charter.reading.clock
    for each in begins(step):
        says, states = each.prompt.says, each.prompt.states_usual
        if states and _days(states.weekly) != _days(states.hours.weekly):
            return f"C12: `{each.prompt.name}` states another week than there is"
        if says and not says.hours.switches:
            wrong = without(clock.known, clock.when(Condition(Period(says.hours), says.open)))
            if meet(spread(meet(times, clock.when(each.when)), each.shortest, each.longest), wrong):
                return f"C12: `{each.prompt.name}` can be untrue"
    return ""


def _hours_told(charter: Charter) -> Iterator[Automaton]:
    read: dict[Schedule, set[str]] = {}
    told: dict[Hours, set[str]] = {}
    for step in charter.plan.steps.values():
        for prompt in (each.prompt for each in begins(step)) if not charter.waived("C12", step.name) else ():
            if prompt.says and prompt.says.hours.switches:
                read.setdefault(prompt.says.hours, set()).add(step.name)
            if prompt.states_usual:
                told.setdefault(prompt.states_usual.hours, set()).add(step.name)
    yield from (_Reading(charter, hours, steps) for hours, steps in read.items())
    yield from (_Told(charter, hours, steps) for hours, steps in told.items() if hours.exceptions)


def _days(weekly: Iterable[Iterable[Span]]) -> list[Times]:
    return [joined((span.start, span.end) for span in day) for day in weekly]


# C06 and C16


class _Measured(Amount):
    """An amount of a rule that can be waived."""

    def __init__(self, charter: Charter, automaton: Automaton, code: str, about: str) -> None:
        super().__init__(automaton, code, about)
        self.charter = charter

    def begins(self, line: Line) -> Times:
        return () if self.charter.waived(self.code, line.entry) else EVER


class _ToPeople(_Measured):
    """The seconds, keys or prompts of a call until people's phones ring, or a queue is joined."""

    def passages(self, step: Step, exit: Exit) -> Iterable[Passage]:
        for way in ways(step, exit):
            if self.about == "seconds":
                yield counted(way.shortest, way.longest, ends=way.comes)
            else:
                adds = way.prompts if self.about == "prompts" else 0 if way.comes else way.keys
                yield passed(way.shortest, way.longest, adds, ends=way.comes)


class _Waits(_Measured):
    """The seconds in rings and queues until an operator's phone rings."""

    def passages(self, step: Step, exit: Exit) -> Iterable[Passage]:
        first = step.seconds if isinstance(step, Queue) else 0
        match step:
            case Mailbox():
                return
            case Operator() if exit.outcome is not Outcome.UNSTAFFED:
                way = until_rung(step, exit)
                yield passed(way.shortest, way.longest, ends=way.comes)
            case Queue() if shut(exit):
                yield passed(0, 0)
            case Queue():
                if exit.longest >= first:
                    yield Passage(max(first, exit.shortest), exit.longest, first, exit.longest - first)
                if exit.outcome is Outcome.KEY and exit.stay is None and first:
                    yield passed(0, first - 1)
            case _:
                yield Passage(exit.shortest, exit.longest, exit.shortest * (not people(step)), people(step))


def people(step: Step) -> int:
    """The seconds in which phones of people may ring at a step that is no queue."""
    if isinstance(step, Extensions):
        return step.seconds
    return sum(stage.seconds for stage in step.stages if rings(stage)) if isinstance(step, Ring | Operator) else 0


class _Unoffered(Automaton):
    """Calls to which no call-back was offered, and how many seconds they may have waited, up to just over a minute."""

    def __init__(self, charter: Charter) -> None:
        super().__init__(charter.reading, "C06", "without a call-back")
        self.offering, self.first = _offering(charter), (0,)

    def follow(self, state: State, step: Step, exit: Exit, to: Step) -> State | None:
        if step.name in self.offering and state[0] <= MINUTE and not shut(exit):
            return None
        waits = max(0, exit.longest - step.seconds) * (not shut(exit)) if isinstance(step, Queue) else people(step)
        rung = isinstance(step, Operator) and exit.outcome is Outcome.UNSTAFFED
        return (min(state[0] + waits * (not rung), MINUTE + 1),)


def _offering(charter: Charter) -> set[str]:
    """The menus and queues with a key that leads to a call-back, whatever the hours."""
    steps = charter.plan.steps
    books = {name for name, step in steps.items() if isinstance(step, Callback)}
    before: set[str] = set()
    while before != books:
        before = set(books)
        for name, step in steps.items():
            if isinstance(step, ONWARD) and all(exit.to in books for exit in charter.reading.exits(name)):
                books.add(name)
    asks = (step for step in steps.values() if isinstance(step, Menu | Queue))
    return {step.name for step in asks if any(choice.to in books for choice in step.choices)}


def _to_people(charter: Charter) -> Iterator[tuple[Amount, int]]:
    policy = charter.plan.policy
    for about, most in (("seconds", policy.to_person), ("keys", policy.keys), ("prompts", policy.prompts)):
        yield _ToPeople(charter, charter.base, "C06", about), most
    if _offering(charter):
        yield _Waits(charter, _Unoffered(charter), "C06", "waits without a call-back"), policy.to_operator
        yield _Waits(charter, charter.base, "C06", "waits"), max(policy.with_callback, policy.to_operator)
    else:
        yield _Waits(charter, charter.base, "C06", "waits"), policy.to_operator


class _Silent(_Measured):
    """The seconds until people of those who press nothing while an operator's hours are open."""

    def __init__(self, charter: Charter, operator: str) -> None:
        super().__init__(charter, charter.base, "C16", operator)
        found = charter.plan.steps[operator]
        assert isinstance(found, Operator)
        self.hours = found.staffed.hours if found.staffed else None

    def begins(self, line: Line) -> Times:
        other = (line.operator or self.charter.plan.operator) != self.about
        if line.exempt or other or self.hours is None:
            return () if line.exempt or other else super().begins(line)
        opened = self.charter.reading.clock.when(Condition(Period(self.hours), True), rest=True)
        most = self.charter.plan.policy.doing_nothing
        return meet(super().begins(line), joined((start, end - most) for start, end in opened))

    def passages(self, step: Step, exit: Exit) -> Iterable[Passage]:
        when = exit.when
        if when and self.hours and when.holds and not when.open:
            hours = when.period.hours
            if hours == self.hours or set(hours.switches) & set(self.hours.switches):
                return
        for way in ways(step, exit) if not exit.pressed else ():
            yield counted(way.shortest, way.longest, ends=way.comes)


def _silent(charter: Charter) -> Iterator[tuple[Amount, int]]:
    operators = dict.fromkeys(line.operator or charter.plan.operator for line in charter.plan.lines if not line.exempt)
    yield from ((_Silent(charter, name), charter.plan.policy.doing_nothing) for name in operators)


def _whole(charter: Charter) -> Iterator[tuple[Amount, int | None]]:
    yield from ((_Whole(charter.base, "C01", about), None) for about in ("steps", "seconds"))


def _booked(charter: Charter) -> Iterator[Automaton]:
    playing = {
        step.name
        for step in charter.plan.steps.values()
        if not charter.waived("C14", step.name) and any(each.prompt.promises_call for each in begins(step))
    }
    yield Booked(charter.reading, "C14", "booked", playing)


def _promised(charter: Charter) -> Iterator[tuple[Amount, int]]:
    for prompt in charter.plan.prompts.values():
        if prompt.promises_wait:
            waived = functools.partial(charter.waived, "C14")
            yield Promise(charter.base, prompt.name, waived), prompt.promises_wait.seconds


_AUTOMATA: Mapping[str, Callable[[Charter], Iterator[Automaton]]] = {
    "C02": _without_a_person,
    "C03": _asked_twice,
    "C07": _voicemail,
    "C10": _ends,
    "C11": _handed_on,
    "C12": _hours_told,
    "C14": _booked,
    "C15": _zeros,
    "C17": _tries,
}
_AMOUNTS: Mapping[str, Callable[[Charter], Iterator[tuple[Amount, int | None]]]] = {
    "C01": _whole,
    "C06": _to_people,
    "C14": _promised,
    "C16": _silent,
}
