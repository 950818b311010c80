"""Reuse: files that a plan uses, and blocks with parameters, which mean what the same plan without them means."""

import functools
import itertools
import random
import re
import textwrap
import typing
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialc import Judged, judge, parse, resolve, syntax
from dialc.beside import Missing
from dialc.cli import main
from dialc.cli.reading import beside
from dialc.digits import Digits
from dialc.emit.asterisk.spelling import spelled_switch
from dialc.findings import Finding, text
from dialc.mistakes import PLAN, SITE
from dialc.plan import (
    ByCaller,
    Collect,
    Combination,
    Direct,
    Extension,
    Hours,
    Menu,
    Plan,
    Position,
    Queue,
    Ring,
    SigningIn,
    Switch,
)
from dialc.resolve.values import a
from dialc.source import Place, Source
from tests.plans import block
from tests.test_examples import PARTS
from tests.test_format import check as check_format

ROOT = Path(__file__).parent.parent
WRITTEN = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*.dial"))}
EXAMPLES = {
    name: re.sub(r'^use "(.*)"$', lambda use: WRITTEN[use[1]], text, flags=re.MULTILINE)
    for name, text in WRITTEN.items()
    if name.removesuffix(".dial") not in PARTS
}
"""Plans, with the files that they use in the place of `use`."""

HEAD, _, BLOCKS = PLAN.partition("\nhours opening")
BLOCKS = f"hours opening{BLOCKS}"


def judged(files: Mapping[str, str | bytes], plan: str = "office.dial") -> Judged:
    """What is known of a plan among files."""

    def beside(name: str) -> bytes | Missing:
        data = files.get(name, Missing("is not there"))
        return data.encode() if isinstance(data, str) else data

    written = files[plan]
    assert isinstance(written, str)
    return judge(Source(plan, written), beside)


def meant(text: str) -> tuple[Plan | None, tuple[Finding, ...]]:
    """What a plan means that stands among the examples, and what is wrong with that."""
    file, findings = parse.parse(Source("office.dial", text))
    assert findings == ()
    return resolve.resolve(file, beside(str(ROOT / "examples" / "office.dial")))


def resolved(text: str) -> Plan:
    """A plan with nothing wrong but what a proof would find."""
    plan, more = meant(text)
    assert plan is not None, more
    return plan


def told(text: str) -> list[Finding]:
    """What is found in a plan that stands alone."""
    return list(judge(Source("office.dial", text)).findings)


def with_blocks(blocks: str, entry: str = "-> sales") -> str:
    """The plan of the catalogue with other blocks, to which its key 1 leads."""
    return PLAN.replace("-> sales", entry, 1) + textwrap.dedent(blocks)


REST = with_blocks(
    """
    digits accounts { 100100, 200200 }
    collect account { play choices  digits 6  accept accounts -> customer  wait 4s }
    lookup customer { ask crm for 3s  answer vip -> sales  failed -> helper }
    bot helper { phone 900  limit 60s  key 0 "a person" -> reception }
    hours early = opening but not late
    hours late { mon 15:00-16:00  zone Europe/Vilnius  closed holidays LT }
    prompt later { file office/later  en "Later."  lasts 3s  promises callback within 2h late }
    """,
    "-> account",
).replace("play welcome", "play welcome  play later  when early closed -> sales", 1)
"""A plan of what the examples have nothing of."""


def where(finding: Finding) -> tuple[str, str, str]:
    """The code of a finding, its file and line, and what its caret is under."""
    place = finding.place
    return (finding.code, f"{place.source.name}:{place.line}", place.source.text[place.start : place.end])


# Files


def test_a_plan_in_files_is_the_plan_in_one_file() -> None:
    files = {
        "office.dial": f'{HEAD}\nuse "parts/all.dial"\n',
        "parts/all.dial": 'use "steps.dial"\nuse "../hours.dial"\n',
        "parts/steps.dial": f'{BLOCKS[BLOCKS.index("operator") :]}\nuse "../hours.dial"',
        "hours.dial": BLOCKS[: BLOCKS.index("operator")],
    }
    found = judged(files)
    assert [finding.message for finding in found.findings] == [finding.message for finding in told(PLAN)]
    assert found.verdict is not None
    assert attrs.evolve(found.verdict.plan, digest="") == attrs.evolve(resolved(PLAN), digest="")


def test_every_file_counts_for_the_digest_of_a_plan() -> None:
    def digest(files: Mapping[str, str]) -> str:
        verdict = judged(files).verdict
        assert verdict is not None
        return verdict.plan.digest

    one = {"office.dial": f'{HEAD}\nuse "a.dial"\n', "a.dial": BLOCKS}
    digests = {
        digest(one),
        digest({"office.dial": f'{HEAD}\nuse "a.dial"\n', "a.dial": f"{BLOCKS}# changed\n"}),
        digest({"office.dial": f'{HEAD}\nuse "b.dial"\n', "b.dial": BLOCKS}),
        digest({"office.dial": PLAN}),
    }
    assert len(digests) == 4
    assert digest({**one, "other.dial": "not asked for"}) in digests


