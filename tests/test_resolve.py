"""Syntax to plans and sites: what each construct means, and what is wrong with names and values."""

import datetime
import random
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialc import calendar
from dialc.beside import Beside, Missing
from dialc.called import Numbers
from dialc.callers import Callers
from dialc.digits import Check, Digits
from dialc.findings import Finding, Severity
from dialc.mistakes import PLAN, SITE
from dialc.numbers import Form
from dialc.parse import parse
from dialc.plan import (
    Accept,
    Again,
    Announcement,
    Answer,
    Bot,
    Branch,
    ByCaller,
    Choice,
    Collect,
    DatedException,
    Direct,
    Exemption,
    Exit,
    Extension,
    Extensions,
    HangUp,
    Hours,
    Label,
    Line,
    Lookup,
    Mailbox,
    Menu,
    Offers,
    Operator,
    Outcome,
    Outside,
    Period,
    Plan,
    Play,
    PromisesCallBy,
    PromisesCallWithin,
    PromisesWait,
    Purpose,
    Queue,
    Record,
    Repeat,
    Reply,
    Ring,
    Says,
    SigningIn,
    Span,
    Stage,
    StatesUsual,
    Step,
    Strategy,
    Telling,
    Tier,
)
from dialc.resolve import resolve, resolve_site
from dialc.site import Box, Installation, Mailboxes, PhoneRange, Site, Trunk
from dialc.source import Source
from tests.plans import block

ROOT = Path(__file__).parent.parent
CLINIC_TEXT = (ROOT / "examples" / "clinic.dial").read_text(encoding="utf-8")
WARSAW_TEXT = (ROOT / "examples" / "warsaw.site").read_text(encoding="utf-8")


def resolved(text: str) -> tuple[Plan | None, tuple[Finding, ...]]:
    file, findings = parse(Source("office.dial", text))
    assert findings == ()
    return resolve(file)


def plan_of(text: str) -> Plan:
    """The plan of a text about which nothing but warnings is found."""
    plan, findings = resolved(text)
    assert [finding for finding in findings if finding.severity is Severity.ERROR] == []
    assert plan is not None
    return plan


def with_blocks(blocks: str) -> Plan:
    """The plan of the catalogue with more blocks."""
    return plan_of(PLAN + blocks)


def steps(blocks: str, name: str) -> Mapping[str, Step]:
    """The steps that a block of this name becomes."""
    found = with_blocks(blocks).steps
    return {key: step for key, step in found.items() if key.partition("-")[0] == name}


def told(text: str, *, site: bool = False) -> list[tuple[str, str]]:
    """The codes of all findings, and what they point at."""
    file, findings = parse(Source("office.dial", text))
    assert findings == ()
    _, more = resolve_site(file) if site else resolve(file)
    return [(finding.code, finding.place.source.text[finding.place.start : finding.place.end]) for finding in more]


# Whole files


QUEUE = [
    *("answered -> PERSON", "key 0 -> reception", "timeout -> reception", "empty -> reception"),
    "failure -> reception",
]


def ways(plan: Plan) -> dict[str, list[str]]:
    """The ways out of each step."""
    return {
        name: [f"{exit.label} -> {exit.to if isinstance(exit.to, str) else exit.to.name}" for exit in step.exits()]
        for name, step in plan.steps.items()
    }


def test_the_clinic_is_what_it_says() -> None:
    plan = plan_of(CLINIC_TEXT)
    assert (plan.name, plan.title, plan.zone, plan.language) == ("clinic", "Przychodnia Zdrowie", "Europe/Warsaw", "pl")
    assert plan.valid == (datetime.date(2026, 1, 1), datetime.date(2028, 12, 31))
    assert plan.lines == (Line("+48221234567", "start"),)
    assert plan.operator == "reception"
    assert ways(plan) == {
        "reception": ["answered -> PERSON", "unstaffed -> night", "unanswered -> sorry_message"],
        "start": ["done -> start-2"],
        "start-2": ["done -> start-3"],
        "start-3": ["open -> main", "closed -> night"],
        "main": [
            *("key 1 -> registration", "key 2 -> results", "key 9 -> privacy_info", "key 0 -> reception"),
            *("silence -> reception", "silence -> reception", "invalid -> reception"),
        ],
        "registration": [QUEUE[0], "key 2 -> ring_me", *QUEUE[1:]],
        "results": QUEUE,
        "privacy_info": ["done -> reception"],
        "ring_me": ["booked -> ring_me-2", "no-number -> reception", "failed -> reception"],
        "ring_me-2": ["done -> ring_me-3"],
        "ring_me-3": ["hung-up -> HUNG_UP"],
        "night": ["done -> message"],
        "message": ["left -> message-2", "nothing-left -> sorry", "failed -> sorry"],
        "message-2": ["done -> message-3"],
        "message-3": ["hung-up -> HUNG_UP"],
        "sorry_message": ["left -> sorry_message-2", "nothing-left -> sorry", "failed -> sorry"],
        "sorry_message-2": ["done -> sorry_message-3"],
        "sorry_message-3": ["hung-up -> HUNG_UP"],
        "sorry": ["done -> sorry-2"],
        "sorry-2": ["hung-up -> HUNG_UP"],
    }
    prompts, office = plan.prompts, block(plan, "office")
    day = (span("08:00", "16:00"),)
    week = (*(day,) * 5, (span("09:00", "13:00"),), ())
    assert office.weekly == week
    holidays = {e.first for e in office.exceptions if e.holiday}
    assert {day for day in holidays if day.year == 2026 and day.month > 10} == {
        datetime.date(2026, month, day) for month, day in ((11, 1), (11, 11), (12, 24), (12, 25), (12, 26))
    }
    assert {day.year for day in holidays} == {2026, 2027, 2028}
    written = [(e.first, e.spans) for e in office.exceptions if not e.holiday]
    assert written == [
        (datetime.date(2026, 12, 31), ()),
        (datetime.date(2026, 12, 27), (span("10:00", "14:00"),)),
    ]
    assert [(c.country, c.kind.value) for c in plan.callback_to] == [("PL", "fixed"), ("PL", "mobile")]
    assert prompts["closed_now"].states_usual == StatesUsual(office, week)
    assert prompts["closed_now"].says == Says(office, False)
    assert plan.steps["reception"] == Operator(
        "reception",
        (
            Announcement(prompts["connecting"]),
            Stage((Extension("100"), Extension("101")), 15),
            Announcement(prompts["still_trying"]),
            Stage((Extension("102"), Outside("+48601000200", True)), 15),
        ),
        Period(office, 900),
        Extension("110"),
        "night",
        "sorry_message",
    )


def test_warsaw_is_what_it_says() -> None:
    assert site_of(WARSAW_TEXT) == Site(
        name="warsaw",
        target="asterisk",
        version=22,
        trunks=(Trunk("orange", tuple(Form), "PL", "anonymous", "PJSIP/{number}@orange", Form.PLUS, "+48221234567"),),
        phones=(PhoneRange(100, 299, "", "PJSIP/{number}"),),
        outside="orange",
        mailboxes=Mailboxes("clinic", True, (Box("100", "4711", "Recepcja"),)),
        sounds="clinic-pl",
        music={"clinic": "default"},
        enter=("from-orange",),
    )


def test_the_digest_is_that_of_the_text() -> None:
    assert plan_of(PLAN).digest != plan_of(PLAN + "\n").digest
    assert len(plan_of(PLAN).digest) == 64


def test_the_arrows_of_a_plan_point_at_what_was_written() -> None:
    plan = plan_of(CLINIC_TEXT)
    written = {key: place.source.text[place.start : place.end] for key, place in plan.arrows.items()}
    assert written["main", "key 2"] == "results"
    assert written["start-3", "open"] == "main"
    assert written["start-3", "closed"] == "night"
    assert written["night", "done"] == "message"
    assert ("results", "timeout") not in written
    silence = plan.arrow("main", Exit(Outcome.SILENCE, "reception"))
    assert (silence.line, silence.column) == (75, 14)
    for (name, label), place in plan.arrows.items():
        assert label in {exit.label for exit in plan.steps[name].exits()}
        assert place.source.text[place.start : place.end] in plan.steps


# Routes


def test_a_route_becomes_a_step_for_each_thing_it_does() -> None:
    found = steps("route r { answer  play welcome  play closed  hang-up }", "r")
    prompts = plan_of(PLAN).prompts
    assert list(found.values()) == [
        Answer("r", "r-2"),
        Play("r-2", prompts["welcome"], "r-3"),
        Play("r-3", prompts["closed"], "r-4"),
        HangUp("r-4"),
    ]


def test_branches_are_asked_in_order_and_otherwise_is_no_step() -> None:
    more = "hours late { mon 16:00-20:00 }\n"
    found = steps(f"{more}route r {{ when opening open -> main  when late closed -> sales  otherwise -> night }}", "r")
    plan = with_blocks(more)
    assert list(found.values()) == [
        Branch("r", plan.hours["opening"], opened="main", closed="r-2"),
        Branch("r-2", plan.hours["late"], opened="night", closed="sales"),
    ]


def test_a_branch_without_otherwise_goes_on_with_what_follows() -> None:
    found = steps("route r { when opening closed -> night  play welcome  -> main }", "r")
    assert found["r"] == Branch("r", plan_of(PLAN).hours["opening"], opened="r-2", closed="night")
    assert found["r-2"] == Play("r-2", plan_of(PLAN).prompts["welcome"], "main")


def test_a_route_that_ends_leads_to_the_operator() -> None:
    assert steps("route r { answer }", "r") == {"r": Answer("r", "reception")}
    assert steps("route r { when opening open -> main }", "r")["r"].exits()[1].to == "reception"


def test_a_way_back_names_any_step_and_how_often() -> None:
    found = steps("route r { play welcome  again start at most 2 then night }", "r")
    assert found["r-2"] == Again("r-2", "start", 2, "night")


def test_a_route_that_only_leads_on_is_what_it_leads_to() -> None:
    plan = with_blocks("route a { -> b }\nroute b { otherwise -> night }\nroute c { answer -> a }\n")
    assert "a" not in plan.steps
    assert "b" not in plan.steps
    assert plan.steps["c"] == Answer("c", "night")
    assert with_blocks('line "+48 22 765 43 21" -> a\nroute a { -> main }').lines[1].entry == "main"


def test_two_names_of_one_step_share_its_counter() -> None:
    blocks = (
        "route a { -> main }\nroute b { again a at most 2 then sorry }\nroute c { again main at most 3 then sorry }"
    )
    assert told(PLAN + blocks) == [("D217", "again main at most 3 then sorry")]


@pytest.mark.parametrize(
    "blocks", ["route a { }", "route a { -> a }", "route a { -> b } route b { -> c } route c { -> a }"]
)
def test_routes_that_lead_round_and_do_nothing(blocks: str) -> None:
    assert [code for code, _ in told(PLAN + blocks)] == ["D219"]


