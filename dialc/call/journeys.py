"""The journey: what a PBX writes into its call record.

In: a plan, the number called, and what the caller experienced. Out: one line of text, the same that the emitted files
make a PBX write.
"""

from collections.abc import Sequence

from dialc.call.events import AnsweredBy, Arrived, Event, HungUp, Left, Refused
from dialc.plan import Outcome, Plan


def journey(plan: Plan, number: str, events: Sequence[Event]) -> str:
    """The call as the record of a PBX tells it: the number called, then each point passed, with the seconds so far.

    `12:main` is an arrival, `19:main=key-1` how a step with several ways out was left, `80:desk=answered/100` who
    answered; `STEP=hung-up` is the plan hanging up, `caller-hung-up` the caller; `refused` is a call never taken.
    """
    points = [number]
    who = ""
    for event in events:
        match event:
            case Arrived():
                points.append(f"{event.at}:{event.step}")
            case AnsweredBy():
                who = f"/{event.who}"
            case Left() if len(plan.steps[event.step].exits()) > 1 or event.outcome == Outcome.HUNG_UP.value:
                # Whether it was a machine that picked up, no PBX can tell.
                machine = event.outcome == Outcome.UNCONFIRMED.value
                came = Outcome.ANSWERED.value if machine else event.outcome.replace(" ", "-")
                points.append(f"{event.at}:{event.step}={came}{who}")
            case Refused():
                points.append(f"{event.at}:refused")
            case HungUp() if event.by == "caller":
                points.append(f"{event.at}:caller-hung-up")
            case _:
                pass
    return " ".join(points)
