"""The kit for integrators: what it draws can happen, shrinks to what people can read, and meets what matters."""

import datetime
import doctest
import functools
import importlib.util
import subprocess
import sys
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import attrs
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

import dialc.testing
from dialc import Source, judge
from dialc.calendar import calendar
from dialc.call import Arrived, Call, Event, Happens, Left, as_turned, experience, presses, walk
from dialc.callers import Callers
from dialc.plan import Bot, Choice, Extension, HangUp, Outcome, Plan, Verified
from dialc.testing import Caller, call_of, callers, calls, instants, make, narrated, silences, worlds
from tests import strategies
from tests.plans import EXAMPLES, clinic
from tests.test_verify import SLOW

ROOT = Path(__file__).parent.parent
FOUND = settings(database=None, derandomize=True, max_examples=1000)
"""Searches that find the same each time."""


def example(name: str) -> Plan:
    """The plan of an example."""
    source = Source(name, (EXAMPLES / name).read_text(encoding="utf-8"))
    verdict = judge(source, lambda name: (EXAMPLES / name).read_bytes()).verdict
    assert isinstance(verdict, Verified)
    return verdict.plan


def left(events: tuple[Event, ...]) -> list[str]:
    """How the steps of a call were left."""
    return [f"{event.step} {event.outcome}" for event in events if isinstance(event, Left)]


def shortest(plan: Plan, *ways: str) -> str:
    """The call to which one shrinks that leaves steps in these ways."""
    call = find(calls(plan), lambda call: set(ways) <= set(left(walk(plan, call))), settings=FOUND)
    return narrated(plan, call)


# What is drawn can happen


@given(st.data(), st.booleans())
@settings(SLOW, max_examples=200)
def test_every_call_that_is_drawn_is_one_that_the_walker_takes(data: st.DataObject, patient: bool) -> None:
    plan = data.draw(strategies.plans())
    call = data.draw(calls(plan, patient=patient, steps=30))
    events = make(plan, call)
    assert sum(isinstance(event, Left) for event in events) <= 30
    assert call.steps is None or isinstance(events[-1], Arrived)
    assert narrated(plan, call)


@given(st.data())
@settings(SLOW, max_examples=200)
def test_a_world_holds_what_its_call_comes_to_and_no_more(data: st.DataObject) -> None:
    plan = data.draw(strategies.plans(acyclic=True))
    call = data.draw(calls(plan, steps=30))
    met = 0

    def decide(_: object) -> Happens:
        nonlocal met
        met += 1
        return call.happenings[met - 1]

    events = tuple(experience(plan, call.number, call.at, decide, as_turned(call.turned), call.caller))
    assert events == walk(plan, call)
    assert met == len(call.happenings)


@given(st.data())
@settings(SLOW, max_examples=200)
def test_instants_lie_within_the_validity(data: st.DataObject) -> None:
    plan = data.draw(strategies.plans())
    at = data.draw(instants(plan))
    assert str(at.tzinfo) == plan.zone
    assert int(at.timestamp()) in calendar(plan).validity


# What matters is met


def met(plan: Plan, number: int = 400) -> set[tuple[str, str]]:
    """The exits that so many calls take between them."""
    found: set[tuple[str, str]] = set()

    @settings(FOUND, max_examples=number, deadline=None)
    @given(calls(plan))
    def looks(call: Call) -> None:
        found.update((event.step, event.outcome) for event in walk(plan, call) if isinstance(event, Left))

    looks()
    return found


@pytest.mark.parametrize("name", ["workshop.dial", "utility.dial", "law.dial"])
def test_a_few_hundred_calls_take_most_ways_through_a_plan(name: str) -> None:
    plan = example(name)
    exits = {(step.name, exit.label) for step in plan.steps.values() for exit in step.exits()}
    assert len(met(plan) & exits) > 0.7 * len(exits)


