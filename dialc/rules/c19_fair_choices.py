"""Fair choices.

Of the options of a menu, the slowest takes at most four times as long as the quickest until a phone of people rings or
a queue is joined, and 30 seconds more (the numbers of ``charter``), for a caller who chooses either at the same
instant.

What an option takes is the most that prompts, bots and lookups take behind it at that instant. What callers take for
themselves is not counted: of further questions that they are asked, the prompts count, and each is answered as they
end. Key 0 is left out, and so are options behind which there is a notice, options that give information and lead back
to the menu (``again``), and those that never come to people. A choice that is unfair only since another behind it is,
is not told again.

Comes from: a Lithuanian guide to getting past telephone menus: the option that costs money answers first.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "orders"     -> orders
      key 2 "complaints" -> complaints
      key 0 "reception"  -> reception
      wait 5s  tries 2
    }
    ring orders { ring 201, 202 for 10s }
    route complaints { play patience_please -> service }
    ring service { ring 203 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices   en "Orders: one. Complaints: two. Help: zero."  lasts 5s  offers 1, 2, 0 }
    prompt patience_please { file office/patience  en "Your complaint is important to us. …"  lasts 40s }
    prompt apology { file office/apology   en "We are sorry. Goodbye."  lasts 4s  apology  goodbye }

Says::

    warning[C19]: key 2 of `main` takes 40 s to anybody's phone, and key 1 takes 0 s
     --> plan.dial:7:3
      |
    7 |   key 2 "complaints" -> complaints
      |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = caller: is kept waiting for what they have called about, while others are answered first
      = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
              +0:00  main: presses 2 -> complaints
              +0:00  complaints: 40 s more until anybody's phone rings

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "orders"     -> orders
      key 2 "complaints" -> service
      key 0 "reception"  -> reception
      wait 5s  tries 2
    }
    ring orders { ring 201, 202 for 10s }
    ring service { ring 203 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices   en "Orders: one. Complaints: two. Help: zero."  lasts 5s  offers 1, 2, 0 }
    prompt apology { file office/apology   en "We are sorry. Goodbye."  lasts 4s  apology  goodbye }
"""

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import attrs

from dialc import approach
from dialc.calendar import Instants, union
from dialc.findings import Severity
from dialc.measure import Measured, Passage
from dialc.pieces import Piece, Pieces, within
from dialc.plan import Choice, Collect, End, Exit, Menu, Outcome, Step, heard_at
from dialc.policies import Policy
from dialc.reach import Memory, Situation, State, Survey, components
from dialc.rules import Breach, breach
from dialc.timelines import timeline

Chosen = tuple[str, str]
"""A key of a menu: the menu and the key."""


class Unfair(NamedTuple):
    """A choice that is slow at some instants: seconds, against those of the quickest key then."""

    situation: Situation
    choice: Choice
    seconds: int
    quickest: Choice
    quick: int
    at: Instants


def check(survey: Survey) -> Iterator[Breach]:
    """Every menu with an option that is much slower than another; of nested ones, the innermost."""
    left_out: set[Chosen] = set()
    told: set[str] = set()
    noticed = _noticed(survey)
    while True:
        found = _unfair(survey, frozenset(left_out), noticed)
        menus = [menu for menu in _innermost(survey, found) if menu not in told]
        if not menus:
            return
        for menu in menus:
            told.add(menu)
            yield _breach(survey, menu, found[menu])
            left_out |= {(menu, each.choice.key) for each in found[menu]}


