"""Expressions with the time in them: against the expression worked out at one instant after the other."""

import datetime
import zoneinfo
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialc.calendar import DAY, Instants
from dialc.read.asterisk import configuration, dialplan, expressions
from dialc.read.asterisk.functions import holds
from dialc.read.asterisk.jumps import gotos
from dialc.read.asterisk.moments import FIRST_MARK, Moment, Shown, Span, Split, marked, worked_out
from dialc.read.asterisk.substitution import arguments, replaced

WARSAW = zoneinfo.ZoneInfo("Europe/Warsaw")
START = int(datetime.datetime(2026, 10, 23, tzinfo=WARSAW).timestamp())
SPAN = Span(START, START + 5 * DAY)
"""Five days; on the third the clocks are set back."""

NOW, DATE, WEEKDAY, TIME, HOUR = (chr(ord(FIRST_MARK) + number) for number in range(5))
MARKS: dict[str, Moment | Shown] = {
    NOW: Moment(),
    DATE: Shown(Moment(), "Europe/Warsaw", "%Y%m%d"),
    WEEKDAY: Shown(Moment(-3600), "Europe/Warsaw", "%u"),
    TIME: Shown(Moment(), "Europe/Warsaw", "%H%M%S"),
    HOUR: Shown(Moment(), "Europe/Warsaw", "%H:%M"),
}


def at(text: str, instant: int) -> str:
    """A text with what its marks stand for at one instant."""
    for mark, meant in MARKS.items():
        shift = meant.shift if isinstance(meant, Moment) else meant.moment.shift
        clock = datetime.datetime.fromtimestamp(instant + shift, WARSAW)
        text = text.replace(mark, str(instant + shift) if isinstance(meant, Moment) else clock.strftime(meant.format))
    return text


orders = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
sides = st.one_of(
    st.tuples(st.just(DATE), orders, st.sampled_from(["20261024", "20261025", "20261026", "x"])),
    st.tuples(st.just(WEEKDAY), orders, st.integers(1, 7).map(str)),
    st.tuples(st.just(TIME), orders, st.sampled_from(["080000", "023000", "160000", "0", "235959"])),
    st.tuples(st.just(f'"{HOUR}"'), orders, st.sampled_from(['"08:00"', '"02:30"', '"2"'])),
    st.tuples(st.just(NOW), orders, st.integers(-1, 5).map(lambda days: str(START + days * DAY))),
    st.tuples(st.just(f"({NOW} - {START})"), orders, st.integers(-1, 5).map(lambda days: str(days * DAY))),
)
comparisons = st.one_of(sides, sides.map(lambda side: side[::-1])).map(" ".join)
conditions = st.recursive(
    st.one_of(comparisons, st.sampled_from(["1", "0", "1 = 1", '"a" = "b"'])),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("&|"), inner).map(" ".join),
        inner.map("(!({}))".format),
        inner.map("({})".format),
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(conditions, st.integers(0, DAY))
def test_a_condition_holds_when_it_holds_at_each_instant(text: str, offset: int) -> None:
    found = worked_out(text, MARKS, SPAN)
    assert found is not None
    for instant in range(SPAN.start + offset % 3600, SPAN.end, 1799):
        value = expressions.result(at(text, instant), lambda *_: None)
        assert value is not None
        assert (instant in found.instants if isinstance(found, Split) else found == value) is (
            holds(value) if isinstance(found, Split) else True
        )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{NOW} + 5", Moment(5)),
        (f"{NOW} - 60 - 1", Moment(-61)),
        ("1 + 1", "2"),
        (f"{NOW} < 0", Split(Instants())),
        (f"{NOW} > 0 ? 1 :: 0", Split(SPAN.all)),
        (f"{NOW} * 2", None),
        (f"{DATE} + 1", None),
        (f"1{DATE} = 1", None),
        (f"{HOUR} = 1", None),
        (f"{DATE} = {DATE}", None),
        (f"{NOW} = a", None),
        (f"F({NOW})", None),
    ],
)
def test_the_clock_can_be_reckoned_with(text: str, found: object) -> None:
    assert worked_out(text, MARKS, SPAN) == found


HOURS = """
[hours]
exten => s,1,Set(day=${STRFTIME(${EPOCH},Europe/Warsaw,%u)})
 same => n,Set(time=${STRFTIME(${EPOCH},Europe/Warsaw,%H%M)})
 same => n,GotoIf($["${STRFTIME(${EPOCH},Europe/Warsaw,%d.%m.)}" = "26.10."]?closed)
 same => n,GotoIf($[${day} <= 5 & ${time} >= 800 & ${time} < 1600]?open)
 same => n(closed),Hangup(1)
 same => n(open),Answer()
"""


def test_a_way_through_a_dialplan_is_a_set_of_instants() -> None:
    """Marks stand for the clock in variables, and conditions are sets: what a reader of dialplans does with them."""
    plan = dialplan.load(configuration.read({"extensions.conf": HOURS}, "extensions.conf"))
    extension = plan.contexts["hours"].extensions[0]
    marks: dict[str, Moment | Shown] = {NOW: Moment()}
    variables = {"EPOCH": NOW}
    conditions = dict[str, Instants]()

    def mark(meant: Moment | Shown) -> str:
        sign = chr(ord(FIRST_MARK) + len(marks))
        marks[sign] = meant
        return sign

    def function(name: str, written: str) -> str:
        moment, zone, format_ = arguments(written)
        assert (name, moment) == ("STRFTIME", NOW)
        return mark(Shown(Moment(), zone, format_))

    def computed(text: str) -> str:
        found = worked_out(text, marks, SPAN)
        assert isinstance(found, Split)
        conditions[text] = found.instants
        return text

    opened, here = Instants(), SPAN.all
    for priority in extension.priorities.values():
        text = replaced(priority.argument, lambda name: variables[name], function, computed)
        assert text is not None
        if priority.application == "Set":
            name, _, variables[name] = text.partition("=")
            assert marked(text)
        elif priority.application == "GotoIf":
            branches = gotos(text)
            held = here & conditions[branches.condition]
            opened |= held if branches.holds == "open" else Instants()
            here -= held
    for instant in range(SPAN.start, SPAN.end, 600):
        clock = datetime.datetime.fromtimestamp(instant, WARSAW)
        assert (instant in opened) is (clock.isoweekday() <= 5 and 8 <= clock.hour < 16 and clock.day != 26)


def test_no_text_of_the_golden_files_holds_a_mark() -> None:
    for path in (Path(__file__).parent / "golden" / "asterisk").rglob("*.conf"):
        assert not marked(path.read_text(encoding="utf-8"))
