"""Digits that callers enter, on a real Asterisk: sets, checks, and how long it listens for the next key."""

import asyncio

import pytest

from dialc.call import Happens, presses
from dialc.live.asterisk import Install
from dialc.live.caller import Do
from dialc.live.phones import Answer, Behaviour
from dialc.plan import Outcome
from tests.live.scene import Case, Judged, Scene, made, warsaw
from tests.live.test_clinic import SPEED, answers

PLAN = """\
plan bank "Bank"
timezone Europe/Warsaw  language en
line "+48 22 123 45 67" -> account

digits customers { 1001, 1002, 007 }
digits staff { 31415926535897932384626433832795 }

collect account {
  play welcome  play enter_number
  digits 3 to 4  wait 3s  tries 2
  accept customers   -> known
  accept check luhn  -> plausible
  accept check mod11 -> other
  silence -> farewell
  invalid -> long
}
collect long {
  play enter_long
  digits 1 to 32  ends with #
  wait 2s  tries 1
  accept staff       -> plausible
  accept check mod97 -> other
  accept any         -> taken
  silence -> known
  invalid -> farewell
}

ring known     { ring 101 for 10s }
ring plausible { ring 102 for 10s }
ring other     { ring 103 for 10s }
ring taken     { ring 104 for 10s }
operator reception { ring 100 for 10s  unanswered -> sorry }
route farewell { play bye -> reception }
route sorry { play pardon  hang-up }

prompt welcome { file bank/welcome  en "This is the bank."  lasts 2s }
prompt enter_number { file bank/enter  en "Enter your number."  lasts 3s }
prompt enter_long { file bank/long  en "Enter the long number, and hash."  lasts 3s }
prompt bye { file bank/bye  en "One moment."  lasts 2s }
prompt pardon { file bank/pardon  en "We are sorry. Goodbye."  lasts 2s  apology  goodbye }
"""

SITE = """\
site bank for asterisk 22 {
  trunk trunk { delivers plus  dial "PJSIP/{number}@trunk" }
  phones 100-149 dial contacts
  outside via trunk
  sounds "bank-en"
  enter from-trunk
}
"""

BANK = Scene(
    *("bank.dial", "bank.site"),
    {number: [number] for number in ("100", "101", "102", "103", "104")},
    "trunk",
    texts={"bank.dial": PLAN, "bank.site": SITE},
)

ACCOUNT, LONG = r"^Read\(DIALC_ENTERED,bank-en/bank/welcome", r"^Read\(DIALC_ENTERED,bank-en/bank/long"
SILENCE = Happens(Outcome.SILENCE)
PHONES: dict[str, tuple[Behaviour, ...]] = {n: (Answer(after=1, hang_up=2),) for n in BANK.telephones}
RECEPTION, KNOWN, PLAUSIBLE, OTHER, TAKEN = (answers(number, 1) for number in BANK.telephones)


def enters(keys: str, first: int, *gaps: int, when: str = ACCOUNT) -> tuple[Do, ...]:
    """The caller presses keys, the first so many seconds into the prompts and each further one after a pause."""
    pauses = (*gaps, *(1,) * len(keys))
    return (
        Do(keys[0], when=when, after=first),
        *(Do(key, when=None, after=pause) for key, pause in zip(keys[1:], pauses, strict=False)),
    )


def entered(keys: str, first: int, *gaps: int) -> tuple[Happens, ...]:
    """The same for the walker."""
    pauses = (*gaps, *(1,) * len(keys))
    return (presses(keys[0], first), *(presses(k, pause) for k, pause in zip(keys[1:], pauses, strict=False)))


def case(name: str, *tries: tuple[str, int, tuple[int, ...], str] | None, then: tuple[Happens, ...]) -> Case:
    """A call in which some keys are pressed in each try, with pauses between them, or none."""
    script: list[Do] = []
    happens: list[Happens] = []
    for each in tries:
        if each is None:
            script.append(Do("", when=r"^Read\("))
            happens.append(SILENCE)
        else:
            keys, first, gaps, when = each
            script += enters(keys, first, *gaps, when=when)
            happens += entered(keys, first, *gaps)
            if len(keys) < (4 if when == ACCOUNT else 33) and not keys.endswith("#"):
                happens.append(SILENCE)
    return Case(name, tuple(script), PHONES, (*happens, *then))


WRONG = ("#", 1, (), ACCOUNT)

CASES = [
    case("a customer", ("1001", 6, (), ACCOUNT), then=(KNOWN,)),
    case("a key in the first prompt, then slowly", ("1002", 1, (2, 2, 2), ACCOUNT), then=(KNOWN,)),
    case("a key in the second prompt", ("1002", 4, (0, 0, 0), ACCOUNT), then=(KNOWN,)),
    case("a shorter number, and the wait", ("007", 2, (), ACCOUNT), then=(KNOWN,)),
    case("a shorter number, and hash", ("007#", 2, (), ACCOUNT), then=(KNOWN,)),
    case("luhn", ("0018", 5, (), ACCOUNT), then=(PLAUSIBLE,)),
    case("luhn, three digits", ("059#", 5, (), ACCOUNT), then=(PLAUSIBLE,)),
    case("mod11", ("0116", 5, (), ACCOUNT), then=(OTHER,)),
    case("neither check, then a customer", ("1234", 5, (), ACCOUNT), ("1001", 5, (), ACCOUNT), then=(KNOWN,)),
    case("silence, then a customer", None, ("1001", 2, (), ACCOUNT), then=(KNOWN,)),
    case("silence throughout", None, None, then=(RECEPTION,)),
    case("too few digits, then silence", ("12", 3, (2,), ACCOUNT), None, then=(RECEPTION,)),
    case("a star among the digits, twice", ("10*1", 5, (), ACCOUNT), ("*", 5, (), ACCOUNT), None, then=(KNOWN,)),
    case("any, with hash", WRONG, WRONG, ("5#", 1, (), LONG), then=(TAKEN,)),
    case("any, with a wait", WRONG, WRONG, ("54322", 1, (1, 1, 1, 1), LONG), then=(TAKEN,)),
    case("mod97", WRONG, WRONG, ("98#", 4, (), LONG), then=(OTHER,)),
    case("mod97 of 30 digits", WRONG, WRONG, ("000000000000000000000000000195#", 1, (), LONG), then=(OTHER,)),
    case("32 digits and hash", WRONG, WRONG, ("31415926535897932384626433832795#", 1, (), LONG),
         then=(PLAUSIBLE,)),
    case("33 digits", WRONG, WRONG, ("314159265358979323846264338327950", 1, (), LONG), then=(RECEPTION,)),
    case("hash alone", WRONG, WRONG, ("#", 1, (), LONG), then=(RECEPTION,)),
    case("nothing", WRONG, WRONG, None, then=(KNOWN,)),
]  # fmt: skip


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Judged]:
    """Every call, made once, all at the same time."""
    return asyncio.run(made(install, BANK, CASES, start=warsaw("2026-11-24 11:00:00"), speed=SPEED))


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_the_pbx_does_what_the_plan_says(calls: dict[str, Judged], name: str) -> None:
    assert calls[name].differences == (), str(calls[name])


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_what_was_entered_is_forgotten(calls: dict[str, Judged], name: str) -> None:
    assert not {"1001", "1002", "31415926535897932384626433832795"} & set(calls[name].journey.split())
