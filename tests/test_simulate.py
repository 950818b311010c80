"""`dialc simulate`: the words of a call, its instant, what is told of it, and somebody at a terminal who is asked."""

import datetime
import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dialc import Source, judge, telling
from dialc.call import Call, Happens, Point, experience, until, walk
from dialc.cli import main, script
from dialc.cli.callers import Told
from dialc.cli.script import HangsUp, moment
from dialc.cli.terminal import Misuse
from dialc.plan import Operator, Outcome, Plan, Ring
from tests import oracle, strategies
from tests.test_cli import CLINIC, GOOD, LOOP, Done, Run, environment, run
from tests.test_mutants import RULES

__all__ = ["run"]

MONDAY = ("--at", "2026-11-23 09:15")
CLOSED = (
    '"Teraz nie pracujemy. Zwykle pracujemy od poniedziałku do piątku od ósmej do szesnastej, '
    'w soboty od dziewiątej do trzynastej."'
)
CHOICES = '"Rejestracja: jeden. Wyniki: dwa. Ochrona danych: dziewięć. Recepcja: zero."'
IN_LINE = '"Odbierzemy w ciągu pięciu minut. Dwa: oddzwonimy. Zero: recepcja."'
JOURNEY = "journey: +48221234567 0:start 0:start-2 3:start-3 3:start-3"
"""How the journeys of all callers of the clinic begin."""


# Scripted calls


def test_a_call_by_day(run: Run) -> None:
    assert run("simulate", CLINIC, *MONDAY, "press:1", "answered:201@12") == Done(
        0,
        f"""\
Mon 2026-11-23 09:15:00 CET, calling +48221234567
+0:00  the call is answered
+0:00  hears welcome: "Dzień dobry, tu Przychodnia Zdrowie." (3 s)
+0:03  start: office open -> main
+0:03  main asks, try 1 of 3
+0:03  hears choices: {CHOICES} (9 s)
+0:12  main: presses 1 -> registration
+0:12  hears in_line: {IN_LINE} (5 s)
+0:17  waits in registration
+0:24  201 answers
ended after 0:24: a person answered (201)
"""
        f"{JOURNEY}=open 3:main 12:main=key-1 12:registration 24:registration=answered/201\n",
        "",
    )


def test_a_call_by_night(run: Run) -> None:
    done = run("simulate", CLINIC, "--at", "2026-11-23 03:00:10", "left@20")
    assert done.out.splitlines()[3:] == [
        "+0:03  start: office closed -> night",
        f"+0:03  hears closed_now: {CLOSED} (8 s)",
        '+0:11  hears leave_message: "Prosimy zostawić wiadomość po sygnale." (4 s)',
        "+0:35  leaves a message in mailbox 100",
        '+0:35  hears thanks: "Dziękujemy, oddzwonimy. Do usłyszenia." (3 s)',
        "+0:38  the plan hangs up",
        "ended after 0:38: the plan hung up",
        f"{JOURNEY}=closed 3:night 11:message 35:message=left 35:message-2 38:message-3 38:message-3=hung-up",
    ]
    assert (done.status, done.err) == (0, "")


def test_a_caller_who_asks_to_be_called_back(run: Run) -> None:
    booked = "42:ring_me 42:ring_me=booked 42:ring_me-2 46:ring_me-3 46:ring_me-3=hung-up"
    done = run("simulate", CLINIC, *MONDAY, "press:1", "press:2@30", "booked")
    assert done.out.splitlines()[7:] == [
        f"+0:12  hears in_line: {IN_LINE} (5 s)",
        "+0:17  waits in registration",
        "+0:42  registration: presses 2 -> ring_me",
        "+0:42  a call-back is booked at ring_me",
        '+0:42  hears call_you: "Oddzwonimy najpóźniej następnego dnia pracy. Do usłyszenia." (4 s)',
        "+0:46  the plan hangs up",
        "ended after 0:46: the plan hung up",
        f"{JOURNEY}=open 3:main 12:main=key-1 12:registration 42:registration=key-2 {booked}",
    ]
    done = run("simulate", CLINIC, *MONDAY, "press:1", "press:2", "no-number", "answered:101@4")
    assert done.out.splitlines()[-2] == "ended after 0:23: a person answered (101)"