@pytest.mark.parametrize(
    ("used", "files", "code", "message", "at"),
    [
        ("a.dial", {}, "D285", "`a.dial` is not there", "office.dial:6"),
        ("/a.dial", {}, "D285", "`/a.dial` is not relative to the file that names it", "office.dial:6"),
        ("../a.dial", {}, "D285", "`../a.dial` lies outside of the folder of the plan", "office.dial:6"),
        ("a", {"a/b.dial": ""}, "D285", "`a` is not there", "office.dial:6"),
        (
            "a.dial",
            {"a.dial": "x" * 9_000_000},
            "D285",
            "`a.dial` makes the plan larger than 8,000,000 bytes",
            "office.dial:6",
        ),
        ("office.dial", {}, "D287", "this file uses itself", "office.dial:6"),
        ("a.dial", {"a.dial": 'use "a.dial"'}, "D287", "this file uses itself", "a.dial:1"),
        ("a.dial", {"a.dial": 'use "office.dial"'}, "D287", "`office.dial` uses this file already", "a.dial:1"),
        ("a.dial", {"a.dial": "# a\ntimezone UTC"}, "D286", "`timezone` stands in a file that a plan uses", "a.dial:2"),
        ("a.dial", {"a.dial": 'plan a "A"'}, "D286", "`plan` stands in a file that a plan uses", "a.dial:1"),
        (
            *("a.dial", {"a.dial": "site a for asterisk 22 { }"}),
            *("D286", "`site` stands in a file that a plan uses", "a.dial:1"),
        ),
        ("a.dial", {"a.dial": "\nmenu main { key 1 x }"}, "D101", "expected `->` after the key", "a.dial:2"),
        ("a/b.dial", {"a/b.dial": b"# \xff"}, "D110", "this is not UTF-8", "a/b.dial:1"),
        ("a.dial", {"a.dial": ""}, "D113", "nothing is declared here", "a.dial:1"),
    ],
)
def test_what_is_wrong_with_files(used: str, files: dict[str, str | bytes], code: str, message: str, at: str) -> None:
    plan = f'{HEAD}\nuse "{used}"\n{BLOCKS}'
    (finding,) = judged({"office.dial": plan, **files}).findings
    assert (finding.code, finding.message, where(finding)[1]) == (code, message, at)
    assert finding.caller
    assert text(finding)


def test_files_that_cannot_be_read_are_told_of_with_what_is_wrong_with_the_plan() -> None:
    found = judged({"office.dial": f'{HEAD}use "a.dial"\nmenu main {{ key 1 x }}\n', "a.dial": "menu { }"})
    assert [where(finding)[:2] for finding in found.findings] == [("D101", "office.dial:6"), ("D101", "a.dial:1")]


def test_names_of_files_are_relative_to_the_folder_of_the_plan() -> None:
    plan = f'{HEAD}\nuse "a.dial"\n{BLOCKS}'
    found = judge(Source("plans/office.dial", plan), lambda name: b"menu { }" if name == "a.dial" else Missing(name))
    assert [where(finding)[1] for finding in found.findings] == ["plans/a.dial:1"]


def test_a_site_uses_no_file() -> None:
    file, _ = parse.parse(Source("a.site", f'{SITE}use "a.dial"\n'))
    _, findings = resolve.resolve_site(file)
    assert [where(finding) for finding in findings] == [("D223", "a.site:8", "use")]


def test_the_command_line_reads_the_files_beside_a_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "loop.dial").symlink_to("loop.dial")
    (tmp_path / "parts" / "blocks.dial").write_text(BLOCKS.replace("-> sales", "-> slaes", 1), encoding="utf-8")
    plan = tmp_path / "office.dial"
    plan.write_text(f'{HEAD}use "parts/blocks.dial"\n', encoding="utf-8")
    assert main(["check", str(plan)]) == 1
    assert f"--> {tmp_path}/parts/blocks.dial:29:20\n" in capsys.readouterr().out
    for format, shown in (
        ("json", "parts/blocks.dial"),
        ("sarif", "parts/blocks.dial"),
        ("github", "parts/blocks.dial"),
    ):
        assert main(["check", "--format", format, str(plan)]) == 1
        assert f"{tmp_path}/{shown}" in capsys.readouterr().out
    plan.write_text(f'{HEAD}use "loop.dial"\nuse "parts"\n', encoding="utf-8")
    assert main(["check", str(plan)]) == 1
    printed = capsys.readouterr().out
    assert "`loop.dial` cannot be read" in printed
    assert "`parts` is a folder, not a file" in printed


def test_only_the_file_that_is_given_is_formatted(tmp_path: Path) -> None:
    (tmp_path / "blocks.dial").write_text("route  a  { answer }", encoding="utf-8")
    (tmp_path / "office.dial").write_text('use   "blocks.dial"', encoding="utf-8")
    assert main(["fmt", str(tmp_path / "office.dial")]) == 0
    assert (tmp_path / "office.dial").read_text(encoding="utf-8") == 'use "blocks.dial"\n'
    assert (tmp_path / "blocks.dial").read_text(encoding="utf-8") == "route  a  { answer }"


