"""Somebody is there.

A call comes to a queue only while it is ``staffed``, with its ``plus``, from the first second of opening on, and waits
there no longer. Callers who came in while it was open, that is whose call began then, are served for the grace of the
policy (10 minutes) after closing: they may still come, and wait, for fewer than so many seconds. A queue with
``closing`` sends everybody else on, and so does an operator by its ``unstaffed``; what began to ring goes on ringing.
Where no ``staffed`` is written (rings, extensions, and whatever else leaves it out), the verdict tells while which
hours somebody has to be there, and of all how long they must stay after closing.

Hours that staff override by a switch may close at any second. What the call has read of them last counts: callers come
to the queue only behind an ``open``, and the longest wait, counted from there, is held against the grace.

Comes from: a PBX engineer's ten ways to anger those who call, the sixth: let prompts and schedule agree; if you say
that you are there from eight, be there at eight.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    hours office { mon-fri 09:00-17:00 }
    hours sales_hours { mon-fri 10:00-16:00 }
    route start { answer  when office open -> sales  otherwise -> reception }
    queue sales {
      play in_line  members 201, 202  ring 10s  announce position every 30s  patience 2m
      staffed sales_hours plus 5m  key 0 -> reception
    }
    operator reception { ring 100, 101 for 20s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt in_line { file office/in-line  en "Please hold. Reception: zero."  lasts 3s  offers 0 }
    prompt apology { file office/apology  en "We are sorry. Please call us again. Goodbye."  lasts 4s  apology }

Says::

    error[C13]: a caller can come to `sales` outside `sales_hours` plus 5 min
     --> plan.dial:7:1
      |
    7 | queue sales {
      | ^^^^^^^^^^^^^
      = caller: waits for people who are not there
      = call: Thu 2026-01-01 09:00:00 CET, calling +48221234567
              +0:00  start: office open -> sales
              +0:00  sales: waits in line
      = help: lead whoever comes then elsewhere, with `closing -> …`

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    hours office { mon-fri 09:00-17:00 }
    hours sales_hours { mon-fri 10:00-16:00 }
    route start { answer  when office open -> sales  otherwise -> reception }
    queue sales {
      play in_line  members 201, 202  ring 10s  announce position every 30s  patience 2m
      staffed sales_hours plus 5m  key 0 -> reception  closing -> reception
    }
    operator reception { ring 100, 101 for 20s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt in_line { file office/in-line  en "Please hold. Reception: zero."  lasts 3s  offers 0 }
    prompt apology { file office/apology  en "We are sorry. Please call us again. Goodbye."  lasts 4s  apology }
"""

from collections.abc import Iterable, Iterator, Mapping, Set

import attrs

from dialc.calendar import Instants
from dialc.plan import Condition, Outcome, Period, Queue, Step
from dialc.reach import LastReading, Memory, Situation, State, Survey
from dialc.rules import Breach, breach
from dialc.witness import Witness, spelt


@attrs.frozen
class _CameIn(Memory):
    """Whether a call began while hours were open, for those who come to some queues; None until it is known."""

    opened: Instants
    towards: Set[str]

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        if state is not None:
            return ((state, instants),)
        return ((True, instants & self.opened), (False, instants - self.opened))


_Goal = Mapping[Situation, Instants]


def check(survey: Survey) -> Iterator[Breach]:
    """Every queue to which a caller can come, or in which one can wait, while nobody is there."""
    around = _around(survey)
    queues: list[tuple[Queue, Period]] = []
    towards: dict[Period, set[str]] = {}
    for step in survey.plan.steps.values():
        if isinstance(step, Queue) and not step.closing and step.staffed is not None:
            opened = survey.calendar.when(Condition(step.staffed, open=True))
            # Most need no look at when the calls began.
            if step.staffed.hours.switches or around.get(step.name, Instants()) - opened:
                queues.append((step, step.staffed))
                towards.setdefault(step.staffed, set()).add(step.name)
    memories = {staffed: _memory(survey, staffed, looked_at) for staffed, looked_at in towards.items()}
    for queue, staffed in queues:
        memory = memories[staffed]
        shown = [
            (witness, waits)
            for waits, goal in enumerate(_wrong(survey, memory, queue, staffed))
            if goal and (witness := survey.witness(memory, goal))
        ]
        if shown:
            witness, waits = min(shown, key=lambda pair: (len(pair[0].turns), pair[0].seconds, pair[0].at))
            yield _told(survey, queue, staffed, witness, waits=bool(waits))


