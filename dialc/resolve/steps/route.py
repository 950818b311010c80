"""Route blocks: a step for each thing that a route does.

In: `syntax.Route`. Out: its steps, each leading to the next; and whether all returns to one step agree on their limit.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from dialc import calendar, plan, syntax
from dialc.findings import Note
from dialc.resolve import callers, switches, values
from dialc.resolve.names import Scope
from dialc.resolve.steps.ways import leads
from dialc.source import Place

LABEL_SIGNS = " .-_/:+"
"""What may stand in a label beside letters and digits; none of it means anything to a PBX or a phone."""

LONGEST_LABEL = 24
"""Characters of a label: the displays of many desk phones have room for little more, and the caller's name follows."""


def lowered(scope: Scope, route: syntax.Route) -> Iterator[plan.Step]:
    """A step for each thing that the route does, leading to the next or to where the route says."""
    if not route.items:
        message = f"the route `{values.shortened(route.name.text)}` does nothing"
        scope.findings.add("D219", message, route.name.place, caller="a caller would hear nothing")
    items = _reached(scope, route)
    _tell_recording(scope, items)
    end = items[-1] if items and isinstance(items[-1], syntax.Go) else None
    onward, arrow = (scope.to(end.to), end.to.place) if end else (scope.operator, None)
    done = [item for item in items if not isinstance(item, syntax.Go)]
    names = [route.name.text, *(f"{route.name.text}-{number}" for number in range(2, len(done) + 1))]
    for item, name, then in zip(done[:-1], names, names[1:], strict=False):
        yield _done(scope, item, name, then)
    for item in done[-1:]:
        yield _done(scope, item, names[-1], onward, arrow)


def _reached(scope: Scope, route: syntax.Route) -> Sequence[syntax.RouteItem]:
    """The items of a route up to the first from which no caller goes on to the next."""
    for number, item in enumerate(route.items[:-1], start=1):
        if isinstance(item, syntax.Go | syntax.Again | syntax.HangUp):
            scope.findings.add(
                "D218",
                "nothing leads to this",
                values.keyword(route.items[number]),
                caller="no caller would ever get here",
                notes=(Note(item.place, "here every caller leaves the route"),),
            )
            return route.items[:number]
    return route.items


def _tell_recording(scope: Scope, items: Iterable[syntax.RouteItem]) -> None:
    """A `record` stands once in a route, and behind a prompt that gives notice of it."""
    noticed, first = False, None
    for item in items:
        match item:
            case syntax.Play():
                prompt = scope.prompts.get(item.prompt.text)
                noticed = noticed or prompt is None or prompt.notice
            case syntax.Record() if first:
                scope.findings.twice("record", item, first)
            case syntax.Record():
                first = item
                if not noticed:
                    known = next((name for name, prompt in scope.prompts.items() if prompt.notice), "")
                    scope.findings.add(
                        "D275",
                        "no prompt that says `notice` is played in this route before it records",
                        item.place,
                        caller="is recorded without having been told",
                        help=f"write `play {known}` before it" if known else "",
                    )
            case _:
                pass


_Done = (
    syntax.Answer
    | syntax.Play
    | syntax.Record
    | syntax.Label
    | syntax.When
    | syntax.WhenSwitch
    | syntax.Again
    | syntax.HangUp
)


def _done(
    scope: Scope,
    item: syntax.Answer
    | syntax.Play
    | syntax.Record
    | syntax.Label
    | syntax.When
    | syntax.WhenSwitch
    | syntax.WhenCaller
    | syntax.Again
    | syntax.HangUp,
    name: str,
    then: str,
    arrow: Place | None = None,
) -> plan.Step:
    """What a route does, as a step that leads on to `then`, and where that is written, if it is."""
    if arrow:
        scope.arrows[name, _onward(item)] = arrow
    match item:
        case syntax.Answer():
            return plan.Answer(name, then, place=item.place)
        case syntax.Play():
            return plan.Play(name, scope.played(item.prompt), then, place=item.place)
        case syntax.Label():
            return plan.Label(name, _shown(scope, item.text), then, place=item.place)
        case syntax.When(exception=syntax.Word() as exception):
            to = leads(scope, name, item.state.text, item.to)
            hours, named = _exception(scope, item.hours, exception)
            opens = item.state.text == "open"
            return plan.ByException(name, hours, opens, named, to, then, place=item.place)
        case syntax.WhenSwitch():
            to, switch = (
                leads(scope, name, item.state.text, item.to),
                switches.asked(scope, item.switch, item.state.place),
            )
            on, off = (to, then) if item.state.text == "on" else (then, to)
            return plan.BySwitch(name, switch, on, off, place=item.place)
        case syntax.Record():
            return plan.Record(name, then, place=item.place)
        case syntax.When():
            to = leads(scope, name, item.state.text, item.to)
            opened, closed = (to, then) if item.state.text == "open" else (then, to)
            return plan.Branch(name, scope.opening(item.hours), opened, closed, place=item.place)
        case syntax.WhenCaller():
            whom, listed = callers.asked(scope, item.whom), leads(scope, name, "listed", item.to)
            return plan.ByCaller(name, whom, listed, then, place=item.place)
        case syntax.Again():
            caller = "how often a caller can come back is not said"
            limit = values.count(item.limit, scope.findings, most=9, caller=caller)
            target, used_up = leads(scope, name, "again", item.target), leads(scope, name, "used-up", item.then)
            return plan.Again(name, target, limit, used_up, place=item.place)
        case syntax.HangUp():
            return plan.HangUp(name, place=item.place)
        case _:
            assert_never(item)


