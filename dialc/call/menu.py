"""A menu as a caller lives through it: asked, and asked again, until a key leads on or the tries are used up.

In: the menu, when the caller comes, what happens at each try, and at each further key where numbers can be dialled.
Out: events, the exit and the seconds it took. A key that repeats uses up its try like one that is waited out, so as the
last of a menu it counts as silence.
"""

from dialc.call.events import Asked, Course, Pressed
from dialc.call.happenings import CannotHappen, Decide, Happens, Point
from dialc.call.hearing import heard
from dialc.plan import KEYS, Menu, Outcome


def lived(menu: Menu, now: int, decide: Decide) -> Course:
    """What a menu is to the caller who comes `now` seconds into the call."""
    begun, pressed = now, False
    label = Outcome.SILENCE
    for turn in range(1, menu.tries + 1):
        yield Asked(now, menu.name, turn)
        keys = ""
        while not keys or menu.begins(keys):
            limit = menu.wait if keys else menu.seconds
            happens = decide(Point(menu, now, turn, keys)) or Happens(Outcome.SILENCE)
            if happens.outcome is Outcome.SILENCE:
                if not keys:
                    yield from heard(menu.prompts, now, None)
                now += limit
                label = Outcome.INVALID if keys else Outcome.SILENCE
                break
            if happens.outcome is not Outcome.KEY or happens.key not in KEYS or len(happens.key) != 1:
                raise CannotHappen(f"`{happens.outcome.value}` cannot happen in the menu `{menu.name}`")
            usual = 0 if keys else sum(prompt.seconds for prompt in menu.prompts)
            after = usual if happens.after is None else happens.after
            if not 0 <= after <= limit:
                raise CannotHappen(f"a key after {after} s comes too late for a try of `{menu.name}`")
            if not keys:
                yield from heard(menu.prompts, now, after)
            now += after
            yield Pressed(now, happens.key)
            pressed = True
            keys += happens.key
            if any(choice.key == keys for choice in menu.choices):
                return f"key {keys}", now - begun
            if (direct := menu.dialled(keys)) is not None:
                return f"{Outcome.EXTENSION.value} {direct.row}", now - begun
            repeats = any(repeat.key == keys for repeat in menu.repeats)
            label = Outcome.SILENCE if repeats else Outcome.INVALID
    if label is Outcome.SILENCE and pressed and menu.undecided:
        label = Outcome.UNDECIDED
    return label.value, now - begun
