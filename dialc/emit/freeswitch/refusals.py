"""What FreeSWITCH or one of its sites cannot say of a plan.

In: a plan and a site. Out: findings, each with the step it is about and the way out; `mistakes` has a page for each
code. A construct is written as the plan means it or refused here; nothing is approximated.
"""

import re
from collections.abc import Iterator
from typing import assert_never

from dialc.called import Numbers, Short
from dialc.emit.asterisk.entries import clashes
from dialc.emit.asterisk.refusals import passed_over
from dialc.emit.asterisk.spelling import blocks, lines, mailboxes, rung, turned
from dialc.emit.freeswitch.hours import clocks
from dialc.findings import Finding, in_order
from dialc.plan import (
    Again,
    Answer,
    Bot,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Callback,
    Collect,
    Extension,
    Extensions,
    HangUp,
    Hours,
    Label,
    Lookup,
    Mailbox,
    Menu,
    Operator,
    Outside,
    Plan,
    Play,
    Queue,
    Record,
    Ring,
    Step,
    Switch,
)
from dialc.site import Installation, Site
from dialc.source import Place

VERSIONS = (10, 11)
"""The releases 1.10 and 1.11, in which everything exists that the files use."""

MOST_PROMPTS = 100
"""Prompts of one menu; FreeSWITCH plays 128 files in a row."""


def refusals(plan: Plan, site: Site) -> tuple[Finding, ...]:
    """What the files cannot say, in order of place. Each is an error."""
    checks = (_target, _steps, _texts, _lines, _phones, _mailboxes, _zones, _hours, _codes, _lengths)
    return in_order(tuple(finding for check in checks for finding in check(plan, site)))


def _target(_: Plan, site: Site) -> Iterator[Finding]:
    if site.target != "freeswitch" or site.version not in VERSIONS or site.beside is not Installation.ASTERISK:
        yield Finding(
            "D490",
            f"the site `{site.name}` is for {site.target} {site.version}",
            site.place,
            caller="nobody knows what this PBX would make of files for FreeSWITCH",
            help="write `site NAME for freeswitch 11` for 1.11, or 10 for 1.10, and nothing about FreePBX",
        )


def _steps(plan: Plan, _: Site) -> Iterator[Finding]:
    for step in plan.steps.values():
        what = _missing(step)
        if what:
            yield Finding(
                "D494",
                f"the files for FreeSWITCH have no {what}, and `{step.name}` is one",
                step.place,
                caller=f"would find nothing at `{step.name}`",
                help=_INSTEAD[what],
            )


_INSTEAD = {
    "queue": "let the phones ring, one stage after another, or compile the plan for Asterisk",
    "bot": "leave the machine out, or compile the plan for Asterisk",
    "lookup": "ask callers, with a menu or a collect, or compile the plan for Asterisk",
    "call-back": "take a message, or compile the plan for Asterisk",
}


def _missing(step: Step) -> str:
    """What kind of step there is no way to write, in the field's word; empty for one that is written."""
    match step:
        case Queue():
            return "queue"
        case Bot():
            return "bot"
        case Lookup():
            return "lookup"
        case Callback():
            return "call-back"
        case Answer() | Play() | Label() | Record() | Branch() | ByException() | BySwitch() | ByCaller() | ByLine():
            return ""
        case Menu() | Collect() | Ring() | Extensions() | Operator() | Mailbox() | Again() | HangUp():
            return ""
        case _:
            assert_never(step)


# Words that FreeSWITCH would read as something else

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_FILE = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_FOLDER = re.compile(r"/?[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_DIAL = re.compile(r"[A-Za-z0-9_./@:+*-]*\{number\}[A-Za-z0-9_./@:+*-]*")
_DIGITS = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"\+[0-9]+")
_KEY = re.compile(r"[0-9*#]")
_LABEL = re.compile(r"[\w.\-/:+]+( [\w.\-/:+]+)*")
_CODE = re.compile(r"\*[0-9]{1,6}")
_DOMAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_WITHHELD = re.compile(r"[A-Za-z0-9_.-]*")

