"""What is read from Asterisk's files is what a real Asterisk reads from them."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialc.calendar import union
from dialc.live.ami import Refused
from dialc.live.asterisk import Asterisk, Install
from dialc.read.asterisk import configuration, dialplan, functions, jumps, patterns, substitution, times
from tests.test_read_asterisk_times import written_times

GOLDEN = Path(__file__).parent.parent / "golden" / "asterisk" / "clinic"
MANY = 300 if os.environ.get("FULL") else 60
"""How many texts are tried of each kind."""

searched = settings(
    max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def pbx(install: Install, runner: asyncio.Runner) -> Iterator[Asterisk]:
    """A server without a plan."""
    server = Asterisk(install, extensions="")
    runner.run(server.__aenter__())
    yield server
    runner.run(server.stop())


_PIECES = r"""
a b [s] [t] [ ] (!) (+) (s) (t,+) (+a=1) ( ) = => += > ; ;-- --; - -- \ \; 1 2 , " é # [s](!) [t](s) [u] a=1 b=>2 a+=3
"""
_LINES = ["#include x.conf", "#tryinclude <y.conf>", "#include nothing", "#inc x", " ", "\t", "\r", *"\n\n\n\n"]
pieces = st.sampled_from([*_PIECES.split(), *_LINES])
texts = st.lists(pieces, max_size=30).map("".join)


async def _sections(pbx: Asterisk, name: str) -> list[tuple[str, list[str]]] | None:
    try:
        answer = await pbx.manager.action("GetConfig", Filename=name)
    except Refused:
        return None
    found: list[tuple[str, list[str]]] = []
    for header, value in answer.items():
        if header.startswith("Category-"):
            found.append((value, []))
        elif re.match(r"Line-\d", header):
            found[-1][1].append(value)
    return found


def test_configuration_files_are_read_as_asterisk_reads_them(pbx: Asterisk, runner: asyncio.Runner) -> None:
    refused = []

    @searched
    @given(texts.map("[s]\n".__add__), texts, texts)
    def check(text: str, one: str, other: str) -> None:
        files = {"read.conf": text, "x.conf": one, "y.conf": other}
        for name, content in files.items():
            pbx.write(name, content)
        expected = runner.run(_sections(pbx, "read.conf"))
        found = configuration.read(files, "read.conf")
        refused.append(found.refused)
        if expected is None:
            assert found.refused
        else:
            shown = [(each.name, [f"{s.name}={s.value}" for s in each.settings]) for each in found.sections]
            assert shown == expected
            assert not found.refused

    check()

    assert 0 < refused.count(True) < len(refused) / 2


_VARIABLES = {
    "a": "1",
    "b": "abc",
    "c": "",
    "abc": "2.50",
    "d": "20261122",
    "e": '"x y"',
    "é": "ćwierć",
    "g": "a-b--c-",
    "h": "PJSIP/1-2",
}
_OPERANDS = [*"01234579", "08", "1.5", ".5", "-3", "0.1", "1.2.3", "99999999999999999999", "a", "b", "abc", "ABC", "é"]
_QUOTED = ['"a"', '"1"', '""', '"a b"', '"0"', '"(a+)"', '"a|b"', '"^[a-c]*$"', "[0-9]+", ".*", '"[[:alpha:]]+"']
_ASKED = ["${a}", "${b}", "${c}", "${d}", "${e}", "${abc:1}", "${d:-4:2}", "${${b}}", "${d:4:-2}", "${é:0:3}", "${f}"]
_SIGNS = '| & = > < >= <= != + - * / % ? :: : =~ ~~ ! ( ) ( ) || && == , $ ~ { } [ ] " @ ROUND( FLOOR( ABS('
_operands = st.sampled_from([*_OPERANDS, *_QUOTED, *_ASKED])
_OPERATORS = "| & = > < >= <= != + - * / % : =~ ~~ ?"
_operators = st.sampled_from(_OPERATORS.split())
_expressions = st.recursive(
    _operands,
    lambda inner: st.one_of(
        st.tuples(inner, _operators, inner).map(" ".join),
        st.tuples(inner, inner, inner).map(lambda parts: "{} ? {} :: {}".format(*parts)),
        st.tuples(st.sampled_from("-!"), inner).map("".join),
        inner.map("({})".format),
        inner.map("$[{}]".format),
    ),
    max_leaves=8,
)
_jumbled = st.lists(st.one_of(_operands, st.sampled_from(_SIGNS.split())), max_size=8).map(" ".join)
_said = st.one_of(_expressions.map("$[{}]".format), _jumbled.map("$[{}]".format), _jumbled)


async def _globals(pbx: Asterisk, texts: list[str]) -> list[str]:
    lines = [*(f"{name} = {value}" for name, value in _VARIABLES.items())]
    lines += [f"said{number} = <{text}" for number, text in enumerate(texts)]
    pbx.write("extensions.conf", "\n".join(["[globals]", *lines, ""]))
    await pbx.reload("pbx_config")
    shown = dict(re.findall(r"^ *(said\d+)=<(.*)$", await pbx.cli("dialplan show globals"), re.MULTILINE))
    return [shown[f"said{number}"] for number in range(len(texts))]


def test_texts_are_replaced_as_asterisk_replaces_them(pbx: Asterisk, runner: asyncio.Runner) -> None:
    known = []

    @searched
    @given(st.lists(_said, min_size=20, max_size=40))
    def check(texts: list[str]) -> None:
        for text, expected in zip(texts, runner.run(_globals(pbx, texts)), strict=True):
            found = substitution.replaced(text, lambda name: _VARIABLES.get(name, ""), lambda *_: "0")
            known.append(found is not None)
            assert found is None or found == expected, text

    check()
    assert known.count(True) > len(known) * 0.9


def _shown(found: dialplan.Dialplan) -> dict[str, list[str]]:
    """A dialplan as Asterisk's command line shows it, but for how wide it sets it."""
    return {
        context.name: [
            *(line for extension in context.extensions for line in _lines(extension)),
            *(f" Include => '{include.written}' [pbx_config]" for include in context.includes),
            *(f" Ignore pattern => '{pattern}' [pbx_config]" for pattern in context.ignored),
            *(f" Alt. Switch => '{s.name}/{s.data}' [pbx_config]" for s in context.switches),
        ]
        for context in found.contexts.values()
    }


