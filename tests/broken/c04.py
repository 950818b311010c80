"""No silence, no dead wait, for one call."""

from collections import Counter
from collections.abc import Iterator

from dialc.call import Arrived, Asked, Heard, Joined, Left, LookedUp, Pressed, Queued, Rang
from dialc.plan import Mailbox, Plan, Queue
from tests.oracle import Made


def broken(plan: Plan, made: Made) -> Iterator[tuple[str, int]]:
    """Each moment at which a wait gets too long, or a prompt is heard once too often."""
    policy = plan.policy
    here, exits, since, hears, queued = "", 0, 0, "nothing", 0
    silence = ringing = 0
    told = Counter[str]()
    for event in made.events:
        seconds = max(0, event.at - since)
        silent = silence + (seconds if hears in ("nothing", "music") else 0)
        rung = ringing + (seconds if hears == "ringing" else 0)
        if silence <= policy.silence < silent or ringing <= policy.ringing < rung:
            yield here, exits
        silence, ringing = silent, rung
        since = max(since, event.at)
        match event:
            case Arrived():
                here, hears = event.step, "nothing"
                if isinstance(plan.steps[here], Mailbox):
                    silence = ringing = 0
                    hears = "a tone"
            case Heard():
                told[event.prompt] += 1
                if told[event.prompt] > policy.same_prompt:
                    yield here, exits
                silence = ringing = 0
                since = event.at + event.seconds
                hears = hears if hears == "a tone" else "nothing"
            case Pressed():
                silence = ringing = 0
                hears = "nothing"
            case Asked() | LookedUp():
                hears = "nothing"
            case Rang():
                hears = "ringing"
            case Joined():
                silence = ringing = 0
                hears = "a machine"
            case Queued():
                queue = plan.steps[event.queue]
                assert isinstance(queue, Queue)
                hears, queued = "music, and where they stand" if queue.announce else "music", event.at
            case Left():
                step = plan.steps[event.step]
                if hears == "music, and where they stand":
                    assert isinstance(step, Queue)
                    assert step.announce
                    apart, waited = step.announce.every + step.ring, event.at - queued
                    if policy.announcements < min(apart, waited):
                        yield here, exits
                    if waited >= apart:
                        silence = ringing = 0
                exits += 1
                hears = "nothing"
            case _:
                pass
