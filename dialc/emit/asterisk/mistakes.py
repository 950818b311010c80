"""The catalogue of what Asterisk or one of its sites cannot say: the D4 codes.

In: nothing. Out: `MISTAKES`, a page for each code that `refusals` finds. Each is made by one edit of a plan or a site
that go together, `PLAN` and `SITE`.
"""

from dialc import mistakes
from dialc.mistakes import Mistake
from dialc.mistakes.callbacks import CALLBACK

PLAN = (
    CALLBACK.replace("PL mobile", "PL mobile, AR mobile, DE fixed")
    .replace(
        "  patience 4m\n", "  patience 4m\n  music waiting\n  members sign in with *31 out with *32 among 291-299\n"
    )
    .replace("  when opening open", "  when switch outage on -> sorry\n  when opening open")
    .replace("operator reception", "switch outage { code *29  starts off }\n\noperator reception")
    .replace(
        "route night { play closed -> sorry }\n",
        "route night { play closed -> message }\n"
        "mailbox message { box 100  while closed opening  greeting pardon  read by reception within 1 working day }\n",
    )
    .replace("language en\n", "language en\nlanguages en, pl\n")
    .replace('  key 1 "sales" -> sales\n', '  key 1 "sales" -> sales\n  key 2 "po polsku" speaks pl -> sales\n')
)
"""A plan in two languages with a mailbox, a switch, music, members who sign in and a call-back: all exist at `SITE`."""

SITE = mistakes.SITE.replace(
    "  phones 100-299 dial contacts\n",
    "  phones 100-299 dial contacts\n"
    '  phones 400-409 dial "Local/{number}@machines/n"\n'
    '  sounds "office"\n'
    '  mailboxes context office  emitted { box 100 pin 4711 "Reception" }\n'
    "  music waiting = default\n",
)
"""The PBX of that plan."""

FREEPBX = mistakes.SITE.replace(
    "  phones 100-299 dial contacts\n",
    "  phones 100-299 dial contacts\n"
    '  sounds "office"\n'
    "  mailboxes context default existing\n"
    "  music waiting = default\n"
    "  enter from-pstn-custom\n"
    "  codes internal from-internal-custom\n"
    "  beside freepbx\n",
)
"""Another PBX of that plan, one whose files FreePBX writes."""


def _plan_edit(code: str, title: str, old: str, new: str, page: str) -> Mistake:
    """A mistake that the plan has once `new` stands for `old`, everywhere."""
    return Mistake(code, title, page, PLAN.replace(old, new), PLAN)


def _site_edit(code: str, title: str, old: str, new: str, page: str) -> Mistake:
    """A mistake that the site has once `new` stands for `old`."""
    return Mistake(code, title, page, SITE.replace(old, new), SITE, of_site=True)


def _lunch(patience: str) -> str:
    """A plan with a queue that closes for three minutes at noon."""
    plan = PLAN.replace("patience 4m", f"{patience}  staffed phones  closing -> night")
    return plan.replace(
        "operator reception {", "hours phones { mon-fri 09:00-12:00, 12:03-17:00 }\n\noperator reception {"
    )


def _elsewhere(state: str) -> str:
    """Phones of which some ring by a dial string that names no endpoint."""
    odd = f'  phones 290-299 dial "Local/{{number}}@phones/n" state "{state}"'
    return f"  phones 100-289 dial contacts\n{odd}"


