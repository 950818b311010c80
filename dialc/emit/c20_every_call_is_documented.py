"""Every call is documented.

Each plan that is emitted records of each call, in the PBX's own call record, when it came, which points it passed and
when, and so how long it waited where, and who answered, be it a member of a queue. That is the *journey*, whose form
the page on the model has. Nothing that an author writes could break this rule; files that are written for a PBX could.
So it is held against the files, each time that a plan is compiled: they are read once more, without the templates that
wrote them, and every step has to note its arrivals, every way out of a step that has several has to be noted before it
is taken, every phone that is rung and every queue has to note who answers, and the journey has to reach the record
however the call ends. If that is not so, no file is written. A verdict counts the rule among those proved where there
are files; ``dialc check``, which writes none, does not.

A target has to say how its files record a journey, or it is none: a backend without ``documented`` is not taken. A 3CX
keeps a history of its own, with a segment for each number that a call goes to; there, it is a table of which number is
which step that has to have every point, and each of its lines has to be a way that the objects have.

Comes from: a Hungarian guide to prevailing with customer service, which has callers note every call, when it was, how
long they waited and who answered; and a Telugu one to not becoming a customer-service robot, which has companies look
at these numbers.

Bad, a template of Asterisk that forgets how callers leave a queue whose patience is over::

    {{ leave(step, "failure", step.failure) }}
     same => n(timeout),Goto({{ at(step.timeout) }},s,1)
    {{ leave(step, "empty", step.empty, "empty") }}

Says::

    error[C20]: nothing records that a call leaves `sales` by timeout
     = caller: has waited, and nobody will ever see how long
     = help: report it: the files that dialc writes are wrong, and not the plan

Good::

    {{ leave(step, "failure", step.failure) }}
    {{ leave(step, "timeout", step.timeout, "timeout") }}
    {{ leave(step, "empty", step.empty, "empty") }}
"""

from collections.abc import Iterable, Iterator

from dialc.findings import Finding
from dialc.plan import ByLine, Callback, End, Extension, HangUp, Operator, Plan, Step

CODE = "C20"


def points(plan: Plan) -> Iterator[tuple[str, str]]:
    """The points that have to be noted: a step and empty for the arrival there, a step and the label of an exit."""
    for step in plan.steps.values():
        yield step.name, ""
        yield from ((step.name, label) for label in beside(step))
        exits = step.exits()
        if isinstance(step, ByLine) or not (len(exits) > 1 or isinstance(step, HangUp)):
            continue  # the operator of a line is the caller's own, and known by where they arrive
        for label in dict.fromkeys(exit.label for exit in exits if exit.to not in (End.PERSON, End.UNCONFIRMED)):
            yield step.name, label
        if any(exit.to in (End.PERSON, End.UNCONFIRMED) for exit in exits):
            yield step.name, ANSWERED


def beside(step: Step) -> tuple[str, ...]:
    """What else comes of a step, on no exit: a caller is handed up, and back; a call that was booked is placed."""
    match step:
        case Operator(supervisor=Extension()):
            return "handed-up", "handed-back"
        case Callback():
            return ("placed",)
        case _:
            return ()


ANSWERED = "answered"
"""Stands for all exits by which somebody, or a machine, answers."""


def lost(plan: Plan, noted: Iterable[tuple[str, str]]) -> tuple[Finding, ...]:
    """A finding for each point of a plan that is not among those noted, in order."""
    known = set(noted)
    return tuple(_finding(*point) for point in points(plan) if point not in known)


def unwritten(what: str) -> Finding:
    """A finding about files in which journeys come to nothing: `what` is missing."""
    return _said(f"the journey of a call is lost: {what}")


def _finding(step: str, label: str) -> Finding:
    if not label:
        return _said(f"nothing records that a call comes to `{step}`")
    if label in ("handed-up", "handed-back", "placed"):
        return _said(f"nothing records that a call of `{step}` is {label.replace('-', ' ')}")
    if label == ANSWERED:
        return _said(f"nothing records who answers at `{step}`")
    return _said(f"nothing records that a call leaves `{step}` by {label}")


def _said(message: str) -> Finding:
    return Finding(
        CODE,
        message,
        caller="has waited, and nobody will ever see how long",
        help="report it: the files that dialc writes are wrong, and not the plan",
    )
