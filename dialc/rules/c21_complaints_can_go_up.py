"""Complaints can go up.

Each operator declares a ``supervisor``: the phone to which whoever answers there can hand a caller up. A supervisor who
is the operator's only phone is nobody above it, and an operator all of whose phones are outside numbers cannot hand
anybody up, since only phones of the PBX can: both are reported, too.

It is a warning. Where there is nobody above, as in a workshop of one, say so: ``waive C21 at counter by "…" because
"…"``.

Comes from: the Hungarian and Israeli guides to prevailing with customer service, and the Lithuanian one to getting past
telephone menus: ask for a manager, go to a higher authority.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    route start { answer  play welcome -> reception }
    operator reception {
      ring 100, 101 for 20s
      unanswered -> sorry
    }
    route sorry { play apology  hang-up }
    prompt welcome { file office/welcome  en "Good morning, this is Example Limited."  lasts 3s }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    warning[C21]: `reception` has no supervisor
     --> plan.dial:5:1
      |
    5 | operator reception {
      | ^^^^^^^^^^^^^^^^^^^^
      = caller: who has a complaint finds nobody above those who answer
      = help: write `supervisor …` in `reception`, the phone of whoever decides there

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> start
    route start { answer  play welcome -> reception }
    operator reception {
      ring 100, 101 for 20s
      supervisor 110
      unanswered -> sorry
    }
    route sorry { play apology  hang-up }
    prompt welcome { file office/welcome  en "Good morning, this is Example Limited."  lasts 3s }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator

from dialc.findings import Severity
from dialc.plan import Extension, Operator
from dialc.reach import Survey
from dialc.rules import Breach, breach
from dialc.source import Place


def check(survey: Survey) -> Iterator[Breach]:
    """Every operator from which a complaint can go nowhere."""
    for step in survey.plan.steps.values():
        found = _lacking(step) if isinstance(step, Operator) else None
        if found:
            message, place, help = found
            yield breach(
                survey,
                "C21",
                step.name,
                message,
                place,
                caller="who has a complaint finds nobody above those who answer",
                help=help,
                severity=Severity.WARNING,
            )


def _lacking(operator: Operator) -> tuple[str, Place, str] | None:
    """What an operator lacks: message, place, help."""
    name, supervisor = operator.name, operator.supervisor
    if supervisor is None:
        return (
            f"`{name}` has no supervisor",
            operator.place,
            f"write `supervisor …` in `{name}`, the phone of whoever decides there",
        )
    inside = {phone.number for stage in operator.stages for phone in stage.phones if isinstance(phone, Extension)}
    if not inside:
        return f"no phone of `{name}` can hand a caller up: they are all outside numbers", supervisor.place, ""
    if inside == {supervisor.number}:
        return f"`{name}` is its own supervisor", supervisor.place, ""
    return None
