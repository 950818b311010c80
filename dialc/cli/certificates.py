"""Certificates as files, and the time zones of this machine.

In: a verdict, or a path. Out: the file of its certificate, written whole or not at all; and what such a file contains.
"""

import json
import os
import tempfile
import zoneinfo
from pathlib import Path
from typing import Any

from dialc import read_site
from dialc.cli.reading import read
from dialc.cli.terminal import Misuse, reason
from dialc.findings import Finding, visible
from dialc.plan import Verified
from dialc.site import Site


def tables() -> str:
    """The version of the time zones that this machine goes by, such as `tzdata 2025b`."""
    for folder in map(Path, zoneinfo.TZPATH):
        for name in ("tzdata.zi", "+VERSION"):
            try:
                first = (folder / name).read_text(encoding="utf-8").partition("\n")[0]
            except (OSError, UnicodeDecodeError):
                continue
            return f"tzdata {first.removeprefix('# version').strip()}"
        if folder.is_dir():
            return "tzdata of an unknown version"
    from importlib import import_module

    return f"tzdata {import_module('tzdata').IANA_VERSION}"


def site(path: str | None) -> Site | None:
    """The site that a file tells of, None where none is named. Raises `Misuse` for one that tells of none."""
    if path is None:
        return None
    source = read(path)
    found = None if isinstance(source, Finding) else read_site(source)[0]
    if found is None:
        raise Misuse(f"`{visible(path)}` is no site that can be understood (dialc compile tells what is wrong with it)")
    return found


def write(path: str, verdict: Verified, site: Site | None) -> None:
    """Write the certificate of a verdict. Raises `Misuse` where it cannot be written."""
    from dialc.certificate import certificate  # who wants none waits for none of this

    made = certificate(verdict, tables=tables(), site=site)
    text = ",\n".join(f"  {json.dumps(key)}: {_dumped(value)}" for key, value in made.items())
    target = Path(path)
    try:
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{{\n{text}\n}}\n")
        Path(beside).replace(target)
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise Misuse(f"`{visible(path)}` cannot be written: {why}") from None


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def content(path: str) -> Any:
    """What the file of a certificate contains, None where it is no JSON. Raises `Misuse` where it cannot be read."""
    source = read(path)
    try:
        return None if isinstance(source, Finding) else json.loads(source.text)
    except (ValueError, RecursionError):
        return None
