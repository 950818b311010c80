"""The budget of a plan, as the terminal shows it.

In: a plan and its `Budget`. Out: lines of text of at most `WIDTH` columns: for each line a table, whose letters name
the calls below, and until when people have to stay. Lines that are alike share a table.
"""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from dialc.approach import Whom
from dialc.budgets import Budget, Figure, LineBudget, Range, What
from dialc.findings import visible
from dialc.plan import Plan
from dialc.witness import spelt

WIDTH = 100

_NAMES = {
    What.SECONDS: "time",
    What.SILENCE: "longest silence",
    What.RINGING: "longest ringing",
    What.KEYS: "keys",
    What.PROMPTS: "prompts",
    What.LEVELS: "levels of menus",
    What.HAND_OFFS: "hand-offs",
}
_TIMES = (What.SECONDS, What.SILENCE, What.RINGING)
_COLUMN = 18


def table(plan: Plan, budget: Budget) -> Iterator[str]:
    """The budget, line by line."""
    for alike in _groups(budget.lines):
        yield ""
        yield from _wrapped(", ".join(str(line.numbers) for line in alike), "", 2)
        yield from _line(plan, alike[0])
    yield ""
    yield "people stay:"
    widest = max((len(step) for step in budget.presences), default=0)
    for step, presence in budget.presences.items():
        yield from _wrapped(presence.told, f"  {step:{min(widest, _COLUMN)}}  ", 4)


def _groups(lines: Sequence[LineBudget]) -> Iterable[Sequence[LineBudget]]:
    """The lines, those together of which the same is told."""
    found: dict[tuple[object, ...], list[LineBudget]] = {}
    for line in lines:
        found.setdefault(line.unnumbered, []).append(line)
    return found.values()


def _line(plan: Plan, line: LineBudget) -> Iterator[str]:
    if not line.figures:
        exempt = line.exempt
        yield f"  not for people: {exempt.purpose.value}, {visible(exempt.reason)}" if exempt else "  comes to nobody"
        return
    calls: dict[str, str] = {}
    yield f"  {'':{_COLUMN}}{'to a person':{2 * _COLUMN}}to the operator"
    yield f"  {'':{_COLUMN}}{'at best':{_COLUMN}}{'at worst':{_COLUMN}}{'at best':{_COLUMN}}at worst"
    for what, name in _NAMES.items():
        cells = [cell for whom in Whom for cell in _cells(plan, what, line.efforts[whom].get(what), calls)]
        yield f"  {name:{_COLUMN}}{''.join(f'{cell:{_COLUMN}}' for cell in cells)}".rstrip()
    for call, letter in calls.items():
        yield from _wrapped(call, f"  {letter:>2}  ", 6)


def _cells(plan: Plan, what: What, told: Range | None, calls: dict[str, str]) -> tuple[str, str]:
    """The least and the most, with the letters of calls that come to them. What is the same of all calls, or nothing at
    all, needs none to show it.
    """
    if told is None:
        return "-", "-"
    found = []
    for figure in (told.best, told.worst):
        number = spelt(figure.number) if what in _TIMES else str(figure.number)
        shows = figure.number and told.best.number != told.worst.number
        found.append(f"{number} ({calls.setdefault(_call(plan, figure), _letter(len(calls)))})" if shows else number)
    return found[0], found[1]


def _call(plan: Plan, figure: Figure) -> str:
    """A call in one line."""
    begun, *told = figure.told(plan)
    at, caller = begun.partition(", calling ")[0], figure.call.witness.caller
    turns = (" ".join(turn.split()) for turn in told if not turn.endswith(": heard"))
    return "; ".join((f"{at}, from {caller}" if caller else at, *turns))


def _letter(index: int) -> str:
    """`a` to `z`, then `aa` and so on."""
    before, last = divmod(index, 26)
    return f"{_letter(before - 1) if before else ''}{chr(ord('a') + last)}"


def _wrapped(words: str, begins: str, indent: int) -> Iterator[str]:
    yield from textwrap.wrap(
        visible(words),
        WIDTH,
        initial_indent=begins,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
