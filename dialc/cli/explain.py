"""`dialc explain`: what a rule or a finding means.

In: a code. Out: its page as plain text. Pages are written in the little of reStructuredText that reads well anyway:
what a terminal would not show as it is meant (literals, emphasis, references, directives) is taken out, and
paragraphs are filled anew; examples stay as they are.
"""

import re
import textwrap
from argparse import Namespace
from collections.abc import Iterator

from dialc import pages
from dialc.cli.arguments import Parser
from dialc.cli.terminal import Misuse, did_you_mean, say
from dialc.findings import visible

WIDTH = 80
"""Columns that the paragraphs of a page take."""


def parser() -> Parser:
    """The arguments of the command."""
    found = Parser("explain", "What a rule or a finding means; without a code, the list of all codes.")
    found.add_argument(
        "code",
        metavar="CODE",
        nargs="?",
        help="such as C01, in brackets in every finding; or a law, such as es-10-2025",
    )
    return found


def run(arguments: Namespace) -> int:
    """Print a page, or the first lines of all; 0. Raises `Misuse` for a code that is none."""
    known = pages.all_pages()
    if arguments.code is not None and arguments.code.lower() in (laws := pages.policies()):
        known, arguments.code = laws, arguments.code.lower()
    if arguments.code is None:
        for code, page in known.items():
            say(f"{code}  {parts(code, page)[0]}")
        return 0
    code = arguments.code if arguments.code in known else arguments.code.upper()
    if code not in known:
        hint = did_you_mean(code, known) or " (dialc explain lists all)"
        raise Misuse(f"there is no code `{visible(arguments.code)}`{hint}")
    title, body = parts(code, known[code])
    say(f"{code}: {title}")
    if body:
        say(f"\n{plain(body)}")
    return 0


def parts(code: str, page: str) -> tuple[str, str]:
    """The title of a page, without its code and the line under it, and what follows."""
    first, _, rest = page.strip().partition("\n")
    return _inline(first).removeprefix(f"{code}: ").rstrip("."), rest.lstrip("=").strip()


def plain(page: str) -> str:
    """A page as a terminal shows it."""
    return "\n\n".join(_blocks(page))


_DIRECTIVE = re.compile(r"\.\. [\w-]+::.*")
_ITEM = re.compile(r"(?:[*-]|#\.|\d+\.) ")


def _blocks(page: str) -> Iterator[str]:
    for block in re.split(r"\n(?:[ \t]*\n)+", page):
        if block[:1] == " ":
            yield block
        elif not _DIRECTIVE.match(block) and block != "::":
            yield "\n".join(_filled(_inline(item)) for item in _items(block))


def _items(block: str) -> Iterator[str]:
    """The items of a list, or a paragraph as it is."""
    rows: list[str] = []
    for line in block.splitlines():
        if rows and _ITEM.match(line):
            yield " ".join(rows)
            rows = []
        rows.append(line.strip())
    yield " ".join(rows)


def _filled(text: str) -> str:
    item = _ITEM.match(text)
    return textwrap.fill(
        text,
        WIDTH,
        subsequent_indent=" " * len(item.group()) if item else "",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _inline(text: str) -> str:
    """A paragraph without marks that only reStructuredText needs."""
    text = re.sub(r":\w+:`([^`<]*?)(?: <[^`]*>)?`", r"\1", text)
    text = re.sub(r"``(.+?)``", r"`\1`", text, flags=re.DOTALL)
    text = re.sub(r"(?<![\w*])\*{1,2}(\w(?:[^*`]*\w)?)\*{1,2}(?![\w*])", r"\1", text)
    return re.sub(r"\s?::$", ":", text)
