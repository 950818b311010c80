"""The trunk's side, over real SIP: how numbers are delivered, who is said to call, how keys travel, early ends.

Each caller is a SIP address of its own, with sound, and an endpoint with the settings that are under test. Time goes as
it does. What comes of a call is held against the walker.
"""

import asyncio
from collections.abc import Mapping, Sequence

import attrs
import pytest

from dialc.call import Happens, presses
from dialc.live.asterisk import Install
from dialc.live.caller import Do
from dialc.live.phones import Answer, Behaviour, Refuse, Ring
from dialc.plan import Outcome
from tests.live.scene import LATE, Case, Judged, Running, Scene, paced, running, settled, warsaw
from tests.live.test_clinic import answers, leaves
from tests.live.trunk import By, Caller, Keys, Shows, addresses, endpoint

PLAN = """\
plan amt "Amt"
timezone Europe/Berlin
country DE
language de
callback to DE mobile

callers vip { "0171 1234567", prefix "+44 20" }
digits customers { 1001, 22 }
hours office { mon-fri 08:00-18:00 }

line "+49 30 901820 11" -> main
line "+49 30 901820 12" -> asked
line "+49 30 901820 13" -> ring_me
line "+49 30 901820 20" to "+49 30 901820 29" -> staff
line short 115 -> known
line default -> lost

menu main {
  play choices
  key 1 "a customer" -> account
  key 2 "sales"      -> sales
  key 0 "the desk"   -> desk
  wait 3s  tries 2
}

collect account {
  play enter
  digits 1 to 4  ends with #
  wait 3s  tries 1
  accept customers -> known
  silence -> desk
  invalid -> desk
}

queue sales { play in_line  members 110  ring 5s  patience 15s  key 0 -> desk }

route asked {
  play welcome
  when caller in vip       -> known
  when caller withheld     -> unseen
  when caller prefix "+49" -> home
}

callback ring_me { then call_you  from sales  within office  at most 1 a day  no-number -> unseen }

extensions staff { 100-109  ring for 6s  busy -> desk }

ring known  { ring 131 for 5s }
ring unseen { ring 132 for 5s }
ring home   { ring 133 for 5s }
route lost  { play wrong -> desk }

operator desk { ring 130 for 5s  unanswered -> sorry }
route sorry   { play pardon  hang-up }

prompt choices  { file amt/choices   de "Kunden: eins. Verkauf: zwei. Zentrale: null."  lasts 3s  offers 1, 2, 0 }
prompt enter    { file amt/enter     de "Ihre Nummer bitte, dann Raute."  lasts 2s }
prompt in_line  { file amt/in-line   de "Bitte warten Sie. Zentrale: null."  lasts 2s  offers 0 }
prompt welcome  { file amt/welcome   de "Guten Tag."  lasts 1s }
prompt call_you { file amt/call-you  de "Wir rufen Sie an."  lasts 1s  goodbye }
prompt wrong    { file amt/wrong     de "Diese Nummer haben wir nicht."  lasts 1s }
prompt pardon   { file amt/pardon    de "Bitte verzeihen Sie."  lasts 1s  apology  goodbye }
"""

SITE = """\
site berlin for asterisk 22 {
  trunk trunk {
    delivers plus, e164, international, national  country DE
    withheld anonymous
    dial "PJSIP/{number}@trunk"  send e164  show "+49 30 901820 11"
  }
  phones 100-199 dial contacts
  outside via trunk
  sounds "amt"
  enter from-trunk
}
"""

PICKS_UP = Answer(after=0.5, hang_up=0.5)
PHONES: Mapping[str, Behaviour] = {
    **dict.fromkeys(("100", "101", "102", "103", "104"), PICKS_UP),
    "105": Answer(after=0.5),
    "106": Ring(),
    "107": Refuse(486),
    "110": Ring(),
    **dict.fromkeys(("130", "131", "132", "133"), PICKS_UP),
}
AMT = Scene(
    *("amt.dial", "berlin.site"),
    {number: [number] for number in PHONES},
    "trunk",
    {"amt.dial": PLAN, "berlin.site": SITE},
)

