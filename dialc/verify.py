"""Plan to Verified: every rule held against the whole plan.

In: a `Plan`. Out: `Verified`, or `Refused` with every breach found and, where a call shows it, the shortest such call.
Nothing but this module makes a `Verified`, and emission takes nothing less.
"""

from collections.abc import Iterator

import attrs

from dialc import languages, reach, rules, staying
from dialc.findings import Finding, Severity
from dialc.plan import (
    SUPERVISOR_RINGS,
    Bound,
    Callback,
    Extensions,
    Hours,
    Lookup,
    Mailbox,
    Operator,
    Outside,
    Plan,
    Queue,
    Record,
    Ring,
    Verified,
    Waived,
    Waiver,
)
from dialc.rules import Breach
from dialc.witness import written


@attrs.frozen
class Refused:
    """A plan that breaks rules: errors and warnings, in order of place, without those that are waived."""

    plan: Plan
    breaches: tuple[Breach, ...]


def verify(plan: Plan) -> Verified | Refused:
    """Hold every rule against the plan.

    A rule is broken if some call, at some instant of the validity, breaks it; `Verified` says that none does.
    """
    survey = reach.survey(plan)
    waivers = {(waiver.rule, waiver.block): waiver for waiver in reversed(plan.waivers)}
    waived: list[Waived] = []
    found: list[Breach] = []
    for breach in _breaches(survey):
        # One for a block holds at every step that the block became.
        waiver = waivers.get((breach.finding.code, written(breach.step)))
        if waiver:
            waived.append(Waived(waiver, breach.finding))
        else:
            found.append(breach)
    used = {passed.waiver for passed in waived}
    found += [_unused(waiver) for waiver in plan.waivers if waiver not in used]
    found.sort(key=_order)
    if any(breach.finding.severity is Severity.ERROR for breach in found):
        return Refused(plan, tuple(found))
    broken = {breach.finding.code for breach in found}
    return Verified(
        plan=plan,
        ranks=reach.ranks(survey),
        bound=_bound(survey),
        proved=tuple(code for code in rules.checks() if code not in broken),
        assumptions=_assumptions(survey),
        warnings=tuple(breach.finding for breach in found),
        waived=tuple(waived),
    )


def breaches(plan: Plan) -> tuple[Breach, ...]:
    """Every breach of a rule, waived or not, in order of place; each with its call, if it has one."""
    return tuple(sorted(_breaches(reach.survey(plan)), key=_order))


def _breaches(survey: reach.Survey) -> Iterator[Breach]:
    for check in (*rules.checks().values(), languages.check):
        yield from check(survey)


def _order(breach: Breach) -> tuple[str, int, str]:
    return breach.finding.place.source.name, breach.finding.place.start, breach.finding.code


def documented(verdict: Verified) -> Verified:
    """The verdict on a plan for which files are written: C20 is held against them before anybody gets them."""
    return attrs.evolve(verdict, proved=tuple(sorted({*verdict.proved, "C20"})))


def _unused(waiver: Waiver) -> Breach:
    return Breach(
        Finding(
            "D295",
            f"`{waiver.block}` keeps {waiver.rule}, and the waiver lets nothing pass",
            waiver.place,
            caller="nothing is done to a caller that this would excuse",
            help="take the waiver out",
            severity=Severity.WARNING,
        ),
        waiver.block,
    )


def _bound(survey: reach.Survey) -> Bound:
    """The most steps and seconds before a call ends or is answered."""
    steps = survey.longest(lambda _step, _exit: 1)
    seconds = survey.longest(lambda _step, exit: exit.longest)
    return Bound(max(steps.values()), max(seconds.values()))


def _assumptions(survey: reach.Survey) -> tuple[str, ...]:
    """What the proof takes on trust of people and of the PBX."""
    plan, found = survey.plan, []
    there = {presence.step: presence.told for presence in staying.presences(survey).values()}
    for line in plan.lines:
        if line.exempt:
            purpose = f"{line.exempt.purpose.value}, {line.exempt.reason}"
            found.append(f"callers of {line.numbers} need not come to a person: the line is {purpose}")
        found.extend(f"calls to {line.numbers} from `{callers.name}` are refused" for callers in line.refuses)
    for step in plan.steps.values():
        match step:
            case Operator():
                ringing = sum(stage.seconds for stage in step.stages)
                found.append(
                    f"somebody answers at `{step.name}` {there[step.name]}; "
                    f"if nobody does within {ringing} s of ringing, the caller goes to `{step.unanswered}`"
                )
                if step.supervisor:
                    found.append(
                        f"{step.supervisor.number} answers callers whom `{step.name}` hands up, once a call; "
                        f"if nobody does within {SUPERVISOR_RINGS} s, `{step.name}` rings again"
                    )
            case Queue():
                found.append(f"the members of `{step.name}` answer {there[step.name]}")
                if step.signing:
                    who = ", ".join(phone.number for phone in step.signing.among[:5])
                    more = ", …" if len(step.signing.among) > 5 else ""
                    found.append(
                        f"somebody is signed in to `{step.name}` ({who}{more}) when callers come; "
                        f"if nobody is, they go to `{step.empty}`"
                    )
            case Ring() | Extensions():
                found.append(f"somebody is at `{step.name}` {there[step.name]}")
            case Mailbox():
                found.append(f"`{step.reader}` listens to mailbox {step.box} (`{step.name}`) within {step.within}")
            case Lookup():
                found.append(f"what `{step.service}` answers at `{step.name}` is right: it decides where callers go")
            case Record():
                found.append(f"what `{step.name}` records is kept, guarded and deleted as the law asks")
            case Callback():
                found.append(
                    f"members of `{step.queue}` answer while `{step.hours.name}` is open, "
                    f"and talk to those who are called back (`{step.name}`)"
                )
            case _:
                pass
        if isinstance(step, Operator | Ring):
            found.extend(
                f"{phone.number} reaches a person although nobody confirms: {phone.unconfirmed}"
                for stage in step.stages
                for phone in stage.phones
                if isinstance(phone, Outside) and not phone.confirm
            )
    found.extend(dict.fromkeys(taken for h in plan.hours.values() if isinstance(h, Hours) for taken in h.taken))
    if plan.valid is None:
        found.append(f"daylight saving in {plan.zone} goes on by today's rules")
    else:
        found.append(f"nothing is said about calls before {plan.valid[0]} and after {plan.valid[1]}")
    found.append("prompts last as long as the plan says, and the work of the PBX takes no time")
    found.append("the numbers of the plan can be called from outside")
    return tuple(found)
