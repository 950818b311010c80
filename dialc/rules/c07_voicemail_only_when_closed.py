"""Voicemail only when closed.

A mailbox is reached only while the hours it names are closed, or within a minute of their opening by a call that began
before; only after a prompt that ``says closed``; with a greeting of its own; never after a queue; and somebody is named
who listens to it. Of hours that staff override by a switch, which they may turn at any second, what the call has read
last counts. A prompt in a queue, or the greeting itself, comes too late to say so; of the prompts of a menu,
which a key cuts, only the first counts for a caller who pressed one. Who leaves a queue by ``closing`` does not count
as one who waited in it for a machine: the hours are over. Inside a last resort (behind the ``unanswered`` of
an operator) the rule does not apply. Of what one mailbox lacks, that is shown which takes the shortest call, and of
several the most telling.

Comes from: a PBX engineer's ten ways to anger those who call, the seventh: no default voicemail; only after hours,
after saying so; listen to it and call back.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    hours office { mon-fri 09:00-17:00 }
    route start { answer  when office open -> sales  otherwise -> night }
    ring sales { ring 201, 202 for 10s  no-answer -> message }
    route night { play closed_now -> message }
    mailbox message {
      box 100  while closed office  greeting leave_message  then thanks
      read by reception within 1 working day
      nothing-left -> sorry  failed -> sorry
    }
    operator reception { ring 100 for 10s  staffed office  supervisor 110  unstaffed -> night  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt closed_now    { file office/closed   en "We are closed now."  lasts 2s  says closed office }
    prompt leave_message { file office/message  en "Please leave a message after the tone."  lasts 3s }
    prompt thanks        { file office/thanks   en "Thank you, we will call you back. Goodbye."  lasts 3s  goodbye }
    prompt apology       { file office/apology  en "We are sorry. Please call us again. Goodbye."  lasts 4s  apology }

Says::

    error[C07]: a caller can get voicemail `message` while `office` is open
     --> plan.dial:8:1
      |
    8 | mailbox message {
      | ^^^^^^^^^^^^^^^^^
      = caller: talks to a machine while people are at work
      = call: Thu 2026-01-01 09:00:00 CET, calling +48221234567
              +0:00  start: office open -> sales
              +0:00  sales: nobody answers -> message
              +0:00  message: voicemail

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    hours office { mon-fri 09:00-17:00 }
    route start { answer  when office open -> sales  otherwise -> night }
    ring sales { ring 201, 202 for 10s  no-answer -> reception }
    route night { play closed_now -> message }
    mailbox message {
      box 100  while closed office  greeting leave_message  then thanks
      read by reception within 1 working day
      nothing-left -> sorry  failed -> sorry
    }
    operator reception { ring 100 for 10s  staffed office  supervisor 110  unstaffed -> night  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt closed_now    { file office/closed   en "We are closed now."  lasts 2s  says closed office }
    prompt leave_message { file office/message  en "Please leave a message after the tone."  lasts 3s }
    prompt thanks        { file office/thanks   en "Thank you, we will call you back. Goodbye."  lasts 3s  goodbye }
    prompt apology       { file office/apology  en "We are sorry. Please call us again. Goodbye."  lasts 4s  apology }
"""

from collections.abc import Callable, Iterable, Iterator, Set

import attrs