MAIN, ASKED, RING_ME = "+493090182011", "+493090182012", "+493090182013"
VIP, OTHER = "+491711234567", "+493012345678"

AT_DESK, AT_KNOWN, AT_UNSEEN, AT_HOME = (answers(phone, 1) for phone in ("130", "131", "132", "133"))
SILENCE, NO_NUMBER, BOOKED = (Happens(outcome) for outcome in (Outcome.SILENCE, Outcome.NO_NUMBER, Outcome.BOOKED))

ASKS, ENTERS, LISTENS, WAITS = (
    *(r"^BackGround\(amt/amt/choices\)", r"^Read\("),
    *(r"^WaitExten\(", r"^Queue\("),
)


@attrs.frozen
class Incoming:
    """A call from a trunk, and what comes of it.

    `delivered` is what the trunk calls, and `number` what that is; `who` is the caller for the walker. `trusted` and
    `dtmf` are the endpoint's `trust_id_inbound` and `dtmf_mode`. `holds` says when, in seconds after the answer, the
    network puts the PBX on hold, and when it comes back.
    """

    name: str
    delivered: str = MAIN
    number: str = MAIN
    script: tuple[Do, ...] = ()
    happens: tuple[Happens, ...] = ()
    who: str = VIP
    hangs_up: bool = False
    shows: Shows = Shows()
    keys: Keys = Keys()
    trusted: bool = False
    dtmf: str = "auto_info"
    holds: tuple[float, ...] = ()

    @property
    def case(self) -> Case:
        """The same as other live tests have it."""
        return Case(
            self.name, self.script, happens=self.happens, hangs_up=self.hangs_up, number=self.number, caller=self.who
        )

    @property
    def settings(self) -> Mapping[str, str]:
        """What the endpoint has to say."""
        return {"dtmf_mode": self.dtmf, "trust_id_inbound": "yes" if self.trusted else "no"}


# How numbers are delivered


def forms(number: str) -> Sequence[str]:
    """A German number, as a trunk can deliver it."""
    return number, number[1:], f"00{number[1:]}", f"0{number[3:]}", number[3:]


DELIVERED = (
    *(Incoming(f"a line by {user}", user, ASKED, happens=(AT_KNOWN,)) for user in forms(ASKED)),
    *(
        Incoming(f"a phone by {user}", user, f"+49309018202{n}", happens=(answers(f"10{n}", 1),))
        for n in range(5)
        for user in forms(f"+49309018202{n}")[n : n + 1]
    ),
    Incoming("a short number", "115", "115", happens=(AT_KNOWN,)),
    Incoming("what stands behind a number", f"{ASKED};npdi;rn=+4944", ASKED, happens=(AT_KNOWN,)),
    Incoming("an escaped plus", f"%2B{ASKED[1:]}", ASKED, happens=(AT_KNOWN,)),
    *(
        Incoming(f"{user} is no line", user, number, happens=(AT_DESK,))
        for user, number in (
            ("s", "unknown"),
            ("trunk-account", "unknown"),
            ("Sip4711", "unknown"),
            ("11", "11"),
            (ASKED[:-1], ASKED[:-1]),
            (f"{ASKED}0", f"{ASKED}0"),
            (f"{ASKED[3:]}9", f"{ASKED[3:]}9"),
            ("+43309018201", "+43309018201"),
        )
    ),
)

# Who is said to call


def shows(address: str, *headers: str) -> Shows:
    """From, with an address or a name and an address."""
    return Shows(address, headers)


ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>'
PRIVATE = "Privacy: id"


def asserted(number: str) -> str:
    """The identity that the network vouches for (RFC 3325)."""
    return f"P-Asserted-Identity: <sip:{number}@{{}}>"


def remote(number: str, privacy: str) -> str:
    """The same in its older form."""
    return f"Remote-Party-ID: <sip:{number}@{{}}>;party=calling;screen=yes;privacy={privacy}"