def test_the_files_of_the_language_reference() -> None:
    page = (ROOT / "docs" / "language" / "index.rst").read_text(encoding="utf-8")
    shown = re.findall(r"\.\. code-block:: text\n   :caption: (.*)\n\n((?:   .*\n|\n)+)", page)
    files = {name: textwrap.dedent(piece) for name, piece in shown}
    assert len(files) == 2
    found = judged(files, "shop.dial")
    assert found.proved


# Blocks with parameters


def test_each_different_use_is_a_block_of_its_own() -> None:
    plan = resolved(
        with_blocks(
            """
            route one(label, phone) { answer  -> two(phone, label) }
            menu two(first, title) {
              play choices
              key 1 title -> three(first)
              key 2       -> three(202)
              wait 5s
            }
            ring three(phone) { ring phone, 100 for 15s }
            line "+48 22 123 45 68" -> one("Kraków", 201)
            line "+48 22 123 45 69" -> one("Łódź", 203)
            line "+48 22 123 45 70" -> one("Kraków", 201)
            """
        )
    )
    assert [name for name in plan.steps if "-a" in name or "-b" in name or "-c" in name] == [
        *("one-a", "one-b", "two-a", "two-b", "three-a", "three-b", "three-c")
    ]
    assert [line.entry for line in plan.lines] == ["start", "one-a", "one-b", "one-a"]
    menu = plan.steps["two-b"]
    assert isinstance(menu, Menu)
    assert [(choice.label, choice.to) for choice in menu.choices] == [("Łódź", "three-c"), ("", "three-b")]
    ring = plan.steps["three-c"]
    assert isinstance(ring, Ring)
    assert [phone.number for phone in ring.stages[0].phones] == ["203", "100"]


def test_names_go_on_behind_z() -> None:
    lines = "".join(f'line "+48 22 123 46 {number:02}" -> one({number + 100})\n' for number in range(60))
    plan = resolved(with_blocks(f"ring one(phone) {{ ring phone for 15s }}\n{lines}"))
    made = [name for name in plan.steps if name.startswith("one-")]
    assert [made[at] for at in (0, 25, 26, 51, 52, 59)] == ["one-a", "one-z", "one-aa", "one-az", "one-ba", "one-bh"]


def test_a_phone_is_inside_or_outside_by_what_it_is() -> None:
    plan = resolved(
        with_blocks(
            """
            ring one(phone) { ring phone, 100 for 15s }
            line "+48 22 123 45 68" -> one(201)
            line "+48 22 123 45 69" -> one("+48 601 000 201")
            """
        )
    )
    rings = [step for step in plan.steps.values() if isinstance(step, Ring)]
    assert [[(type(p).__name__, p.number) for p in ring.stages[0].phones] for ring in rings] == [
        [("Extension", "201"), ("Extension", "100")],
        [("Outside", "+48601000201"), ("Extension", "100")],
    ]


def test_a_parameter_stands_wherever_a_value_can_stand() -> None:
    plan = resolved(
        with_blocks(
            """
            hours shop(day, opens, closes, why) { mon-fri opens-closes  sat opens - closes  closed day why }
            prompt greet(sound, words, long, digit) { file sound  en words  lasts long  offers digit, # }
            menu one(digit, title, to, long, often, spoken) {
              play spoken  key digit title -> to  wait long  tries often  silence -> to
            }
            route two {
              play greet("a/b", "Hello", 4s, 1)
              when shop(2026-12-24, 08:00, 16:00, "Eve") open -> one(1, "Yes", reception, 7s, 2, choices)
              otherwise -> reception
            }
            line "+48 22 123 45 68" -> two
            """
        )
    )
    menu = plan.steps["one-a"]
    assert isinstance(menu, Menu)
    assert (menu.wait, menu.tries, menu.silence, menu.prompts[0].name) == (7, 2, "reception", "choices")
    assert [(choice.key, choice.label, choice.to) for choice in menu.choices] == [("1", "Yes", "reception")]
    prompt = plan.prompts["greet-a"]
    assert (prompt.file, prompt.texts, prompt.seconds) == ("a/b", (("en", "Hello"),), 4)
    assert prompt.offers is not None
    assert prompt.offers.keys == ("1", "#")
    hours = plan.hours["shop-a"]
    assert isinstance(hours, Hours)
    assert [(span.start, span.end) for span in hours.weekly[5]] == [(28800, 57600)]
    assert [(day.first.isoformat(), day.reason) for day in hours.exceptions] == [("2026-12-24", "Eve")]


def test_a_word_that_is_no_parameter_of_this_block_is_left_alone() -> None:
    plan = resolved(
        with_blocks(
            """
            menu one(closed_now, hang, x) {  # x "x" {x}
              play choices   # x
              key 1 "x" -> closed_now
              key # "hang x" -> x
              wait 5s
            }
            line "+48 22 123 45 68" -> one(reception, sorry, night)
            """
        )
    )
    menu = plan.steps["one-a"]
    assert isinstance(menu, Menu)
    assert [(choice.label, choice.to) for choice in menu.choices] == [("x", "reception"), ("hang x", "night")]


