"""Where callers can have people for the asking, and when.

In: a survey. Out: `People`, which knows at which instants somebody at a step has only to press a key for phones of
people to ring, or to be put in line for them. A key leads to people if it does whatever comes of the steps between,
without another question and without a notice. Dialled numbers do not count: who knows them? People who will be there so
soon that callers may be on their way to them as long (`Policy.to_person`) count as if they were: what callers hear just
before people come keeps them from nobody.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import attrs

from dialc.calendar import Instants, union
from dialc.plan import Again, Bot, Callback, Choice, Collect, Exit, Mailbox, Menu, Outcome, Party, Queue, Step
from dialc.reach import Situation, Survey, components
from dialc.timelines import Stretch, timeline


class Spot(NamedTuple):
    """A step as it is to those who are spoken to in a language, and who call whom."""

    step: str
    language: str
    party: Party


_Ways = Mapping[Spot, Mapping[Exit, Spot | None]]


@attrs.frozen(slots=False, eq=False)
class People:
    """What a survey says about people for the asking. Its cost is that of a plan in each language, for each party.

    Without `notices`, people whom callers come to only behind a notice are people all the same.
    """

    survey: Survey
    notices: bool = True
    _offered: dict[Spot, Instants] = attrs.field(factory=dict, repr=False)

    def offered(self, spot: Spot) -> Instants:
        """The instants at which whoever arrives at a step has a key that leads to people, or soon will."""
        known = self._offered.get(spot)
        if known is None:
            known = self._offered[spot] = self._found(spot)
        return known

    def _found(self, spot: Spot) -> Instants:
        found = Instants()
        keys = {choice.key for choice in _choices(self.survey.plan.steps[spot.step])}
        if not keys or spot not in self._ways:  # where nobody ever comes, it does not matter
            return found
        for exit, onward in self._ways[spot].items():
            if exit.outcome is Outcome.KEY and exit.key in keys and onward is not None:
                everything = self.survey.calendar.everything
                straight = everything - self._astray.get(onward, everything)
                found |= straight & self.survey.calendar.when(exit.when)
        return _earlier(found, 0, self.survey.plan.policy.to_person)

    @functools.cached_property
    def _ways(self) -> _Ways:
        """Where each exit leads that is followed; None where the call ends."""
        found: dict[Spot, dict[Exit, Spot | None]] = {}
        for situation in self.survey.reach():
            rows = found.setdefault(_spot(situation), {})
            for exit, onward in self.survey.ways(situation):
                rows[exit] = _spot(onward) if onward else None
        return found

    @functools.cached_property
    def _astray(self) -> Mapping[Spot, Instants]:
        """When somebody who arrives can come to something else than people: a question, a notice, a machine, an end.

        Whoever goes back has not come to anybody. So has not who goes round on a circle that the hours forbid.
        """
        everything = self.survey.calendar.everything
        graph = {spot: [to for _, to in self._onward(spot) if to and to in self._ways] for spot in self._ways}
        found: dict[Spot, Instants] = {}
        for component in components(graph):
            (first, *others) = component
            circular = bool(others) or first in graph[first]
            found.update((spot, everything if circular else self._from(spot, found)) for spot in component)
        return found

    def _onward(self, spot: Spot) -> Iterator[tuple[Exit, Spot | None]]:
        """The exits by which people are not come to at once, and where they lead; None where that is surely astray."""
        step = self.survey.step(spot.step, spot.language)
        for exit, onward in self._ways[spot].items():
            reached, heard = to_people(step, exit)
            if (heard and self.notices) or isinstance(step, Menu | Collect | Bot | Mailbox | Callback | Again):
                yield exit, None
            elif not reached:
                yield exit, onward

    def _from(self, spot: Spot, behind: Mapping[Spot, Instants]) -> Instants:
        everything = self.survey.calendar.everything
        found = Instants()
        for exit, onward in self._onward(spot):
            ahead = behind.get(onward, everything) if onward else everything
            found |= _earlier(ahead, exit.shortest, exit.longest) & self.survey.calendar.when(exit.when)
        return found


def to_people(step: Step, exit: Exit) -> tuple[bool, int]:
    """Whether people are come to on the way out of a step by an exit, and the seconds of notices that nobody could cut
    before.

    A queue that is open is joined, whatever comes of it. Keys cut the prompts of menus, so nobody has to hear them out.
    """
    if isinstance(step, Menu | Collect):
        return False, 0
    if isinstance(step, Queue):
        joined = exit.outcome is not Outcome.CLOSING or exit.stay is not None
        return joined, sum(prompt.seconds for prompt in step.prompts if prompt.notice) if joined else 0
    seconds = 0
    for stretch in timeline(step, exit):
        if stretch.people:
            return True, seconds
        seconds += _notice(stretch)
    return False, seconds


def _notice(stretch: Stretch) -> int:
    return stretch.shortest if stretch.prompt and stretch.prompt.notice else 0


def _choices(step: Step) -> Iterable[Choice]:
    """The keys of a step, and what they are for."""
    match step:
        case Menu() | Queue():
            return step.choices
        case Bot():
            return (step.escape,)
        case _:
            return ()


def _spot(situation: Situation) -> Spot:
    return Spot(situation.step, situation.language, situation.party)


def _earlier(instants: Instants, shortest: int, longest: int) -> Instants:
    """Every instant that lies `shortest` to `longest` seconds before one of the set."""
    if longest == 0:
        return instants
    return union((start - longest, end - shortest) for start, end in instants.stretches)
