"""Blocks that callers get to, to steps: one module for each kind of block.

In: `syntax.Step`. Out: the `plan.Step`s that it becomes, the first under its own name. A new kind of block is a module
and a case here.
"""

from typing import assert_never

from dialc import plan, syntax
from dialc.resolve.names import Scope
from dialc.resolve.steps import (
    bot,
    callback,
    collect,
    extensions,
    lookup,
    mailbox,
    menu,
    operator,
    queue,
    ring,
    route,
    transfer,
)


def lowered(scope: Scope, step: syntax.Step) -> tuple[plan.Step, ...]:
    """The steps of a block, whatever its kind."""
    match step:
        case syntax.Operator():
            return (operator.lowered(scope, step),)
        case syntax.Route():
            return tuple(route.lowered(scope, step))
        case syntax.Menu():
            return (menu.lowered(scope, step),)
        case syntax.Collect():
            return (collect.lowered(scope, step),)
        case syntax.Queue():
            return (queue.lowered(scope, step),)
        case syntax.Ring():
            return (ring.lowered(scope, step),)
        case syntax.Extensions():
            return (extensions.lowered(scope, step),)
        case syntax.Transfer():
            return (transfer.lowered(scope, step),)
        case syntax.Mailbox():
            return tuple(mailbox.lowered(scope, step))
        case syntax.Bot():
            return (bot.lowered(scope, step),)
        case syntax.Lookup():
            return (lookup.lowered(scope, step),)
        case syntax.Callback():
            return tuple(callback.lowered(scope, step))
        case _:
            assert_never(step)
