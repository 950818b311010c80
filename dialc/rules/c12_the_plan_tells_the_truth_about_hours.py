"""The plan tells the truth about hours.

A prompt that ``says closed`` (or ``open``) is played only when these hours are so at the second in which it begins. In
a menu or a collect that is each try anew; behind other prompts, it is as much later as they last. Of hours that staff
override by a switch, which they may turn at any second, what the call has read last counts.

A prompt that ``states usual`` hours names the week of these hours as it is now. Change the week, and the plan is
refused until the prompt says so, too.

A prompt that states usual hours is not played at a second which the week calls open and an exception closes, save to
callers who are told that it is closed: by the prompt itself, or by one before it in the call, which ``says closed`` of
these hours or of some that are made of them. Of a menu or queue in which a key was pressed, only the first prompt
counts for that.

Comes from: a PBX engineer's ten ways to anger those who call, the sixth: let prompts and schedule agree.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    hours office { mon-fri 09:00-17:00 }
    route start { answer  when office open -> reception  play welcome  play closed_now -> message }
    operator reception { ring 100, 101 for 20s  supervisor 110  unanswered -> sorry }
    mailbox message {
      box 100  while closed office  greeting leave_message  then thanks
      read by reception within 1 working day
      nothing-left -> sorry  failed -> sorry
    }
    route sorry { play apology  hang-up }
    prompt welcome       { file office/welcome  en "Welcome to Example."  lasts 3s }
    prompt closed_now    { file office/closed   en "We are closed now."  lasts 2s  says closed office }
    prompt leave_message { file office/message  en "Please leave a message after the tone."  lasts 3s }
    prompt thanks        { file office/thanks   en "Thank you. Goodbye."  lasts 3s  goodbye }
    prompt apology       { file office/apology  en "We are sorry. Please call again."  lasts 4s  apology }

Says::

    error[C12]: `closed_now` can say that `office` is closed while it is open
     --> plan.dial:5:68
      |
    5 | route start { answer  when office open -> reception  play welcome  play closed_now -> message }
      |                                                                    ^^^^^^^^^^^^^^^
      = caller: is sent away while people are there
      = call: Thu 2026-01-01 08:59:57 CET, calling +48221234567
              +0:00  start: office closed
              +0:03  start: heard
              +0:03  start: hears `closed_now`
      = help: ask `when office closed -> …` just before it is played

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    hours office { mon-fri 09:00-17:00 }
    route start { answer  play welcome  when office open -> reception  play closed_now -> message }
    operator reception { ring 100, 101 for 20s  supervisor 110  unanswered -> sorry }
    mailbox message {
      box 100  while closed office  greeting leave_message  then thanks
      read by reception within 1 working day
      nothing-left -> sorry  failed -> sorry
    }
    route sorry { play apology  hang-up }
    prompt welcome       { file office/welcome  en "Welcome to Example."  lasts 3s }
    prompt closed_now    { file office/closed   en "We are closed now."  lasts 2s  says closed office }
    prompt leave_message { file office/message  en "Please leave a message after the tone."  lasts 3s }
    prompt thanks        { file office/thanks   en "Thank you. Goodbye."  lasts 3s  goodbye }
    prompt apology       { file office/apology  en "We are sorry. Please call again."  lasts 4s  apology }
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set

import attrs

from dialc.calendar import Instants, union
from dialc.plan import (
    Announcement,
    Collect,
    Combination,
    Condition,
    Exit,
    Hours,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Period,
    Plan,
    Play,
    Prompt,
    Queue,
    Says,
    Span,
    StatesUsual,
    Step,
    heard_at,
)
from dialc.reach import FORGETFUL, LastReading, Memory, State, Survey
from dialc.rules import Breach, breach
from dialc.timelines import Beginning, beginnings
from dialc.witness import Witness, written


@attrs.frozen
class _Told(Memory):
    """Whether a call has been told that hours are closed, of those who come to where their usual week is stated."""

    hours: Hours
    towards: Set[str]

    def begin(self) -> State:
        return False

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return state or any(_says_closed(prompt, self.hours) for prompt in _heard(step, exit))


def _says_closed(prompt: Prompt, hours: Hours) -> bool:
    """Whether a prompt says that hours, or some that are made of them, are closed."""
    if prompt.says is None or prompt.says.open:
        return False
    said = prompt.says.hours
    return hours in said.hours if isinstance(said, Combination) else said == hours


def _heard(step: Step, exit: Exit) -> Iterable[Prompt]:
    """The prompts that a caller has surely met who left a step by an exit."""
    match step:
        case Play():
            return (step.prompt,)
        case Menu():
            silent = exit.outcome in (Outcome.SILENCE, Outcome.UNDECIDED) and not (exit.pressed and step.repeats)
            return step.prompts if silent else step.prompts[:1]
        case Collect():
            return step.prompts if exit.outcome is Outcome.SILENCE else step.prompts[:1]
        case Queue() if exit.outcome is Outcome.CLOSING and not exit.stay:
            return ()
        case Queue():
            return step.prompts[:1] if exit.outcome is Outcome.KEY else step.prompts
        case Operator() if exit.outcome is not Outcome.UNSTAFFED:
            return tuple(item.prompt for item in step.items if isinstance(item, Announcement))
        case Mailbox() if step.greeting:
            return (step.greeting,)
        case _:
            return ()


@attrs.frozen
class _Lie:
    """What can be untrue in a prompt: in which states and when, and what is said of it."""

    prompt: str
    memory: Memory
    wrong: Callable[[State], Instants]
    message: str
    caller: str
    help: str


def check(survey: Survey) -> Iterator[Breach]:
    """Every prompt that states other hours than there are, and every step at which a prompt can be untrue."""
    stale = [prompt for prompt in survey.plan.prompts.values() if prompt.states_usual and _stale(prompt.states_usual)]
    where: dict[str, str] = {}
    for step in survey.plan.steps.values() if stale else ():
        for heard in heard_at(step):
            where.setdefault(heard.name, step.name)
    for prompt in stale:
        assert prompt.states_usual is not None
        hours = prompt.states_usual.hours.name
        yield breach(
            survey,
            "C12",
            where.get(prompt.name, prompt.name),
            f"`{prompt.name}` states a week that `{hours}` does not have",
            prompt.states_usual.place,
            caller="is told when to call, and it is not so",
            help=f"record what `{hours}` says now, and then write its week here",
        )
    claims = _Claims(survey, frozenset(prompt.name for prompt in stale), *_about(survey.plan))
    for step in survey.plan.steps.values():
        shown: list[tuple[Witness, _Lie]] = []
        played = {each: tuple(beginnings(survey.step(step.name, each))) for each in survey.plan.languages}
        for index, first in enumerate(played[survey.plan.language]):
            for lie in claims.of(first):
                goal = {}
                for situation, instants in survey.at(step.name, lie.memory).items():
                    wrong = _from_before(played[situation.language][index], lie.wrong(situation.state))
                    late = instants & survey.calendar.when(first.when) & wrong
                    if late:
                        goal[situation] = late
                if goal and (witness := survey.witness(lie.memory, goal)):
                    shown.append((witness, lie))
        if shown:
            witness, lie = min(shown, key=lambda pair: (len(pair[0].turns), pair[0].seconds, pair[0].at))
            yield breach(
                survey,
                "C12",
                step.name,
                lie.message,
                step.place,
                caller=lie.caller,
                witness=witness,
                last=f"{written(step.name)}: hears `{lie.prompt}`",
                help=lie.help,
            )


def _stale(states: StatesUsual) -> bool:
    """Whether a prompt was recorded for another week than the one that the hours have."""
    return _clock(states.weekly) != _clock(states.hours.weekly)


def _clock(weekly: Iterable[Iterable[Span]]) -> tuple[Instants, ...]:
    return tuple(union((span.start, span.end) for span in day) for day in weekly)


def _about(plan: Plan) -> tuple[Mapping[str, Set[str]], Mapping[str, Set[str]]]:
    """The steps in which prompts say that hours are open or closed, and those in which they state the usual week, each
    by the hours.
    """
    said: dict[str, set[str]] = {}
    stated: dict[str, set[str]] = {}
    for step in plan.steps.values():
        for begins in beginnings(step):
            if begins.prompt.says:
                said.setdefault(begins.prompt.says.hours.name, set()).add(step.name)
            if begins.prompt.states_usual:
                stated.setdefault(begins.prompt.states_usual.hours.name, set()).add(step.name)
    return said, stated


def _from_before(begins: Beginning, wrong: Instants) -> Instants:
    """The instants of arrival from which a prompt can begin at one of these instants."""
    earliest = wrong.later(0, begins.longest - begins.shortest)
    return earliest.later(-begins.longest, -begins.longest) if begins.longest else earliest


@attrs.define
class _Claims:
    """What prompts claim about hours, each claim with its memory; `stale` are prompts that state another week, `said`
    and `stated` the steps in which anything is claimed of hours.
    """

    survey: Survey
    stale: frozenset[str]
    said: Mapping[str, Set[str]]
    stated: Mapping[str, Set[str]]
    _readings: dict[str, Memory] = attrs.field(factory=dict)
    _told: dict[str, Memory] = attrs.field(factory=dict)
    _unusual: dict[str, Instants] = attrs.field(factory=dict)

    def of(self, begins: Beginning) -> Iterator[_Lie]:
        """What can be untrue of a prompt."""
        prompt = begins.prompt
        if prompt.says:
            yield self._said(prompt.name, prompt.says, first=not begins.longest)
        states = prompt.states_usual
        if states and prompt.name not in self.stale:
            hours = states.hours
            told = any(_says_closed(each, hours) for each in (prompt, *begins.after))
            if not told and self._closed_by_exception(hours):
                yield self._stated(prompt.name, hours)

    def _said(self, name: str, says: Says, *, first: bool) -> _Lie:
        hours, state, other = says.hours, "open" if says.open else "closed", "closed" if says.open else "open"
        caller = "is told that somebody is there, and nobody is" if says.open else "is sent away while people are there"
        everything = self.survey.calendar.everything
        if hours.switches:
            return _Lie(
                name,
                self._readings.setdefault(hours.name, LastReading(hours, towards=self.said[hours.name])),
                lambda read: Instants() if read is says.open else everything,
                f"`{name}` can say that `{hours.name}` is {state} while a switch keeps it {other}",
                caller,
                f"ask `when {hours.name} {state} -> …` on the way there; what the call reads last is what counts",
            )
        wrong = everything - self.survey.calendar.when(Condition(Period(hours), open=says.open))
        return _Lie(
            name,
            FORGETFUL,
            lambda _: wrong,
            f"`{name}` can say that `{hours.name}` is {state} while it is {other}",
            caller,
            f"ask `when {hours.name} {state} -> …` just before it is played"
            if first
            else "play it before the step, where it is said once and at once",
        )

    def _stated(self, name: str, hours: Hours) -> _Lie:
        wrong = self._closed_by_exception(hours)
        return _Lie(
            name,
            self._told.setdefault(hours.name, _Told(hours, self.stated[hours.name])),
            lambda told: Instants() if told else wrong,
            f"`{name}` can state the usual hours of `{hours.name}` while an exception closes it",
            "hears that it is open at this hour, and finds it closed",
            f"play a prompt that `says closed {hours.name}` first",
        )

    def _closed_by_exception(self, hours: Hours) -> Instants:
        """When hours would be open by their week, and are not."""
        if hours.name not in self._unusual:
            clock = attrs.evolve(hours, switch=None)
            week = attrs.evolve(clock, exceptions=())
            usual, real = (self.survey.calendar.when(Condition(Period(each), open=True)) for each in (week, clock))
            self._unusual[hours.name] = usual - real
        return self._unusual[hours.name]
