"""The call sheet passes what every backend has to pass."""

import dialc_callsheet

from dialc.site import default
from dialc.testing import Hooks, conformance

TestCallSheet = conformance(
    dialc_callsheet,
    default("callsheet"),
    Hooks(structure=dialc_callsheet.structure, arrows=dialc_callsheet.arrows),
)
