"""Heard, not only logged: calls over SIP whose prompts, music, ringing and people are tones of their own.

What the caller was sent is held against the walker: what is heard in which order, where a key cuts it, how long it is
silent; and against rule C04, who waits for how long without a word. Time goes as it does.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

import attrs
import pytest

from dialc.call import Happens, Pressed, Queued, presses
from dialc.live import observe
from dialc.live.asterisk import Install
from dialc.live.phones import Answer, Refuse
from dialc.live.trace import Trace
from dialc.plan import Outcome, Queue
from dialc.timelines import gap
from tests.live import heard, tones
from tests.live.heard import EXACT, MUSIC, PAUSE, RINGING, WHOLE, waits
from tests.live.listening import Does, Listened, Listener
from tests.live.scene import STALL, Case, Judged, Running, Scene, paced, running, warsaw
from tests.live.test_clinic import answers
from tests.live.tones import Ear, Sound

PLAN = """
plan hall "Hall"
timezone Europe/Warsaw
language en

line "+48 22 765 43 20" -> main
line "+48 22 765 43 21" -> bell
line "+48 22 765 43 22" -> gate
line "+48 22 765 43 31" -> alone
line "+48 22 765 43 32" -> asked
line "+48 22 765 43 33" -> behind
line "+48 22 765 43 34" -> left
line "+48 22 765 43 35" -> served
line "+48 22 765 43 36" -> later

hours evening { mon-sun 18:00-20:00 }

route gate   { when evening open -> main  otherwise -> closed }
route closed { play closed_now -> message }

mailbox message { box 10  while closed evening  greeting speak  then thanks
                  read by office within 1 working day  nothing-left -> sorry  failed -> sorry }

menu main {
  play welcome
  play choices
  key 1 "account"   -> account
  key 2 "workshop"  -> workshop
  key 3 "elsewhere" -> elsewhere
  key 4 "assistant" -> assistant
  key 0 "office"    -> office
  wait 3s  tries 3
}

collect account { play number  digits 3 to 5  wait 3s  tries 2  accept any -> noted }
route noted { play received -> office }

ring bell     { ring 20 for 4s                       busy -> engaged  no-answer -> away }
ring workshop { ring 20, 21 in order for 5s each     busy -> engaged  no-answer -> away }
transfer elsewhere { to "+48 601 000 200" confirm for 12s }
bot assistant { phone 90  limit 20s  key 0 "a person" -> office }

queue alone  { play in_line  members 51, 61  in-order  ring 4s  patience 30s  announce position every 12s
               timeout -> away  key 0 -> office }
queue asked  { play in_line  members 52, 62  in-order  ring 4s  patience 14s
               timeout -> away  key 0 -> office }
queue behind { play in_line  members 53  ring 4s  patience 40s  announce position, wait every 12s
               timeout -> away  key 0 -> office }
queue left   { play in_line  members 54, 64  ring 4s  patience 14s  announce position every 12s
               timeout -> away  key 0 -> office }
queue later  { play in_line  members 56, 66  ring 4s  patience 14s  announce position every 12s
               timeout -> away  key 0 -> office }
queue served { play in_line  members 55, 65  in-order  ring 4s  patience 14s
               timeout -> away  key 0 -> office }

operator office default { play connecting  ring 10 for 6s  then play trying  ring 11 for 6s  unanswered -> sorry }

route engaged { play is_busy -> office }
route away    { play is_away -> office }
route sorry   { play pardon  hang-up }

prompt welcome { file hall/welcome  en "Good morning."  lasts 2s }
prompt choices { file hall/choices  en "Account: one. Workshop: two. Elsewhere: three. Assistant: four. Office: zero."
                 lasts 4s  offers 1, 2, 3, 4, 0 }
