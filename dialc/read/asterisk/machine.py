"""A machine that goes through a dialplan as a call does, all ways at once.

In: a `Dialplan`, states of calls each with the instants at which it can be so, and `Answers`, what can come of each
question that only a running PBX could answer. Out: `Stop`s, the next acts that somebody can notice, each with the state
of the call that does it and the instants at which it does; and for each way of an act the states in which calls go on.

A state is a place, the variables with what is not known in them as marks, and the subroutines that the call is in. No
way through the dialplan is gone twice: states that are equal are one, at the instants of both. So what asks the clock
two hundred questions costs two hundred operations on sets. What is known of the world outside, such as a value in the
database, stands among the variables with a question mark in front, until an act takes time.
"""

import heapq
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import assert_never

import attrs

from dialc.calendar import Instants
from dialc.read.asterisk import jumps, times
from dialc.read.asterisk.dialplan import Dialplan, Elsewhere, Found, Priority
from dialc.read.asterisk.flow import (
    TIMED,
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
    Returns,
    Rings,
    Silent,
    Takes,
    Unreadable,
    Waits,
    Way,
)
from dialc.read.asterisk.functions import holds
from dialc.read.asterisk.marks import Gathered
from dialc.read.asterisk.moments import Span
from dialc.read.asterisk.patterns import Ask
from dialc.read.asterisk.substitution import Computed, arguments, template
from dialc.read.asterisk.values import Asks, CannotTell, Cases, Texts, View
from dialc.source import NOWHERE, Place

KEYS = "0123456789*#"


@attrs.frozen(cache_hash=True)
class Location:
    """A place in a dialplan."""

    context: str
    extension: str
    priority: int


@attrs.frozen(cache_hash=True)
class Frame:
    """A subroutine that a call is in: where it goes on, and the variables that are to be as before then."""

    back: Location
    saved: tuple[tuple[str, str | None, bool], ...] = ()


@attrs.frozen(eq=False)
class State:
    """A call at a place. `written` are the variables that it has set itself since it was looked at first."""

    at: Location
    variables: Mapping[str, str]
    stack: tuple[Frame, ...] = ()
    written: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[object, ...]:
        """What two states have in common that are the same."""
        return self.at, frozenset(self.variables.items()), self.stack

    def with_(self, *assigned: tuple[str, str | None]) -> "State":
        """The state after variables are set, or unset."""
        variables = dict(self.variables)
        for name, value in assigned:
            if value is None:
                variables.pop(name, None)
            else:
                variables[name] = value
        written = self.written.union([name for name, _ in assigned])
        return State(self.at, variables, self.stack, written)

    def goes(self, at: Location) -> "State":
        """The state at another place."""
        return State(at, self.variables, self.stack, self.written)

    def onward(self) -> "State":
        """The state at the next priority."""
        return self.goes(Location(self.at.context, self.at.extension, self.at.priority + 1))


@attrs.frozen(eq=False)
class Stop:
    """An act, the state of the call that does it, at which instants, and the place of the line that does it.

    From an act that takes no time the call goes on in `then`. For any other `Machine.after` tells where.
    """

    act: Act
    state: State
    instants: Instants
    place: Place
    then: State | None = None


Answer = Mapping[str, str]
"""What is known after an answer: variables, questions with a question mark in front."""

Answers = Callable[[str, State], Sequence[Answer] | None]
"""What can be the answer to a question in a state; None where nobody knows."""

_MOST = 400_000
"""States that a call is followed through from one act to the next, before it is given up."""

_MOST_TEXTS = 4000
"""Texts that callers can dial at one place."""

_UNDIALLED = 30
"""Digits of a text that somebody dials, at most."""

HANDLERS = "CHANNEL(hangup_handler_push)"
GONE = "!gone"
"""Set once the channel is gone, to how many handlers are still to be run."""
TAKEN = "!taken"
"""Set once the call is answered."""
SHARES = "!shares "
"""Before the name of a variable and the channel that it was set for, with a comma between."""
HEIRS = "!heirs"
"""The variables that channels take over: each with 1 for those dialled from here only, or 2."""
LATER = "!later"
"""Set once time has passed."""


class _Refused(Exception):
    """The application ends the call, and why."""


