"""Slips with other values: quotes that are not needed, sounds with an ending.

In: a slip. Out: a finding with the value as it is written here, if it is one of these.
"""

import re

from dialc.findings import Finding
from dialc.parse.slips.stop import Slip


def needless_quotes(slip: Slip) -> Finding | None:
    """Quotes around a word that has none."""
    if "STRING" in slip.accepts or not slip.word.startswith('"') or not {"ZONE", "LANGUAGE", "WORD"} & slip.accepts:
        return None
    if slip.may_begin:
        return None
    help = slip.write(slip.word.strip('"'), instead=len(slip.word))
    return slip.finding("D101", "no quotes stand here", help=help)


def sound_with_ending(slip: Slip) -> Finding | None:
    """`welcome.wav`."""
    if "PATH" not in slip.accepts or not (sound := re.match(r"[\w/-]+(?=\.\w+$)", slip.word)):
        return None
    help = slip.write(sound.group(), instead=len(slip.word))
    return slip.finding("D108", "a sound is named without an ending", help=help)
