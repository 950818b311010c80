"""Calls that are made up as they go on, and written down as scenarios.

In: a plan, who calls which line when, the exits by which the call goes, and which exits are wanted beyond. Out: the
`Scenario` of the call, in which all that happens is said, and what the caller hears and gets to; or None where the call
does not go so, or cannot be told in a scenario.
"""

import collections
import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import attrs

from dialc.calendar import every_position
from dialc.call import (
    Arrived,
    CannotHappen,
    Event,
    Happens,
    Heard,
    Left,
    Point,
    Rang,
    Reading,
    Spoken,
    Turned,
    as_turned,
    experience,
    leaves,
    until,
)
from dialc.call.switches import read_by
from dialc.coverage import Key, passed
from dialc.plan import (
    Bot,
    BySwitch,
    Callback,
    CallerHangsUp,
    Collect,
    Exit,
    Extensions,
    Hears,
    Lookup,
    Mailbox,
    Menu,
    Occurs,
    Operator,
    Outcome,
    Plan,
    Position,
    Queue,
    Reaches,
    Ring,
    Scenario,
    Step,
    Switch,
    Turns,
)
from dialc.proposals import doing
from dialc.scenarios import block, play
from dialc.witness import Turn

LONGEST = 60
"""Exits of a call after which its caller hangs up."""

_AHEAD = (Outcome.CLOSING, Outcome.UNSTAFFED)
"""What nobody can bring about who is there already."""

Line = Hears | Reaches | Occurs | Turns | CallerHangsUp


@attrs.frozen
class Meant:
    """How a call is meant to go: who calls whom, when, and by which exits; `happenings` are all that happens until
    then, None for what somebody would do who takes their time.
    """

    number: str
    caller: str
    at: datetime.datetime
    turns: tuple[Turn, ...]
    happenings: tuple[Happens, ...] | None = None


Wanted = Callable[[Step, frozenset[Key]], Sequence[Exit]]
"""The exits that are wanted of a step, of a call that has taken some already; the best first."""


def made(plan: Plan, title: str, meant: Meant, wanted: Wanted | None) -> tuple[Scenario, frozenset[Key]] | None:
    """The scenario of a call, and the exits that it takes."""
    writer = _Writer(plan, meant, wanted)
    try:
        writer.follow()
        lines = writer.lines()
    except (CannotHappen, _Otherwise):
        return None
    scenario = Scenario(title, meant.number, meant.caller, meant.at, tuple(lines))
    return _checked(plan, scenario, passed(writer.events))


def _checked(plan: Plan, scenario: Scenario, taken: frozenset[Key]) -> tuple[Scenario, frozenset[Key]] | None:
    """A scenario that goes as it says, without what need not be said of switches."""

    def goes(one: Scenario) -> bool:
        played = play(plan, one)
        return played.failed is None and passed(played.events) == taken

    if not goes(scenario):
        return None
    at = len(scenario.lines)
    while at:
        at -= 1
        if isinstance(scenario.lines[at], Turns):
            shorter = attrs.evolve(scenario, lines=(*scenario.lines[:at], *scenario.lines[at + 1 :]))
            scenario = shorter if goes(shorter) else scenario
    return scenario, taken


class _Otherwise(Exception):
    """The call does not go as it should, or what happens in it has no words."""