@pytest.mark.parametrize("use", ["one", 'one("x")', "one(x, *28)"])
@pytest.mark.parametrize(
    ("block", "line", "following"),
    [
        ("hours", "switch {}", ("sun 08:00-09:00", "zone UTC", "closed 2026-12-24", "switch two")),
        ("prompt", "says closed {}", ('en "x"', 'sun "x"', "lasts en 3s", "file a", "notice", "says open two")),
        ("prompt", "promises callback within 2h {}", ('en "x"', "lasts 3s", "goodbye")),
        ("prompt", "promises callback by next {} day", ('en "x"', "lasts 3s")),
        ("prompt", "states usual {} {{ mon 08:00-09:00 }}", ('en "x"', "lasts 3s")),
        ("route", "when switch {} on -> two", ("when switch on on -> on", "-> two", "play on")),
        ("route", "when caller in {} -> two", ("when caller withheld -> on", "-> two")),
        ("menu", "direct {}", ("direct direct", "key # -> two", "wait 3s")),
        ("collect", "accept {} -> two", ("accept any -> any", "accept check luhn -> two")),
    ],
)
def test_what_stands_behind_a_use_is_read_as_anywhere(
    block: str, line: str, following: tuple[str, ...], use: str
) -> None:
    for after in following:
        written = f"{block} three {{ {line.format(use)}  {after} }}"
        file, findings = parse.parse(Source("office.dial", written))
        assert findings == (), written
        (declaration,) = file.declarations
        assert isinstance(declaration, syntax.Hours | syntax.Prompt | syntax.Route | syntax.Menu | syntax.Collect)
        assert len(declaration.items) == 2


def test_hours_that_are_made_of_others_have_parameters_and_are_made_of_blocks_with_some() -> None:
    plan = resolved(
        with_blocks(
            """
            hours shop(region, clock, opens) { zone clock  mon-sat opens-18:00  closed holidays region }
            hours with_us(other) = other and opening but not shop(DE-BY, Europe/Berlin, 10:00)
            hours anybody = with_us(here) or opening
            hours here = shop(PL, Europe/Warsaw, 09:00)
            hours somebody = with_us(here) or shop(DE-BY, Europe/Berlin, 10:00)
            route two { when somebody open -> sales  when with_us(somebody) open -> sales  when here open -> sales }
            """,
            "-> two",
        ).replace("when opening open", "when anybody open -> main  when opening open")
    )
    assert list(plan.hours)[1:] == ["shop-a", "shop-b", "here", "with_us-a", "somebody", "with_us-b", "anybody"]
    assert {name: hours.zone for name, hours in plan.hours.items() if isinstance(hours, Hours)} == {
        "opening": "Europe/Warsaw",
        "shop-a": "Europe/Warsaw",
        "shop-b": "Europe/Berlin",
    }
    made = {name: hours for name, hours in plan.hours.items() if isinstance(hours, Combination)}
    assert {name: [part.name for part in hours.hours] for name, hours in made.items()} == {
        "here": ["shop-a"],
        "with_us-a": ["shop-a", "opening", "shop-b"],
        "anybody": ["shop-a", "opening", "shop-b"],
        "somebody": ["shop-a", "opening", "shop-b"],
        "with_us-b": ["shop-a", "opening", "shop-b"],
    }
    names = {day.reason for day in block(plan, "shop-b").exceptions}
    assert "Heilige Drei Könige" in names
    assert "Święto Trzech Króli" not in names


def test_each_site_has_a_switch_callers_and_digits_of_its_own() -> None:
    plan = resolved(
        with_blocks(
            """
            switch turned(number, morning) { code number  starts auto  back to auto at morning }
            switch outage(number) { code number  starts off }
            hours counter(number) { mon-fri 08:00-16:00  switch turned(number, 06:00) }
            callers regulars(caller, area) { caller, prefix area }
            digits cards(card) { card, 100 }
            collect enter(card) { play choices  digits 3  accept cards(card) -> reception }
            route site(number, other, caller, card) {
              when switch outage(other) on -> reception
              when caller in regulars(caller, "+48 12") -> reception
              when counter(number) open -> enter(card)
            }
            line "+48 22 123 45 68" refuses regulars("+48 600 111 999", "+48 13")
              -> site(*28, *38, "+48 600 111 222", 200)
            line "+48 22 123 45 69" -> site(*29, *38, "+48 600 111 333", 300)
            """
        )
    )
    assert [(switch.name, switch.code, switch.back) for switch in plan.switches.values()] == [
        *(("turned-a", "*28", 21600), ("turned-b", "*29", 21600), ("outage-a", "*38", None))
    ]
    assert [block(plan, f"counter-{site}").switch for site in "ab"] == [
        plan.switches[f"turned-{site}"] for site in "ab"
    ]
    asked = [step.callers for step in plan.steps.values() if isinstance(step, ByCaller)]
    assert [
        (callers.name, sorted(callers.numbers), callers.prefixes) for callers in (*plan.lines[1].refuses, *asked)
    ] == [
        ("regulars-a", ["+48600111999"], ("+4813",)),
        ("regulars-b", ["+48600111222"], ("+4812",)),
        ("regulars-c", ["+48600111333"], ("+4812",)),
    ]
    accepted = [step.accepts[0].what for step in plan.steps.values() if isinstance(step, Collect)]
    assert [(what.name, sorted(what.members)) for what in accepted if isinstance(what, Digits)] == [
        *(("cards-a", ["100", "200"]), ("cards-b", ["100", "300"]))
    ]


