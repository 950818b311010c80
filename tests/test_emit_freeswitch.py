"""Emission for FreeSWITCH: files that a person can read, and what they do to a call, on a machine made for it."""

import datetime
import functools
import os
import re
import xml.etree.ElementTree as ET
import zoneinfo
from collections import deque
from collections.abc import Mapping
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dialc import find_backend, judge
from dialc.calendar import EVERY_KIND_OF_YEAR, Calendar, clock_changes
from dialc.call import Call, Happens, Point, as_turned, experience, journey
from dialc.call.switches import Reading
from dialc.called import Rest
from dialc.cli.reading import beside
from dialc.emit import freeswitch
from dialc.emit.freeswitch.clocks import CIVIL, clock
from dialc.emit.freeswitch.mistakes import MISTAKES, PLAN, SITE
from dialc.emit.freeswitch.spelling import STATEMENT
from dialc.findings import Finding
from dialc.mistakes import Mistake
from dialc.numbers import Dialling, dialling
from dialc.pages import all_pages
from dialc.parse import parse
from dialc.plan import (
    SUPERVISOR_RINGS,
    Extensions,
    Mailbox,
    Operator,
    Outcome,
    Plan,
    Position,
    Ring,
    Stage,
    Step,
    Switch,
    Unproved,
    Verified,
)
from dialc.resolve import resolve, resolve_site
from dialc.site import Site, default
from dialc.source import Source
from dialc.testing import Hooks, Written, calls, conformance, plans
from dialc.testing.conformance import HOSTILE, worded
from dialc.verify import documented, verify
from tests.freeswitch_machine import Machine, calculated, dialplan
from tests.test_examples import ELSEWHERE, SITES

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden" / "freeswitch" / "office"
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


def test_the_files_and_the_page_say_that_nobody_has_called_them() -> None:
    page = (ROOT / "docs" / "backends" / "freeswitch.rst").read_text(encoding="utf-8")
    for text in (" ".join(page.replace("*", "").split()), *written().values()):
        assert STATEMENT in text


@pytest.mark.parametrize("name", [*SITES, *ELSEWHERE])
def test_the_page_says_which_examples_can_be_written(name: str) -> None:
    path = ROOT / "examples" / f"{name}.dial"
    verdict = judge(Source(path.name, path.read_text(encoding="utf-8")), beside(str(path))).verdict
    assert verdict is not None
    found = freeswitch.refusals(verdict.plan, FREESWITCH)
    page = (ROOT / "docs" / "backends" / "freeswitch.rst").read_text(encoding="utf-8")
    row = re.search(rf"   \* - ``{path.name}``\n     - (.*)\n", page)
    assert row is not None
    assert sorted({finding.code for finding in found}) == re.findall(r":ref:`(D\d+)`", row[1])
    assert (row[1] == "can be written") is not bool(found)
    if not found:
        assert isinstance(verdict, Verified)
        assert freeswitch.documented(verdict.plan, freeswitch.emit(verdict, FREESWITCH)) == ()


# What happens to a call


def made(plan: Plan, files: Mapping[str, str], call: Call) -> tuple[str, str]:
    """The journey of a call as the walker has it, and as the machine records it with the same things happening."""
    happenings = iter(call.happenings)
    acts: deque[tuple[Point, Happens]] = deque()
    positions: dict[tuple[int, str], str] = {}
    turned = as_turned(call.turned)

    def decide(point: Point) -> Happens:
        happens = next(happenings, None) or _usual(point.step)
        acts.append((point, happens))
        return happens

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


def _usual(step: Step) -> Happens:
    """What happens where nobody does anything."""
    match step:
        case Mailbox():
            return Happens(Outcome.LEFT, 10)
        case Ring() | Operator() | Extensions():
            return Happens(Outcome.NO_ANSWER)
        case _:
            return Happens(Outcome.SILENCE)


def test_a_default_line_takes_no_call_of_a_line_behind_it() -> None:
    line = 'line "+48 22 123 45 67" -> start\n'
    plan, site = read(PLAN.replace(line, f"line default -> sorry\n{line}"), SITE)
    files = freeswitch.emit(Unproved(plan, ()), site)
    walked, recorded = made(plan, files, Call("+48221234567", datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)))
    assert "main" in walked
    assert recorded == walked


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


