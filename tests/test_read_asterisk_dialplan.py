"""What Asterisk makes of extensions.conf, in examples to check by hand; tests/live asks a real Asterisk."""

import pytest

from dialc.read.asterisk import configuration
from dialc.read.asterisk.dialplan import Dialplan, Elsewhere, Found, load
from dialc.read.asterisk.patterns import Ask, Match, matches


def loaded(text: str) -> Dialplan:
    """The dialplan of a file."""
    return load(configuration.read({"extensions.conf": text}, "extensions.conf"))


def steps(text: str) -> list[str]:
    """The priorities of every extension in the context `a`, in order, without their places."""
    return [
        f"{extension.name},{each.number}{f'({each.label})' if each.label else ''},{each.application}({each.argument})"
        for extension in loaded(f"[a]\n{text}").contexts["a"].extensions
        for each in extension.priorities.values()
    ]


def slips(text: str) -> list[int]:
    """The lines on which something is not taken as it is written."""
    return [slip.place.line for slip in loaded(text).slips]


def where(found: Found | Elsewhere) -> str:
    """A priority that was found, shortly."""
    times = "".join(f" {each}" for each in found.times)
    if isinstance(found, Elsewhere):
        return f"{found.context.name}?{times}"
    return f"{found.context.name}:{found.extension.name},{found.priority.number}{times}"


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("exten => 100,1,Dial(PJSIP/100,20)", "100,1,Dial(PJSIP/100,20)"),
        ("EXTEN = 100, 1 , Answer", "100,1,Answer()"),
        ("exten => 1 0 0,1(go),Goto(x,1)", "100,1(go),Goto(x,1)"),
        ("exten => _1[a,b]X,1,NoOp(a)b)", "_1[a,b]X,1,NoOp(a)b)"),
        ("exten => 100,1,NoOp((a),b) c", "100,1,NoOp((a),b)"),
        ("exten => 100,1,NoOp(a", "100,1,NoOp(a)"),
        ("exten => 100,hint,PJSIP/100", "100,-1,PJSIP/100()"),
        ("exten => 100,1", "100,1,()"),
        ("exten => 100,1+2,NoOp", "100,3,NoOp()"),
    ],
)
def test_a_line_is_a_priority(line: str, step: str) -> None:
    assert steps(line) == [step]


def test_priorities_count_on() -> None:
    text = "exten => s,1,A\nsame => n,B\nsame => n(c),C\nexten => s,n+2,D\nsame => 20,E\n same => n,F\nexten => 1,n,G"
    assert steps(text) == [
        *("1,22,G()", "s,1,A()", "s,2,B()", "s,3(c),C()", "s,6,D()", "s,20,E()", "s,21,F()"),
    ]


def test_the_first_of_two_equal_priorities_and_labels_stays() -> None:
    text = "[a]\nexten => s,1(x),A\nexten => s,1,B\nexten => s,n(x),C\nexten => s,n,D"
    assert steps(text.removeprefix("[a]\n")) == ["s,1(x),A()", "s,2,C()", "s,3,D()"]
    assert slips(text) == [3, 4]
    assert loaded(text).contexts["a"].extensions[0].labels == {"x": 1}


@pytest.mark.parametrize(
    "line",
    [
        *("same => n,A", "exten => s,n,A", "exten => s,0,A", "exten => s,x,A", "exten => s,1(a,A", "exten => ,1,A"),
        *("extn => s,1,A", "exten => s,,A", "include => a", "exten => ${EPOCH},1,A"),
    ],
)
def test_lines_that_are_skipped_are_told(line: str) -> None:
    text = f"[a]\n{line}\ninclude => a"
    assert not loaded(text).contexts["a"].extensions
    assert slips(text) == [3 if line.startswith("include") else 2]


def test_what_comes_next_after_a_hint_has_no_number() -> None:
    text = "[a]\nexten => s,hint,PJSIP/1\n same => n,A\n same => 1,B\n same => n,C"
    assert steps(text.removeprefix("[a]\n")) == ["s,-1,PJSIP/1()", "s,1,B()", "s,2,C()"]
    assert slips(text) == [3]


def test_extensions_are_tried_from_the_plainest_to_the_widest() -> None:
    written = ["_.", "_X.", "_X!", "_1X", "_[13]X", "_[12]X", "_NX", "_XX", "11", "_!", "_1[5-7]"]
    text = "\n".join(f"exten => {each},1,A" for each in written)
    found = [extension.name for extension in loaded(f"[a]\n{text}").contexts["a"].extensions]
    assert found == ["11", "_1[5-7]", "_1X", "_[12]X", "_[13]X", "_NX", "_XX", "_X.", "_X!", "_.", "_!"]


