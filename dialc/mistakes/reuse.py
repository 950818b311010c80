"""What can be wrong with reuse: files that a plan uses, blocks with parameters and their arguments."""

from dialc.mistakes.entry import PLAN, Mistake

_HEAD = "valid 2026-01-01 to 2028-12-31\n"

_SALES = (
    PLAN.replace("queue sales {", "queue sales(phone) {")
    .replace("201, 202", "phone, 202")
    .replace("-> sales", "-> sales(201)", 1)
)
"""The plan, its queue a block with a parameter."""


def _sales(code: str, title: str, old: str, new: str, page: str) -> Mistake:
    return Mistake(code, title, page, _SALES.replace(old, new, 1), _SALES)


_LONG = f"  # {'many words ' * 100_000}\n"
_USES = "  ".join(f"key {key} -> sales(30{key})" for key in range(2, 10))
"""Nine blocks of more than a million characters each."""

MISTAKES = (
    Mistake(
        "D115",
        "something that takes no parameters",
        """
Parameters belong to what is used by its name in several places: steps, prompts, hours (also those made of others),
switches, lists of callers and sets of digits. A plan, a policy, a line, a scenario, a file, a site and its trunks each
stand for one thing, so what differs is given as arguments to the blocks that they lead to or that stand in them. Names
that a site has given, such as those of music and services, take no arguments either; a parameter can stand for one.
""",
        PLAN.replace("plan office", "plan office(city)"),
        PLAN,
    ),
    Mistake(
        "D285",
        "a file cannot be used",
        """
Names in ``use`` are relative to the file that they stand in, with ``/`` between folders, and lead to a file in the
folder of the plan or below: a plan is sent whole to whoever runs it. All files of a plan together have at most
8,000,000 bytes.
""",
        PLAN.replace(_HEAD, f'{_HEAD}use "promts.dial"\n'),
        PLAN.replace(_HEAD, f'{_HEAD}use "prompts.dial"\n'),
        beside={
            "prompts.dial": b"hours always { mon-sun 00:00-24:00 }\nroute other { when always open -> reception }\n"
        },
    ),
    Mistake(
        "D286",
        "what is said of a plan as a whole, in a file that it uses",
        """
A file that a plan uses holds hours, prompts, steps and lines. The head of the plan (``plan``, ``timezone``,
``language``, ``valid``, ``policy``) stands in the plan itself, where whoever reads it looks for it, and a site in a
file of its own. Here, ``head.dial`` says the ``language``.
""",
        PLAN.replace("language en\n", 'use "head.dial"\nlanguage en\n'),
        PLAN,
        beside={"head.dial": b"language en\nroute other { -> reception }\n"},
    ),
    Mistake(
        "D287",
        "files use each other",
        """
A file uses itself, perhaps by way of others. Every file of a plan knows all names of the plan, so nothing is lost with
the ``use``.
""",
        PLAN.replace(_HEAD, f'{_HEAD}use "office.dial"\n'),
        PLAN,
    ),
    _sales(
        "D288",
        "too many or too few arguments",
        "-> sales(201)",
        "-> sales",
        """
A block with parameters takes an argument for each of them, in brackets behind its name. A block without parameters is
named without brackets.
""",
    ),
    _sales(
        "D289",
        "an argument of the wrong kind",
        "-> sales(201)",
        "-> sales(sales_desk)",
        """
An argument takes the place of its parameter, so it has to be what can stand there: a name, a text in quotes, the number
of a phone, a code such as ``*28``, a time such as ``15s``, a time of day, a date, a country, a time zone. So has a
parameter that stands in several places: nothing is both a name and a time.
""",
    ),
    _sales(
        "D290",
        "a block uses itself",
        "  patience 4m\n",
        "  patience 4m\n  timeout -> sales(202)\n",
        """
A block with parameters uses itself, perhaps by way of others. Each use makes a block, so there would be no end of them.
Where callers are to come back, name a block without parameters, or write ``again``.
""",
    ),
    Mistake(
        "D291",
        "blocks with parameters make too much",
        """
Every different use of a block with parameters makes a block of its own, and where such blocks use others, their number
is soon beyond measure. At most 20,000 blocks are made, and at most as many as would come to 8,000,000 characters.
""",
        _SALES.replace("  patience", f"{_LONG}  patience").replace("wait 5s", f"{_USES}  wait 5s").encode(),
        _SALES.encode(),
    ),
    _sales(
        "D292",
        "what cannot be a parameter",
        "queue sales(phone)",
        "queue sales(phone, phone)",
        """
Each parameter of a block has a name of its own. It stands for a value, so it takes no arguments.
""",
    ),
)
