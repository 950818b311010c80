"""Words that would be dialplan if anything took them for it: in a plan, and in what callers show of themselves.

A plan whose every text is hostile does what it does with harmless ones: the same applications run, and nothing rings
that it does not name. Callers over real SIP show names and numbers that somebody made up to do harm.
"""

import asyncio
import itertools
import re
from collections.abc import Iterator

import attrs
import pytest

from dialc.live.asterisk import Install
from dialc.live.trace import Trace
from dialc.plan import Queue, Ring
from tests.live.chance import cases
from tests.live.scene import Judged, Running, Scene, running, warsaw
from tests.live.sipp import Sipp
from tests.live.test_queues import GARAGE, PLAN

SPEED = 4
"""Seconds of the PBX in a real one."""

AT_ONCE = 8
"""Calls under way at once: with more, a machine of two cores cannot keep up at this speed."""

WORDS = (
    "${SHELL(touch pwned)}",
    "$[1/0]${EVAL(${CALLERID(name)})}",
    "x,1,System(touch pwned)",
    ";-- x --; ; y",
    "a)&PJSIP/999@trunk",
    "[general] #exec touch pwned",
    "{{ 7*7 }}{% raw %}{#",
    "<include>]]><!--#exec-->",
    "^U(pwned)|&@/n",
    "exten => s,1,Dial(PJSIP/999)",
)
SHOWN = (
    ('"${SHELL(touch pwned)}"', "%24%7BSHELL(touch%20pwned)%7D", "${SHELL(touch pwned)}"),
    ('"x,1,System(id);--"', "600111222%2C1%2CSystem(id)", "600111222,1,System(id)"),
    (r'"\"]&PJSIP/999"', "600%22%5D%3Fpwned%3Apwned", '600"]?pwned:pwned'),
    ('"{{ 7*7 }} $[1/0]"', "%24%5B1/0%5D", "$[1/0]"),
)
"""What a caller shows: the name as SIP has it, the number as an address has it, and what that number is."""


def _hostile() -> str:
    """The garage with other words in every place for words."""
    words = itertools.cycle(WORDS)
    head, line, rest = PLAN.partition('line "+48 22 765 43 21"')
    assert line

    def replaced(_: re.Match[str]) -> str:
        return f'"{next(words)}"'

    title = head.replace('"Garage"', f'"{next(words)}"')
    rows = (row if "label" in row else re.sub(r'"[^"]*"', replaced, row) for row in rest.splitlines())
    return "\n".join((title + line, *rows))  # labels, which telephones show, are refused where they have such words


HOSTILE = attrs.evolve(GARAGE, texts={**GARAGE.texts, "garage.dial": _hostile()})


async def called(install: Install, scene: Scene) -> dict[str, Judged]:
    """Calls by chance through a scene, by their names."""
    at = warsaw("2026-11-24 11:00:00")
    made = cases(scene.plan, scene.telephones, scene.number, at, 7)
    async with running(install, scene, start=at, speed=SPEED) as stage:
        assert stage.pbx.warnings() == []
        found = await stage.judge_all(made, AT_ONCE)
    for case in made:
        for _ in range(3):
            if not found[case.name].differences:
                break
            async with running(install, scene, start=at, speed=SPEED) as stage:
                found |= await stage.judge_all([case], 1)
    return found


def _applications(text: str) -> set[str]:
    """The applications that a dialplan names."""
    return {
        name.lower() for name in re.findall(r"^(?:exten =>[^,]+,[^,]+| same => n[^,]*),(\w+)\(", text, re.MULTILINE)
    }


@pytest.fixture(scope="module")
def calls(install: Install) -> dict[str, Judged]:
    """Every call, made once."""
    return asyncio.run(called(install, HOSTILE))


def test_hostile_words_are_in_the_plan() -> None:
    assert all(f'"{word}"' in _hostile() for word in WORDS)
    assert HOSTILE.plan.title == WORDS[0]
    assert {text for prompt in HOSTILE.plan.prompts.values() for _, text in prompt.texts} <= {*WORDS}


def test_a_plan_of_hostile_words_does_what_its_steps_say(calls: dict[str, Judged]) -> None:
    assert len(calls) > 5
    wrong = [str(judged) for judged in calls.values() if judged.differences]
    assert not wrong, "\n\n".join(wrong[:3])


def test_nothing_runs_and_nothing_rings_that_the_plan_does_not_name(calls: dict[str, Judged]) -> None:
    plain = _applications(GARAGE.files["dialc-garage.extensions.conf"])
    assert len(plain) > 10
    for judged in calls.values():
        assert {app.partition("(")[0].lower() for app in judged.trace.apps} <= plain
    rung = {leg for judged in calls.values() for leg in _rung(judged.trace)}
    assert rung
    assert rung <= {*HOSTILE.telephones}


def _rung(trace: Trace) -> Iterator[str]:
    """The telephones that rang in a call."""
    return (leg for event in trace.events for leg in re.findall(r"PJSIP/(\w+)-", str(event)) if leg != GARAGE.trunk)


@pytest.fixture(scope="module")
def shown(install: Install) -> list[tuple[Trace, list[str]]]:
    """Callers over real SIP who show what they like; and what the log says after all of them."""

    async def all_of_them() -> list[tuple[Trace, list[str]]]:
        async with running(install, GARAGE, start=warsaw("2026-11-24 11:00:00"), speed=SPEED) as stage:
            at_once = (_shows(install, stage, *row) for row in SHOWN)
            return [(trace, stage.pbx.warnings()) for trace in await asyncio.gather(*at_once)]

    return asyncio.run(all_of_them())


async def _shows(install: Install, stage: Running, name: str, user: str, number: str) -> Trace:
    """One call over real SIP, of somebody who shows a name and a number, and presses 3."""
    sipp = Sipp(install, stage.phones.pbx_port)
    trace, _ = await asyncio.gather(
        stage.driver.incoming(number, patience=30),
        sipp.dial(GARAGE.delivered(GARAGE.number), caller=user, name=name, key="3", after=1, patience=40),
    )
    return trace


def test_who_shows_hostile_words_is_a_caller_like_any_other(shown: list[tuple[Trace, list[str]]]) -> None:
    assert isinstance(GARAGE.plan.steps["mechanic"], Ring)
    assert isinstance(GARAGE.plan.steps["bodywork"], Queue)
    plain = _applications(GARAGE.files["dialc-garage.extensions.conf"])
    for (trace, warnings), (name, user, _) in zip(shown, SHOWN, strict=True):
        assert {app.partition("(")[0].lower() for app in trace.apps} <= plain, (name, user)
        assert any("key-3" in app for app in trace.apps), (name, user)
        assert {*_rung(trace)} <= {"41", "42", "43", "44", "10"}, (name, user)
        assert not warnings
        assert trace.records[-1]["journey"], (name, user)
