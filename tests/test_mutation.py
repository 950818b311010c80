"""What looks whether the tests would notice a mistake: the changes that it makes, and a share of it."""

import subprocess
import sys
import textwrap
import types
from pathlib import Path

import pytest

from tests import mutation
from tests.slips import slips

ROOT = Path(__file__).parent.parent


def made(body: str, returns: str = "object") -> set[str]:
    """What becomes of the one statement of a function."""
    source = f"def f(a, b, c) -> {returns}:\n{textwrap.indent(body, '    ')}\n"
    found = list(slips(source))
    for slip in found:
        compile(slip.text, "f", "exec")
        assert slip.function == "f"
        assert slip.before != slip.after
    return {slip.after for slip in found}


MADE = {
    "a < b": {"(a <= b)", "(a >= b)"},
    "a <= b": {"(a < b)", "(a > b)"},
    "a > b": {"(a >= b)", "(a <= b)"},
    "a >= b": {"(a > b)", "(a < b)"},
    "a == b": {"(a != b)"},
    "a is not b": {"(a is b)"},
    "a not in b": {"(a in b)"},
    "a <= b < c": {"(a < b < c)", "(a > b < c)", "(a <= b <= c)", "(a <= b >= c)"},
    "a + b": {"(a - b)"},
    "a - b": {"(a + b)", "a"},
    "a & b": {"(a | b)"},
    "a | b": {"(a & b)"},
    "a and b": {"(a or b)", "a", "b"},
    "a or b or c": {"(a and b and c)", "(a or b)", "(a or c)", "(b or c)"},
    "not a": {"a"},
    "a[2]": {"a[1]", "a[3]"},
    "a(0)": {"a(1)"},
    "True": {"False"},
    "min(a)": {"max(a)"},
    "any(a)": {"all(a)"},
    "a.shortest": {"a.longest"},
    "b if a else c": {"b if True else c", "b if False else c"},
    "[a for a in b if c]": {"[a for a in b if True]", "[a for a in b if False]"},
    "'one' if a else 'two'": set(),
    "f'{a + 1}'": set(),
    "a(caller=b + 1)": set(),
    "a": set(),
}


@pytest.mark.parametrize("expression", MADE)
def test_what_an_expression_can_be_taken_for(expression: str) -> None:
    assert made(f"return {expression}") == {f"return {other}" for other in MADE[expression]}


@pytest.mark.parametrize(
    ("returns", "others"),
    [
        ("bool", {"return not (a)"}),
        ("int", {"return (a) + 1"}),
        ("tuple[int, ...]", {"return ()"}),
        ("str | None", {"return None"}),
        ("Step", set()),
    ],
)
def test_what_is_given_back_is_something_else(returns: str, others: set[str]) -> None:
    assert made("return a", returns) == others


@pytest.mark.parametrize(
    ("statement", "others"),
    [
        ("a(b)", {"pass"}),
        ("a[b] = c", {"pass"}),
        ("a = b", {"pass"}),
        ("d = b", set()),
        ("a += b", {"pass", "a -= b"}),
        ("yield a", {"yield from ()"}),
        ("yield from a", {"yield from ()"}),
        ("for d in a:\n    continue", {"for d in a: pass"}),
        ("if a:\n    return", {"if True:", "if False:", "if a: pass"}),
        ("while a:\n    break", {"while False:", "while a: pass"}),
        ("assert a < b", set()),
        ("raise a(0)", set()),
        ("'''Words.'''", set()),
    ],
)
def test_what_becomes_of_a_statement(statement: str, others: set[str]) -> None:
    assert made(statement) == others


def test_a_case_is_left_out() -> None:
    found = made(
        "match a:\n    case b.c():\n        return b\n    case 3 if b:\n        return c\n    case _:\n        pass"
    )
    assert found == {"case b.c() if False:", "case 3 if True:", "case 3 if False:"}


def test_the_fields_of_a_class_and_the_types_of_arguments_are_left_as_they_are() -> None:
    source = "@d(frozen=True)\nclass A:\n    one: int = 1\n    def f(self, b: 'a < b' = 3) -> int:\n        return b\n"
    assert {(slip.function, slip.after) for slip in slips(source)} == {("A.f", "return (b) + 1")}


def test_a_constant_of_a_module_is_changed() -> None:
    assert {(slip.function, slip.after) for slip in slips("A = 1\n")} == {("", "A = 0"), ("", "A = 2")}


def test_the_code_of_a_function_is_exchanged_wherever_it_is_held(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text("class A:\n    def more(self, a):\n        return [b + 1 for b in a]\n", encoding="utf-8")
    program = types.ModuleType("program")
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), vars(program))
    held = program.A().more
    known, found = mutation.functions(), set()
    for slip in slips(path.read_text(encoding="utf-8")):
        assert mutation.exchange(str(path), slip, known)
        found.add((slip.after, *held([1])))
    assert found == {
        ("return [(b - 1) for b in a]", 0),
        ("return [b + 2 for b in a]", 3),
        ("return [b + 0 for b in a]", 1),
    }


EXPLAINED = """\
# a note

dialc/levels.py chain
- return 1
+ return 2
nobody asks
twice
"""


def test_an_explanation_is_found_by_what_it_is_about() -> None:
    place = ("dialc/levels.py", "chain", "return 1", "return 2")
    assert mutation.explained(EXPLAINED) == {place: "nobody asks twice"}
    assert mutation.outdated([place]) == [place]


def test_every_explanation_is_about_a_change_that_can_be_made() -> None:
    reasons = mutation.explained(mutation.SURVIVORS.read_text(encoding="utf-8"))
    assert mutation.outdated(reasons) == []


def test_a_share_of_the_changes_is_noticed() -> None:
    """In a process of its own: it runs the tests as often as there are changes."""
    modules = ("dialc/rules/c09_menus_stay_small.py", "dialc/rules/c17_misunderstanding_is_bounded.py")
    tests = ("tests/test_rules.py", "tests/test_rule_c09.py")
    options = ["--sample", "13", "--plans", "0", "--longest", "10", "--seconds", "90"]
    options += [part for module in modules for part in ("--module", module)]
    options += [part for test in tests for part in ("--test", test)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutation", *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "26 changes" in done.stdout
