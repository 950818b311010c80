"""Names: to what they stand for, whoever uses them.

In: the declarations of a file. Out: a `Scope`, which every other module of this package is given: it knows each name,
the default operator and where routes lead that only lead on, and tells of names that nobody gave or nobody uses.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from dialc import plan, syntax
from dialc.beside import Beside, Missing
from dialc.callers import Callers
from dialc.digits import Digits
from dialc.findings import Note, Severity
from dialc.parse import files
from dialc.resolve import reuse, values
from dialc.resolve.values import Findings
from dialc.source import Place

NOWHERE_TO_GO = "a caller who comes this way would have nowhere to go"

NOTHING_RINGS = "no phone would ring for a caller"

NOT_SAID = "what a caller would meet here is not said"

_T = TypeVar("_T")


class Scope:
    """The names of one file and what they stand for; what is wrong with the file gathers in `findings`.

    `beside` gives the files that it names, `sounds` the recordings of its prompts, if they are looked at; `asked` are
    digests of the files that were asked for. `whole` tells that all files of declarations could be read. `forms` are
    blocks with parameters.

    `zone`, `country`, `languages` (what callers hear first, then what they can choose), `default` (the default
    operator), `operator` (where all leads that nobody spelled out) and `onward` (what is meant by routes that only lead
    on) hold once the head and the names are read; `hours`, `switches`, `prompts`, `callers` and `digits` as they are
    resolved; `unsure` are hours of which not all exceptions are known. `arrows` are the places of what leads from a
    step by an outcome.
    """

    def __init__(self, file: syntax.File, beside: Beside, sounds: Beside | None = None) -> None:
        self.findings = Findings()
        self.asked: dict[str, str] = {}
        self._beside = beside
        self.sounds = sounds
        file, found = files.gathered(file, self.beside)
        self.findings.found.extend(found)
        self.whole = not self.findings.refused
        self._taken: set[str] = set()
        self._expansion = reuse.Expansion(self._claims(file) if self.whole else {}, self._taken, self.findings)
        self.file = self._expansion.expanded(file) if self.whole else file
        self.forms = {form.name.text: form for form in self.file.forms}
        self.start = values.keyword(file.declarations[0]) if file.declarations else Place(file.source, 0, 0)
        self.names: dict[str, syntax.Named] = {}
        self.zone = ""
        self.languages: tuple[str, ...] = ()
        self.country = ""
        self.default = ""
        self.operator = ""
        self.onward: Mapping[str, str] = {}
        self.hours: dict[str, plan.Schedule] = {}
        self.switches: dict[str, plan.Switch] = {}
        self.unsure: set[str] = set()
        self.prompts: dict[str, plan.Prompt] = {}
        self.digits: dict[str, Digits] = {}
        self.callers: dict[str, Callers] = {}
        self.arrows: dict[tuple[str, str], Place] = {}
        self._kinds: dict[type, tuple[Any, ...]] = {}
        self._undefined: dict[str, list[syntax.Word]] = {}
        self._unspoken: dict[str, list[syntax.Word]] = {}
        self._used: set[str] = set()

    def all(self, kind: type[_T]) -> Iterator[_T]:
        """The declarations of a kind, in order."""
        if kind not in self._kinds:
            self._kinds[kind] = tuple(each for each in self.file.declarations if isinstance(each, kind))
        return iter(self._kinds[kind])

    def named(self, kind: type[_T]) -> Iterator[_T]:
        """The declarations of a kind that have a name of their own, in order."""
        return (declaration for declaration in self.names.values() if isinstance(declaration, kind))

    def lacks(self, message: str, place: Place, help: str, caller: str) -> None:
        """A finding about something that the plan cannot do without."""
        self.findings.missing(message, place, caller=caller, help=help)

    def beside(self, name: str) -> bytes | Missing:
        """The bytes of a file, by its name relative to the folder of the plan."""
        data = self._beside(name)
        if not isinstance(data, Missing):
            self.asked[name] = hashlib.sha256(data).hexdigest()
        return data

    # What names stand for

    def _claims(self, file: syntax.File) -> Mapping[str, syntax.Named]:
        """The first that claims each name, with or without parameters; a finding for each other that does.

        What is made of a block with parameters has a name of its own, since no other has a dash.
        """
        found: dict[str, syntax.Named] = {}
        for declaration in file.declarations:
            if isinstance(declaration, syntax.Named):
                first = found.setdefault(declaration.name.text, declaration)
                if first is not declaration:
                    self._taken.add(first.name.text)
                    self.findings.taken(declaration.name, first.name, _kind(first))
        return found

    def is_taken(self, word: syntax.Word) -> bool:
        """Whether several blocks claim a name, which has been told: what it is used for, another of them may be."""
        return word.text.partition("-")[0] in self._taken

    def declare(self) -> None:
        """Gives every name to the first that claims it, blocks with parameters aside."""
        for declaration in self.file.declarations:
            if isinstance(declaration, syntax.Named):
                self.names.setdefault(declaration.name.text, declaration)

    def default_operator(self) -> str:
        """The operator to whom every way out leads that nobody spelled out; empty, with a finding, if there is none.

        Where every line names its own, it is the first one's.
        """
        operators = list(self.named(syntax.Operator))
        defaults = [operator for operator in operators if operator.default]
        caller = "to whom callers go whom nothing else takes is not said"
        if not operators:
            message, place = "the plan has no operator", self.start
            self.findings.add("D214", message, place, caller="callers whom nothing takes would have nobody to go to")
            return ""
        for other in defaults[1:]:
            place = (other.default or other.name).place
            note = Note(defaults[0].name.place, "this one is the default")
            self.findings.add("D214", "a second operator is the default", place, caller=caller, notes=(note,))
        own = [item.value.text for line in self.all(syntax.Line) for item in line.items if item.kind == "line_operator"]
        if own and not defaults and len(own) == sum(1 for _ in self.all(syntax.Line)):
            return next((operator.name.text for operator in operators if operator.name.text in own), own[0])
        if len(operators) > 1 and not defaults:
            name = operators[0].name
            notes = tuple(Note(other.name.place, "nor is this one") for other in operators[1:3])
            help = f"write `default` after the name of one of them, as in `operator {name.text} default {{`"
            message = "no operator is the default"
            self.findings.add("D214", message, name.place, caller=caller, notes=notes, help=help)
        return (defaults or operators)[0].name.text

    def led_on(self) -> Mapping[str, str]:
        """The steps that are meant by the names of routes that only lead on, at whatever distance."""
        onward = {
            route.name.text: route.items[0].to
            for route in self.named(syntax.Route)
            if route.items and isinstance(route.items[0], syntax.Go)
        }
        found: dict[str, str] = {}
        for name in onward:
            path: dict[str, None] = {}
            at = name
            while at in onward and at not in found and at not in path:
                path[at] = None
                at = onward[at].text
            if at in path:
                message = f"`{values.shortened(at)}` leads back to itself and does nothing"
                self.findings.add("D219", message, onward[at].place, caller="a caller would hear nothing for ever")
                at = self.operator
            found.update(dict.fromkeys(path, found.get(at, at)))
        return found

    def _means(self, word: syntax.Word, wanted: str) -> bool:
        """Whether a name stands for a `step`, `prompt`, `hours` or `switch`, as is wanted; a finding otherwise."""
        if isinstance(word, syntax.Use):
            return False  # it has been told of
        named = self.names.get(word.text)
        if named is None and word.text in self.forms:
            if not self.is_taken(word):
                reuse.tell_no_arguments(word, self.forms[word.text], self.findings)
            return False
        if named is None:
            self._undefined.setdefault(word.text, []).append(word)
            return False
        self._used.add(word.text)
        is_a = _kind(named)
        if wanted == "step" and isinstance(named, syntax.Step) and not isinstance(named, syntax.Extensions):
            is_a = "step"
        if is_a == wanted:
            return True
        if self.is_taken(word):
            return False
        help = ""
        if wanted == "step" and is_a == "prompt":
            help = f"lead to a route with `play {word.text}`"
        elif wanted == "step" and is_a == "row of extensions":
            help = "lead a `line` of as many numbers to it, or write `direct` in a menu: what is dialled says who rings"
        elif wanted == "prompt" and isinstance(named, syntax.Step):
            help = f"write `-> {word.text}` to send callers there"
        self.findings.add(
            "D203",
            f"`{values.shortened(word.text)}` is {values.a(_kind(named))}, not {values.a(wanted)}",
            word.place,
            caller=NOWHERE_TO_GO if wanted == "step" else NOT_SAID,
            notes=(Note(named.name.place, "named here"),),
            help=help,
        )
        return False

    def entry(self, word: syntax.Word) -> str:
        """The step at which callers of a line enter: any, or a row of extensions, of which they have dialled one."""
        return word.text if self._is_row(word) else self.to(word)

    def row(self, word: syntax.Word) -> str:
        """The name of a row of extensions; empty, with a finding, if it is none."""
        return word.text if self._means(word, "row of extensions") else ""

    def _is_row(self, word: syntax.Word) -> bool:
        is_row = isinstance(self.names.get(word.text), syntax.Extensions)
        return is_row and self._means(word, "row of extensions")

    def to(self, word: syntax.Word) -> str:
        """The step at which callers enter what a name stands for."""
        return self.onward.get(word.text, word.text) if self._means(word, "step") else self.operator

    def block(self, word: syntax.Word) -> str:
        """The name of a block of steps; empty, with a finding, if it is none."""
        return word.text if self._means(word, "step") else ""

    def lookup(self, word: syntax.Word) -> str:
        """The name of a lookup; empty, with a finding, if it is none."""
        return word.text if self._means(word, "lookup") else ""

    def callers_named(self, word: syntax.Word) -> Callers:
        """The list of callers that a name stands for; nobody, with a finding, where it stands for none."""
        return self.callers[word.text] if self._means(word, "list of callers") else Callers("")

    def own_operator(self, word: syntax.Word) -> str:
        """The operator that a name stands for; the default one, with a finding, where it stands for none."""
        return word.text if self._means(word, "operator") else self.default

    def played(self, word: syntax.Word) -> plan.Prompt:
        """The prompt that a name stands for; a silent one, with a finding, if it stands for none."""
        return self.prompts[word.text] if self._means(word, "prompt") else plan.Prompt("", "", (), 1)

    def opening(self, word: syntax.Word) -> plan.Schedule:
        """The hours that a name stands for; hours that are never open, with a finding, if it stands for none."""
        return self.hours[word.text] if self._means(word, "hours") else self.never()

    def of_a_block(self, word: syntax.Word, lacks: str) -> plan.Hours:
        """Hours that are no combination; the finding about one begins with what it `lacks`."""
        hours = self.opening(word)
        if isinstance(hours, plan.Hours):
            return hours
        self.findings.add(
            "D248",
            f"`{values.shortened(word.text)}` is made of other hours, and has {lacks} of its own",
            word.place,
            caller=NOT_SAID,
            notes=(Note(hours.place, "these hours"),),
            help=f"name one of those it is made of: {', '.join(f'`{part.name}`' for part in hours.hours)}",
        )
        return self.never()

    def never(self) -> plan.Hours:
        """Hours that are never open, for where none are known."""
        return plan.Hours("", self.zone, ((),) * 7)

    def turned(self, word: syntax.Word) -> plan.Switch | None:
        """The switch that a name stands for; None, with a finding, if it stands for none."""
        return self.switches[word.text] if self._means(word, "switch") else None

    def tongue(self, word: syntax.Word) -> str:
        """A language of the plan; the first, with a finding, for any other."""
        if word.text in self.languages:
            return word.text
        self._unspoken.setdefault(word.text, []).append(word)
        return self.languages[0]

    def enterable(self, word: syntax.Word) -> Digits:
        """The numbers that a name stands for; none, with a finding, if it stands for none."""
        return self.digits[word.text] if self._means(word, "digits") else Digits("", frozenset())

    # What is said of them in the end

    def tell_unspoken(self) -> None:
        """A finding for each language that is not one of the plan's, however often it stands there."""
        listed = any(True for _ in self.all(syntax.Languages))
        for code, words in self._unspoken.items():
            meant = values.close_to(code, self.languages)
            help = f"write `languages {', '.join((*filter(None, self.languages), code))}` in the head of the plan"
            self.findings.add(
                "D251",
                f"`{values.shortened(code)}` is not among the plan's languages",
                words[0].place,
                caller="would never be spoken to in it",
                notes=tuple(Note(word.place, "nor here") for word in words[1:3]),
                help=f"did you mean `{meant}`?" if listed and meant else help,
            )

    def tell_undefined(self) -> None:
        """A finding for each name that nobody gave, however often it is used."""
        for name, words in self._undefined.items():
            meant = values.close_to(name, (*self.names, *self.forms))
            help = f"did you mean `{meant}`?" if meant else ""
            if name in ("operator", "default") and self.default:
                help = f"write `{self.default}`, which is how the operator is called"
            if name == "repeat":
                help = "write a key that asks again without the arrow, as in `key * repeat`"
            self.findings.add(
                "D201",
                f"nothing is named `{values.shortened(name)}`",
                words[0].place,
                caller=NOT_SAID,
                notes=tuple(Note(word.place, "nor here") for word in words[1:3]),
                help=help,
            )

    def tell_unused(self) -> None:
        """A warning for each prompt, hours and switch that nothing uses."""
        for name, named in self.names.items():
            if name in self._used:
                continue
            match named:
                case syntax.Prompt():
                    message = f"the prompt `{values.shortened(name)}` is never played"
                    caller = "no caller would hear it"
                case syntax.Digits():
                    message = f"nothing accepts the digits `{values.shortened(name)}`"
                    caller = "no caller could enter them"
                case syntax.Hours() | syntax.Combined():
                    message = f"nothing depends on the hours `{values.shortened(name)}`"
                    caller = "callers would meet the same at any time"
                case syntax.Switch():
                    message = f"nothing depends on the switch `{values.shortened(name)}`"
                    caller = "callers would meet the same however it stands"
                case syntax.Callers():
                    message = f"nothing depends on the callers `{values.shortened(name)}`"
                    caller = "they would meet the same as all others"
                case _:
                    continue
            self.findings.add("D220", message, named.name.place, caller=caller, severity=Severity.WARNING)
        self._expansion.tell_unused()


def _kind(named: syntax.Named) -> str:
    """What has a name, as the language calls it."""
    match named:
        case syntax.Extensions():
            return "row of extensions"
        case syntax.Callers():
            return "list of callers"
        case syntax.Combined():
            return "hours"
        case _:
            return type(named).__name__.lower()
