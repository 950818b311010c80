"""Time to press a key.

A menu, or a question for digits, waits for a key for 3 to 10 seconds: less hurries those who have to look for the key,
more leaves everybody else in silence.

Asked by: :doc:`iso-13714 </policies/iso-13714>` (a recommendation, so this is a warning).

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    policy iso-13714
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 2 "service"   -> service
      key 0 "reception" -> reception
      wait 12s
    }
    ring sales { ring 201, 202 for 10s }
    ring service { ring 203, 204 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Service: two. Reception: zero."  lasts 4s  offers 1, 2, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    warning[P009]: `main` waits 12 s for a key, and it should be 3 to 10 s (iso-13714, time-out)
     --> plan.dial:5:1
      |
    5 | menu main {
      | ^^^^^^^^^^^
      = caller: wonders whether anything happens
      = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
              +0:00  main: asks
      = help: write `wait 10s`

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    policy iso-13714
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 2 "service"   -> service
      key 0 "reception" -> reception
      wait 6s
    }
    ring sales { ring 201, 202 for 10s }
    ring service { ring 203, 204 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Service: two. Reception: zero."  lasts 4s  offers 1, 2, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator, Mapping

from dialc.calendar import Instants
from dialc.packs.checks import Asks, Inquiry
from dialc.plan import Collect, Menu
from dialc.reach import FORGETFUL, Situation
from dialc.rules import Breach
from dialc.witness import written


def check(inquiry: Inquiry, asks: Asks, *, least: int, most: int) -> Iterator[Breach]:
    """Every question that waits for less or for more."""
    questions: list[tuple[Menu | Collect, Mapping[Situation, Instants]]] = [*inquiry.menus, *inquiry.collects]
    for step, goal in questions:
        if not least <= step.wait <= most:
            yield asks.breach(
                inquiry.survey,
                "P009",
                step.name,
                f"`{step.name}` waits {step.wait} s for a key, and it should be {least} to {most} s",
                step.place,
                caller="has no time to find the key" if step.wait < least else "wonders whether anything happens",
                witness=inquiry.survey.witness(FORGETFUL, goal),
                last=f"{written(step.name)}: asks",
                help=f"write `wait {least if step.wait < least else most}s`",
            )
