"""Plan files: names to what they stand for, and blocks to steps.

In: `syntax.File`. Out: `plan.Plan`. What was written is lowered to steps here: a route becomes a step for each thing
that it does, the first under the route's name and the others under that name and a number (`start`, `start-2`, …),
with which no name can be confused, since a name has no dash. A route that only leads on becomes no step: whoever names
it means the step it leads to. A way out that was left out leads to the default operator.
"""

import functools
import re
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, assert_never

from dialc import plan, syntax
from dialc.findings import Note, Severity
from dialc.resolve import hours, values
from dialc.resolve.values import Findings, Written
from dialc.source import Place

WAIT, TRIES = 5, 3
"""Seconds that a menu waits for a key, and how often it asks, where the plan does not say."""

RING = 15
"""Seconds that a queue rings a member, where the plan does not say."""

MESSAGE = 180
"""Seconds that a message may last, where the plan does not say."""

YEARS = 30
"""The most years that a plan can be valid."""

ERA = range(2000, 2200)
"""The years that it can be valid in. What clocks will show later is anybody's guess."""

NOWHERE_TO_GO = "a caller who comes this way would have nowhere to go"
NOTHING_RINGS = "no phone would ring for a caller"
NOT_SAID = "what a caller would meet here is not said"

_T = TypeVar("_T")
_Named = syntax.Hours | syntax.Prompt | syntax.Step


