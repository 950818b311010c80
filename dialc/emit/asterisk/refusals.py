"""What Asterisk or one of its sites cannot say of a plan.

In: a plan and a site. Out: findings, each with the step it is about and the way out; `mistakes` has a page for each
code. A construct is written as the plan means it or refused here; nothing is approximated. A site that was read from a
file has passed narrower checks before, so some of these concern only sites and plans that were built in Python.
"""

import re
from collections.abc import Iterator

from dialc.calendar import DAY, Calendar, calendar, every_position
from dialc.called import Numbers, Short
from dialc.emit.asterisk import callbacks
from dialc.emit.asterisk.entries import clashes
from dialc.emit.asterisk.spelling import (
    Names,
    asked,
    blocks,
    closings,
    endpoint,
    lines,
    mailboxes,
    periods,
    rung,
    signings,
    stages,
    supervised,
    turned,
)
from dialc.findings import Finding, Note, in_order
from dialc.plan import (
    Bot,
    Collect,
    Combination,
    Condition,
    Extension,
    Label,
    Lookup,
    Mailbox,
    Menu,
    Outside,
    Period,
    Plan,
    Queue,
    Record,
    Schedule,
    Strategy,
)
from dialc.site import Installation, Site
from dialc.source import Place

VERSIONS = range(16, 23)
"""The releases of Asterisk in which everything exists that the files use."""

LONGEST_NAME = 79
"""Bytes of the name of a context or queue: AST_MAX_CONTEXT, and `char name[80]` in app_queue.c, less the end."""

LONGEST_LIST = 1000
"""Bytes that the files of one menu or queue may take, joined by `&`: an application's arguments end at 4095."""

MOST_PHONES = 20
"""Phones of one stage: two devices each, at 90 bytes a registered address, stay below the 4095 of a variable."""

CLOCK_CHANGE = 7200
"""Seconds by which an opening can be shorter than its clock times say, where clocks change meanwhile; none so far did
by more than this."""


def refusals(plan: Plan, site: Site) -> tuple[Finding, ...]:
    """What the files cannot say, in order of place. Each is an error."""
    checks = (
        _target,
        _names,
        _texts,
        _lines,
        _lists,
        _phones,
        _mailboxes,
        _beside,
        _music,
        _hours,
        _languages,
        _tiers,
        _closings,
        _codes,
        _endpoints,
        _services,
        _machines,
        _callbacks,
    )
    return in_order(tuple(finding for check in checks for finding in check(plan, site)))


def _target(_: Plan, site: Site) -> Iterator[Finding]:
    if site.target != "asterisk" or site.version not in VERSIONS:
        yield Finding(
            "D401",
            f"the site `{site.name}` is for {site.target} {site.version}",
            site.place,
            caller="nobody knows what this PBX would make of files for Asterisk",
            help=f"write `site {site.name} for asterisk {VERSIONS[-1]}`, or a release from {VERSIONS[0]} on",
        )


def _names(plan: Plan, site: Site) -> Iterator[Finding]:
    names = Names(plan, site)
    made = [(names.at(step.name), step.place) for step in plan.steps.values()]
    made += [(names.own(f"hours-{hours.name}"), hours.place) for hours in (*blocks(plan), *asked(plan))]
    made += [(names.own(f"switch-{switch.name}"), switch.place) for switch in turned(plan)]
    made += [(names.own(f"closing-{hours.name}"), hours.place) for hours in closings(plan)]
    made += [(names.own(f"handed-{operator.name}"), operator.place) for operator, _ in supervised(plan)]
    for context, place in made:
        if len(context.encode()) > LONGEST_NAME:
            yield Finding(
                "D402",
                f"with the name of the plan, this name makes one of {len(context.encode())} bytes",
                place,
                caller=f"Asterisk cuts names after {LONGEST_NAME} bytes, and two cut names may be one",
                help="give it a shorter name, or the plan",
            )


