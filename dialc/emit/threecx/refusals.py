"""What a 3CX, or one of its sites, cannot say of a plan.

In: a plan and a site. Out: findings, each with the step it is about and the way out; `mistakes` has a page for each
code. What can be seen of a step by itself is refused here; `unrolling` and `numbering` find what comes of steps
together. A construct is written as the plan means it or refused; nothing is approximated.
"""

import re
from collections.abc import Iterator
from typing import assert_never

from dialc.called import Numbers, Short
from dialc.findings import Finding, in_order
from dialc.plan import (
    Again,
    Announcement,
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
    Label,
    Lookup,
    Mailbox,
    Menu,
    Operator,
    Outside,
    Phone,
    Plan,
    Play,
    Prompt,
    Queue,
    Record,
    Ring,
    Step,
    Strategy,
)
from dialc.site import Installation, Site
from dialc.source import Place

VERSIONS = (18, 20)
"""The releases whose objects are known; between them there was none."""

MESSAGE = 180
"""Seconds that the language gives a message where the plan does not say how long one may last."""

MOST_SECONDS = 65535
"""The object model of 3CX counts seconds in 16 bits."""

POLLING = {
    Strategy.RING_ALL: "RingAll",
    Strategy.LONGEST_IDLE: "LongestWaiting",
    Strategy.ROUND_ROBIN: "NextAgent",
    Strategy.FEWEST_CALLS: "FewestAnswered",
    Strategy.IN_ORDER: "Hunt",
}
"""How 3CX calls the order in which a queue rings its members."""


def refusals(plan: Plan, site: Site) -> tuple[Finding, ...]:
    """What the objects of a 3CX cannot say, step by step, in order of place. Each is an error."""
    target = tuple(_target(plan, site))
    checks = (_texts, _lines, _languages, _steps, _sounds)
    of_site = () if target else (_site, _phones, _boxes)  # of a PBX that is no 3CX, nothing more need be said
    return in_order((*target, *(finding for check in (*checks, *of_site) for finding in check(plan, site))))


def _target(_: Plan, site: Site) -> Iterator[Finding]:
    if site.target != "3cx" or site.version not in VERSIONS:
        yield Finding(
            "D470",
            f"the site `{site.name}` is for {site.target} {site.version}",
            site.place,
            caller="nobody knows what this PBX would make of objects of a 3CX",
            help=f"write `site {site.name} for 3cx {VERSIONS[-1]}`, or the release {VERSIONS[0]}",
        )


def _site(_: Plan, site: Site) -> Iterator[Finding]:
    """Settings that mean nothing on a 3CX, and those that it cannot do without."""
    meant = (
        (bool(site.enter), "contexts that calls `enter` by", site.place),
        (bool(site.codes), "contexts for `codes`", site.place),
        (bool(site.services), "services", site.place),
        (site.beside is Installation.FREEPBX, "FreePBX beside it", site.place),
        (site.mailboxes.emitted, "mailboxes that dialc writes: each is that of an extension", site.mailboxes.place),
        *((bool(r.dial), "dial strings: its extensions ring as they are registered", r.place) for r in site.phones),
    )
    for there, what, place in meant:
        if there:
            yield Finding(
                "D488",
                f"a 3CX has no {what}",
                place,
                caller="what stands here would not be done for them",
                help="leave it out of the site; phones are `phones … dial contacts`, and mailboxes `existing`",
            )
    if site.numbers is None:
        yield Finding(
            "D478",
            f"the site `{site.name}` does not say which numbers are free",
            site.place,
            caller="what they come to has a number of its own on a 3CX, which could be somebody else's",
            help="write a site, and in it numbers that nothing has, as in `numbers 800-899`",
        )
        return
    for trunk in site.trunks:
        if not re.fullmatch(r"[0-9]+", trunk.extension):
            yield Finding(
                "D478",
                f"the site `{site.name}` does not say by which number the 3CX knows the trunk `{trunk.name}`",
                trunk.place,
                caller="no call would arrive",
                help="write the trunk's virtual extension, as in `extension 10000`",
            )
    first, last = site.numbers
    taken = [(r.first, r.last) for r in site.phones]
    taken += [(int(t.extension),) * 2 for t in site.trunks if re.fullmatch(r"[0-9]+", t.extension)]
    for one, other in taken:
        if len(str(one)) == len(str(first)) and one <= last and first <= other:
            yield Finding(
                "D478",
                f"{max(one, first)} is among the free numbers, and is taken",
                site.place,
                caller="would come to one of two things, and nobody knows to which",
                help="let `numbers` be such that neither a phone nor a trunk has",
            )


