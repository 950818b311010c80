"""Circles: the strong components of a graph, and what can be got to in it.

In: what leads where. Out: the parts of a graph within which everything leads to everything else, in an order in which
each comes after those that it leads to. Whatever is alone in its part lies on no circle, unless it leads to itself.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def components(graph: Mapping[T, Iterable[T]]) -> list[list[T]]:
    """The strong components of a graph, each after those it leads to (Tarjan's algorithm, without recursion)."""
    index: dict[T, int] = {}
    low: dict[T, int] = {}
    held: set[T] = set()
    stack: list[T] = []
    found: list[list[T]] = []
    for root in graph:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        held.add(root)
        work = [(root, iter(graph[root]))]
        while work:
            at, onward = work[-1]
            for to in onward:
                if to not in graph:
                    continue
                if to not in index:
                    index[to] = low[to] = len(index)
                    stack.append(to)
                    held.add(to)
                    work.append((to, iter(graph[to])))
                    break
                if to in held:
                    low[at] = min(low[at], index[to])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[at])
                if low[at] == index[at]:
                    component = []
                    while True:
                        member = stack.pop()
                        held.discard(member)
                        component.append(member)
                        if member == at:
                            break
                    found.append(component)
    return found


def circular(graph: Mapping[T, Iterable[T]], component: list[T]) -> bool:
    """Whether there is a way round within a component."""
    return len(component) > 1 or component[0] in graph[component[0]]


def behind(start: Iterable[T], onward: Callable[[T], Iterable[T]]) -> set[T]:
    """All that can be got to from somewhere, and where that is."""
    found = set(start)
    ahead = list(found)
    while ahead:
        for to in onward(ahead.pop()):
            if to not in found:
                found.add(to)
                ahead.append(to)
    return found
