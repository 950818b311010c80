"""What plans show of laws and standards, as the terminal and files have it.

In: the id of a pack and the name of a file, as they were written, and what is known of a plan. Out: the reports, on the
terminal or in the file.
"""

from collections.abc import Sequence
from pathlib import Path

import attrs

from dialc import Judged
from dialc.cli.terminal import Misuse, did_you_mean, reason, say
from dialc.findings import visible
from dialc.plan import Plan


def pack(id: str | None) -> str:
    """The id of a law or a standard, empty if none is named. Raises `Misuse` for one that is not there."""
    if id is None:
        return ""
    from dialc.packs import packs  # who names none waits for none

    if id not in packs():
        hint = did_you_mean(id, packs()) or f"; there are {', '.join(packs())}"
        raise Misuse(f"there is no law or standard `{visible(id)}`{hint}")
    return id


def bound(plan: Plan, pack: str) -> Plan:
    """A plan that is held against a law or a standard besides what it names itself; as it is where `pack` is empty."""
    if not pack:
        return plan
    from dialc.packs import packs, tightened

    return attrs.evolve(plan, policy=tightened(plan.policy, packs()[pack]))


def file(path: str | None, plans: Sequence[str]) -> Path | None:
    """The file that a report goes to. Raises `Misuse` where it cannot be meant so."""
    if path is None:
        return None
    if len(plans) > 1:
        raise Misuse("--evidence is about one plan at a time")
    if Path(path).suffix not in (".md", ".json"):
        raise Misuse(f"`{visible(path)}` should end in .md or .json: these are the forms of a report")
    return Path(path)


def write(file: Path, path: str, found: Judged) -> None:
    """Write the reports on a plan to a file. Raises `Misuse` where there are none, or it cannot be written."""
    from dialc import evidence
    from dialc.packs import packs

    if not found.evidence:
        known = ", ".join(packs())
        raise Misuse(f"`{visible(path)}` names no law or standard: name one with --policy ({known})")
    form = evidence.as_json if file.suffix == ".json" else evidence.as_document
    try:
        file.write_text(form(found.evidence), encoding="utf-8", newline="\n")
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise Misuse(f"`{visible(str(file))}` cannot be written: {why}") from None


def report(found: Judged, file: str | None) -> None:
    """The reports on a plan, or where they are."""
    if found.evidence and file is not None:
        say(f"evidence written to {visible(file)}")
    elif found.evidence:
        from dialc.evidence import as_document

        say(f"\n{as_document(found.evidence)}".rstrip("\n"))
