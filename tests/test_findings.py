"""How findings are shown, and where places are."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialc.findings import Finding, Note, Severity, in_order, text
from dialc.source import NOWHERE, Place, Source

MENU = Source("office.dial", "menu main {\n  play choices\n  key 1 sales\n}\n")


def rows(finding: Finding) -> list[str]:
    return text(finding).split("\n")


def at(words: str, source: Source = MENU) -> Place:
    """The place of words in a source."""
    start = source.text.index(words)
    return Place(source, start, start + len(words))


def test_a_finding_as_it_is_shown() -> None:
    finding = Finding(
        "D101",
        "expected `->` after the key",
        at("sales"),
        caller="nobody gets to sales",
        call=("Monday 08:00, calls +48 22 123 45 67", "hears choices", "presses 1"),
        notes=(Note(at("main"), "in this menu"),),
        help="write `key 1 -> sales`",
    )
    assert rows(finding) == [
        "error[D101]: expected `->` after the key",
        " --> office.dial:3:9",
        "  |",
        "3 |   key 1 sales",
        "  |         ^^^^^",
        " ::: office.dial:1:6",
        "  |",
        "1 | menu main {",
        "  |      ^^^^ in this menu",
        "  = caller: nobody gets to sales",
        "  = call: Monday 08:00, calls +48 22 123 45 67",
        "          hears choices",
        "          presses 1",
        "  = help: write `key 1 -> sales`",
    ]


def test_a_finding_without_a_place_is_one_line() -> None:
    assert text(Finding("D215", "the plan has no line")) == "error[D215]: the plan has no line"


def test_a_warning_is_called_one() -> None:
    assert rows(Finding("D220", "never played", severity=Severity.WARNING))[0] == "warning[D220]: never played"


def test_the_margin_is_as_wide_as_the_longest_line_number() -> None:
    source = Source("a.dial", "\n" * 99 + "here")
    assert rows(Finding("D101", "no", at("here", source), notes=(Note(Place(source, 0, 0), "first"),)))[1:] == [
        "   --> a.dial:100:1",
        "    |",
        "100 | here",
        "    | ^^^^",
        "   ::: a.dial:1:1",
        "    |",
        "  1 | ",
        "    | ^ first",
    ]


@pytest.mark.parametrize(
    ("line", "word", "caret"),
    [
        ("key 1", "1", "    ^"),
        ("\tkey 1", "1", "\t    ^"),
        ("名前 x", "x", "     ^"),
        ("x 名前", "名前", "  ^^^^"),
        ("e\u0301 x", "x", "  ^"),
        ("łódź x", "x", "     ^"),
        ("a\x1bb x", "x", "         ^"),
    ],
)
def test_the_caret_is_under_what_is_wrong_however_wide_it_is_shown(line: str, word: str, caret: str) -> None:
    source = Source("a", line)
    assert rows(Finding("D101", "no", at(word, source)))[4] == f"  | {caret}"


def test_a_caret_ends_with_its_line() -> None:
    source = Source("a", "one two\nthree")
    assert rows(Finding("D101", "no", Place(source, 4, 13)))[4] == "  |     ^^^"


@pytest.mark.parametrize(("content", "line"), [("", 1), ("one\n", 2), ("one", 1)])
def test_the_end_of_a_file_is_a_place(content: str, line: int) -> None:
    source = Source("a", content)
    end = Place(source, len(content), len(content))
    assert end.line == line
    assert rows(Finding("D113", "nothing", end))[4].endswith("^")


def test_a_long_line_is_shown_around_the_place() -> None:
    source = Source("a", "x" * 500 + "here" + "y" * 500)
    shown, caret = rows(Finding("D101", "no", at("here", source)))[3:5]
    assert len(shown) < 120
    assert shown[caret.index("^") :].startswith("here")


@pytest.mark.parametrize("character", ["\x1b", "\x07", "\u202e", "\u2066", "\x9b", "\u200b", "\x7f"])
def test_what_is_shown_cannot_act_on_the_terminal(character: str) -> None:
    source = Source("a", f'plan a "{character}[31m"')
    hostile = f"no{character}"
    finding = Finding(
        "D101", hostile, Place(source, 0, 4), hostile, (hostile,), (Note(Place(source, 0, 4), hostile),), hostile
    )
    assert character not in text(finding)
    assert f"\\u{ord(character):04x}" in text(finding)


def test_colour_is_there_only_where_it_is_wanted() -> None:
    finding = Finding("D101", "no", at("sales"))
    assert "\x1b" not in text(finding)
    coloured = text(finding, colour=True)
    assert "\x1b[31m" in coloured
    assert coloured.replace("\x1b[31m", "").replace("\x1b[0m", "") == text(finding)


def test_findings_come_in_order_of_file_and_place() -> None:
    other = Source("clinic.dial", "plan")
    findings = [
        Finding("D102", "c", at("sales")),
        Finding("D101", "b", at("main")),
        Finding("D101", "d", Place(other, 0, 4)),
        Finding("D101", "a"),
    ]
    assert [finding.message for finding in in_order(findings)] == ["a", "d", "b", "c"]


# Places


def test_lines_and_columns_count_from_one() -> None:
    source = Source("a", "one\ntwo\r\n\nfour")
    assert [source.position(offset) for offset in (0, 3, 4, 8, 9, 10, 13)] == [
        *((1, 1), (1, 4), (2, 1), (2, 5), (3, 1), (4, 1), (4, 4)),
    ]
    assert [source.line(number) for number in (1, 2, 3, 4)] == ["one", "two", "", "four"]
    assert str(Place(source, 4, 7)) == "a:2:1"


def test_a_place_in_nothing_is_the_beginning() -> None:
    assert (NOWHERE.line, NOWHERE.column) == (1, 1)


@settings(deadline=None)
@given(st.text(), st.data())
def test_any_place_in_any_text_can_be_shown(content: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    source = Source("a", content)
    line, column = source.position(start)
    before = content[:start]
    assert (line, column) == (before.count("\n") + 1, len(before) - before.rfind("\n"))
    shown = text(Finding("D101", "no", Place(source, start, end)))
    assert "^" in shown
    assert not any(unicodedata.category(character) == "Cc" for character in shown.replace("\n", "").replace("\t", ""))
