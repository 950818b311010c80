"""Complaints can go up: operators with a supervisor, and without."""

import pytest

from dialc import Source, judge
from dialc.plan import Verified
from tests.test_rules import findings, plan

SECOND = """
line "+48 22 123 45 68" operator second -> start
operator reception default { ring 100 for 20s  supervisor 110  unanswered -> sorry }
operator second { ring 101 for 20s %s unanswered -> sorry }
"""


def reception(body: str) -> str:
    return f"route start {{ answer -> reception }}\noperator reception {{ {body}  unanswered -> sorry }}"


@pytest.mark.parametrize(
    "body",
    [
        "ring 100, 101 for 20s  supervisor 110",
        "ring 100, 110 for 20s  supervisor 110",
        "ring 100 for 10s  then ring 110 for 10s  supervisor 110",
        'ring 100, "+48 601 000 200" for 20s  supervisor 110',
    ],
)
def test_kept(body: str) -> None:
    assert findings(reception(body)) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("ring 100, 101 for 20s", "`reception` has no supervisor"),
        ("ring 110 for 20s  supervisor 110", "`reception` is its own supervisor"),
        ("ring 110 for 10s  then ring 110 for 20s  supervisor 110", "`reception` is its own supervisor"),
        ('ring 110, "+48 601 000 200" for 20s  supervisor 110', "`reception` is its own supervisor"),
        (
            'ring "+48 601 000 200" for 20s  supervisor 110',
            "no phone of `reception` can hand a caller up: they are all outside numbers",
        ),
    ],
)
def test_broken(body: str, message: str) -> None:
    assert findings(reception(body)) == [f"C21 (warning): {message}"]


def test_each_operator_has_one_of_its_own() -> None:
    start = "route start { answer }\n"
    assert findings(start + SECOND % " supervisor 110 ") == []
    assert findings(start + SECOND % "") == ["C21 (warning): `second` has no supervisor"]


def test_a_plan_without_a_supervisor_is_proved_and_warned_about_and_can_waive_it() -> None:
    written = plan(reception("ring 100 for 20s"))
    verdict = judge(Source("plan.dial", written)).verdict
    assert isinstance(verdict, Verified)
    assert [finding.code for finding in verdict.warnings] == ["C21"]
    alone = 'waive C21 at reception by "A. Owner" because "there is nobody above me"\n'
    verdict = judge(Source("plan.dial", written + "\n" + alone)).verdict
    assert isinstance(verdict, Verified)
    assert verdict.warnings == ()
    assert [waived.waiver.because for waived in verdict.waived] == ["there is nobody above me"]


def test_a_rule_that_a_warning_is_about_is_not_among_those_proved() -> None:
    verdict = judge(Source("plan.dial", plan(reception("ring 100 for 20s")))).verdict
    assert isinstance(verdict, Verified)
    assert "C21" not in verdict.proved
    assert "C22" in verdict.proved
