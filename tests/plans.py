"""The example clinic and its site, built in Python: what `examples/clinic.dial` and `examples/warsaw.site` mean.

In: nothing. Out: a `Plan` and a `Site` that do not pass through the front end, for tests of what comes after it.
"""

import datetime

from dialc.numbers import Form
from dialc.plan import (
    Announcement,
    Answer,
    Branch,
    Choice,
    DatedException,
    Extension,
    HangUp,
    Hours,
    Line,
    Mailbox,
    Menu,
    Offers,
    Operator,
    Outside,
    Period,
    Plan,
    Play,
    Policy,
    PromisesWait,
    Prompt,
    Queue,
    Says,
    Span,
    Stage,
    StatesUsual,
    Step,
    Strategy,
)
from dialc.site import Box, Mailboxes, PhoneRange, Site, Trunk

_HOUR = 3600
_WEEKDAY = (Span(8 * _HOUR, 16 * _HOUR),)
_WEEKLY = (*(_WEEKDAY,) * 5, (Span(9 * _HOUR, 13 * _HOUR),), ())


def _date(month: int, day: int) -> datetime.date:
    return datetime.date(2026, month, day)


OFFICE = Hours(
    "office",
    "Europe/Warsaw",
    _WEEKLY,
    (
        DatedException(_date(11, 11), _date(11, 11), False, (), "Narodowe Święto Niepodległości"),
        DatedException(_date(12, 24), _date(12, 26), False, (), "Boże Narodzenie"),
        DatedException(_date(12, 31), _date(12, 31), False, (), "Sylwester"),
        DatedException(_date(12, 27), _date(12, 27), True, (Span(10 * _HOUR, 14 * _HOUR),), ""),
    ),
)


def _prompts() -> dict[str, Prompt]:
    prompts = (
        Prompt("welcome", "clinic/welcome", (("pl", "Dzień dobry, tu Przychodnia Zdrowie."),), 3),
        Prompt(
            "choices",
            "clinic/choices",
            (("pl", "Rejestracja: jeden. Wyniki: dwa. Recepcja: zero."),),
            9,
            offers=Offers(("1", "2", "0")),
        ),
        Prompt(
            "closed_now",
            "clinic/closed",
            (
                (
                    "pl",
                    "Teraz nie pracujemy. Zwykle pracujemy od poniedziałku do piątku od ósmej do szesnastej, "
                    "w soboty od dziewiątej do trzynastej.",
                ),
            ),
            8,
            says=Says(OFFICE, open=False),
            states_usual=StatesUsual(OFFICE, _WEEKLY),
        ),
        Prompt(
            "in_line",
            "clinic/in-line",
            (("pl", "Odbierzemy w ciągu pięciu minut. Zero: recepcja."),),
            5,
            offers=Offers(("0",)),
            promises_wait=PromisesWait(300),
        ),
        Prompt("connecting", "clinic/connecting", (("pl", "Łączę z recepcją."),), 2),
        Prompt("still_trying", "clinic/still-trying", (("pl", "Nadal próbujemy. Prosimy poczekać."),), 3),
        Prompt("leave_message", "clinic/leave-message", (("pl", "Prosimy zostawić wiadomość po sygnale."),), 4),
        Prompt(
            "sorry_leave",
            "clinic/sorry-leave",
            (("pl", "Przepraszamy, nikt nie może odebrać. Prosimy zostawić wiadomość po sygnale."),),
            6,
            apology=True,
        ),
        Prompt("thanks", "clinic/thanks", (("pl", "Dziękujemy, oddzwonimy. Do usłyszenia."),), 3, goodbye=True),
        Prompt(
            "apology",
            "clinic/apology",
            (("pl", "Przepraszamy, wiadomość nie została nagrana. Do usłyszenia."),),
            4,
            apology=True,
            goodbye=True,
        ),
    )
    return {prompt.name: prompt for prompt in prompts}


PROMPTS = _prompts()


def _queue(name: str, members: tuple[str, ...], strategy: Strategy, ring: int, patience: int) -> Queue:
    return Queue(
        name,
        (PROMPTS["in_line"],),
        tuple(Extension(member) for member in members),
        strategy,
        ring,
        Period(OFFICE, 600),
        announce=30,
        music="clinic",
        patience=patience,
        room=0,
        choices=(Choice("0", "", "reception"),),
        timeout="reception",
        empty="reception",
        full="reception",
        failure="reception",
    )


def _mailbox(name: str, closed: Hours | None, greeting: str) -> tuple[Step, ...]:
    thanks, over = f"{name}-2", f"{name}-3"
    return (
        Mailbox(
            name,
            "100",
            PROMPTS[greeting],
            closed,
            "reception",
            "1 working day",
            longest=180,
            left=thanks,
            nothing_left="sorry",
            failed="sorry",
        ),
        Play(thanks, PROMPTS["thanks"], over),
        HangUp(over),
    )


def _steps() -> dict[str, Step]:
    steps: tuple[Step, ...] = (
        Operator(
            "reception",
            (
                Announcement(PROMPTS["connecting"]),
                Stage((Extension("100"), Extension("101")), 15),
                Announcement(PROMPTS["still_trying"]),
                Stage((Extension("102"), Outside("+48601000200", confirm=True)), 15),
            ),
            Period(OFFICE, 900),
            Extension("110"),
            unstaffed="night",
            unanswered="sorry_message",
        ),
        Answer("start", "start-2"),
        Play("start-2", PROMPTS["welcome"], "start-3"),
        Branch("start-3", OFFICE, opened="main", closed="night"),
        Menu(
            "main",
            (PROMPTS["choices"],),
            (
                Choice("1", "registration", "registration"),
                Choice("2", "results", "results"),
                Choice("0", "reception", "reception"),
            ),
            wait=5,
            tries=3,
            silence="reception",
            invalid="reception",
        ),
        _queue("registration", ("201", "202", "203"), Strategy.LONGEST_IDLE, 12, 240),
        _queue("results", ("211", "212"), Strategy.RING_ALL, 15, 180),
        Play("night", PROMPTS["closed_now"], "message"),
        *_mailbox("message", OFFICE, "leave_message"),
        *_mailbox("sorry_message", None, "sorry_leave"),
        Play("sorry", PROMPTS["apology"], "sorry-2"),
        HangUp("sorry-2"),
    )
    return {step.name: step for step in steps}


CLINIC = Plan(
    name="clinic",
    title="Przychodnia Zdrowie",
    zone="Europe/Warsaw",
    language="pl",
    valid=(datetime.date(2026, 1, 1), datetime.date(2028, 12, 31)),
    policy=Policy(),
    lines=(Line("+48221234567", "start"),),
    hours={"office": OFFICE},
    prompts=PROMPTS,
    steps=_steps(),
    operator="reception",
)

WARSAW = Site(
    name="warsaw",
    target="asterisk",
    version=22,
    trunks=(
        Trunk(
            name="orange",
            delivers=(Form.PLUS, Form.E164, Form.INTERNATIONAL, Form.NATIONAL),
            country="PL",
            withheld="anonymous",
            dial="PJSIP/{number}@orange",
            send=Form.PLUS,
            show="+48221234567",
        ),
    ),
    phones=(PhoneRange(100, 299, dial="", state="PJSIP/{number}"),),
    outside="orange",
    mailboxes=Mailboxes("clinic", True, (Box("100", "4711", "Recepcja"),)),
    sounds="clinic-pl",
    music={"clinic": "default"},
    enter=("from-orange",),
)
