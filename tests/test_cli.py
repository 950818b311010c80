"""The command line: what it prints, its exit statuses, and that nothing makes it show a traceback."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dialc import pages
from dialc.cli import COMMANDS, HELP, check, explain, main
from dialc.cli.certificates import tables
from dialc.cli.verdicts import show
from dialc.findings import Finding
from dialc.rules import checks
from dialc.version import VERSION

ROOT = Path(__file__).parent.parent
CLINIC = str(ROOT / "examples/clinic.dial")

GOOD = """\
plan office "Example Ltd"
timezone Europe/Warsaw  language en
valid 2026-01-01 to 2026-12-31
line "+48 22 123 45 67" -> start
route start { answer -> main }
menu main {
  play choices
  key 1 "our address" -> directions
  key 0 "reception"   -> reception
  wait 5s  tries 1
}
route directions { play address -> reception }
operator reception { ring 100, 101 for 20s  supervisor 110  unanswered -> sorry }
prompt choices { file office/choices  en "Our address: one. Reception: zero."  lasts 4s  offers 1, 0 }
prompt address { file office/address  en "You find us at 1 Main Street."  lasts 4s }
route sorry { hang-up }
"""
LOOP = GOOD.replace("tries 1", "tries 1  silence -> main")
WARNED = GOOD.replace("offers 1, 0", "offers 1")

PROVED = f"""\
office: proved ({" ".join(checks())}): every call ends or is answered within 5 steps and 33 s; 5 assumptions
  - somebody answers at `reception` at any hour; if nobody does within 20 s of ringing, the caller goes to \
`sorry`
  - 110 answers callers whom `reception` hands up, once a call; if nobody does within 20 s, `reception` rings again
  - nothing is said about calls before 2026-01-01 and after 2026-12-31
  - prompts last as long as the plan says, and the work of the PBX takes no time
  - the numbers of the plan can be called from outside
  - trusted: the parser, the resolver and the verifier of dialc {VERSION}, and the time zones of {tables()}
"""

LOOPS = """\
error[C01]: a caller can go round for ever
  --> loop.dial:10:32
   |
10 |   wait 5s  tries 1  silence -> main
   |                                ^^^^
   = caller: comes back to `main` again and again, and nobody ever answers
   = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
           +0:09  main: nothing pressed -> main
           +0:09  main, for the second time, and so on
   = help: write `again main at most 2 then …` in a route, or send the caller on to the operator

"""


@attrs.frozen
class Done:
    """What a command came to."""

    status: int
    out: str
    err: str


@attrs.frozen
class Run:
    """Runs a command and takes what it prints."""

    capture: pytest.CaptureFixture[str]

    def __call__(self, *argv: str) -> Done:
        status = main(argv)
        out, err = self.capture.readouterr()
        return Done(status, out, err)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs commands in a folder of their own, where there are plans."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name, text in (("good", GOOD), ("loop", LOOP), ("warned", WARNED)):
        Path(f"{name}.dial").write_text(text, encoding="utf-8")
    return Run(capsys)


def environment(**more: str) -> dict[str, str]:
    """The surroundings of a process that runs dialc out of the checkout."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **more}


# check


def test_a_plan_that_is_proved(run: Run) -> None:
    assert run("check", "good.dial") == Done(0, PROVED, "")


def test_a_plan_with_a_loop(run: Run) -> None:
    assert run("check", "loop.dial") == Done(1, LOOPS + "loop.dial: 1 error\n", "")


def test_a_warning_refuses_only_if_asked_to(run: Run) -> None:
    done = run("check", "warned.dial")
    assert done.status == 0
    assert done.out.startswith("warning[C18]: key 0 works in `main` and no prompt offers it\n")
    assert "5 assumptions, 1 warning\n" in done.out
    assert run("check", "--warnings-as-errors", "warned.dial") == attrs.evolve(done, status=1)
    assert run("check", "good.dial", "--warnings-as-errors").status == 0


def test_several_plans_are_told_of_in_their_order(run: Run) -> None:
    done = run("check", "good.dial", "loop.dial", "good.dial")
    assert done == Done(1, PROVED + LOOPS + "loop.dial: 1 error\n" + PROVED, "")


