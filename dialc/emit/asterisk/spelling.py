"""A plan at a site, spelled as Asterisk has it: names, numbers, phones, hours, free text.

In: a verdict and a site that `refusals` found nothing against. Out: `view`, everything that the templates name. Names
are `dialc-PLAN` for what stays the same from one compilation to the next, and begin with `dialc-PLAN-GENERATION` for
what does not; `-` stands before the name of a step and `.` before a context that steps share, so that no step can take
the name of one.
"""

import datetime
import functools
import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import TypeVar, assert_never

import attrs

from dialc import numbers
from dialc.calendar import RANKS, named_dates
from dialc.called import Called, Numbers, Rest, Short
from dialc.callers import WITHHELD, Callers
from dialc.digits import Check, Digits, named
from dialc.emit.asterisk import callbacks
from dialc.emit.asterisk.entries import Entry, entries, patterns
from dialc.findings import Finding
from dialc.numbers import Dialling, Form
from dialc.plan import (
    SUPERVISOR_RINGS,
    Again,
    Answer,
    Bot,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Callback,
    Collect,
    Combination,
    End,
    Exit,
    Extension,
    Extensions,
    HangUp,
    Hours,
    Join,
    Label,
    Line,
    Lookup,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Outside,
    Period,
    Phone,
    Plan,
    Play,
    Position,
    Queue,
    Record,
    Ring,
    Schedule,
    Span,
    Stage,
    Step,
    Strategy,
    Switch,
    Unproved,
    Verified,
    combined,
)
from dialc.site import PhoneRange, Site
from dialc.version import VERSION

LONGEST_TEXT = 200
"""Characters of a comment or title. A line of more than 8191 bytes would begin a new one."""

MESSAGES = 100
"""Messages that an emitted mailbox holds before it is full, Asterisk's own default for `maxmsg`."""

SHORTEST_MESSAGE = 2
"""Seconds below which an emitted mailbox keeps nothing: the beep and somebody hanging up are no message."""

EMPTY = "paused,unavailable,invalid"
"""When a member does not serve a queue. Not `inuse`: callers wait while everybody talks. Not `unknown`: analogue phones
never have another state."""

RETRY = 1
"""Seconds between two attempts of a queue, the fewest: 0 becomes Asterisk's default of 5."""

SPOKEN = 15
"""Seconds that Asterisk takes at most to tell somebody a position and a wait, and to thank for patience."""

STRATEGIES = {
    Strategy.RING_ALL: "ringall",
    Strategy.LONGEST_IDLE: "leastrecent",
    Strategy.ROUND_ROBIN: "rrmemory",
    Strategy.FEWEST_CALLS: "fewestcalls",
    Strategy.RANDOM: "random",
    Strategy.IN_ORDER: "linear",
}

LONGEST_REPLY = 3900
"""Characters of what a service sends that are looked at, headers and all, encoded; a variable holds 4095."""

RECORD = ("start", "answer", "end", "src", "dstchannel", "disposition", "uniqueid", "linkedid")
"""The fields before the journey in a line of the record of journeys; from Asterisk 22 on, a line ends at 1023 bytes."""

JOURNEY = 510
"""Bytes of a journey that one variable of a call record is given: `CDR()` reads 511 of each."""

LONGEST_CALLED = 24
"""Characters that are kept of a number that only the default line takes."""

JOURNEYS = 4
"""Variables of a call record for the journey of a plan that was not proved, whose length nobody knows."""


_T = TypeVar("_T")


# Names


@attrs.frozen
class Names:
    """How contexts are called."""

    plan: Plan
    site: Site

    @property
    def entry(self) -> str:
        """The context of the lines, the same from one compilation to the next."""
        return f"dialc-{self.plan.name}"

    @property
    def generation(self) -> str:
        """The beginning of all names that belong to one compilation."""
        whole = f"{VERSION} {plan_digest(self.plan)} {site_digest(self.site)}"
        return f"{self.entry}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"

    def at(self, step: str) -> str:
        """The context of a step."""
        return f"{self.generation}-{step}"

    def own(self, name: str) -> str:
        """A context that steps share."""
        return f"{self.generation}.{name}"


def plan_digest(plan: Plan) -> str:
    """SHA-256 of the text of a plan, or of the plan itself where it was built in Python."""
    return plan.digest or hashlib.sha256(repr(plan).encode()).hexdigest()


def site_digest(site: Site) -> str:
    """The same of a site."""
    return site.digest or hashlib.sha256(repr(site).encode()).hexdigest()


# What of a plan is asked for more than once


def stages(plan: Plan) -> Iterator[tuple[str, Stage]]:
    """Every stage of phones, and the name of its step."""
    for step in plan.steps.values():
        if isinstance(step, Ring | Operator):
            yield from ((step.name, stage) for stage in step.stages)
        elif isinstance(step, Extensions):
            yield from ((step.name, Stage((phone,), step.seconds)) for phone in step.phones)


