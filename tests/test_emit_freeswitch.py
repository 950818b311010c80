"""Emission for FreeSWITCH: files that a person can read, and what they do to a call, on a machine made for it."""

import os
import re
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Mapping
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dialc import find_backend
from dialc.call import Call, Happens, Point, as_turned, experience, journey
from dialc.call.switches import Reading
from dialc.called import Rest
from dialc.emit import freeswitch
from dialc.emit.freeswitch.mistakes import MISTAKES, PLAN, SITE
from dialc.mistakes import Mistake
from dialc.pages import all_pages
from dialc.parse import parse
from dialc.plan import Outcome, Plan, Position, Switch, Unproved, Verified
from dialc.resolve import resolve, resolve_site
from dialc.site import Site, default
from dialc.source import Source
from dialc.testing import Hooks, Written, calls, conformance, plans
from dialc.verify import documented, verify
from tests.freeswitch_machine import Machine, dialplan

GOLDEN = Path(__file__).parent / "golden" / "freeswitch" / "office"
FREESWITCH = attrs.evolve(default("freeswitch"), codes=("internal",))
SLOW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def read(plan: str, site: str) -> tuple[Plan, Site]:
    meant, findings = resolve(parse(Source("office.dial", plan))[0])
    known, more = resolve_site(parse(Source("office.site", site))[0])
    assert meant is not None, findings
    assert known is not None, more
    return meant, known


def written(plan: str = PLAN, site: str = SITE) -> Mapping[str, str]:
    meant, known = read(plan, site)
    verdict = verify(meant)
    assert isinstance(verdict, Verified), [str(breach.finding) for breach in verdict.breaches]
    return freeswitch.emit(documented(verdict), known)


# Every backend


def structure(files: Mapping[str, str]) -> object:
    """What FreeSWITCH reads of files, without the generation, which goes by the texts, and without comments."""
    rows = (ET.canonicalize(text, strip_text=True) for text in files.values())
    return [re.sub(r"dialc-drawn-[0-9a-f]{8}", "G", row) for row in rows]


TestFreeSwitch = conformance(find_backend("freeswitch"), FREESWITCH, Hooks(structure=structure))


# As a person reads it


@pytest.mark.parametrize("file", ["dialplan", "entry", "codes", "cdr_csv"])
def test_golden_office(file: str) -> None:
    text = written()[f"dialc-office.{file}.xml"]
    golden = GOLDEN / f"dialc-office.{file}.xml"
    if os.environ.get("DIALC_GOLDEN") == "write":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_golden_holds_nothing_else() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(written())


# What happens to a call


def made(plan: Plan, files: Mapping[str, str], call: Call) -> tuple[str, str]:
    """The journey of a call as the walker has it, and as the machine records it with the same things happening."""
    happenings = iter(call.happenings)
    acts: deque[tuple[Point, Happens]] = deque()
    positions: dict[tuple[int, str], str] = {}
    turned = as_turned(call.turned)

    def decide(point: Point) -> Happens | None:
        happens = next(happenings, None)
        usual = happens or Happens(Outcome.LEFT, 10) if point.step.__class__.__name__ == "Mailbox" else happens
        acts.append((point, usual or Happens(Outcome.SILENCE)))
        return usual

    def reads(switch: Switch, reading: Reading) -> Position:
        position = turned(switch, reading)
        positions[reading.steps, switch.name] = position.value
        return position

    events = tuple(experience(plan, call.number, call.at, decide, reads, call.caller))
    walked = journey(plan, call.number, events)
    stem = f"dialc-{plan.name}"
    caller = call.caller or "+999999999999999"
    contexts = dialplan(files[f"{stem}.dialplan.xml"])
    machine = Machine(plan, contexts, int(call.at.timestamp()), caller, acts, positions)
    line = plan.line(call.number)
    dialled = "+1999" if line is not None and isinstance(line.numbers, Rest) else call.number
    machine.call(dialled, files[f"{stem}.entry.xml"])
    assert not machine.acts, "something was to happen that was never asked for"
    machine.variables["end_epoch"] = str(machine.now)
    template = ET.fromstring(files[f"{stem}.cdr_csv.xml"]).find("template")
    assert template is not None
    assert template.text is not None
    recorded = machine.expanded(template.text).rpartition(',"')[2].removesuffix('"')
    recorded = re.sub(r" [0-9]+:over$", "", recorded)
    return walked.replace("default ", "+1999 ", 1), recorded


@given(plans(larger=True), st.data())
@SLOW
def test_calls_go_as_the_walker_goes(plan: Written, data: st.DataObject) -> None:
    assume(not freeswitch.refusals(plan.plan, FREESWITCH))
    files = freeswitch.emit(plan.verified, FREESWITCH)
    for _ in range(3):
        call = data.draw(calls(plan.plan))
        walked, recorded = made(plan.plan, files, call)
        assert recorded == walked


@given(st.data())
@SLOW
def test_calls_of_the_office_go_as_the_walker_goes(data: st.DataObject) -> None:
    plan, site = read(PLAN, SITE)
    files = freeswitch.emit(Unproved(plan, ()), site)
    walked, recorded = made(plan, files, data.draw(calls(plan)))
    assert recorded == walked


# What cannot be said


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.code)
def test_a_mistake_is_found_once_where_it_is_and_nowhere_else(mistake: Mistake) -> None:
    assert isinstance(mistake.bad, str)
    assert isinstance(mistake.good, str)
    plan, site = (PLAN, mistake.bad) if mistake.of_site else (mistake.bad, SITE)
    findings = freeswitch.refusals(*read(plan, site))
    assert {finding.code for finding in findings} == {mistake.code}
    assert all(finding.place.end > finding.place.start and finding.caller and finding.help for finding in findings)
    assert all(len(finding.message) <= 100 and not finding.message.endswith(".") for finding in findings)
    assert not freeswitch.refusals(*read(*((PLAN, mistake.good) if mistake.of_site else (mistake.good, SITE))))


def test_every_code_has_a_page() -> None:
    source = (Path(freeswitch.__file__).parent / "refusals.py").read_text(encoding="utf-8")
    codes = {mistake.code for mistake in MISTAKES}
    assert set(re.findall(r"D4[0-9]{2}", source)) == codes
    assert codes <= set(all_pages())


@pytest.mark.parametrize("kind", ["queue", "bot", "lookup", "callback", "extensions"])
def test_what_the_files_do_not_have_is_refused_where_it_stands(kind: str) -> None:
    names = {"queue": "buyers", "bot": "robot", "lookup": "known", "callback": "ring_me", "extensions": "desks"}
    block = {
        "queue": "queue buyers { members 201, 202  key 0 -> reception  patience 4m }",
        "bot": "bot robot { phone 203  limit 60s  key 0 -> reception  over -> team  failed -> reception }",
        "lookup": "lookup known { ask crm for 3s  answer vip -> team }",
        "callback": "callback ring_me { from buyers  within opening }\nqueue buyers { members 201, 202  patience 4m }",
        "extensions": "extensions desks { 201, 202  ring for 15s }",
    }[kind]
    plan, site = read(f"{PLAN}\n{block}\n", SITE)
    found = [finding for finding in freeswitch.refusals(plan, site) if f"`{names[kind]}`" in finding.message]
    assert [finding.code for finding in found] == ["D494"]
    with pytest.raises(ValueError, match="D494"):
        freeswitch.emit(Unproved(plan, ()), site)
