"""What every call does: how it comes in, who calls, how it ends, and what happens to one that no plan knows.

In: a plan, a site and the ways of a compilation. Out: the extensions by which calls come in, which stand in a context
of the PBX, and the states that all steps share.
"""

from collections.abc import Iterator, Mapping

from dialc.callers import Callers
from dialc.emit.asterisk.entries import Entry
from dialc.emit.asterisk.spelling import LONGEST_CALLED, lines, presented, rung, supervised
from dialc.emit.freeswitch.states import ANY, Action, State, Test, Ways, literal, sets
from dialc.emit.freeswitch.steps import CONFIRMS
from dialc.numbers import Dialling
from dialc.plan import Label, Operator, Outside, Plan
from dialc.site import Site

RINGING = "%(1000,4000,425)"
"""What callers hear while phones ring, once their call was taken: the tone of most of Europe (ITU-T E.180)."""

E164 = 15
"""Digits of the longest number."""


def incoming(plan: Plan, site: Site, ways: Ways) -> Iterator[State]:
    """The extensions by which calls come in on each line, in every form in which a trunk delivers its numbers.

    Their names are shown to people; what has to match stands in `tests`. The first that matches counts, so that the
    default line comes last, wherever a plan has it.
    """
    numbered = tuple(enumerate(lines(plan, site), 1))
    for number, line in numbered:
        for entry in line.entries:
            called, expression = _called(entry)
            yield _comes(plan, ways, number, f"{entry.first}", expression, called)
    for number, line in numbered:
        if line.is_default:
            digits = f"^([+0-9]{{1,{LONGEST_CALLED}}})[+0-9]*$"
            yield _comes(plan, ways, number, "default", digits, "$1")
            yield _comes(plan, ways, number, "unknown", "^", "unknown")


def _comes(plan: Plan, ways: Ways, line: int, name: str, expression: str, called: str) -> State:
    tests = (Test("destination_number", expression),)
    return State(f"dialc-{plan.name} {name}", tests, (sets("dialc_called", called), ways.go(f".line-{line}")))


def _called(entry: Entry) -> tuple[str, str]:
    """The number that was called by an entry, and the expression that matches what a trunk delivers then."""
    if entry.first == entry.last:
        return entry.number, f"^{literal(entry.first)}$"
    head = next(at for at, (a, b) in enumerate(zip(entry.first, entry.last, strict=True)) if a != b)
    digits = len(entry.first) - head - 1
    more = f"[0-9]{{{digits}}}" if digits else ""
    known = entry.number.partition("$")[0]
    return f"{known}$1", f"^{literal(entry.first[:head])}([{entry.first[head]}-{entry.last[head]}]{more})$"


def states(plan: Plan, site: Site, ways: Ways) -> Iterator[State]:
    """The states of a call that belong to no step, but for those that come last (`last`)."""
    for number, line in enumerate(lines(plan, site), 1):
        caller = (ways.run(".caller"),) if plan.asked else ()
        begun = (ways.run(".begin"), *caller, sets("dialc_operator", line.operator), ways.go(f".line-{number}.in"))
        yield State(f".line-{number}", (), begun)
        for callers in plan.lines[number - 1].refuses:
            yield State(f".line-{number}.in", _holds(callers), (ways.go(".refuse"),))
        for row in line.rows:
            if row.phone:
                called = Test("${dialc_called}", f"^{literal(row.number)}$")
                yield State(f".line-{number}.in", (called,), (sets("dialc_dialled", row.phone), ways.go(line.entry)))
        yield State(f".line-{number}.in", (), (ways.go(line.entry),))
    yield from _begin(plan, ways)
    if any(line.refuses for line in plan.lines):
        yield State(".refuse", (), (sets("dialc_ends", "refused"), Action("hangup", "CALL_REJECTED")))
    if plan.asked:
        yield from _caller(site)
        for number, callers in enumerate(plan.asked, 1):
            yield State(f".callers-{number}", _holds(callers), (sets("dialc_listed", "1"),))
            yield State(f".callers-{number}", (), (sets("dialc_listed", "0"),))
    yield State(
        ".answered",
        (),
        (sets("dialc_ends", "over"), ways.note("${dialc_step}=answered/${dialc_who}")),
    )
    if any(isinstance(step, Label) for step in plan.steps.values()):
        yield from _label()
    if any(isinstance(phone, Outside) and phone.confirm for _, phone in rung(plan)):
        yield from _confirm(site, ways)


def last(plan: Plan, ways: Ways) -> Iterator[State]:
    """Where a call comes that something happens to which no plan knows: behind all else, whatever its state is.

    It goes to the operator; from there, or if it happens again, to that operator's last resort; and the third time it
    ends.
    """
    operators = [step for step in plan.steps.values() if isinstance(step, Operator)]
    failed = (ways.note("${dialc_step}=pbx-error"), sets("dialc_errors", "${dialc_errors}x"))
    once = Test("${dialc_errors}", "^x$")
    for step in operators:
        own = Test("${dialc_operator}", f"^{literal(step.name)}$")
        elsewhere = Test("${dialc_step}", f"^(?!{literal(step.name)}$)")
        yield State(".error", (once, own, elsewhere), (ways.go(step.name),))
    for step in operators:
        own = Test("${dialc_operator}", f"^{literal(step.name)}$")
        yield State(".error", (Test("${dialc_errors}", "^xx?$"), own), (ways.go(step.unanswered),))
    yield State(".error", (), (ways.note("${dialc_step}=hung-up"), sets("dialc_ends"), Action("hangup")))
    yield State(ANY, (), (*failed, ways.go(".error")))


