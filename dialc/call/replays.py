"""A witness, walked: what has to happen for a call to go as a witness tells.

In: a plan and a witness of the verifier. Out: a call that `walk` can take. A witness tells how long a step took and how
it was left; what happens within the step, try by try and stage by stage, is made up here to fit.
"""

from collections.abc import Iterator, Sequence
from typing import assert_never

from dialc.calendar import every_position
from dialc.call.clock import Positions, has_a_say, is_open
from dialc.call.happenings import Call, Happens, presses
from dialc.call.switches import Turned, read_by
from dialc.digits import named
from dialc.plan import (
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
    Collect,
    Exit,
    Extensions,
    HangUp,
    Hours,
    Label,
    Lookup,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Phone,
    Plan,
    Play,
    Queue,
    Record,
    Ring,
    Stage,
    Step,
)
from dialc.witness import Turn, Witness


def replay(plan: Plan, witness: Witness) -> Call:
    """The call that a witness tells of, as one that `walk` can take."""
    spoken = plan
    happenings: list[Happens] = []
    for turn in witness.turns:
        happenings.extend(_happenings(spoken.steps[turn.step], turn))
        spoken = plan.spoken(turn.exit.speaks) if turn.exit.speaks else spoken
    turned = tuple(_turned(plan, witness))
    number, caller, steps = witness.number, witness.caller, len(witness.turns)
    return Call(number, witness.at, tuple(happenings), steps=steps, turned=turned, caller=caller)


def _turned(plan: Plan, witness: Witness) -> Iterator[Turned]:
    """How switches have to be turned for each step to be left as the witness tells: just before the call reads them."""
    at = 0
    for steps, turn in enumerate(witness.turns):
        step, instant = plan.steps[turn.step], int(witness.at.timestamp()) + at
        for positions in every_position(read_by(step)):
            if leaves(step, turn.exit, instant, positions):
                yield from (Turned(switch.name, position, at, steps) for switch, position in positions.items())
                break
        at += turn.seconds


def leaves(step: Step, exit: Exit, instant: int, positions: Positions) -> bool:
    """Whether a step can be left by an exit while switches stand so."""
    if isinstance(step, BySwitch):
        return positions[step.switch].value == exit.outcome.value
    condition = exit.when
    if condition is None:
        return True
    held = is_open(condition.period, instant, positions) is condition.open
    if held and condition.exception and isinstance(condition.period.hours, Hours):
        held = has_a_say(condition.period.hours, condition.exception, instant)
    return held is condition.holds


def _happenings(step: Step, turn: Turn) -> Iterator[Happens]:
    exit, seconds = turn.exit, turn.seconds
    match step:
        case Menu():
            yield from _tries(step, turn)
        case Collect():
            yield from _entries(step, turn)
        case Ring() | Operator():
            if exit.outcome is not Outcome.UNSTAFFED:
                yield from _stages(step, exit, seconds)
        case Extensions():
            yield Happens(exit.outcome, seconds)
        case Queue():
            if exit.when is not None and not exit.when.open:
                return  # it was closed on arrival
            yield Happens(exit.outcome, seconds, key=exit.key)
        case Mailbox():
            yield Happens(exit.outcome, seconds - (step.greeting.seconds if step.greeting else 0))
        case Lookup():
            yield Happens(exit.outcome, seconds, word=exit.what)
        case Bot():
            talked = min(seconds, step.limit)
            if exit.outcome is not Outcome.FAILED:
                yield Happens(Outcome.ANSWERED, seconds - talked)
            yield Happens(exit.outcome, seconds if exit.outcome is Outcome.FAILED else talked, key=exit.key)
        case Callback():
            yield Happens(exit.outcome)
        case Answer() | Play() | Record() | Label() | Branch() | ByException() | BySwitch() | ByCaller() | ByLine():
            return
        case Again() | HangUp():
            return
        case _:
            assert_never(step)


