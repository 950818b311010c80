"""Hours on a real Asterisk: zones, holidays, calendars, combinations, clocks that change, and switches that staff turn.

Each call asks everything at once: a route that takes both ways to the next question tells, by its journey, what it
found. It is compared with the walker's, at both sides of every instant at which something turns.
"""

import asyncio
import datetime
import functools
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

import attrs
import pytest

import dialc
from dialc import call
from dialc.beside import Missing
from dialc.call import Happens, Turned
from dialc.live.ami import Refused
from dialc.live.asterisk import Asterisk, Install
from dialc.live.caller import Driver
from dialc.plan import Outcome, Plan, Position
from dialc.source import Source
from dialc.verify import Refused as NotProved

CALENDAR = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tests//tests//EN
BEGIN:VEVENT
UID:training
DTSTAMP:20260101T000000Z
SUMMARY:Training
DTSTART;TZID=Europe/Vilnius:20260302T130000
DTEND;TZID=Europe/Vilnius:20260302T150000
RRULE:FREQ=WEEKLY;COUNT=3
EXDATE;TZID=Europe/Vilnius:20260309T130000
END:VEVENT
BEGIN:VEVENT
UID:moving
DTSTAMP:20260101T000000Z
SUMMARY:Moving
DTSTART;VALUE=DATE:20260701
DTEND;VALUE=DATE:20260703
END:VEVENT
END:VCALENDAR
"""

PLAN = """
plan hours "Hours"
timezone Europe/Warsaw
language en
valid 2026-01-01 to 2027-12-31
line "+48 22 123 45 67" -> start

hours night   { mon-sun 01:30-03:30 }
hours york    { zone America/New_York  mon-sun 01:30-02:30 }
hours office  { mon-fri 08:00-16:00  closed holidays PL  closed from "days.ics"
                closed 2026-12-24 12:00-24:00 "Eve"  open 2026-12-26 10:00-12:00 "Sale"  switch day_night }
hours hotline { zone Europe/Vilnius  mon-sun 09:00-20:00  closed holidays LT "holiday" }
hours meeting { mon 12:00-13:00 }
hours service = office or hotline but not meeting
hours both    = hotline and office

switch day_night { code *28  starts auto  back to auto at 06:00 }
switch outage    { code *29  starts off }

route start   { answer  when night open -> q2  otherwise -> q2 }
route q2      { when york open          -> q3  otherwise -> q3 }
route q3      { when office closed "Eve" -> q4  otherwise -> q4 }
route q4      { when office open "Sale" -> q5  otherwise -> q5 }
route q5      { when office closed "Training" -> q6  otherwise -> q6 }
route q6      { when office open        -> q7  otherwise -> q7 }
route q7      { when service open       -> q8  otherwise -> q8 }
route q8      { when both open          -> q9  otherwise -> q9 }
route q9      { when hotline closed "holiday" -> q10  otherwise -> q10 }
route q10     { when switch outage on   -> desk  otherwise -> desk }
operator desk { ring 100 for 5s  staffed york plus 15m  unstaffed -> end  unanswered -> end }
operator last default { ring 100 for 5s  staffed both plus 15m  unstaffed -> over  unanswered -> over }
route end     { -> last }
route over    { hang-up }
"""

SITE = """
site test for asterisk 22 {
  trunk t { delivers plus  country PL }
  phones 100-199 dial "Local/{number}@phones"
  mailboxes context default existing
  enter from-t
  codes internal from-phones
}
"""

NUMBER = "+48221234567"
STAFF = "from-phones"
EXTENSIONS = """[general]
static = yes

#include "dialc-hours.extensions.conf"

