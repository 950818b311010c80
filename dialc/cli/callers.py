"""Callers: those who say what happens in a simulated call.

In: words that were given, or somebody at the terminal. Out: what happens at each point of the call.
"""

import datetime
from collections.abc import Sequence
from typing import Protocol, assert_never

from dialc.call import CannotHappen, Happens, Point, Reads, experience
from dialc.cli import script, terminal
from dialc.cli.script import HangsUp
from dialc.cli.terminal import Misuse, say
from dialc.findings import visible
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
    Choice,
    Collect,
    Extensions,
    HangUp,
    Label,
    Lookup,
    Mailbox,
    Menu,
    Operator,
    Outside,
    Plan,
    Play,
    Prompt,
    Queue,
    Record,
    Ring,
)
from dialc.telling import words


class Caller(Protocol):
    """Says what happens in a call.

    `hangs_up` is when the caller does, in seconds since the call came in, None for never; `language` is what the caller
    is spoken to in, once one was chosen; `said` counts what has happened because it was said, and `left` is the first
    word that has not come to pass, empty where all have.
    """

    hangs_up: int | None
    language: str
    said: int

    @property
    def left(self) -> str:
        """See above."""

    def decide(self, point: Point) -> Happens | None:
        """What happens at a point; None for what happens if nobody does anything."""


class Told:
    """A caller who does what words say, one at each point, and nothing once they are used up."""

    def __init__(self, words: Sequence[str]) -> None:
        """Raises `Misuse` for words that say nothing, or that hang up twice."""
        self.hangs_up: int | None = None
        self.language = ""
        self.said = 0
        self._ahead: list[tuple[str, Happens | HangsUp]] = []
        said = [(word, script.read_all(word)) for word in words]
        hanging_up = [word for word, all_of_it in said if isinstance(all_of_it[0], HangsUp)]
        if len(hanging_up) > 1:
            raise Misuse(f"`{visible(hanging_up[1])}`: the caller has hung up already, by `{visible(hanging_up[0])}`")
        for word, all_of_it in said:
            for happens in all_of_it:
                if isinstance(happens, HangsUp) and happens.at is not None:
                    self.hangs_up = happens.at
                else:
                    self._ahead.append((word, happens))

    @property
    def left(self) -> str:
        """The first word that has not come to pass; empty where all have."""
        return self._ahead[0][0] if self._ahead else ""

    def decide(self, point: Point) -> Happens | None:
        """The next word. Once the caller hangs up, nothing more happens."""
        if not self._ahead:
            return None
        self.said += 1
        _, happens = self._ahead.pop(0)
        if isinstance(happens, HangsUp):
            self.hangs_up = point.at
            return None
        return script.at(point, happens)


class Asked:
    """Somebody at the terminal, who is asked at each point."""

    left = ""

    def __init__(self, plan: Plan, number: str, at: datetime.datetime, reads: Reads, caller: str) -> None:
        self.hangs_up: int | None = None
        self.language = plan.language
        self.said = 0
        self._plan, self._number, self._at, self._reads, self._caller = plan, number, at, reads, caller
        self._happened: list[Happens | None] = []

    def decide(self, point: Point) -> Happens | None:
        """What is answered, asked again if it cannot be; at the end of the input, the caller hangs up."""
        say(_question(self._plan.spoken(self.language), point))
        while True:
            answer = terminal.ask("> ")
            try:
                happens = None if answer == "" else HangsUp(None) if answer is None else _answer(point, answer)
                if isinstance(happens, HangsUp):
                    self.hangs_up = point.at
                    return None
                self._try(happens)
            except (Misuse, CannotHappen) as impossible:
                say(f"  {impossible}")
                continue
            self._happened.append(happens)
            self.said += 1
            return happens

    def _try(self, happens: Happens | None) -> None:
        """Make the call again up to here, and see whether this can happen. Raises `CannotHappen`."""
        ahead = [*self._happened, happens]
        plan, number, at, reads, caller = self._plan, self._number, self._at, self._reads, self._caller
        for _ in experience(plan, number, at, lambda _: ahead.pop(0), reads, caller):
            if not ahead:
                return


