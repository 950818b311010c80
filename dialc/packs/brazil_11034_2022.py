"""Brazil: Decreto 11.034/2022, on customer service (SAC). Articles 3 to 5 were read as legal databases reprint them.

How long callers may wait is left by the decree to the regulators of each sector, so no number stands here.
"""

import datetime

from dialc.packs import Decided, Duty, Pack, People, Strength
from dialc.packs.checks import p001_people_can_be_had as people_can_be_had
from dialc.packs.checks import p005_no_data_before_a_person as no_data
from dialc.packs.seen import choices, patience, staffed

TEXT, SECONDARY = Strength.TEXT, Strength.SECONDARY

PACK = Pack(
    id="br-11034-2022",
    title="Decreto nº 11.034, de 5 de abril de 2022 (Serviço de Atendimento ao Consumidor)",
    jurisdiction="Brazil",
    scope=(
        "suppliers of services that the federal executive regulates, such as banks, telephones, airlines and health "
        "plans, for what consumers want of a service that they have; not for offers and the conclusion of contracts "
        "(articles 1 and 2)"
    ),
    since=datetime.date(2022, 10, 3),
    dates=(
        "published on 6 April 2022, and in force 180 days later, in October 2022; the day is counted here, and some "
        "write 6 October"
    ),
    read=(
        "Decreto 11.034/2022, articles 1 to 4 and 5(I) to 5(III), as reprinted by legal databases (legisweb.com.br, "
        "legjur.com); its day in force and what follows article 5(III) from what others write"
    ),
    duties=(
        Duty(
            "art. 4, § 4",
            "who calls gets to a person first without giving any data before",
            TEXT,
            Decided(
                no_data.check,
                "while somebody is there, no call comes to a question for digits before a key that leads to people "
                "was offered, or people were called",
            ),
        ),
        Duty(
            "art. 5, I",
            "telephones are answered for at least eight hours a day, and by people",
            TEXT,
            Decided(
                people_can_be_had.check,
                "from every line, whoever calls while somebody is there can get to people; how many hours a day that "
                "is, is left to people",
            ),
        ),
        Duty(
            "art. 5, I, eight hours",
            "these are at least eight hours a day, on the days that the regulator says",
            TEXT,
            People("people are there as the plan says", "who was there when", (staffed,)),
        ),
        Duty(
            "art. 5, II",
            "the first menu has the options to complain and to cancel contracts and services",
            TEXT,
            People(
                "one key is for complaints and one for cancelling",
                "read the keys of the menu, which has no way of saying what a key is for but its label",
                (choices,),
            ),
        ),
        Duty(
            "art. 5, III",
            "the longest waits for a person, and for the right department, are those that the regulator of the sector "
            "sets",
            TEXT,
            People(
                "enough people are there to answer",
                "the wait of each call, against the regulator's number",
                (patience,),
            ),
        ),
        Duty(
            "art. 4, caput and § 1",
            "customers are served at every hour of every day, by at least one of the channels",
            TEXT,
            People("another channel serves them while the telephone does not", "the hours of each channel", (staffed,)),
        ),
        Duty(
            "art. 4, §§ 5 and 6",
            "no advertising while callers wait, unless they agreed; what tells them of rights, duties and other "
            "channels may be played",
            TEXT,
            People("music and prompts advertise nothing", "the recordings that are played to those who wait"),
        ),
        Duty(
            "art. 3",
            "customer service costs callers nothing",
            TEXT,
            People("the numbers of the lines are free", "the tariff of each number"),
        ),
        Duty(
            "calls that end early",
            "where a call ends before the matter is dealt with, the company calls back",
            SECONDARY,
            People("those who answer do so", "calls that ended early, and what became of each"),
        ),
    ),
    reviewed=datetime.date(2026, 11, 22),
    review=datetime.date(2027, 11, 22),
)