def test_nothing_is_said_of_any_plan_if_one_cannot_be_read(run: Run) -> None:
    assert run("check", "good.dial", "gone.dial") == Done(2, "", "dialc: there is no file `gone.dial`\n")


def test_findings_stand_in_order_of_place(run: Run) -> None:
    Path("two.dial").write_text(GOOD.replace("play address", "play adress").replace("-> main", "-> mein"), "utf-8")
    done = run("check", "two.dial")
    assert [line for line in done.out.splitlines() if "-->" in line] == [" --> two.dial:5:25", "  --> two.dial:12:25"]
    assert done.out.endswith("\n\ntwo.dial: 2 errors\n")
    assert done.status == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "D113"),
        (b"plan \xff", "D110"),
        (b"plan\0", "D111"),
        (b"{" * 100_000, "D103"),
        (b" " * 8_000_001, "D112"),
    ],
)
def test_bytes_that_are_no_plan(run: Run, data: bytes, code: str) -> None:
    Path("bytes.dial").write_bytes(data)
    done = run("check", "bytes.dial")
    assert done.out.startswith(f"error[{code}]: ")
    assert done.out.endswith("\nbytes.dial: 1 error\n")
    assert (done.status, done.err) == (1, "")


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + GOOD.encode(), GOOD.replace("\n", "\r\n").encode()])
def test_a_byte_order_mark_and_the_line_ends_of_windows(run: Run, data: bytes) -> None:
    Path("bytes.dial").write_bytes(data)
    assert run("check", "bytes.dial") == Done(0, PROVED, "")


def test_a_device(run: Run) -> None:
    assert run("check", "/dev/null").out.endswith("/dev/null: 1 error\n")
    assert run("check", "/dev/zero").out.startswith("error[D112]")


def test_paths_that_cannot_be_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("loop").symlink_to("loop")
    for path, words in (
        (".", "`.` is a folder, not a file"),
        ("good.dial/x", "there is no file `good.dial/x`"),
        ("", "`` is a folder, not a file"),
        ("loop", "`loop` cannot be read: too many levels of symbolic links"),
        ("a\0b", r"`a\u0000b` cannot be read: embedded null byte"),
        ("\x1b[31m", r"there is no file `\u001b[31m`"),
    ):
        assert run("check", path) == Done(2, "", f"dialc: {words}\n")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert run("check", "good.dial") == Done(2, "", "dialc: `good.dial` cannot be read: permission denied\n")


def test_a_hostile_file_name_is_harmless_in_findings(run: Run) -> None:
    Path("\x1b[31m.dial").write_text(LOOP, encoding="utf-8")
    done = run("check", "\x1b[31m.dial")
    assert "\x1b" not in done.out
    assert r"--> \u001b[31m.dial:10:32" in done.out


def test_the_words_of_a_pbx_stand_beside_ours_once(capsys: pytest.CaptureFixture[str]) -> None:
    show([Finding("D1", "patience is short"), Finding("D1", "a `line` has no patience"), Finding("D1", "in line 4")])
    out = capsys.readouterr().out
    assert out.count("in the words of a PBX: `line` is DID, patience is max wait\n") == 1
    show([Finding("D1", "a name is taken")])
    assert "words" not in capsys.readouterr().out


# certificates


def test_a_certificate_is_written_and_holds(run: Run) -> None:
    done = run("check", "good.dial", "--certificate", "good.json", "--site", str(ROOT / "examples/warsaw.site"))
    assert done == Done(0, PROVED + "certificate: good.json\n", "")
    done = run("verify-certificate", "good.json", "good.dial")
    assert (done.status, done.err) == (0, "")
    assert done.out == (
        "office: the certificate holds (C01 C02 C03 C06 C07 C10 C11 C12 C14 C15 C16 C17)\n"
        "  - claimed, and not checked: C04 C05 C08 C09 C13 C18 C19 C21 C22\n"
        f"  - trusted: the parser and the resolver of dialc {VERSION}, the checker, and the time zones of {tables()}\n"
        "  - assumed: what `dialc check` lists of people and of the PBX\n"
    )
    assert run("verify-certificate", "good.json", "good.dial", "--site", str(ROOT / "examples/warsaw.site")).status == 0
    done = run("verify-certificate", "good.json", "good.dial", "--site", str(ROOT / "examples/kyiv.site"))
    assert done == Done(1, "office: the certificate is refused: it is about another site\n", "")
    assert sorted(path.name for path in Path().iterdir()) == ["good.dial", "good.json", "loop.dial", "warned.dial"]


