"""Every rule by its page, and by plans on both sides of each line that it draws."""

import datetime
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path

import attrs
import pytest

from dialc import Judged, Source, judge, pages
from dialc.call import replay, walk
from dialc.findings import Severity, text
from dialc.plan import Plan, Verified
from dialc.rules import Breach, checks
from dialc.verify import Refused, verify
from tests import oracle

RULES = tuple(checks())


# The pages


def example(code: str, name: str) -> str:
    """The literal block of a page under `Bad`, `Says` or `Good`."""
    (found,) = re.findall(rf"^{name}::\n\n((?:(?: {{4}}.*)?\n)+?)(?=\S|\Z)", f"{pages.page(code)}\n", re.MULTILINE)
    return textwrap.dedent(found).strip("\n") + "\n"


def said(judged: Judged) -> str:
    """Findings as `dialc check` prints them."""
    return "\n\n".join(text(finding) for finding in judged.findings) + "\n"


@pytest.mark.parametrize("code", RULES)
def test_the_bad_plan_of_a_page_gets_just_what_the_page_says(code: str) -> None:
    judged = judge(Source("plan.dial", example(code, "Bad")))
    assert said(judged) == example(code, "Says")
    assert {finding.code for finding in judged.findings} == {code}


@pytest.mark.parametrize("code", RULES)
def test_the_good_plan_of_a_page_is_proved_without_a_finding(code: str) -> None:
    judged = judge(Source("plan.dial", example(code, "Good")))
    assert judged.findings == ()
    assert isinstance(judged.verdict, Verified)


@pytest.mark.parametrize("code", RULES)
def test_a_page_is_short_and_says_where_its_rule_comes_from(code: str) -> None:
    assert all(10 <= len(example(code, name).splitlines()) <= 25 for name in ("Bad", "Good"))
    assert "\nComes from: " in (pages.page(code) or "")


# Small plans. What a plan names and does not declare is taken from here.

HEAD = """\
plan example "Example Ltd"
timezone Europe/Warsaw  language en
valid 2026-01-01 to 2026-12-31
line "+48 22 123 45 67" -> start
"""
PATIENT = "policy charter { longest-silence 1h  longest-ringing 1h  same-prompt 20 }"
"""Plans about other rules need not say something between any two phones."""
MOBILE = '"+48 601 000 200" without confirm because "no mailbox"'
BLOCKS = {
    "office": "hours office { mon-fri 09:00-17:00 }",
    "evenings": "hours evenings { mon-fri 20:00-22:00 }",
    "lunch": "hours lunch { mon-fri 12:00-13:00 }",
    "never": "hours never { }",
    "reception": "operator reception { ring 100, 101 for 20s  supervisor 110  unanswered -> sorry }",
    "sorry": "route sorry { play apology  hang-up }",
    "farewell": "route farewell { play bye  hang-up }",
    "night": "route night { play closed_now -> message }",
    "main": 'menu main { play choices  key 1 "sales" -> sales  key 0 "reception" -> reception }',
    "sales": "ring sales { ring 201 for 20s }",
    "message": "mailbox message { box 100  while closed office  greeting leave_message  then thanks"
    "  read by reception within 1 working day  nothing-left -> sorry  failed -> sorry }",
    "welcome": 'prompt welcome { file welcome  en "Good morning."  lasts 2s }',
    "choices": 'prompt choices { file choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }',
    "only_zero": 'prompt only_zero { file only-zero  en "Reception: zero."  lasts 2s  offers 0 }',
    "only_one": 'prompt only_one { file only-one  en "Sales: one."  lasts 2s  offers 1 }',
    "address": 'prompt address { file address  en "1 Main Street."  lasts 3s }',
    "closed_now": 'prompt closed_now { file closed  en "We are closed now."  lasts 2s  says closed office }',
    "open_now": 'prompt open_now { file open  en "We are open now."  lasts 2s  says open office }',
    "at_lunch": 'prompt at_lunch { file at-lunch  en "We are at lunch."  lasts 2s  says open lunch }',
    "no_lunch": 'prompt no_lunch { file no-lunch  en "Lunch is over."  lasts 2s  says closed lunch }',
    "leave_message": 'prompt leave_message { file leave  en "Please leave a message."  lasts 3s }',
    "thanks": 'prompt thanks { file thanks  en "Thank you. Goodbye."  lasts 3s  goodbye }',
    "bye": 'prompt bye { file bye  en "Goodbye."  lasts 1s  goodbye }',
    "apology": 'prompt apology { file apology  en "We are sorry."  lasts 2s  apology }',
}


def plan(body: str) -> str:
    """A whole plan: the body, the operator, and whatever else is named."""
    found = {"reception": ""} if "operator reception" in body else {"reception": BLOCKS["reception"]}
    while True:
        written = "\n".join((HEAD, *([] if "policy" in body else [PATIENT]), body, *found.values()))
        words = re.sub(r'"[^"]*"', "", written)
        named = {
            name: block
            for name, block in BLOCKS.items()
            if name not in found and re.search(rf"\b{name}\b", words) and not _declares(words, name)
        }
        if not named:
            return written
        found.update(named)


