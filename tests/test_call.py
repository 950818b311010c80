"""The walker: a few whole calls as people read them, and what must hold of every call."""

import datetime
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dialc import call
from dialc.calendar import calendar
from dialc.call import Call, CannotHappen, Happens, presses
from dialc.digits import Check, Digits
from dialc.plan import (
    Accept,
    Announcement,
    Bot,
    Choice,
    Collect,
    Direct,
    Extension,
    Extensions,
    HangUp,
    Line,
    Lookup,
    Menu,
    Operator,
    Outcome,
    Plan,
    Prompt,
    Record,
    Repeat,
    Reply,
    Stage,
    Step,
)
from tests import oracle, strategies
from tests.plans import clinic

NUMBER = "+48221234567"


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Warsaw"))


def lived(moment: str, *happenings: Happens, hangs_up: int | None = None) -> list[str]:
    """A call through the clinic, an event a line."""
    events = call.walk(clinic(), Call(NUMBER, at(moment), happenings, hangs_up))
    return [f"{event.at:3} {_said(event)}" for event in events if not isinstance(event, call.Arrived | call.Left)]


def _said(event: call.Event) -> str:
    match event:
        case call.Heard():
            return f"hears {event.prompt}{'' if event.whole else f' for {event.seconds} s'}"
        case call.Asked():
            return f"{event.menu}, try {event.turn}"
        case call.Rang():
            return f"rings {' '.join(event.phones)}"
        case call.AnsweredBy():
            return f"talks to {event.who}"
        case call.HungUp():
            return f"hung up by the {event.by}"
        case call.Pressed():
            return f"presses {event.key}"
        case call.Queued():
            return f"waits at {event.queue}"
        case call.LeftMessage():
            return f"leaves a message in {event.box}"
        case _:
            return type(event).__name__.lower()


def of_steps(*steps: Step) -> Plan:
    """The clinic with other steps, of which the first is where calls come in."""
    line = attrs.evolve(clinic().lines[0], entry=steps[0].name)
    return attrs.evolve(clinic(), lines=(line,), steps={**clinic().steps, **{step.name: step for step in steps}})


def test_a_recording_begins_once_and_takes_the_call() -> None:
    plan = of_steps(Record("first", "second"), Record("second", "end"), HangUp("end"))
    events = call.walk(plan, Call(NUMBER, at("2026-11-23 09:15")))
    assert [type(event).__name__ for event in events if not isinstance(event, call.Arrived | call.Left)] == [
        "Answered",
        "Recorded",
        "HungUp",
    ]


BOT = Bot("helper", Extension("900"), 5, 60, Choice("0", "", "end"), "end", "end", "end")


@pytest.mark.parametrize(
    ("happenings", "events", "left"),
    [
        ((), ["0 Joined", "60 Left"], "limit"),
        ((Happens(Outcome.ANSWERED, 2), Happens(Outcome.LIMIT)), ["2 Joined", "62 Left"], "limit"),
        ((Happens(Outcome.ANSWERED, 2), Happens(Outcome.OVER, 7)), ["2 Joined", "9 Left"], "over"),
        ((Happens(Outcome.ANSWERED), presses("0", 3)), ["0 Joined", "3 Pressed", "3 Left"], "key 0"),
        ((presses("0", 3),), ["3 Pressed", "3 Left"], "key 0"),
        ((Happens(Outcome.FAILED, 5),), ["5 Left"], "failed"),
    ],
)
def test_a_bot_is_left_in_each_of_its_ways(happenings: tuple[Happens, ...], events: list[str], left: str) -> None:
    lived = call.walk(of_steps(BOT, HangUp("end")), Call(NUMBER, at("2026-11-23 09:15"), happenings))
    at_bot = [event for event in lived if event.at or not isinstance(event, call.Arrived | call.Left)]
    rung = next(index for index, event in enumerate(at_bot) if isinstance(event, call.Rang)) + 1
    assert [f"{event.at} {type(event).__name__}" for event in at_bot[rung : rung + len(events)]] == events
    assert next(event.outcome for event in lived if isinstance(event, call.Left)) == left