prompt number     { file hall/number      en "Your number, please."  lasts 3s }
prompt received   { file hall/received    en "Thank you."  lasts 1s }
prompt in_line    { file hall/in-line     en "Please wait. Office: zero."  lasts 2s  offers 0 }
prompt connecting { file hall/connecting  en "You are put through to the office."  lasts 2s }
prompt trying     { file hall/trying      en "One moment, please."  lasts 2s }
prompt is_busy    { file hall/busy        en "The line is busy. The office will answer."  lasts 2s }
prompt is_away    { file hall/away        en "Nobody answers. The office will answer."  lasts 2s }
prompt closed_now { file hall/closed      en "We are closed."  lasts 2s  says closed evening }
prompt speak      { file hall/speak       en "Please leave a message."  lasts 2s }
prompt thanks     { file hall/thanks      en "Thank you. Goodbye."  lasts 2s  goodbye }
prompt pardon     { file hall/pardon      en "We are sorry. Goodbye."  lasts 2s  apology  goodbye }
"""

SITE = """
site hall for asterisk 22 {
  trunk trunk { delivers plus  dial "PJSIP/{number}@trunk"  send plus }
  phones 10-99  dial contacts  state "PJSIP/{number}"
  mailboxes context hall emitted { box 10 pin 4711 "Hall" }
  sounds "hall-en"
  enter from-trunk
}
"""

INSIDE = ("10", "11", "20", "21", "51", "52", "53", "54", "55", "56", "61", "62", "64", "65", "66", "90")

HALL = Scene("hall.dial", "hall.site", {n: [n] for n in INSIDE}, "trunk", {"hall.dial": PLAN, "hall.site": SITE})

MAIN, BELL, GATE = (f"+482276543{n}" for n in range(20, 23))
ALONE, ASKED, BEHIND, LEFT, SERVED, LATER = (f"+482276543{n}" for n in range(31, 37))
MOBILE = "+48601000200"

PEOPLE, MACHINE = ("10", "21", "53", "55", MOBILE), "90"
"""The phones at which somebody speaks."""

SAID = {
    "queue-youarenext": 2.0,
    "queue-thereare": 0.5,
    "digits/2": 0.5,
    "queue-callswaiting": 0.5,
    "queue-thankyou": 0.5,
}
"""What a queue says of positions, and the seconds of it."""

RECORDING = {"beep": 0.3, "auth-thankyou": 0.1}
"""What a mailbox says before a message, and to whom ends one by a key; and the seconds of it."""

OTHERS, LASTING = "what nobody is to hear", 1.0
"""All other sounds of the PBX, and their seconds."""

TONES = tones.given([MUSIC, *HALL.plan.prompts, *SAID, *RECORDING, OTHERS, *PEOPLE, MACHINE]) | {RINGING: 425}
"""Ringing is no file: the PBX makes it of one frequency, as in Poland."""

INDICATIONS = f"""
[general]
country = pl
[pl]
description = Poland, but that the rings come sooner
ringcadence = 1000,4000
ring = {TONES[RINGING]}/300,0/{PAUSE * 1000:.0f}
dial = 425
busy = 425/500,0/500
congestion = 425/500,0/500
"""


@attrs.frozen
class Caller:
    """A call that is made: the walker's happenings and how telephones behave, and what the caller does who listens.

    It begins some seconds `after` the others. `says` is what the PBX says of its own accord, in order; of that, what is
    not over with the caller's patience takes as many seconds as the call may come `later` to whatever follows.
    """

    case: Case
    does: tuple[Does, ...] = ()
    after: float = 0.0
    says: tuple[str, ...] = ()
    later: float = 0.0


FORGIVEN = 0.5
"""Seconds at most, of those for which this machine stood still, by which calls may be late."""

TALKS = {"10": (Answer(after=2, hang_up=1),)}
HELPED = answers("10", 2)
SILENCE, NOBODY, TIMEOUT = Happens(Outcome.SILENCE), Happens(Outcome.NO_ANSWER), Happens(Outcome.TIMEOUT)
AGENT = Happens(Outcome.ANSWERED, who="agent")
NEXT = ("queue-youarenext", "queue-thankyou")
SECOND = ("queue-thereare", "digits/2", "queue-callswaiting", "queue-thankyou")

CALLERS = [
    # Menus
    Caller(Case("nothing is pressed, nobody answers", (), {}, (SILENCE,) * 3)),
    Caller(
        Case(
            "a key cuts the second prompt, the second in order answers",
            (),
            {"21": (Answer(after=2, hang_up=1),)},
            (presses("2", 3), NOBODY, answers("21", 2)),
        ),
        (Does("2", "choices", 1),),
    ),
    Caller(
        Case(
            "a wrong key cuts the first prompt, another comes late, then silence",
            (),
            TALKS,
            (presses("9", 1), presses("8", 8), SILENCE, HELPED),
        ),
        (Does("9", "welcome", 1), Does("8", "choices", 6)),
    ),
    Caller(
        Case(
            "a number is entered slowly",
            (),
            TALKS,
            (presses("1", 4), presses("4", 1), presses("7", 2), presses("1", 2), SILENCE, HELPED),
        ),
        (Does("1", "choices", 2), Does("4", "number", 1), Does("7", "", 2), Does("1", "", 2)),
    ),
    Caller(
        Case("no number is entered", (), TALKS, (presses("1", 3), SILENCE, SILENCE, HELPED)),
        (Does("1", "choices", 1),),
    ),
    # Phones that ring
    Caller(Case("it rings before the call is taken", (), TALKS, (NOBODY, HELPED), number=BELL)),
    Caller(
        Case(
            "somebody is busy at once",
            (),
            {**TALKS, "20": (Refuse(486, ring=False),)},
            (Happens(Outcome.BUSY), HELPED),
            number=BELL,
        )
    ),
    Caller(
        Case(
            "somebody elsewhere is asked first",
            (),
            {MOBILE: (Answer(after=2, keys="1", pause=3, by="info", hang_up=1),)},
            (presses("3", 3), answers(MOBILE, 5)),
        ),
        (Does("3", "choices", 1),),
    ),
    Caller(
        Case(
            "a machine is left by a key",
            (),
            {**TALKS, "90": (Answer(after=2),)},
            (presses("4", 3), Happens(Outcome.ANSWERED, 2), presses("0", 3), HELPED),
        ),
        (Does("4", "choices", 1), Does("0", "90", 3)),
    ),
    # A mailbox
    Caller(
        Case("a message is left", (), {}, (Happens(Outcome.LEFT, 5),), number=GATE),
        (Does("#", "beep", 5),),
        says=tuple(RECORDING),
    ),
    # Queues
    Caller(
        Case("the head of the line, whose agents do not answer", (), TALKS, (TIMEOUT, HELPED), number=ALONE),
        says=NEXT * 3,
    ),
    Caller(
        Case("an announcement is not over with the patience of a caller", (), TALKS, (TIMEOUT, HELPED), number=LATER),
        says=NEXT * 2,
        later=sum(SAID[name] for name in NEXT),
    ),
    Caller(
        Case(
            "agents decline",
            (),
            {**TALKS, "52": (Refuse(603),), "62": (Refuse(486, ring=False),)},
            (TIMEOUT, HELPED),
            number=ASKED,
        ),
    ),
    Caller(
        Case(
            "an agent declines and then answers",
            (),
            {"55": (Refuse(603, after=2), Answer(after=2, hang_up=1)), "65": (Refuse(486, ring=False),)},
            (AGENT,),
            number=SERVED,
        ),
    ),
    Caller(
        Case("a key cuts the prompt of a queue", (), TALKS, (presses("0", 1), HELPED), number=ASKED),
        (Does("0", "in_line", 1),),
    ),
    Caller(
        Case("a key leaves the music", (), TALKS, (presses("0", 6), HELPED), number=ASKED),
        (Does("0", MUSIC, 4),),
    ),
    Caller(
        Case("a key cuts an announcement", (), TALKS, (presses("0", 3), HELPED), number=LEFT),
        (Does("0", "queue-youarenext", 1),),
        says=NEXT[:1],
    ),
    Caller(
        Case("the first of two", (), {"53": (Answer(after=2, hang_up=6),)}, (AGENT,), number=BEHIND),
        says=NEXT,
    ),
    Caller(
        Case("the second of two", (), {"53": (Answer(after=2, hang_up=1),)}, (AGENT,), number=BEHIND),
        after=3,
        says=SECOND,
    ),
]


@attrs.frozen
class Heard:
    """A call that was made: what the PBX did, and what its caller heard."""

    caller: Caller
    judged: Judged
    listened: Listened
    want: Sequence[Sound]
    got: Sequence[Sound]
    stood: float
    """Seconds for which this machine stood still meanwhile, as far as that is forgiven."""

    @property
    def walked(self) -> Sequence[Sound]:
        """What was heard, as the walker knows it: announcements are music, and what a mailbox says is time to speak."""
        return heard.in_line([sound for sound in self.got if sound.what not in RECORDING], SAID)

    def unlike(self, got: Sequence[Sound]) -> list[str]:
        """Where something that was heard differs from the walker."""
        return heard.differences(self.want, got, self.caller.later, self.stood)

    @property
    def differences(self) -> tuple[str, ...]:
        """Where what was heard of the PBX, or what it was seen to do, differs from the walker."""
        return (
            *self.unlike(self.walked),
            *self.judged.differences,
        )

    def __str__(self) -> str:
        return "\n".join(map(str, [self.judged, *self.want, "heard:", *self.got, *self.differences]))


async def _listens(scene: Running, ear: Ear, caller: Caller, number: int) -> tuple[Case, Listened, Trace]:
    """Make one call."""
    who = f"+48600111{number:03}"
    for phone, behaviours in caller.case.phones.items():
        scene.phones.script(phone, *behaviours, caller=who)
    await asyncio.sleep(caller.after + number * 0.05)  # not all in one moment
    case = attrs.evolve(caller.case, caller=who, number=caller.case.number or MAIN)
    logged = asyncio.create_task(scene.driver.incoming(who, 90))
    listener = Listener(ear, scene.phones.pbx_port)
    listened = await listener.call(case.number, caller=who, name=f"caller{number:03}", does=caller.does)
    return case, listened, await logged


def _held(scene: Running, caller: Caller, made: tuple[Case, Listened, Trace], stood: float) -> Heard:
    """What was heard and logged, beside what the walker says."""
    case, listened, trace = made
    judged = scene.held(case, trace, observe.SECONDS + caller.later + stood)
    return Heard(caller, judged, listened, heard.expected(judged.events), heard.observed(listened, PEOPLE), stood)


async def _together(install: Install, callers: Sequence[Caller]) -> tuple[dict[str, Heard], bool]:
    """Calls at the same time, at a PBX whose sounds are tones; and whether this machine stalled meanwhile."""
    async with running(install, HALL, start=warsaw("2026-11-24 11:00:00")) as scene:
        data = scene.pbx.folder / "data"
        sounds = data / "sounds" / "en"
        prompts = {f"{HALL.site.sounds}/{each.file}": (name, each.seconds) for name, each in HALL.plan.prompts.items()}
        said = {name: (name, seconds) for name, seconds in (SAID | RECORDING).items()}
        for path in sounds.rglob("*.sln"):
            file = str(path.relative_to(sounds).with_suffix(""))
            name, seconds = (prompts | said).get(file, (OTHERS, LASTING))
            path.write_bytes(tones.samples(TONES[name], seconds))
        (data / "moh" / "silence.sln").write_bytes(tones.samples(TONES[MUSIC], 60))
        scene.pbx.write("indications.conf", INDICATIONS)
        await scene.pbx.reload("indications")
        for phone in (*PEOPLE, MACHINE):
            scene.phones.voices[phone] = tones.encoded(tones.samples(TONES[phone], tones.SECONDS))
        ear = Ear(TONES)
        calls = asyncio.gather(*(_listens(scene, ear, caller, n) for n, caller in enumerate(callers)))
        found, behind = await paced(calls)
        assert scene.pbx.warnings() == []
        stood = min(behind, FORGIVEN)
        made = [_held(scene, caller, each, stood) for caller, each in zip(callers, found, strict=True)]
        return {call.caller.case.name: call for call in made}, behind > STALL


async def _settled(install: Install, attempts: int = 3) -> dict[str, Heard]:
    """All calls; those that differ are made again, with those who wait before or behind, if this machine stalled."""
    found, stalled = await _together(install, CALLERS)
    for _ in range(1, attempts):
        differ = [call.caller for call in found.values() if call.differences]
        if not differ or not stalled:
            break
        in_line = {each.case.number for each in differ} & {BEHIND}
        again = [each for each in CALLERS if each in differ or each.case.number in in_line]
        more, stalled = await _together(install, again)
        found |= more
    return found


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Heard]:
    """Every call, made once, all at the same time."""
    return asyncio.run(_settled(install))


NAMES = [caller.case.name for caller in CALLERS]


@pytest.mark.parametrize("name", NAMES)
def test_callers_hear_what_the_walker_says(calls: Mapping[str, Heard], name: str) -> None:
    """Which sounds in which order, how much of each, and how much silence between them."""
    assert calls[name].differences == (), str(calls[name])
    assert calls[name].listened.undone == 0


@pytest.mark.parametrize("name", NAMES)
def test_what_the_pbx_says_of_its_own_accord(calls: Mapping[str, Heard], name: str) -> None:
    assert tuple(each.what for each in calls[name].got if each.what in SAID | RECORDING) == calls[name].caller.says


@pytest.mark.parametrize("name", NAMES)
def test_the_longest_silence_is_the_walkers(calls: Mapping[str, Heard], name: str) -> None:
    found = calls[name]
    talks = not found.want[-1].lasts
    want = heard.longest_silence(found.want, found.judged.events[-1].at)
    got = heard.longest_silence(found.walked, found.got[-1].end if talks else found.listened.over)
    assert got == pytest.approx(want, abs=EXACT + found.stood), str(found)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_waits_for_a_word_longer_than_was_proved(calls: Mapping[str, Heard], name: str) -> None:
    """Not by what the walker says either, but for the queues that announce something, of which it does not know."""
    found, policy = calls[name], HALL.plan.policy
    queues = [HALL.plan.steps[event.queue] for event in found.judged.events if isinstance(event, Queued)]
    gaps = [gap(queue) for queue in queues if isinstance(queue, Queue) and queue.announce]
    silence = max([policy.silence, *gaps])
    got = waits(found.got, [at for at, _ in found.listened.pressed])
    assert got.silence <= silence + WHOLE + found.stood, str(found)
    assert got.ringing <= policy.ringing + EXACT + found.stood, str(found)
    if not gaps:
        want = waits(found.want, [float(event.at) for event in found.judged.events if isinstance(event, Pressed)])
        slack = found.stood + (WHOLE if any(sound.what == MUSIC for sound in found.want) else EXACT)
        assert got.silence == pytest.approx(want.silence, abs=slack), str(found)
        assert got.ringing == pytest.approx(want.ringing, abs=EXACT + found.stood), str(found)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_else_were_heard_would_be_noticed(calls: Mapping[str, Heard], name: str) -> None:
    """Each sound left out, taken for another, cut off, or begun late."""
    found = calls[name]
    assert not found.unlike(found.walked)
    for other in _otherwise(found):
        assert found.unlike(other), other


def _otherwise(found: Heard) -> Iterator[Sequence[Sound]]:
    for index, (sound, walked) in enumerate(zip(found.walked, found.want, strict=True)):
        before, behind = found.walked[:index], found.walked[index + 1 :]
        off = 2 * (EXACT + found.stood) + 0.1
        cut = off + 2 * (WHOLE - EXACT) + found.caller.later if sound.what == MUSIC else off
        late = [attrs.evolve(each, start=each.start + off, end=each.end + off) for each in found.walked[index:]]
        yield [*before, *behind]
        yield [*before, attrs.evolve(sound, what="another"), *behind]
        yield [*before, *late]
        if walked.lasts:
            yield [*before, attrs.evolve(sound, end=sound.end - cut), *behind]