def _declares(written: str, name: str) -> bool:
    return (
        re.search(rf"^\s*(?:hours|operator|prompt|route|menu|queue|ring|mailbox) {name}\b", written, re.MULTILINE)
        is not None
    )


def findings(body: str, rule: str = "") -> list[str]:
    """The findings about a plan, or those of one rule: code and message, warnings marked."""
    return [
        f"{finding.code}{' (warning)' if finding.severity is Severity.WARNING else ''}: {finding.message}"
        for finding in judge(Source("plan.dial", plan(body))).findings
        if finding.code.startswith(rule)
    ]


def verdict(body: str) -> Refused:
    refused = judge(Source("plan.dial", plan(body))).verdict
    assert isinstance(refused, Refused)
    return refused


def breaches(body: str, rule: str = "") -> Sequence[Breach]:
    """The breaches of a plan, or those of one rule."""
    return [breach for breach in verdict(body).breaches if breach.finding.code.startswith(rule)]


def begins(breach: Breach) -> str:
    """When the call of a breach begins, by the clock on the wall."""
    assert breach.witness
    return f"{breach.witness.at:%a %H:%M:%S}"


STAFFED = (
    "operator reception { ring 100 for 20s  staffed office  supervisor 110  unstaffed -> night  unanswered -> sorry }"
)