# Words that stand in file names and in the names of objects

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_FILE = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_DIGITS = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"\+[0-9]+")
_CURES = {
    _NAME: "use letters, digits, `_` and `-`",
    _FILE: "use letters, digits, `_` and `-`, with `/` between folders, and no suffix",
    _DIGITS: "use digits",
    _NUMBER: "write the number in full, with `+` and the country code",
}


def _texts(plan: Plan, site: Site) -> Iterator[Finding]:
    words: list[tuple[str, str, re.Pattern[str], Place]] = [
        ("the name of a plan", plan.name, _NAME, plan.place),
        *(("the name of a step", step.name, _NAME, step.place) for step in plan.steps.values()),
        *(("a sound file", prompt.file, _FILE, prompt.place) for prompt in plan.prompts.values()),
        *(("a sound file", prompt.file, _FILE, prompt.place) for _, prompt in _played(plan)),
        *(("a phone", phone.number, _DIGITS, phone.place) for _, phone in _rung(plan) if isinstance(phone, Extension)),
        *(("a mailbox", step.box, _DIGITS, step.place) for step in plan.steps.values() if isinstance(step, Mailbox)),
        *(("a line", line.number, _DIGITS, line.place) for line in plan.lines if isinstance(line.numbers, Short)),
        *(
            ("a line", f"+{digits}", _NUMBER, line.place)
            for line in plan.lines
            if isinstance(line.numbers, Numbers)
            for stretch in line.numbers.stretches
            for digits in stretch
        ),
        *((("a folder of sounds", site.sounds, _FILE, site.place),) if site.sounds else ()),
        *(("a music file", music, _NAME, site.place) for music in site.music.values()),
        *((("an operator", site.operator, _DIGITS, site.place),) if site.operator else ()),
    ]
    for what, text, allowed, place in words:
        if not allowed.fullmatch(text):
            yield Finding(
                "D479",
                f"`{text}` cannot be {what} on a 3CX",
                place,
                caller="what a caller meets would not be what the plan says",
                help=_CURES[allowed],
            )


def _lines(plan: Plan, _: Site) -> Iterator[Finding]:
    for line in plan.lines:
        if line.refuses:
            yield Finding(
                "D472",
                f"{line.numbers} refuses callers, which the rules of a 3CX cannot for one line",
                line.place,
                caller="somebody who is to be refused would come through",
                help="put these numbers on the blacklist of the PBX, and leave `refuses` out",
            )


def _languages(plan: Plan, _: Site) -> Iterator[Finding]:
    choices = [c for step in plan.steps.values() if isinstance(step, Menu | Queue) for c in step.choices if c.speaks]
    places = [choice.place for choice in choices] or ([plan.place] if len(plan.languages) > 1 else [])
    for place in places:
        yield Finding(
            "D486",
            "callers are spoken to in a language that they choose",
            place,
            caller="an object of a 3CX has one recording, and they would hear it in another language",
            help="give each language a line, and each line a plan of its own in that language",
        )


# Steps


def _steps(plan: Plan, site: Site) -> Iterator[Finding]:
    for step in plan.steps.values():
        if isinstance(step, Play):
            yield _uncut(step.name, step.place, _way_out(plan.steps[step.then]))
        yield from _step(site, step)