class PlanResolver:
    """One file on its way to a plan; what is wrong with it gathers in `findings`."""

    def __init__(self, file: syntax.File) -> None:
        self.findings = Findings()
        self._file = file
        self._start = values.keyword(file.declarations[0]) if file.declarations else Place(file.source, 0, 0)
        self._names: dict[str, _Named] = {}
        self._undefined: dict[str, list[syntax.Word]] = {}
        self._used: set[str] = set()
        self._zone = ""
        self._operator = ""
        self._onward: Mapping[str, str] = {}
        self._hours: dict[str, plan.Hours] = {}
        self._prompts: dict[str, plan.Prompt] = {}
        self._steps: dict[str, plan.Step] = {}
        self._arrows: dict[tuple[str, str], Place] = {}

    def resolve(self) -> plan.Plan:
        """The plan; it is whole only where `findings` refuse nothing."""
        self._declare()
        head = self.findings.only("plan", self._all(syntax.Head))
        settings = self.findings.settings(self._all(syntax.Setting))
        if head is None:
            self._lacks("the file has no `plan`", self._start, 'write `plan name "title"`', NOT_SAID)
        self._zone = self._time_zone(settings)
        self._operator = self._default_operator()
        self._onward = self._led_on()
        valid = self._validity()
        for block in self._all(syntax.Hours):
            opening = hours.resolve(block, self._zone, valid, self.findings)
            if self._names[opening.name] is block:
                self._hours[opening.name] = opening
        if valid.dates is None and not valid.told:
            hours.tell_timeless(self._all(syntax.Hours), self.findings)
        for prompt in self._all(syntax.Prompt):
            heard = self._prompt(prompt)
            if self._names[heard.name] is prompt:
                self._prompts[heard.name] = heard
        for declaration in self._file.declarations:
            if isinstance(declaration, syntax.Step):
                steps = self._lowered(declaration)
                if self._names[declaration.name.text] is declaration:
                    self._steps.update((step.name, step) for step in steps)
        resolved = plan.Plan(
            name=head.name.text if head else "",
            title=head.title.text if head else "",
            zone=self._zone,
            language=self._language(settings),
            valid=valid.dates,
            policy=self._policy(settings),
            lines=tuple(self._lines()),
            hours=self._hours,
            prompts=self._prompts,
            steps=self._steps,
            operator=self._operator,
            digest=values.digest(self._file),
            arrows=self._arrows,
            place=head.place if head else self._start,
        )
        self._tell_sites()
        self._tell_limits()
        self._tell_undefined()
        if not self.findings.refused:  # what uses them may be what is wrong
            self._tell_unused()
        return resolved

    def _all(self, kind: type[_T]) -> Iterator[_T]:
        return (declaration for declaration in self._file.declarations if isinstance(declaration, kind))

    def _named(self, kind: type[_T]) -> Iterator[_T]:
        return (declaration for declaration in self._names.values() if isinstance(declaration, kind))

    def _lacks(self, message: str, place: Place, help: str, caller: str) -> None:
        self.findings.missing(message, place, caller=caller, help=help)

    # The head

    def _time_zone(self, settings: Mapping[str, syntax.Word]) -> str:
        caller = "by which clock callers find it open or closed is not said"
        word = settings.get("timezone")
        if word is None:
            self._lacks("the plan has no `timezone`", self._start, "write it, as in `timezone Europe/Warsaw`", caller)
            return "UTC"
        try:
            return zoneinfo.ZoneInfo(word.text).key
        except (LookupError, ValueError, OSError):
            known = sorted(zoneinfo.available_timezones())
            city = word.text.lower()
            meant = next((zone for zone in known if city in (zone.lower(), zone.rpartition("/")[2].lower())), "")
            meant = meant or values.close_to(word.text, known)
            message = f"there is no time zone `{values.shortened(word.text)}`"
            help = f"did you mean `{meant}`?" if meant else ""
            self.findings.add("D211", message, word.place, caller=caller, help=help)
            return "UTC"

    def _language(self, settings: Mapping[str, syntax.Word]) -> str:
        word = settings.get("language")
        if word is None:
            caller = "in which language callers are spoken to is not said"
            self._lacks("the plan has no `language`", self._start, "write it, as in `language pl`", caller)
        return word.text if word else ""

    def _policy(self, settings: Mapping[str, syntax.Word]) -> plan.Policy:
        policy, word = plan.Policy(), settings.get("policy")
        if word and word.text != policy.name:
            message = f"there is no policy `{values.shortened(word.text)}`"
            caller = "what is promised to callers is not said"
            self.findings.add("D222", message, word.place, caller=caller, help=f"write `policy {policy.name}`")
        return policy

    def _validity(self) -> hours.Validity:
        valid = self.findings.only("valid", self._all(syntax.Valid))
        if valid is None:
            return hours.Validity(None)
        first, last = values.date(valid.first, self.findings), values.date(valid.last, self.findings)
        if first is None or last is None:
            return hours.Validity(None, told=True)
        if last < first:
            message = f"`{valid.last.text}` is before `{valid.first.text}`"
            self.findings.add("D206", message, valid.last.place, caller="no caller would ever meet this plan")
            return hours.Validity(None, told=True)
        if last.year - first.year > YEARS or first.year not in ERA or last.year not in ERA:
            message = f"a plan is valid for at most {YEARS} years from {ERA[0]} to {ERA[-1]}"
            wrong = valid.first if first.year not in ERA else valid.last
            caller = "nobody knows what the clocks of callers will show then"
            self.findings.add("D204", message, wrong.place, caller=caller)
            return hours.Validity(None, told=True)
        return hours.Validity((first, last))

    def _tell_sites(self) -> None:
        for declaration in self._all(syntax.Site):
            self.findings.add(
                "D223",
                f"the site `{values.shortened(declaration.name.text)}` stands in a plan",
                values.keyword(declaration),
                caller="a plan says what callers meet on whichever PBX it runs",
                help="write it to a file of its own, and name that file with `--site`",
            )

    # Names

    def _declare(self) -> None:
        """Gives every name to the first that claims it."""
        for declaration in self._file.declarations:
            if isinstance(declaration, _Named):
                first = self._names.setdefault(declaration.name.text, declaration)
                if first is not declaration:
                    self.findings.add(
                        "D202",
                        f"the name `{values.shortened(declaration.name.text)}` is taken",
                        declaration.name.place,
                        caller="which of the two a caller would meet is not said",
                        notes=(Note(first.name.place, f"by {_a_kind(first)}"),),
                    )

    def _default_operator(self) -> str:
        """The operator to whom every way out leads that nobody spelled out; empty, with a finding, if there is none."""
        operators = list(self._named(syntax.Operator))
        defaults = [operator for operator in operators if operator.default]
        caller = "to whom callers go whom nothing else takes is not said"
        if not operators:
            message, place = "the plan has no operator", self._start
            self.findings.add("D214", message, place, caller="callers whom nothing takes would have nobody to go to")
            return ""
        for other in defaults[1:]:
            place = (other.default or other.name).place
            note = Note(defaults[0].name.place, "this one is the default")
            self.findings.add("D214", "a second operator is the default", place, caller=caller, notes=(note,))
        if len(operators) > 1 and not defaults:
            name = operators[0].name
            notes = tuple(Note(other.name.place, "nor is this one") for other in operators[1:3])
            help = f"write `default` after the name of one of them, as in `operator {name.text} default {{`"
            message = "no operator is the default"
            self.findings.add("D214", message, name.place, caller=caller, notes=notes, help=help)
        return (defaults or operators)[0].name.text

    def _led_on(self) -> Mapping[str, str]:
        """The steps that are meant by the names of routes that only lead on, at whatever distance."""
        onward = {
            route.name.text: route.items[0].to
            for route in self._named(syntax.Route)
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
                at = self._operator
            found.update(dict.fromkeys(path, found.get(at, at)))
        return found

    def _means(self, word: syntax.Word, wanted: str) -> bool:
        """Whether a name stands for a `step`, a `prompt` or `hours`, as is wanted of it; a finding otherwise."""
        named = self._names.get(word.text)
        if named is None:
            self._undefined.setdefault(word.text, []).append(word)
            return False
        self._used.add(word.text)
        is_a = "step" if isinstance(named, syntax.Step) else _kind(named)
        if is_a == wanted:
            return True
        help = ""
        if wanted == "step" and is_a == "prompt":
            help = f"lead to a route with `play {word.text}`"
        elif wanted == "prompt" and is_a == "step":
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

    def _to(self, word: syntax.Word) -> str:
        """The step at which callers enter what a name stands for."""
        return self._onward.get(word.text, word.text) if self._means(word, "step") else self._operator

    def _played(self, word: syntax.Word) -> plan.Prompt:
        return self._prompts[word.text] if self._means(word, "prompt") else plan.Prompt("", "", (), 1)

    def _opening(self, word: syntax.Word) -> plan.Hours:
        return self._hours[word.text] if self._means(word, "hours") else plan.Hours("", self._zone, ((),) * 7)

    def _tell_undefined(self) -> None:
        """A finding for each name that nobody gave, however often it is used."""
        for name, words in self._undefined.items():
            meant = values.close_to(name, self._names)
            help = f"did you mean `{meant}`?" if meant else ""
            if name in ("operator", "default") and self._operator:
                help = f"write `{self._operator}`, which is how the operator is called"
            self.findings.add(
                "D201",
                f"nothing is named `{values.shortened(name)}`",
                words[0].place,
                caller=NOT_SAID,
                notes=tuple(Note(word.place, "nor here") for word in words[1:3]),
                help=help,
            )

    def _tell_unused(self) -> None:
        for name, named in self._names.items():
            if name in self._used:
                continue
            match named:
                case syntax.Prompt():
                    message = f"the prompt `{values.shortened(name)}` is never played"
                    caller = "no caller would hear it"
                case syntax.Hours():
                    message = f"nothing depends on the hours `{values.shortened(name)}`"
                    caller = "callers would meet the same at any time"
                case _:
                    continue
            self.findings.add("D220", message, named.name.place, caller=caller, severity=Severity.WARNING)

    # Prompts

    def _prompt(self, prompt: syntax.Prompt) -> plan.Prompt:
        name, items = prompt.name.text, prompt.items
        settings = self.findings.settings(items)
        offers = self.findings.only("offers", (item for item in items if isinstance(item, syntax.Offers)))
        says = self.findings.only("says", (item for item in items if isinstance(item, syntax.Says)))
        states = self.findings.only("states usual", (item for item in items if isinstance(item, syntax.States)))
        texts: dict[str, syntax.Spoken] = {}
        for item in items:
            if isinstance(item, syntax.Spoken):
                first = texts.setdefault(item.language.text, item)
                if first is not item:
                    self.findings.twice(item.language.text, item, first)
        for kind, sample, caller in (
            ("file", f"file {name}", "a caller would hear nothing"),
            ("lasts", "lasts 3s", "how long a caller listens is not said"),
        ):
            if kind not in settings:
                message = f"the prompt `{values.shortened(name)}` does not say its `{kind}`"
                if kind == "lasts":
                    message = f"the prompt `{values.shortened(name)}` does not say how long it `lasts`"
                self._lacks(message, prompt.name.place, f"write it, as in `{sample}`", caller)
        promised = settings.get("promises")
        return plan.Prompt(
            name,
            self._sound(settings["file"]) if "file" in settings else "",
            tuple((code, item.text.text) for code, item in texts.items()),
            self._seconds(settings, "lasts", 1, "how long a caller listens is not said"),
            offers=plan.Offers(self._offered(offers), place=offers.place) if offers else None,
            says=plan.Says(self._opening(says.hours), says.state.text == "open", place=says.place) if says else None,
            states_usual=self._stated(states) if states else None,
            promises_wait=plan.PromisesWait(
                self._seconds(settings, "promises", 1, "what is promised to a caller is not said"), place=promised.place
            )
            if promised
            else None,
            goodbye="goodbye" in settings,
            apology="apology" in settings,
            place=prompt.place,
        )

    def _sound(self, word: syntax.Word) -> str:
        """The name of an audio file: below the site's folder of sounds, without the ending that tells its format."""
        if not _SOUND.fullmatch(word.text):
            self.findings.add(
                "D221",
                f"`{values.shortened(word.text)}` cannot be the name of a sound",
                word.place,
                caller="a caller would hear nothing",
                help="name it below the folder of sounds and without an ending, as in `clinic/welcome`",
            )
        return word.text

    def _offered(self, offers: syntax.Offers) -> tuple[str, ...]:
        found: dict[str, syntax.Word] = {}
        for word in offers.keys:
            first = found.setdefault(word.text, word)
            if first is not word:
                self._key_twice(word, first)
        return tuple(found)

    def _stated(self, states: syntax.States) -> plan.StatesUsual:
        week = hours.weekly(states.weekly, self.findings)
        return plan.StatesUsual(self._opening(states.hours), week, place=states.place)

    def _seconds(self, settings: Mapping[str, syntax.Word], kind: str, otherwise: int, caller: str) -> int:
        """The seconds that a line gives, or those that hold where it was left out."""
        word = settings.get(kind)
        return values.seconds(word, self.findings, caller=caller) if word else otherwise

    def _count(self, settings: Mapping[str, syntax.Word], kind: str, otherwise: int, most: int, caller: str) -> int:
        """The number that a line gives, at most `most`, or the one that holds where it was left out."""
        word = settings.get(kind)
        return values.count(word, self.findings, most=most, caller=caller) if word else otherwise

    # Phones

    def _extension(self, word: syntax.Word) -> plan.Extension:
        return plan.Extension(values.extension(word, self.findings, caller=NOTHING_RINGS), place=word.place)

    def _outside(self, item: syntax.Outside) -> plan.Outside:
        number = values.e164(item.number, self.findings, caller=NOTHING_RINGS)
        reason = item.unconfirmed.text if item.unconfirmed else ""
        if item.unconfirmed and not reason.strip():
            self._lacks(
                "the reason for doing without `confirm` is empty",
                item.unconfirmed.place,
                "say why no machine can answer there",
                "a caller could be joined to a machine",
            )
        return plan.Outside(number, item.unconfirmed is None, reason, place=item.place)

    def _phones(self, written: Iterable[syntax.Extension | syntax.Outside]) -> tuple[plan.Phone, ...]:
        found: dict[str, plan.Phone] = {}
        for item in written:
            phone = self._extension(item.number) if isinstance(item, syntax.Extension) else self._outside(item)
            first = found.setdefault(phone.number, phone)
            if first is not phone and phone.number:
                self.findings.twice(item.number.text, item, first)
        return tuple(found.values())

    def _stage(self, stage: syntax.Stage) -> plan.Stage:
        seconds = values.seconds(stage.duration, self.findings, caller="how long phones ring for a caller is not said")
        return plan.Stage(self._phones(stage.phones), seconds, place=stage.place)

    def _staffed(self, items: Iterable[Written]) -> plan.Period | None:
        staffed = self.findings.only("staffed", (item for item in items if isinstance(item, syntax.Staffed)))
        if staffed is None:
            return None
        caller = "until when a caller finds people there is not said"
        plus = values.seconds(staffed.plus, self.findings, caller=caller) if staffed.plus else 0
        return plan.Period(self._opening(staffed.hours), plus)

    # Steps

    def _lowered(self, step: syntax.Step) -> tuple[plan.Step, ...]:
        match step:
            case syntax.Operator():
                return (self._operated(step),)
            case syntax.Route():
                return tuple(self._route(step))
            case syntax.Menu():
                return (self._menu(step),)
            case syntax.Queue():
                return (self._queue(step),)
            case syntax.Ring():
                return (self._ring(step),)
            case syntax.Mailbox():
                return tuple(self._mailbox(step))
            case _:
                assert_never(step)

    def _leads(self, step: str, outcome: str, word: syntax.Word) -> str:
        """Where a step leads by an outcome, as was written."""
        self._arrows[step, outcome] = word.place
        return self._to(word)

    def _ways(self, step: str, items: Iterable[Written]) -> Mapping[str, str]:
        """The ways out that were written, by outcome."""
        found: dict[str, syntax.Way] = {}
        for item in items:
            if isinstance(item, syntax.Way):
                first = found.setdefault(item.outcome.text, item)
                if first is not item:
                    self.findings.twice(item.outcome.text, item, first)
        return {outcome: self._leads(step, outcome, way.to) for outcome, way in found.items()}

    def _choices(self, step: str, items: Iterable[Written]) -> tuple[plan.Choice, ...]:
        found: dict[str, syntax.Key] = {}
        for item in items:
            if isinstance(item, syntax.Key):
                first = found.setdefault(item.key.text, item)
                if first is not item:
                    self._key_twice(item.key, first.key)
        return tuple(
            plan.Choice(
                key, item.label.text if item.label else "", self._leads(step, f"key {key}", item.to), place=item.place
            )
            for key, item in found.items()
        )

    def _key_twice(self, word: syntax.Word, first: syntax.Word) -> None:
        self.findings.add(
            "D205",
            f"the key {word.text} is there twice",
            word.place,
            caller=f"where a caller gets by pressing {word.text} is not said",
            notes=(Note(first.place, "first here"),),
        )

    def _announced(self, items: Iterable[Written]) -> tuple[plan.Prompt, ...]:
        return tuple(self._played(item.prompt) for item in items if isinstance(item, syntax.Play))

    def _operated(self, written: syntax.Operator) -> plan.Operator:
        name, place = values.shortened(written.name.text), written.name.place
        items: list[plan.Announcement | plan.Stage] = []
        for item in written.items:
            match item:
                case syntax.Play():
                    items.append(plan.Announcement(self._played(item.prompt), place=item.place))
                case syntax.Stage():
                    items.append(self._stage(item))
                case syntax.Staffed() | syntax.Setting() | syntax.Way():
                    pass
                case _:
                    assert_never(item)
        supervisor = self.findings.settings(written.items).get("supervisor")
        staffed, ways = self._staffed(written.items), self._ways(written.name.text, written.items)
        if not any(isinstance(item, plan.Stage) for item in items):
            help = "write which phones ring, as in `ring 100 for 15s`"
            self._lacks(f"the operator `{name}` has no phone", place, help, "nobody would answer a caller")
        if "unanswered" not in ways:
            help = "write where callers go whom nobody answers, as in `unanswered -> sorry`"
            caller = "a caller whom nobody answers would have nowhere to go"
            self._lacks(f"the operator `{name}` does not say `unanswered`", place, help, caller)
        if staffed and "unstaffed" not in ways:
            help = "write where callers go while nobody is there, as in `unstaffed -> night`"
            caller = "a caller who comes while nobody is there would have nowhere to go"
            self._lacks(f"the operator `{name}` does not say `unstaffed`", place, help, caller)
        if not staffed and "unstaffed" in ways:
            help = "write when people are there, as in `staffed office`"
            caller = "no caller would ever go where `unstaffed` leads"
            self._lacks(f"the operator `{name}` does not say when it is `staffed`", place, help, caller)
        unanswered = ways.get("unanswered", self._operator)
        return plan.Operator(
            written.name.text,
            tuple(items),
            staffed,
            self._extension(supervisor) if supervisor else None,
            unstaffed=ways.get("unstaffed", unanswered),
            unanswered=unanswered,
            place=written.place,
        )

    def _route(self, route: syntax.Route) -> Iterator[plan.Step]:
        """A step for each thing that the route does, leading to the next or to where the route says."""
        if not route.items:
            message = f"the route `{values.shortened(route.name.text)}` does nothing"
            self.findings.add("D219", message, route.name.place, caller="a caller would hear nothing")
        items = self._reached(route)
        end = items[-1] if items and isinstance(items[-1], syntax.Go) else None
        onward, arrow = (self._to(end.to), end.to.place) if end else (self._operator, None)
        done = [item for item in items if not isinstance(item, syntax.Go)]
        names = [route.name.text, *(f"{route.name.text}-{number}" for number in range(2, len(done) + 1))]
        for item, name, then in zip(done[:-1], names, names[1:], strict=False):
            yield self._done(item, name, then)
        for item in done[-1:]:
            yield self._done(item, names[-1], onward, arrow)

    def _reached(self, route: syntax.Route) -> Sequence[syntax.RouteItem]:
        """The items of a route up to the first from which no caller goes on to the next."""
        for number, item in enumerate(route.items[:-1], start=1):
            if isinstance(item, syntax.Go | syntax.Again | syntax.HangUp):
                self.findings.add(
                    "D218",
                    "nothing leads to this",
                    values.keyword(route.items[number]),
                    caller="no caller would ever get here",
                    notes=(Note(item.place, "here every caller leaves the route"),),
                )
                return route.items[:number]
        return route.items

    def _done(
        self,
        item: syntax.Answer | syntax.Play | syntax.When | syntax.Again | syntax.HangUp,
        name: str,
        then: str,
        arrow: Place | None = None,
    ) -> plan.Step:
        """What a route does, as a step that leads on to `then`, and where that is written, if it is."""
        if arrow and isinstance(item, syntax.When):
            self._arrows[name, "closed" if item.state.text == "open" else "open"] = arrow
        elif arrow:
            self._arrows[name, "done"] = arrow
        match item:
            case syntax.Answer():
                return plan.Answer(name, then, place=item.place)
            case syntax.Play():
                return plan.Play(name, self._played(item.prompt), then, place=item.place)
            case syntax.When():
                to = self._leads(name, item.state.text, item.to)
                opened, closed = (to, then) if item.state.text == "open" else (then, to)
                return plan.Branch(name, self._opening(item.hours), opened, closed, place=item.place)
            case syntax.Again():
                caller = "how often a caller can come back is not said"
                limit = values.count(item.limit, self.findings, most=9, caller=caller)
                target, used_up = self._leads(name, "again", item.target), self._leads(name, "used-up", item.then)
                return plan.Again(name, target, limit, used_up, place=item.place)
            case syntax.HangUp():
                return plan.HangUp(name, place=item.place)
            case _:
                assert_never(item)

    def _menu(self, menu: syntax.Menu) -> plan.Menu:
        name, settings = menu.name.text, self.findings.settings(menu.items)
        ways, choices = self._ways(name, menu.items), self._choices(name, menu.items)
        prompts = self._announced(menu.items)
        if not prompts:
            help = "write what callers hear, as in `play choices`"
            message = f"the menu `{values.shortened(name)}` plays no prompt"
            self._lacks(message, menu.name.place, help, "a caller would be asked for a key in silence")
        if not choices:
            help = "write one, as in `key 1 -> sales`"
            message = f"the menu `{values.shortened(name)}` has no key"
            self._lacks(message, menu.name.place, help, "whatever a caller pressed would be wrong")
        return plan.Menu(
            name,
            prompts,
            choices,
            wait=self._seconds(settings, "wait", WAIT, "how long a caller can think is not said"),
            tries=self._count(settings, "tries", TRIES, 9, "how often a caller is asked is not said"),
            silence=ways.get("silence", self._operator),
            invalid=ways.get("invalid", self._operator),
            place=menu.place,
            tries_place=settings["tries"].place if "tries" in settings else menu.name.place,
        )

    def _queue(self, queue: syntax.Queue) -> plan.Queue:
        name, settings = queue.name.text, self.findings.settings(queue.items)
        ways, choices = self._ways(name, queue.items), self._choices(name, queue.items)
        seconds = functools.partial(self._seconds, settings, caller="how long a caller waits is not said")
        members = self.findings.only("members", (item for item in queue.items if isinstance(item, syntax.Members)))
        if members is None:
            help = "write whose phones ring, as in `members 201, 202`"
            message = f"the queue `{values.shortened(name)}` has no `members`"
            self._lacks(message, queue.name.place, help, "nobody would answer a caller")
        if "patience" not in settings:
            help = "write how long callers wait at most, as in `patience 4m`"
            message = f"the queue `{values.shortened(name)}` does not say its `patience`"
            self._lacks(message, queue.name.place, help, "a caller could wait for ever")
        phones = self._phones(members.phones) if members else ()
        return plan.Queue(
            name,
            self._announced(queue.items),
            tuple(phone for phone in phones if isinstance(phone, plan.Extension)),
            plan.Strategy(settings["strategy"].text) if "strategy" in settings else plan.Strategy.RING_ALL,
            ring=seconds("ring_for", RING),
            staffed=self._staffed(queue.items),
            announce=seconds("announce", 0),
            music=settings["music"].text if "music" in settings else "",
            patience=seconds("patience", 1),
            room=self._count(settings, "room", 0, 9999, "how many callers can wait is not said"),
            choices=choices,
            timeout=ways.get("timeout", self._operator),
            empty=ways.get("empty", self._operator),
            full=ways.get("full", self._operator),
            failure=ways.get("failure", self._operator),
            place=queue.place,
        )

    def _ring(self, ring: syntax.Ring) -> plan.Ring:
        ways = self._ways(ring.name.text, ring.items)
        stages = tuple(self._stage(item) for item in ring.items if isinstance(item, syntax.Stage))
        if not stages:
            help = "write which phones ring, as in `ring 100 for 15s`"
            message = f"`{values.shortened(ring.name.text)}` rings no phone"
            self._lacks(message, ring.name.place, help, "nobody would answer a caller")
        return plan.Ring(
            ring.name.text,
            stages,
            busy=ways.get("busy", self._operator),
            no_answer=ways.get("no-answer", self._operator),
            unavailable=ways.get("unavailable", self._operator),
            declined=ways.get("declined", self._operator),
            place=ring.place,
        )

    def _mailbox(self, mailbox: syntax.Mailbox) -> Iterator[plan.Step]:
        """The mailbox, then what callers hear who left a message, then the end of their call."""
        name, settings = mailbox.name.text, self.findings.settings(mailbox.items)
        ways = self._ways(name, mailbox.items)
        if "box" not in settings:
            message = f"the mailbox `{values.shortened(name)}` does not say its `box`"
            self._lacks(message, mailbox.name.place, "write it, as in `box 100`", "a message would be kept nowhere")
        read = self.findings.only("read", (item for item in mailbox.items if isinstance(item, syntax.Read)))
        within = ""
        if read:
            days = values.count(read.days, self.findings, most=30, caller="when somebody calls back is not said")
            within = f"{days} working {'day' if days == 1 else 'days'}"
        thanks = settings.get("then")
        last = f"{name}-{3 if thanks else 2}"
        ended = ways.get("left", last)
        yield plan.Mailbox(
            name,
            values.extension(settings["box"], self.findings, caller="a message would be kept nowhere")
            if "box" in settings
            else "",
            self._played(settings["greeting"]) if "greeting" in settings else None,
            self._opening(settings["while_closed"]) if "while_closed" in settings else None,
            read.reader.text if read else "",
            within,
            self._seconds(settings, "up_to", MESSAGE, "how long a message a caller can leave is not said"),
            left=f"{name}-2" if thanks else ended,
            nothing_left=ways.get("nothing-left", self._operator),
            failed=ways.get("failed", self._operator),
            place=mailbox.place,
        )
        if thanks and "left" in ways:
            self._arrows[f"{name}-2", "done"] = self._arrows.pop((name, "left"))
        if thanks:
            yield plan.Play(f"{name}-2", self._played(thanks), ended, place=thanks.place)
        if ended == last:
            yield plan.HangUp(last, place=mailbox.place)

    # Lines, and what concerns several steps

    def _lines(self) -> Iterator[plan.Line]:
        first: dict[str, syntax.Line] = {}
        for line in self._all(syntax.Line):
            number = values.e164(line.number, self.findings, caller="nobody could call this line")
            other = first.setdefault(number, line)
            if number and other is not line:
                self.findings.add(
                    "D213",
                    f"the line `{number}` is there twice",
                    line.number.place,
                    caller="where a caller of this line enters is not said",
                    notes=(Note(other.number.place, "first here"),),
                )
            yield plan.Line(number, self._to(line.to), place=line.place)
        if not first:
            help = 'write one, as in `line "+48 22 123 45 67" -> start`'
            self._lacks("the plan has no `line`", self._start, help, "nobody could call in")

    def _tell_limits(self) -> None:
        """Every `again` to one step must agree how often a caller can come back, since they share one counter."""
        first: dict[str, plan.Again] = {}
        for step in self._steps.values():
            if isinstance(step, plan.Again):
                other = first.setdefault(step.target, step)
                if other.limit != step.limit:
                    self.findings.add(
                        "D217",
                        f"`{values.shortened(step.target)}` is returned to at most {other.limit} times elsewhere",
                        step.place,
                        caller="how often a caller can come back is not said",
                        notes=(Note(other.place, "here"),),
                    )


_SOUND = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*")


def _kind(named: _Named) -> str:
    """What has a name, as the language calls it."""
    return type(named).__name__.lower()


def _a_kind(named: _Named) -> str:
    return values.a(_kind(named))