def _memory(survey: Survey, staffed: Period, queues: Set[str]) -> Memory:
    """What is remembered of those who come to queues that are staffed so."""
    if staffed.hours.switches:
        return LastReading(staffed.hours, staffed.plus, queues)
    return _CameIn(survey.calendar.when(Condition(staffed, open=True)), queues)


def _around(survey: Survey) -> Mapping[str, Instants]:
    """The instants from the arrival of callers on to the end of their wait, by queue."""
    found: dict[str, Instants] = {}
    for situation, instants in survey.reach().items():
        step = survey.plan.steps[situation.step]
        if isinstance(step, Queue):
            _, last = _wait(survey, step, situation.language)
            found[step.name] = found.get(step.name, Instants()) | instants.later(0, last)
    return found


def _wait(survey: Survey, queue: Queue, language: str) -> tuple[int, int]:
    """When callers who have come begin to wait and when they end at the latest, in seconds."""
    last = max(e.longest for e in survey.exits(queue.name, language) if e.outcome is Outcome.ANSWERED)
    return last - queue.patience, last


def _wrong(survey: Survey, memory: Memory, queue: Queue, staffed: Period) -> tuple[_Goal, _Goal]:
    """When a caller comes who must not, and when one comes who can wait for too long."""
    opened = survey.calendar.when(Condition(staffed, open=True))
    grace = survey.plan.policy.grace
    coming: dict[Situation, Instants] = {}
    waiting: dict[Situation, Instants] = {}
    for situation, instants in survey.at(queue.name, memory).items():
        first, last = _wait(survey, queue, situation.language)
        if staffed.hours.switches:
            served = instants if situation.state else Instants()
            late = served if last >= grace else Instants()
        else:
            allowed = opened.later(0, grace) if situation.state else opened
            served = instants & allowed
            # a wait that goes on at one of these instants began so much before it
            away = survey.calendar.everything - allowed
            late = served & away.later(0, last - first).later(-last, -last)
        if instants - served:
            coming[situation] = instants - served
        if late:
            waiting[situation] = late
    return coming, waiting


def _told(survey: Survey, queue: Queue, staffed: Period, witness: Witness, *, waits: bool) -> Breach:
    hours = f"`{staffed.hours.name}`{f' plus {spelt(staffed.plus)}' if staffed.plus else ''}"
    if waits:
        message = f"a caller can wait in `{queue.name}` for longer than it is staffed"
        caller = "waits for people who have gone home"
        grace = spelt(survey.plan.policy.grace)
        help = (
            f"callers from before closing are served for {grace} after {hours}: let them wait less, or write `closing`"
        )
    elif staffed.hours.switches:
        message = f"a caller can come to `{queue.name}` while a switch keeps `{staffed.hours.name}` closed"
        caller = "waits for people who are not there"
        help = f"ask `when {staffed.hours.name} open -> …` on the way there; what the call reads last is what counts"
    else:
        message = f"a caller can come to `{queue.name}` outside {hours}"
        caller = "waits for people who are not there"
        help = "lead whoever comes then elsewhere, with `closing -> …`"
    return breach(
        survey,
        "C13",
        queue.name,
        message,
        queue.place,
        caller=caller,
        witness=witness,
        last=f"{queue.name}: waits in line",
        help=help,
    )
