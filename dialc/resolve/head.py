"""The head of a plan: its country, time zone, language, policy, validity, and who may be called back.

In: the lines outside of blocks. Out: their values; what does no harm, with a finding, where one is missing or wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from dialc import numbers, packs, plan, rules, syntax
from dialc.classes import COSTLY, Kind, NumberClass, patterns
from dialc.findings import Note, Severity
from dialc.policies import CHARTER, NUMBERS, PRESETS, Policy
from dialc.resolve import hours, values
from dialc.resolve.names import Scope

YEARS = 30
"""The most years that a plan can be valid."""

ERA = range(2000, 2200)
"""The years that it can be valid in. What clocks will show later is anybody's guess."""


def time_zone(scope: Scope, settings: Mapping[str, syntax.Word]) -> str:
    """The IANA name of the plan's time zone; `UTC`, with a finding, where there is none."""
    word = settings.get("timezone")
    if word is None:
        help = "write it, as in `timezone Europe/Warsaw`"
        scope.lacks("the plan has no `timezone`", scope.start, help, values.UNSAID_CLOCK)
        return "UTC"
    return values.zone(word, scope.findings) or "UTC"


def country(scope: Scope, settings: Mapping[str, syntax.Word]) -> str:
    """The country whose national numbers the plan has, ISO 3166; empty where it is not said or wrong (a finding)."""
    word = settings.get("country")
    if word is None or numbers.is_country(word.text):
        return word.text if word else ""
    caller = "whose national numbers these are is not said"
    help = "write `GB`" if word.text == "UK" else ""
    scope.findings.add("D235", f"`{word.text}` is no country with telephones", word.place, caller=caller, help=help)
    return ""


def language(scope: Scope, settings: Mapping[str, syntax.Word]) -> str:
    """The language of the plan; empty, with a finding, where there is none."""
    word = settings.get("language")
    if word is None:
        caller = "in which language callers are spoken to is not said"
        scope.lacks("the plan has no `language`", scope.start, "write it, as in `language pl`", caller)
    return word.text if word else ""


def languages(scope: Scope, first: str, settings: Mapping[str, syntax.Word]) -> tuple[str, ...]:
    """The language that callers hear first, and then the others that they can choose."""
    written = scope.findings.only("languages", scope.all(syntax.Languages))
    found: dict[str, syntax.Word] = {}
    for word in written.codes if written else ():
        other = found.setdefault(word.text, word)
        if other is not word:
            scope.findings.twice(word.text, word, other)
    spoken = settings.get("language")
    if written and spoken and first not in found:
        scope.findings.add(
            "D251",
            f"`{values.shortened(first)}` is not among the plan's languages",
            spoken.place,
            caller="would hear first what they could not choose",
            notes=(Note(values.keyword(written), "these are its languages"),),
            help=f"write `languages {', '.join((first, *found))}`",
        )
    return tuple(dict.fromkeys((first, *found)))


def tell_languages(scope: Scope, steps: Iterable[plan.Step]) -> None:
    """A warning for each language that no key leads to."""
    spoken = {choice.speaks for step in steps if isinstance(step, plan.Menu | plan.Queue) for choice in step.choices}
    for written in scope.all(syntax.Languages):
        for word in written.codes:
            if word.text not in spoken and word.text != scope.languages[0]:
                scope.findings.add(
                    "D251",
                    f"no key leads to the language `{values.shortened(word.text)}`",
                    word.place,
                    caller="would never be spoken to in it",
                    help=f"write a key for it in a menu, as in `key 2 speaks {word.text} -> main`",
                    severity=Severity.WARNING,
                )


def policy(scope: Scope) -> Policy:
    """The policy that the plan is held against: a preset, and the numbers that differ from it."""
    written = scope.findings.only("policy", scope.all(syntax.Policy))
    if written is None:
        return CHARTER
    caller = "what is promised to callers is not said"
    preset = PRESETS.get(written.name.text) or _pack(written.name.text)
    if preset is None:
        name = values.close_to(written.name.text, (*PRESETS, *packs.packs())) or CHARTER.name
        message = f"there is no policy `{values.shortened(written.name.text)}`"
        scope.findings.add("D222", message, written.name.place, caller=caller, help=f"write `policy {name}`")
        preset = CHARTER
    settings = scope.findings.settings(written.numbers)
    found: dict[str, Any] = {}
    for number in NUMBERS:
        word = settings.get(number.kind)
        if word is not None and number.most:
            found[number.field] = values.count(word, scope.findings, most=number.most, caller=caller)
        elif word is not None:
            found[number.field] = values.seconds(word, scope.findings, caller=caller)
    if "silent" in settings:
        preset = attrs.evolve(preset, silent_caller_may_be_hung_up_on=settings["silent"].text == "let-go")
    return attrs.evolve(preset, **found)


def _pack(name: str) -> Policy | None:
    """The charter and a law or standard besides; None where there is no such pack."""
    pack = packs.packs().get(name)
    return attrs.evolve(packs.tightened(CHARTER, pack), name=pack.id) if pack else None


