"""Phones that ring, as a caller lives through it: stage after stage until one is answered.

In: a ring, when the caller comes, what happens in each stage. Out: events, the exit and the seconds it took. An
operator, and a phone of a row, rings by the same stages.
"""

from collections.abc import Sequence

from dialc.call.events import AnsweredBy, Course, Rang
from dialc.call.happenings import CannotHappen, Decide, Happens, Point
from dialc.plan import Extensions, Operator, Outcome, Outside, Phone, Ring, Stage


def lived(ring: Ring, now: int, decide: Decide) -> Course:
    """What a ring is to the caller who comes `now` seconds into the call."""
    begun = now
    label = Outcome.NO_ANSWER.value
    for number, stage in enumerate(ring.stages, 1):
        label, seconds = yield from stage_lived(ring, number, stage, now, decide)
        now += seconds
        if label in (Outcome.ANSWERED.value, Outcome.UNCONFIRMED.value):
            break
    return label, now - begun


def stage_lived(step: Ring | Operator | Extensions, number: int, stage: Stage, now: int, decide: Decide) -> Course:
    """One stage of phones: its outcome, and the seconds it took."""
    yield Rang(now, step.name, number, tuple(phone.number for phone in stage.phones))
    happens = decide(Point(step, now, number)) or Happens(Outcome.NO_ANSWER)
    to_the_end = happens.outcome is Outcome.NO_ANSWER and happens.after is None
    after = stage.seconds if to_the_end else happens.after or 0
    able: dict[Outcome, Sequence[Phone]] = {
        Outcome.ANSWERED: [phone for phone in stage.phones if phone.human],
        Outcome.UNCONFIRMED: [phone for phone in stage.phones if not phone.human],
        Outcome.DECLINED: [phone for phone in stage.phones if isinstance(phone, Outside) and phone.confirm],
        Outcome.BUSY: stage.phones,
        Outcome.NO_ANSWER: stage.phones,
        Outcome.UNAVAILABLE: stage.phones,
    }
    who = next((phone.number for phone in able.get(happens.outcome, ()) if happens.who in ("", phone.number)), None)
    if who is None or not 0 <= after <= stage.seconds:
        what = f"{happens.outcome.value} {happens.who}".strip()
        raise CannotHappen(f"`{what}` after {after} s cannot happen in stage {number} of `{step.name}`")
    if happens.outcome in (Outcome.ANSWERED, Outcome.UNCONFIRMED):
        yield AnsweredBy(now + after, step.name, who)
    return happens.outcome.value, after
