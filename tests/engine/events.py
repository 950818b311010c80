"""What callers hear on a way, and when.

In: a way of a call. Out: prompts in order, as terms of the solver.
"""

from collections.abc import Iterator

import attrs
import z3

from dialc.plan import Announcement, Collect, Mailbox, Menu, Operator, Outcome, Play, Prompt, Queue
from tests.engine.calls import Calls, Term, Way, hearing


@attrs.frozen(eq=False)
class Heard:
    """A prompt, that it begins on the way (`so`) and when, that no key cuts it (`whole`), and when it ends then."""

    prompt: Prompt
    so: Term
    begins: Term
    whole: Term

    @property
    def ends(self) -> Term:
        return self.begins + self.prompt.seconds

    @property
    def promise(self) -> int | None:
        """The seconds within which somebody is promised to answer."""
        return self.prompt.promises_wait.seconds if self.prompt.promises_wait else None


def heard(calls: Calls, way: Way) -> Iterator[Heard]:
    """The prompts of the step that is left, in order."""
    now, onward, step = calls.turns[way.turn], calls.turns[way.turn + 1], way.step
    always = z3.BoolVal(True)
    match step:
        case Play():
            yield Heard(step.prompt, always, now.at, always)
        case Mailbox() if step.greeting:
            yield Heard(step.greeting, always, now.at, always)
        case Queue() if hearing(way.exit):
            since = 0
            lasted = onward.at - now.at
            for prompt in step.prompts:
                yield Heard(prompt, lasted >= since, now.at + since, lasted >= since + prompt.seconds)
                since += prompt.seconds
        case Menu() | Collect():
            begun = now.at
            for index in range(step.tries):
                since = 0
                for prompt in step.prompts:
                    so = z3.And(now.counted > index, now.cut[index] >= since)
                    yield Heard(prompt, so, begun + since, now.cut[index] >= since + prompt.seconds)
                    since += prompt.seconds
                begun = begun + now.lasts[index]
        case Operator() if way.exit.outcome is not Outcome.UNSTAFFED:
            begun, stage = now.at, 0
            for item in step.items:
                if isinstance(item, Announcement):
                    so = always if way.exit.outcome is Outcome.UNANSWERED else now.counted > stage
                    yield Heard(item.prompt, so, begun, always)
                    begun = begun + item.prompt.seconds
                else:
                    begun = begun + now.lasts[stage]
                    stage += 1
        case _:
            pass