@pytest.mark.parametrize(
    ("extension", "dialled", "whole", "more"),
    [
        ("100", "100", True, False),
        ("100", "10", False, True),
        ("100", "", False, True),
        ("1-00", "10-0", True, False),
        ("_1XX", "199", True, False),
        ("_1XX", "1", False, True),
        ("_1XX", "1a9", False, False),
        ("_NXZ", "201", True, False),
        ("_NXZ", "200", False, False),
        ("_[1-35]", "5", True, False),
        ("_[1-35]", "4", False, False),
        ("_X.", "1", False, True),
        ("_X.", "12", True, True),
        ("_1!", "1", True, True),
        ("_1!", "12", True, True),
        ("_n", "n", False, False),
        ("_[n]", "n", True, False),
        ("_1[2", "12", False, False),
    ],
)
def test_patterns_match_as_the_manual_says(extension: str, dialled: str, *, whole: bool, more: bool) -> None:
    assert (matches(extension, dialled) is not Match.NO) is whole
    assert (matches(extension, dialled, Ask.MORE) is not Match.NO) is more
    assert (matches(extension, dialled, Ask.EITHER) is not Match.NO) is (whole or more)


PLAN = """
[a]
exten => 100,1,A
exten => _1XX,2,B
exten => 100/5,1,C
include => b,9:00-17:00,mon-fri,*,*
include => c
[b]
exten => 200,1,D
include => a
[c]
exten => 200,1,E
exten => _3X!,1,F
switch => Realtime/c
"""


@pytest.mark.parametrize(
    ("extension", "priority", "caller", "ask", "found"),
    [
        ("100", 1, "", Ask.WHOLE, ["a:100,1"]),
        ("100", 1, "5", Ask.WHOLE, ["a:100,1"]),
        ("100", 2, "", Ask.WHOLE, ["a:_1XX,2"]),
        ("200", 1, "", Ask.WHOLE, ["b:200,1 9:00-17:00,mon-fri,*,*", "c:200,1"]),
        ("300", 1, "", Ask.WHOLE, ["c:_3X!,1"]),
        ("999", 1, "", Ask.WHOLE, ["c?"]),
        ("20", 1, "", Ask.MORE, ["b:200,1 9:00-17:00,mon-fri,*,*", "c:200,1"]),
        ("30", 1, "", Ask.MORE, []),
    ],
)
def test_an_extension_is_looked_up_in_order(
    extension: str, priority: int, caller: str, ask: Ask, found: list[str]
) -> None:
    plan = loaded(PLAN)
    assert [where(each) for each in plan.found("a", extension, priority, caller=caller, ask=ask)] == found


def test_an_extension_can_be_for_certain_callers() -> None:
    found = next(loaded(PLAN).found("a", "100", 1, caller="5"))
    assert isinstance(found, Found)
    assert (found.priority.application, found.extension.caller) == ("C", "5")


def test_labels_are_looked_up_as_priorities_are() -> None:
    plan = loaded("[a]\nexten => _X,1,A\n same => n(go),B\nexten => 1,1,C\n same => go,D")
    assert [where(each) for each in plan.labelled("a", "1", "go")] == ["a:_X,2"]
    assert [where(each) for each in plan.labelled("a", "s", "go")] == []


def test_contexts_of_one_name_are_one_and_case_counts() -> None:
    plan = loaded("[a]\nexten => 1,1,A\n[A]\nexten => 1,1,B\n[a]\nexten => 2,1,C\n[general]\nautofallthrough = no")
    assert {name: len(context.extensions) for name, context in plan.contexts.items()} == {"a": 2, "A": 1}
    assert not plan.falls_through


def test_global_variables_stand_for_themselves_in_lines() -> None:
    text = "[globals]\nN = 1\nM = ${N}2\nWHEN = ${EPOCH}\n[a]\nexten => ${M},1,Dial(${N})\ninclude => x${N}"
    plan = loaded(text)
    assert plan.globals == {"N": "1", "M": "12", "WHEN": None}
    assert plan.contexts["a"].extensions[0].name == "12"
    assert plan.contexts["a"].extensions[0].priorities[1].argument == "${N}"
    assert plan.contexts["a"].includes[0].context == "x1"


def test_a_context_that_includes_itself_is_looked_into_once() -> None:
    plan = loaded("[a]\ninclude => b\n[b]\ninclude => a\nexten => 1,1,A")
    assert [where(each) for each in plan.found("a", "1", 1)] == ["b:1,1"]
    assert list(plan.found("a", "2", 1)) == []
