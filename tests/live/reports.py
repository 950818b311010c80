"""What came of a campaign, as data and as text.

In: counts and calls, which `campaign` has. Out: a `Report`.
"""

from collections.abc import Mapping

import attrs

EACH = 50
"""How often every exit is to be taken."""


@attrs.frozen
class Report:
    """What came of a campaign. `off` are the seconds by which times were off, in the median of calls and at most."""

    asterisk: str
    seed: int
    speed: float
    plans: int
    steps: float
    """Those of the median plan."""
    calls: int
    seconds: float
    rate: float
    """Calls a second."""
    off: tuple[float, float]
    exits: Mapping[str, int]
    """How many calls took an exit: a kind of step, and an outcome."""
    rare: tuple[str, ...]
    """Exits that too few calls took."""
    late: tuple[str, ...]
    """Calls that differed among many, and not by themselves."""
    divergences: tuple[Mapping[str, str], ...]
    """Calls that differed each time: the plan, made small, when it was called, the two accounts, what was executed."""
    warnings: Mapping[str, int]
    """What the PBX warned of, and how often."""

    def __str__(self) -> str:
        return "\n".join(
            [
                f"Asterisk {self.asterisk}, seed {self.seed}, {self.speed:g} seconds in one",
                f"{self.plans} plans, in the median of {self.steps:g} steps",
                f"{self.calls} calls in {self.seconds:.0f} s, {self.rate:.2f} a second",
                f"times off by {self.off[0]:.2f} s in the median, {self.off[1]:.2f} s at most",
                f"{len(self.late)} calls differed among many and not by themselves",
                f"{len(self.divergences)} divergences",
                *(f"\n{each['plan']}\n{each['phase']}\n{each['call']}" for each in self.divergences),
                "exits:",
                *(f"{count:8} {exit}" for exit, count in self.exits.items()),
                f"taken fewer than {EACH} times: {', '.join(self.rare) or 'none'}",
                "warnings:",
                *(f"{count:8} {warning}" for warning, count in self.warnings.items()),
            ]
        )
