"""Mailbox blocks: the mailbox, and what follows a message.

In: `syntax.Mailbox`. Out: the steps it becomes.
"""

from collections.abc import Iterator

from dialc import plan, syntax
from dialc.resolve import values
from dialc.resolve.names import Scope
from dialc.resolve.steps.ways import written_ways

MESSAGE = 180
"""Seconds that a message may last, where the plan does not say."""


def lowered(scope: Scope, mailbox: syntax.Mailbox) -> Iterator[plan.Step]:
    """The mailbox, then what callers hear who left a message, then the end of their call."""
    name, settings = mailbox.name.text, scope.findings.settings(mailbox.items)
    ways = written_ways(scope, name, mailbox.items)
    if "box" not in settings:
        message = f"the mailbox `{values.shortened(name)}` does not say its `box`"
        scope.lacks(message, mailbox.name.place, "write it, as in `box 100`", "a message would be kept nowhere")
    read = scope.findings.only("read", (item for item in mailbox.items if isinstance(item, syntax.Read)))
    within = ""
    if read:
        days = values.count(read.days, scope.findings, most=30, caller="when somebody calls back is not said")
        within = f"{days} working {'day' if days == 1 else 'days'}"
    thanks = settings.get("then")
    last = f"{name}-{3 if thanks else 2}"
    ended = ways.get("left", last)
    yield plan.Mailbox(
        name,
        values.extension(settings["box"], scope.findings, caller="a message would be kept nowhere")
        if "box" in settings
        else "",
        scope.played(settings["greeting"]) if "greeting" in settings else None,
        scope.opening(settings["while_closed"]) if "while_closed" in settings else None,
        read.reader.text if read else "",
        within,
        values.seconds_of(
            scope.findings, settings, "up_to", MESSAGE, "how long a message a caller can leave is not said"
        ),
        left=f"{name}-2" if thanks else ended,
        nothing_left=ways.get("nothing-left", scope.operator),
        failed=ways.get("failed", scope.operator),
        place=mailbox.place,
    )
    if thanks and "left" in ways:
        scope.arrows[f"{name}-2", "done"] = scope.arrows.pop((name, "left"))
    if thanks:
        yield plan.Play(f"{name}-2", scope.played(thanks), ended, place=thanks.place)
    if ended == last:
        yield plan.HangUp(last, place=mailbox.place)
