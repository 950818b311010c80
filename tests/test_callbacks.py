"""Call-backs: what a plan says of them, what callers live through, and what Asterisk is told of numbers."""

import random
import re

import attrs
import phonenumbers
import pytest

from dialc import call, judge, reach
from dialc.call import Booked, Call, CannotHappen, Happens
from dialc.classes import Kind, NumberClass, admitted, patterns
from dialc.classes import code as code_of
from dialc.emit import asterisk
from dialc.emit.asterisk import callbacks
from dialc.mistakes.callbacks import CALLBACK
from dialc.numbers import Form, written_as
from dialc.parse import parse
from dialc.plan import ByCaller, Callback, HangUp, Outcome, Plan, Play, Verified
from dialc.resolve import resolve, resolve_site
from dialc.site import Site, default
from dialc.source import Source
from dialc.verify import breaches
from tests import plans
from tests.live.scene import warsaw

SITE = default("asterisk")


def plan_of(text: str = CALLBACK) -> Plan:
    file, findings = parse(Source("office.dial", text))
    assert not findings
    plan, found = resolve(file)
    assert plan is not None, found
    return plan


def site_of(trunk: str) -> Site:
    text = (
        f'site s for asterisk 22 {{ trunk t {{ {trunk}  dial "PJSIP/{{number}}@t" }}  phones 100-299 dial contacts }}'
    )
    site, findings = resolve_site(parse(Source("office.site", text))[0])
    assert site is not None, findings
    return site


# The language


def test_a_call_back_is_booked_then_announced_and_ends_the_call() -> None:
    plan = plan_of()
    hours, pardon = plan.hours["opening"], plan.prompts["pardon"]
    assert plan.callback_to == (NumberClass("PL", Kind.FIXED), NumberClass("PL", Kind.MOBILE))
    assert [plan.steps[name] for name in ("ring_me", "ring_me-2", "ring_me-3")] == [
        Callback("ring_me", "sales", hours, 2, "ring_me-2", "reception", "reception"),
        Play("ring_me-2", pardon, "ring_me-3"),
        HangUp("ring_me-3"),
    ]


def test_what_is_kept_of_two_call_backs_has_two_names() -> None:
    """A name with a letter, of a block with parameters, and the same name with `_`."""
    plan = plan_of()
    booking = plan.steps["ring_me"]
    steps = {name: attrs.evolve(booking, name=name) for name in ("ring_me-a", "ring_me_a")}
    one, other = callbacks.bookings(attrs.evolve(plan, steps={**plan.steps, **steps}), plans.warsaw(), "dialc-office")[
        -2:
    ]
    assert (one.name, other.name) == tuple(steps)
    assert one.waits != other.waits
    assert one.family != other.family


def test_a_call_back_can_lead_on() -> None:
    ways = "at most 3 a day  booked -> night  no-number -> main  failed -> sorry"
    for then, booked in (("then pardon  ", "ring_me-2"), ("", "night")):
        steps = plan_of(CALLBACK.replace("then pardon  from sales", f"{then}from sales  {ways}")).steps
        step = steps["ring_me"]
        assert isinstance(step, Callback)
        assert (step.daily, step.booked, step.no_number, step.failed) == (3, booked, "main", "sorry")
        assert [name for name in steps if name.startswith("ring_me-")] == (["ring_me-2"] if then else [])


def test_callers_who_withhold_their_number_cannot_book() -> None:
    """Nor is a way that only they can take behind a booking one that anybody can take."""
    ways = "callers hidden { withheld }\nroute sorted { when caller in hidden -> ring_me  otherwise -> sales }\n"
    plan = plan_of(f'{CALLBACK}{ways}line "+48 22 123 45 99" -> sorted\n')
    (hidden,) = (step for step in plan.steps.values() if isinstance(step, ByCaller))
    assert {caller: plan.rings_back(caller) for caller in ("", "withheld", "+48600100200", "+4912345678")} == {
        "": True,
        "+48600100200": True,
        "withheld": False,
        "+4912345678": False,
    }
    assert {on: plan.rings_back(caller) for on, caller in plan.classes} == {
        frozenset(): True,
        frozenset({hidden.callers.name}): False,
    }
    made = Call("+48221234599", warsaw("2026-11-23 10:00:00"), caller="withheld")
    assert not [event for event in call.walk(plan, made) if isinstance(event, Booked)]
    with pytest.raises(CannotHappen, match="may not ring this caller"):
        call.walk(plan, attrs.evolve(made, happenings=(Happens(Outcome.BOOKED),)))
    survey = reach.survey(plan)
    booked = [
        situation
        for situation in survey.reach()
        for exit, _ in survey.ways(situation)
        if exit.outcome is Outcome.BOOKED and situation.party.lists
    ]
    assert not booked


