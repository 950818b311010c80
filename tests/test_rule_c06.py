"""C06 on both sides of each line that it draws: until people, and until the operator."""

import pytest

from dialc.rules import Breach
from tests.test_rules import breaches, findings

RING = "ring sales { ring 201 for 20s }"
PEOPLE = "it can take more than {} until anybody's phone rings"
OPERATOR = "C06: rings and queues can take more than {} s until the operator's phone rings"


def said(body: str) -> list[str]:
    """The findings of C06 alone; the small plans may break what other rules ask."""
    return findings(body, "C06")


def shown(body: str) -> Breach:
    (found,) = breaches(body, "C06")
    return found


def long(seconds: int) -> str:
    return f'prompt long {{ file long  en "Once upon a time …"  lasts {seconds}s }}'


@pytest.mark.parametrize(("seconds", "too_long"), [(120, False), (121, True)])
def test_two_minutes_may_pass_before_a_phone_rings(seconds: int, *, too_long: bool) -> None:
    body = f"route start {{ play long -> sales }}\n{RING}\n{long(seconds)}"
    assert said(body) == [f"C06: {PEOPLE.format('120 s')}"] * too_long


def test_what_is_heard_before_a_queue_is_joined_counts() -> None:
    queue = "queue start {{ play long  members 201  ring 20s  patience 1m }}\n"
    assert said(queue.format() + long(120)) == []
    assert said(queue.format() + long(121)) == [f"C06: {PEOPLE.format('120 s')}"]


def test_what_is_heard_after_a_phone_rang_does_not_count() -> None:
    assert (
        said(
            f"route start {{ -> sales }}\nring sales {{ ring 201 for 20s  no-answer -> on  busy -> on  "
            f"unavailable -> on }}\nroute on {{ play long -> reception }}\n{long(200)}"
        )
        == []
    )


MENU = 'menu {name} {{ play choices  key 1 "sales" -> {to}  key 0 "reception" -> reception  wait 1s  tries {tries} }}\n'


def asked(*tries: int) -> str:
    """Menus one behind the other."""
    names = [f"ask{index}" for index in range(len(tries))]
    menus = [MENU.format(name=n, to=to, tries=t) for n, to, t in zip(names, (*names[1:], "sales"), tries, strict=True)]
    prompts = [
        f'prompt choices{index} {{ file choices{index}  en "Sales: one. Reception: zero."  lasts 1s  offers 1, 0 }}\n'
        for index in range(len(tries))
    ]
    own = [menu.replace("play choices", f"play choices{index}") for index, menu in enumerate(menus)]
    return "route start { -> ask0 }\n" + "".join((*own, *prompts)) + RING


def test_wrong_keys_that_lead_on_cost_a_key_for_each_try() -> None:
    assert said(asked(3)) == []
    assert said(f"{asked(3)}\npolicy charter {{ keys-to-person 2 }}") == [f"C06: {PEOPLE.format('2 keys')}"]


def test_tries_that_c17_does_not_allow_are_keys_all_the_same() -> None:
    assert said(asked(4)) == [f"C06: {PEOPLE.format('3 keys')}"]


def test_tries_in_vain_before_the_right_key_cost_nothing() -> None:
    assert said(asked(3, 2)) == []
    assert said(asked(1, 3)) == [f"C06: {PEOPLE.format('3 keys')}"]


def test_a_language_costs_no_key() -> None:
    body = asked(1, 3).replace("HEAD", "").replace('key 1 "sales" -> ask1', 'key 1 "English" speaks en -> ask1')
    assert said(body) == []


def test_the_digits_of_an_entry_are_one_answer() -> None:
    body = (
        "route start { -> number }\n"
        "collect number { play long  digits 8  wait 1s  tries 3  accept check luhn -> sales }\n"
        f"{RING}\n{long(1)}"
    )
    assert said(body) == []
    assert said(f"{body}\npolicy charter {{ keys-to-person 2 }}") == [f"C06: {PEOPLE.format('2 keys')}"]


def test_eight_prompts_may_be_heard() -> None:
    def body(times: int) -> str:
        plays = "  ".join(f"play p{index}" for index in range(times))
        prompts = "\n".join(f'prompt p{index} {{ file p{index}  en "Yes."  lasts 1s }}' for index in range(times))
        return f"route start {{ {plays} -> sales }}\n{RING}\n{prompts}"

    assert said(body(8)) == []
    assert said(body(9)) == [f"C06: {PEOPLE.format('8 prompts')}"]


