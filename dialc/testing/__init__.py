"""Property tests of your own plans, and of backends: strategies for hypothesis, and what goes with them.

In: plans. Out: strategies of callers, instants, worlds and calls, each of which the walker makes. Needs hypothesis, as
`pip install 'dialc[testing]'` brings it; nothing else in dialc imports this package.
"""

from dialc.testing.calls import Caller, World, call_of, callers, calls, make, narrated, silences, worlds
from dialc.testing.instants import instants

__all__ = [
    "Caller",
    "World",
    "call_of",
    "callers",
    "calls",
    "instants",
    "make",
    "narrated",
    "silences",
    "worlds",
]
