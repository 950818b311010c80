"""Italy: AGCOM Delibera 255/24/CONS, on customer assistance in electronic communications and audiovisual media.

The text itself was not to be had: all duties are known from what others write about it, and the pack says so.
"""

import datetime
import functools

from dialc.packs import Decided, Duty, Pack, People, Strength
from dialc.packs.checks import p002_the_first_menu_offers_people as first_menu
from dialc.packs.checks import p007_people_at_the_hours_of_the_law as at_the_hours
from dialc.packs.seen import choices, patience, quickest, staffed
from dialc.plan import Hours, Span

SECONDARY = Strength.SECONDARY

WORKDAYS = Hours(
    "Monday to Friday, 8:30 to 19:30 in Italy",
    "Europe/Rome",
    (*(((Span(8 * 3600 + 1800, 19 * 3600 + 1800),),) * 5), (), ()),
)
"""The least of the hours that are reported: until 19:30 for business customers, until 21:30 for all others."""

PACK = Pack(
    id="it-agcom-255-24",
    title="AGCOM, Delibera n. 255/24/CONS del 10 luglio 2024 (servizi di assistenza clienti)",
    jurisdiction="Italy",
    scope="operators of electronic communications and providers of audiovisual media services, for their customers",
    since=None,
    dates="adopted on 10 July 2024; from which day each duty applies was not to be found",
    read=(
        "a summary of the delibera in punto-informatico.it (2024), and a consumers' association on annex A, article "
        "8(a) (6 February 2026); the delibera itself was not read"
    ),
    duties=(
        Duty(
            "annex A, options of the menu",
            "the options that lead to a person are explicit, transparent and easy to understand, and lead there in "
            "the shortest possible time",
            SECONDARY,
            Decided(
                first_menu.check,
                "the first menu of every call while somebody is there, the choice of a language aside, has a key that "
                "leads to people without another question",
            ),
        ),
        Duty(
            "annex A, hours",
            "people serve by telephone on working days at least from 8:30 to 21:30, for business customers to 19:30",
            SECONDARY,
            Decided(
                functools.partial(at_the_hours.check, hours=WORKDAYS),
                "from every line, people can be had from Monday to Friday from 8:30 to 19:30, on days that no "
                "exception of the plan closes; whether its callers are business customers, and whether Saturdays "
                "count, the plan does not know",
            ),
        ),
        Duty(
            "annex A, hours of other customers",
            "people serve until 21:30 where customers are no businesses",
            SECONDARY,
            People("the hours of the plan are those of its customers", "read the hours", (staffed,)),
        ),
        Duty(
            "annex A, complaints",
            "the first level of the menu has an option for complaints",
            SECONDARY,
            People(
                "one of the keys of the first menu is for complaints",
                "read the keys of the menu, which has no way of saying what a key is for but its label",
                (choices,),
            ),
        ),
        Duty(
            "annex A, art. 8(a)",
            "where a menu answers, a person does on average within 150 seconds",
            SECONDARY,
            People(
                "enough people are there to answer",
                "the mean time from the choice of a person to the answer",
                (quickest, patience),
            ),
        ),
        Duty(
            "annex A, cost",
            "assistance costs callers nothing",
            SECONDARY,
            People("the numbers of the lines are free", "the tariff of each number"),
        ),
        Duty(
            "annex A, answers to complaints",
            "complaints get a code by which they can be followed, and an answer within 30 days",
            SECONDARY,
            People("those who answer take complaints down", "each complaint, and when it was answered"),
        ),
    ),
    reviewed=datetime.date(2026, 11, 22),
    review=datetime.date(2027, 5, 22),
)
