"""Property tests of your own plans, and of backends: strategies for hypothesis, and what goes with them.

In: nothing, or plans. Out: strategies of plans that are proved, of plans that break a rule, and of callers, instants,
worlds and calls of a plan, each of which the walker makes. Needs hypothesis, as `pip install 'dialc[testing]'` brings
it; nothing else in dialc imports this package.
"""

from dialc.testing.calling import Caller, World, call_of, callers, calls, make, narrated, silences, worlds
from dialc.testing.conformance import Conformance, Hooks, conformance
from dialc.testing.when import instants
from dialc.testing.writing import Written, broken_plans, plans, written

__all__ = [
    "Caller",
    "Conformance",
    "Hooks",
    "World",
    "Written",
    "broken_plans",
    "call_of",
    "callers",
    "calls",
    "conformance",
    "instants",
    "make",
    "narrated",
    "plans",
    "silences",
    "worlds",
    "written",
]
