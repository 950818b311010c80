"""The objects for a 3CX: as a person reads them, and what a call is to whoever is sent through them."""

import csv
import datetime
import json
import os
import re
import xml.etree.ElementTree as ET
import zoneinfo
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dialc import compile, find_backend, judge, read_site
from dialc.call import experience
from dialc.cli.reading import beside
from dialc.emit import threecx
from dialc.emit.threecx import confirmed
from dialc.emit.threecx.mistakes import MISTAKES, PLAN, SITE
from dialc.findings import Finding
from dialc.mistakes import Mistake
from dialc.parse import parse
from dialc.plan import Branch, DatedException, Hours, Plan, Prompt, Schedule, Step, Unproved, Verified
from dialc.resolve import resolve, resolve_site
from dialc.site import Site, default
from dialc.source import Source
from dialc.testing import Conformance, Written, broken_plans, conformance, plans
from dialc.testing.conformance import HOSTILE
from dialc.testing.when import instants
from tests import switchboard
from tests.switchboard import Switchboard, World, met, sayable
from tests.test_examples import ELSEWHERE, SITES

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden" / "3cx" / "vet"
SLOW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def site_of(text: str) -> Site:
    site, findings = read_site(Source("a.site", text))
    assert site is not None, findings
    return site


DRAWN = site_of(switchboard.SITE)


# The example


def example_files() -> Mapping[str, str]:
    folder = ROOT / "examples"
    site = site_of((folder / "krakow.site").read_text(encoding="utf-8"))
    plan = Source("vet.dial", (folder / "vet.dial").read_text(encoding="utf-8"))
    compiled = compile(plan, site, target="3cx")
    assert compiled.findings == ()
    return compiled.files


@pytest.mark.parametrize("file", threecx.FILES)
def test_golden_vet(file: str) -> None:
    path = GOLDEN / f"dialc-vet.{file}"
    text = re.sub(r"(?<=the library holidays )\S+(?= knows)", "…", example_files()[path.name])
    if os.environ.get("DIALC_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_golden_holds_nothing_else() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"dialc-vet.{file}" for file in threecx.FILES}


def test_the_files_and_the_page_say_what_was_never_tried() -> None:
    page = (ROOT / "docs" / "backends" / "3cx.rst").read_text(encoding="utf-8")
    flat = " ".join(page.replace("``", "").replace("\\*", "*").split())
    files = example_files()
    said = (*confirmed.SEEN, *confirmed.INFERRED, *confirmed.LACKING, *confirmed.TRUSTED)
    for text in (flat, files["dialc-vet.3cx.xml"], files["dialc-vet.3cx-sheet.txt"]):
        assert [sentence for sentence in said if sentence not in text] == []
    for text in (flat, *files.values()):
        assert confirmed.STATEMENT in text


WIDE = """site wide for 3cx 20 {
  trunk provider { delivers plus  extension 10000 }
  phones 10-99 dial contacts
  phones 100-699 dial contacts
  numbers 700-999
}
"""


@pytest.mark.parametrize("name", [*SITES, *ELSEWHERE])
def test_the_page_says_with_what_an_example_is_refused(name: str) -> None:
    path = ROOT / "examples" / f"{name}.dial"
    verdict = judge(Source(path.name, path.read_text(encoding="utf-8")), beside(str(path))).verdict
    assert verdict is not None
    found = threecx.refusals(verdict.plan, site_of(WIDE))
    page = (ROOT / "docs" / "backends" / "3cx.rst").read_text(encoding="utf-8")
    row = re.search(rf"   \* - ``{path.name}``\n     - (.*)\n", page)
    assert sorted({finding.code for finding in found}) == (re.findall(r":ref:`(D\d+)`", row[1]) if row else [])


# What is refused


def read(plan: str, site: str) -> tuple[Plan, Site]:
    file, _ = parse(Source("a.dial", plan))
    found, wrong = resolve(file)
    assert found is not None, wrong
    file, _ = parse(Source("a.site", site))
    place, wrong = resolve_site(file)
    assert place is not None, wrong
    return found, place


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.code)
def test_a_mistake_is_found_where_it_is_and_nowhere_else(mistake: Mistake) -> None:
    assert isinstance(mistake.bad, str)
    assert isinstance(mistake.good, str)
    plan, site = (PLAN, mistake.bad) if mistake.of_site else (mistake.bad, SITE)
    findings = threecx.refusals(*read(plan, site))
    assert {finding.code for finding in findings} == {mistake.code}
    assert all(finding.place.end > finding.place.start and finding.caller and finding.help for finding in findings)
    assert all(len(finding.message) <= 100 and not finding.message.endswith(".") for finding in findings)
    assert not threecx.refusals(*read(*((PLAN, mistake.good) if mistake.of_site else (mistake.good, SITE))))