def test_a_certificate_of_a_plan_that_is_held_against_a_law(run: Run) -> None:
    assert run("check", "good.dial", "--policy", "us-il-730-510", "--certificate", "good.json").status == 0
    done = run("verify-certificate", "good.json", "good.dial", "--policy", "us-il-730-510")
    assert done.status == 0
    assert done.out.startswith("office: the certificate holds (C01 ")
    done = run("verify-certificate", "good.json", "good.dial")
    assert done == Done(1, "office: the certificate is refused: it is about another plan\n", "")
    done = run("verify-certificate", "good.json", "good.dial", "--policy", "us-il")
    assert done.status == 2
    assert "there is no law or standard `us-il`" in done.err


def test_a_certificate_of_another_plan_is_refused(run: Run) -> None:
    run("check", "good.dial", "--certificate", "good.json")
    done = run("verify-certificate", "good.json", "warned.dial")
    assert done == Done(1, "office: the certificate is refused: it is about another plan\n", "")
    Path("none.json").write_text("{", encoding="utf-8")
    done = run("verify-certificate", "none.json", "good.dial")
    assert done.status == 1
    assert done.out.startswith("office: the certificate is refused: it is no certificate of this plan")
    Path("bad.dial").write_text("plan", encoding="utf-8")
    done = run("verify-certificate", "good.json", "bad.dial")
    assert done.status == 1
    assert done.out.endswith("bad.dial: 1 error; the certificate was not checked\n")