def test_members_sign_in_with_codes_that_are_given_and_rows_are_dialled_where_they_are_given() -> None:
    plan = resolved(
        with_blocks(
            """
            queue desks(into, out, first, last) {
              members sign in with into out with out among first-last
              patience 4m
            }
            extensions row(first, last) { first-last  ring for 9s }
            menu two { play choices  key 1 -> desks(*31, *32, 211, 213)  direct row(221, 222)  wait 4s }
            """,
            "-> two",
        )
    )
    queue, menu = plan.steps["desks-a"], plan.steps["two"]
    assert isinstance(queue, Queue)
    assert queue.signing == SigningIn("*31", "*32", tuple(Extension(str(number)) for number in (211, 212, 213)))
    assert isinstance(menu, Menu)
    assert menu.direct == (Direct("row-a", frozenset({"221", "222"})),)


def test_a_list_is_looked_for_beside_the_file_that_names_it() -> None:
    files = {
        "office.dial": f'{HEAD}\nuse "one/blocks.dial"\n{BLOCKS}'.replace(
            "  answer\n", '  when caller in listed("a.csv") -> sorry\n  when caller in known -> sorry\n  answer\n', 1
        ),
        "one/blocks.dial": 'callers listed(list) { from list }\ncallers known { from "b.csv" }',
        "a.csv": "+48 600 111 222\n",
        "one/b.csv": "+48 600 111 333\n",
    }
    verdict = judged(files).verdict
    assert verdict is not None
    asked = [step.callers for step in verdict.plan.steps.values() if isinstance(step, ByCaller)]
    assert [sorted(callers.numbers) for callers in asked] == [["+48600111222"], ["+48600111333"]]


def test_a_switch_with_parameters_keeps_its_position_whichever_letter_it_has() -> None:
    """Where a use comes to stand before others, these have other letters in the next compilation."""
    for letter in "ab":
        switch = spelled_switch(resolved(PLAN), Switch(f"night-{letter}", "*28", Position.AUTO, "UTC"))
        assert (switch.key, switch.device) == ("dialc-office/night-28", "Custom:dialc-office-night-28")
    switch = spelled_switch(resolved(PLAN), Switch("night", "*28", Position.AUTO, "UTC"))
    assert (switch.key, switch.device) == ("dialc-office/night", "Custom:dialc-office-night")


def test_a_switch_with_parameters_is_turned_in_a_simulated_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "office.dial"
    plan.write_text(
        PLAN.replace("  answer\n", "  when switch outage(*29) on -> night\n  answer\n", 1)
        + "switch outage(number) { code number  starts off }\n",
        encoding="utf-8",
    )
    found = {}
    for position in ("on", "off"):
        main(["simulate", str(plan), "--at", "2026-11-23 09:15", "--switch", f"outage-a={position}", "answered"])
        found[position] = capsys.readouterr().out
    assert "outage-a on" in found["on"], found
    assert found["on"] != found["off"]


# What is wrong with them


NAMED = {
    "hours": ("hours one{} {{ mon 08:00-09:00 }}", "when one{} open -> sales"),
    "combined": ("hours one{} = opening", "when one{} closed -> sales"),
    "switch": ("switch one{} {{ code *28  starts off }}", "when switch one{} on -> sales"),
    "prompt": ("prompt one{} {{ file office/one  lasts 3s }}", "play one{}"),
    "list of callers": ("callers one{} {{ withheld }}", "when caller in one{} -> sales"),
    "digits": ("digits one{} {{ 100 }}", "-> two }}\ncollect two {{ play choices  digits 3  accept one{} -> sales"),
    "ring": ("ring one{} {{ ring 100 for 9s }}", "-> one{}"),
    "row of extensions": (
        "extensions one{} {{ 100  ring for 9s }}",
        "-> two }}\nmenu two {{ play choices  direct one{}",
    ),
}
"""Blocks of each kind that has names of its own, and how a route or what follows it uses them."""


@pytest.mark.parametrize("first", NAMED)
@pytest.mark.parametrize("second", NAMED)
def test_a_name_that_is_taken_is_told_once(first: str, second: str) -> None:
    """With parameters or without, in one file or in two, and however either is used."""
    for one, other in itertools.product(("", "(a)"), repeat=2):
        blocks = NAMED[first][0].format(one), NAMED[second][0].format(other)
        for name, with_it in ((first, one), (second, other)):
            use = NAMED[name][1].format('("x")' if with_it else "")
            plan = f'{HEAD}use "a.dial"\nuse "b.dial"\n{BLOCKS}route three {{ {use} }}'.replace(
                "-> sales", "-> three", 1
            )
            (finding,) = judged({"office.dial": plan, "a.dial": blocks[0], "b.dial": f"\n{blocks[1]}"}).findings
            assert where(finding) == ("D202", "b.dial:2", "one")
            assert finding.message == "the name `one` is taken"
            kind = {"combined": "hours"}.get(first, first)
            assert [(note.place.source.name, note.message) for note in finding.notes] == [("a.dial", f"by {a(kind)}")]