def test_a_call_in_which_nothing_goes_well(run: Run) -> None:
    words = ("press:8@4", "silence", "press:5", "unavailable", "declined@7", "failed")
    done = run("simulate", CLINIC, *MONDAY, *words)
    after = "42:reception=unanswered 42:sorry_message 48:sorry_message=failed 48:sorry 52:sorry-2 52:sorry-2=hung-up"
    assert [line for line in done.out.splitlines() if "hears" not in line][3:] == [
        "+0:03  main asks, try 1 of 3",
        "+0:07  presses 8, which means nothing here",
        "+0:07  main asks, try 2 of 3",
        "+0:21  main asks, try 3 of 3",
        "+0:30  presses 5, which means nothing here",
        "+0:30  main: only keys that mean nothing here -> reception",
        "+0:32  reception rings 100, 101",
        "+0:35  reception rings 102, +48601000200",
        "+0:42  reception: nobody answers -> sorry_message",
        "+0:48  sorry_message: the mailbox fails -> sorry",
        "+0:52  the plan hangs up",
        "ended after 0:52: the plan hung up",
        f"{JOURNEY}=open 3:main 30:main=invalid 30:reception {after}",
    ]
    assert f"+0:03  hears choices: {CHOICES} (4 of 9 s)" in done.out
    assert (done.status, done.err) == (0, "")


def test_a_caller_who_hangs_up(run: Run) -> None:
    done = run("simulate", CLINIC, *MONDAY, "press:1", "hang-up@14")
    assert done.out.splitlines()[-4:] == [
        f"+0:12  hears in_line: {IN_LINE} (2 of 5 s)",
        "+0:14  the caller hangs up",
        "ended after 0:14: the caller hung up",
        f"{JOURNEY}=open 3:main 12:main=key-1 12:registration 14:caller-hung-up",
    ]
    assert run("simulate", CLINIC, *MONDAY, "press:1", "hang-up").out.splitlines()[-2:] == [
        "ended after 0:12: the caller hung up",
        f"{JOURNEY}=open 3:main 12:main=key-1 12:registration 12:caller-hung-up",
    ]


def test_a_machine_that_answers_is_told_apart(run: Run) -> None:
    outside = '100, "+48 601 000 200" without confirm because "it has no mailbox"'
    Path("out.dial").write_text(GOOD.replace("100, 101", outside), encoding="utf-8")
    for word, end in (
        ("answered", "a person answered (100)"),
        ("answered:+48601000200", "somebody or a machine answered (+48601000200)"),
    ):
        done = run("simulate", "out.dial", *MONDAY, "press:0", word)
        assert f"ended after 0:04: {end}\n" in done.out


def test_an_unproved_plan_can_be_simulated(run: Run) -> None:
    done = run("simulate", "loop.dial", *MONDAY, "silence", "press:0", "answered")
    assert done.out.startswith("note: this plan is not proved (1 error)\nMon 2026-11-23 09:15:00 CET, calling")
    assert "ended after 0:13: a person answered (100)\n" in done.out
    assert (done.status, done.err) == (0, "")


def test_a_call_that_never_ends_is_ended(run: Run) -> None:
    done = run("simulate", "loop.dial", *MONDAY)
    assert done.out.splitlines()[-3:] == [
        '+0:00  hears choices: "Our address: one. Reception: zero." (4 s)',
        "+0:09  main: nothing pressed -> main",
        "+0:09  main again, and so on: this call never ends",
    ]
    assert (done.status, done.err) == (1, "")
    rounds = "answer -> one }\nroute one { answer -> two }\nroute two { answer -> one }"
    Path("round.dial").write_text(GOOD.replace("answer -> main }", rounds), "utf-8")
    done = run("simulate", "round.dial", *MONDAY, "hang-up@20", "press:1")
    assert done.out.splitlines()[-2:] == [
        "+0:00  the call is answered",
        "+0:00  one again, and so on: this call never ends",
    ]
    assert (done.status, done.err) == (1, "")


def test_a_call_that_would_never_end_but_for_the_caller(run: Run) -> None:
    done = run("simulate", "loop.dial", *MONDAY, "hang-up@100")
    assert "ended after 1:40: the caller hung up\n" in done.out
    assert done.out.count("main asks") == 12
    assert done.status == 0


