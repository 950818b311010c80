"""The rules of the charter, each as formulas about calls.

In: the calls of a plan. Out: pairs of a number of exits and a formula: that the call, after so many exits, breaks the
rule. A module here is a rule, named after its code. They are written from the charter and the page of each rule.
"""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from tests.engine.calls import Calls, Term

Breaks = Callable[[Calls], Iterator[tuple[int, Term]]]


@functools.cache
def rules() -> Mapping[str, Breaks]:
    """For each code, when a call breaks the rule."""
    found = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if hasattr(module, "breaks"):
            found[info.name.upper()] = cast(Breaks, module.breaks)
    return found
