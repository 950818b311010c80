"""A private Asterisk: one ordinary process on loopback, with configuration made of the texts a test gives.

In: the folder that `provision.sh` made, configuration texts, lengths of sound files, a clock. Out: a running server
with a manager session, its log, its call records, its command line.

Everything the server reads and writes lies in one short-lived folder; it is started through the provisioned wrapper, so
no package, user or file of the machine is touched. The clock is libfaketime's: it can start at any instant, run faster
than real time and be moved while the server runs. Times in the log, in call records and over the manager interface are
in that clock.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import datetime
import io
import math
import os
import re
import resource
import secrets
import shutil
import socket
import struct
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import attrs

from dialc.live.ami import Manager, Message

FRAME = 0.02
"""Seconds of the shortest sound a channel can play: one 20 ms frame."""

_SAMPLES = 8000
_BYTES_PER_SAMPLE = 2

_MODULES = """
pbx_config app_dial app_queue app_voicemail app_playback app_read app_stack app_exec app_verbose app_userevent
app_senddtmf app_mixmonitor app_echo app_cdr app_while app_db app_softhangup app_chanisavail
app_channelredirect app_playtones
cdr_custom
func_callerid func_cdr func_channel func_cut func_db func_devstate func_dialgroup func_dialplan func_env
func_extstate func_global func_groupcount func_hangupcause func_logic func_math func_md5 func_rand func_sprintf
func_strings func_timeout func_uri func_version func_vmcount
bridge_simple bridge_holding bridge_builtin_features bridge_builtin_interval_features bridge_softmix bridge_native_rtp
format_sln format_pcm format_gsm format_wav
codec_ulaw codec_alaw codec_gsm codec_a_mu codec_resample
res_musiconhold res_timing_pthread
"""
"""No app_system, nothing that reaches out of the machine. Of the timing modules the one that keeps time under a fast
clock: with res_timing_timerfd ten seconds of sound last fourteen at fivefold speed, and 22 at twentyfold."""

_NEWER_MODULES = ("res_cdrel_custom",)
"""What only newer releases have, and need there: `cdr_custom` writes by it."""

_SIP_MODULES = """
res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject res_rtp_asterisk res_pjsip res_pjsip_session
res_pjsip_sdp_rtp res_pjsip_caller_id res_pjsip_dtmf_info res_pjsip_empty_info res_pjsip_dlg_options res_pjsip_diversion
res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user res_pjsip_registrar res_pjsip_header_funcs
res_pjsip_authenticator_digest res_pjsip_pubsub res_pjsip_rfc3326 res_pjsip_refer chan_pjsip
func_pjsip_aor func_pjsip_contact func_pjsip_endpoint
"""

_SPOKEN = """
agent-loginok agent-loggedoff beep beeperr silence/1 auth-thankyou invalid pbx-invalid pbx-transfer transfer
vm-deleted vm-goodbye vm-intro vm-isonphone vm-isunavail vm-mailboxfull vm-msginstruct vm-msgsaved vm-nobodyavail
vm-reachoper vm-rec-temp vm-review vm-saveoper vm-sorry vm-theperson vm-tooshort vm-torerecord
queue-callswaiting queue-holdtime queue-less-than queue-minute queue-minutes queue-periodic-announce queue-quantity1
queue-quantity2 queue-reporthold queue-seconds queue-thankyou queue-thereare queue-youarenext
digits/and digits/hundred digits/oclock digits/thousand
"""
_DIGITS = (*range(21), *range(30, 100, 10))
"""Sounds that Asterisk's own applications play; a missing one is a warning in the log and a status of FAILED."""

_CALL_RECORD = """
start answer end src dst dcontext clid channel dstchannel lastapp lastdata duration billsec disposition amaflags
accountcode uniqueid linkedid userfield sequence
"""
"""The fields that every call record has in Asterisk."""

_SOCKET_PATH = 107
"""Bytes that a Unix socket's path may have on Linux (`sun_path`, less the closing zero)."""


class NotStarted(Exception):
    """Asterisk ended, or did not boot in time; the text is what it printed."""


