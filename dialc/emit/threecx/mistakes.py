"""The catalogue of what a 3CX or one of its sites cannot say: the codes from D470 on.

In: nothing. Out: `MISTAKES`, a page for each code that this package finds. Each is made by one edit of a plan or a site
that go together, `PLAN` and `SITE`.
"""

from dialc.mistakes import Mistake

PLAN = """\
plan office "Office"
timezone Europe/Warsaw
language en
valid 2026-01-01 to 2026-12-31

hours opening {
  mon-fri 08:00-16:00
  closed 2026-12-24 to 2026-12-26 "Christmas"
}

line "+48 22 123 45 67" -> start
line "+48 22 123 45 70" to "+48 22 123 45 79" -> staff

route start {
  when opening open -> main
  otherwise         -> reception
}

menu main {
  play welcome
  play choices
  key 1 "sales" -> sales
  key 2 "service" -> service
  key 3 "address" -> where
  key 0 -> reception
  wait 5s  tries 2
}

menu where {
  play address
  key 1 "back" -> back
  key 0 -> reception
  wait 3s  tries 1
}

route back { again main at most 1 then reception }

ring sales { ring 101, 102 for 10s }

queue service {
  play in_line
  members 201, 202  longest-idle  ring 12s
  announce position every 30s
  patience 4m
  key * -> reception
}

extensions staff { 230-239  ring for 15s }

operator reception {
  ring 100, 101 for 15s  supervisor 110
  unanswered -> message
}

mailbox message {
  box 190  greeting pardon  read by reception within 1 working day
  left -> bye  nothing-left -> bye  failed -> bye
}

route bye { hang-up }

prompt welcome { file office/welcome  en "Welcome."                          lasts 2s }
prompt choices { file office/choices  en "Sales: one. Service: two."         lasts 4s  offers 1, 2, 3, 0 }
prompt address { file office/address  en "1 Main Street."                    lasts 3s  offers 1, 0 }
prompt in_line { file office/in-line  en "We are with you soon. Star: back." lasts 3s  offers * }
prompt pardon  { file office/pardon   en "We are sorry. Leave a message."    lasts 3s  apology  goodbye }
"""
"""A plan of all that a 3CX can say."""

SITE = """\
site office for 3cx 20 {
  trunk provider { delivers plus, national  country PL  extension 10000 }
  phones 100-299 dial contacts
  numbers 800-899
}
"""
"""The PBX of that plan."""


def _plan_edit(code: str, title: str, old: str, new: str, page: str) -> Mistake:
    """A mistake that the plan has once `new` stands for `old`."""
    return Mistake(code, title, page, PLAN.replace(old, new), PLAN)


def _site_edit(code: str, title: str, old: str, new: str, page: str) -> Mistake:
    """A mistake that the site has once `new` stands for `old`."""
    return Mistake(code, title, page, SITE.replace(old, new), SITE, of_site=True)


