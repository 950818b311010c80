"""A collect as a caller lives through it: asked for digits, and asked again, until an entry is taken or the tries are
used up.

In: the collect, when the caller comes, what happens at each key. Out: events, the exit and the seconds it took. Every
key is a point of its own, so that how long callers take between two of them is theirs to say.
"""

from dialc.call.events import Asked, Course, Pressed
from dialc.call.happenings import CannotHappen, Decide, Happens, Point
from dialc.call.hearing import heard
from dialc.digits import named
from dialc.plan import KEYS, Collect, Outcome


def lived(collect: Collect, now: int, decide: Decide) -> Course:
    """What a collect is to the caller who comes `now` seconds into the call."""
    begun = now
    label = Outcome.SILENCE.value
    for turn in range(1, collect.tries + 1):
        yield Asked(now, collect.name, turn)
        keys = ""
        while not keys.endswith("#") and len(keys) < collect.keys:
            limit = collect.wait if keys else collect.seconds
            happens = decide(Point(collect, now, turn, keys)) or Happens(Outcome.SILENCE)
            if happens.outcome is Outcome.SILENCE:
                if not keys:
                    yield from heard(collect.prompts, now, None)
                now += limit
                break
            if happens.outcome is not Outcome.KEY or happens.key not in KEYS or len(happens.key) != 1:
                raise CannotHappen(f"`{happens.outcome.value}` cannot happen in `{collect.name}`")
            usual = 0 if keys else sum(prompt.seconds for prompt in collect.prompts)
            after = usual if happens.after is None else happens.after
            if not 0 <= after <= limit:
                raise CannotHappen(f"a key after {after} s comes too late for `{collect.name}`")
            if not keys:
                yield from heard(collect.prompts, now, after)
            now += after
            keys += happens.key
            yield Pressed(now, happens.key)
        accept = collect.accepted(keys.removesuffix("#"))
        if accept is not None:
            return f"{Outcome.ACCEPT.value} {named(accept.what)}", now - begun
        label = (Outcome.INVALID if keys else Outcome.SILENCE).value
    return label, now - begun
