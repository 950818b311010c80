"""Certificates and plans that somebody has tampered with: none that is accepted may claim what is not so.

In: a number of tamperings and a seed. Out: how many were refused, how many accepted although nothing is wrong with what
they claim, and every one that was accepted and claims what some call breaks. `python -m tests.tampering --number 10000`
says so on the terminal; the suite runs a share.

The hash of the plan is worked out anew after each tampering, and so is, now and then, the whole certificate, as by one
who has dialc and no scruples. Whether a claim holds is decided by every call of the plan, made by the walker,
and what `tests/broken` says of it: neither the checker nor the verifier has a say in that.
"""

import argparse
import copy
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, cast

import attrs
from hypothesis import HealthCheck, Phase, given, seed, settings

from dialc import reach
from dialc.certificate import certificate
from dialc.plan import Bound, Extensions, Hours, Plan, Prompt, Span, Verified
from dialc.proof import CHECKED, Refused, check, digest
from dialc.rules import checks
from tests import broken, oracle, strategies
from tests.broken import c16
from tests.test_verify import starts

OF_CALLS = ("C02", "C03", "C07", "C10", "C17")
"""Rules that `oracle.broken` knows."""
T = TypeVar("T")
MOST = 1500
"""Calls of a plan beyond which it is not looked at."""
PATIENT = 100_000
"""Calls of a plan that has been tampered with beyond which its claims are left undecided."""


@attrs.frozen
class Known:
    """A plan, its certificate as JSON, and the rules that it is proved to keep."""

    plan: Plan
    text: str


def plans(number: int, at: int) -> list[Known]:
    """Small plans that come to an end, each with the certificate of all the rules that it keeps."""
    found: list[Known] = []

    @seed(at)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.plans(steps=4, acyclic=True))
    def collect(plan: Plan) -> None:
        survey = reach.survey(plan)
        if not survey.loops and decided(plan, frozenset(), {}) is not None:
            kept = tuple(code for code in CHECKED if not any(checks()[code](survey)))
            found.append(Known(plan, json.dumps(written(plan, kept))))

    collect()
    return found


def written(plan: Plan, codes: tuple[str, ...]) -> Mapping[str, Any]:
    """The certificate of a plan for some rules, whether it keeps them or not."""
    survey = reach.survey(plan)
    return certificate(Verified(plan, reach.ranks(survey), Bound(0, 0), codes, ()), tables="tzdata")


def decided(
    plan: Plan, claims: frozenset[str], bounds: Mapping[str, Mapping[str, int]], most: int = MOST
) -> str | None:
    """A claim that some call breaks, empty for none; None where the plan has too many calls to tell."""
    survey = reach.survey(plan)
    if survey.loops:
        return "C01" if "C01" in claims else None
    longest = max(survey.longest(lambda _step, exit: exit.longest).values(), default=0)
    try:
        made = list(oracle.every_call(plan, starts(plan, longest), 40, most))
    except oracle.TooMany:
        return None
    return next((f"{code}, {one.at}" for one in made for code in _broken(plan, one, claims, bounds)), "")


def _broken(
    plan: Plan, made: oracle.Made, claims: frozenset[str], bounds: Mapping[str, Mapping[str, int]]
) -> Iterator[str]:
    if not made.ended:
        yield from claims & {"C01"}
    for code, _, _ in oracle.broken(plan, made):
        yield from claims & ({"C01", "C03"} if code == "loop" else {code} if code in OF_CALLS else set())
    for code in claims & broken.rules().keys():
        yield from (code for _ in broken.rules()[code](plan, made))
    for code in claims & bounds.keys():
        yield from (f"{code} {about}" for about, most in bounds[code].items() if _more(plan, made, code, about, most))


def _more(plan: Plan, made: oracle.Made, code: str, about: str, most: int) -> bool:
    """Whether a call takes more of something than is claimed."""
    match code, about:
        case "C01", "steps":
            return made.exits > most
        case "C01", _:
            return made.events[-1].at > most
        case "C06", _:
            free = dict.fromkeys(("to_person", "keys", "prompts", "to_operator", "with_callback"), 1 << 30)
            named = {
                "seconds": ("to_person",),
                "waits without a call-back": ("to_operator",),
                "waits": ("with_callback", "to_operator"),
            }
            tight: dict[str, Any] = {**free, **dict.fromkeys(named.get(about, (about,)), most)}
            return any(
                True for _ in broken.rules()["C06"](attrs.evolve(plan, policy=attrs.evolve(plan.policy, **tight)), made)
            )
        case "C16", _:
            line = plan.line(made.number or plan.lines[0].number)
            theirs = line is not None and (line.operator or plan.operator) == about
            return theirs and any(True for _ in c16.broken(plan, made, most))
        case _:
            return False


