"""An entry of the catalogue, and the two files without a mistake that most entries are one edit away from.

In: what the edit is. Out: a `Mistake` with the file that makes it and the one that does not.
"""

from collections.abc import Mapping

import attrs

PLAN = """\
plan office "Office"
timezone Europe/Warsaw
language en
valid 2026-01-01 to 2028-12-31

hours opening {
  mon-fri 08:00-16:00
  closed 2026-12-24 to 2026-12-26 "Christmas"
}

operator reception {
  ring 100, "+48 601 000 200" confirm for 15s  supervisor 110
  staffed opening
  unstaffed  -> night
  unanswered -> sorry
}

prompt welcome { file office/welcome  en "Welcome."            lasts 2s }
prompt choices { file office/choices  en "Sales: one."         lasts 3s  offers 1, 0 }
prompt closed  { file office/closed   en "We are closed now."  lasts 3s  says closed opening }
prompt pardon  { file office/pardon   en "We are sorry."       lasts 3s  apology  goodbye }

line "+48 22 123 45 67" -> start

route start {
  answer
  play welcome
  when opening open -> main
  otherwise         -> night
}

menu main {
  play choices
  key 1 "sales" -> sales
  key 0 -> reception
  wait 5s  tries 2
}

queue sales {
  members 201, 202  key 0 -> reception
  patience 4m
}

route night { play closed -> sorry }
route sorry { play pardon  hang-up }
"""
"""A plan that can be understood, of which most mistakes are one edit away; what it breaks of the charter is not told
until all of a plan can be.
"""

SITE = """\
site office for asterisk 22 {
  trunk provider {
    delivers plus, national  country PL
    dial "PJSIP/{number}@provider"
  }
  phones 100-299 dial contacts
}
"""
"""A site with nothing wrong."""


@attrs.frozen
class Mistake:
    """A code: what it is called, what it means, a file that makes the mistake (`bad`) and one that does not (`good`).

    `page` is reStructuredText. A file is text, or bytes where no text could be wrong in that way; `of_site` tells that
    it is a site file. `recordings` are the sounds by name, where they are looked at; `beside` the files that both name.
    """

    code: str
    title: str
    page: str
    bad: str | bytes
    good: str | bytes
    of_site: bool = False
    recordings: Mapping[str, bytes] | None = None
    beside: Mapping[str, bytes] = attrs.field(factory=dict)


def edit(code: str, title: str, old: str, new: str, page: str) -> Mistake:
    """A mistake that a plan has once `new` stands for `old`."""
    return Mistake(code, title, page, PLAN.replace(old, new, 1), PLAN)


def site_edit(code: str, title: str, old: str, new: str, page: str) -> Mistake:
    """A mistake that a site has once `new` stands for `old`."""
    return Mistake(code, title, page, SITE.replace(old, new, 1), SITE, of_site=True)
