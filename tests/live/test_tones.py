"""The ear itself: whatever tones are played, in whatever order and for however long, are known again."""

import array
import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.live import tones
from tests.live.tones import FRAME, RATE, SECONDS, UNKNOWN, Ear, Sound

TONES = tones.given(f"{hertz} Hz" for hertz in tones.TONES) | {"ringing": 425}
EAR = Ear(TONES)

CLOSE = 2 * SECONDS
"""Seconds by which the ear may be wrong about when a sound begins or ends."""

PLAYED = st.lists(st.tuples(st.sampled_from(["", *TONES]), st.integers(RATE // 5, RATE)), max_size=8)
"""Sounds, and silence, each with the samples for which it is played."""


def frames(linear: bytes) -> Iterator[tuple[float, str]]:
    """What the ear makes of each frame of samples."""
    played = tones.encoded(linear)
    for number in range(len(played) // FRAME):
        yield number * SECONDS, EAR.hears(played[number * FRAME : (number + 1) * FRAME])


@given(PLAYED)
def test_sounds_are_known_again(played: list[tuple[str, int]]) -> None:
    linear = b""
    want: list[Sound] = []
    for what, alike in itertools.groupby(played, lambda each: each[0]):
        start, length = len(linear) / 2 / RATE, sum(samples for _, samples in alike)
        linear += tones.samples(TONES[what], length / RATE) if what else bytes(2 * length)
        want += [Sound(what, start, start + length / RATE)] if what else []
    got = tones.sounds(frames(linear), {})
    assert [sound.what for sound in got] == [sound.what for sound in want]
    for one, other in zip(want, got, strict=True):
        assert other.start == pytest.approx(one.start, abs=CLOSE)
        assert other.end == pytest.approx(one.end, abs=CLOSE)


@given(st.integers(-32768, 32767))
def test_mu_law_is_that_of_g711(sample: int) -> None:
    """What G.711 makes of a sample lies within half a step of it; the steps double with each of the eight segments."""
    linear = sample.to_bytes(2, "little", signed=True)
    (byte,) = tones.encoded(linear)
    size = min(abs(sample), 32635)
    assert abs(abs(tones.decoded(byte)) - size) <= max(4, (size + 132) >> 5)
    assert tones.decoded(byte) * sample >= 0


@pytest.mark.parametrize(("byte", "sample"), [(0x00, -32124), (0x80, 32124), (0xFF, 0), (0x7F, 0), (0xF0, 120)])
def test_known_samples(byte: int, sample: int) -> None:
    assert tones.decoded(byte) == sample


def test_what_is_no_tone_is_not_taken_for_one() -> None:
    """Three tones at once, and one that nobody was given."""
    waves = zip(*(array.array("h", tones.samples(hertz, 1.0)) for hertz in (700, 1900, 3000)), strict=True)
    chord = array.array("h", map(sum, waves)).tobytes()
    for linear in (chord, tones.samples(1050, 1.0)):
        (sound,) = tones.sounds(frames(linear), {})
        assert sound.what == UNKNOWN
        assert sound.lasts == pytest.approx(1.0)


def test_a_sound_has_its_pauses() -> None:
    """Rings are one sound of ringing; of anything else, what has silence between is two."""
    rings = (tones.samples(425, 0.3) + bytes(2 * RATE * 15 // 100)) * 3
    assert len(tones.sounds(frames(rings), {})) == 3
    (ringing,) = tones.sounds(frames(rings), {"ringing": 0.2})
    assert ringing.lasts == pytest.approx(1.2, abs=CLOSE)
