"""The arguments of a command, read by argparse.

In: what the parser of a command allows. Out: a `Parser` whose complaints are those of dialc: one line, status 2.
"""

import argparse
from typing import NoReturn

from dialc.cli.terminal import Misuse
from dialc.findings import visible


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

    def error(self, message: str) -> NoReturn:
        """Complain as dialc does."""
        raise Misuse(f"{visible(message)} ({self.prog} --help shows how)")
