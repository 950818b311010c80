"""Hours that are made of others: `hours service = office or hotline but not meeting`.

In: the combinations of a file, and the hours that are resolved. Out: `plan.Combination`s, each of hours alone: one that
is made of another has its parts. Combinations are worked out in an order in which each comes after those it is made of,
and none is made of itself.
"""

from collections.abc import Iterator

from dialc import plan, syntax
from dialc.resolve import values
from dialc.resolve.names import Scope

MOST = 30
"""The most hours that one combination is made of, those of its parts included."""

MOST_SWITCHES = 4
"""The most night switches that decide over one combination: whoever reads it has to think of all their positions."""

_UNSAID = "when callers find it open is not said"


def resolve(scope: Scope) -> None:
    """Gives the scope its combinations."""
    blocks = {block.name.text: block for block in scope.named(syntax.Combined)}
    for name in _in_order(scope, blocks):
        scope.hours[name] = _combined(scope, blocks[name])
    for block in scope.all(syntax.Combined):
        if scope.names[block.name.text] is not block:
            _combined(scope, block)


def _combined(scope: Scope, block: syntax.Combined) -> plan.Combination:
    parts: list[plan.Hours | plan.Join] = []
    for number, word in enumerate(block.parts):
        part = scope.opening(word)
        parts.extend(part.parts if isinstance(part, plan.Combination) else (part,))
        if number:
            parts.append(plan.Join(block.joins[number - 1]))
        if len(parts) > 2 * MOST:
            _tell(scope, word, f"`{values.shortened(block.name.text)}` is made of more than {MOST} hours", "")
            return plan.Combination(block.name.text, tuple(parts[:1]), place=block.place)
    found = plan.Combination(block.name.text, tuple(parts), place=block.place)
    if len(found.switches) > MOST_SWITCHES:
        name = values.shortened(block.name.text)
        _tell(scope, block.name, f"more than {MOST_SWITCHES} switches decide whether `{name}` is open", "")
    return found


def _in_order(scope: Scope, blocks: dict[str, syntax.Combined]) -> Iterator[str]:
    """The names of combinations, each after those that it is made of; a finding for each that is made of itself."""
    done: set[str] = set()
    for root in blocks:
        path: dict[str, Iterator[syntax.Word]] = {root: iter(blocks[root].parts)}
        while path and root not in done:
            name, ahead = next(reversed(path.items()))
            word = next(ahead, None)
            if word is None:
                path.pop(name)
                done.add(name)
                yield name
            elif isinstance(word, syntax.Use):
                continue  # it has been told of, and stands for nothing
            elif word.text in path:
                around = "" if word.text == name else f", by way of `{values.shortened(name)}`"
                message = f"`{values.shortened(word.text)}` is made of itself{around}"
                _tell(scope, word, message, "name the hours that it is made of in the end")
                scope.hours[word.text] = scope.never()
            elif word.text in blocks and word.text not in done:
                path[word.text] = iter(blocks[word.text].parts)


def _tell(scope: Scope, word: syntax.Word, message: str, help: str) -> None:
    scope.findings.add("D244", message, word.place, caller=_UNSAID, help=help)
