"""When conditions on the time hold: against a clock that is asked second by second."""

import datetime
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialc.calendar import DAY, Instants
from dialc.read.asterisk.times import Times, formatted, instants, read

WARSAW = zoneinfo.ZoneInfo("Europe/Warsaw")


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    """An instant by the clock in Warsaw."""
    return int(datetime.datetime(year, month, day, hour, minute, second, tzinfo=WARSAW).timestamp())


START, END = at(2026, 1, 1), at(2027, 1, 1)


def when(written: str, start: int = START, end: int = END) -> Instants:
    """When times hold in Warsaw, in 2026."""
    times = read(written)
    assert times is not None
    assert not times.mistakes
    return instants(times, "Europe/Warsaw", start, end)


@pytest.mark.parametrize(
    ("written", "moment", "holds"),
    [
        ("9:00-16:59,mon-fri,*,*", at(2026, 11, 23, 9), True),
        ("9:00-16:59,mon-fri,*,*", at(2026, 11, 23, 16, 59, 59), True),
        ("9:00-16:59,mon-fri,*,*", at(2026, 11, 23, 17), False),
        ("9:00-16:59|mon-fri|*|*", at(2026, 11, 22, 12), False),
        ("22:00-05:59,*,*,*", at(2026, 11, 22, 3), True),
        ("22:00-05:59,*,*,*", at(2026, 11, 22, 6), False),
        ("*,fri-mon,*,*", at(2026, 11, 22), True),
        ("*,fri-mon,*,*", at(2026, 11, 24), False),
        ("*,mon&wed,*,*", at(2026, 11, 25), True),
        ("*,*,24-26,dec", at(2026, 12, 25, 23), True),
        ("*,*,24-26,dec", at(2026, 11, 25, 23), False),
        ("*,*,31-2,*", at(2026, 3, 1), True),
        ("*,*,*,nov-feb", at(2026, 2, 28), True),
        ("*,*,*,11-2", at(2026, 3, 1), False),
        ("8:30,*,*,*", at(2026, 5, 5, 8, 30, 59), True),
        ("8:30,*,*,*", at(2026, 5, 5, 8, 31), False),
        ("*,1,*,*", at(2026, 11, 22), True),
        ("12:00-12:59,*,*,*,America/New_York", at(2026, 11, 22, 18, 30), True),
        ("12:00-12:59,*,*,*,Nowhere/Land", at(2026, 11, 22, 13, 30), True),
        ("9:00-17:00", at(2026, 11, 22, 17, 0, 30), True),
    ],
)
def test_times_hold_when_the_manual_says_so(written: str, moment: int, *, holds: bool) -> None:
    assert (moment in when(written)) is holds


def test_what_is_no_time_is_told() -> None:
    never = frozenset[int]()
    mistakes = ("9-17 is no time", "mon-xyz is none of 7", "0 is none of 31", "13 is none of 12")
    assert read("9-17,mon-xyz,0,13") == Times(never, never, never, never, None, mistakes)
    assert read("") is None
    zone = read("9:00-17:00,mon,tue,*,*")
    assert zone is not None
    assert (zone.zone, zone.mistakes) == ("*", ("tue is none of 31",))


hours = st.integers(0, 23)
minutes = st.integers(0, 59)
clocks = st.tuples(hours, minutes).map(lambda time: f"{time[0]}:{time[1]:02}")
weekdays = st.sampled_from(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])
days = st.integers(1, 31).map(str)
months = st.sampled_from(["jan", "mar", "oct", "nov", "dec", "3", "10"])


def ranges(names: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Fields of names and ranges of names."""
    one = st.one_of(names, st.tuples(names, names).map("-".join))
    return st.one_of(st.just("*"), one, st.lists(one, min_size=1, max_size=3).map("&".join))


written_times = st.tuples(ranges(clocks), ranges(weekdays), ranges(days), ranges(months)).map(",".join)
CHANGE = at(2026, 10, 25)
"""The day on which the clocks are set back."""


def among(field: str, number: int, names: list[str]) -> bool:
    """Whether a number is one that a field names, going from name to name."""
    if field == "*":
        return True
    for part in field.split("&"):
        first, _, last = part.partition("-")
        here, end = names.index(first), names.index(last or first)
        while here != end:
            if here == number:
                return True
            here = (here + 1) % len(names)
        if here == number:
            return True
    return False


@given(written_times, st.integers(CHANGE - 40 * DAY, CHANGE + 40 * DAY))
def test_times_hold_as_a_clock_says(written: str, near: int) -> None:
    held = when(written, near - DAY, near + DAY)
    fields = written.split(",")
    every = [f"{minute // 60}:{minute % 60:02}" for minute in range(24 * 60)]
    every_month = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    month = fields[3].replace("10", "oct").replace("3", "mar")
    for moment in range(near - DAY, near + DAY, 3607):
        clock = datetime.datetime.fromtimestamp(moment, WARSAW)
        expected = (
            among(fields[0], clock.hour * 60 + clock.minute, every)
            and among(fields[1], clock.isoweekday() % 7, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])
            and among(fields[2], clock.day - 1, [str(day) for day in range(1, 32)])
            and among(month, clock.month - 1, every_month)
        )
        assert (moment in held) is expected


@settings(deadline=None)  # a whole day of each format is worked out once
@given(
    st.sampled_from(["%Y%m%d", "%u", "%H%M%S", "%H:%M", "%a", "%j", "%d.%m.", "%I %p", "%%", "x"]),
    st.integers(CHANGE - DAY, CHANGE + 2 * DAY),
    st.sampled_from("0123456789OctSunPM"),
)
def test_formats_show_what_a_clock_shows(format_: str, near: int, wanted: str) -> None:
    held = formatted("Europe/Warsaw", format_, lambda text: wanted in text, near - 4000, near + 4000)
    assert held is not None
    for moment in range(near - 4000, near + 4000, 97):
        assert (moment in held) is (wanted in datetime.datetime.fromtimestamp(moment, WARSAW).strftime(format_))


@pytest.mark.parametrize("format_", ["%Y%H", "%s", "%c", "%Ey", "%", "%q", "%Z"])
def test_formats_that_show_more_are_left_alone(format_: str) -> None:
    assert formatted("Europe/Warsaw", format_, lambda _: True, START, END) is None
