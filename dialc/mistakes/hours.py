"""What can be wrong with hours, dates and the validity of a plan."""

from dialc.mistakes.entry import edit

MISTAKES = (
    edit(
        "D206",
        "there is no such date or time",
        "mon-fri 08:00-16:00",
        "mon-fri 08:00-25:00",
        """
The date or the time of day does not exist, or an end comes before its beginning. In a week, hours may go on past
midnight (``fri 22:00-02:00``); in an exception they end at ``24:00``, since what holds on the next day is that day's
own matter.
""",
    ),
    edit(
        "D207",
        "an exception on a day on which the plan is not valid",
        "closed 2026-12-24 to 2026-12-26",
        "closed 2025-12-24 to 2025-12-26",
        """
A plan is valid from one date to another, and what is proved holds for these. An exception on another day would never
be met: it is mistyped, left over from last year, or ``valid`` has to be moved.
""",
    ),
    edit(
        "D208",
        "dated exceptions in a plan that is valid for ever",
        "valid 2026-01-01 to 2028-12-31\n",
        "",
        """
A plan that knows the holidays of some years does not know those of others. So it has to say for which years it was
written: nothing is promised for later ones, rather than something wrong.
""",
    ),
    edit(
        "D209",
        "hours contradict each other",
        "mon-fri 08:00-16:00",
        "mon-fri 08:00-16:00\n  fri     08:00-14:00",
        """
Two lines speak about the same time. In a week, hours must not overlap. Of exceptions, one about a single date beats
one about several dates, which beats the week; two of the same rank about the same day contradict each other, unless
both close different hours of it. The order of lines decides nothing.
""",
    ),
    edit(
        "D210",
        "an exception changes nothing (warning)",
        'closed 2026-12-24 to 2026-12-26 "Christmas"',
        'closed 2026-12-26 to 2026-12-27 "weekend"',
        """
The hours would be the same without this exception, on every day that it is about. It may be mistyped; a holiday that
falls on a weekend can stay.
""",
    ),
)
