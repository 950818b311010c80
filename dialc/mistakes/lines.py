"""What can be wrong with lines, rows of extensions and lists of callers: ranges, overlaps, numbers, files."""

from dialc.mistakes.entry import PLAN, Mistake, edit

_LINE = 'line "+48 22 123 45 67" -> start\n'

MISTAKES = (
    edit(
        "D230",
        "a range that is none",
        _LINE,
        _LINE + 'line "+48 22 123 45 49" to "+48 22 123 45 00" -> start\n',
        """
A range goes from a smaller number to a larger one, both included. Telephone numbers in a range have one country code
and as many digits, and a line holds at most ten thousand of them; extensions in a range have as many digits.
""",
    ),
    edit(
        "D231",
        "two lines that overlap",
        _LINE,
        'line "+48 22 123 45 00" to "+48 22 123 45 69" -> start\n'
        'line "+48 22 123 45 50" to "+48 22 123 45 99" -> night\n',
        """
A number that several lines have belongs to the one that has the fewest, so that one number of a range, or a smaller
range in it, can have a line of its own. Two lines that have only some of their numbers in common leave it open which of
them is called.
""",
    ),
    edit(
        "D232",
        "a line that no call reaches (warning)",
        _LINE,
        'line "+48 22 123 45 00" to "+48 22 123 45 01" -> start\n'
        'line "+48 22 123 45 00" -> start\nline "+48 22 123 45 01" -> night\n',
        """
Each number of this line has a line of its own, or lies in a smaller range, and these win. The line may be left over, or
one of the others stands there by mistake.
""",
    ),
    edit(
        "D233",
        "numbers and phones that are not as many",
        _LINE,
        _LINE + 'line "+48 22 123 41 00" to "+48 22 123 41 99" -> staff\nextensions staff { 100-149  ring for 20s }\n',
        """
A line that leads to a row of extensions dials its phones one to one, in order: the first number the first phone, the
second the second. So there are as many numbers as phones.
""",
    ),
    edit(
        "D235",
        "a country that is none",
        "timezone Europe/Warsaw",
        "country UK\ntimezone Europe/Warsaw",
        """
``country PL`` says whose national numbers a plan has: ``line "22 123 45 67"``. It is a country with telephone numbers,
in the two letters of ISO 3166.
""",
    ),
    edit(
        "D236",
        "a beginning that no number has",
        _LINE,
        _LINE.replace(" ->", " refuses others ->") + 'callers others { prefix "0049" }\n',
        """
``prefix`` is how numbers begin in full: ``+``, the country code, and perhaps more digits, at most fourteen. However a
trunk shows who calls, numbers are compared in this form.
""",
    ),
    edit(
        "D237",
        "a list that cannot be read",
        _LINE,
        _LINE.replace(" ->", " refuses others ->") + 'callers others { from "others.csv" }\n',
        """
A list of callers is a text file in UTF-8 beside the plan, with at most a hundred thousand numbers in its first column.
It is named from the folder of the plan.
""",
    ),
    Mistake(
        "D238",
        "a row of a list without a number",
        """
In the first column of a list stands a telephone number in every row: in full, or a national one where the plan says
``country``. Rows that begin with ``#`` are comments, and the first row can be a heading.
""",
        PLAN.replace(_LINE, _LINE.replace(" ->", " refuses others ->") + 'callers others { from "others.csv" }\n'),
        PLAN.replace(_LINE, _LINE.replace(" ->", " refuses others ->") + 'callers others { from "best.csv" }\n'),
        beside={
            "others.csv": b"number,name\n+48 600 111 222,Jan\nsix hundred,Ola\n",
            "best.csv": b"number,name\n+48 600 111 222,Jan\n",
        },
    ),
)
