"""The verifier against every call of small plans, tens of thousands of them.

In: how many plans, from which seed on. Out: for each rule how many of them break it, and how many keep it that contain
what it is about; how many calls were made; and every plan of which the verifier and its calls say different things.
`python -m tests.enumerated --number 50000` says so on the terminal, as it goes on; the suite runs a share.

A plan is made from its seed alone, about one rule after the other, so `--only SEED` looks at one again and `--seed`
goes on where another run ended. All its calls are made by the walker, second by second, and judged by `tests/oracle`,
`tests/broken` and `tests/together`, which know nothing of the verifier. What is compared is: the rules that are broken;
the exits (and for some rules the seconds) of the shortest call that breaks each; that the walker makes each call that
is shown, as it is shown; the most steps and seconds; the ranks; the steps that can be reached; and for plans in which
callers come round, whether they do, how often, and after how many exits at the soonest.

C20 is held against files as they are written, and no plan alone breaks it.
"""

import argparse
import random
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

import attrs

from dialc import call, reach
from dialc.call import Arrived, Heard, Left
from dialc.findings import Severity
from dialc.plan import (
    Announcement,
    Answer,
    Bot,
    Bound,
    Branch,
    Callback,
    Choice,
    Collect,
    End,
    Extension,
    Extensions,
    HangUp,
    Hours,
    Label,
    Lookup,
    Mailbox,
    Menu,
    Offers,
    Operator,
    Outcome,
    Outside,
    Plan,
    Play,
    Prompt,
    Queue,
    Record,
    Ring,
    Says,
    Span,
    Stage,
    Step,
    Strategy,
    Verified,
)
from dialc.rules import Breach
from dialc.verify import Refused, verify
from dialc.verify import breaches as breaches_of
from dialc.witness import Witness
from tests import broken, oracle, strategies, together

OF_CALLS = ("C02", "C03", "C07", "C10", "C17", "C22", "D252")
"""Rules of single calls that `oracle.broken` knows; of these the seconds of the shortest call are compared, too."""

MOST = 600
"""Calls beyond which a plan is left out."""


# Plans


@attrs.frozen
class Aim:
    """How plans are made that are about a rule: of which kinds of steps, most of all the first, and whether callers may
    come round; `bent` makes it likelier that the rule matters.
    """

    kinds: tuple[str, ...] = ()
    acyclic: bool = True
    bent: Callable[[random.Random, Plan], Plan] = lambda _, plan: plan


def made(seed: int) -> Plan:
    """The plan of a seed."""
    rng = random.Random(seed)
    aim = AIMS[TURNS[seed % len(TURNS)]]
    way = rng.randrange(6)
    kinds = aim.kinds[:1] if way > 3 else aim.kinds if way else ()
    plan = strategies.plan(rng, rng.choice((1, 1, 2) if way > 3 else (1, 2, 2, 3)), aim.acyclic, kinds)
    plan = aim.bent(rng, _small(rng, plan))
    return _found(plan) if rng.randrange(4) else plan


def _small(rng: random.Random, plan: Plan) -> Plan:
    """A plan with fewer calls: seldom more than a second, a try, a stage of phones."""
    tries, brief, always = rng.choice((1, 1, 1, 2)), rng.randrange(6), rng.randrange(3)
    supervisor = rng.choice((None, Extension("110"), Extension("110"), Extension("100")))
    steps = dict(plan.steps)
    for name, step in steps.items():
        match step:
            case Menu() | Collect():
                steps[name] = attrs.evolve(step, tries=min(step.tries, tries), wait=0 if brief else 1)
            case Ring() if brief:
                steps[name] = attrs.evolve(step, stages=(attrs.evolve(step.stages[0], seconds=1),))
            case Operator():
                staffed = None if always else step.staffed
                items = tuple(
                    attrs.evolve(item, seconds=1) if brief and isinstance(item, Stage) else item for item in step.items
                )
                steps[name] = attrs.evolve(step, supervisor=supervisor, staffed=staffed, items=items)
            case Queue() if brief:
                staffed = None if always == 2 and not step.closing and rng.randrange(2) else step.staffed
                steps[name] = attrs.evolve(step, patience=1, staffed=staffed)
            case Mailbox() if brief:
                steps[name] = attrs.evolve(step, longest=1)
            case _:
                pass
    policy = attrs.evolve(plan.policy, tries=rng.choice((1, 1, 2, 3)))
    lines = plan.lines if rng.randrange(4) == 0 else plan.lines[:1]
    plan = attrs.evolve(plan, steps=steps, policy=policy, lines=lines)
    if brief:
        plan = with_prompts(plan, lambda prompt: attrs.evolve(prompt, seconds=1))
    if always == 2:
        plan = with_prompts(plan, lambda prompt: attrs.evolve(prompt, says=None, states_usual=None, promises_call=None))
    return _told_right(plan) if rng.randrange(3) else plan