def supervised(plan: Plan) -> Iterator[tuple[Operator, Extension]]:
    """The operators whose phones can hand callers up, each with its supervisor."""
    for step in plan.steps.values():
        if isinstance(step, Operator) and step.supervisor is not None:
            yield step, step.supervisor


def rung(plan: Plan) -> Iterator[tuple[Step, Phone]]:
    """Every phone that a step rings, step after step."""
    for step in plan.steps.values():
        yield from ((step, phone) for phone in rung_by(step))


def rung_by(step: Step) -> Iterator[Phone]:
    """Every phone that one step rings, the supervisor of an operator last."""
    if isinstance(step, Ring | Operator):
        yield from (phone for stage in step.stages for phone in stage.phones)
    if isinstance(step, Operator) and step.supervisor is not None:
        yield step.supervisor
    if isinstance(step, Extensions):
        yield from step.phones
    if isinstance(step, Queue):
        yield from step.everybody
    if isinstance(step, Bot):
        yield step.phone


def mailboxes(plan: Plan) -> tuple[Mailbox, ...]:
    """The steps that take messages."""
    return tuple(step for step in plan.steps.values() if isinstance(step, Mailbox))


@attrs.frozen
class Signing:
    """A code that signs members in or out: the phones that it is for, each with the queues that it is for there."""

    code: str
    into: bool
    members: tuple[tuple[str, tuple[str, ...]], ...]


def signings(plan: Plan) -> tuple[Signing, ...]:
    """The codes by which members sign in and out, in the order written."""
    found: dict[tuple[str, bool], dict[str, list[str]]] = {}
    for step in plan.steps.values():
        if isinstance(step, Queue) and step.signing:
            for code, into in ((step.signing.into, True), (step.signing.out, False)):
                phones = found.setdefault((code, into), {})
                for member in step.signing.among:
                    phones.setdefault(member.number, []).append(step.name)
    return tuple(
        Signing(code, into, tuple((number, tuple(queues)) for number, queues in phones.items()))
        for (code, into), phones in found.items()
    )


def endpoint(phones: PhoneRange | None, number: str) -> str:
    """The PJSIP endpoint of a phone, by which the PBX knows who dials; empty where the site does not tell."""
    if phones is None:
        return ""
    named = (re.fullmatch(r"PJSIP/([^/@]+)([/@].*)?", written) for written in (phones.dial, phones.state))
    pattern = "{number}" if not phones.dial else next((name[1] for name in named if name), "")
    return pattern.replace("{number}", number)


def tiered(plan: Plan) -> bool:
    """Whether a queue has members who take part later than others."""
    return any(isinstance(step, Queue) and step.tiers for step in plan.steps.values())


def periods(plan: Plan) -> Iterator[Period]:
    """The periods that a step looks at: when an operator is staffed, and a queue that closes."""
    for step in plan.steps.values():
        if isinstance(step, Operator) or (isinstance(step, Queue) and step.closing):
            yield from (step.staffed,) if step.staffed else ()


def closings(plan: Plan) -> tuple[Schedule, ...]:
    """The hours with which a queue closes, each once."""
    queues = (step for step in plan.steps.values() if isinstance(step, Queue) and step.closing)
    return tuple(dict.fromkeys(queue.staffed.hours for queue in queues if queue.staffed))


def accepted(plan: Plan, kind: type[_T]) -> tuple[_T, ...]:
    """The sets of numbers, or the checks, that some collect accepts, each once."""
    found = (a.what for step in plan.steps.values() if isinstance(step, Collect) for a in step.accepts)
    return tuple(dict.fromkeys(what for what in found if isinstance(what, kind)))


def asked(plan: Plan) -> tuple[Schedule, ...]:
    """What steps look at, hours and combinations of them."""
    branches = (step.hours for step in plan.steps.values() if isinstance(step, Branch | ByException))
    placed = (step.hours for step in callbacks.called_back(plan))
    names = {schedule.name for schedule in (*branches, *placed, *(period.hours for period in periods(plan)))}
    return tuple(schedule for schedule in plan.hours.values() if schedule.name in names)


def blocks(plan: Plan) -> tuple[Hours, ...]:
    """The hours that steps look at, those that combinations are made of included."""
    names = {h.name for s in asked(plan) for h in (s.hours if isinstance(s, Combination) else (s,))}
    return tuple(hours for hours in plan.hours.values() if isinstance(hours, Hours) and hours.name in names)


def turned(plan: Plan) -> tuple[Switch, ...]:
    """The switches that steps look at, by themselves or by way of hours."""
    names = {step.switch.name for step in plan.steps.values() if isinstance(step, BySwitch)}
    names |= {switch.name for hours in blocks(plan) for switch in hours.switches}
    return tuple(switch for switch in plan.switches.values() if switch.name in names)


