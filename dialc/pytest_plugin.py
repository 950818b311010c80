"""Scenarios as tests of pytest: a plan is a file of tests, and each of its scenarios one of them.

In: files `*.dial` that pytest comes upon. Out: for each that has scenarios, a test that the plan is proved, and one for
each scenario; what fails is told as the finding. pytest finds this module by itself where dialc is installed, and
nothing of the compiler is loaded before there is a plan to be read.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from dialc.beside import Beside
    from dialc.findings import Finding
    from dialc.plan import Plan, Scenario
    from dialc.source import Source

PROVED = "the plan is proved"
"""The name of the first test of a plan."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """What a project can say in its configuration."""
    parser.addini("dialc_files", "names of the plans whose scenarios are tests (globs)", "args", ["*.dial"])
    parser.addini("dialc_sounds", "the folder of the recordings of the plans, which are then measured", "paths", [])


def pytest_configure(config: pytest.Config) -> None:
    """Give the tests of plans a mark of their own: `pytest -m dialc`."""
    config.addinivalue_line("markers", "dialc: a test of a call plan")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "PlanFile | None":
    """A plan, if it has scenarios or was named on the command line."""
    named = parent.session.isinitpath(file_path) and file_path.suffix == ".dial"
    wanted = any(file_path.match(glob) for glob in parent.config.getini("dialc_files"))
    if named or (wanted and _has_scenarios(file_path)):
        plan: PlanFile = PlanFile.from_parent(parent, path=file_path)
        plan.add_marker("dialc")
        return plan
    return None


def _has_scenarios(path: Path) -> bool:
    """Whether a file has scenarios, or cannot be read, which is told as its tests are looked for."""
    try:
        return b"scenario" in path.read_bytes()
    except OSError:
        return True


class PlanFile(pytest.File):
    """The file of a plan, with its path as it is shown: from where pytest was started."""

    def collect(self) -> "Iterator[Proof | Call]":
        """That it is proved, and each of its scenarios; of a plan that cannot be understood, only the first."""
        from dialc import understand
        from dialc.cli.reading import beside
        from dialc.cli.terminal import Misuse
        from dialc.source import Source

        try:
            source, recordings = self.source(), self.sounds()
        except Misuse as misuse:
            raise self.CollectError(str(misuse)) from None
        proof: Proof = Proof.from_parent(self, name=PROVED)
        yield proof
        if not isinstance(source, Source):
            return
        plan, _ = understand(source, beside(self.shown), recordings)
        for scenario in plan.scenarios if plan else ():
            call: Call = Call.from_parent(self, name=scenario.title, plan=plan, scenario=scenario)
            yield call

    @property
    def shown(self) -> str:
        """The path."""
        return os.path.relpath(self.path)

    def source(self) -> "Source | Finding":
        """The text, or what is wrong with its bytes."""
        from dialc.cli.reading import read

        return read(self.shown)

    def sounds(self) -> "Beside | None":
        """The recordings, if they are to be measured."""
        from dialc.cli.reading import sounds

        folders = self.config.getini("dialc_sounds")
        return sounds(str(folders[0])) if folders else None


class Proof(pytest.Item):
    """The test that a plan is proved."""

    parent: PlanFile

    def runtest(self) -> None:
        """Prove it, as `dialc check` does."""
        from dialc.cli.verdicts import judged
        from dialc.plan import Verified

        found = judged(self.parent.shown, self.parent.source(), self.parent.sounds())
        if not isinstance(found.verdict, Verified):
            _fail(found.findings)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands: at the beginning of the plan."""
        return self.path, 0, f"{self.parent.shown}: {self.name}"


class Call(pytest.Item):
    """The test that a scenario goes as expected."""

    parent: PlanFile

    def __init__(self, *, plan: "Plan", scenario: "Scenario", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._plan = plan
        self._scenario = scenario

    def runtest(self) -> None:
        """Make its call, as `dialc test` does."""
        from dialc.cli.testing import failed
        from dialc.scenarios import play

        finding = failed(self._plan, self._scenario, play(self._plan, self._scenario))
        if finding is not None:
            _fail((finding,))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands: at its first line."""
        return self.path, self._scenario.place.line - 1, f"{self.parent.shown}: {self.name}"


def _fail(findings: "Sequence[Finding]") -> NoReturn:
    """Fail with findings as they are shown, instead of a traceback."""
    from dialc.findings import in_order, text

    pytest.fail("\n\n".join(map(text, in_order(findings))), pytrace=False)
