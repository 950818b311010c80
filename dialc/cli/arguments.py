"""The arguments of a command, read by argparse.

In: what the parser of a command allows. Out: a `Parser` whose complaints are those of dialc: one line, status 2.
"""

import argparse
from typing import NoReturn

from dialc.cli.terminal import Misuse, did_you_mean
from dialc.findings import visible

FORMATS = ("text", "json", "sarif", "github")
"""What findings can be shown as: text for people, and what other programs read."""


class Parser(argparse.ArgumentParser):
    """The arguments of the command `name`."""

    def __init__(self, name: str, description: str, epilog: str = "") -> None:
        super().__init__(
            prog=f"dialc {name}",
            description=description,
            epilog=epilog,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def add_format(self) -> None:
        """Let the findings be shown in another form."""
        shown = ", ".join(FORMATS)
        self.add_argument("--format", type=_format, default=FORMATS[0], help=f"how to show findings: {shown}")

    def add_sounds(self) -> None:
        """Let the recordings of prompts be measured."""
        self.add_argument("--sounds", metavar="DIR", help="the folder of the recordings, which are then measured")

    def error(self, message: str) -> NoReturn:
        """Complain as dialc does."""
        raise Misuse(f"{visible(message)} ({self.prog} --help shows how)")


def _format(word: str) -> str:
    """A format that there is; argparse makes a complaint of what is raised."""
    if word not in FORMATS:
        hint = did_you_mean(word, FORMATS) or f"; there are {', '.join(FORMATS)}"
        raise argparse.ArgumentTypeError(f"there is no format `{word}`{hint}")
    return word
