"""The dialplan in extensions.conf: sections to contexts, extensions and priorities, as Asterisk's loader makes them.

In: a `Configuration`. Out: a `Dialplan`, and in it a `Slip` for each line that the loader skips or takes otherwise than
it reads. `Dialplan.found` looks up an extension as Asterisk does: by the order of patterns, then in what is included. A
priority that an extension lacks is looked for in the next one that matches, so that two patterns can be one way.
"""

import bisect
import re
from collections.abc import Callable, Iterator, Mapping

import attrs

from dialc.read.asterisk import patterns
from dialc.read.asterisk.configuration import BLANKS, Configuration, Section, Setting, Slip, cut, folded
from dialc.read.asterisk.patterns import Ask, Match
from dialc.read.asterisk.substitution import replaced
from dialc.source import Place

HINT = -1
"""The priority of a hint, which is no step of a call."""


@attrs.frozen
class Priority:
    """One step of an extension: an application with its argument as it is written."""

    number: int
    label: str
    application: str
    argument: str
    place: Place


@attrs.frozen
class Extension:
    """An extension or a pattern, for callers whose number matches `caller`; for all where that is None."""

    name: str
    caller: str | None
    priorities: Mapping[int, Priority]
    """By number, in order."""
    labels: Mapping[str, int]

    @property
    def place(self) -> Place:
        """Where its first priority stands."""
        return next(iter(self.priorities.values())).place


@attrs.frozen
class Include:
    """A context that is looked into after one's own extensions, within times where there are some."""

    written: str
    context: str
    times: str | None
    place: Place


@attrs.frozen
class Another:
    """A `switch`: where else extensions are looked up, such as a database, and with what."""

    name: str
    data: str
    evaluated: bool
    place: Place


@attrs.frozen
class Context:
    """Extensions in the order in which they are tried, and what is looked into after them."""

    name: str
    extensions: tuple[Extension, ...]
    switches: tuple[Another, ...]
    includes: tuple[Include, ...]
    ignored: tuple[str, ...]
    """Patterns after which a dial tone goes on."""
    place: Place


@attrs.frozen
class Found:
    """A priority that was looked up: of which extension in which context, and within which times of includes."""

    context: Context
    extension: Extension
    priority: Priority
    times: tuple[str, ...] = ()


@attrs.frozen
class Elsewhere:
    """Something that is looked up by a `switch`, within which times of includes."""

    context: Context
    times: tuple[str, ...] = ()


@attrs.frozen
class Dialplan:
    """The contexts of a PBX by name, its global variables (None where the value is not known), and what went wrong."""

    contexts: Mapping[str, Context]
    globals: Mapping[str, str | None]
    falls_through: bool
    """Whether a call that runs out of priorities ends by what its last Dial came to; else it waits for a key."""
    slips: tuple[Slip, ...]

    def found(
        self, context: str, extension: str, priority: int, *, caller: str = "", ask: Ask = Ask.WHOLE
    ) -> Iterator[Found | Elsewhere]:
        """What Asterisk finds for a text that was dialled: the first of these whose times hold.

        Whether a switch knows the extension is not told by these files: what comes after one is found if it does not.
        """

        def step(each: Extension) -> Priority | None:
            return each.priorities.get(priority)

        return self._search(context, extension, caller, ask, step)

    def labelled(self, context: str, extension: str, label: str, *, caller: str = "") -> Iterator[Found | Elsewhere]:
        """The same for a label in place of the number of a priority."""

        def step(each: Extension) -> Priority | None:
            return each.priorities.get(each.labels.get(label, 0))

        return self._search(context, extension, caller, Ask.WHOLE, step)

    def _search(
        self, context: str, extension: str, caller: str, ask: Ask, step: Callable[[Extension], Priority | None]
    ) -> Iterator[Found | Elsewhere]:
        """Look into a context and what it includes, one after the other.

        One that has been looked into whenever these times hold is not looked into again. A context with an extension
        that ends in `!` has nothing more to say to `Ask.MORE`.
        """
        ahead: list[tuple[str, tuple[str, ...]]] = [(context, ())]
        seen: dict[str, list[frozenset[str]]] = {}
        while ahead:
            name, times = ahead.pop()
            there = self.contexts.get(name)
            before = seen.setdefault(folded(name), [])
            if there is None or any(earlier <= frozenset(times) for earlier in before):
                continue
            over = False
            for each in there.extensions:
                match = patterns.matches(each.name, extension, ask)
                if match is Match.NO or not (each.caller is None or _calls(each.caller, caller)):
                    continue
                over = match is Match.FINAL and ask is Ask.MORE
                priority = None if over else step(each)
                if over or priority is not None:
                    break
            else:
                priority = None
            if priority is not None:
                yield Found(there, each, priority, times)
                if not times:
                    return
            elif not over:
                before.append(frozenset(times))
                if there.switches:
                    yield Elsewhere(there, times)
                ahead += [
                    (include.context, times if include.times is None else (*times, include.times))
                    for include in reversed(there.includes)
                ]


