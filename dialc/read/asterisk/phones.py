"""Telephones that are rung: what happens on their side, and what comes of it for the caller.

In: an act that rings phones or has callers wait in a queue, and the phones that a plan has there. Out: how the act is
not what the plan says, empty if it is; and its ways. A phone can be rung as it is or through a `Local` channel, whose
far half runs a dialplan of its own; what runs on a phone before it rings, and once it is answered, is walked as well.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs

from dialc.plan import Bot, Extension, Outside, Phone, Plan, Queue, Tier
from dialc.read.asterisk.configuration import Configuration
from dialc.read.asterisk.flow import (
    Changes,
    Dials,
    Ends,
    Goes,
    HangsUp,
    Performs,
    Queues,
    Reads,
    Rings,
    Way,
)
from dialc.read.asterisk.intended import (
    QUEUE_STATUSES,
    STATUSES,
    STRATEGIES,
    Course,
    Does,
    Intended,
    Known,
    Ways,
)
from dialc.read.asterisk.machine import SHARES, TAKEN, Location, Machine, State, Stop
from dialc.read.asterisk.marks import MILLISECONDS, Devices, Elapsed, Opaque, Past
from dialc.read.asterisk.memory import Memory
from dialc.read.asterisk.moments import Moment, Shown
from dialc.site import Site

LEG = "!leg"
"""Set on channels that are not the caller's."""

_PRESSED = "!pressed"

_CLEAN = frozenset(range(0x21, 0x7F)) - frozenset(b'",()\\|')
"""The characters that can stand in the address of a device without ending a list of phones."""

_LIVES = "00000001"

Aside = Callable[[State, Callable[[], Course]], "tuple[str, list[State]]"]
"""Walks what happens on another channel: how that differs from what is expected, and the states in which it ends."""


@attrs.frozen
class Ringing:
    """One phone of an act: how it is rung, who answers it, and what its side can leave behind for the caller."""

    phone: Phone
    target: str
    local: bool
    declines: tuple[tuple[str, str], ...] = ()


