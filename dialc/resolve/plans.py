"""Plan files: names to what they stand for, and blocks to steps.

In: `syntax.File`. Out: `plan.Plan`. What was written is lowered to steps here: a route becomes a step for each thing
that it does, the first under the route's name and the others under that name and a number (`start`, `start-2`, …),
with which no name can be confused, since a name has no dash. A route that only leads on becomes no step: whoever names
it means the step it leads to. A way out that was left out leads to the default operator.

Here stands in which order a file is resolved; how, in a module for each kind of declaration and of step.
"""

from dialc import plan, syntax
from dialc.resolve import (
    callers,
    combinations,
    digits,
    head,
    hours,
    lines,
    prompts,
    scenarios,
    steps,
    switches,
    values,
)
from dialc.resolve.names import NOT_SAID, Scope
from dialc.resolve.steps import bot, menu, queue, route


def resolve(scope: Scope) -> plan.Plan:
    """The plan; it is whole only where the findings of the scope refuse nothing."""
    scope.declare()
    named = scope.findings.only("plan", scope.all(syntax.Head))
    settings = scope.findings.settings(scope.all(syntax.Setting))
    if named is None:
        scope.lacks("the file has no `plan`", scope.start, 'write `plan name "title"`', NOT_SAID)
    scope.zone = head.time_zone(scope, settings)
    language = head.language(scope, settings)
    scope.languages = head.languages(scope, language, settings)
    scope.country = head.country(scope, settings)
    scope.default = scope.default_operator()
    scope.operator = lines.unsaid(scope)
    scope.onward = scope.led_on()
    valid = head.validity(scope)
    switches.resolve(scope)
    around = hours.Around(scope.zone, valid, scope.beside, route.asked_exceptions(scope))
    for block in scope.all(syntax.Hours):
        opening = hours.resolve(block, around, switches.of_hours(scope, block), scope.findings)
        if scope.names[opening.hours.name] is block:
            scope.hours[opening.hours.name] = opening.hours
            scope.unsure.update(() if opening.whole else (opening.hours.name,))
    combinations.resolve(scope)
    if valid.dates is None and not valid.told:
        hours.tell_timeless(scope.all(syntax.Hours), scope.findings)
    for prompt in scope.all(syntax.Prompt):
        heard = prompts.resolve(scope, prompt)
        if scope.names[heard.name] is prompt:
            scope.prompts[heard.name] = heard
    for numbers in scope.all(syntax.Digits):
        entered = digits.resolve(scope, numbers)
        if scope.names[entered.name] is numbers:
            scope.digits[entered.name] = entered
    for list_ in scope.all(syntax.Callers):
        listed = callers.resolve(scope, list_)
        if scope.names[listed.name] is list_:
            scope.callers[listed.name] = listed
    met: dict[str, plan.Step] = {}
    for declaration in scope.file.declarations:
        if isinstance(declaration, syntax.Step):
            lowered = steps.lowered(scope, declaration)
            if scope.names[declaration.name.text] is declaration:
                met.update((step.name, step) for step in lowered)
    met = menu.with_rows(scope, met)
    called = lines.resolve(scope, met)
    met.update((step.name, step) for step in lines.served(scope, called, met.values()))
    resolved = plan.Plan(
        name=named.name.text if named else "",
        title=named.title.text if named else "",
        zone=scope.zone,
        language=language,
        languages=scope.languages,
        valid=valid.dates,
        policy=head.policy(scope),
        lines=called,
        hours=scope.hours,
        prompts=scope.prompts,
        steps=met,
        operator=scope.default,
        waivers=tuple(head.waivers(scope)),
        scenarios=tuple(scenarios.resolve(scope)),
        switches=scope.switches,
        callback_to=head.callback_to(scope),
        digest=values.digest(scope.file, hours.taken(scope.hours.values()), scope.asked),
        arrows=scope.arrows,
        place=named.place if named else scope.start,
    )
    head.tell_sites(scope)
    route.tell_limits(scope, met.values())
    bot.tell_people(scope, met.values())
    queue.tell_codes(scope)
    scope.tell_undefined()
    scope.tell_unspoken()
    if not scope.findings.refused:  # what uses them may be what is wrong
        scope.tell_unused()
        head.tell_languages(scope, met.values())
    return resolved
