"""Certificates: the verifier's proof of a plan, written down so that the checker can hold it against the plan.

In: a `Verified` plan. Out: its certificate, made of what JSON knows. Where callers can be, and when, is worked out by
the verifier's own engine, for what the checker's rules remember of calls, and so is how much is ahead of them. Nobody
has to believe any of it: `proof` holds each label against the plan.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple

import attrs

from dialc import reach
from dialc.calendar import Instants
from dialc.measure import Lapse, Measured
from dialc.measure import Passage as Measure
from dialc.pieces import Pieces
from dialc.plan import Exit, Party, Step, Verified
from dialc.proof import CHECKED, FORMAT, digest
from dialc.proof.charter import Charter, Visits, ranks_fall
from dialc.proof.instants import Times, joined, meet, without
from dialc.proof.invariants import Amount, Automaton, Label, Passage, State
from dialc.proof.promises import Promise
from dialc.proof.reading import EVER, Place, Reading
from dialc.reach import Memory, Situation, Survey, components
from dialc.version import VERSION


def certificate(verdict: Verified, *, tables: str, site: object = None) -> dict[str, Any]:
    """The certificate of a plan that was proved: `tables` names the time zones, `site` is where the plan is for."""
    plan = verdict.plan
    charter = Charter(Reading(plan), tuple(code for code in CHECKED if code in verdict.proved))
    content = _Content(reach.survey(plan), charter)
    content.label(charter.base)
    for step in sorted(ranks_fall(charter.reading, verdict.ranks)):
        content.label(Visits(charter.reading, step))
    for automaton in charter.automata():
        content.label(automaton)
    bounds: dict[str, dict[str, int]] = {}
    for amount, most in charter.amounts():
        content.label(amount.automaton)
        bounds.setdefault(amount.code, {})[amount.about] = content.measure(amount, most)
    return {
        "certificate": FORMAT,
        "dialc": VERSION,
        "tables": tables,
        "name": plan.name,
        "plan": digest(plan),
        "site": None if site is None else digest(site),
        "policy": attrs.asdict(plan.policy),
        "claims": list(verdict.proved),
        "waived": [{"rule": w.rule, "block": w.block, "by": w.by, "because": w.because} for w in plan.waivers],
        "assumptions": list(verdict.assumptions),
        "bounds": bounds,
        "ranks": dict(verdict.ranks),
        **content.tables(),
    }


class _Content:
    """What a certificate contains: labels and amounts, and the tables that they share."""

    def __init__(self, survey: Survey, charter: Charter) -> None:
        self._survey, self._reading = survey, charter.reading
        self._labels: dict[tuple[str, str], dict[Label, Instants]] = {}
        self._memories: dict[tuple[str, str], Memory] = {}
        self._ahead: dict[tuple[str, str], list[tuple[int, int | None, int | None]]] = {}
        self._numbers: dict[str, dict[Any, int]] = {
            name: {} for name in ("steps", "languages", "parties", "times", "pieces")
        }

    def label(self, automaton: Automaton) -> None:
        """Work out where callers can be, and when, with what an automaton remembers of them."""
        key = automaton.code, automaton.about
        if key in self._labels:
            return
        if isinstance(automaton, Visits):
            self._labels[key] = _settled(automaton)
        else:
            memory = self._memories[key] = _Remembered(automaton, self._survey)
            self._labels[key] = {_label(s): i for s, i in self._survey.reach(memory).items() if s.state is not None}

    def measure(self, amount: Amount, most: int | None) -> int:
        """Work out how much is ahead of each label, the same at every instant where that will do; and the most that is
        ahead of calls as they begin.
        """
        key = amount.automaton.code, amount.automaton.about
        numbers = {label: index for index, label in enumerate(self._labels[key])}
        flat = self._flat(amount)
        if flat is not None:
            bound = self._first(amount, flat)
            if most is None or bound <= most:
                self._ahead[amount.code, amount.about] = [(numbers[at], ahead, None) for at, ahead in flat.items()]
                return most if most is not None and isinstance(amount, Promise) else bound
        measured = Measured(self._survey, _measure(amount), most=True, memory=self._memories[key])
        pieces = {_label(situation): found for situation, found in measured.pieces().items() if found}
        self._ahead[amount.code, amount.about] = [
            (numbers[label], None, self._number("pieces", found)) for label, found in pieces.items()
        ]
        if isinstance(amount, Promise):
            assert most is not None
            return most
        return max((_most(pieces.get(label, ()), times) for label, times in self._begun(amount)), default=0)

    def _begun(self, amount: Amount) -> Iterator[tuple[Label, Times]]:
        for line, place in self._reading.entries():
            for state, when in amount.automaton.begin(place):
                times = meet(meet(self._reading.clock.valid, when), amount.begins(line))
                if times:
                    yield Label(place, state), times

    def _flat(self, amount: Amount) -> Mapping[Label, int] | None:
        """How much is ahead of each label, whenever; None where the hours are needed to know that calls end."""
        labels = self._labels[amount.automaton.code, amount.automaton.about]
        ways = {label: list(self._ways(amount, label, amount.passages)) for label in labels}
        graph = {label: [to for _, to in found if to in labels] for label, found in ways.items()}
        ahead: dict[Label, int] = {}
        for component in components(graph):
            label = component[0]
            if len(component) > 1 or label in graph[label]:
                return None
            found = [cost + (ahead[to] if to else 0) for cost, to in ways[label] if to is None or to in ahead]
            if found:
                ahead[label] = max(found)
        return ahead

    def _first(self, amount: Amount, ahead: Mapping[Label, int]) -> int:
        """The most that is ahead as a measure begins."""
        found = [ahead.get(label, 0) for label, _ in self._begun(amount)]
        for label in self._labels[amount.automaton.code, amount.automaton.about]:
            for cost, to in self._ways(amount, label, amount.first):
                if to is None or to in ahead:
                    found.append(cost + (ahead[to] if to else 0))
        return max(found, default=0)

    def _ways(
        self, amount: Amount, label: Label, passages: Callable[[Step, Exit], Iterable[Passage]]
    ) -> Iterator[tuple[int, Label | None]]:
        """What the exits cost that can be taken from a label, and where they lead; None where the measure ends."""
        automaton, reading = amount.automaton, self._reading
        step = reading.step(label.place)
        times = self._labels[automaton.code, automaton.about][label]
        for exit, onward in reading.ways(label.place):
            found = list(passages(step, exit))
            if not found or not self._survey.can_take(exit, times):
                continue
            state = automaton.follow(label.state, step, exit, reading.step(onward)) if onward else None
            for passage in found:
                cost = passage.adds + min(passage.counts, passage.longest - passage.free)
                if passage.ends:
                    yield cost, None
                elif onward and state is not None:
                    yield cost, Label(onward, state)

    def _number(self, table: str, what: Any) -> int:
        return self._numbers[table].setdefault(what, len(self._numbers[table]))

    def tables(self) -> dict[str, Any]:
        """All of it, in the words of JSON."""
        labels = [
            {"code": code, "about": about, "labels": [self._row(label, times) for label, times in found.items()]}
            for (code, about), found in self._labels.items()
        ]
        amounts = [{"code": code, "about": about, "ahead": found} for (code, about), found in self._ahead.items()]
        return {
            "labels": labels,
            "amounts": amounts,
            "steps": list(self._numbers["steps"]),
            "languages": list(self._numbers["languages"]),
            "parties": [[sorted(p.lists), p.operator, p.exempt, p.rung_back] for p in self._numbers["parties"]],
            "times": [_in_runs(_stretches(instants)) for instants in self._numbers["times"]],
            "pieces": [_in_runs(_pieces(pieces)) for pieces in self._numbers["pieces"]],
        }

    def _row(self, label: Label, instants: Instants) -> list[Any]:
        step, used, language, party = label.place
        return [
            self._number("steps", step),
            used,
            self._number("languages", language),
            self._number("parties", party),
            label.state,
            self._number("times", instants),
        ]


def _label(situation: Situation) -> Label:
    return Label(Place(situation.step, situation.used, situation.language, situation.party), situation.state)


def _most(pieces: Pieces, times: Times) -> int:
    """The most of some pieces at some instants."""
    meeting = (p.at(max(p.start, start)) for start, end in times for p in pieces if p.start < end and start < p.end)
    return max(meeting, default=0)


class _Begun(NamedTuple):
    """A call comes in, of a party; or comes to where the automaton begins to remember."""

    party: Party


class _Left(NamedTuple):
    """A step was left in a state, by an exit."""

    state: State
    step: Step
    exit: Exit


class _Remembered(Memory):
    """What an automaton of the checker remembers, as the verifier's engine asks for it."""

    def __init__(self, automaton: Automaton, survey: Survey) -> None:
        self._automaton, self._survey = automaton, survey

    @property
    def towards(self) -> Set[str] | None:
        return self._automaton.towards

    @property
    def since(self) -> Set[str] | None:
        return self._automaton.since

    def begin(self) -> Any:
        return _Begun(Party())

    def called(self, party: Party) -> Any:
        return _Begun(party)

    def arrive(self, state: Any, step: Step, instants: Instants) -> Iterable[tuple[Any, Instants]]:
        if isinstance(state, _Left):
            return ((self._automaton.follow(state.state, state.step, state.exit, step), instants),)
        assert isinstance(state, _Begun)
        begun = self._automaton.begin(Place(step.name, (), self._survey.plan.language, state.party))
        return ((first, instants if when is EVER else instants & Instants(when)) for first, when in begun)

    def leave(self, state: Any, step: Step, exit: Exit) -> Any:
        return _Left(state, step, exit)

    def over(self, state: Any) -> bool:
        return state is None


