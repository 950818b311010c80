"""What one call takes to come to people, judged from the caller's experience alone.

In: a plan, a call made by the walker, and to whom. Out: an `Effort`, None for a call that comes to nobody. Written
without the verifier; `dialc.budgets` is held against it.
"""

import attrs

from dialc.call import Arrived, Asked, Heard, Joined, Left, LookedUp, Pressed, Queued, Rang, Spoken
from dialc.plan import Again, Bot, Collect, Extensions, Mailbox, Menu, Operator, Plan, Queue, Ring
from tests.broken.c06 import people
from tests.oracle import Made


@attrs.frozen
class Effort:
    """What is told in a budget; `sure` callers are those who use up no tries that change nothing."""

    sure: bool
    seconds: int
    silence: int
    ringing: int
    keys: int
    prompts: int
    levels: int
    hand_offs: int


def effort(plan: Plan, made: Made, *, operator: bool) -> Effort | None:
    """What a call takes until the first person, or until the operator's phone rings."""
    here, hears, since, queued = "", "nothing", 0, 0
    silence = ringing = longest_silence = longest_ringing = 0
    keys = prompts = tries = in_step = levels = deepest = hand_offs = 0
    pressed = any_key = rung = False
    sure = True
    before: dict[str, int] = {}
    for index, event in enumerate(made.events):
        seconds = max(0, event.at - since)
        silence += seconds if hears in ("nothing", "music") else 0
        ringing += seconds if hears == "ringing" else 0
        since = max(since, event.at)
        longest_silence, longest_ringing = max(longest_silence, silence), max(longest_ringing, ringing)
        if people(plan, made.events, index) and (not operator or isinstance(plan.steps[here], Operator)):
            return Effort(sure, event.at, longest_silence, longest_ringing, keys, prompts, deepest, hand_offs)
        match event:
            case Arrived():
                here, hears = event.step, "nothing"
                step = plan.steps[here]
                tries, in_step, pressed, any_key = 0, 0, False, False
                before.setdefault(here, levels)
                hand_offs += isinstance(step, Ring | Extensions | Queue | Bot) and not rung
                if isinstance(step, Menu):
                    options = [choice for choice in step.choices if choice.key != "0" and not choice.speaks]
                    levels += bool(options or step.direct or not any(choice.speaks for choice in step.choices))
                    deepest = max(deepest, levels)
            case Asked():
                hears, in_step, pressed = "nothing", in_step + pressed, False
                tries += 1
            case LookedUp():
                hears = "nothing"
            case Pressed():
                hears, silence, ringing = "nothing", 0, 0
                pressed = any_key = True
            case Heard():
                prompts += 1
                silence = ringing = 0
                since = event.at + event.seconds
            case Spoken():
                keys -= 1
            case Rang():
                hears = "ringing"
            case Joined():
                hears, silence, ringing = "a machine", 0, 0
            case Queued():
                queue = plan.steps[event.queue]
                assert isinstance(queue, Queue)
                hears, queued = "music, and where they stand" if queue.announce else "music", event.at
            case Left():
                step = plan.steps[here]
                if isinstance(step, Mailbox):
                    return None
                if hears == "music, and where they stand":
                    assert isinstance(step, Queue)
                    assert step.announce
                    if event.at - queued >= step.announce.every + step.ring:
                        silence = ringing = 0
                hears = "nothing"
                if isinstance(step, Menu | Collect):
                    chosen = event.outcome.split()[0] in ("key", "accept", "extension")
                    sure = sure and not (tries > 1 if chosen else event.outcome == "silence" and any_key)
                keys += in_step + pressed
                rung = rung or (isinstance(step, Operator) and event.outcome != "unstaffed")
                if isinstance(step, Again) and event.outcome == "again":
                    levels = before.get(step.target, levels)
            case _:
                pass
    return None
