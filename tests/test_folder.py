"""Emitted files reach the disk whole or not at all, whatever stands in their way and whenever the process dies."""

import ctypes
import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dialc.cli import folder
from dialc.cli.terminal import Misuse

ROOT = Path(__file__).parent.parent
HEAD = '; Call plan {plan}, "Example".\n; Written by dialc 0.1.0.\n'
CLINIC, OFFICE = HEAD.format(plan="clinic"), HEAD.format(plan="office")
OLD = {"a.conf": f"{CLINIC}old a", "b.conf": f"{CLINIC}old b"}
NEW = {"a.conf": f"{CLINIC}new a", "c.conf": f"{CLINIC}new c, ą"}


def held(path: Path) -> dict[str, str]:
    """The files of a folder and what stands in them."""
    return {file.name: file.read_text(encoding="utf-8") for file in path.iterdir()}


def write(path: Path | str, files: Mapping[str, str] = NEW) -> None:
    folder.write(str(path), files, "clinic")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that a compilation wrote before."""
    path = tmp_path / "out"
    write(path, OLD)
    return path


def alone(path: Path) -> bool:
    """Whether nothing has been left lying about beside a folder."""
    return [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_new_folder_and_its_parents(tmp_path: Path) -> None:
    write(f"{tmp_path}/one/two/out/")
    assert held(tmp_path / "one/two/out") == NEW
    assert alone(tmp_path / "one/two/out")


def test_permissions_are_those_of_everybody(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        write(tmp_path / "out")
    finally:
        os.umask(mask)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "out/a.conf").stat().st_mode & 0o777 == 0o640


def test_what_dialc_wrote_of_the_plan_is_replaced(out: Path) -> None:
    write(out)
    assert held(out) == NEW
    assert alone(out)


def test_the_folder_stays_the_same_folder(out: Path) -> None:
    out.chmod(0o2750)
    (out / "a.conf").chmod(0o600)
    number = out.stat().st_ino
    write(out)
    assert out.stat().st_ino == number
    assert out.stat().st_mode & 0o7777 == 0o2750
    assert (out / "a.conf").stat().st_mode & 0o777 == 0o600


def test_other_files_are_kept(out: Path) -> None:
    other = {"notes.txt": "mine", "office.conf": f"{OFFICE}of another plan"}
    for name, text in other.items():
        (out / name).write_text(text, encoding="utf-8")
    (out / "link").symlink_to("nowhere")
    os.mkfifo(out / "pipe")
    number = (out / "notes.txt").stat().st_ino
    write(out)
    assert (out / "notes.txt").stat().st_ino == number
    assert (out / "link").readlink() == Path("nowhere")
    assert (out / "pipe").is_fifo()
    for name in ("link", "pipe"):
        (out / name).unlink()
    assert held(out) == NEW | other
    assert alone(out)


def test_a_file_of_somebody_else_is_not_overwritten(out: Path) -> None:
    (out / "c.conf").write_text("mine", encoding="utf-8")
    with pytest.raises(Misuse, match=r"out/c\.conf` was not written by dialc and is kept; name another folder$"):
        write(out)
    assert held(out) == OLD | {"c.conf": "mine"}
    assert alone(out)


def test_a_link_is_not_written_through(out: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(OLD["a.conf"], encoding="utf-8")
    (out / "a.conf").unlink()
    (out / "a.conf").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Misuse, match="was not written by dialc"):
        write(out)
    assert (tmp_path / "elsewhere").read_text(encoding="utf-8") == OLD["a.conf"]


def test_a_folder_that_holds_folders_is_refused(out: Path) -> None:
    (out / ".git").mkdir()
    with pytest.raises(Misuse, match=r"holds a folder, `\.git`, and could not be replaced as a whole.*out/dialc`$"):
        write(out)
    assert sorted(entry.name for entry in out.iterdir()) == [".git", "a.conf", "b.conf"]
    assert alone(out)


def test_the_folder_that_one_stands_in(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(out)
    write(".")
    assert held(Path()) == held(out) == NEW
    assert Path.cwd() == out


def test_a_link_to_a_folder(out: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/link").symlink_to(out)
    write(tmp_path / "elsewhere/link")
    assert (tmp_path / "elsewhere/link").is_symlink()
    assert held(out) == NEW
    (tmp_path / "elsewhere/new").symlink_to(tmp_path / "target")
    write(tmp_path / "elsewhere/new")
    assert (tmp_path / "elsewhere/new").is_symlink()
    assert held(tmp_path / "target") == NEW


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "the folder to write has no name"),
        ("file", "`file` is a file, not a folder"),
        ("file/out", "`file/out` cannot be written: file exists"),
        ("loop", "`loop` cannot be written: not a directory"),
        ("loop/out", "`loop/out` cannot be written: "),
        ("a" * 300, r"cannot be written: file name too long"),
        ("a\0", r"`a\\u0000` cannot be written: embedded null byte"),
        ("/dev/null", "`/dev/null` is a file, not a folder"),
        ("/proc/out", "`/proc/out` cannot be written: "),
        ("/", "`/` "),
    ],
)
def test_what_cannot_be_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, words: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("mine", encoding="utf-8")
    Path("loop").symlink_to("loop")
    with pytest.raises(Misuse, match=words) as refused:
        write(path)
    assert "\n" not in str(refused.value)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "loop"]


def test_a_disk_that_is_full(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Misuse, match=r"out` cannot be written: no space left on device$"):
        write(out)
    assert held(out) == OLD
    assert alone(out)


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EXDEV])
def test_a_folder_that_cannot_change_its_place(out: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(folder, "exchange", refuse)
    with pytest.raises(Misuse, match=r"; it is replaced as a whole, name a folder inside it$"):
        write(out)
    assert held(out) == OLD
    assert alone(out)


class _Without:
    """A C library that does not know how to exchange two names."""


class _Unable:
    """A C library whose file system does not know how."""

    @staticmethod
    def renameat2(*_: object) -> int:
        ctypes.set_errno(errno.EINVAL)
        return -1


@pytest.mark.parametrize("library", [_Without, _Unable])
def test_where_names_cannot_be_exchanged_three_renames_do(
    out: Path, monkeypatch: pytest.MonkeyPatch, library: Callable[[], object]
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: library())
    write(out)
    assert held(out) == NEW
    assert alone(out)
    rename = Path.rename

    def fails(source: Path, target: Path) -> Path:
        if target == out and not source.name.endswith("-aside"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(Misuse, match="input/output error"):
        write(out, OLD)
    assert held(out) == NEW
    assert alone(out)


DIE = """
import ctypes, os, sys
from pathlib import Path
from dialc.cli import folder
from tests.test_folder import NEW, OLD, held, write