@pytest.mark.parametrize(
    ("route", "place"),
    [
        ("route r { -> main  play welcome }", "play"),
        ("route r { hang-up  -> main }", "->"),
        ("route r { when opening open -> main  otherwise -> night  otherwise -> sorry }", "otherwise"),
        ("route r { again main at most 2 then sorry  hang-up }", "hang-up"),
    ],
)
def test_nobody_gets_behind_what_leads_away(route: str, place: str) -> None:
    assert told(PLAN + route) == [("D218", place)]


# Menus, queues, rings, mailboxes, operators


def test_a_menu_has_what_was_left_out() -> None:
    plan = with_blocks("menu m { play welcome  play choices  key 1 -> sales }")
    prompts = (plan.prompts["welcome"], plan.prompts["choices"])
    assert plan.steps["m"] == Menu("m", prompts, (Choice("1", "", "sales"),), 5, 3, "reception", "reception")


def test_a_menu_has_what_was_written() -> None:
    plan = with_blocks(
        'menu m { play choices  key # "Sprzedaż" -> sales  wait 1m  tries 9  silence -> night  invalid -> sorry }'
    )
    choices = (Choice("#", "Sprzedaż", "sales"),)
    assert plan.steps["m"] == Menu("m", (plan.prompts["choices"],), choices, 60, 9, "night", "sorry")


def test_a_key_repeats_its_menu() -> None:
    menu = with_blocks(
        'menu m { play choices  key 1 -> sales  key * "again" repeat  key # repeat  undecided -> night }'
    ).steps["m"]
    assert isinstance(menu, Menu)
    assert (menu.repeats, menu.undecided) == ((Repeat("*", "again"), Repeat("#")), "night")
    assert told(PLAN + "menu m { play choices  key 1 -> sales  key 1 repeat }") == [("D205", "1")]
    assert told(PLAN + "menu m { play choices  key * repeat  key 1 -> sales  key * -> night }") == [("D205", "*")]
    assert told(PLAN + "menu m { play choices  key 1 -> repeat }") == [("D201", "repeat")]


DIRECT = """
extensions staff { 100-101, 2001  ring for 10s }
extensions doctors { 31  ring for 10s }
menu m { play choices  key 4 -> sales  direct staff  direct doctors  wait 3s  tries 2 }
"""


def test_phones_are_dialled_in_a_menu() -> None:
    plan = with_blocks(DIRECT)
    menu = plan.steps["m"]
    assert isinstance(menu, Menu)
    assert menu.direct == (Direct("staff", frozenset({"100", "101", "2001"})), Direct("doctors", frozenset({"31"})))
    # P is 3: a try is 6 s to the first key, and 3 s to each of up to three more
    assert [f"{e.label} -> {e.to} {e.shortest}-{e.longest}" for e in menu.exits()] == [
        "key 4 -> sales 0-21",
        "extension staff -> staff 0-30",
        "extension doctors -> doctors 0-24",
        "silence -> reception 12-12",
        "silence -> reception 6-21",
        "invalid -> reception 0-30",
    ]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("key 4", "key 1", [("D256", "direct staff")]),
        ("key 4", "key 4 -> main  key 2 repeat  key 5", [("D256", "direct staff")]),
        ("100-101, 2001", "100-101, 1001", [("D256", "direct staff")]),
        ("{ 31 ", "{ 10 ", [("D256", "direct staff")]),
        ("{ 31 ", "{ 101 ", [("D256", "direct staff")]),
        ("{ 31 ", "{ 10000 ", [("D256", "direct doctors")]),
        ("direct doctors", "direct staff", [("D216", "direct")]),
        ("direct doctors", "direct sales", [("D203", "sales")]),
        ("direct doctors", "direct nobody", [("D201", "nobody")]),
        ("key 4 -> sales  ", "", []),
    ],
)
def test_what_is_wrong_with_what_is_dialled(old: str, new: str, found: list[tuple[str, str]]) -> None:
    assert told(PLAN + DIRECT.replace(old, new)) == found


def test_silence_after_keys_is_an_exit_of_its_own_where_it_is_written() -> None:
    def exits(lines: str) -> list[str]:
        menu = with_blocks(f"menu m {{ play choices  key 1 -> sales  {lines}  silence -> start }}").steps["m"]
        return [f"{e.label} -> {e.to} {e.shortest}-{e.longest}, {e.pressed}" for e in menu.exits()[1:]]

    silent = "silence -> start 16-16, False"
    assert exits("tries 2") == [silent, "silence -> start 8-16, True", "invalid -> reception 0-16, True"]
    assert exits("tries 2 undecided -> night") == [
        silent,
        "undecided -> night 8-16, True",
        "invalid -> reception 0-16, True",
    ]
    assert exits("tries 1") == ["silence -> start 8-8, False", "invalid -> reception 0-8, True"]
    assert exits("key * repeat tries 2 undecided -> night") == [
        silent,
        "undecided -> night 0-16, True",
        "invalid -> reception 0-16, True",
    ]


COLLECT = """
digits customers { 1001, 007  from "customers.csv" }
collect c {
  play welcome
  digits 3 to 4  ends with #  wait 4s  tries 2
  accept customers -> sales  accept check luhn -> main  accept any -> start
  silence -> night  invalid -> sorry
}
"""


def beside(files: Mapping[str, bytes]) -> Beside:
    return lambda name: files.get(name, Missing("is not there"))


def collected(text: str, csv: bytes) -> tuple[Collect | None, list[tuple[str, str]]]:
    """The collect of a plan beside which there is a file, and the codes and places of what is found."""
    file, findings = parse(Source("office.dial", PLAN + text))
    assert findings == ()
    plan, more = resolve(file, beside({"customers.csv": csv}))
    step = plan.steps["c"] if plan else None
    assert step is None or isinstance(step, Collect)
    places = [(f.code, f.place.source.text[f.place.start : f.place.end]) for f in more]
    return step, places


def test_a_collect_has_what_was_written() -> None:
    collect, found = collected(COLLECT, b"2002\n")
    assert found == []
    assert collect is not None
    assert (collect.fewest, collect.most, collect.ends, collect.wait, collect.tries) == (3, 4, True, 4, 2)
    assert [(a.what, a.to) for a in collect.accepts] == [
        (Digits("customers", frozenset({"1001", "007", "2002"})), "sales"),
        (Check.LUHN, "main"),
        (None, "start"),
    ]
    # P is 2: a try is 6 s to the first key, 4 s to each of up to four more, the last of which is waited for
    assert [f"{e.label} -> {e.to} {e.shortest}-{e.longest}" for e in collect.exits()] == [
        "accept customers -> sales 0-44",
        "accept luhn -> main 0-44",
        "accept any -> start 0-44",
        "silence -> night 12-12",
        "silence -> night 6-28",
        "invalid -> sorry 0-44",
    ]


def test_a_collect_has_what_was_left_out() -> None:
    collect, found = collected("collect c { play welcome  digits 2  accept any -> sales }", b"")
    assert found == []
    assert collect is not None
    assert collect == Collect(
        *("c", collect.prompts, 2, 2, False, 5, 3),
        *((Accept(None, "sales"),), "reception", "reception"),
    )
    assert [f"{e.label} {e.shortest}-{e.longest}" for e in collect.exits()] == [
        *("accept any 0-36", "silence 21-21", "silence 7-31", "invalid 0-36"),
    ]


@pytest.mark.parametrize(
    ("csv", "members"),
    [
        (b"", None),
        (b"customer;name\n", None),
        (b"\xff\n", None),
        (b"2002\n", {"2002"}),
        (b"number,name\r\n2002,Anna\r\n\r\n# 9\r\n3003,Jan", {"2002", "3003"}),
        (b'\xef\xbb\xbf"customer number";"x"\n"2002";"Anna; B"\n "3003"\t1\n', {"2002", "3003"}),
        (b"2002\n2002\n1001\n", {"2002"}),
    ],
)
def test_the_numbers_of_a_file_are_those_of_its_first_column(csv: bytes, members: set[str] | None) -> None:
    collect, found = collected(COLLECT, csv)
    if members is None:
        assert found == [("D257", '"customers.csv"')]
    else:
        assert found == []
        assert collect is not None
        assert collect.accepts[0].what == Digits("customers", frozenset(members | {"1001", "007"}))


def test_each_row_of_a_file_that_is_no_number_is_told_of_at_its_place() -> None:
    _, found = collected(COLLECT, b"number\n2002\nAnna\n20 03\n-1\n" + b"1" * 33)
    assert found == [("D257", row) for row in ("Anna", "20 03", "-1", "1" * 33)]
    _, found = collected(COLLECT, b"1\n" + b"x\n" * 500)
    assert len(found) == 21


@pytest.mark.parametrize("name", ["gone.csv", "../customers.csv", "/customers.csv", "", "a\\b.csv"])
def test_a_file_of_numbers_that_cannot_be_had(name: str) -> None:
    _, found = collected(COLLECT.replace("customers.csv", name), b"2002")
    assert found == [("D257", f'"{name}"')]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("digits 3 to 4", "digits 4", "accept customers -> sales"),
        ("digits 3 to 4", "digits 5 to 9", "accept customers -> sales"),
        ("accept check luhn -> main  accept any -> start", "accept any -> start  accept check luhn -> main",
         "accept check luhn -> main"),
        ("  from", ", 059, 2002  from", None),
        ("accept customers -> sales  accept check luhn -> main", "accept check luhn -> main  accept customers -> sales",
         None),
    ],
)  # fmt: skip
def test_an_accept_that_nothing_is_taken_for(old: str, new: str, place: str | None) -> None:
    _, found = collected(COLLECT.replace(old, new), b"2002")
    assert found == ([("D258", place)] if place else [])


def test_a_set_of_which_all_pass_a_check_before_it_never_gets_its_turn() -> None:
    text = COLLECT.replace("accept customers -> sales  accept check luhn -> main", "accept check luhn -> main").replace(
        "accept any -> start", "accept customers -> sales"
    )
    _, found = collected(text.replace('{ 1001, 007  from "customers.csv" }', "{ 059, 0018 }"), b"")
    assert found == [("D258", "accept customers -> sales")]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("digits 3 to 4  ends", "ends", [("D215", "c")]),
        ("play welcome\n  digits", "digits", [("D215", "c")]),
        ("digits 3 to 4", "digits 4 to 3", [("D259", "digits 4 to 3")]),
        ("digits 3 to 4", "digits 3 to 33", [("D204", "33")]),
        ("accept any", "accept check luhn", [("D216", "accept")]),
        ("accept any", "accept customers", [("D216", "accept")]),
        ("accept any", "accept sales", [("D203", "sales")]),
        ("accept any", "accept nobody", [("D201", "nobody")]),
        ("-> sales", "-> customers", [("D203", "customers")]),
        ("1001, 007", "1001, 1001", [("D216", "1001")]),
        ("1001, 007", "1001, " + 33 * "7", [("D257", 33 * "7")]),
    ],
)
def test_what_is_wrong_with_a_collect(old: str, new: str, found: list[tuple[str, str]]) -> None:
    assert collected(COLLECT.replace(old, new), b"2002")[1] == found


