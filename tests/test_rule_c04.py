"""No silence, no dead wait: plans on both sides of each line that the rule draws."""

from collections.abc import Sequence

import pytest

from dialc.plan import Prompt
from dialc.rules import Breach
from dialc.rules.c04_no_silence_no_dead_wait import _times
from dialc.timelines import Hears, Stretch
from tests.test_rules import breaches, findings

CHARTER = "policy charter\n"
RING = "ring first {{ ring 201 for {}s  busy -> {to}  no-answer -> {to}  unavailable -> {to} }}"

KEPT = {
    "phones for twenty seconds after a menu that waits for fifteen": """
        operator reception { ring 100 for 20s  unanswered -> sorry }
        route start { answer -> main }
        menu main { play only_zero  key 0 -> reception  wait 15s }
    """,
    "phones for ten seconds, and others for ten": """
        operator reception { ring 100 for 10s  unanswered -> sorry }
        route start { answer -> sales }
        ring sales { ring 201 for 10s }
    """,
    "a prompt between two stages of an operator": """
        operator reception { ring 100 for 20s  then play welcome  ring 101 for 20s  unanswered -> sorry }
        route start { answer -> reception }
    """,
    "a prompt of the operator after other phones": """
        operator reception { play welcome  ring 100 for 20s  unanswered -> sorry }
        route start { answer -> sales }
        ring sales { ring 201 for 20s }
    """,
    "six digits, each of which may take five seconds": """
        route start { answer -> code }
        collect code { play welcome  digits 6  wait 5s  accept check luhn -> reception }
    """,
    "seven seconds of a lookup after eight in which a menu waits": """
        route start { answer -> main }
        menu main { play only_zero  key 0 -> reception  wait 8s  silence -> crm }
        lookup crm { ask registry for 7s  answer known -> reception }
    """,
    "a key, and then a lookup": """
        route start { answer -> main }
        menu main { play only_one  key 1 -> crm  wait 15s }
        lookup crm { ask registry for 15s  answer known -> reception }
    """,
    "forty-five seconds between announcements": """
        route start { answer -> line }
        queue line { play welcome  members 201  ring 15s  announce position every 30s  patience 4m }
    """,
    "music for fifteen seconds": """
        route start { answer -> line }
        queue line { play welcome  members 201  patience 15s }
    """,
    "phones after a queue in which something was said": """
        operator reception { ring 100 for 20s  unanswered -> sorry }
        route start { answer -> first }
        ring first { ring 201 for 20s  no-answer -> line  busy -> line  unavailable -> line }
        queue line { play welcome  members 201  ring 10s  announce position every 10s  patience 1m }
    """,
    "a menu asked five times": """
        route start { answer -> main }
        menu main { play choices  key 1 -> info  key 0 -> reception  tries 1 }
        route info { play address  again main at most 4 then reception }
    """,
}

BROKEN = {
    "phones for twenty-one seconds": (
        "operator reception { ring 100 for 21s  unanswered -> sorry }  route start { answer -> reception }",
        "more than 20 s of ringing without a word, the last at `reception`",
        "+0:21  reception: 21 s of ringing, and not a word",
    ),
    "two stages of an operator without a word between": (
        """
        operator reception { ring 100 for 15s  then ring 101 for 15s  unanswered -> sorry }
        route start { play welcome -> reception }
        """,
        "more than 20 s of ringing without a word, the last at `reception`",
        "+0:23  reception: 21 s of ringing, and not a word",
    ),
    "phones, an empty queue, phones": (
        """
        operator reception { ring 100 for 20s  unanswered -> sorry }
        route start { answer -> first }
        ring first { ring 201 for 20s  no-answer -> line  busy -> line  unavailable -> line }
        queue line { members 201  ring 10s  announce position every 10s  patience 1m }
        """,
        "more than 20 s of ringing without a word, the last at `reception`",
        "+0:21  reception: 21 s of ringing, and not a word",
    ),
    "a lookup after a menu that waited": (
        """
        route start { answer -> main }
        menu main { play only_zero  key 0 -> reception  wait 8s  silence -> crm  tries 1 }
        lookup crm { ask registry for 8s  answer known -> reception }
        """,
        "more than 15 s of silence or music without a word, the last at `crm`",
        "+0:18  crm: 16 s of silence or music, and not a word",
    ),
    "a number that is not finished, and a lookup": (
        """
        route start { answer -> code }
        collect code { play welcome  digits 6  wait 8s  tries 1  accept check luhn -> reception  invalid -> crm }
        lookup crm { ask registry for 8s  answer known -> reception }
        """,
        "more than 15 s of silence or music without a word, the last at `crm`",
        "+0:16  crm: 16 s of silence or music, and not a word",
    ),
    "music for sixteen seconds": (
        "route start { answer -> line }  queue line { play welcome  members 201  patience 16s }",
        "more than 15 s of silence or music without a word, the last at `line`",
        "+0:18  line: 16 s of silence or music, and not a word",
    ),
    "forty-six seconds between announcements": (
        """
        route start { answer -> line }
        queue line { play welcome  members 201  ring 16s  announce position every 30s  patience 4m }
        """,
        "announcements of `line` can be 46 s apart, and 45 s are allowed",
        "+0:48  line: 46 s of music, and no announcement",
    ),
    "a menu asked six times": (
        """
        route start { answer -> main }
        menu main { play choices  key 1 -> info  key 0 -> reception  tries 1 }
        route info { play address  again main at most 5 then reception }
        """,
        "one call can hear the prompt `choices` more than 5 times, the last at `main`",
        "+0:15  main: `choices` once more",
    ),
}


