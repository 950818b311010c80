"""C10: the plan hangs up on a caller, on no ground that allows it."""

from collections.abc import Callable, Iterator

import z3

from dialc.plan import Callback, Collect, HangUp, Mailbox, Menu, Outcome, Play
from tests.engine.calls import Calls, Term, Way
from tests.engine.memories import exempt, last_resort, unanswered

YES, NO = z3.BoolVal(True), z3.BoolVal(False)


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    wrong = unlawful(calls)
    for turn, ways in enumerate(calls.ways):
        hangs_up = [way.taken for way in ways if isinstance(way.step, HangUp)]
        if hangs_up:
            yield turn + 1, z3.And(z3.Or(*hangs_up), wrong[turn])


def unlawful(calls: Calls) -> list[Term]:
    """Whether the plan must not hang up on a caller who has come so far."""

    def goodbye_after(way: Way, _: Term) -> Term | None:
        match way.step:
            case Play():
                return YES if way.step.prompt.goodbye else NO
            case Menu() | Collect() | Mailbox() | Callback():
                return NO
            case _:
                return NO if unanswered(way) else None

    def failed_after(way: Way, _: Term) -> Term | None:
        match way.step:
            case Mailbox():
                return NO if way.exit.outcome is Outcome.LEFT else YES
            case Callback():
                return NO if way.exit.outcome is Outcome.BOOKED else YES
            case _:
                return None

    failed = calls.memory("failed", NO, failed_after)

    def apology_after(way: Way, before: Term) -> Term | None:
        match way.step:
            case Play():
                return z3.Or(before, failed[way.turn]) if way.step.prompt.apology else None
            case Mailbox() | Callback():
                return NO
            case _:
                return None

    def once(name: str, when: Callable[[Way], bool]) -> list[Term]:
        return calls.memory(name, NO, lambda way, _: YES if when(way) else None)

    goodbye, apology = calls.memory("goodbye", NO, goodbye_after), calls.memory("apology", NO, apology_after)
    pressed = once("pressed", lambda way: way.exit.pressed)
    silent = once("silent", lambda way: isinstance(way.step, Menu) and way.exit.outcome is Outcome.SILENCE)
    booked = once("booked", lambda way: way.exit.outcome is Outcome.BOOKED)
    message = once("message", lambda way: way.exit.outcome is Outcome.LEFT)
    resort, spared = last_resort(calls), exempt(calls)
    allowed = z3.BoolVal(calls.plan.policy.silent_caller_may_be_hung_up_on)
    return [
        z3.Not(
            z3.Or(
                spared,
                resort[turn],
                z3.And(failed[turn], apology[turn]),
                z3.And(
                    goodbye[turn],
                    z3.Or(booked[turn], message[turn], z3.And(allowed, silent[turn], z3.Not(pressed[turn]))),
                ),
            )
        )
        for turn in range(len(calls.arrived))
    ]