def _lines(extension: dialplan.Extension) -> Iterator[str]:
    caller = "" if extension.caller is None else f" (CID match '{extension.caller}')"
    head = f"'{extension.name}'{caller} =>"
    for number, priority in extension.priorities.items():
        if head.startswith(" "):
            head = f" [{priority.label}]" if priority.label else ""
        step = f"{number}. {priority.application}({priority.argument})"
        if number == dialplan.HINT:
            step = f"hint: {priority.application}"
        place = priority.place
        yield re.sub(" +", " ", f" {head} {step} [{place.source.name}:{place.line}]")
        head = " "


async def _dialplan(pbx: Asterisk, text: str) -> dict[str, list[str]]:
    pbx.write("extensions.conf", text)
    await pbx.reload("pbx_config")
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (await pbx.cli("dialplan show")).splitlines():
        begun = re.fullmatch(r"\[ Context '(.*)' created by '(.*)' \]", line)
        if begun:
            lines = []
            if begun[2] == "pbx_config":
                found[begun[1]] = lines
        elif line.startswith(" "):
            lines.append(re.sub(" +", " ", line))
    # A context of the plan before may still be there, with nothing in it.
    return {name: lines for name, lines in found.items() if lines}


_EXTENSIONS = [
    "1",
    "12",
    "1-2",
    "s",
    "_X",
    "_1X",
    "_1X.",
    "_NXX",
    "_[12]X",
    "_[2-4]!",
    "_Z",
    "_1-2",
    "_.",
    "_[]1",
]
_EXTENSIONS += [
    "_x",
    "_[1-35]",
    "_[53-1]",
    "h",
    "1/2",
    "1/",
    "_1X/_2X",
    "_1X/2-3",
    "1 2",
    "a[b,c]",
    "",
    "${v}",
    "é",
    "_é!",
]
_NUMBERS = ["1", "1", "2", "3", "n", "n", "n", "n(a)", "2(a)", "n(b)", "n+2", "n(a)+2", "s", "0", "1x", ""]
_STEPS = [
    "NoOp(a)",
    "NoOp",
    "NoOp((a)b)c",
    "NoOp(a",
    "Goto(a,1)",
    "SIP/a",
    "${v}(x)",
    "SIP/${EXTEN}@${CONTEXT}",
    " NoOp( a )",
    "",
    "NoOp(a\\;b)",
    "é(é)",
]
_KEYS = [
    "exten => {},{},{}",
    "exten => {},{},{}",
    "same => {1},{2}",
    "same => {1},{2}",
    "Exten={},{},{}",
    "sameish={1},{2}",
]
_OTHERS = [
    "include => c",
    "include => b,9:00-17:00,*,*,*",
    "INCLUDE = c",
    "include => C",
    "include => b|",
    "ignorepat => 9",
]
_OTHERS += [
    "switch => Loopback/a@b",
    "eswitch => Loopback/${v}",
    "what => a",
    "[a]",
    "[b]",
    "[a](+)",
    "[c]",
]
_OTHERS += ["ignorepat => 9", "switch => loopback/A@b", "include => ${v}", "include => nowhere", "a"]
_lines_written = st.one_of(
    st.tuples(*map(st.sampled_from, (_KEYS, _EXTENSIONS, _NUMBERS, _STEPS))).map(lambda p: p[0].format(*p[1:])),
    st.tuples(*map(st.sampled_from, (_KEYS, _EXTENSIONS, _NUMBERS, _STEPS))).map(lambda p: p[0].format(*p[1:])),
    st.sampled_from(_OTHERS),
)


