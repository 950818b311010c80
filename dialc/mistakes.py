"""The catalogue of what can be wrong with a text before anything is proved about it: the D codes.

In: nothing. Out: a `Mistake` for each code, and its page. Codes D1 are about the text, D2 about names and values; a
module of rules needs none of this, since its own docstring is its page. Each mistake has a file that makes it and one
that does not, and the tests hold both against the compiler.
"""

import difflib
import functools

import attrs

PLAN = """\
plan office "Office"
timezone Europe/Warsaw
language en
valid 2026-01-01 to 2028-12-31

hours opening {
  mon-fri 08:00-16:00
  closed 2026-12-24 to 2026-12-26 "Christmas"
}

operator reception {
  ring 100, "+48 601 000 200" confirm for 15s
  staffed opening
  unstaffed  -> night
  unanswered -> sorry
}

prompt welcome { file office/welcome  en "Welcome."            lasts 2s }
prompt choices { file office/choices  en "Sales: one."         lasts 3s  offers 1 }
prompt closed  { file office/closed   en "We are closed now."  lasts 3s  says closed opening }
prompt pardon  { file office/pardon   en "We are sorry."       lasts 3s  apology  goodbye }

line "+48 22 123 45 67" -> start

route start {
  answer
  play welcome
  when opening open -> main
  otherwise         -> night
}

menu main {
  play choices
  key 1 "sales" -> sales
  wait 5s  tries 2
}

queue sales {
  members 201, 202
  patience 4m
}

route night { play closed -> sorry }
route sorry { play pardon  hang-up }
"""
"""A plan with nothing wrong, of which most mistakes are one edit away."""

SITE = """\
site office for asterisk 22 {
  trunk provider {
    delivers plus, national  country PL
    dial "PJSIP/{number}@provider"
  }
  phones 100-299 dial contacts
}
"""
"""A site with nothing wrong."""


@attrs.frozen
class Mistake:
    """A code: what it is called, what it means, a file that makes the mistake (`bad`) and one that does not (`good`).

    `page` is reStructuredText. A file is text, or bytes where no text could be wrong in that way; `of_site` tells that
    it is a site file.
    """

    code: str
    title: str
    page: str
    bad: str | bytes
    good: str | bytes
    of_site: bool = False


def _edit(code: str, title: str, old: str, new: str, page: str) -> Mistake:
    """A mistake that a plan has once `new` stands for `old`."""
    return Mistake(code, title, page, PLAN.replace(old, new, 1), PLAN)


def _site_edit(code: str, title: str, old: str, new: str, page: str) -> Mistake:
    """A mistake that a site has once `new` stands for `old`."""
    return Mistake(code, title, page, SITE.replace(old, new, 1), SITE, of_site=True)


@functools.cache
def catalogue() -> tuple[Mistake, ...]:
    """All mistakes, in order of code."""
    return (*_texts(), *_values())


_SHOWN = 16
"""The most changed lines that a page shows; with more, two files have nothing to do with each other."""


def page(mistake: Mistake) -> str:
    """The page of a code, as reStructuredText: its title, its meaning, and the edit that cures it."""
    parts = [f"{mistake.title[:1].upper()}{mistake.title[1:]}.", "", mistake.page.strip()]
    if isinstance(mistake.bad, str) and isinstance(mistake.good, str):
        rows = difflib.unified_diff(mistake.bad.splitlines(), mistake.good.splitlines(), lineterm="", n=1)
        changed = [row for row in rows if row.strip() and not row.startswith(("---", "+++", "@@"))]
        if len(changed) <= _SHOWN:
            parts += ["", "*Bad* (-) and *Good* (+)::", "", *(f"    {row}" for row in changed)]
    return "\n".join(parts) + "\n"


