"""ISO/IEC 13714:1995, on the keys of voice services. The standard was not read, only two summaries by vendors.

It is written for voice messaging; its annexes and ISO 9241-154 carry it over to other services. What it says of menus
are recommendations, "where possible", so the checks warn.
"""

import datetime
import functools

from dialc.findings import Severity
from dialc.packs import ByRule, Decided, Duty, Pack, People, Strength
from dialc.packs.checks import p008_keys_in_order as in_order
from dialc.packs.checks import p009_time_to_press_a_key as in_time
from dialc.packs.checks import p010_star_goes_back as star
from dialc.packs.seen import choices

SECONDARY, WARNING = Strength.SECONDARY, Severity.WARNING
COMMANDS = 4
"""Commands that a menu should have, help, repeat, back and the end of the call aside."""
LEAST, MOST = 3, 10
"""Seconds that a menu should wait for a key."""

PACK = Pack(
    id="iso-13714",
    title="ISO/IEC 13714:1995, User interface to telephone-based services, Voice messaging applications",
    jurisdiction="international standard",
    scope=(
        "whoever wants to keep to it: it is written for voice messaging, is used for menus in general (ISO 9241-154 "
        "says to use both together), and binds nobody unless a law or a contract says so"
    ),
    since=None,
    dates="published in February 1995, and confirmed since",
    read=(
        "summaries by vendors at nch.com.au and itams.co.uk, and the standard's own abstract and table of contents; "
        "the standard itself was not read, so clauses are not given"
    ),
    duties=(
        Duty(
            "size of a menu",
            "a menu has at most 4 commands where possible, help, repeat, back and the end of the call aside",
            SECONDARY,
            ByRule(
                "C09",
                "the options of every menu are counted as the charter does: key 0, keys that repeat and keys that "
                "choose a language are none",
                {"options": COMMANDS},
            ),
            WARNING,
        ),
        Duty(
            "order of keys",
            "keys are in ascending order, without gaps",
            SECONDARY,
            Decided(
                in_order.check,
                "the keys 1 to 9 of every menu follow each other from 1 on, 9 aside where it ends the call, and "
                "prompts that say what they offer name them in this order",
            ),
            WARNING,
        ),
        Duty(
            "time-out",
            "a menu waits between 3 and 10 seconds for a key",
            SECONDARY,
            Decided(
                functools.partial(in_time.check, least=LEAST, most=MOST),
                "the `wait` of every menu and of every question for digits",
            ),
            WARNING,
        ),
        Duty(
            "key 0",
            "0 is for help, or for an operator",
            SECONDARY,
            ByRule("C15", "key 0 leads to an operator at once from every menu and every queue"),
            WARNING,
        ),
        Duty(
            "star and hash",
            "`*` stops what is going on and takes the caller back, `#` ends an entry of digits",
            SECONDARY,
            Decided(
                star.check,
                "`*` of a menu repeats it or leads back by an `again`, and `#` is no key of a menu; in questions for "
                "digits both mean this anyway",
            ),
            WARNING,
        ),
        Duty(
            "wording",
            "prompts name the matter first and the key then, and say `press`, `enter`, `hash`, `star` and `zero`",
            SECONDARY,
            People("the prompts are worded so", "listen to them"),
        ),
        Duty(
            "most used first",
            "what callers want most often comes first",
            SECONDARY,
            People(
                "the order of keys is that of use", "how often each key is pressed, from the call records", (choices,)
            ),
        ),
        Duty(
            "yes and no, and 9",
            "1 is yes and 2 is no where a question is one of these; 9 ends the call where a key does",
            SECONDARY,
            People("keys are given so", "read the keys of the menus"),
        ),
    ),
    reviewed=datetime.date(2026, 11, 22),
    review=datetime.date(2027, 11, 22),
)
