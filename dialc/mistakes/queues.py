"""What can be wrong with phones that ring and queues."""

from dialc.mistakes.entry import edit

MISTAKES = (
    edit(
        "D260",
        "one phone in order (warning)",
        'ring 100, "+48 601 000 200" confirm for 15s',
        "ring 100 in order for 15s each",
        """
``ring 100, 101 in order for 10s each`` rings one phone after the other, ten seconds each. Of a single phone it says
nothing; perhaps the others were left out.
""",
    ),
    edit(
        "D261",
        "members out of order",
        "members 201, 202",
        "members 201  then members 202",
        """
The first members of a queue ring from the beginning, and other ones beside them once a caller has waited: ``then
members 203 after 20s``, each row later than the one before. Members who ring from the beginning stand in one row.
""",
    ),
    edit(
        "D262",
        "members who never ring",
        "members 201, 202",
        "members 201  then members 202 after 5m",
        """
No caller waits longer than the ``patience`` of the queue, so members who take part only then never ring.
""",
    ),
    edit(
        "D264",
        "a code that signs in and out",
        "members 201, 202",
        "members sign in with *31 out with *31 among 201-209",
        """
Members of a queue who sign in dial one code for it, and another one to sign out. Several queues can have the same two
codes, which then sign in to all of them, and out.
""",
    ),
    edit(
        "D263",
        "a label that phones do not show as it is",
        "  play welcome\n",
        '  play welcome\n  label "VIP; now"\n',
        """
A label stands before the caller's name on the display of a phone. It has letters of any script, digits, blanks and
``.-_/:+``, which mean nothing to a PBX, and at most 24 characters, which a display has room for.
""",
    ),
)
