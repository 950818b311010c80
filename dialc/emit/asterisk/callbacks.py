"""Call-backs at a site, spelled as Asterisk has it: which numbers are called back, and how each booking is placed.

In: a plan with call-backs and a site. Out: what `backends/asterisk/callbacks.j2` names. The numbers of a class are
written as patterns of digits in every form in which a trunk delivers them, so that reading a caller's number and
deciding whether it may be called back are one look-up among finitely many.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping

import attrs

from dialc import classes, numbers
from dialc.classes import Pattern
from dialc.numbers import Form
from dialc.plan import Callback, Plan, Queue
from dialc.site import Site

TICK = 60
"""Seconds between two looks at whether a booking can be placed."""

RETRIES = 1_000_000
"""How often a call file rings at most: as often as can be, since it ends by itself."""

FAREWELL = 30
"""Seconds from a booking to its first placing at least: whoever booked is still on the telephone."""

SPACING = 300
"""Seconds from a placing that no member answered to the next."""

TRIES = 100
"""Placings in vain after which a booking is given up: they fill more than a working day."""

SLACK = 60
"""Seconds by which a placed call outlasts the patience of its queue at most."""

RING = 45
"""Seconds that the telephone of whoever is called back rings."""


@attrs.frozen
class Row:
    """An extension, and what it stands for."""

    pattern: str
    number: str


@attrs.frozen
class Booking:
    """A call-back, its family in AstDB, and everything that it is placed by."""

    name: str
    family: str
    queue: str
    patience: int
    tiers: bool
    hours: str
    waits: str
    show: str
    dial: str


def bookings(plan: Plan, site: Site, entry: str) -> tuple[Booking, ...]:
    """The call-backs of a plan; `entry` begins the names of all that stays the same from compilation to compilation."""
    trunk = site.trunk(site.outside)
    found = []
    for step in called_back(plan):
        queue = plan.steps[step.queue]
        if isinstance(queue, Queue) and trunk is not None:
            found.append(
                Booking(
                    step.name,
                    family(entry, step.name),
                    queue.name,
                    queue.patience,
                    bool(queue.tiers),
                    step.hours.name,
                    f"DIALC_WAITS_{plan.name}_{step.name}",
                    trunk.show or plan.lines[0].number,
                    trunk.dial.replace("{number}", "${GOSUB_RETVAL}"),
                )
            )
    return tuple(found)


def called_back(plan: Plan) -> tuple[Callback, ...]:
    """The steps that book call-backs."""
    return tuple(step for step in plan.steps.values() if isinstance(step, Callback))


def family(entry: str, step: str) -> str:
    """The family of a call-back in AstDB, which takes `_` for any character when it looks for keys."""
    return f"{entry}.{step}".replace("_", ".")


# Numbers


def callable_rows(plan: Plan, site: Site) -> tuple[Row, ...]:
    """The numbers that may be called back, in every form in which they can be shown, each with the number in full."""
    return tuple(Row(f"_{head}{_spelled(pattern)}", number) for head, pattern, number in _shown(plan, site))


def sent_rows(plan: Plan, site: Site) -> tuple[Row, ...]:
    """The numbers in full, each with the digits that the trunk for outside phones sends."""
    return tuple(
        Row(f"_+{code}X!", f"{head}${{EXTEN:{1 + len(code)}}}")
        for code, head in sent(plan, site).items()
        if head is not None
    )


def sent(plan: Plan, site: Site) -> Mapping[str, str | None]:
    """By country code, what the trunk for outside phones wants before a national number; None where that differs."""
    trunk = site.trunk(site.outside)
    found: dict[str, set[str | None]] = {}
    for code, pattern in _patterns(plan) if trunk else ():
        heads = _heads(code, pattern, trunk.send, usual=True) if trunk else ()
        found.setdefault(code, set()).add(heads[0] if heads else None)
    return {code: heads.pop() if len(heads) == 1 else None for code, heads in found.items()}


def ambiguous(plan: Plan, site: Site) -> tuple[str, ...]:
    """Patterns of the digits that are one number in a form of a trunk and another number in another."""
    return tuple(dict.fromkeys(f"_{_spelled(both)}" for both, _, _ in _overlaps(plan, site)))


def mistaken(plan: Plan, site: Site) -> tuple[str, str, str] | None:
    """Digits that can be numbers of two countries, and the two country codes, if there are any."""
    for both, number, other in _overlaps(plan, site):
        codes = [each.partition("$")[0].removeprefix("+") for each in (number, other)]
        if codes[0] != codes[1]:
            return "".join(digits[0] for digits in both), codes[0], codes[1]
    return None


def _overlaps(plan: Plan, site: Site) -> Iterator[tuple[Pattern, str, str]]:
    """What two patterns of different forms both match, and the number in full that it is by each."""
    rows: dict[tuple[str, int], list[tuple[Pattern, str]]] = {}
    for head, pattern, number in _shown(plan, site):
        rows.setdefault((head, len(head) + len(pattern)), []).append(((*head, *pattern), number))
    for (head, length), mine in rows.items():
        for (other_head, other_length), others in rows.items():
            if length != other_length or not head > other_head:
                continue
            near = [row for row in others if all(a in b for a, b in zip(head, row[0], strict=False))]
            for one, number in mine:
                for other, other_number in near:
                    both = tuple("".join(d for d in a if d in b) for a, b in zip(one, other, strict=True))
                    if all(both) and number != other_number:
                        yield both, number, other_number


def _shown(plan: Plan, site: Site) -> Iterator[tuple[str, Pattern, str]]:
    """For each pattern and form: what stands before the national number, the pattern, and the number in full."""
    told: set[tuple[str, Pattern]] = set()
    for code, pattern in _patterns(plan):
        for form in _forms(code, site):
            for head in _heads(code, pattern, form):
                if (head, pattern) not in told:
                    told.add((head, pattern))
                    yield head, pattern, f"+{code}${{EXTEN{f':{len(head)}' if head else ''}}}"


def _patterns(plan: Plan) -> Iterator[tuple[str, Pattern]]:
    """The patterns of all classes, each with its country code, each once."""
    found = ((classes.code(each.country), pattern) for each in plan.callback_to for pattern in classes.patterns(each))
    return iter(dict.fromkeys(found))


def _forms(code: str, site: Site) -> tuple[Form, ...]:
    """The forms in which a trunk of the site shows numbers of a country code; in full, they are always understood."""
    delivered = (
        form
        for trunk in site.trunks
        for form in trunk.delivers
        if form is not Form.NATIONAL or not trunk.country or classes.code(trunk.country) == code
    )
    return tuple(dict.fromkeys((Form.PLUS, *delivered)))


@functools.cache
def _heads(code: str, pattern: Pattern, form: Form, *, usual: bool = False) -> tuple[str, ...]:
    """What stands before the national numbers of a pattern in a form; nothing where they are written otherwise."""
    found: list[list[str]] = []
    for digit in (0, -1):
        national = "".join(digits[digit] for digits in pattern)
        written = numbers.written_as(f"+{code}{national}", form)
        if usual:
            written = written[:1]
        found.append([each.removesuffix(national) for each in written if each.endswith(national)])
    first, last = found
    return tuple(dict.fromkeys(head for head in first if head in last))


def _spelled(pattern: Iterable[str]) -> str:
    """A pattern in Asterisk's letters."""
    letters = {"0123456789": "X", "123456789": "Z", "23456789": "N"}
    return "".join(letters.get(digits, digits if len(digits) == 1 else f"[{digits}]") for digits in pattern)
