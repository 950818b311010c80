"""Lines: the numbers that are called, and the steps at which their callers enter.

In: `syntax.Line`s. Out: `plan.Line`s, and what is wrong with the numbers of one or with two of them together.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from dialc import numbers, plan, syntax
from dialc.called import Called, Numbers, Rest, Short, overlapping, ruled
from dialc.findings import Note, Severity
from dialc.resolve import values
from dialc.resolve.names import Scope

UNSAID = "line-operator"
"""The step behind everything that is left out in a plan whose lines have operators of their own."""

MOST = 10_000
"""The most numbers of one line: a whole exchange."""

MOST_WILD = 4
"""The most wildcards of one line, which make as many numbers."""

LONGEST_SHORT = 15
"""The most digits of a short number; E.164 has no longer number either."""

_NOBODY = "nobody could call this line"
_WHERE = "where a caller of this line enters is not said"


def resolve(scope: Scope, steps: Mapping[str, plan.Step]) -> tuple[plan.Line, ...]:
    """The lines of a file whose steps are known, in order; what no call could reach is among the findings."""
    written = list(scope.all(syntax.Line))
    found = [
        plan.Line(
            _called(scope, line),
            scope.entry(line.to),
            _exemption(scope, line),
            _operator(scope, line),
            tuple(scope.callers_named(item.value) for item in line.items if item.kind == "refuses"),
            place=line.place,
        )
        for line in written
    ]
    for line, meant in zip(written, found, strict=True):
        row = steps.get(meant.entry)
        if isinstance(row, plan.Extensions):
            _tell_uneven(scope, line, meant, row)
    _tell_twice(scope, written, found)
    _tell_overlaps(scope, written, [line.numbers if isinstance(line.numbers, Numbers) else Numbers() for line in found])
    if not written:
        help = 'write one, as in `line "+48 22 123 45 67" -> start`'
        scope.lacks("the plan has no `line`", scope.start, help, "nobody could call in")
    return tuple(found)


def _called(scope: Scope, line: syntax.Line) -> Called:
    """The numbers of a line; none, with a finding, where they are none."""
    match line.called:
        case syntax.Numbers():
            return _numbers(scope, line.called)
        case syntax.Setting():
            return _short(scope, line.called.value)
        case syntax.Word():
            return Rest()
        case _:
            assert_never(line.called)


def _short(scope: Scope, word: syntax.Word) -> Called:
    if len(word.text) <= LONGEST_SHORT:
        return Short(word.text)
    message = f"`{values.shortened(word.text)}` is too long for a short number"
    help = 'write a number that others call in full in quotes, as in `"+48 22 123 45 67"`'
    scope.findings.add("D212", message, word.place, caller=_NOBODY, help=help)
    return Numbers()


def _numbers(scope: Scope, written: syntax.Numbers) -> Numbers:
    first, last = written.first, written.last
    if last is None:
        return _wildcard(scope, first) if "x" in first.text.lower() else _between(scope, written, first, first)
    wild = next((word for word in (first, last) if _WILD.fullmatch(word.text) and "x" in word.text.lower()), None)
    if wild:
        help = "write the digits at both ends, or one number with `x` and no `to`"
        scope.findings.add("D230", "an end of a range has no `x`", wild.place, caller=_NOBODY, help=help)
        return Numbers()
    return _between(scope, written, first, last)


def _between(scope: Scope, written: syntax.Numbers, one: syntax.Word, other: syntax.Word) -> Numbers:
    """All numbers from one to another."""
    first = values.e164(one, scope.findings, caller=_NOBODY, country=scope.country)
    last = first if one is other else values.e164(other, scope.findings, caller=_NOBODY, country=scope.country)
    if not first or not last:
        return Numbers()
    wrong = help = ""
    if len(first) != len(last):
        wrong = "one number is longer than the other"
    elif not numbers.is_one_country(first, last):
        wrong = "they are numbers of two countries"
    elif last < first:
        wrong, help = "it runs backwards", f'write `"{other.text}" to "{one.text}"`'
    elif int(last) - int(first) >= MOST:
        wrong, help = f"these are more than {MOST:,} numbers", "write a line for each part of it that is yours"
    if wrong:
        scope.findings.add("D230", f"this is no range: {wrong}", written.place, caller=_NOBODY, help=help)
        return Numbers()
    return Numbers.between(first, last)


_WILD = re.compile(r"\+?[0-9xX ()./-]{1,40}")


def _wildcard(scope: Scope, word: syntax.Word) -> Numbers:
    """All numbers in which any digits stand for each `x`."""
    signs = [sign for sign in word.text.lower() if sign in "0123456789x"]
    wild = [place - len(signs) for place, sign in enumerate(signs) if sign == "x"]
    lowest, highest = (
        numbers.e164(word.text.lower().replace("x", digit), scope.country) if _WILD.fullmatch(word.text) else None
        for digit in "09"
    )
    # Where a digit must be known for the others to mean what they mean, a wildcard in its place means nothing.
    if lowest is None or highest is None or not _alike(lowest, highest, wild):
        values.not_a_number(word, scope.findings, caller=_NOBODY, country=scope.country)
        return Numbers()
    if len(wild) > MOST_WILD:
        message, help = f"these are more than {MOST:,} numbers", "write a line for each part of them that is yours"
        scope.findings.add("D230", message, word.place, caller=_NOBODY, help=help)
        return Numbers()
    behind = next((n for n in range(len(wild)) if wild[-1 - n] != -1 - n), len(wild))  # how many stand at the end
    width = 10**behind
    starts = [int(lowest)]
    for place in wild[: len(wild) - behind]:
        starts = [start + digit * 10 ** (-1 - place) for start in starts for digit in range(10)]
    return Numbers(tuple((start, start + width - 1) for start in starts))


def _alike(lowest: str, highest: str, wild: Sequence[int]) -> bool:
    """Whether two numbers, in which each `x` is a 0 and a 9, are the same but in these places, from the end."""
    differ = [place - len(lowest) for place in range(len(lowest)) if lowest[place] != highest[place : place + 1]]
    return len(lowest) == len(highest) and differ == list(wild) and numbers.is_one_country(lowest, highest)


def _exemption(scope: Scope, line: syntax.Line) -> plan.Exemption | None:
    """What a line is for that is not for people."""
    purposes = [item for item in line.items if item.kind in _PURPOSES]
    scope.findings.only("what the line is for", purposes)
    found = {item.kind: item.value for item in reversed(purposes)}
    for kind, purpose in _PURPOSES.items():
        if kind in found:
            reason = found[kind]
            if not reason.text.strip():
                help = f'say why, as in `{purpose.value} "{_WHY[purpose]}"`'
                caller = "why nobody answers the callers of this line is not said"
                scope.lacks("the reason is empty", reason.place, help, caller)
            return plan.Exemption(purpose, reason.text)
    return None


def _operator(scope: Scope, line: syntax.Line) -> str:
    """The operator of a line; empty for the default one."""
    own = scope.findings.only("operator", (item for item in line.items if item.kind == "line_operator"))
    return scope.own_operator(own.value) if own else ""


def unsaid(scope: Scope) -> str:
    """Where everything leads that nobody spelled out: to the default operator, or to a step that knows the line's."""
    own = any(item.kind == "line_operator" for line in scope.all(syntax.Line) for item in line.items)
    return UNSAID if own else scope.default