from dialc.calendar import Instants, union
from dialc.plan import (
    Collect,
    Condition,
    Exit,
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
from dialc.reach import Memory, State, Survey
from dialc.rules import Breach, breach


@attrs.frozen(cache_hash=True)
class Call:
    """What matters of a call: told that it is closed, was in a queue, an operator failed, began while closed; and
    whether hours that a switch overrides were closed when the call last read them.
    """

    told: bool = False
    queued: bool = False
    last_resort: bool = False
    began_closed: bool | None = None
    read_closed: bool = False


_Wrong = Callable[[Call, Instants], Instants]


@attrs.frozen
class _Told(Memory):
    """The memory for mailboxes that name one hours block, None for those that name none.

    `closed` is when it is closed, `opened` all other time, and `soon` the time after its openings in which calls from
    before are excused. Where a switch overrides it, it is never known to be closed.
    """

    hours: Schedule | None
    closed: Instants
    opened: Instants
    soon: Instants
    towards: Set[str]

    def begin(self) -> State:
        return Call()

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        if state.began_closed is not None:
            return ((state, instants),)
        return (
            (attrs.evolve(state, began_closed=True), instants & self.closed),
            (attrs.evolve(state, began_closed=False), instants & self.opened),
        )

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        if self.hours and self.hours.switches and exit.when and exit.when.period.hours == self.hours:
            read = exit.when
            if read.holds and (not read.open or not read.period.plus):
                state = attrs.evolve(state, read_closed=not read.open)
        match step:
            case Play():
                return self._heard(state, (step.prompt,))
            case Menu():
                # a key cuts the prompts of a try, so whoever has not been silent surely met no more than the first
                silent = exit.outcome in (Outcome.SILENCE, Outcome.UNDECIDED) and not (exit.pressed and step.repeats)
                return self._heard(state, step.prompts if silent else step.prompts[:1])
            case Collect():
                silent = exit.outcome is Outcome.SILENCE
                return self._heard(state, step.prompts if silent else step.prompts[:1])
            case Queue() if exit.outcome is not Outcome.CLOSING:
                return attrs.evolve(state, queued=True)
            case Operator() if exit.outcome is Outcome.UNANSWERED:
                return attrs.evolve(state, last_resort=True)
            case _:
                return state

    def _heard(self, state: Call, prompts: Iterable[Prompt]) -> Call:
        said = any(p.says and p.says.hours == self.hours and not p.says.open for p in prompts)
        return attrs.evolve(state, told=True) if said else state


def _told(survey: Survey, hours: Schedule | None, mailboxes: Set[str]) -> _Told:
    closed = Instants()
    if hours and not hours.switches:
        closed = survey.calendar.when(Condition(Period(hours), open=False))
    after = survey.plan.policy.mailbox_after_opening
    soon = union((end, end + after) for _, end in closed.stretches)
    return _Told(hours, closed, survey.calendar.everything - closed, soon, mailboxes)


def check(survey: Survey) -> Iterator[Breach]:
    """Every mailbox that a caller can be left with while somebody could answer, or without having been told."""
    mailboxes = [step for step in survey.plan.steps.values() if isinstance(step, Mailbox)]
    named: dict[str, list[Mailbox]] = {}
    for step in mailboxes:
        named.setdefault(step.closed.name if step.closed else "", []).append(step)
    told = {name: _told(survey, alike[0].closed, {step.name for step in alike}) for name, alike in named.items()}
    for step in mailboxes:
        memory = told[step.closed.name if step.closed else ""]
        shown: list[tuple[int, int, Breach]] = []
        for message, caller, help, wrong in _demands(survey, step, memory):
            goal = {}
            for situation, instants in survey.at(step.name, memory).items():
                broken = Instants() if situation.state.last_resort else wrong(situation.state, instants)
                if broken:
                    goal[situation] = broken
            if goal and (witness := survey.witness(memory, goal)):
                found = breach(
                    survey,
                    "C07",
                    step.name,
                    message,
                    step.place,
                    caller=caller,
                    witness=witness,
                    last=f"{step.name}: voicemail",
                    help=help,
                )
                shown.append((len(witness.turns), witness.seconds, found))
        if shown:
            yield min(shown, key=lambda each: each[:2])[2]


def _demands(survey: Survey, step: Mailbox, memory: _Told) -> Iterator[tuple[str, str, str, _Wrong]]:
    """What a mailbox must keep, most telling first: message, caller, help, and the instants at which it is broken."""
    name = step.name
    if step.closed is None:
        yield (
            f"the mailbox `{name}` does not say while which hours are closed",
            "gets a machine although somebody may be there",
            "write `while closed …` in the mailbox",
            lambda _state, instants: instants,
        )
        return
    hours = step.closed.name
    opened, soon = Condition(Period(step.closed), open=True), memory.soon
    if step.closed.switches:
        yield (
            f"a caller can get voicemail `{name}` while a switch keeps `{hours}` open",
            "talks to a machine while people are at work",
            f"ask `when {hours} closed -> …` on the way there; what the call reads last is what counts",
            lambda state, instants: Instants() if state.read_closed else instants,
        )
    else:
        yield (
            f"a caller can get voicemail `{name}` while `{hours}` is open",
            "talks to a machine while people are at work",
            "",
            lambda state, instants: survey.during(opened, instants) - (soon if state.began_closed else Instants()),
        )
    yield (
        f"a caller can get voicemail `{name}` after a queue",
        "has waited in line, and is then given to a machine",
        "",
        lambda state, instants: instants if state.queued else Instants(),
    )
    yield (
        f"a caller can get voicemail `{name}` without hearing that `{hours}` is closed",
        "gets a machine and is not told why",
        f"play a prompt that `says closed {hours}` first",
        lambda state, instants: Instants() if state.told else instants,
    )
    if step.greeting is None:
        yield (
            f"the mailbox `{name}` has no greeting of its own",
            "hears a beep, and does not know whose machine it is",
            "write `greeting …` in the mailbox",
            lambda _state, instants: instants,
        )
    if not step.reader:
        yield (
            f"nobody is named who listens to the mailbox `{name}`",
            "leaves a message that nobody may ever hear",
            "write `read by … within 1 working day` in the mailbox",
            lambda _state, instants: instants,
        )
