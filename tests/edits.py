"""Random changes of one character in emitted files, and what becomes of them.

In: how many changes, from which seed on. Out: how many are reported by the read-back, how many are refused as files are
loaded, how many leave everything as it was, how many change what no call ever comes to; and every one that is none of
these. `python -m tests.edits --number 5000 --seed 0` says so on the terminal; the suite makes a share.

A change is made from its seed alone: a character of one of the files of an example is taken out, put in or replaced by
another, all places and all characters that can be typed alike. What it means is told in this order: `same`, where
Asterisk's loader makes the same of the files, places aside; `reported`; `refused`, where it takes nothing of a file;
`unreached`, where nothing is different that a call in the walk of plan and files comes to; else it is `missed`.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping

import attrs

from dialc.plan import Plan
from dialc.read.agreement import Agreement
from dialc.read.asterisk import configuration, dialplan
from dialc.site import Site

CHARACTERS = "".join(map(chr, range(32, 127))) + "\n"


@attrs.frozen
class Edit:
    """A character of a file taken out (`new` empty), put in (`old` empty), or replaced."""

    file: str
    at: int
    old: str
    new: str

    def made(self, files: Mapping[str, str]) -> dict[str, str]:
        """The files after it."""
        text = files[self.file]
        return {**files, self.file: text[: self.at] + self.new + text[self.at + len(self.old) :]}

    def told(self, files: Mapping[str, str]) -> str:
        """The change for people, with the line it is in."""
        text = files[self.file]
        line = text[text.rfind("\n", 0, self.at) + 1 :].partition("\n")[0]
        number = text.count("\n", 0, self.at) + 1
        return f"{self.file}:{number} {self.old!r} -> {self.new!r} in {line!r}"


def edit(files: Mapping[str, str], seed: int) -> Edit:
    """The change of a seed."""
    rng = random.Random(seed)
    at = rng.randrange(sum(map(len, files.values())))
    for name in sorted(files):
        if at < len(files[name]):
            break
        at -= len(files[name])
    kind = rng.choice(("out", "in", "other"))
    old = "" if kind == "in" else files[name][at]
    new = "" if kind == "out" else rng.choice([each for each in CHARACTERS if each != old])
    return Edit(name, at, old, new)


def loaded(files: Mapping[str, str]) -> dict[str, object]:
    """What Asterisk's loader makes of files, without the places at which it stands."""
    found: dict[str, object] = {}
    for name, text in files.items():
        whole = f"[mappings]\n{text}" if name.endswith("cdr_custom.conf") else text
        read = configuration.read({name: whole}, name)
        if name.endswith("extensions.conf"):
            found[name] = _plain(dialplan.load(read))
        else:
            rows = [(s.name, [(each.name, each.value) for each in s.settings]) for s in read.sections]
            found[name] = (read.refused, rows)
    return found


def _plain(loaded: dialplan.Dialplan) -> object:
    return {
        name: (
            [
                (
                    each.name,
                    each.caller,
                    each.labels,
                    [(n, p.application, p.argument) for n, p in each.priorities.items()],
                )
                for each in context.extensions
            ],
            [(each.context, each.times) for each in context.includes],
            [(each.name, each.data) for each in context.switches],
            context.ignored,
        )
        for name, context in loaded.contexts.items()
    }


Priorities = Mapping[tuple[str, str, int], tuple[str, str]]


def priorities(files: Mapping[str, str]) -> Priorities:
    """Every priority by its context, extension and number: the application and its argument."""
    name = next(name for name in files if name.endswith("extensions.conf"))
    plan = dialplan.load(configuration.read(files, name))
    return {
        (context.name, each.name, number): (priority.application, priority.argument)
        for context in plan.contexts.values()
        for each in context.extensions
        for number, priority in each.priorities.items()
    }


def judged(plan: Plan, site: Site, files: Mapping[str, str], change: Edit) -> str:
    """What becomes of a change."""
    changed = change.made(files)
    if loaded(changed) == loaded(files):
        return "same"
    after = Agreement(plan, site, changed)
    if after.difference() is not None:
        return "reported"
    if any(configuration.read(changed, name).refused for name in changed if not name.endswith("cdr_custom.conf")):
        return "refused"
    old, new = priorities(files), priorities(changed)
    different = {place for place in {*old, *new} if old.get(place) != new.get(place)}
    if different and change.file.endswith("extensions.conf") and not different & after.machine.visited:
        before = Agreement(plan, site, files)
        before.difference()
        if not different & before.machine.visited:
            return "unreached"
    return "missed"


def run(plan: Plan, site: Site, files: Mapping[str, str], seeds: range) -> Iterator[tuple[Edit, str]]:
    """The changes of some seeds, and what becomes of each."""
    for seed in seeds:
        change = edit(files, seed)
        yield change, judged(plan, site, files, change)


def main() -> int:
    """Make changes and say what becomes of them; 1 if one was missed."""
    from tests.test_agreement import written

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plan", default="clinic")
    arguments = parser.parse_args()
    plan, site, files = written(arguments.plan)
    counts: Counter[str] = Counter()
    for change, verdict in run(plan, site, files, range(arguments.seed, arguments.seed + arguments.number)):
        counts[verdict] += 1
        if verdict in ("missed", "unreached"):
            print(f"{verdict}: {change.told(files)}", flush=True)
    print(", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items())))
    return int(bool(counts["missed"]))


if __name__ == "__main__":
    sys.exit(main())
