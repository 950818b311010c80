"""The canonical form: how it looks, that it says the same, and that it is one."""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dialc import syntax
from dialc.cli import main
from dialc.format import WIDTH, formatted
from dialc.mistakes import catalogue
from dialc.parse import LARGEST, decode, parse
from dialc.source import Source
from tests.test_parse import LINES

ROOT = Path(__file__).parent.parent
EXAMPLES = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "examples").iterdir())
    if path.suffix in (".dial", ".site")
}

# What the examples do not have, the key `#` above all.
SAMPLE = """\
menu   alpha{play gamma key #"hash"->beta key   * -> alpha
  key 1 -> alpha}   # what is a key
# here
prompt gamma { file menu/keys offers #,1  , *, # en "Press
    the   hash
  key." lasts 4s # a comment, not a key
}
hours beta { mon - wed ,fri 8:00 -12:00 , 13:00- 17:00 closed 2026-12-24 # "Christmas {
  "Eve"
  sat 8:00-9:00 }
"""
ODD = SAMPLE.replace("alpha", "plan").replace("beta", "menu").replace("gamma", "key")


def read(text: str) -> syntax.File:
    """A text with nothing wrong."""
    file, findings = parse(Source("office.dial", text))
    assert findings == ()
    return file


def form(text: str) -> str:
    """The canonical form of a text."""
    return formatted(read(text))


_WORD = re.compile(r'"[^"]*"|->|[{}(),=-]|#|[^\s"{}(),=#-]+')


def stream(text: str) -> Iterator[str]:
    """The words, signs, texts and comments of a text in order, found without the help of dialc."""
    before, line, at = "", "", 0
    while word := _WORD.search(text, at):
        written, at = word.group(), word.end()
        keyed = before in ("key", "offers", "press", "with") or (before == "," and line in ("offers", "press"))
        if written == "#" and not keyed:
            at = (text + "\n").index("\n", at)
            yield text[word.start() : at].rstrip()
            continue
        goes_on = line == "offers" and written == "extensions"
        line = written if re.fullmatch("[a-z]+", written) and not goes_on else line
        before = "" if before in ("play", "prompt", "menu") else written
        yield re.sub(r"\s*\n\s*", " ", written) if written.startswith('"') else written


def check(text: str) -> str:
    """Hold the canonical form of a text against it, and return it."""
    file = read(text)
    once = formatted(file)
    assert read(once).declarations == file.declarations
    assert list(stream(once)) == list(stream(text))
    assert form(once) == once
    assert once.endswith("\n")
    assert not re.search(r"[ \t\r]\n|\n\n\n|\A\n|\n\n\Z", once)
    return once


# It says the same


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_in_canonical_form(name: str) -> None:
    assert check(EXAMPLES[name]) == EXAMPLES[name]


@pytest.mark.parametrize("mistake", catalogue(), ids=lambda mistake: mistake.code)
def test_good_files_of_mistakes(mistake: object) -> None:
    good = getattr(mistake, "good", "")
    check(good if isinstance(good, str) else good.decode())


@pytest.mark.parametrize(("block", "line"), [(block, line) for block, line, _ in LINES])
def test_every_construct(block: str, line: str) -> None:
    check(f"{block}{{{line}}}")
    check(f"{block}\n{{\n\n{line}#\n}}")


def test_odd_but_right() -> None:
    assert (
        check(ODD)
        == """\
menu plan {
  play key
  key # "hash" -> menu
  key *        -> plan
  key 1        -> plan
}  # what is a key

# here
prompt key {
  file menu/keys
  offers #, 1, *, #
  en "Press the   hash key."
  lasts 4s  # a comment, not a key
}

hours menu {
  mon-wed, fri 8:00-12:00, 13:00-17:00
  closed 2026-12-24  # "Christmas {
      "Eve"
  sat 8:00-9:00
}
"""
    )


GAPS = st.sampled_from([" ", " ", "  \t", "\n", "\n  ", "\n\n\n", "\r\n", " \r\n\r\n "])
REMARKS = st.sampled_from(["# why\n", "\n# why \n", '#"{\n', "\n\n#}\r\n\r\n", "#\n#\n", "\t## -> x\t\n\n\n"])
CLOSE = ("{", "}", ",")


