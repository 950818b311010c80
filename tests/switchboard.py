"""A 3CX as far as dialc needs one: the objects that were written, and what a call is to whoever is sent through them.

In: emitted files, read by nothing but the parsers of XML and JSON. Out: `Switchboard`, which tells what a caller meets,
given what comes of each thing. It is what the documentation of 3CX says of menus, groups, queues and rules, in the
fewest lines, and knows neither plans nor templates. `met` tells the same of the walker's call, so that the two can be
compared; and `sayable` draws plans that a 3CX can say.
"""

import datetime
import json
import re
import xml.etree.ElementTree as ET
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs
from hypothesis import reject
from hypothesis import strategies as st

from dialc.call import (
    Answered,
    AnsweredBy,
    Arrived,
    Asked,
    Event,
    Happens,
    HungUp,
    Point,
    Queued,
    Rang,
    presses,
)
from dialc.plan import KEYS, Extensions, Mailbox, Menu, Operator, Outcome, Plan, Queue, Ring
from dialc.testing import Written, written

Met = tuple[str, ...]
"""Something that a caller meets: what it is, and what matters of it."""

Comes = Callable[[Met], str]
"""What comes of something that a caller meets: a key, `silence`, `answered`, or empty if nobody does."""


class Switchboard:
    """The objects of a tenant."""

    def __init__(self, files: Mapping[str, str], zone: str) -> None:
        xml = next(text for name, text in files.items() if name.endswith(".xml"))
        calls = next(text for name, text in files.items() if name.endswith(".json"))
        self.root = ET.fromstring(xml)
        self.calls: list[dict[str, Any]] = json.loads(calls)["calls"]
        self.zone = zoneinfo.ZoneInfo(zone)
        self.dns = {
            number: element
            for element in self.root.iterfind("Tenants/Tenant/DN/*")
            if element.tag != "ExternalLine" and (number := element.findtext("Number"))
        }
        self.rules = {rule.findtext("Data", ""): rule for rule in self.root.iter("ExternalLineRule")}
        self.bodies = {c["body"]["RuleName"]: c["body"] for c in self.calls if c["path"] == "/InboundRules"}
        self.holidays = [c["body"] for c in self.calls if c["path"] == "/Holidays"]

    def call(self, did: str, at: datetime.datetime, comes: Comes) -> Iterator[Met]:
        """What somebody meets who calls a number at an instant."""
        rule = self.rules.get(did) or self.rules[""]
        slot = self.slot(self.bodies[rule.findtext("RuleName", "")], at)
        kind, number = destination(rule.find(f"ForwardDestinations/{slot}"))
        taken = False
        while True:
            if kind in ("None", "EndCall"):
                yield ("end",)
                return
            if kind == "VoiceMail":
                yield "voicemail", number
                if not taken:
                    yield ("taken",)
                yield ("end",)
                return
            element = self.dns[number]
            assert element.tag == kind, f"{number} is a {element.tag}, and not a {kind}"
            if kind != "RingGroup" and not taken:
                taken = True
                yield ("taken",)
            if kind == "IVR":
                prompt, timeout = element.findtext("PromptFilename", ""), element.findtext("Timeout", "")
                yield (asked := ("asks", prompt, timeout))
                kind, number = self.key(element, comes(asked))
                continue
            seconds = element.findtext("RingTime" if kind == "RingGroup" else "MasterTimeout", "")
            members = ",".join(member.get("DN", "") for member in element.iterfind("Members/Member"))
            yield (rung := ("rings" if kind == "RingGroup" else "queues", members, seconds))
            if (comes(rung)) == "answered":
                yield ("answered",)
                return
            kind, number = destination(element.find("Destination"))

    def key(self, menu: ET.Element, pressed: str) -> tuple[str, str]:
        """Where a menu sends whoever presses a key, or nothing."""
        if pressed == "silence":
            return menu.findtext("TimeoutForwardType", ""), menu.findtext("TimeoutForwardDN", "")
        for forward in menu.iterfind("Forwards/IVRForward"):
            if forward.findtext("Number") == pressed:
                return forward.findtext("ForwardType", ""), forward.findtext("ForwardDN", "")
        wrong = next(p for p in menu.iter("DNProperty") if p.findtext("Name") == "REDIRECT_UNKNOWN_TO")
        number = wrong.findtext("Value", "")
        return self.dns[number].tag, number

    def slot(self, body: Mapping[str, Any], at: datetime.datetime) -> str:
        """Which of its three targets a rule takes."""
        local, hours = at.astimezone(self.zone), body["Hours"]
        if hours["Type"] == "AllHours":
            return "OfficeHoursDestination"
        if not hours["IgnoreHolidays"] and any(closes(holiday, local) for holiday in self.holidays):
            return "HolidaysDestination"
        periods = [p for p in hours["Periods"] if p["DayOfWeek"] == f"{local:%A}"]
        now = f"{local:%H:%M:%S}"
        opened = any(p["Start"] <= now < p["Stop"] for p in periods)
        return "OfficeHoursDestination" if opened else "OutOfOfficeHoursDestination"