def _unfair(survey: Survey, left_out: frozenset[Chosen], noticed: frozenset[str]) -> Mapping[str, list[Unfair]]:
    """What is unfair in which menu, where callers do not choose what is left out."""
    measured = Measured(survey, functools.partial(_measure, left_out), most=True)
    bounds = _Bounds()
    found: dict[str, list[Unfair]] = {}
    for situation, instants in survey.reach().items():
        menu = survey.plan.steps[situation.step]
        if not isinstance(menu, Menu) or len(menu.choices) < 2:
            continue
        behind: list[tuple[Choice, Exit, Pieces]] = []
        for exit, onward in survey.ways(situation):
            choice = next((each for each in menu.choices if each.key == exit.key), None)
            if choice is None or choice.key == "0" or onward is None or onward.step in noticed:
                continue
            if (situation.step, choice.key) not in left_out:
                behind.append((choice, exit, measured.pieces().get(onward, ())))
        if len(behind) > 1 and bounds.differ([pieces for _, _, pieces in behind], survey.plan.policy):
            options = [
                (choice, tuple(within(pieces, survey.arrival(exit, instants)))) for choice, exit, pieces in behind
            ]
            found.setdefault(menu.name, []).extend(_compared(survey, situation, options))
    return {menu: unfair for menu, unfair in found.items() if unfair}


class _Bounds:
    """The least and the most seconds of pieces, looked for once of the same."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Pieces, int, int]] = {}

    def differ(self, options: Sequence[Pieces], policy: Policy) -> bool:
        """Whether one of some options could be too slow against another, whenever either is chosen."""
        bounds = [self._of(pieces) for pieces in options if pieces]
        return any(
            slow > policy.times_slower * quick + policy.seconds_slower
            for (_, slow), (quick, _) in itertools.permutations(bounds, 2)
        )

    def _of(self, pieces: Pieces) -> tuple[int, int]:
        known = self._known.get(id(pieces))
        if known is None:
            least = min(piece.at(piece.end - 1) for piece in pieces)
            most = max(piece.seconds for piece in pieces)
            known = self._known[id(pieces)] = pieces, least, most  # which are kept, so that no others get their id
        return known[1:]


def _compared(survey: Survey, situation: Situation, options: Sequence[tuple[Choice, Pieces]]) -> Iterator[Unfair]:
    """The options that are too slow, each with the instants at which it is and the most that it then takes."""
    policy = survey.plan.policy
    slow: dict[str, list[tuple[int, Choice, Choice, int, tuple[int, int]]]] = {}
    for start, end, ahead in _together(options):
        if len(ahead) < 2:
            continue
        # Pieces stay or fall by a second: between two edges, what is too slow is so from some instant on, or up to one.
        for (slowest, piece), (quickest, other) in itertools.permutations(ahead, 2):
            first, last = _beyond(piece, other, start, end, policy.times_slower, policy.seconds_slower)
            if first < last:
                row = (piece.at(first), slowest, quickest, other.at(first), (first, last))
                slow.setdefault(slowest.key, []).append(row)
    for rows in slow.values():
        seconds, choice, quickest, quick, _ = max(rows, key=lambda row: row[0] - policy.times_slower * row[3])
        yield Unfair(situation, choice, seconds, quickest, quick, union(row[4] for row in rows))


def _together(
    options: Sequence[tuple[Choice, Pieces]],
) -> Iterator[tuple[int, int, list[tuple[Choice, Piece]]]]:
    """Stretches of instants in which each option has one piece, or none."""
    edges = sorted({edge for _, pieces in options for piece in pieces for edge in (piece.start, piece.end)})
    at = [0] * len(options)
    for start, end in itertools.pairwise(edges):
        ahead = []
        for index, (choice, pieces) in enumerate(options):
            while at[index] < len(pieces) and pieces[at[index]].end <= start:
                at[index] += 1
            if at[index] < len(pieces) and pieces[at[index]].start <= start:
                ahead.append((choice, pieces[at[index]]))
        yield start, end, ahead


def _beyond(slow: Piece, quick: Piece, start: int, end: int, times: int, more: int) -> tuple[int, int]:
    """The instants from `start` up to `end` at which one is more than so many times the other and so much more."""
    excess = slow.at(start) - times * quick.at(start) - more
    slope = times * quick.falls - slow.falls
    if slope == 0:
        return (start, end) if excess > 0 else (start, start)
    if slope > 0:  # too slow from some instant on
        first = start if excess > 0 else start + -excess // slope + 1
        return min(first, end), end
    return start, min(end, start + max(0, -(-excess // -slope)))


def _measure(left_out: frozenset[Chosen], step: Step, exit: Exit) -> Iterator[Passage]:
    """The seconds until people that are not the caller's own."""
    if exit.outcome is Outcome.AGAIN or (step.name, exit.key) in left_out:
        return
    if not isinstance(step, Menu | Collect):
        if exit.pressed:  # whoever has chosen an option waits for it
            return
        yield from (approach.passage(way, counted=True) for way in approach.ways(step, exit, sure=True))
    elif exit.outcome in approach.CHOSEN and exit.key != "0":
        for way in approach.ways(step, exit, sure=True):
            heard = (stretch for stretch in way.heard if stretch.prompt)
            said = tuple(attrs.evolve(stretch, shortest=stretch.longest) for stretch in heard)
            yield approach.passage(attrs.evolve(way, heard=said), counted=True)


