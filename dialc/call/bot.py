"""A bot as a caller lives through it: it picks up, talks, and is left by a key, by itself or when its time is over.

In: the bot, when the caller comes, what happens as it rings and as it talks. Out: events, the exit and the seconds it
took.
"""

from dialc.call.events import Course, Joined, Pressed, Rang
from dialc.call.happenings import CannotHappen, Decide, Happens, Point
from dialc.plan import Bot, Outcome


def lived(bot: Bot, now: int, decide: Decide) -> Course:
    """What a bot is to the caller who comes `now` seconds into the call."""
    yield Rang(now, bot.name, 1, (bot.phone.number,))
    happens = decide(Point(bot, now, 1)) or Happens(Outcome.ANSWERED)
    rung = happens.after or 0
    if happens.outcome is not Outcome.ANSWERED:
        _hold(bot, happens, rung, (Outcome.KEY, Outcome.FAILED), bot.ring)
        return (yield from _left(happens, now, rung))
    _hold(bot, happens, rung, (Outcome.ANSWERED,), bot.ring)
    yield Joined(now + rung, bot.name, bot.phone.number)
    happens = decide(Point(bot, now + rung, 2)) or Happens(Outcome.LIMIT)
    talked = bot.limit if happens.outcome is Outcome.LIMIT and happens.after is None else happens.after or 0
    shortest = bot.limit if happens.outcome is Outcome.LIMIT else 0
    _hold(bot, happens, talked, (Outcome.KEY, Outcome.OVER, Outcome.LIMIT), bot.limit, shortest)
    return (yield from _left(happens, now, rung + talked))


def _hold(bot: Bot, happens: Happens, after: int, can: tuple[Outcome, ...], last: int, first: int = 0) -> None:
    """Raises `CannotHappen` for what is not among `can`, or does not come in time."""
    fits = happens.outcome in can and first <= after <= last
    other = happens.outcome is Outcome.KEY and happens.key != bot.escape.key
    if not fits or other or happens.who not in ("", bot.phone.number):
        what = " ".join(filter(None, (happens.outcome.value, happens.key, happens.who)))
        raise CannotHappen(f"`{what}` after {after} s cannot happen at the bot `{bot.name}`")


def _left(happens: Happens, now: int, seconds: int) -> Course:
    """The exit that is taken so many seconds after the caller came."""
    if happens.outcome is not Outcome.KEY:
        return happens.outcome.value, seconds
    yield Pressed(now + seconds, happens.key)
    return f"key {happens.key}", seconds