@st.composite
def respaced(draw: st.DrawFn) -> str:
    """An example with white space and comments of another hand."""
    words = list(stream(draw(st.sampled_from([*EXAMPLES.values(), SAMPLE]))))
    chance = draw(st.integers(0, 12))
    written: list[str] = []
    for number, word in enumerate(words):
        after = words[number + 1] if number + 1 < len(words) else ""
        written.append(word)
        if word.startswith("#") and len(word) > 1:
            written.append("\n")
        elif "-" in (word, after):
            continue
        elif word in ("key", "offers", "press", "with", ","):  # where `#` would be a key
            written.append(draw(GAPS))
        elif draw(st.integers(0, 12)) < chance // 3:
            written += (draw(GAPS), draw(REMARKS))
        elif draw(st.integers(0, 12)) >= chance or not (word in (*CLOSE, "->") or after in CLOSE):
            written.append(draw(GAPS) if draw(st.integers(0, 12)) < chance else " ")
    return "".join(written)


@given(respaced())
@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
def test_white_space_and_comments_of_any_hand(text: str) -> None:
    check(text)


PIECES = st.sampled_from(
    [
        *ODD.split(),
        *EXAMPLES["clinic.dial"].split(),
        *EXAMPLES["warsaw.site"].split(),
        "\n",
        "#",
        '"',
        "{",
        "}",
        "\u2028",
    ]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=30).map(" ".join) | st.text())
@example("route r { answer }\u2028\x85route s { }\r# odd\r")
@example('plan a "\r"')
@example('plan a "' + "word plan line route r { " * 20 + '"')
@settings(deadline=None, max_examples=200)
def test_any_text_that_can_be_read(text: str) -> None:
    file, findings = parse(Source("any.dial", text))
    if not findings:
        once = formatted(file)
        assert read(once).declarations == file.declarations
        assert form(once) == once


@st.composite
def edited(draw: st.DrawFn) -> str:
    """An example in which a line has gone, or stands elsewhere, too."""
    lines = draw(st.sampled_from([*EXAMPLES.values(), ODD])).splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 3))):
        line = lines.pop(draw(st.integers(0, len(lines) - 1)))
        if draw(st.booleans()):
            lines.insert(draw(st.integers(0, len(lines))), line * draw(st.integers(1, 3)))
    return "".join(lines)


@given(edited())
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.filter_too_much])
def test_edited_examples(text: str) -> None:
    file, findings = parse(Source("any.dial", text))
    if not findings:
        once = formatted(file)
        assert read(once).declarations == file.declarations
        assert form(once) == once


# How it looks


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("route  a{answer play b ->c}", "route a { answer  play b -> c }\n"),
        ("route a {\nanswer play b -> c}", "route a {\n  answer\n  play b\n  -> c\n}\n"),
        ("route a {\n\n}", "route a { }\n"),
        ("timezone Europe/Warsaw language pl", "timezone Europe/Warsaw\nlanguage pl\n"),
        # one empty line is kept, and set around blocks of several lines
        ("route a { }\n\n\n\nroute b { }", "route a { }\n\nroute b { }\n"),
        ("route a { }\nroute b {\nanswer }\nroute c { }", "route a { }\n\nroute b {\n  answer\n}\n\nroute c { }\n"),
        ("route a {\n\nanswer\n\n\nhang-up\n\n}", "route a {\n  answer\n\n  hang-up\n}\n"),
        ("route a { }\n# b\nroute b {\nanswer }", "route a { }\n\n# b\nroute b {\n  answer\n}\n"),
        # what stands in columns
        ('line "+1" -> a line "+12" -> b', 'line "+1"  -> a\nline "+12" -> b\n'),
        ("menu m {\nkey 1 -> a wait 5s silence -> a}", "menu m {\n  key 1 -> a\n  wait 5s\n  silence -> a\n}\n"),
        ("menu m {\nkey 1 -> a silence -> a}", "menu m {\n  key 1   -> a\n  silence -> a\n}\n"),
        ("menu m {\nkey 1 -> a\n\nsilence -> a}", "menu m {\n  key 1 -> a\n\n  silence -> a\n}\n"),
        ("route a {play b ->c}route cd {play ef ->g}", "route a  { play b  -> c }\nroute cd { play ef -> g }\n"),
        ("route a {answer}\n\nroute cd {answer}", "route a { answer }\n\nroute cd { answer }\n"),
        ("collect c{digits 4 to 8 ends with # wait 5s}", "collect c { digits 4 to 8  ends with #  wait 5s }\n"),
        (
            "collect c{digits 4 ends # so\nwith # wait 5s}",
            "collect c {\n  digits 4\n  ends  # so\n      with #\n  wait 5s\n}\n",
        ),
        ('digits d{1,2 from "a.csv"}', 'digits d { 1, 2  from "a.csv" }\n'),
        # comments
        ("route a { # x\nanswer # y\nhang-up # z\n}", "route a {  # x\n  answer   # y\n  hang-up  # z\n}\n"),
        ("ring a { ring 1, # one\n2 for 5s }", "ring a {\n  ring 1,  # one\n      2 for 5s\n}\n"),
        ("ring a { ring 1,\n#two\n2 for 5s\n#end\n}", "ring a {\n  ring 1,\n      #two\n      2 for 5s\n  #end\n}\n"),
        ("route a # x\n { answer } #y", "route a  # x\n    {\n  answer\n}  #y\n"),
        ("menu a { play key# {\n }", "menu a {\n  play key# {\n}\n"),
        ("\n\n# x\n\n\n# y\nroute a { }\n# z", "# x\n\n# y\nroute a { }\n# z\n"),
    ],
)
def test_layout(written: str, canonical: str) -> None:
    assert form(written) == canonical
    assert form(canonical) == canonical
    assert read(canonical).declarations == read(written).declarations


