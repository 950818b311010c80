"""The hours of a line as a 3CX keeps them: the week, and holidays, which are all that can be otherwise.

In: hours, and where callers go who come while they are open, closed, or closed on a day that is otherwise. Out: periods
of the week and holidays that between them are these hours, to the second; or what of them a 3CX cannot keep. It knows
three ways from a line, while it is open, closed, or closed for a holiday, and a holiday can only close.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator

import attrs

from dialc.calendar import DAY, Instants, day, ruling, union
from dialc.emit.threecx.objects import Holiday, Link, Period
from dialc.findings import Finding
from dialc.plan import DatedException, Hours, Span

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@attrs.frozen
class Kept:
    """Hours as a 3CX keeps them, and the ways of callers who come in while they are open, closed, on a holiday."""

    periods: tuple[Period, ...]
    holidays: tuple[Holiday, ...]
    office: Link
    closed: Link
    holiday: Link
    links: tuple[Link, ...]


Decide = Callable[[bool, frozenset[str]], Link | None]
"""Where callers go who come in while the hours are open, or not, on a day about which exceptions of these names have a
say; None where a finding has been made of it.
"""


def week(hours: Hours) -> tuple[Period, ...]:
    """The week of hours, day by day."""
    return tuple(
        Period(DAYS[number], start, end)
        for number, spans in enumerate(hours.weekly)
        for start, end in _stretches(spans).stretches
    )


def kept(plan: str, hours: Hours, decide: Decide, findings: list[Finding]) -> Kept | None:
    """Hours as a 3CX keeps them; None where that cannot be, which `findings` then tell."""
    office, closed = decide(True, frozenset()), decide(False, frozenset())
    if office is None or closed is None:
        return None
    links: dict[Link, None] = {office: None, closed: None}
    holiday: Link | None = None
    holidays: list[tuple[DatedException, Holiday]] = []
    before = len(findings)
    for date, exceptions in _special(hours):
        names = frozenset(name for exception in exceptions for name in exception.names)
        spans, usual = _stretches(day(hours, date)), _stretches(hours.weekly[date.weekday()])
        telling = exceptions[0]
        if spans - usual:
            opening = next((e for e in exceptions if e.opens), telling)
            findings.append(_opens(hours, opening))
            continue
        on_day, off_day = decide(True, names), decide(False, names)
        if on_day is None or off_day is None:
            continue
        links |= {on_day: None, off_day: None} if spans else {off_day: None}
        if spans and on_day.to != office.to:
            findings.append(_elsewhere(hours, telling, "while it is open"))
        if spans == usual and off_day.to == closed.to:
            continue
        if holiday is not None and holiday.to != off_day.to:
            findings.append(_elsewhere(hours, telling, "than on other holidays"))
        holiday = holiday or off_day
        for start, end in spans.outside(0, DAY).stretches:
            _add(holidays, telling, Holiday(_named(plan, date, telling.reason), date, date, start, end))
    if len(findings) > before:
        return None
    return Kept(week(hours), tuple(each for _, each in holidays), office, closed, holiday or closed, tuple(links))


def _stretches(spans: Iterable[Span]) -> Instants:
    """Spans of one day as a set of its seconds."""
    return union((span.start, span.end) for span in spans)


def _named(plan: str, date: datetime.date, reason: str) -> str:
    return " ".join(filter(None, (plan, date.isoformat(), reason)))


def _add(found: list[tuple[DatedException, Holiday]], of: DatedException, new: Holiday) -> None:
    """One holiday more; of an exception of several whole days, they are one."""
    before, last = found[-1] if found else (None, new)
    whole = (last.start, last.end, new.start, new.end) == (0, DAY, 0, DAY)
    if before is of and whole and last.last + datetime.timedelta(days=1) == new.first:
        found[-1] = of, attrs.evolve(last, last=new.last)
    else:
        found.append((of, new))


def _special(hours: Hours) -> Iterator[tuple[datetime.date, tuple[DatedException, ...]]]:
    """The dates about which exceptions have a say, in order, and these."""
    ordinals = {
        ordinal
        for exception in hours.exceptions
        for ordinal in range(exception.first.toordinal(), exception.last.toordinal() + 1)
    }
    for ordinal in sorted(ordinals):
        date = datetime.date.fromordinal(ordinal)
        yield date, ruling(hours, date)


def _opens(hours: Hours, exception: DatedException) -> Finding:
    return Finding(
        "D476",
        f"`{hours.name}` opens on {exception.first} at times at which the week is closed",
        exception.place,
        caller="a holiday of 3CX can only close, so they would find it closed",
        help="leave the exception out, or open for shorter than on that day of the week",
    )


def _elsewhere(hours: Hours, exception: DatedException, when: str) -> Finding:
    return Finding(
        "D476",
        f"on {exception.first}, `{hours.name}` sends callers elsewhere {when}",
        exception.place,
        caller="3CX has one way for all holidays, and one for while it is open",
        help="let all exceptions by name lead to one place, and none of them while it is open",
    )
