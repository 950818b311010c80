"""C14 by plans on both sides of each line that it draws."""

import datetime
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialc.calendar import Calendar, Instants, union
from dialc.emit.asterisk import callbacks
from dialc.plan import DatedException, Hours, Plan, PromisesCallBy, Span
from dialc.rules.c14_promises_are_kept import _after_a_while, _after_the_day
from dialc.timelines import PLACING
from tests import strategies
from tests.test_rules import begins, breaches, findings
from tests.test_verify import SLOW, hold_against_every_call

WARSAW = zoneinfo.ZoneInfo("Europe/Warsaw")

SOON = 'prompt soon { file soon  en "We answer soon."  lasts 3s  promises wait PROMISED  offers 0, 1 }'
LINE = """
    route start { answer -> line }
    queue line { play soon  members 201  patience 4m  key 0 -> reception  key 1 -> sales }
"""
BACK = """
    callback to PL mobile
    route start { answer  when office open -> back  otherwise -> reception }
    callback back { then call_you  from line  within phones }
    queue line { members 201  staffed phones plus 10m  patience 240s }
    prompt call_you { file call-you  en "We call you back. Goodbye."  lasts 4s  goodbye  promises callback PROMISED }
"""

KEPT = {
    "an answer at the end of patience, and the operator at once": f"{LINE}{SOON}".replace("PROMISED", "4m"),
    "the prompts of the operator count, but not its later stages": f"""
        operator reception {{ play welcome  ring 100 for 20s  then ring 101 for 90s  unanswered -> sorry }}
        {LINE}{SOON}
    """.replace("PROMISED", "242s"),
    "who leaves the line by a key is owed nothing": f"""
        {LINE}{SOON}
        ring sales {{ ring 201 for 20m }}
    """.replace("PROMISED", "4m"),
    "a line that is full is open as its prompts end": f"""
        {SOON}
        line "+48 22 123 45 68" -> check
        route start {{ answer -> line }}
        queue line {{ play soon  members 201  staffed office  patience 5s  callers at most 1
                     key 0 -> reception  full -> check  timeout -> reception  closing -> reception }}
        route check {{ when office open -> reception  play long -> reception }}
        prompt long {{ file long  en "…"  lasts 60s }}
    """.replace("PROMISED", "30s"),
    "by the end of the next day": f"{BACK}hours phones {{ mon-fri 09:00-17:00 }}".replace(
        "PROMISED", "by next office day"
    ),
    "within two days of the hours themselves": f"{BACK}hours phones {{ mon-fri 09:00-17:00 }}".replace(
        "PROMISED", "within 8h office"
    ),
    "an opening that is just long enough": f"{BACK}hours phones {{ mon-fri 11:00-11:06 }}".replace(
        "PROMISED", "by next office day"
    ).replace("240s", "270s"),
}

