"""The example plans: each is proved as it stands, in canonical form, and compiles for its site without a finding."""

from pathlib import Path

import pytest

from dialc import compile, judge, read_site
from dialc.cli.reading import beside
from dialc.findings import Finding
from dialc.plan import Verified
from dialc.scenarios import play
from dialc.source import Source

EXAMPLES = Path(__file__).parent.parent / "examples"

SITES = {
    "clinic": "warsaw",
    "hotel": "milan",
    "law": "jerusalem",
    "pizzeria": "athens",
    "retailer": "amman",
    "school": "hyderabad",
    "town_hall": "vilnius",
    "utility": "kyiv",
    "workshop": "backyard",
}
ELSEWHERE = {"vet": ("krakow", "3cx")}
"""Plans for other PBXs than Asterisk: the site, and the target."""

PARTS = {"retailer-prompts"}
"""Files that plans use, and that are no plans."""


def source(name: str) -> Source:
    return Source(name, (EXAMPLES / name).read_text(encoding="utf-8"))


def test_every_example_is_named_here() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.dial")} == {*SITES, *ELSEWHERE, *PARTS}
    assert {path.stem for path in EXAMPLES.glob("*.site")} == {
        *SITES.values(),
        *(site for site, _ in ELSEWHERE.values()),
    }


@pytest.mark.parametrize("name", [*SITES, *ELSEWHERE])
def test_a_plan_is_proved_without_a_waiver_or_a_finding(name: str) -> None:
    judged = judge(source(f"{name}.dial"), beside(str(EXAMPLES / f"{name}.dial")))
    assert judged.findings == ()
    assert isinstance(judged.verdict, Verified)
    assert judged.verdict.waived == ()


def test_the_scenarios_of_the_plans_go_as_expected() -> None:
    made: dict[tuple[str, str], Finding | None] = {}
    for name in SITES:
        verdict = judge(source(f"{name}.dial"), beside(str(EXAMPLES / f"{name}.dial"))).verdict
        assert verdict
        made |= {(name, each.title): play(verdict.plan, each).failed for each in verdict.plan.scenarios}
    assert made == {("clinic", "a patient presses 0"): None}


@pytest.mark.parametrize("name", [*SITES, *ELSEWHERE])
def test_a_plan_compiles_for_its_site(name: str) -> None:
    where, target = ELSEWHERE.get(name) or (SITES[name], "asterisk")
    site, findings = read_site(source(f"{where}.site"))
    assert findings == ()
    compiled = compile(source(f"{name}.dial"), site, target=target, beside=beside(str(EXAMPLES / f"{name}.dial")))
    assert compiled.findings == ()
    assert compiled.files


def test_the_examples_are_written_in_five_scripts() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in EXAMPLES.glob("*.dial"))
    for script in ("a-z", "\u0370-\u03ff", "\u0400-\u04ff", "\u0590-\u05ff", "\u0600-\u06ff", "\u0c00-\u0c7f"):
        first, _, last = script.partition("-")
        assert sum(first <= letter <= last for letter in texts) > 100, script