def test_a_set_that_nothing_accepts_and_one_without_numbers() -> None:
    assert told(PLAN + "digits d { 1 }") == [("D220", "d")]
    assert told(PLAN + "digits d { }") == [("D215", "d")]


def test_a_queue_has_what_was_left_out() -> None:
    found = steps("queue q { members 201  patience 4m }", "q")["q"]
    assert found == Queue(
        *("q", (), (Extension("201"),), Strategy.RING_ALL, 15, None, None, "", 240, 0, ()),
        *("reception", "reception", "reception", "reception"),
    )


def test_a_queue_has_what_was_written() -> None:
    plan = with_blocks(
        "queue q { play welcome  members 201, 202  in-order  ring 7s  staffed opening plus 10m  music calm "
        "announce position, wait every 30s  wrap-up 20s  patience 1h  callers at most 12  key 0 -> main "
        "timeout -> night  empty -> sorry  full -> sales  failure -> start }"
    )
    assert plan.steps["q"] == Queue(
        "q",
        (plan.prompts["welcome"],),
        (Extension("201"), Extension("202")),
        Strategy.IN_ORDER,
        7,
        Period(plan.hours["opening"], 600),
        Telling(30, position=True, wait=True),
        "calm",
        3600,
        12,
        (Choice("0", "", "main"),),
        "night",
        "sorry",
        "sales",
        "start",
        20,
    )


@pytest.mark.parametrize(("told", "position", "wait"), [("position", True, False), ("wait", False, True)])
def test_those_who_wait_are_told_what_is_written(told: str, position: bool, wait: bool) -> None:
    found = steps(f"queue q {{ members 201  patience 4m  announce {told} every 1m }}", "q")["q"]
    assert isinstance(found, Queue)
    assert found.announce == Telling(60, position, wait)


def test_members_can_take_part_later() -> None:
    found = steps("queue q { members 201, 202  then members 203 after 20s  members 204 after 1m  patience 4m }", "q")[
        "q"
    ]
    assert isinstance(found, Queue)
    assert found.members == (Extension("201"), Extension("202"))
    assert found.tiers == (Tier((Extension("203"),), 20), Tier((Extension("204"),), 60))
    assert found.everybody == (*found.members, Extension("203"), Extension("204"))
    assert [found.joins(number) for number in ("201", "203", "204")] == [0, 20, 60]


@pytest.mark.parametrize(
    ("members", "findings"),
    [
        ("members 201  members 202", [("D261", "members")]),
        ("members 201  then members 202", [("D261", "then")]),
        ("members 201 after 20s", [("D261", "20s")]),
        ("members 201  then members 202 after 20s  then members 203 after 20s", [("D261", "20s")]),
        ("members 201  then members 202 after 30s  then members 203 after 20s", [("D261", "20s")]),
        ("members 201  then members 202 after 4m", [("D262", "4m")]),
        ("members 201  then members 202 after 0s", [("D204", "0s")]),
        ("members 201, 202  then members 203, 201 after 20s", [("D216", "201")]),
    ],
)
def test_members_take_part_in_order(members: str, findings: list[tuple[str, str]]) -> None:
    assert told(PLAN.replace("members 201, 202", members)) == findings


def test_members_can_sign_in() -> None:
    found = steps("queue q { members sign in with *31 out with *32 among 211-213, 220  patience 4m }", "q")["q"]
    assert isinstance(found, Queue)
    among = tuple(Extension(number) for number in ("211", "212", "213", "220"))
    assert found.signing == SigningIn("*31", "*32", among)
    assert (found.members, found.tiers, found.everybody) == ((), (), among)
    rows = "members sign in with *31 out with *32 among 211  then members 203 after 20s"
    both = steps(f"queue q {{ {rows}  patience 4m }}", "q")["q"]
    assert isinstance(both, Queue)
    assert (both.members, both.tiers) == ((), (Tier((Extension("203"),), 20),))


SIGN_IN = "members sign in with *31 out with *32"


@pytest.mark.parametrize(
    ("members", "findings"),
    [
        ("members sign in with *31 out with *31 among 211", [("D264", "*31")]),
        ("members sign in with *31 out with *32 among 211-213, 212", [("D216", "212")]),
        ("members sign in with *31 out with *32 among 213-211", [("D230", "213-211")]),
        ("members 211  members sign in with *31 out with *32 among 211-213", [("D216", "211")]),
        (
            "members sign in with *3 out with *4 among 211  members sign in with *3 out with *4 among 212",
            [("D216", "members")],
        ),
    ],
)
def test_who_signs_in_stands_once_and_with_two_codes(members: str, findings: list[tuple[str, str]]) -> None:
    assert told(PLAN.replace("members 201, 202", members)) == findings


def test_a_code_signs_in_or_out_in_all_queues() -> None:
    text = PLAN.replace("members 201, 202", "members sign in with *31 out with *32 among 211")
    other = "queue other {{ members sign in with {} out with {} among 212  patience 1m }}\n\nprompt welcome"
    assert told(text.replace("prompt welcome", other.format("*31", "*32"), 1)) == []
    crossed = told(text.replace("prompt welcome", other.format("*33", "*31"), 1))
    assert crossed == [("D264", "*31")]
    switch = "switch late { code *32  starts off }\n\nprompt welcome"
    assert ("D264", "*32") in told(text.replace("prompt welcome", switch, 1))


def test_a_queue_closes_with_the_hours_of_its_staff() -> None:
    found = steps("queue q { members 201  patience 4m  staffed opening plus 5m  closing -> night }", "q")["q"]
    assert isinstance(found, Queue)
    assert found.closing == "night"
    closing = [(exit.shortest, exit.longest) for exit in found.exits() if exit.label == "closing"]
    assert closing == [(0, 0), (0, 240)]
    assert told(PLAN.replace("patience 4m", "patience 4m  closing -> night")) == [("D215", "night")]


def test_a_label_is_kept_as_it_is_shown() -> None:
    found = steps('route r { label "VIP  Łódź 1/2"  play closed -> sorry }', "r")
    assert found["r"] == Label("r", "VIP Łódź 1/2", "r-2")


@pytest.mark.parametrize(
    "text", ["", " ", "a" * 25, "a,b", "a;b", "${X}", "$[1]", "a=b", "<1>", "a|b", "(x)", "a\\b", "a&b"]
)
def test_a_label_holds_nothing_that_means_something(text: str) -> None:
    assert told(PLAN.replace("answer\n", f'answer\n  label "{text}"\n')) == [("D263", f'"{text}"')]


def test_a_ring_has_stages_and_outcomes() -> None:
    blocks = """
      ring r {
        ring 301, 302 for 20s
        then ring "+48 601 000 200", "+48 (601) 000-201" confirm for 15s
        then ring "+48 601 000 202" without confirm because "door phone" for 5s
        busy -> main  no-answer -> night
      }
    """
    stages = (
        Stage((Extension("301"), Extension("302")), 20),
        Stage((Outside("+48601000200", True), Outside("+48601000201", True)), 15),
        Stage((Outside("+48601000202", False, "door phone"),), 5),
    )
    assert steps(blocks, "r")["r"] == Ring("r", stages, "main", "night", "reception", "reception")


def test_a_transfer_is_a_ring_of_one_phone_outside() -> None:
    blocks = """
      transfer lawyer { to "+48 601 000 200" for 30s  busy -> main  declined -> night }
      transfer pager  { to "+48 601 000 201" without confirm because "no mailbox" for 20s }
    """
    lawyer = Stage((Outside("+48601000200", True),), 30)
    assert steps(blocks, "lawyer")["lawyer"] == Ring("lawyer", (lawyer,), "main", "reception", "reception", "night")
    pager = Stage((Outside("+48601000201", False, "no mailbox"),), 20)
    ways = ("reception", "reception", "reception", "reception")
    assert steps(blocks, "pager")["pager"] == Ring("pager", (pager,), *ways)


TO = 'to "+48 601 000 200" for 30s'


@pytest.mark.parametrize(
    ("items", "findings"),
    [
        ("busy -> main", [("D215", "lawyer")]),
        (f"{TO}  {TO}", [("D216", "to")]),
        (f"{TO}  busy -> main  busy -> sorry", [("D216", "busy")]),
        ('to "601 000 200" for 30s', [("D212", '"601 000 200"')]),
        (TO.replace("30s", "0s"), [("D204", "0s")]),
        (f"{TO}  busy -> nowhere", [("D201", "nowhere")]),
    ],
)
def test_a_transfer_goes_to_one_number_in_full(items: str, findings: list[tuple[str, str]]) -> None:
    assert told(f"{PLAN}transfer lawyer {{ {items} }}") == findings


NOTICE = 'prompt privacy { file a/b  en "Recorded."  lasts 2s  notice }\n'


def test_a_call_is_recorded_from_there_on() -> None:
    found = steps(f"route r {{ play privacy  record -> main }}\n{NOTICE}", "r")
    assert found["r-2"] == Record("r-2", "main")


@pytest.mark.parametrize(
    ("route", "findings"),
    [
        ("record -> main", [("D275", "record")]),
        ("play welcome  record -> main", [("D275", "record")]),
        ("record  play privacy -> main", [("D275", "record")]),
        ("play nothing  record -> main", [("D201", "nothing")]),
        ("play privacy  record  record -> main", [("D216", "record")]),
        ("play privacy  play welcome  when opening open -> main  record", []),
    ],
)
def test_callers_are_told_before_they_are_recorded(route: str, findings: list[tuple[str, str]]) -> None:
    found = told(f"{PLAN}route r {{ {route} }}\n{NOTICE}")
    assert [finding for finding in found if finding[0] != "D220"] == findings


def test_the_prompt_that_gives_notice_is_offered_as_the_cure() -> None:
    file, _ = parse(Source("office.dial", f"{PLAN}route r {{ record -> main }}\n{NOTICE}"))
    (finding,) = resolve(file)[1]
    assert finding.help == "write `play privacy` before it"


def test_a_bot_has_ways_to_people_whatever_was_left_out() -> None:
    assert steps("bot b { phone 900  limit 1m }", "b")["b"] == Bot(
        "b", Extension("900"), 5, 60, Choice("0", "", "reception"), "reception", "reception", "reception"
    )


def test_a_bot_has_what_was_written() -> None:
    blocks = 'bot b { phone 900  limit 30s  key 0 "a person" -> main  over -> night  limit -> sorry  failed -> sales }'
    assert steps(blocks, "b")["b"] == Bot(
        "b", Extension("900"), 5, 30, Choice("0", "a person", "main"), "night", "sorry", "sales"
    )


