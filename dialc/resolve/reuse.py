"""Blocks with parameters: to blocks without, one for each way in which they are used.

In: `syntax.File`, and its blocks by name. Out: the same file, in which every `Use` is the name of a block that has its
arguments in the place of its parameters, and what is wrong with blocks and uses. Equal arguments make one block. The
blocks that come of `branch` are named `branch-a`, `branch-b` and so on, in the order in which they are first used, and
stand where `branch` stood. Names are resolved afterwards, so what this leaves could have been written by hand.

No block uses itself, at whatever distance, and all that is made together is at most as large as a file may be. A use
that is wrong stays a `Use`, which says to whoever meets it that it has been told of.
"""

import string
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any

import attrs

from dialc import parse, syntax
from dialc.findings import Finding, Note, Severity
from dialc.resolve import values
from dialc.resolve.values import Findings
from dialc.source import Place, Use

MOST = 20_000
"""The most blocks that are made: for each of a thousand sites, some twenty."""

NOT_SAID = "what a caller would meet here is not said"

_KINDS = {
    "NAME": "a name",
    "STRING": "a text",
    "EXTENSION": "an extension",
    "COUNT": "a number",
    "KEY": "a key",
    "CODE": "a code",
    "DURATION": "a time",
    "DATE": "a date",
    "TIME": "a time of day",
    "REGION": "a country",
    "ZONE": "a time zone",
}
"""What can be given for a parameter, as people say it, the likeliest first."""


def tell_no_arguments(word: syntax.Word, block: syntax.Named, findings: Findings) -> None:
    """A finding about a block with parameters that is named as if it had none."""
    if isinstance(block.name, syntax.Form):
        _tell_number(word, block.name, 0, findings)


def _tell_number(word: syntax.Word, form: syntax.Form, given: int, findings: Findings) -> None:
    number = len(form.parameters)
    takes = f"takes {number} argument{'' if number == 1 else 's'}, not {given or 'none'}"
    help = f"give its {', '.join(f'`{parameter.text}`' for parameter in form.parameters)} in brackets"
    findings.add(
        "D288",
        f"`{values.shortened(word.text)}` {takes}",
        word.place,
        caller=NOT_SAID,
        notes=(Note(form.place, "named here"),),
        help=help if len(help) <= 76 else "",
    )


def _tell_misfit(
    argument: syntax.Argument | syntax.Parameter, stands: syntax.Parameter, use: syntax.Use, findings: Findings
) -> None:
    """An argument that cannot stand where its parameter stands; `use` may only hand it on."""
    given, wanted = argument.place, " or ".join(_KINDS[kind] for kind in stands.kinds)
    written = given.source.text[given.start : given.end]
    notes = [Note(stands.place, f"`{values.shortened(stands.text)}` stands for {wanted} here")]
    if given.source.use is not use.place.source.use or not use.place.start < given.start < use.place.end:
        notes.append(Note(use.place, "handed on here"))
    looks_like_it = argument.kinds[0] != "ZONE" or "/" in written  # not every word with a capital is a zone
    is_a = f"is {_KINDS[argument.kinds[0]]}, not" if looks_like_it else "is not"
    findings.add(
        "D289",
        f"`{values.shortened(written)}` {is_a} {wanted}",
        argument.place,
        caller=NOT_SAID,
        notes=notes,
        help=_cure(argument, written, stands.kinds),
    )


def _cure(argument: syntax.Argument | syntax.Parameter, written: str, wanted: Sequence[str]) -> str:
    """How an argument is written where one of other kinds is wanted; empty where that is not sure."""
    if len(written) > 60:
        return ""
    if "STRING" in wanted and '"' not in written:
        return f'write it in quotes, as in `"{written}"`'
    if "STRING" in argument.kinds and {*parse.kinds(argument.text)} & {*wanted}:
        return f"write it without quotes, as in `{argument.text}`"
    others = [f"*{argument.text}", argument.text.upper()]
    others += [argument.text.lower()] if "REGION" not in argument.kinds else []
    other = next((other for other in others if {*parse.kinds(other)} & {*wanted}), "")
    return f"write it as in `{other}`" if other else ""


