"""Codes that staff dial: switches that they turn, and queues that they sign into and out of.

In: a plan, and the machine that goes through its files. Out: `learned`, where in the database the position of a switch
stands and how it is written there, which nothing but turning it tells; and scripts of what each code does.
"""

import datetime
import re
import zoneinfo
from collections.abc import Callable, Iterator

import attrs

from dialc.calendar import Instants
from dialc.plan import Plan, Position, Queue, Switch
from dialc.read.asterisk.dialplan import HINT, Found
from dialc.read.asterisk.flow import Act, Changes, Ends, Goes, Performs, Plays, Takes
from dialc.read.asterisk.intended import Course, Does, Intended, Known
from dialc.read.asterisk.machine import Location, Machine, State, Stop
from dialc.read.asterisk.marks import Marks
from dialc.read.asterisk.moments import Moment, Span
from dialc.read.asterisk.switches import LAMPS, Kept, Turned
from dialc.site import Site


def learned(
    machine: Machine, marks: Marks, context: str, switch: Switch, span: Span, say: Callable[[str, str], None]
) -> tuple[Kept | None, str]:
    """What turning a switch all the way round leaves in the database; or why that cannot be told.

    `say` is told what is to be answered when the database is asked for a key, empty for any.
    """
    at = _noon(span, switch.zone)
    instants = Instants(((at, at + 1),))
    positions = switch.positions
    index = positions.index(switch.starts)
    value, key, device = "", "", ""
    written: dict[Position, str] = {}
    for turn in range(1, len(positions) + 1):
        say(key, value)
        position = positions[(index + turn) % len(positions)]
        found = _kept(machine, context, switch.code, instants)
        if found is None or (key and found[0] != key):
            return None, f"dialling {switch.code} keeps nothing"
        key, value, device = found
        written[position] = value
        value = value.replace(marks.of(Moment()), str(at))
    values: dict[str, Turned] = {"": Turned(switch.starts, None)}
    for position, value in written.items():
        for instant in _samples(at, switch):
            values[value.replace(marks.of(Moment()), str(instant))] = Turned(position, instant)
    if len(values) != 1 + len(written) * len(_samples(at, switch)):
        return None, f"dialling {switch.code} does not tell positions apart"
    return Kept(f"DB({key})", device, values), ""


def _kept(machine: Machine, context: str, code: str, instants: Instants) -> tuple[str, str, str] | None:
    """The key and the value that a code leaves in the database, and the device whose state it sets then."""
    ahead = [(State(Location(context, code, 1), {}), instants)]
    key = value = ""
    while ahead:
        stops = machine.run([ahead.pop()])
        for stop in stops:
            match stop.act:
                case Changes("DB", argument, written):
                    key, value = argument, written
                case Changes("DEVICE_STATE", device) if key:
                    return key, value, device
                case Takes() | Changes():
                    pass
                case _:
                    continue
            ahead.append((stop.then or stop.state, stop.instants))
    return None


