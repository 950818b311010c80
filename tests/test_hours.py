"""Hours with zones, holidays, calendars and switches: from text to instants, and what is said of mistakes."""

import contextlib
import datetime
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dialc
from dialc import call
from dialc.beside import Beside, Missing, alone
from dialc.calendar import Calendar, day, every_position, named_dates, ruling
from dialc.call import Turned, is_open
from dialc.cli import script
from dialc.cli.terminal import Misuse
from dialc.findings import Finding, Severity
from dialc.mistakes import PLAN
from dialc.parse import parse
from dialc.plan import (
    ByException,
    BySwitch,
    Combination,
    Condition,
    Hours,
    Join,
    Period,
    Plan,
    Position,
    Span,
    Switch,
    Verified,
)
from dialc.resolve import calendars, holidays, resolve
from dialc.source import Source
from tests import strategies
from tests.plans import block
from tests.test_cli import Run, run

__all__ = ["run"]

HOUR = 3600


def found(text: str, beside: Beside = alone) -> tuple[Plan | None, Sequence[Finding]]:
    """The plan that `mistakes.PLAN` and further blocks make, and what is found in it."""
    file, findings = parse(Source("office.dial", f"{PLAN}\n{text}"))
    assert findings == ()
    return resolve(file, beside)


def plan_of(text: str, beside: Beside = alone) -> Plan:
    plan, findings = found(text, beside)
    assert [finding for finding in findings if finding.severity is Severity.ERROR] == []
    assert plan is not None
    return plan


def hours_of(lines: str, beside: Beside = alone) -> Hours:
    return block(plan_of(f"hours h {{ {lines} }}", beside), "h")


def told(text: str, beside: Beside = alone) -> list[tuple[str, str, str]]:
    """Code, what the caret is under, and help of each finding but what is unused."""
    return [
        (f.code, f.place.source.text[f.place.start : f.place.end], f.help)
        for f in found(text, beside)[1]
        if f.code != "D220"
    ]


# Zones and holidays


def test_a_block_has_a_clock_of_its_own() -> None:
    assert (hours_of("mon 08:00-09:00").zone, hours_of("zone Asia/Tokyo  mon 08:00-09:00").zone) == (
        "Europe/Warsaw",
        "Asia/Tokyo",
    )
    assert told("hours h { zone Vilnius }") == [("D211", "Vilnius", "did you mean `Europe/Vilnius`?")]


def test_holidays_are_dates_within_the_validity(monkeypatch: pytest.MonkeyPatch) -> None:
    office = hours_of("mon-sun 08:00-16:00  closed holidays PL")
    dates = [e.first for e in office.exceptions]
    assert dates == sorted(set(dates))
    assert {date(2026, 1, 1), date(2027, 3, 29), date(2028, 6, 15)} <= set(dates)  # two move with Easter
    assert {d.year for d in dates} == {2026, 2027, 2028}
    assert all(e.holiday and not e.opens and not e.spans for e in office.exceptions)
    assert "Nowy Rok" in office.exceptions[0].names
    for name in ("LANGUAGE", "LANG", "LC_ALL"):
        monkeypatch.setenv(name, "uk_UA.UTF-8")
    assert hours_of("mon-sun 08:00-16:00  closed holidays PL") == office


def test_holidays_have_the_name_they_are_given_beside_their_own() -> None:
    (first, *_) = hours_of('mon 08:00-09:00  closed holidays LT "Šventė"').exceptions
    assert first.names == ("Šventė", "Naujųjų metų diena")


def test_parts_of_a_country_have_holidays_of_their_own() -> None:
    epiphany = date(2026, 1, 6)
    assert epiphany in {e.first for e in hours_of("mon 08:00-09:00  closed holidays DE-BY").exceptions}
    assert epiphany not in {e.first for e in hours_of("mon 08:00-09:00  closed holidays DE").exceptions}