@pytest.mark.parametrize(
    "happenings",
    [
        (Happens(Outcome.ANSWERED, 6),),
        (Happens(Outcome.OVER),),
        (Happens(Outcome.LIMIT),),
        (presses("1"),),
        (Happens(Outcome.FAILED, 6),),
        (Happens(Outcome.BUSY),),
        (Happens(Outcome.ANSWERED, who="901"),),
        (Happens(Outcome.ANSWERED), Happens(Outcome.LIMIT, 59)),
        (Happens(Outcome.ANSWERED), Happens(Outcome.OVER, 61)),
        (Happens(Outcome.ANSWERED), presses("1", 3)),
        (Happens(Outcome.ANSWERED), Happens(Outcome.FAILED)),
    ],
)
def test_nothing_else_happens_at_a_bot(happenings: tuple[Happens, ...]) -> None:
    with pytest.raises(CannotHappen, match="helper"):
        call.walk(of_steps(BOT, HangUp("end")), Call(NUMBER, at("2026-11-23 09:15"), happenings))


LOOKUP = Lookup("asked", "crm", 3, (Reply("vip", "end"), Reply("known", "end")), "end", "end")


@pytest.mark.parametrize(
    ("happenings", "left"),
    [
        ((), (3, "timeout")),
        ((Happens(Outcome.REPLY, 1, word="vip"),), (1, "answer vip")),
        ((Happens(Outcome.REPLY, word="known"),), (0, "answer known")),
        ((Happens(Outcome.FAILED, 3),), (3, "failed")),
    ],
)
def test_a_service_answers_or_does_not(happenings: tuple[Happens, ...], left: tuple[int, str]) -> None:
    lived = call.walk(of_steps(LOOKUP, HangUp("end")), Call(NUMBER, at("2026-11-23 09:15"), happenings))
    assert next((event.at, event.outcome) for event in lived if isinstance(event, call.Left)) == left
    assert [event for event in lived if isinstance(event, call.LookedUp)] == [call.LookedUp(0, "asked")]


@pytest.mark.parametrize(
    "happens",
    [
        Happens(Outcome.REPLY, word="gold"),
        Happens(Outcome.REPLY),
        Happens(Outcome.REPLY, 4, word="vip"),
        Happens(Outcome.TIMEOUT, 2),
        Happens(Outcome.BUSY),
    ],
)
def test_nothing_else_comes_of_a_lookup(happens: Happens) -> None:
    with pytest.raises(CannotHappen, match="asked"):
        call.walk(of_steps(LOOKUP, HangUp("end")), Call(NUMBER, at("2026-11-23 09:15"), (happens,)))


def test_a_key_cuts_the_prompt_and_the_queue_answers() -> None:
    assert lived("2026-11-23 09:15", presses("1", 4), Happens(Outcome.ANSWERED, 20, who="202")) == [
        "  0 answered",
        "  0 hears welcome",
        "  3 main, try 1",
        "  3 hears choices for 4 s",
        "  7 presses 1",
        "  7 hears in_line",
        " 12 waits at registration",
        " 27 talks to 202",
    ]


def test_wrong_keys_and_silence_share_the_tries_and_the_last_decides() -> None:
    silent = Happens(Outcome.SILENCE)
    events = call.walk(clinic(), Call(NUMBER, at("2026-11-23 09:15"), (silent, presses("7"), presses("*"))))
    assert [e.outcome for e in events if isinstance(e, call.Left) and e.step == "main"] == ["invalid"]
    events = call.walk(clinic(), Call(NUMBER, at("2026-11-23 09:15"), (presses("7"), presses("*"), silent)))
    assert [e.outcome for e in events if isinstance(e, call.Left) and e.step == "main"] == ["silence"]


def test_a_repeat_begins_the_next_try_at_once_and_is_silence_in_the_last() -> None:
    plan = clinic()
    main = plan.steps["main"]
    assert isinstance(main, Menu)

    def left(undecided: str, *keys: Happens) -> list[str]:
        changed = attrs.evolve(main, repeats=(Repeat("*"),), undecided=undecided)
        asked = Call(NUMBER, at("2026-11-23 09:15"), keys)
        events = call.walk(attrs.evolve(plan, steps={**plan.steps, "main": changed}), asked)
        return [f"{e.at} {e.outcome}" for e in events if isinstance(e, call.Left) and e.step == "main"]

    again, silent = presses("*", 2), Happens(Outcome.SILENCE)
    assert left("", again, presses("0", 1)) == ["6 key 0"]
    assert left("", again, again, again) == ["9 silence"]
    assert left("reception", again, again, again) == ["9 undecided"]
    assert left("reception", presses("7", 1), again, silent) == ["20 undecided"]
    assert left("reception", again, again, presses("7", 1)) == ["8 invalid"]
    assert left("reception", silent, silent, silent) == ["45 silence"]


