"""Names of files beside a plan, and what the command line gives for them."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialc.beside import Missing, alone, named
from dialc.cli.reading import beside
from dialc.parse import LARGEST


@pytest.mark.parametrize(
    ("written", "by", "name"),
    [
        ("prompts.dial", "", "prompts.dial"),
        ("lists/vip.csv", "", "lists/vip.csv"),
        ("vip.csv", "lists/callers.dial", "lists/vip.csv"),
        ("../vip.csv", "lists/callers.dial", "vip.csv"),
        ("./a//b", "", "a/b"),
    ],
)
def test_names_are_relative_to_the_file_that_names_them(written: str, by: str, name: str) -> None:
    assert named(written, by) == name


@pytest.mark.parametrize("written", ["", " ", "/etc/passwd", "C:/x", "a\\b", "..", "../x", "a/../../x", "a\0b", "."])
def test_names_that_lead_elsewhere_are_refused(written: str) -> None:
    assert isinstance(named(written), Missing)


@given(st.text(st.sampled_from("ab./\\ :"), max_size=12), st.sampled_from(["", "x.dial", "a/x.dial", "a/b/x.dial"]))
def test_a_name_never_leads_out_of_the_folder(written: str, by: str) -> None:
    found = named(written, by)
    if isinstance(found, str):
        assert not {"..", ""} & set(found.split("/"))
        assert found == os.path.normpath(found)


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.csv").write_bytes(b"1")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "large").write_bytes(b"x" * (LARGEST + 1))
    os.mkfifo(tmp_path / "pipe")
    ask = beside(str(tmp_path / "plan.dial"))
    assert ask("folder/a.csv") == b"1"
    for name in ("folder", "nothing", "loop", "large", "pipe", "nothing/x", "a\0b", "x" * 5000):
        assert isinstance(ask(name), Missing), name


def test_a_plan_without_files() -> None:
    assert isinstance(alone("a.csv"), Missing)
