"""What FreeSWITCH makes of each construct of the language: its column of the matrix.

In: nothing. Out: `SAYS`. What costs nothing here need not be listed.
"""

from collections.abc import Mapping

from dialc.emit.matrix import CONSTRUCTS, Cell, Refuses, Says

_COSTS = {
    "hours at once": "clocks are worked out in the files (:ref:`D496`)",
    "hours later": "clocks are worked out in the files (:ref:`D496`)",
    "night switch": "``mod_db`` keeps it",
    "switch": "``mod_db`` keeps it",
    "answer and ring": "callers hear ringing that the PBX makes",
    "play": "keys pressed meanwhile are lost",
    "languages": "a folder of sounds for each",
    "menu": "prompts one after another are 100 at most (:ref:`D499`)",
    "direct": "``read`` once more for each further digit",
    "ring": "forwarding by a phone is not followed",
    "outside": "a trunk of the site can ``dial`` (:ref:`D493`)",
    "transfer": "a trunk of the site can ``dial`` (:ref:`D493`)",
    "mailbox": "it is there already, a user's of the directory (:ref:`D495`)",
    "supervisor": "by the phone's transfer key (REFER)",
    "staffed": "openings last longer than what ``plus`` adds (:ref:`D497`)",
    "journey": "a template of ``mod_cdr_csv``, whose name is the account code of each call",
}

_MISSING = {
    *("queue", "queue key", "told", "room", "music", "random", "tiers", "signing in", "closing"),
    *("callback", "bot", "lookup"),
}
"""Constructs of steps for which nothing is written."""

SAYS: Mapping[str, Cell] = {
    construct: Refuses("D494") if construct in _MISSING else Says(_COSTS.get(construct, "")) for construct in CONSTRUCTS
}