MISTAKES: tuple[Mistake, ...] = (
    _site_edit(
        "D470",
        "a site that is no known 3CX",
        "3cx 20",
        "3cx 16",
        """
A site names the PBX it describes and its release. Objects of a 3CX are written as releases 18 and 20 have them; those
before have other rules, with one target each.
""",
    ),
    _plan_edit(
        "D471",
        "a prompt that no key may cut",
        "  otherwise         -> reception\n}\n",
        "  otherwise         -> night\n}\nroute night { play welcome -> reception }\n",
        """
``play`` is heard whole, and keys that are pressed meanwhile are lost. A 3CX plays prompts to callers in a digital
receptionist only, which a key cuts, and which waits for a second at least when its prompt is over. So a prompt stands
in a menu, where the plan itself says that a key cuts it; what an operator would play between its telephones is left
out, and what is to be said when nobody answers is the greeting of a mailbox.
""",
    ),
    _plan_edit(
        "D472",
        "a step for which a 3CX has no object",
        "ring sales { ring 101, 102 for 10s }",
        'route sales { label "SALES" -> reception }',
        """
A 3CX has digital receptionists, ring groups, queues and voicemail. Nothing among these asks for several digits, a
service, a switch or who is calling, books a call-back by itself, lets callers leave a machine, records from one point
of a call on, or shows a label. (3CX's Call Flow Designer makes programs that can do some of it; dialc writes none.)
""",
    ),
    _plan_edit(
        "D473",
        "a key that a 3CX does not hear",
        "  key * -> reception\n",
        "  key 0 -> reception\n",
        """
The menus of a 3CX hear the digits 0 to 9, one at a time; ``*`` and ``#`` are wrong keys there. Its queues hear ``*``
alone: whoever presses it is sent where callers go when nobody answers, whether a plan says so or not. So a queue has a
key ``*``, which leads where ``timeout`` does, and no other. (Key 0 is then missing, which :ref:`C15` reports: waive it
there, or let phones ring in a ring.)
""",
    ),
    _plan_edit(
        "D474",
        "two ways that a 3CX does not tell apart",
        "ring sales { ring 101, 102 for 10s }",
        "ring sales { ring 101, 102 for 10s  busy -> message }",
        """
A ring group has one destination for callers whom nobody has answered, be all telephones busy, gone, or left to ring. So
has a queue, for those whose patience is over, whom nobody is there for, for whom there is no room, and who press ``*``.
In a plan these ways are several, and for a 3CX they lead to one place.
""",
    ),
    _plan_edit(
        "D475",
        "hours that are asked for in the midst of a call",
        "  unanswered -> message\n",
        "  staffed opening\n  unstaffed  -> message\n  unanswered -> message\n",
        """
A 3CX looks at its clock as a call comes in, at the inbound rule, and not again. A branch that comes later, or an
operator that is ``staffed``, can be written only if no call finds it otherwise than it was: dialc works out, to the
second, when callers can get there. Ask for hours in the route to which the line leads, before anything is heard; and
keep an operator staffed for so much longer, by ``plus``, that nobody comes too late who came in time.
""",
    ),
    _plan_edit(
        "D476",
        "hours that a 3CX cannot keep",
        '"Christmas"\n',
        '"Christmas"\n  open 2026-12-27 10:00-14:00\n',
        """
An inbound rule has a week of its own, and three ways: while it is open, while it is closed, and on holidays. Holidays
belong to the whole PBX, and close. So the lines of a plan have one time zone and the same holidays; a line asks for one
block of hours, which is no combination and has no switch; no exception opens when the week is closed, or leads
elsewhere than others do.
""",
    ),
    _plan_edit(
        "D477",
        "a telephone elsewhere",
        "ring 101, 102 for 10s",
        'ring 101, "+48 601 000 200" confirm for 10s',
        """
The members of a ring group are extensions. A call that a 3CX sends to an outside number is gone: no key confirms that a
person has answered, and nothing follows if nobody does. Somebody who is elsewhere can have an extension there, with the
3CX app on a mobile phone.
""",
    ),
    _site_edit(
        "D478",
        "a number that is missing or taken",
        "800-899",
        "200-899",
        """
On a 3CX, each try of a menu, each stage of telephones and each queue has a number of its own, among those of
extensions. A site says which ``numbers`` are free; there must be as many as the plan needs, and no phone or trunk may
have one. Trunks have a virtual extension, by which rules are told apart, and each phone or mailbox of the plan is an
extension of the site.
""",
    ),
    _plan_edit(
        "D479",
        "a word that would not be a name on a 3CX",
        "office/address",
        "office-welcome",
        """
Names of the plan and its steps become names of objects, and those of recordings become file names in one folder, with
``-`` for ``/``. They are held to letters, digits, ``_`` and ``-``, and two recordings must not become one file.
""",
    ),
    _plan_edit(
        "D480",
        "a line for which there is no rule, or one of another line",
        'line "+48 22 123 45 70" to "+48 22 123 45 79" -> staff',
        "line short 221234567 -> reception",
        """
A rule is for one number, as a trunk delivers it. A line has one for each of its numbers in each form of each trunk, so
that it has at most 100 numbers; where no trunk delivers any, no call arrives, and where two lines share one, which of
them was called cannot be known.
""",
    ),
    _plan_edit(
        "D481",
        "an answer with nothing to hear behind it",
        "route start {\n  when opening open -> main\n",
        "route start {\n  answer\n  when opening open -> main\n",
        """
A 3CX takes a call as a menu, a queue or voicemail begins; before ring groups it lets the caller hear ringing, and
nobody pays. ``answer`` ahead of telephones says otherwise, and no object takes a call without saying anything.
""",
    ),
    _plan_edit(
        "D482",
        "wrong keys that lead to no number",
        "  wait 3s  tries 1\n",
        "  wait 3s  tries 1  invalid -> message\n",
        """
Where a digital receptionist sends those who press a wrong key has to be a receptionist, a ring group or a queue.
Voicemail and the end of the call are none, and without such a target the prompt would be repeated for as long as
somebody presses wrong keys.
""",
    ),
    _plan_edit(
        "D483",
        "a mailbox as a 3CX has none",
        "left -> bye  nothing",
        "up to 60s  left -> bye  nothing",
        """
A mailbox of a 3CX is that of an extension. It has one greeting, which dialc sets; it ends messages when it likes; and
behind it the call ends, whether a message was left or not. So every way from a mailbox leads to ``hang-up`` and nothing
else, ``up to`` is left out, and steps that use one box have one greeting.
""",
    ),
    _plan_edit(
        "D484",
        "a queue as a 3CX has none",
        "longest-idle",
        "random",
        """
Queues of a 3CX ring all members, or one after another by an order of their own: the longest waiting, the fewest calls,
in turn, in the order written. Tiers, codes to sign in by that a plan chooses, and a closing time are not among what
they can; music is a file that the site names.
""",
    ),
    _plan_edit(
        "D485",
        "a circle that nothing counts",
        '  key 1 "back" -> back\n',
        '  key 1 "back" -> main\n',
        """
Objects are created one after another, each when those are there to which it leads. A circle has no beginning; and since
a plan with one is not proved (:ref:`C01`), only ``--unproved`` gets this far. An ``again`` is no circle: what callers
come back to is there once more for each return.
""",
    ),
    Mistake(
        "D486",
        "a choice of languages",
        """
An object of a 3CX plays one recording, and the PBX speaks one language to everybody in a queue. A line for each
language, in plans of their own, does without the choice.
""",
        PLAN.replace("language en\n", "language en\nlanguages en, pl\n").replace('"sales" ->', '"sales" speaks pl ->'),
        PLAN,
    ),
    _plan_edit(
        "D487",
        "a time that a 3CX cannot count",
        "ring 101, 102 for 10s",
        "ring 101, 102 for 20h",
        """
Seconds are counted in 16 bits, up to 65535, which is 18 hours and some minutes.
""",
    ),
    _site_edit(
        "D488",
        "a setting that means nothing on a 3CX",
        "  numbers 800-899\n",
        "  numbers 800-899\n  enter from-provider\n",
        """
Contexts, codes, dial strings, services and mailboxes that dialc writes are Asterisk's. On a 3CX a phone rings wherever
its extension is registered, a mailbox is that of an extension, and rules of trunks let calls in.
""",
    ),
    _plan_edit(
        "D489",
        "what there cannot be two of",
        "  key * -> reception\n",
        "  timeout -> where  empty -> where  failure -> where\n  key * -> where\n",
        """
What lies behind an ``again`` is there once for each return, since nothing on a 3CX counts; and what leads to the
operator of the line that was called is there once for each of them. That does for menus and phones; but callers of two
copies of a queue would not stand in one line, and staff would have two groups to hand a caller up to. So what lies
behind those is the same for everybody.
""",
    ),
)
