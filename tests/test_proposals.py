"""Scenarios that are proposed: put into the plan and made, they all go as they say, and no exit is left out."""

import random
from pathlib import Path

import pytest

import dialc
from dialc import coverage, parse, proposals, resolve, scenarios
from dialc.beside import Beside
from dialc.cli import main, proposing
from dialc.cli.reading import beside
from dialc.findings import Finding
from dialc.format import formatted
from dialc.plan import Plan
from dialc.source import Source
from tests import fuzz
from tests.test_mutants import RULES
from tests.test_scenarios import CLINIC, DAY, EVERYTHING

ROOT = Path(__file__).parent.parent
PLANS = [
    path
    for folder in ("examples", "docs/ordinary")
    for path in sorted((ROOT / folder).glob("*.dial"))
    if path.name != "retailer-prompts.dial"
]
CALL = 'call "+48 22 123 45 67"'


def understood(text: str, besides: Beside) -> Plan:
    """The plan of a text that can be understood."""
    judged = dialc.judge(Source("plan.dial", text), besides)
    assert judged.verdict is not None, judged.findings
    return judged.verdict.plan


def left_out(text: str, besides: Beside) -> set[str]:
    """The exits of a plan that none of its scenarios takes, once those are put into it that are proposed."""
    proposed = proposing.text(understood(text, besides))
    plan = understood(f"{text}\n{proposed}", besides)
    calls = [scenarios.play(plan, each) for each in plan.scenarios]
    before = text.count('scenario "')
    assert [(each.title, call.failed) for each, call in zip(plan.scenarios, calls, strict=True) if call.failed] == []
    assert len(calls) == before + proposed.count('scenario "')
    assert proposed == formatted(parse.parse(Source("proposed", proposed))[0]) or "scenario" not in proposed
    return {str(each) for each in coverage.coverage(plan, (call.events for call in calls)).missing}


@pytest.mark.parametrize("path", PLANS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_exit_of_the_plans_of_the_documentation_is_taken(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert left_out(text, beside(str(path))) == set()


def test_every_kind_of_step_is_left_by_every_exit() -> None:
    assert left_out(EVERYTHING, beside("town.dial")) == set()


@pytest.mark.parametrize("name", ["C01", "C02", "C03", "C08", "C11", "C21"])
def test_every_exit_of_a_plan_is_taken_that_breaks_a_rule(name: str) -> None:
    assert left_out(RULES[name].plan, beside("clinic.dial")) == set()


@pytest.mark.parametrize("seed", range(3))
def test_every_exit_of_a_random_plan_is_taken(seed: int) -> None:
    """Of examples that were cut up, mixed and bent, the first that can be understood."""
    chance, known = random.Random(seed), fuzz.corpus()
    while True:
        source = parse.decode("plan.dial", fuzz.made(chance, known))
        if isinstance(source, Finding) or len(source.text) < 600:
            continue
        file, findings = parse.parse(source)
        if not findings and resolve.resolve(file, known.beside)[0] is not None:
            break
    assert left_out(source.text, known.beside) == set()


def test_what_scenarios_take_is_not_proposed_again() -> None:
    whole = proposals.proposals(understood(CLINIC, beside("clinic.dial")), frozenset())
    text = CLINIC + f'scenario "a" {{ {DAY} {CALL} press 1 press 2 }}'
    plan = understood(text, beside("clinic.dial"))
    taken = coverage.passed(scenarios.play(plan, plan.scenarios[0]).events)
    fewer = proposals.proposals(plan, taken)
    assert len(fewer.scenarios) < len(whole.scenarios)
    assert proposing.text(understood(text + proposing.text(plan), beside("x"))) == (
        "# Scenarios take every exit that a call can take\n"
    )


def test_few_calls_take_many_exits() -> None:
    plan = understood(CLINIC, beside("clinic.dial"))
    found = proposals.proposals(plan, frozenset()).scenarios
    ends = sum(exit.outcome.value in ("answered", "hung-up") for step in plan.steps.values() for exit in step.exits())
    assert ends <= len(found) <= 22


def test_what_is_proposed_is_the_same_whenever_it_is_asked_for() -> None:
    plans = [understood(CLINIC, beside("clinic.dial")) for _ in range(2)]
    assert proposing.text(plans[0]) == proposing.text(plans[1])


def test_a_title_that_is_taken_is_not_taken_again() -> None:
    text = (
        CLINIC + f'scenario "main: key 9" {{ {DAY} {CALL} press 0 }} scenario "privacy_info: done" {{ {DAY} {CALL} }}'
    )
    titles = [each.title for each in proposals.proposals(understood(text, beside("x")), frozenset()).scenarios]
    assert "privacy_info: done (2)" in titles


ONLY_THEN = """
plan night "Night"
timezone Europe/Warsaw
language en
valid 2026-10-01 to 2026-10-31
line "+48 22 123 45 67" -> start
hours moment { zone UTC  open 2026-10-25 01:00-01:30 }
prompt bye { file night/bye  en "Goodbye."  lasts 2s  goodbye }
route start { when moment open -> gone  otherwise -> desk }
operator desk { ring 100 for 20s  unanswered -> gone }
route gone { play bye  hang-up }
"""


def test_what_no_scenario_can_tell_is_told() -> None:
    """The clocks of the plan show that half hour twice, and a scenario means the first."""
    told = proposing.text(understood(ONLY_THEN, beside("x")))
    assert told.splitlines()[-1] == "# No scenario can be told of start: open -> gone (plan.dial:9:35)"
    assert left_out(ONLY_THEN, beside("x")) == {"start: open -> gone"}


# The command


@pytest.fixture
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clinic.dial").write_text(CLINIC, encoding="utf-8")
    (tmp_path / "broken.dial").write_text("plan x", encoding="utf-8")


@pytest.mark.usefixtures("_folder")
def test_what_is_proposed_can_be_put_into_the_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "clinic.dial", "--generate"]) == 0
    proposed = capsys.readouterr().out
    (tmp_path / "clinic.dial").write_text(f"{CLINIC}\n{proposed}", encoding="utf-8")
    assert main(["test", "clinic.dial", "--coverage"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "42 of 42 exits taken"
    assert main(["test", "clinic.dial", "--generate"]) == 0
    assert capsys.readouterr().out == "# Scenarios take every exit that a call can take\n"


@pytest.mark.usefixtures("_folder")
def test_nothing_is_proposed_for_what_is_no_plan(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "broken.dial", "--generate"]) == 1
    assert capsys.readouterr().out.endswith("broken.dial: 1 error; no call can be made\n")
    for more in (["broken.dial"], ["--coverage"], ["--format", "json"]):
        assert main(["test", "clinic.dial", "--generate", *more]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
