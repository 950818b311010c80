"""Phones: extensions, numbers outside, the stages in which they ring, and when somebody is there.

In: the lines of operators, rings and queues that name phones. Out: `plan.Phone`s, stages and periods.
"""

from collections.abc import Iterable, Iterator

from dialc import plan, syntax
from dialc.findings import Severity
from dialc.resolve import values
from dialc.resolve.names import NOTHING_RINGS, Scope
from dialc.resolve.values import Written


def extension(scope: Scope, word: syntax.Word) -> plan.Extension:
    """A phone of the PBX."""
    return plan.Extension(values.extension(word, scope.findings, caller=NOTHING_RINGS), place=word.place)


def outside(scope: Scope, item: syntax.Outside) -> plan.Outside:
    """A phone elsewhere, which confirms or says why it does not."""
    number = values.e164(item.number, scope.findings, caller=NOTHING_RINGS, country=scope.country)
    reason = item.unconfirmed.text if item.unconfirmed else ""
    if item.unconfirmed and not reason.strip():
        scope.lacks(
            "the reason for doing without `confirm` is empty",
            item.unconfirmed.place,
            "say why no machine can answer there",
            "a caller could be joined to a machine",
        )
    return plan.Outside(number, item.unconfirmed is None, reason, place=item.place)


def phones(scope: Scope, written: Iterable[syntax.Extension | syntax.Outside]) -> tuple[plan.Phone, ...]:
    """A row of phones, in which each stands once."""
    found: dict[str, plan.Phone] = {}
    for item in written:
        phone = extension(scope, item.number) if isinstance(item, syntax.Extension) else outside(scope, item)
        first = found.setdefault(phone.number, phone)
        if first is not phone and phone.number:
            scope.findings.twice(item.number.text, item, first)
    return tuple(found.values())


def stages(scope: Scope, stage: syntax.Stage) -> Iterator[plan.Stage]:
    """Phones that ring together, and for how many seconds; where they ring one by one, a stage for each."""
    seconds = values.seconds(stage.duration, scope.findings, caller="how long phones ring for a caller is not said")
    rung = phones(scope, stage.phones)
    if not stage.one_by_one:
        yield plan.Stage(rung, seconds, place=stage.place)
        return
    if len(stage.phones) == 1:
        scope.findings.add(
            "D260",
            "one phone has no order to ring in",
            stage.place,
            caller="callers would meet the same without it",
            help="write the phones in the order in which they ring, or leave out `in order` and `each`",
            severity=Severity.WARNING,
        )
    for phone in rung:
        yield plan.Stage((phone,), seconds, place=stage.place)


def staffed(scope: Scope, items: Iterable[Written]) -> plan.Period | None:
    """When somebody is there, if the block says so."""
    staffed = scope.findings.only("staffed", (item for item in items if isinstance(item, syntax.Staffed)))
    if staffed is None:
        return None
    caller = "until when a caller finds people there is not said"
    plus = values.seconds(staffed.plus, scope.findings, caller=caller) if staffed.plus else 0
    return plan.Period(scope.opening(staffed.hours), plus)
