"""A verdict and a site to files for Asterisk, to be included beside what is there.

In: `Verified` or `Unproved`, and a `Site`. Out: fragments of extensions.conf, queues.conf, voicemail.conf and
cdr_custom.conf. The files are written by the templates in `backends/asterisk`, which an administrator can read; this
module spells what they need (numbers as a trunk delivers them, phones as they are dialled, hours as comparisons) and
says beforehand, as findings, what Asterisk or the site cannot do. Names made here are `dialc-PLAN` for what stays the
same from one compilation to the next, and begin with `dialc-PLAN-GENERATION` for what does not; `-` stands before the
name of a step and `.` before a context that steps share, so that no step can take the name of one.
"""

import functools
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, assert_never

import attrs

from dialc import assets, numbers
from dialc.calendar import calendar
from dialc.findings import Finding, in_order
from dialc.plan import (
    Again,
    Answer,
    Bound,
    Branch,
    Condition,
    Extension,
    HangUp,
    Hours,
    Mailbox,
    Menu,
    Operator,
    Outside,
    Period,
    Phone,
    Plan,
    Play,
    Prompt,
    Queue,
    Ring,
    Span,
    Stage,
    Step,
    Strategy,
    Unproved,
    Verified,
)
from dialc.site import Mailboxes, PhoneRange, Site
from dialc.source import Place

if TYPE_CHECKING:
    import jinja2

FILES = ("extensions.conf", "queues.conf", "voicemail.conf", "cdr_custom.conf")
"""The configuration files of Asterisk that a fragment is written for, in the order in which they are read about."""

LONGEST_CONTEXT = 79
"""Bytes of a context's name (AST_MAX_CONTEXT less its end); Asterisk cuts a longer one without a word."""

LONGEST_QUEUE = 79
"""Bytes of a queue's name (`char name[80]` in app_queue.c)."""

LONGEST_LIST = 1000
"""Bytes that the files of a menu or queue, joined by `&`, may take: an application's arguments end at 4095."""

LONGEST_TEXT = 200
"""Characters of a comment. A line of more than 8191 bytes would begin a new one."""

MOST_PHONES = 20
"""Phones of one stage: two devices each, at 90 bytes a registered address, stay below the 4095 of a variable."""

MESSAGES = 100
"""Messages that an emitted mailbox holds before it is full, Asterisk's own default for `maxmsg`."""

SHORTEST_MESSAGE = 2
"""Seconds below which an emitted mailbox keeps nothing: the beep and somebody hanging up are no message."""

EMPTY = "paused,unavailable,invalid"
"""When a member does not serve a queue. Not `inuse`: callers wait while everybody talks. Not `unknown`: analogue phones
never have another state."""

RETRY = 1
"""Seconds between two attempts of a queue, the fewest: 0 becomes Asterisk's default of 5."""

VERSIONS = range(16, 23)
"""The releases of Asterisk that the constructs used here exist in."""

STRATEGIES = {
    Strategy.RING_ALL: "ringall",
    Strategy.LONGEST_IDLE: "leastrecent",
    Strategy.ROUND_ROBIN: "rrmemory",
    Strategy.FEWEST_CALLS: "fewestcalls",
    Strategy.RANDOM: "random",
    Strategy.IN_ORDER: "linear",
}

RECORD = "start answer end src dst channel dstchannel duration billsec disposition uniqueid linkedid journey".split()
"""The fields of a line in the record of journeys."""


# The interface


def emit(verdict: Verified | Unproved, site: Site) -> dict[str, str]:
    """The files: name to text, the same for the same verdict and site.

    Raises `ValueError` for what `refusals` finds: it is never approximated.
    """
    refused = refusals(verdict.plan, site)
    if refused:
        raise ValueError(f"refused: {', '.join(sorted({finding.code for finding in refused}))}")
    view = _view(verdict, site)
    templates = _templates()
    return {
        f"dialc-{verdict.plan.name}.{file}": templates.get_template(f"{file}.j2").render(view) for file in FILES
    }


