"""The page of every code: what it means, what breaks it, how it is said, what keeps it.

In: a code such as `C07` or `D201`. Out: its page as reStructuredText, whose first line is its title. The pages of rules
are the docstrings of their modules and those of mistakes stand in their catalogues, so nothing undocumented can be
found. Docstrings are read from the source text, since `python -OO` strips them.
"""

import ast
import importlib
import pkgutil
from collections.abc import Iterator, Mapping

from dialc import assets, emit, mistakes, rules


def all_pages() -> Mapping[str, str]:
    """Every page by its code, in order of code."""
    return dict(
        sorted(
            (*_rules(), *_of_emission(), *((m.code, mistakes.page(m)) for m in (*mistakes.catalogue(), *_of_targets())))
        )
    )


def page(code: str) -> str | None:
    """The page of a code, in any case of letters; None where there is no such code."""
    return all_pages().get(code.upper())


def _rules() -> Iterator[tuple[str, str]]:
    for code, check in rules.checks().items():
        source = assets.source(importlib.import_module(check.__module__))
        yield code, ast.get_docstring(ast.parse(source)) or ""


def _of_emission() -> Iterator[tuple[str, str]]:
    """The rules that files are held against."""
    for module in pkgutil.iter_modules(emit.__path__):
        if not module.ispkg:
            source = assets.source(importlib.import_module(f"{emit.__name__}.{module.name}"))
            yield module.name.partition("_")[0].upper(), ast.get_docstring(ast.parse(source)) or ""


def _of_targets() -> Iterator[mistakes.Mistake]:
    """What targets cannot say."""
    for target in pkgutil.iter_modules(emit.__path__):
        if target.ispkg:
            yield from importlib.import_module(f"{emit.__name__}.{target.name}.mistakes").MISTAKES
