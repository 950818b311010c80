"""The services that a plan asks, as one web server on loopback that sends what it is told to.

In: what is sent, one for each time that it is asked. Out: the answers, over HTTP.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Self

from dialc.live.parts import Sent

_OK = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
_BROKEN = "HTTP/1.1 500 Broken\r\nConnection: close\r\n\r\n"


class Services:
    """While it is entered, it listens at a `port` of 127.0.0.1; whatever it is asked beyond `sent` it never answers.

    `speed` is that of the PBX's clock, in which seconds are told.
    """

    def __init__(self, sent: Sequence[Sent] = (), speed: float = 1.0) -> None:
        self._speed = speed
        self._ahead = list(sent)
        self._asked: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._asked:
            task.cancel()
        await asyncio.gather(*self._asked, return_exceptions=True)
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._asked.add(task)
        try:
            await reader.readuntil(b"\r\n\r\n")
            sent = self._ahead.pop(0) if self._ahead else Sent(silent=True)
            if sent.silent:
                await reader.read()  # until whoever asked has enough of it
            else:
                await asyncio.sleep(sent.after / self._speed)
                writer.write((_BROKEN if sent.word is None else f"{_OK}{sent.word}").encode())
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._asked.discard(task)
            with contextlib.suppress(ConnectionError):
                writer.close()