def test_a_plan_that_cannot_be_understood(run: Run) -> None:
    Path("bad.dial").write_text(GOOD.replace("-> main", "-> mein"), "utf-8")
    done = run("simulate", "bad.dial", *MONDAY)
    assert (done.status, done.err) == (1, "")
    assert done.out.endswith("\n\nbad.dial: 1 error; no call can be made\n")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([], 'say when the call comes in, as in `--at "2026-11-23 09:15"`'),
        ([*MONDAY, "busy"], "`busy` cannot happen in the menu `main`"),
        ([*MONDAY, "press:0", "answered:102"], "`answered 102` after 0 s cannot happen in stage 1 of `reception`"),
        ([*MONDAY, "press:0", "answered", "left@3"], "the call was over before `left@3`"),
        ([*MONDAY, "hang-up@900"], "the call was over before the caller could hang up, at 900 s"),
        ([*MONDAY, "--call", "+48 22 1"], "the plan has no line `+48 22 1`, but +48221234567"),
        (["--at", "soon"], "`soon` is no date and time; write it as in `2026-11-23 09:15`"),
    ],
)
def test_calls_that_make_no_sense(run: Run, argv: list[str], words: str) -> None:
    done = run("simulate", "good.dial", *argv)
    assert (done.status, done.err) == (2, f"dialc: {words}\n")


def test_the_line_is_named_where_there_are_several(run: Run) -> None:
    two = GOOD.replace("route start", 'line "+48 22 123 45 68" -> main\nroute start')
    Path("two.dial").write_text(two, "utf-8")
    done = run("simulate", "two.dial", *MONDAY)
    assert done == Done(
        2, "", "dialc: the plan has several numbers; name one with --call: +48221234567, +48221234568\n"
    )
    done = run("simulate", "two.dial", *MONDAY, "--call", "+48 22 123-45-68", "press:0", "answered")
    assert done.out.startswith("Mon 2026-11-23 09:15:00 CET, calling +48221234568\n")


def test_a_call_on_a_day_of_which_the_plan_says_nothing(run: Run) -> None:
    done = run("simulate", "good.dial", "--at", "2027-01-01 00:00", "hang-up@1")
    assert done.out.startswith(
        "note: the plan is valid from 2026-01-01 to 2026-12-31, and says nothing about 2027-01-01\nFri 2027-01-01"
    )
    assert done.status == 0


# Words


@pytest.mark.parametrize(
    ("word", "happens"),
    [
        ("press:1", Happens(Outcome.KEY, key="1")),
        ("press:#@4", Happens(Outcome.KEY, 4, key="#")),
        ("silence", Happens(Outcome.SILENCE)),
        ("answered", Happens(Outcome.ANSWERED)),
        ("answered@0", Happens(Outcome.ANSWERED, 0)),
        ("answered:201@12", Happens(Outcome.ANSWERED, 12, who="201")),
        ("answered:+48601000200", Happens(Outcome.ANSWERED, who="+48601000200")),
        ("no-answer@3", Happens(Outcome.NO_ANSWER, 3)),
        ("empty@30", Happens(Outcome.EMPTY, 30)),
        ("nothing-left", Happens(Outcome.NOTHING_LEFT)),
        ("hang-up", HangsUp(None)),
        ("hang-up@30", HangsUp(30)),
    ],
)
def test_words_and_what_they_say(word: str, happens: Happens | HangsUp) -> None:
    assert script.read(word) == happens


@pytest.mark.parametrize(
    ("word", "complaint"),
    [
        ("pres:1", "`pres:1` is nothing that happens in a call; did you mean `press`?"),
        ("", "`` is nothing that happens in a call (press, silence, answered, busy, "),
        ("answered:", "`answered:` cannot be read; write `answered`, `answered:100` or `answered:100@4`"),
        ("busy@1m", "`busy@1m` cannot be read; write `busy` or `busy@4`"),
        ("busy@123456", "`busy@123456` cannot be read; "),
        ("press", "`press` names no key; write `press:1`, or `press:1@4` for the fourth second"),
        ("press:12", "`press:12` names no key; "),
        ("busy:100", "`busy:100` says too much; write `busy` or `busy@4`"),
        ("silence@3", "`silence@3` says too much; write `silence`"),
        ("hang-up:1", "`hang-up:1` says too much; write `hang-up` or `hang-up@4`"),
    ],
)
def test_words_that_say_nothing(word: str, complaint: str) -> None:
    with pytest.raises(Misuse) as misuse:
        script.read(word)
    assert str(misuse.value).startswith(complaint)


