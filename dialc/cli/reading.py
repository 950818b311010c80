"""Files, read whole.

In: a path as it was given. Out: its text as a `Source`, or the finding that its bytes are none.
"""

from pathlib import Path

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
