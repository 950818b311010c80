"""A long wait is not all there is.

Nobody waits for longer than the law says without a way to leave their number or a message: a call-back or a mailbox.
The wait begins as somebody is on the way to people, with no more questions before: as the call comes in where the plan
asks nothing, else behind the last menu. It goes on over prompts, rings and queues. It ends as somebody answers, as the
caller presses a key, as a menu asks something new, or in a queue of which a key leads to a call-back or a mailbox at
once.

How long callers really wait depends on the people who answer. What is decided here is what becomes of those for whom
nobody is free in time.

Asked by: :doc:`pt-134-2009 </policies/pt-134-2009>` (articles 6(2) to 6(4): 60 seconds).

Bad::

    plan office "Example Ltd"
    timezone Europe/Lisbon  language en
    policy pt-134-2009
    line "+351 21 123 4567" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      tries 2
    }
    queue sales {
      members 201, 202  ring-all  ring 15s
      announce position every 30s  patience 2m
      key 0 -> reception
      timeout -> reception
    }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }

Says::

    error[P004]: callers can wait for more than 1 min and leave nothing (pt-134-2009, art. 6(2) to 6(4))
      --> plan.dial:11:1
       |
    11 | queue sales {
       | ^^^^^^^^^^^^^
       = caller: waits on, and can neither leave a message nor be called back
       = call: Thu 2026-01-01 00:00:00 WET, calling +351211234567
               +0:00  main: presses 1 -> sales
               +1:01  sales: still waits, and is offered nothing else
       = help: write a key that leads to a `callback`

Good::

    plan office "Example Ltd"
    timezone Europe/Lisbon  language en
    policy pt-134-2009
    callback to PT mobile
    line "+351 21 123 4567" -> main
    menu main {
      play choices
      key 1 "sales"     -> sales
      key 0 "reception" -> reception
      tries 2
    }
    queue sales {
      members 201, 202  ring-all  ring 15s
      play in_line  announce position every 30s  patience 2m
      key 0 -> reception
      key 2 -> ring_me
      timeout -> reception
    }
    prompt in_line { file office/in-line  en "We call you back: two. Reception: zero."  lasts 3s  offers 2, 0 }
    callback ring_me { then call_you  from sales  within always }
    hours always { mon-sun 00:00-24:00 }
    prompt call_you { file office/call-you  en "We call you back. Goodbye."  lasts 3s  goodbye }
    operator reception { ring 100, 101 for 10s  supervisor 110  unanswered -> sorry }
    route sorry { play apology  hang-up }
    prompt choices { file office/choices  en "Sales: one. Reception: zero."  lasts 4s  offers 1, 0 }
    prompt apology { file office/apology  en "We are sorry, nobody can answer. Goodbye."  lasts 4s  apology  goodbye }
"""

from collections.abc import Iterator

from dialc.on_hold import longest
from dialc.packs.checks import Asks, Inquiry
from dialc.plan import Queue
from dialc.rules import Breach
from dialc.witness import spelt, written


def check(inquiry: Inquiry, asks: Asks, *, most: int) -> Iterator[Breach]:
    """The shortest call that waits for longer than `most` seconds and is offered nothing else."""
    if longest(inquiry.waits) <= most:
        return
    shown = inquiry.waits.anywhere(most + 1)
    assert shown is not None
    step = inquiry.plan.steps[shown.witness.step]
    yield asks.breach(
        inquiry.survey,
        "P004",
        step.name,
        f"callers can wait for more than {spelt(most)} and leave nothing",
        step.place,
        caller="waits on, and can neither leave a message nor be called back",
        witness=shown.witness,
        last=f"{written(step.name)}: still waits, and is offered nothing else",
        after=shown.seconds,
        help="write a key that leads to a `callback`" if isinstance(step, Queue) else "",
    )