def test_a_prompt_goes_on_below_its_first_item() -> None:
    said = "This is what is said, and it is so long that it does not fit into a line beside the file."
    text = (
        f'prompt a {{ file a/b en "{said}" pl "{said} {said}" lasts 3s goodbye }}\nprompt abc {{ file a en "{said}" }}'
    )
    assert (
        check(text)
        == """\
prompt a   { file a/b  en "This is what is said, and it is so long that it does not fit into a line beside the file."
             pl "This is what is said, and it is so long that it does not fit into a line beside the file. This is what
             is said, and it is so long that it does not fit into a line beside the file."
             lasts 3s  goodbye }
prompt abc { file a    en "This is what is said, and it is so long that it does not fit into a line beside the file." }
"""
    )


def test_a_prompt_with_a_long_name_has_one_item_a_line() -> None:
    assert check(f"prompt {'a' * 50} {{ goodbye }}") == f"prompt {'a' * 50} {{\n  goodbye\n}}\n"


def test_a_prompt_with_a_long_block_has_one_item_a_line() -> None:
    days = "  ".join(f"{day} 08:00-12:00, 13:00-17:00, 18:00-20:00" for day in ("mon", "tue", "wed"))
    assert (
        check(f"prompt a {{ goodbye states usual office {{ {days} }} }}")
        == """\
prompt a {
  goodbye
  states usual office {
    mon 08:00-12:00, 13:00-17:00, 18:00-20:00
    tue 08:00-12:00, 13:00-17:00, 18:00-20:00
    wed 08:00-12:00, 13:00-17:00, 18:00-20:00
  }
}
"""
    )


def test_a_block_for_which_columns_leave_no_room_goes_on_in_the_next_line() -> None:
    times = "08:00-08:30, 09:00-09:30, 10:00-10:30, 11:00-11:30, 12:00-12:30"
    name = "a" * 30
    assert (
        check(f'prompt {name} {{ goodbye }}\nprompt b {{ states usual office {{ mon {times} }} en "Welcome." }}')
        == f"""\
prompt {name} {{ goodbye }}
prompt b                              {{ states usual office {{ mon 08:00-08:30, 09:00-09:30, 10:00-10:30, 11:00-11:30,
                                        12:00-12:30 }}  en "Welcome." }}
"""
    )


def test_what_does_not_fit_into_a_line_goes_on_in_the_next() -> None:
    members = ", ".join(str(number) for number in range(100, 150))
    words = "hours line plan route r " * 20
    once = check(f'queue q {{ members {members} }} plan line "{words}" line "{"1" * 200}" -> line')
    lines = once.splitlines()
    assert lines[0] == "queue q {"
    assert lines[2].startswith("      122, 123")
    assert all(len(line) <= WIDTH + 20 for line in lines if "11111" not in line)


def test_one_long_line_moves_no_others() -> None:
    keys = "".join("key 1 -> a\n" for _ in range(2000))
    text = f'menu m {{\nkey 1 "{"x" * 100_000}" -> b\n{keys}}}'
    assert len(check(text)) < len(text) + 10_000


# dialc fmt

UGLY = "route   start{answer}"
PRETTY = "route start { answer }\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, with files that are to be formatted and one that is."""
    monkeypatch.chdir(tmp_path)
    Path("ugly.dial").write_text(UGLY, encoding="utf-8")
    Path("pretty.dial").write_text(PRETTY, encoding="utf-8")
    Path("bad.dial").write_text("route start {", encoding="utf-8")
    return tmp_path