def test_every_code_has_a_page() -> None:
    folder = Path(threecx.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py") if path.stem != "mistakes")
    codes = {mistake.code for mistake in MISTAKES}
    assert set(re.findall(r'"(D4\d\d)"', sources)) == codes
    page = (ROOT / "docs" / "backends" / "3cx.rst").read_text(encoding="utf-8")
    assert set(re.findall(r":ref:`(D4\d\d)`", page)) == codes


def edited(*edits: tuple[str, str], site: str = SITE) -> list[str]:
    """The codes of what is found in the plan after edits, and the first words of each finding."""
    plan = PLAN
    for old, new in edits:
        assert old in plan
        plan = plan.replace(old, new)
    return [f"{finding.code} {finding.message}" for finding in threecx.refusals(*read(plan, site))]


CLOSED = '  closed 2026-12-24 to 2026-12-26 "Christmas"\n'
START = "  when opening open -> main\n"
SALES = "ring sales { ring 101, 102 for 10s }"
KEY = '  key 1 "sales" -> sales\n'
OTHER_HOURS = "hours other { mon-sun 10:00-12:00 }\n"


@pytest.mark.parametrize(
    ("edits", "found"),
    [
        ([("operator reception {\n", "operator reception {\n  play pardon\n")], "D471 `reception` plays a prompt"),
        (
            [(SALES, "bot sales { phone 250  limit 60s  key 0 -> reception }")],
            "D472 no object of a 3CX is for a machine",
        ),
        (
            [(SALES, "lookup sales { ask crm for 3s  answer vip -> reception }")],
            "D472 no object of a 3CX is for asking a",
        ),
        (
            [(SALES, "collect sales { play pardon  digits 4  accept any -> reception }")],
            "D472 no object of a 3CX is for a",
        ),
        ([('  key 1 "sales"', '  key # "sales"')], "D473 the menus of a 3CX do not hear the key #"),
        (
            [('  key 1 "sales" -> sales\n', "  key 1 -> sales\n  direct staff\n"), ("230-239", "430-439")],
            "D473 numbers of `staff` are dialled",
        ),
        ([("  key * -> reception\n", "  key * -> reception  full -> message  callers at most 5\n")], "D474 `service`"),
        (
            [
                (START, "  when opening open -> main\n  when other open -> sales\n"),
                ("hours op", OTHER_HOURS + "hours op"),
            ],
            "D476 one line asks for",
        ),
        (
            [
                (CLOSED, CLOSED + '  closed 2026-12-28 "Fair"\n'),
                (
                    START,
                    '  when opening closed "Christmas" -> message\n  when opening closed "Fair" -> sales\n' + START,
                ),
            ],
            "D476 on 2026-12-28, `opening` sends callers elsewhere than on other holidays",
        ),
        (
            [
                (CLOSED, CLOSED + '  open 2026-12-28 10:00-12:00 "Fair"\n'),
                (START, '  when opening open "Fair" -> sales\n' + START),
            ],
            "D476 on 2026-12-28, `opening` sends callers elsewhere while it is open",
        ),
        (
            [("hours op", "switch night { code *28  starts auto }\nhours op"), (CLOSED, "  switch night\n" + CLOSED)],
            "D476 `opening` is turned by a switch",
        ),
        (
            [
                ('line "+48 22 123 45 67" -> start', 'line "+48 22 123 45 67" refuses pests -> start'),
                ("menu main", 'callers pests { "+48 22 777 00 00" }\nmenu main'),
            ],
            "D472 +48221234567 refuses callers",
        ),
        ([("left -> bye  nothing-left -> bye", "left -> bye  nothing-left -> sales")], "D483 a call goes on behind"),
        (
            [
                (
                    "mailbox message",
                    "mailbox other { box 190  left -> bye  nothing-left -> bye  failed -> bye }\nmailbox message",
                )
            ],
            "D483 the mailbox 190 has another greeting",
        ),
        ([("members 201, 202", "members 201 then members 202 after 20s")], "D484 a queue of a 3CX has no members who"),
        ([("  patience 4m\n", "  patience 4m  music calm\n")], "D484 the site `office` has no music `calm`"),
        (
            [('line "+48 22 123 45 67" -> start', 'line "+48 22 123 40 00" to "+48 22 123 41 99" -> start')],
            "D480 the line has 200 numbers",
        ),
        ([(SALES, "ring sales { ring 301 for 10s }")], "D478 the site `office` has no phone 301"),
        ([("box 190", "box 390")], "D478 the site `office` has no extension 390"),
        (
            [
                ("operator reception {", "operator reception {\n  staffed opening plus 5m  unstaffed -> message"),
                ("otherwise         -> reception", "otherwise         -> sales"),
                (" -> staff", " -> reception"),
                ('"+48 22 123 45 70" to "+48 22 123 45 79"', '"+48 22 123 45 70"'),
            ],
            "D475 `opening` is kept open for 300 s more as calls come in",
        ),
    ],
)
def test_what_else_is_refused(edits: list[tuple[str, str]], found: str) -> None:
    findings = edited(*edits)
    assert [finding[: len(found)] for finding in findings if finding.startswith(found[:4])][:1] == [found]


def test_an_operator_that_nobody_finds_closed_is_written() -> None:
    staffed = ("operator reception {", "operator reception {\n  staffed opening plus 15m  unstaffed -> message")
    closed = ("otherwise         -> reception", "otherwise         -> message")
    line = ('line "+48 22 123 45 70" to "+48 22 123 45 79" -> staff\n', "")
    row = ("extensions staff { 230-239  ring for 15s }\n", "")
    assert edited(staffed, closed, line, row) == []
    assert edited((staffed[0], staffed[1].replace("15m", "1m")), closed, line, row)[0][:4] == "D475"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("  numbers 800-899\n", "", "D478 the site `office` does not say which numbers are free"),
        ("  numbers 800-899\n", "  numbers 800-802\n", "D478 the plan needs "),
        ("  extension 10000", "", "D478 the site `office` does not say by which number"),
        ("delivers plus, national  country PL", "delivers national  country DE", "D480 no trunk of the site"),
        ("dial contacts", 'dial "SIP/{number}"', "D488 a 3CX has no dial strings"),
    ],
)
def test_what_a_site_lacks(old: str, new: str, found: str) -> None:
    assert edited(site=SITE.replace(old, new))[0].startswith(found)


