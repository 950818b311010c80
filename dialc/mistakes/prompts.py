"""What can be wrong with prompts."""

from dialc.mistakes.entry import PLAN, Mistake, edit

_IN_POLISH = (
    PLAN.replace("language en\n", "language en\nlanguages en, pl\n")
    .replace('  key 1 "sales" -> sales\n', '  key 1 "sales" -> sales\n  key 2 "po polsku" speaks pl -> sales\n')
    .replace("offers 1 }", "offers 1, 2 }")
    .replace('en "We are closed now."', 'en "We are closed now."  pl "Teraz nie pracujemy."')
)
"""The plan of most mistakes, in which callers can choose a second language."""

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
        "D251",
        "a language that the plan does not have",
        'key 1 "sales" -> sales',
        'key 1 "sales" speaks pl -> sales',
        """
``language`` names what callers hear first, and ``languages`` all that they can be spoken to in, that one included. Keys
lead to these, and prompts have texts and lengths in these. A language to which no key leads is a warning.
""",
    ),
    Mistake(
        "D252",
        "a prompt without a text in a language in which it is heard",
        """
A caller who has chosen a language is spoken to in it to the end of the call. So every prompt that such a caller can
hear needs a text in it. The call in the finding shows how a caller comes to hear one that has none.
""",
        _IN_POLISH,
        _IN_POLISH.replace('en "We are sorry."', 'en "We are sorry."  pl "Przepraszamy."'),
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
