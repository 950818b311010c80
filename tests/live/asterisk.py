"""A private Asterisk: one ordinary process on loopback, with configuration made of the texts a test gives.

In: the folder that `provision.sh` made, configuration texts, lengths of sound files, a clock. Out: a running server with a
manager session, its log, its call records, its command line.

Everything the server reads and writes lies in one short-lived folder; it is started through the provisioned wrapper, so no
package, user or file of the machine is touched. The clock is libfaketime's: it can start at any instant, run faster than
real time and be moved while calls are up. Event times in the log and over the manager interface are in that clock.
"""

from __future__ import annotations

import asyncio
import csv
import ctypes
import datetime
import io
import os
import re
import resource
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import attrs

from tests.live.ami import Manager

FRAME = 0.02
"""Seconds of the shortest sound a channel can play: one 20 ms frame."""

_SAMPLES = 8000
_BYTES_PER_SAMPLE = 2

_MODULES = """
pbx_config app_dial app_queue app_voicemail app_playback app_read app_stack app_exec app_verbose app_userevent
app_senddtmf app_echo app_cdr app_while app_if app_db app_softhangup app_chanisavail
cdr_custom cdr_manager res_cdrel_custom
func_callerid func_cdr func_channel func_cut func_db func_devstate func_dialgroup func_dialplan func_env func_export
func_extstate func_global func_groupcount func_hangupcause func_logic func_math func_md5 func_rand func_sprintf
func_strings func_timeout func_uri func_version func_vmcount
bridge_simple bridge_holding bridge_builtin_features bridge_builtin_interval_features bridge_softmix bridge_native_rtp
format_sln format_pcm format_gsm format_wav
codec_ulaw codec_alaw codec_gsm codec_a_mu codec_resample
res_musiconhold res_timing_timerfd
""".split()

_SIP_MODULES = """
res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject res_rtp_asterisk res_pjsip res_pjsip_session
res_pjsip_sdp_rtp res_pjsip_caller_id res_pjsip_dtmf_info res_pjsip_empty_info res_pjsip_dlg_options res_pjsip_diversion
res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user res_pjsip_registrar res_pjsip_header_funcs
res_pjsip_pubsub res_pjsip_rfc3326 res_pjsip_refer chan_pjsip
func_pjsip_aor func_pjsip_contact func_pjsip_endpoint
""".split()

_SPOKEN = (
    "beep beeperr silence/1 auth-thankyou invalid option-is-invalid pbx-invalid pbx-transfer conf-adminmenu "
    "vm-intro vm-theperson vm-isunavail vm-isonphone vm-goodbye vm-login vm-password vm-rec-temp vm-mailboxfull vm-review "
    "vm-msgsaved vm-tooshort vm-nobodyavail vm-incorrect-mailbox vm-youhave vm-no vm-messages vm-incorrect vm-options "
    "vm-helpexit vm-opts vm-INBOX vm-toenternumber vm-msginstruct vm-saveoper vm-deleted "
    "queue-thankyou queue-youarenext queue-thereare queue-callswaiting queue-holdtime queue-minutes queue-minute "
    "queue-seconds queue-less-than queue-reporthold queue-periodic-announce queue-quantity1 queue-quantity2 "
    "digits/and digits/oclock"
).split()
_SPOKEN += [f"digits/{n}" for n in (*range(21), *range(30, 100, 10), "hundred", "thousand")]
"""The sounds Asterisk's own applications play; a missing one is a warning in the log and a status of FAILED."""

_CALL_RECORD = (
    "start answer end src dst dcontext clid channel dstchannel lastapp lastdata duration billsec disposition "
    "amaflags accountcode uniqueid linkedid userfield sequence"
).split()
"""The fields every call record has in Asterisk (`cdr.conf`'s standard variables)."""

_SOCKET_PATH = 107
"""Bytes a Unix socket's path may have on Linux (`sun_path`, less the closing zero)."""


class NotStarted(Exception):
    """Asterisk ended, or did not boot in time; the text is what it printed."""


