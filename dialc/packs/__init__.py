"""Policy packs: what a law or a standard asks of a plan, as duties that are decided and duties that are left to people.

In: an `Inquiry`, a plan ready to be asked about. Out: `Pack`s by their ids, and of each of its duties the breaches. A
pack is one module, named after its place and its law, with a `PACK`; a new module here is a new pack, and there is no
list to edit. What decides a duty is a module of `checks`, named after its code, or a rule of the charter, with numbers
of the pack's own if it has any.

No pack says that a company keeps a law. It says which of the duties a plan can break hold in it, shows those that do
not, and names those that nobody can read off a plan.
"""

import datetime
import enum
import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping

import attrs

from dialc import rules
from dialc.findings import Severity
from dialc.packs.checks import Asks, Check, Inquiry
from dialc.policies import Policy
from dialc.rules import Breach


class Strength(enum.Enum):
    """How well what a duty says is known."""

    TEXT = "the text itself was read"
    SECONDARY = "known from what others write about the text"


@attrs.frozen
class Decided:
    """A duty that is decided by a check of its own; `how` says what is looked at, and how the text is read."""

    check: Check
    how: str


@attrs.frozen
class ByRule:
    """A duty that is decided by a rule of the charter, whatever the plan waives.

    What the rule says of numbers is asked of `numbers` alone, and what it says in warnings only with `warnings`.
    """

    rule: str
    how: str
    numbers: Mapping[str, int] = attrs.field(factory=dict)
    warnings: bool = attrs.field(default=False, kw_only=True)


Shows = Callable[[Inquiry], Iterator[str]]
"""What a plan has to say about a duty that depends on people, a line each."""


@attrs.frozen
class People:
    """A duty that no plan can keep by itself: what is assumed of people, what shows whether it is so, and what of it
    can be seen in the plan.
    """

    assumes: str
    measure: str
    shows: tuple[Shows, ...] = ()


@attrs.frozen
class Duty:
    """One thing that a text asks: where it stands, what it asks in plain words, and how it is decided.

    What a text recommends, and does not demand, has the severity of a warning.
    """

    article: str
    asks: str
    strength: Strength
    by: Decided | ByRule | People
    severity: Severity = Severity.ERROR


@attrs.frozen
class Pack:
    """A law or a standard.

    `since` is when it came into force, and `adapt` until when those in its `scope` have to adapt, None where that is
    not known; `dates` says so in words. `read` is what was read, and what it is known from; `reviewed` is when somebody
    last did so, and `review` when somebody should again.
    """

    id: str
    title: str
    jurisdiction: str
    scope: str
    since: datetime.date | None
    dates: str
    read: str
    duties: tuple[Duty, ...]
    reviewed: datetime.date
    review: datetime.date
    adapt: datetime.date | None = None

    @property
    def secondary(self) -> bool:
        """Whether anything in it is known only from what others write."""
        return any(duty.strength is Strength.SECONDARY for duty in self.duties)

    @property
    def numbers(self) -> Mapping[str, int]:
        """The numbers of a policy that it sets, each the most that is allowed."""
        rules_asked = (duty.by for duty in self.duties if isinstance(duty.by, ByRule))
        return {name: most for by in rules_asked for name, most in by.numbers.items()}


@functools.cache
def packs() -> Mapping[str, Pack]:
    """All packs by id, in order of id."""
    modules = (info.name for info in pkgutil.iter_modules(__path__) if not info.ispkg)
    found = [importlib.import_module(f"{__name__}.{module}").PACK for module in modules]
    return {pack.id: pack for pack in sorted(found, key=lambda pack: pack.id)}


def tightened(policy: Policy, pack: Pack) -> Policy:
    """A policy by which a plan is held against a pack, too: the lesser of each number, and so no finding the less."""
    numbers = {name: min(most, getattr(policy, name)) for name, most in pack.numbers.items()}
    named = policy.packs if pack.id in policy.packs else (*policy.packs, pack.id)
    return attrs.evolve(policy, packs=named, **numbers)


def breaches(inquiry: Inquiry, pack: Pack, duty: Duty) -> tuple[Breach, ...]:
    """Where a plan breaks a duty; nowhere, where that depends on people. Waivers change nothing about a law."""
    match duty.by:
        case Decided(check):
            return tuple(check(inquiry, Asks(f"{pack.id}, {duty.article}", duty.severity)))
        case ByRule(rule, _, numbers, warnings=warnings):
            found = rules.checks()[rule](inquiry.under(numbers))
            return tuple(breach for breach in found if warnings or breach.finding.severity is Severity.ERROR)
        case People():
            return ()
