"""What callers hear in the language that they have chosen: the walker, the engine, and prompts without a text."""

import datetime
from zoneinfo import ZoneInfo

import pytest

import dialc
from dialc import call, reach
from dialc.call import Call, Happens, Heard, Spoken, presses
from dialc.plan import Outcome, Plan
from dialc.source import Source
from dialc.verify import Refused

PLAN = """\
plan office "Office"
timezone Europe/Warsaw
language pl
languages pl, en
valid 2026-01-01 to 2028-12-31

operator reception {
  play connecting
  ring 100 for 15s
  supervisor 110
  unanswered -> night
}

prompt hello      { file hello       pl "Polski: jeden. English: two."  lasts 4s  offers 1, 2, 0 }
prompt choices    { file choices     pl "Sprzedaż: jeden."  en "For sales, press one."
                    lasts 3s  lasts en 5s  offers 1, 0 }
prompt connecting { file connecting  pl "Łączę."  en "Please hold the line."  lasts 1s  lasts en 2s }
prompt pardon     { file pardon      pl "Przepraszamy."  en "We are sorry."  lasts 3s  lasts en 2s  apology  goodbye }

line "+48 22 123 45 67" -> speak

menu speak {
  play hello
  key 1 "polski"  speaks pl -> main
  key 2 "English" speaks en -> main
  key 0 -> reception
  silence -> main
  tries 1
}
menu main {
  play choices
  key 1 "sales" -> sales
  key 0 -> reception
  tries 1
}
ring sales { ring 201 for 15s }
route night { play pardon  hang-up }
"""


def judged(text: str = PLAN) -> dialc.Judged:
    return dialc.judge(Source("office.dial", text))


def plan_of(text: str = PLAN) -> Plan:
    verdict = judged(text).verdict
    assert verdict is not None
    return verdict.plan


def lived(*happenings: Happens) -> list[str]:
    """What a caller hears, and when; and the language that they choose."""
    at = datetime.datetime(2026, 11, 23, 9, 15, tzinfo=ZoneInfo("Europe/Warsaw"))
    events = call.walk(plan_of(), Call("+48221234567", at, happenings))
    return [
        f"{event.at} {event.language}" if isinstance(event, Spoken) else f"{event.at} {event.prompt} {event.seconds}"
        for event in events
        if isinstance(event, Heard | Spoken)
    ]


def test_the_language_is_kept_to_the_end_of_the_call() -> None:
    nobody = Happens(Outcome.NO_ANSWER)
    assert lived(presses("2"), presses("0"), nobody) == [
        "0 hello 4",
        "4 en",
        "4 choices 5",
        "9 connecting 2",
        "26 pardon 2",
    ]
    assert lived(presses("1"), presses("0"), nobody) == [
        "0 hello 4",
        "4 pl",
        "4 choices 3",
        "7 connecting 1",
        "23 pardon 3",
    ]
    silent = Happens(Outcome.SILENCE)
    assert lived(silent, presses("0", 1), nobody) == ["0 hello 4", "9 choices 1", "10 connecting 1", "26 pardon 3"]


def test_a_caller_is_in_a_situation_of_a_language() -> None:
    survey = reach.survey(plan_of())
    languages = {(situation.step, situation.language) for situation in survey.reach()}
    assert languages >= {("speak", "pl"), ("main", "pl"), ("main", "en"), ("night", "en"), ("night", "pl")}
    assert ("speak", "en") not in languages
    assert survey.exits("main", "en")[0].longest == 10
    assert survey.exits("main")[0].longest == 8


def test_bounds_are_those_of_the_slowest_language() -> None:
    verdict = judged().verdict
    assert isinstance(verdict, dialc.Verified), judged().findings
    # 2 is pressed in the last second of the wait, and everything after that is heard in English.
    assert verdict.bound.seconds == 9 + 10 + 15 + 17 + 2


def test_whom_a_machine_answers_in_another_language_is_shown() -> None:
    text = PLAN.replace("ring 100 for", 'ring "+48 601 000 200" without confirm because "so" for')
    text = text.replace("speaks pl -> main", "speaks pl -> night").replace(
        "0 -> reception\n  silence -> main", "0 -> night"
    )
    text = text.replace("0 -> night", "0 -> night  silence -> night  invalid -> night")
    found = judged(text).verdict
    assert isinstance(found, Refused)
    (breach,) = [one for one in found.breaches if one.finding.code == "C02"]
    assert breach.witness
    assert [turn.exit.speaks for turn in breach.witness.turns] == ["en", "", ""]


