"""Queue blocks.

In: `syntax.Queue`. Out: `plan.Queue`.
"""

import functools
from collections.abc import Iterable, Sequence

from dialc import plan, syntax
from dialc.findings import Note
from dialc.resolve import phones, values
from dialc.resolve.names import Scope
from dialc.resolve.steps.extensions import phones as row_phones
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
    patience = seconds("patience", 1)
    signs = (item for item in queue.items if isinstance(item, syntax.SignIn))
    signing = _signing(scope, scope.findings.only("members sign in", signs))
    members, tiers = _tiers(scope, [i for i in queue.items if isinstance(i, syntax.Members)], signing, patience)
    if not any(isinstance(item, syntax.Members | syntax.SignIn) for item in queue.items):
        help = "write whose phones ring, as in `members 201, 202`"
        message = f"the queue `{values.shortened(name)}` has no `members`"
        scope.lacks(message, queue.name.place, help, "nobody would answer a caller")
    if "patience" not in settings:
        help = "write how long callers wait at most, as in `patience 4m`"
        message = f"the queue `{values.shortened(name)}` does not say its `patience`"
        scope.lacks(message, queue.name.place, help, "a caller could wait for ever")
    staffed = phones.staffed(scope, queue.items)
    if "closing" in ways and staffed is None:
        help = "write when people are there, as in `staffed office`"
        message = f"the queue `{values.shortened(name)}` does not say when it is `staffed`"
        scope.lacks(message, scope.arrows[name, "closing"], help, "no caller would ever go where `closing` leads")
    if "closing" in ways and staffed is not None and staffed.hours.switches:
        switch = staffed.hours.switches[0]
        scope.findings.add(
            "D249",
            f"the hours by which `{values.shortened(name)}` closes are overridden by a switch",
            scope.arrows[name, "closing"],
            caller="could not be told, as they begin to wait, until when somebody will come",
            notes=(Note(switch.place, "this switch"),),
            help="close the queue by hours that name no switch, and ask for the others in a route before it",
        )
    return plan.Queue(
        name,
        announced(scope, queue.items),
        members,
        plan.Strategy(settings["strategy"].text) if "strategy" in settings else plan.Strategy.RING_ALL,
        ring=seconds("ring_for", RING),
        staffed=staffed,
        announce=_told(scope, queue.items),
        music=settings["music"].text if "music" in settings else "",
        patience=patience,
        room=values.count_of(scope.findings, settings, "room", 0, 9999, "how many callers can wait is not said"),
        choices=choices,
        timeout=ways.get("timeout", scope.operator),
        empty=ways.get("empty", scope.operator),
        full=ways.get("full", scope.operator),
        failure=ways.get("failure", scope.operator),
        wrap_up=seconds("wrap_up", 0, caller="how soon a member's phone rings again is not said"),
        tiers=tiers,
        closing=ways.get("closing", ""),
        signing=signing,
        place=queue.place,
    )


def _signing(scope: Scope, written: syntax.SignIn | None) -> plan.SigningIn | None:
    """The members who sign in, if the queue has some."""
    if written is None:
        return None
    if written.into.text == written.out.text:
        scope.findings.add(
            "D264",
            "one code signs in and out",
            written.out.place,
            caller="whether anybody's phone rings for a caller would be left to chance",
            help="sign out with another code",
        )
    return plan.SigningIn(written.into.text, written.out.text, row_phones(scope, written.among))


def tell_codes(scope: Scope) -> None:
    """A code signs in or out, in whichever queues; it does not do both."""
    switches = {switch.code: switch for switch in scope.switches.values()}
    known: dict[str, tuple[str, syntax.Word]] = {}
    written = (item for queue in scope.all(syntax.Queue) for item in queue.items if isinstance(item, syntax.SignIn))
    for item in written:
        if item.into.text == item.out.text:
            continue  # told of already
        for does, word in (("in", item.into), ("out", item.out)):
            other, first = known.setdefault(word.text, (does, word))
            if word.text in switches:
                scope.findings.add(
                    "D264",
                    f"`{word.text}` turns a switch",
                    word.place,
                    caller="whether anybody's phone rings for a caller would be left to chance",
                    notes=(Note(switches[word.text].place, "this switch"),),
                )
            elif other != does:
                scope.findings.add(
                    "D264",
                    f"`{word.text}` signs {other} elsewhere",
                    word.place,
                    caller="whether anybody's phone rings for a caller would be left to chance",
                    notes=(Note(first.place, "here"),),
                )


def _tiers(
    scope: Scope, rows: Sequence[syntax.Members], signing: plan.SigningIn | None, patience: int
) -> tuple[tuple[plan.Extension, ...], tuple[plan.Tier, ...]]:
    """The members who take part at once, and those who do so later, in order."""
    found: list[plan.Tier] = []
    known = {member.number: member for member in signing.among} if signing else {}
    if signing and rows and rows[0].after:
        found.append(plan.Tier((), 0))  # those who have signed in are the first
    for row in rows:
        ringing = [phone for phone in phones.phones(scope, row.phones) if isinstance(phone, plan.Extension)]
        for member in ringing:
            if (first := known.setdefault(member.number, member)) is not member:
                scope.findings.twice(member.number, member, first)
        after = 0
        if row.after:
            after = values.seconds(row.after, scope.findings, caller="from when on these phones ring is not said")
        if found and not row.after:
            _out_of_order(scope, "these members are second, and it is not said from when on they ring", row, "20s")
        elif row.after and not found:
            _out_of_order(scope, "the first members ring from the beginning", row, "")
        elif found and after <= found[-1].after:
            message = f"the members before ring from {found[-1].after} s on, and these no later"
            _out_of_order(scope, message, row, f"{found[-1].after + 20}s")
        elif row.after and after >= patience > 1:
            scope.findings.add(
                "D262",
                f"nobody waits for {row.after.text}: patience is over after {patience} s",
                row.after.place,
                caller="these phones would never ring for a caller",
            )
        found.append(plan.Tier(tuple(ringing), after))
    return (found[0].members if found else ()), tuple(found[1:])


def _out_of_order(scope: Scope, message: str, row: syntax.Members, after: str) -> None:
    numbers = ", ".join(phone.number.text for phone in row.phones)
    help = f"write `then members {numbers} after {after}`" if after else f"write `members {numbers}`"
    scope.findings.add(
        "D261",
        message,
        row.after.place if row.after else values.keyword(row),
        caller="whose phones ring first for a caller is not said",
        help=help if len(help) < 80 else "",
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