@pytest.mark.parametrize("kind", ["queue", "bot", "lookup", "callback"])
def test_what_the_files_do_not_have_is_refused_where_it_stands(kind: str) -> None:
    names = {"queue": "buyers", "bot": "robot", "lookup": "known", "callback": "ring_me"}
    block = {
        "queue": "queue buyers { members 201, 202  key 0 -> reception  patience 4m }",
        "bot": "bot robot { phone 203  limit 60s  key 0 -> reception  over -> team  failed -> reception }",
        "lookup": "lookup known { ask crm for 3s  answer vip -> team }",
        "callback": "callback ring_me { from buyers  within opening }\nqueue buyers { members 201, 202  patience 4m }",
    }[kind]
    plan, site = read(f"{PLAN}\n{block}\n", SITE)
    found = [finding for finding in freeswitch.refusals(plan, site) if f"`{names[kind]}`" in finding.message]
    assert [finding.code for finding in found] == ["D494"]
    with pytest.raises(ValueError, match="D494"):
        freeswitch.emit(Unproved(plan, ()), site)


# What FreeSWITCH does to files that do not know it: its traps, and that no file is near them

OWN = {"strepoch", "expr", "db", "user_exists", "voicemail_inject", "regex"}
"""The functions that files call. Each takes what the files say, and digits that a caller entered; none a text."""

LATE = {"originate_disposition", "originate_causes", "read_terminator_used", "record_seconds", "uuid"}
"""The variables of FreeSWITCH that files look at, besides those of the record of a call."""

APPLICATIONS = {
    *("answer", "set", "transfer", "execute_extension", "playback", "read", "bridge"),
    *("record", "record_session", "hangup"),
}
"""Without `ivr`, `play_and_get_digits`, `voicemail` and `callcenter`, which end otherwise than the language says."""


def clear(name: str, text: str) -> None:
    """A file is clear of all that is known to go wrong as FreeSWITCH loads it, and as it looks for an extension."""
    for row in text.splitlines():
        assert "x-pre-process" not in row.lower(), "the line would be lost"
        assert "<?" not in row
        assert "include>" not in row or row in ("<include>", "</include>"), "the line would be lost"
        assert row.count("<!--") == row.count("-->"), "a comment is one line"
        if "<!--" in row:
            inside = row.strip().removeprefix("<!--").removesuffix("-->")
            assert not inside.strip().startswith("#"), "a command would run"
            assert not set("<>&$#!{}") & set(inside)
            assert "--" not in inside
    root = ET.fromstring(text)
    if name.endswith("cdr_csv.xml"):
        return
    for element in root.iter():
        assert element.tag in ("include", "context", "extension", "condition", "action"), "nothing nested"
        assert element.tag != "condition" or set(element.attrib) == {"field", "expression"}, "no time, no break"
        assert element.tag != "action" or set(element.attrib) <= {"application", "data"}, "nothing inline, no loop"
        for value in element.attrib.values():
            assert set(re.findall(r"\$\$\{(\w+)\}", value)) <= {"domain", "temp_dir", "recordings_dir"}
            assert set(re.findall(r"\$\{(\w+)\(", value)) <= OWN
            known = {v for v in re.findall(r"(?<!\$)\$\{(\w+)(?![\w(])", value) if not v.startswith("dialc_")}
            assert known <= LATE, "what a caller shows would be carried out"
            assert "\\" not in value
    for extension in root.iter("extension"):
        *before, last = extension
        assert all(len(condition) == 0 for condition in before), "what an earlier condition brings, stays"
        assert len(last), "an extension that does nothing is none"
        named = [c.attrib["expression"] for c in extension if c.attrib["field"] == "destination_number"]
        assert len(named) == 1
        assert named[0].startswith("^")
        for action in last:
            assert action.attrib["application"] in APPLICATIONS
            data = action.get("data", "")
            groups = re.compile(last.attrib["expression"]).groups
            assert all(int(digit) <= groups for digit in re.findall(r"\$([0-9])", data)), "it would stay `$1`"
            assert action.attrib["application"] not in ("transfer", "execute_extension") or len(data.split(" ")) == 3


