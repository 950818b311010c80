"""C04: a wait gets too long without a word, or a prompt is heard once too often."""

from collections.abc import Iterator

import attrs
import z3

from dialc.plan import (
    Announcement,
    Bot,
    Collect,
    Extensions,
    Lookup,
    Mailbox,
    Menu,
    Operator,
    Outcome,
    Play,
    Queue,
    Ring,
)
from tests.engine.calls import Calls, Term, Way, hearing
from tests.engine.events import heard


def breaks(calls: Calls) -> Iterator[tuple[int, Term]]:
    yield from _waits(calls)
    yield from _told_too_often(calls)


def _told_too_often(calls: Calls) -> Iterator[tuple[int, Term]]:
    for name in calls.plan.prompts:

        def change(way: Way, before: Term, name: str = name) -> Term | None:
            begun = [z3.If(each.so, 1, 0) for each in heard(calls, way) if each.prompt.name == name]
            return before + z3.Sum(begun) if begun else None

        told = calls.memory("told", z3.IntVal(0), change)
        for turn, ways in enumerate(calls.ways):
            for way in ways:
                if any(each.prompt.name == name for each in heard(calls, way)):
                    yield turn, z3.And(way.taken, told[turn + 1] > calls.plan.policy.same_prompt)


@attrs.define
class _Waits:
    """What a caller has waited since the last word, as terms that grow along a way; `late` is when it was too long."""

    calls: Calls
    silence: Term
    ringing: Term
    late: list[Term] = attrs.field(factory=list)

    def word(self, so: Term | None = None) -> None:
        """Something is said, if it is so."""
        zero = z3.IntVal(0)
        self.silence = zero if so is None else z3.If(so, zero, self.silence)
        self.ringing = zero if so is None else z3.If(so, zero, self.ringing)

    def silent(self, seconds: Term) -> None:
        """Nothing is said for so long, or music is played."""
        self.silence = self.silence + seconds
        self.late.append(self.silence > self.calls.plan.policy.silence)

    def rings(self, seconds: Term) -> None:
        self.ringing = self.ringing + seconds
        self.late.append(self.ringing > self.calls.plan.policy.ringing)


def _waits(calls: Calls) -> Iterator[tuple[int, Term]]:
    silence: Term = z3.IntVal(0)
    ringing: Term = z3.IntVal(0)
    for turn, ways in enumerate(calls.ways):
        silent, rung = silence, ringing
        for way in ways:
            waits = _Waits(calls, silence, ringing)
            _live(waits, way)
            if waits.late:
                yield turn, z3.And(way.taken, z3.Or(*waits.late))
            silent = z3.If(way.taken, waits.silence, silent)
            rung = z3.If(way.taken, waits.ringing, rung)
        silence, ringing = calls.fresh("silence", z3.Int), calls.fresh("ringing", z3.Int)
        calls.solver.add(silence == silent, ringing == rung)


def _live(waits: _Waits, way: Way) -> None:
    """What a caller hears in a step, from the beginning to the exit."""
    calls = waits.calls
    now, step = calls.turns[way.turn], way.step
    lasted = calls.turns[way.turn + 1].at - now.at
    match step:
        case Play():
            waits.word()
        case Mailbox():
            waits.word()
        case Menu() | Collect():
            _asked(waits, way, step)
        case Ring() | Operator():
            if way.exit.outcome is Outcome.UNSTAFFED:
                return
            stage = 0
            for item in step.items if isinstance(step, Operator) else step.stages:
                there = z3.BoolVal(True) if way.exit.outcome is Outcome.UNANSWERED else now.counted > stage
                if isinstance(item, Announcement):
                    waits.word(there)
                else:
                    waits.rings(z3.If(now.counted > stage, now.lasts[stage], 0))
                    stage += 1
        case Extensions():
            waits.rings(lasted)
        case Lookup():
            waits.silent(lasted)
        case Bot():
            _joined(waits, way, step, lasted)
        case Queue() if hearing(way.exit):
            _in_line(waits, way, step, lasted)
        case _:
            pass


