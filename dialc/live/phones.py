"""Every telephone of a test, and the far end of its trunk: one UDP socket on loopback that answers SIP.

In: which telephone does what when it is called. Out: what each of them saw, with times in the PBX's clock.

The user part of the request URI says which telephone is meant, so `PJSIP/101` with a static contact `sip:101@...` and
`PJSIP/48601000200@trunk` both end here. A telephone may behave differently for each calling number, which lets many
calls use it at once, and differently each time it is called. It speaks as much SIP as a telephone that is called needs
(INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, REGISTER), and RTP only to press keys.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import secrets
import socket
import struct
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal, Self, assert_never

import attrs

from dialc.live.asterisk import free_port

# What a telephone does


@attrs.frozen
class Ring:
    """Rings (180) and is not answered. With `vanish_after` it is unplugged then: it answers nothing from then on."""

    vanish_after: float | None = None


@attrs.frozen
class Answer:
    """Rings, answers after `after` seconds, presses `keys` `pause` seconds later, hangs up `hang_up` seconds after all.

    With no `keys` it is mute, as an answering machine is to a PBX. After the keys, it asks the PBX to transfer the call
    (REFER) to each of `refers`, a number or a whole URI, `pause` seconds after what came before, until one is accepted;
    then it hangs up, as telephones do. `hang_up` None: it waits for the other side.
    """

    after: float = 0.0
    keys: str = ""
    pause: float = 1.0
    by: Literal["rtp", "info"] = "rtp"
    hang_up: float | None = None
    refers: tuple[str, ...] = ()


@attrs.frozen
class Refuse:
    """Answers with a final status: 486 busy, 603 declined, 480 unavailable, 503 overloaded, 404 unknown, …"""

    status: int
    after: float = 0.0
    ring: bool = True


@attrs.frozen
class Redirect:
    """Answers 302 to another user of this socket (a forwarding set at the telephone)."""

    user: str
    after: float = 0.0


@attrs.frozen
class Dead:
    """Answers nothing at all: switched off, unplugged, out of reach."""


Behaviour = Ring | Answer | Refuse | Redirect | Dead

Guide = Callable[[str], Awaitable[Behaviour]]
"""Says what a phone does that is called now."""


class Unregistered(Exception):
    """The PBX did not accept a registration; the text is its status."""


# What it saw


@attrs.frozen
class Seen:
    """One thing a telephone saw or did, in seconds of the PBX's clock since the epoch."""

    at: float
    phone: str
    what: str
    """`INVITE`, `CANCEL`, `BYE` came; `answered`, `hung up`, `pressed 1`; the status it refused with, as `486`; what
    the PBX said of a transfer that it asked for, as `refer 110: 404`.
    """
    caller: str
    """The calling number it was shown."""
    name: str
    """The caller's name it was shown."""
    call: str
    """The leg's SIP Call-ID."""


_CODES = {"*": 10, "#": 11, "A": 12, "B": 13, "C": 14, "D": 15} | {str(n): n for n in range(10)}
"""RFC 4733: the event numbers of keys."""

_KEY_SECONDS = 0.1
_GAP_SECONDS = 0.1
_FRAME_SECONDS = 0.02
_FRAME_SAMPLES = 160
_SILENCE = b"\xff" * _FRAME_SAMPLES
"""20 ms of mu-law silence."""
_SILENT = b"\xff\x7f"
"""The two mu-law samples of no loudness."""