def with_prompts(plan: Plan, other: Callable[[Prompt], Prompt]) -> Plan:
    """A plan whose prompts are others."""

    def changed(part: Any) -> Any:
        match part:
            case Prompt():
                return other(part)
            case tuple():
                return tuple(changed(each) for each in part)
            case Announcement():
                return attrs.evolve(part, prompt=other(part.prompt))
            case _:
                return part

    steps: dict[str, Any] = {}
    for name, step in plan.steps.items():
        fields = {field.name: getattr(step, field.name) for field in attrs.fields(type(step)) if field.eq}
        steps[name] = attrs.evolve(step, **{field: changed(value) for field, value in fields.items()})
    return attrs.evolve(plan, steps=steps, prompts={name: other(prompt) for name, prompt in plan.prompts.items()})


def _told_right(plan: Plan) -> Plan:
    """A plan whose menus and queues say which keys work there, each with a prompt of its own."""
    steps, prompts = dict(plan.steps), dict(plan.prompts)
    for name, step in plan.steps.items():
        if isinstance(step, Menu | Queue):
            repeats = step.repeats if isinstance(step, Menu) else ()
            keys = (*(choice.key for choice in step.choices), *(repeat.key for repeat in repeats))
            own = [
                attrs.evolve(prompt, name=f"{name}-{index}", offers=None if index else Offers(keys))
                for index, prompt in enumerate(step.prompts)
            ]
            prompts.update((prompt.name, prompt) for prompt in own)
            steps[name] = attrs.evolve(step, prompts=tuple(own))
    return attrs.evolve(plan, steps=steps, prompts=prompts)


def _found(plan: Plan) -> Plan:
    """A plan without the steps to which no arrow leads."""
    ahead = [plan.operator, *(name for line in plan.lines for name in (line.entry, line.operator) if name)]
    reached = set(ahead)
    while ahead:
        step = plan.steps[ahead.pop()]
        onward = [exit.to for exit in step.exits() if not isinstance(exit.to, End)]
        onward += [step.queue] if isinstance(step, Callback) else []
        ahead.extend(to for to in onward if to not in reached)
        reached.update(onward)
    steps = {name: step for name, step in plan.steps.items() if name in reached}
    return attrs.evolve(plan, steps=steps)


def _first(plan: Plan, *steps: Step) -> Plan:
    """A plan with further steps, to the first of which its callers come first."""
    lines = (attrs.evolve(plan.lines[0], entry=steps[0].name), *plan.lines[1:])
    return attrs.evolve(plan, lines=lines, steps={**plan.steps, **{step.name: step for step in steps}})


def _goes_back(rng: random.Random, plan: Plan) -> Plan:
    """A way back that hours may close while somebody goes round."""
    if rng.randrange(2):
        return plan
    prompt = attrs.evolve(next(iter(plan.prompts.values())), name="round", seconds=rng.randint(1, 5))
    opens = rng.randrange(8, 10) * 3600
    moment = Hours("moment", "Europe/Warsaw", ((Span(opens, opens + 4),),) * 7)
    plan = attrs.evolve(plan, prompts={**plan.prompts, prompt.name: prompt}, hours={**plan.hours, moment.name: moment})
    onward = rng.choice([plan.operator, "end", plan.lines[0].entry])
    return _first(plan, Branch("round", moment, "back", onward), Play("back", prompt, "round"))


