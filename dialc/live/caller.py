"""Callers of a private Asterisk: calls placed, scripts played, everything the PBX did with them written down.

In: context, extension, calling number, and what the caller does when. Out: one `Trace` a call, taken from the PBX's own
events and call records; nothing in it comes from the plan under test.

A caller is one half of a Local channel; the plan runs on the other, where a trunk's channel would be. Keys are put
straight into the plan channel's queue of frames when the PBX does what the script waits for, so no pause in real time
decides what a call turns into. Each call has an id of its own that all its channels carry, so hundreds share a session.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import itertools
import re
import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal, Protocol, Self

import attrs

from dialc.live.ami import Message, Refused
from dialc.live.asterisk import CALLER_CONTEXT, Asterisk
from dialc.live.trace import (
    CALLER,
    PLAN,
    Bridged,
    Dialled,
    Ended,
    Ending,
    Event,
    Key,
    Queued,
    Said,
    Status,
    Step,
    Trace,
)

INPUT = r"^(WaitExten|Read)\("
"""A trigger: the plan waits for a key (`Read` plays its prompt first, which a key cuts)."""

PROMPT = r"^(BackGround|Read)\("
"""A trigger: a prompt began that a key cuts."""

_KEY_GAP = 0.06
"""Real seconds between keys: Asterisk holds back one that comes less than 45 ms after another (AST_MIN_DTMF_GAP) until
the channel's next frame, and a silent caller has no next frame."""

_STATUSES = """
DIALSTATUS QUEUESTATUS VMSTATUS PLAYBACKSTATUS BACKGROUNDSTATUS READSTATUS INVALID_EXTEN GOSUB_RETVAL
MEMBERINTERFACE MEMBERNAME DIALEDPEERNAME VM_MESSAGEFILE
"""
"""The variables by which Asterisk's applications say how they ended."""

_IN_QUEUE = frozenset(
    {
        *("QueueCallerJoin", "QueueCallerLeave", "QueueCallerAbandon"),
        *("AgentCalled", "AgentConnect", "AgentComplete", "AgentRingNoAnswer"),
    }
)

Voice = Literal["silent", "speech", "silence"]
"""What comes from the caller: no sound at all, a voice, or sound without a voice (an open line)."""


@attrs.frozen
class Do:
    """What a caller does next: changes `voice`, presses `keys`, hangs up; `after` seconds (PBX's clock) after `when`.

    `when` is a regular expression searched in the texts of this call's events, such as `^Queue\\(sales,`,
    `DialBegin PJSIP/101`, `^QUEUESTATUS=TIMEOUT`, from the action before it on. None means that very moment, and for a
    script's first action the start of the call.
    """

    keys: str = ""
    hang_up: bool = False
    voice: Voice | None = None
    when: str | None = INPUT
    after: float = 0.0


def presses(*keys: str, when: str = INPUT) -> tuple[Do, ...]:
    """A script: one action each time the plan listens. The empty string lets it listen in vain."""
    return tuple(Do(each, when=when) for each in keys)


class Telephone(Protocol):
    """What a caller over real SIP holds in hand."""

    def press(self, keys: str) -> None:
        """Press keys, one after another."""

    def hang_up(self) -> None:
        """Put it down, whether the call was answered or not."""


class _Call:
    """A call under way. `plan` and `caller` are the unique ids of its halves; a call over real SIP has no second, and
    `telephone` does what its script says.
    """

    def __init__(
        self,
        plan: str,
        caller: str | None,
        script: Sequence[Do],
        notice: Callable[[Event], None] | None = None,
        telephone: Telephone | None = None,
    ) -> None:
        self.plan, self.caller, self.notice, self.telephone = plan, caller, notice, telephone
        self.script = collections.deque(script)
        self.events: list[Event] = []
        self.names: dict[str, str] = {}
        """Unique id to channel name, of every channel there was."""
        self.up: set[str] = set()
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.timers: list[asyncio.TimerHandle] = []
        self.pending = False
        """The next action was triggered and waits for its time."""
        self.keys: collections.deque[str] = collections.deque()
        self.sending = False
        """A key was sent and has not arrived."""
        self.last_key = 0.0
        self.triggered: float | None = None
        self.lag = 0.0
        self.hung_up: float | None = None

    def leg(self, unique: str, name: str) -> str:
        if unique == self.plan:
            return PLAN
        return CALLER if unique == self.caller else name