def _shown(scope: Scope, word: syntax.Word) -> str:
    """A label as phones show it."""
    text = " ".join(word.text.split())
    strange = next((sign for sign in text if not (sign.isalnum() or sign in LABEL_SIGNS)), "")
    if strange or not text or len(text) > LONGEST_LABEL:
        message = "the label is empty" if not text else f"the label has more than {LONGEST_LABEL} characters"
        if strange:
            message = f"a label has no `{strange}`" if strange.isprintable() else "a label has no such character"
        scope.findings.add(
            "D263",
            message,
            word.place,
            caller="the phones that ring for a caller would show something else, or nothing",
            help=f"use letters, digits and `{LABEL_SIGNS.strip()}`, at most {LONGEST_LABEL} characters",
        )
    return text


def _onward(item: syntax.RouteItem) -> str:
    """The label of the exit by which a route goes on behind an item."""
    match item:
        case syntax.When(exception=syntax.Word()):
            return "otherwise"
        case syntax.When():
            return "closed" if item.state.text == "open" else "open"
        case syntax.WhenSwitch():
            return "off" if item.state.text == "on" else "on"
        case syntax.WhenCaller():
            return "not-listed"
        case _:
            return "done"


# Exceptions by name


def asked_exceptions(scope: Scope) -> Mapping[str, Collection[str]]:
    """The names of exceptions that routes ask for, by hours."""
    found: dict[str, set[str]] = {}
    for route in scope.all(syntax.Route):
        for item in route.items:
            if isinstance(item, syntax.When) and item.exception:
                found.setdefault(item.hours.text, set()).add(item.exception.text)
    return found


def _exception(scope: Scope, word: syntax.Word, exception: syntax.Word) -> tuple[plan.Hours, str]:
    """Hours, and the name of one of their exceptions; a finding where they have none of this name."""
    hours = scope.of_a_block(word, "no exceptions")
    known = list(dict.fromkeys(name for e in hours.exceptions for name in e.names))
    shown = values.shortened(exception.text)
    if exception.text not in known:
        if hours.name and hours.name not in scope.unsure:
            meant = _meant(exception.text, known)
            scope.findings.add(
                "D243",
                f"`{values.shortened(word.text)}` has no exception named `{shown}`",
                exception.place,
                caller=_NO_WAY,
                notes=(Note(hours.place, "these hours"),),
                help=f'did you mean `"{meant}"`?' if meant else "",
            )
    elif not calendar.named_dates(hours, exception.text):
        scope.findings.add(
            "D243",
            f"other exceptions take precedence over `{shown}` on all of its days",
            exception.place,
            caller=_NO_WAY,
        )
    return hours, exception.text


_NO_WAY = "no caller would ever go this way"


def _meant(name: str, known: Sequence[str]) -> str:
    """The name of an exception that was surely meant: one that differs in case or a little, or contains all of it."""
    folded = {other.casefold(): other for other in known}
    import difflib  # only findings need it

    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.7)
    containing = [other for other in folded if name.casefold() in other]
    return folded[close[0]] if close else folded[containing[0]] if len(containing) == 1 else ""


def tell_limits(scope: Scope, steps: Iterable[plan.Step]) -> None:
    """Every `again` to one step must agree how often a caller can come back, since they share one counter."""
    first: dict[str, plan.Again] = {}
    for step in steps:
        if isinstance(step, plan.Again):
            other = first.setdefault(step.target, step)
            if other.limit != step.limit:
                scope.findings.add(
                    "D217",
                    f"`{values.shortened(step.target)}` is returned to at most {other.limit} times elsewhere",
                    step.place,
                    caller="how often a caller can come back is not said",
                    notes=(Note(other.place, "here"),),
                )
