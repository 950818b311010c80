"""Slips of the pen: a place where reading stopped, to a finding in an administrator's words.

In: a text, where in it reading stopped, and what could have stood there. Out: one `Finding`. What could have stood
there is seldom what helps: whoever writes `timeout -> sales` in a menu, or `mon-fri 8-16`, knows what they mean, and so
do we. So known slips are looked for first, the surest before the vague, each by a function of its own in `_SLIPS`. Only
what none of them knows is told as "expected this after that".
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Set

import attrs

from dialc.findings import Finding, Note
from dialc.source import Place, Source

BLOCKS = ("hours", "operator", "prompt", "route", "menu", "queue", "ring", "mailbox", "site")
"""The words that open a block."""

HEAD = ("plan", "timezone", "language", "valid", "policy", "line")
"""The words that begin a line outside of blocks."""

END = "$END"
"""Among what could have stood there: the end of the block."""


# Files that are no text of a plan


def too_large(source: Source, limit: int) -> Finding:
    """A file of more bytes than `limit`."""
    return Finding(
        "D112",
        f"the file has more than {limit:,} bytes",
        Place(source, 0, 0),
        "no caller is served by it",
    )


def not_utf8(place: Place, data: bytes) -> Finding:
    """A byte that is not UTF-8 in a file."""
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return Finding(
        "D110",
        "the file is UTF-16, not UTF-8" if utf16 else "this is not UTF-8",
        place,
        "no caller is served by a file that cannot be read",
        help="save the file as UTF-8",
    )


def control_character(place: Place) -> Finding:
    """A character that does something and shows nothing."""
    return Finding(
        "D111",
        f"a control character, U+{ord(place.source.text[place.start]):04X}, stands here",
        place,
        "no caller is served by a file that holds what nobody sees",
        help="remove it",
    )


def nothing(source: Source) -> Finding:
    """A file of nothing but white space and comments."""
    return Finding("D113", "nothing is declared here", Place(source, 0, 0), "a caller would hear nothing")


def too_many(place: Place, number: int) -> Finding:
    """So many findings that the rest is not read."""
    return Finding(
        "D114",
        f"{number} blocks cannot be read, and the rest is left unread",
        place,
        "what callers would meet in the rest is not known",
        help="mend those first",
    )


# What shows while a text is cut into blocks


def not_closed(source: Source, block: int, start: int, opened: int, end: int) -> Finding:
    """In a block, a line that begins at `start`, whose `{` at `opened` has no `}` before `end`."""
    head = Place(source, start, opened + 1)
    notes = () if end >= len(source.text) else (Note(_at(source, end), "the next block begins here"),)
    return Finding(
        "D104",
        f"`{' '.join(source.text[start : opened + 1].split())[:50]}` is not closed",
        _in_one_line(head),
        _lost(source, block),
        notes=notes,
        help="close it with `}`",
    )


def text_not_closed(source: Source, block: int, start: int) -> Finding:
    """A text in quotes that begins at `start`, in a block that begins at `block`, and has no end."""
    place = _in_one_line(Place(source, start, len(source.text)))
    return Finding("D106", "this text has no end", place, _lost(source, block), help='close it with `"`')


def is_torn(text: str, start: int, end: int) -> bool:
    """Whether a text in quotes, from `start` to `end`, looks as if its end were the beginning of another one."""
    return "\n" in text[start:end] and text[end : end + 1].isalnum()


def outside(source: Source, at: int) -> Finding:
    """Something that stands outside of blocks and opens none."""
    place = _at(source, at)
    word = source.text[place.start : place.end]
    if word == "}":
        caller = "which block a caller would meet it in is not said"
        return Finding("D105", "this `}` closes nothing", place, caller, help="remove it")
    caller = "no caller would ever meet it"
    if sign := _COMMENT_SIGN.match(source.text, place.start):
        help = f"write `#` in place of `{sign.group()}`"
        return Finding("D109", "a comment begins with `#`", attrs.evolve(place, end=sign.end()), caller, help=help)
    message = f"nothing begins with `{word[:30]}`" if _is_word(word) else "this belongs to no block"
    return Finding("D103", message, place, caller, help=_meant("", word, (*BLOCKS, *HEAD)))


# Where reading stopped


@attrs.frozen
class _Word:
    """A word, number, sign or text in quotes, and where it begins and ends."""

    text: str
    start: int
    end: int


_OTHER_QUOTES = "“”„‟«»\u2018\u2019\u201a'"
_WORD = re.compile(
    rf"""
      "[^"]*"?                          # a text
    | [{_OTHER_QUOTES}] [^\n"{_OTHER_QUOTES}]* [{_OTHER_QUOTES}]
    | -+> | =+> | →                     # an arrow, and what is meant for one
    | \+? \w (?: [\w.:/@–-]* \w )?      # a word, number, time or date
    | \S
    """,
    re.VERBOSE,
)
_SPACE = re.compile(r"(?:\s+|\#[^\n]*)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@attrs.frozen
class _Slip:
    """Where reading stopped in a block that begins at `start`.

    `before` are the words of the block up to there; `found` is the one that could not stand there, None at the end;
    `accepts` is what could have: words and signs as they are written, other things by their names in the grammar;
    `keywords` are all words of the language.
    """

    source: Source
    start: int
    before: tuple[_Word, ...]
    found: _Word | None
    accepts: Set[str]
    keywords: Set[str]

    @property
    def word(self) -> str:
        """The word found; empty at the end."""
        return self.found.text if self.found else ""

    def back(self, number: int = 1) -> str:
        """The word so many before the one found; empty where there is none."""
        return self.before[-number].text if number <= len(self.before) else ""

    @property
    def missing(self) -> bool:
        """Whether a line ended where something should have stood."""
        return self.found is None or (self.is_first and not self.may_begin)

    @property
    def is_first(self) -> bool:
        """Whether the word found is the first of its line."""
        return self.found is not None and "\n" in self.source.text[self.before[-1].end : self.found.start]

    @property
    def place(self) -> Place:
        """The word found; the one before it where the line ended."""
        word = self.before[-1] if self.found is None or self.missing else self.found
        return _in_one_line(Place(self.source, word.start, word.end))

    @property
    def rest(self) -> str:
        """The line from the word found on, without a comment; empty where the line ended."""
        if self.found is None or self.missing:
            return ""
        text, start = self.source.text, self.found.start
        end = text.find("\n", start)
        return text[start : end if end >= 0 else len(text)].partition("#")[0].strip()

    def write(self, *words: str, instead: int = 0, before: int = 0) -> str:
        """The cure of writing the line with these words in it; none where it would be long.

        `instead` is how many characters they replace, of the line from the word found on, and `before` how many words.
        """
        text = self.source.text
        end = self.place.start if self.rest else self.before[-1].end
        if before:
            end = self.before[-before].start
        start = max(self.start, *(1 + text.rfind(sign, self.start, end) for sign in "\n{}"))
        after = self.rest[instead:].partition("}")[0]
        line = " ".join((*text[start:end].split(), *words, *after.split())).replace(" ,", ",")
        line = re.sub(r"(?<=\d\d) ?- ?(?=\d\d:)|(?<=[a-z]{3}) ?- ?(?=[a-z]{3}\b)", "-", line)
        return f"write `{line}`" if len(line) <= 76 else ""

    @property
    def may_begin(self) -> bool:
        """Whether a line of a block, or its end, could have stood here."""
        return "}" in self.accepts

    @property
    def block(self) -> str:
        """The word that opened the innermost open block; empty outside of blocks."""
        opened, opener = [""], ""
        for word in self.before:
            if word.text in _OPENERS:
                opener = word.text
            elif word.text == "{":
                opened.append(opener)
            elif word.text == "}":
                opened.pop()
        return opened[-1]

    @property
    def after(self) -> str:
        """The word before, as an administrator would call it here."""
        last, one = self.back(1), self.back(2)
        if one == "key":
            return "the key"
        if last.startswith('"'):
            return "the label" if self.back(3) == "key" else "the number" if one == "line" else "the text"
        if one in (*BLOCKS, "plan", "trunk") and _NAME.fullmatch(last) and (len(self.before) == 2 or one == "trunk"):
            return "the name"
        return f"`{last[:20]}`"

    def finding(self, code: str, message: str, *, help: str = "", place: Place | None = None) -> Finding:
        """A finding about this slip."""
        return Finding(code, message, place or self.place, _lost(self.source, self.start), help=help)


_OPENERS = (*BLOCKS, "trunk", "states", "mailboxes")


def unexpected(source: Source, start: int, end: int, at: int, accepts: Set[str], keywords: Set[str]) -> Finding:
    """The finding about a block, from `start` to `end`, in which reading stopped at `at`."""
    before = tuple(_words(source.text, start, at))
    found = next(iter(_words(source.text, at, end)), None)
    slip = _Slip(source, start, before, found, accepts, keywords)
    if END in accepts and found:
        return outside(source, found.start)
    last = before[-1]
    if slip.back(2) in _BEFORE_NAMES and last.text in keywords and "\n" in source.text[before[-2].end : last.start]:
        # A line ended where a name should have stood, and the first word of the next one was taken for it.
        slip = _Slip(source, start, before[:-1], last, frozenset({"NAME"}), keywords)
    return next(finding for known in _SLIPS if (finding := known(slip)))


def _words(text: str, start: int, end: int) -> Iterator[_Word]:
    """The words of a stretch of text, without comments."""
    at, last = start, ""
    while at < end:
        # Where a key must stand, `#` is that key and begins no comment.
        space = (_BLANK if last in ("key", "offers") else _SPACE).match(text, at, end)
        word = _WORD.match(text, space.end() if space else at, end)
        if word is None:
            return
        at, last = word.end(), word.group()
        yield _Word(last, word.start(), at)


# Slips that are known. Each looks for one, and says nothing where it is something else.


def _other_comment(slip: _Slip) -> Finding | None:
    sign = _COMMENT_SIGN.match(slip.source.text, slip.found.start) if slip.found else None
    if sign is None or (sign.group().startswith(";") and not slip.is_first):
        return None
    place = Place(slip.source, sign.start(), sign.end())
    help = f"write `#` in place of `{sign.group()}`"
    return slip.finding("D109", "a comment begins with `#`", help=help, place=place)


def _other_quotes(slip: _Slip) -> Finding | None:
    if len(slip.word) < 2 or slip.word[0] not in _OTHER_QUOTES:
        return None
    straight = slip.write(f'"{slip.word[1:-1]}"', instead=len(slip.word))
    return slip.finding("D108", 'a text stands in straight quotes, `"`', help=straight)


_COMMENT_SIGN = re.compile(r"//+|/\*+|--+(?!>)|;+|%+")


def _torn_text(slip: _Slip) -> Finding | None:
    last = slip.before[-1]
    if slip.found and last.text.startswith('"') and is_torn(slip.source.text, last.start, last.end):
        return text_not_closed(slip.source, slip.start, last.start)
    return None


def _block_in_block(slip: _Slip) -> Finding | None:
    if not slip.may_begin or slip.word not in BLOCKS or not re.match(r"\w+\s+[a-z]\w*[^{\n]*\{", slip.rest):
        return None
    inner, outer = _a(slip.word), _THE.get(slip.block, f"a {slip.block}")
    return slip.finding("D101", f"{inner} stands by itself, not in {outer}", help="close this block first, with `}`")


def _brace(slip: _Slip) -> Finding | None:
    if "{" not in slip.accepts or slip.may_begin:
        return None
    help = slip.write("{") if slip.missing else ""
    joined = f"{slip.back()}_{slip.word}"
    if not slip.missing and _NAME.fullmatch(slip.back()) and _NAME.fullmatch(joined):
        help = f"write one name, as in `{joined}`"
    return slip.finding("D101", f"expected `{{` after {slip.after}", help=help)


def _way_to_more_than_a_name(slip: _Slip) -> Finding | None:
    if slip.back(2) != "->" or slip.back() not in _DOINGS or slip.missing or not slip.found:
        return None
    did = f"{slip.back()} {slip.rest.partition('}')[0].strip()}"
    help = f"lead to a route that says `{did}`" if slip.back() != "ring" and len(did) < 50 else ""
    place = _in_one_line(Place(slip.source, slip.before[-1].start, slip.found.end))
    return slip.finding(
        "D101", f"one name stands after `->`, not `{slip.back()} {slip.word[:20]}`", help=help, place=place
    )


def _way_to_no_name(slip: _Slip) -> Finding | None:
    if slip.back() != "->" or "NAME" not in slip.accepts or slip.missing:
        return None
    if slip.word == "hang-up":
        return slip.finding("D101", "only a route hangs up", help="lead to a route that says `hang-up`")
    if re.fullmatch(r"\d+", slip.word):
        help = f"lead to a `ring` block that rings {slip.word}"
        return slip.finding("D101", f"callers are sent to a step, not to `{slip.word[:20]}`", help=help)
    return None


def _arrow(slip: _Slip) -> Finding | None:
    if "->" not in slip.accepts or slip.may_begin or not slip.found:
        return None
    message = f"expected `->` after {slip.after}"
    if slip.missing:
        return slip.finding("D101", message)
    if slip.word == "," and slip.back(2) == "key":
        return slip.finding("D101", "each key has a line of its own", help="write a line for each key")
    sign = re.match(r"=+>|-{2,}>|→|[=:>–—-]+|(?:to|goto|go)\b(?=\s+[a-z])", slip.rest)
    help = slip.write("->", instead=sign.end() if sign else 0)
    return slip.finding("D101", message, help=help if sign or _NAME.match(slip.word) else "")


def _not_a_name(slip: _Slip) -> Finding | None:
    if "NAME" not in slip.accepts or slip.missing or not slip.found:
        return None
    word = slip.word
    if word.startswith('"'):
        inner = word.strip('"')
        help = slip.write(inner, instead=len(word)) if _NAME.fullmatch(inner) else ""
        if slip.back() == "plan":
            help = slip.write("office")
            help = help.replace("write", "write a short name before the title, as in") if help else ""
        return slip.finding("D107", f"expected a name after {slip.after}, not a text", help=help)
    if not _is_word(word) or word in slip.keywords:
        return None
    plain = unicodedata.normalize("NFKD", word.lower().translate(_STROKES)).encode("ascii", "ignore").decode()
    plain = re.sub(r"\W+", "_", plain).strip("_")
    help = f"write `{plain}`" if _NAME.fullmatch(plain) else ""
    return slip.finding("D107", f"`{word[:30]}` cannot be a name", help=help)


def _duration(slip: _Slip) -> Finding | None:
    if "DURATION" not in slip.accepts or slip.missing:
        return None
    parts = re.match(r"(?:\d+(?!\d*[.,:]\d)\s*[a-z]*\s*)+", slip.rest, re.IGNORECASE)
    if parts is None:
        return None
    seconds, unit = 0, ""
    read = re.findall(r"(\d{1,6})\s*([a-z]*)", parts.group().lower())
    for number, unit in read:
        known = next((s for s, names in _UNITS.items() if unit in names), None)
        if known is None:
            help = "write the unit too, as in `15s` or `4m`" if not unit else ""
            message = "a time has a unit" if not unit else "a time is written as in `15s`, `4m` or `1h`"
            return slip.finding("D108", message, help=help)
        seconds += int(number) * known
    if len(read) == 1:
        cure = f"{int(read[0][0])}{next(names[0] for names in _UNITS.values() if unit in names)}"
    else:
        cure = f"{seconds}s"
    length = len(parts.group().rstrip())
    place = attrs.evolve(slip.place, end=slip.place.start + length)
    help = slip.write(cure, instead=length)
    return slip.finding("D108", "a time is written as in `15s`, `4m` or `1h`", help=help, place=place)


def _for_how_long(slip: _Slip) -> Finding | None:
    if "for" not in slip.accepts or slip.missing:
        return None
    if re.fullmatch(r"\d+[smh]", slip.word):
        return slip.finding("D101", f"expected `for` after {slip.after}", help=slip.write("for"))
    return None


def _number_without_quotes(slip: _Slip) -> Finding | None:
    if slip.missing or not {"STRING", "EXTENSION"} & slip.accepts:
        return None
    if slip.back() != "line" and not slip.word.startswith("+"):
        return None
    number = re.match(r"\+?\d[\d ()./-]*\d", slip.rest)
    if number is None:
        return None
    place = attrs.evolve(slip.place, end=slip.place.start + number.end())
    help = slip.write(f'"{number.group()}"', instead=number.end()) if "STRING" in slip.accepts else ""
    return slip.finding("D108", "a telephone number in full stands in quotes", help=help, place=place)


def _between_phones(slip: _Slip) -> Finding | None:
    if "," not in slip.accepts or slip.missing or not re.fullmatch(r"\d+", slip.back()):
        return None
    rest = re.match(r"(?:and\b|or\b|[&+;/|])?\s*(\d+)(?![\w:])", slip.rest)
    if rest is None:
        return None
    return slip.finding("D101", f"expected `,` after {slip.after}", help=slip.write(",", instead=rest.start(1)))


def _key(slip: _Slip) -> Finding | None:
    if "KEY" not in slip.accepts or slip.missing:
        return None
    named = {"star": "*", "asterisk": "*", "hash": "#", "pound": "#", "zero": "0", "one": "1", "two": "2"}
    key = named.get(slip.word.strip("\"'").lower(), slip.word.strip("\"'"))
    help = slip.write(key, instead=len(slip.word)) if re.fullmatch(r"[0-9*#]", key) else ""
    return slip.finding("D108", "a key is one of 0 to 9, `*` and `#`", help=help)


def _date(slip: _Slip) -> Finding | None:
    if "DATE" not in slip.accepts or slip.missing:
        return None
    message, found = "a date is written year, month, day", None
    parts: re.Match[str] | None
    if parts := re.match(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)", slip.rest):
        found = (parts[1], parts[2], parts[3])
    elif parts := re.match(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)", slip.rest):
        found = (parts[3], parts[2], parts[1])
    elif parts := re.match(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?!\d)", slip.rest):
        day, month = (parts[1], parts[2]) if int(parts[1]) > 12 else (parts[2], parts[1])
        found = (parts[3], month, day) if int(day) > 12 else None
    help = ""
    if parts and found:
        help = slip.write("-".join((found[0], found[1].zfill(2), found[2].zfill(2))), instead=parts.end())
    return slip.finding("D108", message, help=help or "write it as in `2026-12-24`")


def _to_a_date(slip: _Slip) -> Finding | None:
    if "to" not in slip.accepts or slip.missing or not re.fullmatch(r"\d{4}-\d\d-\d\d", slip.back()):
        return None
    sign = re.match(r"(?:-|–|—|until|till|through|and|\.\.+)\s*(\d{4}-\d\d-\d\d)", slip.rest)
    if sign is None:
        return None
    return slip.finding("D101", f"expected `to` after {slip.after}", help=slip.write("to", instead=sign.start(1)))


_CLOCK = r"(\d{1,2})(?:[.:h]?(\d{2}))?\s?(am|pm|a\.m\.|p\.m\.)?"
_CLOCKS = re.compile(rf"{_CLOCK}\s*(?:-|–|—|to|until|till)\s*{_CLOCK}(?!\w)", re.IGNORECASE)


def _time_of_day(slip: _Slip) -> Finding | None:
    if "TIME" not in slip.accepts or slip.missing or not re.match(r"\d", slip.rest):
        return None
    if (slip.may_begin and "DATE" in slip.accepts) or re.match(r"\d{4}-", slip.rest):
        return None
    help = "write them as in `08:00-16:00`"
    clocks, place = _CLOCKS.match(slip.rest), slip.place
    if clocks:
        place = attrs.evolve(place, end=place.start + clocks.end())
        written = [_clock(*clocks.group(1, 2, 3)), _clock(*clocks.group(4, 5, 6))]
        help = (slip.write("-".join(written), instead=clocks.end()) if all(written) else "") or help
    return slip.finding("D108", "hours are written from a time of day to another", help=help, place=place)


def _clock(hours: str, minutes: str | None, half: str | None) -> str:
    """A time of day as the language writes it; empty where there is no such time."""
    hour = int(hours)
    if half:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if half.lower().startswith("p") else 0)
    return f"{hour:02}:{minutes or '00'}" if hour <= 24 else ""


def _needless_quotes(slip: _Slip) -> Finding | None:
    if "STRING" in slip.accepts or not slip.word.startswith('"') or not {"ZONE", "LANGUAGE", "WORD"} & slip.accepts:
        return None
    if slip.may_begin:
        return None
    help = slip.write(slip.word.strip('"'), instead=len(slip.word))
    return slip.finding("D101", "no quotes stand here", help=help)


def _sound_with_ending(slip: _Slip) -> Finding | None:
    if "PATH" not in slip.accepts or not (sound := re.match(r"[\w/-]+(?=\.\w+$)", slip.word)):
        return None
    help = slip.write(sound.group(), instead=len(slip.word))
    return slip.finding("D108", "a sound is named without an ending", help=help)


def _to_a_day(slip: _Slip) -> Finding | None:
    if "-" not in slip.accepts or slip.missing or not re.fullmatch("|".join(_DAYS), slip.back()):
        return None
    sign = re.match(rf"(?:–|—|to|until|till|through)\s*(?={'|'.join(_DAYS)})", slip.rest)
    if sign is None:
        return None
    return slip.finding("D101", f"expected `-` after {slip.after}", help=slip.write("-", instead=sign.end()))


def _to_a_time(slip: _Slip) -> Finding | None:
    if "-" not in slip.accepts or slip.missing or not re.fullmatch(r"\d{1,2}:\d\d", slip.back()):
        return None
    sign = re.match(r"(?:–|—|to|until|till|and)\s*(\d{1,2}:\d\d)", slip.rest)
    help = "write them as in `08:00-16:00`"
    if sign:
        help = slip.write("-", instead=sign.start(1)) or help
    return slip.finding("D101", f"expected `-` after {slip.after}", help=help)


def _day(slip: _Slip) -> Finding | None:
    if "DAY" not in slip.accepts or slip.missing:
        return None
    several = {"weekdays": "mon-fri", "daily": "mon-sun", "everyday": "mon-sun", "weekend": "sat-sun"}
    first = re.match(r"[^\W\d_]+", slip.rest)
    name = first.group().lower() if first else ""
    if name in several:
        help = slip.write(several[name], instead=len(slip.word))
    elif name and (sum(day.startswith(name) for day in _FULL_DAYS) == 1 or name == "weds"):
        help = slip.write(re.sub(r"[^\W\d_]+", lambda day: day.group().lower()[:3], slip.word), instead=len(slip.word))
    else:
        return None
    return slip.finding("D108", "days are mon, tue, wed, thu, fri, sat and sun", help=help)


def _punctuation(slip: _Slip) -> Finding | None:
    if not slip.may_begin or not slip.found or slip.word not in (";", ",", ".", ":"):
        return None
    return slip.finding("D101", f"no `{slip.word}` stands here", help="remove it")


def _unknown_line(slip: _Slip) -> Finding | None:
    if not slip.may_begin or not slip.word[:1].isalpha():
        return None
    known = [word for word in slip.accepts if re.match(r"[a-z]", word)]
    has = _THE.get(slip.block, f"a {slip.block}")
    message = f"{has} {'have' if has.endswith('s') else 'has'} no `{slip.word[:24]}`"
    help = _meant(slip.block, slip.word, known)
    if not help:
        listed = [*(f"`{word}`" for word in sorted(known)), *(_NAMES[n] for n in sorted(slip.accepts) if n in _NAMES)]
        help = f"write {', '.join(listed[:-1])} or {listed[-1]}" if len(listed) > 1 else ""
    return slip.finding("D102", message, help=help)


def _one_of_two(slip: _Slip) -> Finding | None:
    """`when open office`, `when office is open`."""
    states = {"open", "closed"}
    if not states <= slip.accepts or slip.may_begin or slip.missing:
        return None
    help = ""
    if slip.back() in states and _NAME.fullmatch(slip.word):
        help = slip.write(slip.word, slip.back(), instead=len(slip.word), before=1)
    elif found := re.match(r"(?:is|are|=|==)\s+(?=(open|closed)\b)", slip.rest):
        help = slip.write(instead=found.end())
    return slip.finding("D101", f"expected `open` or `closed` after {slip.after}", help=help)


def _anything(slip: _Slip) -> Finding:
    """What no other knows."""
    if slip.may_begin:
        block = f"the {slip.block}" if slip.block else "the block"
        return slip.finding("D101", f"expected a line of {block}, or its `}}`")
    expected = sorted({_NAMES.get(name, f"`{name}`") for name in slip.accepts})
    cures = _SITE_CURES if slip.before[0].text == "site" else _CURES
    help = next((cure for word, cure in cures.items() if word in slip.accepts), "")
    listed = " or ".join(filter(None, (", ".join(expected[:-1]), expected[-1])))
    return slip.finding("D101", f"expected {listed} after {slip.after}", help=help)


_SLIPS = (
    _torn_text,
    _other_quotes,
    _other_comment,
    _block_in_block,
    _way_to_more_than_a_name,
    _way_to_no_name,
    _number_without_quotes,
    _key,
    _duration,
    _for_how_long,
    _one_of_two,
    _arrow,
    _brace,
    _between_phones,
    _not_a_name,
    _needless_quotes,
    _sound_with_ending,
    _to_a_date,
    _to_a_day,
    _to_a_time,
    _date,
    _time_of_day,
    _day,
    _punctuation,
    _unknown_line,
    _anything,
)


# What an administrator may call things that are called otherwise here

_OTHER_WORDS = {
    "": {
        "agents": "queue",
        "announcement": "prompt",
        "attendant": "operator",
        "audio": "prompt",
        "calendar": "hours",
        "did": "line",
        "flow": "route",
        "group": "ring",
        "hunt": "ring",
        "hunt-group": "ring",
        "inbound": "line",
        "ivr": "menu",
        "lang": "language",
        "name": "plan",
        "number": "line",
        "reception": "operator",
        "ring-group": "ring",
        "ring_group": "ring",
        "ringgroup": "ring",
        "schedule": "hours",
        "sound": "prompt",
        "time": "hours",
        "time-zone": "timezone",
        "time_zone": "timezone",
        "tz": "timezone",
        "voicemail": "mailbox",
    },
    "hours": {"except": "closed", "holiday": "closed", "holidays": "closed", "shut": "closed"},
    "mailbox": {"empty": "nothing-left", "mailbox": "box", "max": "up to", "number": "box", "saved": "left"},
    "menu": {
        "attempts": "tries",
        "choice": "key",
        "digit": "key",
        "error": "invalid",
        "no-input": "silence",
        "option": "key",
        "press": "key",
        "prompt": "play",
        "repeat": "tries",
        "retries": "tries",
        "say": "play",
        "timeout": "silence",
        "wrong": "invalid",
    },
    "operator": {
        "closed": "unstaffed",
        "dial": "ring",
        "fallback": "unanswered",
        "hours": "staffed",
        "no-answer": "unanswered",
        "noanswer": "unanswered",
        "open": "staffed",
        "timeout": "unanswered",
    },
    "prompt": {
        "audio": "file",
        "bye": "goodbye",
        "duration": "lasts",
        "keys": "offers",
        "length": "lasts",
        "sorry": "apology",
        "sound": "file",
    },
    "queue": {
        "agents": "members",
        "max-wait": "patience",
        "maxwait": "patience",
        "member": "members",
        "moh": "music",
        "overflow": "full",
        "wait": "patience",
    },
    "ring": {
        "dial": "ring",
        "no_answer": "no-answer",
        "noanswer": "no-answer",
        "offline": "unavailable",
        "rejected": "declined",
        "timeout": "no-answer",
    },
    "route": {
        "default": "otherwise",
        "else": "otherwise",
        "go": "->",
        "goto": "->",
        "hang_up": "hang-up",
        "hangup": "hang-up",
        "if": "when",
        "pickup": "answer",
        "playback": "play",
        "say": "play",
    },
    "trunk": {"callerid": "show", "number": "show"},
}


def _meant(block: str, word: str, known: Iterable[str]) -> str:
    """The cure for a word that means nothing in a block where others are known; empty where it is not sure."""
    other = _OTHER_WORDS.get(block, {}).get(word.lower())
    if other:
        return f"write `{other}`"
    glued = next((k for k in sorted(known, key=len, reverse=True) if len(k) > 3 and word.startswith(k)), "")
    if glued and _NAME.fullmatch(word[len(glued) :]):
        return f"write `{glued} {word[len(glued) :]}`"
    import difflib  # only some findings need it

    close = difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.7)
    return f"did you mean `{close[0]}`?" if close else ""


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DOINGS = ("again", "play", "when", "ring", "answer")
_UNITS = {
    1: ("s", "sec", "secs", "second", "seconds"),
    60: ("m", "min", "mins", "minute", "minutes"),
    3600: ("h", "hr", "hrs", "hour", "hours"),
}
_STROKES = str.maketrans("łøđı", "lodi")
_THE = {
    "hours": "hours",
    "mailboxes": "mailboxes",
    "operator": "an operator",
    "states": "usual hours",
}
_NAMES = {
    "COUNT": "a number",
    "COUNTRY": "a country such as `PL`",
    "DATE": "a date",
    "DAY": "a day",
    "DURATION": "a time such as `15s`",
    "EXTENSION": "an extension",
    "KEY": "a key",
    "LANGUAGE": "a language such as `pl`",
    "NAME": "a name",
    "PATH": "a sound such as `clinic/welcome`",
    "STRING": "a text in quotes",
    "TIME": "a time of day",
    "WORD": "a name",
    "at": "`at most`",
    "ZONE": "a time zone such as `Europe/Warsaw`",
}
_CURES = {
    "at": "say how often, and where callers go then, as in `at most 2 then reception`",
    "because": 'say why no machine can answer there, as in `because "a door phone"`',
    "for": "say how long, as in `for 15s`",
    "within": "say how soon, as in `within 1 working day`",
    "EXTENSION": "write the numbers of phones, as in `201, 202`",
}
_SITE_CURES = {"for": "say for which PBX, as in `for asterisk 22`"}
# What a name follows, which the first word of the next line is taken for where it was left out.
_BEFORE_NAMES = ("->", "again", "by", "closed", "greeting", "music", "open", "play", "staffed", "then", "usual", "when")


# Words and places


def word(text: str, at: int) -> str:
    """The word at an offset; a sign where there is none."""
    found = _PLAIN_WORD.match(text, at)
    return found.group() if found else ""


_PLAIN_WORD = re.compile(r"[\w-]+|.", re.DOTALL)
_BLANK = re.compile(r"\s*")


def _at(source: Source, at: int) -> Place:
    """The place of the word at an offset, after any white space."""
    blank = _BLANK.match(source.text, at)
    start = blank.end() if blank else at
    return Place(source, start, start + len(word(source.text, start)))


def _in_one_line(place: Place) -> Place:
    """A place up to the end of its first line."""
    text = place.source.text[place.start : place.end].partition("\n")[0].rstrip()
    return attrs.evolve(place, end=place.start + len(text))


def _is_word(text: str) -> bool:
    return text[:1].isalnum()


def _a(noun: str) -> str:
    return _THE.get(noun, f"a {noun}")


def _lost(source: Source, start: int) -> str:
    """What it means for callers that a block cannot be read."""
    found = re.compile(r"(\w+)\s+(\w[\w-]*)").match(source.text, start)
    match word(source.text, start):
        case "hours":
            return f"nobody could tell a caller when `{found[2]}` is open" if found else "no caller would find it open"
        case "prompt":
            return f"no caller would hear `{found[2]}`" if found else "no caller would hear it"
        case "site":
            return "no call would be let in"
        case "line":
            return "nobody could call this line"
        case kind if kind in BLOCKS:
            return f"no caller would get to `{found[2]}`" if found else "no caller would get to it"
        case _:
            return "no caller would meet this plan"