@pytest.mark.parametrize(
    ("items", "findings"),
    [
        ("phone 900", [("D215", "b")]),
        ("limit 30s", [("D215", "b")]),
        ("phone 900  limit 0s", [("D204", "0s")]),
        ("phone 90000000000  limit 30s", [("D212", "90000000000")]),
        ("phone 900  limit 30s  limit 40s", [("D216", "limit")]),
        ("phone 900  limit 30s  over -> main  over -> night", [("D216", "over")]),
        ("phone 900  limit 30s  key 1 -> main", [("D276", "1")]),
        ("phone 900  limit 30s  key 0 -> main  key 1 -> main", [("D276", "1")]),
        ("phone 900  limit 30s  key 0 -> main  key 0 -> night", [("D205", "0")]),
        ("phone 100  limit 30s", [("D277", "100")]),
        ("phone 201  limit 30s", [("D277", "201")]),
    ],
)
def test_what_is_wrong_with_a_bot(items: str, findings: list[tuple[str, str]]) -> None:
    assert told(f"{PLAN}bot b {{ {items} }}") == findings


def test_a_lookup_has_what_was_written_and_left_out() -> None:
    blocks = "lookup l { ask crm for 3s  answer vip -> main  answer known -> sales  timeout -> night }"
    replies = (Reply("vip", "main"), Reply("known", "sales"))
    assert steps(blocks, "l")["l"] == Lookup("l", "crm", 3, replies, "reception", "night")
    assert ways(with_blocks(blocks))["l"] == [
        *("answer vip -> main", "answer known -> sales", "failed -> reception", "timeout -> night")
    ]


@pytest.mark.parametrize(
    ("items", "findings"),
    [
        ("ask crm for 3s", [("D215", "l")]),
        ("answer vip -> main", [("D215", "l")]),
        ("ask crm for 3s  ask crm for 4s  answer vip -> main", [("D216", "ask")]),
        ("ask crm for 0s  answer vip -> main", [("D204", "0s")]),
        ("ask crm for 3s  answer vip -> main  answer vip -> sales", [("D216", "answer")]),
        ("ask crm for 3s  answer vip -> main  failed -> main  failed -> night", [("D216", "failed")]),
        (f"ask crm for 3s  answer {'v' * 41} -> main", [("D278", "v" * 41)]),
        ("ask crm for 3s  answer vip -> nowhere", [("D201", "nowhere")]),
    ],
)
def test_what_is_wrong_with_a_lookup(items: str, findings: list[tuple[str, str]]) -> None:
    assert told(f"{PLAN}lookup l {{ {items} }}") == findings


@pytest.mark.parametrize(
    ("address", "findings"),
    [
        ("https://crm.example/caller", []),
        ("https://user:secret@crm.example:8443/a/b?key=x%20y&z=1", ["D224"]),
        ("https://crm.example/caller?key=abc&", []),
        ("http://192.168.1.20:8080/caller", []),
        ("http://localhost/caller", []),
        ("http://127.0.0.1/caller", []),
        ("http://crm.example/caller", ["D279"]),
        ("http://8.8.8.8/caller", ["D279"]),
        ("http://localhost.example/caller", ["D279"]),
        ("http://10.0.0.1.example/caller", ["D279"]),
        ("ftp://crm.example/caller", ["D224"]),
        ("https://crm.example/a b", ["D224"]),
        ("https://crm.example/${SHELL(id)}", ["D224"]),
        ("https://crm.example/a,b", ["D224"]),
        ("https://crm.example/a;b", ["D224"]),
        ("https://crm.example/#there", ["D224"]),
        ("https://", ["D224"]),
    ],
)
def test_a_service_is_where_nobody_can_listen(address: str, findings: list[str]) -> None:
    text = SITE.replace("  phones", f'  service crm "{address}"\n  phones')
    assert [code for code, _ in told(text, site=True)] == findings


def test_a_service_has_one_address() -> None:
    twice = '  service crm "https://a.example"\n  service crm "https://b.example"\n  phones'
    assert told(SITE.replace("  phones", twice), site=True) == [("D216", "crm")]


def test_phones_in_order_are_a_stage_each() -> None:
    blocks = """
      ring r { ring 301, "+48 601 000 200" in order for 10s each  then ring 302, 303 for 15s }
      operator o { ring 301, 302 in order for 10s each  unanswered -> sorry }
    """
    plan = plan_of(PLAN.replace("operator reception {", "operator reception default {") + blocks)
    ring, operator = plan.steps["r"], plan.steps["o"]
    assert isinstance(ring, Ring)
    assert isinstance(operator, Operator)
    mobile, both = Outside("+48601000200", True), (Extension("302"), Extension("303"))
    assert ring.stages == (Stage((Extension("301"),), 10), Stage((mobile,), 10), Stage(both, 15))
    assert operator.items == (Stage((Extension("301"),), 10), Stage((Extension("302"),), 10))


def test_one_phone_has_no_order_to_ring_in() -> None:
    rung = 'ring 100, "+48 601 000 200" confirm for 15s'
    written = "ring 100 in order for 15s each"
    assert told(PLAN.replace(rung, written)) == [("D260", written)]


def test_an_operator_has_its_two_ways_out() -> None:
    blocks = """
      operator o {
        play welcome  ring 101 for 9s  play closed  then ring 102 for 8s
        staffed opening  supervisor 110  unstaffed -> night  unanswered -> sorry
      }
    """
    plan = plan_of(PLAN.replace("operator reception {", "operator reception default {") + blocks)
    welcome, closed = plan.prompts["welcome"], plan.prompts["closed"]
    assert plan.steps["o"] == Operator(
        "o",
        (Announcement(welcome), Stage((Extension("101"),), 9), Announcement(closed), Stage((Extension("102"),), 8)),
        Period(plan.hours["opening"]),
        Extension("110"),
        "night",
        "sorry",
    )
    assert plan.operator == "reception"


def test_an_operator_that_is_always_there_has_one_way_out() -> None:
    plan = plan_of(PLAN.replace("  staffed opening\n  unstaffed  -> night\n", "") + "hours late { }")
    operator = plan.steps["reception"]
    assert isinstance(operator, Operator)
    assert (operator.staffed, operator.unanswered) == (None, "sorry")
    assert {exit.to for exit in operator.exits() if isinstance(exit.to, str)} == {"sorry"}


def test_the_default_operator_can_be_any_of_several() -> None:
    second = "operator second default { ring 101 for 9s  unanswered -> sorry }"
    plan = with_blocks(second)
    menu = plan.steps["main"]
    assert isinstance(menu, Menu)
    assert plan.operator == menu.silence == "second"


def test_a_mailbox_thanks_and_ends_the_call() -> None:
    plan = with_blocks(
        "mailbox m { box 100  while closed opening  greeting welcome  then closed  up to 2m "
        "read by anna within 2 working days }"
    )
    assert {name: step for name, step in plan.steps.items() if name.partition("-")[0] == "m"} == {
        "m": Mailbox(
            *("m", "100", plan.prompts["welcome"], plan.hours["opening"], "anna", "2 working days", 120),
            *("m-2", "reception", "reception"),
        ),
        "m-2": Play("m-2", plan.prompts["closed"], "m-3"),
        "m-3": HangUp("m-3"),
    }


def test_a_mailbox_without_thanks_ends_the_call() -> None:
    mailbox = Mailbox("m", "100", None, None, "", "", 180, "m-2", "reception", "reception")
    assert steps("mailbox m { box 100 }", "m") == {"m": mailbox, "m-2": HangUp("m-2")}


def test_a_mailbox_can_lead_on() -> None:
    found = steps("mailbox m { box 100  left -> night  nothing-left -> sorry  failed -> main }", "m")
    assert found == {"m": Mailbox("m", "100", None, None, "", "", 180, "night", "sorry", "main")}
    found = steps("mailbox m { box 100  then closed  left -> night }", "m")
    assert found["m-2"] == Play("m-2", plan_of(PLAN).prompts["closed"], "night")
    assert "m-3" not in found


def test_a_prompt_claims_what_is_written() -> None:
    blocks = """
      prompt p {
        file a/b  pl "Tak"  en "Yes"  lasts 1m  offers 1, *  says open opening
        states usual opening { mon 08:00-16:00 }  promises wait 5m  apology
      }
    """
    plan = with_blocks(blocks)
    prompt, opening = plan.prompts["p"], block(plan, "opening")
    assert (prompt.file, prompt.texts, prompt.seconds) == ("a/b", (("pl", "Tak"), ("en", "Yes")), 60)
    assert prompt.offers == Offers(("1", "*"))
    assert prompt.says == Says(opening, True)
    assert prompt.states_usual == StatesUsual(opening, ((Span(28800, 57600),), *((),) * 6))
    assert prompt.promises_wait == PromisesWait(300)
    assert prompt.apology
    assert (prompt.goodbye, prompt.notice, prompt.promises_call) == (False, False, None)
    called = "prompt {} {{ file a  lasts 3s  notice  goodbye  promises callback {} }}"
    for name, written in (("by", "by next opening day"), ("in_hours", "within 2h opening"), ("within", "within 30m")):
        plan = with_blocks(called.format(name, written))
        prompt = plan.prompts[name]
        assert (prompt.goodbye, prompt.notice) == (True, True)
        assert (
            prompt.promises_call
            == {
                "by": PromisesCallBy(opening),
                "in_hours": PromisesCallWithin(7200, opening),
                "within": PromisesCallWithin(1800),
            }[name]
        )


@pytest.mark.parametrize(
    ("lines", "findings"),
    [
        ("promises wait 5m  goodbye", [("D250", "goodbye")]),
        ("promises callback by next nowhere day", [("D201", "nowhere")]),
        ("promises callback by next welcome day", [("D203", "welcome")]),
        ("promises callback by next never day", [("D250", "never")]),
        ("promises callback within 2h never", [("D250", "never")]),
        ("promises callback within 2h office", [("D201", "office")]),
        ("promises callback within 25h", [("D204", "25h")]),
        ("promises callback within 1h  promises callback within 1h", [("D216", "promises")]),
        ("promises callback within 1h  promises callback by next opening day", [("D216", "promises")]),
        ("promises callback within 1h  promises wait 5m", []),
        ("notice notice", [("D216", "notice")]),
    ],
)
def test_promises_that_cannot_be_kept(lines: str, findings: list[tuple[str, str]]) -> None:
    never = "hours never { }\n" if "never" in lines else ""
    assert told(PLAN.replace("lasts 2s", f"lasts 2s  {lines}", 1) + never) == findings


TWO = PLAN.replace("language en\n", "language en\nlanguages en, pl\n").replace(
    'key 1 "sales" -> sales', 'key 1 "sales" -> sales  key 2 "polski" speaks pl -> sales'
)
"""The plan of the catalogue, in which callers can choose a second language."""


def test_a_plan_has_the_languages_that_it_lists_the_first_of_which_is_heard_first() -> None:
    assert plan_of(PLAN).languages == ("en",)
    plan = plan_of(TWO.replace("en, pl", "pl, en"))
    assert (plan.language, plan.languages) == ("en", ("en", "pl"))
    assert [(exit.label, exit.speaks) for exit in plan.steps["main"].exits()][:2] == [("key 1", ""), ("key 2", "pl")]