def _settled(automaton: Visits) -> dict[Label, Instants]:
    """The labels of those who come to a step on a circle, round and round until nobody comes any more."""
    reading = automaton.reading
    found: dict[Label, Times] = {}
    region = reading.leading_to((automaton.about,))
    ahead = [
        (Label(place, state), reading.clock.valid)
        for place in automaton.entries()
        for state, _ in automaton.begin(place)
    ]
    while ahead:
        label, times = ahead.pop()
        fresh = without(times, found.get(label, ()))
        if not fresh or label.place.step not in region or label.state[0] > 1:
            continue
        found[label] = joined((*found.get(label, ()), *fresh))
        step = reading.step(label.place)
        for exit, onward in reading.ways(label.place):
            if onward:
                state = automaton.follow(label.state, step, exit, reading.step(onward))
                if state is not None:
                    ahead.append((Label(onward, state), reading.behind(exit, fresh)))
    return {label: Instants(times) for label, times in found.items()}


def _measure(amount: Amount) -> Callable[[Step, Exit], Iterator[Measure]]:
    """What an amount measures, as the verifier's engine asks for it."""

    def measure(step: Step, exit: Exit) -> Iterator[Measure]:
        for passage in amount.passages(step, exit):
            yield Measure(tuple(_lapses(passage, exit)), passage.adds, passage.ends)

    return measure