class Phones:
    """Phones and queues of a plan at a site, as files ring them."""

    def __init__(
        self,
        plan: Plan,
        site: Site,
        machine: Machine,
        intended: Callable[[], Intended],
        aside: Aside,
        configuration: Callable[[str], Configuration],
        *,
        records: bool,
    ) -> None:
        self.plan = plan
        self.site = site
        self.machine = machine
        self.marks = machine.marks
        self._intended = intended
        self._aside = aside
        self._configuration = configuration
        self._records = records
        self._known: dict[object, tuple[str, Ways]] = {}
        self.joined: dict[tuple[str, bool, str], dict[str, str]] = {}
        """By code, whether it signs in, and queue as files call it: the phones that it is for, and what rings each."""

    @property
    def intended(self) -> Intended:
        """What the plan does."""
        return self._intended()

    # Phones rung together

    def rings(self, stop: Stop, phones: Sequence[Phone], memory: Memory, up: str) -> tuple[str, Ways]:
        """Phones that are rung together. `up` is whom those who answer can hand the caller up to: nobody where it is
        `nobody`, and empty where that is left to the site; or it is `bot` for a machine.
        """
        act = stop.act
        assert isinstance(act, Rings)
        heirs = self.machine.heirs(stop.state)
        transfers = self.machine.look(stop.state, "TRANSFER_CONTEXT")
        handed = self.machine.look(stop.state, "!bridged") if up == "bot" else ""
        feature = self.machine.look(stop.state, "FEATUREMAP(disconnect)") if up == "bot" else ""
        source = self.machine.look(stop.state, "CHANNEL(hangupsource)") if up == "bot" else ""
        key = (
            act,
            tuple(phones),
            memory.step,
            memory.label,
            up,
            tuple(sorted(heirs.items())),
            transfers,
            feature,
            source,
            handed,
        )
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._rung(stop, act, phones, memory, up, heirs)
        return found

    def _rung(
        self, stop: Stop, act: Rings, phones: Sequence[Phone], memory: Memory, up: str, heirs: Mapping[str, str]
    ) -> tuple[str, Ways]:
        wrong = self._open_to_callers(stop)
        if wrong:
            return wrong, ()
        bot = self.plan.steps[memory.step] if up == "bot" else None
        given = dict(act.options)
        plain = {letter for letter in given if letter not in "Ub"}
        wanted = {"i", "r"} | ({"d", "g", "H", "L"} if isinstance(bot, Bot) else set())
        if plain != wanted or (isinstance(bot, Bot) and given["L"] != str(bot.limit * 1000)):
            return f"phones ring with the options {''.join(sorted(given))}", ()
        ringing, wrong = self._matched(act, phones, memory, heirs)
        if wrong:
            return wrong, ()
        ways: list[tuple[str, Dials | Goes | HangsUp, str]] = []
        for each in ringing:
            wrong = self._before(each, act, memory, "" if up == "bot" else up, heirs)
            if wrong:
                return wrong, ()
            wrong, sets = self._answered(each, given.get("U"), memory, heirs, bot=isinstance(bot, Bot))
            if wrong:
                return wrong, ()
            told = f"{each.phone.number} answers"
            if isinstance(bot, Bot):
                ways += self._of_bot(bot, sets, told)
                continue
            number = each.phone.number
            ways.append((f"answered {memory.step}=answered/{number}", HangsUp(sets), told))
            if up not in ("", "nobody"):
                wrong, handed = self._handed(each, act, memory, up, sets, heirs)
                if wrong:
                    return wrong, ()
                ways += handed
        ways += list(self._unanswered(ringing, bot))
        return "", tuple(ways)

    def _open_to_callers(self, stop: Stop) -> str:
        """Whom a caller could transfer the call to: it has to be nobody."""
        context = self.machine.dialplan.contexts.get(self.machine.look(stop.state, "TRANSFER_CONTEXT"))
        if not self.machine.look(stop.state, "TRANSFER_CONTEXT"):
            return "callers can transfer the call"
        if context is not None and (context.extensions or context.includes or context.switches):
            return f"callers can transfer the call to what is in {context.name}"
        return ""

    def _matched(
        self, act: Rings, phones: Sequence[Phone], memory: Memory, heirs: Mapping[str, str]
    ) -> tuple[tuple[Ringing, ...], str]:
        """Which target is which phone."""
        left = list(phones)
        found: list[Ringing] = []
        for target in act.phones:
            for phone in left:
                ringing = self._is(target, phone)
                if ringing is not None:
                    break
            else:
                return (), self.intended.told(act)
            left.remove(phone)
            if ringing.local and not self._direct(target, phone):
                wrong, declines = self._leg(target, phone, memory, heirs)
                if wrong:
                    return (), wrong
                ringing = attrs.evolve(ringing, declines=declines)
            found.append(ringing)
        return tuple(found), self.intended.told(act) if left else ""

    def _direct(self, target: str, phone: Phone) -> bool:
        return target == self.intended.dial(phone)

    def _is(self, target: str, phone: Phone) -> Ringing | None:
        """A target as the phone that it can be."""
        dial = self.intended.dial(phone)
        if dial and target == dial and not isinstance(phone, Outside):
            return Ringing(phone, target, local=target.startswith("Local/"))
        local = re.fullmatch(r"Local/([^@/]+)@([^/]+)/n", target)
        if local and not (isinstance(phone, Extension) and not dial):
            return Ringing(phone, target, local=True) if local[1] == phone.number else None
        found = self.marks.found(target)
        if not dial and len(target) == 1 and found:
            devices = found[0]
            if isinstance(devices, Devices) and devices.endpoint == phone.number and _clean(devices):
                return Ringing(phone, target, local=False)
        return None

    def _channel(self, each: Ringing) -> tuple[str, str]:
        """The name of the channel of a phone, and what Dial calls its number."""
        if each.local:
            part = each.target.removeprefix("Local/").removesuffix("/n")
            return f"Local/{part}-{_LIVES};1", each.target.removeprefix("Local/")
        if self.marks.found(each.target):
            number = each.phone.number
            return f"PJSIP/{number}-{_LIVES}", f"{number}/sip:{number}@192.0.2.7:5060;transport=udp"
        technology, _, rest = each.target.partition("/")
        return f"{technology}/{rest.partition('/')[0].partition('@')[0]}-{_LIVES}", rest

    def _callee(self, each: Ringing, heirs: Mapping[str, str]) -> dict[str, str]:
        channel, number = self._channel(each)
        return {**heirs, LEG: "1", TAKEN: "yes", "?CHANNEL(name)": channel, "DIALEDPEERNUMBER": number}

    def _before(self, each: Ringing, act: Rings, memory: Memory, up: str, heirs: Mapping[str, str]) -> str:
        """What is wrong about what runs on a phone before it rings."""
        written = dict(act.options).get("b")
        variables = self._callee(each, heirs)
        states = [State(Location("", "", 1), variables)]
        labelled = not (each.local and not self._direct(each.target, each.phone))
        if written is not None:
            start = self.machine.subroutine(written.replace("^", ","), variables)
            if start is None:
                return "what is to be done before a phone rings is not there"
            label = memory.label if labelled else ""
            wrong, states = self._aside(start, lambda: self._labels(label))
            if wrong:
                return wrong
        elif memory.label and labelled:
            return "phones do not show what the call is about"
        return next(filter(None, (self._transfers(state, up) for state in states)), "")

    def _transfers(self, state: State, up: str) -> str:
        """What is wrong about where a phone can transfer callers to."""
        name = state.variables.get("TRANSFER_CONTEXT", "")
        context = self.machine.dialplan.contexts.get(name)
        extensions = {each.name for each in context.extensions} if context else set()
        more = bool(context and (context.includes or context.switches))
        if not up:
            return f"phones transfer callers to {name}" if name else ""
        wanted = set() if up == "nobody" else {up}
        if not name or more or extensions != wanted:
            return (
                f"phones can transfer callers to {', '.join(sorted(extensions)) or 'nobody'} in {name or 'any context'}"
            )
        return ""

    def _labels(self, label: str) -> Course:
        if label:
            shown = (yield Known("CONNECTEDLINE(num-pres)")).startswith("allowed")
            known = yield Known("CONNECTEDLINE(name)")
            legible = "".join(c for c in known if c.isalnum() or c == " " or ord(c) > 127)
            rows = (
                (("name", f"{label} {legible}"),)
                if shown
                else (("num", "anonymous"), ("pres", "allowed"), ("name", label))
            )
            for field, value in rows:
                yield self._changes("CONNECTEDLINE", f"{field},i", value)
        return None

    def _changes(self, function: str, argument: str, value: str) -> Does:
        act = Changes(function, argument, value)
        return Does(self.intended.told(act), lambda stop: "" if stop.act == act else self.intended.told(stop.act))

    def _answered(
        self, each: Ringing, written: str | None, memory: Memory, heirs: Mapping[str, str], *, bot: bool
    ) -> tuple[str, tuple[tuple[str, str], ...]]:
        """What runs on a phone that is answered: what is wrong about it, and what it leaves behind for the caller."""
        if written is None:
            return ("nobody notes who answers" if self._records or bot else ""), ()
        start = self._gosub(written, self._callee(each, heirs))
        if start is None:
            return "what is to be done once a phone is answered is not there", ()
        wrong, states = self._aside(start, _nothing)
        if wrong:
            return wrong, ()
        if len(states) != 1 or states[0].variables.get("GOSUB_RESULT"):
            return "who answers is not joined to the caller", ()
        sets = self._shared(states[0])
        point = f"{memory.step}=answered/{each.phone.number}"
        if not bot and self._records and not any(self._tells(value, point) for _, value in sets):
            return (
                f"`{', '.join(self.marks.told(value) for _, value in sets) or 'nothing'}` is noted of who answers",
                (),
            )
        return "", sets

    def _gosub(self, written: str, variables: Mapping[str, str]) -> State | None:
        """The subroutine that the option U, or a queue, names: a context with arguments."""
        context, _, rest = written.replace("^", ",").partition(",")
        return self.machine.subroutine(f"{context},s,1({rest})", variables)

    def _tells(self, value: str, point: str) -> bool:
        time, colon, rest = value.partition(":")
        found = self.marks.found(time)
        return bool(colon) and rest == point and (time == "0" or (len(time) == 1 and found[0] == Elapsed(Past(True))))

    def _shared(self, state: State) -> tuple[tuple[str, str], ...]:
        """What a channel has set for the caller's."""
        own = self.marks.of(Opaque("CHANNEL(name)", filled=True))
        found: list[tuple[str, str]] = []
        for name, value in state.variables.items():
            variable, _, channel = name.removeprefix(SHARES).rpartition(",")
            if name.startswith(SHARES) and channel == own:
                found.append((f"SHARED({variable})", value))
        return tuple(sorted(found))

    def _of_bot(
        self, bot: Bot, sets: tuple[tuple[str, str], ...], told: str
    ) -> "Iterator[tuple[str, Dials | Goes | HangsUp, str]]":
        """What can come of a machine that has answered: the key, its end, or that of its time."""
        limit = bot.limit * 1000
        began = self.marks.of(Shown(Moment(), "UTC", MILLISECONDS))
        timed = tuple((name, began if value == began else value) for name, value in sets)
        answered = ("DIALSTATUS", "ANSWER")
        over = ("CHANNEL(hangupsource)", "PJSIP/bot-00000002")
        if bot.limit:
            yield "key", Goes((*timed, answered), 0), f"{told}, and the caller presses {bot.escape.key}"
            yield "key", Goes((*timed, answered), limit - 1), f"{told}, and the caller presses {bot.escape.key}"
        yield "limit", Goes((*timed, answered), limit), f"{told}, and the time is over"
        yield "limit", Goes((*timed, answered), limit + 20), f"{told}, and the time is over"
        yield "over", Goes((*timed, answered, over), 0), f"{told} and hangs up"
        yield "over", Goes((*timed, answered, over), limit), f"{told} and hangs up"

    def _unanswered(
        self, ringing: Sequence[Ringing], bot: object
    ) -> "Iterator[tuple[str, Dials | Goes | HangsUp, str]]":
        if isinstance(bot, Bot):
            yield "key", Dials(bot.escape.key), f"press {bot.escape.key} as it rings"
            for status in STATUSES:
                yield "failed", Goes((("DIALSTATUS", status),)), f"nobody answers ({status})"
            return
        declines = tuple(dict.fromkeys(each.declines for each in ringing if each.declines))
        for status in STATUSES:
            outcome = {"BUSY": "busy", "NOANSWER": "no-answer"}.get(status, "unavailable")
            yield outcome, Goes((("DIALSTATUS", status),)), f"nobody answers ({status})"
            for sets in declines:
                outcome = "no-answer" if status == "NOANSWER" else "declined"
                yield outcome, Goes((("DIALSTATUS", status), *sets)), f"somebody declines ({status})"

    # The far half of a Local channel

    def _leg(
        self, target: str, phone: Phone, memory: Memory, heirs: Mapping[str, str]
    ) -> tuple[str, tuple[tuple[str, str], ...]]:
        """What is wrong about a phone that rings through a Local channel, and what it leaves behind if it declines."""
        extension, _, rest = target.removeprefix("Local/").partition("@")
        context = rest.removesuffix("/n")
        name = f"Local/{extension}@{context}-{_LIVES};2"
        start = State(Location(context, extension, 1), {**heirs, LEG: "1", "?CHANNEL(name)": name})
        wrong, states = self._aside(start, lambda: self._far(phone, memory))
        if wrong:
            return f"{phone.number}: {wrong}", ()
        declines = tuple(dict.fromkeys(filter(None, map(self._shared, states))))
        if isinstance(phone, Outside) and phone.confirm and len(declines) != 1:
            return f"{phone.number}: nobody learns that it declined", ()
        return "", declines[0] if declines else ()

    def _far(self, phone: Phone, memory: Memory) -> Course:
        """What a far half does for a phone."""
        dial = self.intended.dial(phone)
        if isinstance(phone, Outside):
            trunk = self.site.trunk(self.site.outside)
            if trunk is not None and trunk.show:
                yield self._changes("CALLERID", "num", trunk.show)
                if not (yield Known("CALLERID(name-pres)")).startswith("allowed"):
                    yield self._changes("CALLERID", "name", "")
                yield self._changes("CALLERID", "pres", "allowed")
        if not dial and not (yield Known(f"PJSIP_DIAL_CONTACTS({phone.number})")):
            yield _hangs_up("20")
            return None
        outcome = yield Does(
            f"{phone.number} rings",
            lambda stop: self._far_rings(stop, phone, memory)[0],
            lambda stop: self._far_rings(stop, phone, memory)[1],
        )
        yield _hangs_up(outcome)
        return None

    def _far_rings(self, stop: Stop, phone: Phone, memory: Memory) -> tuple[str, Ways]:
        act = stop.act
        dial = self.intended.dial(phone)
        if not isinstance(act, Rings) or len(act.phones) != 1 or act.milliseconds is not None:
            return self.intended.told(act), ()
        (target,) = act.phones
        found = self.marks.found(target)
        devices = found[0] if len(target) == 1 and found else None
        if dial and target != dial:
            return self.intended.told(act), ()
        if not dial and not (isinstance(devices, Devices) and devices.endpoint == phone.number and _clean(devices)):
            return self.intended.told(act), ()
        confirm = isinstance(phone, Outside) and phone.confirm
        options = {letter for letter, _ in act.options}
        if options - {"b"} != ({"i", "U"} if confirm else {"i"}):
            return f"{phone.number} rings with the options {''.join(sorted(options))}", ()
        heirs = self.machine.heirs(stop.state)
        each = Ringing(phone, target, local=False)
        wrong = self._before(
            each,
            attrs.evolve(act, options=_only(act, "b")),
            memory,
            "",
            {name: value for name, value in heirs.items() if name != "TRANSFER_CONTEXT"},
        )
        if wrong:
            return wrong, ()
        statuses = {status: {"BUSY": "17", "NOANSWER": "19"}.get(status, "20") for status in STATUSES}
        ways: list[tuple[str, Goes, str]] = [
            (cause, Goes((("DIALSTATUS", status),)), f"it is not answered ({status})")
            for status, cause in statuses.items()
        ]
        if confirm:
            wrong = self._confirms(dict(act.options)["U"] or "", each, heirs)
            if wrong:
                return wrong, ()
            ways.append(("21", Goes((("DIALSTATUS", "ANSWER"),)), "whoever answers does not press 1"))
        return "", tuple(ways)

    def _confirms(self, written: str, each: Ringing, heirs: Mapping[str, str]) -> str:
        """What is wrong about how somebody is asked to press 1."""
        start = self._gosub(written, self._callee(each, heirs))
        if start is None:
            return "nobody is asked to confirm"
        wrong, states = self._aside(start, self._asked)
        if wrong:
            return wrong
        for state in states:
            joined = not state.variables.get("GOSUB_RESULT")
            if joined and state.variables.get(_PRESSED) != "1":
                return f"somebody who presses {state.variables.get(_PRESSED) or 'nothing'} is joined to the caller"
            if not joined and state.variables.get(_PRESSED) == "1":
                return "somebody who presses 1 is not joined to the caller"
            if not joined and state.variables.get("GOSUB_RESULT") != "CONTINUE":
                return f"who does not confirm is left with {state.variables.get('GOSUB_RESULT')}"
        return ""

    def _asked(self) -> Course:
        for files in ((self.intended.sound("dialc-confirm"),), ()):
            wanted = Reads("", files, 1, "", 2, 5000, 5000)

            def differs(stop: Stop, wanted: Reads = wanted) -> str:
                return "" if stop.act == wanted else self.intended.told(stop.act)

            outcome = yield Does("who answers is asked to press 1", differs, _pressing)
            if outcome != "ERROR":
                break
        return None

    # Supervisors

    def _handed(
        self,
        each: Ringing,
        act: Rings,
        memory: Memory,
        up: str,
        sets: tuple[tuple[str, str], ...],
        heirs: Mapping[str, str],
    ) -> "tuple[str, list[tuple[str, Dials | Goes | HangsUp, str]]]":
        """Whoever answers hands the caller up: the caller comes to the supervisor's number, or is sent for."""
        written = dict(act.options).get("b") or ""
        start = self.machine.subroutine(written.replace("^", ","), self._callee(each, heirs))
        if start is None:
            return "nobody can be handed up", []
        label = "" if each.local and not self._direct(each.target, each.phone) else memory.label
        wrong, states = self._aside(start, lambda: self._labels(label))
        if wrong:
            return wrong, []
        told = f"{each.phone.number} answers and hands the caller up to {up}"
        context = states[0].variables.get("TRANSFER_CONTEXT", "")
        if not each.local:
            return "", [("handed-up", Dials(up, context, sets), told)]
        inherited = {**self.machine.heirs(states[0]), LEG: "1"}
        sent: list[tuple[str, ...]] = []
        wrong, _ = self._aside(State(Location(context, up, 1), inherited), lambda: self._sends(sent))
        if wrong:
            return wrong, []
        ways: list[tuple[str, Dials | Goes | HangsUp, str]] = []
        for channel, *place in dict.fromkeys(sent):
            if channel != self.marks.of(Opaque("UNIQUEID", filled=True)) or len(place) != 3 or place[2] != "1":
                return f"{self.marks.told(channel)} is sent to {','.join(place)}", []
            ways.append(("handed-up", Dials(place[1], place[0], sets), told))
        return "" if ways else "the caller is not sent for", ways

    def _sends(self, sent: list[tuple[str, ...]]) -> Course:
        def performs(application: str, arguments: tuple[str, ...]) -> Does:
            act = Performs(application, arguments)
            return Does(self.intended.told(act), lambda stop: "" if stop.act == act else self.intended.told(stop.act))

        def redirects(stop: Stop) -> str:
            if not isinstance(stop.act, Performs) or stop.act.application != "channelredirect":
                return self.intended.told(stop.act)
            sent.append(stop.act.arguments)
            return ""

        yield performs("playtones", ("ring",))
        yield performs("wait", ("0.5",))
        yield Does("the caller is sent to the supervisor", redirects)
        yield _hangs_up("")
        return None

    # Queues

    def waits(self, stop: Stop, queue: Queue, memory: Memory) -> tuple[str, Ways]:
        """A queue in which callers wait."""
        heirs = self.machine.heirs(stop.state)
        act = stop.act
        assert isinstance(act, Queues)
        transfers = self.machine.look(stop.state, "TRANSFER_CONTEXT")
        key = (act, queue.name, memory.label, stop.state.at.context, tuple(sorted(heirs.items())), transfers)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._waited(stop, act, queue, memory, heirs)
        return found

    def _waited(
        self, stop: Stop, act: Queues, queue: Queue, memory: Memory, heirs: Mapping[str, str]
    ) -> tuple[str, Ways]:
        wrong = self._open_to_callers(stop)
        if wrong:
            return wrong, ()
        sections = [s for s in self._configuration("queues.conf").sections if s.name == act.queue]
        if len(sections) != 1:
            return f"there is no queue {act.queue}" if not sections else f"there are several queues {act.queue}", ()
        settings: dict[str, str] = {}
        members: list[str] = []
        for setting in sections[0].settings:
            if setting.name == "member":
                members.append(setting.value)
            else:
                settings[setting.name.lower()] = setting.value
        context = settings.pop("context", "")
        gosub = settings.pop("membergosub", "")
        rule = settings.pop("defaultrule", "")
        wanted = self._settings(queue)
        for name in (*wanted, *(name for name in settings if name not in wanted)):
            if _same(settings.get(name), wanted.get(name)):
                continue
            said = "not set" if name not in settings else settings[name] or "empty"
            return f"{name} of the queue {act.queue} is {said}", ()
        if bool(rule) != bool(queue.tiers) or (rule and self._rule(rule) != _changes(queue.tiers)):
            return f"members of the queue {act.queue} take part by the rule {rule or 'of nothing'}", ()
        keys = {key for key in "0123456789*#" if context and self.machine.dialplan_has(context, key)}
        if keys != {choice.key for choice in queue.choices}:
            return f"callers leave the queue {act.queue} by {', '.join(sorted(keys)) or 'no key'}", ()
        wrong, answered = self._members(act, queue, members, gosub, heirs, memory)
        if wrong:
            return wrong, ()
        ways: list[tuple[str, Way, str]] = [
            *answered,
            *((f"key {key}", Dials(key, context), f"press {key}") for key in sorted(keys)),
            *((f"status {s}", Goes((("QUEUESTATUS", s),)), f"nobody answers ({s})") for s in QUEUE_STATUSES),
        ]
        return "", tuple(ways)

    def _members(
        self, act: Queues, queue: Queue, members: Sequence[str], gosub: str, heirs: Mapping[str, str], memory: Memory
    ) -> "tuple[str, list[tuple[str, HangsUp, str]]]":
        expected = [(member, 0) for member in queue.members]
        for penalty, tier in enumerate(queue.tiers, start=1):
            expected += [(member, penalty) for member in tier.members]
        if len(members) != len(expected):
            return f"{len(members)} are members of the queue {act.queue}", []
        ways: list[tuple[str, HangsUp, str]] = []
        signing = list(queue.signing.among) if queue.signing else []
        joins: dict[str, str] = {}
        for (code, into, name), rows in self.joined.items():
            if name == act.queue:
                if queue.signing is None or code != (queue.signing.into if into else queue.signing.out):
                    return f"{code} is for the queue {act.queue}, too", []
                if set(rows) != {member.number for member in signing} or (joins and joins != rows):
                    return f"{code} is for {', '.join(sorted(rows))} in the queue {act.queue}", []
                joins = rows
        for written, (member, penalty) in zip(members, expected, strict=True):
            target, given, name, state, *rest = (*(part.strip() for part in written.split(",")), "", "", "")
            reached = self.site.phone(member.number)
            wanted = reached.state.replace("{number}", member.number) if reached else ""
            if any(rest) or given != str(penalty) or name != member.number or state != wanted:
                return f"{written} is a member of the queue {act.queue}", []
            wrong, way = self._member(target, member, gosub, heirs, memory)
            if wrong or way is None:
                return wrong, []
            ways.append(way)
        for member in signing:
            target = joins.get(member.number, "")
            wrong, way = self._member(target, member, gosub, heirs, memory)
            if wrong or way is None:
                return wrong, []
            ways.append(way)
        return "", ways

    def _member(
        self, target: str, member: Extension, gosub: str, heirs: Mapping[str, str], memory: Memory
    ) -> "tuple[str, tuple[str, HangsUp, str] | None]":
        found = re.fullmatch(r"Local/([^@/]+)@([^/]+)/n", target)
        if found is None or found[1] != member.number:
            return f"{target} is a member, and not {member.number}", None
        wrong, _ = self._leg(target, member, memory, heirs)
        if wrong:
            return wrong, None
        each = Ringing(member, target, local=True)
        wrong, sets = self._answered(each, gosub.replace(",", "^") or None, memory, heirs, bot=False)
        if wrong:
            return wrong, None
        point = f"{memory.step}=answered/{member.number}"
        return "", (f"answered {point}", HangsUp(sets), f"{member.number} answers")

    def _settings(self, queue: Queue) -> dict[str, str]:
        """What a queue is to be set to."""
        every = queue.announce.every if queue.announce else 0
        empty = "paused,unavailable,invalid"
        return {
            "strategy": STRATEGIES[queue.strategy],
            "timeout": str(queue.ring),
            "timeoutpriority": "app",
            "timeoutrestart": "no",
            "retry": "1",
            "autofill": "yes",
            "ringinuse": "no",
            "wrapuptime": str(queue.wrap_up),
            "memberdelay": "0",
            "weight": "0",
            "maxlen": str(queue.room),
            "joinempty": empty,
            "leavewhenempty": empty,
            "autopause": "no",
            "musicclass": self.site.music.get(queue.music, "default"),
            "announce-frequency": str(every),
            "min-announce-frequency": str(min(every, 15)),
            "announce-to-first-user": "yes",
            "announce-position": "yes" if queue.announce and queue.announce.position else "no",
            "announce-position-only-up": "no",
            "announce-holdtime": "yes" if queue.announce and queue.announce.wait else "no",
            "announce-round-seconds": "0",
            "periodic-announce-frequency": "0",
            "reportholdtime": "no",
            **({"penaltymemberslimit": "0"} if queue.tiers else {}),
        }

    def _rule(self, name: str) -> list[str] | None:
        sections = [s for s in self._configuration("queuerules.conf").sections if s.name == name]
        if len(sections) != 1:
            return None
        return [f"{setting.name}={setting.value}" for setting in sections[0].settings]


