"""What leads out of steps: ways, keys, and prompts played on the way; for all kinds of block that have them.

In: the lines of a block. Out: the steps they lead to, by outcome or key.
"""

from collections.abc import Iterable, Mapping

from dialc import plan, syntax
from dialc.resolve.names import Scope
from dialc.resolve.values import Written


def leads(scope: Scope, step: str, outcome: str, word: syntax.Word) -> str:
    """Where a step leads by an outcome, as was written."""
    scope.arrows[step, outcome] = word.place
    return scope.to(word)


def written_ways(scope: Scope, step: str, items: Iterable[Written]) -> Mapping[str, str]:
    """The ways out that were written, by outcome."""
    found: dict[str, syntax.Way] = {}
    for item in items:
        if isinstance(item, syntax.Way):
            first = found.setdefault(item.outcome.text, item)
            if first is not item:
                scope.findings.twice(item.outcome.text, item, first)
    return {outcome: leads(scope, step, outcome, way.to) for outcome, way in found.items()}


def written_choices(scope: Scope, step: str, items: Iterable[Written]) -> tuple[plan.Choice, ...]:
    """The keys that were written, and where they lead."""
    """The keys that lead on; of a key that is written twice, also to repeat, the first counts."""
    found: dict[str, syntax.Key | syntax.Repeat] = {}
    for item in items:
        if isinstance(item, syntax.Key | syntax.Repeat):
            first = found.setdefault(item.key.text, item)
            if first is not item:
                scope.findings.key_twice(item.key, first.key)
    return tuple(
        plan.Choice(
            key,
            item.label.text if item.label else "",
            leads(scope, step, f"key {key}", item.to),
            speaks=scope.tongue(item.speaks) if item.speaks else "",
            place=item.place,
        )
        for key, item in found.items()
        if isinstance(item, syntax.Key)
    )


def written_repeats(items: Iterable[Written]) -> tuple[plan.Repeat, ...]:
    """The keys that repeat a menu."""
    return tuple(
        plan.Repeat(item.key.text, item.label.text if item.label else "", place=item.place)
        for item in items
        if isinstance(item, syntax.Repeat)
    )


def announced(scope: Scope, items: Iterable[Written]) -> tuple[plan.Prompt, ...]:
    """The prompts that are played first."""
    return tuple(scope.played(item.prompt) for item in items if isinstance(item, syntax.Play))