class Machine:
    """Goes through a dialplan. `zone` is that of the clock of the PBX, for conditions that name none."""

    def __init__(self, dialplan: Dialplan, span: Span, answers: Answers, *, zone: str = "UTC") -> None:
        self.dialplan = dialplan
        self.span = span
        self.zone = zone
        self.answers = answers
        self.texts = Texts(span, dialplan.globals, self._exists)
        self.marks = self.texts.marks
        self.read: set[str] = set()
        """Variables that were looked at."""
        self.steps = 0
        self.visited: set[tuple[str, str, int]] = set()
        """Priorities that calls came to, by context and extension as they stand in the dialplan."""
        self._found: dict[Location, tuple[Found | Elsewhere, ...]] = {}
        self._labelled: dict[tuple[str, str, str], Found | Elsewhere | None] = {}
        self._dialled: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._recorded = frozenset(self._into_records())
        self._tells_invalid = self._looks_at("INVALID_EXTEN")

    def look(self, state: State, name: str) -> str:
        """A variable or setting of a call; empty where there is none."""
        if name not in state.written:
            self.read.add(name)
        return state.variables.get(name, "")

    # From act to act

    def run(self, starts: Iterable[tuple[State, Instants]]) -> list[Stop]:
        """The next acts of calls."""
        waiting: dict[tuple[object, ...], tuple[State, Instants]] = {}
        order: list[tuple[int, int, int, tuple[object, ...]]] = []
        done: dict[tuple[object, ...], Instants] = {}
        stops: dict[tuple[object, ...], Stop] = {}
        numbers = itertools.count()
        sets = self.texts.sets

        def put(state: State, instants: Instants) -> None:
            key = state.key
            there = waiting.get(key)
            if there is not None:
                both = attrs.evolve(there[0], written=there[0].written & state.written)
                waiting[key] = both, sets.either(there[1], instants)
                return
            before = done.get(key)
            left = sets.without(instants, before) if before is not None else instants
            if left:
                waiting[key] = state, left
                heapq.heappush(order, (-len(state.stack), state.at.priority, next(numbers), key))

        for state, instants in starts:
            put(state, instants)
        steps = 0
        while order:
            key = heapq.heappop(order)[-1]
            state, instants = waiting.pop(key)
            before = done.get(key)
            done[key] = instants if before is None else sets.either(before, instants)
            steps += 1
            for found in self._step(state, instants) if steps < _MOST else (self._endless(state, instants),):
                if isinstance(found, Stop):
                    same = (found.act, found.state.key)
                    there = stops.get(same)
                    both = found.instants if there is None else sets.either(there.instants, found.instants)
                    stops[same] = Stop(found.act, found.state, both, found.place, found.then)
                else:
                    put(*found)
        self.steps += steps
        return list(stops.values())

    def _endless(self, state: State, instants: Instants) -> Stop:
        return Stop(Unreadable("it goes on without an end"), state, instants, NOWHERE)

    def _step(self, state: State, instants: Instants) -> Iterator["tuple[State, Instants] | Stop"]:
        """What one priority does."""
        place = NOWHERE
        try:
            for found, here in self._here(state, instants):
                if found is None:
                    yield from self._nowhere(state, here)
                    continue
                place = found.priority.place
                self.visited.add((found.context.name, found.extension.name, found.priority.number))
                try:
                    view = View(state.at.context, state.at.extension, state.at.priority, state.variables)
                    view.written, view.instants, view.read = state.written, here, self.read
                    for each in self._executed(found.priority, state, view):
                        if isinstance(each, Stop):
                            yield each
                        else:
                            yield each, here
                except Cases as cases:
                    for part in cases.sets:
                        yield state, part
                except Asks as asks:
                    if asks.question.startswith("CURL("):
                        yield self._fetches(asks.question, state, here, place)
                        continue
                    answers = self.answers(asks.question, state)
                    if answers is None:
                        why = f"what {self.marks.told(asks.question)} is"
                        yield Stop(Unreadable(why), state, here, place)
                    for answer in answers or ():
                        yield state.with_(*answer.items()), here
                except _Refused as refused:
                    yield Stop(Ends(fault=str(refused)), state, here, place)
                except _Branches as branches:
                    for part, to in branches.ways:
                        if part:
                            yield to, part
        except CannotTell as cannot:
            yield Stop(Unreadable(str(cannot)), state, instants, place)

    def _fetches(self, question: str, state: State, instants: Instants, place: Place) -> Stop:
        options = tuple(
            sorted((name, self.look(state, name)) for name in state.variables if name.startswith("CURLOPT("))
        )
        return Stop(Fetches(question[len("CURL(") : -1], options), state, instants, place)

    def _here(self, state: State, instants: Instants) -> Iterator[tuple[Found | None, Instants]]:
        """The priority that a call is at, which within times of includes can be another."""
        for found in self._lookup(state.at):
            if isinstance(found, Elsewhere):
                raise CannotTell(f"what a switch of {found.context.name} knows")
            if not found.times:
                yield found, instants
                return
            within = instants
            for written in found.times:
                read = times.read(written)
                if read is None:
                    within = Instants()
                else:
                    within &= times.instants(read, self.zone, self.span.start, self.span.end)
            if within:
                yield found, within
            instants -= within
            if not instants:
                return
        if instants:
            yield None, instants

    def _lookup(self, at: Location) -> tuple[Found | Elsewhere, ...]:
        found = self._found.get(at)
        if found is None:
            found = tuple(self.dialplan.found(at.context, at.extension, at.priority))
            if any(isinstance(each, Found) and each.extension.caller is not None for each in found):
                raise CannotTell(f"who may call {at.extension}")
            self._found[at] = found
        return found

    def _exists(self, context: str, extension: str, priority: str) -> bool:
        if not priority.isdecimal():
            return any(isinstance(each, Found) for each in self.dialplan.labelled(context, extension, priority))
        found = self._lookup(Location(context, extension, int(priority)))
        if any(isinstance(each, Elsewhere) or each.times for each in found):
            raise CannotTell(f"whether {extension} is in {context}")
        return bool(found)

    def _nowhere(self, state: State, instants: Instants) -> Iterator["tuple[State, Instants] | Stop"]:
        """There is no such priority: the extension is over, or not there at all."""
        at = state.at
        if GONE in state.variables:
            yield Stop(Returns(""), state, instants, NOWHERE)
        elif at.priority > 1 and self._lookup(attrs.evolve(at, priority=at.priority - 1)):
            if self.dialplan.falls_through:
                yield Stop(Ends(fault="there is nothing more to do"), state, instants, NOWHERE)
            else:
                yield Stop(Unreadable("what is dialled when there is nothing more to do"), state, instants, NOWHERE)
        elif at.priority == 1 or not self._lookup(attrs.evolve(at, priority=1)):
            for special in ("i", "e"):
                if at.extension != special and self._lookup(Location(at.context, special, 1)):
                    yield state.goes(Location(at.context, special, 1)), instants
                    return
            yield Stop(Ends(fault=f"there is no {at.extension} here"), state, instants, NOWHERE)
        else:
            yield Stop(Ends(fault=f"{at.extension} has no priority {at.priority}"), state, instants, NOWHERE)

    # Applications

    def _executed(self, priority: Priority, state: State, view: View) -> Iterator["State | Stop"]:
        """What an application does."""
        yield from self._applied(priority.application, priority.argument, priority.place, state, view)

    def _applied(
        self, application: str, written: str, place: Place, state: State, view: View
    ) -> Iterator["State | Stop"]:
        name = application.lower()
        if name in ("gotoif", "gosubif", "execif"):
            yield from self._branches(name, written, place, state, view)
            return
        if name in ("set", "mset"):
            if name == "mset":
                raise CannotTell("what MSet sets")
            yield from self._set(written, place, state, view)
            return
        argument = self.texts.replaced(written, view)
        act = self._act(name, argument, state, view)
        if act is not None:
            if isinstance(act, (*TIMED, Ends)):
                if isinstance(act, Plays | Hears | Reads) and TAKEN not in state.variables:
                    yield Stop(Takes(), state, view.instants, place, state.with_((TAKEN, "yes")))
                    return
                yield Stop(act, state, view.instants, place)
            elif isinstance(act, Takes) and self.look(state, TAKEN):
                yield state.onward()
            else:
                after = state.with_((TAKEN, "yes")) if isinstance(act, Takes) else state
                yield Stop(act, state, view.instants, place, after.onward())
            return
        match name:
            case "noop" | "verbose":
                yield state.onward()
            case "goto":
                yield self._goto(jumps.target(argument), state)
            case "gosub":
                yield self._gosub(jumps.subroutine(argument), state)
            case "return":
                yield from self._return(argument, place, state, view)
            case "dial":
                yield state.with_(("DIALSTATUS", "CHANUNAVAIL")).onward()
            case "stackpop":
                if not state.stack:
                    raise _Refused("there is no subroutine to forget")
                yield self._forgotten(state).onward()
            case "gotoiftime":
                branches = jumps.gotos(argument)
                read = times.read(branches.condition)
                when = times.instants(read, self.zone, self.span.start, self.span.end) if read else Instants()
                raise _Branches(
                    (
                        (view.instants & when, self._jumped(branches.holds, state)),
                        (view.instants - when, self._jumped(branches.fails, state)),
                    )
                )
            case _:
                raise CannotTell(f"what {application} does")

    def _jumped(self, written: str, state: State) -> State:
        return self._goto(jumps.target(written), state) if written else state.onward()

    def _branches(self, name: str, written: str, place: Place, state: State, view: View) -> Iterator["State | Stop"]:
        """GotoIf, GosubIf and ExecIf, of which a condition on the time parts the instants."""
        raw, question, rest = written.partition("?")
        whole = len(parts := template(raw)) == 1 and isinstance(parts[0], Computed)
        if not (whole and question and "$" not in rest):
            argument = self.texts.replaced(written, view)
            yield from self._chosen(name, argument, place, state, view)
            return
        try:
            condition = self.texts.replaced(raw, view)
        except Cases as cases:
            if len(cases.sets) != len(("holds", "fails")) or name != "gotoif":
                raise
            branches = jumps.gotos(f"1?{rest}")
            raise _Branches(
                (
                    (cases.sets[0], self._jumped(branches.holds, state)),
                    (cases.sets[1], self._jumped(branches.fails, state)),
                )
            ) from None
        yield from self._chosen(name, f"{condition}?{rest}", place, state, view)

    def _chosen(self, name: str, argument: str, place: Place, state: State, view: View) -> Iterator["State | Stop"]:
        if name == "gotoif":
            branches = jumps.gotos(argument)
            chosen = branches.holds if self._truth(branches.condition) else branches.fails
            yield self._jumped(chosen, state)
        elif name == "gosubif":
            subroutines = jumps.gosubs(argument)
            chosen = ""
            if subroutines is not None:
                chosen = subroutines.holds if self._truth(subroutines.condition) else subroutines.fails
            yield self._gosub(jumps.subroutine(chosen), state) if chosen else state.onward()
        else:
            executions = jumps.executions(argument)
            if executions is None:
                raise _Refused("ExecIf has nothing to execute")
            condition, one, other = executions
            application = one if self._truth(condition) else other
            if application is None:
                yield state.onward()
            else:
                yield from self._applied(application.name, application.argument, place, state, view)

    def _truth(self, condition: str) -> bool:
        if self.marks.found(condition):
            raise CannotTell(f"whether {self.marks.told(condition)} holds")
        return holds(condition.strip())

    # Jumps

    def _goto(self, target: jumps.Target | None, state: State) -> State:
        if target is None:
            raise _Refused("Goto goes nowhere")
        return state.goes(self._location(target, state.at))

    def _location(self, target: jumps.Target, at: Location) -> Location:
        context, extension = target.context or at.context, target.extension or at.extension
        if self.marks.found(context + extension + (target.label or "")):
            raise CannotTell(f"where {self.marks.told(f'{context},{extension},{target.label}')} is")
        if target.label is None:
            return Location(context, extension, at.priority + target.number if target.relative else target.number)
        key = (context, extension, target.label)
        if key not in self._labelled:
            self._labelled[key] = next(self.dialplan.labelled(*key), None)
        found = self._labelled[key]
        if isinstance(found, Elsewhere) or (found is not None and found.times):
            raise CannotTell(f"where the label {target.label} of {extension} in {context} is")
        if found is None:
            raise _Refused(f"there is no label {target.label} of {extension} in {context}")
        return Location(context, extension, found.priority.number)

    def _gosub(self, subroutine: jumps.Subroutine, state: State) -> State:
        if subroutine.target is None:
            raise _Refused("Gosub goes nowhere")
        to = self._location(subroutine.target, state.at)
        if not self._lookup(to):
            raise _Refused(f"there is no subroutine {to.extension} in {to.context}")
        given = subroutine.arguments
        before = sum(f"ARG{number}" in state.variables for number in range(1, 10))
        values = {f"ARG{number}": value for number, value in enumerate(given, start=1)}
        values |= {f"ARG{number}": "" for number in range(len(given) + 1, before + 1)}
        values["ARGC"] = str(len(given))
        saved = tuple((name, state.variables.get(name), name in state.written) for name in values)
        frame = Frame(state.onward().at, saved)
        return attrs.evolve(state.with_(*values.items()), stack=(*state.stack, frame), at=to)

    def _return(self, value: str, place: Place, state: State, view: View) -> Iterator["State | Stop"]:
        if not state.stack:
            if GONE in state.variables:
                yield Stop(Returns(value), state, view.instants, place)
                return
            raise _Refused("it returns from no subroutine")
        back = state.stack[-1].back
        if back.context == "":
            yield Stop(Returns(value), self._forgotten(state), view.instants, place)
            return
        yield self._forgotten(state).with_(("GOSUB_RETVAL", value)).goes(back)

    def _forgotten(self, state: State) -> State:
        """The state without its last subroutine, whose own variables are as they were before."""
        frame = state.stack[-1]
        variables = dict(state.variables)
        written = set(state.written)
        for name, value, was_written in reversed(frame.saved):
            if value is None:
                variables.pop(name, None)
            else:
                variables[name] = value
            written.add(name)
            if not was_written:
                written.discard(name)
        return State(state.at, variables, state.stack[:-1], frozenset(written))

    # Variables

    def _looks_at(self, name: str) -> bool:
        """Whether a variable can be looked at anywhere, by its name or by one that is put together."""
        written = (
            priority.argument
            for context in self.dialplan.contexts.values()
            for extension in context.extensions
            for priority in extension.priorities.values()
        )
        return any(name in each or re.search(r"\$\{[^(){}]*\$", each) for each in written)

    def _into_records(self) -> Iterator[str]:
        """The variables of which something is written into the call record."""
        for context in self.dialplan.contexts.values():
            for extension in context.extensions:
                for priority in extension.priorities.values():
                    if priority.application.lower() == "set" and priority.argument.lower().startswith("cdr("):
                        yield from re.findall(r"\$\{([A-Za-z0-9_]+)", priority.argument.partition("=")[2])

    def _set(self, written: str, place: Place, state: State, view: View) -> Iterator["State | Stop"]:
        raw_name, equals, raw_value = written.partition("=")
        if not equals:
            raise CannotTell(f"what Set({written}) sets")
        name = self.texts.replaced(raw_name, view)
        if "=" in name or self.marks.found(name.partition("(")[0]):
            raise CannotTell(f"what {self.marks.told(name)} is")
        if name in self._recorded:
            yield self._noted(name, raw_value, place, state, view)
            return
        value = self.texts.replaced(raw_value, view)
        asked = [(f"?CURL({each})", None) for order, each in view.orders if order == "CURL"]
        state = state.with_(*asked) if asked else state
        orders = [each for each in view.orders if each[0] in ("UNLOCK", "DB_DELETE")]
        if orders:
            ordered = "&".join(f"{order}({each})" for order, each in orders)
            gone = [(f"?DB({each})", "") for order, each in orders if order == "DB_DELETE"]
            then = self._assigned(name, value, state).with_(*gone).onward()
            yield Stop(Changes("", ordered, ""), state, view.instants, place, then)
            return
        function, parenthesis, rest = name.partition("(")
        if not parenthesis:
            yield self._assigned(name, value, state).onward()
            return
        argument = rest[: rest.rfind(")")] if ")" in rest else rest
        yield from self._changed(function, argument, value, place, state, view)

    def _assigned(self, name: str, value: str, state: State) -> State:
        """The state after a variable is set: `__` before its name has all channels take it over, `_` the next."""
        if name.startswith("LOCAL("):
            return self._local(name[len("LOCAL(") : name.rfind(")")], value, state)
        plain = name.removeprefix("_").removeprefix("_")
        heirs = _heirs(state.variables.get(HEIRS, ""))
        if (heirs.get(plain, 0)) == len(name) - len(plain):
            return state.with_((plain, value))
        heirs[plain] = len(name) - len(plain)
        kept = " ".join(f"{each}/{kind}" for each, kind in sorted(heirs.items()) if kind)
        return state.with_((plain, value), (HEIRS, kept or None))

    def _local(self, name: str, value: str, state: State) -> State:
        if state.stack:
            frame = state.stack[-1]
            if all(name != saved for saved, _, _ in frame.saved):
                saved = (name, state.variables.get(name), name in state.written)
                frame = attrs.evolve(frame, saved=(*frame.saved, saved))
                state = attrs.evolve(state, stack=(*state.stack[:-1], frame))
        return state.with_((name, value))

    def _noted(self, name: str, raw: str, place: Place, state: State, view: View) -> Stop:
        """A variable that goes into the call record is set, or something is added to it."""
        more = raw.startswith(f"${{{name}}}")
        text = self.texts.replaced(raw.removeprefix(f"${{{name}}}") if more else raw, view)
        kept = self.marks.of(Gathered(name))
        if more and not self.look(state, name):
            more = False
        then = state.with_((name, kept)).onward()
        return Stop(Notes(text, anew=not more), state, view.instants, place, then)

    def _changed(
        self, function: str, argument: str, value: str, place: Place, state: State, view: View
    ) -> Iterator["State | Stop"]:
        """A function is set."""
        whole = f"{function}({argument})"
        match function:
            case "LOCAL":
                yield self._local(argument, value, state).onward()
            case "SHARED" if "," not in argument:
                yield state.with_((whole, value)).onward()
            case "CHANNEL" if argument == "hangup_handler_push":
                handlers = self.look(state, HANDLERS)
                yield state.with_((HANDLERS, f"{handlers}\n{value}" if handlers else value)).onward()
            case "CHANNEL" | "CURLOPT" | "FEATUREMAP":
                yield state.with_((whole, value)).onward()
            case "TIMEOUT":
                length = jumps.milliseconds(value)
                if length is None or length < 0:
                    raise CannotTell(f"what a time-out of {value} is")
                yield state.with_((whole, str(length))).onward()
            case "SHARED":
                yield state.with_((f"{SHARES}{argument}", value)).onward()
            case "DEVICE_STATE" if state.variables.get(f"?{whole}") == value:
                self.look(state, f"?{whole}")
                yield state.onward()
            case "DB" | "CDR" | "DEVICE_STATE" | "GLOBAL" | "FILE" | "CDR_PROP":
                after = state.with_((f"?{whole}", value))
                yield Stop(Changes(function, argument, value), state, view.instants, place, after.onward())
            case "CALLERID" | "CONNECTEDLINE":
                after = state.with_((f"{function}({argument.partition(',')[0]})", value))
                yield Stop(Changes(function, argument, value), state, view.instants, place, after.onward())
            case _:
                raise CannotTell(f"what {whole} does")

    # Acts

    def _act(self, name: str, argument: str, state: State, view: View) -> Act | None:
        """What can be noticed of an application."""
        given = (*arguments(argument), *("",) * 10)
        match name:
            case "answer":
                if given[0] not in ("", "0") or given[1]:
                    return Performs("answer", arguments(argument))
                return Takes()
            case "playback":
                return Plays(_files(given[0]), given[1])
            case "background":
                if given[2] or (given[3] and given[3] != view.context):
                    raise CannotTell(f"what BackGround({argument}) plays")
                texts, short, between = self._dials(view.context, state)
                only = "m" in given[1]
                if only:
                    texts, short = tuple(t for t in (*texts, *short) if len(t) == 1 and self._exists_there(t, view)), ()
                return Hears(_files(given[0]), only, given[1].replace("m", ""), texts, short, between)
            case "waitexten":
                wait = jumps.milliseconds(given[0]) if given[0] else None
                if wait is None or wait <= 0:
                    raise CannotTell(f"how long WaitExten({argument}) waits")
                return Waits(wait, given[1], *self._dials(view.context, state))
            case "read":
                return self._reads(given, state)
            case "dial":
                return self._rings(given)
            case "queue":
                seconds = _leading(given[4])
                names = ("QUEUE_MIN_PENALTY", "QUEUE_MAX_PENALTY", "QUEUE_RAISE_PENALTY")
                penalties = (self.look(state, names[0]), self.look(state, names[1]), self.look(state, names[2]))
                others = (given[2], given[3], *given[5:9])
                return Queues(given[0], given[1], others, seconds if seconds > 0 else None, penalties)
            case "voicemail":
                return Leaves(given[0], given[1])
            case "mixmonitor":
                return Monitors(given[0], given[1], given[2])
            case "hangup":
                return Ends(cause=given[0])
            case "busy" | "congestion":
                raise CannotTell(f"what {name} does")
            case _ if name in _PERFORMED:
                return Performs(name, arguments(argument))
            case _:
                return None

    def _exists_there(self, text: str, view: View) -> bool:
        return self._exists(view.context, text, "1")

    def _reads(self, given: tuple[str, ...], state: State) -> Act:
        seconds = jumps.milliseconds(given[5]) if given[5] else None
        if seconds is None or seconds <= 0 or not given[0]:
            raise CannotTell("how long Read waits")
        attempts = _leading(given[4]) if given[4] else 1
        digits = _leading(given[2])
        return Reads(
            given[0],
            *(_files(given[1]), digits if 0 < digits < 255 else 255, given[3], max(1, attempts), seconds),
            self._between(state),
        )

    def _rings(self, given: tuple[str, ...]) -> Act | None:
        options = jumps.options(given[2])
        if options is None or given[3]:
            raise CannotTell(f"what Dial makes of {self.marks.told(given[2])}")
        length = jumps.milliseconds(given[1]) if given[1] else None
        if given[1] and (length is None or length <= 0 or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", given[1])):
            raise CannotTell(f"how long Dial rings for {self.marks.told(given[1])}")
        phones = tuple(phone for phone in given[0].split("&") if phone)
        if not phones:
            return None
        return Rings(phones, length, tuple(sorted(options.items())))

    def _between(self, state: State) -> int:
        """Milliseconds for which another digit is waited for."""
        return int(self.look(state, "TIMEOUT(digit)") or "5000")

    def _dials(self, context: str, state: State) -> tuple[tuple[str, ...], tuple[str, ...], int]:
        """What callers can dial in a context: until nothing more is waited for, and what can be cut short."""
        known = self._dialled.get(context)
        if known is None:
            texts: list[str] = []
            short: list[str] = []
            ahead = list(reversed(KEYS))
            while ahead:
                text = ahead.pop()
                found = tuple(self.dialplan.found(context, text, 1, ask=Ask.MORE))
                if any(isinstance(each, Elsewhere) or each.times for each in found):
                    raise CannotTell(f"what callers can dial in {context}")
                if not found:
                    texts.append(text)
                    continue
                short.append(text)
                ahead += [text + key for key in reversed(KEYS)]
                if len(text) > _UNDIALLED or len(short) > _MOST_TEXTS:
                    raise CannotTell(f"what callers can dial in {context}: too much")
            known = self._dialled[context] = tuple(texts), tuple(short)
        return *known, self._between(state) if known[1] else 0

    # Ways

    def after(self, stop: Stop, way: Way) -> State:
        """The state in which a call goes on from an act that has ways, or takes time, when it goes one of them."""
        state, act = stop.state, stop.act
        at = state.at
        match way:
            case Goes(((_, reply),), milliseconds) if isinstance(act, Fetches):
                return self._aged(state, milliseconds).with_((f"?CURL({act.address})", reply))
            case Goes(sets, milliseconds):
                return self._aged(state.with_(*sets), milliseconds).onward()
            case HangsUp(sets):
                return self.gone(self._aged(state.with_(*sets), None))
            case Dials(text, context, sets):
                context = context or at.context
                aged = self._aged(state.with_(*sets), None)
                if self._lookup(Location(context, text, 1)):
                    return aged.goes(Location(context, text, 1))
                if context != at.context:
                    return aged.onward()
                invalid = aged.with_(("INVALID_EXTEN", text)) if self._tells_invalid else aged
                return invalid.goes(Location(context, "i", 1))
            case Silent():
                aged = self._aged(state, None).onward()
                if isinstance(act, Waits) and not self._lookup(aged.at):
                    for special in ("t", "e"):
                        if self._lookup(Location(at.context, special, 1)):
                            return aged.goes(Location(at.context, special, 1))
                return aged
            case _:
                assert_never(way)

    def _aged(self, state: State, milliseconds: int | None) -> State:
        """The state after time has passed: answers are forgotten, and clocks show what they did not."""
        first = LATER not in state.variables
        variables = {
            name: self.marks.aged(value, first=first, ago=milliseconds)
            for name, value in state.variables.items()
            if not name.startswith("?") or name.startswith(_LASTING)
        }
        frames = tuple(
            attrs.evolve(
                frame,
                saved=tuple(
                    (name, None if value is None else self.marks.aged(value, first=first, ago=milliseconds), was)
                    for name, value, was in frame.saved
                ),
            )
            for frame in state.stack
        )
        variables[LATER] = "yes"
        return State(state.at, variables, frames, state.written)

    def gone(self, state: State) -> State:
        """The state of a call whose channel is gone: what is to be done then is the extension h, and then handlers."""
        handlers = self.look(state, HANDLERS).split("\n") if self.look(state, HANDLERS) else []
        left = state.variables.get(GONE)
        if left is None:
            state = attrs.evolve(state, stack=()).with_((GONE, str(len(handlers))))
            if self._lookup(Location(state.at.context, "h", 1)):
                return state.goes(Location(state.at.context, "h", 1))
            left = str(len(handlers))
        number = int(left)
        if number == 0:
            return state.with_((GONE, "-1")).goes(Location("", "", 1))
        target = jumps.subroutine(handlers[number - 1])
        state = attrs.evolve(state, stack=()).with_((GONE, str(number - 1)))
        try:
            return attrs.evolve(self._gosub(target, state), stack=())
        except _Refused:
            return state.goes(Location("", "", 1))

    def over(self, state: State) -> bool:
        """Whether nothing is left to be done for a channel that is gone."""
        return state.variables.get(GONE) == "-1"

    def subroutine(self, written: str, variables: Mapping[str, str]) -> State | None:
        """A call at the beginning of a subroutine as Dial's options name it; None where there is none."""
        state = State(Location("", "s", 0), dict(variables))
        try:
            return self._gosub(jumps.subroutine(written), state)
        except _Refused:
            return None

    def dialplan_has(self, context: str, extension: str) -> bool:
        """Whether an extension is in a context; not told where that hangs on something else."""
        return bool(self._lookup(Location(context, extension, 1)))

    def heirs(self, state: State) -> dict[str, str]:
        """The variables that a channel takes over from the one that dials it."""
        found: dict[str, str] = {}
        lasting: list[str] = []
        for name, kind in _heirs(self.look(state, HEIRS)).items():
            found[name] = self.look(state, name)
            lasting += [f"{name}/{kind}"] if kind > 1 else []
        if lasting:
            found[HEIRS] = " ".join(lasting)
        return found


_LASTING = ("?CALLERID(", "?CHANNEL(", "?caller", "?DIALEDPEERNUMBER")
"""Answers that hold as long as a call lasts."""

_PERFORMED = frozenset(
    {
        *("addqueuemember", "removequeuemember", "dbdeltree", "dbdel", "playtones", "wait", "channelredirect", "log"),
        *("originate", "userevent", "ringing", "progress", "musiconhold", "stopmixmonitor"),
    }
)


class _Branches(Exception):
    """A condition on the time: the states in which calls go on, each with its instants."""

    def __init__(self, ways: tuple[tuple[Instants, State], ...]) -> None:
        super().__init__()
        self.ways = ways


def _heirs(written: str) -> dict[str, int]:
    parted = (each.rpartition("/") for each in written.split())
    return {name: int(kind) for name, _, kind in parted}


def _files(written: str) -> tuple[str, ...]:
    return tuple(file for file in written.split("&") if file)


def _leading(text: str) -> int:
    found = re.match(r"[ \t-\r]*([+-]?[0-9]{1,9})", text)
    return int(found[1]) if found else 0
