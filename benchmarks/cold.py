"""How long a command takes from a cold start, as a ratio to an interpreter that does nothing.

In: how many rounds to run (default 15). Out: for each command the median seconds and the median of its ratios to
`python -c pass`, each ratio taken within one round, so that a machine whose speed drifts does not matter.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
CLINIC = str(ROOT / "examples/clinic.dial")


def commands(out: str) -> Mapping[str, Sequence[str]]:
    """The commands by their names; the first is what the others are compared with."""
    dialc = (sys.executable, "-m", "dialc")
    return {
        "python -c pass": (sys.executable, "-c", "pass"),
        "dialc --version": (*dialc, "--version"),
        "dialc check clinic.dial": (*dialc, "check", CLINIC),
        "dialc compile clinic.dial": (*dialc, "compile", CLINIC, "--target", "asterisk", "--out", out),
    }


def seconds(command: Sequence[str]) -> float:
    """One run of a command, as a whole process."""
    begun = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main(rounds: int) -> None:
    """Run the commands in turn, and print what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        known = commands(f"{folder}/out")
        for command in known.values():
            seconds(command)  # the first run of each compiles its modules
        runs = [{name: seconds(command) for name, command in known.items()} for _ in range(rounds)]
    base = next(iter(known))
    for name in known:
        took = statistics.median(run[name] for run in runs)
        ratio = statistics.median(run[name] / run[base] for run in runs)
        print(f"{name:28} {took * 1000:7.1f} ms  {ratio:5.1f} x")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
