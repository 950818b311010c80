"""The clinic is proved; one edit of it for each rule breaks just that rule, and the call that is shown breaks it."""

import datetime
import os
import zoneinfo
from pathlib import Path

import attrs
import pytest

from dialc import Source, judge
from dialc.call import Asked, Call, Event, HungUp, Left, Pressed, is_open, journey, presses, replay, walk
from dialc.findings import Severity, text
from dialc.plan import Mailbox, Period, Plan, Verified
from dialc.reach import survey
from dialc.rules import Breach, checks
from dialc.verify import Refused
from tests import broken, oracle

ROOT = Path(__file__).parent.parent
CLINIC = (ROOT / "examples/clinic.dial").read_text(encoding="utf-8")
GOLDEN = Path(__file__).parent / "golden/mutants"


@attrs.frozen
class Mutant:
    """An edit of the clinic: `old`, which stands in it once, becomes `new`."""

    old: str
    new: str

    @property
    def plan(self) -> str:
        assert CLINIC.count(self.old) == 1
        return CLINIC.replace(self.old, self.new)


MOBILE = '"+48 601 000 200" confirm'

RULES = {
    "C01": Mutant("invalid -> reception", "invalid -> main"),
    "C02": Mutant(MOBILE, '"+48 601 000 200" without confirm because "it is always switched on"'),
    "C03": Mutant(
        "route night { play closed_now -> message }",
        "route night { play closed_now  when office open -> start  otherwise -> message }",
    ),
    "C04": Mutant("ring-all\n  ring 15s", "ring-all\n  ring 20s"),
    "C05": Mutant('tu Przychodnia Zdrowie."  lasts 3s', 'tu Przychodnia Zdrowie."  lasts 6s  notice'),
    "C06": Mutant("lasts 40s  notice", "lasts 110s  notice"),
    "C07": Mutant("invalid -> reception", "invalid -> message"),
    "C08": Mutant(
        "patience 3m\n  key 0 -> reception\n}",
        "patience 2m\n  key 0 -> reception\n  timeout -> robot\n}\nbot robot { phone 900  limit 90s }",
    ),
    "C09": Mutant("lasts 9s  offers", "lasts 21s  offers"),
    "C10": Mutant("silence -> reception ", "silence -> sorry "),
    "C11": Mutant(
        "patience 3m\n  key 0 -> reception\n}",
        "patience 1m\n  key 0 -> reception\n  timeout -> nurse\n}\n"
        "ring nurse  { ring 221 for 5s  no-answer -> doctor }\n"
        "ring doctor { ring 222 for 5s  no-answer -> lab }\n"
        "ring lab    { ring 223 for 5s }",
    ),
    "C12": Mutant(
        "route night { play closed_now -> message }", "route night { play welcome  play closed_now -> message }"
    ),
    "C13": Mutant(
        """\
queue results {
  play results_line
  members 211, 212
  ring-all
  ring 15s
  staffed office plus 10m
""",
        """\
hours laboratory { mon-fri 08:00-15:00 }

queue results {
  play results_line
  members 211, 212
  ring-all
  ring 15s
  staffed laboratory plus 10m
""",
    ),
    "C14": Mutant("promises wait 5m", "promises wait 4m"),
    "C15": Mutant('key 0 "reception"       -> reception', 'key 0 "reception"       -> registration'),
    "C16": Mutant('tu Przychodnia Zdrowie."  lasts 3s', 'tu Przychodnia Zdrowie."  lasts 60s'),
    "C17": Mutant("policy charter\n", "policy charter { tries 2 }\n"),
    "C18": Mutant("offers 1, 2, 9, 0", "offers 1, 2, 3, 9, 0"),
    "C19": Mutant(
        "queue results {\n  play results_line",
        'prompt story { file clinic/story  pl "Nasza przychodnia powstała w roku 1921. …"  lasts 60s }\n\n'
        "queue results {\n  play story\n  play results_line",
    ),
    "C21": Mutant("  supervisor 110\n", ""),
    "C22": Mutant("callback to PL fixed, PL mobile\n", ""),
}
"""A mutant for each rule."""

