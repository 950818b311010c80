"""The rules of the Caller's Charter that are proved now.

In: a `Survey`, a plan ready to be asked about. Out: `Breach`es. A rule is one module, named after its code and what it
promises, with a `check` function; its docstring is its page, with a plan that breaks it (*Bad*), the finding as printed
(*Says*) and a plan that keeps it (*Good*). A new module here is a new rule; there is no list to edit.
"""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import cast

import attrs

from dialc.findings import Finding, Severity
from dialc.reach import Survey
from dialc.source import Place
from dialc.witness import Witness, narrate


@attrs.frozen
class Breach:
    """A rule broken at a step: the finding, and the call that shows it where there is one."""

    finding: Finding
    step: str
    witness: Witness | None = None


UNWAIVABLE = ("C01", "C03")
"""Rules without which nothing else could be proved: that calls end, and that callers do not come round uncounted."""

Check = Callable[[Survey], Iterator[Breach]]


@functools.cache
def checks() -> Mapping[str, Check]:
    """The check of every rule by its code, in order of code."""
    found = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        code = module.partition("_")[0].upper()
        found[code] = cast(Check, importlib.import_module(f"{__name__}.{module}").check)
    return found


def breach(
    survey: Survey,
    code: str,
    step: str,
    message: str,
    place: Place,
    *,
    caller: str = "",
    witness: Witness | None = None,
    last: str = "",
    after: int = 0,
    help: str = "",
    severity: Severity = Severity.ERROR,
) -> Breach:
    """A breach at a step, whose finding tells the witness as a call, closed by `last`, `after` so many seconds more."""
    call = narrate(survey.plan, witness, last, after) if witness else ()
    finding = Finding(code, message, place, caller=caller, call=call, help=help, severity=severity)
    return Breach(finding, step, witness)
