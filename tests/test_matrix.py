"""What each target says it can say: a plan for each construct, which it writes or refuses as its column has it."""

import re

import attrs
import pytest

from dialc import find_backend
from dialc.emit import matrix, targets
from dialc.emit.matrix import CONSTRUCTS, Refuses, Says
from dialc.emit.threecx.mistakes import PLAN, SITE
from dialc.plan import Plan, Unproved
from dialc.site import Site, default
from tests.test_emit_threecx import read

SITES: dict[str, Site] = {
    "asterisk": attrs.evolve(
        default("asterisk"), services={"crm": "https://crm.example/caller"}, codes=("internal",), music={"calm": "calm"}
    ),
    "freeswitch": attrs.evolve(default("freeswitch"), codes=("internal",)),
    "3cx": attrs.evolve(read(PLAN, SITE)[1], music={"calm": "calm"}),
}
"""A PBX of each target; a target without one has no column that anybody has tried."""

LINE = 'line "+48 22 123 45 67" -> start\n'
OPEN = "  when opening open -> main\n"
KEY = '  key 1 "sales" -> sales\n'
SALES = "ring sales { ring 101, 102 for 10s }\n"
QUEUE = "  patience 4m\n"
STAR = "  key * -> reception\n"
NOTICE = 'prompt told_so { file told-so  en "We record this call."  lasts 2s  notice }\n'
OPERATOR = "operator reception {\n"
CHRISTMAS = '  closed 2026-12-24 to 2026-12-26 "Christmas"\n'
HOURS = "hours opening {\n"
ENDS = "  left -> bye  nothing-left -> bye  failed -> bye\n"
COUNTER = "operator counter { ring 120 for 9s  supervisor 110  unanswered -> message }\n"

EDITS: dict[str, list[tuple[str, str]]] = {
    "number": [],
    "many numbers": [(LINE, LINE + 'line "+48 22 555 00 00" to "+48 22 555 01 99" -> reception\n')],
    "short": [(LINE, LINE + "line short 19123 -> reception\n")],
    "default line": [(LINE, LINE + "line default -> reception\n")],
    "row": [],
    "refuses": [
        (LINE, 'line "+48 22 123 45 67" refuses pests -> start\ncallers pests { "+48 22 777 00 00" }\n'),
    ],
    "own operator": [
        (LINE, LINE + 'line "+48 22 123 45 68" operator counter -> main\n' + COUNTER),
        (OPERATOR, "operator reception default {\n"),
        (STAR, STAR + "  timeout -> reception  empty -> reception  failure -> reception\n"),
    ],
    "hours at once": [],
    "hours later": [
        (KEY, '  key 1 "sales" -> by_hours\n'),
        (SALES, SALES + "route by_hours { when opening open -> sales  otherwise -> reception }\n"),
        ("wait 5s", "wait 60s"),
    ],
    "closes": [],
    "closes by name": [(OPEN, '  when opening closed "Christmas" -> sales\n' + OPEN)],
    "opens": [(CHRISTMAS, CHRISTMAS + "  open 2026-12-27 10:00-14:00\n")],
    "two hours": [(OPEN, OPEN + "  when late open -> sales\n"), (HOURS, "hours late { sat 10:00-12:00 }\n" + HOURS)],
    "combined": [
        (OPEN, "  when all_of_it open -> main\n"),
        (HOURS, "hours late { sat 10:00-12:00 }\nhours all_of_it = opening or late\n" + HOURS),
    ],
    "night switch": [
        (HOURS, "switch day_night { code *28  starts auto }\n" + HOURS),
        (CHRISTMAS, "  switch day_night\n" + CHRISTMAS),
    ],
    "switch": [
        (HOURS, "switch outage { code *29  starts off }\n" + HOURS),
        (OPEN, "  when switch outage on -> sales\n" + OPEN),
    ],
    "caller": [
        (HOURS, 'callers vip { "+48 22 777 00 00" }\n' + HOURS),
        (OPEN, "  when caller in vip -> sales\n" + OPEN),
    ],
    "answer": [(OPEN, "  when opening open -> taken\n"), (SALES, SALES + "route taken { answer -> main }\n")],
    "answer and ring": [(OPEN, "  answer\n" + OPEN)],
    "play": [(KEY, '  key 1 "sales" -> told\n'), (SALES, SALES + "route told { play address -> sales }\n")],
    "label": [(KEY, '  key 1 "sales" -> told\n'), (SALES, SALES + 'route told { label "SALES" -> sales }\n')],
    "record": [
        (KEY, '  key 1 "sales" -> told\n'),
        (SALES, SALES + "route told { play told_so  record -> sales }\n" + NOTICE),
    ],
    "again": [],
    "hang-up": [(KEY, '  key 1 "sales" -> bye\n')],
    "menu": [],
    "repeat": [(KEY, KEY + "  key 9 repeat\n")],
    "undecided": [(KEY, KEY + "  undecided -> sales\n")],
    "signs": [(KEY, KEY + "  key * -> sales\n")],
    "direct": [(KEY, KEY + "  direct rooms\n"), (SALES, SALES + "extensions rooms { 490-499  ring for 9s }\n")],
    "languages": [
        ("language en\n", "language en\nlanguages en, pl\n"),
        (KEY, '  key 1 "po polsku" speaks pl -> sales\n'),
    ],
    "invalid to mailbox": [(KEY, KEY + "  invalid -> message\n")],
    "collect": [(SALES, "collect sales { play address  digits 4  accept any -> reception }\n")],
    "ring": [(SALES, "ring sales { ring 101 for 9s  then ring 102 for 9s }\n")],
    "own ways": [(SALES, "ring sales { ring 101, 102 for 10s  busy -> message }\n")],
    "outside": [(SALES, 'ring sales { ring 101, "+48 601 000 200" confirm for 10s }\n')],
    "transfer": [(SALES, 'transfer sales { to "+48 601 000 200" confirm for 10s }\n')],
    "queue": [],
    "queue key": [(STAR, STAR + "  key 0 -> reception\n")],
    "told": [("announce position every 30s", "announce position, wait every 30s")],
    "room": [(QUEUE, QUEUE + "  callers at most 8  wrap-up 10s\n")],
    "music": [(QUEUE, QUEUE + "  music calm\n")],
    "random": [("longest-idle", "random")],
    "tiers": [("members 201, 202  longest-idle", "members 201  then members 202 after 20s  round-robin")],
    "signing in": [("members 201, 202", "members sign in with *31 out with *32 among 201, 202")],
    "closing": [(QUEUE, "  patience 2m  staffed opening  closing -> reception\n")],
    "mailbox": [],
    "mailbox goes on": [(ENDS, "  left -> bye  nothing-left -> sales  failed -> bye\n")],
    "up to": [(ENDS, "  up to 60s\n" + ENDS)],
    "callback": [
        ("language en\n", "language en\ncallback to PL fixed, PL mobile\n"),
        (KEY, '  key 1 "sales" -> ring_me\n'),
        (SALES, SALES + "callback ring_me { then address  from service  within opening }\n"),
    ],
    "bot": [(SALES, "bot sales { phone 250  limit 60s  key 0 -> reception }\n")],
    "lookup": [(SALES, "lookup sales { ask crm for 3s  answer vip -> reception }\n")],
    "operator": [("  ring 100, 101 for 15s", "  ring 100 for 9s  then ring 101 for 9s")],
    "operator speaks": [(OPERATOR, OPERATOR + "  play address\n")],
    "supervisor": [],
    "staffed": [
        (OPERATOR, OPERATOR + "  staffed opening plus 30m  unstaffed -> message\n"),
        ("otherwise         -> reception", "otherwise         -> message"),
        ('line "+48 22 123 45 70" to "+48 22 123 45 79" -> staff\n', ""),
        ("extensions staff { 230-239  ring for 15s }\n", ""),
    ],
    "journey": [],
}
"""For each construct, what makes a plan of it; none where the plan has it already."""


