"""Random plans and calls.

In: nothing. Out: hypothesis strategies. Plans are built in the IR, small and with short durations, so that every call
through them can be made; they need not make sense to people, only to the types.
"""

import datetime
import random
from collections.abc import Mapping, Sequence

import attrs
from hypothesis import strategies as st

from dialc.called import Called, Numbers, Rest, Short
from dialc.callers import Callers
from dialc.classes import Kind, NumberClass
from dialc.digits import Check, Digits
from dialc.plan import (
    KEYS,
    Accept,
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
    Choice,
    Collect,
    Combination,
    DatedException,
    Direct,
    Exemption,
    Extension,
    Extensions,
    HangUp,
    Hours,
    Join,
    Label,
    Line,
    Lookup,
    Mailbox,
    Menu,
    Offers,
    Operator,
    Outside,
    Period,
    Phone,
    Plan,
    Play,
    Position,
    PromisesCallBy,
    PromisesCallWithin,
    PromisesWait,
    Prompt,
    Purpose,
    Queue,
    Record,
    Repeat,
    Reply,
    Ring,
    Says,
    Schedule,
    SigningIn,
    Span,
    Stage,
    StatesUsual,
    Step,
    Strategy,
    Switch,
    Telling,
    Tier,
)
from dialc.policies import Policy

DAY = datetime.date(2026, 3, 28)
"""The day before the clocks go forward in Europe, a Saturday."""

NIGHT = Switch("day_night", "*28", Position.AUTO, "Europe/Warsaw", 6 * 3600)
SHOP = Hours("shop", "UTC", ((Span(28800, 30600),),) * 7)
OUTAGE = Switch("outage", "*29", Position.OFF)

NEVER: tuple[tuple[Span, ...], ...] = ((),) * 7


def _spans() -> st.SearchStrategy[tuple[Span, ...]]:
    """Up to two stretches of a day, at full minutes."""
    edges = st.lists(st.integers(0, 1440), min_size=4, max_size=4, unique=True).map(sorted)
    both = edges.map(lambda e: (Span(e[0] * 60, e[1] * 60), Span(e[2] * 60, e[3] * 60)))
    return st.one_of(both, both.map(lambda spans: spans[:1]), st.just(()), st.just((Span(0, 86400),)))


@st.composite
def hours(draw: st.DrawFn, name: str = "office", zone: str = "Europe/Warsaw") -> Hours:
    """Weekly hours with some dated exceptions around `DAY`."""
    weekly = tuple(draw(_spans()) for _ in range(7))
    exceptions = []
    for offset in draw(st.lists(st.integers(-2, 3), max_size=3, unique=True)):
        first = DAY + datetime.timedelta(days=offset)
        last = first + datetime.timedelta(days=draw(st.sampled_from((0, 0, 1, 2))))
        spans = draw(_spans())
        exceptions.append(DatedException(first, last, bool(spans) and draw(st.booleans()), spans, ""))
    return Hours(name, zone, weekly, tuple(exceptions))


ROWS = tuple(Numbers.between(f"+4822123456{n}", f"+4822123456{n + 1}") for n in (1, 6, 7))
"""Two numbers each; of the second and third, one belongs to the line of step0."""

LISTS = (
    Callers("vip", frozenset({"+4860", "+48605"})),
    Callers("home", prefixes=("+48",)),
    Callers("near", frozenset({"+49"}), ("+4860", "+44"), withheld=True),
    Callers("hidden", withheld=True),
)


def by_itself(schedule: Schedule) -> Schedule:
    """Hours as they are while no switch overrides them."""
    if isinstance(schedule, Hours):
        return attrs.evolve(schedule, switch=None)
    return attrs.evolve(
        schedule, parts=tuple(attrs.evolve(p, switch=None) if isinstance(p, Hours) else p for p in schedule.parts)
    )


ZONES = ("Europe/Warsaw", "UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca")