def test_without_a_site_nobody_knows_which_numbers_are_free() -> None:
    plan, _ = read(PLAN, SITE)
    assert [finding.code for finding in threecx.refusals(plan, default("3cx"))] == ["D478"]
    with pytest.raises(ValueError, match="D478"):
        threecx.emit(Unproved(plan, ()), default("3cx"))


def test_the_target_has_a_name_that_python_cannot_import() -> None:
    assert find_backend("3cx") is threecx
    with pytest.raises(LookupError):
        find_backend("threecx")


# Any plan


@given(st.one_of(plans(), plans(larger=True), broken_plans("C01"), sayable()))
@SLOW
def test_any_plan_is_refused_with_codes_or_holds_together(plan: Written) -> None:
    findings = threecx.refusals(plan.plan, DRAWN)
    assert {finding.code for finding in findings} <= {mistake.code for mistake in MISTAKES}
    if not findings:
        assert_holds_together(threecx.emit(Unproved(plan.plan, ()), DRAWN))


@given(sayable())
@SLOW
def test_a_plan_of_what_a_3cx_can_say_holds_together(plan: Written) -> None:
    if not is_sayable(plan):
        return
    files = threecx.emit(plan.verified, DRAWN)
    assert files == threecx.emit(attrs.evolve(plan.verified), attrs.evolve(DRAWN))
    assert_holds_together(files)


