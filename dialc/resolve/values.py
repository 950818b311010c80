"""Words to values: durations, counts, dates, times of day, numbers; and the lines of a block that stand once.

In: `syntax.Word`s that the grammar let through. Out: seconds, dates, spans of a day, E.164, and findings where a word
means nothing (`2026-02-30`) or too much (`wait 900h`). Such a word gives a value that does no harm, so that resolving
goes on and finds what else is wrong; a plan with such a finding is never built.
"""

import datetime
import hashlib
import re
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

import attrs

from dialc import numbers, syntax
from dialc.findings import Finding, Note, Severity
from dialc.plan import Span
from dialc.source import Place

DAY = 86400
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {"s": 1, "m": 60, "h": 3600}


class Written(Protocol):
    """Anything that stands in a file."""

    @property
    def place(self) -> Place:
        """Where."""


_W = TypeVar("_W", bound=Written)


class Findings:
    """What was found so far."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    @property
    def refused(self) -> bool:
        """Whether one of them is an error."""
        return any(finding.severity is Severity.ERROR for finding in self.found)

    def add(
        self,
        code: str,
        message: str,
        place: Place,
        *,
        caller: str,
        notes: Sequence[Note] = (),
        help: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """One finding more."""
        self.found.append(Finding(code, message, place, caller, notes=tuple(notes), help=help, severity=severity))

    def missing(self, message: str, place: Place, *, caller: str, help: str = "") -> None:
        """Something that a block cannot do without."""
        self.add("D215", message, place, caller=caller, help=help)

    def taken(self, name: syntax.Word, first: syntax.Word, kind: str) -> None:
        """A name for the second time; the first to have it is of a kind, such as `menu`."""
        self.add(
            "D202",
            f"the name `{shortened(name.text)}` is taken",
            name.place,
            caller="which of the two a caller would meet is not said",
            notes=(Note(first.place, f"by {a(kind)}"),),
        )

    def twice(self, what: str, line: Written, first: Written) -> None:
        """Something that stands once, a second time."""
        self.add(
            "D216",
            f"`{shortened(what)}` is written twice",
            keyword(line),
            caller="which of the two a caller would meet is not said",
            notes=(Note(keyword(first), "first here"),),
        )

    def key_twice(self, word: syntax.Word, first: syntax.Word) -> None:
        """A key that stands in a block once, a second time."""
        self.add(
            "D205",
            f"the key {word.text} is there twice",
            word.place,
            caller=f"where a caller gets by pressing {word.text} is not said",
            notes=(Note(first.place, "first here"),),
        )

    def only(self, what: str, lines: Iterable[_W]) -> _W | None:
        """The line of a kind that stands once."""
        first: _W | None = None
        for line in lines:
            if first is None:
                first = line
            else:
                self.twice(what, line, first)
        return first

    def settings(self, items: Iterable[Written]) -> Mapping[str, syntax.Word]:
        """The values of the lines that have one, by kind."""
        found: dict[str, syntax.Setting] = {}
        for item in items:
            if isinstance(item, syntax.Setting):
                first = found.setdefault(item.kind, item)
                if first is not item:
                    word = keyword(item)
                    self.twice(word.source.text[word.start : word.end], item, first)
        return {kind: setting.value for kind, setting in found.items()}


# Durations and counts


def seconds(word: syntax.Word, findings: Findings, *, caller: str) -> int:
    """A duration, from one second to a day; `caller` is said where it is something else."""
    value = _whole(word.text[:-1]) * _UNITS[word.text[-1]]
    if 1 <= value <= DAY:
        return value
    findings.add("D204", f"`{shortened(word.text)}` is not between 1s and 24h", word.place, caller=caller)
    return 1


def count(word: syntax.Word, findings: Findings, *, most: int, caller: str) -> int:
    """A whole number from one to `most`; `caller` is said where it is something else."""
    value = _whole(word.text)
    if 1 <= value <= most:
        return value
    findings.add("D204", f"`{shortened(word.text)}` is not between 1 and {most}", word.place, caller=caller)
    return 1


def seconds_of(findings: Findings, settings: Mapping[str, syntax.Word], kind: str, otherwise: int, caller: str) -> int:
    """The seconds that a line gives, or those that hold where it was left out."""
    word = settings.get(kind)
    return seconds(word, findings, caller=caller) if word else otherwise


def count_of(
    findings: Findings, settings: Mapping[str, syntax.Word], kind: str, otherwise: int, most: int, caller: str
) -> int:
    """The number that a line gives, at most `most`, or the one that holds where it was left out."""
    word = settings.get(kind)
    return count(word, findings, most=most, caller=caller) if word else otherwise


def _whole(digits: str) -> int:
    """The number that digits write; Python refuses to read thousands of digits, and any number so long is too large."""
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) < 10 else 10**9


# Days and times of day


def date(word: syntax.Word, findings: Findings) -> datetime.date | None:
    """A calendar date, if there is one."""
    try:
        return datetime.date.fromisoformat(word.text)
    except ValueError:
        findings.add("D206", f"there is no date `{word.text}`", word.place, caller=UNSAID_DAY)
        return None


def span(written: syntax.Span, findings: Findings) -> tuple[int, int] | None:
    """Start and end in seconds of the wall clock; an end before the start is on the next day."""
    start, end = _clock(written.start, findings), _clock(written.end, findings)
    if start is None or end is None:
        return None
    if start == DAY:
        message = "a day begins at 00:00, not at 24:00"
        findings.add("D206", message, written.start.place, caller=UNSAID_TIME, help="write `00:00`")
        return None
    if start == end:
        message = f"from `{written.start.text}` to `{written.end.text}` is no time at all"
        findings.add("D206", message, written.place, caller=UNSAID_TIME, help="write `00:00-24:00` for a whole day")
        return None
    return start, end


def _clock(word: syntax.Word, findings: Findings) -> int | None:
    hours, minutes = (int(part) for part in word.text.split(":"))
    if (hours < 24 and minutes < 60) or (hours, minutes) == (24, 0):
        return hours * 3600 + minutes * 60
    findings.add("D206", f"there is no time of day `{word.text}`", word.place, caller=UNSAID_TIME)
    return None


def zone(word: syntax.Word, findings: Findings) -> str:
    """The IANA name of a time zone; empty for a word that is none."""
    try:
        return zoneinfo.ZoneInfo(word.text).key
    except (LookupError, ValueError, OSError):
        known = sorted(zoneinfo.available_timezones())
        city = word.text.lower()
        meant = next((zone for zone in known if city in (zone.lower(), zone.rpartition("/")[2].lower())), "")
        meant = meant or close_to(word.text, known)
        findings.add(
            "D211",
            f"there is no time zone `{shortened(word.text)}`",
            word.place,
            caller=UNSAID_CLOCK,
            help=f"did you mean `{meant}`?" if meant else "",
        )
        return ""


def time_of_day(word: syntax.Word, findings: Findings) -> int:
    """Seconds since midnight of the wall clock, less than a day; midnight, with a finding, for no time of day."""
    seconds = _clock(word, findings)
    if seconds == DAY:
        findings.add(
            "D206", "a day begins at 00:00, not at 24:00", word.place, caller=UNSAID_TIME, help="write `00:00`"
        )
        return 0
    return seconds or 0


def moment(word: syntax.Word, findings: Findings) -> int:
    """The same of what may have seconds, as in `09:15:30`."""
    hours, minutes, *seconds = word.text.split(":")
    if not seconds:
        return time_of_day(word, findings)
    if int(hours) < 24 and int(minutes) < 60 and int(seconds[0]) < 60:
        return int(hours) * 3600 + int(minutes) * 60 + int(seconds[0])
    findings.add("D206", f"there is no time of day `{word.text}`", word.place, caller=UNSAID_TIME)
    return 0


UNSAID_CLOCK = "by which clock callers find it open or closed is not said"
UNSAID_DAY = "on which days it holds for callers is not said"
UNSAID_TIME = "when callers find it open is not said"


def merged(spans: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """Spans of one day in order, those that touch or overlap joined."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(Span(start, end) for start, end in found)