# Spelling


@attrs.frozen
class _Row:
    """Numbers that enter at one place: the pattern that matches them in E.164, and the phone that they dial, if any."""

    pattern: str
    number: str
    phone: str = ""


@attrs.frozen
class _Line:
    """An inbound line: its numbers, where its callers enter, and the forms in which it can be delivered."""

    numbers: Called
    entry: str
    entries: tuple[Entry, ...]
    rows: tuple[_Row, ...]
    operator: str
    refuses: tuple[str, ...]

    @property
    def is_default(self) -> bool:
        """Whether it takes what no other line does."""
        return isinstance(self.numbers, Rest)


def lines(plan: Plan, site: Site) -> tuple[_Line, ...]:
    """The lines of a plan, each with the numbers that no line of fewer numbers takes from it."""
    own = plan.called()
    return tuple(
        _Line(
            numbers,
            line.entry,
            _delivered(numbers, site),
            tuple(_rows(plan, line, numbers)),
            line.operator or plan.operator,
            tuple(callers.name for callers in line.refuses),
        )
        for line, numbers in zip(plan.lines, own, strict=True)
    )


@attrs.frozen
class _Callers:
    """A list of callers: what it is, and the extensions of its context that are on it and that are not."""

    name: str
    listed: tuple[str, ...]
    others: tuple[str, ...]


def listed(callers: Callers) -> _Callers:
    """A list of callers as extensions; Asterisk takes a number before a pattern, and the longest pattern."""
    found = (*sorted(callers.numbers), *(f"_{prefix}!" for prefix in sorted(callers.prefixes)))
    withheld, rest = (WITHHELD,), ("_+!",)
    return _Callers(
        callers.name,
        (*found, *(withheld if callers.withheld else ())),
        (*(() if callers.withheld else withheld), *rest),
    )


@attrs.frozen
class _Presented:
    """How the trunks of a site show who calls: the dialling plan of their country, in which forms of it, and the digits
    that stand for a withheld number; a word that is no number is one anyway.
    """

    dialling: Dialling
    national: bool
    e164: bool
    withheld: tuple[str, ...]


def presented(site: Site) -> _Presented:
    """Callers' numbers come in the forms in which the trunks deliver called ones."""
    country = next((trunk.country for trunk in site.trunks if trunk.country), "")
    forms = {form for trunk in site.trunks for form in trunk.delivers}
    national, e164 = Form.NATIONAL in forms and bool(country), Form.E164 in forms
    withheld = tuple(dict.fromkeys(trunk.withheld for trunk in site.trunks if trunk.withheld.isdecimal()))
    return _Presented(numbers.dialling(country), national, e164, withheld)


def _delivered(called: Called, site: Site) -> tuple[Entry, ...]:
    match called:
        case Numbers():
            return entries(called, site)
        case Short():
            return (Entry(called.first, called.first, called.first, called.first),)
        case Rest():
            return ()
        case _:
            assert_never(called)


def _rows(plan: Plan, line: Line, own: Called) -> Iterator[_Row]:
    entry = plan.steps[line.entry]
    if isinstance(entry, Extensions):
        yield from (_Row(number, number, line.phone(entry, number)) for number in own)
    elif isinstance(own, Numbers):
        yield from (_Row(row.pattern, row.number) for row in patterns(own))
    else:
        yield _Row(own.first, "${DIALC_CALLED}" if isinstance(own, Rest) else own.first)


@attrs.frozen
class Rule:
    """A comparison of date, day and time, and the answer, `open` or `closed`, where it holds."""

    test: str
    answer: str
    reason: str = ""


@attrs.frozen
class SpelledHours:
    """Hours as comparisons, of which the first that holds decides; closed if none does. `switch` overrides them."""

    name: str
    zone: str
    switch: str
    rules: tuple[Rule, ...]


@attrs.frozen
class SpelledCombination:
    """A comparison of what the hours say that it is made of, open where it holds."""

    name: str
    made_of: tuple[str, ...]
    test: str


@attrs.frozen
class SpelledPosition:
    """A position of a switch: its name, the state of its lamp, and the sounds that tell it."""

    name: str
    lamp: str
    sounds: str


@attrs.frozen
class SpelledSwitch:
    """A switch: its key in AstDB and the device of its lamp, how it starts, and when it goes back (`%H%M%S`, or empty).

    `turns` are its positions, each with the one that the code turns it to.
    """

    name: str
    code: str
    key: str
    device: str
    starts: str
    lamp: str
    zone: str
    back: str
    turns: tuple[tuple[SpelledPosition, SpelledPosition], ...]


@attrs.frozen
class _Dialled:
    """A phone and the dial string it is rung by; empty to ring every registered device of the endpoint of that name."""

    number: str
    dial: str
    show: str = ""


