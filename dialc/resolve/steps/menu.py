"""Menu blocks.

In: `syntax.Menu`. Out: `plan.Menu`.
"""

from dialc import plan, syntax
from dialc.findings import Severity
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
    if not choices:
        help = "write one, as in `key 1 -> sales`"
        message = f"the menu `{values.shortened(name)}` has no key"
        scope.lacks(message, menu.name.place, help, "whatever a caller pressed would be wrong")
    tries = values.count_of(scope.findings, settings, "tries", TRIES, 9, "how often a caller is asked is not said")
    repeats = written_repeats(menu.items)
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
        place=menu.place,
        tries_place=settings["tries"].place if "tries" in settings else menu.name.place,
    )
