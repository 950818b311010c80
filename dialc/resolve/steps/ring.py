"""Ring blocks: phones that ring in stages.

In: `syntax.Ring`. Out: `plan.Ring`.
"""

from dialc import plan, syntax
from dialc.resolve import phones, values
from dialc.resolve.names import Scope
from dialc.resolve.steps.ways import written_ways


def lowered(scope: Scope, ring: syntax.Ring) -> plan.Ring:
    """The ring of a block."""
    ways = written_ways(scope, ring.name.text, ring.items)
    written = (item for item in ring.items if isinstance(item, syntax.Stage))
    stages = tuple(stage for item in written for stage in phones.stages(scope, item))
    if not stages:
        help = "write which phones ring, as in `ring 100 for 15s`"
        message = f"`{values.shortened(ring.name.text)}` rings no phone"
        scope.lacks(message, ring.name.place, help, "nobody would answer a caller")
    return plan.Ring(
        ring.name.text,
        stages,
        busy=ways.get("busy", scope.operator),
        no_answer=ways.get("no-answer", scope.operator),
        unavailable=ways.get("unavailable", scope.operator),
        declined=ways.get("declined", scope.operator),
        place=ring.place,
    )