@pytest.mark.parametrize(
    ("region", "help"),
    [
        ("UK", "did you mean `GB`?"),
        ("QQ", "write its code, as in `PL`"),
        ("DE-BYY", "did you mean `DE-BY`?"),
        ("DE-Bayern", "did you mean `DE-BY`?"),
        ("DE-Foo", "write `DE`, or `DE-BB`, `DE-BE`, `DE-BW` and so on"),
        ("LT-VL", "write `LT`: they are the same all over the country"),
    ],
)
def test_regions_that_nobody_knows(region: str, help: str) -> None:
    assert told(f"hours h {{ mon 08:00-09:00  closed holidays {region} }}") == [("D240", region, help)]


def test_the_end_of_the_table_is_no_silence() -> None:
    plan = PLAN.replace("2026-01-01 to 2028-12-31", "2096-01-01 to 2104-12-31").replace("2026-12", "2096-12")
    file, _ = parse(Source("office.dial", f"{plan}\nhours h {{ mon 08:00-09:00  closed holidays PL }}"))
    (finding,) = [f for f in resolve(file)[1] if f.code not in ("D210", "D220")]
    assert (finding.code, finding.message) == ("D241", "the holidays of PL in 2101 are not known yet")
    assert finding.help == "let the plan be valid to 2100-12-31, or write the later holidays out"
    assert holidays.table("PL", date(2026, 1, 1), date(2100, 12, 31)).beyond is None


def test_holidays_that_follow_the_moon_are_counted() -> None:
    table = holidays.table("TR", date(2026, 1, 1), date(2040, 12, 31))
    assert table.estimated > 0
    assert not any("tahmini" in name for holiday in table.holidays for name in holiday.names)


# Ranks


def test_a_date_beats_a_range_beats_a_holiday_beats_the_week() -> None:
    office = hours_of(
        "mon-fri 08:00-16:00  closed holidays PL  open 2026-11-09 to 2026-11-12 10:00-12:00 "
        'closed 2026-11-12 11:00-24:00 "half"  open 2026-12-25 09:00-10:00'
    )
    assert day(office, date(2026, 11, 6)) == (Span(8 * HOUR, 16 * HOUR),)
    assert day(office, date(2026, 11, 11)) == (Span(10 * HOUR, 12 * HOUR),)  # Independence Day, in the range
    assert day(office, date(2026, 11, 12)) == (Span(10 * HOUR, 11 * HOUR),)
    assert day(office, date(2026, 12, 25)) == (Span(9 * HOUR, 10 * HOUR),)
    assert day(office, date(2027, 11, 11)) == ()
    assert [e.reason for e in ruling(office, date(2026, 11, 12))] == ["half", ""]
    assert named_dates(office, "half") == (date(2026, 11, 12),)
    assert date(2026, 11, 11) not in named_dates(office, "Narodowe Święto Niepodległości")
    assert date(2027, 11, 11) in named_dates(office, "Narodowe Święto Niepodległości")


def test_holidays_contradict_each_other_only_where_one_opens() -> None:
    line = "open holidays PL 10:00-12:00"
    assert told(f"hours h {{ mon 08:00-09:00  closed holidays PL  {line} }}") == [("D209", line, "")]
    assert told("hours h { mon 08:00-09:00  closed holidays PL  closed holidays LT }") == []


@pytest.mark.parametrize(
    ("lines", "redundant"),
    [
        (("closed holidays PL", "closed holidays PL"), [1]),
        (("closed holidays DE-BY", "closed holidays DE-BY", "closed holidays DE-BY"), [1, 2]),
        (("open holidays PL 10:00-12:00", "open holidays PL 10:00-12:00"), [1]),
        (('closed holidays PL "one"', 'closed holidays PL "two"'), [1]),
        (("closed holidays DE", "closed holidays DE-BY"), [0]),  # which has them all, and more
        (("closed holidays DE-BY", "closed holidays DE"), [1]),
        (("closed holidays PL 10:00-11:00", "closed holidays PL"), [0]),
        (("closed holidays PL 10:00-11:00", "closed holidays PL 12:00-13:00"), []),
        (("closed holidays DE-BY", "closed holidays DE-BE"), []),
        (("closed holidays PL", "closed holidays LT"), []),
        (("closed holidays PL",), []),
    ],
)
def test_holidays_that_are_there_twice_are_redundant(lines: tuple[str, ...], redundant: list[int]) -> None:
    _, findings = found("\n".join(("hours h {", "mon-sun 08:00-16:00", *lines, "}", "")))
    first = len(PLAN.splitlines()) + 4
    twice = [finding for finding in findings if finding.code != "D220"]
    assert [(f.code, f.severity, f.place.line - first) for f in twice] == [
        ("D210", Severity.WARNING, number) for number in redundant
    ]
    for finding in twice:
        (note,) = finding.notes
        assert note.place.line != finding.place.line
        assert note.place.line - first in range(len(lines))


