"""Scenarios: calls that go as expected, calls that do not, and what `dialc test` says of them."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import dialc
from dialc import findings, scenarios, syntax
from dialc.cli import main, testing
from dialc.cli.reading import read
from dialc.parse import parse
from dialc.source import Source

ROOT = Path(__file__).parent.parent
CLINIC = (ROOT / "examples" / "clinic.dial").read_text(encoding="utf-8").partition("\nscenario ")[0]
"""The clinic, without the scenario that stands in it."""

DAY, NIGHT = "at 2026-11-23 09:15", "at 2026-11-23 20:00"


def played(lines: str, at: str = DAY) -> tuple[str, str] | None:
    """What went otherwise in a call to the clinic, and at which words of the scenario; None where nothing did."""
    text = f'{CLINIC}\nscenario "a call" {{\n  {at}\n  call "+48 22 123 45 67"\n{lines}\n}}\n'
    judged = dialc.judge(Source("clinic.dial", text))
    assert isinstance(judged.verdict, dialc.Verified), judged.findings
    (scenario,) = judged.verdict.plan.scenarios
    failed = scenarios.play(judged.verdict.plan, scenario).failed
    if failed is None:
        return None
    return failed.message, failed.place.source.text[failed.place.start : failed.place.end]


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "hear welcome, choices press 0 reach reception within 15s hear connecting 101 answers after 4s",
        "press 0 reach reception",
        "reach start, main".replace(", main", " reach main"),
        "stay silent hear choices press 1 reach registration 202 answers after 20s",
        "press 7 press 1 reach registration",
        "press 1 after 4s reach registration nobody answers reach reception",
        "press 1 registration is empty reach reception within 5s",
        "press 1 hear in_line press 0 reach reception",
        "press 1 hear in_line press 2 reach ring_me hear call_you",
        "press 1 press 2 ring_me is broken reach reception",
        "press 2 hear results_line 212 answers after 9s",
        "press 9 hear privacy reach reception within 40s",
        "press 0 reception is busy reach sorry_message leave no message hear sorry_leave, apology",
        "press 0 reception is unavailable reach sorry_message",
        'press 0 "+48 601 000 200" answers after 9s',
        "press 0 nobody answers reach sorry_message within 40s leave a message hear sorry_leave, thanks",
        "press 0 sorry_message is broken reach sorry",
        "hear welcome stay silent hang-up",
        "stay silent stay silent stay silent reach reception",
    ],
)
def test_calls_that_go_as_expected(lines: str) -> None:
    assert played(lines) is None


def test_a_call_at_night() -> None:
    assert played("hear welcome, closed_now, leave_message leave a message hear thanks", NIGHT) is None


@pytest.mark.parametrize(
    ("lines", "message", "words"),
    [
        ("hear choices", "the caller hears `welcome`, not `choices`", "choices"),
        ("press 0 hear welcome", "the caller hears `connecting`, not `welcome`", "welcome"),
        (
            "press 0 101 answers hear thanks",
            "the caller hears no more prompt, and not `thanks`: the call ends at `reception`, answered",
            "thanks",
        ),
        (
            "press 1 reach results",
            "the caller never gets to `results`: gets to `registration`, `reception`, `sorry_message`",
            "results",
        ),
        ("press 1 reach reception within 9s", "the caller gets to `reception` after 245 s, not 9 s", "reception"),
        ("reach main within 2s", "the caller gets to `main` after 3 s, not 2 s", "main"),
        ("press 0 999 answers", "the call never comes to this: the plan hangs up after 66 s", "999 answers"),
        (
            "press 0 101 answers press 1",
            "the call never comes to this: the call ends at `reception`, answered",
            "press 1",
        ),
        ("press 1 after 99s", "a key after 99 s comes too late for a try of `main`", "press 1 after 99s"),
        (
            "hear welcome hang-up hear choices",
            "the caller hears no more prompt, and not `choices`: the caller hangs up after 3 s",
            "choices",
        ),
    ],
)
def test_calls_that_go_otherwise(lines: str, message: str, words: str) -> None:
    assert played(lines) == (message, words)


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ('scenario "a" { call "+48 22 123 45 67" }', [("D215", '"a"')]),
        ('scenario "a" { at 2026-11-23 09:15 }', [("D215", '"a"')]),
        (f'scenario "a" {{ {DAY} {DAY} call "+48 22 123 45 67" }}', [("D216", "at")]),
        (f'scenario "a" {{ {DAY} call "22 123" }}', [("D212", '"22 123"')]),
        ('scenario "a" { at 2026-03-29 02:30 call "+48 22 123 45 67" }', [("D206", "at 2026-03-29 02:30")]),
        ('scenario "a" { at 2026-02-30 02:30 call "+48 22 123 45 67" }', [("D206", "2026-02-30")]),
        (f'scenario "a" {{ {DAY} call "+48 22 123 45 67" hear nothing }}', [("D201", "nothing")]),
        (f'scenario "a" {{ {DAY} call "+48 22 123 45 67" reach welcome }}', [("D203", "welcome")]),
        (f'scenario "a" {{ {DAY} call "+48 22 123 45 67" }}' * 2, [("D202", '"a"')]),
    ],
)
def test_what_is_wrong_with_a_scenario(block: str, found: list[tuple[str, str]]) -> None:
    found_there = dialc.judge(Source("clinic.dial", CLINIC + block)).findings
    assert [(f.code, f.place.source.text[f.place.start : f.place.end]) for f in found_there] == found


EVERYTHING = """
plan town "Town"
timezone Europe/Warsaw
language en
callback to PL mobile

