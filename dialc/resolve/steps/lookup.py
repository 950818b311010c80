"""Lookup blocks: a service of the site is asked about the caller.

In: `syntax.Lookup`. Out: `plan.Lookup`. A plan names the service and the words that it may answer; where the service
is, a site says, so that one plan runs at several and holds no address and no secret.
"""

from dialc import plan, syntax
from dialc.resolve import values
from dialc.resolve.names import Scope
from dialc.resolve.steps.ways import leads, written_ways

LONGEST_WORD = 40
"""Letters of an answer; it is compared as text, and longer ones are surely no word that means something."""


def lowered(scope: Scope, lookup: syntax.Lookup) -> plan.Lookup:
    """The lookup of a block."""
    name = lookup.name.text
    ways, replies = written_ways(scope, name, lookup.items), _replies(scope, lookup)
    ask = scope.findings.only("ask", (item for item in lookup.items if isinstance(item, syntax.Ask)))
    if ask is None:
        message = f"the lookup `{values.shortened(name)}` does not say whom to `ask`"
        help = "write which service of the site, and for how long, as in `ask crm for 3s`"
        scope.lacks(message, lookup.name.place, help, "nothing would be known about a caller")
    if not replies:
        message = f"the lookup `{values.shortened(name)}` has no `answer`"
        help = "write each word that the service may answer, as in `answer vip -> reception`"
        scope.lacks(message, lookup.name.place, help, "whatever the service said about a caller would change nothing")
    return plan.Lookup(
        name,
        ask.service.text if ask else "",
        values.seconds(ask.duration, scope.findings, caller="how long a caller waits is not said") if ask else 1,
        replies,
        failed=ways.get("failed", scope.operator),
        timeout=ways.get("timeout", scope.operator),
        place=lookup.place,
    )


def _replies(scope: Scope, lookup: syntax.Lookup) -> tuple[plan.Reply, ...]:
    """The answers that were written, each of which stands once."""
    found: dict[str, syntax.Reply] = {}
    for item in lookup.items:
        if isinstance(item, syntax.Reply):
            first = found.setdefault(item.word.text, item)
            if first is not item:
                scope.findings.twice(item.word.text, item, first)
            if len(item.word.text) > LONGEST_WORD:
                scope.findings.add(
                    "D278",
                    f"`{values.shortened(item.word.text)}` is longer than {LONGEST_WORD} letters",
                    item.word.place,
                    caller="where a caller goes by this answer is not said",
                )
    return tuple(
        plan.Reply(word, leads(scope, lookup.name.text, f"answer {word}", item.to), place=item.place)
        for word, item in found.items()
    )
