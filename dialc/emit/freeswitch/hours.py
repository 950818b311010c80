"""Hours, combinations of them and switches, as states of a call.

In: a plan. Out: states that are run with an instant in `dialc_at`, in seconds since 1970, and leave 1 or 0 in
`dialc_open`; and states by which staff turn switches. Every comparison is of numbers that are worked out from the
instant (`clocks`); no time attribute of FreeSWITCH is used, and none of its zones.
"""

import datetime
import itertools
from collections.abc import Iterator, Sequence

from dialc.calendar import RANKS, calendar, named_dates
from dialc.emit.asterisk.spelling import asked, blocks, turned
from dialc.emit.freeswitch.clocks import CIVIL, Clock, clock
from dialc.emit.freeswitch.states import Action, State, Test, Ways, computes, holds, literal, sets
from dialc.plan import Combination, Hours, Join, Plan, Position, Span, Switch, combined


def zones(plan: Plan) -> tuple[str, ...]:
    """The zones that a call reads a clock of, each once."""
    found = [hours.zone for hours in blocks(plan)]
    found += [switch.zone for switch in turned(plan) if switch.back is not None]
    return tuple(dict.fromkeys(found))


def clocks(plan: Plan) -> dict[str, Clock | None]:
    """The clock of each zone, None for one that cannot be told."""
    known = calendar(plan)
    return {zone: clock(zone, known, lasting=plan.valid is None) for zone in zones(plan)}


def states(plan: Plan, ways: Ways) -> Iterator[State]:
    """All states that hours and switches need."""
    for zone, one in clocks(plan).items():
        if one is not None:
            yield _clock(one, at(plan, zone), ways)
    if zones(plan):
        yield State(".civil", (), tuple(computes(name, expression) for name, expression in CIVIL))
    for hours in blocks(plan):
        yield from _hours(plan, hours, ways)
    for schedule in asked(plan):
        if isinstance(schedule, Combination):
            yield _combination(schedule, ways)
    for switch in turned(plan):
        yield from _position(plan, switch, ways)


def at(plan: Plan, zone: str) -> str:
    """The state that reads the clock of a zone: date, day and time into variables."""
    return f".clock-{zones(plan).index(zone) + 1}"


def _clock(one: Clock, name: str, ways: Ways) -> State:
    actions = [computes("dialc_local", f"${{dialc_at}}+{one.at_once()}".replace("+-", "-")), ways.run(".civil")]
    if one.summer:
        summer = one.in_summer("${dialc_local}", "${dialc_year}")
        actions += [computes("dialc_local", f"${{dialc_local}}+{summer}"), ways.run(".civil")]
    return State(name, (), tuple(actions))


def _hours(plan: Plan, hours: Hours, ways: Ways) -> Iterator[State]:
    name = f".hours-{hours.name}"
    week = f".week-{hours.name}"
    look = (ways.run(at(plan, hours.zone)), ways.run(week))
    if hours.switch:
        yield State(name, (), (ways.run(f".switch-{hours.switch.name}"), ways.run(f".turned-{hours.name}")))
        for position, opened in ((Position.OPEN, "1"), (Position.CLOSED, "0")):
            stands = Test("${dialc_switch}", f"^{position.value}$")
            yield State(f".turned-{hours.name}", (stands,), (sets("dialc_open", opened),))
        yield State(f".turned-{hours.name}", (), look)
    else:
        yield State(name, (), look)
    for tests, opens in _rules(hours):
        yield State(week, tests, (sets("dialc_open", "1" if opens else "0"),))
    yield State(week, (), (sets("dialc_open", "0"),))


def _rules(hours: Hours) -> Iterator[tuple[tuple[Test, ...], bool]]:
    """Hours as comparisons, of which the first that holds decides: the highest rank first, the week last."""
    for rank in reversed(RANKS):
        ruling = [e for e in hours.exceptions if e.rank == rank]
        dates = {e: dated(e.first, e.last) for e in ruling}
        closing = [e for e in ruling if not e.opens]
        opening = [e for e in ruling if e.opens and e.spans]
        yield from (((dates[e], _timed(s)), False) for e in closing for s in e.spans)
        yield from (((dates[e], _timed(s)), True) for e in opening for s in e.spans)
        yield from (((dates[e],), False) for e in opening)
        yield from (((dates[e],), False) for e in closing if not e.spans)
    for first, last, spans in _runs(hours.weekly):
        day = Test("${dialc_day}", f"^[{first}-{last}]$" if first < last else f"^{first}$")
        yield from (((day, _timed(span)), True) for span in spans)