def test_an_extension_is_dialled_key_by_key() -> None:
    plan = clinic()
    main = plan.steps["main"]
    assert isinstance(main, Menu)
    row = Extensions("staff", (Extension("510"), Extension("5111")), 9, "reception", "reception", "reception")
    direct = Direct("staff", frozenset({"510", "5111"}))
    steps = {**plan.steps, "staff": row, "main": attrs.evolve(main, direct=(direct,), tries=2)}

    def lived(*keys: Happens) -> list[str]:
        asked = Call(NUMBER, at("2026-11-23 09:15"), keys)
        events = call.walk(attrs.evolve(plan, steps=steps), asked)
        return [_said(e) for e in events if isinstance(e, call.Rang)][:1] + [
            f"{e.at - 3} {e.outcome}" for e in events if isinstance(e, call.Left) and e.step == "main"
        ]

    silent = Happens(Outcome.SILENCE)
    assert lived(presses("5", 2), presses("1", 5), presses("0", 1)) == ["rings 510", "8 extension staff"]
    assert lived(presses("5", 14), *(presses("1", 5),) * 3) == ["rings 5111", "29 extension staff"]
    assert lived(presses("5", 2), silent, presses("5", 1), presses("1"), presses("0")) == [
        *("rings 510", "8 extension staff"),
    ]
    assert lived(presses("5", 2), presses("2"), presses("5", 2), silent) == ["rings 100 101", "9 invalid"]
    assert lived(presses("5", 2), presses("1"), presses("*"), presses("0", 1)) == ["rings 100 101", "3 key 0"]


def test_digits_are_entered_key_by_key() -> None:
    plan = clinic()
    known = Digits("known", frozenset({"11", "123"}))
    prompts = (plan.prompts["welcome"],)  # of 3 s
    collect = Collect(
        *("main", prompts, 2, 3, False, 4, 2),
        *((Accept(known, "reception"), Accept(Check.LUHN, "registration")), "reception", "reception"),
    )

    def left(*keys: Happens, ends: bool = False) -> list[str]:
        steps = {**plan.steps, "main": attrs.evolve(collect, ends=ends)}
        asked = Call(NUMBER, at("2026-11-23 09:15"), keys)
        events = call.walk(attrs.evolve(plan, steps=steps), asked)
        return [f"{e.at - 3} {e.outcome}" for e in events if isinstance(e, call.Left) and e.step == "main"]

    silent = Happens(Outcome.SILENCE)
    assert left(presses("1", 2), presses("2", 1), presses("3", 4)) == ["7 accept known"]
    assert left(presses("1", 2), presses("2", 1), presses("3", 4), ends=True) == ["11 accept known"]
    assert left(presses("1", 2), presses("1", 1), presses("#", 3)) == ["6 accept known"]
    assert left(presses("1", 2), presses("1", 1), silent) == ["7 accept known"]
    assert left(presses("1"), presses("8"), presses("#")) == ["3 accept luhn"]
    assert left(presses("1"), presses("#"), presses("5"), presses("9"), presses("#")) == ["6 accept luhn"]
    assert left(presses("#", 0), presses("*"), presses("1"), presses("1")) == ["3 invalid"]
    assert left(*(presses("1", 0),) * 4, silent, ends=True) == ["7 silence"]
    assert left(silent, silent) == ["14 silence"]
    assert left(presses("1", 7), silent, silent) == ["18 silence"]
    with pytest.raises(CannotHappen):
        left(presses("1"), presses("2", 5))


def test_at_night_a_message_is_taken() -> None:
    assert lived("2026-11-23 20:00", Happens(Outcome.LEFT, 30)) == [
        "  0 answered",
        "  0 hears welcome",
        "  3 hears closed_now",
        " 11 hears leave_message",
        " 45 leaves a message in 100",
        " 45 hears thanks",
        " 48 hung up by the plan",
    ]


