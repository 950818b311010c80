"""A plan at a site, spelled as FreeSWITCH has it: all extensions of its dialplan, and what people wrote.

In: a verdict and a site that `refusals` found nothing against. Out: `view`, everything that the templates name. The
context of a compilation is `dialc-PLAN-GENERATION`; a step has its own name in it, what belongs to the step has a dot
behind that, and what steps share begins with a dot, so that no step can take the name of one.
"""

from collections.abc import Iterator

import attrs

from dialc.emit.asterisk.spelling import Names, plan_digest, presented, rung, site_digest, turned
from dialc.emit.freeswitch import calls, hours
from dialc.emit.freeswitch.states import Action, State, Test, Ways, literal
from dialc.emit.freeswitch.steps import Steps
from dialc.plan import Mailbox, Outside, Plan, Record, Unproved, Verified
from dialc.site import Site
from dialc.version import VERSION

STATEMENT = (
    "Nobody has called such files on a real FreeSWITCH yet. Before a plan goes live on one, make its calls by hand."
)
"""What these files rest on, in the files and on their page."""

LONGEST_TEXT = 200
"""Characters of a comment."""


@attrs.frozen
class Context:
    """A context of the dialplan, and its extensions in order."""

    name: str
    states: tuple[State, ...]


def contexts(plan: Plan, site: Site) -> tuple[Context, ...]:
    """The contexts of a compilation."""
    ways = Ways(Names(plan, site).generation)
    steps = Steps(plan, site, ways)
    found = [state for step in plan.steps.values() for state in steps.states(step)]
    found += hours.states(plan, ways)
    found += calls.states(plan, site, ways)
    found += calls.last(plan, ways)
    return (Context(ways.context, tuple(found)), *(Context(*up) for up in calls.upward(plan, ways)))


def codes(plan: Plan, ways: Ways) -> Iterator[State]:
    """The extensions by which staff turn switches."""
    for switch in turned(plan):
        tests = (Test("destination_number", f"^{literal(switch.code)}$"),)
        yield State(f"dialc-{plan.name} {switch.name}", tests, (ways.go(f".turn-{switch.name}"),))


def _granted(plan: Plan, site: Site) -> Iterator[str]:
    """What is taken for granted of the PBX, a line each."""
    steps = plan.steps.values()
    yield "Loaded are mod_commands, mod_dptools, mod_dialplan_xml, mod_expr, mod_sndfile and mod_tone_stream."
    folder = f" in {site.sounds}" if site.sounds else " in the folder of sounds (sound_prefix)"
    where = " below a folder for each language" if len(plan.languages) > 1 else ""
    yield f"The sound files of the prompts are there as wav files{folder}{where}."
    if any(isinstance(phone, Outside) and phone.confirm for _, phone in rung(plan)):
        yield "So is dialc_confirm.wav, which asks whoever answers to press 1."
    if turned(plan):
        yield "mod_db is loaded. Switches are kept in its database and survive a restart."
    if any(isinstance(step, Mailbox) for step in steps):
        yield "mod_voicemail is loaded and the directory has the mailboxes. What was recorded is copied there and stays"
        yield "in the folder for temporary files (temp_dir) until you delete it."
    if any(isinstance(step, Record) for step in steps):
        yield "Recordings lie in the folder for recordings (recordings_dir), and are yours to guard and to delete."
    if plan.asked:
        yield "The trunks show callers' numbers in the forms in which they deliver called ones."
        shown = presented(site)
        if shown.national and shown.e164:
            lengths = " or ".join(map(str, shown.dialling.lengths))
            code, full = shown.dialling.code, shown.dialling.full
            unless = f", unless they begin with {code} and are {full} or more" if full else ""
            yield f"Of these, {lengths} digits are a number of the country itself, whose code is {code}{unless}."
    yield "mod_cdr_csv is loaded and writes no master file only. Journeys stand in a file of their own."


def head(verdict: Verified | Unproved, site: Site) -> Iterator[str]:
    """The comment at the top of every file, line by line; whether a plan was proved stands in the first."""
    plan = verdict.plan
    if isinstance(verdict, Unproved):
        yield "UNPROVED: this plan was not proved and written all the same. Callers may be lost, looped or hung up on."
        yield from (f"  {finding.code} {finding.message}" for finding in verdict.findings)
    yield f"Call plan {plan.name}: {plan.title}, for {site.target} {site.version} at the site {site.name}."
    yield f"Written by dialc {VERSION}. Do not edit: the next compilation replaces this file."
    yield STATEMENT
    yield f"SHA 256 of the plan {plan_digest(plan)}"
    yield f"SHA 256 of the site {site_digest(site)}"
    if isinstance(verdict, Verified):
        yield f"Proved: {', '.join(verdict.proved)}."
        bound = verdict.bound
        yield f"A call takes at most {bound.steps} steps and {bound.seconds} seconds until it ends or is answered."
        for each in verdict.waived:
            waiver = each.waiver
            yield f"Waived: {waiver.rule} at {waiver.block} by {waiver.by}, because {waiver.because}"
        yield from (f"Assumed: {assumption}" for assumption in verdict.assumptions)


def said(text: str) -> str:
    """Text for a comment: letters, digits and blanks, with the few signs that nothing in a configuration acts on.

    A comment that begins with a number sign runs commands as FreeSWITCH loads it, two hyphens end one, and of a line
    that speaks of its preprocessor nothing is left.
    """
    kept = "".join(c if c.isalnum() or c in " .,:;()=_" else " " for c in text)
    shown = " ".join(kept.split())
    return shown if len(shown) <= LONGEST_TEXT else f"{shown[:LONGEST_TEXT]} and so on"


def view(verdict: Verified | Unproved, site: Site) -> dict[str, object]:
    """Everything that the templates name."""
    plan = verdict.plan
    ways = Ways(Names(plan, site).generation)
    return {
        "plan": plan,
        "head": tuple(head(verdict, site)),
        "granted": tuple(_granted(plan, site)),
        "contexts": contexts(plan, site),
        "incoming": tuple(calls.incoming(plan, site, ways)),
        "codes": tuple(codes(plan, ways)),
        "steps": frozenset(plan.steps),
    }


__all__ = ["Action", "Context", "codes", "contexts", "head", "said", "view"]
