"""Plans as files of tests: what pytest collects of them, and how it tells what fails."""

from pathlib import Path

import pytest

from tests.test_mutants import RULES
from tests.test_scenarios import BAD, CLINIC, GOOD

pytest_plugins = ("pytester",)


@pytest.fixture(autouse=True)
def _with_the_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin of this checkout, whatever is installed."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent))


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest("-p", "dialc.pytest_plugin", "-p", "no:cacheprovider", *arguments)


def write(pytester: pytest.Pytester, **files: str) -> None:
    for name, text in files.items():
        (pytester.path / f"{name}.dial").write_text(text, encoding="utf-8")


def test_each_scenario_is_a_test(pytester: pytest.Pytester) -> None:
    write(pytester, clinic=CLINIC + GOOD)
    result = run(pytester, "-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["clinic.dial::the plan is proved PASSED*", "clinic.dial::night & day PASSED*"])
    run(pytester, "clinic.dial::night & day").assert_outcomes(passed=1)
    run(pytester, "-k", "night").assert_outcomes(passed=1, deselected=1)
    run(pytester, "-m", "not dialc", "--strict-markers").assert_outcomes(deselected=2)


def test_what_fails_is_told_as_the_finding(pytester: pytest.Pytester) -> None:
    write(pytester, clinic=CLINIC + GOOD + BAD)
    result = run(pytester)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*clinic.dial: day*",
            "error[[]D301]: the caller hears `choices`, not `closed_now`",
            "*--> clinic.dial:*",
            "*= call: Mon 2026-11-23 09:15:00 CET, calling +48221234567",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_a_plan_that_is_not_proved_fails(pytester: pytest.Pytester) -> None:
    write(pytester, clinic=RULES["C10"].plan)
    result = run(pytester)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*clinic.dial: the plan is proved*", "error[[]C10]*", "*= caller: *"])


def test_a_plan_that_cannot_be_understood_fails_once(pytester: pytest.Pytester) -> None:
    write(pytester, clinic=CLINIC.replace("timezone", "timezon") + GOOD)
    result = run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["error[[]D10*"])
    (pytester.path / "clinic.dial").write_bytes(b"scenario \xff")
    run(pytester).assert_outcomes(failed=1)


def test_only_what_has_scenarios_is_collected_unless_it_is_named(pytester: pytest.Pytester) -> None:
    write(pytester, none=CLINIC, broken="plan x")
    run(pytester).assert_outcomes()
    run(pytester, "none.dial").assert_outcomes(passed=1)
    run(pytester, "broken.dial").assert_outcomes(failed=1)


def test_a_project_says_which_plans_are_tests(pytester: pytest.Pytester) -> None:
    write(pytester, clinic=CLINIC + GOOD, draft=CLINIC + BAD)
    pytester.makeini("[pytest]\ndialc_files = clinic*.dial\n")
    run(pytester).assert_outcomes(passed=2)
    pytester.makeini("[pytest]\ndialc_files =\n")
    run(pytester).assert_outcomes()


def test_recordings_are_measured_if_a_project_says_where_they_are(pytester: pytest.Pytester) -> None:
    write(pytester, clinic=CLINIC + GOOD)
    pytester.makeini("[pytest]\ndialc_sounds = nowhere\n")
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["there is no folder `*nowhere`"])
    (pytester.path / "nowhere").mkdir()
    result = run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["error[[]D253]*"])


def test_other_tests_are_left_alone(pytester: pytest.Pytester) -> None:
    write(pytester, clinic=CLINIC + GOOD)
    pytester.makepyfile("import sys\ndef test_nothing():\n    assert True\n")
    run(pytester, "-k", "nothing").assert_outcomes(passed=1, deselected=2)