def leads(files: Mapping[str, str]) -> None:
    """Whatever a call is sent to is there."""
    contexts = {
        name: {e.name for e in found} for t in files.values() if "<context" in t for name, found in dialplan(t).items()
    }
    for text in files.values():
        for to, context in re.findall(r'"([^" ]+) XML ([^"]+)"', text):
            assert to in contexts[context] or to == ".nowhere", to


@given(plans(larger=True), HOSTILE, HOSTILE)
@SLOW
def test_no_file_is_near_a_trap(plan: Written, one: str, other: str) -> None:
    hostile = worded(plan.plan, one, other)
    assume(not freeswitch.refusals(hostile, FREESWITCH))
    files = freeswitch.emit(Unproved(hostile, (Finding("C01", one, help=other),)), FREESWITCH)
    for name, text in files.items():
        clear(name, text)
    leads(files)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<include>\n", "<include> "),
        ("<!-- main -->", "<!-- #exec id -->"),
        ("<!-- main -->", "<!-- a -- b -->"),
        ("<!-- main -->", "<!-- x-PRE-process -->"),
        ('field="${dialc_open}" ', 'field="${dialc_open}" hour="9-17" '),
        ('expression="^main$"', 'expression="main$"'),
        ("${dialc_called}", "${caller_id_name}"),
        ("${strepoch()}", "${system(id)}"),
        ('application="hangup"', 'application="ivr"'),
        ('application="answer"', 'application="answer" inline="true"'),
        ('data="dialc_listed=1"', 'data="dialc_listed=$1"'),
    ],
)
def test_what_is_near_a_trap_is_seen(old: str, new: str) -> None:
    plan = PLAN.replace("  play welcome\n", "  play welcome\n  when caller withheld -> reception\n")
    text = written(plan)["dialc-office.dialplan.xml"]
    clear("dialplan.xml", text)
    assert old in text
    with pytest.raises(AssertionError):
        clear("dialplan.xml", text.replace(old, new, 1))


def test_a_call_of_many_steps_is_never_too_long() -> None:
    """FreeSWITCH ends a call after seventy transfers."""
    routes = [f"route r{at} {{ play welcome -> r{at + 1} }}" for at in range(80)]
    plan, site = read(
        "\n".join((PLAN.replace("-> start", "-> r0", 1), *routes, "route r80 { play closed -> start }\n")), SITE
    )
    files = freeswitch.emit(Unproved(plan, ()), site)
    walked, recorded = made(plan, files, Call("+48221234567", datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)))
    assert walked.count(":r") > 80
    assert recorded == walked


# Clocks


def read_off(zone: str, instant: int, known: Calendar) -> tuple[str, str, str]:
    """What the files make of an instant: date, weekday and seconds since midnight."""
    found = clock(zone, known, lasting=True)
    assert found is not None
    variables = {"dialc_at": str(instant)}

    def computed(expression: str) -> str:
        return calculated(re.sub(r"\$\{(\w+)\}", lambda name: variables[name[1]], expression))

    def civil() -> None:
        for name, expression in CIVIL:
            variables[name] = computed(expression)

    variables["dialc_local"] = computed(f"${{dialc_at}}+{found.at_once()}".replace("+-", "-"))
    civil()
    if found.summer:
        variables["dialc_local"] = computed(f"${{dialc_local}}+{found.in_summer('${dialc_local}', '${dialc_year}')}")
        civil()
    return variables["dialc_date"], variables["dialc_day"], variables["dialc_time"]


EVERY = Calendar("UTC", *EVERY_KIND_OF_YEAR)
ALL_ZONES = (
    "Europe/Warsaw",
    "UTC",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Asia/Jerusalem",
    "America/Santiago",
    "Africa/Cairo",
    "Europe/Dublin",
    "Pacific/Chatham",
    "America/St_Johns",
    "America/Nuuk",
)


