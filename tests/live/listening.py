"""A caller with ears: calls over real SIP, hears what the PBX sends, and acts upon what is heard.

In: a PBX's SIP port, a number to call, and what the caller does when which sound begins. Out: everything that was heard
and done, in seconds since the call came in. Nothing is asked of the PBX and nothing else is known of it: a key is
pressed because a prompt was heard to begin, as people do.

Sound goes both ways in RTP as G.711 mu-law, 20 ms a packet, and keys as RFC 4733 has them. What arrives is put where
its time stamp says, as a telephone does that evens out the network.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import secrets
import struct
import time
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from tests.live.tones import FRAME, RATE, SECONDS, Ear, encoded, samples

_KEYS = "0123456789*#"
"""In the order of their numbers in RFC 4733."""

_SPEECH, _EVENT = 0, 101
"""The types of payload."""

_HELD = 5
"""Frames for which a key is held."""

_VOICE = encoded(samples(500, SECONDS))
"""A frame in which the caller speaks, or hums, which callers do all the time: who leaves a message has to."""

_ADRIFT = 2.0
"""Seconds by which packets may be held up. Where the PBX joins two calls, it passes on the time stamps of one."""

_PART = 50
"""Packets of a second."""

_HEADER = struct.Struct("!BBHII")


@attrs.frozen
class Does:
    """A caller presses `key`, `after` seconds from when the sound `when` begins.

    The sound is one that begins behind the key before; empty for the moment of that key.
    """

    key: str
    when: str
    after: float


@attrs.frozen
class Listened:
    """A call that a caller made. Times are in seconds since it came in."""

    frames: tuple[tuple[float, str], ...]
    """The frames that were heard: when, and which sound they hold."""
    rang: float | None
    """When the PBX began to say that it rings, without any sound: then the caller's telephone makes it."""
    answered: float
    pressed: tuple[tuple[float, str], ...]
    """The keys that were pressed."""
    over: float
    """When the PBX hung up."""
    undone: int
    """How much the caller never came to do."""


