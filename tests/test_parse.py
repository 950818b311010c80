"""Text to syntax: what each construct of the language is read as, and where."""

import re
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialc import syntax
from dialc.parse import decode, parse
from dialc.source import Place, Source

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.suffix in (".dial", ".site"))


def read(text: str) -> tuple[syntax.Declaration, ...]:
    """The declarations of a text with nothing wrong."""
    file, findings = parse(Source("office.dial", text))
    assert findings == ()
    return file.declarations


def one(text: str) -> syntax.Declaration:
    (declaration,) = read(text)
    return declaration


def fields(value: object) -> tuple[object, ...]:
    """What an element of syntax consists of, its place aside."""
    return tuple(
        getattr(value, name) for name in getattr(value, "__slots__", ()) if name not in ("place", "__weakref__")
    )


def shown(value: object) -> Any:
    """Syntax as nested tuples: the name of each class and its fields, words by what they say."""
    if isinstance(value, syntax.Word):
        return value.text
    if isinstance(value, tuple):
        return [shown(item) for item in value]
    return (type(value).__name__, *map(shown, fields(value))) if attrs.has(type(value)) else value


# The constructs


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('plan clinic "Przychodnia Zdrowie"', ("Head", "clinic", "Przychodnia Zdrowie")),
        ("timezone Europe/Warsaw", ("Setting", "timezone", "Europe/Warsaw")),
        ("timezone America/Argentina/Buenos_Aires", ("Setting", "timezone", "America/Argentina/Buenos_Aires")),
        ("timezone Etc/GMT+3", ("Setting", "timezone", "Etc/GMT+3")),
        ("language pt-BR", ("Setting", "language", "pt-BR")),
        ("languages pl, pt-BR, uk", ("Languages", ["pl", "pt-BR", "uk"])),
        ("valid 2026-01-01 to 2028-12-31", ("Valid", "2026-01-01", "2028-12-31")),
        ("policy charter", ("Policy", "charter", [])),
        (
            "policy charter { tries 2  voicemail-after-opening 30s  silent-callers kept }",
            (
                "Policy",
                "charter",
                [("Setting", "tries", "2"), ("Setting", "after_opening", "30s"), ("Setting", "silent", "kept")],
            ),
        ),
        ('waive C07 at m by "Jan" because "so"', ("Waiver", "C07", "m", "Jan", "so")),
        ('line "+48 22 123 45 67" -> start', ("Line", ("Numbers", "+48 22 123 45 67", None), [], "start")),
        ('line "+48 22 1" to "+48 22 9" -> r', ("Line", ("Numbers", "+48 22 1", "+48 22 9"), [], "r")),
        ("line short 19123 -> r", ("Line", ("Setting", "short", "19123"), [], "r")),
        ("line default -> r", ("Line", "default", [], "r")),
        (
            'line default machine "fax" operator o refuses c -> r',
            (
                "Line",
                "default",
                [("Setting", "machine", "fax"), ("Setting", "line_operator", "o"), ("Setting", "refuses", "c")],
                "r",
            ),
        ),
        (
            'line default announcement-only "news" -> r',
            ("Line", "default", [("Setting", "announcement_only", "news")], "r"),
        ),
        ("country PL", ("Setting", "country", "PL")),
        ("callers c { }", ("Callers", "c", [])),
        ('scenario "a call" { }', ("Scenario", "a call", [])),
        ("extensions e { }", ("Extensions", "e", [])),
        ("hours h { }", ("Hours", "h", [])),
        ("digits d { }", ("Digits", "d", [])),
        ("collect c { }", ("Collect", "c", [])),
        ("hours a = b", ("Combined", "a", ["b"], [])),
        ("hours a = b or c but not d and e", ("Combined", "a", ["b", "c", "d", "e"], ["or", "but not", "and"])),
        ("switch s { }", ("Switch", "s", [])),
        ("prompt p { }", ("Prompt", "p", [])),
        ("route r { }", ("Route", "r", [])),
        ("route r(a, b) { }", ("Route", "r", [])),
        ('use "lists/prompts.dial"', ("UsedFile", "lists/prompts.dial")),
    ],
)
def test_declarations(text: str, read: object) -> None:
    assert shown(one(text)) == read


