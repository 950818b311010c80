"""The verifier against the solver: what each says of a plan.

In: a plan. Out: an `Answer`: of each rule whether it is broken or kept, and every disagreement. Where the solver finds
a call, the walker makes it, and the rules of `tests/oracle.py` and `tests/broken` find in it what the solver did.
"""

import datetime
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

import attrs
import z3

from dialc import call, reach
from dialc import rules as verifier
from dialc.plan import Collect, Menu, Outcome, Plan
from dialc.witness import Turn, Witness
from tests import broken, oracle
from tests.engine.calls import Calls, Position, Term, TooLong, Way
from tests.engine.plans import promising_no_call
from tests.engine.rules import rules
from tests.engine.rules.c03 import comes_round

MOST_TURNS = 24
"""Turns beyond which a plan is not looked at."""

JUDGED = ("C02", "C03", "C07", "C10", "C11", "C15", "C17", "C22")
"""Rules of which a call shows the breach as soon as it has gone so far, whatever comes then."""

LEAST_TIME = ("C02", "C03", "C07", "C10", "C17")
"""Rules whose witness is, of those with the fewest exits, the call that takes the least time."""


class Undecided(Exception):
    """The solver gave a question up."""


@attrs.define
class Answer:
    """What came of a plan: counts of what was asked, and all that the two do not agree on."""

    counts: Counter[str] = attrs.field(factory=Counter)
    wrong: list[str] = attrs.field(factory=list)


def compare(plan: Plan) -> Answer:
    """Ask both about a plan. Plans that are too large for the solver are counted, and no more."""
    answer = Answer()
    survey = reach.survey(plan)
    try:
        turns, circular = longest(plan)
        calls = Calls(plan, turns)
    except TooLong:
        answer.counts["plan too large"] += 1
        return answer
    if circular:
        try:
            found = _first(calls, list(comes_round(calls)))
        except Undecided:
            answer.counts["undecided: loops"] += 1
            return answer
        if (found is None) is bool(survey.loops):
            answer.wrong.append(f"loops: the verifier {len(survey.loops)}, the solver {found and _told(found)}")
        if found:
            _walked(calls, found, "", answer)
        answer.counts["comes round" if found else "comes round to nothing"] += 1
        if found or survey.loops:
            return answer
    answer.counts["plan"] += 1
    answer.counts["ways"] += sum(map(len, calls.ways))
    try:
        _bounds(calls, survey, answer)
    except Undecided:
        answer.counts["undecided: bounds"] += 1
    for code, breaks in rules().items():
        asked = reach.survey(promising_no_call(plan)) if code == "C14" else survey
        try:
            _rule(calls, asked, code, list(breaks(calls)), answer)
        except Undecided:
            answer.counts[f"undecided: {code}"] += 1
    return answer


def longest(plan: Plan) -> tuple[int, bool]:
    """The most turns that a call can take as far as arrows go, and whether they lead round.

    Where they do, it is as many as there are positions, since more would come to one of them again. Raises `TooLong`.
    """
    calls = Calls(plan, 1)
    ways: dict[Position, list[Position]] = {}
    ahead = list(calls.arrived[0])
    while ahead:
        position = ahead.pop()
        if position not in ways:
            ways[position] = calls.onward(position)
            ahead.extend(ways[position])
    left = {position: len(set(onward)) for position, onward in ways.items()}
    behind: dict[Position, list[Position]] = {position: [] for position in ways}
    for position, onward in ways.items():
        for to in set(onward):
            behind[to].append(position)
    turns = dict.fromkeys(ways, 1)
    settled = [position for position, count in left.items() if not count]
    for position in settled:
        for before in behind[position]:
            turns[before] = max(turns[before], turns[position] + 1)
            left[before] -= 1
            if not left[before]:
                settled.append(before)
    circular = len(settled) < len(ways)
    most = len(ways) + 1 if circular else max(turns.values())
    if most > MOST_TURNS:
        raise TooLong
    return most, circular