@attrs.frozen
class Install:
    """An Asterisk: one that `provision.sh` made, as its `env` file tells, or that of the system."""

    folder: Path
    asterisk: Path
    modules: Path
    share: Path
    faketime: Path
    sipp: Path
    version: str
    preload: str = "AST_PRELOAD"
    """The variable that names a library to be loaded before all others: the wrapper's own, or the system's."""

    @classmethod
    def at(cls, folder: Path) -> Self:
        """Read `folder`/env. Raises `OSError` without one, `KeyError` for one of another make."""
        text = (folder / "env").read_text(encoding="utf-8")
        values = dict(re.findall(r"^(\w+)='(.*)'$", text, re.MULTILINE))
        return cls(
            folder=folder,
            asterisk=Path(values["AST_BIN"]),
            modules=Path(values["AST_MODULES"]),
            share=Path(values["AST_SHARE"]),
            faketime=Path(values["AST_FAKETIME"]),
            sipp=Path(values.get("AST_SIPP", folder / "bin" / "sipp")),
            version=values["AST_VERSION"],
        )


def _memory() -> Path | None:
    """A folder in memory with room for a server's files, if there is one.

    A server on a disk that is busy with something else writes a message late, and all that follows comes late.
    """
    shared = Path("/dev/shm")
    if "TMPDIR" in os.environ or not os.access(shared, os.W_OK):
        return None
    return shared if shutil.disk_usage(shared).free > _ROOM else None


def _forget(process: int) -> None:
    """Remove what libfaketime leaves in memory of a process that was killed: another one may get its number one day."""
    for name in ("faketime_shm_", "sem.faketime_sem_"):
        Path("/dev/shm", f"{name}{process}").unlink(missing_ok=True)


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port of 127.0.0.1 that nothing uses at this moment."""
    with socket.socket(socket.AF_INET, kind) as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


_ROOM = 500_000_000
"""Bytes that must be free in memory for a server's folder to be made there; one takes a few millions."""


