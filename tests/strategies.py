"""Random plans and calls.

In: nothing. Out: hypothesis strategies. Plans are built in the IR, small and with short durations, so that every call
through them can be made; they need not make sense to people, only to the types.
"""

import datetime
import functools
import random
from collections.abc import Callable, Mapping, Sequence

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


def plans(
    steps: int = 6, acyclic: bool = False, kinds: Sequence[str] = (), near: int | None = None
) -> st.SearchStrategy[Plan]:
    """Plans as `plan` makes them."""
    return st.randoms(use_true_random=False).map(lambda rng: plan(rng, steps, acyclic, kinds, near))


def plan(
    rng: random.Random, steps: int = 6, acyclic: bool = False, kinds: Sequence[str] = (), near: int | None = None
) -> Plan:
    """A plan of one day with up to so many steps beside an operator and a hang-up; of some `kinds` only, if any.

    With `acyclic`, arrows lead to later steps only (but for `again`), so most plans keep most rules, and with `near` to
    one of the next so many, or to an end, so that calls pass many. With `kinds`, steps are of these only. With either
    there are as many of them as can be.
    """
    opening = rng.randint(8 * 60, 9 * 60) * 60
    spans = (Span(opening, opening + rng.choice((60, 3600))),)
    fair = DatedException(DAY, DAY, True, spans, "fair")
    shut = DatedException(DAY, DAY, False, (Span(opening + 20, opening + 40),), "fair")
    exceptions = rng.choice(((), (), (fair,), (shut,)))
    day_night = rng.choice((None, None, NIGHT))
    office = Hours("office", "Europe/Warsaw", (spans,) * 7, exceptions, day_night)
    both = Combination("both", (office, SHOP, rng.choice(list(Join))))

    def schedules() -> Schedule:
        return rng.choice((office, office, both))

    languages = rng.choice((("en",), ("en", "pl")))
    count = rng.randint(1, 3)
    states = StatesUsual(office, office.weekly)
    prompts = {p.name: p for p in (_prompt(rng, f"prompt{i}", schedules, languages, states) for i in range(count))}
    count = steps if kinds or near else rng.randint(1, steps)
    names = [f"step{i}" for i in range(count)]
    built: dict[str, Step] = {}
    ends = ["desk", "end", *rng.choice(([], [], ["line-operator"]))]
    agains = 0
    asks = rng.choice((False, False, True))
    for index, name in enumerate(names):
        later = [*names[index + 1 :][:near], *ends]
        targets = functools.partial(rng.choice, later if acyclic else [*names, "desk", *ends])
        back = names[: index + 1] if agains < 2 else []
        about = kinds or (("menu", "menu", "queue") if asks and index == 0 else ())
        about = about if back else tuple(kind for kind in about if kind != "again")
        step = _step(rng, name, targets, prompts, schedules, back, languages, about)
        agains += isinstance(step, Again)
        built[name] = step
    if rng.choice((False, True)):
        zero = rng.choice([end for end in ends if end != "end"])
        built = {name: _with_zero(step, zero) for name, step in built.items()}
    limits = {s.target: s.limit for s in built.values() if isinstance(s, Again)}
    for name, step in built.items():
        if isinstance(step, Again):
            built[name] = Again(name, step.target, limits[step.target], step.used_up)
    queues = [name for name, step in built.items() if isinstance(step, Queue)]
    for name, step in built.items():
        if isinstance(step, Callback):
            built[name] = attrs.evolve(step, queue=queues[0]) if queues else Answer(name, step.booked)
    ways_out = functools.partial(rng.choice, ["end"] if acyclic else [*names, "end"])
    lines = [Line("+48221234567", "step0")]
    if rng.choice((False, False, True)):
        onward = functools.partial(rng.choice, ["desk", "end"] if acyclic else [*names, "desk", "end"])
        phones = (Extension("100"), Extension("101"))
        row = built["staff"] = Extensions("staff", phones, rng.randint(1, 2), onward(), onward(), onward())
        lines.append(Line(rng.choice(ROWS), "staff"))
        menu = next((step for step in built.values() if isinstance(step, Menu)), None)
        if menu and rng.choice((False, True)) and all(choice.key != "2" for choice in menu.choices):
            number = rng.choice(("2", "21"))
            built["staff"] = attrs.evolve(row, phones=(Extension(number), Extension("100")))
            built[menu.name] = attrs.evolve(menu, direct=(Direct("staff", frozenset({number})),))
    if rng.choice((False, False, True)):
        lines.append(_other_line(rng, names))
    if rng.choice((False, False, True)):
        lines[0] = attrs.evolve(lines[0], refuses=(rng.choice(LISTS),))
    if "line-operator" in ends:
        lines = [attrs.evolve(line, operator=rng.choice(("", "night"))) for line in lines]
        built["line-operator"] = ByLine(
            "line-operator", tuple(dict.fromkeys(line.operator or "desk" for line in lines))
        )
        built["night"] = _operator(rng, ways_out, prompts, schedules, "night")
    built["desk"] = _operator(rng, ways_out, prompts, schedules)
    built["end"] = HangUp("end")
    return Plan(
        name="random",
        title="",
        zone="Europe/Warsaw",
        language="en",
        valid=(DAY, DAY),
        policy=_policies(rng),
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


def _policies(rng: random.Random) -> Policy:
    """The charter, or numbers so small that small plans come near to them."""
    charter = Policy(
        silent_caller_may_be_hung_up_on=rng.choice((False, True)),
        options=rng.choice((1, 2, 5)),
        levels=rng.choice((1, 1, 2)),
        menu_prompt=rng.choice((2, 3, 20)),
        operator_only=rng.choice((False, True)),
        grace=rng.choice((0, 1, 3, 600)),
    )
    if rng.choice((False, True)):
        return charter
    return attrs.evolve(
        charter,
        to_person=rng.randint(0, 12),
        keys=rng.randint(0, 3),
        prompts=rng.randint(0, 5),
        to_operator=(to_operator := rng.randint(0, 5)),
        with_callback=to_operator + rng.randint(0, 3),
        hand_offs=rng.randint(0, 2),
        doing_nothing=rng.randint(0, 12),
        silence=rng.randint(0, 4),
        ringing=rng.randint(0, 4),
        announcements=rng.randint(1, 3),
        same_prompt=rng.randint(1, 4),
        notices=rng.randint(0, 3),
        bot=rng.randint(1, 2),
        bot_first=rng.choice((False, True)),
    )


def _other_line(rng: random.Random, names: list[str]) -> Line:
    """A second line, which may be short, the default one, or not for people."""
    kinds: tuple[Called, ...] = (Numbers.one("+48221234599"), Short("112"), Rest())
    numbers = rng.choice(kinds)
    exempt = rng.choice((None, Exemption(Purpose.MACHINE, "fax")))
    return Line(numbers, rng.choice(names), exempt)


def _prompt(
    rng: random.Random,
    name: str,
    schedules: Callable[[], Schedule],
    languages: tuple[str, ...],
    states: StatesUsual,
) -> Prompt:
    texts = tuple((language, name) for language in languages)
    seconds, others = rng.randint(1, 2), [(language, rng.randint(1, 3)) for language in languages[1:]]
    return Prompt(
        name=name,
        file=name,
        texts=rng.choice((texts, texts, texts[:1])),
        seconds=seconds,
        lengths=tuple((language, other) for language, other in others if other != seconds),
        says=rng.choice((None, Says(schedules(), rng.choice((False, False, True))))),
        states_usual=rng.choice((None, None, states)),
        offers=rng.choice((None, Offers(("1",)), Offers(("1", "0")))),
        promises_wait=rng.choice((None, None, PromisesWait(rng.randint(1, 5)))),
        promises_call=rng.choice(
            (
                *(None, None, None, None, None, PromisesCallBy(SHOP), PromisesCallBy(states.hours)),
                *(PromisesCallWithin(3600, SHOP), PromisesCallWithin(3600, states.hours), PromisesCallWithin(300)),
            )
        ),
        notice=rng.choice((False, True)),
        goodbye=rng.choice((False, True)),
        apology=rng.choice((False, True)),
    )


def _step(
    rng: random.Random,
    name: str,
    targets: Callable[[], str],
    prompts: Mapping[str, Prompt],
    schedules: Callable[[], Schedule],
    back: list[str],
    languages: tuple[str, ...],
    about: Sequence[str] = (),
) -> Step:
    prompt = rng.choice(list(prompts.values()))
    every_kind = [
        "by caller",
        *("play", "play", "branch", "branch", "menu", "menu", "collect", "ring", "queue", "mailbox"),
        *("answer", "label", "by_exception", "by_switch", "record", "bot", "lookup", "callback"),
        *(("again",) if back else ()),
    ]
    match rng.choice(about or every_kind):
        case "answer":
            return Answer(name, targets())
        case "record":
            return Record(name, targets())
        case "play":
            return Play(name, prompt, targets())
        case "label":
            return Label(name, "VIP", targets())
        case "by caller":
            return ByCaller(name, rng.choice(LISTS), targets(), targets())
        case "branch":
            return Branch(name, schedules(), targets(), targets())
        case "by_exception":
            office = next(hours for hours in iter(schedules, None) if isinstance(hours, Hours))
            return ByException(name, office, rng.choice((False, True)), "fair", targets(), targets())
        case "by_switch":
            return BySwitch(name, OUTAGE, targets(), targets())
        case "menu":
            keys = rng.sample(KEYS[:2] + "0", rng.randint(0, 2))
            speaks = ("", *languages) if languages[1:] else ("",)
            choices = tuple(Choice(key, "", targets(), speaks=rng.choice(speaks)) for key in keys)
            asked = (prompt, *prompts.values())[: rng.randint(1, 2)]
            return Menu(
                name,
                asked,
                choices,
                wait=1,
                tries=rng.randint(1, 4),
                silence=targets(),
                invalid=targets(),
                repeats=rng.choice(((), (), (Repeat("*"),))),
                undecided=rng.choice(("", "", targets())),
            )
        case "collect":
            kinds_of_entry = (Digits("known", frozenset({"1", "12"})), Check.LUHN, None)
            accepted = rng.sample(kinds_of_entry, rng.randint(1, 2))
            fewest, most = rng.choice(((1, 1), (1, 1), (2, 2), (1, 2)))
            return Collect(
                name,
                (prompt,),
                fewest,
                most,
                ends=rng.choice((False, True)),
                wait=1,
                tries=rng.choice((1, 1, 2)) if most == 1 else 1,
                accepts=tuple(Accept(what, targets()) for what in accepted),
                silence=targets(),
                invalid=targets(),
            )
        case "ring":
            stages = tuple(_stage(rng) for _ in range(rng.randint(1, 2)))
            return Ring(name, stages, targets(), targets(), targets(), targets())
        case "queue":
            keyed = rng.choice(("", "1", "0"))
            closing = rng.choice(("", "closing")) and targets()
            there = by_itself(schedules()) if closing else rng.choice((schedules(), by_itself(schedules())))
            return Queue(
                name=name,
                prompts=(prompt,),
                members=(Extension("201"),),
                strategy=Strategy.RING_ALL,
                ring=1,
                staffed=Period(there, rng.choice((0, 5))),
                announce=rng.choice((None, Telling(1, position=True, wait=False))),
                music="",
                patience=rng.randint(1, 2),
                room=rng.choice((0, 1)),
                choices=tuple(Choice(key, "", targets()) for key in keyed),
                timeout=targets(),
                empty=targets(),
                full=targets(),
                failure=targets(),
                signing=rng.choice((None, SigningIn("*31", "*32", (Extension("203"),)))),
                closing=closing,
                tiers=rng.choice(((), (Tier((Extension("202"),), 1),))),
            )
        case "mailbox":
            return Mailbox(
                name=name,
                box="100",
                greeting=rng.choice((prompt, prompt, None)),
                closed=rng.choice((schedules(), schedules(), None)),
                reader=rng.choice(("desk", "desk", "")),
                within="1 day",
                longest=rng.randint(1, 2),
                left=targets(),
                nothing_left=targets(),
                failed=targets(),
            )
        case "lookup":
            replies = tuple(Reply(word, targets()) for word in ("vip", "known")[: rng.randint(1, 2)])
            return Lookup(name, "crm", rng.randint(1, 2), replies, targets(), targets())
        case "bot":
            escape = Choice("0", "", targets())
            limit = rng.randint(1, 2)
            return Bot(name, Extension("900"), 1, limit, escape, targets(), targets(), targets())
        case "callback":
            return Callback(name, "", schedules(), 1, targets(), targets(), targets())
        case _:
            return Again(name, rng.choice(back), rng.randint(1, 2), targets())


def _stage(rng: random.Random) -> Stage:
    phones: tuple[Phone, ...] = rng.choice(
        (
            (Extension("100"),),
            (Extension("100"),),
            (Extension("100"), Outside("+48601000200", confirm=True)),
            (Outside("+48601000200", confirm=True),),
            (Outside("+48601000200", confirm=False, unconfirmed="it is me"),),
        )
    )
    return Stage(phones, rng.randint(1, 2))


def _operator(
    rng: random.Random,
    targets: Callable[[], str],
    prompts: Mapping[str, Prompt],
    schedules: Callable[[], Schedule],
    name: str = "desk",
) -> Operator:
    items: list[Announcement | Stage] = []
    if rng.choice((False, True)):
        items.append(Announcement(rng.choice(list(prompts.values()))))
    items.append(_stage(rng))
    staffed = rng.choice((None, Period(schedules(), rng.choice((0, 5))), Period(schedules(), rng.choice((0, 5)))))
    return Operator(name, tuple(items), staffed, None, targets(), targets())


def shuffled(plan: Plan, seed: int) -> Plan:
    """The same plan with its steps declared in another order."""
    names = list(plan.steps)
    random.Random(seed).shuffle(names)
    return attrs.evolve(plan, steps={name: plan.steps[name] for name in names})
