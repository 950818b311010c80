"""What can come of one point in a call, as strategies.

In: a point at which something can happen, and what of the call decides about it. Out: strategies of `Happens` that the
walker takes there, whatever is drawn. What ends the call soonest comes first, since that is what examples shrink to:
somebody who answers at once, the first key that leads on.
"""

import functools
import string
from collections.abc import Sequence
from typing import assert_never

import attrs
from hypothesis import strategies as st

from dialc.call import Happens, Point, presses
from dialc.call.queue import closes_after
from dialc.digits import Digits
from dialc.plan import (
    KEYS,
    Again,
    Answer,
    Bot,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Callback,
    Collect,
    Extensions,
    HangUp,
    Label,
    Lookup,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Outside,
    Phone,
    Play,
    Queue,
    Record,
    Ring,
)


@attrs.frozen
class Way:
    """One thing that can come of a point, after any whole number of seconds from `first` to `last`."""

    outcome: Outcome
    first: int = 0
    last: int = 0
    key: str = ""
    who: tuple[str, ...] = ()
    word: str = ""


def seconds(first: int, last: int) -> st.SearchStrategy[int]:
    """Seconds of an interval, its ends more often than others; they shrink towards the first."""
    if first == last:
        return st.just(first)
    return st.one_of(st.sampled_from((first, last)), st.integers(first, last))


def _taken(ways: Sequence[Way]) -> st.SearchStrategy[Happens]:
    """What comes of a point of which these are all the ways."""
    return st.sampled_from(ways).flatmap(
        lambda way: st.builds(
            lambda after, who: Happens(way.outcome, after, key=way.key, who=who, word=way.word),
            seconds(way.first, way.last),
            st.sampled_from(way.who or ("",)),
        )
    )


def happenings(point: Point, begun: int, rings_back: bool) -> st.SearchStrategy[Happens]:
    """What can come of a point that hears no row of keys, in a call that began at an instant (seconds since 1970).

    `rings_back` says whether the caller can be called back. Raises `ValueError` for steps at which nothing can happen.
    """
    match step := point.step:
        case Queue():
            return _waiting(step, begun + point.at)
        case _:
            return _taken(_ways(point, rings_back))


def _ways(point: Point, rings_back: bool) -> Sequence[Way]:
    match step := point.step:
        case Ring() | Operator():
            stage = step.stages[point.turn - 1]
            return _ringing(stage.phones, stage.seconds)
        case Extensions():
            # Which phone it is, the caller has dialled; it answers itself.
            return _ringing((), step.seconds)
        case Mailbox():
            outcomes = (Outcome.LEFT, Outcome.NOTHING_LEFT, Outcome.FAILED)
            return [Way(outcome, 0, step.longest) for outcome in outcomes]
        case Bot() if point.turn == 1:
            return [
                Way(Outcome.ANSWERED, 0, step.ring),
                Way(Outcome.KEY, 0, step.ring, step.escape.key),
                Way(Outcome.FAILED, 0, step.ring),
            ]
        case Bot():
            return [
                Way(Outcome.KEY, 0, step.limit, step.escape.key),
                Way(Outcome.OVER, 0, step.limit),
                Way(Outcome.LIMIT, step.limit, step.limit),
            ]
        case Lookup():
            return [Way(exit.outcome, exit.shortest, exit.longest, word=exit.what) for exit in step.exits()]
        case Callback():
            booked = (Way(Outcome.BOOKED),) if rings_back else ()
            return [*booked, Way(Outcome.NO_NUMBER), Way(Outcome.FAILED)]
        case Queue() | Menu() | Collect():
            raise ValueError(f"what comes of `{step.name}` takes more than one way to say")
        case Answer() | Play() | Record() | Label() | Branch() | ByException() | BySwitch() | ByCaller() | ByLine():
            raise ValueError(f"nothing can happen at `{step.name}`")
        case Again() | HangUp():
            raise ValueError(f"nothing can happen at `{step.name}`")
        case _:
            assert_never(step)


def _ringing(phones: Sequence[Phone], last: int) -> Sequence[Way]:
    """What can come of phones that ring together; of one that is not named, where there are none."""
    people = tuple(phone.number for phone in phones if phone.human)
    machines = tuple(phone.number for phone in phones if not phone.human)
    asks = any(isinstance(phone, Outside) and phone.confirm for phone in phones)
    return [
        *([Way(Outcome.ANSWERED, 0, last, who=people)] if people or not phones else []),
        *([Way(Outcome.UNCONFIRMED, 0, last, who=machines)] if machines else []),
        Way(Outcome.NO_ANSWER, 0, last),
        Way(Outcome.BUSY, 0, last),
        Way(Outcome.UNAVAILABLE, 0, last),
        *([Way(Outcome.DECLINED, 0, last)] if asks else []),
    ]


