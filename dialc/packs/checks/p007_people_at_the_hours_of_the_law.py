"""People at the hours of the law.

At the hours that the law names, on the days of the week that it names, callers can come to people by some keys, from
every line that is for people. Days of which the plan says that hours are closed by an exception, such as public
holidays, are left out, and so are calls that come in during the last minute; night switches stand on ``auto``.

Asked by: :doc:`it-agcom-255-24 </policies/it-agcom-255-24>` (Monday to Friday from 8:30 to 19:30 in Italy, which is
what is asked for business customers; for all others it is 21:30).

Bad::

    plan office "Example Ltd"
    timezone Europe/Rome  language en
    policy it-agcom-255-24
    valid 2026-01-01 to 2028-12-31
    line "+39 02 1234 5678" -> start
    hours office { mon-fri 09:00-17:00  closed holidays IT }
    route start {
      answer
      when office open -> reception
      otherwise        -> night
    }
    operator reception {
      ring 100, 101 for 10s
      staffed office  supervisor 110
      unstaffed -> night  unanswered -> sorry
    }
    route night { play closed_now -> message }
    mailbox message { box 100  while closed office  greeting leave  then thanks
      read by reception within 1 working day  nothing-left -> sorry  failed -> sorry }
    route sorry { play apology  hang-up }
    prompt closed_now { file closed  en "We are closed now."  lasts 2s  says closed office }
    prompt leave   { file leave    en "Please leave a message."  lasts 2s }
    prompt thanks  { file thanks   en "Thank you. Goodbye."  lasts 2s  goodbye }
    prompt apology { file apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[P007]: nobody can be had at +390212345678 at some hour that the law names (it-agcom-255-24, annex A, hours)
     --> plan.dial:8:3
      |
    8 |   answer
      |   ^^^^^^
      = caller: finds nobody at an hour of Monday to Friday, 8:30 to 19:30 in Italy
      = call: Thu 2026-01-01 08:30:00 CET, calling +390212345678
              +0:00  start: no way from here leads to people now

Good::

    plan office "Example Ltd"
    timezone Europe/Rome  language en
    policy it-agcom-255-24
    valid 2026-01-01 to 2028-12-31
    line "+39 02 1234 5678" -> start
    hours office { mon-fri 08:30-19:30  closed holidays IT }
    route start {
      answer
      when office open -> reception
      otherwise        -> night
    }
    operator reception {
      ring 100, 101 for 10s
      staffed office  supervisor 110
      unstaffed -> night  unanswered -> sorry
    }
    route night { play closed_now -> message }
    mailbox message { box 100  while closed office  greeting leave  then thanks
      read by reception within 1 working day  nothing-left -> sorry  failed -> sorry }
    route sorry { play apology  hang-up }
    prompt closed_now { file closed  en "We are closed now."  lasts 2s  says closed office }
    prompt leave   { file leave    en "Please leave a message."  lasts 2s }
    prompt thanks  { file thanks   en "Thank you. Goodbye."  lasts 2s  goodbye }
    prompt apology { file apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator

import attrs

from dialc.calendar import Instants
from dialc.packs.checks import Asks, Inquiry
from dialc.plan import Combination, Condition, Hours, Period
from dialc.reach import Beginning, Survey
from dialc.rules import Breach
from dialc.witness import Witness, written

LAST = 60
"""Seconds before the hours end in which a call that comes in may find them over by the time they are looked at."""


def check(inquiry: Inquiry, asks: Asks, *, hours: Hours) -> Iterator[Breach]:
    """Every line from which nobody can be had at some of the hours."""
    survey = inquiry.calm
    opened = survey.calendar.when(Condition(Period(hours), open=True))
    opened = Instants(tuple((start, end - LAST) for start, end in opened.stretches if end - start > LAST))
    asked = opened - _excepted(survey)
    found: dict[str, tuple[int, Beginning]] = {}
    for beginning, instants in inquiry.nobody:
        nobody = instants & asked
        if nobody:
            earliest = nobody.stretches[0][0], beginning
            found[beginning.number] = min(found.get(beginning.number, earliest), earliest, key=lambda one: one[0])
    for number, (instant, beginning) in found.items():
        entry = beginning.situation.step
        yield asks.breach(
            survey,
            "P007",
            entry,
            f"nobody can be had at {number} at some hour that the law names",
            inquiry.plan.steps[entry].place,
            caller=f"finds nobody at an hour of {hours.name}",
            witness=Witness(number, survey.calendar.moment(instant), (), entry, beginning.caller),
            last=f"{written(entry)}: no way from here leads to people now",
        )


def _excepted(survey: Survey) -> Instants:
    """When hours of the plan are closed by an exception that would be open without."""
    found = Instants()
    for schedule in survey.plan.hours.values():
        for hours in schedule.hours if isinstance(schedule, Combination) else (schedule,):
            usual = attrs.evolve(hours, exceptions=())
            opened = survey.calendar.when(Condition(Period(usual), open=True))
            found |= opened - survey.calendar.when(Condition(Period(hours), open=True))
    return found
