"""C12: a prompt begins that says of hours what is not so."""

from collections.abc import Iterator, Sequence

import attrs
import z3

from dialc.plan import (
    Announcement,
    Collect,
    Combination,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Period,
    Play,
    Prompt,
    Queue,
    Schedule,
    Step,
)
from tests.engine.calls import Calls, Term, Way, hearing, within
from tests.engine.hours import both
from tests.engine.memories import closes, read


@attrs.frozen
class Begins:
    """A prompt that begins between so many seconds after the arrival; `told` are those heard in the step before."""

    prompt: Prompt
    first: int
    last: int
    told: tuple[Prompt, ...]


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    told: dict[str, list[Term]] = {}
    readings: dict[Schedule, tuple[list[Term], list[Term]]] = {}
    for turn, _, step, here in calls.arrivals():
        now = calls.turns[turn].at
        there: Term = z3.BoolVal(True)
        if isinstance(step, Operator) and step.staffed:
            there = within(now, calls.clocks.may_be_open(step.staffed))
        if isinstance(step, Queue) and closes(step) and step.staffed:
            there = within(now, calls.clocks.opened(step.staffed, {}))
        for begins in _begins(step):
            wrong = []
            says, states = begins.prompt.says, begins.prompt.states_usual
            since = calls.fresh("since", z3.Int)
            if says and says.hours.switches:
                hours = says.hours
                if hours not in readings:
                    readings[hours] = read(calls, hours, by_queues=True)
                wrong.append(z3.Not(readings[hours][0 if says.open else 1][turn]))
            elif says:
                opened = calls.clocks.opened(Period(says.hours), {})
                wrong.append(within(now + since, calls.clocks.closed(opened) if says.open else opened))
            if states and not any(states.hours.name in _told(prompt) for prompt in (begins.prompt, *begins.told)):
                name = states.hours.name
                if name not in told:
                    told[name] = _told_before(calls, name)
                clocks = calls.clocks
                lies = both(clocks.usual(states.hours), clocks.closed(clocks.by_the_calendar(states.hours)))
                wrong.append(z3.And(z3.Not(told[name][turn]), within(now + since, lies)))
            if wrong:
                yield turn, z3.And(here, there, begins.first <= since, since <= begins.last, z3.Or(*wrong))


def _told(prompt: Prompt) -> frozenset[str]:
    """The names of the hours that a prompt tells are closed, of hours that are made of others those of its parts."""
    if not prompt.says or prompt.says.open:
        return frozenset()
    hours: Schedule = prompt.says.hours
    if isinstance(hours, Combination):
        return frozenset(part.name for part in hours.hours)
    return frozenset({hours.name})


def _told_before(calls: Calls, name: str) -> list[Term]:
    def change(way: Way, _: Term) -> Term | None:
        heard = any(name in _told(prompt) for prompt in _heard(way))
        return z3.BoolVal(True) if heard else None

    return calls.memory("told", z3.BoolVal(False), change)


def _heard(way: Way) -> Sequence[Prompt]:
    """The prompts that a caller has surely heard on a way."""
    step = way.step
    match step:
        case Play():
            return (step.prompt,)
        case Menu() | Collect():
            return step.prompts[:1] if way.exit.pressed else step.prompts
        case Queue():
            if not hearing(way.exit):
                return ()
            return step.prompts[:1] if way.exit.pressed else step.prompts
        case Operator() if way.exit.outcome is not Outcome.UNSTAFFED:
            return tuple(item.prompt for item in step.items if isinstance(item, Announcement))
        case Mailbox() if step.greeting:
            return (step.greeting,)
        case _:
            return ()


def _begins(step: Step) -> Iterator[Begins]:
    """When each prompt of a step can begin."""
    match step:
        case Play():
            yield Begins(step.prompt, 0, 0, ())
        case Mailbox() if step.greeting:
            yield Begins(step.greeting, 0, 0, ())
        case Queue():
            since = 0
            for index, prompt in enumerate(step.prompts):
                yield Begins(prompt, since, since, step.prompts[:index])
                since += prompt.seconds
        case Menu() | Collect():
            # A key that means nothing can end a try at any second: the verifier's plans have one in every menu.
            assert not isinstance(step, Menu) or step.wrong()
            for turn in range(step.tries):
                since = 0
                for index, prompt in enumerate(step.prompts):
                    before = step.prompts[:index] if not turn else step.prompts[: max(index, 1)]
                    yield Begins(prompt, since, since + turn * step.longest, before)
                    since += prompt.seconds
        case Operator():
            first = last = 0
            said: list[Prompt] = []
            for item in step.items:
                if isinstance(item, Announcement):
                    yield Begins(item.prompt, first, last, tuple(said))
                    said.append(item.prompt)
                    first, last = first + item.prompt.seconds, last + item.prompt.seconds
                else:
                    last += item.seconds
        case _:
            pass