def _after_hours(rng: random.Random, plan: Plan) -> Plan:
    """A mailbox to which callers come as they should, but for one thing perhaps."""
    mailbox = next((step for step in plan.steps.values() if isinstance(step, Mailbox)), None)
    if mailbox is None:
        return plan
    hours, wrong = plan.hours["office"], rng.randrange(9)
    steps = dict(plan.steps)
    for name, step in plan.steps.items():
        if isinstance(step, Mailbox) and name != mailbox.name:
            steps[name] = Answer(name, step.left)
    greeting = attrs.evolve(next(iter(plan.prompts.values())), name="greeting", says=None)
    told = attrs.evolve(greeting, name="told", says=None if wrong == 1 else Says(hours, open=wrong == 2))
    mailbox = attrs.evolve(
        mailbox,
        closed=None if wrong == 3 else hours,
        greeting=None if wrong == 4 else greeting,
        reader="" if wrong == 5 else plan.operator,
    )
    plan = attrs.evolve(
        plan,
        prompts={**plan.prompts, told.name: told, greeting.name: greeting},
        steps={**steps, mailbox.name: mailbox},
    )
    ways = (plan.operator, "told")
    return _first(plan, Branch("asked", hours, *(ways[::-1] if wrong == 6 else ways)), Play("told", told, mailbox.name))


def _while_open(rng: random.Random, plan: Plan) -> Plan:
    """A queue before which callers are asked for its hours, or for others."""
    queue = next((step for step in plan.steps.values() if isinstance(step, Queue) and step.staffed), None)
    if queue is None or queue.staffed is None:
        return plan
    hours = plan.hours["office" if rng.randrange(3) == 0 else queue.staffed.hours.name]
    queue = attrs.evolve(queue, closing="")
    policy = attrs.evolve(plan.policy, grace=rng.choice((0, 3, 600, 600)))
    plan = attrs.evolve(plan, policy=policy, steps={**plan.steps, queue.name: queue})
    return _first(plan, Branch("asked", hours, queue.name, plan.operator))


def _crowded(rng: random.Random, plan: Plan) -> Plan:
    """Few options, levels and seconds that are allowed to a menu."""
    few = rng.choice((1, 1, 2))
    return attrs.evolve(plan, policy=attrs.evolve(plan.policy, options=few, levels=1, menu_prompt=few))


def _in_vain(rng: random.Random, plan: Plan) -> Plan:
    """Menus with two tries."""
    steps = {
        name: attrs.evolve(step, tries=2, choices=step.choices[:1]) if isinstance(step, Menu) else step
        for name, step in plan.steps.items()
    }
    return attrs.evolve(plan, steps=steps, policy=attrs.evolve(plan.policy, tries=rng.choice((1, 2))))


def _unequal(rng: random.Random, plan: Plan) -> Plan:
    """A menu whose options may differ by little, and seldom a notice."""
    if rng.randrange(8):
        plan = with_prompts(plan, lambda prompt: attrs.evolve(prompt, notice=False))
    policy = attrs.evolve(plan.policy, times_slower=rng.choice((1, 1, 2)), seconds_slower=rng.choice((0, 0, 1)))
    prompt = attrs.evolve(next(iter(plan.prompts.values())), name="long", seconds=rng.choice((1, 2, 3)), says=None)
    slow = Play("slow", prompt, plan.operator)
    asks = Branch("asks", plan.hours["office"], *rng.choice((("slow", plan.operator), (plan.operator, "slow"))))
    steps = {**plan.steps, "slow": slow, "asks": asks}
    for name, step in steps.items():
        if isinstance(step, Menu):
            ahead = [*(choice.to for choice in step.choices), step.silence, "slow", "slow", plan.operator, "asks"]
            keys = [Choice(key, "", rng.choice(ahead)) for key in rng.choice(("12", "12", "120"))]
            if rng.randrange(2):
                keys[:2] = Choice("1", "", "slow"), Choice("2", "", plan.operator)
            steps[name] = attrs.evolve(step, choices=tuple(keys), tries=1, direct=(), repeats=())
    return attrs.evolve(plan, steps=steps, policy=policy, prompts={**plan.prompts, "long": prompt})