@attrs.define
class _Form:
    """A block with parameters: where they stand in it, which blocks it uses, and which ones were made of it.

    `told` is set where something is wrong with it however it is used, and has been told of; `number` counts the ways in
    which it is used.
    """

    block: syntax.Named
    name: syntax.Form
    uses: tuple[syntax.Use, ...]
    stands: dict[str, list[syntax.Parameter]]
    made: list[syntax.Named] = attrs.field(factory=list)
    told: bool = False
    number: int = 0


def _form(block: syntax.Named, name: syntax.Form) -> _Form:
    words = tuple(_words(block))
    stands: dict[str, list[syntax.Parameter]] = {parameter.text: [] for parameter in name.parameters}
    for word in words:
        if isinstance(word, syntax.Parameter):
            stands[word.text].append(word)
    return _Form(block, name, tuple(word for word in words if isinstance(word, syntax.Use)), stands)


class Expansion:
    """A file on its way to one without parameters.

    `named` are its blocks by name, of several the first; `taken` the names that several have, which has been told of.
    """

    def __init__(self, named: Mapping[str, syntax.Named], taken: Set[str], findings: Findings) -> None:
        self._findings = findings
        self._named = named
        self._taken = taken
        self._forms = {
            name: _form(block, block.name) for name, block in named.items() if isinstance(block.name, syntax.Form)
        }
        self._names: dict[tuple[object, ...], str] = {}
        self._ahead: deque[tuple[_Form, str, syntax.Use]] = deque()
        self._size = 0
        self._grown = False

    def expanded(self, file: syntax.File) -> syntax.File:
        """The file without parameters; its `forms` are the blocks that had some."""
        for form in self._forms.values():
            self._tell_parameters(form)
        self._tell_circles()
        found: list[Sequence[syntax.Declaration]] = []
        for declaration in file.declarations:
            if not (isinstance(declaration, syntax.Named) and isinstance(declaration.name, syntax.Form)):
                found.append([_without_uses(declaration, self._meant)])
            elif self._named[declaration.name.text] is declaration:
                found.append(self._forms[declaration.name.text].made)
        while self._ahead:
            self._make(*self._ahead.popleft())
        declarations = tuple(declaration for made in found for declaration in made)
        forms = tuple(form.block for form in self._forms.values())
        return attrs.evolve(file, declarations=declarations, forms=forms)

    # From uses to names

    def _meant(self, use: syntax.Use) -> syntax.Word:
        """The name of the block that a use means; the use itself where it has been told of."""
        form = self._forms.get(use.text)
        if form is None:
            return self._without_parameters(use)
        if form.told or not self._is_right(form, use):
            return use
        key = (use.text, *((argument.kinds, argument.text) for argument in use.arguments))
        if key not in self._names:
            self._size += form.block.place.end - form.block.place.start
            if self._size > parse.LARGEST or len(self._names) == MOST:
                self._tell_growth(use)
                return use
            self._names[key] = f"{use.text}-{_letters(form.number)}"
            self._ahead.append((form, self._names[key], use))
            form.number += 1
        return syntax.Word(self._names[key], place=use.place)

    def _without_parameters(self, use: syntax.Use) -> syntax.Word:
        if use.text not in self._named:
            return use.name  # which is told of as any name is that nobody gave
        if use.text in self._taken:
            return use
        self._findings.add(
            "D288",
            f"`{values.shortened(use.text)}` has no parameters",
            use.place,
            caller=NOT_SAID,
            notes=(Note(self._named[use.text].name.place, "named here"),),
            help=f"write `{use.text}`" if len(use.text) <= 60 else "",
        )
        return use

    def _is_right(self, form: _Form, use: syntax.Use) -> bool:
        """Whether there is an argument for each parameter, and can stand wherever the parameter does."""
        # Of a name that several blocks have, the other may be meant, and that has been told of.
        findings = Findings() if use.text in self._taken else self._findings
        wanted = [parameter.text for parameter in form.name.parameters]
        if len(wanted) != len(use.arguments):
            _tell_number(use, form.name, len(use.arguments), findings)
            return False
        right = True
        for name, argument in zip(wanted, use.arguments, strict=True):
            wrong = next((at for at in form.stands[name] if not set(at.kinds) & set(argument.kinds)), None)
            if wrong is not None:
                _tell_misfit(argument, wrong, use, findings)
                right = False
        return right

    def _make(self, form: _Form, name: str, use: syntax.Use) -> None:
        """A block of its own for one way in which a block is used."""
        parameters = (parameter.text for parameter in form.name.parameters)
        arguments = {
            parameter: argument
            for parameter, argument in zip(parameters, use.arguments, strict=True)
            if isinstance(argument, syntax.Argument)
        }
        made = parse.instance(form.block.place, arguments, Use(_written(use), use.place, _whole(use)))
        if isinstance(made, Finding):
            self._findings.found.append(made)
            return
        if isinstance(made, syntax.Named):
            made = attrs.evolve(made, name=syntax.Word(name, place=made.name.place))
            form.made.append(_without_uses(made, self._meant))

    def _tell_growth(self, use: syntax.Use) -> None:
        if not self._grown:
            self._grown = True
            message = "blocks with parameters make this plan larger than a plan can be"
            self._findings.add("D291", message, use.place, caller="no PBX could hold what callers would meet")

    # What is wrong with blocks, however they are used

    def _tell_parameters(self, form: _Form) -> None:
        first: dict[str, syntax.Word] = {}
        for parameter in form.name.parameters:
            other = first.setdefault(parameter.text, parameter)
            if other is not parameter:
                message = f"`{values.shortened(parameter.text)}` is a parameter twice"
                notes = (Note(other.place, "first here"),)
                form.told = True
                self._findings.add("D292", message, parameter.place, caller=NOT_SAID, notes=notes)
        for use in form.uses:
            if isinstance(use.name, syntax.Parameter):
                message = f"`{values.shortened(use.text)}` is a parameter, which takes no arguments"
                form.told = True
                self._findings.add("D292", message, use.place, caller=NOT_SAID)
        for stands in form.stands.values():
            kinds = set(stands[0].kinds) if stands else set()
            for at in stands:
                if not kinds & set(at.kinds):
                    wanted = " or ".join(_KINDS[kind] for kind in at.kinds)
                    before = " or ".join(what for kind, what in _KINDS.items() if kind in kinds)
                    message = f"`{values.shortened(at.text)}` cannot be {wanted} here and {before} before"
                    notes = (Note(stands[0].place, f"{before} here"),)
                    form.told = True
                    self._findings.add("D289", message, at.place, caller=NOT_SAID, notes=notes)
                    break
                kinds &= set(at.kinds)

    def _tell_circles(self) -> None:
        """A finding for each use by which a block comes to use itself."""
        open: dict[str, Iterator[syntax.Use]] = {}
        done: set[str] = set()
        path: list[syntax.Use] = []
        for start in self._forms:
            if start in done:
                continue
            open[start] = iter(self._forms[start].uses)
            while open:
                at, uses = next(reversed(open.items()))
                use = next(uses, None)
                if use is None:
                    open.popitem()
                    done.add(at)
                    if path:
                        path.pop()
                    if open and self._forms[at].told:
                        self._forms[next(reversed(open))].told = True
                elif use.text in open:
                    self._forms[at].told = True
                    self._tell_circle(use, path[list(open).index(use.text) :])
                elif use.text in done:
                    self._forms[at].told |= self._forms[use.text].told
                elif use.text in self._forms:
                    open[use.text] = iter(self._forms[use.text].uses)
                    path.append(use)

    def _tell_circle(self, use: syntax.Use, path: list[syntax.Use]) -> None:
        """`path` leads from the block that `use` names to the one that it stands in."""
        way = f", by way of `{values.shortened(path[0].text)}`" if path else ""
        self._findings.add(
            "D290",
            f"`{values.shortened(use.text)}` uses itself{way}",
            use.place,
            caller="what callers would meet has no end",
            notes=tuple(Note(step.place, f"`{values.shortened(step.text)}` is used here") for step in path[:2]),
        )

    def tell_unused(self) -> None:
        """A warning for each block with parameters that nothing uses, and each parameter that nothing depends on."""
        within = {use.text for form in self._forms.values() for use in form.uses}
        for name, form in self._forms.items():
            if form.number == 0 and name not in within:
                message = f"nothing uses `{values.shortened(name)}`"
                caller = "no caller would meet it"
                self._findings.add("D220", message, form.name.place, caller=caller, severity=Severity.WARNING)
            for parameter in form.name.parameters:
                if not form.stands[parameter.text]:
                    message = f"nothing depends on the parameter `{values.shortened(parameter.text)}`"
                    caller = "callers would meet the same whatever is given for it"
                    self._findings.add("D220", message, parameter.place, caller=caller, severity=Severity.WARNING)


