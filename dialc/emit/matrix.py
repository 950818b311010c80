"""What each of our targets can say: a table of constructs, and a column for each.

In: nothing. Out: `CONSTRUCTS`, the rows; `columns`, for each target what it makes of each; and `page`, the table as
reStructuredText. A target has its column in its own package (`says`), so that one more is one column more. The tests
hold every cell against a plan that has the construct.
"""

import importlib
from collections.abc import Iterator, Mapping

import attrs

from dialc import emit


@attrs.frozen
class Says:
    """The target does as the plan means it; `cost` is what that takes there, empty where there is nothing to say."""

    cost: str = ""


@attrs.frozen
class Refuses:
    """The target cannot, and a plan that asks for it gets the finding of this code."""

    code: str


Cell = Says | Refuses

CONSTRUCTS: Mapping[str, str] = {
    "number": "a line of one number, or of a few",
    "many numbers": "a line of more than a hundred numbers",
    "short": "a short number",
    "default line": "``line default``",
    "row": "a row of extensions, each with a number of its own",
    "refuses": "a line that ``refuses`` callers",
    "own operator": "a line with an operator of its own",
    "hours at once": "``when office open``, asked as a call comes in",
    "hours later": "``when office open``, asked later in a call",
    "closes": "exceptions that close, and holidays",
    "closes by name": "exceptions by name, with a way of their own",
    "opens": "exceptions that open",
    "two hours": "several blocks of hours on one line",
    "combined": "hours made of others",
    "night switch": "hours that a switch overrides",
    "switch": "``when switch … on``",
    "caller": "``when caller in …``",
    "answer": "``answer``, with something to hear next",
    "answer and ring": "``answer``, with phones that ring next",
    "play": "``play`` in a route",
    "label": "``label``",
    "record": "``record``",
    "again": "``again … at most 2``",
    "hang-up": "``hang-up``",
    "menu": "``menu``, with ``tries``",
    "repeat": "a key that repeats a menu",
    "undecided": "``undecided`` beside ``silence``",
    "signs": "the keys ``*`` and ``#`` in a menu",
    "direct": "``direct``: extensions that are dialled in a menu",
    "languages": "keys that choose a language",
    "invalid to mailbox": "``invalid`` that leads to a mailbox or a hang-up",
    "collect": "``collect``",
    "ring": "``ring``, with several stages",
    "own ways": "``busy`` and ``no-answer`` with ways of their own",
    "outside": "outside phones that confirm",
    "transfer": "``transfer``",
    "queue": "``queue``, which callers leave by ``*``",
    "queue key": "other keys in a queue",
    "told": "``announce position`` and ``wait``",
    "room": "``callers at most``, ``wrap-up``",
    "music": "``music``",
    "random": "the order ``random``",
    "tiers": "members who take part later",
    "signing in": "members who sign in by codes",
    "closing": "``closing``",
    "mailbox": "``mailbox``, behind which the call ends",
    "mailbox goes on": "``then thanks`` and other ways on from a mailbox",
    "up to": "``up to`` in a mailbox",
    "callback": "``callback``",
    "bot": "``bot``",
    "lookup": "``lookup``",
    "operator": "``operator``, with several stages",
    "operator speaks": "prompts between an operator's phones",
    "supervisor": "``supervisor``",
    "staffed": "``staffed``, with enough ``plus``",
    "journey": "the record of each call (C20)",
}
"""Constructs of the language by a short name, in the order of the table."""


def columns() -> Mapping[str, Mapping[str, Cell]]:
    """What each of our targets makes of each construct, by target."""
    return {
        target: importlib.import_module(f"{emit.__name__}.{package}.says").SAYS
        for target, package in emit.targets().items()
    }


def page() -> str:
    """The table, whose first line is its title."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    known = columns()
    title = "What each target can say"
    yield from (title, "=" * len(title), "")
    yield from (
        "*yes* is: as the plan means it, and what that takes there, if anything. A code is that of the finding by",
        "which a plan is refused that asks for it. Nothing is ever approximated. Each cell is held against a plan by",
        "a test.",
        "",
        ".. list-table::",
        "   :header-rows: 1",
        f"   :widths: 40 {' '.join(['30'] * len(known))}",
        "",
        "   * - Construct",
    )
    yield from (f"     - :doc:`{target} </backends/{target}>`" for target in known)
    for key, construct in CONSTRUCTS.items():
        yield f"   * - {construct}"
        yield from (f"     - {_cell(says[key])}" for says in known.values())


def _cell(cell: Cell) -> str:
    match cell:
        case Says(cost):
            return f"yes; {cost}" if cost else "yes"
        case Refuses(code):
            return f":ref:`{code}`"