def test_a_calendar_that_is_there_twice_is_redundant() -> None:
    line, data = 'closed from "days.ics"', beside(calendar(TRAINING, MOVING))
    assert told(f"hours h {{ mon-sun 08:00-16:00  {line}  {line} }}", data) == [("D210", line, "")]
    assert told(f"hours h {{ mon-sun 08:00-16:00  closed holidays PL  {line} }}", data) == []


def test_holidays_that_are_there_twice_stay_where_their_names_are_asked_for() -> None:
    hours = 'hours h { mon-sun 08:00-16:00  closed holidays PL "one"  closed holidays PL "two" }'
    ask = 'route ask {{ when h closed "{}" -> night  otherwise -> sorry }}'
    assert told(f"{hours}\n{ask.format('one')}") == [("D210", 'closed holidays PL "two"', "")]
    assert told(f"{hours}\n{ask.format('two')}") == [("D210", 'closed holidays PL "one"', "")]
    assert told(f"{hours}\n{ask.format('one')}\n{ask.format('two').replace('ask', 'other', 1)}") == []


def test_what_a_holiday_settles_already_is_redundant_unless_it_is_asked_for() -> None:
    line = 'closed 2026-12-25 "Christmas"'
    hours = f"hours h {{ mon-sun 08:00-16:00  closed holidays PL  {line} }}"
    assert told(hours) == [("D210", line, "")]
    assert told(f'{hours}\nroute ask {{ when h closed "Christmas" -> night  otherwise -> sorry }}') == []


# Calendars


def calendar(*events: str) -> bytes:
    rows = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//tests//EN"]
    for number, event in enumerate(events):
        rows += ["BEGIN:VEVENT", f"UID:{number}", "DTSTAMP:20260101T000000Z", *event.split(), "END:VEVENT"]
    return ("\r\n".join([*rows, "END:VCALENDAR"]) + "\r\n").encode()


TRAINING = """SUMMARY:Training DTSTART;TZID=Europe/Vilnius:20260302T130000 DTEND;TZID=Europe/Vilnius:20260302T150000
RRULE:FREQ=WEEKLY;COUNT=3 EXDATE;TZID=Europe/Vilnius:20260309T130000"""
MOVING = "SUMMARY:Moving DTSTART;VALUE=DATE:20260701 DTEND;VALUE=DATE:20260704"
NIGHT_SHIFT = "SUMMARY:Shift DTSTART:20260602T200000Z DTEND:20260604T060000Z"
ODD = [
    "SUMMARY:Off DTSTART;VALUE=DATE:20260801 STATUS:CANCELLED",
    "SUMMARY:Reminder DTSTART:20260801T100000Z",
    "SUMMARY:Floating DTSTART:20260802T100000 DURATION:PT1H",
    "SUMMARY:Before DTSTART;VALUE=DATE:20251230 DTEND;VALUE=DATE:20260102",
]


def beside(data: bytes) -> Beside:
    return lambda name: data if name == "days.ics" else Missing("is not there")


