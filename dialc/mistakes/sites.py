"""What can be wrong with site files, and with where sites stand."""

from dialc.mistakes.entry import edit, site_edit

MISTAKES = (
    edit(
        "D223",
        "plan and site in one file",
        "prompt welcome",
        "site office_pbx for asterisk 22 { }\n\nprompt welcome",
        """
A plan says what callers meet, and holds on whichever PBX it runs; a site file says how numbers, sounds and mailboxes
exist on one. Several sites can run one plan, so each stands in a file of its own, one to a file.
""",
    ),
    site_edit(
        "D224",
        "text that a PBX could misread",
        "PJSIP/{number}@provider",
        "PJSIP/{number}@provider,30,g",
        """
A dial string has one hole, ``{number}``, which is filled with digits, and else letters, digits and
``/ @ . _ : + * -``. The folder of sounds has letters, digits, ``_``, ``-`` and ``/``. Commas, semicolons, quotes,
``$`` and their like mean something to a PBX, so they are never passed on.
""",
    ),
    site_edit(
        "D225",
        "a range without phones, or phones that are there twice",
        "phones 100-299",
        "phones 100-2999",
        """
A range goes from a number to a larger one of the same length, neither beginning with 0, and a phone lies in one
range.
""",
    ),
)
