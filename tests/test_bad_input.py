"""What the likeliest mistakes of an administrator are told, and that no input at all leads to more than findings."""

import random
import re
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialc import mistakes, parse, resolve, scenarios
from dialc.beside import Missing
from dialc.findings import Finding, text
from dialc.parse import LARGEST, decode
from dialc.plan import Plan, Verified
from dialc.site import Site
from dialc.source import NOWHERE, Source
from dialc.verify import verify

ROOT = Path(__file__).parent.parent
EXAMPLES = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "examples").iterdir())
    if path.suffix in (".dial", ".site")
}


def findings_of(
    file: str | bytes,
    *,
    of_site: bool = False,
    recordings: Mapping[str, bytes] | None = None,
    beside: Mapping[str, bytes] = MappingProxyType({}),
) -> tuple[Finding, ...]:
    """All that is found in a file, rules of the charter aside, each phase stopping before the next."""
    source = decode("office.dial", file) if isinstance(file, bytes) else Source("office.dial", file)
    if isinstance(source, Finding):
        return (source,)
    read, findings = parse.parse(source)
    if findings:
        return findings
    resolved: Plan | Site | None
    sounds = None if recordings is None else lambda name: recordings.get(name, Missing("is not there"))
    resolved, more = (
        resolve.resolve_site(read)
        if of_site
        else resolve.resolve(read, lambda name: beside.get(name, Missing("is not there")), sounds=sounds)
    )
    assert (resolved is None) == any(finding.severity.value == "error" for finding in more)
    if isinstance(resolved, Plan) and (resolved.waivers or len(resolved.languages) > 1):
        verdict = verify(resolved)
        found = verdict.warnings if isinstance(verdict, Verified) else tuple(b.finding for b in verdict.breaches)
        more += tuple(finding for finding in found if finding.code.startswith("D"))  # of rules, `test_rules` tells
    if isinstance(resolved, Plan):
        more += tuple(failed for each in resolved.scenarios if (failed := scenarios.play(resolved, each).failed))
    return more


def found_in(mistake: mistakes.Mistake, file: str | bytes) -> tuple[Finding, ...]:
    """All that is found in a file of the catalogue."""
    return findings_of(file, of_site=mistake.of_site, recordings=mistake.recordings, beside=mistake.beside)


def place(finding: Finding) -> str:
    return f"{finding.place.line}:{finding.place.column}"


def under(finding: Finding) -> str:
    """What the caret is under."""
    return finding.place.source.text[finding.place.start : finding.place.end]


# What is around the lines of a case in bad_input.txt

BLOCKS = {
    "top": ("", ""),
    "bot": ("bot helper {", "phone 900"),
    "callback": ("callback ring_me {", "from sales"),
    "hours": ("hours office {", "sun 10:00-12:00"),
    "lookup": ("lookup customer {", "answer vip -> desk"),
    "mailbox": ("mailbox message {", "box 100"),
    "menu": ("menu main {", "play choices"),
    "operator": ("operator desk {", "unanswered -> sorry"),
    "collect": ("collect account {", "play bye"),
    "prompt": ("prompt welcome {", "lasts 3s"),
    "callers": ("callers vip {", "withheld"),
    "extensions": ("extensions staff {", "busy -> sorry"),
    "queue": ("queue sales {", "patience 4m"),
    "ring": ("ring lab {", "busy -> sorry"),
    "route": ("route start {", "play bye"),
    "scenario": ('scenario "a call" {', "hear welcome"),
    "transfer": ("transfer lawyer {", "busy -> sorry"),
    "switch": ("switch day_night {", "starts auto"),
}


@attrs.frozen
class Case:
    """One mistake: its lines, which begin at `line` and `column` of the file, and what is found."""

    file: str
    lines: tuple[str, ...]
    code: str
    message: str
    line: int
    column: int
    under: str
    help: str

    def __str__(self) -> str:
        return self.lines[0]


