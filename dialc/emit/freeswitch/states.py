"""What a dialplan of FreeSWITCH is made of: extensions, what has to hold for them, and what they do.

In: nothing. Out: the data that `steps`, `hours` and `calls` make and the template writes. A state of a call is an
extension that nobody dials: a name in the context of the compilation, at which a call arrives by `transfer`, or by
`execute_extension` where it comes back. FreeSWITCH looks at all conditions before it does anything, so whatever hangs
on what has just happened is a state of its own.
"""

import re
from collections.abc import Iterable, Iterator

import attrs

ANY = "*"
"""The name of a state at which everything arrives that arrives at no other."""

TRANSFERS = 70
"""Transfers after which FreeSWITCH ends a call; each step begins to count anew."""


@attrs.frozen
class Test:
    """A field of a call and the regular expression that has to match it."""

    field: str
    expression: str


@attrs.frozen
class Action:
    """An application and its data."""

    application: str
    data: str = ""


@attrs.frozen
class State:
    """An extension: its name, what else has to hold, and what is done then.

    Of several with one name the first whose tests hold is taken.
    """

    name: str
    tests: tuple[Test, ...]
    actions: tuple[Action, ...]

    @property
    def conditions(self) -> tuple[Test, ...]:
        """All that has to hold, the name first."""
        if self.name == ANY:
            return (Test("destination_number", "^"), *self.tests)
        return (Test("destination_number", f"^{literal(self.name)}$"), *self.tests)


def literal(text: str) -> str:
    """Text as a regular expression that matches it alone. Never by a backslash, which means something to FreeSWITCH
    beside `$`.
    """
    return re.sub(r"[^A-Za-z0-9_-]", lambda found: f"[{found[0]}]", text)


def among(texts: Iterable[str]) -> str:
    """A regular expression that matches one of some texts."""
    return f"^(?:{'|'.join(map(literal, texts))})$"


def sets(variable: str, value: str = "") -> Action:
    """Give a variable of the call a value, or take it away."""
    return Action("set", f"{variable}={value}")


def computes(variable: str, expression: str) -> Action:
    """Give a variable the value of an arithmetic expression."""
    return sets(variable, f"${{expr({expression})}}")


def holds(expression: str) -> Test:
    """An arithmetic expression that has to be 1, where 0 is the only other value."""
    return Test(f"${{expr({expression})}}", "^1$")


@attrs.frozen
class Ways:
    """How a call gets from state to state of one context."""

    context: str

    def go(self, to: str) -> Action:
        """Go on at another state, for good."""
        return Action("transfer", f"{to} XML {self.context}")

    def run(self, name: str) -> Action:
        """Do what a state does, and come back."""
        return Action("execute_extension", f"{name} XML {self.context}")

    def note(self, point: str) -> Action:
        """Note that the call passes a point of the plan."""
        return sets("dialc_journey", f"${{dialc_journey}} ${{expr(${{strepoch()}}-${{dialc_begun}})}}:{point}")

    def anew(self) -> tuple[Action, ...]:
        """Count transfers anew, under the name of the count and under the one that it falls back to."""
        return (sets("max_session_transfers", str(TRANSFERS)), sets("max_forwards", str(TRANSFERS)))

    def arrive(self, step: str) -> Iterator[Action]:
        """What is done first at a step."""
        yield from self.anew()
        yield sets("dialc_step", step)
        yield self.note(step)

    def leave(self, step: str, label: str, to: str) -> tuple[Action, ...]:
        """Leave a step by one of its exits."""
        return (self.note(f"{step}={label}"), self.go(to))
