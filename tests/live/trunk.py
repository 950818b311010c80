"""Callers at the far side of a trunk: each a SIP address of its own, with real sound, keys as networks send them.

In: what a caller shows of itself, and how its keys travel. Out: a call at the PBX, told by `caller.Driver.incoming`.

A trunk is known by the address that it calls from, so each caller has one (127.1.0.1, 127.1.0.2, …) and an endpoint of
its own, with the settings under test. Sound is mu-law in frames of 20 ms, without a pause from the answer on.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import itertools
import math
import re
import secrets
import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, Self, assert_never

import attrs

By = Literal["rtp", "dtmf-relay", "dtmf", "tones"]
"""How a key travels: RFC 4733 events in the sound; SIP INFO with `Signal=1`, or with the key alone; as sound."""

_FRAME_SECONDS = 0.02
_RATE = 8000
_SAMPLES = 160
"""Of one frame."""

_EVENT = 101
"""The payload type of RFC 4733 events, as everybody has it."""

_EVENTS = {key: number for number, key in enumerate("0123456789*#ABCD")}
"""RFC 4733, 3.2: the numbers of keys."""

_TONES = {
    key: (low, high)
    for low, row in zip((697, 770, 852, 941), ("123A", "456B", "789C", "*0#D"), strict=True)
    for high, key in zip((1209, 1336, 1477, 1633), row, strict=True)
}
"""ITU-T Q.23: the two tones of a key, in Hz."""

_LOUDNESS = 8000
"""Of each tone, of 32767."""

_VOLUME, _END = 10, 0x80
"""RFC 4733, 2.3: 10 dB below the loudest, and the mark of an event that is over."""


@attrs.frozen
class Shows:
    """What an INVITE says of who calls: From, without its tag, and headers beside it. `{}` is the caller's address."""

    sender: str = "<sip:+491711234567@{}>"
    headers: tuple[str, ...] = ()


@attrs.frozen
class Keys:
    """How a caller's keys travel, held for `held` seconds each, with `gap` seconds between them.

    Without `offered`, the caller does not say that it could send RFC 4733 events.
    """

    by: By = "rtp"
    held: float = 0.1
    gap: float = 0.1
    offered: bool = True


@attrs.frozen
class _Packet:
    """What RTP carries: a piece of sound, or of an event that began so many frames `ago`."""

    payload: bytes
    kind: int = 0
    mark: bool = False
    ago: int = 0


_SILENCE = _Packet(b"\xff" * _SAMPLES)


def endpoint(name: str, address: str, context: str, settings: Mapping[str, str]) -> str:
    """The part of a pjsip.conf by which calls from an address are those of a trunk of that name."""
    lines = {
        "type": "endpoint",
        "context": context,
        "disallow": "all",
        "allow": "ulaw",
        "direct_media": "no",
        "media_address": "127.0.0.1",
        "bind_rtp_to_media_address": "yes",
        **settings,
    }
    told = "".join(f"{key} = {value}\n" for key, value in lines.items())
    return f"[{name}]\n{told}[{name}-from]\ntype = identify\nendpoint = {name}\nmatch = {address}\n"


def addresses() -> Iterator[str]:
    """The addresses of callers, each its own."""
    return (f"127.1.{n // 250}.{n % 250 + 1}" for n in itertools.count())


