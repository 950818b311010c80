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
)