# Words that Asterisk would read as something else

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_ENTRY = re.compile(r"(?!general$|globals$|dialc-)[A-Za-z0-9][A-Za-z0-9_-]*")
_FILE = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_FOLDER = re.compile(r"/?[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_DIAL = re.compile(r"[A-Za-z0-9_./@:+*-]*\{number\}[A-Za-z0-9_./@:+*-]*")
_DIGITS = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"\+[0-9]+")
_ZONE = re.compile(r"[A-Za-z0-9_+/-]+")
_KEY = re.compile(r"[0-9*#]")
_LABEL = re.compile(r"[\w.\-/:+]+( [\w.\-/:+]+)*")
_CODE = re.compile(r"\*[0-9]{1,6}")
_URL = re.compile(r"https?://[A-Za-z0-9._~/@%:+=&?-]+")
_WORD = re.compile(r"[a-z][a-z0-9_]*")

_CURES = {
    _URL: "write it with `https://`, without commas, quotes and brackets",
    _WORD: "use small letters, digits and `_`",
    _NAME: "use letters, digits, `_` and `-`",
    _ENTRY: "name a context in which calls arrive, other than `general`, `globals` and those of dialc",
    _FILE: "use letters, digits, `_` and `-`, with `/` between folders, and no suffix",
    _FOLDER: "use letters, digits, `_` and `-`, with `/` between folders",
    _DIAL: "write it with `{number}` where the number goes, once, as in `PJSIP/{number}`",
    _DIGITS: "use digits",
    _NUMBER: "write the number in full, with `+` and the country code",
    _ZONE: "name it as the IANA database does, as in `Europe/Warsaw`",
    _KEY: "use a digit, `*` or `#`",
    _LABEL: "use letters, digits and a few signs",
    _CODE: "use `*` and digits, as in `*28`",
}


def _texts(plan: Plan, site: Site) -> Iterator[Finding]:
    boxes = site.mailboxes
    words: list[tuple[str, str, re.Pattern[str], Place]] = [
        ("the name of a plan", plan.name, _NAME, plan.place),
        *(("the name of a step", step.name, _NAME, step.place) for step in plan.steps.values()),
        *(("the name of hours", hours.name, _NAME, hours.place) for hours in plan.hours.values()),
        *(("a zone", hours.zone, _ZONE, hours.place) for hours in blocks(plan)),
        *(("the name of a switch", switch.name, _NAME, switch.place) for switch in plan.switches.values()),
        *(("a code", switch.code, _CODE, switch.place) for switch in plan.switches.values()),
        *(("a zone", switch.zone, _ZONE, switch.place) for switch in plan.switches.values()),
        *(("a codes context", name, _ENTRY, site.place) for name in site.codes),
        *(("a language", code, _NAME, plan.place) for code in (plan.language, *plan.languages) if code),
        *(("a zone", plan.zone, _ZONE, step.place) for step in plan.steps.values() if isinstance(step, Record)),
        *(
            ("a line", f"+{digits}", _NUMBER, line.place)
            for line in plan.lines
            if isinstance(line.numbers, Numbers)
            for stretch in line.numbers.stretches
            for digits in stretch
        ),
        *(("a line", line.number, _DIGITS, line.place) for line in plan.lines if isinstance(line.numbers, Short)),
        *(("a sound file", prompt.file, _FILE, prompt.place) for prompt in plan.prompts.values()),
        *(
            ("a key", choice.key, _KEY, choice.place)
            for step in plan.steps.values()
            if isinstance(step, Menu | Queue)
            for choice in step.choices
        ),
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
        *(("an address", address, _URL, site.place) for address in site.services.values()),
        *(
            ("an answer", reply.word, _WORD, reply.place)
            for step in plan.steps.values()
            if isinstance(step, Lookup)
            for reply in step.replies
        ),
        *(("a mailbox", step.box, _DIGITS, step.place) for step in mailboxes(plan)),
        *(("an entry", name, _ENTRY, site.place) for name in site.enter),
        *(("a context of staff", name, _ENTRY, site.place) for name in site.codes),
        *(("a code", signing.code, _CODE, plan.place) for signing in signings(plan)),
        *((("a folder of sounds", site.sounds, _FOLDER, site.place),) if site.sounds else ()),
        *(("a music class", music, _NAME, site.place) for music in site.music.values()),
        *(("a dial string", phones.dial, _DIAL, phones.place) for phones in site.phones if phones.dial),
        *(("a device", phones.state, _DIAL, phones.place) for phones in site.phones if phones.state),
        *(("a dial string", trunk.dial, _DIAL, trunk.place) for trunk in site.trunks if trunk.dial),
        *(("a caller id", trunk.show, _NUMBER, trunk.place) for trunk in site.trunks if trunk.show),
        ("a voicemail context", boxes.context, _NAME, boxes.place),
        *(("a mailbox", box.number, _DIGITS, box.place) for box in boxes.boxes),
        *(("a PIN", box.pin, _DIGITS, box.place) for box in boxes.boxes),
    ]
    for what, text, allowed, place in words:
        if not allowed.fullmatch(text):
            yield Finding(
                "D403",
                f"Asterisk would not read `{text}` as {what}",
                place,
                caller="what a caller meets would not be what the plan says",
                help=_CURES[allowed],
            )