def rings(*seconds: int) -> str:
    """Rings one behind the other, and then the operator."""
    names = [f"ring{index}" for index in range(len(seconds))]
    follow = (*names[1:], "reception")
    return "route start { -> ring0 }\n" + "\n".join(
        f"ring {name} {{ ring 201 for {each}s  busy -> {to}  no-answer -> {to}  unavailable -> {to} }}"
        for name, to, each in zip(names, follow, seconds, strict=True)
    )


def test_rings_take_five_minutes_at_most_until_the_operator() -> None:
    assert said(rings(150, 150)) == []
    assert said(rings(150, 151)) == [OPERATOR.format(300)]


WAITS = (
    "queue line { play in_line  members 201  ring 15s  patience PATIENCE  key 1 -> CHOICE }\n"
    'prompt in_line { file in-line  en "Please hold."  lasts 2s  offers 1 }\n'
    "callback ring_me { then bye  from line  within office  no-number -> reception  failed -> reception }\n"
    "route offer { play welcome -> ring_me }\n"
    "route hours_offer { when office open -> ring_me  otherwise -> reception }\n"
)


def waits(patience: str, choice: str, start: str = "route start { -> line }") -> list[str]:
    return said(f"{start}\n{WAITS.replace('PATIENCE', patience).replace('CHOICE', choice)}")


def test_who_can_choose_a_call_back_may_wait_ten_minutes() -> None:
    assert waits("10m", "ring_me") == []
    assert waits("10m", "offer") == []
    assert waits("601s", "ring_me") == [OPERATOR.format(600)]
    assert waits("5m", "reception") == []
    assert waits("301s", "reception") == [OPERATOR.format(300)]
    assert waits("301s", "hours_offer") == [OPERATOR.format(300)]


def test_a_call_back_is_offered_within_a_minute_of_waiting() -> None:
    start = (
        "route start {{ -> desk }}\n"
        "ring desk {{ ring 205 for {}s  busy -> line  no-answer -> line  unavailable -> line }}"
    )
    assert waits("5m", "ring_me", start.format(60)) == []
    assert waits("5m", "ring_me", start.format(61)) == [OPERATOR.format(300)]


def test_each_block_at_which_calls_come_in_has_a_finding_of_its_own() -> None:
    body = (
        'line "+48 22 123 45 68" -> other\n'
        f"route start {{ play long -> sales }}\nroute other {{ play long -> sales }}\n{RING}\n{long(121)}"
    )
    found = [breach for breach in breaches(body) if breach.finding.code == "C06"]
    assert [breach.step for breach in found] == ["start", "other"]
    assert all(breach.witness and breach.witness.step == "sales" for breach in found)


def test_the_call_that_is_shown_ends_as_the_phone_rings() -> None:
    found = shown(f"route start {{ play long -> sales }}\n{RING}\n{long(121)}")
    assert found.finding.call[1:] == ("+2:01  start: heard -> sales", "+2:01  sales: rings")
    assert found.finding.caller == "is kept for 121 s before anybody's phone rings, or they are in line"


def caret(body: str) -> str:
    """What of a plan a finding points at: the first words of it."""
    place = shown(body).finding.place
    return " ".join(place.source.text[place.start : place.end].split()[:2])


def test_a_finding_points_at_what_takes_the_most() -> None:
    other = 'prompt other { file other  en "And so on."  lasts 30s }'
    told = f"{RING}\n{long(100)}\n{other}"
    assert caret(f"route start {{ play long  play other -> sales }}\n{told}") == "play long"
    assert caret(f"route start {{ play other  play long -> sales }}\n{told}") == "play long"
    assert caret(asked(1, 3)) == "menu ask1"
    assert caret(asked(1, 1, 1, 1)) == "menu ask3"


@pytest.mark.parametrize(("patience", "ringing", "most"), [(140, 170, "ring sales"), (170, 140, "queue line")])
def test_of_waits_it_points_at_the_longest_whatever_was_said_there(patience: int, ringing: int, most: str) -> None:
    body = (
        f"queue line {{ play long  members 201  ring 20s  patience {patience}s  timeout -> sales }}\n"
        f"ring sales {{ ring 202 for {ringing}s }}\nroute start {{ -> line }}\n{long(110)}"
    )
    assert said(body) == [OPERATOR.format(300)]
    assert caret(body) == most


def test_who_is_turned_away_from_a_queue_was_offered_nothing() -> None:
    body = (
        WAITS.replace("PATIENCE", "5m  staffed office  closing -> long_ring").replace("CHOICE", "ring_me")
        + "ring long_ring { ring 205 for 301s  busy -> reception  no-answer -> reception  unavailable -> reception }\n"
    )
    assert said(f"route start {{ -> line }}\n{body}") == [OPERATOR.format(300)]