def served(scope: Scope, lines: Sequence[plan.Line], steps: Iterable[plan.Step]) -> Iterator[plan.ByLine]:
    """The step at which callers go to the operator of their line, if anything leads there."""
    if scope.findings.refused or scope.operator != UNSAID:
        return
    if any(exit.to == UNSAID for step in steps for exit in step.exits()):
        operators = dict.fromkeys(line.operator or scope.default for line in lines)
        yield plan.ByLine(UNSAID, tuple(operators), place=scope.start)


_PURPOSES = {"machine": plan.Purpose.MACHINE, "announcement_only": plan.Purpose.ANNOUNCEMENT}
_WHY = {plan.Purpose.MACHINE: "fax", plan.Purpose.ANNOUNCEMENT: "road report"}


def _tell_twice(scope: Scope, written: Sequence[syntax.Line], found: Sequence[plan.Line]) -> None:
    """Short numbers and default lines that are there twice."""
    first: dict[Called, syntax.Line] = {}
    for line, meant in zip(written, found, strict=True):
        if isinstance(meant.numbers, Numbers):
            continue
        other = first.setdefault(meant.numbers, line)
        if other is not line:
            message = f"the line `{meant.numbers}` is there twice"
            note = Note(other.called.place, "first here")
            scope.findings.add("D213", message, line.called.place, caller=_WHERE, notes=(note,))


def _tell_uneven(scope: Scope, line: syntax.Line, meant: plan.Line, row: plan.Extensions) -> None:
    """A finding where numbers and phones are not as many."""
    called, phones = meant.numbers.size, len(row.phones)
    if isinstance(meant.numbers, Rest):
        message, caller = "the default line dials no phone in particular", "nobody could say which phone rings"
        scope.findings.add("D233", message, line.to.place, caller=caller, help="lead it to another step")
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
