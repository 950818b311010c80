"""What can be wrong with recordings, bots and lookups."""

from dialc.mistakes.entry import PLAN, SITE, Mistake

_NOTICE = 'prompt privacy { file office/privacy  en "This call is recorded."  lasts 2s  notice }\n'


def _recorded(route: str) -> str:
    """A plan that records its calls."""
    return f"{PLAN}{_NOTICE}".replace("  answer\n  play welcome\n", route)


def _bot(items: str) -> str:
    """A plan with a bot."""
    return f"{PLAN}bot helper {{ phone 900  limit 60s{items} }}\n".replace("open -> main", "open -> helper").replace(
        "limit 60s }", "limit 60s  over -> main }"
    )


def _asked(word: str) -> str:
    """A plan with a lookup."""
    return PLAN.replace("menu main {", f"lookup customer {{ ask crm for 3s  answer {word} -> sales }}\nmenu main {{")


def _at(address: str) -> str:
    """A site with a service."""
    return SITE.replace("  phones", f'  service crm "{address}"\n  phones')


MISTAKES = (
    Mistake(
        "D275",
        "callers are recorded without having been told",
        """
``record`` stands in a route behind a ``play`` of a prompt that says ``notice``, since callers are told before they are
recorded and not after. It is asked of the route itself, so that whoever reads one block sees both. What else a notice
has to say, and whether callers must agree, is a matter of the law where they are.
""",
        _recorded("  answer\n  play welcome\n  record\n"),
        _recorded("  answer\n  play welcome\n  play privacy\n  record\n"),
    ),
    Mistake(
        "D276",
        "a bot is left by another key",
        """
Key 0 leads from every bot to people, while it rings and while it talks, and no other key does: callers need not be told
twice how to get away from a machine, and the bot can ask for any other key. Left out, ``key 0`` leads to the default
operator.
""",
        _bot("  key 9 -> reception"),
        _bot("  key 0 -> reception"),
    ),
    Mistake(
        "D277",
        "a phone is a bot's and a person's",
        """
What a bot answers is not answered by a person. A phone at which a bot answers cannot be rung by an operator, a ring or
a queue as well, or a call would count as answered by somebody when only a machine has picked up.
""",
        _bot("").replace("phone 900", "phone 201"),
        _bot(""),
    ),
    Mistake(
        "D278",
        "an answer that is no word",
        """
A service answers one word, of small letters ``a`` to ``z``, digits and ``_``, at most 40 of them, which is compared
with the words of the lookup as text. Anything else that it sends has ``failed``.
""",
        _asked("v" + "e" * 40 + "ry_important"),
        _asked("very_important"),
    ),
    Mistake(
        "D279",
        "callers' numbers without encryption",
        """
A lookup sends the number of the caller and the number called to its service. On the way through other networks they
are encrypted: ``https``. ``http`` is for services at a private address (``10.…``, ``172.16.…``, ``192.168.…``,
``127.…``) or ``localhost``.
""",
        _at("http://crm.example/caller"),
        _at("https://crm.example/caller"),
        of_site=True,
    ),
)
