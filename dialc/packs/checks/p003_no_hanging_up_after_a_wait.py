"""No hanging up after a wait.

A caller whose patience in a queue has run out is not hung up on, unless they could leave a message or book a call-back
since. What comes of that does not matter here, as the charter sees to it (:ref:`C10`): whoever had the choice has not
been cut off because the wait was long. A call that ends where a queue closes, or where nobody serves it, has not waited
too long.

Asked by: :doc:`es-10-2025 </policies/es-10-2025>` (article 8(4)).

Bad::

    plan office "Example Ltd"
    timezone Europe/Madrid  language en
    policy es-10-2025
    line "+34 91 123 45 67" -> main
    waive C10 at gone by "A. Director" because "who waits for three minutes has had enough"
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      tries 2
    }
    queue sales {
      members 201, 202  ring-all  ring 15s
      announce position every 30s  patience 3m
      key 0 -> reception
      timeout -> gone
    }
    route gone { play apology  hang-up }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[P003]: the plan hangs up on a caller who has waited in `sales` (es-10-2025, art. 8(4))
      --> plan.dial:18:28
       |
    18 | route gone { play apology  hang-up }
       |                            ^^^^^^^
       = caller: is cut off because nobody came in time
       = call: Thu 2026-01-01 00:00:00 CET, calling +34911234567
               +0:00  main: presses 1 -> sales
               +3:00  sales: patience is over -> gone
               +3:04  gone: heard
               +3:04  gone: hangs up
       = help: let callers leave a message or book a call-back before `gone` ends the call

Good::

    plan office "Example Ltd"
    timezone Europe/Madrid  language en
    policy es-10-2025
    callback to ES mobile
    line "+34 91 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      tries 2
    }
    queue sales {
      members 201, 202  ring-all  ring 15s
      announce position every 30s  patience 3m
      key 0 -> reception
      timeout -> ring_me
    }
    callback ring_me { then call_you  from sales  within always }
    hours always { mon-sun 00:00-24:00 }
    prompt call_you { file office/call-you  en "We call you back. Goodbye."  lasts 3s  goodbye }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
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