@given(st.sampled_from(ALL_ZONES), st.data())
@settings(deadline=None)
def test_a_clock_shows_what_the_zone_data_say(zone: str, data: st.DataObject) -> None:
    changes = [since for since, _ in clock_changes(zone, *EVERY.everything.stretches[0])]
    near = st.builds(int.__add__, st.sampled_from(changes), st.sampled_from((0, -1, 1, 3599, 3600, -3600, 43200)))
    instant = data.draw(st.one_of(near, st.integers(EVERY.start, EVERY.end)))
    shown = datetime.datetime.fromtimestamp(instant, zoneinfo.ZoneInfo(zone))
    midnight = shown.hour * 3600 + shown.minute * 60 + shown.second
    assert read_off(zone, instant, EVERY) == (f"{shown:%Y%m%d}", str(shown.isoweekday()), str(midnight))


def test_a_few_changes_are_listed() -> None:
    known = Calendar("Africa/Casablanca", datetime.date(2026, 1, 1), datetime.date(2027, 12, 31))
    found = clock("Africa/Casablanca", known, lasting=False)
    assert found is not None
    assert len(found.listed) == 5
    for since, ahead in found.listed[1:]:
        for instant in (since - 1, since):
            expression = found.at_once().replace("${dialc_at}", str(instant))
            shown = datetime.datetime.fromtimestamp(instant, zoneinfo.ZoneInfo("Africa/Casablanca")).utcoffset()
            assert shown is not None
            assert calculated(expression) == str(int(shown.total_seconds()))
        assert ahead in (0, 3600)


# Who calls, who answers, and staff


def machine(files: Mapping[str, str], plan: Plan, caller: str = "", at: int = 1795424400) -> Machine:
    return Machine(plan, dialplan(files[f"dialc-{plan.name}.dialplan.xml"]), at, caller, deque(), {})


@pytest.mark.parametrize(
    ("shown", "caller"),
    [
        ("+48600111222", "+48600111222"),
        ("0048600111222", "+48600111222"),
        ("600111222", "+48600111222"),
        ("004", "+4"),
        ("00", "withheld"),
        ("withheld", "withheld"),
        ("anonymous", "withheld"),
        ("+", "withheld"),
        ("+4860011122212345", "withheld"),
        ("600111222 XML public", "withheld"),
    ],
)
def test_who_calls_is_known_in_full(shown: str, caller: str) -> None:
    plan, site = read(PLAN.replace("  play welcome\n", "  play welcome\n  when caller withheld -> reception\n"), SITE)
    files = freeswitch.emit(Unproved(plan, ()), site)
    calling = machine(files, plan, shown)
    calling.arrive(".caller", next(iter(calling.contexts)))
    assert calling.variables["dialc_from"] == caller


COUNTRIES = ("DE", "PL", "IT", "AT", "HU", "US", "GB", "SG")
"""Countries with numbers of many lengths or one, with a `0`, something else or nothing before them."""


@functools.cache
def asking(country: str, forms: str) -> tuple[Plan, Mapping[str, str]]:
    """A plan that asks who calls, for a trunk of a country that delivers numbers in some forms."""
    start = "  play welcome\n"
    plan, site = read(
        PLAN.replace(start, f"{start}  when caller withheld -> reception\n"),
        SITE.replace("delivers plus, national  country PL", f"delivers {forms}  country {country}"),
    )
    return plan, freeswitch.emit(Unproved(plan, ()), site)


def told(country: str, forms: str, shown: str) -> str:
    """What the files make of a number that a caller shows."""
    plan, files = asking(country, forms)
    calling = machine(files, plan, shown)
    calling.arrive(".caller", next(iter(calling.contexts)))
    return calling.variables["dialc_from"]


def in_full(plan: Dialling, forms: str, shown: str) -> str:
    """What digits without a plus are in full, told step by step."""
    home, code = "national" in forms, plan.code
    if shown.startswith(plan.international):
        digits = shown.removeprefix(plan.international)
    elif home and plan.national and shown.startswith(plan.national):
        digits = code + shown.removeprefix(plan.national)
    elif not home or ("e164" in forms and plan.full and shown.startswith(code) and len(shown) >= plan.full):
        digits = shown
    elif "e164" not in forms or len(shown) in plan.lengths:
        digits = code + shown
    else:
        digits = shown
    return f"+{digits}" if 0 < len(digits) <= 15 else "withheld"