CALLERS = tuple(
    Incoming(name, ASKED, ASKED, happens=(there,), who=who, shows=shown, trusted=trusted)
    for name, trusted, shown, who, there in (
        *((f"From {user}", False, shows(f"<sip:{user}@{{}}>"), VIP, AT_KNOWN) for user in forms(VIP)),
        ("From abroad", False, shows("<sip:00442071234567@{}>"), "+442071234567", AT_KNOWN),
        ("From elsewhere abroad", False, shows("<sip:+33123456789@{}>"), "+33123456789", AT_DESK),
        ("From with a name", False, shows(f'"Zoë \\"Z\\" O\'Neil" <sip:{OTHER}@{{}}>'), OTHER, AT_HOME),
        ("a name that is a number", False, shows(f'"{VIP}" <sip:{OTHER}@{{}}>'), OTHER, AT_HOME),
        ("From with parameters", False, shows(f"<sip:{VIP};cpc=ordinary@{{}};user=phone>"), VIP, AT_KNOWN),
        ("anonymous", False, shows(ANONYMOUS, PRIVATE), "withheld", AT_UNSEEN),
        ("From without a number", False, shows("<sip:{}>"), "withheld", AT_UNSEEN),
        ("the number of a phone", False, shows("<sip:101@{}>"), "+101", AT_DESK),
        ("asserted, not trusted", False, shows(ANONYMOUS, asserted(VIP)), "withheld", AT_UNSEEN),
        ("another asserted, not trusted", False, shows(f"<sip:{OTHER}@{{}}>", asserted(VIP)), OTHER, AT_HOME),
        ("asserted", True, shows(ANONYMOUS, asserted(VIP)), VIP, AT_KNOWN),
        ("another asserted", True, shows(f"<sip:{OTHER}@{{}}>", asserted(VIP)), VIP, AT_KNOWN),
        ("asserted twice", True, shows(ANONYMOUS, asserted(VIP), f"P-Asserted-Identity: <tel:{VIP}>"), VIP, AT_KNOWN),
        ("asserted by telephone number", True, shows(ANONYMOUS, f"P-Asserted-Identity: <tel:{VIP}>"), VIP, AT_KNOWN),
        ("two in one header", True, shows(f"<sip:{OTHER}@{{}}>", f"{asserted(VIP)}, <tel:{VIP}>"), OTHER, AT_HOME),
        ("private, nothing asserted", True, shows(f"<sip:{VIP}@{{}}>", PRIVATE), VIP, AT_KNOWN),
        ("asserted and private", True, shows(ANONYMOUS, PRIVATE, asserted(VIP)), "withheld", AT_UNSEEN),
        (
            "shown, asserted and private",
            True,
            shows(f"<sip:{VIP}@{{}}>", PRIVATE, asserted(VIP)),
            "withheld",
            AT_UNSEEN,
        ),
        ("trusted and anonymous", True, shows(ANONYMOUS, PRIVATE), "withheld", AT_UNSEEN),
        ("trusted and nothing asserted", True, shows(f"<sip:{OTHER}@{{}}>"), OTHER, AT_HOME),
        ("remote party", True, shows(ANONYMOUS, remote(VIP, "off")), VIP, AT_KNOWN),
        ("remote party beside", True, shows(ANONYMOUS, remote(OTHER, "off"), asserted(VIP)), VIP, AT_KNOWN),
        ("private remote party", True, shows(ANONYMOUS, remote(VIP, "full")), "withheld", AT_UNSEEN),
        ("remote party, not trusted", False, shows(ANONYMOUS, remote(VIP, "off")), "withheld", AT_UNSEEN),
    )
)
BOOKINGS = tuple(
    Incoming(name, RING_ME, RING_ME, happens=happens, who=who, shows=shown, trusted=trusted)
    for name, trusted, shown, who, happens in (
        ("booked", False, shows("<sip:01761111111@{}>"), "+491761111111", (BOOKED,)),
        ("booked by the asserted", True, shows(ANONYMOUS, asserted("+491762222222")), "+491762222222", (BOOKED,)),
        ("not booked: anonymous", False, shows(ANONYMOUS, PRIVATE), "withheld", (NO_NUMBER, AT_UNSEEN)),
        (
            *("not booked: private", True, shows(ANONYMOUS, PRIVATE, asserted("+491763333333"))),
            *("withheld", (NO_NUMBER, AT_UNSEEN)),
        ),
        ("not booked: abroad", False, shows("<sip:+33123456789@{}>"), "+33123456789", (NO_NUMBER, AT_UNSEEN)),
    )
)