class Asterisk:
    """One private server: `async with Asterisk(install, extensions=...) as pbx`.

    `extensions`, `queues`, `voicemail`, `pjsip`, `musiconhold` are texts of the files of these names; each may have its
    own `[general]`, else a plain one is put before it. `files` adds or replaces any file of the configuration folder,
    name to text. `sounds` maps a sound's name to its length in seconds (`pl/NAME` is heard in Polish in place of
    `NAME`); the files are silent. `record` adds fields to the call records, name to expression, beside Asterisk's
    standard ones. `modules` are loaded beside the usual ones.

    `start` is the instant (with a zone) that the server's clock shows when it starts; None: the real time. `speed` is
    how many seconds pass there in one real second. Two processor cores keep up while speed times the calls at once is
    no more than 200; beyond, keys and telephones come too late, and calls turn out otherwise (`Trace.lag` tells). With
    `movable`, `set_clock` works, at the cost of slower clock calls.
    """

    def __init__(
        self,
        install: Install,
        *,
        extensions: str,
        queues: str = "",
        voicemail: str = "",
        pjsip: str = "",
        musiconhold: str = "",
        files: Mapping[str, str] | None = None,
        sounds: Mapping[str, float] | None = None,
        record: Mapping[str, str] | None = None,
        modules: Sequence[str] = (),
        start: datetime.datetime | None = None,
        speed: float = 1.0,
        movable: bool = False,
    ) -> None:
        if start is not None and start.tzinfo is None:
            raise ValueError("the server's clock starts at an instant: give it a zone")
        self.install = install
        self.speed = speed
        self._texts = {
            "extensions.conf": _with_general(extensions, "static = yes\nwriteprotect = yes\n") + _CALLER,
            "queues.conf": _with_general(queues, "persistentmembers = no\n"),
            "voicemail.conf": _with_general(voicemail, "format = sln\nminsecs = 1\nmaxsecs = 60\n"),
            "musiconhold.conf": musiconhold or "[default]\nmode = files\ndirectory = moh\n",
            "pjsip.conf": pjsip,
        } | dict(files or {})
        self._sounds = dict.fromkeys(
            [*_SPOKEN.split(), *(f"digits/{n}" for n in _DIGITS), "tests/frame"], FRAME
        ) | dict(sounds or {})
        self._fields = {name: f"${{CDR({name})}}" for name in _CALL_RECORD.split()} | dict(record or {})
        newer = (name for name in _NEWER_MODULES if (install.modules / f"{name}.so").exists())
        self._modules = [*newer, *(_SIP_MODULES if pjsip else "").split(), *_MODULES.split(), *modules]
        self._fakes = start is not None or speed != 1.0 or movable
        self._movable = movable
        self._origin = (start or datetime.datetime.now(datetime.UTC)).timestamp()
        """What the clock would have shown at the server's start, had it always run as it does now."""
        self._last = (self._origin, time.monotonic())
        """The PBX's time at the last event, and the real time then."""
        self._port, self._secret = free_port(), secrets.token_hex(16)
        self._process: asyncio.subprocess.Process | None = None
        self._manager: Manager | None = None
        self._folder: Path | None = None
        self._records: dict[str, list[dict[str, str]]] = {}
        self._records_read = 0

    # The server's life

    async def __aenter__(self) -> Self:
        try:
            await self._boot()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """End the process and remove its folder. Doing it twice is harmless."""
        if self._manager is not None:
            await self._manager.close()
            self._manager = None
        if self._process is not None:
            # There is nothing to save: the folder goes with it.
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
            _forget(self._process.pid)
            self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder)
            self._folder = None

    async def restart(self) -> None:
        """End the process in good order and start another in the same folder: its database is kept, calls are not.

        The clock goes on. Whoever holds the manager session needs a new one.
        """
        self._origin = self.clock()
        with contextlib.suppress(ConnectionResetError):  # the session ends with the process
            await self.manager.action("Command", Command="core stop now")
        if self._process is not None:
            await asyncio.wait_for(self._process.wait(), 10)
            _forget(self._process.pid)
        await self.manager.close()
        await self._start()

    async def crash(self) -> None:
        """Kill the process, as a power cut does, and start it anew with whatever it has written by then.

        Its calls are gone with it; the clock goes on, and those who listen to the manager hear what comes.
        """
        self._origin = self.clock()
        listeners = [listener for listener in self.manager.listeners if listener != self._watch_clock]
        await self.manager.close()
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            _forget(self._process.pid)
        await self._start()
        for listener in listeners:
            self.manager.listen(listener)

    async def _boot(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="dialc", dir=_memory()))
        if len(os.fsencode(self._folder / "run" / "asterisk.ctl")) > _SOCKET_PATH:
            raise NotStarted(f"{self._folder} is too long for a Unix socket: set TMPDIR to a shorter folder")
        self._write_files()
        await self._start()

    async def _start(self, seconds: float = 30.0) -> None:
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        # Whoever is killed must not leave a server behind.
        bound = ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()
        environment["TZ"] = "UTC"  # a plan names its zones; the machine's must not help it
        if self._fakes:
            environment |= {
                self.install.preload: str(self.install.faketime),
                "FAKETIME_TIMESTAMP_FILE": str(self.folder / "clock"),
                "FAKETIME_NO_CACHE": "1" if self._movable else "0",
                "FAKETIME_DONT_RESET": "1",
                # Asterisk sets the times of call files by its clock, so they are not to be moved once more when read.
                "NO_FAKE_STAT": "1",
            }
            self._write_clock()
        printed = self.folder / "log" / "printed"
        with printed.open("wb") as out:
            self._process = await asyncio.create_subprocess_exec(
                *(*bound, self.install.asterisk, "-f", "-n", "-C", self.folder / "etc" / "asterisk.conf"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=environment,
                start_new_session=True,
            )
        deadline = time.monotonic() + seconds
        while True:
            if self._process.returncode is not None:
                raise NotStarted(f"status {self._process.returncode}: {_tail(printed)}")
            if time.monotonic() > deadline:
                raise NotStarted(f"not booted after {seconds:g} s: {_tail(printed)}")
            try:
                self._manager = await Manager.connect(self._port, _MANAGER_NAME, self._secret)
            except OSError:
                await asyncio.sleep(0.01)
            else:
                self._manager.listen(self._watch_clock)
                await self._manager.booted(seconds)
                await self.now()
                return

    # What a test asks of it

    @property
    def manager(self) -> Manager:
        """The manager session of the running server."""
        if self._manager is None:
            raise NotStarted("the server is not running")
        return self._manager

    @property
    def folder(self) -> Path:
        """The folder with everything of the running server: `etc`, `log`, `spool`, `data`, `run`."""
        if self._folder is None:
            raise NotStarted("the server is not running")
        return self._folder

    async def cli(self, command: str) -> str:
        """What a command of Asterisk's command line prints."""
        answer = await self.manager.action("Command", Command=command)
        return answer.get("Output", "")

    def log(self) -> str:
        """Everything logged so far: notices, warnings, errors."""
        path = self.folder / "log" / "messages.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def warnings(self) -> list[str]:
        """The lines of the log that are warnings or errors, in order."""
        return [line for line in self.log().splitlines() if re.search(r"\] (WARNING|ERROR)\[", line)]

    def records(self, unique: str) -> Sequence[Mapping[str, str]]:
        """The call records written so far of the channel with that unique id, in the order they were written.

        Each has Asterisk's own fields and those of `record`.
        """
        path = self.folder / "log" / "cdr-custom" / _RECORDS
        if path.exists():
            raw = path.read_bytes()
            whole = raw[: raw.rfind(b"\n") + 1]
            new = whole[self._records_read :].decode("utf-8", "replace")
            self._records_read = len(whole)
            for values in csv.reader(io.StringIO(new)):
                row = dict(zip(self._fields, values, strict=True))
                self._records.setdefault(row["uniqueid"], []).append(row)
        return self._records.get(unique, [])

    def add_sound(self, name: str, seconds: float) -> None:
        """A silent sound file of that length (at least one frame)."""
        self._write_sound(name, bytes(_BYTES_PER_SAMPLE * round(_SAMPLES * max(seconds, FRAME))))

    def write(self, name: str, text: str) -> None:
        """Write or replace a file of the configuration folder; `reload` makes the server read it."""
        path = self.folder / "etc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    async def reload(self, module: str) -> None:
        """Have a module read its configuration again. Raises `ami.Refused` when it says that it could not."""
        await self.manager.action("Reload", Module=module)

    # The clock

    def clock(self) -> float:
        """About what the server's clock shows now, in seconds since the epoch: reckoned on from its last event."""
        shown, then = self._last
        return shown + (time.monotonic() - then) * self.speed

    async def now(self) -> float:
        """What the server's clock shows, in seconds since the epoch: asked."""
        answered: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        number = secrets.token_hex(4)

        def listener(event: str, message: Message) -> None:
            if event == "UserEvent" and message.get("Number") == number:
                answered.set_result(float(message["Timestamp"]))

        self.manager.listen(listener)
        try:
            await self.manager.action("UserEvent", UserEvent="Clock", Number=number)
            return await asyncio.wait_for(answered, 10)
        finally:
            self.manager.ignore(listener)

    async def set_clock(self, instant: datetime.datetime) -> None:
        """Move the clock, forward only, so that it shows `instant` (with a zone) now. Needs `movable`.

        What the server is waiting for at that moment (a pause, a ring) may be cut short by it, or not: move the clock
        between calls, or while nothing but the caller decides how a call goes on.
        """
        if not self._movable:
            raise ValueError("this server's clock was not made to be moved")
        forward = instant.timestamp() - await self.now()
        if forward < 0:
            raise ValueError(f"the server's clock is already {-forward:g} s past {instant}")
        self._origin += forward
        self._write_clock()
        await self.now()

    async def later(self, seconds: float) -> None:
        """Move the clock on, as if that time had passed. Needs `movable`.

        A folder in the spool is nothing to Asterisk, which looks at the time of its call files when it appears.
        """
        await self.set_clock(datetime.datetime.fromtimestamp(await self.now() + seconds, datetime.UTC))
        (self.folder / "spool" / "outgoing" / f"at{self.clock():.0f}").mkdir()
        await asyncio.sleep(10 / self.speed)

    def _watch_clock(self, _: str, message: Message) -> None:
        if "Timestamp" in message:
            self._last = (float(message["Timestamp"]), time.monotonic())

    def _write_clock(self) -> None:
        shown = datetime.datetime.fromtimestamp(self._origin, datetime.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        path = self.folder / "clock"
        path.with_suffix(".new").write_text(f"@{shown} x{self.speed:g}\n", encoding="ascii")
        path.with_suffix(".new").replace(path)

    # Files

    def _write_files(self) -> None:
        missing = [name for name in self._modules if not (self.install.modules / f"{name}.so").exists()]
        if missing:
            raise NotStarted(f"{self.install.folder} lacks the modules {', '.join(missing)}")
        for name in _FOLDERS.split():
            (self.folder / name).mkdir(parents=True)
        # Most modules refuse a configuration they have no documentation for.
        (self.folder / "data" / "documentation").symlink_to(self.install.share / "documentation")
        for name, seconds in self._sounds.items():
            self.add_sound(name, seconds)
        self._write_sound("tests/silence", bytes(_BYTES_PER_SAMPLE * _SAMPLES * _VOICE_SECONDS))
        self._write_sound("tests/speech", _TONE * (_SAMPLES * _VOICE_SECONDS * _BYTES_PER_SAMPLE // len(_TONE)))
        shutil.copy(self.folder / "data/sounds/en/tests/silence.sln", self.folder / "data/moh")
        unused = {f"{name}.conf": "" for name in _UNUSED_FILES.split()}
        for name, text in (unused | self._own_texts() | self._texts).items():
            self.write(name, text)

    def _write_sound(self, name: str, samples: bytes) -> None:
        # Signed linear: no channel of a test has to transcode it.
        # Where a language has none of its own, Asterisk falls back upon English.
        own = re.match(r"[a-z]{2}/", name) is not None
        path = self.folder / "data" / "sounds" / f"{'' if own else 'en/'}{name}.sln"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(samples)

    def _own_texts(self) -> dict[str, str]:
        folder = self.folder
        directories = {
            "astetcdir": folder / "etc",
            "astmoddir": self.install.modules,
            "astvarlibdir": folder / "lib",
            "astdbdir": folder / "lib",
            "astkeydir": folder / "keys",
            "astdatadir": folder / "data",
            "astagidir": folder / "agi",
            "astspooldir": folder / "spool",
            "astrundir": folder / "run",
            "astlogdir": folder / "log",
            "astsbindir": folder / "run",
            "astcachedir": folder / "cache",
        }
        record = ",".join(f"${{CSV_QUOTE({expression})}}" for expression in self._fields.values())
        return {
            "asterisk.conf": "[directories]\n"
            + "".join(f"{name} => {path}\n" for name, path in directories.items())
            + "[options]\nnocolor = yes\nhideconnect = yes\ndocumentation_language = en_US\nmindtmfduration = 1\n"
            + f"live_dangerously = no\nmaxfiles = {_open_files()}\n",
            "modules.conf": "[modules]\nautoload = no\n" + "".join(f"load = {name}.so\n" for name in self._modules),
            "logger.conf": "[general]\ndateformat = %F %T.%3q\nuse_callids = no\n"
            "[logfiles]\nmessages.log => notice,warning,error\n",
            "manager.conf": f"""[general]
enabled = yes
bindaddr = 127.0.0.1
port = {self._port}
timestampevents = yes
webenabled = no
[{_MANAGER_NAME}]
secret = {self._secret}
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.1/255.255.255.255
read = system,call,dialplan,user,dtmf,agent,cdr
write = system,call,command,originate,config,reporting,agent,user
writetimeout = 30000
eventfilter = !Event: ({"|".join(_UNUSED_EVENTS.split())})
""",
            "cdr_custom.conf": f"[mappings]\n{_RECORDS} => {record}\n",
            "rtp.conf": "[general]\nrtpstart = 20000\nrtpend = 29999\nicesupport = no\nstrictrtp = no\n",
            "indications.conf": (
                "[general]\ncountry = us\n[us]\ndescription = us\nringcadence = 2000,4000\ndial = 350+440\n"
                "busy = 480+620/500,0/500\nring = 440+480/2000,0/4000\ncongestion = 480+620/250,0/250\n"
            ),
            "dsp.conf": "[default]\n",
        }


_MANAGER_NAME = "tests"
_RECORDS = "calls.csv"

CALLER_CONTEXT = "tests-caller"
"""The context of every caller's own half: `silent` (no sound at all), `speech`, `silence` (sound without a voice)."""

_CALLER = f"""
[{CALLER_CONTEXT}]
; One frame first: without any sound from the caller, Answer waits half a second for it.
exten => silent,1,Playback(tests/frame)
 same => n,Wait(86400)
exten => speech,1,Playback(tests/speech)
 same => n,Goto(1)
exten => silence,1,Playback(tests/silence)
 same => n,Goto(1)
"""

_VOICE_SECONDS = 20
_TONE = struct.pack("<16h", *(round(8000 * math.sin(2 * math.pi * n / 16)) for n in range(16)))
"""One wave of 500 Hz at 8000 samples a second: what counts as somebody speaking."""

_FOLDERS = "etc lib data/sounds/en data/moh spool/voicemail run log/cdr-custom agi keys cache"

_UNUSED_FILES = """
acl ccss cdr cel cli cli_permissions codecs dnsmgr enum features hep http pjproject queuerules sorcery stasis udptl
"""
"""Files that modules look for; without one they log that it is missing."""

_UNUSED_EVENTS = """
NewCallerid NewConnectedLine Newstate LocalBridge LocalOptimization.* MusicOnHold.* DeviceStateChange ExtensionStatus
BridgeCreate BridgeDestroy NewAccountCode QueueMemberStatus DTMFBegin RTCP.*
"""
"""Events that no trace holds; unfiltered they are half of the traffic."""


def _with_general(text: str, general: str) -> str:
    has_one = re.search(r"^\[general\]", text, re.MULTILINE) is not None
    return text if has_one else f"[general]\n{general}\n{text}"


def _open_files() -> int:
    """How many files the server may have open: about ten a call. Asterisk sets its own limit to this."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return 65536 if hard == resource.RLIM_INFINITY else min(65536, hard)


def _tail(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")[-2000:]
