"""Collect blocks.

In: `syntax.Collect`. Out: `plan.Collect`.
"""

from dialc import plan, syntax
from dialc.digits import Accepted, Check, Digits, named
from dialc.findings import Note
from dialc.resolve import values
from dialc.resolve.digits import MOST
from dialc.resolve.names import Scope
from dialc.resolve.steps.menu import TRIES, WAIT
from dialc.resolve.steps.ways import announced, leads, written_ways


def lowered(scope: Scope, collect: syntax.Collect) -> plan.Collect:
    """The collect of a block."""
    name, settings = collect.name.text, scope.findings.settings(collect.items)
    shown, place = values.shortened(name), collect.name.place
    ways, prompts = written_ways(scope, name, collect.items), announced(scope, collect.items)
    if not prompts:
        help = "write what callers hear, as in `play enter_number`"
        scope.lacks(f"the collect `{shown}` plays no prompt", place, help, "a caller would be asked in silence")
    length = scope.findings.only("digits", (item for item in collect.items if isinstance(item, syntax.Length)))
    if length is None:
        help = "write how many, as in `digits 6` or `digits 4 to 8`"
        scope.lacks(f"the collect `{shown}` does not say how many `digits`", place, help, _UNSAID)
    fewest, most = _length(scope, length) if length else (1, 1)
    accepts = _accepts(scope, collect)
    if not accepts:
        help = "write what is taken, as in `accept any -> sales`"
        scope.lacks(f"the collect `{shown}` has no `accept`", place, help, "whatever a caller entered would be wrong")
    found = plan.Collect(
        name,
        prompts,
        fewest,
        most,
        ends="ends" in settings,
        wait=values.seconds_of(scope.findings, settings, "wait", WAIT, "how long a caller can think is not said"),
        tries=values.count_of(scope.findings, settings, "tries", TRIES, 9, "how often a caller is asked is not said"),
        accepts=accepts,
        silence=ways.get("silence", scope.operator),
        invalid=ways.get("invalid", scope.operator),
        place=collect.place,
        tries_place=settings["tries"].place if "tries" in settings else place,
    )
    if length and not scope.findings.refused:  # what is wrong with a set would only be told twice
        _tell_never_taken(scope, found, length)
    return found


_UNSAID = "how many digits a caller has to enter is not said"


def _length(scope: Scope, length: syntax.Length) -> tuple[int, int]:
    """The fewest and the most digits of an entry."""
    found = len(scope.findings.found)
    fewest = values.count(length.fewest, scope.findings, most=MOST, caller=_UNSAID)
    most = values.count(length.most, scope.findings, most=MOST, caller=_UNSAID) if length.most else fewest
    if most < fewest and len(scope.findings.found) == found:
        scope.findings.add(
            "D259",
            f"from {fewest} to {most} digits is no length",
            length.place,
            caller=_UNSAID,
            help=f"write `digits {most} to {fewest}`",
        )
        return most, fewest
    return fewest, most


def _accepts(scope: Scope, collect: syntax.Collect) -> tuple[plan.Accept, ...]:
    """What is accepted, in order; of what is written twice, the first counts."""
    found: dict[str, tuple[syntax.Accept, plan.Accept]] = {}
    for item in collect.items:
        if isinstance(item, syntax.Accept):
            what = _what(scope, item)
            to = leads(scope, collect.name.text, f"accept {item.what.text}", item.to)
            first, _ = found.setdefault(named(what), (item, plan.Accept(what, to, place=item.place)))
            if first is not item:
                scope.findings.twice(f"accept {item.what.text}", item, first)
    return tuple(accept for _, accept in found.values())


def _what(scope: Scope, accept: syntax.Accept) -> Accepted:
    if accept.check:
        return Check(accept.what.text)
    return None if accept.what.text == "any" else scope.enterable(accept.what)


def _tell_never_taken(scope: Scope, collect: plan.Collect, length: syntax.Length) -> None:
    """What is accepted and no caller can enter, and what is taken for something else before."""
    asked = f"{collect.fewest}" if collect.fewest == collect.most else f"{collect.fewest} to {collect.most}"
    for number, (accept, samples) in enumerate(zip(collect.accepts, collect.samples(), strict=True)):
        what = accept.what
        if isinstance(what, Digits):
            odd = sorted(m for m in what.members if not collect.fewest <= len(m) <= collect.most)
            if not what.members:
                continue  # nothing has its name, or it has no number, which is told elsewhere
            if odd:
                more = f" and {len(odd) - 1} more of `{what.name}`" if len(odd) > 1 else f" of `{what.name}`"
                scope.findings.add(
                    "D258",
                    f"{odd[0]}{more} cannot be entered here",
                    accept.place,
                    caller=f"can enter {asked} digits, not {len(odd[0])}",
                    notes=(Note(length.place, "how many are asked for"),),
                )
                continue
        if not samples:
            before = collect.accepts[number - 1] if number else None
            scope.findings.add(
                "D258",
                f"no entry is ever taken for `{named(what)}`",
                accept.place,
                caller="is taken for something else whatever they enter",
                notes=(Note(before.place, "this comes first"),) if before else (),
                help="write what takes fewer entries first" if before else "",
            )