@attrs.frozen
class Install:
    """A provisioned Asterisk: what `provision.sh` wrote into its `env` file."""

    folder: Path
    asterisk: Path
    modules: Path
    share: Path
    faketime: Path
    sipp: Path
    version: str

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


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port of 127.0.0.1 that nothing uses at this moment."""
    with socket.socket(socket.AF_INET, kind) as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


class Asterisk:
    """One private server: `async with Asterisk(install, extensions=...) as pbx`.

    `extensions`, `queues`, `voicemail`, `pjsip`, `musiconhold` are texts of the files of these names; `queues` and
    `voicemail` may begin with their own `[general]`, else a plain one is put before them. `files` adds or replaces any file
    of the configuration folder. `sounds` maps a sound's name to its length in seconds; the files are silent. `record` adds
    fields to the call records, name to expression, beside Asterisk's standard ones. `start` is the instant the server's
    clock shows when it starts (with a zone; None: the real time), `speed` how many seconds pass there in one real second.
    With `movable` the clock can be moved while the server runs, at the cost of slower clock calls.
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
        self.sip_port = free_port(socket.SOCK_DGRAM)
        self._texts = {
            "extensions.conf": _with_general(extensions, "static = yes\nwriteprotect = yes\nclearglobalvars = yes\n"),
            "queues.conf": _with_general(queues, "persistentmembers = no\nautofill = yes\n"),
            "voicemail.conf": _with_general(
                voicemail, "format = sln\nminsecs = 1\nmaxsecs = 60\nsendvoicemail = no\npollmailboxes = no\n"
            ),
            "pjsip.conf": pjsip,
            "musiconhold.conf": musiconhold,
        }
        self._files = dict(files or {})
        self._sounds = dict.fromkeys(_SPOKEN, FRAME) | {_CALLER_SOUND: FRAME} | dict(sounds or {})
        self._record = {name: f"${{CDR({name})}}" for name in _CALL_RECORD} | dict(record or {})
        self._wanted = [*(_SIP_MODULES if pjsip else ()), *_MODULES, *modules]
        self._start, self._movable = start, movable
        self._fakes = start is not None or speed != 1.0 or movable
        self._port, self._secret = free_port(), secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._manager: Manager | None = None
        self._folder: Path | None = None
        self._records_read = 0
        self._records: list[dict[str, str]] = []

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
            if self._process.poll() is None:
                self._process.kill()
            await asyncio.to_thread(self._process.wait)
            self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder)
            self._folder = None

    async def _boot(self, seconds: float = 30.0) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="dialc"))
        if len(os.fsencode(self._folder / "run" / "asterisk.ctl")) > _SOCKET_PATH:
            raise NotStarted(f"{self._folder} is too long for a Unix socket: set TMPDIR to a shorter folder")
        self._write_configuration()
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment["TZ"] = "UTC"  # a plan names its zones; the machine's must not help it
        if self._fakes:
            environment |= {
                "AST_PRELOAD": str(self.install.faketime),
                "FAKETIME_TIMESTAMP_FILE": str(self._folder / "clock"),
                "FAKETIME_NO_CACHE": "1" if self._movable else "0",
                "FAKETIME_DONT_RESET": "1",
            }
            self._set_clock()
        printed = self._folder / "log" / "printed"
        with printed.open("wb") as out:
            self._process = subprocess.Popen(
                [self.install.asterisk, "-f", "-n", "-C", self._folder / "etc" / "asterisk.conf"],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=environment,
                start_new_session=True,
                preexec_fn=_prepare_process(),
            )
        deadline = time.monotonic() + seconds
        while True:
            if self._process.poll() is not None:
                raise NotStarted(f"status {self._process.returncode}: {_tail(printed)}")
            if time.monotonic() > deadline:
                raise NotStarted(f"not booted after {seconds:g} s: {_tail(printed)}")
            try:
                self._manager = await Manager.connect(self._port, _MANAGER_NAME, self._secret)
            except OSError:
                await asyncio.sleep(0.01)
            else:
                await self._manager.booted(seconds)
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

    def records(self) -> list[dict[str, str]]:
        """The call records written so far, in the order they were written; each has Asterisk's fields and `record`'s."""
        path = self.folder / "log" / "cdr-custom" / _RECORDS
        if path.exists():
            raw = path.read_bytes()
            whole = raw[: raw.rfind(b"\n") + 1]
            new = whole[self._records_read :].decode("utf-8", "replace")
            self._records_read = len(whole)
            self._records += [dict(zip(self._record, row, strict=True)) for row in csv.reader(io.StringIO(new))]
        return self._records

    async def now(self) -> float:
        """The server's clock: seconds since the epoch."""
        answer = await self.manager.action("Getvar", Variable="EPOCH")
        return float(answer["Value"])

    # Files

    def _write_configuration(self) -> None:
        folder = self.folder
        for name in ("etc", "lib", "data/sounds/en", "data/moh", "spool/voicemail", "run", "log", "agi", "keys", "cache"):
            (folder / name).mkdir(parents=True)
        # Most modules refuse a configuration they have no documentation for.
        (folder / "data" / "documentation").symlink_to(self.install.share / "documentation")
        for name, seconds in self._sounds.items():
            self.add_sound(name, seconds)
        missing = [name for name in self._wanted if not (self.install.modules / f"{name}.so").exists()]
        if missing:
            raise NotStarted(f"{self.install.folder} lacks the modules {', '.join(missing)}")
        texts = (
            self._own_texts()
            | dict.fromkeys(_EMPTY, "[general]\n")
            | {name: "" for name in _BLANK}
            | self._texts
            | self._files
        )
        for name, text in texts.items():
            path = folder / "etc" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def add_sound(self, name: str, seconds: float) -> None:
        """A silent sound file of that length (at least one frame), in signed linear: no channel has to transcode it."""
        path = self.folder / "data" / "sounds" / "en" / f"{name}.sln"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(_BYTES_PER_SAMPLE * round(_SAMPLES * max(seconds, FRAME))))

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
        record = ",".join(f"${{CSV_QUOTE({expression})}}" for expression in self._record.values())
        return {
            "asterisk.conf": "[directories]\n"
            + "".join(f"{name} => {path}\n" for name, path in directories.items())
            + "[options]\nnocolor = yes\nhideconnect = yes\ndocumentation_language = en_US\nmindtmfduration = 1\n"
            + f"live_dangerously = no\nmaxfiles = {_open_files()}\n",
            "modules.conf": "[modules]\nautoload = no\n" + "".join(f"load = {name}.so\n" for name in self._wanted),
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
write = system,call,command,originate,config,reporting,agent
writetimeout = 30000
eventfilter = !Event: (RTCP.*|{"|".join(_UNUSED_EVENTS)})
""",
            "cdr.conf": "[general]\nenable = yes\n",
            "cdr_custom.conf": f"[mappings]\n{_RECORDS} => {record}\n",
            "cdr_manager.conf": "[general]\nenabled = no\n",
            "rtp.conf": "[general]\nrtpstart = 20000\nrtpend = 29999\nicesupport = no\nstrictrtp = no\n",
            "indications.conf": "[general]\ncountry = us\n[us]\ndescription = us\nringcadence = 2000,4000\ndial = 350+440\n"
            "busy = 480+620/500,0/500\nring = 440+480/2000,0/4000\ncongestion = 480+620/250,0/250\n",
            "dsp.conf": "[default]\n",
        }

    # The clock

    def _set_clock(self) -> None:
        at = "+0" if self._start is None else self._start.astimezone(datetime.UTC).strftime("@%Y-%m-%d %H:%M:%S")
        (self.folder / "clock").write_text(f"{at} x{self.speed:g}\n", encoding="ascii")


_MANAGER_NAME = "tests"
_RECORDS = "calls.csv"
_CALLER_SOUND = "caller-frame"

_EMPTY = ("features.conf", "ccss.conf", "udptl.conf", "http.conf", "cel.conf")
_BLANK = (
    "acl.conf stasis.conf codecs.conf pjproject.conf sorcery.conf cli.conf cli_permissions.conf dnsmgr.conf enum.conf "
    "hep.conf queuerules.conf"
).split()

_UNUSED_EVENTS = (
    "NewCallerid NewConnectedLine Newstate LocalBridge LocalOptimization.* MusicOnHold.* DeviceStateChange ExtensionStatus "
    "BridgeCreate BridgeDestroy NewAccountCode QueueMemberStatus DTMFBegin"
).split()
"""Events no trace holds; unfiltered they are half of the traffic."""


def _with_general(text: str, general: str) -> str:
    has_one = re.search(r"^\[general\]", text, re.MULTILINE) is not None
    return text if has_one else f"[general]\n{general}\n{text}"


def _open_files() -> int:
    """How many files the server may have open: about ten a call."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return 65536 if hard == resource.RLIM_INFINITY else min(65536, hard)


def _prepare_process() -> Callable[[], None]:
    """What the new process does to itself before it becomes Asterisk."""
    libc = ctypes.CDLL(None, use_errno=True)
    files, hard = _open_files(), resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    set_parent_death_signal = 1

    def prepare() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
        # A test run that is killed must not leave a server behind.
        libc.prctl(set_parent_death_signal, signal.SIGKILL)

    return prepare


def _tail(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")[-2000:]