@attrs.frozen
class _Box:
    """A mailbox that is written, and its options."""

    number: str
    pin: str
    title: str
    options: tuple[str, ...]


@attrs.frozen
class _Head:
    """What the first lines of every file say."""

    version: str
    plan_digest: str
    site_digest: str
    verified: Verified | None
    findings: tuple[Finding, ...]


def _head(verdict: Verified | Unproved, site: Site) -> _Head:
    head = functools.partial(_Head, VERSION, plan_digest(verdict.plan), site_digest(site))
    match verdict:
        case Verified():
            return head(verdict, ())
        case Unproved():
            return head(None, verdict.findings)
        case _:
            assert_never(verdict)


class _Spelling:
    """One plan at one site, as the templates ask for it."""

    def __init__(self, plan: Plan, site: Site) -> None:
        self.plan, self.site, self.names = plan, site, Names(plan, site)

    def sound(self, file: str) -> str:
        """A sound file as the site keeps it."""
        return f"{self.site.sounds}/{file}" if self.site.sounds else file

    def dialled(self, phone: Phone) -> str:
        """What is added to the phones of a stage; empty where the registered devices are asked for."""
        match phone:
            case Outside():
                return f"Local/{phone.number}@{self.names.own('outside' if phone.confirm else 'unconfirmed')}/n"
            case Extension():
                dial = self._range(phone.number).dial
                if dial and not _begins_with_number(dial):
                    return f"Local/{phone.number}@{self.names.own('phones')}/n"
                return dial.replace("{number}", phone.number)
            case _:
                assert_never(phone)

    def machine(self, phone: Extension) -> str:
        """The dial string of a machine; empty where the registered devices are asked for.

        Never by way of a Local channel of these files: who hung up would not be known behind it.
        """
        return self._range(phone.number).dial.replace("{number}", phone.number)

    def among(self, name: str) -> str:
        """The context of a list of callers."""
        return self.names.own(f"callers-{[callers.name for callers in self.plan.asked].index(name) + 1}")

    def state(self, phone: Extension) -> str:
        """The device whose state tells whether a phone can be reached."""
        return self._range(phone.number).state.replace("{number}", phone.number)

    def endpoint(self, number: str) -> str:
        """The PJSIP endpoint of a phone."""
        return endpoint(self.site.phone(number), number)

    def device(self, number: str) -> str:
        """The device whose state tells whether a phone can be reached."""
        return self.state(Extension(number))

    def confirms(self, stage: Stage) -> bool:
        """Whether a phone of a stage can decline."""
        return any(isinstance(phone, Outside) and phone.confirm for phone in stage.phones)

    def music(self, queue: Queue) -> str:
        """The class of music on hold; `default` at a site that names none."""
        return self.site.music.get(queue.music, "default")

    def strategy(self, queue: Queue) -> str:
        """The queue's strategy in Asterisk's word."""
        return STRATEGIES[queue.strategy]

    def box(self, mailbox: Mailbox) -> str:
        """A mailbox with its voicemail context."""
        return f"{mailbox.box}@{self.site.mailboxes.context}"

    def address(self, lookup: Lookup) -> str:
        """The address that a lookup asks, up to where the first number is added."""
        url = self.site.services[lookup.service]
        return f"{url}{'' if url.endswith(('?', '&')) else '&' if '?' in url else '?'}"

    def room(self, _: Mailbox) -> int:
        """Messages after which a mailbox is full; 0 where its configuration is not ours to know."""
        return MESSAGES if self.site.mailboxes.emitted else 0

    def _range(self, number: str) -> PhoneRange:
        reached = self.site.phone(number)
        if reached is None:
            raise ValueError(f"the site does not say how {number} is rung")
        return reached

    def members(self) -> tuple[_Dialled, ...]:
        """The members of all queues, each once, in the order written."""
        phones = (m for step in self.plan.steps.values() if isinstance(step, Queue) for m in step.everybody)
        return tuple(
            _Dialled(m, self._range(m).dial.replace("{number}", m)) for m in dict.fromkeys(p.number for p in phones)
        )

    def odd_phones(self) -> tuple[_Dialled, ...]:
        """The phones rung in stages whose dial string does not begin with their number, each once."""
        inside = dict.fromkeys(
            p.number for s, p in rung(self.plan) if isinstance(p, Extension) and not isinstance(s, Queue | Bot)
        )
        dials = ((number, self._range(number).dial) for number in inside)
        return tuple(
            _Dialled(number, dial.replace("{number}", number))
            for number, dial in dials
            if dial and not _begins_with_number(dial)
        )

    def outside(self, *, confirm: bool) -> tuple[_Dialled, ...]:
        """The telephones elsewhere that are asked to confirm, or those that are not, each once."""
        found = (p.number for _, p in rung(self.plan) if isinstance(p, Outside) and p.confirm is confirm)
        trunk = self.site.trunk(self.site.outside)
        if trunk is None:
            return ()
        return tuple(
            _Dialled(number, trunk.dial.replace("{number}", numbers.written_as(number, trunk.send)[0]), trunk.show)
            for number in dict.fromkeys(found)
        )

    def boxes(self) -> tuple[_Box, ...]:
        """The mailboxes that are written."""
        return tuple(
            _Box(box.number, box.pin, box.title, self._options(box.number))
            for box in self.site.mailboxes.boxes
            if self.site.mailboxes.emitted
        )

    def _options(self, number: str) -> tuple[str, ...]:
        longest = {step.longest for step in mailboxes(self.plan) if step.box == number}
        return (
            *(f"maxsecs={seconds}" for seconds in longest),
            f"minsecs={SHORTEST_MESSAGE}",
            f"maxmsg={MESSAGES}",
            "review=no",
            "operator=no",
        )