def _bounds(calls: Calls, survey: reach.Survey, answer: Answer) -> None:
    """The most seconds and turns of a call, which the verifier works out whatever hours allow together."""
    seconds = max(survey.longest(lambda _step, exit: exit.longest).values())
    turns = max(survey.longest(lambda _step, _exit: 1).values())
    begun = calls.turns[0].at

    def lasts(than: int) -> list[tuple[int, Term]]:
        return [
            (turn + 1, z3.And(z3.Or(*(way.taken for way in ways)), calls.turns[turn + 1].at - begun >= than))
            for turn, ways in enumerate(calls.ways)
        ]

    if found := _first(calls, lasts(seconds + 1)):
        answer.wrong.append(f"a call lasts longer than {seconds} s: {_told(found)}")
    more = [(turn + 1, z3.Or(*(way.taken for way in ways))) for turn, ways in enumerate(calls.ways) if turn >= turns]
    if more and (found := _first(calls, more)):
        answer.wrong.append(f"a call takes more than {turns} turns: {_told(found)}")
    attained = _first(calls, lasts(seconds)) is not None
    answer.counts["longest call " + ("as long as the bound" if attained else "shorter, by the hours")] += 1
    if not attained:
        free = Calls(calls.plan, len(calls.ways), hours=False)
        begun = free.turns[0].at
        long = [
            (turn + 1, z3.And(z3.Or(*(way.taken for way in ways)), free.turns[turn + 1].at - begun >= seconds))
            for turn, ways in enumerate(free.ways)
        ]
        if _first(free, long) is None:
            answer.wrong.append(f"no call lasts {seconds} s, were it always as open as it has to be")


def _rule(calls: Calls, survey: reach.Survey, code: str, breaks: list[tuple[int, Term]], answer: Answer) -> None:
    """One rule: broken or kept, and by how short a call."""
    shown = [breach.witness for breach in verifier.checks()[code](survey) if breach.witness]
    if not shown:
        if found := _first(calls, breaks):
            answer.wrong.append(f"{code}: kept, says the verifier; {_told(found)}")
        answer.counts[f"{code} {'kept' if breaks else 'has no subject'}"] += 1
        return
    exits, seconds = min((len(witness.turns), witness.seconds) for witness in shown)
    shorter = [(turn, formula) for turn, formula in breaks if turn < exits]
    if found := _first(calls, shorter):
        answer.wrong.append(f"{code}: not in fewer than {exits} exits, says the verifier; {_told(found)}")
    just = [formula for turn, formula in breaks if turn == exits]
    took = calls.turns[exits].at - calls.turns[0].at if exits < len(calls.turns) else z3.IntVal(0)
    found = _model(calls, z3.Or(*just), exits)
    if found is None:
        answer.wrong.append(f"{code}: broken after {exits} exits, says the verifier, and by no such call: {shown[0]}")
        return
    _walked(calls, found, code, answer)
    if code in LEAST_TIME:
        if quicker := _model(calls, z3.And(z3.Or(*just), took < seconds), exits):
            answer.wrong.append(f"{code}: in no less than {seconds} s, says the verifier; {_told(quicker)}")
        if _model(calls, z3.And(z3.Or(*just), took == seconds), exits) is None:
            answer.wrong.append(f"{code}: after {exits} exits in {seconds} s, says the verifier, and by no such call")
    answer.counts[f"{code} broken"] += 1


# What the solver finds


@attrs.frozen
class Found:
    """A call that the solver found: when it begins, who calls, the ways taken, for how long, and tries in vain."""

    at: int
    number: str
    caller: str
    ways: tuple[Way, ...]
    seconds: tuple[int, ...]
    missed: tuple[int, ...]


