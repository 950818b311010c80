"""Lines: the numbers that are called, and the steps at which their callers enter.

In: `syntax.Line`s. Out: `plan.Line`s, and what is wrong with the numbers of one or with two of them together.
"""

from collections.abc import Mapping, Sequence

from dialc import numbers, plan, syntax
from dialc.called import Numbers, overlapping, ruled
from dialc.findings import Note, Severity
from dialc.resolve import values
from dialc.resolve.names import Scope

MOST = 10_000
"""The most numbers of one line: a whole exchange."""

_NOBODY = "nobody could call this line"
_WHERE = "where a caller of this line enters is not said"


def resolve(scope: Scope, steps: Mapping[str, plan.Step]) -> tuple[plan.Line, ...]:
    """The lines of a file whose steps are known, in order; what no call could reach is among the findings."""
    written = list(scope.all(syntax.Line))
    found = [plan.Line(_called(scope, line.called), scope.entry(line.to), place=line.place) for line in written]
    for line, meant in zip(written, found, strict=True):
        row = steps.get(meant.entry)
        if isinstance(row, plan.Extensions):
            _tell_uneven(scope, line, meant, row)
    _tell_overlaps(scope, written, [line.numbers for line in found])
    if not written:
        help = 'write one, as in `line "+48 22 123 45 67" -> start`'
        scope.lacks("the plan has no `line`", scope.start, help, "nobody could call in")
    return tuple(found)


def _called(scope: Scope, written: syntax.Numbers) -> Numbers:
    """The numbers of a line; none, with a finding, where they are none."""
    first = values.e164(written.first, scope.findings, caller=_NOBODY)
    if written.last is None:
        return Numbers.one(first) if first else Numbers()
    last = values.e164(written.last, scope.findings, caller=_NOBODY)
    if not first or not last:
        return Numbers()
    wrong = help = ""
    if len(first) != len(last):
        wrong = "one number is longer than the other"
    elif not numbers.is_one_country(first, last):
        wrong = "they are numbers of two countries"
    elif last < first:
        wrong, help = "it runs backwards", f'write `"{written.last.text}" to "{written.first.text}"`'
    elif int(last) - int(first) >= MOST:
        wrong, help = f"these are more than {MOST:,} numbers", "write a line for each part of it that is yours"
    if wrong:
        message = f"this is no range: {wrong}"
        scope.findings.add("D230", message, written.place, caller=_NOBODY, help=help)
        return Numbers()
    return Numbers.between(first, last)


def _tell_uneven(scope: Scope, line: syntax.Line, meant: plan.Line, row: plan.Extensions) -> None:
    """A finding where numbers and phones are not as many."""
    called, phones = meant.numbers.size, len(row.phones)
    if not called or not phones or called == phones:
        return
    some = "some numbers would ring no phone" if called > phones else "some phones could not be dialled"
    scope.findings.add(
        "D233",
        f"{_many(called, 'number')} cannot dial {_many(phones, 'phone')} one to one",
        line.called.place,
        caller=some,
        notes=(Note(row.place, _many(phones, "phone")),),
        help="write as many numbers as phones: the first number rings the first phone, and so on",
    )


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _tell_overlaps(scope: Scope, written: Sequence[syntax.Line], sets: Sequence[Numbers]) -> None:
    """Lines that are there twice or overlap, and lines of which others take all numbers."""
    shared: set[int] = set()
    for one, other in sorted(overlapping(sets), key=lambda pair: (pair[1], pair[0])):
        both = sets[one] & sets[other]
        place, first = written[other].called.place, written[one].called.place
        if sets[one] == sets[other]:
            scope.findings.add(
                "D213", f"the line `{both}` is there twice", place, caller=_WHERE, notes=(Note(first, "first here"),)
            )
            shared.add(other)
        elif both.size < min(sets[one].size, sets[other].size):
            message = f"both this line and another have {both}"
            help = "let one of them hold all numbers of the other, whose own line then wins, or divide them"
            scope.findings.add("D231", message, place, caller=_WHERE, notes=(Note(first, "the other"),), help=help)
            shared |= {one, other}
    ruling = {index for _, _, index in ruled(sets)}
    for index, mine in enumerate(sets):
        if mine and index not in ruling and index not in shared:
            within = (i for i, s in enumerate(sets) if i != index and s.size < mine.size and s & mine)
            notes = tuple(Note(written[i].called.place, "such a line") for i, _ in zip(within, range(2), strict=False))
            scope.findings.add(
                "D232",
                "all numbers of this line have lines of their own",
                written[index].called.place,
                caller="no caller ever enters here",
                notes=notes,
                severity=Severity.WARNING,
            )