FURTHER = {
    "C01-notice": Mutant("play privacy -> reception", "play privacy -> main"),
    "C01-no-number": Mutant("within office }", "within office  no-number -> registration }"),
    "C03-notice": Mutant(
        "play privacy -> reception", "play privacy  when office open -> reception  otherwise -> start"
    ),
    "C07-no-number": Mutant("within office }", "within office  no-number -> message }"),
    "C10-failed": Mutant(
        "callback ring_me { ", "route farewell { play thanks  hang-up }\n\ncallback ring_me { failed -> farewell  "
    ),
    "C10-goodbye": Mutant("by next office day  goodbye", "by next office day"),
    "C18-menu": Mutant("offers 1, 2, 9, 0", "offers 1, 2, 0"),
    "C18-queue": Mutant("wait 4m  offers 0", "wait 4m  offers 2, 0"),
    "C22-often": Mutant("within office }", "within office  at most 12 a day }"),
}
"""More of what a notice, a call-back and the keys of queues make possible, by rule and where it is broken."""

BROKEN = {**RULES, **FURTHER}

WARNINGS = ("C16", "C19", "C21")
"""The rules that refuse no plan."""
NO_CALL = ("C18", "C19", "C21")
"""The rules whose mutants no single call breaks."""

PEOPLE = {
    "unanswered": Mutant("  unanswered -> sorry_message\n", ""),
    "unstaffed": Mutant("  unstaffed  -> night\n", ""),
    "staffed": Mutant("  staffed office plus 15m\n", ""),
    "no-reason": Mutant(MOBILE, '"+48 601 000 200" without confirm because " "'),
    "no-text": Mutant(MOBILE, '"+48 601 000 200" without confirm'),
    "no-operator": Mutant("operator reception {", "ring reception {"),
    "two-operators": Mutant(
        "prompt welcome", "operator manager { ring 110 for 20s  unanswered -> sorry }\n\nprompt welcome"
    ),
}
"""What breaks the rules about operators and persons is refused before anything is proved."""

CODES = {
    "unanswered": "D215",
    "unstaffed": "D215",
    "staffed": "D215",
    "no-reason": "D215",
    "no-text": "D101",
    "no-operator": "D102",
    "two-operators": "D214",
}


def shown(mutant: Mutant) -> str:
    """A mutant as a reader wants to see it: the edit, and the findings as printed."""
    rows = [(sign, row) for sign, side in (("-", mutant.old), ("+", mutant.new)) for row in side.splitlines()]
    edit = [f"{sign} {row}".rstrip() for sign, row in rows]
    found = judge(Source("clinic.dial", mutant.plan)).findings
    return "\n\n".join(("\n".join(edit), *map(text, found))) + "\n"


def refused(name: str) -> tuple[Plan, Breach]:
    """The plan of a mutant and its one breach."""
    verdict = judge(Source("clinic.dial", BROKEN[name].plan)).verdict
    assert isinstance(verdict, Refused | Verified)
    (breach,) = checks()[name[:3]](survey(verdict.plan))
    return verdict.plan, breach


def replayed(name: str) -> tuple[Plan, Breach, tuple[Event, ...]]:
    """The same, and the call that is shown, walked."""
    plan, breach = refused(name)
    assert breach.witness
    call = replay(plan, breach.witness)
    # What is wrong can happen while the caller is where the call that is shown comes to.
    return plan, breach, walk(plan, attrs.evolve(call, steps=None) if name == "C04" else call)


def test_the_clinic_is_proved_without_a_finding() -> None:
    judged = judge(Source("clinic.dial", CLINIC))
    assert judged.findings == ()
    assert isinstance(judged.verdict, Verified)


def test_every_rule_has_a_mutant() -> None:
    assert tuple(RULES) == tuple(checks())


@pytest.mark.parametrize("name", BROKEN)
def test_a_mutant_breaks_just_its_rule(name: str) -> None:
    findings = judge(Source("clinic.dial", BROKEN[name].plan)).findings
    severity = Severity.WARNING if name[:3] in WARNINGS else Severity.ERROR
    assert [(finding.code, finding.severity) for finding in findings] == [(name[:3], severity)]


@pytest.mark.parametrize("name", PEOPLE)
def test_a_plan_without_people_is_refused_before_it_is_proved(name: str) -> None:
    judged = judge(Source("clinic.dial", PEOPLE[name].plan))
    assert [finding.code for finding in judged.findings] == [CODES[name]]
    assert judged.verdict is None


