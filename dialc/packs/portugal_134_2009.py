"""Portugal: Decreto-Lei 134/2009, on call centres, with its amendments; read in a copy of the consolidated text.

The wait of at most 60 seconds (article 6(2)) is counted from the choice to speak to somebody. No plan can promise that
somebody is free by then; but the decree says what is due where nobody is (article 6(4)), and that a plan can break.
"""

import datetime
import functools

from dialc.packs import Decided, Duty, Pack, People, Strength
from dialc.packs.checks import p001_people_can_be_had as people_can_be_had
from dialc.packs.checks import p002_the_first_menu_offers_people as first_menu
from dialc.packs.checks import p004_a_long_wait_is_not_all_there_is as long_wait
from dialc.packs.checks import p006_the_first_menu_is_short as short
from dialc.packs.seen import choices, patience, staffed

TEXT = Strength.TEXT
WAIT = 60
"""Seconds that anybody waits: article 6(2)."""
OPTIONS = 5
"""Options that the first menu may have: article 6(5)."""

PACK = Pack(
    id="pt-134-2009",
    title="Decreto-Lei n.º 134/2009, de 2 de Junho (centros telefónicos de relacionamento)",
    jurisdiction="Portugal",
    scope=(
        "whoever offers consumers a call centre in the course of a business, and providers of essential public "
        "services that offer one, public or private (article 2)"
    ),
    since=datetime.date(2009, 11, 29),
    dates="in force 180 days after its publication on 2 June 2009 (article 12)",
    read=(
        "Decreto-Lei 134/2009, articles 1 to 12, read in a copy of the official consolidated text (last amended by "
        "Decreto-Lei 72-A/2010)"
    ),
    duties=(
        Duty(
            "art. 4(4)",
            "machines serve callers alone only outside the hours in which people do",
            TEXT,
            Decided(
                people_can_be_had.check, "from every line, whoever calls while somebody is there can get to people"
            ),
        ),
        Duty(
            "art. 6(5), contact",
            "one of the first options of a menu is to speak to somebody, except outside the hours in which people "
            "serve",
            TEXT,
            Decided(
                first_menu.check,
                "the first menu of every call while somebody is there, the choice of a language aside, has a key that "
                "leads to people without another question",
            ),
        ),
        Duty(
            "art. 6(5), five options",
            "a menu has no more than five first options",
            TEXT,
            Decided(
                functools.partial(short.check, most=OPTIONS),
                "the keys of the first menu that lead anywhere are counted, key 0 among them",
            ),
        ),
        Duty(
            "art. 6(2) to 6(4)",
            "nobody waits for more than 60 seconds; where nobody is free by then, callers can leave how to reach them "
            "and what they want",
            TEXT,
            Decided(
                functools.partial(long_wait.check, most=WAIT),
                "whoever waits for more than 60 s behind the last menu comes to a mailbox or a call-back by then, or "
                "has a key to one",
            ),
        ),
        Duty(
            "art. 6(2)",
            "callers are answered within 60 seconds",
            TEXT,
            People(
                "enough people are there to answer",
                "the time from the choice to speak to somebody to the answer, for each call: the share over 60 s",
                (patience,),
            ),
        ),
        Duty(
            "art. 6(4), two days",
            "who left how to reach them is answered within two working days",
            TEXT,
            People(
                "somebody listens to mailboxes and calls back", "each message and booking, and when it was answered"
            ),
        ),
        Duty(
            "art. 6(6)",
            "where a service goes on in time, the first menu has an option for cancelling it",
            TEXT,
            People(
                "one of the keys is for that, or the service ends by itself", "read the keys of the menu", (choices,)
            ),
        ),
        Duty(
            "art. 4(2)",
            "nobody has to give data before they get to the service, beyond what their matter needs",
            TEXT,
            People("the digits that are asked for are needed for the matter", "each question for digits, and why"),
        ),
        Duty(
            "art. 4(3)",
            "the service works for fixed hours of the day, and people serve in them",
            TEXT,
            People("people are there as the plan says", "who was there when", (staffed,)),
        ),
        Duty(
            "art. 5(1)",
            "no advertising while callers wait; no handing on to a number that costs more without consent; no keeping "
            "of callers' numbers beyond what the law allows",
            TEXT,
            People(
                "music and prompts advertise nothing, and call records are kept no longer than allowed (what a plan "
                "hands on is called by the company, at its own cost)",
                "the recordings that are played to those who wait, and for how long call records are kept",
            ),
        ),
        Duty(
            "art. 6(1)",
            "calls are answered in the order in which they came",
            TEXT,
            People("members of queues take what the queue gives them", "the log of the queue"),
        ),
        Duty(
            "art. 8(5) and 8(6)",
            "a caller is handed to the right department within 60 seconds, and is not hung up on by who answered",
            TEXT,
            People("those who answer do so", "transfers, how long each took, and who ended the call"),
        ),
    ),
    reviewed=datetime.date(2026, 11, 22),
    review=datetime.date(2027, 11, 22),
)