def test_files_are_rewritten_in_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("ugly.dial").chmod(0o640)
    Path("link.dial").symlink_to("ugly.dial")
    assert main(["fmt", "link.dial", "pretty.dial"]) == 0
    assert capsys.readouterr() == ("link.dial\n", "")
    assert Path("link.dial").is_symlink()
    assert Path("ugly.dial").read_bytes() == PRETTY.encode()
    assert stat.S_IMODE(Path("ugly.dial").stat().st_mode) == 0o640
    before = Path("ugly.dial").stat()
    assert main(["fmt", "ugly.dial", "pretty.dial"]) == 0
    assert capsys.readouterr() == ("", "")
    assert Path("ugly.dial").stat() == before
    assert sorted(path.name for path in folder.iterdir()) == ["bad.dial", "link.dial", "pretty.dial", "ugly.dial"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbf" + PRETTY.encode(), PRETTY.replace("\n", "\r\n").encode(), UGLY.encode()]
)
def test_marks_and_line_ends_of_windows_go(data: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    Path("ugly.dial").write_bytes(data or UGLY.encode())
    assert main(["fmt", "--check", "ugly.dial", "pretty.dial"]) == 1
    assert capsys.readouterr() == ("ugly.dial\n", "")
    assert Path("ugly.dial").read_bytes() == (data or UGLY.encode())
    assert main(["fmt", "ugly.dial"]) == 0
    assert Path("ugly.dial").read_bytes() == PRETTY.encode()
    assert main(["fmt", "--check", "ugly.dial", "pretty.dial"]) == 0


@pytest.mark.usefixtures("folder")
def test_a_file_with_findings_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bytes.dial").write_bytes(b"\xff")
    assert main(["fmt", "bad.dial", "bytes.dial", "ugly.dial"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("error[D104]: ")
    assert "\nbad.dial: 1 error; nothing was changed\n" in out
    assert "\nerror[D110]: " in out
    assert out.endswith("\nbytes.dial: 1 error; nothing was changed\nugly.dial\n")
    assert Path("bad.dial").read_text(encoding="utf-8") == "route start {"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["ugly.dial", "gone.dial"], "there is no file `gone.dial`"),
        (["ugly.dial", "."], "`.` is a folder, not a file"),
        (
            ["ugly.dial", "/dev/null"],
            "`/dev/null` is a device or a pipe, which cannot be rewritten",
        ),
        ([], "the following arguments are required: FILE (dialc fmt --help shows how)"),
    ],
)
def test_misuse_changes_nothing(argv: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", *argv]) == 2
    assert capsys.readouterr() == ("", f"dialc: {words}\n")
    assert Path("ugly.dial").read_text(encoding="utf-8") == UGLY


def test_a_folder_that_takes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    assert main(["fmt", "ugly.dial"]) == 2
    assert capsys.readouterr() == ("", "dialc: `ugly.dial` cannot be written: no space left on device\n")
    assert Path("ugly.dial").read_text(encoding="utf-8") == UGLY
    assert len(list(folder.iterdir())) == 3


def piped(*argv: str, data: bytes) -> tuple[int, bytes, bytes]:
    """What comes of `dialc fmt` in a process whose terminal knows ASCII only."""
    done = subprocess.run(
        [sys.executable, "-m", "dialc", "fmt", *argv],
        input=data,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_standard_input_to_standard_output() -> None:
    clinic = EXAMPLES["clinic.dial"].encode()
    assert piped("-", data=clinic.replace(b"\n", b"\r\n")) == (0, clinic, b"")
    assert piped("--check", "-", data=clinic) == (0, b"", b"")
    assert piped("--check", "-", data=clinic + b"\n") == (1, b"-\n", b"")
    status, out, err = piped("-", data=b"route start {")
    assert (status, err) == (1, b"")
    assert b" --> standard input:1:1\n" in out
    status, out, _ = piped("-", data=b" " * (LARGEST + 1))
    assert (status, out[:11]) == (1, b"error[D112]")


def test_no_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["fmt", "-"]) == 2
    with Path("/dev/null").open("a", encoding="utf-8") as written:
        monkeypatch.setattr(sys, "stdin", written)
        assert main(["fmt", "-"]) == 2
    assert capsys.readouterr() == (
        "",
        "dialc: there is no standard input\ndialc: the standard input cannot be read: read\n",
    )


def test_bytes_of_an_example_come_back() -> None:
    for name, text in EXAMPLES.items():
        source = decode(name, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        assert isinstance(source, Source)
        assert form(source.text) == text
