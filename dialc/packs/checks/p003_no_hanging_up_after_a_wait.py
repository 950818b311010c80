"""No hanging up after a wait.

A caller whose patience in a queue has run out is not hung up on, unless they could leave a message or book a call-back
since. What comes of that does not matter here, as the charter sees to it (:ref:`C10`): whoever had the choice has not
been cut off because the wait was long. A call that ends where a queue closes, or where nobody serves it, has not waited
too long.

Asked by: :doc:`/policies/es-10-2025` (article 8(4)).

Bad::

BAD

Says::

SAYS

Good::

GOOD
"""

from collections.abc import Iterator, Set

import attrs

from dialc.packs.checks import Asks, Inquiry
from dialc.plan import Callback, Exit, HangUp, Mailbox, Outcome, Queue, Step
from dialc.reach import Memory, State
from dialc.rules import Breach
from dialc.witness import written


@attrs.frozen
class _Waited(Memory):
    """Whether a call has waited in vain in a queue, and could not leave anything since, on the way to some steps."""

    towards: Set[str] | None = None

    def begin(self) -> State:
        return False

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        if isinstance(step, Mailbox | Callback):
            return False
        return state or (isinstance(step, Queue) and exit.outcome is Outcome.TIMEOUT)


def check(inquiry: Inquiry, asks: Asks) -> Iterator[Breach]:
    """Every hang-up that a caller meets who has waited in vain, and could leave nothing."""
    survey = inquiry.survey
    ends = [step for step in inquiry.plan.steps.values() if isinstance(step, HangUp)]
    memory = _Waited({step.name for step in ends})
    for step in ends:
        found = survey.at(step.name, memory).items()
        goal = {s: instants for s, instants in found if s.state and not s.party.exempt}
        witness = survey.witness(memory, goal, step.exits()[0]) if goal else None
        if witness:
            queue = next(t.step for t in reversed(witness.turns) if t.exit.outcome is Outcome.TIMEOUT)
            yield asks.breach(
                survey,
                "P003",
                step.name,
                f"the plan hangs up on a caller who has waited in `{queue}`",
                step.place,
                caller="is cut off because nobody came in time",
                witness=witness,
                last="",
                help=f"let callers leave a message or book a call-back before `{written(step.name)}` ends the call",
            )
