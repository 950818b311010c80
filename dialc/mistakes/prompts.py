"""What can be wrong with prompts."""

from dialc.mistakes.entry import PLAN, Mistake, edit

_IN_POLISH = (
    PLAN.replace("language en\n", "language en\nlanguages en, pl\n")
    .replace('  key 1 "sales" -> sales\n', '  key 1 "sales" -> sales\n  key 2 "po polsku" speaks pl -> sales\n')
    .replace("offers 1 }", "offers 1, 2 }")
    .replace('en "We are closed now."', 'en "We are closed now."  pl "Zamknięte."')
)
"""The plan of most mistakes, in which callers can choose a second language."""

_RECORDED = {f"office/{name}.ulaw": bytes(24000) for name in ("welcome", "choices", "closed", "pardon")}
"""Recordings of three seconds."""

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
    Mistake(
        "D253",
        "no recording that can be played",
        """
With ``--sounds DIR``, the recordings of all prompts are looked at, in each language in which they are heard: a sound is
looked for in the folder of the language (``pl/office/welcome.wav``), then without one. One that is not there or empty,
that is cut off or that Asterisk does not play is told; a ``.wav`` has to have 16 bits, 8000 Hz and one channel.
""",
        PLAN.replace("office/welcome", "office/welcom"),
        PLAN,
        recordings=_RECORDED,
    ),
    Mistake(
        "D254",
        "a prompt that lasts longer or shorter than it says",
        """
How long callers listen is part of every proof. With ``--sounds DIR``, a length that is written may differ from the
recording by one second; left out, it is that of the recording, a begun second counted whole.
""",
        PLAN.replace("lasts 3s  offers", "lasts 9s  offers"),
        PLAN,
        recordings=_RECORDED,
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
