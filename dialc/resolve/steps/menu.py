"""Menu blocks.

In: `syntax.Menu`. Out: `plan.Menu`; and, once all steps are known, what can be dialled in it.
"""

from collections.abc import Mapping

import attrs

from dialc import plan, syntax
from dialc.findings import Note, Severity
from dialc.resolve import values
from dialc.resolve.names import Scope
from dialc.resolve.steps.ways import announced, written_choices, written_repeats, written_ways

WAIT, TRIES = 5, 3
"""Seconds that a menu waits for a key, and how often it asks, where the plan does not say."""


def lowered(scope: Scope, menu: syntax.Menu) -> plan.Menu:
    """The menu of a block."""
    name, settings = menu.name.text, scope.findings.settings(menu.items)
    ways, choices = written_ways(scope, name, menu.items), written_choices(scope, name, menu.items)
    prompts = announced(scope, menu.items)
    if not prompts:
        help = "write what callers hear, as in `play choices`"
        message = f"the menu `{values.shortened(name)}` plays no prompt"
        scope.lacks(message, menu.name.place, help, "a caller would be asked for a key in silence")
    if not choices and not any(isinstance(item, syntax.Direct) for item in menu.items):
        help = "write one, as in `key 1 -> sales`"
        message = f"the menu `{values.shortened(name)}` has no key"
        scope.lacks(message, menu.name.place, help, "whatever a caller pressed would be wrong")
    tries = values.count_of(scope.findings, settings, "tries", TRIES, 9, "how often a caller is asked is not said")
    repeats = written_repeats(menu.items)
    rows: dict[str, plan.Direct] = {}
    for item in menu.items:
        if isinstance(item, syntax.Direct) and (row := scope.row(item.row)):
            first = rows.setdefault(row, plan.Direct(row, frozenset(), place=item.place))
            if first.place is not item.place:
                scope.findings.twice(f"direct {row}", item, first)
    if repeats and tries == 1:
        scope.findings.add(
            "D255",
            f"`{values.shortened(name)}` asks only once, and has nothing to repeat",
            repeats[0].place,
            caller=f"presses {repeats[0].key} to hear it again, and is sent where silence leads",
            help="write `tries 3`, or leave the key out",
            severity=Severity.WARNING,
        )
    return plan.Menu(
        name,
        prompts,
        choices,
        wait=values.seconds_of(scope.findings, settings, "wait", WAIT, "how long a caller can think is not said"),
        tries=tries,
        silence=ways.get("silence", scope.operator),
        invalid=ways.get("invalid", scope.operator),
        repeats=repeats,
        undecided=ways.get("undecided", ""),
        direct=tuple(rows.values()),
        place=menu.place,
        tries_place=settings["tries"].place if "tries" in settings else menu.name.place,
    )


def with_rows(scope: Scope, steps: Mapping[str, plan.Step]) -> dict[str, plan.Step]:
    """The same steps, their menus knowing the numbers of the rows that callers can dial there."""
    return {
        name: _with_rows(scope, step, steps) if isinstance(step, plan.Menu) else step for name, step in steps.items()
    }


def _with_rows(scope: Scope, menu: plan.Menu, steps: Mapping[str, plan.Step]) -> plan.Menu:
    found = []
    for direct in menu.direct:
        row = steps.get(direct.row)
        numbers = frozenset(phone.number for phone in row.phones) if isinstance(row, plan.Extensions) else frozenset()
        if numbers:
            found.append(attrs.evolve(direct, numbers=numbers))
    whole = attrs.evolve(menu, direct=tuple(found))
    _tell_waiting(scope, whole)
    return whole


def _tell_waiting(scope: Scope, menu: plan.Menu) -> None:
    """Numbers that begin with a key of the menu or with another number: after it, every caller would be waited for."""
    keys = {choice.key: choice.place for choice in menu.choices} | {again.key: again.place for again in menu.repeats}
    taken, told = dict(keys), set[str]()
    for number, row, place in sorted((number, d.row, d.place) for d in menu.direct for number in d.numbers):
        start = next((number[:n] for n in range(1, len(number) + 1) if number[:n] in taken), None)
        if start is None:
            taken[number] = place
        elif row not in told:
            told.add(row)
            scope.findings.add(
                "D256",
                f"{number} cannot be dialled beside {'key ' if start in keys else ''}{start}",
                place,
                caller=f"presses {start}, and nobody knows whether {number} is meant",
                notes=() if taken[start] == place else (Note(taken[start], f"{start} is here"),),
                help=f"give key {start} another digit, or name a row of other phones" if start in keys else "",
            )