class Listener(asyncio.DatagramProtocol):
    """One caller, for one call."""

    def __init__(self, ear: Ear, pbx_port: int) -> None:
        self._pbx = ("127.0.0.1", pbx_port)
        self._call, self._tag = secrets.token_hex(8), secrets.token_hex(4)
        self._media = _Media(ear)
        self._transport: asyncio.DatagramTransport | None = None
        self._uri = self._from = self._to = ""
        loop = asyncio.get_running_loop()
        self._rang: float | None = None
        self._answered: asyncio.Future[float] = loop.create_future()
        self._over: asyncio.Future[float] = loop.create_future()

    async def call(
        self, number: str, *, caller: str, name: str, does: Sequence[Does] = (), patience: float = 90.0
    ) -> Listened:
        """Call `number` as `caller`, both as a trunk delivers them, and stay to the end.

        Raises `TimeoutError` where this takes longer than `patience` in seconds, `ConnectionRefusedError` where the PBX
        does not take the call.
        """
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        await loop.create_datagram_endpoint(lambda: self._media, local_addr=("127.0.0.1", 0))
        self._uri = f"sip:{number}@127.0.0.1:{self._pbx[1]}"
        self._from = f'"{name}" <sip:{caller}@127.0.0.1>;tag={self._tag}'
        self._to = f"<{self._uri}>"
        ahead = list(does)
        speaking: asyncio.Task[None] | None = None
        try:
            began = time.monotonic()
            self._ask("INVITE", self._media.offer())
            async with asyncio.timeout(patience):
                answered = await self._answered
                speaking = asyncio.create_task(self._media.speak())
                while ahead and await self._due(ahead[0]):
                    self._media.press(ahead.pop(0).key)
                over = await self._over
        finally:
            if speaking is not None:
                speaking.cancel()
            self._media.close()
            self._transport.close()
            await asyncio.sleep(0)  # a transport is closed one turn of the loop later
        return Listened(
            tuple((at - began, what) for at, what in self._media.frames()),
            None if self._rang is None else self._rang - began,
            answered - began,
            tuple((at - began, key) for at, key in self._media.pressed),
            over - began,
            len(ahead),
        )

    async def _due(self, action: Does) -> bool:
        """Wait until something is to be done; whether the call still goes on then."""
        if action.when:
            begins = self._media.begins(action.when)
            await asyncio.wait([begins, self._over], return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait([self._over], timeout=action.after)
        return not self._over.done()

    # SIP, as far as somebody who calls needs it

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """Called by the event loop for each packet."""
        head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        if first.startswith("SIP/2.0"):
            if _value(lines, "CSeq").endswith("INVITE"):
                self._told(int(first.split()[1]), lines, body)
        elif not first.startswith("ACK"):
            self._reply(lines)
            if first.startswith("BYE") and not self._over.done():
                self._over.set_result(time.monotonic())

    def _told(self, status: int, lines: Sequence[str], body: str) -> None:
        """What the PBX says to the call."""
        if status < 200:
            if status == 180 and self._rang is None:
                self._rang = time.monotonic()
            return
        self._to = _value(lines, "To")
        target = re.search(r"<([^>]*)>", _value(lines, "Contact"))
        self._uri = target[1] if target else self._uri
        self._ask("ACK")
        if self._answered.done():
            return
        sends = re.search(r"^m=audio (\d+)", body, re.MULTILINE)
        if status == 200 and sends:
            self._media.to = ("127.0.0.1", int(sends[1]))
            self._answered.set_result(time.monotonic())
        else:
            self._answered.set_exception(ConnectionRefusedError(f"{self._uri}: {status}"))

    def _ask(self, method: str, body: str = "") -> None:
        lines = [
            f"{method} {self._uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {_address(self._transport)};branch=z9hG4bK{self._call}{method}",
            "Max-Forwards: 70",
            f"From: {self._from}",
            f"To: {self._to}",
            f"Call-ID: {self._call}",
            f"CSeq: 1 {method}",
            f"Contact: <sip:{_address(self._transport)}>",
            *(("Content-Type: application/sdp",) if body else ()),
            f"Content-Length: {len(body)}",
        ]
        self._send("\r\n".join([*lines, "", body]))

    def _reply(self, request: Sequence[str]) -> None:
        same = [line for line in request if line.partition(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
        self._send("\r\n".join(["SIP/2.0 200 OK", *same, "Content-Length: 0", "", ""]))

    def _send(self, text: str) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(text.encode(), self._pbx)


def _value(lines: Sequence[str], name: str) -> str:
    """A header's value; empty without one."""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(f"{name}:")), "")


def _address(transport: asyncio.DatagramTransport | None) -> str:
    assert transport is not None
    return "{}:{}".format(*transport.get_extra_info("sockname"))


@attrs.frozen
class _Packet:
    """Sound that came, at a moment; `stamp` are the seconds that its source counts, for the `count`-th time anew."""

    source: int
    stamp: float
    came: float
    what: str
    count: int

    def goes_on(self, source: int, stamp: float, came: float) -> bool:
        """Whether another packet has the same source, whose time stamps have not begun anew."""
        drift = (came - stamp) - (self.came - self.stamp)
        return source == self.source and stamp > self.stamp and abs(drift) < _ADRIFT


class _Media(asyncio.DatagramProtocol):
    """The sound of a call: what comes is heard, and a frame is sent every 20 ms, of a voice or of a key."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._transport: asyncio.DatagramTransport | None = None
        self.to: tuple[str, int] | None = None
        """Where the PBX wants to have what the caller says."""
        self._packets: list[_Packet] = []
        self.pressed: list[tuple[float, str]] = []
        self._awaited: dict[str, asyncio.Future[float]] = {}
        self._keys: list[str] = []

    def connection_made(self, transport: Any) -> None:
        """Called by the event loop."""
        self._transport = transport

    def close(self) -> None:
        """Send and hear nothing more."""
        if self._transport is not None:
            self._transport.close()

    def offer(self) -> str:
        """What the caller wants to have sent, and where."""
        port = _address(self._transport).partition(":")[2]
        return (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP {_SPEECH} {_EVENT}\r\na=rtpmap:{_SPEECH} PCMU/8000\r\n"
            f"a=rtpmap:{_EVENT} telephone-event/8000\r\na=fmtp:{_EVENT} 0-15\r\na=ptime:20\r\na=sendrecv\r\n"
        )

    def begins(self, what: str) -> asyncio.Future[float]:
        """Done as a sound begins, which is when."""
        return self._awaited.setdefault(what, asyncio.get_running_loop().create_future())

    def press(self, key: str) -> None:
        """Press a key."""
        self.pressed.append((time.monotonic(), key))
        self._keys.append(key)

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """Called by the event loop for each packet."""
        _, kind, _, stamp, source = _HEADER.unpack_from(data)
        if kind & 0x7F != _SPEECH:
            return
        now, what = time.monotonic(), self._ear.hears(data[_HEADER.size :])
        before = self._packets[-1] if self._packets else None
        if before is None or what != before.what or not 0 < stamp / RATE - before.stamp < 3 * SECONDS:
            begins = self._awaited.pop(what, None)
            if begins is not None:
                begins.set_result(now)
        count = before.count + (not before.goes_on(source, stamp / RATE, now)) if before is not None else 0
        self._packets.append(_Packet(source, stamp / RATE, now, what, count))

    def frames(self) -> Iterator[tuple[float, str]]:
        """When each frame was heard, and what it holds. The soonest of the packets around says when time stamps began:
        it was held up least, here or at the PBX.
        """
        parts = list(self._parts())
        for around in zip([[], *parts], parts, [*parts[1:], []], strict=False):
            counts = around[1][0].count
            zero = min(packet.came - packet.stamp for packet in itertools.chain(*around) if packet.count == counts)
            yield from ((zero + packet.stamp, packet.what) for packet in around[1])

    def _parts(self) -> Iterator[list[_Packet]]:
        """The packets, divided where time stamps are counted anew, and after each second."""
        for _, packets in itertools.groupby(self._packets, lambda packet: packet.count):
            together = list(packets)
            yield from (together[first : first + _PART] for first in range(0, len(together), _PART))

    async def speak(self) -> None:
        """Speak, or press keys, until it is cancelled."""
        began, source = time.monotonic(), secrets.randbits(32)
        held, key = 0, ""
        for number in itertools.count():
            if not key and self._keys:
                key, held = self._keys.pop(0), 0
            if key:
                held += 1
                self._event(number, source, key, held)
                key = key if held < _HELD else ""
            else:
                self._packet(_SPEECH, number, number * FRAME, source, _VOICE)
            await asyncio.sleep(max(0.0, began + (number + 1) * SECONDS - time.monotonic()))

    def _event(self, number: int, source: int, key: str, held: int) -> None:
        """A frame of a key: all have the time stamp of the first, and the last says that it is."""
        payload = struct.pack("!BBH", _KEYS.index(key), 0x80 * (held == _HELD) | 10, held * FRAME)
        self._packet(_EVENT | 0x80 * (held == 1), number, (number - held + 1) * FRAME, source, payload)

    def _packet(self, kind: int, number: int, stamp: int, source: int, payload: bytes) -> None:
        if self._transport is not None and self.to is not None and not self._transport.is_closing():
            self._transport.sendto(_HEADER.pack(0x80, kind, number & 0xFFFF, stamp, source) + payload, self.to)