def _tries(menu: Menu, turn: Turn) -> Iterator[Happens]:
    """Tries that leave a menu as a witness tells."""
    exit, left = turn.exit, turn.seconds
    again = menu.repeats[0].key if menu.repeats else ""
    missing = _missing(menu) or again
    if not exit.pressed:
        yield from [Happens(Outcome.SILENCE)] * menu.tries
        return
    if exit.outcome in (Outcome.KEY, Outcome.EXTENSION):
        last = exit.key or next(direct.longest for direct in menu.direct if direct.row == exit.what)
        most, silent = menu.latest(len(last)), menu.tries - 1
        if not turn.missed and left <= silent * menu.seconds + most:
            silent = -(-max(0, left - most) // menu.seconds)
            yield from [Happens(Outcome.SILENCE)] * silent
            yield from _spread(last, left - silent * menu.seconds, menu.seconds, menu.wait)
            return
        missed = turn.missed or menu.tries - 1
    elif exit.outcome is Outcome.INVALID:
        last, missed = missing, menu.tries - 1
    else:
        last, missed = again, menu.tries - 1
        left -= 0 if again else menu.seconds
    for _ in range(missed):
        after = min(menu.longest if len(missing) > 1 else menu.seconds, left)
        left -= after
        yield from _spread(missing, after, menu.seconds, menu.wait)
    yield from _spread(last, left, menu.seconds, menu.wait) if last else (Happens(Outcome.SILENCE),)


def _missing(menu: Menu) -> str:
    """Keys that use up a try in any time that a try can take; empty if every key means something."""
    longest = max((direct.longest for direct in menu.direct), key=len, default="")
    return f"{longest[:-1]}*" if len(longest) > 1 else "".join(menu.wrong()[:1])


def _spread(keys: str, seconds: int, first: int, wait: int) -> Iterator[Happens]:
    """Keys one after the other, in so many seconds: the first within `first`, each further one within `wait`."""
    longest = first
    for key in keys:
        after = min(longest, seconds)
        yield presses(key, after)
        seconds -= after
        longest = wait


def _entries(collect: Collect, turn: Turn) -> Iterator[Happens]:
    """Tries that leave a collect as a witness tells: `*` makes an entry invalid, whatever it takes."""
    exit, left = turn.exit, turn.seconds
    if not exit.pressed:
        yield from [Happens(Outcome.SILENCE)] * collect.tries
        return
    last, most, tries = "", 0, collect.tries
    if exit.outcome is Outcome.ACCEPT:
        named_so = (i for i, accept in enumerate(collect.accepts) if named(accept.what) == exit.what)
        entries = collect.samples()[next(named_so)]
        length = max(entries, key=collect.latest)
        last, most = entries[length] + ("#" if length < collect.keys else ""), collect.latest(length)
        tries = max(turn.missed, -(-max(0, left - most) // collect.longest))
    elif exit.outcome is Outcome.SILENCE:
        tries, most = collect.tries - 1, collect.seconds
        left -= most
    for _ in range(tries):
        after = min(collect.longest, left)
        left -= after
        yield from _spread("*" * collect.keys, after, collect.seconds, collect.wait)
    if last:
        yield from _spread(last, left, collect.seconds, collect.wait)
    elif exit.outcome is Outcome.SILENCE:
        yield Happens(Outcome.SILENCE)


def _stages(step: Ring | Operator, exit: Exit, seconds: int) -> Iterator[Happens]:
    """Stages that leave a ring or an operator by an exit after so many seconds."""
    stages = step.stages
    items: Sequence[Announcement | Stage] = step.items if isinstance(step, Operator) else stages
    answered = exit.outcome in (Outcome.ANSWERED, Outcome.UNCONFIRMED)
    able = [i for i, s in enumerate(stages) if any(_can(phone, exit) for phone in s.phones)] if answered else []
    said = [0]
    for item in items:
        if isinstance(item, Announcement):
            said[-1] += item.prompt.seconds
        else:
            said.append(0)
    for final in able or [len(stages) - 1]:
        left = seconds - sum(said[: final + 1] if answered else said)
        if 0 <= left <= sum(stage.seconds for stage in stages[: final + 1]):
            break
    for stage in stages[:final]:
        after = min(stage.seconds, left)
        left -= after
        yield Happens(Outcome.NO_ANSWER, after)
    if answered:
        who = next(phone.number for phone in stages[final].phones if _can(phone, exit))
        yield Happens(exit.outcome, left, who=who)
    else:
        yield Happens(Outcome.NO_ANSWER if isinstance(step, Operator) else exit.outcome, left)


def _can(phone: Phone, exit: Exit) -> bool:
    """Whether a phone can be the one that an exit tells of."""
    return phone.human is (exit.outcome is Outcome.ANSWERED)
