"""What holds of every backend, as a suite that one passes or fails.

In: a backend, and how what it writes is read again, as far as somebody can. Out: a class of tests for pytest, or for
whoever calls them. A backend passes if it writes each plan whole or refuses it with findings, says in what it writes
what that is, writes the same twice, lets no word of an author become more than a word, and records every call.
"""

import re
from collections.abc import Callable, Iterable, Mapping

import attrs
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from dialc import Backend
from dialc.findings import Finding, Severity
from dialc.plan import HangUp, Menu, Plan, Prompt, Queue, Unproved, Verified
from dialc.site import Site
from dialc.testing.writing import Written, broken_plans, plans
from dialc.version import VERSION

Files = Mapping[str, str]
"""What a backend writes: name to text."""

Arrow = tuple[str, str, str]
"""A step, the label of one of its exits, and the step to which it leads, empty where the call ends."""

_SLOW = settings(
    max_examples=25,  # a plan takes a tenth of a second to prove
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.differing_executors],
)

HOSTILE = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            [
                *(
                    "${SHELL(id)}",
                    "$[1+1]",
                    "`id`",
                    "$(id)",
                    "%s",
                    "{0}",
                    "{{ 7*7 }}",
                    "{% raw %}",
                    "{#",
                    "<!--",
                    "]]>",
                ),
                *("<include>", "&lt;", "'", '"', "\\", ";", ";--", "--;", "#", ",", "|", "&", "^", "=>", "//", "/*"),
                *("\n", "\r", "\r\n", "\t", "\x00", "\x1b[2J", "\u2028", "\u202e", "\u2066", "é", "x" * 2000),
                *("\n[general]\n", '\n#include "x"\n', "\nexten => s,1,System(id)\n", "../../etc/passwd"),
            ]
        ),
        max_size=5,
    ).map("".join),
)
"""Words that mean something to a PBX, a shell, a template, a terminal or a reader of configuration files."""


@attrs.frozen
class Hooks:
    """How what a backend writes is read again. Each may be left out; then less is asked.

    `structure` says what the PBX reads of the files, without the words that people wrote in it and without whatever
    goes by their digest: plans that differ in words alone must have the same. Where it is left out, they must have as
    many lines. `arrows` are the exits that the files have, read without the code that wrote them.
    """

    structure: Callable[[Files], object] | None = None
    arrows: Callable[[Files], Iterable[Arrow]] | None = None


class Conformance:
    """The tests; `conformance` makes such a class for a backend."""

    backend: Backend
    site: Site
    hooks: Hooks

    def _emitted(self, verdict: Verified | Unproved) -> dict[str, str]:
        if self.backend.refusals(verdict.plan, self.site):
            reject()
        return self.backend.emit(verdict, self.site)

    def _structure(self, files: Files) -> object:
        if self.hooks.structure is not None:
            return self.hooks.structure(files)
        return _lines(files)

    @given(plans(larger=True))
    @_SLOW
    def test_every_plan_is_written_or_refused_with_findings(self, plan: Written) -> None:
        refusals = self.backend.refusals(plan.plan, self.site)
        for finding in refusals:
            assert re.fullmatch(r"[A-Z][0-9]{3}|[A-Z]+-?[0-9]+", finding.code), finding.code
            assert finding.message, finding.code
            assert finding.severity is Severity.ERROR, f"{finding.code} refuses a plan, so it is no warning"
        if not refusals:
            files = self.backend.emit(plan.verified, self.site)
            assert files, "nothing was written"
            assert any(files.values()), "the files are empty"

    @given(plans())
    @_SLOW
    def test_the_same_plan_is_written_in_the_same_way_and_changes_nothing(self, plan: Written) -> None:
        files = self._emitted(plan.verified)
        again = self.backend.emit(attrs.evolve(plan.verified), attrs.evolve(self.site))
        assert list(files.items()) == list(again.items())
        assert self.backend.paste(plan.plan, self.site) == self.backend.paste(plan.plan, self.site)

    @given(plans())
    @_SLOW
    def test_files_have_plain_names_and_are_plain_text(self, plan: Written) -> None:
        for name, text in self._emitted(plan.verified).items():
            assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name), name
            assert plan.plan.name in name, "files of two plans can lie in one folder"
            assert text.endswith("\n"), name
            assert _printable(text), name

    @given(plans())
    @_SLOW
    def test_files_say_what_they_are(self, plan: Written) -> None:
        for name, text in self._emitted(plan.verified).items():
            assert VERSION in text, f"{name} does not say which dialc wrote it"
            assert plan.plan.digest in text, f"{name} does not say of which plan it is"
            assert "unproved" not in text.partition("\n")[0].lower(), f"{name} was proved"
            assert all(code in text for code in plan.verified.proved), f"{name} does not say what was proved"

    @given(broken_plans("C10"))
    @_SLOW
    def test_files_of_a_plan_that_is_not_proved_say_so_first(self, plan: Written) -> None:
        for name, text in self._emitted(Unproved(plan.plan, plan.judged.findings)).items():
            assert "unproved" in text.partition("\n")[0].lower(), f"{name} does not say so in its first line"
            assert "C10" in text, f"{name} does not say what is wrong"

    @given(plans(), HOSTILE, HOSTILE)
    @_SLOW
    def test_words_stay_words(self, plan: Written, one: str, other: str) -> None:
        hostile = Unproved(worded(plan.plan, one, other), (Finding("C01", one, help=other),))
        plain = Unproved(worded(plan.plan, "plain", "words"), (Finding("C01", "plain", help="words"),))
        files = self._emitted(hostile)
        assert self._structure(files) == self._structure(self._emitted(plain))
        assert all(_printable(text) for text in files.values())

    @given(plans(), HOSTILE)
    @_SLOW
    def test_a_name_that_cannot_be_written_is_refused(self, plan: Written, name: str) -> None:
        self._emitted(plan.verified)
        for named, plain in zip(renamed(plan.plan, name), renamed(plan.plan, "plain_name"), strict=True):
            refusals = self.backend.refusals(named, self.site)
            if refusals:
                assert all(finding.severity is Severity.ERROR for finding in refusals)
                continue
            files = self.backend.emit(Unproved(named, ()), self.site)
            usual = self.backend.emit(Unproved(plain, ()), self.site)
            assert _lines(files) == _lines(usual), f"{name!r} is more than a name"
            assert all(_printable(text) for text in files.values())

    @given(plans(larger=True))
    @_SLOW
    def test_every_call_is_recorded(self, plan: Written) -> None:
        files = self._emitted(plan.verified)
        assert self.backend.documented(plan.plan, files) == ()
        lost = self.backend.documented(plan.plan, dict.fromkeys(files, ""))
        assert {finding.code for finding in lost} == {"C20"}, "files that record nothing pass for such that do"

    @given(plans(larger=True))
    @_SLOW
    def test_what_is_read_back_is_what_was_written(self, plan: Written) -> None:
        if self.hooks.arrows is None:
            return
        read = set(self.hooks.arrows(self._emitted(plan.verified)))
        assert read == set(arrows(plan.plan))

    @given(plans())
    @_SLOW
    def test_what_to_do_with_the_files_is_said_in_plain_text(self, plan: Written) -> None:
        self._emitted(plan.verified)
        said = self.backend.paste(plan.plan, self.site)
        assert said.endswith("\n")
        assert _printable(said)


