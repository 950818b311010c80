"""Hours: weekly spans and dated exceptions, and whether they contradict each other.

In: the lines of an hours block, the plan's zone and validity. Out: `plan.Hours`. An exception about one date beats one
about several, which beats the week; two of equal rank about one day contradict each other, unless both close different
hours of it. Nothing is guessed from the order of lines.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence

import attrs

from dialc import calendar, plan, syntax
from dialc.findings import Note, Severity
from dialc.resolve import values
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


def resolve(written: syntax.Hours, zone: str, valid: Validity, findings: Findings) -> plan.Hours:
    """The hours of a block."""
    before = len(findings.found)
    lines = [item for item in written.items if isinstance(item, syntax.Dated)]
    if len(lines) > MOST:
        findings.add(
            "D204",
            f"`{values.shortened(written.name.text)}` has more than {MOST} exceptions",
            lines[MOST].place,
            caller="nobody could tell a caller when it is open",
        )
        lines = []
    exceptions = [exception for line in lines for exception in _exceptions(line, valid, findings)]
    hours = plan.Hours(
        written.name.text,
        zone,
        weekly([item for item in written.items if isinstance(item, syntax.Weekly)], findings),
        tuple(exceptions),
        place=written.place,
    )
    _tell_contradictions(exceptions, findings)
    if len(findings.found) == before:
        _warn_of_redundant(hours, findings)
    return hours


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


# Dated exceptions


def _exceptions(dated: syntax.Dated, valid: Validity, findings: Findings) -> Iterator[plan.DatedException]:
    """The exception that a line means; none where something is wrong with it."""
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
            if isinstance(item, syntax.Dated):
                findings.add(
                    "D208",
                    "a plan with dated exceptions does not say when it is `valid`",
                    item.first.place,
                    caller="callers of later years would meet a plan that knows none of their holidays",
                    help="write it, as in `valid 2026-01-01 to 2028-12-31`",
                )
                return


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


def _warn_of_redundant(hours: plan.Hours, findings: Findings) -> None:
    """Warns of exceptions without which every day would be as it is."""
    edges = sorted({day for e in hours.exceptions for day in (e.first, e.last + _ONE_DAY)})
    for exception in hours.exceptions:
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


def _samples(exception: plan.DatedException, edges: Sequence[datetime.date]) -> Iterator[datetime.date]:
    """Days of an exception, among them one like any other: between edges, days differ by their weekday only."""
    for edge in edges:
        if exception.first <= edge <= exception.last:
            for number in range(min(7, (exception.last - edge).days + 1)):
                yield edge + number * _ONE_DAY
