"""Which rules a single call breaks: the rules once more, written for one call at a time and without the verifier.

In: a plan and a call made by the walker. Out: step, and how many exits were taken by then. A module here is a rule that
calls can be held against, named after its code; `tests/test_verify.py` holds the verifier against all of them.
"""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from dialc.plan import Plan
from tests.oracle import Made

Broken = Callable[[Plan, Made], Iterator[tuple[str, int]]]


@functools.cache
def rules() -> Mapping[str, Broken]:
    """For each code, what says at which step and after how many exits a call breaks the rule."""
    found = {}
    for info in pkgutil.iter_modules(__path__):
        found[info.name.upper()] = cast(Broken, importlib.import_module(f"{__name__}.{info.name}").broken)
    return found
