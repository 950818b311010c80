"""Where the Asterisk of this machine is.

In: the environment, and the usual places. Out: an `Install`, or `NoAsterisk` with what is missing and where it can be
had. A folder that `DIALC_ASTERISK` names goes before what the system has; nothing of the system's configuration is used
but where its modules are.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from dialc.live.asterisk import Install

VARIABLE = "DIALC_ASTERISK"
"""Names a folder with an Asterisk in it, as the file `env` there says."""

OLDEST = 16
"""The first release for which dialc writes files."""

_HOW = (
    f"install the packages `asterisk` and `faketime` of a Debian or Ubuntu, or set {VARIABLE} to a folder that "
    "`sh tests/live/provision.sh` of a checkout of dialc has made, which needs no root"
)

_PROGRAMS = ("/usr/sbin", "/usr/local/sbin", "/opt/asterisk/sbin")
"""Where the program is besides `PATH`, which holds no folder of programs for administrators for most people."""

_MODULES = (
    *("usr/lib/asterisk/modules", "usr/lib64/asterisk/modules", "usr/lib/*/asterisk/modules"),
    *("usr/local/lib/asterisk/modules", "usr/local/lib64/asterisk/modules", "opt/asterisk/lib/asterisk/modules"),
)
_DATA = ("usr/share/asterisk", "var/lib/asterisk", "usr/local/var/lib/asterisk", "opt/asterisk/var/lib/asterisk")
_CLOCKS = ("usr/lib/*/faketime", "usr/lib/faketime", "usr/lib64/faketime", "usr/local/lib/faketime")
_CLOCK = "libfaketimeMT.so.1"


class NoAsterisk(Exception):
    """There is none, or it lacks something; one line, without a full stop, that says how one is had."""


def find(environment: Mapping[str, str] = os.environ, root: Path = Path("/")) -> Install:
    """The Asterisk to use. Raises `NoAsterisk`."""
    if folder := environment.get(VARIABLE):
        try:
            found = Install.at(Path(folder))
        except (OSError, KeyError, ValueError):
            raise NoAsterisk(f"there is no Asterisk in `{folder}`, which {VARIABLE} names: {_HOW}") from None
        return _recent(found)
    program = _program(environment, root)
    if program is None:
        raise NoAsterisk(f"there is no Asterisk on this machine: {_HOW}")
    told = _directories(root / "etc/asterisk/asterisk.conf")
    modules = _with("chan_pjsip.so", _places(told.get("astmoddir"), _MODULES, root))
    data = _with("documentation/core-en_US.xml", _places(told.get("astdatadir"), _DATA, root))
    if modules is None or data is None:
        lacking = "its modules (chan_pjsip.so)" if modules is None else "its documentation (core-en_US.xml)"
        raise NoAsterisk(f"`{program}` is there, but not {lacking}: {_HOW}")
    clock = _with(_CLOCK, _places(None, _CLOCKS, root))
    if clock is None:
        raise NoAsterisk(f"a scenario has an instant, and without libfaketime Asterisk knows none but now: {_HOW}")
    version = _version(program)
    return _recent(Install(root, program, modules, data, clock / _CLOCK, Path("sipp"), version, "LD_PRELOAD"))


def _recent(install: Install) -> Install:
    if not major(install):
        raise NoAsterisk(f"`{install.asterisk}` does not run, or does not tell its version: {_HOW}")
    if major(install) < OLDEST:
        raise NoAsterisk(f"Asterisk {install.version} is too old: dialc writes files for {OLDEST} and later; {_HOW}")
    return install


def major(install: Install) -> int:
    """The release of an Asterisk, as 22; 0 where its version does not tell."""
    found = re.match(r"\d+", install.version)
    return int(found[0]) if found else 0


def _program(environment: Mapping[str, str], root: Path) -> Path | None:
    places = [environment.get("PATH", ""), *(str(root / place.lstrip("/")) for place in _PROGRAMS)]
    found = shutil.which("asterisk", path=os.pathsep.join(filter(None, places)))
    return Path(found) if found else None


def _directories(file: Path) -> dict[str, str]:
    """What an asterisk.conf says of folders; nothing where it cannot be read, as by most people."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    return dict(re.findall(r"^\s*(ast\w+dir)\s*=>?\s*([^\s;]+)", text, re.MULTILINE))


def _places(told: str | None, usual: Iterable[str], root: Path) -> Iterator[Path]:
    if told:
        yield Path(told)
    for pattern in usual:
        yield from sorted(root.glob(pattern))


def _with(name: str, folders: Iterable[Path]) -> Path | None:
    """The first folder that has a file."""
    return next((folder for folder in folders if (folder / name).is_file()), None)


def _version(program: Path) -> str:
    try:
        done = subprocess.run([program, "-V"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"Asterisk (?:certified[/-])?(\d[\w.~+-]*)", done.stdout)
    return found[1] if found else ""
