"""Emission for Asterisk: the files of the clinic, and what holds for the files of any plan.

What Asterisk makes of them is shown in tests/live. Here a small reader, which shares nothing with the templates, takes
emitted text apart as Asterisk's own parser does: contexts, extensions, priorities, applications and their arguments.
"""

import datetime
import functools
import itertools
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from dialc.calendar import day
from dialc.called import Numbers
from dialc.emit import asterisk
from dialc.emit.asterisk import entries, spelling
from dialc.emit.asterisk.mistakes import MISTAKES, PLAN, SITE
from dialc.emit.asterisk.spelling import Names
from dialc.findings import Finding
from dialc.mistakes import Mistake
from dialc.numbers import Form
from dialc.parse import parse
from dialc.plan import (
    KEYS,
    SUPERVISOR_RINGS,
    Again,
    Announcement,
    Bot,
    Bound,
    Choice,
    DatedException,
    Extension,
    Extensions,
    HangUp,
    Hours,
    Label,
    Line,
    Lookup,
    Mailbox,
    Menu,
    Operator,
    Outside,
    Period,
    Plan,
    Play,
    Prompt,
    Queue,
    Record,
    Repeat,
    Reply,
    Ring,
    Span,
    Stage,
    Step,
    Unproved,
    Verified,
)
from dialc.read import d461_files_do_as_the_plan_says, d462_files_can_be_read
from dialc.resolve import resolve, resolve_site
from dialc.site import Box, Installation, Mailboxes, PhoneRange, Site, default
from dialc.source import Source
from dialc.verify import verify
from tests import strategies
from tests.plans import block, clinic, warsaw

GOLDEN = Path(__file__).parent / "golden" / "asterisk" / "clinic"
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
ASTERISK = default("asterisk")


def unproved(plan: Plan) -> Unproved:
    return Unproved(plan, ())


# A reader of what was emitted


@attrs.frozen
class Priority:
    """One priority of an extension."""

    label: str
    app: str
    args: str


Context = Mapping[str, list[Priority]]


@attrs.frozen
class Dialplan:
    """The contexts of an extensions.conf, and what each includes."""

    contexts: Mapping[str, Context]
    includes: Mapping[str, list[str]]

    def has(self, context: str, exten: str = "s", priority: str = "1") -> bool:
        """Whether a call can go there."""
        extens = self.contexts.get(context, {})
        lines = next((lines for written, lines in extens.items() if matches(written, exten)), [])
        if priority.isdigit():
            return 1 <= int(priority) <= len(lines)
        return any(line.label == priority for line in lines)


def matches(written: str, exten: str) -> bool:
    """Whether an extension, a pattern where it begins with `_`, is what was dialled; or it is the extension itself."""
    digits = "".join(
        {"X": "[0-9]", "+": r"\+", "!": ".*", ".": ".+"}.get(part, part)
        for part in re.findall(r"\[.*?\]|.", written[1:])
    )
    return written == exten or (written.startswith("_") and re.fullmatch(digits, exten) is not None)


def sample(written: str) -> str:
    """What is dialled, for instance, where a pattern matches."""
    return (
        re.sub(r"\[(.).*?\]", r"\1", written.removeprefix("_")).replace("X", "7").replace("!", "5").replace(".", "5")
        if written[0] == "_"
        else written
    )


def arrival(sent: str, dialled: str) -> str:
    """The extension to which a call is sent by one that was dialled."""
    digits = re.sub(r"\D", "", dialled)
    return re.sub(r"\$\{FILTER\(0-9,\$\{EXTEN\}\):(\d+)\}", lambda found: digits[int(found[1]) :], sent)


def uncommented(text: str) -> Iterator[str]:
    """The lines that Asterisk reads; comments end at the end of their line, and nothing here begins a longer one."""
    for row in text.split("\n"):
        assert ";--" not in row
        if row.startswith(";"):
            continue
        assert ";" not in row, row
        if row.strip():
            yield row.rstrip()


def dialplan(text: str) -> Dialplan:
    """The text of an extensions.conf, taken apart; fails on anything that Asterisk would warn about."""
    contexts: dict[str, dict[str, list[Priority]]] = {}
    includes: dict[str, list[str]] = {}
    context = exten = ""
    for row in uncommented(text):
        if found := re.fullmatch(r"\[([\w.-]+)\]", row):
            context, exten = found.group(1), ""
            assert context not in contexts, f"{context} is there twice"
            assert len(context.encode()) <= 79
            contexts[context], includes[context] = {}, []
        elif found := re.fullmatch(r"include => ([\w-]+)", row):
            includes[context].append(found.group(1))
        elif found := re.fullmatch(
            r"(?:exten => (_?[\w+*#.!\[\]-]+),1| same => n(?:\(([\w-]+)\))?),(\w+)\((.*)\)", row
        ):
            new, label, app, args = found.groups()
            if new:
                exten = new
                assert exten not in contexts[context], f"{context},{exten} is there twice"
                contexts[context][exten] = []
            assert balanced(args), row
            contexts[context][exten].append(Priority(label or "", app, args))
        elif not re.fullmatch(r"exten => \*[0-9]+,hint,Custom:[\w-]+", row):
            raise AssertionError(f"Asterisk would not understand: {row!r}")
    return Dialplan(contexts, includes)


def balanced(args: str) -> bool:
    """Whether every bracket that opens in the arguments of an application is closed there."""
    open_ones: list[str] = []
    pairs = {")": "(", "]": "[", "}": "{"}
    for character in args:
        if character in pairs.values():
            open_ones.append(character)
        elif character in pairs and (not open_ones or open_ones.pop() != pairs[character]):
            return False
    return not open_ones


def targets(context: str, exten: str, line: Priority) -> Iterator[tuple[str, str, str]]:
    """The places to which an application can send a call, as context, extension and priority or label."""
    match line.app:
        case "Goto":
            yield place(context, exten, arrival(line.args, sample(exten)))
        case "GotoIf":
            yield from (place(context, exten, to) for to in line.args.rpartition("?")[2].split(":"))
        case "Gosub":
            to = place(context, exten, line.args.partition("(")[0])
            if "$" not in to[1]:  # otherwise DIALPLAN_EXISTS is asked beforehand
                yield to
        case "Set" if line.args.startswith("CHANNEL(hangup_handler_push)="):
            yield place(context, exten, line.args.partition("=")[2])
        case "Dial":
            yield from ((to, "s", "1") for to in re.findall(r"[bU]\(([\w.-]+)", line.args))
        case "ChannelRedirect":
            yield place(context, exten, line.args.partition(",")[2])
        case _:
            pass
    yield from ((to, number, "1") for number, to in re.findall(r"Local/([+\d]+)@([\w.-]+)/n", line.args))


def place(context: str, exten: str, written: str) -> tuple[str, str, str]:
    """A place as it is written: `context,exten,priority`, `exten,priority` or `priority`."""
    parts = written.split(",")
    whole = [*(context, exten)[: 3 - len(parts)], *parts]
    return whole[0], whole[1], whole[2]


