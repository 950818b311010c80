"""C09: a caller comes to a menu that offers or says too much, or lies behind too many others."""

from collections.abc import Iterator

import z3

from dialc.plan import Again, Menu, Outcome
from tests.engine.calls import Calls, Term


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    policy = calls.plan.policy
    depth = _depths(calls)
    for turn, _, step, here in calls.arrivals():
        if not isinstance(step, Menu):
            continue
        if _options(step) > policy.options or sum(prompt.seconds for prompt in step.prompts) > policy.menu_prompt:
            yield turn, here
        if _is_level(step):
            yield turn, z3.And(here, depth[turn] + 1 > policy.levels)


def _options(menu: Menu) -> int:
    """The options that count."""
    return sum(choice.key != "0" and not choice.speaks for choice in menu.choices) + len(menu.direct)


def _is_level(menu: Menu) -> bool:
    """Whether a menu asks for more than a language."""
    return bool(_options(menu)) or not any(choice.speaks for choice in menu.choices)


def _depths(calls: Calls) -> list[Term]:
    """How many menus lie before a caller, turn by turn; whoever is brought back is as deep as at first."""
    found: list[Term] = [z3.IntVal(0)]
    first: dict[str, Term] = dict.fromkeys(calls.targets, z3.IntVal(-1))
    for turn, ways in enumerate(calls.ways):
        for target, before in first.items():
            known = calls.fresh("first depth", z3.Int)
            arrives = z3.And(calls.at(turn, target), before < 0)
            calls.solver.add(known == z3.If(arrives, found[turn], before))
            first[target] = known
        depth = found[turn]
        menus = [way.taken for way in ways if isinstance(way.step, Menu) and _is_level(way.step)]
        depth = z3.If(z3.Or(*menus), depth + 1, depth) if menus else depth
        for way in ways:
            if isinstance(way.step, Again) and way.exit.outcome is Outcome.AGAIN:
                known = first[way.step.target]
                depth = z3.If(z3.And(way.taken, known >= 0), known, depth)
        onward = calls.fresh("depth", z3.Int)
        calls.solver.add(onward == depth)
        found.append(onward)
    return found