def _noticed(survey: Survey) -> frozenset[str]:
    """The steps from which a caller can come to a notice before people."""
    found: set[str] = set()
    graph: dict[str, list[str]] = {}
    for name, step in survey.plan.steps.items():
        exits = survey.exits(name)
        people = any(stretch.people for exit in exits for stretch in timeline(step, exit))
        onward = [exit.to for exit in exits if not isinstance(exit.to, End) and exit.outcome is not Outcome.AGAIN]
        graph[name] = [] if people else onward
    for component in components(graph):
        for name in component:
            if any(prompt.notice for prompt in heard_at(survey.plan.steps[name])) or found & {*graph[name]}:
                found.update(component)
    return frozenset(found)


def _innermost(survey: Survey, found: Mapping[str, object]) -> list[str]:
    """The menus of those found that lead to no other of them."""
    graph = {
        name: [exit.to for exit in survey.exits(name) if not isinstance(exit.to, End)] for name in survey.plan.steps
    }
    leads: set[str] = set()
    inner = []
    for component in components(graph):
        beyond = any(to in leads for name in component for to in graph[name])
        here = [name for name in component if name in found]
        inner += [] if beyond else here
        if beyond or here:
            leads.update(component)
    return inner


@attrs.frozen
class _Chose(Memory):
    """Whether a key of a menu was pressed."""

    menu: str
    key: str

    def begin(self) -> State:
        return False

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return step.name == self.menu and exit.key == self.key

    def over(self, state: State) -> bool:
        return bool(state)


def _breach(survey: Survey, menu: str, unfair: Iterable[Unfair]) -> Breach:
    """The option of a menu that is slowest against another."""
    times = survey.plan.policy.times_slower
    worst = max(unfair, key=lambda each: each.seconds - times * each.quick)
    memory = _Chose(menu, worst.choice.key)
    goal: dict[Situation, Instants] = {}
    for situation, instants in survey.reach(memory).items():
        for each in unfair:
            language = each.choice.speaks or each.situation.language
            same = each.situation._replace(step=each.choice.to, state=True, language=language)
            if each.choice == worst.choice and situation == same and instants & each.at:
                goal[situation] = goal.get(situation, Instants()) | (instants & each.at)
    slow, quick = (f"key {choice.key}" for choice in (worst.choice, worst.quickest))
    return breach(
        survey,
        "C19",
        menu,
        f"{slow} of `{menu}` takes {worst.seconds} s to anybody's phone, and {quick} takes {worst.quick} s",
        worst.choice.place,
        caller="is kept waiting for what they have called about, while others are answered first",
        witness=survey.witness(memory, goal) if goal else None,
        last=f"{worst.choice.to}: {worst.seconds} s more until anybody's phone rings",
        severity=Severity.WARNING,
    )
