"""Nothing is found that is not explained: every code has a page, in the documentation and in the terminal."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest

from dialc import packs, pages
from dialc.rules import checks

ROOT = Path(__file__).parent.parent


def codes() -> set[str]:
    """Every code that the compiler can write, by the text of its modules."""
    return {
        node.value
        for path in (ROOT / "dialc").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[CDP]\d\d+", node.value)
    }


def test_every_code_that_exists_has_a_page_and_every_page_a_code() -> None:
    assert set(pages.all_pages()) == codes()
    assert set(checks()) < codes()


def test_pages_are_in_order_and_say_something() -> None:
    known = pages.all_pages()
    assert list(known) == sorted(known)
    for code, page in known.items():
        title, _, body = page.strip().partition("\n")
        assert 5 < len(title) < 80, code
        assert len(body.strip()) > 40, code


def test_a_page_is_found_in_any_case_of_letters() -> None:
    assert pages.page("c07") == pages.page("C07") == pages.all_pages()["C07"]
    assert pages.page("C00") is None
    assert pages.page("") is None


def test_a_rule_is_named_after_its_code_and_what_it_promises() -> None:
    for code, check in checks().items():
        module = check.__module__.rpartition(".")[2]
        assert re.fullmatch(rf"{code.lower()}(_[a-z]+)+", module)


@pytest.mark.parametrize("options", [(), ("-O",), ("-OO",)])
def test_explain_has_its_text_even_where_python_throws_docstrings_away(options: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, *options, "-m", "dialc", "explain", "C01"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.stdout.startswith("C01: Every call terminates\n\nWhatever the caller presses")
    assert [part for part in ("\nBad:\n", "\nSays:\n", "\nGood:\n") if part not in done.stdout] == []


# The documentation


@pytest.fixture
def extension(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """The extension of Sphinx that writes the pages. Of Sphinx it needs no more than names, so that is all it gets."""
    modules: dict[str, dict[str, object]] = {
        "sphinx": {},
        "sphinx.application": {"Sphinx": types.SimpleNamespace},
        "sphinx.errors": {"ExtensionError": RuntimeError},
        "sphinx.util": {},
        "sphinx.util.typing": {"ExtensionMetadata": dict},
    }
    for module, names in modules.items():
        stands_in = types.ModuleType(module)
        vars(stands_in).update(names)
        monkeypatch.setitem(sys.modules, module, stands_in)
    spec = importlib.util.spec_from_file_location("docs_rules", ROOT / "docs/_ext/rules.py")
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


FOLDERS = ("charter", "findings", "policies")


def written(extension: types.ModuleType, docs: Path) -> dict[str, Path]:
    """The pages that the extension writes, by code."""
    extension.write(types.SimpleNamespace(srcdir=str(docs)))
    return {path.stem.upper(): path for folder in FOLDERS for path in (docs / folder).glob("*.rst")}


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """An empty documentation."""
    for folder in FOLDERS:
        (tmp_path / folder).mkdir()
    return tmp_path


def test_the_documentation_has_each_page(extension: types.ModuleType, docs: Path) -> None:
    found = written(extension, docs)
    assert set(found) == {*pages.all_pages(), *map(str.upper, pages.policies())}
    assert {code for code, path in found.items() if path.parent.name == "charter"} == {*checks(), "C20"}
    laws = {id.upper(): (id, page) for id, page in pages.policies().items()}
    assert {code for code, path in found.items() if path.parent.name == "policies"} == {*packs.checks.checks(), *laws}
    for key, path in found.items():
        code, page = laws.get(key) or (key, pages.page(key) or "")
        label, blank, title, line, _, *body = path.read_text(encoding="utf-8").splitlines()
        assert (label, blank) == (f".. _{code}:", "")
        assert title.startswith(f"{code}: ")
        assert line == "=" * len(title)
        assert page.strip().endswith("\n".join(body))


def test_the_documentation_loses_the_pages_of_codes_that_are_gone(extension: types.ModuleType, docs: Path) -> None:
    for gone in ("charter/c99.rst", "findings/d999.rst", "policies/p999.rst", "policies/xx-1.rst"):
        (docs / gone).write_text("", encoding="utf-8")
    assert set(written(extension, docs)) == {*pages.all_pages(), *map(str.upper, pages.policies())}


def test_the_documentation_leaves_pages_alone_that_did_not_change(extension: types.ModuleType, docs: Path) -> None:
    for path in written(extension, docs).values():
        os.utime(path, (1, 1))
    assert {path.stat().st_mtime for path in written(extension, docs).values()} == {1}


@pytest.mark.parametrize(
    ("folder", "letter"), [("charter", "c"), ("findings", "d"), ("policies", "p0"), ("policies", "*-")]
)
def test_every_page_is_in_a_table_of_contents(folder: str, letter: str) -> None:
    index = (ROOT / "docs" / folder / "index.rst").read_text(encoding="utf-8")
    glob = re.escape(f"{letter}*")
    assert re.search(rf"^\.\. toctree::\n(?:   :.*\n)*   :glob:\n\n   {glob}$", index, re.MULTILINE)
