"""Plans as nobody would write them: examples cut up, mixed and bent, and bytes that are no plan at all.

In: a number of inputs and a seed. Out: how many were made, how many of them the parser could read and the resolver had
nothing against, and every input at which dialc failed with anything but findings. `python -m tests.fuzz --inputs
1000000 --jobs 2` says so on the terminal; with `coverage run --branch --source dialc.parse,dialc.resolve -m tests.fuzz`
`coverage report` tells which branches that took. The suite runs a share.

Most inputs keep the form of the language and lose its sense, since whatever cannot be read never gets to the resolver:
words are exchanged for others of their kind, lines and blocks left out, doubled and moved to other places.
"""

import argparse
import functools
import gc
import multiprocessing
import random
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import attrs

from dialc import mistakes, parse, resolve
from dialc.beside import Beside, Missing
from dialc.findings import Finding, Severity, text
from dialc.plan import Plan, Verified
from dialc.site import default
from dialc.source import Source
from dialc.verify import verify

EXAMPLES = Path(__file__).parent.parent / "examples"

SHARE = 5_000
"""Inputs that are tried at a time, from a seed of their own."""

WHOLE = 30
"""One in so many of the plans that nothing is wrong with is proved and, if it can be, emitted."""

_TOKEN = re.compile(r'"[^"]*"|#[^\n]*|->|[\w+:./-]+|\s+|.', re.DOTALL)
_KINDS = (
    ("text", re.compile(r'"')),
    ("comment", re.compile(r"#.")),
    ("space", re.compile(r"\s")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d$")),
    ("time", re.compile(r"\d?\d:\d\d")),
    ("duration", re.compile(r"\d+[smh]$")),
    ("number", re.compile(r"[\d*]")),
    ("word", re.compile(r"\w")),
    ("sign", re.compile(r".")),
)
_ODD = (
    "\0",
    "\ufeff",
    "\u202e",
    "\r",
    "\t",
    "{" * 50,
    "}" * 50,
    '"',
    "#",
    "-> ->",
    "9" * 400,
    "99:99",
    "2026-02-30",
    "0s",
)


@attrs.frozen
class Corpus:
    """What inputs are made of: whole files, their blocks, and the words in them by kind; and the files beside them.

    `files` and `blocks` can be read; `torn` are blocks that cannot.
    """

    files: tuple[str, ...]
    blocks: tuple[str, ...]
    torn: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    beside: Beside


@attrs.define
class Tally:
    """What came of inputs; `failures` are pairs of an input and the traceback that it led to."""

    inputs: int = 0
    parsed: int = 0
    resolved: int = 0
    proved: int = 0
    failures: list[tuple[bytes, str]] = attrs.field(factory=list)

    def add(self, other: "Tally") -> None:
        """Count what somebody else has tried."""
        self.inputs += other.inputs
        self.parsed += other.parsed
        self.resolved += other.resolved
        self.proved += other.proved
        self.failures += other.failures

    def __str__(self) -> str:
        share = 100 * self.parsed / max(1, self.inputs)
        return (
            f"{self.inputs} inputs, {self.parsed} ({share:.1f} %) parsed, {self.resolved} resolved, "
            f"{self.proved} of a sample proved, {len(self.failures)} failures"
        )


@functools.cache
def corpus() -> Corpus:
    """The examples, and the good and bad files of the catalogue of mistakes."""
    there = {path.name: path.read_bytes() for path in sorted(EXAMPLES.iterdir()) if path.is_file()}
    files = [data.decode("utf-8") for name, data in there.items() if name.endswith((".dial", ".site"))]
    told = [file for mistake in mistakes.catalogue() for file in (mistake.good, mistake.bad)]
    files += [file for file in dict.fromkeys(told) if isinstance(file, str)]
    blocks = dict.fromkeys(block for file in files for block in _blocks(file))
    readable = tuple(block for block in blocks if not parse.parse(Source("block", block))[1])
    words: dict[str, dict[str, None]] = {}
    for block in blocks:
        for word in _TOKEN.findall(block):
            words.setdefault(_kind(word), {})[word] = None
    return Corpus(
        tuple(file for file in files if not parse.parse(Source("file", file))[1]),
        readable,
        tuple(block for block in blocks if block not in readable),
        {kind: tuple(found) for kind, found in words.items()},
        lambda name: there.get(name, Missing("is not there")),
    )


def _blocks(file: str) -> Iterator[str]:
    """A file cut where lines begin that are not indented and do not close anything."""
    block: list[str] = []
    for line in file.splitlines(keepends=True):
        if block and line[:1] not in (" ", "}", "\t", "\n", "\r"):
            yield "".join(block)
            block = []
        block.append(line)
    yield "".join(block)


def _kind(word: str) -> str:
    return next((kind for kind, form in _KINDS if form.match(word)), "sign")


def made(chance: random.Random, known: Corpus) -> bytes:
    """One input."""
    way = chance.random()
    if way < 0.02:
        return chance.randbytes(chance.randrange(200))
    chosen = [chance.choice(known.blocks) for _ in range(chance.randint(1, 4))]
    if way < 0.12:
        chosen = list(_blocks(chance.choice(known.files)))
        chance.shuffle(chosen)
    elif way > 0.9:
        chosen.append(chance.choice(known.torn))
    written = "".join(chosen)
    if way < 0.68:
        for _ in range(chance.choice((0, 1, 1, 2, 4))):
            written = _of_its_kind(chance, known, written)
    elif way < 0.82:
        written = _moved(chance, written)
    else:
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            written = _bent(chance, known, written)
    data = written.encode("utf-8", errors="surrogatepass")
    if way > 0.98:
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.randbytes(chance.randint(1, 4)) + data[at:]
    return data


def _of_its_kind(chance: random.Random, known: Corpus, written: str) -> str:
    """A word exchanged for another of its kind."""
    words = _TOKEN.findall(written)
    at = chance.choice([index for index, word in enumerate(words) if _kind(word) not in ("space", "sign")] or [0])
    words[at] = chance.choice(known.words[_kind(words[at])])
    return "".join(words)


def _moved(chance: random.Random, written: str) -> str:
    """A line left out, doubled, or put elsewhere."""
    lines = written.splitlines(keepends=True)
    line = lines.pop(chance.randrange(len(lines)))
    for _ in range(chance.choice((0, 1, 1, 2))):
        lines.insert(chance.randint(0, len(lines)), line)
    return "".join(lines)


def _bent(chance: random.Random, known: Corpus, written: str) -> str:
    """A word left out, doubled or replaced by any other, or something odd put in."""
    words = _TOKEN.findall(written) or [""]
    at = chance.randrange(len(words))
    match chance.randrange(5):
        case 0:
            del words[at]
        case 1:
            words.insert(at, words[at])
        case 2:
            words[at] = chance.choice(known.words[chance.choice(tuple(known.words))])
        case 3:
            words.insert(at, chance.choice(_ODD))
        case _:
            other = chance.randrange(len(words))
            words[at], words[other] = words[other], words[at]
    return "".join(words)


def tried(data: bytes, known: Corpus, tally: Tally) -> None:
    """Give one input to dialc as the command line would, and count what came of it."""
    tally.inputs += 1
    try:
        _through(data, known, tally)
    except Exception:  # noqa: BLE001  whatever it is, an administrator would have seen it
        tally.failures.append((data, traceback.format_exc()))


def _through(data: bytes, known: Corpus, tally: Tally) -> None:
    source = parse.decode("fuzz.dial", data)
    if isinstance(source, Finding):
        text(source)
        return
    file, findings = parse.parse(source)
    _shown(findings)
    if findings:
        return
    tally.parsed += 1
    if "site" in source.text and re.search(r"^\s*site\b", source.text, re.MULTILINE):
        _shown(resolve.resolve_site(file)[1])
    plan, findings = resolve.resolve(file, known.beside)
    _shown(findings)
    if plan is None:
        return
    tally.resolved += 1
    if tally.resolved % WHOLE == 0:
        _proved(plan, tally)


def _proved(plan: Plan, tally: Tally) -> None:
    from dialc.emit import asterisk

    verdict = verify(plan)
    if isinstance(verdict, Verified):
        tally.proved += 1
        site = default("asterisk")
        if not any(f.severity is Severity.ERROR for f in asterisk.refusals(plan, site)):
            asterisk.emit(verdict, site)


def _shown(findings: Sequence[Finding]) -> None:
    """A finding that cannot be shown is a failure, too."""
    for finding in findings:
        assert text(finding)


def run(inputs: int, seed: int) -> Tally:
    """Try so many inputs."""
    chance, known, tally = random.Random(seed), corpus(), Tally()
    for _ in range(inputs):
        tried(made(chance, known), known, tally)
    return tally


def _run(share: tuple[int, int]) -> Tally:
    return run(*share)


def main(argv: Sequence[str]) -> int:
    """Run as a program: 0 if nothing failed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--inputs", type=int, default=10_000)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--jobs", type=int, default=1)
    chosen = arguments.parse_args(argv)
    total = Tally()
    corpus()  # once for all jobs
    gc.freeze()
    gc.set_threshold(200_000)  # what an input leaves behind is mostly trees
    shares = [(min(SHARE, chosen.inputs - begun), chosen.seed + begun) for begun in range(0, chosen.inputs, SHARE)]
    if chosen.jobs == 1:
        for share in shares:
            total.add(_run(share))
    else:
        with multiprocessing.Pool(chosen.jobs) as pool:
            for tally in pool.imap_unordered(_run, shares):
                total.add(tally)
                print(total, file=sys.stderr, flush=True)
    print(total)
    for data, told in total.failures[:20]:
        print(f"\n{data!r}\n{told}")
    return int(bool(total.failures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