class _Writer:
    """Makes a call and notes what is said of it: lines, each before the event of some number."""

    def __init__(self, plan: Plan, meant: Meant, wanted: Wanted | None) -> None:
        self.events: list[Event] = []
        self._plan = plan
        self._meant = meant
        self._wanted = wanted
        self._noted: list[tuple[int, Line, bool]] = []
        self._happenings = None if meant.happenings is None else iter(meant.happenings)
        self._spoken = plan
        self._step = ""
        self._passed = 0
        self._chosen: dict[int, Exit | None] = {}
        self._turned: list[Turned] = []
        self._everywhere: Happens | None = None
        self._hangs_up: int | None = None

    # The call

    def follow(self) -> None:
        """Make the call. Raises `_Otherwise` and `CannotHappen`."""
        meant, turns = self._meant, self._meant.turns
        events = experience(self._plan, meant.number, meant.at, self._decide, self._reads, meant.caller)
        for event in until(events, lambda: self._hangs_up):
            self.events.append(event)
            match event:
                case Arrived(step=step):
                    self._step = step
                case Spoken(language=language):
                    self._spoken = self._plan.spoken(language)
                case Left(step=step, outcome=label):
                    if self._passed < len(turns):
                        turn = turns[self._passed]
                        if (turn.step, turn.exit.label) != (step, label):
                            raise _Otherwise
                    self._passed += 1
                case _:
                    pass
        if self._passed < len(turns):
            raise _Otherwise

    def _exit(self) -> Exit | None:
        """The exit by which the step is to be left at which the call is; None if that does not matter."""
        if self._passed < len(self._meant.turns):
            return self._meant.turns[self._passed].exit
        if self._passed not in self._chosen:
            step = self._spoken.steps[self._step]
            found = self._wanted(step, passed(self.events)) if self._wanted else ()
            self._chosen[self._passed] = next((exit for exit in found if self._can_take(step, exit)), None)
        return self._chosen[self._passed]

    def _can_take(self, step: Step, exit: Exit) -> bool:
        """Whether whoever is at a step can leave it so, as far as that is up to what happens."""
        if exit.outcome in _AHEAD or (exit.outcome is Outcome.BOOKED and not self._rings_back):
            return False
        return isinstance(step, BySwitch) or doing.lasts(step, exit) is not None

    @property
    def _rings_back(self) -> bool:
        return self._plan.rings_back(self._meant.caller)

    def _decide(self, point: Point) -> Happens | None:
        if self._passed >= LONGEST:
            self._note(CallerHangsUp(), early=True)
            self._hangs_up = point.at
            return None
        if self._happenings is not None and self._passed < len(self._meant.turns):
            happens = _tellable(point, next(self._happenings, None))
        else:
            exit = self._exit()
            if exit is None and self._wanted is None:
                return None
            happens = _usual(point) if exit is None else doing.done(point, exit)
        line = self._said(point, happens)
        if line is not None:
            self._note(line, early=isinstance(point.step, Ring | Operator | Extensions | Bot | Lookup | Callback))
        return happens

    def _reads(self, switch: Switch, reading: Reading) -> Position:
        """Where a switch stands, so that the step is left as it should be; as it did before if it may."""
        step, exit = self._plan.steps[self._step], self._exit()
        stand = as_turned(self._turned)
        standing = {each: stand(each, reading) for each in read_by(step)}
        position = standing[switch]
        if exit is not None:
            ways: Iterable[Mapping[Switch, Position]] = (standing, *every_position(read_by(step)))
            position = next((way[switch] for way in ways if leaves(step, exit, reading.instant, way)), position)
        self._turned.append(Turned(switch.name, position, reading.at, reading.steps))
        self._note(Turns(switch.name, position), early=True)
        return position

    # What is said

    def _note(self, line: Line, *, early: bool) -> None:
        """Say a line before the next event; or, unless it is `early`, once the prompts were heard that come then."""
        self._noted.append((len(self.events), line, early))

    def _said(self, point: Point, happens: Happens | None) -> Line | None:
        """What is said of what happens at a point; None where it needs no word. Raises `_Otherwise`."""
        step, of = point.step, block(point.step.name)
        if point.turn == 1:
            self._everywhere = None
        match step:
            case Menu() | Collect():
                if happens is None or happens.outcome is Outcome.SILENCE:
                    return Occurs(Outcome.SILENCE)
                usual = 0 if point.keys else sum(prompt.seconds for prompt in step.prompts)
                return Occurs(Outcome.KEY, after=None if happens.after == usual else happens.after, key=happens.key)
            case Queue():
                return _of_queue(step, happens)
            case Bot():
                return _of_bot(step, point.turn, happens)
            case Ring() | Operator() | Extensions():
                return self._of_phones(of, happens or Happens(Outcome.NO_ANSWER))
            case _:
                return self._of_others(of, happens)

    def _of_others(self, of: str, happens: Happens | None) -> Line | None:
        """The same of what is neither asked, nor rung, nor waited for."""
        after = happens.after or None if happens else None
        match happens.outcome if happens else None:
            case Outcome.LEFT | Outcome.NOTHING_LEFT as outcome:
                return Occurs(outcome, after=after)
            case Outcome.REPLY:
                return Occurs(Outcome.REPLY, of, after, word=happens.word if happens else "")
            case Outcome.TIMEOUT:
                return Occurs(Outcome.TIMEOUT, of)
            case Outcome.FAILED:
                return Occurs(Outcome.FAILURE, of, after)
            case Outcome.NO_NUMBER if self._rings_back:
                return Occurs(Outcome.FULL, of)
            case _:
                return None

    def _of_phones(self, of: str, happens: Happens) -> Line | None:
        """The same of a stage of phones."""
        match happens.outcome:
            case Outcome.ANSWERED | Outcome.UNCONFIRMED | Outcome.DECLINED:
                said = Outcome.DECLINED if happens.outcome is Outcome.DECLINED else Outcome.ANSWERED
                rang = self.events[-1]
                who = happens.who or (rang.phones[0] if isinstance(rang, Rang) else "")
                return Occurs(said, after=happens.after or None, who=who)
            case _:
                return self._kept(of, attrs.evolve(happens, after=happens.after or None))

    def _kept(self, of: str, happens: Happens) -> Line | None:
        """What is said of a stage that nobody takes: once for all stages of which it is so. Raises `_Otherwise`."""
        if happens == self._everywhere:
            return None
        if happens.after is None:
            self._everywhere = happens
        if happens.outcome is not Outcome.NO_ANSWER:
            return Occurs(happens.outcome, of, happens.after)
        if happens.after is not None:
            raise _Otherwise
        return Occurs(Outcome.NO_ANSWER)

    # The lines

    def lines(self) -> Iterator[Line]:
        """All that is said of the call, in its order."""
        noted = collections.deque(self._noted)
        waiting: list[Line] = []
        reached = before = ""
        for number, event in enumerate((*self.events, None)):
            hears = isinstance(event, Heard)
            early = False
            while noted and noted[0][0] <= number:
                _, line, first = noted.popleft()
                early |= first
                waiting.append(line)
            if reached and (hears or waiting):
                yield Reaches(reached)
                reached = ""
            if early or not hears:
                yield from waiting
                waiting = []
            if isinstance(event, Heard):
                yield Hears(event.prompt)
            elif isinstance(event, Arrived) and (at := block(event.step)) != before:
                reached = at if before and self._has_a_name(at) else ""
                before = at
        if reached:
            yield Reaches(reached)

    def _has_a_name(self, at: str) -> bool:
        """Whether a block can be named in a scenario: one that was written, and not made up for what was left out."""
        return "-" not in at or self._plan.steps[at].place.source.use is not None


