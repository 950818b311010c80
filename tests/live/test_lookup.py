"""A lookup on a real Asterisk: what a service sends decides where callers go, and can do nothing else."""

import asyncio
import contextlib
import urllib.parse
from collections.abc import AsyncIterator

import attrs
import pytest

from dialc.call import Happens
from dialc.live.asterisk import Install
from dialc.live.phones import Answer
from dialc.plan import Outcome
from tests.live.scene import Case, Judged, Scene, running, settled, warsaw
from tests.live.test_clinic import answers, leaves

PLAN = """
plan shop "Shop"
timezone Europe/Warsaw
language en

line "+48 22 765 43 21" -> start

route start { answer -> customer }

lookup customer {
  ask crm for 2s
  answer vip   -> boss
  answer known -> sales
  failed       -> office
}

ring boss  { ring 11 for 5s }
ring sales { ring 12 for 5s }

operator office { ring 10 for 8s  unanswered -> sorry }

route sorry { play pardon  hang-up }

prompt pardon { file shop/pardon  en "We are sorry. Goodbye."  lasts 1s  apology  goodbye }
"""

SITE = """
site yard for asterisk 22 {
  trunk trunk { delivers plus  dial "PJSIP/{number}@trunk"  send plus }
  phones 10-99  dial contacts
  sounds "shop-en"
  enter from-trunk
  service crm "http://127.0.0.1:PORT/who?key=a%20b"
}
"""

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
HOSTILE = b'${SHELL(touch x)}"vip" | 1=1 ), x; $[1+1] \\ }'
EVENT = b"vip\r\n\r\nEvent: Hangup\r\nUniqueid: all\r\n\r\nvip"


@attrs.frozen
class Service:
    """A service that sends `sent` and then waits for `waits` seconds before it hangs up; None: it is not there."""

    sent: bytes | None
    waits: float = 0


VIP, KNOWN, FAILED = Service(OK + b"vip"), Service(OK + b"known\n"), Happens(Outcome.FAILED)
ANSWERED = (Answer(hang_up=0.2),)
PHONES = {"10": ANSWERED, "11": ANSWERED, "12": ANSWERED}
AT_BOSS, AT_SALES, AT_OFFICE = answers("11"), answers("12"), answers("10")

SERVICES = {
    "the right answer": (VIP, Happens(Outcome.REPLY, word="vip"), AT_BOSS),
    "another answer, with a line end": (KNOWN, Happens(Outcome.REPLY, word="known"), AT_SALES),
    "an answer that nobody declared": (Service(OK + b"gold"), FAILED, AT_OFFICE),
    "more than the answer": (Service(OK + b"vip vip"), FAILED, AT_OFFICE),
    "capital letters": (Service(OK + b"VIP"), FAILED, AT_OFFICE),
    "nothing": (Service(OK), FAILED, AT_OFFICE),
    "no HTTP": (Service(b"vip\n"), FAILED, AT_OFFICE),
    "a server error": (Service(b"HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\nvip"), FAILED, AT_OFFICE),
    "another address": (Service(b"HTTP/1.1 302 Found\r\nLocation: /vip\r\n\r\nvip"), FAILED, AT_OFFICE),
    "dialplan": (Service(OK + HOSTILE), FAILED, AT_OFFICE),
    "events of the manager interface": (Service(OK + EVENT), FAILED, AT_OFFICE),
    "ten megabytes": (Service(OK + b"vip" + b"x" * 10_000_000), FAILED, AT_OFFICE),
    "no connection": (Service(None), FAILED, AT_OFFICE),
    "no answer": (Service(b"", waits=30), Happens(Outcome.TIMEOUT), AT_OFFICE),
    "an answer without an end": (
        Service(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nvip", waits=30),
        Happens(Outcome.TIMEOUT),
        AT_OFFICE,
    ),
}

LEAVES = "the caller leaves meanwhile"
CASES = [
    *(Case(name, (), PHONES, (happens, then)) for name, (_, happens, then) in SERVICES.items()),
    Case(LEAVES, (leaves(r"^Set\(DIALC_ASKED", 1),), PHONES, (Happens(Outcome.TIMEOUT),), hangs_up=True),
]


class Web:
    """A web server that does what `service` says, and keeps what it was asked."""

    def __init__(self) -> None:
        self.service = Service(None)
        self.asked: list[str] = []
        self.port = 0

    @contextlib.asynccontextmanager
    async def up(self) -> AsyncIterator[None]:
        """While it listens."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            self.asked.append((await reader.readuntil(b"\r\n\r\n")).decode("ascii"))
            writer.write(self.service.sent or b"")
            await writer.drain()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reader.read(), self.service.waits)
        writer.close()


@attrs.frozen
class Made:
    """The calls that were made, what the service was asked, and the warnings of the PBX as it started."""

    calls: dict[str, Judged]
    asked: tuple[str, ...]
    warnings: tuple[str, ...]


@pytest.fixture(scope="module")
def made(install: Install) -> Made:
    """Every call, one after the other."""
    web = Web()
    warnings: list[str] = []

    async def each(cases: list[Case]) -> dict[str, Judged]:
        async with web.up():
            pass  # a port that is free, and at which nobody listens from here on
        site = SITE.replace("PORT", str(web.port))
        scene = Scene(
            "shop.dial", "yard.site", {n: [n] for n in PHONES}, "trunk", {"shop.dial": PLAN, "yard.site": site}
        )
        found = {}
        start = warsaw("2026-11-24 11:00:00")
        async with running(install, scene, start=start, modules=["res_curl", "func_curl"]) as up:
            warnings.extend(up.pbx.warnings())
            for case in cases:
                web.service = SERVICES[case.name][0] if case.name in SERVICES else Service(b"", waits=30)
                async with contextlib.AsyncExitStack() as stack:
                    if web.service.sent is not None:
                        await stack.enter_async_context(web.up())
                    found[case.name] = await up.paced(case)
        return found

    async def everything() -> Made:
        calls = await settled(await each(CASES), lambda case: each([case]))
        return Made(calls, tuple(web.asked), tuple(warnings))

    return asyncio.run(everything())


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_the_pbx_does_what_the_plan_says(made: Made, name: str) -> None:
    assert made.calls[name].differences == (), str(made.calls[name])


def test_the_pbx_starts_without_a_warning(made: Made) -> None:
    assert made.warnings == ()


def test_the_service_is_told_both_numbers(made: Made) -> None:
    for asked in made.asked:
        path = asked.split()[1]
        assert path.startswith("/who?key=a%20b&caller=")
        query = urllib.parse.parse_qs(path.partition("?")[2])
        assert query == {"key": ["a b"], "caller": ["+48600111222"], "called": ["+48227654321"]}