@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-27 00:00:00",
        "2026-03-27 07:59:59",
        "2026-03-27 08:00:00",
        "2026-03-27 16:15:01",
        "2026-03-29 03:00:00",
        "2026-03-29 01:59:59",
        "2026-03-29 23:59:59",
    ],
)
def test_instants_at_which_something_changes_are_drawn(moment: str) -> None:
    """Ends of the validity, openings, closings and what is added to them, changes of the clocks."""
    drawn = settings(FOUND, max_examples=5000, phases=(Phase.generate,))
    plan = attrs.evolve(clinic(), valid=(datetime.date(2026, 3, 27), datetime.date(2026, 3, 29)))
    find(instants(plan), lambda at: f"{at:%Y-%m-%d %H:%M:%S}" == moment, settings=drawn)


def _on(those: Callers, caller: Caller) -> bool:
    return those.holds(caller.caller)


def test_callers_are_on_each_list_and_on_none() -> None:
    plan = example("law.dial")
    for each in plan.asked:
        find(callers(plan), functools.partial(_on, each), settings=FOUND)
    find(callers(plan), lambda caller: not any(_on(each, caller) for each in plan.asked), settings=FOUND)
    find(callers(plan), lambda caller: caller.caller == "withheld", settings=FOUND)


# What is drawn shrinks


def test_a_call_shrinks_to_its_first_second_and_its_fewest_happenings() -> None:
    assert shortest(clinic()) == shortest(clinic(), "start-3 closed")
    assert (
        shortest(clinic(), "message left")
        == """\
Thu 2026-01-01 00:00:00 CET, calling +48221234567
+0:00  the call is answered
+0:00  hears welcome: "Dzień dobry, tu Przychodnia Zdrowie." (3 s)
+0:03  start: office closed -> night
+0:03  hears closed_now: "Teraz nie pracujemy. Zwykle pracujemy od poniedziałku do piątku od ósmej do szesnastej, w \
soboty od dziewiątej do trzynastej." (8 s)
+0:11  hears leave_message: "Prosimy zostawić wiadomość po sygnale." (4 s)
+0:15  leaves a message in mailbox 100
+0:15  hears thanks: "Dziękujemy, oddzwonimy. Do usłyszenia." (3 s)
+0:18  the plan hangs up
ended after 0:18: the plan hung up"""
    )


def test_who_is_called_and_when_shrinks() -> None:
    assert find(callers(clinic()), lambda _: True, settings=FOUND) == Caller("+48221234567")
    assert find(callers(clinic(), patient=False), lambda c: c.hangs_up is not None, settings=FOUND).hangs_up == 0
    assert find(instants(clinic()), lambda _: True, settings=FOUND).isoformat() == "2026-01-01T00:00:00+01:00"


def test_nothing_that_does_not_matter_happens() -> None:
    """Switches stay as they are, keys come at once, phones are answered as they begin to ring."""
    plan, caller = example("utility.dial"), Caller("+380445550100")
    at = datetime.datetime(2026, 1, 12, 9, tzinfo=zoneinfo.ZoneInfo("Europe/Kyiv"))
    world = find(worlds(plan, caller, at), lambda _: True, settings=FOUND)
    assert world.turned == ()
    assert world.happenings == (presses("1", 0), Happens(Outcome.ANSWERED, 4, who="301"))
    turned = find(worlds(plan, caller, at), lambda world: bool(world.turned), settings=FOUND)
    assert [turn.switch for turn in turned.turned] == ["outage"]
    assert walk(plan, call_of(caller, at, turned))


# Silence


def heard(plan: Plan, moment: str, *happenings: Happens, hangs_up: int | None = None) -> tuple[tuple[int, int], ...]:
    at = datetime.datetime.fromisoformat(moment).replace(tzinfo=zoneinfo.ZoneInfo(plan.zone))
    call = Call(plan.lines[0].number, at, happenings, hangs_up)
    return silences(plan, walk(plan, call))