def _begins_with_number(dial: str) -> bool:
    """Whether the number stands first behind the technology: then who answered can be told from what was dialled."""
    return re.fullmatch(r"[A-Za-z0-9]+/\{number\}([/@].*)?", dial) is not None


def spelled_language(code: str) -> str:
    """A language as Asterisk writes it, which cuts a region off at the underscore: `pt_BR`, then `pt`."""
    return code.replace("-", "_")


def spelled(hours: Hours) -> SpelledHours:
    """Hours as comparisons: the exceptions of the highest rank first, the week last."""
    rules: list[Rule] = []
    for rank in reversed(RANKS):
        ruling = [e for e in hours.exceptions if e.rank == rank]
        dates = {e: _dates(e.first, e.last) for e in ruling}
        closing = [e for e in ruling if not e.opens]
        opening = [e for e in ruling if e.opens and e.spans]
        rules += [Rule(f"{dates[e]} & {_time(s)}", "closed", e.reason) for e in closing for s in e.spans]
        rules += [Rule(f"{dates[e]} & {_time(s)}", "open", e.reason) for e in opening for s in e.spans]
        rules += [Rule(dates[e], "closed", e.reason) for e in opening]
        rules += [Rule(dates[e], "closed", e.reason) for e in closing if not e.spans]
    for first, last, spans in _runs(hours.weekly):
        rules += [Rule(f"{_days(first, last)} & {_time(span)}", "open") for span in spans]
    return SpelledHours(hours.name, hours.zone, hours.switch.name if hours.switch else "", tuple(rules))


def combination(schedule: Combination) -> SpelledCombination:
    """A combination as one comparison of `${h1}`, `${h2}` and so on, one for each of its hours."""
    numbers = {hours: number for number, hours in enumerate(schedule.hours, start=1)}
    test = combined(schedule, lambda hours: f'"${{h{numbers[hours]}}}" = "open"', _joined)
    return SpelledCombination(schedule.name, tuple(hours.name for hours in schedule.hours), test)


def _joined(join: Join, one: str, other: str) -> str:
    match join:
        case Join.OR:
            return f"({one} | {other})"
        case Join.AND:
            return f"({one} & {other})"
        case Join.BUT_NOT:
            return f"({one} & !({other}))"
        case _:
            assert_never(join)


def dates_named(step: ByException) -> tuple[str, ...]:
    """Comparisons of `${DIALC_DATE}`, one of which holds on each date that the exception has a say about."""
    dates = named_dates(step.hours, step.exception)
    firsts = [date for date in dates if date - datetime.timedelta(days=1) not in dates]
    lasts = [date for date in dates if date + datetime.timedelta(days=1) not in dates]
    return tuple(_dates(first, last, "DIALC_DATE") for first, last in zip(firsts, lasts, strict=True))


_LAMPS = {
    Position.AUTO: "NOT_INUSE",
    Position.OFF: "NOT_INUSE",
    Position.CLOSED: "INUSE",
    Position.ON: "INUSE",
    Position.OPEN: "RINGING",
}
"""The state of the device that a lamp watches: dark, lit, flashing."""


def spelled_switch(plan: Plan, switch: Switch) -> SpelledSwitch:
    """A switch, where its position is kept, and what its code does at each."""
    places = [
        SpelledPosition(position.value, _LAMPS[position], "&".join(["beep"] * beeps))
        for beeps, position in enumerate(switch.positions, start=1)
    ]
    key = f"dialc-{plan.name}"
    block, letter, _ = switch.name.partition("-")
    kept = f"{block}-{switch.code[1:]}" if letter else switch.name  # letters change as a plan comes to use more of them
    return SpelledSwitch(
        switch.name,
        switch.code,
        f"{key}/{kept}",
        f"Custom:{key}-{kept}",
        switch.starts.value,
        _LAMPS[switch.starts],
        switch.zone,
        "" if switch.back is None else _clock(switch.back),
        tuple(zip(places, (*places[1:], places[0]), strict=True)),
    )