def upward(plan: Plan, ways: Ways) -> Iterator[tuple[str, tuple[State, ...]]]:
    """The contexts in which callers arrive whom an operator hands up: one number leads on, the supervisor's."""
    for operator, supervisor in supervised(plan):
        up = State(supervisor.number, (), (ways.go(f"{operator.name}.up"),))
        yield f"{ways.context}.up-{operator.name}", (up, State(ANY, (), (ways.go(".nowhere"),)))


def _begin(plan: Plan, ways: Ways) -> Iterator[State]:
    given: Mapping[str, str] = {
        "dialc_begun": "${strepoch()}",
        "dialc_journey": "${dialc_called}",
        "dialc_ends": "caller-hung-up",
        "dialc_errors": "",
        "dialc_handed": "no",
        "dialc_language": plan.language,
        "accountcode": f"dialc-{plan.name}",
        "import": "dialc_who",
        "execute_on_pre_bridge": f"execute_extension .answered XML {ways.context}",
        "hangup_after_bridge": "true",
        "continue_on_fail": "true",
        "playback_terminators": "none",
        "ringback": RINGING,
        "transfer_ringback": RINGING,
        **{f"dialc_returns_{target}": "0" for target in plan.targets()},
    }
    yield State(".begin", (), (*(sets(*pair) for pair in given.items()), ways.run(".shown")))
    shown = Test("caller_id_number", "^([+]?[0-9]{1,20})$")
    open_number = Test("privacy_hide_number", "^(?!true)")
    yield State(".shown", (open_number, shown), (sets("dialc_shown", "$1"),))
    yield State(".shown", (), (sets("dialc_shown", "anonymous"),))


def _holds(callers: Callers) -> tuple[Test, ...]:
    """What has to hold of a caller who is on a list: a number, a beginning, or to be withheld."""
    parts = [literal(number) + "$" for number in sorted(callers.numbers)]
    parts += [literal(prefix) for prefix in sorted(callers.prefixes)]
    parts += ["withheld$"] if callers.withheld else []
    return (Test("${dialc_from}", f"^(?:{'|'.join(parts)})" if parts else "^(?!)"),)


def _caller(site: Site) -> Iterator[State]:
    """Who calls, in E.164, into `dialc_from`: `withheld` where the number is kept back, and for what is no number."""
    shown = presented(site)
    dialling = shown.dialling
    withheld = (sets("dialc_from", "withheld"),)
    yield State(".caller", (Test("privacy_hide_number", "^true$"),), withheld)
    if shown.withheld:
        yield State(".caller", (Test("caller_id_number", f"^(?:{'|'.join(shown.withheld)})$"),), withheld)
    for expression, value in _written(dialling, shown.national, shown.e164):
        yield State(".caller", (Test("caller_id_number", expression),), (sets("dialc_from", value),))
    yield State(".caller", (), withheld)


def _written(dialling: Dialling, national: bool, e164: bool) -> Iterator[tuple[str, str]]:
    """How a caller's number can be written, and what it is in full; the first that matches counts."""
    room = E164 - len(dialling.code)
    yield f"^([+][0-9]{{1,{E164}}})$", "$1"
    yield f"^{dialling.international}([0-9]{{1,{E164}}})$", "+$1"
    other = f"(?!{dialling.international})"
    if national and dialling.national:
        yield f"^{other}{dialling.national}([0-9]{{0,{room}}})$", f"+{dialling.code}$1"
        other += f"(?!{dialling.national})"
    if national and e164:
        if dialling.full:
            yield f"^{other}({dialling.code}[0-9]{{{dialling.full - len(dialling.code)},{room}}})$", "+$1"
        lengths = "|".join(f"[0-9]{{{length}}}" for length in dialling.lengths if length <= room)
        yield f"^{other}({lengths})$", f"+{dialling.code}$1"
        too_long = "|".join(f"[0-9]{{{length}}}" for length in dialling.lengths if length > room)
        if too_long:
            yield f"^{other}(?:{too_long})$", "withheld"
    if national and not e164:
        yield f"^{other}([0-9]{{1,{room}}})$", f"+{dialling.code}$1"
    else:
        yield f"^{other}([0-9]{{1,{E164}}})$", "+$1"


def _label() -> Iterator[State]:
    """The label stands before the caller's name on phones that ring, or alone where that is no plain one."""
    name = Test("caller_id_name", "^([^!-/:-@[-`{-~]{1,80})$")
    shown = Test("privacy_hide_name", "^(?!true)")
    yield State(".label", (shown, name), (sets("effective_caller_id_name", "${dialc_label} $1"),))
    yield State(".label", (), (sets("effective_caller_id_name", "${dialc_label}"),))


def _confirm(site: Site, ways: Ways) -> Iterator[State]:
    """What runs on a telephone outside that was answered: who does not press 1 is not joined."""
    file = f"{site.sounds}/dialc_confirm.wav" if site.sounds else "dialc_confirm.wav"
    ask = Action("read", f"1 1 file_string://{file}!silence_stream://20 dialc_key {CONFIRMS} none")
    pressed = Test("${dialc_key}", "^1")
    yield State(".confirm", (), (sets("playback_terminators", "none"), sets("dialc_key"), ask, ways.run(".asked")))
    yield State(".asked", (pressed,), (sets("dialc_key"),))
    yield State(".asked", (Test("${dialc_key}", "^$"),), (ask, ways.run(".asked-again")))
    yield State(".asked", (), (Action("hangup", "NORMAL_CLEARING"),))
    yield State(".asked-again", (pressed,), (sets("dialc_key"),))
    yield State(".asked-again", (), (Action("hangup", "NORMAL_CLEARING"),))
