"""The calls of findings, made again: what a caller goes through up to what is wrong.

In: a plan that was understood, and the code of a rule, or none for the first finding with a call. Out: the finding in
one line and its call on the terminal, told by the walker, which knows nothing of the verifier.
"""

from dialc.call import replay, walk
from dialc.cli.terminal import Misuse, say
from dialc.findings import visible
from dialc.plan import Plan
from dialc.telling import begin, told
from dialc.verify import breaches


def show(plan: Plan, code: str) -> int:
    """Make the call of a finding; 0, also where nothing is wrong. Raises `Misuse` where no finding has that code."""
    found = [(breach, breach.witness) for breach in breaches(plan) if breach.witness is not None]
    if not found and not code:
        say(f"{plan.name}: no rule is broken by a call, so there is none to show")
        return 0
    chosen = next(((b, w) for b, w in found if code in ("", b.finding.code)), None)
    if chosen is None:
        known = ", ".join(dict.fromkeys(breach.finding.code for breach, _ in found)) or "of none"
        raise Misuse(f"no call breaks {visible(code)} in this plan; there are calls of: {known}")
    breach, witness = chosen
    finding = breach.finding
    say(f"{finding.code}: {finding.message}")
    say(begin(plan, witness.number, witness.at, witness.caller))
    for line in told(plan, walk(plan, replay(plan, witness))):
        say(line)
    say(f"{finding.call[-1]}")
    return 0
