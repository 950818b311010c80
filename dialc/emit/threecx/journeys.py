"""What the call history of a 3CX tells of a call, held against a plan (C20).

In: a plan, and the files that were written for it. Out: findings, where a call passes something that its record would
not show. A 3CX records by itself from which number a call goes to which, and when; the file of journeys says which of
that is which step and which way out of it. Each of its lines is believed only if the objects in the XML have that link,
or if no call can pass there at all. The templates have no part in it.
"""

import csv
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping

from dialc.emit.c20_every_call_is_documented import ANSWERED, lost, points, unwritten
from dialc.emit.threecx.chances import Chances
from dialc.emit.threecx.objects import Point
from dialc.findings import Finding
from dialc.plan import Plan

END = "end"
"""Where a link leads that ends the call."""

HANDED_UP = "handed-up"
"""Staff begin this one, from whichever phone they are at."""


def documented(plan: Plan, files: Mapping[str, str]) -> tuple[Finding, ...]:
    """Where the record of a call would not show what it passes."""
    xml = "".join(text for name, text in files.items() if name.endswith(".xml"))
    table = "".join(text for name, text in files.items() if name.endswith(".csv"))
    try:
        links = frozenset(_links(ET.fromstring(xml)))
    except ET.ParseError:
        return (*lost(plan, ()), unwritten("the objects cannot be read"))
    rung = {origin for origin, _ in links}
    noted: set[Point] = set()
    never: set[Point] = set()
    for row in csv.reader(line for line in table.splitlines() if not line.startswith("#")):
        if len(row) != 4:
            continue
        step, way, origin, to = row
        if to == "never":
            never.add((step, way))
        elif (origin, to) in links or (way == ANSWERED and origin in rung) or (way == HANDED_UP and to in rung):
            noted.add((step, way))
    if never & set(points(plan)):
        noted |= never - Chances(plan).passed()
    return lost(plan, noted)


def _links(root: ET.Element) -> Iterator[tuple[str, str]]:
    """From where to where calls go: a number, or the name of a rule; a number, or the end of the call."""
    for menu in root.iter("IVR"):
        number = menu.findtext("Number", "")
        yield number, menu.findtext("TimeoutForwardDN") or END
        yield from ((number, key.findtext("ForwardDN") or END) for key in menu.iter("IVRForward"))
        for known in menu.iter("DNProperty"):
            if known.findtext("Name") == "REDIRECT_UNKNOWN_TO":
                yield number, known.findtext("Value", "")
    for ringing in (*root.iter("RingGroup"), *root.iter("Queue")):
        yield ringing.findtext("Number", ""), _to(ringing.find("Destination"))
    for rule in root.iter("ExternalLineRule"):
        for target in rule.findall("ForwardDestinations/*"):
            if target.find("To") is not None:
                yield rule.findtext("RuleName", ""), _to(target)


def _to(destination: ET.Element | None) -> str:
    inside = destination.find("Internal") if destination is not None else None
    return inside.get("DN", END) if inside is not None else END