def _texts() -> tuple[Mistake, ...]:
    """What can be wrong with a text."""
    return (
        _edit(
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
        _edit(
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
        _edit(
            "D103",
            "text outside of blocks",
            "queue sales {",
            "agents sales {",
            """
Outside of blocks a file holds ``plan``, ``timezone``, ``language``, ``valid``, ``policy`` and ``line``, and the words
that open a block: ``hours``, ``operator``, ``prompt``, ``route``, ``menu``, ``queue``, ``ring``, ``mailbox`` and, in
a site file, ``site``. Anything else belongs to no block, often because the block before it was closed too early.
""",
        ),
        _edit(
            "D104",
            "a block is not closed",
            "  wait 5s  tries 2\n}\n",
            "  wait 5s  tries 2\n",
            """
A block begins with ``{`` and ends with ``}``. Where a line that surely opens the next block comes first, the ``}``
was forgotten in the block before, and that block is what the finding points at.
""",
        ),
        _edit(
            "D105",
            "a brace closes nothing",
            "  wait 5s  tries 2\n}\n",
            "  wait 5s  tries 2\n}\n}\n",
            """
There is one ``}`` more than there are open blocks. Either it is left over, or a ``{`` was lost before it.
""",
        ),
        _edit(
            "D106",
            "a text has no end",
            'key 1 "sales" -> sales',
            'key 1 "sales -> sales',
            """
A text stands between two ``"``. It may go on in the next line, where it has one space, but not into the next block. A
``"`` cannot stand in a text; typographic quotes can.
""",
        ),
        _edit(
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
        _edit(
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
        _edit(
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


def _values() -> tuple[Mistake, ...]:
    """What can be wrong with names and values."""
    return (
        _edit(
            "D201",
            "nothing has this name",
            'key 1 "sales" -> sales',
            'key 1 "sales" -> slaes',
            """
A step, prompt or block of hours is named that the file does not declare. A name that is used several times has one
finding, at its first use.
""",
        ),
        _edit(
            "D202",
            "a name is taken",
            "queue sales {",
            "route main { play choices }\n\nqueue sales {",
            """
All steps, prompts and hours of a plan share their names, so that a name in a journey or on a wallboard means one
thing. The first block that has a name keeps it.
""",
        ),
        _edit(
            "D203",
            "a name of something else",
            "play welcome",
            "play main",
            """
A name stands for something of another kind than is needed here. Callers are sent (``->``, ``again``) to steps:
routes, menus, queues, rings, mailboxes and operators. What is played is a prompt. What is open or closed are hours.
""",
        ),
        _edit(
            "D204",
            "a number or time is too small or too large",
            "wait 5s  tries 2",
            "wait 0s  tries 2",
            """
Every time is between one second and 24 hours. A menu asks one to nine times, a step can be returned to one to nine
times a call, a queue holds up to 9999 callers, a mailbox is heard within 30 working days. A plan is valid for at most
30 years, and a block of hours has at most a thousand exceptions.
""",
        ),
        _edit(
            "D205",
            "a key is there twice",
            'key 1 "sales" -> sales\n',
            'key 1 "sales" -> sales\n  key 1 "office" -> reception\n',
            """
A key of a menu or queue leads to one step, and a prompt offers a key once.
""",
        ),
        _edit(
            "D206",
            "there is no such date or time",
            "mon-fri 08:00-16:00",
            "mon-fri 08:00-25:00",
            """
The date or the time of day does not exist, or an end comes before its beginning. In a week, hours may go on past
midnight (``fri 22:00-02:00``); in an exception they end at ``24:00``, since what holds on the next day is that day's
own matter.
""",
        ),
        _edit(
            "D207",
            "an exception on a day on which the plan is not valid",
            "closed 2026-12-24 to 2026-12-26",
            "closed 2025-12-24 to 2025-12-26",
            """
A plan is valid from one date to another, and what is proved holds for these. An exception on another day would never
be met: it is mistyped, left over from last year, or ``valid`` has to be moved.
""",
        ),
        _edit(
            "D208",
            "dated exceptions in a plan that is valid for ever",
            "valid 2026-01-01 to 2028-12-31\n",
            "",
            """
A plan that knows the holidays of some years does not know those of others. So it has to say for which years it was
written: nothing is promised for later ones, rather than something wrong.
""",
        ),
        _edit(
            "D209",
            "hours contradict each other",
            "mon-fri 08:00-16:00",
            "mon-fri 08:00-16:00\n  fri     08:00-14:00",
            """
Two lines speak about the same time. In a week, hours must not overlap. Of exceptions, one about a single date beats
one about several dates, which beats the week; two of the same rank about the same day contradict each other, unless
both close different hours of it. The order of lines decides nothing.
""",
        ),
        _edit(
            "D210",
            "an exception changes nothing (warning)",
            'closed 2026-12-24 to 2026-12-26 "Christmas"',
            'closed 2026-12-26 to 2026-12-27 "weekend"',
            """
The hours would be the same without this exception, on every day that it is about. It may be mistyped; a holiday that
falls on a weekend can stay.
""",
        ),
        _edit(
            "D211",
            "there is no such time zone",
            "timezone Europe/Warsaw",
            "timezone Warsaw",
            """
Time zones are named as in the IANA database: continent, ``/``, city. They know when clocks change.
""",
        ),
        _edit(
            "D212",
            "not a telephone number",
            'line "+48 22 123 45 67"',
            'line "22 123 45 67"',
            """
Lines and outside phones are written in full, with ``+`` and the country code, since a plan may run in any country;
how a trunk delivers them is said in the site file. The number must have a length that its country has. An extension
has at most ten digits.
""",
        ),
        _edit(
            "D213",
            "a line is there twice",
            'line "+48 22 123 45 67" -> start\n',
            'line "+48 22 123 45 67" -> start\nline "+48221234567" -> night\n',
            """
The callers of a number enter at one step. Two numbers are the same if they are the same in full, however written.
""",
        ),
        _edit(
            "D214",
            "no default operator",
            "prompt welcome",
            "operator manager { ring 101 for 20s  unanswered -> sorry }\n\nprompt welcome",
            """
Whatever is left out leads to the operator: silence in a menu, a queue that is empty, a route that ends. So a plan has
one, and one that has several says which of them is meant: ``operator reception default { … }``.
""",
        ),
        _edit(
            "D215",
            "something is missing that cannot be left out",
            "  unanswered -> sorry\n",
            "",
            """
Most lines of a block can be left out, and mean what the language reference says then. These cannot:

* of a plan: ``plan``, ``timezone``, ``language``, a ``line`` and an ``operator``;
* of an operator: a ``ring``, ``unanswered``, and ``unstaffed`` and ``staffed`` together;
* of a prompt: ``file`` and ``lasts``; of a menu: a ``play`` and a ``key``; of a queue: ``members`` and ``patience``;
* of a ring: a ``ring``; of a mailbox: its ``box``;
* of a site: a ``trunk``, which says what it ``delivers``, of which ``country`` national numbers are and, if outside
  phones are rung by it, what to ``dial``; and ``phones``.
""",
        ),
        _edit(
            "D216",
            "something is written twice",
            "wait 5s  tries 2",
            "wait 5s  tries 2  wait 7s",
            """
A line that gives one value stands once in its block, and a phone once in a row of phones.
""",
        ),
        Mistake(
            "D217",
            "two limits for one return",
            """
All ``again`` to one step share one counter per call, so that a caller who goes round by different ways is counted all
the same. So all of them name one number.
""",
            _return(PLAN, "3"),
            _return(PLAN, "2"),
        ),
        _edit(
            "D218",
            "nothing leads to this line of a route",
            "play pardon  hang-up",
            "hang-up  play pardon",
            """
The lines of a route are done one after the other, up to the first that sends every caller elsewhere: ``->``,
``otherwise ->``, ``again`` or ``hang-up``. No caller gets to what stands behind it.
""",
        ),
        _edit(
            "D219",
            "a route that does nothing",
            "route night { play closed -> sorry }",
            "route night { -> night }",
            """
A route is empty, or leads back to itself without doing anything on the way.
""",
        ),
        _edit(
            "D220",
            "something is never used (warning)",
            "  play welcome\n",
            "",
            """
No step plays this prompt, or nothing depends on these hours. It may be left over, or the line that used it was lost.
""",
        ),
        _edit(
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
        _edit(
            "D222",
            "there is no such policy",
            "valid 2026",
            "policy none\nvalid 2026",
            """
A policy says which promises a plan is held against, and by which numbers. There is one now, ``charter``, and a plan
that names none is held against it.
""",
        ),
        _edit(
            "D223",
            "plan and site in one file",
            "prompt welcome",
            "site office_pbx for asterisk 22 { }\n\nprompt welcome",
            """
A plan says what callers meet, and holds on whichever PBX it runs; a site file says how numbers, sounds and mailboxes
exist on one. Several sites can run one plan, so each stands in a file of its own, one to a file.
""",
        ),
        _site_edit(
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
        _site_edit(
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


def _return(plan: str, limit: str) -> str:
    """A plan with two ways back to a menu."""
    return plan.replace('key 1 "sales" -> sales\n', 'key 1 "sales" -> sales\n  key 2 -> more\n').replace(
        "patience 4m\n",
        f"patience 4m\n  timeout -> back\n}}\n\nroute more {{ play choices  again main at most 2 then reception }}\n"
        f"route back {{\n  again main at most {limit} then reception\n",
    )
