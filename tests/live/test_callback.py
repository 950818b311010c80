"""Call-backs on a real Asterisk: booked, promised, kept over night and over a restart, and placed once."""

import asyncio
import csv
import datetime
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Self

import attrs
import pytest

import dialc
from dialc import call
from dialc.call import Happens, presses
from dialc.live import observe
from dialc.live.asterisk import Asterisk, Install
from dialc.live.caller import Do, Driver
from dialc.live.phones import Answer, Phones, Refuse, Ring, Seen
from dialc.live.trace import Trace
from dialc.plan import Outcome, Plan
from dialc.source import Source
from tests.live.scene import CALLING_BACK, WARSAW, steadily, warsaw

PLAN = """\
plan shop "Shop"
timezone Europe/Warsaw
language pl
callback to PL fixed, PL mobile

hours office { mon-fri 08:00-16:00 }

line "+48 22 123 45 67" -> main

menu main { play choices  key 1 -> ring_me  key 0 -> reception  wait 2s  tries 1 }
queue sales { members 201, 202  ring 5s  patience 10s }
callback ring_me { then call_you  from sales  within office  at most 1 a day }
operator reception { ring 100 for 10s  unanswered -> sorry }
route sorry { play apology  hang-up }

prompt choices  { file shop/choices   pl "Oddzwonimy: jeden."  lasts 2s  offers 1, 0 }
prompt call_you { file shop/call-you  pl "Oddzwonimy."         lasts 2s  goodbye }
prompt apology  { file shop/apology   pl "Przepraszamy."       lasts 2s  apology  goodbye }
"""
SITE = """\
site shop for asterisk 22 {
  trunk orange {
    delivers plus, e164, international, national  country PL
    dial "PJSIP/{number}@orange"  send e164  show "+48 22 123 45 67"
  }
  phones 100-299 dial contacts
  enter from-orange
}
"""
LENGTHS = {"shop/choices": 2.0, "shop/call-you": 2.0, "shop/apology": 2.0}
LINE = "+48221234567"
SPEED = 6

WITHHELD = """
[from-withheld]
exten => _[+]X.,1,Set(CALLERID(num-pres)=prohib_passed_screen)
 same => n,Goto(from-orange,${EXTEN},1)
"""
"""Where calls arrive whose number comes along and must not be shown."""

ASKS = (Do("1", when=r"^WaitExten\("),)
BOOKED = (presses("1"), Happens(Outcome.BOOKED))
NO_NUMBER = (presses("1"), Happens(Outcome.NO_NUMBER), Happens(Outcome.ANSWERED, 1, who="100"))


def number(n: int) -> str:
    """A mobile number that calls, in full."""
    return f"+4860100000{n}"