OUTSIDE = '"+48 601 000 200"'


def in_block(block: str, *lines: tuple[str, object]) -> list[tuple[str, str, object]]:
    """Lines of a block, and what each is read as."""
    return [(block, line, item) for line, item in lines]


LINES: list[tuple[str, str, object]] = [
    *in_block(
        "hours h",
        ("mon-fri 08:00-16:00", ("Weekly", [("Days", "mon", "fri")], [("Span", "08:00", "16:00")])),
        (
            "mon, wed-fri 8:00-12:00, 13:00-24:00",
            (
                "Weekly",
                [("Days", "mon", None), ("Days", "wed", "fri")],
                [("Span", "8:00", "12:00"), ("Span", "13:00", "24:00")],
            ),
        ),
        ("sat - sun 22:00 - 02:00", ("Weekly", [("Days", "sat", "sun")], [("Span", "22:00", "02:00")])),
        ("closed 2026-12-24", ("Dated", False, "2026-12-24", None, [], None)),
        ('closed 2026-12-24 "Wigilia"', ("Dated", False, "2026-12-24", None, [], "Wigilia")),
        ("closed 2026-12-24 to 2026-12-26", ("Dated", False, "2026-12-24", "2026-12-26", [], None)),
        (
            'closed 2026-12-24 12:00-16:00 "Wigilia"',
            ("Dated", False, "2026-12-24", None, [("Span", "12:00", "16:00")], "Wigilia"),
        ),
        (
            "open 2026-12-27 to 2026-12-28 10:00-12:00, 13:00-14:00",
            (
                "Dated",
                True,
                "2026-12-27",
                "2026-12-28",
                [("Span", "10:00", "12:00"), ("Span", "13:00", "14:00")],
                None,
            ),
        ),
    ),
    *in_block(
        "hours h",
        ("zone Europe/Vilnius", ("Setting", "zone", "Europe/Vilnius")),
        ("closed holidays PL", ("Holidays", False, "PL", [], None)),
        ('closed holidays DE-BY "Feiertag"', ("Holidays", False, "DE-BY", [], "Feiertag")),
        ("open holidays PL 10:00-14:00", ("Holidays", True, "PL", [("Span", "10:00", "14:00")], None)),
        ('closed from "days-off.ics"', ("ClosedFrom", "days-off.ics")),
        ("switch day_night", ("Setting", "switched", "day_night")),
    ),
    *in_block(
        "switch s",
        ("code *28", ("Setting", "code", "*28")),
        ("starts auto", ("Setting", "starts", "auto")),
        ("starts off", ("Setting", "starts", "off")),
        ("back to auto at 06:00", ("Setting", "back", "06:00")),
    ),
    *in_block(
        "prompt p",
        ("file clinic/in-line", ("Setting", "file", "clinic/in-line")),
        ('file "clinic/in-line"', ("Setting", "file", "clinic/in-line")),
        ('pl "Dzień dobry"', ("Spoken", "pl", "Dzień dobry")),
        ('sr-Latn "Dobar dan"', ("Spoken", "sr-Latn", "Dobar dan")),
        ("lasts 3s", ("Lasts", None, "3s")),
        ("lasts en 11s", ("Lasts", "en", "11s")),
        ("offers 1, 0, *, #", ("Offers", ["1", "0", "*", "#"])),
        ("offers 1, extensions, #", ("Offers", ["1", "extensions", "#"])),
        ("says closed office", ("Says", "closed", "office")),
        ("says open office", ("Says", "open", "office")),
        (
            "states usual office { mon 08:00-16:00 }",
            ("States", "office", [("Weekly", [("Days", "mon", None)], [("Span", "08:00", "16:00")])]),
        ),
        ("promises wait 5m", ("Setting", "promises", "5m")),
        ("promises callback by next office day", ("BackBy", "office")),
        ("promises callback within 2h", ("BackWithin", "2h", None)),
        ("promises callback within 2h office", ("BackWithin", "2h", "office")),
        ("notice", ("Setting", "notice", "notice")),
        ("goodbye", ("Setting", "goodbye", "goodbye")),
        ("apology", ("Setting", "apology", "apology")),
    ),
    *in_block(
        'scenario "s"',
        ("at 2026-11-23 09:15", ("At", "2026-11-23", "09:15")),
        ("at 2026-11-23 09:15:30", ("At", "2026-11-23", "09:15:30")),
        ('call "+48 22 123 45 67"', ("Called", "+48 22 123 45 67", None)),
        ('call "+48 22 123 45 67" from "+48 600"', ("Called", "+48 22 123 45 67", "+48 600")),
        ('call "+48 22 123 45 67" from withheld', ("Called", "+48 22 123 45 67", "withheld")),
        ("call short 19123", ("Called", ("Setting", "short", "19123"), None)),
        ("call default", ("Called", "default", None)),
        ("hear welcome, choices", ("Hear", ["welcome", "choices"])),
        ("reach reception", ("Reach", "reception", None)),
        ("reach reception within 15s", ("Reach", "reception", "15s")),
        ("press *", ("Press", ["*"], None)),
        ("press 4, 7, #", ("Press", ["4", "7", "#"], None)),
        ("press 0 after 4s", ("Press", ["0"], "4s")),
        ("stay silent", ("Setting", "stay", "stay silent")),
        ("nobody answers", ("Setting", "nobody", "nobody answers")),
        ("201 answers", ("Answers", "201", None)),
        ('"+48 601" answers after 2s', ("Answers", "+48 601", "2s")),
        ('"+48 601" declines', ("Declines", "+48 601", None)),
        ("caller_kind answers vip after 1s", ("Replies", "caller_kind", "vip", "1s")),
        ("answers answers answers", ("Replies", "answers", "answers", None)),
        ("reception is busy", ("TurnsOut", "reception", "busy", None)),
        ("is is over after 3s", ("TurnsOut", "is", "over", "3s")),
        ("outage is on", ("Stands", "outage", "on")),
        ("leave a message", ("Leaves", "a", None)),
        ("leave no message after 4s", ("Leaves", "no", "4s")),
        ("hang-up", ("HangUp",)),
    ),
    *in_block(
        "route r",
        ("answer", ("Answer",)),
        ("play welcome", ("Play", "welcome")),
        ("when office open -> main", ("When", "office", "open", None, "main")),
        ("when office closed -> night", ("When", "office", "closed", None, "night")),
        ('when office closed "Wigilia" -> eve', ("When", "office", "closed", "Wigilia", "eve")),
        ("when switch outage on -> news", ("WhenSwitch", "outage", "on", "news")),
        ("when caller in vip -> main", ("WhenCaller", ("Setting", "caller_in", "vip"), "main")),
        ("when caller withheld -> main", ("WhenCaller", ("Setting", "caller_withheld", "withheld"), "main")),
        ('when caller prefix "+49" -> main', ("WhenCaller", ("Setting", "caller_prefix", "+49"), "main")),
        ('when caller "+48 1" -> main', ("WhenCaller", ("Setting", "caller_is", "+48 1"), "main")),
        ("when caller open -> main", ("When", "caller", "open", None, "main")),
        ("otherwise -> night", ("Go", "night")),
        ("-> night", ("Go", "night")),
        ("again main at most 2 then desk", ("Again", "main", "2", "desk")),
        ("hang-up", ("HangUp",)),
        ('-> branch("Kraków", krakow_desk)', ("Go", "branch")),
        ("play greet ( 100,15s , 8:00, 2026-12-24 )", ("Play", "greet")),
    ),
    *in_block(
        "digits d",
        ("100100, 007", ("Listed", ["100100", "007"])),
        ('from "customers.csv"', ("Setting", "from_file", "customers.csv")),
    ),
    *in_block(
        "collect c",
        ("play enter", ("Play", "enter")),
        ("digits 6", ("Length", "6", None)),
        ("digits 4 to 8", ("Length", "4", "8")),
        ("ends with #", ("Setting", "ends", "#")),
        ("wait 5s", ("Setting", "wait", "5s")),
        ("tries 3", ("Setting", "tries", "3")),
        ("accept customers -> desk", ("Accept", "customers", False, "desk")),
        ("accept any -> desk", ("Accept", "any", False, "desk")),
        ("accept check mod97 -> desk", ("Accept", "mod97", True, "desk")),
        ("accept luhn -> any", ("Accept", "luhn", False, "any")),
        ("silence -> desk", ("Way", "silence", "desk")),
        ("invalid -> desk", ("Way", "invalid", "desk")),
    ),
    *in_block(
        "menu m",
        ("play choices", ("Play", "choices")),
        ('key 1 "Sprzedaż" -> sales', ("Key", "1", "Sprzedaż", None, "sales")),
        ("key 0 -> desk", ("Key", "0", None, None, "desk")),
        ('key 2 "English" speaks en -> main', ("Key", "2", "English", "en", "main")),
        ("key 2 speaks pt-BR -> main", ("Key", "2", None, "pt-BR", "main")),
        ("key * -> desk", ("Key", "*", None, None, "desk")),
        ("key # -> desk", ("Key", "#", None, None, "desk")),
        ('key # "say { and } and #" -> desk', ("Key", "#", "say { and } and #", None, "desk")),
        ("key * repeat", ("Repeat", "*", None)),
        ('key # "once more" repeat', ("Repeat", "#", "once more")),
        ("key 1 -> repeat", ("Key", "1", None, None, "repeat")),
        ("direct staff", ("Direct", "staff")),
        ("wait 5s", ("Setting", "wait", "5s")),
        ("tries 3", ("Setting", "tries", "3")),
        ("silence -> desk", ("Way", "silence", "desk")),
        ("invalid -> desk", ("Way", "invalid", "desk")),
        ("undecided -> desk", ("Way", "undecided", "desk")),
    ),
    *in_block(
        "callers c",
        ('"+48 1", prefix "+49"', ("Those", [("Setting", "caller_is", "+48 1"), ("Setting", "caller_prefix", "+49")])),
        ("withheld", ("Setting", "caller_withheld", "withheld")),
        ('from "vip.csv"', ("Setting", "callers_from", "vip.csv")),
    ),
    *in_block(
        "extensions e",
        ("100-149, 201", ("Row", [("Range", "100", "149"), ("Range", "201", None)])),
        ("ring for 20s", ("Setting", "ring_time", "20s")),
        ("no-answer -> desk", ("Way", "no-answer", "desk")),
    ),
    *in_block(
        "queue q",
        ("members 201, 202", ("Members", [("Extension", "201"), ("Extension", "202")], None)),
        (
            "members sign in with *31 out with *32 among 211-219, 230",
            ("SignIn", "*31", "*32", ("Row", [("Range", "211", "219"), ("Range", "230", None)])),
        ),
        ("then members 203 after 20s", ("Members", [("Extension", "203")], "20s")),
        *((name, ("Setting", "strategy", name)) for name in ("ring-all", "longest-idle", "round-robin")),
        *((name, ("Setting", "strategy", name)) for name in ("fewest-calls", "random", "in-order")),
        ("ring 12s", ("Setting", "ring_for", "12s")),
        ("staffed office", ("Staffed", "office", None)),
        ("staffed office plus 10m", ("Staffed", "office", "10m")),
        ("announce position every 30s", ("Announce", ["position"], "30s")),
        ("announce wait, position every 1m", ("Announce", ["wait", "position"], "1m")),
        ("wrap-up 20s", ("Setting", "wrap_up", "20s")),
        ("music clinic", ("Setting", "music", "clinic")),
        ("patience 4m", ("Setting", "patience", "4m")),
        ("callers at most 12", ("Setting", "room", "12")),
        ("key 0 -> desk", ("Key", "0", None, None, "desk")),
        *((f"{name} -> desk", ("Way", name, "desk")) for name in ("timeout", "empty", "full", "failure", "closing")),
    ),
    *in_block(
        "ring r",
        ("ring 301 for 20s", ("Stage", [("Extension", "301")], "20s", False)),
        ("then ring 301, 302 for 1m", ("Stage", [("Extension", "301"), ("Extension", "302")], "1m", False)),
        (f"ring {OUTSIDE} for 9s", ("Stage", [("Outside", "+48 601 000 200", None)], "9s", False)),
        (f"ring {OUTSIDE} confirm for 9s", ("Stage", [("Outside", "+48 601 000 200", None)], "9s", False)),
        (
            f'ring 301, {OUTSIDE} without confirm because "door phone", 302 for 9s',
            (
                "Stage",
                [("Extension", "301"), ("Outside", "+48 601 000 200", "door phone"), ("Extension", "302")],
                "9s",
                False,
            ),
        ),
        *((f"{name} -> desk", ("Way", name, "desk")) for name in ("busy", "no-answer", "unavailable", "declined")),
    ),
    *in_block(
        "lookup l",
        ("ask crm for 3s", ("Ask", "crm", "3s")),
        ("answer vip -> desk", ("Reply", "vip", "desk")),
        *((f"{name} -> desk", ("Way", name, "desk")) for name in ("failed", "timeout")),
    ),
    *in_block(
        "bot b",
        ("phone 900", ("Setting", "bot_phone", "900")),
        ("limit 60s", ("Setting", "bot_limit", "60s")),
        ('key 0 "a person" -> desk', ("Key", "0", "a person", None, "desk")),
        *((f"{name} -> desk", ("Way", name, "desk")) for name in ("over", "limit", "failed")),
    ),
    *in_block(
        "transfer t",
        (f"to {OUTSIDE} for 30s", ("HandOn", ("Outside", "+48 601 000 200", None), "30s")),
        (f"to {OUTSIDE} confirm for 30s", ("HandOn", ("Outside", "+48 601 000 200", None), "30s")),
        (
            f'to {OUTSIDE} without confirm because "a desk" for 30s',
            ("HandOn", ("Outside", "+48 601 000 200", "a desk"), "30s"),
        ),
        *((f"{name} -> desk", ("Way", name, "desk")) for name in ("busy", "no-answer", "unavailable", "declined")),
    ),
    *in_block(
        "operator o",
        ("play connecting", ("Play", "connecting")),
        ("then play connecting", ("Play", "connecting")),
        ("ring 100 for 15s", ("Stage", [("Extension", "100")], "15s", False)),
        ("then ring 100 for 15s", ("Stage", [("Extension", "100")], "15s", False)),
        ("ring 100 in order for 15s each", ("Stage", [("Extension", "100")], "15s", True)),
        ("staffed office plus 15m", ("Staffed", "office", "15m")),
        ("supervisor 110", ("Setting", "supervisor", "110")),
        ("unstaffed -> night", ("Way", "unstaffed", "night")),
        ("unanswered -> night", ("Way", "unanswered", "night")),
    ),
    *in_block(
        "mailbox m",
        ("box 100", ("Setting", "box", "100")),
        ("while closed office", ("Setting", "while_closed", "office")),
        ("greeting leave", ("Setting", "greeting", "leave")),
        ("then thanks", ("Setting", "then", "thanks")),
        ("up to 3m", ("Setting", "up_to", "3m")),
        ("read by anna within 1 working day", ("Read", "anna", "1")),
        ("read by anna within 2 working days", ("Read", "anna", "2")),
        *((f"{name} -> desk", ("Way", name, "desk")) for name in ("left", "nothing-left", "failed")),
    ),
    *in_block(
        "site s for asterisk 22",
        ("trunk t { }", ("Trunk", "t", [])),
        ("trunk t { delivers plus, e164 }", ("Trunk", "t", [("Delivers", ["plus", "e164"])])),
        ("trunk t { country PL }", ("Trunk", "t", [("Setting", "country", "PL")])),
        ("trunk t { withheld anonymous }", ("Trunk", "t", [("Setting", "withheld", "anonymous")])),
        ('trunk t { dial "a/{number}" }', ("Trunk", "t", [("Setting", "dial", "a/{number}")])),
        ("trunk t { send national }", ("Trunk", "t", [("Setting", "send", "national")])),
        ('trunk t { show "+48221234567" }', ("Trunk", "t", [("Setting", "show", "+48221234567")])),
        ("phones 100-299 dial contacts", ("Phones", "100", "299", None, None)),
        ("phones 100 dial contacts", ("Phones", "100", None, None, None)),
        ('phones 1-9 dial "a/{number}" state "b"', ("Phones", "1", "9", "a/{number}", "b")),
        ("outside via orange", ("Setting", "outside_via", "orange")),
        ("mailboxes context default existing", ("Mailboxes", "default", False, [])),
        ("mailboxes context default emitted", ("Mailboxes", "default", True, [])),
        (
            'mailboxes context c emitted { box 100 pin 0815 "Recepcja" }',
            ("Mailboxes", "c", True, [("SiteBox", "100", "0815", "Recepcja")]),
        ),
        ('sounds "clinic"', ("Setting", "sounds", "clinic")),
        ("music clinic = default", ("Music", "clinic", "default")),
        ("enter from-pstn, from_isdn", ("Enter", ["from-pstn", "from_isdn"])),
        ("beside freepbx", ("Setting", "installation", "freepbx")),
        ("codes internal from-phones, staff", ("Codes", ["from-phones", "staff"])),
    ),
]