def _step(site: Site, step: Step) -> Iterator[Finding]:
    match step:
        case Answer() | Play() | Branch() | ByException() | ByLine() | Again() | HangUp():
            pass  # what else they cannot be is seen where callers pass them
        case Extensions():
            yield from _long(step.name, "rings", step.seconds, step.place)
        case Operator():
            for item in step.items:
                if isinstance(item, Announcement):
                    yield _uncut(step.name, item.place, "leave it out: callers hear ringing until somebody answers")
            for stage in step.stages:
                yield from _long(step.name, "rings", stage.seconds, stage.place)
        case Ring():
            for stage in step.stages:
                yield from _long(step.name, "rings", stage.seconds, stage.place)
        case Menu():
            yield from _menu(step)
        case Queue():
            yield from _queue(step, site)
        case Mailbox():
            if step.longest != MESSAGE:
                yield Finding(
                    "D483",
                    f"messages in `{step.name}` may last {step.longest} s",
                    step.place,
                    caller="a 3CX ends messages when it likes, and nowhere can be told when",
                    help="leave `up to` out",
                )
        case Label():
            yield _nothing(step, "what phones show", "name the queue or the group as phones are to show it")
        case Record():
            yield _nothing(step, "recording from one point of a call on", "have the PBX record the extensions")
        case ByCaller():
            yield _nothing(step, "asking who calls", "give these callers a line of their own")
        case BySwitch():
            yield _nothing(step, "switches that staff turn", "write a plan for each position, and change the target")
        case Collect():
            yield _nothing(step, "asking for several digits", "ask by menus of one key each")
        case Lookup():
            yield _nothing(step, "asking a service", "ask by a menu, or leave it to who answers")
        case Bot():
            yield _nothing(step, "a machine that a key leaves", "let it be an extension that a ring leads to")
        case Callback():
            yield _nothing(step, "booking a call-back", "take a message in the last resort, and call back by hand")
        case _:
            assert_never(step)


def _way_out(behind: Step) -> str:
    """Where a prompt can be said instead, by what comes behind it."""
    match behind:
        case HangUp():
            return "leave it out, or say it in the greeting of a mailbox"
        case Mailbox():
            return f"say it in the greeting of `{behind.name}`"
        case _:
            return "play it in a menu, before its choices; `silence` leads on"


def _uncut(name: str, place: Place, help: str) -> Finding:
    return Finding(
        "D471",
        f"`{name}` plays a prompt that no key cuts",
        place,
        caller="on a 3CX, whoever presses a key while it is played would go on without it, and all others wait longer",
        help=help,
    )


def _nothing(step: Step, what: str, help: str) -> Finding:
    return Finding(
        "D472",
        f"no object of a 3CX is for {what}, as `{step.name}` does",
        step.place,
        caller="would go on as if the step were not there",
        help=help,
    )


def _long(name: str, does: str, seconds: int, place: Place) -> Iterator[Finding]:
    if seconds > MOST_SECONDS:
        yield Finding(
            "D487",
            f"`{name}` {does} for {seconds} s, and a 3CX counts to {MOST_SECONDS}",
            place,
            caller="would be sent on when nobody meant it",
            help=f"write at most {MOST_SECONDS}s",
        )


def _menu(menu: Menu) -> Iterator[Finding]:
    for key, place in [(c.key, c.place) for c in menu.choices] + [(r.key, r.place) for r in menu.repeats]:
        if key not in "0123456789":
            yield Finding(
                "D473",
                f"the menus of a 3CX do not hear the key {key}",
                place,
                caller=f"presses {key}, and is not understood",
                help="take a digit",
            )
    for direct in menu.direct:
        yield Finding(
            "D473",
            f"numbers of `{direct.row}` are dialled in `{menu.name}`",
            direct.place,
            caller="a 3CX lets them dial every extension that it has, or none",
            help="leave `direct` out, and give each phone a number of the line",
        )
    yield from _long(menu.name, "waits", menu.wait, menu.place)


