"""The journey of every call, as the files written for Asterisk record it: read back from their text.

In: a plan and its files. Out: findings of C20. What is read is the text, whatever template wrote it; names only tell
which context belongs to which step.
"""

import re
from collections.abc import Iterator, Mapping

from dialc.emit import c20_every_call_is_documented as c20
from dialc.findings import Finding
from dialc.plan import ByLine, Callback, End, Extensions, HangUp, Operator, Plan, Queue, Ring

Contexts = Mapping[str, Mapping[str, list[str]]]
"""By context and extension, the applications in order, each with its arguments."""

_NOTED = re.compile(r"Gosub\((\S+)\.journey,s,1\((.*)\)\)")
_GOES = re.compile(r"(?:^Goto\(|(?<=[?:]))([^,()?:]+),")


def documented(plan: Plan, files: Mapping[str, str]) -> tuple[Finding, ...]:
    """Where the files do not record what a call passes."""
    text = next(text for name, text in files.items() if name.endswith(".extensions.conf"))
    queues = next(text for name, text in files.items() if name.endswith(".queues.conf"))
    contexts = read(text)
    return (*c20.lost(plan, _noted(plan, contexts, queues)), *map(c20.unwritten, _unwritten(contexts)))


def read(text: str) -> Contexts:
    """The contexts of a file for extensions.conf."""
    found: dict[str, dict[str, list[str]]] = {}
    extens: dict[str, list[str]] = {}
    rows: list[str] = []
    for line in text.splitlines():
        if match := re.fullmatch(r"\[(\S+)\]", line):
            extens = found.setdefault(match[1], {})
        elif match := re.fullmatch(r"exten => ([^,]+),1,(.*)", line):
            rows = extens.setdefault(match[1], [])
            rows.append(match[2])
        elif match := re.fullmatch(r" same => n(?:\([^)]*\))?,(.*)", line):
            rows.append(match[1])
    return found


def _noted(plan: Plan, contexts: Contexts, queues: str) -> Iterator[tuple[str, str]]:
    """The points of a plan that are noted before the call goes on."""
    homes = {point: name for name, extens in contexts.items() if (point := _arrival(extens)) in plan.steps}
    of_steps = set(homes.values())
    everywhere = [[_point(app) for app in row] for extens in contexts.values() for row in extens.values()]
    for step in plan.steps.values():
        home = homes.get(step.name)
        if home is None:
            continue
        yield step.name, ""
        for label in c20.beside(step):
            wanted = [f"{step.name}={label}"]
            if isinstance(step, Callback):  # the call that is placed waits in the queue, and has a journey of its own
                wanted += [step.queue, f"{step.queue}=unanswered"]
            if any([point for point in row if point in wanted] == wanted for row in everywhere):
                yield step.name, label
        exits = step.exits()
        several = (len(exits) > 1 or isinstance(step, HangUp)) and not isinstance(step, ByLine)
        rows = list(contexts[home].values())
        said = {_point(app) for row in rows for app in row}
        labels = {exit.label for exit in exits if not isinstance(exit.to, End) or isinstance(step, HangUp)}
        noted = {label for label in labels if f"{step.name}={label.replace(' ', '-')}" in said}
        if noted == labels and several and any(_silent(row, of_steps, step.name) for row in rows):
            noted = set()  # some way out goes round the notes, and nobody can say which
        yield from ((step.name, label) for label in noted)
        if _answers(plan, step.name, rows, contexts, queues):
            yield step.name, c20.ANSWERED


def _arrival(extens: Mapping[str, list[str]]) -> str:
    """The point that is noted before all else by whoever comes to `s`."""
    return _point(extens.get("s", [""])[0])


def _point(app: str) -> str:
    match = _NOTED.fullmatch(app)
    return match[2] if match else ""


def _silent(row: list[str], of_steps: set[str], step: str) -> bool:
    """Whether a call goes from here to another step, and what it left this one by has not just been noted."""
    return any(
        to in of_steps and (app.startswith("GotoIf") or not _left(row[:index], step))
        for index, app in enumerate(row)
        for to in _GOES.findall(app)
    )


def _left(before: list[str], step: str) -> bool:
    """Whether the last that was done, the choice of a language aside, is to note how a step was left."""
    done = [app for app in before if not app.startswith("Set(CHANNEL(language)=")]
    return bool(done) and _point(done[-1]).startswith(f"{step}=")


def _answers(plan: Plan, name: str, rows: list[list[str]], contexts: Contexts, queues: str) -> bool:
    """Whether who answers at a step is noted, whichever of its phones that is."""
    step = plan.steps[name]
    if isinstance(step, Queue):
        section = re.search(rf"^\[\S+-{re.escape(name)}\]\n((?:(?!\[).*\n?)*)", queues, re.MULTILINE)
        return bool(
            section and re.search(rf"^membergosub = \S+\.answered,{re.escape(name)}$", section[1], re.MULTILINE)
        )
    if not isinstance(step, Ring | Operator | Extensions):
        return False
    rings = [app for row in rows for app in row if re.match(r"Gosub\(\S+\.ring,|Dial\(", app)]
    told = all(re.match(rf"Gosub\(\S+\.ring,s,1\(\d+,{re.escape(name)}[,)]", app) for app in rings)
    dials = [app for key, e in contexts.items() if key.endswith(".ring") for app in e["s"] if app.startswith("Dial(")]
    hears = all(re.search(r"U\(\S+\.answered\^\$\{ARG2\}\)\)$", app) for app in dials)
    return bool(rings and dials and told and hears)


def _unwritten(contexts: Contexts) -> Iterator[str]:
    """What is missing of how a journey begins, goes on and gets into the call record."""

    def rows(ending: str) -> list[str]:
        return [app for name, extens in contexts.items() if name.endswith(ending) for app in extens.get("s", [])]

    if not any(re.fullmatch(r"Set\(CHANNEL\(hangup_handler_push\)=\S+\.end,s,1\)", app) for app in rows(".begin")):
        yield "nothing is done as a call ends"
    if "Set(__DIALC_BEGUN=${EPOCH})" not in rows(".begin"):
        yield "nobody knows when a call came"
    if not any("${EPOCH}" in app and app.endswith(":${ARG1})") for app in rows(".journey")):
        yield "nobody knows when a call passes a point"
    if not any(app.startswith("Set(CDR(journey)=${DIALC_JOURNEY") for app in rows(".end")):
        yield "it is not written into the call record"
    if not any("=answered/${who})" in app for app in rows(".answered")):
        yield "nobody knows who answers"
    enters = [
        extens[key]
        for name, extens in contexts.items()
        if name.endswith(".call")
        for key in extens
        if key not in ("i", "t", "e", "T")
    ]
    if not enters or not all(any(re.match(r"Gosub\(\S+\.begin,s,1\(", app) for app in row) for row in enters):
        yield "a call comes in and none is begun"
