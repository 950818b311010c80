"""Queue blocks.

In: `syntax.Queue`. Out: `plan.Queue`.
"""

import functools
from collections.abc import Iterable

from dialc import plan, syntax
from dialc.resolve import phones, values
from dialc.resolve.names import Scope
from dialc.resolve.steps.ways import announced, written_choices, written_ways
from dialc.resolve.values import Written

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
        announce=_told(scope, queue.items),
        music=settings["music"].text if "music" in settings else "",
        patience=seconds("patience", 1),
        room=values.count_of(scope.findings, settings, "room", 0, 9999, "how many callers can wait is not said"),
        choices=choices,
        timeout=ways.get("timeout", scope.operator),
        empty=ways.get("empty", scope.operator),
        full=ways.get("full", scope.operator),
        failure=ways.get("failure", scope.operator),
        wrap_up=seconds("wrap_up", 0, caller="how soon a member's phone rings again is not said"),
        place=queue.place,
    )


def _told(scope: Scope, items: Iterable[Written]) -> plan.Telling | None:
    """What those who wait are told, if anything."""
    announce = scope.findings.only("announce", (item for item in items if isinstance(item, syntax.Announce)))
    if announce is None:
        return None
    found: dict[str, syntax.Word] = {}
    for word in announce.told:
        first = found.setdefault(word.text, word)
        if first is not word:
            scope.findings.twice(word.text, word, first)
    every = values.seconds(announce.every, scope.findings, caller="when callers are told how they stand is not said")
    return plan.Telling(every, position="position" in found, wait="wait" in found)
