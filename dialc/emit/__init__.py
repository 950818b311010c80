"""Backends: a verdict and a site to the files of one PBX, a package for each. Only they know Jinja."""

import pkgutil
from collections.abc import Mapping

_SPELLED = {"threecx": "3cx"}
"""Packages that cannot have the name of their target, since no name in Python begins with a digit."""


def targets() -> Mapping[str, str]:
    """Our own targets, and the package of each, in order of name."""
    found = (module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    return dict(sorted((_SPELLED.get(name, name), name) for name in found))