def _runs(weekly: Sequence[tuple[Span, ...]]) -> Iterator[tuple[int, int, tuple[Span, ...]]]:
    """Days in a row, Monday is 1, that are open at the same times."""
    first = 0
    for day in range(1, len(weekly) + 1):
        if day == len(weekly) or weekly[day] != weekly[first]:
            yield first + 1, day, weekly[first]
            first = day


def _dates(first: datetime.date, last: datetime.date, variable: str = "date") -> str:
    since, until, date = f"{first:%Y%m%d}", f"{last:%Y%m%d}", f"${{{variable}}}"
    return f"{date} = {since}" if first == last else f"{date} >= {since} & {date} <= {until}"


def _days(first: int, last: int) -> str:
    return f"${{day}} = {first}" if first == last else f"${{day}} >= {first} & ${{day}} <= {last}"


def _time(span: Span) -> str:
    return f"${{time}} >= {_clock(span.start)} & ${{time}} < {_clock(span.end)}"


def _clock(seconds: int) -> str:
    """A time of day as `%H%M%S` writes it; the end of the day is 240000, which no clock shows."""
    return f"{seconds // 3600:02}{seconds // 60 % 60:02}{seconds % 60:02}"


def _granted(plan: Plan, site: Site) -> Iterator[str]:
    """What is taken for granted of the PBX, a line each."""
    boxes = mailboxes(plan)
    queues = [step for step in plan.steps.values() if isinstance(step, Queue)]
    folder = f" in {site.sounds}" if site.sounds else ""
    if len(plan.languages) == 1:
        yield f"The sound files of the prompts are there{folder}."
    else:
        below = [f"{spelled_language(code)}/{site.sounds}".rstrip("/") for code in (*plan.languages, "en")]
        yield f"The sound files of the prompts are there, below Asterisk's folder of sounds in {', '.join(below[:-1])}."
        yield f"What is missing in one of these is looked for in {site.sounds or 'that folder'}, then in {below[-1]}."
    if any(isinstance(phone, Outside) and phone.confirm for _, phone in rung(plan)):
        yield f"So is dialc-confirm{folder}, which asks whoever answers to press 1; without it they hear nothing."
    if boxes or any(queue.announce for queue in queues):
        spoken = ", ".join(plan.languages)
        which = "language" if len(plan.languages) == 1 else "languages"
        yield f"Asterisk's own sounds are there in the {which} {spoken}."
    for queue in queues:
        if queue.announce and (queue.closing or 0 < queue.patience % queue.announce.every < SPOKEN):
            yield (
                f"Whom {queue.name} tells something as patience ends or it closes hears that out, and leaves it behind "
                "that: some seconds later than the plan says."
            )
    if signings(plan):
        yield "queues.conf says persistentmembers = yes in [general]: who signed in is a member after a restart, too."
        yield "Its sounds agent-loginok, agent-loggedoff and beeperr are there, for those who sign in and out."
    if not site.mailboxes.emitted:
        for step in boxes:
            yield (
                f"The mailbox {step.box} of the context {site.mailboxes.context} ends a message after {step.longest} s "
                "at most (maxsecs), and has neither review nor operator."
            )
    if turned(plan):
        yield "func_db and func_devstate are loaded: switches are kept in Asterisk's database, and survive a restart."
        yield "Its sound beep is there: one tells the first position of a switch, two the second, three the third."
    if any(isinstance(step, Record) for step in plan.steps.values()):
        yield "The module app_mixmonitor is loaded. Recordings are named by when a call began and its unique id, as in"
        yield "20261124T091500U179550810012.wav, in Asterisk's folder monitor, and are yours to guard and to delete."
    if any(isinstance(step, Lookup) for step in plan.steps.values()):
        yield "The modules res_curl and func_curl are loaded. Services answer with status 200 and one word as plain"
        yield f"text, behind {LONGEST_REPLY // 2} bytes of headers at most. The log has the address of one that fails."
    for bot in plan.steps.values():
        if isinstance(bot, Bot):
            yield f"The machine at {bot.phone.number} answers within {bot.ring} s, and hangs up when it is done."
    if plan.asked:
        shown = presented(site)
        yield "The trunks show callers' numbers in the forms in which they deliver called ones."
        if shown.national and shown.e164:
            lengths = " or ".join(map(str, shown.dialling.lengths))
            code, full = shown.dialling.code, shown.dialling.full
            unless = f", unless they begin with {code} and are {full} or more" if full else ""
            yield f"Of these, {lengths} digits are a number of the country itself (+{code}){unless}."
    if callbacks.called_back(plan):
        yield (
            "The modules app_originate, func_db, func_dialplan, func_env, func_lock, func_module, func_uri and "
            "pbx_spool are loaded, as they are by default, and Asterisk can write to outgoing in its spool folder."
        )
        yield (
            f"While call-backs are booked, a call file rings every {callbacks.TICK} s; each time, pbx_spool notes in "
            "the log that a call failed to go through."
        )
    if any(True for _ in supervised(plan)):
        yield "Phones hand callers up by a blind transfer (REFER), and allow_transfer is not set to no for any of them."
        yield "The modules app_channelredirect, app_playtones and res_pjsip_refer are loaded, as they are by default."
    if _rings_unanswered(plan):
        yield "cdr.conf says unanswered = yes: a call that the plan never took would leave no journey otherwise."