def cases() -> list[Case]:
    """The cases of bad_input.txt, as its head describes them."""
    found = []
    for case in (ROOT / "tests" / "bad_input.txt").read_text(encoding="utf-8").split("\n\n"):
        rows = [row for row in case.splitlines() if not row.startswith("#")]
        if not rows:
            continue
        block, *rows = rows
        head, rest = BLOCKS[block]
        lines = tuple(row[2:] for row in rows if row.startswith("|"))
        number, caret = next((n, row) for n, row in enumerate(rows) if row.lstrip().startswith("^"))
        marks = re.fullmatch(r"  ( *)(\^+) (D\d+) (.*)", caret)
        assert marks
        start, end = marks.span(2)
        help = next((row[2:] for row in rows if row.startswith("=")), "")
        file = "\n".join((head, *(f"  {line}" for line in lines), f"  {rest}", "}", "")) if head else "\n".join(lines)
        under = lines[number - 1][start - 2 : end - 2]
        indent = (1, 2) if head else (0, 0)
        found.append(Case(file, lines, marks[3], marks[4], number + indent[0], start - 1 + indent[1], under, help))
    return found


CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_told_in_the_words_of_who_made_it(case: Case) -> None:
    (finding,) = findings_of(case.file)
    assert (finding.code, finding.message) == (case.code, case.message)
    assert (place(finding), under(finding)) == (f"{case.line}:{case.column}", case.under)
    assert finding.help == case.help
    assert finding.caller


@pytest.mark.parametrize("case", [c for c in CASES if re.match(r"write `[^`]* [^`]*`$", c.help)], ids=str)
def test_a_line_that_the_help_gives_can_be_read(case: Case) -> None:
    cured = case.file.replace(case.lines[0], case.help.removeprefix("write `").removesuffix("`"), 1)
    assert not parse.parse(Source("office.dial", cured))[1]


def in_block(kind: str, line: str) -> str:
    head, rest = BLOCKS[kind]
    return f"{head}\n  {line}\n  {rest}\n}}\n" if head else line


def test_the_page_of_a_menu_as_it_is_printed() -> None:
    (finding,) = findings_of("menu main {\n  play choices\n  key 1 sales\n}\n")
    assert text(finding) == (
        "error[D101]: expected `->` after the key\n"
        " --> office.dial:3:9\n"
        "  |\n"
        "3 |   key 1 sales\n"
        "  |         ^^^^^\n"
        "  = caller: no caller would get to `main`\n"
        "  = help: write `key 1 -> sales`"
    )


# Every block is read, and costs one finding at most


def test_all_broken_blocks_are_told_of_in_one_run_in_order_of_place() -> None:
    found = findings_of(
        "menu one {\n  key 1 a\n  key 2 b\n}\n"
        "menu two {\n  play x\n\n"
        "route three { answer }\n"
        "}\n"
        "rout four { answer }\n"
        "hours five { mon 8-16 }\n"
    )
    assert [(finding.code, place(finding)) for finding in found] == [
        ("D101", "2:9"),
        ("D104", "5:1"),
        ("D105", "9:1"),
        ("D108", "11:18"),
    ]


def test_a_lone_brace_takes_what_belongs_to_no_block_with_it() -> None:
    """`rout` behind a `}` too many: closed early is likelier than two mistakes."""
    (finding,) = findings_of("route start {\n  answer\n}\n  key 1 -> sales\n  wait 5s\n}\n")
    assert (finding.code, place(finding), under(finding)) == ("D103", "4:3", "key")


def test_a_block_without_its_end_says_where_the_next_one_begins() -> None:
    (finding,) = findings_of("menu main {\n  play choices\nmenu other {\n  play x\n}\n")
    assert [(note.place.line, note.message) for note in finding.notes] == [(3, "the next block begins here")]


def test_an_inner_block_without_its_end_is_the_one_pointed_at() -> None:
    (finding,) = findings_of(
        "site s for asterisk 22 {\n  trunk a {\n    delivers plus\n  phones 100 dial contacts\n}\n"
    )
    assert (finding.code, finding.message, place(finding)) == ("D104", "`trunk a {` is not closed", "2:3")


def test_blocks_need_no_indentation_to_be_told_apart() -> None:
    plan = "operator desk {\nring 100 for 15s\nunanswered -> sorry\n}\nring lab {\nring 301 for 10s\n}\n"
    assert parse.parse(Source("office.dial", plan))[1] == ()


