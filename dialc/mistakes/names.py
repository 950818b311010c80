"""What can be wrong with names: unknown, taken, of something else, never used."""

from dialc.mistakes.entry import edit

MISTAKES = (
    edit(
        "D201",
        "nothing has this name",
        'key 1 "sales" -> sales',
        'key 1 "sales" -> slaes',
        """
A step, prompt or block of hours is named that the file does not declare. A name that is used several times has one
finding, at its first use.
""",
    ),
    edit(
        "D202",
        "a name is taken",
        "queue sales {",
        "route main { play choices }\n\nqueue sales {",
        """
All steps, prompts, hours, switches, lists of callers and sets of digits of a plan share their names, with parameters or
without and in whichever file they stand, so that a name in a journey or on a wallboard means one thing. The first block
that has a name keeps it.
""",
    ),
    edit(
        "D203",
        "a name of something else",
        "play welcome",
        "play main",
        """
A name stands for something of another kind than is needed here. Callers are sent (``->``, ``again``) to steps:
routes, menus, queues, rings, mailboxes and operators; to a row of extensions only by lines whose numbers say which
phone of it rings. What is played is a prompt. What is open or closed are hours.
""",
    ),
    edit(
        "D220",
        "something is never used (warning)",
        "  play welcome\n",
        "",
        """
No step plays this prompt, or nothing depends on these hours. It may be left over, or the line that used it was lost.
""",
    ),
)