def test_a_prompt_lasts_as_long_as_it_does_in_each_language() -> None:
    def prompt(lines: str) -> tuple[int, int]:
        plan = plan_of(TWO.replace('en "Welcome."            lasts 2s', lines))
        return plan.prompts["welcome"].seconds, plan.spoken("pl").prompts["welcome"].seconds

    both = 'en "Welcome."  pl "Dzień dobry."'
    assert prompt(f"{both}  lasts 2s") == (2, 2)
    assert prompt(f"{both}  lasts 2s  lasts pl 4s") == (2, 4)
    assert prompt(f"{both}  lasts 2s  lasts en 3s") == (3, 2)
    assert prompt(f"{both}  lasts en 3s  lasts pl 4s") == (3, 4)
    assert prompt("lasts pl 4s  lasts 2s") == (2, 4)
    assert prompt('en "Welcome."  lasts en 3s') == (3, 3)
    plan = plan_of(TWO.replace("lasts 2s", "lasts 2s  lasts pl 4s"))
    start = plan.spoken("pl").steps["start-2"]
    assert [(exit.shortest, exit.longest) for exit in start.exits()] == [(4, 4)]
    assert plan.spoken("en") is plan


@pytest.mark.parametrize(
    ("old", "new", "findings"),
    [
        ("languages en, pl\n", "", [("D251", "pl")]),
        ("languages en, pl", "languages pl", [("D251", "en")]),
        ("languages en, pl", "languages en, pl, de", [("D251", "de")]),
        ("languages en, pl", "languages en, pl, pl", [("D216", "pl")]),
        ("languages en, pl\n", "languages en, pl\nlanguages en, pl\n", [("D216", "languages")]),
        ("lasts 2s", "lasts 2s  lasts de 4s", [("D251", "de")]),
        ("lasts 2s", "lasts 2s  lasts 3s", [("D216", "lasts")]),
        ("lasts 2s", "lasts en 2s  lasts en 3s", [("D216", "lasts")]),
        ("lasts 2s", "lasts pl 3s", [("D215", "welcome")]),
        ("lasts 2s", "lasts 2s  lasts pl 0s", [("D204", "0s")]),
        ('en "Welcome."', 'en "Welcome."  lp "Dzień dobry."', [("D251", "lp")]),
        ("speaks pl", "speaks po", [("D251", "po")]),
    ],
)
def test_languages_that_a_plan_does_not_have(old: str, new: str, findings: list[tuple[str, str]]) -> None:
    text = TWO.replace(old, new, 1)
    assert text != TWO
    assert told(text) == findings


def test_a_language_used_often_has_one_finding() -> None:
    text = TWO.replace("languages en, pl\n", "").replace("lasts 2s", "lasts 2s  lasts pl 3s")
    _, (finding,) = resolved(text)
    assert (finding.code, len(finding.notes), finding.help) == (
        *("D251", 1),
        "write `languages en, pl` in the head of the plan",
    )


# Hours


def hours_of(lines: str) -> Hours:
    return block(with_blocks(f"hours h {{ {lines} }}"), "h")


def span(start: str, end: str) -> Span:
    """A stretch of a day, from `hh:mm` to `hh:mm`."""
    return Span(*(int(time[:2]) * 3600 + int(time[3:]) * 60 for time in (start, end)))


def test_days_are_rows_and_lists() -> None:
    day = (span("08:00", "16:00"),)
    assert hours_of("mon-wed, fri 08:00-16:00").weekly == (day, day, day, (), day, (), ())
    assert hours_of("sat-mon 08:00-16:00").weekly == (day, (), (), (), (), day, day)
    assert hours_of("sun-sat 08:00-16:00").weekly == (day,) * 7


def test_hours_past_midnight_belong_to_the_next_day() -> None:
    weekly = hours_of("fri 22:00-02:00  sun 23:00-01:30").weekly
    assert weekly[4:6] == ((span("22:00", "24:00"),), (span("00:00", "02:00"),))
    assert weekly[6] == (span("23:00", "24:00"),)
    assert weekly[0] == (span("00:00", "01:30"),)


def test_hours_can_end_at_midnight() -> None:
    assert hours_of("mon 22:00-24:00").weekly[:2] == ((span("22:00", "24:00"),), ())
    assert hours_of("mon 22:00-00:00").weekly[:2] == ((span("22:00", "24:00"),), ())
    assert hours_of("mon 00:00-24:00").weekly[:2] == ((span("00:00", "24:00"),), ())


def test_hours_that_touch_are_one() -> None:
    assert hours_of("mon 08:00-12:00, 12:00-16:00").weekly[0] == (span("08:00", "16:00"),)
    assert hours_of("mon 12:00-16:00  mon 08:00-11:00").weekly[0] == (span("08:00", "11:00"), span("12:00", "16:00"))


def test_exceptions_have_dates_hours_and_reasons() -> None:
    hours = hours_of(
        'mon-sun 08:00-16:00 closed 2026-12-24 "Wigilia" closed 2027-01-01 to 2027-01-06 '
        "closed 2026-12-31 12:00-16:00 open 2026-12-27 10:00-12:00, 13:00-14:00"
    )
    date = datetime.date
    assert hours.exceptions == (
        DatedException(date(2026, 12, 24), date(2026, 12, 24), False, (), "Wigilia"),
        DatedException(date(2027, 1, 1), date(2027, 1, 6), False, (), ""),
        DatedException(date(2026, 12, 31), date(2026, 12, 31), False, (span("12:00", "16:00"),), ""),
        DatedException(
            date(2026, 12, 27), date(2026, 12, 27), True, (span("10:00", "12:00"), span("13:00", "14:00")), ""
        ),
    )


WEEK = "mon-fri 08:00-16:00"


@pytest.mark.parametrize(
    ("lines", "findings"),
    [
        (f"{WEEK} closed 2026-12-24", []),
        (f"{WEEK} closed 2026-12-24 open 2026-12-27 10:00-12:00", []),
        # Weekly hours that overlap
        (f"{WEEK} fri 15:00-17:00", [("D209", "15:00-17:00")]),
        (f"fri 15:00-17:00 {WEEK}", [("D209", "08:00-16:00")]),
        ("mon 08:00-12:00, 11:00-13:00", [("D209", "11:00-13:00")]),
        ("mon 22:00-02:00 tue 01:00-03:00", [("D209", "01:00-03:00")]),
        ("mon, mon-fri 08:00-16:00", [("D209", "08:00-16:00")]),
        ("mon 08:00-16:00 mon 09:00-10:00 mon 14:00-17:00", [("D209", "09:00-10:00"), ("D209", "14:00-17:00")]),
        # Exceptions of one rank about one day
        (f"{WEEK} closed 2026-12-24 open 2026-12-24 10:00-12:00", [("D209", "open 2026-12-24 10:00-12:00")]),
        (f"{WEEK} closed 2026-12-24 closed 2026-12-24", [("D209", "closed 2026-12-24")]),
        (
            f"{WEEK} open 2026-12-24 08:00-09:00 open 2026-12-24 10:00-11:00",
            [("D209", "open 2026-12-24 10:00-11:00")],
        ),
        (
            f"{WEEK} closed 2026-12-01 to 2026-12-10 open 2026-12-10 to 2026-12-11 10:00-12:00",
            [("D209", "open 2026-12-10 to 2026-12-11 10:00-12:00")],
        ),
        (f"{WEEK} closed 2026-12-24 08:00-09:00 closed 2026-12-24 10:00-11:00", []),
        (
            f"{WEEK} closed 2026-12-24 08:00-10:00 closed 2026-12-24 09:00-11:00",
            [("D209", "closed 2026-12-24 09:00-11:00")],
        ),
        # A date beats a row of dates
        (f"{WEEK} closed 2026-12-01 to 2026-12-10 open 2026-12-02 10:00-12:00", []),
        # Exceptions that change nothing
        (f"{WEEK} closed 2026-12-26", [("D210", "closed 2026-12-26")]),
        (f"{WEEK} closed 2026-12-24 17:00-18:00", [("D210", "closed 2026-12-24 17:00-18:00")]),
        (f"{WEEK} open 2026-12-24 08:00-16:00", [("D210", "open 2026-12-24 08:00-16:00")]),
        (
            f"{WEEK} closed 2026-12-01 to 2026-12-10 closed 2026-12-02",
            [("D210", "closed 2026-12-02")],
        ),
        (f"{WEEK} closed 2026-12-05 to 2026-12-07", []),
        (f"{WEEK} closed 2026-01-01 to 2028-12-31 open 2026-12-24 08:00-16:00", []),
        # Dates and times that do not exist
        ("mon 08:00-24:01", [("D206", "24:01")]),
        ("mon 25:00-26:00", [("D206", "25:00"), ("D206", "26:00")]),
        ("mon 24:00-08:00", [("D206", "24:00")]),
        ("mon 08:00-08:00", [("D206", "08:00-08:00")]),
        ("mon 08:60-09:00", [("D206", "08:60")]),
        (f"{WEEK} closed 2026-02-29", [("D206", "2026-02-29")]),
        (f"{WEEK} closed 2026-12-24 08:00-25:00", [("D206", "25:00")]),
        (f"{WEEK} closed 2026-12-26 to 2026-12-24", [("D206", "2026-12-24")]),
        (f"{WEEK} open 2026-12-24 22:00-02:00", [("D206", "02:00")]),
        # Outside of the validity
        (f"{WEEK} closed 2025-12-31", [("D207", "2025-12-31")]),
        (f"{WEEK} closed 2028-12-31 to 2029-01-01", [("D207", "2029-01-01")]),
    ],
)
def test_hours_that_contradict_themselves(lines: str, findings: list[tuple[str, str]]) -> None:
    used = f"hours h {{ {lines} }}\nroute r {{ when h open -> main }}"
    assert told(PLAN + used) == findings


def test_hours_have_at_most_a_thousand_exceptions() -> None:
    day = datetime.date(2026, 1, 1)
    closed = "".join(f" closed {day + datetime.timedelta(days=number)}" for number in range(1001))
    assert told(f"{PLAN}hours h {{ mon-sun 08:00-16:00{closed} }}") == [
        ("D204", f"closed {datetime.date(2028, 9, 27)}")
    ]


def test_a_plan_without_validity_is_told_once() -> None:
    later = "hours h { mon-fri 08:00-16:00 closed 2026-12-24 }\nroute r { when h open -> main }"
    timeless = PLAN.replace("valid 2026-01-01 to 2028-12-31\n", "")
    assert told(timeless + later) == [("D208", "2026-12-24")]