def _noon(span: Span, zone: str) -> int:
    """Noon of a day in the middle, by the clock in a zone."""
    middle = datetime.datetime.fromtimestamp((span.start + span.end) // 2, zoneinfo.ZoneInfo(zone))
    return int(middle.replace(hour=12, minute=0, second=0).timestamp())


def _samples(at: int, switch: Switch) -> tuple[int, ...]:
    """Instants at which a switch can have been turned: beside those at which days begin, where it goes back."""
    if switch.back is None:
        return (at,)
    begins = at - 12 * 3600 + switch.back
    return at, begins - 1, begins


def hints(machine: Machine, context: str, switch: Switch, kept: Kept) -> str:
    """What is wrong about the lamp of a switch."""
    found = next(machine.dialplan.found(context, switch.code, HINT), None)
    if not isinstance(found, Found) or found.priority.application != kept.device:
        return f"the lamp of {switch.code} shows something else than {kept.device}"
    return ""


def turns(intended: Intended, switch: Switch, kept: Kept) -> Course:
    """What dialling the code of a switch does."""
    yield Does("the call is answered", _is(intended, Takes()))
    position = yield from intended.position(switch)
    positions = switch.positions
    index = (positions.index(position) + 1) % len(positions)
    following = positions[index]
    stands = next(turned.at for turned in kept.values.values() if turned.at is not None)
    written = next(
        value for value, turned in kept.values.items() if turned.position is following and turned.at == stands
    )
    key = kept.question.removeprefix("DB(").removesuffix(")")
    now = written.replace(str(stands), intended.marks.of(Moment()))
    yield Does(f"the switch is turned to {following.value}", _is(intended, Changes("DB", key, now)))
    yield Does("the lamp follows", _is(intended, Changes("DEVICE_STATE", kept.device, LAMPS[following])))
    yield from _says(intended, ("beep",) * (index + 1))
    return None


def _says(intended: Intended, files: tuple[str, ...]) -> Course:
    yield Does(f"hear {', '.join(files)}", _is(intended, Plays(files)), lambda _: (("", Goes(), "wait"),))
    yield Does("the call ends", _is(intended, Ends()))
    return None


def _is(intended: Intended, act: Act) -> Callable[[Stop], str]:
    return lambda stop: "" if stop.act == act else intended.told(stop.act)


@attrs.frozen
class Signing:
    """A code by which members sign in or out: for each phone, its endpoint and the queues that it is for there."""

    code: str
    into: bool
    members: tuple[tuple[str, str, tuple[str, ...]], ...]


def signings(plan: Plan, site: Site) -> Iterator[Signing]:
    """The codes by which members sign in and out."""
    found: dict[tuple[str, bool], dict[str, list[str]]] = {}
    for step in plan.steps.values():
        if isinstance(step, Queue) and step.signing:
            for code, into in ((step.signing.into, True), (step.signing.out, False)):
                phones = found.setdefault((code, into), {})
                for member in step.signing.among:
                    phones.setdefault(member.number, []).append(step.name)
    for (code, into), phones in found.items():
        rows = tuple((number, endpoint(site, number), tuple(queues)) for number, queues in phones.items())
        yield Signing(code, into, rows)


def endpoint(site: Site, number: str) -> str:
    """The PJSIP endpoint of a phone; empty where the site does not tell."""
    reached = site.phone(number)
    if reached is None:
        return ""
    if not reached.dial:
        return number
    for written in (reached.dial, reached.state):
        found = re.fullmatch(r"PJSIP/([^/@]+)([/@].*)?", written)
        if found:
            return found[1].replace("{number}", number)
    return ""


def signs(intended: Intended, signing: Signing, joined: Callable[[str, str, str], None]) -> Course:
    """What a code by which members sign in or out does. `joined` is told a queue as the files call it, a number, and
    what rings the phone.
    """
    yield Does("the call is answered", _is(intended, Takes()))
    kind = yield Known("CHANNEL(channeltype)")
    who = (yield Known("CHANNEL(endpoint)")) if kind == "PJSIP" else ""
    rows = [(number, queues) for number, named, queues in signing.members if kind == "PJSIP" and named == who]
    if not rows:
        return (yield from _says(intended, ("beeperr",)))
    number, queues = rows[0]
    reached = intended.site.phone(number)
    state = reached.state.replace("{number}", number) if reached else ""
    application = "addqueuemember" if signing.into else "removequeuemember"
    rest = ("0", "", number, state) if signing.into else ()

    def differs(stop: Stop) -> str:
        act = stop.act
        if not isinstance(act, Performs) or act.application != application or act.arguments[2:] != rest:
            return intended.told(act)
        joined(act.arguments[0], number, act.arguments[1])
        return ""

    for name in queues:
        yield Does(f"{number} signs {'into' if signing.into else 'out of'} {name}", differs)
    return (yield from _says(intended, ("agent-loginok" if signing.into else "agent-loggedoff",)))
