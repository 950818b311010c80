"""Whether the tests would notice if the verifier were wrong: small changes of it, one by one, and the suite each time.

In: modules of the verifier, how many changes of each to try and a seed. Out: for each module how many changes were
noticed, and every one that was not, beside why (`tests/survivors.txt`), where nobody could notice it. `python -m
tests.mutation` tries every change of every module, for hours; `--sample 20` tries twenty of each. It ends with 1 if
somebody has to look: at a change that nothing noticed and nobody explained, or at an explanation of what is not there.

A change must not cost more than a second or two. So everything is imported, collected and run once, as it is: that
tells how long each test takes and which lines it comes past. For a change the process is forked, the code of the one
function that it is in is exchanged, and those tests are run that come past its lines: those first that noticed
something in this function, the quick ones before the slow. The first that fails has noticed it. What is slow in a
property about every call is to make the calls; they know nothing of the verifier. So they are made once, of a fixed
set of small plans, and kept for all the changes. Tests that take long are not run at all, so a change that is noticed
here would be noticed by the suite, and one that is not may be. Defaults of arguments and of fields are not changed.
"""

import argparse
import functools
import gc
import hashlib
import inspect
import os
import pickle
import random
import resource
import signal
import sys
import time
import traceback
import types
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import Phase, settings

from dialc.plan import Plan
from tests.slips import Slip, slips

ROOT = Path(__file__).parent.parent
SURVIVORS = Path(__file__).parent / "survivors.txt"
MODULES = (
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "dialc/rules").glob("*.py")),
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "dialc/reach").glob("*.py")),
    "dialc/verify.py",
    "dialc/calendar.py",
    "dialc/measure.py",
    "dialc/approach.py",
    "dialc/people.py",
    "dialc/staying.py",
    "dialc/waits.py",
    "dialc/levels.py",
    "dialc/on_hold.py",
    "dialc/timelines.py",
)
ABOUT = (
    *("calendar", "timelines", "timing", "hours", "reach", "measure", "approach", "on_hold", "staying", "budgets"),
    *("said", "trust", "directions", "languages", "callbacks", "packs", "ordinary", "waivers"),
    *("verify", "enumerated", "mutants"),
)
TESTS = (
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").glob("test_rule*.py") if "c20" not in path.name),
    *(f"tests/test_{name}.py" for name in ABOUT),
)
CALLS = 400
"""Calls of a plan beyond which it is not looked at."""
NEAR = 8
"""Lines before and after a change that tell which tests are about it: those that come past where few others do."""
FEW = 30
"""Calls of a function by one test in which the lines are noted."""
UNEXPLAINED = "nobody has explained"
MEMORY = 4 << 30
"""Bytes that a changed program may take."""


# What is known of the program as it is


@attrs.define
class Baseline:
    """The suite on the program as it is: the seconds of each test, and the tests that come past each line."""

    program: str
    seconds: dict[str, float] = attrs.Factory(dict)
    lines: dict[str, dict[int, set[str]]] = attrs.Factory(dict)


def _program(modules: Iterable[str]) -> str:
    text = b"\0".join((ROOT / module).read_bytes() for module in sorted(modules))
    return hashlib.sha256(text).hexdigest()


# The tests


@attrs.frozen
class Test:
    """Something that can fail: an item of pytest, or a property about a plan whose calls are known."""

    name: str
    run: Callable[[], None]
    """Raises, or tells pytest, where it fails."""


class Failed(Exception):
    """A test of the suite has failed."""


class TooLong(BaseException):
    """A test takes longer than anybody wants to wait for it."""


def _every_call(number: int) -> Iterator[Test]:
    """The campaign of every call, for some small plans: what the calls and the oracles say of each is kept."""
    from tests import broken, enumerated, oracle, together

    for module, names in (
        (oracle, ("broken",)),
        (
            together,
            [name for name, each in vars(together).items() if getattr(each, "__module__", "") == "tests.together"],
        ),
        (enumerated, ("_calls", "subjects")),
    ):
        for name in names:
            if isinstance(vars(module)[name], types.FunctionType):
                vars(module)[name] = _kept(vars(module)[name])
    rules = broken.rules()
    assert isinstance(rules, dict)
    rules.update({code: _kept(by) for code, by in rules.items()})
    for seed in range(number):
        plan = enumerated.made(seed)
        try:
            enumerated.hold(plan, CALLS)
        except oracle.TooMany:
            continue
        yield Test(f"every call of plan {seed}", functools.partial(_held, plan))


