"""`dialc test --on asterisk` as far as it goes without one: where it is looked for, what is planned, what is told."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import attrs
import pytest

import dialc
from dialc.beside import alone
from dialc.cli import main, on
from dialc.live import installed
from dialc.live.asterisk import Install
from dialc.live.judging import RECORD, Compared, recorded
from dialc.live.laboratory import SERVICE, Laboratory, laboratory
from dialc.live.observe import Row
from dialc.live.parts import Impossible, Part, part
from dialc.live.phones import Answer, Refuse, Ring
from dialc.live.server import Made
from dialc.live.trial import Tried
from dialc.plan import Position, Scenario
from dialc.scenarios import Played, play
from dialc.source import Source
from tests.test_scenarios import DAY, EVERYTHING, GOOD

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"

# Where an Asterisk is


def machine(root: Path, *, version: str = "20.6.0", modules: str = "usr/lib/asterisk/modules") -> Path:
    """A machine with an Asterisk installed as distributions do."""
    for name in (f"{modules}/chan_pjsip.so", "usr/share/asterisk/documentation/core-en_US.xml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    clock = root / "usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
    clock.parent.mkdir(parents=True)
    clock.touch()
    program = root / "usr/sbin/asterisk"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'Asterisk {version}~dfsg+~cs6'\n", encoding="utf-8")
    program.chmod(0o755)
    return root


def test_an_asterisk_of_the_system_is_found(tmp_path: Path) -> None:
    found = installed.find({"PATH": "/nowhere"}, machine(tmp_path))
    assert found.asterisk == tmp_path / "usr/sbin/asterisk"
    assert found.modules == tmp_path / "usr/lib/asterisk/modules"
    assert found.share == tmp_path / "usr/share/asterisk"
    assert found.faketime == tmp_path / "usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
    assert found.preload == "LD_PRELOAD"
    assert installed.major(found) == 20


def test_its_own_configuration_says_where_the_modules_are(tmp_path: Path) -> None:
    machine(tmp_path, modules="odd/modules")
    (tmp_path / "etc/asterisk").mkdir(parents=True)
    (tmp_path / "etc/asterisk/asterisk.conf").write_text(
        f"[directories](!)\nastmoddir => {tmp_path}/odd/modules ; here\n", encoding="utf-8"
    )
    assert installed.find({}, tmp_path).modules == tmp_path / "odd/modules"


@pytest.mark.parametrize(
    ("lacks", "told"),
    [
        ("usr/sbin/asterisk", "there is no Asterisk on this machine: install the packages `asterisk` and `faketime`"),
        ("usr/lib/asterisk/modules/chan_pjsip.so", "not its modules (chan_pjsip.so)"),
        ("usr/share/asterisk/documentation/core-en_US.xml", "not its documentation (core-en_US.xml)"),
        ("usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "without libfaketime Asterisk knows none but now"),
    ],
)
def test_what_is_missing_is_told(tmp_path: Path, lacks: str, told: str) -> None:
    (machine(tmp_path) / lacks).unlink()
    with pytest.raises(installed.NoAsterisk) as found:
        installed.find({}, tmp_path)
    assert told in str(found.value)
    assert "provision.sh" in str(found.value)


@pytest.mark.parametrize(
    ("version", "told"), [("13.38.3", "Asterisk 13.38.3~dfsg+~cs6 is too old"), ("what", "does not tell its version")]
)
def test_an_asterisk_that_will_not_do_is_told(tmp_path: Path, version: str, told: str) -> None:
    with pytest.raises(installed.NoAsterisk) as found:
        installed.find({}, machine(tmp_path, version=version))
    assert told in str(found.value)


def test_a_folder_goes_before_what_the_system_has(tmp_path: Path) -> None:
    (tmp_path / "env").write_text(
        "AST_BIN='/a'\nAST_MODULES='/b'\nAST_SHARE='/c'\nAST_FAKETIME='/d'\nAST_VERSION='22.1.0'\n", encoding="utf-8"
    )
    assert installed.find({installed.VARIABLE: str(tmp_path)}).asterisk == Path("/a")
    with pytest.raises(installed.NoAsterisk, match="there is no Asterisk in `/nowhere`, which DIALC_ASTERISK names"):
        installed.find({installed.VARIABLE: "/nowhere"})


# What is planned


def lab(text: str = EVERYTHING, site: str = "") -> Laboratory:
    """The laboratory of a plan."""
    read = dialc.read_site(Source("a.site", site))[0] if site else None
    found = laboratory(Source("town.dial", text), read, alone, None, 22)
    assert isinstance(found, Laboratory), found
    return found


def planned(lines: str, call: str = 'call "+48 22 123 45 67"') -> Part:
    """The part of a call to the town."""
    made = lab(f'{EVERYTHING}\nscenario "a call" {{ {DAY} {call} {lines} }}')
    (scenario,) = made.plan.scenarios
    played = play(made.plan, scenario)
    assert played.failed is None
    return part(made.plan, played, made.file, made.caller(scenario))


def test_nothing_in_the_files_leads_out_of_the_machine() -> None:
    site = """
    site far for asterisk 20 {
      trunk carrier { delivers national  country PL  dial "SIP/{number}@sip.example.com"  send e164 }
      phones 100-999 dial "Local/{number}@from-internal/n"
      service crm "https://crm.example.com/?key=secret"
      mailboxes context house existing
      music town = jazz
      sounds "town"
      enter from-carrier
      codes internal from-internal-custom
      beside freepbx
    }
    """
    made = lab(EVERYTHING, site)
    written = "\n".join(made.files.values())
    code = "\n".join(line for line in written.splitlines() if not line.startswith(";"))
    assert SERVICE in code
    for word in ("example.com", "secret", "from-internal", "from-carrier", "SIP/${", "SIP/4"):
        assert word not in code.replace("PJSIP/", "")
    assert made.delivered("+48221234567") == "221234567"
    assert made.sent("+48601000200") == "48601000200"
    assert "town/town/bye" in made.lengths


def test_who_calls_is_on_no_list_and_can_be_called_back() -> None:
    made = lab(
        f'{EVERYTHING}\nscenario "a" {{ {DAY} call default }} scenario "b" {{ {DAY} call default from withheld }}'
    )
    nobody, withheld = made.plan.scenarios
    assert made.plan.rings_back(made.caller(nobody))
    assert not any(callers.holds(made.caller(nobody)) for callers in made.plan.asked)
    assert made.caller(withheld) == "withheld"


def test_phones_do_what_is_said_at_each_step() -> None:
    found = planned("kind answers vip desk is busy after 3s 203 answers")
    assert found.rings[0] == {"100": (Refuse(486, after=3),)}
    assert found.rings[1]["201"] == (Ring(),)
    assert isinstance(found.rings[1]["203"][-1], Answer)
    assert found.alone


def test_what_has_to_be_so_before_the_call() -> None:
    found = planned("day_night is open kind answers known assistant is broken ring_me is full 100 answers")
    assert found.world.switches == {("day_night", Position.OPEN)}
    assert found.world.booked == {"ring_me"}
    assert [turned.at for turned in found.turned] == [0]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("outage is on hear news outage is off reach desk", "a switch is turned twice"),
        (
            "kind answers vip nobody answers wait is empty nobody answers nobody answers",
            "the queue `wait` is empty and open in one call",
        ),
        (
            "kind answers vip nobody answers wait is broken after 20s",
            "the queue `wait` becomes empty or breaks while the caller waits in it",
        ),
        (
            "kind answers known assistant is broken hang-up",
            "the caller hangs up at `ring_me`, which takes no time",
        ),
    ],
)
def test_what_no_live_call_can_do(lines: str, reason: str) -> None:
    with pytest.raises(Impossible) as found:
        planned(lines)
    assert str(found.value) == reason


# What is told


def pretend(monkeypatch: pytest.MonkeyPatch, made: Made | None, reason: str = "") -> None:
    """Have an Asterisk that makes the same of each scenario."""
    nowhere = Path("/nowhere")
    there = Install(nowhere, nowhere, nowhere, nowhere, nowhere, nowhere, "22.1.0")
    monkeypatch.setattr(installed, "find", lambda: there)

    async def tried(_: Install, __: Laboratory, played: list[tuple[Scenario, Played]]) -> list[Tried]:
        return [Tried(scenario, made, reason) for scenario, _ in played]

    monkeypatch.setattr(on, "tried_at", tried)


SAME = Made(Compared((), (), "", (), alike=True))
OTHER = Made(Compared((Row(0, "answered"), Row(3.4, "heard a")), (Row(0, "answered"),), "", ("x",), alike=False))


@pytest.fixture
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    clinic = (EXAMPLES / "clinic.dial").read_text("utf-8").partition("\nscenario ")[0]
    bad = GOOD.replace("night & day", "bad").replace("closed_now", "choices")
    for name, text in (("good", clinic + GOOD), ("bad", clinic + GOOD + bad), ("none", clinic), ("broken", "plan x")):
        (tmp_path / f"{name}.dial").write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("_folder")
def test_a_pbx_that_does_the_same(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pretend(monkeypatch, SAME)
    assert main(["test", "good.dial", "none.dial", "--on", "asterisk"]) == 0
    assert (
        capsys.readouterr().out == "ok     night & day\ngood.dial: 1 scenario, none failed\nnone.dial: no scenarios\n"
    )
    assert main(["test", "bad.dial", "broken.dial", "--on", "asterisk", "--site", str(EXAMPLES / "warsaw.site")]) == 1
    told = capsys.readouterr().out
    assert "ok     night & day\nFAILED bad\nbad.dial: 2 scenarios, 1 failed\n" in told
    assert told.endswith("broken.dial: 1 error; no call can be made\n")


@pytest.mark.usefixtures("_folder")
def test_a_pbx_that_does_something_else(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pretend(monkeypatch, OTHER)
    assert main(["test", "good.dial", "--on", "asterisk"]) == 1
    told = capsys.readouterr().out
    assert told.startswith(
        "error[D301]: Asterisk does something else: the plan says `+0:03 heard a`, and it `nothing more`\n"
    )
    assert "FAILED night & day\ngood.dial: 1 scenario, 1 failed\n" in told


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (attrs.evolve(SAME, compared=Compared((), (), "", ("walker a | PBX b",), alike=True)), "at another time"),
        (attrs.evolve(SAME, undone=2), "never comes to do all of this: 2 left undone"),
        (attrs.evolve(SAME, timed_out=True), "does not come to an end with this call"),
    ],
)
@pytest.mark.usefixtures("_folder")
def test_other_differences(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], made: Made, message: str
) -> None:
    pretend(monkeypatch, made)
    assert main(["test", "good.dial", "--on", "asterisk"]) == 1
    assert message in capsys.readouterr().out.partition("\n")[0]


@pytest.mark.usefixtures("_folder")
def test_what_was_not_made_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pretend(monkeypatch, None, "a switch is turned twice")
    assert main(["test", "good.dial", "--on", "asterisk"]) == 1
    told = capsys.readouterr().out
    assert told == "NOT MADE night & day: a switch is turned twice\ngood.dial: 1 scenario, none failed, 1 not made\n"
    assert main(["test", "good.dial", "--on", "asterisk", "--format", "json"]) == 1
    (good,) = json.loads(capsys.readouterr().out)["files"]
    assert good["scenarios"] == [
        {"title": "night & day", "passed": None, "finding": None, "reason": "a switch is turned twice"}
    ]
    assert main(["test", "good.dial", "--on", "asterisk", "--format", "junit"]) == 1
    (suite,) = ElementTree.fromstring(capsys.readouterr().out.encode())
    assert (suite.get("tests"), suite.get("skipped"), suite.get("failures")) == ("1", "1", "0")
    assert [each.get("message") for each in suite.iter("skipped")] == ["a switch is turned twice"]


@pytest.mark.usefixtures("_folder")
def test_a_plan_that_cannot_be_written_has_findings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pretend(monkeypatch, SAME)
    (tmp_path / "small.site").write_text(
        'site small for asterisk 22 { trunk t { delivers plus  dial "PJSIP/{number}@t"  send plus }\n'
        "phones 100-101 dial contacts }\n",
        encoding="utf-8",
    )
    assert main(["test", "good.dial", "--on", "asterisk", "--site", "small.site"]) == 1
    told = capsys.readouterr().out
    assert "error[D4" in told
    assert "no call can be made" in told


@pytest.mark.usefixtures("_folder")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--on", "freeswitch"], "there is no PBX `freeswitch` to make calls on; there is asterisk"),
        (["--site", "a.site"], "--site says what a plan is written for, which matters --on a PBX only"),
        (["--on", "asterisk", "--generate"], "--generate proposes scenarios, and makes no calls of them"),
        (["--on", "asterisk"], "there is no Asterisk in `/nowhere`, which DIALC_ASTERISK names"),
    ],
)
def test_commands_that_make_no_sense(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    monkeypatch.setenv("DIALC_ASTERISK", "/nowhere")
    assert main(["test", "good.dial", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.usefixtures("_folder")
def test_an_asterisk_that_does_not_start_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv("DIALC_ASTERISK", raising=False)
    there = installed.find({}, machine(tmp_path / "machine"))
    monkeypatch.setattr(installed, "find", lambda: there)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "s"))
    (tmp_path / "s").mkdir()
    assert main(["test", "good.dial", "--on", "asterisk"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"dialc: the Asterisk at `{there.asterisk}` did not work: ")
    assert "lacks the modules" in said
    assert list((tmp_path / "s").iterdir()) == []


def test_a_journey_that_is_divided_among_variables_is_read_whole() -> None:
    empty = dict.fromkeys(RECORD, "")
    long = {**empty, "journey": "+48221234567 0:start", "journey2": " 3:reception"}
    assert recorded([]) == recorded([empty]) == ""
    assert recorded([long, empty]) == "+48221234567 0:start 3:reception"