def destination(element: ET.Element | None) -> tuple[str, str]:
    """A target: its kind and its number."""
    assert element is not None
    inside = element.find("Internal")
    return element.findtext("To", ""), inside.get("DN", "") if inside is not None else ""


def closes(holiday: Mapping[str, Any], local: datetime.datetime) -> bool:
    """Whether a holiday closes at a moment of its zone's clock."""
    first = datetime.date(holiday["Year"], holiday["Month"], holiday["Day"])
    last = datetime.date(holiday["YearEnd"], holiday["MonthEnd"], holiday["DayEnd"])
    now = (local.date(), datetime.timedelta(hours=local.hour, minutes=local.minute, seconds=local.second))
    return (first, since(holiday["TimeOfStartDate"])) <= now < (last, since(holiday["TimeOfEndDate"]))


def since(duration: str) -> datetime.timedelta:
    """An ISO 8601 duration of hours, minutes and seconds."""
    found = re.fullmatch(r"PT(\d+)H(\d+)M([\d.]+)S", duration)
    assert found
    return datetime.timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=float(found[3]))


def met(plan: Plan, events: Iterable[Event]) -> Iterator[Met]:
    """What a caller meets in a call of the walker."""
    for event in events:
        match event:
            case Answered():
                yield ("taken",)
            case Asked():
                menu = plan.steps[event.menu]
                assert isinstance(menu, Menu)
                yield "asks", ".".join(p.file.replace("/", "-") for p in menu.prompts) + ".wav", str(menu.wait)
            case Rang():
                step = plan.steps[event.step]
                assert isinstance(step, Ring | Operator | Extensions)
                seconds = step.seconds if isinstance(step, Extensions) else step.stages[event.stage - 1].seconds
                yield "rings", ",".join(event.phones), str(seconds)
            case Queued():
                queue = plan.steps[event.queue]
                assert isinstance(queue, Queue)
                yield "queues", ",".join(member.number for member in queue.members), str(queue.patience)
            case AnsweredBy():
                yield ("answered",)
            case Arrived() if isinstance(mailbox := plan.steps[event.step], Mailbox):
                yield "voicemail", mailbox.box
            case HungUp():
                yield ("end",)
            case _:
                pass


@attrs.define
class World:
    """What comes of each thing, drawn as the call goes on, and told to the switchboard in the same order."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    came: list[str] = attrs.field(factory=list)

    def decide(self, point: Point) -> Happens | None:
        """What comes of a point of the walker's call."""
        match point.step:
            case Menu():
                key = self.draw(st.sampled_from(["silence", *KEYS]))
                self.came.append(key)
                return Happens(Outcome.SILENCE) if key == "silence" else presses(key)
            case Ring() | Operator() | Extensions():
                outcome = self.draw(st.sampled_from([Outcome.NO_ANSWER, Outcome.ANSWERED, Outcome.BUSY]))
                self.came.append("answered" if outcome is Outcome.ANSWERED else "")
                return Happens(outcome)
            case Queue():
                outcome = self.draw(st.sampled_from([Outcome.TIMEOUT, Outcome.ANSWERED, Outcome.EMPTY, Outcome.KEY]))
                self.came.append("answered" if outcome is Outcome.ANSWERED else "")
                return presses("*", point.step.seconds) if outcome is Outcome.KEY else Happens(outcome)
            case _:
                return None


# Plans


WEEKS = (
    "mon-fri 09:00-17:00",
    "mon-thu 08:00-16:00  fri 08:00-12:00",
    "mon-sat 18:00-02:00",
    "mon-sun 00:00-24:00",
)
EXCEPTIONS = (
    'closed 2026-12-24 to 2026-12-26 "holiday"',
    "closed 2026-12-28 10:00-12:00",
    'closed 2026-12-31 "holiday"',
    "open 2026-12-29 10:00-11:00",
)
HEAD = """plan drawn "Drawn"
timezone Europe/Warsaw
language en
country PL
valid 2026-12-21 to 2027-01-03
policy charter { to-person 10m  keys-to-person 9  prompts-to-person 9  to-operator 10m  levels 5  doing-nothing 10m }
"""
SITE = """site drawn for 3cx 20 {
  trunk provider { delivers e164  country PL  extension 10000 }
  phones 100-399 dial contacts
  numbers 700-999
}
"""


