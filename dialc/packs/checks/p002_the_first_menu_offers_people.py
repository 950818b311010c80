"""The first menu offers people.

The first menu that a call comes to has a key that leads to people: to the operator, to a phone or into a queue. On the
way of that key nothing else is asked; prompts may be played, and what the hours, lists of callers and switches decide
there leads to people whichever way it goes. Where a bot asks first, its way out is that key. A menu that asks for
nothing but a language is not counted: the one behind it is the first.

It is asked of calls that come in while the operator of the line is staffed and have not been told that it is closed,
with night switches on ``auto``. A line without a menu has nothing that could stand between.

Asked by: :doc:`es-10-2025 </policies/es-10-2025>` (article 8(2)), :doc:`it-agcom-255-24 </policies/it-agcom-255-24>`,
:doc:`pt-134-2009 </policies/pt-134-2009>` (article 6(5)), :doc:`us-il-730-510 </policies/us-il-730-510>` (section
(b)(1)).

Bad::

    plan office "Example Ltd"
    timezone Europe/Madrid  language en
    policy es-10-2025 { keys-to-person 4 }
    line "+34 91 123 45 67" -> main
    waive C15 at main by "A. Director" because "nobody should press 0 at once"
    menu main {
      play choices
      key 1 "sales"       -> kinds
      key 2 "our address" -> address
      tries 2
    }
    route address { play where  again main at most 1 then reception }
    menu kinds { play asked  key 1 "new" -> sales  key 0 "reception" -> reception  tries 2 }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt asked   { file office/asked    en "New ones: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt where   { file office/where    en "You find us at 1 Main Street."  lasts 4s }
    prompt choices { file office/choices  en "Sales: one. Our address: two."  lasts 4s  offers 1, 2 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[P002]: the first menu of calls, `main`, has no key that leads to people (es-10-2025, art. 8(2))
     --> plan.dial:6:1
      |
    6 | menu main {
      | ^^^^^^^^^^^
      = caller: cannot ask for a person where they are first asked
      = call: Thu 2026-01-01 00:00:00 CET, calling +34911234567
              +0:00  main: asks, and no key is for people
      = help: write `key 0 -> reception` in `main`

Good::

    plan office "Example Ltd"
    timezone Europe/Madrid  language en
    policy es-10-2025
    line "+34 91 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> kinds
      key 0 "reception" -> reception
      tries 2
    }
    menu kinds { play asked  key 1 "new" -> sales  key 0 "reception" -> reception  tries 2 }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt asked   { file office/asked    en "New ones: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator

from dialc.calendar import Instants
from dialc.packs.checks import Asks, First, Inquiry, shortest
from dialc.plan import Bot
from dialc.reach import Situation
from dialc.rules import Breach
from dialc.staffing import operator
from dialc.witness import written


def check(inquiry: Inquiry, asks: Asks) -> Iterator[Breach]:
    """Every first menu, and first bot, from which no key leads to people."""
    silent: dict[str, list[tuple[First, dict[Situation, Instants]]]] = {}
    for first in inquiry.first:
        goal = {s: lost for s, instants in first.goal.items() if (lost := instants - inquiry.offered(s))}
        if goal:
            silent.setdefault(first.step.name, []).append((first, goal))
    for name, firsts in silent.items():
        step = firsts[0][0].step
        found = (shortest(inquiry.calm, first.memory, [goal]) for first, goal in firsts)
        witness = min((w for w in found if w), key=lambda w: (len(w.turns), w.seconds, w.at))
        operators = {operator(inquiry.plan, situation.party).name for _, goal in firsts for situation in goal}
        what = "bot" if isinstance(step, Bot) else "menu"
        yield asks.breach(
            inquiry.calm,
            "P002",
            name,
            f"the first {what} of calls, `{name}`, has no key that leads to people",
            step.place,
            caller="cannot ask for a person where they are first asked",
            witness=witness,
            last=f"{written(name)}: {'a machine' if what == 'bot' else 'asks'}, and no key is for people",
            help=f"write `key 0 -> {operators.pop()}` in `{name}`" if what == "menu" and len(operators) == 1 else "",
        )