def test_a_plan_that_is_not_proved_has_no_certificate(run: Run) -> None:
    done = run("check", "loop.dial", "--certificate", "loop.json")
    assert done == Done(1, LOOPS + "loop.dial: 1 error\ncertificate: none, since the plan was not proved\n", "")
    assert not Path("loop.json").exists()
    done = run("check", "good.dial", "--certificate", "good.json", "--format", "json")
    assert (done.status, done.out[0], Path("good.json").exists()) == (0, "{", True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "good.dial", "loop.dial", "--certificate", "c.json"), "a certificate is of one plan"),
        (("check", "good.dial", "--site", "good.dial"), "a site is of no use here but for a certificate"),
        (("check", "good.dial", "--certificate", "c.json", "--site", "good.dial"), "`good.dial` is no site"),
        (("check", "good.dial", "--certificate", "nowhere/c.json"), "`nowhere/c.json` cannot be written"),
        (("verify-certificate", "gone.json", "good.dial"), "there is no file `gone.json`"),
        (("verify-certificate", "good.json"), "the following arguments are required: PLAN"),
    ],
)
def test_certificates_that_make_no_sense(run: Run, arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err


# compile

SITE = """\
site warsaw for asterisk 22 {
  trunk orange {
    delivers plus  country PL  withheld anonymous
    dial "PJSIP/{number}@orange"  send plus  show "+48 22 123 45 67"
  }
  phones 100-199  dial contacts
  outside via orange
  mailboxes context default  existing
}
"""


def names(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def files(folder: str) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in Path(folder).iterdir()}


def test_a_plan_is_compiled(run: Run) -> None:
    done = run("compile", "good.dial", "--target", "asterisk", "--out", "out/office/")
    assert (done.status, done.err) == (0, "")
    assert "dialc-office.extensions.conf" in names("out/office")
    told, _, paste = done.out.partition("to include them")
    assert told == (
        PROVED.replace(" C21", " C20 C21")
        + """\
site: none was named, so this is taken for granted of the Asterisk:
  - the phone 100 is PJSIP/100, with all devices registered there
  - PJSIP/NUMBER@trunk calls outside; it delivers numbers as plus, e164, international, national
  - the mailboxes are there already, in the voicemail context default
  - whatever music a queue names, the class default is played
written to out/office/:
"""
        + "".join(f"  {name}\n" for name in names("out/office"))
    )
    assert '\n  #include "dialc-office.extensions.conf"\n' in paste


def test_a_plan_is_compiled_for_a_site(run: Run) -> None:
    Path("warsaw.site").write_text(SITE, encoding="utf-8")
    done = run("compile", "good.dial", "--site", "warsaw.site", "--out", "out")
    assert (done.status, done.err) == (0, "")
    assert "\nsite: warsaw (warsaw.site)\nwritten to out:\n" in done.out
    first = files("out")
    assert run("compile", "good.dial", "--site", "warsaw.site", "--out", "out") == done
    assert files("out") == first


def test_a_plan_that_is_not_proved_is_not_compiled(run: Run) -> None:
    done = run("compile", "loop.dial", "--out", "out")
    assert done == Done(1, LOOPS + "loop.dial: 1 error; nothing was written\n", "")
    assert not Path("out").exists()


def test_a_plan_that_is_not_proved_is_compiled_if_asked_to(run: Run) -> None:
    done = run("compile", "loop.dial", "--out", "out", "--unproved")
    assert (done.status, done.err) == (1, "")
    assert done.out.startswith(LOOPS + "office: NOT PROVED (1 error), and written because of --unproved\nsite: ")
    assert all(text.startswith("; UNPROVED") for text in files("out").values())
    assert run("compile", "good.dial", "--out", "out", "--unproved").status == 0
    assert not any("UNPROVED" in text for text in files("out").values())


def test_a_plan_that_cannot_be_understood_is_never_compiled(run: Run) -> None:
    Path("bad.dial").write_text(GOOD.replace("-> main", "-> mein"), "utf-8")
    done = run("compile", "bad.dial", "--out", "out", "--unproved")
    assert done.status == 1
    assert done.out.endswith("\n\nbad.dial: 1 error; nothing was written\n")
    Path("bad.dial").write_bytes(b"\xff")
    assert run("compile", "bad.dial", "--out", "out").out.startswith("error[D110]")
    assert not Path("out").exists()


def test_findings_of_plan_and_site_come_together(run: Run) -> None:
    Path("bad.site").write_text(SITE.replace("outside via orange", "outside via lemon"), "utf-8")
    done = run("compile", "loop.dial", "--site", "bad.site", "--out", "out")
    assert done.status == 1
    assert "--> bad.site:7:" in done.out
    assert LOOPS in done.out
    assert done.out.endswith("\nloop.dial: 2 errors; nothing was written\n")
    Path("bad.site").write_bytes(b"\xff")
    done = run("compile", "loop.dial", "--site", "bad.site", "--out", "out", "--unproved")
    assert done.out.startswith("error[D110]")
    assert done.out.endswith("\nloop.dial: 2 errors; nothing was written\n")
    assert not Path("out").exists()


def test_what_a_site_lacks_is_found_before_anything_is_written(run: Run) -> None:
    Path("small.site").write_text(SITE.replace("100-199", "101-199"), "utf-8")
    done = run("compile", "good.dial", "--site", "small.site", "--out", "out")
    assert done.status == 1
    assert "  --> good.dial:13:" in done.out
    assert done.out.endswith("\ngood.dial: 1 error; nothing was written\n")
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["gone.dial", "--out", "out"], "there is no file `gone.dial`"),
        (["good.dial", "--site", "gone.site", "--out", "out"], "there is no file `gone.site`"),
        (["good.dial", "--target", "abacus", "--out", "out"], "there is no target `abacus`; `asterisk` is one"),
        (["good.dial", "--target", "", "--out", "out"], "there is no target ``; `asterisk` is one"),
        (["good.dial", "--out", "good.dial"], "`good.dial` is a file, not a folder"),
        (["good.dial", "--out", ""], "the folder to write has no name"),
    ],
)
def test_compilations_that_make_no_sense(run: Run, argv: list[str], words: str) -> None:
    assert run("compile", *argv) == Done(2, "", f"dialc: {words}\n")
    assert names(".") == ["good.dial", "loop.dial", "warned.dial"]


