"""The files do something else than the plan.

What is written for a PBX is read once more before anybody gets it: applications and their arguments, as the PBX would
execute them, by a reader that shares nothing with what wrote them. Plan and files are then walked side by side, through
every call that can be made: at every hour, by every kind of caller, with whatever is pressed, answered or left alone.
The first difference is told as the shortest call that shows it, with what the files do there and the line that does it.

Files that dialc has just written do not differ from their plan, unless dialc is wrong, and then none is written.
``dialc compile --unread`` writes them all the same.

Bad, as if a template forgot the second of two phones::

     same => n,Gosub(dialc-office-e8065a1a.phone,s,1(100))
     same => n,Gosub(dialc-office-e8065a1a.ring,s,1(15,reception))

Says::

    error[D461]: where 100, 101 ring for 15 s, devices of 100 ring for 15 s
     = call: dial +48221234567
             hear welcome
     = help: report it: the files that dialc writes are wrong, and not the plan

Good::

     same => n,Gosub(dialc-office-e8065a1a.phone,s,1(100))
     same => n,Gosub(dialc-office-e8065a1a.phone,s,1(101))
     same => n,Gosub(dialc-office-e8065a1a.ring,s,1(15,reception))
"""

from dialc.findings import Finding
from dialc.source import Place

CODE = "D461"


def finding(intended: str, found: str, call: tuple[str, ...], place: Place) -> Finding:
    """That the files do `found` where the plan says `intended`, shown by a call."""
    return Finding(
        CODE,
        f"where {intended}, {found}",
        place,
        call=call,
        help="report it: the files that dialc writes are wrong, and not the plan",
    )