@pytest.mark.parametrize(("block", "line", "item"), LINES)
def test_lines_of_blocks(block: str, line: str, item: object) -> None:
    *_, items = shown(one(f"{block} {{ {line} }}"))
    assert items == [item]


def test_a_play_that_leads_on_is_two_things() -> None:
    assert shown(one("route r { play privacy -> desk }")) == ("Route", "r", [("Play", "privacy"), ("Go", "desk")])


def test_an_operator_can_be_the_default_one() -> None:
    assert shown(one("operator o default { }")) == ("Operator", "o", "default", [])
    assert shown(one("operator default { }")) == ("Operator", "default", None, [])


# Words, texts and comments


def words_of_the_language() -> list[str]:
    grammar = re.sub(r"//.*", "", (ROOT / "grammar" / "dialplan.lark").read_text(encoding="utf-8"))
    return sorted(set(re.findall(r'"([a-z][a-z0-9-]*)"', grammar)))


@pytest.mark.parametrize("word", [word for word in words_of_the_language() if "-" not in word])
def test_a_word_of_the_language_is_a_name_where_a_name_must_stand(word: str) -> None:
    assert shown(one(f"route {word} {{ play {word} -> {word} }}")) == ("Route", word, [("Play", word), ("Go", word)])
    assert shown(one(f"mailbox {word} {{ greeting {word}  then {word}  left -> {word} }}")) == (
        *("Mailbox", word),
        [("Setting", "greeting", word), ("Setting", "then", word), ("Way", "left", word)],
    )