# Syntax


def _words(element: Any) -> Iterator[syntax.Word]:
    """The words of an element in the order written, those of uses behind the use; its places are left out."""
    ahead = [element]
    while ahead:
        element = ahead.pop()
        if isinstance(element, tuple):
            ahead.extend(reversed(element))
        elif isinstance(element, syntax.Use):
            yield element
            ahead.extend(reversed(element.arguments))
        elif isinstance(element, syntax.Word):
            yield element
        elif attrs.has(type(element)) and not isinstance(element, Place):
            ahead.extend(getattr(element, field.name) for field in reversed(attrs.fields(type(element))))


def _without_uses(element: Any, meant: Callable[[syntax.Use], syntax.Word]) -> Any:
    """An element with the names of blocks in place of uses. It calls itself, as deep as the grammar nests blocks."""
    if isinstance(element, syntax.Use):
        return meant(element)
    if isinstance(element, tuple):
        return tuple(_without_uses(part, meant) for part in element)
    if isinstance(element, syntax.Word | Place) or not attrs.has(type(element)) or not _has_bracket(element.place):
        return element
    parts = {field.name: getattr(element, field.name) for field in attrs.fields(type(element))}
    changed = {name: _without_uses(part, meant) for name, part in parts.items()}
    return attrs.evolve(element, **changed)


def _has_bracket(place: Place) -> bool:
    """Whether there may be a use in a stretch of text: most have none, and need not be looked through."""
    return place.source.text.find("(", place.start, place.end) >= 0


# Words


def _letters(number: int) -> str:
    """`a` to `z`, then `aa` and so on."""
    found = ""
    while number >= 0:
        number, letter = divmod(number, 26)
        found = string.ascii_lowercase[letter] + found
        number -= 1
    return found


def _whole(use: syntax.Use) -> str:
    """A use with what its arguments are."""
    return f"{use.text}({', '.join(_arguments(use))})"


def _arguments(use: syntax.Use) -> list[str]:
    return [f'"{argument.text}"' if "STRING" in argument.kinds else argument.text for argument in use.arguments]


def _written(use: syntax.Use) -> str:
    """A use with what its arguments are, cut short."""
    arguments = _arguments(use)
    shown: list[str] = []
    for argument in arguments:
        if shown and len(", ".join((*shown, argument))) > 32:
            shown.append("…")
            break
        shown.append(values.shortened(argument))
    return f"{values.shortened(use.text)}({', '.join(shown)})"
