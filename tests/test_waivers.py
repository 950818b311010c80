"""Waivers and the numbers of a policy, from the text of a plan to the verdict, the emitted files and other programs."""

import json
from pathlib import Path

import attrs
import pytest

from dialc import compile, judge
from dialc.plan import Verified
from dialc.policies import CHARTER, LENIENT, NUMBERS, STRICT, Policy
from dialc.source import Source
from dialc.verify import Refused
from tests.test_cli import LOOP, WARNED, Run, run
from tests.test_mutants import RULES

__all__ = ["run"]

WAIVER = 'waive {} at {} by "Jan Kowalski" because "the new recording comes in May"\n'
MUTE = WARNED.replace("offers 1", "offers 1, 5")
"""A plan with a false key."""


def verdict(text: str) -> Verified | Refused:
    judged = judge(Source("plan.dial", text)).verdict
    assert judged is not None
    return judged


def test_a_waiver_lets_one_rule_pass_at_one_block() -> None:
    refused = verdict(MUTE)
    assert isinstance(refused, Refused)
    assert [breach.finding.code for breach in refused.breaches if breach.finding.severity.value == "error"] == ["C18"]
    found = verdict(WAIVER.format("C18", "main") + MUTE)
    assert isinstance(found, Verified)
    assert {(waived.waiver.block, waived.finding.code) for waived in found.waived} == {("main", "C18")}
    assert "C18" in found.proved
    elsewhere = verdict(WAIVER.format("C18", "reception") + MUTE)
    assert isinstance(elsewhere, Refused)
    assert [breach.finding.code for breach in elsewhere.breaches] == ["D295", "C18", "C18"]


def test_a_waiver_holds_at_every_step_of_its_block() -> None:
    text = RULES["C10"].plan
    refused = verdict(text)
    assert isinstance(refused, Refused)
    (breach,) = refused.breaches
    assert "-" in breach.step
    found = verdict(WAIVER.format("C10", breach.step.partition("-")[0]) + text)
    assert isinstance(found, Verified)
    assert [waived.finding for waived in found.waived]


@pytest.mark.parametrize(
    ("waiver", "code", "under"),
    [
        (WAIVER.format("C99", "main"), "D293", "C99"),
        (WAIVER.format("C01", "main"), "D294", "C01"),
        (WAIVER.format("C03", "main"), "D294", "C03"),
        (WAIVER.format("C18", "mian"), "D201", "mian"),
        (WAIVER.format("C18", "choices"), "D203", "choices"),
        (WAIVER.format("C18", "main").replace("Jan Kowalski", " "), "D215", '" "'),
        (WAIVER.format("C18", "main").replace("the new recording comes in May", ""), "D215", '""'),
        (WAIVER.format("C18", "main") * 2, "D216", None),
        ("policy charter { tries 0 }\n", "D204", "0"),
        ("policy charter { tries 10 }\n", "D204", "10"),
        ("policy charter { tries 2  tries 2 }\n", "D216", None),
        ("policy chartre { tries 2 }\n", "D222", "chartre"),
        ("policy charter\npolicy charter\n", "D216", None),
    ],
)
def test_what_is_wrong_with_waivers_and_policies(waiver: str, code: str, under: str | None) -> None:
    (finding,) = judge(Source("plan.dial", waiver + MUTE.replace("policy charter\n", ""))).findings
    assert finding.code == code
    place = finding.place
    assert under in (None, place.source.text[place.start : place.end])


def test_the_numbers_of_a_policy_are_those_that_count() -> None:
    two = MUTE.replace("offers 1, 5", "offers 1, 0").replace("tries 1", "tries 2")
    assert isinstance(verdict(two), Verified)
    refused = verdict("policy charter { tries 1  silent-callers kept  voicemail-after-opening 2m }\n" + two)
    assert isinstance(refused, Refused)
    assert [breach.finding.code for breach in refused.breaches] == ["C17"]
    policy = refused.plan.policy
    assert (policy.tries, policy.silent_caller_may_be_hung_up_on, policy.mailbox_after_opening) == (1, False, 120)


def test_every_verdict_tells_of_its_waivers(run: Run, tmp_path: Path) -> None:
    text = WAIVER.format("C18", "main") + MUTE
    (tmp_path / "office.dial").write_text(text, encoding="utf-8")
    shown = run("check", str(tmp_path / "office.dial"))
    assert shown.status == 0
    assert "waived by Jan Kowalski: C18 at `main`: " in shown.out
    assert "(the new recording comes in May)" in shown.out
    log = json.loads(run("check", "--format", "json", str(tmp_path / "office.dial")).out)
    waived = log["files"][0]["waived"]
    assert {(each["rule"], each["block"], each["by"], each["because"]) for each in waived} == {
        ("C18", "main", "Jan Kowalski", "the new recording comes in May")
    }
    assert all(each["finding"]["code"] == "C18" for each in waived)
    compiled = compile(Source("office.dial", text))
    assert compiled.files
    for name, file in compiled.files.items():
        assert ";   C18 at main by Jan Kowalski, because the new recording comes in May:\n" in file, name


def test_a_loop_is_not_waived(run: Run, tmp_path: Path) -> None:
    (tmp_path / "loop.dial").write_text(WAIVER.format("C01", "main") + LOOP, encoding="utf-8")
    assert run("check", str(tmp_path / "loop.dial")).status == 1


def test_a_plan_can_set_every_number_of_a_policy() -> None:
    written = """
    policy lenient {
      longest-silence 1s  longest-ringing 2s  between-announcements 3s  same-prompt 4  notices 5s  to-person 6s
      keys-to-person 7  prompts-to-person 8  to-operator 9s  to-operator-with-call-back 10s
      voicemail-after-opening 11s  bot-talks 12s  options 12  levels 9  menu-prompt 15s  hand-offs 16  grace 17s
      doing-nothing 18s  tries 9  times-slower 20  seconds-slower 21s  call-backs-a-day 19
    }
    """
    judged = judge(Source("plan.dial", written + MUTE.replace("policy charter\n", "")))
    assert isinstance(judged.verdict, Verified | Refused)
    policy = judged.verdict.plan.policy
    assert policy.name == "lenient"
    numbers = [getattr(policy, number.field) for number in NUMBERS]
    assert numbers == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12, 9, 15, 16, 17, 18, 9, 20, 21, 19]


def test_the_presets_differ_from_the_charter_as_they_say() -> None:
    names = [field.name for field in attrs.fields(Policy)]
    lenient = {name: getattr(LENIENT, name) for name in names if getattr(LENIENT, name) != getattr(CHARTER, name)}
    assert lenient.pop("name") == "lenient"
    assert lenient.pop("options") == 9
    assert lenient.pop("levels") == 3
    assert {name: lenient.pop(name) for name in ("silence", "ringing", "announcements")} == {
        "silence": 30,
        "ringing": 30,
        "announcements": 60,
    }
    assert lenient == {name: 2 * getattr(CHARTER, name) for name in lenient}
    assert set(lenient) == {"to_person", "keys", "prompts", "to_operator", "with_callback"}
    assert not STRICT.bot_first
    assert STRICT.operator_only