# Keys

WAYS: Mapping[str, tuple[str, Keys]] = {
    "RFC 4733": ("rfc4733", Keys()),
    "RFC 4733, as agreed": ("auto_info", Keys()),
    "INFO": ("auto_info", Keys("dtmf-relay", offered=False)),
    "INFO, the key alone": ("auto_info", Keys("dtmf", offered=False)),
    "INFO, where RFC 4733 was agreed": ("rfc4733", Keys("dtmf-relay")),
    "tones": ("inband", Keys("tones")),
    "tones, as agreed": ("auto", Keys("tones", offered=False)),
}
EVERYWHERE: tuple[By, ...] = ("rtp", "dtmf-relay", "dtmf")
"""What is heard whatever was agreed."""

ENTERED = (presses("1", 1), presses("2", 3), presses("2", 0), presses("#", 0), AT_KNOWN)
KEYS = (
    *(
        Incoming(
            f"into a prompt and digits by {name}",
            script=(Do("1", when=ASKS, after=1), Do("22#", when=ENTERS, after=3)),
            happens=ENTERED,
            keys=keys,
            dtmf=mode,
        )
        for name, (mode, keys) in WAYS.items()
    ),
    *(
        Incoming(
            f"in a queue by {name}",
            script=(Do("2", when=LISTENS, after=1), Do("0", when=WAITS, after=2)),
            happens=(presses("2", 4), presses("0", 4), AT_DESK),
            keys=keys,
            dtmf=mode,
        )
        for name, (mode, keys) in WAYS.items()
    ),
    *(
        Incoming(
            f"keys in quick succession by {name}",
            script=(Do("1", when=LISTENS, after=1), Do("1001#", when=ENTERS, after=1)),
            happens=(presses("1", 4), presses("1", 1), *(presses(key, 0) for key in "001#"), AT_KNOWN),
            keys=attrs.evolve(keys, held=0.04, gap=0.04),
            dtmf=mode,
        )
        for name, (mode, keys) in WAYS.items()
        if name in ("RFC 4733", "tones")
    ),
    *(
        Incoming(
            f"{by} where dtmf_mode is {mode}",
            script=(Do("0", when=ASKS, after=1),),
            happens=(presses("0", 1), AT_DESK),
            keys=Keys(by),
            dtmf=mode,
        )
        for mode in ("rfc4733", "info", "auto_info", "auto", "inband")
        for by in EVERYWHERE
    ),
    Incoming(
        "a key for a second counts as it is let go",
        script=(Do("0", when=ASKS, after=1),),
        happens=(presses("0", 2), AT_DESK),
        keys=Keys(held=1.0),
        dtmf="rfc4733",
    ),
    *(
        Incoming(
            f"tones that nobody listens for, where dtmf_mode is {mode}",
            script=(Do("0", when=ASKS, after=1),),
            happens=(SILENCE, SILENCE, AT_DESK),
            keys=Keys("tones"),
            dtmf=mode,
        )
        for mode in ("rfc4733", "info", "auto_info", "auto")
    ),
    Incoming(
        "on hold in a menu",
        script=(Do("0", when=LISTENS, after=1),),
        happens=(presses("0", 4), AT_DESK),
        holds=(1.0, 2.0),
    ),
)

# Who hangs up early

