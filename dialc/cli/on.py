"""The calls of scenarios, made on a real PBX beside the walker.

In: plans that were read, and perhaps the site that they are for. Out: of each what came of its scenarios: what fails in
the walker fails; the rest is made at the PBX, and fails where that does something else. A plan that cannot be written
for the PBX has findings instead. The PBX is a private one, on loopback, which is gone with the command.
"""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine, Sequence
from typing import TypeVar

import attrs

from dialc import read_site
from dialc.cli.reading import beside, read, sounds
from dialc.cli.terminal import Misuse
from dialc.cli.testing import Tested, failed, results
from dialc.findings import Finding, Severity, gathered, visible
from dialc.live import installed
from dialc.live.asterisk import Install, NotStarted
from dialc.live.laboratory import Laboratory, laboratory
from dialc.live.observe import Row
from dialc.live.server import Made
from dialc.live.trial import tried as tried_at
from dialc.plan import Scenario
from dialc.scenarios import Played, play
from dialc.site import Site
from dialc.source import Source
from dialc.witness import clock

Found = TypeVar("Found")


def tried(
    plans: Sequence[tuple[str, Source | Finding]], site: str | None, recordings: str | None, *, covered: bool
) -> list[Tested]:
    """What comes of plans. Raises `Misuse` where there is no PBX, or it does not work."""
    try:
        install = installed.find()
    except installed.NoAsterisk as none:
        raise Misuse(visible(str(none))) from None
    there, found = _site(site)
    if found:
        return [Tested(path, found) for path, _ in plans]
    walked = results(plans, recordings, covered=covered)
    return [
        _tried(install, tested, source, there, recordings) if isinstance(source, Source) else tested
        for tested, (_, source) in zip(walked, plans, strict=True)
    ]


async def _ended_by_signals(work: Coroutine[object, object, Found]) -> Found:
    """What comes of some work, which SIGTERM ends as ^C does: with everything cleaned up."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    with contextlib.suppress(ValueError, RuntimeError):  # signals are the business of another thread
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
    return await work


def _site(path: str | None) -> tuple[Site | None, tuple[Finding, ...]]:
    """The site that a file tells of, and what is wrong with it."""
    if path is None:
        return None, ()
    source = read(path)
    site, findings = (None, (source,)) if isinstance(source, Finding) else read_site(source)
    return site, tuple(finding for finding in findings if site is None or finding.severity is Severity.ERROR)


def _tried(install: Install, tested: Tested, source: Source, site: Site | None, recordings: str | None) -> Tested:
    """What comes of one plan, of which the walker has told."""
    if tested.findings or not tested.played:
        return tested
    files, recorded = beside(tested.path), sounds(recordings)
    lab = laboratory(source, site, files, recorded, installed.major(install))
    if not isinstance(lab, Laboratory):
        return Tested(tested.path, gathered([finding for finding in lab if finding.severity is Severity.ERROR]))
    plan = lab.plan
    ahead = [(scenario, play(plan, scenario)) for scenario in plan.scenarios]
    wanted = [(scenario, played) for scenario, played in ahead if played.failed is None]
    try:
        found = asyncio.run(_ended_by_signals(tried_at(install, lab, wanted)))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    except (NotStarted, OSError, TimeoutError) as error:
        raise Misuse(f"the Asterisk at `{install.asterisk}` did not work: {_first_line(error)}") from None
    outcomes = dict(zip((id(scenario) for scenario, _ in wanted), found, strict=True))
    shown: list[tuple[str, Finding | None]] = []
    for scenario, played in ahead:
        one = outcomes.get(id(scenario))
        if one is None:
            shown.append((scenario.title, failed(plan, scenario, played)))
        elif one.made is not None:
            shown.append((scenario.title, _otherwise(lab, scenario, played, one.made)))
    untried = tuple((one.scenario.title, one.reason) for one in found if one.made is None)
    return attrs.evolve(tested, played=tuple(shown), untried=untried)


def _first_line(error: BaseException) -> str:
    """What is wrong, as part of a sentence."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return visible(lines[0] if lines else type(error).__name__)


def _otherwise(lab: Laboratory, scenario: Scenario, played: Played, made: Made) -> Finding | None:
    """What the PBX did otherwise than the walker says, told with the whole call."""
    if not made.differs:
        return None
    pair = made.compared.first
    if pair is not None:
        message = f"Asterisk does something else: the plan says `{_told(pair[0])}`, and it `{_told(pair[1])}`"
    elif made.compared.differences:
        message = f"Asterisk does it at another time, or records it otherwise: {made.compared.differences[0]}"
    elif made.undone:
        message = f"in Asterisk the caller never comes to do all of this: {made.undone} left undone"
    else:
        message = "Asterisk does not come to an end with this call"
    finding = Finding(
        "D301",
        message,
        scenario.place,
        caller="does not meet what was proved",
        help="what was proved is not what runs: tell the authors of dialc, with the plan and this call",
    )
    return failed(lab.plan, scenario, attrs.evolve(played, failed=finding))


def _told(row: Row | None) -> str:
    return "nothing more" if row is None else f"{clock(round(row.at))} {row.what}"