def test_several_plans_can_share_a_folder(run: Run) -> None:
    Path("home.dial").write_text(GOOD.replace("plan office", "plan home"), "utf-8")
    run("compile", "good.dial", "--out", "out")
    run("compile", "home.dial", "--out", "out")
    shared = files("out")
    assert {name.split(".")[0] for name in shared} == {"dialc-office", "dialc-home"}
    for plan in ("office", "home"):  # files as an earlier dialc may have written them
        Path("out", f"dialc-{plan}.earlier.conf").write_text(shared[f"dialc-{plan}.extensions.conf"], "utf-8")
    run("compile", "good.dial", "--out", "out")
    assert files("out") == shared | {"dialc-home.earlier.conf": shared["dialc-home.extensions.conf"]}


def test_the_folder_of_the_plan_itself_can_be_written(run: Run) -> None:
    assert run("compile", "good.dial", "--out", ".").status == 0
    assert names(".")[-3:] == ["good.dial", "loop.dial", "warned.dial"]
    name = "dialc-office.extensions.conf"
    Path(name).write_text("mine", "utf-8")
    done = run("compile", "good.dial", "--out", ".")
    assert done == Done(2, "", f"dialc: `{name}` was not written by dialc and is kept; name another folder\n")


# The terminal


@pytest.mark.parametrize(
    ("terminal_there", "variables", "painted"),
    [(True, {}, True), (False, {}, False), (True, {"NO_COLOR": "1"}, False), (True, {"TERM": "dumb"}, False)],
)
def test_colour_is_for_terminals_of_those_who_want_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, terminal_there: bool, variables: dict[str, str], painted: bool
) -> None:
    for name, value in ({"NO_COLOR": "", "TERM": "xterm"} | variables).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal_there)
    assert ("\x1b[31merror[C01]\x1b[0m" in run("check", "loop.dial").out) is painted


def test_a_terminal_that_cannot_show_a_character_gets_its_code() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dialc", "simulate", CLINIC, "--at", "2026-11-23 03:00"],
        env=environment(PYTHONIOENCODING="ascii"),
        capture_output=True,
        check=True,
    )
    assert rb'"Dzie\u0144 dobry, tu Przychodnia Zdrowie."' in done.stdout


def test_a_reader_who_stops_reading_is_no_accident() -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "dialc", "explain"], env=environment(), stdout=write, stderr=-1, check=False
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_an_output_that_is_full() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dialc", "--help"], env=environment(), stdout=full, stderr=-1, check=False
        )
    assert (done.returncode, done.stderr) == (2, b"dialc: the output cannot be written: no space left on device\n")


def test_a_process_without_streams() -> None:
    command = f"{sys.executable} -m dialc check {CLINIC} <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", command], env=environment(), check=False).returncode == 0
    command = f"{sys.executable} -m dialc check nothing <&- 2>&-"
    done = subprocess.run(["sh", "-c", command], env=environment(), check=False, stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout) == (2, b"")


def test_an_interrupt(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(check, "judged", interrupt)
    ignored = signal.signal(signal.SIGINT, signal.default_int_handler)  # as it is where tests run in the background
    try:
        assert run("check", "good.dial") == Done(130, "", "")
    finally:
        signal.signal(signal.SIGINT, ignored)


# explain


def test_a_rule_is_explained(run: Run) -> None:
    done = run("explain", "c01")
    assert done.status == 0
    assert done.out.startswith("C01: Every call terminates\n\nWhatever the caller presses")
    assert "``" not in done.out
    assert "`again`" in done.out


def test_all_codes_are_listed(run: Run) -> None:
    done = run("explain")
    rows = [line.split("  ", 1) for line in done.out.splitlines()]
    assert [code for code, _ in rows] == list(pages.all_pages())
    assert ["C01", "Every call terminates"] in rows
    assert all(title and not title.startswith(code) for code, title in rows)
    assert done.status == 0


@pytest.mark.parametrize("code", pages.all_pages())
def test_every_page_is_plain(run: Run, code: str) -> None:
    done = run("explain", code)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"{code}: ")
    prose = [line for line in done.out.splitlines() if not line.startswith(" ")]
    assert not [line for line in prose if "``" in line or line.endswith("::") or line.startswith((".. ", "=="))]


def test_a_code_that_is_none(run: Run) -> None:
    assert run("explain", "C117") == Done(2, "", "dialc: there is no code `C117`; did you mean `C17`?\n")
    assert run("explain", "xyzzy") == Done(2, "", "dialc: there is no code `xyzzy` (dialc explain lists all)\n")