def sections(text: str) -> dict[str, list[tuple[str, str]]]:
    """The text of a queues.conf or voicemail.conf, taken apart."""
    found: dict[str, list[tuple[str, str]]] = {}
    name = ""
    for row in uncommented(text):
        if heading := re.fullmatch(r"\[([\w-]+)\]", row):
            name = heading.group(1)
            found[name] = []
        else:
            key, equals, value = re.split(r" (=>?) ", row, maxsplit=1)
            assert equals
            found[name].append((key, value))
    return found


# The clinic


@functools.cache
def proved() -> Verified:
    verdict = verify(clinic())
    assert isinstance(verdict, Verified)
    return verdict


def own(text: str) -> str:
    """A file without what comes from a library and differs by its version: the version, and patterns of numbers."""
    text = re.sub(r"(?<=the library holidays )\S+(?= knows)", "…", text)
    return re.sub(r"(?:^exten => _[^!\n]+,1,Return\(.*\)\n)+", "; … patterns of numbers\n", text, flags=re.MULTILINE)


@pytest.mark.parametrize("file", asterisk.FILES)
def test_golden_clinic(file: str) -> None:
    path = GOLDEN / f"dialc-clinic.{file}"
    text = own(asterisk.emit(proved(), warsaw())[path.name])
    if os.environ.get("DIALC_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_golden_holds_nothing_else() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"dialc-clinic.{file}" for file in asterisk.FILES}


def test_what_is_pasted() -> None:
    assert asterisk.paste(clinic(), warsaw()).splitlines() == [
        "; extensions.conf",
        '#include "dialc-clinic.extensions.conf"',
        "; queues.conf",
        '#include "dialc-clinic.queues.conf"',
        "; voicemail.conf",
        '#include "dialc-clinic.voicemail.conf"',
        "; cdr_custom.conf, below [mappings], for a file with all journeys",
        '#include "dialc-clinic.cdr_custom.conf"',
    ]


def test_a_site_without_an_entry_is_told_how_calls_get_in() -> None:
    pasted = asterisk.paste(clinic(), ASTERISK)
    assert "include => dialc-clinic\n" in pasted
    assert "voicemail.conf" not in pasted  # the mailboxes of the default site are there already


def test_beside_freepbx_its_custom_files_and_destinations_are_named() -> None:
    freepbx = attrs.evolve(ASTERISK, beside=Installation.FREEPBX)
    assert asterisk.refusals(clinic(), freepbx) == ()
    assert asterisk.paste(clinic(), freepbx).splitlines()[:6] == [
        "; extensions_custom.conf",
        '#include "dialc-clinic.extensions.conf"',
        "; Admin, Custom Destinations: one for each line, to which its Inbound Route leads",
        ";   dialc-clinic,+48221234567,1",
        "; queues_custom.conf",
        '#include "dialc-clinic.queues.conf"',
    ]


def test_every_form_in_which_the_trunk_delivers_is_an_entry() -> None:
    plan = dialplan(asterisk.emit(proved(), warsaw())["dialc-clinic.extensions.conf"])
    assert list(plan.contexts["dialc-clinic"]) == ["+48221234567", "48221234567", "0048221234567", "221234567"]
    assert plan.includes["from-orange"] == ["dialc-clinic"]


def test_nothing_outside_its_own_contexts_is_touched() -> None:
    for text in asterisk.emit(proved(), warsaw()).values():
        headings = re.findall(r"^\[(.*)\]$", text, re.MULTILINE)
        assert all(name.startswith("dialc-clinic") or name in ("from-orange", "clinic") for name in headings)
        assert not re.search(r"^#", text, re.MULTILINE)


@pytest.mark.parametrize("findings", [(), (Finding("C01", "a caller can go round for ever"),)])
def test_an_unproved_plan_says_so_first(findings: tuple[Finding, ...]) -> None:
    for text in asterisk.emit(Unproved(clinic(), findings), warsaw()).values():
        assert text.startswith("; UNPROVED: ")
        assert all(f"{finding.code} {finding.message}" in text for finding in findings)
        assert "Proved:" not in text


def test_the_header_says_what_was_proved_and_assumed() -> None:
    verdict = proved()
    for text in asterisk.emit(verdict, warsaw()).values():
        assert f"; Proved: {', '.join(verdict.proved)}." in text
        assert all(assumption[:150] in text for assumption in verdict.assumptions)
        assert clinic().digest in text
        assert warsaw().digest in text


def test_a_journey_is_kept_of_calls_that_nobody_takes_first() -> None:
    plan = clinic()
    needed = "cdr.conf says unanswered = yes"
    assert needed not in asterisk.emit(unproved(plan), warsaw())["dialc-clinic.extensions.conf"]
    ringing = attrs.evolve(
        plan, lines=(attrs.evolve(plan.lines[0], entry="desk"),), steps={**plan.steps, "desk": desk()}
    )
    assert needed in asterisk.emit(unproved(ringing), warsaw())["dialc-clinic.extensions.conf"]


def desk() -> Ring:
    return Ring("desk", (Stage((Extension("100"),), 5),), "night", "night", "night", "night")


def test_the_same_generation_for_the_same_text_and_another_for_another() -> None:
    plan, site = clinic(), warsaw()
    generation = spelling.Names(plan, site).generation
    assert spelling.Names(attrs.evolve(plan), attrs.evolve(site)).generation == generation
    assert re.fullmatch(r"dialc-clinic-[0-9a-f]{8}", generation)
    assert spelling.Names(attrs.evolve(plan, digest="0" * 64), site).generation != generation
    assert spelling.Names(plan, attrs.evolve(site, digest="0" * 64)).generation != generation


def test_plans_and_sites_built_in_python_have_a_digest_as_well() -> None:
    plan, site = attrs.evolve(clinic(), digest=""), attrs.evolve(warsaw(), digest="")
    generations = {
        spelling.Names(plan, site).generation,
        spelling.Names(attrs.evolve(plan, title="x"), site).generation,
        spelling.Names(plan, attrs.evolve(site, sounds="x")).generation,
    }
    assert len(generations) == 3


def test_what_is_refused_is_not_written() -> None:
    with pytest.raises(ValueError, match="D406"):
        asterisk.emit(proved(), attrs.evolve(warsaw(), phones=()))


# What holds for any plan


@given(strategies.plans(), st.booleans())
@settings(SLOW, max_examples=100)
@example(clinic(), True)
def test_what_holds_for_the_files_of_any_plan(plan: Plan, supervised: bool) -> None:
    plan = with_supervisors(plan, "190" if supervised else "")
    assume(not asterisk.refusals(plan, ASTERISK))
    files = asterisk.emit(unproved(plan), ASTERISK)
    assert files == asterisk.emit(unproved(attrs.evolve(plan)), ASTERISK)
    stem = f"dialc-{plan.name}"
    rules = [asterisk.RULES] if spelling.tiered(plan) else []
    assert list(files) == [f"{stem}.{file}" for file in (*asterisk.FILES, *rules)]
    calls, queues = dialplan(files[f"{stem}.extensions.conf"]), sections(files[f"{stem}.queues.conf"])
    a_call_can_go_wherever_it_is_sent(calls, queues)
    special_extensions_are_accounted_for(calls, stem)
    no_call_runs_out_of_priorities(calls)
    menus_and_queues_hear_one_key_at_a_time(calls, plan)
    a_call_is_taken_before_anything_is_heard(calls)
    phones_are_rung_without_forwarding_and_feature_keys(calls, plan)


def with_supervisors(plan: Plan, number: str) -> Plan:
    """The plan with this supervisor at each of its operators; with none where there is no number."""
    supervisor = Extension(number) if number else None
    steps = {
        name: attrs.evolve(step, supervisor=supervisor) if isinstance(step, Operator) else step
        for name, step in plan.steps.items()
    }
    return attrs.evolve(plan, steps=steps)


def meanings(line: Priority, operators: set[str]) -> Iterator[Priority]:
    """A line for each value that the variables in it can have: who calls, and the operator of the line called."""
    values = {"${DIALC_FROM}": {"withheld", "+48600111222"}, "${DIALC_OPERATOR}": operators}
    name = next((name for name in values if name in line.args and line.app in ("Goto", "Gosub")), "")
    if not name:
        yield line
    yield from (attrs.evolve(line, args=line.args.replace(name, value)) for value in values.get(name, ()))


def a_call_can_go_wherever_it_is_sent(calls: Dialplan, queues: Mapping[str, list[tuple[str, str]]]) -> None:
    assigned = (line.args for extens in calls.contexts.values() for lines in extens.values() for line in lines)
    operators = {args.removeprefix("DIALC_OPERATOR=") for args in assigned if args.startswith("DIALC_OPERATOR=")}
    sent = {
        to
        for context, extens in calls.contexts.items()
        for exten, lines in extens.items()
        for line in lines
        for meant in meanings(line, operators)
        for to in targets(context, exten, meant)
    }
    for name, rows in queues.items():
        for key, value in rows:
            if key == "membergosub":
                sent.add((value.partition(",")[0], "s", "1"))
            elif key == "context":
                assert calls.contexts[value].keys() & set(KEYS), name
            elif key == "member":
                sent.update(targets(name, "", Priority("", "", value)))
    assert not [to for to in sent if not calls.has(*to)]
    assert {name for names in calls.includes.values() for name in names} <= calls.contexts.keys()


def special_extensions_are_accounted_for(calls: Dialplan, entry: str) -> None:
    for context, extens in calls.contexts.items():
        if re.search(r"\.(nowhere$|up-)", context):
            # Phones name what they want here: whatever there is, they can get.
            assert all(exten.isdecimal() for exten in extens)
            assert len(extens) == (not context.endswith(".nowhere"))
            continue
        if context in (entry, f"{entry}-codes") or calls.includes[context]:
            # Others include these: an i or h in it would act on calls that are none of the plan's.
            assert not extens.keys() & set("itehToa")
            assert ("s" in extens) is (context == entry and "_X!" in extens)  # `line default` takes these, too
            continue
        assert set("iteT") <= extens.keys()
        # The end of a call is seen by a hangup handler, wherever it is; VoiceMail leaves by o and a where they exist.
        assert not extens.keys() & set("hoa")


def no_call_runs_out_of_priorities(calls: Dialplan) -> None:
    for context, extens in calls.contexts.items():
        for exten, lines in extens.items():
            assert lines[-1].app in ("Goto", "Hangup", "Return", "WaitExten"), (context, exten)
            # WaitExten goes to t only where nothing follows it.
            assert all(line.app != "WaitExten" for line in lines[:-1])
            labels = [line.label for line in lines if line.label]
            assert len(labels) == len(set(labels))


def menus_and_queues_hear_one_key_at_a_time(calls: Dialplan, plan: Plan) -> None:
    names = spelling.Names(plan, ASTERISK)
    for step in plan.steps.values():
        if isinstance(step, Menu | Queue):
            extens = calls.contexts[names.at(step.name)]
            repeats = {repeat.key for repeat in step.repeats} if isinstance(step, Menu) else set()
            numbers = {n for d in step.direct for n in d.numbers} if isinstance(step, Menu) else set()
            assert {choice.key for choice in step.choices} | repeats | numbers == extens.keys() - set("siteT")
            assert not any(a != b and b.startswith(a) for a in extens for b in extens)
            assert not calls.includes[names.at(step.name)]


def a_call_is_taken_before_anything_is_heard(calls: Dialplan) -> None:
    for context, extens in calls.contexts.items():
        for lines in extens.values():
            apps = [line.app for line in lines]
            if ".place-" in context:
                continue  # a call-back waits in its queue with nobody on the line who could hear anything
            for app in {"Playback", "BackGround", "Queue", "VoiceMail", "MixMonitor"} & set(apps):
                assert "Answer" in apps[: apps.index(app)], context


def phones_are_rung_without_forwarding_and_feature_keys(calls: Dialplan, plan: Plan) -> None:
    names = spelling.Names(plan, ASTERISK)
    bots = {names.at(step.name) for step in plan.steps.values() if isinstance(step, Bot)}
    for context, extens in calls.contexts.items():
        for line in itertools.chain(*extens.values()):
            if line.app == "Dial":
                options = set(re.sub(r"\((\([^)]*\)|[^()])*\)", "", line.args.split(",", 2)[2]))
                assert "i" in options
                # A caller leaves a bot by a key, as it rings (d) and as it talks (H), and goes on (g).
                assert options == set("irdgHLU") if context in bots else options <= set("irbU")


# Hours


@given(strategies.hours(), st.integers(-4, 5), st.integers(0, 86399))
@settings(SLOW, max_examples=300)
@example(Hours("office", "UTC", ((Span(0, 86400),),) * 7), 0, 86399)
@example(Hours("office", "UTC", ((Span(8 * 3600, 16 * 3600),),) * 7), 0, 16 * 3600)
def test_hours_are_spelled_as_the_calendar_has_them(hours: Hours, days: int, seconds: int) -> None:
    date = strategies.DAY + datetime.timedelta(days=days)
    wanted = any(span.start <= seconds < span.end for span in day(hours, date))
    assert is_open(hours, date, seconds) is wanted


def is_open(hours: Hours, date: datetime.date, seconds: int) -> bool:
    """What the comparisons say, read as Asterisk reads them: one after the other, the first that holds decides."""
    clock = f"{seconds // 3600:02}{seconds // 60 % 60:02}{seconds % 60:02}"
    values = {"date": f"{date:%Y%m%d}", "day": str(date.isoweekday()), "time": clock}
    rules = spelling.spelled(hours).rules
    return next((r.answer for r in rules if all(holds(test, values) for test in r.test.split(" & "))), "") == "open"


def holds(part: str, values: Mapping[str, str]) -> bool:
    found = re.fullmatch(r"\$\{(\w+)\} (=|<|>=|<=) (\d+)", part)
    assert found is not None, part
    name, sign, right = found.groups()
    left = int(values[name])
    return {"=": left == int(right), "<": left < int(right), ">=": left >= int(right), "<=": left <= int(right)}[sign]


# Text that people wrote

HOSTILE = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                *(
                    "${SHELL(id)}",
                    "$[1/0]",
                    ";",
                    ";--",
                    "--;",
                    "\\;",
                    "\n",
                    "\r",
                    "\r\n",
                    "\u2028",
                    "\u0085",
                    '"',
                    "'",
                    ",",
                ),
                *(
                    "[general]",
                    "\n[globals]\n",
                    '#include "x"',
                    "\n#exec id\n",
                    "exten => s,1,System(id)",
                    " same => n,",
                ),
                *(
                    "\u202e",
                    "\u2066",
                    "\x00",
                    "\x1b[2J",
                    "{{ 7*7 }}",
                    "{% raw %}",
                    "{#",
                    "|",
                    "&",
                    "^",
                    "<",
                    ">",
                    "é",
                    "x" * 9000,
                ),
            ]
        ),
        max_size=6,
    ).map("".join),
)


