"""A plan at a site, spelled as a 3CX has it: numbers, names, files, rules.

In: an unrolled plan and a site. Out: `spelled`, the `Tenant` of objects with their numbers, or what the site has no
room for; and `view`, everything that the templates name. Numbers are given out in the order of the plan, so that the
same plan gets the same ones; a step more moves those behind it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from dialc import numbers
from dialc.called import Called, Numbers, Rest, Short
from dialc.emit.c20_every_call_is_documented import ANSWERED, points
from dialc.emit.threecx import confirmed
from dialc.emit.threecx.objects import (
    Audio,
    Box,
    Destination,
    Greeting,
    Kind,
    Link,
    Over,
    Passage,
    Queue,
    Receptionist,
    RingGroup,
    Rule,
    Spot,
    Target,
    Tenant,
)
from dialc.emit.threecx.refusals import POLLING
from dialc.emit.threecx.unrolling import Entry, Unrolled
from dialc.findings import Finding, Note
from dialc.numbers import Form
from dialc.plan import (
    SUPERVISOR_RINGS,
    Extensions,
    Mailbox,
    Menu,
    Operator,
    Plan,
    Prompt,
    Ring,
    Step,
    Unproved,
    Verified,
)
from dialc.plan import Queue as QueueStep
from dialc.reach.circles import components
from dialc.site import Site, Trunk
from dialc.source import Place
from dialc.version import VERSION

MOST_NUMBERS = 100
"""Numbers of one line: each gets a rule for each form in which a trunk delivers it."""

LONGEST_TEXT = 200
"""Characters that are kept of a text that somebody wrote."""

STAFF = "staff"
PERSON = "a person"
END = "end"
NEVER = "never"
"""What stands in a passage where no number does."""


def spelled(plan: Plan, site: Site, found: Unrolled) -> tuple[Tenant | None, tuple[Finding, ...]]:
    """The objects with their numbers; None where findings tell why there are none."""
    work = _Spelling(plan, site, found)
    tenant = work.tenant()
    return (None if work.findings else tenant), tuple(work.findings)


class _Spelling:
    """One plan at one site; what has no room gathers in `findings`."""

    def __init__(self, plan: Plan, site: Site, found: Unrolled) -> None:
        self.plan, self.site, self.found = plan, site, found
        self.findings: list[Finding] = []
        order = {name: index for index, name in enumerate(plan.steps)}
        self._spots = sorted(
            found.links,
            key=lambda s: (order[s.step], s.used, s.operator, s.phone, s.turn == 0, s.turn, s.pressed),
        )
        first, last = site.numbers or (0, -1)
        free = last - first + 1
        if len(self._spots) > free:
            self.findings.append(
                Finding(
                    "D478",
                    f"the plan needs {len(self._spots)} numbers, and `{site.name}` has {free} free",
                    site.place,
                    caller="would come to something without a number, which is nowhere",
                    help=f"let `numbers` be {len(self._spots)} of them",
                )
            )
        self._numbers = {spot: str(first + index) for index, spot in enumerate(self._spots)}

    def tenant(self) -> Tenant:
        """All of it."""
        rules = tuple(self._rules())
        graph = {s: [link.to for link in self.found.links[s] if isinstance(link.to, Spot)] for s in self._spots}
        ordered = [spot for component in components(graph) for spot in component]
        dated = (entry.kept.holidays for entry in self.found.entries if entry.kept)
        return Tenant(
            tuple(rule for rule, _ in rules),
            tuple(self._object(spot) for spot in ordered),
            next(filter(None, dated), ()),
            tuple(self._audio()),
            tuple(self._greetings()),
            tuple(dict.fromkeys((*self._passages(rules), *self._never(rules)))),
            tuple(self._supervisors()),
            self.found.zone,
        )

    # Rules

    def _rules(self) -> Iterator[tuple[Rule, Entry]]:
        entries = {(entry.line, entry.phone): entry for entry in self.found.entries}
        taken: dict[tuple[str, str], tuple[int, str]] = {}
        for index, (line, own) in enumerate(zip(self.plan.lines, self.plan.called(), strict=True)):
            if own.size > MOST_NUMBERS:
                message = f"the line has {own.size} numbers, each of which needs rules of its own"
                help = f"divide it into lines of at most {MOST_NUMBERS} numbers, or take `line default`"
                self._lines(line.place, message, help)
                continue
            row = self.plan.steps[line.entry]
            made = 0
            for number in own:
                phone = line.phone(row, number) if isinstance(row, Extensions) else ""
                for trunk in self.site.trunks:
                    for did in _delivered(own, number, trunk):
                        made += 1
                        other, its = taken.setdefault((trunk.name, did), (index, number))
                        if its != number:
                            note = Note(self.plan.lines[other].place, "the other line")
                            message = f"{its} and {number} can both be delivered as `{did}`"
                            self._lines(line.place, message, "name only forms in which the trunk `delivers`", note)
                            continue
                        yield self._rule(did, trunk, entries[index, phone]), entries[index, phone]
            if not made and own:
                message = f"no trunk of the site `{self.site.name}` delivers calls to {own}"
                self._lines(line.place, message, "write in the site in which forms a trunk `delivers` called numbers")

    def _lines(self, place: Place, message: str, help: str, *notes: Note) -> None:
        caller = "would come to another line, or to none"
        self.findings.append(Finding("D480", message, place, caller, notes=notes, help=help))

    def _rule(self, did: str, trunk: Trunk, entry: Entry) -> Rule:
        name = f"{self.plan.name} {did or 'default'}"
        if entry.kept is None:
            target = self._target(entry.link.to)
            return Rule(name, trunk.extension, did, None, False, target, target, target)
        return Rule(
            name,
            trunk.extension,
            did,
            entry.kept.periods,
            bool(entry.kept.holidays),
            self._target(entry.kept.office.to),
            self._target(entry.kept.closed.to),
            self._target(entry.kept.holiday.to),
        )

    # Objects

    def _target(self, to: Destination) -> Target:
        match to:
            case Spot():
                return Target(to.kind, self._numbers[to])
            case Box():
                return Target(Kind.VOICEMAIL, to.number)
            case Over():
                return Target(Kind.END)
            case _:
                assert_never(to)

    def _object(self, spot: Spot) -> Receptionist | RingGroup | Queue:
        step, number, name = self.plan.steps[spot.step], self._numbers[spot], self._name(spot)
        links = {link.way: self._target(link.to) for link in self.found.links[spot]}
        match step:
            case Menu():
                keys = tuple((key, links[key]) for key in sorted(links.keys() - {"silence", "invalid"}))
                prompt = self._file(step.prompts)
                return Receptionist(number, name, prompt, step.wait, keys, links["silence"], links["invalid"])
            case QueueStep():
                return self._queue(step, number, name, links["unanswered"])
            case Operator() if spot.turn == 0:
                assert step.supervisor is not None
                return RingGroup(number, name, (step.supervisor.number,), SUPERVISOR_RINGS, links["unanswered"])
            case Operator() | Ring():
                stage = step.stages[spot.turn - 1]
                members = tuple(dict.fromkeys(phone.number for phone in stage.phones))
                return RingGroup(number, name, members, stage.seconds, links["unanswered"])
            case Extensions():
                return RingGroup(number, name, (spot.phone,), step.seconds, links["unanswered"])
            case _:
                raise AssertionError(f"{spot.step} is no object")

    def _queue(self, step: QueueStep, number: str, name: str, unanswered: Target) -> Queue:
        told = step.announce
        return Queue(
            number,
            name,
            tuple(dict.fromkeys(member.number for member in step.everybody)),
            POLLING[step.strategy],
            step.ring,
            step.wrap_up,
            step.patience,
            step.room,
            self._file(step.prompts) if step.prompts else "",
            f"{self.site.music[step.music]}.wav" if step.music else "",
            told.every if told else 0,
            bool(told and told.position),
            bool(told and told.wait),
            unanswered,
        )

    def _name(self, spot: Spot) -> str:
        """What the console shows: the step, and which of several objects of it this is."""
        step = self.plan.steps[spot.step]
        turns = step.tries if isinstance(step, Menu) else len(step.stages) if isinstance(step, Ring | Operator) else 1
        turn = f"{'try' if isinstance(step, Menu) else 'stage'} {spot.turn}" if turns > 1 else ""
        parts = (
            f"{self.plan.name} {spot.step}",
            spot.phone,
            f"for {spot.operator}" if spot.operator else "",
            *(f"back at {target} {times} times" for target, times in spot.used if times),
            "supervisor" if spot.turn == 0 else turn,
            "a key pressed" if spot.pressed else "",
        )
        return ", ".join(filter(None, parts))

    # Files

    def _sound(self, prompt: Prompt) -> str:
        whole = f"{self.site.sounds}/{prompt.file}" if self.site.sounds else prompt.file
        return whole.replace("/", "-")

    def _file(self, prompts: Sequence[Prompt]) -> str:
        """The file of prompts that are played one after another; a dot is in no name of a single one."""
        return ".".join(map(self._sound, prompts)) + ".wav"

    def _audio(self) -> Iterator[Audio]:
        found: dict[str, Audio] = {}
        for step in self._steps():
            match step:
                case Menu() | QueueStep():
                    prompts = step.prompts
                case Mailbox():
                    prompts = (step.greeting,) if step.greeting else ()
                case _:
                    prompts = ()
            if prompts:
                file = self._file(prompts)
                found.setdefault(file, Audio(file, tuple(f"{prompt.file}.wav" for prompt in prompts)))
            if isinstance(step, QueueStep) and step.music:
                music = f"{self.site.music[step.music]}.wav"
                found.setdefault(music, Audio(music, ()))
        yield from found.values()

    def _steps(self) -> Iterator[Step]:
        """The steps that callers come to, in the order of the plan."""
        come_to = {spot.step for spot in self._spots}
        come_to |= {link.to.step for links in self._all_links() for link in links if isinstance(link.to, Box)}
        return (step for name, step in self.plan.steps.items() if name in come_to)

    def _all_links(self) -> Iterator[tuple[Link, ...]]:
        yield from (entry.links for entry in self.found.entries)
        yield from self.found.links.values()

    def _greetings(self) -> Iterator[Greeting]:
        boxes = (step for step in self._steps() if isinstance(step, Mailbox) and step.greeting)
        found = {step.box: self._file((step.greeting,)) for step in boxes if step.greeting}
        return (Greeting(box, file) for box, file in found.items())

    # What the record of a call shows

    def _passages(self, rules: Sequence[tuple[Rule, Entry]]) -> Iterator[Passage]:
        said: set[int] = set()
        for rule, entry in rules:
            if id(entry) not in said:
                said.add(id(entry))
                for link in entry.links:
                    yield from self._passed(rule.name, link)
        for spot in self._spots:
            number = self._numbers[spot]
            for link in self.found.links[spot]:
                yield from self._passed(number, link)
            if spot.kind is not Kind.IVR and spot.turn:
                yield Passage(spot.step, ANSWERED, number, PERSON)
            if spot.turn == 0:
                yield Passage(spot.step, "handed-up", STAFF, number)

    def _passed(self, origin: str, link: Link) -> Iterator[Passage]:
        to = self._target(link.to)
        return (Passage(step, way, origin, to.number or END) for step, way in link.points)

    def _never(self, rules: Sequence[tuple[Rule, Entry]]) -> Iterator[Passage]:
        noted = {(passage.step, passage.way) for passage in self._passages(rules)}
        return (Passage(step, way, "", NEVER) for step, way in points(self.plan) if (step, way) not in noted)

    def _supervisors(self) -> Iterator[tuple[str, str, str]]:
        for spot in self._spots:
            step = self.plan.steps[spot.step]
            if spot.turn == 0 and isinstance(step, Operator) and step.supervisor:
                yield step.name, step.supervisor.number, self._numbers[spot]


def _delivered(own: Called, number: str, trunk: Trunk) -> tuple[str, ...]:
    """The digits in which a trunk delivers a called number, each once; empty text for any number that no rule has."""
    match own:
        case Numbers():
            forms = [f for f in trunk.delivers if f is not Form.NATIONAL or numbers.is_of(number, trunk.country)]
            return tuple(dict.fromkeys(written for form in forms for written in numbers.written_as(number, form)))
        case Short():
            return (own.first,)
        case Rest():
            return ("",)
        case _:
            assert_never(own)


# What the templates name


def view(verdict: Verified | Unproved, site: Site, tenant: Tenant) -> Mapping[str, object]:
    """Everything that the templates name."""
    return {
        "head": tuple(_head(verdict, site)),
        "unproved": isinstance(verdict, Unproved),
        "site": site,
        "tenant": tenant,
        "trunks": tuple(
            (trunk, tuple(rule for rule in tenant.rules if rule.trunk == trunk.extension)) for trunk in site.trunks
        ),
        "confirmed": confirmed,
    }


UNPROVED = "UNPROVED: this plan was not proved, and written all the same. Callers may be lost, looped or hung up on."
"""What the first line says of a plan that breaks rules."""


def _head(verdict: Verified | Unproved, site: Site) -> Iterator[str]:
    """What every file says of itself, line by line; what people wrote is one line of visible characters."""
    plan = verdict.plan
    if isinstance(verdict, Unproved):
        yield UNPROVED
        yield from (f"  {finding.code} {said(finding.message)}" for finding in verdict.findings)
    yield f'Call plan {plan.name}, "{said(plan.title)}", for 3CX {site.version} at the site {said(site.name)}.'
    yield f"Written by dialc {VERSION}. Do not edit: the next compilation replaces this file."
    yield f"  SHA-256 of the plan  {plan.digest or _digest(plan)}"
    yield f"  SHA-256 of the site  {site.digest or _digest(site)}"
    if isinstance(verdict, Verified):
        yield f"Proved: {', '.join(verdict.proved)}."
        for each in verdict.waived:
            yield f"Waived: {each.waiver.rule} at {each.waiver.block} by {said(each.waiver.by)}, because " + said(
                each.waiver.because
            )
        yield from (f"Assumed: {said(assumption)}" for assumption in verdict.assumptions)
    yield confirmed.STATEMENT


def _digest(data: Plan | Site) -> str:
    return hashlib.sha256(repr(data).encode()).hexdigest()


def said(text: str) -> str:
    """Text that people wrote, as one line of visible characters."""
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return shown if len(shown) <= LONGEST_TEXT else f"{shown[:LONGEST_TEXT]}…"


def commented(text: str) -> str:
    """A line of an XML comment, which two dashes would end."""
    while "--" in text:
        text = text.replace("--", "- -")
    return text


def clock(seconds: int) -> str:
    """A second of a day; the end of a day is the last thousandth of it, as 3CX has no 24 o'clock."""
    if seconds == 86400:
        return "23:59:59.999"
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def lasting(seconds: int) -> str:
    """Seconds since midnight as the XAPI has them, an ISO 8601 duration; the end of a day as above."""
    if seconds == 86400:
        return "PT23H59M59.999S"
    return f"PT{seconds // 3600}H{seconds // 60 % 60}M{seconds % 60}S"
