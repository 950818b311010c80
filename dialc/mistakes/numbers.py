"""What can be wrong with numbers: of telephones, of seconds, of times that something may happen."""

from dialc.mistakes.entry import edit

MISTAKES = (
    edit(
        "D204",
        "a number or time is too small or too large",
        "wait 5s  tries 2",
        "wait 0s  tries 2",
        """
Every time is between one second and 24 hours. A menu asks one to nine times, a step can be returned to one to nine
times a call, a queue holds up to 9999 callers, a mailbox is heard within 30 working days. A plan is valid for at most
30 years, and a block of hours has at most a thousand exceptions.
""",
    ),
    edit(
        "D212",
        "not a telephone number",
        'line "+48 22 123 45 67"',
        'line "22 123 45 67"',
        """
Lines, callers and outside phones are written in full, with ``+`` and the country code, or as people at home dial them
in a plan that says ``country``; how a trunk delivers them is said in the site file. Each ``x`` in the number of a line
is any digit. A ``short`` number has at most 15 digits. The number must have a length that its country has. An extension
has at most ten digits.
""",
    ),
)