def _first(calls: Calls, breaks: Sequence[tuple[int, Term]]) -> Found | None:
    """A call that is one of some, of the fewest exits; None if there is none."""
    if not breaks or _model(calls, z3.Or(*(formula for _, formula in breaks)), 0) is None:
        return None
    for exits in sorted({turn for turn, _ in breaks}):
        found = _model(calls, z3.Or(*(formula for turn, formula in breaks if turn == exits)), exits)
        if found:
            return found
    raise AssertionError("a disjunction without a disjunct")


def _model(calls: Calls, formula: Term, exits: int) -> Found | None:
    """A call of which a formula holds, its first exits; None if there is none."""
    asked = calls.fresh("asked")
    calls.solver.add(z3.Implies(asked, formula))
    said = calls.solver.check(asked)
    if said == z3.unsat:
        return None
    if said == z3.unknown:
        raise Undecided
    model = calls.solver.model()

    def so(term: Term) -> bool:
        return bool(z3.is_true(model.eval(term, model_completion=True)))

    def value(term: Term) -> int:
        found: int = model.eval(term, model_completion=True).as_long()
        return found

    party = next(p for p, mine in zip(calls.parties, calls.calls_as, strict=True) if so(mine))
    ways = [next(way for way in calls.ways[turn] if so(way.taken)) for turn in range(exits)]
    times = [value(turn.at) for turn in calls.turns[: exits + 1]]
    by_key = (Outcome.KEY, Outcome.EXTENSION, Outcome.ACCEPT)
    tries = [
        value(calls.turns[way.turn].counted) - 1
        if isinstance(way.step, Menu | Collect) and way.exit.outcome in by_key
        else 0
        for way in ways
    ]
    return Found(
        times[0],
        party.number,
        party.caller,
        tuple(ways),
        tuple(after - before for before, after in itertools.pairwise(times)),
        tuple(tries),
    )


def _told(found: Found) -> str:
    """A call as text."""
    ways = ", ".join(
        f"{way.position.step} {way.exit.label} {seconds} s"
        for way, seconds in zip(found.ways, found.seconds, strict=True)
    )
    at = datetime.datetime.fromtimestamp(found.at, datetime.UTC)
    return f"a call at {at:%Y-%m-%d %H:%M:%S} UTC to {found.number} from {found.caller or 'anybody'}: {ways}"


def _walked(calls: Calls, found: Found, code: str, answer: Answer) -> None:
    """Have the walker make a call that was found; of some rules, every call for itself says that they are broken."""
    plan = calls.plan
    turns = tuple(
        Turn(way.position.step, way.exit, seconds, missed)
        for way, seconds, missed in zip(found.ways, found.seconds, found.missed, strict=True)
    )
    at = datetime.datetime.fromtimestamp(found.at, datetime.UTC)
    witness = Witness(found.number, at, turns, caller=found.caller)
    replayed = attrs.evolve(call.replay(plan, witness), steps=None if code in JUDGED else len(turns))
    try:
        events = call.walk(plan, replayed)
    except call.CannotHappen as refused:
        answer.wrong.append(f"{code}: the walker does not make {_told(found)}: {refused}")
        return
    left = [(e.step, e.outcome, e.at) for e in events if isinstance(e, call.Left)][: len(turns)]
    since, told = 0, []
    for turn in turns:
        since += turn.seconds
        told.append((turn.step, turn.exit.label, since))
    if left != told:
        answer.wrong.append(f"{code}: the walker goes another way than {_told(found)}: {left}")
    answer.counts["calls made by the walker"] += 1
    if code in JUDGED:
        made = oracle.Made(found.at, events, True, found.number, found.caller)
        if (code, len(turns)) not in set(_judged(plan, made)):
            answer.wrong.append(f"{code}: nothing is wrong in {_told(found)}, says the walker's judge")


def _judged(plan: Plan, made: oracle.Made) -> Iterator[tuple[str, int]]:
    for code, _, exits in oracle.broken(plan, made):
        yield code, exits
    for code, breaks in broken.rules().items():
        for _, exits in breaks(plan, made):
            yield code, exits