@pytest.mark.parametrize(
    ("valid", "finding"),
    [
        ("2026-02-30 to 2028-12-31", ("D206", "2026-02-30")),
        ("2028-12-31 to 2026-01-01", ("D206", "2026-01-01")),
        ("2026-01-01 to 2057-12-31", ("D204", "2057-12-31")),
        ("1970-01-01 to 1980-12-31", ("D204", "1970-01-01")),
        ("9999-01-01 to 9999-12-31", ("D204", "9999-01-01")),
    ],
)
def test_a_validity_that_cannot_be(valid: str, finding: tuple[str, str]) -> None:
    assert told(PLAN.replace("2026-01-01 to 2028-12-31", valid)) == [finding]


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_an_exception_is_redundant_exactly_where_no_day_changes(chance: random.Random) -> None:
    """Against every single day."""
    first = datetime.date(2026, 3, 1)
    lines, taken = [], set[tuple[bool, int]]()
    for _ in range(chance.randrange(1, 5)):
        start = chance.randrange(28)
        end = start + chance.choice([0, 0, 1, 3, 9])
        days = {(start == end, day) for day in range(start, end + 1)}
        if days & taken:
            continue
        taken |= days
        dates = f"{first + datetime.timedelta(days=start)}"
        if end > start:
            dates += f" to {first + datetime.timedelta(days=end)}"
        lines.append(chance.choice(["closed {}", "closed {} 08:00-12:00", "open {} 08:00-16:00"]).format(dates))
    text = f"{PLAN}hours h {{ mon-fri 08:00-16:00 {' '.join(lines)} }}\nroute r {{ when h open -> main }}"
    plan, findings = resolved(text)
    assert plan is not None
    hours = block(plan, "h")
    redundant = [
        place.source.text[place.start : place.end]
        for place, without in (
            (e.place, Hours("", hours.zone, hours.weekly, tuple(o for o in hours.exceptions if o is not e)))
            for e in hours.exceptions
        )
        if all(
            calendar.day(hours, day) == calendar.day(without, day)
            for day in (first + datetime.timedelta(days=number) for number in range(45))
        )
    ]
    assert [code for code, _ in told(text)] == ["D210"] * len(redundant)
    assert [f.place.source.text[f.place.start : f.place.end] for f in findings] == redundant


# Names


@pytest.mark.parametrize(
    ("old", "new", "message", "help"),
    [
        ("-> sales", "-> slaes", "nothing is named `slaes`", "did you mean `sales`?"),
        ("play welcome", "play welcom", "nothing is named `welcom`", "did you mean `welcome`?"),
        ("staffed opening", "staffed openning", "nothing is named `openning`", "did you mean `opening`?"),
        ("-> sales", "-> xyz", "nothing is named `xyz`", ""),
        (
            "-> sales",
            "-> operator",
            "nothing is named `operator`",
            "write `reception`, which is how the operator is called",
        ),
        ("-> sales", "-> welcome", "`welcome` is a prompt, not a step", "lead to a route with `play welcome`"),
        ("-> sales", "-> opening", "`opening` is hours, not a step", ""),
        ("play welcome", "play main", "`main` is a menu, not a prompt", "write `-> main` to send callers there"),
        ("staffed opening", "staffed main", "`main` is a menu, not hours", ""),
        (
            "timezone Europe/Warsaw",
            "timezone Warsaw",
            "there is no time zone `Warsaw`",
            "did you mean `Europe/Warsaw`?",
        ),
        (
            "timezone Europe/Warsaw",
            "timezone Europe/Warszaw",
            "there is no time zone `Europe/Warszaw`",
            "did you mean `Europe/Warsaw`?",
        ),
        ("timezone Europe/Warsaw", "timezone Europe", "there is no time zone `Europe`", ""),
    ],
)
def test_a_name_that_means_nothing_here(old: str, new: str, message: str, help: str) -> None:
    _, (finding,) = resolved(PLAN.replace(old, new, 1))
    assert (finding.message, finding.help) == (message, help)


def test_a_name_used_often_has_one_finding() -> None:
    text = PLAN.replace("-> sorry", "-> sory").replace("-> night", "-> sory")
    _, (finding,) = resolved(text)
    assert (finding.code, finding.place.line) == ("D201", 14)
    assert [note.place.line for note in finding.notes] == [15, 29]


def test_a_name_given_twice_shows_the_first() -> None:
    _, (finding,) = resolved(PLAN + "hours sorry { mon 08:00-16:00 }")
    assert (finding.code, finding.message) == ("D202", "the name `sorry` is taken")
    assert [(note.place.line, note.message) for note in finding.notes] == [(45, "by a route")]


def test_what_stands_in_a_block_whose_name_is_taken_is_looked_at_all_the_same() -> None:
    assert told(PLAN + "route sorry { -> nowhere }") == [("D202", "sorry"), ("D201", "nowhere")]


def test_warnings_wait_until_nothing_is_wrong() -> None:
    unused = "prompt unused { file a  lasts 1s }\nhours never { mon 08:00-16:00 }\n"
    assert told(PLAN + unused) == [("D220", "unused"), ("D220", "never")]
    assert told(PLAN.replace("-> sales", "-> slaes") + unused) == [("D201", "slaes")]
    plan, findings = resolved(PLAN + unused)
    assert plan is not None
    assert {finding.severity for finding in findings} == {Severity.WARNING}


# Values


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("wait 5s", "wait 0s", "0s"),
        ("wait 5s", "wait 25h", "25h"),
        ("wait 5s", "wait 9999999999999999999999s", "9999999999999999999999s"),
        ("tries 2", "tries 0", "0"),
        ("tries 2", "tries 10", "10"),
        ("for 15s", "for 0s", "0s"),
        ("lasts 2s", "lasts 0s", "0s"),
        ("patience 4m", "patience 4m  callers at most 10000", "10000"),
        ("play pardon  hang-up", "again main at most 0 then reception", "0"),
        ("play pardon  hang-up", "again main at most 10 then reception", "10"),
        ("play pardon  hang-up", "again main at most " + "9" * 5000 + " then reception", "9" * 5000),
    ],
    ids=lambda text: str(text)[:20],
)
def test_numbers_have_bounds(old: str, new: str, place: str) -> None:
    assert told(PLAN.replace(old, new, 1)) == [("D204", place)]


@pytest.mark.parametrize("written", ["wait 1s", "wait 24h", "wait 1440m", "wait 86400s"])
def test_the_bounds_are_in_bounds(written: str) -> None:
    assert told(PLAN.replace("wait 5s", written)) == []


@pytest.mark.parametrize(
    "number",
    [
        *("22 123 45 67", "+48 22 123", "+48 22 123 45 67 89 01 23", "+999 1234567", "00 48 22 123 45 67", "", "desk"),
        *("+48 22 CALL NOW", "tel:+48221234567", "+48 22 123 45 67 ext. 5", "+" * 30, "+48221234567;phone-context=x"),
        "+\u0664\u0668\u0662\u0662",
    ],
)
def test_a_line_is_a_number_in_full(number: str) -> None:
    assert told(PLAN.replace("+48 22 123 45 67", number)) == [("D212", f'"{number}"')]
    assert told(PLAN.replace("+48 601 000 200", number)) == [("D212", f'"{number}"')]


@pytest.mark.parametrize("number", ["+48221234567", "+48 (22) 123-45-67", "+48/22/1234567", "+48.22.123.45.67"])
def test_a_number_can_be_set_as_one_likes(number: str) -> None:
    assert plan_of(PLAN.replace("+48 22 123 45 67", number)).lines[0].number == "+48221234567"


@pytest.mark.parametrize(
    "file", ["../up", "/root", "a//b", "a b", "a.wav", "a,b", "a;b", "${a}", "a'b", "", "-a", "a/-b", "a/../b", "łódź"]
)
def test_a_sound_is_a_name_below_a_folder(file: str) -> None:
    assert told(PLAN.replace("file office/welcome", f'file "{file}"')) == [("D221", f'"{file}"')]


@pytest.mark.parametrize(
    ("old", "new", "findings"),
    [
        ('plan office "Office"\n', "", [("D215", "timezone")]),
        ("timezone Europe/Warsaw\n", "", [("D215", "plan")]),
        ("language en\n", "", [("D215", "plan")]),
        ('line "+48 22 123 45 67" -> start\n', "", [("D215", "plan")]),
        ('ring 100, "+48 601 000 200" confirm for 15s', "", [("D215", "reception")]),
        ("  unstaffed  -> night\n", "", [("D215", "reception")]),
        ("  staffed opening\n", "", [("D215", "reception")]),
        ("  unanswered -> sorry\n", "", [("D215", "reception")]),
        ("file office/welcome", "", [("D215", "welcome")]),
        ("lasts 2s", "", [("D215", "welcome")]),
        ("  play choices\n", "", [("D215", "main")]),
        ('key 1 "sales" -> sales\n  key 0 -> reception', "", [("D215", "main")]),
        ("members 201, 202", "", [("D215", "sales")]),
        ("patience 4m", "", [("D215", "sales")]),
        ("confirm for", 'without confirm because " " for', [("D215", '" "')]),
        ("prompt welcome", "ring lab { }\nprompt welcome", [("D215", "lab")]),
        ("prompt welcome", "mailbox lab { }\nprompt welcome", [("D215", "lab")]),
        ("members 201, 202", "members 201, 202, 201", [("D216", "201")]),
        ("ring 100,", 'ring "+48601000200",', [("D216", '"+48 601 000 200"')]),
        ("tries 2", "tries 2  silence -> main  silence -> sorry", [("D216", "silence")]),
        ("patience 4m", "patience 4m  ring-all  random", [("D216", "random")]),
        ("patience 4m", "patience 4m  staffed opening  staffed opening", [("D216", "staffed")]),
        ("offers 1", "offers 1  offers 1", [("D216", "offers")]),
        ("offers 1", "offers 1, 1", [("D205", "1")]),
        ('en "Welcome."', 'en "Welcome."  en "Hello."', [("D216", "en")]),
        ("language en\n", "language en\nlanguage pl\n", [("D216", "language")]),
        ("language en\n", 'language en\nplan b "b"\n', [("D216", "plan")]),
        ("language en\n", "language en\nvalid 2026-01-01 to 2028-12-31\n", [("D216", "valid")]),
        ("tries 2", "tries 2  key 1 -> night", [("D205", "1")]),
        ("members 201, 202", "members 20100000000", [("D212", "20100000000")]),
        ("patience 4m", "patience 4m  wrap-up 0s", [("D204", "0s")]),
        ("patience 4m", "patience 4m  announce position, wait, wait every 30s", [("D216", "wait")]),
        ("patience 4m", "patience 4m  announce wait every 30s  announce wait every 30s", [("D216", "announce")]),
        (
            'ring 100, "+48 601 000 200" confirm for',
            "ring 100, 100 in order for 5s each  ring 101 for",
            [("D216", "100")],
        ),
    ],
)
def test_what_is_missing_or_there_twice(old: str, new: str, findings: list[tuple[str, str]]) -> None:
    text = PLAN.replace(old, new, 1)
    assert text != PLAN
    assert told(text) == findings


def test_a_plan_without_operator_has_one_finding() -> None:
    head, _, rest = PLAN.partition("operator reception {")
    assert [code for code, _ in told((head + rest.partition("}\n")[2]).replace("-> reception", "-> sales"))] == ["D214"]


