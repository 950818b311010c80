"""`dialc simulate`: make a call through a plan, in the terminal.

In: the file of a plan, an instant, a line, and what happens in the call: as words, or asked for at each point where
something can happen. Out: what the caller goes through, how the call ends, and the journey that a PBX would record.
"""

import datetime
import zoneinfo
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator

from dialc import numbers
from dialc.call import Arrived, CannotHappen, Event, HungUp, Reads, Spoken, as_turned, experience, journey, until
from dialc.callers import WITHHELD
from dialc.cli import terminal
from dialc.cli.arguments import Parser
from dialc.cli.callers import Asked, Caller, Told
from dialc.cli.reading import read, sounds
from dialc.cli.script import Moment, called, moment, outside, switches
from dialc.cli.terminal import Misuse, say
from dialc.cli.verdicts import count, judged, show
from dialc.findings import visible
from dialc.plan import Plan, Verified
from dialc.telling import begin, end, told
from dialc.witness import clock, written

EPILOG = """\
What happens is said in words, in the order of the call:

  press:1  press:1@4          a key is pressed; 4 s after the prompts began
  press:4711#                 keys are pressed, one at once after the other
  silence                     no key is pressed
  answered  answered:201@12   somebody answers; on the phone 201, after 12 s
  busy  no-answer  unavailable  declined        what else comes of phones
  timeout  empty  full  failure                 what else comes of a queue
  left  left@20               a message is left; one of 20 s
  nothing-left  failed                          what else comes of a mailbox
  over  limit  failed                           what comes of a bot
  answer:vip  failed  timeout                   what comes of a lookup
  booked  no-number  failed                     what comes of a call-back
  hang-up@30                  the caller hangs up, 30 s into the call

When the words are used up, nobody does anything any more: no key is pressed,
phones ring to the end, a message of 10 s is left, a call-back is booked.
Whoever gives no words at a terminal is asked at each point where something can
happen."""


def parser() -> Parser:
    """The arguments of the command."""
    found = Parser("simulate", "Make a call through a plan, in the terminal.", EPILOG)
    found.add_argument("plan", metavar="PLAN", help="the file of a plan (.dial)")
    found.add_argument("words", metavar="WORD", nargs="*", help="what happens, in the order of the call")
    found.add_argument("--at", metavar="TIME", help='when the call comes in, as in "2026-11-23 09:15"')
    found.add_argument("--call", metavar="NUMBER", help="the number that is called, if the plan has several")
    found.add_argument("--from", metavar="NUMBER", dest="caller", help="who calls: a number in full, or `withheld`")
    found.add_sounds()
    found.add_argument(
        "--switch", metavar="NAME=POSITION", action="append", default=[], help="how a switch stands, as in outage=on"
    )
    found.add_argument(
        "--witness",
        metavar="CODE",
        nargs="?",
        const="",
        help="make the call of a finding instead: of the first one, or of a rule, as in C07",
    )
    return found


def run(arguments: Namespace) -> int:
    """Make a call; 0, or 1 for a plan that cannot be understood and a call that never ends. Raises `Misuse`."""
    found = judged(arguments.plan, read(arguments.plan), sounds(arguments.sounds))
    if found.verdict is None:
        show(found.findings)
        say(f"{visible(arguments.plan)}: {count(found.findings)}; no call can be made")
        return 1
    plan = found.verdict.plan
    if arguments.witness is not None:
        if arguments.words or arguments.at or arguments.call or arguments.caller or arguments.switch:
            raise Misuse("the call of a finding is told by the finding: leave out everything but --witness")
        from dialc.cli import witnesses  # who makes a call of their own waits for no proof

        return witnesses.show(plan, arguments.witness.upper())
    number = called(plan, arguments.call, "--call")
    when = _now(plan) if arguments.at is None else moment(arguments.at, plan.zone)
    turned, who = switches(plan, arguments.switch), _caller(arguments.caller)
    caller: Caller = Told(arguments.words)
    if not arguments.words and terminal.asks():
        caller = Asked(plan, number, when.instant, as_turned(turned), who)
    if not isinstance(found.verdict, Verified):
        say(f"note: this plan is not proved ({count(found.findings)})")
    for remark in filter(None, (when.remark, outside(plan, when.instant))):
        say(f"note: {remark}")
    return _made(plan, number, who, when.instant, caller, as_turned(turned))


def _caller(written: str | None) -> str:
    """Who calls, in E.164 or `withheld`; empty where it was not said. Raises `Misuse`."""
    if written is None or written == WITHHELD:
        return written or ""
    number = numbers.e164(written)
    if number is None:
        raise Misuse(f"`{visible(written)}` is no number in full, as in `+48 600 111 222`, nor `{WITHHELD}`")
    return number


def _now(plan: Plan) -> Moment:
    """This second, for somebody at a terminal. Raises `Misuse` where that is not meant."""
    now = datetime.datetime.now(zoneinfo.ZoneInfo(plan.zone)).replace(microsecond=0)
    if not terminal.asks():
        raise Misuse('say when the call comes in, as in `--at "2026-11-23 09:15"`')
    if remark := outside(plan, now):
        raise Misuse(f'{remark}; name another day, as in `--at "2026-11-23 09:15"`')
    return Moment(now)


class _Endless(Exception):
    """A call goes round, and nothing that was said about it will ever end it."""


def _made(plan: Plan, number: str, who: str, at: datetime.datetime, caller: Caller, reads: Reads) -> int:
    """Make the call and tell it as it goes on; 0, or 1 if it never ends. Raises `Misuse` for words left over."""
    say(begin(plan, number, at, who))
    events: list[Event] = []
    course = until(experience(plan, number, at, caller.decide, reads, who), lambda: caller.hangs_up)
    try:
        for line in told(plan, _kept(_watched(course, plan, caller), events)):
            say(line)
    except _Endless as endless:
        say(f"{clock(events[-1].at)}  {endless} again, and so on: this call never ends")
        return 1
    except CannotHappen as impossible:
        raise Misuse(str(impossible)) from None
    say(end(plan, events))
    say(f"journey: {journey(plan, number, events)}")
    if caller.left:
        raise Misuse(f"the call was over before `{visible(caller.left)}`")
    if caller.hangs_up is not None and events[-1] != HungUp(caller.hangs_up, "caller"):
        raise Misuse(f"the call was over before the caller could hang up, at {caller.hangs_up} s")
    return 0


def _kept(course: Iterable[Event], events: list[Event]) -> Iterator[Event]:
    """The events, each put into a list on its way."""
    for event in course:
        events.append(event)
        yield event


def _watched(course: Iterable[Event], plan: Plan, caller: Caller) -> Iterator[Event]:
    """The events, of which the caller notices the language; raises `_Endless` where a caller comes round more often
    than the plan lets them, and nothing new is said and, if they hang up one day, no time passes.
    """
    most = 1 + sum(plan.limit(target) for target in plan.targets())
    passed = Counter[tuple[int, int, str]]()
    for event in course:
        yield event
        if isinstance(event, Spoken):
            caller.language = event.language
        if isinstance(event, Arrived):
            round = (caller.said, 0 if caller.hangs_up is None else event.at, event.step)
            passed[round] += 1
            if passed[round] > most:
                raise _Endless(written(event.step))