line "+48 22 123 45 67" -> start
line short 19123 -> start
line default refuses nobody_known -> gone

callers nobody_known { "+48 600 111 222"  withheld }
switch outage { code *29  starts off }
switch day_night { code *28  starts auto  back to auto at 06:00 }
hours office { mon-fri 08:00-16:00  switch day_night }
prompt news { file town/news  en "There is no power today."  lasts 4s }
prompt what { file town/what  en "One: a lawyer."  lasts 2s  offers 1 }
prompt bye  { file town/bye   en "We are sorry, goodbye."  lasts 2s  goodbye  apology }

route start {
  answer
  when switch outage on -> told
  otherwise -> kind
}
route told { play news  when switch outage on -> kind  otherwise -> desk }
lookup kind { ask crm for 3s  answer vip -> desk  answer known -> assistant  failed -> gone }
bot assistant { phone 900  limit 60s  key 0 -> desk  over -> ask  limit -> gone  failed -> ring_me }
menu ask { play what  key 1 -> lawyer  wait 5s  tries 2 }
transfer lawyer { to "+48 601 000 200" confirm for 20s  declined -> desk }
queue wait {
  members 201, 202  then members 203 after 30s  ring-all  ring 12s  staffed office  music town
  patience 3m  key 2 -> ring_me  timeout -> gone
}
callback ring_me { then bye  from wait  within office  no-number -> desk  failed -> gone }
route gone { play bye  hang-up }
operator desk { ring 100 for 20s  staffed office  unstaffed -> gone  unanswered -> wait }
"""


@pytest.mark.parametrize(
    ("call", "lines"),
    [
        ("call short 19123", "reach kind kind answers vip after 2s reach desk within 2s 100 answers"),
        ("call default", "hear bye"),
        ('call "+48 22 123 45 67"', "outage is on hear news reach kind"),
        ('call "+48 22 123 45 67"', "outage is on hear news outage is off reach desk"),
        ('call "+48 22 123 45 67"', "outage is on day_night is closed hear news outage is off reach gone"),
        ('call "+48 22 123 45 67"', "day_night is open kind answers vip reach desk 100 answers"),
        ('call "+48 22 123 45 67"', "kind is late reach desk"),
        ('call "+48 22 123 45 67"', "kind is broken reach gone"),
        ('call "+48 22 123 45 67"', "kind answers known 900 answers after 2s press 0 after 7s reach desk within 7s"),
        ('call "+48 22 123 45 67"', "kind answers known press 0 after 1s reach desk within 1s 100 answers"),
        ('call "+48 22 123 45 67"', "kind answers known stay silent reach gone within 60s"),
        ('call "+48 22 123 45 67"', "kind answers known assistant is over after 4s reach ask within 4s"),
        ('call "+48 22 123 45 67" from withheld', "kind answers known assistant is broken reach desk"),
        ('call "+48 22 123 45 67" from "+48 600 111 222"', "kind answers known assistant is broken hear bye"),
        (
            'call "+48 22 123 45 67" from "+48 600 111 222"',
            "kind answers known assistant is broken ring_me is full reach desk",
        ),
        (
            'call "+48 22 123 45 67"',
            'kind answers known assistant is over press 1 "+48 601 000 200" declines after 3s reach desk within 3s',
        ),
        ('call "+48 22 123 45 67"', "kind answers vip desk is busy after 3s reach wait within 3s 203 answers"),
        ('call "+48 22 123 45 67"', "kind answers vip nobody answers press 2 hear bye"),
        ('call "+48 22 123 45 67"', "kind answers vip nobody answers nobody answers reach gone within 180s"),
    ],
)
def test_whatever_can_happen_in_a_call_can_be_said(call: str, lines: str) -> None:
    text = f'{EVERYTHING}\nscenario "a call" {{ {DAY}:30 {call} {lines} }}\n'
    judged = dialc.judge(Source("town.dial", text))
    assert judged.verdict is not None, judged.findings
    played = scenarios.play(judged.verdict.plan, judged.verdict.plan.scenarios[0])
    assert played.failed is None


@pytest.mark.parametrize("before", ["", "reach desk", "hear bye", "press 1", "outage is on", "reach message"])
@pytest.mark.parametrize("name", ["wait", "message", "music", "position", "play", "key"])
def test_a_block_can_have_a_name_that_is_a_word_elsewhere(before: str, name: str) -> None:
    file, found = parse(Source("town.dial", f'scenario "a call" {{ {before} {name} is empty }}'))
    assert found == ()
    (scenario,) = file.declarations
    assert isinstance(scenario, syntax.Scenario)
    last = scenario.items[-1]
    assert isinstance(last, syntax.TurnsOut)
    assert last.step.text == name


@pytest.mark.parametrize(
    ("lines", "code", "words"),
    [
        (f"{DAY}:61 call default", "D206", "09:15:61"),
        (f"{DAY} call default outage is open", "D245", "open"),
        (f"{DAY} call default assistant answers vip", "D203", "assistant"),
        (f"{DAY} call default desk is on", "D203", "desk"),
    ],
)
def test_what_cannot_be_said(lines: str, code: str, words: str) -> None:
    found_there = dialc.judge(Source("town.dial", f'{EVERYTHING}\nscenario "a call" {{ {lines} }}\n')).findings
    assert [(f.code, f.place.source.text[f.place.start : f.place.end]) for f in found_there] == [(code, words)]


def test_a_caller_whom_a_line_refuses_gets_nowhere() -> None:
    text = f'{EVERYTHING}\nscenario "a call" {{ {DAY} call default from withheld reach gone }}\n'
    verdict = dialc.judge(Source("town.dial", text)).verdict
    assert verdict is not None
    failed = scenarios.play(verdict.plan, verdict.plan.scenarios[0]).failed
    assert failed is not None
    assert failed.message == "the caller never gets to `gone`: the line refuses this caller"


def test_a_call_that_never_ends_is_given_up() -> None:
    text = CLINIC.replace("silence -> reception", "silence -> main")
    text += f'scenario "round" {{ {DAY} call "+48 22 123 45 67" reach results }}'
    verdict = dialc.judge(Source("clinic.dial", text)).verdict
    assert verdict is not None
    failed = scenarios.play(verdict.plan, verdict.plan.scenarios[0]).failed
    assert failed is not None
    assert failed.message == "the caller never gets to `results`: gets to `start`, `main`"


# The command


GOOD = f'\nscenario "night & day" {{ {NIGHT} call "+48 22 123 45 67" hear welcome, closed_now }}\n'
BAD = f'\nscenario "day" {{ {DAY} call "+48 22 123 45 67" hear welcome, closed_now }}\n'


@pytest.fixture
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("good", CLINIC + GOOD), ("bad", CLINIC + GOOD + BAD), ("none", CLINIC), ("broken", "plan x")):
        (tmp_path / f"{name}.dial").write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("_folder")
def test_scenarios_are_told_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "good.dial", "none.dial"]) == 0
    told = capsys.readouterr().out
    assert told == "ok     night & day\ngood.dial: 1 scenario, none failed\nnone.dial: no scenarios\n"
    assert main(["test", "bad.dial"]) == 1
    told = capsys.readouterr().out
    assert told.startswith("error[D301]: the caller hears `choices`, not `closed_now`\n")
    assert "+0:03  hears choices:" in told
    assert told.endswith("ok     night & day\nFAILED day\nbad.dial: 2 scenarios, 1 failed\n")
    assert main(["test", "broken.dial"]) == 1
    assert capsys.readouterr().out.endswith("broken.dial: 1 error; no call can be made\n")


@pytest.mark.usefixtures("_folder")
def test_scenarios_for_other_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "bad.dial", "broken.dial", "--format", "json"]) == 1
    bad, broken = json.loads(capsys.readouterr().out)["files"]
    assert [(one["title"], one["passed"]) for one in bad["scenarios"]] == [("night & day", True), ("day", False)]
    assert bad["scenarios"][1]["finding"]["code"] == "D301"
    assert [finding["code"] for finding in broken["findings"]] == ["D101"]
    assert main(["test", "bad.dial", "broken.dial", "--format", "junit"]) == 1
    suites = list(ElementTree.fromstring(capsys.readouterr().out.encode()))
    assert [(s.get("tests"), s.get("failures"), s.get("errors")) for s in suites] == [("2", "1", "0"), ("1", "0", "1")]
    assert [case.get("name") for case in suites[0]] == ["night & day", "day"]
    failure = suites[0].find(".//failure")
    assert failure is not None
    assert failure.text is not None
    assert "error[D301]" in failure.text


@pytest.mark.usefixtures("_folder")
def test_several_processes_say_what_one_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testing, "SHARE", 1)
    sources = [(name, read(name)) for name in ("bad.dial", "broken.dial", "none.dial", "good.dial", "bad.dial")]
    one, two = (testing.results(sources, None, covered=True, jobs=jobs) for jobs in (1, 2))
    assert one == two
    assert [(each.path, len(each.played), each.failed, len(each.findings)) for each in two] == [
        ("bad.dial", 2, 1, 0),
        ("broken.dial", 0, 0, 1),
        ("none.dial", 0, 0, 0),
        ("good.dial", 1, 0, 0),
        ("bad.dial", 2, 1, 0),
    ]
    told = [[findings.text(finding) for each in some for _, finding in each.played if finding] for some in (one, two)]
    assert told[0] == told[1]


@pytest.mark.usefixtures("_folder")
def test_few_calls_wait_for_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(testing, "ProcessPoolExecutor", started)
    assert main(["test", "good.dial", "bad.dial", "--coverage"]) == 1
    monkeypatch.setattr(testing, "PAYS", 0.0)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1}, raising=False)
    with pytest.raises(AssertionError, match="a process was started"):
        main(["test", "good.dial", "bad.dial"])


@pytest.mark.usefixtures("_folder")
def test_what_is_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["test"], ["test", "nowhere.dial"], ["test", "good.dial", "--format", "yaml"]):
        assert main(argv) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
