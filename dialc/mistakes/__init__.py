"""The catalogue of what can be wrong with a text before anything is proved about it: the D codes.

In: nothing. Out: a `Mistake` for each code, and its page. Codes D1 are about the text, D2 about names and values; a
module of rules needs none of this, since its own docstring is its page. Each mistake has a file that makes it and one
that does not, and the tests hold both against the compiler.

The entries stand in modules by subject, each with its `MISTAKES`; `entry` says what one is made of.
"""

import difflib
import functools

from dialc.mistakes import (
    blocks,
    callbacks,
    collects,
    head,
    hours,
    lines,
    names,
    numbers,
    others,
    prompts,
    queues,
    reuse,
    scenarios,
    sites,
    steps,
    texts,
)
from dialc.mistakes.entry import PLAN, SITE, Mistake

__all__ = ["PLAN", "SITE", "Mistake", "catalogue", "page"]

_SUBJECTS = (
    texts,
    names,
    numbers,
    hours,
    head,
    lines,
    steps,
    queues,
    blocks,
    others,
    prompts,
    reuse,
    sites,
    callbacks,
    collects,
    scenarios,
)


@functools.cache
def catalogue() -> tuple[Mistake, ...]:
    """All mistakes, in order of code."""
    return tuple(sorted((mistake for subject in _SUBJECTS for mistake in subject.MISTAKES), key=lambda m: m.code))


_SHOWN = 16
"""The most changed lines that a page shows; with more, two files have nothing to do with each other."""


def page(mistake: Mistake) -> str:
    """The page of a code, as reStructuredText: its title, its meaning, and the edit that cures it."""
    parts = [f"{mistake.title[:1].upper()}{mistake.title[1:]}.", "", mistake.page.strip()]
    if isinstance(mistake.bad, str) and isinstance(mistake.good, str):
        rows = difflib.unified_diff(mistake.bad.splitlines(), mistake.good.splitlines(), lineterm="", n=1)
        changed = [row for row in rows if row.strip() and not row.startswith(("---", "+++", "@@"))]
        if len(changed) <= _SHOWN:
            parts += ["", "*Bad* (-) and *Good* (+)::", "", *(f"    {row}" for row in changed)]
    return "\n".join(parts) + "\n"