@st.composite
def plans(
    draw: st.DrawFn, steps: int = 6, acyclic: bool = False, kinds: Sequence[str] = (), near: int | None = None
) -> Plan:
    """A plan of one day with up to so many steps beside an operator and a hang-up; of some `kinds` only, if any.

    With `acyclic`, arrows lead to later steps only (but for `again`), so most plans keep most rules, and with `near` to
    one of the next so many, or to an end, so that calls pass many. With `kinds`, steps are of these only. With either
    there are as many of them as can be.
    """
    opening = draw(st.integers(8 * 60, 9 * 60)) * 60
    spans = (Span(opening, opening + draw(st.sampled_from((60, 3600)))),)
    fair = DatedException(DAY, DAY, True, spans, "fair")
    shut = DatedException(DAY, DAY, False, (Span(opening + 20, opening + 40),), "fair")
    exceptions = draw(st.sampled_from(((), (), (fair,), (shut,))))
    day_night = draw(st.sampled_from((None, None, NIGHT)))
    office = Hours("office", "Europe/Warsaw", (spans,) * 7, exceptions, day_night)
    both = Combination("both", (office, SHOP, draw(st.sampled_from(Join))))
    schedules: st.SearchStrategy[Schedule] = st.sampled_from((office, office, both))
    languages = draw(st.sampled_from((("en",), ("en", "pl"))))
    count = draw(st.integers(1, 3))
    states = StatesUsual(office, office.weekly)
    prompts = {p.name: p for p in (draw(_prompt(f"prompt{i}", schedules, languages, states)) for i in range(count))}
    count = steps if kinds or near else draw(st.integers(1, steps))
    names = [f"step{i}" for i in range(count)]
    built: dict[str, Step] = {}
    ends = ["desk", "end", *draw(st.sampled_from(([], [], ["line-operator"])))]
    agains = 0
    asks = draw(st.sampled_from((False, False, True)))
    for index, name in enumerate(names):
        later = [*names[index + 1 :][:near], *ends]
        targets = st.sampled_from(later if acyclic else [*names, "desk", *ends])
        back = names[: index + 1] if agains < 2 else []
        about = kinds or (("menu", "menu", "queue") if asks and index == 0 else ())
        step = draw(_step(name, targets, prompts, schedules, back, languages, about))
        agains += isinstance(step, Again)
        built[name] = step
    if draw(st.booleans()):
        zero = draw(st.sampled_from([end for end in ends if end != "end"]))
        built = {name: _with_zero(step, zero) for name, step in built.items()}
    limits = {s.target: s.limit for s in built.values() if isinstance(s, Again)}
    for name, step in built.items():
        if isinstance(step, Again):
            built[name] = Again(name, step.target, limits[step.target], step.used_up)
    queues = [name for name, step in built.items() if isinstance(step, Queue)]
    for name, step in built.items():
        if isinstance(step, Callback):
            built[name] = attrs.evolve(step, queue=queues[0]) if queues else Answer(name, step.booked)
    ways_out = st.sampled_from(["end"] if acyclic else [*names, "end"])
    lines = [Line("+48221234567", "step0")]
    if draw(st.sampled_from((False, False, True))):
        onward = st.sampled_from(["desk", "end"] if acyclic else [*names, "desk", "end"])
        phones = (Extension("100"), Extension("101"))
        row = built["staff"] = Extensions(
            "staff", phones, draw(st.integers(1, 2)), draw(onward), draw(onward), draw(onward)
        )
        lines.append(Line(draw(st.sampled_from(ROWS)), "staff"))
        menu = next((step for step in built.values() if isinstance(step, Menu)), None)
        if menu and draw(st.booleans()) and all(choice.key != "2" for choice in menu.choices):
            number = draw(st.sampled_from(("2", "21")))
            built["staff"] = attrs.evolve(row, phones=(Extension(number), Extension("100")))
            built[menu.name] = attrs.evolve(menu, direct=(Direct("staff", frozenset({number})),))
    if draw(st.sampled_from((False, False, True))):
        lines.append(draw(_other_line(names)))
    if draw(st.sampled_from((False, False, True))):
        lines[0] = attrs.evolve(lines[0], refuses=(draw(st.sampled_from(LISTS)),))
    if "line-operator" in ends:
        lines = [attrs.evolve(line, operator=draw(st.sampled_from(("", "night")))) for line in lines]
        built["line-operator"] = ByLine(
            "line-operator", tuple(dict.fromkeys(line.operator or "desk" for line in lines))
        )
        built["night"] = draw(_operator(ways_out, prompts, schedules, "night"))
    built["desk"] = draw(_operator(ways_out, prompts, schedules))
    built["end"] = HangUp("end")
    return Plan(
        name="random",
        title="",
        zone="Europe/Warsaw",
        language="en",
        valid=(DAY, DAY),
        policy=draw(_policies()),
        lines=tuple(lines),
        hours={"office": office, **{hours.name: hours for hours in both.hours}, "both": both},
        switches={"day_night": NIGHT, "outage": OUTAGE},
        prompts=prompts,
        steps=built,
        operator="desk",
        languages=languages,
        callback_to=(NumberClass("PL", Kind.MOBILE),),
    )