def _calls(pattern: str, caller: str) -> bool:
    """Whether an extension for certain callers is for this one. An empty number only matches none."""
    return not pattern if not caller else patterns.matches(pattern, caller) is not Match.NO


# Loading

_GENERAL, _GLOBALS = "general", "globals"
_LONGEST_EXTENSION = 255
_NOTHING: Mapping[str, str] = {}
_TRUE = frozenset({"yes", "true", "y", "t", "1", "on"})

_BUILT_IN = frozenset(
    {"EPOCH", "SYSTEMNAME", "ENTITYID"}
    | {f"AST{each}DIR" for each in ("CACHE", "ETC", "MOD", "VARLIB", "DB", "KEY", "DATA", "AGI")}
    | {f"AST{each}DIR" for each in ("SPOOL", "RUN", "LOG", "SBIN")}
)
"""Variables that are there before any is set, with values that no file tells."""


def load(configuration: Configuration) -> Dialplan:
    """The dialplan that Asterisk makes of extensions.conf; without a context where it refuses the file."""
    loading = _Loading(configuration)
    for section in configuration.sections:
        if folded(section.name) == _GLOBALS:
            loading.variables(section)
    for section in configuration.sections:
        if folded(section.name) not in (_GENERAL, _GLOBALS):
            loading.context(section)
    loading.includes_exist()
    return Dialplan(
        {name: context.made() for name, context in loading.contexts.items()},
        loading.globals,
        _true(configuration.value(_GENERAL, "autofallthrough", "yes")),
        tuple(loading.slips),
    )


def _true(value: str) -> bool:
    return folded(value) in _TRUE


@attrs.define(eq=False)
class _Extension:
    name: str
    caller: str | None
    priorities: dict[int, Priority] = attrs.field(factory=dict)
    labels: dict[str, int] = attrs.field(factory=dict)


@attrs.define(eq=False)
class _Context:
    name: str
    place: Place
    orders: list[tuple[object, ...]] = attrs.field(factory=list)
    """What `extensions` are sorted by."""
    extensions: list[_Extension] = attrs.field(factory=list)
    switches: list[Another] = attrs.field(factory=list)
    includes: dict[str, Include] = attrs.field(factory=dict)
    """By how they are written, times and all."""
    ignored: list[str] = attrs.field(factory=list)

    def made(self) -> Context:
        extensions = tuple(
            Extension(each.name, each.caller, dict(sorted(each.priorities.items())), each.labels)
            for each in self.extensions
        )
        return Context(
            *(self.name, extensions, tuple(self.switches), tuple(self.includes.values()), tuple(self.ignored)),
            self.place,
        )