def _booking(rng: random.Random, plan: Plan) -> Plan:
    """Call-backs that are booked too often, or to any number."""
    daily, others = rng.choice((1, 5, 6)), rng.randrange(2)
    steps = dict(plan.steps)
    for name, step in plan.steps.items():
        if isinstance(step, Answer | Label | Record):
            steps[name] = Callback(name, "members", plan.hours["office"], daily, step.then, step.then, step.then)
        elif isinstance(step, Menu) and others:
            steps[name] = Callback(
                name, "members", plan.hours["office"], daily, step.silence, step.invalid, step.invalid
            )
        elif isinstance(step, Callback):
            steps[name] = attrs.evolve(step, daily=daily)
    on = "end"
    steps["members"] = Queue(
        *("members", (), (Extension("201"),), Strategy.RING_ALL, 1, None, None, "", 1, 0, (), on, on, on, on)
    )
    return attrs.evolve(plan, steps=steps, callback_to=rng.choice(((), plan.callback_to, plan.callback_to)))


AIMS: Mapping[str, Aim] = {
    "C01": Aim(acyclic=False),
    "C02": Aim(("branch", "play", "menu", "again", "mailbox")),
    "C03": Aim(("menu", "collect", "menu", "play"), bent=_goes_back),
    "C04": Aim(("ring", "queue", "lookup", "collect", "menu", "play")),
    "C05": Aim(("play", "menu", "queue", "branch")),
    "C06": Aim(("menu", "ring", "queue", "play")),
    "C07": Aim(("mailbox", "mailbox", "branch", "play", "by_exception"), bent=_after_hours),
    "C08": Aim(("bot", "bot", "menu", "play", "branch")),
    "C09": Aim(("menu", "menu", "play"), bent=_crowded),
    "C10": Aim(("play", "menu", "mailbox", "callback", "queue")),
    "C11": Aim(("ring", "queue", "bot", "label")),
    "C12": Aim(("play", "play", "branch", "menu", "queue")),
    "C13": Aim(("queue", "queue", "branch", "play"), bent=_while_open),
    "C14": Aim(("play", "callback", "queue", "ring", "menu")),
    "C15": Aim(("menu", "queue", "branch", "play")),
    "C16": Aim(("menu", "play", "ring", "branch")),
    "C17": Aim(("menu", "menu", "play", "again"), bent=_in_vain),
    "C18": Aim(("menu", "queue", "mailbox", "play", "branch")),
    "C19": Aim(("menu", "menu", "menu", "play", "lookup"), bent=_unequal),
    "C21": Aim(),
    "C22": Aim(("callback", "answer", "menu", "play", "by caller"), bent=_booking),
}
CODES = tuple(AIMS)
TURNS = (*CODES, "C09", "C22", *2 * ("C03", "C08", "C17"), *3 * ("C07", "C13"), *4 * ("C19",))
"""The rules in turn; plans that break or keep some of them are rarer."""


# What a rule is about


