"""Every call terminates.

Whatever the caller presses, whenever they call and whoever fails to answer, the number of steps is bounded. A rank
falls along every exit; the only way back is ``again``, which counts. A way by which a caller can come round to a step a
third time without an ``again`` breaks this rule; one by which they can come round just once more breaks C03.

Comes from: a PBX engineer's third of ten things never to do, "do not loop the plan; it runs from top to bottom".
"""

from collections.abc import Iterator

from dialc.reach import Survey
from dialc.rules import Breach, breach


def check(survey: Survey) -> Iterator[Breach]:
    """Every loop that a caller can go round without end."""
    for loop in survey.loops:
        if loop.endless:
            step = loop.step.partition("-")[0]
            yield breach(
                survey,
                "C01",
                "a caller can go round for ever",
                survey.plan.arrow(loop.source, survey.exits(loop.source)[loop.index]),
                caller=f"comes back to `{step}` again and again, and nobody ever answers",
                witness=loop.witness,
                last=f"{step}, for the second time, and so on",
                help=f"write `again {step} at most 2 then …` in a route, or send the caller on to the operator",
            )
