"""`dialc test --on asterisk`: scenarios of all examples, and of all that a scenario can say, at a real Asterisk."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import attrs
import pytest

import dialc
from dialc.beside import alone
from dialc.cli import INTERRUPTED, main
from dialc.cli.proposing import text
from dialc.cli.reading import beside
from dialc.live.asterisk import Install
from dialc.live.installed import major
from dialc.live.laboratory import Laboratory, laboratory
from dialc.live.trial import Tried, tried
from dialc.plan import Plan, Scenario
from dialc.scenarios import play
from dialc.source import Source
from tests.test_scenarios import EVERYTHING

EXAMPLES = Path(__file__).parents[2] / "examples"

SITES = {
    "clinic": "warsaw",
    "hotel": "milan",
    "law": "jerusalem",
    "pizzeria": "athens",
    "retailer": "amman",
    "school": "hyderabad",
    "town_hall": "vilnius",
    "utility": "kyiv",
    "workshop": "backyard",
}

MOST = 5
"""Scenarios that are tried of each example; the others take other exits of the same kinds of steps."""

SHORT = 30
"""Seconds that one of them may take by the clock of the PBX."""


def understood(path: Path, more: str = "") -> Plan:
    """The plan in a file, with more behind it."""
    plan, findings = dialc.understand(Source(str(path), path.read_text("utf-8") + more), beside(str(path)))
    assert plan is not None, findings
    return plan


def some(plan: Plan) -> list[str]:
    """The titles of scenarios of a plan that are short, from the first to the last."""
    short = [each.title for each in plan.scenarios if play(plan, each).events[-1].at <= SHORT]
    step = max(1, len(short) // MOST)
    return short[::step][:MOST]


def blocks(plan: Plan, proposed: str) -> str:
    """The text of some of the scenarios that were proposed."""
    wanted = some(plan)
    each = [f"scenario {block}" for block in proposed.split("scenario ")[1:]]
    return "\n".join(block for block in each if block.split('"')[1] in wanted)


@pytest.fixture
def _asterisk(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIALC_ASTERISK", str(install.folder))


@pytest.mark.usefixtures("_asterisk")
@pytest.mark.parametrize("name", SITES)
def test_scenarios_of_the_examples(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "servers"))
    (tmp_path / "servers").mkdir()
    path = EXAMPLES / f"{name}.dial"
    proposed = text(understood(path))
    chosen = blocks(understood(path, f"\n{proposed}"), proposed)
    copy = tmp_path / "examples"
    copy.symlink_to(EXAMPLES)
    for other in EXAMPLES.iterdir():
        if other.is_file() and other != path:
            (tmp_path / other.name).symlink_to(other)
    plan = tmp_path / f"{name}.dial"
    plan.write_text(f"{path.read_text('utf-8')}\n{chosen}", encoding="utf-8")
    status = main(["test", str(plan), "--on", "asterisk", "--site", str(EXAMPLES / f"{SITES[name]}.site")])
    told = capsys.readouterr().out
    assert status == 0, told
    assert told.count("ok     ") >= 4
    assert list((tmp_path / "servers").iterdir()) == []


CALL = 'at 2026-11-23 09:15:30  call "+48 22 123 45 67"'

SAID = {
    "a lookup": f"{CALL} kind answers vip after 1s reach desk 100 answers",
    "a lookup that is late": f"{CALL} kind is late 100 answers",
    "a lookup that is broken": f"{CALL} kind is broken hear bye",
    "a short number": "at 2026-11-23 20:00  call short 19123  kind answers vip hear bye",
    "the default line": "at 2026-11-23 20:00  call default  hear bye",
    "refused": "at 2026-11-23 20:00  call default from withheld",
    "a switch": f"{CALL} outage is on hear news reach kind kind is broken",
    "hours that are open": "at 2026-11-23 20:00  call short 19123  day_night is open  kind answers vip 100 answers",
    "a bot is left": f"{CALL} kind answers known 900 answers after 2s press 0 after 7s 100 answers after 3s",
    "a bot is left as it rings": f"{CALL} kind answers known press 0 after 1s 100 answers",
    "a bot is over": f'{CALL} kind answers known assistant is over press 1 "+48 601 000 200" declines 100 answers',
    "confirmed outside": f'{CALL} kind answers known assistant is over press 1 "+48 601 000 200" answers after 6s',
    "booked": f"{CALL} kind answers known assistant is broken hear bye",
    "withheld": f"{CALL} from withheld kind answers known assistant is broken reach desk 100 answers",
    "booked too often": f"{CALL} kind answers known assistant is broken ring_me is full reach desk 100 answers",
    "no booking is kept": f"{CALL} kind answers known assistant is broken ring_me is broken hear bye",
    "a queue that is empty": f"{CALL} kind answers vip desk is unavailable wait is empty hear bye",
    "a queue that is broken": f"{CALL} kind answers vip desk is busy wait is broken hear bye",
    "a queue that is full": f"{CALL} kind answers vip desk is busy after 3s wait is full hear bye",
    "a member": f"{CALL} kind answers vip desk is unavailable 202 answers after 8s",
    "a member who joins later": f"{CALL} kind answers vip desk is unavailable 203 answers after 34s",
    "hanging up in a queue": f"{CALL} kind answers vip desk is unavailable hang-up",
    "hanging up at a menu": f"{CALL} kind answers known assistant is over stay silent hang-up",
}
NOT_SAID = {
    "two turns": (f"{CALL} outage is on hear news outage is off reach desk 100 answers", "a switch is turned twice"),
    "empty meanwhile": (
        f"{CALL} kind answers vip desk is unavailable wait is empty after 20s hear bye",
        "the queue `wait` becomes empty or breaks while the caller waits in it",
    ),
    "hanging up at once": (
        f"{CALL} kind answers known assistant is broken hang-up",
        "the caller hangs up at `ring_me`, which takes no time",
    ),
}
TOWN = (
    EVERYTHING.replace("patience 3m", "patience 1m  callers at most 3  full -> gone  empty -> gone  failure -> gone")
    + "".join(f'\nscenario "{title}" {{ {lines} }}' for title, lines in SAID.items())
    + "".join(f'\nscenario "{title}" {{ {lines} }}' for title, (lines, _) in NOT_SAID.items())
)


def made(install: Install, text: str, titles: Sequence[str] = (), edit: tuple[str, str] = ("", "")) -> dict[str, Tried]:
    """What comes of the scenarios of a plan, of those titles, where the emitted files were edited."""
    lab = laboratory(Source("town.dial", text), None, alone, None, major(install))
    assert isinstance(lab, Laboratory), lab
    old, new = edit
    files = {name: text.replace(old, new) if old else text for name, text in lab.files.items()}
    assert (files != lab.files) is bool(old)
    wanted: list[Scenario] = [each for each in lab.plan.scenarios if not titles or each.title in titles]
    played = [(scenario, play(lab.plan, scenario)) for scenario in wanted]
    assert [one.failed for _, one in played] == [None] * len(played)
    found = asyncio.run(tried(install, attrs.evolve(lab, files=files), played))
    return {one.scenario.title: one for one in found}


@pytest.fixture(scope="module")
def town(install: Install) -> dict[str, Tried]:
    """All that a scenario can say."""
    return made(install, TOWN)


@pytest.mark.parametrize("title", SAID)
def test_all_that_a_scenario_can_say(town: dict[str, Tried], title: str) -> None:
    one = town[title].made
    assert one is not None, town[title].reason
    rows = [f"{want!s:50} | {got}" for want, got in zip(one.compared.want, one.compared.got, strict=False)]
    assert not one.differs, "\n".join([*one.compared.differences, *rows, one.compared.journey])
    assert len(one.compared.want) >= 1


@pytest.mark.parametrize("title", NOT_SAID)
def test_what_cannot_be_tried_is_told(town: dict[str, Tried], title: str) -> None:
    assert town[title].made is None
    assert town[title].reason == NOT_SAID[title][1]


@pytest.mark.parametrize(
    ("title", "edit", "difference"),
    [
        ("a lookup that is broken", ("Playback(town/bye)", "Playback(town/news)"), "heard town/bye"),
        ("the default line", ("Playback(town/bye)", "Wait(3)"), "heard town/bye"),
    ],
)
def test_a_pbx_that_does_something_else_is_found_out(
    install: Install, title: str, edit: tuple[str, str], difference: str
) -> None:
    one = made(install, TOWN, [title], edit)[title].made
    assert one is not None
    assert one.differs
    assert one.compared.first is not None
    want, _ = one.compared.first
    assert want is not None
    assert want.what == difference


def test_a_command_that_is_ended_leaves_nothing(install: Install, tmp_path: Path) -> None:
    """Neither the folder of a server nor its process, which would keep the folder as the one it stands in."""
    environment = os.environ | {"DIALC_ASTERISK": str(install.folder), "TMPDIR": str(tmp_path)}
    (tmp_path / "town.dial").write_text(TOWN, encoding="utf-8")
    command = [sys.executable, "-m", "dialc", "test", str(tmp_path / "town.dial"), "--on", "asterisk"]
    with subprocess.Popen(
        command, env=environment, cwd=Path(__file__).parents[2], stdout=subprocess.DEVNULL
    ) as process:
        latest = time.monotonic() + 60
        while len(list(tmp_path.glob("dialc*/run/asterisk.ctl"))) < 2 and time.monotonic() < latest:
            time.sleep(0.05)
        assert list(tmp_path.glob("dialc*/run/asterisk.ctl"))
        process.terminate()
        assert process.wait(30) == INTERRUPTED
    assert [path.name for path in tmp_path.iterdir()] == ["town.dial"]
    commands = (path / "cmdline" for path in Path("/proc").iterdir() if path.name.isdigit())
    assert not [each for each in commands if str(tmp_path) in _read(each)]


def _read(file: Path) -> str:
    """What is in a file of a process, nothing if that has gone."""
    try:
        return file.read_text("utf-8", errors="replace")
    except OSError:
        return ""
