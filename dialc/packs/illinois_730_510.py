"""Illinois: 83 Ill. Adm. Code 730.510, on answering times of local exchange carriers; the section was read."""

import datetime

from dialc.packs import Decided, Duty, Pack, People, Strength
from dialc.packs.checks import p002_the_first_menu_offers_people as first_menu
from dialc.packs.seen import patience, quickest

TEXT = Strength.TEXT

PACK = Pack(
    id="us-il-730-510",
    title="83 Illinois Administrative Code 730.510, Answering Time",
    jurisdiction="Illinois, United States",
    scope=(
        "local exchange telecommunications carriers: calls to their business offices during normal business hours, "
        "and to their repair offices (subsection b)"
    ),
    since=None,
    dates="read as it stood on 20 September 2024 (Illinois Register, volume 48, number 38)",
    read="83 Ill. Adm. Code 730.510(a) and (b), read at regulations.justia.com",
    duties=(
        Duty(
            "(b)(1), menu",
            "where a menu or another machine answers, callers can be transferred to a live attendant by voice or "
            "within the first menu of options",
            TEXT,
            Decided(
                first_menu.check,
                "the first menu of every call while somebody is there, the choice of a language aside, has a key that "
                "leads to people without another question; so has a bot that asks first",
            ),
        ),
        Duty(
            "(b)(1), answering time",
            "calls are answered within 60 seconds on average, month by month, by business and repair offices apart",
            TEXT,
            People(
                "enough people are there to answer",
                "the mean answering time of each month, for each office",
                (quickest, patience),
            ),
        ),
        Duty(
            "(b)(2) and (b)(3)",
            "calls received and answering times are recorded by the month; what exceeds 60 seconds is mended, and "
            "reported within 15 business days",
            TEXT,
            People("somebody keeps the records and reports", "the records of each month"),
        ),
        Duty(
            "(a)",
            "operator offices answer calls for toll, assistance and information within 10 seconds on average",
            TEXT,
            People("enough people are there to answer", "the mean answering time of each month", (quickest,)),
        ),
    ),
    reviewed=datetime.date(2026, 11, 22),
    review=datetime.date(2027, 11, 22),
)
