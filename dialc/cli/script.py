"""The words in which a call is told, to what happens in it.

In: words such as `press:1@4` or `answered:201`, and dates and times. Out: `Happens`, or a caller who hangs up, and
instants. A word is an outcome, then where it needs one a key or a number after `:`, then perhaps after `@` the seconds
since that point of the call began. For hanging up, they are the seconds since the call came in.
"""

import datetime
import re
import zoneinfo
from collections.abc import Iterable

import attrs

from dialc.call import Happens, Point, Turned
from dialc.cli.terminal import Misuse, did_you_mean
from dialc.findings import visible
from dialc.plan import KEYS, Operator, Outcome, Plan, Ring

# What happens


@attrs.frozen
class HangsUp:
    """The caller hangs up, `at` seconds into the call; None for the point that the call has come to."""

    at: int | None


_HANG_UP, _PRESS, _SILENCE = "hang-up", "press", "silence"
_OUTCOMES = {
    _PRESS: Outcome.KEY,
    _SILENCE: Outcome.SILENCE,
    **{
        outcome.value: outcome
        for outcome in (
            Outcome.ANSWERED,
            Outcome.BUSY,
            Outcome.NO_ANSWER,
            Outcome.UNAVAILABLE,
            Outcome.DECLINED,
            Outcome.TIMEOUT,
            Outcome.EMPTY,
            Outcome.FULL,
            Outcome.FAILURE,
            Outcome.CLOSING,
            Outcome.LEFT,
            Outcome.NOTHING_LEFT,
            Outcome.FAILED,
            Outcome.OVER,
            Outcome.LIMIT,
            Outcome.REPLY,
            Outcome.BOOKED,
            Outcome.NO_NUMBER,
        )
    },
}
WORDS = (*_OUTCOMES, _HANG_UP)
"""All words, as a caller who comes through a plan meets them."""

_FORM = re.compile(r"(?P<word>[a-z-]+)(?::(?P<who>[^@\s]+))?(?:@(?P<after>[0-9]{1,5}))?")


def read(word: str) -> Happens | HangsUp:
    """What a word says. Raises `Misuse` for one that says nothing."""
    shown = visible(word)
    form = _FORM.fullmatch(word)
    name = form["word"] if form else re.split("[:@]", word)[0]
    if name not in WORDS:
        raise Misuse(f"`{shown}` is nothing that happens in a call{did_you_mean(name, WORDS) or _all()}")
    if form is None:
        raise Misuse(f"`{shown}` cannot be read; {_written(name)}")
    who, after = form["who"] or "", None if form["after"] is None else int(form["after"])
    told = name in (_PRESS, Outcome.ANSWERED.value, Outcome.REPLY.value)
    if (who and not told) or (after is not None and name == _SILENCE):
        raise Misuse(f"`{shown}` says too much; {_written(name)}")
    if name == _HANG_UP:
        return HangsUp(after)
    if name == _PRESS:
        if len(who) != 1 or who not in KEYS:
            raise Misuse(f"`{shown}` names no key; {_written(name)}")
        return Happens(Outcome.KEY, after, key=who)
    if name == Outcome.REPLY.value:
        if not who:
            raise Misuse(f"`{shown}` says no word; {_written(name)}")
        return Happens(Outcome.REPLY, after, word=who)
    return Happens(_OUTCOMES[name], after, who=who)


def read_all(word: str) -> tuple[Happens | HangsUp, ...]:
    """What a word says, which may be several keys, one at once after the other: `press:4711#@2`. Raises `Misuse`."""
    keys = re.fullmatch(rf"{_PRESS}:([0-9*#]{{2,}})((?:@[0-9]{{1,5}})?)", word)
    if keys is None:
        return (read(word),)
    return (read(f"{_PRESS}:{keys[1][0]}{keys[2]}"), *(read(f"{_PRESS}:{key}") for key in keys[1][1:]))


def _all() -> str:
    return f" ({', '.join(WORDS)})"


def _written(name: str) -> str:
    """How a word is written."""
    if name == _PRESS:
        return "write `press:1`, or `press:1@4` for the fourth second"
    if name == Outcome.ANSWERED.value:
        return "write `answered`, `answered:100` or `answered:100@4`"
    if name == Outcome.REPLY.value:
        return "write `answer:vip`, or `answer:vip@2` for the second second"
    return f"write `{name}`" if name == _SILENCE else f"write `{name}` or `{name}@4`"


def at(point: Point, happens: Happens) -> Happens:
    """The same, seen from a point of a call: who answers may be a machine, if no person can."""
    if happens.outcome is not Outcome.ANSWERED or not isinstance(point.step, Ring | Operator):
        return happens
    able = [p for p in point.step.stages[point.turn - 1].phones if happens.who in ("", p.number)]
    machine = able and not any(phone.human for phone in able)
    return attrs.evolve(happens, outcome=Outcome.UNCONFIRMED) if machine else happens


