"""The checks that policy packs share: each decides, of a whole plan, something that some law or standard asks.

In: an `Inquiry`, a plan ready to be asked about, and what asks. Out: `Breach`es. A check is one module, named after its
code and what it looks for, with a `check` function; its docstring is its page, with a plan that breaks it (*Bad*), the
finding as printed (*Says*) and a plan that keeps it (*Good*). A new module here is a new check; there is no list to
edit.

What a law asks of people who are there is asked of calls that come in while the operator of the line is staffed, as the
charter asks it (`staffing`), for as long as that is so, and with night switches on `auto`: whoever turns one to closed
says that nobody is there. Lines that are not for people are left out.
"""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

import attrs

from dialc import approach, reach, staffing
from dialc.calendar import Instants
from dialc.findings import Severity
from dialc.measure import Measured
from dialc.on_hold import waits
from dialc.people import People, Spot, to_people
from dialc.plan import Bot, Collect, Exit, Mailbox, Menu, Period, Plan, Queue, Step
from dialc.policies import CHARTER, NUMBERS
from dialc.reach import Beginning, Memory, Situation, State, Survey
from dialc.rules import Breach, breach
from dialc.source import Place
from dialc.staffing import Attendance, Attended
from dialc.witness import Witness

MUCH = 1 << 30
"""A number of a policy that nothing comes up to."""


@attrs.frozen
class Asks:
    """What asks: the pack and its article, as findings name them, and how severe it is to break it."""

    cites: str
    severity: Severity = Severity.ERROR

    def breach(
        self,
        survey: Survey,
        code: str,
        step: str,
        message: str,
        place: Place,
        *,
        caller: str,
        witness: Witness | None,
        last: str = "",
        after: int = 0,
        help: str = "",
    ) -> Breach:
        """A breach at a step, as `rules.breach` makes one; its message says who asks."""
        return breach(
            survey,
            code,
            step,
            f"{message} ({self.cites})",
            place,
            caller=caller,
            witness=witness,
            last=last,
            after=after,
            help=help,
            severity=self.severity,
        )


