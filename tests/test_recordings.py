"""Recordings: how long they last, whatever their bytes, and what that means for a plan."""

import io
import struct
import wave
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dialc
from dialc.beside import Beside, Missing
from dialc.cli import main
from dialc.mistakes import PLAN
from dialc.recording import BYTES_A_SECOND, ENDINGS, MICROSOFT_GSM, Unusable, milliseconds
from dialc.source import Source


def wav(samples: int, *, hertz: int = 8000, channels: int = 1, width: int = 2) -> bytes:
    """A silent file of so many samples."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(channels)
        written.setsampwidth(width)
        written.setframerate(hertz)
        written.writeframes(bytes(samples * channels * width))
    return file.getvalue()


def microsoft_gsm(blocks: int) -> bytes:
    """The header that Asterisk writes, and so many blocks of 65 bytes, 40 ms each."""
    head = (
        b"RIFF"
        + struct.pack("<I", 52 + 65 * blocks)
        + b"WAVEfmt "
        + struct.pack("<IHHIIIHH", 20, 49, 1, 8000, 1625, 65, 2, 320)
    )
    return head + b"fact\x04\0\0\0\0\0\0\0data\0\0\0\0" + bytes(65 * blocks)


# Lengths


def test_a_length_is_counted_in_begun_milliseconds() -> None:
    assert milliseconds("a.wav", wav(8000)) == 1000
    assert milliseconds("a.wav", wav(8001)) == 1001
    assert milliseconds("a.wav", wav(1)) == 1
    assert milliseconds("a.wav16", wav(24000, hertz=16000)) == 1500
    assert milliseconds("a.WAV", microsoft_gsm(50)) == 2000
    assert len(microsoft_gsm(0)) == 60
    assert milliseconds("a.gsm", bytes(33)) == 20
    assert milliseconds("a.sln16", bytes(32000)) == 1000


@pytest.mark.parametrize("ending", BYTES_A_SECOND)
def test_a_second_without_a_header_has_the_bytes_of_its_format(ending: str) -> None:
    assert milliseconds(f"a/b.{ending}", bytes(BYTES_A_SECOND[ending] * 7)) == 7000


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.ulaw", b"", "is empty"),
        ("a.wav", b"", "is empty"),
        ("a.wav", wav(0), "holds no sound"),
        ("a.WAV", microsoft_gsm(0), "holds no sound"),
        ("a.WAV", wav(100), "is no GSM recording of Microsoft's kind"),
        ("a.wav", wav(8000)[:-100], "is cut off after 7950 of 8000 samples"),
        (
            "a.wav",
            wav(8000, hertz=44100, channels=2),
            "has 16 bits, 44100 Hz and 2 channels, not 16 bits, 8000 Hz and one",
        ),
        ("a.wav", wav(8000, hertz=16000), "has 16 bits, 16000 Hz and one channel, not 16 bits, 8000 Hz and one"),
        ("a.wav", wav(8000, width=1), "has 8 bits, 8000 Hz and one channel, not 16 bits, 8000 Hz and one"),
        ("a.wav", b"ID3\x04", "is no 16-bit recording (it ends too soon)"),
        ("a.wav", microsoft_gsm(9), "is no 16-bit recording (unknown format: 49)"),
    ],
)
def test_what_asterisk_cannot_play_is_told(name: str, data: bytes, reason: str) -> None:
    assert milliseconds(name, data) == Unusable(reason)


def test_a_length_that_whoever_wrote_the_header_did_not_know_is_measured() -> None:
    data = wav(8000)
    assert milliseconds("a.wav", data[:40] + b"\xff\xff\xff\xff" + data[44:]) == 1000


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A file with some bytes of its header changed, perhaps cut off."""
    made = st.sampled_from(
        (wav(20), wav(20, hertz=16000), wav(20, channels=3), wav(20, width=4), wav(0), microsoft_gsm(2))
    )
    data = bytearray(draw(made))
    for _ in range(draw(st.integers(0, 4))):
        data[draw(st.integers(0, min(60, len(data)) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


@given(st.one_of(broken(), st.binary(max_size=200)), st.sampled_from(ENDINGS))
@example(b"RIFF", "wav")
@example(b"RIFF\0\0\0\0WAVE", "wav")
@settings(deadline=None, max_examples=1000)
def test_no_bytes_at_all_lead_to_more_than_a_reason(data: bytes, ending: str) -> None:
    length = milliseconds(f"clinic/welcome.{ending}", data)
    if isinstance(length, Unusable):
        assert length.reason
    else:
        assert 0 < length <= 1000 * len(data)


def test_every_ending_is_measured_in_one_way() -> None:
    assert len(set(ENDINGS)) == len(ENDINGS)
    assert set(MICROSOFT_GSM) < set(ENDINGS)


# Plans


def beside(files: Mapping[str, bytes]) -> Beside:
    return lambda name: files.get(name, Missing("is not there"))


SECOND = 8000
RECORDED = {
    "office/welcome.ulaw": bytes(2 * SECOND),
    **{f"office/{name}.ulaw": bytes(3 * SECOND) for name in ("choices", "closed", "pardon")},
}


def told(plan: str, files: Mapping[str, bytes]) -> list[tuple[str, str, str]]:
    """What is found, what it points at and what helps."""
    found = dialc.judge(Source("office.dial", plan), sounds=beside(files)).findings
    in_place = [(f.code, f.place.source.text[f.place.start : f.place.end], f.help) for f in found]
    return [one for one in in_place if one[0].startswith("D")]


def seconds(plan: str, files: Mapping[str, bytes], prompt: str, language: str = "") -> int:
    judged = dialc.judge(Source("office.dial", plan), sounds=beside(files))
    assert judged.verdict is not None, judged.findings
    found = judged.verdict.plan
    return found.spoken(language or found.language).prompts[prompt].seconds


def test_a_length_that_is_left_out_is_that_of_the_recording() -> None:
    plan = PLAN.replace("lasts 2s", "")
    assert told(PLAN, RECORDED) == []
    assert seconds(plan, RECORDED, "welcome") == 2
    assert seconds(plan, RECORDED | {"office/welcome.ulaw": bytes(2 * SECOND + 1)}, "welcome") == 3
    both = RECORDED | {"office/welcome.wav": wav(5 * SECOND)}
    assert seconds(plan, both, "welcome") == 5, "whichever is played, callers listen for no longer"
    assert [code for code, _, _ in told(plan, {})] == ["D253"] * 4
    (finding,) = dialc.judge(Source("office.dial", plan)).findings
    assert (finding.code, finding.help.endswith("or give the folder of the recordings with `--sounds`")) == (
        "D215",
        True,
    )


@pytest.mark.parametrize(
    ("milliseconds", "code"), [(999, "D254"), (1000, ""), (1500, ""), (2000, ""), (3000, ""), (3001, "D254")]
)
def test_a_length_that_is_written_may_differ_by_a_second(milliseconds: int, code: str) -> None:
    files = RECORDED | {"office/welcome.ulaw": bytes(8 * milliseconds)}
    assert [found[:2] for found in told(PLAN, files)] == ([(code, "2s")] if code else [])


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, ("D253", "office/welcome", "record it as `office/welcome.wav`")),
        ({"office/welcome.mp3": b"ID3"}, ("D253", "office/welcome", "record it as `office/welcome.wav`")),
        ({"office/welcome.gsm": b""}, ("D253", "office/welcome", "record it as `office/welcome.gsm`")),
        ({"office/welcome.wav": b"RIFF"}, ("D253", "office/welcome", "record it as `office/welcome.wav`")),
        ({"office/welcome.ulaw": bytes(90 * SECOND)}, ("D254", "2s", "write `lasts 90s`, or leave it out")),
    ],
)
def test_what_is_wrong_with_a_recording_has_one_finding(files: dict[str, bytes], found: tuple[str, str, str]) -> None:
    rest = {name: data for name, data in RECORDED.items() if "welcome" not in name}
    assert told(PLAN, rest | files) == [found]


