"""Reuse: files that a plan uses, and blocks with parameters, which mean what the same plan without them means."""

import random
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialc import Judged, judge, parse, resolve, syntax
from dialc.beside import Missing
from dialc.cli import main
from dialc.findings import Finding, text
from dialc.mistakes import PLAN, SITE
from dialc.plan import Hours, Menu, Plan, Ring
from dialc.source import Place, Source
from tests.test_format import check as check_format

ROOT = Path(__file__).parent.parent
EXAMPLES = {name: (ROOT / "examples" / name).read_text(encoding="utf-8") for name in ("clinic.dial", "workshop.dial")}
"""Plans whose blocks are all used where a block with parameters can be."""

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


def resolved(text: str) -> Plan:
    """A plan with nothing wrong but what a proof would find."""
    file, findings = parse.parse(Source("office.dial", text))
    assert findings == ()
    plan, more = resolve.resolve(file)
    assert plan is not None, more
    return plan


def told(text: str) -> list[Finding]:
    """What is found in a plan that stands alone."""
    return list(judge(Source("office.dial", text)).findings)


def with_blocks(blocks: str, entry: str = "-> sales") -> str:
    """The plan of the catalogue with other blocks, to which its key 1 leads."""
    return PLAN.replace("-> sales", entry, 1) + textwrap.dedent(blocks)


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


# What is wrong with them


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
BLOCK = syntax.Hours | syntax.Prompt | syntax.Step


def written(word: syntax.Word) -> str:
    return word.place.source.text[word.place.start : word.place.end]


def could_be_given(around: object, word: syntax.Word) -> bool:
    """Whether an argument could stand in the place of a word."""
    if isinstance(around, syntax.Days | syntax.Form) or (isinstance(around, syntax.Spoken) and word is around.language):
        return False
    if isinstance(around, syntax.Setting) and around.kind in ("file", "music"):
        return written(word).startswith('"')
    return written(word) not in KEYWORDS and bool(set(parse.kinds(written(word))) - {"KEY"})


def factored(text: str, chance: random.Random) -> str | None:
    """A plan in which values of a block without parameters became arguments; None where the block cannot have any."""
    file, findings = parse.parse(Source("office.dial", text))
    assert findings == ()
    forms = {d.name.text for d in file.declarations if isinstance(d, BLOCK) and isinstance(d.name, syntax.Form)}
    block = chance.choice([d for d in file.declarations if isinstance(d, BLOCK) and d.name.text not in forms])
    inside = [(a, w) for a, w in words(block) if w is not block.name]
    if block.name.text in KEYWORDS or any(word.text == block.name.text for _, word in inside):
        return None  # its name is not easily told from a word, or it leads back to itself and would use itself
    values = [word for around, word in inside if could_be_given(around, word) and not isinstance(word, syntax.Use)]
    values = [word for word in values if word.text not in forms and chance.random() < 0.7]
    if not values:
        return None
    parameters = {word.place.start: f"p{number}_{chance.randrange(9)}" for number, word in enumerate(values)}
    use = f"{block.name.text}({', '.join(written(word) for word in values)})"
    edits = [(word.place, parameters[word.place.start]) for word in values]
    edits.append((block.name.place, f"{block.name.text}({', '.join(parameters.values())})"))
    for declaration in file.declarations:
        if declaration is block or isinstance(declaration, syntax.Head):
            continue
        for around, word in words(declaration):
            if word.text == block.name.text == written(word) and not (
                isinstance(around, syntax.Setting) and around.kind in ("music", "file")
            ):
                if isinstance(around, syntax.Use):
                    return None  # an argument is no use
                edits.append((word.place, use))
    for place, new in sorted(edits, key=lambda edit: -edit[0].start):
        text = text[: place.start] + new + text[place.end :]
    return text


def by_hand(plan: Plan) -> str:
    """All that a plan means, with the names that its blocks have without parameters."""
    return re.sub(r"\b([a-z]\w*)-a\b", r"\1", repr(attrs.evolve(plan, arrows={}, digest="")))


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(EXAMPLES)), st.randoms(use_true_random=False))
def test_a_plan_with_parameters_means_what_it_means_by_hand(name: str, chance: random.Random) -> None:
    """Random values of random blocks become arguments, and nothing changes but the names of the blocks."""
    plain = form = EXAMPLES[name]
    for _ in range(chance.randrange(1, 9)):
        tried = factored(form, chance)
        if tried is not None and not any(finding.code == "D290" for finding in told_before_proof(tried)):
            form = tried
    if form != plain:
        assert by_hand(resolved(form)) == by_hand(resolved(plain))
        check_format(form)


def told_before_proof(text: str) -> tuple[Finding, ...]:
    file, findings = parse.parse(Source("office.dial", text))
    assert findings == ()
    return resolve.resolve(file)[1]