def _with_zero(step: Step, to: str) -> Step:
    """A step, whose key 0 leads to an operator if it hears keys."""
    if not isinstance(step, Menu | Queue):
        return step
    others = (choice for choice in step.choices if choice.key != "0")
    return attrs.evolve(step, choices=(*others, Choice("0", "", to)))


@st.composite
def _policies(draw: st.DrawFn) -> Policy:
    """The charter, or numbers so small that small plans come near to them."""
    charter = Policy(
        silent_caller_may_be_hung_up_on=draw(st.booleans()),
        options=draw(st.sampled_from((1, 2, 5))),
        levels=draw(st.sampled_from((1, 1, 2))),
        menu_prompt=draw(st.sampled_from((2, 3, 20))),
        operator_only=draw(st.booleans()),
        grace=draw(st.sampled_from((0, 1, 3, 600))),
    )
    if draw(st.booleans()):
        return charter
    return attrs.evolve(
        charter,
        to_person=draw(st.integers(0, 12)),
        keys=draw(st.integers(0, 3)),
        prompts=draw(st.integers(0, 5)),
        to_operator=(to_operator := draw(st.integers(0, 5))),
        with_callback=to_operator + draw(st.integers(0, 3)),
        hand_offs=draw(st.integers(0, 2)),
        doing_nothing=draw(st.integers(0, 12)),
        silence=draw(st.integers(0, 4)),
        ringing=draw(st.integers(0, 4)),
        announcements=draw(st.integers(1, 3)),
        same_prompt=draw(st.integers(1, 4)),
        notices=draw(st.integers(0, 3)),
        bot=draw(st.integers(1, 2)),
        bot_first=draw(st.booleans()),
    )


@st.composite
def _other_line(draw: st.DrawFn, names: list[str]) -> Line:
    """A second line, which may be short, the default one, or not for people."""
    kinds: tuple[Called, ...] = (Numbers.one("+48221234599"), Short("112"), Rest())
    numbers = draw(st.sampled_from(kinds))
    exempt = draw(st.sampled_from((None, Exemption(Purpose.MACHINE, "fax"))))
    return Line(numbers, draw(st.sampled_from(names)), exempt)


