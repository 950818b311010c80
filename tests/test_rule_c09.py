"""Menus stay small: at each number of the policy, and questions that matter or do not."""

import pytest

from dialc import judge
from dialc.levels import is_level
from dialc.plan import Menu
from dialc.source import Source
from tests import test_rules

MAIN = "route start { answer -> main }\n"
RINGS = "\n".join(f"ring r{n} {{ ring 21{n} for 20s }}" for n in range(1, 8))


def findings(body: str) -> list[str]:
    """What the rule finds; the small plans may break what others ask."""
    return test_rules.findings(body, "C09")


def options(count: int, *more: str) -> str:
    """A menu of so many options."""
    keys = " ".join(f"key {n} -> r{n}" for n in range(1, count + 1))
    names = ", ".join(str(n) for n in range(1, count + 1))
    further = "".join(f", {item.split()[1]}" for item in more if item.startswith("key"))
    rings = "\n".join(RINGS.splitlines()[:count])
    return (
        f'{MAIN}prompt many {{ file many  en "…"  lasts 9s  offers {names}, 0{further} }}\n'
        f"menu main {{ play many  {keys}  key 0 -> reception  {'  '.join(more)} }}\n{rings}"
    )


def prompts(*seconds: int) -> str:
    """A menu whose prompts last so long."""
    played = "".join(f'prompt p{n} {{ file p{n}  en "…"  lasts {s}s }}\n' for n, s in enumerate(seconds))
    plays = "  ".join(f"play p{n}" for n, _ in enumerate(seconds))
    return f"{MAIN}{played}menu main {{ {plays}  play choices  key 1 -> sales  key 0 -> reception }}"


def levels(count: int, first: str = "") -> str:
    """So many menus, one behind the other."""
    found = [MAIN.replace("main", "m1"), first]
    for n in range(1, count + 1):
        onward = f"m{n + 1}" if n < count else "sales"
        found.append(f'prompt p{n} {{ file p{n}  en "…"  lasts 2s  offers 1, 0 }}')
        found.append(f"menu m{n} {{ play p{n}  key 1 -> {onward}  key 0 -> reception }}")
    return "\n".join(found)


POLICY = "policy charter {{ {} }}\n"


@pytest.mark.parametrize(
    "body",
    [
        options(5),
        options(5, "key * repeat"),
        options(4, "direct staff") + "\nextensions staff { 900, 901  ring for 20s }",
        POLICY.format("options 6") + options(6),
        prompts(8, 8),
        POLICY.format("menu-prompt 21s") + prompts(17),
        levels(2),
        POLICY.format("levels 3") + levels(3),
        "policy lenient\n" + levels(3),
    ],
)
def test_small_enough(body: str) -> None:
    assert findings(body) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (options(6), "`main` has 6 options, and 5 are allowed"),
        (
            options(5, "direct staff") + "\nextensions staff { 900, 901  ring for 20s }",
            "`main` has 6 options, and 5 are allowed",
        ),
        (POLICY.format("options 2") + options(4), "`main` has 4 options, and 2 are allowed"),
        (prompts(17), "`main` says what it offers for 21 s, and 20 s are allowed"),
        (prompts(9, 9), "`main` says what it offers for 22 s, and 20 s are allowed"),
        (levels(3), "`m3` is level 3 of the menus, and 2 are allowed"),
        (levels(4), "`m3` is level 3 of the menus, and 2 are allowed"),
        (POLICY.format("levels 1") + levels(2), "`m2` is level 2 of the menus, and 1 are allowed"),
    ],
)
def test_too_large(body: str, message: str) -> None:
    assert findings(body) == [f"C09: {message}"]


LANGUAGES = """
languages en, pl
route start { answer -> speak }
prompt hello { file hello  en "English: one. Polski: dwa."  lasts 4s  offers 1, 2, 0 }
menu speak { play hello  key 1 speaks en -> m1  key 2 speaks pl -> m1 %s  key 0 -> reception }
menu m1 { play p1  key 1 -> m2     key 0 -> reception }
menu m2 { play p2  key 1 -> sales  key 0 -> reception }
prompt p1 { file p1  en "Sales: one." pl "…"  lasts 2s  lasts pl %ds  offers 1, 0 }
prompt p2 { file p2  en "New: one."   pl "…"  lasts 2s  offers 1, 0 }
prompt apology { file apology  en "Sorry." pl "…"  lasts 2s  apology }
"""


def test_a_menu_that_asks_for_a_language_is_no_level_and_its_keys_are_no_options() -> None:
    assert findings(POLICY.format("options 1") + LANGUAGES % ("", 2)) == []
    more = LANGUAGES.replace("offers 1, 2, 0", "offers 1, 2, 3, 0") % (" key 3 -> m1", 2)
    assert findings(more) == ["C09: `m2` is level 3 of the menus, and 2 are allowed"]


def test_prompts_are_as_long_as_they_are_in_each_language() -> None:
    assert findings(LANGUAGES % ("", 20)) == []
    assert findings(LANGUAGES % ("", 21)) == ["C09: `m1` says what it offers for 21 s, and 20 s are allowed"]
    unheard = (LANGUAGES % ("", 21)).replace("speaks pl -> m1", "speaks pl -> reception")
    assert findings(unheard) == []
    both = (LANGUAGES % ("", 25)).replace("lasts 2s  lasts pl", "lasts 22s  lasts pl")
    assert findings(both) == ["C09: `m1` says what it offers for 25 s, and 20 s are allowed"]


