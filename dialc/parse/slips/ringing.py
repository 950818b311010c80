"""Slips with phones that ring and with what is told to those who wait.

In: a slip. Out: a finding with the line as it is written here, if it is one of these.
"""

import re

from dialc.findings import Finding
from dialc.parse.slips.stop import Slip

_ONE_BY_ONE = re.compile(
    r"(?:in[ -](?:order|sequence|turn)|one (?:after (?:the other|another)|by one|at a time)|sequentially|linear|hunt)"
    r"\s+(?:for\s+)?(\d+[smh])(?:\s+(?:each|per phone))?(?![\w-])"
)


def one_by_one(slip: Slip) -> Finding | None:
    """`ring 100, 101 one after the other for 10s`, `ring 100, 101 in order for 10s`."""
    said = "expected `in order for` a time and `each`"
    if "each" in slip.accepts:
        return slip.finding("D101", f"expected `each` after {slip.after}", help=slip.write("each"))
    if slip.word == "each" and slip.may_begin and slip.back(2) == "for":
        help = slip.write("in", "order", "for", slip.back(), "each", instead=4, before=2)
        return slip.finding("D101", f"{said} where phones ring one after the other", help=help)
    if slip.missing or not {"for", "order"} & slip.accepts:
        return None
    if slip.word == "together":
        message = "phones that stand beside each other ring together"
        return slip.finding("D101", message, help=slip.write(instead=len(slip.word)))
    if slip.back() == "order" and re.fullmatch(r"\d+[smh]", slip.word):
        help = slip.write("for", slip.word, "each", instead=len(slip.rest))
        return slip.finding("D101", f"expected `for` after {slip.after}", help=help)
    begun = 1 if slip.back() == "in" else 0
    way = _ONE_BY_ONE.match(f"{'in ' * begun}{slip.rest}")
    if way is None:
        return None
    help = slip.write("in", "order", "for", way[1], "each", instead=way.end() - 3 * begun, before=begun)
    return slip.finding("D101", said, help=help)


def transfer_inside(slip: Slip) -> Finding | None:
    """`to 100 for 30s`, in a transfer."""
    if slip.block != "transfer" or slip.back() != "to" or slip.missing or not re.fullmatch(r"\d{1,6}", slip.word):
        return None
    help = f"ring {slip.word} in a `ring` block instead"
    return slip.finding("D101", "a transfer goes to a number outside, in quotes and in full", help=help)


def told_every(slip: Slip) -> Finding | None:
    """`announce position 30s`, `announce position and wait every 30s`."""
    if "every" not in slip.accepts or slip.missing:
        return None
    if re.fullmatch(r"\d+[smh]", slip.word):
        return slip.finding("D101", f"expected `every` after {slip.after}", help=slip.write("every"))
    sign = re.match(r"(and|\+|&)\s+(?=position|wait)|each\s+(?=\d)", slip.rest)
    if sign is None:
        return None
    expected = "," if sign[1] else "every"
    help = slip.write(expected, instead=sign.end())
    return slip.finding("D101", f"expected `{expected}` after {slip.after}", help=help)


def later_members(slip: Slip) -> Finding | None:
    """`then 203 after 20s`, `then members 203 in 20s`."""
    if slip.missing or slip.block != "queue":
        return None
    if slip.back() == "then" and re.match(r"\d", slip.word):
        return slip.finding("D101", f"expected `members` after {slip.after}", help=slip.write("members"))
    when = re.match(r"(?:in|for|from|at|when)\s+(?=\d+[smh])", slip.rest)
    if when is None or "after" not in slip.accepts or not re.fullmatch(r"\d+", slip.back()):
        return None
    return slip.finding("D101", f"expected `after` after {slip.after}", help=slip.write("after", instead=when.end()))


def label(slip: Slip) -> Finding | None:
    """`label VIP`, and a label where no route is."""
    if slip.back() == "label" and "STRING" in slip.accepts and not slip.missing:
        text = slip.rest.partition("}")[0].strip()
        help = slip.write(f'"{text}"', instead=len(text)) if text and '"' not in text else ""
        return slip.finding("D101", "expected a text in quotes after `label`", help=help)
    if slip.word != "label" or not slip.may_begin or slip.block not in ("ring", "queue", "operator", "menu"):
        return None
    article = "an" if slip.block == "operator" else "a"
    help = f'lead here by a route that says it, as in `route vip {{ label "VIP" -> {slip.before[1].text} }}`'
    return slip.finding("D102", f"{article} {slip.block} has no `label`", help=help)


def sign_in(slip: Slip) -> Finding | None:
    """`members sign in with 31`, and codes of which one is left out."""
    if "CODE" in slip.accepts and slip.back() == "with" and (code := re.match(r"[*#]?(\d{1,6})(?![\w*#])", slip.rest)):
        help = slip.write(f"*{code[1]}", instead=code.end())
        return slip.finding("D108", "a code is `*` and digits", help=help)
    if "out" in slip.accepts and slip.back(2) == "*":
        help = "say how members sign out, as in `sign in with *31 out with *32 among 211-219`"
        return slip.finding("D101", f"expected `out` after `*{slip.back()}`", help=help)
    return None
