"""The calls of scenarios, made by as many processes as it pays to have.

In: plans that were read. Out: of each, in their order, what came of its scenarios, and what they cover, if that is
asked. What is made does not depend on how many make it: the scenarios of a plan are cut into shares, and each share
understands the plan for itself, since that costs less than to hand a plan over.
"""

import functools
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

import attrs

from dialc import understand
from dialc.cli.reading import beside, sounds
from dialc.coverage import Coverage, Key, Open, open_exits, passed
from dialc.findings import Finding, gathered
from dialc.plan import Plan, Scenario
from dialc.reach import survey
from dialc.scenarios import Played, play
from dialc.source import NOWHERE, Source
from dialc.telling import begin, told

CHARACTERS = 150_000
"""Characters of plans that are understood in a second, or thereabouts."""

CALLS = 200
"""Calls that are made in a second, or thereabouts."""

SHARE = 100
"""Scenarios of one plan that are worth a process of their own, which has to understand the plan first."""

PAYS = 2.0
"""Seconds of work below which one process is as quick: the others have to be started."""


@attrs.frozen
class Tested:
    """What came of one plan: findings where it cannot be understood, else the title of each scenario with what went
    otherwise, and what they cover, if that was asked.

    `untried` are the titles of scenarios that could not be tried at a PBX, each with the reason.
    """

    path: str
    findings: tuple[Finding, ...]
    played: tuple[tuple[str, Finding | None], ...] = ()
    coverage: Coverage | None = None
    untried: tuple[tuple[str, str], ...] = ()

    @property
    def failed(self) -> int:
        """How many scenarios went otherwise."""
        return sum(finding is not None for _, finding in self.played)


@attrs.frozen
class _Share:
    """Some scenarios of a plan, or None for what there is to cover in it; `sounds` is where its recordings are."""

    path: str
    source: Source
    sounds: str | None
    scenarios: slice | None = None


@attrs.frozen
class _Done:
    """What came of a share."""

    findings: tuple[Finding, ...]
    played: tuple[tuple[str, Finding | None], ...] = ()
    taken: frozenset[Key] = frozenset()
    exits: tuple[Open, ...] = ()


def results(
    plans: Sequence[tuple[str, Source | Finding]], recordings: str | None, *, covered: bool, jobs: int | None = None
) -> list[Tested]:
    """What comes of plans; made by so many processes, or by as many as pay."""
    shares = [
        (number, share)
        for number, (path, source) in enumerate(plans)
        if isinstance(source, Source)
        for share in _shares(path, source, recordings, covered)
    ]
    workers = _workers([share.source for _, share in shares]) if jobs is None else jobs
    done: dict[int, list[_Done]] = {}
    for (number, _), one in zip(shares, _made([share for _, share in shares], workers), strict=True):
        done.setdefault(number, []).append(one)
    return [
        _tested(path, done[number], covered) if isinstance(source, Source) else Tested(path, (source,))
        for number, (path, source) in enumerate(plans)
    ]


def _shares(path: str, source: Source, recordings: str | None, covered: bool) -> Iterator[_Share]:
    """A plan, cut into shares: what there is to cover first, which takes longest."""
    if covered:
        yield _Share(path, source, recordings)
    calls = _calls(source)
    for first in range(0, max(1, calls), SHARE):
        last = first + SHARE if first + SHARE < calls else None
        yield _Share(path, source, recordings, slice(first, last))


def _calls(source: Source) -> int:
    """How many scenarios a plan has, or thereabouts: the text is not understood yet."""
    return source.text.count('scenario "')


def _workers(sources: Iterable[Source]) -> int:
    """How many processes pay for so many shares."""
    shares = list(sources)
    seconds = sum(len(source.text) for source in shares) / CHARACTERS
    seconds += sum(_calls(source) for source in dict.fromkeys(shares)) / CALLS
    if seconds < PAYS:
        return 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(allowed, len(shares))


def _made(shares: Sequence[_Share], workers: int) -> Iterator[_Done]:
    """What comes of shares, in their order."""
    if workers < 2:
        yield from map(_done, shares)
        return
    way = "fork" if sys.platform == "linux" else "spawn"
    context = multiprocessing.get_context(way)
    with ProcessPoolExecutor(workers, context, initializer=_ignore_interrupts) as pool:
        try:
            yield from pool.map(_done, shares)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _ignore_interrupts() -> None:
    """Leave ^C to the process that was started; the others end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@functools.lru_cache(maxsize=4)
def _understood(path: str, source: Source, recordings: str | None) -> tuple[Plan | None, tuple[Finding, ...]]:
    return understand(source, beside(path), sounds(recordings))


def _done(share: _Share) -> _Done:
    """What comes of a share."""
    plan, findings = _understood(share.path, share.source, share.sounds)
    if plan is None:
        return _Done(gathered(findings))
    if share.scenarios is None:
        return _Done((), exits=tuple(open for open, _ in open_exits(survey(plan)).values()))
    calls = [(scenario, play(plan, scenario)) for scenario in plan.scenarios[share.scenarios]]
    taken = frozenset[Key]().union(*(passed(played.events) for _, played in calls))
    return _Done((), tuple((scenario.title, failed(plan, scenario, played)) for scenario, played in calls), taken)


def failed(plan: Plan, scenario: Scenario, played: Played) -> Finding | None:
    """What went otherwise, told with the whole call."""
    if played.failed is None or not played.events:
        return played.failed
    call = (begin(plan, scenario.number, scenario.at, scenario.caller), *told(plan, played.events))
    return attrs.evolve(played.failed, call=call)


def _tested(path: str, done: Sequence[_Done], covered: bool) -> Tested:
    """What came of a plan, of all its shares."""
    findings = tuple(_at_home(finding) for finding in done[0].findings)
    if findings:
        return Tested(path, findings)
    exits = tuple(open for one in done for open in one.exits)
    taken = frozenset[Key]().union(*(one.taken for one in done)) & {open.key for open in exits}
    played = tuple(each for one in done for each in one.played)
    return Tested(path, (), played, Coverage(exits, taken) if covered else None)


def _at_home(finding: Finding) -> Finding:
    """A finding that another process made: what has no place has the one that stands for none."""
    return attrs.evolve(finding, place=NOWHERE) if finding.place == NOWHERE else finding