def paste(plan: Plan, site: Site) -> str:
    """The lines by which an administrator includes the files, as text to be shown."""
    stem = f"dialc-{plan.name}"
    rows = [
        "; extensions.conf (FreePBX: extensions_custom.conf)",
        f'#include "{stem}.extensions.conf"',
    ]
    if any(isinstance(step, Queue) for step in plan.steps.values()):
        rows += ["; queues.conf (FreePBX: queues_custom.conf)", f'#include "{stem}.queues.conf"']
    if site.mailboxes.emitted and any(isinstance(step, Mailbox) for step in plan.steps.values()):
        rows += ["; voicemail.conf", f'#include "{stem}.voicemail.conf"']
    rows += ["; cdr_custom.conf, below [mappings], for a file of all journeys", f'#include "{stem}.cdr_custom.conf"']
    if not site.enter:
        rows += [
            "; extensions.conf, in the context where the trunk's calls arrive (FreePBX: a Custom Destination",
            f"; {', '.join(f'{stem},{line.number},1' for line in plan.lines)})",
            f"include => {stem}",
        ]
    return "\n".join(rows) + "\n"


def refusals(plan: Plan, site: Site) -> tuple[Finding, ...]:
    """What Asterisk or the site cannot say of a plan, in order of place; nothing is ever approximated."""
    checks = (_target, _names, _texts, _lines, _prompts, _phones, _trunks, _mailboxes, _music, _hours)
    return in_order(tuple(finding for check in checks for finding in check(plan, site)))


# What cannot be said

_NAME = re.compile(r"[A-Za-z0-9_-]+")
_FILE = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_DIAL = re.compile(r"[A-Za-z0-9_./@:+=~*#{}-]+")
_DIGITS = re.compile(r"\+?[0-9]+")
_PIN = re.compile(r"[0-9]+")
_ZONE = re.compile(r"[A-Za-z0-9_+/-]+")
_RESERVED = ("general", "globals")


def _target(_: Plan, site: Site) -> Iterator[Finding]:
    if site.target != "asterisk" or site.version not in VERSIONS:
        yield Finding(
            "D401",
            f"the site is for {site.target} {site.version}, not for Asterisk {VERSIONS[0]} to {VERSIONS[-1]}",
            site.place,
            caller="nobody knows what this PBX would make of the files",
            help=f"write `site {site.name} for asterisk {VERSIONS[-1]}`",
        )


def _names(plan: Plan, site: Site) -> Iterator[Finding]:
    names = _Names(plan, site)
    for step in plan.steps.values():
        context = names.at(step.name)
        if len(context.encode()) > LONGEST_CONTEXT:
            yield _too_long(f"`{step.name}` in plan `{plan.name}` makes a context", context, LONGEST_CONTEXT, step.place)
        queue = f"{names.entry}-{step.name}"
        if isinstance(step, Queue) and len(queue.encode()) > LONGEST_QUEUE:
            yield _too_long(f"`{step.name}` in plan `{plan.name}` makes a queue", queue, LONGEST_QUEUE, step.place)
    for hours in _asked(plan):
        context = names.own(f"hours-{hours.name}")
        if len(context.encode()) > LONGEST_CONTEXT:
            yield _too_long(f"hours `{hours.name}` make a context", context, LONGEST_CONTEXT, hours.place)


def _too_long(what: str, name: str, most: int, place: Place) -> Finding:
    return Finding(
        "D402",
        f"{what} of {len(name.encode())} bytes",
        place,
        caller=f"Asterisk cuts names after {most} bytes, and two cut names can become one",
        help="shorten the name, or that of the plan",
    )


