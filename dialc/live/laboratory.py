"""A plan at a PBX of its own: compiled for a site whose telephones, trunk, mailboxes and services are made up.

In: the text of a plan, and perhaps the site that it is for. Out: a `Laboratory`, which holds everything that a private
Asterisk needs to take calls for that plan. Of a site it keeps the forms in which numbers come and go, the names of
sounds, music and mailboxes; nothing in it leads out of the machine: every phone and trunk is a telephone of this
process, and every service an address on loopback.
"""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

import attrs

import dialc
from dialc.beside import Beside
from dialc.callers import WITHHELD
from dialc.classes import in_full
from dialc.emit.asterisk.spelling import rung
from dialc.findings import Finding
from dialc.numbers import Form, dialling, written_as
from dialc.plan import Callback, Extension, Lookup, Mailbox, Plan, Queue, Scenario
from dialc.site import Installation, Site, default
from dialc.source import Source

TRUNK = "trunk"
"""The endpoint of all trunks: where calls to numbers outside end."""

VERSIONS = (16, 22)
"""The first and the last release that there are files for."""

SOMEBODY = "+48600111222"
"""A caller of whom a scenario says nothing, where the plan asks for none in particular."""

CALLED = "5550199"
"""What a caller dials who comes in on the default line, as far as no line has it."""

SERVICE = "http://127.0.0.1:9/"
"""The address of every service in the files, at which nothing is; each server puts the one that it has in its place."""

CONFIRM = "dialc-confirm"
"""The sound that asks those who answer outside to press a key."""


@attrs.frozen(slots=False)
class Laboratory:
    """A plan, the made up site, the emitted files, and the seconds of each sound file by its name there."""

    plan: Plan
    site: Site
    files: Mapping[str, str]
    lengths: Mapping[str, float]

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the plan's clock is read."""
        return ZoneInfo(self.plan.zone)

    @property
    def entry(self) -> str:
        """The context in which calls come in."""
        return f"dialc-{self.plan.name}"

    def file(self, prompt: str) -> str:
        """The sound file of a prompt."""
        return sound(self.site, self.plan.prompts[prompt].file)

    def sent(self, number: str) -> str:
        """How a phone is called: an extension as it is, a number outside as the trunk sends it."""
        trunk = self.site.trunk(self.site.outside) or self.site.trunks[0]
        return written_as(number, trunk.send)[0] if number.startswith("+") else number

    def number(self, scenario: Scenario) -> str:
        """The number that is called in a scenario."""
        if scenario.number != "default":
            return scenario.number
        own = {line.number for line in self.plan.lines}
        return next(number for number in (f"{CALLED}{n or ''}" for n in range(len(own) + 1)) if number not in own)

    def delivered(self, number: str) -> str:
        """A number that is called, as the trunk delivers it."""
        return written_as(number, self.site.trunks[0].delivers[0])[0] if number.startswith("+") else number

    def caller(self, scenario: Scenario) -> str:
        """Who calls in a scenario: E.164 or `withheld`."""
        if scenario.caller:
            return scenario.caller
        on_no_list = next((caller for lists, caller in self.plan.classes if not lists), "")
        if on_no_list and on_no_list != WITHHELD:
            return on_no_list
        patterns = in_full(self.plan.callback_to)
        return f"+{''.join(map(max, patterns[0]))}" if patterns else SOMEBODY

    @property
    def extensions(self) -> tuple[str, ...]:
        """The phones of the plan that are plugged in."""
        return tuple(dict.fromkeys(p.number for _, p in rung(self.plan) if isinstance(p, Extension)))

    @property
    def boxes(self) -> tuple[str, ...]:
        """The mailboxes of the plan."""
        steps = self.plan.steps.values()
        return tuple(dict.fromkeys(step.box for step in steps if isinstance(step, Mailbox)))

    @property
    def queues(self) -> Mapping[str, Queue]:
        """The queues of the plan."""
        return {name: step for name, step in self.plan.steps.items() if isinstance(step, Queue)}

    @property
    def calls_back(self) -> bool:
        """Whether the plan books call-backs."""
        return any(isinstance(step, Callback) for step in self.plan.steps.values())

    @property
    def looks_up(self) -> bool:
        """Whether the plan asks services."""
        return any(isinstance(step, Lookup) for step in self.plan.steps.values())


def laboratory(
    source: Source, site: Site | None, beside: Beside, sounds: Beside | None, version: int
) -> Laboratory | tuple[Finding, ...]:
    """The laboratory of a plan for a release of Asterisk, or why it cannot be written. A plan that breaks rules is
    written all the same.
    """
    understood, findings = dialc.understand(source, beside, sounds)
    if understood is None:
        return findings
    made_up = attrs.evolve(
        (_of(understood) if site is None else site),
        version=max(VERSIONS[0], min(version, VERSIONS[1])),
        enter=(),
        codes=(),
        beside=Installation.ASTERISK,
        services={step.service: SERVICE for step in _lookups(understood)},
        digest="",
    )
    made_up = attrs.evolve(
        made_up,
        trunks=tuple(attrs.evolve(trunk, dial=f"PJSIP/{{number}}@{TRUNK}") for trunk in made_up.trunks),
        phones=tuple(attrs.evolve(phones, dial="", state="PJSIP/{number}") for phones in made_up.phones),
    )
    compiled = dialc.compile(source, made_up, beside=beside, sounds=sounds, unproved=True)
    if compiled.verdict is None:
        return compiled.findings
    plan = compiled.verdict.plan
    return Laboratory(plan, made_up, compiled.files, dict(_lengths(plan, made_up)))


def _lookups(plan: Plan) -> Iterator[Lookup]:
    yield from (step for step in plan.steps.values() if isinstance(step, Lookup))


def _of(plan: Plan) -> Site:
    """A site for a plan whose own is not known."""
    import phonenumbers

    site = default("asterisk")
    number = next((line.number for line in plan.lines if line.number.startswith("+")), "")
    country = phonenumbers.region_code_for_number(phonenumbers.parse(number, None)) if number else None
    country = country if country and dialling(country).code else ""
    delivers = (Form.PLUS, Form.E164, Form.INTERNATIONAL, *((Form.NATIONAL,) if country else ()))
    trunk = attrs.evolve(site.trunks[0], delivers=delivers, country=country or "", show=number)
    return attrs.evolve(site, trunks=(trunk,))


def sound(site: Site, file: str) -> str:
    """A sound file as a site keeps it."""
    return f"{site.sounds}/{file}" if site.sounds else file


def _lengths(plan: Plan, site: Site) -> Iterator[tuple[str, float]]:
    """The sound files and their seconds: in English, or where nobody hears that, in the plan's language, by their
    names; in other languages in a folder of each.
    """
    own = "en" if "en" in plan.languages else plan.language
    yield sound(site, CONFIRM), 1.0
    for language in plan.languages or (own,):
        folder = "" if language == own else f"{language}/"
        for prompt in plan.spoken(language).prompts.values():
            yield f"{folder}{sound(site, prompt.file)}", float(prompt.seconds)
