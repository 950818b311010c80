"""The command line: `dialc check`, `verify-certificate`, `compile`, `simulate`, `reach`, `test`, `explain`, `fmt`.

In: arguments. Out: text on the terminal, files, and an exit status. A command is a module of this package with
`parser`, its arguments, and `run`, what it does; it is imported when it is asked for, and so is whatever it needs, so
that `dialc --version` waits for no parser. Whatever is wrong with a command is one line on the error output.
"""

import importlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, cast

from dialc.cli import terminal
from dialc.cli.terminal import Misuse, say
from dialc.findings import visible

if TYPE_CHECKING:
    from argparse import Namespace

PROVED, FOUND, MISUSED, INTERRUPTED, UNREAD = 0, 1, 2, 130, 141
"""The exit statuses. The last two are those of a process that SIGINT or SIGPIPE ended: the caller pressed ^C, or
closed the pipe that was written to."""

COMMANDS = ("check", "verify-certificate", "compile", "simulate", "reach", "test", "explain", "fmt")

HELP = """\
usage: dialc COMMAND …

dialc compiles telephone call plans, and proves before a plan goes live that
nobody who calls is lost, looped or hung up on.

  dialc check PLAN…              prove plans, or show the calls that go wrong
  dialc verify-certificate FILE PLAN
                                 hold the certificate of a proof against a plan
  dialc compile PLAN --out DIR   prove a plan and write it for a PBX
  dialc simulate PLAN            make a call through a plan, in the terminal
  dialc reach PLAN               the shortest way to a person from each line
  dialc test PLAN…               make the calls of a plan's scenarios
  dialc explain [CODE]           what a rule or a finding means; all of them
  dialc fmt FILE…                write plans and sites in their canonical form

  dialc COMMAND --help           the arguments of a command
  dialc --version                which dialc this is

The exit status is 0 for plans that were proved, 1 where something was found,
and 2 for a command that makes no sense."""


class _Parser(Protocol):
    """What is used of `argparse.ArgumentParser`."""

    def parse_intermixed_args(self, args: Sequence[str]) -> "Namespace":
        """The arguments, options and others in any order."""


class Command(Protocol):
    """What the module of a command offers."""

    def parser(self) -> _Parser:
        """Its arguments."""

    def run(self, arguments: "Namespace") -> int:
        """Do it; the exit status. Raises `Misuse`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status.

    `argv` is without the program's name; by default it is what the process was given.
    """
    terminal.prepare()
    try:
        status = _run(sys.argv[1:] if argv is None else list(argv))
        terminal.flush()
    except Misuse as misuse:
        terminal.complain(str(misuse))
        return MISUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        terminal.abandon()
        return UNREAD
    return status


def _run(argv: Sequence[str]) -> int:
    match argv:
        case ["--help" | "-h" | "help"]:
            say(HELP)
        case ["--version"]:
            from dialc import __version__

            say(f"dialc {__version__}")
        case []:
            raise Misuse(
                "say what to do: check, compile, simulate, reach, test, explain or fmt (dialc --help tells more)"
            )
        case [name, *rest] if name in COMMANDS:
            return _command(cast(Command, importlib.import_module(f"dialc.cli.{name.replace('-', '_')}")), rest)
        case _:
            name = argv[0]
            kind = "option" if name.startswith("-") else "command"
            hint = terminal.did_you_mean(name, (*COMMANDS, "--help", "--version"))
            raise Misuse(f"there is no {kind} `{visible(name)}`{hint or ' (dialc --help shows what there is)'}")
    return PROVED


def _command(command: Command, argv: Sequence[str]) -> int:
    try:
        arguments = command.parser().parse_intermixed_args(argv)
    except SystemExit:  # how argparse ends after `--help`; whatever is wrong raises `Misuse` instead
        return PROVED
    return command.run(arguments)