@pytest.mark.parametrize("name", [*BROKEN, *PEOPLE])
def test_golden_mutants(name: str) -> None:
    path = GOLDEN / f"{name}.txt"
    now = shown({**BROKEN, **PEOPLE}[name])
    if os.environ.get("DIALC_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8")


def test_golden_mutants_are_all_of_a_mutant() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {*BROKEN, *PEOPLE}


def test_a_telephone_outside_is_confirmed_though_nobody_says_so() -> None:
    plain = judge(Source("clinic.dial", Mutant(MOBILE, '"+48 601 000 200"').plan))
    assert plain.findings == ()
    assert plain.verdict
    clinic = judge(Source("clinic.dial", CLINIC)).verdict
    assert clinic
    assert plain.verdict.plan == clinic.plan


# The calls that are shown


@pytest.mark.parametrize("name", [name for name in BROKEN if name[:3] not in NO_CALL])
def test_the_call_of_a_mutant_breaks_its_rule_in_the_eyes_of_the_oracle(name: str) -> None:
    plan, breach, events = replayed(name)
    assert breach.witness
    made = oracle.Made(int(breach.witness.at.timestamp()), events, ended=True)
    code = name[:3]
    broken_by_it = {found for found, _, _ in oracle.broken(plan, made)}
    on = walk(plan, attrs.evolve(replay(plan, breach.witness), steps=None)) if code in broken.rules() else events
    made = attrs.evolve(made, events=on)
    broken_by_it |= {found for found, breaks in broken.rules().items() if any(breaks(plan, made))}
    assert broken_by_it == {"loop" if code in ("C01", "C03") else code}


def test_the_caller_of_c01_is_where_they_were() -> None:
    plan, breach, events = replayed("C01")
    assert breach.witness
    further = attrs.evolve(replay(plan, breach.witness), happenings=(presses("5"),) * 30, steps=12)
    outcomes = [event.outcome for event in walk(plan, further) if isinstance(event, Left) and event.step == "main"]
    assert outcomes == ["invalid"] * 9
    assert [event.step for event in events if isinstance(event, Left)] == ["start", "start-2", "start-3", "main"]


def test_the_caller_of_c02_is_joined_to_what_may_be_a_machine() -> None:
    plan, breach, events = replayed("C02")
    assert breach.witness
    assert isinstance(last := events[-1], Left)
    assert last.outcome == "answered-unconfirmed"
    # A PBX cannot tell, so neither can its record.
    assert journey(plan, breach.witness.number, events).endswith(" 8:reception=answered/+48601000200")


def test_the_caller_of_c03_is_greeted_twice() -> None:
    plan, breach, _ = replayed("C03")
    assert breach.witness
    call = attrs.evolve(replay(plan, breach.witness), steps=10)
    entered = [event.at for event in walk(plan, call) if isinstance(event, Left) and event.step == "start"]
    assert entered == [0, 11]


def test_the_caller_of_c07_is_given_to_a_machine_while_it_is_open() -> None:
    plan, breach, events = replayed("C07")
    assert breach.witness
    assert isinstance(mailbox := plan.steps[breach.witness.step], Mailbox)
    arrived = int(breach.witness.at.timestamp()) + events[-1].at
    assert mailbox.closed
    assert is_open(Period(mailbox.closed), arrived)


def test_the_caller_of_c10_has_pressed_a_key_and_is_hung_up_on() -> None:
    _, _, events = replayed("C10")
    assert any(isinstance(event, Pressed) for event in events)
    assert events[-1] == HungUp(events[-1].at, "plan")


def test_the_caller_of_c17_is_asked_once_too_often() -> None:
    plan, _, events = replayed("C17")
    asked = [event for event in events if isinstance(event, Asked)]
    assert len(asked) == plan.policy.tries + 1


def test_the_caller_of_c18_presses_the_key_that_was_offered_and_is_asked_again() -> None:
    plan, breach = refused("C18")
    assert breach.witness is None  # whoever hears the prompt is told so; it takes no call to see it
    assert plan.prompts["choices"].offers
    assert "3" in plan.prompts["choices"].offers.keys
    at = datetime.datetime(2026, 1, 5, 10, tzinfo=zoneinfo.ZoneInfo(plan.zone))
    events = walk(plan, Call(plan.lines[0].number, at, (presses("3"),)))
    assert [event.turn for event in events if isinstance(event, Asked)] == [1, 2, 3]
