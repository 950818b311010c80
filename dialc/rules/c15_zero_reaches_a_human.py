"""Zero reaches a human.

In every menu and every queue, key 0 leads to an operator, at once: the key itself, or through steps that take no time
and ask nothing (a branch on hours, callers, switches or the line, a label, a recording that begins). A prompt, a queue,
a phone of somebody else or a further menu on the way break the rule. What an operator says first stands in the
operator. A menu in which callers choose a language is a menu; a collect is none, where 0 is a digit.

It is asked while the operator of the line is there: for calls that came in while it was staffed and press 0 while it
is, unless the call has been told by then that these hours are closed, as on the way to a menu for the night. Whoever
comes to an operator that is not staffed goes where the operator says. Inside a last resort (behind the ``unanswered``
of an operator) the rule does not apply, since zero would lead to the phones that nobody has answered.

Comes from: a Lithuanian guide to getting past telephone menus, whose first advice is to press zero.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 2 "reception" -> reception
      tries 2
    }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: two."  lasts 4s  offers 1, 2 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[C15]: key 0 of `main` does not reach an operator
     --> plan.dial:4:1
      |
    4 | menu main {
      | ^^^^^^^^^^^
      = caller: presses 0 for a person, and is not understood
      = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
              +0:00  main: presses 0 in vain
      = help: write `key 0 -> reception` in `main`

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      tries 2
    }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterable, Iterator

import attrs

from dialc.calendar import Instants
from dialc.plan import (
    Again,
    Answer,
    Branch,
    ByCaller,
    ByException,
    ByLine,
    BySwitch,
    Choice,
    Exit,
    Label,
    Menu,
    Operator,
    Outcome,
    Queue,
    Record,
    Step,
)
from dialc.reach import Situation, State, Survey
from dialc.rules import Breach, breach
from dialc.staffing import Attendance, Attended, attended, operator, periods, there
from dialc.witness import written

_AT_ONCE = Answer | Label | Record | Branch | ByException | BySwitch | ByCaller | ByLine | Again
"""Steps that take no time and ask nothing."""


@attrs.frozen
class _Zero(Attendance):
    """Of a call that pressed 0 and has not come to an operator since: the step that it left last, and whether it has
    come to something that is no operator.
    """

    left: str = ""
    lost: bool = False


@attrs.frozen
class _Pressed(Attended):
    """Follows key 0 of some menus and queues."""

    asking: frozenset[str]

    def begin(self) -> State:
        return _Zero()

    def arrive(self, state: State, step: Step, instants: Instants) -> Iterable[tuple[State, Instants]]:
        if state.left and isinstance(step, Operator):
            state = attrs.evolve(state, left="")
        elif state.left and not isinstance(step, _AT_ONCE):
            state = attrs.evolve(state, lost=True)
        return super().arrive(state, step, instants)

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        goes_on = bool(state.left) and not state.lost
        zero = step.name in self.asking and (exit.outcome, exit.key) == (Outcome.KEY, "0")
        return attrs.evolve(super().leave(state, step, exit), left=step.name if zero or goes_on else "", lost=False)


def check(survey: Survey) -> Iterator[Breach]:
    """Every menu and queue in which key 0 leads nowhere, or not straight to an operator."""
    asking = frozenset(
        step.name for step in survey.plan.steps.values() if isinstance(step, Menu | Queue) and not _surely(survey, step)
    )
    if not asking:
        return
    silent: dict[str, list[Breach]] = {}
    astray: dict[tuple[str, str], list[Breach]] = {}
    for period in periods(survey.plan):
        memory = _Pressed(period, there(survey, period), asking)
        nowhere: dict[str, dict[Situation, Instants]] = {}
        elsewhere: dict[tuple[str, str], dict[Situation, Instants]] = {}
        for situation, instants in attended(survey, memory):
            step = survey.plan.steps[situation.step]
            if situation.state.lost and (lost := instants & memory.there):
                elsewhere.setdefault((situation.state.left, situation.step), {})[situation] = lost
            if isinstance(step, Menu | Queue) and step.name in asking and not _zero(step):
                vain = _in_vain(survey, situation, instants, memory.there)
                if vain:
                    nowhere.setdefault(step.name, {})[situation] = vain
        for name, goal in nowhere.items():
            silent.setdefault(name, []).append(_nowhere(survey, name, goal, memory))
        for way, goal in elsewhere.items():
            astray.setdefault(way, []).append(_elsewhere(survey, *way, goal, memory))
    for same in (*silent.values(), *astray.values()):
        yield min(same, key=_length)


def _zero(step: Menu | Queue) -> Choice | None:
    """What key 0 does."""
    return next((choice for choice in step.choices if choice.key == "0"), None)


def _surely(survey: Survey, step: Menu | Queue) -> bool:
    """Whether key 0 leads straight to an operator, whoever calls when."""
    zero = _zero(step)
    if zero is None:
        return False
    ahead = [zero.to]
    for name in ahead:
        to = survey.plan.steps[name]
        if isinstance(to, Operator):
            continue
        if not isinstance(to, _AT_ONCE):
            return False
        ahead.extend(str(exit.to) for exit in survey.exits(name) if exit.to not in ahead)
    return True


def _in_vain(survey: Survey, situation: Situation, instants: Instants, staffed: Instants) -> Instants:
    """When callers come to a menu or queue without key 0 who can press it while the operator is there."""
    step = survey.step(situation.step, situation.language)
    assert isinstance(step, Menu | Queue)
    heard = attrs.evolve(step, choices=(*step.choices, Choice("0", "", step.name))).exits()
    found = Instants()
    for exit in heard:
        if exit.key == "0":
            found |= survey.taken_by(exit, instants, staffed)
    return found


def _nowhere(survey: Survey, name: str, goal: dict[Situation, Instants], memory: _Pressed) -> Breach:
    step = survey.plan.steps[name]
    again = isinstance(step, Menu) and any(repeat.key == "0" for repeat in step.repeats)
    caller = "hears the same again" if again else "waits on" if isinstance(step, Queue) else "is not understood"
    return breach(
        survey,
        "C15",
        name,
        f"key 0 of `{name}` does not reach an operator",
        step.place,
        caller=f"presses 0 for a person, and {caller}",
        witness=survey.witness(memory, goal),
        last=f"{written(name)}: presses 0 in vain",
        help=_help(survey, name, goal),
    )


def _elsewhere(survey: Survey, left: str, to: str, goal: dict[Situation, Instants], memory: _Pressed) -> Breach:
    witness = survey.witness(memory, goal)
    assert witness
    pressed = next(turn.step for turn in reversed(witness.turns) if turn.exit.key == "0")
    exit = next(exit for exit in survey.exits(left) if exit.to == to)
    return breach(
        survey,
        "C15",
        left,
        f"key 0 of `{pressed}` does not lead straight to an operator",
        survey.plan.arrow(left, exit if left != pressed else witness.turns[-1].exit),
        caller=f"presses 0 for a person, and comes to `{written(to)}` first",
        witness=witness,
        last=f"{written(to)} is no operator",
        help=_help(survey, pressed, goal),
    )


def _help(survey: Survey, name: str, goal: dict[Situation, Instants]) -> str:
    """What to write, where all callers have one operator and no number begins with 0."""
    step = survey.plan.steps[name]
    names = {operator(survey.plan, situation.party).name for situation in goal}
    if len(names) > 1 or (isinstance(step, Menu) and step.begins("0")):
        return ""
    return f"write `key 0 -> {names.pop()}` in `{name}`"


def _length(one: Breach) -> tuple[int, int, float]:
    assert one.witness
    return len(one.witness.turns), one.witness.seconds, one.witness.at.timestamp()