def _lines(plan: Plan, site: Site) -> Iterator[Finding]:
    found = lines(plan, site)
    for line, spelled in zip(plan.lines, found, strict=True):
        if spelled.numbers and not spelled.entries and not spelled.is_default:
            yield Finding(
                "D404",
                f"no trunk of the site `{site.name}` delivers calls to {spelled.numbers}",
                line.place,
                caller="no call would arrive",
                help="write in the site in which forms a trunk `delivers` called numbers",
            )
    owned = ((index, entry) for index, line in enumerate(found) for entry in line.entries)
    for one, other, form in clashes(owned):
        both = f"{found[other].numbers} and {found[one].numbers}" if one != other else f"two of {found[one].numbers}"
        yield Finding(
            "D404",
            f"{both} can both be delivered as `{form}`",
            plan.lines[other].place,
            caller="callers of one line would be taken for callers of the other",
            help="name in the site only those forms in which the trunk `delivers` numbers",
        )


def _lists(plan: Plan, site: Site) -> Iterator[Finding]:
    """Lists that an application takes, and cuts."""
    for step in plan.steps.values():
        if isinstance(step, Menu | Collect | Queue):
            files = "&".join(f"{site.sounds}/{prompt.file}" for prompt in step.prompts)
            if len(files) > LONGEST_LIST:
                yield Finding(
                    "D405",
                    f"the sound files of `{step.name}` have names of {len(files)} bytes together",
                    step.place,
                    caller="Asterisk would cut the list, and callers would not hear the last prompts",
                    help="record them as one prompt, or give the files shorter names",
                )
    for name, stage in stages(plan):
        if len(stage.phones) > MOST_PHONES:
            yield Finding(
                "D405",
                f"`{name}` rings {len(stage.phones)} phones together",
                stage.place,
                caller="Asterisk would cut the list, and the last phones would not ring",
                help=f"ring at most {MOST_PHONES} in one stage, or make them members of a queue",
            )


def _phones(plan: Plan, site: Site) -> Iterator[Finding]:
    trunk = site.trunk(site.outside)
    for step, phone in rung(plan):
        if isinstance(phone, Outside):
            if trunk is None or not trunk.dial:
                yield Finding(
                    "D406",
                    f"the site `{site.name}` has no trunk for {phone.number}",
                    phone.place,
                    caller=f"at `{step.name}`, {phone.number} would not ring",
                    help="name a trunk that can `dial` in the site, with `outside via`",
                )
            continue
        reached = site.phone(phone.number) if _DIGITS.fullmatch(phone.number) else None
        if reached is None:
            yield Finding(
                "D406",
                f"the site `{site.name}` does not say how {phone.number} rings",
                phone.place,
                caller=f"at `{step.name}`, {phone.number} would not ring",
                help=f"write it in the site, as in `phones {phone.number} dial contacts`",
            )
        elif isinstance(step, Queue) and not reached.state:
            yield Finding(
                "D407",
                f"the site `{site.name}` does not say what tells whether {phone.number} can be reached",
                phone.place,
                caller=f"`{step.name}` would never be found empty, and callers would wait for nobody",
                help='write the device behind the dial string in the site, as in `state "PJSIP/{number}"`',
            )


