"""A FreeSWITCH made of what is known of the real one, as far as the files of plans use it: routing first, doing later.

In: files, and what happens in a call. Out: the record of the call. It shares nothing with what wrote the files. All
conditions of the extensions that match are looked at before anything is done; an extension whose last condition fails
is passed over, and what its earlier conditions brought stays; `transfer` never comes back and is counted, and
`execute_extension` does come back, thirty-two deep at most.
"""

import contextlib
import math
import re
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Callable, Mapping

import attrs

from dialc.call import Happens, Point
from dialc.plan import Collect, Extensions, Mailbox, Menu, Operator, Outcome, Plan, Ring, Stage

DEEPEST = 32
TRANSFERS = 70

CAUSES = {
    Outcome.NO_ANSWER: "NO_ANSWER",
    Outcome.BUSY: "USER_BUSY",
    Outcome.UNAVAILABLE: "USER_NOT_REGISTERED",
    Outcome.DECLINED: "NORMAL_CLEARING",
}

FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "ipart": math.trunc,
    "mod": math.fmod,
    "below": lambda a, b: a < b,
    "above": lambda a, b: a > b,
    "equal": lambda a, b: a == b,
    "min": min,
    "max": max,
    "if_": lambda test, a, b: a if test else b,
}


class Over(Exception):
    """The call is over."""


class Moved(Exception):
    """The call goes on at another extension of a context."""


@attrs.frozen
class Extension:
    """Conditions in order: a field, an expression, and what is done if it matches."""

    name: str
    conditions: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]


def extensions(parent: ET.Element) -> tuple[Extension, ...]:
    return tuple(
        Extension(
            extension.attrib["name"],
            tuple(
                (
                    condition.attrib["field"],
                    condition.attrib["expression"],
                    tuple((action.attrib["application"], action.get("data", "")) for action in condition),
                )
                for condition in extension
            ),
        )
        for extension in parent
        if extension.tag == "extension"
    )


def dialplan(text: str) -> Mapping[str, tuple[Extension, ...]]:
    """The contexts of a dialplan; each name is there once, or FreeSWITCH would use the first only."""
    root = ET.fromstring(text)
    assert root.tag == "include"
    found: dict[str, tuple[Extension, ...]] = {}
    for context in root:
        assert context.tag == "context"
        assert context.attrib["name"].lower() not in {name.lower() for name in found}
        found[context.attrib["name"]] = extensions(context)
    return found


def captured(data: str, found: re.Match[str]) -> str:
    """What an action is given where the last condition has captured something."""
    return re.sub(r"\$([0-9])", lambda at: found[int(at[1])] or "", data)


def dialled(row: Extensions, variables: Mapping[str, str]) -> Stage:
    """The phone of a row that was dialled."""
    phone = row.phone(variables["dialc_dialled"])
    assert phone is not None
    return Stage((phone,), row.seconds)