def subjects(plan: Plan, calls: Sequence[oracle.Made]) -> set[str]:
    """The rules of which the plan contains what they are about, at steps that some call comes to."""
    steps = [plan.steps[name] for name in {e.step for one in calls for e in one.events if isinstance(e, Arrived)}]
    heard = [plan.prompts[name] for name in {e.prompt for one in calls for e in one.events if isinstance(e, Heard)}]
    asking = [step for step in steps if isinstance(step, Menu | Collect)]
    menus = [step for step in steps if isinstance(step, Menu)]
    ringing = [step for step in steps if isinstance(step, Ring | Operator)]
    human = not all(line.exempt for line in plan.lines)
    about = {
        "C01": _ways_back(plan) or any(isinstance(step, Operator) and step.supervisor for step in steps),
        "C02": human and (HangUp in map(type, steps) or any(_unconfirmed(step) for step in ringing)),
        "C03": _ways_back(plan) or len(asking) > 1,
        "C04": any(isinstance(step, Ring | Operator | Queue | Extensions | Lookup | Menu | Collect) for step in steps),
        "C05": any(prompt.notice for prompt in heard),
        "C06": bool(ringing) or any(isinstance(step, Queue | Extensions) for step in steps),
        "C07": any(isinstance(step, Mailbox) for step in steps),
        "C08": any(isinstance(step, Bot) for step in steps),
        "C09": bool(menus),
        "C10": human and any(isinstance(step, HangUp) for step in steps),
        "C11": any(isinstance(step, Ring | Extensions | Queue | Bot) for step in steps),
        "C12": any(prompt.says or prompt.states_usual for prompt in heard),
        "C13": any(isinstance(step, Queue) and step.staffed and not step.closing for step in steps),
        "C14": any(prompt.promises_wait or prompt.promises_call for prompt in heard),
        "C15": any(isinstance(step, Menu | Queue) for step in steps),
        "C16": human and any(isinstance(step, Play | Menu | Collect | Ring | Lookup | Queue) for step in steps),
        "C17": bool(asking),
        "C18": any(isinstance(step, Menu | Queue) for step in steps),
        "C19": any(len({choice.key for choice in menu.choices} - {"0"}) > 1 for menu in menus),
        "C21": any(isinstance(step, Operator) for step in plan.steps.values()),
        "C22": any(isinstance(step, Callback) for step in steps),
        "D252": bool(heard) and len(plan.languages) > 1,
    }
    return {code for code, contained in about.items() if contained}


def _unconfirmed(step: Ring | Operator) -> bool:
    return any(isinstance(phone, Outside) and not phone.confirm for stage in step.stages for phone in stage.phones)


def _ways_back(plan: Plan, *, again: bool = True) -> bool:
    """Whether arrows lead round, or an `again` does."""
    onward = {
        name: {
            exit.to
            for exit in step.exits()
            if not isinstance(exit.to, End) and (again or exit.outcome is not Outcome.AGAIN)
        }
        for name, step in plan.steps.items()
    }
    reached = {name: set(to) for name, to in onward.items()}
    for _ in onward:
        for to in reached.values():
            to |= {further for each in to for further in onward[each]}
    return any(name in to for name, to in reached.items())


# What is compared


@attrs.frozen
class Held:
    """What came of one plan: its calls, the rules that they break, those that it is about, and what was told wrong.

    `tight` says whether some call takes as many steps and seconds as the verdict says that one can.
    """

    calls: int
    broken: frozenset[str]
    about: frozenset[str]
    tight: bool
    wrong: tuple[str, ...]


def hold(plan: Plan, most: int = MOST) -> Held:
    """Hold what the verifier says of a plan against all its calls. Raises `oracle.TooMany`."""
    calls = _calls(plan, most, rounds=3)
    survey, verdict = reach.survey(plan), verify(plan)
    breaches = breaches_of(plan) if isinstance(verdict, Verified) else verdict.breaches
    said = _Said(plan, calls, breaches)
    wrong = [*said.shown(), *said.coming_round(survey.loops, most)]
    if survey.loops or said.comes_round:
        code = "C01" if said.endless else "C03"
        return Held(len(calls), frozenset({code}), frozenset({code}), tight=False, wrong=tuple(wrong))
    codes = said.of_single_calls(wrong) | said.of_all_calls(wrong)
    tight = _bounds(survey, verdict, calls, wrong)
    _ranks(survey, calls, wrong)
    arrived = {event.step for one in calls for event in one.events if isinstance(event, Arrived)}
    if {situation.step for situation in survey.reach()} != arrived:
        wrong.append(f"steps that calls come to: {sorted(arrived)}")
    about = subjects(plan, calls) | codes
    return Held(len(calls), frozenset(codes), frozenset(about), tight=tight, wrong=tuple(wrong))