def _changes(tiers: Sequence[Tier]) -> list[str]:
    return [f"penaltychange={tier.after},{number},,{number}" for number, tier in enumerate(tiers, start=1)]


def _same(one: str | None, other: str | None) -> bool:
    """Whether two values of a setting mean the same."""
    if one is None or other is None:
        return one is other
    if "," in other:
        return sorted(one.split(",")) == sorted(other.split(","))
    return one == other


def _clean(devices: Devices) -> bool:
    """Whether nothing but what could end a list of phones is filtered out of the addresses of devices."""
    return devices.kept is not None and devices.kept & frozenset(range(0x20, 0x7F)) - {0x20} == _CLEAN


def _only(act: Rings, letters: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((letter, value) for letter, value in act.options if letter in letters)


def _nothing() -> Course:
    yield from ()
    return None


def _hangs_up(cause: str) -> Does:
    act = Ends(cause)
    return Does(f"it hangs up with cause {cause}", lambda stop: "" if stop.act == act else _told_end(stop.act))


def _told_end(act: object) -> str:
    return f"it ends otherwise: {act}"


def _pressing(stop: Stop) -> Ways:
    act = stop.act
    assert isinstance(act, Reads)
    results = [("OK", "1"), ("OK", "2"), ("OK", "0"), ("OK", "*"), ("OK", ""), ("TIMEOUT", "")]
    if act.files:
        results.append(("ERROR", ""))
    return tuple(
        (
            status,
            Goes((("READSTATUS", status), (act.variable, key), (_PRESSED, key))),
            f"press {key}" if key else "press nothing",
        )
        for status, key in results
    )