@pytest.mark.parametrize(
    ("blocks", "entry", "expected"),
    [
        ("ring one(a) { ring a for 9s }", "-> one", [("D288", "`one` takes 1 argument, not none", "one")]),
        ("ring one(a) { ring a for 9s }", "-> one(1, 2)", [("D288", "`one` takes 1 argument, not 2", "one(1, 2)")]),
        ("ring one { ring 1 for 9s }", "-> one(1)", [("D288", "`one` has no parameters", "one(1)")]),
        ("ring one(a) { ring a for 9s }", "-> on(1)", [("D201", "nothing is named `on`", "on")]),
        ("ring one(a) { ring a for 9s }", "-> one(5s)", [("D289", "`5s` is a time, not a text or an extension", "5s")]),
        ("ring one(a) { ring 100 for a }", '-> one("5s")', [("D289", '`"5s"` is a text, not a time', '"5s"')]),
        ("ring one(a) { ring 100 for a }", "-> one(5)", [("D289", "`5` is an extension, not a time", "5")]),
        ("ring one(a) { ring 100 for a }", "-> one(*5)", [("D289", "`*5` is a code, not a time", "*5")]),
        ("route one(a) { -> a }", "-> one(PL)", [("D289", "`PL` is a country, not a name", "PL")]),
        ("route one(a) { -> a }", "-> one(Sales)", [("D289", "`Sales` is not a name", "Sales")]),
        (
            "hours two(a) { mon 08:00-09:00  zone a }\nroute one(a) { when two(a) open -> sales }",
            *("-> one(Europe/Paris)", []),
        ),
        (
            "hours two(a) { mon 08:00-09:00  zone a }\nroute one(a) { when two(a) open -> sales }",
            *("-> one(paris)", [("D211", "there is no time zone `paris`", "paris")]),
        ),
        (
            "hours two(a) { mon 08:00-09:00  closed holidays a }\nroute one(a) { when two(a) open -> sales }",
            *("-> one(Europe/Paris)", [("D289", "`Europe/Paris` is a time zone, not a country", "Europe/Paris")]),
        ),
        (
            "switch two(a) { code a  starts off }\nroute one { when switch two(28) on -> sales }",
            *("-> one", [("D289", "`28` is an extension, not a code", "28")]),
        ),
        (
            "switch two(a) { code a  starts off }\nroute one { when switch two on -> sales }",
            *("-> one", [("D288", "`two` takes 1 argument, not none", "two")]),
        ),
        ("hours two(a) = a or two(a)", "-> sales", [("D290", "`two` uses itself", "two(a)")]),
        (
            "hours two(a) = a or three\nhours three = two(opening)\nroute one { when three open -> sales }",
            *("-> one", [("D244", "`two-a` is made of itself, by way of `three`", "two(opening)")]),
        ),
        ("callers two(a) { a }", "-> sales", [("D220", "nothing uses `two`", "two")]),
        (
            "route one(a) { -> two(a) }\nring two(b) { ring 100 for b }",
            *("-> one(sorry)", [("D289", "`sorry` is a name, not a time", "sorry")]),
        ),
        (
            "ring one(a) { ring a for a }",
            *("-> one(1)", [("D289", "`a` cannot be a time here and a text or an extension before", "a")]),
        ),
        ("route one(a) { -> one(a) }", "-> one(1)", [("D290", "`one` uses itself", "one(a)")]),
        (
            "route one(a) { -> two(a) }\nroute two(a) { -> three(a) }\nroute three(a) { -> one(a) }",
            *("-> one(1)", [("D290", "`one` uses itself, by way of `two`", "one(a)")]),
        ),
        ("ring one(a, a) { ring a for 9s }", "-> one(1, 2)", [("D292", "`a` is a parameter twice", "a")]),
        (
            "route one(a) { -> a(1) }",
            *("-> one(sorry)", [("D292", "`a` is a parameter, which takes no arguments", "a(1)")]),
        ),
        (
            "ring one(a) { ring a for 9s }\nring one(a) { ring a for 9s }",
            "-> one(1)",
            [("D202", "the name `one` is taken", "one")],
        ),
        (
            "ring one { ring 100 for 9s }\nring one(a) { ring a for 9s }",
            "-> one",
            [("D202", "the name `one` is taken", "one")],
        ),
        (
            "prompt one(a) { file a  lasts 3s }",
            '-> one("x")',
            [("D203", "`one-a` is a prompt, not a step", 'one("x")')],
        ),
        ("ring one(a) { ring 100 for 9s }", "-> one(1)", [("D220", "nothing depends on the parameter `a`", "a")]),
        ("ring one(a) { ring a for 9s }", "-> sales", [("D220", "nothing uses `one`", "one")]),
        ("ring one(a) { ring 100 for a }", "-> one(900h)", [("D204", "`900h` is not between 1s and 24h", "900h")]),
        ("ring one(a) { ring 100 for 9s  busy -> a }", "-> one(nix)", [("D201", "nothing is named `nix`", "nix")]),
    ],
)
def test_what_is_wrong_with_parameters(blocks: str, entry: str, expected: list[tuple[str, str, str]]) -> None:
    plan = with_blocks(f"{blocks}\n", entry)
    if "sales" not in entry:
        plan = plan.replace("queue sales {", "queue sales {", 1).replace(
            'line "+48 22 123 45 67"', 'line "+48 22 123 45 66" -> sales\nline "+48 22 123 45 67"'
        )
    found = [finding for finding in told(plan) if not finding.code.startswith("C")]
    assert [(finding.code, finding.message, where(finding)[2]) for finding in found] == expected
    for finding in found:
        assert len(finding.message) <= 72
        assert text(finding)