_LOST = "x-pre-process"
"""In any case of letters: a line with this word never gets as far as XML."""

_CURES = {
    _NAME: "use letters, digits, `_` and `-`",
    _FILE: "use letters, digits, `_` and `-`, with `/` between folders, and no suffix",
    _FOLDER: "use letters, digits, `_` and `-`, with `/` between folders",
    _DIAL: "write it with `{number}` where the number goes, once, as in `user/{number}`",
    _DIGITS: "use digits",
    _NUMBER: "write the number in full, with `+` and the country code",
    _KEY: "use a digit, `*` or `#`",
    _LABEL: "use letters, digits and a few signs",
    _CODE: "use `*` and digits, as in `*28`",
    _DOMAIN: "name the domain of the mailboxes in the directory, or `default` for the PBX's own",
    _WITHHELD: "use letters and digits",
}


def _texts(plan: Plan, site: Site) -> Iterator[Finding]:
    choices = [choice for step in plan.steps.values() if isinstance(step, Menu) for choice in step.choices]
    words: list[tuple[str, str, re.Pattern[str], Place]] = [
        ("the name of a plan", plan.name, _NAME, plan.place),
        *(("the name of a step", step.name, _NAME, step.place) for step in plan.steps.values()),
        *(("the name of hours", hours.name, _NAME, hours.place) for hours in plan.hours.values()),
        *(("the name of a switch", switch.name, _NAME, switch.place) for switch in plan.switches.values()),
        *(("a code", switch.code, _CODE, switch.place) for switch in plan.switches.values()),
        *(("a language", code, _NAME, plan.place) for code in (plan.language, *plan.languages) if code),
        *(
            ("a line", f"+{digits}", _NUMBER, line.place)
            for line in plan.lines
            if isinstance(line.numbers, Numbers)
            for stretch in line.numbers.stretches
            for digits in stretch
        ),
        *(("a line", line.number, _DIGITS, line.place) for line in plan.lines if isinstance(line.numbers, Short)),
        *(("a sound file", prompt.file, _FILE, prompt.place) for prompt in plan.prompts.values()),
        *(("a key", choice.key, _KEY, choice.place) for choice in choices),
        *(
            ("a key", repeat.key, _KEY, repeat.place)
            for step in plan.steps.values()
            if isinstance(step, Menu)
            for repeat in step.repeats
        ),
        *(
            ("a phone", phone.number, _DIGITS if isinstance(phone, Extension) else _NUMBER, phone.place)
            for _, phone in rung(plan)
        ),
        *(("a label", step.text, _LABEL, step.place) for step in plan.steps.values() if isinstance(step, Label)),
        *(("a mailbox", step.box, _DIGITS, step.place) for step in mailboxes(plan)),
        *((("a folder of sounds", site.sounds, _FOLDER, site.place),) if site.sounds else ()),
        *(("a dial string", phones.dial, _DIAL, phones.place) for phones in site.phones if phones.dial),
        *(("a dial string", trunk.dial, _DIAL, trunk.place) for trunk in site.trunks if trunk.dial),
        *(("a caller id", trunk.show, _NUMBER, trunk.place) for trunk in site.trunks if trunk.show),
        *(("a withheld number", trunk.withheld, _WITHHELD, trunk.place) for trunk in site.trunks),
        ("a domain of mailboxes", site.mailboxes.context, _DOMAIN, site.mailboxes.place),
    ]
    for what, text, allowed, place in words:
        if not allowed.fullmatch(text) or _LOST in text.lower():
            yield Finding(
                "D491",
                f"FreeSWITCH would not read `{text}` as {what}",
                place,
                caller="what a caller meets would not be what the plan says",
                help=_CURES[allowed] if _LOST not in text.lower() else "FreeSWITCH drops every line with this word",
            )


