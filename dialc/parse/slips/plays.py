"""Slips with what callers hear: several prompts in one line.

In: a slip. Out: a finding with the lines as they are written here, if it is one of these.
"""

import re

from dialc.findings import Finding
from dialc.parse.slips.stop import NAME, Slip

_PROMPT = r"[a-z][a-z0-9_]*(?![\w-])(?:\([^(){}]*\))?"
_MORE = re.compile(rf"(?:(?:,|&|\+|and\b|then\b)\s*(?:play\s+)?{_PROMPT}\s*)+")
_EACH = re.compile(rf"(?:,|&|\+|and\b|then\b)\s*(?:play\s+)?({_PROMPT})")


def several(slip: Slip) -> Finding | None:
    """`play welcome, choices`, `play welcome and choices`."""
    if slip.found is None or not _is_played(slip):
        return None
    more = _MORE.match(slip.source.text, slip.found.start)
    prompts = _EACH.findall(more.group()) if more else []
    if not prompts or not slip.keywords.isdisjoint(prompts):
        return None
    help = "write `play` before each of them"
    if more and "\n" not in more.group().strip():
        help = slip.write(*(f"play {prompt}" for prompt in prompts), instead=len(more.group().rstrip())) or help
    return slip.finding("D101", "one prompt stands after `play`", help=help)


def _is_played(slip: Slip) -> bool:
    """Whether the words before are `play` and a prompt, perhaps with arguments."""
    words = [word.text for word in slip.before]
    if words[-1] == ")" and "(" in words:
        del words[len(words) - 1 - words[::-1].index("(") :]
    return words[-2:-1] == ["play"] and NAME.fullmatch(words[-1]) is not None
