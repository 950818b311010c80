"""Situations: what is known of a caller at a step, and what rules can remember of a call.

In: nothing. Out: `Situation`, `Memory`, and what else the verifier says of calls in general.
"""

from collections.abc import Iterable, Mapping, Set
from typing import Any, NamedTuple

import attrs

from dialc.calendar import Instants
from dialc.plan import Exit, Party, Schedule, Step
from dialc.witness import Witness

State = Any
"""What a rule remembers: whatever it likes that can be compared and hashed."""


class Memory:
    """What a rule remembers of a call: a small automaton. This one remembers nothing.

    INVARIANT: `arrive` splits instants one by one: each instant goes to one state, whatever the others are.
    """

    @property
    def towards(self) -> Set[str] | None:
        """The steps at which the rule looks at callers, None for all; calls are followed only while they can still come
        to one of them.
        """
        return None

    @property
    def since(self) -> Set[str] | None:
        """The steps at which the rule begins to remember, each time that a caller comes there; None for where calls
        begin. What was before is of no importance to it.
        """
        return None

    def begin(self) -> State:
        """The state as a call comes in, or comes to one of the steps `since` which the rule remembers."""
        return None

    def called(self, party: Party) -> State:
        """The state as a call comes in, for a rule to which it matters who calls whom."""
        return self.begin()

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        """The states in which a caller arrives at a step, and at which of the instants in which."""
        return ((state, instants),)

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        """The state after a step was left by an exit."""
        return state

    def over(self, state: State) -> bool:
        """Whether nothing more is to be learnt from here on."""
        return False


FORGETFUL = Memory()


@attrs.frozen
class LastReading(Memory):
    """What a call has read last of hours that a switch overrides: open (True), closed, or nothing (None).

    An `open` with more than `plus` seconds added to the hours says nothing about them.
    """

    hours: Schedule
    plus: int = 0
    towards: Set[str] | None = None

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        read = exit.when
        if read is None or read.period.hours != self.hours or not read.holds:
            return state
        return read.open if not read.open or read.period.plus <= self.plus else state


class Situation(NamedTuple):
    """A caller at a step, the returns used up (how many by target, in order of name), and a rule's memory of the call.

    `language` is the one that the caller is spoken to in; the plan's first wherever it has no other. `party` is who
    calls whom.

    INVARIANT: the party of a call is the same in all its situations.
    """

    step: str
    used: tuple[tuple[str, int], ...]
    state: State
    language: str
    party: Party


@attrs.frozen
class Loop:
    """A way by which a caller comes round to `step` without an `again`: the exit `index` of step `source` closes it.

    `endless` tells whether the caller can come round a third time.
    """

    step: str
    source: str
    index: int
    endless: bool
    witness: Witness


@attrs.frozen
class Beginning:
    """Where a call begins, and when: `caller` calls `number`."""

    number: str
    caller: str
    situation: Situation
    instants: Instants


Reached = Mapping[Situation, Instants]
Goal = Mapping[Situation, Instants]
Move = tuple[Exit, Situation, Instants]