def _lines(plan: Plan, site: Site) -> Iterator[Finding]:
    found = lines(plan, site)
    for line, spelled in zip(plan.lines, found, strict=True):
        if spelled.numbers and not spelled.entries and not spelled.is_default:
            yield Finding(
                "D492",
                f"no trunk of the site `{site.name}` delivers calls to {spelled.numbers}",
                line.place,
                caller="no call would arrive",
                help="write in the site in which forms a trunk `delivers` called numbers",
            )
    owned = ((index, entry) for index, line in enumerate(found) for entry in line.entries)
    for one, other, form in clashes(owned):
        both = f"{found[other].numbers} and {found[one].numbers}" if one != other else f"two of {found[one].numbers}"
        yield Finding(
            "D492",
            f"{both} can both be delivered as `{form}`",
            plan.lines[other].place,
            caller="callers of one line would be taken for callers of the other",
            help="name in the site only those forms in which the trunk `delivers` numbers",
        )


def _phones(plan: Plan, site: Site) -> Iterator[Finding]:
    trunk = site.trunk(site.outside)
    for step, phone in rung(plan):
        if isinstance(phone, Outside):
            if trunk is None or not trunk.dial:
                yield Finding(
                    "D493",
                    f"the site `{site.name}` has no trunk for {phone.number}",
                    phone.place,
                    caller=f"at `{step.name}`, {phone.number} would not ring",
                    help="name a trunk that can `dial` in the site, with `outside via`",
                )
        elif _DIGITS.fullmatch(phone.number) and site.phone(phone.number) is None:
            yield Finding(
                "D493",
                f"the site `{site.name}` does not say how {phone.number} rings",
                phone.place,
                caller=f"at `{step.name}`, {phone.number} would not ring",
                help=f"write it in the site, as in `phones {phone.number} dial contacts`",
            )


def _mailboxes(plan: Plan, site: Site) -> Iterator[Finding]:
    if site.mailboxes.emitted and mailboxes(plan):
        yield Finding(
            "D495",
            f"the site `{site.name}` wants mailboxes written, which belong to users of the directory",
            site.mailboxes.place,
            caller="could leave no message, or a phone could register no more",
            help=f"give the users mailboxes there, and write `mailboxes context {site.mailboxes.context} existing`",
        )


def _zones(plan: Plan, _: Site) -> Iterator[Finding]:
    known = clocks(plan)
    owners: tuple[Hours | Switch, ...] = (*blocks(plan), *turned(plan))
    for owner in owners:
        if owner.zone in known and known[owner.zone] is None:
            yield Finding(
                "D496",
                f"the clocks of {owner.zone} are changed by no rule that goes by weekday and month",
                owner.place,
                caller="would be taken to come an hour too early or too late",
                help="say until when the plan is `valid`: then the changes until that day are written out",
            )


def _hours(plan: Plan, _: Site) -> Iterator[Finding]:
    """Hours are looked at now and `plus` seconds ago and at no moment between."""
    for period in passed_over(plan):
        yield Finding(
            "D497",
            f"an opening of `{period.hours.name}` is shorter than the {period.plus} s that are added to it",
            period.hours.place,
            caller="callers would be told for a moment that nobody is there",
            help="add less with `plus`, or write the longer hours out",
        )


def _codes(plan: Plan, site: Site) -> Iterator[Finding]:
    for name in site.codes if turned(plan) else ():
        if name in site.enter:
            yield Finding(
                "D498",
                f"in the context `{name}`, calls come in and staff dial codes",
                site.place,
                caller="whoever calls could dial what staff dial",
                help="keep a context for `codes internal` that no trunk leads to",
            )


def _lengths(plan: Plan, _: Site) -> Iterator[Finding]:
    for step in plan.steps.values():
        if isinstance(step, Menu | Collect) and len(step.prompts) > MOST_PROMPTS:
            yield Finding(
                "D499",
                f"`{step.name}` plays {len(step.prompts)} prompts",
                step.place,
                caller="would not hear the last of them",
                help="record them as one prompt",
            )