@pytest.mark.parametrize(
    ("block", "given", "help"),
    [
        ("switch two(a) { code a  starts off }", "28", "write it as in `*28`"),
        ("switch two(a) { code a  starts off }", '"*28"', "write it without quotes, as in `*28`"),
        ("switch two(a) { code *28  starts off  back to auto at a }", "6", ""),
        ("hours two(a) { closed holidays a }", "pl", "write it as in `PL`"),
        ("hours two(a) { zone a }", '"Europe/Paris"', "write it without quotes, as in `Europe/Paris`"),
        ("hours two(a) = a or opening", "Opening", "write it as in `opening`"),
        ("hours two(a) = a or opening", "PL", ""),
        ("callers two(a) { prefix a }", "Warsaw", 'write it in quotes, as in `"Warsaw"`'),
        ("callers two(a) { from a }", "vip", 'write it in quotes, as in `"vip"`'),
        ("digits two(a) { a }", '"100"', "write it without quotes, as in `100`"),
    ],
)
def test_an_argument_of_the_wrong_kind_has_a_cure_where_it_is_sure(block: str, given: str, help: str) -> None:
    use = {
        "switch": "when switch two({}) on -> sales",
        "hours": "when two({}) open -> sales",
        "callers": "when caller in two({}) -> sales",
        "digits": "-> three }}\ncollect three {{ play choices  digits 3  accept two({}) -> sales",
    }[block.split()[0]]
    (finding,) = told(with_blocks(f"{block}\nroute one {{ {use.format(given)} }}\n", "-> one"))
    assert (finding.code, where(finding)[2], finding.help) == ("D289", given, help)


def test_what_is_wrong_in_a_block_is_told_once_with_what_uses_it() -> None:
    lines = "".join(
        f'line "+48 22 123 46 {number:02}" -> one("Site {number}", {100 + number})\n' for number in range(9)
    )
    found = told(
        with_blocks(f"menu one(a, b) {{ play nix  key 1 a -> two(b) }}\nring two(b) {{ ring b, b for 9s }}\n{lines}")
    )
    assert [(finding.code, finding.message) for finding in found] == [
        ("D201", "nothing is named `nix`"),
        ("D216", "`100` is written twice"),
    ]
    assert [note.message for note in found[0].notes] == ['in one("Site 0", 100), used here']
    assert [note.message for note in found[1].notes] == [
        "first here",
        "in two(100), used here",
        'in one("Site 0", 100), used here',
        "and in two(101), used here",
    ]


def test_a_finding_of_the_proof_says_which_use_shows_it() -> None:
    blocks = """
        line "+48 22 123 45 68" -> one(desk_a)
        line "+48 22 123 45 69" -> one(desk_b)
        ring desk_a { ring 101 for 9s }
        ring desk_b { ring 102 for 9s }
        route one(desk) { answer  when opening open -> desk  hang-up }
        """
    found = [
        finding for finding in told(with_blocks(blocks)) if "one" in finding.message or "hang-up" in where(finding)[2]
    ]
    inside = [finding for finding in found if finding.place.source.use is not None]
    assert [(finding.code, where(finding)[2]) for finding in inside] == [("C10", "hang-up")]
    assert [note.message for note in inside[0].notes] == ["in one(desk_a), used here", "and in one(desk_b), used here"]
    assert "one-a: opening closed" in "".join(inside[0].call)


