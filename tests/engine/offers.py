"""Where callers are offered people: keys that are bound to lead to them.

In: the calls of a plan. Out: for each position and party, when somebody who comes there has such a key.
"""

from collections.abc import Iterable, Iterator

import z3

from dialc.plan import (
    Announcement,
    Answer,
    Bot,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Choice,
    Extensions,
    Label,
    Lookup,
    Menu,
    Operator,
    Period,
    Play,
    Queue,
    Record,
    Ring,
    Step,
)
from tests.engine.calls import Calls, Party, Position, Term, items_of, within
from tests.engine.hours import Stretches, both, joined, spread, without
from tests.engine.memories import closes


class Offers:
    """What the keys of steps lead to."""

    def __init__(self, calls: Calls) -> None:
        self._calls, self._clocks = calls, calls.clocks
        self._known: dict[tuple[str, str, int], Stretches] = {}

    def at(self, turn: int, position: Position, step: Step) -> Term:
        """That a caller who comes to a step has a key there that leads to people, now or soon."""
        soon = self._calls.plan.policy.to_person
        found: dict[Stretches, list[Term]] = {}
        for index, mine in enumerate(self._calls.calls_as):
            when = spread(self._offered(step, position.language, index), 0, soon)
            found.setdefault(when, []).append(mine)
        now = self._calls.turns[turn].at
        return z3.Or(*(z3.And(z3.Or(*mine), within(now, when)) for when, mine in found.items() if when))

    def _offered(self, step: Step, language: str, party: int) -> Stretches:
        choices: Iterable[Choice] = ()
        among = self._clocks.all
        match step:
            case Menu():
                choices = step.choices
            case Queue():
                choices = step.choices
                if closes(step) and step.staffed:
                    among = self._clocks.opened(step.staffed, {})
            case Bot():
                choices = (step.escape,)
            case _:
                pass
        ways = (self._leads(choice.to, choice.speaks or language, party) for choice in choices)
        return both(joined(stretch for way in ways for stretch in way), among)

    def _leads(self, name: str, language: str, party: int) -> Stretches:
        """When a caller who comes to a step is bound to get to people, without a question, a notice or a way back."""
        key = name, language, party
        if key not in self._known:
            self._known[key] = ()
            self._known[key] = self._bound(self._calls.spoken[language].steps[name], language, party)
        return self._known[key]

    def _bound(self, step: Step, language: str, party: int) -> Stretches:
        who = self._calls.parties[party]
        clocks = self._clocks

        def onward(to: str) -> Stretches:
            return self._leads(to, language, party)

        match step:
            case Play():
                return () if step.prompt.notice else _earlier(onward(step.then), step.prompt.seconds)
            case Answer() | Label() | Record():
                return onward(step.then)
            case Branch():
                states = (clocks.opened(Period(step.hours), where) for where in clocks.positions(step.hours))
                return self._either(states, onward(step.opened), onward(step.closed))
            case ByException():
                return self._either(self._holds(step), onward(step.then), onward(step.otherwise))
            case BySwitch():
                return both(onward(step.on), onward(step.off))
            case ByCaller():
                return onward(step.listed if step.callers.holds(who.caller) else step.others)
            case ByLine():
                return onward(_operator(who))
            case Lookup():
                early = clocks.all
                for to in (*(reply.to for reply in step.replies), step.failed):
                    early = both(early, joined((start, end - step.seconds) for start, end in onward(to)))
                return both(early, _earlier(onward(step.timeout), step.seconds))
            case Operator():
                rings = clocks.all if _rings(step) else ()
                if step.staffed is None:
                    return rings
                period = step.staffed
                states = (clocks.opened(period, where) for where in clocks.positions(period.hours))
                return self._either(states, rings, onward(step.unstaffed))
            case Ring():
                return clocks.all if any(phone.human for phone in step.stages[0].phones) else ()
            case Extensions():
                return clocks.all
            case Queue():
                line = () if any(prompt.notice for prompt in step.prompts) else clocks.all
                if not closes(step) or step.staffed is None:
                    return line
                return self._either([clocks.opened(step.staffed, {})], line, onward(step.closing))
            case _:
                return ()

    def _holds(self, step: ByException) -> Iterator[Stretches]:
        said = self._clocks.has_a_say(step.hours, step.exception)
        for where in self._clocks.positions(step.hours):
            opened = self._clocks.opened(Period(step.hours), where)
            yield both(opened if step.open else self._clocks.closed(opened), said)

    def _either(self, states: Iterable[Stretches], so: Stretches, otherwise: Stretches) -> Stretches:
        """When one thing leads to people while something is so, and another while it is not, however switches stand."""
        found = self._clocks.all
        for state in states:
            found = both(found, joined((*both(state, so), *without(otherwise, state))))
        return found


def _earlier(these: Stretches, seconds: int) -> Stretches:
    return tuple((start - seconds, end - seconds) for start, end in these)


def _operator(party: Party) -> str:
    return party.line.operator


def _rings(operator: Operator) -> bool:
    """Whether the first that a caller comes to is the phone of a person, prompts aside that are no notice."""
    for item in items_of(operator):
        if isinstance(item, Announcement):
            if item.prompt.notice:
                return False
        else:
            return any(phone.human for phone in item.phones)
    return False