def test_the_operators_stages_fail_one_by_one_into_the_last_resort() -> None:
    busy, mute = Happens(Outcome.BUSY, 1), Happens(Outcome.DECLINED, 9)
    assert lived("2026-11-23 09:15", presses("0"), busy, mute, Happens(Outcome.FAILED))[5:] == [
        " 12 hears connecting",
        " 14 rings 100 101",
        " 15 hears still_trying",
        " 18 rings 102 +48601000200",
        " 27 hears sorry_leave",
        " 33 hears apology",
        " 37 hung up by the plan",
    ]


def test_the_caller_hangs_up_in_the_middle_of_a_prompt() -> None:
    assert lived("2026-11-23 09:15", hangs_up=5) == [
        "  0 answered",
        "  0 hears welcome",
        "  3 main, try 1",
        "  3 hears choices for 2 s",
        "  5 hung up by the caller",
    ]


def test_the_journey_tells_each_point() -> None:
    asked = Call(NUMBER, at("2026-11-23 09:15"), (presses("0"), Happens(Outcome.ANSWERED, 4, who="101")))
    assert call.journey(clinic(), NUMBER, call.walk(clinic(), asked)) == (
        "+48221234567 0:start 0:start-2 3:start-3 3:start-3=open 3:main 12:main=key-0 12:reception "
        "18:reception=answered/101"
    )


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (Happens(Outcome.BUSY), "`busy` cannot happen in the menu `main`"),
        (presses("1", 15), "a key after 15 s comes too late for a try of `main`"),
        (presses("A"), "`key` cannot happen in the menu `main`"),
    ],
)
def test_what_no_caller_can_do_is_refused(happens: Happens, said: str) -> None:
    with pytest.raises(CannotHappen, match=said):
        call.walk(clinic(), Call(NUMBER, at("2026-11-23 09:15"), (happens,)))
    with pytest.raises(CannotHappen, match="no line"):
        call.walk(clinic(), Call("+48220000000", at("2026-11-23 09:15")))


@given(strategies.plans(steps=6, acyclic=True), st.data())
@settings(deadline=None, max_examples=150)
def test_what_is_lived_lies_within_what_exits_declare(plan: Plan, data: st.DataObject) -> None:
    days = calendar(plan)
    moment = days.moment(data.draw(st.integers(days.start, days.end - 1)))
    taken: list[Happens] = []

    def decide(point: call.Point) -> Happens:
        taken.append(data.draw(st.sampled_from(oracle.options(point, int(moment.timestamp())))))
        return taken[-1]

    number = data.draw(st.sampled_from([number for line in plan.lines for number in line.numbers]))
    caller = data.draw(st.sampled_from(oracle.callers(plan)))
    events = list(call.experience(plan, number, moment, decide, caller=caller))
    assume(events != [call.Refused(0)])
    arrived = [event for event in events if isinstance(event, call.Arrived)]
    come, spoken = arrived[0], plan
    for event in events:
        match event:
            case call.Arrived():
                come = event
            case call.Spoken():
                spoken = plan.spoken(event.language)
            case call.Left():
                exits = [e for e in spoken.steps[come.step].exits() if e.label == event.outcome]
                assert come.step == event.step
                assert any(e.shortest <= event.at - come.at <= e.longest for e in exits)
            case _:
                pass
    assert len(arrived) == sum(isinstance(event, call.Left) for event in events)
    assert [event.at for event in events] == sorted(event.at for event in events)
    again = call.walk(plan, Call(number, moment, tuple(taken), caller=caller))
    assert list(again) == events
    journey = call.journey(plan, number, events).split()
    assert [point.partition(":")[2] for point in journey[1:] if "=" not in point] == [e.step for e in arrived]


def test_an_operator_answers_with_its_first_prompt_and_not_before() -> None:
    """Phones ring with real ringing first; the call is taken when there is something to be heard."""
    prompt = Prompt("sorry", "sorry", (), 2)
    stage = Stage((Extension("100"),), 10)
    desk = Operator("desk", (stage, Announcement(prompt), stage), None, None, "end", "end")
    plan = attrs.evolve(
        clinic(), steps={"desk": desk, "end": HangUp("end")}, lines=(Line(NUMBER, "desk"),), operator="desk"
    )
    events = call.walk(plan, Call(NUMBER, at("2026-11-23 09:15")))
    assert [event.at for event in events if isinstance(event, call.Answered)] == [10]
    answered = call.walk(plan, Call(NUMBER, at("2026-11-23 09:15"), (Happens(Outcome.ANSWERED, 3),)))
    assert not any(isinstance(event, call.Answered) for event in answered)
