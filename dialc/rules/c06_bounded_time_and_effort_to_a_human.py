"""Bounded time and effort to a human.

From the first event of a call until the first phone of people rings, or a queue is joined, a caller spends at most 120
seconds, answers at most 3 times by a key, and hears at most 8 prompts; and until the operator's phone rings, all rings
and queues together take at most 300 seconds, or 600 where a call-back can be chosen from the first minute on. These are
the numbers of ``charter``.

Each is the exact most of all calls that come so far, at every instant; a caller who meets no people, or a mailbox
before them, since it is closed, is not measured. Keys count if they mean nothing, too: a menu or collect that is left
because only wrong keys were pressed has cost a key for each try. The digits of an
entry, and those of an extension that is dialled, are one answer and count once; choosing a language costs nothing.
Tries in vain that change nothing are not measured: wrong keys before the right one, or before a silence that leads to
the same without them. How often callers may err is bounded by :ref:`C17`. A prompt counts each time that it is heard,
if only its beginning is.

Phones that are busy, or cannot be reached, count as rung, and a queue as joined when its prompts are over; one that is
full is not. A call-back can be chosen if a menu on the way has a key that leads to one, or a queue that the caller
comes to after at most a minute in others, however
long they take.

Comes from: a Telugu guide to not becoming a customer-service robot, which counts keys and transfers to a human, and
cuts them.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> story
      key 0 "reception" -> reception
      wait 5s  tries 2
    }
    route story { play history -> sales }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt history { file office/history  en "Founded in 1921, we have grown year by year. …"  lasts 115s }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[C06]: it can take more than 120 s until anybody's phone rings
      --> plan.dial:10:15
       |
    10 | route story { play history -> sales }
       |               ^^^^^^^^^^^^
       = caller: is kept for 124 s before anybody's phone rings, or they are in line
       = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
               +0:06  main: presses 1 -> story
               +2:01  story: heard -> sales
               +2:01  sales: rings

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      wait 5s  tries 2
    }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Callable, Iterator

import attrs

from dialc import approach
from dialc.measure import Lapse, Measured, Passage, Shown
from dialc.plan import (
    Answer,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Callback,
    End,
    Exit,
    Label,
    Menu,
    Operator,
    Outcome,
    Play,
    Queue,
    Record,
    Step,
)
from dialc.reach import Memory, State, Survey, components
from dialc.rules import Breach, breach
from dialc.timelines import timeline
from dialc.witness import Turn

FIRST_MINUTE = 60
"""Seconds of waiting within which a call-back has to be offered."""


def check(survey: Survey) -> Iterator[Breach]:
    """For each block at which calls come in, what it takes too much of until people, or until the operator, ring."""
    policy = survey.plan.policy
    yield from _breaches(
        survey,
        Measured(survey, approach.seconds(sure=True), most=True),
        policy.to_person,
        "it can take more than {} s until anybody's phone rings",
        "is kept for {} s before anybody's phone rings, or they are in line",
        lambda _step, turn: turn.seconds,
    )
    yield from _breaches(
        survey,
        Measured(survey, approach.keys(sure=True), most=True),
        policy.keys,
        "it can take more than {} keys until anybody's phone rings",
        "presses {} keys before anybody's phone rings, or they are in line",
        lambda step, turn: approach.answers(step, turn.exit, sure=True),
    )
    yield from _breaches(
        survey,
        Measured(survey, approach.prompts(sure=True, most=True), most=True),
        policy.prompts,
        "it can take more than {} prompts until anybody's phone rings",
        "hears {} prompts before anybody's phone rings, or they are in line",
        _heard,
    )
    yield from _waits(survey)


def _waits(survey: Survey) -> Iterator[Breach]:
    """What rings and queues take too much of until the operator's phone rings."""
    policy = survey.plan.policy
    waits = Measured(survey, _waiting, most=True)
    message = "rings and queues can take more than {} s until the operator's phone rings"
    caller = "is handed on and waits for {} s in all, and only then does the operator's phone ring"
    offering = _offering(survey)
    if not offering:
        yield from _breaches(survey, waits, policy.to_operator, message, caller, _waited)
        return
    without = Measured(survey, _waiting, most=True, memory=_Unoffered(offering))
    found = list(_breaches(survey, without, policy.to_operator, message, caller, _waited))
    yield from found
    told = {each.step for each in found}
    allowed = max(policy.to_operator, policy.with_callback)
    yield from (each for each in _breaches(survey, waits, allowed, message, caller, _waited) if each.step not in told)


Spent = Callable[[Step, Turn], int]
"""What of a measure a turn of a call takes."""


