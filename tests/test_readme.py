"""The plan of the README is proved, and its loop gets the finding that stands there, to the letter."""

import re
from pathlib import Path

import pytest

from dialc.cli import main

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def between(name: str) -> str:
    """What stands between the markers of this name, without the fence."""
    found = re.findall(rf"^<!-- {name} -->\n```\w*\n(.*?)^```\n<!-- /{name} -->$", README, re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return str(found[0])


PLAN = between("plan")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that write `office.dial` do it in a folder of their own."""
    monkeypatch.chdir(tmp_path)


def test_the_plan_is_short_and_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(PLAN.splitlines()) == 15
    Path("office.dial").write_text(PLAN, encoding="utf-8")
    assert main(["check", "--warnings-as-errors", "office.dial"]) == 0
    assert capsys.readouterr().out.startswith("office: proved (C01 ")


def test_the_loop_gets_the_finding_that_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    (loop,) = re.findall(r"^Let `(.*?)` ", README, re.MULTILINE)
    assert PLAN.count("silence -> reception") == 1
    Path("office.dial").write_text(PLAN.replace("silence -> reception", loop), encoding="utf-8")
    command, _, finding = between("finding").partition("\n")
    assert command == "$ dialc check office.dial"
    assert main(command.split()[2:]) == 1
    assert capsys.readouterr().out == finding
