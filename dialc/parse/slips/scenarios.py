"""Slips in scenarios, where a line can begin with any name: words that are none of theirs, words left out.

In: a slip. Out: a finding with how it is written here, if it is one of these.
"""

from dialc.findings import Finding
from dialc.parse.slips.keywords import meant
from dialc.parse.slips.stop import Slip
from dialc.source import Place

_OF_STEPS = ("busy", "unavailable", "empty", "full", "broken", "late", "over")
_OF_SWITCHES = ("on", "off", "auto", "open", "closed")

_WORDS = (
    "at",
    "call",
    "hear",
    "reach",
    "press",
    "stay silent",
    "nobody answers",
    "leave a message",
    "hang-up",
    "within",
)


def other_word(slip: Slip) -> Finding | None:
    """`presses 1`, `expect welcome`, `reach reception in 15s`, `reception busy`."""
    if slip.accepts != {"is", "answers"}:
        return None
    if slip.word in (*_OF_STEPS, *_OF_SWITCHES):
        return slip.finding("D101", f"expected `is` after {slip.after}", help=slip.write("is"))
    word = slip.before[-1]
    help = meant("scenario", word.text, _WORDS) or f"write {', '.join(f'`{w}`' for w in _WORDS[:4])} or what happens"
    place = Place(slip.source, word.start, word.end)
    return slip.finding("D102", f"a scenario has no `{word.text[:24]}`", help=help, place=place)


def other_state(slip: Slip) -> Finding | None:
    """`reception is asleep`."""
    if not {*_OF_STEPS, *_OF_SWITCHES} <= slip.accepts:
        return None
    steps, switches = (f"{', '.join(f'`{word}`' for word in few)}" for few in (_OF_STEPS, _OF_SWITCHES))
    help = meant("scenario", slip.word, (*_OF_STEPS, *_OF_SWITCHES)) if slip.word else ""
    message = f"expected {steps}, or of a switch {switches}, after `is`"
    return slip.finding("D101", message, help=help)


def left_out(slip: Slip) -> Finding | None:
    """`201 answer`, `leave message`, `stay`, `scenario {`."""
    if slip.accepts == {"answers", "declines"} and slip.word.startswith("decline"):
        return slip.finding(
            "D101", f"expected `declines` after {slip.after}", help=slip.write("declines", instead=len(slip.word))
        )
    if slip.accepts in ({"answers"}, {"answers", "declines"}):
        return slip.finding(
            "D101", f"expected `answers` after {slip.after}", help=slip.write("answers", instead=len(slip.word))
        )
    if slip.accepts == {"a", "no"}:
        return slip.finding("D101", "expected `a` or `no` after `leave`", help="write `leave a message`")
    if slip.back() == "scenario" and slip.accepts == {"STRING"}:
        message = "expected a text in quotes after `scenario`"
        return slip.finding("D101", message, help='say what it is about, as in `scenario "a patient presses 0" {`')
    return None