def _calls(plan: Plan, most: int, rounds: int) -> list[oracle.Made]:
    # A call that comes round to no step has at most as many steps as the plan has, between any two of its returns.
    steps = 2 * (1 + len(plan.steps) * (1 + sum(map(plan.limit, plan.targets()))))
    return list(oracle.every_call(plan, together.starts(plan), steps, most, rounds))


@attrs.define
class _Said:
    """What the verifier says of a plan, and the calls against which that is held; answers are what is wrong with it."""

    plan: Plan
    calls: Sequence[oracle.Made]
    breaches: Sequence[Breach]
    comes_round: bool = False
    endless: bool = False

    def shown(self) -> Iterator[str]:
        """Calls that are shown and that the walker does not make so."""
        for breach in self.breaches:
            if breach.witness and not is_walked(self.plan, breach.witness):
                yield f"{breach.finding.code}: the walker makes another call than {breach.witness}"

    def coming_round(self, loops: Sequence[reach.Loop], most: int) -> Iterator[str]:
        """C01, and C03 as far as callers come round."""
        soonest: dict[str, int] = {}
        for one in self.calls:
            for step, visits, exits in together.rounds(one):
                soonest[step] = min(soonest.get(step, exits), exits)
                self.comes_round = True
                self.endless = self.endless or visits > 2
        if bool(loops) is not self.comes_round:
            yield f"C01, C03: calls come round to {soonest}, loops are {loops}"
        elif loops:
            if any(loop.endless for loop in loops) is not self.endless:
                yield f"C01: calls come round {'without end' if self.endless else 'once'}"
            first, *others = loops
            if soonest.get(first.step) != len(first.witness.turns):
                yield f"C01, C03: calls come round to {first.step} after {soonest.get(first.step)} exits"
            for loop in others:
                if soonest.get(loop.step, MOST) > len(loop.witness.turns):
                    yield f"C01, C03: calls come round to {loop.step} after {soonest.get(loop.step)} exits"
        codes = {breach.finding.code for breach in self.breaches}
        if not loops and ("C01" in codes) is not self._comes_round_later(most):
            yield "C01: of callers whom a supervisor has not answered"
        if loops and ("C01" if self.endless else "C03") not in codes:
            yield f"C01, C03: calls come round, and only {sorted(codes)} are broken"

    def _comes_round_later(self, most: int) -> bool:
        """Whether somebody comes round behind an operator who is handed up in vain, however late that is."""
        reached = {event.step for one in self.calls for event in one.events if isinstance(event, Arrived)}
        operators = [step for name in reached for step in [self.plan.steps[name]] if isinstance(step, Operator)]
        return _ways_back(self.plan) and any(
            any(True for _ in together.rounds(one))
            for operator in operators
            if operator.supervisor
            for later in together.handed_back(self.plan, operator)
            for one in _calls(later, most, rounds=2)
        )

    def of_single_calls(self, wrong: list[str]) -> set[str]:
        """The rules that some call breaks by itself."""
        expected: dict[str, tuple[int, int]] = {}
        least: dict[str, int] = {}
        for one in self.calls:
            for code, _, exits in oracle.broken(self.plan, one):
                taken = (exits, _seconds(one, exits))
                expected[code] = min(expected.get(code, taken), taken)
            for code, breaks in broken.rules().items():
                for _, exits in breaks(self.plan, one):
                    least[code] = min(least.get(code, exits), exits)
        for code in (*OF_CALLS, *broken.rules()):
            witnesses = [each.witness for each in self.breaches if each.finding.code == code and each.witness]
            shortest = min(((len(each.turns), each.seconds) for each in witnesses), default=None)
            if code in OF_CALLS and shortest != expected.get(code):
                wrong.append(f"{code}: {expected.get(code)} exits and seconds, and the verifier says {shortest}")
            if code not in OF_CALLS and (shortest and shortest[0]) != least.get(code):
                wrong.append(f"{code}: {least.get(code)} exits, and the verifier says {shortest}")
        return expected.keys() | least.keys()

    def of_all_calls(self, wrong: list[str]) -> set[str]:
        """The rules that take more than one call to break."""
        plan, found = self.plan, set[str]()
        if together.unfair(plan, self.calls):
            found.add("C19")
        if any(each.finding.code == "C19" for each in self.breaches) is not ("C19" in found):
            wrong.append(f"C19: {'un' * ('C19' in found)}fair in calls")
        alone = {
            name for name, step in plan.steps.items() if isinstance(step, Operator) and together.nobody_above(step)
        }
        if {each.step for each in self.breaches if each.finding.code == "C21"} != alone:
            wrong.append(f"C21: nobody is above {sorted(alone)}")
        found |= {"C21"} if alone else set()
        found |= {"C18"} if self._departments_and_keys(wrong) else set()
        return found

    def _departments_and_keys(self, wrong: list[str]) -> bool:
        plan = self.plan
        machines = together.for_machines(plan, self.calls)
        expected = Counter[tuple[str, str, bool]]()
        for name, step in plan.steps.items():
            if isinstance(step, Menu | Queue) and name not in machines:
                for grave, number in together.untold(step).items():
                    expected["keys", name, grave] += number
        for menu, _ in together.unhelped(plan, self.calls):
            if menu not in machines:
                expected["departments", menu, True] += 1
        told = Counter[tuple[str, str, bool]]()
        lost: set[str] = set()
        for breach in self.breaches:
            about = breach.finding.message
            if breach.finding.code != "C18":
                continue
            if about.startswith("no call ever reaches"):
                lost.add(breach.step)
            else:
                kind = "departments" if about.startswith("nobody answers behind key") else "keys"
                told[kind, breach.step, breach.finding.severity is Severity.ERROR] += 1
        if +told != +expected:
            wrong.append(f"C18: {dict(expected - told)} are not told, {dict(told - expected)} are not so")
        unreached = together.unreached(plan, self.calls)
        if not lost <= unreached or bool(lost) is not bool(unreached):
            wrong.append(f"C18: no call comes to {sorted(unreached)}, and {sorted(lost)} are told")
        return bool(unreached) or any(grave for (_, _, grave), number in expected.items() if number)


