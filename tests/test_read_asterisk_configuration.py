"""Asterisk's configuration syntax, in examples that can be checked by hand; tests/live asks a real Asterisk."""

import pytest

from dialc.read.asterisk.configuration import Configuration, read


def only(text: str, **others: str) -> Configuration:
    """The configuration of one file, beside others whose names end in `.conf`."""
    return read({"a.conf": text} | {f"{name}.conf": other for name, other in others.items()}, "a.conf")


def settings(configuration: Configuration) -> list[tuple[str, list[tuple[str, str]]]]:
    """Sections as pairs of a name and its settings."""
    return [(section.name, [(s.name, s.value) for s in section.settings]) for section in configuration.sections]


def slips(configuration: Configuration) -> list[tuple[int, str]]:
    """The line and message of each slip."""
    return [(slip.place.line, slip.message) for slip in configuration.slips]


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("a = b", "a", "b"),
        ("a=>b", "a", "b"),
        ("\t a b\t=> c d \r", "a b", "c d"),
        ("a = > b", "a", "> b"),
        ("a = b=c", "a", "b=c"),
        ("a =", "a", ""),
        ("a = b;c", "a", "b"),
        ("a = b\\;c;d", "a", "b;c"),
        ("a = b\\\\;c", "a", "b\\;c"),
        ("a = b;--c--;d", "a", "bd"),
        ("a = b ;--c;--d--;e--; f;g", "a", "b  f"),
        ("a = b;---c", "a", "b"),
        ("a = 1 --; 2", "a", "1 --; 2"),
        ("\\[a] = b", "[a]", "b"),
        ("\\=a = b", "=a", "b"),
        ("a = ,;", "a", ","),
        ("á = ż", "á", "ż"),
        ("a \0= c", "", ""),
    ],
)
def test_a_line_is_a_name_and_a_value(line: str, name: str, value: str) -> None:
    assert settings(only(f"[s]\n{line}\n")) == [("s", [(name, value)] if name else [])]


def test_a_setting_knows_its_line() -> None:
    setting = only("[s] ; section\n\n  a = b ; comment").sections[0].settings[0]
    assert (setting.place.line, setting.place.column) == (3, 3)


def test_block_comments_run_over_lines_and_nest() -> None:
    text = "[s]\na = 1 ;-- x\nb = 2\n;-- y --; c = 3\n--; d = 4\ne = 5"
    assert settings(only(text)) == [("s", [("a", "1"), ("d", "4"), ("e", "5")])]


def test_a_block_comment_that_nothing_ends_swallows_the_rest() -> None:
    found = only("[s]\na = 1\n;-- b = 2\nc = 3")
    assert settings(found) == [("s", [("a", "1")])]
    assert slips(found) == [(3, "a block comment that nothing ends; what follows is not read")]


def test_an_end_of_a_block_comment_that_nothing_began_swallows_the_rest_as_well() -> None:
    found = only("[s]\na = 1 --; b\nc = 3")
    assert settings(found) == [("s", [("a", "1 --; b")])]
    assert slips(found)[0] == (2, "the end of a block comment that nothing began; lines after it are not read")


def test_sections_of_one_name_stay_apart_and_can_be_added_to() -> None:
    text = "[s]\na = 1\n[t]\n[s]\nb = 2\n[S](+)\nc = 3"
    assert settings(only(text)) == [("s", [("a", "1"), ("c", "3")]), ("t", []), ("s", [("b", "2")])]


def test_sections_take_over_what_templates_hold_so_far() -> None:
    text = "[t](!)\na = 1\n[u](!,t)\nb = 2\n[s](u)\nc = 3\n[t](+TEMPLATES=restrict)\na = 4\n[r](t)"
    assert settings(only(text)) == [
        ("s", [("a", "1"), ("b", "2"), ("c", "3")]),
        ("r", [("a", "1"), ("a", "4")]),
    ]


def test_added_values_go_behind_the_last_of_that_name() -> None:
    assert settings(only("[s]\na = 1\na += ,2 \nb += 3")) == [("s", [("a", "1 ,2"), ("b", "3")])]


def test_a_section_to_add_to_can_be_told_by_its_settings() -> None:
    text = "[s]\ntype = aor\n[s]\ntype = auth\n[s](+type=^au)\na = 1"
    assert settings(only(text)) == [("s", [("type", "aor")]), ("s", [("type", "auth"), ("a", "1")])]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1", 1),
        ("[s]\n[t\na = 1", 2),
        ("[s]\n[t](!\na = 1", 2),
        ("[s]\n[t](+)\na = 1", 2),
        ("[s]\n[t](u)\na = 1", 2),
        ("[s]\n\\ = 1", 2),
        ("[s]\n#include nothing.conf\na = 1", 2),
    ],
)
def test_a_mistake_of_form_refuses_the_file(text: str, line: int) -> None:
    found = only(text)
    assert found.refused
    assert not found.sections
    assert found.slips[-1].place.line == line


@pytest.mark.parametrize("line", ["word", "= 1", "#exec /bin/true", "#inclod b.conf", "#include", "#tryinclude c.conf"])
def test_other_mistakes_cost_their_line(line: str) -> None:
    found = only(f"[s]\n{line}\na = 1")
    assert settings(found) == [("s", [("a", "1")])]
    assert bool(found.slips) is not line.startswith("#try")
    assert not found.refused


def test_a_file_that_is_included_goes_on_in_the_section_begun_last() -> None:
    found = only("[s]\n#include <b.conf>\nd = 3\n#include b.conf", b="a = 1\n[t]\nb = 2")
    assert settings(found) == [("s", [("a", "1"), ("d", "3")]), ("t", [("b", "2"), ("a", "1")]), ("t", [("b", "2")])]


def test_a_mistake_in_a_file_that_is_included_cuts_off_that_file_only() -> None:
    found = only('[s]\n#include "b.conf"\nd = 3', b="a = 1\n[t\nb = 2")
    assert settings(found) == [("s", [("a", "1"), ("d", "3")])]
    assert [(slip.place.source.name, slip.place.line) for slip in found.slips] == [("b.conf", 2)]
    assert not found.refused


def test_files_are_included_by_pattern_in_order() -> None:
    files = {"a.conf": "[s]\n#include d/*.conf", "d/2.conf": "b = 2", "d/1.conf": "a = 1", "d/x.txt": "c = 3"}
    assert settings(read(files, "a.conf")) == [("s", [("a", "1"), ("b", "2")])]


def test_a_file_that_includes_itself_comes_to_an_end() -> None:
    found = only("[s]\na = 1\n#include a.conf")
    assert len(found.sections) > 1 or found.slips


def test_names_and_lines_that_are_too_long() -> None:
    found = only(f"[{'é' * 40}]\n{'a' * 8190}=\n{'a' * 8000} = b\n")
    assert settings(found) == [("é" * 39 + "\udcc3", [("a" * 8000, "b")])]
    assert [line for line, _ in slips(found)] == [1, 2]


def test_the_last_value_counts() -> None:
    found = only("[General]\nStatic = yes\nstatic = no\n[general]\nstatic = maybe")
    assert found.value("general", "static") == "no"
    assert found.value("general", "other", "none") == "none"


def test_a_file_that_is_not_there() -> None:
    assert read({}, "a.conf").refused