def _held(plan: Plan) -> None:
    from tests import enumerated

    if enumerated.hold(plan, CALLS).wrong:
        raise Failed


def _kept(by: Callable[..., Any]) -> Callable[..., Any]:
    """A function that works nothing out twice of the very same things."""
    known: dict[tuple[Any, ...], tuple[Any, Any]] = {}

    def keeping(*args: Any, **named: Any) -> Any:
        key = (*(each if isinstance(each, int) else id(each) for each in args), *sorted(named.items()))
        if key not in known:
            result = by(*args, **named)
            known[key] = args, tuple(result) if isinstance(result, Iterator) else result
        return known[key][1]

    return keeping


class _Passed:
    """Notes which lines of some files are come past; a function that is called often is taken for come past wholly."""

    def __init__(self, lines: Mapping[str, dict[int, set[str]]], name: str) -> None:
        self._lines = lines
        self._name = name
        self._calls: Counter[types.CodeType] = Counter()

    def __enter__(self) -> None:
        sys.settrace(self._call)

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _call(self, frame: types.FrameType, _event: str, _arg: object) -> Any:
        code = frame.f_code
        lines = self._lines.get(code.co_filename)
        if lines is None or self._calls[code] > FEW:
            return None
        self._calls[code] += 1
        if self._calls[code] > FEW:
            for *_, line in code.co_lines():
                lines.setdefault(line or 0, set()).add(self._name)
            return None

        def passed(frame: types.FrameType, event: str, _: object) -> Any:
            if event == "line":
                lines.setdefault(frame.f_lineno, set()).add(self._name)
            return passed

        return passed


# Processes