def is_walked(plan: Plan, witness: Witness) -> bool:
    """Whether the walker makes a call just as a witness tells it."""
    events = call.walk(plan, call.replay(plan, witness))
    left = [(event.step, event.outcome, event.at) for event in events if isinstance(event, Left)]
    since, told = 0, []
    for turn in witness.turns:
        since += turn.seconds
        told.append((turn.step, turn.exit.label, since))
    arrivals = [event.step for event in events if isinstance(event, Arrived)]
    ends = arrivals[len(told)] == witness.step if witness.step else len(arrivals) == len(told)
    return left[: len(told)] == told and ends


def _seconds(made: oracle.Made, exits: int) -> int:
    """The seconds that a call has taken when so many steps have been left."""
    left = [event.at for event in made.events if isinstance(event, Left)]
    return left[exits - 1] if exits else 0


def _bounds(survey: reach.Survey, verdict: Verified | Refused, calls: Sequence[oracle.Made], wrong: list[str]) -> bool:
    """Whether some call is as long as any is said to be; none is longer, and where no hours matter, one is as long."""
    steps = max(survey.longest(lambda _step, _exit: 1).values())
    seconds = max(survey.longest(lambda _step, exit: exit.longest).values())
    if isinstance(verdict, Verified) and verdict.bound != Bound(steps, seconds):
        wrong.append(f"bounds: the verdict says {verdict.bound}")
    most = max(one.exits for one in calls), max(one.events[-1].at for one in calls)
    timed = any(exit.when or exit.stay for step in survey.plan.steps.values() for exit in step.exits())
    if most[0] > steps or most[1] > seconds or (not timed and most != (steps, seconds)):
        wrong.append(f"bounds: {most} exits and seconds, and the verifier says {(steps, seconds)}")
    return most == (steps, seconds)