@given(HOSTILE, HOSTILE, HOSTILE)
@settings(SLOW, max_examples=40)
@example("\n[globals]\nX=1\n", ";--", "--;")
@example("x" * 9000, "${SHELL(id)}", ",Reception|delete=yes")
def test_text_stays_text(one: str, two: str, three: str) -> None:
    plain = asterisk.emit(unproved(clinic_saying("plain", "text", "here")), site_titled("plain"))
    hostile = asterisk.emit(
        Unproved(clinic_saying(one, two, three), (Finding("C01", one, help=two),)), site_titled(three)
    )
    assert list(plain) == list(hostile)
    for name in plain:
        assert structure(plain[name]) == structure(hostile[name])
        assert all(len(row.encode()) < 8192 for row in hostile[name].split("\n"))
        assert all(c == "\n" or c.isprintable() for c in hostile[name])


def structure(text: str) -> list[str]:
    """What Asterisk reads of a file, without the name of a mailbox and the generation, which goes by the texts."""
    return [
        re.sub(r"^(100 => 4711,)[^,|]*(,,,)", r"\1\2", re.sub(r"dialc-clinic-[0-9a-f]{8}", "dialc-clinic-G", row))
        for row in uncommented(text)
    ]


def clinic_saying(one: str, two: str, three: str) -> Plan:
    """The clinic with other words in every place for words."""
    plan = clinic()

    def prompt(prompt: Prompt) -> Prompt:
        return attrs.evolve(prompt, name=three, texts=(("pl", one), (two, three)))

    def hours(hours: Hours) -> Hours:
        words = itertools.cycle((one, two, three))
        return attrs.evolve(hours, exceptions=tuple(attrs.evolve(e, reason=next(words)) for e in hours.exceptions))

    def item(item: Announcement | Stage) -> Announcement | Stage:
        return attrs.evolve(item, prompt=prompt(item.prompt)) if isinstance(item, Announcement) else item

    def step(step: Step) -> Step:
        match step:
            case Menu():
                choices = tuple(attrs.evolve(choice, label=one) for choice in step.choices)
                prompts, repeats = tuple(map(prompt, step.prompts)), (Repeat("*", two),)
                return attrs.evolve(step, prompts=prompts, choices=choices, repeats=repeats)
            case Queue():
                return attrs.evolve(step, prompts=tuple(map(prompt, step.prompts)))
            case Play():
                return attrs.evolve(step, prompt=prompt(step.prompt))
            case Mailbox(greeting=Prompt() as greeting):
                return attrs.evolve(step, reader=two, within=one, greeting=prompt(greeting))
            case Operator():
                return attrs.evolve(step, items=tuple(map(item, step.items)))
            case _:
                return step

    return attrs.evolve(
        plan,
        title=one,
        hours={name: hours(block(plan, name)) for name in plan.hours},
        prompts={name: prompt(p) for name, p in plan.prompts.items()},
        steps={name: step(s) for name, s in plan.steps.items()},
        digest="",
    )