def test_two_default_operators_are_one_too_many() -> None:
    second = "operator second default { ring 101 for 9s  unanswered -> sorry }"
    assert told(PLAN.replace("operator reception {", "operator reception default {") + second) == [("D214", "default")]


def test_an_empty_file_resolves_to_findings() -> None:
    plan, findings = resolve(parse(Source("a", ""))[0])
    assert plan is None
    assert [finding.code for finding in findings] == ["D214", "D215", "D215", "D215", "D215"]
    site, findings = resolve_site(parse(Source("a", ""))[0])
    assert site is None
    assert [finding.code for finding in findings] == ["D215"]


# Sites


OTHER_SITE = "site other for asterisk 22 { trunk t { delivers plus } phones 1 dial contacts }"


def site_of(text: str) -> Site:
    site, findings = resolve_site(parse(Source("office.site", text))[0])
    assert findings == ()
    assert site is not None
    return site


def test_a_site_has_what_was_left_out() -> None:
    site = site_of(SITE)
    assert (site.outside, site.sounds, dict(site.music), site.enter) == ("provider", "", {}, ())
    assert (site.mailboxes.context, site.mailboxes.emitted) == ("default", False)
    assert (site.trunks[0].withheld, site.trunks[0].send.value, site.trunks[0].show) == ("anonymous", "plus", "")
    assert site.phones[0].state == "PJSIP/{number}"


def test_a_site_without_a_trunk_that_dials_has_no_way_out() -> None:
    assert site_of(SITE.replace('dial "PJSIP/{number}@provider"', "")).outside == ""
    both = SITE.replace("phones 100", 'trunk other { delivers plus  dial "SIP/{number}" }\n  phones 100')
    assert site_of(both).outside == ""
    assert site_of(both.replace("phones 100", "outside via other\n  phones 100")).outside == "other"


def test_a_site_says_what_it_stands_beside() -> None:
    assert site_of(SITE).beside is Installation.ASTERISK
    assert site_of(SITE.replace("phones 100", "beside freepbx\n  phones 100")).beside is Installation.FREEPBX


def test_staff_dial_codes_where_the_site_says() -> None:
    assert site_of(SITE).codes == ()
    assert site_of(SITE.replace("phones 100", "codes internal staff, lab\n  phones 100")).codes == ("staff", "lab")


def test_mailboxes_are_written_or_there() -> None:
    emitted = 'mailboxes context c emitted { box 100 pin 0815 "Recepcja"  box 101 pin 1 "" }'
    boxes = site_of(SITE.replace("phones 100", f"{emitted}\n  phones 100")).mailboxes.boxes
    assert boxes == (Box("100", "0815", "Recepcja"), Box("101", "1", ""))


@pytest.mark.parametrize(
    ("old", "new", "findings"),
    [
        ("  phones 100-299 dial contacts\n", "", [("D215", "office")]),
        ("delivers plus, national  country PL", "", [("D215", "provider")]),
        ("country PL", "", [("D215", "provider")]),
        ("delivers plus, national  country PL", "delivers plus  send national", [("D215", "provider")]),
        ("delivers plus,", "delivers plus, plus,", [("D216", "plus")]),
        ("phones 100", "outside via provder\n  phones 100", [("D201", "provder")]),
        ('dial "PJSIP/{number}@provider"\n  }', "}  outside via provider", [("D215", "provider")]),
        ("phones 100-299", "phones 299-100", [("D225", "100")]),
        ("phones 100-299", "phones 100-2990", [("D225", "2990")]),
        ("phones 100-299", "phones 000-299", [("D225", "000")]),
        ("phones 100-299", "phones 100-299 dial contacts\n  phones 250-300", [("D225", "250")]),
        ("phones 100-299", "phones 100-299 dial contacts\n  phones 2500-3000", []),
        ("phones 100-299", "phones 100000000000", [("D212", "100000000000")]),
        ("phones 100", "music a = b  music a = c\n  phones 100", [("D216", "a")]),
        ("phones 100", "enter a, b, a\n  phones 100", [("D216", "a")]),
        ("phones 100", "codes internal a, b, a\n  phones 100", [("D216", "a")]),
        ("phones 100", 'sounds "../etc"\n  phones 100', [("D224", '"../etc"')]),
        ("phones 100", 'sounds "/srv/sounds"\n  phones 100', []),
        ("phones 100", "trunk provider { delivers plus }\n  phones 100", [("D202", "provider")]),
        (
            "phones 100",
            'mailboxes context a emitted { box 1 pin 1 "a" box 1 pin 2 "b" }\n  phones 100',
            [("D216", "1")],
        ),
        ("country PL", 'country PL show "22 123 45 67"', [("D212", '"22 123 45 67"')]),
        ("country PL", "country UK", [("D224", "UK")]),
        ("for asterisk 22", "for asterisk 0", [("D204", "0")]),
        ("site office", "timezone Europe/Warsaw\nsite office", [("D223", "timezone")]),
        ("site office", f"{OTHER_SITE}\nsite office", [("D223", "site")]),
    ],
)
def test_what_is_wrong_with_a_site(old: str, new: str, findings: list[tuple[str, str]]) -> None:
    text = SITE.replace(old, new, 1)
    assert text != SITE
    assert told(text, site=True) == findings


@pytest.mark.parametrize(
    "dial",
    [
        *(
            "PJSIP/provider",
            "PJSIP/{number}{number}",
            "PJSIP/{number}&SIP/1",
            "a,{number}",
            "{number};",
            "${{number}}",
            "",
        ),
        *(
            "{number} ",
            "{number}\n",
            "a|{number}",
            "PJSIP/{digits}",
            "{number}'",
            "{number}$",
            "ł{number}",
            "{number}[1]",
        ),
    ],
)
def test_a_dial_string_has_one_hole_and_no_tricks(dial: str) -> None:
    assert [code for code, _ in told(SITE.replace("PJSIP/{number}@provider", dial), site=True)] == ["D224"]
    state = SITE.replace("dial contacts", f'dial contacts state "{dial}"')
    assert [code for code, _ in told(state, site=True)] == ["D224"]


def test_a_site_without_a_trunk_is_told_once() -> None:
    assert told("site office for asterisk 22 { phones 100 dial contacts }", site=True) == [("D215", "office")]


def test_a_plan_is_no_site_and_a_site_is_no_plan() -> None:
    assert told(PLAN, site=True) == [("D215", "")]
    assert ("D223", "site") in told(SITE)


# Properties


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_blocks_decides_nothing(chance: random.Random) -> None:
    file = parse(Source("clinic.dial", CLINIC_TEXT))[0]
    pieces = [CLINIC_TEXT[d.place.start : d.place.end] for d in file.declarations]
    chance.shuffle(pieces)
    plan = plan_of("\n".join(pieces))
    assert plan == plan_of(CLINIC_TEXT)


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_plan_is_the_same_each_time(chance: random.Random) -> None:
    lines = PLAN.splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    file, _ = parse(Source("office.dial", "".join(lines)))
    assert resolve(file) == resolve(file)


def test_long_rows_of_routes_are_followed() -> None:
    """A chain of ten thousand routes that only lead on, and of as many that do something."""
    led = "".join(f"route a{number} {{ -> a{number + 1} }}\n" for number in range(3000))
    done = "".join(f"route b{number} {{ answer  -> b{number + 1} }}\n" for number in range(3000))
    plan = with_blocks(f"{led}route a3000 {{ -> b0 }}\n{done}route b3000 {{ answer -> a0 }}\n")
    assert plan.steps["b3000"] == Answer("b3000", "b0")


# The reference in docs/language


def examples() -> tuple[str, str]:
    """The plan and the site that the pieces on the page make."""
    page = (ROOT / "docs" / "language" / "index.rst").read_text(encoding="utf-8")
    pieces = re.findall(r"\.\. code-block:: text\n\n((?:   .*\n|\n)+)", page)
    *plan, site = (textwrap.dedent(piece) for piece in pieces)
    return "".join(plan), site


def test_the_examples_of_the_language_reference_are_a_plan_and_a_site() -> None:
    plan, site = examples()
    assert told(plan) == []
    assert told(site, site=True) == []


def test_the_language_reference_shows_every_word_of_the_language() -> None:
    grammar = re.sub(r"//.*", "", (ROOT / "grammar" / "dialplan.lark").read_text(encoding="utf-8"))
    words = set(re.findall(r'"([a-z][a-z0-9-]*)"', grammar))
    shown = set(re.findall(r"[a-z][a-z0-9-]*", (ROOT / "docs" / "language" / "index.rst").read_text(encoding="utf-8")))
    assert words <= shown


# Lines of several numbers, and rows of extensions

STAFF = "extensions staff { 100-101, 105  ring for 20s  busy -> sorry }\n"
SINGLE = 'line "+48 22 123 45 67" -> start\n'


def lines(written: str) -> list[tuple[str, str]]:
    """Findings of a plan whose lines are these."""
    return told(PLAN.replace(SINGLE, written))


def test_a_line_of_a_row_dials_its_phones_in_order() -> None:
    plan = plan_of(PLAN.replace(SINGLE, SINGLE + STAFF + 'line "+48 22 123 41 00" to "+48 22 123 41 02" -> staff\n'))
    staff = plan.steps["staff"]
    assert staff == Extensions(
        "staff", (Extension("100"), Extension("101"), Extension("105")), 20, "sorry", "reception", "reception"
    )
    line = plan.lines[1]
    assert (line.numbers, line.entry) == (Numbers.between("+48221234100", "+48221234102"), "staff")
    assert [line.phone(staff, number) for number in line.numbers] == ["100", "101", "105"]
    assert ways(plan)["staff"] == [
        *("answered -> PERSON", "busy -> sorry", "no-answer -> reception"),
        "unavailable -> reception",
    ]


def test_the_line_of_the_fewest_numbers_wins() -> None:
    plan = plan_of(
        PLAN.replace(
            SINGLE,
            'line "+48 22 123 45 00" to "+48 22 123 45 99" -> start\n'
            'line "+48 22 123 45 40" to "+48 22 123 45 49" -> main\nline "+48 22 123 45 45" -> night\n',
        )
    )
    called = {n: plan.line(f"+482212345{n}") for n in ("00", "39", "40", "44", "45", "46", "50", "99")}
    assert [line.entry if line else "" for line in called.values()] == [
        *("start", "start", "main", "main", "night", "main", "start", "start"),
    ]
    assert plan.line("+48221234600") is None
    assert [numbers.size for numbers in plan.called()] == [90, 9, 1]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("+48 22 123 45 49", "+48 22 123 45 00", "D230"),
        ("+48 22 123 45 00", "+48 22 123 450 49", "D230"),
        ("+49 30 123 4500", "+49 30 123 45049", "D230"),
        ("+48 22 123 45 00", "+47 22 12 34 500", "D212"),
        ("+381 11 123 4567", "+382 11 123 4567", "D230"),
        ("+48 22 123 00 00", "+48 22 124 00 00", "D230"),
        ("22 123 45 00", "+48 22 123 45 49", "D212"),
    ],
)
def test_a_range_that_is_none(first: str, last: str, code: str) -> None:
    assert [found for found, _ in lines(f'line "{first}" to "{last}" -> start\n')] == [code]