EARLY = (
    Incoming(
        "before the answer",
        *("+493090182026", "+493090182026"),
        script=(leaves(r"^DialBegin PJSIP/106", 2),),
        happens=(Happens(Outcome.NO_ANSWER),),
        hangs_up=True,
    ),
    Incoming(
        "before the answer, after another was busy",
        *("+493090182027", "+493090182027"),
        script=(leaves(r"^DialBegin PJSIP/130"),),
        happens=(Happens(Outcome.BUSY),),
        hangs_up=True,
    ),
    Incoming("in a prompt", script=(leaves(ASKS, 2),), happens=(), hangs_up=True),
    Incoming(
        "between two digits",
        script=(Do("1", when=LISTENS, after=1), Do("2", when=ENTERS, after=3), Do(hang_up=True, when=None, after=1)),
        happens=(presses("1", 4), presses("2", 3)),
        hangs_up=True,
    ),
    Incoming(
        "in a queue",
        script=(Do("2", when=LISTENS, after=1), leaves(WAITS, 2)),
        happens=(presses("2", 4),),
        hangs_up=True,
    ),
    Incoming(
        "in a conversation",
        *("+493090182025", "+493090182025"),
        script=(leaves(r"^BridgeEnter plan", 2),),
        happens=(answers("105", 1),),
        hangs_up=True,
    ),
)
CALLS = {call.name: call for call in (*DELIVERED, *CALLERS, *BOOKINGS, *KEYS, *EARLY)}
AT_ONCE = 12
"""Calls under way at once: each is fifty packets a second in either direction."""


async def _placed(stage: Running, call: Incoming, address: str, name: str) -> Judged:
    """One call from the trunk of an address, held against the walker."""
    async with Caller(stage.phones.pbx_port, address, call.shows, call.keys) as caller:
        watched = asyncio.create_task(stage.driver.incoming(f"PJSIP/{name}", 60, call.script, caller))
        await asyncio.sleep(0)  # until somebody watches
        caller.dial(call.delivered)
        for turn, pause in enumerate(call.holds):
            await caller.answered
            await asyncio.sleep(pause)
            caller.hold(turn % 2 == 0)
        await asyncio.wait_for(caller.over, 60)
        try:
            trace = await asyncio.wait_for(watched, 10)
        except TimeoutError:
            raise AssertionError(f"{call.name}: no plan was met, and the PBX has answered {caller.status}") from None
        assert [*caller.held.values()] == ["200 recvonly", "200 sendrecv"][: len(call.holds)]
        return stage.held(call.case, trace)


async def _all(install: Install, calls: Sequence[Incoming]) -> dict[str, Judged]:
    """All calls, some at once."""
    rows = [(call, address, f"in{n:03}") for n, (call, address) in enumerate(zip(calls, addresses(), strict=False))]
    endpoints = "".join(endpoint(name, address, "from-trunk", call.settings) for call, address, name in rows)
    async with running(install, AMT, start=warsaw("2026-11-24 11:00:00"), endpoints=endpoints) as stage:
        assert stage.pbx.warnings() == []
        for phone, behaviour in PHONES.items():
            stage.phones.script(phone, behaviour)
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(call: Incoming, address: str, name: str) -> Judged:
            async with gate:
                judged, behind = await paced(_placed(stage, call, address, name))
            late = bool(judged.differences) and behind > LATE
            return attrs.evolve(judged, late=judged.late or late)

        judged = await asyncio.gather(*(one(*row) for row in rows))
        return {one.case.name: one for one in judged}


def made(install: Install, calls: Sequence[Incoming]) -> dict[str, Judged]:
    """Every call, made once; those that were late again, by themselves."""
    known = {call.name: call for call in calls}

    async def settling() -> dict[str, Judged]:
        return await settled(await _all(install, calls), lambda case: _all(install, (known[case.name],)))

    return asyncio.run(settling())


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Judged]:
    """Every call, made once."""
    return made(install, tuple(CALLS.values()))


@pytest.mark.parametrize("name", CALLS)
def test_the_pbx_does_what_the_plan_says(calls: dict[str, Judged], name: str) -> None:
    assert calls[name].differences == (), str(calls[name])


def test_a_call_to_nobody_is_one_to_no_number(install: Install) -> None:
    """Asterisk 16 says that the address is not complete; later ones take it for `s`."""
    nobody = Incoming("nobody", "", "unknown", happens=(AT_DESK,))
    if install.version.startswith("16."):
        with pytest.raises(AssertionError, match="has answered 484"):
            made(install, (nobody,))
    else:
        judged = made(install, (nobody,))["nobody"]
        assert judged.differences == (), str(judged)


def test_every_call_has_a_name_of_its_own() -> None:
    assert len(CALLS) == len((*DELIVERED, *CALLERS, *BOOKINGS, *KEYS, *EARLY))
