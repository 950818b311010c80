"""Queue blocks.

In: `syntax.Queue`. Out: `plan.Queue`.
"""

import functools

from dialc import plan, syntax
from dialc.resolve import phones, values
from dialc.resolve.names import Scope
from dialc.resolve.steps.ways import announced, written_choices, written_ways

RING = 15
"""Seconds that a queue rings a member, where the plan does not say."""


def lowered(scope: Scope, queue: syntax.Queue) -> plan.Queue:
    """The queue of a block."""
    name, settings = queue.name.text, scope.findings.settings(queue.items)
    ways, choices = written_ways(scope, name, queue.items), written_choices(scope, name, queue.items)
    seconds = functools.partial(
        values.seconds_of, scope.findings, settings, caller="how long a caller waits is not said"
    )
    members = scope.findings.only("members", (item for item in queue.items if isinstance(item, syntax.Members)))
    if members is None:
        help = "write whose phones ring, as in `members 201, 202`"
        message = f"the queue `{values.shortened(name)}` has no `members`"
        scope.lacks(message, queue.name.place, help, "nobody would answer a caller")
    if "patience" not in settings:
        help = "write how long callers wait at most, as in `patience 4m`"
        message = f"the queue `{values.shortened(name)}` does not say its `patience`"
        scope.lacks(message, queue.name.place, help, "a caller could wait for ever")
    rung = phones.phones(scope, members.phones) if members else ()
    return plan.Queue(
        name,
        announced(scope, queue.items),
        tuple(phone for phone in rung if isinstance(phone, plan.Extension)),
        plan.Strategy(settings["strategy"].text) if "strategy" in settings else plan.Strategy.RING_ALL,
        ring=seconds("ring_for", RING),
        staffed=phones.staffed(scope, queue.items),
        announce=seconds("announce", 0),
        music=settings["music"].text if "music" in settings else "",
        patience=seconds("patience", 1),
        room=values.count_of(scope.findings, settings, "room", 0, 9999, "how many callers can wait is not said"),
        choices=choices,
        timeout=ways.get("timeout", scope.operator),
        empty=ways.get("empty", scope.operator),
        full=ways.get("full", scope.operator),
        failure=ways.get("failure", scope.operator),
        place=queue.place,
    )
