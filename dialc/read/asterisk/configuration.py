"""Asterisk's configuration syntax: the text of a file to sections and settings.

In: the texts of a configuration folder by name, and the name of one of them. Out: a `Configuration`, and in it a `Slip`
for each thing that Asterisk would skip, cut off or refuse, at its place; no text raises anything.

The rules are those of Asterisk's own loader, which goes by lines and by bytes: what a comment is depends on what has
been read of the line before, a file that is included goes on in the section that was begun last, and a mistake ends the
file it stands in and nothing else, unless that is the file that was asked for.
"""

import fnmatch
import re
from collections.abc import Iterator, Mapping

import attrs

from dialc.read.asterisk import posix
from dialc.source import Place, Source

BLANKS = "".join(map(chr, range(1, 33)))
"""What Asterisk strips from both ends of texts."""

_LONGEST_LINE = 8190
"""Bytes of a line, its end left out; a longer one is skipped."""

_LONGEST_NAME = 79
"""Bytes of a section's name; the rest of a longer one is lost."""

_DEEPEST = 10
"""Files included by files included, and so on."""

_MOST_COMMENTS = 128
"""Block comments within block comments."""


@attrs.frozen
class Slip:
    """What Asterisk does not take as it is written: where, and what becomes of it.

    `refused` tells that Asterisk then takes nothing of the configuration at all.
    """

    place: Place
    message: str
    refused: bool = False


@attrs.frozen
class Setting:
    """One line `name = value` (or `=>`), stripped of blanks and comments, and the line it stands on."""

    name: str
    value: str
    place: Place


@attrs.frozen
class Section:
    """A section with what it took over from others first. A name can come twice, and both count."""

    name: str
    settings: tuple[Setting, ...]
    place: Place


@attrs.frozen
class Configuration:
    """The sections of a file and of those that it includes, templates left out, in order."""

    sections: tuple[Section, ...]
    slips: tuple[Slip, ...]

    @property
    def refused(self) -> bool:
        """Whether Asterisk takes nothing of it."""
        return any(slip.refused for slip in self.slips)

    def value(self, section: str, name: str, otherwise: str = "") -> str:
        """The last value of a name in the first section called so."""
        for each in self.sections:
            if folded(each.name) == folded(section):
                values = [setting.value for setting in each.settings if folded(setting.name) == folded(name)]
                return values[-1] if values else otherwise
        return otherwise


def folded(name: str) -> str:
    """A name as Asterisk compares those in which case is nothing: only the letters of ASCII have a case."""
    return name.translate(_LOWER)


_LOWER = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}


def cut(text: str, longest: int) -> str:
    """The text, or as many of its first bytes as fit."""
    raw = text.encode("utf-8", "surrogateescape")
    return text if len(raw) <= longest else raw[:longest].decode("utf-8", "surrogateescape")


def read(files: Mapping[str, str], name: str) -> Configuration:
    """The configuration in the file called `name`; names are relative to the folder, with `/` in them."""
    loading = _Loading({each: Source(each, text) for each, text in files.items()})
    source = loading.sources.get(name)
    if source is None:
        return Configuration((), (Slip(Place(Source(name, ""), 0, 0), "there is no such file", refused=True),))
    if not loading.files([source]):
        loading.slips[-1] = attrs.evolve(loading.slips[-1], refused=True)
        return Configuration((), tuple(loading.slips))
    sections = tuple(
        Section(section.name, tuple(section.settings), section.place)
        for section in loading.sections
        if not section.template
    )
    return Configuration(sections, tuple(loading.slips))


@attrs.define(eq=False)
class _Section:
    name: str
    place: Place
    template: bool = False
    settings: list[Setting] = attrs.field(factory=list)