@attrs.frozen
class Shop:
    """The plan on a running server, its telephones, and everything that was seen."""

    pbx: Asterisk
    phones: Phones
    driver: Driver
    plan: Plan
    site: dialc.Site

    @classmethod
    async def running(
        cls, install: Install, start: datetime.datetime, lived: Callable[[Self], Awaitable[None]]
    ) -> Sequence[Mapping[str, str]]:
        """Let something happen in the shop from an instant on; the call records that it leaves."""
        site, findings = dialc.read_site(Source("shop.site", SITE))
        assert site is not None, findings
        compiled = dialc.compile(Source("shop.dial", PLAN), site)
        assert compiled.files, compiled.findings
        assert isinstance(compiled.verdict, dialc.Verified)
        async with Phones(speed=SPEED) as phones:
            pbx = Asterisk(
                install,
                extensions='[general]\nstatic = yes\n\n#include "dialc-shop.extensions.conf"\n' + WITHHELD,
                queues='[general]\npersistentmembers = no\n\n#include "dialc-shop.queues.conf"\n',
                pjsip=phones.pjsip(
                    {each: [each] for each in ("100", "201", "202")}, trunks=["orange"], incoming="from-orange"
                ),
                files=dict(compiled.files) | {"cdr.conf": "[general]\nunanswered = yes\n"},
                sounds=LENGTHS,
                record={"journey": "${CDR(journey)}"},
                modules=CALLING_BACK,
                start=start,
                speed=SPEED,
                movable=True,
            )
            async with pbx, Driver(pbx) as driver:
                phones.clock = pbx.clock
                phones.script("100", Answer(after=1, hang_up=1))
                assert pbx.warnings() == []
                await lived(cls(pbx, phones, driver, compiled.verdict.plan, site))
                rows = (pbx.folder / "log" / "cdr-custom" / "calls.csv").read_text(encoding="utf-8")
                return [{"channel": row[7], "journey": row[-1]} for row in csv.reader(rows.splitlines())]

    async def asks(self, shown: str, context: str = "from-orange") -> Trace:
        """Somebody with that number calls and asks to be called back."""
        return await self.driver.call(context, LINE, ASKS, caller=shown, name="x")

    def differences(self, trace: Trace, happens: Sequence[Happens]) -> list[str]:
        """Where the PBX, the walker and the record differ about a call."""
        began = datetime.datetime.fromtimestamp(int(trace.began), WARSAW)
        events = call.walk(self.plan, call.Call(LINE, began, tuple(happens)))
        slack = observe.SECONDS + trace.lag + 0.05 * SPEED
        journey = next((row["journey"] for row in reversed(trace.records) if row["journey"]), "")
        return [
            *observe.differences(
                observe.expected(self.plan, events, self.site), observe.observed(trace, self.plan, LENGTHS), slack
            ),
            *observe.journeys(call.journey(self.plan, LINE, events), journey, slack),
        ]

    def seen(self, phone: str, shown: str = "") -> list[Seen]:
        """What a telephone saw and did, in calls that showed it that number."""
        return [each for each in self.phones.seen if each.phone == phone and shown in ("", each.caller)]


@pytest.fixture(scope="module")
def days(install: Install) -> dict[str, list[str]]:
    """A day in the shop and a night, at the same time; what was found of each, by what it is about."""

    def check(found: dict[str, list[str]]) -> None:
        assert found == WANTED

    return steadily(lambda: lived(install), check)