def _forked(work: Callable[[int], None]) -> tuple[bytes, int]:
    """What another process like this one writes into a pipe, and how it ended."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.close(reads)
            work(writes)
            status = 0
        finally:
            if status:
                traceback.print_exc()
            os._exit(status)
    os.close(writes)
    parts = []
    while part := os.read(reads, 1 << 20):
        parts.append(part)
    os.close(reads)
    return b"".join(parts), os.waitpid(child, 0)[1]


# Changes


def functions() -> dict[tuple[str, str, int], list[types.FunctionType]]:
    """Every function that there is, by file, name and first line."""
    found: dict[tuple[str, str, int], list[types.FunctionType]] = {}
    for each in gc.get_objects():
        if isinstance(each, types.FunctionType):
            code = each.__code__
            found.setdefault((code.co_filename, code.co_qualname, code.co_firstlineno), []).append(each)
    return found


def _outermost(code: types.CodeType, change: Slip) -> types.CodeType | None:
    """The code of the function or method, itself in no other, that a change is in."""
    found = None
    for inner in code.co_consts:
        if not isinstance(inner, types.CodeType) or inner.co_firstlineno > change.lines.start:
            continue
        if f"{change.function}.".startswith(f"{inner.co_qualname}."):  # the last, where there are several of a name
            found = inner if inner.co_flags & inspect.CO_NEWLOCALS else _outermost(inner, change) or found
    return found


def exchange(path: str, change: Slip, known: Mapping[tuple[str, str, int], list[types.FunctionType]]) -> bool:
    """Put a change in the place of what is there; False where it cannot be put there while the program runs."""
    compiled = compile(change.text, path, "exec", dont_inherit=True)
    if not change.function:
        return _set_anew(path, compiled)
    code = _outermost(compiled, change)
    if code is None:
        return False
    functions = known.get((path, code.co_qualname, code.co_firstlineno), ())
    for function in functions:
        if function.__code__.co_freevars != code.co_freevars:
            return False
        function.__code__ = code
    return bool(functions)


def _set_anew(path: str, compiled: types.CodeType) -> bool:
    """Work the constants of a module out anew, wherever their names have been imported to."""
    (module,) = (each for each in list(sys.modules.values()) if getattr(each, "__file__", None) == path)
    anew: dict[str, Any] = {"__name__": module.__name__, "__file__": path}
    exec(compiled, anew)
    for name, value in anew.items():
        old = vars(module).get(name)
        if type(value) in (int, tuple, frozenset, range) and old != value:
            for other in list(sys.modules.values()):
                if vars(other).get(name) is old:
                    vars(other)[name] = value
    return True


def _caches() -> list[Any]:
    """What keeps what the verifier has worked out once."""
    modules = {module.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for module in MODULES}
    kept = [each for each in gc.get_objects() if hasattr(type(each), "cache_clear")]
    return [each for each in kept if getattr(each, "__module__", "") in modules]


# The run


Place = tuple[str, str, str, str]
"""A change: module, function, before and after."""


@attrs.define
class Outcome:
    """What became of the changes of a module."""

    tried: int = 0
    killed: int = 0
    timed_out: int = 0
    survived: list[Slip] = attrs.Factory(list)


@attrs.define
class Run:
    """A session of pytest that runs the tests many times; itself a plugin of it."""

    modules: Sequence[str]
    sample: int | None
    seed: int
    longest: float
    seconds: float
    plans: int
    remember: Path | None
    told: Callable[[str], None]
    reasons: Set[Place]
    """What nobody can notice, so nobody tries it: it counts as a change that survived."""
    again: Set[Place] | None
    """Changes to try, and no others."""
    outcomes: dict[str, Outcome] = attrs.Factory(dict)
    failures: int = 0
    killers: Counter[tuple[str, str, str]] = attrs.Factory(Counter)
    noticed: Counter[tuple[str, str]] = attrs.Factory(Counter)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failures += report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        tests = {item.nodeid: Test(item.nodeid, self._runs(item)) for item in session.items}
        baseline = self._baseline(tests)
        for cache in _caches():
            cache.cache_clear()
        known = functions()
        gc.collect()
        gc.freeze()
        for module in self.modules:
            self._module(module, baseline, tests, known)
        return True

    def _runs(self, item: pytest.Item) -> Callable[[], None]:
        def run() -> None:
            before = self.failures
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            if self.failures > before:
                raise Failed(item.nodeid)

        return run

    def _baseline(self, tests: dict[str, Test]) -> Baseline:
        program = _program(self.modules if self.remember is None else MODULES)
        baseline = Baseline(program)
        if self.remember and self.remember.exists():
            kept = pickle.loads(self.remember.read_bytes())
            if kept.program == program:
                baseline = kept
        tests |= {test.name: test for test in _every_call(self.plans)}
        missing = [test for test in tests.values() if test.name not in baseline.seconds]
        if missing:
            text, status = _forked(lambda pipe: self._measure(missing, pipe))
            if status:
                raise pytest.UsageError("the tests do not pass")
            seconds, lines = pickle.loads(text)
            baseline.seconds |= seconds
            for path, found in lines.items():
                for line, names in found.items():
                    baseline.lines.setdefault(path, {}).setdefault(line, set()).update(names)
            if self.remember:
                self.remember.write_bytes(pickle.dumps(baseline))
        quick = [seconds for name, seconds in baseline.seconds.items() if name in tests and seconds < self.longest]
        self.told(f"{len(quick)} of {len(tests)} tests, {sum(quick):.0f} s of them")
        return baseline

    def _measure(self, tests: Iterable[Test], pipe: int) -> None:
        late: set[bool] = set()

        def too_long(*_: object) -> None:
            late.add(True)
            raise TooLong

        signal.signal(signal.SIGPROF, too_long)
        caches = _caches()
        seconds: dict[str, float] = {}
        lines: dict[str, dict[int, set[str]]] = {str(ROOT / module): {} for module in MODULES}
        for test in tests:
            signal.setitimer(signal.ITIMER_PROF, self.longest, 1)  # again: who collects garbage drops an exception
            passed = _Passed(lines, test.name)
            for cache in caches:  # what another test has worked out this one would not come past
                cache.cache_clear()
            began = time.process_time()
            try:
                try:
                    with passed:
                        test.run()
                finally:  # where it may be too late once more
                    signal.setitimer(signal.ITIMER_PROF, 0)
            except (Failed, TooLong):
                signal.setitimer(signal.ITIMER_PROF, 0)
                if not late:
                    self.told(f"fails as it is: {test.name}")
                    os._exit(1)
            seconds[test.name] = self.longest if late else time.process_time() - began
            late.clear()
        with os.fdopen(pipe, "wb") as out:
            pickle.dump((seconds, lines), out)

    def _module(
        self,
        module: str,
        baseline: Baseline,
        tests: Mapping[str, Test],
        known: Mapping[tuple[str, str, int], list[types.FunctionType]],
    ) -> None:
        path = str(ROOT / module)
        every = list(slips(Path(path).read_text(encoding="utf-8")))
        if self.again is not None:
            every = [each for each in every if (module, each.function, each.before, each.after) in self.again]
        if self.sample is not None and self.sample < len(every):
            picked = random.Random(f"{self.seed} {module}").sample(range(len(every)), self.sample)
            every = [every[index] for index in sorted(picked)]
        outcome = self.outcomes[module] = Outcome()
        covered = baseline.lines.get(path, {})
        about = Path(module).stem.partition("_")[0]  # the rule, most often, which its tests are named after
        began = time.process_time()
        for change in every:
            lines = change.lines if change.function else covered
            if (module, change.function, change.before, change.after) in self.reasons:
                outcome.tried += 1
                outcome.survived.append(change)
                continue
            names = {name for line in lines for name in covered.get(line, ())}
            names = {name for name in names if name in tests and baseline.seconds[name] < self.longest}
            telling = dict[str, float]()
            for line in range(change.lines.start - NEAR, change.lines.stop + NEAR):
                for name in covered.get(line, ()):
                    telling[name] = telling.get(name, 0) + 1 / len(covered[line])
            order = sorted(
                names,
                key=lambda name: (
                    -self.killers[module, change.function, name],
                    about not in name.lower(),
                    -telling.get(name, 0) * (1 + self.noticed[module, name]) / (baseline.seconds[name] + 0.02),
                ),
            )
            self._try(module, path, change, [tests[name] for name in order], baseline, known, outcome)
        self.told(
            f"{module}: {outcome.tried} tried, {outcome.killed} noticed, {outcome.timed_out} of them by the clock, "
            f"{len(outcome.survived)} survived, {time.process_time() - began:.0f} s"
        )

    def _try(
        self,
        module: str,
        path: str,
        change: Slip,
        tests: Sequence[Test],
        baseline: Baseline,
        known: Mapping[tuple[str, str, int], list[types.FunctionType]],
        outcome: Outcome,
    ) -> None:
        """Try one change."""

        def work(pipe: int) -> None:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            if not exchange(path, change, known):
                os.write(pipe, b"no")
                return
            left = self.seconds
            for test in tests:
                signal.setitimer(signal.ITIMER_PROF, 3 + 10 * baseline.seconds[test.name])
                began, holds = time.process_time(), False
                try:
                    test.run()
                    holds = True
                finally:  # whatever it is, it has been noticed
                    if not holds:
                        os.write(pipe, test.name.encode())
                left -= time.process_time() - began
                if left < 0:
                    return

        text, status = _forked(work)
        if text == b"no":
            return
        outcome.tried += 1
        if text:
            outcome.killed += 1
            self.killers[module, change.function, text.decode()] += 1
            self.noticed[module, text.decode()] += 1
        elif status:  # it does not even begin, or does not end
            outcome.killed += 1
            outcome.timed_out += os.WIFSIGNALED(status)
        else:
            outcome.survived.append(change)
            self.told(f"{module}:{change.lines.start} {change.function} ({len(tests)} tests)")
            self.told(f"- {change.before}\n+ {change.after}")


# What nobody can notice


def explained(text: str) -> dict[Place, str]:
    """Why changes that nothing notices change nothing: blocks of a place, what stood and stands there, and why."""
    found: dict[Place, str] = {}
    for block in text.split("\n\n"):
        rows = [row for row in block.splitlines() if row and not row.startswith("#")]
        if not rows:
            continue
        place, before, after, *why = rows
        module, _, function = place.partition(" ")
        assert before.startswith("- "), before
        assert after.startswith("+ "), after
        assert why, place
        found[module, function, before[2:], after[2:]] = " ".join(why)
    return found


def survivors(printed: str) -> set[Place]:
    """The changes that nobody had explained at the end of an earlier run."""
    found: set[Place] = set()
    for block in printed.split(f"\n# {UNEXPLAINED}\n")[1:]:
        place, before, after, *_ = block.splitlines()
        module, _, function = place.partition(" ")
        found.add((module, function, before[2:], after[2:]))
    return found


def outdated(reasons: Iterable[Place]) -> list[Place]:
    """Explanations of changes that can no longer be made."""
    reasons = list(reasons)
    possible: set[Place] = set()
    for module in {place[0] for place in reasons}:
        text = (ROOT / module).read_text(encoding="utf-8")
        possible |= {(module, each.function, each.before, each.after) for each in slips(text)}
    return [place for place in reasons if place not in possible]


def run(
    modules: Sequence[str] = MODULES,
    tests: Sequence[str] = TESTS,
    *,
    sample: int | None = None,
    seed: int = 1,
    longest: float = 3,
    seconds: float = 20,
    plans: int = 600,
    remember: Path | None = None,
    told: Callable[[str], None] = lambda _: None,
    reasons: Set[Place] = frozenset(),
    again: Set[Place] | None = None,
) -> dict[str, Outcome]:
    """Try changes of modules; what became of them, by module.

    A test that takes `longest` seconds is left out, and a change that has survived tests of so many `seconds` survives.
    Raises `pytest.UsageError` if the tests do not pass as they are.
    """
    settings.register_profile("changes", derandomize=True, database=None, phases=[Phase.explicit, Phase.generate])
    settings.load_profile("changes")
    plugin = Run(modules, sample, seed, longest, seconds, plans, remember, told, reasons, again)
    options = ["-q", "--no-header", "--no-summary", "--tb=no", "--assert=plain", "-p", "no:cacheprovider"]
    status = pytest.main([*options, "-o", "timeout=0", "--capture=sys", *tests], plugins=[plugin])
    if len(plugin.outcomes) < len(modules):
        raise pytest.UsageError(f"pytest ended with {status}")
    return plugin.outcomes


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 1 if somebody has to look at something."""
    parser = argparse.ArgumentParser(description="Changes of the verifier that the tests must notice.")
    parser.add_argument("--module", action="append", help="a module, such as dialc/calendar.py; all by default")
    parser.add_argument("--test", action="append", help="a file of tests; by default those that are about the verifier")
    parser.add_argument("--sample", type=int, help="changes to try of each module; all by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=3, help="seconds from which on a test is left out")
    parser.add_argument("--seconds", type=float, default=20, help="seconds of tests that a change has to survive")
    parser.add_argument("--plans", type=int, default=600, help="small plans of which every call is made")
    parser.add_argument("--remember", type=Path, help="a file that keeps what is known of the program as it is")
    parser.add_argument("--again", type=Path, help="what an earlier run has printed: what survived there, and no more")
    chosen = parser.parse_args(arguments)

    def told(row: str) -> None:
        print(row, file=sys.__stdout__, flush=True)

    reasons = explained(SURVIVORS.read_text(encoding="utf-8"))
    outcomes = run(
        chosen.module or MODULES,
        chosen.test or TESTS,
        sample=chosen.sample,
        seed=chosen.seed,
        longest=chosen.longest,
        seconds=chosen.seconds,
        plans=chosen.plans,
        remember=chosen.remember,
        told=told,
        reasons=reasons.keys(),
        again=chosen.again and survivors(chosen.again.read_text(encoding="utf-8")),
    )
    tried = sum(outcome.tried for outcome in outcomes.values())
    killed = sum(outcome.killed for outcome in outcomes.values())
    timed_out = sum(outcome.timed_out for outcome in outcomes.values())
    survived = [
        (module, each.function, each.before, each.after) for module, o in outcomes.items() for each in o.survived
    ]
    unexplained = [place for place in survived if place not in reasons]
    old = outdated(reasons)
    told(
        f"{tried} changes, {killed} noticed ({100 * killed / max(1, tried):.1f} %, {timed_out} of them by the clock), "
        f"{len(survived)} survived, {len(unexplained)} of them unexplained"
    )
    for title, places in ((UNEXPLAINED, unexplained), ("an explanation of what is not there", old)):
        for module, function, before, after in places:
            told(f"\n# {title}\n{module} {function}\n- {before}\n+ {after}")
    return 1 if unexplained or old else 0


if __name__ == "__main__":
    sys.exit(main())
