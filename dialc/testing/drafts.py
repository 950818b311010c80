"""Plans as people write them, drawn piece by piece so that each piece keeps the charter.

In: draws. Out: the text of a plan. A plan is made the way its author would make it: an operator, and if wanted hours,
a greeting, a menu with departments behind its keys, more lines. Each piece keeps every rule in whatever plan it stands,
since it speaks before it rings, rings briefly, offers the keys that it has, and leads to the operator in the end.
Nothing is drawn and then thrown away. Every piece is there or not, and shrinks to its not being there.
"""

import string
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import attrs
from hypothesis import strategies as st

_T = TypeVar("_T")

OPERATOR = "reception"
"""The operator of every plan that is drawn."""

LINE = "+48 22 123 45 67"
"""The number of the line that every plan has."""

ZONES = ("Europe/Warsaw", "UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca")

WEEKS = (
    "mon-fri 09:00-17:00",
    "mon-sun 08:00-20:00",
    "mon-thu 08:00-16:00  fri 08:00-12:00",
    "mon-fri 08:00-12:00, 13:00-17:00  sat 09:00-13:00",
    "mon-sat 18:00-02:00",
)


@attrs.define
class Draft:
    """A plan as far as it is drawn: what stands in its head and in its blocks, and the prompts that they play.

    `staffed` is the name of the operator's hours, empty where it is always there; `budget` how many more departments
    there may be; `levels` of menus that may still be put below one another. A plan that `waives` has phones of which
    nobody knows whether a machine answers, and says who allows that; otherwise only machines' lines ring such.
    """

    draw: st.DrawFn
    budget: int
    levels: int = 2
    waives: bool = False
    head: list[str] = attrs.field(factory=list)
    blocks: list[str] = attrs.field(factory=list)
    prompts: dict[str, str] = attrs.field(factory=dict)
    languages: tuple[str, ...] = ("en",)
    staffed: str = ""
    dated: bool = False
    reopens: bool = False
    switched: bool = False
    calls_back: bool = False
    supervised: bool = True
    names: list[str] = attrs.field(factory=list)

    def has(self) -> bool:
        """Whether something is there that need not be."""
        return self.draw(st.booleans())

    def one(self, among: Sequence[_T]) -> _T:
        """One of a few, of which the first is the simplest."""
        return self.draw(st.sampled_from(among))

    def name(self, kind: str) -> str:
        """A name that nothing has yet: `sales`, `sales_b`, `sales_c`."""
        count = sum(name == kind or name[:-1] == f"{kind}_" for name in self.names)
        found = f"{kind}_{string.ascii_lowercase[count]}" if count else kind
        self.names.append(found)
        return found

    def block(self, kind: str, name: str, *items: str) -> str:
        """A block of a kind and a name, an item a line; its name."""
        body = "\n".join(f"  {item}" for item in items if item)
        self.blocks.append(f"{kind} {name} {{\n{body}\n}}")
        return name

    def prompt(self, name: str, text: str, seconds: int, claims: str = "") -> str:
        """A prompt in every language of the plan; its name."""
        texts = " ".join(f'{language} "{text}"' for language in self.languages)
        written = f"prompt {name} {{ file {name.replace('_', '-')}  {texts}  lasts {seconds}s"
        self.prompts[name] = f"{written}  {claims} }}" if claims else f"{written} }}"
        return name

    def unconfirmed(self, number: str, at: str) -> str:
        """A phone elsewhere that a mailbox may answer, and at which step that is allowed to happen."""
        self.head.append(f'waive C02 at {at} by "Jan Kowalski" because "their phone has no mailbox"')
        return f'"{number}" without confirm because "it has no mailbox"'

    def text(self) -> str:
        """The whole plan."""
        return "\n".join((*self.head, "", *self.blocks, "", *self.prompts.values())) + "\n"


# What every plan has


