"""Findings: what dialc has to say about a plan, and how it is shown on a terminal.

In: codes, places and sentences. Out: `Finding`, and `text`, its rendering. A finding says what would happen to a
caller, not what the compiler felt, and points at the smallest thing that is wrong.
"""

import enum
from collections.abc import Iterable, Sequence

import attrs

from dialc.source import NOWHERE, Place


class Severity(enum.Enum):
    """An error refuses the plan; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@attrs.frozen
class Note:
    """A second place that has to do with a finding, such as where a name was first given."""

    place: Place
    message: str


@attrs.frozen
class Finding:
    """One thing found.

    `message` is a lower-case fragment without a full stop; `caller` says what would happen to somebody who calls;
    `call` is one concrete call that shows it, in the caller's order; `help` is one imperative, only where it is
    surely right.
    """

    code: str
    message: str
    place: Place = NOWHERE
    caller: str = ""
    call: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    help: str = ""
    severity: Severity = Severity.ERROR


_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33"}


def in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings by file and place, those without a place first."""
    return tuple(sorted(findings, key=lambda f: (f.place.source.name, f.place.start, f.code)))


def gathered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, each thing once: a block that is used in several ways is wrong in one place.

    What is found in a block with parameters says which use of it shows it, and, of several, names three.
    """
    found: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        place = finding.place
        said = finding.message if place.source.use is None else finding.code
        found.setdefault((finding.code, place.source.name, place.start, place.end, said), []).append(finding)
    return tuple(_as_one(same) for same in found.values())


_USES = 3


def _as_one(same: Sequence[Finding]) -> Finding:
    """Findings about one thing as the first of them, with notes of the uses of the blocks that they are in."""
    finding = same[0]
    if finding.place is NOWHERE:
        return finding
    notes: dict[tuple[str, int], Note] = {}
    for note in finding.notes:
        if note.place.start != finding.place.start or note.place.source != finding.place.source:
            notes.setdefault((note.message, note.place.start), note)
    uses: list[Note] = []
    use = finding.place.source.use
    while use is not None and len(uses) < _USES:
        uses.append(Note(use.place, f"in {use.written}, used here"))
        use = use.place.source.use
    for other in same[1:]:
        use = other.place.source.use
        if use is not None and len(uses) < _USES:
            uses.append(Note(use.place, f"and in {use.written}, used here"))
    return attrs.evolve(finding, notes=(*notes.values(), *uses))


def text(finding: Finding, *, colour: bool = False) -> str:
    """The finding as a terminal shows it, several lines without a last line end."""
    paint = _COLOURS[finding.severity] if colour else ""
    head = _painted(f"{finding.severity.value}[{finding.code}]", paint)
    rows = [f"{head}: {visible(finding.message)}"]
    margin = ""
    if finding.place is not NOWHERE:
        places = [(finding.place, ""), *((note.place, note.message) for note in finding.notes)]
        margin = " " * len(str(max(place.line for place, _ in places)))
        for index, (place, message) in enumerate(places):
            rows.append(f"{margin}{'-->' if index == 0 else ':::'} {place}")
            rows.extend(_shown(place, message, margin, paint if index == 0 else ""))
    margin = f"{margin} "
    if finding.caller:
        rows.append(f"{margin}= caller: {visible(finding.caller)}")
    for index, step in enumerate(finding.call):
        rows.append(f"{margin}= call: {visible(step)}" if index == 0 else f"{margin}        {visible(step)}")
    if finding.help:
        rows.append(f"{margin}= help: {visible(finding.help)}")
    return "\n".join(rows)


def _shown(place: Place, message: str, margin: str, paint: str) -> list[str]:
    """The source line of a place, and the caret under it."""
    number, column = place.source.position(place.start)
    line = place.source.line(number)
    width = max(1, min(place.end - place.start, len(line) - column + 1))
    first = max(0, column - 1 - 70) if len(line) > 110 else 0
    window = line[first : first + 110]
    before = visible(window[: column - 1 - first])
    under = visible(window[column - 1 - first : column - 1 - first + width])
    pad = "".join("\t" if character == "\t" else " " * _width(character) for character in before)
    caret = _painted("^" * max(1, sum(map(_width, under))), paint)
    return [
        f"{margin} |",
        f"{number:>{len(margin)}} | {visible(window)}",
        f"{margin} | {pad}{caret}{' ' + visible(message) if message else ''}",
    ]


def _width(character: str) -> int:
    """Columns that a character takes on a terminal."""
    import unicodedata  # only findings need it, and a plan that is proved has none

    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def visible(words: str) -> str:
    """Text whose control and bidirectional characters cannot act on a terminal, nor reorder what is read."""
    return "".join(
        character if character == "\t" or (character.isprintable()) else f"\\u{ord(character):04x}"
        for character in words
    )


def _painted(words: str, paint: str) -> str:
    return f"\x1b[{paint}m{words}\x1b[0m" if paint else words