def _texts(plan: Plan, site: Site) -> Iterator[Finding]:
    """Words of the site that would be read as something else than a name."""
    boxes = site.mailboxes
    named: list[tuple[str, str, re.Pattern[str], Place]] = [
        *(("entry context", name, _NAME, site.place) for name in site.enter),
        ("voicemail context", boxes.context, _NAME, boxes.place),
        *(("music class", music, _NAME, site.place) for music in site.music.values()),
        *(("mailbox", box.number, _PIN, box.place) for box in boxes.boxes if boxes.emitted),
        *(("PIN of a mailbox", box.pin, _PIN, box.place) for box in boxes.boxes if boxes.emitted),
        *(("folder of sounds", site.sounds, _FILE, site.place) for _ in [0] if site.sounds),
        *(("dial string", phones.dial, _DIAL, phones.place) for phones in site.phones if phones.dial),
        *(("device", phones.state, _DIAL, phones.place) for phones in site.phones if phones.state),
        *(("dial string", trunk.dial, _DIAL, trunk.place) for trunk in site.trunks if trunk.name == site.outside),
        *(("zone", hours.zone, _ZONE, hours.place) for hours in plan.hours.values()),
    ]
    for what, text, allowed, place in named:
        if not allowed.fullmatch(text) or text in _RESERVED:
            yield Finding(
                "D403",
                f"Asterisk would not read `{text}` as a {what}",
                place,
                caller="the files would say something else than the plan",
                help=f"use only {_ALLOWED[allowed]}",
            )
    strings = [(p.dial, p.place) for p in site.phones if p.dial] + [(p.state, p.place) for p in site.phones if p.state]
    for text, place in strings + [(t.dial, t.place) for t in site.trunks if t.name == site.outside]:
        if text.count("{number}") != 1 or set(text.replace("{number}", "")) & set("{}"):
            yield Finding(
                "D404",
                f"`{text}` does not have exactly one place for the number",
                place,
                caller="a phone would be called that nobody meant",
                help="write `{number}` once, as in `PJSIP/{number}`",
            )


_ALLOWED = {
    _NAME: "letters, digits, `_` and `-`, and not `general` or `globals`",
    _FILE: "letters, digits, `_` and `-`, with `/` between folders",
    _DIAL: "letters, digits, `{number}` and the signs `_ . / @ : + = ~ * # -`",
    _PIN: "digits",
    _ZONE: "the name of a zone, such as `Europe/Warsaw`",
}


def _lines(plan: Plan, site: Site) -> Iterator[Finding]:
    delivered = {form for trunk in site.trunks for form in trunk.delivers}
    if not delivered:
        yield Finding(
            "D405",
            f"no trunk of the site `{site.name}` delivers a called number",
            site.place,
            caller="no call would reach the plan",
            help="say in a `trunk` how it `delivers` numbers",
        )
    taken: dict[str, str] = {}
    for line in plan.lines:
        for form in _forms(line.number, site):
            other = taken.setdefault(form, line.number)
            if other != line.number:
                yield Finding(
                    "D406",
                    f"{line.number} and {other} can both be delivered as `{form}`",
                    line.place,
                    caller="callers of one line would be taken for callers of the other",
                    help="name only the forms in which the trunk really delivers numbers",
                )


def _prompts(plan: Plan, _: Site) -> Iterator[Finding]:
    for prompt in plan.prompts.values():
        if not _FILE.fullmatch(prompt.file):
            yield Finding(
                "D407",
                f"Asterisk cannot play the file `{prompt.file}`",
                prompt.place,
                caller=f"callers would not hear `{prompt.name}`",
                help=f"use only {_ALLOWED[_FILE]}, and no suffix",
            )
    for step in plan.steps.values():
        if isinstance(step, Menu | Queue) and sum(len(p.file) + 1 for p in step.prompts) > LONGEST_LIST:
            yield Finding(
                "D408",
                f"the names of the prompts of `{step.name}` take more than {LONGEST_LIST} bytes together",
                step.place,
                caller="Asterisk would cut the list, and callers would not hear the last prompts",
                help="record them as one prompt, or shorten the names of the files",
            )