@st.composite
def _prompt(
    draw: st.DrawFn,
    name: str,
    schedules: st.SearchStrategy[Schedule],
    languages: tuple[str, ...],
    states: StatesUsual,
) -> Prompt:
    texts = tuple((language, name) for language in languages)
    seconds, others = draw(st.integers(1, 2)), [(language, draw(st.integers(1, 3))) for language in languages[1:]]
    return Prompt(
        name=name,
        file=name,
        texts=draw(st.sampled_from((texts, texts, texts[:1]))),
        seconds=seconds,
        lengths=tuple((language, other) for language, other in others if other != seconds),
        says=draw(st.one_of(st.none(), st.builds(Says, schedules, st.sampled_from((False, False, True))))),
        states_usual=draw(st.sampled_from((None, None, states))),
        offers=draw(st.sampled_from((None, Offers(("1",)), Offers(("1", "0"))))),
        promises_wait=draw(st.one_of(st.none(), st.none(), st.integers(1, 5).map(PromisesWait))),
        promises_call=draw(
            st.sampled_from(
                (
                    *(None, None, None, None, None, PromisesCallBy(SHOP), PromisesCallBy(states.hours)),
                    *(PromisesCallWithin(3600, SHOP), PromisesCallWithin(3600, states.hours), PromisesCallWithin(300)),
                )
            )
        ),
        notice=draw(st.booleans()),
        goodbye=draw(st.booleans()),
        apology=draw(st.booleans()),
    )


@st.composite
def _step(
    draw: st.DrawFn,
    name: str,
    targets: st.SearchStrategy[str],
    prompts: Mapping[str, Prompt],
    schedules: st.SearchStrategy[Schedule],
    back: list[str],
    languages: tuple[str, ...],
    about: Sequence[str] = (),
) -> Step:
    prompt = draw(st.sampled_from(list(prompts.values())))
    every_kind = [
        "by caller",
        *("play", "play", "branch", "branch", "menu", "menu", "collect", "ring", "queue", "mailbox"),
        *("answer", "label", "by_exception", "by_switch", "record", "bot", "lookup", "callback"),
        *(("again",) if back else ()),
    ]
    match draw(st.sampled_from(about or every_kind)):
        case "answer":
            return Answer(name, draw(targets))
        case "record":
            return Record(name, draw(targets))
        case "play":
            return Play(name, prompt, draw(targets))
        case "label":
            return Label(name, "VIP", draw(targets))
        case "by caller":
            return ByCaller(name, draw(st.sampled_from(LISTS)), draw(targets), draw(targets))
        case "branch":
            return Branch(name, draw(schedules), draw(targets), draw(targets))
        case "by_exception":
            office = draw(schedules.filter(lambda schedule: isinstance(schedule, Hours)))
            assert isinstance(office, Hours)
            return ByException(name, office, draw(st.booleans()), "fair", draw(targets), draw(targets))
        case "by_switch":
            return BySwitch(name, OUTAGE, draw(targets), draw(targets))
        case "menu":
            keys = draw(st.lists(st.sampled_from(KEYS[:2] + "0"), max_size=2, unique=True))
            speaks = st.sampled_from(("", *languages) if languages[1:] else ("",))
            choices = tuple(Choice(key, "", draw(targets), speaks=draw(speaks)) for key in keys)
            asked = (prompt, *prompts.values())[: draw(st.integers(1, 2))]
            return Menu(
                name,
                asked,
                choices,
                wait=1,
                tries=draw(st.integers(1, 4)),
                silence=draw(targets),
                invalid=draw(targets),
                repeats=draw(st.sampled_from(((), (), (Repeat("*"),)))),
                undecided=draw(st.one_of(st.just(""), st.just(""), targets)),
            )
        case "collect":
            kinds_of_entry = st.sampled_from((Digits("known", frozenset({"1", "12"})), Check.LUHN, None))
            accepted = draw(st.lists(kinds_of_entry, min_size=1, max_size=2, unique=True))
            fewest, most = draw(st.sampled_from(((1, 1), (1, 1), (2, 2), (1, 2))))
            return Collect(
                name,
                (prompt,),
                fewest,
                most,
                ends=draw(st.booleans()),
                wait=1,
                tries=draw(st.sampled_from((1, 1, 2))) if most == 1 else 1,
                accepts=tuple(Accept(what, draw(targets)) for what in accepted),
                silence=draw(targets),
                invalid=draw(targets),
            )
        case "ring":
            stages = tuple(draw(_stage()) for _ in range(draw(st.integers(1, 2))))
            return Ring(name, stages, draw(targets), draw(targets), draw(targets), draw(targets))
        case "queue":
            keys = draw(st.lists(st.sampled_from("10"), max_size=1))
            closing = draw(st.sampled_from(("", "closing"))) and draw(targets)
            there = schedules.map(by_itself) if closing else st.one_of(schedules, schedules.map(by_itself))
            return Queue(
                name=name,
                prompts=(prompt,),
                members=(Extension("201"),),
                strategy=Strategy.RING_ALL,
                ring=1,
                staffed=draw(st.builds(Period, there, st.sampled_from((0, 5)))),
                announce=draw(st.sampled_from((None, Telling(1, position=True, wait=False)))),
                music="",
                patience=draw(st.integers(1, 2)),
                room=draw(st.sampled_from((0, 1))),
                choices=tuple(Choice(key, "", draw(targets)) for key in keys),
                timeout=draw(targets),
                empty=draw(targets),
                full=draw(targets),
                failure=draw(targets),
                signing=draw(st.sampled_from((None, SigningIn("*31", "*32", (Extension("203"),))))),
                closing=closing,
                tiers=draw(st.sampled_from(((), (Tier((Extension("202"),), 1),)))),
            )
        case "mailbox":
            return Mailbox(
                name=name,
                box="100",
                greeting=draw(st.sampled_from((prompt, prompt, None))),
                closed=draw(st.one_of(schedules, schedules, st.none())),
                reader=draw(st.sampled_from(("desk", "desk", ""))),
                within="1 day",
                longest=draw(st.integers(1, 2)),
                left=draw(targets),
                nothing_left=draw(targets),
                failed=draw(targets),
            )
        case "lookup":
            replies = tuple(Reply(word, draw(targets)) for word in ("vip", "known")[: draw(st.integers(1, 2))])
            return Lookup(name, "crm", draw(st.integers(1, 2)), replies, draw(targets), draw(targets))
        case "bot":
            escape = Choice("0", "", draw(targets))
            limit = draw(st.integers(1, 2))
            return Bot(name, Extension("900"), 1, limit, escape, draw(targets), draw(targets), draw(targets))
        case "callback":
            return Callback(name, "", draw(schedules), 1, draw(targets), draw(targets), draw(targets))
        case _:
            return Again(name, draw(st.sampled_from(back)), draw(st.integers(1, 2)), draw(targets))


