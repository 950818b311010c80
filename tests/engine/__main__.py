"""The campaign: random plans, each judged by the verifier and by the solver.

`python -m tests.engine --number 3000 --seed 0` draws batches of plans, one seed after the other, prints after each what
has been counted so far, and every disagreement as it is found; 1 if there was any.
"""

import argparse
import sys
import time
from collections import Counter

from tests.engine.against import compare
from tests.engine.plans import drawn

BATCH = 25
"""Plans of one seed."""


def main() -> int:
    """Hold plans against both until there are enough."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--number", type=int, default=3000, help="plans to judge")
    parser.add_argument("--seed", type=int, default=0, help="the first seed; a batch takes one")
    parser.add_argument("--only", type=int, help="the index of a single plan of the seed")
    arguments = parser.parse_args()
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    wrong, began, at = 0, time.monotonic(), arguments.seed
    while counts["plan"] < arguments.number:
        for index, plan in drawn(BATCH, at):
            if arguments.only not in (None, index) or repr(plan) in seen:
                continue
            seen.add(repr(plan))
            answer = compare(plan)
            counts += answer.counts
            wrong += len(answer.wrong)
            for each in answer.wrong:
                print(f"seed {at}, plan {index}: {each}", flush=True)
        passed = time.monotonic() - began
        print(f"up to seed {at}: {wrong} disagreements, {passed:.0f} s, {dict(sorted(counts.items()))}", flush=True)
        at += 1
        if arguments.only is not None:
            break
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
