"""Call-back blocks: the booking, and what callers hear who have booked.

In: `syntax.Callback`. Out: the steps it becomes.
"""

from collections.abc import Iterator

from dialc import plan, syntax
from dialc.findings import Note
from dialc.policies import MOST_CALLBACKS
from dialc.resolve import values
from dialc.resolve.names import Scope
from dialc.resolve.steps.ways import written_ways

DAILY = 2
"""How often a day one number can book where the plan does not say."""

NOBODY_CALLS = "nobody would ever call the caller back"


def lowered(scope: Scope, callback: syntax.Callback) -> Iterator[plan.Step]:
    """The booking, then what callers hear who have booked, then the end of their call."""
    name, settings = callback.name.text, scope.findings.settings(callback.items)
    ways = written_ways(scope, name, callback.items)
    shown = values.shortened(name)
    if "from_queue" not in settings:
        message = f"the call-back `{shown}` does not say `from` which queue it is placed"
        scope.lacks(message, callback.name.place, "write whose members call, as in `from sales`", NOBODY_CALLS)
    if "within_hours" not in settings:
        message = f"the call-back `{shown}` does not say `within` which hours it is placed"
        caller = "callers could be rung at night"
        scope.lacks(message, callback.name.place, "write when, as in `within office`", caller)
    announced = settings.get("then")
    last = f"{name}-{3 if announced else 2}"
    ended = ways.get("booked", last)
    yield plan.Callback(
        name,
        _queue(scope, settings["from_queue"]) if "from_queue" in settings else "",
        scope.opening(settings["within_hours"])
        if "within_hours" in settings
        else plan.Hours("", scope.zone, ((),) * 7),
        values.count_of(
            scope.findings,
            settings,
            "a_day",
            DAILY,
            MOST_CALLBACKS,
            "how often a caller can be called back is not said",
        ),
        booked=f"{name}-2" if announced else ended,
        no_number=ways.get("no-number", scope.operator),
        failed=ways.get("failed", scope.operator),
        place=callback.place,
    )
    if announced and "booked" in ways:
        scope.arrows[f"{name}-2", "done"] = scope.arrows.pop((name, "booked"))
    if announced:
        yield plan.Play(f"{name}-2", scope.played(announced), ended, place=announced.place)
    if ended == last:
        yield plan.HangUp(last, place=callback.place)


def _queue(scope: Scope, word: syntax.Word) -> str:
    """The queue through which it is placed; empty, with a finding, where the name is that of something else."""
    named = scope.names.get(word.text)
    if isinstance(named, syntax.Queue):
        return scope.to(word)
    if not isinstance(named, syntax.Step):
        scope.to(word)
        return ""
    if scope.is_taken(word):
        return ""
    scope.findings.add(
        "D271",
        f"`{values.shortened(word.text)}` is {values.a(type(named).__name__.lower())}, not a queue",
        word.place,
        caller=NOBODY_CALLS,
        notes=(Note(named.name.place, "named here"),),
        help="name the queue whose members call back",
    )
    return ""