def _ranks(survey: reach.Survey, calls: Sequence[oracle.Made], wrong: list[str]) -> None:
    """Ranks fall along each call but where an `again` leads back, or hours let nobody come round a circle."""
    ranks, round_ = reach.ranks(survey), _ways_back(survey.plan, again=False)
    for one in calls:
        before, again = "", False
        for event in one.events:
            if isinstance(event, Arrived):
                falls = not before or again or ranks[event.step] < ranks[before]
                if not falls and not (round_ and ranks[event.step] == ranks[before]):
                    wrong.append(f"ranks: {before} and {event.step}")
                    return
                before = event.step
            again = isinstance(event, Left) and event.outcome == "again"


# A campaign


@attrs.define
class Tally:
    """What came of plans so far: how many, and for each rule how many broke it, how many were about it and kept it."""

    counts: Counter[str] = attrs.field(factory=Counter)
    broken: Counter[str] = attrs.field(factory=Counter)
    kept: Counter[str] = attrs.field(factory=Counter)
    wrong: list[str] = attrs.field(factory=list)

    def add(self, other: "Tally") -> None:
        """What came of others, too."""
        self.counts += other.counts
        self.broken += other.broken
        self.kept += other.kept
        self.wrong += other.wrong

    def lines(self) -> Iterator[str]:
        """The tally as people read it."""
        yield ", ".join(f"{number} {about}" for about, number in self.counts.items())
        for code in (*CODES, "D252"):
            yield f"  {code}: {self.broken[code]} broken, {self.kept[code]} kept"
        yield f"{len(self.wrong)} disagreements"


CRASHES = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What a mistake in the verifier, or a call that nobody can make, can come out as."""


def tally(seeds: range, most: int = MOST) -> Tally:
    """Hold the plans of some seeds against all their calls."""
    found = Tally()
    for seed in seeds:
        plan = made(seed)
        try:
            held = hold(plan, most)
        except oracle.TooMany:
            found.counts["left out for too many calls"] += 1
            continue
        except CRASHES as crash:
            found.wrong.append(f"seed {seed}: {crash!r}")
            continue
        found.counts["plans"] += 1
        found.counts["calls"] += held.calls
        found.counts["plans with a call as long as the bound"] += held.tight
        found.broken.update(held.broken)
        found.kept.update(held.about - held.broken)
        found.wrong.extend(f"seed {seed}: {wrong}" for wrong in held.wrong)
    return found


def tallies(first: int, number: int, jobs: int) -> Iterator[tuple[int, Tally]]:
    """Go on from a seed until so many plans were held: the next seed each time, and what came of all since the first.

    Of what is the same for one seed whatever else is asked, nothing is left out: who stops can go on at the next seed.
    """
    together_, at = Tally(), first
    with ProcessPoolExecutor(jobs) as pool:
        running: deque[Future[Tally]] = deque()
        while together_.counts["plans"] < number:
            while len(running) < 2 * jobs:
                running.append(pool.submit(tally, range(at, at + BLOCK)))
                at += BLOCK
            together_.add(running.popleft().result())
            yield at - BLOCK * len(running), together_
        for one in running:
            one.cancel()


BLOCK = 250
"""Seeds that are looked at between two reports."""


def main() -> int:
    """Hold plans against all their calls, and say what came of it; 1 if anything was told wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--number", type=int, default=1000, help="plans to be held; those left out do not count")
    parser.add_argument("--seed", type=int, default=0, help="of the first plan; the next has the next")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="SEED", help="look at one plan, whatever it takes")
    arguments = parser.parse_args()
    if arguments.only is not None:
        plan = made(arguments.only)
        print(plan)
        held = hold(plan, 1_000_000)
        print(*held.wrong, f"broken: {sorted(held.broken)} in {held.calls} calls", sep="\n")
        return int(bool(held.wrong))
    begun, shown, found = time.monotonic(), 0, Tally()
    for following, found in tallies(arguments.seed, arguments.number, arguments.jobs):
        print(*found.wrong[shown:], sep="\n", end="\n" * (len(found.wrong) > shown))
        shown = len(found.wrong)
        print(f"{time.monotonic() - begun:.0f} s, next is seed {following}:", *found.lines(), sep="\n", flush=True)
    return int(bool(found.wrong))


if __name__ == "__main__":
    sys.exit(main())