def test_several_keys_are_one_word() -> None:
    first, *others = script.read_all("press:47#@2")
    assert (first, others) == (Happens(Outcome.KEY, 2, key="4"), [Happens(Outcome.KEY, key=key) for key in "7#"])
    assert script.read_all("press:4@2") == (script.read("press:4@2"),)
    with pytest.raises(Misuse, match="names no key"):
        script.read_all("press:4a")


def test_nobody_hangs_up_twice() -> None:
    with pytest.raises(Misuse, match="`hang-up@3`: the caller has hung up already, by `hang-up`"):
        Told(["hang-up", "press:1", "hang-up@3"])


def _word(point: Point, happens: Happens) -> str:
    """The word for what happens at a point."""
    who = happens.who
    name = happens.outcome.value
    if happens.outcome is Outcome.UNCONFIRMED and isinstance(point.step, Ring | Operator):
        phones = point.step.stages[point.turn - 1].phones
        who = next(phone.number for phone in phones if not phone.human)
        assume(not any(phone.human and phone.number == who for phone in phones))
        name = "answered"
    if happens.outcome is Outcome.KEY:
        name, who = "press", happens.key
    who = who or happens.word
    after = "" if happens.after is None or happens.outcome is Outcome.SILENCE else f"@{happens.after}"
    return f"{name}{':' if who else ''}{who}{after}"


@given(strategies.plans(steps=5, acyclic=True), st.data(), st.none() | st.integers(0, 60))
@settings(deadline=None, max_examples=100)
def test_words_make_the_calls_of_the_walker(plan: Plan, data: st.DataObject, hangs_up: int | None) -> None:
    """Whatever happens, said in words, is the call that the walker makes of it, and can be told."""
    at = datetime.datetime(2026, 3, 28, 8, 30, tzinfo=datetime.UTC)
    happened: list[Happens] = []
    words: list[str] = []

    def decide(point: Point) -> Happens:
        happened.append(data.draw(st.sampled_from(oracle.options(point, int(at.timestamp())))))
        words.append(_word(point, happened[-1]))
        return happened[-1]

    number = plan.lines[0].number
    list(experience(plan, number, at, decide))
    if hangs_up is not None:
        words.insert(len(words) // 2, f"hang-up@{hangs_up}")
    caller = Told(words)
    events = list(until(experience(plan, number, at, caller.decide), lambda: caller.hangs_up))
    assert events == list(walk(plan, Call(number, at, tuple(happened), hangs_up)))
    lines = [*telling.told(plan, events), telling.end(plan, events)]
    assert all(line and "\n" not in line for line in lines)
    assert not lines[-1].endswith(": ")


# Instants


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-23 09:15", "2026-11-23T08:15:00+00:00"),
        ("2026-11-23T09:15:07", "2026-11-23T08:15:07+00:00"),
        (" Mon 2026-11-23 09:15:00 CET ", "2026-11-23T08:15:00+00:00"),
        ("2026-11-23 09:15 Z", "2026-11-23T09:15:00+00:00"),
        ("2026-11-23 09:15-05:00", "2026-11-23T14:15:00+00:00"),
        ("2026-10-25 02:30", "2026-10-25T00:30:00+00:00"),
        ("2026-10-25 02:30 CEST", "2026-10-25T00:30:00+00:00"),
        ("2026-10-25 02:30 CET", "2026-10-25T01:30:00+00:00"),
        ("2026-10-25 02:30:00 +0100", "2026-10-25T01:30:00+00:00"),
        ("2026-03-29 02:30 +01", "2026-03-29T01:30:00+00:00"),
    ],
)
def test_instants(written: str, instant: str) -> None:
    found = moment(written, "Europe/Warsaw").instant
    assert found.astimezone(datetime.UTC).isoformat() == instant
    assert str(found.tzinfo) == "Europe/Warsaw"