def operator(draft: Draft, name: str, *, speaks: bool) -> None:
    """An operator, its last resort, and where its callers go while it is not there.

    It `speaks` before it rings, where phones may have rung before. Beside another one, the first is the default.
    """
    items = []
    if speaks or draft.has():
        items.append(f"play {draft.prompt('connecting', 'One moment please.', 2)}")
    items.append(f"ring {draft.one(('100', '100, 101'))} for {draft.one(('10s', '15s', '20s'))}")
    if draft.has():
        items.append(f"then play {draft.prompt('still_trying', 'We are still trying.', 3)}")
        phones = draft.one(("102", '102, "+48 601 000 200" confirm'))
        if draft.waives and draft.has():
            phones = draft.unconfirmed("+48 22 600 00 30", name)
        items.append(f"ring {phones} for {draft.one(('10s', '15s'))}")
    if draft.staffed:
        # Who came while it was open and has been to a department is still served.
        plus = " plus 15m" if speaks else draft.one(("", " plus 15m"))
        items += [f"staffed {draft.staffed}{plus}", "unstaffed -> night"]
    if draft.supervised:
        items.append("supervisor 110")
    default = " default" if "branch" in draft.names and name == OPERATOR else ""
    draft.block("operator", f"{name}{default}", *items, f"unanswered -> {last_resort(draft)}")


def last_resort(draft: Draft) -> str:
    """Where callers go for whom nobody is there."""
    sorry(draft)
    if not draft.has():
        return "sorry"
    if "sorry_message" in draft.names:
        return "sorry_message"
    draft.prompt("sorry_leave", "We are sorry, nobody can answer. Please leave a message.", 5, "apology")
    return mailbox(draft, "sorry_message", "sorry_leave", "")


def sorry(draft: Draft) -> None:
    """An apology, and the end of the call."""
    if "sorry" not in draft.names:
        draft.prompt("apology", "We are sorry, nobody can answer. Goodbye.", 3, "apology  goodbye")
        draft.block("route", draft.name("sorry"), "play apology", "hang-up")


def mailbox(draft: Draft, name: str, greeting: str, hours: str) -> str:
    """A mailbox, of an operator's last resort or for while hours are closed; its name."""
    draft.prompt("thanks", "Thank you, we call you back. Goodbye.", 3, "goodbye")
    return draft.block(
        *("mailbox", draft.name(name), "box 100", f"while closed {hours}" if hours else "", f"greeting {greeting}"),
        *("then thanks", draft.one(("", "up to 60s")), f"read by {OPERATOR} within 1 working day"),
        *("nothing-left -> sorry", "failed -> sorry"),
    )


def night(draft: Draft) -> None:
    """What is said while nobody is there, and a mailbox."""
    claims = f"says closed {draft.staffed}"
    draft.prompt("closed_now", "We are closed now.", 2, claims)
    holiday = []
    if draft.dated and draft.has():
        draft.block(
            "route", "holiday", f"play {draft.prompt('on_holiday', 'We are on holiday.', 3, claims)} -> message"
        )
        holiday = [f'when {draft.staffed} closed "holiday" -> holiday']
    draft.block("route", draft.name("night"), *holiday, "play closed_now", "-> message")
    draft.prompt("leave_message", "Please leave a message.", 3)
    mailbox(draft, "message", "leave_message", draft.staffed)


def hours(draft: Draft, kinds: Sequence[str] = ("week", "dated", "both", "switched")) -> None:
    """The operator's hours: a week, perhaps with days on which all is different, of two blocks, or a night switch."""
    draft.staffed = "office"
    kind = draft.one(kinds)
    items = [draft.one(WEEKS)]
    if kind == "dated":
        draft.dated = True
        items.append('closed 2026-12-24 to 2026-12-26 "holiday"')
        draft.reopens = draft.has()
        items.append('open 2026-12-27 10:00-14:00 "fair"' if draft.reopens else "")
    if kind == "switched":
        back = draft.one(("", "back to auto at 06:00"))
        draft.switched = True
        draft.block("switch", "day_night", "code *28", "starts auto", back)
        items.append("switch day_night")
    draft.block("hours", "office", *items)
    if kind == "both":
        draft.block("hours", "shop", draft.one(("sat 09:00-13:00", "mon-sun 10:00-11:00")))
        draft.blocks.append(f"hours both = office {draft.one(('or', 'but not'))} shop")
        draft.staffed = "both"


