"""Operator blocks: who is there, when, and who is asked next.

In: `syntax.Operator`. Out: `plan.Operator`.
"""

from typing import assert_never

from dialc import plan, syntax
from dialc.resolve import phones, values
from dialc.resolve.names import Scope
from dialc.resolve.steps.ways import written_ways


def lowered(scope: Scope, written: syntax.Operator) -> plan.Operator:
    """The operator of a block."""
    name, place = values.shortened(written.name.text), written.name.place
    items: list[plan.Announcement | plan.Stage] = []
    for item in written.items:
        match item:
            case syntax.Play():
                items.append(plan.Announcement(scope.played(item.prompt), place=item.place))
            case syntax.Stage():
                items.extend(phones.stages(scope, item))
            case syntax.Staffed() | syntax.Setting() | syntax.Way():
                pass
            case _:
                assert_never(item)
    supervisor = scope.findings.settings(written.items).get("supervisor")
    staffed, ways = phones.staffed(scope, written.items), written_ways(scope, written.name.text, written.items)
    if not any(isinstance(item, plan.Stage) for item in items):
        help = "write which phones ring, as in `ring 100 for 15s`"
        scope.lacks(f"the operator `{name}` has no phone", place, help, "nobody would answer a caller")
    if "unanswered" not in ways:
        help = "write where callers go whom nobody answers, as in `unanswered -> sorry`"
        caller = "a caller whom nobody answers would have nowhere to go"
        scope.lacks(f"the operator `{name}` does not say `unanswered`", place, help, caller)
    if staffed and "unstaffed" not in ways:
        help = "write where callers go while nobody is there, as in `unstaffed -> night`"
        caller = "a caller who comes while nobody is there would have nowhere to go"
        scope.lacks(f"the operator `{name}` does not say `unstaffed`", place, help, caller)
    if not staffed and "unstaffed" in ways:
        help = "write when people are there, as in `staffed office`"
        caller = "no caller would ever go where `unstaffed` leads"
        scope.lacks(f"the operator `{name}` does not say when it is `staffed`", place, help, caller)
    unanswered = ways.get("unanswered", scope.operator)
    return plan.Operator(
        written.name.text,
        tuple(items),
        staffed,
        phones.extension(scope, supervisor) if supervisor else None,
        unstaffed=ways.get("unstaffed", unanswered),
        unanswered=unanswered,
        place=written.place,
    )