def _phones(plan: Plan, site: Site) -> Iterator[Finding]:
    for step, phone in _rung(plan):
        if isinstance(phone, Extension):
            reached = site.phone(phone.number)
            if reached is None:
                yield Finding(
                    "D409",
                    f"the site `{site.name}` does not say how `{phone.number}` is rung",
                    phone.place,
                    caller=f"at `{step.name}`, the phone {phone.number} would not ring",
                    help=f"add `phones {phone.number} dial contacts` to the site, or a range that it lies in",
                )
            elif isinstance(step, Queue) and not reached.state:
                yield Finding(
                    "D410",
                    f"the site `{site.name}` does not say what tells whether `{phone.number}` can be reached",
                    phone.place,
                    caller=f"the queue `{step.name}` would never be empty, and callers would wait for nobody",
                    help='add `state "PJSIP/{number}"`, or the device that tells it, to the `phones` of the site',
                )
        elif site.trunk(site.outside) is None:
            yield Finding(
                "D411",
                f"the site `{site.name}` has no trunk by which `{phone.number}` is reached",
                phone.place,
                caller=f"at `{step.name}`, the telephone {phone.number} would not ring",
                help="name one with `outside via`",
            )
    for name, stage in _stages(plan):
        if len(stage.phones) > MOST_PHONES:
            yield Finding(
                "D412",
                f"a stage of `{name}` rings {len(stage.phones)} phones together, more than {MOST_PHONES}",
                stage.place,
                caller="Asterisk would cut the list, and the last phones would not ring",
                help="ring them in two stages, or make them members of a queue",
            )


def _trunks(plan: Plan, site: Site) -> Iterator[Finding]:
    trunk = site.trunk(site.outside)
    if trunk is None or not any(isinstance(phone, Outside) for _, phone in _rung(plan)):
        return
    if trunk.show and not _DIGITS.fullmatch(trunk.show):
        yield Finding(
            "D403",
            f"Asterisk would not read `{trunk.show}` as a caller id",
            trunk.place,
            caller="outside telephones would show another number",
            help="write the number in full, such as `+48 22 123 45 67`",
        )


def _mailboxes(plan: Plan, site: Site) -> Iterator[Finding]:
    boxes = site.mailboxes
    known = {box.number for box in boxes.boxes}
    for step in plan.steps.values():
        if not isinstance(step, Mailbox):
            continue
        if boxes.emitted and step.box not in known:
            yield Finding(
                "D413",
                f"the site `{site.name}` does not say what the mailbox `{step.box}` is",
                step.place,
                caller=f"no message could be left at `{step.name}`",
                help=f'add `box {step.box} pin … "…"` to the mailboxes of the site',
            )
        elif not _PIN.fullmatch(step.box):
            yield Finding(
                "D403",
                f"Asterisk would not read `{step.box}` as a mailbox",
                step.place,
                caller=f"no message could be left at `{step.name}`",
                help="use only digits",
            )


def _music(plan: Plan, site: Site) -> Iterator[Finding]:
    for step in plan.steps.values():
        if isinstance(step, Queue) and site.music and step.music and step.music not in site.music:
            yield Finding(
                "D414",
                f"the site `{site.name}` does not say what music `{step.music}` is",
                step.place,
                caller=f"callers who wait in `{step.name}` would hear another music, or none",
                help=f"add `music {step.music} = default` to the site",
            )


def _hours(plan: Plan, site: Site) -> Iterator[Finding]:
    """Openings kept longer than they last: the files look at the hours now and `plus` seconds ago, nowhere between."""
    found = calendar(plan)
    for period in dict.fromkeys(step.staffed for step in plan.steps.values() if isinstance(step, Operator)):
        if period is None or not period.plus:
            continue
        opened = found.when(Condition(Period(period.hours), open=True))
        looked = opened | opened.later(period.plus, period.plus)
        if (found.when(Condition(period, open=True)) - looked) & found.validity:
            yield Finding(
                "D415",
                f"an opening of `{period.hours.name}` is shorter than the {period.plus} s it is kept longer",
                period.hours.place,
                caller="Asterisk would take it for closed in between",
                help="keep the hours longer by less, or write the longer hours out",
            )


