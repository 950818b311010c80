"""C09: a caller comes to a menu that offers or says too much, or lies behind too many others."""

from collections.abc import Iterator

from dialc.call import Arrived, Left, Spoken
from dialc.plan import Again, Menu, Plan
from tests.oracle import Made


def broken(plan: Plan, made: Made) -> Iterator[tuple[str, int]]:
    exits, levels, language = 0, 0, plan.language
    before: dict[str, int] = {}
    for event in made.events:
        match event:
            case Arrived():
                before.setdefault(event.step, levels)
                step = plan.steps[event.step]
                if not isinstance(step, Menu):
                    continue
                options = [choice for choice in step.choices if choice.key != "0" and not choice.speaks]
                if len(options) + len(step.direct) > plan.policy.options:
                    yield step.name, exits
                if sum(prompt.spoken(language).seconds for prompt in step.prompts) > plan.policy.menu_prompt:
                    yield step.name, exits
                if options or step.direct or not any(choice.speaks for choice in step.choices):
                    levels += 1
                    if levels > plan.policy.levels:
                        yield step.name, exits
            case Spoken():
                language = event.language
            case Left():
                exits += 1
                left = plan.steps[event.step]
                if isinstance(left, Again) and event.outcome == "again" and left.target in before:
                    levels = before[left.target]
            case _:
                pass