@attrs.define
class Machine:
    """One call on its way through files."""

    plan: Plan
    contexts: Mapping[str, tuple[Extension, ...]]
    now: int
    caller: str
    acts: deque[tuple[Point, Happens]]
    positions: Mapping[tuple[int, str], str]
    kept: dict[str, str] = attrs.field(factory=dict)
    variables: dict[str, str] = attrs.field(factory=dict)
    at: str = ""
    arrivals: int = 0
    answered: bool = False
    presses: deque[str] = attrs.field(factory=deque)
    heard: list[str] = attrs.field(factory=list)

    def call(self, number: str, entry: str) -> None:
        """The call comes in by a context of the PBX."""
        with contextlib.suppress(Over):
            self._routed(number, extensions(ET.fromstring(entry)))

    def arrive(self, number: str, context: str) -> None:
        """Somebody else, or a telephone, comes to an extension."""
        with contextlib.suppress(Over):
            self._routed(number, self.context(context))

    def hunted(self, number: str) -> list[tuple[str, str]]:
        """What would be done at an extension of the first context."""
        return self._hunted(number, next(iter(self.contexts.values())))

    def _routed(self, number: str, among: tuple[Extension, ...]) -> None:
        """Look for what matches, do it, and go where it leads."""
        while True:
            self.at = number
            try:
                self._done(self._hunted(number, among), 0)
            except Moved as moved:
                number, context = moved.args
                among = self.context(context)
                continue
            raise Over  # behind the last action, FreeSWITCH hangs up

    def context(self, name: str) -> tuple[Extension, ...]:
        assert name in self.contexts, f"there is no context {name}"
        return self.contexts[name]

    def _hunted(self, number: str, among: tuple[Extension, ...]) -> list[tuple[str, str]]:
        queued: list[tuple[str, str]] = []
        for extension in among:
            for field, expression, actions in extension.conditions:
                found = re.search(self.expanded(expression), self._field(field, number))
                if not found:
                    break
                for application, data in actions:
                    queued.append((application, captured(data, found) if "(" in expression else data))
            else:
                return queued
        assert queued or among is None, f"{number}: nothing matches, and the call is lost"
        return queued

    def _field(self, field: str, number: str) -> str:
        hidden = "true" if self.caller == "withheld" else "false"
        shown = "anonymous" if self.caller == "withheld" else self.caller
        own = {
            "destination_number": number,
            "caller_id_number": shown,
            "caller_id_name": "Ann",
            "privacy_hide_number": hidden,
            "privacy_hide_name": hidden,
        }
        if "$" in field:
            return self.expanded(field)
        return own[field]

    def _done(self, actions: list[tuple[str, str]], depth: int) -> None:
        for application, data in actions:
            self._does(application, self.expanded(data), depth)

    def _does(self, application: str, data: str, depth: int) -> None:
        match application:
            case "set":
                name, _, value = data.partition("=")
                assert "${" not in value
                self.variables.pop(name, None)
                if value:
                    self.variables[name] = value
                self.arrivals += name == "dialc_step"
            case "transfer":
                number, dialplan, context = data.split(" ")
                assert dialplan == "XML"
                left = int(self.variables.get("max_session_transfers", TRANSFERS)) - 1
                assert left > 0, "too many transfers: EXCHANGE_ROUTING_ERROR"
                self.variables["max_session_transfers"] = str(left)
                raise Moved(number, context)
            case "execute_extension":
                number, _, context = data.split(" ")
                assert depth < DEEPEST
                before, self.at = self.at, number
                self._done(self._hunted(number, self.context(context)), depth + 1)
                self.at = before
            case "answer":
                self.answered = True
            case "playback":
                assert self.answered, "early media"
                self.heard.append(data)
                self.now += self._lasts(data)
            case "read":
                self._read(*data.split(" "))
            case "bridge":
                self._bridge(data, depth)
            case "record":
                assert self.variables["playback_terminators"] == "#"
                happens = self.acts.popleft()[1]
                self.now += happens.after or 0
                seconds = max(2, happens.after or 0) if happens.outcome is not Outcome.NOTHING_LEFT else 0
                self.variables["record_seconds"] = str(seconds)
                self.kept["delivers"] = "+OK\n" if happens.outcome is Outcome.LEFT else "Error: no"
            case "record_session":
                assert self.answered
                self.kept["recorded"] = self.kept.get("recorded", "") + "x"
            case "hangup":
                self.heard.append("hung up")
                raise Over
            case _:
                raise AssertionError(f"unknown application {application}")

    def _lasts(self, file: str) -> int:
        if "://" in file:
            return 0
        lengths = {f"{prompt.file}.wav": prompt for prompt in self.plan.prompts.values()}
        prompt = lengths[file] if file in lengths else lengths[file.partition("/")[2]]
        if len(self.plan.languages) == 1:
            assert file in lengths
            return prompt.seconds
        return prompt.spoken(file.partition("/")[0]).seconds

    def _read(self, least: str, most: str, files: str, variable: str, wait: str, ends: str, more: str = "") -> None:
        assert least == "1"
        if files.startswith("file_string://dialc_confirm.wav!"):
            key = self.presses.popleft()
            self.variables.pop(variable, None)
            self.variables.update({variable: key} if key else {})
            return
        assert self.answered, "early media"
        *prompts, silence = files.removeprefix("file_string://").split("!")
        assert silence == ("silence_stream://20" if prompts else "silence")
        lasts, waits, keys = sum(map(self._lasts, prompts)), int(wait) // 1000, ""
        self.variables.pop(variable, None)
        while len(keys) < int(most):
            point, happens = self.acts.popleft()
            assert isinstance(point.step, Menu | Collect)
            assert point.step.name == self.at.partition(".")[0]
            usual = 0 if keys else lasts
            if happens.outcome is Outcome.SILENCE:
                self.now += usual + (int(more) // 1000 if keys else waits)
                break
            self.now += usual if happens.after is None else happens.after
            if happens.key == ends:
                self.variables["read_terminator_used"] = happens.key
                break
            keys += happens.key
        if keys:
            self.variables[variable] = keys

    def _bridge(self, data: str, depth: int) -> None:
        own = self.variables
        assert own["continue_on_fail"] == own["hangup_after_bridge"] == "true"
        point, happens = self.acts.popleft()
        assert isinstance(point.step, Ring | Operator | Extensions)
        stage = dialled(point.step, own) if isinstance(point.step, Extensions) else point.step.stages[point.turn - 1]
        legs = re.findall(r"\[dialc_who=([+0-9]+),[^\]]*\]([^,]+)", data)
        assert [number for number, _ in legs] == [phone.number for phone in stage.phones]
        assert int(own["call_timeout"]) == stage.seconds
        to_the_end = happens.outcome is Outcome.NO_ANSWER and happens.after is None
        self.now += stage.seconds if to_the_end else happens.after or 0
        if happens.outcome in (Outcome.ANSWERED, Outcome.UNCONFIRMED):
            human = happens.outcome is Outcome.ANSWERED
            who = happens.who or next(phone.number for phone in stage.phones if phone.human is human)
            assert own["import"] == "dialc_who"
            own["dialc_who"] = who
            application, _, to = own["execute_on_pre_bridge"].partition(" ")
            self._does(application, to, depth)
            raise Over
        own["originate_disposition"] = CAUSES[happens.outcome]

    # Expansion

    def expanded(self, text: str) -> str:
        text = text.replace("$${domain}", "pbx.example").replace("$${temp_dir}", "/tmp")
        text = text.replace("$${recordings_dir}", "/recordings")
        found, at = "", 0
        while (start := text.find("${", at)) >= 0:
            end, deep = start + 2, 1
            while deep:
                deep += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            found += text[at:start] + self._value(text[start + 2 : end - 1])
            at = end
        return found + text[at:]

    def _value(self, name: str) -> str:
        function, bracket, arguments = name.partition("(")
        if bracket:
            assert arguments.endswith(")")
            return self._api(function, self.expanded(arguments[:-1]))
        name, *cut = name.split(":")
        value = self.variables.get(name, "")
        if cut:
            value = value[int(cut[0]) :][: int(cut[1])]
        return value

    def _api(self, function: str, arguments: str) -> str:
        match function:
            case "strepoch":
                return str(self.now)
            case "expr":
                return calculated(arguments)
            case "regex":
                data, pattern, instead, _ = arguments.split("|")
                found = re.search(pattern, data)
                return instead.replace("%1", found[1]) if found else ""
            case "db":
                what, realm, switch, *value = arguments.split("/")
                if what == "insert":
                    (self.kept[f"{realm}/{switch}"],) = value
                    return "+OK"
                assert what == "select"
                assert not value
                if f"{realm}/{switch}" in self.kept:
                    return self.kept[f"{realm}/{switch}"]
                position = self.positions.get((self.arrivals - 1, switch))
                return f"{position}-{self.now}" if position else ""
            case "user_exists":
                point, happens = self.acts[0]
                assert isinstance(point.step, Mailbox)
                if happens.outcome is Outcome.FAILED and (happens.after or 0) < 2:
                    self.acts.popleft()
                    self.now += happens.after or 0
                    return "false"
                return "true"
            case "voicemail_inject":
                return self.kept["delivers"]
            case _:
                raise AssertionError(f"unknown function {function}")


def calculated(expression: str) -> str:
    """What `mod_expr` makes of an expression: doubles, written with ten places and without the noughts behind."""
    assert re.fullmatch(r"[0-9a-z_+*/().,-]+", expression), expression
    value = eval(expression.replace("if(", "if_("), {"__builtins__": {}}, dict(FUNCTIONS))
    return f"{float(value):.10f}".rstrip("0").rstrip(".")