# Names, and what of a plan is spelled


@attrs.frozen
class _Names:
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
        whole = f"{_version()} {_plan_digest(self.plan)} {_site_digest(self.site)}"
        return f"{self.entry}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"

    def at(self, step: str) -> str:
        """The context of a step."""
        return f"{self.generation}-{step}"

    def own(self, name: str) -> str:
        """A context that steps share."""
        return f"{self.generation}.{name}"


def _version() -> str:
    # The package that this module is part of was imported first; an import here would go upstairs.
    return str(vars(sys.modules["dialc"])["__version__"])


def _plan_digest(plan: Plan) -> str:
    """SHA-256 of the text of a plan, or of the plan itself where it was built in Python."""
    return plan.digest or hashlib.sha256(repr(plan).encode()).hexdigest()


def _site_digest(site: Site) -> str:
    return site.digest or hashlib.sha256(repr(site).encode()).hexdigest()


def _forms(number: str, site: Site) -> tuple[str, ...]:
    """Every form in which a trunk of the site can deliver a number, in the order in which the trunks name them."""
    forms = dict.fromkeys(form for trunk in site.trunks for form in trunk.delivers)
    return tuple(dict.fromkeys(written for form in forms for written in numbers.written_as(number, form)))


def _stages(plan: Plan) -> Iterator[tuple[str, Stage]]:
    for step in plan.steps.values():
        if isinstance(step, Ring | Operator):
            yield from ((step.name, stage) for stage in step.stages)


def _rung(plan: Plan) -> Iterator[tuple[Step, Phone]]:
    """Every phone that a step rings, step after step."""
    for step in plan.steps.values():
        if isinstance(step, Ring | Operator):
            yield from ((step, phone) for stage in step.stages for phone in stage.phones)
        elif isinstance(step, Queue):
            yield from ((step, member) for member in step.members)


def _messages(plan: Plan) -> tuple[Mailbox, ...]:
    return tuple(step for step in plan.steps.values() if isinstance(step, Mailbox))


def _asked(plan: Plan) -> tuple[Hours, ...]:
    """The hours that a step looks at."""
    branches = (step.hours for step in plan.steps.values() if isinstance(step, Branch))
    operators = (step.staffed.hours for step in plan.steps.values() if isinstance(step, Operator) and step.staffed)
    asked = {hours.name for hours in (*branches, *operators)}
    return tuple(hours for hours in plan.hours.values() if hours.name in asked)


# Spelling


@attrs.frozen
class _Line:
    """An inbound line: its number, where its callers enter, and the forms in which it can be delivered."""

    number: str
    entry: str
    forms: tuple[str, ...]


@attrs.frozen
class _Rule:
    """A comparison of date, day and time, and the answer, `open` or `closed`, where it holds."""

    test: str
    answer: str
    reason: str = ""


@attrs.frozen
class _Hours:
    """Hours as comparisons, of which the first that holds decides; closed if none does."""

    name: str
    zone: str
    rules: tuple[_Rule, ...]


@attrs.frozen
class _Dialled:
    """A phone and the dial string it is rung by; empty to ring every registered device of the endpoint of that name."""

    number: str
    dial: str
    confirm: bool = False
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
    unproved: tuple[Finding, ...]
    proved: tuple[str, ...]
    assumptions: tuple[str, ...]
    bound: Bound


def _head(verdict: Verified | Unproved, site: Site) -> _Head:
    head = functools.partial(_Head, _version(), _plan_digest(verdict.plan), _site_digest(site))
    match verdict:
        case Verified():
            return head((), verdict.proved, verdict.assumptions, verdict.bound)
        case Unproved():
            return head(verdict.findings, (), (), Bound(0, 0))
        case _:
            assert_never(verdict)


