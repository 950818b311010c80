"""Calls over real SIP with real sound: sipp as a caller from the trunk, and as a telephone that registers.

In: a scenario of `sipp-scenarios/`, the PBX's SIP port. Out: nothing if all went as the scenario says, else `Failed`
with what sipp printed. What the PBX did is for `caller.Driver.incoming` to tell. Keys go as SIP INFO: sipp's own way of
sending them in RTP needs root.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import tempfile
from pathlib import Path

from dialc.live.asterisk import Install, free_port

_SCENARIOS = Path(__file__).parent / "sipp-scenarios"
_SILENCE = b"\xff" * 8000
"""A second of mu-law silence."""


class Failed(Exception):
    """A scenario did not go as it says; the text is what sipp printed."""


class Sipp:
    """One sipp: a caller, or a telephone with a port of its own. `pbx_port` is the UDP port of 127.0.0.1 to talk to."""

    def __init__(self, install: Install, pbx_port: int) -> None:
        self._program = install.sipp
        self._pbx_port = pbx_port
        self._port = free_port(socket.SOCK_DGRAM)

    async def dial(
        self, number: str, *, caller: str, key: str, after: float, name: str = "", patience: float = 60.0
    ) -> None:
        """Call `number` as `caller`, press `key` `after` seconds after the answer, stay until the PBX hangs up. `name`
        is shown beside the number, as SIP writes it: with its quotes.
        """
        keys = itertools.chain.from_iterable(
            ("-key", *pair) for pair in (("caller", caller), ("key", key), ("name", name))
        )
        options = ("-s", number, *keys, "-d", str(round(after * 1000)))
        await self._run("caller", *options, patience=patience)

    async def register(self, phone: str) -> None:
        """Register as that telephone at the PBX."""
        await self._run("register", "-s", phone, patience=10.0)

    async def answer(self, *, talk: float, patience: float = 60.0) -> None:
        """Wait for one call, answer it, send back the sound that comes, hang up after `talk` seconds."""
        await self._run("phone", "-rtp_echo", "-d", str(round(talk * 1000)), patience=patience)

    async def _run(self, scenario: str, *options: str, patience: float) -> None:
        with tempfile.TemporaryDirectory(prefix="dialc") as folder:
            (Path(folder) / "silence.ul").write_bytes(_SILENCE)
            process = await asyncio.create_subprocess_exec(
                *(self._program, "-sf", _SCENARIOS / f"{scenario}.xml", f"127.0.0.1:{self._pbx_port}"),
                *("-i", "127.0.0.1", "-p", str(self._port), "-mi", "127.0.0.1", "-m", "1", "-nostdin", "-trace_err"),
                *("-timeout", f"{patience:g}s", "-timeout_error", "-error_file", "errors", *options),
                cwd=folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            try:
                printed, _ = await process.communicate()
            except asyncio.CancelledError:
                process.kill()
                await process.wait()
                raise
            if process.returncode != 0:
                errors = Path(folder) / "errors"
                said = errors.read_text(encoding="utf-8", errors="replace") if errors.exists() else ""
                raise Failed(f"{scenario}: status {process.returncode}\n{said}{printed.decode('utf-8', 'replace')}")
