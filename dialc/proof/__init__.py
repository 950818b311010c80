"""Certificates, and the checker that believes none of them.

In: a certificate as JSON was read, and the plan that it is about. Out: what it proves, or a `Refused` that says why it
proves nothing. The checker shares no code with the verifier: of dialc it knows what a plan is (`dialc.plan`), and
nothing else, and reads its hours, its exits and the rules of the charter for itself. Whatever a certificate says is
looked at once, label by label; nothing is searched for.
"""

import enum
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from dialc.plan import Party, Plan
from dialc.proof.charter import CHECKED, Charter, Visits, ranks_fall
from dialc.proof.instants import Times
from dialc.proof.invariants import Amount, Automaton, Invariant, Label, Labels, Piece, Pieces, Refused
from dialc.proof.reading import EVER, Place, Reading

__all__ = ["CHECKED", "FORMAT", "Proved", "Refused", "check", "digest"]

FORMAT = 1
"""The version of the format of certificates."""
MOST = 1_000_000
"""The most stretches that a set of instants in a certificate can have."""


@attrs.frozen
class Proved:
    """What a certificate proves: the rules that were checked again, and those that are only claimed."""

    checked: tuple[str, ...]
    unchecked: tuple[str, ...]


def digest(part: object) -> str:
    """The SHA-256 of what a plan or a site means, in hex: where it was written, and in which file, is not in it."""

    def plain(value: Any) -> object:
        if attrs.has(type(value)):
            fields = [field.name for field in attrs.fields(type(value)) if field.eq and field.name != "scenarios"]
            return [type(value).__name__, *([name, plain(getattr(value, name))] for name in fields)]
        if isinstance(value, Mapping):
            return [[plain(key), plain(each)] for key, each in value.items()]
        if isinstance(value, frozenset):
            return sorted((plain(each) for each in value), key=json.dumps)
        if isinstance(value, tuple):
            return [plain(each) for each in value]
        return value.name if isinstance(value, enum.Enum) else value if isinstance(value, int | None) else str(value)

    return hashlib.sha256(json.dumps(plain(part), ensure_ascii=True).encode()).hexdigest()


def check(certificate: Any, plan: Plan) -> Proved:
    """Hold a certificate against a plan. Raises `Refused`."""
    try:
        return _checked(certificate, plan)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        raise Refused(f"it is no certificate of this plan: {type(error).__name__}, {error}") from None


def _checked(certificate: Any, plan: Plan) -> Proved:
    if certificate["certificate"] != FORMAT:
        raise Refused(f"its format is {certificate['certificate']}, and {FORMAT} is known")
    if certificate["plan"] != digest(plan):
        raise Refused("it is about another plan")
    if certificate["policy"] != json.loads(json.dumps(attrs.asdict(plan.policy))):
        raise Refused("it is about another policy")
    waived = [{"rule": w.rule, "block": w.block, "by": w.by, "because": w.because} for w in plan.waivers]
    if certificate["waived"] != waived:
        raise Refused("it waives something else than the plan does")
    claims = [str(code) for code in certificate["claims"]]
    if not all(re.fullmatch(r"C\d\d", code) for code in claims):
        raise Refused("it claims something that is no rule")
    codes = tuple(code for code in CHECKED if code in claims)
    content = _Content(certificate, plan)
    charter = Charter(Reading(plan), codes)
    base = content.labels(charter.base)
    Invariant(charter.base, base, {}).check()
    ranks = {step: int(certificate["ranks"][step]) for step in plan.steps}
    circles = sorted(ranks_fall(charter.reading, ranks))
    for automaton in (*(Visits(charter.reading, step) for step in circles), *charter.automata()):
        Invariant(automaton, content.labels(automaton), base).check()
    bounds = {code: dict(about) for code, about in certificate["bounds"].items()}
    for amount, most in charter.amounts():
        amount.limit = int(bounds[amount.code].pop(amount.about))
        if most is not None and amount.limit > most:
            raise Refused(f"{amount.code} ({amount.about}): {amount.limit} is claimed, and {most} are allowed")
        labels = content.labels(amount.automaton)
        if amount.automaton is not charter.base:
            Invariant(amount.automaton, labels, base).check()
        amount.check(labels, content.ahead(amount))
    if any(bounds.values()):
        raise Refused("it bounds something that is not measured")
    return Proved(codes, tuple(code for code in claims if code not in codes))