# How switches stand


_TURNED = re.compile(r"(?P<switch>[\w-]+)=(?P<position>\w+)(?:@(?P<at>[0-9]{1,5}))?")


def switches(plan: Plan, written: Iterable[str]) -> tuple[Turned, ...]:
    """How switches are turned, from words such as `outage=on` and `day_night=closed@30`. Raises `Misuse`."""
    found = []
    for word in written:
        form = _TURNED.fullmatch(word)
        if form is None:
            raise Misuse(f"`{visible(word)}` turns no switch; write it as in `--switch outage=on`")
        switch = plan.switches.get(form["switch"])
        if switch is None:
            there = f"; there are {', '.join(plan.switches)}" if plan.switches else ""
            hint = did_you_mean(form["switch"], plan.switches) or there
            raise Misuse(f"the plan has no switch `{form['switch']}`{hint}")
        positions = {position.value: position for position in switch.positions}
        if form["position"] not in positions:
            raise Misuse(f"`{switch.name}` stands at {', '.join(positions)}, and not at `{form['position']}`")
        found.append(Turned(switch.name, positions[form["position"]], int(form["at"] or 0)))
    return tuple(sorted(found, key=lambda turned: turned.at))


# When


@attrs.frozen
class Moment:
    """An instant with zone, and what has to be said about it, if anything."""

    instant: datetime.datetime
    remark: str = ""


_DATED = re.compile(
    r"(?:(?P<day>Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?(?P<clock>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)"
    r"(?: ?(?:(?P<offset>Z|[+-]\d\d(?::?\d\d)?)|(?P<zone>[A-Z]{2,5})))?",
    re.ASCII,
)
_YEARS = range(1970, 2200)


def moment(written: str, zone: str) -> Moment:
    """The instant at which clocks in a zone show what was written, as in `2026-11-23 09:15`.

    Where clocks go back and show it twice, it is the first unless the text goes on with `CET` or `+01:00`; a weekday
    may stand before it, as in the calls that findings tell. Raises `Misuse` for what is no instant.
    """
    tz, shown, form = zoneinfo.ZoneInfo(zone), visible(written), _DATED.fullmatch(written.strip())
    try:
        clock = datetime.datetime.fromisoformat(form["clock"] + (form["offset"] or "")) if form else None
    except ValueError:
        clock = None
    if form is None or clock is None or clock.year not in _YEARS:
        raise Misuse(f"`{shown}` is no date and time; write it as in `2026-11-23 09:15`")
    if form["day"] and f"{clock:%a}" != form["day"]:
        raise Misuse(f"{clock:%Y-%m-%d} is a {clock:%A}, not a {form['day']}")
    if clock.tzinfo is not None:
        return Moment(clock.astimezone(tz))
    both = [clock.replace(tzinfo=tz, fold=fold) for fold in (0, 1)]
    once = [m.astimezone(datetime.UTC).astimezone(tz) for m in both]
    if once[0].replace(tzinfo=None) != clock:
        raise Misuse(f"`{shown}` does not exist in {zone}: clocks go forward over it, as to `{once[0]:%Y-%m-%d %H:%M}`")
    if form["zone"]:
        named = [m for m in both if m.tzname() == form["zone"]]
        if not named:
            raise Misuse(f"clocks in {zone} show {both[0].tzname()} then, not {form['zone']}")
        return Moment(named[0])
    if both[0].utcoffset() == both[1].utcoffset():
        return Moment(both[0])
    return Moment(
        both[0],
        f"clocks in {zone} show {clock:%H:%M:%S} twice that day; this is the first time ({both[0]:%Z}), "
        f"the second is `{clock:%Y-%m-%d %H:%M:%S} {both[1]:%z}`",
    )


def outside(plan: Plan, at: datetime.datetime) -> str:
    """That an instant lies outside the validity of a plan, if it does."""
    if plan.valid is None or plan.valid[0] <= at.date() <= plan.valid[1]:
        return ""
    return f"the plan is valid from {plan.valid[0]} to {plan.valid[1]}, and says nothing about {at:%Y-%m-%d}"


# Which line

_LISTED = 10
"""Lines that are named to whoever names none of them."""


def called(plan: Plan, written: str | None, option: str) -> str:
    """The number of the line that is called; of the only one if none is named. Raises `Misuse`."""
    known = [numbers for numbers in plan.called() if numbers]
    listed = ", ".join(map(str, known[:_LISTED])) + (", …" if len(known) > _LISTED else "")
    if written is None:
        if len(known) == 1 and known[0].size == 1:
            return known[0].first
        raise Misuse(f"the plan has several numbers; name one with {option}: {listed}")
    number = re.sub(r"[\s()./-]", "", written)
    if plan.line(number) is None or not re.fullmatch(r"\+?[0-9]{1,24}|default", number, re.ASCII):
        raise Misuse(f"the plan has no line `{visible(written)}`, but {listed}")
    return number
