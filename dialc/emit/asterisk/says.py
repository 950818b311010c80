"""What Asterisk makes of each construct of the language: its column of the matrix.

In: nothing. Out: `SAYS`. What costs nothing here need not be listed.
"""

from collections.abc import Mapping

from dialc.emit.matrix import CONSTRUCTS, Cell, Says

_COSTS = {
    "answer and ring": "callers hear ringing that the PBX makes",
    "languages": "sounds lie below Asterisk's own folder (:ref:`D420`)",
    "outside": "a trunk of the site can ``dial``",
    "transfer": "a trunk of the site can ``dial``",
    "music": "the site says which class it is (:ref:`D410`)",
    "tiers": "not with ``longest-idle`` and ``fewest-calls`` (:ref:`D430`)",
    "signing in": "phones are PJSIP endpoints (:ref:`D433`)",
    "closing": "once closed, hours stay so for as long as patience lasts (:ref:`D431`)",
    "bot": "its phone is dialled without a ``Local`` channel (:ref:`D442`)",
    "lookup": "the site says where the service is (:ref:`D441`)",
    "staffed": "openings last longer than what ``plus`` adds (:ref:`D411`)",
}

SAYS: Mapping[str, Cell] = {construct: Says(_COSTS.get(construct, "")) for construct in CONSTRUCTS}
