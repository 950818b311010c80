"""How the numbers, trunks, sounds and mailboxes of a plan exist on one PBX.

In: nothing; `resolve.site` builds a `Site` from a site file, `default` gives the documented one of a target. Out: the
data that emission spells a plan with. A plan holds extension numbers, E.164 numbers and prompt names only.
"""

import enum
from collections.abc import Mapping

import attrs

from dialc.numbers import Form
from dialc.source import NOWHERE, Place


def _place() -> Place:
    """A field that says where something was written; it never counts in comparisons."""
    place: Place = attrs.field(default=NOWHERE, kw_only=True, eq=False, repr=False)
    return place


@attrs.frozen
class Trunk:
    """A way in and out of the PBX.

    `delivers` are the forms in which a called number arrives; `dial` has one hole, `{number}`, filled with the digits
    of the form `send`; `show` is the caller id for outside legs, E.164, empty to pass the caller's own. `extension` is
    the number by which a 3CX knows the trunk, empty for other PBXs.
    """

    name: str
    delivers: tuple[Form, ...]
    country: str
    withheld: str
    dial: str
    send: Form
    show: str
    extension: str = ""
    place: Place = _place()


@attrs.frozen
class PhoneRange:
    """Extensions `first` to `last` and how they are rung.

    `dial` is a dial string with one hole, `{number}`, or empty to ring every registered device of the endpoint of
    that name; `state` is the device whose state tells whether the phone can be reached, with the same hole.
    """

    first: int
    last: int
    dial: str
    state: str
    place: Place = _place()


@attrs.frozen
class Box:
    """A mailbox that dialc writes: its number, the PIN it is heard with, and a name."""

    number: str
    pin: str
    title: str
    place: Place = _place()


@attrs.frozen
class Mailboxes:
    """The voicemail context; `emitted` boxes are written by dialc, otherwise they are there already."""

    context: str
    emitted: bool
    boxes: tuple[Box, ...]
    place: Place = _place()


class Installation(enum.Enum):
    """What the files of a plan stand beside: files that people write, or those that FreePBX writes anew each time."""

    ASTERISK = "asterisk"
    FREEPBX = "freepbx"


@attrs.frozen
class Site:
    """One PBX.

    `outside` names the trunk that outside legs leave by; `music` maps a plan's music to a class of the PBX; `enter` are
    contexts of the PBX from which the plan's lines are reached, none to be included by hand; `codes` are those in which
    the phones of staff dial, and from which the codes of a plan are reached, none likewise. `services` maps the
    services that plans ask to their addresses (URLs). `numbers` are the first and the last of those that nothing has
    yet on a 3CX, where whatever callers come to has a number; `operator` is the extension to which such a PBX sends
    callers by itself, empty to leave it as it is. `digest` is the SHA-256 of the text it was resolved from, in hex,
    empty for the default site.
    """

    name: str
    target: str
    version: int
    trunks: tuple[Trunk, ...]
    phones: tuple[PhoneRange, ...]
    outside: str
    mailboxes: Mailboxes
    sounds: str
    music: Mapping[str, str]
    enter: tuple[str, ...]
    codes: tuple[str, ...] = ()
    services: Mapping[str, str] = attrs.field(factory=dict)
    beside: Installation = Installation.ASTERISK
    numbers: tuple[int, int] | None = None
    operator: str = ""
    digest: str = attrs.field(default="", kw_only=True, eq=False)
    place: Place = _place()

    def trunk(self, name: str) -> Trunk | None:
        """The trunk of that name."""
        return next((trunk for trunk in self.trunks if trunk.name == name), None)

    def phone(self, number: str) -> PhoneRange | None:
        """The range that an extension lies in; the first that was written."""
        return next(
            (r for r in self.phones if len(str(r.first)) == len(number) and r.first <= int(number) <= r.last), None
        )


_RELEASES = {"freeswitch": 11, "3cx": 20}
"""The release of the default site, where it is not one of Asterisk."""

_DIALS = {"freeswitch": "sofia/gateway/trunk/{number}"}
"""How its trunk is dialled, where that is not by PJSIP."""


def default(target: str) -> Site:
    """The site that is used where none is given: PJSIP phones named by their extension, one PJSIP trunk `trunk` that
    delivers numbers in any form, mailboxes in the voicemail context `default`, music class `default`. On a FreeSWITCH
    phones are users of the directory, and the trunk is a gateway. Which numbers of a 3CX are free nobody can guess,
    so that the site for it fits no plan.
    """
    return Site(
        name="default",
        target=target,
        version=_RELEASES.get(target, 22),
        trunks=(
            Trunk(
                name="trunk",
                delivers=tuple(Form),
                country="",
                withheld="anonymous",
                dial=_DIALS.get(target, "PJSIP/{number}@trunk"),
                send=Form.PLUS,
                show="",
            ),
        ),
        phones=tuple(PhoneRange(10**n, 10 ** (n + 1) - 1, dial="", state="PJSIP/{number}") for n in range(1, 7)),
        outside="trunk",
        mailboxes=Mailboxes(context="default", emitted=False, boxes=()),
        sounds="",
        music={},
        enter=(),
    )