def site_titled(title: str) -> Site:
    """The clinic's site with another name of the mailbox."""
    return attrs.evolve(warsaw(), mailboxes=Mailboxes("clinic", True, (Box("100", "4711", title),)), digest="")


@given(HOSTILE)
@settings(SLOW, max_examples=200)
def test_a_word_that_asterisk_would_misread_is_refused(text: str) -> None:
    assume(not re.fullmatch(r"[\w/.+:@*-]*", text, re.ASCII))
    plan, site = clinic(), warsaw()
    for wrong in (
        attrs.evolve(site, enter=(text,)),
        attrs.evolve(site, sounds=text),
        attrs.evolve(site, music={"clinic": text}),
        attrs.evolve(site, phones=(PhoneRange(100, 299, f"PJSIP/{{number}}{text}", "PJSIP/{number}"),)),
        attrs.evolve(site, phones=(PhoneRange(100, 299, "", f"{text}{{number}}"),)),
        attrs.evolve(site, trunks=(attrs.evolve(site.trunks[0], dial=f"PJSIP/{{number}}@{text}"),)),
        attrs.evolve(site, trunks=(attrs.evolve(site.trunks[0], show=text),)),
        attrs.evolve(site, mailboxes=attrs.evolve(site.mailboxes, context=text)),
        attrs.evolve(site, mailboxes=Mailboxes("clinic", True, (Box("100", text, ""),))),
    ):
        assert "D403" in {finding.code for finding in asterisk.refusals(plan, wrong)}
    for misspelled in (
        attrs.evolve(plan, name=text),
        attrs.evolve(plan, language=text),
        attrs.evolve(plan, prompts={"welcome": attrs.evolve(plan.prompts["welcome"], file=text)}),
        attrs.evolve(plan, hours={"office": attrs.evolve(block(plan, "office"), zone=text)}),
        attrs.evolve(plan, hours={"office": attrs.evolve(block(plan, "office"), name=text)}),
        attrs.evolve(plan, steps={**plan.steps, text: HangUp(text)}),
        attrs.evolve(plan, steps={**plan.steps, "desk": attrs.evolve(desk(), stages=(Stage((Extension(text),), 5),))}),
    ):
        assert "D403" in {finding.code for finding in asterisk.refusals(misspelled, site)}


@given(st.text())
def test_said_is_one_line_that_nothing_acts_in(text: str) -> None:
    shown = spelling.said(text)
    assert ";--" not in shown
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in shown)
    assert len(shown) <= spelling.LONGEST_TEXT + 1


# Languages


def test_a_key_sets_the_language_before_the_call_goes_on() -> None:
    plan, site = read(
        PLAN.replace("languages en, pl", "languages en, pt-BR").replace("speaks pl", "speaks pt-BR"), SITE
    )
    files = asterisk.emit(Unproved(plan, ()), site)
    text = files["dialc-office.extensions.conf"]
    assert re.findall(r"CHANNEL\(language\)=(\w+)", text) == ["pt_BR", "en"]
    key = text.partition("exten => 2,1,")[2].splitlines()
    assert key[0].endswith("s,1(main=key-2))")
    assert key[1:3] == [
        *(" same => n,Set(CHANNEL(language)=pt_BR)", f" same => n,Goto({Names(plan, site).at('sales')},s,1)"),
    ]


def test_the_head_says_where_recordings_lie() -> None:
    text = asterisk.emit(Unproved(read(PLAN, SITE)[0], ()), read(PLAN, SITE)[1])["dialc-office.extensions.conf"]
    assert "below Asterisk's folder of sounds in en/office, pl/office.\n" in text
    assert "What is missing in one of these is looked for in office, then in en/office.\n" in text
    assert "Asterisk's own sounds are there in the languages en, pl.\n" in text


