"""Scenario blocks: a call, and how it is expected to go.

In: `syntax.Scenario`. Out: `plan.Scenario`.
"""

import datetime
import zoneinfo
from collections.abc import Iterator
from typing import assert_never

from dialc import plan, syntax, witness
from dialc.callers import WITHHELD
from dialc.findings import Note
from dialc.plan import Outcome
from dialc.resolve import values
from dialc.resolve.names import Scope

_UNSAID = "which call is meant is not said"

_NEVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
"""When nobody calls in a plan that is refused."""

STATES = {
    "busy": Outcome.BUSY,
    "unavailable": Outcome.UNAVAILABLE,
    "empty": Outcome.EMPTY,
    "full": Outcome.FULL,
    "broken": Outcome.FAILURE,
    "late": Outcome.TIMEOUT,
    "over": Outcome.OVER,
}
"""What is said of steps in a scenario (`line is full`), as what comes of them."""


def resolve(scope: Scope) -> Iterator[plan.Scenario]:
    """The scenarios of a file."""
    titles: dict[str, syntax.Scenario] = {}
    for written in scope.all(syntax.Scenario):
        first = titles.setdefault(written.title.text, written)
        if first is not written:
            scope.findings.add(
                "D202",
                f"the scenario `{values.shortened(written.title.text)}` is there twice",
                written.title.place,
                caller="which of the two went otherwise would not be seen",
                notes=(Note(first.title.place, "first here"),),
            )
        yield _resolved(scope, written)


def _resolved(scope: Scope, written: syntax.Scenario) -> plan.Scenario:
    place = written.title.place
    at = scope.findings.only("at", (item for item in written.items if isinstance(item, syntax.At)))
    called = scope.findings.only("call", (item for item in written.items if isinstance(item, syntax.Called)))
    if at is None:
        help = "write it, as in `at 2026-11-23 09:15`"
        scope.lacks("the scenario does not say when somebody calls", place, help, _UNSAID)
    if called is None:
        help = 'write it, as in `call "+48 22 123 45 67"`'
        scope.lacks("the scenario does not say which number is called", place, help, _UNSAID)
    return plan.Scenario(
        written.title.text,
        _number(scope, called.number) if called else "",
        _caller(scope, called.caller) if called and called.caller else "",
        _instant(scope, at) if at else _NEVER,
        tuple(line for item in written.items for line in _lines(scope, item)),
        place=written.place,
    )


def _number(scope: Scope, called: syntax.Word | syntax.Setting) -> str:
    """The number of a line, as it is called."""
    if isinstance(called, syntax.Setting):
        return called.value.text
    return called.text if _is_bare(called) else values.e164(called, scope.findings, caller=_UNSAID)


def _caller(scope: Scope, caller: syntax.Word) -> str:
    """Who calls."""
    return WITHHELD if _is_bare(caller) else values.e164(caller, scope.findings, caller=_UNSAID)


def _is_bare(word: syntax.Word) -> bool:
    """Whether a word stands without quotes."""
    return not word.place.source.text.startswith('"', word.place.start)


def _instant(scope: Scope, at: syntax.At) -> datetime.datetime:
    """The first instant at which clocks show a date and time."""
    zone = zoneinfo.ZoneInfo(scope.zone)
    day, seconds = values.date(at.date, scope.findings), values.moment(at.time, scope.findings)
    if day is None:
        return _NEVER
    shown = datetime.datetime.combine(day, datetime.time(), tzinfo=zone) + datetime.timedelta(seconds=seconds)
    once = shown.astimezone(datetime.UTC).astimezone(zone)
    if once.replace(tzinfo=None) != shown.replace(tzinfo=None):
        message = f"clocks in {scope.zone} never show `{at.date.text} {at.time.text}`"
        scope.findings.add("D206", message, at.place, caller="nobody could make this call")
    return shown


def _lines(
    scope: Scope, item: syntax.At | syntax.Called | syntax.Hear | syntax.Reach | syntax.Happening
) -> Iterator[plan.Hears | plan.Reaches | plan.Occurs | plan.Turns | plan.CallerHangsUp]:
    match item:
        case syntax.At() | syntax.Called():
            return
        case syntax.Hear():
            for word in item.prompts:
                yield plan.Hears(scope.played(word).name, place=word.place)
        case syntax.Reach():
            within = values.seconds(item.within, scope.findings, caller=_UNSAID) if item.within else None
            yield plan.Reaches(witness.written(scope.entry(item.step)), within, place=item.step.place)
        case syntax.HangUp():
            yield plan.CallerHangsUp(place=item.place)
        case syntax.Press():
            after = _after(scope, item.after)
            for key in item.keys:
                yield plan.Occurs(Outcome.KEY, after=after, key=key.text, place=item.place)
                after = None
        case syntax.Answers() | syntax.Declines():
            who = item.phone.text
            if not who.isdigit():
                who = values.e164(item.phone, scope.findings, caller=_UNSAID)
            outcome = Outcome.ANSWERED if isinstance(item, syntax.Answers) else Outcome.DECLINED
            yield plan.Occurs(outcome, after=_after(scope, item.after), who=who, place=item.place)
        case syntax.Replies():
            block, after = scope.lookup(item.step), _after(scope, item.after)
            yield plan.Occurs(Outcome.REPLY, block, after, word=item.word.text, place=item.place)
        case syntax.TurnsOut():
            block, after = witness.written(scope.entry(item.step)), _after(scope, item.after)
            yield plan.Occurs(STATES[item.state.text], block, after, place=item.place)
        case syntax.Stands():
            switch, position = scope.turned(item.switch), plan.Position(item.position.text)
            if switch is not None and position not in switch.positions:
                _tell_position(scope, item, switch)
            yield plan.Turns(item.switch.text, position, place=item.place)
        case syntax.Leaves():
            outcome = Outcome.LEFT if item.some.text == "a" else Outcome.NOTHING_LEFT
            yield plan.Occurs(outcome, after=_after(scope, item.after), place=item.place)
        case syntax.Setting():
            silent = item.kind == "stay"
            yield plan.Occurs(Outcome.SILENCE if silent else Outcome.NO_ANSWER, place=item.place)
        case _:
            assert_never(item)


def _after(scope: Scope, word: syntax.Word | None) -> int | None:
    """The seconds after which something happens, which may be none at all; None where they are not said."""
    if word is None:
        return None
    return values.seconds(word, scope.findings, caller=_UNSAID) if word.text[:-1].strip("0") else 0


def _tell_position(scope: Scope, item: syntax.Stands, switch: plan.Switch) -> None:
    """A finding about a switch that cannot stand so."""
    positions = " or ".join(position.value for position in switch.positions)
    scope.findings.add(
        "D245",
        f"`{values.shortened(item.switch.text)}` can be {positions}, and not {item.position.text}",
        item.position.place,
        caller=_UNSAID,
        notes=(Note(switch.place, "this switch"),),
    )
