"""A restart of a real Asterisk: switches, booked call-backs and signed-in agents are as they were.

Stopped as it should be, and killed as by a power cut; what the PBX has to keep lies in its database and its spool.
"""

import asyncio
from collections.abc import Sequence
from typing import Literal

import attrs
import pytest

from dialc.call import Happens, Turned, presses
from dialc.live.asterisk import Install
from dialc.live.caller import Driver
from dialc.live.phones import Answer
from dialc.plan import Outcome, Position
from tests.live.scene import Case, Judged, Scene, running, steadily, warsaw
from tests.live.test_clinic import key, leaves

SPEED = 6
"""Seconds of the PBX in a real one."""

PLAN = """
plan bakery "Bakery"
timezone Europe/Warsaw
language en
callback to PL fixed, PL mobile

hours office { mon-fri 08:00-16:00  switch day_night }
switch day_night { code *28  starts auto  back to auto at 03:00 }
switch outage    { code *29  starts off }

line "+48 22 765 43 21" -> start

route start { when switch outage on -> trouble  otherwise -> by_hours }
route trouble { answer  play oven  -> by_hours }
route by_hours { when office open -> main  otherwise -> night }

menu main {
  play choices
  key 1 "call back" -> ring_me
  key 2 "orders"    -> orders
  key 0 "counter"   -> counter
  wait 2s  tries 1
}

queue orders {
  play in_line
  members sign in with *31 out with *32 among 51-52
  ring 5s
  patience 10s
  key 0 -> counter
}

callback ring_me { then call_you  from orders  within office  at most 1 a day }

operator counter {
  ring 10 for 10s
  unanswered -> sorry
}

route night { play closed_now  -> message }
route sorry { play pardon  hang-up }

mailbox message {
  box 100  while closed office  greeting speak  then thanks
  read by counter within 1 working day
  nothing-left -> sorry
  failed       -> sorry
}

prompt oven       { file bakery/oven      en "The oven is out of order today."  lasts 2s }
prompt choices    { file bakery/choices   en "Call back: one. Orders: two. Counter: zero."  lasts 2s  offers 1, 2, 0 }
prompt in_line    { file bakery/in-line   en "Please hold. Counter: zero."  lasts 2s  offers 0 }
prompt call_you   { file bakery/call-you  en "We shall call you."  lasts 2s  goodbye }
prompt closed_now { file bakery/closed    en "We are closed now."  lasts 2s  says closed office }
prompt speak      { file bakery/speak     en "Please leave a message."  lasts 2s }
prompt thanks     { file bakery/thanks    en "Thank you. Goodbye."  lasts 2s  goodbye }
prompt pardon     { file bakery/pardon    en "We are sorry. Goodbye."  lasts 2s  apology  goodbye }
"""

SITE = """
site yard for asterisk 22 {
  trunk trunk {
    delivers plus, e164, international, national  country PL
    dial "PJSIP/{number}@trunk"  send e164  show "+48 22 765 43 21"
  }
  phones 10-99  dial contacts  state "PJSIP/{number}"
  mailboxes context bakery emitted { box 100 pin 4711 "Bakery" }
  sounds "bakery-en"
  enter from-trunk
  codes internal tests-phones
}
"""

BAKERY = Scene(
    "bakery.dial",
    "yard.site",
    {number: [number] for number in ("10", "51", "52")},
    "trunk",
    {"bakery.dial": PLAN, "yard.site": SITE},
)

CUSTOMER = "+48600111222"
AGENT = Happens(Outcome.ANSWERED, who="agent")
ON, CLOSED = Turned("outage", Position.ON), Turned("day_night", Position.CLOSED)

BOOKS = Case("books", (key("1"),), {}, (presses("1"), Happens(Outcome.BOOKED)), caller=CUSTOMER)
ORDERS = Case("orders", (key("2"),), {}, (presses("2"), AGENT), caller="+48600111333", turned=(ON,))
AT_NIGHT = Case(
    "night",
    (leaves(r"^Playback\(bakery-en/bakery/closed", 1.5),),
    caller="+48600111333",
    turned=(ON, CLOSED),
    hangs_up=True,
)

SYNCED = 10
"""Seconds of the PBX in which its database is on the disk for certain: it is written once a second."""


@attrs.frozen
class Kept:
    """What was seen before and after restarts."""

    calls: Sequence[Judged]
    lamps: Sequence[str]
    rung: Sequence[str]
    journey: str
    warnings: Sequence[str]


async def lived(install: Install, how: Literal["restart", "crash"]) -> Kept:
    """A caller books, an agent signs in, a switch is turned; the PBX ends and starts; and once more."""
    judged, lamps = [], []
    async with running(install, BAKERY, start=warsaw("2026-11-23 10:00:00"), speed=SPEED, movable=True) as scene:
        scene.phones.script("52", Answer(after=1, hang_up=8))
        scene.phones.script(CUSTOMER[1:], Answer(after=2))

        async def calls(case: Case) -> None:
            async with Driver(scene.pbx) as driver:
                judged.append(await attrs.evolve(scene, driver=driver).judge(case))

        async def ends_and_starts() -> None:
            await asyncio.sleep(SYNCED / SPEED)
            await (scene.pbx.restart() if how == "restart" else scene.pbx.crash())
            for code in ("*28", "*29"):
                shown = await scene.pbx.cli(f"core show hint {code}")
                lamps.append(
                    next(line.split("State:")[1].split()[0] for line in shown.splitlines() if "State:" in line)
                )

        await calls(BOOKS)
        assert await scene.phones.dial("52", "*31") == 200
        assert await scene.phones.dial("10", "*29") == 200
        await ends_and_starts()
        await calls(ORDERS)
        await scene.pbx.later(60)
        await scene.phones.until(CUSTOMER[1:], "BYE")
        assert await scene.phones.dial("10", "*28") == 200
        await ends_and_starts()
        await calls(AT_NIGHT)
        await scene.pbx.later(60)
        rung = [seen.phone for seen in scene.phones.seen if seen.what == "INVITE"]
        (journey,) = {journey for journey in scene.journeys() if "ring_me=placed" in journey}
        return Kept(judged, lamps, rung, journey, scene.pbx.warnings())


@pytest.mark.parametrize("how", ["restart", "crash"])
def test_what_survives(install: Install, how: Literal["restart", "crash"]) -> None:
    """The caller who booked is rung once, by an agent who signed in before; switches stand where they stood."""

    def check(kept: Kept) -> None:
        assert [call.differences for call in kept.calls] == [()] * 3, "\n".join(map(str, kept.calls))
        assert kept.lamps == ["Idle", "InUse", "InUse", "InUse"]
        assert kept.rung == ["52", "52", CUSTOMER[1:]]
        told = [point.partition(":")[2] for point in kept.journey.split()[1:]]
        assert told == ["ring_me=placed", "orders", "orders=answered/52", "ring_me=reached", "over"]
        assert kept.warnings == []

    check(steadily(lambda: lived(install, how), check))