def _answer(point: Point, answer: str) -> Happens | HangsUp:
    """What an answer says; where keys are pressed, a key alone says enough. Raises `Misuse`."""
    pressed = len(answer) == 1 and answer in KEYS and isinstance(point.step, Menu | Collect | Queue | Bot)
    happens = script.read(f"press:{answer}" if pressed else answer)
    if isinstance(happens, HangsUp):
        if happens.at is not None:
            raise Misuse("here, it is `hang-up`, and at once")
        return happens
    return script.at(point, happens)


def _question(plan: Plan, point: Point) -> str:
    """What is asked at a point."""
    step = point.step
    match step:
        case Menu() if point.keys:
            now = f"{point.keys} was dialled; {step.wait} s to press the next key"
            can, else_ = "a key", "no further key"
        case Menu():
            now = f"{_played(plan, step.prompts)}{step.wait} s to press a key"
            again = "".join(f"{repeat.key} {visible(repeat.label) or 'again'}, " for repeat in step.repeats)
            rows = "".join(f"an extension of {direct.row}, key by key, " for direct in step.direct)
            can, else_ = f"{_keys(step.choices)}{again}{rows}another key", "none is pressed"
        case Collect() if point.keys:
            now = f"{point.keys} was entered; {step.wait} s to press the next key"
            can, else_ = "a key; # ends the entry", "no further key"
        case Collect():
            few, many = step.fewest, step.most
            asked = f"{few} digit{'s' if few > 1 else ''}" if few == many else f"{few} to {many} digits"
            now = f"{_played(plan, step.prompts)}{step.wait} s to press the first of {asked}"
            can, else_ = "a key", "none is pressed"
        case Ring() | Operator():
            stage = step.stages[point.turn - 1]
            declined = ", declined" if any(isinstance(p, Outside) and p.confirm for p in stage.phones) else ""
            now = f"{stage.seconds} s to answer"
            can = f"answered, answered:{stage.phones[-1].number}, busy, unavailable{declined}"
            else_ = "nobody answers"
        case Extensions():
            now, can, else_ = f"{step.seconds} s to answer", "answered, busy, unavailable", "nobody answers"
        case Queue():
            now = f"{_played(plan, step.prompts)}up to {step.patience} s until somebody answers"
            can = f"answered, answered:{(step.members or step.everybody)[-1].number}, {_keys(step.choices)}empty, "
            can, else_ = f"{can}{'full, ' if step.room else ''}failure", "nobody answers"
        case Mailbox():
            now = f"up to {step.longest} s for a message in mailbox {step.box}"
            can, else_ = "left, left@20, nothing-left, failed", "one of 10 s is left"
        case Lookup():
            now = f"{step.seconds} s for {step.service} to answer"
            can = "".join(f"answer:{reply.word}, " for reply in step.replies)
            can, else_ = f"{can}answer:{step.replies[0].word}@1, failed", "it does not"
        case Bot() if point.turn == 1:
            now = f"{step.ring} s for {step.phone.number}, a machine, to answer"
            can, else_ = f"answered, answered@2, {_keys([step.escape])}failed", "it answers"
        case Bot():
            now = f"the machine talks for up to {step.limit} s"
            can, else_ = f"over, over@20, {_keys([step.escape])}limit", "it talks until its time is over"
        case Callback():
            now, can = "a call-back is asked for", "booked, no-number, failed"
            else_ = "it is booked, if the caller can be called back"
        case Answer() | Play() | Record() | Label() | Branch() | ByException() | BySwitch() | ByCaller() | ByLine():
            raise AssertionError(f"nothing can happen at `{step.name}`")
        case Again() | HangUp():
            raise AssertionError(f"nothing can happen at `{step.name}`")
        case _:
            assert_never(step)
    return f"       {now}\n       {can}; Enter: {else_}; hang-up"


def _played(plan: Plan, prompts: Sequence[Prompt]) -> str:
    """What is heard first."""
    texts = " ".join(words(plan, prompt) or prompt.name for prompt in prompts)
    return f"{texts} ({sum(prompt.seconds for prompt in prompts)} s), then " if prompts else ""


def _keys(choices: Sequence[Choice]) -> str:
    """Keys and what they are for, each followed by a comma."""
    return "".join(f"{choice.key} {visible(choice.label) or choice.to}, " for choice in choices)