def is_sayable(plan: Written) -> bool:
    """Whether a plan is not refused; all that may be wrong with those that are drawn is that an exception opens."""
    found = {finding.code for finding in threecx.refusals(plan.plan, DRAWN)}
    assert found <= {"D476"}
    return not found


def assert_holds_together(files: Mapping[str, str]) -> None:
    """Every number that is referred to is given out, everything can be reached, and both forms say the same."""
    board = Switchboard(files, "UTC")
    first, last = DRAWN.numbers or (0, 0)
    assert all(first <= int(number) <= last for number in board.dns)
    assert len(board.dns) == sum(len(board.root.findall(f".//{kind}")) for kind in ("IVR", "RingGroup", "Queue"))
    led = {number: set(targets(element)) for number, element in board.dns.items()}
    rules = {to for rule in board.root.iter("ExternalLineRule") for to in targets(rule)}
    staff = {n for n, element in board.dns.items() if element.findtext("Name", "").endswith("supervisor")}
    ahead, reached = [*rules, *staff], set[str]()
    while ahead:
        kind = ahead.pop()
        if kind not in reached:
            reached.add(kind)
            ahead += led.get(kind, ())
    assert {number for number in reached if number in board.dns} == board.dns.keys(), "some are never reached"
    assert all(DRAWN.phone(number) for number in reached - board.dns.keys()), "some number is nobody's"
    created: set[str] = set()
    for call in board.calls:
        if call["path"] in ("/Receptionists", "/RingGroups", "/Queues"):
            number = call["body"]["Number"]
            assert led[number] - created <= set(map(str, range(100, 400))), f"{number} leads to what is not there yet"
            assert call["body"]["Name"] == board.dns[number].findtext("Name")
            assert set(numbers_in(call["body"])) == led[number]
            created.add(number)
    assert created == board.dns.keys()
    paths = [call["path"] for call in board.calls]
    assert paths == sorted(paths, key=lambda path: path == "/InboundRules"), "calls come in before all is there"


def targets(element: ET.Element) -> Iterator[str]:
    """The numbers to which an object leads, itself and its telephones aside."""
    for tag in ("TimeoutForwardDN", "ForwardDN"):
        yield from (found.text for found in element.iter(tag) if found.text)
    yield from (inside.get("DN", "") for inside in element.iter("Internal"))
    for known in element.iter("DNProperty"):
        if known.findtext("Name") == "REDIRECT_UNKNOWN_TO":
            yield known.findtext("Value", "")


def numbers_in(body: Mapping[str, Any]) -> Iterator[str]:
    """The same of the body of a call."""
    for key in ("TimeoutForwardDN", "InvalidKeyForwardDN"):
        if body.get(key):
            yield str(body[key])
    yield from (forward["ForwardDN"] for forward in body.get("Forwards", ()) if "ForwardDN" in forward)
    yield from filter(None, [body.get("ForwardNoAnswer", {}).get("Number")])


# Calls


@given(sayable(), st.data())
@SLOW
def test_callers_meet_what_the_plan_says(plan: Written, data: st.DataObject) -> None:
    """A call of the walker, and the same through the objects: the same prompts, phones, ends, in the same order."""
    if not is_sayable(plan):
        return
    zone = plan.plan.zone
    board = Switchboard(threecx.emit(plan.verified, DRAWN), zone)
    number = data.draw(st.sampled_from([n for own in plan.plan.called() for n in own]))
    at = data.draw(instants(plan.plan))
    world = World(data.draw)
    meant = list(met(plan.plan, experience(plan.plan, number, at, world.decide)))
    came = iter(world.came)
    did = {"default": "4912345"}.get(number, number.removeprefix("+"))
    assert list(board.call(did, at, lambda _met: next(came))) == meant
    assert next(came, None) is None


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=zoneinfo.ZoneInfo("Europe/Warsaw"))