class _Spelling:
    """One plan at one site, as the templates ask for it."""

    def __init__(self, plan: Plan, site: Site) -> None:
        self.plan, self.site, self.names = plan, site, _Names(plan, site)

    def sound(self, file: str) -> str:
        """A sound file as the site keeps it."""
        return f"{self.site.sounds}/{file}" if self.site.sounds else file

    def dialled(self, phone: Phone) -> str:
        """What is added to the phones of a stage; empty where the registered devices are asked for."""
        match phone:
            case Outside():
                return f"Local/{phone.number}@{self.names.own('outside')}/n"
            case Extension():
                dial = self._range(phone.number).dial
                if dial and not _begins_with_number(dial):
                    return f"Local/{phone.number}@{self.names.own('phones')}/n"
                return dial.replace("{number}", phone.number)
            case _:
                assert_never(phone)

    def state(self, phone: Extension) -> str:
        """The device whose state tells whether a phone can be reached."""
        return self._range(phone.number).state.replace("{number}", phone.number)

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
        phones = (m for step in self.plan.steps.values() if isinstance(step, Queue) for m in step.members)
        return tuple(_Dialled(m, self._range(m).dial.replace("{number}", m)) for m in dict.fromkeys(p.number for p in phones))

    def odd_phones(self) -> tuple[_Dialled, ...]:
        """The phones rung in stages whose dial string does not begin with their number, each once."""
        inside = dict.fromkeys(p.number for _, s in _stages(self.plan) for p in s.phones if isinstance(p, Extension))
        dials = ((number, self._range(number).dial) for number in inside)
        return tuple(
            _Dialled(number, dial.replace("{number}", number))
            for number, dial in dials
            if dial and not _begins_with_number(dial)
        )

    def outside(self) -> tuple[_Dialled, ...]:
        """The telephones elsewhere, each once; one that any step wants confirmed is."""
        found = [phone for _, phone in _rung(self.plan) if isinstance(phone, Outside)]
        trunk = self.site.trunk(self.site.outside)
        if trunk is None:
            return ()
        return tuple(
            _Dialled(
                number,
                trunk.dial.replace("{number}", numbers.written_as(number, trunk.send)[0]),
                any(phone.confirm for phone in found if phone.number == number),
                trunk.show,
            )
            for number in dict.fromkeys(phone.number for phone in found)
        )

    def boxes(self) -> tuple[_Box, ...]:
        """The mailboxes that are written."""
        return tuple(
            _Box(box.number, box.pin, box.title, self._options(box.number))
            for box in self.site.mailboxes.boxes
            if self.site.mailboxes.emitted
        )

    def _options(self, number: str) -> tuple[str, ...]:
        longest = {step.longest for step in _messages(self.plan) if step.box == number}
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


def _spelled(hours: Hours) -> _Hours:
    """Hours as comparisons: single dates first, then ranges of dates, then the week."""
    rules: list[_Rule] = []
    for single in (True, False):
        ruling = [e for e in hours.exceptions if (e.first == e.last) is single]
        dates = {e: _dates(e.first.strftime("%Y%m%d"), e.last.strftime("%Y%m%d")) for e in ruling}
        closing = [e for e in ruling if not e.opens]
        opening = [e for e in ruling if e.opens and e.spans]
        rules += [_Rule(f"{dates[e]} & {_time(s)}", "closed", e.reason) for e in closing for s in e.spans]
        rules += [_Rule(f"{dates[e]} & {_time(s)}", "open", e.reason) for e in opening for s in e.spans]
        rules += [_Rule(dates[e], "closed", e.reason) for e in opening]
        rules += [_Rule(dates[e], "closed", e.reason) for e in closing if not e.spans]
    for first, last, spans in _runs(hours.weekly):
        rules += [_Rule(f"{_days(first, last)} & {_time(span)}", "open") for span in spans]
    return _Hours(hours.name, hours.zone, tuple(rules))