@pytest.mark.parametrize(
    ("moment", "happenings", "hangs_up", "expected"),
    [
        # 12 s of prompts, then 5 s in which nothing is pressed, three times; the reception answers after 4 s.
        (
            "09:00",
            (Happens(Outcome.SILENCE),) * 3 + (Happens(Outcome.ANSWERED, 4),),
            None,
            ((12, 17), (26, 31), (40, 45), (47, 51)),
        ),
        # 8 s of prompts, 240 s in line with a word every 30 s, and 2 s of prompt before the reception answers.
        (
            "09:00",
            (presses("1", 0), Happens(Outcome.TIMEOUT)),
            None,
            (*((at, at + 30) for at in range(8, 248, 30)), (250, 265), (268, 283)),
        ),
        ("09:00", (presses("1", 0),), 100, ((8, 38), (38, 68), (68, 98), (98, 100))),
        # A message is no silence.
        ("20:00", (Happens(Outcome.LEFT, 60),), None, ()),
        ("09:00", (presses("0", 9),), 5, ()),
    ],
)
def test_silence_is_what_nobody_speaks_in(
    moment: str, happenings: tuple[Happens, ...], hangs_up: int | None, expected: tuple[tuple[int, int], ...]
) -> None:
    assert heard(clinic(), f"2026-01-12 {moment}", *happenings, hangs_up=hangs_up) == expected


def test_a_bot_that_talks_is_no_silence_and_one_that_rings_is() -> None:
    bot = Bot("helper", Extension("900"), 5, 60, Choice("0", "", "end"), "end", "end", "end")
    line = attrs.evolve(clinic().lines[0], entry="helper")
    plan = attrs.evolve(clinic(), lines=(line,), steps={**clinic().steps, "helper": bot, "end": HangUp("end")})
    assert heard(plan, "2026-01-12 09:00", Happens(Outcome.ANSWERED, 3), presses("0", 50)) == ((0, 3),)


# What a failing test shows


def test_a_call_that_fails_is_noted_line_by_line() -> None:
    @settings(FOUND, print_blob=False)
    @given(calls(clinic()))
    def fails(call: Call) -> None:
        assert not any(isinstance(event, Left) and event.outcome == "left" for event in make(clinic(), call))

    with pytest.raises(AssertionError) as failed:
        fails()
    notes = "\n".join(failed.value.__notes__)
    assert "\n+0:15  leaves a message in mailbox 100\n" in notes
    assert "call=Call(" in notes


def test_outside_of_a_test_a_call_is_made_without_a_note() -> None:
    at = datetime.datetime(2026, 1, 12, 9, tzinfo=zoneinfo.ZoneInfo("Europe/Warsaw"))
    assert make(clinic(), Call("+48221234567", at)) == walk(clinic(), Call("+48221234567", at))


def test_a_call_that_goes_on_is_told_to_go_on() -> None:
    at = datetime.datetime(2026, 1, 12, 9, tzinfo=zoneinfo.ZoneInfo("Europe/Warsaw"))
    last = narrated(clinic(), Call("+48221234567", at, steps=2)).splitlines()[-1]
    assert last == "and so on, after 2 steps"


# The page, and what is imported


def test_the_page_shows_what_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    done = doctest.testfile(str(ROOT / "docs/testing.rst"), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert done.attempted > 15
    assert done.failed == 0


def module(path: Path) -> ModuleType:
    """A module of a file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


EXAMPLE = module(ROOT / "examples/test_clinic.py")


@pytest.mark.parametrize("name", [name for name in vars(EXAMPLE) if name.startswith("test_")])
def test_the_example_of_the_page_passes(name: str) -> None:
    test: Callable[[], None] = getattr(EXAMPLE, name)
    test()


def test_hypothesis_is_imported_by_the_kit_alone() -> None:
    program = "import sys, dialc, dialc.cli, dialc.telling; print('hypothesis' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout == "False\n"
    )


def test_everything_public_is_documented() -> None:
    for name in dialc.testing.__all__:
        assert getattr(dialc.testing, name).__doc__, name