def test_an_indented_file_is_cut_at_its_own_indentation() -> None:
    (finding,) = findings_of("  menu main {\n    play choices\n  menu other {\n    play x\n  }\n")
    assert (finding.code, place(finding)) == ("D104", "1:3")


# Bytes


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        (b"", "D113", "1:1"),
        (b"\n\n# nothing yet\n", "D113", "1:1"),
        (b"\xef\xbb\xbf", "D113", "1:1"),
        (b'plan a "\xff"', "D110", "1:9"),
        ('plan a "Łódź"\n# \xe9'.encode("iso-8859-2"), "D110", "1:9"),
        (b'plan a "a"\n# \xc3\xa9 \xff', "D110", "2:5"),
        ('plan a "a"'.encode("utf-16"), "D110", "1:1"),
        (b'plan a "a\0"', "D111", "1:10"),
        (b'plan a "\x1b[31m"', "D111", "1:9"),
        (b"}", "D105", "1:1"),
        (b'"', "D106", "1:1"),
        (b'plan a "', "D106", "1:8"),
        (b"{" * (LARGEST + 1), "D112", "1:1"),
    ],
)
def test_bytes_that_are_no_plan(data: bytes, code: str, where: str) -> None:
    (finding,) = findings_of(data)
    assert (finding.code, place(finding)) == (code, where)


def test_utf16_is_called_by_its_name() -> None:
    (finding,) = findings_of('plan a "a"'.encode("utf-16"))
    assert finding.message == "the file is UTF-16, not UTF-8"


def test_a_byte_order_mark_and_the_line_ends_of_windows_are_no_mistake() -> None:
    plain = decode("clinic.dial", EXAMPLES["clinic.dial"].encode())
    other = decode("clinic.dial", b"\xef\xbb\xbf" + EXAMPLES["clinic.dial"].replace("\n", "\r\n").encode())
    assert isinstance(plain, Source)
    assert isinstance(other, Source)
    read, findings = parse.parse(other)
    assert findings == ()
    assert read.declarations == parse.parse(plain)[0].declarations


@pytest.mark.parametrize(
    "pattern",
    [
        "{",
        "}",
        "{}",
        "menu a {",
        '"',
        "#",
        "\n",
        "menu a {\n",
        "menu a { key 1 b }\n",
        "key ",
        'line "+48 22 123 45 67 -> start\n',
        "offers 1, ",
        "route a { answer } ",
        "hours h { mon 08:00-16:00 }\n",
    ],
    ids=lambda pattern: pattern.strip() or "line end",
)
def test_much_nonsense_is_refused_soon(pattern: str) -> None:
    began = time.process_time()
    assert findings_of(pattern * (1_000_000 // len(pattern)))
    assert time.process_time() - began < 30


def test_a_line_of_spaces_and_braces_is_refused_soon() -> None:
    began = time.process_time()
    assert findings_of(" " * 1_000_000 + "{}" * 500_000)
    assert time.process_time() - began < 30


@pytest.mark.parametrize("blank", [" ", "\n", " \n", "#", "#\n", " # \n\t"])
def test_blanks_where_a_name_is_awaited_are_passed_once(blank: str) -> None:
    began = time.process_time()
    assert findings_of(f"route{blank * 20_000}\n}}")
    assert time.process_time() - began < 30


# The catalogue


@pytest.mark.parametrize("mistake", mistakes.catalogue(), ids=lambda mistake: mistake.code)
def test_a_mistake_of_the_catalogue_raises_its_code_and_its_cure_raises_nothing(mistake: mistakes.Mistake) -> None:
    codes = {finding.code for finding in found_in(mistake, mistake.bad)}
    assert codes == ({"D101", "D114"} if mistake.code == "D114" else {mistake.code})
    assert not found_in(mistake, mistake.good)


def test_every_code_is_in_the_catalogue_once_and_in_order() -> None:
    written = {
        code
        for pattern in ("parse/**/*.py", "resolve/**/*.py", "verify.py", "languages.py", "scenarios.py")
        for path in (ROOT / "dialc").glob(pattern)
        for code in re.findall(r'"(D\d{3})"', path.read_text(encoding="utf-8"))
    }
    codes = [mistake.code for mistake in mistakes.catalogue()]
    assert codes == sorted(written)


@pytest.mark.parametrize("mistake", mistakes.catalogue(), ids=lambda mistake: mistake.code)
def test_a_page_says_what_it_is_about(mistake: mistakes.Mistake) -> None:
    title, blank, *rows = mistakes.page(mistake).splitlines()
    assert title.lower() == f"{mistake.title}.".lower()
    assert not blank
    assert len([row for row in rows if row]) > 0
    assert all(len(row) <= 120 for row in rows)


# Form of the messages


@pytest.mark.parametrize("mistake", mistakes.catalogue(), ids=lambda mistake: mistake.code)
def test_messages_keep_their_form(mistake: mistakes.Mistake) -> None:
    for finding in found_in(mistake, mistake.bad):
        assert len(finding.message) <= 72
        assert finding.message[0].islower() or finding.message[0] in "`0123456789"
        assert not finding.message.endswith(".")
        assert finding.caller
        told = f"{finding.message} {finding.caller} {finding.help}".lower()
        for word in ("unexpected", "illegal", "token", "syntax", "parse", "cycle"):
            assert word not in told


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=90))
def test_messages_stay_short_whatever_is_written(word: str) -> None:
    for kind in BLOCKS:
        for finding in findings_of(in_block(kind, word)):
            assert len(finding.message) <= 72