def test_an_instant_that_comes_twice_is_said_to() -> None:
    assert moment("2026-10-25 02:30", "Europe/Warsaw").remark == (
        "clocks in Europe/Warsaw show 02:30:00 twice that day; this is the first time (CEST), "
        "the second is `2026-10-25 02:30:00 +0100`"
    )
    assert not moment("2026-10-25 03:00", "Europe/Warsaw").remark
    assert not moment("2026-10-25 02:30 CET", "Europe/Warsaw").remark


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("2026-03-29 02:30", "`2026-03-29 02:30` does not exist in Europe/Warsaw: clocks go forward over it, as to "),
        ("2026-11-23", "`2026-11-23` is no date and time; write it as in `2026-11-23 09:15`"),
        ("09:15", "`09:15` is no date"),
        ("2026-02-30 09:15", "`2026-02-30 09:15` is no date"),
        ("2026-11-23 24:00", "`2026-11-23 24:00` is no date"),
        ("2026-11-23 09:15 +99:00", "`2026-11-23 09:15 +99:00` is no date"),
        ("0001-01-01 00:00", "`0001-01-01 00:00` is no date"),
        ("9999-12-31 23:59", "`9999-12-31 23:59` is no date"),
        ("٢٠٢٦-11-23 09:15", "`٢٠٢٦-11-23 09:15` is no date"),
        ("Tue 2026-11-23 09:15", "2026-11-23 is a Monday, not a Tue"),
        ("2026-11-23 09:15 CEST", "clocks in Europe/Warsaw show CET then, not CEST"),
    ],
)
def test_texts_that_are_no_instant(written: str, complaint: str) -> None:
    with pytest.raises(Misuse) as misuse:
        moment(written, "Europe/Warsaw")
    assert str(misuse.value).startswith(complaint)


# Somebody at a terminal


CONTROL_C = "\x03"


ON_A_TERMINAL = """
import signal, sys
from dialc.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main(sys.argv[1:]))
"""
"""Who runs tests in the background has this signal ignored, and children inherit that; at a terminal it works."""


def conversation(folder: Path, answers: list[str], *argv: str) -> tuple[int, str]:
    """Run dialc on a terminal of its own, and give one answer at each `>`: its status and all that was shown."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", ON_A_TERMINAL, *argv],
        cwd=folder,
        env=environment(TERM="dumb"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    with process:
        while True:
            try:
                shown += os.read(ours, 4096)
            except OSError:  # the other side has gone
                break
            if shown.endswith(b"\n> "):
                if not answers:
                    process.kill()
                    break
                if (answer := answers.pop(0)) == CONTROL_C:
                    process.send_signal(signal.SIGINT)
                    while not select.select([ours], [], [], 10)[0]:  # the first may come before reading
                        process.send_signal(signal.SIGINT)
                os.write(ours, answer.encode())
        os.close(ours)
    assert not answers
    return process.returncode, shown.decode().replace("\r\n", "\n")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "good.dial").write_text(GOOD, encoding="utf-8")
    (tmp_path / "loop.dial").write_text(LOOP, encoding="utf-8")
    return tmp_path


def test_a_conversation(office: Path) -> None:
    answers = ["5x\n", "busy\n", "1\n", "answered:7\n", "answered:101\n"]
    status, shown = conversation(office, answers, "simulate", "good.dial", *MONDAY)
    assert (
        shown
        == """\
Mon 2026-11-23 09:15:00 CET, calling +48221234567
+0:00  the call is answered
+0:00  main asks, try 1 of 1
       "Our address: one. Reception: zero." (4 s), then 5 s to press a key
       1 our address, 0 reception, another key; Enter: none is pressed; hang-up
> 5x
  `5x` is nothing that happens in a call (press, silence, answered, busy, no-answer, unavailable, declined, timeout, \
empty, full, failure, closing, left, nothing-left, failed, over, limit, answer, booked, no-number, hang-up)
> busy
  `busy` cannot happen in the menu `main`
> 1
+0:00  hears choices: "Our address: one. Reception: zero." (4 s)
+0:04  main: presses 1 -> directions
+0:04  hears address: "You find us at 1 Main Street." (4 s)
+0:08  reception rings 100, 101
       20 s to answer
       answered, answered:101, busy, unavailable; Enter: nobody answers; hang-up
> answered:7
  `answered 7` after 0 s cannot happen in stage 1 of `reception`