def _services(plan: Plan, site: Site) -> Iterator[Finding]:
    for step in plan.steps.values():
        if isinstance(step, Lookup) and step.service not in site.services:
            yield Finding(
                "D441",
                f"the site `{site.name}` does not say where the service `{step.service}` is",
                step.place,
                caller=f"nothing would be known about the caller at `{step.name}`",
                help=f'write it in the site, as in `service {step.service} "https://crm.example/caller"`',
            )


def _machines(plan: Plan, site: Site) -> Iterator[Finding]:
    """Machines behind a Local channel: it is by who hung up that their end is told from a key."""
    for step in plan.steps.values():
        phones = site.phone(step.phone.number) if isinstance(step, Bot) else None
        if isinstance(step, Bot) and phones and phones.dial.upper().startswith("LOCAL/"):
            yield Finding(
                "D442",
                f"the machine {step.phone.number} rings through a `Local` channel, where nobody knows who hung up",
                step.place,
                caller=f"whose machine is done at `{step.name}` would be taken for one who pressed {step.escape.key}",
                notes=(Note(phones.place, "how it rings"),),
                help='let it ring by its own channel, as in `dial contacts` or `dial "PJSIP/{number}"`',
            )


def _mailboxes(plan: Plan, site: Site) -> Iterator[Finding]:
    if not site.mailboxes.emitted:
        return
    written = {box.number for box in site.mailboxes.boxes}
    firsts: dict[str, Mailbox] = {}
    for step in mailboxes(plan):
        first = firsts.setdefault(step.box, step)
        if step.box not in written:
            yield Finding(
                "D408",
                f"the site `{site.name}` has no mailbox {step.box}",
                step.place,
                caller=f"nobody could leave a message at `{step.name}`",
                help=f'write it in the site, as in `box {step.box} pin 4711 "Reception"`',
            )
        elif first.longest != step.longest:
            yield Finding(
                "D409",
                f"messages in the box {step.box} may last {step.longest} s here and {first.longest} s elsewhere",
                step.place,
                caller="Asterisk ends all messages in one mailbox after the same time",
                notes=(Note(first.place, "here"),),
                help="allow both the same with `up to`, or give each a box of its own",
            )


def _beside(plan: Plan, site: Site) -> Iterator[Finding]:
    """What FreePBX has a hand in: whatever it writes, it writes anew, and what others wrote there is gone."""
    if site.beside is not Installation.FREEPBX:
        return
    if site.mailboxes.emitted and mailboxes(plan):
        yield Finding(
            "D450",
            f"the site `{site.name}` stands beside FreePBX, which writes all mailboxes itself",
            site.mailboxes.place,
            caller="a mailbox that FreePBX does not know is gone when it next applies its configuration",
            help=f"make the mailboxes in FreePBX, and write `mailboxes context {site.mailboxes.context} existing`",
        )
    for context in (*site.enter, *site.codes):
        if not context.endswith("-custom"):
            yield Finding(
                "D451",
                f"FreePBX may write the context `{context}` itself",
                site.place,
                caller="calls would come in by what FreePBX says of it, and by the plan, whichever is read first",
                help=f"name the one that it leaves to others, as in `{context}-custom`",
            )
    for phones in site.phones:
        if "@from-internal" in phones.dial:
            yield Finding(
                "D452",
                "phones that ring through `from-internal` are answered by their voicemail",
                phones.place,
                caller="is joined to a machine where the plan says that a person answers",
                help='write `dial "Local/{number}@from-queue/n"`, or `dial contacts`',
            )


