"""A verdict and a site to files for Asterisk, to be included beside what is there.

In: `Verified` or `Unproved`, and a `Site`. Out: fragments of extensions.conf, queues.conf, voicemail.conf and
cdr_custom.conf. The files are written by the templates in `backends/asterisk`, which an administrator can read;
`spelling` prepares what they need, `refusals` says beforehand what Asterisk or the site cannot do, and `mistakes` has a
page for each of these findings; `documented` reads afterwards what the files record of each call.
"""

import functools
from typing import TYPE_CHECKING

from dialc import assets
from dialc.emit.asterisk.journeys import documented
from dialc.emit.asterisk.refusals import refusals
from dialc.emit.asterisk.spelling import said, signings, tiered, titled, turned, view
from dialc.plan import Mailbox, Plan, Queue, Unproved, Verified
from dialc.site import Installation, Site

if TYPE_CHECKING:
    import jinja2

__all__ = ["documented", "emit", "paste", "refusals"]

FILES = ("extensions.conf", "queues.conf", "voicemail.conf", "cdr_custom.conf")
"""The configuration files of Asterisk that a fragment is written for."""

RULES = "queuerules.conf"
"""One more, where a queue has tiers."""


def emit(verdict: Verified | Unproved, site: Site) -> dict[str, str]:
    """The files: name to text, the same for the same verdict and site.

    Raises `ValueError` for what `refusals` finds: it is never approximated.
    """
    plan = verdict.plan
    refused = refusals(plan, site)
    if refused:
        raise ValueError(f"refused: {', '.join(sorted({finding.code for finding in refused}))}")
    words = view(verdict, site)
    files = (*FILES, *((RULES,) if tiered(plan) else ()))
    return {f"dialc-{plan.name}.{file}": _templates().get_template(f"{file}.j2").render(words) for file in files}


def paste(plan: Plan, site: Site) -> str:
    """The lines by which an administrator includes the files, as text to be shown."""
    stem = f"dialc-{plan.name}"
    steps = plan.steps.values()
    custom = "_custom" if site.beside is Installation.FREEPBX else ""
    rows = [f"; extensions{custom}.conf", f'#include "{stem}.extensions.conf"']
    if not site.enter and custom:
        extens = dict.fromkeys(str(c) if c.size == 1 else "${EXTEN}" for c in plan.called() if c)
        rows += ["; Admin, Custom Destinations: one for each line, to which its Inbound Route leads"]
        rows += [f";   {stem},{exten},1" for exten in extens]
    elif not site.enter:
        rows += ["; extensions.conf, in the context where the trunk's calls arrive", f"include => {stem}"]
    if (turned(plan) or signings(plan)) and not site.codes:
        rows += [
            "; extensions_custom.conf, below [from-internal-custom]"
            if custom
            else "; extensions.conf, in the context where the phones of staff dial and no call from outside ever comes",
            f"include => {stem}-codes",
        ]
    if any(isinstance(step, Queue) for step in steps):
        rows += [f"; queues{custom}.conf", f'#include "{stem}.queues.conf"']
    if tiered(plan):
        rows += [f"; queuerules{custom}.conf", f'#include "{stem}.{RULES}"']
    if site.mailboxes.emitted and any(isinstance(step, Mailbox) for step in steps):
        rows += ["; voicemail.conf", f'#include "{stem}.voicemail.conf"']
    rows += ["; cdr_custom.conf, below [mappings], for a file with all journeys", f'#include "{stem}.cdr_custom.conf"']
    return "\n".join(rows) + "\n"


@functools.cache
def _templates() -> "jinja2.Environment":
    """The templates in `backends/asterisk`."""
    import jinja2  # only a plan that is written gets this far

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: assets.text(f"backends/asterisk/{name}")),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # configuration files; what people wrote passes through `said` or `titled`
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"said": said, "titled": titled}
    return environment
