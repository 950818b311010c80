"""Recordings: how long the sound files of a PBX last.

In: the name and the bytes of a file. Out: its length in milliseconds, or `Unusable` with the reason. Files that have a
header are asked; the others hold nothing but sound, so many bytes a second, and their ending tells of what kind.

Endings, bytes a second and what a `.wav` may hold are those of Asterisk 22 (its `formats/format_*.c`): a file with
another ending is not played by it, and so is not looked for.
"""

import io

import attrs

BYTES_A_SECOND = {
    **dict.fromkeys(("ulaw", "ul", "mu", "ulw", "pcm", "alaw", "al", "alw", "g722"), 8000),
    **dict.fromkeys(("sln", "slin", "raw"), 16000),
    "sln12": 24000,
    "sln16": 32000,
    "sln24": 48000,
    "sln32": 64000,
    "sln44": 88200,
    "sln48": 96000,
    "sln96": 192000,
    "sln192": 384000,
    "gsm": 1650,  # 33 bytes every 20 ms
    "g729": 1000,  # 20 bytes every 20 ms
    "g726-40": 5000,
    "g726-32": 4000,
    "g726-24": 3000,
    "g726-16": 2000,
    "siren7": 4000,  # 80 bytes every 20 ms
    "siren14": 6000,  # 120 bytes every 20 ms
}
"""The endings of files without a header, and how many bytes of them are a second."""

HERTZ = {"wav": 8000, "wav16": 16000}
"""The endings of files that hold 16-bit samples behind a header, and how many of them are a second."""

MICROSOFT_GSM = ("wav49", "WAV")
"""The endings of files that hold GSM behind a header, in the way of Microsoft."""

_GSM_HEADER, _GSM_BLOCK, _GSM_MILLISECONDS = 60, 65, 40

ENDINGS = (*HERTZ, *BYTES_A_SECOND, *MICROSOFT_GSM)
"""All endings of files that can be measured."""


@attrs.frozen
class Unusable:
    """Why a recording cannot be played; `reason` goes on from the name of the file: `is empty`."""

    reason: str


def milliseconds(name: str, data: bytes) -> int | Unusable:
    """The length of a recording, a begun millisecond counted whole; `name` ends in one of `ENDINGS`."""
    ending = name.rpartition(".")[2]
    if not data:
        return Unusable("is empty")
    if ending in HERTZ:
        length = _wav(data, HERTZ[ending])
    elif ending in MICROSOFT_GSM:
        length = _microsoft_gsm(data)
    else:
        length = -(-1000 * len(data) // BYTES_A_SECOND[ending])
    return Unusable("holds no sound") if length == 0 else length


def _wav(data: bytes, hertz: int) -> int | Unusable:
    import wave  # only plans that are measured need it

    held: int
    try:
        with wave.open(io.BytesIO(data)) as file:
            channels, width = file.getnchannels(), file.getsampwidth()
            rate, frames = file.getframerate(), file.getnframes()
            held = len(file.readframes(frames)) // (channels * width)
    except (wave.Error, EOFError, ValueError, RuntimeError, ArithmeticError) as error:
        return Unusable(f"is no 16-bit recording ({str(error) or 'it ends too soon'})")
    if (channels, width, rate) != (1, 2, hertz):
        return Unusable(f"has {8 * width} bits, {rate} Hz and {_channels(channels)}, not 16 bits, {hertz} Hz and one")
    if held < frames and frames < _ENDLESS:
        return Unusable(f"is cut off after {held} of {frames} samples")
    return -(-1000 * held // hertz)


_ENDLESS = 0x3FFFFFFF
"""Samples that a header speaks of where whoever wrote it did not know how many would follow."""


def _channels(number: int) -> str:
    return "one channel" if number == 1 else f"{number} channels"


def _microsoft_gsm(data: bytes) -> int | Unusable:
    if data[:4] != b"RIFF" or data[8:16] != b"WAVEfmt " or data[20:22] != b"\x31\x00":
        return Unusable("is no GSM recording of Microsoft's kind")
    return max(0, len(data) - _GSM_HEADER) // _GSM_BLOCK * _GSM_MILLISECONDS