out = Path(sys.argv[1]) / "out"
before = OLD | {"notes.txt": "mine"}
after = NEW | {"notes.txt": "mine"}
seen = []

def mortal(function, most, passed):
    def wrapped(*arguments, **options):
        passed.append(function)
        if len(passed) > most:
            os._exit(9)
        done = function(*arguments, **options)
        passed.append(function)
        if len(passed) > most:
            os._exit(9)
        return done
    return wrapped

for most in range(1000):
    for path in Path(sys.argv[1]).iterdir():
        for file in path.iterdir():
            file.unlink()
        path.rmdir()
    write(out, OLD)
    (out / "notes.txt").write_text("mine")
    child = os.fork()
    if child == 0:
        passed = []
        for name in ("link", "unlink", "mkdir", "rename", "fsync", "chmod", "rmdir", "open"):
            setattr(os, name, mortal(getattr(os, name), most, passed))
        folder.exchange = mortal(folder.exchange, most, passed)
        write(out)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, 9), status
    found = held(out)
    assert found in (before, after), (most, found)
    seen.append(found == after)
    if status == 0:
        break
assert seen == sorted(seen), seen
print(len(seen), sum(seen))
"""


MEMORY = Path("/dev/shm")


@pytest.mark.parametrize("memory", [False, True])
def test_a_process_that_dies_leaves_the_old_files_or_the_new(tmp_path: Path, memory: bool) -> None:
    """Killed before and after every call that changes the disk; where there is a file system in memory, also there."""
    where = (MEMORY if memory and MEMORY.is_dir() else tmp_path) / "dialc-dies"
    where.mkdir()
    try:
        done = subprocess.run(
            [sys.executable, "-c", DIE, str(where)],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        shutil.rmtree(where)
    assert done.returncode == 0, done.stderr
    deaths, after = map(int, done.stdout.split())
    assert deaths > after > 10