def test_a_prompt_is_refused_where_it_can_be_heard_in_a_language_without_a_text() -> None:
    broken = PLAN.replace('en "Please hold the line."  ', "")
    found = judged(broken)
    (finding,) = found.findings
    assert (finding.code, finding.message) == ("D252", "`connecting` can be heard in `en`, and has no text in it")
    assert [row.partition("  ")[2] for row in finding.call[1:]] == [
        "speak: presses 2, to be spoken to in en -> main",
        "main: presses 0 -> reception",
        "hears connecting, in en",
    ]
    assert isinstance(found.verdict, Refused)
    (breach,) = found.verdict.breaches
    assert breach.witness
    events = call.walk(found.verdict.plan, call.replay(found.verdict.plan, breach.witness))
    assert isinstance(events[-1], call.Arrived)
    assert events[-1].step == "reception"


def test_a_prompt_that_nobody_can_hear_in_a_language_needs_no_text_in_it() -> None:
    """An operator who is never there says nothing, and nobody who speaks English hears the first menu."""
    never = PLAN.replace('en "Please hold the line."  ', "")
    never = never.replace("  unanswered", "  staffed never  unstaffed -> night  unanswered") + "hours never { }\n"
    assert "D252" not in {finding.code for finding in judged(never).findings}


def test_a_plan_of_one_language_has_its_texts_in_it() -> None:
    one = PLAN.replace("languages pl, en\n", "").replace(" speaks pl", "").replace(" speaks en", "")
    one = one.replace("lasts en 5s", "").replace("lasts en 2s", "")
    assert [finding.code for finding in judged(one).findings if finding.code.startswith("D")] == []
    other = one.replace('pl "Łączę."  ', "")
    assert [finding.code for finding in judged(other).findings if finding.code.startswith("D")] == ["D252"]
    none = other.replace('en "Please hold the line."  ', "")
    assert [finding.code for finding in judged(none).findings if finding.code.startswith("D")] == []


QUEUE = """\
plan office "Office"
timezone Europe/Warsaw
language pl
languages pl, en
valid 2026-01-01 to 2028-12-31
hours office { mon-fri 08:00-16:00  closed 2026-05-04 "moving" }
operator reception { ring 100 for 15s  supervisor 110  unanswered -> sorry }
prompt hello   { file hello    pl "Polski: jeden. English: two."  lasts 4s  offers 1, 2, 0 }
prompt hold    { file hold     pl "Proszę czekać."  en "Please hold."  lasts 2s }
prompt moving  { file moving   pl "Dziś zamknięte: przeprowadzka."  en "Closed."  lasts PLs  lasts en ENs
                 says closed office }
prompt usual   { file usual    pl "Od ósmej do szesnastej."  en "Eight to four."  lasts 3s
                 states usual office { mon-fri 08:00-16:00 } }
prompt pardon  { file pardon   pl "Przepraszamy."  en "We are sorry."  lasts 3s  apology  goodbye }
line "+48 22 123 45 67" -> speak
menu speak {
  play hello
  key 1 "polski"  speaks pl -> day
  key 2 "English" speaks en -> day
  key 0 -> reception
  silence -> reception
  tries 1
}
route day { when office open -> reception  when office closed -> desk }
queue desk {
  play hold  play moving
  members 201, 202  ring-all  ring 10s
  patience 30s
  key 0 -> reception
  timeout -> later  empty -> later  full -> reception  failure -> reception
}
route later { play usual -> reception }
route sorry { play pardon  hang-up }
"""


@pytest.mark.parametrize(("polish", "english"), [(1, 5), (5, 1), (3, 3)])
def test_a_queue_that_is_waited_out_has_said_all_its_prompts_in_each_language(polish: int, english: int) -> None:
    text = QUEUE.replace("PLs", f"{polish}s").replace("ENs", f"{english}s")
    verdict = judged(text).verdict
    assert isinstance(verdict, Refused)
    assert not [b for b in verdict.breaches if "state the usual hours" in b.finding.message]
    early = text.replace("key 0 -> reception\n  timeout", "key 0 -> later\n  timeout")
    verdict = judged(early).verdict
    assert isinstance(verdict, Refused)
    assert [b for b in verdict.breaches if "state the usual hours" in b.finding.message]


def test_the_call_that_is_shown_is_the_quickest_in_whatever_language() -> None:
    quick = QUEUE.replace("PLs", "3s").replace("ENs", "3s").replace("ring 100 for 15s", "play hold  ring 100 for 15s")
    quick = quick.replace('"Please hold."  lasts 2s', '"Please hold."  lasts 4s  lasts en 1s')
    mobile = quick.replace("ring 100 for", 'ring "+48 601 000 200" without confirm because "a friend" for')
    verdict = judged(mobile.replace("-> day", "-> reception")).verdict
    assert isinstance(verdict, Refused)
    (witness,) = (breach.witness for breach in verdict.breaches if breach.finding.code == "C02")
    assert witness
    assert [turn.exit.label for turn in witness.turns] == ["key 2", "answered-unconfirmed"]
    assert witness.seconds == 1
