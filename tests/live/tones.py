"""Sounds that can be told apart by ear: each a tone of its own, and an ear that knows them again.

In: names of sounds; later what a caller was sent, in frames of 20 ms of mu-law. Out: the samples of sound files, and
which sound was heard from when to when. A tone is one frequency; what a frame holds is told by the share of its energy
that lies in each of the few frequencies there are, as Goertzel's algorithm works it out.
"""

import array
import functools
import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

RATE = 8000
"""Samples a second."""

FRAME = 160
"""Samples of a frame."""

SECONDS = FRAME / RATE
"""Seconds of a frame."""

TONES = range(600, 3401, 100)
"""The frequencies that are given away, in Hz: what telephony carries, so far apart that no frame takes one for another.
Each is a multiple of 50 Hz, of which all frames are alike.
"""

_LOUD = 8000
"""The amplitude of a tone, of 32767."""

_SILENT = FRAME * 200**2
"""The energy below which nothing is heard in a frame."""

_CLEAR = 0.4
"""The share of a frame's energy that tells its tone: of one that fills part of a frame, that part."""

UNKNOWN = "?"
"""What is heard is none of the tones, or two of them."""

_CHANGE = 2 * SECONDS
"""Seconds for which the change from one tone to another may be neither."""

_LOST = 5 * SECONDS
"""Seconds of a tone that may be lost on the way."""


@attrs.frozen
class Sound:
    """A sound that is heard from one second to another, counted from when a call comes in."""

    what: str
    start: float
    end: float

    @property
    def lasts(self) -> float:
        """Seconds."""
        return self.end - self.start

    def __str__(self) -> str:
        return f"{self.start:6.2f} to {self.end:6.2f} {self.what}"


def given(names: Iterable[str]) -> dict[str, int]:
    """A tone in Hz for each name, which must be no more than there are `TONES`."""
    listed = list(names)
    assert len(listed) <= len(TONES), listed
    return dict(zip(listed, TONES, strict=False))


def samples(hertz: int, seconds: float) -> bytes:
    """A tone in signed linear samples of 16 bits, as Asterisk's sound files have them (`.sln`)."""
    wave = (round(_LOUD * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(round(RATE * seconds)))
    return array.array("h", wave).tobytes()


# Mu-law, as G.711 has it

_BIAS = 132
_LARGEST = 32635


def encoded(linear: bytes) -> bytes:
    """Signed linear samples in mu-law, a byte each."""
    return bytes(map(_byte, array.array("h", linear)))


def _byte(sample: int) -> int:
    size = min(abs(sample), _LARGEST) + _BIAS
    exponent = size.bit_length() - 8
    return 0xFF ^ ((0x80 if sample < 0 else 0) | exponent << 4 | (size >> (exponent + 3) & 0x0F))


def decoded(byte: int) -> int:
    """The sample that a byte of mu-law stands for."""
    bits = 0xFF ^ byte
    size = (((bits & 0x0F) << 3) + _BIAS << (bits >> 4 & 0x07)) - _BIAS
    return -size if bits & 0x80 else size


_SAMPLES = tuple(map(decoded, range(256)))
"""What each byte stands for."""


class Ear:
    """Knows tones by their names, each with its frequency in Hz."""

    def __init__(self, tones: Mapping[str, int]) -> None:
        self._waves = {name: (_wave(math.cos, hertz), _wave(math.sin, hertz)) for name, hertz in tones.items()}
        self.hears: Callable[[bytes], str] = functools.lru_cache(maxsize=4096)(self._hears)
        """What a frame in mu-law holds: a tone's name, `UNKNOWN`, or for silence nothing."""

    def _hears(self, frame: bytes) -> str:
        linear = [_SAMPLES[byte] for byte in frame]
        energy = sum(map(operator.mul, linear, linear))
        if energy < _SILENT:
            return ""
        shares = {name: _in_it(linear, *wave) / energy for name, wave in self._waves.items()}
        name = max(shares, key=lambda name: shares[name])
        return name if shares[name] > _CLEAR else UNKNOWN


def _wave(form: Callable[[float], float], hertz: int) -> Sequence[float]:
    return tuple(form(2 * math.pi * hertz * n / RATE) for n in range(FRAME))


def _in_it(linear: Sequence[int], cosine: Sequence[float], sine: Sequence[float]) -> float:
    """How much of a frame's energy lies in one frequency."""
    real, imaginary = sum(map(operator.mul, linear, cosine)), sum(map(operator.mul, linear, sine))
    return 2 * math.hypot(real, imaginary) ** 2 / len(linear)


def sounds(frames: Iterable[tuple[float, str]], pauses: Mapping[str, float]) -> list[Sound]:
    """What was heard in frames, each with the second at which it begins and what it holds, in this order; between them
    is silence. `pauses` are the seconds of silence that a sound has in itself, by its name.
    """
    found: list[Sound] = []
    for at, what in frames:
        last = found[-1] if found else None
        if last is not None and what == last.what and at - last.end < _LOST:
            found[-1] = attrs.evolve(last, end=at + SECONDS)
        elif what:
            found.append(Sound(what, at, at + SECONDS))
    clear = [sound for sound in found if sound.what != UNKNOWN or sound.lasts > _CHANGE]
    return joined(clear, pauses)


def joined(found: Iterable[Sound], pauses: Mapping[str, float]) -> list[Sound]:
    """Sounds, of which those of the same name are one if no more than its pause, or what may be lost, lies between."""
    whole: list[Sound] = []
    for sound in found:
        if whole and sound.what == whole[-1].what and sound.start - whole[-1].end <= pauses.get(sound.what, _LOST):
            whole[-1] = attrs.evolve(whole[-1], end=sound.end)
        else:
            whole.append(sound)
    return whole