def test_dialplans_are_loaded_as_asterisk_loads_them(pbx: Asterisk, runner: asyncio.Runner) -> None:
    @searched
    @given(st.lists(_lines_written, max_size=40))
    def check(lines: list[str]) -> None:
        text = "\n".join(["[globals]", "v = 12", "[a]", *lines, ""])
        found = dialplan.load(configuration.read({"extensions.conf": text}, "extensions.conf"))
        shown = {name: lines for name, lines in _shown(found).items() if lines}
        assert shown == runner.run(_dialplan(pbx, text))

    check()


_PATTERNS = [each for each in _EXTENSIONS if each and "/" not in each and "$" not in each]
_DIALLED = ["1", "12", "1-2", "-1", "123", "2", "19", "0", "s", "S", "h", "é", "éa", "_X", "_x", "_1X", "34", "4", "x"]


async def _matched(pbx: Asterisk) -> dict[tuple[str, str], bool]:
    contexts = [f"[p{number}]\nexten => {pattern},1,NoOp()\n" for number, pattern in enumerate(_PATTERNS)]
    await _dialplan(pbx, "".join(contexts))
    return {
        (pattern, dialled): (await pbx.manager.action("Getvar", Variable=f"DIALPLAN_EXISTS(p{number},{dialled},1)"))[
            "Value"
        ]
        == "1"
        for number, pattern in enumerate(_PATTERNS)
        for dialled in _DIALLED
    }


def test_patterns_match_what_asterisk_says_they_match(pbx: Asterisk, runner: asyncio.Runner) -> None:
    expected = runner.run(_matched(pbx))
    found = {pair: patterns.matches(patterns.plain(pair[0]), pair[1]) is not patterns.Match.NO for pair in expected}
    assert found == expected
    assert 30 < sum(found.values()) < len(found) / 2


_ZONES = ["Europe/Warsaw", "America/New_York", "UTC", "Nowhere/Land", "Australia/Lord_Howe"]
_FORMATS = [
    "%Y%m%d",
    "%u",
    "%H%M%S",
    "%H:%M",
    "%a",
    "%A",
    "%b",
    "%j",
    "%e",
    "%I %p",
    "%U",
    "%V",
    "%G",
    "%w",
    "%D",
    "%T",
]


def test_times_are_what_asterisk_takes_them_for(pbx: Asterisk, runner: asyncio.Runner) -> None:
    @searched
    @given(st.lists(st.tuples(written_times, st.sampled_from(_ZONES)), min_size=30, max_size=30))
    def check(asked: list[tuple[str, str]]) -> None:
        texts = [f"${{IFTIME({written},{zone}?1:0)}}" for written, zone in asked]
        before = int(runner.run(pbx.now()))
        answers = runner.run(_globals(pbx, texts))
        after = int(runner.run(pbx.now()))
        for (written, zone), answer in zip(asked, answers, strict=True):
            read = times.read(f"{written},{zone}")
            assert read is not None
            held = times.instants(read, "UTC", before, after + 1)
            if bool(held) is (held == union([(before, after + 1)])):  # the same all the while
                assert answer == f"{int(bool(held))}", (written, zone)

    check()


def test_formats_are_what_asterisk_shows(pbx: Asterisk, runner: asyncio.Runner) -> None:
    instants = st.integers(1_700_000_000, 1_900_000_000)

    @searched
    @given(st.lists(st.tuples(instants, st.sampled_from(_ZONES), st.sampled_from(_FORMATS)), min_size=30, max_size=30))
    def check(asked: list[tuple[int, str, str]]) -> None:
        texts = [f"${{STRFTIME({instant},{zone},{format_})}}" for instant, zone, format_ in asked]
        for (instant, zone, format_), shown in zip(asked, runner.run(_globals(pbx, texts)), strict=True):
            held = times.formatted(zone, format_, shown.__eq__, instant, instant + 1)
            assert held == union([(instant, instant + 1)]), (instant, zone, format_, shown)

    check()


