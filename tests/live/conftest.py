"""Where the private Asterisk of the live tests is, and what happens to them when there is none.

`DIALC_ASTERISK` names the folder that `provision.sh` made; left out, it is looked for in the default cache.
`DIALC_ASTERISK_16` names that of the oldest release that dialc writes for, which `provision.sh bullseye` makes; left
out, it is looked for beside the other. With no such folder the live tests are not collected, without the second one
those in `test_oldest.py` are not, and the run says so in one line, with how to include them; with `CI=true` or
`DIALC_LIVE=required` a missing one fails the run.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dialc.live.asterisk import Install

_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dialc-asterisk" / "sid"
_FOLDER = Path(os.environ.get("DIALC_ASTERISK") or _CACHE)
_OLDEST = Path(os.environ.get("DIALC_ASTERISK_16") or _FOLDER.parent / "bullseye")
_THERE, _OLDEST_THERE = ((folder / "env").is_file() for folder in (_FOLDER, _OLDEST))
_REQUIRED = os.environ.get("DIALC_LIVE") == "required" or os.environ.get("CI") == "true"
_WANTED = _REQUIRED or bool(os.environ.get("DIALC_ASTERISK"))

if _WANTED and not _THERE:
    raise pytest.UsageError(f"no Asterisk in {_FOLDER}: run `sh tests/live/provision.sh`")
if (_REQUIRED or os.environ.get("DIALC_ASTERISK_16")) and not _OLDEST_THERE:
    raise pytest.UsageError(f"no Asterisk 16 in {_OLDEST}: run `sh tests/live/provision.sh bullseye`")

collect_ignore_glob = [] if _THERE and _OLDEST_THERE else ["test_oldest.py"] if _THERE else ["test_*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, if it was."""
    if not _THERE:
        terminalreporter.write_line(
            "left out: tests/live, the calls through a real Asterisk; `sh tests/live/provision.sh` makes them run"
        )
    elif not _OLDEST_THERE:
        terminalreporter.write_line(
            "left out: tests/live/test_oldest.py, calls through Asterisk 16; "
            "`sh tests/live/provision.sh bullseye` makes them run"
        )


@pytest.fixture(scope="session")
def install() -> Install:
    """The provisioned Asterisk."""
    return Install.at(_FOLDER)


@pytest.fixture(scope="session")
def oldest() -> Install:
    """The provisioned Asterisk 16."""
    return Install.at(_OLDEST)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for all tests of a module: `runner.run(coroutine)`."""
    with asyncio.Runner() as runner:
        yield runner