KEPT = {
    "C01: a return by `again` is bounded": """
        route start { answer -> main }
        menu main { play choices  key 1 -> info  key 0 -> reception  tries 2 }
        route info { play address  again main at most 1 then reception }
    """,
    "C01: the hours forbid the loop": f"""
        route start {{ answer -> reception }}
        {STAFFED}
        route night {{ when office open -> reception  otherwise -> shut }}
        route shut {{ play closed_now -> message }}
    """,
    "C01: ways that part and meet again are no loop": """
        route start { when office open -> one  otherwise -> two }
        route one { play welcome -> three }
        route two { play address -> three }
        route three { play bye -> reception }
    """,
    "C02: a telephone outside asks for a key unless somebody says why not": """
        operator reception { ring 100, "+48 601 000 200" for 20s  supervisor 110  unanswered -> sorry }
        route start { answer -> reception }
    """,
    "C02: in a last resort a machine is better than nobody": f"""
        operator reception {{ ring 100 for 20s  supervisor 110  unanswered -> mobile }}
        route start {{ answer -> reception }}
        ring mobile {{ ring {MOBILE} for 20s  busy -> sorry  no-answer -> sorry  unavailable -> sorry }}
    """,
    "C03: the same question in menus of which a caller meets one": """
        route start { when office open -> main  otherwise -> evening }
        menu evening { play choices  key 1 -> sales  key 0 -> reception }
    """,
    "C03: the same question by a return to the same menu": """
        route start { when office open -> main  otherwise -> evening }
        menu main { play choices  key 1 -> info  key 0 -> reception  tries 2 }
        route info { play address  again main at most 1 then reception }
        menu evening { play choices  key 1 -> sales  key 0 -> reception }
    """,
    "C03: a prompt that is no question can be heard again": """
        route start { play welcome -> sales }
        ring sales { ring 201 for 20s  busy -> more }
        route more { play welcome -> reception }
    """,
    "C03: another question in a second menu": """
        route start { answer -> main }
        ring sales { ring 201 for 20s  busy -> instead }
        menu instead { play only_zero  key 0 -> reception }
    """,
    "C07: told closed, while closed": "route start { answer  when office open -> reception  otherwise -> night }",
    "C07: half a minute past the opening, in a call from before": """
        route start { answer  when office open -> reception  otherwise -> night }
        prompt closed_now { file closed  en "…"  lasts 30s  says closed office }
    """,
    "C07: the last second of a minute past the opening": """
        route start { answer  when office open -> reception  otherwise -> night }
        prompt closed_now { file closed  en "…"  lasts 60s  says closed office }
    """,
    "C07: a call from before the closing that arrives after it": """
        route start { answer  when office closed -> night  play welcome  when office closed -> night  -> reception }
    """,
    "C07: told by a menu that nobody could cut": """
        route start { answer  when evenings open -> evening  otherwise -> reception }
        menu evening { play welcome  play closed_now  key 0 -> reception  silence -> message }
    """,
    "C07: told by the first prompt of a menu": """
        route start { answer  when evenings open -> evening  otherwise -> reception }
        menu evening { play closed_now  play choices  key 1 -> message  key 0 -> reception }
    """,
    "C07: in a last resort nothing of it is asked": """
        operator reception { ring 100 for 20s  supervisor 110  unanswered -> message }
        route start { answer -> reception }
        mailbox message { box 100  nothing-left -> sorry  failed -> sorry }
    """,
    "C10: silence at the only try, then goodbye": """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 0 -> reception  tries 1  silence -> farewell }
    """,
    "C10: silence at all of three tries, and an operator for those who pressed something": """
        route start { answer -> main }
        menu main { play starred  key 1 -> sales  key 0 -> reception  key * repeat  tries 3
                    silence -> farewell  undecided -> reception }
        prompt starred { file starred  en "Sales: one. Reception: zero. Again: star."  lasts 4s  offers 1, 0, * }
    """,
    "C10: silence at every of several visits": """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 0 -> reception  tries 1  silence -> back }
        route back { again main at most 2 then farewell }
    """,
    "C10: a message, then thanks": "route start { answer  when office open -> reception  otherwise -> night }",
    "C10: an apology where a mailbox took no message, without a goodbye": """
        route start { answer  when office open -> reception  otherwise -> night }
        mailbox message { box 100  while closed office  greeting leave_message  then thanks
                          read by reception within 1 working day  nothing-left -> pardon  failed -> pardon }
        route pardon { play apology  hang-up }
    """,
    "C10: in a last resort": """
        operator reception { ring 100 for 20s  supervisor 110  unanswered -> silently }
        route start { answer -> reception }
        route silently { hang-up }
    """,
    "C17: three tries": """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 0 -> reception  tries 3 }
    """,
    "C17: three tries in each of two menus": """
        policy charter { keys-to-person 20  prompts-to-person 50  same-prompt 20 }
        route start { answer -> main }
        menu main { play choices  key 1 -> more  key 0 -> reception  tries 3  silence -> more }
        menu more { play only_zero  key 0 -> reception  tries 3 }
    """,
    "C17: three tries, all of them repeats": """
        route start { answer -> main }
        menu main { play starred  key 1 -> sales  key 0 -> reception  key * repeat }
        prompt starred { file starred  en "Sales: one. Reception: zero. Again: star."  lasts 4s  offers 1, 0, * }
    """,
    "C17: two tries and a return": """
        route start { answer -> main }
        menu main { play choices  key 1 -> info  key 0 -> reception  tries 2 }
        route info { play address  again main at most 1 then reception }
    """,
    "C17: one try and nine returns of those who pressed a key that works": """
        policy charter { keys-to-person 20  prompts-to-person 50  same-prompt 20 }
        route start { answer -> main }
        menu main { play choices  key 1 -> info  key 0 -> reception  tries 1 }
        route info { play address  again main at most 9 then reception }
    """,
    "C17: one try and two returns in silence": """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 0 -> reception  tries 1  silence -> back }
        route back { again main at most 2 then reception }
    """,
    "C18: extensions that are offered, and some that are not": """
        route start { answer -> main }
        menu main { play dial  key 1 -> sales  key 0 -> reception  direct staff }
        extensions staff { 200-209  ring for 20s  no-answer -> more }
        menu more { play only_zero  key 0 -> reception  direct doctors }
        extensions doctors { 31, 32  ring for 20s }
        prompt dial { file dial  en "Dial an extension, or one, or zero."  lasts 4s  offers 1, 0, extensions }
    """,
    "C18: a key of a night menu that leads to a mailbox": """
        route start { answer  when evenings open -> evening  otherwise -> reception }
        menu evening { play closed_now  play choices  key 1 -> message  key 0 -> reception }
    """,
    "C18: keys offered by two prompts of one menu": """
        route start { answer -> main }
        menu main { play only_one  play only_zero  key 1 -> sales  key 0 -> reception }
    """,
    "C18: keys of a queue": """
        route start { answer -> line }
        queue line { play choices  members 201  patience 1m  key 1 -> sales  key 0 -> reception }
    """,
    "C18: a queue in which nothing is said of key 0": """
        route start { answer -> line }
        queue line { play welcome  members 201  patience 1m  key 0 -> reception }
    """,
    "C18: star and hash": """
        route start { answer -> main }
        prompt choices { file choices  en "Sales: star. Reception: hash."  lasts 4s  offers *, #, 0 }
        menu main { play choices  key * -> sales  key # -> reception  key 0 -> reception }
    """,
    "C18: a department that is answered by the operator only": """
        route start { answer -> main }
        menu main { play choices  key 1 "invoices" -> invoices  key 0 -> reception }
        route invoices { label "invoices" -> reception }
    """,
    "C22: a call-back to declared numbers, seldom enough": """
        callback to PL mobile
        route start { answer -> back }
        callback back { then bye  from line  within office  at most 5 a day }
        queue line { members 201  patience 1m  key 0 -> reception }
    """,
}


@pytest.mark.parametrize("case", KEPT)
def test_kept(case: str) -> None:
    assert findings(KEPT[case]) == []


