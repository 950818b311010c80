"""What can be wrong with prompts."""

from dialc.mistakes.entry import edit

MISTAKES = (
    edit(
        "D250",
        "a promise that cannot be kept",
        "lasts 3s  apology  goodbye }\n",
        "lasts 3s  apology  goodbye\n                 promises wait 5m }\n",
        """
What a prompt promises is held against the plan. A prompt that promises that somebody answers cannot say goodbye as
well, and no call back comes on the next day of hours that never open.
""",
    ),
    edit(
        "D221",
        "not the name of a sound",
        "file office/welcome",
        'file "../office/welcome"',
        """
An audio file is named as the PBX names it: below the folder of sounds, without the ending that tells the format, in
letters ``a`` to ``z`` and ``A`` to ``Z``, digits, ``_``, ``-`` and ``/``. Where the folder is, is said by ``sounds``
in the site file.
""",
    ),
)
