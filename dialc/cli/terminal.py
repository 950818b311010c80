"""The terminal: what is said on it, and how little can go wrong with that.

In: text. Out: the same on the standard output, or for complaints on the error output. A character that the terminal
cannot show is written as its code; what would act on the terminal instead of being shown is, too.
"""

import contextlib
import io
import os
import sys
from collections.abc import Iterable, Iterator

from dialc.findings import visible


class Misuse(Exception):
    """A command that makes no sense, or cannot be carried out where it was given; one line, without a full stop."""


def prepare() -> None:
    """Let no character fail on its way in or out."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str = "") -> None:
    """Print to the standard output. Raises `Misuse` where it takes nothing, `BrokenPipeError` where nobody reads."""
    with _writing():
        print(text)


def flush() -> None:
    """See to it that what was said has been written. Raises as `say` does."""
    with _writing():
        if sys.stdout is not None:
            sys.stdout.flush()


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon()
        raise Misuse(f"the output cannot be written: {reason(error)}") from None


def complain(text: str) -> None:
    """Print one line to the error output, under the name of the program and below what was said before."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        abandon()
    if sys.stderr is not None:  # else Python would print to the standard output
        with contextlib.suppress(OSError):
            print(f"dialc: {text}", file=sys.stderr, flush=True)


def abandon() -> None:
    """Say nothing more: what is still to be written goes nowhere, or Python would complain of it at its end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def colour() -> bool:
    """Whether the standard output shows colours: a terminal that can, of somebody who has not said no to them."""
    return (
        sys.stdout is not None
        and sys.stdout.isatty()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )


def asks() -> bool:
    """Whether somebody sits there who can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(prompt: str) -> str | None:
    """What somebody answers, without spaces around it; None at the end of the input."""
    flush()
    try:
        return input(prompt).strip()
    except EOFError:
        return None


def reason(error: OSError) -> str:
    """Why the system refused something, as part of a sentence."""
    words = error.strerror or type(error).__name__
    return visible(words[:1].lower() + words[1:])


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?` for a word that is close to a known one, else nothing."""
    import difflib  # only who has mistyped something waits for it

    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