def test_hostile_growth_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each block uses the next in nine ways, which makes 9^12 blocks of twelve."""
    monkeypatch.setattr("dialc.resolve.reuse.MOST", 300)
    blocks = ""
    for number in range(12):
        keys = "  ".join(f"key {key} -> m{number + 1}({key}, a, b)" for key in range(9))
        blocks += f"menu m{number}(a, b, c) {{ play choices  {keys} }}\n"
    found = told(with_blocks(f"{blocks}menu m12(a, b, c) {{ play choices  key a -> sales }}\n", "-> m0(1, 2, 3)"))
    assert [(finding.code, where(finding)[2]) for finding in found] == [("D291", "m3(2, a, b)")]


# The same plan by hand


def words(element: Any) -> Iterator[tuple[Any, syntax.Word]]:
    """The words of an element, and the elements that they belong to."""
    for part in (
        element if isinstance(element, tuple) else [getattr(element, f.name) for f in attrs.fields(type(element))]
    ):
        if isinstance(part, syntax.Word):
            yield element, part
            if isinstance(part, syntax.Use):
                yield from ((part, argument) for argument in part.arguments)
        elif (isinstance(part, tuple) or attrs.has(type(part))) and not isinstance(part, Place):
            yield from words(part)


KEYWORDS = set(re.findall(r'"([a-z][a-z-]*)"', (ROOT / "grammar" / "dialplan.lark").read_text(encoding="utf-8")))


def written(word: syntax.Word) -> str:
    return word.place.source.text[word.place.start : word.place.end]


def could_be_given(around: object, word: syntax.Word) -> bool:
    """Whether an argument could stand in the place of a word: neither days nor languages are values."""
    match around:
        case syntax.Days() | syntax.Form():
            return False
        case syntax.Spoken(language=language) | syntax.Lasts(language=language) | syntax.Key(speaks=language):
            if word is language:
                return False
        case syntax.Setting(kind="file"):
            return written(word).startswith('"')  # a path is no value
        case _:
            pass
    return written(word) not in KEYWORDS and bool(set(parse.kinds(written(word))) - {"KEY"})


def is_a_use(around: object, word: syntax.Word, name: str) -> bool:
    """Whether a word names a block that has a name: sounds, music, services and their answers have names, too."""
    if isinstance(word, syntax.Parameter) or not word.text == name == written(word):
        return False
    match around:
        case syntax.Setting(kind="music" | "file") | syntax.Head():
            return False
        case syntax.Ask(service=other) | syntax.Reply(word=other):
            return word is not other
        case _:
            return True


def without_parameters(text: str) -> Iterator[syntax.Named]:
    """The blocks of a plan that have no parameters, and whose names are easily told from words."""
    file, findings = parse.parse(Source("office.dial", text))
    assert findings == ()
    named = (block for block in file.declarations if isinstance(block, syntax.Named))
    plain = (block for block in named if not isinstance(block.name, syntax.Form))
    return (block for block in plain if block.name.text not in KEYWORDS)


def factored(text: str, block: syntax.Named, chosen: Callable[[syntax.Word], bool]) -> str | None:
    """A plan in which chosen values of a block became arguments; None where it cannot have any."""
    file, _ = parse.parse(Source("office.dial", text))
    name = block.name.text
    forms = {d.name.text for d in file.declarations if isinstance(d, syntax.Named) and isinstance(d.name, syntax.Form)}
    inside = [(a, w) for a, w in words(block) if w is not block.name]
    if any(word.text == name for _, word in inside):
        return None  # it leads back to itself, and would use itself
    values = [word for around, word in inside if could_be_given(around, word) and not isinstance(word, syntax.Use)]
    values = [word for word in values if word.text not in forms and chosen(word)]
    if not values:
        return None
    parameters = {word.place.start: f"p{number}_{word.place.start % 9}" for number, word in enumerate(values)}
    use = f"{name}({', '.join(written(word) for word in values)})"
    edits = [(word.place, parameters[word.place.start]) for word in values]
    edits.append((block.name.place, f"{name}({', '.join(parameters.values())})"))
    for declaration in file.declarations:
        if getattr(declaration, "place", None) == block.place:
            continue
        for around, word in words(declaration):
            if is_a_use(around, word, name):
                if isinstance(around, syntax.Use):
                    return None  # an argument is no use
                edits.append((word.place, use))
    for place, new in sorted(edits, key=lambda edit: -edit[0].start):
        text = text[: place.start] + new + text[place.end :]
    return text


@functools.lru_cache(maxsize=20)
def by_hand(text: str) -> str:
    """All that a plan means, with the names that its blocks have without parameters."""
    return re.sub(r"\b([a-z]\w*)-a\b", r"\1", repr(attrs.evolve(resolved(text), arrows={}, digest="")))


def check_meaning(form: str, plain: str) -> None:
    """Hold a plan with parameters against the same without them."""
    assert by_hand(form) == by_hand(plain)
    check_format(form)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(set(EXAMPLES) - {"retailer.dial"})), st.randoms(use_true_random=False))
def test_a_plan_with_parameters_means_what_it_means_by_hand(name: str, chance: random.Random) -> None:
    """Random values of random blocks become arguments, and nothing changes but the names of the blocks.

    The retailer has blocks with parameters already. Their letters go by the order of use, which can change with more.
    """
    plain = form = EXAMPLES[name]
    for _ in range(chance.randrange(1, 9)):
        block = chance.choice(list(without_parameters(form)))
        tried = factored(form, block, lambda _: chance.random() < 0.7)
        if tried is not None and not is_in_a_circle(tried):
            form = tried
    if form != plain:
        check_meaning(form, plain)


@pytest.mark.parametrize("kind", typing.get_args(syntax.Named), ids=lambda kind: kind.__name__)
def test_all_values_of_blocks_of_each_kind_can_be_arguments(kind: type[syntax.Named]) -> None:
    found = 0
    for plain in (REST, *EXAMPLES.values()):
        blocks = [block for block in without_parameters(plain) if isinstance(block, kind)]
        forms = (factored(plain, block, lambda _: True) for block in blocks)
        form = next((form for form in forms if form and not is_in_a_circle(form)), None)
        if form is not None:
            found += 1
            check_meaning(form, plain)
    assert found > 0


def is_in_a_circle(text: str) -> bool:
    """Whether a block of a plan with parameters uses itself, since the block that it came of leads back."""
    return any(finding.code == "D290" for finding in meant(text)[1])
