"""Spain: Ley 10/2025, on customer service. The articles below were read in the text of the Boletín Oficial del Estado.

The law asks that 95 % of calls, and of requests for a person, are answered on average in less than three minutes. That
is a mean over calls: a queue whose patience is longer breaks nothing by itself, so no number of a plan is held against
it, and the report shows what the plan lets happen.
"""

import datetime

from dialc.packs import ByRule, Decided, Duty, Pack, People, Strength
from dialc.packs.checks import p001_people_can_be_had as people_can_be_had
from dialc.packs.checks import p002_the_first_menu_offers_people as first_menu
from dialc.packs.checks import p003_no_hanging_up_after_a_wait as no_hanging_up
from dialc.packs.seen import choices, languages, patience, quickest

TEXT = Strength.TEXT

PACK = Pack(
    id="es-10-2025",
    title="Ley 10/2025, de 26 de diciembre, por la que se regulan los servicios de atención a la clientela",
    jurisdiction="Spain",
    scope=(
        "companies of any size that provide in Spain basic services of general interest (water, gas, electricity, "
        "passenger transport, post, electronic communications, finance; the last two first by the law of their own "
        "sector), and companies or groups that sell to consumers in Spain and had, in the year before, at least 250 "
        "people at work, a turnover of more than 50 million euro, or a balance of more than 43 million euro (article "
        "2)"
    ),
    since=datetime.date(2025, 12, 28),
    adapt=datetime.date(2026, 12, 28),
    dates=(
        "in force since the day after its publication on 27 December 2025; companies have twelve months from then to "
        "adapt (transitional provision). An appeal before the Constitutional Court against parts of it was announced "
        "in 2026 (BOE-A-2026-8697)"
    ),
    read="BOE-A-2025-26698, articles 2 to 13 and 17 to 22, read in a copy of the official consolidated text",
    duties=(
        Duty(
            "art. 8(1)",
            "answering machines are not the only way in which customers are served",
            TEXT,
            Decided(
                people_can_be_had.check, "from every line, whoever calls while somebody is there can get to people"
            ),
        ),
        Duty(
            "art. 8(2)",
            "personal attention can be asked for among the options of the main menu",
            TEXT,
            Decided(
                first_menu.check,
                "the first menu of every call, the choice of a language aside, has a key that leads to people without "
                "another question; so has a bot that asks first",
            ),
        ),
        Duty(
            "art. 8(2), at any moment",
            "where machines or bots answer, personal attention can be asked for at any moment, from the start",
            TEXT,
            ByRule("C15", "key 0 leads to an operator at once from every menu and every queue"),
        ),
        Duty(
            "art. 8(2), bots",
            "a bot can be left for personal attention at any moment",
            TEXT,
            ByRule(
                "C08",
                "every bot has a key that leaves it at any second, and it leads to people before any other question",
            ),
        ),
        Duty(
            "art. 8(3)",
            "who is not content with the operator can have the call handed to a supervisor, during the same call",
            TEXT,
            ByRule("C21", "every operator has a supervisor, to whom its phones can hand a call up", warnings=True),
        ),
        Duty(
            "art. 8(4)",
            "no call is cut off because the wait is long",
            TEXT,
            Decided(
                no_hanging_up.check,
                "no caller whose patience in a queue ran out is hung up on without having been able to leave a "
                "message or to book a call-back",
            ),
        ),
        Duty(
            "art. 8(2), three minutes",
            "95 % of requests for personal attention are answered, on average, in less than three minutes from the "
            "request",
            TEXT,
            People(
                "enough people are there to answer",
                "the time from the key that asks for a person to the answer, for each call: the share under 180 s, "
                "and the mean of the quickest 95 %",
                (patience,),
            ),
        ),
        Duty(
            "art. 10(3)",
            "95 % of calls are answered effectively, on average, in less than three minutes; an answer that lets "
            "nobody say what they call for and ask for an operator is none",
            TEXT,
            People(
                "enough people are there to answer",
                "the time from the beginning of each call to the answer: the share under 180 s, and the mean",
                (quickest, patience),
            ),
        ),
        Duty(
            "art. 8(2), identification",
            "the person who answers says who they are as the conversation begins",
            TEXT,
            People("those who answer do so", "listen to a sample of calls"),
        ),
        Duty(
            "art. 8(3), three minutes",
            "where the supervisor cannot be had within three minutes, the company calls back on the same working day",
            TEXT,
            People("the supervisor answers, or somebody calls back", "calls handed up, and what became of each"),
        ),
        Duty(
            "art. 8(6)",
            "customers in places with several official languages are served in the one that they ask for",
            TEXT,
            People("those who answer speak them", "requests by language, and how they were served", (languages,)),
        ),
        Duty(
            "art. 10(1) and 10(4)",
            "a call costs no more than one to a standard line, and none is handed on from a free number to one that "
            "costs",
            TEXT,
            People(
                "the numbers of the lines cost what they may; callers are never told to dial a costlier one (what a "
                "plan hands on is called by the company, at its own cost)",
                "the tariff of each number, and what prompts say",
            ),
        ),
        Duty(
            "art. 10(6)",
            "older people and people with a disability are served first",
            TEXT,
            People(
                "there is a line, a key or a list of callers for them, and somebody who answers it first",
                "waiting times of these callers beside those of all others",
                (choices,),
            ),
        ),
        Duty(
            "art. 5(5)",
            "callers can choose to hear how the service works, with other channels for people who cannot hear or speak",
            TEXT,
            People("a prompt says so, and the other channels exist", "the prompts as recorded", (choices,)),
        ),
    ),
    reviewed=datetime.date(2026, 11, 22),
    review=datetime.date(2027, 1, 15),
)