QUEUED = {"queue", "queue key", "told", "room", "music", "random", "tiers", "signing in", "closing", "callback"}
"""Constructs of queues, and what takes its callers from one."""

QUEUELESS = {"freeswitch"}
"""Targets that no queue is written for: in all other plans, telephones ring in its place."""


def plan_with(construct: str, target: str) -> Plan:
    text = PLAN
    for old, new in EDITS[construct]:
        assert old in text, (construct, old)
        text = text.replace(old, new)
    if target in QUEUELESS and construct not in QUEUED:
        text, queues = re.subn(r"(?ms)^queue service \{.*?^\}", "ring service { ring 201, 202 for 12s }", text)
        assert queues == 1
    return read(text, SITE)[0]


def test_every_target_says_something_of_every_construct() -> None:
    assert set(EDITS) == CONSTRUCTS.keys()
    assert set(SITES) == targets().keys()
    for says in matrix.columns().values():
        assert list(says) == list(CONSTRUCTS)


@pytest.mark.parametrize("construct", CONSTRUCTS)
@pytest.mark.parametrize("target", targets())
def test_a_target_does_with_a_construct_what_the_matrix_says(target: str, construct: str) -> None:
    backend, plan, site = find_backend(target), plan_with(construct, target), SITES[target]
    codes = {finding.code for finding in backend.refusals(plan, site)}
    match matrix.columns()[target][construct]:
        case Says():
            assert codes == set()
            files = backend.emit(Unproved(plan, ()), site)
            assert backend.documented(plan, files) == ()
        case Refuses(code):
            assert code in codes
            assert codes - {code} <= also(construct)


def also(construct: str) -> set[str]:
    """What else is refused of a plan, since the construct does not come alone."""
    return {"callback": {"D471"}, "record": {"D471"}, "direct": {"D478"}}.get(construct, set())


def test_the_page_has_a_row_for_each_construct_and_a_column_for_each_target() -> None:
    page = matrix.page()
    assert page.count("   * - ") == len(CONSTRUCTS) + 1
    assert page.count("     - ") == (len(CONSTRUCTS) + 1) * len(targets())
    assert all(f":doc:`{target} </backends/{target}>`" in page for target in targets())
