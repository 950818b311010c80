"""Doing nothing reaches a human.

While the operator of the line is staffed, a caller who presses nothing hears a phone of people ring, or is in line for
them, within 90 seconds (the number of ``charter``): nobody has to know about keys, or to have any. What they come to
may be a ring or a queue on the way to the operator.

A call counts that begins while the hours of the operator are open and stay so for these 90 seconds; minutes that they
are kept longer (``plus``) do not count, nor do calls that were told that these hours, or others that the same switch
overrides, are closed. Silent callers who come to no people at all are the business of other rules: voicemail of
:ref:`C07`, and a hang-up of :ref:`C10`, which allows it after a goodbye where the policy does. Callers of a line that
is for a ``machine`` or ``announcement-only`` are left alone, and inside a last resort (behind the ``unanswered`` of an
operator) the rule does not apply.

Comes from: a Lithuanian guide to getting past telephone menus: press nothing, and wait.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      wait 15s  tries 3
    }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception, about everything else: zero."
                     lasts 16s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    warning[C16]: a caller who presses nothing can wait for more than 90 s until anybody's phone rings
     --> plan.dial:4:1
      |
    4 | menu main {
      | ^^^^^^^^^^^
      = caller: has no keys, or does not know which to press, and hears the same again and again
      = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
              +1:33  main: nothing pressed -> reception
              +1:33  reception: people at last

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      wait 5s  tries 3
    }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception, about everything else: zero."
                     lasts 16s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator

import attrs

from dialc import approach
from dialc.calendar import Instants
from dialc.findings import Severity
from dialc.measure import Beginning, Measured, Passage, Shown
from dialc.plan import Condition, Exit, Hours, Operator, Period, Schedule, Step
from dialc.reach import Survey
from dialc.rules import Breach, breach


def check(survey: Survey) -> Iterator[Breach]:
    """For each block at which calls come in, what keeps callers from people who press nothing."""
    plan = survey.plan
    limit = plan.policy.doing_nothing
    for name in dict.fromkeys(line.operator or plan.operator for line in plan.lines if not line.exempt):
        operator = plan.steps[name]
        assert isinstance(operator, Operator)
        hours = operator.staffed.hours if operator.staffed else None
        measured = Measured(survey, _Silent(hours).measure, most=True, at=_while_open(survey, hours, limit))
        ceiling = measured.ceiling()
        if ceiling is not None and ceiling <= limit:
            continue

        def entry(begun: Beginning, name: str = name) -> str:
            """The block at which a call to a line of this operator comes in."""
            line = plan.line(begun.number)
            theirs = line is not None and not line.exempt and (line.operator or plan.operator) == name
            return begun.situation.step if theirs else ""

        for block, shown in measured.shortest_of_each(limit + 1, entry).items():
            if block:
                yield _breach(survey, block, shown, limit)


def _breach(survey: Survey, block: str, shown: Shown, limit: int) -> Breach:
    """What is wrong in a call in which nothing is pressed."""
    witness, plan = shown.witness, survey.plan
    last = plan.steps[witness.step]
    costly = max(witness.turns, key=lambda turn: turn.seconds, default=None)
    later = f" after {shown.seconds} s more" if shown.seconds else ""
    return breach(
        survey,
        "C16",
        block,
        f"a caller who presses nothing can wait for more than {limit} s until anybody's phone rings",
        plan.steps[costly.step if costly and costly.seconds > shown.seconds else last.name].place,
        caller="has no keys, or does not know which to press, and hears the same again and again",
        witness=witness,
        last=f"{last.name}: people at last{later}",
        severity=Severity.WARNING,
    )


@attrs.frozen
class _Silent:
    """The seconds until people of callers who press nothing while hours are open."""

    hours: Schedule | None

    def measure(self, step: Step, exit: Exit) -> Iterator[Passage]:
        """The measure of it."""
        if exit.pressed or self._told_closed(exit.when):
            return
        for way in approach.ways(step, exit, sure=True):
            yield approach.passage(way, counted=True)

    def _told_closed(self, when: Condition | None) -> bool:
        """Whether an exit says that the hours are closed, or others that a switch of theirs overrides."""
        if when is None or self.hours is None or when.open or not when.holds:
            return False
        return when.period.hours == self.hours or bool({*when.period.hours.switches} & {*self.hours.switches})


def _while_open(survey: Survey, hours: Schedule | None, seconds: int) -> Instants | None:
    """The instants from which on hours are open for so many seconds, while no switch overrides them; None for all."""
    if hours is None:
        return None
    opened = survey.calendar.when(Condition(Period(_by_itself(hours)), open=True))
    return Instants(tuple((start, end - seconds) for start, end in opened.stretches if end - seconds > start))


def _by_itself(schedule: Schedule) -> Schedule:
    """Hours as they are while no switch overrides them."""
    if isinstance(schedule, Hours):
        return attrs.evolve(schedule, switch=None)
    parts = (attrs.evolve(part, switch=None) if isinstance(part, Hours) else part for part in schedule.parts)
    return attrs.evolve(schedule, parts=tuple(parts))
