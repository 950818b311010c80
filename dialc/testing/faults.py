"""Pieces of plans that break one rule of the charter each.

In: a plan as far as it is drawn. Out: one more piece in it, and the name at which callers enter it. A piece brings all
it needs with it but the operator and the apology, so that it breaks its rule in whatever plan it stands, however small.
"""

from collections.abc import Callable, Mapping

from hypothesis import strategies as st

from dialc.testing.drafts import OPERATOR, Draft, sorry


def _route(draft: Draft, *items: str) -> str:
    return draft.block("route", draft.name("lost"), "answer", *items)


def _hours(draft: Draft) -> str:
    """Hours that are closed now and open then."""
    return draft.block("hours", "seldom", "mon-fri 10:00-11:00")


def _menu(draft: Draft, *items: str, seconds: int = 4, offers: str = "0") -> str:
    prompt = draft.prompt("lost_choices", "Please choose.", seconds, f"offers {offers}")
    return draft.block("menu", draft.name("lost"), f"play {prompt}", *items)


def _round_for_ever(draft: Draft) -> str:
    return _menu(draft, f"key 0 -> {OPERATOR}", "wait 3s", "tries 1", "invalid -> lost")


def _to_a_machine(draft: Draft) -> str:
    because = draft.one(('"it is always on"', '"it has no mailbox"'))
    phone = f'"+48 601 000 300" without confirm because {because}'
    return draft.block("ring", draft.name("lost"), f"ring {draft.one(('', '210, '))}{phone} for 10s")


def _same_prompt_in_two_menus(draft: Draft) -> str:
    keys = (f"key 1 -> {OPERATOR}", f"key 0 -> {OPERATOR}")
    draft.block("menu", draft.name("further"), "play lost_choices", *keys, "wait 3s", "tries 1")
    return _menu(draft, "key 1 -> further", f"key 0 -> {OPERATOR}", "wait 3s", "tries 1", offers="1, 0")


def _long_ringing(draft: Draft) -> str:
    return draft.block("ring", draft.name("lost"), f"ring 210 for {draft.one(('31s', '40s', '60s'))}")


def _long_notice(draft: Draft) -> str:
    seconds = draft.draw(st.integers(7, 20))
    return _route(draft, f"play {draft.prompt('terms', 'Calls are recorded.', seconds, 'notice')}", f"-> {OPERATOR}")


def _long_way(draft: Draft) -> str:
    seconds = draft.draw(st.integers(121, 200))
    return _route(draft, f"play {draft.prompt('story', 'In 1921 we opened.', seconds)}", f"-> {OPERATOR}")


def _mailbox_while_open(draft: Draft) -> str:
    hours = _hours(draft)
    sorry(draft)
    draft.prompt("farewell", "Thank you. Goodbye.", 2, "goodbye")
    draft.prompt("after_the_tone", "Please leave a message.", 3)
    return draft.block(
        *(
            "mailbox",
            draft.name("lost"),
            "box 100",
            f"while closed {hours}",
            "greeting after_the_tone",
            "then farewell",
        ),
        *(f"read by {OPERATOR} within 1 working day", "nothing-left -> sorry", "failed -> sorry"),
    )


def _long_bot(draft: Draft) -> str:
    return draft.block("bot", draft.name("lost"), "phone 901", f"limit {draft.one(('61s', '65s', '70s'))}")


def _long_menu(draft: Draft) -> str:
    return _menu(draft, f"key 0 -> {OPERATOR}", "wait 3s", "tries 1", seconds=draft.draw(st.integers(21, 40)))


def _hung_up_on(draft: Draft) -> str:
    return _route(draft, f"play {draft.prompt('farewell', 'Goodbye.', 2, 'goodbye')}", "hang-up")


def _handed_on(draft: Draft) -> str:
    for name, then in (("fourth", OPERATOR), ("third", "fourth"), ("second", "third")):
        draft.block("ring", draft.name(name), "ring 210 for 4s", f"no-answer -> {then}")
    return draft.block("ring", draft.name("lost"), "ring 210 for 4s", "no-answer -> second")


def _closed_it_says(draft: Draft) -> str:
    claims = f"says {draft.one(('closed', 'open'))} {_hours(draft)}"
    return _route(draft, f"play {draft.prompt('untrue', 'We are closed.', 2, claims)}", f"-> {OPERATOR}")