# What is refused


def read(plan: str, site: str) -> tuple[Plan, Site]:
    file, _ = parse(Source("a.dial", plan))
    found, wrong = resolve(file)
    assert found is not None, wrong
    file, _ = parse(Source("a.site", site))
    place, wrong = resolve_site(file)
    assert place is not None, wrong
    return found, place


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.code)
def test_a_mistake_is_found_once_where_it_is_and_nowhere_else(mistake: Mistake) -> None:
    assert isinstance(mistake.bad, str)
    assert isinstance(mistake.good, str)
    plan, site = (PLAN, mistake.bad) if mistake.of_site else (mistake.bad, SITE)
    findings = asterisk.refusals(*read(plan, site))
    assert {finding.code for finding in findings} == {mistake.code}
    assert all(finding.place.end > finding.place.start and finding.caller and finding.help for finding in findings)
    assert all(len(finding.message) <= 100 and not finding.message.endswith(".") for finding in findings)
    assert not asterisk.refusals(*read(*((PLAN, mistake.good) if mistake.of_site else (mistake.good, SITE))))


def test_every_code_has_a_page() -> None:
    sources = Path(asterisk.refusals.__code__.co_filename).read_text(encoding="utf-8")
    codes = {mistake.code for mistake in MISTAKES}
    assert set(re.findall(r'"(D4\d\d)"', sources)) == codes
    page = Path(__file__).parent.parent / "docs" / "backends" / "asterisk.rst"
    read_back = {d461_files_do_as_the_plan_says.CODE, d462_files_can_be_read.CODE}
    assert set(re.findall(r"``(D4\d\d)``", page.read_text(encoding="utf-8"))) == codes | read_back


def test_the_clinic_is_refused_by_no_site_it_fits() -> None:
    assert asterisk.refusals(clinic(), warsaw()) == ()
    assert asterisk.refusals(clinic(), ASTERISK) == ()


def test_a_site_that_no_call_comes_in_by() -> None:
    site = attrs.evolve(warsaw(), trunks=(attrs.evolve(warsaw().trunks[0], delivers=()),))
    assert [finding.code for finding in asterisk.refusals(clinic(), site)] == ["D404"]


def test_an_opening_shorter_than_what_is_added_to_it() -> None:
    plan = clinic()
    office = block(plan, "office")
    late = DatedException(
        datetime.date(2026, 12, 30), datetime.date(2026, 12, 30), True, (Span(28800, 28800 + 600),), ""
    )
    short = attrs.evolve(office, exceptions=(*office.exceptions, late))
    reception = plan.steps["reception"]
    assert isinstance(reception, Operator)
    operator = attrs.evolve(reception, staffed=Period(short, 900))
    findings = asterisk.refusals(attrs.evolve(plan, steps={**plan.steps, "reception": operator}), warsaw())
    assert [finding.code for finding in findings] == ["D411"]


# How phones ring


def ringing(*phones: Extension | Outside, site: Site) -> tuple[Dialplan, str]:
    """The dialplan of the clinic with a ring of these phones, and its context."""
    step = attrs.evolve(desk(), stages=(Stage(phones, 5),))
    plan = attrs.evolve(clinic(), steps={**clinic().steps, "desk": step})
    text = asterisk.emit(unproved(plan), site)["dialc-clinic.extensions.conf"]
    return dialplan(text), spelling.Names(plan, site).generation


def rung(calls: Dialplan, generation: str) -> list[str]:
    return [f"{line.app}({line.args})" for line in calls.contexts[f"{generation}-desk"]["s"]][1:-8]


def test_a_phone_of_the_pbx_rings_at_all_its_devices() -> None:
    calls, generation = ringing(Extension("100"), site=warsaw())
    assert rung(calls, generation)[:3] == [
        "Set(DIALC_RING=)",
        f"Gosub({generation}.phone,s,1(100))",
        f"Gosub({generation}.ring,s,1(5,desk))",
    ]


@pytest.mark.parametrize("dial", ["PJSIP/{number}", "Local/{number}@from-queue/n", "SIP/{number}"])
def test_a_dial_string_that_begins_with_the_number_is_used_as_it_is(dial: str) -> None:
    site = attrs.evolve(warsaw(), phones=(PhoneRange(100, 299, dial, "PJSIP/{number}"),))
    calls, generation = ringing(Extension("100"), site=site)
    assert f"Set(DIALC_RING=${{DIALC_RING}}&{dial.format(number=100)})" in rung(calls, generation)
    assert f"{generation}.phones" not in calls.contexts


def test_another_dial_string_is_rung_by_a_leg_that_knows_the_number() -> None:
    site = attrs.evolve(warsaw(), phones=(PhoneRange(100, 299, "PJSIP/t{number}", "PJSIP/t{number}"),))
    calls, generation = ringing(Extension("100"), site=site)
    assert f"Set(DIALC_RING=${{DIALC_RING}}&Local/100@{generation}.phones/n)" in rung(calls, generation)
    assert calls.contexts[f"{generation}.phones"]["100"][0] == Priority("", "Set", "DIALC_RING=&PJSIP/t100")


def test_an_outside_phone_is_dialled_by_the_trunk_and_asked_to_confirm() -> None:
    calls, generation = ringing(Outside("+48601000200", confirm=True), site=warsaw())
    lines = calls.contexts[f"{generation}.outside"]["+48601000200"]
    assert lines[0] == Priority("", "Set", "CALLERID(num)=+48221234567")
    assert Priority("", "Dial", f"PJSIP/+48601000200@orange,,iU({generation}.confirm)") in lines


@pytest.mark.parametrize(
    ("form", "digits"),
    [(Form.PLUS, "+48601000200"), (Form.E164, "48601000200"), (Form.INTERNATIONAL, "0048601000200")],
)
def test_an_outside_number_is_sent_as_the_trunk_wants_it(form: Form, digits: str) -> None:
    site = attrs.evolve(warsaw(), trunks=(attrs.evolve(warsaw().trunks[0], send=form, show=""),))
    calls, generation = ringing(Outside("+48601000200", confirm=False, unconfirmed="it is me"), site=site)
    assert [line.app for line in calls.contexts[f"{generation}.unconfirmed"]["+48601000200"]] == [
        "NoOp",
        "Dial",
        "Goto",
    ]
    assert calls.contexts[f"{generation}.unconfirmed"]["+48601000200"][1].args == f"PJSIP/{digits}@orange,,i"


def test_the_ways_out_of_a_ring_are_those_of_its_last_stage() -> None:
    calls, generation = ringing(Extension("100"), site=warsaw())
    assert not calls.has(f"{generation}-desk", "s", "declined")
    calls, generation = ringing(Extension("100"), Outside("+48601000200", confirm=True), site=warsaw())
    assert calls.has(f"{generation}-desk", "s", "declined")


# Queues, mailboxes, returns


def edited(*edits: tuple[str, str]) -> Mapping[str, str]:
    """The files of the plan of the mistakes with words replaced, proved or not."""
    text = PLAN
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    plan, findings = resolve(parse(Source("office.dial", text))[0])
    assert plan is not None, findings
    site, _ = resolve_site(parse(Source("office.site", SITE))[0])
    assert site is not None
    assert not asterisk.refusals(plan, site)
    return asterisk.emit(Unproved(plan, ()), site)