def test_lines_may_lie_in_each_other_and_not_across() -> None:
    wide = 'line "+48 22 123 45 00" to "+48 22 123 45 49" -> start\n'
    assert lines(wide + 'line "+48 22 123 45 40" to "+48 22 123 45 49" -> night\n') == []
    across = '"+48 22 123 45 40" to "+48 22 123 45 50"'
    assert lines(wide + f"line {across} -> night\n") == [("D231", across)]
    again = '"+48 22 123 45 00" to "+48 22 123 45 49"'
    assert lines(wide + f"line {again} -> night\n") == [("D213", again)]


def test_a_line_is_told_of_whose_numbers_all_have_lines_of_their_own() -> None:
    both = 'line "+48 22 123 45 00" -> start\nline "+48 22 123 45 01" -> night\n'
    assert lines('line "+48 22 123 45 00" to "+48 22 123 45 01" -> main\n' + both) == [
        ("D232", '"+48 22 123 45 00" to "+48 22 123 45 01"')
    ]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("100-102  ring for 20s", []),
        ("102-100  ring for 20s", [("D230", "102-100")]),
        ("99-101  ring for 20s", [("D230", "99-101")]),
        ("100, 101, 101  ring for 20s", [("D216", "101")]),
        ("100-101, 101-102  ring for 20s", [("D216", "101-102")]),
        ("100-102", [("D215", "staff")]),
        ("ring for 20s", [("D215", "staff")]),
        ("100-103  ring for 20s", [("D233", '"+48 22 123 41 00" to "+48 22 123 41 02"')]),
        ("1000-4999  ring for 20s", [("D204", "1000-4999")]),
        ("100-102  ring for 20s  busy -> staff", [("D203", "staff")]),
        ("100-102  ring for 20s  100", [("D216", "100")]),
    ],
)
def test_rows_of_extensions(row: str, found: list[tuple[str, str]]) -> None:
    line = 'line "+48 22 123 41 00" to "+48 22 123 41 02" -> staff\n'
    assert sorted(lines(f"{SINGLE}{line}extensions staff {{ {row} }}\n")) == sorted(found)


def test_only_who_dialled_a_phone_comes_to_a_row() -> None:
    line = 'line "+48 22 123 41 00" to "+48 22 123 41 02" -> staff\n'
    plan = PLAN.replace(SINGLE, SINGLE + line + STAFF)
    assert told(plan.replace('key 1 "sales" -> sales', 'key 1 "sales" -> staff')) == [("D203", "staff")]
    assert told(plan + "route over { -> staff }\n") == [("D203", "staff")]
    assert told(plan.replace("hang-up", "again staff at most 2 then reception")) == [("D203", "staff")]


# Short, national, wild and default lines; what is different for their callers


def test_the_country_of_a_plan_has_national_numbers() -> None:
    plan = plan_of("country PL\n" + PLAN.replace("+48 22 123 45 67", "22 123 45 67").replace("+48 601", "601"))
    assert plan.lines[0].number == "+48221234567"
    assert told("country XX\n" + PLAN) == [("D235", "XX")]
    assert told("country PL\n" + PLAN.replace("+48 22 123 45 67", "22 123")) == [("D212", '"22 123"')]


@pytest.mark.parametrize(
    ("written", "first", "size", "stretches"),
    [
        ("+48 22 123 45 xx", "+48221234500", 100, 1),
        ("+48 22 12x 45 67", "+48221204567", 10, 10),
        ("+48 22 1X3 45 6x", "+48221034560", 100, 10),
        ("22 123 4x xx", "+48221234000", 1000, 1),
        ("0048 22 123 45 6x", "+48221234560", 10, 1),
    ],
)
def test_any_digit_stands_for_an_x(written: str, first: str, size: int, stretches: int) -> None:
    plan = plan_of("country PL\n" + PLAN.replace("+48 22 123 45 67", written))
    numbers = plan.lines[0].numbers
    assert isinstance(numbers, Numbers)
    assert (numbers.first, numbers.size, len(numbers.stretches)) == (first, size, stretches)


@pytest.mark.parametrize("written", ["+4x 22 123 45 67", "+48 22 123 45 6y", "xxx", "+48 22 123 45 xxxxx"])
def test_an_x_stands_in_a_number(written: str) -> None:
    assert [code for code, _ in told("country PL\n" + PLAN.replace("+48 22 123 45 67", written))] == ["D212"]


def test_wildcards_have_a_bound_and_stand_alone() -> None:
    assert lines('line "+48 22 1xx xx x7" -> start\n') == [("D230", '"+48 22 1xx xx x7"')]
    both = 'line "+48 22 123 45 0x" to "+48 22 123 45 99" -> start\n'
    assert lines(both) == [("D230", '"+48 22 123 45 0x"')]


def test_a_wildcard_dials_a_row_in_order() -> None:
    row = 'extensions staff { 200-209  ring for 5s }\nline "+48 22 12x 41 00" -> staff\n'
    plan = plan_of(PLAN.replace(SINGLE, SINGLE + row))
    staff = plan.steps["staff"]
    assert isinstance(staff, Extensions)
    assert plan.lines[1].phone(staff, "+48221274100") == "207"


def test_short_and_default_lines() -> None:
    plan = plan_of(PLAN.replace(SINGLE, SINGLE + "line short 19123 -> main\nline default -> night\n"))
    called = {number: line.entry for number in ("19123", "1912", "+48221234567", "x") if (line := plan.line(number))}
    assert called == {"19123": "main", "1912": "night", "+48221234567": "start", "x": "night"}
    assert lines("line short 1 -> start\nline short 1 -> night\n") == [("D213", "short 1")]
    assert lines("line default -> start\nline default -> night\n") == [("D213", "default")]
    assert lines("line short 1234567890123456 -> start\n") == [("D212", "1234567890123456")]
    assert lines(SINGLE + STAFF + "line default -> staff\n") == [("D233", "staff")]


def test_lines_that_are_not_for_people_say_why() -> None:
    plan = plan_of(PLAN.replace(" -> start", ' machine "fax" -> start'))
    assert plan.lines[0].exempt == Exemption(Purpose.MACHINE, "fax")
    plan = plan_of(PLAN.replace(" -> start", ' announcement-only "news" -> start'))
    assert plan.lines[0].exempt == Exemption(Purpose.ANNOUNCEMENT, "news")
    assert told(PLAN.replace(" -> start", ' machine " " -> start')) == [("D215", '" "')]
    assert told(PLAN.replace(" -> start", ' machine "a" announcement-only "b" -> start')) == [
        ("D216", "announcement-only")
    ]


SECOND = "operator second { ring 110 for 5s  unanswered -> sorry }\n"


def test_what_is_left_unsaid_leads_to_the_operator_of_the_line() -> None:
    one = PLAN.replace(" {\n  ring 100", " default {\n  ring 100") + SECOND
    plan = plan_of(one + "line short 1 operator second -> main\n")
    assert (plan.operator, plan.lines[0].operator, plan.lines[1].operator) == ("reception", "", "second")
    assert ways(plan)["line-operator"] == ["own reception -> reception", "own second -> second"]
    assert "empty -> line-operator" in ways(plan)["sales"]
    all_ = PLAN.replace(" -> start", " operator second -> start") + SECOND
    assert ways(plan_of(all_))["line-operator"] == ["own second -> second"]
    assert told(one + "line short 1 operator main -> main\n") == [("D203", "main")]
    assert told(one + "line short 1 operator third -> main\n") == [("D201", "third")]
    assert "line-operator" not in plan_of(one).steps


VIP = """
callers vip { "+48 600 111 222", prefix "+49 30"  withheld }
"""


def test_routes_tell_callers_apart() -> None:
    asked = PLAN.replace("  play welcome\n", "  play welcome\n  when caller in vip -> main\n") + VIP
    step = plan_of(asked).steps["start-3"]
    vip = Callers("vip", frozenset({"+48600111222"}), ("+4930",), withheld=True)
    assert step == ByCaller("start-3", vip, "main", "start-4")
    for whom, callers in (
        ("withheld", Callers("a withheld number", withheld=True)),
        ('prefix "+44 20"', Callers("a number that begins +4420", prefixes=("+4420",))),
        ('"+44 20 7123 4567"', Callers("the number +442071234567", frozenset({"+442071234567"}))),
    ):
        assert plan_of(asked.replace("in vip", whom) + "line short 1 refuses vip -> main\n").steps[
            "start-3"
        ] == ByCaller("start-3", callers, "main", "start-4")


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        (('prefix "+49 30"', 'prefix "49 30"'), ("D236", '"49 30"')),
        (('prefix "+49 30"', 'prefix "+0"'), ("D236", '"+0"')),
        (('prefix "+49 30"', 'prefix "+123456789012345"'), ("D236", '"+123456789012345"')),
        (('"+48 600 111 222"', '"600 111 222"'), ("D212", '"600 111 222"')),
        (('prefix "+49 30"', '"+48600111222"'), ("D216", '"+48600111222"')),
        (("refuses vip", "refuses vep"), ("D201", "vep")),
        (("refuses vip", "refuses main"), ("D203", "main")),
        (("refuses vip ", ""), ("D220", "vip")),
    ],
)
def test_lists_of_callers(edit: tuple[str, str], found: tuple[str, str]) -> None:
    plan = PLAN + VIP + "line short 1 refuses vip -> main\n"
    assert told(plan) == []
    assert told(plan.replace(*edit)) == [found]


@pytest.mark.parametrize(
    ("data", "numbers", "rows"),
    [
        (b"", 0, []),
        (b"number;name\n+48 600 111 222;Jan\n\n# more\n600 111 223;Ola\n", 2, []),
        (b"\xef\xbb\xbf600111222\r\n600111223\r\n600111222\r\n", 2, []),
        (b'"600 111 222","a, b"\n', 1, []),
        (b"number\nJan\nOla,600111222\n12\n600111222x\n", 0, [2, 3, 4, 5]),
        (b"\xff\xfe", 0, [0]),
        (None, 0, [0]),
    ],
)
def test_a_list_can_stand_in_a_file(data: bytes | None, numbers: int, rows: list[int]) -> None:
    plan = "country PL\n" + PLAN + 'callers vip { from "vip.csv" }\nline short 1 refuses vip -> main\n'
    file, _ = parse(Source("office.dial", plan))
    read, findings = resolve(file, lambda _: Missing("is not there") if data is None else data)
    assert [finding.place.line if finding.code == "D238" else 0 for finding in findings] == rows
    if read:
        assert len(read.lines[1].refuses[0].numbers) == numbers
