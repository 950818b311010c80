"""`dialc test --generate`: scenarios for the exits that no scenario of a plan takes.

In: what is known of a plan. Out: text that can be put into the plan as it is. What no scenario can be found for stands
in it as a comment.
"""

from dialc import Judged
from dialc.cli.terminal import say
from dialc.cli.verdicts import count, show
from dialc.coverage import passed
from dialc.findings import visible
from dialc.format import formatted
from dialc.parse import parse
from dialc.plan import Plan
from dialc.proposals import proposals, spelt
from dialc.scenarios import play
from dialc.source import Source


def propose(path: str, found: Judged) -> int:
    """Print scenarios; 0, or 1 for a plan that cannot be understood."""
    if found.verdict is None:
        show(found.findings)
        say(f"{visible(path)}: {count(found.findings)}; no call can be made")
        return 1
    say(text(found.verdict.plan).rstrip("\n"))
    return 0


def text(plan: Plan) -> str:
    """Scenarios for a plan, in their canonical form, a line end after each line."""
    taken = frozenset(key for each in plan.scenarios for key in passed(play(plan, each).events))
    found = proposals(plan, taken)
    told = "\n".join(spelt(plan, each) for each in found.scenarios)
    notes = "".join(f"# No scenario can be told of {visible(str(each))} ({each.place})\n" for each in found.untold)
    if not told:
        return notes or "# Scenarios take every exit that a call can take\n"
    file, _ = parse(Source("scenarios", f"{told}\n{notes}"))
    return formatted(file)