def _runs(weekly: Sequence[tuple[Span, ...]]) -> Iterator[tuple[int, int, tuple[Span, ...]]]:
    """Days in a row, Monday is 1, that are open at the same times."""
    first = 0
    for day in range(1, len(weekly) + 1):
        if day == len(weekly) or weekly[day] != weekly[first]:
            yield first + 1, day, weekly[first]
            first = day


def dated(first: datetime.date, last: datetime.date) -> Test:
    """Whether the date is one of some days in a row."""
    if first == last:
        return Test("${dialc_date}", f"^{first:%Y%m%d}$")
    return holds(f"(1-below(${{dialc_date}},{first:%Y%m%d}))*(1-above(${{dialc_date}},{last:%Y%m%d}))")


def named(hours: Hours, exception: str) -> tuple[Test, ...]:
    """Tests, one of which holds on each date that an exception has a say about."""
    dates = named_dates(hours, exception)
    firsts = [date for date in dates if date - datetime.timedelta(days=1) not in dates]
    lasts = [date for date in dates if date + datetime.timedelta(days=1) not in dates]
    return tuple(itertools.starmap(dated, zip(firsts, lasts, strict=True)))


def _timed(span: Span) -> Test:
    return holds(f"(1-below(${{dialc_time}},{span.start}))*below(${{dialc_time}},{span.end})")


def _combination(schedule: Combination, ways: Ways) -> State:
    actions: list[Action] = []
    numbers = {hours: number for number, hours in enumerate(schedule.hours, start=1)}
    for hours, number in numbers.items():
        actions += [ways.run(f".hours-{hours.name}"), sets(f"dialc_h{number}", "${dialc_open}")]
    test = combined(schedule, lambda hours: f"${{dialc_h{numbers[hours]}}}", _joined)
    return State(f".hours-{schedule.name}", (), (*actions, computes("dialc_open", test)))


def _joined(join: Join, one: str, other: str) -> str:
    match join:
        case Join.OR:
            return f"max({one},{other})"
        case Join.AND:
            return f"min({one},{other})"
        case Join.BUT_NOT:
            return f"min({one},1-{other})"


# Switches


def key(plan: Plan, switch: Switch) -> str:
    """Where the database has the position of a switch; letters change as a plan comes to use more of them."""
    block, letter, _ = switch.name.partition("-")
    return f"dialc-{plan.name}/{f'{block}-{switch.code[1:]}' if letter else switch.name}"


def _position(plan: Plan, switch: Switch, ways: Ways) -> Iterator[State]:
    """Where a switch stands, into `dialc_switch`. The database has POSITION-SECONDS, once somebody has turned it."""
    name = f".switch-{switch.name}"
    positions = "|".join(position.value for position in switch.positions)
    kept = sets("dialc_kept", f"${{db(select/{key(plan, switch)})}}")
    yield State(name, (), (kept, ways.run(f".kept-{switch.name}")))
    known = Test("${dialc_kept}", f"^({positions})-([0-9]+)$")
    stands: tuple[Action, ...] = (sets("dialc_switch", "$1"),)
    if switch.back is not None:
        stands = (
            *stands,
            sets("dialc_now", "${dialc_at}"),
            sets("dialc_at", "$2"),
            ways.run(at(plan, switch.zone)),
            computes("dialc_since", _day(switch.back)),
            computes("dialc_at", "${strepoch()}"),
            ways.run(at(plan, switch.zone)),
            computes("dialc_until", _day(switch.back)),
            sets("dialc_at", "${dialc_now}"),
            ways.run(f".back-{switch.name}"),
        )
        yield State(
            f".back-{switch.name}", (holds("equal(${dialc_since},${dialc_until})"),), (sets("dialc_done", "yes"),)
        )
        yield State(f".back-{switch.name}", (), (sets("dialc_switch", Position.AUTO.value),))
    yield State(f".kept-{switch.name}", (known,), stands)
    yield State(f".kept-{switch.name}", (), (sets("dialc_switch", switch.starts.value),))
    yield State(
        f".turn-{switch.name}",
        (),
        (Action("answer"), sets("dialc_at", "${strepoch()}"), ways.run(name), ways.go(f".turns-{switch.name}")),
    )
    for beeps, position in enumerate(switch.positions):
        following = switch.positions[(beeps + 1) % len(switch.positions)]
        told = (switch.positions.index(following)) + 1
        yield State(
            f".turns-{switch.name}",
            (Test("${dialc_switch}", f"^{literal(position.value)}$"),),
            (
                sets("dialc_done", f"${{db(insert/{key(plan, switch)}/{following.value}-${{strepoch()}})}}"),
                Action("playback", f"tone_stream://%(200,200,1000);loops={told}"),
                Action("hangup"),
            ),
        )


def _day(back: int) -> str:
    """The day, by a clock that has just been read, of an instant, where days begin so many seconds after midnight."""
    return f"ipart((${{dialc_local}}-{back})/86400)"