@pytest.mark.parametrize(
    ("when", "way"),
    [
        ("2026-12-23 08:00:00", "101,102"),
        ("2026-12-23 15:59:59", "101,102"),
        ("2026-12-23 07:59:59", "230"),
        ("2026-12-23 16:00:00", "230"),
        ("2026-12-20 12:00:00", "230"),
        ("2026-12-24 12:00:00", "100,101"),
        ("2026-12-25 03:00:00", "100,101"),
        ("2026-12-27 00:00:00", "230"),
        ("2026-12-28 09:59:59", "101,102"),
        ("2026-12-28 10:00:00", "100,101"),
        ("2026-12-28 12:00:00", "101,102"),
        ("2026-12-28 17:00:00", "100,101"),
        ("2026-12-30 15:59:59", "101,102"),
        ("2026-12-30 16:00:00", "100,101"),
    ],
)
def test_a_line_has_three_ways(when: str, way: str) -> None:
    """While it is open, while it is closed, and on holidays; of a day with hours of its own, all but these are one."""
    days = '  closed 2026-12-28 10:00-12:00 "Christmas"\n  open 2026-12-30 08:00-16:00 "Christmas"\n'
    text = PLAN.replace(CLOSED, CLOSED + days)
    text = text.replace(START, '  when opening closed "Christmas" -> reception\n  when opening open -> sales\n')
    text = text.replace("otherwise         -> reception", "otherwise         -> night")
    text = text.replace(SALES, SALES + "\nring night { ring 230 for 9s }\n")
    plan, site = read(text, SITE)
    board = Switchboard(threecx.emit(Unproved(plan, ()), site), plan.zone)
    first = next(board.call("+48221234567", at(when), lambda _met: "answered"))
    assert first[:2] == ("rings", way)


def test_what_is_behind_a_return_is_there_for_each() -> None:
    plan, site = read(PLAN, SITE)
    board = Switchboard(threecx.emit(Unproved(plan, ()), site), plan.zone)
    keys = iter("3131")
    came = board.call("+48221234567", at("2026-12-23 12:00"), lambda m: next(keys) if m[0] == "asks" else "answered")
    prompts = [each[1] for each in came if each[0] in ("asks", "rings")]
    main, where = "office-welcome.office-choices.wav", "office-address.wav"
    assert prompts == [main, where, main, where, "100,101"]


@pytest.mark.parametrize(
    ("pressed", "rung"),
    [
        (["silence", "silence"], "100,101"),
        (["5", "silence"], "101,102"),
        (["9", "silence"], "101,102"),
        (["silence", "9"], "101,102"),
        (["silence", "5"], "100,101"),
        (["5", "5"], "100,101"),
        (["*", "1"], "101,102"),
    ],
)
def test_who_has_pressed_something_is_told_from_who_has_not(pressed: list[str], rung: str) -> None:
    plan, site = read(PLAN.replace(KEY, KEY + "  key 9 repeat\n  undecided -> sales\n"), SITE)
    board = Switchboard(threecx.emit(Unproved(plan, ()), site), plan.zone)
    keys = iter(pressed)
    came = board.call("+48221234567", at("2026-12-23 12:00"), lambda m: next(keys) if m[0] == "asks" else "answered")
    assert [each[1] for each in came if each[0] == "rings"] == [rung]


# Words and records


