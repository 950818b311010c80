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
A policy says which promises a plan is held against, and by which numbers. It is ``charter``, ``strict`` or ``lenient``,
or a :doc:`law or standard </policies/index>` beside the charter, such as ``es-10-2025``; a plan that names none is held
against the charter. Numbers of one's own stand in braces, as in ``policy charter { tries 2 }``.
""",
    ),
    edit(
        "D293",
        "there is no such rule",
        "valid 2026",
        'waive C99 at main by "Jan Kowalski" because "we have always done so"\nvalid 2026',
        """
A waiver names a rule of the :doc:`charter </charter/index>`, the block at which it is not held, a person and a reason:
``waive C18 at main by "Jan Kowalski" because "the new recording comes in May"``. Every verdict lists it.
""",
    ),
    edit(
        "D294",
        "a rule cannot be waived",
        "valid 2026",
        'waive C01 at main by "Jan Kowalski" because "we have always done so"\nvalid 2026',
        """
That every call ends, and that callers come round only as often as is counted, is what every other proof rests on.
""",
    ),
    edit(
        "D295",
        "a waiver lets nothing pass",
        "valid 2026",
        'waive C17 at main by "Jan Kowalski" because "we have always done so"\nvalid 2026',
        """
The block keeps the rule. A waiver that was needed once would let the next breach pass unseen.
""",
    ),
)
