"""A call that differs, made smaller: a shorter call through a smaller plan, in which it differs still.

In: a scene and a call of it. Out: candidates of both. Shorter calls enter the plan at a later block of their way, and
leave out what came of the points before; whether they differ, only a PBX can tell. A smaller plan is one in which the
call goes exactly the same way, whatever is left out: that takes no PBX.
"""

import datetime
import re
from collections.abc import Iterator, Sequence

from dialc.call import Call, CannotHappen, Event, walk
from dialc.testing.drafts import LINE, OPERATOR
from tests.live.acts import Act
from tests.live.designs import Choose, Design, Who, known, put_together
from tests.live.hosting import proved, scene_of
from tests.live.scene import Scene


def shorter(scene: Scene, design: Design, version: int, service: int) -> Iterator[tuple[Scene, Design]]:
    """Calls that enter at a later block of the way of a call, the latest first."""
    pieces = _pieces(scene.texts[scene.plan_file])
    ahead = [step for step, _ in design.acts]
    for block in reversed(list(dict.fromkeys(step.partition("-")[0] for step in ahead))):
        at = next(n for n, step in enumerate(ahead) if step.partition("-")[0] == block)
        enters = [piece for piece in pieces if not piece.startswith("line ")]
        enters.insert(1, f'line "{LINE}" -> {block}')
        smaller = _scene(enters, version, service)
        if not proved(smaller):
            continue
        left = [act for _, act in design.acts[at:]]
        who = Who(smaller.number, design.who.caller, design.who.index)
        found = put_together(smaller, who, design.at, design.turns, design.case.turned, _in_turn(left))
        if found is not None and not left:
            yield smaller, found


def _in_turn(acts: list[Act]) -> Choose:
    """What is left comes in turn; nothing once nothing is left."""
    return lambda _point, _events: acts.pop(0) if acts else None


def leaner(scene: Scene, design: Design, version: int, service: int) -> Scene:
    """The scene, with a plan that lacks whatever can be left out while it is proved and the call goes the same way."""
    goes = _events(scene, design)
    pieces = _pieces(scene.texts[scene.plan_file])
    at = 1  # the first names the plan
    while at < len(pieces):
        for without in (_without(pieces, at), *_with_less(pieces, at)):
            smaller = _scene(without, version, service)
            if proved(smaller) and _events(smaller, design) == goes:
                scene, pieces = smaller, _pieces(smaller.texts[smaller.plan_file])
                break
        else:
            at += 1
    return scene


def _without(pieces: Sequence[str], at: int) -> list[str]:
    return [piece for n, piece in enumerate(pieces) if n != at]


def _with_less(pieces: Sequence[str], at: int) -> Iterator[list[str]]:
    """The pieces, with one of the rows of a block left out; of a key, what its prompt says about it as well."""
    rows = pieces[at].splitlines(keepends=True)
    for n in range(1, len(rows) - 1):
        without = [*pieces[:at], "".join(rows[:n] + rows[n + 1 :]), *pieces[at + 1 :]]
        yield without
        row = rows[n].split()
        told = row[1] if row[0] == "key" else "extensions" if row[0] == "direct" else ""
        if told:
            said = re.compile(rf"(?<= ){re.escape(told)}, |, {re.escape(told)}(?=[ ,])")
            yield [said.sub("", piece) if "  offers " in piece else piece for piece in without]


def _scene(pieces: Sequence[str], version: int, service: int) -> Scene:
    """A scene of what is named of some pieces of a plan, since nothing may be in it that nobody comes to."""
    kept = list(pieces)
    while True:
        named = [name for name in map(_name, kept) if name and not _is_named(name, kept)]
        if not named:
            if sum(piece.startswith("operator ") for piece in kept) == 1:
                kept = [re.sub(rf"^operator {OPERATOR} default ", f"operator {OPERATOR} ", piece) for piece in kept]
            return scene_of("\n".join(kept) + "\n", version, service)
        kept = [piece for piece in kept if _name(piece) not in named]


def _pieces(text: str) -> list[str]:
    """The blocks of a plan, and the lines between them."""
    found = re.findall(r"^(?:\S[^\n]*\{\n(?:  [^\n]*\n)*\}|[^\n]+)$", text, re.MULTILINE)
    return [str(piece) for piece in found]


def _name(piece: str) -> str:
    """The name of a block that others name; the operator is there without being named."""
    words = piece.split("\n", 1)[0].split()
    return words[1] if words[-1] in ("{", "}") and not (words[0] == "operator" and words[1] == OPERATOR) else ""


def _is_named(name: str, pieces: Sequence[str]) -> bool:
    return any(re.search(rf"\b{name}\b", piece) for piece in pieces if _name(piece) != name)


def _events(scene: Scene, design: Design) -> tuple[Event, ...] | None:
    """What the walker makes of a call, in another plan; None where it cannot be made there."""
    case = design.case
    happens = tuple(map(known, case.happens))
    at = datetime.datetime.fromtimestamp(design.at, datetime.UTC)
    try:
        return walk(scene.plan, Call(case.number, at, happens, turned=case.turned, caller=case.who))
    except CannotHappen:
        return None
