"""What a PBX did, told in the caller's terms, and held against the walker.

In: a `Trace` (what was observed), and the events of the walker for the same call. Out: both as rows of the same kind,
and the first differences. The observed rows come from applications with their arguments, legs, keys, bridges and the
ways in which they ended; not from the plan's contexts, names or journey. The journey is a third witness, held against
both.
"""

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import attrs

from dialc import call
from dialc.live.trace import PLAN, Bridged, Dialled, Ended, Key, Queued, Status, Step, Trace
from dialc.plan import Plan
from dialc.site import Site

SECONDS = 1.0
"""How far observed times may lie from the walker's."""


@attrs.frozen
class Row:
    """One thing that the caller experienced, `at` seconds into the call."""

    at: float
    what: str

    def __str__(self) -> str:
        return f"{self.at:7.2f} {self.what}"


def expected(plan: Plan, events: Sequence[call.Event], site: Site, absent: Collection[str] = ()) -> list[Row]:
    """The walker's events as rows; `absent` are phones that have no device, which no PBX can ring."""
    rows = []
    for event in events:
        match event:
            case call.Answered():
                rows.append(Row(event.at, "answered"))
            case call.Recorded():
                rows.append(Row(event.at, "recorded"))
            case call.Asked():
                rows.append(Row(event.at, "asked"))
            case call.Heard():
                file = _file(site, plan.prompts[event.prompt].file)
                rows.append(Row(event.at, f"heard {file}{'' if event.whole else ', cut'}"))
            case call.Pressed():
                rows.append(Row(event.at, f"pressed {event.key}"))
            case call.Spoken():
                rows.append(Row(event.at, f"spoken to in {event.language}"))
            case call.Rang():
                phones = sorted(set(event.phones) - set(absent))
                if phones:
                    rows.append(Row(event.at, f"rang {' '.join(phones)}"))
            case call.Queued():
                rows.append(Row(event.at, f"queued at {event.queue}"))
            case call.AnsweredBy():
                rows.append(Row(event.at, f"talks to {event.who}"))
            case call.Joined():
                rows.append(Row(event.at, f"talks to {event.who}"))
            case call.LookedUp():
                rows.append(Row(event.at, "looked up"))
            case call.LeftMessage():
                rows.append(Row(event.at, f"left a message in {event.box}"))
            case call.Refused():
                rows.append(Row(event.at, "hung up by plan"))
            case call.Booked():
                rows.append(Row(event.at, f"booked at {event.callback}"))
            case call.HungUp():
                rows.append(Row(event.at, f"hung up by {event.by}"))
            case call.Arrived() | call.Left() | call.Labelled():
                pass  # what the plan calls its steps is the journey's matter, and what phones show that of their owners
    return rows


def observed(trace: Trace, plan: Plan, lengths: Mapping[str, float]) -> list[Row]:
    """The trace as rows; `lengths` are the seconds of the sound files that the PBX was given, `pl/FILE` those of one
    that is another in Polish.
    """
    return [Row(row.at - trace.began, row.what) for row in _observed(trace, plan, lengths)]


def _observed(trace: Trace, plan: Plan, lengths: Mapping[str, float]) -> Iterator[Row]:
    events = [e for e in trace.events if not isinstance(e, Step) or e.leg == PLAN]
    taken = talking = False
    app: Step | None = None
    language = ""
    rang: dict[str, None] = {}
    for at, event in enumerate(events):
        match event:
            case Step() if app is not None and (event.app, event.args) == (app.app, app.args):
                pass  # said again as a leg of the application ended: nothing was executed twice
            case Step():
                if rang and app is not None:
                    yield Row(app.at, f"rang {' '.join(sorted(rang))}")
                app, rang = event, {}
                following = _after(events, at)
                match event.app:
                    case "Set" if event.args.startswith(_LANGUAGE):
                        if language:  # the call begins with a first one
                            yield Row(event.at, f"spoken to in {event.args.removeprefix(_LANGUAGE)}")
                        language = event.args.removeprefix(_LANGUAGE)
                    case "Answer" if not taken:
                        taken = True
                        yield Row(event.at, "answered")
                    case "Set" if event.args.startswith("CURLOPT(conntimeout)"):
                        yield Row(event.at, "looked up")
                    case "MixMonitor":
                        yield Row(event.at, "recorded")
                    case "Playback":
                        yield from _heard(event, following, lengths, language)
                    case "BackGround":
                        if "," not in event.args:
                            yield Row(event.at, "asked")
                        yield from _heard(event, following, lengths, language)
                    case "Read":
                        yield Row(event.at, "asked")
                        played = attrs.evolve(event, args=event.args.split(",")[1])
                        yield from _heard(played, following, lengths, language)
                    case "Queue":
                        yield Row(event.at, f"queued at {event.args.split(',')[0].removeprefix(f'dialc-{plan.name}-')}")
                    case "Set" if booked := _BOOKED.match(event.args):
                        names = {name.replace("_", "."): name for name in plan.steps}
                        yield Row(event.at, f"booked at {names[booked[1]]}")
                    case "Hangup" if trace.hung_up is None:
                        yield Row(event.at, "hung up by plan")
                    case _:
                        pass
            case Key(leg="plan") if app is not None and _listens(app, event, events[at + 1 :]):
                if rang:
                    yield Row(app.at, f"rang {' '.join(sorted(rang))}")
                    rang = {}
                yield Row(event.at, f"pressed {event.key}")
            case Dialled(by="plan", status=None) if app is not None and app.app == "Dial":
                rang[_number(event.target)] = None
            case Bridged(leg="plan", entered=True) if not talking and app is not None:
                talking = "g" not in _options(app)  # from a machine, the plan goes on
                if rang:
                    yield Row(app.at, f"rang {' '.join(sorted(rang))}")
                rang = {}
                yield Row(event.at, f"talks to {_partner(events[:at])}")
            case Status(leg="plan", name="VM_MESSAGEFILE") if event.value and app is not None:
                if trace.hung_up is not None and trace.hung_up <= event.at:
                    continue  # the caller hung up while speaking: what was said is kept, and nothing follows
                yield Row(event.at, f"left a message in {app.args.partition('@')[0]}")
            case _:
                pass
    if rang and app is not None:
        yield Row(app.at, f"rang {' '.join(sorted(rang))}")
    if trace.hung_up is not None and not talking:
        yield Row(trace.hung_up, "hung up by caller")


