"""Slips of the pen: a place where reading stopped, to a finding in an administrator's words.

In: a text, where in it reading stopped, and what could have stood there. Out: one `Finding`. What could have stood
there is seldom what helps: whoever writes `timeout -> sales` in a menu, or `mon-fri 8-16`, knows what they mean, and so
do we. So known slips are looked for first, the surest before the vague, each by a function of its own in `_SLIPS`. Only
what none of them knows is told as "expected this after that".

They stand in modules by what they are about. What they know of the constructs of the language stands together as data,
in `constructs`.
"""

from collections.abc import Set

from dialc.findings import Finding
from dialc.parse.slips import (
    blocks,
    callbacks,
    entries,
    hours,
    keywords,
    languages,
    lines,
    numbers,
    parameters,
    plays,
    promises,
    ringing,
    scenarios,
    switches,
    text,
    values,
    ways,
)
from dialc.parse.slips.blocks import not_closed, outside
from dialc.parse.slips.constructs import BEFORE_NAMES, BLOCKS, CURES, HEAD, NAMES, NAMING, SITE_CURES
from dialc.parse.slips.places import word
from dialc.parse.slips.stop import END, Slip, words
from dialc.parse.slips.text import control_character, is_torn, not_utf8, nothing, text_not_closed, too_large, too_many
from dialc.source import Source

__all__ = [
    "BEFORE_NAMES",
    "BLOCKS",
    "END",
    "HEAD",
    "NAMING",
    "control_character",
    "is_torn",
    "not_closed",
    "not_utf8",
    "nothing",
    "outside",
    "text_not_closed",
    "too_large",
    "too_many",
    "unexpected",
    "word",
]


def unexpected(source: Source, start: int, end: int, at: int, accepts: Set[str], keywords: Set[str]) -> Finding:
    """The finding about a block, from `start` to `end`, in which reading stopped at `at`."""
    before = tuple(words(source.text, start, at))
    found = next(iter(words(source.text, at, end)), None)
    slip = Slip(source, start, before, found, accepts, keywords)
    if END in accepts and found:
        return (
            languages.several(slip) or parameters.without(slip) or switches.joined(slip) or outside(source, found.start)
        )
    last = before[-1]
    if slip.back(2) in BEFORE_NAMES and last.text in keywords and "\n" in source.text[before[-2].end : last.start]:
        # A line ended where a name should have stood, and the first word of the next one was taken for it.
        slip = Slip(source, start, before[:-1], last, frozenset({"NAME"}), keywords)
    return next(finding for known in _SLIPS if (finding := known(slip)))


def _anything(slip: Slip) -> Finding:
    """What no other knows."""
    if slip.may_begin:
        block = f"the {slip.block}" if slip.block else "the block"
        return slip.finding("D101", f"expected a line of {block}, or its `}}`")
    expected = sorted({NAMES.get(name, f"`{name}`") for name in slip.accepts})
    cures = SITE_CURES if slip.before[0].text == "site" else CURES
    help = next((cure for word, cure in cures.items() if word in slip.accepts), "")
    listed = " or ".join(filter(None, (", ".join(expected[:-1]), expected[-1])))
    return slip.finding("D101", f"expected {listed} after {slip.after}", help=help)


_SLIPS = (
    text.torn_text,
    text.other_quotes,
    text.other_comment,
    parameters.without,
    parameters.between_arguments,
    parameters.used_file,
    plays.several,
    blocks.block_in_block,
    ways.way_to_more_than_a_name,
    ways.way_to_no_name,
    lines.short_number,
    lines.which_caller,
    lines.to_a_number,
    lines.end_of_a_range,
    lines.range_of_phones,
    numbers.number_without_quotes,
    numbers.wrong_key,
    languages.name_of_language,
    languages.key_without_speaks,
    languages.length_in_language,
    scenarios.other_word,
    scenarios.other_state,
    scenarios.left_out,
    promises.callback_in_days,
    promises.next_day,
    numbers.duration,
    callbacks.number_class,
    callbacks.how_often,
    ringing.transfer_inside,
    ringing.one_by_one,
    ringing.told_every,
    ringing.later_members,
    ringing.label,
    ringing.sign_in,
    numbers.for_how_long,
    switches.holidays,
    switches.region,
    switches.calendar,
    switches.code,
    switches.position,
    switches.exception,
    switches.back,
    switches.combined,
    keywords.one_of_two,
    entries.length,
    entries.check,
    entries.number_of_a_set,
    ways.repeat,
    lines.what_for,
    ways.arrow,
    blocks.brace,
    numbers.between_phones,
    ways.not_a_name,
    values.needless_quotes,
    values.sound_with_ending,
    hours.to_a_date,
    hours.to_a_day,
    hours.to_a_time,
    hours.wrong_date,
    hours.time_of_day,
    hours.wrong_day,
    blocks.punctuation,
    keywords.unknown_line,
    _anything,
)
