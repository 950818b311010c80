"""Findings and verdicts for other programs: JSON, SARIF 2.1.0 and the annotations of GitHub.

In: what was found of each plan. Out: one text. Every word that came out of a file, or is the name of one, is written as
a terminal would show it (`findings.visible`), so that nothing acts on whoever prints a field of it; a URI alone names
the file that it names. JSON is in ASCII, whatever the encoding of the output.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

import attrs

from dialc.approach import Whom
from dialc.budgets import Budget, Effort
from dialc.evidence import Evidence, as_object
from dialc.findings import Finding, Severity, in_order, visible
from dialc.plan import Plan, Unproved, Verified, Waived
from dialc.source import NOWHERE, Place
from dialc.version import VERSION

FORMAT = 1
"""The version of the JSON format. It grows when a field changes its meaning or goes, and stays when one is added."""

Explained = Mapping[str, tuple[str, str]]
"""By code: the title of its page, without a full stop, and the rest of the page as plain text."""


@attrs.frozen
class Written:
    """Files that were written: the folder, their names, and the lines by which a PBX includes them."""

    folder: str
    names: tuple[str, ...]
    paste: str


@attrs.frozen
class Report:
    """What was found of one plan.

    `path` and `site` are paths as they were given; `summary` is one line for people; `verdict` is None for a plan that
    was neither proved nor written; `budget` is what was asked for of it, with the plan.
    """

    path: str
    findings: tuple[Finding, ...]
    verdict: Verified | Unproved | None
    summary: str
    site: str | None = None
    written: Written | None = None
    evidence: Sequence[Evidence] = ()
    budget: tuple[Plan, Budget] | None = None

    def paths(self) -> Mapping[str, str]:
        """The paths of its files, by their names in findings."""
        return {visible(path): path for path in (self.path, self.site) if path is not None}


# JSON


def as_json(reports: Sequence[Report]) -> str:
    """One object, whose keys always come in the same order; docs/commands.rst says what they mean."""
    findings = [_finding(report, finding) for report in reports for finding in in_order(report.findings)]
    return _dumped(
        {"format": FORMAT, "dialc": VERSION, "files": [_file(report) for report in reports], "findings": findings}
    )


def _dumped(log: Mapping[str, object]) -> str:
    return json.dumps(log, indent=2, ensure_ascii=True, allow_nan=False)


def _file(report: Report) -> dict[str, object]:
    verdict, written = report.verdict, report.written
    proof = verdict if isinstance(verdict, Verified) else None
    return {
        "file": visible(report.path),
        "site": None if report.site is None else visible(report.site),
        "plan": None if verdict is None else visible(verdict.plan.name),
        "proved": proof is not None,
        "rules": list(proof.proved) if proof else [],
        "bound": {"steps": proof.bound.steps, "seconds": proof.bound.seconds} if proof else None,
        "assumptions": [visible(assumption) for assumption in proof.assumptions] if proof else [],
        "waived": [_waived(report, waived) for waived in proof.waived] if proof else [],
        "evidence": [as_object(evidence) for evidence in report.evidence],
        "errors": sum(finding.severity is Severity.ERROR for finding in report.findings),
        "warnings": sum(finding.severity is Severity.WARNING for finding in report.findings),
        "written": written
        and {
            "folder": visible(written.folder),
            "files": [visible(name) for name in sorted(written.names)],
            "paste": [visible(line) for line in written.paste.splitlines()],
        },
        "budget": report.budget and _budget(*report.budget),
    }


def _budget(plan: Plan, budget: Budget) -> dict[str, object]:
    """What it takes callers of each line to come to people, and who stays until when."""
    return {
        "lines": [
            {
                "numbers": visible(str(line.numbers)),
                "exempt": line.exempt and {"purpose": line.exempt.purpose.value, "reason": visible(line.exempt.reason)},
                "person": _effort(plan, line.efforts[Whom.ANYBODY]),
                "operator": _effort(plan, line.efforts[Whom.OPERATOR]),
            }
            for line in budget.lines
        ],
        "presences": [
            {
                "step": visible(step),
                "hours": presence.hours and visible(presence.hours.name),
                "seconds_after_closing": presence.after,
            }
            for step, presence in budget.presences.items()
        ],
    }


def _effort(plan: Plan, effort: Effort) -> dict[str, object] | None:
    if not effort:
        return None
    return {
        what.value: {
            name: {"number": figure.number, "call": [visible(line) for line in figure.told(plan)]}
            for name, figure in (("best", told.best), ("worst", told.worst))
        }
        for what, told in effort.items()
    }


def _waived(report: Report, waived: Waived) -> dict[str, object]:
    waiver = waived.waiver
    said = {"rule": waiver.rule, "block": waiver.block, "by": visible(waiver.by), "because": visible(waiver.because)}
    return {**said, "finding": _finding(report, waived.finding)}


def _finding(report: Report, finding: Finding) -> dict[str, object]:
    return {
        "code": visible(finding.code),
        "severity": finding.severity.value,
        "message": visible(finding.message),
        **_place(report, finding.place),
        "caller": visible(finding.caller),
        "call": [visible(line) for line in finding.call],
        "notes": [{"message": visible(note.message), **_place(report, note.place)} for note in finding.notes],
        "help": visible(finding.help),
    }


def _place(report: Report, place: Place) -> dict[str, object]:
    """Where something stands; what stands nowhere has to do with the plan as a whole."""
    keys = ("line", "column", "end_line", "end_column", "start", "end")
    if place is NOWHERE:
        return {"file": visible(report.path), **dict.fromkeys(keys)}
    ends = (*place.source.position(place.start), *place.source.position(place.end), place.start, place.end)
    return {"file": visible(place.source.name), **dict(zip(keys, ends, strict=True))}


# SARIF

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
"""The schema that a log names, and satisfies."""


def as_sarif(reports: Sequence[Report], explained: Explained) -> str:
    """A log in the Static Analysis Results Interchange Format 2.1.0, of one run.

    Its rules are the codes that were found. A call that shows a finding is a code flow, of which each line is at the
    place of the finding. A URI is relative if the path was.
    """
    found = [(report, finding) for report in reports for finding in in_order(report.findings)]
    codes = sorted({finding.code for _, finding in found})
    errors = {finding.code for _, finding in found if finding.severity is Severity.ERROR}
    files = dict.fromkeys(path for report in reports for path in report.paths().values())
    seen = Counter[str]()
    run = {
        "tool": {
            "driver": {
                "name": "dialc",
                "version": VERSION,
                "semanticVersion": VERSION,
                "rules": [_rule(code, explained, "error" if code in errors else "warning") for code in codes],
            }
        },
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "artifacts": [
            {"location": {"uri": uri}, "roles": ["analysisTarget"]} for uri in dict.fromkeys(map(_uri, files))
        ],
        "results": [_result(report, finding, codes.index(finding.code), seen) for report, finding in found],
    }
    return _dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: str, explained: Explained, level: str) -> dict[str, object]:
    title, page = explained.get(code, (code, ""))
    first = page.partition("\n\n")[0].replace("\n", " ")
    return {
        "id": visible(code),
        "shortDescription": {"text": visible(f"{title}.")},
        "fullDescription": {"text": visible(first or f"{title}.")},
        "help": {"text": _paragraphs(page or f"{title}.")},
        "defaultConfiguration": {"level": level},
    }


def _result(report: Report, finding: Finding, index: int, seen: Counter[str]) -> dict[str, object]:
    found: dict[str, object] = {
        "ruleId": visible(finding.code),
        "ruleIndex": index,
        "level": finding.severity.value,
        "message": _message("\n".join((f"{finding.message}.", *_said(finding)))),
        "locations": [_location(report, finding.place)],
        "partialFingerprints": {"dialcFinding/v1": _fingerprint(report, finding, seen)},
    }
    if finding.notes:
        found["relatedLocations"] = [
            {"id": number, **_location(report, note.place, note.message)}
            for number, note in enumerate(finding.notes, start=1)
        ]
    if finding.call:
        turns = [{"location": _location(report, finding.place, line)} for line in finding.call]
        found["codeFlows"] = [{"threadFlows": [{"locations": turns}]}]
    return found


def _said(finding: Finding) -> tuple[str, ...]:
    """What happens to a caller, and the help, a line each where there are any."""
    lines = (("caller", finding.caller), ("help", finding.help))
    return tuple(f"{name}: {words}" for name, words in lines if words)


def _message(text: str) -> dict[str, str]:
    """A message that holds neither placeholders, whose braces SARIF wants doubled, nor links."""
    return {"text": _paragraphs(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def _paragraphs(text: str) -> str:
    return "\n".join(map(visible, text.split("\n")))


def _location(report: Report, place: Place, message: str | None = None) -> dict[str, object]:
    path = report.path if place is NOWHERE else report.paths().get(place.source.name, place.source.name)
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(path)}}
    if place is not NOWHERE:
        (line, column), (end_line, end_column) = map(place.source.position, (place.start, place.end))
        physical["region"] = {
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
            "charOffset": place.start,
            "charLength": place.end - place.start,
        }
    return {"physicalLocation": physical} | ({} if message is None else {"message": _message(message)})


def _uri(path: str) -> str:
    """The URI of a path, whose bytes may be anything."""
    plain = str(PurePosixPath(path))
    try:
        name = plain.encode("utf-8", errors="surrogateescape")
    except UnicodeEncodeError:  # no file has such a name
        name = visible(plain).encode("utf-8")
    return f"{'file://' if plain.startswith('/') else ''}{quote(name)}"


def _fingerprint(report: Report, finding: Finding, seen: Counter[str]) -> str:
    """What stays the same of a finding while lines above it come and go: code, message, and text of its line."""
    place = finding.place
    file = visible(report.path) if place is NOWHERE else place.source.name
    words = (finding.code, file, finding.message, place.source.line(place.line).strip())
    same = "\0".join(map(visible, words))
    seen[same] += 1
    return hashlib.sha256(f"{same}\0{seen[same]}".encode()).hexdigest()


# GitHub


def as_github(reports: Sequence[Report], explained: Explained) -> str:
    """Workflow commands, a line for each finding, followed by the summary of its plan."""
    lines: list[str] = []
    for report in reports:
        lines.extend(_command(report, finding, explained) for finding in in_order(report.findings))
        lines.append(_no_command(report.summary))
    return "\n".join(lines)


def _command(report: Report, finding: Finding, explained: Explained) -> str:
    place = finding.place
    properties = {"file": report.path if place is NOWHERE else place.source.name}
    if place is not NOWHERE:
        (line, column), (end_line, end_column) = map(place.source.position, (place.start, place.end))
        properties |= {"line": str(line), "endLine": str(end_line)}
        if line == end_line:  # GitHub takes columns only of what stands in one line
            properties |= {"col": str(column), "endColumn": str(end_column)}
    title = explained.get(finding.code, ("", ""))[0]
    properties["title"] = f"{finding.code}: {title}" if title else finding.code
    notes = (f"{_where(report, note.place)}: {note.message}" for note in finding.notes)
    message = "\n".join((finding.message, *notes, *_said(finding), *(f"call: {line}" for line in finding.call)))
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{finding.severity.value} {written}::{_data(_paragraphs(message))}"


def _where(report: Report, place: Place) -> str:
    return report.path if place is NOWHERE else str(place)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")


def _no_command(line: str) -> str:
    """A line that GitHub takes for text: it would obey one that begins with `::`, or holds `##[` anywhere."""
    shown = visible(line).replace("##[", "##\\u005b")
    return shown.replace("::", "\\u003a:", 1) if shown.lstrip().startswith("::") else shown