class Driver:
    """The callers of one running server: `async with Driver(pbx) as driver: trace = await driver.call(...)`.

    `watch` names variables that are recorded beside those of Asterisk's own applications.
    """

    def __init__(self, pbx: Asterisk, watch: Collection[str] = ()) -> None:
        self._pbx = pbx
        self._watch = frozenset([*_STATUSES.split(), *watch])
        self._run = secrets.token_hex(3)
        self._numbers = itertools.count(1)
        self._calls: dict[str, _Call] = {}
        """By linked id: the unique id of a call's first channel, which all its channels carry."""
        self._expected: dict[str, tuple[asyncio.Future[_Call], Sequence[Do], Telephone | None]] = {}
        """Calls over real SIP that are to come, by what tells them from others."""

    async def __aenter__(self) -> Self:
        self._manager = self._pbx.manager  # a server that is restarted has another one
        self._manager.listen(self._event)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._manager.ignore(self._event)
        for call in self._calls.values():
            self._forget_timers(call)

    async def call(
        self,
        context: str,
        exten: str = "s",
        script: Sequence[Do] = (),
        *,
        caller: str = "+48600111222",
        name: str = "",
        variables: Mapping[str, str] | None = None,
        patience: float = 60.0,
        notice: Callable[[Event], None] | None = None,
    ) -> Trace:
        """Place one call and wait until every channel of it is gone; `notice` is called with each of its events.

        `caller` is the calling number as the trunk delivers it ("" for none), `name` its display name. `variables` are
        set on both halves of the call; no comma in them. After `patience` seconds of real time the caller hangs up and
        the trace says `timed_out`. Raises `ami.Refused` when the server does not place the call, as when there is no
        such extension.
        """
        # One width: Asterisk refuses an id that is the beginning of another one in use.
        number = f"{self._run}-{next(self._numbers):07d}"
        call = _Call(f"{number}b", f"{number}a", script, notice)
        self._calls[f"{number}a"] = call
        try:
            await self._pbx.manager.action(
                "Originate",
                variables,
                ActionID=call.plan,
                Channel=f"Local/{exten}@{context}/n",
                Context=CALLER_CONTEXT,
                Exten="silent",
                Priority=1,
                Timeout=86_400_000,
                CallerID=f'"{name}" <{caller}>',
                Codecs="slin",
                ChannelId=call.caller,
                OtherChannelId=call.plan,
                Async="true",
            )
            self._proceed(call, None)
            trace = await self._trace(call, patience)
            if not trace.steps:
                raise Refused(f"the call to {exten}@{context} met no plan")
            return trace
        finally:
            self._forget_timers(call)
            del self._calls[f"{number}a"]

    async def incoming(
        self,
        origin: str,
        patience: float = 60.0,
        script: Sequence[Do] = (),
        telephone: Telephone | None = None,
    ) -> Trace:
        """Wait for a call over real SIP, follow it, and wait until every channel is gone.

        `origin` is its calling number, or its endpoint (`PJSIP/orange`); `telephone` does what `script` says. Raises
        `TimeoutError` when none comes within `patience` seconds of real time.
        """
        expected: asyncio.Future[_Call] = asyncio.get_running_loop().create_future()
        self._expected[origin] = expected, script, telephone
        try:
            call = await asyncio.wait_for(expected, patience)
            try:
                return await self._trace(call, patience)
            finally:
                self._forget_timers(call)
                del self._calls[call.plan]
        finally:
            del self._expected[origin]

    async def _trace(self, call: _Call, patience: float) -> Trace:
        timed_out = False
        try:
            await asyncio.wait_for(asyncio.shield(call.gone), patience)
        except TimeoutError:
            timed_out = True
            self._hang_up(call)
            await asyncio.wait_for(call.gone, 10)
        return Trace(
            call=call.plan,
            events=tuple(call.events),
            records=await self._records(call),
            hung_up=call.hung_up,
            undone=len(call.script),
            lag=call.lag,
            timed_out=timed_out,
        )

    async def _records(self, call: _Call) -> tuple[Mapping[str, str], ...]:
        """The call's records: all are written together, a moment after its last channel is gone.

        Asterisk's default is to write none of a call that nobody answered, so for one of these the wait is short.
        """
        answered = any(isinstance(event, Dialled) and event.status == "ANSWER" for event in call.events)
        deadline = time.monotonic() + (5.0 if answered else 0.5)
        rows = 0
        while time.monotonic() < deadline:
            await asyncio.sleep(0.01)
            before, rows = rows, len(self._pbx.records(call.plan))
            if rows and rows == before:
                break
        return tuple(self._pbx.records(call.plan))

    # What the server says

    def _event(self, kind: str, message: Message) -> None:
        if kind == "OriginateResponse":
            self._placed(message)
            return
        linked = message.get("Linkedid") or message.get("DestLinkedid") or ""
        call = self._calls.get(linked)
        if call is None:
            call = self._came(message) if kind == "Newchannel" else None
            if call is None:
                return
        unique = message.get("Uniqueid", "")
        if kind == "Newchannel":
            call.names[unique] = message["Channel"]
            call.up.add(unique)
        event = self._read(call, kind, message)
        if event is not None:
            call.events.append(event)
            if call.notice is not None:
                call.notice(event)
            if isinstance(event, Key) and event.leg == PLAN:
                self._arrived(call, event)
            self._proceed(call, event)
        if kind == "Hangup":
            call.up.discard(unique)
            if not call.up and not call.gone.done():
                call.gone.set_result(None)

    def _came(self, message: Message) -> _Call | None:
        """A call over real SIP that somebody waits for."""
        origins = message.get("CallerIDNum", ""), message["Channel"].rpartition("-")[0]
        waited = next((self._expected[origin] for origin in origins if origin in self._expected), None)
        if waited is None or waited[0].done():
            return None
        expected, script, telephone = waited
        linked = message["Linkedid"]
        call = self._calls[linked] = _Call(linked, None, script, telephone=telephone)
        expected.set_result(call)
        self._proceed(call, None)
        return call

    def _placed(self, message: Message) -> None:
        """A call of ours was answered, or ended unanswered, or was never placed: then no channel was made for it."""
        call = self._calls.get(f"{message.get('ActionID', '')[:-1]}a")
        if call is not None and message.get("Response") == "Failure" and not call.names and not call.gone.done():
            call.gone.set_result(None)

    def _read(self, call: _Call, kind: str, message: Message) -> Event | None:
        at = float(message.get("Timestamp", 0))
        leg = call.leg(message.get("Uniqueid", ""), message.get("Channel", ""))
        match kind:
            case "Newexten":
                return Step(
                    at=at,
                    leg=leg,
                    app=message["Application"],
                    args=message.get("AppData", ""),
                    context=message["Context"],
                    exten=message["Extension"],
                    priority=int(message["Priority"]),
                )
            case "VarSet" if message["Variable"] in self._watch:
                return Status(at, leg, message["Variable"], message.get("Value", ""))
            case "DialBegin" | "DialEnd":
                return Dialled(
                    at=at,
                    leg=call.leg(message.get("DestUniqueid", ""), message.get("DestChannel", "")),
                    by=leg,
                    target=message.get("DialString", ""),
                    status=message.get("DialStatus", "") if kind == "DialEnd" else None,
                )
            case _ if kind in _IN_QUEUE:
                return Queued(at, kind, message["Queue"], message.get("MemberName", ""), message.get("Position", ""))
            case "BridgeEnter" | "BridgeLeave":
                return Bridged(at, leg, message["BridgeUniqueid"], entered=kind == "BridgeEnter")
            case "DTMFEnd" if message.get("Direction") == "Received":
                return Key(at, leg, message["Digit"])
            case "UserEvent":
                return Said(at, leg, message["UserEvent"], dict(message))
            case "HangupRequest" | "SoftHangupRequest":
                return Ending(at, leg)
            case "Hangup":
                return Ended(at, leg, int(message["Cause"]))
            case _:
                return None

    # What the caller does

    def _proceed(self, call: _Call, event: Event | None) -> None:
        """Begin the next action if `event` is what it waits for; None is the moment the one before it was done."""
        if call.pending or not call.script:
            return
        action = call.script[0]
        if event is None:
            due = action.when is None
        else:
            due = action.when is not None and re.search(action.when, str(event)) is not None
        if not due:
            return
        if action.after:
            call.pending = True
            loop = asyncio.get_running_loop()
            call.timers.append(loop.call_later(action.after / self._pbx.speed, self._act, call, action, None))
        else:
            self._act(call, action, event)

    def _act(self, call: _Call, action: Do, event: Event | None) -> None:
        call.script.popleft()
        call.pending = False
        if action.voice is not None:
            self._speak(call, action.voice)
        if action.keys:
            self._press(call, action.keys, event.at if event is not None else self._pbx.clock())
        if action.hang_up:
            self._hang_up(call)
        self._proceed(call, None)

    def _speak(self, call: _Call, voice: Voice) -> None:
        if call.caller in call.names:
            name = call.names[call.caller]
            self._send("Redirect", Channel=name, Context=CALLER_CONTEXT, Exten=voice, Priority=1)

    def _press(self, call: _Call, keys: str, triggered: float) -> None:
        if call.telephone is not None:
            call.telephone.press(keys)
            return
        call.triggered = triggered
        call.keys.extend(keys)
        self._pump(call)

    def _hang_up(self, call: _Call) -> None:
        mine = call.caller or call.plan
        if mine not in call.up or call.plan not in call.up:
            return
        call.hung_up = self._pbx.clock()
        if call.telephone is not None:
            call.telephone.hang_up()
        else:
            self._send("Hangup", Channel=call.names[mine], Cause=16)

    def _pump(self, call: _Call) -> None:
        """Send the next key once the plan's channel has received the one before it and the gap is over."""
        if call.sending or not call.keys or call.plan not in call.up:
            return
        call.sending = True
        key = call.keys.popleft()
        wait = max(0.0, call.last_key + _KEY_GAP - time.monotonic())
        call.timers.append(asyncio.get_running_loop().call_later(wait, self._send_key, call, key))

    def _send_key(self, call: _Call, key: str) -> None:
        self._send("PlayDTMF", Channel=call.names[call.plan], Digit=key, Duration=100, Receive="true")

    def _arrived(self, call: _Call, key: Key) -> None:
        if call.triggered is not None:
            call.lag = max(call.lag, key.at - call.triggered)
            call.triggered = None
        call.last_key, call.sending = time.monotonic(), False
        self._pump(call)

    def _send(self, action: str, **headers: str | int) -> None:
        """Send an action whose answer does not matter: the call may be over by the time it gets there."""
        answer = self._pbx.manager.send(action, None, **headers)

        def look(future: asyncio.Future[Message]) -> None:
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                future.result()

        answer.add_done_callback(look)

    @staticmethod
    def _forget_timers(call: _Call) -> None:
        for timer in call.timers:
            timer.cancel()
