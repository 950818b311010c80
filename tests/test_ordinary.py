"""Plans as competent administrators run them: what the charter says about each, and that the cure is small."""

import re
from pathlib import Path

import pytest

from dialc import judge
from dialc.plan import Verified
from dialc.source import Source

ROOT = Path(__file__).parent.parent / "docs"
PLANS = sorted((ROOT / "ordinary").glob("*.dial"))

FOUND = {
    "office": ("C04",),
    "plumber": ("C21", "C04"),
    "vet": ("C18", "C21", "C04"),
    "agency": ("C15",),
}
"""The findings, in the order of the plan; of the others nothing is found."""

CURES = {
    "office": (
        ('ring 100, "+44', 'play connecting\n  ring 100, "+44'),
        ("prompt closed ", 'prompt connecting { file connecting  en "Connecting."  lasts 1s }\nprompt closed '),
    ),
    "plumber": (("confirm for 25s", "confirm for 20s"),),
    "vet": (("confirm for 25s", "confirm for 20s"), ("offers 1, 2 }", "offers 1, 2, 0 }")),
    "agency": (("  wait 4s", "  key 0 -> boss\n  wait 4s"), ("offers 1, 2 }", "offers 1, 2, 0 }")),
}
"""The edits that the page tells, by which nothing is left but what it says has no cure: nobody above who is alone."""


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_an_ordinary_plan_is_found_fault_with_where_its_author_would_want_to_know(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"^\s*(waive|policy)\b", text, re.MULTILINE)
    judged = judge(Source(path.name, text))
    assert tuple(finding.code for finding in judged.findings) == FOUND.get(path.stem, ())
    assert isinstance(judged.verdict, Verified) is (path.stem not in FOUND)


@pytest.mark.parametrize("name", CURES)
def test_a_cure_is_as_small_as_the_page_says(name: str) -> None:
    text = (ROOT / "ordinary" / f"{name}.dial").read_text(encoding="utf-8")
    for before, after in CURES[name]:
        assert text.count(before) == 1
        text = text.replace(before, after)
    judged = judge(Source(f"{name}.dial", text))
    assert {finding.code for finding in judged.findings} <= {"C21"}
    assert isinstance(judged.verdict, Verified)


def test_the_page_tells_what_is_found() -> None:
    page = (ROOT / "ordinary.rst").read_text(encoding="utf-8")
    rows = re.findall(r"\* - ``(\w+)\.dial``\n     - .*\n     - (.*)\n", page)
    assert {name: set(re.findall(r"C\d\d", told)) for name, told in rows} == {
        path.stem: set(FOUND.get(path.stem, ())) for path in PLANS
    }
