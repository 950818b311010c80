"""The calls that findings show, made on a real Asterisk: the plan that breaks a rule breaks it there.

For each rule that a single call breaks, the clinic with one edit is written although it is not proved, and the call of
the finding is placed at its second, with its keys and its telephones. What the PBX did is held against the walker, of
whose account `tests/test_mutants.py` has every rule's oracle say that it breaks just this rule.
"""

import asyncio
import datetime
import itertools
from collections.abc import Iterator, Mapping, Sequence

import attrs
import pytest

from dialc.call import AnsweredBy, Call, Event, Happens, HungUp, Point, experience, replay
from dialc.live.asterisk import Install
from dialc.live.caller import Do
from dialc.live.phones import Answer, Behaviour, Refuse
from dialc.live.phones import Ring as Rings
from dialc.plan import Bot, Callback, Menu, Operator, Outcome, Phone, Plan, Queue, Ring
from tests.live.acts import MENU, QUEUE
from tests.live.scene import CLINIC, EXAMPLES, Case, Judged, Scene, running, settled
from tests.test_mutants import NO_CALL, RULES, refused

SPEED = 6
AT_ONCE = 4
"""Servers that are up at the same time."""

LATER = 2
"""Seconds after the end of what a finding shows, when the caller hangs up, at the earliest: not as anything happens."""

PROMPT = r"^BackGround\("

SITE = (
    (EXAMPLES / "warsaw.site").read_text("utf-8").replace("  outside via", "  phones 900 dial contacts\n  outside via")
)
NAMES = [name for name in RULES if name not in NO_CALL]


def shown(name: str) -> tuple[Scene, Case, datetime.datetime]:
    """The plan of a mutant on its site, the call of its finding, and when it comes in."""
    plan, breach = refused(name)
    assert breach.witness
    minutes, _, seconds = breach.finding.call[-1].split()[0].removeprefix("+").partition(":")
    at_least = 60 * int(minutes) + int(seconds) + LATER
    made = attrs.evolve(replay(plan, breach.witness), steps=None, caller=breach.witness.caller or "+48600111222")
    if name == "C22":  # what would cost money is refused by the files as well
        *before, _ = made.happenings
        made = attrs.evolve(made, happenings=(*before, Happens(Outcome.NO_NUMBER)))
    points: list[tuple[int, Point, Happens | None]] = []
    events = list(itertools.takewhile(lambda event: event.at <= at_least + 60, _course(plan, made, points)))
    until = next(at for at in itertools.count(at_least) if all(abs(event.at - at) > 1 for event in events))
    over = any(isinstance(event, HungUp | AnsweredBy) and event.at <= until for event in events)
    scene = attrs.evolve(
        CLINIC,
        texts={"clinic.dial": RULES[name].plan, "warsaw.site": SITE},
        telephones={**CLINIC.telephones, **{number: [number] for number in ("221", "222", "223", "900")}},
        unproved=True,
    )
    script, phones, acted = _acted(scene, [point for point in points if point[0] <= until])
    hangs_up = () if over else (Do(hang_up=True, when=None, after=until - acted),)
    case = Case(name, (*script, *hangs_up), phones, made.happenings, not over, caller=made.caller)
    return scene, case, breach.witness.at


def _course(plan: Plan, made: Call, points: list[tuple[int, Point, Happens | None]]) -> Iterator[Event]:
    """The events of a call; at which seconds something could happen in it, and what did."""
    happenings = iter(made.happenings)

    def decide(point: Point) -> Happens | None:
        happens = next(happenings, None)
        points.append((point.at, point, happens))
        return happens

    return experience(plan, made.number, made.at, decide, caller=made.caller)


def _acted(
    scene: Scene, points: Sequence[tuple[int, Point, Happens | None]]
) -> tuple[tuple[Do, ...], Mapping[str, tuple[Behaviour, ...]], int]:
    """What the caller does, how the telephones behave, and at which second the caller has done the last of it."""
    script: list[Do] = []
    phones: dict[str, list[Behaviour]] = {}
    acted = 0

    def behave(behaviour: Behaviour, *among: Phone) -> None:
        for phone in among:
            for device in scene.telephones.get(phone.number, (phone.number,)):
                phones.setdefault(device, []).append(behaviour)

    for at, point, happens in points:
        outcome, after = (happens.outcome, happens.after or 0) if happens else (None, 0)
        match point.step, outcome:
            case Menu(), Outcome.KEY:
                assert happens
                script.append(Do(happens.key, when=PROMPT, after=after))
                acted = at + after
            case Menu() as menu, Outcome.SILENCE:
                script.append(Do("", when=MENU))
                acted = at + menu.seconds - menu.wait
            case Queue() as queue, _:
                for member in queue.everybody:
                    phones[member.number] = [Rings()]
                if happens and outcome is Outcome.KEY:
                    waits = after >= queue.seconds
                    when, since = (QUEUE, queue.seconds) if waits else (PROMPT, 0)
                    script.append(Do(happens.key, when=when, after=after - since))
                    acted = at + after
            case (Ring() | Operator()) as step, Outcome.NO_ANSWER if after == 0:
                behave(Refuse(480, ring=False), *step.stages[point.turn - 1].phones)
            case (Ring() | Operator()) as step, Outcome.UNCONFIRMED:
                assert happens
                among = step.stages[point.turn - 1].phones
                behave(Answer(after, hang_up=1), *(phone for phone in among if phone.number == happens.who))
                behave(Rings(), *(phone for phone in among if phone.number != happens.who))
            case (Ring() | Operator()) as step, None:
                behave(Rings(), *step.stages[point.turn - 1].phones)
            case (Bot() as bot, None):
                behave(Answer(), *(() if point.turn > 1 else (bot.phone,)))
            case (Callback(), Outcome.NO_NUMBER):
                pass
            case _ if happens is None:
                pass
            case _:
                raise AssertionError(f"nobody knows how to bring about {happens} at `{point.step.name}`")
    return tuple(script), {phone: tuple(behaviours) for phone, behaviours in phones.items()}, acted


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Judged]:
    """The call of each finding, placed at its second."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> tuple[str, Judged]:
        scene, case, at = shown(name)
        async with (
            gate,
            running(install, scene, start=at - datetime.timedelta(minutes=1), speed=SPEED, movable=True) as stage,
        ):
            assert stage.pbx.warnings() == []
            await stage.pbx.set_clock(at + datetime.timedelta(seconds=0.3))
            return name, await stage.paced(case)

    async def again(case: Case) -> dict[str, Judged]:
        return dict([await one(case.name)])

    async def everything() -> dict[str, Judged]:
        return await settled(dict(await asyncio.gather(*map(one, NAMES))), again)

    return asyncio.run(everything())


@pytest.mark.parametrize("name", NAMES)
def test_the_call_that_is_shown_goes_wrong_on_the_pbx(calls: dict[str, Judged], name: str) -> None:
    assert calls[name].differences == (), str(calls[name])