def test_members_who_take_part_later_have_a_penalty_and_a_rule() -> None:
    later = "members 201  then members 202, 203 after 20s  then members 204 after 1m  round-robin"
    files = edited(("members 201, 202", later))
    rows = sections(files["dialc-office.queues.conf"])["dialc-office-sales"]
    assert dict(rows)["defaultrule"] == "dialc-office-sales"
    penalties = [value.split(",")[1:3] for key, value in rows if key == "member"]
    assert penalties == [["0", "201"], ["1", "202"], ["1", "203"], ["2", "204"]]
    rules = sections(files["dialc-office.queuerules.conf"])["dialc-office-sales"]
    assert rules == [("penaltychange", "20,1,,1"), ("penaltychange", "60,2,,2")]
    assert "Set(QUEUE_MAX_PENALTY=0)" in files["dialc-office.extensions.conf"]
    assert "queuerules" not in " ".join(edited())


def test_a_label_is_shown_by_every_phone_that_is_dialled() -> None:
    alone = ("  supervisor 110", "")
    calls = edited(alone, ("  answer\n", '  answer\n  label "VIP 1/2"\n'))["dialc-office.extensions.conf"]
    assert "Set(__DIALC_LABEL=VIP 1/2)" in calls
    dials = [line for line in calls.splitlines() if "Dial(" in line and not line.startswith(";")]
    dials = [line for line in dials if "${GOSUB_RETVAL}" not in line]  # that rings the caller, in a call-back
    assert dials
    assert all(".label^s^1)" in line for line in dials)
    assert ".label" not in edited()["dialc-office.extensions.conf"]


def test_who_signs_in_is_known_by_the_phone_that_dials() -> None:
    calls = edited()["dialc-office.extensions.conf"]
    assert "exten => *31,1,Goto(dialc-office-" in calls
    assert 'GotoIf($["${DIALC_WHO}" = "295"]?p295)' in calls
    member = "dialc-office-sales,Local/295@dialc-office-members/n"
    assert f" same => n(p295),AddQueueMember({member},0,,295,PJSIP/295)" in calls
    assert f" same => n(p295),RemoveQueueMember({member})" in calls
    assert "member => Local/295" not in edited()["dialc-office.queues.conf"]


def test_a_queue_that_closes_looks_at_its_hours_and_at_its_time_out() -> None:
    closing = ("patience 4m", "patience 4m  staffed opening plus 5m  closing -> night")
    calls = edited(closing)["dialc-office.extensions.conf"]
    assert ".closing-opening,s,1(300,240))" in calls
    assert "Queue(dialc-office-sales,i,,,${IF($[${DIALC_CLOSES} < 240]?${DIALC_CLOSES}:240)})" in calls
    assert "DIALC_CLOSES" not in edited()["dialc-office.extensions.conf"]


def test_a_queue_is_written_out() -> None:
    queues = sections(asterisk.emit(proved(), warsaw())["dialc-clinic.queues.conf"])
    assert list(queues) == ["dialc-clinic-registration", "dialc-clinic-results"]
    registration = dict(queues["dialc-clinic-registration"])
    assert registration["strategy"] == "leastrecent"
    assert registration["timeout"] == "12"
    assert registration["musicclass"] == "default"
    members = [value for key, value in queues["dialc-clinic-results"] if key == "member"]
    assert members == [
        "Local/211@dialc-clinic-members/n,0,211,PJSIP/211",
        "Local/212@dialc-clinic-members/n,0,212,PJSIP/212",
    ]


def test_a_mailbox_that_is_written_ends_messages_in_time() -> None:
    boxes = sections(asterisk.emit(proved(), warsaw())["dialc-clinic.voicemail.conf"])
    assert boxes == {"clinic": [("100", "4711,Recepcja,,,maxsecs=180|minsecs=2|maxmsg=100|review=no|operator=no")]}


def test_mailboxes_that_are_there_are_not_written() -> None:
    files = asterisk.emit(proved(), ASTERISK)
    assert sections(files["dialc-clinic.voicemail.conf"]) == {}
    assert "ends a message after 180 s" in files["dialc-clinic.extensions.conf"]


def with_step(step: Step, site: Site = ASTERISK) -> tuple[Dialplan, str]:
    """The dialplan of the clinic with a desk and one step more, and the beginning of its names."""
    plan = plan_with(step)
    files = asterisk.emit(unproved(plan), site)
    return dialplan(files[f"dialc-{plan.name}.extensions.conf"]), spelling.Names(plan, site).generation


def plan_with(step: Step) -> Plan:
    return attrs.evolve(clinic(), steps={**clinic().steps, "desk": desk(), step.name: step})


BOT = Bot("helper", Extension("190"), 5, 60, Choice("0", "a person", "desk"), "desk", "desk", "desk")


def test_a_bot_is_left_by_its_key_and_when_its_time_is_over() -> None:
    calls, generation = with_step(BOT)
    extens = calls.contexts[f"{generation}-helper"]
    lines = [f"{line.app}({line.args})" for line in extens["s"]]
    assert lines.index("Answer()") < lines.index("Set(FEATUREMAP(disconnect)=0)")
    (dial,) = (line.args for line in extens["s"] if line.app == "Dial")
    assert dial == f"${{DIALC_RING:1}},5,irdgHL(60000)U({generation}.talks)"
    assert extens["0"][-1] == Priority("", "Goto", f"{generation}-desk,s,1")


def test_a_bot_rings_by_the_channel_that_the_site_says() -> None:
    site = attrs.evolve(ASTERISK, phones=(PhoneRange(100, 299, "PJSIP/bot-{number}", "PJSIP/bot-{number}"),))
    calls, generation = with_step(BOT, site)
    assert not calls.has(f"{generation}.phones", "190")
    rung = [line.args for line in calls.contexts[f"{generation}-{BOT.name}"]["s"] if line.app == "Set"]
    assert "DIALC_RING=${DIALC_RING}&PJSIP/bot-190" in rung


@pytest.mark.parametrize("dial", ["Local/{number}@bots/n", "local/bot-{number}@bots/n"])
def test_a_bot_behind_a_local_channel_is_refused(dial: str) -> None:
    site = attrs.evolve(ASTERISK, phones=(PhoneRange(100, 299, dial, "PJSIP/{number}"),))
    assert [finding.code for finding in asterisk.refusals(plan_with(BOT), site)] == ["D442"]


def test_a_recording_is_named_by_when_the_call_began_and_its_id() -> None:
    calls, generation = with_step(Record("advice", "desk"))
    (record,) = (line for line in calls.contexts[f"{generation}-advice"]["s"] if line.app == "MixMonitor")
    assert record.args == "${STRFTIME(${DIALC_BEGUN},Europe/Warsaw,%Y%m%dT%H%M%S)}U${FILTER(0-9A-Za-z,${UNIQUEID})}.wav"
    assert Priority("", "Set", "DIALC_RECORDED=no") in calls.contexts[f"{generation}.begin"]["s"]


