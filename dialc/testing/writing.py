"""Plans, as strategies: such as keep the charter, and such as break one rule of it.

In: how large they may be, or a rule. Out: `Written` plans: their text, as an author would have written it, and what the
compiler makes of it. The text is drawn from pieces that keep the charter wherever they stand (`drafts`), and a broken
plan has one more piece that does not (`faults`). Both shrink to fewer pieces, and a failing example is printed as text.
"""

import attrs
from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from dialc import Judged, judge
from dialc.findings import text as shown
from dialc.plan import Plan, Verified
from dialc.source import Source
from dialc.testing import drafts, faults
from dialc.testing.drafts import LINE, OPERATOR, ZONES, Draft

LARGER = 7
"""The most departments of a larger plan; of a smaller one there are a third as many at most."""


VALID = ("2026-12-21 to 2027-01-03", "2026-03-28 to 2026-03-30", "2026-10-24 to 2026-10-26")
"""When plans are valid: around holidays, and while clocks change in Europe; short, since each day is proved."""


@attrs.frozen(repr=False)
class Written:
    """A plan, its text, and what is known of it."""

    text: str
    judged: Judged = attrs.field(eq=False)

    @property
    def plan(self) -> Plan:
        """What it means."""
        assert self.judged.verdict is not None
        return self.judged.verdict.plan

    @property
    def verified(self) -> Verified:
        """Its proof. Raises `ValueError` where there is none."""
        if not isinstance(self.judged.verdict, Verified):
            raise ValueError("the plan is not proved")
        return self.judged.verdict

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of what was found, each once, in order."""
        return tuple(sorted({finding.code for finding in self.judged.findings}))

    def __repr__(self) -> str:
        quotes = "'" * 3
        return f"written({quotes}\\\n{self.text}{quotes})"

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        """What hypothesis prints, which would be every field of the plan."""
        for index, row in enumerate(repr(self).split("\n")):
            if index:
                printer.break_()
            printer.text(row)


def written(text: str) -> Written:
    """A plan of a text. Raises `ValueError` where it cannot be understood.

    >>> written('plan office "Office"')  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: error[...]: ...
    """
    judged = judge(Source("drawn.dial", text))
    if judged.verdict is None:
        raise ValueError(shown(judged.findings[0]))
    return Written(text, judged)


def plans(*, larger: bool = False) -> st.SearchStrategy[Written]:
    """Plans that are proved, small ones of a department or two, or `larger` ones of up to seven.

    Of all that is drawn, all but a few in a hundred are proved by the way they are made; the others are left out. Every
    construct of the language is in some: hours with exceptions and night switches, menus with extensions, languages
    and a second operator, and every kind of step and exit. They shrink towards a line that leads to two phones.
    """
    return _drawn("", larger)


def broken_plans(rule: str) -> st.SearchStrategy[Written]:
    """Plans that break a rule, by its code, and would be proved without the one piece that does.

    A few rules bring a finding of another with them (a caller who waits for three minutes waits for more than two).
    Of the rules that refuse no plan, the plans have the warning. Raises `KeyError` for what is no rule of plans, such
    as C20, which is held against files.
    """
    if rule not in faults.FAULTS:
        raise KeyError(rule)
    return _drawn(rule, False)


def _drawn(rule: str, larger: bool) -> st.SearchStrategy[Written]:
    @st.composite
    def plan(draw: st.DrawFn) -> Written:
        found = written(text(Draft(draw, LARGER if larger else LARGER // 3), rule, larger))
        if (rule not in found.codes) if rule else not found.judged.proved:
            reject()
        return found

    return plan()


def text(draft: Draft, rule: str, larger: bool) -> str:
    """The text of a plan of pieces, with one that breaks a rule if one is named."""
    zone = draft.one(ZONES)
    if draft.has():
        draft.languages = ("en", "pl")
        draft.levels -= 1
    policy = draft.one(("charter", "lenient")) if not rule else "charter"
    if larger or draft.has():
        # A night switch can be turned at any second, and a mailbox may then come after a queue.
        drafts.hours(draft, ("week", "dated", "both") if rule else ("week", "dated", "both", "switched"))
        drafts.night(draft)
    entry = _entry(draft, larger)
    lines = [f'line "{LINE}" -> {entry}', *_lines(draft, entry)]
    if rule:
        lines.append(f'line "+48 22 123 45 99" -> {faults.FAULTS[rule](draft)}')
    speaks = draft.budget < (LARGER if larger else LARGER // 3) or "staff" in draft.names or bool(rule)
    drafts.operator(draft, OPERATOR, speaks=speaks)
    if "branch" in draft.names:
        drafts.operator(draft, "branch", speaks=speaks)
    valid = draft.one(VALID[:1] if draft.dated else VALID if draft.staffed else (*VALID, ""))
    head = [
        'plan drawn "Drawn"',
        f"timezone {zone}",
        "language en",
        f"languages {', '.join(draft.languages)}" if draft.languages[1:] else "",
        "country PL",
        f"valid {valid}" if valid else "",
        f"policy {policy}",
    ]
    draft.head[:0] = [row for row in head if row]
    draft.head += lines
    return draft.text()


def _entry(draft: Draft, larger: bool) -> str:
    """What the callers of the first line come to: the operator, or a greeting and what lies behind it."""
    if not (larger or draft.staffed or draft.languages[1:] or draft.has()):
        return OPERATOR
    items = ["answer", f"play {draft.prompt('welcome', 'Good morning.', 2)}"]
    if draft.has():
        draft.prompt("recorded", "This call is recorded.", 2, "notice")
        items += ["play recorded", "record"]
    if draft.staffed:
        items.append(f"when {draft.staffed} closed -> night")
    if draft.reopens and draft.has():
        draft.block("route", "fair", f"play {draft.prompt('at_the_fair', 'Meet us at the fair.', 3)} -> {OPERATOR}")
        items.append(f'when {draft.staffed} open "fair" -> fair')
    if draft.has():
        draft.block("callers", "vip", '"+48 600 111 222", prefix "+48 61"', draft.one(("", "withheld")))
        draft.block("route", "fast", 'label "VIP"', f"-> {OPERATOR}")
        items.append("when caller in vip -> fast")
    front = _front(draft, larger)
    if draft.has():
        draft.block("switch", "outage", "code *29", "starts off")
        draft.block("route", "outage_news", f"play {draft.prompt('outage_known', 'We know.', 3)} -> {front}")
        items.append("when switch outage on -> outage_news")
    items.append(f"-> {front}")
    return draft.block("route", draft.name("start"), *items)


def _front(draft: Draft, larger: bool) -> str:
    """What callers come to who are served: a choice of languages, a menu, a department, the operator."""
    if larger or draft.has():
        extensions = ""
        if draft.has():
            extensions = draft.block("extensions", draft.name("staff"), "600-609", "ring for 15s")
        front = drafts.menu(draft, draft.name("main"), extensions, larger=larger)
    elif draft.has():
        front = drafts.department(draft)
    else:
        front = OPERATOR
    if not draft.languages[1:]:
        return front
    prompt = draft.prompt("which_language", "English: one. Polski: dwa. Operator: zero.", 5, "offers 1, 2, 0")
    return draft.block(
        *("menu", draft.name("speak"), f"play {prompt}", f"key 1 speaks en -> {front}", f"key 2 speaks pl -> {front}"),
        *(f"key 0 -> {OPERATOR}", "wait 4s", "tries 2", f"silence -> {front}"),
    )


def _lines(draft: Draft, entry: str) -> list[str]:
    """More lines: short numbers, all that is left, a row of extensions, a fax, another operator's, one that refuses."""
    found = []
    if draft.has():
        found.append(draft.one(("line short 19123", "line default", 'line "+48 22 123 45 1x"')) + f" -> {entry}")
    if "staff" in draft.names and draft.has():
        found.append('line "+48 22 123 46 00" to "+48 22 123 46 09" -> staff')
    if draft.has():
        draft.block("route", draft.name("no_fax"), "hang-up")
        ways = ("busy -> no_fax", "no-answer -> no_fax", "unavailable -> no_fax")
        device = draft.one(("290", '"+48 22 600 00 20" without confirm because "a fax answers"'))
        draft.block("ring", draft.name("fax"), f"ring {device} for 20s", *ways)
        found.append('line "+48 22 123 47 00" machine "fax" -> fax')
    if draft.has():
        draft.block("callers", "pests", '"+48 22 777 00 00"', 'prefix "+48 70"')
        found.append(f'line "+48 22 123 48 00" refuses pests -> {entry}')
    if "main" in draft.names and draft.has():
        found.append(f'line "+48 22 123 49 00" operator {draft.name("branch")} -> {entry}')
    return found
