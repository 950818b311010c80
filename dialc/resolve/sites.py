"""Site files: how the numbers, sounds and mailboxes of plans exist on one PBX.

In: `syntax.File`. Out: `site.Site`. What is left out is as in `site.default`, except trunks and phones, which no site
can do without. Text that ends up in files of a PBX is held here to the letters that no PBX reads as anything else.
"""

import ipaddress
import re
import urllib.parse
from collections.abc import Mapping, Sequence

from dialc import numbers, site, syntax
from dialc.findings import Note
from dialc.numbers import Form
from dialc.resolve import values
from dialc.resolve.values import Findings
from dialc.source import Place

NOTHING_RINGS = "no phone would ring for a caller"
NOT_REACHED = "calls would not be let in"


class SiteResolver:
    """One file on its way to a site; what is wrong with it gathers in `findings`."""

    def __init__(self, file: syntax.File) -> None:
        self.findings = Findings()
        self._file = file
        self._default = site.default("")

    def resolve(self) -> site.Site | None:
        """The site; it is whole only where `findings` refuse nothing, and None where the file has none."""
        sites = [d for d in self._file.declarations if isinstance(d, syntax.Site)]
        written = sites[0] if sites else None
        if written is None:
            self.findings.missing(
                "the file has no `site`",
                Place(self._file.source, 0, 0),
                caller=NOT_REACHED,
                help="write one, as in `site office for asterisk 22 { … }`",
            )
            return None
        for declaration in self._file.declarations:
            if declaration is not written:
                self.findings.add(
                    "D223",
                    "a site file holds one site and nothing else",
                    values.keyword(declaration),
                    caller="a site says how phones ring, and no caller meets what else stands here",
                    notes=(Note(values.keyword(written), "the site"),),
                )
        return self._site(written)

    def _site(self, written: syntax.Site) -> site.Site:
        settings = self.findings.settings(written.items)
        trunks = self._trunks([item for item in written.items if isinstance(item, syntax.Trunk)])
        if not trunks:
            self.findings.missing(
                f"the site `{values.shortened(written.name.text)}` has no `trunk`",
                written.name.place,
                caller=NOT_REACHED,
                help="write by which trunk calls come in",
            )
        ranges = [item for item in written.items if isinstance(item, syntax.Phones)]
        if not ranges:
            self.findings.missing(
                f"the site `{values.shortened(written.name.text)}` has no `phones`",
                written.name.place,
                caller=NOTHING_RINGS,
                help="write which numbers are phones and how they ring, as in `phones 100-299 dial contacts`",
            )
        mailboxes = self.findings.only(
            "mailboxes", (item for item in written.items if isinstance(item, syntax.Mailboxes))
        )
        enter = self.findings.only("enter", (item for item in written.items if isinstance(item, syntax.Enter)))
        codes = self.findings.only("codes", (item for item in written.items if isinstance(item, syntax.Codes)))
        free = self.findings.only("numbers", (item for item in written.items if isinstance(item, syntax.FreeNumbers)))
        caller = "what a caller hears is not said"
        return site.Site(
            name=written.name.text,
            target=written.target.text,
            version=values.count(written.version, self.findings, most=999, caller="what can be compiled is not said"),
            trunks=tuple(trunks.values()),
            phones=self._phones(ranges),
            outside=self._outside(settings.get("outside_via"), trunks),
            mailboxes=self._mailboxes(mailboxes) if mailboxes else self._default.mailboxes,
            sounds=self._checked(settings["sounds"], _FOLDER, "the folder of sounds", caller)
            if "sounds" in settings
            else self._default.sounds,
            music=self._music([item for item in written.items if isinstance(item, syntax.Music)]),
            enter=tuple(self._once(enter.contexts)) if enter else self._default.enter,
            codes=tuple(self._once(codes.contexts)) if codes else self._default.codes,
            services=self._services([item for item in written.items if isinstance(item, syntax.Service)]),
            beside=site.Installation(settings["installation"].text)
            if "installation" in settings
            else self._default.beside,
            numbers=self._free(free) if free else self._default.numbers,
            operator=values.extension(settings["pbx_operator"], self.findings, caller=NOTHING_RINGS)
            if "pbx_operator" in settings
            else self._default.operator,
            digest=values.digest(self._file),
            place=written.place,
        )

    def _once(self, words: Sequence[syntax.Word]) -> Mapping[str, syntax.Word]:
        """Words by what they say, each of which stands once."""
        found: dict[str, syntax.Word] = {}
        for word in words:
            first = found.setdefault(word.text, word)
            if first is not word:
                self.findings.twice(word.text, word, first)
        return found

    def _checked(self, word: syntax.Word, form: re.Pattern[str], what: str, caller: str) -> str:
        """Text that is of a form, lest a PBX should read something into it."""
        if not form.fullmatch(word.text):
            message = f"`{values.shortened(word.text)}` cannot be {what}"
            self.findings.add("D224", message, word.place, caller=caller, help=_CURES.get(form, ""))
        return word.text

    # Trunks

    def _trunks(self, written: Sequence[syntax.Trunk]) -> Mapping[str, site.Trunk]:
        found: dict[str, site.Trunk] = {}
        for item in written:
            trunk = self._trunk(item)
            first = found.setdefault(trunk.name, trunk)
            if first is not trunk:
                self.findings.add(
                    "D202",
                    f"the name `{values.shortened(trunk.name)}` is taken",
                    item.name.place,
                    caller="by which of the two a call comes in is not said",
                    notes=(Note(first.place, "by this trunk"),),
                )
        return found

    def _trunk(self, written: syntax.Trunk) -> site.Trunk:
        settings = self.findings.settings(written.items)
        default = self._default.trunks[0]
        delivers = self.findings.only("delivers", (i for i in written.items if isinstance(i, syntax.Delivers)))
        if delivers is None:
            self.findings.missing(
                f"the trunk `{values.shortened(written.name.text)}` does not say what it `delivers`",
                written.name.place,
                caller=NOT_REACHED,
                help="write in which forms a called number comes in, as in `delivers plus, national`",
            )
        forms = tuple(Form(form) for form in self._once(delivers.forms)) if delivers else ()
        send = Form(settings["send"].text) if "send" in settings else default.send
        if "country" not in settings and Form.NATIONAL in (*forms, send):
            self.findings.missing(
                f"the trunk `{values.shortened(written.name.text)}` does not say its `country`",
                written.name.place,
                caller="whose national numbers these are is not said",
                help="write it, as in `country PL`",
            )
        if "country" in settings and not numbers.is_country(settings["country"].text):
            country = settings["country"]
            message = f"`{country.text}` cannot be a country"
            help = "write `GB`" if country.text == "UK" else ""
            self.findings.add(
                "D224", message, country.place, caller="whose national numbers these are is not said", help=help
            )
        return site.Trunk(
            written.name.text,
            forms,
            settings["country"].text if "country" in settings else default.country,
            settings["withheld"].text if "withheld" in settings else default.withheld,
            self._checked(settings["dial"], _DIAL, "a dial string", NOTHING_RINGS) if "dial" in settings else "",
            send,
            values.e164(settings["show"], self.findings, caller="outside phones would show nobody's number")
            if "show" in settings
            else default.show,
            values.extension(settings["trunk_extension"], self.findings, caller=NOT_REACHED)
            if "trunk_extension" in settings
            else default.extension,
            place=written.place,
        )

    def _outside(self, word: syntax.Word | None, trunks: Mapping[str, site.Trunk]) -> str:
        """The trunk for outside phones: the one that is named, else the only one that can dial."""
        dialling = [name for name, trunk in trunks.items() if trunk.dial]
        if word is None:
            return dialling[0] if len(dialling) == 1 else ""
        if word.text not in trunks:
            meant = values.close_to(word.text, trunks)
            help = f"did you mean `{meant}`?" if meant else ""
            message = f"no trunk is named `{values.shortened(word.text)}`"
            self.findings.add("D201", message, word.place, caller=NOTHING_RINGS, help=help)
        elif word.text not in dialling:
            self.findings.missing(
                f"the trunk `{values.shortened(word.text)}` does not say what to `dial`",
                word.place,
                caller=NOTHING_RINGS,
                help=f'write it there, as in `dial "PJSIP/{{number}}@{word.text}"`',
            )
        return word.text

    # Phones and mailboxes

    def _phones(self, written: Sequence[syntax.Phones]) -> tuple[site.PhoneRange, ...]:
        found: list[site.PhoneRange] = []
        for item in written:
            phones = self._range(item)
            if phones is None:
                continue
            same = (
                other
                for other in found
                if len(str(other.first)) == len(str(phones.first))
                and other.first <= phones.last
                and phones.first <= other.last
            )
            other = next(same, None)
            if other:
                self.findings.add(
                    "D225",
                    f"{max(phones.first, other.first)} is among other phones, too",
                    item.first.place,
                    caller="how that phone rings for a caller is not said",
                    notes=(Note(other.place, "these"),),
                )
            found.append(phones)
        return tuple(found)

    def _free(self, item: syntax.FreeNumbers) -> tuple[int, int] | None:
        last = self._stretch(item)
        return (int(item.first.text), int(last.text)) if last else None

    def _range(self, item: syntax.Phones) -> site.PhoneRange | None:
        last = self._stretch(item)
        if last is None:
            return None
        dial = self._checked(item.dial, _DIAL, "a dial string", NOTHING_RINGS) if item.dial else ""
        state = "" if item.dial else self._default.phones[0].state
        if item.state:
            state = self._checked(item.state, _DIAL, "a device", "whether a phone can be reached is not known")
        return site.PhoneRange(int(item.first.text), int(last.text), dial, state, place=item.place)

    def _stretch(self, item: syntax.Phones | syntax.FreeNumbers) -> syntax.Word | None:
        """The last of the numbers that a line names; None where there are none."""
        last = item.last or item.first
        for word in (item.first, last):
            if len(values.extension(word, self.findings, caller=NOTHING_RINGS)) > 10:
                return None
            if word.text.startswith("0"):
                message = f"`{word.text}` begins with 0"
                self.findings.add("D225", message, word.place, caller=NOTHING_RINGS)
                return None
        if len(item.first.text) != len(last.text) or int(item.first.text) > int(last.text):
            message = f"from `{item.first.text}` to `{last.text}` there are no phones"
            help = "write a range for each length of number" if len(item.first.text) < len(last.text) else ""
            self.findings.add("D225", message, last.place, caller=NOTHING_RINGS, help=help)
            return None
        return last

    def _mailboxes(self, written: syntax.Mailboxes) -> site.Mailboxes:
        boxes = self._once([box.number for box in written.boxes])
        caller = "a message would be kept nowhere"
        return site.Mailboxes(
            written.context.text,
            written.emitted,
            tuple(
                site.Box(
                    values.extension(box.number, self.findings, caller=caller),
                    values.extension(box.pin, self.findings, caller="nobody could listen to a message"),
                    box.title.text,
                    place=box.place,
                )
                for box in written.boxes
                if boxes[box.number.text] is box.number
            ),
            place=written.place,
        )

    def _music(self, written: Sequence[syntax.Music]) -> Mapping[str, str]:
        names = self._once([item.name for item in written])
        return {item.name.text: item.music_class.text for item in written if names[item.name.text] is item.name}

    def _services(self, written: Sequence[syntax.Service]) -> Mapping[str, str]:
        names = self._once([item.name for item in written])
        return {item.name.text: self._address(item) for item in written if names[item.name.text] is item.name}

    def _address(self, service: syntax.Service) -> str:
        """The address of a service, to which numbers of callers are sent."""
        word = service.address
        caller = "nothing would be known about a caller"
        address = self._checked(word, _URL, "the address of a service", caller)
        if _URL.fullmatch(address) and address.startswith("http:") and not _is_near(address):
            self.findings.add(
                "D279",
                "callers' numbers would be sent without encryption",
                word.place,
                caller="could be known to anybody on the way",
                help="write `https://` if the service can, or reach it within your own network",
            )
        return address


def _is_near(address: str) -> bool:
    """Whether a URL leads to a private address, which nobody outside can listen to."""
    host = urllib.parse.urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"


# No letter that separates, comments, quotes or computes in the files of a PBX, nor `#`, behind which nothing is sent.
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/@%:+-]*)?(\?[A-Za-z0-9._~/@%:+=&-]*)?")

# One hole for digits; no letter that separates, comments, quotes or computes in the files of a PBX.
_DIAL = re.compile(r"[A-Za-z0-9/@._:+*-]*\{number\}[A-Za-z0-9/@._:+*-]*")
_FOLDER = re.compile(r"/?[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*")
_CURES = {
    _URL: "write it with `https://`, as in `https://crm.example/caller`",
    _DIAL: "write it with `{number}` where the number goes, as in `PJSIP/{number}@trunk`",
    _FOLDER: "name it without dots and spaces, as in `clinic/pl`",
}