def test_a_recording_needs_a_zone_that_asterisk_can_read() -> None:
    plan = attrs.evolve(plan_with(Record("advice", "desk")), zone="Europe/$Warsaw")
    assert [finding.code for finding in asterisk.refusals(plan, ASTERISK)] == ["D403"]


LOOKUP = Lookup("customer", "crm", 3, (Reply("vip", "desk"),), "desk", "desk")


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("https://crm.example/caller", "https://crm.example/caller?caller="),
        ("https://crm.example/caller?key=1", "https://crm.example/caller?key=1&caller="),
        ("https://crm.example/caller?key=1&", "https://crm.example/caller?key=1&caller="),
        ("https://crm.example/caller?", "https://crm.example/caller?caller="),
    ],
)
def test_a_service_is_asked_by_its_address(address: str, asked: str) -> None:
    calls, generation = with_step(LOOKUP, attrs.evolve(ASTERISK, services={"crm": address}))
    lines = [line.args for line in calls.contexts[f"{generation}-customer"]["s"]]
    (reply,) = (line for line in lines if line.startswith("DIALC_REPLY="))
    numbers = "${DIALC_CALLER_NUMBER}&called=${URIENCODE(${DIALC_CALLED})}"
    assert reply == f"DIALC_REPLY=${{URIENCODE(${{CURL({asked}{numbers})}})}}"
    assert "DIALC_CALLED=${ARG1}" in [line.args for line in calls.contexts[f"{generation}.begin"]["s"]]


ENCODED = {"\r": "%0D", "\n": "%0A", "\t": "%09", " ": "%20", ":": "%3A", "/": "%2F", "%": "%25", "é": "%C3%A9"}


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        ("HTTP/1.1 200 OK\r\nA: b\r\n\r\nvip", True),
        ("HTTP/1.0 200\r\n\r\nvip", True),
        ("HTTP/2 200 \r\nA: b\tc é 50%\r\nD: e\r\n\r\nvip", True),
        ("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nvip", True),
        ("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 500 Oops\r\nA: b\r\n\r\nvip", False),
        ("HTTP/1.1 500 Oops\r\nA: b\r\n\r\nvip", False),
        ("HTTP/1.1 2000 OK\r\n\r\nvip", False),
        ("HTTP/1.1 200 OK\r\nA: b\r\n\r\nviper", False),
        ("HTTP/1.1 200 OK\r\nA: b\r\n\r\na vip", False),
        ("HTTP/1.1 200 OK\r\nA: b\r\n\r\nHTTP/1.1 500 Oops\r\n\r\nvip", False),
        ("HTTP/1.1 200 OK\r\nA: b\r\n\r\njunk\r\n\r\nvip", False),
        ("HTTP/1.1 200 OK\r\nA: vip", False),
        ("vip", False),
        ("", False),
    ],
)
def test_an_answer_is_the_word_alone_behind_a_status_of_200(sent: str, known: bool) -> None:
    calls, generation = with_step(LOOKUP, attrs.evolve(ASTERISK, services={"crm": "https://crm.example"}))
    lines = (line.args for line in calls.contexts[f"{generation}-customer"]["s"])
    (test,) = (line for line in lines if "REGEX" in line)
    written = re.fullmatch(r'\$\{REGEX\("(.*)" \$\{DIALC_REPLY\}\)\}\?answer_vip', test)
    assert written
    assert bool(re.match(written[1], "".join(ENCODED.get(c, c) for c in sent))) is known


def test_every_return_to_a_step_counts_in_one_place() -> None:
    plan = clinic()
    agains = {name: Again(name, "main", 2, "reception") for name in ("one", "two")}
    looped = attrs.evolve(plan, steps={**plan.steps, **agains})
    calls = dialplan(asterisk.emit(unproved(looped), warsaw())["dialc-clinic.extensions.conf"])
    counters = {
        match
        for extens in calls.contexts.values()
        for line in itertools.chain(*extens.values())
        for match in re.findall(r"DIALC_RETURNS_\w+", line.args)
    }
    assert counters == {"DIALC_RETURNS_main"}


def test_a_bound_is_a_number_of_steps_and_seconds() -> None:
    verdict = attrs.evolve(proved(), bound=Bound(7, 77))
    assert "at most 7 steps and 77 seconds" in asterisk.emit(verdict, warsaw())["dialc-clinic.extensions.conf"]


# Supervisors


def test_an_operator_can_hand_up_to_its_supervisor_and_nobody_else() -> None:
    calls = dialplan(asterisk.emit(proved(), warsaw())["dialc-clinic.extensions.conf"])
    generation = spelling.Names(clinic(), warsaw()).generation
    up, nowhere = f"{generation}.up-reception", f"{generation}.nowhere"
    assert list(calls.contexts[up]) == ["110"]
    assert not calls.contexts[nowhere]
    led = {
        (context, line.args)
        for context, extens in calls.contexts.items()
        for line in itertools.chain(*extens.values())
        if "TRANSFER_CONTEXT=" in line.args
    }
    assert led == {
        (f"{generation}.begin", f"TRANSFER_CONTEXT={nowhere}"),
        (f"{generation}.reach-ring_me", f"__TRANSFER_CONTEXT={nowhere}"),
        (f"{generation}.transfers", "$[${LEN(${ARG1})} > 0]?Set(__TRANSFER_CONTEXT=${ARG1})"),
    }
    rung = [
        (context, line.args)
        for context, extens in calls.contexts.items()
        for line in itertools.chain(*extens.values())
        if line.app == "Gosub" and line.args.startswith(f"{generation}.ring,")
    ]
    assert rung == [
        *[(f"{generation}-reception", f"{generation}.ring,s,1(15,reception,${{DIALC_UP}})")] * 2,
        (f"{generation}.handed-reception", f"{generation}.ring,s,1({SUPERVISOR_RINGS},reception)"),
    ]
    again = next(line for line in calls.contexts[f"{generation}-reception"]["s"] if line.label == "again")
    assert again.args == f'DIALC_UP=${{IF($["${{DIALC_HANDED}}" = "yes"]?{nowhere}:{up})}}'


def test_without_a_supervisor_nobody_is_handed_up_but_callers_cannot_transfer_either() -> None:
    text = asterisk.emit(unproved(with_supervisors(clinic(), "")), warsaw())["dialc-clinic.extensions.conf"]
    assert not re.search(r"DIALC_UP|DIALC_HANDED|ChannelRedirect|app_channelredirect|REFER|irb", text)
    assert "Set(TRANSFER_CONTEXT=dialc-clinic-" in text


def test_what_handing_up_takes_for_granted_stands_in_the_head() -> None:
    text = asterisk.emit(proved(), warsaw())["dialc-clinic.extensions.conf"]
    assert "; 110 answers callers whom `reception` hands up, once a call; if nobody does within 20 s" in text.replace(
        "   ", " "
    )
    assert "(REFER), and allow_transfer is not set to no" in text
    assert "app_channelredirect" in text


@pytest.mark.parametrize(
    ("patience", "closing", "told"), [(240, "", False), (255, "", False), (245, "", True), (240, "night", True)]
)
def test_an_announcement_that_may_outlast_a_wait_stands_in_the_head(patience: int, closing: str, told: bool) -> None:
    queue = clinic().steps["registration"]
    assert isinstance(queue, Queue)
    assert queue.announce is not None
    assert queue.announce.every == 30
    plan = plan_with(attrs.evolve(queue, patience=patience, closing=closing))
    text = asterisk.emit(unproved(plan), warsaw())["dialc-clinic.extensions.conf"]
    assert ("Whom registration tells something as patience ends" in text) is told