@given(st.sampled_from(COUNTRIES), st.sampled_from(("plus, national", "plus, e164", "plus, e164, national")), st.data())
@settings(deadline=None, max_examples=120)
def test_digits_without_a_plus_are_what_the_country_makes_of_them(
    country: str, forms: str, data: st.DataObject
) -> None:
    plan = dialling(country)
    heads = st.sampled_from(("", plan.code, plan.national, plan.international, plan.national + plan.code))
    shown = data.draw(heads) + data.draw(st.text("0123456789", min_size=1, max_size=16))
    assert told(country, forms, shown) == in_full(plan, forms, shown)


@pytest.mark.parametrize(
    ("country", "shown", "caller"),
    [
        ("DE", "491711234567", "+491711234567"),
        ("DE", "493012345678", "+493012345678"),
        ("DE", "1711234567", "+491711234567"),
        ("DE", "0491711234", "+49491711234"),
        ("DE", "00491711234567", "+491711234567"),
        ("DE", "30123456789012", "withheld"),
        ("PL", "482212345", "+48482212345"),
        ("PL", "48221234567", "+48221234567"),
    ],
)
def test_who_leaves_out_the_plus_has_written_the_code(country: str, shown: str, caller: str) -> None:
    assert told(country, "plus, e164, national", shown) == caller


def test_a_code_turns_a_switch_round_and_tells_it_by_beeps() -> None:
    plan, site = read(PLAN, SITE)
    files = freeswitch.emit(Unproved(plan, ()), site)
    staff = machine(files, plan)
    for position, beeps in (("on", 2), ("off", 1), ("on", 2)):
        staff.call("*29", files["dialc-office.codes.xml"])
        assert staff.kept["dialc-office/outage"] == f"{position}-{staff.now}"
        assert staff.heard[-2].endswith(f"loops={beeps}")


@pytest.mark.parametrize(
    ("turned", "asked", "stands"),
    [
        ("2026-11-23 10:00", "2026-11-23 23:59", "closed"),
        ("2026-11-23 10:00", "2026-11-24 05:59", "closed"),
        ("2026-11-23 10:00", "2026-11-24 06:00", "auto"),
        ("2026-11-24 05:59", "2026-11-24 06:00", "auto"),
        ("2026-10-24 10:00", "2026-10-25 05:59", "closed"),
        ("2026-10-24 10:00", "2026-10-25 06:00", "auto"),
    ],
)
def test_a_night_switch_goes_back_by_itself(turned: str, asked: str, stands: str) -> None:
    late = "switch late { code *28  starts auto  back to auto at 06:00 }"
    night = PLAN.replace("hours opening {", f"{late}\nhours opening {{\n  switch late")
    plan, site = read(night, SITE)
    files = freeswitch.emit(Unproved(plan, ()), site)
    then, now = (
        int(datetime.datetime.fromisoformat(text).replace(tzinfo=zoneinfo.ZoneInfo("Europe/Warsaw")).timestamp())
        for text in (turned, asked)
    )
    calling = machine(files, plan, at=now)
    calling.kept["dialc-office/late"] = f"closed-{then}"
    calling.variables["dialc_at"] = str(now)
    calling.arrive(".switch-late", next(iter(calling.contexts)))
    assert calling.variables["dialc_switch"] == stands


@pytest.mark.parametrize(("keys", "joined"), [(["1"], True), (["", "1"], True), (["2"], False), (["", ""], False)])
def test_who_answers_outside_is_joined_by_pressing_1(keys: list[str], joined: bool) -> None:
    plan, site = read(PLAN, SITE)
    files = freeswitch.emit(Unproved(plan, ()), site)
    leg = machine(files, plan)
    leg.presses.extend([*keys, "end"])
    context = next(iter(leg.contexts))
    leg.arrive(".confirm", context)
    assert ("hung up" not in leg.heard) is joined
    assert list(leg.presses) == ["end"]


