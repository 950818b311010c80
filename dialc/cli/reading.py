"""Files, read whole.

In: a path as it was given. Out: its text as a `Source`, or the finding that its bytes are none; and the files that
stand beside it.
"""

import stat
from pathlib import Path

from dialc.beside import Beside, Missing
from dialc.cli.terminal import Misuse, reason
from dialc.findings import Finding, visible
from dialc.parse import LARGEST, decode
from dialc.source import Source


def read(path: str) -> Source | Finding:
    """The text of a file, or what is wrong with its bytes. Raises `Misuse` where it cannot be read."""
    shown = visible(path)
    try:
        with Path(path).open("rb") as file:
            return decode(shown, file.read(LARGEST + 1))  # some files, such as /dev/zero, have no end
    except (FileNotFoundError, NotADirectoryError):
        raise Misuse(f"there is no file `{shown}`") from None
    except IsADirectoryError:
        raise Misuse(f"`{shown}` is a folder, not a file") from None
    except OSError as error:
        raise Misuse(f"`{shown}` cannot be read: {reason(error)}") from None
    except ValueError as error:  # a path that no system can have
        raise Misuse(f"`{shown}` cannot be read: {error}") from None


def beside(path: str) -> Beside:
    """The files that stand beside a file; those in its folder and below."""
    return _within(Path(path).parent, LARGEST)


LARGEST_SOUND = 64_000_000
"""The most bytes that a recording may have: an hour of samples of 16 bits at 8000 Hz."""


def sounds(path: str | None) -> Beside | None:
    """The recordings in a folder and below, None where none is named. Raises `Misuse` for one that is not there."""
    if path is None:
        return None
    folder = Path(path)
    try:
        if folder.is_dir():
            return _within(folder, LARGEST_SOUND)
    except (OSError, ValueError) as error:
        raise Misuse(f"`{visible(path)}` cannot be read: {error}") from None
    raise Misuse(f"there is no folder `{visible(path)}`")


def _within(folder: Path, largest: int) -> Beside:
    """The files in a folder and below, of at most so many bytes."""

    def ask(name: str) -> bytes | Missing:
        file = folder / name
        try:
            if not stat.S_ISREG(file.stat().st_mode):  # a pipe would be waited for, and a device has no end
                return Missing("is a folder, not a file" if file.is_dir() else "is not a file")
            with file.open("rb") as opened:
                data = opened.read(largest + 1)
        except (FileNotFoundError, NotADirectoryError):
            return Missing("is not there")
        except OSError as error:
            return Missing(f"cannot be read: {reason(error)}")
        except ValueError as error:  # a name that no system can have
            return Missing(f"cannot be read: {error}")
        return Missing(f"has more than {largest} bytes") if len(data) > largest else data

    return ask
