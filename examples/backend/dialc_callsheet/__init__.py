"""A call sheet: a plan as text, for people at a switchboard who put calls through by hand.

In: a verdict and a site. Out: one file, in which each step says what is read out, and each way out of it where the
caller goes, with room to write down when. `arrows` reads a sheet again, and `documented` looks whether it has room for
all that has to be noted of a call. A backend is a module with the four functions of `dialc.Backend`, registered as an
entry point of `dialc.backends`; this one is the smallest that refuses what it cannot do and loses no call.
"""

import re
from collections.abc import Iterator, Mapping

from dialc import Finding, Plan, Site, Verified
from dialc.emit.c20_every_call_is_documented import lost, points
from dialc.findings import visible
from dialc.plan import Record, Unproved, heard_at
from dialc.version import VERSION

NAME = re.compile(r"[a-z][a-z0-9_-]*")
STEP = re.compile(r"STEP (\S+)")
EXIT = re.compile(r"  (\S.*) -> (\S*)")
NOTE = re.compile(r"    (?:came|note (.+)): ____")


def refusals(plan: Plan, site: Site) -> tuple[Finding, ...]:
    """What a sheet cannot say: names that are no words, and steps that people at a switchboard cannot do."""
    found = []
    if site.target != "callsheet":
        found.append(Finding("S003", f"the site `{visible(site.name)}` is for {site.target}", site.place))
    for what, name, place in [
        ("the plan", plan.name, plan.place),
        *(("a step", step.name, step.place) for step in plan.steps.values()),
    ]:
        if not NAME.fullmatch(name):
            found.append(
                Finding(
                    "S001",
                    f"`{visible(name)}` cannot be the name of {what} on a sheet",
                    place,
                    help="use small letters",
                )
            )
    for step in plan.steps.values():
        if isinstance(step, Record):
            message = f"nobody at a switchboard can record, as `{step.name}` does"
            found.append(Finding("S002", message, step.place, caller="would be told so, and not be recorded"))
    return tuple(found)


def emit(verdict: Verified | Unproved, site: Site) -> dict[str, str]:
    """The sheet, under its name."""
    return {f"{verdict.plan.name}.callsheet.txt": "\n".join(_rows(verdict, site)) + "\n"}


def _rows(verdict: Verified | Unproved, site: Site) -> Iterator[str]:
    plan = verdict.plan
    if isinstance(verdict, Unproved):
        found = "; ".join(f"{finding.code} {_words(finding.message)}" for finding in verdict.findings)
        yield f"UNPROVED: {found or 'nobody has proved this plan'}"
    yield f"CALL SHEET {plan.name}: {_words(plan.title)}"
    yield f"Written by dialc {VERSION} for {_words(site.name)}. SHA-256 of the plan: {plan.digest}"
    if isinstance(verdict, Verified):
        yield f"Proved: {' '.join(verdict.proved)}"
    yield ""
    for line, numbers in zip(plan.lines, plan.called(), strict=True):
        yield f"LINE {numbers} -> {line.entry}"
    noted = list(points(plan))
    for step in plan.steps.values():
        yield f"\nSTEP {step.name}"
        for prompt in heard_at(step):
            yield f'  say "{_words(dict(prompt.texts).get(plan.language, prompt.name))}"'
        for exit in step.exits():
            yield f"  {exit.label} -> {exit.to if isinstance(exit.to, str) else ''}"
        for label in (label for name, label in noted if name == step.name):
            yield f"    note {label}: ____" if label else "    came: ____"


def _words(text: str) -> str:
    """What people wrote, on one line, with nothing in it that does not print."""
    return " ".join(visible(text).split())


def documented(plan: Plan, files: Mapping[str, str]) -> tuple[Finding, ...]:
    """What a sheet has no room to note (C20)."""
    step, noted = "", []
    for row in _sheet(files):
        if found := STEP.fullmatch(row):
            step = found[1]
        elif found := NOTE.fullmatch(row):
            noted.append((step, found[1] or ""))
    return lost(plan, noted)


def paste(plan: Plan, site: Site) -> str:
    """What to do with the sheet."""
    return f"print {plan.name}.callsheet.txt and lay it beside the switchboard of {_words(site.name)}\n"


def arrows(files: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The exits on a sheet: step, label, and where it leads, empty where the call ends."""
    step = ""
    for row in _sheet(files):
        if found := STEP.fullmatch(row):
            step = found[1]
        elif found := EXIT.fullmatch(row):
            yield step, found[1], found[2]


def structure(files: Mapping[str, str]) -> list[str]:
    """What a sheet says, without what is read out and without what stands above its lines."""
    rows = [row for row in _sheet(files) if not row.startswith("  say ")]
    return rows[next((index for index, row in enumerate(rows) if row.startswith("LINE ")), 0) :]


def _sheet(files: Mapping[str, str]) -> Iterator[str]:
    for text in files.values():
        yield from text.splitlines()
