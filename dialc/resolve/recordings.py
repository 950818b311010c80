"""Recordings of prompts: whether they are there, and how long they last.

In: the name of a sound and the languages in which it is heard. Out: its length in each, measured, and findings about
what is missing or cannot be played. Recordings are looked for as Asterisk does: in the folder of the language, of the
language without its region, and then without a folder; `en`, where it looks in the end whatever the language, is no
recording in another one.
"""

from collections.abc import Iterator, Mapping, Sequence

from dialc import recording, syntax
from dialc.beside import Beside, Missing
from dialc.findings import Note
from dialc.recording import Unusable
from dialc.resolve import values
from dialc.resolve.names import Scope


def measured(scope: Scope, sounds: Beside, file: syntax.Word, languages: Sequence[str]) -> Mapping[str, int]:
    """The milliseconds that a sound lasts, by language; those in which it cannot be heard have a finding instead."""
    found: dict[str, int] = {}
    missing = []
    told: set[str] = set()
    for language in languages:
        there = _there(sounds, file.text, language)
        lengths = []
        for name, length in there.items():
            if not isinstance(length, Unusable):
                lengths.append(length)
            elif name not in told:
                told.add(name)
                _tell(scope, file, f"`{values.shortened(name)}` {length.reason}", name)
        if lengths:
            found[language] = max(lengths)
        if not there:
            missing.append(language)
    if missing:
        which = ", ".join(f"`{language}`" for language in missing)
        spoken = f" in {which}" if len(scope.languages) > 1 else ""
        folder = f"{_folder(missing[0])}/" if len(scope.languages) > 1 else ""
        message = f"there is no recording of `{values.shortened(file.text)}`{spoken}"
        _tell(scope, file, message, f"{folder}{file.text}.wav")
    return found


def _tell(scope: Scope, file: syntax.Word, message: str, name: str) -> None:
    scope.findings.add(
        "D253",
        message,
        file.place,
        caller="would hear nothing, or another language",
        help=f"record it as `{name}`",
    )


def _there(sounds: Beside, file: str, language: str) -> Mapping[str, int | Unusable]:
    """The files that hold a sound in a language, in the first folder that has any, and the length of each."""
    for folder in _folders(language):
        found: dict[str, int | Unusable] = {}
        for ending in recording.ENDINGS:
            name = f"{folder}{file}.{ending}"
            data = sounds(name)
            if not isinstance(data, Missing):
                found[name] = recording.milliseconds(name, data)
        if found:
            return found
    return {}


def _folders(language: str) -> Iterator[str]:
    """Where a sound in a language is looked for."""
    folder = _folder(language)
    while folder:
        yield f"{folder}/"
        folder = folder.rpartition("_")[0]
    yield ""


def _folder(language: str) -> str:
    return language.replace("-", "_")


def compare(
    scope: Scope, file: syntax.Word, language: str, said: syntax.Lasts, seconds: int, milliseconds: int
) -> None:
    """A finding where a prompt is said to last `seconds`, and its recording is longer or shorter by more than one."""
    if abs(milliseconds - 1000 * seconds) <= 1000:
        return
    several = len(scope.languages) > 1
    scope.findings.add(
        "D254",
        f"`{values.shortened(file.text)}` lasts {milliseconds / 1000:.1f} s{f' in `{language}`' * several}, "
        f"not {seconds} s",
        said.duration.place,
        caller="would listen for longer or shorter than was proved",
        notes=(Note(file.place, "the recording"),),
        help=f"write `lasts {f'{language} ' * several}{whole(milliseconds)}s`, or leave it out",
    )


def whole(milliseconds: int) -> int:
    """Whole seconds, begun ones counted."""
    return -(-milliseconds // 1000)