@pytest.mark.parametrize(
    ("old", "new", "code", "under"),
    [
        ("from sales  ", "", "D215", "ring_me"),
        ("within opening ", "", "D215", "ring_me"),
        ("within opening ", "within pardon ", "D203", "pardon"),
        ("from sales", "from nobody", "D201", "nobody"),
        ("from sales", "from opening", "D203", "opening"),
        ("within opening ", "within opening  at most 99 a day ", "D204", "99"),
        ("within opening ", "within opening  within opening ", "D216", "within"),
        ("PL mobile", "PL mobile, PL fixed", "D216", "PL"),
        ("PL mobile", "UK mobile", "D270", "UK"),
        ("PL mobile", "PL gsm", "D270", "gsm"),
        ("PL mobile", "DE voip", "D270", "DE voip"),
        *(("PL mobile", f"PL {kind}", "D272", f"PL {kind}") for kind in ("pager", "toll-free", "shared", "personal")),
    ],
)
def test_what_is_wrong_is_found_where_it_is(old: str, new: str, code: str, under: str) -> None:
    _, findings = resolve(parse(Source("office.dial", CALLBACK.replace(old, new)))[0])
    (found,) = (finding for finding in findings if finding.severity.value == "error")
    place = found.place
    assert (found.code, place.source.text[place.start : place.end]) == (code, under)
    assert found.caller


# The call


def events(*happens: Happens) -> list[call.Event]:
    plan = plan_of()
    plan = attrs.evolve(plan, lines=(attrs.evolve(plan.lines[0], entry="ring_me"),))
    number = next(iter(plan.lines[0].numbers))
    return list(call.walk(plan, Call(number, warsaw("2026-11-23 10:00:00"), happens)))


def test_a_caller_books_and_is_told_so() -> None:
    assert events()[:3] == [call.Arrived(0, "ring_me"), Booked(0, "ring_me"), call.Left(0, "ring_me", "booked")]
    assert events()[-1] == call.HungUp(3, "plan")


@pytest.mark.parametrize("outcome", [Outcome.NO_NUMBER, Outcome.FAILED])
def test_a_caller_who_cannot_book_goes_on(outcome: Outcome) -> None:
    found = events(Happens(outcome))
    assert not any(isinstance(event, Booked) for event in found)
    assert call.Arrived(0, "reception") in found


@pytest.mark.parametrize("happens", [Happens(Outcome.LEFT), Happens(Outcome.BOOKED, 3)])
def test_nothing_else_comes_of_it(happens: Happens) -> None:
    with pytest.raises(CannotHappen, match="in the call-back `ring_me`"):
        events(happens)


# The proof


PROVED = """\
plan shop "Shop"
timezone Europe/Warsaw
language en
callback to PL mobile
hours office { mon-fri 08:00-16:00 }
line "+48 22 123 45 67" -> start
route start { answer  -> ring_me }
queue sales { members 201  patience 1m }
callback ring_me { then call_you  from sales  within office  no-number -> sorry }
operator reception { ring 100 for 10s  supervisor 110  unanswered -> sorry }
route sorry { play apology  hang-up }
prompt call_you { file shop/call-you  en "We call you. Goodbye."  lasts 2s  goodbye }
prompt apology  { file shop/apology   en "We are sorry. Goodbye." lasts 2s  apology  goodbye }
"""


def codes(text: str) -> list[str]:
    verdict = judge(Source("shop.dial", text))
    return [finding.code for finding in verdict.findings if finding.severity.value == "error"]


def test_a_plan_may_hang_up_once_a_call_back_was_announced() -> None:
    assert codes(PROVED) == []


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ("lasts 2s  goodbye }\nprompt apology", "lasts 2s }\nprompt apology", ["C10"]),
        ("then call_you  ", "", ["C10"]),
        ("-> ring_me }", "play call_you -> ring_me }", []),
        ("then call_you  from", "booked -> farewell  from", ["C10"]),
        ("lasts 2s  apology  goodbye", "lasts 2s  goodbye", ["C10"]),
        ("callback to PL mobile\n", "", ["C22"]),
        ("no-number", "at most 6 a day  no-number", ["C22"]),
        ("callback to", "policy charter { call-backs-a-day 1 }\ncallback to", ["C22"]),
        (
            "callback to",
            'policy charter { call-backs-a-day 1 }\nwaive C22 at ring_me by "A" because "b"\ncallback to',
            [],
        ),
    ],
)
def test_one_edit_breaks_just_its_rule(old: str, new: str, broken: list[str]) -> None:
    assert old in PROVED
    farewell = "route farewell { hang-up }\n" if "farewell" in new else ""
    assert codes(PROVED.replace(old, new, 1) + farewell) == broken