_BOOKED = re.compile(r"DB\(dialc-[^/.]*\.([^/]*)/waiting/")


def _after(events: Sequence[object], at: int) -> float:
    """When the application at an index was over: the next thing that the plan's channel did, or heard, or its end."""
    for event in events[at + 1 :]:
        if isinstance(event, Step | Key | Ended) and event.leg == PLAN:
            if isinstance(event, Key) and getattr(events[at], "app", "") == "Playback":
                continue
            if isinstance(event, Key) and not _listens(events[at], event, events[events.index(event) + 1 :]):
                continue
            return event.at
    raise AssertionError("a call without an end")


_LANGUAGE = "CHANNEL(language)="


def _heard(step: Step, until: float, lengths: Mapping[str, float], language: str) -> Iterator[Row]:
    """The files that an application played, up to the moment it was over."""
    at = step.at
    for file in step.args.split(",")[0].split("&"):
        seconds = lengths.get(f"{language}/{file}", lengths[file])
        if until < at + seconds - SECONDS / 2:
            yield Row(at, f"heard {file}, cut")
            return
        yield Row(at, f"heard {file}")
        at += seconds


def _listens(app: object, key: Key, rest: Sequence[object]) -> bool:
    """Whether a key was taken: a menu takes every key, a queue only those that lead out of it."""
    if isinstance(app, Step) and app.app == "Dial":
        return "H" in _options(app) and key.key == "0"
    if not isinstance(app, Step) or app.app not in ("BackGround", "WaitExten", "Read", "Queue"):
        return False
    if app.app in ("WaitExten", "Read") or (app.app == "BackGround" and "," not in app.args):
        return True
    following = next((event for event in rest if isinstance(event, Step) and event.leg == PLAN), None)
    return following is not None and following.exten == key.key


def _options(app: Step) -> str:
    """The letters of the options of a `Dial`."""
    return re.sub(r"\((\([^)]*\)|[^()])*\)", "", app.args.split(",")[2]) if app.app == "Dial" else ""


def _number(target: str) -> str:
    """The phone in a dial string: `100/sip:100@…`, `+48601000200@confirm…` and `desk100` have it first among digits."""
    found = re.match(r"[a-z]*([+0-9]+)", target)
    return found[1] if found else target


def _partner(events: Sequence[object]) -> str:
    """Who was joined to the caller: the leg that answered last, or the queue's member."""
    for event in reversed(events):
        if isinstance(event, Queued) and event.what == "AgentConnect":
            return event.member
        if isinstance(event, Dialled) and event.by == PLAN and event.status == "ANSWER":
            begun = (e for e in events if isinstance(e, Dialled) and e.leg == event.leg and e.status is None)
            return _number(next(begun).target)
    return "nobody"


def _file(site: Site, file: str) -> str:
    return f"{site.sounds}/{file}" if site.sounds else file


def differences(want: Sequence[Row], got: Sequence[Row], slack: float) -> list[str]:
    """Where two accounts of a call differ: another event, or one more than `slack` seconds off."""
    found = []
    for one, other in itertools.zip_longest(want, got):
        if one is None or other is None or one.what != other.what or abs(one.at - other.at) > slack:
            found.append(f"walker {one or '(nothing more)'} | PBX {other or '(nothing more)'}")
    return found


def only_late(want: Sequence[Row], got: Sequence[Row], slack: float) -> bool:
    """Whether two accounts of a call tell the same things in the same order, at whatever times.

    A server that stalled as a prompt was about to begin plays it late, and it ends when it should have: such a prompt
    counts as heard to its end here. One that began when it should and was cut does not.
    """
    if len(want) != len(got):
        return False
    return all(
        ours.what == theirs.what or (f"{ours.what}, cut" == theirs.what and theirs.at - ours.at > slack)
        for ours, theirs in zip(want, got, strict=True)
    )


def journeys(want: str, got: str, slack: float) -> list[str]:
    """Where the record's journey differs from the walker's; after a conversation the record says `over`."""
    ours, theirs = want.split(), got.split()
    if theirs and "=answered/" in ours[-1] and theirs[-1].endswith(":over"):
        theirs = theirs[:-1]
    found = []
    for one, other in itertools.zip_longest(ours, theirs, fillvalue=""):
        then, _, what = one.partition(":")
        when, _, did = other.partition(":")
        numbers = then.isdigit() and when.isdigit()
        if what != did or (not numbers and one != other) or (numbers and abs(int(then) - int(when)) > slack):
            found.append(f"walker {one or '(nothing more)'} | record {other or '(nothing more)'}")
    return found