[phones]
exten => _X.,1,Hangup(17)
"""


def days(name: str) -> bytes | Missing:
    return CALENDAR if name == "days.ics" else Missing("is not there")


@functools.cache
def plan() -> Plan:
    """The plan; not proved, since it hangs up on everybody."""
    verdict = dialc.judge(Source("hours.dial", PLAN), days).verdict
    assert isinstance(verdict, NotProved)
    return verdict.plan


@functools.cache
def files() -> Mapping[str, str]:
    """What is emitted."""
    site, findings = dialc.read_site(Source("test.site", SITE))
    assert not findings
    compiled = dialc.compile(Source("hours.dial", PLAN), site, unproved=True, beside=days)
    assert compiled.files
    return compiled.files


def pbx(install: Install, start: datetime.datetime) -> Asterisk:
    return Asterisk(
        install,
        extensions=EXTENSIONS,
        files=files(),
        record={"journey": "${CDR(journey)}"},
        start=start,
        movable=True,
    )


Points = tuple[str, ...]
"""The points of a journey, without the seconds."""


async def journeys(driver: Driver, turned: Sequence[Turned] = ()) -> tuple[Points, Points]:
    """What a call made now writes into its record, and what it ought to write.

    A call takes no time here, unless the machine is busy. Then a second may begin meanwhile, and each point may be as
    it is in that second or as it was before.
    """
    trace = await driver.call("from-t", NUMBER)
    written = next((row["journey"] for row in reversed(trace.records) if row["journey"]), "").split()[1:]
    told, late = tuple(point.partition(":")[2] for point in written), int(written[-1].partition(":")[0])
    wanted = [_wanted(int(trace.began) + seconds, turned) for seconds in range(late + 1)]
    assert all(len(points) == len(told) for points in wanted), (told, wanted)
    return told, tuple(point if point in either else either[0] for point, *either in zip(told, *wanted, strict=True))


def _wanted(began: int, turned: Sequence[Turned]) -> Points:
    """The journey of a call that begins at an instant."""
    at = datetime.datetime.fromtimestamp(began, datetime.UTC)
    events = call.walk(plan(), call.Call(NUMBER, at, (Happens(Outcome.BUSY),) * 2, turned=tuple(turned)))
    return tuple(point.partition(":")[2] for point in call.journey(plan(), NUMBER, [*events]).split()[1:])


# The clock


def changes() -> Iterator[datetime.datetime]:
    """Instants at which hours turn, or the clocks by which they are read."""
    for clock, zone in (
        ("2026-03-02 12:00", "Europe/Warsaw"),  # training, an hour later in Vilnius
        ("2026-03-02 14:00", "Europe/Warsaw"),
        ("2026-03-09 12:00", "Europe/Warsaw"),  # that one was called off
        ("2026-03-08 01:30", "America/New_York"),
        ("2026-03-08 03:00", "America/New_York"),  # from 02:00: half of the opening never comes
        ("2026-03-08 03:15", "America/New_York"),  # 15 minutes later
        ("2026-03-09 02:45", "America/New_York"),
        ("2026-03-29 01:30", "Europe/Warsaw"),
        ("2026-03-29 03:00", "Europe/Warsaw"),  # from 02:00
        ("2026-03-29 03:30", "Europe/Warsaw"),
        ("2026-04-06 09:00", "Europe/Vilnius"),  # Easter Monday
        ("2026-07-01 08:00", "Europe/Warsaw"),  # moving
        ("2026-07-03 08:00", "Europe/Warsaw"),
        ("2026-10-25 01:30", "Europe/Warsaw"),
        ("2026-10-25 02:00", "Europe/Warsaw"),
        ("2026-10-25 02:59", "Europe/Warsaw"),
        ("2026-10-25 03:30", "Europe/Warsaw"),
        ("2026-11-01 01:30", "America/New_York"),
        ("2026-11-01 02:30", "America/New_York"),
        ("2026-11-01 02:45", "America/New_York"),
        ("2026-11-11 08:00", "Europe/Warsaw"),  # Independence Day in Poland alone
        ("2026-12-24 12:00", "Europe/Warsaw"),
        ("2026-12-26 10:00", "Europe/Warsaw"),
        ("2026-12-26 12:00", "Europe/Warsaw"),
    ):
        for fold in (0, 1):
            yield datetime.datetime.fromisoformat(clock).replace(tzinfo=ZoneInfo(zone), fold=fold)
    yield datetime.datetime(2026, 3, 29, 1, tzinfo=datetime.UTC)
    yield datetime.datetime(2026, 10, 25, 1, tzinfo=datetime.UTC)
    yield datetime.datetime(2026, 11, 1, 6, tzinfo=datetime.UTC)


def moments(offset: float) -> list[datetime.datetime]:
    """So many seconds from each change, in order."""
    instants = sorted({change.astimezone(datetime.UTC) for change in changes()})
    return [instant + datetime.timedelta(seconds=offset) for instant in instants]


@attrs.frozen
class Clock:
    """Calls by instant: the journeys written and wanted; and what the PBX complained about."""

    calls: Mapping[datetime.datetime, tuple[Points, Points]]
    warnings: Sequence[str]


@pytest.fixture(scope="module")
def clock(install: Install) -> Clock:
    """A call in the second before each change, and one in the second that begins with it."""

    async def at(when: list[datetime.datetime]) -> tuple[dict[datetime.datetime, tuple[Points, Points]], list[str]]:
        found = {}
        async with pbx(install, when[0] - datetime.timedelta(seconds=5)) as server, Driver(server) as driver:
            for moment in when:
                await server.set_clock(moment)
                found[moment] = await journeys(driver)
            return found, server.warnings()

    async def everything() -> Clock:
        (before, complaints), (after, more) = await asyncio.gather(at(moments(-0.6)), at(moments(0.2)))
        return Clock(before | after, [*complaints, *more])

    return asyncio.run(everything())


def test_hours_turn_when_the_plan_says(clock: Clock) -> None:
    different = {str(at): pair for at, pair in clock.calls.items() if pair[0] != pair[1]}
    assert not different
    assert clock.warnings == []


def test_both_answers_of_every_question_were_heard(clock: Clock) -> None:
    heard = {point for told, _ in clock.calls.values() for point in told}
    asked = {f"{step.name}={exit.label}" for step in plan().steps.values() for exit in step.exits() if exit.when}
    assert asked - heard == {"desk=answered", "last=answered"}
    assert {"desk=unstaffed", "desk=unanswered", "last=unstaffed", "last=unanswered"} <= heard


# Switches


async def dialled(driver: Driver, code: str) -> str:
    """The sounds that whoever dials a code on the phone of staff hears."""
    trace = await driver.call(STAFF, code)
    return "".join(step.args for step in trace.steps if step.app == "Playback")


async def lamp(server: Asterisk, code: str) -> str:
    """The state that a phone's lamp for a code shows."""
    shown = await server.cli(f"core show hint {code}")
    return next(line.split("State:")[1].split()[0] for line in shown.splitlines() if "State:" in line)


