"""The budget of a plan against every call that small plans allow, and against the walker."""

import os
from collections.abc import Iterable
from pathlib import Path

import attrs
import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from dialc import approach, call, judge, reach
from dialc.approach import Whom
from dialc.budgets import Figure, What, budget
from dialc.cli.budget import table
from dialc.cli.reading import beside
from dialc.measure import Measured
from dialc.plan import Announcement, Operator, Outcome, Plan, Ring
from dialc.source import Source
from dialc.witness import Turn
from tests import efforts, oracle, strategies
from tests.test_verify import SLOW, all_calls

ALL_CALLERS = (What.SILENCE, What.RINGING)
"""What is measured of all callers, not only of those who are sure."""


def figures(made: Iterable[efforts.Effort], what: What) -> list[int]:
    """One figure, of each call that is measured."""
    return [getattr(one, what.value) for one in made if one.sure or what in ALL_CALLERS]


def hold_against_every_call(plan: Plan) -> None:
    """Each figure is the least, or the most, of all calls, and the call that is shown comes to it."""
    survey = reach.survey(plan)
    assume(not survey.loops)
    longest = max(survey.longest(lambda _step, exit: exit.longest).values())
    made = all_calls(plan, steps=40, longest=longest)
    found = budget(survey)
    numbers = plan.called()
    assert [line.numbers for line in found.lines] == [each for each in numbers if each.first]
    for line in found.lines:
        for whom in Whom:
            calls = [one for one in made if numbers[plan.lines.index(plan.line(one.number))] == line.numbers]
            taken = [efforts.effort(plan, one, operator=whom is Whom.OPERATOR) for one in calls]
            for what in What:
                expected = figures(filter(None, taken), what)
                note(f"{line.numbers} to {whom.value}: {what.value} of {len(expected)} calls")
                told = line.efforts[whom].get(what)
                assert (told is None) is (not expected)
                if told is not None:
                    assert (told.best.number, told.worst.number) == (min(expected), max(expected))
                    for figure in (told.best, told.worst):
                        _comes_to(plan, figure, what, whom)


def _comes_to(plan: Plan, figure: Figure, what: What, whom: Whom) -> None:
    """The walker makes the call that is shown, and it comes to what is told of it."""
    witness = figure.call.witness
    made = oracle.Made(int(witness.at.timestamp()), call.walk(plan, gone_on(plan, figure)), ended=True)
    taken = efforts.effort(plan, made, operator=whom is Whom.OPERATOR)
    assert taken is not None
    if what not in ALL_CALLERS:  # a turn of a call does not tell when in it somebody waited
        assert getattr(taken, what.value) == figure.number


def gone_on(plan: Plan, figure: Figure) -> call.Call:
    """The call that is shown, gone on with until nobody has answered."""
    witness = figure.call.witness
    step = plan.steps[witness.step]
    over = next(exit for exit in step.exits() if exit.outcome in NOBODY)
    begun = call.replay(plan, witness)
    whole = call.replay(plan, attrs.evolve(witness, turns=(*witness.turns, Turn(step.name, over, over.shortest))))
    left, rung = figure.call.seconds, list[call.Happens]()
    for item in step.items if isinstance(step, Operator) else step.stages if isinstance(step, Ring) else ():
        if isinstance(item, Announcement):
            left -= item.prompt.seconds
        elif any(phone.human for phone in item.phones):
            break
        else:
            rung.append(call.Happens(Outcome.NO_ANSWER, min(left, item.seconds)))
            left -= min(left, item.seconds)
    return attrs.evolve(begun, happenings=(*begun.happenings, *rung), steps=None, turned=whole.turned)


NOBODY = (Outcome.UNANSWERED, Outcome.NO_ANSWER, Outcome.TIMEOUT)
"""What comes of phones and queues where nobody answers."""


@given(strategies.plans(steps=4, acyclic=True))
@settings(SLOW, max_examples=30)
def test_a_budget_is_that_of_every_call(plan: Plan) -> None:
    hold_against_every_call(plan)


ABOUT = (
    ("menu", "ring"),
    ("queue", "bot", "menu"),
    ("lookup", "collect", "branch"),
    ("ring", "play", "branch"),
)


@pytest.mark.parametrize("kinds", ABOUT, ids=" ".join)
@given(st.data())
@settings(SLOW, max_examples=15)
def test_a_budget_among_some_kinds_of_steps(kinds: tuple[str, ...], data: st.DataObject) -> None:
    hold_against_every_call(data.draw(strategies.plans(steps=2, acyclic=True, kinds=kinds)))


EXAMPLES = Path(__file__).parent.parent / "examples"
GOLDEN = Path(__file__).parent / "golden" / "budgets"


@pytest.mark.parametrize("name", ["clinic", "workshop"])
def test_the_golden_budgets(name: str) -> None:
    """`DIALC_GOLDEN=write` writes them anew."""
    path = str(EXAMPLES / f"{name}.dial")
    verdict = judge(Source(path, Path(path).read_text(encoding="utf-8")), beside(path)).verdict
    assert verdict is not None
    told = "\n".join((*table(verdict.plan, budget(reach.survey(verdict.plan))), ""))
    assert max(map(len, told.splitlines())) <= 100
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("DIALC_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(told, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == told


def test_what_a_sample_says_of_the_examples_is_what_all_instants_say() -> None:
    path = str(EXAMPLES / "school.dial")
    verdict = judge(Source(path, Path(path).read_text(encoding="utf-8")), beside(path)).verdict
    assert verdict is not None
    survey = reach.survey(verdict.plan)
    sample = reach.sampled(survey)
    for most in (False, True):
        whole, part = (Measured(each, approach.seconds(sure=True), most) for each in (survey, sample))
        assert whole.extreme() == part.extreme()
        assert whole.example() == part.example()


LINES = """\
plan office "Example Ltd"
timezone Europe/Warsaw  language en
line "+48 22 123 45 67" -> start
line "+48 22 123 45 68" -> start
line "+48 22 123 45 69" machine "the fax" -> fax
route start { play welcome -> reception }
ring fax { ring 300 for 20s }
operator reception { ring 100 for 20s  unanswered -> sorry }
route sorry { hang-up }
prompt welcome { file office/welcome  en "Good morning."  lasts 3s }
"""


def test_lines_that_are_alike_are_told_apart_by_their_numbers_alone() -> None:
    verdict = judge(Source("lines.dial", LINES)).verdict
    assert verdict is not None
    first, second, fax = budget(reach.survey(verdict.plan)).lines
    assert first.unnumbered == second.unnumbered
    assert first.unnumbered != fax.unnumbered
    assert {figure.call.witness.number for figure in second.figures} == {"+48221234568"}
    assert fax.exempt is not None
    assert fax.efforts[Whom.ANYBODY][What.HAND_OFFS].worst.number == 1
    assert fax.efforts[Whom.OPERATOR][What.HAND_OFFS].best.number == 1
