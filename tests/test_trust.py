"""What a verdict takes on trust of people and of the PBX, in the words in which every example is told it.

`DIALC_GOLDEN=write` writes `tests/golden/trust` anew.
"""

import os
import re
from pathlib import Path

import pytest

from dialc import judge
from dialc.cli.reading import beside
from dialc.plan import Verified
from dialc.source import Source
from tests.test_rules import plan

EXAMPLES = Path(__file__).parent.parent / "examples"
GOLDEN = Path(__file__).parent / "golden" / "trust"


PLANS = [
    path.stem
    for path in sorted(EXAMPLES.glob("*.dial"))
    if re.search("^plan ", path.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.mark.parametrize("name", PLANS)
def test_the_golden_assumptions(name: str) -> None:
    path = EXAMPLES / f"{name}.dial"
    verdict = judge(Source(str(path), path.read_text(encoding="utf-8")), beside(str(path))).verdict
    assert isinstance(verdict, Verified)
    told = "".join(f"{assumption}\n" for assumption in verdict.assumptions)
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("DIALC_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(told, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == told


def test_what_is_asked_of_machines_and_of_phones_that_nobody_confirms_is_told() -> None:
    body = """
        operator reception { ring 100 for 20s  supervisor 110  unanswered -> mobile }
        route start { answer -> kind }
        lookup kind { ask registry for 3s  answer known -> reception }
        ring mobile { ring "+48 601 000 200" without confirm because "no mailbox" for 20s
                      busy -> sorry  no-answer -> sorry  unavailable -> sorry }
    """
    verdict = judge(Source("plan.dial", plan(body))).verdict
    assert isinstance(verdict, Verified)
    assert "what `registry` answers at `kind` is right: it decides where callers go" in verdict.assumptions
    assert "+48601000200 reaches a person although nobody confirms: no mailbox" in verdict.assumptions