def test_a_page_as_plain_text() -> None:
    page = """\
A ``menu``, see :ref:`C03` and
:doc:`the charter <charter/index>`, is *good*, and key ``*`` works.

*Bad*::

    menu main { ``kept`` }

    key 1 *kept* -> main

.. code-block:: text

    kept

* an item that is long enough to be written in two lines, as it has more words than fit into one
* another
"""
    assert (
        explain.plain(page)
        == """\
A `menu`, see C03 and the charter, is good, and key `*` works.

Bad:

    menu main { ``kept`` }

    key 1 *kept* -> main

    kept

* an item that is long enough to be written in two lines, as it has more words
  than fit into one
* another"""
    )


# Arguments


def test_the_version_and_the_help(run: Run) -> None:
    from dialc import __version__

    assert run("--version") == Done(0, f"dialc {__version__}\n", "")
    assert run("--help") == run("-h") == run("help") == Done(0, HELP + "\n", "")
    assert max(map(len, HELP.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_stands_in_that_of_dialc(run: Run, command: str) -> None:
    done = run(command, "--help")
    assert done.out.startswith(f"usage: dialc {command} [-h]")
    assert max(map(len, done.out.splitlines())) <= 80
    assert (done.status, done.err) == (0, "")
    assert f"  dialc {command} " in HELP


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([], "say what to do: check, compile, simulate, reach, test, explain or fmt (dialc --help tells more)"),
        (["chek"], "there is no command `chek`; did you mean `check`?"),
        (["frobnicate"], "there is no command `frobnicate` (dialc --help shows what there is)"),
        (["--versoin"], "there is no option `--versoin`; did you mean `--version`?"),
        (["check"], "the following arguments are required: PLAN (dialc check --help shows how)"),
        (["check", "good.dial", "--warn"], "unrecognized arguments: --warn (dialc check --help shows how)"),
        (["compile", "good.dial"], "the following arguments are required: --out (dialc compile --help shows how)"),
        (["explain", "C01", "C02"], "unrecognized arguments: C02 (dialc explain --help shows how)"),
    ],
)
def test_commands_that_make_no_sense(run: Run, argv: list[str], words: str) -> None:
    assert run(*argv) == Done(2, "", f"dialc: {words}\n")


WORDS = st.sampled_from(
    [
        *COMMANDS,
        *("--help", "-h", "--version", "--at", "--call", "--out", "--site", "--target", "--unproved", "--", "-", ""),
        *("--warnings-as-errors", "good.dial", "loop.dial", "bad.dial", "none", ".", "..", "/dev/null", "out", "C01"),
        *("asterisk", "2026-11-23 09:15", "2026-03-29 02:30", "+48221234567"),
        *("press:1", "busy", "hang-up@3", "hang-up", "silence", "answered:100"),
    ]
)
TEXTS = st.text(st.characters(exclude_characters="/", exclude_categories=()), max_size=8)


SENSIBLE = st.sampled_from(
    [
        ["check", "good.dial"],
        ["compile", "good.dial", "--out", "out"],
        ["simulate", "loop.dial", "--at", "2026-11-23 09:15"],
        ["explain"],
    ]
)


@given(st.lists(WORDS | TEXTS, max_size=7) | st.builds(list.__add__, SENSIBLE, st.lists(WORDS | TEXTS, max_size=4)))
@example(["simulate", "good.dial", "--at", "0001-01-01 00:00"])
@example(["simulate", "good.dial", "--at", "2026-11-23 09:15", "press:1@99999"])
@example(["compile", "good.dial", "--out", "\ud800"])
@example(["compile", "good.dial", "--out", "a\0"])
@example(["compile", "good.dial", "--out", "a" * 300])
@settings(deadline=None, max_examples=150)
def test_no_arguments_bring_a_traceback(argv: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name, text in (("good", GOOD), ("loop", LOOP), ("bad", "plan {")):
            Path(f"{name}.dial").write_text(text, encoding="utf-8")
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(argv)
        assert status in (0, 1, 2)
        assert (status == 2) == bool(err.getvalue())
        assert err.getvalue().count("\n") == (1 if status == 2 else 0)


# Processes


def loaded(*argv: str) -> set[str]:
    """The slow packages that a command has loaded by its end."""
    program = (
        "import sys; from dialc.cli import main; main(sys.argv[1:]);"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *argv], env=environment(), capture_output=True, text=True, check=True
    )
    return {"lark", "jinja2", "phonenumbers", "difflib", "argparse"} & set(done.stderr.split())


