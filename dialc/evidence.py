"""Evidence: what a plan shows of the duties of a law or a standard, for whoever has to answer for them.

In: a plan and a `Pack`. Out: `Evidence`, each duty with what became of it, and the report as Markdown or as an object
for JSON. It says which duties hold in the plan and how that was decided, which the plan breaks, with a call that shows
it, and which depend on people, with what to measure. That somebody keeps a law it never says: no plan can know.
"""

import enum
import functools
import json
import textwrap
from collections.abc import Iterator, Sequence

import attrs

from dialc import reach
from dialc.findings import Finding, visible
from dialc.packs import ByRule, Decided, Duty, Pack, People, Strength, breaches
from dialc.packs.checks import Inquiry
from dialc.plan import Plan
from dialc.rules import Breach
from dialc.source import NOWHERE
from dialc.version import VERSION

OUT_OF_SCOPE = (
    "Emergency calls, as in Kari's Law (47 U.S.C. 623, in the United States), and the routing of emergency numbers "
    "are not looked at: they concern calls that go out, and a plan says what happens to calls that come in. Nothing "
    "here says anything about them."
)
"""What no pack can be about, and why."""


class State(enum.Enum):
    """What became of a duty."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNDECIDED = "not decided"
    PEOPLE = "depends on people"


@attrs.frozen
class Weighed:
    """A duty, what became of it, the breaches of it, and what the plan shows where it depends on people."""

    duty: Duty
    state: State
    breaches: tuple[Breach, ...] = ()
    shows: tuple[str, ...] = ()


@attrs.frozen
class Evidence:
    """What a plan shows of a pack."""

    plan: Plan
    pack: Pack
    duties: tuple[Weighed, ...]

    def which(self, state: State) -> tuple[Weighed, ...]:
        """The duties of which the same became."""
        return tuple(weighed for weighed in self.duties if weighed.state is state)

    @functools.cached_property
    def found(self) -> tuple[Breach, ...]:
        """The breaches that no rule of the charter finds anyway."""
        return tuple(b for weighed in self.duties if isinstance(weighed.duty.by, Decided) for b in weighed.breaches)


def weigh(plan: Plan, *asked: Pack) -> tuple[Evidence, ...]:
    """What a plan shows of some packs. Where calls can go round for ever, nothing is decided."""
    inquiry = Inquiry(reach.survey(plan)) if asked else None
    return tuple(Evidence(plan, pack, tuple(_weighed(inquiry, pack))) for pack in asked if inquiry)


def _weighed(inquiry: Inquiry, pack: Pack) -> Iterator[Weighed]:
    for duty in pack.duties:
        if isinstance(duty.by, People):
            shows = () if inquiry.survey.loops else (fact for show in duty.by.shows for fact in show(inquiry))
            yield Weighed(duty, State.PEOPLE, shows=tuple(shows))
        elif inquiry.survey.loops:
            yield Weighed(duty, State.UNDECIDED)
        else:
            found = breaches(inquiry, pack, duty)
            yield Weighed(duty, State.BROKEN if found else State.HOLDS, found)


# Markdown


def as_document(reports: Sequence[Evidence]) -> str:
    """Reports for people, one after the other, as Markdown."""
    return "\n\n".join(as_markdown(evidence) for evidence in reports) + "\n"


def as_markdown(evidence: Evidence) -> str:
    """The report for people, without a last line end."""
    return "\n".join(_rows(evidence)).rstrip("\n")


def _rows(evidence: Evidence) -> Iterator[str]:
    plan, pack = evidence.plan, evidence.pack
    holds, broken = evidence.which(State.HOLDS), evidence.which(State.BROKEN)
    undecided, people = evidence.which(State.UNDECIDED), evidence.which(State.PEOPLE)
    yield from (f"# Evidence: `{_shown(plan.name)}` and {pack.id}", "")
    yield from _filled(_summary(len(holds), len(broken), len(undecided), len(people)))
    yield from ("",)
    for name, value in _head(evidence):
        yield from _filled(f"{name}: {value}", "- ")
    yield from ("", "## What the plan breaks", "")
    for weighed in broken:
        yield from _duty(weighed)
        for breach in weighed.breaches:
            yield from _breach(breach.finding)
    if not broken:
        yield from ("Nothing that this report decides.", "")
    if undecided:
        yield from ("## Not decided", "")
        yield from (*_filled("Calls can go round for ever (C01), and nothing can be said of their ends."), "")
        for weighed in undecided:
            yield from _duty(weighed)
    yield from ("## What holds in the plan", "")
    for weighed in holds:
        yield from _duty(weighed)
    if not holds:
        yield from ("Nothing that this report decides.", "")
    yield from ("## What depends on people", "")
    for weighed in people:
        yield from _duty(weighed)
    yield from ("## What is not looked at", "", *_filled(OUT_OF_SCOPE))


def _summary(holds: int, broken: int, undecided: int, people: int) -> str:
    parts = [f"{_many(holds, 'duty', 'duties')} of those that a plan can break {'holds' if holds == 1 else 'hold'}"]
    parts += [f"{broken} {'is' if broken == 1 else 'are'} broken"]
    parts += [f"{undecided} could not be decided"] if undecided else []
    parts += [f"{people} {'depends' if people == 1 else 'depend'} on people"]
    return f"{', '.join(parts)}. What this adds up to in law is not for a program to say."


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _head(evidence: Evidence) -> Iterator[tuple[str, str]]:
    plan, pack = evidence.plan, evidence.pack
    yield "Plan", f"`{_shown(plan.name)}`, {_shown(plan.title)}"
    yield "SHA-256 of its text", plan.digest or "none, since it was made by a program"
    yield "Valid", f"{plan.valid[0]} to {plan.valid[1]}" if plan.valid else "without an end"
    yield "dialc", VERSION
    yield "Law or standard", f"{pack.title} ({pack.jurisdiction})"
    yield "Dates", pack.dates
    if pack.adapt:
        yield "To be adapted to by", str(pack.adapt)
    yield "To whom it applies", pack.scope
    yield "Read", pack.read
    if pack.secondary:
        yield "Mind", f"a duty that is {Strength.SECONDARY.value} may say something else there: read it first"
    yield "Reviewed", f"{pack.reviewed}; to be reviewed by {pack.review}"


def _duty(weighed: Weighed) -> Iterator[str]:
    duty = weighed.duty
    yield from (f"### {duty.article}", "")
    yield from _filled(f"Asks: {duty.asks}.", "- ")
    match duty.by:
        case Decided(_, how) | ByRule(_, how):
            by = f" (rule {duty.by.rule} of the charter)" if isinstance(duty.by, ByRule) else ""
            yield from _filled(f"How it was decided{by}: {how}.", "- ")
        case People(assumes, measure):
            yield from _filled(f"Assumed: {assumes}.", "- ")
            yield from _filled(f"To measure: {measure}.", "- ")
    for fact in weighed.shows:
        yield from _filled(f"The plan: {_shown(fact)}.", "- ")
    yield from _filled(f"Source: {duty.strength.value}.", "- ")
    yield ""


def _breach(finding: Finding) -> Iterator[str]:
    where = f" (`{visible(str(finding.place))}`)" if finding.place is not NOWHERE else ""
    yield from _filled(f"**{finding.code}** {_shown(finding.message)}{where}")
    if finding.call:
        yield from ("", "```text", *(visible(line) for line in finding.call), "```")
    yield ""


def _shown(words: str) -> str:
    """Words of a plan, that act neither on a terminal nor as Markdown that would be run."""
    return visible(words).replace("<", "&lt;")


def _filled(words: str, mark: str = "") -> list[str]:
    return textwrap.wrap(
        words,
        100,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )


# JSON

FORMAT = 1
"""The version of the form below. It grows when a key changes its meaning or goes, and stays when one is added."""


def as_json(reports: Sequence[Evidence]) -> str:
    """Reports for programs: one object."""
    log = {"format": FORMAT, "dialc": VERSION, "evidence": [as_object(evidence) for evidence in reports]}
    return json.dumps(log, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def as_object(evidence: Evidence) -> dict[str, object]:
    """The report for programs: an object of plain values, whose keys always come in the same order."""
    plan, pack = evidence.plan, evidence.pack
    return {
        "plan": visible(plan.name),
        "sha256": plan.digest or None,
        "dialc": VERSION,
        "policy": pack.id,
        "title": pack.title,
        "jurisdiction": pack.jurisdiction,
        "scope": pack.scope,
        "in_force": str(pack.since) if pack.since else None,
        "adapt_by": str(pack.adapt) if pack.adapt else None,
        "dates": pack.dates,
        "read": pack.read,
        "reviewed": str(pack.reviewed),
        "review_by": str(pack.review),
        "duties": [_duty_object(weighed) for weighed in evidence.duties],
        "not_looked_at": OUT_OF_SCOPE,
    }


def _duty_object(weighed: Weighed) -> dict[str, object]:
    duty, by = weighed.duty, weighed.duty.by
    return {
        "article": duty.article,
        "asks": duty.asks,
        "source": duty.strength.value,
        "state": weighed.state.value,
        "rule": by.rule if isinstance(by, ByRule) else None,
        "decided_by": None if isinstance(by, People) else by.how,
        "assumes": by.assumes if isinstance(by, People) else None,
        "measure": by.measure if isinstance(by, People) else None,
        "shows": [visible(fact) for fact in weighed.shows],
        "broken": [_finding_object(breach.finding) for breach in weighed.breaches],
    }


def _finding_object(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "message": visible(finding.message),
        "place": None if finding.place is NOWHERE else visible(str(finding.place)),
        "call": [visible(line) for line in finding.call],
    }
