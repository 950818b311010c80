"""No toll fraud.

No digits that a caller sends become a number that is dialled, except members of a finite declared set. The one number
of a caller that is ever dialled is their own, by a call-back, so

* only inside the classes of numbers that ``callback to`` declares, none of which can be a premium or shared-cost one;
* once for each booking, whoever answers then;
* at most five times a day for each number: a stranger who shows the number of a third person cannot have it rung all
  day at the company's cost.

The classes are the numbering plans of the phonenumbers library, country by country: ``US fixed`` has no number of
Jamaica, though both begin with ``+1``.

Comes from: the ways in which telephone systems are robbed. Whoever books a call-back at a number that bills its callers
is paid by the company that calls back.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    callback to PL fixed, PL mobile
    line "+48 22 123 45 67" -> main
    hours office { mon-fri 09:00-17:00 }
    menu main { play choices  key 1 "sales" -> sales  key 2 "call me back" -> ring_me  key 0 "reception" -> reception }
    queue sales { members 201, 202  patience 2m  announce position every 30s  key 0 -> reception }
    callback ring_me { then call_you  from sales  within office  at most 12 a day }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices  { file office/choices  en "Sales: one. We call you: two. Help: zero."  lasts 4s  offers 1, 2, 0 }
    prompt call_you { file office/call-you  en "We will call you back. Goodbye."  lasts 3s  goodbye }
    prompt apology  { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[C22]: `ring_me` can be booked 12 times a day for one number
     --> plan.dial:8:1
      |
    8 | callback ring_me { then call_you  from sales  within office  at most 12 a day }
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = caller: who shows another number has it rung all day, at the company's cost
      = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
              +0:00  main: presses 2 -> ring_me
              +0:00  ring_me: a call-back is booked
      = help: write `at most 5 a day`, or less

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    callback to PL fixed, PL mobile
    line "+48 22 123 45 67" -> main
    hours office { mon-fri 09:00-17:00 }
    menu main { play choices  key 1 "sales" -> sales  key 2 "call me back" -> ring_me  key 0 "reception" -> reception }
    queue sales { members 201, 202  patience 2m  announce position every 30s  key 0 -> reception }
    callback ring_me { then call_you  from sales  within office  at most 2 a day }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices  { file office/choices  en "Sales: one. We call you: two. Help: zero."  lasts 4s  offers 1, 2, 0 }
    prompt call_you { file office/call-you  en "We will call you back. Goodbye."  lasts 3s  goodbye }
    prompt apology  { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator

from dialc.plan import Callback, Outcome
from dialc.reach import FORGETFUL, Survey
from dialc.rules import Breach, breach
from dialc.witness import Witness


def check(survey: Survey) -> Iterator[Breach]:
    """Call-backs to numbers that no class bounds, or too often a day to one."""
    most = survey.plan.policy.callbacks_a_day
    for step in survey.plan.steps.values():
        if not isinstance(step, Callback):
            continue
        if not survey.plan.callback_to:
            yield breach(
                survey,
                "C22",
                step.name,
                f"`{step.name}` calls back any number",
                step.place,
                caller="who shows a number that bills its callers is paid by the company",
                witness=_booked(survey, step),
                help="write which numbers are called back, as in `callback to PL fixed, PL mobile`",
            )
        if step.daily > most:
            yield breach(
                survey,
                "C22",
                step.name,
                f"`{step.name}` can be booked {step.daily} times a day for one number",
                step.place,
                caller="who shows another number has it rung all day, at the company's cost",
                witness=_booked(survey, step),
                help=f"write `at most {most} a day`, or less",
            )


def _booked(survey: Survey, step: Callback) -> Witness | None:
    """The shortest call that books it, if any does: of a caller who can be rung back."""
    booked = next(exit for exit in step.exits() if exit.outcome is Outcome.BOOKED)
    goal = {
        situation: instants
        for situation, instants in survey.at(step.name).items()
        if booked.who is None or booked.who.admits(situation.party)
    }
    return survey.witness(FORGETFUL, goal, booked) if goal else None