@attrs.frozen
class Turns:
    """What was seen of switches: for each thing done, the sounds, the lamps, and the journeys written and wanted."""

    seen: Mapping[str, tuple[str, tuple[str, str], tuple[Points, Points]]]
    warnings: Sequence[str]


@pytest.fixture(scope="module")
def turns(install: Install) -> Turns:
    """A night and two days of switches."""

    async def together() -> Turns:
        seen = {}
        monday = datetime.datetime(2026, 11, 23, 5, 50, tzinfo=ZoneInfo("Europe/Warsaw"))
        server = pbx(install, monday)
        async with server:
            async with Driver(server) as driver:

                async def look(what: str, code: str, *turned: Turned, at: str = "") -> None:
                    if at:
                        when = datetime.datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Europe/Warsaw"))
                        await server.set_clock(when)
                    sounds = await dialled(driver, code) if code else ""
                    lamps = await lamp(server, "*28"), await lamp(server, "*29")
                    seen[what] = sounds, lamps, await journeys(driver, turned)
                    if not code:  # reading may have put a lamp out
                        seen[what] = sounds, (await lamp(server, "*28"), await lamp(server, "*29")), seen[what][2]

                closed, opened = (Turned("day_night", p) for p in (Position.CLOSED, Position.OPEN))
                on = Turned("outage", Position.ON)
                await look("as they start", "")
                await look("open in the night", "*28")
                await look("then open", "*28", opened)
                await look("before six", "", opened, at="2026-11-23 05:59:58")
                await look("from six", "", at="2026-11-23 06:00:01")
                await look("closed by day", "*28", closed, at="2026-11-23 10:00:00")
                await look("outage", "*29", closed, on)
                with pytest.raises(Refused):
                    await driver.call("from-t", "*28")
            warnings = server.warnings()
            await server.restart()
            async with Driver(server) as driver:
                await look("after a restart", "", closed, on)
                await look("outage over", "*29", closed)
                await look("the next morning", "", at="2026-11-24 06:00:00.5")
                await look("auto", "*28", closed)
                await look("round", "*28", opened)
                await look("round again", "*28")
            return Turns(seen, [*warnings, *server.warnings()])

    return asyncio.run(together())


LAMPS = {
    "as they start": ("", "Idle", "Idle"),
    "open in the night": ("beep&beep", "InUse", "Idle"),
    "then open": ("beep&beep&beep", "Ringing", "Idle"),
    "before six": ("", "Ringing", "Idle"),
    "from six": ("", "Idle", "Idle"),
    "closed by day": ("beep&beep", "InUse", "Idle"),
    "outage": ("beep&beep", "InUse", "InUse"),
    "after a restart": ("", "InUse", "InUse"),
    "outage over": ("beep", "InUse", "Idle"),
    "the next morning": ("", "Idle", "Idle"),
    "auto": ("beep&beep", "InUse", "Idle"),
    "round": ("beep&beep&beep", "Ringing", "Idle"),
    "round again": ("beep", "Idle", "Idle"),
}


@pytest.mark.parametrize("what", LAMPS)
def test_staff_turn_switches(turns: Turns, what: str) -> None:
    sounds, lamps, _ = turns.seen[what]
    assert (sounds, *lamps) == LAMPS[what]


@pytest.mark.parametrize("what", [what for what in LAMPS if what != "open in the night"])
def test_callers_get_where_switches_send_them(turns: Turns, what: str) -> None:
    told, wanted = turns.seen[what][2]
    assert told == wanted


def test_nothing_is_complained_about(turns: Turns) -> None:
    assert turns.warnings == []
