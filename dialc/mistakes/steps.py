"""What can be wrong with steps: keys, the operator, routes and returns."""

from dialc.mistakes.entry import PLAN, Mistake, edit


def _return(plan: str, limit: str) -> str:
    """A plan with two ways back to a menu."""
    return plan.replace('key 1 "sales" -> sales\n', 'key 1 "sales" -> sales\n  key 2 -> more\n').replace(
        "patience 4m\n",
        f"patience 4m\n  timeout -> back\n}}\n\nroute more {{ play choices  again main at most 2 then reception }}\n"
        f"route back {{\n  again main at most {limit} then reception\n",
    )


_DIRECT = (
    PLAN.replace('key 1 "sales" -> sales\n', 'key 1 "sales" -> sales\n  direct staff\n').replace("offers 1", "offers 2")
    + "\nextensions staff { 100-149  ring for 20s }\n"
)
"""A plan with phones that can be dialled in a menu."""

MISTAKES = (
    edit(
        "D205",
        "a key is there twice",
        'key 1 "sales" -> sales\n',
        'key 1 "sales" -> sales\n  key 1 "office" -> reception\n',
        """
A key of a menu or queue leads to one step, and a prompt offers a key once.
""",
    ),
    edit(
        "D214",
        "no default operator",
        "prompt welcome",
        "operator manager { ring 101 for 20s  unanswered -> sorry }\n\nprompt welcome",
        """
Whatever is left out leads to the operator: silence in a menu, a queue that is empty, a route that ends. So a plan has
one, and one that has several says which of them is meant: ``operator reception default { … }``.
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
    edit(
        "D218",
        "nothing leads to this line of a route",
        "play pardon  hang-up",
        "hang-up  play pardon",
        """
The lines of a route are done one after the other, up to the first that sends every caller elsewhere: ``->``,
``otherwise ->``, ``again`` or ``hang-up``. No caller gets to what stands behind it.
""",
    ),
    edit(
        "D219",
        "a route that does nothing",
        "route night { play closed -> sorry }",
        "route night { -> night }",
        """
A route is empty, or leads back to itself without doing anything on the way.
""",
    ),
    Mistake(
        "D256",
        "a number that cannot be dialled beside a key",
        """
Callers dial the numbers of a row of extensions in a menu key by key. If one of them began with a key of the menu, or
with another number, the shorter of the two would have to wait in case more is to come. So none may: keys and numbers of
one menu begin with different digits, and no number begins another.
""",
        _DIRECT.replace("100-149", "100-149, 201").replace("key 1 ", "key 2 "),
        _DIRECT.replace("100-149", "100-149, 301").replace("key 1 ", "key 2 "),
    ),
    edit(
        "D255",
        "a key that has nothing to repeat (warning)",
        "  wait 5s  tries 2",
        "  key * repeat\n  wait 5s  tries 1",
        """
A key that repeats uses up a try of its menu and begins the next. In a menu that asks just once there is no next one,
and whoever wants to hear it again is sent where silence leads.
""",
    ),
)