def test_a_label_is_shown_to_a_supervisor_too() -> None:
    plan = with_supervisors(plan_with(Label("tag", "VIP", "desk")), "110")
    calls = dialplan(asterisk.emit(unproved(plan), warsaw())["dialc-clinic.extensions.conf"])
    generation = spelling.Names(plan, warsaw()).generation
    assert calls.contexts[f"{generation}.transfers"]["s"][-1].args == f"{generation}.label,s,1"


def test_a_site_that_does_not_know_the_supervisor_is_refused() -> None:
    findings = asterisk.refusals(with_supervisors(clinic(), "990"), warsaw())
    assert [(finding.code, "990" in finding.message) for finding in findings] == [("D406", True)]


# Journeys


def journeys(verdict: Verified | Unproved) -> list[str]:
    """What is written into the call record."""
    text = asterisk.emit(verdict, warsaw())["dialc-clinic.extensions.conf"]
    return re.findall(r"Set\((CDR\(.*)\)$", text, re.MULTILINE)


def without_supervisors() -> Verified:
    """The clinic without a supervisor, as proved as it is with one."""
    return attrs.evolve(proved(), plan=with_supervisors(clinic(), ""))


def test_a_journey_that_fits_stands_in_one_variable() -> None:
    assert journeys(without_supervisors()) == ["CDR(journey)=${DIALC_JOURNEY}"]


def test_a_longer_journey_goes_on_in_more() -> None:
    # Where steps share a rank, hours alone keep callers from going round, and the steps of the longest call count.
    verdict = attrs.evolve(without_supervisors(), bound=Bound(15, 600), ranks=dict.fromkeys(clinic().steps, 1))
    assert journeys(verdict) == [
        "CDR(journey)=${DIALC_JOURNEY:0:510}",
        "CDR(journey2)=${DIALC_JOURNEY:510:510}",
    ]
    assert "${CDR(journey2)}" in asterisk.emit(verdict, warsaw())["dialc-clinic.cdr_custom.conf"]


def test_a_journey_has_room_for_those_who_are_handed_up() -> None:
    passed = (
        "86400:start 86400:start-2 86400:start-3 86400:start-3=open 86400:main 86400:main=silence "
        "86400:registration 86400:registration=timeout 86400:reception 86400:reception=answered/+48601000200 "
        "86400:reception=handed-up 86400:reception=handed-back 86400:reception=unanswered 86400:sorry_message "
        "86400:sorry_message=nothing-left 86400:sorry 86400:sorry-2 86400:sorry-2=hung-up"
    )
    assert set(re.findall(r"86400:([\w-]+)", passed)) <= clinic().steps.keys()
    journey = f"+48221234567 {passed}"
    assert len(journey) <= spelling.JOURNEY * len(journeys(proved()))
    assert len(journeys(proved())) == len(journeys(without_supervisors())) + 1


def test_nobody_knows_how_long_the_journeys_of_an_unproved_plan_are() -> None:
    assert len(journeys(unproved(clinic()))) == spelling.JOURNEYS


def test_a_trunk_delivers_national_digits_for_its_own_country_only() -> None:
    assert entries.forms("+48221234567", warsaw()) == ("+48221234567", "48221234567", "0048221234567", "221234567")
    assert entries.forms("+493012345678", warsaw()) == ("+493012345678", "493012345678", "00493012345678")


# Lines of many numbers


def arrivals(called: Numbers, site: Site) -> dict[str, str]:
    """What a trunk can deliver, and the number that a call is taken for then."""
    found: dict[str, str] = {}
    for entry in entries.entries(called, site):
        first, last = int(entry.first.removeprefix("+")), int(entry.last.removeprefix("+"))
        for digits in range(first, last + 1):
            written = entry.first[: -len(str(digits))] + str(digits)
            assert matches(entry.pattern, written)
            assert written not in found
            found[written] = arrival(entry.number, written)
    return found


@given(
    st.sampled_from(("+482212", "+493012", "+120255", "+54911", "+3902", "+4471")),
    st.integers(0, 9999),
    st.integers(0, 300),
    st.lists(st.sampled_from(list(Form)), min_size=1, unique=True),
)
@settings(deadline=None, max_examples=100)
def test_each_number_of_a_range_comes_in_as_itself_in_each_form(
    head: str, first: int, more: int, delivers: list[Form]
) -> None:
    called = Numbers.between(f"{head}{first:05}", f"{head}{first + more:05}")
    site = attrs.evolve(ASTERISK, trunks=(attrs.evolve(ASTERISK.trunks[0], delivers=tuple(delivers)),))
    wanted = {written: number for number in called for written in entries.forms(number, site)}
    assert arrivals(called, site) == wanted


def test_a_range_needs_few_patterns() -> None:
    site = attrs.evolve(ASTERISK, trunks=(attrs.evolve(ASTERISK.trunks[0], delivers=(Form.E164,)),))
    found = entries.entries(Numbers.between("+48221234507", "+48221234649"), site)
    assert [(entry.pattern, entry.number) for entry in found] == [
        ("_4822123450[7-9]", "+4822123450${FILTER(0-9,${EXTEN}):10}"),
        ("_482212345[1-9]X", "+482212345${FILTER(0-9,${EXTEN}):9}"),
        ("_482212346[0-4]X", "+482212346${FILTER(0-9,${EXTEN}):9}"),
    ]


def test_ranges_that_can_be_delivered_as_one_number_clash() -> None:
    polish, german = Numbers.between("+48301234500", "+48301234599"), Numbers.between("+49301234550", "+49301234560")
    site = attrs.evolve(ASTERISK, trunks=(attrs.evolve(ASTERISK.trunks[0], delivers=(Form.NATIONAL,)),))
    owned = [(0, e) for e in entries.entries(polish, site)] + [(1, e) for e in entries.entries(german, site)]
    assert list(entries.clashes(owned)) == [(0, 1, "301234550")]


def test_each_number_of_a_row_rings_its_phone() -> None:
    staff = Extensions("staff", (Extension("100"), Extension("101")), 20, "desk", "desk", "desk")
    line = Line(Numbers.between("+48221234109", "+48221234110"), "staff")
    plan = attrs.evolve(
        clinic(), lines=(*clinic().lines, line), steps={**clinic().steps, "staff": staff, "desk": desk()}
    )
    calls = dialplan(asterisk.emit(unproved(plan), ASTERISK)["dialc-clinic.extensions.conf"])
    names = spelling.Names(plan, ASTERISK)
    assert {exten: lines[-1].args for exten, lines in calls.contexts[names.own("call")].items() if exten[0] == "+"} == {
        "+48221234567": f"{names.at('start')},s,1",
        "+48221234109": f"{names.at('staff')},100,1",
        "+48221234110": f"{names.at('staff')},101,1",
    }
    assert calls.contexts[names.at("staff")].keys() == {"100", "101", *"siteT"}
