"""Who may walk where in the house: rooms, doors and the independence that the proof rests on."""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import mypy.api
import pytest

ROOT = Path(__file__).parent.parent

# A module imports only from its own room and the rooms before it, and never in a circle.
ROOMS = (
    {"source", "version", "beside"},
    {"assets", "called", "callers", "classes", "digits", "findings", "mistakes", "numbers", "policies", "recording"},
    {"syntax"},
    {
        "plan",
        "site",
        "calendar",
        "pieces",
        "timelines",
        "witness",
        "reach",
        "measure",
        "people",
        "staffing",
        "approach",
        "staying",
        "on_hold",
        "waits",
        "levels",
        "budgets",
        "directions",
    },
    {"rules"},
    {"packs"},
    {"parse"},
    {"format"},
    {"resolve"},
    {"languages", "verify", "proof", "call", "scenarios", "coverage", "proposals"},
    {"certificate"},
    {"emit", "read"},
    {"pages", "evidence", "renderings", "telling", ""},
    {"testing"},
    {"live"},
    {"cli", "__main__", "pytest_plugin"},
)
ROOM = {name: number for number, names in enumerate(ROOMS) for name in names}

# Each pair checks the other's work, so neither may lean on the other, not even through a third.
# `reach` is the part of the verifier that knows where callers can get to.
INDEPENDENT = (
    *(("read", "emit"), ("proof", "verify"), ("proof", "reach"), ("proof", "measure"), ("proof", "staffing")),
    *(("proof", "calendar"), ("proof", "rules"), ("proof", "call")),
    *(("call", "verify"), ("call", "reach"), ("call", "measure"), ("call", "timelines"), ("call", "staffing")),
    *(("call", "approach"), ("call", "people"), ("call", "staying"), ("proof", "timelines"), ("proof", "people")),
    *(("proof", "approach"), ("proof", "staying")),
)

# Where alone a package may be imported, or the outside world be touched.
DOORS = {
    "lark": ("parse",),
    "hypothesis": ("testing",),
    "jinja2": ("emit",),
    "pytest": ("pytest_plugin",),
    "shutil": ("cli", "live"),
    "socket": ("cli", "live"),
    "subprocess": ("cli", "live"),
    "tempfile": ("cli", "live"),
    "open": ("cli", "__main__"),
    "input": ("cli", "__main__"),
    "print": ("cli", "__main__"),
    "sys.stdin": ("cli", "__main__"),
    "sys.stdout": ("cli", "__main__"),
    "sys.stderr": ("cli", "__main__"),
    ".read_text": ("cli", "live", "assets"),
    ".read_bytes": ("cli", "live", "pytest_plugin"),
    ".write_text": ("cli", "live"),
    ".write_bytes": ("cli", "live"),
}

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "dialc").rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8"), path) for name, path in MODULES.items()}


def room(module: str) -> str:
    """The part of the house that a module belongs to: `emit` for `dialc.emit.asterisk`, and nothing for `dialc`."""
    return module.removeprefix("dialc").lstrip(".").partition(".")[0]


def imported(tree: ast.AST, modules: set[str]) -> Iterator[tuple[str, int]]:
    """What a module imports, wherever it does so, and the line. `from dialc import plan` imports `dialc.plan`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield (whole if whole in modules else node.module or ""), node.lineno


def touched(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The packages a module imports and the ways to the outside world that it takes, and the line."""
    for name, line in imported(tree, set()):
        yield name.partition(".")[0], line
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno
        elif isinstance(node, ast.Attribute):
            of_sys = isinstance(node.value, ast.Name) and node.value.id == "sys"
            yield f"{'sys' if of_sys else ''}.{node.attr}", node.lineno


IMPORTS = {
    module: [(name, line) for name, line in imported(tree, set(MODULES)) if name in MODULES]
    for module, tree in TREES.items()
}


def reached(rooms: str) -> set[str]:
    """The rooms that the modules of one room depend on, directly or through others."""
    found, ahead = set[str](), [module for module in MODULES if room(module) == rooms]
    while ahead:
        for name, _ in IMPORTS[ahead.pop()]:
            if name not in found:
                found.add(name)
                ahead.append(name)
    return {room(name) for name in found}


def test_every_module_has_a_room() -> None:
    assert {room(module) for module in MODULES} <= ROOM.keys()


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_one_way(module: str) -> None:
    wrong = [f"line {line}: {name}" for name, line in IMPORTS[module] if ROOM[room(name)] > ROOM[room(module)]]
    assert not wrong


def test_no_imports_in_a_circle() -> None:
    graph = {module: {name for name, _ in names} - {module} for module, names in IMPORTS.items()}
    graphlib.TopologicalSorter(graph).prepare()


@pytest.mark.parametrize(("one", "other"), INDEPENDENT)
def test_checker_and_checked_share_no_code(one: str, other: str) -> None:
    assert other not in reached(one)
    assert one not in reached(other)


def test_the_checker_of_certificates_knows_what_a_plan_is_and_nothing_else() -> None:
    assert reached("proof") - {"proof"} == {"plan", *reached("plan")}


@pytest.mark.parametrize("module", MODULES)
def test_doors_are_used_by_their_rooms_only(module: str) -> None:
    wrong = [
        f"line {line}: {name}"
        for name, line in touched(TREES[module])
        if name in DOORS and room(module) not in DOORS[name]
    ]
    assert not wrong


def test_only_the_command_line_starts_a_pbx() -> None:
    importers = {module for module, names in IMPORTS.items() if any(room(name) == "live" for name, _ in names)}
    assert {room(module) for module in importers} <= {"live", "cli"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import lark.lexer", {"lark"}),
        ("def parse():\n    from lark import Lark", {"lark"}),
        ("print(1)", {"print"}),
        ("sys.stdout.write('')", {"sys.stdout"}),
        ("with open('x'): pass", {"open"}),
        ("path.read_text()", {".read_text"}),
        ("condition.open", set()),
        ("hours.open(instant)", set()),
    ],
)
def test_a_forbidden_door_is_seen(text: str, names: set[str]) -> None:
    assert {name for name, _ in touched(ast.parse(text))} & DOORS.keys() == names


def test_an_import_is_seen_however_it_is_written() -> None:
    text = "import dialc.emit\nfrom dialc import verify, compile\ndef late():\n    from dialc.call import walk\n"
    names = {name for name, _ in imported(ast.parse(text), {"dialc", "dialc.verify"})}
    assert names == {"dialc.emit", "dialc.verify", "dialc", "dialc.call"}


def test_only_the_verifier_calls_a_plan_verified() -> None:
    made = {
        name
        for name, tree in TREES.items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Verified"
    }
    assert made == {"dialc.verify"}


def test_an_unverified_plan_cannot_be_emitted(tmp_path: Path) -> None:
    """The type checker refuses it; a proof, or the word that there is none, is taken."""
    program = tmp_path / "program.py"
    program.write_text(
        "from dialc.emit.asterisk import emit\n"
        "from dialc.plan import Plan, Unproved, Verified\n"
        "from dialc.site import Site\n"
        "def files(plan: Plan, proved: Verified, unproved: Unproved, site: Site) -> None:\n"
        "    emit(proved, site)\n"
        "    emit(unproved, site)\n"
        "    emit(plan, site)\n",
        encoding="utf-8",
    )
    printed, _, status = mypy.api.run(["--strict", "--no-incremental", "--follow-imports=silent", str(program)])
    assert status == 1
    assert 'program.py:7: error: Argument 1 to "emit" has incompatible type "Plan"' in printed
    assert "Found 1 error" in printed