TWO = (
    PLAN.replace("language en\n", "language en\nlanguages en, pt-BR\n")
    .replace("  key 1", "  key 2 speaks pt-BR -> sales\n  key 1")
    .replace("offers 1", "offers 1, 2")
    .replace('en "We are sorry."', 'en "We are sorry."  pt-BR "Desculpe."')
    .replace('en "We are closed now."', 'en "We are closed now."  pt-BR "Fechado."')
)


def test_each_language_has_its_own() -> None:
    pardon = "office/pardon.ulaw"
    plan = TWO.replace("lasts 3s  apology", "apology")
    assert seconds(plan, RECORDED | {f"pt_BR/{pardon}": bytes(7 * SECOND)}, "pardon", "pt-BR") == 7
    assert seconds(plan, RECORDED | {f"pt_BR/{pardon}": bytes(7 * SECOND)}, "pardon") == 3
    assert seconds(plan, RECORDED | {f"pt/{pardon}": bytes(6 * SECOND)}, "pardon", "pt-BR") == 6
    assert seconds(plan, RECORDED, "pardon", "pt-BR") == 3
    english = {f"en/{name}": data for name, data in RECORDED.items()}
    found = told(plan, english)
    assert found == [
        ("D253", "office/closed", "record it as `pt_BR/office/closed.wav`"),
        ("D253", "office/pardon", "record it as `pt_BR/office/pardon.wav`"),
    ]
    assert told(TWO, RECORDED | {f"pt_BR/{pardon}": bytes(7 * SECOND)}) == [
        ("D254", "3s", "write `lasts pt-BR 7s`, or leave it out")
    ]
    longer = TWO.replace("lasts 3s  apology", "lasts 3s  lasts pt-BR 7s  apology")
    assert told(longer, RECORDED | {f"pt_BR/{pardon}": bytes(7 * SECOND)}) == []