def _rings_unanswered(plan: Plan) -> bool:
    """Whether a call can ring phones, wait or end before the plan has taken it."""
    if any(line.refuses for line in plan.lines):
        return True
    ahead = [line.entry for line in plan.lines]
    seen = set(ahead)
    while ahead:
        step = plan.steps[ahead.pop()]
        match step:
            case Ring() | Extensions() | Lookup() | HangUp():
                return True
            case Operator():
                if isinstance(step.items[0], Stage):
                    return True
                following = {step.unstaffed} - seen if step.staffed else set()
            case Label():
                following = {step.then} - seen
            case Branch():
                following = {step.opened, step.closed} - seen
            case ByException():
                following = {step.then, step.otherwise} - seen
            case BySwitch():
                following = {step.on, step.off} - seen
            case ByCaller():
                following = {step.listed, step.others} - seen
            case ByLine():
                following = set(step.operators) - seen
            case Again():
                following = {step.target, step.used_up} - seen
            case Callback():
                following = {step.booked, step.no_number, step.failed} - seen
            case Answer() | Play() | Record() | Menu() | Collect() | Queue() | Mailbox() | Bot():
                following = set()
            case _:
                assert_never(step)
        seen |= following
        ahead.extend(following)
    return False


def kind(step: Step) -> str:
    """The macro that writes a step."""
    match step:
        case Answer():
            return "answer"
        case Play():
            return "play"
        case Label():
            return "label"
        case Record():
            return "record"
        case Branch():
            return "branch"
        case ByException():
            return "by_exception"
        case BySwitch():
            return "by_switch"
        case ByCaller():
            return "by_caller"
        case ByLine():
            return "by_line"
        case Menu():
            return "menu"
        case Collect():
            return "collect"
        case Ring():
            return "ring"
        case Extensions():
            return "extensions"
        case Queue():
            return "queue"
        case Mailbox():
            return "mailbox"
        case Bot():
            return "bot"
        case Lookup():
            return "lookup"
        case Callback():
            return "callback"
        case Again():
            return "again"
        case HangUp():
            return "hang_up"
        case Operator():
            return "operator"
        case _:
            assert_never(step)


@attrs.frozen
class _Part:
    """A variable of the call record, and the part of the journey that it holds, as Asterisk cuts a variable."""

    name: str
    cut: str