@st.composite
def _stage(draw: st.DrawFn) -> Stage:
    phones: tuple[Phone, ...] = draw(
        st.sampled_from(
            (
                (Extension("100"),),
                (Extension("100"),),
                (Extension("100"), Outside("+48601000200", confirm=True)),
                (Outside("+48601000200", confirm=True),),
                (Outside("+48601000200", confirm=False, unconfirmed="it is me"),),
            )
        )
    )
    return Stage(phones, draw(st.integers(1, 2)))


@st.composite
def _operator(
    draw: st.DrawFn,
    targets: st.SearchStrategy[str],
    prompts: Mapping[str, Prompt],
    schedules: st.SearchStrategy[Schedule],
    name: str = "desk",
) -> Operator:
    items: list[Announcement | Stage] = []
    if draw(st.booleans()):
        items.append(Announcement(draw(st.sampled_from(list(prompts.values())))))
    items.append(draw(_stage()))
    periods = st.builds(Period, schedules, st.sampled_from((0, 5)))
    staffed = draw(st.one_of(st.none(), periods, periods))
    return Operator(name, tuple(items), staffed, None, draw(targets), draw(targets))


def shuffled(plan: Plan, seed: int) -> Plan:
    """The same plan with its steps declared in another order."""
    names = list(plan.steps)
    random.Random(seed).shuffle(names)
    return attrs.evolve(plan, steps={name: plan.steps[name] for name in names})
