"""What the files do cannot be told.

The files of a PBX are read once more before anybody gets them (:ref:`D461`). A reader that came to something it does
not know, such as an application, or a condition on something that only a running PBX can tell, would have to guess what
callers meet from there on, and does not: what cannot be read does not agree with the plan. ``dialc compile --unread``
writes the files all the same.

Bad, what becomes of a call by chance::

     same => n,GotoIf($[${RAND(1,2)} = 1]?one:two)

Says::

    error[D462]: what RAND(1,2) is cannot be told
     = call: dial +48221234567
     = help: report it: the files that dialc writes are wrong, and not the plan

Good::

     same => n,GotoIf($[${DIALC_TRY} < 3]?s,try)
"""

from dialc.findings import Finding
from dialc.source import Place

CODE = "D462"


def finding(why: str, call: tuple[str, ...], place: Place) -> Finding:
    """That something of the files cannot be told, and by which call one comes there."""
    return Finding(
        CODE,
        f"{why} cannot be told",
        place,
        call=call,
        help="report it: the files that dialc writes are wrong, and not the plan",
    )