_BYTES = [
    "a",
    "z",
    "-",
    "0",
    "9",
    "\\x41",
    "\\x2d",
    "\\n",
    "\\101",
    "\\xz",
    "é",
    "+",
    '"',
    " ",
    "\\x80-\\xff",
    "\\0",
    "A-Z",
]
_sets = st.lists(st.sampled_from(_BYTES), max_size=5).map("".join)
_words = st.lists(st.sampled_from(["a", "b", "Z", "é", "0", "5", "-", "/", "+", " ", ".", "_"]), max_size=8).map(
    "".join
)
_fields = st.sampled_from(
    ["1", "2", "3", "1-2", "2-", "-2", "1&3", "3&1", "0", "x", "9", "2-1", "-", "", "1-2&4", "-1"]
)
_varied = st.sampled_from(["b", "d", "c", "g", "h", "d:2"])
_called = st.one_of(
    st.tuples(_sets, _words).map(lambda p: f"${{FILTER({p[0]},x{p[1]})}}"),
    st.tuples(_varied, st.sampled_from("-/0b|"), _fields).map(lambda p: f"${{CUT({p[0]},{p[1]},{p[2]})}}"),
    st.tuples(_varied, st.sampled_from(["-", "/", "\\,", ""])).map(lambda p: f"${{FIELDQTY({p[0]},{p[1]})}}"),
    st.tuples(st.sampled_from(["LEN", "TOUPPER", "TOLOWER", "ISNULL", "EXISTS"]), _words).map(
        lambda p: f"${{{p[0]}({p[1]})}}"
    ),
    st.tuples(st.sampled_from(["0", "1", "", " 1", "a", "0a", "-0", "${c}", "$[1=1]"]), _words, _words).map(
        lambda p: f"${{IF({p[0]}?{p[1]}:{p[2]})}}"
    ),
)


def test_functions_return_what_asterisk_returns(pbx: Asterisk, runner: asyncio.Runner) -> None:
    def variable(name: str) -> str:
        return _VARIABLES.get(name, "")

    def function(name: str, written: str) -> str | None:
        return functions.result(name, written, variable, function)

    known = []

    @searched
    @given(st.lists(_called, min_size=30, max_size=30))
    def check(texts: list[str]) -> None:
        for text, expected in zip(texts, runner.run(_globals(pbx, texts)), strict=True):
            found = substitution.replaced(text, variable, function)
            known.append(found is not None)
            assert found is None or found.rstrip() == expected.rstrip(), text

    check()
    assert known.count(True) > len(known) * 0.9


_PARTED = ["a", "b", ",", ",", '"', "\\", "(", ")", "[", "]", " ", "&", "^"]
_given = st.lists(st.sampled_from(_PARTED), max_size=10).map("".join)


async def _called_with(pbx: Asterisk, texts: list[str]) -> list[str]:
    """What a subroutine sees as its arguments."""
    lines = [f"same => n,Set(number={number})\nsame => n,Gosub(b,s,1({text}))" for number, text in enumerate(texts)]
    await _dialplan(
        pbx,
        "\n".join(
            [
                *("[globals]", *(f"said{number} = <" for number in range(len(texts)))),
                *("[a]", "exten => s,1,NoOp()", *lines, "same => n,Set(GLOBAL(done)=yes)", "same => n,Hangup()"),
                *("[b]", "exten => s,1,Set(GLOBAL(said${number})=<${ARG1}|${ARG2}|${ARG3}|${ARG4})"),
                *("same => n,Return()", "[c]", "exten => s,1,Wait(5)", "[globals]", "done = no", ""),
            ]
        ),
    )
    await pbx.manager.action("Originate", Channel="Local/s@a/n", Context="c", Exten="s", Priority=1, Async="true")
    shown: dict[str, str] = {}
    while shown.get("done") != "yes":
        await asyncio.sleep(0.005)
        found = re.findall(r"^ *(\w+)=(.*)$", await pbx.cli("dialplan show globals"), re.MULTILINE)
        shown = {name: value.removeprefix("<") for name, value in found}
    return [shown[f"said{number}"] for number in range(len(texts))]


def test_subroutines_are_called_as_asterisk_calls_them(pbx: Asterisk, runner: asyncio.Runner) -> None:
    @settings(searched, max_examples=MANY // 10)
    @given(st.lists(_given, min_size=40, max_size=40))
    def check(texts: list[str]) -> None:
        for text, seen in zip(texts, runner.run(_called_with(pbx, texts)), strict=True):
            given = jumps.subroutine(f"b,s,1({text})").arguments
            assert "|".join((*given, "", "", "", "")[:4]).rstrip() == seen.rstrip(), text

    check()


def test_a_plan_that_was_emitted_is_loaded_as_it_is_read(pbx: Asterisk, runner: asyncio.Runner) -> None:
    text = (GOLDEN / "dialc-clinic.extensions.conf").read_text(encoding="utf-8")
    found = dialplan.load(configuration.read({"extensions.conf": text}, "extensions.conf"))
    shown = {context: lines for context, lines in _shown(found).items() if lines}
    assert shown == runner.run(_dialplan(pbx, text))
    assert not found.slips
