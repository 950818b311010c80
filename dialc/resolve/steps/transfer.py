"""Transfer blocks: the call is handed on to somebody elsewhere.

In: `syntax.Transfer`. Out: `plan.Ring`. To the caller, a transfer is a ring of one stage with one phone in it: it
rings, somebody answers, and if nobody does the plan goes on. The PBX stays in the call, since with SIP's own way of
handing a call on (REFER) nobody would know how it ended, nor be there when it fails. So it is no step of its own, and
whatever holds of a ring holds of it.
"""

from dialc import plan, syntax
from dialc.resolve import phones, values
from dialc.resolve.names import Scope
from dialc.resolve.steps.ways import written_ways


def lowered(scope: Scope, transfer: syntax.Transfer) -> plan.Ring:
    """The ring that a transfer is."""
    ways = written_ways(scope, transfer.name.text, transfer.items)
    to = scope.findings.only("to", (item for item in transfer.items if isinstance(item, syntax.HandOn)))
    if to is None:
        help = 'write the number, as in `to "+48 601 000 200" for 30s`'
        message = f"the transfer `{values.shortened(transfer.name.text)}` does not say `to` whom"
        scope.lacks(message, transfer.name.place, help, "nobody would answer a caller")
    return plan.Ring(
        transfer.name.text,
        (_stage(scope, to),) if to else (),
        busy=ways.get("busy", scope.operator),
        no_answer=ways.get("no-answer", scope.operator),
        unavailable=ways.get("unavailable", scope.operator),
        declined=ways.get("declined", scope.operator),
        place=transfer.place,
    )


def _stage(scope: Scope, to: syntax.HandOn) -> plan.Stage:
    seconds = values.seconds(to.duration, scope.findings, caller="how long a phone rings for a caller is not said")
    return plan.Stage((phones.outside(scope, to.phone),), seconds, place=to.place)
