"""No unreachable department, no false key.

Every step can be reached by some call, at some instant: one that nothing leads to, or only when the hours forbid it, is
reported. Every department that a menu names is answered by people, or takes a message after hours: a key behind which
there is neither is reported. A telephone that a machine could answer does not count as a person.

The keys that the prompts of a menu or queue offer are exactly the keys that work there. A key that is offered and does
nothing, one that works and is not offered, and prompts that do not say which keys they offer are reported; for key 0
and for keys that repeat a menu it is a warning. Extensions that are offered and cannot be dialled are reported, too;
those that can be dialled need not be offered. Menus and queues are left alone to which only callers of a line come that
is for a ``machine`` or ``announcement-only``.

Comes from: an Israeli guide to prevailing with customer service: a department that nobody may talk to.

Bad::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
    }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices {
      file office/choices  en "Sales: one. Service: two. Reception: zero."
      lasts 5s  offers 1, 2, 0
    }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[C18]: key 2 is offered in `main` and does nothing there
      --> plan.dial:14:13
       |
    14 |   lasts 5s  offers 1, 2, 0
       |             ^^^^^^^^^^^^^^
       = caller: presses 2, as they were told to, and is not understood
       = help: write `key 2 -> …` in `main`, or record the prompt without it

Good::

    plan office "Example Ltd"
    timezone Europe/Warsaw  language en
    line "+48 22 123 45 67" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
    }
    ring sales { ring 201, 202 for 10s }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices {
      file office/choices  en "Sales: one. Reception: zero."
      lasts 5s  offers 1, 0
    }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator, Mapping

from dialc.calendar import Instants
from dialc.findings import Severity
from dialc.plan import Callback, Choice, End, Exit, Menu, Offers, Outcome, Queue, Repeat, Step
from dialc.reach import Situation, Survey, components
from dialc.rules import Breach, breach
from dialc.source import Place
from dialc.witness import written


def check(survey: Survey) -> Iterator[Breach]:
    """Steps that no call reaches, keys that are offered and do not work or work unsaid, departments without people."""
    yield from _unreachable(survey)
    reached = survey.reach()
    of_exempt = {s.step for s in reached if s.party.exempt} - {s.step for s in reached if not s.party.exempt}
    helped: Mapping[Situation, Instants] = {}
    if any(isinstance(step, Menu) for step in survey.plan.steps.values()):
        helped = survey.leading(_helps)
    for step in survey.plan.steps.values():
        if step.name in of_exempt:
            continue
        if isinstance(step, Menu | Queue):
            yield from _keys(survey, step)
        if isinstance(step, Menu):
            yield from _departments(survey, step, helped)


def _unreachable(survey: Survey) -> Iterator[Breach]:
    """Steps that no call gets to; of those that lead to one another, the first."""
    reached = {situation.step for situation in survey.reach()}
    # Call-backs are placed through a queue, which nobody has to call into.
    reached |= {
        step.queue for step in survey.plan.steps.values() if isinstance(step, Callback) and step.name in reached
    }
    lost = {name: {str(exit.to) for exit in survey.exits(name)} for name in survey.plan.steps if name not in reached}
    circle = {name: number for number, names in enumerate(components(lost)) for name in names}
    led_to = {circle[to] for name in lost for to in lost[name] if to in lost and circle[to] != circle[name]}
    first = {circle[name]: name for name in sorted(lost, key=survey.plan.stands, reverse=True)}
    for name in sorted((name for number, name in first.items() if number not in led_to), key=survey.plan.stands):
        block = written(name)
        way_out = "" if name == survey.plan.operator else ", or take it out"
        yield breach(
            survey,
            "C18",
            name,
            f"no call ever reaches `{block}`" if name == block else f"no call ever reaches the end of `{block}`",
            survey.plan.steps[name].place,
            caller="can never get here, whatever they press and whenever they call",
            help=f"send callers to `{block}`{way_out}" if name == block else "",
        )


def _keys(survey: Survey, step: Menu | Queue) -> Iterator[Breach]:
    """Keys that are offered and do not work, or that work and are not offered."""
    offers = [prompt.offers for prompt in step.prompts if prompt.offers]
    work: dict[str, Choice | Repeat] = {choice.key: choice for choice in step.choices}
    if isinstance(step, Menu):
        work.update((repeat.key, repeat) for repeat in step.repeats)
    said = {key: claim for claim in offers for key in claim.keys}
    for claim in offers:
        if claim.extensions and not (isinstance(step, Menu) and step.direct):
            yield breach(
                survey,
                "C18",
                step.name,
                f"extensions are offered in `{step.name}` and cannot be dialled there",
                claim.place,
                caller="dials an extension, as they were told to, and is not understood",
                help=f"write `direct …` in `{step.name}`, or record the prompt without it",
            )
    if not offers:
        if any(_weight(key, does) is Severity.ERROR for key, does in work.items()):
            yield breach(
                survey,
                "C18",
                step.name,
                f"no prompt of `{step.name}` says which keys it offers",
                step.place,
                caller="may be offered keys that do nothing, and not be told of those that work",
                help=f"write `offers {', '.join(work)}` in the prompt, if that is what it says",
            )
        return
    for key, claim in said.items():
        if key not in work:
            yield _false_key(survey, step, key, claim)
    for key, does in work.items():
        if key not in said:
            yield _silent_key(survey, step, key, does)


def _false_key(survey: Survey, step: Menu | Queue, key: str, claim: Offers) -> Breach:
    return breach(
        survey,
        "C18",
        step.name,
        f"key {key} is offered in `{step.name}` and does nothing there",
        claim.place,
        caller=f"presses {key}, as they were told to, and is not understood",
        help=f"write `key {key} -> …` in `{step.name}`, or record the prompt without it",
        severity=_weight(key),
    )


def _silent_key(survey: Survey, step: Menu | Queue, key: str, does: Choice | Repeat) -> Breach:
    return breach(
        survey,
        "C18",
        step.name,
        f"key {key} works in `{step.name}` and no prompt offers it",
        does.place,
        caller=f"is never told of key {key}",
        help=f"record the prompt with key {key} and add it to `offers`",
        severity=_weight(key, does),
    )


def _weight(key: str, does: Choice | Repeat | None = None) -> Severity:
    return Severity.WARNING if key == "0" or isinstance(does, Repeat) else Severity.ERROR


def _helps(_: Step, exit: Exit) -> bool:
    """Whether somebody answers, a message is left or a call-back booked."""
    return exit.to is End.PERSON or exit.outcome in (Outcome.LEFT, Outcome.BOOKED)


def _departments(survey: Survey, step: Menu, helped: Mapping[Situation, Instants]) -> Iterator[Breach]:
    """Keys behind which nobody ever answers, no message can be left and no call-back booked."""
    asked, behind = survey.at(step.name), set[str]()
    for situation, instants in asked.items():
        for exit, onward in survey.ways(situation):
            if exit.outcome is not Outcome.KEY or exit.key in behind or onward is None or onward not in helped:
                continue
            whoever = helped[onward] is survey.reach()[onward]  # all who get there are helped
            if survey.can_take(exit, instants) and (whoever or survey.arrival(exit, instants) & helped[onward]):
                behind.add(exit.key)
    for choice in step.choices:
        if choice.key in behind or not asked:
            continue
        yield breach(
            survey,
            "C18",
            step.name,
            f"nobody answers behind key {choice.key} of `{step.name}`",
            _target(survey, step, choice),
            caller=f"presses {choice.key} for {choice.label or choice.to} and never gets to a person",
        )


def _target(survey: Survey, step: Menu, choice: Choice) -> Place:
    exit = next(e for e in survey.exits(step.name) if e.key == choice.key)
    return survey.plan.arrow(step.name, exit)
