"""Every call terminates.

Whatever the caller presses, whenever they call and whoever fails to answer, the number of steps is bounded. A rank
falls along every exit; the only way back is ``again``, which counts. A way by which a caller can come round to a step a
third time without an ``again`` breaks this rule; one by which they can come round just once more breaks :ref:`C03`. The
most steps and seconds that a call can take are printed with the verdict. The rule holds behind the ``unanswered`` of an
operator, too, and there also for callers who get there long after the operator has answered, since they were handed up
to a supervisor in vain: a circle that the hours close to everybody else may be open to them.

Comes from: a PBX engineer's ten ways to anger those who call, the third: do not loop the plan; it runs from top to
bottom.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "our address" -> directions
      key 0 "reception"   -> reception
      tries 2
    }
    route directions { play address -> main }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Our address: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt address { file office/address  en "You find us at 1 Main Street."  lasts 3s }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[C01]: a caller can go round for ever
      --> plan.dial:10:36
       |
    10 | route directions { play address -> main }
       |                                    ^^^^
       = caller: comes back to `main` again and again, and nobody ever answers
       = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
               +0:00  main: presses 1 -> directions
               +0:03  directions: heard -> main
               +0:03  main, for the second time, and so on
       = help: write `again main at most 2 then …` in a route, or send the caller on to the operator

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "our address" -> directions
      key 0 "reception"   -> reception
      tries 2
    }
    route directions { play address  again main at most 1 then reception }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Our address: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt address { file office/address  en "You find us at 1 Main Street."  lasts 3s }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator

from dialc.plan import Operator
from dialc.reach import Survey, round_later
from dialc.rules import Breach, breach
from dialc.witness import written


def check(survey: Survey) -> Iterator[Breach]:
    """Every loop that a caller can go round without end."""
    for loop in survey.loops:
        if loop.endless:
            step = written(loop.step)
            yield breach(
                survey,
                "C01",
                loop.source,
                "a caller can go round for ever",
                survey.plan.arrow(loop.source, survey.exits(loop.source)[loop.index]),
                caller=f"comes back to `{step}` again and again, and nobody ever answers",
                witness=loop.witness,
                last=f"{step}, for the second time, and so on",
                help=f"write `again {step} at most 2 then …` in a route, or send the caller on to the operator",
            )
    for operator in survey.plan.steps.values():
        if not isinstance(operator, Operator) or operator.supervisor is None or not survey.at(operator.name):
            continue
        again = round_later(survey, operator.unanswered)
        if again is not None:
            yield breach(
                survey,
                "C01",
                operator.name,
                "a caller who is handed up to a supervisor can go round",
                operator.supervisor.place,
                caller=f"comes back to `{written(again)}` if neither {operator.supervisor.number} nor "
                f"`{operator.name}` answers, at an hour at which nobody else gets there",
                help="write `again … at most …` where the circle closes, or send the caller on to an end",
            )
