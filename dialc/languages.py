"""What callers hear in the language that they are spoken to in.

In: a `Survey`. Out: a `Breach` for each prompt and language in which a caller can hear it and it has no text. That is
no rule of the charter: there is nothing to weigh, the recording would have to say what nobody has written.
"""

from collections.abc import Iterator

from dialc.calendar import Instants
from dialc.plan import Outcome, Prompt, heard_at
from dialc.reach import FORGETFUL, Situation, Survey
from dialc.rules import Breach, breach


def check(survey: Survey) -> Iterator[Breach]:
    """Every prompt that can be heard in a language in which it has no text; prompts of one language need none."""
    several = len(survey.plan.languages) > 1
    heard: dict[tuple[str, str], dict[Situation, Instants]] = {}
    prompts: dict[str, Prompt] = {}
    played = {name: heard_at(step) for name, step in survey.plan.steps.items()}
    for situation, instants in survey.reach().items():
        language = situation.language
        for prompt in played[situation.step]:
            if language in dict(prompt.texts) or not (several or prompt.texts):
                continue
            prompts[prompt.name] = prompt
            if listening := _listening(survey, situation, instants):
                heard.setdefault((prompt.name, language), {})[situation] = listening
    for (name, language), goal in heard.items():
        witness = survey.witness(FORGETFUL, goal)
        step = witness.step if witness else next(iter(goal)).step
        yield breach(
            survey,
            "D252",
            step,
            f"`{name}` can be heard in `{language}`, and has no text in it",
            prompts[name].place,
            caller="would hear nothing that they understand, or nothing at all",
            witness=witness,
            last=f"hears {name}, in {language}",
            help=f'write what it says, as in `{language} "…"`',
        )


def _listening(survey: Survey, situation: Situation, instants: Instants) -> Instants:
    """The instants at which a caller hears the prompts of a step: an operator who is not there plays none."""
    exits = survey.exits(situation.step, situation.language)
    found = Instants()
    for exit in exits:
        if exit.outcome is not Outcome.UNSTAFFED:
            found |= survey.taken(exit, instants)
    return found
