"""Rows of extensions: one phone of many rings, the one that was dialled.

In: `syntax.Extensions`. Out: `plan.Extensions`.
"""

from collections.abc import Sequence

from dialc import plan, syntax
from dialc.resolve import values
from dialc.resolve.names import NOTHING_RINGS, Scope
from dialc.resolve.steps.ways import written_ways

MOST = 1000
"""The most phones of one row."""


def lowered(scope: Scope, written: syntax.Extensions) -> plan.Extensions:
    """The row of a block."""
    name = values.shortened(written.name.text)
    ways = written_ways(scope, written.name.text, written.items)
    row = scope.findings.only("the phones", (item for item in written.items if isinstance(item, syntax.Row)))
    time = scope.findings.settings(written.items).get("ring_time")
    if row is None:
        help = "write which phones there are, as in `100-149, 201`"
        scope.lacks(f"the extensions `{name}` have no phone", written.name.place, help, NOTHING_RINGS)
    if time is None:
        help = "write how long a phone rings, as in `ring for 20s`"
        caller = "how long a phone rings for a caller is not said"
        scope.lacks(f"the extensions `{name}` do not say `ring for`", written.name.place, help, caller)
    caller = "how long a phone rings for a caller is not said"
    return plan.Extensions(
        written.name.text,
        phones(scope, row) if row else (),
        values.seconds(time, scope.findings, caller=caller) if time else 1,
        busy=ways.get("busy", scope.operator),
        no_answer=ways.get("no-answer", scope.operator),
        unavailable=ways.get("unavailable", scope.operator),
        place=written.place,
    )


def phones(scope: Scope, row: syntax.Row) -> tuple[plan.Extension, ...]:
    """The phones of a row in order; none, with a finding, where something is wrong with one of them."""
    found: dict[str, syntax.Range] = {}
    for written in row.ranges:
        numbers = _numbers(scope, written)
        if not numbers:
            return ()
        for number in numbers:
            first = found.setdefault(number, written)
            if first is not written:
                scope.findings.twice(number, written, first)
                return ()
            if len(found) > MOST:
                caller = "no caller would get to the last of them"
                message = f"these are more than {MOST} phones"
                scope.findings.add("D204", message, row.place, caller=caller, help="divide them into several rows")
                return ()
    return tuple(plan.Extension(number, place=written.place) for number, written in found.items())


def _numbers(scope: Scope, written: syntax.Range) -> Sequence[str]:
    """The numbers of a range; none, with a finding, where it is none."""
    first = values.extension(written.first, scope.findings, caller=NOTHING_RINGS)
    if written.last is None:
        return (first,)
    last = values.extension(written.last, scope.findings, caller=NOTHING_RINGS)
    if max(len(first), len(last)) > 10:
        return ()
    if len(first) != len(last) or last < first:
        turned = len(first) == len(last)
        scope.findings.add(
            "D230",
            f"this is no range: {'it runs backwards' if turned else 'one number is longer than the other'}",
            written.place,
            caller=NOTHING_RINGS,
            help=f"write `{last}-{first}`" if turned else "",
        )
        return ()
    return [f"{number:0{len(first)}}" for number in range(int(first), min(int(last), int(first) + MOST) + 1)]
