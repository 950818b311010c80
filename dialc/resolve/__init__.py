"""Syntax to plan or site: names, types, numbers, hours; and what is wrong with them.

In: `syntax.File`. Out: a `Plan` or a `Site`, and findings; neither where one of them is an error. After a finding,
resolving goes on with something harmless: one cause, one finding, and all findings in one run.
"""

from dialc import plan, site, syntax
from dialc.beside import Beside, alone
from dialc.findings import Finding, in_order
from dialc.resolve import plans
from dialc.resolve.names import Scope
from dialc.resolve.sites import SiteResolver


def resolve(
    file: syntax.File, beside: Beside = alone, sounds: Beside | None = None
) -> tuple[plan.Plan | None, tuple[Finding, ...]]:
    """The plan that a file means, and all findings in order of place; None where one of them is an error.

    `beside` gives the files that it names, `sounds` the recordings of its prompts, where they are to be looked at.
    """
    scope = Scope(file, beside, sounds)
    if not scope.whole:  # what a file declares that cannot be read would be missed everywhere
        return None, in_order(scope.findings.found)
    resolved = plans.resolve(scope)
    return (None if scope.findings.refused else resolved), in_order(scope.findings.found)


def resolve_site(file: syntax.File) -> tuple[site.Site | None, tuple[Finding, ...]]:
    """The site that a file means, and all findings in order of place; None where one of them is an error."""
    resolver = SiteResolver(file)
    resolved = resolver.resolve()
    return (None if resolver.findings.refused else resolved), in_order(resolver.findings.found)
