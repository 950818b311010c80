"""Prompt blocks: what is heard, for how long, and what it says about the plan.

In: `syntax.Prompt`. Out: `plan.Prompt`.
"""

import re
from collections.abc import Iterable, Sequence

from dialc import plan, syntax
from dialc.findings import Note
from dialc.resolve import hours, recordings, values
from dialc.resolve.names import Scope
from dialc.resolve.values import Written

EXTENSIONS = "extensions"
"""Among the keys that a prompt offers: that an extension can be dialled."""

_SOUND = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*")


def resolve(scope: Scope, prompt: syntax.Prompt) -> plan.Prompt:
    """The prompt of a block."""
    name, items = prompt.name.text, prompt.items
    settings = scope.findings.settings(items)
    offers = scope.findings.only("offers", (item for item in items if isinstance(item, syntax.Offers)))
    says = scope.findings.only("says", (item for item in items if isinstance(item, syntax.Says)))
    states = scope.findings.only("states usual", (item for item in items if isinstance(item, syntax.States)))
    texts: dict[str, syntax.Spoken] = {}
    for item in items:
        if isinstance(item, syntax.Spoken):
            first = texts.setdefault(item.language.text, item)
            if first is not item:
                scope.findings.twice(item.language.text, item, first)
            if any(True for _ in scope.all(syntax.Languages)):
                scope.tongue(item.language)
    if "file" not in settings:
        message = f"the prompt `{values.shortened(name)}` does not say its `file`"
        help = f"write it, as in `file {name}`"
        scope.lacks(message, prompt.name.place, help, "a caller would hear nothing")
    seconds, *others = _lengths(
        scope, prompt, settings.get("file"), [code for code in scope.languages if code in texts or not texts]
    )
    promised, called = settings.get("promises"), _called_back(scope, items)
    if promised and "goodbye" in settings:
        scope.findings.add(
            "D250",
            f"`{values.shortened(name)}` says goodbye and promises that somebody answers",
            settings["goodbye"].place,
            caller="is told that the call is over, and to wait",
            notes=(Note(promised.place, "an answer is promised here"),),
        )
    return plan.Prompt(
        name,
        _sound(scope, settings["file"]) if "file" in settings else "",
        tuple((code, item.text.text) for code, item in texts.items()),
        seconds,
        lengths=tuple(
            (code, length) for code, length in zip(scope.languages[1:], others, strict=True) if length != seconds
        ),
        offers=_offered(scope, offers) if offers else None,
        says=plan.Says(scope.opening(says.hours), says.state.text == "open", place=says.place) if says else None,
        states_usual=_stated(scope, states) if states else None,
        promises_wait=plan.PromisesWait(
            values.seconds_of(scope.findings, settings, "promises", 1, "what is promised to a caller is not said"),
            place=promised.place,
        )
        if promised
        else None,
        promises_call=called,
        notice="notice" in settings,
        goodbye="goodbye" in settings,
        apology="apology" in settings,
        place=prompt.place,
    )


def _lengths(scope: Scope, prompt: syntax.Prompt, file: syntax.Word | None, heard: Sequence[str]) -> Sequence[int]:
    """The seconds that a prompt lasts in each language of the plan, as it says or as its recording does.

    `heard` are the languages in which it can be heard. In another it lasts as long as in some other, since the plan is
    refused wherever a caller could hear it.
    """
    written: dict[str, syntax.Lasts] = {}
    for item in prompt.items:
        if isinstance(item, syntax.Lasts):
            language = scope.tongue(item.language) if item.language else ""
            first = written.setdefault(language, item)
            if first is not item and (not item.language or item.language.text == language):
                scope.findings.twice(f"lasts {language}".strip(), item, first)
    lasts = {
        language: values.seconds(item.duration, scope.findings, caller=_UNSAID) for language, item in written.items()
    }
    unsaid = [] if "" in lasts else [code for code in heard if code not in lasts]
    if scope.sounds and file and _SOUND.fullmatch(file.text):
        for code, length in recordings.measured(scope, scope.sounds, file, heard).items():
            said = written.get(code, written.get(""))
            if said is None:
                lasts[code] = recordings.whole(length)
            else:
                recordings.compare(scope, file, code, said, lasts.get(code, lasts.get("", 1)), length)
    elif unsaid:
        which = f" in `{unsaid[0]}`" if lasts else ""
        message = f"the prompt `{values.shortened(prompt.name.text)}` does not say how long it `lasts`{which}"
        sample = f"lasts {unsaid[0]} 3s" if lasts else "lasts 3s"
        help = f"write it, as in `{sample}`, or give the folder of the recordings with `--sounds`"
        scope.lacks(message, prompt.name.place, help, _UNSAID)
    otherwise = lasts.get("", next(iter(lasts.values()), 1))
    return [lasts.get(language, otherwise) for language in scope.languages]


_UNSAID = "how long a caller listens is not said"


def _called_back(scope: Scope, items: Iterable[Written]) -> plan.PromisesCallBy | plan.PromisesCallWithin | None:
    """What a prompt promises about being called back."""
    written = (item for item in items if isinstance(item, syntax.BackBy | syntax.BackWithin))
    match scope.findings.only("promises callback", written):
        case None:
            return None
        case syntax.BackBy(hours=word, place=place):
            return plan.PromisesCallBy(_some_time(scope, word), place=place)
        case syntax.BackWithin(duration=duration, hours=hours, place=place):
            seconds = values.seconds(duration, scope.findings, caller="what is promised to a caller is not said")
            return plan.PromisesCallWithin(seconds, _some_time(scope, hours) if hours else None, place=place)


def _some_time(scope: Scope, word: syntax.Word) -> plan.Schedule:
    """The hours in which something is promised, with a finding if there are none."""
    found = scope.opening(word)
    made_of = found.hours if isinstance(found, plan.Combination) else (found,)
    opens = any(any(h.weekly) or h.switch or any(day.opens for day in h.exceptions) for h in made_of)
    if found.name and not opens:
        scope.findings.add(
            "D250",
            f"`{values.shortened(word.text)}` never opens",
            word.place,
            caller="would wait for a call that never comes",
            notes=(Note(found.place, "these hours"),),
        )
    return found


def _sound(scope: Scope, word: syntax.Word) -> str:
    """The name of an audio file: below the site's folder of sounds, without the ending that tells its format."""
    if not _SOUND.fullmatch(word.text):
        scope.findings.add(
            "D221",
            f"`{values.shortened(word.text)}` cannot be the name of a sound",
            word.place,
            caller="a caller would hear nothing",
            help="name it below the folder of sounds and without an ending, as in `clinic/welcome`",
        )
    return word.text


def _offered(scope: Scope, offers: syntax.Offers) -> plan.Offers:
    found: dict[str, syntax.Word] = {}
    for word in offers.keys:
        first = found.setdefault(word.text, word)
        if first is not word:
            scope.findings.key_twice(word, first)
    keys = tuple(key for key in found if key != EXTENSIONS)
    return plan.Offers(keys, extensions=EXTENSIONS in found, place=offers.place)


def _stated(scope: Scope, states: syntax.States) -> plan.StatesUsual:
    week = hours.weekly(states.weekly, scope.findings)
    return plan.StatesUsual(scope.of_a_block(states.hours, "no week"), week, place=states.place)
