"""One concrete call that shows something: which line was called when, and what came of each step.

In: built by the verifier. Out: `Witness`, and `narrate`, the same call in the caller's words. `call.replay` walks it,
`dialc simulate` shows it, a real PBX can be made to repeat it.
"""

import datetime
import re

import attrs

from dialc.plan import (
    Answer,
    Bot,
    Branch,
    ByCaller,
    ByException,
    BySwitch,
    Callback,
    Collect,
    End,
    Exit,
    Lookup,
    Menu,
    Outcome,
    Plan,
    Record,
    Step,
)


@attrs.frozen
class Turn:
    """One step of a call: the exit it was left by and after how many seconds; `missed` are the wrong keys before."""

    step: str
    exit: Exit
    seconds: int
    missed: int = 0


@attrs.frozen
class Witness:
    """A call to `number` (E.164, short, or `default`) that begins at `at` (an instant with zone), takes `turns` and
    arrives at `step`, or has ended where `step` is empty. `caller` is the caller's number or `withheld`, empty where
    that does not matter.
    """

    number: str
    at: datetime.datetime
    turns: tuple[Turn, ...]
    step: str = ""
    caller: str = ""

    @property
    def seconds(self) -> int:
        """Length of the call, in seconds."""
        return sum(turn.seconds for turn in self.turns)

    @property
    def language(self) -> str:
        """The language in which the caller is spoken to at last, empty for the plan's first."""
        return next((turn.exit.speaks for turn in reversed(self.turns) if turn.exit.speaks), "")


def narrate(plan: Plan, witness: Witness, last: str = "", after: int = 0) -> tuple[str, ...]:
    """The call as lines of text, in the caller's order, closed by `last`, which is `after` so many seconds more."""
    found = [f"{witness.at:%a %Y-%m-%d %H:%M:%S %Z}, calling {_called(witness)}"]
    since = 0
    for turn in witness.turns:
        since += turn.seconds
        step = plan.steps[turn.step]
        if isinstance(step, Answer):
            continue
        missed = f"{turn.missed} wrong key{'s' if turn.missed > 1 else ''}, then " if turn.missed else ""
        found.append(f"{clock(since)}  {written(turn.step)}: {missed}{_said(step, turn.exit)}{_onward(turn.exit)}")
    if last:
        found.append(f"{clock(since + after)}  {last}")
    return tuple(found)


def _called(witness: Witness) -> str:
    """The number called, and from which where that matters."""
    number = "a number with no line of its own" if witness.number == "default" else witness.number
    caller = "a withheld number" if witness.caller == "withheld" else witness.caller
    return f"{number} from {caller}" if caller else number


_NUMBER = re.compile(r"-[0-9]+$")


def written(step: str) -> str:
    """The block that a step comes from: `start-2` was written in `start`, and `branch-a-2` in `branch-a`."""
    return _NUMBER.sub("", step)


def _onward(exit: Exit) -> str:
    """Where an exit leads, unless it goes on in the same block, or nowhere."""
    return "" if isinstance(exit.to, End) or exit.to != written(exit.to) else f" -> {exit.to}"


def clock(seconds: int) -> str:
    """Seconds into a call, as people read them: `+0:07`."""
    return f"+{seconds // 60}:{seconds % 60:02}"


def spelt(seconds: int) -> str:
    """Seconds as people say them: `45 s`, `2 min`, `17 min 24 s`."""
    minutes, rest = divmod(seconds, 60)
    return " ".join((*([f"{minutes} min"] if minutes else []), *([f"{rest} s"] if rest or not minutes else [])))


_WORDS = {
    Outcome.EXTENSION: "dials an extension",
    Outcome.ACCEPT: "enters digits that are taken",
    Outcome.DONE: "heard",
    Outcome.SILENCE: "nothing pressed",
    Outcome.UNDECIDED: "wrong keys, then nothing pressed",
    Outcome.INVALID: "only keys that mean nothing here",
    Outcome.ANSWERED: "answered",
    Outcome.UNCONFIRMED: "picked up, perhaps by a machine",
    Outcome.BUSY: "busy",
    Outcome.NO_ANSWER: "nobody answers",
    Outcome.UNAVAILABLE: "no phone can be reached",
    Outcome.DECLINED: "declined",
    Outcome.TIMEOUT: "patience is over",
    Outcome.EMPTY: "nobody serves the queue",
    Outcome.FULL: "the queue is full",
    Outcome.FAILURE: "the queue fails",
    Outcome.CLOSING: "the queue closes",
    Outcome.LEFT: "a message was left",
    Outcome.NOTHING_LEFT: "no message was left",
    Outcome.FAILED: "the mailbox fails",
    Outcome.BOOKED: "a call-back is booked",
    Outcome.NO_NUMBER: "cannot be called back",
    Outcome.AGAIN: "back again",
    Outcome.USED_UP: "has come back often enough",
    Outcome.LISTED: "on the list",
    Outcome.NOT_LISTED: "not on the list",
    Outcome.OWN: "the operator of the line",
    Outcome.UNSTAFFED: "not staffed now",
    Outcome.UNANSWERED: "nobody answers",
    Outcome.HUNG_UP: "hangs up",
    Outcome.OVER: "the bot hangs up",
    Outcome.LIMIT: "the time of the bot is over",
}


def _said(step: Step, taken: Exit) -> str:
    if taken.outcome is Outcome.KEY:
        return f"presses {taken.key}{f', to be spoken to in {taken.speaks}' if taken.speaks else ''}"
    if isinstance(step, Collect) and taken.pressed:
        return {
            Outcome.ACCEPT: f"enters digits that are taken for `{taken.what}`",
            Outcome.SILENCE: "enters what is not taken, then nothing",
        }.get(taken.outcome, "enters only what is not taken")
    if isinstance(step, Record):
        return "is recorded from here on"
    if isinstance(step, Lookup):
        return {
            Outcome.REPLY: f"the answer is {taken.what}",
            Outcome.TIMEOUT: "no answer in time",
        }.get(taken.outcome, "no answer that the plan knows")
    if isinstance(step, Bot) and taken.outcome is Outcome.FAILED:
        return "the bot does not answer"
    if isinstance(step, ByCaller):
        listed = "" if taken.outcome is Outcome.LISTED else " not"
        return f"the caller is{listed}{'' if ' ' in step.callers.name else ' in'} {step.callers.name}"
    if isinstance(step, Branch):
        return f"{step.hours.name} {taken.outcome.value}"
    if taken.pressed and isinstance(step, Menu) and taken.outcome in (Outcome.SILENCE, Outcome.UNDECIDED):
        return "asks to hear it again, until no try is left" if step.repeats else _WORDS[Outcome.UNDECIDED]
    if isinstance(step, ByException):
        state = f'{step.hours.name} {"open" if step.open else "closed"} by "{step.exception}"'
        return f"not {state}" if taken.outcome is Outcome.OTHERWISE else state
    if isinstance(step, BySwitch):
        return f"{step.switch.name} {taken.outcome.value}"
    if isinstance(step, Callback) and taken.outcome is Outcome.FAILED:
        return "the call-back cannot be booked"
    return _WORDS[taken.outcome]