def test_the_call_that_shows_too_many_bookings_is_of_somebody_who_can_book() -> None:
    known = 'callers known { "+48 600 111 222" }\n'
    text = PROVED.replace("line ", f"{known}line ").replace("no-number", "at most 6 a day  no-number")
    text = text.replace("answer  -> ring_me", "answer  when caller in known -> ring_me  otherwise -> reception")
    (found,) = (breach for breach in breaches(plan_of(text)) if breach.finding.code == "C22")
    assert found.witness is not None
    assert found.witness.caller == "+48600111222"
    abroad = plan_of(text.replace("+48 600 111 222", "+44 7600 111 222"))
    assert "C22" not in {breach.finding.code for breach in breaches(abroad)}


# Numbers on Asterisk


def asterisk_matches(pattern: str, shown: str) -> bool:
    """Whether an extension pattern of Asterisk matches, read as its manual has it."""
    assert pattern.startswith("_")
    regex = re.escape(pattern[1:]).replace(r"\[", "[").replace(r"\]", "]")
    return re.fullmatch(regex.replace("X", "[0-9]").replace("Z", "[1-9]").replace("N", "[2-9]"), shown) is not None


def called_back(plan: Plan, site: Site, shown: str) -> str:
    """The number that a caller is called back at, by the emitted patterns; empty for nobody."""
    if any(asterisk_matches(pattern, shown) for pattern in callbacks.ambiguous(plan, site)):
        return ""
    found = {
        row.number.replace("${EXTEN}", shown) if "{EXTEN}" in row.number else _cut(row.number, shown)
        for row in callbacks.callable_rows(plan, site)
        if asterisk_matches(row.pattern, shown)
    }
    assert len(found) <= 1, (shown, found)
    return next(iter(found), "")


def _cut(number: str, shown: str) -> str:
    head, _, cut = number.removesuffix("}").partition("${EXTEN:")
    return f"{head}{shown[int(cut) :]}"


@pytest.mark.parametrize(
    ("trunk", "country"),
    [
        ("delivers plus", "PL"),
        ("delivers e164, national  country PL", "PL"),
        ("delivers plus, e164, international, national  country PL", "PL"),
        ("delivers international, national  country DE", "DE"),
        ("delivers e164, national  country LT", "LT"),
    ],
)
def test_thousands_of_callers_are_called_back_just_where_the_library_says(trunk: str, country: str) -> None:
    plan, site = attrs.evolve(plan_of(), callback_to=(NumberClass(country, Kind.MOBILE),)), site_of(trunk)
    draw = random.Random(trunk)
    known = patterns(plan.callback_to[0])
    code = code_of(country)
    back = 0
    for _ in range(500):
        digits = "".join(map(draw.choice, draw.choice(known)))
        if draw.random() < 0.5:
            at = draw.randrange(len(digits))
            digits = digits[:at] + draw.choice(["", *"0123456789"]) + digits[at + 1 :]
        number = f"+{code}{digits}"
        expected = number if admitted(number, plan.callback_to) else ""
        parsed = phonenumbers.parse(number, None)
        for form in (Form.PLUS, *site.trunks[0].delivers):
            if not phonenumbers.is_possible_number(parsed):
                continue
            for shown in written_as(number, form):
                assert called_back(plan, site, shown) in (expected, _other(plan, shown, code)), (number, shown)
        back += bool(expected)
    assert back > 150


def _other(plan: Plan, shown: str, code: str) -> str:
    """The number that the same digits are in another form, if it may be called back."""
    readings = {f"+{code}{shown.removeprefix('0')}", f"+{code}{shown}", f"+{shown}", f"+{shown[2:]}"}
    return next((each for each in sorted(readings) if admitted(each, plan.callback_to)), "")


def test_a_caller_is_dialled_as_the_trunk_wants() -> None:
    plan = attrs.evolve(plan_of(), callback_to=(NumberClass("DE", Kind.MOBILE),))
    for send, written in (("plus", "+49"), ("e164", "49"), ("international", "0049"), ("national", "0")):
        site = site_of(f"delivers plus  country DE  send {send}")
        assert callbacks.sent(plan, site) == {"49": written}


def test_no_digits_but_declared_ones_are_dialled() -> None:
    verdict = judge(Source("shop.dial", PROVED)).verdict
    assert isinstance(verdict, Verified)
    text = asterisk.emit(verdict, SITE)["dialc-shop.extensions.conf"]
    dialled = [line for line in text.splitlines() if re.search(r"Dial\(.*@trunk", line)]
    assert dialled
    for line in dialled:
        before = text[: text.index(line)].splitlines()[-6:]
        assert any("DIALPLAN_EXISTS(" in each and ".classes,${EXTEN},1)" in each for each in before)
        assert before[-3].startswith(" same => n,Gosub(") or any(".sent,${EXTEN},1)" in each for each in before)


def test_names_with_an_underscore_are_families_of_their_own() -> None:
    assert callbacks.family("dialc-a_b", "ring_me") == "dialc-a.b.ring.me"
