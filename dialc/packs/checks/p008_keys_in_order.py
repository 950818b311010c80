"""Keys in order and without gaps.

The keys of a menu follow each other from 1 on without a gap, and its prompts name them in that order. Key 0, ``*`` and
``#`` have a meaning of their own, and so has 9 where it ends the call; they may stand anywhere. The order in which keys
are named is that of ``offers``; of a menu whose prompts do not say what they offer, it is not known.

Asked by: :doc:`iso-13714 </policies/iso-13714>` (a recommendation, so this is a warning).

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    policy iso-13714
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 5 "service"   -> service
      key 0 "reception" -> reception
      wait 5s
    }
    ring sales { ring 201, 202 for 10s }
    ring service { ring 203, 204 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Service: five. Reception: zero."  lasts 4s  offers 1, 5, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    warning[P008]: `main` has no key 2, and a key 5 (iso-13714, order of keys)
     --> plan.dial:5:1
      |
    5 | menu main {
      | ^^^^^^^^^^^
      = caller: expects another key than the one that is meant
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
      wait 5s
    }
    ring sales { ring 201, 202 for 10s }
    ring service { ring 203, 204 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Service: two. Reception: zero."  lasts 4s  offers 1, 2, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

import itertools
from collections.abc import Iterator, Sequence

from dialc.packs.checks import Asks, Inquiry
from dialc.plan import Answer, HangUp, Plan, Play
from dialc.reach import FORGETFUL
from dialc.rules import Breach
from dialc.witness import written


def check(inquiry: Inquiry, asks: Asks) -> Iterator[Breach]:
    """Every menu that skips a key, or names its keys in another order."""
    for menu, goal in inquiry.menus:
        pressed = [(choice.key, choice.to) for choice in menu.choices] + [(again.key, "") for again in menu.repeats]
        keys = sorted(k for k, to in pressed if k in "12345678" or (k == "9" and not _ends(inquiry.plan, to)))
        offers = [key for prompt in menu.prompts if prompt.offers for key in prompt.offers.keys]
        wrong = _wrong(keys, [key for key in offers if key in keys])
        if wrong:
            yield asks.breach(
                inquiry.survey,
                "P008",
                menu.name,
                f"`{menu.name}` {wrong}",
                menu.place,
                caller="expects another key than the one that is meant",
                witness=inquiry.survey.witness(FORGETFUL, goal),
                last=f"{written(menu.name)}: asks",
            )


def _wrong(keys: Sequence[str], named: Sequence[str]) -> str:
    """What is wrong with keys in order, and with the order in which they are named."""
    gap = next((str(number) for number, key in enumerate(keys, 1) if key != str(number)), "")
    if gap:
        return f"has no key {gap}, and a key {keys[int(gap) - 1]}"
    for before, after in itertools.pairwise(named):
        if after < before:
            return f"names key {before} before key {after}"
    return ""


def _ends(plan: Plan, name: str) -> bool:
    """Whether what follows is the end of the call, with nothing but prompts before it."""
    seen: set[str] = set()
    while name and name not in seen:
        seen.add(name)
        match plan.steps[name]:
            case HangUp():
                return True
            case Play() | Answer() as step:
                name = step.then
            case _:
                return False
    return False
