"""What can be wrong with the lines of any block: left out, or written twice."""

from dialc.mistakes.entry import edit

MISTAKES = (
    edit(
        "D215",
        "something is missing that cannot be left out",
        "  unanswered -> sorry\n",
        "",
        """
Most lines of a block can be left out, and mean what the language reference says then. These cannot:

* of a plan: ``plan``, ``timezone``, ``language``, a ``line`` and an ``operator``;
* of an operator: a ``ring``, ``unanswered``, and ``unstaffed`` and ``staffed`` together;
* of a prompt: ``file`` and ``lasts``; of a menu: a ``play`` and a ``key``; of a collect: a ``play``, its ``digits``
  and an ``accept``; of a queue: ``members`` and ``patience``; of a set of digits: a number;
* of a ring: a ``ring``; of a transfer: ``to`` whom; of a mailbox: its ``box``;
  of a bot: ``phone`` and ``limit``; of a lookup: ``ask`` and an ``answer``;
* of a site: a ``trunk``, which says what it ``delivers``, of which ``country`` national numbers are and, if outside
  phones are rung by it, what to ``dial``; and ``phones``.
""",
    ),
    edit(
        "D216",
        "something is written twice",
        "wait 5s  tries 2",
        "wait 5s  tries 2  wait 7s",
        """
A line that gives one value stands once in its block, and a phone once in a row of phones.
""",
    ),
)