def waivers(scope: Scope) -> Iterator[plan.Waiver]:
    """The rules that the plan does without, and where."""
    first: dict[tuple[str, str], syntax.Waiver] = {}
    for written in scope.all(syntax.Waiver):
        rule, block = written.rule.text, written.block.text
        caller = f"whether callers may be treated against {rule} is not said"
        other = first.setdefault((rule, block), written)
        if other is not written:
            scope.findings.twice(f"{rule} at {block}", written, other)
        if rule not in rules.checks():
            known = ", ".join(code for code in rules.checks() if code not in rules.UNWAIVABLE)
            help = f"those that can be waived are {known}"
            scope.findings.add("D293", f"there is no rule `{rule}`", written.rule.place, caller=caller, help=help)
        elif rule in rules.UNWAIVABLE:
            message = f"`{rule}` cannot be waived: no other rule holds without it"
            scope.findings.add("D294", message, written.rule.place, caller="a caller could go round for ever")
        for word, what in ((written.by, "who waives it"), (written.because, "why")):
            if not word.text.strip():
                help = "write `by` and the name of a person" if word is written.by else "write `because` and the reason"
                scope.lacks(f"a waiver does not say {what}", word.place, help, caller)
        yield plan.Waiver(rule, scope.block(written.block), written.by.text, written.because.text, place=written.place)


def validity(scope: Scope) -> hours.Validity:
    """The dates of the plan."""
    valid = scope.findings.only("valid", scope.all(syntax.Valid))
    if valid is None:
        return hours.Validity(None)
    first, last = values.date(valid.first, scope.findings), values.date(valid.last, scope.findings)
    if first is None or last is None:
        return hours.Validity(None, told=True)
    if last < first:
        message = f"`{valid.last.text}` is before `{valid.first.text}`"
        scope.findings.add("D206", message, valid.last.place, caller="no caller would ever meet this plan")
        return hours.Validity(None, told=True)
    if last.year - first.year > YEARS or first.year not in ERA or last.year not in ERA:
        message = f"a plan is valid for at most {YEARS} years from {ERA[0]} to {ERA[-1]}"
        wrong = valid.first if first.year not in ERA else valid.last
        caller = "nobody knows what the clocks of callers will show then"
        scope.findings.add("D204", message, wrong.place, caller=caller)
        return hours.Validity(None, told=True)
    return hours.Validity((first, last))


def callback_to(scope: Scope) -> tuple[NumberClass, ...]:
    """The classes of numbers that may be called back, each once."""
    written = scope.findings.only("callback to", scope.all(syntax.CallbackTo))
    if written is None:
        return ()
    found: dict[NumberClass, syntax.NumberClass] = {}
    for item in written.classes:
        each = _number_class(scope, item)
        if each is not None and found.setdefault(each, item) is not item:
            scope.findings.twice(str(each), item, found[each])
    if found and not any(True for _ in scope.all(syntax.Callback)):
        message = "the plan has no `callback` that needs this"
        caller = "nobody would be called back"
        scope.findings.add("D273", message, written.place, caller=caller, severity=Severity.WARNING)
    return tuple(found)


_CHEAP = ", ".join(f"`{kind.value}`" for kind in Kind)


def _number_class(scope: Scope, item: syntax.NumberClass) -> NumberClass | None:
    """The class that was written; None, with a finding, where nobody is called back at such numbers."""
    country, kind = item.country.text, item.kind.text.lower()
    caller = "at which numbers callers are called back is not said"
    if not numbers.is_country(country):
        message, help = f"`{country}` cannot be a country", "write `GB`" if country == "UK" else ""
        scope.findings.add("D270", message, item.country.place, caller=caller, help=help)
        return None
    if kind in COSTLY:
        message = f"nobody is called back at `{country} {values.shortened(item.kind.text)}` numbers"
        help = f"leave it out: {COSTLY[kind]}"
        caller = "anybody could make the company pay by asking to be called back"
        scope.findings.add("D272", message, item.place, caller=caller, help=help)
        return None
    if kind not in [known.value for known in Kind]:
        other = _OTHER_KINDS.get(kind) or values.close_to(kind, [known.value for known in Kind])
        help = f"write `{country} {other}`" if other else f"write {_CHEAP}"
        message = f"`{values.shortened(item.kind.text)}` is no kind of number"
        scope.findings.add("D270", message, item.kind.place, caller=caller, help=help)
        return None
    each = NumberClass(country, Kind(kind))
    if not patterns(each):
        message = f"{country} has no {kind} numbers"
        scope.findings.add("D270", message, item.place, caller="nobody would ever be called back there")
        return None
    return each


_OTHER_KINDS = {
    "cell": "mobile",
    "cellular": "mobile",
    "geographic": "fixed",
    "gsm": "mobile",
    "internet": "voip",
    "landline": "fixed",
    "mobiles": "mobile",
    "stationary": "fixed",
}
"""What others call a kind of number."""


def tell_sites(scope: Scope) -> None:
    """A finding for each site that stands in a plan."""
    for declaration in scope.all(syntax.Site):
        scope.findings.add(
            "D223",
            f"the site `{values.shortened(declaration.name.text)}` stands in a plan",
            values.keyword(declaration),
            caller="a plan says what callers meet on whichever PBX it runs",
            help="write it to a file of its own, and name that file with `--site`",
        )
