"""Bot blocks: a machine that talks to callers, and the ways from it to people.

In: `syntax.Bot`. Out: `plan.Bot`. Whatever a plan leaves out, callers get away from a bot: by key 0, when its time is
over, when it hangs up and when it does not answer. Each leads to the default operator unless the plan says otherwise.
"""

from collections.abc import Iterable

from dialc import plan, syntax
from dialc.findings import Note
from dialc.resolve import phones, values
from dialc.resolve.names import NOTHING_RINGS, Scope
from dialc.resolve.steps.ways import written_choices, written_ways

ESCAPE = "0"
"""The key by which a caller gets from a bot to people. It is one everywhere, so that nobody has to be told twice."""

RING = 5
"""Seconds in which a bot picks up; callers hear ringing as long, and a machine has no reason to let them wait."""


def lowered(scope: Scope, bot: syntax.Bot) -> plan.Bot:
    """The bot of a block."""
    name, settings = bot.name.text, scope.findings.settings(bot.items)
    ways, choices = written_ways(scope, name, bot.items), written_choices(scope, name, bot.items)
    if "bot_phone" not in settings:
        message = f"the bot `{values.shortened(name)}` does not say its `phone`"
        scope.lacks(
            message, bot.name.place, "write the extension at which it answers, as in `phone 900`", NOTHING_RINGS
        )
    if "bot_limit" not in settings:
        message = f"the bot `{values.shortened(name)}` does not say its `limit`"
        help = "write how long a caller is with it at most, as in `limit 60s`"
        scope.lacks(message, bot.name.place, help, "a caller could be kept by a machine for ever")
    for item in bot.items:
        if isinstance(item, syntax.Key) and item.key.text != ESCAPE:
            can = any(choice.key == ESCAPE for choice in choices)
            scope.findings.add(
                "D276",
                f"key {item.key.text} does not lead out of a bot",
                item.key.place,
                caller=f"presses {ESCAPE} to get to a person, here as everywhere; other keys are the bot's to hear",
                help="" if can else f"write `key {ESCAPE} -> {values.shortened(item.to.text)}`",
            )
    otherwise = plan.Choice(ESCAPE, "", scope.operator, place=bot.place)
    return plan.Bot(
        name,
        phones.extension(scope, settings["bot_phone"]) if "bot_phone" in settings else plan.Extension(""),
        RING,
        values.seconds_of(scope.findings, settings, "bot_limit", 1, "how long a machine can keep a caller is not said"),
        escape=next((choice for choice in choices if choice.key == ESCAPE), otherwise),
        over=ways.get("over", scope.operator),
        limited=ways.get("limit", scope.operator),
        failed=ways.get("failed", scope.operator),
        place=bot.place,
    )


def tell_people(scope: Scope, steps: Iterable[plan.Step]) -> None:
    """A finding for each bot at whose phone the plan takes somebody for a person."""
    bots: dict[str, plan.Bot] = {}
    people: dict[str, plan.Extension] = {}
    for step in steps:
        match step:
            case plan.Bot():
                bots[step.phone.number] = step
            case plan.Ring() | plan.Operator():
                rung = (phone for stage in step.stages for phone in stage.phones if isinstance(phone, plan.Extension))
                people.update((phone.number, phone) for phone in rung)
            case plan.Queue():
                people.update((phone.number, phone) for phone in step.members)
            case _:
                pass
    for number, bot in bots.items():
        if number and number in people:
            scope.findings.add(
                "D277",
                f"the phone {number} is a bot's and a person's",
                bot.phone.place,
                caller="could be taken for served when only a machine has answered",
                notes=(Note(people[number].place, "here, a person answers it"),),
            )