def _runs(weekly: Sequence[tuple[Span, ...]]) -> Iterator[tuple[int, int, tuple[Span, ...]]]:
    """Days in a row, Monday is 1, that are open at the same times."""
    first = 0
    for day in range(1, len(weekly) + 1):
        if day == len(weekly) or weekly[day] != weekly[first]:
            yield first + 1, day, weekly[first]
            first = day


def _dates(first: str, last: str) -> str:
    return f"${{date}} = {first}" if first == last else f"${{date}} >= {first} & ${{date}} <= {last}"


def _days(first: int, last: int) -> str:
    return f"${{day}} = {first}" if first == last else f"${{day}} >= {first} & ${{day}} <= {last}"


def _time(span: Span) -> str:
    return f"${{time}} >= {_clock(span.start)} & ${{time}} < {_clock(span.end)}"


def _clock(seconds: int) -> str:
    """A time of day as `%H%M%S` writes it; the end of the day is 240000, which no clock shows."""
    return f"{seconds // 3600:02}{seconds // 60 % 60:02}{seconds % 60:02}"


# Templates


def said(text: str) -> str:
    """Text that people wrote, for a comment: one line of visible characters that ends no comment and opens none."""
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text).replace(";", ",")
    return shown if len(shown) <= LONGEST_TEXT else f"{shown[:LONGEST_TEXT]}…"


def titled(text: str) -> str:
    """The name of a mailbox: letters, digits and a few signs that nothing in voicemail.conf takes for its own."""
    kept = "".join(c if c.isalnum() or c in "-_.'" else " " for c in text)
    return " ".join(kept.split())[:LONGEST_TEXT]


def kind(step: Step) -> str:
    """The macro that writes a step."""
    match step:
        case Answer():
            return "answer"
        case Play():
            return "play"
        case Branch():
            return "branch"
        case Menu():
            return "menu"
        case Ring():
            return "ring"
        case Queue():
            return "queue"
        case Mailbox():
            return "mailbox"
        case Again():
            return "again"
        case HangUp():
            return "hang_up"
        case Operator():
            return "operator"
        case _:
            assert_never(step)


def _view(verdict: Verified | Unproved, site: Site) -> dict[str, object]:
    """Everything that the templates name."""
    plan = verdict.plan
    spelling = _Spelling(plan, site)
    names = spelling.names
    return {
        "plan": plan,
        "site": site,
        "head": _head(verdict, site),
        "entry": names.entry,
        "generation": names.generation,
        "at": names.at,
        "own": names.own,
        "kind": kind,
        "lines": tuple(_Line(line.number, line.entry, _forms(line.number, site)) for line in plan.lines),
        "hours": tuple(_spelled(hours) for hours in _asked(plan)),
        "rings": any(True for _ in _stages(plan)),
        "queues": tuple(step for step in plan.steps.values() if isinstance(step, Queue)),
        "members": spelling.members(),
        "odd_phones": spelling.odd_phones(),
        "outside": spelling.outside(),
        "shows": any(phone.show for phone in spelling.outside()),
        "boxes": spelling.boxes(),
        "sound": spelling.sound,
        "dialled": spelling.dialled,
        "confirms": spelling.confirms,
        "state": spelling.state,
        "music": spelling.music,
        "strategy": spelling.strategy,
        "box": spelling.box,
        "room": spelling.room,
        "empty": EMPTY,
        "retry": RETRY,
        "fields": RECORD,
    }


@functools.cache
def _templates() -> "jinja2.Environment":
    """The templates in `backends/asterisk`."""
    import jinja2  # only what is proved and accepted by the site gets this far

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: assets.text(f"backends/asterisk/{name}")),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # configuration files; what people wrote passes through `said`
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"said": said, "titled": titled}
    return environment