class _Loading:
    """What has been read so far of a file and those that it includes."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.sources = sources
        self.sections: list[_Section] = []
        self.slips: list[Slip] = []
        self.current: _Section | None = None
        """The section in which the next file that is included begins."""
        self.level = 0

    def files(self, sources: list[Source]) -> bool:
        """Read files as if they were one. False: a mistake ended that, and what came after it is not read.

        Bounded by `_DEEPEST` calls of itself.
        """
        self.level += 1
        section = self.current
        comments = _Comments(self)
        for source in sources:
            for place, text in comments.lines(source):
                if text.startswith("["):
                    begun = self._section(text, place)
                    if begun is None:
                        return False
                    section = begun
                elif text.startswith("#"):
                    if not self._directive(text[1:], place):
                        return False
                elif not self._setting(section, text, place):
                    return False
        self.level -= 1  # not so after a mistake, which Asterisk forgets
        return True

    def _slip(self, place: Place, message: str) -> None:
        self.slips.append(Slip(place, message))

    def _section(self, text: str, place: Place) -> _Section | None:
        end = text.find("]")
        if end < 0:
            self._slip(place, "no closing bracket; the rest of the file is not read")
            return None
        name = text[1:end]
        section = _Section(cut(name, _LONGEST_NAME), place)
        if section.name != name:
            self._slip(place, f"the name of a section ends after {_LONGEST_NAME} bytes")
        new = True
        if text.startswith("(", end + 1):
            close = text.find(")", end + 2)
            if close < 0:
                self._slip(place, "no closing parenthesis; the rest of the file is not read")
                return None
            for option in text[end + 2 : close].split(","):
                if option == "!":
                    section.template = True
                elif option.startswith("+"):
                    there = self._called(name, option[1:])
                    if there is None:
                        self._slip(place, f"there is no section {name} to add to; the rest of the file is not read")
                        return None
                    if new:
                        self.current = there
                        there.template |= section.template
                        there.settings += section.settings
                        new = False
                    section = there
                else:
                    base = self._template(option)
                    if base is None:
                        self._slip(
                            place, f"there is no section {option} to take over; the rest of the file is not read"
                        )
                        return None
                    section.settings += base.settings
        if new:
            self.sections.append(section)
            self.current = section
        return section

    def _called(self, name: str, conditions: str) -> _Section | None:
        """The first section of a name that fulfils `name=value` conditions, each a pattern, with `&` between."""
        for section in self.sections:
            if name and folded(section.name) != folded(name):
                continue
            if not conditions:
                if not section.template:
                    return section
                continue
            fulfilled = templates = False
            for condition in conditions.split("&"):
                wanted, given, value = condition.strip(BLANKS).partition("=")
                wanted, value = wanted.strip(BLANKS), value.partition("=")[0].strip(BLANKS)
                if wanted == "TEMPLATES" and given:
                    fulfilled = folded(value) == "include" or (folded(value) == "restrict" and section.template)
                    templates = templates or (fulfilled and section.template)
                else:
                    fulfilled = bool(given) and _has(section, wanted, value)
                if not fulfilled:
                    break
            if fulfilled and (templates or not section.template):
                return section
        return None

    def _template(self, name: str) -> _Section | None:
        """The first section of a name, template or not; of none where the name is empty."""
        for section in self.sections:
            if not name or folded(section.name) == folded(name):
                return section
        return None

    def _directive(self, text: str, place: Place) -> bool:
        word, argument = _word(text)
        argument = argument.strip(BLANKS)
        directive = folded(word)
        if directive == "exec":
            self._slip(
                place, "what a program prints is not known before it runs: Asterisk runs one only if it is told to"
            )
            return True
        if directive not in ("include", "tryinclude"):
            self._slip(place, f"there is no directive #{word}; the line is skipped")
            return True
        if not argument:
            self._slip(place, f"#{word} needs the name of a file; the line is skipped")
            return True
        if argument[0] in '"<' and argument.endswith({'"': '"', "<": ">"}[argument[0]]):
            argument = argument[1:-1]
        found = self._found(argument) if self.level <= _DEEPEST else []
        if self.level > _DEEPEST:
            self._slip(place, f"files include files {_DEEPEST} deep at most")
        if not found:
            if directive == "include":
                self._slip(place, f"there is no file {argument}; the rest of this file is not read")
            return directive == "tryinclude"
        self.files(found)  # whatever a mistake in it cuts off: this file goes on
        return True

    def _found(self, pattern: str) -> list[Source]:
        """The files that a name means, in which `*`, `?`, `[]` and `{}` stand for others."""
        if pattern in self.sources:
            return [self.sources[pattern]]
        names: list[str] = []
        for one in _braces(pattern):
            parts = one.split("/")
            names += sorted(
                name
                for name in self.sources
                if name.count("/") == len(parts) - 1
                and all(
                    fnmatch.fnmatchcase(part, wanted) and (not part.startswith(".") or wanted.startswith("."))
                    for part, wanted in zip(name.split("/"), parts, strict=True)
                )
            )
        return [self.sources[name] for name in names]

    def _setting(self, section: _Section | None, text: str, place: Place) -> bool:
        if section is None:
            self._slip(place, "a setting before the first section; the rest of the file is not read")
            return False
        escaped = text.startswith("\\")
        if escaped:
            text = text[1:]
            if not text or not _SPACE < text[0] < _BEYOND:
                self._slip(place, "a backslash before no sign of ASCII; the rest of the file is not read")
                return False
        end = text.find("=", escaped)
        if end < 0:
            self._slip(place, "no equals sign; the line is skipped")
            return True
        if end > escaped and text[end - 1] == "+":
            name, value = text[: end - 1].strip(BLANKS), text[end + 1 :]
            if self._added(section, name, value, place):
                return True
        else:
            name, value = text[:end].strip(BLANKS), text[end + 1 :].removeprefix(">")
        if name:
            section.settings.append(Setting(name, value.strip(BLANKS), place))
        else:
            self._slip(place, "nothing before the equals sign; the line is skipped")
        return True

    def _added(self, section: _Section, name: str, value: str, place: Place) -> bool:
        """`name += value`: put behind the last value of that name, if there is one."""
        old = next((setting for setting in reversed(section.settings) if setting.name == name), None)
        if old is None:
            return False
        for index, setting in enumerate(section.settings):
            if folded(setting.name) == folded(name) and (not old.value or folded(setting.value) == folded(old.value)):
                section.settings[index] = Setting(setting.name, (old.value + value).strip(BLANKS), place)
                break
        return True


def _has(section: _Section, name: str, value: str) -> bool:
    one, other = posix.compiled(name), posix.compiled(value)
    if one is None or other is None:
        return False
    return any(one.search(setting.name) and other.search(setting.value) for setting in section.settings)


def _word(text: str) -> tuple[str, str]:
    """The first word, and what comes after the byte that ends it: a blank, or one that is none of ASCII."""
    end = next((at for at, character in enumerate(text) if not _SPACE < character < _BEYOND), len(text))
    return text[:end], text[end:].encode("utf-8", "surrogateescape")[1:].decode("utf-8", "surrogateescape")


_SPACE, _BEYOND = " ", "\x80"


def _braces(pattern: str) -> list[str]:
    """The names that `a{b,c}` stands for, as the shell writes them."""
    ready: list[str] = []
    ahead = [pattern]
    while ahead:
        one = ahead.pop(0)
        found = re.search(r"\{([^{}]*,[^{}]*)\}", one)
        if found is None:
            ready.append(one)
        else:
            ahead[:0] = [one[: found.start()] + part + one[found.end() :] for part in found[1].split(",")]
    return ready


class _Comments:
    """Takes comments out of files, line by line.

    A comment in a line runs from `;` to its end, a block comment from `;--` to `--;`, over lines and nested. How many
    block comments are open goes below zero where one is closed that was never opened, and then, as above zero, the
    lines that follow are no longer read.
    """

    def __init__(self, loading: _Loading) -> None:
        self._loading = loading
        self._open = 0
        self._opened: Place | None = None

    def lines(self, source: Source) -> Iterator[tuple[Place, str]]:
        """What is left of each line in which something is left, and where it stands."""
        ends = (*(start - 1 for start in source.starts[1:]), len(source.text))
        for number, (start, end) in enumerate(zip(source.starts, ends, strict=True)):
            line = source.text[start:end]
            place = Place(source, start, end)
            if len(line.encode("utf-8", "surrogateescape")) > _LONGEST_LINE:
                self._loading.slips.append(Slip(place, f"longer than {_LONGEST_LINE} bytes; the line is skipped"))
                continue
            line = line.partition("\0")[0]
            if number == 0:
                line = line.removeprefix("\ufeff")
            text = self._without(line, place).strip(BLANKS) if ";" in line else "" if self._open else line.strip(BLANKS)
            if text:
                shown = source.text[start:end]
                margin = len(shown) - len(shown.lstrip(BLANKS))
                yield Place(source, start + margin, start + len(shown.rstrip(BLANKS))), text
        if self._open:
            where = self._opened or Place(source, len(source.text), len(source.text))
            self._loading.slips.append(Slip(where, "a block comment that nothing ends; what follows is not read"))

    def _without(self, line: str, place: Place) -> str:
        """A line without its comments. `\\0` ends what C would call the string at hand."""
        at = 0
        begin = None if self._open else 0
        while True:
            end = line.find("\0", at)
            mark = line.find(";", at, end if end >= 0 else len(line))
            if mark < 0:
                break
            if mark > at and line[mark - 1] == "\\":
                line = line[: mark - 1] + line[mark:]
                at = mark
            elif line.startswith("--", mark + 1) and not line.startswith("-", mark + 3):
                if self._open >= _MOST_COMMENTS:
                    self._loading.slips.append(Slip(place, f"{_MOST_COMMENTS} block comments within one another"))
                    return ""
                line = f"{line[:mark]}\0{line[mark + 1 :]}"
                at = mark + 3
                self._open += 1
                self._opened = place
            elif mark >= at + 2 and line[mark - 2 : mark] == "--":
                self._open -= 1
                at = mark + 1
                if self._open == 0:
                    if begin is None:
                        begin = at
                    else:
                        ended = line.find("\0", begin)
                        ended = ended if ended >= 0 else len(line)
                        line = line[:ended] + line[at:]
                        at = ended
                elif self._open < 0:
                    self._loading.slips.append(
                        Slip(place, "the end of a block comment that nothing began; lines after it are not read")
                    )
                    self._opened = place
            elif self._open:
                at = mark + 1
            else:
                line = line[:mark]
                break
        return "" if begin is None else line[begin:].partition("\0")[0]