def _lapses(passage: Passage, exit: Exit) -> Iterator[Lapse]:
    free, counts = passage.free, bool(passage.counts)
    if exit.stay is None:
        yield Lapse(free, passage.longest - passage.counts, counted=False)
        yield Lapse(passage.shortest - free, passage.counts)
        return
    since = exit.stay.since
    yield Lapse(min(free, since), min(free, since), counted=False)
    yield Lapse(since - min(free, since), since - min(free, since), counts)
    yield Lapse(passage.shortest - since, passage.longest - since, counts, stays=True)


def _stretches(instants: Instants) -> Iterator[tuple[int, ...]]:
    at = 0
    for start, end in instants.stretches:
        yield start - at, end - start
        at = end


def _pieces(pieces: Pieces) -> Iterator[tuple[int, ...]]:
    at = 0
    for start, end, seconds, falls in pieces:
        yield start - at, end - start, seconds, int(falls)
        at = end


_LONGEST = 14
"""Rows of the longest run that is looked for: most hours come round each week."""


def _in_runs(rows: Iterable[tuple[int, ...]]) -> list[list[int]]:
    """Rows, written as runs of the same ones: how often they come, and they themselves one after the other."""
    left: Sequence[tuple[int, ...]] = tuple(rows)
    found: list[list[int]] = []
    at = 0
    while at < len(left):
        best = (1, 1)
        for length in range(1, _LONGEST + 1):
            times = 1
            while left[at + times * length : at + (times + 1) * length] == left[at : at + length]:
                times += 1
            if times > 1 and (times - 1) * length > (best[0] - 1) * best[1]:
                best = times, length
        times, length = best
        run = [number for row in left[at : at + length] for number in row]
        if times == 1 and found and found[-1][0] == 1:
            found[-1] += run
        else:
            found.append([times, *run])
        at += times * length
    return found
