"""The journey of every call, as the files written for FreeSWITCH record it: read back from their text.

In: a plan and its files. Out: findings of C20. What is read is the text, whatever wrote it; names only tell which state
belongs to which step.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence

from dialc.emit import c20_every_call_is_documented as c20
from dialc.findings import Finding
from dialc.plan import ByLine, Extensions, HangUp, Operator, Plan, Ring

Actions = Sequence[tuple[str, str]]
"""Applications in order, each with its data."""

_NOTED = re.compile(r"dialc_journey=\$\{dialc_journey\} \$\{expr\(\$\{strepoch\(\)\}-\$\{dialc_begun\}\)\}:(.+)")


def documented(plan: Plan, files: Mapping[str, str]) -> tuple[Finding, ...]:
    """Where the files do not record what a call passes."""
    states = [state for name, text in files.items() if name.endswith(".dialplan.xml") for state in read(text)]
    template = "".join(text for name, text in files.items() if name.endswith(".cdr_csv.xml"))
    return (*c20.lost(plan, _noted(plan, states)), *map(c20.unwritten, _unwritten(states, template)))


def read(text: str) -> Iterator[tuple[str, Actions]]:
    """The extensions of a dialplan: their names, and what they do."""
    try:
        root = ET.fromstring(text)
    except ET.ParseError:
        return
    for extension in root.iter("extension"):
        actions = [(each.get("application", ""), each.get("data", "")) for each in extension.iter("action")]
        yield extension.get("name", ""), actions


def _point(action: tuple[str, str]) -> str:
    match = _NOTED.fullmatch(action[1]) if action[0] == "set" else None
    return match[1] if match else ""


def _noted(plan: Plan, states: Sequence[tuple[str, Actions]]) -> Iterator[tuple[str, str]]:
    """The points of a plan that are noted before the call goes on."""
    for step in plan.steps.values():
        own = [actions for name, actions in states if name == step.name or name.startswith(f"{step.name}.")]
        arrivals = [actions for name, actions in states if name == step.name]
        if arrivals and all(_arrives(step.name, actions) for actions in arrivals):
            yield step.name, ""
        said = {_point(action) for actions in own for action in actions}
        yield from ((step.name, label) for label in c20.beside(step) if f"{step.name}={label}" in said)
        exits = step.exits()
        several = (len(exits) > 1 or isinstance(step, HangUp)) and not isinstance(step, ByLine)
        if not (several and any(_silent(actions, step.name, plan) for actions in own)):
            labels = {exit.label for exit in exits}
            yield from ((step.name, label) for label in labels if f"{step.name}={label.replace(' ', '-')}" in said)
        if isinstance(step, Ring | Operator | Extensions) and _answers(own):
            yield step.name, c20.ANSWERED


def _arrives(step: str, actions: Actions) -> bool:
    """Whether the arrival is noted before anything else happens than that variables are set."""
    done = next((at for at, action in enumerate(actions) if action[0] != "set"), len(actions))
    return step in map(_point, actions[:done])


def _silent(actions: Actions, step: str, plan: Plan) -> bool:
    """Whether a call goes from here to another step, and by what it left this one has not been noted."""
    for at, (application, data) in enumerate(actions):
        to = data.partition(" ")[0]
        elsewhere = application == "transfer" and to in plan.steps
        if elsewhere and not any(_point(before).startswith(f"{step}=") for before in actions[:at]):
            return True
    return False


def _answers(own: Sequence[Actions]) -> bool:
    """Whether every phone that a step rings says which it is."""
    bridges = [data for actions in own for application, data in actions if application == "bridge"]
    legs = [leg for data in bridges for leg in data.partition("}")[2].split(",[")]
    return bool(legs) and all(re.match(r"\[?dialc_who=\+?[0-9]+[,\]]", leg) for leg in legs)


def _unwritten(states: Sequence[tuple[str, Actions]], template: str) -> Iterator[str]:
    """What is missing of how a journey begins, goes on and gets into the call record."""
    done = {name: [data for _, data in actions] for name, actions in states}
    begin = done.get(".begin", [])
    if "dialc_begun=${strepoch()}" not in begin or "dialc_journey=${dialc_called}" not in begin:
        yield "nobody knows when a call came"
    if "dialc_ends=caller-hung-up" not in begin:
        yield "nothing is known of how a call ends"
    hook = any(re.fullmatch(r"execute_on_pre_bridge=execute_extension \.answered XML \S+", data) for data in begin)
    who = any(each.endswith(":${dialc_step}=answered/${dialc_who}") for each in done.get(".answered", []))
    if not (hook and who and "import=dialc_who" in begin):
        yield "nobody knows who answers"
    if "${dialc_journey}" not in template or "${dialc_ends}" not in template:
        yield "it is not written into the call record"
    if not any(re.fullmatch(r"accountcode=\S+", data) for data in begin):
        yield "no call record is of this plan"
    entering = [actions for name, actions in states if re.fullmatch(r"\.line-[0-9]+", name)]
    if not entering or not all(actions[0][1].startswith(".begin ") for actions in entering):
        yield "a call comes in and none is begun"
