"""What can be wrong with call-backs: whom they ring, and through which queue."""

from dialc.mistakes.entry import PLAN, Mistake

_HEAD, _BLOCK = "valid 2026", "route night"
CALLBACK = (
    PLAN.replace(_HEAD, f"callback to PL fixed, PL mobile\n{_HEAD}")
    .replace("  patience 4m\n", "  patience 4m\n  timeout -> ring_me\n")
    .replace(_BLOCK, f"callback ring_me {{ then pardon  from sales  within opening }}\n\n{_BLOCK}", 1)
)
"""A plan with a call-back, and nothing wrong."""


def _edit(code: str, title: str, old: str, new: str, page: str) -> Mistake:
    """A mistake that the plan has once `new` stands for `old`."""
    return Mistake(code, title, page, CALLBACK.replace(old, new, 1), CALLBACK)


MISTAKES = (
    _edit(
        "D270",
        "no such class of numbers",
        "PL mobile",
        "PL cell",
        """
``callback to`` names classes of numbers: a country (two capital letters, as in ISO 3166) and a kind: ``fixed``,
``mobile`` or ``voip``. Some countries have no numbers of a kind. Where a country does not tell mobile numbers from
fixed ones, as the United States, they are of both kinds.
""",
    ),
    _edit(
        "D271",
        "a call-back is placed through a queue",
        "from sales",
        "from reception",
        """
A call-back is placed through a queue: its members are rung, and whoever answers is joined to the caller, who is rung
then. So ``from`` names a queue; a ring or an operator cannot hold a call until somebody is free.
""",
    ),
    _edit(
        "D272",
        "numbers that cost too much are called back",
        "PL mobile",
        "PL premium",
        """
Whoever books a call-back at a premium number is paid for it by the company that calls back, as long as somebody stays
on the telephone. Shared-cost, personal and company-wide numbers can be as dear, nobody answers a pager or a mailbox,
and nobody calls from a number that is free to call. None of them can be named, so no plan ever dials them.
""",
    ),
    Mistake(
        "D273",
        "nothing calls these numbers back",
        """
The head of the plan says which numbers may be called back, and no ``callback`` block books any.
""",
        PLAN.replace(_HEAD, f"callback to PL fixed, PL mobile\n{_HEAD}"),
        PLAN,
    ),
)
"""Every code about call-backs, in order."""