def saying(plan: Plan, one: str, other: str) -> Plan:
    """A plan with other words in every place for words."""

    def prompt(prompt: Prompt) -> Prompt:
        return attrs.evolve(prompt, texts=(("en", one),))

    def dated(exception: DatedException) -> DatedException:
        return attrs.evolve(exception, reason=one, also=(other, exception.reason))

    def dates(hours: Schedule) -> Schedule:
        return (
            attrs.evolve(hours, exceptions=tuple(map(dated, hours.exceptions))) if isinstance(hours, Hours) else hours
        )

    def step(step: Step) -> Step:
        return attrs.evolve(step, hours=dates(step.hours)) if isinstance(step, Branch) else step

    hours = {name: dates(each) for name, each in plan.hours.items()}
    steps = {name: step(each) for name, each in plan.steps.items()}
    prompts = {name: prompt(each) for name, each in plan.prompts.items()}
    return attrs.evolve(plan, title=other, hours=hours, steps=steps, prompts=prompts, digest="")


@given(HOSTILE, HOSTILE)
@SLOW
@example("]]>", "<!--#exec cmd='id'-->")
@example("--", "---->")
@example("&amp;\u202e", '"},{"')
@example("\x00\ud800\ufffe", "\n# x\n")
def test_text_stays_text(one: str, other: str) -> None:
    plan, site = read(PLAN, SITE)
    plain = threecx.emit(Unproved(saying(plan, "plain", "text"), (Finding("C01", "plain"),)), site)
    hostile = threecx.emit(Unproved(saying(plan, one, other), (Finding("C01", one, help=other),)), site)
    assert structure(hostile) == structure(plain)
    for text in hostile.values():
        assert all(character == "\n" or character.isprintable() for character in text)


def structure(files: Mapping[str, str]) -> list[object]:
    """What a machine reads of the files, without the names of holidays and what files say of themselves."""
    xml, calls, sheet, table = files.values()
    body = json.loads(calls)["calls"]
    for call in body:
        call["body"].pop("Name", None) if call["path"] == "/Holidays" else None
    root = ET.fromstring(xml)
    for holiday in root.iter("OfficeHoliday"):
        for name in holiday.findall("Name"):
            holiday.remove(name)
    rows = list(csv.reader(row for row in table.splitlines() if not row.startswith("#")))
    return [ET.canonicalize(ET.tostring(root, "unicode")), body, len(sheet.splitlines()), rows]


def test_a_record_that_lies_is_not_believed() -> None:
    plan, site = read(PLAN, SITE)
    files = threecx.emit(Unproved(plan, ()), site)
    assert threecx.documented(plan, files) == ()
    table = "dialc-office.3cx-journeys.csv"
    for old, new in (
        ("service,timeout,", "service,timeout,9"),
        ("main,key 1,", "main,key 4,"),
        ("\nmain,silence,", "\nmain,silence,,never\n#"),
        ("service,answered,", "service,answered,999"),
        ("reception,handed-up,staff,", "reception,handed-up,staff,9"),
    ):
        assert old in files[table]
        lying = files | {table: files[table].replace(old, new)}
        assert {finding.code for finding in threecx.documented(plan, lying)} == {"C20"}, old
    broken = files | {"dialc-office.3cx.xml": "<PhoneSystem>"}
    assert {finding.code for finding in threecx.documented(plan, broken)} == {"C20"}


SUITE = [name for name in vars(Conformance) if name.startswith("test_")]


@pytest.mark.parametrize("test", SUITE)
def test_it_passes_the_suite_for_backends(test: str) -> None:
    """With plans that it can say, of which few are drawn for all backends."""
    body = getattr(Conformance, test).hypothesis.inner_test
    words = body.__code__.co_argcount - 2
    suite = conformance(find_backend("3cx"), DRAWN)()

    @given(st.tuples(sayable(rude=test.endswith("say_so_first")), *[HOSTILE] * words))
    @settings(SLOW, max_examples=10)
    def passes(drawn: tuple[Written, *tuple[str, ...]]) -> None:
        if is_sayable(drawn[0]):
            body(suite, *drawn)

    passes()


def test_an_unproved_plan_says_so_first() -> None:
    plan, site = read(PLAN, SITE)
    judged = judge(Source("a.dial", PLAN))
    assert not isinstance(judged.verdict, Verified)
    for text in threecx.emit(Unproved(plan, judged.findings), site).values():
        assert "UNPROVED" in text.partition("\n")[0]
        assert "C15" in text