# Departments: each is reached while somebody is there, and leads to the operator in the end


def department(draft: Draft) -> str:
    """A department of any kind, and what lies behind it; its name."""
    draft.budget -= 1
    kinds = tuple(kind for kind, needs in DEPARTMENTS.items() if draft.budget >= needs)
    if draft.levels < 1:
        kinds = tuple(kind for kind in kinds if kind not in (_submenu, _collect))
    if draft.switched:
        kinds = tuple(kind for kind in kinds if kind is not _queue)
    return draft.one(kinds)(draft)


def _ring(draft: Draft) -> str:
    """Phones."""
    name = draft.name("sales")
    stages = draft.one(RINGS)
    busy = [f"busy -> {_told(draft, 'talking', 'Everybody is on the telephone.')}"] if draft.has() else []
    return draft.block("ring", name, *stages, *busy)


RINGS = (
    ("ring 201 for 10s",),
    ("ring 201, 202 for 20s",),
    ("ring 201 for 10s", "then ring 202 for 10s"),
    ('ring 203, "+48 601 222 333" confirm for 15s',),
    ("ring 201, 202 in order for 8s each",),
)


def _told(draft: Draft, kind: str, text: str) -> str:
    """A sentence, and the operator behind it; the name of the route."""
    name = draft.name(kind)
    return draft.block("route", name, f"play {draft.prompt(f'{name}_told', text, 3)} -> {OPERATOR}")


def _info(draft: Draft) -> str:
    """Something to know, and the operator."""
    return _told(draft, "address", "1 Main Street.")


def _labelled(draft: Draft) -> str:
    """A name on the operator's display."""
    return draft.block("route", draft.name("urgent"), 'label "URGENT"', f"-> {OPERATOR}")


def _transfer(draft: Draft) -> str:
    """Somebody elsewhere."""
    name, to = draft.name("partner"), '"+48 601 444 555" confirm'
    if draft.waives and draft.has():
        to = draft.unconfirmed("+48 22 600 00 40", name)
    return draft.block("transfer", name, f"to {to} for 15s")


def _queue(draft: Draft) -> str:
    """A line of callers, perhaps with a call-back, members who come later or sign in, room for a few, or an end."""
    name = draft.name("service")
    code = 30 + 2 * len(draft.names)
    members = draft.one(("members 301", "members 301, 302, 303", f"members sign in with *{code} out with *{code + 1}"))
    patience, keys = draft.one(("15s", "60s", "120s")), {"0": OPERATOR}
    long = patience != "15s"
    if "sign" in members:
        members += " among 310-319"
    items = ["ring-all", members, f"ring {draft.one(('10s', '15s'))}", f"patience {patience}"]
    if long:
        items.append(f"announce {draft.one(('position', 'position, wait'))} every 30s")
        items.append("then members 304 after 30s" if draft.has() else "")
    items.append(draft.one(("", "callers at most 8")))
    items.append(draft.one(("", "wrap-up 10s")))
    if draft.staffed:
        items.append(f"staffed {draft.staffed} plus 10m")
        items.append(f"closing -> {OPERATOR}" if draft.has() else "")
    if draft.has():
        keys["2"] = _call_back(draft, name)
    offers = ", ".join(sorted(keys))
    promise = "  promises wait 5m" if draft.has() else ""
    claims = f"offers {offers}{promise}"
    items.insert(0, f"play {draft.prompt(f'{name}_line', 'We are with you soon.', 3, claims)}")
    items += [f"key {key} -> {to}" for key, to in keys.items()]
    return draft.block("queue", name, *items)


