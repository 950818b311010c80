"""The page of every code: what it means, what breaks it, how it is said, what keeps it.

In: a code such as `C07` or `D201`. Out: its page as reStructuredText, whose first line is its title. The pages of rules
and of the checks of packs are the docstrings of their modules and those of mistakes stand in their catalogues, so
nothing undocumented can be found. Docstrings are read from the source text, since `python -OO` strips them. The page of
a law or a standard is written out of its pack.
"""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping

from dialc import assets, emit, mistakes, packs, read, rules
from dialc.packs import ByRule, Decided, Duty, Pack, People
from dialc.packs.checks import checks


def all_pages() -> Mapping[str, str]:
    """Every page by its code, in order of code."""
    return dict(
        sorted(
            (
                *_rules(),
                *_of_packs(),
                *_of_emission(),
                *((m.code, mistakes.page(m)) for m in (*mistakes.catalogue(), *_of_targets())),
            )
        )
    )


def page(code: str) -> str | None:
    """The page of a code, in any case of letters; None where there is no such code."""
    return all_pages().get(code.upper())


def _rules() -> Iterator[tuple[str, str]]:
    for code, check in rules.checks().items():
        source = assets.source(importlib.import_module(check.__module__))
        yield code, ast.get_docstring(ast.parse(source)) or ""


def policies() -> Mapping[str, str]:
    """The page of every law and standard by its id, in order of id."""
    return {id: "\n".join(_policy(pack)).rstrip() + "\n" for id, pack in packs.packs().items()}


def _policy(pack: Pack) -> Iterator[str]:
    """The page of a pack: whom it is about, what is decided, and what is left to people."""
    yield from (f"{pack.title}.", "")
    yield from (f"``--policy {pack.id}`` holds a plan against it, and so does ``policy {pack.id}`` in the plan.", "")
    adapt = f"; to be adapted to by {pack.adapt}" if pack.adapt else ""
    facts = {
        "Where": pack.jurisdiction,
        "When": f"{pack.dates}{adapt}",
        "To whom it applies": pack.scope,
        "What was read": pack.read,
        "Reviewed": f"{pack.reviewed}; to be reviewed by {pack.review}",
    }
    for name, value in facts.items():
        yield from (f"* {name}: {_text(value)}.",)
    if pack.secondary:
        yield from ("", "What is marked as known from what others write may read otherwise in the text itself.")
    people = [duty for duty in pack.duties if isinstance(duty.by, People)]
    yield from ("", "**What is decided**", "")
    for duty in pack.duties:
        if duty not in people:
            yield from _duty(duty)
    yield from ("**What is left to people**", "")
    for duty in people:
        yield from _duty(duty)


def _duty(duty: Duty) -> Iterator[str]:
    match duty.by:
        case Decided(check, how):
            code = _code(check)
            means = f"Decided by :ref:`{code}`: {_text(how)}."
        case ByRule(rule, how, numbers):
            numbered = "".join(f", with ``{name}`` at {most}" for name, most in numbers.items())
            means = f"Decided by :ref:`{rule}`{numbered}: {_text(how)}."
        case People(assumes, measure):
            means = f"Assumed: {_text(assumes)}. To measure: {_text(measure)}."
    yield f"* {_text(duty.article)}: {_text(duty.asks)}. {means} Source: {duty.strength.value}."
    yield ""


def _code(check: object) -> str:
    """The code of a check, which may have been given numbers of a pack."""
    asked = getattr(check, "func", check)
    return next(code for code, known in checks().items() if known is asked)


def _text(words: str) -> str:
    """Plain words as reStructuredText: what stands in backquotes is literal, and a star is a star."""
    parts = words.split("`")
    return "".join(f"``{part}``" if index % 2 else part.replace("*", "\\*") for index, part in enumerate(parts))


def _of_packs() -> Iterator[tuple[str, str]]:
    """The checks that packs share."""
    for code, check in checks().items():
        source = assets.source(importlib.import_module(check.__module__))
        yield code, ast.get_docstring(ast.parse(source)) or ""


def _of_emission() -> Iterator[tuple[str, str]]:
    """The rules that files are held against, and what is found as they are read."""
    for package in (emit, read):
        for module in pkgutil.iter_modules(package.__path__):
            code = module.name.partition("_")[0]
            if not module.ispkg and re.fullmatch(r"[a-z][0-9]+", code):
                source = assets.source(importlib.import_module(f"{package.__name__}.{module.name}"))
                yield code.upper(), ast.get_docstring(ast.parse(source)) or ""


def _of_targets() -> Iterator[mistakes.Mistake]:
    """What targets cannot say."""
    for package in emit.targets().values():
        yield from importlib.import_module(f"{emit.__name__}.{package}.mistakes").MISTAKES