MISTAKES: tuple[Mistake, ...] = (
    _site_edit(
        "D401",
        "a site of another PBX",
        "asterisk 22",
        "asterisk 13",
        """
A site names the PBX it describes and its release. Files for Asterisk are written for the releases 16 to 22, in which
everything exists that they use.
""",
    ),
    _plan_edit(
        "D402",
        "a name that Asterisk cuts",
        "sales",
        "s" * 64,
        """
Each step becomes a context ``dialc-PLAN-GENERATION-STEP``, and Asterisk cuts the names of contexts and queues after 79
bytes without a word. Two cut names may be one, and callers of one step would arrive at the other.
""",
    ),
    _site_edit(
        "D403",
        "a word that Asterisk reads as something else",
        "  music waiting",
        "  enter globals\n  music waiting",
        """
Names, numbers, dial strings, sound files, keys and zones stand in configuration files, where commas, semicolons,
quotes, brackets and ``$`` mean something. They are held to letters that mean nothing, and dial strings have one place,
``{number}``, which is filled with digits. An entry is a context in which calls arrive; ``general`` and ``globals`` are
none.
""",
    ),
    _site_edit(
        "D404",
        "a line that calls do not find",
        "delivers plus, national  country PL",
        "delivers national  country DE",
        """
A trunk delivers a called number in some of the forms ``+48221234567``, ``48221234567``, ``0048221234567`` and
``221234567``, the last one for numbers of its own country only; each gets an entry. Where no trunk delivers anything,
no call arrives; where two lines share a form, which of them was called cannot be known.
""",
    ),
    _plan_edit(
        "D405",
        "a list that Asterisk cuts",
        "ring 100,",
        f"ring {', '.join(str(number) for number in range(100, 120))},",
        """
Phones that are rung together, and sound files that are played one after the other, stand in one line, whose length is
limited. At most 20 phones ring in one stage, since each may have several devices with long addresses.
""",
    ),
    _plan_edit(
        "D406",
        "a phone that the site does not know",
        "ring 100,",
        "ring 300,",
        """
A plan names phones by their numbers, and a site says how a number rings: ``phones 100-299 dial contacts`` for those of
the PBX, and a trunk that can ``dial`` for outside ones.
""",
    ),
    _site_edit(
        "D407",
        "a phone of which nobody knows whether it is there",
        "phones 100-299 dial contacts",
        'phones 100-299 dial "Local/{number}@from-queue/n"',
        """
A queue is empty when none of its phones can be reached, and Asterisk knows that by the state of a device. A phone that
rings through a ``Local`` channel has none, so the site names the device behind it: ``state "PJSIP/{number}"``, or
``state "hint:{number}@ext-local"`` where a hint tells.
""",
    ),
    _site_edit(
        "D408",
        "a mailbox that is not there",
        "box 100 ",
        "box 101 ",
        """
Where the mailboxes are ``emitted``, dialc writes those that the site lists, and a plan can use no others. Where they
are ``existing`` they cannot be looked at beforehand; a mailbox that is missing then comes out as ``failed``.
""",
    ),
    _plan_edit(
        "D409",
        "one mailbox with two longest messages",
        "mailbox message {",
        "mailbox other { box 100  up to 1m  read by reception within 1 working day }\nmailbox message {",
        """
How long a message may last is a property of the mailbox in voicemail.conf (``maxsecs``), so that all steps that use one
mailbox allow the same.
""",
    ),
    _plan_edit(
        "D410",
        "music that the site does not know",
        "music waiting",
        "music calm",
        """
A plan names music as it likes, and a site says which class of music on hold that is: ``music calm = default``. A site
that names no music at all plays the class ``default`` for any.
""",
    ),
    _plan_edit(
        "D411",
        "hours kept open for longer than they are",
        "staffed opening\n",
        "staffed opening plus 9h\n",
        """
Whether an operator is staffed is told by looking at the hours as they are now and as they were ``plus`` before, and at
no moment between. That is exact while every opening lasts at least as long as what is added to it.
""",
    ),
    _site_edit(
        "D415",
        "codes of staff where calls come in",
        "  music waiting",
        "  enter from-provider  codes internal from-provider\n  music waiting",
        """
Staff turn switches, and members of queues sign in, by dialling codes, in the contexts that a site names with ``codes
internal``. In a context through which calls come in, whoever calls could dial them, too.
""",
    ),
    _site_edit(
        "D420",
        "sounds in several languages behind an absolute name",
        'sounds "office"',
        'sounds "/srv/office"',
        """
Asterisk looks for a sound in the caller's language first: for ``office/welcome`` in ``pl/office/welcome``, below its
own folder of sounds. A name that begins with ``/`` has no such place: there, the language stands before the last part
of the name, and every folder would have to be divided by language. So where a plan has several languages, its sounds
lie below Asterisk's own folder.
""",
    ),
    Mistake(
        "D430",
        "later members who may never ring",
        """
By ``longest-idle`` and ``fewest-calls``, Asterisk chooses the member of least calls or longest rest each time anew, and
a phone that rings in vain stays that member. ``then members 203 after 20s`` says that other phones ring, too, once a
caller has waited; with these strategies they never would.
""",
        PLAN.replace("members 201, 202", "members 201  then members 202 after 20s  longest-idle"),
        PLAN.replace("members 201, 202", "members 201  then members 202 after 20s  round-robin"),
    ),
    Mistake(
        "D431",
        "a queue that opens again while callers wait",
        """
When a caller who joins a queue with ``closing`` has to leave is worked out once, on joining: Asterisk is given the
seconds that are left as a time-out. That is exact while hours that have closed stay closed for as long as a caller can
wait.
""",
        _lunch("patience 4m"),
        _lunch("patience 2m"),
    ),
    Mistake(
        "D433",
        "a phone of which nobody knows who dials",
        """
Who signs in is known by the PJSIP endpoint of the phone on which the code is dialled, never by what is dialled. For
phones that ring by other dial strings than ``PJSIP/…``, the site names the endpoint in ``state``.
""",
        SITE.replace("  phones 100-299 dial contacts", _elsewhere("hint:{number}@phones")),
        SITE.replace("  phones 100-299 dial contacts", _elsewhere("PJSIP/{number}")),
        of_site=True,
    ),
    _plan_edit(
        "D441",
        "a service that the site does not know",
        "menu main {",
        "lookup customer { ask crm for 3s  answer vip -> sales }\nmenu main {",
        """
A plan names the service that it asks, and a site says where it is: ``service crm "https://crm.example/caller"``.
""",
    ),
    _plan_edit(
        "D442",
        "a machine of which nobody would know that it hung up",
        "menu main {",
        "bot robot { phone 400  limit 60s  key 0 -> reception  over -> sales  failed -> reception }\nmenu main {",
        """
A bot is left by a key, or because the machine hangs up, and Asterisk tells these apart by who hung up. Behind a
``Local`` channel nobody knows: callers whose machine is done would be taken for callers who have pressed the key. The
phone of a machine rings by ``dial contacts``, or by a channel of its own, as in ``dial "PJSIP/{number}"``.
""",
    ),
    _plan_edit(
        "D435",
        "hours too short to be called back in",
        "patience 4m",
        "patience 9h",
        """
Once a call-back waits in its queue, a member can answer at any moment of the queue's patience, and the caller is rung
then. So it is placed only while the hours are open and will be when the patience is over; an opening that is shorter
than that sees no call-back at all.
""",
    ),
    _site_edit(
        "D436",
        "numbers that the trunk does not write by one rule",
        "country PL\n",
        "country PL  send national\n",
        """
Whoever is called back is dialled in the form that the trunk for outside phones wants, ``send``. In full always works,
but as people at home dial them, the numbers of some countries follow no one rule: in Argentina, a mobile number has
``15`` in its midst instead of ``9`` before it.
""",
    ),
    _site_edit(
        "D437",
        "callers of two countries who look alike",
        "plus, national  country PL",
        "e164, national  country DE",
        """
A caller's number is read in the forms in which the trunks deliver called numbers. Where the same digits can be a number
of one country in full and one of another as people there dial it, somebody else would be called back. A trunk that
says of which ``country`` it is delivers national numbers of that country only. Within one country a few short
numbers can be mistaken for others; nobody is called back at those.
""",
    ),
    Mistake(
        "D450",
        "mailboxes of one's own beside FreePBX",
        """
FreePBX writes ``voicemail.conf`` anew each time somebody applies a change, with the mailboxes that it knows and no
others. A site ``beside freepbx`` uses mailboxes that are made there: ``mailboxes context default existing``.
""",
        FREEPBX.replace("existing", 'emitted { box 100 pin 4711 "Reception" }'),
        FREEPBX,
        of_site=True,
    ),
    Mistake(
        "D451",
        "a context of FreePBX's own",
        """
FreePBX writes most contexts itself, and leaves to others those whose names end in ``-custom``: ``enter
from-pstn-custom`` for calls that come in, ``codes internal from-internal-custom`` for codes that staff dial.
""",
        FREEPBX.replace("from-pstn-custom", "from-pstn"),
        FREEPBX,
        of_site=True,
    ),
    Mistake(
        "D452",
        "phones whose voicemail answers for them",
        """
In FreePBX, who dials an extension through ``from-internal`` gets its voicemail and follows its forwarding. A plan rings
people: ``dial contacts`` rings the devices themselves, and ``Local/{number}@from-queue/n`` the extension with
neither.
""",
        FREEPBX.replace("dial contacts", 'dial "Local/{number}@from-internal/n" state "PJSIP/{number}"'),
        FREEPBX,
        of_site=True,
    ),
)
"""Every code of this backend, in order."""