# Telephone numbers


_NUMBER = re.compile(r"\+?[0-9 ()./-]{1,40}")


def e164(word: syntax.Word, findings: Findings, *, caller: str, country: str = "") -> str:
    """A number that was written in full, or as people in `country` dial it, in E.164.

    Empty, with `caller` said, for any other text.
    """
    number = numbers.e164(word.text, country) if _NUMBER.fullmatch(word.text) else None
    if number is None:
        not_a_number(word, findings, caller=caller, country=country)
    return number or ""


def not_a_number(word: syntax.Word, findings: Findings, *, caller: str, country: str) -> None:
    """A text that is no telephone number where one must stand."""
    national = not word.text.startswith("+") and _NUMBER.fullmatch(word.text)
    help = ""
    if national and not country:
        help = "write it with `+` and the country code, or say whose national number it is, as in `country PL`"
    elif not word.text.startswith("+"):
        help = "write it with `+` and the country code"
    what = f"no number of {country}" if national and country else "not a full telephone number"
    findings.add("D212", f"`{shortened(word.text)}` is {what}", word.place, caller=caller, help=help)


def extension(word: syntax.Word, findings: Findings, *, caller: str) -> str:
    """The number of a phone or mailbox of the PBX, at most ten digits; `caller` is said where it is longer."""
    if len(word.text) > 10:
        findings.add(
            "D212",
            f"`{shortened(word.text)}` is too long for an extension",
            word.place,
            caller=caller,
            help='write an outside number in quotes and in full, as in `"+48 601 000 200"`',
        )
    return word.text


# What findings are written with


def keyword(line: Written) -> Place:
    """The first word of something that was written."""
    place = line.place
    word = _KEYWORD.match(place.source.text, place.start, place.end)
    return attrs.evolve(place, end=word.end()) if word else place


_KEYWORD = re.compile(r'->|[\w-]+|"[^"]*"')


def shortened(text: str) -> str:
    """Text short enough for the first line of a finding."""
    return text if len(text) <= 28 else f"{text[:26]}…"


def digest(file: syntax.File, taken: str = "", beside: Mapping[str, str] | None = None) -> str:
    """The SHA-256 of the text of a file, in hex, and of what was `taken` from elsewhere to understand it.

    With files `beside` it, of that and of their names and digests.
    """
    own = hashlib.sha256((file.source.text + taken).encode("utf-8", "surrogatepass")).hexdigest()
    if not beside:
        return own
    rows = (f"{found}  {name}\n" for name, found in sorted(beside.items()))
    return hashlib.sha256("".join((f"{own}\n", *rows)).encode()).hexdigest()


def close_to(word: str, names: Iterable[str]) -> str:
    """The name that was surely meant, or nothing."""
    import difflib  # only findings need it

    alike = [n for n in names if abs(len(n) - len(word)) <= 2 and (n[:1] == word[:1] or n[-1:] == word[-1:])]
    return next(iter(difflib.get_close_matches(word, alike, n=1, cutoff=0.7)), "")


def a(noun: str) -> str:
    """A noun with its article, which `hours` have none of; it may say of what it is, as in `row of extensions`."""
    return noun if noun.partition(" ")[0].endswith("s") else f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