# The command line


@pytest.fixture
def office(tmp_path: Path) -> Path:
    plan = PLAN.replace("lasts 2s", "").replace("  staffed opening\n  unstaffed  -> night\n", "")
    proved = plan.replace("play closed -> sorry", "play closed -> reception").replace("patience 4m", "patience 15s")
    (tmp_path / "office.dial").write_text(proved, encoding="utf-8")
    for name, data in RECORDED.items():
        (tmp_path / "sounds" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "sounds" / name).write_bytes(data)
    return tmp_path


def test_recordings_are_measured_where_a_folder_is_named(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan, sounds = str(office / "office.dial"), str(office / "sounds")
    assert main(["check", plan]) == 1
    assert "D215" in capsys.readouterr().out
    assert main(["check", plan, "--sounds", sounds]) == 0
    assert main(["compile", plan, "--sounds", sounds, "--out", str(office / "out")]) == 0
    capsys.readouterr()
    assert main(["simulate", plan, "--sounds", sounds, "--at", "2026-11-23 09:15", "press:1", "answered"]) == 0
    assert 'hears welcome: "Welcome." (2 s)' in capsys.readouterr().out
    (office / "sounds" / "office" / "welcome.ulaw").unlink()
    assert main(["check", plan, "--sounds", sounds]) == 1
    assert "error[D253]: there is no recording of `office/welcome`\n" in capsys.readouterr().out


@pytest.mark.parametrize("folder", ["nowhere", "office.dial", "a\0b"])
def test_a_folder_of_sounds_has_to_be_there(
    office: Path, capsys: pytest.CaptureFixture[str], folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office)
    assert main(["check", "office.dial", "--sounds", folder]) == 2
    captured = capsys.readouterr()
    assert not captured.out
    assert len(captured.err.splitlines()) == 1


@given(
    st.dictionaries(st.sampled_from([*RECORDED, "en/office/choices.wav"]), st.one_of(broken(), st.binary(max_size=99)))
)
@settings(deadline=None, max_examples=60)
def test_whatever_lies_in_the_folder_a_plan_has_findings_at_most(files: dict[str, bytes]) -> None:
    found = dialc.judge(Source("office.dial", PLAN), sounds=beside(files)).findings
    assert all(finding.code in ("C10", "D253", "D254") for finding in found)