class Caller(asyncio.DatagramProtocol):
    """One call from a trunk: `async with Caller(port, address) as caller: caller.dial("+49…")`.

    `port` is the UDP port of 127.0.0.1 where the PBX listens for SIP. `status` is what the PBX has answered at last,
    `over` is done once the call is.
    """

    def __init__(self, port: int, address: str, shows: Shows, keys: Keys) -> None:
        self.status = 0
        self.held: dict[int, str] = {}
        """What the PBX has answered to each change of the sound's direction, by its turn among the requests."""
        self._pbx, self._address, self._shows, self._keys = ("127.0.0.1", port), address, shows, keys
        self._call, self._tag = f"{secrets.token_hex(8)}@{address}", secrets.token_hex(4)
        self._to = self._target = ""
        self._turn = 0
        self._frames: collections.deque[tuple[_Packet, ...]] = collections.deque()
        """What is to be sent, frame by frame."""
        self._sound: asyncio.Task[None] | None = None
        self._pressing: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self.answered: asyncio.Future[None] = loop.create_future()
        self.over: asyncio.Future[None] = loop.create_future()
        self._sip, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self._address, 0))
        self._rtp, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=(self._address, 0))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in (self._sound, *self._pressing):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        self._sip.close()
        self._rtp.close()
        await asyncio.sleep(0)  # a transport is closed one turn of the loop later

    # What a caller does

    def dial(self, user: str) -> None:
        """Call, with `user` in the address that is called; empty: an address without one."""
        host = f"127.0.0.1:{self._pbx[1]}"
        self._target = f"sip:{user}@{host}" if user else f"sip:{host}"
        self._to = f"<{self._target}>"
        self._request("INVITE", body=self._offer("sendrecv"), headers=self._shows.headers)

    def press(self, keys: str) -> None:
        """Press keys one after another, the first at once."""
        task = asyncio.create_task(self._press(keys))
        self._pressing.add(task)
        task.add_done_callback(self._pressing.discard)

    def hang_up(self) -> None:
        """Give up (CANCEL) while the PBX has not answered, else hang up (BYE)."""
        if self.status < 200:
            self._request("CANCEL", turn=1)
        else:
            self._stop()
            self._request("BYE")

    def hold(self, on: bool) -> None:
        """Put the PBX on hold, as networks do that play music themselves, or fetch it back (re-INVITE)."""
        self._request("INVITE", body=self._offer("sendonly" if on else "sendrecv"))

    async def _press(self, keys: str) -> None:
        for key in keys:
            match self._keys.by:
                case "rtp":
                    self._frames.extend(_event(key, self._keys.held))
                case "tones":
                    self._frames.extend(_tones(key, self._keys.held))
                case "dtmf-relay":
                    held = round(self._keys.held * 1000)
                    self._request("INFO", "application/dtmf-relay", f"Signal={key}\r\nDuration={held}\r\n")
                case "dtmf":
                    self._request("INFO", "application/dtmf", key)
                case _:
                    assert_never(self._keys.by)
            await asyncio.sleep(self._keys.held + self._keys.gap)

    # SIP

    def _offer(self, direction: str) -> str:
        host, port = self._rtp.get_extra_info("sockname")
        events = f"a=rtpmap:{_EVENT} telephone-event/8000\r\na=fmtp:{_EVENT} 0-15\r\n" if self._keys.offered else ""
        return (
            f"v=0\r\no=- 1 {self._turn + 1} IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 0{f' {_EVENT}' if self._keys.offered else ''}\r\n"
            f"a=rtpmap:0 PCMU/8000\r\n{events}a=ptime:20\r\na={direction}\r\n"
        )

    def _request(
        self,
        method: str,
        kind: str = "application/sdp",
        body: str = "",
        headers: Iterable[str] = (),
        turn: int | None = None,
    ) -> None:
        """Send a request; `turn` is that of the one that it belongs to, None for a new one."""
        host, port = self._sip.get_extra_info("sockname")
        if turn is None:
            self._turn += 1
        number = self._turn if turn is None else turn
        accepts = method == "ACK" and self.status < 300
        lines = [
            f"{method} {self._target} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{self._tag}{number}{'ack' if accepts else ''}",
            "Max-Forwards: 70",
            f"From: {self._shows.sender.format(host)};tag={self._tag}",
            f"To: {self._to}",
            f"Call-ID: {self._call}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:{host}:{port}>",
            "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO",
            *(header.format(host) for header in headers),
            *((f"Content-Type: {kind}",) if body else ()),
            f"Content-Length: {len(body)}",
        ]
        self._send("\r\n".join((*lines, "", body)))

    def _send(self, text: str) -> None:
        self._sip.sendto(text.encode(), self._pbx)

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """Called by the event loop for each packet."""
        head, _, body = data.decode().partition("\r\n\r\n")
        fields = dict(re.findall(r"^([\w-]+): *(.*?)\r?$", head, re.MULTILINE))
        turn, _, method = fields["CSeq"].partition(" ")
        answered = re.match(r"SIP/2\.0 (\d\d\d)", head)
        if answered is None:
            self._asked(head, method)
        elif method == "INVITE":
            self._answered(int(turn), int(answered[1]), fields, body)
        elif method == "BYE":
            self._over()

    def _answered(self, turn: int, status: int, fields: Mapping[str, str], body: str) -> None:
        """What the PBX says to an INVITE, which it says again until it is told that this arrived."""
        first = turn == 1 and self.status < 200
        if turn == 1:
            self.status = status
        if status < 200:
            return
        self._to = fields["To"]
        if turn == 1 and status < 300:
            self._target = fields["Contact"].strip("<>")
        self._request("ACK", turn=turn)
        media = re.search(r"^m=audio (\d+)", body, re.MULTILINE)
        if turn > 1:
            direction = re.search(r"^a=(sendonly|recvonly|inactive)", body, re.MULTILINE)
            self.held[turn] = f"{status} {direction[1] if direction else 'sendrecv'}"
        elif status >= 300:
            self._over()
        elif first and media:
            self.answered.set_result(None)
            self._sound = asyncio.create_task(self._speak(("127.0.0.1", int(media[1]))))

    def _asked(self, head: str, method: str) -> None:
        """A request of the PBX: the end of the call, most of all."""
        kept = [line for line in head.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq): ", line)]
        self._send("\r\n".join(("SIP/2.0 200 OK", *kept, "Content-Length: 0", "", "")))
        if method == "BYE":
            self._over()

    def _over(self) -> None:
        self._stop()
        if not self.over.done():
            self.over.set_result(None)

    # Sound

    async def _speak(self, there: tuple[str, int]) -> None:
        """Send a frame every 20 ms: of what is to be sent next, else silence."""
        clock = asyncio.get_running_loop().time
        due, number, source = clock(), itertools.count(1), secrets.randbits(32)
        for frame in itertools.count(1):
            for packet in self._frames.popleft() if self._frames else (_SILENCE,):
                kind, at = (0x80 if packet.mark else 0) | packet.kind, (frame - packet.ago) * _SAMPLES
                head = struct.pack("!BBHII", 0x80, kind, next(number) & 0xFFFF, at, source)
                self._rtp.sendto(head + packet.payload, there)
            due += _FRAME_SECONDS
            await asyncio.sleep(due - clock())

    def _stop(self) -> None:
        if self._sound is not None:
            self._sound.cancel()


