"""The catalogue of what FreeSWITCH or one of its sites cannot say: D490 to D499.

In: nothing. Out: `MISTAKES`, a page for each code that `refusals` finds. Each is made by one edit of a plan or a site
that go together, `PLAN` and `SITE`.
"""

from dialc import mistakes
from dialc.mistakes import Mistake

PLAN = """\
plan office "Office"
timezone Europe/Warsaw
language en
valid 2026-01-01 to 2028-12-31

hours opening {
  mon-fri 08:00-16:00
  closed 2026-12-24 to 2026-12-26 "Christmas"
  open 2026-12-27 10:00-12:00
}
switch outage { code *29  starts off }
digits customers { 12345, 23456 }

operator reception {
  play connecting
  ring 100, "+48 601 000 200" confirm for 15s  supervisor 110
  staffed opening plus 15m
  unstaffed  -> night
  unanswered -> sorry
}

prompt welcome    { file office/welcome     en "Welcome."                lasts 2s }
prompt choices    { file office/choices     en "Sales: one."             lasts 3s  offers 1, 2, 0 }
prompt connecting { file office/connecting  en "One moment."             lasts 2s }
prompt number     { file office/number      en "Your number, please."    lasts 3s }
prompt closed     { file office/closed      en "We are closed now."      lasts 3s  says closed opening }
prompt message    { file office/message     en "Leave a message."        lasts 3s }
prompt thanks     { file office/thanks      en "Thank you."              lasts 1s  goodbye }
prompt pardon     { file office/pardon      en "We are sorry."           lasts 3s  apology  goodbye }

line "+48 22 123 45 67" -> start

route start {
  answer
  play welcome
  when switch outage on -> reception
  when opening open -> main
  otherwise         -> night
}

menu main {
  play choices
  key 1 "sales"     -> sales
  key 2 "customers" -> customer
  key 0 "reception" -> reception
  wait 5s  tries 2
}

collect customer {
  play number
  digits 5
  accept customers -> sales
  wait 4s  tries 2
}

route sales { label "Sales"  -> team }
ring team { ring 201, 202 for 15s }
route night { play closed -> box }

mailbox box {
  box 100
  while closed opening
  greeting message
  then thanks
  read by reception within 1 working day
  nothing-left -> sorry
  failed       -> sorry
}

route sorry { play pardon  hang-up }
"""
"""A plan with one of each kind of step that people use most: all of it can be written for `SITE`."""

SITE = mistakes.SITE.replace("asterisk 22", "freeswitch 11").replace(
    "PJSIP/{number}@provider", "sofia/gateway/provider/{number}"
)
"""The PBX of that plan."""


_CASABLANCA = PLAN.replace("Europe/Warsaw", "Africa/Casablanca").replace(
    """  closed 2026-12-24 to 2026-12-26 "Christmas"
  open 2026-12-27 10:00-12:00
""",
    "",
)
"""The same plan where clocks are changed for Ramadan, and without dates of its own."""


def _plan_edit(code: str, title: str, old: str, new: str, page: str) -> Mistake:
    """A mistake that the plan has once `new` stands for `old`."""
    return Mistake(code, title, page, PLAN.replace(old, new, 1), PLAN)


def _site_edit(code: str, title: str, old: str, new: str, page: str) -> Mistake:
    """A mistake that the site has once `new` stands for `old`."""
    return Mistake(code, title, page, SITE.replace(old, new, 1), SITE, of_site=True)


MISTAKES: tuple[Mistake, ...] = (
    _site_edit(
        "D490",
        "a site of another PBX than FreeSWITCH",
        "freeswitch 11",
        "freeswitch 9",
        """
A site names the PBX it describes and its release. Files for FreeSWITCH are written for 1.10 and 1.11, of which a site
gives the second number: ``site office for freeswitch 11``.
""",
    ),
    _plan_edit(
        "D491",
        "a word that FreeSWITCH reads as something else",
        "file office/welcome ",
        "file office/x-pre-process ",
        """
Names, numbers, dial strings and sound files stand in XML that FreeSWITCH reads line by line before it reads it as XML:
a line that speaks of ``x-pre-process`` is lost, ``${…}`` is carried out, and a comma divides phones. So words are held
to letters that mean nothing.
""",
    ),
    _site_edit(
        "D492",
        "a line that calls to a FreeSWITCH do not find",
        "delivers plus, national  country PL",
        "delivers national  country DE",
        """
A trunk delivers a called number in some of the forms ``+48221234567``, ``48221234567``, ``0048221234567`` and
``221234567``, the last one for numbers of its own country only; each gets an extension. Where no trunk delivers
anything, no call arrives; where two lines share a form, which of them was called cannot be known.
""",
    ),
    _plan_edit(
        "D493",
        "a phone that the site of a FreeSWITCH does not know",
        "ring 201,",
        "ring 301,",
        """
A plan names phones by their numbers, and a site says how a number rings: ``phones 100-299 dial contacts`` for users of
the directory, ``dial "sofia/internal/{number}@pbx.example"`` for others, and a trunk that can ``dial`` for outside
ones.
""",
    ),
    _plan_edit(
        "D494",
        "a step that the files for FreeSWITCH do not have",
        "ring team { ring 201, 202 for 15s }",
        "queue team { members 201, 202  key 0 -> reception  patience 4m }",
        """
Queues, bots, lookups and call-backs are not written for FreeSWITCH: nothing that stands for them would do as the plan
says. A ring with several stages is one way to do without a queue, a mailbox one to
do without call-backs.
""",
    ),
    _site_edit(
        "D495",
        "mailboxes that would be written into the directory",
        "  phones 100-299",
        '  mailboxes context default emitted { box 100 pin 4711 "Reception" }\n  phones 100-299',
        """
On a FreeSWITCH, a mailbox belongs to a user of the directory, who may have a phone as well. Only one file can say what
a user is, and that one is yours: give the user a ``vm-password`` there, and write ``mailboxes context default
existing``. The context is the domain of the mailboxes, or ``default`` for the PBX's own.
""",
    ),
    Mistake(
        "D496",
        "a zone whose clocks follow no rule",
        """
The files work out by themselves what a clock shows, since FreeSWITCH's own table has one rule for each zone, and
compares with whatever stands in memory where a zone is missing from it. Clocks that are changed by weekday and month go
on by that rule. Where they are changed by another calendar, as in Morocco around Ramadan, the changes are written out,
which takes a day until which the plan is ``valid``.
""",
        _CASABLANCA.replace("valid 2026-01-01 to 2028-12-31\n", ""),
        _CASABLANCA,
    ),
    _plan_edit(
        "D497",
        "hours kept open on a FreeSWITCH for longer than they are",
        "staffed opening plus 15m",
        "staffed opening plus 9h",
        """
Whether an operator is staffed is told by looking at the hours as they are now and as they were ``plus`` before, and at
no moment between. That is exact while every opening lasts at least as long as what is added to it.
""",
    ),
    _site_edit(
        "D498",
        "codes of staff where calls come in to a FreeSWITCH",
        "  phones 100-299",
        "  enter public  codes internal public\n  phones 100-299",
        """
Staff turn switches by dialling codes, in the contexts that a site names with ``codes internal``. In a context through
which calls come in, whoever calls could dial them, too.
""",
    ),
    _plan_edit(
        "D499",
        "more prompts than FreeSWITCH plays in a row",
        "  play number\n",
        "  play number\n" * 101,
        """
Prompts that are played in a row go into a space for 128 files, so that a menu or collect has at most 100 of them.
""",
    ),
)
"""Every code of this backend, in order."""