def _call_back(draft: Draft, queue: str) -> str:
    """A call-back by the members of a queue; its name."""
    if not draft.calls_back:
        draft.calls_back = True
        draft.head.append("callback to PL fixed, PL mobile")
        if not draft.staffed:
            draft.block("hours", "daily", "mon-sun 08:00-20:00")
    while_open = draft.staffed or "daily"
    draft.prompt("call_you", "We call you back. Goodbye.", 3, f"promises callback by next {while_open} day  goodbye")
    return draft.block(
        *("callback", draft.name("ring_me"), "then call_you", f"from {queue}", f"within {while_open}"),
        draft.one(("", "at most 2 a day")),
    )


def _bot(draft: Draft) -> str:
    """A machine that talks."""
    return draft.block("bot", draft.name("robot"), "phone 900", f"limit {draft.one(('30s', '60s'))}")


def _lookup(draft: Draft) -> str:
    """A service that knows where a caller belongs."""
    name = draft.name("who")
    replies = [f"answer known -> {department(draft)}"]
    if draft.has():
        replies.append(f"answer vip -> {OPERATOR}")
    return draft.block("lookup", name, "ask crm for 3s", *replies)


def _collect(draft: Draft) -> str:
    """Digits that say where a caller belongs."""
    name = draft.name("number")
    accepted = draft.one(("any", "known", "check luhn", "check mod11", "check mod97"))
    if accepted == "known":
        accepted = draft.block("digits", draft.name("customers"), "1001, 1002")
    draft.levels -= 1
    behind = department(draft)
    draft.levels += 1
    ask = draft.prompt(f"{name}_please", "Please enter your number.", 3)
    return draft.block(
        *("collect", name, f"play {ask}", draft.one(("digits 4", "digits 3 to 5")), draft.one(("", "ends with #"))),
        *("wait 3s", draft.one(("tries 1", "tries 2")), f"accept {accepted} -> {behind}"),
    )


def _submenu(draft: Draft) -> str:
    """A menu below the menu."""
    return menu(draft, draft.name("more"))


DEPARTMENTS: Mapping[Callable[[Draft], str], int] = {
    _info: 0,
    _labelled: 0,
    _ring: 0,
    _transfer: 0,
    _queue: 0,
    _bot: 0,
    _collect: 1,
    _lookup: 1,
    _submenu: 1,
}
"""The kinds of departments, the simplest first, and how many more must be allowed for behind each."""


def menu(draft: Draft, name: str, extensions: str = "", *, larger: bool = False) -> str:
    """A menu of departments, of which 0 is the operator; its name. A `larger` one has two departments at least."""
    keys = {"0": f"key 0 -> {OPERATOR}"}
    back = larger and not draft.languages[1:] and draft.has()
    draft.levels -= 2 if back else 1  # whoever comes back chooses twice
    for key in "1234":
        if key > "1" and (draft.budget < 1 or not ((larger and key == "2") or draft.has())):
            break
        keys[key] = f"key {key} -> {department(draft)}"
    draft.levels += 2 if back else 1
    if back:
        keys["5"] = f"key 5 -> {returns(draft, name)}"
    items = [keys[key] for key in sorted(keys)]
    offers = sorted(keys)
    tries = draft.one(("tries 1", "tries 2"))
    if tries != "tries 1" and draft.has():
        items.append("key * repeat")
        offers.append("*")
    if extensions:
        items.append(f"direct {extensions}")
        offers.append("extensions")
    undecided = f"undecided -> {OPERATOR}" if draft.has() else ""
    prompt = draft.prompt(f"{name}_choices", "Please choose.", 5, f"offers {', '.join(offers)}")
    return draft.block(
        *("menu", name, f"play {prompt}", *items, draft.one(("wait 3s", "wait 5s"))),
        *(tries, undecided),
    )


def returns(draft: Draft, to: str) -> str:
    """Something to know, and back to a menu, once; the name of the route."""
    name = draft.name("times")
    play = f"play {draft.prompt(f'{name}_told', 'You find us at the station.', 3)}"
    return draft.block("route", name, play, f"again {to} at most 1 then {OPERATOR}")