@pytest.mark.parametrize("word", [word for word in words_of_the_language() if "-" not in word])
def test_a_name_can_end_a_line_or_begin_one(word: str) -> None:
    commented = f"route {word} # {{\n{{ play {word} # {{\n -> {word} # }}\n}}"
    assert shown(one(commented)) == ("Route", word, [("Play", word), ("Go", word)])
    assert shown(one(f"menu\n{word} {{ play\n{word} }}")) == ("Menu", word, [("Play", word)])
    assert shown(one(f'line "+48 22 123 45 67" ->\n{word}\n')) == (
        "Line",
        ("Numbers", "+48 22 123 45 67", None),
        [],
        word,
    )


@pytest.mark.parametrize(("block", "line"), [(block, line) for block, line, _ in LINES])
def test_a_word_of_the_language_ends_where_the_word_ends(block: str, line: str) -> None:
    """Two words written as one are not two words: they are nothing, or a name."""
    said = shown(one(f"{block} {{ {line} }}"))
    outside_of_texts = re.sub(r'"[^"]*"', lambda text: '"' * len(text.group()), line)
    for gap in re.finditer(r"(?<=[a-z0-9]) (?=[a-z0-9])", outside_of_texts):
        glued = line[: gap.start()] + line[gap.end() :]
        file, findings = parse(Source("office.dial", f"{block} {{ {glued} }}"))
        assert findings or shown(file.declarations[0]) != said, glued


