"""Files against the plans that they were written for: they agree, whatever things are called; changed ones do not."""

import random
import re
from collections.abc import Mapping

import attrs
import pytest
from hypothesis import HealthCheck, given, settings

from dialc import judge, read_site
from dialc.cli.reading import beside
from dialc.emit import asterisk
from dialc.plan import Lookup, Plan, Unproved, Verified
from dialc.read.agreement import differences
from dialc.site import Site, default
from dialc.source import Source
from dialc.testing import Written, plans
from tests import strategies
from tests.test_examples import EXAMPLES, SITES
from tests.test_mutants import NO_CALL, RULES

SITE = attrs.evolve(default("asterisk"), services={"crm": "https://crm.example/ask"}, codes=("staff",))


def written(name: str) -> tuple[Plan, Site, dict[str, str]]:
    """An example with its files."""
    path = EXAMPLES / f"{name}.dial"
    verdict = judge(Source(path.name, path.read_text(encoding="utf-8")), beside(str(path))).verdict
    assert isinstance(verdict, Verified)
    site, _ = read_site(Source(SITES[name], (EXAMPLES / f"{SITES[name]}.site").read_text(encoding="utf-8")))
    assert site is not None
    return verdict.plan, site, asterisk.emit(verdict, site)


@pytest.mark.parametrize("name", SITES)
def test_examples_agree_with_their_files(name: str) -> None:
    assert differences(*written(name)) == ()


@pytest.mark.parametrize("seed", range(12))
def test_random_plans_agree_with_their_files(seed: int) -> None:
    plan = strategies.plan(random.Random(seed), acyclic=True)
    if not asterisk.refusals(plan, SITE):
        assert differences(plan, SITE, asterisk.emit(Unproved(plan, ()), SITE)) == ()


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=15)
@given(plans(larger=True))
def test_proved_plans_agree_with_their_files(plan: Written) -> None:
    asked = {step.service: "https://crm.example/ask" for step in plan.plan.steps.values() if isinstance(step, Lookup)}
    site = attrs.evolve(SITE, services=asked)
    if not asterisk.refusals(plan.plan, site):
        assert differences(plan.plan, site, asterisk.emit(plan.verified, site)) == ()


# Names