def _usual(point: Point) -> Happens | None:
    """What happens at a point if nobody does anything, in words that can be said."""
    match point.step:
        case Mailbox():
            return Happens(Outcome.LEFT)
        case Lookup():
            return Happens(Outcome.TIMEOUT)
        case _:
            return None


def _tellable(point: Point, happens: Happens | None) -> Happens | None:
    """The same as happens, so that it can be said: of a stage that ends before its time and does not decide the exit,
    nobody knows more than that.
    """
    step = point.step
    if (
        happens is None
        or happens.outcome is not Outcome.NO_ANSWER
        or not isinstance(step, Ring | Operator | Extensions)
    ):
        return happens
    seconds = step.seconds if isinstance(step, Extensions) else step.stages[point.turn - 1].seconds
    if happens.after in (None, seconds):
        return attrs.evolve(happens, after=None)
    decides = isinstance(step, Extensions) or (isinstance(step, Ring) and point.turn == len(step.stages))
    return happens if decides else attrs.evolve(happens, outcome=Outcome.UNAVAILABLE)


def _of_queue(queue: Queue, happens: Happens | None) -> Line:
    if happens is None or happens.outcome in (Outcome.TIMEOUT, Outcome.CLOSING):
        return Occurs(Outcome.NO_ANSWER)
    after = happens.after
    match happens.outcome:
        case Outcome.KEY:
            return Occurs(Outcome.KEY, after=None if after in (None, queue.seconds) else after, key=happens.key)
        case Outcome.ANSWERED:
            able = [
                m.number for m in queue.everybody if after is None or queue.joins(m.number) <= after - queue.seconds
            ]
            who = happens.who or next(iter(able), "")
            waited = 0 if after is None else after - queue.seconds
            return Occurs(Outcome.ANSWERED, after=None if waited == queue.joins(who) else waited, who=who)
        case _:
            waited = 0 if after is None else after - queue.seconds
            return Occurs(happens.outcome, block(queue.name), waited or None)


def _of_bot(bot: Bot, turn: int, happens: Happens | None) -> Line:
    of, after = block(bot.name), happens.after if happens else None
    match happens.outcome if happens else None:
        case Outcome.KEY:
            return Occurs(Outcome.KEY, after=after or None, key=bot.escape.key)
        case Outcome.FAILED:
            return Occurs(Outcome.FAILURE, of, after or None)
        case Outcome.OVER:
            return Occurs(Outcome.OVER, of, after or None)
        case _ if turn == 1:
            return Occurs(Outcome.ANSWERED, after=after or None, who=bot.phone.number)
        case _:
            return Occurs(Outcome.SILENCE)
