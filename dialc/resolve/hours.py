"""Hours: weekly spans and exceptions, and whether they contradict each other.

In: the lines of an hours block, and what a plan has around them. Out: `plan.Hours`. An exception about one date beats
one about several, which beats holidays and calendars, which beat the week; two of equal rank about one day contradict
each other, unless both close different hours of it, or both close and neither was written out here. Nothing is guessed
from the order of lines.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import assert_never

import attrs

from dialc import calendar, plan, syntax
from dialc.beside import Beside, Missing, named
from dialc.findings import Note, Severity
from dialc.resolve import calendars, holidays, values
from dialc.resolve.values import Findings
from dialc.source import Place

MOST = 1000
"""The most dated exceptions of one block; each is compared with each."""

_ONE_DAY = datetime.timedelta(days=1)
_Spans = list[tuple[int, int, Place]]


@attrs.frozen
class Validity:
    """The dates of a plan, if it says any; `told` is whether there is a finding about them already."""

    dates: tuple[datetime.date, datetime.date] | None
    told: bool = False


@attrs.frozen
class Around:
    """What hours have around them: the plan's clock and dates, and the files beside it.

    `asked` are, by hours, the names of exceptions that steps ask for.
    """

    zone: str
    valid: Validity
    beside: Beside
    asked: Mapping[str, Collection[str]]


@attrs.frozen
class Resolved:
    """Hours, and whether all of their exceptions are known: a file that cannot be read hides some."""

    hours: plan.Hours
    whole: bool


def resolve(written: syntax.Hours, around: Around, switch: plan.Switch | None, findings: Findings) -> Resolved:
    """The hours of a block; `switch` is the night switch that it names."""
    before = len(findings.found)
    lines = [item for item in written.items if isinstance(item, _Exceptional)]
    if len(lines) > MOST:
        _tell_many(written, lines[MOST].place, findings)
        lines = []
    settings = findings.settings(written.items)
    zone = values.zone(settings["zone"], findings) if "zone" in settings else ""
    block = _Block(zone or around.zone, around, findings)
    exceptions = [exception for line in lines for exception in block.exceptions(line)]
    if len(exceptions) > MOST:
        _tell_many(written, written.name.place, findings)
        exceptions = []
    hours = plan.Hours(
        written.name.text,
        block.zone,
        weekly([item for item in written.items if isinstance(item, syntax.Weekly)], findings),
        tuple(exceptions),
        switch,
        taken=tuple(block.taken),
        place=written.place,
    )
    _tell_contradictions([e for e in exceptions if not e.holiday], findings)
    _tell_contrary_holidays([e for e in exceptions if e.holiday], findings)
    if len(findings.found) == before:
        _warn_of_redundant(hours, around.asked.get(hours.name, ()), findings)
        _warn_of_repeated(hours, around.asked.get(hours.name, ()), findings)
    return Resolved(hours, block.whole)


def _tell_many(written: syntax.Hours, place: Place, findings: Findings) -> None:
    findings.add(
        "D204",
        f"`{values.shortened(written.name.text)}` has more than {MOST} exceptions",
        place,
        caller="nobody could tell a caller when it is open",
    )


def taken(schedules: Iterable[plan.Schedule]) -> str:
    """The holidays and events of all hours, as text: what a plan means depends on them, too."""
    exceptions = [e for hours in schedules if isinstance(hours, plan.Hours) for e in hours.exceptions if e.holiday]
    return "".join(f"\0{e.first} {e.last} {e.opens} {e.spans} {e.names}" for e in exceptions)


# The week


def weekly(lines: Sequence[syntax.Weekly], findings: Findings) -> tuple[tuple[plan.Span, ...], ...]:
    """The spans of each day, Monday first. What goes on past midnight belongs to the day after."""
    week: list[_Spans] = [[] for _ in values.WEEK]
    for line in lines:
        days = [day for row in line.days for day in _days(row)]
        for written in line.spans:
            span = values.span(written, findings)
            if span is None:
                continue
            start, end = span
            for day in days:
                week[day].append((start, end if start < end else values.DAY, written.place))
                if 0 < end < start:
                    week[(day + 1) % 7].append((0, end, written.place))
    told: set[tuple[int, int]] = set()
    for spans in week:
        _tell_overlaps(spans, told, findings)
    return tuple(values.merged((start, end) for start, end, _ in spans) for spans in week)


def _days(days: syntax.Days) -> Iterator[int]:
    """The days of `mon-fri`, and of `sat-mon`, by number."""
    first = values.WEEK.index(days.first.text)
    last = values.WEEK.index(days.last.text) if days.last else first
    return (day % 7 for day in range(first, last + 1 if first <= last else last + 8))


def _tell_overlaps(spans: _Spans, told: set[tuple[int, int]], findings: Findings) -> None:
    """A finding for each two lines whose spans of one day overlap, unless it was told of another day."""
    spans.sort(key=lambda span: span[:2])
    latest: tuple[int, int, Place] | None = None
    for span in spans:
        if latest and span[0] < latest[1]:
            first, second = sorted((latest[2], span[2]), key=lambda place: place.start)
            if (first.start, second.start) not in told:
                told.add((first.start, second.start))
                findings.add(
                    "D209",
                    "these hours overlap with others" if first != second else "the days of these hours overlap",
                    second,
                    caller="which of them holds for a caller is not said",
                    notes=(Note(first, "with these"),) if first != second else (),
                )
        if latest is None or span[1] > latest[1]:
            latest = span


# Exceptions


_Exceptional = syntax.Dated | syntax.Holidays | syntax.ClosedFrom


class _Block:
    """The exceptions of one hours block, as its lines are read: in its zone, `taken` from where, `whole` or not."""

    def __init__(self, zone: str, around: Around, findings: Findings) -> None:
        self.zone = zone
        self.taken: list[str] = []
        self.whole = True
        self._around = around
        self._findings = findings

    def exceptions(self, line: _Exceptional) -> Iterator[plan.DatedException]:
        """The exceptions that a line means; none where something is wrong with it."""
        before = len(self._findings.found)
        match line:
            case syntax.Dated():
                yield from _dated(line, self._around.valid, self._findings)
            case syntax.Holidays():
                yield from self._holidays(line)
            case syntax.ClosedFrom():
                yield from self._from_file(line)
            case _:
                assert_never(line)
        self.whole &= len(self._findings.found) == before

    def _holidays(self, line: syntax.Holidays) -> Iterator[plan.DatedException]:
        spans = _spans(line.spans, self._findings)
        dates = self._dates()
        if spans is None or dates is None:
            return
        try:
            table = holidays.table(line.region.text, *dates)
        except holidays.NoRegion as unknown:
            self._findings.add(
                "D240",
                str(unknown),
                line.region.place,
                caller="on holidays, callers would find it open or closed like on any other day",
                help=unknown.help,
            )
            return
        if table.beyond is not None:
            self._findings.add(
                "D241",
                f"the holidays of {line.region.text} in {table.beyond} are not known yet",
                line.region.place,
                caller=f"the holidays of {table.beyond} would be days like any other for callers",
                help=f"let the plan be valid to {table.beyond - 1}-12-31, or write the later holidays out",
            )
            return
        guess = f"; {table.estimated} of their dates are estimates" if table.estimated else ""
        self.taken.append(
            f"the holidays of {line.region.text} are those that the library holidays {table.version} knows{guess}"
        )
        for holiday in table.holidays:
            name, *also = (line.reason.text, *holiday.names) if line.reason else holiday.names
            yield plan.DatedException(
                holiday.date, holiday.date, line.opens, spans, name, tuple(also), holiday=True, place=line.place
            )

    def _from_file(self, line: syntax.ClosedFrom) -> Iterator[plan.DatedException]:
        dates = self._dates()
        if dates is None:
            return
        name = named(line.file.text, line.file.place.source.beside)
        data = name if isinstance(name, Missing) else self._around.beside(name)
        if isinstance(data, Missing):
            self._tell_calendar(line, f"`{values.shortened(line.file.text)}` {data.reason}")
            return
        try:
            events = calendars.events(data, self.zone, *dates)
        except calendars.BadCalendar as bad:
            self._tell_calendar(line, str(bad))
            return
        except calendars.NotInstalled:
            message = "calendars cannot be read: the libraries for them are not installed"
            self._tell_calendar(line, message, help="install them, as in `pip install dialc[ical]`")
            return
        self.taken.append(f"the days off in {line.file.text} are those that it named when the plan was compiled")
        for event in events:
            yield plan.DatedException(
                event.first, event.last, False, event.spans, event.name, holiday=True, place=line.place
            )

    def _tell_calendar(self, line: syntax.ClosedFrom, message: str, help: str = "") -> None:
        caller = "on days off, callers would find it open like on any other day"
        self._findings.add("D242", message, line.file.place, caller=caller, help=help)

    def _dates(self) -> tuple[datetime.date, datetime.date] | None:
        """The dates of the plan; None, and the exceptions are not whole, where it says none."""
        self.whole &= self._around.valid.dates is not None
        return self._around.valid.dates


def _dated(dated: syntax.Dated, valid: Validity, findings: Findings) -> Iterator[plan.DatedException]:
    """The exception that a line with dates means; none where something is wrong with it."""
    first = values.date(dated.first, findings)
    last = values.date(dated.last, findings) if dated.last else first
    spans = _spans(dated.spans, findings)
    if first is None or last is None or spans is None:
        return
    if dated.last and last < first:
        message = f"`{dated.last.text}` is before `{dated.first.text}`"
        findings.add("D206", message, dated.last.place, caller=values.UNSAID_DAY)
        return
    if valid.dates:
        for word, day in ((dated.first, first), (dated.last or dated.first, last)):
            if not valid.dates[0] <= day <= valid.dates[1]:
                findings.add(
                    "D207",
                    f"the plan is not valid on `{word.text}`",
                    word.place,
                    caller="no caller would ever meet this exception",
                )
                return
    reason = dated.reason.text if dated.reason else ""
    yield plan.DatedException(first, last, dated.opens, spans, reason, place=dated.place)


def _spans(written: Sequence[syntax.Span], findings: Findings) -> tuple[plan.Span, ...] | None:
    """The spans of an exception; None where something is wrong with them."""
    found: _Spans = []
    for item in written:
        span = values.span(item, findings)
        if span is None:
            return None
        if span[0] > span[1]:
            findings.add(
                "D206",
                "an exception ends at midnight",
                item.end.place,
                caller="whether a caller finds it open after midnight is not said",
                help="end it at `24:00`, and write the rest as an exception of the next day",
            )
            return None
        found.append((*span, item.place))
    _tell_overlaps(found, set(), findings)
    return values.merged((start, end) for start, end, _ in found)


def tell_timeless(blocks: Iterable[syntax.Hours], findings: Findings) -> None:
    """A finding, once a plan, about dated exceptions in a plan that does not say when it is valid."""
    for block in blocks:
        for item in block.items:
            if isinstance(item, _Exceptional):
                findings.add(
                    "D208",
                    "a plan with dated exceptions does not say when it is `valid`",
                    _second_word(item),
                    caller="callers of later years would meet a plan that knows none of their holidays",
                    help="write it, as in `valid 2026-01-01 to 2028-12-31`",
                )
                return


def _second_word(item: _Exceptional) -> Place:
    """The place of the date, of `holidays`, or of the file."""
    match item:
        case syntax.Dated():
            return item.first.place
        case syntax.Holidays():
            return item.region.place
        case syntax.ClosedFrom():
            return item.file.place
        case _:
            assert_never(item)


def _tell_contrary_holidays(exceptions: Sequence[plan.DatedException], findings: Findings) -> None:
    """A finding for each line with holidays that speaks about a day of which an earlier such line says otherwise."""
    first: dict[tuple[int, bool], plan.DatedException] = {}
    told: set[int] = set()
    for exception in exceptions:
        for ordinal in range(exception.first.toordinal(), exception.last.toordinal() + 1):
            same = first.setdefault((ordinal, exception.opens), exception)
            contrary = first.get((ordinal, not exception.opens))
            if exception.opens and contrary is None and same.place != exception.place and same.spans != exception.spans:
                contrary = same
            if contrary and exception.place.start not in told:
                told.add(exception.place.start)
                day = datetime.date.fromordinal(ordinal)
                findings.add(
                    "D209",
                    f"another line speaks about the holiday on {day}, too",
                    exception.place,
                    caller="which of the two holds for a caller is not said",
                    notes=(Note(contrary.place, "this one"),),
                )


def _tell_contradictions(exceptions: Sequence[plan.DatedException], findings: Findings) -> None:
    """A finding for each exception that speaks about a day of which an earlier one of its rank says something else."""
    for index, later in enumerate(exceptions):
        for earlier in exceptions[:index]:
            same_rank = (earlier.first == earlier.last) is (later.first == later.last)
            if same_rank and earlier.first <= later.last and later.first <= earlier.last and _clash(earlier, later):
                findings.add(
                    "D209",
                    f"another exception speaks about {max(earlier.first, later.first)}, too",
                    later.place,
                    caller="which of the two holds for a caller is not said",
                    notes=(Note(earlier.place, "this one"),),
                )
                break


def _clash(one: plan.DatedException, other: plan.DatedException) -> bool:
    """Whether two exceptions about one day do not merely close different hours of it."""
    if one.opens or other.opens or not one.spans or not other.spans:
        return True
    return any(a.start < b.end and b.start < a.end for a in one.spans for b in other.spans)


def _warn_of_redundant(hours: plan.Hours, asked: Collection[str], findings: Findings) -> None:
    """Warns of exceptions that were written out and without which every day would be as it is.

    Those whose name is `asked` for change where callers get.
    """
    edges = sorted({day for e in hours.exceptions for day in (e.first, e.last + _ONE_DAY)})
    for exception in hours.exceptions:
        if exception.holiday or exception.reason in asked:
            continue
        near = tuple(e for e in hours.exceptions if e.first <= exception.last and exception.first <= e.last)
        with_it = attrs.evolve(hours, exceptions=near)
        without = attrs.evolve(hours, exceptions=tuple(e for e in near if e is not exception))
        if all(calendar.day(with_it, day) == calendar.day(without, day) for day in _samples(exception, edges)):
            findings.add(
                "D210",
                "this exception changes nothing",
                exception.place,
                caller="a caller would meet the same hours without it",
                severity=Severity.WARNING,
            )


def _warn_of_repeated(hours: plan.Hours, asked: Collection[str], findings: Findings) -> None:
    """Warns of lines with holidays, or a calendar, of which other such lines have all days, and say the same of them.

    A holiday is no mistake where it falls on a day that is closed anyway, so only what is written twice is told.
    """
    lines: dict[Place, list[plan.DatedException]] = {}
    for exception in hours.exceptions:
        if exception.holiday:
            lines.setdefault(exception.place, []).append(exception)
    around = tuple(e for e in hours.exceptions if not e.holiday)
    for place in reversed(tuple(lines)):  # the later of two that are equal
        others = [e for other, exceptions in lines.items() if other != place for e in exceptions]
        days = _covered(lines[place], others, asked)
        without = attrs.evolve(hours, exceptions=(*around, *others))
        with_it = attrs.evolve(hours, exceptions=(*without.exceptions, *lines[place]))
        if days and all(calendar.day(with_it, day) == calendar.day(without, day) for day in days):
            same = next(e for e in others if e.first <= min(days) <= e.last)
            findings.add(
                "D210",
                "this exception changes nothing",
                place,
                caller="a caller would meet the same hours without it",
                notes=(Note(same.place, "these are the same days"),),
                severity=Severity.WARNING,
            )
            del lines[place]


def _covered(
    line: Sequence[plan.DatedException], others: Sequence[plan.DatedException], asked: Collection[str]
) -> Collection[datetime.date]:
    """The days of a line; none if others do not have all of them, with all names by which they are `asked` for."""
    names: dict[tuple[int, bool], set[str]] = {}
    for other in others:
        for ordinal in range(other.first.toordinal(), other.last.toordinal() + 1):
            names.setdefault((ordinal, other.opens), set()).update(other.names)
    found = set()
    for exception in line:
        for ordinal in range(exception.first.toordinal(), exception.last.toordinal() + 1):
            there = names.get((ordinal, exception.opens))
            if there is None or not there.issuperset(set(exception.names).intersection(asked)):
                return ()
            found.add(datetime.date.fromordinal(ordinal))
    return found


def _samples(exception: plan.DatedException, edges: Sequence[datetime.date]) -> Iterator[datetime.date]:
    """Days of an exception, among them one like any other: between edges, days differ by their weekday only."""
    for edge in edges:
        if exception.first <= edge <= exception.last:
            for number in range(min(7, (exception.last - edge).days + 1)):
                yield edge + number * _ONE_DAY
