"""A verdict and a site to files for FreeSWITCH, to be laid into its folder of configuration.

In: `Verified` or `Unproved`, and a `Site`. Out: a dialplan, the extensions by which calls come into it, those by which
staff turn switches, and a template for call records. `steps`, `hours` and `calls` make the states of a call, `clocks`
does without FreeSWITCH's time zones, the templates in `backends/freeswitch` write the states down as XML. `refusals`
says beforehand what FreeSWITCH or the site cannot do, and `mistakes` has a page for each of these findings;
`documented` reads afterwards what the files record of each call.
"""

import functools
from typing import TYPE_CHECKING

from dialc import assets
from dialc.emit.asterisk.spelling import turned
from dialc.emit.freeswitch.journeys import documented
from dialc.emit.freeswitch.refusals import refusals
from dialc.emit.freeswitch.spelling import said, view
from dialc.plan import Plan, Unproved, Verified
from dialc.site import Site

if TYPE_CHECKING:
    import jinja2

__all__ = ["documented", "emit", "paste", "refusals"]

FILES = ("dialplan.xml", "entry.xml", "cdr_csv.xml")
"""The files of a plan, behind its name."""

CODES = "codes.xml"
"""One more, where there are switches."""


def emit(verdict: Verified | Unproved, site: Site) -> dict[str, str]:
    """The files: name to text, the same for the same verdict and site.

    Raises `ValueError` for what `refusals` finds: it is never approximated.
    """
    plan = verdict.plan
    refused = refusals(plan, site)
    if refused:
        raise ValueError(f"refused: {', '.join(sorted({finding.code for finding in refused}))}")
    words = view(verdict, site)
    files = (*FILES, *((CODES,) if turned(plan) else ()))
    return {f"dialc-{plan.name}.{file}": _templates().get_template(f"{file}.j2").render(words) for file in files}


def paste(plan: Plan, site: Site) -> str:
    """What to do with the files, as text to be shown."""
    stem = f"dialc-{plan.name}"
    enter = ", ".join(site.enter) or "where the trunk's calls arrive, usually public"
    rows = [
        f"{stem}.dialplan.xml: into conf/dialplan/",
        f"{stem}.entry.xml: into the folder of the context {enter}, as in conf/dialplan/public/",
    ]
    if turned(plan):
        inside = ", ".join(site.codes) or "where the phones of staff dial and no call from outside ever comes"
        rows.append(f"{stem}.{CODES}: into the folder of the context {inside}, as in conf/dialplan/default/")
    rows += [
        f"{stem}.cdr_csv.xml: its template into autoload_configs/cdr_csv.conf.xml, below <templates>",
        "then reloadxml: it has worked if the answer is `+OK [Success]`, and not if anything else stands behind `+OK`",
    ]
    return "\n".join(rows) + "\n"


@functools.cache
def _templates() -> "jinja2.Environment":
    """The templates in `backends/freeswitch`."""
    import jinja2  # only a plan that is written gets this far

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: assets.text(f"backends/freeswitch/{name}")),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"said": said}
    return environment