async def lived(install: Install) -> dict[str, list[str]]:
    """What was found of a day and a night."""
    found: dict[str, list[str]] = {}

    async def day(shop: Shop) -> None:
        shop.phones.script("202", Ring())
        shop.phones.script("201", Answer(after=1, hang_up=6))
        shop.phones.script(
            "201", Ring(), Ring(), Answer(after=1, hang_up=6), caller=number(2)
        )  # the first time in vain
        for customer, behaviour in ((1, Answer(after=2)), (2, Answer(after=1)), (3, Refuse(486))):
            shop.phones.script(number(customer)[1:], behaviour)
        booked = [await shop.asks(number(n)) for n in (1, 2, 3)]
        found["bookings"] = [line for trace in booked for line in shop.differences(trace, BOOKED)]
        found["booking causes"] = [str(trace.cause) for trace in booked]
        hostile = [await shop.asks(number(9), "from-withheld")]
        for first in range(0, len(HOSTILE), AT_ONCE):
            hostile += await asyncio.gather(*(shop.asks(shown) for shown in HOSTILE[first : first + AT_ONCE]))
        found["hostile"] = [line for trace in hostile for line in shop.differences(trace, NO_NUMBER)]
        await shop.pbx.later(60)
        rung = await shop.phones.until(number(1)[1:], "INVITE")
        member = shop.seen("201", number(1))
        found["order"] = [] if [each.what for each in member if each.at <= rung.at] == ["INVITE", "answered"] else ["?"]
        found["shown"] = [member[0].caller, member[0].name, rung.caller, rung.name]
        await shop.phones.until("201", "CANCEL", caller=number(2))
        again = await shop.asks(number(1))
        found["a day's bound"] = shop.differences(again, NO_NUMBER)
        await shop.pbx.later(60)
        await shop.phones.until(number(3)[1:], "486")
        found["spaced"] = [str(each) for each in shop.seen(number(2)[1:])]
        await shop.pbx.later(300)
        await shop.phones.until(number(2)[1:], "BYE")
        await shop.pbx.later(60)
        await shop.pbx.later(60)
        calls = [each.phone for each in shop.phones.seen if each.what == "INVITE"]
        found["once"] = [number(n) for n in (1, 2, 3) if calls.count(number(n)[1:]) != 1]
        outgoing = shop.pbx.folder / "spool" / "outgoing"
        found["left in the spool"] = [path.name for path in outgoing.iterdir() if path.is_file()]
        shown = await shop.pbx.cli("database show")
        found["left in AstDB"] = [line for line in shown.splitlines() if "/waiting/" in line or "/number/" in line]
        found["warnings"] = shop.pbx.warnings()

    async def night(shop: Shop) -> None:
        shop.phones.script("201", Answer(after=1, hang_up=6))
        shop.phones.script(number(4)[1:], Answer(after=1))
        trace = await shop.asks("601000004")
        found["a national number"] = shop.differences(trace, BOOKED)
        await shop.pbx.later(90)
        await shop.pbx.crash()
        await shop.pbx.later(3600)
        await shop.pbx.set_clock(warsaw("2026-11-24 07:57:00"))
        await shop.pbx.later(60)
        found["at night"] = [str(each) for each in shop.seen("201")]
        await shop.pbx.later(90)
        rung = await shop.phones.until("201", "INVITE", caller=number(4))
        found["after opening"] = [] if rung.at > warsaw("2026-11-24 08:00:00").timestamp() else [str(rung)]
        await shop.phones.until(number(4)[1:], "BYE")
        await asyncio.sleep(5 / SPEED)

    async def both() -> None:
        records = await asyncio.gather(
            Shop.running(install, warsaw("2026-11-23 10:00:00"), day),
            Shop.running(install, warsaw("2026-11-23 16:30:00"), night),
        )
        told = [row["journey"] for rows in records for row in rows if row["journey"].startswith("+48601")]
        found["journeys"] = sorted(" ".join(part.partition(":")[2] or part for part in each.split()) for each in told)
        found["ticks on record"] = [
            row["channel"] for rows in records for row in rows if "dialc-shop-callbacks" in row["channel"]
        ]

    await both()
    return found


AT_ONCE = 4
"""Callers at a time, few enough for a busy machine to answer each in time."""

HOSTILE = (
    "",
    "anonymous",
    "+48700123456",
    "+18765230123",
    "+4860100000",
    "+48601000001x",
    '601000001" | "1"="1',
    "601000001,1",
    "${CHANNEL}",
    "0" * 90,
)
"""Numbers at which nobody is called back: none, premium, another country, too short, and no numbers at all."""


_PLACED = "ring_me=placed sales sales="

WANTED: dict[str, list[str]] = {
    **{what: [] for what in ("bookings", "hostile", "order", "a day's bound", "spaced", "once", "a national number")},
    **{what: [] for what in ("at night", "after opening", "left in the spool", "left in AstDB", "ticks on record")},
    "warnings": [],
    "booking causes": ["16", "16", "16"],
    "shown": [number(1), "ring_me", LINE, ""],
    "journeys": [
        f"{number(1)} {_PLACED}answered/201 ring_me=reached over",
        f"{number(2)} {_PLACED}answered/201 ring_me=reached over",
        f"{number(2)} {_PLACED}unanswered ring_me=kept",
        f"{number(3)} {_PLACED}answered/201 ring_me=not-reached over",
        f"{number(4)} {_PLACED}answered/201 ring_me=reached over",
    ],
}
"""What should be found. The plan hangs up in the ordinary way (16); members see who is called back, and whoever is
called back sees the line.
"""


@pytest.mark.parametrize("what", WANTED)
def test_as_the_plan_says(days: dict[str, list[str]], what: str) -> None:
    assert days[what] == WANTED[what]