def _music(plan: Plan, site: Site) -> Iterator[Finding]:
    for step in plan.steps.values():
        if isinstance(step, Queue) and site.music and step.music and step.music not in site.music:
            yield Finding(
                "D410",
                f"the site `{site.name}` has no music `{step.music}`",
                step.place,
                caller=f"those who wait in `{step.name}` would hear another music",
                help=f"write it in the site, as in `music {step.music} = default`",
            )


def _languages(plan: Plan, site: Site) -> Iterator[Finding]:
    """Asterisk looks for a language above a folder below its own, but behind one that is named from the root."""
    if len(plan.languages) > 1 and site.sounds.startswith("/"):
        yield Finding(
            "D420",
            f"sounds in {len(plan.languages)} languages cannot lie in `{site.sounds}`",
            site.place,
            caller="would hear everything in one language, or nothing",
            help="name their folder below Asterisk's own, such as `clinic` for `en/clinic` and `pl/clinic`",
        )


_REPEATING = {Strategy.LONGEST_IDLE, Strategy.FEWEST_CALLS}
"""The strategies by which Asterisk rings one phone again and again until it answers a call."""


def _tiers(plan: Plan, _: Site) -> Iterator[Finding]:
    for step in plan.steps.values():
        if isinstance(step, Queue) and step.tiers and step.strategy in _REPEATING:
            yield Finding(
                "D430",
                f"by `{step.strategy.value}`, Asterisk rings one member of `{step.name}` until it answers",
                step.place,
                caller="while that phone rings in vain, those of later members never ring",
                help="take `ring-all`, `round-robin`, `random` or `in-order`",
            )


def _closings(plan: Plan, _: Site) -> Iterator[Finding]:
    """Queues that close, and open again before a caller's patience is over.

    Until when a caller can wait is worked out as they join, by halving, which takes hours to stay closed once they are.
    """
    known = calendar(plan)
    for step in plan.steps.values():
        if not isinstance(step, Queue) or not step.closing or step.staffed is None:
            continue
        closed = known.when(Condition(step.staffed, open=False)) & known.validity
        shortest = min((end - start for start, end in closed.stretches), default=DAY)
        if shortest < step.patience:
            yield Finding(
                "D431",
                f"`{step.staffed.hours.name}` closes for {shortest} s only, and patience lasts {step.patience} s",
                step.place,
                caller="could be sent on as the queue closes, or not, while they could wait until it opens again",
                help=f"let callers wait for at most {shortest} s, with `patience {shortest}s`",
            )


def _codes(plan: Plan, site: Site) -> Iterator[Finding]:
    for name in site.codes if turned(plan) or signings(plan) else ():
        if name in site.enter:
            yield Finding(
                "D415",
                f"in the context `{name}`, calls come in and staff dial codes",
                site.place,
                caller="whoever calls could dial what staff dial",
                help="keep a context for `codes internal` that no trunk leads to",
            )


def _endpoints(plan: Plan, site: Site) -> Iterator[Finding]:
    """Phones of which the PBX cannot tell that it is they who dial."""
    for step in plan.steps.values():
        for phone in step.signing.among if isinstance(step, Queue) and step.signing else ():
            reached = site.phone(phone.number) if _DIGITS.fullmatch(phone.number) else None
            if reached is not None and reached.state and not endpoint(reached, phone.number):
                yield Finding(
                    "D433",
                    f"the site `{site.name}` does not say which PJSIP endpoint {phone.number} is",
                    phone.place,
                    caller=f"{phone.number} could not sign in to `{step.name}`, and would never ring",
                    help='write it in the site, as in `state "PJSIP/{number}"`',
                )


