"""Star goes back, and hash ends an entry.

In a menu, ``*`` takes callers back or repeats what was said, and ``#`` is no option: it is for the end of an entry of
several digits, as in a ``collect``, where both mean that anyway.

Asked by: :doc:`iso-13714 </policies/iso-13714>` (a recommendation, so this is a warning).

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    policy iso-13714
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key * "service"   -> service
      key 0 "reception" -> reception
      wait 5s
    }
    ring sales { ring 201, 202 for 10s }
    ring service { ring 203, 204 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Service: star. Reception: zero."  lasts 4s  offers 1, *, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    warning[P010]: key * of `main` is an option, and should lead back (iso-13714, star and hash)
     --> plan.dial:8:3
      |
    8 |   key * "service"   -> service
      |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = caller: takes * for something else
      = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
              +0:00  main: asks

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
      key *             repeat
      wait 5s
    }
    ring sales { ring 201, 202 for 10s }
    ring service { ring 203, 204 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales 1, service 2, again star, people 0."  lasts 4s  offers 1, 2, *, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator

from dialc.packs.checks import Asks, Inquiry
from dialc.plan import Again, Answer, Menu, Plan, Play
from dialc.reach import FORGETFUL
from dialc.rules import Breach
from dialc.witness import written


def check(inquiry: Inquiry, asks: Asks) -> Iterator[Breach]:
    """Every menu in which one of the two keys is for something else."""
    for menu, goal in inquiry.menus:
        for key, wrong in _wrong(inquiry.plan, menu):
            places = {again.key: again.place for again in menu.repeats} | {c.key: c.place for c in menu.choices}
            yield asks.breach(
                inquiry.survey,
                "P010",
                menu.name,
                f"key {key} of `{menu.name}` {wrong}",
                places[key],
                caller=f"takes {key} for something else",
                witness=inquiry.survey.witness(FORGETFUL, goal),
                last=f"{written(menu.name)}: asks",
            )


def _wrong(plan: Plan, menu: Menu) -> Iterator[tuple[str, str]]:
    for choice in menu.choices:
        if choice.key == "#":
            yield "#", "is an option, and should end an entry of digits"
        if choice.key == "*" and not _goes_back(plan, choice.to):
            yield "*", "is an option, and should lead back"
    if any(repeat.key == "#" for repeat in menu.repeats):
        yield "#", "repeats the menu, and should end an entry of digits"


def _goes_back(plan: Plan, name: str) -> bool:
    """Whether what follows leads back to where the caller has been, with nothing but prompts before it."""
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        match plan.steps[name]:
            case Again():
                return True
            case Play() | Answer() as step:
                name = step.then
            case _:
                return False
    return False