@attrs.frozen(slots=False, eq=False)
class Inquiry:
    """A plan that packs ask about; what several duties ask is worked out once."""

    survey: Survey

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.survey.plan

    def under(self, numbers: Mapping[str, int]) -> Survey:
        """The survey under a policy of these numbers alone: all others allow anything."""
        lax: dict[str, Any] = {number.field: numbers.get(number.field, MUCH) for number in NUMBERS}
        return attrs.evolve(self.survey, plan=attrs.evolve(self.plan, policy=attrs.evolve(CHARTER, **lax)))

    @functools.cached_property
    def calm(self) -> Survey:
        """The survey with night switches on `auto`."""
        return reach.at_rest(self.survey)

    def there(self, period: Period | None) -> Instants:
        """When somebody is there who is staffed during a period (None: always), for callers who come then: what the
        period goes on for after closing is for those who came before.
        """
        return staffing.there(self.calm, attrs.evolve(period, plus=0) if period else None)

    @functools.cached_property
    def people(self) -> People:
        """Where callers can have people for the asking, now, and be it behind a notice."""
        exact = attrs.evolve(self.plan.policy, to_person=0)
        return People(attrs.evolve(self.calm, plan=attrs.evolve(self.plan, policy=exact)), notices=False)

    def offered(self, situation: Situation) -> Instants:
        """The instants at which callers who arrive in a situation have a key that leads to people."""
        return self.people.offered(Spot(situation.step, situation.language, situation.party))

    @functools.cached_property
    def first(self) -> "tuple[First, ...]":
        """The menus and bots that are the first to ask callers anything, and when callers come to them."""
        return tuple(self._first())

    def _first(self) -> Iterator["First"]:
        for period in staffing.periods(self.plan):
            memory = _Unasked(period, self.there(period))
            goals: dict[str, dict[Situation, Instants]] = {}
            for situation, instants in staffing.attended(self.calm, memory):
                step = self.plan.steps[situation.step]
                now = instants & memory.there
                if not (situation.state.asked or situation.party.exempt) and asks(step) and now:
                    goals.setdefault(step.name, {})[situation] = now
            for name, goal in goals.items():
                found = self.plan.steps[name]
                if isinstance(found, Menu | Bot):
                    yield First(found, goal, memory)

    @functools.cached_property
    def nobody(self) -> tuple[tuple[Beginning, Instants], ...]:
        """Every way in which calls to lines for people begin, and the instants from which none can come to people."""
        surely = Instants()
        return tuple(
            (beginning, beginning.instants - self._served.get(beginning.situation, surely))
            for beginning in self.calm.beginnings()
            if not beginning.situation.party.exempt
        )

    @functools.cached_property
    def _served(self) -> Mapping[Situation, Instants]:
        """The instants at which callers come to each situation who can come to people from there."""
        return self.calm.leading(
            lambda step, exit: to_people(step, exit)[0], lambda step: not isinstance(step, Mailbox)
        )

    @functools.cached_property
    def waits(self) -> Measured:
        """How long callers wait for people, with nothing else offered to them."""
        return waits(self.survey)

    @functools.cached_property
    def soonest(self) -> int | None:
        """Seconds after which somebody can answer a call at the earliest; None where nobody ever can."""
        return Measured(self.calm, approach.seconds(sure=True), most=False).extreme()

    @functools.cached_property
    def menus(self) -> tuple[tuple[Menu, Mapping[Situation, Instants]], ...]:
        """The menus that callers come to, on lines for people, and when."""
        return tuple((step, goal) for step, goal in self._come_to if isinstance(step, Menu))

    @functools.cached_property
    def collects(self) -> tuple[tuple[Collect, Mapping[Situation, Instants]], ...]:
        """The questions for digits, likewise."""
        return tuple((step, goal) for step, goal in self._come_to if isinstance(step, Collect))

    @functools.cached_property
    def queues(self) -> tuple[Queue, ...]:
        """The queues, likewise."""
        return tuple(step for step, _ in self._come_to if isinstance(step, Queue))

    @functools.cached_property
    def _come_to(self) -> tuple[tuple[Step, Mapping[Situation, Instants]], ...]:
        goals: dict[str, dict[Situation, Instants]] = {}
        for situation, instants in self.survey.reach().items():
            if not situation.party.exempt:
                goals.setdefault(situation.step, {})[situation] = instants
        return tuple((step, goals[name]) for name, step in self.plan.steps.items() if name in goals)


@attrs.frozen
class First:
    """A menu, or a bot, that is the first to ask some calls anything; `memory` is of what it takes to come there."""

    step: Menu | Bot
    goal: Mapping[Situation, Instants]
    memory: Memory


@attrs.frozen
class Unasked(Attendance):
    """Of a call: whether it has been asked anything but its language."""

    asked: bool = False


@attrs.frozen
class _Unasked(Attended):
    """Follows calls that come in while somebody is there up to the first question."""

    def begin(self) -> State:
        return Unasked()

    def leave(self, state: State, step: Step, exit: Exit) -> State:
        return attrs.evolve(super().leave(state, step, exit), asked=state.asked or asks(step))

    def over(self, state: State) -> bool:
        return bool(state.over or state.asked)


def asks(step: Step) -> bool:
    """Whether a step asks callers for more than their language."""
    if isinstance(step, Menu):
        languages = any(choice.speaks for choice in step.choices)
        return not languages or bool(options(step) or step.direct)
    return isinstance(step, Collect | Bot)


def options(menu: Menu) -> list[str]:
    """The keys of a menu that stand for something to choose: neither 0 nor the choice of a language."""
    return [choice.key for choice in menu.choices if choice.key != "0" and not choice.speaks]


def shortest(survey: Survey, memory: Memory, goals: Iterable[Mapping[Situation, Instants]]) -> Witness | None:
    """The shortest of the calls to some goals; None where no call comes to any."""
    found = [witness for goal in goals if goal and (witness := survey.witness(memory, goal))]
    return min(found, key=lambda w: (len(w.turns), w.seconds, w.at), default=None)


Check = Callable[[Inquiry, Asks], Iterator[Breach]]


@functools.cache
def checks() -> Mapping[str, Check]:
    """Every check by its code, in order of code."""
    found = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        code = module.partition("_")[0].upper()
        found[code] = cast(Check, importlib.import_module(f"{__name__}.{module}").check)
    return found