def _asked(waits: _Waits, way: Way, step: Menu | Collect) -> None:
    """Try after try: prompts, a while in which nothing is said, a key, and between further keys as much again."""
    calls = waits.calls
    now = calls.turns[way.turn]
    said = sum(prompt.seconds for prompt in step.prompts)
    digits = step.most + step.ends if isinstance(step, Collect) else 1
    if isinstance(step, Menu):
        digits = max((len(number) for direct in step.direct for number in direct.numbers), default=1)
    for index in range(step.tries):
        asked, hit = now.counted > index, now.hit[index]
        waits.word(asked)
        waits.silent(z3.If(z3.And(asked, now.cut[index] > said), now.cut[index] - said, 0))
        waits.word(z3.And(asked, hit))
        if digits == 1:
            continue
        # What is left once the first key was pressed passes between further keys, the last of which may not come.
        gaps = [calls.fresh("gap", z3.Int) for _ in range(digits - 1)]
        pressed = [calls.fresh("pressed") for _ in gaps]
        calls.solver.add(*(z3.And(gap >= 0, gap <= step.wait) for gap in gaps))
        rest = z3.If(z3.And(asked, hit), now.lasts[index] - now.cut[index], 0)
        calls.solver.add(z3.Implies(way.taken, z3.Sum(gaps) == rest))
        for before, after, gap in zip(pressed, pressed[1:], gaps[1:], strict=False):
            calls.solver.add(z3.Implies(z3.Not(before), z3.And(z3.Not(after), gap == 0)))
        if way.exit.outcome in (Outcome.KEY, Outcome.EXTENSION):
            calls.solver.add(z3.Implies(z3.And(way.taken, now.counted == index + 1), _decided(gaps, pressed)))
        for gap, key in zip(gaps, pressed, strict=True):
            waits.silent(z3.If(z3.And(asked, hit), gap, 0))
            waits.word(z3.And(asked, hit, key))


def _decided(gaps: list[Term], pressed: list[Term]) -> Term:
    """That the last key came when the last gap was over."""
    return z3.And(*(z3.Implies(gap > 0, key) for gap, key in zip(gaps, pressed, strict=True)))


def _joined(waits: _Waits, way: Way, bot: Bot, lasted: Term) -> None:
    """A machine rings, and talks if it picks up."""
    rung = waits.calls.fresh("rung", z3.Int)
    joined = waits.calls.fresh("joined")
    waits.calls.solver.add(rung >= 0, rung <= bot.ring)
    waits.calls.solver.add(z3.Implies(way.taken, z3.And(rung <= lasted, lasted - rung <= bot.limit)))
    waits.calls.solver.add(z3.Implies(z3.And(way.taken, z3.Not(joined)), rung == lasted))
    if way.exit.outcome is Outcome.LIMIT:
        waits.calls.solver.add(z3.Implies(way.taken, z3.And(joined, lasted - rung == bot.limit)))
    if way.exit.outcome is Outcome.OVER:
        waits.calls.solver.add(z3.Implies(way.taken, joined))
    if way.exit.outcome is Outcome.FAILED:
        waits.calls.solver.add(z3.Implies(way.taken, z3.Not(joined)))
    waits.rings(rung)
    waits.word(joined)
    if way.exit.outcome is Outcome.KEY:
        waits.word()


def _in_line(waits: _Waits, way: Way, queue: Queue, lasted: Term) -> None:
    """Prompts, which a key cuts, then music, or announcements of where the caller stands."""
    waited = z3.If(lasted > queue.seconds, lasted - queue.seconds, 0)
    if queue.prompts:
        waits.word()
    if queue.announce is None:
        waits.silent(waited)
    else:
        apart = queue.announce.every + queue.ring
        between = z3.If(waited < apart, waited, apart)
        waits.late.append(between > waits.calls.plan.policy.announcements)
        waits.word(waited >= apart)
    if way.exit.outcome is Outcome.KEY:
        waits.word()
