"""No silence, no dead wait.

From one word to the next, callers hear at most so many seconds of silence and music (15 in ``charter``) and at most so
many of ringing (20); the two are counted apart, and both go on from step to step. What counts as a word is a prompt
that begins, an announcement of a queue, a machine or a tone with which callers talk, and a key that they press
themselves: they know what they have asked for. So a menu that waits for 5 seconds before phones ring for 20 is fine;
phones that ring for 20 seconds, and others after them for as long, are not, unless a prompt is played between.

Music is not counted in a queue that announces the position or the wait. There, what lies between two announcements is
(45). Asterisk announces nothing while it rings a member, so this is the time of ``every``, that of ``ring`` and a
second's pause. Somebody who has waited as long was told something; who leaves the queue sooner perhaps was not.

Beside this, one call hears the same prompt at most 5 times; a prompt that a key cuts counts as heard.

Comes from: a PBX engineer's ten ways to anger those who call, the second: not more than a dozen-odd seconds at one
point without saying what comes next.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
    }
    ring sales { ring 201, 202 for 20s }
    operator reception { ring 100, 101 for 20s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[C04]: callers can hear more than 20 s of ringing without a word, the last at `reception`
      --> plan.dial:10:22
       |
    10 | operator reception { ring 100, 101 for 20s  supervisor 110  unanswered -> sorry }
       |                      ^^^^^^^^^^^^^^^^^^^^^
       = caller: cannot tell whether anybody will ever answer
       = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
               +0:00  main: presses 1 -> sales
               +0:01  sales: busy -> reception
               +0:21  reception: 21 s of ringing, and not a word
       = help: let callers hear a prompt in between, or ring for less

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
    }
    ring sales { ring 201, 202 for 20s }
    operator reception { play connecting  ring 100, 101 for 20s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt connecting { file office/connecting  en "You are put through to reception."  lasts 2s }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

import functools
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set

import attrs

from dialc.calendar import Instants
from dialc.measure import Lapse, Measured, Passage, Shown
from dialc.plan import Exit, Operator, Outcome, Queue, Ring, Step
from dialc.reach import FORGETFUL, Situation, Survey, components
from dialc.rules import Breach, breach
from dialc.source import Place
from dialc.timelines import RETRY, Hears, Stretch, Timeline, endings, gap, timeline
from dialc.waits import RINGING, SILENCE, Run, counted_in, runs_between


@attrs.frozen
class _Wait:
    """What is counted from one word to the next, how much of it is allowed, and how people speak of it."""

    counted: tuple[Hears, ...]
    allowed: int
    message: str
    caller: str
    sound: str
    help: str


def check(survey: Survey) -> Iterator[Breach]:
    """Every step at which a wait without a word gets too long, and every prompt that one call hears too often."""
    policy = survey.plan.policy
    silence = _Wait(
        SILENCE,
        policy.silence,
        "callers can hear more than {} s of silence or music without a word, the last at `{}`",
        "cannot tell whether anybody knows that they are still there",
        "silence or music",
        "let callers hear a prompt in between, or wait for less",
    )
    ringing = _Wait(
        RINGING,
        policy.ringing,
        "callers can hear more than {} s of ringing without a word, the last at `{}`",
        "cannot tell whether anybody will ever answer",
        "ringing",
        "let callers hear a prompt in between, or ring for less",
    )
    for wait in (silence, ringing):
        yield from _waits(survey, wait)
    for step in survey.plan.steps.values():
        if isinstance(step, Queue) and step.announce and gap(step) > policy.announcements:
            yield from _announcements(survey, step)
    yield from _prompts(survey)


# From one word to the next

_BEFORE, _WAITING = 0, 1
"""The phases of the measure: in the step in which the wait begins, and behind it."""


@attrs.frozen(eq=False)
class _Measure:
    """A wait from one word to the next, looked at after each lapse that counts.

    At a step that is `mended` every stretch is as if something were said before it, and as long as is allowed at most.
    """

    wait: _Wait
    mended: Set[str]

    def __call__(self, step: Step, exit: Exit) -> Iterator[Passage]:
        told: set[Run] = set()
        for runs in runs_between(step, endings(step, exit), self.wait.counted):
            if step.name in self.mended:
                yield from self._rest(runs)
                continue
            for index, run in enumerate(runs):
                before = tuple(lapse._replace(counted=False) for lapse in itertools.chain(*runs[:index]))
                if run not in told:
                    told.add(run)
                    yield from _looks(before, run, _BEFORE)
                if index == 0:
                    yield from _looks((), run, _WAITING)
            if len(runs) == 1:
                yield Passage(runs[0], phase=_WAITING, leads=_WAITING)
            if counted_in(runs[-1]):
                yield Passage((*before, *runs[-1]), phase=_BEFORE, leads=_WAITING)

    def _rest(self, runs: Sequence[Run]) -> Iterator[Passage]:
        """What goes on in the next step, of a step that is mended."""
        lapses = tuple(itertools.chain(*runs))
        if not (runs[-1] and lapses[-1].counted):
            return
        last, allowed = lapses[-1], self.wait.allowed
        within = last._replace(shortest=min(last.shortest, allowed), longest=min(last.longest, allowed))
        beyond = last._replace(shortest=last.shortest - within.shortest, longest=last.longest - within.longest)
        before = (lapse._replace(counted=False) for lapse in (*lapses[:-1], beyond))
        yield Passage((*before, within), phase=_BEFORE, leads=_WAITING)


def _looks(before: Run, run: Run, phase: int) -> Iterator[Passage]:
    """The passages in which a wait is looked at, behind each lapse of a run that counts."""
    for index, lapse in enumerate(run, start=1):
        if lapse.counted and lapse.longest:
            yield Passage((*before, *run[:index]), ends=True, phase=phase)


def _waits(survey: Survey, wait: _Wait) -> Iterator[Breach]:
    """Every step at which a wait gets too long. Each is shown by the shortest call to come to it, when those found
    before are mended.
    """
    if _bounded(survey, wait):
        return
    mended: set[str] = set()
    for shown in Measured(survey, _Measure(wait, mended), most=True).one_by_one(wait.allowed + 1):
        step = survey.plan.steps[shown.witness.step]
        mended.add(step.name)
        yield breach(
            survey,
            "C04",
            step.name,
            wait.message.format(wait.allowed, step.name),
            _stage(step, shown),
            caller=wait.caller,
            witness=shown.witness,
            last=f"{step.name}: {wait.allowed + 1} s of {wait.sound}, and not a word",
            after=shown.seconds,
            help=wait.help,
        )


def _stage(step: Step, shown: Shown) -> Place:
    """The phones at which ringing gets too long; the step where it is not phones."""
    if not isinstance(step, Ring | Operator):
        return step.place
    items = step.stages if isinstance(step, Ring) else step.items
    return items[len(shown.passage.lapses) - 1].place


def _bounded(survey: Survey, wait: _Wait) -> bool:
    """Whether no wait gets too long, whatever the hours; most plans are proved so, without a look at the clock."""
    onward: dict[str, dict[str, int]] = {}
    ahead: dict[str, int] = {}
    rests: list[tuple[int, str]] = []
    for name, step in survey.plan.steps.items():
        rows = onward[name] = {}
        ahead[name] = 0
        for index, exit in enumerate(survey.exits(name)):
            if survey.cut(name, index):
                continue
            for runs in runs_between(step, endings(step, exit), wait.counted):
                if max(map(counted_in, runs)) > wait.allowed:
                    return False
                to, first, last = str(exit.to), counted_in(runs[0]), counted_in(runs[-1])
                ahead[name] = max(ahead[name], first)
                rests.append((last, to))
                if len(runs) == 1:
                    rows[to] = max(rows.get(to, 0), first)
    for component in components(onward):
        (name, *others) = component
        if others or name in onward[name]:
            return False
        ahead[name] = max(ahead[name], *(seconds + ahead.get(to, 0) for to, seconds in onward[name].items()), 0)
    return all(rest + ahead.get(to, 0) <= wait.allowed for rest, to in rests)


# Between two announcements


def _announcements(survey: Survey, queue: Queue) -> Iterator[Breach]:
    """A queue in which somebody can wait for too long for the next announcement."""
    allowed = survey.plan.policy.announcements
    goal: dict[Situation, Instants] = {}
    for situation, instants in survey.at(queue.name).items():
        waits = _waiting(survey, situation.language, queue, allowed + 1)
        goal[situation] = survey.taken(waits, instants) if waits.shortest <= waits.longest else Instants()
    witness = survey.witness(FORGETFUL, goal) if any(goal.values()) else None
    if witness is None:
        return
    every = allowed + 1 - queue.ring - RETRY
    yield breach(
        survey,
        "C04",
        queue.name,
        f"announcements of `{queue.name}` can be {gap(queue)} s apart, and {allowed} s are allowed",
        queue.place,
        caller="cannot tell whether they have been forgotten in the queue",
        witness=witness,
        last=f"{queue.name}: {allowed + 1} s of music, and no announcement",
        after=_waiting(survey, witness.language, queue, allowed + 1).shortest,
        help=f"write `every {every}s` in it" if every >= _SELDOM else "ring its members for less",
    )


_SELDOM = 10
"""Seconds between announcements that are few enough for nobody to be annoyed by them."""


def _waiting(survey: Survey, language: str, queue: Queue, seconds: int) -> Exit:
    """How a queue is left by those who have waited for so many seconds at least, and are then answered."""
    answered = next(exit for exit in survey.exits(queue.name, language) if exit.outcome is Outcome.ANSWERED)
    return attrs.evolve(answered, shortest=answered.shortest + seconds)


# The same prompt


def _prompts(survey: Survey) -> Iterator[Breach]:
    """Every prompt that one call can hear too often."""
    allowed = survey.plan.policy.same_prompt
    for name, played in _played(survey, allowed).items():
        where = [situation for step in played for situation in survey.at(step)]
        most = survey.longest(functools.partial(_at_most, played), where)
        if max((most[situation] for situation in where), default=0) <= allowed:
            continue
        shown = Measured(survey, _Hearings(name), most=True, towards=played.keys()).shortest(allowed + 1)
        if shown is None:
            continue
        step = survey.plan.steps[shown.witness.step]
        yield breach(
            survey,
            "C04",
            step.name,
            f"one call can hear the prompt `{name}` more than {allowed} times, the last at `{step.name}`",
            step.place,
            caller="is told the same again and again",
            witness=shown.witness,
            last=f"{step.name}: `{name}` once more",
            after=shown.seconds,
            help="send callers on, or record something else to be said here",
        )


def _played(survey: Survey, allowed: int) -> Mapping[str, Mapping[str, int]]:
    """The prompts that a call could hear too often if it came everywhere, and came round as often as it may, with how
    often each step plays them.
    """
    found: dict[str, dict[str, int]] = {}
    for name, step in survey.plan.steps.items():
        for exit in survey.exits(name):
            heard = Counter(stretch.prompt.name for stretch in timeline(step, exit) if stretch.prompt)
            for prompt, times in heard.items():
                rows = found.setdefault(prompt, {})
                rows[name] = max(rows.get(name, 0), times)
    visits = _visits(survey)
    return {
        prompt: rows
        for prompt, rows in found.items()
        if sum(times * visits[name] for name, times in rows.items()) > allowed
    }


def _visits(survey: Survey) -> Mapping[str, int]:
    """How often a call can come to each step at most: once more for each return on a circle that the step is on."""
    around = survey.ways_out.around
    returns = Counter[int]()
    for target, limit in survey.plan.limits.items():
        returns[id(around(target))] += limit  # one set for all steps that are on ways round together
    return {name: 1 + returns[id(around(name))] for name in survey.plan.steps}


def _at_most(played: Mapping[str, int], step: Step, _exit: Exit) -> int:
    return played.get(step.name, 0)


@attrs.frozen
class _Hearings:
    """How often a call hears a prompt."""

    prompt: str

    def __call__(self, step: Step, exit: Exit) -> Iterator[Passage]:
        since = exit.stay.since if exit.stay else 0
        for times, seconds in sorted(_times(timeline(step, exit), self.prompt).items()):
            shortest = max(seconds, exit.shortest)
            rest = Lapse(shortest - since, exit.longest - since, counted=False, stays=True)
            lapses = (Lapse(since, since, counted=False), rest)
            yield Passage(lapses, times)
            if times:
                yield Passage(lapses, times, ends=True)


def _times(heard: Timeline, prompt: str) -> Mapping[int, int]:
    """How often a prompt can be heard in a timeline, with the fewest seconds that it takes."""
    found = {0: 0}
    for spoken, group in itertools.groupby(heard, lambda stretch: stretch.hears is Hears.PROMPT):
        stretches = tuple(group)
        choices = _cut(stretches, prompt) if spoken else {0: sum(stretch.shortest for stretch in stretches)}
        joined: dict[int, int] = {}
        for (times, seconds), (more, longer) in itertools.product(found.items(), choices.items()):
            joined[times + more] = min(joined.get(times + more, seconds + longer), seconds + longer)
        found = joined
    return found


def _cut(prompts: Sequence[Stretch], prompt: str) -> Mapping[int, int]:
    """The same for prompts that follow each other; one begins only when those before it were heard out."""
    found: dict[int, int] = {}
    times = passed = 0
    for index, stretch in enumerate(prompts):
        times += stretch.prompt is not None and stretch.prompt.name == prompt
        if not any(later.shortest for later in prompts[index + 1 :]):
            found.setdefault(times, passed + stretch.shortest)
        passed += stretch.longest
    return found
