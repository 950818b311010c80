"""The first menu is short.

The first menu that a call comes to has at most as many options as the law says. Every key that leads anywhere is one,
key 0 among them, and so is a row of extensions that can be dialled; a key that repeats what was said, or chooses a
language, is none. A menu that asks for nothing but a language is not counted. It is asked while the operator of the
line is staffed, with night switches on ``auto``.

Asked by: :doc:`/policies/pt-134-2009` (article 6(5): five options, of which one leads to the company's people).

Bad::

BAD

Says::

SAYS

Good::

GOOD
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
            f"the first menu of calls, `{name}`, has {len(offers(menu))} options, and {most} are allowed",
            menu.place,
            caller="has to remember more than they can",
            witness=shortest(inquiry.calm, firsts[0].memory, [firsts[0].goal]),
            last=f"{written(name)}: asks",
        )


def offers(menu: Menu) -> list[str]:
    """The options of a menu, as its first ones are counted."""
    return [choice.key for choice in menu.choices if not choice.speaks] + [direct.row for direct in menu.direct]
