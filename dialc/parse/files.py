"""The files that a plan uses: their declarations, as if they stood where `use` stands.

In: `syntax.File`, and a `Beside` that gives the files. Out: the same file without `use`, and what is wrong with the
others: that they cannot be had, what is wrong with their text, what only the plan itself can say. A file that is used
several times is read once.
"""

from collections.abc import Iterator

import attrs

from dialc import syntax
from dialc.beside import Beside, Missing, named
from dialc.findings import Finding, Note, in_order
from dialc.parse import LARGEST, decode, parse
from dialc.parse.slips import word
from dialc.source import Source


def gathered(file: syntax.File, beside: Beside) -> tuple[syntax.File, tuple[Finding, ...]]:
    """The file with the declarations of all that it uses, and what is wrong with these."""
    if not any(isinstance(declaration, syntax.UsedFile) for declaration in file.declarations):
        return file, ()
    gathering = _Gathering(file, beside)
    declarations = tuple(gathering.declarations())
    return attrs.evolve(file, declarations=declarations), in_order(gathering.findings)


class _Gathering:
    """The files of a plan while they are read; `open` are those whose `use` is being followed, the plan first."""

    def __init__(self, file: syntax.File, beside: Beside) -> None:
        self.findings: list[Finding] = []
        self._beside = beside
        self._folder, slash, name = file.source.name.rpartition("/")
        self._folder += slash
        self._open: dict[str, Iterator[syntax.Declaration]] = {name: iter(file.declarations)}
        self._read: set[str] = set()
        self._size = len(file.source.text)

    def declarations(self) -> Iterator[syntax.Declaration]:
        while self._open:
            declaration = next(next(reversed(self._open.values())), None)
            if declaration is None:
                self._open.popitem()
            elif isinstance(declaration, syntax.UsedFile):
                self._use(declaration.file)
            elif len(self._open) > 1 and isinstance(declaration, syntax.Whole):
                self._tell_whole(declaration)
            else:
                yield declaration

    def _use(self, written: syntax.Word) -> None:
        name = named(written.text, written.place.source.beside)
        if isinstance(name, str) and name in self._open:
            self._tell_circle(written, name)
        elif isinstance(name, str) and name not in self._read:
            self._read.add(name)
            data = self._beside(name)
            if isinstance(data, Missing):
                self._tell_missing(written, data.reason)
            elif self._size + len(data) > LARGEST:
                self._tell_missing(written, f"makes the plan larger than {LARGEST:,} bytes")
            else:
                self._size += len(data)
                self._open[name] = iter(self._parsed(name, data))
        elif isinstance(name, Missing):
            self._tell_missing(written, name.reason)

    def _parsed(self, name: str, data: bytes) -> tuple[syntax.Declaration, ...]:
        source = decode(f"{self._folder}{name}", data)
        if isinstance(source, Finding):
            self.findings.append(source)
            return ()
        file, findings = parse(Source(source.name, source.text, beside=name))
        self.findings.extend(findings)
        return file.declarations

    def _tell_missing(self, written: syntax.Word, reason: str) -> None:
        shown = written.text if len(written.text) <= 28 else f"…{written.text[-26:]}"
        what, _, why = reason.partition(": ")
        notes = (Note(written.place, why),) if why else ()
        caller = "no caller would meet what it says"
        self.findings.append(Finding("D285", f"`{shown}` {what}", written.place, caller, notes=notes))

    def _tell_whole(self, declaration: syntax.Whole) -> None:
        """Something that says what the whole plan is, in a file that is a part of it."""
        place = declaration.place
        said = word(place.source.text, place.start)
        where = "to a file of its own" if isinstance(declaration, syntax.Site) else "in the plan"
        self.findings.append(
            Finding(
                "D286",
                f"`{said}` stands in a file that a plan uses",
                attrs.evolve(place, end=place.start + len(said)),
                "what callers meet is said for a plan as a whole",
                help=f"write it {where}",
            )
        )

    def _tell_circle(self, written: syntax.Word, name: str) -> None:
        itself = name == next(reversed(self._open))
        message = "this file uses itself" if itself else f"`{name[-28:]}` uses this file already"
        caller = "what callers would meet has no end"
        self.findings.append(Finding("D287", message, written.place, caller, help="remove this line"))
