"""A plan unrolled into objects of a 3CX: what it would count on the way is told by the object that callers are at.

In: a plan of which `refusals` has found nothing that no object does. Out: `Unrolled`, the objects and the links between
them, and where each line leads; or what cannot be said in this way. A digital receptionist has no tries, so each try of
a menu is one of its own; nothing counts how often callers have come back, so what lies behind an `again` is there once
for each return. Steps that take no time are no objects: callers pass them on the way from one object to the next.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from dialc.called import Numbers
from dialc.emit.threecx.chances import AT_ONCE, Chances
from dialc.emit.threecx.hours import Kept, kept
from dialc.emit.threecx.objects import Box, Destination, Holiday, Kind, Link, Over, Point, Spot, Used
from dialc.findings import Finding, Note
from dialc.plan import (
    Again,
    Answer,
    Branch,
    ByException,
    ByLine,
    Combination,
    End,
    Exit,
    Extensions,
    Hours,
    Line,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Period,
    Plan,
    Queue,
    Ring,
    Step,
)
from dialc.reach.circles import behind, circular, components
from dialc.source import Place


@attrs.frozen
class Clock:
    """What the clock says as a call comes in: whether the hours of the line are open, and which exceptions by name have
    a say about the day.
    """

    open: bool = True
    names: frozenset[str] = frozenset()


@attrs.frozen
class Entry:
    """Where callers of a line go as they come in; `kept` are its hours, None where it always is the one link.

    `phone` is the one that is dialled by a number, where the line is one of a row of extensions.
    """

    line: int
    phone: str
    link: Link
    kept: Kept | None = None

    @property
    def links(self) -> tuple[Link, ...]:
        """Every way from the line."""
        return self.kept.links if self.kept else (self.link,)


@attrs.frozen
class Unrolled:
    """All objects, with the links that leave them, and where calls come in."""

    entries: tuple[Entry, ...]
    links: Mapping[Spot, tuple[Link, ...]]
    zone: str


@attrs.frozen
class _Came:
    """A caller on the way to an object: what is known of the call, and whether the PBX has taken it.

    `clock` is what the clock said as the call came in, in the second in which this is; None later.
    """

    used: Used
    operator: str
    phone: str
    taken: bool
    clock: Clock | None = None


def _dates(entry: Entry) -> list[Holiday]:
    """When the holidays of a line are, whatever they are called."""
    return [attrs.evolve(holiday, name="") for holiday in (entry.kept.holidays if entry.kept else ())]


def unrolled(plan: Plan) -> tuple[Unrolled | None, tuple[Finding, ...]]:
    """The objects of a plan; None where findings tell what cannot be said with any."""
    work = _Unrolling(plan)
    found = work.all()
    findings = tuple(dict.fromkeys(work.findings))
    return (None if findings else found), findings


class _Unrolling:
    """One plan on its way; what cannot be said gathers in `findings`."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.findings: list[Finding] = []
        self._links: dict[Spot, tuple[Link, ...]] = {}
        self._hours: dict[int, Hours] = {}
        self._ahead: list[Spot] = []

    def all(self) -> Unrolled:
        """Every object that some call comes to."""
        entries = tuple(self._entries())
        zones = list(dict.fromkeys(hours.zone for hours in self._hours.values()))
        if len(zones) > 1:
            other = next(hours for hours in self._hours.values() if hours.zone == zones[1])
            self._find(
                "D476",
                f"`{other.name}` is read off a clock in {zones[1]}, and other hours off one in {zones[0]}",
                other.place,
                "a 3CX has one time zone for all its rules",
                f"write the hours of {zones[1]} as a clock in {zones[0]} shows them",
            )
        self._agree(entries)
        while self._ahead:
            spot = self._ahead.pop()
            if spot not in self._links:
                self._links[spot] = ()
                self._links[spot] = tuple(self._leaving(spot))
                self._come(link.to for link in self._links[spot])
        self._alone()
        self._circles()
        return Unrolled(entries, self._links, zones[0] if zones else self.plan.zone)

    def _find(self, code: str, message: str, place: Place, caller: str, help: str, *notes: Note) -> None:
        self.findings.append(Finding(code, message, place, caller, notes=notes, help=help))

    def _come(self, destinations: Iterable[Destination]) -> None:
        self._ahead.extend(to for to in destinations if isinstance(to, Spot))

    # Lines

    def _entries(self) -> Iterator[Entry]:
        for index, (line, own) in enumerate(zip(self.plan.lines, self.plan.called(), strict=True)):
            row = self.plan.steps[line.entry]
            if isinstance(own, Numbers) and not own:
                continue  # lines of fewer numbers have them all
            hours = self._asked_by(line)
            if hours is not None:
                self._hours[index] = hours
            for phone in [line.phone(row, number) for number in own] if isinstance(row, Extensions) else [""]:
                entry = self._entry(index, phone)
                if entry is not None:
                    yield entry
                    self._come(link.to for link in entry.links)

    def _entry(self, index: int, phone: str) -> Entry | None:
        line = self.plan.lines[index]
        hours = self._hours.get(index)

        @functools.cache
        def decide(open: bool, names: frozenset[str]) -> Link | None:
            came = _Came((), line.operator or self.plan.operator, phone, False, Clock(open, names))
            return self._follow("", line.entry, came, ())

        before = len(self.findings)
        if hours is None:
            link = decide(True, frozenset())
            return None if link is None or len(self.findings) > before else Entry(index, phone, link)
        found = kept(self.plan.name, hours, decide, self.findings)
        return Entry(index, phone, found.office, found) if found else None

    def _asked_by(self, line: Line) -> Hours | None:
        """The hours that are asked for as a call to a line comes in, None for none; findings where those are no hours
        of a 3CX.
        """
        asked: dict[Hours, Place] = {}
        for period, place in self._asked(line.entry):
            if period.plus:
                self._find(
                    "D475",
                    f"`{period.hours.name}` is kept open for {period.plus} s more as calls come in",
                    place,
                    "a 3CX knows the hours of a line, and nothing that is added to them",
                    "write the longer hours out, and leave `plus` away",
                )
            elif isinstance(period.hours, Combination) or period.hours.switch:
                kind = "made of other hours" if isinstance(period.hours, Combination) else "turned by a switch"
                self._find(
                    "D476",
                    f"`{period.hours.name}` is {kind}",
                    place,
                    "a rule of 3CX has one week of its own and the holidays of the PBX",
                    f"write `{period.hours.name}` out as a week and the days on which it is closed",
                )
            else:
                asked.setdefault(period.hours, place)
        if len(asked) > 1:
            (first, here), (other, there) = list(asked.items())[:2]
            self._find(
                "D476",
                f"one line asks for `{first.name}` and for `{other.name}`",
                there,
                "a rule of 3CX has one week of its own, and would not look at the other",
                "write both out as the hours of lines of their own, or ask for one",
                Note(here, "the first"),
            )
            return None
        return next(iter(asked), None)

    def _asked(self, entry: str) -> Iterator[tuple[Period, Place]]:
        """The hours that steps ask for which take no time, or which a call comes to by such, and where."""
        come_to = behind([entry], self._at_once)
        for step in self.plan.steps.values():
            if step.name not in come_to:
                continue
            if isinstance(step, Branch | ByException):
                yield Period(step.hours), step.place
            elif isinstance(step, Operator) and step.staffed:
                yield step.staffed, step.place

    def _at_once(self, name: str) -> Iterator[str]:
        """The steps that a call comes to in the same second."""
        step = self.plan.steps[name]
        for exit in step.exits():
            at_once = isinstance(step, AT_ONCE) or exit.outcome is Outcome.UNSTAFFED
            if at_once and not isinstance(exit.to, End):
                yield exit.to

    def _agree(self, entries: Sequence[Entry]) -> None:
        """Holidays belong to the whole PBX, so lines that have some have the same."""
        dated = [entry for entry in entries if entry.kept and entry.kept.holidays]
        for entry in dated[1:]:
            if _dates(entry) != _dates(dated[0]):
                hours, other = self._hours[entry.line], self._hours[dated[0].line]
                self._find(
                    "D476",
                    f"`{hours.name}` and `{other.name}` are closed on different holidays",
                    hours.place,
                    "3CX has one list of holidays for all its rules",
                    "give both the same exceptions",
                    Note(other.place, "the other hours"),
                )

    # On the way

    def _follow(self, way: str, to: str, came: _Came, points: tuple[Point, ...]) -> Link | None:
        """Where a caller gets by way of steps that take no time; None where a finding has been made of it."""
        passed, answered = list(points), None
        seen: set[tuple[str, Used]] = set()
        while True:
            step = self.plan.steps[to]
            if (to, came.used) in seen:
                self._round(step)
                return None
            seen.add((to, came.used))
            passed.append((to, ""))
            ends = self._end(step, came)
            if ends is not None:
                if answered and not came.taken and isinstance(ends, Spot) and ends.kind is Kind.RING_GROUP:
                    self._find(
                        "D481",
                        f"the call is answered here, and rings at `{step.name}` without anything to hear first",
                        answered.place,
                        "a 3CX takes a call with a menu or a queue, and lets phones ring before it is taken",
                        "leave `answer` out: whoever calls hears ringing, and pays from when somebody answers",
                    )
                    return None
                return Link(way, ends, tuple(passed))
            if isinstance(step, Answer):
                answered = answered or step
            exit = self._exit(step, came)
            if exit is None:
                return None
            passed.append((to, exit.label))
            if isinstance(exit.to, End):
                return Link(way, Over(), tuple(passed))
            if exit.outcome is Outcome.AGAIN:
                times = dict(came.used).get(exit.to, 0)
                came = attrs.evolve(came, used=tuple(sorted({**dict(came.used), exit.to: times + 1}.items())))
            to = exit.to

    def _end(self, step: Step, came: _Came) -> Destination | None:
        """The object that a step is; None if it takes no time."""
        used = tuple((target, times) for target, times in came.used if target in self._returns[step.name])
        operator = came.operator if step.name in self._by_line else ""
        match step:
            case Menu():
                return Spot(step.name, Kind.IVR, used, operator)
            case Queue():
                return Spot(step.name, Kind.QUEUE, used, operator)
            case Ring():
                return Spot(step.name, Kind.RING_GROUP, used, operator)
            case Extensions():
                return Spot(step.name, Kind.RING_GROUP, used, operator, phone=came.phone)
            case Operator() if self._staffed(step, came):
                return Spot(step.name, Kind.RING_GROUP, used, operator)
            case Mailbox():
                return Box(step.name, step.box)
            case _:
                return None

    def _staffed(self, operator: Operator, came: _Came) -> bool:
        """Whether callers are let in to an operator; where that cannot be known, a finding says so later."""
        if operator.staffed is None:
            return True
        return Outcome.UNSTAFFED not in self._open(operator, came)

    def _exit(self, step: Step, came: _Came) -> Exit | None:
        """The way that is taken from a step that takes no time; None where that is not known as the call comes in."""
        open = self._open(step, came)
        exits = [exit for exit in step.exits() if exit.outcome in open]
        if isinstance(step, ByLine):
            exits = [exit for exit in exits if exit.to == came.operator]
        if len(exits) == 1:
            return exits[0]
        hours = step.staffed.hours if isinstance(step, Operator) and step.staffed else getattr(step, "hours", None)
        named = f"`{hours.name}`" if hours else "something"
        operator = isinstance(step, Operator)
        self._find(
            "D475",
            f"`{step.name}` asks for {named} when the call has been going on for a while",
            step.place,
            "a 3CX looks at its clock as a call comes in, and would not notice that it has closed since",
            "add so much with `plus` that nobody who came while it was open comes too late"
            if operator
            else "ask first thing in the route to which the line leads",
        )
        return None

    def _open(self, step: Step, came: _Came) -> frozenset[Outcome]:
        """What can come of a step that takes no time, as far as that is known."""
        clock = came.clock
        match step:
            case Again():
                left = dict(came.used).get(step.target, 0) < self.plan.limit(step.target)
                return frozenset({Outcome.AGAIN if left else Outcome.USED_UP})
            case Branch() if clock:
                return frozenset({Outcome.OPEN if clock.open else Outcome.CLOSED})
            case ByException() if clock:
                if step.open is clock.open and step.exception in clock.names:
                    return frozenset({Outcome.OPEN, Outcome.CLOSED})
                return frozenset({Outcome.OTHERWISE})
            case Operator() if clock:
                return frozenset() if clock.open else frozenset({Outcome.UNSTAFFED})
            case Branch() | ByException() | Operator():
                operator = came.operator if self.plan.by_line else ""
                found = self._chances.outcomes(step.name, came.used, operator)
                return found & {Outcome.OPEN, Outcome.CLOSED, Outcome.OTHERWISE, Outcome.UNSTAFFED, Outcome.UNANSWERED}
            case _:
                return frozenset(exit.outcome for exit in step.exits())

    @functools.cached_property
    def _chances(self) -> Chances:
        return Chances(self.plan)

    # Objects

    def _leaving(self, spot: Spot) -> Iterator[Link]:
        """The links that leave an object."""
        step = self.plan.steps[spot.step]
        came = _Came(spot.used, spot.operator or self.plan.operator, spot.phone, spot.kind is not Kind.RING_GROUP)
        match step:
            case Menu():
                yield from self._menu(step, spot, came)
            case Queue():
                yield from self._together(step, Outcome.TIMEOUT, came)
            case Ring() | Extensions():
                stages = len(step.stages) if isinstance(step, Ring) else 1
                if spot.turn < stages:
                    yield Link("unanswered", attrs.evolve(spot, turn=spot.turn + 1), ())
                else:
                    yield from self._together(step, Outcome.NO_ANSWER, came)
            case Operator():
                yield from self._operator(step, spot, came)
            case _:
                raise AssertionError(f"{spot.step} is no object")

    def _menu(self, menu: Menu, spot: Spot, came: _Came) -> Iterator[Link]:
        label = f"{Outcome.KEY.value} "
        for choice in menu.choices:
            yield from self._one(choice.key, choice.to, came, ((menu.name, label + choice.key),))
        again = attrs.evolve(spot, turn=spot.turn + 1)
        pressed = attrs.evolve(again, pressed=bool(menu.undecided))
        if spot.turn < menu.tries:
            yield from (Link(repeat.key, pressed, ()) for repeat in menu.repeats)
            yield Link("silence", again, ())
            yield Link("invalid", pressed, ())
            return
        for repeat in menu.repeats:
            yield from self._silent(repeat.key, menu, True, came)
        yield from self._silent("silence", menu, spot.pressed, came)
        for link in self._one("invalid", menu.invalid, came, ((menu.name, Outcome.INVALID.value),)):
            if not isinstance(link.to, Spot):
                where = "voicemail" if isinstance(link.to, Box) else "the end of the call"
                exit = next(exit for exit in menu.exits() if exit.outcome is Outcome.INVALID)
                self._find(
                    "D482",
                    f"whoever presses a wrong key in `{menu.name}` is sent to {where}",
                    self.plan.arrow(menu.name, exit),
                    "a 3CX sends those who press a wrong key to what has a number of its own, or asks again for ever",
                    f"write `invalid -> {self.plan.operator}` in `{menu.name}`",
                )
            yield link

    def _silent(self, way: str, menu: Menu, pressed: bool, came: _Came) -> Iterator[Link]:
        """The way of those who have pressed nothing in the last try."""
        undecided = pressed and menu.undecided
        label = Outcome.UNDECIDED if undecided else Outcome.SILENCE
        yield from self._one(way, menu.undecided if undecided else menu.silence, came, ((menu.name, label.value),))

    def _operator(self, operator: Operator, spot: Spot, came: _Came) -> Iterator[Link]:
        first = attrs.evolve(spot, turn=1)
        if spot.turn == 0:
            yield Link("unanswered", first, ((operator.name, "handed-back"),))
            return
        if spot.turn < len(operator.stages):
            yield Link("unanswered", attrs.evolve(spot, turn=spot.turn + 1), ())
        else:
            label = Outcome.UNANSWERED.value
            yield from self._one("unanswered", operator.unanswered, came, ((operator.name, label),))
        if spot.turn == 1 and operator.supervisor:
            self._ahead.append(attrs.evolve(spot, turn=0))

    def _one(self, way: str, to: str, came: _Came, points: tuple[Point, ...]) -> Iterator[Link]:
        link = self._follow(way, to, came, points)
        if link is not None:
            yield self._boxed(link)

    def _together(self, step: Step, usually: Outcome, came: _Came) -> Iterator[Link]:
        """The ways out of those whom nobody answers, which a 3CX does not tell apart."""
        found: list[tuple[Exit, Link]] = []
        for exit in sorted(step.exits(), key=lambda exit: exit.outcome is not usually):
            if not isinstance(exit.to, End):
                links = self._one("unanswered", exit.to, came, ((step.name, exit.label),))
                found.extend((exit, link) for link in links)
        for exit, link in found[1:]:
            first, usual = found[0]
            if link.to != usual.to:
                self._find(
                    "D474",
                    f"`{step.name}` leads elsewhere by `{exit.label}` than by `{first.label}`",
                    self.plan.arrow(step.name, exit),
                    "a 3CX has one way on for all of whom nobody has answered",
                    f"let `{exit.label}` lead where `{first.label}` does",
                    Note(self.plan.arrow(step.name, first), f"`{first.label}`"),
                )
        if found:
            points = dict.fromkeys(point for _, link in found for point in link.points)
            yield attrs.evolve(found[0][1], points=tuple(points))

    def _boxed(self, link: Link) -> Link:
        """A link, with what a call passes behind the voicemail to which it leads: nothing but the end may follow."""
        if not isinstance(link.to, Box):
            return link
        step, points = self.plan.steps[link.to.step], list(link.points)
        for exit in step.exits():
            came = _Came((), self.plan.operator, "", True)
            onward = self._follow("", str(exit.to), came, ((step.name, exit.label),))
            if onward is None:
                continue
            points += onward.points
            if onward.to != Over():
                self._find(
                    "D483",
                    f"a call goes on behind the mailbox `{step.name}`, by `{exit.label}`",
                    self.plan.arrow(step.name, exit),
                    "a 3CX ends the call behind its voicemail",
                    f"let `{exit.label}` lead to a route that does nothing but `hang-up`",
                )
        return attrs.evolve(link, points=tuple(dict.fromkeys(points)))

    # What is left to look at

    def _alone(self) -> None:
        """Objects of which there cannot be two: those who wait in one queue would not be in line with the others, and
        staff would not know which supervisor's group is for their caller.
        """
        counted: dict[str, int] = {}
        for spot in self._links:
            if spot.kind is Kind.QUEUE or not spot.turn:
                counted[spot.step] = counted.get(spot.step, 0) + 1
        for name, count in counted.items():
            step = self.plan.steps[name]
            if count > 1:
                queue = isinstance(step, Queue)
                self._find(
                    "D489",
                    f"`{name}` would have to be there {count} times, with something else behind each",
                    step.place,
                    "those who wait would stand in several lines, of which one may be served and another not"
                    if queue
                    else "staff would hand them up to the wrong group, and they would lose or get a return",
                    f"name steps behind `{name}` from which nobody comes back, and no operator of a line",
                )

    def _circles(self) -> None:
        """Ways round that nothing counts."""
        graph = {spot: [link.to for link in links if isinstance(link.to, Spot)] for spot, links in self._links.items()}
        for component in components(graph):
            if circular(graph, component):
                self._round(min((self.plan.steps[spot.step] for spot in component), key=lambda s: s.place.start))
                return

    def _round(self, step: Step) -> None:
        self._find(
            "D485",
            f"calls come round to `{step.name}` without being counted",
            step.place,
            "could go round for ever, and a 3CX cannot be told of such a circle object by object",
            f"go back by `again {step.name} at most 2 then …`, which is counted",
        )

    @functools.cached_property
    def _returns(self) -> Mapping[str, frozenset[str]]:
        """The targets that callers can still be sent back to, by where they are."""
        found: dict[str, set[str]] = {name: set() for name in self.plan.steps}
        for target in self.plan.targets():
            ways = [s.name for s in self.plan.steps.values() if isinstance(s, Again) and s.target == target]
            for name in behind(ways, lambda step: self._before.get(step, [])):
                found[name].add(target)
        return {name: frozenset(targets) for name, targets in found.items()}

    @functools.cached_property
    def _by_line(self) -> frozenset[str]:
        """The steps from which callers can still be sent to the operator of their line."""
        ways = [step.name for step in self.plan.steps.values() if isinstance(step, ByLine)]
        return frozenset(behind(ways, lambda step: self._before.get(step, [])))

    @functools.cached_property
    def _before(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for step in self.plan.steps.values():
            for exit in step.exits():
                if not isinstance(exit.to, End):
                    found.setdefault(exit.to, []).append(step.name)
        return found
