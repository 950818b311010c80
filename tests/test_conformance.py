"""The suite for backends: ours pass it, the example does, and each way of being wrong fails it."""

import functools
import inspect
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import attrs
import dialc_callsheet
import pytest

from dialc import Backend, find_backend
from dialc.findings import Finding, Severity
from dialc.plan import Plan, Unproved, Verified
from dialc.site import Site, default
from dialc.testing import Conformance, Hooks, conformance, written
from tests.test_emit_asterisk import uncommented
from tests.test_mutants import CLINIC, RULES
from tests.test_packaging import build

ROOT = Path(__file__).parent.parent


def read(files: Mapping[str, str]) -> object:
    """What Asterisk reads of files, without the generation, which goes by the texts."""
    return [re.sub(r"dialc-drawn-[0-9a-f]{8}", "G", row) for text in files.values() for row in uncommented(text)]


TestAsterisk = conformance(
    find_backend("asterisk"),
    attrs.evolve(default("asterisk"), services={"crm": "https://crm.example/caller"}, codes=("internal",)),
    Hooks(structure=read),
)


# What is wrong is found


@attrs.frozen
class Bent:
    """The call sheet, bent: each function as it is, or another."""

    refuses: Callable[[Plan, Site], tuple[Finding, ...]] = dialc_callsheet.refusals
    writes: Callable[[Verified | Unproved, Site], dict[str, str]] = dialc_callsheet.emit
    notes: Callable[[Plan, Mapping[str, str]], tuple[Finding, ...]] = dialc_callsheet.documented

    def refusals(self, plan: Plan, site: Site) -> tuple[Finding, ...]:
        return self.refuses(plan, site)

    def emit(self, verdict: Verified | Unproved, site: Site) -> dict[str, str]:
        return self.writes(verdict, site)

    def documented(self, plan: Plan, files: Mapping[str, str]) -> tuple[Finding, ...]:
        return self.notes(plan, files)

    def paste(self, plan: Plan, site: Site) -> str:
        return dialc_callsheet.paste(plan, site)


def changed(change: Callable[[str, Verified | Unproved], str]) -> Bent:
    """A call sheet whose text is changed."""

    def writes(verdict: Verified | Unproved, site: Site) -> dict[str, str]:
        files = dialc_callsheet.emit(verdict, site)
        return {name: change(text, verdict) for name, text in files.items()}

    return Bent(writes=writes)


def crashes(verdict: Verified | Unproved, site: Site) -> dict[str, str]:
    raise NotImplementedError


COUNTED: Iterator[int] = iter(range(10**9))

WRONG: dict[str, tuple[str, Backend]] = {
    "crashes": ("test_every_plan_is_written_or_refused_with_findings", Bent(writes=crashes)),
    "writes nothing": ("test_every_plan_is_written_or_refused_with_findings", Bent(writes=lambda *_: {})),
    "only warns": (
        "test_every_plan_is_written_or_refused_with_findings",
        Bent(refuses=lambda *_: (Finding("S003", "no", severity=Severity.WARNING),)),
    ),
    "counts": (
        "test_the_same_plan_is_written_in_the_same_way_and_changes_nothing",
        changed(lambda text, _: f"{text}{next(COUNTED)}\n"),
    ),
    "leaves the folder": (
        "test_files_have_plain_names_and_are_plain_text",
        Bent(writes=lambda *given: {f"../{name}": text for name, text in dialc_callsheet.emit(*given).items()}),
    ),
    "rings the bell": ("test_files_have_plain_names_and_are_plain_text", changed(lambda text, _: f"{text}\a\n")),
    "names no plan": ("test_files_say_what_they_are", changed(lambda text, v: text.replace(v.plan.digest, ""))),
    "says nothing of its verdict": (
        "test_files_of_a_plan_that_is_not_proved_say_so_first",
        changed(lambda text, _: text.removeprefix("UNPROVED: ")),
    ),
    "reads words": ("test_words_stay_words", changed(lambda text, v: f"{text}LINE {v.plan.title}\n")),
    "takes any name": (
        "test_a_name_that_cannot_be_written_is_refused",
        Bent(refuses=lambda *_: ()),
    ),
    "records nothing": ("test_every_call_is_recorded", changed(lambda text, _: text.replace("came", ""))),
    "looks at nothing": ("test_every_call_is_recorded", Bent(notes=lambda *_: ())),
    "drops an exit": (
        "test_what_is_read_back_is_what_was_written",
        changed(lambda text, _: text.replace("  unanswered -> sorry_message\n", "")),
    ),
}