def _queue(queue: Queue, site: Site) -> Iterator[Finding]:
    if not any(choice.key == "*" for choice in queue.choices):
        yield Finding(
            "D473",
            f"the key * does nothing in `{queue.name}`",
            queue.place,
            caller="a 3CX sends whoever presses * while they wait where they go when nobody answers",
            help=f"write `key * -> …` in `{queue.name}`, with the step to which `timeout` leads",
        )
    for choice in queue.choices:
        if choice.key != "*":
            yield Finding(
                "D473",
                f"the queues of a 3CX do not hear the key {choice.key}",
                choice.place,
                caller=f"presses {choice.key} while they wait, and nothing happens",
                help="let callers leave by the key *",
            )
    cannot = (
        (queue.strategy is Strategy.RANDOM, "members at random", "take `round-robin` or `longest-idle`"),
        (bool(queue.tiers), "members who take part later", "name all members from the first second on"),
        (queue.signing is not None, "codes of its own to sign in by", "name the `members`; 3CX has codes of its own"),
        (bool(queue.closing), "a time at which it sends callers on", "leave `closing` out, with some `plus`"),
    )
    for there, what, help in cannot:
        if there:
            yield Finding(
                "D484",
                f"a queue of a 3CX has no {what}, as `{queue.name}` does",
                queue.place,
                caller="would wait for somebody else, or for longer, than the plan says",
                help=help,
            )
    if queue.music and queue.music not in site.music:
        yield Finding(
            "D484",
            f"the site `{site.name}` has no music `{queue.music}`",
            queue.place,
            caller=f"those who wait in `{queue.name}` would hear another music",
            help=f"write the file that it is in the site, as in `music {queue.music} = waltz`",
        )
    times = (queue.ring, queue.patience, queue.wrap_up, queue.announce.every if queue.announce else 0)
    yield from _long(queue.name, "counts time", max(times), queue.place)


# Phones and files


def _rung(plan: Plan) -> Iterator[tuple[Step, Phone]]:
    """Every phone that is rung, step after step."""
    for step in plan.steps.values():
        match step:
            case Ring() | Operator():
                yield from ((step, phone) for stage in step.stages for phone in stage.phones)
            case Extensions():
                yield from ((step, phone) for phone in step.phones)
            case Queue():
                yield from ((step, phone) for phone in step.everybody)
            case _:
                pass
        if isinstance(step, Operator) and step.supervisor:
            yield step, step.supervisor


def _phones(plan: Plan, site: Site) -> Iterator[Finding]:
    for step, phone in _rung(plan):
        if isinstance(phone, Outside):
            yield Finding(
                "D477",
                f"`{step.name}` rings {phone.number}, which is no extension of the PBX",
                phone.place,
                caller="a 3CX lets go of a call that it sends outside, whoever or whatever answers there, or nobody",
                help="ring the 3CX app of that person, which has an extension wherever they are",
            )
        elif site.phone(phone.number) is None:
            yield Finding(
                "D478",
                f"the site `{site.name}` has no phone {phone.number}",
                phone.place,
                caller=f"at `{step.name}`, {phone.number} would not ring",
                help=f"write it in the site, as in `phones {phone.number} dial contacts`",
            )


def _boxes(plan: Plan, site: Site) -> Iterator[Finding]:
    greetings: dict[str, Prompt | None] = {}
    for step in plan.steps.values():
        if not isinstance(step, Mailbox):
            continue
        if site.phone(step.box) is None:
            yield Finding(
                "D478",
                f"the site `{site.name}` has no extension {step.box}, whose mailbox is used",
                step.place,
                caller=f"nobody could leave a message at `{step.name}`",
                help=f"write it in the site, as in `phones {step.box} dial contacts`",
            )
        if greetings.setdefault(step.box, step.greeting) != step.greeting:
            yield Finding(
                "D483",
                f"the mailbox {step.box} has another greeting in `{step.name}` than elsewhere",
                step.place,
                caller="on a 3CX a mailbox has one greeting, and they would hear the wrong one",
                help="give each a box of its own, or all the same greeting",
            )


def _played(plan: Plan) -> Iterator[tuple[Step, Prompt]]:
    """Every prompt that an object plays, step after step."""
    for step in plan.steps.values():
        if isinstance(step, Menu | Queue):
            yield from ((step, prompt) for prompt in step.prompts)
        elif isinstance(step, Mailbox) and step.greeting:
            yield step, step.greeting


def _sounds(plan: Plan, _: Site) -> Iterator[Finding]:
    """Recordings of which two would have the same name: a 3CX keeps all in one folder."""
    known: dict[str, str] = {}
    for _step, prompt in _played(plan):
        if known.setdefault(prompt.file.replace("/", "-"), prompt.file) != prompt.file:
            yield Finding(
                "D479",
                f"`{prompt.file}` and `{known[prompt.file.replace('/', '-')]}` would be one file on a 3CX",
                prompt.place,
                caller="would hear one in place of the other",
                help="name one of them otherwise: a 3CX has no folders for sounds",
            )
