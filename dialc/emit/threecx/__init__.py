"""A verdict and a site to objects of a 3CX, in the dialect of v18 and v20.

In: `Verified` or `Unproved`, and a `Site`. Out: the objects as XML, the calls of 3CX's XAPI that create the same, in
order, a sheet for whoever applies them, and where the PBX's record of a call shows what it has passed. `refusals` says
beforehand what no object can; `unrolling` makes objects of a plan, `spelling` gives them numbers, the templates in
`backends/3cx` write them down. `confirmed` says what of all this was ever seen on a 3CX.
"""

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dialc import assets
from dialc.emit.threecx import spelling
from dialc.emit.threecx.journeys import documented
from dialc.emit.threecx.objects import Tenant
from dialc.emit.threecx.refusals import refusals as refused_alone
from dialc.emit.threecx.unrolling import unrolled
from dialc.findings import Finding, in_order
from dialc.plan import Plan, Unproved, Verified
from dialc.site import Site

if TYPE_CHECKING:
    import jinja2

__all__ = ["documented", "emit", "paste", "refusals"]

FILES = ("3cx.xml", "3cx-xapi.json", "3cx-sheet.txt", "3cx-journeys.csv")
"""The files of a plan, behind its name."""


def refusals(plan: Plan, site: Site) -> tuple[Finding, ...]:
    """What objects of a 3CX cannot say of a plan, in order of place. Each is an error."""
    return _made(plan, site)[1]


def emit(verdict: Verified | Unproved, site: Site) -> dict[str, str]:
    """The files: name to text, the same for the same verdict and site.

    Raises `ValueError` for what `refusals` finds: it is never approximated.
    """
    tenant, refused = _made(verdict.plan, site)
    if tenant is None:
        raise ValueError(f"refused: {', '.join(sorted({finding.code for finding in refused}))}")
    words = spelling.view(verdict, site, tenant)
    stem = f"dialc-{verdict.plan.name}"
    return {f"{stem}.{file}": _templates().get_template(f"{file}.j2").render(words) for file in FILES}


def paste(plan: Plan, site: Site) -> str:
    """What to do with the files, as text to be shown."""
    stem = f"dialc-{plan.name}"
    trunks = ", ".join(trunk.extension for trunk in site.trunks)
    rows = (
        f"read {stem}.3cx-sheet.txt: it says what to do in the console first, and what was never tried",
        f"send the calls of {stem}.3cx-xapi.json to https://YOUR-3CX/xapi/v1, in their order (trunks: {trunks})",
        f"{stem}.3cx.xml is the same as objects of a backup; 3CX restores whole backups only",
        f"{stem}.3cx-journeys.csv says which numbers in the call history are which steps",
    )
    return "\n".join(rows) + "\n"


def _made(plan: Plan, site: Site) -> tuple[Tenant | None, tuple[Finding, ...]]:
    """The objects of a plan, or why there are none: what is wrong with a step by itself, else with steps together."""
    if alone := refused_alone(plan, site):
        return None, alone
    found, together = unrolled(plan)
    if found is None:
        return None, in_order(together)
    tenant, lacking = spelling.spelled(plan, site, found)
    return tenant, in_order(lacking)


@functools.cache
def _templates() -> "jinja2.Environment":
    """The templates in `backends/3cx`."""
    import jinja2  # only a plan that is written gets this far

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: assets.text(f"backends/3cx/{name}")),
        undefined=jinja2.StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".xml.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= _FILTERS
    return environment


_FILTERS: Mapping[str, object] = {
    "said": spelling.said,
    "commented": spelling.commented,
    "clock": spelling.clock,
    "lasting": spelling.lasting,
}
