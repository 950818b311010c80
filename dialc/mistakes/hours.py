"""What can be wrong with hours, dates and the validity of a plan."""

from dialc.mistakes.entry import PLAN, Mistake, edit

_HOLIDAYS = PLAN.replace('closed 2026-12-24 to 2026-12-26 "Christmas"', "closed holidays PL")

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
The hours would be the same without this exception, on every day that it is about. It may be mistyped. Of ``holidays``
and calendars, those are told all of whose days are those of another such line: the same country twice, or a country
beside one of its parts. A holiday that falls on a weekend can stay.
""",
    ),
    edit(
        "D240",
        "nobody knows the holidays of this country",
        'closed 2026-12-24 to 2026-12-26 "Christmas"',
        "closed holidays UK",
        """
Holidays are named by the code of a country as in ISO 3166 (``PL``), or of one of its parts that has holidays of its own
(``DE-BY``, ``ES-MD``). Either there is no such country or part, or its holidays are not known.
""",
    ),
    Mistake(
        "D241",
        "holidays of years that are not known yet",
        """
The table of holidays ends before the plan does; some countries announce theirs year by year. Callers of the years
beyond would meet a plan that knows no holiday, so the plan has to end where the table does, or to name the rest itself.
""",
        _HOLIDAYS.replace("2026-01-01 to 2028-12-31", "2096-01-01 to 2104-12-31"),
        _HOLIDAYS,
    ),
    edit(
        "D242",
        "a calendar that cannot be read",
        'closed 2026-12-24 to 2026-12-26 "Christmas"',
        'closed from "d.ics"',
        """
``closed from`` takes the days off from a calendar that another program keeps (iCalendar, ``.ics``), in the folder of
the plan or below. It is not there, is no calendar, or has an event that means nothing: one in an unknown time zone,
one that recurs every hour, or more than 1000 within the dates of the plan. Reading calendars needs two libraries,
which ``pip install dialc[ical]`` installs.
""",
    ),
    edit(
        "D243",
        "no exception has this name",
        "  when opening open -> main\n",
        '  when opening closed "Chrismas" -> sorry\n  when opening open -> main\n',
        """
``when office closed "Christmas" -> …`` asks for an exception of these hours by its name: the text behind its dates, the
name of a holiday, or the title of an event in a calendar. None has this name, or one of a higher rank takes precedence
on all of its days.
""",
    ),
    edit(
        "D244",
        "hours made of hours in a way that leads nowhere",
        "operator reception {",
        "hours service = opening or service\n\noperator reception {",
        """
Hours that are made of others come down to hours with times of day in the end. These are made of themselves, by whatever
detour, or of more than 30 hours or 4 night switches, which nobody could read.
""",
    ),
    edit(
        "D245",
        "a switch of the other kind",
        "operator reception {",
        "switch outage { code *29  starts off  back to auto at 06:00 }\n\noperator reception {",
        """
There are two kinds of switch. A night switch stands at ``auto``, ``closed`` or ``open`` and overrides the hours that
name it; it is asked for by asking for these hours. Any other switch is ``off`` or ``on``, is asked for by
``when switch outage on``, and overrides nothing. Which of the two a switch is, its ``starts`` says.
""",
    ),
    edit(
        "D246",
        "a code that turns another switch",
        "operator reception {",
        "switch outage { code *29  starts off }\nswitch flood { code *29  starts off }\n\noperator reception {",
        """
Staff turn a switch by dialling its code, so each switch has a code of its own.
""",
    ),
    edit(
        "D248",
        "hours that are made of others, where a block of hours must stand",
        'prompt closed  { file office/closed   en "We are closed now."  lasts 3s  says closed opening }',
        "hours service = opening and opening\n"
        'prompt closed  { file office/closed   en "We are closed now."  lasts 3s  says closed opening\n'
        "                 states usual service { mon-fri 08:00-16:00 } }",
        """
Hours that are made of others (``hours service = office or hotline``) have neither a usual week nor exceptions of their
own. Name one of the blocks that they are made of.
""",
    ),
    edit(
        "D249",
        "a queue that closes by hours that a switch overrides",
        "queue sales {\n",
        "switch day_night { code *28  starts auto }\n"
        "hours hotline { mon-fri 08:00-16:00  switch day_night }\n\n"
        "queue sales {\n  staffed hotline  closing -> night\n",
        """
How long a caller can wait until the queue closes is worked out as they join it, and staff may turn a switch at any
second. So a queue with ``closing`` is staffed by hours without a switch.
""",
    ),
)
