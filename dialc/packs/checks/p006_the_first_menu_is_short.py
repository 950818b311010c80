"""The first menu is short.

The first menu that a call comes to has at most as many options as the law says. Every key that leads anywhere is one,
key 0 among them, and so is a row of extensions that can be dialled; a key that repeats what was said, or chooses a
language, is none. A menu that asks for nothing but a language is not counted. It is asked while the operator of the
line is staffed, with night switches on ``auto``.

Asked by: :doc:`pt-134-2009 </policies/pt-134-2009>` (article 6(5): five options, of which one leads to the company's
people).

Bad::

    plan office "Example Ltd"
    timezone Europe/Lisbon  language en
    policy pt-134-2009
    line "+351 21 123 4567" -> main
    menu main {
      play choices
      key 1 "shop 1" -> shop1
      key 2 "shop 2" -> shop2
      key 3 "shop 3" -> shop3
      key 4 "shop 4" -> shop4
      key 5 "shop 5" -> shop5
      key 0 "reception" -> reception
    }
    ring shop1 { ring 201 for 10s }
    ring shop2 { ring 202 for 10s }
    ring shop3 { ring 203 for 10s }
    ring shop4 { ring 204 for 10s }
    ring shop5 { ring 205 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Shops: one to five. Reception: zero."  lasts 4s  offers 1, 2, 3, 4, 5, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[P006]: the first menu, `main`, has 6 options, and 5 are allowed (pt-134-2009, art. 6(5), five options)
     --> plan.dial:5:1
      |
    5 | menu main {
      | ^^^^^^^^^^^
      = caller: has to remember more than they can
      = call: Thu 2026-01-01 00:00:00 WET, calling +351211234567
              +0:00  main: asks

Good::

    plan office "Example Ltd"
    timezone Europe/Lisbon  language en
    policy pt-134-2009
    line "+351 21 123 4567" -> main
    menu main {
      play choices
      key 1 "shop 1" -> shop1
      key 2 "shop 2" -> shop2
      key 3 "shop 3" -> shop3
      key 4 "shop 4" -> shop4
      key 0 "reception" -> reception
    }
    ring shop1 { ring 201 for 10s }
    ring shop2 { ring 202 for 10s }
    ring shop3 { ring 203 for 10s }
    ring shop4 { ring 204 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Shops: one to four. Reception: zero."  lasts 4s  offers 1, 2, 3, 4, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator

from dialc.packs.checks import Asks, First, Inquiry, shortest
from dialc.plan import Menu
from dialc.rules import Breach
from dialc.witness import written


def check(inquiry: Inquiry, asks: Asks, *, most: int) -> Iterator[Breach]:
    """Every first menu of more than so many options."""
    long: dict[str, list[First]] = {}
    for first in inquiry.first:
        if isinstance(first.step, Menu) and len(offers(first.step)) > most:
            long.setdefault(first.step.name, []).append(first)
    for name, firsts in long.items():
        menu = firsts[0].step
        assert isinstance(menu, Menu)
        yield asks.breach(
            inquiry.calm,
            "P006",
            name,
            f"the first menu, `{name}`, has {len(offers(menu))} options, and {most} are allowed",
            menu.place,
            caller="has to remember more than they can",
            witness=shortest(inquiry.calm, firsts[0].memory, [firsts[0].goal]),
            last=f"{written(name)}: asks",
        )


def offers(menu: Menu) -> list[str]:
    """The options of a menu, as its first ones are counted."""
    return [choice.key for choice in menu.choices if not choice.speaks] + [direct.row for direct in menu.direct]
