"""Words that begin a line and are none of its block, or are not the one that had to come.

In: a slip. Out: a finding that names the word that was meant, or all that could stand there.
"""

import re
from collections.abc import Iterable

from dialc.findings import Finding
from dialc.parse.slips.constructs import NAMES, OTHER_WORDS, THE
from dialc.parse.slips.stop import NAME, Slip


def meant(block: str, word: str, known: Iterable[str]) -> str:
    """The cure for a word that means nothing in a block where others are known; empty where it is not sure."""
    other = OTHER_WORDS.get(block, {}).get(word.lower())
    if other:
        return f"write `{other}`"
    glued = next((k for k in sorted(known, key=len, reverse=True) if len(k) > 3 and word.startswith(k)), "")
    if glued and NAME.fullmatch(word[len(glued) :]):
        return f"write `{glued} {word[len(glued) :]}`"
    import difflib  # only some findings need it

    close = difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.7)
    return f"did you mean `{close[0]}`?" if close else ""


def unknown_line(slip: Slip) -> Finding | None:
    """A line that begins with a word that its block does not have."""
    if not slip.may_begin or not slip.word[:1].isalpha():
        return None
    known = [word for word in slip.accepts if re.match(r"[a-z]", word)]
    has = THE.get(slip.block, f"a {slip.block}")
    message = f"{has} {'have' if has.endswith('s') else 'has'} no `{slip.word[:24]}`"
    help = meant(slip.block, slip.word, known)
    if not help:
        listed = [*(f"`{word}`" for word in sorted(known)), *(NAMES[n] for n in sorted(slip.accepts) if n in NAMES)]
        help = f"write {', '.join(listed[:-1])} or {listed[-1]}" if len(listed) > 1 else ""
    return slip.finding("D102", message, help=help)


def one_of_two(slip: Slip) -> Finding | None:
    """`when open office`, `when office is open`."""
    states = {"open", "closed"}
    if not states <= slip.accepts or slip.may_begin or slip.missing:
        return None
    help = ""
    if slip.back() in states and NAME.fullmatch(slip.word):
        help = slip.write(slip.word, slip.back(), instead=len(slip.word), before=1)
    elif found := re.match(r"(?:is|are|=|==)\s+(?=(open|closed)\b)", slip.rest):
        help = slip.write(instead=found.end())
    return slip.finding("D101", f"expected `open` or `closed` after {slip.after}", help=help)
