"""Zero reaches a human: menus and queues from which it does, at once, and others."""

import pytest

from tests.test_rules import STAFFED, breaches, findings

EVENING = "menu evening { play closed_now  play only_one  key 1 -> message  silence -> message  invalid -> message }"
NIGHT_MENU = f"""
    route start {{ answer  when office open -> reception  otherwise -> evening }}
    {EVENING}
    operator reception {{
      ring 100 for 20s  staffed office  supervisor 110  unstaffed -> evening  unanswered -> sorry
    }}
"""
MAIN = "route start { answer -> main }\n"


def leads(to: str, *blocks: str) -> str:
    """A menu whose key 0 leads somewhere."""
    return MAIN + "\n".join((f"menu main {{ play choices  key 1 -> sales  key 0 -> {to} }}", *blocks))


KEPT = {
    "an operator": leads("reception"),
    "by hours, each way to an operator": leads(
        "help",
        "route help { when office open -> reception  otherwise -> doctor }",
        "operator reception default { ring 100 for 20s  supervisor 110  unanswered -> sorry }",
        "operator doctor { ring 120 for 20s  supervisor 110  unanswered -> sorry }",
    ),
    "by a label": leads("help", 'route help { label "asked for us" -> reception }'),
    "by a route that says nothing of where it goes": leads("help", 'route help { label "asked for us" }'),
    "to night, once the hours are closed": leads(
        "help", "route help { when office open -> reception  otherwise -> night }", STAFFED
    ),
    "a night menu": NIGHT_MENU,
    "a night menu, while staff stay for who came before": NIGHT_MENU.replace(
        "office  supervisor", "office plus 15m  supervisor"
    ),
    "a night menu behind an operator that is not staffed": NIGHT_MENU.replace("office open -> reception  ", "").replace(
        "when otherwise -> evening", "-> reception"
    ),
    "a night menu, where a switch opens": """
        hours office { mon-fri 09:00-17:00  switch day_night }
        switch day_night { code *28  starts auto }
    """
    + NIGHT_MENU,
    "a menu of the last resort": """
        route start { answer -> reception }
        operator reception { ring 100 for 20s  supervisor 110  unanswered -> last }
        menu last { play only_one  key 1 -> sales  silence -> sorry  invalid -> sorry }
        ring sales { ring 201 for 20s  no-answer -> sorry  busy -> sorry  unavailable -> sorry }
    """,
    "a queue": MAIN.replace("main", "line") + "queue line { members 201  patience 1m  key 0 -> reception }",
    "a queue that closes with the operator": MAIN.replace(
        "answer", "answer  when office open -> line  otherwise -> night }"
    ).replace(" -> main }", "")
    + f"queue line {{ members 201  patience 1m  staffed office  closing -> night  key 0 -> reception }}\n{STAFFED}",
}


@pytest.mark.parametrize("case", KEPT)
def test_kept(case: str) -> None:
    assert findings(KEPT[case], "C15") == []


NONE = "C15: key 0 of `{}` does not reach an operator"
ASTRAY = "C15: key 0 of `{}` does not lead straight to an operator"
BROKEN = {
    "no key 0": (MAIN + "menu main { play only_one  key 1 -> sales }", NONE.format("main")),
    "key 0 repeats": (
        MAIN + "menu main { play choices  key 1 -> sales  key 0 repeat }",
        NONE.format("main"),
    ),
    "no key 0 in a queue": (
        MAIN.replace("main", "line") + "queue line { members 201  patience 1m }",
        NONE.format("line"),
    ),
    "somebody else": (leads("sales"), ASTRAY.format("main")),
    "a prompt first": (leads("help", "route help { play welcome -> reception }"), ASTRAY.format("main")),
    "another menu": (
        leads("more", "menu more { play only_zero  key 0 -> reception }"),
        ASTRAY.format("main"),
    ),
    "closed for the plan, and the operator is there": (
        leads(
            "help",
            "hours lunch { mon-fri 12:00-13:00 }",
            "route help { when lunch open -> late  otherwise -> reception }",
            "route late { play at_lunch -> reception }",
            STAFFED,
        ),
        ASTRAY.format("main"),
    ),
    "at night, while a doctor is the operator of the line": (
        NIGHT_MENU.replace("staffed office  supervisor 110  unstaffed -> evening", "supervisor 110"),
        NONE.format("evening"),
    ),
    "hours of the plan that are not those of the operator": (
        NIGHT_MENU.replace("staffed office", "staffed long") + "hours long { mon-fri 09:00-18:00 }",
        NONE.format("evening"),
    ),
    "a line that is not for people": (
        """
        line "+48 22 123 45 68" announcement-only "the way to us" -> info
        route start { answer -> reception }
        menu info { play only_one  key 1 -> way  silence -> way  invalid -> way }
        route way { play address  hang-up }
        """,
        NONE.format("info"),
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken(case: str) -> None:
    body, expected = BROKEN[case]
    assert findings(body, "C15") == [expected]


def test_the_call_that_is_shown_comes_as_the_plan_closes_and_the_operator_stays() -> None:
    body = BROKEN["hours of the plan that are not those of the operator"][0]
    (late,) = [breach for breach in breaches(body) if breach.finding.code == "C15"]
    assert late.witness
    assert f"{late.witness.at:%a %H:%M:%S}" == "Thu 17:00:00"


@pytest.mark.parametrize(("way", "count"), [('label "help"  play welcome', 1), ("play welcome", 2)])
def test_a_way_that_two_menus_share_is_told_once(way: str, count: int) -> None:
    body = leads(
        "help",
        "menu more { play only_zero  key 1 -> sales  key 0 -> help }",
        f"route help {{ {way} -> reception }}",
    ).replace("1 -> sales", "1 -> more", 1)
    assert [one[:3] for one in findings(body)].count("C15") == count
