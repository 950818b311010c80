"""Menus stay small.

A menu offers at most as many options as the policy says (5 in ``charter``): key 0, keys that repeat and keys that
choose a language are not counted, and a row of extensions that can be dialled is one option. A caller passes at most so
many levels of menus (2), one behind the other; a menu whose keys only choose the language is no level, and what an
``again`` brings callers back to is as deep as it was. The prompts of a menu last at most so long together (20 s), in
each language in which callers can hear them.

A menu whose options all lead to the same people asks a question whose answer changes nothing; that is a warning. The
same people are the same step, or steps that ring the same phones first; an option that has another prompt or label on
its way is another answer.

Comes from: a PBX engineer's ten ways to anger those who call, the fourth: do not complicate the menu, and do not ask
what the same person then takes anyway.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    policy charter { keys-to-person 6 }
    line "+48 22 123 45 67" -> main
    menu main  { play choices  key 1 "sales" -> sales  key 2 "service" -> service  key 0 -> reception }
    menu sales { play kinds    key 1 "new" -> new      key 2 "used" -> used        key 0 -> reception }
    menu new   { play sizes    key 1 "small" -> small  key 2 "large" -> large      key 0 -> reception }
    ring small   { ring 201 for 10s }
    ring large   { ring 202 for 10s }
    ring used    { ring 203 for 10s }
    ring service { ring 204 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file choices  en "Sales: one. Service: two. Reception: zero."  lasts 5s  offers 1, 2, 0 }
    prompt kinds   { file kinds    en "New ones: one. Used ones: two."  lasts 4s  offers 1, 2, 0 }
    prompt sizes   { file sizes    en "Small ones: one. Large ones: two."  lasts 4s  offers 1, 2, 0 }
    prompt apology { file apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[C09]: `new` is level 3 of the menus, and 2 are allowed
     --> plan.dial:7:1
      |
    7 | menu new   { play sizes    key 1 "small" -> small  key 2 "large" -> large      key 0 -> reception }
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = caller: has chosen 2 times, and has to choose again
      = call: Thu 2026-01-01 00:00:00 CET, calling +48221234567
              +0:00  main: presses 1 -> sales
              +0:00  sales: presses 1 -> new
              +0:00  new: asks again

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    policy charter { keys-to-person 6 }
    line "+48 22 123 45 67" -> main
    menu main  { play choices  key 1 "sales" -> sales  key 2 "service" -> service  key 0 -> reception }
    menu sales { play kinds    key 1 "small" -> small  key 2 "large" -> large      key 3 -> used  key 0 -> reception }
    ring small   { ring 201 for 10s }
    ring large   { ring 202 for 10s }
    ring used    { ring 203 for 10s }
    ring service { ring 204 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file choices  en "Sales: one. Service: two. Reception: zero."  lasts 5s  offers 1, 2, 0 }
    prompt kinds   { file kinds    en "Small: one. Large: two. Used ones: three."  lasts 5s  offers 1, 2, 3, 0 }
    prompt apology { file apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Hashable, Iterator, Mapping

from dialc.calendar import Instants
from dialc.findings import Severity
from dialc.levels import chain, levels, options
from dialc.plan import (
    Answer,
    Choice,
    Label,
    Menu,
    Operator,
    Play,
    Queue,
    Record,
    Ring,
)
from dialc.reach import FORGETFUL, Situation, Survey
from dialc.rules import Breach, breach
from dialc.source import Place
from dialc.witness import written


def check(survey: Survey) -> Iterator[Breach]:
    """Every menu with too many options, too much to say, too deep, or whose question does not matter."""
    menus = {step.name: step for step in survey.plan.steps.values() if isinstance(step, Menu)}
    reached: dict[str, dict[Situation, Instants]] = {}
    for situation, instants in survey.reach().items():
        if situation.step in menus:
            reached.setdefault(situation.step, {})[situation] = instants
    for name, goal in reached.items():
        yield from _options(survey, menus[name], goal)
        yield from _prompts(survey, menus[name], goal)
        yield from _pointless(survey, menus[name])
    yield from _levels(survey)


# Options


def _options(survey: Survey, menu: Menu, goal: Mapping[Situation, Instants]) -> Iterator[Breach]:
    allowed = survey.plan.policy.options
    places = [choice.place for choice in options(menu)] + [direct.place for direct in menu.direct]
    if len(places) > allowed:
        yield breach(
            survey,
            "C09",
            menu.name,
            f"`{menu.name}` has {len(places)} options, and {allowed} are allowed",
            places[allowed],
            caller="has forgotten the first when they hear the last",
            witness=survey.witness(FORGETFUL, goal),
            last=f"{menu.name}: asks",
        )


# What a menu says


def _prompts(survey: Survey, menu: Menu, goal: Mapping[Situation, Instants]) -> Iterator[Breach]:
    allowed, plan = survey.plan.policy.menu_prompt, survey.plan
    lengths = {
        language: sum(prompt.spoken(language).seconds for prompt in menu.prompts)
        for language in {situation.language for situation in goal}
    }
    long = {situation: instants for situation, instants in goal.items() if lengths[situation.language] > allowed}
    if long:
        worst = max(lengths[situation.language] for situation in long)
        several = len(menu.prompts) > 1
        yield breach(
            survey,
            "C09",
            menu.name,
            f"`{menu.name}` says what it offers for {worst} s, and {allowed} s are allowed",
            menu.place if several else plan.prompts[menu.prompts[0].name].place,
            caller="waits for the key that they want, and cannot know whether it comes",
            witness=survey.witness(FORGETFUL, long),
            last=f"{menu.name}: asks",
            help="play a welcome in a route before the menu, where it is said once" if several else "",
        )


# Levels


def _levels(survey: Survey) -> Iterator[Breach]:
    """The menus that are one level too deep; those behind them are no deeper for that."""
    allowed = survey.plan.policy.levels
    steps = survey.plan.steps
    if chain(survey) <= allowed:
        return
    memory = levels(survey, allowed)
    deep: dict[str, dict[Situation, Instants]] = {}
    for situation, instants in survey.reach(memory).items():
        if situation.state.levels > allowed:
            deep.setdefault(situation.step, {})[situation] = instants
    for name, goal in deep.items():
        yield breach(
            survey,
            "C09",
            name,
            f"`{name}` is level {allowed + 1} of the menus, and {allowed} are allowed",
            steps[name].place,
            caller=f"has chosen {allowed} times, and has to choose again",
            witness=survey.witness(memory, goal),
            last=f"{name}: asks again",
        )


# Questions that do not matter


def _pointless(survey: Survey, menu: Menu) -> Iterator[Breach]:
    choices = options(menu)
    zero = [choice for choice in menu.choices if choice.key == "0" and not choice.speaks]
    answers = {_people(survey, choice.to) for choice in choices}
    if menu.direct or len(answers) != 1:
        return
    if len(choices) == 1 and {_people(survey, choice.to) for choice in zero} != answers:
        return
    first = (*choices, *zero)[1]
    yield breach(
        survey,
        "C09",
        menu.name,
        f"the options of `{menu.name}` all lead to the same people",
        _target(survey, menu, first),
        caller="has to choose, and whatever they choose is the same",
        help=f"send callers to `{written(choices[0].to)}` without the menu, or give the options labels",
        severity=Severity.WARNING,
    )


def _people(survey: Survey, name: str) -> Hashable:
    """What a caller who goes to a step comes to: a label and the phones that ring first, or else some other step."""
    label = ""
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        match step := survey.plan.steps[name]:
            case Label():
                label, name = step.text, step.then
            case Answer() | Record():
                name = step.then
            case Ring() | Operator():
                return label, frozenset(phone.number for phone in step.stages[0].phones)
            case Queue():
                among = step.signing.among if step.signing else ()
                return label, frozenset(phone.number for phone in (*step.members, *among))
            case Play():
                return label, step.prompt.name, step.then
            case _:
                return label, name
    return label, name


def _target(survey: Survey, menu: Menu, choice: Choice) -> Place:
    exit = next(e for e in survey.exits(menu.name) if e.key == choice.key)
    return survey.plan.arrow(menu.name, exit)
