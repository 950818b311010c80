"""The manager interface (AMI) of a private Asterisk: actions out, events in.

In: the loopback port, name and secret of one server. Out: a `Manager` that sends actions, hands back their responses as
futures, and calls every listener with each event. Nothing but the standard library, because the protocol is lines of
`Name: value` closed by an empty line, and one reader task is all it takes to keep hundreds of calls apart.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Self

Message = Mapping[str, str]
Listener = Callable[[str, Message], None]

_LARGEST_MESSAGE = 1 << 22
"""Bytes; a `Command` response (a whole `dialplan show`) is one message."""


class Refused(Exception):
    """The server answered an action with `Response: Error`; the text is the server's own."""


class Manager:
    """One session. Made by `connect`; `close` ends it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[Message]] = {}
        self._listeners: list[Listener] = []
        self._booted = asyncio.Event()
        self._gone = False
        self._task: asyncio.Task[None] | None = None

    @classmethod
    async def connect(cls, port: int, name: str, secret: str) -> Self:
        """Log in at 127.0.0.1:`port`. Raises `OSError` when nothing listens there, `Refused` on a wrong secret."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_LARGEST_MESSAGE)
        manager = cls(reader, writer)
        try:
            await reader.readuntil(b"\r\n")
            manager._task = asyncio.create_task(manager._read())
            await manager.action("Login", Username=name, Secret=secret, Events="on")
        except BaseException:
            await manager.close()
            raise
        return manager

    async def booted(self, seconds: float) -> None:
        """Wait for `FullyBooted`. Raises `TimeoutError` after `seconds` of real time."""
        await asyncio.wait_for(self._booted.wait(), seconds)

    def listen(self, listener: Listener) -> None:
        """Call `listener(name, message)` for every event from now on, in the order the server sends them."""
        self._listeners.append(listener)

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """Who is called."""
        return tuple(self._listeners)

    def ignore(self, listener: Listener) -> None:
        """Call `listener` no more."""
        self._listeners.remove(listener)

    def send(
        self, action: str, variables: Mapping[str, str] | None = None, **headers: object
    ) -> asyncio.Future[Message]:
        """Send an action; the future holds its response, whatever it says.

        `variables` become one `Variable:` header each. Their values must hold no comma: the server splits there.
        An `ActionID` among the headers, which must be unique, is used; later events that the action causes carry it.
        Raises `ValueError` for a line break in a value, which would end the header.
        """
        number = str(headers.pop("ActionID", None) or next(self._numbers))
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        if self._gone:
            answer.set_exception(ConnectionResetError("the manager session is closed"))
            return answer
        self._waiting[number] = answer
        pairs: Iterable[tuple[str, object]] = itertools.chain(
            (("Action", action), ("ActionID", number)),
            headers.items(),
            (("Variable", f"{name}={value}") for name, value in (variables or {}).items()),
        )
        lines = [f"{name}: {value}" for name, value in pairs]
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError(f"a line break in a header of {action}")
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        return answer

    async def action(self, action: str, variables: Mapping[str, str] | None = None, **headers: object) -> Message:
        """Send an action and wait for its response. Raises `Refused` when the server says it is an error."""
        answer = await self.send(action, variables, **headers)
        if answer.get("Response") not in ("Success", "Follows", "Goodbye"):
            raise Refused(f"{action}: {answer.get('Message', '')}")
        return answer

    async def close(self) -> None:
        """End the session; every action still waiting gets `ConnectionResetError`."""
        self._gone = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()

    async def _read(self) -> None:
        try:
            while True:
                self._take(await self._reader.readuntil(b"\r\n\r\n"))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._gone = True
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(ConnectionResetError("the manager session is closed"))
                    answer.exception()  # asked for once, or an action nobody waits for is reported as forgotten

    def _take(self, raw: bytes) -> None:
        message: dict[str, str] = {}
        for line in raw.decode("utf-8", "replace").split("\r\n"):
            name, colon, value = line.partition(":")
            if not colon:
                continue
            value = value.removeprefix(" ")
            # A command's output comes as one `Output:` header a line.
            message[name] = f"{message[name]}\n{value}" if name == "Output" and name in message else value
        event = message.get("Event")
        if event is not None:
            if event == "FullyBooted":
                self._booted.set()
            for listener in tuple(self._listeners):
                listener(event, message)
        elif "Response" in message:
            answer = self._waiting.pop(message.get("ActionID", ""), None)
            if answer is not None and not answer.done():
                answer.set_result(message)