BROKEN = {
    "an answer a second too late": (
        f"{LINE}{SOON}".replace("PROMISED", "239s"),
        "`soon` promises an answer within 3 min 59 s that comes after 4 min",
    ),
    "the prompts of the operator count": (
        f"""
        operator reception {{ play welcome  ring 100 for 20s  unanswered -> sorry }}
        {LINE}{SOON}
        """.replace("PROMISED", "241s"),
        "`soon` promises an answer within 4 min 1 s that comes after 4 min 2 s",
    ),
    "key 0 asks for what was promised": (
        """
        route start { answer -> line }
        queue line { play soon  members 201  patience 1m  key 0 -> main  timeout -> reception }
        ring main { ring 201 for 100s }
        prompt soon { file soon  en "Soon."  lasts 3s  promises wait 2m  offers 0 }
        """,
        "`soon` promises an answer within 2 min that comes after 2 min 40 s",
    ),
    "nobody, since the operator has gone home": (
        """
        operator reception { ring 100 for 20s  staffed office  unstaffed -> night  unanswered -> sorry }
        route start { answer  when office open -> more  otherwise -> reception }
        route more { play hold_on -> reception }
        prompt hold_on { file soon  en "Soon."  lasts 3s  promises wait 2m }
        """,
        "`hold_on` promises an answer within 2 min that never comes",
    ),
    "a machine": (
        """
        route start { play hold_on -> mobile }
        ring mobile { ring "+48 601 000 200" without confirm because "no mailbox" for 20s }
        prompt hold_on { file soon  en "Soon."  lasts 3s  promises wait 2m }
        """,
        "`hold_on` promises an answer within 2 min that never comes",
    ),
    "a call back that nobody booked": (
        """
        route start { answer  when office open -> reception  play closed_now  play call_you -> message }
        prompt call_you { file call-you  en "We call you back."  lasts 4s  promises callback by next office day }
        """,
        "`call_you` can promise a call back that nobody has booked",
    ),
    "a call back on hours of other days": (
        f"{BACK}hours phones {{ mon 09:00-17:00 }}".replace("PROMISED", "by next office day"),
        "`call_you` can promise a call back that nobody makes in time",
    ),
    "a call back within too little time": (
        f"{BACK}hours phones {{ mon-fri 09:00-17:00 }}".replace("PROMISED", "within 15m"),
        "`call_you` can promise a call back that nobody makes in time",
    ),
    "a call back from a line in which nobody serves by then": (
        f"""{BACK.replace("within phones", "within always")}
        hours always {{ mon-sun 00:00-24:00 }}
        hours phones {{ mon 09:00-17:00 }}
        """.replace("PROMISED", "by next office day"),
        "`call_you` can promise a call back that nobody makes in time",
    ),
    "a call back in hours that are too short": (
        f"{BACK}hours phones {{ mon-fri 11:00-11:06 }}".replace("PROMISED", "by next office day").replace(
            "240s", "271s"
        ),
        "`call_you` can promise a call back that nobody makes in time",
    ),
}


@pytest.mark.parametrize("case", KEPT)
def test_kept(case: str) -> None:
    assert findings(KEPT[case], "C14") == []


@pytest.mark.parametrize("case", BROKEN)
def test_broken(case: str) -> None:
    body, message = BROKEN[case]
    assert findings(body, "C14") == [f"C14: {message}"]


def test_a_call_back_is_shown_at_the_first_second_at_which_it_is_too_late() -> None:
    (breach,) = breaches(BROKEN["a call back within too little time"][0], "C14")
    # 15 minutes from the end of the prompt on, in which 330 s are needed; from 16:54:30 on they are too few
    assert begins(breach) == "Thu 16:54:27"


@pytest.mark.parametrize("keys", ["key 1 -> booked  key 2 -> spoken", "key 2 -> spoken  key 1 -> booked"])
def test_of_two_calls_with_as_many_steps_the_quicker_is_shown(keys: str) -> None:
    body = f"""
        callback to PL mobile
        route start {{ answer -> choose }}
        menu choose {{ play choices  {keys}  key 0 -> reception }}
        route spoken {{ play long  play three -> promise }}
        route thanks {{ play three -> promise }}
        callback booked {{ from line  within evenings  booked -> thanks  no-number -> reception  failed -> reception }}
        route promise {{ play call_you  hang-up }}
        queue line {{ members 201  staffed office  patience 240s }}
        prompt long {{ file long  en "…"  lasts 60s }}
        prompt three {{ file three  en "…"  lasts 3s }}
        prompt call_you {{ file call-you  en "We call you."  lasts 4s  promises callback within 1h }}
    """
    (breach,) = breaches(body, "C14")
    assert breach.witness is not None
    assert [turn.step for turn in breach.witness.turns] == ["start", "choose", "booked", "thanks"]


def test_a_call_back_is_placed_within_the_time_that_is_allowed_for_it() -> None:
    assert PLACING == callbacks.FAREWELL + callbacks.TICK


@given(strategies.plans(steps=3, acyclic=True, kinds=("play", "play", "callback", "queue", "ring", "menu")))
@settings(SLOW, max_examples=60)
def test_the_verdict_on_promises_is_that_of_every_call(plan: Plan) -> None:
    hold_against_every_call(plan)