def _breaches(
    survey: Survey,
    measured: Measured,
    limit: int,
    message: str,
    caller: str,
    spent: Spent,
) -> Iterator[Breach]:
    """A breach for each block at which calls come in of which some are measured to be more."""
    ceiling = measured.ceiling()
    if ceiling is not None and ceiling <= limit:
        return
    worst: dict[str, int] = {}
    for begun in measured.beginnings:
        most = max((piece.seconds for piece in begun.pieces), default=0)
        worst[begun.situation.step] = max(worst.get(begun.situation.step, 0), most)
    if max(worst.values(), default=0) <= limit:
        return
    for entry, shown in measured.shortest_of_each(limit + 1, lambda begun: begun.situation.step).items():
        yield breach(
            survey,
            "C06",
            entry,
            message.format(limit),
            survey.plan.steps[_costly(survey, shown, spent)].place,
            caller=caller.format(worst[entry]),
            witness=shown.witness,
            last=_last(survey.plan.steps[shown.witness.step], shown),
        )


def _costly(survey: Survey, shown: Shown, spent: Spent) -> str:
    """The step that takes the most of what is measured in the call that is shown; of several, the last."""
    language, most, found = "", 0, shown.witness.step
    for turn in shown.witness.turns:
        takes = spent(survey.step(turn.step, language), turn)
        if takes and takes >= most:
            most, found = takes, turn.step
        language = turn.exit.speaks or language
    return found


def _last(step: Step, shown: Shown) -> str:
    """What happens at last in a call that is shown."""
    return f"{step.name}: {approach.reached(step, shown.seconds)}"


def _heard(step: Step, turn: Turn) -> int:
    """The most prompts that were heard in a turn."""
    found = 0
    for way in approach.ways(step, turn.exit, sure=True):
        if not way.comes:
            heard = approach.hearings(way.heard)
            found = max(found, *(number for number, (first, _) in heard.items() if first <= turn.seconds), 0)
    return found


def _waited(step: Step, turn: Turn) -> int:
    """The seconds of a turn in which phones of people rang or the caller was in line."""
    heard = timeline(step, turn.exit)
    if not any(stretch.people for stretch in heard):
        return 0
    return max(0, turn.seconds - sum(stretch.shortest for stretch in heard if not stretch.people))


def _waiting(step: Step, exit: Exit) -> Iterator[Passage]:
    """The seconds in rings and queues until an operator's phone rings."""
    ways = list(approach.ways(step, exit, sure=False))
    if isinstance(step, Operator):
        yield from (approach.passage(way, counted=False) for way in ways)
        return
    yield from (approach.passage(way, counted=False) for way in ways if not way.comes)
    heard = timeline(step, exit)
    if not ways or not any(stretch.people for stretch in heard):
        return
    stays = exit.stay is not None
    joined = isinstance(step, Queue)
    yield Passage(
        tuple(
            Lapse(
                stretch.longest if joined and not stretch.people else stretch.shortest,
                stretch.longest,
                counted=stretch.people,
                stays=stays and stretch.people,
            )
            for stretch in heard
        )
    )


@attrs.frozen
class _Unoffered(Memory):
    """The most seconds that the caller may have waited by now, up to just over a minute; -1 once a call-back could be
    chosen before. `offering` are the steps at which one can.
    """

    offering: frozenset[str]

    def begin(self) -> State:
        return 0

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        waited = int(state)
        if step.name in self.offering and waited <= FIRST_MINUTE and not _closed(exit):
            return -1
        waits = sum(stretch.longest for stretch in timeline(step, exit) if stretch.people)
        return min(waited + waits, FIRST_MINUTE + 1)

    def over(self, state: State) -> bool:
        return bool(state == -1)


def _closed(exit: Exit) -> bool:
    """Whether a queue was closed as the caller came, who heard nothing of its keys."""
    return exit.outcome is Outcome.CLOSING and exit.stay is None


def _offering(survey: Survey) -> frozenset[str]:
    """The menus and queues with a key that leads to a call-back, whatever the hours."""
    books: set[str] = set()
    graph = {
        name: [exit.to for exit in survey.exits(name) if not isinstance(exit.to, End)]
        for name, step in survey.plan.steps.items()
        if isinstance(step, _ONWARD)
    }
    for name, *others in components({**graph, **{n: [] for n in survey.plan.steps if n not in graph}}):
        leads = not others and graph.get(name) and all(to in books for to in graph[name])
        if leads or isinstance(survey.plan.steps[name], Callback):
            books.add(name)
    return frozenset(
        step.name
        for step in survey.plan.steps.values()
        if isinstance(step, Menu | Queue) and any(choice.to in books for choice in step.choices)
    )


_ONWARD = (Answer, Play, Label, Record, Branch, ByException, BySwitch, ByCaller, ByLine)
"""The steps that only lead on."""