> answered:101
+0:08  101 answers
ended after 0:08: a person answered (101)
journey: +48221234567 0:start 0:main 4:main=key-1 4:directions 8:reception 8:reception=answered/101
"""
    )
    assert status == 0


def test_a_conversation_about_a_queue_and_a_mailbox() -> None:
    answers = ["1\n", "empty@30\n", "\n", "\n", "left@300\n", "nothing-left\n"]
    status, shown = conversation(Path(CLINIC).parent, answers, "simulate", "clinic.dial", *MONDAY)
    assert (
        f"       {IN_LINE} (5 s), then up to 240 s until somebody answers\n"
        "       answered, answered:203, 2 ring_me, 0 reception, empty, failure; Enter: nobody answers; hang-up\n"
    ) in shown
    assert (
        "       answered, answered:+48601000200, busy, unavailable, declined; Enter: nobody answers; hang-up\n" in shown
    )
    assert (
        "       up to 180 s for a message in mailbox 100\n"
        "       left, left@20, nothing-left, failed; Enter: one of 10 s is left; hang-up\n"
        "> left@300\n"
        "  `left` after 300 s cannot happen in the mailbox `sorry_message`\n"
    ) in shown
    assert "ended after 1:27: the plan hung up\n" in shown
    assert status == 0


@pytest.mark.parametrize("answer", ["hang-up\n", "\x04"])
def test_hanging_up_in_a_conversation(office: Path, answer: str) -> None:
    status, shown = conversation(office, ["hang-up@3\n", "0\n", answer], "simulate", "good.dial", *MONDAY)
    assert "  here, it is `hang-up`, and at once\n" in shown
    assert shown.endswith(
        "+0:04  the caller hangs up\n"
        "ended after 0:04: the caller hung up\n"
        "journey: +48221234567 0:start 0:main 4:main=key-0 4:reception 4:caller-hung-up\n"
    )
    assert status == 0


def test_several_keys_are_pressed_by_one_word(office: Path) -> None:
    asks = GOOD.replace("-> directions", "-> number").replace(
        "plan office",
        """
collect number { play choices  digits 4  tries 1  accept any -> directions }
plan office""",
    )
    (office / "asks.dial").write_text(asks, encoding="utf-8")
    status, shown = conversation(office, [], "simulate", "asks.dial", *MONDAY, "press:1", "press:4711@2", "busy")
    assert [line.rpartition(" ")[2] for line in shown.splitlines() if "presses " in line][-4:] == ["4", "7", "1", "1"]
    assert status == 0


def test_a_conversation_goes_round_as_long_as_somebody_likes(office: Path) -> None:
    answers = ["\n"] * 5 + [CONTROL_C]
    status, shown = conversation(office, answers, "simulate", "loop.dial", *MONDAY)
    assert shown.count("main asks") == 6
    assert "Traceback" not in shown
    assert status == 130


def test_at_a_terminal_a_call_can_come_in_now(office: Path) -> None:
    always = GOOD.replace("valid 2026-01-01 to 2026-12-31\n", "")
    (office / "always.dial").write_text(always, encoding="utf-8")
    status, shown = conversation(office, ["hang-up\n"], "simulate", "always.dial")
    assert shown.splitlines()[-2].startswith("ended after 0:00: ")
    assert status == 0
    (office / "past.dial").write_text(GOOD.replace("2026", "2006"), encoding="utf-8")
    status, shown = conversation(office, [], "simulate", "past.dial")
    assert shown.startswith("dialc: the plan is valid from 2006-01-01 to 2006-12-31, and says nothing about 20")
    assert shown.endswith('; name another day, as in `--at "2026-11-23 09:15"`\n')
    assert status == 2


# The calls of findings


@pytest.mark.parametrize("name", ["C01", "C04", "C12", "C16"])
def test_the_call_of_a_finding_is_made(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also of a warning, which refuses no plan."""
    path = tmp_path / "clinic.dial"
    path.write_text(RULES[name].plan, encoding="utf-8")
    (finding,) = judge(Source("clinic.dial", RULES[name].plan)).findings
    for words in ([], [name.lower()]):
        assert main(["simulate", str(path), "--witness", *words]) == 0
        first, *told = capsys.readouterr().out.splitlines()
        assert first == f"{name}: {finding.message}"
        assert told[0] == finding.call[0]
        assert told[-1] == finding.call[-1]
        seconds = [int(line[1:].partition(":")[0]) * 60 + int(line[4 - (line[2] == ":") :][:2]) for line in told[1:]]
        assert seconds == sorted(seconds)


def test_where_nothing_is_broken_there_is_no_call_to_make(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = str(office / "good.dial")
    assert main(["simulate", good, "--witness"]) == 0
    assert "no rule is broken by a call" in capsys.readouterr().out
    for arguments in (["C07"], ["C07", "--at", "2026-11-23 09:15"]):
        assert main(["simulate", good, "--witness", *arguments]) == 2
