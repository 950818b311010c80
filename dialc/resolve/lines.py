"""Lines: the numbers that are called, and the steps at which their callers enter.

In: `syntax.Line`s. Out: `plan.Line`s.
"""

from collections.abc import Iterator

from dialc import plan, syntax
from dialc.findings import Note
from dialc.resolve import values
from dialc.resolve.names import Scope


def resolve(scope: Scope) -> Iterator[plan.Line]:
    """The lines of the plan; a finding where a number is there twice, or none at all."""
    first: dict[str, syntax.Line] = {}
    for line in scope.all(syntax.Line):
        number = values.e164(line.number, scope.findings, caller="nobody could call this line")
        other = first.setdefault(number, line)
        if number and other is not line:
            scope.findings.add(
                "D213",
                f"the line `{number}` is there twice",
                line.number.place,
                caller="where a caller of this line enters is not said",
                notes=(Note(other.number.place, "first here"),),
            )
        yield plan.Line(number, scope.to(line.to), place=line.place)
    if not first:
        help = 'write one, as in `line "+48 22 123 45 67" -> start`'
        scope.lacks("the plan has no `line`", scope.start, help, "nobody could call in")
