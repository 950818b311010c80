"""What a caller heard, held against the walker.

In: what a `Listener` heard, and the walker's events for the same call. Out: both as sounds of the same names, where
they differ, and how long a caller hears no sound, or no word. Both accounts end as a person answers.

Prompts go by their names in the plan and people by their phones; beside these there are `RINGING` and `MUSIC`. What a
queue announces is not the walker's matter: held against it, that is music.
"""

import itertools
from collections.abc import Collection, Sequence

import attrs

from dialc import call
from tests.live.listening import Listened
from tests.live.tones import Sound, joined, sounds

RINGING, MUSIC = "ringing", "music"

PAUSE = 0.1
"""Seconds between two rings: few, so that the end of the last one tells when ringing ends."""

EXACT = 0.3
"""Seconds by which a sound, or the silence before it, may be longer or shorter than the walker says."""

WHOLE = 1.0
"""The same of a wait in a queue, whose time Asterisk counts in whole seconds of the clock."""

_PAUSES = {RINGING: 5 * PAUSE}
_BLIP = 0.1
"""Seconds of ringing that nobody takes for it: of phones that are busy at once."""


def expected(events: Sequence[call.Event]) -> list[Sound]:
    """What is heard if the walker is right."""
    found: list[Sound] = []
    for event, after in itertools.zip_longest(events, events[1:]):
        until = event.at if after is None else after.at
        match event:
            case call.Heard(at, prompt, seconds):
                found.append(Sound(prompt, at, at + seconds))
            case call.Rang(at):
                found.append(Sound(RINGING, at, until))
            case call.Queued(at):
                found.append(Sound(MUSIC, at, until))
            case call.Joined(at, _, who):
                found.append(Sound(who, at, until))
            case call.AnsweredBy(at, _, who):
                return joined([*_lasting(found), Sound(who, at, at)], {})
            case _:
                pass
    return joined(_lasting(found), {})


def _lasting(found: Sequence[Sound]) -> list[Sound]:
    return [sound for sound in found if sound.lasts]


def observed(listened: Listened, people: Collection[str]) -> list[Sound]:
    """What was heard, announcements and all, up to the first word of one of these people."""
    own = [] if listened.rang is None else [Sound(RINGING, listened.rang, listened.answered)]
    found = [*own, *sounds(listened.frames, _PAUSES)]
    found = [sound for sound in found if sound.what != RINGING or sound.lasts > _BLIP]
    last = next((index for index, sound in enumerate(found) if sound.what in people), len(found))
    return found[: last + 1]


def in_line(found: Sequence[Sound], announcements: Collection[str]) -> list[Sound]:
    """Sounds, of which announcements and what is between them are music."""
    alike = (attrs.evolve(sound, what=MUSIC) if sound.what in announcements else sound for sound in found)
    return joined(alike, {**_PAUSES, MUSIC: EXACT})


def differences(want: Sequence[Sound], got: Sequence[Sound], later: float = 0.0, stood: float = 0.0) -> list[str]:
    """Where two accounts of a call differ: in what is heard, for how long, or in the silence before it.

    A wait in a queue may end so much `later`: an announcement is played to its end. `stood` are the seconds for which
    this machine stood still meanwhile.
    """
    found: list[str] = []
    before, then = 0.0, 0.0
    for one, other in itertools.zip_longest(want, got):
        told = f"walker {one or '(nothing more)'} | heard {other or '(nothing more)'}"
        if one is None or other is None or one.what != other.what:
            return [*found, told]
        longer = other.lasts - one.lasts
        slack = stood + (WHOLE if one.what == MUSIC else EXACT)
        if one.lasts and not -slack <= longer <= slack + (later if one.what == MUSIC else 0.0):
            found.append(f"{told}: {longer:+.2f} s")
        silence = (other.start - then) - (one.start - before)
        if abs(silence) > EXACT + stood:
            found.append(f"{told}: {silence:+.2f} s of silence before it")
        before, then = one.end, other.end
    return found


def longest_silence(found: Sequence[Sound], over: float) -> float:
    """The most seconds without any sound in a call that is over after so many."""
    starts, ends = [*(sound.start for sound in found), over], [0.0, *(sound.end for sound in found)]
    return max(start - end for start, end in zip(starts, ends, strict=True))


@attrs.frozen
class Waits:
    """The most seconds from one word to the next, as rule C04 counts them: of silence and music, and of ringing."""

    silence: float
    ringing: float


def waits(found: Sequence[Sound], pressed: Collection[float]) -> Waits:
    """The waits of a caller who pressed keys at these seconds. All but ringing and music is a word, and so is a key."""
    words = [(sound.start, sound.end) for sound in found if sound.what not in (RINGING, MUSIC)]
    rings = [sound for sound in found if sound.what == RINGING]
    silence = ringing = since = 0.0
    for start, end in sorted([*words, *((at, at) for at in pressed)]):
        rang = sum(max(0.0, min(ring.end, start) - max(ring.start, since)) for ring in rings)
        ringing = max(ringing, rang)
        silence = max(silence, start - since - rang)
        since = max(since, end)
    return Waits(silence, ringing)