def test_a_caller_is_handed_up_once_and_to_one_number() -> None:
    plan, site = read(PLAN, SITE)
    files = freeswitch.emit(Unproved(plan, ()), site)
    calling = machine(files, plan)
    operator = plan.steps["reception"]
    assert isinstance(operator, Operator)
    assert operator.supervisor is not None
    up = attrs.evolve(operator, items=(Stage((operator.supervisor,), SUPERVISOR_RINGS),))
    answered = Happens(Outcome.ANSWERED, 5)
    calling.acts.extend([(Point(operator, 0), answered), (Point(up, 0), Happens(Outcome.NO_ANSWER))])
    calling.acts.append((Point(operator, 0), answered))
    calling.call("+48221234567", files["dialc-office.entry.xml"].replace(".line-1 ", ".begin "))
    calling.variables["dialc_operator"] = "reception"
    calling.variables["dialc_called"] = "+48221234567"
    context = next(iter(calling.contexts))
    calling.variables["dialc_journey"] = ""
    calling.arrive("reception.rings", context)
    calling.arrive("110", f"{context}.up-reception")
    points = [point.partition(":")[2] for point in calling.variables["dialc_journey"].split()]
    assert points[-3:] == ["reception=handed-up", "reception=handed-back", "=answered/100"]
    rings = [row for row in files["dialc-office.dialplan.xml"].splitlines() if '"bridge"' in row]
    assert [("up-reception" in row, "deny_refer_requests=true" in row) for row in rings if "dialc_who=100" in row] == [
        (False, True),
        (True, False),
    ]
    assert all("deny_refer_requests=true" in row for row in rings if "dialc_who=100" not in row)


# Keys


LINES = 'line "+48 22 123 45 67" -> start'
DESKS = (
    PLAN.replace(LINES, f'{LINES}\nline "+48 22 123 45 71" to "+48 22 123 45 72" -> desks')
    .replace('key 2 "customers" -> customer', "direct desks")
    .replace("route sorry", "extensions desks { 301, 312  ring for 15s }\n\nroute sorry")
    .replace("2028-12-31", "2026-12-31")
)
"""The same plan with a row of extensions, which a menu offers and a line dials."""


@pytest.mark.parametrize(
    ("heard", "point"),
    [
        ("1", "main=key-1"),
        ("19", "main=key-1"),
        ("0#", "main=key-0"),
        ("301", "main=extension-desks"),
        ("3015", "main=extension-desks"),
        ("300", "main=invalid"),
        ("unfinished", "main=invalid"),
        ("*", "main=invalid"),
        ("", "main=silence"),
    ],
)
def test_what_was_heard_in_one_breath_counts_up_to_where_it_means_something(heard: str, point: str) -> None:
    plan, site = read(DESKS, SITE.replace("100-299", "100-399"))
    calling = machine(freeswitch.emit(Unproved(plan, ()), site), plan)
    calling.variables |= {"dialc_key": heard} if heard else {}
    found = calling.hunted("main.2.heard")
    assert [data.rpartition(":")[2] for application, data in found if "dialc_journey" in data] == [point]


@pytest.mark.parametrize(
    ("entered", "ended", "point"),
    [
        ("12345", False, "customer=accept-customers"),
        ("123456", False, "customer=accept-customers"),
        ("12345#", False, "customer=accept-customers"),
        ("1234", True, "customer=invalid"),
        ("12#45", False, "customer=invalid"),
        ("*2345", False, "customer=invalid"),
        ("", True, "customer=invalid"),
        ("", False, "customer=silence"),
    ],
)
def test_an_entry_ends_where_the_language_says_so(entered: str, ended: bool, point: str) -> None:
    plan, site = read(PLAN, SITE)
    calling = machine(freeswitch.emit(Unproved(plan, ()), site), plan)
    calling.variables |= {"dialc_entered": entered} if entered else {}
    calling.variables |= {"read_terminator_used": "#"} if ended else {}
    found = calling.hunted("customer.2.heard")
    while "dialc_journey" not in " ".join(data for _, data in found):
        for application, data in found:
            if application == "set":
                name, _, value = data.partition("=")
                calling.variables[name] = value
        found = calling.hunted("customer.2.heard")
    assert [data.rpartition(":")[2] for _, data in found if "dialc_journey" in data] == [point]


@given(st.data())
@SLOW
def test_numbers_can_be_dialled_as_the_walker_dials_them(data: st.DataObject) -> None:
    plan, site = read(DESKS, SITE.replace("100-299", "100-399"))
    files = freeswitch.emit(Unproved(plan, ()), site)
    walked, recorded = made(plan, files, data.draw(calls(plan)))
    assert recorded == walked