def opaque(files: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Files without comments, in which contexts, labels and variables are called by numbers; and how contexts are."""
    text = next(text for name, text in files.items() if name.endswith("extensions.conf"))
    contexts = dict.fromkeys(re.findall(r"^\[([^\]]+)\]", text, re.MULTILINE))
    labels = dict.fromkeys(re.findall(r"^(?:exten => [^,]+,1|\s*same => n)\(([^)]+)\)", text, re.MULTILINE))
    variables = dict.fromkeys(re.findall(r"DIALC_[A-Za-z_]*[A-Za-z]", text))
    named = {name: f"c{number}" for number, name in enumerate(contexts)}
    named |= {name: f"V{number}" for number, name in enumerate(variables)}
    known = sorted(named, key=len, reverse=True)
    whole = re.compile(rf"(?<![A-Za-z0-9_.-])(?:__)?({'|'.join(map(re.escape, known))})(?![A-Za-z0-9_-])")
    targets = re.compile(rf"(?<=[?:(,])({'|'.join(sorted(map(re.escape, labels), key=len, reverse=True))})(?=[):\n]|$)")
    numbers = {name: f"l{number}" for number, name in enumerate(labels)}

    def renamed(line: str) -> str:
        line = whole.sub(lambda found: found[0].replace(found[1], named[found[1]]), line)
        line = re.sub(r"^(exten => [^,]+,1|\s*same => n)\(([^)]+)\)", lambda f: f"{f[1]}({numbers[f[2]]})", line)
        if re.search(r",(?:GotoIf|Goto)\(", line):
            head, mark, rest = line.rpartition("?") if "GotoIf" in line else line.rpartition("Goto(")
            line = head + mark + targets.sub(lambda found: numbers[found[1]], mark[-1:] + rest)[len(mark[-1:]) :]
        return line

    def plain(text: str) -> str:
        return "\n".join(renamed(line) for line in text.splitlines() if not line.startswith(";")) + "\n"

    return {name: plain(text) for name, text in files.items()}, named


def test_the_verdict_hangs_on_no_name() -> None:
    name = "workshop"
    plan, site, files = written(name)
    renamed, contexts = opaque(files)
    text = renamed[f"dialc-{name}.extensions.conf"]
    assert "DIALC" not in text
    assert f"dialc-{name}-" not in text
    entry = contexts[f"dialc-{name}"]
    inside = attrs.evolve(site, enter=(), codes=())
    assert differences(plan, inside, renamed, entry=entry, records=False) == ()
    changed = {each: text.replace("Playback(", "Playback(not-", 1) for each, text in renamed.items()}
    (finding,) = differences(plan, inside, changed, entry=entry, records=False)
    assert finding.code == "D461"


# Changes

CHANGES = (
    ("Hangup()", "Hangup(17)", "the call ends, with cause 17"),
    ("WaitExten(5)", "WaitExten(6)", "keys are waited for, 6 s"),
    ("choices)", "choises)", "choises"),
    ("exten => 9,1,", "exten => 8,1,", ""),
    ("< 3]?s,try", "< 4]?s,try", ""),
    ("20261227 & ${time} >= 100000", "20261227 & ${time} >= 100001", ""),
    ("${day} = 6", "${day} = 7", ""),
    ("Set(LOCAL(at)=$[${at} - ${longer}])", "Set(LOCAL(at)=$[${at} + ${longer}])", ""),
    ("(15,reception,${DIALC_UP})", "(16,reception,${DIALC_UP})", "ring for 16 s"),
    (".phone,s,1(101))", ".phone,s,1(102))", ""),
    ("(busy),Hangup(17)", "(busy),Hangup(18)", ""),
    ("VoiceMail(100@", "VoiceMail(101@", "a message is taken for 101@"),
    ("iU(", "U(", ""),
    ('!= "1"]?declined', '!= "2"]?declined', ""),
)


@pytest.mark.parametrize(("old", "new", "told"), CHANGES, ids=[new for _, new, _ in CHANGES])
def test_a_change_is_found_and_told_as_a_call(old: str, new: str, told: str) -> None:
    plan, site, files = clinic()
    name = "dialc-clinic.extensions.conf"
    assert old in files[name]
    changed = {**files, name: files[name].replace(old, new, 1)}
    (finding,) = differences(plan, site, changed)
    assert finding.code == "D461"
    assert told in finding.message
    assert finding.call
    assert finding.place.source.name == name


ANYTHING = """\
plan desk "Desk"
timezone Europe/Warsaw
language en
line "+48 22 123 45 67" -> start
line default -> start
route start { answer -> reception }
operator reception { ring 100 for 20s  unanswered -> sorry }
prompt pardon { file desk/pardon  en "We are sorry. Goodbye."  lasts 2s  apology  goodbye }
route sorry { play pardon  hang-up }
"""


@pytest.mark.parametrize(
    ("there", "delivered"), [("_X!", "0999555010"), ("_+!", "+19995550100"), ("s", "s"), ("_[a-zA-Z].", "account-7")]
)
def test_a_default_line_takes_whatever_else_is_delivered(there: str, delivered: str) -> None:
    verdict = judge(Source("desk.dial", ANYTHING)).verdict
    assert isinstance(verdict, Verified)
    site = default("asterisk")
    files = asterisk.emit(verdict, site)
    assert differences(verdict.plan, site, files) == ()
    name = "dialc-desk.extensions.conf"
    assert files[name].count(f"exten => {there},1,Set(DIALC_CALLED=") == 1
    files[name] = files[name].replace(f"exten => {there},1,Set(DIALC_CALLED=", "exten => 0,1,Set(DIALC_CALLED=")
    (finding,) = differences(verdict.plan, site, files)
    assert finding.code == "D461"
    assert delivered in " ".join((finding.message, *finding.call))


def test_what_cannot_be_read_is_told() -> None:
    plan, site, files = clinic()
    name = "dialc-clinic.extensions.conf"
    changed = {**files, name: files[name].replace(",Playback(", ",ControlPlayback(", 1)}
    (finding,) = differences(plan, site, changed)
    assert (finding.code, finding.message) == ("D462", "what ControlPlayback does cannot be told")


def test_queues_are_read_too() -> None:
    plan, site, files = clinic()
    name = "dialc-clinic.queues.conf"
    changed = {**files, name: files[name].replace("strategy = leastrecent", "strategy = ringall", 1)}
    (finding,) = differences(plan, site, changed)
    assert "strategy of the queue" in finding.message


def test_order_comments_and_blanks_mean_nothing() -> None:
    plan, site, files = clinic()
    name = "dialc-clinic.extensions.conf"
    blocks = re.split(r"(?m)^(?=\[)", re.sub(r"(?m)^;.*\n", "", files[name]))
    turned = "".join(reversed(blocks[1:])).replace(" same => n,", "same =>  n , ").replace(" , ", ",")
    assert differences(plan, site, {**files, name: turned}) == ()


_KNOWN: list[tuple[Plan, Site, dict[str, str]]] = []


def clinic() -> tuple[Plan, Site, dict[str, str]]:
    """The clinic, judged once."""
    if not _KNOWN:
        _KNOWN.append(written("clinic"))
    return _KNOWN[0]


@pytest.mark.parametrize("code", [code for code in RULES if code not in NO_CALL])
def test_a_plan_that_breaks_a_rule_agrees_with_its_files_too(code: str) -> None:
    verdict = judge(Source("clinic.dial", RULES[code].plan)).verdict
    assert verdict is not None
    _, site, _ = clinic()
    if code == "C08":  # its machine has no telephone at this site
        assert asterisk.refusals(verdict.plan, site)
    else:
        assert differences(verdict.plan, site, asterisk.emit(Unproved(verdict.plan, ()), site)) == ()