HOSTILE = "x\nLINE 1 -> start\x07\n"


def once(backend: Backend, test: str) -> None:
    """One test of the suite, with one plan, and with words that would be more than words."""
    suite = conformance(backend, default("callsheet"), HOOKS)()
    body = getattr(Conformance, test).hypothesis.inner_test
    plan = known(RULES["C10"].plan if test.endswith("say_so_first") else CLINIC)
    words = [name for name in inspect.signature(body).parameters if name not in ("self", "plan")]
    body(suite, plan, *(HOSTILE for _ in words))


known = functools.cache(written)

HOOKS = Hooks(structure=dialc_callsheet.structure, arrows=dialc_callsheet.arrows)
TESTS = [name for name in vars(Conformance) if name.startswith("test_")]


@pytest.mark.parametrize("test", TESTS)
def test_a_backend_that_is_right_passes(test: str) -> None:
    once(Bent(), test)


@pytest.mark.parametrize("name", WRONG)
def test_a_backend_that_is_wrong_fails(name: str) -> None:
    test, backend = WRONG[name]
    with pytest.raises((AssertionError, NotImplementedError)):
        once(backend, test)


def test_every_test_of_the_suite_can_fail() -> None:
    can = {test for test, _ in WRONG.values()}
    # What is pasted is shown on a terminal, and nothing else.
    assert set(TESTS) - can == {"test_what_to_do_with_the_files_is_said_in_plain_text"}


# The example, installed


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's wheel, as it lies in a site-packages folder."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(build("wheel", ROOT / "examples/backend", tmp_path_factory.mktemp("wheel"))) as archive:
        archive.extractall(folder)
    return folder


def ran(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What a module prints that is run beside the installed example, in a folder."""
    environment = {"PYTHONPATH": f"{installed}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)


def test_a_backend_of_another_package_is_a_target(installed: Path, tmp_path: Path) -> None:
    plan = str(ROOT / "examples/clinic.dial")
    done = ran(installed, tmp_path, "dialc", "compile", plan, "--target", "callsheet", "--out", "out")
    assert done.returncode == 0, done.stdout + done.stderr
    sheet = (tmp_path / "out/clinic.callsheet.txt").read_text(encoding="utf-8")
    assert "\nLINE +48221234567 -> start\n" in sheet
    assert "\nSTEP reception\n" in sheet
    assert "  print clinic.callsheet.txt and lay it beside the switchboard of default" in done.stdout


def test_what_a_backend_of_another_package_refuses_is_shown(installed: Path, tmp_path: Path) -> None:
    plan = tmp_path / "law.dial"
    for name in ("law.dial", "law-clients.csv"):
        (tmp_path / name).write_bytes((ROOT / "examples" / name).read_bytes())
    done = ran(installed, tmp_path, "dialc", "compile", str(plan), "--target", "callsheet", "--out", "out")
    assert done.returncode == 1
    assert "error[S002]: nobody at a switchboard can record, as `start-4` does\n" in done.stdout + done.stderr
    assert not (tmp_path / "out").exists()


def test_the_example_passes_its_own_tests(installed: Path, tmp_path: Path) -> None:
    tests = str(ROOT / "examples/backend/tests")
    done = ran(installed, tmp_path, "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), tests)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