BROKEN = {
    "C01: silence leads back": (
        """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 0 -> reception  silence -> main }
        """,
        ["C01: a caller can go round for ever"],
    ),
    "C01: one way back is counted and another is not": (
        """
        route start { answer -> main }
        menu main { play choices  key 1 -> info  key 0 -> reception  tries 2  invalid -> start }
        route info { play address  again main at most 1 then reception }
        """,
        ["C01: a caller can go round for ever"],
    ),
    "C01: in a last resort, too": (
        """
        route start { answer -> reception }
        route sorry { play apology -> start }
        """,
        ["C01: a caller can go round for ever"],
    ),
    "C01: while open, for as long as that is": (
        """
        route start { when office open -> wait  otherwise -> reception }
        route wait { play welcome -> start }
        """,
        ["C01: a caller can go round for ever"],
    ),
    "C01: two loops": (
        """
        route start { answer -> main }
        menu main { play choices  key 1 -> info  key 0 -> reception  silence -> main }
        route info { play address -> main }
        """,
        ["C01: a caller can go round for ever", "C01: a caller can go round for ever"],
    ),
    "C02: a telephone outside among others": (
        f"""
        route start {{ answer -> sales }}
        ring sales {{ ring 201, {MOBILE} for 20s }}
        """,
        ["C02: a machine can take the call at `sales`"],
    ),
    "C02: in a last resort and outside of one": (
        f"""
        operator reception {{ ring 100 for 20s  supervisor 110  unanswered -> mobile }}
        route start {{ when office open -> reception  otherwise -> mobile }}
        ring mobile {{ ring {MOBILE} for 20s  busy -> sorry  no-answer -> sorry  unavailable -> sorry }}
        """,
        ["C02: a machine can take the call at `mobile`", "C10: the plan hangs up on a caller"],
    ),
    "C02: at night only, two telephones, one finding": (
        f"""
        route start {{ when office open -> reception  otherwise -> doctor }}
        ring doctor {{ ring {MOBILE} for 20s
                       ring "+48 601 000 201" without confirm because "it is mine" for 20s }}
        """,
        ["C02: a machine can take the call at `doctor`"],
    ),
    "C03: the hours let a caller round once": (
        f"""
        route start {{ answer -> reception }}
        {STAFFED}
        route night {{ play closed_now  when office open -> reception  otherwise -> message }}
        """,
        ["C03: a caller can come to `reception` a second time"],
    ),
    "C03: a question asked again, behind another prompt": (
        """
        route start { answer -> main }
        ring sales { ring 201 for 20s  busy -> instead }
        menu instead { play apology  play choices  key 1 -> office_two  key 0 -> reception }
        ring office_two { ring 202 for 20s }
        """,
        ["C03: a caller can hear `choices` a second time, in `instead`"],
    ),
    "C07: while open": (
        "route start { answer  when lunch open -> reception  otherwise -> message }",
        ["C07: a caller can get voicemail `message` while `office` is open"],
    ),
    "C07: a minute past the opening": (
        """
        route start { answer  when office open -> reception  otherwise -> night }
        prompt closed_now { file closed  en "…"  lasts 61s  says closed office }
        """,
        ["C07: a caller can get voicemail `message` while `office` is open"],
    ),
    "C07: after a queue": (
        """
        route start { answer  when office open -> line  otherwise -> reception }
        queue line { members 201  patience 4m  key 0 -> reception  timeout -> late }
        route late { when office open -> reception  otherwise -> night }
        """,
        ["C07: a caller can get voicemail `message` after a queue"],
    ),
    "C07: not told": (
        "route start { answer  when office open -> reception  otherwise -> message }",
        ["C07: a caller can get voicemail `message` without hearing that `office` is closed"],
    ),
    "C07: not told, which a shorter call shows than that it is open": (
        """
        route start { answer  when office open -> later  otherwise -> message }
        route later { label "VIP" -> message }
        """,
        [
            "C18: no call ever reaches `reception`",
            "C07: a caller can get voicemail `message` without hearing that `office` is closed",
        ],
    ),
    "C07: told about other hours": (
        """
        route start { answer  when lunch open -> reception  play no_lunch
                      when office open -> reception  otherwise -> message }
        """,
        ["C07: a caller can get voicemail `message` without hearing that `office` is closed"],
    ),
    "C07: told that it is open": (
        """
        route start { answer  when office closed -> reception  play open_now
                      when office open -> reception  otherwise -> message }
        """,
        ["C07: a caller can get voicemail `message` without hearing that `office` is closed"],
    ),
    "C07: told by the greeting, which is too late": (
        """
        route start { answer  when office open -> reception  otherwise -> message }
        prompt leave_message { file leave  en "We are closed. Leave a message."  lasts 3s  says closed office }
        """,
        ["C07: a caller can get voicemail `message` without hearing that `office` is closed"],
    ),
    "C07: told by the second prompt of a menu, after a key in the first": (
        """
        route start { answer  when evenings open -> evening  otherwise -> reception }
        menu evening { play choices  play closed_now  key 1 -> message  key 0 -> reception }
        """,
        ["C07: a caller can get voicemail `message` without hearing that `office` is closed"],
    ),
    "C07: no greeting": (
        """
        route start { answer  when office open -> reception  otherwise -> night }
        mailbox message { box 100  while closed office  then thanks
                          read by reception within 1 working day  nothing-left -> sorry  failed -> sorry }
        """,
        ["C07: the mailbox `message` has no greeting of its own"],
    ),
    "C07: no reader": (
        """
        route start { answer  when office open -> reception  otherwise -> night }
        mailbox message { box 100  while closed office  greeting leave_message  then thanks
                          nothing-left -> sorry  failed -> sorry }
        """,
        ["C07: nobody is named who listens to the mailbox `message`"],
    ),
    "C07: no hours, which is told first": (
        """
        route start { answer -> message }
        mailbox message { box 100  then thanks  nothing-left -> sorry  failed -> sorry }
        """,
        [
            "C07: the mailbox `message` does not say while which hours are closed",
            "C18: no call ever reaches `reception`",
        ],
    ),
    "C07: a mailbox of a last resort that is reached by another way, too": (
        """
        operator reception { ring 100 for 20s  supervisor 110  unanswered -> last }
        route start { answer  when office open -> reception  otherwise -> last }
        mailbox last { box 100  greeting leave_message  then thanks
                       read by reception within 1 working day  nothing-left -> sorry  failed -> sorry }
        """,
        ["C07: the mailbox `last` does not say while which hours are closed"],
    ),
    "C10: silence, but a key that means nothing came first": (
        """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 0 -> reception  tries 2  silence -> farewell }
        """,
        ["C10: the plan hangs up on a caller"],
    ),
    "C10: silence, but a key that repeats came last": (
        """
        route start { answer -> main }
        menu main { play starred  key 1 -> sales  key 0 -> reception  key * repeat  tries 2  silence -> farewell }
        prompt starred { file starred  en "Sales: one. Reception: zero. Again: star."  lasts 4s  offers 1, 0, * }
        """,
        ["C10: the plan hangs up on a caller"],
    ),
    "C10: undecided is no silence": (
        """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 0 -> reception  tries 2  undecided -> farewell }
        """,
        ["C10: the plan hangs up on a caller"],
    ),
    "C10: silence, but a key was pressed in another menu": (
        """
        route start { answer -> main }
        menu main { play choices  key 1 -> more  key 0 -> reception }
        menu more { play only_zero  key 0 -> reception  tries 1  silence -> farewell }
        """,
        ["C10: the plan hangs up on a caller"],
    ),
    "C10: silence, but a key was pressed in a queue": (
        """
        route start { answer -> line }
        queue line { play choices  members 201  patience 1m  key 1 -> more  key 0 -> reception }
        menu more { play only_zero  key 0 -> reception  tries 1  silence -> farewell }
        """,
        ["C10: the plan hangs up on a caller"],
    ),
    "C10: silence without a goodbye": (
        """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 0 -> reception  tries 1  silence -> curtly }
        route curtly { play bye  play address  hang-up }
        """,
        ["C10: the plan hangs up without a goodbye"],
    ),
    "C10: a message without a goodbye": (
        """
        route start { answer  when office open -> reception  otherwise -> night }
        mailbox message { box 100  while closed office  greeting leave_message
                          read by reception within 1 working day  nothing-left -> sorry  failed -> sorry }
        """,
        ["C10: the plan hangs up without a goodbye"],
    ),
    "C10: no message and no apology": (
        """
        route start { answer  when office open -> reception  otherwise -> night }
        mailbox message { box 100  while closed office  greeting leave_message  then thanks
                          read by reception within 1 working day  nothing-left -> farewell  failed -> sorry }
        """,
        ["C10: the plan hangs up on a caller"],
    ),
    "C10: an apology before the mailbox is none for its failure": (
        """
        route start { answer  when evenings open -> shut  otherwise -> reception }
        route shut { play apology  play closed_now -> message }
        mailbox message { box 100  while closed office  greeting leave_message  then thanks
                          read by reception within 1 working day  nothing-left -> sorry  failed -> farewell }
        """,
        ["C10: the plan hangs up on a caller"],
    ),
    "C10: an apology for one mailbox is none for the next": (
        """
        route start { answer  when office open -> reception  otherwise -> night }
        mailbox message { box 100  while closed office  greeting leave_message  then thanks
                          read by reception within 1 working day  nothing-left -> retry  failed -> retry }
        route retry { when office open -> reception  play apology -> other }
        mailbox other { box 101  while closed office  greeting leave_message  then thanks
                        read by reception within 1 working day  nothing-left -> farewell  failed -> sorry }
        """,
        ["C10: the plan hangs up on a caller"],
    ),
    "C10: nobody there at night": (
        """
        route start { answer  when office open -> reception  otherwise -> shut }
        route shut { play closed_now  play bye  hang-up }
        """,
        ["C10: the plan hangs up on a caller"],
    ),
    "C17: four tries": (
        """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 0 -> reception  tries 4 }
        policy charter { keys-to-person 4  longest-silence 1h  longest-ringing 1h }
        """,
        ["C17: `main` can ask a caller 4 times in vain, and 3 are allowed"],
    ),
    "C17: three tries, which is what goes without saying, and a return": (
        """
        policy charter { keys-to-person 20  prompts-to-person 50  same-prompt 20 }
        route start { answer -> main }
        menu main { play choices  key 1 -> info  key 0 -> reception }
        route info { play address  again main at most 1 then reception }
        """,
        ["C17: `main` can ask a caller 5 times in vain, and 3 are allowed"],
    ),
    "C17: two tries and three returns": (
        """
        policy charter { keys-to-person 20  prompts-to-person 50  same-prompt 20 }
        route start { answer -> main }
        menu main { play choices  key 1 -> info  key 0 -> reception  tries 2 }
        route info { play address  again main at most 3 then reception }
        """,
        ["C17: `main` can ask a caller 5 times in vain, and 3 are allowed"],
    ),
    "C17: one try and three returns in silence": (
        """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 0 -> reception  tries 1  silence -> back }
        route back { again main at most 3 then reception }
        """,
        ["C17: `main` can ask a caller 4 times in vain, and 3 are allowed"],
    ),
    "C18: nothing leads to a chain of steps": (
        """
        route start { answer -> reception }
        route lost { play welcome -> forgotten }
        route forgotten { play address -> reception }
        """,
        ["C18: no call ever reaches `lost`"],
    ),
    "C18: nothing leads to a circle of steps": (
        """
        route start { answer -> reception }
        route lost { play welcome -> forgotten }
        route forgotten { play address -> lost }
        """,
        ["C18: no call ever reaches `lost`"],
    ),
    "C18: nothing leads to two circles of steps, of which one leads to others, and to a chain": (
        """
        route start { answer -> reception }
        route round { play welcome -> about }
        route about { play address -> round }
        route chain { play welcome -> behind }
        menu whirl { play choices  key 1 -> twirl  key 0 -> behind  tries 1 }
        route twirl { play address -> whirl }
        route behind { play address -> reception }
        """,
        ["C18: no call ever reaches `round`", "C18: no call ever reaches `chain`", "C18: no call ever reaches `whirl`"],
    ),
    "C18: somebody answers behind a key, but not those who can press it": (
        """
        hours sunday { sun 10:00-12:00 }
        hours midweek { wed 09:00-17:00 }
        route start { answer  when sunday open -> main  when midweek open -> desk  otherwise -> reception }
        menu main { play choices  key 1 -> desk  key 0 -> reception }
        route desk { when midweek open -> sales  play apology  hang-up }
        """,
        ["C18: nobody answers behind key 1 of `main`", "C10: the plan hangs up on a caller"],
    ),
    "C18: the hours forbid a step": (
        """
        route start { answer  when office open -> day  otherwise -> reception }
        route day { when office closed -> strange  otherwise -> reception }
        route strange { play address -> reception }
        """,
        ["C18: no call ever reaches `strange`"],
    ),
    "C18: the hours forbid the end of a route": (
        """
        route start { answer  when office open -> day  otherwise -> reception }
        route day { when office open -> reception  play address -> reception }
        """,
        ["C18: no call ever reaches the end of `day`"],
    ),
    "C18: hours that are never open": (
        """
        route start { answer  when never open -> sales  otherwise -> reception }
        """,
        ["C18: no call ever reaches `sales`"],
    ),
    "C18: a key is offered and does nothing": (
        """
        route start { answer -> main }
        menu main { play choices  key 0 -> reception }
        """,
        ["C18: key 1 is offered in `main` and does nothing there"],
    ),
    "C18: key 0 is offered and does nothing": (
        """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales }
        """,
        [
            "C15: key 0 of `main` does not reach an operator",
            "C18 (warning): key 0 is offered in `main` and does nothing there",
        ],
    ),
    "C18: keys work and are not offered": (
        """
        route start { answer -> main }
        menu main { play only_zero  key 1 -> sales  key 2 -> reception  key 0 -> reception }
        """,
        [
            "C18: key 1 works in `main` and no prompt offers it",
            "C18: key 2 works in `main` and no prompt offers it",
        ],
    ),
    "C18: key 0 works and is not offered": (
        """
        route start { answer -> main }
        menu main { play only_one  key 1 -> sales  key 0 -> reception }
        """,
        ["C18 (warning): key 0 works in `main` and no prompt offers it"],
    ),
    "C18: a key that repeats is not offered": (
        """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 0 -> reception  key * repeat }
        """,
        ["C18 (warning): key * works in `main` and no prompt offers it"],
    ),
    "C18: extensions are offered and cannot be dialled": (
        """
        route start { answer -> main }
        menu main { play dial  key 1 -> sales  key 0 -> reception }
        prompt dial { file dial  en "Dial an extension, or one, or zero."  lasts 4s  offers 1, 0, extensions }
        """,
        ["C18: extensions are offered in `main` and cannot be dialled there"],
    ),
    "C18: nothing is said of keys": (
        """
        route start { answer -> main }
        menu main { play welcome  key 1 -> sales  key 0 -> reception }
        """,
        ["C18: no prompt of `main` says which keys it offers"],
    ),
    "C18: keys of a queue": (
        """
        route start { answer -> line }
        queue line { play choices  members 201  patience 1m  key 2 -> sales  key 0 -> reception }
        """,
        [
            "C18: key 2 works in `line` and no prompt offers it",
            "C18: key 1 is offered in `line` and does nothing there",
        ],
    ),
    "C18: a queue that says nothing of its keys": (
        """
        route start { answer -> line }
        queue line { members 201  patience 1m  key 1 -> sales  key 0 -> reception }
        """,
        ["C18: no prompt of `line` says which keys it offers"],
    ),
    "C18: a department without people": (
        """
        operator reception { ring 100 for 20s  supervisor 110  unanswered -> main }
        route start { answer -> reception }
        menu main { play only_one  key 1 "complaints" -> complaints  silence -> sorry  invalid -> sorry }
        route complaints { play address  hang-up }
        """,
        ["C18: nobody answers behind key 1 of `main`"],
    ),
    "C18: a department that a machine may answer": (
        f"""
        operator reception {{ ring 100 for 20s  supervisor 110  unanswered -> main }}
        route start {{ answer -> reception }}
        menu main {{ play only_one  key 1 "complaints" -> mobile  silence -> sorry  invalid -> sorry }}
        ring mobile {{ ring {MOBILE} for 20s  busy -> sorry  no-answer -> sorry  unavailable -> sorry }}
        """,
        ["C18: nobody answers behind key 1 of `main`"],
    ),
    "C22: a call-back to any number": (
        """
        route start { answer -> back }
        callback back { then bye  from line  within office }
        queue line { members 201  patience 1m  key 0 -> reception }
        """,
        ["C22: `back` calls back any number"],
    ),
    "C22: too many call-backs": (
        """
        callback to PL mobile
        route start { answer -> back }
        callback back { then bye  from line  within office  at most 6 a day }
        queue line { members 201  patience 1m  key 0 -> reception }
        """,
        ["C22: `back` can be booked 6 times a day for one number"],
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken(case: str) -> None:
    body, expected = BROKEN[case]
    assert findings(body) == expected


def test_every_rule_has_plans_on_both_sides() -> None:
    elsewhere = {path.stem[-3:].upper() for path in Path(__file__).parent.glob("test_rule_c*.py")}
    assert {case[:3] for case in KEPT} == {case[:3] for case in BROKEN} == set(RULES) - elsewhere


# What a finding shows


@pytest.mark.parametrize("case", [case for case in BROKEN if not case.startswith("C18")])
def test_the_call_of_a_finding_breaks_its_rule_in_the_eyes_of_the_oracle(case: str) -> None:
    refused = verdict(BROKEN[case][0])
    for breach in refused.breaches:
        if breach.finding.code == "C18":
            continue
        assert breach.witness
        events = walk(refused.plan, replay(refused.plan, breach.witness))
        made = oracle.Made(int(breach.witness.at.timestamp()), events, ended=True)
        broken = {code for code, _, _ in oracle.broken(refused.plan, made)}
        assert breach.finding.code in broken or ("loop" in broken and breach.finding.code in ("C01", "C03"))
        assert len(breach.finding.call) > 1


def test_a_mailbox_is_shown_in_the_first_second_that_is_wrong() -> None:
    (late,) = breaches(BROKEN["C07: a minute past the opening"][0])
    assert begins(late) == "Thu 08:59:59"
    (new,) = breaches(BROKEN["C07: while open"][0])
    assert begins(new) == "Thu 09:00:00"
    (queued,) = breaches(BROKEN["C07: after a queue"][0])
    assert queued.witness
    assert queued.witness.at + datetime.timedelta(minutes=4) == queued.witness.at.replace(hour=17, minute=0, second=0)


def test_a_loop_by_the_clock_is_shown_just_before_the_opening() -> None:
    (breach,) = breaches(BROKEN["C03: the hours let a caller round once"][0])
    assert begins(breach) == "Thu 08:59:58"


def test_a_machine_at_night_is_shown_at_night() -> None:
    (breach,) = breaches(BROKEN["C02: at night only, two telephones, one finding"][0])
    assert begins(breach) == "Thu 00:00:00"
    assert "+48601000200" in breach.finding.caller


def test_a_menu_that_misunderstands_is_shown_with_every_wrong_key() -> None:
    (breach,) = breaches(BROKEN["C17: two tries and three returns"][0])
    assert breach.witness
    assert [turn.missed for turn in breach.witness.turns if turn.step == "main"] == [1, 1, 0]
    assert any("1 wrong key, then presses 1" in line for line in breach.finding.call)


LATER = """
    hours evening {{ mon-fri 20:00-21:00 }}
    operator reception default {{ ring 100 for 20s  {supervisor}  unanswered -> later }}
    operator desk {{ ring 102 for 20s  supervisor 110  unanswered -> sorry }}
    route start {{ answer  when office open -> main  otherwise -> night }}
    menu main {{ play choices  key 1 "sales" -> round  key 0 "reception" -> reception }}
    route round {{ {back} }}
    route later {{ when evening open -> round  otherwise -> desk }}
"""
"""Calls come to people by day only: in the evening nobody gets to `later`, but who has talked until then."""


def test_callers_who_are_handed_up_late_do_not_go_round_either() -> None:
    back = "play welcome -> later"
    assert findings(LATER.format(supervisor="", back=back)) == ["C21 (warning): `reception` has no supervisor"]
    (found,) = breaches(LATER.format(supervisor="supervisor 110", back=back))
    assert (found.finding.code, found.step) == ("C01", "reception")
    assert "comes back to `round` if neither 110 nor `reception` answers" in found.finding.caller
    assert findings(LATER.format(supervisor="supervisor 110", back="play welcome -> desk")) == []


def test_a_circle_that_no_hour_opens_is_none_for_those_who_are_handed_up() -> None:
    shut = "when evening closed -> later  otherwise -> desk"
    assert findings(LATER.format(supervisor="supervisor 110", back=shut)) == []


def proved(case: str) -> Plan:
    judged = judge(Source("plan.dial", plan(KEPT[case]))).verdict
    assert isinstance(judged, Verified)
    return judged.plan


def test_silent_callers_are_hung_up_on_only_where_the_policy_allows_it() -> None:
    kept = proved("C10: silence at the only try, then goodbye")
    policy = attrs.evolve(kept.policy, silent_caller_may_be_hung_up_on=False)
    refused = verify(attrs.evolve(kept, policy=policy))
    assert isinstance(refused, Refused)
    assert [breach.finding.code for breach in refused.breaches] == ["C10"]


@pytest.mark.parametrize(("tries", "keeps"), [(2, False), (3, True)])
def test_the_tries_of_a_policy_are_those_that_count(tries: int, keeps: bool) -> None:
    kept = proved("C17: three tries")
    policy = attrs.evolve(kept.policy, tries=tries)
    assert isinstance(verify(attrs.evolve(kept, policy=policy)), Verified) is keeps


def test_who_entered_digits_has_pressed_something() -> None:
    body = """
        route start { answer -> number }
        collect number { play only_zero  digits 2  accept any -> main  silence -> reception  invalid -> reception }
        menu main { play choices  key 1 -> sales  key 0 -> reception  tries 1  silence -> farewell }
    """
    (found,) = breaches(body, "C10")
    assert found.finding.help == "send the caller to the operator instead"


def test_who_was_silent_after_keys_of_one_menu_is_told_apart_there() -> None:
    body = """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 0 -> reception  key * repeat  tries 2  silence -> farewell }
    """
    (found,) = breaches(body, "C10")
    assert found.finding.help == "write `undecided -> reception` in `main`, for callers who have pressed a key"


def test_the_phone_is_named_that_nobody_has_to_confirm() -> None:
    body = """
        operator reception { ring "+48 601 000 100", "+48 601 000 200" without confirm because "no mailbox" for 20s
                             supervisor 110  unanswered -> sorry }
        route start { answer -> reception }
    """
    (found,) = breaches(body, "C02")
    assert found.finding.caller == "is joined to the mailbox of +48601000200, and no person is ever reached"


def test_an_operator_who_is_not_there_is_no_last_resort() -> None:
    body = """
        operator reception { ring 100 for 20s  staffed evenings  supervisor 110  unstaffed -> message
                             unanswered -> sorry }
        route start { answer -> reception }
    """
    assert findings(body, "C07") == ["C07: a caller can get voicemail `message` while `office` is open"]


def test_of_a_menu_that_does_not_matter_the_second_option_is_shown() -> None:
    body = """
        route start { answer -> main }
        menu main { play choices  key 1 -> sales  key 2 -> same  key 0 -> reception }
        route same { -> sales }
    """
    (found,) = breaches(body, "C09")
    place = found.finding.place
    assert place.source.text[place.start : place.end] == "same"
    assert place.line > 1