def _event(key: str, seconds: float) -> Iterator[tuple[_Packet, ...]]:
    """A key as an event of RFC 4733: it grows from frame to frame, and its end is told three times."""
    frames = round(seconds / _FRAME_SECONDS)
    for n in range(frames):
        told = struct.pack("!BBH", _EVENTS[key], _VOLUME, (n + 1) * _SAMPLES)
        yield (_Packet(told, _EVENT, mark=n == 0, ago=n),)
    end = struct.pack("!BBH", _EVENTS[key], _END | _VOLUME, frames * _SAMPLES)
    yield (_Packet(end, _EVENT, ago=frames),) * 3


def _tones(key: str, seconds: float) -> Iterator[tuple[_Packet, ...]]:
    """A key as its two tones."""
    samples = (
        sum(_LOUDNESS * math.sin(2 * math.pi * tone * n / _RATE) for tone in _TONES[key])
        for n in range(round(seconds * _RATE))
    )
    while frame := bytes(_mu_law(round(sample)) for sample in itertools.islice(samples, _SAMPLES)):
        yield (_Packet(frame),)


def _mu_law(sample: int) -> int:
    """A sample of 16 bits in eight (ITU-T G.711)."""
    loud = min(abs(sample), 32635) + 132
    exponent = loud.bit_length() - 8
    return ~((0x80 if sample < 0 else 0) | exponent << 4 | (loud >> exponent + 3) & 0xF) & 0xFF
