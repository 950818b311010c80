"""Time to press a key.

A menu, or a question for digits, waits for a key for 3 to 10 seconds: less hurries those who have to look for the key,
more leaves everybody else in silence.

Asked by: :doc:`/policies/iso-13714` (a recommendation, so this is a warning).

Bad::

BAD

Says::

SAYS

Good::

GOOD
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