# A call back, held against the days and the clock, instant by instant

DAYS = 9
CALM = Calendar(WARSAW.key, datetime.date(2026, 3, 26), datetime.date(2026, 3, 26 + DAYS - 4), resting=True)
"""A week around the night in which the clock is put forward."""
((SINCE, KNOWN),) = CALM.everything.stretches

coarse = st.tuples(st.integers(0, 24 * DAYS - 1), st.integers(1, 30)).map(
    lambda pair: (SINCE + 3600 * pair[0], SINCE + 3600 * (pair[0] + pair[1]))
)
fine = st.tuples(st.integers(0, 400), st.integers(1, 90), st.sampled_from((SINCE, KNOWN - 400))).map(
    lambda three: (three[2] + three[0], three[2] + three[0] + three[1])
)


def _known(stretches: list[tuple[int, int]]) -> Instants:
    return union(stretches) & CALM.everything


openings = st.lists(coarse | fine, max_size=6).map(_known)


def _near(*instants: int) -> list[int]:
    return sorted({t + near for t in instants for near in (-1, 0, 1) if SINCE <= t + near < KNOWN})


def _places(opened: Instants, needs: int, earliest: int) -> int | None:
    """When the call back is placed of which nothing is known before an instant, if there is time for it."""
    return next((max(earliest, s) for s, e in opened.stretches if max(earliest, s) + needs <= e), None)


@given(openings, openings, st.integers(1, 100), st.integers(0, 120))
@settings(SLOW, max_examples=120)
def test_a_promise_within_some_time_is_broken_where_no_opening_keeps_it(
    opened: Instants, counts: Instants, needs: int, promised: int
) -> None:
    opened = union((start, end) for start, end in opened.stretches if end - start >= needs)
    broken = _after_a_while(CALM, promised, counts, opened, needs)

    def counted(first: int, last: int) -> int:
        return sum(max(0, min(end, last) - max(start, first)) for start, end in counts.stretches)

    edges = [edge for each in (opened, counts, broken) for stretch in each.stretches for edge in stretch]
    for instant in _near(SINCE, KNOWN - 1, *edges, *(edge - needs for edge in edges), *range(SINCE, SINCE + 400, 7)):
        placed = _places(opened, needs, instant)
        late = counted(instant, KNOWN) >= promised if placed is None else counted(instant, placed + needs) > promised
        assert (instant in broken) is late, instant - SINCE


@given(openings, st.lists(st.integers(0, DAYS - 1), max_size=4, unique=True), st.integers(1, 100_000))
@settings(SLOW, max_examples=120)
def test_a_promise_by_the_next_day_is_broken_where_no_opening_before_its_end_keeps_it(
    opened: Instants, days: list[int], needs: int
) -> None:
    first = datetime.datetime.fromtimestamp(SINCE, WARSAW).date()
    midnights = [
        int(datetime.datetime.combine(first + datetime.timedelta(days=n), datetime.time(), WARSAW).timestamp())
        for n in range(DAYS + 2)
    ]
    dates = sorted(first + datetime.timedelta(days=n) for n in days)
    always = (Span(0, 24 * 3600),)
    hours = Hours(
        "days", WARSAW.key, ((),) * 7, tuple(DatedException(date, date, True, always, str(date)) for date in dates)
    )
    opened = union((start, end) for start, end in opened.stretches if end - start >= needs)
    broken = _after_the_day(CALM, PromisesCallBy(hours), opened, needs)
    edges = [edge for each in (opened, broken) for stretch in each.stretches for edge in stretch]
    for instant in _near(SINCE, KNOWN - 1, *edges, *(edge - needs for edge in edges), *midnights):
        today = datetime.datetime.fromtimestamp(instant, WARSAW).date()
        following = next((date for date in dates if date > today), None)
        deadline = midnights[(following - first).days + 1] if following else KNOWN + 1
        until = union((start, min(end, deadline)) for start, end in opened.stretches if start < deadline)
        late = deadline <= KNOWN and _places(until, needs, instant) is None
        assert (instant in broken) is late, (instant - SINCE, today)
