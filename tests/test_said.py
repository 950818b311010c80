"""What the verifier says of small plans, word for word: which finding, where, of which call, and after how much work.

That it is true is held elsewhere, against every call. This is for what calls do not tell: at which step a finding
points, what it puts into words, which of two calls that are as short it shows, and how many situations it had to look
at. `tests/golden/said` has a file for each rule that plans are about, and `DIALC_GOLDEN=write` writes them anew.
"""

import datetime
import functools
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest

from dialc import directions, levels, measure, on_hold, people, reach, rules
from dialc.budgets import budget
from dialc.calendar import Instants
from dialc.plan import Plan
from dialc.rules import Breach
from dialc.source import Place, Source
from dialc.verify import Refused, verify
from dialc.witness import narrate
from tests import enumerated, strategies

GOLDEN = Path(__file__).parent / "golden" / "said"
SMALL = range(6)
"""Plans about each rule that are small enough for all their calls to be made, too."""
LARGER = range(4)
"""Plans about each rule of which nobody has made all the calls; some hold for a month."""
MONTH = (datetime.date(2026, 3, 16), datetime.date(2026, 4, 15))


@functools.cache
def plans(code: str) -> Sequence[tuple[str, Plan]]:
    """Plans about a rule, and how they are called."""
    return tuple(_plans(code))


def _plans(code: str) -> Iterator[tuple[str, Plan]]:
    turn = enumerated.TURNS.index(code)
    for number in SMALL:
        seed = turn + number * len(enumerated.TURNS)
        yield f"small {seed}", _placed(enumerated.made(seed))
    for number in LARGER:
        kinds = enumerated.AIMS[code].kinds if number < 2 else ()
        plan = strategies.plan(random.Random(f"{code} {number}"), 7, number % 2 == 0, kinds)
        yield f"larger {number}", _placed(attrs.evolve(plan, valid=MONTH) if number % 3 else plan)


def _placed(plan: Plan) -> Plan:
    """A plan whose steps and prompts each have a place of their own."""
    source = Source("", "\n".join((*plan.steps, *plan.prompts, "")))
    steps = {name: attrs.evolve(step, place=_place(source, name)) for name, step in plan.steps.items()}
    prompts = {name: attrs.evolve(prompt, place=_place(source, name)) for name, prompt in plan.prompts.items()}
    return attrs.evolve(plan, steps=steps, prompts=prompts)


def _place(source: Source, name: str) -> Place:
    start = f"\n{source.text}".index(f"\n{name}\n")
    return Place(source, start, start + len(name))


COUNTED: tuple[tuple[type, str], ...] = (
    (reach.Survey, "moves"),
    (reach.Survey, "witness"),
    (reach.Survey, "at"),
    (reach.Survey, "leading"),
    (reach.Survey, "longest"),
    (measure.Measured, "_ahead"),
)
"""Where the verifier works: each time it looks at a situation, asks for a call or measures what is ahead."""


def _counting(by: Callable[..., Any], name: str, work: Counter[str]) -> Callable[..., Any]:
    @functools.wraps(by)
    def counted(*args: Any, **named: Any) -> Any:
        work[name] += 1
        return by(*args, **named)

    return counted


def said(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """All that is said of a plan, line by line."""
    with monkeypatch.context() as patch:
        work, works = Counter[str](), list[str]()
        for kind, name in COUNTED:
            patch.setattr(kind, name, _counting(getattr(kind, name), name.strip("_"), work))
        survey = reach.survey(plan)
        for code, check in rules.checks().items():
            for breach in check(survey):
                yield from _finding(plan, breach)
            works.append(" ".join((code, *(f"{name} {times}" for name, times in sorted(work.items())))))
            work.clear()
        yield f"work: {', '.join(told for told in works if ' ' in told)}"
    yield f"ranks: {', '.join(f'{step} {rank}' for step, rank in sorted(reach.ranks(survey).items()))}"
    verdict = verify(plan)
    if isinstance(verdict, Refused):
        yield f"refused: {' '.join(breach.finding.code for breach in verdict.breaches)}"
    else:
        yield f"verified: {' '.join(verdict.proved)}; {verdict.bound}"
        yield from verdict.assumptions
    if not survey.loops:
        yield from _figures(survey)


def _finding(plan: Plan, breach: Breach) -> Iterator[str]:
    finding = breach.finding
    told = finding.call or (narrate(plan, breach.witness) if breach.witness else ())
    there = finding.place.source.text[finding.place.start : finding.place.end]
    at = breach.step if there in ("", breach.step) else f"{breach.step}, in {there}"
    yield f"{finding.code} {finding.severity.value} at {at}: {finding.message}"
    for words in (finding.caller, finding.help):
        if words:
            yield f"  {words}"
    yield from (f"  {row}" for row in told)


def _figures(survey: reach.Survey) -> Iterator[str]:
    found = budget(survey)
    for line in found.lines:
        for whom, effort in line.efforts.items():
            ranges = (f"{what.value} {of.best.number}-{of.worst.number}" for what, of in effort.items())
            yield f"{line.numbers} to {whom.value}: {', '.join(ranges)}"
    for step, presence in found.presences.items():
        yield f"{step}: {presence.told}"
    yield f"menus one behind the other: {levels.chain(survey)}, on hold: {on_hold.longest(on_hold.waits(survey))} s"
    asked = people.People(survey)
    for spot in dict.fromkeys(people.Spot(each.step, each.language, each.party) for each in survey.reach()):
        if offered := asked.offered(spot):
            yield f"people for the asking at {spot.step} in {spot.language}: {_when(offered)}"
    for (number, _), ways in directions.throughout(survey).items():
        for way in ways:
            to, hours = way.call.witness.step, len(way.conditions)
            yield f"{number}: {way.seconds} s to {to}, {hours} conditions, {_when(way.instants)}"


def _when(instants: Instants) -> str:
    stretches = instants.stretches
    return f"{len(stretches)} times from {stretches[0]} on, {sum(end - start for start, end in stretches)} s in all"


@functools.cache
def golden(code: str) -> Mapping[str, str]:
    """What was said of the plans about a rule, by what they are called."""
    path = GOLDEN / f"{code}.txt"
    if os.environ.get("DIALC_GOLDEN") == "write":
        told = "".join(f"=== {name}\n{_text(plan)}\n" for name, plan in plans(code))
        path.parent.mkdir(exist_ok=True)
        path.write_text(told, encoding="utf-8")
    blocks = path.read_text(encoding="utf-8").removeprefix("=== ").split("\n\n=== ")
    return {name: f"{text.rstrip()}\n" for name, _, text in (block.partition("\n") for block in blocks)}


def _text(plan: Plan) -> str:
    with pytest.MonkeyPatch.context() as patch:
        return "".join(f"{row}\n" for row in said(plan, patch))


@pytest.mark.parametrize("index", range(len(SMALL) + len(LARGER)))
@pytest.mark.parametrize("code", enumerated.CODES)
def test_the_golden_words(code: str, index: int) -> None:
    name, plan = plans(code)[index]
    assert golden(code)[name] == _text(plan)


@pytest.mark.parametrize("code", enumerated.CODES)
def test_no_golden_words_are_of_no_plan(code: str) -> None:
    assert list(golden(code)) == [name for name, _ in plans(code)]