def test_events_are_exceptions() -> None:
    office = hours_of('mon 08:00-09:00  closed from "days.ics"', beside(calendar(TRAINING, MOVING, NIGHT_SHIFT, *ODD)))
    closed = [(e.first, e.last, e.spans, e.reason) for e in office.exceptions]
    assert closed == [
        (date(2026, 1, 1), date(2026, 1, 1), (), "Before"),
        (date(2026, 3, 2), date(2026, 3, 2), (Span(12 * HOUR, 14 * HOUR),), "Training"),
        (date(2026, 3, 16), date(2026, 3, 16), (Span(12 * HOUR, 14 * HOUR),), "Training"),
        (date(2026, 6, 2), date(2026, 6, 2), (Span(22 * HOUR, 24 * HOUR),), "Shift"),
        (date(2026, 6, 3), date(2026, 6, 3), (), "Shift"),
        (date(2026, 6, 4), date(2026, 6, 4), (Span(0, 8 * HOUR),), "Shift"),
        (date(2026, 7, 1), date(2026, 7, 3), (), "Moving"),
        (date(2026, 8, 2), date(2026, 8, 2), (Span(10 * HOUR, 11 * HOUR),), "Floating"),
    ]
    assert all(e.holiday and not e.opens for e in office.exceptions)
    elsewhere = hours_of('zone UTC  mon 08:00-09:00  closed from "days.ics"', beside(calendar(TRAINING)))
    assert [e.spans for e in elsewhere.exceptions] == [(Span(11 * HOUR, 13 * HOUR),)] * 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "this is no calendar: Found no components"),
        (b"hello", "this is no calendar: Content line could not be parsed"),
        (b"\x00\xff\xfe", "this is no calendar:"),
        (b"x" * 1_000_001, "a calendar of more than 1000000 bytes"),
        (calendar("SUMMARY:A"), "the event `A` of this calendar has no beginning"),
        (calendar("SUMMARY:A DTSTART:soon"), "the event `A` cannot be read: Expected datetime"),
        (calendar("SUMMARY:A DTSTART;TZID=Mars/N:20260101T100000"), "this calendar names a time zone `Mars/N`"),
        (calendar("SUMMARY:A DTSTART:20260101T100000Z RRULE:FREQ=HOURLY"), "the event `A` of this calendar recurs"),
        (calendar("SUMMARY:A DTSTART:20260101T100000Z RRULE:FREQ=OFTEN"), "the event `A` cannot be read: Expected"),
        (calendar("DTSTART;VALUE=DATE:20260101 RRULE:FREQ=DAILY"), "more than 1000 events of this calendar fall"),
        (calendar(*["DTSTART;VALUE=DATE:20260101"] * 1001), "a calendar of more than 1000 events"),
        (calendar(*["DTSTART;VALUE=DATE:20260101 RRULE:FREQ=YEARLY"] * 201), "more than 200 events of this calendar"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_calendar_is_one_finding(data: bytes, reason: str) -> None:
    (finding,) = [f for f in found('hours h { closed from "days.ics" }', beside(data))[1] if f.code != "D220"]
    assert finding.code == "D242"
    assert finding.message.startswith(reason)
    assert len(finding.message) <= 72


def test_a_calendar_that_is_not_there_hides_the_names_of_its_events() -> None:
    text = 'hours h { closed from "../days.ics" }\nroute ask { when h closed "Moving" -> night  otherwise -> sorry }'
    assert [code for code, _, _ in told(text)] == ["D242"]


def test_without_the_libraries_a_calendar_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(calendars.NotInstalled):
        calendars.events(calendar(), "UTC", date(2026, 1, 1), date(2026, 1, 2))
    assert told('hours h { closed from "days.ics" }', beside(calendar())) == [
        ("D242", '"days.ics"', "install them, as in `pip install dialc[ical]`")
    ]


@given(st.binary(max_size=200) | st.text("BEGINVCALDRTSUMY:;=\r\n0123456789TZ", max_size=300).map(str.encode))
@settings(deadline=None, max_examples=200)
def test_no_bytes_of_a_calendar_lead_to_more_than_a_finding(data: bytes) -> None:
    with contextlib.suppress(calendars.BadCalendar):
        calendars.events(data, "UTC", date(2026, 1, 1), date(2026, 12, 31))


# Exceptions by name, combinations


def test_a_route_asks_for_an_exception() -> None:
    plan = plan_of('route ask { when opening closed "Christmas" -> night  otherwise -> sorry }')
    ask = plan.steps["ask"]
    assert ask == ByException("ask", block(plan, "opening"), False, "Christmas", "night", "sorry")
    assert [(exit.label, exit.to) for exit in ask.exits()] == [("closed", "night"), ("otherwise", "sorry")]


def test_names_that_no_exception_has() -> None:
    def ask(name: str) -> list[tuple[str, str, str]]:
        return told(
            "hours h { mon-sun 08:00-16:00  closed holidays PL  open 2026-11-11 09:00-10:00 "
            "open 2027-11-11 09:00-10:00  open 2028-11-11 09:00-10:00 }\n"
            'route ask { when h closed "' + name + '" -> night  otherwise -> sorry }'
        )

    assert ask("Nowy Rok") == []
    assert ask("nowy rok") == [("D243", '"nowy rok"', 'did you mean `"Nowy Rok"`?')]
    assert ask("Trzech Króli") == [("D243", '"Trzech Króli"', 'did you mean `"Święto Trzech Króli"`?')]
    assert ask("Thanksgiving") == [("D243", '"Thanksgiving"', "")]
    assert ask("Narodowe Święto Niepodległości") == [("D243", '"Narodowe Święto Niepodległości"', "")]


A, B, C = (Hours(name, "UTC", ((Span(0, hour * HOUR),),) * 7) for name, hour in (("a", 8), ("b", 12), ("c", 4)))


def test_hours_are_made_of_others() -> None:
    plan = plan_of(
        "hours a { mon 01:00-02:00 }  hours b { zone Asia/Tokyo  mon 03:00-04:00 }\n"
        "hours twice = once and b\nhours once = a or b but not opening\n"
        "route ask { when twice open -> night  when once open -> sorry  otherwise -> night }"
    )
    a, b, opening = (block(plan, name) for name in ("a", "b", "opening"))
    once = (a, b, Join.OR, opening, Join.BUT_NOT)
    assert plan.hours["once"] == Combination("once", once)
    assert plan.hours["twice"] == Combination("twice", (*once, b, Join.AND))


def test_combinations_that_lead_nowhere() -> None:
    assert [(c, u) for c, u, _ in told("hours s = opening or s")] == [("D244", "s")]
    assert [(c, u) for c, u, _ in told("hours s = t\nhours t = opening or s")] == [("D244", "s")]
    deep = "hours s0 = opening or opening\n" + "".join(f"hours s{n} = s{n - 1} or s{n - 1}\n" for n in range(1, 200))
    assert {code for code, _, _ in told(deep)} == {"D244"}
    many = "".join(f"switch w{n} {{ code *{n}  starts auto }}\nhours h{n} {{ switch w{n} }}\n" for n in range(5))
    assert [(c, u) for c, u, _ in told(f"{many}hours s = {' or '.join(f'h{n}' for n in range(5))}")] == [("D244", "s")]
    assert [(c, u) for c, u, _ in told("hours s = welcome")] == [("D203", "welcome")]


NIGHT, OTHER = (Switch(name, code, Position.AUTO) for name, code in (("night", "*28"), ("other", "*29")))


@given(
    st.lists(st.sampled_from(Join), min_size=2, max_size=2),
    st.permutations((A, B, C)),
    st.lists(st.sampled_from((None, NIGHT, OTHER)), min_size=3, max_size=3),
    st.sampled_from((0, 90)),
    st.integers(0, 24),
    st.integers(-2, 2),
)
@settings(deadline=None)
def test_the_calendar_knows_what_the_walker_reads(
    joins: list[Join], hours: list[Hours], switches: list[Switch | None], plus: int, hour: int, offset: int
) -> None:
    one, two, three = (attrs.evolve(h, switch=s) for h, s in zip(hours, switches, strict=True))
    period = Period(Combination("made", (one, two, joins[0], three, joins[1])), plus)
    first = date(2026, 3, 2)
    known = Calendar("UTC", first, first)
    instant = known.start + hour * HOUR + offset
    read = {is_open(period, instant, positions) for positions in every_position(period.hours.switches)}
    for way in (True, False):
        assert (instant in known.when(Condition(period, open=way))) is (way in read)


@given(strategies.hours(), st.integers(-80000, 180000))
@settings(deadline=None)
def test_an_exception_has_a_say_from_midnight_to_midnight(hours: Hours, offset: int) -> None:
    named = attrs.evolve(
        hours, exceptions=tuple(attrs.evolve(e, reason=str(n % 2)) for n, e in enumerate(hours.exceptions))
    )
    known = Calendar(hours.zone, strategies.DAY, strategies.DAY + datetime.timedelta(days=1))
    instant = known.start + offset
    for way in (True, False):
        held = instant in known.when(Condition(Period(named), way, "1"))
        clock = datetime.datetime.fromtimestamp(instant, ZoneInfo(hours.zone)).date()
        assert held is (is_open(Period(named), instant) is way and clock in named_dates(named, "1"))
        assert held is not (instant in known.when(Condition(Period(named), way, "1", holds=False)))


# Switches


SWITCHED = PLAN.replace("  mon-fri 08:00-16:00\n", "  mon-fri 08:00-16:00\n  switch day_night\n") + (
    "switch day_night { code *28  starts auto  back to auto at 06:00 }\n"
)
ON_OFF = "switch outage { code *29  starts off }\n"


def test_switches_are_night_switches_or_on_or_off() -> None:
    plan = plan_of(ON_OFF + "route ask { when switch outage off -> night  otherwise -> sorry }")
    outage = Switch("outage", "*29", Position.OFF, "Europe/Warsaw")
    assert plan.switches == {"outage": outage}
    assert plan.steps["ask"] == BySwitch("ask", outage, "sorry", "night")
    assert outage.positions == (Position.OFF, Position.ON)
    resolved, _ = resolve(parse(Source("office.dial", SWITCHED))[0])
    assert resolved is not None
    night = Switch("day_night", "*28", Position.AUTO, "Europe/Warsaw", 6 * HOUR)
    assert block(resolved, "opening").switch == night
    assert night.positions == (Position.AUTO, Position.CLOSED, Position.OPEN)


@pytest.mark.parametrize(
    ("text", "code", "under"),
    [
        ("switch s { starts auto }", "D215", "s"),
        ("switch s { code *28 }", "D215", "s"),
        ("switch s { code *28  starts off  back to auto at 06:00 }", "D245", "06:00"),
        ("switch s { code *28  starts auto  back to auto at 24:00 }", "D206", "24:00"),
        ("switch s { code *28  starts off }  hours h { switch s }", "D245", "s"),
        ("switch s { code *28  starts auto }  route r { when switch s on -> night  otherwise -> sorry }", "D245", "on"),
        ("switch s { code *28  starts auto }  switch t { code *28  starts off }", "D246", "*28"),
        ("route r { when switch opening on -> night  otherwise -> sorry }", "D203", "opening"),
        ("switch s { code *28  starts auto }  route r { when s open -> night  otherwise -> sorry }", "D203", "s"),
        ("switch s { code *28  code *29  starts auto }", "D216", "code"),
    ],
)
def test_switches_that_cannot_be_turned(text: str, code: str, under: str) -> None:
    assert [(c, u) for c, u, _ in told(text)] == [(code, under)]


def test_a_switch_that_nothing_reads_is_a_warning() -> None:
    ((code, message),) = [(f.code, f.message) for f in found(ON_OFF)[1]]
    assert (code, message) == ("D220", "nothing depends on the switch `outage`")


WARSAW = ZoneInfo("Europe/Warsaw")


def position(turned: str, read: str, position: Position = Position.CLOSED) -> Position:
    """Where a switch that goes back at six stands that was turned at one time of November 2026, and is read at another.

    Times are `day hh:mm`.
    """
    switch = Switch("s", "*28", Position.AUTO, "Europe/Warsaw", 6 * HOUR)
    begun, now = (
        int(datetime.datetime.strptime(f"2026-11-{t}", "%Y-%m-%d %H:%M").replace(tzinfo=WARSAW).timestamp())
        for t in (turned, read)
    )
    reading = call.Reading(now, now - begun, 0)
    return call.as_turned([Turned("s", position)])(switch, reading)


def test_a_switch_goes_back_at_its_time_of_day() -> None:
    assert position("23 18:00", "24 05:59") is Position.CLOSED
    assert position("23 18:00", "24 06:00") is Position.AUTO
    assert position("24 05:59", "24 06:00") is Position.AUTO
    assert position("24 06:00", "24 06:00") is Position.CLOSED
    assert position("23 00:10", "23 05:59") is Position.CLOSED
    assert position("22 05:00", "22 23:00") is Position.AUTO
    assert position("23 18:00", "26 05:59") is Position.AUTO


OFFICE = """
plan office "Office"
timezone Europe/Warsaw  language en
valid 2026-01-01 to 2028-12-31
line "+48 22 123 45 67" -> start
switch day_night { code *28  starts auto }
hours office { mon-fri 09:00-17:00  closed holidays PL  switch day_night }
hours always { mon-sun 00:00-24:00 }
hours anybody = office and always
route start { answer  when office open -> reception  otherwise -> night }
route night { play closed_now -> message }
mailbox message { box 100  while closed office  greeting leave_message  then thanks
  read by reception within 1 working day  nothing-left -> sorry  failed -> sorry }
operator reception { ring 100, 101 for 20s  staffed office plus 15m  supervisor 110
  unstaffed -> night  unanswered -> sorry }
route sorry { play apology  hang-up }
prompt closed_now    { file office/closed   en "We are closed now."  lasts 2s  says closed office }
prompt leave_message { file office/message  en "Please leave a message."  lasts 3s }
prompt thanks        { file office/thanks   en "Thank you. Goodbye."  lasts 3s  goodbye }
prompt apology       { file office/apology  en "We are sorry. Goodbye."  lasts 4s  apology }
"""


def test_plans_with_switches_are_proved_for_every_position() -> None:
    verdict = dialc.judge(Source("office.dial", OFFICE)).verdict
    assert isinstance(verdict, Verified)
    assert any("the holidays of PL are those that the library holidays" in line for line in verdict.assumptions)
    for unread in (
        OFFICE.replace("when office open -> reception  otherwise -> night", "-> night"),
        OFFICE.replace("when office open -> reception", "when anybody open -> reception"),
    ):
        judged = dialc.judge(Source("office.dial", unread))
        broken = [f.message for f in judged.findings if f.code == "C07"]
        assert broken == ["a caller can get voicemail `message` while a switch keeps `office` open"]


def test_a_call_reads_switches_as_they_are_turned_meanwhile() -> None:
    plan, _ = resolve(parse(Source("office.dial", SWITCHED))[0])
    assert plan is not None
    at = datetime.datetime(2026, 11, 23, 9, tzinfo=WARSAW)
    number = plan.lines[0].number

    def way(*turned: Turned) -> str:
        events = call.walk(plan, call.Call(number, at, turned=turned))
        return next(e.outcome for e in events if isinstance(e, call.Left) and e.step == "start-3")

    assert way() == "open"
    assert way(Turned("day_night", Position.CLOSED)) == "closed"
    assert way(Turned("day_night", Position.CLOSED), Turned("day_night", Position.AUTO, 2)) == "open"
    assert way(Turned("day_night", Position.CLOSED, 3)) == "open"
    assert way(Turned("day_night", Position.CLOSED, 2, steps=2)) == "closed"


# Simulated


def test_switches_are_turned_on_the_command_line() -> None:
    plan, _ = resolve(parse(Source("office.dial", SWITCHED + ON_OFF))[0])
    assert plan is not None
    assert script.switches(plan, ["outage=on", "day_night=closed@30", "day_night=open"]) == (
        Turned("outage", Position.ON),
        Turned("day_night", Position.OPEN),
        Turned("day_night", Position.CLOSED, 30),
    )
    for word, complaint in (
        ("outage", "`outage` turns no switch; write it as in `--switch outage=on`"),
        ("outag=on", "the plan has no switch `outag`; did you mean `outage`?"),
        ("flood=on", "the plan has no switch `flood`; there are day_night, outage"),
        ("outage=open", "`outage` stands at off, on, and not at `open`"),
    ):
        with pytest.raises(Misuse, match=f"^{re.escape(complaint)}$"):
            script.switches(plan, [word])


def test_a_call_is_simulated_with_switches(run: Run) -> None:
    Path("switched.dial").write_text(SWITCHED, encoding="utf-8")
    for switch, way in (("auto", "open -> main"), ("closed", "closed -> night")):
        done = run("simulate", "switched.dial", "--at", "2026-11-23 09:15", f"--switch=day_night={switch}", "hang-up@3")
        assert f"start: opening {way}" in done.out
