"""`dialc fmt`: write plans and sites in their canonical form, or say which are not.

In: files, or the standard input. Out: the same files, each replaced in one go and only if it changes, and their names;
or the standard output. Nothing is written before all files have been read, and nothing of a file that has findings.
"""

import contextlib
import io
import os
import sys
from argparse import Namespace
from pathlib import Path

from dialc.cli.arguments import Parser
from dialc.cli.reading import read
from dialc.cli.terminal import Misuse, reason, say
from dialc.cli.verdicts import count, show
from dialc.findings import Finding, visible
from dialc.format import formatted
from dialc.parse import LARGEST, decode, parse
from dialc.source import Source

_STANDARD = "-"


def parser() -> Parser:
    """The arguments of the command."""
    found = Parser("fmt", "Write plans and sites in their canonical form, and name those that change.")
    found.add_argument(
        "files", metavar="FILE", nargs="+", help="the file of a plan or a site; - reads and writes standard streams"
    )
    found.add_argument("--check", action="store_true", help="write nothing; exit status 1 if any file would change")
    return found


def run(arguments: Namespace) -> int:
    """Format every file; 1 if one has findings, or would change where it is only asked, else 0. Raises `Misuse`."""
    inputs = [(path, *_read(path)) for path in arguments.files]
    return max([_format(path, data, source, arguments.check) for path, data, source in inputs])


def _read(path: str) -> tuple[bytes, Source | Finding]:
    """The bytes of a file, and its text. Raises `Misuse` for what cannot be read, or not be written again."""
    if path == _STANDARD:
        data = _standard_input()
        return data, decode("standard input", data)
    read(path)  # raises where it cannot be
    if not Path(path).is_file():
        raise Misuse(f"`{visible(path)}` is a device or a pipe, which cannot be rewritten")
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise Misuse(f"`{visible(path)}` cannot be read: {reason(error)}") from None
    return data, decode(visible(path), data)


def _standard_input() -> bytes:
    try:
        if isinstance(sys.stdin, io.TextIOWrapper):
            data: bytes = sys.stdin.buffer.read(LARGEST + 1)
            return data
    except (OSError, ValueError) as error:  # it is closed, or not there for reading
        raise Misuse(f"the standard input cannot be read: {error}") from None
    raise Misuse("there is no standard input")


def _format(path: str, data: bytes, source: Source | Finding, check: bool) -> int:
    file, findings = (None, (source,)) if isinstance(source, Finding) else parse(source)
    if file is None or findings:
        show(findings)
        say(f"{visible(path)}: {count(findings)}; nothing was changed")
        return 1
    text = formatted(file)
    changes = text.encode("utf-8") != data
    if check:
        if changes:
            say(visible(path))
        return int(changes)
    if path == _STANDARD:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # a text, whatever the terminal can show
        say(text.removesuffix("\n"))
    elif changes:
        _replace(path, text.encode("utf-8"))
        say(visible(path))
    return 0


def _replace(path: str, data: bytes) -> None:
    """Put new bytes in the place of a file, in one go; it keeps its mode, and a link to it stays one."""
    file = Path(os.path.realpath(path))
    draft = file.with_name(f".dialc-{os.urandom(6).hex()}")
    try:
        try:
            with draft.open("xb") as opened:
                draft.chmod(file.stat().st_mode & 0o7777)
                opened.write(data)
                opened.flush()
                os.fsync(opened.fileno())
            draft.replace(file)
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
    except OSError as error:
        raise Misuse(f"`{visible(path)}` cannot be written: {reason(error)}") from None