# Whatever is given, findings come back, and point into the text

BEGINNINGS = (
    *("menu main {", "route a {", "hours h {", "operator o {", "prompt p {", "queue q {", "ring r {", "mailbox m {"),
    *("extensions e {", "100-149, 201", "to", "ring for 20s", "callers c {", 'prefix "+49"', "when caller in c -> a"),
    *('line short 112 machine "x" -> a', "line default refuses c -> a", "country PL", '"+48 22 xx"', 'from "a.csv"'),
    *("site s for asterisk 22 {", "trunk t {", "line", "plan", "valid", "}", "{", '"', "#", "\n", "->", ","),
    *(
        "key 1",
        "key #",
        "play",
        "ring 100",
        "mon-fri 08:00-16:00",
        "closed 2026-12-24",
        '"+48 22 123 45 67"',
        "confirm",
    ),
    *("default", "staffed h plus 5m", "again a at most 2 then b", "offers 1, #", "1", "8-16", "5 s", "“a”", "x", "\t"),
)


def check(file: str | bytes) -> None:
    for of_site in (False, True):
        for finding in findings_of(file, of_site=of_site):
            assert text(finding)
            for where in (finding.place, *(note.place for note in finding.notes)):
                assert where is not NOWHERE
                assert 0 <= where.start <= where.end <= len(where.source.text)


@settings(deadline=None)
@given(st.text())
def test_any_text(file: str) -> None:
    check(file)


@settings(deadline=None)
@given(st.binary())
def test_any_bytes(file: bytes) -> None:
    check(file)


@settings(deadline=None)
@given(st.lists(st.sampled_from(BEGINNINGS), max_size=30), st.sampled_from([" ", "\n", "\n  "]))
def test_any_row_of_words(words: list[str], between: str) -> None:
    check(between.join(words))


@settings(deadline=None)
@given(st.sampled_from(sorted(EXAMPLES)), st.randoms(use_true_random=False), st.integers(1, 4))
def test_any_slip_in_an_example(name: str, chance: random.Random, slips: int) -> None:
    """A word left out, written twice, in another's place, or changed for another."""
    words = re.findall(r'"[^"]*"|\w+|\s+|[^\w\s]', EXAMPLES[name])
    for _ in range(slips):
        at, other = chance.randrange(len(words)), chance.randrange(len(words))
        match chance.randrange(4):
            case 0:
                del words[at]
            case 1:
                words.insert(at, words[other])
            case 2:
                words[at], words[other] = words[other], words[at]
            case _:
                words[at] = chance.choice(BEGINNINGS)
    check("".join(words))