def _waiting(queue: Queue, instant: int) -> st.SearchStrategy[Happens]:
    """What can come of a wait that begins at an instant; of a queue that closes meanwhile, nothing beyond that."""
    closes = closes_after(queue, instant)
    first, last = queue.seconds, queue.seconds + queue.patience
    until = last if closes is None else closes - 1
    # A key is heard during the prompts, however soon the queue closes behind them.
    keys = [Way(Outcome.KEY, 0, max(until, first - 1), choice.key) for choice in queue.choices]
    keys = [way for way in keys if way.first <= way.last]
    fails = [Way(outcome, first, until) for outcome in (Outcome.EMPTY, Outcome.FAILURE)]
    full = [Way(Outcome.FULL, first, first)] if queue.room else []
    ways = [way for way in (*keys, *full, *fails) if way.last <= until or way.outcome is Outcome.KEY]
    ways = [way for way in ways if way.first <= way.last]
    ways.append(Way(Outcome.TIMEOUT, last, last) if closes is None else Way(Outcome.CLOSING, closes, closes))
    soonest = first + min(queue.joins(member.number) for member in queue.everybody)
    if soonest > until:
        return _taken(ways)
    return st.one_of(_served(queue, soonest, until), _taken(ways))


def _served(queue: Queue, soonest: int, until: int) -> st.SearchStrategy[Happens]:
    """A member answers, one who takes part by then."""

    def by_then(after: int) -> st.SearchStrategy[Happens]:
        able = [member.number for member in queue.everybody if queue.joins(member.number) <= after - queue.seconds]
        return st.sampled_from(able).map(lambda who: Happens(Outcome.ANSWERED, after, who=who))

    return seconds(soonest, until).flatmap(by_then)


# Keys


def keys(menu: Menu | Collect) -> st.SearchStrategy[tuple[Happens, ...]]:
    """What a caller presses in one try, key by key; nothing, for silence."""

    def timed(pressed: str) -> st.SearchStrategy[tuple[Happens, ...]]:
        within = [menu.wait if index else menu.seconds for index in range(len(pressed))]
        happens = (
            seconds(0, last).map(functools.partial(presses, key)) for key, last in zip(pressed, within, strict=True)
        )
        return st.tuples(*happens)

    return (_pressed(menu) if isinstance(menu, Menu) else _entered(menu)).flatmap(timed)


def _pressed(menu: Menu) -> st.SearchStrategy[str]:
    """The keys of one try of a menu: those that lead on, numbers that can be dialled, those that do not."""
    numbers = sorted({number for direct in menu.direct for number in direct.numbers})
    leads = [*(choice.key for choice in menu.choices), *numbers, *(repeat.key for repeat in menu.repeats), ""]
    wrong = [*menu.wrong(), *sorted({number[:-1] for number in numbers if len(number) > 1})]
    broken_off = sorted({f"{number[:-1]}*" for number in numbers if len(number) > 1})
    # More callers know what they want than do not, and most of what a plan can do lies behind the keys that it has.
    return st.sampled_from([*leads, *leads, *leads, *wrong, *broken_off])


def _entered(collect: Collect) -> st.SearchStrategy[str]:
    """The keys of one try of a collect: entries that are taken, such as are mistyped, and none at all."""
    taken = [entry for samples in collect.samples() for entry in samples.values()]
    taken += sorted(
        member
        for accept in collect.accepts
        if isinstance(accept.what, Digits)
        for member in accept.what.members
        if collect.fewest <= len(member) <= collect.most
    )
    known = st.sampled_from(list(dict.fromkeys(taken))) if taken else st.nothing()
    digits = st.text(string.digits, min_size=1, max_size=collect.most)
    wrong = st.text(KEYS.replace("#", ""), min_size=1, max_size=collect.keys)
    ended = st.one_of(known, digits, wrong).flatmap(lambda entry: st.sampled_from((entry, f"{entry}#")))
    return st.one_of(known, st.just(""), ended).map(lambda entry: entry[: collect.keys])