@attrs.frozen
class _Request:
    method: str
    uri: str
    headers: tuple[tuple[str, str], ...]
    body: str

    def all(self, name: str) -> list[str]:
        names = (name.lower(), _SHORT.get(name.lower(), ""))
        return [value for key, value in self.headers if key.lower() in names]

    def one(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    @property
    def user(self) -> str:
        return _user(self.uri)


_SHORT = {
    "via": "v",
    "from": "f",
    "to": "t",
    "call-id": "i",
    "contact": "m",
    "content-length": "l",
    "content-type": "c",
}


def _user(uri: str) -> str:
    found = re.search(r"sips?:(?:([^@;>]*)@)?", uri)
    return (found.group(1) or "") if found else ""


def _address(header: str) -> str:
    found = re.search(r"<([^>]*)>", header)
    return found.group(1) if found else header.split(";")[0].strip()


def _parse(data: bytes) -> _Request | None:
    """A request; None for a response or for something that is no SIP."""
    head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[2] != "SIP/2.0":
        return None
    headers = tuple(
        (key.strip(), value.strip()) for key, colon, value in (line.partition(":") for line in lines) if colon
    )
    return _Request(words[0], words[1], headers, body)


class _Leg:
    """One INVITE and the dialogue that comes of it."""

    def __init__(self, request: _Request, address: tuple[str, int]) -> None:
        origin = request.one("P-Asserted-Identity") or request.one("From")
        quoted = re.match(r'\s*"((?:[^"\\]|\\.)*)"', origin)
        self.request, self.address = request, address
        self.phone, self.caller, self.name = request.user, _user(origin), quoted.group(1) if quoted else ""
        self.call = request.one("Call-ID")
        self.tag = secrets.token_hex(4)
        self.last = b""
        """The response to repeat when the INVITE comes again."""
        self.settled = False
        """A final response was sent."""
        self.vanished = False
        """The telephone is unplugged: it neither hears nor says anything more."""
        self.tasks: list[asyncio.Task[None]] = []
        self.sequence = itertools.count(1)
        self.rtp: asyncio.DatagramTransport | None = None


SETTINGS = {"endpoint_identifier_order": "username,ip"}
"""Asterisk's own order, by which addresses come first, would take every telephone of one socket for a trunk."""


def _shown(leg: _Leg) -> tuple[str | None, ...]:
    """What a call shows of its caller, in the order in which scripts are looked for; None is everybody."""
    return leg.caller, leg.name, leg.name.rpartition(" ")[2], None


class Phones(asyncio.DatagramProtocol):
    """The telephones of one server: `async with Phones() as phones`, and then the server with `phones.pjsip(...)`.

    `speed` is the server's: all delays are in the PBX's seconds. `clock`, which may be set once the server runs, tells
    the time that goes into `seen`. A telephone that nobody scripted rings and is not answered.
    """

    def __init__(self, *, speed: float = 1.0) -> None:
        self.speed = speed
        self.clock: Callable[[], float] = time.time
        self.seen: list[Seen] = []
        self.voices: dict[str, bytes] = {}
        """What is said at each phone once it has answered, again and again: 20 ms in mu-law. The others are mute."""
        self.heard: dict[str, list[float]] = {}
        """When each phone that dialled was sent a sound, not silence, in seconds of the PBX's clock since the epoch."""
        self.pbx_port = free_port(socket.SOCK_DGRAM)
        """The UDP port of 127.0.0.1 at which the server is to listen for SIP."""
        self._scripts: dict[tuple[str, str | None], list[Behaviour]] = {}
        self._guides: dict[str | None, Guide] = {}
        self._legs: dict[str, _Leg] = {}
        self._registering: dict[str, asyncio.Future[int]] = {}
        self._dialling: dict[str, asyncio.Future[None]] = {}
        """The calls that phones make, by Call-ID, until the PBX ends them."""
        self._tags: dict[str, str] = {}
        """The tag that the PBX has given to its side of these."""
        self._referring: dict[str, asyncio.Future[int]] = {}
        """What comes of the transfers that were asked for, by Call-ID."""
        self._transport: asyncio.DatagramTransport | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        return self

    async def __aexit__(self, *_: object) -> None:
        for leg in self._legs.values():
            self._end(leg)
        if self._transport is not None:
            self._transport.close()
        await asyncio.sleep(0)  # a transport is closed one turn of the loop later

    @property
    def port(self) -> int:
        """The UDP port of 127.0.0.1 all telephones answer at."""
        if self._transport is None:
            raise RuntimeError("the telephones are not up yet")
        port: int = self._transport.get_extra_info("sockname")[1]
        return port

    def pjsip(
        self,
        telephones: Mapping[str, Sequence[str]],
        *,
        trunks: Sequence[str] = (),
        context: str = "tests-phones",
        incoming: str = "tests-trunk",
        settings: Mapping[str, str] = SETTINGS,
    ) -> str:
        """A pjsip.conf with these telephones as endpoints, each with its contacts' user names (none: it may register).

        `trunks` are endpoints whose far end is here too, and at which a call from an unknown sender arrives. `context`
        is where calls made by a telephone begin (and forwardings it asks for), `incoming` those that a trunk delivers.
        `settings` are those of `[global]`.
        """
        lines = [
            "[global]\ntype = global",
            *(f"{name} = {value}" for name, value in settings.items()),
            f"[udp]\ntype = transport\nprotocol = udp\nbind = 127.0.0.1:{self.pbx_port}",
            "[phone](!)\ntype = endpoint\ndisallow = all\nallow = ulaw\ndirect_media = no\nsend_connected_line = no",
            f"dtmf_mode = auto_info\nmedia_address = 127.0.0.1\nbind_rtp_to_media_address = yes\ncontext = {context}",
        ]
        for name, contacts in telephones.items():
            lines.append(f"[{name}](phone)\naors = {name}")
            lines.append(f"[{name}]\ntype = aor\nmax_contacts = {max(1, len(contacts))}\nremove_existing = yes")
            lines += [f"contact = sip:{user}@127.0.0.1:{self.port}" for user in contacts]
        for name in trunks:
            lines.append(f"[{name}](phone)\naors = {name}\ncontext = {incoming}\nsend_pai = yes")
            lines.append(f"[{name}]\ntype = aor\ncontact = sip:127.0.0.1:{self.port}")
            lines.append(f"[{name}-from]\ntype = identify\nendpoint = {name}\nmatch = 127.0.0.1")
        return "\n".join(lines) + "\n"

    def script(self, phone: str, *behaviours: Behaviour, caller: str | None = None) -> None:
        """From now on `phone` does these, one a call, the last for ever.

        With `caller`, only for calls that show this calling number or this caller's name (a trunk may be shown a number
        of its own), perhaps behind a label; such a script goes before one for everybody.
        """
        if not behaviours:
            raise ValueError(f"{phone} must do something")
        self._scripts[phone, caller] = list(behaviours)

    def guide(self, guide: Guide, caller: str | None = None) -> None:
        """From now on `guide` says at each call what the phone that is called does.

        With `caller`, only for calls that show this calling number or this caller's name, perhaps behind a label. A
        guide goes before all scripts.
        """
        self._guides[caller] = guide

    def saw(self, phone: str, *, caller: str | None = None) -> list[str]:
        """What `phone` saw and did, in order; with `caller`, only in calls that showed this number or name."""
        return [s.what for s in self.seen if s.phone == phone and caller in (None, s.caller, s.name)]

    async def until(
        self, phone: str, what: str, times: int = 1, caller: str | None = None, seconds: float = 400
    ) -> Seen:
        """Wait, in seconds of the PBX, until `phone` has seen or done something so often."""
        deadline = self.clock() + seconds
        while True:
            found = [s for s in self.seen if (s.phone, s.what) == (phone, what) and caller in (None, s.caller, s.name)]
            if len(found) >= times:
                return found[times - 1]
            assert self.clock() < deadline, f"{phone} did not see {what} {times} times: {self.seen}"
            await asyncio.sleep(0.02)

    async def register(self, phone: str, *, seconds: int = 3600) -> None:
        """Register `phone` at the PBX, as a telephone does when it is switched on; for 0 seconds: as when switched off.

        Raises `Unregistered` when the PBX answers anything but 200, `TimeoutError` when it does not answer.
        """
        number = f"{secrets.token_hex(8)}@127.0.0.1"
        lines = [
            f"REGISTER sip:127.0.0.1:{self.pbx_port} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{number[:16]}",
            "Max-Forwards: 70",
            f"From: <sip:{phone}@127.0.0.1>;tag={number[:8]}",
            f"To: <sip:{phone}@127.0.0.1>",
            f"Call-ID: {number}",
            "CSeq: 1 REGISTER",
            f"Contact: <sip:{phone}@127.0.0.1:{self.port}>",
            f"Expires: {seconds}",
            "Content-Length: 0",
        ]
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._registering[number] = answer
        self._send(("\r\n".join(lines) + "\r\n\r\n").encode(), ("127.0.0.1", self.pbx_port))
        status = await asyncio.wait_for(answer, 5)
        if status != 200:
            raise Unregistered(f"{phone}: {status}")

    async def dial(
        self, phone: str, number: str, *, refers: Sequence[str] = (), pause: float = 1.0, seconds: float = 20.0
    ) -> int:
        """Call `number` from `phone` and stay until the PBX hangs up; its final answer.

        Once the PBX has answered, the phone asks it to transfer the call to each of `refers`, `pause` seconds after
        what came before; what came of that stands in `seen`, and what the phone hears in `heard`. Raises `TimeoutError`
        where all this takes longer than so many seconds of real time.
        """
        call = f"{secrets.token_hex(8)}@127.0.0.1"
        loop = asyncio.get_running_loop()
        ear, _ = await loop.create_datagram_endpoint(lambda: _Ear(self, phone), local_addr=("127.0.0.1", 0))
        offer = (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {ear.get_extra_info('sockname')[1]} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n"
        )
        answer: asyncio.Future[int] = loop.create_future()
        over: asyncio.Future[None] = loop.create_future()
        self._registering[call], self._dialling[call] = answer, over
        try:
            self._outgoing(call, phone, number, "INVITE", body=offer)
            status = await asyncio.wait_for(answer, seconds)
            self._outgoing(call, phone, number, "ACK")
            for turn, target in enumerate(refers if status == 200 else (), start=2):
                await self._sleep(pause)
                told = self._referring[call] = loop.create_future()
                headers = (f"Refer-To: <sip:{target}@127.0.0.1:{self.pbx_port}>",)
                self._outgoing(call, phone, number, "REFER", turn=turn, headers=headers)
                came = await asyncio.wait_for(told, seconds)
                self.seen.append(Seen(self.clock(), phone, f"refer {target}: {came}", phone, "", call))
            if status == 200:
                await asyncio.wait_for(over, seconds)
        finally:
            ear.close()
        return status

    def _outgoing(
        self,
        call: str,
        phone: str,
        number: str,
        method: str,
        *,
        turn: int = 1,
        headers: Sequence[str] = (),
        body: str = "",
    ) -> None:
        """A request of a call that a phone makes, the `turn`th."""
        to = self._tags.get(call, "")
        lines = [
            f"{method} sip:{number}@127.0.0.1:{self.pbx_port} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{call[:12]}{'ok' if to else ''}{turn}",
            "Max-Forwards: 70",
            f"From: <sip:{phone}@127.0.0.1>;tag={call[:8]}",
            f"To: <sip:{number}@127.0.0.1>{to}",
            f"Call-ID: {call}",
            f"CSeq: {turn} {method}",
            f"Contact: <sip:{phone}@127.0.0.1:{self.port}>",
            *headers,
            *(("Content-Type: application/sdp",) if body else ()),
            f"Content-Length: {len(body)}",
        ]
        self._send(("\r\n".join(lines) + "\r\n\r\n" + body).encode(), ("127.0.0.1", self.pbx_port))

    def _answered(self, data: bytes) -> None:
        """A response, to REGISTER or to a call that a phone makes."""
        text = data.decode("utf-8", "replace")
        status = re.match(r"SIP/2\.0 (\d\d\d)", text)
        number = re.search(r"^Call-ID: *(\S+)", text, re.MULTILINE | re.IGNORECASE)
        tag = re.search(r"^To:.*?(;tag=\S+)", text, re.MULTILINE | re.IGNORECASE)
        if number and tag:
            self._tags[number.group(1)] = tag.group(1)
        if status is not None and number and re.search(r"^CSeq: *\d+ REFER", text, re.MULTILINE | re.IGNORECASE):
            self._told(number.group(1), int(status.group(1)))
            return
        answer = self._registering.get(number.group(1)) if number else None
        if status is not None and answer is not None and not answer.done() and int(status.group(1)) >= 200:
            answer.set_result(int(status.group(1)))

    # Requests

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """Called by the event loop for each packet."""
        request = _parse(data)
        if request is None:
            self._answered(data)
            return
        leg = self._legs.get(request.one("Call-ID"))
        if leg is not None and leg.vanished:
            return
        match request.method:
            case "INVITE":
                self._invited(request, addr, leg)
            case "ACK":
                pass
            case "CANCEL":
                self._reply(request, 200, addr, leg)
                if leg is not None and not leg.settled:
                    self._note(leg, "CANCEL")
                    self._end(leg)
                    self._final(leg, 487)
            case "BYE":
                if leg is not None:
                    self._note(leg, "BYE")
                    self._end(leg)
                over = self._dialling.pop(request.one("Call-ID"), None)
                if over is not None and not over.done():
                    over.set_result(None)
                self._reply(request, 481 if leg is None and over is None else 200, addr, leg)
            case "NOTIFY" if told := re.match(r"SIP/2\.0 (\d\d\d)", request.body):
                self._reply(request, 200, addr, leg)
                self._told(request.one("Call-ID"), int(told.group(1)))
            case _:
                self._reply(request, 200, addr, leg)

    def _told(self, call: str, status: int) -> None:
        """The PBX says what became of a transfer."""
        answer = self._referring.get(call)
        if answer is not None and not answer.done() and status >= 180 and status != 202:
            answer.set_result(status)

    def _invited(self, request: _Request, address: tuple[str, int], leg: _Leg | None) -> None:
        if leg is not None:
            again = leg.request.one("CSeq") == request.one("CSeq")
            if again and leg.last:
                self._send(leg.last, address)
            elif not again:  # the PBX moves the media or its caller id in the same dialogue
                self._reply(request, 200, address, leg, body=self._offer(leg))
            return
        leg = _Leg(request, address)
        self._legs[leg.call] = leg
        self._note(leg, "INVITE")
        shown = _shown(leg)
        guide = next((self._guides[caller] for caller in shown if caller in self._guides), None)
        if guide is not None:
            leg.tasks.append(asyncio.create_task(self._guided(leg, guide)))
            return
        behaviour = self._next(leg)
        if not isinstance(behaviour, Dead):
            leg.tasks.append(asyncio.create_task(self._behave(leg, behaviour)))

    async def _guided(self, leg: _Leg, guide: Guide) -> None:
        behaviour = await guide(leg.phone)
        if not isinstance(behaviour, Dead):
            await self._behave(leg, behaviour)

    def _next(self, leg: _Leg) -> Behaviour:
        for caller in _shown(leg):
            script = self._scripts.get((leg.phone, caller))
            if script is not None:
                return script.pop(0) if len(script) > 1 else script[0]
        return Ring()

    async def _behave(self, leg: _Leg, behaviour: Behaviour) -> None:
        match behaviour:
            case Ring(vanish_after):
                self._provisional(leg, 180)
                if vanish_after is not None:
                    await self._sleep(vanish_after)
                    leg.vanished = True
            case Answer(after, keys, pause, by, hang_up, refers):
                self._provisional(leg, 180)
                await self._sleep(after)
                await self._answer(leg)
                if keys:
                    await self._sleep(pause)
                    await self._press(leg, keys, by)
                for number in refers:
                    await self._sleep(pause)
                    if await self._refer(leg, number):
                        hang_up = 0.0
                        break
                if hang_up is not None:
                    await self._sleep(hang_up)
                    self._note(leg, "hung up")
                    self._bye(leg)
            case Refuse(status, after, ring):
                self._provisional(leg, 180 if ring and after else 100)
                await self._sleep(after)
                self._note(leg, str(status))
                self._final(leg, status)
            case Redirect(user, after):
                self._provisional(leg, 180 if after else 100)
                await self._sleep(after)
                self._note(leg, "302")
                self._final(leg, 302, contact=user)
            case Dead():
                pass
            case _:
                assert_never(behaviour)

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)

    def _note(self, leg: _Leg, what: str) -> None:
        self.seen.append(Seen(self.clock(), leg.phone, what, leg.caller, leg.name, leg.call))

    def _end(self, leg: _Leg) -> None:
        for task in leg.tasks:
            task.cancel()
        leg.tasks.clear()
        if leg.rtp is not None:
            leg.rtp.close()
            leg.rtp = None

    # Answers

    async def _answer(self, leg: _Leg) -> None:
        loop = asyncio.get_running_loop()
        leg.rtp, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0))
        self._note(leg, "answered")
        self._final(leg, 200, body=self._offer(leg))
        # One frame at once: the PBX waits up to half a second for the first sound of an answered call.
        self._rtp(leg, 0, 0, 0, _SILENCE)
        if leg.phone in self.voices:
            leg.tasks.append(asyncio.create_task(self._speak(leg, self.voices[leg.phone])))

    async def _speak(self, leg: _Leg, frame: bytes) -> None:
        """Say something until the call is over."""
        began = time.monotonic()
        for number in itertools.takewhile(lambda _: leg.rtp is not None, itertools.count(1)):
            await asyncio.sleep(max(0.0, began + number * _FRAME_SECONDS - time.monotonic()))
            self._rtp(leg, 0, 0, number * _FRAME_SAMPLES, frame)

    def _offer(self, leg: _Leg) -> str:
        port = leg.rtp.get_extra_info("sockname")[1] if leg.rtp is not None else 9
        return (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
            "a=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n"
        )

    def _provisional(self, leg: _Leg, status: int) -> None:
        leg.last = self._reply(leg.request, status, leg.address, leg)

    def _final(self, leg: _Leg, status: int, *, body: str = "", contact: str = "") -> None:
        leg.settled = True
        leg.last = self._reply(leg.request, status, leg.address, leg, body=body, contact=contact)

    def _reply(
        self,
        request: _Request,
        status: int,
        address: tuple[str, int],
        leg: _Leg | None,
        *,
        body: str = "",
        contact: str = "",
    ) -> bytes:
        to = request.one("To")
        if status != 100 and ";tag=" not in to:
            to += f";tag={leg.tag if leg is not None else secrets.token_hex(4)}"
        lines = [f"SIP/2.0 {status} -"]
        lines += [f"Via: {via}" for via in request.all("Via")]
        lines += [f"Record-Route: {route}" for route in request.all("Record-Route")]
        lines += [f"From: {request.one('From')}", f"To: {to}", f"Call-ID: {request.one('Call-ID')}"]
        lines += [f"CSeq: {request.one('CSeq')}", f"Contact: <sip:{contact or request.user}@127.0.0.1:{self.port}>"]
        lines += ["Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO"]
        if body:
            lines.append("Content-Type: application/sdp")
        lines += [f"Content-Length: {len(body)}", "", body]
        packet = "\r\n".join(lines).encode()
        self._send(packet, address)
        return packet

    def _send(self, packet: bytes, address: tuple[str, int]) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(packet, address)

    # Requests of our own, inside a dialogue

    def _bye(self, leg: _Leg) -> None:
        self._ask(leg, "BYE")
        if leg.rtp is not None:
            leg.rtp.close()
            leg.rtp = None

    async def _refer(self, leg: _Leg, number: str) -> bool:
        """Ask for a transfer of a call; whether the PBX has accepted."""
        uri = number if ":" in number else f"sip:{number}@127.0.0.1:{self.pbx_port}"
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._referring[leg.call] = answer
        self._ask(leg, "REFER", headers=(f"Refer-To: <{uri}>", f"Referred-By: <sip:{leg.phone}@127.0.0.1>"))
        status = await answer
        self._note(leg, f"refer {number}: {status}")
        return status < 300

    def _ask(self, leg: _Leg, method: str, kind: str = "", body: str = "", headers: Sequence[str] = ()) -> None:
        target = _address(leg.request.one("Contact"))
        number = next(leg.sequence)
        lines = [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{leg.tag}{number}",
            "Max-Forwards: 70",
            f"From: {leg.request.one('To')};tag={leg.tag}",
            f"To: {leg.request.one('From')}",
            f"Call-ID: {leg.call}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:{leg.phone}@127.0.0.1:{self.port}>",
            *headers,
        ]
        if kind:
            lines.append(f"Content-Type: {kind}")
        lines += [f"Content-Length: {len(body)}", "", body]
        self._send("\r\n".join(lines).encode(), leg.address)

    async def _press(self, leg: _Leg, keys: str, by: Literal["rtp", "info"]) -> None:
        for key in keys:
            self._note(leg, f"pressed {key}")
            match by:
                case "rtp":
                    await self._press_by_rtp(leg, key)
                case "info":
                    self._ask(leg, "INFO", "application/dtmf-relay", f"Signal={key}\r\nDuration=100\r\n")
                    await self._sleep(_GAP_SECONDS)
                case _:
                    assert_never(by)

    async def _press_by_rtp(self, leg: _Leg, key: str) -> None:
        """A key as RFC 4733 has it: packets of growing duration, the last three marked as the end; then some sound."""
        first = next(_TIMESTAMPS)
        packets = round(_KEY_SECONDS / _FRAME_SECONDS)
        for n in range(1, packets + 1):
            self._event(leg, key, first, n * _FRAME_SAMPLES, mark=n == 1, end=False)
            await self._sleep(_FRAME_SECONDS)
        for _ in range(3):
            self._event(leg, key, first, packets * _FRAME_SAMPLES, mark=False, end=True)
        for n in range(1, round(_GAP_SECONDS / _FRAME_SECONDS) + 1):
            await self._sleep(_FRAME_SECONDS)
            self._rtp(leg, 0, 0, first + (packets + n) * _FRAME_SAMPLES, _SILENCE)

    def _event(self, leg: _Leg, key: str, timestamp: int, duration: int, *, mark: bool, end: bool) -> None:
        volume = 10
        payload = struct.pack("!BBH", _CODES[key], (0x80 if end else 0) | volume, duration)
        self._rtp(leg, 101, 0x80 if mark else 0, timestamp, payload)

    def _rtp(self, leg: _Leg, payload_type: int, mark: int, timestamp: int, payload: bytes) -> None:
        target = re.search(r"^m=audio (\d+)", leg.request.body, re.MULTILINE)
        if leg.rtp is None or target is None:
            return
        number = next(leg.sequence) & 0xFFFF
        source = int(leg.tag, 16)
        leg.rtp.sendto(
            struct.pack("!BBHII", 0x80, mark | payload_type, number, timestamp & 0xFFFFFFFF, source) + payload,
            ("127.0.0.1", int(target.group(1))),
        )


class _Ear(asyncio.DatagramProtocol):
    """What a phone that dialled is sent: RTP with a header of twelve bytes."""

    def __init__(self, phones: Phones, phone: str) -> None:
        self._phones, self._phone = phones, phone

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """Called by the event loop for each packet."""
        if set(data[12:]) - set(_SILENT):
            self._phones.heard.setdefault(self._phone, []).append(self._phones.clock())


_TIMESTAMPS = itertools.count(8000, 16000)
"""RTP time of each pressed key: far enough apart that no two are taken for one."""
