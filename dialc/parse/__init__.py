"""Text to syntax, and everything that is wrong with the text.

In: the bytes or the text of one file. Out: `syntax.File` and findings. The only module that knows lark.

A parser stops at the first thing that it cannot read, an administrator wants to know all of them. So the text is cut
first, in one pass that knows texts, comments and braces and little else, into the blocks of which a file is a row;
then each block is parsed by itself. A line that surely opens a block, indented no deeper than the block before it,
opens one whatever came before. That is why a missing `}` is reported at the block that lacks it, and why a broken
block costs exactly one finding.
"""

import copy
import functools
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import lark

from dialc import assets, syntax
from dialc.findings import Finding, in_order
from dialc.parse import forms, slips
from dialc.source import Place, Source, Use

LARGEST = 8_000_000
"""The most bytes that a file may have: some hundred times a large plan."""

ENOUGH = 500
"""The most broken blocks that are told of one by one; whoever has more has given the wrong file."""


# Bytes to text


def decode(name: str, data: bytes) -> Source | Finding:
    """The text of a file: UTF-8, with or without a byte order mark, of at most `LARGEST` bytes; else what is wrong."""
    if len(data) > LARGEST:
        return slips.too_large(Source(name, ""), LARGEST)
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return Source(name, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        source = Source(name, data.decode("utf-8", errors="replace"))
        at = len(data[: error.start].decode("utf-8"))
        return slips.not_utf8(Place(source, at, at + 1), data)


# Text to syntax


def parse(source: Source) -> tuple[syntax.File, tuple[Finding, ...]]:
    """What was written, and what is wrong with it, in order of place. A block with a finding is not in the file."""
    if len(source.text) > LARGEST:
        return syntax.File(source, ()), (slips.too_large(Source(source.name, ""), LARGEST),)
    control = _CONTROL.search(source.text)
    if control:
        return syntax.File(source, ()), (slips.control_character(Place(source, control.start(), control.end())),)
    declarations: list[syntax.Declaration] = []
    findings: list[Finding] = []
    for block in _blocks(source):
        if len(findings) == ENOUGH:
            findings.append(slips.too_many(Place(source, block.start, block.start), ENOUGH))
            break
        read = block.finding or _declarations(source, block)
        if isinstance(read, Finding):
            findings.append(read)
        else:
            declarations.extend(read)
    if not declarations and not findings:
        findings.append(slips.nothing(source))
    return syntax.File(source, tuple(declarations)), in_order(findings)


def instance(block: Place, arguments: Mapping[str, syntax.Argument], use: Use) -> syntax.Declaration | Finding:
    """A block with parameters, read once more with arguments in their place, as `use` uses it.

    Its places tell of the use, and arguments keep the places at which they are given.
    """
    source = attrs.evolve(block.source, use=use)
    read = _declarations(source, _Block(block.start, block.end), arguments)
    return read if isinstance(read, Finding) else read[0]


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


# Text to blocks


@attrs.frozen
class _Block:
    """Text from `start` to `end` to parse by itself; `finding` is what is known to be wrong with it already."""

    start: int
    end: int
    finding: Finding | None = None


_BLANK = re.compile(r"(?:\s++|#[^\n]*+)*+")
_BLOCKS = "|".join(slips.BLOCKS)
_WORDS = "|".join((*slips.BLOCKS, *slips.HEAD))
_NAMING = "|".join(word for word in slips.NAMING if word != "->")
_TAKEN = "|".join(("key", "offers", "press", *(word for word in slips.BEFORE_NAMES if word != "->")))

# All that decides where a block ends. Where a key must stand, `#` is that key and opens no comment; where a name must
# stand, `key`, `offers` and `press` are names.
_MARK = re.compile(
    rf"""
      (?P<skip>   (?: -> | (?<![\w-])(?:{_NAMING})(?![\w-]) ) (?:\s|\#[^\n]*\n)* (?:{_TAKEN})(?![\w-])
                | \bkey\s+\# | \bends(?:\s|\#[^\n]*\n)+with\s+\#
                | \b(?:offers|press)\s+(?:(?:[0-9*\#]|[a-z]\w*)\s*,\s*)*[0-9*\#] | \#[^\n]* )
    | (?P<text>   "[^"]*"? )
    | (?P<open>   \{{ )
    | (?P<close>  \}} )
    | (?P<line>   ^[ \t]*(?:{_WORDS})(?![\w-]) )
    """,
    re.VERBOSE | re.MULTILINE,
)
# A line that opens a block even where another one, or a text, is still open.
_OPENING = re.compile(
    rf"^[ \t]*(?:(?:{_BLOCKS})[ \t]+[a-z]\w*(?:\([\w, \t]*\))?(?:[ \t]+default)?[ \t]*\{{"
    r'|use[ \t]+"|line[ \t]+(?:"|short\b|default\b)|plan[ \t]+\w+[ \t]+")',
    re.MULTILINE,
)


def _blocks(source: Source) -> Iterator[_Block]:
    """The text cut into blocks, in order, none of them blank."""
    start = _after_blank(source.text, 0)
    while start < len(source.text):
        block = _block(source, start)
        yield block
        start = _after_blank(source.text, block.end)


def _block(source: Source, start: int) -> _Block:
    """The block that begins at an offset: a declaration, several lines of the head, or text outside of any block."""
    text = source.text
    word = slips.word(text, start)
    stray = word not in slips.BLOCKS and word not in slips.HEAD
    indent = _indent(source, start)
    opened: list[int] = []
    culprit: tuple[int, int] | None = None  # a line with a `{` that was, by its looks, open when an outer was closed
    torn: int | None = None  # where a text starts that ends in the middle of another line's word

    def cut(end: int, finding: Finding | None = None) -> _Block:
        if finding is None and stray:
            finding = slips.outside(source, start)
        if finding is None and opened:
            finding = slips.not_closed(source, start, *(culprit or (start, opened[0])), end)
        return _Block(start, end, finding)

    at = start if stray else _after_name(text, start + len(word))
    while mark := _MARK.search(text, at):
        at = mark.end()
        match mark.lastgroup:
            case "text":
                opening = _OPENING.search(text, mark.start() + 1, at)
                if opening or at - mark.start() == 1 or text[at - 1] != '"':
                    end = opening.start() if opening else at
                    return cut(end, slips.text_not_closed(source, start, mark.start() if torn is None else torn))
                if torn is None and slips.is_torn(text, mark.start(), at):
                    torn = mark.start()
            case "open":
                opened.append(mark.start())
            case "close" if opened:
                last = opened.pop()
                if culprit is None and _closes_another(source, last, mark.start()):
                    culprit = _line_start(source, last), last
                if not opened and not stray:
                    return cut(at)
            case "close" if not stray:
                return cut(at if word in slips.BLOCKS else mark.start())
            case "line" if not opened and not _is_name(text, start, mark):
                return cut(mark.start())
            case "line" if opened and _indent(source, at - 1) <= indent and _OPENING.match(text, mark.start()):
                return cut(mark.start())
    return cut(len(text))


# The name of a block, and a line that surely begins with no name, although a word stands there that opens lines.
_NAME = re.compile(r"(?:\s++|#[^\n]*+)++(?P<name>[a-z][a-z0-9_]*)(?![\w-])")
_BEGINS = re.compile(
    rf"(?:(?:{_BLOCKS})[ \t]+(?=[a-z])|(?:{'|'.join(slips.HEAD)})[ \t]+(?=[^\s{{}}#]))(?!default[ \t]*\{{)"
)
_AWAITED = re.compile(r"->(?:\s|#[^\n]*\n)*\Z")


def _after_name(text: str, at: int) -> int:
    """The offset behind the name of a block, whose word ends at an offset; that offset if a name was left out."""
    named = _NAME.match(text, at)
    return at if named is None or _BEGINS.match(text, named.start("name")) else named.end()


def _is_name(text: str, start: int, line: re.Match[str]) -> bool:
    """Whether a word that could open a line is the name that an arrow, in a block from `start` on, leads to."""
    at = line.start() + len(line.group()) - len(line.group().lstrip())
    return bool(_AWAITED.search(text[start:at]) and not _BEGINS.match(text, at))


def _after_blank(text: str, at: int) -> int:
    """The first offset from `at` that is neither white space nor in a comment."""
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


_INDENT = re.compile(r"[ \t]{0,200}")  # with a limit, lest a line of spaces and braces takes for ever


def _line_start(source: Source, at: int) -> int:
    """The offset of the first character in the line of an offset that is no white space."""
    indent = _INDENT.match(source.text, source.starts[source.position(at)[0] - 1])
    return min(at, indent.end()) if indent else at


def _indent(source: Source, at: int) -> int:
    """How many columns the line of an offset is indented, a tab going on to the next eighth column."""
    start = source.starts[source.position(at)[0] - 1]
    return len(source.text[start : _line_start(source, at)].expandtabs())


def _closes_another(source: Source, opened: int, closed: int) -> bool:
    """Whether a `}` was, by its place in its line, written for a block around the one that it closes."""
    return _line_start(source, closed) == closed and _indent(source, closed) < _indent(source, opened)


# Block to syntax


def _declarations(
    source: Source, block: _Block, arguments: Mapping[str, syntax.Argument] | None = None
) -> tuple[syntax.Declaration, ...] | Finding:
    """What a block declares, or the first thing in it that cannot be read. `arguments` replace its parameters."""
    text = source.text[block.start : block.end]
    given = arguments or {}
    replaced: dict[int, syntax.Word] = {}
    try:
        if _form(text) is None:
            tree = _parser().parse(text)
        else:
            tree, stands = _formed(text, frozenset((name, argument.kinds) for name, argument in given.items()))
            for start, end, fitting in stands:
                place = Place(source, block.start + start, block.start + end)
                written = text[start:end]
                replaced[start] = given.get(written) or syntax.Parameter(written, kinds=fitting, place=place)
    except lark.UnexpectedInput as error:
        return _slip(source, block, error)
    read: tuple[syntax.Declaration, ...] = _Syntax(source, block.start, replaced).transform(tree)
    return read


@functools.lru_cache(maxsize=1000)
def _form(text: str) -> forms.Form | None:
    """The parameters of a block, None for one that has none."""
    return forms.form(text, _keywords().keys())


_Stands = tuple[int, int, tuple[str, ...]]
"""Where a parameter stands in a block, from and up to which offset, and which kinds of values could stand there."""


@functools.lru_cache(maxsize=1000)
def _formed(
    text: str, given: frozenset[tuple[str, tuple[str, ...]]]
) -> tuple[lark.Tree[lark.Token], tuple[_Stands, ...]]:
    """The tree of a block with parameters, for which values of some kinds are `given`, and where parameters stand in
    it. That is all that it depends on: a block that is used a thousand times is read a few times.

    A parameter has the type of the first kind of value that could stand in its place. Whether it could is tried out, up
    to the next token. Raises `lark.UnexpectedInput`.
    """
    form, kinds = _form(text), dict(given)
    assert form is not None
    parser: Any = _parser().parse_interactive(form.text)  # lark does not declare the types of this part
    stands: list[_Stands] = []
    last = None
    try:
        for read in parser.lexer_thread.lex(parser.parser_state):
            token = read
            if read.type == PARAMETER:
                token, fitting = _meant(parser, read, text, kinds.get(text[read.start_pos : read.end_pos], VALUES))
                if fitting is not None:
                    stands.append((read.start_pos, read.end_pos, fitting))
            parser.feed_token(token)
            last = token
        tree: lark.Tree[lark.Token] = parser.feed_eof(last)
        return tree, tuple(stands)
    except lark.UnexpectedInput as error:
        error.interactive_parser = parser  # as lark has it where it reads by itself
        raise


def _meant(
    parser: Any, marked: lark.Token, text: str, wanted: Sequence[str]
) -> tuple[lark.Token, tuple[str, ...] | None]:
    """What a parameter is read as: a word of the language where one can stand, as everywhere, and else a value, with
    the kinds of those that fit.
    """
    written = text[marked.start_pos : marked.end_pos]
    keyword = [_keywords()[written]] if written in _keywords() else []
    terminals = {kind: terminal for kind, terminal in _terminals(parser, text, marked).items() if kind in wanted}
    fitting = _fitting(parser, written, marked, terminals)
    alike = [kind for kind in ("DAY", "LANGUAGE") if not fitting and _is_a(kind, written)]
    for kind in (*keyword, *alike):
        if kind in parser.choices():
            return lark.Token.new_borrow_pos(kind, written, marked), None
    read_as = terminals[fitting[0]] if fitting else PARAMETER
    return lark.Token.new_borrow_pos(read_as, written, marked), fitting


def _terminals(parser: Any, text: str, marked: lark.Token) -> Mapping[str, str]:
    """The kinds of values that could stand at a parameter, whatever follows, and what the grammar calls them there."""
    choices = parser.choices()
    found = {kind: kind for kind in VALUES if kind in choices}
    if "CAPITAL" in choices:
        found |= dict.fromkeys(("REGION", "ZONE"), "CAPITAL")
    if "OFFICE" in choices:
        office = re.compile(_parser().get_terminal("OFFICE").pattern.to_regexp())
        found |= {"NAME": "OFFICE"} if office.match(text, marked.start_pos or 0) else {}
    return found


def _fitting(parser: Any, written: str, token: lark.Token, terminals: Mapping[str, str]) -> tuple[str, ...]:
    """Those of some kinds of values that could stand at a parameter, and go with what follows, if any do."""
    could: list[str] = []
    fitting: list[str] = []
    if len(terminals) == 1:
        return tuple(terminals)
    for kind, terminal in terminals.items():
        probe = parser.copy(deepcopy_values=False)
        probe.parser_state.parse_conf = copy.copy(probe.parser_state.parse_conf)
        probe.parser_state.parse_conf.callbacks = {}
        try:
            probe.feed_token(lark.Token.new_borrow_pos(terminal, written, token))
            could.append(kind)
            for after in itertools.islice(probe.lexer_thread.lex(probe.parser_state), 1):
                if after.type != PARAMETER:
                    probe.feed_token(after)
            fitting.append(kind)
        except lark.UnexpectedInput:
            continue
    return tuple(fitting or could)


PARAMETER = "PARAMETER"

VALUES = ("NAME", "STRING", "EXTENSION", "COUNT", "KEY", "CODE", "DURATION", "DATE", "TIME", "REGION", "ZONE")
"""What a parameter can stand for, by the names of the grammar, the likeliest first."""


@functools.lru_cache(maxsize=1000)
def kinds(written: str) -> tuple[str, ...]:
    """What a value can be taken for: `1` is an extension, a number of times and a key."""
    return tuple(kind for kind in VALUES if _is_a(kind, written))


def _is_a(terminal: str, written: str) -> bool:
    return re.fullmatch(_parser().get_terminal(terminal).pattern.to_regexp(), written) is not None


class _Marked:
    """Lets the lexer see the parameters of a block wherever they stand."""

    always_accept = (PARAMETER,)

    def process(self, stream: Iterator[lark.Token]) -> Iterator[lark.Token]:
        return stream


def _slip(source: Source, block: _Block, error: Any) -> Finding:
    """The finding about the place where lark stopped; it does not declare the types of what it says about that."""
    at: int = block.start + error.pos_in_stream
    if isinstance(error, lark.UnexpectedToken) and error.token.type == slips.END:
        at = block.end
    accepts = {_spelled(name) for name in error.interactive_parser.accepts()}
    accepts = accepts - {"("} or accepts  # whatever has a name could have parameters
    return slips.unexpected(source, block.start, block.end, at, accepts, _keywords().keys())


def _spelled(name: str) -> str:
    """A terminal as slips know it: a word or sign as it is written, anything else by its name in the grammar."""
    if name == slips.END:
        return name
    written = _parser().get_terminal(name).pattern.raw
    return name if written is None or written.startswith("/") else written


@functools.cache
def _keywords() -> Mapping[str, str]:
    """All words of the language, and what the grammar calls them."""
    return {word: terminal.name for terminal in _parser().terminals if (word := _spelled(terminal.name))[0].islower()}


@functools.cache
def _parser() -> lark.Lark:
    return lark.Lark(
        assets.text("grammar/dialplan.lark"),
        start="declarations",
        parser="lalr",
        lexer="contextual",
        propagate_positions=True,
        edit_terminals=_end_word,
        postlex=_Marked(),
    )


def _end_word(terminal: lark.lexer.TerminalDef) -> None:
    """Lets a word of the grammar match whole words only, and before names where both can stand."""
    if isinstance(terminal.pattern, lark.lexer.PatternStr):
        written = terminal.pattern.value
        if written[0].isalpha():
            terminal.pattern = lark.lexer.PatternRE(re.escape(written) + r"(?!\w|-\w)", raw=written)
            terminal.priority = 1
        else:
            terminal.pattern.raw = written


_Children = list[Any]  # of lark: tokens, None where something optional was left out, and what the methods below return


@lark.v_args(meta=True)
class _Syntax(lark.Transformer[lark.Token, Any]):
    """Lark's tree, bottom up, as syntax: a method for each rule of the grammar. A rule without one is a `Setting`.

    Lark goes down the tree by recursion. A tree is as deep as the grammar nests, four rules, however long a block is.
    """

    def __init__(self, source: Source, start: int, replaced: Mapping[int, syntax.Word]) -> None:
        super().__init__()
        self._source = source
        self._start = start
        self._replaced = replaced

    def _place(self, meta: lark.tree.Meta) -> Place:
        return Place(self._source, self._start + meta.start_pos, self._start + meta.end_pos)

    def _word(self, token: lark.Token) -> syntax.Word:
        replaced = self._replaced.get(token.start_pos or 0)
        if replaced is not None:
            return replaced
        text = str(token)
        if token.type == "STRING":
            text = _LINE_END.sub(" ", text[1:-1])
        start = self._start + (token.start_pos or 0)
        return syntax.Word(text, place=Place(self._source, start, start + len(token)))

    def __default__(self, data: str, children: _Children, meta: lark.tree.Meta) -> syntax.Setting:
        place = self._place(meta)
        value = children[0] if children else syntax.Word(self._source.text[place.start : place.end], place=place)
        return syntax.Setting(str(data), value, place=place)

    def __default_token__(self, token: lark.Token) -> syntax.Word:
        return self._word(token)

    def declarations(self, _: lark.tree.Meta, children: _Children) -> tuple[syntax.Declaration, ...]:
        return tuple(children)

    # Names

    def form(self, meta: lark.tree.Meta, children: _Children) -> syntax.Form:
        name, *parameters = children
        return syntax.Form(name.text, parameters=tuple(parameters), place=name.place)

    def use(self, meta: lark.tree.Meta, children: _Children) -> syntax.Use:
        name, *arguments = children
        return syntax.Use(name.text, name=name, arguments=tuple(arguments), place=self._place(meta))

    def argument(self, meta: lark.tree.Meta, children: _Children) -> syntax.Argument | syntax.Parameter:
        word: syntax.Word = children[0]
        if isinstance(word, syntax.Argument | syntax.Parameter):
            return word
        place = self._place(meta)
        return syntax.Argument(word.text, kinds=kinds(self._source.text[place.start : place.end]), place=place)

    # The head of a plan

    def plan(self, meta: lark.tree.Meta, children: _Children) -> syntax.Head:
        name, title = children
        return syntax.Head(name, title, place=self._place(meta))

    def use_file(self, meta: lark.tree.Meta, children: _Children) -> syntax.UsedFile:
        return syntax.UsedFile(children[0], place=self._place(meta))

    def valid(self, meta: lark.tree.Meta, children: _Children) -> syntax.Valid:
        first, last = children
        return syntax.Valid(first, last, place=self._place(meta))

    def policy(self, meta: lark.tree.Meta, children: _Children) -> syntax.Policy:
        name, *numbers = children
        return syntax.Policy(name, tuple(n for n in numbers if n is not None), place=self._place(meta))

    def waiver(self, meta: lark.tree.Meta, children: _Children) -> syntax.Waiver:
        rule, block, by, because = children
        return syntax.Waiver(rule, block, by, because, place=self._place(meta))

    def languages(self, meta: lark.tree.Meta, children: _Children) -> syntax.Languages:
        return syntax.Languages(tuple(children), place=self._place(meta))

    def callback_to(self, meta: lark.tree.Meta, children: _Children) -> syntax.CallbackTo:
        return syntax.CallbackTo(tuple(children), place=self._place(meta))

    def number_class(self, meta: lark.tree.Meta, children: _Children) -> syntax.NumberClass:
        country, kind = children
        return syntax.NumberClass(country, kind, place=self._place(meta))

    def line(self, meta: lark.tree.Meta, children: _Children) -> syntax.Line:
        called, *items, to = children
        return syntax.Line(called, tuple(items), to, place=self._place(meta))

    def numbers(self, meta: lark.tree.Meta, children: _Children) -> syntax.Numbers:
        first, last = children
        return syntax.Numbers(first, last, place=self._place(meta))

    def callers(self, meta: lark.tree.Meta, children: _Children) -> syntax.Callers:
        name, *items = children
        return syntax.Callers(name, tuple(items), place=self._place(meta))

    def those(self, meta: lark.tree.Meta, children: _Children) -> syntax.Those:
        return syntax.Those(tuple(children), place=self._place(meta))

    def when_caller(self, meta: lark.tree.Meta, children: _Children) -> syntax.WhenCaller:
        _, whom, to = children
        return syntax.WhenCaller(whom, to, place=self._place(meta))

    # Hours

    def hours(self, meta: lark.tree.Meta, children: _Children) -> syntax.Hours:
        name, *items = children
        return syntax.Hours(name, tuple(items), place=self._place(meta))

    def weekly(self, meta: lark.tree.Meta, children: _Children) -> syntax.Weekly:
        days = tuple(child for child in children if isinstance(child, syntax.Days))
        return syntax.Weekly(days, tuple(children[len(days) :]), place=self._place(meta))

    def closed(self, meta: lark.tree.Meta, children: _Children) -> syntax.Dated:
        first, last, spans, reason = children
        return syntax.Dated(False, first, last, spans or (), reason, place=self._place(meta))

    def open(self, meta: lark.tree.Meta, children: _Children) -> syntax.Dated:
        first, last, spans, reason = children
        return syntax.Dated(True, first, last, spans, reason, place=self._place(meta))

    def closed_holidays(self, meta: lark.tree.Meta, children: _Children) -> syntax.Holidays:
        region, spans, reason = children
        return syntax.Holidays(False, region, spans or (), reason, place=self._place(meta))

    def open_holidays(self, meta: lark.tree.Meta, children: _Children) -> syntax.Holidays:
        region, spans, reason = children
        return syntax.Holidays(True, region, spans, reason, place=self._place(meta))

    def closed_from(self, meta: lark.tree.Meta, children: _Children) -> syntax.ClosedFrom:
        return syntax.ClosedFrom(children[0], place=self._place(meta))

    def combined(self, meta: lark.tree.Meta, children: _Children) -> syntax.Combined:
        name, *parts = children
        return syntax.Combined(name, tuple(parts[::2]), tuple(parts[1::2]), place=self._place(meta))

    def join(self, _: lark.tree.Meta, children: _Children) -> str:
        return " ".join(word.text for word in children)

    def switch(self, meta: lark.tree.Meta, children: _Children) -> syntax.Switch:
        name, *items = children
        return syntax.Switch(name, tuple(items), place=self._place(meta))

    def days(self, meta: lark.tree.Meta, children: _Children) -> syntax.Days:
        first, last = children
        return syntax.Days(first, last, place=self._place(meta))

    def spans(self, _: lark.tree.Meta, children: _Children) -> tuple[syntax.Span, ...]:
        return tuple(children)

    def span(self, meta: lark.tree.Meta, children: _Children) -> syntax.Span:
        start, end = children
        return syntax.Span(start, end, place=self._place(meta))

    # Prompts

    def prompt(self, meta: lark.tree.Meta, children: _Children) -> syntax.Prompt:
        name, *items = children
        return syntax.Prompt(name, tuple(items), place=self._place(meta))

    def spoken(self, meta: lark.tree.Meta, children: _Children) -> syntax.Spoken:
        language, text = children
        return syntax.Spoken(language, text, place=self._place(meta))

    def lasts(self, meta: lark.tree.Meta, children: _Children) -> syntax.Lasts:
        language, duration = children
        return syntax.Lasts(language, duration, place=self._place(meta))

    def offers(self, meta: lark.tree.Meta, children: _Children) -> syntax.Offers:
        return syntax.Offers(tuple(children), place=self._place(meta))

    def says(self, meta: lark.tree.Meta, children: _Children) -> syntax.Says:
        state, hours = children
        return syntax.Says(state, hours, place=self._place(meta))

    def states(self, meta: lark.tree.Meta, children: _Children) -> syntax.States:
        hours, *weekly = children
        return syntax.States(hours, tuple(weekly), place=self._place(meta))

    def back_by(self, meta: lark.tree.Meta, children: _Children) -> syntax.BackBy:
        return syntax.BackBy(children[0], place=self._place(meta))

    def back_within(self, meta: lark.tree.Meta, children: _Children) -> syntax.BackWithin:
        duration, hours = children
        return syntax.BackWithin(duration, hours, place=self._place(meta))

    # Digits

    def digits(self, meta: lark.tree.Meta, children: _Children) -> syntax.Digits:
        name, *items = children
        return syntax.Digits(name, tuple(items), place=self._place(meta))

    def listed(self, meta: lark.tree.Meta, children: _Children) -> syntax.Listed:
        return syntax.Listed(tuple(children), place=self._place(meta))

    # Phones

    def extension(self, meta: lark.tree.Meta, children: _Children) -> syntax.Extension:
        return syntax.Extension(children[0], place=self._place(meta))

    def outside(self, meta: lark.tree.Meta, children: _Children) -> syntax.Outside:
        number, *unconfirmed = children
        return syntax.Outside(number, unconfirmed[0] if unconfirmed else None, place=self._place(meta))

    def unconfirmed(self, _: lark.tree.Meta, children: _Children) -> syntax.Word:
        word: syntax.Word = children[0]
        return word

    def stage(self, meta: lark.tree.Meta, children: _Children) -> syntax.Stage:
        *phones, duration = children
        return syntax.Stage(tuple(phones), duration, place=self._place(meta))

    def one_by_one(self, meta: lark.tree.Meta, children: _Children) -> syntax.Stage:
        *phones, duration = children
        return syntax.Stage(tuple(phones), duration, one_by_one=True, place=self._place(meta))

    # Steps

    def way(self, meta: lark.tree.Meta, children: _Children) -> syntax.Way:
        outcome, to = children
        return syntax.Way(outcome, to, place=self._place(meta))

    def key(self, meta: lark.tree.Meta, children: _Children) -> syntax.Key:
        key, label, speaks, to = children
        return syntax.Key(key, label, speaks, to, place=self._place(meta))

    def repeat(self, meta: lark.tree.Meta, children: _Children) -> syntax.Repeat:
        key, label = children
        return syntax.Repeat(key, label, place=self._place(meta))

    def direct(self, meta: lark.tree.Meta, children: _Children) -> syntax.Direct:
        return syntax.Direct(children[0], place=self._place(meta))

    def play(self, meta: lark.tree.Meta, children: _Children) -> syntax.Play:
        return syntax.Play(children[0], place=self._place(meta))

    def staffed(self, meta: lark.tree.Meta, children: _Children) -> syntax.Staffed:
        hours, plus = children
        return syntax.Staffed(hours, plus, place=self._place(meta))

    def operator(self, meta: lark.tree.Meta, children: _Children) -> syntax.Operator:
        name, default, *items = children
        return syntax.Operator(name, default, tuple(items), place=self._place(meta))

    def route(self, meta: lark.tree.Meta, children: _Children) -> syntax.Route:
        name, *items = children
        return syntax.Route(name, tuple(items), place=self._place(meta))

    def answer(self, meta: lark.tree.Meta, _: _Children) -> syntax.Answer:
        return syntax.Answer(place=self._place(meta))

    def label(self, meta: lark.tree.Meta, children: _Children) -> syntax.Label:
        return syntax.Label(children[0], place=self._place(meta))

    def record(self, meta: lark.tree.Meta, _: _Children) -> syntax.Record:
        return syntax.Record(place=self._place(meta))

    def when(self, meta: lark.tree.Meta, children: _Children) -> syntax.When:
        hours, state, exception, to = children
        return syntax.When(hours, state, exception, to, place=self._place(meta))

    def when_switch(self, meta: lark.tree.Meta, children: _Children) -> syntax.WhenSwitch:
        switch, state, to = children
        return syntax.WhenSwitch(switch, state, to, place=self._place(meta))

    def otherwise(self, meta: lark.tree.Meta, children: _Children) -> syntax.Go:
        return syntax.Go(children[0], place=self._place(meta))

    def go(self, meta: lark.tree.Meta, children: _Children) -> syntax.Go:
        return syntax.Go(children[0], place=self._place(meta))

    def again(self, meta: lark.tree.Meta, children: _Children) -> syntax.Again:
        target, limit, then = children
        return syntax.Again(target, limit, then, place=self._place(meta))

    def hang_up(self, meta: lark.tree.Meta, _: _Children) -> syntax.HangUp:
        return syntax.HangUp(place=self._place(meta))

    def menu(self, meta: lark.tree.Meta, children: _Children) -> syntax.Menu:
        name, *items = children
        return syntax.Menu(name, tuple(items), place=self._place(meta))

    def collect(self, meta: lark.tree.Meta, children: _Children) -> syntax.Collect:
        name, *items = children
        return syntax.Collect(name, tuple(items), place=self._place(meta))

    def length(self, meta: lark.tree.Meta, children: _Children) -> syntax.Length:
        fewest, most = children
        return syntax.Length(fewest, most, place=self._place(meta))

    def accept(self, meta: lark.tree.Meta, children: _Children) -> syntax.Accept:
        what, to = children
        check = not isinstance(what, syntax.Word)
        return syntax.Accept(what[-1] if check else what, check, to, place=self._place(meta))

    def accepted_check(self, _: lark.tree.Meta, children: _Children) -> _Children:
        return children

    def queue(self, meta: lark.tree.Meta, children: _Children) -> syntax.Queue:
        name, *items = children
        return syntax.Queue(name, tuple(items), place=self._place(meta))

    def members(self, meta: lark.tree.Meta, children: _Children) -> syntax.Members:
        *phones, after = children
        return syntax.Members(tuple(phones), after, place=self._place(meta))

    def sign_in(self, meta: lark.tree.Meta, children: _Children) -> syntax.SignIn:
        into, out, *ranges = children
        first, last = ranges[0].place, ranges[-1].place
        among = syntax.Row(tuple(ranges), place=Place(self._source, first.start, last.end))
        return syntax.SignIn(into, out, among, place=self._place(meta))

    def announce(self, meta: lark.tree.Meta, children: _Children) -> syntax.Announce:
        *told, every = children
        return syntax.Announce(tuple(told), every, place=self._place(meta))

    def ring(self, meta: lark.tree.Meta, children: _Children) -> syntax.Ring:
        name, *items = children
        return syntax.Ring(name, tuple(items), place=self._place(meta))

    def extensions(self, meta: lark.tree.Meta, children: _Children) -> syntax.Extensions:
        name, *items = children
        return syntax.Extensions(name, tuple(items), place=self._place(meta))

    def row(self, meta: lark.tree.Meta, children: _Children) -> syntax.Row:
        return syntax.Row(tuple(children), place=self._place(meta))

    def range(self, meta: lark.tree.Meta, children: _Children) -> syntax.Range:
        first, last = children
        return syntax.Range(first, last, place=self._place(meta))

    def transfer(self, meta: lark.tree.Meta, children: _Children) -> syntax.Transfer:
        name, *items = children
        return syntax.Transfer(name, tuple(items), place=self._place(meta))

    def hand_on(self, meta: lark.tree.Meta, children: _Children) -> syntax.HandOn:
        phone, duration = children
        return syntax.HandOn(phone, duration, place=self._place(meta))

    def mailbox(self, meta: lark.tree.Meta, children: _Children) -> syntax.Mailbox:
        name, *items = children
        return syntax.Mailbox(name, tuple(items), place=self._place(meta))

    def read(self, meta: lark.tree.Meta, children: _Children) -> syntax.Read:
        reader, days = children
        return syntax.Read(reader, days, place=self._place(meta))

    def escape(self, meta: lark.tree.Meta, children: _Children) -> syntax.Key:
        key, label, to = children
        return syntax.Key(key, label, None, to, place=self._place(meta))

    def bot(self, meta: lark.tree.Meta, children: _Children) -> syntax.Bot:
        name, *items = children
        return syntax.Bot(name, tuple(items), place=self._place(meta))

    def lookup(self, meta: lark.tree.Meta, children: _Children) -> syntax.Lookup:
        name, *items = children
        return syntax.Lookup(name, tuple(items), place=self._place(meta))

    def ask(self, meta: lark.tree.Meta, children: _Children) -> syntax.Ask:
        service, duration = children
        return syntax.Ask(service, duration, place=self._place(meta))

    def reply(self, meta: lark.tree.Meta, children: _Children) -> syntax.Reply:
        word, to = children
        return syntax.Reply(word, to, place=self._place(meta))

    def callback(self, meta: lark.tree.Meta, children: _Children) -> syntax.Callback:
        name, *items = children
        return syntax.Callback(name, tuple(items), place=self._place(meta))

    # Scenarios

    def scenario(self, meta: lark.tree.Meta, children: _Children) -> syntax.Scenario:
        title, *items = children
        return syntax.Scenario(title, tuple(items), place=self._place(meta))

    def at(self, meta: lark.tree.Meta, children: _Children) -> syntax.At:
        date, time = children
        return syntax.At(date, time, place=self._place(meta))

    def called(self, meta: lark.tree.Meta, children: _Children) -> syntax.Called:
        number, caller = children
        return syntax.Called(number, caller, place=self._place(meta))

    def hear(self, meta: lark.tree.Meta, children: _Children) -> syntax.Hear:
        return syntax.Hear(tuple(children), place=self._place(meta))

    def reach(self, meta: lark.tree.Meta, children: _Children) -> syntax.Reach:
        step, within = children
        return syntax.Reach(step, within, place=self._place(meta))

    def press(self, meta: lark.tree.Meta, children: _Children) -> syntax.Press:
        *keys, after = children
        return syntax.Press(tuple(keys), after, place=self._place(meta))

    def answers(self, meta: lark.tree.Meta, children: _Children) -> syntax.Answers:
        phone, after = children
        return syntax.Answers(phone, after, place=self._place(meta))

    def declines(self, meta: lark.tree.Meta, children: _Children) -> syntax.Declines:
        phone, after = children
        return syntax.Declines(phone, after, place=self._place(meta))

    def replies(self, meta: lark.tree.Meta, children: _Children) -> syntax.Replies:
        step, word, after = children
        return syntax.Replies(step, word, after, place=self._place(meta))

    def turns_out(self, meta: lark.tree.Meta, children: _Children) -> syntax.TurnsOut:
        step, state, after = children
        return syntax.TurnsOut(step, state, after, place=self._place(meta))

    def stands(self, meta: lark.tree.Meta, children: _Children) -> syntax.Stands:
        switch, position = children
        return syntax.Stands(switch, position, place=self._place(meta))

    def leave(self, meta: lark.tree.Meta, children: _Children) -> syntax.Leaves:
        some, after = children
        return syntax.Leaves(some, after, place=self._place(meta))

    # Sites

    def site(self, meta: lark.tree.Meta, children: _Children) -> syntax.Site:
        name, target, version, *items = children
        return syntax.Site(name, target, version, tuple(items), place=self._place(meta))

    def trunk(self, meta: lark.tree.Meta, children: _Children) -> syntax.Trunk:
        name, *items = children
        return syntax.Trunk(name, tuple(items), place=self._place(meta))

    def delivers(self, meta: lark.tree.Meta, children: _Children) -> syntax.Delivers:
        return syntax.Delivers(tuple(children), place=self._place(meta))

    def phones(self, meta: lark.tree.Meta, children: _Children) -> syntax.Phones:
        first, last, dial, state = children
        return syntax.Phones(first, last, None if dial.text == "contacts" else dial, state, place=self._place(meta))

    def mailboxes(self, meta: lark.tree.Meta, children: _Children) -> syntax.Mailboxes:
        context, kind, *boxes = children
        emitted = kind.text == "emitted"
        return syntax.Mailboxes(context, emitted, tuple(filter(None, boxes)), place=self._place(meta))

    def site_box(self, meta: lark.tree.Meta, children: _Children) -> syntax.SiteBox:
        number, pin, title = children
        return syntax.SiteBox(number, pin, title, place=self._place(meta))

    def site_music(self, meta: lark.tree.Meta, children: _Children) -> syntax.Music:
        name, music_class = children
        return syntax.Music(name, music_class, place=self._place(meta))

    def enter(self, meta: lark.tree.Meta, children: _Children) -> syntax.Enter:
        return syntax.Enter(tuple(children), place=self._place(meta))

    def service(self, meta: lark.tree.Meta, children: _Children) -> syntax.Service:
        name, address = children
        return syntax.Service(name, address, place=self._place(meta))

    def free_numbers(self, meta: lark.tree.Meta, children: _Children) -> syntax.FreeNumbers:
        first, last = children
        return syntax.FreeNumbers(first, last, place=self._place(meta))

    def codes(self, meta: lark.tree.Meta, children: _Children) -> syntax.Codes:
        return syntax.Codes(tuple(children), place=self._place(meta))


_LINE_END = re.compile(r"\s*\n\s*")
