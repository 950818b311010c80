"""What can be wrong with a text, whatever it says: the codes D1."""

from dialc.mistakes.entry import PLAN, Mistake, edit

MISTAKES = (
    edit(
        "D101",
        "something is missing or stands in the wrong place",
        'key 1 "sales" -> sales',
        'key 1 "sales" sales',
        """
A line was understood up to the place that the finding points at, and something else should have stood
there. The first line of the finding says what was expected and after what; where there is only one way to write it
right, the help shows the whole line. Each block is read by itself: a block has one such finding at most, and the
others are read all the same.
""",
    ),
    edit(
        "D102",
        "a line that this block does not have",
        'key 1 "sales" -> sales',
        'press 1 "sales" -> sales',
        """
The first word of a line decides what the line says, and each kind of block knows words of its own. The help names the
word that was probably meant, since other systems call the same things otherwise (a menu's *timeout* is called
``silence`` here, since it is the caller who says nothing), or else all words that could stand there.
""",
    ),
    edit(
        "D103",
        "text outside of blocks",
        "queue sales {",
        "agents sales {",
        """
Outside of blocks a file holds ``plan``, ``timezone``, ``language``, ``valid``, ``policy``, ``waive`` and ``line``,
and the words that open a block: ``hours``, ``operator``, ``prompt``, ``route``, ``menu``, ``queue``, ``ring``,
``transfer``, ``mailbox``, ``bot``, ``lookup`` and, in a site file, ``site``. Anything else belongs to no block, often
because the block before it was closed too early.
""",
    ),
    edit(
        "D104",
        "a block is not closed",
        "  wait 5s  tries 2\n}\n",
        "  wait 5s  tries 2\n",
        """
A block begins with ``{`` and ends with ``}``. Where a line that surely opens the next block comes first, the ``}``
was forgotten in the block before, and that block is what the finding points at.
""",
    ),
    edit(
        "D105",
        "a brace closes nothing",
        "  wait 5s  tries 2\n}\n",
        "  wait 5s  tries 2\n}\n}\n",
        """
There is one ``}`` more than there are open blocks. Either it is left over, or a ``{`` was lost before it.
""",
    ),
    edit(
        "D106",
        "a text has no end",
        'key 1 "sales" -> sales',
        'key 1 "sales -> sales',
        """
A text stands between two ``"``. It may go on in the next line, where it has one space, but not into the next block. A
``"`` cannot stand in a text; typographic quotes can.
""",
    ),
    edit(
        "D107",
        "what stands here cannot be a name",
        "menu main {",
        "menu main-menu {",
        """
The name of a step, prompt or of hours is made of small letters ``a`` to ``z``, digits and ``_``, and begins with a
letter. It is for those who write plans and read journeys; callers and agents see titles, labels and texts, in which
any letter of any script can stand. A name has no dash since dialc numbers the steps of a route by one (``start-2``).
""",
    ),
    edit(
        "D108",
        "a value is written in another way",
        "mon-fri 08:00-16:00",
        "mon-fri 8-16",
        """
Each kind of value is written in one way:

* a time: ``15s``, ``4m``, ``1h``;
* hours of a day: ``08:00-16:00``, up to ``24:00``, past midnight ``22:00-02:00``;
* days: ``mon``, ``mon-fri``, ``mon, wed``;
* a date: ``2026-12-24``;
* a key: ``0`` to ``9``, ``*``, ``#``;
* an extension: ``100``; any other telephone number in quotes and in full: ``"+48 22 123 45 67"``;
* a text in straight quotes;
* a sound without the ending that tells its format: ``office/welcome``.
""",
    ),
    edit(
        "D109",
        "a comment begins with another sign",
        "  wait 5s  tries 2",
        "  wait 5s  tries 2  // twice is enough",
        """
A comment begins with ``#`` and goes to the end of the line.
""",
    ),
    Mistake(
        "D110",
        "the file is not UTF-8",
        """
Plans are UTF-8 text, so that prompts and titles can be written in any script. The finding points at the first byte
that is not. An editor that saved the file as Windows-1250, ISO 8859-2 or UTF-16 can save it as UTF-8. A byte order
mark at the beginning is accepted, and so are the line ends of Windows.
""",
        PLAN.replace("Office", "Biuro Łódź").encode("iso-8859-2"),
        PLAN.replace("Office", "Biuro Łódź").encode(),
    ),
    Mistake(
        "D111",
        "a control character",
        """
The file holds a character that shows nothing and does something, such as NUL or ESC. It is usually left over from
copying, or the file is no text at all.
""",
        PLAN.replace("Office", "Off\0ice").encode(),
        PLAN.encode(),
    ),
    Mistake(
        "D112",
        "the file is too large",
        """
At most eight million bytes are read. The largest plans have some hundred thousand: this is another file.
""",
        b"{" * 8_000_001,
        PLAN.encode(),
    ),
    Mistake(
        "D113",
        "nothing is declared",
        """
The file is empty, or holds comments only. A plan has at least a head, a line, the step at which callers of that line
enter, and an operator.
""",
        "# office.dial\n",
        PLAN,
    ),
    Mistake(
        "D114",
        "too many blocks cannot be read",
        """
After five hundred blocks that cannot be read the others are left unread: this may be another kind of file.
""",
        "route { }\n" * 501,
        PLAN,
    ),
)