def conformance(backend: Backend, site: Site, hooks: Hooks | None = None) -> type[Conformance]:
    """The suite for a backend, with a site that it can write plans for: a class of tests, to be given a name that
    begins with `Test` in a module that pytest collects. With `hooks`, what is written is read again.

    ::

        TestSwitchboard = conformance(switchboard, dialc.site.default("switchboard"))
    """
    made = {"backend": backend, "site": site, "hooks": hooks or Hooks(), "__doc__": Conformance.__doc__}
    return type("TestConformance", (Conformance,), made)


def _lines(files: Files) -> list[int]:
    """How many lines each file has; what a text breaks out of its line by is one more."""
    return [len(text.splitlines()) for text in files.values()]


def _printable(text: str) -> bool:
    return all(character in "\n\t" or character.isprintable() for character in text)


def arrows(plan: Plan) -> Iterable[Arrow]:
    """Every exit of a plan: the step, the label, and where it leads; an exit of several kinds is there once."""
    for step in plan.steps.values():
        for exit in step.exits():
            yield step.name, exit.label, exit.to if isinstance(exit.to, str) else ""


def worded(plan: Plan, one: str, other: str) -> Plan:
    """A plan with other words wherever people write some: titles, texts of prompts, what keys are for."""
    prompts = {prompt.name: _says(prompt, one) for prompt in plan.prompts.values()}
    steps = dict(plan.steps)
    for name, step in steps.items():
        if isinstance(step, Menu | Queue):
            steps[name] = attrs.evolve(
                step,
                prompts=tuple(prompts[prompt.name] for prompt in step.prompts),
                choices=tuple(attrs.evolve(choice, label=other) for choice in step.choices),
            )
    return attrs.evolve(plan, title=other, prompts=prompts, steps=steps, digest="")


def _says(prompt: Prompt, words: str) -> Prompt:
    return attrs.evolve(prompt, texts=tuple((language, words) for language, _ in prompt.texts))


def renamed(plan: Plan, name: str) -> Iterable[Plan]:
    """Plans in which something has this name: the plan, a step of its own, the file of a prompt."""
    yield attrs.evolve(plan, name=name)
    yield attrs.evolve(plan, steps={**plan.steps, name: HangUp(name)})
    first = next(iter(plan.prompts))
    file = attrs.evolve(plan.prompts[first], file=name)
    yield attrs.evolve(plan, prompts={**plan.prompts, first: file})