# Tampering


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all that a certificate contains."""
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, key)
            yield from leaves(each, (*path, key))


def spoilt(rng: random.Random, made: Any) -> None:
    """Change something in a certificate."""
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        about = rng.choice(
            ("any", "times", "labels", "labels", "ranks", "bounds", "bounds", "claims", "amounts", "pieces")
        )
        paths = [path for path in leaves(made) if about in ("any", path[0])]
        if not paths:
            continue
        *path, key = rng.choice(paths)
        inside = made
        for each in path:
            inside = inside[each]
        value = inside[key]
        match rng.randrange(6), value:
            case 0, _:
                del inside[key]
            case 1, _ if isinstance(inside, list):
                inside.insert(key, copy.deepcopy(rng.choice(inside)))
            case _, bool():
                inside[key] = not value
            case _, int():
                inside[key] = value + rng.choice((-1, 1, -2, 2, -60, 60, -3600, 3600, -value, rng.randrange(-99, 99)))
            case _, str():
                inside[key] = rng.choice(("", *CHECKED, *made.get("steps", ("",))))
            case _, list() if value:
                rng.shuffle(value)
            case _:
                inside[key] = rng.choice((None, [], {}, 0, "x", 1 << 70, 0.5))


def bent(rng: random.Random, plan: Plan) -> Plan:
    """A plan that is another: where exits lead, how long something takes, or when hours are open."""
    match rng.randrange(4):
        case 0:
            prompt = rng.choice(list(plan.prompts.values()))
            other = rng.choice(
                (
                    attrs.evolve(prompt, seconds=max(1, prompt.seconds + rng.choice((-1, 1, 2)))),
                    attrs.evolve(prompt, goodbye=not prompt.goodbye),
                    attrs.evolve(prompt, says=None),
                    attrs.evolve(prompt, apology=not prompt.apology),
                )
            )
            return _replaced(plan, prompt, other)
        case 1 if isinstance(office := plan.hours["office"], Hours):
            (span,) = office.weekly[0]
            later = rng.choice((-30, -1, 1, 30))
            moved = rng.choice((Span(span.start + later, span.end), Span(span.start, span.end + later)))
            return _replaced(plan, office, attrs.evolve(office, weekly=((moved,),) * 7))
        case 2:
            names = ("to_person", "keys", "prompts", "to_operator", "hand_offs", "doing_nothing", "tries")
            name = rng.choice(names)
            less: dict[str, Any] = {name: max(0, getattr(plan.policy, name) + rng.choice((-2, -1, 1)))}
            return attrs.evolve(plan, policy=attrs.evolve(plan.policy, **less))
        case _:
            name = rng.choice(list(plan.steps))
            step = plan.steps[name]
            fields = [field.name for field in attrs.fields(type(step)) if field.name not in ("name", "target", "queue")]
            at = rng.choice(fields)
            value: Any = getattr(step, at)
            # Nobody comes to a row of extensions who has not dialled one.
            ends = [each for each, to in plan.steps.items() if each != name and not isinstance(to, Extensions)]
            if isinstance(value, str) and value in plan.steps:
                value = rng.choice(ends)
            elif type(value) is int:
                value = max(1, value + rng.choice((-1, 1, 2)))
            elif at == "choices" and value:
                value = tuple(attrs.evolve(choice, to=rng.choice(ends)) for choice in value)
            else:
                return plan
            return attrs.evolve(plan, steps={**plan.steps, name: attrs.evolve(step, **{at: value})})


def _replaced(part: T, old: object, new: object) -> T:
    """A plan with a prompt, or hours, that are others everywhere."""
    return cast(T, _with(part, old, new))


def _with(part: Any, old: object, new: object) -> Any:
    if isinstance(part, Prompt | Hours) and part == old:
        return new
    match part:
        case tuple():
            return tuple(_with(each, old, new) for each in part)
        case dict():
            return {key: _with(each, old, new) for key, each in part.items()}
        case _ if attrs.has(type(part)):
            fields = [field.name for field in attrs.fields(type(part)) if field.init and field.eq]
            return attrs.evolve(part, **{name: _with(getattr(part, name), old, new) for name in fields})
        case _:
            return part


def tampered(rng: random.Random, known: Known) -> tuple[Plan, Any]:
    """A plan and a certificate of which at least one was tampered with."""
    plan, made = known.plan, json.loads(known.text)
    way = rng.randrange(4)
    if way:
        plan = bent(rng, plan)
        made["policy"] = attrs.asdict(plan.policy)
    if way == 3:  # the whole certificate anew, and then perhaps what is bad left out
        survey = reach.survey(plan)
        if not survey.loops:
            made = json.loads(json.dumps(written(plan, tuple(made["claims"]))))
    if way != 1 and not (way == 3 and rng.randrange(2)):
        spoilt(rng, made)
    made["plan"] = digest(plan)
    return plan, made


@attrs.define
class Tally:
    """What came of tamperings: refused, accepted and so, accepted with more calls than can be made, and wrong."""

    counts: Counter[str] = attrs.field(factory=Counter)
    wrong: list[str] = attrs.field(factory=list)


def tamper(number: int, at: int) -> Tally:
    """Tamper so many times, and hold what is accepted against every call."""
    rng = random.Random(at)
    pool = plans(max(20, number // 20), at)
    tally = Tally()
    answers: dict[str, str | None] = {}
    while tally.counts.total() < number:
        index, known = tally.counts.total(), rng.choice(pool)
        plan, made = tampered(rng, known)
        if plan == known.plan and json.dumps(made) == known.text:
            continue  # nobody has tampered with anything
        try:
            proved = check(made, plan)
        except Refused:
            tally.counts["refused"] += 1
            continue
        claims, bounds = frozenset(proved.checked), made["bounds"]
        key = json.dumps([made["plan"], sorted(claims), bounds])
        if key not in answers:
            answers[key] = decided(plan, claims, bounds, PATIENT)
        answer = answers[key]
        kind = "undecided" if answer is None else "accepted, and broken" if answer else "accepted, and so"
        tally.counts[kind] += 1
        if answer:
            tally.wrong.append(f"tampering {index} of seed {at}: {answer}\n{plan}\n{json.dumps(made)}")
    return tally


def main() -> int:
    """Tamper, and say what came of it; 1 if something was accepted that is not so."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--number", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    tally = tamper(arguments.number, arguments.seed)
    print(f"{arguments.number} tamperings of seed {arguments.seed}:", dict(sorted(tally.counts.items())))
    for wrong in tally.wrong:
        print(wrong)
    return int(bool(tally.wrong))


if __name__ == "__main__":
    sys.exit(main())