class _Content:
    """What a certificate contains, in the words of the checker."""

    def __init__(self, certificate: Any, plan: Plan) -> None:
        self._steps: list[str] = certificate["steps"]
        self._languages: list[str] = certificate["languages"]
        self._parties = [
            Party(frozenset(on), str(operator), *map(bool, more)) for on, operator, *more in certificate["parties"]
        ]
        self._times = [_stretches(runs) for runs in certificate["times"]]
        self._pieces = [_pieces(runs) for runs in certificate["pieces"]]
        self._labels = {(each["code"], each["about"]): each["labels"] for each in certificate["labels"]}
        self._ahead = {(each["code"], each["about"]): each["ahead"] for each in certificate["amounts"]}
        self._read: dict[tuple[str, str], list[tuple[Label, Times]]] = {}
        if not (set(self._steps) <= plan.steps.keys() and set(self._languages) <= {plan.language, *plan.languages}):
            raise Refused("it speaks of steps or languages that the plan does not have")

    def labels(self, automaton: Automaton) -> Labels:
        """The labels of an automaton."""
        return dict(self._rows(automaton))

    def _rows(self, automaton: Automaton) -> list[tuple[Label, Times]]:
        key = automaton.code, automaton.about
        if key not in self._read:
            self._read[key] = [
                (Label(self._place(*place), _plain(state)), self._times[times])
                for *place, state, times in self._labels[key]
            ]
        return self._read[key]

    def _place(self, step: int, used: list[list[Any]], language: int, party: int) -> Place:
        returns = tuple((str(target), int(times)) for target, times in used)
        return Place(self._steps[step], returns, self._languages[language], self._parties[party])

    def ahead(self, amount: Amount) -> Mapping[Label, Pieces]:
        """How much is ahead of each label of an amount: one number at any instant, or pieces."""
        found: dict[Label, Pieces] = {}
        flat: dict[int, Pieces] = {}
        rows = self._rows(amount.automaton)
        for index, most, pieces in self._ahead[amount.code, amount.about]:
            same = (Piece(*EVER[0], int(most or 0), falls=False),)
            found[rows[index][0]] = self._pieces[pieces] if most is None else flat.setdefault(same[0].most, same)
        return found


def _plain(state: Any) -> Any:
    return tuple(_plain(each) for each in state) if isinstance(state, list) else state


def _in_runs(runs: Any, width: int) -> Iterator[list[int]]:
    """The rows of a table that is written as runs: how often some rows come, and these rows one after the other."""
    for times, *row in runs:
        if len(row) % width or not all(type(number) is int for number in (times, *row)) or times * len(row) > MOST:
            raise ValueError("a table of something else than whole numbers")
        for _ in range(times):
            yield from (row[at : at + width] for at in range(0, len(row), width))


def _stretches(runs: Any) -> Times:
    """A set of instants, of which each stretch is written as the seconds since the one before, and its own."""
    found, at = list[tuple[int, int]](), 0
    for gap, length in _in_runs(runs, 2):
        if length <= 0 or (found and gap <= 0):
            raise ValueError("instants that are not in order")
        found.append((at + gap, at + gap + length))
        at = found[-1][1]
    return tuple(found)


def _pieces(runs: Any) -> Pieces:
    """Pieces, each written as the seconds since the one before, its own, how much it is, and whether that falls."""
    found, at = list[Piece](), 0
    for gap, length, most, falls in _in_runs(runs, 4):
        if length <= 0 or (found and gap < 0):
            raise ValueError("pieces that are not in order")
        found.append(Piece(at + gap, at + gap + length, most, bool(falls)))
        at = found[-1].end
    return tuple(found)
