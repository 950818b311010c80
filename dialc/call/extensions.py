"""A row of extensions as a caller lives through it: the one phone that they dialled rings.

In: the row, the phone, when the caller comes, what happens. Out: events, the exit and the seconds it took.
"""

from dialc.call.events import Course
from dialc.call.happenings import CannotHappen, Decide
from dialc.call.ring import stage_lived
from dialc.plan import Extensions, Stage


def lived(row: Extensions, dialled: str, now: int, decide: Decide) -> Course:
    """What a row is to the caller who dialled one of its phones and comes `now` seconds into the call."""
    phone = row.phone(dialled)
    if phone is None:
        raise CannotHappen(f"`{dialled}` is no phone of `{row.name}`")
    return (yield from stage_lived(row, 1, Stage((phone,), row.seconds), now, decide))
