"""What a user installs: the wheel holds the whole of dialc and nothing else, and finds its own assets."""

import configparser
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from dialc import assets

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ASSETS = ("grammar", "backends")


def build(kind: str, source: Path, target: Path) -> Path:
    """The distribution of a kind (`wheel`, `sdist`), built from one folder into another."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target)]
    done = subprocess.run(command, cwd=source, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (built,) = target.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files as they lie in a site-packages folder."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def files(folder: Path) -> set[str]:
    """The files under a folder, relative to it, without what Python caches."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_package_and_its_assets_and_nothing_else(installed: Path) -> None:
    expected = files(ROOT / "dialc").union(*({f"{name}/{path}" for path in files(ROOT / name)} for name in ASSETS))
    assert files(installed / "dialc") == expected
    assert {path.name for path in installed.iterdir()} == {"dialc", f"dialc-{PROJECT['version']}.dist-info"}


def test_every_file_in_the_wheel_is_of_a_kind_that_belongs_there(installed: Path) -> None:
    assert {Path(name).suffix for name in files(installed / "dialc")} == {".py", ".lark", ".j2", ".typed"}


@pytest.mark.parametrize("name", ASSETS)
def test_assets_hold_no_python(name: str) -> None:
    assert not list((ROOT / name).rglob("*.py"))


def test_a_wheel_built_from_the_sdist_is_the_same(wheel: Path, tmp_path: Path) -> None:
    sdist = build("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        # The `filter` that newer Pythons want for extractall() is not yet known to Debian 12's 3.11.2.
        for member in archive:
            content = archive.extractfile(member)
            assert content is not None, f"{member.name} is not a file"
            path = tmp_path / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.read())
    (source,) = tmp_path.glob("dialc-*")
    assert build("wheel", source, tmp_path / "wheel").read_bytes() == wheel.read_bytes()


@pytest.mark.parametrize("name", ASSETS)
def test_installed_assets_are_found_inside_the_package(name: str, installed: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", f"from dialc import assets; print(assets.folder({name!r}))"]
    found = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(installed)}, check=True, capture_output=True, text=True
    )
    assert Path(found.stdout.strip()) == (installed / "dialc" / name).resolve()


@pytest.mark.parametrize("name", ASSETS)
def test_assets_of_a_checkout_are_found_beside_the_package(name: str) -> None:
    assert assets.folder(name) == ROOT / name


def test_the_text_of_an_asset() -> None:
    assert assets.text("grammar/dialplan.lark") == (ROOT / "grammar/dialplan.lark").read_text(encoding="utf-8")


def test_an_asset_that_is_missing_says_where_it_was_looked_for() -> None:
    with pytest.raises(FileNotFoundError, match=r"folder `grammer` is neither in .*dialc nor beside it"):
        assets.folder("grammer")


def test_entry_points_name_modules_in_the_wheel(installed: Path) -> None:
    (path,) = installed.glob("*.dist-info/entry_points.txt")
    points = configparser.ConfigParser()
    points.read(path, encoding="utf-8")
    assert dict(points["console_scripts"]) == PROJECT["scripts"]
    assert dict(points["dialc.backends"]) == PROJECT["entry-points"]["dialc.backends"]
    for group in points.sections():
        for target in points[group].values():
            module = installed / target.partition(":")[0].replace(".", "/")
            assert module.with_suffix(".py").is_file() or (module / "__init__.py").is_file(), target
