"""Emitted files, written whole or not at all.

In: files (name to text) and the path of a folder. Out: the folder, in which at every instant either all of the files
are or none is, but the earlier ones where there were any.

A folder that is there is never written into. The new files are put into a draft beside it, along with what else it
holds, and the two folders change places, which Linux does in one go. The folder that was there is then brought up to
date where nobody looks for it, and they change back: so it keeps its owner, its permissions and whoever stands in it.
"""

import contextlib
import errno
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from dialc.cli.terminal import Misuse, reason
from dialc.findings import visible

_OURS = b"Written by dialc "
"""What stands near the beginning of every file that dialc has written."""

_NEAR = 65536


def write(path: str, files: Mapping[str, str], plan: str) -> None:
    """Make `path` a folder of these files, and of whatever else it holds; what dialc wrote there of this plan goes.

    Raises `Misuse` where that cannot be done; then all is as it was.
    """
    if not path:
        raise Misuse("the folder to write has no name")
    try:
        folder = Path(os.path.realpath(path))
    except (OSError, ValueError) as error:  # it has gone, or no system can have it
        raise Misuse(f"`{visible(path)}` cannot be written: {error}") from None
    try:
        _write(folder, files, f"Call plan {plan},".encode(), visible(path))
    except OSError as error:
        whole = "; it is replaced as a whole, name a folder inside it" if _is_fixed(folder, error) else ""
        raise Misuse(f"`{visible(path)}` cannot be written: {reason(error)}{whole}") from None


def _is_fixed(folder: Path, error: OSError) -> bool:
    """Whether it is only that a folder cannot change its place: a mount, or a parent that belongs to somebody else."""
    refused = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV)
    return refused and folder.is_dir() and os.access(folder, os.W_OK)


def _write(folder: Path, files: Mapping[str, str], plan: bytes, shown: str) -> None:
    there = folder.is_dir()
    if not there and folder.exists():
        raise Misuse(f"`{shown}` is a file, not a folder")
    earlier, others = _held(folder, files, plan, shown) if there else (set[str](), set[str]())
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".dialc-{os.urandom(6).hex()}")
    draft.mkdir()
    try:
        _fill(draft, files)
        if there:
            _copy_modes(folder, draft, earlier & files.keys())
            _link(folder, draft, others)
            _sync(draft)
            exchange(draft, folder)
            _remove(draft, earlier)
            _link(folder, draft, files)
            _sync(draft)
            exchange(draft, folder)
        else:
            draft.rename(folder)
        _sync(folder.parent)
    finally:
        with contextlib.suppress(OSError):  # whatever else has been put there meanwhile stays there
            _remove(draft, {*files, *earlier, *others})
            draft.rmdir()


def _held(folder: Path, files: Iterable[str], plan: bytes, shown: str) -> tuple[set[str], set[str]]:
    """The names in a folder: of files that are replaced, and of others. Raises `Misuse` where these cannot be kept."""
    earlier: set[str] = set()
    others: set[str] = set()
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.is_symlink():
            raise Misuse(
                f"`{shown}` holds a folder, `{visible(entry.name)}`, and could not be replaced as a whole; "
                f"name one for these files alone, as in `--out {Path(shown) / 'dialc'}`"
            )
        head = _head(entry)
        ours = _OURS in head and (plan in head or entry.name in files)
        (earlier if ours else others).add(entry.name)
    for name in files:
        if name in others:
            raise Misuse(f"`{Path(shown) / name}` was not written by dialc and is kept; name another folder")
    return earlier, others


def _head(file: Path) -> bytes:
    """The beginning of a file; nothing of what is something else, or stands elsewhere."""
    if file.is_symlink() or not file.is_file():
        return b""
    with file.open("rb") as opened:
        return opened.read(_NEAR)


def _fill(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder, as far as the disk."""
    for name, text in files.items():
        with (folder / name).open("xb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
    _sync(folder)


def _copy_modes(source: Path, target: Path, names: Iterable[str]) -> None:
    """Let nobody read or write more of the new files than of the earlier ones."""
    target.chmod(source.stat().st_mode & 0o7777)
    for name in sorted(names):
        (target / name).chmod((source / name).stat().st_mode & 0o7777)


def _link(source: Path, target: Path, names: Iterable[str]) -> None:
    """Give files of one folder a second place, in another; they stay the same files, of whatever kind."""
    for name in sorted(names):
        os.link(source / name, target / name, follow_symlinks=False)


def _remove(folder: Path, names: Iterable[str]) -> None:
    for name in sorted(names):
        (folder / name).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """See to it that the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_RENAME_EXCHANGE = 2
_AT_CWD = -100
_UNABLE = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)


def exchange(one: Path, other: Path) -> None:
    """Let two folders change places.

    Linux does it in one go (`renameat2`). Where the system or the file system cannot, three renames do, and for an
    instant neither is in its place.
    """
    import ctypes  # only where a folder is replaced

    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is not None:
        if renameat2(_AT_CWD, os.fsencode(one), _AT_CWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
            return
        number = ctypes.get_errno()
        if number not in _UNABLE:
            raise OSError(number, os.strerror(number))
    aside = one.with_name(f"{one.name}-aside")
    other.rename(aside)
    try:
        one.rename(other)
    except BaseException:
        aside.rename(other)
        raise
    aside.rename(one)