def test_nobody_waits_for_what_they_do_not_need(tmp_path: Path) -> None:
    assert loaded("--version") == set()
    assert loaded("--help") == set()
    assert loaded("explain", "C01") <= {"argparse", "difflib"}
    assert "jinja2" not in loaded("check", CLINIC)
    assert {"lark", "jinja2"} <= loaded("compile", CLINIC, "--out", str(tmp_path / "out"))


def test_dialc_is_a_module_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dialc", "check", "gone"], env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "dialc: there is no file `gone`\n")


# The budget


def test_a_budget_comes_after_the_verdict(run: Run) -> None:
    done = run("check", "--budget", "good.dial")
    assert done.status == 0
    assert done.err == ""
    assert done.out.startswith(PROVED)
    told = done.out.removeprefix(PROVED)
    assert told.startswith("\n+48221234567\n")
    assert "  time              0 s               13 s (a)          0 s               13 s (a)\n" in told
    assert told.endswith("people stay:\n  reception  at any hour\n")


def test_a_budget_of_a_plan_that_is_refused(run: Run) -> None:
    assert run("check", "--budget", "loop.dial").out.endswith(
        "loop.dial: 1 error\nno budget: callers can go round for ever, and nothing has a worst case\n"
    )
    Path("nothing.dial").write_text("plan", encoding="utf-8")
    assert "budget" not in run("check", "--budget", "nothing.dial").out


def test_a_budget_for_other_programs(run: Run) -> None:
    (file,) = json.loads(run("check", "--budget", "--format", "json", "good.dial").out)["files"]
    (line,) = file["budget"]["lines"]
    assert list(line) == ["numbers", "exempt", "person", "operator"]
    assert list(line["person"]) == ["seconds", "silence", "ringing", "keys", "prompts", "levels", "hand_offs"]
    worst = line["person"]["seconds"]["worst"]
    assert worst["number"] == 13
    assert worst["call"][-1] == "+0:13  reception: rings"
    assert file["budget"]["presences"] == [{"step": "reception", "hours": None, "seconds_after_closing": 0}]
    (file,) = json.loads(run("check", "--format", "json", "good.dial").out)["files"]
    assert file["budget"] is None


# reach


def test_the_shortest_way_to_a_person(run: Run) -> None:
    assert run("reach", "good.dial") == Done(0, WAY.format("at any hour: "), "")
    assert run("reach", "good.dial", "--at", "2026-11-23 09:15") == Done(0, WAY.format(""), "")
    assert run("reach", "good.dial", "--line", "+48 22 123 45 67") == Done(0, WAY.format("at any hour: "), "")


WAY = "+48221234567\n  {}press 0 (reception): `reception` rings at once\n"


def test_the_way_when_it_is_closed(run: Run) -> None:
    assert run("reach", CLINIC, "--at", "2026-11-23 19:00").out == (
        "+48221234567\n  nobody's phone rings then; next from Tue 2026-11-24 07:59:57 CET on\n"
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["good.dial", "--at", "noon"], "`noon` is no date and time"),
        (["good.dial", "--at", "2030-01-01 09:00"], "the plan is valid from 2026-01-01 to 2026-12-31"),
        (["good.dial", "--line", "112"], "the plan has no line `112`"),
        (["none.dial"], "there is no file `none.dial`"),
        ([], "the following arguments are required: PLAN"),
    ],
)
def test_no_way_can_be_told(run: Run, arguments: list[str], complaint: str) -> None:
    done = run("reach", *arguments)
    assert (done.status, done.out) == (2, "")
    assert complaint in done.err


def test_ways_through_a_plan_that_is_not_proved_or_not_understood(run: Run) -> None:
    done = run("reach", "loop.dial")
    assert done.status == 0
    assert done.out.startswith("note: this plan is not proved (1 error)\n")
    Path("nothing.dial").write_text("plan", encoding="utf-8")
    done = run("reach", "nothing.dial")
    assert done.status == 1
    assert done.out.endswith("no call can be made\n")