def test_comments_go_to_the_end_of_the_line_wherever_they_stand() -> None:
    commented = 'menu m { # {\n  key # # "\n -> # }\n desk # no more\n}\n# }'
    assert shown(one(commented)) == ("Menu", "m", [("Key", "#", None, None, "desk")])


def test_a_text_that_goes_on_in_the_next_line_has_one_space_there() -> None:
    assert shown(one('plan a "one\n     two\r\n\tthree  four"')) == ("Head", "a", "one two three  four")


@pytest.mark.parametrize("title", ["Łódź", "ਸਤ ਸ੍ਰੀ ਅਕਾਲ", "שלום", "నమస్కారం", "{ } -> # \\ ' `", ""])
def test_a_text_can_hold_anything_but_its_quote(title: str) -> None:
    assert shown(one(f'plan a "{title}"')) == ("Head", "a", title)


def test_several_blocks_can_stand_in_one_line() -> None:
    assert [type(declaration).__name__ for declaration in read("route a { answer } menu b { } ring c { }")] == [
        *("Route", "Menu", "Ring")
    ]


def test_line_ends_mean_nothing() -> None:
    text = EXAMPLES[0].read_text(encoding="utf-8")
    bare = re.sub(r"#.*", "", text)
    assert read(text) == read(bare)
    assert read(re.sub(r"\s+", "\n", re.sub(r'"[^"]*"', '"x"', bare))) == read(re.sub(r'"[^"]*"', '"x"', bare))