def _hours(plan: Plan, _: Site) -> Iterator[Finding]:
    """Hours that are kept open for longer than one of their openings lasts.

    The files look at the hours now and `plus` seconds ago and at no moment between. That is exact while every opening
    lasts at least `plus` seconds.
    """
    for period in passed_over(plan):
        yield Finding(
            "D411",
            f"an opening of `{period.hours.name}` is shorter than the {period.plus} s that are added to it",
            period.hours.place,
            caller="callers would be told for a moment that nobody is there",
            help="add less with `plus`, or write the longer hours out",
        )


def passed_over(plan: Plan) -> Iterator[Period]:
    """The periods that are open at some instant at which their hours are open neither now nor `plus` seconds ago."""
    for period in dict.fromkeys(periods(plan)):
        if not period.plus or _shortest(period.hours) >= period.plus + CLOCK_CHANGE:
            continue
        if _is_passed_over(calendar(plan), period):
            yield period


def _is_passed_over(known: Calendar, period: Period) -> bool:
    """Whether the period is open at some instant at which neither look at its hours shows it."""
    for positions in every_position(period.hours.switches):
        opened = known.holding(Condition(Period(period.hours), open=True), positions)
        seen = opened | opened.later(period.plus, period.plus)
        if (known.holding(Condition(period, open=True), positions) - seen) & known.validity:
            return True
    return False


def _callbacks(plan: Plan, site: Site) -> Iterator[Finding]:
    """Call-backs that cannot be placed, or to numbers that the trunks of the site do not write."""
    steps = callbacks.called_back(plan)
    if not steps:
        return
    trunk = site.trunk(site.outside)
    if trunk is None or not trunk.dial:
        yield Finding(
            "D406",
            f"the site `{site.name}` has no trunk to call back by",
            steps[0].place,
            caller=f"those who book `{steps[0].name}` would never be rung",
            help="name a trunk that can `dial` in the site, with `outside via`",
        )
        return
    if mistaken := callbacks.mistaken(plan, site):
        digits, code, other = mistaken
        yield Finding(
            "D437",
            f"a caller shown as `{digits}` can be one from +{code} or from +{other}",
            steps[0].place,
            caller="somebody else would be called back",
            help="write in the site of which `country` the trunk is, and only the forms in which it `delivers` numbers",
        )
    for code, head in callbacks.sent(plan, site).items():
        if head is None:
            yield Finding(
                "D436",
                f"numbers that begin with +{code} are not written in the form `{trunk.send.value}` by one rule",
                steps[0].place,
                caller="another number would be rung than the one that booked",
                help=f"let the trunk `{trunk.name}` send another form, as in `send plus`",
            )
    for step in steps:
        queue = plan.steps[step.queue]
        patience = queue.patience if isinstance(queue, Queue) else 0
        if _shortest(step.hours) < patience + callbacks.TICK + CLOCK_CHANGE and _too_short(plan, step.hours, patience):
            yield Finding(
                "D435",
                f"an opening of `{step.hours.name}` is shorter than the {patience} s of patience of `{step.queue}`",
                step.place,
                caller="nobody would be called back in it",
                help="a call-back is placed only if it can be answered while the hours are open",
            )


def _too_short(plan: Plan, hours: Schedule, patience: int) -> bool:
    """Whether some opening ends before a placing at its second minute would have run out of patience."""
    known = calendar(plan)
    return any(
        end - start < patience + callbacks.TICK
        for positions in every_position(hours.switches)
        for start, end in known.holding(Condition(Period(hours), open=True), positions).stretches
        if known.start < start and end < known.end
    )


def _shortest(schedule: Schedule) -> int:
    """Seconds that every opening lasts at least by the clock; 0 where an exception or other hours cut some."""
    if isinstance(schedule, Combination):
        return 0
    hours = schedule
    if any(exception.spans and not exception.opens for exception in hours.exceptions):
        return 0
    spans = [span for day in hours.weekly for span in day] + [s for e in hours.exceptions for s in e.spans]
    return min((span.end - span.start for span in spans), default=0)
