"""No bot without a way out, for one call."""

from collections.abc import Iterator

from dialc.call import Arrived, Booked, Left, Queued, Rang, Spoken
from dialc.plan import Bot, Callback, Collect, Extensions, Mailbox, Menu, Operator, Outcome, Plan, Queue, Ring
from tests.broken import c05
from tests.oracle import Made


def broken(plan: Plan, made: Made) -> Iterator[tuple[str, int]]:
    """Bots that talk for too long or are come to too soon, and what comes before people once a bot was left."""
    policy, spoken, here, exits, since = plan.policy, plan, "", 0, 0
    left = asked = offered = False
    for event in made.events:
        step = plan.steps[here] if here else None
        match event:
            case Arrived():
                here, since = event.step, event.at
                step = spoken.steps[here]
                if isinstance(step, Bot):
                    if step.limit > policy.bot or left or not (policy.bot_first or offered):
                        yield here, exits
                elif isinstance(step, Menu | Collect) and asked:
                    yield here, exits
                if not isinstance(step, Bot):
                    offered = offered or c05.soon_offered(spoken, step, made, made.at + event.at)
            case Rang() if isinstance(step, Ring | Operator | Extensions) and c05.human(step, event.stage):
                left, asked, offered = False, False, True
            case Queued():
                left, asked, offered = False, False, True
            case Booked():
                left = asked = False
            case Spoken():
                spoken = plan.spoken(event.language)
            case Left():
                exits += 1
                if isinstance(step, Bot):
                    left, asked = True, event.outcome.startswith(Outcome.KEY.value)
                elif isinstance(step, Menu | Collect | Mailbox | Callback):
                    left = asked = False
                elif isinstance(step, Queue) and (event.outcome != Outcome.CLOSING.value or event.at > since):
                    left, asked, offered = False, False, True
            case _:
                pass