def test_a_text_may_hold_a_line_that_looks_like_a_block() -> None:
    assert shown(one('plan a "one\nmenu main two"')) == ("Head", "a", "one menu main two")


# Places


def places(value: object) -> list[tuple[object, Place]]:
    """Every element of syntax in a value with its place."""
    if isinstance(value, tuple):
        return [found for item in value for found in places(item)]
    place = getattr(value, "place", None)
    return [(value, place), *places(fields(value))] if isinstance(place, Place) else []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_element_knows_its_place(path: Path) -> None:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    found = places(parse(source)[0].declarations)
    assert len(found) > 15
    for value, place in found:
        text = source.text[place.start : place.end]
        assert place.source is source
        if isinstance(value, syntax.Word):
            written = text.partition("(")[0] if text.endswith(")") and text[0] != '"' else text  # without arguments
            assert " ".join(written.strip('"').split()) == " ".join(value.text.split())
        else:
            assert text == text.strip() != ""


def test_places_of_later_blocks_count_from_the_beginning_of_the_file() -> None:
    text = "\n\nroute a { answer }\n\n  menu b { key 1 -> a }"
    (_, menu) = read(text)
    assert isinstance(menu, syntax.Menu)
    (key,) = menu.items
    assert isinstance(key, syntax.Key)
    assert (key.to.place.line, key.to.place.column) == (5, 21)
    assert (menu.place.line, menu.place.column) == (5, 3)


# Files


def test_decode_takes_bytes() -> None:
    assert decode("a", 'plan a "Łódź"'.encode()) == Source("a", 'plan a "Łódź"')
    assert decode("a", b"\xef\xbb\xbfplan") == Source("a", "plan")


# Properties

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters='"'), max_size=20)


@settings(deadline=None)
@given(NAMES, NAMES, TEXTS, st.sampled_from("0123456789*#"))
def test_whatever_a_plan_names_is_read_back(name: str, to: str, label: str, key: str) -> None:
    assert shown(one(f'menu {name} {{ key {key} "{label}" -> {to} }}')) == (
        "Menu",
        name,
        [("Key", key, label, None, to)],
    )


@settings(deadline=None)
@given(st.permutations(range(28)))
def test_declarations_come_in_the_order_written(order: list[int]) -> None:
    text = EXAMPLES[0].read_text(encoding="utf-8")
    declarations = read(text)
    pieces = [text[d.place.start : d.place.end] for d in declarations]
    chosen = [number for number in order if number < len(pieces)]
    assert read("\n".join(pieces[number] for number in chosen)) == tuple(declarations[number] for number in chosen)