@st.composite
def sayable(draw: st.DrawFn, *, rude: bool = False) -> Written:
    """Plans of all that a 3CX can say, proved, but for waived rules; those that are `rude` hang up first (C10)."""
    blocks: list[str] = []
    prompts: list[str] = []
    has = st.booleans()

    def prompt(name: str, claims: str) -> str:
        prompts.append(f'prompt {name} {{ file {name.replace("_", "-")}  en "Words."  lasts 3s  {claims} }}')
        return name

    def menu(name: str, keys: Mapping[str, str], tries: int) -> str:
        offers = f"offers {', '.join(keys)}"
        rows = [f"key {key} {f'-> {to}' if to != 'repeat' else to}" for key, to in keys.items()]
        extra = ["undecided -> duty"] if tries > 1 and draw(has) else []
        rows += [f"wait {draw(st.sampled_from((3, 5)))}s", f"tries {tries}", *extra]
        plays = [f"play {prompt(f'{name}_first', '')}"] if draw(has) else []
        body = "\n  ".join([*plays, f"play {prompt(f'{name}_choices', offers)}", *rows])
        blocks.append(f"menu {name} {{\n  {body}\n}}")
        return name

    def department(number: int) -> str:
        kind = draw(st.sampled_from(("ring", "duty", "again", "queue")))
        name = f"{kind}_{number}"
        if kind == "ring":
            more = f"  then ring 2{number}1 for 5s" if draw(has) else ""
            busy = menu(f"busy_{number}", {"0": "reception", "1": "duty"}, 1)
            ways = " ".join(f"{way} -> {busy}" for way in ("busy", "no-answer", "unavailable"))
            blocks.append(f"ring {name} {{ ring 2{number}0, 2{number}2 for 8s{more}  {ways} }}")
        elif kind == "again":
            blocks.append(f"route back_{number} {{ again main at most 1 then reception }}")
            menu(name, {"1": f"back_{number}", "0": "reception"}, 1)
        elif kind == "queue":
            blocks.append(f'waive C15 at {name} by "A" because "B"')
            intro = f"play {prompt(f'{name}_line', 'offers *')}"
            extra = draw(st.sampled_from(("", "wrap-up 10s", "callers at most 8")))
            order = draw(st.sampled_from(("ring-all", "longest-idle", "round-robin", "fewest-calls", "in-order")))
            blocks.append(
                f"queue {name} {{ {intro}  members 3{number}0, 3{number}1  {order}  ring 10s  patience 60s  {extra} "
                f"announce position every 20s  key * -> reception }}"
            )
        else:
            return "duty"
        return name

    keys = {str(n): department(n) for n in range(1, draw(st.integers(1, 3)) + 1)}
    tries = draw(st.integers(1, 2))
    if tries > 1 and draw(has):
        keys["9"] = "repeat"
    menu("main", keys | {"0": "reception"}, tries)
    entry, staffed = "main", ""
    if draw(has):
        rows = [draw(st.sampled_from(WEEKS)), *(row for row in EXCEPTIONS if draw(has))]
        blocks.append("hours office {\n  " + "\n  ".join(rows) + "\n}")
        named = 'when office closed "holiday" -> holiday\n  ' if any("holiday" in r for r in rows) and draw(has) else ""
        if named:
            blocks.append("operator holiday { ring 130 for 15s  supervisor 110  unanswered -> last }")
        day = "main"
        if draw(has):
            day = "taken"
            blocks.append("route taken { answer -> main }")
        blocks.append(f"route start {{ {named}when office open -> {day}  otherwise -> duty }}")
        entry = "start"
        staffed = draw(st.sampled_from(("", "staffed office plus 30m  unstaffed -> duty  ")))
    stages = draw(st.sampled_from(("ring 100 for 15s", "ring 100, 101 for 10s  then ring 102 for 8s")))
    blocks.append(f"operator reception default {{ {stages}  {staffed}supervisor 110  unanswered -> last }}")
    blocks.append("operator duty { ring 120 for 12s  supervisor 110  unanswered -> last }")
    if draw(has):
        greeting = prompt("sorry", "apology  goodbye")
        ways = "left -> bye  nothing-left -> bye  failed -> bye"
        blocks.append(f"mailbox last {{ box 190  greeting {greeting}  read by duty within 1 working day  {ways} }}")
        blocks.append("route bye { hang-up }")
    else:
        blocks.append("route last { hang-up }")
    lines = [f'line "+48 22 123 45 67" -> {entry}', 'line "+48 22 123 45 68" -> duty']
    if not staffed and draw(has):
        blocks.append("extensions staff { 140-142  ring for 2s }")
        lines.append('line "+48 22 123 46 00" to "+48 22 123 46 02" -> staff')
    if draw(has):
        lines.append(draw(st.sampled_from(("line short 19123 -> duty", f"line default -> {entry}"))))
    if rude:
        blocks.append("route rude { hang-up }")
        lines.append('line "+48 22 123 45 99" -> rude')
    found = written(HEAD + "\n".join((*lines, *blocks, *prompts)) + "\n")
    if ("C10" not in found.codes) if rude else not found.judged.proved:
        reject()
    return found