def _nobody_there(draft: Draft) -> str:
    prompt = draft.prompt("lost_line", "We are with you soon.", 3, "offers 0")
    return _guarded(draft, _queue(draft, "lost", prompt, f"staffed {_hours(draft)}", f"key 0 -> {OPERATOR}"))


def _promised(draft: Draft) -> str:
    prompt = draft.prompt(
        "lost_line", "We answer soon.", 2, f"offers 0  promises wait {draft.draw(st.integers(1, 9))}s"
    )
    return _guarded(draft, _queue(draft, "lost", prompt, f"key 0 -> {OPERATOR}"))


def _queue(draft: Draft, name: str, prompt: str, *items: str) -> str:
    """A queue that nothing is wrong with but what the items say."""
    usual = ("members 301", "ring-all", "ring 10s", "patience 15s")
    return draft.block("queue", draft.name(name), f"play {prompt}", *usual, *items)


def _guarded(draft: Draft, name: str) -> str:
    """The same, for callers who come while somebody is there: behind a queue there must be no mailbox."""
    if not draft.staffed:
        return name
    items = ("answer", f"when {draft.staffed} closed -> night", f"-> {name}")
    return draft.block("route", draft.name("found"), *items)


def _zero_elsewhere(draft: Draft) -> str:
    prompt = draft.prompt("lost_line", "We are with you soon.", 3)
    key = f"key 0 -> {_queue(draft, 'crowd', prompt)}"
    return _guarded(draft, _menu(draft, key, "wait 3s", "tries 1"))


def _long_welcome(draft: Draft) -> str:
    seconds = draft.draw(st.integers(91, 110))
    return _route(draft, f"play {draft.prompt('story', 'In 1921 we opened.', seconds)}", f"-> {OPERATOR}")


def _asked_too_often(draft: Draft) -> str:
    return _menu(draft, f"key 0 -> {OPERATOR}", "wait 3s", f"tries {draft.one(('4', '5'))}")


def _no_such_key(draft: Draft) -> str:
    return _menu(draft, f"key 0 -> {OPERATOR}", "wait 3s", "tries 1", offers=f"0, {draft.one(('1', '2', '3'))}")


def _slow_option(draft: Draft) -> str:
    story = draft.prompt("story", "In 1921 we opened.", draft.draw(st.integers(80, 100)))
    draft.block("route", draft.name("slowly"), f"play {story} -> {OPERATOR}")
    draft.block("ring", draft.name("quickly"), "ring 210 for 4s")
    keys = ("key 1 -> slowly", "key 2 -> quickly", f"key 0 -> {OPERATOR}")
    return _menu(draft, *keys, "wait 3s", "tries 1", offers="1, 2, 0")


def _no_supervisor(draft: Draft) -> str:
    draft.supervised = False
    return _menu(draft, f"key 0 -> {OPERATOR}", "wait 3s", "tries 1")


def _called_back(draft: Draft) -> str:
    hours = _hours(draft)
    draft.prompt("call_soon", "We call you back. Goodbye.", 2, "goodbye")
    prompt = draft.prompt("lost_line", "We are with you soon. Call back: two.", 3, "offers 2, 0")
    daily = draft.one(("6", "12", "20"))
    items = ("then call_soon", "from lost", f"within {hours}", f"at most {daily} a day")
    draft.block("callback", draft.name("ring_later"), *items)
    return _guarded(draft, _queue(draft, "lost", prompt, "key 2 -> ring_later", f"key 0 -> {OPERATOR}"))


FAULTS: Mapping[str, Callable[[Draft], str]] = {
    "C01": _round_for_ever,
    "C02": _to_a_machine,
    "C03": _same_prompt_in_two_menus,
    "C04": _long_ringing,
    "C05": _long_notice,
    "C06": _long_way,
    "C07": _mailbox_while_open,
    "C08": _long_bot,
    "C09": _long_menu,
    "C10": _hung_up_on,
    "C11": _handed_on,
    "C12": _closed_it_says,
    "C13": _nobody_there,
    "C14": _promised,
    "C15": _zero_elsewhere,
    "C16": _long_welcome,
    "C17": _asked_too_often,
    "C18": _no_such_key,
    "C19": _slow_option,
    "C21": _no_supervisor,
    "C22": _called_back,
}
"""For each rule the piece that breaks it."""