def _parts(verdict: Verified | Unproved) -> tuple[_Part, ...]:
    """The variables for the longest journey that a call can have: `journey`, and if need be `journey2` and so on."""
    match verdict:
        case Verified(plan):
            called = max(LONGEST_CALLED if isinstance(c, Rest) else len(c.first) for c in plan.called())
            number = -(-(called + _passed(verdict) + len(" 86400:caller-hung-up")) // JOURNEY)
        case Unproved():
            number = JOURNEYS
        case _:
            assert_never(verdict)
    if number == 1:
        return (_Part("journey", ""),)
    names = ("journey", *(f"journey{n}" for n in range(2, number + 1)))
    return tuple(_Part(name, f":{JOURNEY * n}:{JOURNEY}") for n, name in enumerate(names))


def _passed(verdict: Verified) -> int:
    """Bytes that all that a call passes adds to its journey at most."""
    steps, ranks = verdict.plan.steps, verdict.ranks
    handed = list(supervised(verdict.plan))
    time = len(" 86400:") if handed else len(f" {verdict.bound.seconds}:")  # people talk before they hand a caller up
    up = max((_handed(operator, time) for operator, _ in handed), default=0)
    longest: dict[str, int] = {}
    for name in sorted(steps, key=ranks.__getitem__):
        exits = [(exit, exit.to) for exit in steps[name].exits()]
        if any(not isinstance(to, End) and ranks[to] >= ranks[name] for _, to in exits):
            # Callers come back, or only the hours forbid it; those who are handed up in vain may pass as much again.
            most = max(
                time + len(step.name) + _left(step, exit, time) for step in steps.values() for exit in step.exits()
            )
            return (1 + bool(handed)) * verdict.bound.steps * most + up
        onward = (_left(steps[name], exit, time) + (0 if isinstance(to, End) else longest[to]) for exit, to in exits)
        longest[name] = time + len(name) + max(onward)
    return max(longest.values()) + up


def _left(step: Step, exit: Exit, time: int) -> int:
    """Bytes that leaving a step by an exit adds to a journey at most."""
    answered = exit.outcome is Outcome.ANSWERED or exit.outcome is Outcome.UNCONFIRMED
    who = (f"answered/{phone.number}" for phone in (rung_by(step) if answered else ()))
    return time + len(f"{step.name}={max((exit.label, *who), key=len)}")


def _handed(operator: Operator, time: int) -> int:
    """Bytes that handing a caller up adds to a journey at most: the one who answered before, the way up and back."""
    points = ("handed-up", "handed-back", max((f"answered/{phone.number}" for phone in rung_by(operator)), key=len))
    return sum(time + len(f"{operator.name}={point}") for point in points)


def view(verdict: Verified | Unproved, site: Site) -> dict[str, object]:
    """Everything that the templates name."""
    plan = verdict.plan
    spelling = _Spelling(plan, site)
    names = spelling.names
    booked = callbacks.bookings(plan, site, names.entry)
    return {
        "plan": plan,
        "site": site,
        "joined": (*site.enter, *(site.codes if turned(plan) else ())),
        "head": _head(verdict, site),
        "entry": names.entry,
        "generation": names.generation,
        "at": names.at,
        "own": names.own,
        "kind": kind,
        "lines": lines(plan, site),
        "hours": tuple(spelled(hours) for hours in blocks(plan)),
        "combinations": tuple(combination(s) for s in asked(plan) if isinstance(s, Combination)),
        "switches": tuple(spelled_switch(plan, switch) for switch in turned(plan)),
        "dates_named": dates_named,
        "lists": tuple(listed(callers) for callers in plan.asked),
        "among": spelling.among,
        "presented": presented(site),
        "longest_called": LONGEST_CALLED,
        "refuses": any(line.refuses for line in plan.lines),
        "operators": tuple(step for step in plan.steps.values() if isinstance(step, Operator)),
        "sets": accepted(plan, Digits),
        "checks": tuple(check.value for check in accepted(plan, Check)),
        "named": named,
        "rings": any(True for _ in stages(plan)),
        "supervised": any(True for _ in supervised(plan)),
        "supervisor_rings": SUPERVISOR_RINGS,
        "bots": any(isinstance(step, Bot) for step in plan.steps.values()),
        "records": any(isinstance(step, Record) for step in plan.steps.values()),
        "queues": tuple(step for step in plan.steps.values() if isinstance(step, Queue)),
        "members": spelling.members(),
        "closings": closings(plan),
        "signings": signings(plan),
        "endpoint": spelling.endpoint,
        "device": spelling.device,
        "labels": any(isinstance(step, Label) for step in plan.steps.values()),
        "odd_phones": spelling.odd_phones(),
        "outside": spelling.outside(confirm=True),
        "unconfirmed": spelling.outside(confirm=False),
        "granted": tuple(_granted(plan, site)),
        "boxes": spelling.boxes(),
        "bookings": booked,
        "booking": lambda step: next(each for each in booked if each.name == step.name),
        "callable": callbacks.callable_rows(plan, site) if booked else (),
        "ambiguous": callbacks.ambiguous(plan, site) if booked else (),
        "sent": callbacks.sent_rows(plan, site) if booked else (),
        "tick": callbacks.TICK,
        "retries": callbacks.RETRIES,
        "spacing": callbacks.SPACING,
        "tries": callbacks.TRIES,
        "slack": callbacks.SLACK,
        "farewell": callbacks.FAREWELL,
        "ring": callbacks.RING,
        "minute": f"DIALC_MINUTE_{plan.name}".replace("-", "_"),
        "sound": spelling.sound,
        "language": spelled_language,
        "dialled": spelling.dialled,
        "machine": spelling.machine,
        "confirms": spelling.confirms,
        "state": spelling.state,
        "music": spelling.music,
        "strategy": spelling.strategy,
        "box": spelling.box,
        "room": spelling.room,
        "address": spelling.address,
        "lookups": any(isinstance(step, Lookup) for step in plan.steps.values()),
        "longest_reply": LONGEST_REPLY,
        "empty": EMPTY,
        "retry": RETRY,
        "parts": _parts(verdict),
        "fields": (*RECORD, *(part.name for part in _parts(verdict))),
    }


# Text that people wrote


def said(text: str) -> str:
    """Text that people wrote, for a comment: one line of visible characters, which opens no longer comment (`;--`)."""
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text).replace(";-", "; -")
    return shown if len(shown) <= LONGEST_TEXT else f"{shown[:LONGEST_TEXT]}…"


def titled(text: str) -> str:
    """The name of a mailbox: letters, digits and a few signs that nothing in voicemail.conf takes for its own."""
    kept = "".join(c if c.isalnum() or c in "-_.'" else " " for c in text)
    return " ".join(kept.split())[:LONGEST_TEXT]
