"""The example clinic and its site, as the front end reads them.

In: nothing. Out: the `Plan` of `examples/clinic.dial`, not proved, and the `Site` of `examples/warsaw.site`.
"""

import functools
from pathlib import Path

from dialc.parse import parse
from dialc.plan import Hours, Plan
from dialc.resolve import resolve, resolve_site
from dialc.site import Site
from dialc.source import Source

EXAMPLES = Path(__file__).parent.parent / "examples"


@functools.cache
def clinic() -> Plan:
    """The example plan."""
    file, written = parse(_source("clinic.dial"))
    plan, meant = resolve(file)
    assert plan is not None, (*written, *meant)
    return plan


def block(plan: Plan, name: str) -> Hours:
    """Hours of a plan that are no combination."""
    hours = plan.hours[name]
    assert isinstance(hours, Hours)
    return hours


@functools.cache
def warsaw() -> Site:
    """The example site."""
    file, written = parse(_source("warsaw.site"))
    site, meant = resolve_site(file)
    assert site is not None, (*written, *meant)
    return site


def _source(name: str) -> Source:
    return Source(name, (EXAMPLES / name).read_text(encoding="utf-8"))