def test_of_several_prompts_the_welcome_can_be_said_before_the_menu_and_a_single_one_is_shown_itself() -> None:
    def told(body: str) -> tuple[str, str]:
        (breach,) = test_rules.breaches(body, "C09")
        place = breach.finding.place
        return place.source.text[place.start :].split(" {")[0], breach.finding.help

    advice = "play a welcome in a route before the menu, where it is said once"
    assert told(prompts(17)) == ("menu main", advice)
    single = f'{MAIN}prompt p0 {{ file p0  en "…"  lasts 21s  offers 1, 0 }}\n'
    single += "menu main { play p0  key 1 -> sales  key 0 -> reception }"
    assert told(single) == ("prompt p0", "")


BACK = """
route start { answer -> m1 }
prompt p1 { file p1  en "…"  lasts 2s  offers 1, 0 }
prompt p2 { file p2  en "…"  lasts 2s  offers 1, 0 }
menu m1 { play p1  key 1 -> m2    key 0 -> reception  tries 2 }
menu m2 { play p2  key 1 -> back  key 0 -> reception  tries 2 }
route back { again m1 at most 1 then %s }
"""


def test_who_is_brought_back_is_no_deeper_than_before() -> None:
    assert findings(BACK % "sales") == []
    third = (
        'prompt p3 { file p3  en "…"  lasts 2s  offers 1, 0 }\nmenu m3 { play p3  key 1 -> sales  key 0 -> reception }'
    )
    assert findings(BACK % "m3" + third) == ["C09: `m3` is level 3 of the menus, and 2 are allowed"]


def test_who_is_brought_on_to_a_step_that_is_new_to_them_is_as_deep_as_they_are() -> None:
    onward = """
    route start { answer  when hours open -> m1  otherwise -> m2 }
    hours hours { mon-fri 08:00-16:00 }
    prompt p1 { file p1  en "…"  lasts 2s  offers 1, 0 }
    prompt p2 { file p2  en "…"  lasts 2s  offers 1, 0 }
    menu m1 { play p1  key 1 -> m2    key 0 -> reception  tries 1 }
    menu m2 { play p2  key 1 -> back  key 0 -> reception  tries 1 }
    route back { again m1 at most 1 then sales }
    """
    assert findings(onward) == ["C09: `m2` is level 3 of the menus, and 2 are allowed"]


# Questions that do not matter

POINTLESS = "C09 (warning): the options of `main` all lead to the same people"
TWO = 'prompt two { file two  en "Sales: one. Service: two."  lasts 3s  offers 1, 2, 0 }\n'


def asks(one: str, two: str, *blocks: str) -> str:
    keys = f"key 1 -> {one}  key 2 -> {two}  key 0 -> reception"
    return "\n".join((MAIN + TWO + f"menu main {{ play two  {keys} }}", *blocks))


SAME = {
    "one step": asks("sales", "sales"),
    "one phone": asks(
        "sales", "service", "ring service { ring 201 for 30s  busy -> night }", 'route night { label "x" }'
    ),
    "one team, in a queue and by ringing": asks(
        "line",
        "team",
        "queue line { members 201, 202  patience 1m  key 0 -> reception }",
        "ring team { ring 202, 201 for 9s }",
    ),
    "the operator": asks("reception", "reception"),
    "one option and zero": MAIN + "menu main { play choices  key 1 -> reception  key 0 -> reception }",
    "one label": asks("a", "b", 'route a { label "x" -> sales }', 'route b { answer  label "x" -> sales }'),
}
OTHER = {
    "two phones": asks("sales", "service", "ring service { ring 202 for 20s }"),
    "phones that one has more": asks("sales", "service", "ring service { ring 201, 202 for 20s }"),
    "two labels": asks("a", "b", 'route a { label "x" -> sales }', 'route b { label "y" -> sales }'),
    "something to hear": asks("sales", "way", "route way { play address -> sales }"),
    "one option": MAIN + "menu main { play choices  key 1 -> sales  key 0 -> reception }",
    "zero alone": MAIN + "menu main { play only_zero  key 0 -> reception }",
    "by hours": asks(
        "a",
        "b",
        "route a { when office open -> sales  otherwise -> reception }",
        "route b { when office open -> reception  otherwise -> sales }",
    ),
}


@pytest.mark.parametrize("case", SAME)
def test_pointless(case: str) -> None:
    assert findings(SAME[case]) == [POINTLESS]


@pytest.mark.parametrize("case", OTHER)
def test_not_pointless(case: str) -> None:
    assert findings(OTHER[case]) == []


def test_a_menu_of_languages_is_a_level_if_extensions_can_be_dialled_there() -> None:
    body = """
        route start { answer -> tongue }
        menu tongue { play choices  key 1 speaks en -> reception  key 0 -> reception  DIRECT }
        extensions staff { 21, 22  ring for 20s  no-answer -> reception }
    """
    for direct in (True, False):
        made = judge(Source("plan.dial", test_rules.plan(body.replace("DIRECT", "direct staff" * direct)))).verdict
        assert made
        menu = made.plan.steps["tongue"]
        assert isinstance(menu, Menu)
        assert is_level(menu) is direct
