"""What can be wrong with the head of a plan and its lines: time zone, policy, numbers that are called."""

from dialc.mistakes.entry import edit

MISTAKES = (
    edit(
        "D211",
        "there is no such time zone",
        "timezone Europe/Warsaw",
        "timezone Warsaw",
        """
Time zones are named as in the IANA database: continent, ``/``, city. They know when clocks change.
""",
    ),
    edit(
        "D213",
        "a line is there twice",
        'line "+48 22 123 45 67" -> start\n',
        'line "+48 22 123 45 67" -> start\nline "+48221234567" -> night\n',
        """
The callers of a number enter at one step. Two numbers are the same if they are the same in full, however written.
""",
    ),
    edit(
        "D222",
        "there is no such policy",
        "valid 2026",
        "policy none\nvalid 2026",
        """
A policy says which promises a plan is held against, and by which numbers. There is one now, ``charter``, and a plan
that names none is held against it.
""",
    ),
)
