"""Files that stand beside a plan: other declarations, lists of numbers, calendars, sounds.

In: a name as a plan writes it. Out: the bytes of that file, or `Missing`. Only the command line opens files; everything
else asks a `Beside`, so that a plan means the same from a folder, an archive or a test. Names are relative to the file
that names them, with `/` between folders, and never lead out of the folder of the plan: a plan that is sent to
somebody else is sent whole.
"""

from collections.abc import Callable

import attrs


@attrs.frozen
class Missing:
    """The bytes of a file cannot be had; `reason` goes on from the name of the file: `is a folder`."""

    reason: str


Beside = Callable[[str], bytes | Missing]
"""Gives the bytes of a file, by its name relative to the folder of the plan. It raises nothing."""


def alone(_: str) -> bytes | Missing:
    """The `Beside` of a plan that stands alone, such as one given as text."""
    return Missing("cannot be read: the plan was given without the files beside it")


def named(written: str, by: str = "") -> str | Missing:
    """The name, relative to the folder of the plan, of a file that the file `by` calls `written`.

    `by` is itself relative to the folder of the plan; empty for the plan.
    """
    if not written.strip() or any(not character.isprintable() or character == "\\" for character in written):
        return Missing("is not the name of a file: write it with `/` between folders")
    if written.startswith("/") or written[1:2] == ":":
        return Missing("is not relative to the file that names it")
    parts = by.split("/")[:-1]
    for part in written.split("/"):
        if part == ".." and not parts:
            return Missing("lies outside of the folder of the plan")
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) if parts else Missing("is a folder, not a file")
