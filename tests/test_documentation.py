"""The commands that the documentation shows, and their outputs, are the true ones."""

import contextlib
import io
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dialc.cli import main
from dialc.rules import checks
from tests.test_readme import PLAN

DOCS = Path(__file__).parent.parent / "docs"
EXAMPLES = DOCS.parent / "examples"
BY_HAND = ("asterisk",)
"""Commands that need what a test has not."""


def shown(page: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a page and the lines that are shown as their output, in order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    for block in re.findall(r"^\.\. code-block:: console\n\n((?:(?:   .*)?\n)+)", text, re.MULTILINE):
        command, output = "", list[str]()
        for line in block.replace(" \\\n   ", " ").splitlines():
            if line.startswith("   $ "):
                if command:
                    yield command, output
                command, output = line[5:], []
            else:
                output.append(line[3:])
        yield command, output


def done(command: str) -> str:
    """What a command prints."""
    name, *arguments = shlex.split(command)
    if name != "dialc":
        return subprocess.run(["sh", "-c", command], check=True, capture_output=True, text=True).stdout
    *arguments, into = arguments if arguments[-2:-1] == [">"] else (*arguments, "")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        main([argument for argument in arguments if argument != ">"])
    if not into:
        return printed.getvalue()
    Path(into).write_text(printed.getvalue(), encoding="utf-8")
    return ""


def _pattern(line: str) -> str:
    """What a line that is shown stands for: the codes of rules between two are left out. With files there is C20."""
    codes = " ".join(sorted((*checks(), "C20"))).replace("C20 ", "(?:C20 )?")
    escaped = re.escape(f"{line}\n").replace(re.escape("(C01 … C22)"), rf"\({codes}\)")
    return escaped.replace(re.escape("tzdata …"), "tzdata .*")


@pytest.mark.parametrize("page", ["tutorial.rst", "commands.rst", "ordinary.rst", "proof/certificates.rst"])
def test_what_a_page_shows_is_what_happens(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(EXAMPLES, "examples")
    shutil.copytree(DOCS / "ordinary", "ordinary")
    Path("office.dial").write_text(PLAN, encoding="utf-8")
    commands = [(command, output) for command, output in shown(page) if command.split()[0] not in BY_HAND]
    assert commands
    for command, output in commands:
        while output and not output[-1].strip():
            output.pop()
        expected = "".join(r"(?:.*\n)*" if line.strip() == "…" else _pattern(line.rstrip()) for line in output)
        assert re.fullmatch(expected, done(command)), f"{command}\n{done(command)}"