@pytest.mark.parametrize("case", KEPT)
def test_kept(case: str) -> None:
    assert findings(CHARTER + KEPT[case], "C04") == []


def found(body: str) -> Sequence[Breach]:
    return breaches(CHARTER + body, "C04")


@pytest.mark.parametrize("case", BROKEN)
def test_broken(case: str) -> None:
    body, message, last = BROKEN[case]
    (breach, *_) = found(body)
    assert breach.finding.message.removeprefix("callers can hear ") == message
    assert breach.finding.call[-1] == last


def test_departments_that_all_ring_before_the_operator_are_one_finding() -> None:
    rings = "\n".join(f"ring room{n} {{ ring 20{n} for 20s }}" for n in range(1, 5))
    keys = "  ".join(f"key {n} -> room{n}" for n in range(1, 5))
    offers = ", ".join(map(str, range(5)))
    body = f"""
        route start {{ answer -> main }}
        menu main {{ play many  {keys}  key 0 -> reception }}
        prompt many {{ file many  en "One to four, or zero."  lasts 4s  offers {offers} }}
        {rings}
    """
    (breach,) = found(body)
    assert breach.step == "reception"


def test_each_phone_of_a_chain_is_told() -> None:
    body = f"""
        route start {{ answer -> first }}
        {RING.format(20, to="second")}
        {RING.format(20, to="third").replace("first", "second")}
        {RING.format(20, to="reception").replace("first", "third")}
        operator reception {{ play welcome  ring 100 for 20s  unanswered -> sorry }}
    """
    assert sorted(breach.step for breach in found(body)) == ["second", "third"]


def test_the_caret_is_under_the_phones_that_ring_for_too_long() -> None:
    (breach,) = found(BROKEN["two stages of an operator without a word between"][0])
    place = breach.finding.place
    assert place.source.text[place.start : place.end] == "then ring 101 for 15s"


def test_hours_can_keep_two_waits_apart() -> None:
    body = """
        hours late { mon-sun 18:00-18:01 }
        operator reception { ring 100 for 20s  unanswered -> sorry }
        route start { when late open -> first  otherwise -> reception }
        ring first { ring 201 for 20s  no-answer -> on  busy -> on  unavailable -> on }
        route on { when late open -> told  when office open -> told  otherwise -> reception }
        route told { play welcome -> reception }
    """
    (breach,) = found(body)
    assert breach.witness
    assert f"{breach.witness.at:%H:%M:%S}" >= "18:00:40"
    kept = body.replace("told  otherwise -> reception", "told  otherwise -> told")
    assert findings(CHARTER + kept, "C04") == []


def test_a_prompt_is_heard_again_once_those_after_it_are_heard_out() -> None:
    """In a first try, prompts can be cut; in a second, nothing was pressed, and all three are heard to their end."""
    prompts = [Prompt(name, name, (("en", name),), seconds) for name, seconds in (("a", 20), ("b", 3), ("c", 5))]
    cut = [Stretch(Hears.PROMPT, 0, prompt.seconds, prompt, spared=True) for prompt in prompts]
    whole = [Stretch(Hears.PROMPT, prompt.seconds, prompt.seconds, prompt) for prompt in prompts]
    heard = (*cut, Stretch(Hears.SILENCE, 0, 5, spared=True), *whole, Stretch(Hears.SILENCE, 5, 5))
    assert _times(heard, "b") == {1: 28 + 5, 2: 20 + 28 + 5}
    assert _times(heard, "c") == {1: 28 + 5, 2: 23 + 28 + 5}
    assert _times(tuple(whole), "a") == {1: 28}