class _Loading:
    """What has been loaded so far."""

    def __init__(self, configuration: Configuration) -> None:
        self.slips: list[Slip] = list(configuration.slips)
        self.globals: dict[str, str | None] = {}
        self.contexts: dict[str, _Context] = {}
        for section in configuration.sections:
            if folded(section.name) == _GENERAL and _true(configuration.value(_GENERAL, "extenpatternmatchnew")):
                self._slip(section.place, "the new pattern matcher is on: it can prefer another pattern")
                break

    def _slip(self, place: Place, message: str) -> None:
        self.slips.append(Slip(place, message))

    def _replaced(self, text: str, own: Mapping[str, str] = _NOTHING) -> str | None:
        """A text with global variables in it, and its `own`, as it is while the dialplan is loaded: no function."""

        def variable(name: str) -> str | None:
            return own[name] if name in own else None if name in _BUILT_IN else self.globals.get(name, "")

        return replaced(text, variable, lambda *_: None)

    def variables(self, section: Section) -> None:
        """Set global variables."""
        for setting in section.settings:
            if setting.name.endswith(")"):
                self._slip(setting.place, f"{setting.name} is a function, and no variable")
                continue
            name = setting.name.removeprefix("_").removeprefix("_")
            self.globals[name] = self._replaced(setting.value)

    def context(self, section: Section) -> None:
        """Add the lines of a section to the context of its name."""
        context = self.contexts.setdefault(section.name, _Context(section.name, section.place))
        last = ""
        number: int | None = None
        for setting in section.settings:
            keyword = folded(setting.name)
            if keyword.startswith("same"):
                if not last:
                    self._slip(setting.place, "there is no extension before it in this section; the line is skipped")
                    continue
                number = self._priority(context, last, setting.value, number, setting.place)
            elif keyword == "exten":
                written, rest = _first(setting.value)
                extension = self._replaced(written)
                if extension is None:
                    self._slip(setting.place, f"which extension {written} is cannot be told; the line is skipped")
                    continue
                last = cut(extension, _LONGEST_EXTENSION)
                number = self._priority(context, last, rest, number, setting.place)
            else:
                self._other(context, keyword, setting)

    def _priority(self, context: _Context, extension: str, text: str, last: int | None, place: Place) -> int | None:
        """Add one priority. The result is the number that the next line counts from."""
        name, slash, digits = extension.partition("/")
        caller = _shrunk(digits) if slash else None
        written, _, rest = text.partition(",")
        written, parenthesis, label = written.strip(BLANKS).partition("(")
        if parenthesis and ")" not in label:
            self._slip(place, "a label without a closing parenthesis; the line is skipped")
            return last
        label = label.partition(")")[0]
        written, _, plus = written.partition("+")
        number = self._number(context, name, caller, written, last)
        if number is None:
            self._slip(place, f"{written or 'nothing'} is no priority here; the line is skipped")
            return last
        if number == 0:
            self._slip(place, "what comes next after a hint has no number; the line is skipped")
            return last
        number += _leading(plus)
        application, argument = self._application(rest, place)
        if number == HINT and "${" in application and not name.startswith("_"):
            known = self._replaced(application, {"EXTEN": name, "CONTEXT": context.name})
            application = application if known is None else known
        self._add(context, name, caller, Priority(number, label, application, argument, place))
        return number

    def _number(
        self, context: _Context, extension: str, caller: str | None, written: str, last: int | None
    ) -> int | None:
        """The number that a priority stands for."""
        if written == "hint":
            return HINT
        if written in ("n", "next", "s", "same"):
            return None if last is None else last + (written[0] == "n")
        if re.match(r"[ \t-\r]*[+-]?[0-9]", written):
            number = _leading(written)
        else:
            there = Dialplan(
                {context.name: attrs.evolve(context.made(), switches=(), includes=())}, {}, falls_through=True, slips=()
            )
            found = next(there.labelled(context.name, extension, written, caller=caller or ""), None)
            number = found.priority.number if isinstance(found, Found) else 0
        return number if number >= 1 else None

    def _application(self, text: str, place: Place) -> tuple[str, str]:
        """An application and its argument."""
        application, parenthesis, rest = text.partition("(")
        argument = ""
        if not parenthesis or "${" in application or "$[" in application:
            application = text
        else:
            end = rest.rfind(")")
            argument = rest if end < 0 else rest[:end]
            if end < 0:
                self._slip(place, f"{application} without a closing parenthesis; all the rest is its argument")
            elif rest[end + 1 :]:
                self._slip(place, f"{rest[end + 1 :]} behind the closing parenthesis is lost")
        return application.lstrip(BLANKS), argument

    def _add(self, context: _Context, name: str, caller: str | None, priority: Priority) -> None:
        name = patterns.plain(name)
        if not name:
            self._slip(priority.place, "an extension without a name; the line is skipped")
            return
        caller = None if caller is None else patterns.plain(caller)
        order = (patterns.order(name), caller is None, () if caller is None else patterns.order(caller))
        at = bisect.bisect_left(context.orders, order)
        if at == len(context.orders) or context.orders[at] != order:
            context.orders.insert(at, order)
            context.extensions.insert(at, _Extension(name, caller))
        extension = context.extensions[at]
        there = extension.priorities.get(priority.number)
        if there is not None:
            self._slip(
                priority.place,
                f"there is a priority {priority.number} of {extension.name} in line {there.place.line}; "
                "this one is skipped",
            )
            return
        earlier = extension.labels.get(priority.label) if priority.label else None
        if earlier is not None:
            self._slip(priority.place, f"{priority.label} is already the label of priority {earlier}")
            if any(
                number < priority.number or number == _next(extension.priorities, priority.number)
                for number, each in extension.priorities.items()
                if each.label == priority.label
            ):
                priority = attrs.evolve(priority, label="")
        elif priority.label:
            extension.labels[priority.label] = priority.number
        if all(priority.number < number for number in extension.priorities):
            extension.name = name
        extension.priorities[priority.number] = priority

    def _other(self, context: _Context, keyword: str, setting: Setting) -> None:
        """A line that is no step: what else is looked into, and the like."""
        place = setting.place
        if keyword not in ("include", "ignorepat", "switch", "lswitch", "eswitch", "autohints"):
            self._slip(place, f"there is no directive {setting.name}; the line is skipped")
            return
        value = setting.value if keyword in ("lswitch", "eswitch") else self._replaced(setting.value)
        if value is None:
            self._slip(place, f"what {setting.value} stands for cannot be told; the line is skipped")
        elif keyword == "include":
            if folded(value) in context.includes:
                self._slip(place, f"{value} is included already; the line is skipped")
                return
            bar = value.find("|") if "|" in value else value.find(",")
            times = value[bar + 1 :] if bar >= 0 and value[bar + 1 :] else None
            context.includes[folded(value)] = Include(value, value[:bar] if bar >= 0 else value, times, place)
        elif keyword == "ignorepat":
            if folded(value) in map(folded, context.ignored):
                self._slip(place, f"{value} is ignored already; the line is skipped")
            else:
                context.ignored.append(value)
        elif keyword != "autohints":
            name, _, data = value.partition("/")
            if any(folded(f"{each.name}/{each.data}") == folded(f"{name}/{data}") for each in context.switches):
                self._slip(place, f"{value} is looked into already; the line is skipped")
            else:
                context.switches.append(Another(name, data, keyword == "eswitch", place))

    def includes_exist(self) -> None:
        """Note what is included and is not there."""
        for context in self.contexts.values():
            for include in context.includes.values():
                if include.context not in self.contexts:
                    self._slip(include.place, f"there is no context {include.context} to include")


def _first(text: str) -> tuple[str, str]:
    """The text up to its first comma that no square brackets enclose, and the rest."""
    depth = 0
    at = 0
    while at < len(text):
        character = text[at]
        if character == "[":
            depth += 1
        elif character == "]":
            depth = max(0, depth - 1)
        elif character == "\\":
            at += 1
        elif character == "," and not depth:
            return text[:at], text[at + 1 :]
        at += 1
    return text, ""


def _leading(text: str) -> int:
    """The whole number with which a text begins, or 0."""
    found = re.match(r"[ \t-\r]*([+-]?[0-9]{1,30})", text)
    return int(found[1]) if found else 0


def _shrunk(number: str) -> str:
    """A caller's number without what only makes it legible."""
    found: list[str] = []
    depth = 0
    for at, character in enumerate(number):
        if character == "[":
            depth += 1
        elif character == "]":
            depth -= 1
        elif character in "( )" or (character == "-" and not depth) or (character == "." and at + 1 < len(number)):
            continue
        found.append(character)
    return "".join(found)


def _next(numbers: Mapping[int, Priority], number: int) -> int | None:
    """The first number behind a given one."""
    return min((each for each in numbers if each > number), default=None)
