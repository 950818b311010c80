"""Switch blocks: what staff turn from their phones.

In: the switches of a file. Out: `plan.Switch`es. A code means one switch. A switch overrides hours or is asked for;
which of the two, its first position tells.
"""

from dialc import plan, syntax
from dialc.findings import Note
from dialc.plan import Position
from dialc.resolve import values
from dialc.resolve.names import Scope
from dialc.source import Place

NIGHT = "starts auto"
"""How a switch begins that overrides hours."""


def resolve(scope: Scope) -> None:
    """Gives the scope its switches."""
    codes: dict[str, syntax.Word] = {}
    for block in scope.all(syntax.Switch):
        settings = scope.findings.settings(block.items)
        starts, code, back = (settings.get(kind) for kind in ("starts", "code", "back"))
        if code is None:
            _lacks(scope, block, "no `code`", "write what staff dial to turn it, as in `code *28`")
        elif (first := codes.setdefault(code.text, code)) is not code and not scope.is_taken(block.name):
            scope.findings.add(
                "D246",
                f"the code `{code.text}` turns another switch",
                code.place,
                caller="which of the two staff turn, and so where callers get, is not said",
                notes=(Note(first.place, "this one"),),
            )
        if starts is None:
            _lacks(scope, block, "no first position", f"write `{NIGHT}` if it overrides hours, otherwise `starts off`")
        position = Position(starts.text) if starts else Position.AUTO
        seconds = values.time_of_day(back, scope.findings) if back else None
        if back and position in (Position.ON, Position.OFF):
            scope.findings.add(
                "D245",
                "a switch that is on or off has no `auto` to go back to",
                back.place,
                caller="when callers are treated as usual again is not said",
                help=f"write `{NIGHT}` if it overrides hours",
            )
        switch = plan.Switch(
            block.name.text, code.text if code else "", position, scope.zone, seconds, place=block.place
        )
        if scope.names[switch.name] is block:
            scope.switches[switch.name] = switch


def _lacks(scope: Scope, block: syntax.Switch, what: str, help: str) -> None:
    name = values.shortened(block.name.text)
    scope.lacks(f"the switch `{name}` has {what}", block.name.place, help, "nobody could turn it for callers")


def of_hours(scope: Scope, block: syntax.Hours) -> plan.Switch | None:
    """The night switch that hours name."""
    word = scope.findings.settings(block.items).get("switched")
    if word is None:
        return None
    switch = scope.turned(word)
    if switch is not None and Position.AUTO not in switch.positions:
        scope.findings.add(
            "D245",
            f"`{values.shortened(word.text)}` is on or off, and no night switch",
            word.place,
            caller="whether callers find it open or closed while it is on is not said",
            notes=(Note(switch.place, "this switch"),),
            help=f"let it begin with `{NIGHT}`, or ask for it with `when switch {word.text} on -> …`",
        )
        return None
    return switch


def asked(scope: Scope, word: syntax.Word, state: Place) -> plan.Switch:
    """The switch that a step asks for; one that is off, with a finding, if it cannot be asked for."""
    switch = scope.turned(word)
    if switch is not None and Position.ON not in switch.positions:
        scope.findings.add(
            "D245",
            f"`{values.shortened(word.text)}` is a night switch, and neither on nor off",
            state,
            caller="where callers get is not said",
            notes=(Note(switch.place, "this switch"),),
            help="ask for the hours that it overrides, as in `when office open -> …`, or write `starts off`",
        )
        return plan.Switch(word.text, "", Position.OFF)
    return switch or plan.Switch("", "", Position.OFF)
